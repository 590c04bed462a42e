/* Ratings (好差评): five levels, the last two bad (R40); voluntary, no default; one per case step, whichever channel it came by (R284).
** A bad one opens a call-back (call_back.h). What was written is sealed; whom it concerns lies beside it in plain columns, and statistics
** (rating_stat.h) count those rows.
**
** Nobody rates a person by name: the clerk is known from the case alone, and whoever worked on the case sees no rater. */
#ifndef RATING_RATING_H
#define RATING_RATING_H

#include "base/day.h"
#include "base/id.h"
#include "store/vault.h"

enum { RATING_LEVELS = 5, RATING_TAGS_MAX = 12, RATING_TEXT_MAX = 500, RATING_CONTACT_MAX = 50 };
const char *rating_level_name(int level); /* 1 非常满意 … 5 非常不满意 */
static inline bool
rating_is_bad(int level) //= R40
{
    return level >= 4;
}

/* How it came (R46, R47): closed. */
enum rating_channel { RATING_DEVICE, RATING_INTERNET, RATING_THIRD_PARTY, RATING_QR, RATING_CHANNEL_COUNT };
const char *rating_channel_id(enum rating_channel c);   /* device internet third_party qr */
const char *rating_channel_name(enum rating_channel c); /* 现场 互联网 第三方 二维码 */
bool rating_channel_parse(struct str s, enum rating_channel *ret_c);

/* The three things that are rated, each with the dimensions one guide prints (R45). */
struct rating_object {
    const char *id, *name; /* agency, 经办机构 */
    const char *const *tag;
    size_t tag_count;
};
const struct rating_object *rating_objects(size_t *ret_n);
/* "经办机构：办事流程" is one; anything else is none. */
bool rating_tag_known(struct str tag);
/* TAG added to the list LIST (one a line) in A, unless it is unknown, there already, or one too many. */
struct str rating_tags_add(struct arena *a, struct str list, struct str tag);

enum rating_source { RATING_OF_CASE, RATING_OF_VISIT, RATING_OF_PLATFORM, RATING_SOURCE_COUNT };
const char *rating_source_id(enum rating_source s); /* case visit platform */

struct rating {
    int64_t id, key_id, case_id; /* case_id 0: a visit */
    struct str region, step;
    enum rating_source source;
    enum rating_channel channel;
    int level;
    bool excluded; /* left out of the statistics; kept as a record (R44) */
    int64_t month; /* yyyymm */
    struct str matter, agency, point, window;
    int64_t staff_id;     /* the clerk it concerns; 0: none */
    struct str handlers;  /* ids of all who worked on the case, " 12 34 " */
    struct str tags, ref; /* tags one a line; ref: the other platform's number */
    struct str text, contact;
    int64_t created_ms;
};
/* Has this person worked on what was rated: then nothing of the rater, no call-back, no decision is for him. */
bool rating_handled_by(const struct rating *r, int64_t staff_id);
struct str rating_handlers(struct arena *a, const int64_t *staff_id, size_t n);
int64_t rating_month_of(int64_t ms);

/* A bad rating's task as it begins (R41, R42). */
struct rating_task_first {
    struct day due;
    int64_t assignee_id; /* 0: nobody of the agency may do it yet; a supervisor assigns */
};
/* Stores R (everything but id, month, excluded, created_ms) under KEY, whose row must be there; gives it an id. A bad one opens its
** call-back with FIRST. ERR_RATED when the step has a rating. */
enum err rating_store(struct ctx *ctx, struct tx *tx, struct id_source *ids, const struct data_key *key,
                      const struct rating_task_first *first, struct rating *r) MUST_USE;
/* The rating that came under the other platform's number REF before; *ret_found. */
enum err rating_replayed(struct ctx *ctx, struct tx *tx, struct str region, struct str ref, int64_t *ret_case_id,
                         int *ret_level, bool *ret_found) MUST_USE;
/* With text and contact in clear. ERR_NOT_FOUND. */
enum err rating_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id,
                    struct rating *ret_r) MUST_USE;
/* Those behind AFTER that were given before BEFORE_MS, without texts: for other systems. */
enum err rating_list(struct ctx *ctx, struct tx *tx, struct str region, int64_t after, int64_t before_ms, int limit,
                     struct rating **ret_r, size_t *ret_n) MUST_USE;
/* A clerk's own bad ones before BEFORE, newest first: id, month, level, tags, excluded, and nothing else. */
enum err rating_of_clerk(struct ctx *ctx, struct tx *tx, struct str region, int64_t staff_id, int64_t before, int limit,
                         struct rating **ret_r, size_t *ret_n) MUST_USE;

/* --- a visit by a poster's code: so many from one address at one place on one day --- */
enum { RATING_VISITS_PER_DAY = 10 };
/* Counts one; ERR_LOCKED when there were RATING_VISITS_PER_DAY. Only a keyed digest of PEER is stored, for three days. */
enum err rating_visit_take(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, struct str point,
                           struct str peer) MUST_USE;

/* --- the offer to rate: what coverage is counted against (R49), and one reminder --- */
struct rating_offer {
    int64_t case_id;
    struct str matter, point;
    int64_t staff_id, closed_ms;
    struct day remind;
};
/* Once per case; the same again does nothing. */
enum err rating_offer_make(struct ctx *ctx, struct tx *tx, struct str region, const struct rating_offer *o) MUST_USE;
/* Cases finished, not rated and never reminded whose day has come, at most LIMIT; each is given out once, to whichever process writes
** first, and never again: send in the same transaction. */
enum err rating_reminders_due(struct ctx *ctx, struct tx *tx, struct str region, struct day today, int limit,
                              int64_t **ret_case_ids, size_t *ret_n) MUST_USE;

/* A task for people (phone notice on completion, R25); once per case and kind. */
enum err rating_task(struct ctx *ctx, struct tx *tx, struct id_source *ids, struct str region, int64_t case_id,
                     const char *kind, struct day due, struct str note) MUST_USE;

#endif
