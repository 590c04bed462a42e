/* Versions of a region's catalogue: drafts, published packages, what is in force on a day, reports of faults. The package's bytes live in
** the database; every process loads them by digest and keeps what it has loaded. A version is never changed: going back is a new version
** with an old package. (R6, R7, R287) */
#ifndef VERSION_VERSION_H
#define VERSION_VERSION_H

#include "base/actor.h"
#include "catalog/catalog.h"
#include "catalog/files.h"
#include "store/store.h"

enum version_state {
    VERSION_DRAFT,     /* 编辑中: a keeper's working copy, at most one open draft per region */
    VERSION_SUBMITTED, /* 待发布: waits for the second person */
    VERSION_PUBLISHED, /* 已发布: in force from its day until the next one's */
    VERSION_DROPPED    /* 已撤回: never in force */
};
const char *version_state_id(enum version_state s);   /* draft submitted published dropped */
const char *version_state_name(enum version_state s); /* 编辑中 … */

struct version {
    struct str region;
    int64_t no; /* 1, 2, … in the region */
    enum version_state state;
    struct str digest;    /* of the package, hex */
    struct day effective; /* in force from that day on; DAY_NONE while a draft */
    struct str note;      /* the public change note: what changed and why */
    struct str source; /* where the package came from: 随程序安装, 上传, 导入办事指南, 退回到第 2 版 … */
    int64_t keeper_id, publisher_id;          /* staff; 0 = 随程序安装 */
    struct str keeper, publisher;             /* their names as they were */
    int64_t created_ms, published_ms, edited; /* edited: counts the draft's changes, for optimistic locking */
};

/* The version in force on DAY: of the published ones effective by then the latest published. ERR_NOT_FOUND: none yet. */
enum err version_in_force(struct ctx *ctx, struct tx *tx, struct str region, struct day day,
                          struct version *ret_v) MUST_USE;
enum err version_get(struct ctx *ctx, struct tx *tx, struct str region, int64_t no, struct version *ret_v) MUST_USE;
/* Newest first, at most LIMIT (≤ 100), numbers below BEFORE (0: from the newest). */
enum err version_list(struct ctx *ctx, struct tx *tx, struct str region, int64_t before, int limit,
                      struct version **ret_v, size_t *ret_n) MUST_USE;
/* The package's bytes by its digest. ERR_NOT_FOUND. */
enum err version_package(struct ctx *ctx, struct tx *tx, struct str region, struct str digest,
                         struct str *ret_bytes) MUST_USE;
/* Inserts the package unless it is there, and the version row (no is given by it). In a write transaction. */
enum err version_insert(struct ctx *ctx, struct tx *tx, struct version *v, struct str package) MUST_USE;
/* Writes state, digest, effective, note, source, people, published_ms of V where it is still at V->edited; ERR_CONFLICT otherwise. */
enum err version_update(struct ctx *ctx, struct tx *tx, const struct version *v, struct str package) MUST_USE;

/* The region's open version (draft or submitted). *ret_found tells whether there is one. */
enum err version_open(struct ctx *ctx, struct tx *tx, struct str region, struct version *ret_v,
                      bool *ret_found) MUST_USE;
/* Has the region a version with this package; its lowest number. 0: none. */
enum err version_with_digest(struct ctx *ctx, struct tx *tx, struct str region, struct str digest,
                             int64_t *ret_no) MUST_USE;

/* --- who did what to a version; append-only --- */
struct version_event {
    struct str
        kind; /* opened uploaded imported edited removed accepted submitted returned dropped published installed */
    int64_t staff_id;
    struct str staff; /* name as it was */
    int64_t at_ms;
    struct str note, detail; /* DETAIL: JSON of what an import found; not listed */
};
enum err version_event_add(struct ctx *ctx, struct tx *tx, struct str region, int64_t id, int64_t no,
                           const struct version_event *e) MUST_USE;
/* Newest first, at most LIMIT. */
enum err version_events(struct ctx *ctx, struct tx *tx, struct str region, int64_t no, int limit,
                        struct version_event **ret_e, size_t *ret_n) MUST_USE;
/* The last import into version NO. *ret_found: there was one. */
enum err version_imported(struct ctx *ctx, struct tx *tx, struct str region, int64_t no, struct version_event *ret_e,
                          bool *ret_found) MUST_USE;
/* Has STAFF_ID had a hand in its content or handed it in: then somebody else publishes it. */
enum err version_touched(struct ctx *ctx, struct tx *tx, struct str region, int64_t no, int64_t staff_id,
                         bool *ret_touched) MUST_USE; //= R7

/* The catalogue by which a case of REGION under the package DIGEST is read: TODAY when it is in force there, else from the shelf, else
** from the database, checked against its digest, and onto the shelf. ERR_INTEGRITY: the package is gone or not what it was. */
enum err version_catalog(struct ctx *ctx, struct tx *tx, const struct catalog *today, struct str region,
                         struct str digest,
                         const struct catalog **ret_c) MUST_USE; //= R6

#endif
