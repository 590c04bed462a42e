/* JSON Schema 2020-12 of a form: what an applicant's system may send for it. */
#include "service/service.h"
#include "web/handlers.h"
#include "web/public.h"

struct schema {
    struct ctx *ctx;
    const struct form *form;
    struct view *rules; /* allOf: what hangs together */
};

static const char *
pattern_of(struct str type)
{
    static const struct {
        const char *type, *pattern;
    } patterns[] = {
        {"日期", "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"},
        {"年月", "^[0-9]{4}-(0[1-9]|1[0-2])$"},
        {"整数", "^[0-9]{1,18}$"},
        {"金额", "^[0-9,]{1,18}(\\.[0-9]{1,2})?$"},
        {"身份证件", "^[0-9A-Za-z]{5,30}$"},
        {"信用代码", "^[0-9A-Za-z]{18}$"},
        {"手机", "^(\\+?86[- ]?)?1[0-9 -]{10,14}$"},
        {"电话", "^[0-9+ ()-]{3,30}$"},
        {"银行账号", "^[0-9 -]{8,40}$"},
    };
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        if (str_eqz(type, patterns[i].type))
            return patterns[i].pattern;
    return NULL;
}

static void
put_enum(struct view *p, const struct form_field *f)
{
    struct view *list = view_put_list(p, "enum");
    for (size_t i = 0; i < f->value_count; i++)
        view_add_text(list, f->values[i]);
}

static void
put_type(struct view *p, const struct form_field *f)
{
    bool number = str_eqz(f->type, "整数");
    if (str_eqz(f->type, "多选")) {
        view_put_z(p, "type", "array");
        view_put_bool(p, "uniqueItems", true);
        view_put_int(p, "minItems", f->required ? 1 : 0);
        put_enum(view_put_map(p, "items"), f);
        return;
    }
    if (str_eqz(f->type, "是否") || number) {
        struct view *types = view_put_list(p, "type");
        view_add_text(types, STR("string"));
        view_add_text(types, number ? STR("integer") : STR("boolean"));
    } else {
        view_put_z(p, "type", "string");
    }
    if (number)
        view_put_int(p, "minimum", 0);
    if (str_eqz(f->type, "是否"))
        view_put_z(p, "pattern", "^(是|否)$");
    if (str_eqz(f->type, "日期"))
        view_put_z(p, "format", "date");
    if (f->value_count)
        put_enum(p, f);
    if (pattern_of(f->type))
        view_put_z(p, "pattern", pattern_of(f->type));
    if (f->required)
        view_put_int(p, "minLength", 1);
    view_put_int(p, "maxLength", f->max_length);
}

/* What a reader of the schema should know besides its type: the hint, who writes it, what it feeds, when it is owed. */
static struct str
description(struct ctx *ctx, const struct form_field *f)
{
    struct buf b;
    buf_init(&b, ctx->arena, 128);
    if (!str_empty(f->group))
        buf_fmt(&b, "%.*s。", STR_ARG(f->group));
    buf_add(&b, f->help);
    if (!str_empty(f->unit))
        buf_fmt(&b, "单位：%.*s。", STR_ARG(f->unit));
    if (f->required_when.feel)
        buf_fmt(&b, "必填当：%.*s。", STR_ARG(f->required_when.source));
    if (f->must.feel)
        buf_fmt(&b, "不得：%.*s。", STR_ARG(f->otherwise));
    return buf_str(&b);
}

static void
put_property(struct schema *s, struct view *properties, struct view *required, const struct form_field *f)
{
    struct view *p = view_put_map(properties, str_z(s->ctx->arena, f->id));
    view_put_text(p, "title", f->label);
    view_put_opt(p, "description", description(s->ctx, f));
    put_type(p, f);
    view_put_text(p, "x-type", f->type);
    view_put_z(p, "x-who", form_who_name(f->who));
    view_put_opt(p, "x-feeds", f->binds);
    view_put_bool(p, "x-personal", f->personal || str_eqz(f->type, "姓名"));
    if (f->required)
        view_add_text(required, f->id);
}

/* {if: {properties: {ID: RULE}, required: [ID]}, then: {required: [OWED]}}; gives the map of ID's rule. */
static struct view *
put_rule(struct schema *s, struct str id, struct str owed)
{
    struct view *rule = view_add_map(s->rules), *when = view_put_map(rule, "if");
    struct view *test = view_put_map(view_put_map(when, "properties"), str_z(s->ctx->arena, id));
    view_add_text(view_put_list(when, "required"), id);
    view_add_text(view_put_list(view_put_map(rule, "then"), "required"), owed);
    return test;
}

static const struct form_field *
field_of(const struct form *form, struct str id)
{
    for (size_t i = 0; i < form->section_count; i++)
        for (size_t k = 0; k < form->section[i].field_count; k++)
            if (str_eq(form->section[i].field[k].id, id))
                return &form->section[i].field[k];
    return NULL;
}

static void
put_attached(struct schema *s, const struct form_field *f)
{
    const struct form_field *choice = field_of(s->form, f->attached);
    for (size_t i = 0; choice && f->required_if.feel && i < choice->value_count; i++) {
        if (!str_starts(choice->values[i], STR("其他")))
            continue;
        struct view *test = put_rule(s, choice->id, f->id);
        if (str_eqz(choice->type, "多选"))
            test = view_put_map(test, "contains");
        view_put_text(test, "const", choice->values[i]);
    }
}

static void
put_rules(struct schema *s, const struct form_field *f)
{
    if (!str_empty(f->required_unless)) {
        struct buf b;
        buf_init(&b, s->ctx->arena, 128);
        for (size_t i = 0; i < f->unless_count; i++)
            buf_fmt(&b, "%s%.*s", i ? "|" : "^(", STR_ARG(f->unless[i]));
        buf_addz(&b, ")");
        view_put_text(view_put_map(put_rule(s, f->required_unless, f->id), "not"), "pattern", buf_str(&b));
    }
    for (size_t i = 0; i < f->together_count; i++)
        view_put_z(put_rule(s, f->together[i], f->id), "type", "string");
    put_attached(s, f);
}

/* The fields of section SEC that the applicant's side types. */
static void
put_fields(struct schema *s, const struct form_section *sec, struct view *properties, struct view *required)
{
    for (size_t k = 0; k < sec->field_count; k++)
        if (service_form_asks(&sec->field[k])) {
            put_property(s, properties, required, &sec->field[k]);
            if (str_empty(sec->rows_id))
                put_rules(s, &sec->field[k]);
        }
}

static void
put_rows(struct schema *s, const struct form_section *sec, struct view *properties, struct view *required)
{
    bool owed = false;
    for (size_t k = 0; k < sec->field_count; k++)
        owed = owed || (sec->field[k].required && service_form_asks(&sec->field[k]));
    struct view *rows = view_put_map(properties, str_z(s->ctx->arena, sec->rows_id));
    view_put_text(rows, "title", sec->title);
    view_put_opt(rows, "description", sec->note);
    view_put_z(rows, "type", "array");
    view_put_int(rows, "minItems", owed ? 1 : 0);
    view_put_int(rows, "maxItems", sec->rows_max);
    struct view *item = view_put_map(rows, "items");
    view_put_z(item, "type", "object");
    struct view *inner = view_put_map(item, "properties");
    put_fields(s, sec, inner, view_put_list(item, "required"));
    if (owed)
        view_add_text(required, sec->rows_id);
}

static bool
asks_some(const struct form_section *s)
{
    for (size_t k = 0; k < s->field_count; k++)
        if (service_form_asks(&s->field[k]))
            return true;
    return false;
}

enum err
web_form_schema(struct web_call *call)
{
    struct ctx *ctx = call->ctx;
    const struct form *f = service_form_find(call->region ? call->region->catalog : call->world, call->region,
                                             http_param(call->req, "id"));
    if (!f)
        FAIL(ctx, ERR_NOT_FOUND, "没有这张表");
    struct str where = call->region ? str_fmt(ctx->arena, "/regions/%.*s", STR_ARG(call->region->code)) : STR("");
    view_put_z(call->view, "$schema", "https://json-schema.org/draft/2020-12/schema");
    view_put_text(call->view, "$id",
                  str_fmt(ctx->arena, WEB_API "%.*s/forms/%.*s/schema", STR_ARG(where), STR_ARG(f->id)));
    view_put_text(call->view, "title", f->title);
    view_put_opt(call->view, "description", f->note);
    view_put_z(call->view, "type", "object");
    struct view *properties = view_put_map(call->view, "properties"), *required = view_put_list(call->view, "required");
    struct schema s = {ctx, f, view_list(ctx->arena)};
    for (size_t i = 0; i < f->section_count; i++) {
        const struct form_section *sec = &f->section[i];
        if (str_empty(sec->rows_id))
            put_fields(&s, sec, properties, required);
        else if (asks_some(sec))
            put_rows(&s, sec, properties, required);
    }
    if (view_count(s.rules))
        view_put(call->view, "allOf", s.rules);
    return OK;
}
