/* When an application can be filed: the windows that guides print, at their edges, and every kind of window by itself. */
#include <string.h>

#include "catalog/checklist.h"
#include "support/support_catalog.h"

static struct day
on(const char *text)
{
    struct day d;
    assert_true(day_parse(str_c(text), &d));
    return d;
}

static struct facts
knowing(const char *fact, const char *value)
{
    struct facts f = facts_new(arena, catalog_dict(catalog));
    if (fact)
        must(facts_set(&ctx, catalog, &f, str_c(fact), str_c(value)));
    return f;
}

/* On DAY an application can be filed from NEXT on (DAY itself: it is open); the guide says WORDS. */
static void
next_from(const struct matter *m, const struct facts *f, const char *day, const char *next, const char *words)
{
    struct day got;
    struct str text;
    bool open = window_open(m, f, catalog_calendar(catalog), on(day), &got, &text);
    if (open != (strcmp(day, next) == 0) || got.n != on(next).n || !str_eqz(text, words))
        fail_msg("%s: %s, next %.*s (expected %s), %.*s", day, open ? "open" : "closed", STR_ARG(day_text(arena, got)),
                 next, STR_ARG(text));
}

//= R174 type=test
static void
twice_a_year(void **state)
{
    (void)state;
    static const char WORDS[] = "需要参加体检重症慢性病每半年申报一次,在每年的5月1日到5月15日和11月1日至11月15日";
    const struct matter *m = support_matter("410400", "17");
    struct facts examined = knowing("需要体检", "是"), not = knowing("需要体检", "否"), unknown = knowing(NULL, NULL);
    static const char *const days[][2] = {
        {"2026-04-30", "2026-05-01"}, {"2026-05-01", "2026-05-01"}, {"2026-05-15", "2026-05-15"},
        {"2026-05-16", "2026-11-01"}, {"2026-10-31", "2026-11-01"}, {"2026-11-01", "2026-11-01"},
        {"2026-11-15", "2026-11-15"}, {"2026-11-16", "2027-05-01"}, {"2026-12-31", "2027-05-01"},
    };
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        next_from(m, &examined, days[i][0], days[i][1], WORDS);
        next_from(m, &not, days[i][0], days[i][0], "不参加体检的重症慢性病每月申报一次");
        next_from(m, &unknown, days[i][0], days[i][0], "");
    }
    size_t *asked, n;
    bool asks = false;
    checklist_questions(&ctx, catalog, m, &unknown, &asked, &n);
    for (size_t i = 0; i < n; i++)
        asks = asks || str_eqz(catalog_fact(catalog, asked[i])->def.name, "需要体检");
    assert_true(asks);
    const struct calendar *cal = catalog_calendar(catalog);
    must(window_check(&ctx, m, &examined, cal, on("2026-05-15")));
    assert_int_equal(window_check(&ctx, m, &examined, cal, on("2026-05-16")), ERR_WINDOW_CLOSED);
    assert_non_null(strstr(str_z(arena, ctx.fail->detail), "下一次从2026年11月1日开始"));
    assert_non_null(strstr(str_z(arena, ctx.fail->detail), WORDS));
    fail_clear(&ctx);
    assert_null(checklist_refusal(m, &examined)); /* outside the window nobody is the wrong person */
}

//= R225 type=test
static void
left_blank(void **state)
{
    (void)state;
    static const char *const ids[] = {"20", "21", "22", "23", "24"};
    struct facts f = knowing(NULL, NULL);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        const struct matter *m = support_matter("410400", ids[i]);
        assert_int_equal(m->intake_count, 1);
        assert_int_equal(m->intake[0].kind, INTAKE_UNSET);
        next_from(m, &f, "2026-11-22", "2026-11-22", "业务经办时间为每月**--**日工作日时间。"); /* a Sunday */
    }
}

//= R264 type=test
static void
as_agreed(void **state)
{
    (void)state;
    static const struct {
        const char *region, *id, *words;
    } rows[] = {{"421300", "25", "定点医疗机构按协议约定时间向医保经办机构申报"},
                {"421300", "26", "定点零售药店按协议约定时间向医保经办机构申报"},
                {"421381", "27", "定点医疗机构按协议约定时间向医保经办机构申报"},
                {"421381", "28", "定点零售药店按协议约定时间向医保经办机构申报"},
                {"410400", "29", "定点医疗机构按协议约定时间向医保经办机构申报"},
                {"410400", "30", "定点零售药店按协议约定时间向医保经办机构申报"}};
    struct facts f = knowing(NULL, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct matter *m = support_matter(rows[i].region, rows[i].id);
        assert_int_equal(m->intake_count, 1);
        assert_int_equal(m->intake[0].kind, INTAKE_AGREEMENT);
        assert_string_equal(str_z(arena, intake_words(arena, &m->intake[0])), "按协议约定的时间");
        next_from(m, &f, "2026-11-22", "2026-11-22", rows[i].words); /* no day is printed, so none is refused */
        struct intake_window agreed = m->intake[0];                  /* what the agreements say, once it is written */
        agreed.kind = INTAKE_MONTHLY;
        agreed.from = 1;
        agreed.to = 10;
        struct matter written = *m;
        written.intake = &agreed;
        next_from(&written, &f, "2026-11-10", "2026-11-10", rows[i].words);
        next_from(&written, &f, "2026-11-11", "2026-12-01", rows[i].words);
    }
}

//= R158 type=test
static void
each_quarter(void **state)
{
    (void)state;
    const struct matter *m = support_matter("211282", "15");
    struct facts chronic = knowing("病种类别", "慢性病"), severe = knowing("病种类别", "重特大疾病");
    struct fact_set needed = {0};
    next_from(m, &chronic, "2026-11-22", "2026-11-22", "慢病审批一年四次,每季度一次");
    next_from(m, &severe, "2026-11-22", "2026-11-22", "");
    assert_int_equal(checklist_limit(m, &chronic, &needed)->promised.kind, LIMIT_QUARTERLY);
    //= R157 type=test
    assert_int_equal(checklist_limit(m, &severe, &needed)->promised.kind, LIMIT_ON_DEMAND);
    assert_string_equal(str_z(arena, intake_words(arena, &m->intake[0])), "每季度一次");
}

static void
one_window(struct intake_window w, const char *day, const char *next, const char *words)
{
    struct facts f = knowing(NULL, NULL);
    w.verbatim = STR("照印");
    struct matter m = {.intake = &w, .intake_count = 1};
    next_from(&m, &f, day, next, "照印");
    assert_string_equal(str_z(arena, intake_words(arena, &w)), words);
}

static void
kinds(void **state)
{
    (void)state;
    const struct intake_window winter = {.kind = INTAKE_YEARLY, .from = 1220, .to = 110};
    one_window(winter, "2026-12-19", "2026-12-20", "每年12月20日至次年1月10日");
    one_window(winter, "2027-01-10", "2027-01-10", "每年12月20日至次年1月10日");
    one_window(winter, "2027-01-11", "2027-12-20", "每年12月20日至次年1月10日");
    const struct intake_window leap = {.kind = INTAKE_YEARLY, .from = 229, .to = 229};
    one_window(leap, "2026-11-22", "2028-02-29", "每年2月29日至2月29日");
    const struct intake_window early = {.kind = INTAKE_MONTHLY, .from = 1, .to = 10};
    one_window(early, "2026-11-10", "2026-11-10", "每月1日至10日");
    one_window(early, "2026-11-11", "2026-12-01", "每月1日至10日");
    const struct intake_window late = {.kind = INTAKE_MONTHLY, .from = 31, .to = 31};
    one_window(late, "2026-02-27", "2026-02-28", "每月31日至31日");
    one_window(late, "2026-03-30", "2026-03-31", "每月31日至31日");
    const struct intake_window working = {.kind = INTAKE_MONTHLY, .from = 1, .to = 10, .workdays = true};
    one_window(working, "2026-10-01", "2026-10-08", "每月1日至10日（工作日）");
    one_window(working, "2026-10-10", "2026-10-10", "每月1日至10日（工作日）"); /* a Saturday that is worked */
    one_window(working, "2026-11-01", "2026-11-02", "每月1日至10日（工作日）");
    one_window((struct intake_window){.kind = INTAKE_ROUND_HALF}, "2026-11-22", "2026-11-22", "每半年一次");
    /* Nothing printed: always. Two windows: either. */
    struct facts f = knowing(NULL, NULL);
    const struct matter none = {0};
    next_from(&none, &f, "2026-11-22", "2026-11-22", "");
    const struct intake_window both[] = {{.kind = INTAKE_MONTHLY, .from = 20, .to = 25, .verbatim = STR("其一")},
                                         early};
    const struct matter two = {.intake = both, .intake_count = 2};
    next_from(&two, &f, "2026-11-11", "2026-11-20", "其一");
    next_from(&two, &f, "2026-11-26", "2026-12-01", "其一");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twice_a_year), cmocka_unit_test(left_blank), cmocka_unit_test(as_agreed),
        cmocka_unit_test(each_quarter), cmocka_unit_test(kinds),
    };
    return cmocka_run_group_tests_name("window", tests, support_catalog_up, support_catalog_down);
}
