/* The PostgreSQL driver (libpq): two pools of connections, made when first needed and again when they break.
**
** Writes are SERIALIZABLE: a body sees and does what it would with SQLite's one writer, so no body needs to know which
** engine it
** runs on; it costs 3–10 %. Conflicts are retried. Writers of a hot row (a number counter) would fail one another for
** ever, so
** from the third attempt on a body runs alone among this process's writes (the lane): it gets through as on SQLite.
** Reads are REPEATABLE READ READ ONLY: one snapshot, never a conflict. */
#include <assert.h>
#include <endian.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "store/store_int.h"

enum {
    WRITERS = 32,
    READERS = 16,
    READERS_MAX = 256,
    ATTEMPTS = 6,        /* the first and 5 more */
    ATTEMPTS_SHARED = 2, /* beside other writes; those after run alone */
};
enum { OID_BYTEA = 17, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_TEXT = 25 };
static const Oid oid_of[] = {[SQL_TEXT] = OID_TEXT, [SQL_BIGINT] = OID_INT8, [SQL_BYTEA] = OID_BYTEA};

struct pg_conn {
    struct tx tx;                            /* first: a tx is its connection */
    PGconn *pg;                              /* NULL: not connected */
    const struct sql *slot[STATEMENT_SLOTS]; /* prepared here as "s<slot>" */
};

struct pg {
    struct store base; /* first: a store is its driver's */
    const char *url;
    struct pool readers, writers;
    int reader_count;
    pthread_rwlock_t lane;
};

/* --- failures --- */

/* Sets the failure that R stands for and notes in the tx what can be done about it. Takes R. Only the primary message
** is shown:
 ** the details of PostgreSQL's messages hold values. */
static enum err MUST_USE
pg_fail(struct ctx *ctx, struct pg_conn *c, PGresult *r, const char *what)
{
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE),
               *message = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    struct str code = str_dup(ctx->arena, str_c(state ? state : "")),
               text = str_dup(ctx->arena, str_c(message ? message : ""));
    /* libpq's own words, not the server's: after a write to a dead socket its status may still be CONNECTION_OK */
    bool lost = str_empty(code) && PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK;
    PQclear(r);
    enum err e = ERR_STORE;
    if (lost || PQstatus(c->pg) == CONNECTION_BAD || str_starts(code, STR("57P0"))) {
        c->tx.broken = c->tx.retry = true; /* nothing was committed: a lost COMMIT is told apart by its caller */
        if (str_empty(text))
            text = STR("连接中断");
    } else if (str_eqz(code, "40001") || str_eqz(code, "40P01")) {
        c->tx.retry = true;
        e = ERR_SERIALIZATION;
    } else if (str_eqz(code, "0A000") && str_find(text, STR("cached plan")) != SIZE_MAX) {
        c->tx.broken = c->tx.retry = true; /* a migration changed the table: a new connection prepares again */
    } else if (str_eqz(code, "53100")) {
        e = ERR_STORE_FULL;
    } else if (str_starts(code, STR("53")) || str_eqz(code, "55P03")) {
        e = ERR_BUSY;
    } else if (str_starts(code, STR("XX00")) && !str_eqz(code, "XX000")) {
        e = ERR_INTEGRITY;
    }
    FAIL(ctx, e, "数据库操作（%s）失败：%.*s（SQLSTATE %.*s）", what, STR_ARG(text), STR_ARG(code));
}

/* --- connections --- */

static void
quiet(void *arg, const PGresult *r)
{
    (void)arg, (void)r; /* libraries do not log */
}

static void
disconnect(struct pg_conn *c)
{
    PQfinish(c->pg);
    c->pg = NULL;
    memset(c->slot, 0, sizeof c->slot);
}

static enum err
exec(struct ctx *ctx, struct pg_conn *c, const char *text, const char *what)
{
    PGresult *r = PQexec(c->pg, text);
    if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
        return pg_fail(ctx, c, r, what);
    PQclear(r);
    return OK;
}

static enum err
connect_to(struct ctx *ctx, struct pg *p, struct pg_conn *c)
{
    disconnect(c);
    /* What stands behind dbname wins over the URL, what stands before it is a default. */
    const char *const key[] = {"connect_timeout", "tcp_user_timeout", "fallback_application_name",
                               "dbname",          "client_encoding",  NULL};
    const char *const value[] = {"10", "30000", "jingban", p->url, "UTF8", NULL};
    c->tx.s = &p->base;
    c->pg = PQconnectdbParams(key, value, 1);
    if (PQstatus(c->pg) != CONNECTION_OK) {
        struct str m = str_trim(str_dup(ctx->arena, str_c(PQerrorMessage(c->pg))));
        disconnect(c);
        FAIL(ctx, ERR_STORE, "无法连接数据库：%.*s", STR_ARG(m));
    }
    PQsetNoticeReceiver(c->pg, quiet, NULL);
    /* store_write promises durability: never below 'on', but what the operator set above it stays. */
    enum err e = exec(ctx, c,
                      "select set_config('synchronous_commit', 'on', false) "
                      "where current_setting('synchronous_commit') in ('off', 'local')",
                      "连接");
    if (e != OK)
        disconnect(c);
    return e;
}

static enum err
connected(struct ctx *ctx, struct pg *p, struct pg_conn *c)
{
    c->tx.failed = OK;
    c->tx.retry = c->tx.broken = false;
    if (c->pg && PQstatus(c->pg) == CONNECTION_OK)
        return OK;
    return connect_to(ctx, p, c);
}

/* Ends whatever transaction is open, so that the connection can be used again, or closes it. */
static void
abandon(struct pg_conn *c)
{
    if (!c->pg)
        return;
    if (!c->tx.broken && PQtransactionStatus(c->pg) != PQTRANS_IDLE)
        PQclear(PQexec(c->pg, "rollback"));
    if (c->tx.broken || PQtransactionStatus(c->pg) != PQTRANS_IDLE)
        disconnect(c);
}

/* --- statements --- */

static enum err
prepare(struct ctx *ctx, struct pg_conn *c, const struct sql *s, char name[static 16])
{
    int slot = s->index % STATEMENT_SLOTS;
    snprintf(name, 16, "s%d", slot);
    if (c->slot[slot] == s)
        return OK;
    if (c->slot[slot]) {
        char text[32];
        snprintf(text, sizeof text, "deallocate %s", name);
        c->slot[slot] = NULL;
        TRY(ctx, exec(ctx, c, text, s->name));
    }
    Oid oid[LIST_LIMIT];
    for (int i = 0; i < s->param_count; i++)
        oid[i] = oid_of[s->param[i].type];
    PGresult *r = PQprepare(c->pg, name, s->text_pg, s->param_count, oid);
    if (PQresultStatus(r) != PGRES_COMMAND_OK)
        return pg_fail(ctx, c, r, s->name);
    PQclear(r);
    c->slot[slot] = s;
    return OK;
}

static enum err
fetch_value(struct ctx *ctx, const PGresult *r, const struct sql *s, int row, int i, struct sql_value *v)
{
    const struct sql_param *col = &s->col[i];
    v->null = PQgetisnull(r, row, i);
    if (v->null && !col->nullable)
        FAIL(ctx, ERR_INTEGRITY, "语句 %s 的 %s 列读到空值", s->name, col->name);
    if (v->null)
        return OK;
    const char *p = PQgetvalue(r, row, i);
    Oid oid = PQftype(r, i);
    if (col->type != SQL_BIGINT && oid == oid_of[col->type]) {
        v->s = str_dup(ctx->arena, (struct str){p, (size_t)PQgetlength(r, row, i)});
    } else if (col->type == SQL_BIGINT && oid == OID_INT8) {
        uint64_t be;
        memcpy(&be, p, sizeof be);
        v->i = (int64_t)be64toh(be);
    } else if (col->type == SQL_BIGINT && oid == OID_INT4) { /* an integer literal */
        uint32_t be;
        memcpy(&be, p, sizeof be);
        v->i = (int32_t)be32toh(be);
    } else if (col->type == SQL_BIGINT && oid == OID_INT2) {
        uint16_t be;
        memcpy(&be, p, sizeof be);
        v->i = (int16_t)be16toh(be);
    } else {
        FAIL(ctx, ERR_INTEGRITY, "语句 %s 的 %s 列读到类型不符的值", s->name, col->name);
    }
    return OK;
}

static enum err
fetch(struct ctx *ctx, const PGresult *r, const struct sql *s, struct sql_value **ret_rows, int64_t *ret_n)
{
    if (s->shape == SQL_NONE) {
        if (!str_int(str_c(PQcmdTuples((PGresult *)r)), ret_n))
            *ret_n = 0;
        return OK;
    }
    if (PQnfields(r) != s->col_count)
        FAIL(ctx, ERR_STORE, "语句 %s 的列数与声明不符", s->name);
    int n = PQntuples(r);
    struct sql_value *v = ARENA_ARRAY(ctx->arena, (size_t)n * (size_t)s->col_count, struct sql_value);
    for (int row = 0; row < n; row++)
        for (int i = 0; i < s->col_count; i++)
            TRY(ctx, fetch_value(ctx, r, s, row, i, &v[row * s->col_count + i]));
    *ret_rows = v;
    *ret_n = n;
    return OK;
}

static enum err
pg_run(struct ctx *ctx, struct tx *tx, const struct sql *s, const struct sql_value *param, struct sql_value **ret_rows,
       int64_t *ret_n)
{
    struct pg_conn *c = (struct pg_conn *)tx;
    char name[16];
    TRY(ctx, prepare(ctx, c, s, name));
    const char *value[LIST_LIMIT];
    int length[LIST_LIMIT], format[LIST_LIMIT];
    uint64_t big[LIST_LIMIT];
    assert(s->param_count <= LIST_LIMIT);
    for (int i = 0; i < s->param_count; i++) {
        bool number = s->param[i].type == SQL_BIGINT;
        big[i] = htobe64((uint64_t)param[i].i);
        value[i] = param[i].null ? NULL : number ? (const char *)&big[i] : param[i].s.p ? param[i].s.p : "";
        length[i] = number ? (int)sizeof big[i] : (int)param[i].s.n;
        format[i] = 1;
    }
    PGresult *r = PQexecPrepared(c->pg, name, s->param_count, value, length, format, 1);
    if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
        return pg_fail(ctx, c, r, s->name);
    enum err e = fetch(ctx, r, s, ret_rows, ret_n);
    PQclear(r);
    return e;
}

/* --- writing --- */

static enum err
commit(struct ctx *ctx, struct pg_conn *c)
{
    PGresult *r = PQexec(c->pg, "commit");
    /* The server answers ROLLBACK to the COMMIT of a transaction that had failed. */
    if (PQresultStatus(r) == PGRES_COMMAND_OK && strcmp(PQcmdStatus(r), "COMMIT") == 0 &&
        PQstatus(c->pg) == CONNECTION_OK) {
        PQclear(r);
        return OK;
    }
    enum err e = pg_fail(ctx, c, r, "提交");
    if (c->tx.broken) {
        c->tx.retry = false; /* it may have happened: running the body again could do it twice */
        return fail_set(ctx, ERR_STORE, __FILE__, __LINE__, "提交时数据库连接中断，结果未知，请先查询再办理");
    }
    return e;
}

static enum err
attempt(struct ctx *ctx, struct pg *p, struct pg_conn *c, store_body body, void *arg)
{
    TRY(ctx, connected(ctx, p, c));
    enum err e = exec(ctx, c, "begin isolation level serializable", "开始写入");
    if (e == OK)
        e = body(ctx, &c->tx, arg);
    if (e == OK && c->tx.failed != OK) /* the body swallowed a failed statement */
        e = fail_set(ctx, c->tx.failed, __FILE__, __LINE__, "事务中有语句失败，不能提交");
    if (e == OK)
        e = commit(ctx, c);
    abandon(c);
    return e;
}

/* A few milliseconds, more with each attempt, not the same for all. */
static void
pause_before(int again)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    long spread = (t.tv_nsec / 1000) % (2000L << again);
    t = (struct timespec){.tv_nsec = (500 + spread) * 1000};
    nanosleep(&t, NULL);
}

static enum err
pg_write(struct ctx *ctx, struct store *s, store_body body, void *arg)
{
    struct pg *p = (struct pg *)s;
    struct tx *tx;
    TRY(ctx, pool_get(ctx, &p->writers, &tx));
    enum err e = OK;
    for (int i = 1; i <= ATTEMPTS; i++) {
        if (i <= ATTEMPTS_SHARED)
            pthread_rwlock_rdlock(&p->lane);
        else
            pthread_rwlock_wrlock(&p->lane);
        e = attempt(ctx, p, (struct pg_conn *)tx, body, arg);
        pthread_rwlock_unlock(&p->lane);
        if (e == OK || !tx->retry || i == ATTEMPTS)
            break;
        fail_clear(ctx);
        pause_before(i);
    }
    pool_put(&p->writers, tx);
    if (e != OK)
        fail_trace(ctx, __FILE__, __LINE__);
    return e;
}

/* --- reading --- */

static enum err
pg_read(struct ctx *ctx, struct store *s, struct tx **ret_tx)
{
    struct pg *p = (struct pg *)s;
    struct tx *tx;
    TRY(ctx, pool_get(ctx, &p->readers, &tx));
    struct pg_conn *c = (struct pg_conn *)tx;
    static const char text[] = "begin isolation level repeatable read read only";
    enum err e = connected(ctx, p, c);
    if (e == OK)
        e = exec(ctx, c, text, "开始读取");
    if (e != OK && tx->broken) { /* it broke while it rested */
        fail_clear(ctx);
        abandon(c);
        e = connected(ctx, p, c);
        if (e == OK)
            e = exec(ctx, c, text, "开始读取");
    }
    if (e != OK) {
        abandon(c);
        pool_put(&p->readers, tx);
        fail_trace(ctx, __FILE__, __LINE__);
        return e;
    }
    *ret_tx = tx;
    return OK;
}

static void
pg_read_end(struct tx *tx)
{
    abandon((struct pg_conn *)tx);
    pool_put(&((struct pg *)tx->s)->readers, tx);
}

/* --- admin sessions: a connection of their own, READ COMMITTED so that what the lock waited for is seen --- */

static void
admin_end(struct tx *tx)
{
    disconnect((struct pg_conn *)tx); /* the server rolls back what is open */
}

static enum err
admin_begin(struct ctx *ctx, struct store *s, bool exclusive, struct tx **ret_tx)
{
    struct pg_conn *c = ARENA_NEW(ctx->arena, struct pg_conn);
    TRY(ctx, connected(ctx, (struct pg *)s, c));
    enum err e = exec(ctx, c, "begin isolation level read committed", "取得升级锁");
    if (e == OK && exclusive) /* the number is 'jingban' */
        e = exec(ctx, c, "select pg_advisory_xact_lock(29952270433149294)", "取得升级锁");
    if (e != OK) {
        disconnect(c);
        return e;
    }
    *ret_tx = &c->tx;
    return OK;
}

static enum err
admin_exec(struct ctx *ctx, struct tx *tx, const char *text)
{
    return exec(ctx, (struct pg_conn *)tx, text, "升级数据库结构");
}

static enum err
admin_int(struct ctx *ctx, struct tx *tx, const char *text, int64_t *ret_v)
{
    struct pg_conn *c = (struct pg_conn *)tx;
    PGresult *r = PQexec(c->pg, text);
    if (PQresultStatus(r) != PGRES_TUPLES_OK)
        return pg_fail(ctx, c, r, "读取数据库版本");
    bool ok = PQntuples(r) == 1 && str_int(str_c(PQgetvalue(r, 0, 0)), ret_v);
    PQclear(r);
    if (!ok)
        FAIL(ctx, ERR_STORE, "读取数据库版本得到的不是整数");
    return OK;
}

static enum err
admin_commit(struct ctx *ctx, struct tx *tx)
{
    return commit(ctx, (struct pg_conn *)tx);
}

static enum err
pg_backup(struct ctx *ctx, struct store *s, struct str path)
{
    (void)s, (void)path;
    FAIL(ctx, ERR_CONFIG, "PostgreSQL 数据库请用 pg_dump 或 pg_basebackup 备份");
}

/* --- opening and closing --- */

static void
close_pool(struct pool *pool, int n)
{
    for (int i = 0; i < n; i++)
        disconnect((struct pg_conn *)pool_take(pool)); /* waits for those still at work */
    pool_destroy(pool);
}

static void
pg_close(struct store *s)
{
    struct pg *p = (struct pg *)s;
    close_pool(&p->writers, WRITERS);
    close_pool(&p->readers, p->reader_count);
    pthread_rwlock_destroy(&p->lane);
}

/* Text must sort by code point as in SQLite. The name of the collation is not enough: another provider may stand behind
 * it. */
static enum err
check_database(struct ctx *ctx, struct pg *p)
{
    struct tx *tx;
    TRY(ctx, admin_begin(ctx, &p->base, false, &tx));
    int64_t encoding = 0, collation = 0;
    enum err e =
        admin_int(ctx, tx, "select case when current_setting('server_encoding') = 'UTF8' then 1 else 0 end", &encoding);
    if (e == OK && encoding)
        e = admin_int(
            ctx, tx,
            "select count(*) from pg_database where datname = current_database() and datcollate in ('C', 'POSIX') "
            "and 'Z' < 'a' and '一' < '啊' and '啊' < 'ａ'",
            &collation);
    admin_end(tx);
    TRY(ctx, e);
    if (!encoding || !collation)
        FAIL(ctx, ERR_CONFIG,
             "PostgreSQL 数据库的编码须为 UTF8、排序规则须为 C；请用 "
             "createdb -T template0 -E UTF8 --lc-collate=C --lc-ctype=C 重新建立");
    return OK;
}

static void
fill_pool(struct pg *p, struct pool *pool, int n)
{
    pool_init(pool);
    struct pg_conn *c = ARENA_ARRAY(p->base.arena, (size_t)n, struct pg_conn);
    for (int i = 0; i < n; i++) {
        c[i].tx.s = &p->base;
        pool_put(pool, &c[i].tx);
    }
}

enum err
postgres_open(struct ctx *ctx, struct arena *a, const struct store_options *opt, struct store **ret_s)
{
    if (!PQisthreadsafe())
        FAIL(ctx, ERR_CONFIG, "libpq 库不支持多线程");
    struct pg *p = ARENA_NEW(a, struct pg);
    p->base = (struct store){.driver = &postgres_driver, .arena = a};
    p->url = str_z(a, opt->url);
    TRY(ctx, check_database(ctx, p));
    p->reader_count = opt->readers <= 0 ? READERS : opt->readers > READERS_MAX ? READERS_MAX : opt->readers;
    fill_pool(p, &p->writers, WRITERS);
    fill_pool(p, &p->readers, p->reader_count);
    pthread_rwlockattr_t attr;
    pthread_rwlockattr_init(&attr);
    pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&p->lane, &attr);
    pthread_rwlockattr_destroy(&attr);
    *ret_s = &p->base;
    return OK;
}

const struct driver postgres_driver = {
    .close = pg_close,
    .write = pg_write,
    .read = pg_read,
    .read_end = pg_read_end,
    .run = pg_run,
    .backup = pg_backup,
    .admin_begin = admin_begin,
    .admin_exec = admin_exec,
    .admin_int = admin_int,
    .admin_commit = admin_commit,
    .admin_end = admin_end,
    .has_table = "select count(*) from pg_class where oid = to_regclass('schema_migration')",
    .postgres = true,
};
