/* Circulars and rectification tasks (R286): the desk's inbox, issuing, one circular with its tasks, what is published. */
#include "service/guide.h"
#include "service/supervision.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/public.h"

enum { TASK_ROWS = 6 };

/* --- what was typed: checkboxes and numbered rows of a page, lists of a JSON body --- */

static struct str
task_field(struct web_call *call, size_t row, const char *name)
{
    return web_typed(call, str_fmt(call->ctx->arena, "task.%zu.%s", row, name).p);
}

static void
read_page(struct web_call *call, struct str *county, struct circular_task *task, struct circular_entry *in)
{
    for (size_t i = 0; i < http_field_count(call->req) && in->county_count <= CIRCULAR_COUNTIES_MAX; i++) {
        struct str name, value;
        http_field_at(call->req, i, &name, &value);
        if (str_eqz(name, "county"))
            county[in->county_count++] = value;
    }
    for (size_t row = 0; row < TASK_ROWS; row++) {
        struct circular_task t = {.row = row,
                                  .county = task_field(call, row, "county"),
                                  .title = task_field(call, row, "title"),
                                  .responsible = task_field(call, row, "responsible"),
                                  .due = task_field(call, row, "due")};
        if (!str_empty(t.county) || !str_empty(t.title) || !str_empty(t.responsible) || !str_empty(t.due))
            task[in->task_count++] = t;
    }
}

static enum err
read_json(struct web_call *call, struct str *county, struct circular_task *task, struct circular_entry *in)
{
    const struct view *json, *list;
    TRY(call->ctx, web_json(call, &json));
    list = view_get(json, STR("counties"));
    for (const struct view *x = list && view_kind(list) == VIEW_LIST ? view_first(list) : NULL;
         x && in->county_count <= CIRCULAR_COUNTIES_MAX; x = view_next(x))
        county[in->county_count++] = view_kind(x) == VIEW_TEXT ? view_text(x) : STR("");
    list = view_get(json, STR("tasks"));
    for (const struct view *x = list && view_kind(list) == VIEW_LIST ? view_first(list) : NULL;
         x && in->task_count <= CIRCULAR_TASKS_MAX; x = view_next(x)) {
        struct circular_task *t = &task[in->task_count];
        *t = (struct circular_task){.row = in->task_count};
        TRY(call->ctx, web_json_text(call, x, "county", "整改单位", &t->county));
        TRY(call->ctx, web_json_text(call, x, "title", "要整改什么", &t->title));
        TRY(call->ctx, web_json_text(call, x, "responsible", "责任股室或机构", &t->responsible));
        TRY(call->ctx, web_json_text(call, x, "due", "整改期限", &t->due));
        in->task_count++;
    }
    return OK;
}

static enum err
read_entry(struct web_call *call, struct circular_entry *in)
{
    struct str key = http_header(call->req, "Idempotency-Key");
    struct str *county = ARENA_ARRAY(call->ctx->arena, CIRCULAR_COUNTIES_MAX + 1, struct str);
    struct circular_task *task = ARENA_ARRAY(call->ctx->arena, CIRCULAR_TASKS_MAX + 1, struct circular_task);
    *in = (struct circular_entry){.title = web_typed(call, "title"),
                                  .text = web_typed(call, "text"),
                                  .publish = str_eqz(web_typed(call, "publish"), "1"),
                                  .county = county,
                                  .task = task,
                                  .idempotency = key.p ? str_trim(key) : web_typed(call, "idem")};
    if (call->api)
        return read_json(call, county, task, in);
    read_page(call, county, task, in);
    return OK;
}

/* --- the desk's list --- */

/* The form again with what was typed; IN is empty at first. */
static void
put_form(struct web_call *call, const struct circular_entry *in)
{
    struct view *form = view_put_map(call->view, "form"), *boxes = view_put_list(form, "boxes"),
                *rows = view_put_list(form, "rows");
    const struct view *counties = view_get(call->view, STR("counties"));
    guide_put(form, "title", in->title);
    guide_put(form, "text", in->text);
    view_put_bool(form, "publish", in->publish);
    for (const struct view *c = view_first(counties); c; c = view_next(c)) {
        struct view *box = view_add_map(boxes);
        bool ticked = false;
        for (size_t i = 0; i < in->county_count; i++)
            ticked |= str_eq(in->county[i], view_text(view_get(c, STR("code"))));
        view_put_text(box, "code", view_text(view_get(c, STR("code"))));
        view_put_text(box, "name", view_text(view_get(c, STR("name"))));
        view_put_bool(box, "ticked", ticked);
    }
    for (size_t r = 0; r < TASK_ROWS; r++) {
        struct view *row = view_add_map(rows), *options = view_put_list(row, "options");
        struct str chosen = task_field(call, r, "county");
        view_put_int(row, "row", (int64_t)r);
        view_put_int(row, "number", (int64_t)r + 1);
        guide_put(row, "title", task_field(call, r, "title"));
        guide_put(row, "responsible", task_field(call, r, "responsible"));
        guide_put(row, "due", task_field(call, r, "due"));
        for (const struct view *c = view_first(counties); c; c = view_next(c)) {
            struct view *o = view_add_map(options);
            struct str code = view_text(view_get(c, STR("code")));
            view_put_text(o, "code", code);
            view_put_text(o, "name", view_text(view_get(c, STR("name"))));
            view_put_bool(o, "chosen", str_eq(code, chosen));
        }
    }
}

static enum err
show_list(struct web_call *call, const struct circular_entry *in)
{
    struct str after = web_typed(call, "after"), after_task = web_typed(call, "after_task");
    TRY(call->ctx, service_circulars(call->ctx, call->server, &call->actor, after, after_task, call->view));
    call->title = STR("通报和整改");
    if (call->api)
        return OK;
    struct str next = view_text(view_get(call->view, STR("next")));
    struct str next_task = view_text(view_get(call->view, STR("next_task")));
    put_form(call, in);
    guide_put(call->view, "next_href",
              str_empty(next) ? STR("")
                              : str_fmt(call->ctx->arena, "/desk/circulars?after=%.*s#issued", STR_ARG(next)));
    guide_put(call->view, "next_task_href",
              str_empty(next_task) ? STR("")
                                   : str_fmt(call->ctx->arena, "/desk/circulars?after_task=%.*s", STR_ARG(next_task)));
    view_put_bool(call->view, "empty", view_int(view_get(call->view, STR("count"))) == 0);
    view_put_bool(call->view, "no_tasks", view_int(view_get(call->view, STR("task_count"))) == 0);
    desk_put_nav(call, DESK_NAV_CIRCULARS);
    return OK;
}

enum err
web_circulars(struct web_call *call)
{
    struct circular_entry none = {.title = STR("")};
    return show_list(call, &none);
}

enum err
web_circular_issue(struct web_call *call)
{
    struct circular_entry in;
    struct str no;
    int64_t id;
    TRY(call->ctx, read_entry(call, &in));
    enum err e = service_circular_issue(call->ctx, call->server, &call->actor, &in, &no, &id);
    if (e == OK) {
        view_put_text(call->view, "no", no);
        view_put_id(call->view, "id", id);
        view_put_text(call->view, "origin", call->actor.region);
        call->redirect =
            str_fmt(call->ctx->arena, "/desk/circulars/%.*s/%lld?done=1", STR_ARG(call->actor.region), (long long)id);
        call->status = 201;
        return OK;
    }
    if (call->api || !web_is_refusal(e))
        return e;
    web_fail_into_view(call);
    return show_list(call, &in);
}

/* --- one circular --- */

static enum err
show_one(struct web_call *call, struct str origin, int64_t id, int64_t failed)
{
    TRY(call->ctx, service_circular_get(call->ctx, call->server, &call->actor, origin, id, call->view));
    call->title = STR("通报");
    if (call->api)
        return OK;
    for (const struct view *x = view_first(view_get(call->view, STR("tasks"))); x; x = view_next(x)) {
        struct view *row = (struct view *)(uintptr_t)x;
        int64_t task = view_int(view_get(x, STR("id")));
        bool here = task == failed;
        /* what failed has the plain ids, to which the summary of errors leads */
        view_put_text(row, "suffix", here ? STR("") : str_fmt(call->ctx->arena, "-%lld", (long long)task));
        guide_put(row, "typed_text", here ? web_typed(call, "text") : STR(""));
        guide_put(row, "typed_due", here ? web_typed(call, "due") : STR(""));
        view_put_bool(row, "chose_accept", here && str_eqz(web_typed(call, "what"), "accept"));
        view_put_bool(row, "chose_return", here && str_eqz(web_typed(call, "what"), "return"));
    }
    view_put_bool(call->view, "no_tasks", view_count(view_get(call->view, STR("tasks"))) == 0);
    view_put_bool(call->view, "done", str_eqz(http_query(call->req, "done"), "1"));
    desk_put_nav(call, DESK_NAV_CIRCULARS);
    return OK;
}

enum err
web_circular(struct web_call *call)
{
    int64_t id;
    if (!str_int(http_param(call->req, "id"), &id))
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这份通报");
    return show_one(call, http_param(call->req, "origin"), id, -1);
}

enum err
web_rectification(struct web_call *call)
{
    int64_t circular;
    struct rectification_act in = {.origin = http_param(call->req, "origin"),
                                   .round = web_typed(call, "round"),
                                   .what = web_typed(call, "what"),
                                   .text = web_typed(call, "text"),
                                   .due = web_typed(call, "due")};
    if (!str_int(http_param(call->req, "id"), &in.id))
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这项整改任务");
    bool known = str_int(web_typed(call, "circular"), &circular);
    enum err e = service_rectification_act(call->ctx, call->server, &call->actor, &in);
    if (e == OK) {
        view_put_bool(call->view, "done", true);
        call->redirect = known ? str_fmt(call->ctx->arena, "/desk/circulars/%.*s/%lld?done=1", STR_ARG(in.origin),
                                         (long long)circular)
                               : STR("/desk/circulars");
        return OK;
    }
    if (call->api || !known || !web_is_refusal(e))
        return e;
    web_fail_into_view(call);
    return show_one(call, in.origin, circular, in.id);
}

/* --- the public --- */

enum err
web_circulars_public(struct web_call *call)
{
    TRY(call->ctx,
        service_circulars_public(call->ctx, call->server, call->region, web_typed(call, "after"), call->view));
    view_put_bool(call->view, "empty", view_int(view_get(call->view, STR("count"))) == 0);
    call->title = STR("通报");
    return OK;
}
