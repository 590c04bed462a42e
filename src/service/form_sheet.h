/* A form being printed: cells of a grid of 36 columns, texts as print markup (docs/PRINT.md). */
#ifndef SERVICE_FORM_SHEET_H
#define SERVICE_FORM_SHEET_H

#include "service/form_int.h"

enum { SHEET_COLUMNS = 36, SHEET_CELLS_MAX = SHEET_COLUMNS };

struct sheet {
    struct ctx *ctx;
    const struct form_print *p;
    const struct form *form;
    struct form_state state;
    struct view *blocks;
    struct view *rows;        /* of the table being filled; NULL = none */
    int row_least, box_least; /* mm: a short form is set wider, room to write by hand */
};

struct sheet_cell {
    int span, rows;
    struct str text;                       /* markup */
    bool label, centred, top, stamp, body; /* BODY: running text */
    struct str foot;                       /* markup: at the cell's lower right */
    struct str font;                       /* points; empty = the table's */
    int least;                             /* height in mm; 0 = one line */
};
struct sheet_row {
    struct sheet_cell cell[SHEET_CELLS_MAX];
    int n;
};

/* form_text.c: how values read on paper. */
void sheet_escape(struct buf *b, struct str s);
struct str sheet_escaped(const struct sheet *t, struct str s);
/* The value of F in ROW as it is printed: ticks for choices, its blank while it is empty. */
struct str sheet_value(const struct sheet *t, const struct form_state *st, const struct form_field *f,
                       const struct view *row);
/* The raw value, empty where this print must not show it. */
struct str sheet_typed(const struct sheet *t, const struct form_state *st, const struct form_field *f,
                       const struct view *row);
struct str sheet_tick(const struct sheet *t, const struct form_field *f, struct str value, struct str option);
/* Label without the colon that some are printed with, then a colon. */
struct str sheet_label(const struct sheet *t, struct str label);
/* Printed text with its {places} filled. */
struct str sheet_body(const struct sheet *t, struct str body);
/* Signatures, stamps and dates of S in one or two lines. */
struct str sheet_closing(const struct sheet *t, const struct form_section *s, bool *ret_stamp);
struct str sheet_closing_one(const struct sheet *t, const struct form_closing *c);
/* F is printed inside another place of S: in its text, at its foot, behind a choice. */
bool sheet_elsewhere(const struct form *form, const struct form_section *s, const struct form_field *f);
const struct form_field *sheet_field(const struct form *form, struct str id);

/* form_grid.c: sections as rows of cells. */
void sheet_put_row(struct sheet *t, const struct sheet_row *r);
void sheet_grid(struct sheet *t, const struct form_section *s);
void sheet_table(struct sheet *t, const struct form_section *s);
void sheet_pairs(struct sheet *t, const struct form_section *s);
void sheet_begin(struct sheet *t, int head_rows);
void sheet_end(struct sheet *t);

#endif
