/* Which window is meant by what a guide prints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "service/directory.h"

static const struct str names[] = {STR_INIT("2号窗口"), STR_INIT("12号窗口"), STR_INIT("7号窗口"), STR_INIT("506室"),
                                   STR_INIT("救助窗口")};
static const struct str alias[] = {STR_INIT("救助股窗口")};
static const struct window details[] = {{.place = STR_INIT("一楼")},
                                        {.alias_count = 0},
                                        {.alias_count = 0},
                                        {.alias_count = 0},
                                        {.alias = alias, .alias_count = 1}};
static const struct service_point hall = {
    .id = STR_INIT("hall"), .name = STR_INIT("某某大厅"), .window = names, .window_count = 5, .window_detail = details};
static const struct service_point town = {.id = STR_INIT("town"), .name = STR_INIT("各镇便民中心"), .each = true};
static const struct service_point member = {
    .id = STR_INIT("town-1"), .name = STR_INIT("一镇便民中心"), .within = STR_INIT("town")};

static bool
meant(size_t i, const char *printed)
{
    struct channel ch = {.kind = CHANNEL_ONSITE, .name = STR("某某大厅"), .window = str_c(printed)};
    return directory_window_has(&hall, i, &ch);
}

static void
test_numbers(void **state)
{
    (void)state;
    assert_true(meant(0, "一楼2号窗口"));
    assert_false(meant(0, "12号窗口"));
    assert_false(meant(1, "一楼2号窗口"));
    assert_true(meant(2, "一楼5、6、7、8窗口"));
    assert_true(meant(2, "一楼7.8号窗口"));
    assert_false(meant(2, "一楼5、6号窗口"));
    assert_false(meant(2, "7楼")); /* a floor is no window */
    assert_false(meant(3, "506号窗口"));
    assert_false(meant(0, ""));
}

static void
test_names(void **state)
{
    (void)state;
    assert_true(meant(4, "一楼救助窗口"));
    assert_true(meant(4, "救助股窗口"));
    assert_false(meant(4, "生育窗口"));
}

static void
test_points(void **state)
{
    (void)state;
    struct service_point all[] = {hall, town, member};
    struct region r = {.point = all, .point_count = 3};
    struct channel ch = {.kind = CHANNEL_ONSITE, .name = STR("各镇便民中心")};
    assert_false(directory_point_has(&r, &all[0], &ch));
    assert_true(directory_point_has(&r, &all[1], &ch));
    assert_true(directory_point_has(&r, &all[2], &ch)); //= R282
    ch.kind = CHANNEL_ONLINE;
    assert_false(directory_point_has(&r, &all[1], &ch));
    assert_ptr_equal(directory_point(&r, STR("town")), &all[1]);
    assert_null(directory_point(&r, STR("")));
    assert_int_equal(directory_window(&all[0], STR("7号窗口")), 2);
    assert_true(directory_window(&all[0], STR("7")) == SIZE_MAX);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_numbers), cmocka_unit_test(test_names),
                                       cmocka_unit_test(test_points)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
