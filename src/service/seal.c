/* Seals of all regions: called by a job every few seconds and by tests. */
#include "service/service_int.h"

enum { SEAL_MAX = 5000 };

struct sealing {
    struct server *s;
    struct str region;
    int64_t count;
};

static enum err
seal_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct sealing *x = arg;
    return case_seal(ctx, tx, &x->s->vault, x->region, SEAL_MAX, &x->count);
}

enum err
service_seal_all(struct ctx *ctx, struct server *s, int64_t *ret_events)
{
    *ret_events = 0;
    for (size_t i = 0; i < catalog_region_count(s->catalog); i++) {
        struct sealing x = {.s = s, .region = catalog_region_at(s->catalog, i)->code};
        enum err e = store_write(ctx, s->store, seal_body, &x);
        if (e == ERR_CONFLICT) { /* another process sealed first: its seal covers these */
            fail_clear(ctx);
            continue;
        }
        TRY(ctx, e);
        *ret_events += x.count;
    }
    return OK;
}
