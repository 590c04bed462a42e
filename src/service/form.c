/* One form definition: the page's fields and the values read back. */
#include "service/form_int.h"

static void
copy_known(struct arena *a, const struct form_section *s, const struct view *from, struct view *to)
{
    for (size_t k = 0; k < s->field_count; k++) {
        const struct view *v = !form_asks(&s->field[k]) ? NULL : view_get(from, s->field[k].id);
        if (v && view_kind(v) == VIEW_TEXT)
            view_put_text(to, str_z(a, s->field[k].id), view_text(v));
    }
}

/* What nothing has checked must not reach the event, nor an applicant write what the bureau writes. A row that says
 * nothing stays: the numbers of the others are in the errors. */
struct view *
service_form_clean(struct ctx *ctx, const struct form *f, const struct view *values)
{
    if (!f || !values || view_kind(values) != VIEW_MAP)
        return NULL;
    struct view *v = view_map(ctx->arena);
    for (size_t i = 0; i < f->section_count; i++) {
        const struct form_section *s = &f->section[i];
        if (str_empty(s->rows_id)) {
            copy_known(ctx->arena, s, values, v);
            continue;
        }
        const struct view *list = view_get(values, s->rows_id);
        if (!list || view_kind(list) != VIEW_LIST)
            continue;
        struct view *rows = view_put_list(v, str_z(ctx->arena, s->rows_id));
        for (const struct view *row = view_first(list); row; row = view_next(row)) {
            struct view *r = view_add_map(rows);
            if (view_kind(row) == VIEW_MAP)
                copy_known(ctx->arena, s, row, r);
        }
    }
    return v;
}

struct str
service_form_bound(const struct form *f, const struct view *values, const char *binds)
{
    for (size_t i = 0; f && i < f->section_count; i++) {
        const struct form_section *sec = &f->section[i];
        const struct view *row = values;
        if (!str_empty(sec->rows_id)) {
            const struct view *list = values ? view_get(values, sec->rows_id) : NULL;
            row = list && view_kind(list) == VIEW_LIST ? view_first(list) : NULL;
        }
        for (size_t k = 0; row && k < sec->field_count; k++)
            if (str_eqz(sec->field[k].binds, binds)) {
                struct str v = form_value(row, sec->field[k].id);
                if (!str_empty(v))
                    return v;
            }
    }
    return STR("");
}

struct str
service_form_declaration(struct ctx *ctx, const struct form *f, const struct view *values)
{
    struct str rest = f->declaration;
    struct buf b;
    buf_init(&b, ctx->arena, rest.n + 64);
    for (size_t open; (open = str_find(rest, STR("{"))) != SIZE_MAX;) {
        size_t close = str_find(rest, STR("}"));
        if (close == SIZE_MAX || close < open)
            break;
        struct str value = form_value(values, str_sub(rest, open + 1, close - open - 1));
        buf_add(&b, str_sub(rest, 0, open));
        buf_add(&b, str_empty(value) ? STR("____") : value);
        rest = str_sub(rest, close + 1, SIZE_MAX);
    }
    buf_add(&b, rest);
    return buf_str(&b);
}

/* --- the form as a page sees it --- */

static const char *
html_kind(struct str type)
{
    static const struct {
        const char *type, *kind;
    } kinds[] = {{"长文本", "textarea"}, {"日期", "date"},   {"年月", "month"},       {"选项", "select"},
                 {"多选", "checkboxes"}, {"是否", "yes_no"}, {"证件类型", "id_kind"}, {"手机", "tel"},
                 {"电话", "tel"},        {"整数", "number"}, {"金额", "money"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eqz(type, kinds[i].type))
            return kinds[i].kind;
    return "text";
}

static struct str
known_value(struct ctx *ctx, const struct form_field *f, const struct facts *facts)
{
    size_t i =
        facts ? fact_find(facts->dict, f->id) : SIZE_MAX; /* a field that repeats a question starts with its answer */
    if (i == SIZE_MAX || facts->value[i].kind == VALUE_UNASKED)
        return STR("");
    return fact_value_text(ctx->arena, &facts->dict->fact[i], facts->value[i]);
}

static const struct fail_field *
error_of(struct ctx *ctx, struct str id)
{
    for (size_t i = 0; i < ctx->fail->field_count; i++)
        if (str_eq(ctx->fail->field[i].field, id))
            return &ctx->fail->field[i];
    return NULL;
}

static void
put_options(struct view *v, const struct form_field *f, struct str value)
{
    static const char *const id_kinds[] = {"居民身份证",
                                           "户口簿",
                                           "港澳台居民居住证",
                                           "港澳居民来往内地通行证",
                                           "台湾居民来往大陆通行证",
                                           "外国人永久居留身份证",
                                           "护照",
                                           "其他"};
    struct view *list = view_put_list(v, "options");
    bool kinds = str_eqz(f->type, "证件类型") && f->value_count == 0;
    size_t n = kinds ? sizeof id_kinds / sizeof *id_kinds : f->value_count;
    for (size_t i = 0; i < n; i++) {
        struct view *o = view_add_map(list);
        struct str text = kinds ? str_c(id_kinds[i]) : f->values[i];
        view_put_text(o, "option", text);
        view_put_bool(o, "selected",
                      str_eq(text, value) || (str_eqz(f->type, "多选") && str_find(value, text) != SIZE_MAX));
    }
}

/* Remarks in the catalogue speak to its keeper too: sentences about how the sample was read or printed are not for who
 * fills it in. */
static struct str
for_reader(struct ctx *ctx, struct str note)
{
    static const char *const keeper[] = {"原件识读", "照录", "印作", "栏印", "表上", "补作", "所拟", "由系统编号"};
    struct str stop = STR("。");
    struct buf b;
    buf_init(&b, ctx->arena, note.n + 1);
    while (note.n) {
        size_t at = str_find(note, stop);
        struct str sentence = at == SIZE_MAX ? note : str_sub(note, 0, at + stop.n);
        bool ours = false;
        for (size_t i = 0; i < sizeof keeper / sizeof *keeper; i++)
            ours = ours || str_find(sentence, str_c(keeper[i])) != SIZE_MAX;
        if (!ours)
            buf_add(&b, sentence);
        note = str_sub(note, sentence.n, note.n);
    }
    return str_trim(buf_str(&b));
}

bool
service_form_asks(const struct form_field *f)
{
    return form_asks(f);
}

/* The blank behind 其他 stands on the page whether or not that was chosen: without scripts nothing could bring it. */
static bool
form_offers(const struct form_state *st, const struct form_field *f)
{
    return form_asks(f) && (!str_empty(f->attached) || form_field_shown(st, f));
}

static struct str
sub_heading(const struct form *form, const struct form_field *f)
{
    for (size_t i = 0; str_empty(f->group) && !str_empty(f->attached) && i < form->section_count; i++)
        for (size_t k = 0; k < form->section[i].field_count; k++)
            if (str_eq(form->section[i].field[k].id, f->attached))
                return form->section[i].field[k].label;
    return f->group;
}

struct page {
    struct ctx *ctx;
    const struct facts *facts;
    bool all; /* the desk's: nothing is left out */
};

static void
put_field(struct page *p, struct view *list, const struct form_state *st, const struct form_field *f,
          const struct view *row, struct str prefix)
{
    struct ctx *ctx = p->ctx;
    if (!p->all && !form_offers(st, f))
        return;
    struct view *v = view_add_map(list);
    struct str id = str_fmt(ctx->arena, "%.*s%.*s", STR_ARG(prefix), STR_ARG(f->id));
    struct str value = form_value(row, f->id);
    if (str_empty(value))
        value = known_value(ctx, f, p->facts);
    const char *kind = html_kind(f->type);
    view_put_text(v, "id", id);
    view_put_text(v, "label", f->label);
    view_put_z(v, "kind", kind);
    view_put_bool(v, str_fmt(ctx->arena, "is_%s", kind).p, true);
    view_put_text(v, "type", f->type);
    view_put_text(v, "value", value);
    view_put_bool(v, "is_yes", str_eqz(value, "是"));
    view_put_bool(v, "is_no", str_eqz(value, "否"));
    view_put_bool(v, "required", form_field_required(st, f, row));
    view_put_int(v, "max_length", f->max_length);
    view_put_text(v, "help", for_reader(ctx, f->help));
    view_put_text(v, "unit", f->unit);
    view_put_text(v, "sub_heading", sub_heading(st->form, f));
    const struct fail_field *error = error_of(ctx, id);
    view_put_text(v, "error",
                  error ? str_fmt(ctx->arena, "%.*s%s%.*s", STR_ARG(error->reason), error->remedy.n ? "，" : "",
                                  STR_ARG(error->remedy))
                        : STR(""));
    if (f->value_count || str_eqz(f->type, "证件类型"))
        put_options(v, f, value);
}

static void
put_rows(struct page *p, struct view *v, const struct form_state *st, const struct form_section *s,
         const struct view *values)
{
    struct ctx *ctx = p->ctx;
    const struct view *list = values ? view_get(values, s->rows_id) : NULL;
    const struct view *row = list && view_kind(list) == VIEW_LIST ? view_first(list) : NULL;
    struct view *rows = view_put_list(v, "rows");
    size_t i = 0;
    do { /* at least one row to write in */
        struct view *r = view_add_map(rows);
        view_put_int(r, "number", (int64_t)i + 1);
        struct view *fields = view_put_list(r, "fields");
        struct str prefix = str_fmt(ctx->arena, "%.*s.%zu.", STR_ARG(s->rows_id), i);
        struct form_state here = form_state_row(ctx, st, s, row);
        for (size_t k = 0; k < s->field_count; k++)
            put_field(p, fields, &here, &s->field[k], row, prefix);
        row = row ? view_next(row) : NULL;
        i++;
    } while (row && i < (size_t)s->rows_max);
    view_put_bool(v, "can_add", i < (size_t)s->rows_max);
    view_put_int(v, "row_count", (int64_t)i);
}

static struct view *
form_view(struct page *p, const struct form *f, const struct view *values)
{
    struct ctx *ctx = p->ctx;
    struct view *v = view_map(ctx->arena);
    view_put_text(v, "id", f->id);
    view_put_text(v, "title", f->title);
    view_put_text(v, "declaration", service_form_declaration(ctx, f, NULL));
    struct form_state st = form_state_new(ctx, f, p->facts, values);
    struct view *sections = view_put_list(v, "sections");
    for (size_t i = 0; i < f->section_count; i++) {
        const struct form_section *sec = &f->section[i];
        size_t shown = 0;
        for (size_t k = 0; k < sec->field_count; k++)
            shown += p->all || form_offers(&st, &sec->field[k]);
        if (shown == 0 || (!p->all && !form_section_shown(&st, sec)))
            continue;
        struct view *x = view_add_map(sections);
        view_put_text(x, "heading", sec->title);
        view_put_text(x, "note", for_reader(ctx, sec->note));
        view_put_text(x, "rows_id", sec->rows_id);
        view_put_bool(x, "repeats", !str_empty(sec->rows_id));
        if (!str_empty(sec->rows_id)) {
            put_rows(p, x, &st, sec, values);
            continue;
        }
        struct view *fields = view_put_list(x, "fields");
        for (size_t k = 0; k < sec->field_count; k++)
            put_field(p, fields, &st, &sec->field[k], values, STR(""));
    }
    return v;
}

struct view *
service_form_view(struct ctx *ctx, struct server *s, const struct form *f, const struct facts *facts,
                  const struct view *values)
{
    (void)s;
    return form_view(&(struct page){ctx, facts, false}, f, values);
}

struct view *
service_form_view_all(struct ctx *ctx, const struct form *f, const struct view *values)
{
    return form_view(&(struct page){ctx, NULL, true}, f, values);
}
