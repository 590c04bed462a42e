/* Staff accounts of the region: only who keeps accounts sees them; a one-time password is shown once, here, and nowhere
 * again. */
#include "service/service.h"

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

static enum err
show(struct web_call *call, const struct staff_new *typed)
{
    struct view *v;
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
                           .roles = ticked(call, "roles"),
                           .points = ticked(call, "points")};
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
