/* One file of a draft in an editor that is a form: what is typed stays when it cannot be saved, the error stands at its line. */
#include "web/desk_catalog.h"

#include "service/guide.h"
#include "web/desk.h"
#include "web/handlers.h"

enum { AROUND = 2, LINES_MAX = 8000 };

/* PATH of the page's address, or of the API's query or body. */
static struct str
path_of(struct web_call *call)
{
    struct str s = http_param(call->req, "*");
    return s.p ? s : web_param(call, "path");
}

static void
put_lines(struct view *map, struct str text, int64_t here)
{
    struct view *list = view_put_list(map, "lines");
    int64_t n = 1;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n' && i + 1 < text.n;
    for (int64_t i = 1; i <= n && i <= LINES_MAX; i++) {
        struct view *row = view_add_map(list);
        view_put_int(row, "n", i);
        view_put_bool(row, "here", i == here);
    }
    view_put_int(map, "rows", n + 2);
}

/* The lines around HERE, as they are, with their numbers. */
static void
put_excerpt(struct view *map, const char *key, struct str text, int64_t here)
{
    struct view *list = view_put_list(map, key);
    struct str line;
    int64_t n = 0;
    while (here > 0 && n < LINES_MAX && str_split(&text, '\n', &line)) {
        n++;
        if (n < here - AROUND || n > here + AROUND)
            continue;
        struct view *row = view_add_map(list);
        view_put_int(row, "n", n);
        view_put_text(row, "text", line);
        view_put_bool(row, "here", n == here);
    }
}

/* TYPED: what was not saved; STR_NONE: the file as it is. PROBLEM "file:line:column: text" concerns what is shown, or another file. */
static enum err
show_file(struct web_call *call, int64_t no, struct str path, struct str typed, int64_t line)
{
    TRY(call->ctx, service_keeper_file(call->ctx, call->server, &call->actor, no, path, call->view));
    call->title = view_text(view_get(call->view, STR("name")));
    if (call->api)
        return OK;
    struct str text = typed.p ? typed : view_text(view_get(call->view, STR("text")));
    view_put_text(call->view, "shown", text);
    view_put_bool(call->view, "unsaved", typed.p != NULL);
    put_lines(call->view, text, line);
    put_excerpt(call->view, "excerpt", text, line);
    view_put_bool(call->view, "at_line", line > 0);
    view_put_int(call->view, "here_line", line);
    view_put_bool(call->view, "saved", str_eqz(http_query(call->req, "saved"), "1"));
    desk_put_nav(call, DESK_NAV_CATALOG);
    return OK;
}

enum err
web_catalog_file(struct web_call *call)
{
    int64_t no, line = 0;
    TRY(call->ctx, desk_catalog_no(call, &no));
    if (!str_int(http_query(call->req, "line"), &line) || line < 0)
        line = 0;
    return show_file(call, no, path_of(call), STR_NONE, line);
}

/* The line of a field error that begins "file:line:column:"; for people it is told by its line. 0: not in this file. */
static int64_t
tell_line(struct web_call *call, struct str path)
{
    struct fail *f = call->ctx->fail;
    int64_t n, hit = 0;
    for (size_t i = 0; i < f->field_count && !call->api; i++) {
        struct str rest = f->field[i].reason, file, line, column;
        if (!str_split(&rest, ':', &file) || !str_split(&rest, ':', &line) || !str_split(&rest, ':', &column) ||
            !str_int(line, &n))
            continue;
        bool here = str_eq(file, path);
        f->field[i].label = str_fmt(call->ctx->arena, "%s%.*s第 %lld 行第 %.*s 列", here ? "" : "文件 ",
                                    here ? 0 : (int)file.n, file.p, (long long)n, STR_ARG(column));
        f->field[i].reason = str_trim(rest);
        hit = here ? n : hit;
    }
    return hit;
}

static struct str
unix_lines(struct arena *a, struct str text)
{
    struct buf b;
    buf_init(&b, a, text.n + 1);
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] != '\r')
            buf_byte(&b, text.p[i]);
    return buf_str(&b);
}

enum err
web_catalog_save(struct web_call *call)
{
    struct keeper_read d;
    struct str path = path_of(call), text = web_param(call, "text");
    TRY(call->ctx, desk_catalog_read(call, &d));
    text = text.p ? unix_lines(call->ctx->arena, text) : STR("");
    enum err e = service_keeper_save(call->ctx, call->server, &call->actor, d, path, text);
    if (e == OK) {
        view_put_bool(call->view, "saved", true);
        call->redirect =
            str_fmt(call->ctx->arena, "/desk/catalog/v/%lld/f/%.*s?saved=1", (long long)d.no, STR_ARG(path));
        return OK;
    }
    if (!desk_catalog_shows(call, e))
        return e;
    int64_t line = tell_line(call, path);
    web_fail_into_view(call);
    return show_file(call, d.no, path, text, line);
}
