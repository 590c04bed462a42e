/* The one writer: bodies wait in a queue, the writer thread runs each between SAVEPOINT and RELEASE, one COMMIT for
** up to batch_max of them.
**
**     BEGIN IMMEDIATE ── body ok ──▶ RELEASE ──┬─▶ next body … ─▶ COMMIT ─▶ all told their own result
**                    └─ body error ▶ ROLLBACK TO, RELEASE ┘         │
**     the engine rolled back by itself (autocommit is on again), or BEGIN, SAVEPOINT, RELEASE, COMMIT fail
**                                                            └─▶ nothing of the batch is durable, all told that
**
** The autocommit question after every body is what keeps acknowledged writes: after SQLITE_FULL or an I/O error SQLite
** ends
** the whole transaction, and the next SAVEPOINT would silently begin another. */
#include <assert.h>
#include <errno.h>
#include <semaphore.h>

#include "store/sqlite_int.h"

enum {
    BATCH_LIMIT = 256,
    /* WAL thresholds in frames of 4 KiB: copy back what readers allow; wait shortly for readers; wait longer. */
    WAL_PASSIVE = 1000,
    WAL_RESTART = 4 * 1000,
    WAL_TRUNCATE = 16 * 1000,
    RESTART_WAIT_MS = 100,
    TRUNCATE_WAIT_MS = 1000,
    NORMAL_WAIT_MS = 5000,
};

struct job {
    struct ctx *ctx;
    store_body body;
    void *arg;
    enum err e;
    sem_t done;
    struct job *next;
};

/* --- the queue --- */

enum err
lite_write(struct ctx *ctx, struct store *s, store_body body, void *arg)
{
    struct lite *l = (struct lite *)s;
    assert(!pthread_equal(pthread_self(), l->thread)); /* a body that writes again would wait for itself */
    struct job j = {.ctx = ctx, .body = body, .arg = arg};
    pthread_mutex_lock(&l->lock);
    if (l->closing || l->queued >= QUEUE_MAX) {
        pthread_mutex_unlock(&l->lock);
        FAIL(ctx, ERR_BUSY, "等待写入的请求太多");
    }
    sem_init(&j.done, 0, 0);
    *(l->head ? &l->tail->next : &l->head) = &j;
    l->tail = &j;
    l->queued++;
    pthread_cond_signal(&l->wake);
    pthread_mutex_unlock(&l->lock);
    while (sem_wait(&j.done) != 0)
        assert(errno == EINTR);
    sem_destroy(&j.done);
    if (j.e != OK)
        fail_trace(ctx, __FILE__, __LINE__);
    return j.e;
}

/* The oldest job; WAIT: sleeps for one, NULL only when the store closes and the queue is empty. */
static struct job *
take(struct lite *l, bool wait)
{
    pthread_mutex_lock(&l->lock);
    while (wait && !l->head && !l->closing)
        pthread_cond_wait(&l->wake, &l->lock);
    struct job *j = l->head;
    if (j) {
        l->head = j->next;
        l->queued--;
    }
    pthread_mutex_unlock(&l->lock);
    return j;
}

/* --- a batch --- */

/* Runs one body in its savepoint. A code other than SQLITE_OK says that the whole transaction is lost. */
static int
run_body(struct lite *l, struct job *j)
{
    struct lite_conn *c = &l->writer;
    int rc = lite_verb(c, VERB_SAVEPOINT);
    if (rc != SQLITE_OK)
        return rc;
    c->tx.failed = OK;
    c->last_rc = SQLITE_OK;
    j->e = j->body(j->ctx, &c->tx, j->arg);
    if (j->e == OK && c->tx.failed != OK) /* the body swallowed a failed statement */
        j->e = fail_set(j->ctx, c->tx.failed, __FILE__, __LINE__, "事务中有语句失败，不能提交");
    if (sqlite3_get_autocommit(c->db))
        return c->last_rc != SQLITE_OK ? c->last_rc : SQLITE_ABORT_ROLLBACK;
    if (j->e != OK)
        rc = lite_verb(c, VERB_ROLLBACK_TO);
    return rc == SQLITE_OK ? lite_verb(c, VERB_RELEASE) : rc;
}

/* Everybody is told, also bodies that had refused: what they read may have been a neighbour's, now undone. */
static void
fail_batch(struct lite *l, struct job **job, int n, int rc)
{
    for (int i = 0; i < n; i++) {
        fail_clear(job[i]->ctx);
        job[i]->e = lite_fail(job[i]->ctx, NULL, rc, "同一批写入未能提交，均未保存");
    }
    if (!sqlite3_get_autocommit(l->writer.db))
        lite_verb(&l->writer, VERB_ROLLBACK);
}

static void
run_batch(struct lite *l, struct job *first)
{
    struct job *job[BATCH_LIMIT] = {first}, *j;
    int n = 1;
    int rc = lite_verb(&l->writer, VERB_BEGIN_IMMEDIATE);
    if (rc != SQLITE_OK) /* another process holds the lock: do not let each waiter find out in turn */
        while (n < l->batch_max && (j = take(l, false)))
            job[n++] = j;
    else
        rc = run_body(l, first);
    while (rc == SQLITE_OK && n < l->batch_max && (j = take(l, false))) {
        job[n++] = j;
        rc = run_body(l, j);
    }
    if (rc == SQLITE_OK)
        rc = lite_verb(&l->writer, VERB_COMMIT);
    if (rc != SQLITE_OK)
        fail_batch(l, job, n, rc);
    for (int i = 0; i < n; i++)
        sem_post(&job[i]->done); /* the job is its waiter's again, and gone */
}

/* --- the WAL --- */

static int
on_commit(void *arg, sqlite3 *db, const char *name, int frames)
{
    (void)db, (void)name;
    struct lite *l = arg;
    if (frames < l->wal_frames)
        l->wal_next = WAL_PASSIVE; /* it began anew */
    l->wal_frames = frames;
    return SQLITE_OK;
}

/* After the waiters were told. A passive checkpoint never waits, so overlapping readers can keep the WAL from ever
** starting
 ** anew; the larger thresholds stop writing for a moment until readers have left. A failure is tried again 1,000 frames
** later. */
static void
checkpoint(struct lite *l)
{
    if (l->wal_frames < l->wal_next)
        return;
    sqlite3 *db = l->writer.db;
    int mode = l->wal_frames >= WAL_TRUNCATE  ? SQLITE_CHECKPOINT_TRUNCATE
               : l->wal_frames >= WAL_RESTART ? SQLITE_CHECKPOINT_RESTART
                                              : SQLITE_CHECKPOINT_PASSIVE;
    sqlite3_busy_timeout(db, mode == SQLITE_CHECKPOINT_TRUNCATE ? TRUNCATE_WAIT_MS : RESTART_WAIT_MS);
    int rc = sqlite3_wal_checkpoint_v2(db, NULL, mode, NULL, NULL);
    sqlite3_busy_timeout(db, NORMAL_WAIT_MS);
    l->wal_next = rc == SQLITE_OK && mode != SQLITE_CHECKPOINT_PASSIVE ? WAL_PASSIVE : l->wal_frames + WAL_PASSIVE;
    if (rc == SQLITE_OK && mode != SQLITE_CHECKPOINT_PASSIVE)
        l->wal_frames = 0;
}

/* --- the thread --- */

static void *
writer_main(void *arg)
{
    struct lite *l = arg;
    for (struct job *j; (j = take(l, true));) {
        run_batch(l, j);
        checkpoint(l);
    }
    return NULL;
}

enum err
lite_writer_start(struct ctx *ctx, struct lite *l)
{
    l->wal_next = WAL_PASSIVE;
    sqlite3_wal_hook(l->writer.db, on_commit, l);
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->wake, NULL);
    int rc = pthread_create(&l->thread, NULL, writer_main, l);
    if (rc != 0)
        FAIL(ctx, ERR_STORE, "无法启动写入线程（错误 %d）", rc);
    l->running = true;
    return OK;
}

void
lite_writer_stop(struct lite *l)
{
    if (!l->running)
        return;
    pthread_mutex_lock(&l->lock);
    l->closing = true;
    pthread_cond_signal(&l->wake);
    pthread_mutex_unlock(&l->lock);
    pthread_join(l->thread, NULL);
    l->running = false;
    pthread_cond_destroy(&l->wake);
    pthread_mutex_destroy(&l->lock);
}
