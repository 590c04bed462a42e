/* The document: pages, margins, footers, and the loop over its blocks. */
#include "aux/helper/pdf.h"

#include <math.h>
#include <string.h>

#include <cairo-pdf.h>

static const double A4_WIDTH = 595.276, A4_HEIGHT = 841.890;
enum { DOCS_MAX = 1000 };

void
flow_grey(struct flow *f, double grey)
{
    if (grey < 0) /* the red of stamps */
        cairo_set_source_rgb(f->cr, 0.78, 0.10, 0.10);
    else
        cairo_set_source_rgb(f->cr, grey, grey, grey);
}

void
flow_refuse(struct flow *f, const struct elem *e, const char *why)
{
    if (!f->why->len)
        g_string_printf(f->why, "打印版式第 %d 行：%s", e->line, why);
}

double
flow_left_on_page(const struct flow *f)
{
    return f->bottom - f->y;
}

bool
flow_at_top(const struct flow *f)
{
    return f->y <= f->top + 0.01;
}

static const struct elem *
doc_child(const struct flow *f, enum tag tag)
{
    for (guint i = 0; i < f->doc->child->len; i++) {
        const struct elem *e = g_ptr_array_index(f->doc->child, i);
        if (e->tag == tag)
            return e;
    }
    return NULL;
}

/* Foot of the page: the footer's text and, when there are several pages, which one this is. */
static void
page_end(struct flow *f)
{
    const struct elem *footer = doc_child(f, TAG_FOOTER);
    bool several = f->page_count > 1 || !f->draw, words = footer && footer->text->len;
    struct style s = {.sans = true, .size = 8.5, .leading = 1.4, .grey = 0.35, .align = PANGO_ALIGN_CENTER};
    double width = f->right - f->left, y = f->bottom + MM(5);
    double number_width = several && words ? MM(34) : 0;
    if (words) {
        if (several)
            s.align = PANGO_ALIGN_LEFT;
        struct text t = text_new(f, footer->text->str, footer->spans, s, width - number_width);
        text_draw(f, &t, f->left, y, 0, t.lines);
        text_free(&t);
    }
    if (several) {
        char *number = g_strdup_printf("第 %d 页 共 %d 页", f->page, f->page_count);
        s.align = words ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_CENTER;
        text_line(f, number, s, words ? f->right - number_width : f->left, y, words ? number_width : width);
        g_free(number);
    }
    cairo_show_page(f->cr);
}

static void
page_begin(struct flow *f)
{
    f->page++;
    f->y = f->top;
    const struct elem *w = doc_child(f, TAG_WATERMARK);
    if (w)
        page_watermark(f, elem_attr(w, "text", ""));
}

void
flow_page_break(struct flow *f)
{
    page_end(f);
    page_begin(f);
    if (f->page > PAGES_MAX && !f->why->len)
        g_string_assign(f->why, "打印内容超过 2000 页");
}

void
flow_need(struct flow *f, double h)
{
    if (h > flow_left_on_page(f) + 0.01 && !flow_at_top(f))
        flow_page_break(f);
}

PangoAlignment
elem_align(const struct elem *e, PangoAlignment absent)
{
    const char *a = elem_attr(e, "align", NULL);
    if (!a)
        return absent;
    return *a == 'l' ? PANGO_ALIGN_LEFT : *a == 'r' ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_CENTER;
}

static void
set_blocks(struct flow *f)
{
    const GPtrArray *child = f->doc->child;
    page_begin(f);
    for (guint i = 0; i < child->len && !f->why->len; i++) {
        struct elem *const *e = (struct elem *const *)&child->pdata[i];
        switch ((*e)->tag) {
        case TAG_H1:
        case TAG_H2:
            block_heading(f, *e);
            break;
        case TAG_P:
            block_paragraph(f, *e);
            break;
        case TAG_TABLE:
            block_table(f, *e);
            break;
        case TAG_KV:
            block_kv(f, *e);
            break;
        case TAG_QR:
        case TAG_STAMP:
            i += (guint)block_marks(f, e, child->len - i) - 1;
            break;
        case TAG_RULE:
            block_rule(f);
            break;
        case TAG_SPACE:
            if (!flow_at_top(f))
                f->y = MIN(f->y + MM(elem_number(*e, "h", 0)), f->bottom);
            break;
        case TAG_SIGN:
            block_sign(f, *e);
            break;
        default: /* watermark and footer belong to the page */
            break;
        }
    }
    page_end(f);
}

static cairo_status_t
append(void *out, const unsigned char *data, unsigned length)
{
    g_byte_array_append(out, data, length);
    return CAIRO_STATUS_SUCCESS;
}

static PangoContext *
context_new(cairo_t *cr)
{
    PangoContext *c = pango_cairo_create_context(cr);
    cairo_font_options_t *o = cairo_font_options_create();
    cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(o, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(c, o);
    cairo_font_options_destroy(o);
    pango_context_set_round_glyph_positions(c, FALSE);
    pango_context_set_language(c, pango_language_from_string("zh-cn")); /* or shared code points look Japanese */
    pango_context_set_base_dir(c, PANGO_DIRECTION_LTR);
    return c;
}

/* The page of one document: its size, margins and elements. */
static void
turn_to(struct flow *f, const struct elem *doc)
{
    bool turned = elem_flag(doc, "landscape", false);
    double margin = MM(elem_number(doc, "margin", 20));
    f->doc = doc;
    f->width = turned ? A4_HEIGHT : A4_WIDTH;
    f->height = turned ? A4_WIDTH : A4_HEIGHT;
    f->left = f->top = margin;
    f->right = f->width - margin;
    f->bottom = f->height - MAX(margin, MM(15));
}

/* The documents of a file one behind the other under one count of pages; FIRST gets the first page of each. */
static void
set_all(struct flow *f, cairo_surface_t *surface, struct elem *const *doc, guint n, int *first)
{
    f->page = 0;
    for (guint i = 0; i < n && !f->why->len; i++) {
        turn_to(f, doc[i]);
        if (f->draw) {
            cairo_pdf_surface_set_size(surface, f->width, f->height);
            if (n > 1) {
                char *link = g_strdup_printf("page=%d", f->page + 1);
                cairo_pdf_surface_add_outline(surface, CAIRO_PDF_OUTLINE_ROOT, elem_attr(doc[i], "title", ""), link, 0);
                g_free(link);
            }
        }
        first[i] = f->page + 1;
        set_blocks(f);
    }
    f->page_count = f->page;
}

/* <td page="3"/> is the number of the page on which the third document of the file begins. */
static void
put_pages(struct elem *e, const int *first, guint n)
{
    double of = elem_number(e, "page", 0);
    if (of >= 1 && of <= n)
        g_string_printf(e->text, "%d", first[(guint)of - 1]);
    for (guint i = 0; i < e->child->len; i++)
        put_pages(g_ptr_array_index(e->child, i), first, n);
}

static enum frame_status
set_document(struct elem *root, GByteArray *out, GString *why)
{
    struct elem *one[1] = {root}, **doc = one;
    guint n = 1;
    if (root->tag == TAG_FILE) {
        doc = (struct elem **)root->child->pdata;
        n = root->child->len;
    }
    if (n == 0 || n > DOCS_MAX) {
        g_string_assign(why, "打印内容里没有文书，或者太多");
        return FRAME_REFUSED;
    }
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, out, A4_WIDTH, A4_HEIGHT);
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, elem_attr(root, "title", ""));
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, elem_attr(root, "author", ""));
    cairo_surface_t *nothing = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1);
    cairo_t *measure = cairo_create(nothing), *pages = cairo_create(surface);
    struct flow f = {.cr = measure, .why = why, .fonts = fonts_new()};
    int *first = g_new0(int, n);
    f.pango = context_new(measure);
    for (guint i = 0; i < n; i++)
        first[i] = 888;                                  /* as wide as the real ones */
    for (int pass = 0; pass < (n > 1 ? 2 : 1); pass++) { /* the second notes the glyphs of the real ones */
        put_pages(root, first, n);
        set_all(&f, surface, doc, n, first);
    }
    put_pages(root, first, n);
    f.draw = true;
    f.cr = pages;
    if (!why->len)
        set_all(&f, surface, doc, n, first);
    g_free(first);
    g_object_unref(f.pango);
    cairo_destroy(measure);
    cairo_destroy(pages);
    cairo_surface_destroy(nothing);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    g_ptr_array_free(f.fonts, TRUE); /* after the surface: it reads them when it finishes */
    if (why->len)
        return FRAME_REFUSED;
    if (status != CAIRO_STATUS_SUCCESS) {
        g_string_printf(why, "cairo: %s", cairo_status_to_string(status));
        return FRAME_BROKEN;
    }
    return FRAME_OK;
}

enum frame_status
helper_pdf(const char *in, size_t n, GByteArray *out, GString *why)
{
    struct elem *doc = markup_parse(in, n, why);
    if (!doc)
        return FRAME_REFUSED;
    enum frame_status status = set_document(doc, out, why);
    elem_free(doc);
    return status;
}
