/* Faults of a guide, as reported by whoever found them, and the keeper's answers (R287). What the reporter wrote is sealed under a key
** of the report; the answer is public. service/fault_report.c puts these together; web never calls them. */
#ifndef VERSION_FAULT_H
#define VERSION_FAULT_H

#include "base/day.h"
#include "base/id.h"
#include "store/vault.h"

enum fault_state {
    FAULT_OPEN,
    FAULT_REVISED, /* 修订: the keeper mends the guide */
    FAULT_KEPT,    /* 不改, with a reason */
    FAULT_STATE_COUNT
};
const char *fault_state_id(enum fault_state s);   /* open revised kept */
const char *fault_state_name(enum fault_state s); /* 待答复 已修订 不改 */

/* The parts of a guide that a report can be about; closed. */
struct fault_part {
    const char *id, *name; /* materials, 办理材料 */
};
const struct fault_part *fault_parts(size_t *ret_n);
const struct fault_part *fault_part_find(struct str id); /* NULL if none */

struct fault {
    int64_t id, key_id, version_no; /* version_no 0: the next one */
    struct str region, no, matter, matter_digest, part;
    struct str text, contact; /* as written by the reporter; contact may be empty */
    enum fault_state state;
    struct str answer, answered_name;
    int64_t created_ms, answered_ms, answered_by;
    struct day due;
};
struct fault_new {
    struct str code;        /* opens the answer's page; its digest is kept */
    struct str idem_digest; /* of the submission's key */
    struct str request_digest;
};
/* Stores F (id, region, matter, part, text, contact, due, created) under KEY, whose row is written too, and numbers it. When the
** submission came before, F gets that report's id and number, *ret_replayed is set and nothing is written; ERR_IDEMPOTENCY when it said
** something else. In a write transaction. */
enum err fault_insert(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct data_key *key,
                      const struct fault_new *in, struct fault *f, bool *ret_replayed) MUST_USE;
/* With text and contact in clear. ERR_NOT_FOUND. */
enum err fault_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id,
                   struct fault *ret_f) MUST_USE;
/* ERR_NOT_FOUND alike for a wrong number and a wrong code. */
enum err fault_open_with(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, struct str no,
                         struct str code, struct fault *ret_f) MUST_USE;
/* Ids of open reports behind AFTER, oldest first; at most LIMIT. */
enum err fault_open_ids(struct ctx *ctx, struct tx *tx, struct str region, int64_t after, int limit, int64_t **ret_ids,
                        size_t *ret_n) MUST_USE;
/* Answered ones before (MS, ID), newest first, without text and contact; at most LIMIT. */
enum err fault_answered(struct ctx *ctx, struct tx *tx, struct str region, int64_t before_ms, int64_t before_id,
                        int limit, struct fault **ret_f, size_t *ret_n) MUST_USE;
/* Writes state, answer, version and answerer of F. ERR_CONFLICT when it has been answered already. */
enum err fault_answer(struct ctx *ctx, struct tx *tx, const struct fault *f) MUST_USE;

#endif
