/* The SQLite driver: connections, statements, migrations, backup. The one writer is in sqlite_writer.c. */
#include <assert.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/sqlite_int.h"

enum { BUSY_MS = 5000, READERS_MAX = 64, BATCH_DEFAULT = 32, BATCH_MAX = 256 };

enum err
lite_fail(struct ctx *ctx, sqlite3 *db, int rc, const char *what)
{
    enum err e = ERR_STORE;
    switch (rc & 0xff) {
    case SQLITE_FULL:
        e = ERR_STORE_FULL;
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        e = ERR_BUSY;
        break;
    case SQLITE_NOMEM:
        e = ERR_MEMORY;
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        e = ERR_INTEGRITY;
        break;
    default:
        break;
    }
    /* SQLite's messages name tables and columns, never values: no personal data gets into the log. */
    FAIL(ctx, e, "数据库操作（%s）失败：%s（SQLite %d）", what, db ? sqlite3_errmsg(db) : sqlite3_errstr(rc), rc);
}

/* --- connections --- */

int
lite_verb(struct lite_conn *c, enum verb v)
{
    int rc = sqlite3_step(c->verb[v]);
    int again = sqlite3_reset(c->verb[v]); /* gives the same error */
    return rc == SQLITE_DONE ? again : rc;
}

static void
conn_close(struct lite_conn *c)
{
    for (int i = 0; i < VERB_COUNT; i++)
        sqlite3_finalize(c->verb[i]);
    for (int i = 0; i < STATEMENT_SLOTS; i++)
        sqlite3_finalize(c->slot[i].st);
    int rc = sqlite3_close(c->db);
    assert(rc == SQLITE_OK);
    (void)rc;
    c->db = NULL;
}

static enum err
conn_prepare_verbs(struct ctx *ctx, struct lite_conn *c)
{
    static const char *const text[VERB_COUNT] = {
        [VERB_BEGIN] = "begin deferred",
        [VERB_BEGIN_IMMEDIATE] = "begin immediate",
        [VERB_SAVEPOINT] = "savepoint body",
        [VERB_RELEASE] = "release body",
        [VERB_ROLLBACK_TO] = "rollback to body",
        [VERB_COMMIT] = "commit",
        [VERB_ROLLBACK] = "rollback",
    };
    for (int i = 0; i < VERB_COUNT; i++) {
        int rc = sqlite3_prepare_v3(c->db, text[i], -1, SQLITE_PREPARE_PERSISTENT, &c->verb[i], NULL);
        if (rc != SQLITE_OK)
            return lite_fail(ctx, c->db, rc, text[i]);
    }
    return OK;
}

static enum err
conn_configure(struct ctx *ctx, struct lite_conn *c, bool write)
{
    sqlite3_extended_result_codes(c->db, 1);
    sqlite3_busy_timeout(c->db, BUSY_MS);
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_DQS_DML, 0, (int *)NULL);
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)NULL);
    /* LIKE as on PostgreSQL; no index made on the fly, which mksql would not have seen. */
    static const char common[] = "pragma cache_size=-8000; pragma case_sensitive_like=on; pragma automatic_index=off;"
                                 "pragma temp_store=memory; pragma foreign_keys=on;";
    int rc = sqlite3_exec(c->db, common, NULL, NULL, NULL);
    if (rc == SQLITE_OK && write)
        rc = sqlite3_exec(c->db, "pragma journal_mode=wal; pragma synchronous=full; pragma journal_size_limit=33554432",
                          NULL, NULL, NULL);
    if (rc == SQLITE_OK && !write)
        rc = sqlite3_exec(c->db, "pragma query_only=on", NULL, NULL, NULL);
    if (rc != SQLITE_OK)
        return lite_fail(ctx, c->db, rc, "打开");
    return OK;
}

static enum err
conn_open(struct ctx *ctx, struct lite *l, bool write, struct lite_conn *c)
{
    int flags = write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    c->tx.s = &l->base;
    int rc = sqlite3_open_v2(l->path, &c->db, flags | SQLITE_OPEN_NOMUTEX, l->vfs);
    enum err e = rc == SQLITE_OK ? conn_configure(ctx, c, write) : lite_fail(ctx, c->db, rc, "打开");
    if (e == OK)
        e = conn_prepare_verbs(ctx, c);
    if (e != OK)
        conn_close(c);
    return e;
}

/* The writer must really be in WAL mode: a file system without shared memory falls back silently. */
static enum err
check_wal(struct ctx *ctx, struct lite *l)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(l->writer.db, "pragma journal_mode", -1, &st, NULL);
    bool wal = rc == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW &&
               str_eqz(STR("wal"), (const char *)sqlite3_column_text(st, 0));
    sqlite3_finalize(st);
    if (!wal)
        FAIL(ctx, ERR_CONFIG, "数据库 %s 所在的文件系统不支持 WAL 方式，请放在本机磁盘上", l->path);
    return OK;
}

/* --- opening and closing --- */

static void
lite_close(struct store *s)
{
    struct lite *l = (struct lite *)s;
    lite_writer_stop(l);
    for (int i = 0; i < l->reader_count; i++)
        conn_close((struct lite_conn *)pool_take(&l->readers)); /* waits for readers that are still at work */
    pool_destroy(&l->readers);
    if (l->writer.db)
        conn_close(&l->writer); /* last: copies the WAL into the database and removes it */
#ifndef NO_FAULT_INJECTION
    fault_free(l->fault);
#endif
}

static enum err
open_all(struct ctx *ctx, struct lite *l, int readers)
{
    TRY(ctx, conn_open(ctx, l, true, &l->writer));
    TRY(ctx, check_wal(ctx, l));
    l->reader = ARENA_ARRAY(l->base.arena, (size_t)readers, struct lite_conn);
    for (int i = 0; i < readers; i++) {
        TRY(ctx, conn_open(ctx, l, false, &l->reader[i]));
        l->reader_count++;
        pool_put(&l->readers, &l->reader[i].tx);
    }
    return lite_writer_start(ctx, l);
}

/* Personal data: the file is the owner's alone, and so are the WAL and shm, which take its mode. */
static enum err
make_file(struct ctx *ctx, const char *path, int more)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | more, 0600);
    if (fd < 0)
        FAIL(ctx, ERR_CONFIG, "无法打开或建立数据库文件 %s：%m", path);
    close(fd);
    return OK;
}

enum err
sqlite_open(struct ctx *ctx, struct arena *a, struct str path, const struct store_options *opt, struct store **ret_s)
{
    if (str_empty(path) || str_starts(path, STR(":")) || str_starts(path, STR("file:")))
        FAIL(ctx, ERR_CONFIG, "数据库地址应写作 sqlite:文件路径，不支持内存数据库");
    if (sqlite3_threadsafe() == 0)
        FAIL(ctx, ERR_CONFIG, "SQLite 库不支持多线程");
    struct lite *l = ARENA_NEW(a, struct lite);
    l->base = (struct store){.driver = &sqlite_driver, .arena = a};
    l->path = str_z(a, path);
    TRY(ctx, make_file(ctx, l->path, 0));
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    int readers = opt->readers > 0 ? opt->readers : (cpus > 0 ? (int)cpus : 1) + 1;
    l->batch_max = opt->batch_max > 0 ? opt->batch_max : BATCH_DEFAULT;
    l->batch_max = l->batch_max > BATCH_MAX ? BATCH_MAX : l->batch_max;
#ifndef NO_FAULT_INJECTION
    l->fault = fault_new(a);
    l->vfs = fault_vfs(l->fault);
#endif
    pool_init(&l->readers);
    enum err e = open_all(ctx, l, readers > READERS_MAX ? READERS_MAX : readers);
    if (e != OK)
        lite_close(&l->base);
    TRY(ctx, e);
    *ret_s = &l->base;
    return OK;
}

/* --- statements --- */

static enum err
statement(struct ctx *ctx, struct lite_conn *c, const struct sql *s, sqlite3_stmt **ret_st)
{
    struct lite_slot *slot = &c->slot[s->index % STATEMENT_SLOTS];
    if (slot->sql != s) {
        sqlite3_finalize(slot->st);
        *slot = (struct lite_slot){0};
        int rc = sqlite3_prepare_v3(c->db, s->text_sqlite, -1, SQLITE_PREPARE_PERSISTENT, &slot->st, NULL);
        if (rc != SQLITE_OK) {
            c->last_rc = rc;
            return lite_fail(ctx, c->db, rc, s->name);
        }
        slot->sql = s;
    }
    *ret_st = slot->st;
    return OK;
}

static int
bind(sqlite3_stmt *st, const struct sql *s, const struct sql_value *v)
{
    /* A parameter that only the PostgreSQL twin uses may be beyond the end here. */
    int n = sqlite3_bind_parameter_count(st), rc = SQLITE_OK;
    for (int i = 0; i < s->param_count && i < n && rc == SQLITE_OK; i++) {
        const char *p = v[i].s.p ? v[i].s.p : ""; /* a NULL pointer would bind NULL */
        if (v[i].null)
            rc = sqlite3_bind_null(st, i + 1);
        else if (s->param[i].type == SQL_BIGINT)
            rc = sqlite3_bind_int64(st, i + 1, v[i].i);
        else if (s->param[i].type == SQL_TEXT)
            rc = sqlite3_bind_text64(st, i + 1, p, v[i].s.n, SQLITE_STATIC, SQLITE_UTF8);
        else
            rc = sqlite3_bind_blob64(st, i + 1, p, v[i].s.n, SQLITE_STATIC);
    }
    return rc;
}

static enum err
fetch_row(struct ctx *ctx, sqlite3_stmt *st, const struct sql *s, struct sql_value *v)
{
    static const int wanted[] = {[SQL_TEXT] = SQLITE_TEXT, [SQL_BIGINT] = SQLITE_INTEGER, [SQL_BYTEA] = SQLITE_BLOB};
    if (sqlite3_column_count(st) != s->col_count)
        FAIL(ctx, ERR_STORE, "语句 %s 的列数与声明不符", s->name);
    for (int i = 0; i < s->col_count; i++) {
        const struct sql_param *col = &s->col[i];
        int type = sqlite3_column_type(st, i);
        v[i].null = type == SQLITE_NULL;
        if (v[i].null ? !col->nullable : type != wanted[col->type])
            FAIL(ctx, ERR_INTEGRITY, "语句 %s 的 %s 列读到%s", s->name, col->name, v[i].null ? "空值" : "类型不符的值");
        if (v[i].null)
            continue;
        if (col->type == SQL_BIGINT) {
            v[i].i = sqlite3_column_int64(st, i);
            continue;
        }
        const void *p = col->type == SQL_TEXT ? (const void *)sqlite3_column_text(st, i) : sqlite3_column_blob(st, i);
        v[i].s = str_dup(ctx->arena, (struct str){p, (size_t)sqlite3_column_bytes(st, i)});
    }
    return OK;
}

static enum err
fetch(struct ctx *ctx, struct lite_conn *c, sqlite3_stmt *st, const struct sql *s, struct sql_value **ret_rows,
      int64_t *ret_n)
{
    struct rows rows = {.cols = s->col_count};
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW)
        TRY(ctx, fetch_row(ctx, st, s, rows_add(ctx, &rows)));
    if (rc != SQLITE_DONE) {
        c->last_rc = rc;
        return lite_fail(ctx, c->db, rc, s->name);
    }
    *ret_rows = rows.v;
    *ret_n = s->shape == SQL_NONE ? sqlite3_changes64(c->db) : (int64_t)rows.n;
    return OK;
}

static enum err
lite_run(struct ctx *ctx, struct tx *tx, const struct sql *s, const struct sql_value *param,
         struct sql_value **ret_rows, int64_t *ret_n)
{
    struct lite_conn *c = (struct lite_conn *)tx;
    sqlite3_stmt *st = NULL;
    TRY(ctx, statement(ctx, c, s, &st));
    int rc = bind(st, s, param);
    enum err e = rc == SQLITE_OK ? fetch(ctx, c, st, s, ret_rows, ret_n) : lite_fail(ctx, c->db, rc, s->name);
    sqlite3_reset(st);
    sqlite3_clear_bindings(st); /* they point into the caller's memory */
    return e;
}

/* --- reading --- */

static enum err
lite_read(struct ctx *ctx, struct store *s, struct tx **ret_tx)
{
    struct lite *l = (struct lite *)s;
    struct tx *tx;
    TRY(ctx, pool_get(ctx, &l->readers, &tx));
    struct lite_conn *c = (struct lite_conn *)tx;
    int rc = lite_verb(c, VERB_BEGIN);
    if (rc != SQLITE_OK) {
        enum err e = lite_fail(ctx, c->db, rc, "开始读取");
        pool_put(&l->readers, tx);
        return e;
    }
    *ret_tx = tx;
    return OK;
}

static void
lite_read_end(struct tx *tx)
{
    struct lite_conn *c = (struct lite_conn *)tx;
    if (!sqlite3_get_autocommit(c->db))
        lite_verb(c, VERB_ROLLBACK);
    pool_put(&((struct lite *)tx->s)->readers, tx);
}

/* --- admin sessions: a connection of their own --- */

static enum err
admin_begin(struct ctx *ctx, struct store *s, bool exclusive, struct tx **ret_tx)
{
    struct lite_conn *c = ARENA_NEW(ctx->arena, struct lite_conn);
    TRY(ctx, conn_open(ctx, (struct lite *)s, true, c));
    int rc = lite_verb(c, exclusive ? VERB_BEGIN_IMMEDIATE : VERB_BEGIN);
    if (rc != SQLITE_OK) {
        enum err e = lite_fail(ctx, c->db, rc, "取得升级锁");
        conn_close(c);
        return e;
    }
    *ret_tx = &c->tx;
    return OK;
}

static enum err
admin_exec(struct ctx *ctx, struct tx *tx, const char *text)
{
    struct lite_conn *c = (struct lite_conn *)tx;
    int rc = sqlite3_exec(c->db, text, NULL, NULL, NULL);
    return rc == SQLITE_OK ? OK : lite_fail(ctx, c->db, rc, "升级数据库结构");
}

static enum err
admin_int(struct ctx *ctx, struct tx *tx, const char *text, int64_t *ret_v)
{
    struct lite_conn *c = (struct lite_conn *)tx;
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(c->db, text, -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    *ret_v = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    enum err e = rc == SQLITE_ROW ? OK : lite_fail(ctx, c->db, rc, "读取数据库版本");
    sqlite3_finalize(st);
    return e;
}

static enum err
admin_commit(struct ctx *ctx, struct tx *tx)
{
    struct lite_conn *c = (struct lite_conn *)tx;
    int rc = lite_verb(c, VERB_COMMIT);
    return rc == SQLITE_OK ? OK : lite_fail(ctx, c->db, rc, "提交");
}

static void
admin_end(struct tx *tx)
{
    conn_close((struct lite_conn *)tx); /* SQLite rolls back what is open */
}

/* --- backup --- */

static enum err
copy_database(struct ctx *ctx, sqlite3 *from, sqlite3 *to)
{
    sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
    if (!b)
        return lite_fail(ctx, to, sqlite3_errcode(to), "备份");
    /* In one step: one snapshot. In WAL mode the writer goes on meanwhile. */
    sqlite3_backup_step(b, -1);
    int rc = sqlite3_backup_finish(b);
    if (rc == SQLITE_OK) /* one file, without a WAL beside it */
        rc = sqlite3_exec(to, "pragma journal_mode=delete", NULL, NULL, NULL);
    return rc == SQLITE_OK ? OK : lite_fail(ctx, to, rc, "备份");
}

static enum err
sync_directory(struct ctx *ctx, const char *path)
{
    char *dir = dirname((char *)str_dup(ctx->arena, str_c(path)).p);
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = fd < 0 ? -1 : fsync(fd);
    if (fd >= 0)
        close(fd);
    if (rc != 0)
        FAIL(ctx, ERR_IO, "无法同步目录 %s：%m", dir);
    return OK;
}

static enum err
lite_backup(struct ctx *ctx, struct store *s, struct str path)
{
    struct lite *l = (struct lite *)s;
    const char *z = str_z(ctx->arena, path);
    TRY(ctx, make_file(ctx, z, O_EXCL));
    struct lite_conn *from = ARENA_NEW(ctx->arena, struct lite_conn);
    enum err e = conn_open(ctx, l, false, from);
    if (e == OK) {
        sqlite3 *to = NULL;
        int rc = sqlite3_open_v2(z, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
        e = rc == SQLITE_OK ? copy_database(ctx, from->db, to) : lite_fail(ctx, to, rc, "备份");
        sqlite3_close(to);
        conn_close(from);
    }
    if (e == OK)
        e = sync_directory(ctx, z);
    if (e != OK)
        unlink(z);
    TRY(ctx, e);
    return OK;
}

#ifndef NO_FAULT_INJECTION
void
sqlite_fault_arm(struct store *s, int countdown)
{
    fault_set(((struct lite *)s)->fault, countdown);
}
#endif

const struct driver sqlite_driver = {
    .close = lite_close,
    .write = lite_write,
    .read = lite_read,
    .read_end = lite_read_end,
    .run = lite_run,
    .backup = lite_backup,
    .admin_begin = admin_begin,
    .admin_exec = admin_exec,
    .admin_int = admin_int,
    .admin_commit = admin_commit,
    .admin_end = admin_end,
    .has_table = "select count(*) from sqlite_master where type = 'table' and name = 'schema_migration'",
};
