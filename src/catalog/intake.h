/* What a region's data says about the two ways round a paper: sources of other departments' data, and how commitments are checked.
** From region.yaml; an instance adds addresses and sources of its own in the data folder's sharing.yaml (service/sharing.c). */
#ifndef CATALOG_INTAKE_H
#define CATALOG_INTAKE_H

#include "base/ctx.h"

enum { SHARE_SOURCES_MAX = 64, SHARE_TIMEOUT_MS = 5000, SHARE_TIMEOUT_MAX_MS = 20000 };

enum share_kind { SHARE_LIST, SHARE_HTTP }; /* 名单 接口 */
const char *share_kind_name(enum share_kind k);

struct share_source {
    struct str id, name;        /* civil; 民政部门 */
    struct str proves;          /* what a record there proves */
    struct str verbatim, where; /* the guide's own words; empty for a source of the instance */
    struct str fact;            /* name of the yes-or-no fact that a look-up answers (R90); empty = none */
    enum share_kind kind;
    bool by_unit;                /* found by credit code, not by identity number */
    bool consent;                /* not without the subject's signature (R246) */
    bool own;                    /* of the instance, no guide prints it */
    const struct str *answers;   /* the 共享来源 of the materials it stands for */
    const struct str *materials; /* of those, these materials; none = all */
    const struct str *values;    /* columns beside the number */
    size_t answer_count, material_count, value_count;
    struct str url, method; /* SHARE_HTTP: of the instance only; empty = not set up */
    int64_t timeout_ms;
};

/* How commitments are checked and how long a breach closes the next one; absent = the house's own (系统口径). */
struct commitment_rule {
    int64_t share_percent, check_workdays, breach_months;
    bool printed;
};
enum { COMMITMENT_SHARE_PERCENT = 10, COMMITMENT_CHECK_WORKDAYS = 20, COMMITMENT_BREACH_MONTHS = 12 };

struct yaml_node;
/* The sources of LIST (may be NULL), copied into ARENA. OF_INSTANCE: addresses are allowed, and known ids of KNOWN may be repeated to
** give them one. The result is KNOWN and the new ones. ERR_CATALOG with the line. */
enum err share_sources_read(struct ctx *ctx, struct arena *arena, struct yaml_node *list, bool of_instance,
                            const struct share_source *known, size_t known_count, const struct share_source **ret_s,
                            size_t *ret_n) MUST_USE;

#endif
