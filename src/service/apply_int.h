/* An application on its way through the checks of apply.c and apply_who.c; nobody else includes this. */
#ifndef SERVICE_APPLY_INT_H
#define SERVICE_APPLY_INT_H

#include "service/service_int.h"

struct applying {
    struct ctx *ctx;
    struct server *s;
    const struct application *a;
    struct tx *tx;
    struct case_file *cf;
    const struct form *form;
    struct data_key *key;
    bool new_key;
};

/* Said to the public whatever did not match: nobody learns who is insured. */
extern const char apply_no_match[];
bool apply_by_public(const struct applying *p);
/* Whether an effect of this kind needs somebody whom the registers know. */
bool apply_needs_record(enum effect_kind k);
/* Subject, contact and delegate, and the form's own mistakes told together with theirs. ERR_FIELD_INVALID and what the registers refuse. */
enum err apply_check_applicant(struct applying *p) MUST_USE;
enum err apply_check_delivery(struct applying *p) MUST_USE; //= R25 R28

#endif
