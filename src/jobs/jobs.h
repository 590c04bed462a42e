/* Due work beside the requests: seals every few seconds, housekeeping once an hour. One thread, and one more that sends messages; work is short and may
** be cut off at any
 ** point (kill -9): what it does is either one transaction or repeatable. */
#ifndef JOBS_JOBS_H
#define JOBS_JOBS_H

#include "service/server.h"

struct jobs;

/* Starts the thread. SEAL_MS: milliseconds between seals; 0 = 2000. */
enum err jobs_start(struct ctx *ctx, struct server *s, int seal_ms, struct jobs **ret_j) MUST_USE;
void jobs_stop(struct jobs *j); /* waits for the work in hand; seals once more */
/* Removes lapsed drafts, old idempotency rows and sessions: one round, bounded. */
enum err jobs_housekeep(struct ctx *ctx, struct server *s) MUST_USE;

#endif
