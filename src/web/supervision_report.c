/* A city's report over its counties (R286), as a page to print and as CSV. */
#include "service/guide.h"
#include "service/supervision.h"
#include "web/desk.h"
#include "web/handlers.h"

enum err
web_report(struct web_call *call)
{
    struct str from = web_param(call, "from"), to = web_param(call, "to");
    enum err e = service_report(call->ctx, call->server, &call->actor, from, to, call->view);
    if (e != OK && (call->api || e != ERR_FIELD_INVALID))
        return e;
    if (e != OK)
        web_fail_into_view(call);
    call->title = STR("县市区报告");
    if (call->api)
        return OK;
    if (e != OK) { /* the dates as they were typed, and no table */
        guide_put(call->view, "from", from);
        guide_put(call->view, "to", to);
        view_put_list(call->view, "counties");
    }
    view_put_bool(call->view, "shown", e == OK);
    desk_put_nav(call, DESK_NAV_SUPERVISION);
    return OK;
}

enum err
web_report_csv(struct web_call *call)
{
    struct view *v = view_map(call->ctx->arena);
    TRY(call->ctx,
        service_report(call->ctx, call->server, &call->actor, web_param(call, "from"), web_param(call, "to"), v));
    struct str name = str_fmt(call->ctx->arena, "report-%.*s-%.*s.csv",
                              STR_ARG(view_display(call->ctx->arena, view_get(v, STR("from")))),
                              STR_ARG(view_display(call->ctx->arena, view_get(v, STR("to")))));
    web_download(call, "text/csv; charset=utf-8", name, service_report_csv(call->ctx, v), false);
    return OK;
}
