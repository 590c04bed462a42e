/* The supervisor's page: what is late and whose it is. */
#include "service/supervision.h"

#include "service/guide.h"
#include "web/desk.h"
#include "web/handlers.h"

enum err
web_supervision(struct web_call *call)
{
    struct oversight_filter f = {.unexplained = str_eqz(web_param(call, "unexplained"), "1"),
                                 .after = web_param(call, "after")};
    TRY(call->ctx, service_supervision(call->ctx, call->server, &call->actor, &f, call->view));
    call->title = STR("督办");
    if (call->api)
        return OK;
    const struct region *own = catalog_region(call->world, call->actor.region);
    bool city = false;
    for (size_t i = 0; own && i < catalog_region_count(call->world) && !city; i++)
        city = region_is_county_of(catalog_region_at(call->world, i), own);
    struct str next = view_text(view_get(call->view, STR("next")));
    guide_put(call->view, "next_href",
              str_empty(next) ? STR("")
                              : str_fmt(call->ctx->arena, "/desk/supervision?after=%.*s%s", STR_ARG(next),
                                        f.unexplained ? "&unexplained=1" : ""));
    view_put_bool(call->view, "empty", view_int(view_get(call->view, STR("count"))) == 0);
    view_put_bool(call->view, "later_page", !str_empty(f.after));
    view_put_bool(call->view, "over_counties", city);
    desk_put_nav(call, DESK_NAV_SUPERVISION);
    return OK;
}
