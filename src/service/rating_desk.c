/* What the desk sees and does about bad ratings. Whoever worked on the case sees level, month and tags; a supervisor and the person who rings
** back see the text and the masked name; name and phone only for a reason, with a trace. */
#include "service/guide.h"
#include "service/rating_int.h"
#include "service/service_int.h"
#include "sql_gen.h"

enum { REASON_MAX = 200, PEOPLE_MAX = 200, OWN_MAX = 50 };

static struct str
clean(struct str s)
{
    return str_trim(s.p ? s : STR(""));
}

/* People of the bureau see all of the region, those of another agency what it handled. */
static bool
in_scope(const struct region *r, const struct actor *a, struct str handling)
{
    return rating_owner(r, STR(""), a->agency) || rating_owner(r, handling, a->agency);
}

enum err
rating_check_scope(struct ctx *ctx, const struct server *s, const struct actor *a, const struct rating *r)
{
    if (!in_scope(catalog_region(s->catalog, a->region), a, r->agency) && !rating_handled_by(r, a->id))
        FAIL(ctx, ERR_FORBIDDEN, "这是其他机构的差评");
    return OK;
}

/* --- what is shown of one --- */

struct shown {
    struct ctx *ctx;
    struct server *s;
    struct tx *tx;
    const struct actor *a;
    const struct region *region;
    struct staff_names names;
};

static enum err
show_begin(struct ctx *ctx, struct server *s, struct tx *tx, const struct actor *a, struct shown *ret)
{
    *ret = (struct shown){.ctx = ctx, .s = s, .tx = tx, .a = a, .region = catalog_region(s->catalog, a->region)};
    return staff_names_load(ctx, tx, a->region, &ret->names);
}

static struct str
agency_name(const struct region *r, struct str id)
{
    for (size_t i = 0; r && i < r->agency_count; i++)
        if (str_eq(r->agency[i].id, id))
            return r->agency[i].name;
    return r ? r->agency_name : STR("");
}

static struct str
point_name(const struct region *r, struct str id)
{
    for (size_t i = 0; r && i < r->point_count; i++)
        if (str_eq(r->point[i].id, id))
            return r->point[i].name;
    return STR("");
}

static void
put_tags(struct view *v, struct str tags)
{
    struct view *list = view_put_list(v, "tags");
    struct str rest = tags, tag;
    while (!str_empty(tags) && str_split(&rest, '\n', &tag))
        view_add_text(list, tag);
}

/* What anybody of the desk may know. */
static void
put_bare(struct shown *x, const struct rating *r, struct view *v)
{
    view_put_id(v, "id", r->id);
    view_put_int(v, "level", r->level);
    view_put_z(v, "level_name", rating_level_name(r->level));
    view_put_text(v, "month", str_fmt(x->ctx->arena, "%04d-%02d", (int)(r->month / 100), (int)(r->month % 100)));
    view_put_bool(v, "excluded", r->excluded);
    put_tags(v, r->tags);
}

//= R44
static enum err
put_whole(struct shown *x, const struct rating *r, struct view *v)
{
    struct sql_case_row_in in = {.region = r->region, .id = r->case_id};
    struct sql_case_row_row row;
    const struct matter *m = matter_by_id(x->region, r->matter);
    bool found = false;
    if (r->case_id)
        TRY(x->ctx, sql_case_row(x->ctx, x->tx, &in, &row, &found));
    view_put_text(v, "at", day_time_text(x->ctx->arena, r->created_ms));
    view_put_z(v, "channel", rating_channel_name(r->channel));
    view_put_text(v, "matter_name", m ? m->name : r->matter);
    view_put_text(v, "agency", agency_name(x->region, r->agency));
    guide_put(v, "point", point_name(x->region, r->point));
    guide_put(v, "window", r->window);
    guide_put(v, "case_no", found ? row.no : STR(""));
    view_put_bool(v, "acceptance", str_eqz(r->step, RATING_STEP_ACCEPT));
    view_put_bool(v, "visit", r->case_id == 0);
    view_put_secret(v, "rater", found ? row.masked : STR(""));
    view_put_bool(v, "has_contact", found || !str_empty(r->contact));
    guide_put(v, "text", r->text);
    guide_put(v, "clerk", staff_names_get(&x->names, r->staff_id));
    return OK;
}

static void
put_answer(struct view *v, const char *key, int said)
{
    if (said < 0)
        view_put_null(v, key);
    else
        view_put_z(v, key, said ? "是" : "否");
}

static void
put_call_back(struct shown *x, const struct call_back *cb, bool full, struct view *v)
{
    struct view *c = view_put_map(v, "call_back");
    struct day today = day_of_ms(x->ctx->now_ms);
    const struct calendar *cal = catalog_calendar(x->s->catalog);
    bool tentative, open = cb->state != CALL_BACK_CLOSED, late = open && today.n > cb->next.n;
    view_put_z(c, "state", call_back_state_id(cb->state));
    view_put_z(c, "state_name", call_back_state_name(cb->state));
    view_put_bool(c, "open", open);
    view_put_bool(c, "waiting", cb->state == CALL_BACK_OPEN);
    view_put_bool(c, "rectifying", cb->state == CALL_BACK_RECTIFYING);
    view_put_bool(c, "checked", cb->state == CALL_BACK_CHECKED);
    view_put_z(c, "ended", call_back_end_name(cb->ended));
    view_put_day(c, "due", cb->due);
    view_put_day(c, "next", cb->next);
    view_put_day(c, "rectify", cb->rectify);
    view_put_bool(c, "late", late);
    view_put_int(c, "late_days", late ? calendar_between(cal, cb->next, today, &tentative) : 0);
    guide_put(c, "assignee", staff_names_get(&x->names, cb->assignee_id));
    view_put_bool(c, "unassigned", cb->assignee_id == 0);
    view_put_bool(c, "mine", cb->assignee_id == x->a->id);
    if (!full)
        return;
    put_answer(c, "clear", cb->clear);
    put_answer(c, "truthful", cb->truthful);
    put_answer(c, "reasonable", cb->reasonable);
    guide_put(c, "note", cb->note);
    guide_put(c, "rectification", cb->rectification);
    guide_put(c, "reply", cb->reply);
    guide_put(c, "called_at", cb->called_ms ? day_time_text(x->ctx->arena, cb->called_ms) : STR(""));
    guide_put(c, "called_by", staff_names_get(&x->names, cb->called_by));
    guide_put(c, "closed_at", cb->closed_ms ? day_time_text(x->ctx->arena, cb->closed_ms) : STR(""));
}

/* Where the two periods come from (R41). */
static void
put_terms(const struct region *r, struct view *v)
{
    view_put_int(v, "call_back_days", r ? r->rating.call_back_days : 1);
    view_put_bool(v, "call_back_printed", r && r->rating.call_back_printed);
    view_put_int(v, "rectify_days", r ? r->rating.rectify_days : 5);
    view_put_bool(v, "rectify_printed", r && r->rating.rectify_printed);
    guide_put(v, "call_back_text", r ? r->rating.call_back_text : STR(""));
}

/* --- lists --- */

static enum err
parse_after(struct ctx *ctx, const struct rating_filter *f, struct call_back_row *ret_after)
{
    struct str rest = f->after.p ? f->after : STR(""), at, id;
    *ret_after = call_back_cursor(f->which);
    if (str_empty(rest))
        return OK;
    if (!str_split(&rest, '_', &at) || !str_split(&rest, '_', &id) || rest.p || !str_int(at, &ret_after->at) ||
        !str_int(id, &ret_after->rating_id)) {
        fail_field(ctx, STR("after"), STR("页码"), STR("不认识"), STR("请从第一页看起"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    return OK;
}

static enum err
put_row(struct shown *x, int64_t id, struct view *list)
{
    struct rating r;
    struct call_back cb;
    TRY(x->ctx, rating_get(x->ctx, x->tx, &x->s->vault, x->a->region, id, &r));
    TRY(x->ctx, call_back_get(x->ctx, x->tx, &x->s->vault, x->a->region, id, &cb));
    bool hidden = rating_handled_by(&r, x->a->id);
    if (!hidden && !in_scope(x->region, x->a, r.agency))
        return OK;
    struct view *row = view_add_map(list);
    put_bare(x, &r, row);
    view_put_bool(row, "hidden", hidden);
    if (!hidden)
        TRY(x->ctx, put_whole(x, &r, row));
    put_call_back(x, &cb, false, row);
    return OK;
}

enum err
service_ratings(struct ctx *ctx, struct server *s, const struct actor *a, const struct rating_filter *f,
                struct view *ret_map)
{
    bool supervisor = actor_has(a, ROLE_SUPERVISOR);
    struct call_back_row after, *row;
    size_t n;
    struct shown x;
    if (!supervisor && f->which != CALL_BACKS_MINE)
        FAIL(ctx, ERR_FORBIDDEN, "全部差评由督办人员查看；您可以看指派给您的");
    TRY(ctx, parse_after(ctx, f, &after));
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, show_begin(ctx, s, tx, a, &x));
    TRY(ctx, call_back_rows(ctx, tx, a->region, f->which, a->id, after, RATING_LIST_MAX, &row, &n));
    struct view *list = view_put_list(ret_map, "ratings");
    for (size_t i = 0; i < n; i++)
        TRY(ctx, put_row(&x, row[i].rating_id, list));
    view_put_int(ret_map, "count", (int64_t)view_count(list));
    guide_put(ret_map, "next",
              n == RATING_LIST_MAX
                  ? str_fmt(ctx->arena, "%lld_%lld", (long long)row[n - 1].at, (long long)row[n - 1].rating_id)
                  : STR(""));
    put_terms(x.region, view_put_map(ret_map, "terms"));
    view_put_bool(ret_map, "supervisor", supervisor);
    if (!supervisor)
        return OK;
    struct call_back_counts c;
    TRY(ctx, call_back_count(ctx, tx, a->region, day_of_ms(ctx->now_ms), &c));
    struct view *counts = view_put_map(ret_map, "counts");
    view_put_int(counts, "open", c.open);
    view_put_int(counts, "overdue", c.overdue);
    view_put_int(counts, "unassigned", c.unassigned);
    return OK;
}

enum err
service_rating_own(struct ctx *ctx, struct server *s, const struct actor *a, struct view *ret_map)
{
    struct rating_span at;
    struct rating_stats st;
    struct rating *r;
    size_t n;
    struct shown x;
    TRY(ctx, service_rating_span(ctx, STR(""), STR(""), &at));
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, show_begin(ctx, s, tx, a, &x));
    TRY(ctx, rating_statistics_of(ctx, tx, a->region, a->id, at.from, at.to, &st));
    TRY(ctx, rating_of_clerk(ctx, tx, a->region, a->id, INT64_MAX, OWN_MAX, &r, &n));
    struct view *own = view_put_map(ret_map, "own"), *levels = view_put_list(own, "levels");
    view_put_int(own, "all", st.total.all);
    for (int i = 1; i <= RATING_LEVELS; i++) {
        struct view *row = view_add_map(levels);
        view_put_z(row, "name", rating_level_name(i));
        view_put_int(row, "n", st.total.level[i]);
    }
    struct view *list = view_put_list(own, "bad");
    for (size_t i = 0; i < n; i++)
        put_bare(&x, &r[i], view_add_map(list));
    view_put_bool(own, "some_bad", n > 0);
    return OK;
}

/* --- one --- */

static enum err
put_files(struct shown *x, int64_t appeal_id, bool shown, struct view *row)
{
    struct upload *u;
    size_t n = 0;
    struct view *list = view_put_list(row, "files");
    if (shown)
        TRY(x->ctx, uploads_read(x->ctx, x->s, x->tx, x->a->region, appeal_id, 0, &u, &n));
    for (size_t i = 0; i < n; i++) {
        struct view *f = view_add_map(list);
        view_put_id(f, "id", u[i].id);
        view_put_text(f, "file", str_empty(u[i].name) ? STR("文件") : u[i].name);
        view_put_int(f, "size", u[i].size);
        view_put_text(f, "mime", u[i].mime);
    }
    view_put_bool(row, "any_files", n > 0);
    return OK;
}

static enum err
put_appeals(struct shown *x, const struct appeal *ap, size_t n, bool hidden, struct view *v)
{
    struct view *list = view_put_list(v, "appeals");
    for (size_t i = 0; i < n; i++) {
        struct view *row = view_add_map(list);
        bool own = ap[i].by_id == x->a->id;
        view_put_id(row, "id", ap[i].id);
        view_put_z(row, "ground", appeal_ground_name(ap[i].ground));
        view_put_z(row, "state", appeal_state_id(ap[i].state));
        view_put_z(row, "state_name", appeal_state_name(ap[i].state));
        view_put_bool(row, "open", ap[i].state == APPEAL_OPEN);
        view_put_text(row, "at", day_time_text(x->ctx->arena, ap[i].created_ms));
        guide_put(row, "by", staff_names_get(&x->names, ap[i].by_id));
        guide_put(row, "evidence", hidden && !own ? STR("") : ap[i].evidence);
        guide_put(row, "file_ref", hidden && !own ? STR("") : ap[i].file_ref);
        guide_put(row, "decision", ap[i].decision);
        guide_put(row, "decided_by", staff_names_get(&x->names, ap[i].decided_by));
        TRY(x->ctx, put_files(x, ap[i].id, !hidden || own, row));
    }
    return OK;
}

/* Whom a supervisor may choose. */
static enum err
put_people(struct shown *x, const struct rating *r, struct view *v)
{
    struct view *list = view_put_list(v, "people");
    for (size_t i = 0; i < x->names.n && view_count(list) < PEOPLE_MAX; i++) {
        const struct staff *p = &x->names.staff[i];
        if (!str_eqz(p->status, "active") || !call_back_may_do(staff_roles(p->roles)) || rating_handled_by(r, p->id) ||
            !rating_owner(x->region, r->agency, p->agency))
            continue;
        struct view *row = view_add_map(list);
        view_put_id(row, "id", p->id);
        view_put_text(row, "name", p->name);
    }
    return OK;
}

static bool
has_open(const struct appeal *ap, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (ap[i].state == APPEAL_OPEN)
            return true;
    return false;
}

static void
put_can(struct shown *x, const struct rating *r, const struct call_back *cb, const struct appeal *ap, size_t n,
        struct view *v)
{
    bool hidden = rating_handled_by(r, x->a->id), supervisor = actor_has(x->a, ROLE_SUPERVISOR);
    bool open = cb->state != CALL_BACK_CLOSED && !hidden, mine = cb->assignee_id == x->a->id;
    bool own = n > 0 && ap[n - 1].by_id == x->a->id, pending = has_open(ap, n);
    bool owner = call_back_may_do(x->a->roles) && rating_owner(x->region, r->agency, x->a->agency);
    struct view *can = view_put_map(v, "can");
    view_put_bool(can, "assign", open && supervisor);
    view_put_bool(can, "call", open && mine && cb->state == CALL_BACK_OPEN);
    view_put_bool(can, "close", open && mine && cb->state != CALL_BACK_OPEN);
    view_put_bool(can, "contact", open && (mine || supervisor));
    view_put_bool(can, "appeal", !r->excluded && !pending && n < APPEALS_MAX && (hidden || owner));
    view_put_bool(can, "decide", pending && supervisor && !hidden && !own);
}

bool
rating_is_hidden(const struct actor *a, const struct rating *r, const struct call_back *cb)
{
    return rating_handled_by(r, a->id) || (!actor_has(a, ROLE_SUPERVISOR) && cb->assignee_id != a->id);
}

enum err
rating_may_see(struct ctx *ctx, struct server *s, const struct actor *a, const struct rating *r,
               const struct call_back *cb)
{
    bool owner =
        call_back_may_do(a->roles) && rating_owner(catalog_region(s->catalog, a->region), r->agency, a->agency);
    TRY(ctx, rating_check_scope(ctx, s, a, r));
    if (!actor_has(a, ROLE_SUPERVISOR) && cb->assignee_id != a->id && !rating_handled_by(r, a->id) && !owner)
        FAIL(ctx, ERR_FORBIDDEN, "这是其他机构的差评");
    return OK;
}

enum err
service_rating(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id, struct view *ret_map)
{
    struct rating r;
    struct call_back cb;
    struct appeal *ap;
    size_t n;
    struct shown x;
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, show_begin(ctx, s, tx, a, &x));
    TRY(ctx, rating_get(ctx, tx, &s->vault, a->region, id, &r));
    TRY(ctx, call_back_get(ctx, tx, &s->vault, a->region, id, &cb));
    TRY(ctx, rating_may_see(ctx, s, a, &r, &cb));
    TRY(ctx, appeals_of(ctx, tx, &s->vault, &r, &ap, &n));
    bool hidden = rating_is_hidden(a, &r, &cb);
    struct view *v = view_put_map(ret_map, "rating");
    put_bare(&x, &r, v);
    view_put_bool(v, "hidden", hidden);
    if (!hidden)
        TRY(ctx, put_whole(&x, &r, v));
    put_call_back(&x, &cb, !hidden, v);
    TRY(ctx, put_appeals(&x, ap, n, hidden, v));
    put_can(&x, &r, &cb, ap, n, v);
    put_terms(x.region, view_put_map(ret_map, "terms"));
    return hidden || !actor_has(a, ROLE_SUPERVISOR) ? OK : put_people(&x, &r, v);
}

/* --- acting --- */

struct act {
    struct server *s;
    const struct actor *a;
    const struct rating_press *in;
};

static enum err
act_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct act *x = arg;
    const struct region *region = catalog_region(x->s->catalog, x->a->region);
    struct rating r;
    struct call_back cb, after;
    struct staff to = {0};
    bool found = false;
    TRY(ctx, rating_get(ctx, tx, &x->s->vault, x->a->region, x->in->id, &r));
    TRY(ctx, call_back_get(ctx, tx, &x->s->vault, x->a->region, x->in->id, &cb));
    TRY(ctx, rating_check_scope(ctx, x->s, x->a, &r));
    struct call_back_command cmd = {.action = x->in->action,
                                    .actor = *x->a,
                                    .now_ms = ctx->now_ms,
                                    .clear = x->in->clear,
                                    .truthful = x->in->truthful,
                                    .reasonable = x->in->reasonable,
                                    .note = x->in->note,
                                    .rectification = x->in->rectification,
                                    .reply = x->in->reply,
                                    .rectify_days = region ? region->rating.rectify_days : 5};
    if (x->in->action == CALL_BACK_ASSIGN && x->in->to_staff > 0)
        TRY(ctx, staff_by_id(ctx, tx, x->a->region, x->in->to_staff, &to, &found));
    if (found) {
        cmd.to_staff = to.id;
        cmd.to_active = str_eqz(to.status, "active");
        cmd.to_roles = staff_roles(to.roles);
        cmd.to_owner = rating_owner(region, r.agency, to.agency);
    }
    TRY(ctx, call_back_decide(ctx, catalog_calendar(x->s->catalog), &r, &cb, &cmd, &after));
    return call_back_write(ctx, tx, &x->s->vault, &after);
}

enum err
service_rating_act(struct ctx *ctx, struct server *s, const struct actor *a, const struct rating_press *in)
{
    struct act x = {.s = s, .a = a, .in = in};
    return store_write(ctx, s->store, act_body, &x);
}

/* --- the rater's phone --- */

struct contact_look {
    struct server *s;
    const struct actor *a;
    int64_t id;
    struct str reason, name, phone;
};

static enum err
contact_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct contact_look *c = arg;
    struct rating r;
    struct call_back cb;
    TRY(ctx, rating_get(ctx, tx, &c->s->vault, c->a->region, c->id, &r));
    TRY(ctx, call_back_get(ctx, tx, &c->s->vault, c->a->region, c->id, &cb));
    TRY(ctx, rating_check_scope(ctx, c->s, c->a, &r));
    if (rating_handled_by(&r, c->a->id))
        FAIL(ctx, ERR_SEPARATION, "经手过这件事的人不能查看评价人");
    if (cb.state == CALL_BACK_CLOSED)
        FAIL(ctx, ERR_CASE_EDGE, "这条差评已经结案，不再提供联系方式");
    if (cb.assignee_id != c->a->id && !actor_has(c->a, ROLE_SUPERVISOR))
        FAIL(ctx, ERR_CASE_ROLE, "由指派回访的人查看");
    c->name = STR("");
    c->phone = r.contact;
    if (r.case_id) {
        struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
        TRY(ctx, case_load(ctx, tx, &c->s->vault, c->s->catalog, r.region, r.case_id, cf));
        c->name = cf->applicant_name;
        c->phone = cf->mobile;
    }
    if (str_empty(c->phone))
        FAIL(ctx, ERR_RECORD_MISSING, "评价人没有留下联系方式");
    struct sql_look_insert_in look = {.region = c->a->region,
                                      .id = id_next(&c->s->ids, ctx->now_ms),
                                      .staff_id = c->a->id,
                                      .kind = STR("rating_contact"),
                                      .subject_kind = STR("rating"),
                                      .subject_id = c->id,
                                      .case_id = r.case_id,
                                      .reason = c->reason,
                                      .at_ms = ctx->now_ms};
    return sql_look_insert(ctx, tx, &look, NULL);
}

enum err
service_rating_contact(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id, struct str reason,
                       struct str *ret_name, struct str *ret_phone)
{
    struct contact_look c = {.s = s, .a = a, .id = id, .reason = clean(reason)};
    if (str_empty(c.reason) || str_utf8_count(c.reason) > REASON_MAX) {
        fail_field(ctx, STR("reason"), STR("查看的理由"), str_empty(c.reason) ? STR("没有填写") : STR("太长"),
                   STR("例如：回访差评"));
        FAIL(ctx, ERR_REASON_REQUIRED, "%s", "");
    }
    TRY(ctx, store_write(ctx, s->store, contact_body, &c));
    *ret_name = c.name;
    *ret_phone = c.phone;
    return OK;
}
