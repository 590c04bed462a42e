/* Commitments in place of proofs (告知承诺), their sample checks, and the register of breaches. A commitment stands for one proof of one
** matter (R132); its letter is sealed under the subject's key of the case. service/commitment.c puts these together. */
#ifndef INTAKE_COMMITMENT_H
#define INTAKE_COMMITMENT_H

#include "base/actor.h"
#include "base/id.h"
#include "catalog/catalog.h"
#include "store/vault.h"

struct commitment {
    int64_t id, case_id, key_id, made_ms;
    int64_t acceptor_id; /* who accepted the case; 0 = nobody yet */
    struct str region, no, case_no, masked, matter;
    struct str subject;                  /* keyed digest of who is bound (commitment_subject) */
    struct str material, proof;          /* key of the material, name of the missing proof */
    struct str letter, signer, delegate; /* sealed: what was promised, who signed, for whom somebody else did (R133) */
    bool unit;                           /* the subject is a unit */
};

/* Name of the proof that a commitment at MATERIAL of M stands for: the leaf itself where it may be committed to, or, of a letter that
** stands beside documents, the documents. ERR_FIELD_INVALID: no such pair in this matter (R132). */
enum err commitment_pair(struct ctx *ctx, const struct matter *m, struct str material, struct str *ret_proof) MUST_USE;
/* Whether the leaf is a commitment letter the guide lists among the documents (R128, R130). */
bool commitment_is_letter(const struct material *leaf);
const struct material *commitment_leaf(const struct matter *m, struct str key); /* NULL if none */

/* Enters C (id chosen by the caller) under KEY, which is stored already; *ret_new is false when this proof of the case is entered. In the
** case's transaction. */
enum err commitment_record(struct ctx *ctx, struct tx *tx, const struct data_key *key, const struct commitment *c,
                           bool *ret_new) MUST_USE;
/* The case was accepted: from now on its commitments may be drawn. */
enum err commitment_accepted(struct ctx *ctx, struct tx *tx, struct str region, int64_t case_id,
                             int64_t staff_id) MUST_USE;
/* Who is bound: a person by identity number, whether registered or not; a unit by its register entry, or its code while it has none. */
struct str commitment_subject(struct arena *a, const struct vault *v, struct str region, bool unit, int64_t unit_id,
                              struct str number);
/* May SUBJECT commit to anything? *ret_reason is empty if so, else a sentence: since when not, and how that ends. */
enum err commitment_allowed(struct ctx *ctx, struct tx *tx, struct str region, struct str subject, bool unit,
                            struct str *ret_reason) MUST_USE;
/* With the letter in clear. ERR_NOT_FOUND. */
enum err commitment_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id,
                        struct commitment *ret_c) MUST_USE;

/* Is ID of that day drawn when PERCENT of a hundred are? A keyed digest decides: nobody can know or choose it, everybody with the key can
** check it later. */
bool commitment_drawn(struct arena *a, const struct vault *v, struct str region, struct day day, int64_t id,
                      int64_t percent);
/* Draws among at most LIMIT new ones; a drawn one is to be checked by DUE. */
enum err commitment_draw(struct ctx *ctx, struct tx *tx, const struct vault *v, struct id_source *ids,
                         struct str region, int64_t percent, struct day due, int64_t limit, int64_t *ret_seen,
                         int64_t *ret_drawn) MUST_USE;

enum check_outcome { CHECK_DUE, CHECK_TRUE, CHECK_FALSE, CHECK_OUTCOME_COUNT };
const char *check_outcome_id(enum check_outcome o); /* due true false */
struct check {
    int64_t id, commitment_id, drawn_ms, checker_id, checked_ms;
    struct day due;
    enum check_outcome outcome;
    struct str evidence, checker_name; /* evidence sealed */
};
enum err check_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id,
                   struct check *ret_c) MUST_USE;
/* Ids of due ones behind (AFTER_DAY, AFTER), earliest first. */
enum err check_due_ids(struct ctx *ctx, struct tx *tx, struct str region, int64_t after_day, int64_t after,
                       int64_t limit, int64_t **ret_ids, size_t *ret_n) MUST_USE;
/* Writes outcome, evidence (sealed under KEY) and checker. ERR_SEPARATION when he accepted the case; ERR_CONFLICT when checked already. */
enum err check_write(struct ctx *ctx, struct tx *tx, const struct data_key *key, const struct commitment *c,
                     const struct check *in) MUST_USE;

enum breach_state { BREACH_OPEN, BREACH_CURED, BREACH_LIFTED, BREACH_STATE_COUNT };
const char *breach_state_id(enum breach_state s);
const char *breach_state_name(enum breach_state s); /* 未纠正 已纠正 已撤销 */
enum objection_state { OBJECTION_NONE, OBJECTION_OPEN, OBJECTION_UPHELD, OBJECTION_REFUSED, OBJECTION_STATE_COUNT };
const char *objection_state_id(enum objection_state s);
struct breach {
    int64_t id, commitment_id, key_id, entered_ms, entered_by, objected_ms, decided_by, closed_ms;
    struct str region, no, entered_name, told_way, decided_name;
    struct str reason, objection_text, decision; /* sealed */
    bool unit;
    enum breach_state state;
    enum objection_state objection;
    struct day expires, told; /* told DAY_NONE: not yet */
};
/* Code with which the subject opens its own breach; follows from the number, so it is stored nowhere. */
struct str breach_code(struct arena *a, const struct vault *v, struct str region, struct str no);
/* Enters B (id, commitment_id, reason, expiry, by whom) of C and numbers it. */
enum err breach_enter(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct data_key *key,
                      const struct commitment *c, struct breach *b) MUST_USE;
enum err breach_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id,
                    struct breach *ret_b) MUST_USE;
/* ERR_NOT_FOUND alike for a wrong number and a wrong code. */
enum err breach_open_with(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, struct str no,
                          struct str code, struct breach *ret_b) MUST_USE;
/* OPEN: the open ones behind AT, oldest first; else all before AT (INT64_MAX first), newest first. */
enum err breach_ids(struct ctx *ctx, struct tx *tx, struct str region, bool open, int64_t at, int64_t limit,
                    int64_t **ret_ids, size_t *ret_n) MUST_USE;
/* The subject was told on DAY by WAY. ERR_CONFLICT when that is on record or it is closed. */
enum err breach_tell(struct ctx *ctx, struct tx *tx, struct str region, int64_t id, struct day day,
                     struct str way) MUST_USE;
enum err breach_object(struct ctx *ctx, struct tx *tx, const struct data_key *key, const struct breach *b,
                       struct str text) MUST_USE;
/* A supervisor's word on the objection: UPHOLD lifts the breach. ERR_SEPARATION for who entered it. */
enum err breach_decide(struct ctx *ctx, struct tx *tx, const struct data_key *key, const struct breach *b, bool uphold,
                       const struct actor *a, struct str text) MUST_USE;
/* The proof was brought after all. */
enum err breach_cure(struct ctx *ctx, struct tx *tx, const struct data_key *key, const struct breach *b,
                     const struct actor *a, struct str text) MUST_USE;

#endif
