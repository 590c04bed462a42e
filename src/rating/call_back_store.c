/* The dull half: call-backs and appeals as rows. Their texts are sealed under the key of the rating. */
#include <limits.h>

#include "rating/call_back.h"
#include "sql_gen.h"

static struct str
aad(struct arena *a, struct str region, int64_t id, const char *column)
{
    return str_fmt(a, "call_back/%.*s/%lld/%s", STR_ARG(region), (long long)id, column);
}

/* A text that is not there yet is no bytes at all. */
static struct str
seal(struct ctx *ctx, const struct data_key *key, struct str region, int64_t id, const char *column, struct str text)
{
    return str_empty(text) ? STR("") : crypto_seal(ctx->arena, &key->key, aad(ctx->arena, region, id, column), text);
}

static enum err
open_text(struct ctx *ctx, const struct data_key *key, struct str region, int64_t id, const char *column,
          struct str body, struct str *ret_text)
{
    *ret_text = STR("");
    return str_empty(body) ? OK : crypto_open(ctx, &key->key, aad(ctx->arena, region, id, column), body, ret_text);
}

static int
find(const char *id, struct str s, int i)
{
    return str_eqz(s, id) ? i : -1;
}

enum err
call_back_begin(struct ctx *ctx, struct tx *tx, int64_t key_id, const struct rating_task_first *first,
                const struct rating *r)
{
    struct sql_call_back_insert_in in = {.region = r->region,
                                         .rating_id = r->id,
                                         .agency = r->agency.p ? r->agency : STR(""),
                                         .assignee_id = first->assignee_id,
                                         .due_day = first->due.n,
                                         .key_id = key_id,
                                         .empty = STR("")};
    return sql_call_back_insert(ctx, tx, &in, NULL);
}

static enum err
words_of(struct ctx *ctx, const struct sql_call_back_get_row *x, struct call_back *cb)
{
    int state = -1, ended = -1;
    for (int i = 0; i < CALL_BACK_STATE_COUNT && state < 0; i++)
        state = find(call_back_state_id((enum call_back_state)i), x->state, i);
    for (int i = 0; i < CALL_BACK_END_COUNT && ended < 0; i++)
        ended = find(call_back_end_id((enum call_back_end)i), x->ended, i);
    if (state < 0 || ended < 0)
        FAIL(ctx, ERR_INTEGRITY, "差评回访的状态“%.*s”不认识", STR_ARG(x->state));
    cb->state = (enum call_back_state)state;
    cb->ended = (enum call_back_end)ended;
    return OK;
}

enum err
call_back_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t rating_id,
              struct call_back *ret_cb)
{
    struct sql_call_back_get_in in = {.region = region, .rating_id = rating_id};
    struct sql_call_back_get_row x;
    struct data_key key;
    bool found;
    TRY(ctx, sql_call_back_get(ctx, tx, &in, &x, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "这条评价不是差评，没有回访");
    struct call_back cb = {.rating_id = rating_id,
                           .assignee_id = x.assignee_id,
                           .key_id = x.key_id,
                           .called_ms = x.called_ms,
                           .called_by = x.called_by,
                           .closed_ms = x.closed_ms,
                           .closed_by = x.closed_by,
                           .version = x.version,
                           .region = region,
                           .agency = x.agency,
                           .due = {(int32_t)x.due_day},
                           .next = {(int32_t)x.next_day},
                           .rectify = x.rectify_day ? (struct day){(int32_t)x.rectify_day} : DAY_NONE,
                           .clear = (int)x.clear,
                           .truthful = (int)x.truthful,
                           .reasonable = (int)x.reasonable};
    TRY(ctx, words_of(ctx, &x, &cb));
    TRY(ctx, vault_key_get(ctx, tx, v, region, x.key_id, &key));
    TRY(ctx, open_text(ctx, &key, region, rating_id, "note", x.note, &cb.note));
    TRY(ctx, open_text(ctx, &key, region, rating_id, "rectification", x.rectification, &cb.rectification));
    TRY(ctx, open_text(ctx, &key, region, rating_id, "reply", x.reply, &cb.reply));
    *ret_cb = cb;
    return OK;
}

enum err
call_back_write(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct call_back *cb)
{
    struct data_key key;
    int64_t changed;
    TRY(ctx, vault_key_get(ctx, tx, v, cb->region, cb->key_id, &key));
    struct sql_call_back_update_in in = {
        .region = cb->region,
        .rating_id = cb->rating_id,
        .old_version = cb->version,
        .assignee_id = cb->assignee_id,
        .state = str_c(call_back_state_id(cb->state)),
        .next_day = cb->next.n,
        .rectify_day = day_is_none(cb->rectify) ? 0 : cb->rectify.n,
        .clear = cb->clear,
        .truthful = cb->truthful,
        .reasonable = cb->reasonable,
        .called_ms = cb->called_ms,
        .called_by = cb->called_by,
        .ended = str_c(call_back_end_id(cb->ended)),
        .closed_ms = cb->closed_ms,
        .closed_by = cb->closed_by,
        .note = seal(ctx, &key, cb->region, cb->rating_id, "note", cb->note),
        .rectification = seal(ctx, &key, cb->region, cb->rating_id, "rectification", cb->rectification),
        .reply = seal(ctx, &key, cb->region, cb->rating_id, "reply", cb->reply),
    };
    TRY(ctx, sql_call_back_update(ctx, tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "这条差评刚由别人办理过，请刷新后再看");
    return OK;
}

/* --- lists --- */

struct call_back_row
call_back_cursor(enum call_back_list which)
{
    if (which == CALL_BACKS_CLOSED)
        return (struct call_back_row){INT64_MAX, INT64_MAX};
    return (struct call_back_row){which == CALL_BACKS_APPEALED ? 0 : INT64_MIN, 0};
}

static enum err
open_rows(struct ctx *ctx, struct tx *tx, struct str region, struct call_back_row after, int limit,
          struct call_back_row **ret_rows, size_t *ret_n)
{
    struct sql_call_back_open_in in = {
        .region = region, .next_day = after.at, .rating_id = after.rating_id, .limit = limit};
    struct sql_call_back_open_row *x;
    TRY(ctx, sql_call_back_open(ctx, tx, &in, &x, ret_n));
    *ret_rows = ARENA_ARRAY(ctx->arena, *ret_n, struct call_back_row);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_rows)[i] = (struct call_back_row){x[i].next_day, x[i].rating_id};
    return OK;
}

static enum err
mine_rows(struct ctx *ctx, struct tx *tx, struct str region, int64_t staff_id, struct call_back_row after, int limit,
          struct call_back_row **ret_rows, size_t *ret_n)
{
    struct sql_call_back_mine_in in = {
        .region = region, .assignee_id = staff_id, .next_day = after.at, .rating_id = after.rating_id, .limit = limit};
    struct sql_call_back_mine_row *x;
    TRY(ctx, sql_call_back_mine(ctx, tx, &in, &x, ret_n));
    *ret_rows = ARENA_ARRAY(ctx->arena, *ret_n, struct call_back_row);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_rows)[i] = (struct call_back_row){x[i].next_day, x[i].rating_id};
    return OK;
}

enum err
call_back_rows(struct ctx *ctx, struct tx *tx, struct str region, enum call_back_list which, int64_t staff_id,
               struct call_back_row after, int limit, struct call_back_row **ret_rows, size_t *ret_n)
{
    if (which == CALL_BACKS_OPEN)
        return open_rows(ctx, tx, region, after, limit, ret_rows, ret_n);
    if (which == CALL_BACKS_MINE)
        return mine_rows(ctx, tx, region, staff_id, after, limit, ret_rows, ret_n);
    if (which == CALL_BACKS_CLOSED) {
        struct sql_call_back_closed_in in = {
            .region = region, .closed_ms = after.at, .rating_id = after.rating_id, .limit = limit};
        struct sql_call_back_closed_row *x;
        TRY(ctx, sql_call_back_closed(ctx, tx, &in, &x, ret_n));
        *ret_rows = ARENA_ARRAY(ctx->arena, *ret_n, struct call_back_row);
        for (size_t i = 0; i < *ret_n; i++)
            (*ret_rows)[i] = (struct call_back_row){x[i].closed_ms, x[i].rating_id};
        return OK;
    }
    struct sql_appeal_open_in in = {.region = region, .id = after.at, .limit = limit};
    struct sql_appeal_open_row *x;
    TRY(ctx, sql_appeal_open(ctx, tx, &in, &x, ret_n));
    *ret_rows = ARENA_ARRAY(ctx->arena, *ret_n, struct call_back_row);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_rows)[i] = (struct call_back_row){x[i].id, x[i].rating_id};
    return OK;
}

enum err
call_back_count(struct ctx *ctx, struct tx *tx, struct str region, struct day today, struct call_back_counts *ret_c)
{
    struct sql_call_back_counts_in in = {.region = region, .today = today.n};
    struct sql_call_back_counts_row x = {0};
    bool found;
    TRY(ctx, sql_call_back_counts(ctx, tx, &in, &x, &found));
    *ret_c = (struct call_back_counts){x.open, x.overdue, x.unassigned, x.rectifying};
    return OK;
}

enum err
call_back_count_ended(struct ctx *ctx, struct tx *tx, struct str region, int64_t from_ms, int64_t to_ms,
                      int64_t *ret_closed, int64_t *ret_rectified)
{
    struct sql_call_back_ended_in in = {.region = region, .from_ms = from_ms, .to_ms = to_ms};
    struct sql_call_back_ended_row x = {0};
    bool found;
    TRY(ctx, sql_call_back_ended(ctx, tx, &in, &x, &found));
    *ret_closed = x.closed;
    *ret_rectified = x.rectified;
    return OK;
}

/* --- appeals --- */

enum err
appeal_insert(struct ctx *ctx, struct tx *tx, struct id_source *ids, const struct vault *v, const struct rating *r,
              struct appeal *ap)
{
    struct data_key key;
    int64_t changed;
    ap->id = id_next(ids, ctx->now_ms);
    ap->rating_id = r->id;
    ap->created_ms = ctx->now_ms;
    ap->state = APPEAL_OPEN;
    TRY(ctx, vault_key_get(ctx, tx, v, r->region, r->key_id, &key));
    struct sql_appeal_insert_in in = {.region = r->region,
                                      .id = ap->id,
                                      .rating_id = r->id,
                                      .ground = str_c(appeal_ground_id(ap->ground)),
                                      .by_id = ap->by_id,
                                      .key_id = r->key_id,
                                      .evidence = seal(ctx, &key, r->region, ap->id, "evidence", ap->evidence),
                                      .file_ref = seal(ctx, &key, r->region, ap->id, "file", ap->file_ref),
                                      .empty = STR(""),
                                      .created_ms = ap->created_ms};
    TRY(ctx, sql_appeal_insert(ctx, tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "这条评价已经有申诉在复核");
    return OK;
}

enum err
appeals_of(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct rating *r, struct appeal **ret_ap,
           size_t *ret_n)
{
    struct sql_appeal_of_rating_in in = {.region = r->region, .rating_id = r->id};
    struct sql_appeal_of_rating_row *x;
    struct data_key key;
    TRY(ctx, sql_appeal_of_rating(ctx, tx, &in, &x, ret_n));
    struct appeal *ap = ARENA_ARRAY(ctx->arena, *ret_n, struct appeal);
    if (*ret_n)
        TRY(ctx, vault_key_get(ctx, tx, v, r->region, r->key_id, &key));
    for (size_t i = 0; i < *ret_n; i++) {
        ap[i] = (struct appeal){.id = x[i].id,
                                .rating_id = r->id,
                                .by_id = x[i].by_id,
                                .created_ms = x[i].created_ms,
                                .decided_ms = x[i].decided_ms,
                                .decided_by = x[i].decided_by,
                                .state = str_eqz(x[i].state, "upheld")     ? APPEAL_UPHELD
                                         : str_eqz(x[i].state, "rejected") ? APPEAL_REJECTED
                                                                           : APPEAL_OPEN};
        (void)appeal_ground_parse(x[i].ground, &ap[i].ground); /* the table's check leaves no other word */
        TRY(ctx, open_text(ctx, &key, r->region, ap[i].id, "evidence", x[i].evidence, &ap[i].evidence));
        TRY(ctx, open_text(ctx, &key, r->region, ap[i].id, "file", x[i].file_ref, &ap[i].file_ref));
        TRY(ctx, open_text(ctx, &key, r->region, ap[i].id, "decision", x[i].decision, &ap[i].decision));
    }
    *ret_ap = ap;
    return OK;
}

//= R44
enum err
appeal_write_decision(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct rating *r,
                      const struct appeal *ap)
{
    struct data_key key;
    struct call_back cb;
    int64_t changed;
    TRY(ctx, vault_key_get(ctx, tx, v, r->region, r->key_id, &key));
    struct sql_appeal_decide_in in = {.region = r->region,
                                      .id = ap->id,
                                      .state = str_c(appeal_state_id(ap->state)),
                                      .decided_ms = ap->decided_ms,
                                      .decided_by = ap->decided_by,
                                      .decision = seal(ctx, &key, r->region, ap->id, "decision", ap->decision)};
    TRY(ctx, sql_appeal_decide(ctx, tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "这份申诉已经复核");
    if (ap->state != APPEAL_UPHELD)
        return OK;
    TRY(ctx, sql_rating_exclude(ctx, tx, &(struct sql_rating_exclude_in){.region = r->region, .id = r->id}, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "这条评价已经不计入统计");
    TRY(ctx, call_back_get(ctx, tx, v, r->region, r->id, &cb));
    if (cb.state == CALL_BACK_CLOSED)
        return OK;
    cb.state = CALL_BACK_CLOSED;
    cb.ended = CALL_BACK_EXCLUDED;
    cb.closed_ms = ap->decided_ms;
    cb.closed_by = ap->decided_by;
    return call_back_write(ctx, tx, v, &cb);
}
