/* The outbox: messages to people and systems as rows, written in the transaction of what they tell of and sent later.
**
**     waiting ──claim──▶ leased ──▶ sent                 a lease that ran out may be claimed by anybody:
**        ▲                 │ └────▶ failed ──▶ given_up  sending is at least once, always with the message's key
**        └──── later ──────┘           │
**        └───────────── again ─────────┘
**
** A row exists once for (region, case, kind, mark, channel, target), whoever writes it and however often; that is its key. Recipient
** and content are sealed under the subject's data key. Nothing here sends: service/message_send.c does. */
#ifndef MESSAGE_MESSAGE_H
#define MESSAGE_MESSAGE_H

#include "base/id.h"
#include "store/vault.h"

enum message_channel {
    MESSAGE_INBOX,   /* 网上消息: the applicant reads it beside his case; there at once */
    MESSAGE_STAFF,   /* 站内消息: to one member of staff, TARGET is his id; there at once */
    MESSAGE_PHONE,   /* 电话: what to say; the call itself is a task for people */
    MESSAGE_SMS,     /* 短信 through the region's gateway */
    MESSAGE_MAIL,    /* 邮件 */
    MESSAGE_WEBHOOK, /* 推送: an event for another system, TARGET is its name; no personal data */
    MESSAGE_CHANNEL_COUNT
};
const char *message_channel_id(enum message_channel c);
const char *message_channel_name(enum message_channel c);
/* Whether a message of this channel leaves the house; the others have arrived when they are written. */
bool message_channel_sends(enum message_channel c);

enum message_state {
    MESSAGE_WAITING,
    MESSAGE_LEASED,
    MESSAGE_SENT,
    MESSAGE_FAILED,
    MESSAGE_GIVEN_UP,
    MESSAGE_STATE_COUNT
};
const char *message_state_id(enum message_state s);
const char *message_state_name(enum message_state s);
bool message_state_parse(struct str id, enum message_state *ret_s);

struct message {
    int64_t id;
    struct str region;
    int64_t case_id; /* 0: about no case */
    struct str kind; /* the event's: "accepted", "overdue" */
    int64_t mark; /* what tells two of a kind apart: the event's number, the deadline's day; 0 = once and never again */
    enum message_channel channel;
    struct str target; /* name of the endpoint, id of the clerk, mail address; empty where the channel has one */
    struct str case_no, matter; /* for lists; the matter's id */
    struct str recipient;       /* in clear: number, address; empty for inboxes and webhooks */
    struct str title, text;     /* in clear; a webhook's TEXT is its JSON */
    int64_t key_id;             /* of the data key it is sealed under */
    enum message_state state;
    int64_t attempts, due_ms, created_ms, ended_ms, seen_ms;
    struct str outcome; /* of the last try, without personal data */
};

/* "REGION-7-accepted-3-sms": what the receiver may tell repetitions by. No personal data. */
struct str message_key(struct arena *a, const struct message *m);

/* Writes M (state, attempts and times are set here; due at DUE_MS, 0 = at once) under KEY, which is NULL for what is about no case.
** *ret_new (may be NULL): false when it was there already. */
enum err message_enqueue(struct ctx *ctx, struct tx *tx, const struct vault *v, struct id_source *ids,
                         const struct data_key *key, const struct message *m, bool *ret_new) MUST_USE;

/* --- sending --- */
/* Whether anything of REGION is due; on a reader. */
enum err message_due(struct ctx *ctx, struct tx *tx, struct str region, bool *ret_due) MUST_USE;
enum { MESSAGE_CLAIM_MAX = 64 };
/* Takes up to LIMIT due messages of REGION until UNTIL_MS under the fresh number LEASE, contents opened; of those whose key was
** destroyed only the ids, with STATE given_up. A row that another worker holds is passed over. In a write transaction. */
enum err message_claim(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t lease,
                       int64_t until_ms, int limit, struct message **ret_m, size_t *ret_n) MUST_USE;
/* How a turn ended. */
struct message_end {
    struct str region;
    int64_t id, lease;
    enum message_state state; /* waiting: again at DUE_MS */
    int64_t due_ms;
    bool unused; /* it was not tried: the turn does not count */
    struct str outcome;
};
/* *ret_held: false when the lease had run out and somebody else has it; then nothing is written. */
enum err message_settle(struct ctx *ctx, struct tx *tx, const struct message_end *end, bool *ret_held) MUST_USE;
/* Milliseconds until try N+1 after N failed ones: BASE doubled each time, at most six hours, spread by SALT. */
int64_t message_back_off(int64_t n, int64_t base_ms, int64_t salt);

/* --- lists --- */
/* Of a case on one channel, newest first, opened; those whose key is gone are left out. */
enum err message_of_case(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t case_id,
                         enum message_channel channel, int limit, struct message **ret_m, size_t *ret_n) MUST_USE;
/* Of a case on every channel, newest first, with states; title and text of what goes to people. */
enum err message_all_of_case(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t case_id,
                             int limit, struct message **ret_m, size_t *ret_n) MUST_USE;
/* A clerk's, before id BEFORE, newest first, opened. */
enum err message_of_staff(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t staff_id,
                          int64_t before, int limit, struct message **ret_m, size_t *ret_n) MUST_USE;
enum err message_seen(struct ctx *ctx, struct tx *tx, struct str region, int64_t staff_id, int64_t id) MUST_USE;
/* In a state other than sent, behind id AFTER; recipient opened, content not. */
enum err message_in_state(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region,
                          enum message_state state, int64_t after, int limit, struct message **ret_m,
                          size_t *ret_n) MUST_USE;
/* A failed one is tried anew, or nobody tries any more. ERR_NOT_FOUND, ERR_CONFLICT. */
enum err message_again(struct ctx *ctx, struct tx *tx, struct str region, int64_t id) MUST_USE;
enum err message_give_up(struct ctx *ctx, struct tx *tx, struct str region, int64_t id, struct str reason) MUST_USE;

#endif
