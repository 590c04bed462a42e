/* The steps that are typed: applicant, form, delivery. What is typed is kept first and judged after. */
#include <string.h>

#include "base/ident.h"
#include "base/json.h"
#include "web/handlers.h"
#include "web/public.h"

static struct str
text_of(const struct view *map, const char *key)
{
    struct str s;
    return map && json_text(map, key, &s) && s.p ? s : STR("");
}

/* --- texts of a JSON body --- */

enum err
web_json_text(struct web_call *call, const struct view *map, const char *key, const char *label, struct str *ret_s)
{
    *ret_s = STR("");
    if (!map)
        return OK;
    if (json_text(map, key, ret_s)) {
        if (!ret_s->p)
            *ret_s = STR("");
        return OK;
    }
    fail_field(call->ctx, str_c(key), str_c(label), STR("应是文本"), STR("用引号括起来"));
    FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
}

static enum err
refuse_value(struct web_call *call, struct str id, struct str label, struct str reason)
{
    fail_field(call->ctx, id, label, reason, STR("请按接口说明改正"));
    FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
}

/* A field's value as the text that a page would have sent; a list of texts are ticked boxes. */
static enum err
form_value(struct web_call *call, const struct form_field *f, const struct view *v, struct str *ret_s)
{
    struct arena *a = call->ctx->arena;
    struct buf b;
    switch (view_kind(v)) {
    case VIEW_TEXT:
        *ret_s = view_text(v);
        return OK;
    case VIEW_INT:
        *ret_s = str_fmt(a, "%lld", (long long)view_int(v));
        return OK;
    case VIEW_BOOL:
        *ret_s = view_int(v) ? STR("是") : STR("否");
        return OK;
    case VIEW_LIST:
        buf_init(&b, a, 64);
        for (const struct view *k = view_first(v); k; k = view_next(k)) {
            if (view_kind(k) != VIEW_TEXT)
                return refuse_value(call, f->id, f->label, STR("列表里只能是文本"));
            buf_addz(&b, b.n ? "\n" : "");
            buf_add(&b, view_text(k));
        }
        *ret_s = buf_str(&b);
        return OK;
    default:
        return refuse_value(call, f->id, f->label, STR("应是文本、整数或 true、false"));
    }
}

static enum err
row_values(struct web_call *call, const struct form_section *s, const struct view *given, struct view *into)
{
    for (size_t k = 0; k < s->field_count; k++) {
        const struct form_field *f = &s->field[k];
        const struct view *v = view_get(given, f->id);
        struct str value;
        if (!v || view_kind(v) == VIEW_NULL || view_get(into, f->id))
            continue;
        TRY(call->ctx, form_value(call, f, v, &value));
        view_put_text(into, str_z(call->ctx->arena, f->id), value);
    }
    return OK;
}

static enum err
rows_values(struct web_call *call, const struct form_section *s, const struct view *given, struct view *into)
{
    const struct view *list = view_get(given, s->rows_id);
    if (!list || view_kind(list) == VIEW_NULL)
        return OK;
    if (view_kind(list) != VIEW_LIST)
        return refuse_value(call, s->rows_id, s->title, STR("应是列表"));
    if (view_count(list) > (size_t)s->rows_max)
        return refuse_value(call, s->rows_id, s->title, str_fmt(call->ctx->arena, "超过 %d 行", s->rows_max));
    struct view *rows = view_put_list(into, str_z(call->ctx->arena, s->rows_id));
    for (const struct view *row = view_first(list); row; row = view_next(row)) {
        if (view_kind(row) != VIEW_MAP)
            return refuse_value(call, s->rows_id, s->title, STR("每行应是对象"));
        TRY(call->ctx, row_values(call, s, row, view_add_map(rows)));
    }
    return OK;
}

enum err
web_form_values(struct web_call *call, const struct form *f, const struct view *given, struct view **ret_v)
{
    struct view *v = view_map(call->ctx->arena);
    struct str declared;
    for (size_t i = 0; i < f->section_count; i++) {
        const struct form_section *s = &f->section[i];
        if (str_empty(s->rows_id))
            TRY(call->ctx, row_values(call, s, given, v));
        else if (!view_get(v, s->rows_id))
            TRY(call->ctx, rows_values(call, s, given, v));
    }
    if (!view_get(v, STR("declared")) && json_text(given, "declared", &declared) && declared.p)
        view_put_text(v, "declared", declared); /* the tick of the review page is kept with the form */
    *ret_v = v;
    return OK;
}

enum err
web_applicant_of_json(struct web_call *call, const struct view *json, struct view **ret_v)
{
    static const struct {
        const char *map, *key, *kept, *label;
    } from[] = {{"applicant", "name", "applicant_name", "姓名"},
                {"applicant", "id_number", "applicant_id", "身份证件号码"},
                {"applicant", "mobile", "mobile", "联系电话"},
                {"delegate", "name", "delegate_name", "代办人姓名"},
                {"delegate", "id_number", "delegate_id", "代办人身份证件号码"}};
    struct view *v = view_map(call->ctx->arena);
    struct str s;
    for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
        const struct view *map = view_get(json, str_c(from[i].map));
        if (map && view_kind(map) != VIEW_MAP && view_kind(map) != VIEW_NULL) {
            fail_field(call->ctx, str_c(from[i].map), str_c(from[i].label), STR("应是对象"), STR("请按接口说明改正"));
            FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
        }
        TRY(call->ctx,
            web_json_text(call, map && view_kind(map) == VIEW_MAP ? map : NULL, from[i].key, from[i].label, &s));
        if (!str_empty(s))
            view_put_text(v, from[i].kept, s);
    }
    TRY(call->ctx, web_json_text(call, json, "unit_code", "单位编号或统一社会信用代码", &s));
    if (!str_empty(s))
        view_put_text(v, "unit_code", s);
    *ret_v = v;
    return OK;
}

/* --- 1: applicant --- */

enum { FOR_PERSON = 1, FOR_UNIT = 2, FOR_KNOWN_UNIT = 4, DELEGATE = 8, OPTIONAL = 16 };
static const struct entry {
    const char *id, *label, *kind, *help, *autocomplete;
    int max;
    unsigned use;
} entries[] = {
    {"unit_code", "单位编号或统一社会信用代码", "text", "18 位代码印在营业执照或法人证书上", "off", 30, FOR_KNOWN_UNIT},
    {"applicant_name", "姓名", "text", "办这件事的本人，不是代办人", "name", 50, FOR_PERSON},
    {"applicant_id", "身份证件号码", "text", "居民身份证、港澳台居民居住证或外国人永久居留身份证上的号码", "off", 18,
     FOR_PERSON},
    {"mobile", "手机号码", "tel", "有需要补正的材料会打这个电话", "tel", 20, FOR_PERSON},
    {"delegate_name", "经办人姓名", "text", "替单位来办这件事的人", "name", 50, FOR_UNIT},
    {"mobile", "经办人手机号码", "tel", "有需要补正的材料会打这个电话", "tel", 20, FOR_UNIT},
    {"delegate_name", "代办人姓名", "text", "", "off", 50, FOR_PERSON | DELEGATE | OPTIONAL},
    {"delegate_id", "代办人身份证件号码", "text", "", "off", 18, FOR_PERSON | DELEGATE | OPTIONAL},
};
enum { ENTRY_COUNT = sizeof entries / sizeof *entries };

/* The wizard may have asked whether somebody else applies. */
static bool
delegated(const struct way *w, bool *ret_asked)
{
    struct value v = facts_get(&w->facts, "delegated");
    *ret_asked = v.kind == VALUE_BOOL;
    return *ret_asked && v.b;
}

static bool
is_asked(const struct way *w, const struct entry *e)
{
    const struct matter *m = w->draft.matter;
    bool known, other = delegated(w, &known);
    if (e->use & DELEGATE)
        return !m->by_unit && (!known || other);
    if (e->use & FOR_KNOWN_UNIT)
        return m->by_unit && m->effect != EFFECT_UNIT_ENROL;
    return e->use & FOR_UNIT ? m->by_unit : !m->by_unit;
}

static bool
is_required(const struct way *w, const struct entry *e)
{
    bool known;
    return !(e->use & OPTIONAL) || delegated(w, &known);
}

static bool
check_entry(struct web_call *call, const struct entry *e, struct str s, const char **ret_reason)
{
    struct arena *a = call->ctx->arena;
    struct ident_person p;
    struct str out;
    if (strcmp(e->id, "mobile") == 0) { /* or a landline; the short numbers of hotlines are nobody's */
        if (ident_mobile(a, s, &out, ret_reason))
            return true;
        const char *reason;
        return ident_phone(a, s, &out, &reason) && out.n >= 10;
    }
    if (strcmp(e->id, "applicant_id") == 0 || strcmp(e->id, "delegate_id") == 0)
        return ident_person(a, s, &p, ret_reason) && ident_birth_by(p.birth, day_of_ms(call->ctx->now_ms), ret_reason);
    if (strcmp(e->id, "unit_code") == 0) {
        *ret_reason = "应为 4 到 30 个字符";
        return s.n >= 4 && s.n <= 30;
    }
    return ident_name(a, s, &out, ret_reason);
}

enum err
web_applicant_check(struct web_call *call, const struct way *w, const struct view *typed)
{
    bool fine = true, some = !str_empty(str_trim(text_of(typed, "delegate_name"))) ||
                             !str_empty(str_trim(text_of(typed, "delegate_id")));
    for (size_t i = 0; i < ENTRY_COUNT; i++) {
        const struct entry *e = &entries[i];
        const char *reason = "没有填写";
        struct str s = str_trim(text_of(typed, e->id));
        if (!is_asked(w, e) || (str_empty(s) && !is_required(w, e) && !((e->use & DELEGATE) && some)))
            continue;
        if (!str_empty(s) && check_entry(call, e, s, &reason))
            continue;
        fail_field(call->ctx, str_c(e->id), str_c(e->label), str_c(reason),
                   str_empty(s) ? STR("请填写") : STR("请逐位核对"));
        fine = false;
    }
    if (!fine)
        FAIL(call->ctx, ERR_FIELD_INVALID, "申请人信息有 %zu 处需要改正", call->ctx->fail->field_count);
    return OK;
}

static struct str
error_text(struct ctx *ctx, const char *id)
{
    for (size_t i = 0; i < ctx->fail->field_count; i++) {
        const struct fail_field *f = &ctx->fail->field[i];
        if (str_eqz(f->field, id))
            return str_fmt(ctx->arena, "%.*s%s%.*s", STR_ARG(f->reason), f->remedy.n ? "，" : "", STR_ARG(f->remedy));
    }
    return STR("");
}

static void
put_entry(struct web_call *call, const struct way *w, const struct entry *e, const struct view *typed,
          struct view *list)
{
    struct view *v = view_add_map(list);
    view_put_z(v, "id", e->id);
    view_put_z(v, "label", e->label);
    view_put_z(v, "kind", e->kind);
    view_put_bool(v, "is_text", strcmp(e->kind, "text") == 0);
    view_put_bool(v, "is_tel", strcmp(e->kind, "tel") == 0);
    view_put_z(v, "help", e->help);
    view_put_z(v, "autocomplete", e->autocomplete);
    view_put_int(v, "max_length", e->max + 6); /* blanks of a number read out in groups */
    view_put_bool(v, "required", is_required(w, e));
    view_put_bool(v, "short", e->max <= 30);
    view_put_text(v, "value", text_of(typed, e->id));
    view_put_text(v, "error", error_text(call->ctx, e->id));
}

static enum err
show_applicant(struct web_call *call, struct way *w)
{
    const struct view *typed = web_way_part(call, w, "applicant");
    bool known, other = delegated(w, &known);
    web_way_head(call, w, STEP_APPLICANT, w->draft.matter->by_unit ? "单位和经办人" : "申请人");
    struct view *fields = view_put_list(call->view, "fields"), *delegate = view_put_list(call->view, "delegate");
    for (size_t i = 0; i < ENTRY_COUNT; i++)
        if (is_asked(w, &entries[i]))
            put_entry(call, w, &entries[i], typed, entries[i].use & DELEGATE ? delegate : fields);
    view_put_bool(call->view, "by_unit", w->draft.matter->by_unit);
    view_put_bool(call->view, "may_delegate", view_count(delegate) > 0);
    view_put_bool(call->view, "must_delegate", other);
    bool some = !str_empty(text_of(typed, "delegate_name")) || !str_empty(text_of(typed, "delegate_id"));
    view_put_bool(call->view, "open_delegate", other || some);
    return OK;
}

void
web_applicant_rows(struct web_call *call, const struct way *w, struct view *list)
{
    const struct view *typed = web_way_part(call, w, "applicant");
    for (size_t i = 0; i < ENTRY_COUNT; i++) {
        struct str s = text_of(typed, entries[i].id);
        if (!is_asked(w, &entries[i]) || (str_empty(s) && !is_required(w, &entries[i])))
            continue;
        struct view *r = view_add_map(list);
        view_put_z(r, "id", entries[i].id);
        view_put_z(r, "label", entries[i].label);
        guide_put(r, "value", s);
    }
    (void)call;
}

enum err
web_step_applicant(struct web_call *call)
{
    struct way w;
    TRY(call->ctx, web_way_open(call, &w));
    return web_way_sent(call, &w) ? OK : show_applicant(call, &w);
}

enum err
web_save_applicant(struct web_call *call)
{
    struct way w;
    struct view *typed = view_map(call->ctx->arena);
    TRY(call->ctx, web_way_open(call, &w));
    if (call->api) {
        const struct view *json;
        TRY(call->ctx, web_json(call, &json));
        TRY(call->ctx, web_applicant_of_json(call, json, &typed));
    } else {
        for (size_t i = 0; i < ENTRY_COUNT; i++)
            if (is_asked(&w, &entries[i]))
                view_put_text(typed, entries[i].id, http_field(call->req, entries[i].id));
    }
    TRY(call->ctx, web_way_save(call, &w, "applicant", typed));
    if (web_way_autosaved(call))
        return OK;
    enum err e = web_applicant_check(call, &w, typed);
    if (e != OK)
        return web_way_again(call, &w, e, show_applicant);
    web_way_next(call, &w, STEP_APPLICANT);
    return OK;
}

/* --- 2: form --- */

/* A field starts with what the applicant's page knows already: nobody types a number twice. */
static struct str
known_for(struct web_call *call, const struct way *w, const struct form_field *f)
{
    struct str binds = f->binds;
    const struct view *who = web_way_part(call, w, "applicant");
    struct ident_person p;
    const char *reason;
    bool person = ident_person(call->ctx->arena, text_of(who, "applicant_id"), &p, &reason);
    if (str_eqz(binds, "person.name"))
        return text_of(who, "applicant_name");
    if (str_eqz(binds, "person.id"))
        return text_of(who, "applicant_id");
    if (str_eqz(binds, "person.mobile") || str_eqz(binds, "filing.phone") || str_eqz(binds, "unit.phone"))
        return text_of(who, "mobile");
    if (str_eqz(binds, "person.id_kind") && person && p.kind == IDENT_RESIDENT)
        return STR("居民身份证");
    if (str_eqz(binds, "person.sex") && person && p.sex != IDENT_SEX_UNKNOWN)
        return p.sex == IDENT_SEX_MALE ? STR("男") : STR("女");
    if (str_eqz(binds, "person.birth") && person)
        return day_text(call->ctx->arena, p.birth);
    if (str_eqz(binds, "unit.contact"))
        return text_of(who, "delegate_name");
    if (str_eqz(binds, "applicant.name")) /* who fills the form in: the person, or the unit's handler */
        return text_of(who, w->draft.matter->by_unit ? "delegate_name" : "applicant_name");
    if (str_eqz(binds, "applicant.mobile"))
        return text_of(who, "mobile");
    if (str_eqz(binds, "filing.category"))
        return w->draft.matter->category;
    struct value action = facts_get(&w->facts, "filing_action");
    if (str_eqz(f->id, "filing_action"))
        return action.kind == VALUE_TEXT && str_starts(action.text, STR("变更")) ? STR("变更") : STR("新增");
    if (str_eqz(f->id, "unit_action") && w->draft.matter->effect == EFFECT_UNIT_ENROL) {
        struct value said = facts_get(&w->facts, "unit_action"); //= R52
        enum unit_action a;
        if (said.kind != VALUE_TEXT || !unit_action_parse(said.text, &a))
            return STR("");
        return str_c(
            unit_action_name(unit_action_regroups(a) ? UNIT_REGROUP : a)); /* one box of the form for three answers */
    }
    if (str_eqz(f->id, "employee_action") && w->draft.matter->effect == EFFECT_PERSON_ENROL) {
        struct value said = facts_get(&w->facts, "employee_action"); //= R56
        return said.kind == VALUE_TEXT ? said.text : STR("增加");
    }
    return STR("");
}

struct view *
web_form_first(struct web_call *call, const struct way *w)
{
    struct view *v = view_map(call->ctx->arena);
    for (size_t i = 0; i < w->form->section_count; i++) {
        const struct form_section *s = &w->form->section[i];
        struct view *into = v;
        if (!str_empty(s->rows_id))
            into = view_add_map(view_put_list(v, str_z(call->ctx->arena, s->rows_id)));
        for (size_t k = 0; k < s->field_count; k++) {
            struct str known = known_for(call, w, &s->field[k]);
            if (!str_empty(known))
                view_put_text(into, str_z(call->ctx->arena, s->field[k].id), known);
        }
    }
    return v;
}

static enum err
show_form(struct web_call *call, struct way *w)
{
    const struct view *values = web_way_part(call, w, "form");
    web_way_head(call, w, STEP_FORM, "填表");
    if (view_count(values) == 0)
        values = web_form_first(call, w);
    struct view *form = service_form_view(call->ctx, call->server, w->form, &w->facts, values);
    web_form_name_rows(call, form);
    view_put(call->view, "form", form);
    view_put_text(call->view, "form_title", w->form_title);
    return OK;
}

static enum err
open_form(struct web_call *call, struct way *w)
{
    TRY(call->ctx, web_way_open(call, w));
    if (!w->form)
        FAIL(call->ctx, ERR_NOT_FOUND, "这个事项不用填表");
    return OK;
}

enum err
web_step_form(struct web_call *call)
{
    struct way w;
    TRY(call->ctx, open_form(call, &w));
    return web_way_sent(call, &w) ? OK : show_form(call, &w);
}

/* The form as it stands on the page, as its table: what was typed is kept first. */
enum err
web_print_form(struct web_call *call)
{
    struct way w;
    TRY(call->ctx, open_form(call, &w));
    struct view *values = web_form_typed(call, w.form);
    TRY(call->ctx, web_way_save(call, &w, "form", values));
    enum err e = service_form_check_typed(call->ctx, w.form, &w.facts, values);
    if (e != OK)
        return web_way_again(call, &w, e, show_form);
    return web_form_pdf(call, &(struct form_print){w.form, call->region, &w.facts, values, false});
}

/* An added or removed row: the page once more, at the table. */
static bool
rows_changed(struct web_call *call, const struct way *w)
{
    struct str add = http_field(call->req, "add_row"), removed = http_field(call->req, "remove_row"), dot = removed;
    if (call->api || (str_empty(add) && str_empty(removed)))
        return false;
    if (str_empty(add))
        str_split(&dot, '.', &add);
    struct str back = str_eqz(http_field(call->req, "back"), "review") ? STR("?back=review") : STR("");
    call->redirect = str_fmt(call->ctx->arena, "%.*s%.*s#rows-%.*s", STR_ARG(web_way_path(call, w, "/form")),
                             STR_ARG(back), STR_ARG(str_sub(add, 0, 60)));
    return true;
}

enum err
web_save_form(struct web_call *call)
{
    struct way w;
    struct view *values;
    TRY(call->ctx, open_form(call, &w));
    if (call->api) {
        const struct view *json;
        TRY(call->ctx, web_json(call, &json));
        TRY(call->ctx, web_form_values(call, w.form, json, &values));
    } else {
        values = web_form_typed(call, w.form);
    }
    TRY(call->ctx, web_way_save(call, &w, "form", values));
    if (web_way_autosaved(call) || rows_changed(call, &w))
        return OK;
    enum err e = service_form_check(call->ctx, call->server, w.form, &w.facts, values);
    if (e == ERR_FIELD_INVALID) /* the page calls the form by this region's name */
        call->ctx->fail->detail =
            str_fmt(call->ctx->arena, "《%.*s》有 %zu 处需要改正", STR_ARG(w.form_title), call->ctx->fail->field_count);
    if (e != OK)
        return web_way_again(call, &w, e, show_form);
    web_way_next(call, &w, STEP_FORM);
    return OK;
}

/* --- 4: delivery --- */

static void
add_way(struct web_call *call, struct view *list, struct str value, const char *label, const char *help,
        struct str chosen, bool said)
{
    struct view *v = view_add_map(list);
    view_put_int(v, "index", (int64_t)view_count(list));
    view_put_text(v, "value", value);
    view_put_text(v, "label", label ? str_c(label) : value);
    view_put_z(v, "help", help);
    view_put_bool(v, "checked", said && str_eq(value, chosen));
    view_put_bool(v, "express", str_eqz(value, "快递"));
    (void)call;
}

static const char *
way_help(struct str way)
{
    return str_eqz(way, "电子证照下载") ? "办好后在办件页面下载"
           : str_eqz(way, "窗口领取")   ? "办好后带身份证件到窗口"
                                        : NULL;
}

static bool
prints_way(const struct matter *m, const char *way)
{
    for (size_t i = 0; i < m->delivery_count; i++)
        if (str_eqz(m->delivery[i], way))
            return true;
    return false;
}

//= R25 R27 R28
static enum err
show_delivery(struct web_call *call, struct way *w)
{
    const struct matter *m = w->draft.matter;
    const struct view *said = web_way_part(call, w, "delivery");
    struct str chosen = text_of(said, "delivery");
    bool any = view_count(said) > 0, express = prints_way(m, "快递");
    web_way_head(call, w, STEP_DELIVERY, "领取方式");
    struct view *list = view_put_list(call->view, "ways");
    if (m->delivery_count == 0) {
        add_way(call, list, STR("电子证照下载"), NULL, way_help(STR("电子证照下载")), chosen, any);
        add_way(call, list, STR("窗口领取"), NULL, way_help(STR("窗口领取")), chosen, any);
    } else if (!prints_way(m, "窗口领取")) {
        add_way(call, list, STR(""), "到窗口领取", "办好后带身份证件到窗口", chosen, any);
    }
    for (size_t i = 0; i < m->delivery_count; i++)
        add_way(call, list, m->delivery[i], NULL, way_help(m->delivery[i]), chosen, any);
    if (!express && !str_empty(m->express_text)) {
        add_way(call, list, STR("快递"), NULL, NULL, chosen, any);
        express = true;
    }
    view_put_bool(call->view, "express_offered", express);
    guide_put(call->view, "express_text", m->express_text);
    guide_put(call->view, "printed", m->delivery_text);
    view_put_text(call->view, "address", text_of(said, "address"));
    view_put_text(call->view, "error_way", error_text(call->ctx, "delivery"));
    view_put_text(call->view, "error_address", error_text(call->ctx, "address"));
    return OK;
}

static enum err
check_delivery(struct web_call *call, const struct view *typed)
{
    struct ctx *ctx = call->ctx;
    struct str way = text_of(typed, "delivery");
    if (!view_get(typed, STR("delivery"))) { /* an empty one is a choice: the window */
        fail_field(ctx, STR("delivery"), STR("领取方式"), STR("没有选择"), STR("请选择一种"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    if (str_eqz(way, "快递") && str_utf8_count(str_trim(text_of(typed, "address"))) < 5) {
        fail_field(ctx, STR("address"), STR("邮寄地址"), STR("没有填写完整"), STR("请写明省市区、街道门牌"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    return OK;
}

enum err
web_step_delivery(struct web_call *call)
{
    struct way w;
    TRY(call->ctx, web_way_open(call, &w));
    return web_way_sent(call, &w) ? OK : show_delivery(call, &w);
}

enum err
web_save_delivery(struct web_call *call)
{
    struct way w;
    struct view *typed = view_map(call->ctx->arena);
    TRY(call->ctx, web_way_open(call, &w));
    struct str way = web_param(call, call->api ? "way" : "delivery"), address = web_param(call, "address");
    if (way.p)
        view_put_text(typed, "delivery", way);
    if (address.p)
        view_put_text(typed, "address", address);
    TRY(call->ctx, web_way_save(call, &w, "delivery", typed));
    if (web_way_autosaved(call))
        return OK;
    enum err e = check_delivery(call, typed);
    if (e != OK)
        return web_way_again(call, &w, e, show_delivery);
    web_way_next(call, &w, STEP_DELIVERY);
    return OK;
}
