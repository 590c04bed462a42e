#include "jobs/jobs.h"

#include <pthread.h>
#include <time.h>

#include "base/log.h"
#include "service/fault_report.h"
#include "service/keeper.h"
#include "service/service.h"
#include "sql_gen.h"

enum { HOUR_MS = 3600000, ANSWERS_MS = 20000, PURGE_MAX = 500, IDEMPOTENCY_DAYS = 7 };

struct jobs {
    struct server *server;
    struct arena *arena;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stop;
    int seal_ms;
    int64_t answers_ms; /* when the answers given in other processes were last read */
};

struct purge {
    struct server *s;
    struct str region;
};

static enum err
purge_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct purge *p = arg;
    struct sql_draft_expired_in in = {.region = p->region, .expires_ms = ctx->now_ms, .limit = PURGE_MAX};
    struct sql_draft_expired_row *r;
    size_t n;
    TRY(ctx, sql_draft_expired(ctx, tx, &in, &r, &n));
    for (size_t i = 0; i < n; i++) {
        struct sql_draft_delete_in del = {.region = p->region, .id = r[i].id};
        struct sql_upload_draft_gone_in gone = {.region = p->region, .draft_id = r[i].id};
        TRY(ctx, sql_draft_delete(ctx, tx, &del, NULL));
        TRY(ctx, sql_upload_draft_gone(ctx, tx, &gone, NULL)); /* else the sweeper would keep their files for ever */
    }
    struct sql_idempotency_purge_in old = {.region = p->region, .day = day_of_ms(ctx->now_ms).n - IDEMPOTENCY_DAYS};
    return sql_idempotency_purge(ctx, tx, &old, NULL);
}

enum err
jobs_housekeep(struct ctx *ctx, struct server *s)
{
    for (size_t i = 0; i < catalog_region_count(s->catalog); i++) {
        struct purge p = {.s = s, .region = catalog_region_at(s->catalog, i)->code};
        TRY(ctx, store_write(ctx, s->store, purge_body, &p));
    }
    int64_t removed;
    return service_sweep(ctx, s, ctx_clock_ms() / HOUR_MS, &removed);
}

static void
round_once(struct jobs *j, int64_t *last_hour_ms)
{
    struct ctx ctx = ctx_new(j->arena, server_now(j->server));
    int64_t sealed;
    if (service_seal_all(&ctx, j->server, &sealed) != OK)
        log_fail(&ctx, "seal");
    fail_clear(&ctx);
    if (service_catalog_refresh(&ctx, j->server) != OK) /* another process published, or a day has come */
        log_fail(&ctx, "catalog");
    int64_t machine = ctx_clock_ms();
    if (machine - j->answers_ms >= ANSWERS_MS) {
        fail_clear(&ctx);
        if (service_corrections_refresh(&ctx, j->server) != OK)
            log_fail(&ctx, "corrections");
        j->answers_ms = machine;
    }
    if (machine - *last_hour_ms >= HOUR_MS) {
        fail_clear(&ctx);
        if (jobs_housekeep(&ctx, j->server) != OK)
            log_fail(&ctx, "housekeep");
        *last_hour_ms = machine;
    }
    arena_reset(j->arena);
}

static void *
run(void *arg)
{
    struct jobs *j = arg;
    int64_t last_hour_ms = 0;
    pthread_mutex_lock(&j->lock);
    while (!j->stop) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        int64_t ns = until.tv_nsec + (int64_t)j->seal_ms * 1000000;
        until.tv_sec += ns / 1000000000;
        until.tv_nsec = ns % 1000000000;
        pthread_cond_timedwait(&j->wake, &j->lock, &until);
        pthread_mutex_unlock(&j->lock);
        round_once(j, &last_hour_ms);
        pthread_mutex_lock(&j->lock);
    }
    pthread_mutex_unlock(&j->lock);
    return NULL;
}

enum err
jobs_start(struct ctx *ctx, struct server *s, int seal_ms, struct jobs **ret_j)
{
    struct jobs *j = ARENA_NEW(ctx->arena, struct jobs);
    *j = (struct jobs){.server = s, .arena = arena_new(0), .seal_ms = seal_ms > 0 ? seal_ms : 2000};
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&j->lock, NULL);
    pthread_cond_init(&j->wake, &attr);
    pthread_condattr_destroy(&attr);
    if (pthread_create(&j->thread, NULL, run, j) != 0)
        FAIL(ctx, ERR_MEMORY, "后台线程不能启动");
    *ret_j = j;
    return OK;
}

void
jobs_stop(struct jobs *j)
{
    if (!j)
        return;
    pthread_mutex_lock(&j->lock);
    j->stop = true;
    pthread_cond_signal(&j->wake);
    pthread_mutex_unlock(&j->lock);
    pthread_join(j->thread, NULL);
    pthread_cond_destroy(&j->wake);
    pthread_mutex_destroy(&j->lock);
    arena_free(j->arena);
}
