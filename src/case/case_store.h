/* The dull half of the case engine: events and projections as rows, the chain of MACs, seals.
**
** mac(n) = HMAC(chain key, region ‖ case ‖ seq ‖ id ‖ at ‖ kind ‖ actor ‖ commitment ‖ mac(n−1)); commitment = SM3(salt
** ‖ payload). The chain
** never covers stored bytes, so a key may be changed or destroyed and it still verifies. A seal per region chains
** counts and roots. */
#ifndef CASE_CASE_STORE_H
#define CASE_CASE_STORE_H

#include "base/id.h"
#include "case/case.h"
#include "store/vault.h"

/* A case as it stands, read by the version of the catalogue it was begun under: all its events, opened, verified against the chain and
 * folded. ERR_NOT_FOUND, ERR_CHAIN,
 * ERR_INTEGRITY. */
enum err case_load(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct catalog *today,
                   struct str region, int64_t id, struct case_file *ret_cf) MUST_USE;

/* One stored event as the pages show it. */
struct case_entry {
    int64_t seq, at_ms, actor_id;
    struct str kind, actor;
    const struct view *payload; /* NULL when its key was destroyed */
};
/* The events of a case in order, opened with its keys. */
enum err case_history(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id,
                      struct case_entry **ret_e, size_t *ret_n) MUST_USE;

/* Whether somebody still has to do something, and the stage column: the writer and rebuild --check must agree on both. */
bool case_is_open(const struct case_file *cf);
struct str case_stage_column(const struct case_file *cf);
/* The section whose work the stage to be done next is, where the guide names one (R32, R153). */
struct str case_section_column(const struct case_file *cf);
/* A day as a sortable column: a case without a limit comes last in every queue. */
int64_t case_day_column(struct day d);
struct day case_column_day(int64_t column);

/* A decision ready to be written: made outside the transaction (it seals and MACs), written inside by case_write_rows.
 */
struct case_write {
    struct case_file before, after;
    struct data_key key;
    bool new_key;
    struct sealed_event {
        struct str kind, payload, commitment, prev, mac;
        int64_t seq, id;
    } event[DECISION_EVENTS_MAX];
    size_t event_count;
    struct actor actor;
    int64_t now_ms;
};
/* Folds D's events onto CF and seals them under KEY. */
enum err case_write_prepare(struct ctx *ctx, const struct vault *v, struct id_source *ids, const struct case_file *cf,
                            const struct actor *actor, const struct data_key *key, const struct decision *d,
                            struct case_write *ret_w) MUST_USE;
/* Inserts the events and writes the projections. ERR_CONFLICT when the case has moved since it was loaded. */
enum err case_write_rows(struct ctx *ctx, struct tx *tx, const struct case_write *w) MUST_USE;

/* Seals all unsealed events of a region, at most LIMIT; *ret_count of them. */
enum err case_seal(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t limit,
                   int64_t *ret_count) MUST_USE;

/* What an audit found. */
struct audit {
    int64_t cases, events, seals;
    int64_t broken; /* number of findings */
    struct str finding[20];
};
/* Verifies every chain and seal of the region: a flipped byte, a removed, swapped or added event, a removed case or
 * tail. */
enum err case_audit(struct ctx *ctx, struct store *s, const struct vault *v, struct str region,
                    struct audit *ret_a) MUST_USE;
/* Folds every case again and compares with its row and materials; findings as in an audit. */
enum err case_rebuild_check(struct ctx *ctx, struct store *s, const struct vault *v, const struct catalog *c,
                            struct str region, struct audit *ret_a) MUST_USE;

#endif
