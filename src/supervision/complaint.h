/* Complaints and reports (投诉举报), sent in or taken down from the supervision phone (R8): who took it, who answers, by when, what was
** said. What people wrote and what they were answered is sealed under a key of the complaint. service/complaint.c puts these together. */
#ifndef SUPERVISION_COMPLAINT_H
#define SUPERVISION_COMPLAINT_H

#include "base/day.h"
#include "store/vault.h"

enum complaint_state {
    COMPLAINT_OPEN,        /* nobody has it yet */
    COMPLAINT_ASSIGNED,    /* a named person answers */
    COMPLAINT_ANSWERED,    /* 已答复 */
    COMPLAINT_TRANSFERRED, /* another agency's business */
    COMPLAINT_STATE_COUNT
};
enum complaint_source { SOURCE_ONLINE, SOURCE_PHONE, SOURCE_VISIT, SOURCE_LETTER, SOURCE_REFERRED, SOURCE_COUNT };
enum complaint_kind { KIND_COMPLAINT, KIND_REPORT, KIND_ADVICE, COMPLAINT_KIND_COUNT };
const char *complaint_state_id(enum complaint_state s);   /* open … */
const char *complaint_state_name(enum complaint_state s); /* 待交办 … */
const char *complaint_source_id(enum complaint_source s); /* online … */
const char *complaint_source_name(enum complaint_source s);
const char *complaint_kind_id(enum complaint_kind k);
const char *complaint_kind_name(enum complaint_kind k); /* 投诉 举报 意见建议 */
bool complaint_source_parse(struct str id, enum complaint_source *ret_s);
bool complaint_kind_parse(struct str id, enum complaint_kind *ret_k);

struct complaint {
    int64_t id, key_id, seq;
    struct str region, no, matter, case_no; /* MATTER, CASE_NO may be empty */
    enum complaint_source source;
    enum complaint_kind kind;
    struct str text, target, contact; /* as said; TARGET: whom or which window it is about */
    enum complaint_state state;
    int64_t received_ms, created_ms;
    int64_t taken_by; /* staff who took it down; 0: sent in by the person himself */
    struct str taken_name;
    int64_t accused_id, owner_id; /* 0: none */
    struct day due;
    int64_t workdays;
    struct str basis; /* where the period is printed; empty: 系统口径 */
    struct str answer, transfer_to, closed_name;
    int64_t closed_ms, closed_by;
    bool is_public;
    struct str public_title, public_text;
};
struct complaint_new {
    struct str code; /* opens the answer's page; its digest is kept */
    struct str idem_digest, request_digest;
};
/* One step of its history. PERSON: whom it was given to, or the agency it went to. */
struct complaint_step {
    struct str kind, actor_name, person, note; /* received assigned answered transferred */
    int64_t at_ms, actor_id;
};

/* Stores C under KEY with its first step, and numbers it. A submission that came before: C gets that one's id and number, nothing is
** written; ERR_IDEMPOTENCY when it said something else. In a write transaction. */
enum err complaint_insert(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct data_key *key,
                          const struct complaint_new *in, struct complaint *c, bool *ret_replayed) MUST_USE;
/* With everything in clear. ERR_NOT_FOUND. */
enum err complaint_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id,
                       struct complaint *ret_c) MUST_USE;
/* ERR_NOT_FOUND alike for a wrong number and a wrong code. */
enum err complaint_open_with(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, struct str no,
                             struct str code, struct complaint *ret_c) MUST_USE;
enum err complaint_steps(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct complaint *c,
                         struct complaint_step **ret_s, size_t *ret_n) MUST_USE;
/* Writes C's owner and accused, as C was read (seq), and STEP. ERR_CONFLICT when it has moved. */
enum err complaint_assign(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct complaint *c,
                          const struct complaint_step *step) MUST_USE;
/* Writes C's state, answer and what is published, and STEP. ERR_CONFLICT. */
enum err complaint_close(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct complaint *c,
                         const struct complaint_step *step) MUST_USE;

#endif
