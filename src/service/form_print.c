/* A form as its official table: one block after another for the layout pages/print/form.xml. Nothing is stored. */
#include <string.h>

#include "service/form_sheet.h"

enum { LINE_PORTRAIT = 46, LINE_LANDSCAPE = 70, LETTER_SIZE = 14, BOX_LABEL = 6, ABREAST_LABEL = 3 };

static struct view *
add_block(struct sheet *t, const char *kind)
{
    struct view *b = view_add_map(t->blocks);
    view_put_bool(b, "is_table", strcmp(kind, "table") == 0);
    view_put_bool(b, "is_para", strcmp(kind, "para") == 0);
    return b;
}

/* Millimetres × 1000 of the page's width between the margins. */
static int
page_width(const struct form *f)
{
    return f->landscape ? 267000 : 180000;
}

static struct str
columns_text(const struct sheet *t, const int *width, int n, int sum)
{
    struct buf b;
    buf_init(&b, t->ctx->arena, 256);
    for (int i = 0; i < n; i++) {
        int mm = (int)((int64_t)page_width(t->form) * width[i] / sum);
        buf_fmt(&b, "%s%d.%03d", i ? "," : "", mm / 1000, mm % 1000);
    }
    return buf_str(&b);
}

static struct view *
add_table(struct sheet *t, const int *width, int n, int sum, bool border, int head_rows, int space)
{
    struct view *v = add_block(t, "table");
    view_put_text(v, "cols", columns_text(t, width, n, sum));
    view_put_int(v, "border", border);
    view_put_int(v, "head", head_rows);
    view_put_int(v, "space", space);
    return view_put_list(v, "lines");
}

void
sheet_begin(struct sheet *t, int head_rows)
{
    int width[SHEET_COLUMNS];
    for (int i = 0; i < SHEET_COLUMNS; i++)
        width[i] = 1;
    t->rows = add_table(t, width, SHEET_COLUMNS, SHEET_COLUMNS, true, head_rows, 0);
}

void
sheet_end(struct sheet *t)
{
    t->rows = NULL;
}

/* --- lines outside the table --- */

struct item {
    struct str text;
    int weight;
    bool stamp;
};

static int
weight_of(struct str text, int blank)
{
    int n = 0;
    for (size_t at = 0; at < text.n;) {
        uint32_t cp = str_utf8_next(text, &at);
        n += cp > 0x2000 ? 2 : 1; /* Latin and digits are half as wide */
    }
    return (n + 1) / 2 + blank;
}

static size_t
collect_items(const struct sheet *t, const struct form_section *s, struct item *item)
{
    size_t n = 0;
    for (size_t k = 0; k < s->closing_count; k++)
        if (s->closing[k].kind == CLOSING_STAMP)
            item[n++] = (struct item){sheet_label(t, s->closing[k].text), 14, true};
    for (size_t k = 0; k < s->field_count; k++) {
        const struct form_field *f = &s->field[k];
        if (sheet_elsewhere(t->form, s, f))
            continue;
        struct str value = sheet_value(t, &t->state, f, t->p->values);
        bool date = str_eqz(f->type, "日期"), empty = str_empty(value);
        if (empty && date)
            value = STR("　　　年　　月　　日");
        item[n].text = f->unlabelled ? value : str_concat(t->ctx->arena, sheet_label(t, f->label), value);
        item[n].weight = weight_of(item[n].text, empty && !date ? 8 : 1);
        n++;
    }
    for (size_t k = 0; k < s->closing_count; k++) {
        if (s->closing[k].kind == CLOSING_STAMP)
            continue;
        item[n].text = sheet_closing_one(t, &s->closing[k]);
        item[n].weight = weight_of(item[n].text, 1);
        n++;
    }
    return n;
}

static void
put_line(struct sheet *t, const struct item *item, size_t n, const char *align)
{
    int width[SHEET_COLUMNS], sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += width[i] = item[i].weight < 5 ? 5 : item[i].weight;
    struct view *rows = add_table(t, width, (int)n, sum, false, 0, 0);
    struct view *cells = view_put_list(view_add_map(rows), "cells");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(cells);
        view_put_int(v, "span", 1);
        view_put_int(v, "tall", 1);
        view_put_z(v, "align", align);
        view_put_int(v, "top", 0);
        view_put_int(v, "stamp", item[i].stamp);
        view_put_int(v, "justify", 0);
        view_put_int(v, "least", 0);
        view_put_text(v, "font", STR(""));
        view_put_raw(v, "foot", STR(""));
        view_put_raw(v, "text", item[i].text);
    }
}

/* Consecutive sections of one layout share their lines. */
static size_t
put_lines(struct sheet *t, size_t from)
{
    const struct form *f = t->form;
    enum form_layout layout = f->section[from].layout;
    size_t to = from, n = 0, fields = 0;
    for (; to < f->section_count && f->section[to].layout == layout; to++)
        fields += f->section[to].field_count + f->section[to].closing_count;
    struct item *item = ARENA_ARRAY(t->ctx->arena, fields + 1, struct item);
    for (size_t i = from; i < to; i++)
        n += collect_items(t, &f->section[i], item + n);
    int most = f->landscape ? LINE_LANDSCAPE : LINE_PORTRAIT;
    for (size_t i = 0, k; i < n; i = k) {
        int used = 0;
        for (k = i; k < n && k - i < 8 && (k == i || used + item[k].weight <= most); k++)
            used += item[k].weight;
        put_line(t, item + i, k - i, layout == FORM_ABOVE ? "right" : "left");
    }
    return to;
}

/* --- letters --- */

static void
put_para(struct sheet *t, struct str text, int size, int indent, const char *align, int space)
{
    struct view *v = add_block(t, "para");
    view_put_int(v, "size", size);
    view_put_int(v, "indent", indent);
    view_put_z(v, "align", align);
    view_put_int(v, "space", space);
    view_put_raw(v, "text", text);
}

static void
put_letter(struct sheet *t, const struct form_section *s)
{
    struct str rest = s->body, piece;
    bool table = false; /* a letter around a table is set smaller than one that is all there is */
    for (size_t i = 0; i < t->form->section_count; i++)
        table = table || t->form->section[i].layout < FORM_ABOVE;
    int size = table ? 11 : LETTER_SIZE, lines = 0;
    while (str_split(&rest, '\n', &piece))
        put_para(t, sheet_body(t, piece), size, table && lines++ == 0 ? 0 : 2, "left", table ? 1 : 12);
}

static void
put_letter_end(struct sheet *t, const struct form_section *s)
{
    struct item *item = ARENA_ARRAY(t->ctx->arena, s->field_count + s->closing_count + 1, struct item);
    size_t n = collect_items(t, s, item);
    for (size_t i = 0; i < n; i++)
        put_para(t, item[i].text, LETTER_SIZE, 0, i + s->closing_count < n ? "left" : "right", 4);
}

/* --- boxes --- */

static struct str
box_text(const struct sheet *t, const struct form_section *s)
{
    struct buf b;
    buf_init(&b, t->ctx->arena, 256);
    buf_add(&b, sheet_body(t, s->body));
    for (size_t k = 0; k < s->field_count; k++) {
        const struct form_field *f = &s->field[k];
        if (sheet_elsewhere(t->form, s, f))
            continue;
        struct str value = sheet_value(t, &t->state, f, t->p->values);
        if (str_empty(value) && f->unlabelled)
            continue;
        buf_addz(&b, b.n ? "<br/>" : "");
        if (!f->unlabelled)
            buf_add(&b, sheet_label(t, f->label));
        buf_add(&b, value);
    }
    return buf_str(&b);
}

static void
fill_box(const struct sheet *t, const struct form_section *s, struct sheet_cell *c, int span)
{
    bool printed = !str_empty(s->body) || s->field_count == 0;
    *c = (struct sheet_cell){.span = span, .rows = 1, .text = box_text(t, s), .font = s->font, .top = true};
    c->foot = sheet_closing(t, s, &c->stamp);
    c->body = !str_empty(s->body);
    c->least = printed ? 0 : s->closing_count ? t->box_least : t->box_least * 2 / 3;
}

static void
put_box(struct sheet *t, const struct form_section *s)
{
    struct sheet_row r = {.n = 2};
    r.cell[0] = (struct sheet_cell){.span = BOX_LABEL, .rows = 1, .text = sheet_escaped(t, s->title), .label = true};
    fill_box(t, s, &r.cell[1], SHEET_COLUMNS - BOX_LABEL);
    sheet_put_row(t, &r);
}

static size_t
put_abreast(struct sheet *t, size_t from)
{
    const struct form *f = t->form;
    size_t to = from;
    while (to < f->section_count && f->section[to].layout == FORM_ABREAST && to - from < 4)
        to++;
    struct sheet_row r = {.n = 0};
    int n = (int)(to - from), used = 0;
    for (size_t i = from; i < to; i++) {
        int end = SHEET_COLUMNS * (int)(i + 1 - from) / n;
        r.cell[r.n++] = (struct sheet_cell){
            .span = ABREAST_LABEL, .rows = 1, .text = sheet_escaped(t, f->section[i].title), .label = true};
        fill_box(t, &f->section[i], &r.cell[r.n++], end - used - ABREAST_LABEL);
        r.cell[r.n - 1].least = 26;
        used = end;
    }
    sheet_put_row(t, &r);
    return to;
}

/* --- the whole --- */

/* Few fields leave room to write; many must get on one page. */
static void
set_heights(struct sheet *t)
{
    size_t n = 0;
    for (size_t i = 0; i < t->form->section_count; i++)
        n += str_empty(t->form->section[i].rows_id) ? t->form->section[i].field_count
                                                    : (size_t)t->form->section[i].rows_printed;
    t->row_least = t->form->landscape || n > 32 ? 0 : n <= 22 ? 11 : 9;
    t->box_least = t->form->landscape ? 20 : n <= 22 ? 30 : 24;
}

static size_t
put_section(struct sheet *t, size_t i)
{
    const struct form_section *s = &t->form->section[i];
    switch (s->layout) {
    case FORM_GRID:
    case FORM_SIDE:
    case FORM_BANNER:
        if (str_empty(s->rows_id))
            sheet_grid(t, s);
        else
            sheet_table(t, s);
        return i + 1;
    case FORM_BOX:
        put_box(t, s);
        return i + 1;
    case FORM_ABREAST:
        return put_abreast(t, i);
    case FORM_PAIRS:
        sheet_pairs(t, s);
        return i + 1;
    case FORM_LETTER:
    case FORM_CLOSE:
        sheet_end(t);
        if (s->layout == FORM_LETTER)
            put_letter(t, s);
        else
            put_letter_end(t, s);
        return i + 1;
    case FORM_ABOVE:
        return i + 1; /* stands there already */
    case FORM_UNDER:
    case FORM_HEAD:
    case FORM_TAIL:
    case FORM_LAYOUT_COUNT:
        break;
    }
    sheet_end(t);
    return put_lines(t, i);
}

static void
put_above(struct sheet *t, struct view *body)
{
    struct view *list = view_put_list(body, "above");
    for (size_t i = 0; i < t->form->section_count; i++) {
        const struct form_section *s = &t->form->section[i];
        if (s->layout != FORM_ABOVE)
            continue;
        struct item *item = ARENA_ARRAY(t->ctx->arena, s->field_count + s->closing_count + 1, struct item);
        size_t n = collect_items(t, s, item);
        for (size_t k = 0; k < n; k++) {
            bool blank = str_ends(item[k].text, STR("："));
            view_put_raw(view_add_map(list), "text",
                         blank ? str_concat(t->ctx->arena, item[k].text, STR("＿＿＿＿＿＿＿＿")) : item[k].text);
        }
    }
}

struct view *
form_print_body(struct ctx *ctx, struct server *s, const struct form_print *p)
{
    const struct form *f = p->form;
    struct view *body = view_map(ctx->arena), *foot;
    struct sheet t = {.ctx = ctx, .p = p, .form = f, .state = form_state_new(ctx, f, p->facts, p->values)};
    struct str rest = f->foot, line;
    view_put_text(body, "title", f->title);
    view_put_text(body, "author", p->region ? p->region->agency_name : STR(""));
    view_put_text(body, "subtitle", f->subtitle);
    view_put_bool(body, "landscape", f->landscape);
    view_put_bool(body, "demo", s->demo);
    set_heights(&t);
    put_above(&t, body);
    t.blocks = view_put_list(body, "blocks");
    for (size_t i = 0; i < f->section_count;)
        i = put_section(&t, i);
    view_put_bool(body, "has_foot", !str_empty(f->foot));
    foot = view_put_list(body, "foot_lines");
    while (!str_empty(f->foot) && str_split(&rest, '\n', &line))
        view_put_text(view_add_map(foot), "line", line);
    return body;
}

enum err
service_form_print(struct ctx *ctx, struct server *s, const struct form_print *p, struct str *ret_pdf)
{
    return document_pdf(ctx, s->layouts, s->aux, STR("form"), form_print_body(ctx, s, p), ret_pdf);
}
