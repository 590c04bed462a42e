/* Whether the people on the roster can carry a matter from its start to its end without breaking the separation of duties: an assignment
** of people to acceptance, stages, signatures and conclusion. The rules are asked of the engine (case_apart), not repeated here. */
#ifndef SERVICE_ROSTER_H
#define SERVICE_ROSTER_H

#include "case/case.h"

struct roster_person {
    int64_t id;
    unsigned roles; /* bit set of enum role */
};
/* False: these N people cannot do M; *ret_reason says at which stage and who is missing (empty otherwise). Pure. */
bool roster_check(struct ctx *ctx, const struct matter *m, const struct roster_person *p, size_t n,
                  struct str *ret_reason); //= R196 R243 R267

#endif
