/* The one dense page of an application at the window. */
#include "web/desk_intake.h"

#include "service/commitment.h"
#include "service/guide.h"
#include "web/desk.h"

const struct form_field *
intake_field(const struct form *form, struct str id)
{
    for (size_t i = 0; form && i < form->section_count; i++)
        for (size_t k = 0; str_empty(form->section[i].rows_id) && k < form->section[i].field_count; k++)
            if (str_eq(form->section[i].field[k].id, id))
                return &form->section[i].field[k];
    return NULL;
}

/* A field of the form that repeats a question word for word is asked once: as the question. One with answers of its own
 * stays. */
bool
intake_asked_once(const struct form *form, const struct fact *f)
{
    const struct form_field *field = intake_field(form, f->def.id);
    if (!field)
        return false;
    for (size_t i = 0; i < f->def.value_count; i++) {
        bool found = field->value_count == 0;
        for (size_t k = 0; k < field->value_count; k++)
            found = found || str_eq(field->values[k], f->def.values[i]);
        if (!found)
            return false;
    }
    return true;
}

/* What was found wrong with field ID, for the place beside it; read before the failure is taken into the view. */
static void
put_error(const struct intake *in, struct view *v, struct str id)
{
    const struct fail *f = in->call->ctx->fail;
    for (size_t i = 0; i < f->field_count; i++)
        if (str_eq(f->field[i].field, id)) {
            guide_put(v, "error", f->field[i].reason);
            return;
        }
    view_put_null(v, "error");
}

static struct str
typed_fact(const struct intake *in, struct str id)
{
    const struct view *v = view_get(in->facts, id);
    return v && view_kind(v) == VIEW_TEXT ? view_text(v) : STR("");
}

static void
put_fact_options(const struct fact *f, struct str typed, struct view *row)
{
    static const struct str yes_no[] = {STR_INIT("是"), STR_INIT("否")};
    bool yes = f->def.type == FACT_BOOL;
    const struct str *values = yes ? yes_no : f->def.values;
    struct view *list = view_put_list(row, "options");
    for (size_t i = 0; i < (yes ? 2 : f->def.value_count); i++) {
        struct view *o = view_add_map(list);
        view_put_text(o, "value", values[i]);
        view_put_bool(o, "selected", str_eq(values[i], typed));
    }
}

static void
put_facts(const struct intake *in, struct view *view)
{
    const struct catalog *c = matter_catalog(in->m);
    struct view *list = view_put_list(view, "facts");
    size_t *open, n;
    checklist_questions(in->call->ctx, c, in->m, &in->known, &open, &n);
    for (size_t i = 0; i < catalog_dict(c)->count; i++) {
        const struct fact *f = catalog_fact(c, i);
        if (!fact_set_has(&in->asked, i))
            continue;
        struct view *row = view_add_map(list);
        struct str typed = typed_fact(in, f->def.id);
        bool needed = false;
        for (size_t k = 0; k < n; k++)
            needed = needed || open[k] == i;
        bool twice = intake_field(in->form, f->def.id) && !intake_asked_once(in->form, f);
        view_put_text(row, "id", f->def.id);
        view_put_z(row, "anchor", twice ? "q" : "f"); /* two boxes of one page must not share an id */
        view_put_text(row, "name", f->def.name);
        view_put_text(row, "question", str_empty(f->question) ? f->def.name : f->question);
        view_put_text(row, "value", typed);
        view_put_bool(row, "needed", needed);
        view_put_bool(row, "select", f->def.type == FACT_CHOICE || f->def.type == FACT_BOOL);
        view_put_bool(row, "date", f->def.type == FACT_DATE);
        put_fact_options(f, typed, row);
        put_error(in, row, f->def.id);
    }
    view_put_bool(view, "has_facts", view_count(list) > 0);
}

/* The leaves that may be handed in under these facts. */
static void
put_materials(const struct intake *in, const struct material *m, size_t n, struct str group, bool uncertain,
              struct view *list)
{
    for (size_t i = 0; i < n; i++) {
        enum need need = material_need(&m[i], &in->known);
        if (need == NEED_NO)
            continue;
        bool unsure = uncertain || need == NEED_UNKNOWN;
        if (m[i].node != MATERIAL_LEAF) {
            bool any = m[i].node == MATERIAL_ANY;
            struct str name = str_empty(m[i].name) ? group : m[i].name;
            put_materials(in, m[i].child, m[i].child_count,
                          any ? str_fmt(in->call->ctx->arena, "任选其一：%.*s", STR_ARG(name)) : name, unsure, list);
            continue;
        }
        enum material_state state = MATERIAL_ABSENT;
        for (size_t k = 0; k < in->material_count; k++)
            if (str_eq(in->material[k].key, m[i].key))
                state = in->material[k].state;
        struct view *row = view_add_map(list);
        view_put_text(row, "key", m[i].key);
        view_put_text(row, "name", m[i].name);
        view_put_text(row, "group", group);
        view_put_text(row, "kind", m[i].kind);
        view_put_text(row, "stamp", material_stamp_needed(&m[i], &in->known) ? m[i].stamp : STR(""));
        view_put_bool(row, "uncertain", unsure);
        view_put_bool(row, "form_here", !str_empty(m[i].form) && in->form != NULL);
        view_put_bool(row, "committable", m[i].committable && (str_empty(in->closed) || state == MATERIAL_COMMITTED));
        view_put_bool(row, "shareable", m[i].shareable);
        view_put_bool(row, "choices", m[i].committable);
        view_put_bool(row, "checked", state == MATERIAL_CHECKED);
        view_put_bool(row, "committed", state == MATERIAL_COMMITTED);
    }
}

static void
put_places(const struct intake *in, struct view *view)
{
    const struct region *r = in->m->region;
    struct str typed = in->a.point, mine = in->call->actor.points, own, level = str_trim(web_param(in->call, "level"));
    if (str_empty(typed) && in->call->route->method == HTTP_GET && str_split(&mine, ' ', &own))
        typed = own; /* the clerk's own counter */
    struct view *list = view_put_list(view, "points"), *levels = view_put_list(view, "levels");
    for (size_t i = 0; i < r->point_count; i++) {
        struct view *row = view_add_map(list);
        view_put_text(row, "id", r->point[i].id);
        view_put_text(row, "name", r->point[i].name);
        guide_put(row, "level", r->point[i].level_known ? str_c(level_name(r->point[i].level)) : STR(""));
        view_put_bool(row, "selected", str_eq(r->point[i].id, typed));
    }
    struct view *channels = view_put_list(view, "channels");
    size_t ways = 0;
    for (int k = 0; k < CHANNEL_COUNT; k++) {
        const char *reason;
        if (!intake_channel((enum channel_kind)k) || !matter_open_for(in->m, (enum channel_kind)k, &reason))
            continue;
        struct view *row = view_add_map(channels);
        view_put_z(row, "name", channel_name((enum channel_kind)k));
        view_put_bool(row, "selected", in->a.channel == (enum channel_kind)k);
        ways++;
    }
    view_put_bool(view, "has_channels", ways > 1);
    for (int k = 0; k < LEVEL_COUNT; k++) {
        struct view *row = view_add_map(levels);
        view_put_z(row, "name", level_name((enum level_kind)k));
        view_put_bool(row, "selected", str_eqz(level, level_name((enum level_kind)k)));
        view_put_bool(row, "printed", in->m->levels >> k & 1u);
    }
}

static bool
form_binds(const struct form *form, const char *binds)
{
    for (size_t i = 0; form && i < form->section_count; i++)
        for (size_t k = 0; k < form->section[i].field_count; k++)
            if (str_eqz(form->section[i].field[k].binds, binds))
                return true;
    return false;
}

static void
put_box(const struct intake *in, struct view *list, const char *id, const char *label, struct str value, bool shown)
{
    if (!shown)
        return;
    struct view *row = view_add_map(list);
    view_put_z(row, "id", id);
    view_put_z(row, "label", label);
    view_put_text(row, "value", value);
    put_error(in, row, str_c(id));
}

/* Only what the form does not ask anyway. */
static void
put_applicant(const struct intake *in, struct view *view)
{
    const struct form *f = in->form;
    const struct application *a = &in->a;
    struct view *list = view_put_list(view, "applicant");
    bool unit = in->m->by_unit;
    put_box(in, list, "unit_code", "单位编号或统一社会信用代码", a->unit_code,
            unit && !form_binds(f, "unit.uscc") && !form_binds(f, "unit.no"));
    put_box(in, list, "applicant_name", unit ? "单位名称" : "申请人姓名", a->applicant_name,
            unit ? false : !form_binds(f, "person.name"));
    put_box(in, list, "applicant_id", "身份证件号码", a->applicant_id, !unit && !form_binds(f, "person.id"));
    put_box(in, list, "mobile", "联系电话", a->mobile,
            !form_binds(f, unit ? "unit.phone" : "person.mobile") && !form_binds(f, "filing.phone"));
    put_box(in, list, "delegate_name", "代办人姓名", a->delegate_name, true);
    put_box(in, list, "delegate_id", "代办人证件号码", a->delegate_id, true);
}

/* The form without the fields that stand above as questions. */
static void
put_fields(const struct intake *in, const struct view *from, struct view *to)
{
    const struct fact_dict *dict = catalog_dict(matter_catalog(in->m));
    struct view *list = view_put_list(to, "fields");
    struct str sub = STR("");
    for (const struct view *f = view_first(from); f; f = view_next(f)) {
        size_t fact = fact_find(dict, view_text(view_get(f, STR("id"))));
        if (fact != SIZE_MAX && fact_set_has(&in->asked, fact) &&
            intake_asked_once(in->form, catalog_fact(matter_catalog(in->m), fact)))
            continue;
        struct view *copy = view_copy(in->call->ctx->arena, f);
        struct str here = view_text(view_get(f, STR("sub_heading")));
        guide_put(copy, "sub", str_eq(here, sub) ? STR("") : here);
        view_put_bool(copy, "sub_end", str_empty(here) && !str_empty(sub));
        sub = here;
        view_add(list, copy);
    }
}

/* The form's printed name only where this guide asks for that form: the same data form serves several regions. */
static bool
guide_asks_form(const struct intake *in, const struct material *m, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((!str_empty(m[i].form) && catalog_form(matter_catalog(in->m), m[i].form) == in->form) ||
            guide_asks_form(in, m[i].child, m[i].child_count))
            return true;
    return false;
}

static void
put_form(const struct intake *in, struct view *view)
{
    struct ctx *ctx = in->call->ctx;
    if (!in->form) {
        view_put_null(view, "form");
        return;
    }
    const struct view *whole = service_form_view(ctx, in->call->server, in->form, &in->known, in->values);
    struct view *form = view_put_map(view, "form"), *sections = view_put_list(form, "sections");
    view_put_text(form, "id", in->form->id);
    guide_put(form, "title", guide_asks_form(in, in->m->material, in->m->material_count) ? in->form->title : STR(""));
    for (const struct view *s = view_first(view_get(whole, STR("sections"))); s; s = view_next(s)) {
        const struct view *fields = view_get(s, STR("fields"));
        if (!fields) { /* a table of rows */
            view_add(sections, view_copy(ctx->arena, s));
            continue;
        }
        struct view *x = view_map(ctx->arena);
        view_put_text(x, "heading", view_text(view_get(s, STR("heading"))));
        guide_put(x, "note", view_text(view_get(s, STR("note"))));
        view_put_bool(x, "repeats", false);
        put_fields(in, fields, x);
        if (view_count(view_get(x, STR("fields"))))
            view_add(sections, x);
    }
}

static void
put_limit(const struct intake *in, struct view *view)
{
    struct fact_set needed = {0};
    const struct limit_tier *t = checklist_limit(in->m, &in->known, &needed);
    if (t)
        guide_tier(in->call->ctx, in->call->world, t, view_put_map(view, "limit"));
    else
        view_put_null(view, "limit");
}

/* Everything as typed, with what was found wrong beside it. The failure in ctx is still there. */
void
intake_view(const struct intake *in, struct view *view)
{
    const struct matter *m = in->m;
    struct str why;
    struct view *x = view_put_map(view, "matter");
    guide_matter_line(m, x);
    guide_put(x, "status_basis", m->status_basis);
    guide_put(x, "service_object", m->service_object);
    guide_put(x, "materials_text", m->materials_text);
    guide_put(x, "levels_text", m->levels_text);
    view_put_bool(x, "unlisted", m->material_mode == MATERIALS_UNLISTED);
    view_put_bool(x, "by_reference", m->material_mode == MATERIALS_REFERENCE);
    view_put_bool(x, "by_department", m->material_mode == MATERIALS_DEPARTMENT);
    guide_put(x, "materials_reference", m->materials_reference);
    view_put_bool(x, "handled", case_handles(m, &why));
    guide_put(x, "not_handled", why);
    put_facts(in, view);
    struct view *list = view_put_list(view, "materials");
    put_materials(in, m->material, m->material_count, STR(""), false, list);
    struct str group = STR("");
    for (const struct view *row = view_first(list); row; row = view_next(row)) {
        struct str here = view_text(view_get(row, STR("group")));
        guide_put((struct view *)(uintptr_t)row, "heading", str_eq(here, group) ? STR("") : here);
        group = here;
    }
    view_put_bool(view, "has_materials", view_count(list) > 0);
    view_put_bool(view, "may_ask_commitment", commitment_offered(m) && str_empty(in->closed));
    put_places(in, view);
    put_applicant(in, view);
    put_form(in, view);
    put_limit(in, view);
    desk_put_delivery(view, m, in->a.delivery);
    put_box(in, view_put_list(view, "address_box"), "address", "邮寄地址", in->a.address,
            !str_empty(m->express_text) || desk_delivers(m, STR("快递")));
}
