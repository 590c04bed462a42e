/* The sample forms as data: the definition that pages are made from, and the same as JSON Schema for other systems. */
#include "web/handlers.h"
#include "web/public.h"

static enum err
form_of_path(struct web_call *call, const struct form **ret_f)
{
    *ret_f = catalog_form(call->server->catalog, http_param(call->req, "id"));
    if (!*ret_f)
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这张表");
    return OK;
}

enum err
web_form(struct web_call *call)
{
    const struct form *f;
    TRY(call->ctx, form_of_path(call, &f));
    view_put(call->view, "form", service_form_view(call->ctx, call->server, f, NULL, NULL));
    return OK;
}

static void
put_property(struct view *properties, struct view *required, const struct form_field *f)
{
    struct view *p = view_put_map(properties, f->id.p);
    view_put_text(p, "title", f->label);
    view_put_z(p, "type", "string");
    view_put_opt(p, "description", f->help);
    view_put_text(p, "x-type", f->type);
    if (str_eqz(f->type, "日期"))
        view_put_z(p, "format", "date");
    view_put_int(p, "maxLength", f->max_length);
    if (f->value_count && str_eqz(f->type, "选项")) {
        struct view *list = view_put_list(p, "enum");
        for (size_t i = 0; i < f->value_count; i++)
            view_add_text(list, f->values[i]);
    }
    if (f->required)
        view_add_text(required, f->id);
}

/* The fields of section S that the applicant fills; lists are made only when something stands in them. */
static void
put_fields(struct ctx *ctx, const struct form_section *s, struct view *properties, struct view *required)
{
    (void)ctx;
    for (size_t k = 0; k < s->field_count; k++)
        if (!str_starts(s->field[k].id, STR("office_")))
            put_property(properties, required, &s->field[k]);
}

enum err
web_form_schema(struct web_call *call)
{
    const struct form *f;
    struct ctx *ctx = call->ctx;
    TRY(ctx, form_of_path(call, &f));
    view_put_z(call->view, "$schema", "https://json-schema.org/draft/2020-12/schema");
    view_put_text(call->view, "$id", str_fmt(ctx->arena, WEB_API "/forms/%.*s/schema", STR_ARG(f->id)));
    view_put_text(call->view, "title", f->title);
    view_put_z(call->view, "type", "object");
    struct view *properties = view_put_map(call->view, "properties"), *required = view_put_list(call->view, "required");
    for (size_t i = 0; i < f->section_count; i++) {
        const struct form_section *s = &f->section[i];
        if (str_empty(s->rows_id)) {
            put_fields(ctx, s, properties, required);
            continue;
        }
        struct view *rows = view_put_map(properties, str_z(ctx->arena, s->rows_id));
        view_put_text(rows, "title", s->title);
        view_put_z(rows, "type", "array");
        view_put_int(rows, "maxItems", s->rows_max);
        struct view *item = view_put_map(rows, "items");
        view_put_z(item, "type", "object");
        struct view *inner = view_put_map(item, "properties");
        put_fields(ctx, s, inner, view_put_list(item, "required"));
    }
    return OK;
}
