/* Supervision of verdicts that a guide leaves to others (R179): entered with the case, drawn by a supervisor, checked by somebody who had no
** part in it. */
#ifndef SERVICE_VERDICT_H
#define SERVICE_VERDICT_H

#include "case/case.h"
#include "service/server.h"

enum { VERDICT_LIST_MAX = 100, VERDICT_OPINION_MAX = 1000 };

/* In the case's transaction, once the verdict is given. */
enum err verdict_record_case(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf,
                             const struct decision *d, const struct actor *a, int64_t key_id) MUST_USE;
/* C.verdict: both sides of it; null when the guide says nothing of a supervision, or none has been given. */
enum err verdict_case_view(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf,
                           struct view *c) MUST_USE;
/* drawn, disagreed, agreed: [{…}]; waiting: how many could be drawn. */
enum err service_verdicts(struct ctx *ctx, struct server *s, const struct actor *a, struct view *ret_map) MUST_USE;
/* COUNT as typed. ERR_FIELD_INVALID, ERR_CASE_EDGE when there is none to draw. */
enum err service_verdict_draw(struct ctx *ctx, struct server *s, const struct actor *a, struct str count,
                              int64_t *ret_drawn) MUST_USE;
struct verdict_do {
    int64_t id;
    struct str outcome, opinion; /* agreed | disagreed; why */
};
/* ERR_FIELD_INVALID, ERR_SEPARATION for whoever worked on the case, ERR_CASE_EDGE. */
enum err service_verdict_check(struct ctx *ctx, struct server *s, const struct actor *a,
                               const struct verdict_do *in) MUST_USE;

#endif
