/* From the checklist to the receipt: a draft is made, filled in step by step, checked once more and sent. */
#include <string.h>

#include "base/json.h"
#include "service/commitment.h"
#include "web/handlers.h"
#include "web/public.h"

static const struct {
    const char *id, *name;
} steps[STEP_COUNT] = {{"applicant", "申请人"},
                       {"form", "填表"},
                       {"materials", "材料"},
                       {"delivery", "领取方式"},
                       {"review", "核对并提交"}};

/* --- a draft on its way --- */

/* The form of this matter: its data are wanted even where the guide asks for no paper (a new place of a filing);
** pausing, resuming and
 ** ending a filing say nothing new (R135, R136). */
static const struct form *
form_of(const struct matter *m, const struct facts *f)
{
    static const char *const silent[] = {"暂停备案", "恢复备案", "终止备案"};
    const struct form *form = catalog_matter_form(matter_catalog(m), m);
    struct value action = facts_get(f, "filing_action");
    for (size_t i = 0; form && m->effect == EFFECT_OFFSITE && i < sizeof silent / sizeof *silent; i++)
        if (action.kind == VALUE_TEXT && str_eqz(action.text, silent[i]))
            return NULL;
    return form;
}

/* The first form that the matter's list names; *ret_same when the list means FORM itself. */
static void
form_in_list(const struct catalog *c, const struct material *x, size_t n, const struct form *form, struct str *ret_name,
             bool *ret_same)
{
    for (size_t i = 0; i < n; i++) {
        if (!str_empty(x[i].form)) {
            *ret_same = *ret_same || catalog_form(c, x[i].form) == form;
            if (str_empty(*ret_name))
                *ret_name = x[i].form;
        }
        form_in_list(c, x[i].child, x[i].child_count, form, ret_name, ret_same);
    }
}

/* A sample of another city serves as data where this guide prints none: then neither its title nor its declaration is
 * shown. */
static void
name_form(struct web_call *call, struct way *w)
{
    const struct matter *m = w->draft.matter;
    struct str name = STR("");
    if (!w->form)
        return;
    form_in_list(matter_catalog(m), m->material, m->material_count, w->form, &name, &w->form_printed);
    w->form_title = w->form_printed   ? w->form->title
                    : str_empty(name) ? str_concat(call->ctx->arena, m->name, STR("信息"))
                                      : name;
}

enum err
web_way_open_token(struct web_call *call, struct str token, struct way *w)
{
    struct ctx *ctx = call->ctx;
    *w = (struct way){0};
    TRY(ctx, service_draft_get(ctx, call->server, call->region->code, token, &w->draft));
    TRY(ctx, case_facts_read(ctx, matter_catalog(w->draft.matter), view_get(w->draft.body, STR("facts")), &w->facts));
    w->form = form_of(w->draft.matter, &w->facts);
    name_form(call, w);
    call->phone = w->draft.matter->phone_count ? w->draft.matter->phone[0].number : STR("");
    http_set(call->res, "Cache-Control", STR("private, no-cache")); /* one person's data; going back still shows it */
    return OK;
}

enum err
web_way_open(struct web_call *call, struct way *w)
{
    return web_way_open_token(call, http_param(call->req, "token"), w);
}

static struct str
typed_text(const struct view *typed, const char *key)
{
    struct str s;
    return json_text(typed, key, &s) && s.p ? s : STR("");
}

enum err
web_way_uploads(struct web_call *call, struct way *w)
{
    const struct view *typed = web_way_part(call, w, "applicant");
    struct commitment_who who = {.by_unit = w->draft.matter->by_unit,
                                 .name = typed_text(typed, "applicant_name"),
                                 .number = typed_text(typed, "applicant_id"),
                                 .unit_code = typed_text(typed, "unit_code")};
    w->closed = STR("");
    if (commitment_offered(w->draft.matter)) //= R133
        TRY(call->ctx, service_commitment_closed(call->ctx, call->server, w->draft.region, &who, &w->closed));
    return service_uploads(call->ctx, call->server, w->draft.region, w->draft.id, 0, &w->upload, &w->upload_count);
}

struct str
web_way_path(struct web_call *call, const struct way *w, const char *rest)
{
    return str_fmt(call->ctx->arena, "/r/%.*s/d/%.*s%s", STR_ARG(w->draft.region), STR_ARG(w->draft.token), rest);
}

const struct view *
web_way_part(struct web_call *call, const struct way *w, const char *part)
{
    const struct view *v = view_get(w->draft.body, str_c(part));
    return v && view_kind(v) == VIEW_MAP ? v : view_map(call->ctx->arena);
}

enum err
web_way_save(struct web_call *call, struct way *w, const char *part, const struct view *value)
{
    return service_draft_save(call->ctx, call->server, &w->draft, part, value);
}

enum err
web_way_set(struct web_call *call, struct way *w, const char *part, const char *key, const struct view *value)
{
    return service_draft_set(call->ctx, call->server, &w->draft, part, str_c(key), value);
}

static bool
has_step(const struct way *w, enum step s)
{
    return s != STEP_FORM || w->form;
}

static void
put_draft(struct web_call *call, const struct way *w)
{
    struct view *d = view_put_map(call->view, "draft");
    struct day until = day_of_ms(w->draft.expires_ms);
    view_put_text(d, "token", w->draft.token);
    view_put_text(d, "path", web_way_path(call, w, ""));
    view_put_text(d, "expires", day_iso_text(call->ctx->arena, w->draft.expires_ms));
    view_put_text(d, "expires_text", day_text_zh(call->ctx->arena, until));
    guide_put(d, "case_no", w->draft.case_no);
    guide_matter_line(w->draft.matter, view_put_map(call->view, "matter"));
}

void
web_way_head(struct web_call *call, const struct way *w, enum step at, const char *title)
{
    size_t number = 0, count = 0;
    put_draft(call, w);
    for (int s = 0; s < STEP_COUNT; s++) {
        count += has_step(w, (enum step)s);
        if (s == (int)at)
            number = count;
    }
    struct view *v = view_put_map(call->view, "step");
    view_put_z(v, "id", steps[at].id);
    view_put_z(v, "name", steps[at].name);
    view_put_int(v, "number", (int64_t)number);
    view_put_int(v, "count", (int64_t)count);
    struct str back = web_param(call, "back");
    view_put_bool(v, "from_review", str_eqz(back, "review"));
    call->title = str_fmt(call->ctx->arena, "%s · %.*s", title, STR_ARG(w->draft.matter->name));
}

void
web_way_next(struct web_call *call, const struct way *w, enum step at)
{
    enum step next = at + 1;
    while (next < STEP_REVIEW && !has_step(w, next))
        next++;
    if (str_eqz(http_field(call->req, "back"), "review"))
        next = STEP_REVIEW;
    put_draft(call, w);
    call->redirect = str_fmt(call->ctx->arena, "%.*s/%s", STR_ARG(web_way_path(call, w, "")), steps[next].id);
}

bool
web_way_autosaved(struct web_call *call)
{
    if (call->api || str_empty(http_field(call->req, "autosave")))
        return false;
    http_status(call->res, 204);
    http_body_text(call->res, "text/plain; charset=utf-8", STR(""));
    call->answered = true;
    return true;
}

bool
web_way_sent(struct web_call *call, const struct way *w)
{
    if (call->api || str_empty(w->draft.case_no))
        return false;
    call->redirect = web_way_path(call, w, "");
    return true;
}

enum err
web_way_again(struct web_call *call, struct way *w, enum err e, enum err (*show)(struct web_call *, struct way *))
{
    struct ctx *ctx = call->ctx;
    if (call->api || !web_is_refusal(e))
        return e;
    struct fail kept = *ctx->fail; /* what SHOW looks at on its way must not lose the errors */
    e = show(call, w);
    if (e != OK)
        return e;
    *ctx->fail = kept;
    web_fail_into_view(call);
    return OK;
}

/* --- 1: the draft is made --- */

/* Facts by their ids: the JSON body's map, or the hidden fields of the wizard's last page. */
static const struct view *
facts_of_request(struct web_call *call, const struct matter *m, const struct view *json)
{
    const struct view *given = json ? view_get(json, STR("facts")) : NULL;
    if (call->api)
        return given && view_kind(given) == VIEW_MAP ? given : view_map(call->ctx->arena);
    struct view *v = view_map(call->ctx->arena);
    const struct fact_dict *dict = catalog_dict(matter_catalog(m));
    for (size_t i = 0; i < http_field_count(call->req); i++) {
        struct str name, value;
        http_field_at(call->req, i, &name, &value);
        size_t fact = fact_find(dict, name);
        if (fact != SIZE_MAX && fact_set_has(&m->facts, fact) && !str_empty(value) && !str_eqz(value, GUIDE_UNSURE))
            view_put_text(v, str_z(call->ctx->arena, dict->fact[fact].id), value);
    }
    return v;
}

/* Back into the wizard with what was answered: it asks the rest. */
static struct str
wizard_path(struct web_call *call, const struct matter *m, const struct view *facts)
{
    struct buf b;
    buf_init(&b, call->ctx->arena, 256);
    buf_fmt(&b, "/r/%.*s/m/%.*s/check", STR_ARG(m->region->code), STR_ARG(m->id));
    char sep = '?';
    for (const struct view *v = view_first(facts); v; v = view_next(v), sep = '&') {
        buf_byte(&b, sep);
        guide_urlencode(&b, view_key(v));
        buf_byte(&b, '=');
        guide_urlencode(&b, view_text(v));
    }
    return buf_str(&b);
}

//= R13 R15
enum err
web_apply(struct web_call *call)
{
    struct ctx *ctx = call->ctx;
    const struct matter *m;
    const struct view *json;
    struct way w = {0};
    TRY(ctx, web_matter(call, &m));
    TRY(ctx, web_json(call, &json));
    const struct view *facts = facts_of_request(call, m, json);
    enum err e = service_apply_begin(ctx, call->server, m, CHANNEL_ONLINE, facts, &w.facts);
    if (e == ERR_FIELD_INVALID && !call->api) {
        fail_clear(ctx);
        call->redirect = wizard_path(call, m, facts);
        return OK;
    }
    TRY(ctx, e);
    TRY(ctx, web_budget_take(call, BUDGET_DRAFT));
    struct view *kept = case_facts_view(ctx->arena, &w.facts);
    TRY(ctx, service_draft_new(ctx, call->server, call->region, m, kept, &w.draft));
    put_draft(call, &w);
    call->status = 201;
    call->redirect = web_way_path(call, &w, "");
    return OK;
}

/* --- 2: the task list --- */

struct task {
    bool shown, begun, done;
    struct str text;
};

static struct task
task_of_form(struct web_call *call, struct way *w)
{
    struct task t = {.shown = w->form != NULL};
    const struct view *form = web_way_part(call, w, "form");
    t.begun = view_count(form) > 0;
    t.done = t.shown && t.begun && service_form_check(call->ctx, call->server, w->form, &w->facts, form) == OK;
    if (t.begun && !t.done)
        t.text = str_fmt(call->ctx->arena, "还有 %zu 处要填", call->ctx->fail->field_count);
    fail_clear(call->ctx);
    return t;
}

static struct task
task_of_applicant(struct web_call *call, const struct way *w)
{
    struct task t = {.shown = true};
    const struct view *typed = web_way_part(call, w, "applicant");
    t.begun = view_count(typed) > 0;
    t.done = t.begun && web_applicant_check(call, w, typed) == OK;
    if (t.begun && !t.done)
        t.text = str_fmt(call->ctx->arena, "还有 %zu 处要填", call->ctx->fail->field_count);
    fail_clear(call->ctx);
    return t;
}

static struct task
task_of_materials(struct web_call *call, struct way *w)
{
    struct material_tree m;
    web_material_count(call, w, &m);
    struct task t = {.shown = true, .begun = m.done > 0, .done = m.done == m.needed};
    if (m.needed == 0)
        t.text = STR("不用交");
    else if (!t.done)
        t.text = str_fmt(call->ctx->arena, "%zu 样里备好 %zu 样，缺的可以后补", m.needed, m.done);
    return t;
}

static struct task
task_of_delivery(struct web_call *call, const struct way *w)
{
    struct task t = {.shown = true};
    struct str way = STR("");
    const struct view *said = web_way_part(call, w, "delivery");
    t.done = view_get(said, STR("delivery")) && json_text(said, "delivery", &way);
    t.text = t.done ? (str_empty(way) ? STR("到窗口领取") : way) : STR("");
    return t;
}

enum err
web_way_tasks(struct web_call *call, struct way *w, struct view *into)
{
    struct task task[STEP_COUNT] = {[STEP_APPLICANT] = task_of_applicant(call, w),
                                    [STEP_FORM] = task_of_form(call, w),
                                    [STEP_MATERIALS] = task_of_materials(call, w),
                                    [STEP_DELIVERY] = task_of_delivery(call, w),
                                    [STEP_REVIEW] = {.shown = true}};
    struct view *list = view_put_list(into, "tasks");
    int64_t number = 0, ready = 0, counted = 0;
    const char *next = NULL;
    for (int s = 0; s < STEP_COUNT; s++) {
        if (!task[s].shown)
            continue;
        struct view *v = view_add_map(list);
        bool last = s == STEP_REVIEW;
        view_put_int(v, "number", ++number);
        view_put_z(v, "id", steps[s].id);
        view_put_z(v, "name", steps[s].name);
        view_put_bool(v, "done", task[s].done);
        view_put_bool(v, "begun", task[s].begun && !task[s].done);
        view_put_bool(v, "last", last);
        guide_put(v, "text", task[s].text);
        counted += !last;
        ready += task[s].done;
        if (!next && (!task[s].done || last) && !(s == STEP_MATERIALS && task[s].begun))
            next = steps[s].id;
    }
    view_put_int(into, "ready", ready);
    view_put_int(into, "counted", counted);
    view_put_z(into, "next", next);
    view_put_bool(into, "started", ready > 0);
    view_put_bool(into, "all_ready", next && strcmp(next, steps[STEP_REVIEW].id) == 0);
    return OK;
}

enum err
web_draft(struct web_call *call)
{
    struct way w;
    TRY(call->ctx, web_way_open(call, &w));
    TRY(call->ctx, web_way_uploads(call, &w));
    put_draft(call, &w);
    call->title = str_concat(call->ctx->arena, STR("申请 · "), w.draft.matter->name);
    return web_way_tasks(call, &w, call->view);
}

/* --- 5: everything once more --- */

static struct view *
add_group(struct view *list, const char *heading, const char *change)
{
    struct view *g = view_add_map(list);
    view_put_z(g, "heading", heading);
    view_put_z(g, "change", change);
    return view_put_list(g, "rows");
}

static void
add_row(struct view *rows, struct str id, struct str label, struct str value)
{
    struct view *r = view_add_map(rows);
    view_put_text(r, "id", id);
    view_put_text(r, "label", label);
    guide_put(r, "value", value);
}

static void
review_facts(struct web_call *call, const struct way *w, struct view *groups)
{
    struct view *rows = add_group(groups, "核对材料时的回答", NULL);
    for (size_t i = 0; i < w->facts.dict->count; i++) {
        const struct fact *f = catalog_fact(matter_catalog(w->draft.matter), i);
        if (w->facts.value[i].kind != VALUE_UNASKED && f->asked)
            add_row(rows, f->def.id, f->def.name, fact_value_text(call->ctx->arena, &f->def, w->facts.value[i]));
    }
}

/* Fields of a section as service_form_view gives them. */
static void
review_fields(const struct view *fields, struct view *rows)
{
    for (const struct view *f = view_first(fields); f; f = view_next(f)) {
        struct str value = view_text(view_get(f, STR("value")));
        bool owed = view_int(view_get(f, STR("required"))) != 0;
        if (!str_empty(value) || owed)
            add_row(rows, view_text(view_get(f, STR("id"))), view_text(view_get(f, STR("label"))), value);
    }
}

static bool
worth_showing(const struct view *fields)
{
    for (const struct view *f = view_first(fields); f; f = view_next(f))
        if (!str_empty(view_text(view_get(f, STR("value")))) || view_int(view_get(f, STR("required"))))
            return true;
    return false;
}

static void
review_form(struct web_call *call, const struct way *w, struct view *groups)
{
    struct ctx *ctx = call->ctx;
    const struct view *form = service_form_view(ctx, call->server, w->form, &w->facts, web_way_part(call, w, "form"));
    for (const struct view *s = view_first(view_get(form, STR("sections"))); s; s = view_next(s)) {
        const char *heading = str_z(ctx->arena, view_text(view_get(s, STR("heading"))));
        const struct view *repeated = view_get(s, STR("rows"));
        if (!repeated && !worth_showing(view_get(s, STR("fields"))))
            continue;
        if (!repeated) {
            review_fields(view_get(s, STR("fields")), add_group(groups, heading, "form"));
            continue;
        }
        int n = 0;
        for (const struct view *r = view_first(repeated); r; r = view_next(r)) {
            n++;
            const char *one = view_count(repeated) > 1 ? str_fmt(ctx->arena, "%s（第 %d 行）", heading, n).p : heading;
            review_fields(view_get(r, STR("fields")), add_group(groups, one, "form"));
        }
    }
}

static enum err
review_materials(struct web_call *call, struct way *w)
{
    struct material_tree t;
    struct gap *gaps;
    size_t n;
    web_material_count(call, w, &t);
    checklist_gaps(call->ctx, w->draft.matter, &w->facts, (struct given){.leaf = t.leaf}, &gaps, &n);
    struct view *list = view_put_list(call->view, "gaps");
    for (size_t i = 0; i < n; i++)
        view_add_text(list, gaps[i].text);
    struct view *files = view_put_list(call->view, "uploads");
    for (size_t i = 0; i < w->upload_count; i++) {
        const struct material *x = web_material_find(w->draft.matter, w->upload[i].material);
        struct view *row = view_add_map(files);
        view_put_text(row, "material", x ? x->name : STR(""));
        view_put_text(row, "file", w->upload[i].name);
    }
    web_put_commitment(call, w->draft.matter, &w->facts, w->closed);
    struct view *said = view_put_list(call->view, "committed");
    const struct view *commit = web_way_part(call, w, "materials");
    for (const struct view *v = view_first(commit); v; v = view_next(v)) {
        const struct material *x = web_material_find(w->draft.matter, view_key(v));
        if (x)
            view_add_text(said, x->name);
    }
    view_put_bool(call->view, "some_gaps", n > 0);
    view_put_bool(call->view, "some_uploads", w->upload_count > 0);
    view_put_bool(call->view, "some_committed", view_count(said) > 0);
    return OK;
}

static bool
seen_before(const struct view *groups, const struct view *row, struct str id)
{
    for (const struct view *g = view_first(groups); g; g = view_next(g))
        for (const struct view *r = view_first(view_get(g, STR("rows"))); r; r = view_next(r)) {
            if (r == row)
                return false;
            if (str_eq(view_text(view_get(r, STR("id"))), id))
                return true;
        }
    return false;
}

/* Links of the error summary lead to the first line of that name: applicant, form and answers may share one. */
static void
put_anchors(const struct view *groups)
{
    for (const struct view *g = view_first(groups); g; g = view_next(g))
        for (const struct view *r = view_first(view_get(g, STR("rows"))); r; r = view_next(r)) {
            struct str id = view_text(view_get(r, STR("id")));
            guide_put((struct view *)(uintptr_t)r, "anchor", seen_before(groups, r, id) ? STR("") : id);
        }
}

static bool
is_declared(struct web_call *call, const struct way *w)
{
    struct str said;
    return json_text(web_way_part(call, w, "form"), "declared", &said) && str_eqz(said, "是");
}

static enum err
show_review(struct web_call *call, struct way *w)
{
    struct str way;
    struct view *groups = view_put_list(call->view, "groups");
    TRY(call->ctx, web_way_uploads(call, w));
    web_way_head(call, w, STEP_REVIEW, "核对并提交");
    web_applicant_rows(call, w, add_group(groups, "申请人", "applicant"));
    if (w->form)
        review_form(call, w, groups);
    if (view_get(web_way_part(call, w, "delivery"), STR("delivery")) &&
        json_text(web_way_part(call, w, "delivery"), "delivery", &way)) {
        struct view *rows = add_group(groups, "领取方式", "delivery");
        struct str address = STR("");
        add_row(rows, STR("delivery"), STR("怎么领取"), str_empty(way) ? STR("到窗口领取") : way);
        if (json_text(web_way_part(call, w, "delivery"), "address", &address) && !str_empty(address))
            add_row(rows, STR("address"), STR("邮寄地址"), address);
    }
    review_facts(call, w, groups);
    put_anchors(groups);
    TRY(call->ctx, review_materials(call, w));
    guide_put(call->view, "declaration",
              w->form_printed ? service_form_declaration(call->ctx, w->form, web_way_part(call, w, "form")) : STR(""));
    view_put_bool(call->view, "declared", is_declared(call, w));
    return OK;
}

enum err
web_step_review(struct web_call *call)
{
    struct way w;
    TRY(call->ctx, web_way_open(call, &w));
    return web_way_sent(call, &w) ? OK : show_review(call, &w);
}

/* Forms with a declaration are not taken unsigned; the tick is kept with the form. */
static enum err
take_declaration(struct web_call *call, struct way *w)
{
    struct ctx *ctx = call->ctx;
    if (call->api || !w->form_printed || str_empty(w->form->declaration) || !str_empty(w->draft.case_no))
        return OK;
    if (!str_eqz(http_field(call->req, "declared"), "是")) { //= R72
        fail_rule(ctx, "R72");
        fail_field(ctx, STR("declared"), STR("声明"), STR("没有勾选"), STR("请读过声明，同意后勾选"));
        FAIL(ctx, ERR_FIELD_INVALID, "未确认声明的申请不予受理");
    }
    if (is_declared(call, w))
        return OK;
    return web_way_set(call, w, "form", "declared", view_text_node(ctx->arena, STR("是")));
}

/* The draft is the submission's key: one draft, one case, however often and from whichever page it is sent. */
enum err
web_way_submit(struct web_call *call, struct way *w, struct receipt *r)
{
    if (w->form && !view_get(w->draft.body, STR("form")) && str_empty(w->draft.case_no)) {
        fail_field(call->ctx, STR("form"), w->form_title, STR("还没有填写"), STR("请先填表"));
        FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
    }
    TRY(call->ctx, take_declaration(call, w));
    if (str_empty(w->draft.case_no)) { /* sent again it is the same case */
        TRY(call->ctx, web_budget_check(call, BUDGET_REFUSED));
        TRY(call->ctx, web_budget_take(call, BUDGET_APPLY));
    }
    enum err e = service_draft_submit(call->ctx, call->server, &w->draft,
                                      str_concat(call->ctx->arena, STR("draft/"), w->draft.token), r);
    if (e == ERR_RECORD_MISSING)
        web_budget_spend(call, BUDGET_REFUSED);
    return e;
}

enum err
web_draft_submit(struct web_call *call)
{
    struct way w;
    struct receipt r;
    TRY(call->ctx, web_way_open(call, &w));
    enum err e = web_way_submit(call, &w, &r);
    if (e == ERR_CONFLICT || e == ERR_IDEMPOTENCY) { /* saved or sent from another page meanwhile: read it once more */
        fail_clear(call->ctx);
        TRY(call->ctx, web_way_open(call, &w));
        e = web_way_submit(call, &w, &r);
    }
    if (e == ERR_FIELD_INVALID && !call->api)
        call->ctx->fail->detail =
            str_fmt(call->ctx->arena, "有 %zu 处需要改正，改好后再提交", call->ctx->fail->field_count);
    if (e != OK)
        return web_way_again(call, &w, e, show_review);
    if (call->api)
        return web_put_receipt(call, &r);
    call->redirect = str_fmt(call->ctx->arena, "/c/%.*s/%.*s/receipt", STR_ARG(r.no), STR_ARG(r.code));
    return OK;
}
