/* Staff and their sessions as rows, and the passwords behind them. Nobody exists by default: the first account is made
** on the
 ** command line. service/staff_service.c puts these together; nothing else may call them.
 **
 ** A token is the region's six digits, a dot and 128 random bits; the row keeps its keyed digest only. */
#ifndef STAFF_STAFF_H
#define STAFF_STAFF_H

#include "base/actor.h"
#include "store/vault.h"

enum { STAFF_FAILURES_MAX = 5, STAFF_PASSWORD_MIN = 10, STAFF_PASSWORD_MAX = 128, STAFF_LIST_MAX = 500 };
enum {
    STAFF_LOCK_MS = 15 * 60000,
    SESSION_IDLE_MS = 30 * 60000,
    SESSION_TOUCH_MS = 60000,
    SESSION_MAX_MS = 12 * 3600000
};

struct staff {
    int64_t id, version;
    struct str login, name, roles, agency,
        points;          /* role ids; the agency's id; service point ids and windows, blank separated */
    struct str section;  /* 股室; empty: none */
    struct str password; /* Argon2id in libsodium's text form */
    struct str status;   /* active | disabled */
    int64_t failed, locked_ms;
    bool must_change; /* the password is a one-time one */
};

/* --- passwords: slow on purpose (19 MiB, 2 passes), never inside a store_write --- */

enum err staff_password_hash(struct ctx *ctx, struct str password, struct str *ret_hash) MUST_USE;
/* An empty HASH (no such login) costs the same time and is never right. */
bool staff_password_right(struct ctx *ctx, struct str hash, struct str password);
/* ERR_FIELD_INVALID on "new_password". */
enum err staff_password_check(struct ctx *ctx, struct str login, struct str password) MUST_USE;

/* --- rows --- */

enum err staff_by_login(struct ctx *ctx, struct tx *tx, struct str region, struct str login, struct staff *ret_s,
                        bool *ret_found) MUST_USE;
enum err staff_by_id(struct ctx *ctx, struct tx *tx, struct str region, int64_t id, struct staff *ret_s,
                     bool *ret_found) MUST_USE;
enum err staff_of_region(struct ctx *ctx, struct tx *tx, struct str region, struct staff **ret_s,
                         size_t *ret_n) MUST_USE;
/* ERR_FIELD_INVALID on "login" when it is taken. */
enum err staff_insert(struct ctx *ctx, struct tx *tx, struct str region, const struct staff *s) MUST_USE;
/* Sets roles, agency, section, points and status as S has them; a disabled person's sessions end. ERR_CONFLICT when the row has moved
 * since S->version. */
enum err staff_update(struct ctx *ctx, struct tx *tx, struct str region, const struct staff *s) MUST_USE;
/* What happened to an account; rows are only ever added. WHAT: added, roles, agency, section, points, status. BY_ID 0: the command line. */
struct staff_event {
    int64_t id, staff_id, by_id, at_ms;
    struct str what, was, became;
};
enum { STAFF_EVENTS_MAX = 200 };
enum err staff_event_insert(struct ctx *ctx, struct tx *tx, struct str region, const struct staff_event *e) MUST_USE;
/* Newest first. */
enum err staff_event_of(struct ctx *ctx, struct tx *tx, struct str region, int64_t staff_id, struct staff_event **ret_e,
                        size_t *ret_n) MUST_USE;
/* Counts an attempt before its password is looked at, so that parallel guesses do not slip through. ERR_LOCKED.
** ID 0 (no such login) costs the same. */
enum err staff_attempt(struct ctx *ctx, struct tx *tx, struct str region, int64_t id) MUST_USE;
enum err staff_attempt_right(struct ctx *ctx, struct tx *tx, struct str region, int64_t id) MUST_USE;
/* Sets a password of the person's own choice and ends all sessions. ERR_CONFLICT when the row has moved since VERSION.
 */
enum err staff_password_set(struct ctx *ctx, struct tx *tx, struct str region, int64_t id, int64_t version,
                            struct str hash) MUST_USE;
/* Bit set of enum role; unknown words count for nothing. */
unsigned staff_roles(struct str roles);

/* --- sessions: NOW_MS is the machine's time, which a demo does not move --- */

struct session {
    struct staff staff;
    struct str csrf;
    int64_t seen_ms;
    bool touch; /* seen_ms is older than a minute: session_touch */
};
struct str session_token(struct arena *a, struct str region);
/* Region of a well-formed token. */
bool session_region(struct str token, struct str *ret_region);
enum err session_insert(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t staff_id,
                        struct str token, struct str csrf, int64_t now_ms) MUST_USE;
/* ERR_UNAUTHENTICATED alike for a wrong token, one that has ended and a disabled person. */
enum err session_find(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str token, int64_t now_ms,
                      struct session *ret_s) MUST_USE;
enum err session_touch(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str token,
                       int64_t now_ms) MUST_USE;
enum err session_end(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str token) MUST_USE;
/* Removes what has ended. */
enum err session_purge(struct ctx *ctx, struct tx *tx, struct str region, int64_t now_ms) MUST_USE;

#endif
