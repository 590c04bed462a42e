/* Supervision: the register of complaints and of the supervision phone (R8), the supervisor's page, a city's report over its counties with
** circulars and rectification tasks (R286). Each use case owns its transaction. */
#ifndef SERVICE_SUPERVISION_H
#define SERVICE_SUPERVISION_H

#include "base/view.h"
#include "catalog/catalog.h"
#include "service/server.h"

enum {
    COMPLAINT_TEXT_MIN = 5,
    COMPLAINT_TEXT_MAX = 2000,
    COMPLAINT_CONTACT_MAX = 100,
    COMPLAINT_TITLE_MAX = 60,
    COMPLAINT_WORKDAYS = 15, /* where a region prints none: 系统口径 */
    SUPERVISION_LIST_MAX = 20,
    CIRCULAR_TEXT_MAX = 10000,
    CIRCULAR_COUNTIES_MAX = 64,
    CIRCULAR_TASKS_MAX = 64,
};

/* --- complaints: taken in (supervision_complaint.c) --- */
struct complaint_entry {
    const struct region *region;
    const struct actor *taken_by; /* who took it down; NULL: sent in by the person */
    struct str kind, text, target, contact, matter, case_no;
    struct str source, received; /* desk only: phone …, 2026-11-23T09:30 (empty: now) */
    struct str idempotency;      /* key of the submission; the same again is the same complaint. Empty = none */
};
/* Stores it sealed; *ret_code opens the answer's page and is not kept. ERR_FIELD_INVALID with every field at once, ERR_IDEMPOTENCY. */
enum err service_complaint_send(struct ctx *ctx, struct server *s, const struct complaint_entry *in, struct str *ret_no,
                                struct str *ret_code) MUST_USE; //= R8
/* For whoever holds number and code: complaint {no, kind_name, text, state, due, answer …}. ERR_NOT_FOUND alike for wrong ones. */
enum err service_complaint_view(struct ctx *ctx, struct server *s, const struct region *r, struct str no,
                                struct str code, struct view *ret_map) MUST_USE;
/* answers: [{title, text, day}], newest first, with NEXT. */
enum err service_complaint_answers(struct ctx *ctx, struct server *s, const struct region *r, struct str after,
                                   struct view *ret_map) MUST_USE;
/* kinds, sources, matters with what is CHOSEN; workdays, basis, supervision: the region's phones. */
void service_complaint_form(struct ctx *ctx, const struct region *r, struct str kind, struct str source,
                            struct str matter, struct view *ret_map);

/* --- complaints: the register (supervision_register.c) --- */
struct complaint_filter {
    bool closed, mine;
    struct str after;
};
/* complaints, next, count: the supervisor all but those about himself, others those given to them. Neither text nor contact. */
enum err service_complaints(struct ctx *ctx, struct server *s, const struct actor *a, const struct complaint_filter *f,
                            struct view *ret_map) MUST_USE;
/* complaint {… text, steps, may_assign, may_answer}, staff: whom it can be given to. ERR_NOT_FOUND also for those not shown to A. */
enum err service_complaint_get(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id,
                               struct view *ret_map) MUST_USE;
/* The caller's contact, for ringing back; the look is kept with its reason. */
enum err service_complaint_contact(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id,
                                   struct str reason, struct str *ret_contact) MUST_USE;
struct complaint_act {
    int64_t id;
    struct str seq;                  /* as it was read; empty: whatever it is now */
    struct str owner, accused, note; /* assign: ids of staff; ACCUSED empty: nobody named */
    struct str text;                 /* answer, or why it goes to another agency */
    struct str agency;               /* transfer: which */
    bool publish;
    struct str title, public_text;
};
/* ERR_SEPARATION for the one complained of, and whoever has the case in hand that it is about. */
enum err service_complaint_assign(struct ctx *ctx, struct server *s, const struct actor *a,
                                  const struct complaint_act *in) MUST_USE;
enum err service_complaint_answer(struct ctx *ctx, struct server *s, const struct actor *a,
                                  const struct complaint_act *in) MUST_USE;
enum err service_complaint_transfer(struct ctx *ctx, struct server *s, const struct actor *a,
                                    const struct complaint_act *in) MUST_USE;

/* --- the supervisor's page (supervision.c) --- */
struct oversight_filter {
    bool unexplained; /* only overdue cases without a public explanation */
    struct str after;
};
/* lights, stages, late (a page of overdue cases with whose they are), untold (alerts that found nobody to tell, alert.h), complaints,
** faults, rectifications, ratings (bad ones: open, late, unassigned). A fixed number of queries. */
enum err service_supervision(struct ctx *ctx, struct server *s, const struct actor *a, const struct oversight_filter *f,
                             struct view *ret_map) MUST_USE;

/* --- a city over its counties (supervision_report.c) --- */
/* OTHER is a county of CITY: its printed superior, or a member of the city's pool. */
bool region_is_county_of(const struct region *other, const struct region *city);
/* counties: [{code, name, lint, comparison, lateness, complaints, faults, ratings, rectifications}],
** rating_levels; aggregates only, never a case. FROM and
** TO are days; empty: this year up to today. ERR_FORBIDDEN for a region without counties. */
enum err service_report(struct ctx *ctx, struct server *s, const struct actor *a, struct str from, struct str to,
                        struct view *ret_map) MUST_USE; //= R286
/* The same as CSV (UTF-8 with a mark, cells that a spreadsheet would calculate are quoted). */
struct str service_report_csv(struct ctx *ctx, const struct view *report);

/* --- circulars and rectification (supervision_circular.c) --- */
struct circular_task {
    size_t row; /* where it stood on the page: its fields are task.ROW.county … */
    struct str county, title, responsible, due;
};
struct circular_entry {
    struct str title, text;
    const struct str *county; /* codes */
    size_t county_count;
    bool publish;
    const struct circular_task *task;
    size_t task_count;
    struct str idempotency;
};
/* Issues it with its tasks and carries it to the counties at once where that works. ERR_FIELD_INVALID with every field. */
enum err service_circular_issue(struct ctx *ctx, struct server *s, const struct actor *a,
                                const struct circular_entry *in, struct str *ret_no, int64_t *ret_id) MUST_USE; //= R286
/* circulars, tasks (open ones, soonest first), counties (whom A's region may address), next, next_task. */
enum err service_circulars(struct ctx *ctx, struct server *s, const struct actor *a, struct str after,
                           struct str after_task, struct view *ret_map) MUST_USE;
/* circular with its tasks and their turns; the first reading in a county is kept. */
enum err service_circular_get(struct ctx *ctx, struct server *s, const struct actor *a, struct str origin, int64_t id,
                              struct view *ret_map) MUST_USE;
struct rectification_act {
    struct str origin;
    int64_t id;
    struct str round;      /* as it was read; empty: whatever it is now */
    struct str what, text; /* answer | return | accept */
    struct str due;        /* return: the new day; empty: as before */
};
enum err service_rectification_act(struct ctx *ctx, struct server *s, const struct actor *a,
                                   const struct rectification_act *in) MUST_USE;
/* Published ones, for everybody. */
enum err service_circulars_public(struct ctx *ctx, struct server *s, const struct region *r, struct str after,
                                  struct view *ret_map) MUST_USE;
/* Carries what one region has for another: a repeatable step for jobs, safe with several processes. *ret_count: posts delivered. */
enum err service_posts_deliver(struct ctx *ctx, struct server *s, int64_t *ret_count) MUST_USE;

/* --- shared --- */
/* A supervisor of the bureau itself, not of an outside agency, who sees only that agency's cases. */
bool supervision_oversees(const struct server *s, const struct actor *a);
/* A page's cursor "KEY_ID" into its two numbers; empty: as set before. ERR_FIELD_INVALID. */
enum err supervision_cursor(struct ctx *ctx, struct str after, int64_t *key, int64_t *id) MUST_USE;
struct str supervision_next(struct ctx *ctx, int64_t key, int64_t id);
/* {due, light, is_red, is_yellow, is_green, left_text}. */
void supervision_clock(struct ctx *ctx, const struct server *s, struct day due, struct view *v);

#endif
