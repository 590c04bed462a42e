/* A case on the desk: what was claimed, what proves it, the one decision that is due; one POST per press of a button.
 */
#include "web/desk_case.h"

#include "service/service.h"

#include "base/json.h"
#include "service/guide.h"
#include "service/world.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/public.h"
#include "web/web_int.h"

enum { LIST_LINES_MAX = 50 };

/* What came with a press of a button. */
struct press {
    struct case_material *material; /* only what differs from what is stored */
    size_t material_count;
    struct str reason, delivery, list, to;
    const struct view *record; /* what was typed for the stage */
    bool finish, aside;        /* aside: refuse, hand over, withdraw */
};

/* --- reading a view --- */

static struct str
text_at(const struct view *map, const char *key)
{
    const struct view *v = map ? view_get(map, str_c(key)) : NULL;
    return v ? view_text(v) : STR("");
}

static bool
flag_at(const struct view *map, const char *key)
{
    const struct view *v = map ? view_get(map, str_c(key)) : NULL;
    return v && view_int(v) != 0;
}

/* The handler's own view once more, to be written on. */
static struct view *
writable(const struct view *v)
{
    return (struct view *)(uintptr_t)v;
}

static struct view *
case_of(struct web_call *call)
{
    return writable(view_get(call->view, STR("case")));
}

static enum err
case_matter(struct web_call *call, const struct view *c, const struct matter **ret_m)
{
    const struct region *r = server_region_of(call->server, call->actor.region, text_at(c, "version"));
    if (!r)
        FAIL(call->ctx, ERR_INTEGRITY, "办件所依据的目录版本没有载入");
    return catalog_matter(call->ctx, r, text_at(c, "matter_id"), ret_m);
}

/* --- delivery --- */

static size_t
delivery_ways(const struct matter *m, struct str way[8])
{
    size_t n = 0;
    for (size_t i = 0; i < m->delivery_count && n < 6; i++)
        way[n++] = m->delivery[i];
    if (n == 0) {
        way[n++] = STR("窗口领取");
        way[n++] = STR("电子证照下载");
    }
    bool express = !str_empty(m->express_text);
    for (size_t i = 0; i < n; i++)
        express = express && !str_eqz(way[i], "快递");
    if (express)
        way[n++] = STR("快递");
    return n;
}

void
desk_put_delivery(struct view *map, const struct matter *m, struct str chosen)
{
    struct str way[8];
    size_t n = delivery_ways(m, way);
    struct view *list = view_put_list(map, "deliveries");
    for (size_t i = 0; i < n; i++) {
        struct view *row = view_add_map(list);
        view_put_text(row, "name", way[i]);
        view_put_bool(row, "selected", str_eq(way[i], chosen));
    }
}

bool
desk_delivers(const struct matter *m, struct str way)
{
    struct str ways[8];
    size_t n = delivery_ways(m, ways);
    for (size_t i = 0; i < n; i++)
        if (str_eq(ways[i], way))
            return true;
    return str_eqz(way, "窗口领取"); /* who stands at the window can always be handed the paper */
}

/* --- the page around the case --- */

/* Shared is offered where a look-up of this case has found it (R60). */
static bool
found_shared(const struct view *c, struct str key)
{
    const struct view *sharing = view_get(c, STR("sharing")),
                      *list = sharing ? view_get(sharing, STR("materials")) : NULL;
    for (const struct view *m = list ? view_first(list) : NULL; m; m = view_next(m))
        if (str_eq(text_at(m, "key"), key))
            return flag_at(m, "found");
    return false;
}

static void
put_state_options(struct view *row, bool tolerates, bool found, bool closed)
{
    static const struct {
        const char *id, *name;
    } states[] = {{"absent", "未提交"},      {"checked", "已核对"},  {"rejected", "不符合要求"}, {"tolerated", "容缺"},
                  {"committed", "承诺代替"}, {"shared", "数据共享"}, {"given", "待核对"}};
    struct str now = text_at(row, "state");
    struct view *list = view_put_list(row, "options");
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        bool current = str_eqz(now, states[i].id);
        bool offered =
            i < 3 || (i == 3 && tolerates) || (i == 4 && flag_at(row, "committable") && !closed) || (i == 5 && found);
        if (!offered && !current)
            continue;
        struct view *o = view_add_map(list);
        view_put_z(o, "value", states[i].id);
        view_put_z(o, "name", states[i].name);
        view_put_bool(o, "selected", current);
    }
}

static bool
is_ticked(const struct view *c, struct str key)
{
    for (const struct view *t = view_first(view_get(c, STR("ticks"))); t; t = view_next(t))
        if (str_eq(text_at(t, "key"), key))
            return true;
    return false;
}

/* Each file beside the material it proves; the rest under other_files. */
static void
put_files(struct web_call *call, struct view *c)
{
    struct view *other = view_put_list(c, "other_files");
    for (const struct view *u = view_first(view_get(c, STR("uploads"))); u; u = view_next(u))
        if (!is_ticked(c, text_at(u, "material")))
            view_add(other, view_copy(call->ctx->arena, u));
    view_put_bool(c, "has_other_files", view_count(other) > 0);
}

static void
dress_ticks(struct web_call *call, struct view *c)
{
    struct str group = STR("");
    const struct view *commitment = view_get(c, STR("commitment"));
    bool tolerates = flag_at(c, "tolerates"), closed = commitment && flag_at(commitment, "closed");
    size_t n = 0;
    for (const struct view *t = view_first(view_get(c, STR("ticks"))); t; t = view_next(t), n++) {
        struct view *row = writable(t);
        struct str here = text_at(row, "group");
        guide_put(row, "heading", str_eq(here, group) ? STR("") : here);
        view_put_bool(row, "grouped", !str_empty(here));
        group = here;
        put_state_options(row, tolerates, found_shared(c, text_at(row, "key")), closed);
        struct view *files = view_put_list(row, "files");
        for (const struct view *u = view_first(view_get(c, STR("uploads"))); u; u = view_next(u))
            if (str_eq(text_at(u, "material"), text_at(row, "key")))
                view_add(files, view_copy(call->ctx->arena, u));
        view_put_bool(row, "has_files", view_count(files) > 0);
    }
    view_put_bool(c, "no_ticks", n == 0);
    put_files(call, c);
}

/* Who may take a case over: an active colleague whose work cases are (R24). */
enum err
desk_colleagues(struct web_call *call, struct str chosen, struct view *ret_list, bool *ret_found)
{
    struct view *v;
    *ret_found = false;
    TRY(call->ctx, service_staff_list(call->ctx, call->server, call->actor.region, &v));
    for (const struct view *p = view_first(view_get(v, STR("staff"))); p; p = view_next(p)) {
        int64_t id = view_int(view_get(p, STR("id")));
        struct str words = text_at(p, "roles"), word;
        unsigned roles = 0;
        enum role r;
        while (str_split(&words, ' ', &word))
            if (role_parse(word, &r))
                roles |= 1u << r;
        if (!(roles & DESK_CASE_ROLES) || id == call->actor.id || !str_eqz(text_at(p, "status"), "active"))
            continue;
        struct str text = str_fmt(call->ctx->arena, "%lld", (long long)id);
        *ret_found = *ret_found || str_eq(text, chosen);
        if (!ret_list)
            continue;
        struct view *row = view_add_map(ret_list);
        view_put_text(row, "id", text);
        view_put_text(row, "name", text_at(p, "name"));
        view_put_text(row, "login", text_at(p, "login"));
        view_put_bool(row, "selected", str_eq(text, chosen));
    }
    return OK;
}

static struct str
result_paper(const struct matter *m)
{
    bool query = m->effect == EFFECT_UNIT_QUERY || m->effect == EFFECT_PERSON_QUERY;
    return service_paper_title(m, m->by_unit,
                               m->effect == EFFECT_CERTIFICATE ? PAPER_CERTIFICATE
                               : query                         ? PAPER_QUERY
                                                               : PAPER_RESULT);
}

/* What follows the acceptance on this case's way, in the guide's order. */
static struct str
stages_after_acceptance(struct ctx *ctx, const struct view *c)
{
    struct buf b;
    bool after = false;
    buf_init(&b, ctx->arena, 64);
    for (const struct view *s = view_first(view_get(c, STR("stages"))); s; s = view_next(s)) {
        struct str name = text_at(s, "name");
        if (after && !str_eqz(name, stage_name(STAGE_DELIVER)))
            buf_fmt(&b, "%s%.*s", b.n ? "、" : "", STR_ARG(name));
        after = after || str_eqz(name, stage_name(STAGE_ACCEPT));
    }
    return buf_str(&b);
}

static bool
will_deliver(const struct view *c, const struct matter *m)
{
    for (size_t i = 0; i < m->stage_count; i++)
        if (m->stage[i].kind == STAGE_DELIVER)
            return true;
    return !str_empty(text_at(c, "delivery"));
}

/* What else may be done, where its reason is written, and what comes after a stage that is passed. */
static void
put_due_words(struct view *d, const struct view *c, const struct matter *m, const char *step)
{
    const struct view *can = view_get(c, STR("can"));
    bool more = flag_at(can, "refuse") || flag_at(can, "return") || flag_at(can, "pause") || flag_at(can, "resume") ||
                flag_at(can, "hand_over") || flag_at(can, "withdraw");
    bool above = str_eqz(str_c(step), "accept") || str_eqz(str_c(step), "pass") || str_eqz(str_c(step), "deliver");
    struct str next = STR("");
    bool approves = false, current = false;
    for (size_t i = 0; i < m->stage_count; i++)
        approves = approves || m->stage[i].kind == STAGE_APPROVE;
    for (const struct view *s = view_first(view_get(c, STR("stages"))); s; s = view_next(s)) {
        if (current)
            next = text_at(s, "name");
        current = flag_at(s, "current");
    }
    view_put_bool(d, "any_more", more);
    view_put_bool(d, "reason_above", above);
    view_put_bool(d, "reason_below", more && !above);
    view_put_bool(d, "approves", approves);
    guide_put(d, "next", next);
}

/* The one step that is due, whether it is this clerk's, and what pressing it causes. */
static void
put_due(struct web_call *call, const struct view *c, const struct matter *m)
{
    struct view *d = view_put_map(call->view, "due");
    const struct view *can = view_get(c, STR("can"));
    struct str status = text_at(c, "status");
    enum stage_kind stage = STAGE_ACCEPT;
    bool working = str_eqz(status, "working"), staged = working && stage_parse(text_at(c, "stage"), &stage);
    bool before = str_eqz(status, "submitted") && stage_parse(text_at(c, "stage"), &stage) && stage != STAGE_ACCEPT &&
                  stage_is_work(stage) && flag_at(view_get(c, STR("can")), "pass");
    bool after = str_eqz(status, "closed") && flag_at(can, "pass") && stage_parse(text_at(c, "stage"), &stage); //= R117
    if (str_eqz(status, "submitted") && !before)
        stage = STAGE_ACCEPT;
    const char *step = before || after                ? "pass"
                       : str_eqz(status, "submitted") ? (flag_at(c, "needs_list") ? "list" : "accept")
                       : str_eqz(status, "notified")  ? "supplement"
                       : str_eqz(status, "concluded") ? "deliver"
                       : !working                     ? NULL
                       : staged && (stage != STAGE_DELIVER || !flag_at(can, "conclude")) && stage_is_work(stage)
                           ? "pass"
                           : "conclude";
    static const char *const steps[] = {"list", "accept", "supplement", "pass", "conclude", "deliver"};
    bool mine = step && flag_at(can, step);
    bool signs = flag_at(can, "sign"), archives = flag_at(can, "archive");
    view_put_bool(d, "is_sign", signs);
    view_put_bool(d, "is_archive", archives);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        view_put_bool(d, str_fmt(call->ctx->arena, "is_%s", steps[i]).p,
                      step && str_eqz(str_c(step), steps[i]) && mine);
    view_put_bool(d, "open", step != NULL || archives);
    view_put_bool(d, "wait", step && !mine && !signs);
    view_put_z(d, "wait_role", role_name(working ? stage_rule(stage)->role : ROLE_WINDOW));
    view_put_text(d, "stage", text_at(c, "stage"));
    size_t gaps = view_count(view_get(c, STR("gaps")));
    view_put_int(d, "gap_count", (int64_t)gaps);
    view_put_bool(d, "has_gaps", gaps > 0);
    view_put_bool(d, "complete", gaps == 0);
    view_put_text(d, "paper", result_paper(m));
    view_put_text(d, "refusal_paper", service_paper_title(m, m->by_unit, PAPER_REFUSAL));
    guide_put(d, "effect", m->effect == EFFECT_NONE ? STR("") : str_c(effect_name(m->effect)));
    view_put_bool(d, "delivers", will_deliver(c, m));
    view_put_bool(d, "express", str_eqz(text_at(c, "delivery"), "快递"));
    guide_put(d, "after", stages_after_acceptance(call->ctx, c));
    view_put_bool(d, "ticking", flag_at(can, "accept") || flag_at(can, "notice") || flag_at(can, "supplement"));
    bool tolerated = false;
    for (const struct view *t = view_first(view_get(c, STR("ticks"))); t; t = view_next(t))
        tolerated = tolerated || flag_at(t, "tolerated");
    view_put_bool(d, "tolerated", tolerated);
    put_due_words(d, c, m, mine ? step : "");
}

/* Why finishing in one go ended early. The address names the error by its id: it can say nothing of its own. */
static void
put_stopped(struct web_call *call)
{
    struct str id = call->route->method == HTTP_GET ? http_query(call->req, "stopped") : STR("");
    struct str words = STR("");
    for (int e = OK + 1; e < ERR_COUNT; e++)
        if (str_eqz(id, err_info((enum err)e)->id))
            words = str_c(err_info((enum err)e)->title);
    guide_put(call->view, "stopped", words);
}

static enum err
dress_page(struct web_call *call, const struct press *p)
{
    const struct matter *m;
    struct view *c = case_of(call);
    bool found = false;
    TRY(call->ctx, case_matter(call, c, &m));
    dress_ticks(call, c);
    desk_lay_record(c, p ? p->record : NULL);
    view_put_bool(c, "has_facts", view_count(view_get(c, STR("facts"))) > 0);
    put_due(call, c, m);
    desk_put_delivery(call->view, m, p && !str_empty(p->delivery) ? p->delivery : text_at(c, "delivery"));
    TRY(call->ctx, desk_colleagues(call, p ? p->to : STR(""), view_put_list(call->view, "colleagues"), &found));
    guide_matter(call->ctx, call->world, m, view_put_map(call->view, "guide"));
    struct view *typed = view_put_map(call->view, "typed");
    guide_put(typed, "reason", p ? p->reason : STR(""));
    guide_put(typed, "list", p ? p->list : STR(""));
    view_put_bool(typed, "aside", p && p->aside);
    enum case_action done;
    struct str done_id = call->route->method == HTTP_GET ? http_query(call->req, "done") : STR("");
    guide_put(call->view, "done", case_action_parse(done_id, &done) ? str_c(case_action_name(done)) : STR(""));
    put_stopped(call);
    desk_put_nav(call, DESK_NAV_QUEUE);
    call->title = str_fmt(call->ctx->arena, "%.*s · %.*s", STR_ARG(text_at(c, "no_text")), STR_ARG(m->name));
    return OK;
}

enum err
web_desk_case(struct web_call *call)
{
    TRY(call->ctx, service_desk_case(call->ctx, call->server, &call->actor, http_param(call->req, "no"), false, STR(""),
                                     call->view));
    return call->api ? OK : dress_page(call, NULL);
}

/* Every look at personal data in clear is recorded with its reason. */
enum err
web_desk_reveal(struct web_call *call)
{
    struct str reason = str_trim(web_param(call, "reveal_reason"));
    struct str no = http_param(call->req, "no");
    if (str_empty(reason))
        reason = str_trim(web_param(call, "reason"));
    if (!str_empty(reason)) {
        TRY(call->ctx, service_desk_case(call->ctx, call->server, &call->actor, no, true, reason, call->view));
        return call->api ? OK : dress_page(call, NULL);
    }
    fail_field(call->ctx, STR("reveal_reason"), STR("查看原因"), STR("没有填写"), STR("请写明为什么需要看完整信息"));
    enum err e =
        fail_set(call->ctx, ERR_REASON_REQUIRED, __FILE__, __LINE__, "%s", "查看完整个人信息要写明原因，并会留下记录");
    if (call->api)
        return e;
    web_fail_into_view(call);
    TRY(call->ctx, service_desk_case(call->ctx, call->server, &call->actor, no, false, STR(""), call->view));
    return dress_page(call, NULL);
}

/* The printed form shows everything in clear: a look like any other. */
enum err
web_desk_case_form(struct web_call *call)
{
    struct str reason = str_trim(web_param(call, "reason")), no = http_param(call->req, "no"), pdf, title;
    if (!str_empty(reason)) {
        TRY(call->ctx, service_desk_form(call->ctx, call->server, &call->actor, no, reason, &pdf, &title));
        web_download(call, "application/pdf", str_concat(call->ctx->arena, title, STR(".pdf")), pdf, true);
        return OK;
    }
    fail_field(call->ctx, STR("print_reason"), STR("打印原因"), STR("没有填写"), STR("请写明为什么打印"));
    enum err e = fail_set(call->ctx, ERR_REASON_REQUIRED, __FILE__, __LINE__, "%s",
                          "打印的表上是完整个人信息，要写明原因，并会留下记录");
    if (call->api)
        return e;
    web_fail_into_view(call);
    TRY(call->ctx, service_desk_case(call->ctx, call->server, &call->actor, no, false, STR(""), call->view));
    return dress_page(call, NULL);
}

/* --- what a press of a button brings --- */

static enum err
check_state(struct web_call *call, const struct view *tick, struct str state_id, struct str note,
            enum material_state *ret_state)
{
    struct str key = text_at(tick, "key"), field = str_fmt(call->ctx->arena, "note.%.*s", STR_ARG(key));
    bool known = material_state_parse(state_id, ret_state);
    bool same = str_eq(state_id, text_at(tick, "state"));
    if (!known || (*ret_state == MATERIAL_SHARED && !same && !flag_at(tick, "shareable")) ||
        (*ret_state == MATERIAL_COMMITTED && !same && !flag_at(tick, "committable"))) {
        fail_field(call->ctx, str_fmt(call->ctx->arena, "material.%.*s", STR_ARG(key)), text_at(tick, "name"),
                   known ? STR("办事指南没有为这项材料提供这种方式") : STR("不是可用的状态"),
                   STR("请从列出的状态中选一个"));
        FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
    }
    if (*ret_state == MATERIAL_REJECTED && str_empty(note)) { //= R16: the notice must say what is wrong
        fail_field(call->ctx, field, text_at(tick, "name"), STR("没有写明哪里不符合要求"),
                   STR("请在说明里写清问题和怎样改正，会印在告知单上"));
        FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
    }
    if (str_utf8_count(note) > 200) {
        fail_field(call->ctx, field, text_at(tick, "name"), STR("说明超过 200 个字"), STR("请写短一些"));
        FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
    }
    return OK;
}

/* Adds what was ticked for TICK if it is news. All slips are collected: *ret_e keeps the first. */
static void
take_tick(struct web_call *call, const struct view *tick, struct str state_id, struct str note, struct press *p,
          enum err *ret_e)
{
    enum material_state state;
    note = str_trim(note);
    if (str_eq(state_id, text_at(tick, "state")) && str_eq(note, text_at(tick, "note")))
        return;
    enum err e = check_state(call, tick, state_id, note, &state);
    if (e != OK)
        *ret_e = e;
    if (material_state_parse(state_id, &state))
        p->material[p->material_count++] = (struct case_material){
            .key = text_at(tick, "key"), .name = text_at(tick, "name"), .state = state, .note = note};
}

static enum err
read_form_ticks(struct web_call *call, const struct view *ticks, struct press *p)
{
    enum err e = OK;
    for (const struct view *t = view_first(ticks); t; t = view_next(t)) {
        struct str key = text_at(t, "key");
        struct str state = http_field(call->req, str_fmt(call->ctx->arena, "material.%.*s", STR_ARG(key)).p);
        struct str note = http_field(call->req, str_fmt(call->ctx->arena, "note.%.*s", STR_ARG(key)).p);
        if (state.p)
            take_tick(call, t, state, note.p ? note : text_at(t, "note"), p, &e);
    }
    return e;
}

static enum err
read_json_ticks(struct web_call *call, const struct view *ticks, const struct view *list, struct press *p)
{
    enum err e = OK;
    for (const struct view *row = view_first(list); row; row = view_next(row)) {
        struct str key = text_at(row, "key");
        const struct view *t = view_first(ticks);
        while (t && !str_eq(text_at(t, "key"), key))
            t = view_next(t);
        if (!t || p->material_count == CASE_MATERIALS_MAX)
            FAIL(call->ctx, ERR_FIELD_INVALID, "本办件没有编号为“%.*s”的材料", STR_ARG(str_sub(key, 0, 40)));
        take_tick(call, t, text_at(row, "state"), text_at(row, "note"), p, &e);
    }
    return e;
}

/* The clerk's own list: one material a line, in the page's textarea or as names in JSON. */
static enum err
read_list(struct web_call *call, const struct view *json, struct press *p)
{
    struct str rest = p->list, line;
    const struct view *row = json ? view_first(json) : NULL;
    while (json ? row != NULL : str_split(&rest, '\n', &line)) {
        if (json) {
            line = text_at(row, "name");
            row = view_next(row);
        }
        line = str_trim(str_ends(line, STR("\r")) ? str_sub(line, 0, line.n - 1) : line);
        if (str_empty(line))
            continue;
        if (p->material_count == LIST_LINES_MAX)
            FAIL(call->ctx, ERR_LIMIT, "材料清单最多 %d 项", LIST_LINES_MAX);
        struct str key = str_fmt(call->ctx->arena, "x%zu", p->material_count + 1);
        p->material[p->material_count++] =
            (struct case_material){.key = key, .name = line, .note = STR(""), .state = MATERIAL_ABSENT};
    }
    if (p->material_count)
        return OK;
    fail_field(call->ctx, STR("list"), STR("材料清单"), STR("没有填写"), STR("请一行写一项材料"));
    FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
}

static bool
sends_materials(enum case_action a)
{
    return a == CASE_NOTICE || a == CASE_ACCEPT || a == CASE_SUPPLEMENT;
}

static enum err
read_press(struct web_call *call, enum case_action action, const struct view *c, struct press *p)
{
    const struct view *json = NULL, *list = NULL;
    p->aside = action == CASE_REFUSE || action == CASE_HAND_OVER || action == CASE_WITHDRAW;
    p->reason = str_trim(web_param(call, "reason"));
    p->delivery = str_trim(web_param(call, "delivery"));
    p->list = web_param(call, "list");
    p->to = str_trim(web_param(call, "to"));
    p->finish = str_eqz(web_param(call, "finish"), "1");
    TRY(call->ctx, desk_read_record(call, &p->record));
    p->material = ARENA_ARRAY(call->ctx->arena, CASE_MATERIALS_MAX + LIST_LINES_MAX, struct case_material);
    if (call->api) {
        bool present;
        TRY(call->ctx, web_json(call, &json));
        list = view_get(json, STR("materials"));
        if (list && view_kind(list) != VIEW_LIST)
            FAIL(call->ctx, ERR_SYNTAX, "materials 应是列表");
        if (!json_bool(json, "finish", &p->finish, &present))
            FAIL(call->ctx, ERR_SYNTAX, "finish 应是 true 或 false");
    }
    if (action == CASE_LIST)
        return read_list(call, list, p);
    if (!sends_materials(action))
        return OK;
    const struct view *ticks = view_get(c, STR("ticks"));
    if (!call->api)
        return read_form_ticks(call, ticks, p);
    return list ? read_json_ticks(call, ticks, list, p) : OK;
}

static enum err
check_press(struct web_call *call, enum case_action action, const struct view *c, struct press *p,
            struct case_command *cmd)
{
    const struct matter *m;
    bool found = false;
    if (str_utf8_count(p->reason) > 1000) {
        fail_field(call->ctx, STR("reason"), STR("理由或意见"), STR("超过 1000 个字"), STR("请写短一些"));
        FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
    }
    if (action == CASE_HAND_OVER) {
        TRY(call->ctx, desk_colleagues(call, p->to, NULL, &found));
        if (!found || !str_int(p->to, &cmd->to_staff)) {
            fail_field(call->ctx, STR("to"), STR("接手的人"), STR("没有选择，或不能接手办件"),
                       STR("请选择一位在岗的同事"));
            FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
        }
    }
    if (action == CASE_DELIVER) {
        TRY(call->ctx, case_matter(call, c, &m));
        if (str_empty(p->delivery))
            p->delivery = text_at(c, "delivery");
        if (!desk_delivers(m, p->delivery)) {
            fail_field(call->ctx, STR("delivery"), STR("送达方式"), STR("没有选择，或办事指南没有这种方式"),
                       STR("请选择列出的方式"));
            FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
        }
    }
    return OK;
}

static enum err
press(struct web_call *call, enum case_action action, const struct view *c, struct press *p, struct view *ret_map)
{
    struct case_command cmd = {.action = action};
    TRY(call->ctx, read_press(call, action, c, p));
    TRY(call->ctx, check_press(call, action, c, p, &cmd));
    TRY(call->ctx, desk_read_extras(call, &cmd));
    cmd.reason = p->reason;
    cmd.record = p->record;
    cmd.delivery = p->delivery;
    cmd.material = p->material;
    cmd.material_count = p->material_count;
    return service_desk_act(call->ctx, call->server, &call->actor, http_param(call->req, "no"), &cmd,
                            p->finish && (action == CASE_ACCEPT || action == CASE_PASS), ret_map);
}

/* The same page again with everything as it was typed. */
static enum err
show_again(struct web_call *call, enum case_action action, const struct press *p)
{
    size_t n = sends_materials(action) ? p->material_count : 0;
    TRY(call->ctx, service_desk_preview(call->ctx, call->server, &call->actor, http_param(call->req, "no"), p->material,
                                        n, call->view));
    return dress_page(call, p);
}

static bool
shown_in_page(enum err e)
{
    return web_is_refusal(e) || e == ERR_CASE_ROLE || e == ERR_SEPARATION;
}

enum err
web_desk_act(struct web_call *call)
{
    enum case_action action;
    struct str id = http_param(call->req, "action"), no = http_param(call->req, "no");
    struct view *now = view_map(call->ctx->arena), *after = call->api ? call->view : view_map(call->ctx->arena);
    struct press p = {0};
    if (!case_action_parse(id, &action) || action == CASE_SUBMIT || action == CASE_RATE || action == CASE_SHARE ||
        action == CASE_REPROJECT)
        FAIL(call->ctx, ERR_NOT_FOUND, "没有“%.*s”这个操作", STR_ARG(str_sub(id, 0, 40)));
    TRY(call->ctx, service_desk_case(call->ctx, call->server, &call->actor, no, false, STR(""), now));
    const struct view *c = view_get(now, STR("case"));
    enum err e = press(call, action, c, &p, after);
    if (e == OK) {
        struct str stopped = text_at(after, "notice_id");
        call->redirect = str_fmt(call->ctx->arena, "/desk/c/%.*s?done=%.*s%s%.*s", STR_ARG(text_at(c, "no")),
                                 STR_ARG(id), str_empty(stopped) ? "" : "&stopped=", STR_ARG(stopped));
        return OK;
    }
    if (call->api || !shown_in_page(e))
        return e;
    web_fail_into_view(call);
    return show_again(call, action, &p);
}

/* What the page would say of gaps with these ticks: asked while ticking, nothing is stored. */
enum err
web_desk_preview(struct web_call *call)
{
    struct press p = {0};
    struct view *now = view_map(call->ctx->arena);
    TRY(call->ctx,
        service_desk_case(call->ctx, call->server, &call->actor, http_param(call->req, "no"), false, STR(""), now));
    enum err e = read_press(call, CASE_NOTICE, view_get(now, STR("case")), &p);
    if (e != OK && (call->api || !web_is_refusal(e)))
        return e;
    fail_clear(call->ctx); /* a note may still be missing while ticking */
    if (!call->api)
        return show_again(call, CASE_NOTICE, &p);
    return service_desk_preview(call->ctx, call->server, &call->actor, http_param(call->req, "no"), p.material,
                                p.material_count, call->view);
}

/* --- papers and files --- */

enum err
web_desk_document(struct web_call *call)
{
    int64_t id;
    struct str pdf, title;
    if (!str_int(http_param(call->req, "id"), &id))
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这份文书");
    TRY(call->ctx,
        service_desk_document(call->ctx, call->server, &call->actor, http_param(call->req, "no"), id, &pdf, &title));
    web_download(call, "application/pdf", str_concat(call->ctx->arena, title, STR(".pdf")), pdf, true);
    return OK;
}

enum err
web_desk_upload(struct web_call *call)
{
    int64_t id;
    struct upload u;
    if (!str_int(http_param(call->req, "id"), &id))
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这个文件");
    TRY(call->ctx, service_desk_upload(call->ctx, call->server, &call->actor, http_param(call->req, "no"), id, &u));
    web_show_upload(call, &u);
    return OK;
}
