/* When the working-day calendar changes — a year is announced, an arrangement corrected — the deadlines of open cases follow, each with a
** journal entry that says from when to when. */
#ifndef SERVICE_REPROJECT_H
#define SERVICE_REPROJECT_H

#include "service/server.h"

/* Compares the calendar with the one that the region's deadlines were reckoned by and moves what changed; does nothing when it is the same.
** May be cut off at any point and done again. *ret_moved counts cases. */
enum err service_reproject_round(struct ctx *ctx, struct server *s, int64_t *ret_moved) MUST_USE;

#endif
