/* The closed vocabulary of stage kinds: what each asks of the people who do it. The order of stages, their people and limits are data
** (catalogue); what a kind means is this table (stage.c). */
#ifndef CASE_STAGE_H
#define CASE_STAGE_H

#include "base/actor.h"
#include "catalog/catalog.h"

enum record_type {
    RECORD_TEXT,   /* up to 100 characters */
    RECORD_LONG,   /* up to 2000 */
    RECORD_DAY,    /* 2026-11-21, not after today */
    RECORD_CHOICE, /* one of CHOICE, separated by | */
    RECORD_CHECK,  /* "1": it was done */
    RECORD_NUMBER, /* a whole number > 0 */
};
struct record_field {
    const char *id, *name;
    enum record_type type;
    bool required;
    const char *choice; /* RECORD_CHOICE */
    const char *must;   /* the only choice with which the stage can be passed; NULL: any */
    const char *help;   /* shown below, and as the remedy when it is refused */
};

struct stage_rule {
    enum role role;                   /* who passes it */
    enum role panel_role;             /* who signs it; the panel is empty when PANEL is 0 */
    int panel;                        /* signatures needed where the guide prints no number; 0: none */
    bool draws;                       /* the panel may be drawn by lot */
    bool publicity;                   /* opened first, passed when its days are over and no objection is open */
    uint64_t apart;                   /* bit set of stage kinds: whoever did one of them may not do this one */
    bool apart_acceptor;              /* nor who accepted the case */
    const char *verb;                 /* what passing is called on the button */
    const char *sign_verb;            /* what signing is called */
    const struct record_field *field; /* recorded when it is passed */
    size_t field_count;
    const struct record_field *sign_field; /* recorded with each signature */
    size_t sign_field_count;
};
/* The rule of a kind; never NULL. */
const struct stage_rule *stage_rule(enum stage_kind k);
/* Whether a stage of this kind is passed as work (not the application, acceptance, conclusion; delivery only in the middle). */
bool stage_is_work(enum stage_kind k);

#endif
