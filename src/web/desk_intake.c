/* Taking an application in at the window on somebody's behalf: one dense page with everything, straight to the case. */
#include "service/service.h"

#include "base/json.h"
#include "service/guide.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/web_int.h"

enum { ROWS_MAX = 200 };

struct intake {
    struct web_call *call;
    const struct matter *m;
    const struct form *form;  /* NULL: the matter has none */
    struct fact_set asked;    /* of the applicant: by the matter's conditions and the form's */
    struct view *facts, *values; /* as typed */
    bool values_blank;
    struct facts known;       /* those typed facts that are legal */
    struct case_material *material;
    size_t material_count;
    struct application a;
};

/* --- choosing a matter --- */

enum err
web_intake_list(struct web_call *call)
{
    struct str q = str_trim(web_param(call, "q"));
    const struct region *r = catalog_region(call->server->catalog, call->actor.region);
    if (!r)
        FAIL(call->ctx, ERR_NOT_FOUND, "目录中没有您所在的统筹区");
    guide_home(call->ctx, call->server->catalog, r, q, call->view);
    view_put_bool(call->view, "searched", !str_empty(q));
    call->title = STR("窗口收件");
    if (!call->api)
        desk_put_nav(call, DESK_NAV_INTAKE);
    return OK;
}

/* --- reading what was typed --- */

static struct str
page_field(const struct intake *in, const char *prefix, struct str id)
{
    struct str s = http_field(in->call->req, str_fmt(in->call->ctx->arena, "%s.%.*s", prefix, STR_ARG(id)).p);
    return str_trim(s.p ? s : STR(""));
}

/* All values of a field that may be ticked several times, one a line. */
static struct str
page_field_all(const struct intake *in, struct str id)
{
    struct str name = str_concat(in->call->ctx->arena, STR("form."), id);
    struct buf b;
    buf_init(&b, in->call->ctx->arena, 64);
    for (size_t i = 0; i < http_field_count(in->call->req); i++) {
        struct str key, value;
        http_field_at(in->call->req, i, &key, &value);
        if (!str_eq(key, name) || str_empty(str_trim(value)))
            continue;
        if (b.n)
            buf_byte(&b, '\n');
        buf_add(&b, str_trim(value));
    }
    return buf_str(&b);
}

static bool
read_field(struct intake *in, struct view *map, const struct form_field *f, struct str prefix)
{
    struct str id = str_concat(in->call->ctx->arena, prefix, f->id);
    struct str value = str_eqz(f->type, "多选") ? page_field_all(in, id) : page_field(in, "form", id);
    if (str_empty(value))
        return false;
    view_put_text(map, str_z(in->call->ctx->arena, f->id), value);
    return true;
}

/* Rows as far as the page had them: a row left blank in the middle keeps its place. */
static void
read_rows(struct intake *in, const struct form_section *s)
{
    struct arena *a = in->call->ctx->arena;
    struct view *list = view_put_list(in->values, str_z(a, s->rows_id));
    for (int i = 0; i < s->rows_max && i < ROWS_MAX; i++) {
        struct str prefix = str_fmt(a, "%.*s.%d.", STR_ARG(s->rows_id), i);
        if (!http_field(in->call->req, str_fmt(a, "form.%.*s%.*s", STR_ARG(prefix), STR_ARG(s->field[0].id)).p).p)
            break;
        struct view *row = view_add_map(list);
        for (size_t k = 0; k < s->field_count; k++)
            if (read_field(in, row, &s->field[k], prefix))
                in->values_blank = false;
    }
    struct str more = http_field(in->call->req, "add_row");
    if (more.p && str_eq(more, s->rows_id) && view_count(list) < (size_t)s->rows_max)
        view_add_map(list);
}

static void
read_form(struct intake *in)
{
    for (size_t i = 0; in->form && i < in->form->section_count; i++) {
        const struct form_section *s = &in->form->section[i];
        if (!str_empty(s->rows_id) && s->field_count) {
            read_rows(in, s);
            continue;
        }
        for (size_t k = 0; str_empty(s->rows_id) && k < s->field_count; k++)
            if (read_field(in, in->values, &s->field[k], STR("")))
                in->values_blank = false;
    }
}

static const struct form_field *
field_by_id(const struct form *form, struct str id)
{
    for (size_t i = 0; form && i < form->section_count; i++)
        for (size_t k = 0; str_empty(form->section[i].rows_id) && k < form->section[i].field_count; k++)
            if (str_eq(form->section[i].field[k].id, id))
                return &form->section[i].field[k];
    return NULL;
}

/* A field of the form that repeats a question word for word is asked once: as the question. One with answers of its own stays. */
static bool
asked_once(const struct form *form, const struct fact *f)
{
    const struct form_field *field = field_by_id(form, f->def.id);
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

static void
read_facts(struct intake *in)
{
    struct ctx *ctx = in->call->ctx;
    const struct fact_dict *dict = catalog_dict(in->call->server->catalog);
    for (size_t i = 0; i < dict->count; i++) {
        const struct fact *f = catalog_fact(in->call->server->catalog, i);
        if (!fact_set_has(&in->asked, i))
            continue;
        struct str value = page_field(in, "fact", f->def.id);
        if (str_empty(value))
            continue;
        view_put_text(in->facts, str_z(ctx->arena, f->def.id), value);
        struct value v;
        if (!asked_once(in->form, f) || !fact_value_parse(ctx->arena, &f->def, value, &v))
            continue;
        in->values_blank = false;
        view_put_text(in->values, str_z(ctx->arena, f->def.id), fact_value_text(ctx->arena, &f->def, v));
    }
}

static struct str
param(struct intake *in, const char *name)
{
    struct str s = web_param(in->call, name);
    return str_trim(s.p ? s : STR(""));
}

static void
read_applicant(struct intake *in)
{
    struct application *a = &in->a;
    a->applicant_name = param(in, "applicant_name");
    a->applicant_id = param(in, "applicant_id");
    a->mobile = param(in, "mobile");
    a->unit_code = param(in, "unit_code");
    a->delegate_name = param(in, "delegate_name");
    a->delegate_id = param(in, "delegate_id");
    a->delivery = param(in, "delivery");
    a->address = param(in, "address");
    a->point = param(in, "point");
    struct str key = http_header(in->call->req, "Idempotency-Key");
    a->idempotency = key.p ? str_trim(key) : param(in, "idem");
}

static void
add_material(struct intake *in, struct str key, enum material_state state)
{
    if (in->material_count < CASE_MATERIALS_MAX)
        in->material[in->material_count++] = (struct case_material){.key = key, .state = state, .note = STR("")};
}

static void
read_ticks(struct intake *in, const struct material *m, size_t n)
{
    enum material_state state;
    for (size_t i = 0; i < n; i++) {
        if (m[i].node == MATERIAL_LEAF && material_state_parse(page_field(in, "material", m[i].key), &state))
            add_material(in, m[i].key, state);
        read_ticks(in, m[i].child, m[i].child_count);
    }
}

static enum err
read_json(struct intake *in)
{
    struct ctx *ctx = in->call->ctx;
    const struct view *json;
    TRY(ctx, web_json(in->call, &json));
    const struct view *facts = view_get(json, STR("facts")), *form = view_get(json, STR("form")), *list = view_get(json, STR("materials"));
    if ((facts && view_kind(facts) != VIEW_MAP) || (form && view_kind(form) != VIEW_MAP) || (list && view_kind(list) != VIEW_LIST))
        FAIL(ctx, ERR_SYNTAX, "facts 和 form 应是对象，materials 应是列表");
    in->facts = facts ? view_copy(ctx->arena, facts) : in->facts;
    in->values_blank = !form || view_count(form) == 0;
    in->values = form ? view_copy(ctx->arena, form) : in->values;
    for (const struct view *row = list ? view_first(list) : NULL; row; row = view_next(row)) {
        struct str key, id;
        enum material_state state = MATERIAL_CHECKED;
        if (!json_text(row, "key", &key) || !json_text(row, "state", &id) || str_empty(key) || (id.p && !material_state_parse(id, &state)))
            FAIL(ctx, ERR_SYNTAX, "materials 的每一项应写明 key，可写明 state");
        add_material(in, key, state);
    }
    return OK;
}

static const struct service_point *
point_of(const struct region *r, struct str id)
{
    for (size_t i = 0; i < r->point_count; i++)
        if (str_eq(r->point[i].id, id))
            return &r->point[i];
    return NULL;
}

/* At which level the application is taken in: as said, else the point's own (R32). */
static enum err
read_place(struct intake *in)
{
    struct str level = param(in, "level");
    const struct service_point *p = point_of(in->m->region, in->a.point);
    if (!str_empty(in->a.point) && !p) {
        fail_field(in->call->ctx, STR("point"), STR("服务点"), STR("目录中没有这个服务点"), STR("请从列表中选择"));
        FAIL(in->call->ctx, ERR_FIELD_INVALID, "%s", "");
    }
    in->a.level_known = !str_empty(level) || (p && p->level_known);
    if (p)
        in->a.level = p->level;
    if (!str_empty(level) && !level_parse(level, &in->a.level)) {
        in->a.level_known = false;
        fail_field(in->call->ctx, STR("level"), STR("办理层级"), STR("没有这一级"), STR("请从列表中选择"));
        FAIL(in->call->ctx, ERR_FIELD_INVALID, "%s", "");
    }
    return OK;
}

static void
know(struct intake *in, const char *id, const char *text)
{
    size_t i = fact_find(in->known.dict, str_c(id));
    if (i != SIZE_MAX)
        in->known.value[i] = value_text(str_c(text));
}

/* The facts as far as they are legal, so that the page lists what they ask for. */
static void
settle_facts(struct intake *in)
{
    struct ctx *ctx = in->call->ctx;
    for (const struct view *v = view_first(in->facts); v; v = view_next(v)) {
        size_t i = fact_find(in->known.dict, view_key(v));
        struct value value;
        if (i != SIZE_MAX && view_kind(v) == VIEW_TEXT && fact_value_parse(ctx->arena, &in->known.dict->fact[i], view_text(v), &value))
            in->known.value[i] = value;
    }
    know(in, "channel", channel_name(CHANNEL_ONSITE));
    if (in->a.level_known)
        know(in, "level", level_name(in->a.level));
}

static enum err
intake_new(struct web_call *call, struct intake *in)
{
    const struct catalog *c = call->server->catalog;
    const struct region *r = catalog_region(c, call->actor.region);
    *in = (struct intake){.call = call, .facts = view_map(call->ctx->arena), .values = view_map(call->ctx->arena), .values_blank = true};
    if (!r)
        FAIL(call->ctx, ERR_NOT_FOUND, "目录中没有您所在的统筹区");
    TRY(call->ctx, catalog_matter(call->ctx, r, http_param(call->req, "id"), &in->m));
    in->form = catalog_matter_form(c, in->m);
    in->known = facts_new(call->ctx->arena, catalog_dict(c));
    in->material = ARENA_ARRAY(call->ctx->arena, CASE_MATERIALS_MAX, struct case_material);
    struct fact_set all = in->m->facts;
    if (in->form)
        fact_set_union(&all, &in->form->facts);
    for (size_t i = 0; i < catalog_dict(c)->count; i++)
        if (fact_set_has(&all, i) && catalog_fact(c, i)->asked)
            fact_set_add(&in->asked, i);
    in->a = (struct application){.region = r, .matter = in->m, .actor = call->actor, .channel = CHANNEL_ONSITE};
    return OK;
}

static enum err
intake_read(struct intake *in)
{
    read_applicant(in);
    if (in->call->api) {
        TRY(in->call->ctx, read_json(in));
    } else {
        read_form(in);
        read_facts(in);
        read_ticks(in, in->m->material, in->m->material_count);
    }
    enum err e = read_place(in);
    settle_facts(in);
    return e;
}

/* --- the page --- */

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
    const struct catalog *c = in->call->server->catalog;
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
        bool twice = field_by_id(in->form, f->def.id) && !asked_once(in->form, f);
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
put_materials(const struct intake *in, const struct material *m, size_t n, struct str group, bool uncertain, struct view *list)
{
    for (size_t i = 0; i < n; i++) {
        enum need need = material_need(&m[i], &in->known);
        if (need == NEED_NO)
            continue;
        bool unsure = uncertain || need == NEED_UNKNOWN;
        if (m[i].node != MATERIAL_LEAF) {
            bool any = m[i].node == MATERIAL_ANY;
            struct str name = str_empty(m[i].name) ? group : m[i].name;
            put_materials(in, m[i].child, m[i].child_count, any ? str_fmt(in->call->ctx->arena, "任选其一：%.*s", STR_ARG(name)) : name, unsure, list);
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
        view_put_bool(row, "committable", m[i].committable);
        view_put_bool(row, "shareable", m[i].shareable);
        view_put_bool(row, "choices", m[i].committable || m[i].shareable);
        view_put_bool(row, "checked", state == MATERIAL_CHECKED);
        view_put_bool(row, "committed", state == MATERIAL_COMMITTED);
        view_put_bool(row, "shared", state == MATERIAL_SHARED);
    }
}

static void
put_places(const struct intake *in, struct view *view)
{
    const struct region *r = in->m->region;
    struct str typed = in->a.point, mine = in->call->actor.points, own, level = param((struct intake *)(uintptr_t)in, "level");
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
    put_box(in, list, "unit_code", "单位编号或统一社会信用代码", a->unit_code, unit && !form_binds(f, "unit.uscc") && !form_binds(f, "unit.no"));
    put_box(in, list, "applicant_name", unit ? "单位名称" : "申请人姓名", a->applicant_name, unit ? false : !form_binds(f, "person.name"));
    put_box(in, list, "applicant_id", "身份证件号码", a->applicant_id, !unit && !form_binds(f, "person.id"));
    put_box(in, list, "mobile", "联系电话", a->mobile, !form_binds(f, unit ? "unit.phone" : "person.mobile") && !form_binds(f, "filing.phone"));
    put_box(in, list, "delegate_name", "代办人姓名", a->delegate_name, true);
    put_box(in, list, "delegate_id", "代办人证件号码", a->delegate_id, true);
}

/* The form without the fields that stand above as questions. */
static void
put_fields(const struct intake *in, const struct view *from, struct view *to)
{
    const struct fact_dict *dict = catalog_dict(in->call->server->catalog);
    struct view *list = view_put_list(to, "fields");
    struct str sub = STR("");
    for (const struct view *f = view_first(from); f; f = view_next(f)) {
        size_t fact = fact_find(dict, view_text(view_get(f, STR("id"))));
        if (fact != SIZE_MAX && fact_set_has(&in->asked, fact) && asked_once(in->form, catalog_fact(in->call->server->catalog, fact)))
            continue;
        struct view *copy = view_copy(in->call->ctx->arena, f);
        struct str here = view_text(view_get(f, STR("sub_heading")));
        guide_put(copy, "sub", str_eq(here, sub) ? STR("") : here);
        view_put_bool(copy, "sub_end", str_empty(here) && !str_empty(sub));
        sub = here;
        view_add(list, copy);
    }
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
    view_put_text(form, "title", in->form->title);
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
        guide_tier(in->call->ctx, in->call->server->catalog, t, view_put_map(view, "limit"));
    else
        view_put_null(view, "limit");
}

/* Everything as typed, with what was found wrong beside it. The failure in ctx is still there. */
static void
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
    put_places(in, view);
    put_applicant(in, view);
    put_form(in, view);
    put_limit(in, view);
    desk_put_delivery(view, m, in->a.delivery);
    put_box(in, view_put_list(view, "address_box"), "address", "邮寄地址", in->a.address, !str_empty(m->express_text) || desk_delivers(m, STR("快递")));
}

static void
intake_page(struct intake *in)
{
    struct web_call *call = in->call;
    intake_view(in, call->view);
    web_fail_into_view(call);
    call->title = str_fmt(call->ctx->arena, "收件 · %.*s", STR_ARG(in->m->name));
    if (!call->api)
        desk_put_nav(call, DESK_NAV_INTAKE);
}

enum err
web_intake(struct web_call *call)
{
    struct intake *in = ARENA_NEW(call->ctx->arena, struct intake);
    TRY(call->ctx, intake_new(call, in));
    settle_facts(in);
    intake_page(in);
    return OK;
}

static enum err
intake_send(struct intake *in, struct receipt *ret_r)
{
    in->a.facts = in->facts;
    in->a.form = in->values_blank ? NULL : in->values;
    in->a.material = in->material;
    in->a.material_count = in->material_count;
    if (str_empty(in->a.mobile))
        in->a.mobile = service_form_bound(in->form, in->values, "filing.phone");
    return service_apply(in->call->ctx, in->call->server, &in->a, ret_r);
}

//= R31 R32: the window takes in for whoever stands there, as far as its level may
enum err
web_intake_do(struct web_call *call)
{
    struct intake *in = ARENA_NEW(call->ctx->arena, struct intake);
    struct receipt r;
    TRY(call->ctx, intake_new(call, in));
    enum err e = intake_read(in);
    bool look = !call->api && (http_field(call->req, "refresh").p || http_field(call->req, "add_row").p);
    if (look) { /* the list for these answers, one more row: nothing is judged yet */
        fail_clear(call->ctx);
        intake_page(in);
        return OK;
    }
    if (e == OK)
        e = intake_send(in, &r);
    if (e != OK) {
        if (call->api || !web_is_refusal(e))
            return e;
        intake_page(in);
        return OK;
    }
    view_put_text(call->view, "no", r.no);
    view_put_text(call->view, "code", r.code);
    view_put_bool(call->view, "replayed", r.replayed);
    if (r.document_id)
        view_put_id(call->view, "document_id", r.document_id);
    call->redirect = str_fmt(call->ctx->arena, "/desk/c/%.*s?done=submit", STR_ARG(r.no));
    return OK;
}
