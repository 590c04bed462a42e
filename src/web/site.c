/* Pages about the site itself: the list of errors, the API's description. */
#include "web/handlers.h"
#include "web/web_int.h"

enum err
web_errors(struct web_call *call)
{
    static const char *const classes[] = {"ok", "refusal", "denied", "conflict", "retry", "fault"};
    static const char *const names[] = {"", "可以改正", "没有权限", "已被更新", "稍后再试", "系统故障"};
    struct view *list = view_put_list(call->view, "errors");
    for (int e = OK + 1; e < ERR_COUNT; e++) {
        const struct err_info *info = err_info((enum err)e);
        struct view *row = view_add_map(list);
        view_put_z(row, "id", info->id);
        view_put_z(row, "class", classes[info->class]);
        view_put_z(row, "class_name", names[info->class]);
        view_put_int(row, "status", info->http);
        view_put_z(row, "title", info->title);
    }
    call->title = STR("错误说明");
    return OK;
}

/* "/r/123/" → "/r/123": one address for one page. */
enum err
web_missing(struct web_call *call)
{
    struct str path = http_path(call->req), trimmed = path;
    while (trimmed.n > 1 && trimmed.p[trimmed.n - 1] == '/')
        trimmed.n--;
    if (trimmed.n == path.n)
        FAIL(call->ctx, ERR_NOT_FOUND, "%s", "");
    http_redirect(call->res, trimmed); /* escapes what is not plain */
    http_status(call->res, 308);
    call->answered = true;
    return OK;
}

enum err
web_openapi_json(struct web_call *call)
{
    call->body_type = "application/json; charset=utf-8";
    call->body = web_openapi(call->ctx->arena);
    return OK;
}
