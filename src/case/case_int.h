/* Inside case/ only: what the decisions share. */
#ifndef CASE_CASE_INT_H
#define CASE_CASE_INT_H

#include "case/case.h"

/* What a decision function is given. */
struct deciding {
    struct ctx *ctx;
    const struct calendar *cal;
    const struct case_file *cf;
    const struct case_command *cmd;
    struct decision *d;
};
typedef enum err (*decide_fn)(struct deciding *p);
void decide_put_materials(struct view *payload, const struct case_material *m, size_t n);

/* lifecycle.c */
enum err case_refuse_edge(struct ctx *ctx, const struct case_file *cf, enum case_action action,
                          const struct actor *actor) MUST_USE;
bool case_stage_passable(const struct case_file *cf); /* the present stage is work that somebody passes now */
size_t case_stage_before(const struct case_file *cf); /* where RETURN leads; SIZE_MAX: nowhere */
bool case_has_acceptance(const struct matter *m);     /* the guide has a stage of acceptance */
/* What the guide leaves to LEVEL for M (初审, 协办 …); empty: it decides, or another of its places at that level does. */
struct str case_level_duty(const struct matter *m, enum level_kind level);

/* fold.c */
/* How CF stands right after it was submitted: at the first stage that somebody in the house does. */
void case_begin(struct case_file *cf, int64_t at_ms, bool complete);

/* gaps.c */

/* decide.c */
struct view *decision_event(struct decision *d, struct arena *a, const char *kind);
void decision_paper(struct decision *d, enum paper_kind k);
enum err decide_need_reason(struct deciding *p, const char *what) MUST_USE;
/* Judges CMD's record by the fields asked for and writes it into PAYLOAD as "record"; PASSING: the choice with which only a stage can be
** passed is demanded. *ret_against: some field holds another choice than that. */
enum err decide_record(struct deciding *p, const struct record_field *f, size_t n, bool passing, struct view *payload,
                       bool *ret_against) MUST_USE;
struct str decide_record_text(const struct deciding *p, const char *field);

enum err decide_refuse(struct deciding *p) MUST_USE;
enum err decide_deliver(struct deciding *p) MUST_USE;
enum err decide_hand_over(struct deciding *p) MUST_USE;
enum err decide_withdraw(struct deciding *p) MUST_USE;
enum err decide_rate(struct deciding *p) MUST_USE;
enum err decide_archive(struct deciding *p) MUST_USE;

/* decide_intake.c */
enum err decide_submit(struct deciding *p) MUST_USE;
enum err decide_supplement(struct deciding *p) MUST_USE;
enum err decide_notice(struct deciding *p) MUST_USE;
enum err decide_list(struct deciding *p) MUST_USE;
enum err decide_accept(struct deciding *p) MUST_USE;
enum err decide_share(struct deciding *p) MUST_USE;
enum err decide_assist(struct deciding *p) MUST_USE;

/* decide_stage.c */
enum err decide_pass(struct deciding *p) MUST_USE;
enum err decide_sign(struct deciding *p) MUST_USE;
enum err decide_draw(struct deciding *p) MUST_USE;
enum err decide_return(struct deciding *p) MUST_USE;
enum err decide_open(struct deciding *p) MUST_USE;
enum err decide_object(struct deciding *p) MUST_USE;
enum err decide_answer(struct deciding *p) MUST_USE;
enum err decide_conclude(struct deciding *p) MUST_USE;

/* decide_clock.c */
enum err decide_pause(struct deciding *p) MUST_USE;
enum err decide_resume(struct deciding *p) MUST_USE;
enum err decide_explain(struct deciding *p) MUST_USE;
enum err decide_reproject(struct deciding *p) MUST_USE;
/* Puts the deadlines that follow from the decision into its last event. */
enum err decide_settle(struct deciding *p) MUST_USE;
/* The same for the state NEXT, into PAYLOAD. */
void decide_put_clock(struct deciding *p, struct case_file *next, struct view *payload);

#endif
