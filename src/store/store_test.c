/* The store's contracts, on SQLite always and on PostgreSQL when JINGBAN_TEST_PG names a database. Each test opens an
** empty
 ** store of its own with the tiny schema of tests/store. */
#include <assert.h>
#include <errno.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store_int.h"
#include "store_test_gen.h"
#include "support/support_db.h"

static const struct str R = STR_INIT("r");

struct fixture {
    struct arena *a;
    struct ctx ctx;
    struct store *s;
    struct str url;
    struct str dir;
    bool pg;
};

static struct ctx
ctx_in(struct arena *a)
{
    return ctx_new(a, 1700000000000);
}

#define assert_ok(f, call) SUPPORT_OK(&(f)->ctx, call)

/* --- fixtures --- */

static int
setup(void **state, bool pg)
{
    struct arena *a = arena_new(0);
    struct fixture *f = ARENA_NEW(a, struct fixture);
    f->a = a;
    f->ctx = ctx_in(f->a);
    f->pg = pg;
    f->dir = support_folder(a, "store");
    /* Its name lets kill_others spare other suites on the same cluster. */
    f->url = pg ? support_pg_schema(a, "store_test") : str_fmt(a, "sqlite:%s/store.db", f->dir.p);
    struct store_options opt = {.url = f->url};
    assert_ok(f, store_open(&f->ctx, &opt, &f->s));
    int n;
    assert_ok(f, store_migrate(&f->ctx, f->s, &n));
    assert_int_equal(n, 2);
    *state = f;
    return 0;
}

static int
setup_sqlite(void **state)
{
    return setup(state, false);
}

static int
setup_pg(void **state)
{
    return setup(state, true);
}

static int
teardown(void **state)
{
    struct fixture *f = *state;
    store_close(f->s);
    support_folder_remove(f->dir);
    arena_free(f->a);
    return 0;
}

/* --- bodies --- */

static enum err
insert(struct ctx *ctx, struct tx *tx, int64_t id, struct str no)
{
    struct sql_item_insert_in in = {
        .region = R, .id = id, .no = no, .body_null = true, .due_day_null = true, .note_null = true};
    return sql_item_insert(ctx, tx, &in, NULL);
}

static struct str
number(struct ctx *ctx, int64_t id)
{
    return str_fmt(ctx->arena, "号%08lld", (long long)id);
}

static enum err
body_insert(struct ctx *ctx, struct tx *tx, void *arg)
{
    int64_t id = *(int64_t *)arg;
    return insert(ctx, tx, id, number(ctx, id));
}

static enum err
body_refuse(struct ctx *ctx, struct tx *tx, void *arg)
{
    TRY(ctx, body_insert(ctx, tx, arg));
    FAIL(ctx, ERR_CASE_EDGE, "不行");
}

/* Swallows a unique violation, as no body may. */
static enum err
body_swallow(struct ctx *ctx, struct tx *tx, void *arg)
{
    TRY(ctx, body_insert(ctx, tx, arg));
    enum err e = body_insert(ctx, tx, arg);
    assert(e != OK);
    fail_clear(ctx);
    return OK;
}

static int64_t
count(struct fixture *f)
{
    SCOPED_READ tx = NULL;
    struct sql_item_count_in in = {R};
    struct sql_item_count_row row;
    bool found;
    assert_ok(f, store_read(&f->ctx, f->s, &tx));
    assert_ok(f, sql_item_count(&f->ctx, tx, &in, &row, &found));
    assert_true(found);
    assert_int_equal(row.flag, row.n > 0);
    return row.n;
}

static bool
has(struct fixture *f, int64_t id)
{
    SCOPED_READ tx = NULL;
    struct sql_item_get_in in = {R, id};
    struct sql_item_get_row row;
    bool found;
    assert_ok(f, store_read(&f->ctx, f->s, &tx));
    assert_ok(f, sql_item_get(&f->ctx, tx, &in, &row, &found));
    return found;
}

/* --- tests --- */

static void
test_migrate(void **state)
{
    struct fixture *f = *state;
    int n;
    assert_ok(f, store_migrate(&f->ctx, f->s, &n));
    assert_int_equal(n, 0);
    assert_ok(f, store_version(&f->ctx, f->s, &n));
    assert_int_equal(n, 2);
    assert_int_equal(store_is_postgres(f->s), f->pg);
    SCOPED_READ tx = NULL;
    struct sql_counter_get_in in = {R, STR("start")};
    struct sql_counter_get_row row;
    bool found;
    assert_ok(f, store_read(&f->ctx, f->s, &tx));
    assert_ok(f, sql_counter_get(&f->ctx, tx, &in, &row, &found));
    assert_true(found);
    assert_int_equal(row.next, 7);
}

static void *
migrate_thread(void *arg)
{
    struct fixture *f = arg;
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_in(a);
    struct store *s;
    struct store_options opt = {.url = f->url, .readers = 1};
    int n = -1;
    enum err e = store_open(&ctx, &opt, &s);
    if (e != OK)
        return (void *)(intptr_t)-100;
    e = store_migrate(&ctx, s, &n);
    store_close(s);
    return (void *)(intptr_t)(e == OK ? n : -100);
}

/* Several processes start at once: each migration is applied by one of them. */
static void
test_migrate_race(void **state)
{
    struct fixture *f = *state;
    support_sql(f->url.p, "drop table part; drop table item; drop table counter; drop table schema_migration");
    pthread_t t[6];
    intptr_t sum = 0;
    for (int i = 0; i < 6; i++)
        assert_int_equal(pthread_create(&t[i], NULL, migrate_thread, f), 0);
    for (int i = 0; i < 6; i++) {
        void *n;
        pthread_join(t[i], &n);
        sum += (intptr_t)n;
    }
    assert_int_equal(sum, 2);
}

static void
test_newer(void **state)
{
    struct fixture *f = *state;
    support_sql(f->url.p, "insert into schema_migration (version, name, applied_ms) values (3, 'later', 0)");
    int n;
    assert_int_equal(store_version(&f->ctx, f->s, &n), ERR_SCHEMA_NEWER);
    assert_int_equal(store_migrate(&f->ctx, f->s, &n), ERR_SCHEMA_NEWER);
    struct store *s = NULL;
    struct store_options opt = {.url = f->url};
    assert_int_equal(store_open(&f->ctx, &opt, &s), ERR_SCHEMA_NEWER);
    assert_null(s);
}

static void
test_open_refused(void **state)
{
    struct fixture *f = *state;
    struct store *s;
    const char *const bad[] = {"sqlite:", "sqlite::memory:", "sqlite:/nowhere/at/all.db", "host=/nowhere dbname=x"};
    for (size_t i = 0; i < 4; i++) {
        struct store_options opt = {.url = str_c(bad[i])};
        assert_int_equal(store_open(&f->ctx, &opt, &s), i < 3 ? ERR_CONFIG : ERR_STORE);
    }
}

static enum err
body_values(struct ctx *ctx, struct tx *tx, void *arg)
{
    (void)arg;
    struct sql_item_insert_in in = {
        .region = R,
        .id = INT64_MAX,
        .no = STR("𠀀甲乙·Ａ'\"\\"),
        .body = {"a\0b\xff", 4},
        .due_day = INT64_MIN,
        .note = STR_NONE, /* empty, not null */
    };
    return sql_item_insert(ctx, tx, &in, NULL);
}

static void
test_values(void **state)
{
    struct fixture *f = *state;
    int64_t plain = 1;
    assert_ok(f, store_write(&f->ctx, f->s, body_values, NULL));
    assert_ok(f, store_write(&f->ctx, f->s, body_insert, &plain));
    SCOPED_READ tx = NULL;
    assert_ok(f, store_read(&f->ctx, f->s, &tx));
    struct sql_item_get_row row;
    bool found;
    assert_ok(f, sql_item_get(&f->ctx, tx, &(struct sql_item_get_in){R, INT64_MAX}, &row, &found));
    assert_true(found);
    assert_true(str_eqz(row.no, "𠀀甲乙·Ａ'\"\\"));
    assert_true(!row.body_null && str_eq(row.body, (struct str){"a\0b\xff", 4}));
    assert_true(!row.due_day_null && row.due_day == INT64_MIN);
    assert_true(!row.note_null && row.note.n == 0);
    assert_ok(f, sql_item_get(&f->ctx, tx, &(struct sql_item_get_in){R, 1}, &row, &found));
    assert_true(found && row.body_null && row.due_day_null && row.note_null);
    assert_ok(f, sql_item_get(&f->ctx, tx, &(struct sql_item_get_in){R, 2}, &row, &found));
    assert_false(found);
    /* code point order of text, ranges instead of LIKE */
    struct sql_item_by_prefix_row hit;
    struct sql_item_by_prefix_in in = {R, STR("号0"), STR("号1")};
    assert_ok(f, sql_item_by_prefix(&f->ctx, tx, &in, &hit, &found));
    assert_true(found && hit.id == 1);
}

struct several {
    int64_t from, to;
};

static enum err
body_several(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct several *s = arg;
    for (int64_t id = s->from; id < s->to; id++)
        TRY(ctx, insert(ctx, tx, id, number(ctx, id)));
    return OK;
}

static void
test_list(void **state)
{
    struct fixture *f = *state;
    assert_ok(f, store_write(&f->ctx, f->s, body_several, &(struct several){1, 301}));
    SCOPED_READ tx = NULL;
    assert_ok(f, store_read(&f->ctx, f->s, &tx));
    struct sql_item_list_row *row;
    size_t n;
    assert_ok(f, sql_item_list(&f->ctx, tx, &(struct sql_item_list_in){R, 10, 250}, &row, &n));
    assert_int_equal(n, 250);
    for (size_t i = 0; i < n; i++)
        assert_true(row[i].id == (int64_t)i + 11 && row[i].due_day_null);
    assert_ok(f, sql_item_list(&f->ctx, tx, &(struct sql_item_list_in){R, 1000, 250}, &row, &n));
    assert_int_equal(n, 0);
}

static enum err
body_changed(struct ctx *ctx, struct tx *tx, void *arg)
{
    int64_t *n = arg;
    struct sql_item_insert_once_in once = {R, 5, STR("甲")}, again = {R, 6, STR("甲")};
    TRY(ctx, sql_item_insert_once(ctx, tx, &once, &n[0]));
    TRY(ctx, sql_item_insert_once(ctx, tx, &again, &n[1]));
    TRY(ctx, sql_item_note(ctx, tx, &(struct sql_item_note_in){R, 77, STR("无"), false}, &n[2]));
    TRY(ctx, sql_part_insert(ctx, tx, &(struct sql_part_insert_in){R, 5, 2, STR("件")}, NULL));
    TRY(ctx, sql_part_insert_default(ctx, tx, &(struct sql_part_insert_default_in){R, 5, 1}, NULL));
    struct sql_part_get_row part;
    bool found;
    TRY(ctx, sql_part_get(ctx, tx, &(struct sql_part_get_in){R, 5, 1}, &part, &found));
    n[3] = found && str_eqz(part.name, "a;b ? bigint");
    struct sql_part_claim_row *claim;
    size_t claims;
    TRY(ctx, sql_part_claim(ctx, tx, &(struct sql_part_claim_in){R, 1}, &claim, &claims));
    n[4] = claims == 1 && claim[0].seq == 1;
    struct sql_part_all_row *all;
    TRY(ctx, sql_part_all(ctx, tx, &all, &claims));
    n[5] = claims == 1 && all[0].seq == 2 && str_eq(all[0].region, R);
    return sql_item_delete_all(ctx, tx, &(struct sql_item_delete_all_in){STR("other")}, &n[6]);
}

static void
test_changed(void **state)
{
    struct fixture *f = *state;
    int64_t n[7];
    assert_ok(f, store_write(&f->ctx, f->s, body_changed, n));
    const int64_t want[7] = {1, 0, 0, 1, 1, 1, 0};
    for (int i = 0; i < 7; i++)
        assert_int_equal(n[i], want[i]);
}

static void
test_rollback(void **state)
{
    struct fixture *f = *state;
    int64_t one = 1, two = 2;
    assert_ok(f, store_write(&f->ctx, f->s, body_insert, &one));
    assert_int_equal(store_write(&f->ctx, f->s, body_refuse, &two), ERR_CASE_EDGE);
    assert_true(str_eqz(f->ctx.fail->detail, "不行"));
    fail_clear(&f->ctx);
    assert_int_equal(store_write(&f->ctx, f->s, body_swallow, &two), ERR_STORE);
    fail_clear(&f->ctx);
    assert_int_equal(store_write(&f->ctx, f->s, body_insert, &one), ERR_STORE); /* unique */
    assert_int_equal(count(f), 1);
    assert_ok(f, store_write(&f->ctx, f->s, body_insert, &two));
    assert_int_equal(count(f), 2);
}

static enum err
body_orphan(struct ctx *ctx, struct tx *tx, void *arg)
{
    (void)arg;
    return sql_part_insert(ctx, tx, &(struct sql_part_insert_in){R, 99, 1, STR("孤")}, NULL);
}

static enum err
body_negative(struct ctx *ctx, struct tx *tx, void *arg)
{
    (void)arg;
    return sql_counter_set(ctx, tx, &(struct sql_counter_set_in){R, STR("start"), -1}, NULL);
}

static void
test_constraints(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(store_write(&f->ctx, f->s, body_orphan, NULL), ERR_STORE);
    assert_int_equal(store_write(&f->ctx, f->s, body_negative, NULL), ERR_STORE);
}

static void
test_one_is_one(void **state)
{
    struct fixture *f = *state;
    assert_ok(f, store_write(&f->ctx, f->s, body_several, &(struct several){1, 4}));
    SCOPED_READ tx = NULL;
    assert_ok(f, store_read(&f->ctx, f->s, &tx));
    struct sql_item_by_prefix_row row;
    bool found;
    struct sql_item_by_prefix_in in = {R, STR("号0"), STR("号1")};
    assert_int_equal(sql_item_by_prefix(&f->ctx, tx, &in, &row, &found), ERR_INTEGRITY);
}

static void
test_read_only(void **state)
{
    struct fixture *f = *state;
    struct tx *tx;
    int64_t id = 1;
    assert_ok(f, store_read(&f->ctx, f->s, &tx));
    assert_int_equal(body_insert(&f->ctx, tx, &id), ERR_STORE);
    store_read_end(tx);
    store_read_end(NULL);
    assert_int_equal(count(f), 0);
    assert_ok(f, store_write(&f->ctx, f->s, body_insert, &id)); /* the connection is as good as before */
    assert_true(has(f, 1));
}

static void
test_snapshot(void **state)
{
    struct fixture *f = *state;
    struct sql_item_count_in in = {R};
    struct sql_item_count_row row;
    bool found;
    int64_t id = 1;
    SCOPED_READ tx = NULL;
    assert_ok(f, store_read(&f->ctx, f->s, &tx));
    assert_ok(f, sql_item_count(&f->ctx, tx, &in, &row, &found));
    assert_ok(f, store_write(&f->ctx, f->s, body_insert, &id));
    assert_ok(f, sql_item_count(&f->ctx, tx, &in, &row, &found));
    assert_int_equal(row.n, 0);
    assert_int_equal(count(f), 1);
}

/* --- many threads --- */

enum { THREADS = 64, WRITES = 200 };

struct crowd {
    struct fixture *f;
    _Atomic int64_t next_id;
    _Atomic int wrong, refused, snapshots;
    _Atomic bool stop;
};

/* Takes a number from one hot counter and inserts a row under it; every seventh refuses after doing so. */
static enum err
body_take(struct ctx *ctx, struct tx *tx, void *arg)
{
    int64_t id = *(int64_t *)arg;
    struct sql_counter_take_row c;
    bool found;
    TRY(ctx, sql_counter_take(ctx, tx, &(struct sql_counter_take_in){R, STR("crowd")}, &c, &found));
    TRY(ctx, insert(ctx, tx, id, number(ctx, c.next)));
    if (id % 7 == 0)
        FAIL(ctx, ERR_CASE_EDGE, "第七个");
    return OK;
}

static void *
crowd_write(void *arg)
{
    struct crowd *w = arg;
    SCOPED_ARENA a = arena_new(0);
    for (int i = 0; i < WRITES; i++) {
        arena_reset(a);
        struct ctx ctx = ctx_in(a);
        int64_t id = atomic_fetch_add(&w->next_id, 1);
        enum err e = store_write(&ctx, w->f->s, body_take, &id);
        w->refused += e == ERR_CASE_EDGE;
        if (e != (id % 7 == 0 ? ERR_CASE_EDGE : OK)) {
            w->wrong++;
            fprintf(stderr, "%s %.*s\n", err_info(e)->id, STR_ARG(ctx.fail->detail));
        }
    }
    return NULL;
}

/* In each snapshot the counter and the rows agree. */
static void *
crowd_read(void *arg)
{
    struct crowd *w = arg;
    SCOPED_ARENA a = arena_new(0);
    while (!w->stop) {
        arena_reset(a);
        struct ctx ctx = ctx_in(a);
        SCOPED_READ tx = NULL;
        struct sql_counter_get_row c;
        struct sql_item_count_row n;
        bool found;
        if (store_read(&ctx, w->f->s, &tx) != OK ||
            sql_counter_get(&ctx, tx, &(struct sql_counter_get_in){R, STR("crowd")}, &c, &found) != OK ||
            sql_item_count(&ctx, tx, &(struct sql_item_count_in){R}, &n, &found) != OK || n.n != c.next)
            w->wrong++;
        w->snapshots++;
    }
    return NULL;
}

static void
test_crowd(void **state)
{
    struct fixture *f = *state;
    struct crowd w = {.f = f, .next_id = 1};
    pthread_t t[THREADS], r[4];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&t[i], NULL, crowd_write, &w), 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&r[i], NULL, crowd_read, &w), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(t[i], NULL);
    w.stop = true;
    for (int i = 0; i < 4; i++)
        pthread_join(r[i], NULL);
    int all = THREADS * WRITES;
    assert_int_equal(w.wrong, 0);
    assert_int_equal(w.refused, all / 7);
    assert_true(w.snapshots > 0);
    assert_int_equal(count(f), all - all / 7);
    for (int64_t id = 1; id <= all; id++)
        if (has(f, id) != (id % 7 != 0))
            fail_msg("row %lld", (long long)id);
}

enum { LARGE = 600 * 1000 };

/* Large enough that a batch overflows the page cache: the engine meets the full disk inside a body, not only in COMMIT.
 */
static enum err
body_large(struct ctx *ctx, struct tx *tx, void *arg)
{
    int64_t id = *(int64_t *)arg;
    struct str big = {arena_alloc(ctx->arena, LARGE), LARGE};
    struct sql_item_insert_in in = {
        .region = R, .id = id, .no = number(ctx, id), .body = big, .due_day_null = true, .note_null = true};
    return sql_item_insert(ctx, tx, &in, NULL);
}

#ifndef NO_FAULT_INJECTION
/* --- disk full --- */

enum { FULL_THREADS = 24, FULL_WRITES = 2 };

struct full {
    struct fixture *f;
    int64_t id[FULL_WRITES];
    enum err e[FULL_WRITES];
};

static void *
full_write(void *arg)
{
    struct full *w = arg;
    SCOPED_ARENA a = arena_new(0);
    for (int i = 0; i < FULL_WRITES; i++) {
        arena_reset(a);
        struct ctx ctx = ctx_in(a);
        w->e[i] = store_write(&ctx, w->f->s, body_large, &w->id[i]);
    }
    return NULL;
}

/* Arms the N-th write to fail, writes from many threads: each body that was acknowledged is there, no other is. */
static int
full_round(struct fixture *f, int countdown, int64_t first_id)
{
    struct full w[FULL_THREADS];
    pthread_t t[FULL_THREADS];
    int failed = 0;
    store_fault_arm(f->s, countdown);
    for (int i = 0; i < FULL_THREADS; i++) {
        w[i] = (struct full){.f = f};
        for (int k = 0; k < FULL_WRITES; k++)
            w[i].id[k] = first_id++;
        assert_int_equal(pthread_create(&t[i], NULL, full_write, &w[i]), 0);
    }
    for (int i = 0; i < FULL_THREADS; i++)
        pthread_join(t[i], NULL);
    store_fault_arm(f->s, 0);
    for (int i = 0; i < FULL_THREADS; i++)
        for (int k = 0; k < FULL_WRITES; k++) {
            enum err e = w[i].e[k];
            assert_true(e == OK || e == ERR_STORE_FULL);
            if (has(f, w[i].id[k]) != (e == OK))
                fail_msg("countdown %d: id %lld answered %s", countdown, (long long)w[i].id[k], err_info(e)->id);
            failed += e != OK;
        }
    return failed;
}

static enum err
body_clear(struct ctx *ctx, struct tx *tx, void *arg)
{
    (void)arg;
    return sql_item_delete_all(ctx, tx, &(struct sql_item_delete_all_in){R}, NULL);
}

static void
test_full(void **state)
{
    struct fixture *f = *state;
    int failed = 0, rounds = 0;
    for (int countdown = 1; countdown < 6000; countdown = countdown * 5 + 1, rounds++) {
        failed += full_round(f, countdown, rounds * 1000);
        int64_t id = rounds * 1000 + 999;
        assert_ok(f, store_write(&f->ctx, f->s, body_insert, &id)); /* works again */
        assert_ok(f, store_write(&f->ctx, f->s, body_clear, NULL));
    }
    assert_true(failed >=
                1); /* the first countdown always strikes; a later one may fall on a checkpoint, which fails nobody */
    /* The disk stays full. */
    assert_int_equal(full_round(f, -1, 900000), FULL_THREADS * FULL_WRITES);
    assert_int_equal(count(f), 0);
    assert_int_equal(full_round(f, 0, 910000), 0);
}

/* A full disk at COMMIT of a small body. */
static void
test_full_commit(void **state)
{
    struct fixture *f = *state;
    int64_t id = 1;
    store_fault_arm(f->s, 1);
    assert_int_equal(store_write(&f->ctx, f->s, body_insert, &id), ERR_STORE_FULL);
    assert_false(has(f, 1));
    fail_clear(&f->ctx);
    assert_ok(f, store_write(&f->ctx, f->s, body_insert, &id));
    assert_true(has(f, 1));
}

#endif

/* --- backup, WAL, reopening --- */

static void
test_backup(void **state)
{
    struct fixture *f = *state;
    struct str path = str_fmt(f->a, "%s/copy.db", f->dir.p);
    if (f->pg) {
        assert_int_equal(store_backup(&f->ctx, f->s, path), ERR_CONFIG);
        return;
    }
    assert_ok(f, store_write(&f->ctx, f->s, body_several, &(struct several){1, 50}));
    assert_ok(f, store_backup(&f->ctx, f->s, path));
    struct stat st;
    assert_int_equal(stat(path.p, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_not_equal(access(str_fmt(f->a, "%s-wal", path.p).p, F_OK), 0);
    assert_int_equal(store_backup(&f->ctx, f->s, path), ERR_CONFIG); /* never over a file */
    fail_clear(&f->ctx);
    struct fixture copy = {.a = f->a, .ctx = f->ctx};
    struct store_options opt = {.url = str_fmt(f->a, "sqlite:%s", path.p)};
    assert_ok(f, store_open(&f->ctx, &opt, &copy.s));
    assert_int_equal(count(&copy), 49);
    store_close(copy.s);
}

/* Readers that overlap for ever, each for some milliseconds, must not let the WAL grow for ever. */
static void *
linger(void *arg)
{
    struct crowd *w = arg;
    SCOPED_ARENA a = arena_new(0);
    while (!w->stop) {
        arena_reset(a);
        struct ctx ctx = ctx_in(a);
        SCOPED_READ tx = NULL;
        struct sql_item_count_row n;
        bool found;
        if (store_read(&ctx, w->f->s, &tx) != OK ||
            sql_item_count(&ctx, tx, &(struct sql_item_count_in){R}, &n, &found) != OK)
            w->wrong++;
        usleep(7000);
    }
    return NULL;
}

static void
test_wal_bounded(void **state)
{
    struct fixture *f = *state;
    struct crowd w = {.f = f};
    pthread_t t[3];
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&t[i], NULL, linger, &w), 0);
    off_t most = 0;
    for (int64_t id = 1; id <= 150; id++) {
        SCOPED_ARENA a = arena_new(0);
        struct ctx ctx = ctx_in(a);
        w.wrong += store_write(&ctx, f->s, body_large, &id) != OK;
        struct stat st;
        if (stat(str_fmt(a, "%s/store.db-wal", f->dir.p).p, &st) == 0 && st.st_size > most)
            most = st.st_size;
    }
    w.stop = true;
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
    assert_int_equal(w.wrong, 0);
    print_message("90 MB written: WAL at most %lld KiB\n", (long long)most / 1024);
    assert_true(most < 48 * 1024 * 1024);
}

static void
test_reopen(void **state)
{
    struct fixture *f = *state;
    assert_ok(f, store_write(&f->ctx, f->s, body_several, &(struct several){1, 50}));
    store_close(f->s);
    struct store_options opt = {.url = f->url, .readers = 1, .batch_max = 1};
    assert_ok(f, store_open(&f->ctx, &opt, &f->s));
    assert_int_equal(count(f), 49);
}

/* --- PostgreSQL: connections that break --- */

static void
kill_others(struct fixture *f)
{
    struct str text =
        str_fmt(f->a, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'store_test_%d'",
                (int)getpid());
    support_sql(getenv("JINGBAN_TEST_PG"), text.p);
    usleep(50 * 1000);
}

struct cut {
    struct fixture *f;
    int64_t id;
    int runs;
};

static enum err
body_cut(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct cut *c = arg;
    TRY(ctx, body_insert(ctx, tx, &c->id));
    if (c->runs++ == 0)
        kill_others(c->f);
    int64_t other = c->id + 1;
    return body_insert(ctx, tx, &other);
}

static enum err
body_cut_at_end(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct cut *c = arg;
    TRY(ctx, body_insert(ctx, tx, &c->id));
    if (c->runs++ == 0)
        kill_others(c->f);
    return OK;
}

static void
test_pg_reconnect(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(count(f), 0);
    kill_others(f);
    assert_int_equal(count(f), 0); /* a reader that broke at rest */
    struct cut c = {f, 1, 0};
    assert_ok(f, store_write(&f->ctx, f->s, body_cut, &c)); /* broke in the body: run again */
    assert_int_equal(c.runs, 2);
    assert_int_equal(count(f), 2);
    kill_others(f);
    c = (struct cut){f, 10, 0};
    assert_int_equal(store_write(&f->ctx, f->s, body_cut_at_end, &c),
                     ERR_STORE); /* outcome of COMMIT unknown: not again */
    assert_int_equal(c.runs, 1);
    fail_clear(&f->ctx);
    int64_t id = 20;
    assert_ok(f, store_write(&f->ctx, f->s, body_insert, &id));
}

static void
test_pg_collation(void **state)
{
    struct fixture *f = *state;
    const char *url = getenv("JINGBAN_TEST_PG");
    if (strstr(url, "/jingban?") == NULL)
        return; /* not the cluster of tools/pg-test-cluster: leave its databases alone */
    support_sql(url, "drop database if exists jingban_other");
    support_sql(url,
                "create database jingban_other template template0 encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C'");
    struct str before = str_c(url);
    size_t at = str_find(before, STR("/jingban?"));
    struct str other = str_fmt(f->a, "%.*s/jingban_other%s", (int)at, url, url + at + strlen("/jingban"));
    struct store *s;
    struct store_options opt = {.url = other};
    assert_int_equal(store_open(&f->ctx, &opt, &s), ERR_CONFIG);
    support_sql(url, "drop database jingban_other");
}

int
main(void)
{
#define COMMON(up)                                                                                                     \
    cmocka_unit_test_setup_teardown(test_migrate, up, teardown),                                                       \
        cmocka_unit_test_setup_teardown(test_migrate_race, up, teardown),                                              \
        cmocka_unit_test_setup_teardown(test_newer, up, teardown),                                                     \
        cmocka_unit_test_setup_teardown(test_open_refused, up, teardown),                                              \
        cmocka_unit_test_setup_teardown(test_values, up, teardown),                                                    \
        cmocka_unit_test_setup_teardown(test_list, up, teardown),                                                      \
        cmocka_unit_test_setup_teardown(test_changed, up, teardown),                                                   \
        cmocka_unit_test_setup_teardown(test_rollback, up, teardown),                                                  \
        cmocka_unit_test_setup_teardown(test_constraints, up, teardown),                                               \
        cmocka_unit_test_setup_teardown(test_one_is_one, up, teardown),                                                \
        cmocka_unit_test_setup_teardown(test_read_only, up, teardown),                                                 \
        cmocka_unit_test_setup_teardown(test_snapshot, up, teardown),                                                  \
        cmocka_unit_test_setup_teardown(test_crowd, up, teardown),                                                     \
        cmocka_unit_test_setup_teardown(test_backup, up, teardown),                                                    \
        cmocka_unit_test_setup_teardown(test_reopen, up, teardown)
    const struct CMUnitTest sqlite[] = {
        COMMON(setup_sqlite),
#ifndef NO_FAULT_INJECTION
        cmocka_unit_test_setup_teardown(test_full, setup_sqlite, teardown),
        cmocka_unit_test_setup_teardown(test_full_commit, setup_sqlite, teardown),
#endif
        cmocka_unit_test_setup_teardown(test_wal_bounded, setup_sqlite, teardown),
    };
    const struct CMUnitTest pg[] = {
        COMMON(setup_pg),
        cmocka_unit_test_setup_teardown(test_pg_reconnect, setup_pg, teardown),
        cmocka_unit_test_setup_teardown(test_pg_collation, setup_pg, teardown),
    };
    int failed = cmocka_run_group_tests_name("sqlite", sqlite, NULL, NULL);
    if (support_pg())
        failed += cmocka_run_group_tests_name("postgres", pg, NULL, NULL);
    return failed;
}
