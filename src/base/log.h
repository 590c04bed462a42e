/* The log: one line per event, logfmt, UTC time, to stderr. Only main, http and jobs call it. Never personal data:
** the callers pass ids and numbers, never names, identity numbers, phones or accounts. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/ctx.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_set_level(enum log_level least);
/* log_event(LOG_INFO, "request", "status=%d ms=%d", …) */
void log_event(enum log_level level, const char *event, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* The failure in ctx with its trace of origins. */
void log_fail(const struct ctx *ctx, const char *event);

#endif
