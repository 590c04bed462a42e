/* How failures are worded: RFC 9457 in the API, a page for people, or the form itself once more. */
#include <string.h>

#include "base/crypto.h"
#include "base/log.h"
#include "service/guide.h"
#include "web/web_int.h"

static void
put_fields(const struct fail *f, struct view *v)
{
    struct view *list = view_put_list(v, "errors");
    for (size_t i = 0; i < f->field_count; i++) {
        struct view *row = view_add_map(list);
        view_put_text(row, "field", f->field[i].field);
        view_put_text(row, "label", f->field[i].label);
        view_put_text(row, "reason", f->field[i].reason);
        guide_put(row, "remedy", f->field[i].remedy);
    }
}

/* Faults say nothing of the machine to the outside. */
static struct str
public_detail(const struct ctx *ctx, enum err e)
{
    enum err_class class = err_info(e)->class;
    return class == ERR_CLASS_FAULT || class == ERR_CLASS_RETRY ? STR("") : ctx->fail->detail;
}

void
web_put_failure(struct ctx *ctx, enum err e, struct view *v)
{
    const struct err_info *info = err_info(e);
    view_put_text(v, "type", str_fmt(ctx->arena, "/errors#%s", info->id));
    view_put_z(v, "title", info->title);
    view_put_int(v, "status", info->http);
    view_put_opt(v, "detail", public_detail(ctx, e));
    view_put_z(v, "id", info->id);
    view_put_opt(v, "rule", ctx->fail->rule);
    put_fields(ctx->fail, v);
}

static void
note_failure(struct web_call *call, enum err e)
{
    const struct err_info *info = err_info(e);
    call->status = info->http;
    http_status(call->res, info->http);
    if (info->class == ERR_CLASS_FAULT)
        log_fail(call->ctx, call->route ? call->route->stem : "request");
    if (info->class == ERR_CLASS_RETRY || info->http == 503)
        http_set(call->res, "Retry-After", STR("2"));
}

void
web_problem(struct web_call *call, enum err e)
{
    struct view *v = view_map(call->ctx->arena);
    struct buf b;
    note_failure(call, e);
    web_put_failure(call->ctx, e, v);
    view_put_text(v, "instance", http_path(call->req).p ? http_path(call->req) : STR(""));
    buf_init(&b, call->ctx->arena, 1024);
    view_json(v, &b);
    http_body_text(call->res, "application/problem+json; charset=utf-8", buf_str(&b));
}

void
web_error_page(struct web_call *call, enum err e)
{
    const struct err_info *info = err_info(e);
    note_failure(call, e);
    call->view = view_map(call->ctx->arena);
    struct view *v = view_put_map(call->view, "error");
    web_put_failure(call->ctx, e, v);
    view_put_bool(v, "missing", info->http == 404 || info->http == 410);
    view_put_bool(v, "busy", info->class == ERR_CLASS_RETRY);
    view_put_bool(v, "fault", info->class == ERR_CLASS_FAULT);
    view_put_bool(v, "mendable", info->class == ERR_CLASS_REFUSAL);
    view_put_text(v, "request", str_fmt(call->ctx->arena, "%llx", (unsigned long long)call->ctx->request_id));
    call->template = "error";
    call->title = str_c(info->title);
    http_body_text(call->res, "text/html; charset=utf-8", web_page(call));
}

bool
web_is_refusal(enum err e)
{
    enum err_class class = err_info(e)->class;
    return class == ERR_CLASS_REFUSAL || class == ERR_CLASS_CONFLICT;
}

void
web_fail_into_view(struct web_call *call)
{
    struct fail *f = call->ctx->fail;
    if (call->api || f->e == OK)
        return;
    const struct err_info *info = err_info(f->e);
    put_fields(f, call->view);
    view_put_bool(call->view, "failed", true);
    view_put_z(call->view, "error_title", info->title);
    guide_put(call->view, "error_detail", public_detail(call->ctx, f->e));
    guide_put(call->view, "error_rule", f->rule);
    call->status = info->http;
    fail_clear(call->ctx);
}

/* --- pages --- */

/* This page in the other mode, query and all. */
static struct str
other_mode(struct web_call *call)
{
    struct str path = http_path(call->req);
    struct buf b;
    buf_init(&b, call->ctx->arena, path.n + 64);
    if (!path.p)
        path = STR("/");
    if (call->elder)
        path = str_sub(path, strlen(WEB_ELDER), path.n);
    else
        buf_addz(&b, WEB_ELDER);
    if (call->elder && path.n == 0)
        path = STR("/");
    if (!str_eqz(path, "/") || call->elder)
        for (struct str rest = path, seg; str_split(&rest, '/', &seg);) {
            guide_urlencode(&b, seg);
            if (rest.p)
                buf_byte(&b, '/');
        }
    for (size_t i = 0; i < http_query_count(call->req); i++) {
        struct str name, value;
        http_query_at(call->req, i, &name, &value);
        buf_byte(&b, i ? '&' : '?');
        guide_urlencode(&b, name);
        buf_byte(&b, '=');
        guide_urlencode(&b, value);
    }
    return buf_str(&b);
}

/* Which version of the region's guides this page is made from (R7). */
static void
put_edition(struct web_call *call, struct view *p)
{
    const struct region *r = call->region;
    if (!r || r->version_no == 0) {
        view_put_null(p, "edition");
        return;
    }
    struct view *v = view_put_map(p, "edition");
    view_put_int(v, "no", r->version_no);
    view_put_text(v, "code", r->code);
    view_put_text(v, "effective_text", day_text_zh(call->ctx->arena, r->effective));
}

/* What every page knows besides its view, under the key "page". */
static void
put_page(struct web_call *call)
{
    struct view *p = view_put_map(call->view, "page");
    bool public = !call->route || call->route->access == WEB_PUBLIC;
    bool get = !call->route || call->route->method == HTTP_GET;
    guide_put(p, "title", call->title);
    view_put_text(p, "base", call->base);
    view_put_text(p, "home", call->elder ? STR(WEB_ELDER) : call->actor.kind == ACTOR_STAFF ? STR("/desk") : STR("/"));
    view_put_bool(p, "elder", call->elder);
    view_put_bool(p, "public", public);
    view_put_bool(p, "switchable", public && get);
    guide_put(p, "other_mode", public && get ? other_mode(call) : STR(""));
    view_put_bool(p, "demo", call->server->demo);
    guide_put(p, "csrf", call->csrf);
    /* A cached page is the same for everybody: no key of its own. */
    guide_put(p, "idem", call->route && call->route->cached ? STR("") : crypto_token(call->ctx->arena));
    web_assets_put(&call->web->assets, view_put_map(p, "assets"));
    if (call->region)
        guide_region(call->ctx, call->region, view_put_map(p, "region"));
    else
        view_put_null(p, "region");
    put_edition(call, p);
    struct str phone = str_empty(call->phone) && call->region ? guide_region_phone(call->region) : call->phone;
    guide_phone(call->ctx, phone, view_put_map(p, "phone"));
    if (call->actor.kind == ACTOR_STAFF) {
        struct view *staff = view_put_map(p, "staff");
        view_put_text(staff, "name", call->actor.name);
        view_put_text(staff, "region", call->actor.region);
        for (int r = 0; r < ROLE_COUNT; r++)
            view_put_bool(staff, role_id((enum role)r), actor_has(&call->actor, (enum role)r));
    } else {
        view_put_null(p, "staff");
    }
}

struct str
web_page(struct web_call *call)
{
    struct buf b;
    put_page(call);
    buf_init(&b, call->ctx->arena, 32768);
    web_render(&call->web->templates, call->template, call->view, &b);
    return buf_str(&b);
}

/* --- refusals of the protocol --- */

static enum err
err_of_status(int status)
{
    switch (status) {
    case 404:
        return ERR_NOT_FOUND;
    case 405:
        return ERR_METHOD;
    case 413:
    case 414:
    case 431:
        return ERR_TOO_LARGE;
    case 415:
        return ERR_MEDIA_TYPE;
    case 503:
        return ERR_BUSY;
    case 507:
        return ERR_STORE_FULL;
    default:
        return status >= 500 ? ERR_INTERNAL : ERR_SYNTAX;
    }
}

void
web_refuse(void *app, struct ctx *ctx, int status, struct http_request *req, struct http_response *res)
{
    struct web *w = app;
    struct str path = http_path(req);
    struct web_call call = {.web = w,
                            .world = w->server->catalog,
                            .server = w->server,
                            .ctx = ctx,
                            .req = req,
                            .res = res,
                            .base = STR("")};
    call.api = str_starts(path, STR(WEB_API "/"));
    call.elder = str_starts(path, STR(WEB_ELDER "/")) || str_eqz(path, WEB_ELDER);
    if (call.elder)
        call.base = STR(WEB_ELDER);
    enum err e = err_of_status(status);
    if (call.api)
        web_problem(&call, e);
    else
        web_error_page(&call, e);
    http_status(res, status);
}
