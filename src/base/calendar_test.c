#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"

/* The truth of the tests: one entry a day from 1996-01-01, weekends alone outside the reference. */
enum { FIRST_YEAR = 2004, LAST_YEAR = 2026, SPAN = 365 * 45 };
static char works[SPAN];
static struct day origin;
static struct arena *arena;
static struct calendar *cal;

static struct day
ymd(int y, int m, int d)
{
    struct day x;
    assert_true(day_from_ymd(y, m, d, &x));
    return x;
}

static bool
slow_works(struct day d)
{
    assert_in_range(d.n - origin.n, 0, SPAN - 1);
    return works[d.n - origin.n];
}

static struct day
slow_add(struct day from, int n)
{
    if (n == 0) {
        while (!slow_works(from))
            from.n++;
        return from;
    }
    while (n) {
        from.n++;
        n -= slow_works(from);
    }
    return from;
}

static int
load(void **state)
{
    (void)state;
    arena = arena_new(0);
    cal = calendar_new(arena, FIRST_YEAR, LAST_YEAR);
    origin = ymd(1996, 1, 1);
    for (int i = 0; i < SPAN; i++) {
        int w = day_weekday((struct day){origin.n + i});
        works[i] = w != 0 && w != 6;
    }
    const char *root = getenv("JINGBAN_SOURCE");
    FILE *f = fopen(str_fmt(arena, "%s/tests/calendar/reference.tsv", root ? root : ".").p, "r");
    if (!f)
        return -1;
    int year, years = 0;
    char line[400];
    for (; fscanf(f, "%d %399s", &year, line) == 2; years++) {
        struct day d = ymd(year, 1, 1);
        assert_int_equal(strlen(line), ymd(year, 12, 31).n - d.n + 1);
        for (const char *c = line; *c; c++, d.n++) {
            bool was = slow_works(d), is = *c == '1';
            works[d.n - origin.n] = is;
            if (was && !is)
                calendar_set_holiday(cal, d);
            if (!was && is)
                calendar_set_workday(cal, d);
        }
        calendar_set_announced(cal, year);
    }
    fclose(f);
    assert_int_equal(years, LAST_YEAR - FIRST_YEAR + 1);
    calendar_finish(cal);
    return 0;
}

static int
unload(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void
every_day_against_a_walk(void **state)
{
    (void)state;
    static const int STEPS[] = {0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 60};
    for (struct day d = ymd(2002, 1, 1); d.n <= ymd(2029, 1, 1).n; d.n++) {
        assert_int_equal(calendar_is_workday(cal, d), slow_works(d));
        assert_int_equal(calendar_next_workday(cal, d).n, slow_add(d, 0).n);
        for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++) {
            struct day due = slow_add(d, STEPS[i]);
            bool unsure, expect = false;
            assert_int_equal(calendar_add(cal, d, STEPS[i], &unsure).n, due.n);
            for (int32_t n = d.n + (STEPS[i] != 0); n <= due.n; n++) {
                int year = day_ymd((struct day){n}).year;
                expect |= year < FIRST_YEAR || year > LAST_YEAR;
            }
            assert_int_equal(unsure, expect);
        }
    }
}

static void
between_undoes_add(void **state)
{
    (void)state;
    for (struct day d = ymd(2002, 3, 1); d.n <= ymd(2028, 1, 1).n; d.n += 13)
        for (int n = 1; n <= 900; n += 29) {
            struct day due = calendar_add(cal, d, n, NULL);
            assert_int_equal(calendar_between(cal, d, due, NULL), n);
            assert_int_equal(calendar_between(cal, due, d, NULL), -n);
        }
    int count = 0;
    struct day from = ymd(2003, 6, 1);
    for (struct day d = from; d.n <= ymd(2027, 12, 31).n; d.n++) {
        count += d.n > from.n && slow_works(d);
        assert_int_equal(calendar_between(cal, from, d, NULL), count);
    }
}

static void
known_dates(void **state)
{
    (void)state;
    bool unsure;
    /* National Day 2026: 1 to 7 October off, 10 October works. */
    assert_int_equal(calendar_add(cal, ymd(2026, 9, 30), 1, &unsure).n, ymd(2026, 10, 8).n);
    assert_false(unsure);
    assert_int_equal(calendar_add(cal, ymd(2026, 10, 3), 0, NULL).n, ymd(2026, 10, 8).n);
    assert_true(calendar_is_workday(cal, ymd(2026, 10, 10)));
    /* 31 December 2022 was off by 2023's arrangement; it was a Saturday anyway. */
    assert_int_equal(calendar_add(cal, ymd(2022, 12, 30), 1, &unsure).n, ymd(2023, 1, 3).n);
    assert_int_equal(calendar_between(cal, ymd(2019, 12, 31), ymd(2026, 12, 31), &unsure),
                     249 + 250 + 249 + 249 + 251 + 248 + 248);
    assert_false(unsure);
    assert_int_equal(calendar_add(cal, ymd(2026, 12, 31), 1, &unsure).n, ymd(2027, 1, 1).n);
    assert_true(unsure);
    assert_true(calendar_is_announced(cal, ymd(2026, 12, 31)));
    assert_false(calendar_is_announced(cal, ymd(2027, 1, 1)));
    assert_false(calendar_is_announced(cal, DAY_NONE));
    assert_int_equal(calendar_between(cal, ymd(2027, 5, 1), ymd(2027, 5, 1), &unsure), 0);
    assert_false(unsure);
}

static void
far_away_and_absent(void **state)
{
    (void)state;
    bool unsure;
    struct day last = ymd(9999, 12, 31);
    assert_int_equal(calendar_add(cal, ymd(2026, 1, 1), INT32_MAX, &unsure).n, last.n);
    assert_true(unsure);
    assert_int_equal(calendar_add(cal, last, 3, NULL).n, last.n);
    assert_int_equal(calendar_between(cal, ymd(1, 1, 1), ymd(1, 1, 8), &unsure), 5);
    assert_true(unsure);
    assert_true(calendar_between(cal, ymd(1, 1, 1), last, &unsure) > 2600000);
    assert_true(unsure);
    assert_true(day_is_none(calendar_add(cal, DAY_NONE, 3, &unsure)));
    assert_true(day_is_none(calendar_next_workday(cal, DAY_NONE)));
    assert_false(calendar_is_workday(cal, DAY_NONE));
    assert_int_equal(calendar_between(cal, DAY_NONE, last, NULL), 0);
}

static void
neighbours_of_the_table(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct calendar *c = calendar_new(a, 2027, 2027);
    bool unsure;
    assert_int_equal(calendar_add(c, ymd(2027, 1, 1), 1, &unsure).n, ymd(2027, 1, 4).n);
    assert_true(unsure);
    calendar_set_holiday(c, ymd(2026, 12, 31));
    calendar_set_workday(c, ymd(2028, 1, 1));
    calendar_set_holiday(c, ymd(1990, 1, 1)); /* outside: no effect, no harm */
    calendar_set_announced(c, 1990);
    calendar_set_announced(c, 2027);
    calendar_finish(c);
    assert_false(calendar_is_workday(c, ymd(2026, 12, 31)));
    assert_true(calendar_is_workday(c, ymd(2028, 1, 1)));
    assert_true(calendar_is_workday(c, ymd(1990, 1, 1)));
    assert_int_equal(calendar_add(c, ymd(2026, 12, 30), 1, &unsure).n, ymd(2027, 1, 1).n);
    assert_true(unsure);
    assert_int_equal(calendar_add(c, ymd(2026, 12, 31), 1, &unsure).n, ymd(2027, 1, 1).n);
    assert_false(unsure);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_against_a_walk),
        cmocka_unit_test(between_undoes_add),
        cmocka_unit_test(known_dates),
        cmocka_unit_test(far_away_and_absent),
        cmocka_unit_test(neighbours_of_the_table),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
