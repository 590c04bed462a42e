/* The keeper's desk: the region's versions, one version with what was found in it and what it changes, and the steps to publication. */
#include "web/desk_catalog.h"

#include "service/guide.h"
#include "service/keeper.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/web_int.h"

/* Refusals that the page itself can show: also that a second person is needed. */
bool
desk_catalog_shows(struct web_call *call, enum err e)
{
    return !call->api && (web_is_refusal(e) || e == ERR_SEPARATION || e == ERR_MEDIA_TYPE || e == ERR_TOO_LARGE);
}

enum err
desk_catalog_no(struct web_call *call, int64_t *ret_no)
{
    if (!str_int(http_param(call->req, "no"), ret_no) || *ret_no < 1)
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这一版");
    return OK;
}

enum err
desk_catalog_read(struct web_call *call, struct keeper_read *ret_d)
{
    struct str edited = web_param(call, "edited");
    struct keeper_read d = {0};
    TRY(call->ctx, desk_catalog_no(call, &d.no));
    if (!str_empty(edited) && (!str_int(edited, &d.edited) || d.edited < 1))
        FAIL(call->ctx, ERR_CONFLICT, "页面已失效，请刷新");
    *ret_d = d;
    return OK;
}

/* A number comes as text from a form and as a number or text from JSON. */
static bool
number_param(struct web_call *call, const char *name, int64_t *ret_v)
{
    struct str s = web_param(call, name);
    const struct view *json, *v;
    if (!str_empty(s))
        return str_int(s, ret_v);
    if (call->api && web_json(call, &json) == OK && (v = view_get(json, str_c(name))) && view_kind(v) == VIEW_INT) {
        *ret_v = view_int(v);
        return true;
    }
    return false;
}

/* --- the overview --- */

static enum err
show_overview(struct web_call *call)
{
    TRY(call->ctx, service_keeper_overview(call->ctx, call->server, &call->actor, call->view));
    call->title = STR("办事指南");
    if (call->api)
        return OK;
    view_put_bool(call->view, "dropped", str_eqz(http_query(call->req, "dropped"), "1"));
    guide_put(call->view, "typed_text", web_param(call, "text"));
    desk_put_nav(call, DESK_NAV_CATALOG);
    return OK;
}

enum err
web_catalog(struct web_call *call)
{
    return show_overview(call);
}

/* What a use case made, or its refusal on the page it was asked from. */
static enum err
made(struct web_call *call, enum err e, int64_t no)
{
    if (e == OK) {
        view_put_int(call->view, "no", no);
        call->redirect = str_fmt(call->ctx->arena, "/desk/catalog/v/%lld", (long long)no);
        return OK;
    }
    if (!desk_catalog_shows(call, e))
        return e;
    web_fail_into_view(call);
    return show_overview(call);
}

enum err
web_catalog_open(struct web_call *call)
{
    int64_t from = 0, no = 0;
    if (!number_param(call, "from", &from))
        from = 0;
    enum err e = service_keeper_open(call->ctx, call->server, &call->actor, from, &no);
    return made(call, e, no);
}

static const struct http_upload *
upload_of(struct web_call *call, const char *field)
{
    for (size_t i = 0; i < http_upload_count(call->req); i++)
        if (str_eqz(http_upload_at(call->req, i)->field, field))
            return http_upload_at(call->req, i);
    return NULL;
}

/* The streamed file's bytes into ARENA. */
static enum err
read_upload(struct web_call *call, struct arena *arena, const struct http_upload *u, const char *field,
            const char *label, struct str *ret_bytes)
{
    if (u->too_large || u->size > WEB_FILE_MAX) {
        fail_field(call->ctx, str_c(field), str_c(label), STR("文件太大"), STR("请确认选对了文件"));
        FAIL(call->ctx, ERR_FIELD_INVALID, "%s太大", label);
    }
    return web_read_file(call->ctx, arena, u->tmp_path, ret_bytes);
}

static enum err
take_package(struct web_call *call, int64_t *ret_no)
{
    SCOPED_ARENA arena = arena_new(0);
    const struct http_upload *u = upload_of(call, "package");
    struct str bytes;
    if (!u) {
        fail_field(call->ctx, STR("package"), STR("目录包"), STR("没有选择文件"), STR("请选择 .tar 文件"));
        FAIL(call->ctx, ERR_FIELD_INVALID, "没有收到目录包");
    }
    TRY(call->ctx, read_upload(call, arena, u, "package", "目录包", &bytes));
    return service_keeper_upload(call->ctx, call->server, &call->actor, u->filename, bytes, ret_no);
}

enum err
web_catalog_upload(struct web_call *call)
{
    int64_t no = 0;
    enum err e = take_package(call, &no);
    return made(call, e, no);
}

static enum err
take_guide(struct web_call *call, int64_t *ret_no)
{
    SCOPED_ARENA arena = arena_new(0);
    const struct http_upload *u = upload_of(call, "guide");
    struct str text = web_param(call, "text"), name = STR("粘贴的文字");
    struct str given = web_param(call, "name");
    if (u && u->size > 0) {
        TRY(call->ctx, read_upload(call, arena, u, "guide", "办事指南", &text));
        name = u->filename;
    } else if (!str_empty(given)) {
        name = given;
    }
    if (!text.p)
        text = STR("");
    return service_keeper_import(call->ctx, call->server, &call->actor, name, text, ret_no);
}

enum err
web_catalog_import(struct web_call *call)
{
    int64_t no = 0;
    enum err e = take_guide(call, &no);
    return made(call, e, no);
}

/* --- one version --- */

static enum err
show_version(struct web_call *call, int64_t no)
{
    TRY(call->ctx, service_keeper_version(call->ctx, call->server, &call->actor, no, call->view));
    call->title = str_fmt(call->ctx->arena, "第 %lld 版", (long long)no);
    if (call->api)
        return OK;
    struct view *typed = view_put_map(call->view, "typed");
    struct str effective = web_param(call, "effective");
    guide_put(typed, "note", web_param(call, "note"));
    guide_put(typed, "effective",
              str_empty(effective) ? day_text(call->ctx->arena, day_of_ms(call->ctx->now_ms)) : effective);
    guide_put(typed, "reason", web_param(call, "reason"));
    guide_put(typed, "id", web_param(call, "id"));
    guide_put(typed, "name", web_param(call, "name"));
    guide_put(call->view, "done", http_query(call->req, "done"));
    struct str done = http_query(call->req, "done");
    view_put_bool(call->view, "done_submit", str_eqz(done, "submit"));
    view_put_bool(call->view, "done_return", str_eqz(done, "return"));
    view_put_bool(call->view, "done_publish", str_eqz(done, "publish"));
    view_put_bool(call->view, "done_accept", str_eqz(done, "accept"));
    view_put_bool(call->view, "done_remove", str_eqz(done, "remove"));
    desk_put_nav(call, DESK_NAV_CATALOG);
    return OK;
}

enum err
web_catalog_version(struct web_call *call)
{
    int64_t no;
    TRY(call->ctx, desk_catalog_no(call, &no));
    return show_version(call, no);
}

//= R6
enum err
web_catalog_dry_run(struct web_call *call)
{
    int64_t no, page = 1;
    struct str typed = http_query(call->req, "page");
    TRY(call->ctx, desk_catalog_no(call, &no));
    if (!str_empty(typed) && !str_int(typed, &page))
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这一页");
    TRY(call->ctx, service_keeper_dry_run(call->ctx, call->server, &call->actor, no, page, call->view));
    call->title = str_fmt(call->ctx->arena, "第 %lld 版试算", (long long)no);
    if (!call->api)
        desk_put_nav(call, DESK_NAV_CATALOG);
    return OK;
}

enum err
web_catalog_package(struct web_call *call)
{
    int64_t no;
    struct str bytes, name;
    TRY(call->ctx, desk_catalog_no(call, &no));
    TRY(call->ctx, service_keeper_package(call->ctx, call->server, &call->actor, no, &bytes, &name));
    web_download(call, "application/x-tar", name, bytes, false);
    return OK;
}

/* --- the steps --- */

static enum err
step_submit(struct web_call *call, struct keeper_read d)
{
    struct day day;
    if (!day_parse(str_trim(web_param(call, "effective")), &day))
        day = DAY_NONE;
    return service_keeper_submit(call->ctx, call->server, &call->actor, d, web_param(call, "note"), day);
}

static enum err
step_return(struct web_call *call, struct keeper_read d)
{
    return service_keeper_return(call->ctx, call->server, &call->actor, d, web_param(call, "reason"));
}

static enum err
step_publish(struct web_call *call, struct keeper_read d)
{
    return service_keeper_publish(call->ctx, call->server, &call->actor, d);
}

static enum err
step_drop(struct web_call *call, struct keeper_read d)
{
    TRY(call->ctx, service_keeper_drop(call->ctx, call->server, &call->actor, d));
    call->redirect = STR("/desk/catalog?dropped=1");
    return OK;
}

static enum err
step_accept(struct web_call *call, struct keeper_read d)
{
    struct str key = web_param(call, "key"), reason = web_param(call, "reason");
    TRY(call->ctx, service_keeper_accept(call->ctx, call->server, &call->actor, d, key, reason));
    call->redirect = str_fmt(call->ctx->arena, "/desk/catalog/v/%lld?done=accept#h-findings", (long long)d.no);
    return OK;
}

static enum err
step_add(struct web_call *call, struct keeper_read d)
{
    struct str path;
    TRY(call->ctx, service_keeper_add(call->ctx, call->server, &call->actor, d, str_trim(web_param(call, "id")),
                                      str_trim(web_param(call, "name")), &path));
    view_put_text(call->view, "path", path);
    call->redirect = str_fmt(call->ctx->arena, "/desk/catalog/v/%lld/f/%.*s", (long long)d.no, STR_ARG(path));
    return OK;
}

static enum err
step_remove(struct web_call *call, struct keeper_read d)
{
    return service_keeper_remove(call->ctx, call->server, &call->actor, d, web_param(call, "path"));
}

enum err
web_catalog_act(struct web_call *call)
{
    static const struct {
        const char *name;
        enum err (*run)(struct web_call *, struct keeper_read);
    } steps[] = {{"submit", step_submit}, {"return", step_return}, {"publish", step_publish}, {"drop", step_drop},
                 {"accept", step_accept}, {"add", step_add},       {"remove", step_remove}};
    struct str action = http_param(call->req, "action");
    struct keeper_read d;
    size_t i = 0, n = sizeof steps / sizeof *steps;
    TRY(call->ctx, desk_catalog_read(call, &d));
    while (i < n && !str_eqz(action, steps[i].name))
        i++;
    if (i == n)
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这一步");
    enum err e = steps[i].run(call, d);
    if (e != OK && !desk_catalog_shows(call, e))
        return e;
    if (e != OK) {
        web_fail_into_view(call);
        return show_version(call, d.no);
    }
    view_put_int(call->view, "no", d.no);
    view_put_bool(call->view, "done", true);
    if (str_empty(call->redirect))
        call->redirect = str_fmt(call->ctx->arena, "/desk/catalog/v/%lld?done=%s", (long long)d.no, steps[i].name);
    return OK;
}
