/* A form's definition for its keeper and for other systems, and who uses it. */
#include "service/form_int.h"
#include "service/guide.h"

static void
put_condition(struct view *v, const char *key, const struct condition *c)
{
    if (c->feel)
        view_put_text(v, key, c->source);
}

static void
put_texts(struct view *v, const char *key, const struct str *text, size_t n)
{
    if (n == 0)
        return;
    struct view *list = view_put_list(v, key);
    for (size_t i = 0; i < n; i++)
        view_add_text(list, text[i]);
}

/* Which record of the registers and which question a field feeds. */
static void
put_feeds(const struct catalog *c, const struct form_field *f, struct view *v)
{
    size_t fact = fact_find(catalog_dict(c), f->id);
    if (str_empty(f->binds) && fact == SIZE_MAX)
        return;
    struct view *feeds = view_put_map(v, "feeds");
    view_put_opt(feeds, "record", f->binds);
    if (fact != SIZE_MAX)
        view_put_text(feeds, "fact", catalog_dict(c)->fact[fact].name);
}

static void
put_field(const struct catalog *c, const struct form_field *f, struct view *v)
{
    view_put_text(v, "id", f->id);
    view_put_text(v, "label", f->label);
    view_put_opt(v, "group", f->group);
    view_put_text(v, "type", f->type);
    put_texts(v, "values", f->values, f->value_count);
    view_put_z(v, "who", form_who_name(f->who));
    view_put_bool(v, "asked", form_asks(f));
    view_put_bool(v, "handwritten", f->handwritten);
    view_put_bool(v, "required", f->required);
    put_condition(v, "required_when", f->required_when.feel ? &f->required_when : &f->required_if);
    put_condition(v, "shown_when", &f->shown_when);
    put_condition(v, "must", &f->must);
    put_condition(v, "follows_from", &f->automatic);
    view_put_opt(v, "otherwise", f->otherwise);
    if (!str_empty(f->required_unless)) {
        struct view *unless = view_put_map(v, "required_unless");
        view_put_text(unless, "field", f->required_unless);
        put_texts(unless, "begins_with", f->unless, f->unless_count);
    }
    put_texts(v, "together_with", f->together, f->together_count);
    view_put_opt(v, "attached_to", f->attached);
    view_put_int(v, "max_length", f->max_length);
    view_put_opt(v, "unit", f->unit);
    view_put_opt(v, "help", f->help);
    view_put_bool(v, "personal", f->personal || str_eqz(f->type, "姓名"));
    view_put_bool(v, "label_printed", !f->unlabelled);
    view_put_bool(v, "ticked", f->ticked);
    put_feeds(c, f, v);
}

static void
put_closings(const struct form_section *s, struct view *v)
{
    static const char *const kinds[] = {"signature", "signature_by_hand", "stamp", "date"};
    if (s->closing_count == 0)
        return;
    struct view *list = view_put_list(v, "signatures");
    for (size_t i = 0; i < s->closing_count; i++) {
        struct view *x = view_add_map(list);
        view_put_z(x, "kind", kinds[s->closing[i].kind]);
        view_put_text(x, "text", s->closing[i].text);
    }
}

static void
put_section(const struct catalog *c, const struct form_section *s, struct view *v)
{
    view_put_text(v, "heading", s->title);
    view_put_opt(v, "note", s->note);
    put_condition(v, "when", &s->when);
    view_put_opt(v, "printed_text", s->body);
    if (!str_empty(s->rows_id)) {
        struct view *rows = view_put_map(v, "rows");
        view_put_text(rows, "id", s->rows_id);
        view_put_int(rows, "max", s->rows_max);
        view_put_int(rows, "printed", s->rows_printed);
    }
    struct view *fields = view_put_list(v, "fields");
    for (size_t k = 0; k < s->field_count; k++)
        put_field(c, &s->field[k], view_add_map(fields));
    put_closings(s, v);
}

/* A repair is at a field, by its id, or at another place, in words. */
static struct str
label_of(const struct form *f, struct str where)
{
    for (size_t i = 0; i < f->section_count; i++)
        for (size_t k = 0; k < f->section[i].field_count; k++)
            if (str_eq(f->section[i].field[k].id, where))
                return f->section[i].field[k].label;
    return where;
}

void
service_form_definition(struct ctx *ctx, const struct catalog *c, const struct form *f, struct view *map)
{
    (void)ctx;
    view_put_text(map, "id", f->id);
    view_put_text(map, "title", f->title);
    guide_put(map, "where", f->where);
    guide_put(map, "note", f->note);
    guide_put(map, "subtitle", f->subtitle);
    guide_put(map, "foot", f->foot);
    guide_put(map, "declaration", f->declaration);
    view_put_bool(map, "landscape", f->landscape);
    struct view *sections = view_put_list(map, "sections"), *repairs = view_put_list(map, "repairs");
    for (size_t i = 0; i < f->section_count; i++)
        put_section(c, &f->section[i], view_add_map(sections));
    for (size_t i = 0; i < f->repair_count; i++) {
        struct view *r = view_add_map(repairs);
        view_put_text(r, "field", f->repair[i].where);
        view_put_text(r, "label", label_of(f, f->repair[i].where));
        view_put_text(r, "printed", f->repair[i].printed);
        view_put_text(r, "read", f->repair[i].read);
        view_put_text(r, "basis", f->repair[i].basis);
        view_put_bool(r, "unsure", f->repair[i].unsure);
    }
    put_texts(map, "printed_signatures", f->sign, f->sign_count);
}

/* --- who uses it --- */

const struct form *
service_form_find(const struct catalog *c, const struct region *r, struct str id) //= R10
{
    for (size_t i = 0; r && i < r->form_count; i++)
        if (str_eq(r->form[i].id, id) || str_eq(r->form[i].title, id))
            return &r->form[i];
    return catalog_form(c, id);
}

static bool
list_names(const struct matter *m, const struct material *x, size_t n, const struct form *f)
{
    for (size_t i = 0; i < n; i++)
        if ((!str_empty(x[i].form) && (str_eq(x[i].form, f->id) || str_eq(x[i].form, f->title))) ||
            list_names(m, x[i].child, x[i].child_count, f))
            return true;
    return false;
}

static bool
cited_for(const struct catalog *c, const struct matter *m, const struct form *f)
{
    for (size_t i = 0; i < catalog_cited_count(c); i++) {
        const struct cited_form *x = catalog_cited_at(c, i);
        for (size_t k = 0; str_eq(x->stands_for, f->id) && k < x->in_count; k++)
            if (str_eq(x->in[k].region, m->region->code) && str_eq(x->in[k].matter, m->id))
                return true;
    }
    return false;
}

static void
put_users(const struct catalog *c, const struct region *r, const struct form *f, struct view *list)
{
    for (size_t i = 0; i < r->matter_count; i++) {
        const struct matter *m = &r->matter[i];
        const struct form *data = catalog_matter_form(c, m);
        bool entered = data && str_eq(data->id, f->id), named = list_names(m, m->material, m->material_count, f);
        if (!entered && !named && !cited_for(c, m, f))
            continue;
        struct view *v = view_add_map(list);
        view_put_text(v, "region", r->code);
        view_put_text(v, "region_name", r->name);
        view_put_text(v, "id", m->id);
        view_put_text(v, "name", m->name);
        view_put_bool(v, "named", named);     /* the guide's list names this very form */
        view_put_bool(v, "entered", entered); /* its data are typed online by it */
    }
}

void
service_form_matters(const struct catalog *c, const struct region *only, const struct form *f, struct view *list)
{
    for (size_t i = 0; !only && i < catalog_region_count(c); i++)
        put_users(c, catalog_region_at(c, i), f, list);
    if (only)
        put_users(c, only, f, list);
}

static void
put_cited(const struct catalog *c, const struct region *r, struct view *list)
{
    for (size_t i = 0; i < catalog_cited_count(c); i++) {
        const struct cited_form *x = catalog_cited_at(c, i);
        const struct form *sample = str_empty(x->stands_for) ? NULL : service_form_find(c, r, x->stands_for);
        struct view *v = NULL, *matters = NULL;
        for (size_t k = 0; k < x->in_count; k++) {
            const struct matter *m = NULL;
            for (size_t j = 0; str_eq(x->in[k].region, r->code) && j < r->matter_count; j++)
                if (str_eq(r->matter[j].id, x->in[k].matter))
                    m = &r->matter[j];
            if (!m)
                continue;
            if (!v) {
                v = view_add_map(list);
                view_put_text(v, "name", x->name);
                guide_put(v, "sample", sample ? sample->id : STR(""));
                guide_put(v, "sample_title", sample ? sample->title : STR(""));
                matters = view_put_list(v, "matters");
            }
            struct view *row = view_add_map(matters);
            view_put_text(row, "region", r->code);
            view_put_text(row, "id", m->id);
            view_put_text(row, "name", m->name);
        }
    }
}

void
service_form_list(const struct catalog *c, const struct region *r, struct view *map)
{
    struct view *forms = view_put_list(map, "forms"), *cited = view_put_list(map, "cited");
    for (size_t i = 0; i < catalog_form_count(c); i++) {
        const struct form *f = service_form_find(c, r, catalog_form_at(c, i)->id);
        bool asked = false;
        for (size_t s = 0; s < f->section_count; s++)
            for (size_t k = 0; k < f->section[s].field_count; k++)
                asked = asked || form_asks(&f->section[s].field[k]);
        struct view *v = view_add_map(forms);
        view_put_text(v, "id", f->id);
        view_put_text(v, "title", f->title);
        guide_put(v, "where", f->where);
        view_put_bool(v, "own", r && f != catalog_form_at(c, i)); /* the region's own version */
        view_put_bool(v, "asked", asked);                         /* an applicant fills something */
        service_form_matters(c, r, f, view_put_list(v, "matters"));
        view_put_bool(v, "used", view_count(view_get(v, STR("matters"))) > 0);
    }
    if (r)
        put_cited(c, r, cited);
    view_put_bool(map, "some_cited", view_count(cited) > 0);
}
