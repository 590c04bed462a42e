/* What is said of ratings in numbers. Counted from the rows each time, by index and in a fixed number of queries: there is no stored sum
** that could differ from a recount. Left out of all but EXCLUDED: ratings with an upheld appeal. */
#ifndef RATING_RATING_STAT_H
#define RATING_RATING_STAT_H

#include "rating/rating.h"

enum { RATING_GROUPS_MAX = 100000 }; /* rows of one query; more is ERR_LIMIT: ask for fewer months */

struct rating_group {
    struct str key, sub; /* matter; point and window; channel; month */
    int64_t staff_id;    /* by person */
    int64_t level[1 + RATING_LEVELS], all;
    int64_t offers, rated; /* finished cases, those of them that were rated (R49); 0 where nothing is offered */
};
struct rating_stats {
    struct rating_group total;
    struct rating_group *matter, *point, *staff, *channel, *month; /* each sorted by key */
    size_t matters, points, staffs, channels, months;
    int64_t excluded;
};
/* Of the months FROM to TO (yyyymm, inclusive). ERR_LIMIT. */
enum err rating_statistics(struct ctx *ctx, struct tx *tx, struct str region, int64_t from, int64_t to,
                           struct rating_stats *ret_s) MUST_USE;
/* The total alone (without offers) and EXCLUDED, of the days FROM to TO inclusive, which need not be whole months. */
enum err rating_statistics_days(struct ctx *ctx, struct tx *tx, struct str region, struct day from, struct day to,
                                struct rating_stats *ret_s) MUST_USE;
/* One person's own numbers: total and by month. */
enum err rating_statistics_of(struct ctx *ctx, struct tx *tx, struct str region, int64_t staff_id, int64_t from,
                              int64_t to, struct rating_stats *ret_s) MUST_USE;
/* Satisfied (1 to 3) in tenths of a percent; -1 when there is none. */
int rating_satisfied(const struct rating_group *g);
struct str rating_satisfied_text(struct arena *a, const struct rating_group *g); /* "87.5%"; empty when there is none */
int64_t rating_bad_ones(const struct rating_group *g);

enum { RATING_FINDINGS_MAX = 20 };
struct rating_check {
    int64_t ratings, broken;
    struct str finding[RATING_FINDINGS_MAX];
};
/* Recounts: every rating against the row of what it is about, the case, its call-back and its appeals (R49: no bad rating without a
** record). Reads in pages; findings as in an audit. */
enum err rating_verify(struct ctx *ctx, struct store *s, struct str region, struct rating_check *ret_c) MUST_USE;

#endif
