/* Reminders and escalations: whoever owns a case is told when its day is near, he and a named supervisor when it is past. A row exists
** exactly once for (case, kind, deadline), whichever process writes it; the message goes with the row. */
#ifndef SERVICE_ALERT_H
#define SERVICE_ALERT_H

#include "service/server.h"

/* One round over all regions, bounded; *ret_written counts new rows. Any number of processes may do rounds at once. A case whose stored data
** are broken is passed over, told of by the error when the round is done (ERR_CRYPTO, ERR_INTEGRITY), and tried again in the next. */
enum err service_alert_round(struct ctx *ctx, struct server *s, int64_t *ret_written) MUST_USE;

#endif
