/* Data of other departments (数据共享): imported lists, found by keyed digest, and the register of look-ups. A list's rows are sealed under
** the import's own key. service/sharing.c puts these together and asks the endpoints. */
#ifndef INTAKE_SHARING_H
#define INTAKE_SHARING_H

#include "base/id.h"
#include "base/view.h"
#include "intake/share_list.h"
#include "store/vault.h"

/* The source of LIST with ID; NULL if none. */
const struct share_source *share_source_find(const struct share_source *list, size_t n, struct str id);
/* The source that stands for a material the guide says may be shared; NULL if none. */
const struct share_source *share_source_for(const struct share_source *list, size_t n, struct str printed_source,
                                            struct str material);

struct share_import {
    int64_t id, no, at_ms, staff_id, rows, errors;
    struct str region, source, staff_name;
    struct data_key key;
    enum share_way way;
    struct day day;
    struct str digest; /* SM3 of the file */
};
/* Numbers and begins I (region, source, key, way, day, digest, staff). The caller has written no row yet. */
enum err share_import_begin(struct ctx *ctx, struct tx *tx, const struct vault *v, struct share_import *i) MUST_USE;
/* Rows [FROM, TO) of L. They are not seen before share_import_end. */
enum err share_import_rows(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct share_import *i,
                           const struct share_list *l, size_t from, size_t to) MUST_USE;
/* Puts it in force, with its errors. */
enum err share_import_end(struct ctx *ctx, struct tx *tx, const struct share_import *i,
                          const struct share_list *l) MUST_USE;
enum err share_import_get(struct ctx *ctx, struct tx *tx, struct str region, int64_t id, struct share_import *ret_i,
                          struct share_list_error **ret_e, size_t *ret_n) MUST_USE;
/* Finished ones before id BEFORE, newest first. */
enum err share_imports(struct ctx *ctx, struct tx *tx, struct str region, int64_t before, int64_t limit,
                       struct share_import **ret_i, size_t *ret_n) MUST_USE;

enum share_outcome { SHARE_FOUND, SHARE_ABSENT, SHARE_UNAVAILABLE, SHARE_OUTCOME_COUNT };
const char *share_outcome_id(enum share_outcome o);   /* found absent unavailable */
const char *share_outcome_name(enum share_outcome o); /* 查得 查无 来源不可用 */

struct share_hit {
    enum share_outcome outcome;
    int64_t import_no;        /* of a list */
    const struct view *value; /* map name → text; NULL unless found */
};
/* Looks NUMBER (normalised) up in the lists of SOURCE. Unavailable while none was imported. */
enum err share_find(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, struct str source,
                    struct str number, struct share_hit *ret_h) MUST_USE;

struct share_look {
    int64_t id, case_id, import_no, at_ms, staff_id;
    struct str region, source, source_name, number, masked, case_no, material, reason, consent, staff_name;
    enum share_outcome outcome;
    struct str subject_digest; /* keyed, of the number; read of a case only */
    struct str result_digest;  /* keyed, of what came back: proves later what was seen without keeping it */
};
/* What stands for NUMBER (normalised) in the register. */
struct str share_subject(struct arena *a, const struct vault *v, struct str region, struct str number);
enum err share_look_record(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct share_look *l) MUST_USE;
/* Before id BEFORE, newest first; without the number. */
enum err share_looks(struct ctx *ctx, struct tx *tx, struct str region, int64_t before, int64_t limit,
                     struct share_look **ret_l, size_t *ret_n) MUST_USE;
enum err share_looks_of_case(struct ctx *ctx, struct tx *tx, struct str region, int64_t case_id,
                             struct share_look **ret_l, size_t *ret_n) MUST_USE;

#endif
