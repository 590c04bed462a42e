/* Pure readings of a matter over facts: who may apply, which materials, which limit, what is still to ask, what is
 * missing. */
#ifndef CATALOG_CHECKLIST_H
#define CATALOG_CHECKLIST_H

#include "catalog/catalog.h"

/* Facts given so far: one value per dictionary row (VALUE_UNASKED where unknown). */
struct facts {
    const struct fact_dict *dict;
    struct value *value;
};
struct facts facts_new(struct arena *a, const struct fact_dict *dict);
/* Sets NAME (中文 or id) from text; field error ERR_FIELD_INVALID for unknown names or illegal values. */
enum err facts_set(struct ctx *ctx, const struct catalog *c, struct facts *f, struct str name,
                   struct str text) MUST_USE;
struct value facts_get(const struct facts *f, const char *id);

/* Facts that the matter's conditions still need, in the order in which a person is asked. */
void checklist_questions(struct ctx *ctx, const struct catalog *c, const struct matter *m, const struct facts *f,
                         size_t **ret_facts, size_t *ret_n);
/* Whether a stage is on the way of a case with these facts; one whose condition is not answered is. */
bool checklist_stage(const struct stage *s, const struct facts *f);
/* The first unmet service-object condition whose facts are known; NULL when none. */
const struct eligibility *checklist_refusal(const struct matter *m, const struct facts *f); //= R62 R119 R120

enum need { NEED_NO, NEED_YES, NEED_UNKNOWN };
/* Three-valued reading of a condition; one that is absent holds. *NEEDED, unless NULL: the facts that it still wants. */
enum need condition_need(const struct condition *c, const struct facts *f, struct fact_set *needed);
/* The first advice of KIND whose condition holds; NULL when none. */
const struct advice *checklist_advice(const struct matter *m, const struct facts *f, enum advice_kind kind);
/* A material's standing under these facts. */
enum need material_need(const struct material *n, const struct facts *f);

/* Which leaves are satisfied: by LEAF index. */
struct given {
    const bool *leaf;
};
/* True when N (needed) is satisfied by GIVEN: a leaf by itself, ANY by one child fully, ALL by each needed child. */
bool material_satisfied(const struct material *n, const struct facts *f, struct given g);
/* A gap: a top-level requirement or a part of one that is not satisfied. For ANY: TEXT lists the alternatives and what
 * each still lacks. */
struct gap {
    const struct material *material; /* leaf, or the ANY group */
    struct str text;                 /* 中文, for the notice */
};
/* Exactly the missing set, in the guide's order (R16, R129): every unsatisfied needed requirement once. */
void checklist_gaps(struct ctx *ctx, const struct matter *m, const struct facts *f, struct given g,
                    struct gap **ret_gaps, size_t *ret_n);

/* The tier that applies; NULL when none prints or facts are missing (*ret_needed). */
const struct limit_tier *checklist_limit(const struct matter *m, const struct facts *f,
                                         struct fact_set *ret_needed); //= R34 R35 R55
/* Due day of LIMIT for an event on FROM; DAY_NONE when the limit has no day. */
struct day limit_due(const struct calendar *cal, struct limit l, struct day from, bool *ret_tentative); //= R275 R276
/* Whether an application under these facts can be filed on D. Windows whose condition is false or not answered yet do not
** count; one that is open is enough. *ret_next: the first such day from D on, D itself when open. *ret_text: the guide's
** words of the windows that count; empty when none does. Either may be NULL. */
bool window_open(const struct matter *m, const struct facts *f, const struct calendar *cal, struct day d,
                 struct day *ret_next, struct str *ret_text); //= R174 R225 R158
/* Refuses an application on D outside its window with ERR_WINDOW_CLOSED: the guide's words and the next day. */
enum err window_check(struct ctx *ctx, const struct matter *m, const struct facts *f, const struct calendar *cal,
                      struct day d) MUST_USE; //= R174
/* Refuses with ERR_MATTER_UNAVAILABLE what another body handles: who, with its phone. */
enum err elsewhere_check(struct ctx *ctx, const struct matter *m, const struct facts *f) MUST_USE; //= R187
/* Stamp needed under these facts (R51, R79). */
bool material_stamp_needed(const struct material *n, const struct facts *f);

#endif
