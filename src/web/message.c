/* Messages: beside the applicant's case, in the clerk's inbox, of a case at the desk, and those that did not arrive. */
#include "service/message.h"

#include "service/guide.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/public.h"

/* --- the applicant --- */

enum err
web_case_messages(struct web_call *call)
{
    struct ctx *ctx = call->ctx;
    struct str code = web_access_code(call);
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    http_set(call->res, "Cache-Control", STR("private, no-cache"));
    TRY(ctx, web_tries_check(call));
    enum err e = service_case_open(ctx, call->server, http_param(call->req, "no"), code, cf);
    web_tries_failed(call, e);
    TRY(ctx, e);
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, call->server->store, &tx));
    TRY(ctx, service_case_messages(ctx, call->server, tx, cf, call->view));
    call->region = cf->matter->region;
    view_put_text(call->view, "no", cf->no);
    call->title = STR("消息");
    if (call->api)
        return OK;
    view_put_text(call->view, "matter_name", cf->matter->name);
    view_put_bool(call->view, "no_messages", view_int(view_get(call->view, STR("message_count"))) == 0);
    view_put_text(
        call->view, "case_path",
        str_fmt(ctx->arena, "/c/%.*s/%.*s", STR_ARG(cf->no), STR_ARG(crypto_code_normalise(ctx->arena, code))));
    return OK;
}

/* --- the clerk --- */

static enum err
message_id(struct web_call *call, int64_t *ret_id)
{
    if (!str_int(http_param(call->req, "id"), ret_id) || *ret_id <= 0)
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这条消息");
    return OK;
}

static void
put_pager(struct web_call *call, struct str after, struct str href)
{
    struct str next = view_text(view_get(call->view, STR("next")));
    view_put_bool(call->view, "empty", view_int(view_get(call->view, STR("count"))) == 0);
    view_put_bool(call->view, "later_page", !str_empty(after));
    guide_put(call->view, "first_href", href);
    guide_put(call->view, "next_href",
              str_empty(next) ? STR("")
                              : str_fmt(call->ctx->arena, "%.*s%safter=%.*s", STR_ARG(href),
                                        str_find(href, STR("?")) == SIZE_MAX ? "?" : "&", STR_ARG(next)));
}

enum err
web_inbox(struct web_call *call)
{
    struct str after = web_typed(call, "after");
    TRY(call->ctx, service_staff_inbox(call->ctx, call->server, &call->actor, after, call->view));
    call->title = STR("我的消息");
    if (call->api)
        return OK;
    put_pager(call, after, STR("/desk/inbox"));
    view_put_bool(call->view, "may_watch", (call->actor.roles & DESK_MESSAGE_ROLES) != 0);
    view_put_bool(call->view, "may_open_cases", (call->actor.roles & DESK_CASE_ROLES) != 0);
    desk_put_nav(call, DESK_NAV_INBOX);
    return OK;
}

enum err
web_inbox_seen(struct web_call *call)
{
    int64_t id;
    TRY(call->ctx, message_id(call, &id));
    TRY(call->ctx, service_staff_seen(call->ctx, call->server, &call->actor, id));
    view_put_bool(call->view, "seen", true);
    call->redirect = STR("/desk/inbox");
    return OK;
}

enum err
web_desk_case_messages(struct web_call *call)
{
    TRY(call->ctx,
        service_desk_case_messages(call->ctx, call->server, &call->actor, http_param(call->req, "no"), call->view));
    call->title = STR("办件的消息");
    if (call->api)
        return OK;
    view_put_bool(call->view, "empty", view_int(view_get(call->view, STR("count"))) == 0);
    desk_put_nav(call, DESK_NAV_QUEUE);
    return OK;
}

/* --- what did not arrive --- */

static void
put_states(struct web_call *call)
{
    static const struct {
        const char *id, *name;
    } states[] = {{"failed", "发送失败"}, {"waiting", "待发送"}, {"leased", "发送中"}, {"given_up", "不再发送"}};
    struct str now = view_text(view_get(call->view, STR("state")));
    struct view *list = view_put_list(call->view, "states");
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        struct view *row = view_add_map(list);
        view_put_z(row, "id", states[i].id);
        view_put_z(row, "name", states[i].name);
        view_put_bool(row, "current", str_eqz(now, states[i].id));
    }
}

static enum err
show_list(struct web_call *call, int64_t failed)
{
    struct message_filter f = {.state = web_typed(call, "state"), .after = web_typed(call, "after")};
    TRY(call->ctx, service_messages(call->ctx, call->server, &call->actor, &f, call->view));
    call->title = STR("消息发送");
    if (call->api)
        return OK;
    for (const struct view *x = view_first(view_get(call->view, STR("messages"))); x; x = view_next(x)) {
        struct view *row = (struct view *)(uintptr_t)x;
        int64_t id = view_int(view_get(x, STR("id")));
        bool here = id == failed;
        view_put_text(row, "suffix", here ? STR("") : str_fmt(call->ctx->arena, "-%lld", (long long)id));
        view_put_bool(row, "failed_here", here);
        guide_put(row, "typed_reason", here ? web_typed(call, "reason") : STR(""));
    }
    struct str state = view_text(view_get(call->view, STR("state")));
    put_states(call);
    put_pager(call, f.after, str_fmt(call->ctx->arena, "/desk/messages?state=%.*s", STR_ARG(state)));
    view_put_text(call->view, "done", web_typed(call, "done"));
    view_put_bool(call->view, "may_open_cases", (call->actor.roles & DESK_CASE_ROLES) != 0);
    desk_put_nav(call, DESK_NAV_MESSAGES);
    return OK;
}

enum err
web_messages(struct web_call *call)
{
    return show_list(call, -1);
}

enum err
web_message_again(struct web_call *call)
{
    int64_t id;
    TRY(call->ctx, message_id(call, &id));
    TRY(call->ctx, service_message_again(call->ctx, call->server, &call->actor, id));
    view_put_z(call->view, "state", "waiting");
    call->redirect = STR("/desk/messages?done=again");
    return OK;
}

enum err
web_message_give_up(struct web_call *call)
{
    int64_t id;
    TRY(call->ctx, message_id(call, &id));
    enum err e = service_message_give_up(call->ctx, call->server, &call->actor, id, web_typed(call, "reason"));
    if (e == OK) {
        view_put_z(call->view, "state", "given_up");
        call->redirect = STR("/desk/messages?done=given_up");
        return OK;
    }
    if (call->api || !web_is_refusal(e))
        return e;
    web_fail_into_view(call);
    return show_list(call, id);
}
