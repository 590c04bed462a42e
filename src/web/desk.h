/* What the desk's handlers share. */
#ifndef WEB_DESK_H
#define WEB_DESK_H

#include "base/actor.h"
#include "catalog/catalog.h"
#include "web/web.h"

/* Who sees cases: not the keeper of the catalogue, not the keeper of accounts, no machine. */
enum {
    DESK_CASE_ROLES = 1u << ROLE_WINDOW | 1u << ROLE_REVIEW | 1u << ROLE_APPROVE | 1u << ROLE_FUND |
                      1u << ROLE_SUPERVISOR | 1u << ROLE_PANEL | 1u << ROLE_ENFORCE | 1u << ROLE_LEGAL |
                      1u << ROLE_HEAD | 1u << ROLE_HOSPITAL,
    /* who begins cases: at the window, in a hospital, of the bureau's own accord */
    DESK_INTAKE_ROLES = 1u << ROLE_WINDOW | 1u << ROLE_ENFORCE | 1u << ROLE_HOSPITAL,
    DESK_POSTER_ROLES = 1u << ROLE_WINDOW | 1u << ROLE_SUPERVISOR | 1u << ROLE_ADMIN
};

/* Who watches that messages arrive. */
enum { DESK_MESSAGE_ROLES = 1u << ROLE_SUPERVISOR | 1u << ROLE_ADMIN };

/* Who works on the guides and who publishes them. */
enum { DESK_CATALOG_ROLES = 1u << ROLE_KEEPER | 1u << ROLE_SUPERVISOR };

/* Who reads circulars: whoever looks after the work, the guides or the house. */
enum { DESK_CIRCULAR_ROLES = 1u << ROLE_SUPERVISOR | 1u << ROLE_KEEPER | 1u << ROLE_ADMIN };

enum desk_nav {
    DESK_NAV_QUEUE,
    DESK_NAV_INTAKE,
    DESK_NAV_TASKS,
    DESK_NAV_CATALOG,
    DESK_NAV_FAULTS,
    DESK_NAV_COMMITMENTS,
    DESK_NAV_SHARING,
    DESK_NAV_RATINGS,
    DESK_NAV_POSTERS,
    DESK_NAV_STAFF,
    DESK_NAV_INBOX,
    DESK_NAV_MESSAGES,
    DESK_NAV_SUPERVISION,
    DESK_NAV_COMPLAINTS,
    DESK_NAV_CIRCULARS
};
/* The head's links, by role. */
void desk_put_nav(struct web_call *call, enum desk_nav here);

/* options: ways of delivery the guide offers; the two every desk has where it prints none (R25, R27). */
void desk_put_delivery(struct view *map, const struct matter *m, struct str chosen);
bool desk_delivers(const struct matter *m, struct str way);

/* Where a person of these roles works. */
struct str desk_home_of(struct ctx *ctx, const struct actor *a);
/* Who may take a case over: active colleagues whose work cases are (R24); {id, name, login, selected} into RET_LIST (may be
 * NULL). *ret_found becomes true when CHOSEN is one of them. */
enum err desk_colleagues(struct web_call *call, struct str chosen, struct view *ret_list, bool *ret_found) MUST_USE;

#endif
