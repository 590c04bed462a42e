#include "jobs/jobs.h"

#include <pthread.h>
#include <time.h>

#include "base/log.h"
#include "service/alert.h"
#include "service/commitment.h"
#include "service/fault_report.h"
#include "service/keeper.h"
#include "service/message.h"
#include "service/rating_service.h"
#include "service/reproject.h"
#include "service/service.h"
#include "service/supervision.h"
#include "sql_gen.h"

enum {
    HOUR_MS = 3600000,
    ANSWERS_MS = 20000,
    ALERTS_MS = 30000,
    PURGE_MAX = 500,
    IDEMPOTENCY_DAYS = 7,
    POST_MS = 1000
};

struct jobs {
    struct server *server;
    struct arena *arena;
    pthread_t thread;
    pthread_t postman; /* sends messages: a silent receiver holds up nobody else */
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stop;
    int seal_ms;
    int64_t alerts_ms; /* when deadlines were last looked at, and on which day */
    int32_t alerts_day;
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
    int32_t today = day_of_ms(ctx.now_ms).n;
    if (today != j->alerts_day || machine - j->alerts_ms >= ALERTS_MS) {
        struct alert_round alerts;
        int64_t written;
        fail_clear(&ctx);
        if (service_alert_round(&ctx, j->server, &alerts) != OK)
            log_fail(&ctx, "alert");
        if (alerts.untold) /* the supervisor's page lists them; there may be no supervisor to read it */
            log_event(LOG_WARN, "alert_untold", "rows=%lld", (long long)alerts.untold);
        fail_clear(&ctx);
        if (service_rating_remind(&ctx, j->server, &written) != OK)
            log_fail(&ctx, "rating_remind");
        fail_clear(&ctx);
        if (service_reproject_round(&ctx, j->server, &written) != OK)
            log_fail(&ctx, "reproject");
        j->alerts_day = today;
        j->alerts_ms = machine;
    }
    if (machine - j->answers_ms >= ANSWERS_MS) {
        fail_clear(&ctx);
        if (service_corrections_refresh(&ctx, j->server) != OK)
            log_fail(&ctx, "corrections");
        fail_clear(&ctx);
        int64_t drawn;
        if (service_commitment_draw(&ctx, j->server, &drawn) != OK)
            log_fail(&ctx, "draw");
        fail_clear(&ctx);
        int64_t carried; /* what one region has for another, where it did not go at once */
        if (service_posts_deliver(&ctx, j->server, &carried) != OK)
            log_fail(&ctx, "posts");
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

/* With the lock held. */
static void
rest(struct jobs *j, int ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + (int64_t)ms * 1000000;
    until.tv_sec += ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    pthread_cond_timedwait(&j->wake, &j->lock, &until);
}

static void *
post(void *arg)
{
    struct jobs *j = arg;
    struct arena *arena = arena_new(0);
    int64_t sent = 0;
    pthread_mutex_lock(&j->lock);
    while (!j->stop) {
        if (!sent) /* as long as something goes out, there may be more */
            rest(j, POST_MS);
        pthread_mutex_unlock(&j->lock);
        struct ctx ctx = ctx_new(arena, server_now(j->server));
        if (service_message_round(&ctx, j->server, &sent) != OK) {
            log_fail(&ctx, "message");
            sent = 0;
        }
        arena_reset(arena);
        pthread_mutex_lock(&j->lock);
    }
    pthread_mutex_unlock(&j->lock);
    arena_free(arena);
    return NULL;
}

static void *
run(void *arg)
{
    struct jobs *j = arg;
    int64_t last_hour_ms = 0;
    pthread_mutex_lock(&j->lock);
    while (!j->stop) {
        rest(j, j->seal_ms);
        pthread_mutex_unlock(&j->lock);
        round_once(j, &last_hour_ms);
        pthread_mutex_lock(&j->lock);
    }
    pthread_mutex_unlock(&j->lock);
    return NULL;
}

static void
stop_thread(struct jobs *j)
{
    pthread_mutex_lock(&j->lock);
    j->stop = true;
    pthread_cond_broadcast(&j->wake);
    pthread_mutex_unlock(&j->lock);
    pthread_join(j->thread, NULL);
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
    if (pthread_create(&j->postman, NULL, post, j) != 0) {
        stop_thread(j);
        FAIL(ctx, ERR_MEMORY, "后台线程不能启动");
    }
    *ret_j = j;
    return OK;
}

void
jobs_stop(struct jobs *j)
{
    if (!j)
        return;
    stop_thread(j);
    pthread_join(j->postman, NULL);
    pthread_cond_destroy(&j->wake);
    pthread_mutex_destroy(&j->lock);
    arena_free(j->arena);
}
