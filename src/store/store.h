/* The store: SQL by name behind two drivers (SQLite, PostgreSQL), migrations, one group-committing writer.
**
** Statements are paragraphs in src/<module>/<module>.sql; tools/mksql checks them against schema/ and emits typed
** wrappers
** into sql_gen.h. Nothing here takes SQL as text. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/ctx.h"

struct store;
struct tx; /* a transaction: a reader's snapshot or the body of a write */

struct store_options {
    struct str url; /* "sqlite:PATH" or "postgresql://…" / "host=… dbname=…" */
    int readers;    /* pooled read connections; 0 = default of the driver */
    int batch_max;  /* SQLite: bodies per COMMIT; 0 = 32 */
};

/* Opens, checks (PostgreSQL: UTF8, C collation), does not migrate. ERR_STORE, ERR_SCHEMA_NEWER, ERR_CONFIG. */
enum err store_open(struct ctx *ctx, const struct store_options *opt, struct store **ret_s) MUST_USE;
void store_close(struct store *s); /* waits for the queue to drain */
/* Applies what is missing of schema/, in order, one process at a time under the engine's lock; *ret_applied counts. */
enum err store_migrate(struct ctx *ctx, struct store *s, int *ret_applied) MUST_USE;
/* Highest applied migration; refuses (ERR_SCHEMA_NEWER) if above what this binary knows. */
enum err store_version(struct ctx *ctx, struct store *s, int *ret_version) MUST_USE;
bool store_is_postgres(const struct store *s);

/* What runs inside a write transaction: short, no file, no network, may run twice (PostgreSQL retry). A returned error
** rolls this body back and no other. It runs on the writer thread on SQLite, with the caller's ctx, while the caller
** waits. */
typedef enum err (*store_body)(struct ctx *ctx, struct tx *tx, void *arg);
/* Runs BODY in a transaction that is durable when this returns OK. ERR_BUSY when the queue is full. */
enum err store_write(struct ctx *ctx, struct store *s, store_body body, void *arg) MUST_USE;

/* A read transaction (one snapshot) on a pooled connection; ends with store_read_end, also by SCOPED_READ. */
enum err store_read(struct ctx *ctx, struct store *s, struct tx **ret_tx) MUST_USE;
void store_read_end(struct tx *tx); /* NULL is allowed */
static inline void
store_read_cleanup(struct tx **tx)
{
    store_read_end(*tx);
}
#define SCOPED_READ __attribute__((cleanup(store_read_cleanup))) struct tx *

/* Online backup of an SQLite store to PATH (a new file); ERR_CONFIG on PostgreSQL (use its own tools). */
enum err store_backup(struct ctx *ctx, struct store *s, struct str path) MUST_USE;

/* For tests: the next N-th write of the engine fails (disk full). Only in builds with fault injection. */
void store_fault_arm(struct store *s, int countdown);

/* --- for generated wrappers only --- */
enum sql_type { SQL_TEXT, SQL_BIGINT, SQL_BYTEA };
enum sql_shape { SQL_NONE, SQL_ONE, SQL_MANY };

struct sql_param {
    const char *name;
    enum sql_type type;
    bool nullable;
};
struct sql {
    const char *name; /* case_get */
    int index;        /* dense number, for prepared-statement caches */
    const char *text_sqlite;
    const char *text_pg;
    enum sql_shape shape;
    int param_count, col_count;
    const struct sql_param *param;
    const struct sql_param *col;
};
/* A bound or fetched value. */
struct sql_value {
    bool null;
    int64_t i;
    struct str s; /* TEXT and BYTEA; fetched values are copied into ctx->arena */
};
/* Runs S; for MANY *ret_rows is an array of rows × col_count values in the arena; *ret_n rows (ONE: 0 or 1), NONE: rows
 * changed. */
enum err sql_run(struct ctx *ctx, struct tx *tx, const struct sql *s, const struct sql_value *param,
                 struct sql_value **ret_rows, int64_t *ret_n) MUST_USE;

#endif
