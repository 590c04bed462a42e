/* Inside the service layer only: what several use cases share. */
#ifndef SERVICE_SERVICE_INT_H
#define SERVICE_SERVICE_INT_H

#include "rating/rating.h"
#include "service/service.h"
#include "staff/staff.h"

struct rating_given;

/* A decision on its way into the store: rows, effect, papers and task in one transaction (commit.c). */
struct commit {
    struct server *server;
    struct case_write write;
    struct decision decision;
    struct actor actor;
    struct str access_code;     /* of a new case, for its receipt; empty otherwise */
    struct draft_read draft_id; /* whose uploads become the case's, if nothing was saved since */
    struct str idem_digest, idem_request, idem_result;
    bool replayed; /* set when the idempotency key was used before with the same content */
    struct document document[DECISION_PAPERS_MAX]; /* what was issued */
    size_t document_count;
    const struct rating_given *rating; /* goes with the event; NULL: none */
};
/* Prepares C (folds, seals) for a decision on CF. */
enum err commit_prepare(struct ctx *ctx, struct commit *c, struct server *s, const struct case_file *cf,
                        const struct actor *a, const struct data_key *key, bool new_key,
                        const struct decision *d) MUST_USE;
/* Writes it durably. */
enum err commit_run(struct ctx *ctx, struct commit *c) MUST_USE;

/* Decide + prepare + run for an existing case under its own key. */
enum err commit_command(struct ctx *ctx, struct server *s, const struct case_file *cf, const struct case_command *cmd,
                        struct commit *ret_c) MUST_USE;

/* What the registers hold about a person or a unit, put into MAP for a paper (register_view.c). */
enum err register_person_view(struct ctx *ctx, struct tx *tx, struct str region, const struct person *p,
                              struct view *map, size_t *ret_enrolments) MUST_USE;
enum err register_unit_view(struct ctx *ctx, struct tx *tx, struct str region, const struct unit *u,
                            struct view *map) MUST_USE;

/* The subject's key of a case, on a reader. */
enum err case_key(struct ctx *ctx, struct server *s, const struct case_file *cf, struct data_key *ret_k) MUST_USE;

/* 《NAME》, where it does not stand in such marks already; empty stays empty. */
struct str paper_quoted(struct arena *a, struct str name);

/* The case view both sides share: head, clock, materials, timeline, documents. FULL: personal fields in clear. */
enum err case_common_view(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf, bool full,
                          bool staff, struct view *ret_map) MUST_USE;
/* Uploads of a draft or a case on a reader that the caller holds. One reader a thread: a second one while holding the
** first would let a
 ** full pool wait for itself. */
enum err uploads_read(struct ctx *ctx, struct server *s, struct tx *tx, struct str region, int64_t draft_id,
                      int64_t case_id, struct upload **ret_u, size_t *ret_n) MUST_USE;
/* May files still be taken with FREE of SIZE bytes left: the database needs room when people no longer do. */
bool upload_fits(uint64_t free, uint64_t size);
/* Names of a region's staff, read once a page: a list costs a fixed number of queries. */
struct staff_names {
    const struct staff *staff;
    size_t n;
};
enum err staff_names_load(struct ctx *ctx, struct tx *tx, struct str region, struct staff_names *ret_n) MUST_USE;
struct str staff_names_get(const struct staff_names *n, int64_t id); /* empty if unknown */
/* {due, left, light, light_text, tentative …} */
/* WAITING: nothing is due because the applicant has the ball, not because there is no limit. */
void clock_view(struct ctx *ctx, struct server *s, struct day due, struct day legal, bool tentative, bool waiting,
                struct view *v);
/* What the present stage asks of ACTOR: case.work, pauses, stage_clock (stage_view.c). */
void stage_view(struct ctx *ctx, struct server *s, const struct case_file *cf, const struct actor *a,
                const struct staff_names *names, struct view *c);
/* Where it was handed in and what that place does there (代办, 协办): case.agent {id, name, duty}, or null (agent_view.c). */
void agent_view(const struct case_file *cf, struct view *c);
/* PDF of a stored document; the arena keeps it. Reads, lets the reader go, then prints: no connection waits for the
 * printer. */
enum err render_document(struct ctx *ctx, struct server *s, struct str region, int64_t case_id, int64_t document_id,
                         struct str *ret_pdf, struct str *ret_title, struct document *ret_d) MUST_USE;

/* The bytes of G under their digest, without a row yet: the sweeper takes what never gets one. ERR_MEDIA_TYPE, ERR_STORE_FULL (draft.c). */
enum err upload_keep(struct ctx *ctx, struct server *s, const struct upload_given *g, struct upload *ret_u) MUST_USE;
/* The row of U, kept: evidence of an appeal, which stands where a draft would (ids are of one source). In the appeal's transaction. ERR_LIMIT. */
enum err upload_of_appeal(struct ctx *ctx, struct tx *tx, struct server *s, struct str region, int64_t appeal_id,
                          const struct upload *u) MUST_USE;

/* The body of D for a layout: marked when it is void. */
const struct view *document_shown(struct ctx *ctx, const struct document *d);
/* A case that A may see, by its number; what A looked at and why, on record (desk.c). */
enum err desk_load_case(struct ctx *ctx, struct server *s, struct tx *tx, const struct actor *a, struct str no,
                        struct case_file *ret_cf) MUST_USE;
enum err desk_record_look(struct ctx *ctx, struct server *s, const struct actor *a, const struct case_file *cf,
                          const char *kind, struct str reason) MUST_USE;
/* The filled form of a case as its layout's view (form_print.c). */
struct view *form_print_body(struct ctx *ctx, struct server *s, const struct form_print *p);

/* The part of VALUES that form F asks an applicant for; NULL if there is none (form.c). */
struct view *service_form_clean(struct ctx *ctx, const struct form *f, const struct view *values);
/* Why VALUE cannot be what the change of ITEM changes to, in Chinese; NULL: it can, *ret_value as the registers keep
 * it. */
const char *service_change_value(struct ctx *ctx, struct str item, struct str value, struct str *ret_value);
/* A number alone must not choose whose register entry is rewritten: do the change rows name registered people rightly,
 * and the applicant alone unless his unit applies. Field errors on the rows; to the public one reason for all. */
enum err service_change_check(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf,
                              const struct form *form, bool by_public) MUST_USE;
/* May the unit U (NULL: not registered) be registered as CF asks (R52), and the form's employees be changed as it asks (R56): judged by the
** registers' present state. Refused with that state and what is possible; to the public nothing about people who are not its own. */
enum err service_unit_check(struct ctx *ctx, struct server *s, struct tx *tx, struct case_file *cf,
                            const struct form *form, const struct unit *u) MUST_USE;
enum err service_employees_check(struct ctx *ctx, struct server *s, struct tx *tx, struct case_file *cf,
                                 const struct form *form, bool by_public) MUST_USE;
/* Whether some row names this person by number and name as registered. */
bool service_change_names(struct ctx *ctx, const struct case_file *cf, const struct person *registered);

/* The agency whose cases A sees; empty = all of the region's (queue.c). */
struct str agency_scope(const struct server *s, const struct actor *a);
bool may_see(const struct server *s, const struct actor *a, struct str agency);

#endif
