/* What the files of a form share: who is asked, what holds, how a value reads. */
#ifndef SERVICE_FORM_INT_H
#define SERVICE_FORM_INT_H

#include "service/service_int.h"

/* Values that a form's conditions see: the facts, then the fields as typed. */
struct form_state {
    const struct form *form;
    struct value *value; /* one per name of form->dict */
};
/* FACTS and VALUES may be NULL: then nothing is known, or nothing typed. */
struct form_state form_state_new(struct ctx *ctx, const struct form *f, const struct facts *facts,
                                 const struct view *values);
/* A copy in which the fields of the repeating section S are those of ROW. */
struct form_state form_state_row(struct ctx *ctx, const struct form_state *st, const struct form_section *s,
                                 const struct view *row);
/* UNKNOWN is the answer when a fact has not been asked; an absent condition holds. */
bool form_holds(const struct form_state *st, const struct condition *c, bool unknown);

struct str form_value(const struct view *values, struct str id); /* trimmed; empty when absent */
/* The applicant's side types it: neither written by others, nor by hand, nor following from an answer. */
bool form_asks(const struct form_field *f);
bool form_section_shown(const struct form_state *st, const struct form_section *s);
bool form_field_shown(const struct form_state *st, const struct form_field *f);
/* ROW: the map the field lies in. */
bool form_field_required(const struct form_state *st, const struct form_field *f, const struct view *row);
/* 是 or 否 of a field that follows from the rest; empty for others and while it is open. */
struct str form_automatic(const struct form_state *st, const struct form_field *f);
bool form_chosen(const struct form_field *f, struct str value, struct str option);

/* form_check.c: every error of every field; MISSING = those of empty fields too. */
enum err form_check(struct ctx *ctx, const struct form *f, const struct facts *facts, const struct view *values,
                    bool missing) MUST_USE;
#endif
