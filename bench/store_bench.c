/* store_write from many threads against a bare loop over the same rows: what the queue, the savepoints and the threads
 *cost.
 ** usage: store_bench URL [SECONDS [THREADS]]; the tiny schema of tests/store. Rows per body: 1 item of 1 KB, 3 parts,
 *1 look-up. */
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/store_int.h"
#include "store_test_gen.h"

enum { THREADS_MAX = 256, BODY = 1000 };

static const struct str R = STR_INIT("r");

struct bench {
    struct store *s;
    _Atomic int64_t next_id, done, failed;
    _Atomic bool stop;
    bool hot; /* every body takes a number from one counter, as acceptance does */
};

static const char filler[BODY];

static enum err
body(struct ctx *ctx, struct tx *tx, void *arg)
{
    int64_t id = *(int64_t *)arg;
    struct sql_item_get_row row;
    bool found;
    TRY(ctx, sql_item_get(ctx, tx, &(struct sql_item_get_in){R, id / 2}, &row, &found));
    struct sql_item_insert_in in = {.region = R,
                                    .id = id,
                                    .no = str_fmt(ctx->arena, "%lld", (long long)id),
                                    .body = {filler, BODY},
                                    .due_day = 1,
                                    .note = STR("x")};
    TRY(ctx, sql_item_insert(ctx, tx, &in, NULL));
    for (int64_t i = 0; i < 3; i++)
        TRY(ctx, sql_part_insert(ctx, tx, &(struct sql_part_insert_in){R, id, i, STR("身份证明")}, NULL));
    return OK;
}

static enum err
body_hot(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct sql_counter_take_row c;
    bool found;
    TRY(ctx, sql_counter_take(ctx, tx, &(struct sql_counter_take_in){R, STR("bench")}, &c, &found));
    return body(ctx, tx, arg);
}

static void *
worker(void *arg)
{
    struct bench *b = arg;
    SCOPED_ARENA a = arena_new(0);
    while (!b->stop) {
        arena_reset(a);
        struct ctx ctx = ctx_new(a, 0);
        int64_t id = atomic_fetch_add(&b->next_id, 1);
        if (store_write(&ctx, b->s, b->hot ? body_hot : body, &id) == OK)
            b->done++;
        else if (b->failed++ == 0)
            fprintf(stderr, "%.*s\n", STR_ARG(ctx.fail->detail));
    }
    return NULL;
}

static int64_t
run(struct bench *b, int threads, int seconds)
{
    pthread_t t[THREADS_MAX];
    b->done = 0;
    b->stop = false;
    int64_t from = ctx_clock_ms();
    for (int i = 0; i < threads; i++)
        if (pthread_create(&t[i], NULL, worker, b) != 0)
            abort();
    while (ctx_clock_ms() - from < seconds * 1000)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    b->stop = true;
    for (int i = 0; i < threads; i++)
        pthread_join(t[i], NULL);
    return b->done * 1000 / (ctx_clock_ms() - from);
}

/* The same statements on one connection of its own: no queue, no savepoint, no wrapper; 32 bodies a COMMIT. */
static int64_t
bare(const char *path, int64_t id, int seconds)
{
    static const char *const text[] = {
        "select no, body, due_day, note from item where region = ?1 and id = ?2",
        "insert into item (region, id, no, body, due_day, note) values (?1, ?2, ?2 || '', ?3, 1, 'x')",
        "insert into part (region, item_id, seq, name) values (?1, ?2, ?3, '身份证明')", "begin immediate", "commit"};
    sqlite3 *db;
    sqlite3_stmt *st[5];
    sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    sqlite3_exec(db, "pragma synchronous=full; pragma foreign_keys=on; pragma cache_size=-8000", NULL, NULL, NULL);
    for (int i = 0; i < 5; i++)
        if (sqlite3_prepare_v3(db, text[i], -1, SQLITE_PREPARE_PERSISTENT, &st[i], NULL) != SQLITE_OK)
            abort();
    for (int i = 0; i < 3; i++)
        sqlite3_bind_text(st[i], 1, "r", 1, SQLITE_STATIC);
    sqlite3_bind_blob(st[1], 3, filler, BODY, SQLITE_STATIC);
    int64_t n = 0, from = ctx_clock_ms();
    while (ctx_clock_ms() - from < seconds * 1000) {
        sqlite3_step(st[3]), sqlite3_reset(st[3]);
        for (int i = 0; i < 32; i++, n++, id++) {
            sqlite3_bind_int64(st[0], 2, id / 2);
            sqlite3_step(st[0]), sqlite3_reset(st[0]);
            sqlite3_bind_int64(st[1], 2, id);
            sqlite3_step(st[1]), sqlite3_reset(st[1]);
            sqlite3_bind_int64(st[2], 2, id);
            for (int k = 0; k < 3; k++) {
                sqlite3_bind_int64(st[2], 3, k);
                sqlite3_step(st[2]), sqlite3_reset(st[2]);
            }
        }
        sqlite3_step(st[4]);
        if (sqlite3_reset(st[4]) != SQLITE_OK)
            abort();
    }
    int64_t rate = n * 1000 / (ctx_clock_ms() - from);
    for (int i = 0; i < 5; i++)
        sqlite3_finalize(st[i]);
    sqlite3_close(db);
    return rate;
}

int
main(int argc, char **argv)
{
    if (argc < 2)
        return fputs("usage: store_bench URL [SECONDS [THREADS]]\n", stderr), 2;
    int seconds = argc > 2 ? atoi(argv[2]) : 5, threads = argc > 3 ? atoi(argv[3]) : 64;
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_new(a, ctx_clock_ms());
    struct bench b = {.next_id = (ctx.now_ms & 0xffffff) << 32};
    struct store_options opt = {.url = str_c(argv[1])};
    int n;
    if (threads > THREADS_MAX || store_open(&ctx, &opt, &b.s) != OK || store_migrate(&ctx, b.s, &n) != OK)
        return fprintf(stderr, "%.*s\n", STR_ARG(ctx.fail->detail)), 1;
    long long loop = store_is_postgres(b.s) ? 0 : bare(argv[1] + 7, b.next_id + (1LL << 31), seconds);
    long long many = run(&b, threads, seconds);
    b.hot = true;
    long long hot = run(&b, threads, seconds);
    b.hot = false;
    long long one = run(&b, 1, seconds);
    printf("bodies/s: bare loop %lld, %d threads %lld, with a hot counter %lld, 1 thread %lld, failed %lld\n", loop,
           threads, many, hot, one, (long long)b.failed);
    if (loop)
        printf("ratio to the bare loop: %lld %%\n", many * 100 / loop);
    store_close(b.s);
    return 0;
}
