/* Verdicts that the agency supervises (R179): who decided what on a case, which of them are drawn for a sample check, and what the agency
** found. The two stay apart: a finding changes neither the case nor the verdict. */
#ifndef SUPERVISION_VERDICT_H
#define SUPERVISION_VERDICT_H

#include "store/store.h"
#include "store/vault.h"

enum verdict_state {
    VERDICT_NEW,       /* not drawn */
    VERDICT_DRAWN,     /* 待核查 */
    VERDICT_AGREED,    /* 认定正确 */
    VERDICT_DISAGREED, /* 认定不当 */
    VERDICT_STATE_COUNT
};
const char *verdict_state_id(enum verdict_state s);
const char *verdict_state_name(enum verdict_state s);

struct verdict {
    struct str region;
    int64_t id, case_id, given_ms, giver_id, drawn_ms, key_id, checker_id, checked_ms;
    struct str case_no, matter, masked, giver_name, giver_section, drawn_name, opinion, checker_name;
    bool granted;
    enum verdict_state state;
};

enum { VERDICT_DRAW_MAX = 200, VERDICT_POOL_MAX = 2000 };

/* Enters V, new; a case that has one keeps it. In the case's transaction. */
enum err verdict_record(struct ctx *ctx, struct tx *tx, const struct verdict *v) MUST_USE;
/* ERR_NOT_FOUND. */
enum err verdict_get(struct ctx *ctx, struct tx *tx, const struct vault *vault, struct str region, int64_t id,
                     struct verdict *ret_v) MUST_USE;
/* *ret_id 0: the case has none. */
enum err verdict_of_case(struct ctx *ctx, struct tx *tx, struct str region, int64_t case_id, int64_t *ret_id) MUST_USE;
/* Newest first, ids below BEFORE. */
enum err verdict_ids(struct ctx *ctx, struct tx *tx, struct str region, enum verdict_state state, int64_t before,
                     int64_t limit, int64_t **ret_ids, size_t *ret_n) MUST_USE;
/* Draws COUNT of those not drawn yet, by lot; fewer when there are not so many. */
enum err verdict_draw(struct ctx *ctx, struct tx *tx, struct str region, size_t count, struct str by,
                      int64_t *ret_drawn) MUST_USE;
/* Writes what the agency found on V, sealed with the case's key. ERR_CASE_EDGE unless it is drawn and open. */
enum err verdict_check(struct ctx *ctx, struct tx *tx, const struct vault *vault, const struct verdict *v) MUST_USE;

#endif
