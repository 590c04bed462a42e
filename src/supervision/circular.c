#include "supervision/circular.h"

#include "sql_gen.h"

enum { TASKS_MAX = 200 };

static const char *const state_ids[] = {"open", "answered", "returned", "accepted"};
static const char *const state_names[] = {"待整改", "待核", "退回重改", "已销号"};
static const char *const turn_ids[] = {"open", "answer", "return", "accept"};
static const char *const turn_names[] = {"下达", "报送整改情况", "退回", "核实销号"};

const char *
rectification_state_id(enum rectification_state s)
{
    return state_ids[s];
}

const char *
rectification_state_name(enum rectification_state s)
{
    return state_names[s];
}

const char *
turn_kind_id(enum turn_kind k)
{
    return turn_ids[k];
}

const char *
turn_kind_name(enum turn_kind k)
{
    return turn_names[k];
}

bool
rectification_is_open(const struct rectification *r)
{
    return r->state != RECTIFICATION_ACCEPTED;
}

bool
rectification_late(const struct rectification *r, struct day today)
{
    if (!rectification_is_open(r))
        return false;
    return r->state == RECTIFICATION_ANSWERED ? r->answered.n > r->due.n : today.n > r->due.n;
}

static int
find(const char *const *ids, int n, struct str id)
{
    for (int i = 0; i < n; i++)
        if (str_eqz(id, ids[i]))
            return i;
    return -1;
}

static struct str
text(struct str s)
{
    return s.p ? s : STR("");
}

/* --- numbers --- */

static enum err
take_number(struct ctx *ctx, struct tx *tx, const char *letters, const char *kind, struct str region,
            struct str *ret_no)
{
    int year = day_ymd(day_of_ms(ctx->now_ms)).year;
    struct sql_counter_take_in in = {.region = region, .kind = str_c(kind), .period = year, .count = 1};
    struct sql_counter_take_row next;
    bool found;
    TRY(ctx, sql_counter_take(ctx, tx, &in, &next, &found));
    *ret_no = str_fmt(ctx->arena, "%s%.*s-%d-%04lld", letters, STR_ARG(region), year, (long long)(next.next - 1));
    return OK;
}

/* --- issuing --- */

static enum err
insert_circular(struct ctx *ctx, struct tx *tx, const struct circular *c, struct str idem_digest, int64_t *ret_changed)
{
    struct sql_circular_insert_in in = {.region = c->region,
                                        .origin = c->origin,
                                        .id = c->id,
                                        .no = c->no,
                                        .title = c->title,
                                        .body = c->body,
                                        .issuer_id = c->issuer_id,
                                        .issuer_name = text(c->issuer_name),
                                        .issuer_agency = text(c->issuer_agency),
                                        .addressed = c->addressed,
                                        .own = str_eq(c->region, c->origin),
                                        .is_public = c->is_public,
                                        .idem_digest = idem_digest,
                                        .created_ms = c->created_ms,
                                        .arrived_ms = c->arrived_ms};
    return sql_circular_insert(ctx, tx, &in, ret_changed);
}

enum err
circular_issue(struct ctx *ctx, struct tx *tx, struct str idem_digest, int64_t *post_ids, struct circular *c,
               bool *ret_replayed)
{
    struct sql_circular_by_idem_in key = {.region = c->region, .idem_digest = idem_digest};
    struct sql_circular_by_idem_row before;
    struct str rest = c->addressed, county;
    int64_t changed;
    TRY(ctx, sql_circular_by_idem(ctx, tx, &key, &before, ret_replayed));
    if (*ret_replayed) {
        c->id = before.id;
        c->no = before.no;
        return OK;
    }
    TRY(ctx, take_number(ctx, tx, "TB", "circular", c->region, &c->no));
    TRY(ctx, insert_circular(ctx, tx, c, idem_digest, &changed));
    if (changed != 1) /* looked for in this very transaction */
        FAIL(ctx, ERR_INTERNAL, "%s", "");
    while (str_split(&rest, ' ', &county)) {
        struct sql_post_insert_in post = {.region = c->region,
                                          .id = *post_ids++,
                                          .to_region = county,
                                          .kind = STR("circular"),
                                          .origin = c->origin,
                                          .ref_id = c->id,
                                          .created_ms = c->created_ms};
        TRY(ctx, sql_post_insert(ctx, tx, &post, NULL));
    }
    return OK;
}

static enum err
write_turn(struct ctx *ctx, struct tx *tx, const struct rectification *r, const struct turn *t, int64_t *ret_changed)
{
    struct sql_turn_insert_in in = {.region = r->region,
                                    .origin = r->origin,
                                    .task_id = r->id,
                                    .round = t->round,
                                    .kind = str_c(turn_ids[t->kind]),
                                    .body = t->text,
                                    .due_day = t->due.n,
                                    .actor_id = t->actor_id,
                                    .actor_name = text(t->actor_name),
                                    .at_ms = t->at_ms};
    return sql_turn_insert(ctx, tx, &in, ret_changed);
}

static enum err
post_turn(struct ctx *ctx, struct tx *tx, const struct rectification *r, int64_t round, int64_t post_id)
{
    struct sql_post_insert_in post = {.region = r->region,
                                      .id = post_id,
                                      .to_region = str_eq(r->region, r->origin) ? r->county : r->origin,
                                      .kind = STR("turn"),
                                      .origin = r->origin,
                                      .ref_id = r->id,
                                      .round = round,
                                      .created_ms = ctx->now_ms};
    return sql_post_insert(ctx, tx, &post, NULL);
}

static enum err
insert_task(struct ctx *ctx, struct tx *tx, const struct rectification *r, int64_t created_ms)
{
    struct sql_rectification_insert_in in = {.region = r->region,
                                             .origin = r->origin,
                                             .id = r->id,
                                             .circular_id = r->circular_id,
                                             .county = r->county,
                                             .no = r->no,
                                             .title = r->title,
                                             .responsible = r->responsible,
                                             .due_day = r->due.n,
                                             .created_ms = created_ms};
    return sql_rectification_insert(ctx, tx, &in, NULL);
}

enum err
rectification_issue(struct ctx *ctx, struct tx *tx, int64_t post_id, const struct turn *opening,
                    struct rectification *r)
{
    int64_t changed;
    TRY(ctx, take_number(ctx, tx, "ZG", "rectification", r->region, &r->no));
    TRY(ctx, insert_task(ctx, tx, r, opening->at_ms));
    TRY(ctx, write_turn(ctx, tx, r, opening, &changed));
    return post_turn(ctx, tx, r, 0, post_id);
}

/* --- turns --- */

/* The copy after T. */
static enum err
move(struct ctx *ctx, struct tx *tx, const struct rectification *r, const struct turn *t, int64_t *ret_changed)
{
    static const enum rectification_state after[TURN_COUNT] = {RECTIFICATION_OPEN, RECTIFICATION_ANSWERED,
                                                               RECTIFICATION_RETURNED, RECTIFICATION_ACCEPTED};
    struct sql_rectification_move_in in = {.region = r->region,
                                           .origin = r->origin,
                                           .id = r->id,
                                           .old_round = t->round,
                                           .round = t->round + 1,
                                           .state = str_c(state_ids[after[t->kind]]),
                                           .open = t->kind != TURN_ACCEPT,
                                           .due_day = t->due.n,
                                           .answered_day = t->kind == TURN_ANSWER     ? day_of_ms(t->at_ms).n
                                                           : day_is_none(r->answered) ? 0
                                                                                      : r->answered.n};
    return sql_rectification_move(ctx, tx, &in, ret_changed);
}

enum err
rectification_take_turn(struct ctx *ctx, struct tx *tx, const struct rectification *r, struct turn *t, int64_t post_id)
{
    bool city = str_eq(r->region, r->origin), answers = t->kind == TURN_ANSWER;
    int64_t changed;
    if (!rectification_is_open(r))
        FAIL(ctx, ERR_CASE_EDGE, "这项整改已经销号");
    if (city == answers || answers != (r->state != RECTIFICATION_ANSWERED))
        FAIL(ctx, ERR_CASE_EDGE, "%s",
             r->state == RECTIFICATION_ANSWERED ? "整改情况已经报送，等上级核实" : "还在等责任单位报送整改情况");
    t->round = r->round;
    TRY(ctx, move(ctx, tx, r, t, &changed));
    if (changed == 1)
        TRY(ctx, write_turn(ctx, tx, r, t, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "这项整改刚刚有人办理过，请刷新后再办");
    return post_turn(ctx, tx, r, t->round, post_id);
}

/* --- reading --- */

enum err
circular_get(struct ctx *ctx, struct tx *tx, struct str region, struct str origin, int64_t id, struct circular *ret_c)
{
    struct sql_circular_get_in in = {.region = region, .origin = origin, .id = id};
    struct sql_circular_get_row r;
    bool found;
    TRY(ctx, sql_circular_get(ctx, tx, &in, &r, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有这份通报");
    *ret_c = (struct circular){.region = region,
                               .origin = origin,
                               .id = id,
                               .no = r.no,
                               .title = r.title,
                               .body = r.body,
                               .issuer_id = r.issuer_id,
                               .issuer_name = r.issuer_name,
                               .issuer_agency = r.issuer_agency,
                               .addressed = r.addressed,
                               .is_public = r.is_public,
                               .created_ms = r.created_ms,
                               .arrived_ms = r.arrived_ms,
                               .read_ms = r.read_ms,
                               .read_name = r.read_name};
    return OK;
}

static enum err
task_row(struct ctx *ctx, struct str region, struct str origin, const struct sql_rectification_open_row *r,
         struct rectification *out)
{
    int state = find(state_ids, RECTIFICATION_STATE_COUNT, r->state);
    if (state < 0)
        FAIL(ctx, ERR_INTEGRITY, "整改任务%.*s的状态不认识", STR_ARG(r->no));
    *out = (struct rectification){.region = region,
                                  .origin = origin,
                                  .id = r->id,
                                  .circular_id = r->circular_id,
                                  .county = r->county,
                                  .no = r->no,
                                  .title = r->title,
                                  .responsible = r->responsible,
                                  .due = {(int32_t)r->due_day},
                                  .answered = r->answered_day ? (struct day){(int32_t)r->answered_day} : DAY_NONE,
                                  .state = (enum rectification_state)state,
                                  .round = r->round};
    return OK;
}

static enum err
task_rows(struct ctx *ctx, struct str region, const struct sql_rectification_open_row *r, size_t n,
          struct rectification **ret_r)
{
    struct rectification *out = ARENA_ARRAY(ctx->arena, n, struct rectification);
    for (size_t i = 0; i < n; i++)
        TRY(ctx, task_row(ctx, region, r[i].origin, &r[i], &out[i]));
    *ret_r = out;
    return OK;
}

_Static_assert(sizeof(struct sql_rectification_open_row) == sizeof(struct sql_rectification_of_row),
               "both lists select the same columns in the same order");

enum err
rectification_get(struct ctx *ctx, struct tx *tx, struct str region, struct str origin, int64_t id,
                  struct rectification *ret_r)
{
    struct sql_rectification_get_in in = {.region = region, .origin = origin, .id = id};
    struct sql_rectification_get_row r;
    bool found;
    TRY(ctx, sql_rectification_get(ctx, tx, &in, &r, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有这项整改任务");
    struct sql_rectification_open_row row = {.origin = origin,
                                             .id = id,
                                             .circular_id = r.circular_id,
                                             .county = r.county,
                                             .no = r.no,
                                             .title = r.title,
                                             .responsible = r.responsible,
                                             .due_day = r.due_day,
                                             .state = r.state,
                                             .round = r.round,
                                             .answered_day = r.answered_day};
    return task_row(ctx, region, origin, &row, ret_r);
}

enum err
rectifications_of(struct ctx *ctx, struct tx *tx, struct str region, int64_t circular_id, struct rectification **ret_r,
                  size_t *ret_n)
{
    struct sql_rectification_of_in in = {.region = region, .circular_id = circular_id, .limit = TASKS_MAX};
    struct sql_rectification_open_row *r;
    TRY(ctx, sql_rectification_of(ctx, tx, &in, (struct sql_rectification_of_row **)(void *)&r, ret_n));
    return task_rows(ctx, region, r, *ret_n, ret_r);
}

enum err
rectifications_open(struct ctx *ctx, struct tx *tx, struct str region, int64_t due, int64_t id, int limit,
                    struct rectification **ret_r, size_t *ret_n)
{
    struct sql_rectification_open_in in = {.region = region, .due_day = due, .id = id, .limit = limit};
    struct sql_rectification_open_row *r;
    TRY(ctx, sql_rectification_open(ctx, tx, &in, &r, ret_n));
    return task_rows(ctx, region, r, *ret_n, ret_r);
}

static enum err
turn_row(struct ctx *ctx, int64_t round, const struct sql_turn_get_row *r, struct turn *out)
{
    int kind = find(turn_ids, TURN_COUNT, r->kind);
    if (kind < 0)
        FAIL(ctx, ERR_INTEGRITY, "整改任务的一步“%.*s”不认识", STR_ARG(r->kind));
    *out = (struct turn){.kind = (enum turn_kind)kind,
                         .text = r->body,
                         .actor_name = r->actor_name,
                         .actor_id = r->actor_id,
                         .at_ms = r->at_ms,
                         .round = round,
                         .due = {(int32_t)r->due_day}};
    return OK;
}

enum err
rectification_turns(struct ctx *ctx, struct tx *tx, const struct rectification *r, struct turn **ret_t, size_t *ret_n)
{
    struct sql_turns_in in = {.region = r->region, .origin = r->origin, .task_id = r->id};
    struct sql_turns_row *row;
    TRY(ctx, sql_turns(ctx, tx, &in, &row, ret_n));
    *ret_t = ARENA_ARRAY(ctx->arena, *ret_n, struct turn);
    for (size_t i = 0; i < *ret_n; i++) {
        struct sql_turn_get_row one = {.kind = row[i].kind,
                                       .body = row[i].body,
                                       .due_day = row[i].due_day,
                                       .actor_id = row[i].actor_id,
                                       .actor_name = row[i].actor_name,
                                       .at_ms = row[i].at_ms};
        TRY(ctx, turn_row(ctx, row[i].round, &one, &(*ret_t)[i]));
    }
    return OK;
}

/* --- posts --- */

static enum err
load_post(struct ctx *ctx, struct tx *tx, struct str region, const struct sql_post_pending_row *r, struct post *p)
{
    *p = (struct post){.id = r->id,
                       .ref_id = r->ref_id,
                       .round = r->round,
                       .from = region,
                       .to = r->to_region,
                       .origin = r->origin,
                       .is_circular = str_eqz(r->kind, "circular")};
    if (p->is_circular)
        return circular_get(ctx, tx, region, r->origin, r->ref_id, &p->circular);
    struct sql_turn_get_in in = {.region = region, .origin = r->origin, .task_id = r->ref_id, .round = r->round};
    struct sql_turn_get_row row;
    bool found;
    TRY(ctx, rectification_get(ctx, tx, region, r->origin, r->ref_id, &p->task));
    TRY(ctx, sql_turn_get(ctx, tx, &in, &row, &found));
    if (!found)
        FAIL(ctx, ERR_INTEGRITY, "整改任务%.*s缺少第 %lld 步", STR_ARG(p->task.no), (long long)r->round);
    return turn_row(ctx, r->round, &row, &p->turn);
}

enum err
posts_pending(struct ctx *ctx, struct tx *tx, struct str region, int limit, struct post **ret_p, size_t *ret_n)
{
    struct sql_post_pending_in in = {.region = region, .limit = limit};
    struct sql_post_pending_row *r;
    size_t n;
    TRY(ctx, sql_post_pending(ctx, tx, &in, &r, &n));
    struct post *p = ARENA_ARRAY(ctx->arena, n, struct post);
    for (size_t i = 0; i < n; i++)
        TRY(ctx, load_post(ctx, tx, region, &r[i], &p[i]));
    *ret_p = p;
    *ret_n = n;
    return OK;
}

static enum err
receive_turn(struct ctx *ctx, struct tx *tx, const struct post *p)
{
    struct rectification task = p->task, here;
    task.region = p->to;
    if (p->turn.kind == TURN_OPEN) {
        struct rectification first = task;
        first.due = p->turn.due; /* the sender's copy may have gone on since */
        TRY(ctx, insert_task(ctx, tx, &first, p->turn.at_ms));
        return write_turn(ctx, tx, &task, &p->turn, NULL);
    }
    enum err e = rectification_get(ctx, tx, p->to, p->origin, p->ref_id, &here);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == OK && here.round > p->round) /* it has come before */
        return OK;
    if (e != OK || here.round < p->round) {
        fail_clear(ctx);
        FAIL(ctx, ERR_RECORD_MISSING, "整改任务%.*s的前一步还没有送到", STR_ARG(task.no));
    }
    int64_t changed;
    TRY(ctx, move(ctx, tx, &here, &p->turn, &changed));
    return write_turn(ctx, tx, &here, &p->turn, NULL);
}

enum err
post_receive(struct ctx *ctx, struct tx *tx, const struct post *p)
{
    if (!p->is_circular)
        return receive_turn(ctx, tx, p);
    struct circular copy = p->circular;
    copy.region = p->to;
    copy.arrived_ms = ctx->now_ms;
    copy.is_public = false; /* published by its own city only */
    return insert_circular(ctx, tx, &copy, STR(""), NULL);
}

enum err
post_delivered(struct ctx *ctx, struct tx *tx, const struct post *p)
{
    struct sql_post_delivered_in in = {.region = p->from, .id = p->id, .delivered_ms = ctx->now_ms};
    return sql_post_delivered(ctx, tx, &in, NULL);
}
