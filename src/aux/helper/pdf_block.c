/* Headings, paragraphs, label grids, QR codes, stamps, signature lines. */
#include <math.h>
#include <string.h>

#include "aux/helper/pdf.h"

static const double TAU = 6.283185307179586;
static const double BODY = 12, SMALL = 9;
static const double BODY_LEADING = 1.75;

/* The narrowest width with the same number of lines: a title of two lines breaks in its middle. */
static double
balanced_width(struct flow *f, const struct elem *e, struct style s, double width)
{
    struct text t = text_new(f, e->text->str, e->spans, s, width);
    int lines = t.lines;
    text_free(&t);
    double low = width / 2, high = width;
    for (int i = 0; lines > 1 && lines < 5 && i < 10; i++) {
        double middle = (low + high) / 2;
        t = text_new(f, e->text->str, e->spans, s, middle);
        if (t.lines > lines)
            low = middle;
        else
            high = middle;
        text_free(&t);
    }
    return high;
}

void
block_heading(struct flow *f, const struct elem *e)
{
    bool first = e->tag == TAG_H1;
    struct style s = {.sans = true,
                      .bold = true,
                      .size = first ? 22 : 14,
                      .leading = 1.4,
                      .align = first ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT};
    double width = f->right - f->left;
    double narrow = first ? balanced_width(f, e, s, width) : width;
    struct text t = text_new(f, e->text->str, e->spans, s, narrow);
    flow_need(f, t.height + MM(first ? 20 : 24)); /* never alone at the foot */
    if (!flow_at_top(f))
        f->y += MM(first ? 4 : 5);
    text_draw(f, &t, f->left + (first ? (width - narrow) / 2 : 0), f->y, 0, t.lines);
    f->y += t.height + MM(first ? 6 : 1.5);
    text_free(&t);
}

/* How many of the LEFT lines to set on this page: all, or as many as fit leaving no single line on either side. */
static int
lines_here(const struct flow *f, int left, double leading)
{
    int fit = (int)floor((flow_left_on_page(f) + 0.01) / leading);
    if (fit >= left)
        return left;
    if (left - fit == 1 && left > 2)
        fit--;
    if (flow_at_top(f))
        return MAX(fit, 1);
    return fit < 2 ? 0 : fit;
}

void
block_paragraph(struct flow *f, const struct elem *e)
{
    struct style s = {.bold = elem_flag(e, "bold", false),
                      .size = elem_number(e, "size", BODY),
                      .leading = BODY_LEADING,
                      .indent = elem_number(e, "indent", 0),
                      .align = elem_align(e, PANGO_ALIGN_LEFT)};
    s.justify = s.align == PANGO_ALIGN_LEFT && elem_flag(e, "justify", true);
    struct text t = text_new(f, e->text->str, e->spans, s, f->right - f->left);
    double leading = s.size * s.leading;
    for (int done = 0; done < t.lines && !f->why->len;) {
        int n = lines_here(f, t.lines - done, leading);
        text_draw(f, &t, f->left, f->y, done, done + n);
        f->y += n * leading;
        done += n;
        if (done < t.lines)
            flow_page_break(f);
    }
    text_free(&t);
    f->y = MIN(f->y + MM(elem_number(e, "space", 2)), f->bottom);
}

static void
line(struct flow *f, double x0, double x1, double y, double width, double grey)
{
    flow_grey(f, grey);
    cairo_set_line_width(f->cr, width);
    cairo_move_to(f->cr, x0, y);
    cairo_line_to(f->cr, x1, y);
    cairo_stroke(f->cr);
}

void
block_rule(struct flow *f)
{
    flow_need(f, MM(6));
    line(f, f->left, f->right, f->y + MM(3), 0.6, 0.2);
    f->y += MM(6);
}

/* ---- label grid ---- */

struct pair {
    struct text label, value;
};

static struct text
label_new(struct flow *f, const struct elem *k, double width)
{
    struct style s = {.sans = true, .size = 10.5, .leading = BODY_LEADING, .grey = 0.35};
    char *with_colon = g_strconcat(elem_attr(k, "name", ""), "：", NULL);
    struct text t = text_new(f, with_colon, NULL, s, width);
    g_free(with_colon);
    return t;
}

/* Labels of one column are as wide as the widest, within reason. */
static double
label_width(struct flow *f, const struct elem *kv, guint column, guint columns, double most)
{
    double w = 0;
    for (guint i = column; i < kv->child->len; i += columns) {
        struct text t = label_new(f, g_ptr_array_index(kv->child, i), -1);
        w = MAX(w, text_natural_width(&t));
        text_free(&t);
    }
    return MIN(w + MM(1), most);
}

static void
kv_row(struct flow *f, const struct elem *kv, guint from, guint columns, const double *labels)
{
    const struct style s = {.size = 11.5, .leading = 10.5 * BODY_LEADING / 11.5};
    double column = (f->right - f->left) / columns, height = 0;
    struct pair pair[6];
    guint n = MIN(columns, kv->child->len - from);
    for (guint i = 0; i < n; i++) {
        const struct elem *k = g_ptr_array_index(kv->child, from + i);
        pair[i].label = label_new(f, k, labels[i]);
        pair[i].value = text_new(f, k->text->str, k->spans, s, column - labels[i] - (i + 1 < columns ? MM(4) : 0));
        height = MAX(height, MAX(pair[i].label.height, pair[i].value.height));
    }
    flow_need(f, height);
    for (guint i = 0; i < n; i++) {
        text_draw(f, &pair[i].label, f->left + i * column, f->y, 0, pair[i].label.lines);
        text_draw(f, &pair[i].value, f->left + i * column + labels[i], f->y, 0, pair[i].value.lines);
        text_free(&pair[i].label);
        text_free(&pair[i].value);
    }
    f->y = MIN(f->y + height + MM(0.6), f->bottom);
}

void
block_kv(struct flow *f, const struct elem *e)
{
    guint columns = (guint)elem_number(e, "cols", 2);
    double labels[6];
    for (guint c = 0; c < columns; c++)
        labels[c] = label_width(f, e, c, columns, (f->right - f->left) / columns * 0.55);
    for (guint i = 0; i < e->child->len && !f->why->len; i += columns)
        kv_row(f, e, i, columns, labels);
    f->y = MIN(f->y + MM(3), f->bottom);
}

/* ---- signature line ---- */

static void
sign_field(struct flow *f, const char *name, double x, double width, double y)
{
    struct style s = {.size = BODY, .leading = 1.4};
    char *label = g_strconcat(name, "：", NULL);
    double used = text_line(f, label, s, x, y, -1);
    g_free(label);
    if (g_str_has_suffix(name, "日期") || g_str_has_suffix(name, "时间")) {
        text_line(f, "\u3000\u3000\u3000年\u3000\u3000月\u3000\u3000日", s, x + used, y, -1);
        return;
    }
    line(f, x + used, x + width - MM(6), y + s.size * s.leading - 1.5, 0.6, 0.2);
}

void
block_sign(struct flow *f, const struct elem *e)
{
    guint n = e->child->len, per_row = n == 4 ? 2 : MIN(n, 3);
    double row = MM(13), width = (f->right - f->left) / MAX(per_row, 1);
    if (!n)
        return;
    guint rows = (n + per_row - 1) / per_row;
    flow_need(f, row * rows);
    for (guint i = 0; i < n; i++) {
        const struct elem *field = g_ptr_array_index(e->child, i);
        guint line = i / per_row; /* whole rows: the rest is the column */
        sign_field(f, elem_attr(field, "name", ""), f->left + (i % per_row) * width, width, f->y + line * row + MM(5));
    }
    f->y += row * rows;
}

/* ---- QR codes and stamps ---- */

static const double STAMP_SIZE = 40;

static double
mark_size(const struct elem *e)
{
    return MM(e->tag == TAG_QR ? elem_number(e, "size", 25) : STAMP_SIZE);
}

static double
mark_height(const struct elem *e)
{
    return mark_size(e) + (e->tag == TAG_QR && elem_attr(e, "caption", NULL) ? MM(5) : 0);
}

static void
qr_draw(struct flow *f, const struct elem *e, double x, double y)
{
    const char *data = elem_attr(e, "data", "");
    int side = 0;
    guint8 *m = qr_modules(data, strlen(data), &side);
    if (!m) {
        flow_refuse(f, e, "二维码没有内容或内容太长");
        return;
    }
    double size = mark_size(e), unit = size / side;
    flow_grey(f, 0);
    for (int row = 0; row < side; row++)
        for (int col = 0, run; col < side; col += run) {
            guint8 dark = m[row * side + col];
            for (run = 1; col + run < side && m[row * side + col + run] == dark; run++)
                ;
            if (dark)
                cairo_rectangle(f->cr, x + col * unit, y + row * unit, run * unit, unit);
        }
    cairo_fill(f->cr); /* all modules in one: no hairlines between them */
    g_free(m);
    const char *caption = elem_attr(e, "caption", NULL);
    if (caption) {
        struct style s = {.sans = true, .size = 7.5, .leading = 1.4, .grey = 0.35, .align = PANGO_ALIGN_CENTER};
        double room = MM(30); /* a caption may be wider than its code */
        double left = MIN(MAX(x - room, f->left), x), right = MAX(MIN(x + size + room, f->right), x + size);
        double half = MIN(x + size / 2 - left, right - x - size / 2);
        text_line(f, caption, s, x + size / 2 - half, y + size + MM(1.2), 2 * half);
    }
}

/* Where a stamp goes: its outline in thin red, whose it is, and that it is the place for it. */
static void
stamp_draw(struct flow *f, const struct elem *e, double x, double y)
{
    double r = mark_size(e) / 2, dash[] = {3, 2.4};
    struct style s = {.sans = true, .size = SMALL, .leading = 1.45, .grey = STAMP_RED, .align = PANGO_ALIGN_CENTER};
    struct style small = s;
    small.size = 7.5;
    cairo_save(f->cr);
    flow_grey(f, STAMP_RED);
    cairo_set_line_width(f->cr, 0.9);
    cairo_set_dash(f->cr, dash, 2, 0);
    cairo_new_path(f->cr);
    cairo_arc(f->cr, x + r, y + r, r - 0.5, 0, TAU);
    cairo_stroke(f->cr);
    cairo_restore(f->cr);
    double width = r * 1.5;
    struct text name = text_new(f, elem_attr(e, "text", ""), NULL, s, width);
    struct text place = text_new(f, "（盖章处）", NULL, small, width);
    double top = y + r - (name.height + place.height) / 2;
    text_draw(f, &name, x + r - width / 2, top, 0, name.lines);
    text_draw(f, &place, x + r - width / 2, top + name.height, 0, place.lines);
    text_free(&name);
    text_free(&place);
}

void
stamp_place(struct flow *f, double x, double y, double diameter)
{
    double r = diameter / 2, dash[] = {2.4, 2};
    struct style s = {.sans = true, .size = 7, .leading = 1.4, .grey = STAMP_RED, .align = PANGO_ALIGN_CENTER};
    cairo_save(f->cr);
    flow_grey(f, STAMP_RED);
    cairo_set_line_width(f->cr, 0.6);
    cairo_set_dash(f->cr, dash, 2, 0);
    cairo_new_path(f->cr);
    cairo_arc(f->cr, x + r, y + r, r - 0.5, 0, TAU);
    cairo_stroke(f->cr);
    cairo_restore(f->cr);
    text_line(f, "盖章处", s, x, y + r * 0.55, diameter);
}

static void
mark_draw(struct flow *f, const struct elem *e, double band)
{
    double size = mark_size(e), x = f->left;
    PangoAlignment align = elem_align(e, PANGO_ALIGN_RIGHT);
    if (align == PANGO_ALIGN_CENTER)
        x = (f->left + f->right - size) / 2;
    else if (align == PANGO_ALIGN_RIGHT)
        x = f->right - size;
    double y = f->y + (band - mark_height(e)) / 2;
    if (e->tag == TAG_QR)
        qr_draw(f, e, x, y);
    else
        stamp_draw(f, e, x, y);
}

size_t
block_marks(struct flow *f, struct elem *const *e, size_t n)
{
    unsigned taken = 0;
    size_t count = 0;
    double band = 0;
    for (; count < n && (e[count]->tag == TAG_QR || e[count]->tag == TAG_STAMP); count++) {
        unsigned place = 1u << elem_align(e[count], PANGO_ALIGN_RIGHT);
        if (taken & place)
            break;
        taken |= place;
        band = MAX(band, mark_height(e[count]));
    }
    flow_need(f, band);
    for (size_t i = 0; i < count; i++)
        mark_draw(f, e[i], band);
    f->y = MIN(f->y + band + MM(3), f->bottom);
    return count;
}

void
page_watermark(struct flow *f, const char *text)
{
    struct style s = {.sans = true, .bold = true, .size = 100, .leading = 1.2};
    struct text t = text_new(f, text, NULL, s, -1);
    double width = text_natural_width(&t), most = hypot(f->width, f->height) * 0.62;
    cairo_save(f->cr);
    cairo_translate(f->cr, f->width / 2, f->height / 2);
    cairo_rotate(f->cr, -atan2(f->height, f->width));
    if (width > most)
        cairo_scale(f->cr, most / width, most / width);
    t.style.grey = 0.93;
    text_draw(f, &t, -width / 2, -t.height / 2, 0, t.lines);
    cairo_restore(f->cr);
    text_free(&t);
}
