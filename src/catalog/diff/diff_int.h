/* Inside the comparison only: one pair of matters and the judges of its six cells. */
#ifndef CATALOG_DIFF_INT_H
#define CATALOG_DIFF_INT_H

#include "catalog/diff.h"

struct pair {
    struct arena *a;
    const struct matter *ours, *theirs; /* THEIRS NULL against the standard list */
    const struct standard_matter *standard;
    size_t ours_of_code, theirs_of_code; /* matters of this code on each side */
    bool listed;                         /* the other side is the standard list */
};

/* Materials an applicant brings: the fewest and the most over the answers that the service object allows. */
struct span {
    int least, most;
};
struct span diff_span(struct arena *a, const struct matter *m);

/* What one guide says, for the columns; M is never NULL. */
struct str diff_materials_text(struct arena *a, const struct matter *m);
struct str diff_limit_text(struct arena *a, const struct matter *m);
struct str diff_stages_text(struct arena *a, const struct stage *s, size_t n, bool by_system);
struct str diff_standard_text(struct arena *a, const struct matter *m);
/* The same in a few characters. */
struct str diff_materials_brief(struct arena *a, const struct matter *m);
struct str diff_limit_brief(struct arena *a, const struct matter *m);
struct str diff_stages_brief(struct arena *a, const struct matter *m);

/* SIDE and DETAIL of a cell; both sides are there. */
void diff_materials(const struct pair *p, struct diff_cell *cell);
void diff_limits(const struct pair *p, struct diff_cell *cell);
void diff_stages(const struct pair *p, struct diff_cell *cell);
void diff_standard(const struct pair *p, struct diff_cell *cell);

/* 较轻 where both ends are no larger and one is smaller; mixed where they cross. */
void diff_ends(struct diff_cell *cell, int64_t our_low, int64_t our_high, int64_t their_low, int64_t their_high);

#endif
