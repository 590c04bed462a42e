/* What the desk's handlers share. */
#ifndef WEB_DESK_H
#define WEB_DESK_H

#include "base/actor.h"
#include "catalog/catalog.h"
#include "web/web.h"

/* Who sees cases: not the keeper of the catalogue, not the keeper of accounts, no machine. */
enum {
    DESK_CASE_ROLES =
        1u << ROLE_WINDOW | 1u << ROLE_REVIEW | 1u << ROLE_APPROVE | 1u << ROLE_FUND | 1u << ROLE_SUPERVISOR,
    DESK_POSTER_ROLES = 1u << ROLE_WINDOW | 1u << ROLE_SUPERVISOR | 1u << ROLE_ADMIN
};

/* Who works on the guides and who publishes them. */
enum { DESK_CATALOG_ROLES = 1u << ROLE_KEEPER | 1u << ROLE_SUPERVISOR };

enum desk_nav {
    DESK_NAV_QUEUE,
    DESK_NAV_INTAKE,
    DESK_NAV_TASKS,
    DESK_NAV_CATALOG,
    DESK_NAV_FAULTS,
    DESK_NAV_POSTERS,
    DESK_NAV_STAFF
};
/* The head's links, by role. */
void desk_put_nav(struct web_call *call, enum desk_nav here);

/* options: ways of delivery the guide offers; the two every desk has where it prints none (R25, R27). */
void desk_put_delivery(struct view *map, const struct matter *m, struct str chosen);
bool desk_delivers(const struct matter *m, struct str way);

#endif
