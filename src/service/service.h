/* The use cases: one function each; each owns its transaction. All that web, jobs and main may see of the desk.
** The public proves itself by a case's number and access code; staff by a session; a kiosk by its own account. */
#ifndef SERVICE_SERVICE_H
#define SERVICE_SERVICE_H

#include "base/view.h"
#include "case/case_store.h"
#include "document/document.h"
#include "registry/registry.h"
#include "service/server.h"

/* --- staff and sessions (staff_service.c) --- */
struct staff_new {
    struct str region, login, name, roles,
        points;         /* roles: ids separated by blanks or commas; points: service points, window:N */
    struct str agency;  /* id of an agency of the region, outside offices included; empty = the first */
    struct str section; /* a section that the region's guide names; empty = none */
    int64_t by;         /* who adds; 0: on the command line */
};
/* Adds a staff member with a random one-time password, given back once. ERR_FIELD_INVALID per field. */
enum err service_staff_add(struct ctx *ctx, struct server *s, const struct staff_new *in,
                           struct str *ret_password) MUST_USE;
/* View {staff:[{id, login, name, roles, points, status}]} of a region, at most 500. */
enum err service_staff_list(struct ctx *ctx, struct server *s, struct str region, struct view **ret_v) MUST_USE;
/* View {person:{id, login, name, roles, agency, section, points, status, version, events:[{at, by, what, was, became}]}}. ERR_NOT_FOUND. */
enum err service_staff_one(struct ctx *ctx, struct server *s, struct str region, int64_t id,
                           struct view **ret_v) MUST_USE;
/* What an administrator changes of an account; a text without a pointer keeps what is there. */
struct staff_change {
    int64_t id, version; /* VERSION as it was shown; 0: whichever */
    struct str roles, agency, section, points, status;
};
/* Changes an account and records each thing that changed; a disabled person's sessions end. Refused: roles for oneself, the last
** administrator's end, and whatever leaves a matter without the people that it had (ERR_FIELD_INVALID names matter, stage and who is missing). */
enum err service_staff_change(struct ctx *ctx, struct server *s, const struct actor *by,
                              const struct staff_change *in) MUST_USE;
/* View {roster:[{matter, name, possible, missing}], impossible}: which matters the people of the region can do (roster.h). */
enum err service_roster(struct ctx *ctx, struct server *s, struct str region, struct view **ret_v) MUST_USE;
/* View {roster_lost:[{matter, name, missing}], any_roster_lost}: matters of NEXT, a version not in force, that nobody on duty can carry to their
 * end, new ones or such as can be done now. */
enum err service_roster_of_version(struct ctx *ctx, struct server *s, const struct region *next,
                                   struct view *map) MUST_USE;
/* Signs in: Argon2id, lock-out after failures (R: settings), the same answer for a wrong name and a wrong password.
 * *ret_must_change: first use. */
enum err service_login(struct ctx *ctx, struct server *s, struct str region, struct str login, struct str password,
                       struct str *ret_token, bool *ret_must_change) MUST_USE;
enum err service_logout(struct ctx *ctx, struct server *s, struct str token) MUST_USE;
enum err service_password_change(struct ctx *ctx, struct server *s, const struct actor *a, struct str old_password,
                                 struct str new_password) MUST_USE;
/* The actor of a session token (it carries its region). ERR_UNAUTHENTICATED. */
enum err service_session_actor(struct ctx *ctx, struct server *s, struct str token, struct actor *ret_actor,
                               struct str *ret_csrf, bool *ret_must_change) MUST_USE;

/* --- applications (apply.c) --- */
/* A draft as it was read: what has changed since may neither be overwritten nor sent unseen. */
struct draft_read {
    int64_t id, version;
};
struct application {
    const struct region *region;
    const struct matter *matter;
    struct actor actor;
    enum channel_kind channel;
    bool level_known;
    enum level_kind level;
    struct str point;
    const struct view *facts;                        /* {fact id or name: text} */
    const struct view *form;                         /* {field id: text, rows id: [{…}]}; may be NULL */
    struct str applicant_name, applicant_id, mobile; /* of a person, or of the unit's handler */
    struct str unit_code; /* unified social credit code or unit number, for units that exist */
    struct str delegate_name, delegate_id;
    struct str delivery, address;
    const struct case_material *material; /* what comes with it: keys of leaves */
    size_t material_count;
    struct draft_read draft_id; /* whose uploads belong to the case; id 0 = none */
    struct str idempotency;     /* key of the submission; required */
};
struct receipt {
    struct str no, code; /* code is shown once: in the receipt and its QR */
    int64_t case_id, document_id;
    bool replayed; /* the same submission came before: same receipt, code empty */
};
/* May an application begin with these facts: the matter open this way and carried here, the service object, the
** questions answered.
 ** What only the registers know is judged later. *ret_f: the facts, with the channel. */
enum err service_apply_begin(struct ctx *ctx, struct server *s, const struct matter *m, enum channel_kind channel,
                             const struct view *facts, struct facts *ret_f) MUST_USE;
/* Everything that can be said against an application before it is sent: all field errors at once. */
enum err service_apply_check(struct ctx *ctx, struct server *s, const struct application *a, struct case_file *ret_cf,
                             struct data_key *ret_key, bool *ret_new_key) MUST_USE;
/* Checks and stores it: case, event, receipt, in one transaction. */
enum err service_apply(struct ctx *ctx, struct server *s, const struct application *a, struct receipt *ret_r) MUST_USE;
/* Validates form values against the form: every error of every field at once (field ids "changes.0.new_value" in rows).
 */
enum err service_form_check(struct ctx *ctx, struct server *s, const struct form *f, const struct facts *facts,
                            const struct view *values) MUST_USE;
/* The same for what was typed only: empty fields may be filled in by hand on the print. */
enum err service_form_check_typed(struct ctx *ctx, const struct form *f, const struct facts *facts,
                                  const struct view *values) MUST_USE;
/* The same at the desk, where everything may be typed: what the bureau and a hospital write too. */
enum err service_form_check_desk(struct ctx *ctx, const struct form *f, const struct view *values) MUST_USE;
/* The form as its official table, PDF. VALUES may be NULL: blank. What the bureau, a hospital or a hand writes is printed
** only with ALL; FACTS (may be NULL) fill what follows from answers. Nothing is stored. */
struct form_print {
    const struct form *form;
    const struct region *region; /* may be NULL */
    const struct facts *facts;
    const struct view *values;
    bool all;
};
enum err service_form_print(struct ctx *ctx, struct server *s, const struct form_print *p,
                            struct str *ret_pdf) MUST_USE;
/* Everything about a form for its keeper and for other systems: fields, who fills them, what they feed, conditions,
 * signatures, repairs. */
void service_form_definition(struct ctx *ctx, const struct catalog *c, const struct form *f, struct view *map);
/* The form called ID as R has it (R may be NULL); NULL if none. */
const struct form *service_form_find(const struct catalog *c, const struct region *r, struct str id);
/* The applicant's side types this field. */
bool service_form_asks(const struct form_field *f);
/* The form with every field of it, for the desk. */
struct view *service_form_view_all(struct ctx *ctx, const struct form *f, const struct view *values);
/* Which matters use F, of one region or of all: LIST of {region, region_name, id, name, named, entered}. */
void service_form_matters(const struct catalog *c, const struct region *only, const struct form *f, struct view *list);
/* {forms: [...], cited: [...]}: the sample forms, and those the guide of R names and does not supply. */
void service_form_list(const struct catalog *c, const struct region *r, struct view *map);
/* The declaration with its blanks filled from VALUES (may be NULL). */
struct str service_form_declaration(struct ctx *ctx, const struct form *f, const struct view *values);
/* Values that a form's fields bound to BINDS hold ("person.name"); empty if none. */
struct str service_form_bound(const struct form *f, const struct view *values, const char *binds);
/* The form as a view for pages and schema: sections, fields with type, values, required, value and error of each. */
struct view *service_form_view(struct ctx *ctx, struct server *s, const struct form *f, const struct facts *facts,
                               const struct view *values);

/* --- drafts and uploads (draft.c) --- */
struct draft {
    int64_t id;
    struct str region, token;
    const struct matter *matter;
    struct view *body; /* {facts:{}, form:{}, applicant:{}, materials:{key: state}, delivery:{}} */
    struct str case_no;
    int64_t expires_ms, version;
};
enum err service_draft_new(struct ctx *ctx, struct server *s, const struct region *r, const struct matter *m,
                           const struct view *facts, struct draft *ret_d) MUST_USE;
enum err service_draft_get(struct ctx *ctx, struct server *s, struct str region, struct str token,
                           struct draft *ret_d) MUST_USE;
/* Replaces the part PART ("form", "applicant", "delivery", "materials", "facts") of the body. Nothing typed is judged
 * here. */
enum err service_draft_save(struct ctx *ctx, struct server *s, struct draft *d, const char *part,
                            const struct view *value) MUST_USE;
/* Sets one entry of a part, or takes it away (NULL), and leaves its neighbours as they are by then. */
enum err service_draft_set(struct ctx *ctx, struct server *s, struct draft *d, const char *part, struct str key,
                           const struct view *value) MUST_USE;
/* Sends D as it was read: ERR_CONFLICT when something has been saved or uploaded since. */
enum err service_draft_submit(struct ctx *ctx, struct server *s, struct draft *d, struct str idempotency,
                              struct receipt *ret_r) MUST_USE;
struct upload {
    int64_t id, size;
    struct str material, digest, mime, name;
};
/* A file as it was streamed in: TMP_PATH is the server's own until it is taken. */
struct upload_given {
    struct str filename, tmp_path;
    const unsigned char *sm3; /* 32 bytes */
    int64_t size;
};
/* Takes the streamed file into files/ by digest: type by content (PDF, JPEG, PNG, HEIC, WebP), then the row.
 * A draft that was sent meanwhile: the file goes to its case, or ERR_CONFLICT. ERR_LIMIT, ERR_STORE_FULL. */
enum err service_upload_add(struct ctx *ctx, struct server *s, struct str region, int64_t draft_id, int64_t case_id,
                            struct str material, const struct upload_given *g, struct upload *ret_u) MUST_USE;
/* The file of U, taken already, as MATERIAL of another draft too: the same bytes, a row of its own. */
enum err service_upload_share(struct ctx *ctx, struct server *s, struct str region, const struct upload *u,
                              int64_t draft_id, struct str material) MUST_USE;
enum err service_upload_remove(struct ctx *ctx, struct server *s, struct str region, int64_t draft_id,
                               int64_t upload_id) MUST_USE;
enum err service_uploads(struct ctx *ctx, struct server *s, struct str region, int64_t draft_id, int64_t case_id,
                         struct upload **ret_u, size_t *ret_n) MUST_USE;
struct str service_upload_path(struct ctx *ctx, struct server *s, struct str digest); /* path of a stored file */

/* --- the public's view of a case (public_case.c) --- */
/* Case of NO if CODE opens it; ERR_NOT_FOUND alike for a wrong number and a wrong code. */
enum err service_case_open(struct ctx *ctx, struct server *s, struct str no, struct str code,
                           struct case_file *ret_cf) MUST_USE;
/* View of a case for its applicant: timeline, clock, documents, what is possible. */
enum err service_case_view(struct ctx *ctx, struct server *s, const struct case_file *cf,
                           struct view *ret_map) MUST_USE;
enum err service_case_supplement(struct ctx *ctx, struct server *s, const struct case_file *cf,
                                 const struct case_material *m, size_t n) MUST_USE;
enum err service_case_withdraw(struct ctx *ctx, struct server *s, const struct case_file *cf,
                               struct str reason) MUST_USE;
enum err service_case_rate(struct ctx *ctx, struct server *s, const struct case_file *cf, int level, struct str channel,
                           struct str tags, struct str text) MUST_USE;
/* PDF of a document of this case; a first download of a result chosen as 电子证照下载 is its delivery (R27), if the
 * paper is really HANDED over: a HEAD request gets none. */
enum err service_case_document(struct ctx *ctx, struct server *s, const struct case_file *cf, int64_t document_id,
                               bool handed, struct str *ret_pdf, struct str *ret_title) MUST_USE;
/* The page behind a paper's QR code: is it ours, whose (masked), when. */
enum err service_verify(struct ctx *ctx, struct server *s, struct str region, struct str no, struct str code,
                        struct view *ret_map) MUST_USE;

/* --- the workbench: lists (queue.c) --- */
/* STAGE, MATTER, CHANNEL, SECTION, MINE and OWNER exclude each other: one index serves one of them. LATE and AGENCY go with any.
 * CLOSED: by AGENCY, by MINE or OWNER, by DAY. */
struct queue_filter {
    struct str stage;   /* 受理 …; empty = all */
    struct str matter;  /* id of a matter */
    struct str channel; /* 网上 … */
    struct str section; /* cases whose present stage is this section's work */
    struct str agency;  /* id of an agency; empty = all that the actor sees */
    int64_t owner;      /* cases of this member of staff; 0 = everybody's */
    bool mine;          /* owned by the actor */
    bool late;          /* due before today */
    bool closed;        /* finished ones, last concluded first */
    struct day day;     /* CLOSED: concluded on this day; DAY_NONE = any */
    struct str after;   /* opaque cursor of the page before; empty = first */
    int limit;          /* ≤ 100 */
};
/* {cases: [...], next, count, …}: open cases by due day, one query whatever the page. ERR_FIELD_INVALID for conditions
 * that do not go together, ERR_FORBIDDEN for another agency. */
enum err service_queue(struct ctx *ctx, struct server *s, const struct actor *a, const struct queue_filter *f,
                       struct view *ret_map) MUST_USE;
/* The agency whose cases A sees; empty = all of the region's. */
struct str service_queue_scope(const struct server *s, const struct actor *a);
enum { QUEUE_SUBJECT_MAX = 1000 };
/* All cases of a registered person or unit, newest first, QUEUE_SUBJECT_MAX a page: {subject, cases, next, count}. */
enum err service_queue_subject(struct ctx *ctx, struct server *s, const struct actor *a, bool unit, int64_t id,
                               struct str after, struct view *ret_map) MUST_USE;
enum queue_found_kind { QUEUE_FOUND_CASE, QUEUE_FOUND_PERSON, QUEUE_FOUND_UNIT };
struct queue_found {
    enum queue_found_kind kind;
    struct str no; /* of a case */
    int64_t id;    /* of a person or a unit */
};
/* What somebody typed: a case number, an identity number (recorded as a look), a unit's credit code or number.
 * ERR_FIELD_INVALID on "no". Whether the case exists is seen when it is opened. */
enum err service_queue_find(struct ctx *ctx, struct server *s, const struct actor *a, struct str typed,
                            struct queue_found *ret_found) MUST_USE;
/* Hands cases over to TO with one reason, each in a transaction of its own: {results: [{no, done, note}], done, refused}. For
 * supervisors. Passing is not offered for several at once: whoever passes a review answers for having read that case. */
enum err service_queue_hand_over(struct ctx *ctx, struct server *s, const struct actor *a, const struct str *no,
                                 size_t n, int64_t to, struct str reason, struct view *ret_map) MUST_USE;

/* --- the workbench: a case, tasks (desk.c) --- */
enum err service_desk_case(struct ctx *ctx, struct server *s, const struct actor *a, struct str no, bool reveal,
                           struct str reason, struct view *ret_map) MUST_USE;
/* The applicant's form as its table, in full: a look that is recorded with its REASON. ERR_NOT_FOUND without a form. */
enum err service_desk_form(struct ctx *ctx, struct server *s, const struct actor *a, struct str no, struct str reason,
                           struct str *ret_pdf, struct str *ret_title) MUST_USE;
/* The same view as if these states had been ticked: gaps included, nothing stored. */
enum err service_desk_preview(struct ctx *ctx, struct server *s, const struct actor *a, struct str no,
                              const struct case_material *m, size_t n, struct view *ret_map) MUST_USE;
/* One press of a button: CMD's actor and time are filled here. Several stages are passed in one go when FINISH and
 * roles allow (R275). */
enum err service_desk_act(struct ctx *ctx, struct server *s, const struct actor *a, struct str no,
                          struct case_command *cmd, bool finish, struct view *ret_map) MUST_USE;
enum err service_desk_document(struct ctx *ctx, struct server *s, const struct actor *a, struct str no,
                               int64_t document_id, struct str *ret_pdf, struct str *ret_title) MUST_USE;
enum err service_desk_upload(struct ctx *ctx, struct server *s, const struct actor *a, struct str no, int64_t upload_id,
                             struct upload *ret_u) MUST_USE;
enum err service_tasks(struct ctx *ctx, struct server *s, const struct actor *a, struct view *ret_map) MUST_USE;
enum err service_task_done(struct ctx *ctx, struct server *s, const struct actor *a, int64_t task_id,
                           struct str note) MUST_USE;

/* --- kiosk (kiosk.c): queries without acceptance (R37, R83, R86) --- */
enum err service_kiosk_person(struct ctx *ctx, struct server *s, const struct actor *kiosk, struct str id_number,
                              struct str name, struct view *ret_map, struct str *ret_pdf) MUST_USE;
enum err service_kiosk_unit(struct ctx *ctx, struct server *s, const struct actor *kiosk, struct str code,
                            struct view *ret_map, struct str *ret_pdf) MUST_USE;

/* --- shared by the above --- */
/* Body of a paper about a case, for document_issue (papers.c). EXTRA: kind-specific data or NULL. */
enum err service_paper(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf,
                       enum paper_kind kind, const struct actor *a, const struct view *extra,
                       struct view **ret_body) MUST_USE;
/* The guide's own name of a paper where it prints one, else ours. */
struct str service_paper_title(const struct matter *m, bool by_unit, enum paper_kind kind);
/* Carries out the matter's effect inside the transaction (effects.c, R74); *ret_extra is data for the paper. */
enum err service_effect(struct ctx *ctx, struct server *s, struct tx *tx, struct case_file *cf,
                        const struct data_key *key, struct view **ret_extra) MUST_USE;
/* What the registers know about the subject: system facts (参保, 余额 …) into FACTS. */
enum err service_system_facts(struct ctx *ctx, struct server *s, struct tx *tx, struct str region, int64_t person_id,
                              struct facts *f) MUST_USE;
/* A case number: region, yymmdd, six digits of a reserved block, check digit (R: every public number carries its
 * region). */
enum err service_case_no(struct ctx *ctx, struct server *s, struct str region, struct str *ret_no) MUST_USE;
bool service_case_no_parse(struct str typed, struct arena *a, struct str *ret_no,
                           struct str *ret_region); /* blanks and '-' allowed; false: check digit */

/* --- keeping (seal.c, sweep.c, demo.c) --- */
/* Removes what a crash left behind: streamed uploads a day old, and files of one folder (HOUR modulo 256) that no row
 * names. */
enum err service_sweep(struct ctx *ctx, struct server *s, int64_t hour, int64_t *ret_removed) MUST_USE;
enum err service_seal_all(struct ctx *ctx, struct server *s, int64_t *ret_events) MUST_USE;
/* Makes demo people, units, balances and staff where the region has none; seeded, marked 演示. PRINT gets one line per
 * staff account. */
enum err service_demo(struct ctx *ctx, struct server *s, uint64_t seed, void (*print)(void *, struct str),
                      void *arg) MUST_USE;

#endif
