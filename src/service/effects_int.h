/* Inside the effects only: what carrying a conclusion into the registers shares (effects.c, effects_unit.c, effects_employee.c). */
#ifndef SERVICE_EFFECTS_INT_H
#define SERVICE_EFFECTS_INT_H

#include "registry/action.h"
#include "service/service_int.h"

struct effect {
    struct server *server;
    struct tx *tx;
    struct case_file *cf;
    const struct data_key *key;
    const struct form *form;
    struct view *extra; /* what was done, for the paper */
};

/* What the form holds in the field bound to BINDS. */
struct str effect_bound(const struct effect *e, const char *binds);
struct str effect_fact(struct ctx *ctx, const struct effect *e, const char *id);
struct str effect_text(const struct view *row, const char *id);
/* Numbers and names as the registers keep them. */
struct str effect_person_number(struct ctx *ctx, struct str typed);
struct str effect_person_name(struct ctx *ctx, struct str typed);
struct change effect_change(const struct effect *e, const char *action);
enum err effect_record(struct ctx *ctx, struct effect *e, const char *subject_kind, int64_t subject_id,
                       const char *kind, const struct view *what) MUST_USE;
/* The person of that number, registered now if he is not. */
enum err effect_person(struct ctx *ctx, struct effect *e, struct str name, struct str id_number, struct str mobile,
                       struct person *ret_p) MUST_USE;

enum err effect_unit(struct ctx *ctx, struct effect *e) MUST_USE;      //= R52 R288
enum err effect_employees(struct ctx *ctx, struct effect *e) MUST_USE; //= R56 R63

#endif
