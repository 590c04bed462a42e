/* The log: one line per event, logfmt, UTC time, to stderr. Only main, http and jobs call it. Never personal data:
** the callers pass ids and numbers, never names, identity numbers, phones or accounts. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/ctx.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_set_level(enum log_level least);
/* log_event(LOG_INFO, "request", "status=%d ms=%d", …): text values that may hold blanks as "key=%s" of log_quote.
** Control characters become '?'; a line is one write(2) of at most 2048 bytes, cut=1 tells that it was cut. */
void log_event(enum log_level level, const char *event, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* S as a quoted value; NUL terminated. */
struct str log_quote(struct arena *a, struct str s);
/* The failure in ctx with its trace of origins, at the level of its class; never the detail: it may quote people. */
void log_fail(const struct ctx *ctx, const char *event);

#endif
