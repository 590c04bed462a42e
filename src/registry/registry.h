/* The registers: persons, units, enrolments, the opening ledger, off-site filings. Personal fields are sealed under the
 * subject's key. */
#ifndef REGISTRY_REGISTRY_H
#define REGISTRY_REGISTRY_H

#include "base/id.h"
#include "base/ident.h"
#include "base/money.h"
#include "store/vault.h"

struct person {
    int64_t id, version;
    struct data_key key;
    struct str name, id_number, id_kind, sex, mobile, address, hukou, masked;
    struct day birth;
};
struct unit {
    int64_t id, version;
    struct data_key key;
    struct str no, uscc, name, kind, status;
    struct str address, legal_name, legal_id, phone, contact, bank, account;
};
struct enrolment {
    int64_t id, unit_id;
    struct str insurance, identity, status; /* 职工医保 | 城乡居民医保; 在职职工 …; active | suspended | ended */
    struct day from, to;
};
struct offsite {
    int64_t id;
    struct str category, place, proof_mode, status; /* active | paused | ended */
    struct day from, to;
};

/* By identity number (normalised). *ret_found false leaves *ret_p empty. */
enum err registry_person_find(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region,
                              struct str id_number, struct person *ret_p, bool *ret_found) MUST_USE;
enum err registry_person_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id,
                             struct person *ret_p) MUST_USE;
/* Inserts P (id, key and fields set by the caller; the key row is stored too). ERR_CONFLICT when the identity number is
 * already registered. */
enum err registry_person_insert(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region,
                                const struct person *p, bool demo) MUST_USE;
/* ERR_ENROLMENT_DUPLICATE when the new identity number is somebody else's; of a unit, its credit code. */
enum err registry_person_update(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region,
                                const struct person *p) MUST_USE;

/* By unified social credit code or by the unit's insurance number. */
enum err registry_unit_find(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region,
                            struct str uscc_or_no, struct unit *ret_u, bool *ret_found) MUST_USE;
enum err registry_unit_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id,
                           struct unit *ret_u) MUST_USE;
enum err registry_unit_insert(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, struct unit *u,
                              bool demo) MUST_USE; /* takes the next unit number */
enum err registry_unit_update(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region,
                              const struct unit *u) MUST_USE;
enum err registry_unit_members(struct ctx *ctx, struct tx *tx, struct str region, int64_t unit_id,
                               int64_t *ret_n) MUST_USE;

/* Adds an active enrolment; ERR_ENROLMENT_DUPLICATE when one is active already (R63). */
enum err registry_enrol(struct ctx *ctx, struct tx *tx, struct id_source *ids, struct str region, int64_t person_id,
                        struct str insurance, struct str identity, int64_t unit_id, int64_t case_id) MUST_USE;
enum err registry_enrolments(struct ctx *ctx, struct tx *tx, struct str region, int64_t person_id,
                             struct enrolment **ret_e, size_t *ret_n) MUST_USE;
/* The active one, NULL if none. */
const struct enrolment *registry_active(const struct enrolment *e, size_t n);

/* Personal account: sum of ledger entries, and months paid. */
enum err registry_balance(struct ctx *ctx, struct tx *tx, struct str region, int64_t person_id,
                          struct money *ret_balance, int64_t *ret_months) MUST_USE;
enum err registry_opening_entry(struct ctx *ctx, struct tx *tx, struct id_source *ids, struct str region,
                                int64_t person_id, struct money amount, int64_t months) MUST_USE;

/* Off-site filings. ACTION: 首次备案 变更备案地 暂停备案 恢复备案 终止备案 (R136). */
enum err registry_offsite_list(struct ctx *ctx, struct tx *tx, struct str region, int64_t person_id,
                               struct offsite **ret_o, size_t *ret_n) MUST_USE;
enum err registry_offsite_apply(struct ctx *ctx, struct tx *tx, struct id_source *ids, struct str region,
                                int64_t person_id, struct str action, struct str category, struct str place,
                                struct str proof_mode, int64_t case_id) MUST_USE;

/* What a case changed, sealed under KEY. PAYLOAD is a view map. */
enum err registry_event(struct ctx *ctx, struct tx *tx, struct id_source *ids, struct str region,
                        const char *subject_kind, int64_t subject_id, int64_t case_id, const char *kind,
                        const struct data_key *key, struct str payload_json) MUST_USE;
/* R74: whether the case has left its trace in the registers. */
enum err registry_event_count(struct ctx *ctx, struct tx *tx, struct str region, int64_t case_id,
                              int64_t *ret_n) MUST_USE;

#endif
