/* Commitments on the desk: checks that are due, breaches, the register; and the subject's own page of a breach. */
#include "service/commitment.h"

#include "service/guide.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/public.h"

/* Refusals that the list can show; that a second person is needed, too. */
static bool
shows(struct web_call *call, enum err e)
{
    return !call->api && (web_is_refusal(e) || e == ERR_SEPARATION || e == ERR_CONFLICT);
}

/* The form that failed keeps the plain ids, to which the summary of errors leads, and what was typed. */
static void
put_typed(struct web_call *call, const char *list, int64_t failed)
{
    const struct view *rows = view_get(call->view, str_c(list));
    for (const struct view *x = rows ? view_first(rows) : NULL; x; x = view_next(x)) {
        struct view *row = (struct view *)(uintptr_t)x;
        int64_t id = view_int(view_get(x, STR("id")));
        bool here = id == failed;
        view_put_text(row, "suffix", here ? STR("") : str_fmt(call->ctx->arena, "-%lld", (long long)id));
        view_put_bool(row, "failed_here", here);
        view_put_bool(row, "chose_true", here && str_eqz(web_typed(call, "outcome"), "true"));
        view_put_bool(row, "chose_false", here && str_eqz(web_typed(call, "outcome"), "false"));
        view_put_bool(row, "chose_upheld", here && str_eqz(web_typed(call, "outcome"), "upheld"));
        view_put_bool(row, "chose_refused", here && str_eqz(web_typed(call, "outcome"), "refused"));
        guide_put(row, "typed_evidence", here ? web_typed(call, "evidence") : STR(""));
        guide_put(row, "typed_text", here ? web_typed(call, "text") : STR(""));
        guide_put(row, "typed_way", here ? web_typed(call, "way") : STR(""));
        guide_put(row, "typed_day", here ? web_typed(call, "day") : STR(""));
    }
}

static enum err
show(struct web_call *call, int64_t failed)
{
    struct commitment_filter f = {.closed = str_eqz(http_query(call->req, "closed"), "1")};
    struct str done = http_query(call->req, "done");
    TRY(call->ctx, service_commitments(call->ctx, call->server, &call->actor, &f, call->view));
    call->title = STR("告知承诺");
    if (call->api)
        return OK;
    put_typed(call, "checks", failed);
    put_typed(call, "breaches", failed);
    view_put_bool(call->view, "no_checks", view_count(view_get(call->view, STR("checks"))) == 0);
    view_put_bool(call->view, "no_breaches", view_count(view_get(call->view, STR("breaches"))) == 0);
    view_put_bool(call->view, "done", !str_empty(done));
    guide_put(call->view, "done_breach", str_starts(done, STR("WN")) ? done : STR(""));
    desk_put_nav(call, DESK_NAV_COMMITMENTS);
    return OK;
}

enum err
web_commitments(struct web_call *call)
{
    return show(call, -1);
}

enum err
web_commitment_register(struct web_call *call)
{
    struct commitment_filter f = {.all = true, .after = web_typed(call, "after")};
    TRY(call->ctx, service_commitments(call->ctx, call->server, &call->actor, &f, call->view));
    call->title = STR("承诺登记簿");
    if (call->api)
        return OK;
    view_put_bool(call->view, "empty", view_count(view_get(call->view, STR("commitments"))) == 0);
    desk_put_nav(call, DESK_NAV_COMMITMENTS);
    return OK;
}

static enum err
path_id(struct web_call *call, int64_t *ret_id)
{
    if (!str_int(http_param(call->req, "id"), ret_id) || *ret_id < 0)
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这一件");
    return OK;
}

static enum err
after_step(struct web_call *call, enum err e, int64_t id, struct str done)
{
    if (e == OK) {
        view_put_bool(call->view, "done", true);
        call->redirect = str_fmt(call->ctx->arena, "/desk/commitments?done=%.*s", STR_ARG(done));
        return OK;
    }
    if (!shows(call, e))
        return e;
    web_fail_into_view(call);
    return show(call, id);
}

enum err
web_commitment_check(struct web_call *call)
{
    struct check_do in = {.outcome = web_typed(call, "outcome"), .evidence = web_typed(call, "evidence")};
    struct str breach = STR("");
    TRY(call->ctx, path_id(call, &in.id));
    enum err e = service_check_do(call->ctx, call->server, &call->actor, &in, &breach);
    if (e == OK && call->api)
        guide_put(call->view, "breach", breach);
    return after_step(call, e, in.id, str_empty(breach) ? STR("1") : breach);
}

enum err
web_breach_act(struct web_call *call)
{
    struct breach_do in = {.action = http_param(call->req, "action"),
                           .text = web_typed(call, "text"),
                           .way = web_typed(call, "way"),
                           .day = web_typed(call, "day"),
                           .outcome = web_typed(call, "outcome")};
    TRY(call->ctx, path_id(call, &in.id));
    return after_step(call, service_breach_do(call->ctx, call->server, &call->actor, &in), in.id, STR("1"));
}

/* --- the subject --- */

static enum err
show_breach(struct web_call *call)
{
    http_set(call->res, "Cache-Control", STR("private, no-cache"));
    enum err e = service_breach_view(call->ctx, call->server, call->region, http_param(call->req, "no"),
                                     web_access_code(call), call->view);
    web_tries_failed(call, e);
    TRY(call->ctx, e);
    call->title = STR("违诺认定");
    if (call->api)
        return OK;
    view_put_text(call->view, "code", web_access_code(call));
    view_put_text(call->view, "region_code", call->region->code);
    view_put_int(call->view, "text_max", COMMITMENT_TEXT_MAX);
    guide_put(call->view, "typed_text", web_typed(call, "text"));
    view_put_bool(call->view, "sent", str_eqz(http_query(call->req, "sent"), "1"));
    return OK;
}

enum err
web_breach(struct web_call *call)
{
    TRY(call->ctx, web_tries_check(call));
    return show_breach(call);
}

enum err
web_breach_object(struct web_call *call)
{
    struct str no = http_param(call->req, "no");
    TRY(call->ctx, web_tries_check(call));
    enum err e = service_breach_object(call->ctx, call->server, call->region, no, web_access_code(call),
                                       web_typed(call, "text"));
    web_tries_failed(call, e);
    if (e == OK) {
        view_put_bool(call->view, "sent", true);
        call->redirect = str_fmt(call->ctx->arena, "/r/%.*s/breach/%.*s/%.*s?sent=1", STR_ARG(call->region->code),
                                 STR_ARG(no), STR_ARG(web_access_code(call)));
        return OK;
    }
    if (!shows(call, e))
        return e;
    web_fail_into_view(call);
    return show_breach(call);
}
