/* Passwords, lock-out and sessions, on SQLite always and on PostgreSQL when JINGBAN_TEST_PG names a database. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "staff/staff.h"
#include "support/support_db.h"

static const struct str R = STR_INIT("990001");
enum { MINUTE = 60000 };
static const int64_t T0 = 1760000000000;

struct fixture {
    struct arena *a;
    struct ctx ctx;
    struct store *store;
    struct vault vault;
    struct str dir;
    bool pg;
};

#define assert_ok(f, call) SUPPORT_OK(&(f)->ctx, call)

static int
setup(void **state, bool pg)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->a = arena_new(0);
    f->ctx = ctx_new(f->a, T0);
    f->pg = pg;
    assert_ok(f, crypto_start(&f->ctx));
    f->dir = support_folder(f->a, "staff");
    struct store_options opt = {.url = pg ? support_pg_schema(f->a, "staff_test")
                                          : str_fmt(f->a, "sqlite:%s/store.db", f->dir.p)};
    int n;
    assert_ok(f, store_open(&f->ctx, &opt, &f->store));
    assert_ok(f, store_migrate(&f->ctx, f->store, &n));
    assert_ok(f, vault_open(&f->ctx, f->dir, &f->vault));
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
    store_close(f->store);
    support_folder_remove(f->dir);
    arena_free(f->a);
    crypto_stop();
    free(f);
    return 0;
}

/* --- bodies --- */

enum what { ADD, ATTEMPT, RIGHT, SET, OPEN, TOUCH, END, PURGE };
struct job {
    struct fixture *f;
    enum what what;
    struct staff staff;
    struct str token;
    int64_t now_ms;
};

static enum err
job_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct job *j = arg;
    const struct vault *v = &j->f->vault;
    switch (j->what) {
    case ADD:
        return staff_insert(ctx, tx, R, &j->staff);
    case ATTEMPT:
        return staff_attempt(ctx, tx, R, j->staff.id);
    case RIGHT:
        return staff_attempt_right(ctx, tx, R, j->staff.id);
    case SET:
        return staff_password_set(ctx, tx, R, j->staff.id, j->staff.version, j->staff.password);
    case OPEN:
        return session_insert(ctx, tx, v, R, j->staff.id, j->token, STR("csrf"), j->now_ms);
    case TOUCH:
        return session_touch(ctx, tx, v, j->token, j->now_ms);
    case END:
        return session_end(ctx, tx, v, j->token);
    case PURGE:
        return session_purge(ctx, tx, R, j->now_ms);
    }
    return OK;
}

static enum err
job(struct fixture *f, struct job j)
{
    fail_clear(&f->ctx);
    j.f = f;
    return store_write(&f->ctx, f->store, job_body, &j);
}

static struct staff
clerk(struct fixture *f)
{
    SCOPED_READ tx = NULL;
    struct staff s;
    bool found;
    assert_ok(f, store_read(&f->ctx, f->store, &tx));
    assert_ok(f, staff_by_login(&f->ctx, tx, R, STR("zhang"), &s, &found));
    assert_true(found);
    return s;
}

static void
add_clerk(struct fixture *f)
{
    struct staff s = {.id = 7,
                      .login = STR("zhang"),
                      .name = STR("张某"),
                      .roles = STR("window review"),
                      .agency = STR("bureau"),
                      .points = STR("hall"),
                      .password = STR("x")};
    assert_ok(f, job(f, (struct job){.what = ADD, .staff = s}));
}

static enum err
find(struct fixture *f, struct str token, int64_t now_ms, struct session *ret_s)
{
    fail_clear(&f->ctx);
    SCOPED_READ tx = NULL;
    assert_ok(f, store_read(&f->ctx, f->store, &tx));
    return session_find(&f->ctx, tx, &f->vault, token, now_ms, ret_s);
}

/* --- tests --- */

static void
password_is_slow_and_salted(void **state)
{
    struct fixture *f = *state;
    struct str one, two;
    assert_ok(f, staff_password_hash(&f->ctx, STR("一个很长的密码也可以用"), &one));
    assert_ok(f, staff_password_hash(&f->ctx, STR("一个很长的密码也可以用"), &two));
    assert_true(str_starts(one, STR("$argon2id$v=19$m=19456,t=2,p=1$")));
    assert_false(str_eq(one, two));
    assert_true(staff_password_right(&f->ctx, one, STR("一个很长的密码也可以用")));
    assert_false(staff_password_right(&f->ctx, one, STR("一个很长的密码也可以")));
    assert_false(staff_password_right(&f->ctx, one, STR("")));
    assert_false(staff_password_right(&f->ctx, STR(""), STR("一个很长的密码也可以用")));
    assert_false(staff_password_right(&f->ctx, STR("no hash"), STR("no hash")));
}

static void
password_rules(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(staff_password_check(&f->ctx, STR("zhang"), STR("123456789")), ERR_FIELD_INVALID);
    assert_true(str_eqz(f->ctx.fail->field[0].field, "new_password"));
    assert_int_equal(staff_password_check(&f->ctx, STR("zhang.sanfeng"), STR("Zhang.Sanfeng")), ERR_FIELD_INVALID);
    assert_int_equal(staff_password_check(&f->ctx, STR("zhang"), STR("一二三四五六七八九")), ERR_FIELD_INVALID);
    fail_clear(&f->ctx);
    assert_ok(f, staff_password_check(&f->ctx, STR("zhang"), STR("一二三四五六七八九十")));
    assert_ok(f, staff_password_check(&f->ctx, STR("zhang"), STR("correct horse")));
}

static void
login_is_taken_once(void **state)
{
    struct fixture *f = *state;
    add_clerk(f);
    struct staff again = {.id = 8,
                          .login = STR("zhang"),
                          .name = STR("张另"),
                          .roles = STR("window"),
                          .agency = STR("bureau"),
                          .points = STR(""),
                          .password = STR("x")};
    assert_int_equal(job(f, (struct job){.what = ADD, .staff = again}), ERR_FIELD_INVALID);
    assert_true(str_eqz(f->ctx.fail->field[0].field, "login"));
    assert_int_equal(clerk(f).id, 7);
    assert_true(clerk(f).must_change);
}

static void
five_failures_lock_for_a_quarter_of_an_hour(void **state)
{
    struct fixture *f = *state;
    add_clerk(f);
    struct job attempt = {.what = ATTEMPT, .staff = {.id = 7}};
    for (int i = 0; i < STAFF_FAILURES_MAX; i++)
        assert_ok(f, job(f, attempt));
    assert_int_equal(job(f, attempt), ERR_LOCKED);
    f->ctx.now_ms = T0 + 15 * MINUTE - 1;
    assert_int_equal(job(f, attempt), ERR_LOCKED);
    f->ctx.now_ms = T0 + 15 * MINUTE;
    for (int i = 0; i < STAFF_FAILURES_MAX; i++) /* a lock that has run out leaves a full new count */
        assert_ok(f, job(f, attempt));
    assert_int_equal(job(f, attempt), ERR_LOCKED);
}

static void
success_forgets_failures(void **state)
{
    struct fixture *f = *state;
    add_clerk(f);
    struct job attempt = {.what = ATTEMPT, .staff = {.id = 7}}, right = {.what = RIGHT, .staff = {.id = 7}};
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < STAFF_FAILURES_MAX; i++)
            assert_ok(f, job(f, attempt));
        assert_ok(f, job(f, right));
        assert_int_equal(clerk(f).failed, 0);
        assert_int_equal(clerk(f).locked_ms, 0);
    }
    assert_ok(f, job(f, (struct job){.what = ATTEMPT})); /* nobody: counted elsewhere, never locked */
}

static void
session_ends_idle_and_after_half_a_day(void **state)
{
    struct fixture *f = *state;
    struct session s;
    add_clerk(f);
    struct str token = session_token(f->a, R), region;
    assert_true(session_region(token, &region));
    assert_true(str_eq(region, R));
    assert_ok(f, job(f, (struct job){.what = OPEN, .staff = {.id = 7}, .token = token, .now_ms = T0}));
    assert_ok(f, find(f, token, T0 + MINUTE - 1, &s));
    assert_false(s.touch);
    assert_int_equal(s.staff.id, 7);
    assert_int_equal(staff_roles(s.staff.roles), 1u << ROLE_WINDOW | 1u << ROLE_REVIEW);
    assert_ok(f, find(f, token, T0 + MINUTE, &s));
    assert_true(s.touch);
    assert_ok(f, find(f, token, T0 + 30 * MINUTE - 1, &s));
    assert_int_equal(find(f, token, T0 + 30 * MINUTE, &s), ERR_UNAUTHENTICATED);
    for (int64_t at = T0; at < T0 + 12 * 60 * MINUTE; at += 20 * MINUTE) {
        assert_ok(f, find(f, token, at, &s));
        assert_ok(f, job(f, (struct job){.what = TOUCH, .token = token, .now_ms = at}));
    }
    assert_int_equal(find(f, token, T0 + 12 * 60 * MINUTE, &s), ERR_UNAUTHENTICATED);
    assert_ok(f, job(f, (struct job){.what = PURGE, .now_ms = T0 + 12 * 60 * MINUTE}));
    assert_int_equal(find(f, token, T0 + 1, &s), ERR_UNAUTHENTICATED);
}

static void
tokens_are_refused_alike(void **state)
{
    struct fixture *f = *state;
    struct session s;
    add_clerk(f);
    struct str token = session_token(f->a, R), other = session_token(f->a, R);
    assert_ok(f, job(f, (struct job){.what = OPEN, .staff = {.id = 7}, .token = token, .now_ms = T0}));
    const struct str bad[] = {other,          STR(""),
                              STR("990001."), STR("99000x.ABC"),
                              STR("990001"),  str_concat(f->a, STR("990002"), str_sub(token, 6, token.n))};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(find(f, bad[i], T0, &s), ERR_UNAUTHENTICATED);
    assert_ok(f, find(f, token, T0, &s));
    assert_ok(f, job(f, (struct job){.what = END, .token = token}));
    assert_int_equal(find(f, token, T0, &s), ERR_UNAUTHENTICATED);
}

static void
new_password_ends_all_sessions(void **state)
{
    struct fixture *f = *state;
    struct session s;
    add_clerk(f);
    struct str token = session_token(f->a, R);
    assert_ok(f, job(f, (struct job){.what = OPEN, .staff = {.id = 7}, .token = token, .now_ms = T0}));
    struct job set = {.what = SET, .staff = {.id = 7, .version = 1, .password = STR("y")}};
    assert_ok(f, job(f, set));
    assert_false(clerk(f).must_change);
    assert_int_equal(find(f, token, T0, &s), ERR_UNAUTHENTICATED);
    assert_int_equal(job(f, set), ERR_CONFLICT);
}

#define ON_SQLITE(t) cmocka_unit_test_setup_teardown(t, setup_sqlite, teardown)
#define ON_PG(t)                                                                                                       \
    {                                                                                                                  \
        "pg " #t, t, setup_pg, teardown, NULL                                                                          \
    }

int
main(void)
{
    const struct CMUnitTest sqlite[] = {
        ON_SQLITE(password_is_slow_and_salted), ON_SQLITE(password_rules),
        ON_SQLITE(login_is_taken_once),         ON_SQLITE(five_failures_lock_for_a_quarter_of_an_hour),
        ON_SQLITE(success_forgets_failures),    ON_SQLITE(session_ends_idle_and_after_half_a_day),
        ON_SQLITE(tokens_are_refused_alike),    ON_SQLITE(new_password_ends_all_sessions),
    };
    const struct CMUnitTest pg[] = {
        ON_PG(login_is_taken_once),      ON_PG(five_failures_lock_for_a_quarter_of_an_hour),
        ON_PG(success_forgets_failures), ON_PG(session_ends_idle_and_after_half_a_day),
        ON_PG(tokens_are_refused_alike), ON_PG(new_password_ends_all_sessions),
    };
    int failed = cmocka_run_group_tests(sqlite, NULL, NULL);
    if (support_pg())
        failed += cmocka_run_group_tests(pg, NULL, NULL);
    return failed;
}
