/* The directory's page. */
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
