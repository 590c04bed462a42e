/* Complaints from the public: the form, the receipt and answer, what has been published (R8). The same form at the desk takes down what is
** said on the supervision phone. */
#include "service/guide.h"
#include "service/supervision.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/public.h"

static void
put_typed(struct web_call *call, const struct region *r)
{
    static const char *const names[] = {"text", "target", "contact", "case_no", "received"};
    service_complaint_form(call->ctx, r, web_typed(call, "kind"), web_typed(call, "source"), web_typed(call, "matter"),
                           call->view);
    struct view *v = view_put_map(call->view, "typed");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        guide_put(v, names[i], web_typed(call, names[i]));
}

static struct complaint_entry
entry_of(struct web_call *call, const struct region *r)
{
    struct str key = http_header(call->req, "Idempotency-Key");
    return (struct complaint_entry){.region = r,
                                    .kind = web_typed(call, "kind"),
                                    .text = web_typed(call, "text"),
                                    .target = web_typed(call, "target"),
                                    .contact = web_typed(call, "contact"),
                                    .matter = web_typed(call, "matter"),
                                    .case_no = web_typed(call, "case_no"),
                                    .source = web_typed(call, "source"),
                                    .received = web_typed(call, "received"),
                                    .idempotency = key.p ? str_trim(key) : web_typed(call, "idem")};
}

/* --- the public's form --- */

static enum err
show_form(struct web_call *call)
{
    guide_region(call->ctx, call->region, view_put_map(call->view, "region"));
    put_typed(call, call->region);
    call->title = STR("投诉举报");
    return OK;
}

enum err
web_complaint_form(struct web_call *call)
{
    return show_form(call);
}

static enum err
send(struct web_call *call)
{
    struct str no, code;
    struct complaint_entry in = entry_of(call, call->region);
    TRY(call->ctx, web_budget_check(call, BUDGET_COMPLAINT));
    TRY(call->ctx, service_complaint_send(call->ctx, call->server, &in, &no, &code));
    web_budget_spend(call, BUDGET_COMPLAINT);
    struct str path = str_fmt(call->ctx->arena, "/r/%.*s/complaint/%.*s/%.*s", STR_ARG(call->region->code), STR_ARG(no),
                              STR_ARG(code));
    view_put_text(call->view, "no", no);
    view_put_text(call->view, "code", code);
    view_put_text(call->view, "path", path);
    call->redirect = str_concat(call->ctx->arena, path, STR("?new=1"));
    call->status = 201;
    return OK;
}

enum err
web_complaint_send(struct web_call *call)
{
    enum err e = send(call);
    if (e == OK || call->api || (!web_is_refusal(e) && e != ERR_LOCKED))
        return e;
    web_fail_into_view(call);
    return show_form(call);
}

enum err
web_complaint(struct web_call *call)
{
    struct str code = web_access_code(call);
    http_set(call->res, "Cache-Control", STR("private, no-cache"));
    TRY(call->ctx, web_tries_check(call));
    enum err e =
        service_complaint_view(call->ctx, call->server, call->region, http_param(call->req, "no"), code, call->view);
    web_tries_failed(call, e);
    TRY(call->ctx, e);
    view_put_bool(call->view, "new", str_eqz(http_query(call->req, "new"), "1"));
    if (!call->api)
        view_put_text(call->view, "code", crypto_code_normalise(call->ctx->arena, code));
    call->title = STR("投诉举报的答复");
    return OK;
}

enum err
web_complaint_answers(struct web_call *call)
{
    struct str after = web_typed(call, "after");
    guide_region(call->ctx, call->region, view_put_map(call->view, "region"));
    TRY(call->ctx, service_complaint_answers(call->ctx, call->server, call->region, after, call->view));
    view_put_bool(call->view, "empty", view_count(view_get(call->view, STR("answers"))) == 0);
    call->title = STR("投诉举报公开答复");
    return OK;
}

/* --- the supervision phone --- */

static enum err
show_call(struct web_call *call)
{
    const struct region *r = catalog_region(call->world, call->actor.region);
    if (!r)
        FAIL(call->ctx, ERR_NOT_FOUND, "目录里没有您所在的统筹区");
    put_typed(call, r);
    call->title = STR("登记来电");
    if (!call->api)
        desk_put_nav(call, DESK_NAV_COMPLAINTS);
    return OK;
}

enum err
web_call_form(struct web_call *call)
{
    view_put_null(call->view, "made");
    return show_call(call);
}

static enum err
take_down(struct web_call *call)
{
    struct str no, code;
    const struct region *r = catalog_region(call->world, call->actor.region);
    if (!r)
        FAIL(call->ctx, ERR_NOT_FOUND, "目录里没有您所在的统筹区");
    struct complaint_entry in = entry_of(call, r);
    in.taken_by = &call->actor;
    TRY(call->ctx, service_complaint_send(call->ctx, call->server, &in, &no, &code));
    struct view *v = call->api ? call->view : view_put_map(call->view, "made");
    view_put_text(v, "no", no);
    view_put_text(v, "code", code);
    call->status = 201;
    return OK;
}

enum err
web_call_take(struct web_call *call)
{
    enum err e = take_down(call);
    if (call->api)
        return e;
    if (e == OK) { /* the code is read out to the caller now and shown once: no address carries it */
        const struct region *r = catalog_region(call->world, call->actor.region);
        service_complaint_form(call->ctx, r, STR(""), STR(""), STR(""), call->view);
        view_put_map(call->view, "typed");
        call->title = STR("登记来电");
        desk_put_nav(call, DESK_NAV_COMPLAINTS);
        return OK;
    }
    if (!web_is_refusal(e))
        return e;
    web_fail_into_view(call);
    view_put_null(call->view, "made");
    return show_call(call);
}
