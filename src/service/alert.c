#include "service/alert.h"

#include "service/message.h"
#include "service/service_int.h"
#include "sql_gen.h"

enum { ALERTS_BATCH = 50, BATCHES_MAX = 40 };

/* The three queries select the same columns in the same order. */
typedef struct sql_alert_due_row alert_row;
_Static_assert(sizeof(struct sql_alert_due_row) == sizeof(struct sql_alert_legal_row) &&
                   sizeof(struct sql_alert_due_row) == sizeof(struct sql_alert_stage_row),
               "the three lists of alerts have the same columns");

enum alert_list { ALERT_DUE, ALERT_LEGAL, ALERT_STAGE, ALERT_LIST_COUNT };

struct alerting {
    struct server *s;
    const struct region *region;
    const struct staff_names *staff;
    enum alert_list list;
    struct day today;
    const alert_row *row;
    size_t n;
    struct alert_round round; /* of this transaction */
};

/* Who stands above a case. */
struct above {
    const int64_t *id;
    size_t n;
};

static size_t
people_with(const struct staff_names *all, enum role role, const struct str *agency, int64_t *id, size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < all->n && n < most; i++) {
        const struct staff *p = &all->staff[i];
        if (str_eqz(p->status, "active") && (staff_roles(p->roles) >> role & 1u) &&
            (!agency || str_eq(p->agency, *agency)))
            id[n++] = p->id;
    }
    return n;
}

/* The first supervisor of the case's agency; an agency without one: all who head it; without those, the region's first supervisor. */
static struct above
above_of(struct arena *a, const struct staff_names *all, struct str agency)
{
    int64_t *id = ARENA_ARRAY(a, all->n + 1, int64_t);
    size_t n = people_with(all, ROLE_SUPERVISOR, &agency, id, 1);
    if (n == 0)
        n = people_with(all, ROLE_HEAD, &agency, id, all->n);
    if (n == 0)
        n = people_with(all, ROLE_SUPERVISOR, NULL, id, 1);
    return (struct above){id, n};
}

/* Whoever has left reads no inbox: his cases are nobody's until they are handed over. */
static int64_t
owner_of(const struct staff_names *all, int64_t owner_id)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->staff[i].id == owner_id && str_eqz(all->staff[i].status, "active"))
            return owner_id;
    return 0;
}

static const char *
alert_kind(enum alert_list list, bool past)
{
    return list == ALERT_LEGAL   ? "legal"
           : list == ALERT_STAGE ? (past ? "stage_overdue" : "stage_near")
           : past                ? "overdue"
                                 : "near";
}

/* Every kind of alert has messages of its own: a promised day and a legal one are often the same day, and a message is one for its kind and
** day, so that a law broken must not pass for a promise broken that was told already. */ //= R14
static const char *
event_of(enum alert_list list, bool past, bool to_boss)
{
    return list == ALERT_LEGAL   ? "staff_legal"
           : list == ALERT_STAGE ? (past ? "staff_stage_overdue" : "staff_stage_due")
           : !past               ? "staff_due"
           : to_boss             ? "staff_escalated"
                                 : "staff_overdue";
}

static enum err
tell(struct ctx *ctx, struct tx *tx, struct alerting *x, const alert_row *r, int64_t staff_id, const char *event)
{
    struct data_key key;
    const struct matter *m = matter_by_id(x->region, r->matter);
    enum err e = vault_key_get(ctx, tx, &x->s->vault, x->region->code, r->key_id, &key);
    if (e == ERR_RECORD_MISSING) /* the subject was forgotten: nobody is told of a person any more */
        return fail_clear(ctx), OK;
    TRY(ctx, e);
    struct staff_message msg = {.region = x->region->code,
                                .case_id = r->id,
                                .staff_id = staff_id,
                                .mark = r->day,
                                .case_no = r->no,
                                .matter_id = r->matter,
                                .matter_name = m ? m->name : r->matter,
                                .stage = r->stage,
                                .event = str_c(event),
                                .reason = STR(""),
                                .due = {(int32_t)r->day}};
    return message_to_staff(ctx, tx, x->s, &key, &msg);
}

static enum err
alert_one(struct ctx *ctx, struct tx *tx, struct alerting *x, const alert_row *r)
{
    bool past = r->day < x->today.n;
    int64_t owner = owner_of(x->staff, r->owner_id), changed;
    struct above above = {0}; /* what is only near is the owner's alone */
    if (past || !owner)
        above = above_of(ctx->arena, x->staff, r->agency);
    int64_t staff_id = above.n ? above.id[0] : owner; /* 0: nobody is told, which the supervisor's page shows */
    struct sql_alert_insert_in in = {.region = x->region->code,
                                     .case_id = r->id,
                                     .kind = str_c(alert_kind(x->list, past)),
                                     .deadline_day = r->day,
                                     .id = id_next(&x->s->ids, ctx->now_ms),
                                     .staff_id = staff_id,
                                     .created_ms = ctx->now_ms};
    TRY(ctx, sql_alert_insert(ctx, tx, &in, &changed));
    if (changed != 1) /* another process was quicker */
        return OK;
    x->round.written++;
    x->round.untold += staff_id == 0;
    if (owner)
        TRY(ctx, tell(ctx, tx, x, r, owner, event_of(x->list, past, false)));
    for (size_t i = 0; i < above.n; i++)
        TRY(ctx, tell(ctx, tx, x, r, above.id[i], event_of(x->list, past, true)));
    return OK;
}

static enum err
alert_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct alerting *x = arg;
    x->round = (struct alert_round){0};
    for (size_t i = 0; i < x->n; i++)
        TRY(ctx, alert_one(ctx, tx, x, &x->row[i]));
    return OK;
}

static enum err
read_list(struct ctx *ctx, struct alerting *x, struct staff_names *names)
{
    SCOPED_READ tx = NULL;
    bool tentative;
    struct day until = calendar_add(catalog_calendar(x->s->catalog), x->today, 1, &tentative);
    struct sql_alert_due_in due = {
        .region = x->region->code, .today = x->today.n, .until = until.n, .limit = ALERTS_BATCH};
    struct sql_alert_legal_in legal = {.region = x->region->code, .today = x->today.n, .limit = ALERTS_BATCH};
    struct sql_alert_stage_in stage = {
        .region = x->region->code, .today = x->today.n, .until = until.n, .limit = ALERTS_BATCH};
    void *rows = NULL;
    TRY(ctx, store_read(ctx, x->s->store, &tx));
    if (x->list == ALERT_DUE)
        TRY(ctx, sql_alert_due(ctx, tx, &due, (struct sql_alert_due_row **)(void *)&rows, &x->n));
    else if (x->list == ALERT_LEGAL)
        TRY(ctx, sql_alert_legal(ctx, tx, &legal, (struct sql_alert_legal_row **)(void *)&rows, &x->n));
    else
        TRY(ctx, sql_alert_stage(ctx, tx, &stage, (struct sql_alert_stage_row **)(void *)&rows, &x->n));
    x->row = rows;
    if (x->n)
        TRY(ctx, staff_names_load(ctx, tx, x->region->code, names));
    x->staff = names;
    return OK;
}

static void
round_add(struct alert_round *sum, const struct alert_round *one)
{
    sum->written += one->written;
    sum->untold += one->untold;
}

/* The rows in one transaction; when what is stored of one of them is broken, each in its own: a broken case must not silence the others.
** What was wrong first stays in RET_KEPT. */
static enum err
write_rows(struct ctx *ctx, struct alerting *x, struct fail *ret_kept)
{
    enum err e = store_write(ctx, x->s->store, alert_body, x);
    struct alerting one = *x;
    if (e != ERR_CRYPTO && e != ERR_INTEGRITY)
        return e;
    one.n = 1;
    x->round = (struct alert_round){0};
    for (size_t i = 0; i < x->n; i++) {
        one.row = &x->row[i];
        fail_clear(ctx);
        e = store_write(ctx, x->s->store, alert_body, &one);
        if (e != OK && e != ERR_CRYPTO && e != ERR_INTEGRITY)
            return e;
        if (e != OK && ret_kept->e == OK)
            *ret_kept = *ctx->fail;
        if (e == OK)
            round_add(&x->round, &one.round);
    }
    fail_clear(ctx);
    return OK;
}

static enum err
alert_list_round(struct ctx *ctx, struct alerting *x, struct fail *ret_kept, struct alert_round *ret_round)
{
    struct staff_names names = {0};
    enum err e = OK;
    for (int batch = 0; e == OK && batch < BATCHES_MAX; batch++) {
        names = (struct staff_names){0};
        e = read_list(ctx, x, &names);
        if (e != OK || x->n == 0)
            break;
        e = write_rows(ctx, x, ret_kept);
        if (e == OK)
            round_add(ret_round, &x->round);
        if (x->n < ALERTS_BATCH || x->round.written == 0)
            break;
    }
    x->staff = NULL; /* they were this round's */
    if (e != OK)
        fail_trace(ctx, __FILE__, __LINE__);
    return e;
}

enum err
service_alert_round(struct ctx *ctx, struct server *s, struct alert_round *ret_round)
{
    struct fail kept = {0};
    *ret_round = (struct alert_round){0};
    for (size_t i = 0; i < catalog_region_count(s->catalog); i++)
        for (int list = 0; list < ALERT_LIST_COUNT; list++) {
            struct alerting x = {.s = s,
                                 .region = catalog_region_at(s->catalog, i),
                                 .list = (enum alert_list)list,
                                 .today = day_of_ms(ctx->now_ms)};
            TRY(ctx, alert_list_round(ctx, &x, &kept, ret_round));
        }
    if (kept.e == OK)
        return OK;
    *ctx->fail = kept;
    return kept.e;
}

/* --- what nobody was told of --- */

static const char *
kind_name(struct str kind)
{
    return str_eqz(kind, "near")         ? "快到期"
           : str_eqz(kind, "legal")      ? "超过法定时限"
           : str_eqz(kind, "stage_near") ? "环节快到期"
           : str_eqz(kind, "overdue")    ? "超期"
                                         : "环节超期";
}

enum err
service_alerts_untold(struct ctx *ctx, struct tx *tx, const struct region *r, struct str agency, struct view *map)
{
    struct sql_alert_untold_in in = {.region = r->code, .agency = agency, .limit = ALERTS_BATCH};
    struct sql_alert_untold_row *row;
    size_t n;
    TRY(ctx, sql_alert_untold(ctx, tx, &in, &row, &n));
    struct view *list = view_put_list(map, "untold");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        const struct matter *m = matter_by_id(r, row[i].matter);
        view_put_text(v, "no", row[i].no);
        view_put_text(v, "matter_name", m ? m->name : row[i].matter);
        view_put_text(v, "kind", row[i].kind);
        view_put_z(v, "kind_name", kind_name(row[i].kind));
        view_put_day(v, "deadline", (struct day){(int32_t)row[i].deadline_day});
        view_put_text(v, "at", day_time_text(ctx->arena, row[i].created_ms));
    }
    view_put_bool(map, "any_untold", n > 0);
    return OK;
}
