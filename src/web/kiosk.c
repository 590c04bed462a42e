/* The self-service terminal: queries without a clerk and without acceptance (R37, R83, R86). A result stands for a
 * minute. */
#include "service/service.h"

#include "base/json.h"
#include "service/guide.h"
#include "service/rating_service.h"
#include "web/handlers.h"
#include "web/web_int.h"

static void
go_home_later(struct web_call *call)
{
    if (!call->api) /* the next person must not find it */
        http_set(call->res, "Refresh", STR("60; url=/kiosk"));
}

/* Only what the region's guide offers at a terminal (R37). */
static bool
offered(const struct region *r, enum effect_kind effect)
{
    const char *reason;
    for (size_t i = 0; r && i < r->matter_count; i++)
        if (r->matter[i].effect == effect && matter_open_for(&r->matter[i], CHANNEL_KIOSK, &reason))
            return true;
    return false;
}

static void
put_kiosk(struct web_call *call)
{
    const struct region *r = catalog_region(call->world, call->actor.region);
    bool persons = offered(r, EFFECT_PERSON_QUERY), units = offered(r, EFFECT_UNIT_QUERY);
    view_put_bool(call->view, "persons", persons);
    view_put_bool(call->view, "units", units);
    view_put_bool(call->view, "nothing", !persons && !units);
    view_put_text(call->view, "region_name", r ? r->name : STR(""));
    service_rating_levels(call->view, 0);
    guide_put(call->view, "agency", r ? r->agency_name : STR(""));
    guide_phone(call->ctx, r ? guide_region_phone(r) : STR(""), view_put_map(call->view, "ring"));
    call->title = STR("自助查询");
}

enum err
web_kiosk(struct web_call *call)
{
    put_kiosk(call);
    return OK;
}

/* A refusal on the page it was typed on. */
static enum err
again(struct web_call *call, enum err e)
{
    if (call->api || !web_is_refusal(e))
        return e;
    web_fail_into_view(call);
    call->template = "kiosk";
    guide_put(call->view, "typed_name", web_typed(call, "name"));
    guide_put(call->view, "typed_id", web_typed(call, "id_number"));
    guide_put(call->view, "typed_code", web_typed(call, "code"));
    go_home_later(call);
    return web_kiosk(call);
}

static enum err
show(struct web_call *call, struct str pdf, struct str file)
{
    if (str_eqz(web_param(call, "print"), "1")) {
        web_download(call, "application/pdf", file, pdf, true);
        return OK;
    }
    go_home_later(call);
    put_kiosk(call);
    return OK;
}

enum err
web_kiosk_person(struct web_call *call)
{
    struct str pdf, id = web_typed(call, "id_number"), name = web_typed(call, "name");
    enum err e = service_kiosk_person(call->ctx, call->server, &call->actor, id, name, call->view, &pdf);
    if (e != OK)
        return again(call, e);
    struct view *v = view_put_map(call->view, "person");
    const struct view *r = view_get(call->view, STR("result"));
    view_put_secret(v, "masked_name", ident_mask_name(call->ctx->arena, view_text(view_get(r, STR("person_name")))));
    view_put_secret(v, "masked_id", ident_mask_id(call->ctx->arena, view_text(view_get(r, STR("id_number")))));
    view_put_money(v, "balance", view_int(view_get(r, STR("balance_fen"))));
    view_put_text(v, "name", name);
    view_put_text(v, "id_number", id);
    return show(call, pdf, STR("个人权益记录.pdf"));
}

enum err
web_kiosk_unit(struct web_call *call)
{
    struct str pdf, code = web_typed(call, "code");
    enum err e = service_kiosk_unit(call->ctx, call->server, &call->actor, code, call->view, &pdf);
    if (e != OK)
        return again(call, e);
    view_put_text(view_put_map(call->view, "unit"), "code", code);
    return show(call, pdf, STR("单位参保信息.pdf"));
}
