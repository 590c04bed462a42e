/* catalog diff: two regions, or a region and the standard list, by the six unifications (六统一, R2): name, code, materials, limit,
** stages, standard; and which side is lighter (四最, R3). */
#ifndef CATALOG_DIFF_H
#define CATALOG_DIFF_H

#include "base/view.h"
#include "catalog/catalog.h"

enum unification { UNIFY_NAME, UNIFY_CODE, UNIFY_MATERIALS, UNIFY_LIMIT, UNIFY_STAGES, UNIFY_STANDARD, UNIFY_COUNT };
enum diff_side {
    DIFF_SAME,
    DIFF_LIGHTER,
    DIFF_HEAVIER,
    DIFF_OTHER,
    DIFF_UNPRINTED
}; /* the region's side against the other's */

struct diff_cell {
    enum diff_side side;
    struct str ours, theirs; /* what each side says, verbatim or rendered */
    struct str detail;       /* what makes the difference, Chinese, one line */
    bool mixed;              /* lighter for some people, heavier for others; SIDE is DIFF_OTHER */
    struct str brief;        /* our side in a few characters, for a matrix: 2—5份, 即时 */
};
struct diff_row {
    const struct matter *ours, *theirs; /* NULL: only the other side has it; THEIRS is NULL against the standard list */
    const struct standard_matter *standard; /* NULL for local matters */
    struct diff_cell cell[UNIFY_COUNT];
};
struct diff {
    const struct region *ours, *theirs; /* THEIRS NULL: the standard list */
    struct diff_row *row;
    size_t n;
};
const char *unification_id(enum unification u);   /* name code materials limit stages standard */
const char *unification_name(enum unification u); /* 事项名称 … */
const char *diff_side_name(enum diff_side s);     /* same lighter heavier other unprinted */
const char *diff_side_title(enum diff_side s);    /* 相同 较轻 较重 有别 未印 */
const char *diff_side_mark(enum diff_side s);     /* one sign, so that nothing rests on colour alone */

bool diff_row_paired(const struct diff_row *r); /* both sides are there */
/* The whole row by materials, limit and stages: lighter where at least one of them is and none is heavier or mixed; OTHER
** where they pull apart. Against the standard list, which weighs nothing, by name and stages: the same or OTHER. */
enum diff_side diff_row_side(const struct diff_row *r);
/* Text without the differences of print that mean nothing: width of letters, blanks, quotation marks. */
struct str diff_fold(struct arena *a, struct str s);

/* Pairs by standard code, several of one code by the likest names; matters that are left by the equal name. Every matter
** of both sides stands in one row. What a guide does not print is UNPRINTED on its cell, never nothing and never equal.
** Against the standard list only name, code and 系统环节 can differ. */
enum err catalog_diff(struct ctx *ctx, const struct catalog *c, const struct region *ours, const struct region *theirs,
                      struct diff *ret_d) MUST_USE;
void diff_view(struct ctx *ctx, const struct diff *d, struct view *ret_map);

#endif
