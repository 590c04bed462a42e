/* Inside the store only: what both drivers share, and the pieces that mksql emits. */
#ifndef STORE_STORE_INT_H
#define STORE_STORE_INT_H

#include <pthread.h>

#include "store/store.h"

enum {
    STATEMENT_SLOTS = 1024,   /* prepared statements a connection keeps, by sql.index */
    QUEUE_MAX = 4096,         /* writes that wait; more are ERR_BUSY */
    POOL_WAIT_MS = 10 * 1000, /* longest wait for a connection, then ERR_BUSY */
    LIST_LIMIT = 64,          /* parameters or columns of a statement; mksql holds it */
};

/* Emitted by mksql from schema/, versions 1 … count without gaps. */
struct sql_migration {
    int version;
    const char *name;
    const char *text_sqlite, *text_pg;
};
extern const struct sql_migration sql_migration[];
extern const int sql_migration_count;

/* A transaction is part of its connection; a driver's connection begins with it. */
struct tx {
    struct store *s;
    struct tx *next_free; /* in its pool */
    /* The first statement that failed in this transaction. PostgreSQL refuses all that follows; so do we on SQLite, and
    ** the body cannot be kept even if it swallows the error. */
    enum err failed;
    bool retry;  /* the failure was a conflict or a lost connection: the body may be run again */
    bool broken; /* the connection is gone */
};

/* Connections at rest. */
struct pool {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    struct tx *first;
    int waiting;
};
void pool_init(struct pool *p);
void pool_destroy(struct pool *p);
void pool_put(struct pool *p, struct tx *tx);
/* ERR_BUSY after POOL_WAIT_MS, or at once when QUEUE_MAX wait already. */
enum err pool_get(struct ctx *ctx, struct pool *p, struct tx **ret_tx) MUST_USE;
/* Waits as long as it takes: for closing. */
struct tx *pool_take(struct pool *p);

/* A driver. Admin sessions run the store's own SQL as text: migrations and the version. */
struct driver {
    void (*close)(struct store *s);
    enum err (*write)(struct ctx *ctx, struct store *s, store_body body, void *arg) MUST_USE;
    enum err (*read)(struct ctx *ctx, struct store *s, struct tx **ret_tx) MUST_USE;
    void (*read_end)(struct tx *tx);
    enum err (*run)(struct ctx *ctx, struct tx *tx, const struct sql *s, const struct sql_value *param,
                    struct sql_value **ret_rows, int64_t *ret_n) MUST_USE;
    enum err (*backup)(struct ctx *ctx, struct store *s, struct str path) MUST_USE;
    /* Begins a transaction under the engine's one lock for migrations (EXCLUSIVE), or a reading one. */
    enum err (*admin_begin)(struct ctx *ctx, struct store *s, bool exclusive, struct tx **ret_tx) MUST_USE;
    enum err (*admin_exec)(struct ctx *ctx, struct tx *tx, const char *text) MUST_USE;
    enum err (*admin_int)(struct ctx *ctx, struct tx *tx, const char *text, int64_t *ret_v) MUST_USE;
    enum err (*admin_commit)(struct ctx *ctx, struct tx *tx) MUST_USE;
    void (*admin_end)(struct tx *tx); /* rolls back what is not committed */
    const char *has_table;            /* counts tables schema_migration: 0 or 1 */
    bool postgres;
};

struct store {
    const struct driver *driver;
    struct arena *arena; /* as long as the store */
};

extern const struct driver sqlite_driver, postgres_driver;
enum err sqlite_open(struct ctx *ctx, struct arena *a, struct str path, const struct store_options *opt,
                     struct store **ret_s) MUST_USE;
enum err postgres_open(struct ctx *ctx, struct arena *a, const struct store_options *opt,
                       struct store **ret_s) MUST_USE;

/* Arrays of rows while they come in: doubled in ctx->arena. */
struct rows {
    struct sql_value *v;
    size_t n, cap; /* rows */
    int cols;
};
struct sql_value *rows_add(struct ctx *ctx, struct rows *r);

#ifndef NO_FAULT_INJECTION
/* fault.c: an SQLite VFS over the default one whose writes fail on demand; one per store, so tests do not disturb each
 * other. */
struct fault;
struct fault *fault_new(struct arena *a);
void fault_free(struct fault *f);
const char *fault_vfs(const struct fault *f); /* name to open with */
/* N > 0: the N-th write from now fails once; N < 0: from the N-th on all fail; 0: none. */
void fault_set(struct fault *f, int countdown);
void sqlite_fault_arm(struct store *s, int countdown);
#endif

#endif
