/* A department's list as it comes: heads, quotes, bad lines, hostile files. */
#include "intake/share_list.h"
#include "support/support_ctx.h"

static struct share_source person, unit;

static struct share_list *
read_list(const struct share_source *s, const char *text)
{
    struct share_list *l = ARENA_NEW(arena, struct share_list);
    must(share_list_read(&ctx, arena, s, str_c(text), l));
    return l;
}

static void
refused(const struct share_source *s, struct str bytes, const char *reason)
{
    struct share_list *l = ARENA_NEW(arena, struct share_list);
    fail_clear(&ctx);
    assert_int_equal(share_list_read(&ctx, arena, s, bytes, l), ERR_FIELD_INVALID);
    assert_int_equal(ctx.fail->field_count, 1);
    assert_true(str_find(ctx.fail->field[0].reason, str_c(reason)) != SIZE_MAX);
    assert_true(ctx.fail->field[0].remedy.n > 0);
    fail_clear(&ctx);
}

static void
test_heads(void **state)
{
    (void)state;
    struct share_list *l = read_list(&person, "\xef\xbb\xbf# 方式: 替换\r\n#数据日期：2026-11-01\r\n# 备注随便写\r\n"
                                              "身份证号,类别,变动\r\n11010519491231002x,低保,\r\n"
                                              "\r\n440524188001010014,\"特困,\"\"五保\"\"\",移出\r\n");
    assert_int_equal(l->way, SHARE_WAY_REPLACE);
    assert_string_equal(day_text(arena, l->day).p, "2026-11-01");
    assert_int_equal(l->row_count, 2);
    assert_int_equal(l->error_count, 0);
    assert_true(str_eqz(l->row[0].number, "11010519491231002X")); /* as every look-up writes it */
    assert_true(str_eqz(l->row[0].value[0], "低保"));
    assert_false(l->row[0].gone);
    assert_true(str_eqz(l->row[1].value[0], "特困,\"五保\""));
    assert_true(l->row[1].gone);
    assert_int_equal(l->row[1].line, 7);
    l = read_list(&person, "身份证号\n110105194912310021\n");
    assert_int_equal(l->way, SHARE_WAY_UNSAID);
    assert_true(day_is_none(l->day));
}

static void
test_bad_lines_are_told_one_by_one(void **state)
{
    (void)state;
    struct share_list *l = read_list(&person, "身份证号,类别,变动\n11010519491231002X,低保,\n123,低保,\n"
                                              "11010519491231002X,低保\n11010519491231002X,\"低保,\n"
                                              "11010519491231002X,低保,删除\n");
    assert_int_equal(l->row_count, 1);
    assert_int_equal(l->error_count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(l->error[i].line, 3 + (int64_t)i);
    assert_true(str_starts(l->error[0].reason, STR("身份证号：")));
    assert_true(str_eqz(l->error[1].reason, "有 2 列，应为 3 列"));
    assert_true(str_find(l->error[3].reason, STR("移出")) != SIZE_MAX);
}

static void
test_units_are_found_by_credit_code(void **state)
{
    (void)state;
    struct share_list *l =
        read_list(&unit, "统一社会信用代码,单位名称\n91350100M000100Y43,某公司\n11010519491231002X,某人\n");
    assert_int_equal(l->row_count, 1);
    assert_int_equal(l->error_count, 1);
    refused(&unit, STR("身份证号,单位名称\n"), "第一列");
}

static void
test_what_is_no_list(void **state)
{
    (void)state;
    refused(&person, STR(""), "没有列名");
    refused(&person, STR("姓名,身份证号\n"), "第一列是“姓名”");
    refused(&person, STR("身份证号,病情\n"), "不认识列“病情”");
    refused(&person, STR("# 方式: 合并\n身份证号\n"), "方式");
    refused(&person, STR("# 数据日期: 去年\n身份证号\n"), "数据日期");
    refused(&person, STR("\xc9\xed\xb7\xdd\xd6\xa4\xba\xc5\n"), "UTF-8");
    refused(&person, STR("身份证号,a,b,c,d,e,f,g,h,i,j,k\n"), "读不出来");
}

/* More errors than are told are still counted. */
static void
test_errors_are_bounded(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, arena, 1 << 16);
    buf_addz(&b, "身份证号\n");
    for (int i = 0; i < SHARE_LIST_ERRORS_MAX + 50; i++)
        buf_addz(&b, "x\n");
    struct share_list *l = read_list(&person, buf_str(&b).p);
    assert_int_equal(l->error_count, SHARE_LIST_ERRORS_MAX + 50);
    assert_int_equal(l->error[SHARE_LIST_ERRORS_MAX - 1].line, SHARE_LIST_ERRORS_MAX + 1);
}

static int
set_up(void **state)
{
    static const struct str person_values[] = {STR_INIT("类别")}, unit_values[] = {STR_INIT("单位名称")};
    person = (struct share_source){.id = STR("civil"), .values = person_values, .value_count = 1};
    unit = (struct share_source){.id = STR("market"), .by_unit = true, .values = unit_values, .value_count = 1};
    return support_up(state);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heads),
        cmocka_unit_test(test_bad_lines_are_told_one_by_one),
        cmocka_unit_test(test_units_are_found_by_credit_code),
        cmocka_unit_test(test_what_is_no_list),
        cmocka_unit_test(test_errors_are_bounded),
    };
    return cmocka_run_group_tests(tests, set_up, support_down);
}
