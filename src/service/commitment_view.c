/* Commitments, checks and breaches as views, for the desk and for the subject. */
#include "base/ident.h"
#include "service/commitment_int.h"
#include "sql_gen.h"

static void
put_commitment(struct ctx *ctx, const struct region *r, const struct commitment *c, struct view *v)
{
    const struct matter *m = matter_by_id(r, c->matter);
    view_put_text(v, "no", c->no);
    view_put_text(v, "matter_id", c->matter);
    view_put_text(v, "matter", m ? m->name : c->matter);
    view_put_text(v, "proof", c->proof);
    view_put_text(v, "letter", c->letter);
    view_put_text(v, "made_at", day_time_text(ctx->arena, c->made_ms));
}

/* What only the desk sees. */
static void
put_desk(struct ctx *ctx, const struct commitment *c, const struct staff_names *names, struct view *v)
{
    view_put_text(v, "case_no", c->case_no);
    view_put_secret(v, "subject", c->masked);
    view_put_secret(v, "signer", ident_mask_name(ctx->arena, c->signer));
    guide_put(v, "delegate", str_empty(c->delegate) ? STR("") : ident_mask_name(ctx->arena, c->delegate));
    view_put_text(v, "acceptor", staff_names_get(names, c->acceptor_id));
}

void
commitment_put_breach(struct ctx *ctx, struct server *s, const struct region *r, const struct breach *b,
                      const struct commitment *c, const struct staff_names *names, struct view *v)
{
    struct day today = day_of_ms(ctx->now_ms);
    bool expired = b->state == BREACH_OPEN && today.n > b->expires.n;
    view_put_id(v, "id", b->id);
    put_commitment(ctx, r, c, view_put_map(v, "commitment"));
    view_put_text(v, "no", b->no);
    view_put_text(v, "reason", b->reason);
    view_put_z(v, "state", expired ? "expired" : breach_state_id(b->state));
    view_put_z(v, "state_name", expired ? "已到期" : breach_state_name(b->state));
    view_put_bool(v, "open", b->state == BREACH_OPEN && !expired);
    view_put_text(v, "entered_at", day_time_text(ctx->arena, b->entered_ms));
    view_put_day(v, "expires", b->expires);
    view_put_bool(v, "expiry_by_system", r && !r->commitment.printed);
    view_put_day(v, "told", b->told);
    guide_put(v, "told_way", b->told_way);
    view_put_bool(v, "untold", day_is_none(b->told));
    view_put_z(v, "objection", objection_state_id(b->objection));
    view_put_bool(v, "objection_open", b->objection == OBJECTION_OPEN && b->state == BREACH_OPEN);
    view_put_bool(v, "may_object", b->objection == OBJECTION_NONE && b->state == BREACH_OPEN && !expired);
    guide_put(v, "objection_text", b->objection_text);
    guide_put(v, "decision", b->decision);
    guide_put(v, "decided_by", b->decided_name);
    if (!names)
        return;
    put_desk(ctx, c, names, v);
    view_put_text(v, "entered_by", b->entered_name);
    struct str code = breach_code(ctx->arena, &s->vault, b->region, b->no);
    view_put_text(v, "code", code); /* for the notice: with it the subject opens its own page */
    view_put_text(v, "path",
                  str_fmt(ctx->arena, "/r/%.*s/breach/%.*s/%.*s", STR_ARG(b->region), STR_ARG(b->no), STR_ARG(code)));
}

static enum err
put_check(struct ctx *ctx, struct server *s, struct tx *tx, const struct actor *a, const struct region *r,
          const struct staff_names *names, int64_t id, struct view *v)
{
    struct check k;
    struct commitment c;
    TRY(ctx, check_get(ctx, tx, &s->vault, a->region, id, &k));
    TRY(ctx, commitment_get(ctx, tx, &s->vault, a->region, k.commitment_id, &c));
    view_put_id(v, "id", id);
    put_commitment(ctx, r, &c, v);
    put_desk(ctx, &c, names, v);
    view_put_day(v, "due", k.due);
    view_put_bool(v, "late", day_of_ms(ctx->now_ms).n > k.due.n);
    view_put_bool(v, "mine_accepted", c.acceptor_id == a->id);
    return OK;
}

static enum err
put_todo(struct ctx *ctx, struct server *s, struct tx *tx, const struct actor *a, const struct region *r,
         const struct commitment_filter *f, const struct staff_names *names, struct view *map)
{
    int64_t *ids;
    size_t n;
    TRY(ctx, check_due_ids(ctx, tx, a->region, 0, 0, COMMITMENT_LIST_MAX, &ids, &n));
    struct view *checks = view_put_list(map, "checks"), *breaches = view_put_list(map, "breaches");
    for (size_t i = 0; i < n; i++)
        TRY(ctx, put_check(ctx, s, tx, a, r, names, ids[i], view_add_map(checks)));
    TRY(ctx, breach_ids(ctx, tx, a->region, !f->closed, f->closed ? INT64_MAX : 0, COMMITMENT_LIST_MAX, &ids, &n));
    for (size_t i = 0; i < n; i++) {
        struct breach b;
        struct commitment c;
        TRY(ctx, breach_get(ctx, tx, &s->vault, a->region, ids[i], &b));
        TRY(ctx, commitment_get(ctx, tx, &s->vault, a->region, b.commitment_id, &c));
        struct view *v = view_add_map(breaches);
        commitment_put_breach(ctx, s, r, &b, &c, names, v);
        view_put_bool(v, "may_decide",
                      actor_has(a, ROLE_SUPERVISOR) && b.objection == OBJECTION_OPEN && b.entered_by != a->id);
    }
    return OK;
}

static enum err
put_register(struct ctx *ctx, struct server *s, struct tx *tx, const struct actor *a, const struct region *r,
             struct str after, const struct staff_names *names, struct view *map)
{
    struct sql_commitment_recent_in in = {.region = a->region, .before = INT64_MAX, .limit = COMMITMENT_LIST_MAX};
    struct sql_commitment_recent_row *row;
    size_t n;
    if (!str_empty(after) && (!str_int(after, &in.before) || in.before < 0)) {
        fail_field(ctx, STR("after"), STR("页码"), STR("不认识"), STR("请从第一页看起"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    TRY(ctx, sql_commitment_recent(ctx, tx, &in, &row, &n));
    struct view *list = view_put_list(map, "commitments");
    for (size_t i = 0; i < n; i++) {
        struct sql_check_of_commitment_in of = {.region = a->region, .commitment_id = row[i].id};
        struct sql_check_of_commitment_row k = {.outcome = STR("")};
        struct commitment c;
        bool found;
        TRY(ctx, commitment_get(ctx, tx, &s->vault, a->region, row[i].id, &c));
        TRY(ctx, sql_check_of_commitment(ctx, tx, &of, &k, &found));
        struct view *v = view_add_map(list);
        put_commitment(ctx, r, &c, v);
        put_desk(ctx, &c, names, v);
        view_put_text(v, "draw", row[i].draw_state);
        view_put_text(v, "check", found ? k.outcome : STR(""));
        view_put_z(v, "check_name",
                   !found ? (str_eqz(row[i].draw_state, "new") ? "未抽取" : "未抽中")
                          : (str_eqz(k.outcome, "due") ? "待核查" : (str_eqz(k.outcome, "true") ? "属实" : "不实")));
    }
    guide_put(map, "next", n == COMMITMENT_LIST_MAX ? str_fmt(ctx->arena, "%lld", (long long)row[n - 1].id) : STR(""));
    return OK;
}

enum err
service_commitments(struct ctx *ctx, struct server *s, const struct actor *a, const struct commitment_filter *f,
                    struct view *ret_map)
{
    const struct region *r = catalog_region(s->catalog, a->region);
    struct staff_names names;
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, staff_names_load(ctx, tx, a->region, &names));
    if (r) {
        struct view *rule = view_put_map(ret_map, "rule");
        view_put_int(rule, "percent", r->commitment.share_percent);
        view_put_int(rule, "workdays", r->commitment.check_workdays);
        view_put_int(rule, "months", r->commitment.breach_months);
        view_put_bool(rule, "by_system", !r->commitment.printed);
    }
    view_put_bool(ret_map, "all", f->all);
    view_put_bool(ret_map, "closed", f->closed);
    if (f->all)
        return put_register(ctx, s, tx, a, r, f->after.p ? f->after : STR(""), &names, ret_map);
    return put_todo(ctx, s, tx, a, r, f, &names, ret_map);
}

struct view *
commitment_put(struct view *map, struct str closed)
{
    struct view *v = view_put_map(map, "commitment");
    view_put_bool(v, "closed", !str_empty(closed));
    guide_put(v, "reason", closed);
    return v;
}

enum err
commitment_case_view(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf, struct view *map)
{
    struct str closed;
    SCOPED_READ mine = NULL;
    if (!commitment_offered(cf->matter))
        return OK;
    if (!tx)
        TRY(ctx, store_read(ctx, s->store, &mine));
    TRY(ctx, commitment_allowed_case(ctx, s, tx ? tx : mine, cf, &closed));
    commitment_put(map, closed);
    return OK;
}
