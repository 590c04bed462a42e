/* What happens to a unit happens to its members (R52); the unit's state, its insurances (R288), and what happened to a subject. */
#include "registry/action.h"
#include "registry/registry_int.h"
#include "sql_gen.h"

enum { BATCH = 200, MEMBERS_MAX = 50000 };

struct member {
    int64_t id, person_id;
    struct str insurance, identity;
    struct day from;
    bool paused;
};

/* --- one member --- */

static enum err
close_member(struct ctx *ctx, const struct change *c, const struct member *m, bool ended, struct day to)
{
    return registry_close(ctx, c, m->person_id, m->id, m->paused ? STR("suspended") : STR("active"), ended, to);
}

/* Who is paused stays so, in the unit that can resume him. */
static enum err
rehome(struct ctx *ctx, const struct change *c, const struct member *m, int64_t to_unit)
{
    struct sql_enrolment_rehome_in in = {.region = c->region, .id = m->id, .unit_id = to_unit};
    int64_t changed;
    TRY(ctx, sql_enrolment_rehome(ctx, c->tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "参保记录刚刚被别人改过，请刷新后再办理");
    struct view *what = view_map(ctx->arena);
    view_put_id(what, "enrolment", m->id);
    view_put_id(what, "unit_id", to_unit);
    return registry_change_event(ctx, c, "person", m->person_id, "rehomed", what);
}

static enum err
move_member(struct ctx *ctx, const struct change *c, const struct member *m, int64_t to_unit)
{
    struct day today = day_of_ms(ctx->now_ms);
    if (m->paused)
        return rehome(ctx, c, m, to_unit);
    TRY(ctx, close_member(ctx, c, m, true, m->from.n < today.n ? day_add(today, -1) : today));
    return registry_begin(ctx, c, m->person_id, m->insurance, m->identity, to_unit);
}

/* --- all members --- */

static enum err
read_batch(struct ctx *ctx, const struct change *c, int64_t unit_id, bool paused, int64_t after, struct member *m,
           size_t *ret_n)
{
    struct sql_enrolment_suspended_of_unit_in in = {
        .region = c->region, .unit_id = unit_id, .after = after, .n = BATCH};
    struct sql_enrolment_active_of_unit_in active = {
        .region = c->region, .unit_id = unit_id, .after = after, .n = BATCH};
    struct sql_enrolment_suspended_of_unit_row *s;
    struct sql_enrolment_active_of_unit_row *r;
    if (paused) {
        TRY(ctx, sql_enrolment_suspended_of_unit(ctx, c->tx, &in, &s, ret_n));
        for (size_t i = 0; i < *ret_n; i++)
            m[i] =
                (struct member){s[i].id, s[i].person_id, s[i].insurance, s[i].identity, {(int32_t)s[i].from_day}, true};
        return OK;
    }
    TRY(ctx, sql_enrolment_active_of_unit(ctx, c->tx, &active, &r, ret_n));
    for (size_t i = 0; i < *ret_n; i++)
        m[i] = (struct member){r[i].id, r[i].person_id, r[i].insurance, r[i].identity, {(int32_t)r[i].from_day}, false};
    return OK;
}

/* TO_UNIT 0: closed (ENDED or paused); otherwise moved there. */
struct sweep {
    const struct change *c;
    int64_t unit_id, to_unit;
    bool ended;
};

static enum err
sweep_batch(struct ctx *ctx, const struct sweep *s, bool paused, int64_t *after, size_t *ret_n)
{
    struct member *m = ARENA_ARRAY(ctx->arena, BATCH, struct member);
    TRY(ctx, read_batch(ctx, s->c, s->unit_id, paused, *after, m, ret_n));
    for (size_t i = 0; i < *ret_n; i++) {
        TRY(ctx, s->to_unit ? move_member(ctx, s->c, &m[i], s->to_unit)
                            : close_member(ctx, s->c, &m[i], s->ended, day_of_ms(ctx->now_ms)));
        *after = m[i].id;
    }
    return OK;
}

/* With memory of its own for each batch: a great unit's members would not fit a request's arena. */
static enum err
sweep(struct ctx *ctx, const struct sweep *s, bool paused, int64_t *ret_n)
{
    int64_t after = 0;
    for (size_t n = BATCH; n == BATCH;) {
        SCOPED_ARENA batch = arena_new(0);
        struct ctx apart = *ctx;
        apart.arena = batch;
        enum err e = sweep_batch(&apart, s, paused, &after, &n);
        if (e != OK) {
            ctx->fail->detail = str_dup(ctx->arena, ctx->fail->detail);
            return e;
        }
        *ret_n += (int64_t)n;
        if (*ret_n > MEMBERS_MAX)
            FAIL(ctx, ERR_LIMIT, "单位的参保人超过 %d 人，请分批办理职工的转移或终止以后再办理单位登记", MEMBERS_MAX);
    }
    return OK;
}

//= R52
enum err
registry_members_close(struct ctx *ctx, const struct change *c, int64_t unit_id, bool ended, int64_t *ret_n)
{
    struct sweep s = {.c = c, .unit_id = unit_id, .ended = ended};
    *ret_n = 0;
    TRY(ctx, sweep(ctx, &s, false, ret_n));
    return ended ? sweep(ctx, &s, true, ret_n) : OK;
}

//= R52
enum err
registry_members_move(struct ctx *ctx, const struct change *c, int64_t from_unit, int64_t to_unit, int64_t *ret_n)
{
    struct sweep s = {.c = c, .unit_id = from_unit, .to_unit = to_unit};
    *ret_n = 0;
    TRY(ctx, sweep(ctx, &s, false, ret_n));
    return sweep(ctx, &s, true, ret_n);
}

enum err
registry_member_move(struct ctx *ctx, const struct change *c, int64_t person_id, int64_t from_unit, int64_t to_unit)
{
    struct enrolment *e;
    size_t n;
    TRY(ctx, registry_enrolments(ctx, c->tx, c->region, person_id, &e, &n));
    const struct enrolment *now = registry_latest(e, n);
    if (!now || now->unit_id != from_unit || str_eqz(now->status, "ended"))
        FAIL(ctx, ERR_NOT_ELIGIBLE, "名单上有人不是原单位的在册参保人，请核对");
    struct member m = {now->id, person_id, now->insurance, now->identity, now->from, str_eqz(now->status, "suspended")};
    return move_member(ctx, c, &m, to_unit);
}

enum err
registry_has_members(struct ctx *ctx, struct tx *tx, struct str region, int64_t unit_id, bool *ret_any)
{
    struct change c = {.tx = tx, .region = region};
    struct member *m = ARENA_ARRAY(ctx->arena, BATCH, struct member);
    size_t n;
    TRY(ctx, read_batch(ctx, &c, unit_id, false, 0, m, &n));
    if (n == 0)
        TRY(ctx, read_batch(ctx, &c, unit_id, true, 0, m, &n));
    *ret_any = n > 0;
    return OK;
}

/* --- the unit --- */

enum err
registry_unit_state(struct ctx *ctx, const struct change *c, struct unit *u, const char *status, const char *kind,
                    const struct view *what)
{
    struct sql_unit_status_in in = {.region = c->region, .id = u->id, .old_status = u->status, .status = str_c(status)};
    int64_t changed = 1;
    if (!str_eqz(u->status, status))
        TRY(ctx, sql_unit_status(ctx, c->tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "单位资料刚刚被别人改过，请刷新后再办理");
    u->version += !str_eqz(u->status, status);
    u->status = str_c(status);
    struct view *payload = view_map(ctx->arena);
    view_put_z(payload, "status", status);
    view_put_day(payload, "day", day_of_ms(ctx->now_ms));
    if (what)
        view_put(payload, "what", view_copy(ctx->arena, what));
    return registry_change_event(ctx, c, "unit", u->id, kind, payload);
}

//= R288
enum err
registry_insurance_put(struct ctx *ctx, const struct change *c, int64_t unit_id, struct str insurance)
{
    struct sql_unit_insurance_put_in in = {.region = c->region,
                                           .unit_id = unit_id,
                                           .insurance = insurance,
                                           .status = STR("active"),
                                           .from_day = day_of_ms(ctx->now_ms).n,
                                           .case_id = c->case_id};
    struct view *what = view_map(ctx->arena);
    TRY(ctx, sql_unit_insurance_put(ctx, c->tx, &in, NULL));
    view_put_text(what, "insurance", insurance);
    view_put_day(what, "from", (struct day){(int32_t)in.from_day});
    return registry_change_event(ctx, c, "unit", unit_id, "insurance_registered", what);
}

enum err
registry_insurance_close(struct ctx *ctx, const struct change *c, int64_t unit_id, bool ended)
{
    struct sql_unit_insurance_close_in in = {.region = c->region,
                                             .unit_id = unit_id,
                                             .old_status = STR("active"),
                                             .status = ended ? STR("ended") : STR("suspended"),
                                             .to_day = day_of_ms(ctx->now_ms).n};
    TRY(ctx, sql_unit_insurance_close(ctx, c->tx, &in, NULL));
    in.old_status = STR("suspended");
    return ended ? sql_unit_insurance_close(ctx, c->tx, &in, NULL) : OK;
}

enum err
registry_insurances(struct ctx *ctx, struct tx *tx, struct str region, int64_t unit_id, struct unit_insurance **ret_i,
                    size_t *ret_n)
{
    struct sql_unit_insurances_in in = {.region = region, .unit_id = unit_id};
    struct sql_unit_insurances_row *r;
    TRY(ctx, sql_unit_insurances(ctx, tx, &in, &r, ret_n));
    *ret_i = ARENA_ARRAY(ctx->arena, *ret_n, struct unit_insurance);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_i)[i] = (struct unit_insurance){.insurance = r[i].insurance,
                                              .status = r[i].status,
                                              .from = {(int32_t)r[i].from_day},
                                              .to = r[i].to_day ? (struct day){(int32_t)r[i].to_day} : DAY_NONE};
    return OK;
}

/* --- what happened --- */

enum err
registry_history(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, const char *subject_kind,
                 int64_t subject_id, int64_t after, int64_t n, struct register_entry **ret_e, size_t *ret_n)
{
    struct sql_register_event_of_subject_in in = {
        .region = region, .subject_kind = str_c(subject_kind), .subject_id = subject_id, .after = after, .n = n};
    struct sql_register_event_of_subject_row *r;
    size_t count;
    TRY(ctx, sql_register_event_of_subject(ctx, tx, &in, &r, &count));
    struct register_entry *e = ARENA_ARRAY(ctx->arena, count, struct register_entry);
    for (size_t i = 0; i < count; i++) {
        struct data_key key;
        struct view *payload;
        TRY(ctx, vault_key_get(ctx, tx, v, region, r[i].key_id, &key));
        TRY(ctx, registry_open_view(ctx, &key.key, registry_aad(ctx->arena, "register_event", region, r[i].id),
                                    r[i].payload, &payload));
        e[i] = (struct register_entry){r[i].id, r[i].case_id, r[i].at_ms, r[i].kind, payload};
    }
    *ret_e = e;
    *ret_n = count;
    return OK;
}
