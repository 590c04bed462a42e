/* The supervisor's page of verdicts that the guide leaves to others: the lot, what was drawn, what the agency found (R179). */
#include "service/verdict.h"

#include "service/guide.h"
#include "web/desk.h"
#include "web/handlers.h"

/* The form that failed keeps the plain ids, to which the summary of errors leads, and what was typed. */
static void
put_typed(struct web_call *call, int64_t failed)
{
    const struct view *rows = view_get(call->view, STR("drawn"));
    for (const struct view *x = view_first(rows); x; x = view_next(x)) {
        struct view *row = (struct view *)(uintptr_t)x;
        int64_t id = view_int(view_get(x, STR("id")));
        bool here = id == failed;
        view_put_text(row, "suffix", here ? STR("") : str_fmt(call->ctx->arena, "-%lld", (long long)id));
        view_put_bool(row, "failed_here", here);
        view_put_bool(row, "chose_agreed", here && str_eqz(web_typed(call, "outcome"), "agreed"));
        view_put_bool(row, "chose_disagreed", here && str_eqz(web_typed(call, "outcome"), "disagreed"));
        guide_put(row, "typed_opinion", here ? web_typed(call, "opinion") : STR(""));
    }
    guide_put(call->view, "typed_count", web_typed(call, "count"));
}

static enum err
show(struct web_call *call, int64_t failed)
{
    TRY(call->ctx, service_verdicts(call->ctx, call->server, &call->actor, call->view));
    call->title = STR("认定抽查");
    if (call->api)
        return OK;
    put_typed(call, failed);
    view_put_bool(call->view, "no_rules", view_count(view_get(call->view, STR("rules"))) == 0);
    view_put_bool(call->view, "no_drawn", view_count(view_get(call->view, STR("drawn"))) == 0);
    view_put_bool(call->view, "no_disagreed", view_count(view_get(call->view, STR("disagreed"))) == 0);
    view_put_bool(call->view, "no_agreed", view_count(view_get(call->view, STR("agreed"))) == 0);
    view_put_bool(call->view, "done", !str_empty(http_query(call->req, "done")));
    desk_put_nav(call, DESK_NAV_SUPERVISION);
    return OK;
}

enum err
web_verdicts(struct web_call *call)
{
    return show(call, -1);
}

static enum err
after_step(struct web_call *call, enum err e, int64_t id)
{
    if (e == OK) {
        view_put_bool(call->view, "done", true);
        call->redirect = STR("/desk/verdicts?done=1");
        return OK;
    }
    if (call->api || (!web_is_refusal(e) && e != ERR_SEPARATION))
        return e;
    web_fail_into_view(call);
    return show(call, id);
}

enum err
web_verdict_draw(struct web_call *call)
{
    int64_t drawn = 0;
    enum err e = service_verdict_draw(call->ctx, call->server, &call->actor, web_typed(call, "count"), &drawn);
    if (e == OK && call->api)
        view_put_int(call->view, "drawn", drawn);
    return after_step(call, e, -1);
}

enum err
web_verdict_check(struct web_call *call)
{
    struct verdict_do in = {.outcome = web_typed(call, "outcome"), .opinion = web_typed(call, "opinion")};
    if (!str_int(http_param(call->req, "id"), &in.id) || in.id < 0)
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这件认定");
    return after_step(call, service_verdict_check(call->ctx, call->server, &call->actor, &in), in.id);
}
