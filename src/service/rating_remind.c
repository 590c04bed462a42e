/* One invitation to rate, after the case and never again (R48, R49): the row that says it was sent and the message are one transaction. */
#include "service/message.h"
#include "service/rating_service.h"
#include "service/service_int.h"

enum { REMIND_BATCH = 20 };

struct reminding {
    struct server *s;
    struct str region;
    size_t n;
    struct fail broken; /* what was wrong with the first case that cannot be read */
};

/* A case that cannot be read is passed over and reported: it must not keep the others of its region waiting. */
static enum err
remind_one(struct ctx *ctx, struct tx *tx, struct reminding *x, int64_t case_id)
{
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    struct data_key key;
    enum err e = case_load(ctx, tx, &x->s->vault, x->s->catalog, x->region, case_id, cf);
    if (e == ERR_RECORD_MISSING || e == ERR_NOT_FOUND) /* its subject was forgotten: nobody is written to */
        return fail_clear(ctx), OK;
    if (e == ERR_CRYPTO || e == ERR_INTEGRITY) {
        x->broken = x->broken.e == OK ? *ctx->fail : x->broken;
        return fail_clear(ctx), OK;
    }
    TRY(ctx, e);
    TRY(ctx, vault_key_get(ctx, tx, &x->s->vault, x->region, cf->key_id, &key));
    return message_case_event(ctx, tx, x->s, cf, &key, STR("remind_rating"), 0, NULL);
}

static enum err
remind_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct reminding *x = arg;
    int64_t *id;
    TRY(ctx, rating_reminders_due(ctx, tx, x->region, day_of_ms(ctx->now_ms), REMIND_BATCH, &id, &x->n));
    for (size_t i = 0; i < x->n; i++)
        TRY(ctx, remind_one(ctx, tx, x, id[i]));
    return OK;
}

enum err
service_rating_remind(struct ctx *ctx, struct server *s, int64_t *ret_sent)
{
    struct fail broken = {0};
    *ret_sent = 0;
    for (size_t i = 0; i < catalog_region_count(s->catalog); i++) {
        struct reminding x = {.s = s, .region = catalog_region_at(s->catalog, i)->code};
        TRY(ctx, store_write(ctx, s->store, remind_body, &x));
        *ret_sent += (int64_t)x.n;
        broken = broken.e == OK ? x.broken : broken;
    }
    if (broken.e == OK)
        return OK;
    *ctx->fail = broken;
    return broken.e;
}
