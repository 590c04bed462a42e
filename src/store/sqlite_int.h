/* Inside the SQLite driver only: connections (sqlite.c), the writer thread (sqlite_writer.c). */
#ifndef STORE_SQLITE_INT_H
#define STORE_SQLITE_INT_H

#include <sqlite3.h>

#include "store/store_int.h"

/* Transaction control, prepared once per connection. */
enum verb {
    VERB_BEGIN,
    VERB_BEGIN_IMMEDIATE,
    VERB_SAVEPOINT,
    VERB_RELEASE,
    VERB_ROLLBACK_TO,
    VERB_COMMIT,
    VERB_ROLLBACK,
    VERB_COUNT
};

struct lite_slot {
    const struct sql *sql;
    sqlite3_stmt *st;
};
struct lite_conn {
    struct tx tx; /* first: a tx is its connection */
    sqlite3 *db;
    int last_rc; /* of the last statement that failed */
    sqlite3_stmt *verb[VERB_COUNT];
    struct lite_slot slot[STATEMENT_SLOTS];
};

struct job; /* a body that waits for the writer */

struct lite {
    struct store base; /* first: a store is its driver's */
    const char *path, *vfs;
    struct pool readers;
    struct lite_conn *reader;
    int reader_count;
    struct lite_conn writer; /* used by the writer thread alone once that runs */
    /* the queue */
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct job *head, *tail;
    int queued, batch_max;
    bool closing, running;
    pthread_t thread;
    /* the WAL, in frames; writer thread only */
    int wal_frames, wal_next;
#ifndef NO_FAULT_INJECTION
    struct fault *fault;
#endif
};

/* Sets the failure that RC stands for; WHAT is a Chinese phrase or a statement's name. */
enum err lite_fail(struct ctx *ctx, sqlite3 *db, int rc, const char *what) MUST_USE;
int lite_verb(struct lite_conn *c, enum verb v);
enum err lite_write(struct ctx *ctx, struct store *s, store_body body, void *arg) MUST_USE;
/* Starts and ends the writer thread; ending drains the queue. */
enum err lite_writer_start(struct ctx *ctx, struct lite *l) MUST_USE;
void lite_writer_stop(struct lite *l);

#endif
