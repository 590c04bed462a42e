/* Verdicts under supervision: into their list with the case, the lot, the agency's finding (R179). */
#include "service/verdict.h"

#include "service/guide.h"
#include "service/service_int.h"
#include "supervision/verdict.h"

/* --- with the case --- */

static bool
supervised(const struct matter *m, const struct facts *f)
{
    return !str_empty(m->oversight.verbatim) && condition_need(&m->oversight.when, f, NULL) == NEED_YES;
}

/* Who judged last; where nobody is written down, who ended it. */
static int64_t
giver_of(const struct case_file *cf, const struct actor *a)
{
    for (size_t i = cf->step_count; i-- > 0;)
        if (!cf->step[i].undone && !cf->step[i].signature && cf->step[i].actor_id)
            switch (cf->step[i].kind) {
            case STAGE_FIRST_REVIEW:
            case STAGE_REVIEW:
            case STAGE_SECOND_REVIEW:
            case STAGE_APPROVE:
            case STAGE_EXPERT:
            case STAGE_HOSPITAL:
                return cf->step[i].actor_id;
            default:
                break;
            }
    return a->id;
}

enum err
verdict_record_case(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf,
                    const struct decision *d, const struct actor *a, int64_t key_id)
{
    bool granted = false, refused = false, found;
    struct staff giver = {0};
    for (size_t i = 0; i < d->event_count; i++) {
        granted = granted || str_eqz(d->event[i].kind, "concluded");
        refused = refused || (str_eqz(d->event[i].kind, "refused") && cf->accepted_ms);
    }
    if ((!granted && !refused) || !supervised(cf->matter, &cf->facts))
        return OK;
    int64_t by = refused ? a->id : giver_of(cf, a);
    TRY(ctx, staff_by_id(ctx, tx, cf->region, by, &giver, &found));
    struct verdict v = {.region = cf->region,
                        .id = id_next(&s->ids, ctx->now_ms),
                        .case_id = cf->id,
                        .case_no = cf->no,
                        .matter = cf->matter_id,
                        .masked = cf->masked,
                        .granted = granted,
                        .given_ms = ctx->now_ms,
                        .giver_id = by,
                        .giver_name = found ? giver.name : STR(""),
                        .giver_section = found ? giver.section : STR(""),
                        .key_id = key_id};
    return verdict_record(ctx, tx, &v);
}

/* --- seen --- */

static void
put_verdict(struct ctx *ctx, const struct region *r, const struct verdict *v, const struct actor *a, struct view *row)
{
    const struct matter *m = matter_by_id(r, v->matter);
    view_put_id(row, "id", v->id);
    view_put_text(row, "case_no", v->case_no);
    view_put_text(row, "matter", m ? m->name : v->matter);
    view_put_secret(row, "subject", v->masked);
    view_put_bool(row, "granted", v->granted);
    view_put_z(row, "verdict", v->granted ? "予以认定" : "不予认定");
    view_put_text(row, "given_at", day_time_text(ctx->arena, v->given_ms));
    view_put_text(row, "giver", v->giver_name);
    guide_put(row, "section", v->giver_section);
    view_put_z(row, "state", verdict_state_id(v->state));
    view_put_z(row, "state_name", verdict_state_name(v->state));
    guide_put(row, "drawn_at", v->drawn_ms ? day_time_text(ctx->arena, v->drawn_ms) : STR(""));
    guide_put(row, "drawn_by", v->drawn_name);
    guide_put(row, "opinion", v->opinion);
    guide_put(row, "checker", v->checker_name);
    guide_put(row, "checked_at", v->checked_ms ? day_time_text(ctx->arena, v->checked_ms) : STR(""));
    view_put_bool(row, "own", a && v->giver_id == a->id);
}

enum err
verdict_case_view(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf, struct view *c)
{
    struct verdict v;
    int64_t id = 0;
    if (!str_empty(cf->matter->oversight.verbatim))
        TRY(ctx, verdict_of_case(ctx, tx, cf->region, cf->id, &id));
    if (!id) {
        view_put_null(c, "verdict");
        return OK;
    }
    TRY(ctx, verdict_get(ctx, tx, &s->vault, cf->region, id, &v));
    put_verdict(ctx, cf->matter->region, &v, NULL, view_put_map(c, "verdict"));
    return OK;
}

static enum err
put_state(struct ctx *ctx, struct server *s, struct tx *tx, const struct actor *a, enum verdict_state state,
          struct view *map)
{
    const struct region *r = catalog_region(s->catalog, a->region);
    struct view *list = view_put_list(map, verdict_state_id(state));
    int64_t *ids;
    size_t n;
    TRY(ctx, verdict_ids(ctx, tx, a->region, state, INT64_MAX, VERDICT_LIST_MAX, &ids, &n));
    for (size_t i = 0; i < n; i++) {
        struct verdict v;
        TRY(ctx, verdict_get(ctx, tx, &s->vault, a->region, ids[i], &v));
        put_verdict(ctx, r, &v, a, view_add_map(list));
    }
    return OK;
}

enum err
service_verdicts(struct ctx *ctx, struct server *s, const struct actor *a, struct view *ret_map)
{
    int64_t *ids;
    size_t n;
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, verdict_ids(ctx, tx, a->region, VERDICT_NEW, INT64_MAX, VERDICT_POOL_MAX, &ids, &n));
    view_put_int(ret_map, "waiting", (int64_t)n);
    TRY(ctx, put_state(ctx, s, tx, a, VERDICT_DRAWN, ret_map));
    TRY(ctx, put_state(ctx, s, tx, a, VERDICT_DISAGREED, ret_map));
    TRY(ctx, put_state(ctx, s, tx, a, VERDICT_AGREED, ret_map));
    const struct region *r = catalog_region(s->catalog, a->region);
    struct view *rules = view_put_list(ret_map, "rules");
    for (size_t i = 0; r && i < r->matter_count; i++)
        if (!str_empty(r->matter[i].oversight.verbatim)) {
            struct view *row = view_add_map(rules);
            view_put_text(row, "matter", r->matter[i].name);
            view_put_text(row, "text", r->matter[i].oversight.verbatim);
        }
    return OK;
}

/* --- the lot, the finding --- */

struct drawing {
    const struct actor *a;
    int64_t count, drawn;
};

static enum err
draw_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct drawing *d = arg;
    TRY(ctx, verdict_draw(ctx, tx, d->a->region, (size_t)d->count, d->a->name, &d->drawn));
    if (d->drawn == 0)
        FAIL(ctx, ERR_CASE_EDGE, "没有还没抽取的认定");
    return OK;
}

enum err
service_verdict_draw(struct ctx *ctx, struct server *s, const struct actor *a, struct str count, int64_t *ret_drawn)
{
    struct drawing d = {.a = a};
    if (!str_int(str_trim(count), &d.count) || d.count < 1 || d.count > VERDICT_DRAW_MAX) {
        fail_field(ctx, STR("count"), STR("抽取件数"), STR("应为整数"),
                   str_fmt(ctx->arena, "请写 1 到 %d", VERDICT_DRAW_MAX));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    TRY(ctx, store_write(ctx, s->store, draw_body, &d));
    *ret_drawn = d.drawn;
    return OK;
}

struct checking {
    struct server *s;
    const struct actor *a;
    int64_t id;
    enum verdict_state state;
    struct str opinion;
};

static enum err
check_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct checking *k = arg;
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    struct verdict v;
    TRY(ctx, verdict_get(ctx, tx, &k->s->vault, k->a->region, k->id, &v));
    TRY(ctx, case_load(ctx, tx, &k->s->vault, k->s->catalog, k->a->region, v.case_id, cf));
    bool part = v.giver_id == k->a->id || cf->acceptor_id == k->a->id;
    for (size_t i = 0; i < cf->step_count; i++)
        part = part || cf->step[i].actor_id == k->a->id;
    if (part)
        FAIL(ctx, ERR_SEPARATION, "这个办件您办过，认定由别人核查");
    v.state = k->state;
    v.opinion = k->opinion;
    v.checker_id = k->a->id;
    v.checker_name = k->a->name;
    v.checked_ms = ctx->now_ms;
    return verdict_check(ctx, tx, &k->s->vault, &v);
}

enum err
service_verdict_check(struct ctx *ctx, struct server *s, const struct actor *a, const struct verdict_do *in)
{
    struct checking k = {.s = s, .a = a, .id = in->id, .opinion = str_trim(in->opinion.p ? in->opinion : STR(""))};
    bool bad = false;
    if (str_eqz(in->outcome, verdict_state_id(VERDICT_AGREED)))
        k.state = VERDICT_AGREED;
    else if (str_eqz(in->outcome, verdict_state_id(VERDICT_DISAGREED)))
        k.state = VERDICT_DISAGREED;
    else {
        fail_field(ctx, STR("outcome"), STR("核查结果"), STR("没有选择"), STR("请选“认定正确”或“认定不当”"));
        bad = true;
    }
    if (str_utf8_count(k.opinion) < 2 || str_utf8_count(k.opinion) > VERDICT_OPINION_MAX) {
        fail_field(ctx, STR("opinion"), STR("核查的依据"), k.opinion.n ? STR("太短或太长") : STR("没有填写"),
                   STR("请写明看了什么、结果怎样，1000 字以内"));
        bad = true;
    }
    if (bad)
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    return store_write(ctx, s->store, check_body, &k);
}
