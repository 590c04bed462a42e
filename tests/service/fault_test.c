/* A disk that fills up in the middle of a batch: whoever was told "done" is there, whoever was refused is not, nobody
** is there twice, and the desk goes on as soon as there is room again. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "service/service_int.h"
#include "support/support_db.h"
#include "support/support_service.h"

enum { THREADS = 64, EACH_COUNTDOWN = 60 };

static const struct matter *certificate;
static struct person person;

static int
set_up(void **state)
{
    (void)state;
    support_server_up("fault", false);
    certificate = support_matter("420281", "002036003001");
    person = support_insured(certificate->region->code, support_id_number(STR("42028119800101123")));
    return 0;
}

/* --- 64 at once --- */

struct applicant {
    pthread_t thread;
    struct arena *arena;
    struct ctx ctx;
    char key[32];
    enum err e;
    struct receipt receipt;
};

static pthread_barrier_t start;

static enum err
apply(struct applicant *a)
{
    struct view *facts = view_map(a->arena);
    view_put_z(facts, "insurance", "职工医保");
    struct application in = {.region = certificate->region,
                             .matter = certificate,
                             .channel = CHANNEL_ONLINE,
                             .facts = facts,
                             .applicant_name = person.name,
                             .applicant_id = person.id_number,
                             .mobile = person.mobile,
                             .idempotency = str_c(a->key)};
    return service_apply(&a->ctx, server, &in, &a->receipt);
}

static void *
run(void *arg)
{
    struct applicant *a = arg;
    pthread_barrier_wait(&start);
    a->e = apply(a);
    return NULL;
}

static void
all_at_once(struct applicant *a, int round)
{
    pthread_barrier_init(&start, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        a[i] = (struct applicant){.arena = arena_new(0), .e = ERR_INTERNAL};
        a[i].ctx = ctx_new(a[i].arena, ctx.now_ms + round);
        snprintf(a[i].key, sizeof a[i].key, "fault-%d-%d", round, i);
        assert_int_equal(pthread_create(&a[i].thread, NULL, run, &a[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(a[i].thread, NULL);
    pthread_barrier_destroy(&start);
}

/* --- what is there, seen from outside --- */

static int64_t
count(const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_open_v2(str_fmt(arena, "%s/jingban.db", folder.p).p, &db, SQLITE_OPEN_READONLY, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(db);
    return n;
}

static void
assert_cases(int64_t n)
{
    assert_int_equal(count("select count(*) from case_file"), n);
    assert_int_equal(count("select count(distinct no) from case_file"), n);
    assert_int_equal(count("select count(*) from case_event where seq = 1"), n);
    assert_int_equal(count("select count(*) from document"), n); /* the receipt of each */
    assert_int_equal(count("select count(*) from idempotency"), n);
}

/* Arms the fault, lets 64 apply, disarms; then everybody asks once more. */
static int64_t
one_round(int round, int countdown, int64_t before)
{
    static struct applicant a[THREADS];
    struct case_file *cf = ARENA_NEW(arena, struct case_file);
    int64_t done = 0;
    store_fault_arm(server->store, countdown);
    all_at_once(a, round);
    store_fault_arm(server->store, 0);
    for (int i = 0; i < THREADS; i++) {
        if (a[i].e != OK) {
            assert_int_equal(a[i].e, ERR_STORE_FULL);
            continue;
        }
        must(service_case_open(&a[i].ctx, server, a[i].receipt.no, a[i].receipt.code, cf));
        assert_true(str_eq(cf->no, a[i].receipt.no));
        done++;
    }
    assert_cases(before + done);
    for (int i = 0; i < THREADS; i++) { /* the next write works, and the acknowledged are told what they were told */
        struct receipt first = a[i].receipt;
        bool kept = a[i].e == OK;
        if (kept && i % 8)
            continue;
        fail_clear(&a[i].ctx);
        must(apply(&a[i]));
        assert_int_equal(a[i].receipt.replayed, kept);
        if (kept)
            assert_true(str_eq(first.no, a[i].receipt.no) && str_eq(first.code, a[i].receipt.code));
    }
    assert_cases(before + THREADS);
    for (int i = 0; i < THREADS; i++)
        arena_free(a[i].arena);
    return done;
}

static void
assert_sound(int64_t cases)
{
    struct audit audit;
    int64_t sealed;
    must(service_seal_all(&ctx, server, &sealed));
    must(case_audit(&ctx, server->store, &server->vault, certificate->region->code, &audit));
    assert_int_equal(audit.broken, 0);
    assert_int_equal(audit.cases, cases);
    must(case_rebuild_check(&ctx, server->store, &server->vault, server->catalog, certificate->region->code, &audit));
    assert_int_equal(audit.broken, 0);
}

static void
a_disk_full_in_mid_batch_costs_nobody_his_case(void **state)
{
    (void)state;
    int64_t cases = 0, acknowledged = 0, struck = 0;
    for (int countdown = 1; countdown <= EACH_COUNTDOWN; countdown++) {
        int64_t done = one_round(countdown, countdown, cases);
        cases += THREADS;
        acknowledged += done;
        struck += done < THREADS;
    }
    print_message("%d of %d acknowledged, %d of %d rounds struck\n", (int)acknowledged, (int)cases, (int)struck,
                  EACH_COUNTDOWN);
    assert_true(struck >=
                EACH_COUNTDOWN * 9 /
                    10); /* nearly each met the writer at work; how many writes a batch takes is up to the scheduler */
    assert_sound(cases);
}

static void
a_disk_that_stays_full_refuses_until_there_is_room(void **state)
{
    (void)state;
    static const int countdowns[] = {-1, -30, -90};
    int64_t cases = count("select count(*) from case_file");
    for (int i = 0; i < 3; i++) {
        int64_t done = one_round(1000 + i, countdowns[i], cases);
        cases += THREADS;
        assert_true(done < THREADS);
    }
    assert_sound(cases);
}

/* A mistake of ours: the second sending was judged by what had happened since the first. */
static void
what_was_acknowledged_is_not_judged_again(void **state)
{
    (void)state;
    struct applicant a = {.arena = arena, .ctx = ctx, .key = "judged-once"};
    must(apply(&a));
    struct str no = a.receipt.no;
    support_sql(url.p, "update enrolment set insurance = '城乡居民医保'");
    static const int64_t hours[] = {0, 24};
    for (int i = 0; i < 2; i++) {
        a.ctx.now_ms = ctx.now_ms + hours[i] * 3600000;
        must(apply(&a));
        assert_true(a.receipt.replayed && str_eq(a.receipt.no, no));
    }
    snprintf(a.key, sizeof a.key, "judged-anew");
    assert_int_equal(apply(&a), ERR_FIELD_INVALID); /* a new submission meets the registers as they are */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_disk_full_in_mid_batch_costs_nobody_his_case),
        cmocka_unit_test(a_disk_that_stays_full_refuses_until_there_is_room),
        cmocka_unit_test(what_was_acknowledged_is_not_judged_again),
    };
    return cmocka_run_group_tests_name("a full disk", tests, set_up, support_server_down);
}
