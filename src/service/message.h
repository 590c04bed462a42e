/* Telling people and systems what happens to a case: what is written inside the case's transaction, the rounds that send, the lists.
** The words are data (catalog/messages/), the channels the operator's (DATA/messages.yaml, message/setup.h). */
#ifndef SERVICE_MESSAGE_H
#define SERVICE_MESSAGE_H

#include "base/view.h"
#include "case/case.h"
#include "service/server.h"

enum { MESSAGE_LIST_MAX = 30, MESSAGE_CASE_MAX = 100, MESSAGE_REASON_MAX = 200 };

/* Reads CATALOG_DIR/messages and the data folder's messages.yaml; once, at the start. ERR_CATALOG, ERR_CONFIG. */
enum err service_messages_load(struct ctx *ctx, struct server *s, struct str catalog_dir) MUST_USE;
void messages_free(struct messages *m);

/* Inside the transaction that writes EVENT: inbox, phone task, short message, mail, pushed events, each as the template and the region's
** set-up have it. MARK: the event's seq, or the deadline's day for a reminder (0 = once and never again); the same call again writes
** nothing. AFTER is the case as it stands then, KEY its subject's; PAYLOAD (may be NULL) gives gaps and reason. */
enum err message_case_event(struct ctx *ctx, struct tx *tx, struct server *s, const struct case_file *after,
                            const struct data_key *key, struct str event, int64_t mark,
                            const struct view *payload) MUST_USE;

/* A rating as an event for those endpoints of its region that want it, one row for each of them, in the transaction that stores R or that
** excludes it. Nobody else is told, and no list of the case has it. */
struct rating;
enum err message_rating(struct ctx *ctx, struct tx *tx, struct server *s, const struct rating *r) MUST_USE; //= R284

/* Tells the subject of AFTER what became of a breach of a commitment in it: found broken, the objection decided, the proof brought. Once
** for that breach and event. In the transaction that writes it. */
struct breach_message {
    const char *event; /* breached breach_lifted breach_kept breach_cured */
    int64_t id;
    struct str no, code, proof, reason;
    struct day until; /* no commitment as long */
};
enum err message_breach(struct ctx *ctx, struct tx *tx, struct server *s, const struct case_file *after,
                        const struct data_key *key, const struct breach_message *b) MUST_USE;

/* A message to one member of staff, once for (case, event, mark, staff). The region's mailboxes get it too when mail is set up. */
struct staff_message {
    struct str region;
    int64_t case_id, staff_id, mark;
    struct str case_no, matter_id, matter_name;
    struct str stage; /* may be empty */
    struct str event; /* of a template for 工作人员: staff_due staff_overdue staff_escalated staff_legal staff_stage_due
                         staff_stage_overdue staff_bad_rating staff_task */
    struct str reason; /* may be empty */
    struct day due;    /* DAY_NONE: none */
};
enum err message_to_staff(struct ctx *ctx, struct tx *tx, struct server *s, const struct data_key *key,
                          const struct staff_message *m) MUST_USE;

/* One round: of each region one batch is claimed, sent and settled; *ret_sent counts what arrived. Any number of workers and processes
** may do rounds at once; one that is killed loses nothing. */
enum err service_message_round(struct ctx *ctx, struct server *s, int64_t *ret_sent) MUST_USE;

/* --- reading --- */
/* messages: [{id, event, name, title, text, at}] of the applicant's inbox, newest first; TX may be the caller's reader. */
enum err service_case_messages(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf,
                               struct view *map) MUST_USE;
/* The same for staff: every channel, with states and what a caller says. */
enum err service_desk_case_messages(struct ctx *ctx, struct server *s, const struct actor *a, struct str no,
                                    struct view *map) MUST_USE;
/* The actor's own inbox before cursor AFTER (empty = newest): messages, next. */
enum err service_staff_inbox(struct ctx *ctx, struct server *s, const struct actor *a, struct str after,
                             struct view *map) MUST_USE;
enum err service_staff_seen(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id) MUST_USE;

/* --- the supervisor's list --- */
struct message_filter {
    struct str state; /* failed (also when empty), waiting, given_up */
    struct str after;
};
enum err service_messages(struct ctx *ctx, struct server *s, const struct actor *a, const struct message_filter *f,
                          struct view *map) MUST_USE;
enum err service_message_again(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id) MUST_USE;
/* ERR_REASON_REQUIRED. */
enum err service_message_give_up(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id,
                                 struct str reason) MUST_USE;

#endif
