/* Ratings (好差评): five levels, the last two bad (R40); voluntary, no default; one per case step. */
#ifndef RATING_RATING_H
#define RATING_RATING_H

#include "base/day.h"
#include "base/id.h"
#include "store/vault.h"

enum { RATING_LEVELS = 5 };
const char *rating_level_name(int level); /* 1 非常满意 … 5 非常不满意 */
static inline bool
rating_is_bad(int level) //= R40
{
    return level >= 4;
}
/* Stores a rating and, for a bad one, the call-back task due DUE. ERR_RATED when the step has one. TEXT is sealed under
 * KEY. */
enum err rating_store(struct ctx *ctx, struct tx *tx, struct id_source *ids, struct str region, int64_t case_id,
                      const char *step, int level, struct str channel, struct str tags, struct str text,
                      const struct data_key *key, struct day due) MUST_USE;
/* A task for people (phone notice on completion, R25); once per case and kind. */
enum err rating_task(struct ctx *ctx, struct tx *tx, struct id_source *ids, struct str region, int64_t case_id,
                     const char *kind, struct day due, struct str note) MUST_USE;

#endif
