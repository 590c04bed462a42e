/* Text: pango breaks the lines, we place them on our own grid. */
#include <math.h>
#include <string.h>

#include "aux/helper/pdf.h"

/* The middle of a Chinese glyph stands this much of its size above the baseline. */
static const double GLYPH_MIDDLE = 0.38;

static PangoFontDescription *
font_new(struct style s)
{
    PangoFontDescription *d = pango_font_description_new();
    pango_font_description_set_family_static(d, s.sans ? "Noto Sans CJK SC" : "Noto Serif CJK SC");
    pango_font_description_set_weight(d, s.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(d, s.size * PANGO_SCALE);
    return d;
}

static const char LINE_END[] = "\u2028", PARAGRAPH_END[] = "\u2029";

/* Only text without blanks is stretched: pango would put all of a line's slack into one blank. Nor may a line that ends
** at <br/> be: as the end of a paragraph it is not, but then an indent would come again. */
static void
set_text(PangoLayout *layout, const char *text, const struct style *style)
{
    bool broken = strstr(text, LINE_END) != NULL, indented = style->indent > 0;
    pango_layout_set_justify(layout, style->justify && !strchr(text, ' ') && !(broken && indented));
    if (!broken || indented) {
        pango_layout_set_text(layout, text, -1);
        return;
    }
    char *copy = g_strdup(text); /* both marks are three bytes: the spans still fit */
    for (char *p = copy; (p = strstr(p, LINE_END));)
        memcpy(p, PARAGRAPH_END, strlen(PARAGRAPH_END));
    pango_layout_set_text(layout, copy, -1);
    g_free(copy);
}

struct text
text_new(struct flow *f, const char *text, PangoAttrList *spans, struct style style, double width)
{
    struct text t = {.style = style, .layout = pango_layout_new(f->pango)};
    PangoFontDescription *font = font_new(style);
    PangoAttrList *attrs = spans ? pango_attr_list_copy(spans) : pango_attr_list_new();
    /* 。” and ）， closed up where the font knows how */
    pango_attr_list_insert(attrs, pango_attr_font_features_new("chws=1"));
    pango_layout_set_font_description(t.layout, font);
    pango_layout_set_attributes(t.layout, attrs);
    pango_layout_set_wrap(t.layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(t.layout, style.align);
    set_text(t.layout, text, &style);
    pango_layout_set_indent(t.layout, (int)lround(style.indent * style.size * PANGO_SCALE));
    if (width >= 0)
        pango_layout_set_width(t.layout, (int)lround(width * PANGO_SCALE));
    t.lines = *text ? pango_layout_get_line_count(t.layout) : 0;
    t.height = t.lines * style.size * style.leading;
    pango_attr_list_unref(attrs);
    pango_font_description_free(font);
    return t;
}

void
text_free(struct text *t)
{
    g_object_unref(t->layout);
}

double
text_natural_width(const struct text *t)
{
    PangoRectangle logical;
    pango_layout_get_extents(t->layout, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

/* Glyphs and which bytes of the text they stand for (so that the text can be read back), in the cut font. */
static bool
run_show(struct flow *f, const char *text, PangoGlyphItem *run, double x, double y)
{
    const PangoGlyphString *g = run->glyphs;
    struct font_cut cut;
    if (run->item->analysis.level % 2 || !font_take(f, run->item->analysis.font, &cut) ||
        g->num_glyphs > run->item->length)
        return false;
    cairo_glyph_t *glyph = g_new(cairo_glyph_t, (gsize)g->num_glyphs);
    cairo_text_cluster_t *cluster = g_new(cairo_text_cluster_t, (gsize)run->item->length);
    int glyphs = 0, clusters = 0, at = 0;
    bool known = true;
    PangoGlyphItemIter i;
    for (gboolean more = pango_glyph_item_iter_init_start(&i, run, text); more && known;
         more = pango_glyph_item_iter_next_cluster(&i)) {
        int before = glyphs;
        for (int k = i.start_glyph; k < i.end_glyph; k++) {
            const PangoGlyphInfo *info = &g->glyphs[k];
            known = known && !(info->glyph & PANGO_GLYPH_UNKNOWN_FLAG);
            if (info->glyph != PANGO_GLYPH_EMPTY)
                glyph[glyphs++] = (cairo_glyph_t){hb_map_get(cut.renumbered, info->glyph),
                                                  x + (double)(at + info->geometry.x_offset) / PANGO_SCALE,
                                                  y + (double)info->geometry.y_offset / PANGO_SCALE};
            at += info->geometry.width;
        }
        cluster[clusters++] = (cairo_text_cluster_t){i.end_index - i.start_index, glyphs - before};
    }
    if (known) {
        PangoFontDescription *d = pango_font_describe_with_absolute_size(run->item->analysis.font);
        cairo_set_font_face(f->cr, cut.face);
        cairo_set_font_size(f->cr, (double)pango_font_description_get_size(d) / PANGO_SCALE);
        pango_font_description_free(d);
        cairo_show_text_glyphs(f->cr, text + run->item->offset, run->item->length, glyph, glyphs, cluster, clusters, 0);
    }
    g_free(glyph);
    g_free(cluster);
    return known;
}

static bool
is_underlined(const PangoGlyphItem *run)
{
    for (const GSList *a = run->item->analysis.extra_attrs; a; a = a->next)
        if (((const PangoAttribute *)a->data)->klass->type == PANGO_ATTR_UNDERLINE)
            return true;
    return false;
}

static void
line_draw(struct flow *f, const struct text *t, PangoLayoutLine *line, double x, double y)
{
    for (GSList *r = line->runs; r; r = r->next) {
        PangoGlyphItem *run = r->data;
        double width = (double)pango_glyph_string_get_width(run->glyphs) / PANGO_SCALE;
        if (!f->draw) {
            font_note(f, run->item->analysis.font, run->glyphs);
        } else if (!run_show(f, pango_layout_get_text(t->layout), run, x, y)) {
            cairo_move_to(f->cr, x, y);
            pango_cairo_show_glyph_item(f->cr, pango_layout_get_text(t->layout), run);
        }
        if (is_underlined(run)) {
            cairo_rectangle(f->cr, x, y + 0.17 * t->style.size, width, 0.05 * t->style.size);
            cairo_fill(f->cr);
        }
        x += width;
    }
}

void
text_draw(struct flow *f, const struct text *t, double x, double y, int from, int to)
{
    if (t->lines == 0)
        return;
    double leading = t->style.size * t->style.leading;
    flow_grey(f, t->style.grey);
    PangoLayoutIter *i = pango_layout_get_iter(t->layout);
    for (int n = 0; n < to; n++) {
        if (n >= from) {
            PangoRectangle logical;
            pango_layout_iter_get_line_extents(i, NULL, &logical);
            double baseline = y + (n - from) * leading + leading / 2 + GLYPH_MIDDLE * t->style.size;
            line_draw(f, t, pango_layout_iter_get_line_readonly(i), x + (double)logical.x / PANGO_SCALE, baseline);
        }
        if (!pango_layout_iter_next_line(i))
            break;
    }
    pango_layout_iter_free(i);
}

double
text_line(struct flow *f, const char *text, struct style style, double x, double y, double width)
{
    struct text t = text_new(f, text, NULL, style, width);
    text_draw(f, &t, x, y, 0, t.lines);
    double w = text_natural_width(&t);
    text_free(&t);
    return w;
}
