/* Between sharing.c and sharing_found.c. */
#ifndef SERVICE_SHARING_INT_H
#define SERVICE_SHARING_INT_H

#include "service/service_int.h"
#include "service/sharing.h"

/* What stands in the register for what came back. */
struct str sharing_result_digest(struct ctx *ctx, const struct server *s, struct str region, const struct share_hit *h);

/* The looks of a case, newest first, with the sources they may name. */
struct sharing_found {
    struct server *s;
    struct tx *tx;
    const struct case_file *cf;
    const struct sharing_sources *source;
    const struct share_look *look;
    size_t n;
    bool full;
};
/* found, any_found: what the newest look at each source about each person or material said, beside what was declared. The declared facts stay
** as they are. No value was kept: those of a list are read again and shown when they are the same that were seen then. */
enum err sharing_put_found(struct ctx *ctx, const struct sharing_found *f, struct view *map) MUST_USE;

#endif
