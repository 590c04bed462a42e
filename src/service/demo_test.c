/* The demo's people and accounts: valid, repeatable, usable. With them, signing in as a whole. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service/demo.h"
#include "service/service.h"
#include "staff/staff.h"
#include "support/support_catalog.h"
#include "support/support_db.h"

enum { SEED = 20260101, MINUTE = 60000, LINES_MAX = 1024 };
static const int64_t T0 = 1780000000000; /* 2026-05-28 */

struct fixture {
    struct arena *a;
    struct ctx ctx;
    struct server s;
    struct catalog *catalog;
    struct str line[LINES_MAX];
    size_t line_count;
    struct str dir;
};

#define assert_ok(f, call) SUPPORT_OK(&(f)->ctx, call)

static void
take_line(void *arg, struct str line)
{
    struct fixture *f = arg;
    assert_true(f->line_count < LINES_MAX);
    f->line[f->line_count++] = str_dup(f->a, line);
}

static int
open_desk(void **state, bool pg)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->a = arena_new(0);
    f->ctx = ctx_new(f->a, T0);
    assert_ok(f, crypto_start(&f->ctx));
    f->dir = support_folder(f->a, "demo");
    struct store_options opt = {.url = pg ? support_pg_schema(f->a, "demo_test")
                                          : str_fmt(f->a, "sqlite:%s/store.db", f->dir.p)};
    int n;
    f->catalog = support_catalog(&f->ctx);
    assert_ok(f, store_open(&f->ctx, &opt, &f->s.store));
    assert_ok(f, store_migrate(&f->ctx, f->s.store, &n));
    assert_ok(f, vault_open(&f->ctx, f->dir, &f->s.vault));
    f->s.catalog = f->catalog;
    f->s.demo = true;
    assert_ok(f, service_demo(&f->ctx, &f->s, SEED, take_line, f));
    *state = f;
    return 0;
}

static int
open_sqlite(void **state)
{
    return open_desk(state, false);
}

static int
open_pg(void **state)
{
    return open_desk(state, true);
}

static int
close_desk(void **state)
{
    struct fixture *f = *state;
    store_close(f->s.store);
    catalog_free(f->catalog);
    support_folder_remove(f->dir);
    arena_free(f->a);
    crypto_stop();
    free(f);
    return 0;
}

/* --- people --- */

static void
numbers_are_valid_and_single(void **state)
{
    struct fixture *f = *state;
    struct day today = day_of_ms(T0);
    for (size_t k = 0; k < catalog_region_count(f->catalog); k++) {
        const struct region *r = catalog_region_at(f->catalog, k);
        SCOPED_ARENA a = arena_new(0);
        struct str *seen = ARENA_ARRAY(a, DEMO_PERSONS, struct str);
        for (int i = 0; i < DEMO_PERSONS; i++) {
            struct demo_person p;
            struct ident_person id;
            struct str text;
            const char *reason = "";
            demo_person(a, SEED, r, i, &p);
            if (!ident_person(a, p.person.id_number, &id, &reason))
                fail_msg("%d %.*s: %s", i, STR_ARG(p.person.id_number), reason);
            assert_true(id.kind == IDENT_RESIDENT && str_eq(id.value, p.person.id_number) && str_eq(id.area, r->code));
            assert_true(id.birth.n == p.person.birth.n && ident_birth_by(id.birth, today, &reason));
            assert_true(str_eqz(p.person.sex, id.sex == IDENT_SEX_MALE ? "男" : "女"));
            if (!ident_name(a, p.person.name, &text, &reason) || !str_eq(text, p.person.name))
                fail_msg("%d %.*s: %s", i, STR_ARG(p.person.name), reason);
            assert_true(ident_mobile(a, p.person.mobile, &text, &reason));
            seen[i] = p.person.id_number;
            assert_true(!p.insurance || p.months > 0);
            assert_true(p.unit < DEMO_UNITS && (p.unit >= 0) == (p.identity && strcmp(p.identity, "在职职工") == 0));
        }
        for (int i = 0; i < DEMO_PERSONS;
             i++) /* birthdays differ, so comparing neighbours is not enough, all pairs are cheap */
            for (int j = i + 1; j < DEMO_PERSONS; j++)
                if (memcmp(seen[i].p, seen[j].p, 18) == 0)
                    fail_msg("%.*s twice", STR_ARG(seen[i]));
    }
}

static void
every_kind_of_person_is_there(void **state)
{
    struct fixture *f = *state;
    const struct region *r = catalog_region_at(f->catalog, 0);
    int worker = 0, free_worker = 0, retired = 0, resident = 0, none = 0, men = 0, wide = 0, dotted = 0, first = 9999,
        last = 0;
    for (int i = 0; i < DEMO_PERSONS; i++) {
        struct demo_person p;
        demo_person(f->a, SEED, r, i, &p);
        const char *identity = p.identity ? p.identity : "";
        worker += strcmp(identity, "在职职工") == 0;
        free_worker += strcmp(identity, "灵活就业人员") == 0;
        retired += strcmp(identity, "退休人员") == 0;
        resident += strcmp(identity, "城乡居民") == 0;
        none += !p.identity;
        men += str_eqz(p.person.sex, "男");
        dotted += str_find(p.person.name, STR("·")) != SIZE_MAX;
        size_t at = 0;
        for (uint32_t cp; (cp = str_utf8_next(p.person.name, &at));)
            wide += cp >= 0x20000;
        int year = day_ymd(p.person.birth).year;
        first = year < first ? year : first;
        last = year > last ? year : last;
    }
    assert_true(worker > 300 && free_worker > 100 && retired > 200 && resident > 300 && none > 20);
    assert_true(men > 800 && men < 1200 && wide == 1 && dotted == 1);
    assert_true(first == 1940 && last == 2025);
}

static void
units_are_valid(void **state)
{
    struct fixture *f = *state;
    for (size_t k = 0; k < catalog_region_count(f->catalog); k++)
        for (int i = 0; i < DEMO_UNITS; i++) {
            struct unit u;
            struct str code;
            const char *reason = "";
            demo_unit(f->a, SEED, catalog_region_at(f->catalog, k), i, &u);
            if (!ident_uscc(f->a, u.uscc, &code, &reason))
                fail_msg("%.*s: %s", STR_ARG(u.uscc), reason);
            assert_true(str_starts(u.name, STR("演示")) && str_ends(u.name, STR("有限公司")));
        }
}

static void
same_seed_same_people(void **state)
{
    struct fixture *f = *state;
    const struct region *r = catalog_region_at(f->catalog, 0), *other = catalog_region_at(f->catalog, 1);
    int differ_seed = 0, differ_region = 0;
    for (int i = 0; i < DEMO_PERSONS; i++) {
        struct demo_person one, two, three, four;
        demo_person(f->a, SEED, r, i, &one);
        demo_person(f->a, SEED, r, i, &two);
        demo_person(f->a, SEED + 1, r, i, &three);
        demo_person(f->a, SEED, other, i, &four);
        assert_true(str_eq(one.person.id_number, two.person.id_number) && str_eq(one.person.name, two.person.name));
        assert_true(one.unit == two.unit && one.months == two.months && one.balance.fen == two.balance.fen);
        differ_seed += !str_eq(one.person.name, three.person.name);
        differ_region += !str_eq(one.person.name, four.person.name);
    }
    assert_true(differ_seed > 1900 && differ_region > 1900);
}

static void
registers_hold_them(void **state)
{
    struct fixture *f = *state;
    const struct region *r = catalog_region_at(f->catalog, catalog_region_count(f->catalog) - 1);
    SCOPED_READ tx = NULL;
    assert_ok(f, store_read(&f->ctx, f->s.store, &tx));
    for (int i = 0; i < DEMO_PERSONS; i += 97) {
        struct demo_person p;
        struct person stored;
        struct enrolment *e;
        size_t n;
        struct money balance;
        int64_t months;
        bool found;
        demo_person(f->a, SEED, r, i, &p);
        assert_ok(f, registry_person_find(&f->ctx, tx, &f->s.vault, r->code, p.person.id_number, &stored, &found));
        assert_true(found && str_eq(stored.name, p.person.name) && stored.birth.n == p.person.birth.n);
        assert_ok(f, registry_enrolments(&f->ctx, tx, r->code, stored.id, &e, &n));
        assert_int_equal(n, p.insurance ? 1 : 0);
        if (n)
            assert_true(str_eqz(e[0].identity, p.identity) && (e[0].unit_id != 0) == (p.unit >= 0) &&
                        e[0].from.n < day_of_ms(T0).n);
        assert_ok(f, registry_balance(&f->ctx, tx, r->code, stored.id, &balance, &months));
        assert_true(balance.fen == p.balance.fen && (p.balance.fen == 0 || months == p.months));
    }
    struct unit u, stored;
    bool found;
    demo_unit(f->a, SEED, r, DEMO_UNITS - 1, &u);
    assert_ok(f, registry_unit_find(&f->ctx, tx, &f->s.vault, r->code, u.uscc, &stored, &found));
    assert_true(found && str_eq(stored.name, u.name) && str_starts(stored.no, r->code));
}

static void
second_start_adds_nothing(void **state)
{
    struct fixture *f = *state;
    size_t before = f->line_count;
    assert_int_equal(before, DEMO_STAFF * catalog_region_count(f->catalog));
    assert_ok(f, service_demo(&f->ctx, &f->s, SEED, take_line, f));
    assert_int_equal(f->line_count, before);
}

/* --- signing in --- */

/* The one-time password of LOGIN in the first region, from the printed lines. */
static struct str
printed(struct fixture *f, const char *login)
{
    for (size_t i = 0; i < f->line_count; i++) {
        struct str rest = f->line[i], word[3], piece;
        size_t n = 0;
        while (n < 3 && str_split(&rest, ' ', &piece))
            if (piece.n)
                word[n++] = piece;
        if (n == 3 && str_eqz(word[1], login) && str_eq(word[0], catalog_region_at(f->catalog, 0)->code))
            return word[2];
    }
    fail_msg("no line for %s", login);
    return STR("");
}

static enum err
sign_in(struct fixture *f, const char *login, struct str password, struct str *ret_token, bool *ret_must_change)
{
    fail_clear(&f->ctx);
    return service_login(&f->ctx, &f->s, catalog_region_at(f->catalog, 0)->code, str_c(login), password, ret_token,
                         ret_must_change);
}

static void
wrong_name_and_wrong_password_are_alike(void **state)
{
    struct fixture *f = *state;
    struct str token;
    bool change;
    f->ctx.now_ms = T0;
    assert_int_equal(sign_in(f, "window", STR("ABCDEFGH1234"), &token, &change), ERR_UNAUTHENTICATED);
    struct str wrong_password = str_dup(f->a, f->ctx.fail->detail);
    assert_int_equal(sign_in(f, "nobody", STR("ABCDEFGH1234"), &token, &change), ERR_UNAUTHENTICATED);
    assert_true(str_eq(wrong_password, f->ctx.fail->detail) && f->ctx.fail->field_count == 0);
    fail_clear(&f->ctx);
    assert_int_equal(service_login(&f->ctx, &f->s, STR("000000"), STR("window"), printed(f, "window"), &token, &change),
                     ERR_UNAUTHENTICATED);
    assert_true(str_eq(wrong_password, f->ctx.fail->detail));
}

static void
lock_ends_with_the_clock(void **state)
{
    struct fixture *f = *state;
    struct str token;
    bool change;
    f->ctx.now_ms = T0;
    for (int i = 0; i < STAFF_FAILURES_MAX; i++)
        assert_int_equal(sign_in(f, "keeper", STR("ABCDEFGH1234"), &token, &change), ERR_UNAUTHENTICATED);
    assert_int_equal(sign_in(f, "keeper", printed(f, "keeper"), &token, &change), ERR_LOCKED);
    f->ctx.now_ms = T0 + 15 * MINUTE;
    assert_ok(f, sign_in(f, "keeper", printed(f, "keeper"), &token, &change));
    f->ctx.now_ms = T0;
}

static void
first_use_sets_a_password(void **state)
{
    struct fixture *f = *state;
    struct str token, csrf, own = STR("一把只有我知道的钥匙");
    struct actor actor;
    bool change;
    f->ctx.now_ms = T0;
    assert_ok(f, sign_in(f, "reviewer", printed(f, "reviewer"), &token, &change));
    assert_true(change);
    assert_ok(f, service_session_actor(&f->ctx, &f->s, token, &actor, &csrf, &change));
    assert_true(change && actor.roles == 1u << ROLE_REVIEW && csrf.n == 26);
    assert_int_equal(service_password_change(&f->ctx, &f->s, &actor, STR("wrong"), own), ERR_FIELD_INVALID);
    fail_clear(&f->ctx);
    assert_int_equal(service_password_change(&f->ctx, &f->s, &actor, printed(f, "reviewer"), STR("short")),
                     ERR_FIELD_INVALID);
    fail_clear(&f->ctx);
    assert_int_equal(service_password_change(&f->ctx, &f->s, &actor, printed(f, "reviewer"), printed(f, "reviewer")),
                     ERR_FIELD_INVALID);
    fail_clear(&f->ctx);
    assert_ok(f, service_password_change(&f->ctx, &f->s, &actor, printed(f, "reviewer"), own));
    assert_int_equal(service_session_actor(&f->ctx, &f->s, token, &actor, &csrf, &change), ERR_UNAUTHENTICATED);
    assert_int_equal(sign_in(f, "reviewer", printed(f, "reviewer"), &token, &change), ERR_UNAUTHENTICATED);
    assert_ok(f, sign_in(f, "reviewer", own, &token, &change));
    assert_false(change);
}

static void
sessions_end(void **state)
{
    struct fixture *f = *state;
    struct str token, csrf;
    struct actor actor;
    bool change;
    f->ctx.now_ms = T0;
    assert_ok(f, sign_in(f, "supervisor", printed(f, "supervisor"), &token, &change));
    assert_ok(f, service_session_actor(&f->ctx, &f->s, token, &actor, &csrf, &change));
    assert_true(actor_has(&actor, ROLE_SUPERVISOR) && actor_has(&actor, ROLE_WINDOW) &&
                str_eqz(actor.name, "督办演示"));
    f->ctx.now_ms = T0 + 29 * MINUTE; /* this one is noted */
    assert_ok(f, service_session_actor(&f->ctx, &f->s, token, &actor, &csrf, &change));
    f->ctx.now_ms = T0 + 58 * MINUTE;
    assert_ok(f, service_session_actor(&f->ctx, &f->s, token, &actor, &csrf, &change));
    /* a demo's clock moved by a month ends no session, half an hour of the machine's does */
    atomic_store(&f->s.clock_shift, INT64_C(30) * 24 * 60 * MINUTE);
    f->ctx.now_ms = T0 + 60 * MINUTE + atomic_load(&f->s.clock_shift);
    assert_ok(f, service_session_actor(&f->ctx, &f->s, token, &actor, &csrf, &change));
    f->ctx.now_ms += 30 * MINUTE;
    assert_int_equal(service_session_actor(&f->ctx, &f->s, token, &actor, &csrf, &change), ERR_UNAUTHENTICATED);
    atomic_store(&f->s.clock_shift, 0);
    f->ctx.now_ms = T0;
    assert_ok(f, sign_in(f, "supervisor", printed(f, "supervisor"), &token, &change));
    assert_ok(f, service_logout(&f->ctx, &f->s, token));
    assert_int_equal(service_session_actor(&f->ctx, &f->s, token, &actor, &csrf, &change), ERR_UNAUTHENTICATED);
}

static void
bad_accounts_are_refused_field_by_field(void **state)
{
    struct fixture *f = *state;
    struct str password;
    const struct region *r = catalog_region_at(f->catalog, 0);
    struct staff_new bad = {.region = r->code,
                            .login = STR("Zhang San"),
                            .name = STR("1"),
                            .roles = STR("window,boss"),
                            .points = STR("nowhere")};
    fail_clear(&f->ctx);
    assert_int_equal(service_staff_add(&f->ctx, &f->s, &bad, &password), ERR_FIELD_INVALID);
    assert_int_equal(f->ctx.fail->field_count, 4);
    struct staff_new good = {
        .region = r->code, .login = STR("zhang.san"), .name = STR("张三"), .roles = STR("窗口, review")};
    fail_clear(&f->ctx);
    assert_ok(f, service_staff_add(&f->ctx, &f->s, &good, &password));
    assert_int_equal(service_staff_add(&f->ctx, &f->s, &good, &password), ERR_FIELD_INVALID);
    fail_clear(&f->ctx);
    struct view *list;
    assert_ok(f, service_staff_list(&f->ctx, &f->s, r->code, &list));
    assert_int_equal(view_count(view_get(list, STR("staff"))), DEMO_STAFF + 1);
}

#define TESTS                                                                                                          \
    cmocka_unit_test(numbers_are_valid_and_single), cmocka_unit_test(every_kind_of_person_is_there),                   \
        cmocka_unit_test(units_are_valid), cmocka_unit_test(same_seed_same_people),                                    \
        cmocka_unit_test(registers_hold_them), cmocka_unit_test(second_start_adds_nothing),                            \
        cmocka_unit_test(wrong_name_and_wrong_password_are_alike), cmocka_unit_test(lock_ends_with_the_clock),         \
        cmocka_unit_test(first_use_sets_a_password), cmocka_unit_test(sessions_end),                                   \
        cmocka_unit_test(bad_accounts_are_refused_field_by_field)

int
main(void)
{
    const struct CMUnitTest sqlite[] = {TESTS};
    const struct CMUnitTest postgres[] = {TESTS};
    int failed = cmocka_run_group_tests(sqlite, open_sqlite, close_desk);
    if (support_pg())
        failed += cmocka_run_group_tests(postgres, open_pg, close_desk);
    return failed;
}
