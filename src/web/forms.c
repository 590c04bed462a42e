/* The sample forms: a list, a page to read, fill and print at home, the table as PDF, the definition and its JSON Schema
** for other systems. Nothing typed here is stored or logged. */
#include "service/guide.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/public.h"

/* What was typed under NAME; ticked boxes come several times and are joined by line ends. */
static struct str
sent_under(struct web_call *call, struct str name)
{
    struct buf b;
    bool some = false;
    for (size_t i = 0; i < http_field_count(call->req); i++) {
        struct str n, value;
        http_field_at(call->req, i, &n, &value);
        if (!str_eq(n, name))
            continue;
        if (!some)
            buf_init(&b, call->ctx->arena, value.n + 1);
        else
            buf_byte(&b, '\n');
        buf_add(&b, value);
        some = true;
    }
    return some ? buf_str(&b) : STR_NONE;
}

/* The desk's pages put "form." before a field's name. */
static struct str
typed_under(struct web_call *call, struct str name)
{
    struct str value = sent_under(call, name);
    return value.p || call->route->access != WEB_STAFF
               ? value
               : sent_under(call, str_concat(call->ctx->arena, STR("form."), name));
}

static bool
read_row(struct web_call *call, const struct form_section *s, struct str prefix, struct view *row)
{
    bool there = false;
    for (size_t k = 0; k < s->field_count; k++) {
        struct str value = typed_under(call, str_concat(call->ctx->arena, prefix, s->field[k].id));
        there = there || value.p;
        if (value.p)
            view_put_text(row, str_z(call->ctx->arena, s->field[k].id), value);
    }
    return there;
}

/* The rows of a repeating section in order; "remove_row" leaves one out, "add_row" adds an empty one. */
static void
read_rows(struct web_call *call, const struct form_section *s, struct view *v)
{
    struct view *list = view_put_list(v, str_z(call->ctx->arena, s->rows_id));
    struct str removed = http_field(call->req, "remove_row");
    for (int i = 0; i < s->rows_max; i++) {
        struct str name = str_fmt(call->ctx->arena, "%.*s.%d", STR_ARG(s->rows_id), i);
        struct view *row = view_map(call->ctx->arena);
        if (!read_row(call, s, str_concat(call->ctx->arena, name, STR(".")), row))
            break;
        if (!str_eq(removed, name))
            view_add(list, row);
    }
    if (str_eq(http_field(call->req, "add_row"), s->rows_id) && view_count(list) < (size_t)s->rows_max)
        view_add_map(list);
}

struct view *
web_form_typed(struct web_call *call, const struct form *f)
{
    struct view *v = view_map(call->ctx->arena);
    for (size_t i = 0; i < f->section_count; i++) {
        const struct form_section *s = &f->section[i];
        if (str_empty(s->rows_id))
            (void)read_row(call, s, STR(""), v);
        else
            read_rows(call, s, v);
    }
    return v;
}

/* What a row's "remove" button says; a single row has none. */
void
web_form_name_rows(struct web_call *call, struct view *form)
{
    for (const struct view *s = view_first(view_get(form, STR("sections"))); s; s = view_next(s)) {
        const struct view *rows = view_get(s, STR("rows"));
        int i = 0;
        for (const struct view *r = rows ? view_first(rows) : NULL; r; r = view_next(r), i++) {
            struct view *row = (struct view *)(uintptr_t)r; /* just built by the service; ours to add to */
            view_put_text(row, "row_id",
                          str_fmt(call->ctx->arena, "%.*s.%d", STR_ARG(view_text(view_get(s, STR("rows_id")))), i));
            view_put_bool(row, "many", view_count(rows) > 1);
        }
    }
}

/* --- which form --- */

static const struct catalog *
forms_of(const struct web_call *call)
{
    return call->region ? call->region->catalog : call->world;
}

static enum err
form_of_path(struct web_call *call, const struct form **ret_f)
{
    const struct region *r = call->region;
    if (!r && call->actor.region.n) /* the desk's own region */
        r = catalog_region(call->world, call->actor.region);
    *ret_f = service_form_find(r ? r->catalog : call->world, r, http_param(call->req, "id"));
    if (!*ret_f)
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这张表");
    return OK;
}

enum err
web_forms(struct web_call *call)
{
    guide_region(call->ctx, call->region, view_put_map(call->view, "region"));
    service_form_list(forms_of(call), call->region, call->view);
    call->title = str_fmt(call->ctx->arena, "%.*s · 表单", STR_ARG(call->region->name));
    return OK;
}

/* --- the page --- */

static void
show_form(struct web_call *call, const struct form *f, const struct view *values)
{
    struct ctx *ctx = call->ctx;
    struct view *form = service_form_view(ctx, call->server, f, NULL, values);
    web_form_name_rows(call, form);
    view_put(call->view, "form", form);
    service_form_definition(ctx, forms_of(call), f, view_put_map(call->view, "definition"));
    service_form_matters(forms_of(call), call->region, f, view_put_list(call->view, "matters"));
    view_put_bool(call->view, "asked", view_count(view_get(form, STR("sections"))) > 0);
    view_put_text(call->view, "path",
                  call->region ? str_fmt(ctx->arena, "/r/%.*s/forms/%.*s", STR_ARG(call->region->code), STR_ARG(f->id))
                               : str_fmt(ctx->arena, "/forms/%.*s", STR_ARG(f->id)));
    bool own = call->region && f != catalog_form(forms_of(call), f->id), named = false;
    for (const struct view *m = view_first(view_get(call->view, STR("matters"))); m; m = view_next(m))
        named = named || view_int(view_get(m, STR("named")));
    view_put_bool(call->view, "own", own);
    guide_put(call->view, "source", str_sub(f->where, 0, str_find(f->where, STR(" 行")))); /* lines are the keeper's */
    view_put_bool(call->view, "sample_only", call->region && !own && !named);
    call->title = f->title;
}

enum err
web_form(struct web_call *call)
{
    const struct form *f;
    TRY(call->ctx, form_of_path(call, &f));
    show_form(call, f, NULL);
    return OK;
}

enum err
web_form_blank(struct web_call *call)
{
    const struct form *f;
    TRY(call->ctx, form_of_path(call, &f));
    struct form_print p = {f, call->region, NULL, NULL, false};
    TRY(call->ctx, service_form_print(call->ctx, call->server, &p, &call->body));
    call->body_type = "application/pdf"; /* the same for everybody: kept in memory */
    return OK;
}

enum err
web_form_pdf(struct web_call *call, const struct form_print *p)
{
    struct str pdf;
    TRY(call->ctx, service_form_print(call->ctx, call->server, p, &pdf));
    web_download(call, "application/pdf", str_concat(call->ctx->arena, p->form->title, STR(".pdf")), pdf, true);
    return OK;
}

static enum err
typed_values(struct web_call *call, const struct form *f, struct view **ret_v)
{
    const struct view *json;
    if (!call->api) {
        *ret_v = web_form_typed(call, f);
        return OK;
    }
    TRY(call->ctx, web_json(call, &json));
    return web_form_values(call, f, json, ret_v);
}

/* A row more or less: the page once more with everything typed. */
enum err
web_form_more(struct web_call *call)
{
    const struct form *f;
    TRY(call->ctx, form_of_path(call, &f));
    show_form(call, f, web_form_typed(call, f));
    return OK;
}

/* What was typed as the table; empty places may be filled in by hand, wrong ones are told. */
enum err
web_form_print(struct web_call *call)
{
    const struct form *f;
    struct view *values;
    TRY(call->ctx, web_budget_take(call, BUDGET_PRINT));
    TRY(call->ctx, form_of_path(call, &f));
    TRY(call->ctx, typed_values(call, f, &values));
    enum err e = service_form_check_typed(call->ctx, f, NULL, values);
    if (e == OK)
        return web_form_pdf(call, &(struct form_print){f, call->region, NULL, values, false});
    if (call->api || !web_is_refusal(e))
        return e;
    show_form(call, f, values);
    web_fail_into_view(call);
    return OK;
}

/* --- the desk's own: everything may be typed --- */

static void
show_desk_form(struct web_call *call, const struct form *f, const struct view *values)
{
    struct view *form = service_form_view_all(call->ctx, f, values);
    web_form_name_rows(call, form);
    view_put(call->view, "form", form);
    view_put_text(call->view, "path", str_fmt(call->ctx->arena, "/desk/forms/%.*s", STR_ARG(f->id)));
    service_form_definition(call->ctx, call->world, f, view_put_map(call->view, "definition"));
    call->title = f->title;
    if (!call->api)
        desk_put_nav(call, DESK_NAV_INTAKE);
}

enum err
web_desk_forms(struct web_call *call)
{
    const struct region *r = catalog_region(call->world, call->actor.region);
    if (!r)
        FAIL(call->ctx, ERR_NOT_FOUND, "目录中没有您所在的统筹区");
    service_form_list(r->catalog, r, call->view);
    call->title = STR("表单");
    if (!call->api)
        desk_put_nav(call, DESK_NAV_INTAKE);
    return OK;
}

enum err
web_desk_form(struct web_call *call)
{
    const struct form *f;
    TRY(call->ctx, form_of_path(call, &f));
    show_desk_form(call, f, http_method(call->req) == HTTP_POST ? web_form_typed(call, f) : NULL);
    return OK;
}

enum err
web_desk_form_print(struct web_call *call)
{
    const struct form *f;
    struct view *values;
    TRY(call->ctx, form_of_path(call, &f));
    TRY(call->ctx, typed_values(call, f, &values));
    enum err e = service_form_check_desk(call->ctx, f, values);
    if (e == OK)
        return web_form_pdf(
            call, &(struct form_print){f, catalog_region(call->world, call->actor.region), NULL, values, true});
    if (call->api || !web_is_refusal(e))
        return e;
    show_desk_form(call, f, values);
    web_fail_into_view(call);
    return OK;
}
