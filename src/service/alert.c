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
    int64_t written;
};

/* The named person above the owner: the first supervisor of the case's agency, else of the region. */
static int64_t
supervisor_of(const struct staff_names *all, struct str agency)
{
    int64_t any = 0;
    for (size_t i = 0; i < all->n; i++) {
        const struct staff *p = &all->staff[i];
        if (!str_eqz(p->status, "active") || !(staff_roles(p->roles) >> ROLE_SUPERVISOR & 1u))
            continue;
        if (str_eq(p->agency, agency))
            return p->id;
        any = any ? any : p->id;
    }
    return any;
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
    const struct matter *m = NULL;
    if (!staff_id)
        return OK;
    enum err e = vault_key_get(ctx, tx, &x->s->vault, x->region->code, r->key_id, &key);
    if (e == ERR_RECORD_MISSING) /* the subject was forgotten: nobody is told of a person any more */
        return fail_clear(ctx), OK;
    TRY(ctx, e);
    if (catalog_matter(ctx, x->region, r->matter, &m) != OK)
        fail_clear(ctx);
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
    int64_t boss = supervisor_of(x->staff, r->agency), owner = owner_of(x->staff, r->owner_id), changed;
    int64_t staff_id = past || !owner ? boss : owner;
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
    x->written++;
    if (past && owner)
        TRY(ctx, tell(ctx, tx, x, r, owner, event_of(x->list, past, false)));
    return tell(ctx, tx, x, r, staff_id, event_of(x->list, past, true));
}

static enum err
alert_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct alerting *x = arg;
    x->written = 0;
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
    x->written = 0;
    for (size_t i = 0; i < x->n; i++) {
        one.row = &x->row[i];
        fail_clear(ctx);
        e = store_write(ctx, x->s->store, alert_body, &one);
        if (e != OK && e != ERR_CRYPTO && e != ERR_INTEGRITY)
            return e;
        if (e != OK && ret_kept->e == OK)
            *ret_kept = *ctx->fail;
        x->written += e == OK ? one.written : 0;
    }
    fail_clear(ctx);
    return OK;
}

static enum err
alert_list_round(struct ctx *ctx, struct alerting *x, struct fail *ret_kept, int64_t *ret_written)
{
    struct staff_names names = {0};
    enum err e = OK;
    for (int batch = 0; e == OK && batch < BATCHES_MAX; batch++) {
        names = (struct staff_names){0};
        e = read_list(ctx, x, &names);
        if (e != OK || x->n == 0)
            break;
        e = write_rows(ctx, x, ret_kept);
        *ret_written += e == OK ? x->written : 0;
        if (x->n < ALERTS_BATCH || x->written == 0)
            break;
    }
    x->staff = NULL; /* they were this round's */
    if (e != OK)
        fail_trace(ctx, __FILE__, __LINE__);
    return e;
}

enum err
service_alert_round(struct ctx *ctx, struct server *s, int64_t *ret_written)
{
    struct fail kept = {0};
    *ret_written = 0;
    for (size_t i = 0; i < catalog_region_count(s->catalog); i++)
        for (int list = 0; list < ALERT_LIST_COUNT; list++) {
            struct alerting x = {.s = s,
                                 .region = catalog_region_at(s->catalog, i),
                                 .list = (enum alert_list)list,
                                 .today = day_of_ms(ctx->now_ms)};
            TRY(ctx, alert_list_round(ctx, &x, &kept, ret_written));
        }
    if (kept.e == OK)
        return OK;
    *ctx->fail = kept;
    return kept.e;
}
