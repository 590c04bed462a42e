/* What the sub-actions of enrolment do to the registers (R52, R56, R63). What is possible in which state is judged purely; what changes is
** written row by row, each change with its register event, so that the rows are the fold of the events.
**
** An employee's enrolments (职工医保) in order of their beginning; the last one is his state:
**
**   (none) ─增加─▶ active ─中断─▶ suspended ─恢复─▶ active      终止: active, suspended ─▶ ended, which is final; who comes
**                    │ └─在职转退休─▶ active (退休人员)                  back is 增加, a new enrolment
**                    └─统筹区内转移─▶ active in the other unit (also from suspended)
**
** 系统口径, where the guides are silent: the last day of what is paused or ended is the day it is concluded; what is replaced by a new
** enrolment ends the day before the new one begins, or, if it began on that very day, on that day. A person has at most one active
** insurance of any kind. */
#ifndef REGISTRY_ACTION_H
#define REGISTRY_ACTION_H

#include "base/view.h"
#include "catalog/enrol.h"
#include "registry/registry.h"

/* What one case changes in the registers. */
struct change {
    struct tx *tx;
    struct id_source *ids;
    struct str region;
    int64_t case_id;
    const struct data_key *key; /* seals the register events */
    const char *action;         /* written into every event */
};

/* Names of states for people: 正常参保 … */
const char *unit_status_name(struct str status);
const char *enrolment_status_name(struct str status);

/* Why ACTION is impossible for U, in one sentence that says its state and what is possible; empty: it may be done. TARGET: U is the unit
** that members go to. */
struct str registry_unit_refusal(struct arena *a, enum unit_action action, const struct unit *u, bool target);
/* The same for a person with the enrolments E; UNIT_ID 0: without a unit. */
struct str registry_employee_refusal(struct arena *a, enum employee_action action, const struct enrolment *e, size_t n,
                                     int64_t unit_id);
/* The latest enrolment in the employees' insurance; NULL if there is none. */
const struct enrolment *registry_latest(const struct enrolment *e, size_t n);

/* Carries ACTION out on a person. ERR_NOT_ELIGIBLE with the sentence of registry_employee_refusal; ERR_ENROLMENT_DUPLICATE (R63). */
enum err registry_employee_act(struct ctx *ctx, const struct change *c, enum employee_action action, int64_t person_id,
                               struct str identity, int64_t unit_id) MUST_USE;
/* Adds an active enrolment with its event; ERR_ENROLMENT_DUPLICATE when one is active already (R63). */
enum err registry_begin(struct ctx *ctx, const struct change *c, int64_t person_id, struct str insurance,
                        struct str identity, int64_t unit_id) MUST_USE;

/* All members of a unit paused, or ended with those already paused. *ret_n: how many. */
enum err registry_members_close(struct ctx *ctx, const struct change *c, int64_t unit_id, bool ended,
                                int64_t *ret_n) MUST_USE;
/* All members, paused ones included, go from one unit to another in the state they are in. */
enum err registry_members_move(struct ctx *ctx, const struct change *c, int64_t from_unit, int64_t to_unit,
                               int64_t *ret_n) MUST_USE;
/* One member goes. ERR_NOT_ELIGIBLE when he is not a member. */
enum err registry_member_move(struct ctx *ctx, const struct change *c, int64_t person_id, int64_t from_unit,
                              int64_t to_unit) MUST_USE;
/* Whether the unit has a member, active or paused. */
enum err registry_has_members(struct ctx *ctx, struct tx *tx, struct str region, int64_t unit_id,
                              bool *ret_any) MUST_USE;

/* U's state, with its event of that KIND; WHAT (may be NULL) goes into the payload. ERR_CONFLICT when somebody was faster. */
enum err registry_unit_state(struct ctx *ctx, const struct change *c, struct unit *u, const char *status,
                             const char *kind, const struct view *what) MUST_USE;

/* Insurances of a unit (R288). Registered with STATUS active from today; closed all together. */
struct unit_insurance {
    struct str insurance, status;
    struct day from, to;
};
enum err registry_insurance_put(struct ctx *ctx, const struct change *c, int64_t unit_id,
                                struct str insurance) MUST_USE;
enum err registry_insurance_close(struct ctx *ctx, const struct change *c, int64_t unit_id, bool ended) MUST_USE;
enum err registry_insurances(struct ctx *ctx, struct tx *tx, struct str region, int64_t unit_id,
                             struct unit_insurance **ret_i, size_t *ret_n) MUST_USE;

/* What happened to a subject ("person", "unit"), oldest first, opened; at most N after the event AFTER. */
struct register_entry {
    int64_t id, case_id, at_ms;
    struct str kind;
    const struct view *payload;
};
enum err registry_history(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region,
                          const char *subject_kind, int64_t subject_id, int64_t after, int64_t n,
                          struct register_entry **ret_e, size_t *ret_n) MUST_USE;

#endif
