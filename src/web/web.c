/* The way of a request: door → row → gate → handler → page or JSON. */
#include "web/web.h"

#include <string.h>

#include "base/crypto.h"
#include "base/json.h"
#include "service/fault_report.h"
#include "web/handlers.h"
#include "web/web_int.h"

enum { CACHE_BYTES = 8 << 20 };

/* --- for handlers --- */

struct str
web_param(struct web_call *call, const char *name)
{
    struct str s = http_field(call->req, name);
    if (!s.p)
        s = http_query(call->req, name);
    const struct view *json;
    if (!s.p && call->api && web_json(call, &json) == OK && !json_text(json, name, &s))
        s = STR_NONE;
    return s;
}

struct str
web_typed(struct web_call *call, const char *name)
{
    struct str s = web_param(call, name);
    return str_trim(s.p ? s : STR(""));
}

enum err
web_json(struct web_call *call, const struct view **ret_v)
{
    if (!call->json) {
        struct view *v = view_map(call->ctx->arena);
        if (call->api && http_is_json(call->req) && http_body(call->req).n)
            TRY(call->ctx, view_from_json(call->ctx, http_body(call->req), &v));
        if (view_kind(v) != VIEW_MAP)
            FAIL(call->ctx, ERR_SYNTAX, "JSON 的最外层应是对象");
        call->json = v;
    }
    *ret_v = call->json;
    return OK;
}

void
web_download(struct web_call *call, const char *mime, struct str filename, struct str body, bool inline_view)
{
    struct buf b;
    buf_init(&b, call->ctx->arena, filename.n * 3 + 64);
    buf_fmt(&b, "%s; filename*=UTF-8''", inline_view ? "inline" : "attachment");
    for (size_t i = 0; i < filename.n; i++) {
        unsigned char c = (unsigned char)filename.p[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                     c == '.' || c == '_';
        buf_fmt(&b, plain ? "%c" : "%%%02X", c);
    }
    http_set(call->res, "Content-Disposition", buf_str(&b));
    http_body_text(call->res, mime, body);
    call->answered = true;
}

struct str
web_path(struct web_call *call, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct str s = str_vfmt(call->ctx->arena, fmt, ap);
    va_end(ap);
    return str_concat(call->ctx->arena, call->base, s);
}

enum err
web_matter(struct web_call *call, const struct matter **ret_m)
{
    if (!call->region)
        FAIL(call->ctx, ERR_NOT_FOUND, "%s", "");
    return catalog_matter(call->ctx, call->region, http_param(call->req, "id"), ret_m);
}

/* --- gate --- */

static enum err
gate_staff(struct web_call *call)
{
    const struct web_route *r = call->route;
    TRY(call->ctx, web_session(call));
    if (r->method != HTTP_GET)
        TRY(call->ctx, web_csrf(call));
    bool leaving = str_eqz(str_c(r->stem), "password") || str_eqz(str_c(r->stem), "sign_out");
    if (call->must_change && call->api && !leaving) /* pages are led to the form instead */
        FAIL(call->ctx, ERR_FORBIDDEN, "请先修改一次性密码：POST " WEB_API "/password");
    if (r->access == WEB_KIOSK && !actor_has(&call->actor, ROLE_KIOSK))
        FAIL(call->ctx, ERR_FORBIDDEN, "这里只供自助终端使用");
    if (r->roles && !(call->actor.roles & r->roles))
        FAIL(call->ctx, ERR_FORBIDDEN, "您的岗位没有这项权限");
    if (call->region && !str_eq(call->region->code, call->actor.region))
        FAIL(call->ctx, ERR_FORBIDDEN, "这是其他统筹区的内容");
    return OK;
}

static enum err
gate(struct web_call *call)
{
    struct str code = http_param(call->req, "region");
    if (code.p) {
        call->region = catalog_region(call->world, code);
        if (!call->region)
            FAIL(call->ctx, ERR_NOT_FOUND, "没有这个统筹区，请从首页选择");
        if (call->region->unpublished && call->route->access != WEB_STAFF)
            FAIL(call->ctx, ERR_NOT_FOUND, "%.*s的办事指南还没有公布", STR_ARG(call->region->name));
    }
    switch (call->route->access) {
    case WEB_PUBLIC:
        return OK;
    case WEB_DOOR:
        return call->route->method == HTTP_GET ? OK : web_budget_take(call, BUDGET_SIGN_IN);
    case WEB_DEMO:
        if (!call->server->demo)
            FAIL(call->ctx, ERR_NOT_FOUND, "%s", "");
        return OK;
    case WEB_STAFF:
    case WEB_KIOSK:
    default:
        return gate_staff(call);
    }
}

/* --- answers --- */

static struct web_epoch
epoch_of(const struct web_call *call)
{
    return (struct web_epoch){
        .catalog = call->world, .day = day_of_ms(call->ctx->now_ms).n, .corrections = call->corrections};
}

static bool
cacheable(const struct web_call *call)
{
    return call->route->cached && http_query_count(call->req) == 0;
}

static void
answer_body(struct web_call *call, const char *type, struct str body)
{
    if (cacheable(call) && call->status == 200) {
        web_cache_keep(call->web->cache, http_path(call->req), epoch_of(call), type, body, call->res);
        return;
    }
    http_status(call->res, call->status);
    http_body_text(call->res, type, body);
}

static void
answer_json(struct web_call *call)
{
    struct buf b;
    buf_init(&b, call->ctx->arena, 16384);
    view_json(call->view, &b);
    answer_body(call, "application/json; charset=utf-8", buf_str(&b));
}

static void
answer_redirect(struct web_call *call)
{
    struct str to = call->redirect;
    if (str_starts(to, STR("/")) && !str_starts(to, STR(WEB_ELDER "/")) && !str_eqz(to, WEB_ELDER) &&
        !str_starts(to, STR("/desk")))
        to = str_concat(call->ctx->arena, call->base, to);
    http_redirect(call->res, to);
}

/* A staff page without a session: to the sign-in page and back again. */
static bool
answer_sign_in(struct web_call *call, enum err e)
{
    bool staff = call->route->access == WEB_STAFF || call->route->access == WEB_KIOSK;
    if (call->api || !staff || e != ERR_UNAUTHENTICATED)
        return false;
    struct str next = call->route->method == HTTP_GET ? http_path(call->req) : STR("/desk");
    http_redirect(call->res, str_fmt(call->ctx->arena, WEB_SIGN_IN "?next=%.*s", STR_ARG(next)));
    return true;
}

static bool
answer_password(struct web_call *call)
{
    if (!call->must_change || call->api || str_eqz(str_c(call->route->stem), "password") ||
        str_eqz(str_c(call->route->stem), "sign_out"))
        return false;
    http_redirect(call->res, STR(WEB_PASSWORD));
    return true;
}

static void
answer(struct web_call *call)
{
    if (call->answered)
        return;
    if (call->body_type)
        answer_body(call, call->body_type, call->body);
    else if (call->api)
        answer_json(call);
    else if (!str_empty(call->redirect))
        answer_redirect(call);
    else
        answer_body(call, "text/html; charset=utf-8", web_page(call));
}

static void
web_handle(void *app, struct ctx *ctx, const struct http_route *route, struct http_request *req,
           struct http_response *res)
{
    struct web *w = app;
    const struct web_door *door = route->user;
    struct web_call call = {.web = w,
                            .world = w->server->catalog,
                            .corrections = service_corrections_epoch(w->server),
                            .server = w->server,
                            .ctx = ctx,
                            .req = req,
                            .res = res,
                            .route = door->row,
                            .api = door->api,
                            .elder = door->elder,
                            .status = 200,
                            .template = door->row->template};
    call.elder = call.elder || str_starts(http_path(req), STR(WEB_ELDER "/"));
    call.base = call.elder ? STR(WEB_ELDER) : STR("");
    if (cacheable(&call) && web_cache_answer(w->cache, http_path(req), epoch_of(&call), res))
        return;
    call.view = view_map(ctx->arena);
    enum err e = gate(&call);
    if (e == OK && answer_password(&call))
        return;
    if (e == OK)
        e = call.route->handler(&call);
    if (e == OK)
        answer(&call);
    else if (answer_sign_in(&call, e))
        return;
    else if (call.api)
        web_problem(&call, e);
    else
        web_error_page(&call, e);
}

/* --- the site --- */

static void
add_door(struct web *w, const struct web_route *row, const char *prefix, const char *pattern, bool api, bool elder)
{
    struct web_door *d = &w->door[w->door_count];
    *d = (struct web_door){.row = row, .api = api, .elder = elder};
    bool root = str_eqz(str_c(pattern), "/") && prefix[0];
    w->http[w->door_count++] = (struct http_route){.method = row->method,
                                                   .pattern = str_fmt(w->arena, "%s%s", prefix, root ? "" : pattern).p,
                                                   .pool = row->pool,
                                                   .body_max = row->body_max,
                                                   .upload_max = row->upload_max,
                                                   .user = d};
}

static enum err
add_doors(struct ctx *ctx, struct web *w)
{
    size_t n;
    const struct web_route *row = web_routes(w->arena, &n);
    w->http = ARENA_ARRAY(w->arena, 3 * n, struct http_route);
    w->door = ARENA_ARRAY(w->arena, 3 * n, struct web_door);
    for (size_t i = 0; i < n; i++) {
        if (row[i].template && !web_template_find(&w->templates, str_c(row[i].template)))
            FAIL(ctx, ERR_CONFIG, "页面目录里没有模板 %s.html", row[i].template);
        if (row[i].page)
            add_door(w, &row[i], "", row[i].page, false, false);
        if (row[i].page && row[i].template && row[i].access == WEB_PUBLIC)
            add_door(w, &row[i], WEB_ELDER, row[i].page, false, true);
        else if (row[i].page && row[i].method != HTTP_GET && row[i].access == WEB_PUBLIC)
            add_door(w, &row[i], WEB_ELDER, row[i].page, false, true); /* forms that answer with a redirect */
        if (row[i].api)
            add_door(w, &row[i], WEB_API, row[i].api, true, false);
    }
    return OK;
}

static enum err
load_site(struct ctx *ctx, struct web *w, struct str pages_dir)
{
    TRY(ctx, web_templates_load(ctx, w->arena, pages_dir, &w->templates));
    TRY(ctx, web_assets_load(ctx, w->arena, str_fmt(ctx->arena, "%.*s/assets", STR_ARG(pages_dir)), &w->assets));
    return add_doors(ctx, w);
}

enum err
web_new(struct ctx *ctx, struct server *server, struct str pages_dir, struct web **ret_w)
{
    struct arena *arena = arena_new(0);
    struct web *w = ARENA_NEW(arena, struct web);
    w->arena = arena;
    w->server = server;
    pthread_mutex_init(&w->tries.lock, NULL);
    crypto_random(w->tries.salt, sizeof w->tries.salt);
    w->cache = web_cache_new(arena, CACHE_BYTES);
    enum err e = load_site(ctx, w, pages_dir);
    if (e != OK) {
        web_free(w);
        return e;
    }
    *ret_w = w;
    return OK;
}

void
web_free(struct web *w)
{
    if (!w)
        return;
    pthread_mutex_destroy(&w->tries.lock);
    web_cache_free(w->cache);
    web_assets_free(&w->assets);
    arena_free(w->arena);
}

static int64_t
site_clock(void *app)
{
    const struct web *w = app;
    return server_now(w->server);
}

enum err
web_start(struct ctx *ctx, struct web *w, const struct web_options *o, struct http_server **ret_h)
{
    w->trust_proxy = o->trust_proxy;
    struct http_options opt = {.listen = o->listen,
                               .routes = w->http,
                               .route_count = w->door_count,
                               .handle = web_handle,
                               .refuse = web_refuse,
                               .app = w,
                               .upload_dir = str_fmt(w->arena, "%.*s/tmp", STR_ARG(w->server->data_dir)),
                               .clock_ms = site_clock,
                               .trust_proxy = o->trust_proxy,
                               .quiet = o->quiet};
    return http_start(ctx, &opt, ret_h);
}
