/* Answered reports, kept in memory: a guide's page is answered without the database, and yet says what has been put right. A
** set is never changed but swapped whole; readers copy what they show while they hold the lock. */
#include <pthread.h>
#include <stdatomic.h>

#include "base/crypto.h"
#include "service/fault_report.h"
#include "service/guide.h"
#include "version/fault.h"

enum { PER_REGION = 200, PER_MATTER = 20 };

struct corrections {
    struct arena *arena;     /* holds this struct */
    pthread_mutex_t refresh; /* one reads and swaps at a time: an older reading must not come after a newer one */
    pthread_mutex_t lock;
    struct arena *set; /* holds FAULT and its texts; NULL: empty */
    const struct fault *fault;
    size_t n;
    struct crypto_digest digest;
    _Atomic uint64_t epoch;
};

void
corrections_free(struct corrections *c)
{
    if (!c)
        return;
    arena_free(c->set);
    pthread_mutex_destroy(&c->refresh);
    pthread_mutex_destroy(&c->lock);
    arena_free(c->arena);
}

static struct corrections *
shelf_of(struct server *s)
{
    struct corrections *c = s->corrections;
    if (c)
        return c;
    struct arena *a = arena_new(0);
    struct corrections *made = ARENA_NEW(a, struct corrections);
    made->arena = a;
    pthread_mutex_init(&made->refresh, NULL);
    pthread_mutex_init(&made->lock, NULL);
    if (atomic_compare_exchange_strong(&s->corrections, &c, made))
        return made;
    corrections_free(made); /* another thread was quicker */
    return c;
}

static void
fault_copy(struct arena *a, const struct fault *f, struct fault *out)
{
    *out = *f;
    out->region = str_dup(a, f->region);
    out->no = str_dup(a, f->no);
    out->matter = str_dup(a, f->matter);
    out->part = str_dup(a, f->part);
    out->answer = str_dup(a, f->answer);
    out->answered_name = str_dup(a, f->answered_name);
}

/* Reads into A, in the regions' order; an answer is never changed, so its number tells it. */
static enum err
read_all(struct ctx *ctx, struct server *s, struct arena *a, struct fault **ret_f, size_t *ret_n,
         struct crypto_digest *ret_digest)
{
    const struct catalog *now = s->catalog;
    size_t regions = catalog_region_count(now), n = 0;
    struct fault **row = ARENA_ARRAY(ctx->arena, regions, struct fault *);
    size_t *count = ARENA_ARRAY(ctx->arena, regions, size_t);
    struct buf numbers;
    buf_init(&numbers, ctx->arena, 1024);
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    for (size_t i = 0; i < regions; i++) {
        struct str region = catalog_region_at(now, i)->code;
        TRY(ctx, fault_answered(ctx, tx, region, INT64_MAX, INT64_MAX, PER_REGION, &row[i], &count[i]));
        n += count[i];
    }
    struct fault *f = ARENA_ARRAY(a, n, struct fault);
    *ret_f = f;
    *ret_n = n;
    for (size_t i = 0; i < regions; i++)
        for (size_t k = 0; k < count[i]; k++) {
            fault_copy(a, &row[i][k], f++);
            buf_fmt(&numbers, "%.*s\n", STR_ARG(row[i][k].no));
        }
    *ret_digest = crypto_sm3(buf_str(&numbers));
    return OK;
}

static enum err
refresh(struct ctx *ctx, struct server *s, struct corrections *c)
{
    struct arena *set = arena_new(0);
    struct fault *f = NULL;
    size_t n = 0;
    struct crypto_digest digest;
    enum err e = read_all(ctx, s, set, &f, &n, &digest);
    if (e != OK) {
        arena_free(set);
        return e;
    }
    pthread_mutex_lock(&c->lock);
    bool same = c->set && crypto_equal(&c->digest, &digest, sizeof digest);
    if (!same) {
        struct arena *old = c->set;
        c->set = set;
        c->fault = f;
        c->n = n;
        c->digest = digest;
        c->epoch++;
        set = old;
    }
    pthread_mutex_unlock(&c->lock);
    arena_free(set);
    return OK;
}

enum err
service_corrections_refresh(struct ctx *ctx, struct server *s)
{
    struct corrections *c = shelf_of(s);
    pthread_mutex_lock(&c->refresh);
    enum err e = refresh(ctx, s, c);
    pthread_mutex_unlock(&c->refresh);
    return e;
}

uint64_t
service_corrections_epoch(const struct server *s)
{
    struct corrections *c = s->corrections;
    return c ? c->epoch : 0;
}

static void
put_correction(struct ctx *ctx, const struct fault *f, struct view *row)
{
    struct arena *a = ctx->arena;
    const struct fault_part *part = fault_part_find(f->part);
    view_put_text(row, "no", str_dup(a, f->no));
    view_put_z(row, "part_name", part ? part->name : "其他");
    view_put_z(row, "outcome", fault_state_id(f->state));
    view_put_z(row, "outcome_name", fault_state_name(f->state));
    view_put_bool(row, "revised", f->state == FAULT_REVISED);
    view_put_text(row, "text", str_dup(a, f->answer));
    if (f->version_no)
        view_put_int(row, "version_no", f->version_no);
    else
        view_put_null(row, "version_no");
    view_put_day(row, "day", day_of_ms(f->answered_ms));
    view_put_text(row, "keeper", str_dup(a, f->answered_name));
}

void
service_corrections(struct ctx *ctx, const struct server *s, const struct matter *m, struct view *map)
{
    struct corrections *c = s->corrections;
    struct view *list = view_put_list(map, "corrections");
    size_t n = 0;
    if (c) {
        pthread_mutex_lock(&c->lock);
        for (size_t i = 0; i < c->n && n < PER_MATTER; i++)
            if (str_eq(c->fault[i].matter, m->id) && str_eq(c->fault[i].region, m->region->code)) {
                put_correction(ctx, &c->fault[i], view_add_map(list));
                n++;
            }
        pthread_mutex_unlock(&c->lock);
    }
    view_put_bool(map, "has_corrections", n > 0);
}
