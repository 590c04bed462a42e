/* The register of complaints at the desk: the list, one of them, and what is done about it. */
#include "service/guide.h"
#include "service/supervision.h"
#include "web/desk.h"
#include "web/handlers.h"

enum err
web_complaints(struct web_call *call)
{
    struct complaint_filter f = {.closed = str_eqz(web_typed(call, "closed"), "1"),
                                 .mine = str_eqz(web_typed(call, "mine"), "1"),
                                 .after = web_typed(call, "after")};
    TRY(call->ctx, service_complaints(call->ctx, call->server, &call->actor, &f, call->view));
    call->title = STR("投诉举报");
    if (call->api)
        return OK;
    struct str next = view_text(view_get(call->view, STR("next")));
    const char *kept = f.closed ? "&closed=1" : f.mine ? "&mine=1" : "";
    guide_put(call->view, "next_href",
              str_empty(next) ? STR("")
                              : str_fmt(call->ctx->arena, "/desk/complaints?after=%.*s%s", STR_ARG(next), kept));
    view_put_bool(call->view, "empty", view_int(view_get(call->view, STR("count"))) == 0);
    view_put_bool(call->view, "later_page", !str_empty(f.after));
    view_put_bool(call->view, "all", !f.closed && !f.mine);
    desk_put_nav(call, DESK_NAV_COMPLAINTS);
    return OK;
}

/* --- one of them --- */

static enum err
id_of(struct web_call *call, int64_t *ret_id)
{
    if (!str_int(http_param(call->req, "id"), ret_id) || *ret_id < 0)
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这件投诉");
    return OK;
}

static enum err
show(struct web_call *call, int64_t id)
{
    static const char *const names[] = {"owner", "accused", "note", "text", "title", "public_text", "agency", "reason"};
    TRY(call->ctx, service_complaint_get(call->ctx, call->server, &call->actor, id, call->view));
    call->title = STR("投诉举报");
    if (call->api)
        return OK;
    struct view *v = view_put_map(call->view, "typed");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        guide_put(v, names[i], web_typed(call, names[i]));
    view_put_bool(v, "publish", str_eqz(web_typed(call, "publish"), "1"));
    view_put_bool(call->view, "done", str_eqz(http_query(call->req, "done"), "1"));
    desk_put_nav(call, DESK_NAV_COMPLAINTS);
    return OK;
}

enum err
web_desk_complaint(struct web_call *call)
{
    int64_t id;
    TRY(call->ctx, id_of(call, &id));
    view_put_null(call->view, "contact");
    view_put_null(call->view, "acted");
    return show(call, id);
}

typedef enum err (*complaint_use)(struct ctx *, struct server *, const struct actor *, const struct complaint_act *);

static enum err
act(struct web_call *call, const char *form, complaint_use use, struct str text)
{
    struct complaint_act in = {.seq = web_typed(call, "seq"),
                               .owner = web_typed(call, "owner"),
                               .accused = web_typed(call, "accused"),
                               .note = web_typed(call, "note"),
                               .text = text,
                               .agency = web_typed(call, "agency"),
                               .publish = str_eqz(web_typed(call, "publish"), "1"),
                               .title = web_typed(call, "title"),
                               .public_text = web_typed(call, "public_text")};
    TRY(call->ctx, id_of(call, &in.id));
    enum err e = use(call->ctx, call->server, &call->actor, &in);
    if (e == OK) {
        view_put_bool(call->view, "done", true);
        call->redirect = str_fmt(call->ctx->arena, "/desk/complaints/%lld?done=1", (long long)in.id);
        return OK;
    }
    if (call->api || (!web_is_refusal(e) && e != ERR_SEPARATION))
        return e;
    web_fail_into_view(call);
    view_put_null(call->view, "contact");
    view_put_z(call->view, "acted", form);
    return show(call, in.id);
}

enum err
web_complaint_assign(struct web_call *call)
{
    return act(call, "assign", service_complaint_assign, STR(""));
}

enum err
web_complaint_answer(struct web_call *call)
{
    return act(call, "answer", service_complaint_answer, web_typed(call, "text"));
}

enum err
web_complaint_transfer(struct web_call *call)
{
    return act(call, "transfer", service_complaint_transfer, web_typed(call, "reason"));
}

enum err
web_complaint_contact(struct web_call *call)
{
    int64_t id;
    struct str contact;
    TRY(call->ctx, id_of(call, &id));
    enum err e =
        service_complaint_contact(call->ctx, call->server, &call->actor, id, web_typed(call, "look_reason"), &contact);
    if (e == OK) {
        view_put_text(call->view, "contact", contact);
        view_put_null(call->view, "acted");
        return call->api ? OK : show(call, id);
    }
    if (call->api || !web_is_refusal(e))
        return e;
    web_fail_into_view(call);
    view_put_null(call->view, "contact");
    view_put_null(call->view, "acted");
    return show(call, id);
}
