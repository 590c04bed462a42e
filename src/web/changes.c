/* What was changed in a region's guides, when and by whom (R7). */
#include "service/keeper.h"
#include "web/handlers.h"

enum err
web_changes(struct web_call *call)
{
    TRY(call->ctx, service_changes(call->ctx, call->server, call->region, call->view));
    call->title = STR("修改记录");
    return OK;
}
