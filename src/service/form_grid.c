/* Sections as rows of a grid of 36 columns, as the official tables have them: merged headings at the left, one to four
** fields beside each other, repeating rows, before and after. */
#include <string.h>

#include "service/form_sheet.h"

enum { SIDE = 3, GROUP = 5, TWELFTHS = 12, NUMBER = 2 };

void
sheet_put_row(struct sheet *t, const struct sheet_row *r)
{
    if (!t->rows)
        sheet_begin(t, 0);
    struct view *cells = view_put_list(view_add_map(t->rows), "cells");
    for (int i = 0; i < r->n; i++) {
        const struct sheet_cell *c = &r->cell[i];
        struct view *v = view_add_map(cells);
        view_put_int(v, "span", c->span);
        view_put_int(v, "tall", c->rows ? c->rows : 1);
        view_put_z(v, "align", c->label || c->centred ? "center" : "left");
        view_put_int(v, "top", c->top);
        view_put_int(v, "stamp", c->stamp);
        view_put_int(v, "justify", c->body);
        view_put_int(v, "least", c->least);
        view_put_text(v, "font", c->font);
        view_put_raw(v, "foot", c->foot);
        view_put_raw(v, "text", c->text);
    }
}

static struct sheet_cell *
add_cell(struct sheet_row *r, int span, struct str text)
{
    struct sheet_cell *c = &r->cell[r->n++];
    *c = (struct sheet_cell){.span = span, .rows = 1, .text = text};
    return c;
}

static struct sheet_cell *
add_label(const struct sheet *t, struct sheet_row *r, int span, struct str label)
{
    while (str_ends(label, STR(":")))
        label.n--;
    struct sheet_cell *c = add_cell(r, span, sheet_escaped(t, label));
    c->label = true;
    return c;
}

/* --- fields beside each other --- */

static int
per_row(const struct form_field *f)
{
    static const char *const narrow[] = {"姓名", "证件类型", "身份证件", "手机",     "电话",    "日期",
                                         "年月", "整数",     "金额",     "信用代码", "银行账号"};
    if (f->per_row)
        return f->per_row;
    for (size_t i = 0; i < sizeof narrow / sizeof *narrow; i++)
        if (str_eqz(f->type, narrow[i]))
            return 2;
    return str_eqz(f->type, "文本") && f->max_length <= 50 ? 2 : 1;
}

static int
label_width(int width)
{
    return width >= 14 ? 6 : width >= 11 ? 5 : 4;
}

/* A run of fields from AT that share a line: as many as fit, all of one group. */
static size_t
run_length(const struct form *form, const struct form_section *s, size_t at, int *ret_shares)
{
    int used = 0;
    size_t n = 0, i = at;
    for (; i < s->field_count; i++) {
        const struct form_field *f = &s->field[i];
        if (sheet_elsewhere(form, s, f))
            continue;
        int share = TWELFTHS / per_row(f);
        if (!str_eq(f->group, s->field[at].group) || used + share > TWELFTHS)
            break;
        used += share;
        n = i + 1 - at;
    }
    *ret_shares = used;
    return n;
}

static void
field_cells(const struct sheet *t, struct sheet_row *r, const struct form_field *f, int width)
{
    int label = f->unlabelled ? 0 : label_width(width);
    if (label)
        add_label(t, r, label, f->label);
    struct sheet_cell *c = add_cell(r, width - label, sheet_value(t, &t->state, f, t->p->values));
    c->least = t->row_least;
    if (str_eqz(f->type, "长文本")) {
        c->least = 22;
        c->top = true;
    }
}

static void
run_cells(const struct sheet *t, const struct form_section *s, struct sheet_row *r, size_t at, size_t n, int shares,
          int width)
{
    int used = 0, from = 0;
    for (size_t i = at; i < at + n; i++) {
        const struct form_field *f = &s->field[i];
        if (sheet_elsewhere(t->form, s, f))
            continue;
        used += TWELFTHS / per_row(f);
        int to = width * used / shares;
        field_cells(t, r, f, to - from);
        from = to;
    }
}

static size_t
skip_elsewhere(const struct sheet *t, const struct form_section *s, size_t i)
{
    while (i < s->field_count && sheet_elsewhere(t->form, s, &s->field[i]))
        i++;
    return i;
}

/* Rows of the fields of S, WIDTH columns wide, the first LEFT cells of the first row being there already. */
static size_t
layout_rows(const struct sheet *t, const struct form_section *s, int width, struct sheet_row *row)
{
    size_t n = 0, group_row = 0;
    struct sheet_cell *group = NULL;
    for (size_t i = skip_elsewhere(t, s, 0); i < s->field_count; i = skip_elsewhere(t, s, i)) {
        struct str name = s->field[i].group;
        int shares, room = width;
        size_t run = run_length(t->form, s, i, &shares);
        bool same = group && n > group_row && i > 0 && !str_empty(name) && str_eq(name, s->field[i - 1].group);
        if (!str_empty(name)) {
            room -= GROUP;
            if (same) {
                group->rows++;
            } else {
                group = add_label(t, &row[n], GROUP, name);
                group_row = n;
            }
        } else {
            group = NULL;
        }
        run_cells(t, s, &row[n], i, run, shares, room);
        n++;
        i += run;
    }
    return n;
}

void
sheet_grid(struct sheet *t, const struct form_section *s)
{
    bool side = s->layout == FORM_SIDE;
    int width = SHEET_COLUMNS - (side ? SIDE : 0);
    struct sheet_row *row = ARENA_ARRAY(t->ctx->arena, s->field_count + 2, struct sheet_row);
    struct sheet_row banner = {.n = 0};
    if (s->layout == FORM_BANNER) {
        add_label(t, &banner, SHEET_COLUMNS, s->title);
        sheet_put_row(t, &banner);
    }
    if (side)
        add_label(t, &row[0], SIDE, s->title);
    size_t n = layout_rows(t, s, width, row);
    if (!str_empty(s->body) || s->closing_count) {
        struct sheet_cell *c = add_cell(&row[n++], width, sheet_body(t, s->body));
        c->foot = sheet_closing(t, s, &c->stamp);
        c->top = c->body = true;
    }
    if (side)
        row[0].cell[0].rows = (int)n;
    for (size_t i = 0; i < n; i++)
        sheet_put_row(t, &row[i]);
}

/* --- repeating rows --- */

static int
weight_of(const struct form_field *f)
{
    static const struct {
        const char *type;
        int weight;
    } weights[] = {{"姓名", 5},     {"身份证件", 9}, {"证件类型", 5}, {"手机", 6}, {"电话", 6},
                   {"信用代码", 9}, {"银行账号", 9}, {"金额", 5},     {"整数", 4}, {"年月", 5},
                   {"日期", 6},     {"选项", 4},     {"是否", 3}};
    if (f->ticked)
        return 2 * (int)f->value_count;
    for (size_t i = 0; i < sizeof weights / sizeof *weights; i++)
        if (str_eqz(f->type, weights[i].type))
            return weights[i].weight;
    if (str_eqz(f->label, "备注")) /* mostly empty, whatever it may hold */
        return 5;
    return f->max_length > 100 ? 8 : f->max_length < 10 ? 5 : 6;
}

/* Whole columns by weight; what rounding leaves goes to the widest needs first. */
static void
column_spans(const struct form_section *s, int *span)
{
    int sum = 0, room = SHEET_COLUMNS - NUMBER, used = 0;
    for (size_t k = 0; k < s->field_count; k++)
        sum += weight_of(&s->field[k]);
    for (size_t k = 0; k < s->field_count; k++) {
        bool ticked = s->field[k].ticked; /* its columns are alike, whatever rounding says */
        span[k] = ticked ? 2 * (int)s->field[k].value_count : room * weight_of(&s->field[k]) / sum;
        span[k] = span[k] < 2 ? 2 : span[k];
        used += span[k];
    }
    for (size_t k = s->field_count - 1; used != room; k = (k ? k : s->field_count) - 1) {
        int step = used < room ? 1 : -1;
        if (!s->field[k].ticked && (step > 0 || span[k] > 2)) {
            span[k] += step;
            used += step;
        }
    }
}

static void
ticked_cells(const struct sheet *t, struct sheet_row *r, const struct form_field *f, int span, bool head,
             struct str value)
{
    int n = (int)f->value_count;
    for (int i = 0; i < n; i++) {
        int width = span * (i + 1) / n - span * i / n;
        struct str text = head ? sheet_escaped(t, f->values[i]) : sheet_tick(t, f, value, f->values[i]);
        add_cell(r, width, text)->centred = true;
    }
}

static void
head_rows(struct sheet *t, const struct form_section *s, const int *span)
{
    struct sheet_row *top = ARENA_NEW(t->ctx->arena, struct sheet_row),
                     *values = ARENA_NEW(t->ctx->arena, struct sheet_row);
    int tall = 1;
    for (size_t k = 0; k < s->field_count; k++)
        tall = s->field[k].ticked ? 2 : tall;
    sheet_begin(t, tall);
    add_label(t, top, NUMBER, STR("序号"))->rows = tall;
    for (size_t k = 0; k < s->field_count; k++) {
        add_label(t, top, span[k], s->field[k].label)->rows = s->field[k].ticked ? 1 : tall;
        if (s->field[k].ticked)
            ticked_cells(t, values, &s->field[k], span[k], true, STR(""));
    }
    sheet_put_row(t, top);
    if (tall == 2)
        sheet_put_row(t, values);
}

static bool
row_says(const struct form_section *s, const struct view *row)
{
    for (size_t k = 0; k < s->field_count; k++)
        if (!str_empty(form_value(row, s->field[k].id)))
            return true;
    return false;
}

void
sheet_table(struct sheet *t, const struct form_section *s)
{
    const struct view *list = t->p->values ? view_get(t->p->values, s->rows_id) : NULL;
    const struct view *row = list && view_kind(list) == VIEW_LIST ? view_first(list) : NULL;
    int *span = ARENA_ARRAY(t->ctx->arena, s->field_count + 1, int);
    column_spans(s, span);
    head_rows(t, s, span);
    for (int n = 0; n < s->rows_printed || row;) {
        const struct view *here = row;
        row = row ? view_next(row) : NULL;
        if (here && (view_kind(here) != VIEW_MAP || !row_says(s, here)))
            continue;
        struct sheet_row *r = ARENA_NEW(t->ctx->arena, struct sheet_row);
        struct form_state st = form_state_row(t->ctx, &t->state, s, here);
        add_cell(r, NUMBER, str_fmt(t->ctx->arena, "%d", ++n))->centred = true;
        for (size_t k = 0; k < s->field_count; k++) {
            const struct form_field *f = &s->field[k];
            struct str value = sheet_typed(t, &st, f, here);
            if (f->ticked)
                ticked_cells(t, r, f, span[k], false, value);
            else /* a column is too narrow for all the choices: the one made stands there */
                add_cell(r, span[k], f->value_count ? sheet_escaped(t, value) : sheet_value(t, &st, f, here));
        }
        sheet_put_row(t, r);
    }
    sheet_end(t); /* what follows is not under this head */
}

/* --- before and after --- */

struct pair {
    struct str group, item, old, new;
    int group_rows; /* 0: the group's label stands further up */
};

static struct str
group_of(const struct form_section *s, struct str item)
{
    for (size_t i = 0; i < s->item_group_count; i++)
        if (str_starts(item, s->item_group[i]) && item.n > s->item_group[i].n)
            return s->item_group[i];
    return STR("");
}

static const struct form_field *
choice_of(const struct form_section *s)
{
    for (size_t k = 0; k < s->field_count; k++)
        if (s->field[k].value_count)
            return &s->field[k];
    return NULL;
}

static bool
off_form(const struct form_field *f, struct str item)
{
    for (size_t i = 0; i < f->off_form_count; i++)
        if (str_eq(f->off_form[i], item))
            return true;
    return false;
}

/* Every printed item once, and once more for each further change of it. */
static size_t
collect_pairs(const struct sheet *t, const struct form_section *s, const struct form_field *choice, struct pair *pair,
              size_t room)
{
    const struct view *list = t->p->values ? view_get(t->p->values, s->rows_id) : NULL;
    size_t n = 0, head = 0;
    for (size_t i = 0; i < choice->value_count; i++) {
        struct str item = choice->values[i];
        size_t before = n;
        for (const struct view *row = list && view_kind(list) == VIEW_LIST ? view_first(list) : NULL; row;
             row = view_next(row))
            if (n < room && view_kind(row) == VIEW_MAP && str_eq(form_value(row, choice->id), item))
                pair[n++] = (struct pair){
                    .item = item, .old = form_value(row, STR("old_value")), .new = form_value(row, STR("new_value"))};
        if (n == before && n < room && !off_form(choice, item))
            pair[n++] = (struct pair){.item = item};
        for (size_t k = before; k < n; k++) {
            pair[k].group = group_of(s, item);
            if (k == 0 || str_empty(pair[k].group) || !str_eq(pair[k].group, pair[k - 1].group))
                head = k;
            pair[head].group_rows++;
            pair[k].item = str_sub(item, pair[k].group.n, SIZE_MAX);
        }
    }
    return n;
}

static void
pair_side(const struct sheet *t, struct sheet_row *r, const struct pair *p, struct str value)
{
    enum { HALF = SHEET_COLUMNS / 2, ITEM = 5 };
    bool grouped = !str_empty(p->group);
    if (grouped && p->group_rows)
        add_label(t, r, ITEM, p->group)->rows = p->group_rows;
    add_label(t, r, grouped ? ITEM : 2 * ITEM, p->item);
    add_cell(r, HALF - 2 * ITEM, sheet_escaped(t, value));
}

void
sheet_pairs(struct sheet *t, const struct form_section *s)
{
    const struct form_field *choice = choice_of(s);
    struct sheet_row *head = ARENA_NEW(t->ctx->arena, struct sheet_row);
    if (!choice)
        return;
    size_t room = choice->value_count + (size_t)s->rows_max;
    struct pair *pair = ARENA_ARRAY(t->ctx->arena, room, struct pair);
    size_t n = collect_pairs(t, s, choice, pair, room);
    for (size_t k = 0; k < s->field_count; k++)
        if (&s->field[k] != choice)
            add_label(t, head, SHEET_COLUMNS / 2, s->field[k].label);
    sheet_put_row(t, head);
    for (size_t i = 0; i < n; i++) {
        struct sheet_row *r = ARENA_NEW(t->ctx->arena, struct sheet_row);
        pair_side(t, r, &pair[i], pair[i].old);
        pair_side(t, r, &pair[i], pair[i].new);
        sheet_put_row(t, r);
    }
}
