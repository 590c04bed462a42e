/* Worked examples of the clock over the announced calendar of 2026, reckoned by hand from a wall calendar: the new year's
** days off 02-15 to 02-23 with 02-14 and 02-28 worked, the national days 10-01 to 10-07 with 09-20 and 10-10 worked. */
#include "case/clock.h"
#include "support/support_catalog.h"

static const struct limit INSTANT = {LIMIT_INSTANT, 0};

static struct day
on(int year, int month, int day)
{
    struct day d;
    assert_true(day_from_ymd(year, month, day, &d));
    return d;
}

static struct limit
workdays(int n)
{
    return (struct limit){LIMIT_WORKDAYS, n};
}

static struct clock
reckon(struct limit l, struct day start, const struct clock_pause *p, size_t n, struct day today)
{
    struct clock k;
    clock_reckon(catalog_calendar(catalog), l, start, p, n, today, &k);
    return k;
}

static void
expect_day(struct day got, struct day want)
{
    assert_string_equal(day_text(ctx.arena, got).p, day_text(ctx.arena, want).p);
}

static void
expect_due(struct limit l, struct day start, const struct clock_pause *p, size_t n, struct day due)
{
    struct clock k = reckon(l, start, p, n, start);
    expect_day(k.due, due);
    expect_day(k.unpaused, reckon(l, start, NULL, 0, start).due);
}

static void
expect_sentence(struct limit l, struct day start, const struct clock_pause *p, size_t n, size_t i, struct day today,
                const char *words)
{
    struct str s = clock_sentence(ctx.arena, catalog_calendar(catalog), l, start, p, n, i, today);
    assert_string_equal(str_z(ctx.arena, s), words);
}

//= R276 type=test
static void
test_working_days(void **state)
{
    (void)state;
    expect_due(workdays(5), on(2026, 11, 3), NULL, 0, on(2026, 11, 10));
    expect_due(workdays(5), on(2026, 9, 28), NULL, 0, on(2026, 10, 10)); /* 29 30 | 8 9, Saturday 10 is worked */
    expect_due(workdays(2), on(2026, 2, 13), NULL, 0, on(2026, 2, 24));  /* Saturday 14 is worked, 15 to 23 off */
    expect_due(workdays(1), on(2026, 2, 27), NULL, 0, on(2026, 2, 28));
    expect_due(workdays(1), on(2026, 9, 19), NULL, 0, on(2026, 9, 20)); /* filed on a Saturday, Sunday is worked */
    expect_due(workdays(3), on(2026, 10, 3), NULL, 0, on(2026, 10, 10));
    struct clock k = reckon(workdays(2), on(2026, 11, 2), NULL, 0, on(2026, 11, 6));
    expect_day(k.due, on(2026, 11, 4));
    assert_int_equal(k.used, 4);
    assert_int_equal(k.left, -2);
    assert_false(k.tentative);
    k = reckon(workdays(2), on(2026, 11, 2), NULL, 0, on(2026, 11, 4));
    assert_int_equal(k.left, 0);
    k = reckon(workdays(5), on(2026, 12, 28), NULL, 0, on(2026, 12, 28)); /* into a year not announced */
    expect_day(k.due, on(2027, 1, 4));
    assert_true(k.tentative);
}

//= R275 type=test
static void
test_instant(void **state)
{
    (void)state;
    expect_due(INSTANT, on(2026, 11, 3), NULL, 0, on(2026, 11, 3));
    expect_due(INSTANT, on(2026, 2, 28), NULL, 0, on(2026, 2, 28)); /* a Saturday that is worked */
    expect_due(INSTANT, on(2026, 3, 1), NULL, 0, on(2026, 3, 2));
    expect_due(INSTANT, on(2026, 10, 3), NULL, 0, on(2026, 10, 8));
    expect_due((struct limit){LIMIT_ON_DEMAND, 0}, on(2026, 10, 3), NULL, 0, on(2026, 10, 8)); //= R157 type=test
    struct clock k = reckon(INSTANT, on(2026, 10, 3), NULL, 0, on(2026, 10, 3));
    assert_int_equal(k.left, 1);
    k = reckon(INSTANT, on(2026, 11, 3), NULL, 0, on(2026, 11, 5));
    assert_int_equal(k.left, -2); /* anything later is overdue */
    /* Ordered on the starting day: the clock still runs on it. */
    struct clock_pause p = {PAUSE_SUPPLEMENT, on(2026, 11, 3), DAY_NONE, DAY_NONE};
    k = reckon(INSTANT, on(2026, 11, 3), &p, 1, on(2026, 11, 3));
    expect_day(k.due, on(2026, 11, 3));
    assert_true(k.paused);
    /* Taken out before it was filed on a Saturday: the first working day that runs. */
    p = (struct clock_pause){PAUSE_INQUIRY, on(2026, 11, 6), on(2026, 11, 10), DAY_NONE};
    expect_due(INSTANT, on(2026, 11, 7), &p, 1, on(2026, 11, 11));
}

static void
test_days_and_months(void **state)
{
    (void)state;
    const struct limit days = {LIMIT_DAYS, 30}, month = {LIMIT_MONTHS, 1}, months = {LIMIT_MONTHS, 3};
    struct clock_pause p = {PAUSE_EVALUATE, on(2026, 2, 10), on(2026, 2, 15), DAY_NONE};
    expect_due(days, on(2026, 1, 31), NULL, 0, on(2026, 3, 2));
    expect_due(days, on(2026, 1, 31), &p, 1, on(2026, 3, 7));
    expect_due(month, on(2026, 1, 31), NULL, 0, on(2026, 2, 28)); /* a shorter month */
    expect_due(month, on(2026, 1, 31), &p, 1, on(2026, 3, 5));
    expect_due(months, on(2026, 11, 30), NULL, 0, on(2027, 2, 28));
    expect_due(months, on(2026, 11, 30), &p, 1, on(2027, 2, 28)); /* before it began */
    assert_false(reckon(months, on(2026, 11, 30), NULL, 0, on(2026, 11, 30)).tentative);
    expect_sentence(month, on(2026, 1, 31), &p, 1, 0, on(2026, 2, 20),
                    "因评估鉴定暂停 5 个自然日（2月10日至2月15日），到期日由 2月28日 顺延到 3月5日");
}

static void
test_pauses(void **state)
{
    (void)state;
    const struct day start = on(2026, 11, 2), today = on(2026, 11, 20);
    const struct clock_pause p[] = {
        {PAUSE_INQUIRY, on(2026, 11, 4), on(2026, 11, 9), DAY_NONE}, /* out of order, overlapping the next */
        {PAUSE_SUPPLEMENT, on(2026, 11, 2), on(2026, 11, 5), DAY_NONE},
        {PAUSE_POST, on(2026, 11, 9), on(2026, 11, 9), DAY_NONE}, /* takes nothing */
        {PAUSE_POST, on(2026, 10, 1), on(2026, 10, 30), DAY_NONE},
        {PAUSE_HEARING, on(2026, 11, 17), on(2026, 11, 19), DAY_NONE}, /* ordered on the last day */
    };
    expect_due(workdays(6), start, &p[1], 1, on(2026, 11, 13));
    expect_due(workdays(6), start, p, 5, on(2026, 11, 17));
    struct clock k = reckon(workdays(6), start, p, 2, on(2026, 11, 11));
    assert_int_equal(k.taken, 5);
    assert_int_equal(k.used, 2);
    assert_int_equal(k.left, 4);
    assert_false(k.paused);
    expect_sentence(workdays(6), start, p, 5, 1, today,
                    "因补正暂停 3 个工作日（11月2日至11月5日），到期日由 11月10日 顺延到 11月13日");
    expect_sentence(workdays(6), start, p, 5, 0, today,
                    "因函询调查暂停 2 个工作日（11月4日至11月9日），到期日由 11月13日 顺延到 11月17日");
    expect_sentence(workdays(6), start, p, 5, 2, today, "因资料邮寄暂停（11月9日至11月9日），到期日 11月17日 不变");
    expect_sentence(workdays(6), start, p, 5, 3, today, "因资料邮寄暂停（10月1日至10月30日），到期日 11月10日 不变");
    expect_sentence(workdays(6), start, p, 5, 4, today, "因听证暂停（11月17日至11月19日），到期日 11月17日 不变");
    expect_sentence(workdays(6), start, p, 5, 5, today, "");
    /* Over the national days: 30 September and 8 October are taken out. */
    const struct clock_pause over = {PAUSE_SUPPLEMENT, on(2026, 9, 29), on(2026, 10, 8), DAY_NONE};
    expect_due(workdays(5), on(2026, 9, 28), &over, 1, on(2026, 10, 13));
    expect_sentence(workdays(5), on(2026, 9, 28), &over, 1, 0, today,
                    "因补正暂停 2 个工作日（9月29日至10月8日），到期日由 10月10日 顺延到 10月13日");
    /* Only days off: nothing is lost. */
    const struct clock_pause off = {PAUSE_POST, on(2026, 9, 30), on(2026, 10, 7), DAY_NONE};
    expect_due(workdays(5), on(2026, 9, 28), &off, 1, on(2026, 10, 10));
}

static void
test_open_end(void **state)
{
    (void)state;
    const struct day start = on(2026, 11, 2);
    const struct clock_pause p[] = {{PAUSE_SUPPLEMENT, on(2026, 11, 4), DAY_NONE, DAY_NONE},
                                    {PAUSE_HEARING, on(2026, 11, 5), on(2026, 11, 6), DAY_NONE}};
    struct clock k = reckon(workdays(6), start, p, 1, on(2026, 11, 9));
    expect_day(k.due, DAY_NONE);
    expect_day(k.unpaused, on(2026, 11, 10));
    assert_true(k.paused);
    assert_int_equal(k.used, 2);
    assert_int_equal(k.taken, 3);
    assert_int_equal(k.left, 4);
    expect_sentence(workdays(6), start, p, 2, 0, on(2026, 11, 9),
                    "因补正自11月4日起暂停，尚未结束；到期日 11月10日 待恢复后顺延，剩余 4 个工作日");
    expect_sentence(workdays(6), start, p, 2, 1, on(2026, 11, 9),
                    "因听证自11月5日起暂停，与尚未结束的暂停重叠，恢复后一并计算");
    /* Ordered on the due day or after it, a pause saves nothing. */
    k = reckon(workdays(2), start, p, 1, on(2026, 11, 9));
    expect_day(k.due, on(2026, 11, 4));
    assert_int_equal(k.left, 0); /* none ran since: overdue from the first day that runs */
    expect_sentence(workdays(2), start, p, 1, 0, on(2026, 11, 9),
                    "因补正自11月4日起暂停，尚未结束，到期日 11月4日 不变");
    k = reckon(workdays(1), start, p, 1, on(2026, 11, 9));
    assert_int_equal(k.left, -1);
}

static void
test_known_end(void **state)
{
    (void)state;
    const struct day start = on(2026, 11, 2);
    struct clock_pause p = {PAUSE_PUBLICITY, on(2026, 11, 3), DAY_NONE, on(2026, 11, 9)};
    struct clock k = reckon(workdays(5), start, &p, 1, on(2026, 11, 4));
    expect_day(k.due, on(2026, 11, 13));
    assert_true(k.paused);
    assert_int_equal(k.used, 1);
    assert_int_equal(k.taken, 1);
    assert_int_equal(k.left, 4);
    expect_sentence(workdays(5), start, &p, 1, 0, on(2026, 11, 4),
                    "因公示暂停 4 个工作日（11月3日至11月9日，尚未结束），到期日由 11月9日 顺延到 11月13日");
    k = reckon(workdays(5), start, &p, 1, on(2026, 11, 10)); /* over although nobody recorded it */
    assert_false(k.paused);
    assert_int_equal(k.left, 3);
    p.to = on(2026, 11, 6); /* cut short */
    expect_due(workdays(5), start, &p, 1, on(2026, 11, 12));
    p.to = on(2026, 11, 11); /* prolonged */
    expect_due(workdays(5), start, &p, 1, on(2026, 11, 17));
}

//= R158 type=test
static void
test_quarterly(void **state)
{
    (void)state;
    const struct limit round = {LIMIT_QUARTERLY, 0};
    expect_due(round, on(2026, 1, 1), NULL, 0, on(2026, 3, 31));
    expect_due(round, on(2026, 6, 30), NULL, 0, on(2026, 6, 30));
    expect_due(round, on(2026, 11, 3), NULL, 0, on(2026, 12, 31));
    struct clock_pause p = {PAUSE_SUPPLEMENT, on(2026, 11, 4), on(2026, 12, 30), DAY_NONE};
    expect_due(round, on(2026, 11, 3), &p, 1, on(2026, 12, 31));
    p.to = on(2026, 12, 31);
    expect_due(round, on(2026, 11, 3), &p, 1, on(2027, 3, 31));
    expect_sentence(round, on(2026, 11, 3), &p, 1, 0, on(2027, 1, 5),
                    "因补正暂停（11月4日至12月31日），错过本季度，到期日由 12月31日 顺延到 2027年3月31日");
    p.to = DAY_NONE;
    expect_due(round, on(2026, 11, 3), &p, 1, DAY_NONE);
}

static void
test_no_day(void **state)
{
    (void)state;
    const enum limit_kind kinds[] = {LIMIT_NONE, LIMIT_HOSPITAL, LIMIT_AGREEMENT, LIMIT_ANYTIME};
    const struct clock_pause p = {PAUSE_POST, on(2026, 11, 3), DAY_NONE, DAY_NONE};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct limit l = {kinds[i], 0};
        struct clock k = reckon(l, on(2026, 11, 2), &p, 1, on(2026, 11, 9));
        assert_true(day_is_none(k.due) && day_is_none(k.unpaused) && k.paused);
        assert_int_equal(k.used + k.left + k.taken, 0);
        expect_sentence(l, on(2026, 11, 2), &p, 1, 0, on(2026, 11, 9), "因资料邮寄自11月3日起暂停，尚未结束");
    }
    assert_true(day_is_none(reckon(workdays(5), DAY_NONE, &p, 1, on(2026, 11, 9)).due));
}

static void
test_reproject(void **state)
{
    (void)state;
    struct clock k = reckon(workdays(5), on(2026, 12, 28), NULL, 0, on(2026, 12, 28));
    struct arena *a = ctx.arena;
    assert_true(str_empty(clock_reproject(a, "承诺到期日", on(2027, 1, 4), true, &k)));
    /* The year is announced, and Friday the 1st is off. */
    struct calendar *later = calendar_new(a, 2026, 2028);
    calendar_set_announced(later, 2026);
    calendar_set_announced(later, 2027);
    calendar_set_holiday(later, on(2027, 1, 1));
    calendar_finish(later);
    clock_reckon(later, workdays(5), on(2026, 12, 28), NULL, 0, on(2026, 12, 28), &k);
    assert_string_equal(str_z(a, clock_reproject(a, "承诺到期日", on(2027, 1, 4), true, &k)),
                        "承诺到期日由2027年1月4日（暂定）改为2027年1月5日");
    clock_reckon(later, workdays(4), on(2026, 12, 31), NULL, 0, on(2026, 12, 31), &k);
    assert_string_equal(str_z(a, clock_reproject(a, "法定到期日", on(2027, 1, 7), true, &k)),
                        "法定到期日2027年1月7日不变，不再是暂定");
    k.due = DAY_NONE;
    assert_string_equal(str_z(a, clock_reproject(a, "到期日", on(2027, 1, 7), false, &k)),
                        "到期日由2027年1月7日改为未定");
    assert_true(str_empty(clock_reproject(a, "到期日", DAY_NONE, true, &k)));
}

static void
test_words(void **state)
{
    (void)state;
    for (unsigned i = 0; i < PAUSE_KIND_COUNT; i++) {
        enum pause_kind k;
        assert_true(pause_parse(str_c(pause_id((enum pause_kind)i)), &k));
        assert_int_equal(k, i);
        assert_true(*pause_name(k));
    }
    for (unsigned i = 0; i < START_COUNT; i++) {
        enum limit_start k;
        assert_true(limit_start_kind(str_c(limit_start_name((enum limit_start)i)), &k));
        assert_int_equal(k, i);
        assert_true(*limit_start_id(k));
    }
    enum pause_kind p = PAUSE_KIND_COUNT;
    assert_true(pause_of_phrase(STR("资料邮寄"), &p) && p == PAUSE_POST);
    assert_true(pause_of_phrase(STR("专家评审"), &p) && p == PAUSE_EVALUATE);
    assert_false(pause_of_phrase(STR("午休"), &p) || pause_of_phrase(STR(""), &p) || pause_parse(STR("lunch"), &p));
    enum limit_start s;
    assert_true(limit_start_kind(STR("受理结束"), &s) && s == START_ACCEPT_END); //= R172 type=test
    assert_true(limit_start_kind(STR("收到《信息表》和转移资金"), &s) && s == START_INFO_FUNDS);
    assert_false(limit_start_kind(STR("择日"), &s));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_working_days), cmocka_unit_test(test_instant),  cmocka_unit_test(test_days_and_months),
        cmocka_unit_test(test_pauses),       cmocka_unit_test(test_open_end), cmocka_unit_test(test_known_end),
        cmocka_unit_test(test_quarterly),    cmocka_unit_test(test_no_day),   cmocka_unit_test(test_words),
        cmocka_unit_test(test_reproject),
    };
    return cmocka_run_group_tests_name("clock", tests, support_catalog_up, support_catalog_down);
}
