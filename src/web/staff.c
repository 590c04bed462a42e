/* Staff accounts of the region: only who keeps accounts sees them; a one-time password is shown once, here, and nowhere
 * again. */
#include "service/service.h"

#include "base/json.h"
#include "service/guide.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/web_int.h"

/* The values of a box that may be ticked several times, blank separated; on the API the text itself. */
static struct str
ticked(struct web_call *call, const char *name)
{
    struct buf b;
    if (call->api) {
        struct str s = web_param(call, name);
        return s.p ? s : STR("");
    }
    buf_init(&b, call->ctx->arena, 64);
    for (size_t i = 0; i < http_field_count(call->req); i++) {
        struct str key, value;
        http_field_at(call->req, i, &key, &value);
        if (str_eqz(key, name))
            buf_fmt(&b, "%s%.*s", b.n ? " " : "", STR_ARG(value));
    }
    return buf_str(&b);
}

static bool
has_word(struct str list, struct str word)
{
    struct str w;
    while (str_split(&list, ' ', &w))
        if (str_eq(w, word))
            return true;
    return false;
}

static void
put_boxes(struct web_call *call, struct str roles, struct str points)
{
    struct view *list = view_put_list(call->view, "role_boxes"), *places = view_put_list(call->view, "point_boxes");
    for (int r = 0; r < ROLE_COUNT; r++) {
        struct view *row = view_add_map(list);
        view_put_z(row, "id", role_id((enum role)r));
        view_put_z(row, "name", role_name((enum role)r));
        view_put_bool(row, "checked", has_word(roles, str_c(role_id((enum role)r))));
    }
    const struct region *region = catalog_region(call->world, call->actor.region);
    for (size_t i = 0; region && i < region->point_count; i++) {
        struct view *row = view_add_map(places);
        view_put_text(row, "id", region->point[i].id);
        view_put_text(row, "name", region->point[i].name);
        view_put_bool(row, "checked", has_word(points, region->point[i].id));
    }
}

static struct str
point_names(struct web_call *call, struct str points)
{
    const struct region *r = catalog_region(call->world, call->actor.region);
    struct buf b;
    buf_init(&b, call->ctx->arena, 64);
    for (size_t i = 0; r && i < r->point_count; i++)
        if (has_word(points, r->point[i].id))
            buf_fmt(&b, "%s%.*s", b.n ? "、" : "", STR_ARG(r->point[i].name));
    return buf_str(&b);
}

/* Ids of roles and points as words people know. */
static void
name_words(struct web_call *call, const struct view *staff)
{
    for (const struct view *p = view_first(staff); p; p = view_next(p)) {
        struct str words = view_text(view_get(p, STR("roles"))), word;
        struct buf b;
        enum role r;
        buf_init(&b, call->ctx->arena, 64);
        while (str_split(&words, ' ', &word))
            if (role_parse(word, &r))
                buf_fmt(&b, "%s%s", b.n ? "、" : "", role_name(r));
        view_put_text((struct view *)(uintptr_t)p, "role_names", buf_str(&b));
        view_put_text((struct view *)(uintptr_t)p, "point_names",
                      point_names(call, view_text(view_get(p, STR("points")))));
        view_put_bool((struct view *)(uintptr_t)p, "active", str_eqz(view_text(view_get(p, STR("status"))), "active"));
    }
}

static void
add_section(struct view *list, struct str name, struct str chosen)
{
    bool told = !name.p || str_empty(name);
    for (const struct view *o = view_first(list); o && !told; o = view_next(o))
        told = str_eq(view_text(view_get(o, STR("name"))), name);
    if (told)
        return;
    struct view *row = view_add_map(list);
    view_put_text(row, "name", name);
    view_put_bool(row, "selected", chosen.p && str_eq(name, chosen));
}

/* Sections that the guide names, each once. */
static void
put_sections(struct web_call *call, struct str chosen)
{
    const struct region *r = catalog_region(call->world, call->actor.region);
    struct view *list = view_put_list(call->view, "sections");
    for (size_t i = 0; r && i < r->agency_count; i++)
        for (size_t k = 0; k < r->agency[i].section_count; k++)
            add_section(list, r->agency[i].section[k], chosen);
    for (size_t i = 0; r && i < r->matter_count; i++)
        for (size_t k = 0; k < r->matter[i].stage_count; k++)
            add_section(list, r->matter[i].stage[k].unit, chosen);
    view_put_bool(call->view, "has_sections", view_count(list) > 0);
}

/* Which matters the people on duty can do: those that they cannot, first of all. */
static enum err
put_roster(struct web_call *call)
{
    struct view *v;
    TRY(call->ctx, service_roster(call->ctx, call->server, call->actor.region, &v));
    view_put(call->view, "roster", view_copy(call->ctx->arena, view_get(v, STR("roster"))));
    view_put_int(call->view, "impossible", view_int(view_get(v, STR("impossible"))));
    view_put_bool(call->view, "all_possible", view_int(view_get(v, STR("impossible"))) == 0);
    return OK;
}

static enum err
show(struct web_call *call, const struct staff_new *typed)
{
    struct view *v;
    TRY(call->ctx, put_roster(call));
    TRY(call->ctx, service_staff_list(call->ctx, call->server, call->actor.region, &v));
    struct view *list = view_copy(call->ctx->arena, view_get(v, STR("staff")));
    name_words(call, list);
    view_put(call->view, "staff", list);
    call->title = STR("人员");
    if (call->api)
        return OK;
    struct view *t = view_put_map(call->view, "typed");
    guide_put(t, "login", typed ? typed->login : STR(""));
    guide_put(t, "name", typed ? typed->name : STR(""));
    put_sections(call, typed ? typed->section : STR(""));
    put_boxes(call, typed ? typed->roles : STR(""), typed ? typed->points : STR(""));
    desk_put_nav(call, DESK_NAV_STAFF);
    return OK;
}

enum err
web_staff(struct web_call *call)
{
    return show(call, NULL);
}

enum err
web_staff_add(struct web_call *call)
{
    struct str password;
    struct staff_new in = {.region = call->actor.region,
                           .login = str_trim(web_param(call, "login")),
                           .name = str_trim(web_param(call, "name")),
                           .section = str_trim(web_param(call, "section")),
                           .roles = ticked(call, "roles"),
                           .points = ticked(call, "points"),
                           .by = call->actor.id};
    enum err e = service_staff_add(call->ctx, call->server, &in, &password);
    if (e != OK && (call->api || !web_is_refusal(e)))
        return e;
    if (e != OK) {
        web_fail_into_view(call);
        return show(call, &in);
    }
    struct view *made = view_put_map(call->view, "made");
    view_put_text(made, "login", in.login);
    view_put_text(made, "name", in.name);
    view_put_text(made, "password", password);
    return call->api ? OK : show(call, NULL);
}

/* --- one person --- */

static enum err
person_id(struct web_call *call, int64_t *ret_id)
{
    if (!str_int(http_param(call->req, "id"), ret_id) || *ret_id <= 0)
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这个人员");
    return OK;
}

/* Ids in what was recorded, as words. */
static struct str
record_words(struct web_call *call, struct str what, struct str value)
{
    struct buf b;
    struct str word;
    enum role r;
    if (str_eqz(what, "status"))
        return str_eqz(value, "active") ? STR("在岗") : STR("停用");
    if (str_eqz(what, "points"))
        return point_names(call, value);
    if (!str_eqz(what, "roles") && !str_eqz(what, "added"))
        return value;
    buf_init(&b, call->ctx->arena, 64);
    while (str_split(&value, ' ', &word))
        if (role_parse(word, &r))
            buf_fmt(&b, "%s%s", b.n ? "、" : "", role_name(r));
    return buf_str(&b);
}

static const char *
record_name(struct str what)
{
    static const char *const name[][2] = {{"added", "新增"},   {"roles", "岗位"},    {"agency", "机构"},
                                          {"section", "股室"}, {"points", "服务点"}, {"status", "状态"}};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++)
        if (str_eqz(what, name[i][0]))
            return name[i][1];
    return "其他";
}

static void
put_events(struct web_call *call, const struct view *events)
{
    struct view *list = view_put_list(call->view, "events");
    for (const struct view *e = view_first(events); e; e = view_next(e)) {
        struct str what = view_text(view_get(e, STR("what")));
        struct view *row = view_add_map(list);
        view_put_text(row, "at", view_text(view_get(e, STR("at"))));
        view_put_text(row, "by", view_text(view_get(e, STR("by"))));
        view_put_z(row, "name", record_name(what));
        view_put_opt(row, "was", record_words(call, what, view_text(view_get(e, STR("was")))));
        view_put_opt(row, str_eqz(what, "added") ? "given" : "became",
                     record_words(call, what, view_text(view_get(e, STR("became")))));
    }
}

/* Windows that a person is posted to are no boxes: the form carries them along. */
static void
put_windows(struct web_call *call, struct str points)
{
    struct view *list = view_put_list(call->view, "windows");
    struct str word;
    while (str_split(&points, ' ', &word))
        if (str_starts(word, STR("window:")))
            view_put_text(view_add_map(list), "word", word);
}

static void
put_agencies(struct web_call *call, struct str chosen)
{
    const struct region *r = catalog_region(call->world, call->actor.region);
    struct view *list = view_put_list(call->view, "agencies");
    for (size_t i = 0; r && i < r->agency_count; i++) {
        struct view *row = view_add_map(list);
        view_put_text(row, "id", r->agency[i].id);
        view_put_text(row, "name", r->agency[i].name);
        view_put_bool(row, "selected", str_eq(r->agency[i].id, chosen));
    }
}

/* TYPED: what was sent and refused; it stays in the boxes. */
static enum err
show_one(struct web_call *call, int64_t id, const struct staff_change *typed)
{
    struct view *v;
    TRY(call->ctx, service_staff_one(call->ctx, call->server, call->actor.region, id, &v));
    const struct view *p = view_get(v, STR("person"));
    view_put(call->view, "person", view_copy(call->ctx->arena, p));
    call->title = str_concat(call->ctx->arena, STR("人员 · "), view_text(view_get(p, STR("name"))));
    if (call->api)
        return OK;
    struct str status = typed && typed->status.p ? typed->status : view_text(view_get(p, STR("status")));
    put_events(call, view_get(p, STR("events")));
    put_sections(call, typed ? typed->section : view_text(view_get(p, STR("section"))));
    put_agencies(call, typed ? typed->agency : view_text(view_get(p, STR("agency"))));
    put_boxes(call, typed ? typed->roles : view_text(view_get(p, STR("roles"))),
              typed ? typed->points : view_text(view_get(p, STR("points"))));
    put_windows(call, typed ? typed->points : view_text(view_get(p, STR("points"))));
    view_put_bool(call->view, "disabled", str_eqz(status, "disabled"));
    view_put_bool(call->view, "saved", !typed && web_param(call, "saved").p);
    desk_put_nav(call, DESK_NAV_STAFF);
    return OK;
}

enum err
web_staff_one(struct web_call *call)
{
    int64_t id;
    TRY(call->ctx, person_id(call, &id));
    return show_one(call, id, NULL);
}

/* The version that the account was shown with: a change meant for another one is refused. */
static enum err
shown_version(struct web_call *call, int64_t *ret_version)
{
    const struct view *body;
    bool present = false, right;
    if (call->api) {
        TRY(call->ctx, web_json(call, &body));
        right = json_int(body, "version", ret_version, &present);
    } else {
        right = str_int(web_param(call, "version"), ret_version);
    }
    if (!right && (present || !call->api))
        FAIL(call->ctx, ERR_SYNTAX, "version 应是整数");
    return OK;
}

enum err
web_staff_change(struct web_call *call)
{
    int64_t id, version = 0;
    bool page = !call->api;
    TRY(call->ctx, person_id(call, &id));
    TRY(call->ctx, shown_version(call, &version));
    struct staff_change in = {.id = id,
                              .version = version,
                              .agency = web_param(call, "agency"),
                              .section = web_param(call, "section"),
                              .status = web_param(call, "status")};
    if (page || web_param(call, "roles").p)
        in.roles = ticked(call, "roles");
    if (page || web_param(call, "points").p)
        in.points = ticked(call, "points");
    enum err e = service_staff_change(call->ctx, call->server, &call->actor, &in);
    if (e == OK) {
        call->redirect = str_fmt(call->ctx->arena, "/desk/staff/%lld?saved=1", (long long)id);
        return show_one(call, id, NULL);
    }
    if (call->api || !web_is_refusal(e))
        return e;
    web_fail_into_view(call);
    return show_one(call, id, &in);
}
