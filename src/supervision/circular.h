/* A city's circulars (通报) to its counties and the rectification tasks (整改) that go with them (R286).
**
** Every row belongs to one region: a circular lies in the city's and, as a copy, in each county's; so does a task, as the turns both sides
** took. The city's turns have even rounds (0 opens; return, accept), the county's odd ones (answer): each turn follows the other side's last
** one, so a copy is complete up to its round. What one side writes goes into the other's region by a post that may be delivered twice. */
#ifndef SUPERVISION_CIRCULAR_H
#define SUPERVISION_CIRCULAR_H

#include "base/day.h"
#include "store/store.h"

struct circular {
    struct str region, origin; /* whose copy; who issued it */
    int64_t id;
    struct str no, title, body;
    int64_t issuer_id;
    struct str issuer_name, issuer_agency;
    struct str addressed; /* codes of the counties, blank separated */
    bool is_public;
    int64_t created_ms, arrived_ms, read_ms;
    struct str read_name;
};
enum rectification_state {
    RECTIFICATION_OPEN,     /* 待整改: the county's turn */
    RECTIFICATION_ANSWERED, /* 待核: the city's turn */
    RECTIFICATION_RETURNED, /* 退回重改: the county's turn again */
    RECTIFICATION_ACCEPTED, /* 已销号 */
    RECTIFICATION_STATE_COUNT
};
const char *rectification_state_id(enum rectification_state s);
const char *rectification_state_name(enum rectification_state s);
struct rectification {
    struct str region, origin;
    int64_t id, circular_id;
    struct str county, no, title, responsible;
    struct day due, answered; /* ANSWERED: day of the last answer; DAY_NONE before */
    enum rectification_state state;
    int64_t round; /* of the next turn */
};
enum turn_kind { TURN_OPEN, TURN_ANSWER, TURN_RETURN, TURN_ACCEPT, TURN_COUNT };
const char *turn_kind_id(enum turn_kind k);
const char *turn_kind_name(enum turn_kind k);
struct turn {
    enum turn_kind kind;
    struct str text, actor_name;
    int64_t actor_id, at_ms, round;
    struct day due; /* as it is from then on */
};

/* Late: behind its day without an answer, or answered behind it and not accepted yet. */
bool rectification_late(const struct rectification *r, struct day today);
bool rectification_is_open(const struct rectification *r);

/* --- issuing: in one write transaction of the city's region --- */
/* Numbers and stores C with a post to each county of ADDRESSED. A submission that came before: C gets that one's id. */
enum err circular_issue(struct ctx *ctx, struct tx *tx, struct str idem_digest, int64_t *post_ids, struct circular *c,
                        bool *ret_replayed) MUST_USE;
/* Numbers and stores the task with its first turn and the post to its county. */
enum err rectification_issue(struct ctx *ctx, struct tx *tx, int64_t post_id, const struct turn *opening,
                             struct rectification *r) MUST_USE;

/* --- turns --- */
/* Takes the next turn on REGION's copy and posts it to the other side. ERR_CASE_EDGE when it is not this side's turn, ERR_CONFLICT. */
enum err rectification_take_turn(struct ctx *ctx, struct tx *tx, const struct rectification *r, struct turn *t,
                                 int64_t post_id) MUST_USE;

/* --- reading --- */
enum err circular_get(struct ctx *ctx, struct tx *tx, struct str region, struct str origin, int64_t id,
                      struct circular *ret_c) MUST_USE;
enum err rectification_get(struct ctx *ctx, struct tx *tx, struct str region, struct str origin, int64_t id,
                           struct rectification *ret_r) MUST_USE;
/* Tasks of a circular, at most 200. */
enum err rectifications_of(struct ctx *ctx, struct tx *tx, struct str region, int64_t circular_id,
                           struct rectification **ret_r, size_t *ret_n) MUST_USE;
/* Open ones behind (DUE, ID), soonest due first. */
enum err rectifications_open(struct ctx *ctx, struct tx *tx, struct str region, int64_t due, int64_t id, int limit,
                             struct rectification **ret_r, size_t *ret_n) MUST_USE;
enum err rectification_turns(struct ctx *ctx, struct tx *tx, const struct rectification *r, struct turn **ret_t,
                             size_t *ret_n) MUST_USE;

/* --- posts: what one region has for another --- */
struct post {
    int64_t id, ref_id, round;
    struct str from, to, origin;
    bool is_circular;
    struct circular circular; /* what is carried, read from FROM */
    struct rectification task;
    struct turn turn;
};
/* Posts of REGION not delivered yet, with what they carry; at most LIMIT. */
enum err posts_pending(struct ctx *ctx, struct tx *tx, struct str region, int limit, struct post **ret_p,
                       size_t *ret_n) MUST_USE;
/* Writes P into its region; again is harmless. A turn whose forerunner is not there yet is ERR_RECORD_MISSING. */
enum err post_receive(struct ctx *ctx, struct tx *tx, const struct post *p) MUST_USE;
/* In the sender's region, after post_receive is durable. */
enum err post_delivered(struct ctx *ctx, struct tx *tx, const struct post *p) MUST_USE;

#endif
