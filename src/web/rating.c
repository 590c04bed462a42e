/* Rating without an account: a visit by a poster's code, a device in the hall, the published numbers, the city's platform. A case's own
** rating is in case.c. */
#include "web/rating.h"

#include "base/json.h"
#include "service/directory.h"
#include "service/guide.h"
#include "service/rating_service.h"
#include "service/service.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/public.h"

enum err
web_rating_level(struct web_call *call, int *ret_level)
{
    const struct view *json;
    int64_t level = 0;
    bool present;
    TRY(call->ctx, web_json(call, &json));
    if (!call->api || !json_int(json, "level", &level, &present) || !present)
        if (!str_int(web_typed(call, "level"), &level))
            level = 0;
    *ret_level = level >= 1 && level <= RATING_LEVELS ? (int)level : 0;
    return OK;
}

enum err
web_rating_tags(struct web_call *call, struct str *ret_tags)
{
    const struct view *json;
    struct str tags = STR("");
    TRY(call->ctx, web_json(call, &json));
    for (size_t i = 0; i < http_field_count(call->req); i++) {
        struct str name, value;
        http_field_at(call->req, i, &name, &value);
        if (str_eqz(name, "tags"))
            tags = rating_tags_add(call->ctx->arena, tags, value);
    }
    const struct view *list = view_get(json, STR("tags"));
    for (const struct view *v = list && view_kind(list) == VIEW_LIST ? view_first(list) : NULL; v; v = view_next(v))
        if (view_kind(v) == VIEW_TEXT)
            tags = rating_tags_add(call->ctx->arena, tags, view_text(v));
    *ret_tags = tags;
    return OK;
}

int
web_rating_picked(struct web_call *call)
{
    int64_t level = 0;
    struct str s = http_field(call->req, "level");
    return s.p && str_int(str_trim(s), &level) && level >= 1 && level <= RATING_LEVELS ? (int)level : 0;
}

void
web_rating_refused(struct web_call *call)
{
    const struct view *errors = view_get(call->view, STR("errors"));
    for (const struct view *e = errors ? view_first(errors) : NULL; e; e = view_next(e)) {
        const struct view *remedy = view_get(e, STR("remedy"));
        struct str field = view_text(view_get(e, STR("field"))), words = view_text(view_get(e, STR("reason")));
        if (remedy)
            words = str_fmt(call->ctx->arena, "%.*s。%.*s", STR_ARG(words), STR_ARG(view_text(remedy)));
        if (str_eqz(field, "level") || str_eqz(field, "text"))
            view_put_text(call->view, str_eqz(field, "level") ? "level_error" : "text_error", words);
    }
}

/* --- behind a poster's code --- */

static enum err
the_point(struct web_call *call, const struct service_point **ret_p, struct str *ret_window)
{
    const struct service_point *p = directory_point(call->region, http_param(call->req, "point"));
    struct str window = web_typed(call, "window");
    if (!p || (!str_empty(window) && directory_window(p, window) == SIZE_MAX))
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这个服务点或窗口，请按办件编号评价");
    *ret_p = p;
    *ret_window = window;
    return OK;
}

static void
put_options(struct web_call *call, const struct service_point *p, struct str window)
{
    struct view *matters = view_put_list(call->view, "matters"), *windows = view_put_list(call->view, "windows");
    struct str matter = web_typed(call, "matter");
    for (size_t i = 0; i < call->region->matter_count; i++) {
        struct view *row = view_add_map(matters);
        view_put_text(row, "id", call->region->matter[i].id);
        view_put_text(row, "name", call->region->matter[i].name);
        view_put_bool(row, "chosen", str_eq(call->region->matter[i].id, matter));
    }
    for (size_t i = 0; i < p->window_count; i++) {
        struct view *row = view_add_map(windows);
        view_put_text(row, "name", p->window[i]);
        view_put_bool(row, "chosen", str_eq(p->window[i], window));
    }
    view_put_bool(call->view, "some_windows", p->window_count > 0);
}

/* The page in full; VISIT: what was typed belongs to the form without a case. */
static enum err
put_point(struct web_call *call, bool visit)
{
    const struct service_point *p;
    struct str window, tags;
    TRY(call->ctx, the_point(call, &p, &window));
    TRY(call->ctx, web_rating_tags(call, &tags));
    struct view *v = view_put_map(call->view, "point");
    view_put_text(v, "id", p->id);
    view_put_text(v, "name", p->name);
    guide_put(v, "window", window);
    put_options(call, p, window);
    service_rating_levels(call->view, web_rating_picked(call));
    service_rating_words(call->ctx, call->view, tags);
    view_put_text(call->view, "form",
                  service_rating_form(call->ctx, call->server, call->region->code, p->id, http_peer(call->req)));
    view_put_int(call->view, "text_max", RATING_TEXT_MAX);
    if (!call->api) {
        guide_put(call->view, "no", visit ? STR("") : web_typed(call, "no"));
        guide_put(call->view, "code", visit ? STR("") : web_typed(call, "code"));
        guide_put(call->view, "typed_text", visit ? web_typed(call, "text") : STR(""));
        guide_put(call->view, "typed_contact", visit ? web_typed(call, "contact") : STR(""));
        view_put_bool(call->view, "visit", visit);
        view_put_bool(call->view, "thanks", str_eqz(http_query(call->req, "done"), "1"));
    }
    http_set(call->res, "Cache-Control", STR("private, no-store"));
    call->title = STR("评价这次服务");
    return OK;
}

enum err
web_rate_point(struct web_call *call)
{
    return put_point(call, false);
}

static enum err
open_case(struct web_call *call, struct case_file *cf, struct str *ret_code)
{
    struct str no = web_typed(call, "no"), code = web_typed(call, "code");
    if (str_empty(no))
        fail_field(call->ctx, STR("no"), STR("办件编号"), STR("没有填写"), STR("编号印在回执上，19 位数字"));
    if (str_empty(code))
        fail_field(call->ctx, STR("code"), STR("查询码"), STR("没有填写"), STR("查询码印在回执上，10 位"));
    if (str_empty(no) || str_empty(code))
        FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
    TRY(call->ctx, web_tries_check(call));
    enum err e = service_case_open(call->ctx, call->server, no, code, cf);
    web_tries_failed(call, e);
    TRY(call->ctx, e);
    *ret_code = crypto_code_normalise(call->ctx->arena, code);
    return OK;
}

enum err
web_rate_point_do(struct web_call *call)
{
    struct case_file *cf = ARENA_NEW(call->ctx->arena, struct case_file);
    struct str code;
    TRY(call->ctx, put_point(call, false));
    enum err e = open_case(call, cf, &code);
    if (e == OK) {
        call->redirect = str_fmt(call->ctx->arena, "/c/%.*s/%.*s?via=qr#rating", STR_ARG(cf->no), STR_ARG(code));
        return OK;
    }
    if (!web_is_refusal(e) && e != ERR_NOT_FOUND && e != ERR_LOCKED)
        return e;
    web_fail_into_view(call);
    return OK;
}

static enum err
rate_visit(struct web_call *call)
{
    struct rating_visit in = {.region = call->region,
                              .channel = RATING_QR,
                              .matter = web_typed(call, "matter"),
                              .text = web_typed(call, "text"),
                              .contact = web_typed(call, "contact"),
                              .peer = http_peer(call->req),
                              .form = web_typed(call, "form")};
    TRY(call->ctx, the_point(call, &in.point, &in.window));
    TRY(call->ctx, web_rating_level(call, &in.level));
    TRY(call->ctx, web_rating_tags(call, &in.tags));
    return service_rating_visit(call->ctx, call->server, &in);
}

//= R48 R49
enum err
web_rate_visit(struct web_call *call)
{
    enum err e = rate_visit(call);
    if (e == OK) {
        view_put_bool(call->view, "rated", true);
        call->redirect = str_fmt(call->ctx->arena, "/r/%.*s/rate/%.*s?done=1", STR_ARG(call->region->code),
                                 STR_ARG(http_param(call->req, "point")));
        call->status = 201;
        return OK;
    }
    if (call->api || e == ERR_NOT_FOUND || (!web_is_refusal(e) && e != ERR_LOCKED))
        return e;
    web_fail_into_view(call);
    web_rating_refused(call);
    return put_point(call, true);
}

/* --- a device in the hall (R46, R47) --- */

static enum err
show_device(struct web_call *call)
{
    const struct region *r = catalog_region(call->world, call->actor.region);
    struct str tags;
    TRY(call->ctx, web_rating_tags(call, &tags));
    view_put_text(call->view, "region_name", r ? r->name : STR(""));
    service_rating_levels(call->view, web_rating_picked(call));
    service_rating_words(call->ctx, call->view, tags);
    guide_put(call->view, "no", web_typed(call, "no"));
    view_put_bool(call->view, "some_ticked", !str_empty(tags));
    bool thanks = str_eqz(http_query(call->req, "done"), "1");
    view_put_bool(call->view, "thanks", thanks);
    if (thanks)
        http_set(call->res, "Refresh", STR("15; url=/kiosk/rate")); /* for the next person */
    else if (!str_empty(web_typed(call, "no")))
        http_set(call->res, "Refresh", STR("60; url=/kiosk/rate")); /* who must not find the number of the last one */
    call->title = STR("评价器");
    return OK;
}

enum err
web_device(struct web_call *call)
{
    return show_device(call);
}

static enum err
rate_device(struct web_call *call)
{
    struct case_file *cf = ARENA_NEW(call->ctx->arena, struct case_file);
    struct rating_given g = {.channel = RATING_DEVICE, .source = RATING_OF_CASE, .step = web_typed(call, "step")};
    TRY(call->ctx, web_rating_level(call, &g.level));
    TRY(call->ctx, web_rating_tags(call, &g.tags));
    TRY(call->ctx, service_rating_case(call->ctx, call->server, call->actor.region, web_typed(call, "no"), cf));
    return service_rate(call->ctx, call->server, cf, &g);
}

enum err
web_device_rate(struct web_call *call)
{
    enum err e = rate_device(call);
    if (e == OK) {
        view_put_bool(call->view, "rated", true);
        call->redirect = STR("/kiosk/rate?done=1");
        call->status = 201;
        return OK;
    }
    if (call->api || (!web_is_refusal(e) && e != ERR_NOT_FOUND))
        return e;
    web_fail_into_view(call);
    web_rating_refused(call);
    return show_device(call);
}

/* --- publication (R47) --- */

static enum err
span_of(struct web_call *call, struct rating_span *ret_at)
{
    return service_rating_span(call->ctx, web_typed(call, "from"), web_typed(call, "to"), ret_at);
}

enum err
web_ratings(struct web_call *call)
{
    struct rating_span at;
    TRY(call->ctx, span_of(call, &at));
    TRY(call->ctx, service_rating_numbers(call->ctx, call->server, call->region, &at, true, call->view));
    call->title = STR("服务评价");
    return OK;
}

static enum err
download(struct web_call *call, const struct region *r, bool published)
{
    struct rating_span at;
    struct str csv;
    TRY(call->ctx, span_of(call, &at));
    TRY(call->ctx, service_rating_csv(call->ctx, call->server, r, &at, published, &csv));
    web_download(
        call, "text/csv; charset=utf-8",
        str_fmt(call->ctx->arena, "好差评-%.*s-%lld-%lld.csv", STR_ARG(r->code), (long long)at.from, (long long)at.to),
        csv, false);
    return OK;
}

enum err
web_ratings_csv(struct web_call *call)
{
    return download(call, call->region, true);
}

static enum err
own_region(struct web_call *call, const struct region **ret_r)
{
    *ret_r = catalog_region(call->world, call->actor.region);
    if (!*ret_r)
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这个统筹区的办事指南");
    return OK;
}

enum err
web_rating_stats_csv(struct web_call *call)
{
    const struct region *r;
    TRY(call->ctx, own_region(call, &r));
    return download(call, r, false);
}

enum err
web_rating_stats(struct web_call *call)
{
    const struct region *r;
    struct rating_span at;
    TRY(call->ctx, own_region(call, &r));
    TRY(call->ctx, span_of(call, &at));
    TRY(call->ctx, service_rating_numbers(call->ctx, call->server, r, &at, false, call->view));
    call->title = STR("评价统计");
    if (!call->api)
        desk_put_nav(call, DESK_NAV_RATINGS);
    return OK;
}

/* --- the city's platform (R284) --- */

static enum err
check_platform(struct web_call *call, const char *method, struct str path)
{
    struct platform_call c = {.region = call->region,
                              .method = method,
                              .path = path,
                              .time = http_header(call->req, "X-Time"),
                              .signature = http_header(call->req, "X-Signature"),
                              .body = http_body(call->req)};
    return service_platform_check(call->ctx, call->server, &c);
}

enum err
web_platform_rate(struct web_call *call)
{
    const struct view *json;
    TRY(call->ctx, check_platform(call, "POST", http_path(call->req)));
    TRY(call->ctx, web_json(call, &json));
    TRY(call->ctx, service_platform_rate(call->ctx, call->server, call->region, json, call->view));
    call->status = view_int(view_get(call->view, STR("replayed"))) ? 200 : 201;
    return OK;
}

enum err
web_platform_export(struct web_call *call)
{
    struct str after = http_query(call->req, "after"), limit = http_query(call->req, "limit");
    int64_t from = 0, most = 0;
    struct str path = str_fmt(call->ctx->arena, "%.*s?after=%.*s&limit=%.*s", STR_ARG(http_path(call->req)),
                              STR_ARG(after), STR_ARG(limit));
    TRY(call->ctx, check_platform(call, "GET", path));
    if ((!str_empty(after) && !str_int(after, &from)) || (!str_empty(limit) && !str_int(limit, &most)) || from < 0 ||
        most < 0 || most > RATING_EXPORT_MAX) {
        fail_field(call->ctx, STR("after"), STR("上一页的 next 和行数"), STR("不是整数，或超出范围"),
                   STR("after 用上一页给出的 next，limit 最多 500"));
        FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
    }
    return service_platform_export(call->ctx, call->server, call->region, from, (int)most, call->view);
}
