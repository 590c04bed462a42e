/* The directory's page, and the page behind a rating poster. */
#include "service/directory.h"

#include "service/service.h"
#include "web/handlers.h"
#include "web/public.h"

static enum err
read_query(struct web_call *call, struct directory_query *q)
{
    struct str id = http_query(call->req, "m"), insurance = http_query(call->req, "insurance");
    struct str text = http_query(call->req, "q");
    if (!str_empty(id))
        TRY(call->ctx, catalog_matter(call->ctx, call->region, id, &q->matter));
    if (!str_empty(insurance) && !str_eqz(insurance, "职工") && !str_eqz(insurance, "居民")) {
        fail_field(call->ctx, STR("insurance"), STR("险种"), STR("应为职工或居民"), STR("可以省略"));
        FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
    }
    q->insurance = insurance;
    q->text = text;
    return OK;
}

enum err
web_directory(struct web_call *call)
{
    struct directory_query q = {.matter = NULL};
    TRY(call->ctx, read_query(call, &q));
    directory_view(call->ctx, call->world, call->region, &q, call->view);
    call->title = q.matter ? str_concat(call->ctx->arena, STR("联系方式 · "), q.matter->name) : STR("办事地点和电话");
    if (q.matter && q.matter->phone_count)
        call->phone = q.matter->phone[0].number;
    return OK;
}

/* --- behind a poster's code: whoever has been served rates by the number and code of the case --- */

static enum err
put_point(struct web_call *call)
{
    const struct service_point *p = directory_point(call->region, http_param(call->req, "point"));
    struct str window = web_param(call, "window");
    if (!p || (!str_empty(window) && directory_window(p, window) == SIZE_MAX))
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这个服务点或窗口，请按办件编号评价");
    struct view *v = view_put_map(call->view, "point");
    view_put_text(v, "id", p->id);
    view_put_text(v, "name", p->name);
    guide_put(v, "window", window);
    guide_put(call->view, "no", web_param(call, "no"));
    guide_put(call->view, "code", web_param(call, "code"));
    call->title = STR("评价这次服务");
    return OK;
}

enum err
web_rate_point(struct web_call *call)
{
    return put_point(call);
}

static enum err
open_case(struct web_call *call, struct case_file *cf, struct str *ret_code)
{
    struct str no = str_trim(web_param(call, "no")), code = str_trim(web_param(call, "code"));
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
    TRY(call->ctx, put_point(call));
    enum err e = open_case(call, cf, &code);
    if (e == OK) {
        call->redirect = str_fmt(call->ctx->arena, "/c/%.*s/%.*s#rating", STR_ARG(cf->no), STR_ARG(code));
        return OK;
    }
    if (!web_is_refusal(e) && e != ERR_NOT_FOUND && e != ERR_LOCKED)
        return e;
    web_fail_into_view(call);
    return OK;
}
