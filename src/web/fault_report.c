/* Reporting a guide's fault (R287): the form on the matter's page, the answer's page, the keeper's list. */
#include "service/fault_report.h"

#include "service/guide.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/public.h"

/* --- the form --- */

static enum err
show_form(struct web_call *call, const struct matter *m)
{
    guide_region(call->ctx, call->region, view_put_map(call->view, "region"));
    guide_matter_line(m, view_put_map(call->view, "matter"));
    service_fault_parts(call->view, web_typed(call, "part"));
    guide_put(call->view, "text", web_typed(call, "text"));
    guide_put(call->view, "contact", web_typed(call, "contact"));
    view_put_int(call->view, "text_max", FAULT_TEXT_MAX);
    view_put_int(call->view, "workdays", FAULT_WORKDAYS);
    view_put_null(call->view, "fault");
    call->title = str_concat(call->ctx->arena, STR("报告指南错误 · "), m->name);
    return OK;
}

enum err
web_fault_form(struct web_call *call)
{
    const struct matter *m;
    TRY(call->ctx, web_matter(call, &m));
    return show_form(call, m);
}

static enum err
report(struct web_call *call, const struct matter *m)
{
    struct str no, code, key = http_header(call->req, "Idempotency-Key");
    struct fault_report in = {.matter = m,
                              .part = web_typed(call, "part"),
                              .text = web_typed(call, "text"),
                              .contact = web_typed(call, "contact"),
                              .idempotency = key.p ? str_trim(key) : web_typed(call, "idem")};
    TRY(call->ctx, web_budget_check(call, BUDGET_FAULT));
    TRY(call->ctx, service_fault_report(call->ctx, call->server, &in, &no, &code));
    web_budget_spend(call, BUDGET_FAULT);
    struct str path =
        str_fmt(call->ctx->arena, "/r/%.*s/fault/%.*s/%.*s", STR_ARG(m->region->code), STR_ARG(no), STR_ARG(code));
    view_put_text(call->view, "no", no);
    view_put_text(call->view, "code", code);
    view_put_text(call->view, "path", path);
    call->redirect = str_concat(call->ctx->arena, path, STR("?new=1"));
    call->status = 201;
    return OK;
}

enum err
web_fault_report(struct web_call *call)
{
    const struct matter *m;
    TRY(call->ctx, web_matter(call, &m));
    enum err e = report(call, m);
    if (e == OK || call->api || (!web_is_refusal(e) && e != ERR_LOCKED))
        return e;
    web_fail_into_view(call);
    return show_form(call, m);
}

/* --- the answer --- */

enum err
web_fault(struct web_call *call)
{
    struct str code = web_access_code(call);
    http_set(call->res, "Cache-Control", STR("private, no-cache"));
    TRY(call->ctx, web_tries_check(call));
    enum err e =
        service_fault_view(call->ctx, call->server, call->region, http_param(call->req, "no"), code, call->view);
    web_tries_failed(call, e);
    TRY(call->ctx, e);
    view_put_bool(call->view, "new", str_eqz(http_query(call->req, "new"), "1"));
    view_put_int(call->view, "workdays", FAULT_WORKDAYS);
    if (!call->api)
        view_put_text(call->view, "code", crypto_code_normalise(call->ctx->arena, code));
    call->title = STR("指南错误报告");
    return OK;
}

enum err
web_corrections(struct web_call *call)
{
    const struct matter *m;
    TRY(call->ctx, web_matter(call, &m));
    service_corrections(call->ctx, call->server, m, call->view);
    return OK;
}

/* --- the keeper's list --- */

static struct view *
row_of(struct web_call *call, int64_t id)
{
    const struct view *list = view_get(call->view, STR("faults"));
    for (const struct view *x = list ? view_first(list) : NULL; x; x = view_next(x))
        if (view_int(view_get(x, STR("id"))) == id)
            return (struct view *)(uintptr_t)x;
    return NULL;
}

/* Ids of the fields of every form on the page; what failed has the plain ones, to which the summary of errors leads. */
static void
put_ids(struct web_call *call, int64_t failed)
{
    const struct view *list = view_get(call->view, STR("faults"));
    for (const struct view *x = view_first(list); x; x = view_next(x)) {
        struct view *row = (struct view *)(uintptr_t)x;
        int64_t id = view_int(view_get(x, STR("id")));
        bool here = id == failed;
        view_put_text(row, "suffix", here ? STR("") : str_fmt(call->ctx->arena, "-%lld", (long long)id));
        view_put_bool(row, "failed_here", here);
        view_put_bool(row, "chose_revised", here && str_eqz(web_typed(call, "outcome"), "revised"));
        view_put_bool(row, "chose_kept", here && str_eqz(web_typed(call, "outcome"), "kept"));
        guide_put(row, "typed_text", here ? web_typed(call, "text") : STR(""));
        guide_put(row, "typed_version", here ? web_typed(call, "version") : STR(""));
    }
}

static enum err
show_list(struct web_call *call, int64_t failed, int64_t revealed, struct str contact)
{
    struct fault_filter f = {.answered = str_eqz(web_typed(call, "answered"), "1"), .after = web_typed(call, "after")};
    TRY(call->ctx, service_faults(call->ctx, call->server, &call->actor, &f, call->view));
    struct view *row = row_of(call, revealed);
    if (row)
        view_put_text(row, "contact", contact);
    call->title = STR("指南报错");
    if (call->api)
        return OK;
    put_ids(call, failed);
    bool keeper = actor_has(&call->actor, ROLE_KEEPER);
    struct str next = view_text(view_get(call->view, STR("next")));
    view_put_bool(call->view, "may_reply", keeper);
    view_put_bool(call->view, "empty", view_int(view_get(call->view, STR("count"))) == 0);
    view_put_bool(call->view, "later_page", !str_empty(f.after));
    guide_put(call->view, "after", f.after);
    guide_put(call->view, "next_href",
              str_empty(next) ? STR("")
                              : str_fmt(call->ctx->arena, "/desk/faults?after=%.*s%s", STR_ARG(next),
                                        f.answered ? "&answered=1" : ""));
    view_put_text(call->view, "region_code", call->actor.region);
    view_put_bool(call->view, "replied", str_eqz(http_query(call->req, "done"), "1"));
    desk_put_nav(call, DESK_NAV_FAULTS);
    return OK;
}

enum err
web_faults(struct web_call *call)
{
    return show_list(call, -1, -1, STR(""));
}

static enum err
fault_id(struct web_call *call, int64_t *ret_id)
{
    if (!str_int(http_param(call->req, "id"), ret_id) || *ret_id < 0)
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这份指南错误报告");
    return OK;
}

enum err
web_fault_reply(struct web_call *call)
{
    struct fault_reply in = {
        .outcome = web_typed(call, "outcome"), .text = web_typed(call, "text"), .version = web_typed(call, "version")};
    TRY(call->ctx, fault_id(call, &in.id));
    enum err e = service_fault_reply(call->ctx, call->server, &call->actor, &in);
    if (e == OK) {
        view_put_bool(call->view, "replied", true);
        call->redirect = STR("/desk/faults?done=1");
        return OK;
    }
    if (call->api || !web_is_refusal(e))
        return e;
    web_fail_into_view(call);
    return show_list(call, in.id, -1, STR(""));
}

enum err
web_fault_contact(struct web_call *call)
{
    int64_t id;
    struct str contact;
    TRY(call->ctx, fault_id(call, &id));
    enum err e = service_fault_contact(call->ctx, call->server, &call->actor, id, web_typed(call, "reason"), &contact);
    if (e == OK && call->api) {
        view_put_text(call->view, "contact", contact);
        return OK;
    }
    if (e == OK)
        return show_list(call, -1, id, contact);
    if (call->api || !web_is_refusal(e))
        return e;
    web_fail_into_view(call);
    return show_list(call, id, -1, STR(""));
}
