/* Bad ratings on the desk: what is open, one's own, appeals; one of them with its buttons. */
#include "base/json.h"
#include "service/guide.h"
#include "service/rating_service.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/public.h"

/* --- the list --- */

static const struct {
    const char *id, *name;
    enum call_back_list which;
} lists[] = {{"mine", "指派给我的", CALL_BACKS_MINE},
             {"open", "全部未结", CALL_BACKS_OPEN},
             {"appeals", "申诉", CALL_BACKS_APPEALED},
             {"closed", "已结案", CALL_BACKS_CLOSED}};
enum { LISTS = sizeof lists / sizeof *lists };

static void
put_lists(struct web_call *call, size_t here)
{
    struct view *list = view_put_list(call->view, "lists");
    for (size_t i = 0; i < LISTS; i++) {
        struct view *row = view_add_map(list);
        view_put_z(row, "name", lists[i].name);
        view_put_text(row, "href", str_fmt(call->ctx->arena, "/desk/ratings?list=%s", lists[i].id));
        view_put_bool(row, "current", i == here);
    }
}

enum err
web_desk_ratings(struct web_call *call)
{
    bool supervisor = actor_has(&call->actor, ROLE_SUPERVISOR);
    struct str list = web_typed(call, "list");
    size_t at = 0;
    if (str_empty(list))
        at = supervisor ? 1 : 0;
    else
        while (at < LISTS && !str_eqz(list, lists[at].id))
            at++;
    if (at == LISTS)
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这个清单");
    struct rating_filter f = {.which = lists[at].which, .after = web_typed(call, "after")};
    TRY(call->ctx, service_ratings(call->ctx, call->server, &call->actor, &f, call->view));
    TRY(call->ctx, service_rating_own(call->ctx, call->server, &call->actor, call->view));
    call->title = STR("差评");
    if (call->api)
        return OK;
    struct str next = view_text(view_get(call->view, STR("next")));
    put_lists(call, at);
    view_put_bool(call->view, "empty", view_int(view_get(call->view, STR("count"))) == 0);
    view_put_bool(call->view, "later_page", !str_empty(f.after));
    view_put_text(call->view, "here", str_fmt(call->ctx->arena, "/desk/ratings?list=%s", lists[at].id));
    guide_put(call->view, "next_href",
              str_empty(next)
                  ? STR("")
                  : str_fmt(call->ctx->arena, "/desk/ratings?list=%s&after=%.*s", lists[at].id, STR_ARG(next)));
    desk_put_nav(call, DESK_NAV_RATINGS);
    return OK;
}

/* --- one --- */

static enum err
rating_id(struct web_call *call, int64_t *ret_id)
{
    if (!str_int(http_param(call->req, "id"), ret_id) || *ret_id <= 0)
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这条评价");
    return OK;
}

static void
put_typed(struct web_call *call, bool failed)
{
    static const char *const names[] = {"note", "rectification", "reply", "evidence", "file_ref", "decision", "reason"};
    static const char *const answers[] = {"clear", "truthful", "reasonable"};
    struct view *v = view_put_map(call->view, "typed");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        guide_put(v, names[i], failed ? web_typed(call, names[i]) : STR(""));
    struct view *list = view_put_list(call->view, "answers");
    static const char *const labels[] = {"情况清楚", "评价属实", "诉求合理"};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct view *row = view_add_map(list);
        view_put_z(row, "name", answers[i]);
        view_put_z(row, "label", labels[i]);
        view_put_bool(row, "yes", failed && str_eqz(web_typed(call, answers[i]), "1"));
        view_put_bool(row, "no", failed && str_eqz(web_typed(call, answers[i]), "0"));
    }
    struct view *grounds = view_put_list(call->view, "grounds");
    for (int i = 0; i < APPEAL_GROUND_COUNT; i++) {
        struct view *row = view_add_map(grounds);
        view_put_z(row, "id", appeal_ground_id((enum appeal_ground)i));
        view_put_z(row, "name", appeal_ground_name((enum appeal_ground)i));
        view_put_bool(row, "chosen",
                      failed && str_eqz(web_typed(call, "ground"), appeal_ground_id((enum appeal_ground)i)));
    }
}

static enum err
show_one(struct web_call *call, int64_t id, bool failed)
{
    TRY(call->ctx, service_rating(call->ctx, call->server, &call->actor, id, call->view));
    call->title = STR("差评办理");
    http_set(call->res, "Cache-Control", STR("private, no-store"));
    if (call->api)
        return OK;
    put_typed(call, failed);
    view_put_int(call->view, "limit_mib", UPLOAD_MIB);
    view_put_bool(call->view, "done", str_eqz(http_query(call->req, "done"), "1"));
    desk_put_nav(call, DESK_NAV_RATINGS);
    return OK;
}

enum err
web_desk_rating(struct web_call *call)
{
    int64_t id;
    TRY(call->ctx, rating_id(call, &id));
    return show_one(call, id, false);
}

/* Yes, no, or nothing said. */
static enum err
answer_of(struct web_call *call, const char *name, int *ret_said)
{
    const struct view *json;
    bool said = false, present = false;
    struct str s = web_typed(call, name);
    TRY(call->ctx, web_json(call, &json));
    *ret_said = str_eqz(s, "1") ? 1 : str_eqz(s, "0") ? 0 : -1;
    if (call->api && json_bool(json, name, &said, &present) && present)
        *ret_said = said;
    return OK;
}

static enum err
press(struct web_call *call, int64_t id, enum call_back_action action)
{
    struct rating_press in = {.action = action,
                              .id = id,
                              .note = web_typed(call, "note"),
                              .rectification = web_typed(call, "rectification"),
                              .reply = web_typed(call, "reply")};
    if (!str_int(web_typed(call, "to"), &in.to_staff))
        in.to_staff = 0;
    TRY(call->ctx, answer_of(call, "clear", &in.clear));
    TRY(call->ctx, answer_of(call, "truthful", &in.truthful));
    TRY(call->ctx, answer_of(call, "reasonable", &in.reasonable));
    return service_rating_act(call->ctx, call->server, &call->actor, &in);
}

static enum err
decide(struct web_call *call, int64_t id)
{
    struct str outcome = web_typed(call, "outcome");
    bool upheld = str_eqz(outcome, appeal_state_id(APPEAL_UPHELD));
    if (!upheld && !str_eqz(outcome, appeal_state_id(APPEAL_REJECTED))) {
        fail_field(call->ctx, STR("outcome"), STR("复核结果"), STR("没有选择"), STR("请选成立或不成立"));
        FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
    }
    return service_rating_decide(call->ctx, call->server, &call->actor, id, upheld, web_typed(call, "decision"));
}

static enum err
appeal(struct web_call *call, int64_t id)
{
    struct rating_appeal in = {.id = id,
                               .ground = web_typed(call, "ground"),
                               .evidence = web_typed(call, "evidence"),
                               .file_ref = web_typed(call, "file_ref")};
    size_t n = http_upload_count(call->req);
    struct upload_given *file = ARENA_ARRAY(call->ctx->arena, n + 1, struct upload_given);
    for (; in.files < n; in.files++) {
        const struct http_upload *u = http_upload_at(call->req, in.files);
        if (u->too_large) {
            fail_field(call->ctx, STR("file"), STR("证据文件"),
                       str_fmt(call->ctx->arena, "“%.*s”超过 %d MB", STR_ARG(u->filename), UPLOAD_MIB),
                       STR("请压缩后重新选择；申诉还没有提交"));
            FAIL(call->ctx, ERR_TOO_LARGE, "%s", "");
        }
        file[in.files] = (struct upload_given){u->filename, u->tmp_path, u->sm3, u->size};
    }
    in.file = file;
    return service_rating_appeal(call->ctx, call->server, &call->actor, &in);
}

static enum err
contact(struct web_call *call, int64_t id)
{
    struct str name, phone;
    TRY(call->ctx,
        service_rating_contact(call->ctx, call->server, &call->actor, id, web_typed(call, "reason"), &name, &phone));
    struct view *v = view_put_map(call->view, "contact");
    view_put_text(v, "name", name);
    view_put_text(v, "phone", phone);
    return OK;
}

static enum err
act(struct web_call *call, int64_t id, struct str action, bool *ret_stay)
{
    *ret_stay = str_eqz(action, "contact");
    if (*ret_stay)
        return contact(call, id);
    if (str_eqz(action, "assign"))
        return press(call, id, CALL_BACK_ASSIGN);
    if (str_eqz(action, "call"))
        return press(call, id, CALL_BACK_CALL);
    if (str_eqz(action, "close"))
        return press(call, id, CALL_BACK_CLOSE);
    if (str_eqz(action, "appeal"))
        return appeal(call, id);
    if (str_eqz(action, "decide"))
        return decide(call, id);
    FAIL(call->ctx, ERR_NOT_FOUND, "没有这个操作");
}

/* What a form may show in itself; the page is then the same with everything typed. */
static bool
in_page(enum err e)
{
    return web_is_refusal(e) || e == ERR_SEPARATION || e == ERR_CASE_ROLE || e == ERR_CONFLICT;
}

static enum err
do_action(struct web_call *call, struct str action)
{
    int64_t id;
    bool stay;
    TRY(call->ctx, rating_id(call, &id));
    enum err e = act(call, id, action, &stay);
    if (e == OK && stay)
        return call->api ? OK : show_one(call, id, false);
    if (e == OK) {
        call->redirect = str_fmt(call->ctx->arena, "/desk/ratings/%lld?done=1", (long long)id);
        return call->api ? show_one(call, id, false) : OK;
    }
    if (call->api || !in_page(e))
        return e;
    web_fail_into_view(call);
    return show_one(call, id, true);
}

enum err
web_desk_rating_act(struct web_call *call)
{
    return do_action(call, http_param(call->req, "action"));
}

/* The same with files: a route of its own, since it alone takes them. */
enum err
web_desk_rating_appeal(struct web_call *call)
{
    return do_action(call, STR("appeal"));
}

enum err
web_desk_rating_file(struct web_call *call)
{
    int64_t id, file;
    struct upload u;
    TRY(call->ctx, rating_id(call, &id));
    if (!str_int(http_param(call->req, "file"), &file))
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这个文件");
    TRY(call->ctx, service_rating_file(call->ctx, call->server, &call->actor, id, file, &u));
    web_show_upload(call, &u);
    return OK;
}
