/* Inside the structural rules only (lint_shape*.c): small readings they share. */
#ifndef CATALOG_LINT_SHAPE_INT_H
#define CATALOG_LINT_SHAPE_INT_H

#include "catalog/lint/lint_int.h"

bool shape_has(struct str s, const char *word);
/* Whether any of the words (between bars: 甲|乙) stands in S; *ret_word (may be NULL) is the first of the list that does. */
bool shape_has_any(struct str s, const char *words, struct str *ret_word);
/* S up to the first '(' or its full-width form. */
struct str shape_head(struct str s);
/* Fewest single-character changes from X to Y; at least LIMIT + 1 when more than LIMIT. Both ≤ 128 characters, else LIMIT + 1. */
size_t shape_distance(struct str x, struct str y, size_t limit);
/* How many decimal digits long S is, if it is nothing else; otherwise 0. */
size_t shape_digits(struct str s);

/* S for comparing: without blanks, width, book-title and quotation marks, and 的. */
struct str shape_loose(struct lint *l, struct str s);
/* S without its brackets; INSIDE: what stands in them stays. */
struct str shape_unbracketed(struct lint *l, struct str s, bool inside);

/* --- limits --- */
/* Working days that L takes at most, for comparing; -1 where it has no number. */
int shape_limit_days(struct limit l);
/* A number of days or months in a text: "不超过 15 个工作日", "十五个工作日". */
struct shape_days {
    struct limit limit;
    struct str text; /* 15 个工作日 */
    size_t at;
};
/* The next one at or after *pos; false when there is none. */
bool shape_days_next(struct str s, size_t *pos, struct shape_days *ret_d);
/* The longest promise over the tiers, -1 if none has a number. */
int shape_promise(const struct matter *m);

/* --- places in the files --- */
/* The scalar under FIELD's 原文, or under FIELD itself; NULL if neither is there. */
const struct yaml_node *shape_verbatim(const struct lint_matter *m, const char *field);
/* Calls F for every node of the materials, parents first; CHAIN has the conditions above and at it. */
enum { SHAPE_CHAIN_MAX = 16 }; /* conditions above one another: MATERIAL_DEPTH_MAX is less */
struct shape_material {
    const struct material *m;
    struct yaml_node *node;
    const struct condition *chain[SHAPE_CHAIN_MAX]; /* never NULL; .feel may be */
    size_t depth;
};
typedef void shape_material_fn(struct lint *l, const struct lint_matter *lm, const struct shape_material *x, void *arg);
void shape_materials(struct lint *l, const struct lint_matter *lm, shape_material_fn *f, void *arg);
/* The matter's code has been told to be another's: what is compared by it says nothing. */
bool shape_code_doubted(const struct lint *l, const struct matter *m);
/* What one must bring whatever the answers: top nodes without a condition. */
size_t shape_needed_count(const struct matter *m);
/* A catalogue file's tree; NULL if there is none (a file that does not parse is none: the loader has refused it before). */
struct yaml_node *shape_file(struct lint *l, struct str path);

/* --- the rules --- */
typedef enum err shape_rule(struct lint *l);
shape_rule shape_code_form, shape_code_group, shape_code_name, shape_code_shared;
shape_rule shape_calendar_year, shape_publish_phone, shape_publish_address, shape_suspended_basis;
shape_rule shape_child_heavier, shape_local_basis, shape_point_rating;
shape_rule shape_form_unknown, shape_form_spelling, shape_form_note, shape_form_binds;
shape_rule shape_twice_name, shape_twice_limit, shape_twice_materials, shape_twice_stages;
shape_rule shape_limit_reading, shape_limit_total, shape_limit_step, shape_limit_instant, shape_limit_cap,
    shape_limit_legal, shape_limit_outlier, shape_intake_unset, shape_materials_cap, shape_materials_outlier;
shape_rule shape_object_condition, shape_object_value, shape_object_kind, shape_object_stamp, shape_sibling_word,
    shape_material_unprinted, shape_condition_never, shape_tier_unreachable, shape_tier_gap;
shape_rule shape_advice_unprinted, shape_advice_matter, shape_level_channel, shape_step_online, shape_step_place,
    shape_step_section, shape_window_differs;

#endif
