/* The workbench's lists: the queue and its filters, finding a case, a person or a unit, handing several cases over.
** Which statement reads what is service/queue.c's; here stand the addresses. */
#include "web/desk.h"

#include "service/guide.h"
#include "service/service.h"
#include "web/handlers.h"

enum { QUEUE_ROWS = 50, BULK_MAX = 100 };

/* --- the filter as an address --- */

static struct str
param(struct web_call *call, const char *name)
{
    struct str s = str_trim(web_param(call, name));
    return s.p ? s : STR("");
}

static enum err
bad(struct web_call *call, const char *field, const char *label, const char *reason, const char *remedy)
{
    fail_field(call->ctx, str_c(field), str_c(label), str_c(reason), str_c(remedy));
    FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
}

/* "stage:审核", the value of the page's one box: an index serves one such condition at a time. */
static enum err
read_by(struct web_call *call, struct str by, struct queue_filter *f)
{
    struct str rest = by, kind, value;
    if (str_empty(by))
        return OK;
    if (!str_split(&rest, ':', &kind) || !rest.p || str_empty(rest))
        return bad(call, "by", "条件", "看不懂", "请从列表里选择");
    value = rest;
    if (str_eqz(kind, "stage"))
        f->stage = value;
    else if (str_eqz(kind, "matter"))
        f->matter = value;
    else if (str_eqz(kind, "channel"))
        f->channel = value;
    else if (str_eqz(kind, "section"))
        f->section = value;
    else if (!str_eqz(kind, "owner") || !str_int(value, &f->owner) || f->owner < 1)
        return bad(call, "by", "条件", "看不懂", "请从列表里选择");
    return OK;
}

static enum err
read_filter(struct web_call *call, struct queue_filter *f)
{
    int64_t limit = QUEUE_ROWS;
    struct str limit_text = web_param(call, "limit"), owner = param(call, "owner"), day = param(call, "day");
    *f = (struct queue_filter){.stage = param(call, "stage"),
                               .matter = param(call, "matter"),
                               .channel = param(call, "channel"),
                               .section = param(call, "section"),
                               .agency = param(call, "agency"),
                               .mine = str_eqz(web_param(call, "mine"), "1"),
                               .late = str_eqz(web_param(call, "late"), "1"),
                               .closed = str_eqz(web_param(call, "closed"), "1"),
                               .day = DAY_NONE,
                               .after = web_param(call, "after")};
    if (!str_empty(limit_text) && (!str_int(limit_text, &limit) || limit < 1 || limit > 100))
        return bad(call, "limit", "每页行数", "应为 1 到 100 的整数", "可以省略");
    f->limit = (int)limit;
    if (!str_empty(owner) && (!str_int(owner, &f->owner) || f->owner < 1))
        return bad(call, "owner", "责任人", "应为人员的编号", "可以省略");
    if (!str_empty(day) && !day_parse(day, &f->day))
        return bad(call, "day", "办结日期", "不是日期", "请写成 2026-11-21 的样子");
    return read_by(call, param(call, "by"), f);
}

static void
add_pair(struct buf *b, const char *name, struct str value)
{
    if (str_empty(value))
        return;
    buf_fmt(b, "%s%s=", b->n ? "&" : "", name);
    guide_urlencode(b, value);
}

static struct str
filter_query(struct ctx *ctx, const struct queue_filter *f, struct str after)
{
    struct buf b;
    buf_init(&b, ctx->arena, 128);
    add_pair(&b, "mine", f->mine ? STR("1") : STR(""));
    add_pair(&b, "late", f->late ? STR("1") : STR(""));
    add_pair(&b, "closed", f->closed ? STR("1") : STR(""));
    add_pair(&b, "day", f->closed ? day_text(ctx->arena, f->day) : STR(""));
    add_pair(&b, "stage", f->stage);
    add_pair(&b, "matter", f->matter);
    add_pair(&b, "channel", f->channel);
    add_pair(&b, "section", f->section);
    add_pair(&b, "owner", f->owner ? str_fmt(ctx->arena, "%lld", (long long)f->owner) : STR(""));
    add_pair(&b, "agency", f->agency);
    add_pair(&b, "after", after);
    return buf_str(&b);
}

/* --- the filters on the page: links that can be kept as bookmarks, and one box --- */

static bool
text_same(struct str a, struct str b)
{
    return (str_empty(a) && str_empty(b)) || (!str_empty(a) && str_eq(a, b));
}

static bool
same(const struct queue_filter *a, const struct queue_filter *b)
{
    return a->mine == b->mine && a->late == b->late && a->closed == b->closed && a->owner == b->owner &&
           text_same(a->stage, b->stage) && text_same(a->matter, b->matter) && text_same(a->channel, b->channel) &&
           text_same(a->section, b->section) && text_same(a->agency, b->agency);
}

static void
put_chip(struct web_call *call, struct view *list, const char *name, struct queue_filter link,
         const struct queue_filter *now)
{
    struct view *row = view_add_map(list);
    link.day = DAY_NONE;
    struct str query = filter_query(call->ctx, &link, STR(""));
    view_put_z(row, "name", name);
    view_put_text(row, "href", str_empty(query) ? STR("/desk") : str_concat(call->ctx->arena, STR("/desk?"), query));
    view_put_bool(row, "current", same(&link, now));
}

static void
put_chips(struct web_call *call, const struct queue_filter *f)
{
    struct view *list = view_put_list(call->view, "filters");
    put_chip(call, list, "全部在办", (struct queue_filter){0}, f);
    put_chip(call, list, "我的", (struct queue_filter){.mine = true}, f);
    put_chip(call, list, "我的超期", (struct queue_filter){.mine = true, .late = true}, f);
    if (!str_empty(call->actor.section))
        put_chip(call, list, "本股室", (struct queue_filter){.section = call->actor.section}, f);
    put_chip(call, list, "超期", (struct queue_filter){.late = true}, f);
    put_chip(call, list, "待受理", (struct queue_filter){.stage = STR("受理")}, f);
    put_chip(call, list, "待审核", (struct queue_filter){.stage = STR("审核")}, f);
    put_chip(call, list, "待办结", (struct queue_filter){.stage = STR("办结")}, f);
    put_chip(call, list, "已办", (struct queue_filter){.closed = true}, f);
    put_chip(call, list, "我办结的", (struct queue_filter){.mine = true, .closed = true}, f);
}

static void
put_option(struct web_call *call, struct view *list, const char *kind, struct str value, struct str name, bool selected)
{
    struct view *row = view_add_map(list);
    view_put_text(row, "value", str_fmt(call->ctx->arena, "%s:%.*s", kind, STR_ARG(value)));
    view_put_text(row, "name", name);
    view_put_bool(row, "selected", selected);
}

static struct view *
put_group(struct view *groups, const char *label)
{
    struct view *g = view_add_map(groups);
    view_put_z(g, "label", label);
    return view_put_list(g, "options");
}

/* Sections that the guide names at a stage. */
static void
put_sections(struct web_call *call, const struct region *r, const struct queue_filter *f, struct view *groups)
{
    struct view *list = NULL;
    for (size_t i = 0; i < r->matter_count; i++)
        for (size_t k = 0; k < r->matter[i].stage_count; k++) {
            struct str unit = r->matter[i].stage[k].unit;
            bool told = str_empty(unit);
            for (const struct view *o = list ? view_first(list) : NULL; o && !told; o = view_next(o))
                told = str_eq(view_text(view_get(o, STR("name"))), unit);
            if (told)
                continue;
            list = list ? list : put_group(groups, "股室");
            put_option(call, list, "section", unit, unit, text_same(unit, f->section));
        }
}

/* Stages that some matter of the region has, in the order of the vocabulary. */
static void
put_stages(struct web_call *call, const struct region *r, const struct queue_filter *f, struct view *list)
{
    bool used[STAGE_COUNT] = {false};
    for (size_t i = 0; i < r->matter_count; i++)
        for (size_t k = 0; k < r->matter[i].stage_count; k++)
            used[r->matter[i].stage[k].kind] = true;
    for (int k = 0; k < STAGE_COUNT; k++)
        if (used[k]) {
            struct str name = str_c(stage_name((enum stage_kind)k));
            put_option(call, list, "stage", name, name, text_same(name, f->stage));
        }
}

static enum err
put_box(struct web_call *call, const struct region *r, const struct queue_filter *f)
{
    struct view *groups = view_put_list(call->view, "groups"), *list;
    struct str chosen = f->owner ? str_fmt(call->ctx->arena, "%lld", (long long)f->owner) : STR("");
    bool found;
    put_stages(call, r, f, put_group(groups, "环节"));
    put_sections(call, r, f, groups);
    list = put_group(groups, "渠道");
    for (int k = 0; k < CHANNEL_COUNT; k++) {
        struct str name = str_c(channel_name((enum channel_kind)k));
        put_option(call, list, "channel", name, name, text_same(name, f->channel));
    }
    list = put_group(groups, "事项");
    for (size_t i = 0; i < r->matter_count; i++)
        put_option(call, list, "matter", r->matter[i].id, r->matter[i].name, text_same(r->matter[i].id, f->matter));
    if (!actor_has(&call->actor, ROLE_SUPERVISOR))
        return OK;
    struct view *people = view_put_list(call->view, "colleagues");
    TRY(call->ctx, desk_colleagues(call, chosen, people, &found));
    list = put_group(groups, "责任人");
    for (const struct view *p = view_first(people); p; p = view_next(p))
        put_option(call, list, "owner", view_text(view_get(p, STR("id"))), view_text(view_get(p, STR("name"))),
                   view_int(view_get(p, STR("selected"))) != 0);
    return OK;
}

static void
put_agencies(struct web_call *call, const struct region *r, const struct queue_filter *f)
{
    struct view *list = view_put_list(call->view, "agencies");
    bool several = str_empty(service_queue_scope(call->server, &call->actor)) && r->agency_count > 1;
    for (size_t i = 0; several && i < r->agency_count; i++) {
        struct view *row = view_add_map(list);
        view_put_text(row, "id", r->agency[i].id);
        view_put_text(row, "name", r->agency[i].name);
        view_put_bool(row, "selected", text_same(r->agency[i].id, f->agency));
    }
    view_put_bool(call->view, "several_agencies", several);
}

static enum err
show_queue(struct web_call *call, const struct queue_filter *f)
{
    const struct region *r = catalog_region(call->world, call->actor.region);
    TRY(call->ctx, service_queue(call->ctx, call->server, &call->actor, f, call->view));
    call->title = f->closed ? STR("已办") : STR("待办");
    if (call->api)
        return OK;
    struct str next = view_text(view_get(call->view, STR("next")));
    put_chips(call, f);
    if (r) {
        TRY(call->ctx, put_box(call, r, f));
        put_agencies(call, r, f);
    }
    guide_put(call->view, "next_href",
              str_empty(next) ? STR("")
                              : str_concat(call->ctx->arena, STR("/desk?"), filter_query(call->ctx, f, next)));
    guide_put(call->view, "first_href",
              str_concat(call->ctx->arena, STR("/desk?"), filter_query(call->ctx, f, STR(""))));
    guide_put(call->view, "day", f->closed ? day_text(call->ctx->arena, f->day) : STR(""));
    view_put_bool(call->view, "bulk", actor_has(&call->actor, ROLE_SUPERVISOR) && !f->closed);
    view_put_bool(call->view, "later_page", !str_empty(f->after));
    view_put_bool(call->view, "empty", view_int(view_get(call->view, STR("count"))) == 0);
    desk_put_nav(call, DESK_NAV_QUEUE);
    return OK;
}

enum err
web_desk(struct web_call *call)
{
    struct queue_filter f;
    if (!(call->actor.roles & DESK_CASE_ROLES)) { /* the desk's front door leads everybody to his own work */
        if (call->api)
            FAIL(call->ctx, ERR_FORBIDDEN, "您的岗位没有这项权限");
        call->redirect = desk_home_of(call->ctx, &call->actor);
        return OK;
    }
    enum err e = read_filter(call, &f);
    if (e == OK)
        e = show_queue(call, &f);
    if (e != ERR_FIELD_INVALID || call->api)
        return e;
    web_fail_into_view(call); /* conditions that do not go together: told above the whole queue */
    return show_queue(call, &(struct queue_filter){.limit = QUEUE_ROWS});
}

/* --- finding --- */

static enum err
not_found(struct web_call *call, struct str typed)
{
    web_fail_into_view(call);
    guide_put(call->view, "typed", typed);
    return show_queue(call, &(struct queue_filter){.limit = QUEUE_ROWS});
}

/* By an address: case numbers only. An identity number has no business in one. */
enum err
web_desk_find(struct web_call *call)
{
    struct str no, region, typed = web_param(call, "no");
    if (service_case_no_parse(typed, call->ctx->arena, &no, &region)) {
        call->redirect = str_fmt(call->ctx->arena, "/desk/c/%.*s", STR_ARG(no));
        return OK;
    }
    fail_field(call->ctx, STR("no"), STR("办件编号"), STR("编号不对"), STR("请对照回执上的 19 位编号核对"));
    IGNORE("shown in the page", fail_set(call->ctx, ERR_FIELD_INVALID, __FILE__, __LINE__, "%s", ""));
    return not_found(call, typed);
}

enum err
web_desk_find_do(struct web_call *call)
{
    static const char *const kinds[] = {
        [QUEUE_FOUND_CASE] = "case", [QUEUE_FOUND_PERSON] = "person", [QUEUE_FOUND_UNIT] = "unit"};
    struct queue_found found;
    struct str typed = web_param(call, "no");
    enum err e = service_queue_find(call->ctx, call->server, &call->actor, typed, &found);
    if (e != OK)
        return call->api || !web_is_refusal(e) ? e : not_found(call, typed);
    view_put_z(call->view, "kind", kinds[found.kind]);
    if (found.kind == QUEUE_FOUND_CASE) {
        view_put_text(call->view, "no", found.no);
        call->redirect = str_fmt(call->ctx->arena, "/desk/c/%.*s", STR_ARG(found.no));
        return OK;
    }
    view_put_id(call->view, "id", found.id);
    call->redirect = str_fmt(call->ctx->arena, "/desk/%ss/%lld", kinds[found.kind], (long long)found.id);
    return OK;
}

/* --- all cases of one person or unit --- */

static enum err
show_subject(struct web_call *call, bool unit)
{
    int64_t id;
    if (!str_int(http_param(call->req, "id"), &id))
        FAIL(call->ctx, ERR_NOT_FOUND, "登记册里没有这个%s", unit ? "单位" : "人");
    TRY(call->ctx,
        service_queue_subject(call->ctx, call->server, &call->actor, unit, id, web_param(call, "after"), call->view));
    call->title = unit ? STR("单位的办件") : STR("个人的办件");
    if (call->api)
        return OK;
    struct str next = view_text(view_get(call->view, STR("next")));
    guide_put(call->view, "next_href",
              str_empty(next) ? STR("")
                              : str_fmt(call->ctx->arena, "/desk/%s/%lld?after=%.*s", unit ? "units" : "persons",
                                        (long long)id, STR_ARG(next)));
    view_put_bool(call->view, "empty", view_int(view_get(call->view, STR("count"))) == 0);
    desk_put_nav(call, DESK_NAV_QUEUE);
    return OK;
}

enum err
web_desk_person(struct web_call *call)
{
    return show_subject(call, false);
}

enum err
web_desk_unit(struct web_call *call)
{
    return show_subject(call, true);
}

/* --- several at once --- */

/* The numbers that were ticked. One more than may be is enough to be refused. */
static enum err
read_ticked(struct web_call *call, struct str *ret_no, size_t *ret_n)
{
    size_t n = 0;
    if (call->api) {
        const struct view *json;
        TRY(call->ctx, web_json(call, &json));
        const struct view *list = view_get(json, STR("cases"));
        if (list && view_kind(list) != VIEW_LIST)
            FAIL(call->ctx, ERR_SYNTAX, "cases 应是办件编号的列表");
        for (const struct view *v = list ? view_first(list) : NULL; v && n <= BULK_MAX; v = view_next(v))
            ret_no[n++] = view_kind(v) == VIEW_TEXT ? view_text(v) : STR("");
    }
    for (size_t i = 0; !call->api && i < http_field_count(call->req) && n <= BULK_MAX; i++) {
        struct str key, value;
        http_field_at(call->req, i, &key, &value);
        if (str_eqz(key, "case"))
            ret_no[n++] = value;
    }
    *ret_n = n;
    return OK;
}

static enum err
hand_over(struct web_call *call)
{
    struct str no[BULK_MAX + 1], to = param(call, "to");
    size_t n = 0;
    bool found = false;
    int64_t id = 0;
    TRY(call->ctx, read_ticked(call, no, &n));
    TRY(call->ctx, desk_colleagues(call, to, NULL, &found));
    if (!found || !str_int(to, &id))
        return bad(call, "to", "接手的人", "没有选择，或不能接手办件", "请选择一位在岗的同事");
    return service_queue_hand_over(call->ctx, call->server, &call->actor, no, n, id, param(call, "reason"), call->view);
}

enum err
web_desk_hand_over(struct web_call *call)
{
    enum err e = hand_over(call);
    if (e != OK && (call->api || !web_is_refusal(e)))
        return e;
    if (e != OK) {
        web_fail_into_view(call);
        guide_put(call->view, "typed_reason", param(call, "reason"));
        call->template = "desk_queue";
        return show_queue(call, &(struct queue_filter){.limit = QUEUE_ROWS});
    }
    call->title = STR("批量移交的结果");
    if (!call->api)
        desk_put_nav(call, DESK_NAV_QUEUE);
    return OK;
}
