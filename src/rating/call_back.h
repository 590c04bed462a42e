/* What follows a bad rating: a call-back by a named person of the agency that handled the case (R41, R42), its outcome (R43), putting right
** and reply, appeals and their review (R44). Decisions are pure; nobody who worked on the case may take one, administrators included.
**
**          assign ┐
**   open ─────────┘── call ──▶ rectifying ── close (what was put right, reply) ──▶ closed   clear, true and reasonable
**                     └──────▶ checked ───── close (reason) ──────────────────────▶ closed   otherwise
**   any of them ── an upheld appeal ──▶ closed; the rating stays as a record and counts no longer */
#ifndef RATING_CALL_BACK_H
#define RATING_CALL_BACK_H

#include "base/actor.h"
#include "base/calendar.h"
#include "rating/rating.h"

enum { CALL_BACK_TEXT_MAX = 1000, APPEALS_MAX = 3, APPEAL_FILE_MAX = 200 };

enum call_back_state {
    CALL_BACK_OPEN,
    CALL_BACK_CHECKED,
    CALL_BACK_RECTIFYING,
    CALL_BACK_CLOSED,
    CALL_BACK_STATE_COUNT
};
const char *call_back_state_id(enum call_back_state s);   /* open checked rectifying closed */
const char *call_back_state_name(enum call_back_state s); /* 待回访 待结案 整改中 已结案 */
enum call_back_end {
    CALL_BACK_NOT_ENDED,
    CALL_BACK_RECTIFIED,
    CALL_BACK_ANSWERED,
    CALL_BACK_EXCLUDED,
    CALL_BACK_END_COUNT
};
const char *call_back_end_id(enum call_back_end e); /* "" rectified answered excluded */
const char *call_back_end_name(enum call_back_end e);

struct call_back {
    int64_t rating_id, assignee_id, key_id, called_ms, called_by, closed_ms, closed_by, version;
    struct str region, agency;
    enum call_back_state state;
    enum call_back_end ended;
    struct day due, next, rectify;   /* NEXT: what is due next; RECTIFY: DAY_NONE until it is ordered */
    int clear, truthful, reasonable; /* -1: not said yet */
    struct str note;                 /* of the call */
    struct str rectification, reply; /* what was put right, or why there is nothing to; what the rater was told */
};

enum call_back_action { CALL_BACK_ASSIGN, CALL_BACK_CALL, CALL_BACK_CLOSE, CALL_BACK_ACTION_COUNT };
struct call_back_command {
    enum call_back_action action;
    struct actor actor;
    int64_t now_ms;
    /* ASSIGN: to whom, as the staff table has him */
    int64_t to_staff;
    bool to_active, to_owner; /* may sign in; belongs to the agency that handled the case */
    unsigned to_roles;
    /* CALL */
    int clear, truthful, reasonable; /* -1: not answered */
    struct str note;
    int rectify_days; /* working days, as the region says */
    /* CLOSE */
    struct str rectification, reply;
};
/* Pure. ERR_SEPARATION, ERR_CASE_ROLE, ERR_CASE_EDGE, ERR_FIELD_INVALID with every field at once. */
enum err call_back_decide(struct ctx *ctx, const struct calendar *cal, const struct rating *r,
                          const struct call_back *cb, const struct call_back_command *cmd,
                          struct call_back *ret_after) MUST_USE;
/* Roles whose people talk to applicants, and may therefore be given a call-back. */
bool call_back_may_do(unsigned roles);

/* The call-back of the new bad rating R under the key KEY_ID. Called by rating_store. */
enum err call_back_begin(struct ctx *ctx, struct tx *tx, int64_t key_id, const struct rating_task_first *first,
                         const struct rating *r) MUST_USE;
/* With its texts in clear. ERR_NOT_FOUND. */
enum err call_back_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t rating_id,
                       struct call_back *ret_cb) MUST_USE;
/* ERR_CONFLICT when it has moved since it was read. */
enum err call_back_write(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct call_back *cb) MUST_USE;

enum call_back_list { CALL_BACKS_OPEN, CALL_BACKS_MINE, CALL_BACKS_CLOSED, CALL_BACKS_APPEALED };
/* Ids of ratings behind the cursor (A, B), at most LIMIT: open ones by what is due next, closed ones newest first, open appeals oldest
** first. Cursor of a first page: call_back_cursor. */
struct call_back_row {
    int64_t at, rating_id;
};
struct call_back_row call_back_cursor(enum call_back_list which);
enum err call_back_rows(struct ctx *ctx, struct tx *tx, struct str region, enum call_back_list which, int64_t staff_id,
                        struct call_back_row after, int limit, struct call_back_row **ret_rows, size_t *ret_n) MUST_USE;
struct call_back_counts {
    int64_t open, overdue, unassigned, rectifying; /* rectifying ones are open ones */
};
enum err call_back_count(struct ctx *ctx, struct tx *tx, struct str region, struct day today,
                         struct call_back_counts *ret_c) MUST_USE;

/* Those that were closed from FROM_MS on and before TO_MS, and of them those that ended with something put right. */
enum err call_back_count_ended(struct ctx *ctx, struct tx *tx, struct str region, int64_t from_ms, int64_t to_ms,
                               int64_t *ret_closed, int64_t *ret_rectified) MUST_USE;

/* --- appeals --- */
enum appeal_ground { APPEAL_EXPLAIN, APPEAL_MISTAKEN, APPEAL_MALICIOUS, APPEAL_GROUND_COUNT };
const char *appeal_ground_id(enum appeal_ground g);   /* explain mistaken malicious */
const char *appeal_ground_name(enum appeal_ground g); /* 举证解释 误评 恶意差评 */
bool appeal_ground_parse(struct str s, enum appeal_ground *ret_g);
enum appeal_state { APPEAL_OPEN, APPEAL_UPHELD, APPEAL_REJECTED, APPEAL_STATE_COUNT };
const char *appeal_state_id(enum appeal_state s);
const char *appeal_state_name(enum appeal_state s); /* 待复核 成立 不成立 */

struct appeal {
    int64_t id, rating_id, by_id, created_ms, decided_ms, decided_by;
    enum appeal_ground ground;
    enum appeal_state state;
    struct str evidence, file_ref, decision;
};
/* May A appeal: who worked on the case, or somebody of the agency that did (OWNER). Pure; PAST: those there are. Fills *A's texts trimmed. */
enum err appeal_check(struct ctx *ctx, const struct rating *r, const struct actor *a, bool owner,
                      const struct appeal *past, size_t n, struct appeal *ap) MUST_USE;
/* May A decide AP: a supervisor who neither raised it nor worked on the case. Pure. */
enum err appeal_decide(struct ctx *ctx, const struct rating *r, const struct appeal *ap, const struct actor *a,
                       struct str decision) MUST_USE;
enum err appeal_insert(struct ctx *ctx, struct tx *tx, struct id_source *ids, const struct vault *v,
                       const struct rating *r, struct appeal *ap) MUST_USE;
enum err appeals_of(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct rating *r,
                    struct appeal **ret_ap, size_t *ret_n) MUST_USE;
/* Writes the decision; upheld: the rating counts no longer, and its call-back is over. ERR_CONFLICT when it has been decided. */
enum err appeal_write_decision(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct rating *r,
                               const struct appeal *ap) MUST_USE;

#endif
