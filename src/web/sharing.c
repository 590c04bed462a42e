/* Data of other departments on the desk: sources, imports of lists, look-ups and their register. */
#include "service/sharing.h"

#include "service/guide.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/web_int.h"

static bool
shows(struct web_call *call, enum err e)
{
    return !call->api && (web_is_refusal(e) || e == ERR_TOO_LARGE);
}

static void
put_chosen(struct web_call *call)
{
    const struct view *list = view_get(call->view, STR("sources"));
    for (const struct view *x = list ? view_first(list) : NULL; x; x = view_next(x))
        view_put_bool((struct view *)(uintptr_t)x, "chosen",
                      str_eq(view_text(view_get(x, STR("id"))), web_typed(call, "source")));
}

static enum err
show(struct web_call *call)
{
    TRY(call->ctx,
        service_sharing(call->ctx, call->server, &call->actor, str_trim(http_query(call->req, "after")), call->view));
    call->title = STR("数据共享");
    if (call->api)
        return OK;
    const struct actor *a = &call->actor;
    put_chosen(call);
    view_put_bool(call->view, "no_sources", view_count(view_get(call->view, STR("sources"))) == 0);
    view_put_bool(call->view, "may_import", actor_has(a, ROLE_KEEPER) || actor_has(a, ROLE_SUPERVISOR));
    view_put_bool(call->view, "may_look", (a->roles & DESK_CASE_ROLES) != 0);
    view_put_bool(call->view, "may_read", actor_has(a, ROLE_SUPERVISOR));
    struct view *t = view_put_map(call->view, "typed");
    guide_put(t, "reason", web_typed(call, "reason"));
    guide_put(t, "consent", web_typed(call, "consent"));
    guide_put(t, "case_no", web_typed(call, "case_no"));
    desk_put_nav(call, DESK_NAV_SHARING);
    return OK;
}

enum err
web_sharing(struct web_call *call)
{
    return show(call);
}

/* --- imports --- */

static const struct http_upload *
upload_of(struct web_call *call, const char *field)
{
    for (size_t i = 0; i < http_upload_count(call->req); i++)
        if (str_eqz(http_upload_at(call->req, i)->field, field))
            return http_upload_at(call->req, i);
    return NULL;
}

static enum err
no_file(struct web_call *call, const char *reason, const char *remedy)
{
    fail_field(call->ctx, STR("file"), STR("名单文件"), str_c(reason), str_c(remedy));
    FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
}

static enum err
take_list(struct web_call *call)
{
    SCOPED_ARENA arena = arena_new(0);
    const struct http_upload *u = upload_of(call, "file");
    struct sharing_import in = {
        .source = web_typed(call, "source"), .way = web_typed(call, "way"), .bytes = web_param(call, "text")};
    if (u && (u->too_large || u->size > WEB_FILE_MAX))
        return no_file(call, "文件太大", "大名单请由管理员用命令 jingban import list 导入");
    if (u && u->size > 0)
        TRY(call->ctx, web_read_file(call->ctx, arena, u->tmp_path, &in.bytes));
    if (str_empty(in.bytes))
        return no_file(call, "没有选择文件", "请选择 CSV 文件");
    return service_sharing_import(call->ctx, call->server, &call->actor, &in, call->view);
}

enum err
web_sharing_import(struct web_call *call)
{
    enum err e = take_list(call);
    if (e == OK) {
        int64_t id = view_int(view_get(view_get(call->view, STR("import")), STR("id")));
        call->redirect = str_fmt(call->ctx->arena, "/desk/sharing/imports/%lld?done=1", (long long)id);
        call->status = 201;
        return OK;
    }
    if (!shows(call, e))
        return e;
    web_fail_into_view(call);
    return show(call);
}

enum err
web_sharing_import_view(struct web_call *call)
{
    int64_t id;
    if (!str_int(http_param(call->req, "id"), &id) || id < 0)
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这次导入");
    TRY(call->ctx, service_sharing_import_view(call->ctx, call->server, &call->actor, id, call->view));
    call->title = STR("导入名单");
    if (call->api)
        return OK;
    view_put_bool(call->view, "done", str_eqz(http_query(call->req, "done"), "1"));
    view_put_bool(call->view, "clean", view_count(view_get(call->view, STR("lines"))) == 0);
    desk_put_nav(call, DESK_NAV_SHARING);
    return OK;
}

/* --- look-ups --- */

enum err
web_sharing_look(struct web_call *call)
{
    struct sharing_query q = {.source = web_typed(call, "source"),
                              .number = web_typed(call, "number"),
                              .reason = web_typed(call, "reason"),
                              .consent = web_typed(call, "consent"),
                              .case_no = web_typed(call, "case_no")};
    enum err e = service_sharing_look(call->ctx, call->server, &call->actor, &q, call->view);
    if (e == OK && call->api)
        return OK;
    if (e == OK)
        return show(call);
    if (!shows(call, e))
        return e;
    web_fail_into_view(call);
    return show(call);
}

enum err
web_sharing_looks(struct web_call *call)
{
    TRY(call->ctx, service_sharing_looks(call->ctx, call->server, &call->actor,
                                         str_trim(http_query(call->req, "after")), call->view));
    call->title = STR("数据查询登记簿");
    if (call->api)
        return OK;
    view_put_bool(call->view, "empty", view_count(view_get(call->view, STR("looks"))) == 0);
    desk_put_nav(call, DESK_NAV_SHARING);
    return OK;
}

enum err
web_sharing_case(struct web_call *call)
{
    struct str no = http_param(call->req, "no"), material = web_typed(call, "material");
    enum err e = service_sharing_case(call->ctx, call->server, &call->actor, no, material, web_typed(call, "consent"),
                                      call->view);
    call->title = STR("数据共享查询");
    if (e != OK && !shows(call, e))
        return e;
    if (e != OK) {
        web_fail_into_view(call);
        view_put_text(call->view, "no", no);
        view_put_text(call->view, "material", material);
    }
    if (!call->api) {
        guide_put(call->view, "typed_consent", web_typed(call, "consent"));
        desk_put_nav(call, DESK_NAV_QUEUE);
    }
    return OK;
}
