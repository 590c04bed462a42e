/* Form files: what the loader refuses and where, what it reads; on the real ones, that each is whole. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/support_catalog.h"

static struct catalog_file SMALL[] = {
    {STR_INIT("calendar/2026.yaml"), STR_INIT("年份: \"2026\"\n状态: 已公布\n")},
    {STR_INIT("facts/a.yaml"), STR_INIT("- {名称: 身份, 标识: status, 类型: 选项, 取值: [甲, 乙], 来源: 申请人}\n")},
    {STR_INIT("forms/form-01.yaml"), STR_INIT("")},
    {STR_INIT("regions/990001/matters/01.yaml"), STR_INIT("编号: \"01\"\n名称: 登记\n办理材料:\n  方式: 未列\n")},
    {STR_INIT("regions/990001/region.yaml"), STR_INIT("区划: \"990001\"\n名称: 甲市\n经办机构: 甲市局\n层级: 市级\n")},
    {STR_INIT("standard/matters.yaml"),
     STR_INIT("- {编码: \"001\", 名称: 登记, 主项: 组, 申请主体: 个人, 系统环节: [申请, 受理, 办结]}\n")},
};
enum { FORM_AT = 2 };

#define FORM "标识: form-01\n名称: 表\n分区:\n"

static enum err
load(const char *form, struct catalog **ret_c)
{
    fail_clear(&ctx);
    SMALL[FORM_AT].bytes = str_c(form);
    return catalog_load_files(&ctx, &(struct catalog_files){SMALL, sizeof SMALL / sizeof *SMALL}, ret_c);
}

static void
refused(const char *form, int line, const char *words)
{
    struct catalog *c;
    enum err e = load(form, &c);
    struct str place = str_fmt(arena, "forms/form-01.yaml:%d:", line);
    if (e != ERR_CATALOG || !str_starts(ctx.fail->detail, place) ||
        str_find(ctx.fail->detail, str_c(words)) == SIZE_MAX)
        fail_msg("%s\n  expected %.*s…%s…\n  got %s %.*s", form, STR_ARG(place), words, err_info(e)->id,
                 STR_ARG(ctx.fail->detail));
}

static void
what_is_refused(void **state)
{
    (void)state;
    refused(FORM "  - 填写人: 路人\n    字段: [{标识: a, 名称: 甲, 类型: 文本}]\n", 4,
            "只能是 申请人、单位、经办、医疗机构、部门");
    refused(FORM "  - 版式: 随意\n    字段: [{标识: a, 名称: 甲, 类型: 文本}]\n", 4, "“版式”只能是");
    refused(FORM "  - 当: 'a = \"甲\"'\n    字段: [{标识: a, 名称: 甲, 类型: 选项, 取值: [甲]}]\n", 4, "只能用事实");
    refused(FORM "  - 字段: [{标识: a, 名称: 甲, 类型: 文本, 显示当: 'b = \"甲\"'}]\n", 4, "条件第 1 个字");
    refused(FORM "  - 字段:\n      - {标识: a, 名称: 甲, 类型: 选项, 取值: [甲, 乙]}\n"
                 "      - {标识: b, 名称: 乙, 类型: 文本, 显示当: 'a = \"丙\"'}\n",
            6, "丙");
    refused(FORM "  - 字段: [{标识: a, 名称: 甲, 类型: 文本, 附于: b}]\n", 4, "没有字段“b”");
    refused(FORM "  - 字段: [{标识: a, 名称: 甲, 类型: 文本, 同填: [b]}]\n", 4, "没有字段“b”");
    refused(FORM "  - 字段: [{标识: a, 名称: 甲, 类型: 文本, 须: '身份 = \"甲\"'}]\n", 4, "成对");
    refused(FORM "  - 字段: [{标识: a, 名称: 甲, 类型: 文本, 自动: '身份 = \"甲\"'}]\n", 4, "是否");
    refused(FORM "  - 落款: [{签名: b}]\n    字段: [{标识: a, 名称: 甲, 类型: 文本}]\n", 4, "没有字段“b”");
    refused(FORM "  - 落款: [{画押: b}]\n    字段: [{标识: a, 名称: 甲, 类型: 文本}]\n", 4, "落款应是");
    refused(FORM "  - 字段: [{标识: a, 名称: 甲, 类型: 文本, 颜色: 红}]\n", 4, "不认识的键“颜色”");
    refused(FORM "  - 色: 红\n    字段: [{标识: a, 名称: 甲, 类型: 文本}]\n", 4, "不认识的键“色”");
    refused("标识: form-01\n名称: 表\n修复: [{字段: a, 原件: 甲}]\n分区: []\n", 3, "读作");
}

/* Facts and fields stand in one dictionary; a field's ascii name is the field's even where a fact has it too. */
static void
conditions(void **state)
{
    struct catalog *c;
    (void)state;
    assert_int_equal(
        load(FORM "  - 当: '身份 = \"甲\"'\n    填写人: 单位\n    字段:\n"
                  "      - {标识: status, 名称: 状态, 类型: 选项, 取值: [丙, 其他]}\n"
                  "      - {标识: kinds, 名称: 种类, 类型: 多选, 取值: [一, 其他]}\n"
                  "      - {标识: more, 名称: 说明, 类型: 文本, 必填当: 'status = \"其他\" or kinds_其他 = true'}\n"
                  "      - {标识: office_x, 名称: 签, 类型: 文本, 填写人: 经办, 必填当: '身份 = \"乙\"'}\n",
             &c),
        OK);
    const struct form *f = catalog_form(c, STR("form-01"));
    const struct form_field *field = f->section[0].field;
    assert_non_null(f->section[0].when.feel);
    assert_int_equal(field[0].who, FORM_UNIT);
    assert_int_equal(field[3].who, FORM_OFFICE);
    assert_null(field[2].required_when.feel); /* facts alone cannot decide it */
    assert_non_null(field[2].required_if.feel);
    assert_non_null(field[3].required_when.feel);
    assert_true(fact_set_has(&f->facts, fact_find(catalog_dict(c), STR("status"))));
    struct value v[8] = {{0}};
    assert_int_equal(f->dict.count, f->fact_count + 5);
    v[f->fact_count] = value_text(STR("丙"));
    v[f->fact_count + 2] = value_bool(true);
    assert_true(feel_eval(field[2].required_if.feel, v, NULL).b);
    v[f->fact_count + 2] = value_bool(false);
    assert_false(feel_eval(field[2].required_if.feel, v, NULL).b);
    catalog_free(c);
}

static bool
placed(struct str text, struct str id)
{
    return str_find(text, str_fmt(arena, "{%.*s", STR_ARG(id))) != SIZE_MAX;
}

/* What a real form must have to be printed: ids of its own, texts whose places are fields, a choice with values. */
static void
check_real(const struct form *f)
{
    for (size_t i = 0; i < f->section_count; i++)
        for (size_t k = 0; k < f->section[i].field_count; k++) {
            const struct form_field *x = &f->section[i].field[k];
            for (size_t j = 0; j < f->section_count; j++)
                for (size_t n = 0; n < f->section[j].field_count; n++)
                    assert_true((i == j && k == n) || !str_eq(f->section[j].field[n].id, x->id));
            if (str_eqz(x->type, "选项") || str_eqz(x->type, "多选"))
                assert_true(x->value_count > 0);
            assert_true(str_find(x->help, STR("原件识读")) == SIZE_MAX);
            if (x->ticked)
                assert_false(str_empty(f->section[i].rows_id));
        }
    for (size_t i = 0; i < f->repair_count; i++)
        assert_false(str_eq(f->repair[i].printed, f->repair[i].read));
}

static void
the_fifteen(void **state)
{
    (void)state;
    assert_int_equal(catalog_form_count(catalog), 15);
    for (size_t i = 0; i < 15; i++) {
        const struct form *f = catalog_form_at(catalog, i);
        assert_true(str_starts(f->where, STR("附件4 表")));
        assert_true(f->repair_count > 0);
        check_real(f);
    }
    const struct form *letter = catalog_form(catalog, STR("个人承诺书"));
    assert_true(placed(letter->declaration, STR("person_name")) && placed(letter->declaration, STR("id_number")));
    assert_true(catalog_cited_count(catalog) > 20);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_refused), cmocka_unit_test(conditions),
                                       cmocka_unit_test(the_fifteen)};
    return cmocka_run_group_tests(tests, support_catalog_up, support_catalog_down);
}
