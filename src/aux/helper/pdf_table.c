/* Tables: a grid with spans, rows kept whole, the header repeated; only what is taller than a page is cut, and then
** between lines. */
#include <math.h>
#include <string.h>

#include "aux/helper/pdf.h"

enum { COLUMNS_MAX = 64 };

struct cell {
    const struct elem *e;
    struct text text, foot; /* foot: lines at the lower right, above the cell's bottom edge */
    bool footed, stamped;
    guint row, column, rows, columns;
};

struct table {
    const struct elem *e;
    guint columns, rows;
    double x[COLUMNS_MAX + 1]; /* column edges */
    double *y;                 /* row edges, from 0; rows + 1 of them */
    bool *joined;              /* row i continues a cell of the row above: no break between */
    GArray *cell;              /* struct cell */
    bool border;
    guint header; /* rows of it */
    double size;
};

static const double PAD_X = 5.5, PAD_Y = 4.2, ROW_LEAST = 27, LEADING = 1.5;
static const double CELL_STAMP = MM(21);

/* "30,*,30": millimetres and shares of the rest. */
static bool
read_columns(struct flow *f, struct table *t)
{
    char **part = g_strsplit(elem_attr(t->e, "cols", ""), ",", COLUMNS_MAX + 1);
    double width[COLUMNS_MAX], fixed = 0;
    guint n = g_strv_length(part), stars = 0;
    bool ok = n >= 1 && n <= COLUMNS_MAX;
    for (guint i = 0; ok && i < n; i++) {
        char *end = g_strstrip(part[i]);
        width[i] = strcmp(end, "*") == 0 ? 0 : MM(g_ascii_strtod(part[i], &end));
        stars += width[i] <= 0;
        fixed += width[i];
        ok = strcmp(end, "*") == 0 || (!*end && isfinite(width[i]) && width[i] > 0);
    }
    g_strfreev(part);
    double rest = f->right - f->left - fixed;
    if (!ok || rest < -0.5 || (stars && rest / stars < MM(5))) {
        flow_refuse(f, t->e, "表格的 cols 不对：应为毫米数或 *，合计不超过版心");
        return false;
    }
    t->columns = n;
    t->x[0] = f->left;
    for (guint i = 0; i < n; i++)
        t->x[i + 1] = t->x[i] + (width[i] > 0 ? width[i] : rest / stars);
    return true;
}

static struct text
cell_text(struct flow *f, const struct table *t, const struct cell *c)
{
    bool head = c->row < t->header;
    double width = t->x[c->column + c->columns] - t->x[c->column] - 2 * PAD_X;
    struct style s = {.size = elem_number(c->e, "size", t->size),
                      .leading = LEADING,
                      .bold = elem_flag(c->e, "bold", head),
                      .align = elem_align(c->e, head ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT)};
    s.justify = s.align == PANGO_ALIGN_LEFT && elem_flag(c->e, "justify", true);
    return text_new(f, c->e->text->str, c->e->spans, s, width - (c->stamped ? CELL_STAMP : 0));
}

static struct text
cell_foot(struct flow *f, const struct table *t, const struct cell *c)
{
    double width = t->x[c->column + c->columns] - t->x[c->column] - 2 * PAD_X;
    struct style s = {.size = t->size, .leading = LEADING, .align = PANGO_ALIGN_RIGHT};
    return text_new(f, elem_attr(c->e, "foot", ""), NULL, s, width);
}

/* Places the cells of row R into the columns still free; USED[c] = rows above that still reach down into column c. */
static bool
place_row(struct flow *f, struct table *t, guint r, guint *used)
{
    const struct elem *tr = g_ptr_array_index(t->e->child, r);
    guint column = 0;
    for (guint i = 0; i < tr->child->len; i++) {
        struct cell c = {.e = g_ptr_array_index(tr->child, i), .row = r};
        while (column < t->columns && used[column])
            column++;
        c.column = column;
        c.columns = (guint)elem_number(c.e, "span", 1);
        c.rows = MIN((guint)elem_number(c.e, "rows", 1), t->rows - r);
        for (guint k = 0; k < c.columns; k++, column++)
            if (column >= t->columns || used[column]) {
                flow_refuse(f, c.e, "表格这一行的格子太多");
                return false;
            } else {
                used[column] = c.rows;
            }
        c.footed = elem_attr(c.e, "foot", NULL) != NULL;
        c.stamped = elem_flag(c.e, "stamp", false);
        c.text = cell_text(f, t, &c);
        c.foot = cell_foot(f, t, &c);
        g_array_append_val(t->cell, c);
        for (guint k = 1; k < c.rows; k++)
            t->joined[r + k] = true;
    }
    for (guint k = 0; k < t->columns; k++)
        if (!used[k]) {
            flow_refuse(f, tr, "表格这一行的格子不够");
            return false;
        } else {
            used[k]--;
        }
    return true;
}

static double
cell_least_height(const struct cell *c)
{
    double words = c->text.height + (c->footed ? c->foot.height + PAD_Y : 0) + 2 * PAD_Y;
    return MAX(MAX(words, c->stamped ? CELL_STAMP + PAD_Y : 0), MM(elem_number(c->e, "min", 0)));
}

/* Row heights: single cells first, then what a tall spanning cell still lacks goes to its last row. */
static void
measure_rows(struct table *t)
{
    double *height = g_new0(double, t->rows);
    for (guint r = 0; r < t->rows; r++)
        height[r] = MAX(ROW_LEAST * t->size / 11, t->size * LEADING + 2 * PAD_Y);
    for (guint i = 0; i < t->cell->len; i++) {
        const struct cell *c = &g_array_index(t->cell, struct cell, i);
        if (c->rows == 1)
            height[c->row] = MAX(height[c->row], cell_least_height(c));
    }
    for (guint i = 0; i < t->cell->len; i++) {
        const struct cell *c = &g_array_index(t->cell, struct cell, i);
        double have = 0;
        for (guint k = 0; k < c->rows; k++)
            have += height[c->row + k];
        if (c->rows > 1)
            height[c->row + c->rows - 1] += MAX(0, cell_least_height(c) - have);
    }
    for (guint r = 0; r < t->rows; r++)
        t->y[r + 1] = t->y[r] + height[r];
    g_free(height);
}

/* Where the text of C begins, from the top of the table: middle, or at the top of what will be cut. */
static double
cell_text_top(const struct table *t, const struct cell *c, bool cut)
{
    double top = t->y[c->row], height = t->y[c->row + c->rows] - top;
    if (cut || elem_flag(c->e, "top", false))
        return top + PAD_Y;
    return top + (height - c->text.height) / 2;
}

/* What of the table goes to one place: the heights FROM…TO of its own, at the page's Y. Where a row is cut, the slice
** gets the padding that the edge of a cell would have given. */
struct slice {
    double from, to, y, before, after;
    bool cut;
};

static void
cell_frame(struct flow *f, const struct table *t, const struct cell *c, const struct slice *s)
{
    double top = MAX(t->y[c->row], s->from), bottom = MIN(t->y[c->row + c->rows], s->to);
    double x = t->x[c->column], width = t->x[c->column + c->columns] - x;
    double y = s->y + (top > s->from ? s->before + top - s->from : 0);
    double end = s->y + s->before + bottom - s->from + (bottom < s->to ? 0 : s->after);
    cairo_rectangle(f->cr, x, y, width, end - y);
    if (elem_flag(c->e, "shade", c->row < t->header)) {
        flow_grey(f, 0.945);
        cairo_fill_preserve(f->cr);
    }
    if (t->border) {
        flow_grey(f, 0.25);
        cairo_set_line_width(f->cr, 0.5);
        cairo_stroke(f->cr);
    }
    cairo_new_path(f->cr);
}

/* Signatures and the place of a stamp, where the cell ends. */
static void
cell_close(struct flow *f, const struct table *t, const struct cell *c, const struct slice *s, double bottom)
{
    double end = s->y + s->before + bottom - s->from, right = t->x[c->column + c->columns] - PAD_X;
    if (bottom < t->y[c->row + c->rows] - 0.01)
        return;
    if (c->footed)
        text_draw(f, &c->foot, t->x[c->column] + PAD_X, end - PAD_Y - c->foot.height, 0, c->foot.lines);
    if (c->stamped)
        stamp_place(f, right - CELL_STAMP, end - CELL_STAMP - PAD_Y / 2, CELL_STAMP);
}

static void
cell_draw(struct flow *f, const struct table *t, const struct cell *c, const struct slice *s)
{
    double top = MAX(t->y[c->row], s->from), bottom = MIN(t->y[c->row + c->rows], s->to);
    double leading = c->text.style.size * c->text.style.leading, text_top = cell_text_top(t, c, s->cut);
    if (bottom - top < 0.01)
        return;
    cell_frame(f, t, c, s);
    int first = c->text.lines, last = 0;
    for (int i = 0; i < c->text.lines; i++)
        if (text_top + i * leading >= s->from - 0.01 && text_top + (i + 1) * leading <= s->to + 0.01) {
            first = MIN(first, i);
            last = i + 1;
        }
    if (first < last)
        text_draw(f, &c->text, t->x[c->column] + PAD_X, s->y + s->before + text_top + first * leading - s->from, first,
                  last);
    cell_close(f, t, c, s, bottom);
}

/* Draws FROM…TO at f->y and moves on. */
static void
slice_draw(struct flow *f, const struct table *t, struct slice s)
{
    s.y = f->y;
    for (guint i = 0; i < t->cell->len; i++)
        cell_draw(f, t, &g_array_index(t->cell, struct cell, i), &s);
    f->y += s.before + s.to - s.from + s.after;
}

/* Heavier than the grid. */
static void
outline_draw(struct flow *f, const struct table *t, double top)
{
    if (!t->border || f->y - top < 0.01)
        return;
    flow_grey(f, 0.1);
    cairo_set_line_width(f->cr, 1.0);
    cairo_rectangle(f->cr, t->x[0], top, t->x[t->columns] - t->x[0], f->y - top);
    cairo_stroke(f->cr);
}

/* The lowest place ≤ TO where no line of text is cut through; FROM if there is none. */
static double
cut_above(const struct table *t, double from, double to)
{
    for (bool moved = true; moved && to > from;) {
        moved = false;
        for (guint i = 0; i < t->cell->len; i++) {
            const struct cell *c = &g_array_index(t->cell, struct cell, i);
            double leading = c->text.style.size * c->text.style.leading, top = cell_text_top(t, c, true);
            double line = floor((to - top) / leading + 0.001);
            if (line < 0 || line >= c->text.lines || to - top - line * leading < 0.01)
                continue;
            to = top + line * leading - (line < 0.5 ? PAD_Y : 0);
            moved = true;
        }
    }
    return MAX(to, from);
}

struct table_run {
    double outline; /* top of the table's part on this page */
    double head;    /* height of the repeated header */
};

static void
next_page(struct flow *f, const struct table *t, struct table_run *run)
{
    outline_draw(f, t, run->outline);
    flow_page_break(f);
    run->outline = f->y;
    if (run->head > 0)
        slice_draw(f, t, (struct slice){.to = run->head});
}

/* Rows FROM…TO as one: whole if a page can hold them, else in slices. */
static void
unit_draw(struct flow *f, const struct table *t, struct table_run *run, guint from, guint to)
{
    double top = t->y[from], bottom = t->y[to], page = f->bottom - f->top - run->head;
    if (bottom - top <= page) {
        if (bottom - top > flow_left_on_page(f) + 0.01)
            next_page(f, t, run);
        slice_draw(f, t, (struct slice){.from = top, .to = bottom});
        return;
    }
    while (bottom - top > 0.01 && !f->why->len) {
        struct slice s = {.from = top, .to = bottom, .before = top > t->y[from] ? PAD_Y : 0, .cut = true};
        double room = flow_left_on_page(f) - s.before;
        if (bottom - top > room) {
            s.after = PAD_Y;
            s.to = cut_above(t, top, top + room - PAD_Y);
            if (s.to - top < MIN(3 * t->size, page / 2)) /* not worth a slice, unless a page holds no more */
                s.to = room + s.before >= page - 0.01 ? top + room - PAD_Y : top;
        }
        if (s.to > top)
            slice_draw(f, t, s);
        top = s.to;
        if (bottom - top > 0.01)
            next_page(f, t, run);
    }
}

static void
table_draw(struct flow *f, const struct table *t)
{
    struct table_run run = {0};
    guint first = 0;
    guint head = t->header;
    if (head && t->rows > head && !t->joined[head] && t->y[head] < (f->bottom - f->top) / 3) {
        flow_need(f, t->y[head] + MIN(t->y[head + 1] - t->y[head], MM(30))); /* never alone at the foot */
        run.outline = f->y;
        slice_draw(f, t, (struct slice){.to = t->y[head]});
        run.head = t->y[head];
        first = head;
    } else {
        flow_need(f, MIN(t->y[1], MM(30)));
        run.outline = f->y;
    }
    for (guint r = first, end; r < t->rows && !f->why->len; r = end) {
        for (end = r + 1; end < t->rows && t->joined[end]; end++)
            ;
        unit_draw(f, t, &run, r, end);
    }
    outline_draw(f, t, run.outline);
    f->y = MIN(f->y + MM(elem_number(t->e, "space", 3)), f->bottom);
}

void
block_table(struct flow *f, const struct elem *e)
{
    struct table t = {.e = e,
                      .rows = e->child->len,
                      .border = elem_flag(e, "border", true),
                      .header = (guint)elem_number(e, "header", 0),
                      .size = elem_number(e, "size", 11)};
    if (t.rows == 0 || !read_columns(f, &t))
        return;
    guint used[COLUMNS_MAX] = {0};
    t.y = g_new0(double, t.rows + 1);
    t.joined = g_new0(bool, t.rows + 1);
    t.cell = g_array_new(FALSE, FALSE, sizeof(struct cell));
    bool ok = true;
    for (guint r = 0; ok && r < t.rows; r++)
        ok = place_row(f, &t, r, used);
    if (ok) {
        measure_rows(&t);
        table_draw(f, &t);
    }
    for (guint i = 0; i < t.cell->len; i++) {
        text_free(&g_array_index(t.cell, struct cell, i).text);
        text_free(&g_array_index(t.cell, struct cell, i).foot);
    }
    g_array_free(t.cell, TRUE);
    g_free(t.joined);
    g_free(t.y);
}
