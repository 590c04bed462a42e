/* Inside of the print engine. Units are points; y grows downwards. The document is set twice: the first pass only
** counts
 ** pages (footers say "of how many"), the second draws. */
#ifndef AUX_PDF_H
#define AUX_PDF_H

#include <hb.h>
#include <pango/pangocairo.h>

#include "aux/helper/helper.h"
#include "aux/helper/markup.h"

#define MM(mm) ((mm)*72.0 / 25.4)

enum { PAGES_MAX = 2000, STAMP_RED = -1 };

struct flow {
    cairo_t *cr;
    PangoContext *pango;
    const struct elem *doc;
    double width, height; /* of the page */
    double left, right, top, bottom;
    double y;         /* next free */
    bool draw;        /* second pass */
    GPtrArray *fonts; /* struct font */
    int page;         /* current, from 1 */
    int page_count;   /* known in the second pass */
    GString *why;     /* first complaint; empty = none */
};

/* How a run of text looks. */
struct style {
    bool sans, bold, justify;
    double size;
    double leading; /* baseline to baseline, in sizes */
    double indent;  /* first line, in sizes */
    double grey;    /* 0 = black; STAMP_RED */
    PangoAlignment align;
};

/* Text broken into lines of one leading: CJK and Latin, fallback fonts and all stand on one grid. */
struct text {
    PangoLayout *layout;
    struct style style;
    int lines;
    double height;
};

struct text text_new(struct flow *f, const char *text, PangoAttrList *spans, struct style style, double width);
void text_free(struct text *t);
/* Lines FROM ≤ i < TO with the first of them at the top Y. */
void text_draw(struct flow *f, const struct text *t, double x, double y, int from, int to);
double text_natural_width(const struct text *t);
/* Draws one line of text in one go; returns its width. */
double text_line(struct flow *f, const char *text, struct style style, double x, double y, double width);

void flow_page_break(struct flow *f);
/* Makes room for H, on a new page if need be. */
void flow_need(struct flow *f, double h);
double flow_left_on_page(const struct flow *f);
bool flow_at_top(const struct flow *f);
void flow_refuse(struct flow *f, const struct elem *e, const char *why);
void flow_grey(struct flow *f, double grey);

PangoAlignment elem_align(const struct elem *e, PangoAlignment absent);

/* Blocks: each sets itself at f->y and moves it. */
void block_heading(struct flow *f, const struct elem *e);
void block_paragraph(struct flow *f, const struct elem *e);
void block_rule(struct flow *f);
void block_kv(struct flow *f, const struct elem *e);
void block_sign(struct flow *f, const struct elem *e);
/* A run of qr and stamp elements with different align stands side by side; returns how many of E[0..n) it took. */
size_t block_marks(struct flow *f, struct elem *const *e, size_t n);
void block_table(struct flow *f, const struct elem *e);
/* The dashed outline of a stamp to come, and in it that this is the place. */
void stamp_place(struct flow *f, double x, double y, double diameter);
void page_watermark(struct flow *f, const char *text);

/* pdf_font.c */
GPtrArray *fonts_new(void);
void font_note(struct flow *f, PangoFont *pango, const PangoGlyphString *glyphs);
/* A font of all glyphs noted, to embed, and their numbers in it; false: let pango draw. */
struct font_cut {
    cairo_font_face_t *face;
    const hb_map_t *renumbered;
};
bool font_take(struct flow *f, PangoFont *pango, struct font_cut *ret);

#endif
