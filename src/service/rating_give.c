/* A rating is given: of a case, whichever way it comes, or of a visit without one. */
#include <string.h>

#include "service/directory.h"
#include "service/message.h"
#include "service/rating_service.h"
#include "service/service_int.h"
#include "sql_gen.h"

static const struct actor the_public = {.kind = ACTOR_PUBLIC};

static struct str
clean(struct str s)
{
    return str_trim(s.p ? s : STR(""));
}

/* --- words --- */

static bool
has_line(struct str list, struct str line)
{
    struct str rest = list, one;
    while (!str_empty(list) && str_split(&rest, '\n', &one))
        if (str_eq(one, line))
            return true;
    return false;
}

//= R40
void
service_rating_levels(struct view *map, int picked)
{
    struct view *levels = view_put_list(map, "rating_levels");
    for (int i = 1; i <= RATING_LEVELS; i++) {
        struct view *row = view_add_map(levels);
        view_put_int(row, "level", i);
        view_put_z(row, "name", rating_level_name(i));
        if (i == picked)
            view_put_bool(row, "picked", true);
    }
}

//= R45
void
service_rating_words(struct ctx *ctx, struct view *map, struct str ticked)
{
    size_t n;
    const struct rating_object *o = rating_objects(&n);
    struct view *list = view_put_list(map, "rating_tags");
    for (size_t i = 0; i < n; i++) {
        struct view *group = view_add_map(list);
        view_put_z(group, "id", o[i].id);
        view_put_z(group, "about", o[i].name);
        struct view *tags = view_put_list(group, "tags");
        for (size_t k = 0; k < o[i].tag_count; k++) {
            struct view *t = view_add_map(tags);
            struct str value = str_fmt(ctx->arena, "%s：%s", o[i].name, o[i].tag[k]);
            view_put_z(t, "tag", o[i].tag[k]);
            view_put_text(t, "value", value);
            view_put_text(t, "id", str_fmt(ctx->arena, "tag-%zu-%zu", i, k));
            view_put_bool(t, "ticked", has_line(ticked, value));
        }
    }
}

/* --- who it concerns, and who rings back --- */

/* The bureau itself: no agency at all, the first one, or the one that the region names. */
static bool
is_bureau(const struct region *r, struct str agency)
{
    if (str_empty(agency) || !r || r->agency_count == 0 || str_eq(agency, r->agency[0].id))
        return true;
    for (size_t i = 0; i < r->agency_count; i++)
        if (str_eq(agency, r->agency[i].id))
            return str_eq(r->agency[i].name, r->agency_name);
    return false;
}

//= R42
bool
rating_owner(const struct region *r, struct str handling, struct str agency)
{
    return is_bureau(r, handling) ? is_bureau(r, agency) : str_eq(handling, agency);
}

/* Everybody of the staff who did something to the case. */
static struct str
handlers_of(struct ctx *ctx, const struct case_file *cf)
{
    int64_t *ids = ARENA_ARRAY(ctx->arena, cf->history_count + 2, int64_t);
    size_t n = 0;
    for (size_t i = 0; cf->history && i < cf->history_count; i++)
        if (str_eqz(cf->history[i].actor, "staff"))
            ids[n++] = cf->history[i].actor_id;
    ids[n++] = cf->acceptor_id;
    ids[n++] = cf->handler_id;
    return rating_handlers(ctx->arena, ids, n);
}

/* A person of the handling agency who has not worked on it: whoever deals with applicants before a supervisor, who reviews appeals; of
** several by turns. 0: there is none. */
static enum err
pick_person(struct ctx *ctx, struct tx *tx, const struct region *region, const struct rating *r, int64_t *ret_id)
{
    struct staff *staff;
    size_t n, fit = 0;
    TRY(ctx, staff_of_region(ctx, tx, r->region, &staff, &n));
    int64_t *id = ARENA_ARRAY(ctx->arena, n, int64_t);
    for (int spare = 0; spare < 2 && fit == 0; spare++)
        for (size_t i = 0; i < n; i++) {
            unsigned roles = staff_roles(staff[i].roles);
            bool supervisor = (roles & 1u << ROLE_SUPERVISOR) != 0;
            if (str_eqz(staff[i].status, "active") && call_back_may_do(roles) && supervisor == (spare == 1) &&
                !rating_handled_by(r, staff[i].id) && rating_owner(region, r->agency, staff[i].agency))
                id[fit++] = staff[i].id;
        }
    *ret_id = fit ? id[(uint64_t)(r->case_id ? r->case_id : ctx->now_ms) % fit] : 0;
    return OK;
}

static enum err
store(struct ctx *ctx, struct tx *tx, struct server *s, const struct data_key *key, struct rating *r)
{
    const struct region *region = catalog_region(s->catalog, r->region);
    struct rating_task_first first = {.due = DAY_NONE};
    bool tentative;
    if (rating_is_bad(r->level)) { //= R41
        first.due = calendar_add(catalog_calendar(s->catalog), day_of_ms(ctx->now_ms),
                                 region ? region->rating.call_back_days : 1, &tentative);
        TRY(ctx, pick_person(ctx, tx, region, r, &first.assignee_id));
    }
    TRY(ctx, rating_store(ctx, tx, &s->ids, key, &first, r));
    return message_rating(ctx, tx, s, r);
}

/* --- of a case --- */

static struct str
step_of(const struct rating_given *g)
{
    return str_empty(g->step) ? STR(RATING_STEP_CASE) : g->step;
}

enum err
service_rating_rows(struct ctx *ctx, struct tx *tx, struct server *s, const struct case_file *cf,
                    const struct rating_given *g, const struct data_key *key)
{
    bool acceptance = str_eqz(step_of(g), RATING_STEP_ACCEPT);
    struct rating r = {.region = cf->region,
                       .case_id = cf->id,
                       .step = step_of(g),
                       .source = g->source,
                       .channel = g->channel,
                       .level = g->level,
                       .matter = cf->matter_id.p ? cf->matter_id : cf->matter->id,
                       .agency = cf->agency,
                       .point = cf->point,
                       .staff_id = acceptance ? cf->acceptor_id : cf->handler_id,
                       .handlers = handlers_of(ctx, cf),
                       .tags = g->tags,
                       .ref = g->ref,
                       .text = g->text};
    return store(ctx, tx, s, key, &r);
}

enum err
service_rating_offer(struct ctx *ctx, struct tx *tx, struct server *s, const struct case_file *cf)
{
    bool tentative, over = cf->status == CASE_CONCLUDED || cf->status == CASE_CLOSED || cf->status == CASE_REFUSED;
    if (!over || cf->rating)
        return OK;
    struct rating_offer o = {.case_id = cf->id,
                             .matter = cf->matter->id,
                             .point = cf->point,
                             .staff_id = cf->handler_id,
                             .closed_ms = ctx->now_ms};
    o.remind = calendar_add(catalog_calendar(s->catalog), day_of_ms(ctx->now_ms), RATING_REMIND_DAYS, &tentative);
    return rating_offer_make(ctx, tx, cf->region, &o);
}

static enum err
check_given(struct ctx *ctx, int level, struct str text)
{
    if (level < 1 || level > RATING_LEVELS) //= R49
        fail_field(ctx, STR("level"), STR("满意度"), STR("没有选择"), STR("请在五个等级中选一个"));
    if (str_utf8_count(text) > RATING_TEXT_MAX)
        fail_field(ctx, STR("text"), STR("评价内容"), str_fmt(ctx->arena, "超过 %d 个字", RATING_TEXT_MAX),
                   STR("请写短一些"));
    if (ctx->fail->field_count)
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    return OK;
}

struct acceptance {
    struct server *s;
    const struct case_file *cf;
    const struct rating_given *g;
    struct data_key key;
};

static enum err
acceptance_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct acceptance *x = arg;
    return service_rating_rows(ctx, tx, x->s, x->cf, x->g, &x->key);
}

/* The acceptance may be rated from then on; it is no event of the case. */
static enum err
rate_acceptance(struct ctx *ctx, struct server *s, const struct case_file *cf, const struct rating_given *g)
{
    struct acceptance x = {.s = s, .cf = cf, .g = g};
    if (!cf->accepted_ms)
        FAIL(ctx, ERR_CASE_EDGE, "还没有受理，不能评价受理环节");
    TRY(ctx, case_key(ctx, s, cf, &x.key));
    return store_write(ctx, s->store, acceptance_body, &x);
}

enum err
service_rate(struct ctx *ctx, struct server *s, const struct case_file *cf, const struct rating_given *in)
{
    struct rating_given g = *in;
    g.text = clean(in->text);
    g.tags = clean(in->tags);
    TRY(ctx, check_given(ctx, g.level, g.text));
    if (str_eqz(step_of(&g), RATING_STEP_ACCEPT))
        return rate_acceptance(ctx, s, cf, &g);
    if (!str_eqz(step_of(&g), RATING_STEP_CASE)) {
        fail_field(ctx, STR("step"), STR("评价的环节"), STR("不认识"),
                   STR("写 case（整个办件）或 accept（受理），也可以省略"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    if (cf->rating)
        FAIL(ctx, ERR_RATED, "%s", "");
    struct commit *c = ARENA_NEW(ctx->arena, struct commit);
    c->rating = &g;
    struct case_command cmd = {.action = CASE_RATE,
                               .actor = the_public,
                               .now_ms = ctx->now_ms,
                               .rating = g.level,
                               .channel = str_c(rating_channel_name(g.channel))};
    return commit_command(ctx, s, cf, &cmd, c);
}

enum err
service_rating_case(struct ctx *ctx, struct server *s, struct str region, struct str no, struct case_file *ret_cf)
{
    struct str number, of;
    if (!service_case_no_parse(no.p ? no : STR(""), ctx->arena, &number, &of)) {
        fail_field(ctx, STR("no"), STR("办件编号"), STR("编号不对"), STR("请对照回执上的 19 位编号核对"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    struct sql_case_by_no_in in = {.region = of, .no = number};
    struct sql_case_by_no_row row;
    bool found = false;
    if (str_eq(of, region))
        TRY(ctx, sql_case_by_no(ctx, tx, &in, &row, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有这个办件，请对照回执核对编号");
    return case_load(ctx, tx, &s->vault, s->catalog, of, row.id, ret_cf);
}

/* --- of a visit --- */

static struct str
form_mac(struct ctx *ctx, const struct server *s, struct str region, struct str point, struct str peer, struct str ms)
{
    struct str what = str_fmt(ctx->arena, "%.*s/%.*s/%.*s", STR_ARG(ms), STR_ARG(point), STR_ARG(peer));
    struct str d = vault_digest(ctx->arena, &s->vault, "rating-form", region, what);
    return crypto_hex(ctx->arena, d.p, 16);
}

struct str
service_rating_form(struct ctx *ctx, const struct server *s, struct str region, struct str point, struct str peer)
{
    unsigned char salt[4];
    crypto_random(salt, sizeof salt);
    struct str ms =
        str_fmt(ctx->arena, "%lld-%.*s", (long long)ctx->now_ms, STR_ARG(crypto_hex(ctx->arena, salt, sizeof salt)));
    return str_fmt(ctx->arena, "%.*s.%.*s", STR_ARG(ms), STR_ARG(form_mac(ctx, s, region, point, peer, ms)));
}

/* Was this form ours, opened here from there, and long enough ago for a person to have read it? */
static enum err
check_form(struct ctx *ctx, const struct server *s, const struct rating_visit *in)
{
    struct str rest = in->form, head, mac, ms;
    int64_t opened = 0;
    bool ours = !str_empty(in->form) && in->form.n < 100 && str_split(&rest, '.', &head) &&
                str_split(&rest, '.', &mac) && !rest.p;
    if (ours) {
        struct str right = form_mac(ctx, s, in->region->code, in->point->id, in->peer, head);
        ours = mac.n == right.n && crypto_equal(mac.p, right.p, mac.n);
        rest = head;
        ours = ours && str_split(&rest, '-', &ms) && str_int(ms, &opened);
    }
    if (!ours || ctx->now_ms - opened > RATING_FORM_MS || opened > ctx->now_ms) {
        fail_field(ctx, STR("form"), STR("评价页面"), STR("已经失效"), STR("请重新扫码或刷新页面再提交"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    if (ctx->now_ms - opened < RATING_HUMAN_MS) {
        fail_field(ctx, STR("form"), STR("评价页面"), STR("提交得太快"), STR("请稍等两秒再提交一次"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    return OK;
}

static enum err
check_visit(struct ctx *ctx, const struct rating_visit *in, struct str *ret_matter)
{
    const struct matter *m = NULL;
    *ret_matter = STR("");
    if (!str_empty(in->matter)) {
        enum err e = catalog_matter(ctx, in->region, in->matter, &m);
        if (e != OK) {
            fail_clear(ctx);
            fail_field(ctx, STR("matter"), STR("办的事项"), STR("没有这个事项"), STR("请从列表中选，或留空"));
        } else
            *ret_matter = m->id;
    }
    if (!str_empty(in->window) && directory_window(in->point, in->window) == SIZE_MAX)
        fail_field(ctx, STR("window"), STR("窗口"), STR("没有这个窗口"), STR("请从列表中选，或留空"));
    if (str_utf8_count(in->contact) > RATING_CONTACT_MAX)
        fail_field(ctx, STR("contact"), STR("联系电话"), STR("太长"), STR("写一个电话就够了"));
    return check_given(ctx, in->level, in->text);
}

/* The agency whose place it is: the one of the same name, else the bureau. */
static struct str
agency_of_point(const struct region *r, const struct service_point *p)
{
    for (size_t i = 0; i < r->agency_count; i++)
        if (str_eq(r->agency[i].name, p->name))
            return r->agency[i].id;
    return STR("");
}

struct visit_write {
    struct server *s;
    const struct rating_visit *in;
    struct data_key key;
    struct rating r;
};

static enum err
visit_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct visit_write *w = arg;
    struct rating r = w->r;
    struct sql_rating_of_step_in in = {.region = r.region, .case_id = 0, .step = r.step};
    struct sql_rating_of_step_row before;
    bool found;
    TRY(ctx, sql_rating_of_step(ctx, tx, &in, &before, &found));
    if (found && before.level != r.level)
        FAIL(ctx, ERR_IDEMPOTENCY, "请刷新页面后重新提交");
    if (found)
        return OK;
    TRY(ctx, rating_visit_take(ctx, tx, &w->s->vault, r.region, r.point, w->in->peer));
    TRY(ctx, vault_key_store(ctx, tx, &w->s->vault, r.region, &w->key));
    return store(ctx, tx, w->s, &w->key, &r);
}

enum err
service_rating_visit(struct ctx *ctx, struct server *s, const struct rating_visit *given)
{
    struct rating_visit in = *given;
    struct str matter;
    in.text = clean(in.text);
    in.contact = clean(in.contact);
    in.tags = clean(in.tags);
    TRY(ctx, check_visit(ctx, &in, &matter));
    TRY(ctx, check_form(ctx, s, &in));
    struct str once = vault_digest(ctx->arena, &s->vault, "rating-visit-form", in.region->code, in.form);
    struct visit_write w = {.s = s, .in = &in, .key = vault_key_make(id_next(&s->ids, ctx->now_ms))};
    w.r = (struct rating){.region = in.region->code,
                          .step = str_fmt(ctx->arena, "visit-%.*s", STR_ARG(crypto_hex(ctx->arena, once.p, 16))),
                          .source = RATING_OF_VISIT,
                          .channel = in.channel,
                          .level = in.level,
                          .matter = matter,
                          .agency = agency_of_point(in.region, in.point),
                          .point = in.point->id,
                          .window = in.window,
                          .handlers = STR(" "),
                          .tags = in.tags,
                          .text = in.text,
                          .contact = in.contact};
    return store_write(ctx, s->store, visit_body, &w);
}
