/* Ratings as use cases: giving one (by the case, at a poster, on a device, by the city's platform), what follows a bad one, the numbers.
** Each owns its transaction, but for the first two, which the commit of a case calls inside its own. */
#ifndef SERVICE_RATING_SERVICE_H
#define SERVICE_RATING_SERVICE_H

#include "case/case.h"
#include "rating/call_back.h"
#include "rating/rating_stat.h"
#include "service/server.h"
#include "service/service.h"

enum { RATING_LIST_MAX = 20, RATING_EXPORT_MAX = 500, RATING_PUBLISH_MIN = 5, RATING_REMIND_DAYS = 1 };
enum { RATING_HUMAN_MS = 2000, RATING_FORM_MS = 2 * 3600 * 1000, RATING_EXPORT_LAG_MS = 5000 };

/* --- giving (rating_give.c) --- */
#define RATING_STEP_CASE "case"     /* the case as a whole, when it is done */
#define RATING_STEP_ACCEPT "accept" /* its acceptance, from then on */
struct rating_given {
    struct str step; /* empty = RATING_STEP_CASE */
    int level;       /* 0: none was chosen */
    enum rating_channel channel;
    enum rating_source source;
    struct str tags, text; /* tags one a line, known ones only (rating_tags_add) */
    struct str ref;        /* the platform's number; empty otherwise */
};
/* Writes the rating of CF; a bad one gets its call-back, due as the region says, given to a named person of the handling agency who has
** not worked on the case (R41, R42). In the transaction of the event. ERR_RATED. */
enum err service_rating_rows(struct ctx *ctx, struct tx *tx, struct server *s, const struct case_file *cf,
                             const struct rating_given *g, const struct data_key *key) MUST_USE;
/* The offer to rate, once CF is finished; to be called after every write of a case, does nothing else or again. */
enum err service_rating_offer(struct ctx *ctx, struct tx *tx, struct server *s, const struct case_file *cf) MUST_USE;
/* A job: invites whoever has not rated a finished case, once (rating_remind.c). *ret_sent counts invitations. */
enum err service_rating_remind(struct ctx *ctx, struct server *s, int64_t *ret_sent) MUST_USE;
/* Rates a case. ERR_RATED whichever channel was quicker; ERR_CASE_EDGE when it is too early. */
enum err service_rate(struct ctx *ctx, struct server *s, const struct case_file *cf,
                      const struct rating_given *g) MUST_USE;
/* The case of NO in REGION, for a device in the hall that shows the number itself. ERR_NOT_FOUND. */
enum err service_rating_case(struct ctx *ctx, struct server *s, struct str region, struct str no,
                             struct case_file *ret_cf) MUST_USE;
/* rating_levels: [{level, name}]; PICKED: marked, as chosen on a form that comes back; 0 before anybody chose (R49: no default). */
void service_rating_levels(struct view *map, int picked);
/* rating_tags: [{id, about, tags: [{tag, value, id, ticked}]}]. TICKED: one a line. */
void service_rating_words(struct ctx *ctx, struct view *map, struct str ticked);

/* Does AGENCY own what the agency HANDLING handled (R42); the bureau has several names. */
bool rating_owner(const struct region *r, struct str handling, struct str agency);

/* --- a visit without a case (R48, R49) --- */
struct rating_visit {
    const struct region *region;
    const struct service_point *point;
    struct str window, matter; /* matter: id or empty */
    int level;
    enum rating_channel channel;
    struct str tags, text, contact;
    struct str peer, form; /* address, used for a digest only; what service_rating_form gave */
};
/* A seal of when and where the form was opened: a visit is taken some seconds later at the earliest, and once for each form. */
struct str service_rating_form(struct ctx *ctx, const struct server *s, struct str region, struct str point,
                               struct str peer);
/* ERR_FIELD_INVALID with every field at once, ERR_LOCKED. The same form twice is one rating. */
enum err service_rating_visit(struct ctx *ctx, struct server *s, const struct rating_visit *in) MUST_USE;

/* --- the desk (rating_desk.c) --- */
struct rating_filter {
    enum call_back_list which;
    struct str after;
};
/* ratings: [...], next, count; for a supervisor counts {open, overdue, unassigned}. Nobody sees more of what he worked on than level, month
** and tags. ERR_FORBIDDEN for lists of others. */
enum err service_ratings(struct ctx *ctx, struct server *s, const struct actor *a, const struct rating_filter *f,
                         struct view *ret_map) MUST_USE;
/* One bad rating with its call-back and appeals: {rating: {…, can: {…}, people: […]}}. */
enum err service_rating(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id,
                        struct view *ret_map) MUST_USE;
/* own: {total, months, bad: [{id, month, level_name, tags}]}: the actor's own numbers, nothing of who gave them. */
enum err service_rating_own(struct ctx *ctx, struct server *s, const struct actor *a, struct view *ret_map) MUST_USE;
struct rating_press {
    enum call_back_action action;
    int64_t id, to_staff;
    int clear, truthful, reasonable;
    struct str note, rectification, reply;
};
enum err service_rating_act(struct ctx *ctx, struct server *s, const struct actor *a,
                            const struct rating_press *in) MUST_USE;
/* --- appeals (rating_appeal.c) --- */
struct rating_appeal {
    int64_t id; /* of the rating */
    struct str ground, evidence, file_ref;
    const struct upload_given *file; /* the evidence itself; stored with the appeal or not at all */
    size_t files;
};
enum err service_rating_appeal(struct ctx *ctx, struct server *s, const struct actor *a,
                               const struct rating_appeal *in) MUST_USE;
/* A file of an appeal, for whoever sees its evidence: supervisors, the caller, whoever raised it. The look is kept. ERR_NOT_FOUND. */
enum err service_rating_file(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id, int64_t file_id,
                             struct upload *ret_u) MUST_USE;
enum err service_rating_decide(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id, bool upheld,
                               struct str decision) MUST_USE;
/* Name and phone of the rater, for whoever rings; the look is kept with its reason. */
enum err service_rating_contact(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id, struct str reason,
                                struct str *ret_name, struct str *ret_phone) MUST_USE;

/* --- the numbers (rating_numbers.c) --- */
struct rating_span {
    int64_t from, to; /* yyyymm */
};
/* "2026-01" each; empty: the twelve months up to now. ERR_FIELD_INVALID. */
enum err service_rating_span(struct ctx *ctx, struct str from, struct str to, struct rating_span *ret_s) MUST_USE;
/* from, to, total, matters, points, channels, months, uncovered and, unless PUBLISHED, staff. Published: groups of fewer than
** RATING_PUBLISH_MIN ratings say only how many. */
enum err service_rating_numbers(struct ctx *ctx, struct server *s, const struct region *r, const struct rating_span *at,
                                bool published, struct view *ret_map) MUST_USE;
/* The same as CSV with a heading line, UTF-8 with byte order mark. */
enum err service_rating_csv(struct ctx *ctx, struct server *s, const struct region *r, const struct rating_span *at,
                            bool published, struct str *ret_csv) MUST_USE;
/* Recounts a region (rating_verify); for rebuild --check. */
enum err service_rating_check(struct ctx *ctx, struct server *s, struct str region,
                              struct rating_check *ret_c) MUST_USE;

/* --- the city's platform (rating_platform.c, R284) --- */
struct platform_call {
    const struct region *region;
    const char *method;
    struct str path;            /* with its query */
    struct str time, signature; /* headers X-Time (UTC ms) and X-Signature (hex) */
    struct str body;
};
/* HMAC-SM3 over method, path, time and body, a line each, with the secret in DATA/keys/rating-CODE.key (32 hex digits, mode 0600).
** ERR_CONFIG for a file that others may read, ERR_UNAUTHENTICATED for everything else, also when there is no file. */
enum err service_platform_check(struct ctx *ctx, struct server *s, const struct platform_call *c) MUST_USE;
/* A rating that the platform took: {no, step, level, channel, tags, text, ref}. The same REF again is the same rating. */
enum err service_platform_rate(struct ctx *ctx, struct server *s, const struct region *r, const struct view *json,
                               struct view *ret_map) MUST_USE;
/* What the platform is told of X, whether it fetches or is sent it: level, matter, channel, step, place and window, the number of the clerk's
** account; the case's number, but no text, no name and nothing of the rater. */
enum err service_platform_rating(struct ctx *ctx, struct tx *tx, const struct region *r, const struct rating *x,
                                 struct view *ret_map) MUST_USE;
/* What goes out: ratings behind AFTER, without texts and names; next. */
enum err service_platform_export(struct ctx *ctx, struct server *s, const struct region *r, int64_t after, int limit,
                                 struct view *ret_map) MUST_USE;

#endif
