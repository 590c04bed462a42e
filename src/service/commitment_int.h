/* Between commitment.c and commitment_view.c. */
#ifndef SERVICE_COMMITMENT_INT_H
#define SERVICE_COMMITMENT_INT_H

#include "service/commitment.h"
#include "service/guide.h"
#include "service/service_int.h"

/* B with its commitment C into V; NAMES of the staff for the desk, NULL for the subject, who does not see who did what. */
void commitment_put_breach(struct ctx *ctx, struct server *s, const struct region *r, const struct breach *b,
                           const struct commitment *c, const struct staff_names *names, struct view *v);

#endif
