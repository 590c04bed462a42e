/* One application at the window on its way from what was typed to the page or the case. */
#ifndef WEB_DESK_INTAKE_H
#define WEB_DESK_INTAKE_H

#include "service/service.h"
#include "web/web.h"

struct intake {
    struct web_call *call;
    const struct matter *m;
    const struct form *form;     /* NULL: the matter has none */
    struct fact_set asked;       /* of the applicant: by the matter's conditions and the form's */
    struct view *facts, *values; /* as typed */
    bool values_blank;
    struct facts known; /* those typed facts that are legal */
    struct case_material *material;
    size_t material_count;
    struct application a;
    struct str closed; /* why nothing can be committed to, of whom was typed; empty: it can */
};

/* Everything as typed, with what was found wrong beside it: the failure must still be in ctx (desk_intake_page.c). */
void intake_view(const struct intake *in, struct view *view);
/* Ways in that a clerk may record. */
bool intake_channel(enum channel_kind k);
/* The form's field ID outside its tables of rows; NULL if none. */
const struct form_field *intake_field(const struct form *form, struct str id);
/* Whether the form repeats question F word for word, so that it is asked once: as the question. */
bool intake_asked_once(const struct form *form, const struct fact *f);

#endif
