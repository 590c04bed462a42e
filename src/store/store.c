#include "store/store.h"

#include <assert.h>
#include <errno.h>
#include <time.h>

#include "store/store_int.h"

/* --- opening --- */

static enum err
check_version(struct ctx *ctx, struct store *s)
{
    int version;
    return store_version(ctx, s, &version);
}

enum err
store_open(struct ctx *ctx, const struct store_options *opt, struct store **ret_s)
{
    struct arena *a = arena_new(0);
    struct str path = str_sub(opt->url, 7, opt->url.n);
    bool lite = str_starts(opt->url, STR("sqlite:"));
    enum err e = lite ? sqlite_open(ctx, a, path, opt, ret_s) : postgres_open(ctx, a, opt, ret_s);
    if (e != OK) {
        arena_free(a);
        fail_trace(ctx, __FILE__, __LINE__);
        return e;
    }
    e = check_version(ctx, *ret_s);
    if (e != OK) {
        store_close(*ret_s);
        *ret_s = NULL;
        fail_trace(ctx, __FILE__, __LINE__);
    }
    return e;
}

void
store_close(struct store *s)
{
    if (!s)
        return;
    struct arena *a = s->arena;
    s->driver->close(s);
    arena_free(a);
}

bool
store_is_postgres(const struct store *s)
{
    return s->driver->postgres;
}

/* --- the driver's part --- */

enum err
store_write(struct ctx *ctx, struct store *s, store_body body, void *arg)
{
    return s->driver->write(ctx, s, body, arg);
}

enum err
store_read(struct ctx *ctx, struct store *s, struct tx **ret_tx)
{
    *ret_tx = NULL;
    return s->driver->read(ctx, s, ret_tx);
}

void
store_read_end(struct tx *tx)
{
    if (tx)
        tx->s->driver->read_end(tx);
}

enum err
store_backup(struct ctx *ctx, struct store *s, struct str path)
{
    return s->driver->backup(ctx, s, path);
}

enum err
sql_run(struct ctx *ctx, struct tx *tx, const struct sql *s, const struct sql_value *param, struct sql_value **ret_rows,
        int64_t *ret_n)
{
    *ret_rows = NULL;
    *ret_n = 0;
    if (tx->failed != OK)
        FAIL(ctx, tx->failed, "同一事务中先前的语句已经失败（语句 %s 未执行）", s->name);
    enum err e = tx->s->driver->run(ctx, tx, s, param, ret_rows, ret_n);
    if (e == OK && s->shape == SQL_ONE && *ret_n > 1)
        e = fail_set(ctx, ERR_INTEGRITY, __FILE__, __LINE__, "语句 %s 应当最多得到一行，实际得到 %lld 行", s->name,
                     (long long)*ret_n);
    if (e != OK)
        tx->failed = e;
    return e;
}

struct sql_value *
rows_add(struct ctx *ctx, struct rows *r)
{
    size_t cols = (size_t)r->cols;
    if (r->n == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 1; /* most statements give one row, and wide ones */
        struct sql_value *v = ARENA_ARRAY(ctx->arena, cap * cols, struct sql_value);
        for (size_t i = 0; i < r->n * cols; i++)
            v[i] = r->v[i];
        r->v = v;
        r->cap = cap;
    }
    return r->v + r->n++ * cols;
}

/* --- migrations --- */

/* Highest applied version, 0 for an empty database. */
static enum err
read_version(struct ctx *ctx, struct store *s, struct tx *tx, int *ret_version)
{
    int64_t v = 0;
    TRY(ctx, s->driver->admin_int(ctx, tx, s->driver->has_table, &v));
    if (v)
        TRY(ctx, s->driver->admin_int(ctx, tx, "select coalesce(max(version), 0) from schema_migration", &v));
    if (v > sql_migration_count)
        FAIL(ctx, ERR_SCHEMA_NEWER, "数据库结构为第 %lld 版，本程序只认识到第 %d 版；请改用新版程序，不要降级",
             (long long)v, sql_migration_count);
    *ret_version = (int)v;
    return OK;
}

enum err
store_version(struct ctx *ctx, struct store *s, int *ret_version)
{
    struct tx *tx;
    TRY(ctx, s->driver->admin_begin(ctx, s, false, &tx));
    enum err e = read_version(ctx, s, tx, ret_version);
    s->driver->admin_end(tx);
    return e;
}

static enum err
apply_next(struct ctx *ctx, struct store *s, struct tx *tx, bool *ret_applied)
{
    const struct driver *d = s->driver;
    int version;
    TRY(ctx, read_version(ctx, s, tx, &version));
    *ret_applied = version < sql_migration_count;
    if (!*ret_applied)
        return OK;
    const struct sql_migration *m = &sql_migration[version];
    assert(m->version == version + 1);
    if (version == 0)
        TRY(ctx,
            d->admin_exec(ctx, tx,
                          d->postgres ? "create table if not exists schema_migration (version bigint primary key, "
                                        "name text not null, applied_ms bigint not null)"
                                      : "create table if not exists schema_migration (version integer primary key, "
                                        "name text not null, applied_ms integer not null) strict"));
    TRY(ctx, d->admin_exec(ctx, tx, d->postgres ? m->text_pg : m->text_sqlite));
    struct str row =
        str_fmt(ctx->arena, "insert into schema_migration (version, name, applied_ms) values (%d, '%s', %lld)",
                m->version, m->name, (long long)ctx->now_ms);
    TRY(ctx, d->admin_exec(ctx, tx, row.p));
    return d->admin_commit(ctx, tx);
}

enum err
store_migrate(struct ctx *ctx, struct store *s, int *ret_applied)
{
    *ret_applied = 0;
    for (bool more = true; more;) {
        struct tx *tx;
        TRY(ctx, s->driver->admin_begin(ctx, s, true, &tx));
        enum err e = apply_next(ctx, s, tx, &more);
        s->driver->admin_end(tx);
        TRY(ctx, e);
        *ret_applied += more;
    }
    return OK;
}

/* --- pools --- */

void
pool_init(struct pool *p)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->freed, &attr);
    pthread_condattr_destroy(&attr);
}

void
pool_destroy(struct pool *p)
{
    pthread_cond_destroy(&p->freed);
    pthread_mutex_destroy(&p->lock);
}

void
pool_put(struct pool *p, struct tx *tx)
{
    pthread_mutex_lock(&p->lock);
    tx->next_free = p->first; /* last in, first out: the warm connection goes first */
    p->first = tx;
    pthread_cond_signal(&p->freed);
    pthread_mutex_unlock(&p->lock);
}

static struct tx *
pool_pop(struct pool *p)
{
    struct tx *tx = p->first;
    if (tx)
        p->first = tx->next_free;
    return tx;
}

enum err
pool_get(struct ctx *ctx, struct pool *p, struct tx **ret_tx)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += POOL_WAIT_MS / 1000;
    pthread_mutex_lock(&p->lock);
    int rc = p->waiting < QUEUE_MAX ? 0 : ETIMEDOUT;
    p->waiting++;
    while (!p->first && rc == 0)
        rc = pthread_cond_timedwait(&p->freed, &p->lock, &until);
    p->waiting--;
    struct tx *tx = pool_pop(p);
    pthread_mutex_unlock(&p->lock);
    if (!tx)
        FAIL(ctx, ERR_BUSY, "等待数据库连接超时");
    tx->failed = OK;
    tx->retry = tx->broken = false;
    *ret_tx = tx;
    return OK;
}

struct tx *
pool_take(struct pool *p)
{
    pthread_mutex_lock(&p->lock);
    while (!p->first)
        pthread_cond_wait(&p->freed, &p->lock);
    struct tx *tx = pool_pop(p);
    pthread_mutex_unlock(&p->lock);
    return tx;
}

/* --- faults --- */

void
store_fault_arm(struct store *s, int countdown)
{
#ifndef NO_FAULT_INJECTION
    if (!s->driver->postgres)
        sqlite_fault_arm(s, countdown);
#else
    (void)s, (void)countdown;
#endif
}
