/* Commitments in place of proofs: entered with the case, checked by sample, breaches with notice, objection and cure (R35, R128, R132, R133). */
#ifndef SERVICE_COMMITMENT_H
#define SERVICE_COMMITMENT_H

#include "intake/commitment.h"
#include "service/service.h"

enum { COMMITMENT_TEXT_MIN = 5, COMMITMENT_TEXT_MAX = 1000, COMMITMENT_LIST_MAX = 50 };

/* Enters every proof that CF, as it stands after a step, is committed to: materials in state 承诺代替, and letters given where the guide lists
** one beside documents. Entered ones stay as they are; once accepted they may be drawn. ERR_FIELD_INVALID: no such pair (R132), or an open
** breach closes it. In the case's transaction, after its key is stored. */
enum err commitment_record_case(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf,
                                const struct data_key *key) MUST_USE;

/* May the subject of CF commit to anything? *ret_reason is empty if so, else why not and how that ends: for the page before, and the step itself. */
enum err commitment_allowed_case(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf,
                                 struct str *ret_reason) MUST_USE;

/* Whether LEAF stands on somebody's word: a proof that may be committed to, or a letter of commitment. And whether M has any such. */
bool commitment_stands_in(const struct material *leaf);
bool commitment_offered(const struct matter *m);
/* Whether LEAF is not wanted because F answers that it is promised; *ret_answer: the answer of *ret_fact under which it is. */
bool commitment_by_answer(struct arena *a, const struct facts *f, const struct material *leaf, struct str *ret_fact,
                          struct str *ret_answer);
/* Who applies, as typed in a draft or at the window. */
struct commitment_who {
    bool by_unit;
    bool at_desk; /* asked by a clerk, who has the register of breaches anyway: the number alone is enough */
    struct str name, number, unit_code;
};
/* The same as commitment_allowed_case before there is a case, for the page. What is not typed yet, or typed wrongly, closes nothing; and of a
** person's breach only the name on the broken commitment is told: his number alone tells a stranger nothing. */
enum err service_commitment_closed(struct ctx *ctx, struct server *s, struct str region,
                                   const struct commitment_who *who, struct str *ret_reason) MUST_USE;
/* commitment: {closed, reason} into MAP, where the matter offers commitments; TX NULL: a reader of its own. */
enum err commitment_case_view(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf,
                              struct view *map) MUST_USE;
/* commitment: {closed, reason, instead}; the list is the caller's to fill. */
struct view *commitment_put(struct view *map, struct str closed);

/* Draws among what was accepted since; a job. Repeatable, and the same in every process. */
enum err service_commitment_draw(struct ctx *ctx, struct server *s, int64_t *ret_drawn) MUST_USE;

struct commitment_filter {
    bool all;         /* the register of commitments instead of what is to be done */
    bool closed;      /* breaches that are settled, too */
    struct str after; /* cursor; empty = first page */
};
/* checks, breaches; or commitments. */
enum err service_commitments(struct ctx *ctx, struct server *s, const struct actor *a,
                             const struct commitment_filter *f, struct view *ret_map) MUST_USE;
struct check_do {
    int64_t id;
    struct str outcome;  /* true | false */
    struct str evidence; /* what was looked at and found; of a false one also the reason of the breach */
};
/* *ret_breach: number of the breach that follows from a false one, else empty. ERR_SEPARATION for the acceptor. */
enum err service_check_do(struct ctx *ctx, struct server *s, const struct actor *a, const struct check_do *in,
                          struct str *ret_breach) MUST_USE;
struct breach_do {
    int64_t id;
    struct str action;   /* tell object decide cure */
    struct str text;     /* objection, decision, what was brought */
    struct str way, day; /* tell */
    struct str outcome;  /* decide: upheld | refused */
};
/* ERR_CASE_EDGE on an unknown action, ERR_FORBIDDEN, ERR_SEPARATION, ERR_CONFLICT. */
enum err service_breach_do(struct ctx *ctx, struct server *s, const struct actor *a,
                           const struct breach_do *in) MUST_USE;

/* The subject's own side: with number and code of the notice. */
enum err service_breach_view(struct ctx *ctx, struct server *s, const struct region *r, struct str no, struct str code,
                             struct view *ret_map) MUST_USE;
enum err service_breach_object(struct ctx *ctx, struct server *s, const struct region *r, struct str no,
                               struct str code, struct str text) MUST_USE;

#endif
