/* What the citizen's pages share: an opened draft and its steps, the tree of materials, the gate before access codes.
 */
#ifndef WEB_PUBLIC_H
#define WEB_PUBLIC_H

#include "service/guide.h"
#include "service/service.h"
#include "web/web_int.h"

enum { UPLOAD_MIB = 20, UPLOAD_MAX = UPLOAD_MIB << 20 };

/* --- apply.c: a draft on its way --- */
enum step { STEP_APPLICANT, STEP_FORM, STEP_MATERIALS, STEP_DELIVERY, STEP_REVIEW, STEP_COUNT };

struct way {
    struct draft draft;
    struct facts facts;
    const struct form *form; /* NULL when none is to be filled in */
    bool form_printed;       /* this guide's list names that very form */
    struct str form_title;   /* what the page calls it */
    struct upload *upload;   /* web_way_uploads */
    size_t upload_count;
    struct str closed; /* web_way_uploads; why nothing can be committed to, empty: it can */
};

/* Opens the draft of {token}; a page keeps its title, matter and steps from it. ERR_NOT_FOUND, ERR_DRAFT_EXPIRED. */
enum err web_way_open(struct web_call *call, struct way *w) MUST_USE;
enum err web_way_open_token(struct web_call *call, struct str token,
                            struct way *w) MUST_USE; /* another draft than the path's */
enum err web_way_uploads(struct web_call *call, struct way *w) MUST_USE;
/* A step's page: matter, draft, where this step leads. */
void web_way_head(struct web_call *call, const struct way *w, enum step at, const char *title);
struct str web_way_path(struct web_call *call, const struct way *w,
                        const char *rest); /* below the draft, without base */
/* After saving: to the next step, or back to the review where the person came from. */
void web_way_next(struct web_call *call, const struct way *w, enum step at);
/* A part of the draft's body; an empty map when it is not there yet. */
const struct view *web_way_part(struct web_call *call, const struct way *w, const char *part);
/* Saves; ERR_CONFLICT when it has been sent already. */
enum err web_way_save(struct web_call *call, struct way *w, const char *part, const struct view *value) MUST_USE;
/* The same for one entry of a part; NULL takes it away. */
enum err web_way_set(struct web_call *call, struct way *w, const char *part, const char *key,
                     const struct view *value) MUST_USE;
/* Left behind by a page on its way out: saved, not judged, answered 204. */
bool web_way_autosaved(struct web_call *call);
/* A draft that has been sent has no steps any more: its pages lead to its first one. */
bool web_way_sent(struct web_call *call, const struct way *w);
/* A failed step shows itself again with what was typed (pages), or is the failure (API). SHOW fills the view. */
enum err web_way_again(struct web_call *call, struct way *w, enum err e,
                       enum err (*show)(struct web_call *, struct way *)) MUST_USE;

/* Which steps are done, into INTO: {tasks, ready, counted, next, started, all_ready}. */
enum err web_way_tasks(struct web_call *call, struct way *w, struct view *into) MUST_USE;
/* Sends the draft; sent again it is the same case. */
enum err web_way_submit(struct web_call *call, struct way *w, struct receipt *r) MUST_USE;

/* --- application.c --- */
/* JSON of one application into A, whose matter is set; ERR_FIELD_INVALID. */
enum err web_application_of_json(struct web_call *call, const struct view *json, struct application *a) MUST_USE;
/* service_apply, counted against the peer's budgets. */
enum err web_apply_once(struct web_call *call, const struct application *a, struct receipt *r) MUST_USE;

/* --- steps.c --- */
/* What the form starts with: all that the applicant's page and the answers know already. */
struct view *web_form_first(struct web_call *call, const struct way *w);
enum err web_applicant_check(struct web_call *call, const struct way *w, const struct view *typed) MUST_USE;
void web_applicant_rows(struct web_call *call, const struct way *w,
                        struct view *list); /* {id, label, value} for the review */

/* What a JSON body gives for the fields of F, as the texts that a page would have sent; nothing else is copied.
** ERR_FIELD_INVALID for other kinds of values and for more rows than F has. */
enum err web_form_values(struct web_call *call, const struct form *f, const struct view *given,
                         struct view **ret_v) MUST_USE;
/* forms.c: the values of a sent page; rows in order, "remove_row" leaves one out, "add_row" adds an empty one. */
struct view *web_form_typed(struct web_call *call, const struct form *f);
void web_form_name_rows(struct web_call *call, struct view *form); /* what each row's "remove" button says */
enum err web_form_pdf(struct web_call *call, const struct form_print *p) MUST_USE;
/* applicant_name, … from {applicant: {…}, unit_code, delegate: {…}}; ERR_FIELD_INVALID for what is no text. */
enum err web_applicant_of_json(struct web_call *call, const struct view *json, struct view **ret_v) MUST_USE;
enum err web_json_text(struct web_call *call, const struct view *map, const char *key, const char *label,
                       struct str *ret_s) MUST_USE;

/* --- materials.c --- */
struct material_tree {
    struct web_call *call;
    const struct matter *matter;
    const struct facts *facts;
    const struct upload *upload;
    size_t upload_count;
    const struct view *said; /* {key: "committed"} of a draft, or NULL */
    const struct form *form; /* filled in here */
    bool form_done;
    struct str closed;   /* why a commitment stands in for nothing; empty: it may */
    bool *leaf;          /* by index: satisfied */
    size_t needed, done; /* requirements at the top */
};
/* Fills LIST with one map per requirement: what it is, what has come, what can be done about it. */
void web_material_tree(struct material_tree *t, struct view *list);
/* commitment: {closed, reason, instead: [{key, name}]}, what was promised by an answer; only where the guide knows commitments. */
void web_put_commitment(struct web_call *call, const struct way *w);
/* The tree of a draft, without its maps: NEEDED and DONE for the task list. */
void web_material_count(struct web_call *call, struct way *w, struct material_tree *t);
void web_material_row(struct material_tree *t, const struct material *x, struct view *v);
const struct material *web_material_find(const struct matter *m, struct str key); /* leaf or group; NULL */
/* Takes the uploads of this request for KEY. ERR_TOO_LARGE, ERR_MEDIA_TYPE, ERR_FIELD_INVALID when none was chosen. */
enum err web_take_uploads(struct web_call *call, struct str region, int64_t draft_id, int64_t case_id, struct str key,
                          struct view *list) MUST_USE;

/* --- case.c --- */
/* The receipt's keys, and the case unless the client wants none. */
enum err web_put_receipt(struct web_call *call, const struct receipt *r) MUST_USE;

/* --- lookup.c: wrong codes are counted per peer --- */
/* The access code of a request: in the address of a page, in a header of the API; never none, but empty. */
struct str web_access_code(struct web_call *call);
enum err web_tries_check(struct web_call *call) MUST_USE; /* ERR_LOCKED */
void web_tries_failed(struct web_call *call, enum err e); /* counts ERR_NOT_FOUND */

#endif
