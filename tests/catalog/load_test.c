/* The loader: what it refuses, on a small catalogue with one file changed; what it reads, on the real one,
** matter by matter. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "catalog/checklist.h"
#include "support/support_catalog.h"

static struct str small; /* a folder */

/* --- a small catalogue on disk --- */

static const struct {
    const char *path, *text;
} SMALL[] = {
    {"calendar/2026.yaml",
     "年份: \"2026\"\n状态: 已公布\n放假:\n  - {名称: 元旦, 起: \"2026-01-01\", 止: \"2026-01-03\"}\n"
     "调休上班:\n  - \"2026-01-04\"\n"},
    {"facts/a.yaml", "- {名称: 身份, 标识: status, 类型: 选项, 取值: [甲, 乙], 来源: 申请人}\n- {名称: 已退休, 标识: "
                     "retired, 类型: 是否}\n"},
    {"standard/matters.yaml",
     "- 编码: \"001\"\n  名称: 登记\n  主项: 组\n  申请主体: 个人\n  结果: 登记职工\n  表单: form-01\n"
     "  系统环节: [申请, 受理, 办结]\n"},
    {"forms/form-01.yaml",
     "标识: form-01\n名称: 表\n分区:\n  - 字段:\n      - {标识: a, 名称: 甲, 类型: 文本, 必填当: '已退休 = true'}\n"},
    {"regions/990001/region.yaml", "区划: \"990001\"\n名称: 甲市\n经办机构: 甲市局\n层级: 市级\n"},
    {"regions/990001/matters/01.yaml",
     "编号: \"01\"\n名称: 登记\n标准编码: \"001\"\n编码来源: 对应\n办理材料:\n  方式: 未列\n"},
};
enum { SMALL_COUNT = sizeof SMALL / sizeof *SMALL };

static void
write_file(const char *path, struct str text)
{
    struct str full = str_fmt(arena, "%s/%s", small.p, path);
    for (size_t i = small.n + 1; i < full.n; i++)
        if (full.p[i] == '/')
            mkdir(str_z(arena, str_sub(full, 0, i)), 0700);
    FILE *f = fopen(full.p, "we");
    assert_non_null(f);
    assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
    assert_int_equal(fclose(f), 0);
}

static void
write_small(void)
{
    for (size_t i = 0; i < SMALL_COUNT; i++)
        write_file(SMALL[i].path, str_c(SMALL[i].text));
}

static void
remove_file(const char *path)
{
    assert_int_equal(remove(str_fmt(arena, "%s/%s", small.p, path).p), 0);
}

static enum err
load_small(struct catalog **ret_c)
{
    fail_clear(&ctx);
    return catalog_load(&ctx, small, ret_c);
}

/* With PATH containing MARKED the catalogue is refused with "PATH:LINE:COLUMN: …WORDS…": the place where @
** stands, which is no part of the text. */
static void
refused(const char *path, const char *marked, const char *words)
{
    struct catalog *c;
    struct str all = str_c(marked), before = str_sub(all, 0, str_find(all, STR("@"))), piece = STR_NONE, rest = before;
    struct str text = str_concat(arena, before, str_sub(all, before.n + 1, all.n));
    size_t line = 0;
    while (str_split(&rest, '\n', &piece))
        line++;
    write_small();
    write_file(path, text);
    enum err e = load_small(&c);
    struct str detail = ctx.fail->detail;
    struct str prefix = str_fmt(arena, "%s:%zu:%zu: ", path, line, str_utf8_count(piece) + 1);
    if (e != ERR_CATALOG || !str_starts(detail, prefix) || str_find(detail, str_c(words)) == SIZE_MAX)
        fail_msg("%.*s\n  expected %.*s…%s…\n  got %s %.*s", STR_ARG(text), STR_ARG(prefix), words, err_info(e)->id,
                 STR_ARG(detail));
    write_small();
}

#define HEAD "编号: \"01\"\n名称: 登记\n" /* lines 1 and 2 of a matter */
#define NONE "办理材料: {方式: 未列}\n"
static const char MATTER[] = "regions/990001/matters/01.yaml";

static int
set_up(void **state)
{
    (void)support_catalog_up(state);
    small = support_folder(arena, "catalog");
    return 0;
}

static int
tear_down(void **state)
{
    support_folder_remove(small);
    return support_catalog_down(state);
}

static void
small_loads(void **state)
{
    (void)state;
    struct catalog *c;
    const struct matter *m;
    write_small();
    assert_int_equal(load_small(&c), OK);
    const struct region *r = catalog_region(c, STR("990001"));
    assert_non_null(r);
    assert_int_equal(catalog_matter(&ctx, r, STR("登记"), &m), OK);
    assert_int_equal(m->material_mode, MATERIALS_UNLISTED);
    assert_true(m->stages_by_system);
    assert_int_equal(m->stage_count, 3);
    assert_true(fact_set_has(&m->facts, 1)); /* through its form */
    assert_false(fact_set_has(&m->facts, 0));
    assert_true(calendar_is_workday(catalog_calendar(c), (struct day){20457})); /* 2026-01-04, a Sunday */
    catalog_free(c);
}

static void
unquoted_and_wrong_conditions(void **state)
{
    (void)state;
    refused(MATTER, HEAD NONE "服务对象:\n  条件:\n    - 须: @已退休 = true\n      否则: 甲\n",
            "条件要用单引号括起来，例如 须: '");
    refused(MATTER, HEAD "办理材料:\n  方式: 列明\n  清单:\n    - 材料: 甲\n      当: @已退休 = true\n",
            "条件要用单引号括起来");
    refused(MATTER, HEAD "办理材料:\n  方式: 列明\n  清单:\n    - {材料: 甲, 盖章: 公章, 盖章当: @[a]}\n",
            "条件要用单引号括起来");
    refused(MATTER, HEAD NONE "办理时限:\n  档:\n    - 当: @已退休\n      承诺: 即时\n", "条件要用单引号括起来");
    refused("forms/form-01.yaml",
            "标识: form-01\n名称: 表\n分区:\n  - 字段:\n      - {标识: a, 名称: 甲, 类型: 文本, 必填当: @已退休}\n",
            "条件要用单引号括起来");
    refused(MATTER, HEAD NONE "办理时限:\n  档:\n    - 当: @'身份 = “甲”'\n      承诺: 即时\n", "条件第 6 个字：");
    refused(MATTER, HEAD NONE "办理时限:\n  档:\n    - 当: @'身份 ＝ \"甲\"'\n      承诺: 即时\n", "条件第 4 个字：");
    refused(MATTER, HEAD NONE "办理时限:\n  档:\n    - 当: @'年纪 = 3'\n      承诺: 即时\n", "条件第 1 个字：");
    refused(MATTER, HEAD NONE "办理时限:\n  档:\n    - 当: @'身份 = \"丙\"'\n      承诺: 即时\n", "条件第 6 个字：");
    refused(MATTER, HEAD NONE "办理时限:\n  档:\n    - 当: @'身份'\n      承诺: 即时\n", "条件第 1 个字：");
    refused(MATTER, HEAD NONE "服务对象:\n  条件:\n    - @否则: 甲\n", "缺少“须”，请写明条件");
}

static void
unknown_keys(void **state)
{
    (void)state;
    const char *what = "不认识的键“乱写”，请对照 docs/CATALOG.md 改正或删去";
    refused(MATTER, HEAD NONE "@乱写: 甲\n", what);
    refused(MATTER, HEAD NONE "服务对象: {@乱写: 甲}\n", what);
    refused(MATTER, HEAD NONE "服务对象:\n  条件:\n    - {须: '已退休', 否则: 甲, @乱写: 乙}\n", what);
    refused(MATTER, HEAD NONE "办理渠道: {@乱写: 甲}\n", what);
    refused(MATTER, HEAD NONE "办理渠道:\n  渠道:\n    - {方式: 现场, @乱写: 甲}\n", what);
    refused(MATTER, HEAD NONE "办理层级: {@乱写: 甲}\n", what);
    refused(MATTER, HEAD "办理材料: {方式: 未列, @乱写: 甲}\n", what);
    refused(MATTER, HEAD "办理材料:\n  方式: 列明\n  清单:\n    - {材料: 甲, @乱写: 乙}\n", what);
    refused(MATTER, HEAD "办理材料:\n  方式: 列明\n  清单:\n    - 任一:\n        - {材料: 甲, @乱写: 乙}\n", what);
    /* a leaf's field on a group would be lost */
    refused(MATTER, HEAD "办理材料:\n  方式: 列明\n  清单:\n    - 任一: [{材料: 甲}]\n      @可共享: 是\n",
            "不认识的键“可共享”");
    refused(MATTER, HEAD NONE "办理流程: {@乱写: 甲}\n", what);
    refused(MATTER, HEAD NONE "办理流程:\n  环节: [{环节: 受理, @乱写: 甲}]\n", what);
    refused(MATTER, HEAD NONE "办理时限: {@乱写: 甲}\n", what);
    refused(MATTER, HEAD NONE "办理时限:\n  档:\n    - {承诺: 即时, @乱写: 甲}\n", what);
    refused(MATTER, HEAD NONE "办理时限:\n  档:\n    - {承诺: 即时, 阶段: [{环节: 受理, @乱写: 甲}]}\n", what);
    refused(MATTER, HEAD NONE "咨询方式: {@乱写: 甲}\n", what);
    refused(MATTER, HEAD NONE "咨询方式:\n  电话: [{号码: \"1\", @乱写: 甲}]\n", what);
    refused(MATTER, HEAD NONE "监督电话: {@乱写: 甲}\n", what);
    refused(MATTER, HEAD NONE "评价渠道: {@乱写: 甲}\n", what);
    refused(MATTER, HEAD NONE "注意事项: [{原文: 甲, @乱写: 乙}]\n", what);
    refused(MATTER, HEAD NONE "送达: {@乱写: 甲}\n", what);
    refused(MATTER, HEAD NONE "异文: [{字段: 甲, 原文: 乙, @乱写: 丙}]\n", what);
    refused(MATTER, HEAD NONE "存疑: [{说明: 甲, @乱写: 乙}]\n", what);
    refused("regions/990001/region.yaml", "区划: \"990001\"\n名称: 甲市\n经办机构: 甲\n层级: 市级\n@乱写: 甲\n", what);
    refused("regions/990001/region.yaml",
            "区划: \"990001\"\n名称: 甲市\n经办机构: 甲\n层级: 市级\n服务点: [{标识: a, 名称: 甲, @乱写: 乙}]\n", what);
    refused("facts/a.yaml", "- {名称: 身份, 标识: status, 类型: 文本, @乱写: 甲}\n", what);
    refused("standard/matters.yaml",
            "- {编码: \"001\", 名称: 甲, 主项: 乙, 申请主体: 个人, 系统环节: [受理], @乱写: 甲}\n", what);
    refused("forms/form-01.yaml", "标识: form-01\n名称: 表\n@乱写: 甲\n", what);
    refused("calendar/2026.yaml", "年份: \"2026\"\n@乱写: 甲\n", what);
}

/* What a stage issues: only what the guide names, at a stage that is passed, about what has been done by then. */
#define PROCESS "办理流程:\n  原文: 向医院出具通知单,次月享受\n  环节: "
static void
papers_of_stages(void **state)
{
    (void)state;
    struct catalog *c;
    const struct matter *m;
    refused(MATTER, HEAD NONE PROCESS "[{环节: 审核, 出具: @通知单}, 办结]\n", "“通知单”不在“文书”里");
    refused(MATTER, HEAD NONE "文书: [通知单]\n" PROCESS "[{环节: 受理, 出具: @通知单}, 办结]\n",
            "受理环节不能写“出具”");
    refused(MATTER, HEAD NONE "文书: [通知单]\n" PROCESS "[{环节: 办结, 出具: @通知单}]\n", "办结环节不能写“出具”");
    refused(MATTER, HEAD NONE "文书: [通知单]\n" PROCESS "[办结, {环节: 送达, 出具: @通知单}]\n",
            "最后的送达环节不能写“出具”");
    refused(MATTER, HEAD NONE "文书: [函]\n" PROCESS "[{环节: 发联系函, 出具: @{文书: 函}}]\n", "有自己的版式");
    refused(MATTER, HEAD NONE "文书: [通知单]\n" PROCESS "[{环节: 审核, 出具: {文书: 通知单, 送交: @药店}}]\n",
            "办理流程的原文里没有“药店”");
    refused(MATTER, HEAD NONE "文书: [通知单]\n" PROCESS "[{环节: 审核, 出具: {文书: 通知单, 注明: @当月享受}}]\n",
            "办理流程的原文里没有“当月享受”");
    refused(MATTER, HEAD NONE "文书: [通知单]\n" PROCESS "[{环节: 审核, 出具: {文书: 通知单, 载明: @[复核]}}, 复核]\n",
            "复核不在这个环节之前");
    refused(MATTER, HEAD NONE "文书: [通知单]\n" PROCESS "[{环节: 审核, 出具: {文书: 通知单, 载明: [@开会]}}]\n",
            "不认识的环节“开会”");
    refused(MATTER, HEAD NONE "文书: [通知单]\n" PROCESS "[{环节: 审核, 出具: @{送交: 医院}}]\n", "缺少“文书”");
    refused(MATTER, HEAD NONE "文书: [通知单]\n" PROCESS "[{环节: 审核, 出具: {文书: 通知单, @乱写: 甲}}]\n",
            "不认识的键“乱写”");
    refused("standard/matters.yaml",
            "- @{编码: \"001\", 名称: 甲, 主项: 乙, 申请主体: 个人, 系统环节: [{环节: 审核, 出具: 通知单}]}\n",
            "系统环节不能写“出具”");
    write_small();
    write_file(MATTER,
               STR("编号: \"01\"\n名称: 登记\n标准编码: \"001\"\n编码来源: 对应\n" NONE "文书: [通知单]\n" PROCESS
                   "[审核, {环节: 复核, 出具: {文书: 通知单, 送交: 医院, 载明: [审核], 注明: "
                   "次月享受}}, 办结]\n"));
    assert_int_equal(load_small(&c), OK);
    assert_int_equal(catalog_matter(&ctx, catalog_region(c, STR("990001")), STR("01"), &m), OK);
    const struct stage_paper *p = &m->stage[1].paper;
    assert_true(str_eqz(p->name, "通知单") && str_eqz(p->to, "医院") && str_eqz(p->note, "次月享受"));
    assert_int_equal(p->of_count, 1);
    assert_int_equal(p->of[0], STAGE_REVIEW);
    assert_true(str_empty(m->stage[0].paper.name));
    catalog_free(c);
}

static void
wrong_values(void **state)
{
    (void)state;
    refused(MATTER, "@- 编号\n", "事项文件应由“键: 值”组成");
    refused(MATTER, "@编号: \"01\"\n" NONE, "缺少“名称”，请补上");
    refused(MATTER, "编号: @\"02\"\n名称: 甲\n" NONE, "编号“02”与文件名不一致");
    refused(MATTER, HEAD "标准编码: @\"001\"\n" NONE, "“编码来源”应写 印发 或 对应");
    refused(MATTER, HEAD "标准编码: @\"002\"\n编码来源: 印发\n" NONE, "标准编码“002”不在标准清单里");
    refused(MATTER, HEAD NONE "状态: @关闭\n", "状态只能写 开放、暂停、未开通");
    //= R13 type=test
    refused(MATTER, HEAD NONE "状态: @暂停\n", "暂停的事项要写“状态依据”");
    refused(MATTER, "@" HEAD, "缺少“办理材料”；没有印出材料清单的事项请写 方式: 未列");
    refused(MATTER, HEAD "办理材料: {方式: @没有}\n", "材料方式只能写 列明、按引用、部门提供、未列");
    refused(MATTER, HEAD "办理材料: @{方式: 列明}\n", "写了“列明”却没有“清单”；“未列”“按引用”“部门提供”都不等于零材料");
    refused(MATTER, HEAD "办理材料: @{方式: 未列, 清单: [{材料: 甲}]}\n", "写了“未列”却有“清单”");
    refused(MATTER, HEAD "办理材料: {方式: 列明, 清单: [@甲]}\n", "每项材料应写成“- 材料: 名称”或“- 任一:”“- 全部:”");
    refused(MATTER, HEAD "办理材料: {方式: 列明, 清单: [@{任一: [{材料: 甲}], 全部: [{材料: 乙}]}]}\n",
            "不能写在同一项里");
    refused(MATTER, HEAD "办理材料: {方式: 列明, 清单: [@{任一: []}]}\n", "下面至少要有一项");
    refused(MATTER, HEAD "办理材料: {方式: 列明, 清单: [{材料: 甲, 裁量: @可以}]}\n", "“裁量”只能写 是 或 否");
    refused(MATTER, HEAD NONE "办理渠道: {渠道: [{方式: @传真}]}\n", "不认识的办理方式“传真”");
    refused(MATTER, HEAD NONE "办理渠道: {渠道: [{方式: 网上, 状态: @关}]}\n", "渠道状态只能写 开放 或 待开通");
    refused(MATTER, HEAD NONE "办理层级: @{层级: [省级]}\n", "不认识的层级“省级”");
    refused(MATTER, HEAD NONE "办理流程: {环节: [@开会]}\n", "不认识的环节“开会”，请用 docs/CATALOG.md 列出的环节");
    //= R157 type=test
    refused(MATTER, HEAD NONE "办理流程: {环节: [{环节: 审核, 当: @'身份 = \"甲\"'}, 办结]}\n",
            "第一个环节和申请、受理、送达、办结不能带条件");
    refused(MATTER, HEAD NONE "办理流程: {环节: [申请, {环节: 受理, 当: @'身份 = \"甲\"'}]}\n",
            "第一个环节和申请、受理、送达、办结不能带条件");
    refused(MATTER, HEAD NONE "办理流程: {环节: [申请, {环节: 审核, 当: @'天气 = \"晴\"'}]}\n", "条件第 1 个字：");
    refused(MATTER, HEAD NONE "办理时限: {档: [{承诺: @五个工作日}]}\n",
            "看不懂时限“五个工作日”，可写 即时、5个工作日");
    refused(MATTER, HEAD NONE "办理时限: {档: [{承诺: @0个工作日}]}\n", "看不懂时限");
    refused(MATTER, HEAD NONE "办理时限: {档: [@{起算: 受理}]}\n", "这一档既没有“承诺”也没有“法定”");
    refused(MATTER, HEAD NONE "办理时限: {档: [{承诺: 即时, 种类: @别的}]}\n", "时限种类只能写 办结 或 受理回执");
    refused(MATTER, HEAD NONE "办理时限: {档: [{承诺: 5个工作日, 起算: @择日}]}\n", "看不懂起算“择日”，可写 收到材料");
    refused(MATTER, HEAD NONE "办理时限: {档: [{阶段: [{环节: 审核, 时限: 即时, 起算: @明天}]}]}\n",
            "看不懂起算“明天”");
    refused(MATTER, HEAD NONE "办理时限: {档: [{承诺: 5个工作日, 暂停: @[资料邮寄, 午休]}]}\n",
            "看不懂暂停“午休”，可写 补正");
    refused(MATTER, HEAD NONE "申报期: [@{每月: 1-10}]\n", "缺少“原文”");
    refused(MATTER, HEAD NONE "申报期: [@{原文: 甲}]\n", "要写、也只写一种时段");
    refused(MATTER, HEAD NONE "申报期: [@{原文: 甲, 每月: 是, 每季度: 是}]\n", "要写、也只写一种时段");
    refused(MATTER, HEAD NONE "申报期: [{原文: 甲, 每月: @10-1}]\n", "看不懂每月“10-1”，可写 1-10");
    refused(MATTER, HEAD NONE "申报期: [{原文: 甲, 每月: @1-32}]\n", "看不懂每月");
    refused(MATTER, HEAD NONE "申报期: [{原文: 甲, 从: @\"02-30\", 到: \"03-01\"}]\n", "“从”要写成 月-日");
    refused(MATTER, HEAD NONE "申报期: [@{原文: 甲, 从: \"02-01\"}]\n", "缺少“到”");
    refused(MATTER, HEAD NONE "申报期: [{原文: 甲, 每月: 是, @每年: 是}]\n", "每年");
    refused(MATTER, HEAD NONE "指引: [@{转由: 某公司}]\n", "缺少“原文”");
    refused(MATTER, HEAD NONE "指引: [@{原文: 甲, 转由: 某公司}]\n", "“转由”要写“当”");
    refused(MATTER, HEAD NONE "指引: [@{原文: 甲, 归类: 乙}]\n", "“归类”要写“当”");
    refused(MATTER, HEAD NONE "指引: [@{当: '已退休 = true', 原文: 甲, 转由: 某公司, 后续: 乙}]\n", "只能写一种");
    refused(MATTER, HEAD NONE "指引: [{原文: 甲, 后续: 乙, 电话: @\"12345\"}]\n", "“电话”只和“转由”一起写");
    refused(MATTER, HEAD NONE "指引: [{原文: 甲, 后续: 乙, 处: @[办件]}]\n", "不用写“处”");
    refused(MATTER, HEAD NONE "指引: [{原文: 甲, 处: @[大厅]}]\n", "不认识的处“大厅”，可写 核对、办件");
    refused(MATTER, HEAD NONE "指引: [{原文: 甲, @地点: 乙}]\n", "地点");
    refused(MATTER, HEAD NONE "认定监管: @{当: '已退休 = true'}\n", "缺少“原文”");
    refused(MATTER, HEAD NONE "现场查看: @{原文: 甲}\n", "缺少“依据”");
    refused(MATTER, HEAD NONE "现场查看: {原文: 甲, 依据: 乙, 项目: @[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]}\n",
            "超过 12 项");
    //= R14 type=test
    refused(MATTER, HEAD NONE "办理时限: {档: [{承诺: @6个工作日, 法定: 5个工作日}]}\n", "承诺时限长于法定时限");
    refused("regions/990001/region.yaml", "区划: @九\n", "区划代码“九”应为 6 位数字");
    refused("regions/990001/region.yaml", "区划: @\"990002\"\n名称: 甲\n经办机构: 甲\n层级: 市级\n",
            "区划“990002”与文件夹名不一致");
    refused("regions/990001/region.yaml", "区划: \"990001\"\n名称: 甲\n经办机构: 甲\n层级: @省级\n",
            "不认识的层级“省级”");
    refused("facts/a.yaml", "@a: 1\n", "事实词典应为列表");
    refused("facts/a.yaml", "- {名称: 甲, 标识: a, 类型: @图片}\n",
            "不认识的类型“图片”，可写 选项、是否、数字、文本、日期");
    refused("facts/a.yaml", "- @{名称: 甲, 标识: a, 类型: 选项, 取值: [一]}\n", "选项型事实至少要有两个取值");
    refused("facts/a.yaml", "- {名称: 甲, 标识: a, 类型: 选项, 取值: [一, 二], 取值说明: {三: @无}}\n",
            "“三”不在取值之中");
    refused("facts/a.yaml", "- {名称: 甲, 标识: a, 类型: 是否}\n- @{名称: 甲, 标识: b, 类型: 是否}\n", "已经定义过");
    refused("facts/a.yaml", "- @{名称: 一二三四五六七八九十一二三四五六七, 标识: a, 类型: 是否}\n", "超过 16 个字");
    refused("standard/matters.yaml", "- @{编码: \"1\", 名称: 甲, 主项: 乙, 申请主体: 个人}\n", "缺少“系统环节”");
    refused("standard/matters.yaml", "- {编码: \"1\", 名称: 甲, 主项: 乙, 申请主体: 个人, 结果: @发证}\n",
            "不认识的结果“发证”");
    refused("calendar/2026.yaml", "年份: @今年\n", "“年份”应为 0 到 9999 的整数");
    refused("calendar/2026.yaml", "年份: \"2026\"\n调休上班: [@2026年1月4日]\n", "应写成 2026-01-01");
    refused("calendar/2026.yaml", "年份: \"2026\"\n放假: [@{起: 2026-01-03, 止: 2026-01-01}]\n", "放假的起止日期不对");
}

static void
folders(void **state)
{
    (void)state;
    struct catalog *c;
    write_small();
    /* an editor's leavings are no catalogue */
    write_file("regions/990001/matters/01.yaml~", STR("::"));
    write_file("regions/990001/matters/.01.yaml.swp", STR("::"));
    assert_int_equal(load_small(&c), OK);
    catalog_free(c);
    remove_file("regions/990001/matters/01.yaml~");
    remove_file("regions/990001/matters/.01.yaml.swp");
    /* a second region; then one without matters; then none at all */
    write_file("regions/990002/region.yaml", STR("区划: \"990002\"\n名称: 乙市\n经办机构: 乙市局\n层级: 县级\n"));
    write_file("regions/990002/matters/07.yaml", STR("编号: \"07\"\n名称: 甲\n" NONE));
    assert_int_equal(load_small(&c), OK);
    assert_int_equal(catalog_region_count(c), 2);
    catalog_free(c);
    remove_file("regions/990002/matters/07.yaml");
    assert_int_equal(load_small(&c), ERR_CATALOG);
    assert_string_equal(str_z(arena, ctx.fail->detail), "regions/990002/matters:1:1: 应有 1 到 512 个事项文件");
    write_file("regions/990002/matters/07.yaml", STR("编号: \"07\"\n名称: 甲\n" NONE));
    remove_file("regions/990002/region.yaml");
    assert_int_equal(load_small(&c), ERR_CATALOG);
    assert_true(str_starts(ctx.fail->detail, STR("regions/990002/region.yaml:1:1: 没有这个文件，请补上")));
    remove_file("regions/990002/matters/07.yaml");
    remove_file("regions/990002/matters");
    assert_int_equal(load_small(&c), OK); /* an empty folder is no region */
    assert_int_equal(catalog_region_count(c), 1);
    catalog_free(c);
    remove_file("regions/990002");
    remove_file("regions/990001/matters/01.yaml");
    remove_file("regions/990001/matters");
    remove_file("regions/990001/region.yaml");
    remove_file("regions/990001");
    assert_int_equal(load_small(&c), ERR_CATALOG);
    assert_true(str_find(ctx.fail->detail, STR("没有任何统筹区，请检查目录位置")) != SIZE_MAX);
    write_small();
}

/* --- the real catalogue --- */

static void
counts(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        size_t matters, unlisted, suspended;
    } rows[] = {
        {"211282", 32, 16, 1}, {"410400", 30, 0, 0}, {"420281", 29, 0, 0}, {"421300", 26, 0, 0}, {"421381", 28, 0, 0}};
    assert_int_equal(catalog_region_count(catalog), sizeof rows / sizeof *rows);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct region *r = catalog_region(catalog, str_c(rows[i].code));
        assert_non_null(r);
        assert_int_equal(r->matter_count, rows[i].matters);
        size_t unlisted = 0, suspended = 0;
        for (size_t k = 0; k < r->matter_count; k++) {
            unlisted += r->matter[k].material_mode == MATERIALS_UNLISTED;
            suspended += r->matter[k].suspended;
        }
        assert_int_equal(unlisted, rows[i].unlisted);
        assert_int_equal(suspended, rows[i].suspended);
    }
    assert_int_equal(catalog_standard_count(catalog), 30);
    assert_int_equal(calendar_is_announced(catalog_calendar(catalog), (struct day){20453}), true);  /* 2025-12-31 */
    assert_int_equal(calendar_is_announced(catalog_calendar(catalog), (struct day){20819}), false); /* 2027-01-01 */
}

//= R11 type=test
static void
standard_codes(void **state)
{
    (void)state;
    for (size_t i = 0; i < catalog_standard_count(catalog); i++) {
        const struct standard_matter *s = catalog_standard_at(catalog, i);
        assert_int_equal(s->code.n, 12);
        for (size_t k = 0; k < s->code.n; k++)
            assert_in_range(s->code.p[k], '0', '9');
        assert_false(str_empty(s->name) || str_empty(s->group));
        assert_true(str_empty(s->form) || catalog_form(catalog, s->form));
        for (size_t k = 0; k < i; k++)
            assert_false(str_eq(catalog_standard_at(catalog, k)->code, s->code));
    }
}

/* One matter under test; the first fault ends the test and says where. */
static const struct matter *here;
#define SOUND(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            fail_msg("%.*s: %s", STR_ARG(here->file), #condition);                                                     \
    } while (0)

/* Days that a limit can take at most, in working days; 0 = same day, -1 = not a number of days. */
static int
length(struct limit l)
{
    switch (l.kind) {
    case LIMIT_INSTANT:
    case LIMIT_ON_DEMAND:
        return 0;
    case LIMIT_WORKDAYS:
        return l.n;
    case LIMIT_DAYS:
        return l.n * 5 / 7;
    case LIMIT_MONTHS:
        return l.n * 21;
    default:
        return -1;
    }
}

/* A condition of the catalogue: text, compiled, over facts of the dictionary; without answers it asks, never
** decides by accident. */
static void
sound_condition(const struct condition *c)
{
    struct fact_set mentions = {0}, needed = {0};
    struct facts none = facts_new(arena, catalog_dict(catalog));
    if (!c->feel)
        return;
    SOUND(!str_empty(c->source));
    feel_mentions(c->feel, &mentions);
    SOUND(!fact_set_empty(&mentions));
    SOUND(feel_eval(c->feel, none.value, &needed).kind == VALUE_UNASKED);
    for (size_t i = 0; i < FACT_MAX; i++) {
        if (fact_set_has(&mentions, i)) {
            const struct fact *f = catalog_fact(catalog, i);
            SOUND(f && !str_empty(f->def.name) && !str_empty(f->def.id));
            SOUND(!f->asked || !str_empty(f->question));
            SOUND(fact_set_has(&here->facts, i));
        }
        if (fact_set_has(&needed, i))
            SOUND(fact_set_has(&mentions, i));
    }
}

static void
sound_material(const struct material *x, const char *parent, bool *leaf_seen)
{
    SOUND(!str_empty(x->key) && str_starts(x->key, str_c(parent)));
    SOUND(x->line > 1);
    sound_condition(&x->when);
    if (x->node == MATERIAL_LEAF) {
        SOUND(x->child_count == 0);
        SOUND(x->index >= 0 && x->index < here->leaf_count && !leaf_seen[x->index]);
        leaf_seen[x->index] = true;
        SOUND(!str_empty(x->name));
        SOUND(!x->stamp_when.feel || !str_empty(x->stamp));
        SOUND(x->shareable == !str_empty(x->share_source));
        SOUND(!x->committable || here->commitment);
        sound_condition(&x->stamp_when);
        return;
    }
    SOUND(x->index == -1);
    SOUND(x->child_count >= 1);
    for (size_t i = 0; i < x->child_count; i++)
        sound_material(&x->child[i], str_fmt(arena, "%.*s.", STR_ARG(x->key)).p, leaf_seen);
}

static void
sound_materials(const struct matter *m)
{
    bool *seen = ARENA_ARRAY(arena, (size_t)m->leaf_count + 1, bool);
    SOUND((m->material_mode == MATERIALS_LISTED) <= (m->material_count > 0 && !str_empty(m->materials_text)));
    SOUND(m->material_mode != MATERIALS_UNLISTED || m->material_count == 0);
    SOUND((m->material_mode != MATERIALS_REFERENCE && m->material_mode != MATERIALS_DEPARTMENT) ||
          !str_empty(m->materials_reference));
    for (size_t i = 0; i < m->material_count; i++)
        sound_material(&m->material[i], "", seen);
    for (int i = 0; i < m->leaf_count; i++)
        SOUND(seen[i]);
    for (size_t i = 0; i < m->material_count; i++)
        for (size_t k = 0; k < i; k++)
            SOUND(!str_eq(m->material[i].key, m->material[k].key));
}

//= R14 R276 type=test
static void
sound_limits(const struct matter *m)
{
    bool open = false; /* a tier without condition ends the list */
    SOUND((m->limit_count > 0) == !str_empty(m->limit_text));
    for (size_t i = 0; i < m->limit_count; i++) {
        const struct limit_tier *t = &m->limit[i];
        SOUND(!open);
        open = t->when.feel == NULL;
        sound_condition(&t->when);
        int promised = length(t->promised), legal = length(t->legal), sum = 0;
        SOUND(t->promised.kind == LIMIT_NONE || t->legal.kind == LIMIT_NONE || promised <= legal || legal < 0);
        SOUND(t->promised.kind != LIMIT_NONE || t->legal.kind != LIMIT_NONE || t->stage_count > 0);
        SOUND(t->promised.kind == LIMIT_NONE || !str_empty(limit_text(arena, t->promised)));
        SOUND(t->legal.kind == LIMIT_NONE || !str_empty(limit_text(arena, t->legal)));
        for (size_t k = 0; k < t->stage_count; k++) {
            SOUND(t->stage[k].limit.kind != LIMIT_NONE);
            sum = length(t->stage[k].limit) > sum ? length(t->stage[k].limit) : sum;
        }
        SOUND(promised < 0 || sum <= promised); /* no stage is longer than the whole */
    }
}

static void
sound_texts(const struct matter *m)
{
    SOUND(!str_empty(m->name) && !str_empty(m->id) && !str_empty(m->where));
    SOUND(m->id.n == 2);
    SOUND(m->eligibility_count == 0 || !str_empty(m->service_object));
    SOUND(m->channel_count == 0 || !str_empty(m->channels_text));
    SOUND((m->levels != 0) <= !str_empty(m->levels_text));
    SOUND(m->stage_count > 0);
    SOUND(m->stage_count == 0 || m->stages_by_system || !str_empty(m->process_text));
    SOUND(m->phone_count == 0 || !str_empty(m->consult_text));
    SOUND(m->supervision_count == 0 || !str_empty(m->supervision_text));
    SOUND(m->rating_count == 0 || !str_empty(m->rating_text));
    SOUND(m->delivery_count == 0 || !str_empty(m->delivery_text));
    SOUND(!m->suspended || !str_empty(m->status_basis));
    SOUND(str_empty(m->code) == (m->standard == NULL));
    SOUND(m->effect == EFFECT_NONE || m->standard);
    for (size_t i = 0; i < m->eligibility_count; i++) {
        sound_condition(&m->eligibility[i].must);
        SOUND(m->eligibility[i].must.feel && !str_empty(m->eligibility[i].otherwise));
    }
    for (size_t i = 0; i < m->variant_count; i++)
        SOUND(!str_empty(m->variant[i].field) && !str_empty(m->variant[i].verbatim) && !str_empty(m->variant[i].where));
    for (size_t i = 0; i < m->phone_count; i++)
        SOUND(!str_empty(m->phone[i].number));
}

/* The stages stand in an order that can be walked: nothing before the application or the start, nothing twice
** but reviews. */
static void
sound_stages(const struct matter *m)
{
    for (size_t i = 0; i < m->stage_count; i++) {
        SOUND(stage_name(m->stage[i].kind)[0]);
        SOUND(m->stage[i].kind != STAGE_APPLY || i == 0);
        for (size_t k = 0; k < i; k++)
            SOUND(m->stage[i].kind != m->stage[k].kind || m->stage[i].kind == STAGE_REVIEW ||
                  m->stage[i].kind == STAGE_SECOND_REVIEW || !str_eq(m->stage[i].name, m->stage[k].name));
    }
}

static void
every_matter_is_sound(void **state)
{
    (void)state;
    size_t matters = 0;
    for (size_t i = 0; i < catalog_region_count(catalog); i++) {
        const struct region *r = catalog_region_at(catalog, i);
        for (size_t k = 0; k < r->matter_count; k++, matters++) {
            const struct matter *m = here = &r->matter[k], *found;
            sound_texts(m);
            sound_materials(m);
            sound_limits(m);
            sound_stages(m);
            SOUND(m->region == r);
            SOUND(catalog_matter(&ctx, r, m->id, &found) == OK && found == m);
            for (size_t j = 0; j < k; j++)
                SOUND(!str_eq(r->matter[j].id, m->id) && str_cmp(r->matter[j].id, m->id) < 0);
        }
    }
    assert_int_equal(matters, 145);
}

static void
dictionary(void **state)
{
    (void)state;
    const struct fact_dict *d = catalog_dict(catalog);
    assert_in_range(d->count, 1, FACT_MAX);
    for (size_t i = 0; i < d->count; i++) {
        const struct fact *f = catalog_fact(catalog, i);
        assert_int_equal(fact_find(d, f->def.name), i);
        assert_int_equal(fact_find(d, f->def.id), i);
        assert_in_range(str_utf8_count(f->def.name), 1, 16);
        for (size_t k = 0; k < f->def.id.n; k++)
            assert_true((f->def.id.p[k] >= 'a' && f->def.id.p[k] <= 'z') ||
                        (k && f->def.id.p[k] >= '0' && f->def.id.p[k] <= '9') || f->def.id.p[k] == '_');
        assert_int_equal(f->def.type == FACT_CHOICE, f->def.value_count > 0);
        if (str_empty(f->question))
            fail_msg("事实 %.*s 没有问题", STR_ARG(f->def.name));
    }
    assert_null(catalog_fact(catalog, d->count));
}

static void
look_ups(void **state)
{
    (void)state;
    const struct matter *m;
    const struct region *r = catalog_region(catalog, STR("211282"));
    assert_null(catalog_region(catalog, STR("000000")));
    assert_int_equal(catalog_matter(&ctx, r, STR("002036001001"), &m), OK);
    assert_string_equal(str_z(arena, m->name), "单位参保登记");
    assert_int_equal(catalog_matter(&ctx, r, STR("单位参保登记"), &m), OK);
    /* two sections carry the same code there */
    assert_int_equal(catalog_matter(&ctx, r, STR("002036004002"), &m), ERR_AMBIGUOUS);
    assert_true(str_find(ctx.fail->detail, STR("请用事项编号")) != SIZE_MAX);
    fail_clear(&ctx);
    assert_int_equal(catalog_matter(&ctx, r, STR("99"), &m), ERR_NOT_FOUND);
    assert_int_equal(catalog_matter(&ctx, r, STR(""), &m), ERR_NOT_FOUND);
    fail_clear(&ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_loads),      cmocka_unit_test(unquoted_and_wrong_conditions),
        cmocka_unit_test(unknown_keys),     cmocka_unit_test(wrong_values),
        cmocka_unit_test(folders),          cmocka_unit_test(counts),
        cmocka_unit_test(standard_codes),   cmocka_unit_test(every_matter_is_sound),
        cmocka_unit_test(papers_of_stages), cmocka_unit_test(dictionary),
        cmocka_unit_test(look_ups),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
