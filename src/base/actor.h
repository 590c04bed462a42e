/* Who acts: a member of the public, a member of staff, a kiosk, the system. Roles are a closed vocabulary. */
#ifndef BASE_ACTOR_H
#define BASE_ACTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum role {
    ROLE_WINDOW,     /* 窗口: intake, acceptance, delivery */
    ROLE_REVIEW,     /* 审核 */
    ROLE_APPROVE,    /* 审批: internal approval by the information section and the like (R153) */
    ROLE_FUND,       /* 基金 */
    ROLE_SUPERVISOR, /* 督办 */
    ROLE_KEEPER,     /* 目录 */
    ROLE_ADMIN,      /* 管理: staff accounts; no case work by itself */
    ROLE_KIOSK,      /* 自助终端: queries without a clerk (R37) */
    ROLE_PANEL,      /* 评审: member of an evaluation or an expert panel */
    ROLE_ENFORCE,    /* 执法 */
    ROLE_LEGAL,      /* 法制: reviews penalties (R272) */
    ROLE_HEAD,       /* 负责人: approves inspections, penalties and their end (R266, R273) */
    ROLE_HOSPITAL,   /* 医疗机构: registers what hospitals conclude themselves (R143) */
    ROLE_COUNT
};

enum actor_kind { ACTOR_PUBLIC, ACTOR_STAFF, ACTOR_SYSTEM };

struct actor {
    enum actor_kind kind;
    int64_t id;         /* staff id; 0 otherwise */
    struct str region;  /* staff belong to one region; empty for the public */
    struct str name;    /* staff name, for papers */
    unsigned roles;     /* bit set of enum role */
    struct str agency;  /* id of the agency or outside office the person belongs to */
    struct str section; /* 股室, as the guide names it; empty: none */
    struct str points;  /* ids of service points; "window:16" limits to a window; blank separated */
};

const char *role_name(enum role r);              /* 窗口 … */
const char *role_id(enum role r);                /* window … */
bool role_parse(struct str s, enum role *ret_r); /* either form */
static inline bool
actor_has(const struct actor *a, enum role r)
{
    return a->kind == ACTOR_STAFF && (a->roles >> r & 1u);
}

#endif
