/* Between rating_desk.c and rating_appeal.c: who may see what of a bad rating. */
#ifndef SERVICE_RATING_INT_H
#define SERVICE_RATING_INT_H

#include "service/rating_service.h"
#include "service/service_int.h"

/* ERR_FORBIDDEN: another agency's, and A did not work on it. */
enum err rating_check_scope(struct ctx *ctx, const struct server *s, const struct actor *a,
                            const struct rating *r) MUST_USE;
/* ERR_FORBIDDEN: neither supervisor nor caller, nor of those who worked on it, nor of its agency. */
enum err rating_may_see(struct ctx *ctx, struct server *s, const struct actor *a, const struct rating *r,
                        const struct call_back *cb) MUST_USE;
/* A sees level, month and tags only (R44). */
bool rating_is_hidden(const struct actor *a, const struct rating *r, const struct call_back *cb);

#endif
