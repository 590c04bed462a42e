/* Posters with a rating code for halls and windows (R48): the list on the desk, each poster as PDF. */
#include "document/document.h"
#include "service/directory.h"
#include "service/guide.h"
#include "web/desk.h"
#include "web/handlers.h"

static struct str
poster_path(struct web_call *call, const struct service_point *p, struct str window)
{
    struct buf b;
    buf_init(&b, call->ctx->arena, 128);
    buf_fmt(&b, "/desk/posters/%.*s.pdf", STR_ARG(p->id));
    if (!str_empty(window)) {
        buf_addz(&b, "?window=");
        guide_urlencode(&b, window);
    }
    return buf_str(&b);
}

/* What the code says: the public page on which this place is rated. */
static struct str
rating_url(struct web_call *call, const struct region *r, const struct service_point *p, struct str window)
{
    struct buf b;
    buf_init(&b, call->ctx->arena, 256);
    buf_fmt(&b, "%.*s/r/%.*s/rate/%.*s", STR_ARG(call->server->public_url), STR_ARG(r->code), STR_ARG(p->id));
    if (!str_empty(window)) {
        buf_addz(&b, "?window=");
        guide_urlencode(&b, window);
    }
    return buf_str(&b);
}

static void
put_row(struct web_call *call, const struct region *r, const struct service_point *p, struct str window,
        struct view *row)
{
    guide_put(row, "window", window);
    view_put_text(row, "path", poster_path(call, p, window));
    view_put_text(row, "url", rating_url(call, r, p, window));
}

enum err
web_posters(struct web_call *call)
{
    const struct region *r = catalog_region(call->world, call->actor.region);
    struct view *list = view_put_list(call->view, "points");
    for (size_t i = 0; r && i < r->point_count; i++) {
        const struct service_point *p = &r->point[i];
        struct view *row = view_add_map(list);
        view_put_text(row, "id", p->id);
        view_put_text(row, "name", p->name);
        guide_put(row, "level", p->level_known ? str_c(level_name(p->level)) : STR(""));
        guide_put(row, "area", p->area);
        view_put_bool(row, "device", p->device);
        view_put_bool(row, "qr", p->qr);
        view_put_bool(row, "each", p->each);
        /* towns and villages without a device: an order of one guide, good advice elsewhere */ //= R48
        view_put_bool(row, "needed",
                      !p->device && !p->qr && p->level_known && (p->level == LEVEL_TOWN || p->level == LEVEL_VILLAGE));
        put_row(call, r, p, STR(""), row);
        struct view *windows = view_put_list(row, "windows");
        for (size_t k = 0; k < p->window_count; k++)
            put_row(call, r, p, p->window[k], view_add_map(windows));
        view_put_bool(row, "has_windows", p->window_count > 0);
    }
    call->title = STR("评价码");
    if (!call->api)
        desk_put_nav(call, DESK_NAV_POSTERS);
    return OK;
}

/* The supervision phone of the guide: the region's own, else the one that most of its matters print; a slip in one of them does not hang
** on the wall. */
static struct str
supervision_of(const struct region *r)
{
    struct str best = r->supervision;
    size_t most = 0;
    for (size_t i = 0; str_empty(r->supervision) && i < r->matter_count; i++)
        for (size_t k = 0; k < r->matter[i].supervision_count; k++) {
            struct str s = r->matter[i].supervision[k];
            size_t n = 0;
            for (size_t j = 0; j < r->matter_count; j++)
                for (size_t l = 0; l < r->matter[j].supervision_count; l++)
                    n += str_eq(r->matter[j].supervision[l], s);
            if (n > most) {
                most = n;
                best = s;
            }
        }
    return best.p ? best : STR("");
}

enum err
web_poster(struct web_call *call)
{
    const struct region *r = catalog_region(call->world, call->actor.region);
    struct str file = http_param(call->req, "file"), window = http_query(call->req, "window"), pdf;
    struct str id = str_ends(file, STR(".pdf")) ? str_sub(file, 0, file.n - 4) : STR("");
    const struct service_point *p = r ? directory_point(r, id) : NULL;
    if (!p)
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这个服务点");
    if (!str_empty(window) && directory_window(p, window) == SIZE_MAX)
        FAIL(call->ctx, ERR_NOT_FOUND, "这个服务点没有窗口“%.*s”", STR_ARG(str_sub(window, 0, 90)));
    struct view *body = view_map(call->ctx->arena);
    view_put_text(body, "title", STR("请您评价"));
    view_put_bool(body, "demo", call->server->demo);
    view_put_text(body, "region_name", r->name);
    view_put_text(body, "agency_name", r->agency_name);
    view_put_text(body, "point_name", p->name);
    view_put_bool(body, "own_hall", str_eq(p->name, r->agency_name));
    guide_put(body, "window", window);
    view_put_text(body, "url", rating_url(call, r, p, window));
    guide_put(body, "supervision", supervision_of(r));
    TRY(call->ctx, document_pdf(call->ctx, call->server->layouts, call->server->aux, STR("poster"), body, &pdf));
    struct str name = str_fmt(call->ctx->arena, "评价码-%.*s%s%.*s.pdf", STR_ARG(p->name), str_empty(window) ? "" : "-",
                              STR_ARG(window));
    web_download(call, "application/pdf", name, pdf, true);
    return OK;
}
