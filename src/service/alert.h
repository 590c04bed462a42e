/* Reminders and escalations: whoever owns a case is told when its day is near, he and whoever stands above him when it is past. A row exists
** exactly once for (case, kind, deadline), whichever process writes it; the message goes with the row. */
#ifndef SERVICE_ALERT_H
#define SERVICE_ALERT_H

#include "base/view.h"
#include "catalog/catalog.h"
#include "service/server.h"

struct alert_round {
    int64_t written; /* new rows */
    int64_t untold;  /* those of them that nobody could be told of: no owner, no supervisor, no head of the agency */
};
/* One round over all regions, bounded. Any number of processes may do rounds at once. A case whose stored data
** are broken is passed over, told of by the error when the round is done (ERR_CRYPTO, ERR_INTEGRITY), and tried again in the next. */
enum err service_alert_round(struct ctx *ctx, struct server *s, struct alert_round *ret_round) MUST_USE;
/* untold: [{no, matter_name, kind, kind_name, deadline, at}], any_untold: what nobody was told of while the case is open, newest first. AGENCY
** empty: of the region. */
enum err service_alerts_untold(struct ctx *ctx, struct tx *tx, const struct region *r, struct str agency,
                               struct view *map) MUST_USE;

enum { ALERT_FINDINGS_MAX = 20 };
struct alert_check {
    int64_t alerts, broken;
    struct str finding[ALERT_FINDINGS_MAX];
};
/* Recounts a region: every alert against its case, its day, whom it went to and the message that went with it. Reads in pages; for
** rebuild --check. */
enum err service_alert_check(struct ctx *ctx, struct server *s, struct str region, struct alert_check *ret_c) MUST_USE;

#endif
