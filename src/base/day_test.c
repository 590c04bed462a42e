#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <time.h>

#include "base/day.h"

static struct day
ymd(int y, int m, int d)
{
    struct day x;
    assert_true(day_from_ymd(y, m, d, &x));
    return x;
}

static void
every_day_round_trips(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    int32_t n = ymd(1, 1, 1).n;
    for (; n <= ymd(9999, 12, 31).n; n++) {
        struct day_ymd t = day_ymd((struct day){n});
        assert_int_equal(ymd(t.year, t.month, t.day).n, n);
        if (n % 11 == 0) {
            time_t at = (time_t)n * 86400;
            struct tm tm;
            gmtime_r(&at, &tm);
            assert_int_equal(tm.tm_year + 1900, t.year);
            assert_int_equal(tm.tm_mon + 1, t.month);
            assert_int_equal(tm.tm_mday, t.day);
            assert_int_equal(tm.tm_wday, day_weekday((struct day){n}));
        }
        if (n % 997 == 0) {
            struct day back;
            assert_true(day_parse(day_text(a, (struct day){n}), &back));
            assert_int_equal(back.n, n);
        }
    }
}

static void
dates_that_do_not_exist(void **state)
{
    (void)state;
    struct day d;
    static const char *const BAD[] = {"",           "2026-2-01",   "2026-02-29",  "1900-02-29", "2026-13-01",
                                      "2026-00-01", "2026-04-31",  "2026-01-00",  "0000-01-01", "2026-01-01 ",
                                      "2026/01/01", " 2026-01-01", "+026-01-01",  "2026-1--01", "20260101",
                                      "2026-01-1",  "2026-01-011", "2026年1月1日"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        if (day_parse(str_c(BAD[i]), &d))
            fail_msg("%s", BAD[i]);
    assert_true(day_parse(STR("2000-02-29"), &d));
    assert_false(day_from_ymd(10000, 1, 1, &d));
    assert_false(day_parse(STR_NONE, &d));
}

static void
texts(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct day d = ymd(2026, 11, 21);
    assert_string_equal(day_text(a, d).p, "2026-11-21");
    assert_string_equal(day_text_zh(a, d).p, "2026年11月21日");
    assert_string_equal(day_text_zh(a, ymd(2026, 1, 3)).p, "2026年1月3日");
    assert_string_equal(day_weekday_zh(d), "周六");
    assert_string_equal(day_weekday_zh(ymd(1949, 10, 1)), "周六");
    assert_int_equal(day_text(a, DAY_NONE).n, 0);
    assert_string_equal(day_weekday_zh(DAY_NONE), "");
}

static void
months(void **state)
{
    (void)state;
    static const struct {
        int y, m, d, add, y2, m2, d2;
    } ROWS[] = {
        {2026, 1, 31, 1, 2026, 2, 28},    {2024, 1, 31, 1, 2024, 2, 29},    {2024, 2, 29, 12, 2025, 2, 28},
        {2026, 12, 31, 2, 2027, 2, 28},   {2026, 3, 31, -1, 2026, 2, 28},   {2026, 1, 15, -1, 2025, 12, 15},
        {2026, 1, 15, -13, 2024, 12, 15}, {2026, 1, 15, 0, 2026, 1, 15},    {2026, 5, 31, 1200, 2126, 5, 31},
        {9999, 12, 1, 1, 9999, 12, 31},   {2026, 1, 1, INT32_MIN, 1, 1, 1}, {2026, 1, 1, INT32_MAX, 9999, 12, 31},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        assert_int_equal(day_add_months(ymd(ROWS[i].y, ROWS[i].m, ROWS[i].d), ROWS[i].add).n,
                         ymd(ROWS[i].y2, ROWS[i].m2, ROWS[i].d2).n);
    assert_true(day_is_none(day_add_months(DAY_NONE, 1)));
    assert_true(day_is_none(day_add(DAY_NONE, 1)));
    assert_int_equal(day_add(ymd(2026, 12, 31), 1).n, ymd(2027, 1, 1).n);
    assert_int_equal(day_add(ymd(9999, 12, 31), INT32_MAX).n, ymd(9999, 12, 31).n);
    assert_int_equal(day_add(ymd(1, 1, 1), INT32_MIN).n, ymd(1, 1, 1).n);
}

static void
ages(void **state)
{
    (void)state;
    struct day b = ymd(1966, 11, 21), leap = ymd(2004, 2, 29);
    assert_int_equal(day_age(b, ymd(2026, 11, 20)), 59);
    assert_int_equal(day_age(b, ymd(2026, 11, 21)), 60);
    assert_int_equal(day_age(b, b), 0);
    assert_true(day_age(b, ymd(1966, 11, 20)) < 0);
    assert_int_equal(day_age(leap, ymd(2022, 2, 28)), 17);
    assert_int_equal(day_age(leap, ymd(2022, 3, 1)), 18);
    assert_int_equal(day_age(leap, ymd(2024, 2, 29)), 20);
    assert_int_equal(day_age(leap, ymd(2024, 2, 28)), 19);
    assert_true(day_age(DAY_NONE, b) < 0);
}

static void
instants(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    int64_t ms;
    assert_true(day_iso_parse(STR("2026-11-21T14:05:33+08:00"), &ms));
    assert_string_equal(day_iso_text(a, ms).p, "2026-11-21T14:05:33+08:00");
    assert_string_equal(day_time_text(a, ms).p, "2026-11-21 14:05");
    int64_t same;
    assert_true(day_iso_parse(STR("2026-11-21T06:05:33Z"), &same) && same == ms);
    assert_true(day_iso_parse(STR("2026-11-20T22:35:33.250-07:30"), &same) && same == ms + 250);
    assert_true(day_iso_parse(STR("2026-11-21T06:05:33.999999z"), &same) && same == ms + 999);
    assert_true(day_iso_parse(STR("1970-01-01"), &same) && same == -8 * 3600000);
    assert_true(day_iso_parse(STR("1969-12-31T23:59:59.999Z"), &same) && same == -1);
    assert_string_equal(day_iso_text(a, -1).p, "1970-01-01T07:59:59+08:00");
    struct day d = ymd(2026, 11, 21);
    assert_int_equal(day_of_ms(day_start_ms(d)).n, d.n);
    assert_int_equal(day_of_ms(day_start_ms(d) - 1).n, d.n - 1);
    assert_int_equal(day_of_ms(day_start_ms(ymd(1950, 1, 1)) - 1).n, ymd(1949, 12, 31).n);
    assert_string_equal(day_text(a, day_of_ms(INT64_MAX)).p, "9999-12-31");
    assert_string_equal(day_iso_text(a, INT64_MIN).p, "0001-01-01T00:00:00+08:00");
    static const char *const BAD[] = {"2026-11-21T14:05:33",
                                      "2026-11-21 14:05:33Z",
                                      "2026-11-21T24:00:00Z",
                                      "2026-11-21T14:60:00Z",
                                      "2026-11-21T14:05:60Z",
                                      "2026-11-21T14:05Z",
                                      "2026-11-21T14:05:33.Z",
                                      "2026-11-21T14:05:33+0800",
                                      "2026-11-21T14:05:33+24:00",
                                      "2026-11-21T14:05:33+08:00x",
                                      "2026-02-29T14:05:33+08:00",
                                      "T",
                                      "2026-11-21T"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        if (day_iso_parse(str_c(BAD[i]), &same))
            fail_msg("%s", BAD[i]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_round_trips),
        cmocka_unit_test(dates_that_do_not_exist),
        cmocka_unit_test(texts),
        cmocka_unit_test(months),
        cmocka_unit_test(ages),
        cmocka_unit_test(instants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
