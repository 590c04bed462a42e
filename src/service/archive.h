/* The whole file of a case (案卷): as one PDF, or as a ZIP of that PDF, every paper, every file that came, the events, and a manifest with
** the SM3 of each. Both hold personal data in clear: made only for a reason, which is recorded as a look. Made as a file below the data
** folder's tmp/, so that its size does not matter; whoever sends it removes it. */
#ifndef SERVICE_ARCHIVE_H
#define SERVICE_ARCHIVE_H

#include "service/service.h"

struct archive {
    struct str path;  /* to be removed when it has been sent */
    struct str title; /* for its name: no suffix */
};

/* Who may take a whole file away: the house's own people with case work; no outside members of panels, no hospitals. */
enum {
    ARCHIVE_ROLES = 1u << ROLE_WINDOW | 1u << ROLE_REVIEW | 1u << ROLE_APPROVE | 1u << ROLE_FUND |
                    1u << ROLE_SUPERVISOR | 1u << ROLE_ENFORCE | 1u << ROLE_LEGAL | 1u << ROLE_HEAD
};

/* ZIP: the ZIP, else the PDF. HANDED: false for a HEAD request: nothing is handed over, no look is recorded. ERR_REASON_REQUIRED,
 * ERR_FORBIDDEN (another region, another agency), ERR_CASE_ROLE, ERR_STORE_FULL, ERR_AUX. */
enum err service_archive(struct ctx *ctx, struct server *s, const struct actor *a, struct str no, struct str reason,
                         bool zip, bool handed, struct archive *ret_a) MUST_USE;

#endif
