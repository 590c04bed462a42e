/* The bureau's door and its head: signing in, the one-time password, tasks. */
#include "web/desk.h"

#include "service/guide.h"
#include "service/service.h"
#include "web/handlers.h"
#include "web/web_int.h"

/* --- signing in --- */

/* Where a person of these roles works. A keeper's work is the guides themselves. */
struct str
desk_home_of(struct ctx *ctx, const struct actor *a)
{
    if (actor_has(a, ROLE_KIOSK))
        return STR("/kiosk");
    if (a->roles & DESK_CASE_ROLES)
        return STR("/desk");
    if (actor_has(a, ROLE_ADMIN))
        return STR("/desk/staff");
    if (actor_has(a, ROLE_KEEPER))
        return STR("/desk/catalog");
    return str_fmt(ctx->arena, "/r/%.*s", STR_ARG(a->region));
}

/* Only back into the desk: an address given in the query must not lead elsewhere. */
static struct str
safe_next(struct str next)
{
    bool ours = str_eqz(next, "/desk") || str_starts(next, STR("/desk/")) || str_starts(next, STR("/desk?")) ||
                str_eqz(next, "/kiosk");
    return ours && !str_starts(next, STR(WEB_SIGN_IN)) ? next : STR("");
}

enum err
web_sign_in(struct web_call *call)
{
    struct str region = web_param(call, "region");
    const struct catalog *c = call->world;
    struct view *list = view_put_list(call->view, "regions");
    for (size_t i = 0; i < catalog_region_count(c); i++) {
        const struct region *r = catalog_region_at(c, i);
        struct view *row = view_add_map(list);
        view_put_text(row, "code", r->code);
        view_put_text(row, "name", r->name);
        view_put_bool(row, "selected", str_eq(r->code, region));
    }
    guide_put(call->view, "login", web_param(call, "login"));
    guide_put(call->view, "next", safe_next(web_param(call, "next")));
    view_put_bool(call->view, "changed", str_eqz(web_param(call, "changed"), "1"));
    view_put_bool(call->view, "signed_out", str_eqz(web_param(call, "out"), "1"));
    call->title = STR("登录工作台");
    return OK;
}

static void
set_cookie(struct web_call *call, struct str token)
{
    bool tls = http_is_tls(call->req) || str_starts(call->server->public_url, STR("https://"));
    const char *secure = tls ? "; Secure" : "", *life = str_empty(token) ? "; Max-Age=0" : "";
    http_set_cookie(call->res,
                    str_fmt(call->ctx->arena, WEB_SESSION_COOKIE "=%.*s; Path=/; HttpOnly; SameSite=Strict%s%s",
                            STR_ARG(token), life, secure));
}

static void
put_roles(struct view *v, const struct actor *a)
{
    struct view *list = view_put_list(v, "roles");
    for (int r = 0; r < ROLE_COUNT; r++)
        if (actor_has(a, (enum role)r))
            view_add_text(list, str_c(role_id((enum role)r)));
}

static enum err
sign_in(struct web_call *call)
{
    struct str token, csrf;
    struct actor a;
    bool must_change;
    struct str password = web_param(call, "password"), next = safe_next(web_param(call, "next"));
    TRY(call->ctx, service_login(call->ctx, call->server, web_param(call, "region"), str_trim(web_param(call, "login")),
                                 password.p ? password : STR(""), &token, &must_change));
    TRY(call->ctx, service_session_actor(call->ctx, call->server, token, &a, &csrf, &must_change));
    if (!call->api)
        set_cookie(call, token);
    else
        view_put_text(call->view, "token", token);
    view_put_text(call->view, "csrf", csrf);
    view_put_bool(call->view, "must_change", must_change);
    view_put_text(call->view, "name", a.name);
    put_roles(call->view, &a);
    call->redirect = must_change                                      ? STR(WEB_PASSWORD)
                     : !str_empty(next) && !actor_has(&a, ROLE_KIOSK) ? next
                                                                      : desk_home_of(call->ctx, &a);
    return OK;
}

enum err
web_sign_in_do(struct web_call *call)
{
    enum err e = sign_in(call);
    if (e == OK || call->api || (e != ERR_UNAUTHENTICATED && e != ERR_LOCKED && !web_is_refusal(e)))
        return e;
    web_fail_into_view(call);
    return web_sign_in(call);
}

enum err
web_sign_out(struct web_call *call)
{
    struct str auth = http_header(call->req, "Authorization"), bearer = STR("Bearer ");
    struct str token =
        call->bearer ? str_trim(str_sub(auth, bearer.n, auth.n)) : http_cookie(call->req, WEB_SESSION_COOKIE);
    TRY(call->ctx, service_logout(call->ctx, call->server, token));
    if (!call->api)
        set_cookie(call, STR(""));
    call->redirect = STR(WEB_SIGN_IN "?out=1");
    view_put_bool(call->view, "signed_out", true);
    return OK;
}

enum err
web_password(struct web_call *call)
{
    view_put_bool(call->view, "must_change", call->must_change);
    call->title = STR("修改密码");
    return OK;
}

static enum err
change_password(struct web_call *call)
{
    struct str new_password = web_param(call, "new_password"), again = web_param(call, "again"),
               old = web_param(call, "old_password");
    if (!call->api && !str_eq(new_password, again)) {
        fail_field(call->ctx, STR("again"), STR("再输一遍"), STR("两次输入的新密码不一样"), STR("请重新输入"));
        FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
    }
    return service_password_change(call->ctx, call->server, &call->actor, old.p ? old : STR(""),
                                   new_password.p ? new_password : STR(""));
}

enum err
web_password_do(struct web_call *call)
{
    enum err e = change_password(call);
    if (e != OK && (call->api || (e != ERR_LOCKED && !web_is_refusal(e))))
        return e;
    if (e != OK) {
        web_fail_into_view(call);
        return web_password(call);
    }
    if (!call->api)
        set_cookie(call, STR("")); /* a new password ends every session, this one too */
    view_put_bool(call->view, "changed", true);
    call->redirect = str_fmt(call->ctx->arena, WEB_SIGN_IN "?changed=1&region=%.*s", STR_ARG(call->actor.region));
    return OK;
}

/* --- tasks --- */

enum err
web_tasks(struct web_call *call)
{
    TRY(call->ctx, service_tasks(call->ctx, call->server, &call->actor, call->view));
    call->title = STR("电话与回访");
    if (call->api)
        return OK;
    view_put_bool(call->view, "empty", view_count(view_get(call->view, STR("tasks"))) == 0);
    view_put_bool(call->view, "done", str_eqz(http_query(call->req, "done"), "1"));
    desk_put_nav(call, DESK_NAV_TASKS);
    return OK;
}

enum err
web_task_done(struct web_call *call)
{
    int64_t id;
    if (!str_int(http_param(call->req, "id"), &id))
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这件待办");
    enum err e = service_task_done(call->ctx, call->server, &call->actor, id, web_param(call, "note"));
    if (e == OK) {
        view_put_bool(call->view, "done", true);
        call->redirect = STR("/desk/tasks?done=1");
        return OK;
    }
    if (call->api || !web_is_refusal(e))
        return e;
    web_fail_into_view(call);
    guide_put(call->view, "typed_id", http_param(call->req, "id"));
    return web_tasks(call);
}

/* --- what every page of the desk knows --- */

void
desk_put_nav(struct web_call *call, enum desk_nav here)
{
    static const struct {
        const char *name, *href;
        unsigned roles;
    } items[] = {
        [DESK_NAV_QUEUE] = {"待办", "/desk", DESK_CASE_ROLES},
        [DESK_NAV_INTAKE] = {"窗口收件", "/desk/intake", DESK_INTAKE_ROLES},
        [DESK_NAV_INBOX] = {"我的消息", "/desk/inbox", DESK_CASE_ROLES | DESK_MESSAGE_ROLES | 1u << ROLE_KEEPER},
        [DESK_NAV_MESSAGES] = {"消息发送", "/desk/messages", DESK_MESSAGE_ROLES},
        [DESK_NAV_TASKS] = {"电话与回访", "/desk/tasks", DESK_CASE_ROLES},
        [DESK_NAV_CATALOG] = {"办事指南", "/desk/catalog", 1u << ROLE_KEEPER | 1u << ROLE_SUPERVISOR},
        [DESK_NAV_COMMITMENTS] = {"告知承诺", "/desk/commitments", DESK_CASE_ROLES},
        [DESK_NAV_SHARING] = {"数据共享", "/desk/sharing", DESK_CASE_ROLES | 1u << ROLE_KEEPER},
        [DESK_NAV_FAULTS] = {"指南报错", "/desk/faults", 1u << ROLE_KEEPER | 1u << ROLE_SUPERVISOR},
        [DESK_NAV_RATINGS] = {"差评", "/desk/ratings", DESK_CASE_ROLES},
        [DESK_NAV_POSTERS] = {"评价码", "/desk/posters", DESK_POSTER_ROLES},
        [DESK_NAV_STAFF] = {"人员", "/desk/staff", 1u << ROLE_ADMIN},
        [DESK_NAV_SUPERVISION] = {"督办", "/desk/supervision", 1u << ROLE_SUPERVISOR},
        [DESK_NAV_COMPLAINTS] = {"投诉举报", "/desk/complaints", DESK_CASE_ROLES},
        [DESK_NAV_CIRCULARS] = {"通报整改", "/desk/circulars", DESK_CIRCULAR_ROLES},
    };
    const struct region *r = catalog_region(call->world, call->actor.region);
    struct view *nav = view_put_map(call->view, "nav"), *list = view_put_list(nav, "items");
    view_put_text(nav, "region_name", r ? r->name : STR(""));
    view_put_bool(nav, "finds", (call->actor.roles & DESK_CASE_ROLES) != 0);
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        if (!items[i].name || !(items[i].roles & call->actor.roles))
            continue;
        struct view *row = view_add_map(list);
        view_put_z(row, "name", items[i].name);
        view_put_z(row, "href", items[i].href);
        view_put_bool(row, "current", i == here);
    }
}
