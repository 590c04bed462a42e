/* Every outcome of every cell, on two invented regions: each row is what ours and theirs print, and what the comparison says
** from our side; from theirs it must say the mirror. */
#include "catalog/diff.h"

#include <stdlib.h>
#include <string.h>

#include "catalog/files.h"
#include "support/support_ctx.h"

/* --- an invented catalogue --- */

enum { MATTERS = 4, OPEN_FACTS = 14 };
static const char REGION[] = "区划: \"%s\"\n名称: %s\n经办机构: 医保局\n层级: 市级\n上级: \"990002\"\n上级约束: 是\n";
static const char CODED[] = "编号: \"01\"\n名称: 参保登记\n标准编码: \"001001\"\n编码来源: 对应\n";

static struct str
facts_yaml(void)
{
    struct buf b;
    buf_init(&b, arena, 1024);
    buf_addz(&b, "- {名称: 身份, 标识: status, 类型: 选项, 取值: [甲类, 乙类, 丙类]}\n"
                 "- {名称: 方式, 标识: mode, 类型: 选项, 取值: [承诺, 提交]}\n"
                 "- {名称: 已退休, 标识: retired, 类型: 是否}\n- {名称: 年龄, 标识: age, 类型: 数字}\n");
    for (int i = 0; i < OPEN_FACTS; i++)
        buf_fmt(&b, "- {名称: 情形%d, 标识: case_%d, 类型: 是否}\n", i, i);
    return buf_str(&b);
}

static void
put_region(struct catalog_files *f, const char *code, const char *const matter[MATTERS])
{
    struct str name = str_fmt(arena, "%.*s市", 3, strcmp(code, "990001") == 0 ? "东" : "西");
    *f = catalog_files_with(arena, f, str_fmt(arena, "regions/%s/region.yaml", code),
                            str_fmt(arena, REGION, code, name.p));
    for (int i = 0; i < MATTERS; i++)
        if (matter[i])
            *f = catalog_files_with(arena, f, str_fmt(arena, "regions/%s/matters/%02d.yaml", code, i + 1),
                                    str_fmt(arena, "%s%s", matter[i], /* the key must be there */
                                            strstr(matter[i], "办理材料") ? "" : "办理材料: {方式: 未列}\n"));
}

static struct catalog *
catalog_of(const char *const ours[MATTERS], const char *const theirs[MATTERS])
{
    struct catalog_files f = {0};
    struct catalog *c;
    f = catalog_files_with(arena, &f, STR("facts/a.yaml"), facts_yaml());
    f = catalog_files_with(arena, &f, STR("standard/matters.yaml"),
                           STR("- 编码: \"001001\"\n  名称: 参保登记\n  主项: 登记\n  申请主体: 个人\n"
                               "  系统环节: [申请, 受理, 办结]\n"
                               "- 编码: \"001002\"\n  名称: 信息查询\n  主项: 登记\n  申请主体: 个人\n"
                               "  系统环节: [申请, 办结]\n"));
    put_region(&f, "990001", ours);
    put_region(&f, "990002", theirs);
    if (catalog_load_files(&ctx, &f, &c) != OK)
        fail_msg("%.*s", STR_ARG(ctx.fail->detail));
    return c;
}

static struct diff
compare(const struct catalog *c, const char *ours, const char *theirs)
{
    struct diff d;
    const struct region *t = theirs ? catalog_region(c, str_c(theirs)) : NULL;
    assert_int_equal(catalog_diff(&ctx, c, catalog_region(c, str_c(ours)), t, &d), OK);
    return d;
}

static enum diff_side
mirror(enum diff_side s)
{
    return s == DIFF_LIGHTER ? DIFF_HEAVIER : s == DIFF_HEAVIER ? DIFF_LIGHTER : s;
}

struct cell_row {
    const char *what, *ours, *theirs;
    enum diff_side side;
    const char *says; /* part of the detail */
};

static void
check(enum unification u, const struct cell_row *row, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *ours[MATTERS] = {str_fmt(arena, "%s%s", CODED, row[i].ours).p},
                   *theirs[MATTERS] = {str_fmt(arena, "%s%s", CODED, row[i].theirs).p};
        struct catalog *c = catalog_of(ours, theirs);
        struct diff there = compare(c, "990001", "990002"), back = compare(c, "990002", "990001");
        const struct diff_cell *x = &there.row[0].cell[u], *y = &back.row[0].cell[u];
        if (x->side != row[i].side || str_find(x->detail, str_c(row[i].says)) == SIZE_MAX)
            fail_msg("%s: %s “%.*s”, wanted %s “%s”", row[i].what, diff_side_name(x->side), STR_ARG(x->detail),
                     diff_side_name(row[i].side), row[i].says);
        if (y->side != mirror(x->side) || y->mixed != x->mixed)
            fail_msg("%s: turned round it is %s", row[i].what, diff_side_name(y->side));
        struct diff self = compare(c, "990001", "990001");
        enum diff_side s = self.row[0].cell[u].side;
        if (s != DIFF_SAME && s != DIFF_UNPRINTED)
            fail_msg("%s: against itself it is %s", row[i].what, diff_side_name(s));
        catalog_free(c);
    }
}
#define CHECK(u, rows) check((u), (rows), sizeof(rows) / sizeof *(rows))
#define LIST(x) "办理材料: {方式: 列明, 清单: [" x "]}\n"
#define LIMIT(x) "办理时限: {档: [" x "]}\n"
#define STEPS(x) "办理流程: {环节: [" x "]}\n"

//= R2 R3
static void
materials_are_counted_on_the_tree(void **state)
{
    (void)state;
    static const struct cell_row rows[] = {
        {"the same, in other print", LIST("{材料: 《申请表》}, {材料: 身份证（复印件）}"),
         LIST("{材料: 申请表}, {材料: 身份证(复印件)}"), DIFF_SAME, "2 份 对 2 份"},
        {"one fewer", LIST("{材料: 申请表}"), LIST("{材料: 申请表}, {材料: 照片}"), DIFF_LIGHTER,
         "1 份 对 2 份；少 1 份：照片"},
        {"one more", LIST("{材料: 申请表}, {材料: 照片}"), LIST("{材料: 申请表}"), DIFF_HEAVIER, "多 1 份：照片"},
        {"as many, others", LIST("{材料: 申请表}"), LIST("{材料: 照片}"), DIFF_OTHER,
         "1 份 对 1 份，材料不同；多 1 份：申请表；少 1 份：照片"},
        {"of alternatives one", LIST("{任一: [{材料: 护照}, {材料: 户口簿}], 名称: 护照或户口簿}"),
         LIST("{材料: 护照}, {材料: 户口簿}"), DIFF_LIGHTER, "1 份 对 2 份"},
        {"the lightest alternative",
         LIST("{任一: [{全部: [{材料: 护照}, {材料: 照片}], 名称: 护照及照片}, {材料: 承诺书}], 名称: "
              "护照及照片或承诺书}"),
         LIST("{材料: 承诺书}"), DIFF_OTHER, "1 份 对 1 份，任选的范围不同：我方还可用护照、照片"},
        {"all of a group", LIST("{全部: [{材料: 护照}, {材料: 照片}], 名称: 护照及照片}"), LIST("{材料: 护照}"),
         DIFF_HEAVIER, "2 份 对 1 份；多 1 份：照片"},
        {"only some bring it", LIST("{材料: 申请表}, {材料: 照片, 当: '身份 = \"甲类\"'}"), LIST("{材料: 申请表}"),
         DIFF_HEAVIER, "1—2 份 对 1 份；多 1 份：照片（视情形）"},
        {"one leaf written under two classes",
         LIST("{材料: 申请表, 当: '身份 = \"甲类\"'}, {材料: 申请表, 当: '身份 = \"乙类\"'}"), LIST("{材料: 申请表}"),
         DIFF_SAME, "1 份 对 1 份"},
        {"a class the list does not speak of brings not nothing", LIST("{材料: 申请表, 当: '身份 = \"甲类\"'}"),
         LIST("{材料: 申请表}"), DIFF_SAME, "1 份 对 1 份"},
        {"people who are not served do not count",
         "服务对象: {原文: 甲类, 条件: [{须: '身份 = \"甲类\"', 否则: 甲类}]}\n" LIST(
             "{材料: 申请表}, {材料: 照片, 当: '身份 = \"乙类\"'}"),
         LIST("{材料: 申请表}, {材料: 照片}"), DIFF_LIGHTER, "1 份 对 2 份"},
        {"conditions exclude each other",
         LIST("{材料: 护照, 当: '已退休 = true'}, {材料: 照片, 当: 'not(已退休 = true)'}, {材料: 申请表}"),
         LIST("{材料: 申请表}"), DIFF_HEAVIER, "2 份 对 1 份"},
        {"a number is left open", LIST("{材料: 申请表}, {材料: 照片, 当: '年龄 >= 60'}"),
         LIST("{材料: 申请表}, {材料: 照片}"), DIFF_LIGHTER, "1—2 份 对 2 份"},
        {"lighter for some, heavier for others",
         LIST("{材料: 申请表}, {材料: 照片, 当: '身份 = \"甲类\"'}, {材料: 护照, 当: '身份 = \"甲类\"'}"),
         LIST("{材料: 申请表}, {材料: 照片}"), DIFF_OTHER, "1—3 份 对 2 份，因人而异，互有多少；多 1 份：护照"},
        {"the same names, asked of fewer", LIST("{材料: 申请表}, {材料: 照片, 当: '身份 = \"甲类\"'}"),
         LIST("{材料: 申请表}, {材料: 照片}"), DIFF_LIGHTER, "材料名称相同，要求的情形不同"},
        {"a department supplies it", LIST("{材料: 申请表}, {材料: 名单, 提供方: 民政局}"), LIST("{材料: 申请表}"),
         DIFF_SAME, "1 份 对 1 份"},
        {"the clerk may ask", LIST("{材料: 申请表}, {材料: 佐证, 裁量: 是}"), LIST("{材料: 申请表}"), DIFF_HEAVIER,
         "1—2 份 对 1 份"}, //= R78
        {"original against copy", LIST("{材料: 发票, 形式: 原件}"), LIST("{材料: 发票复印件}"), DIFF_OTHER,
         "形式不同：发票（原件 对 复印件）"},
        {"an identity card is one of the valid papers", LIST("{材料: 身份证}"), LIST("{材料: 有效身份证件}"),
         DIFF_OTHER, "任选的范围不同：对方还可用有效身份证件"}, //= R12
        {"short forms", LIST("{任一: [{材料: 社保卡}, {材料: 本人身份证}], 名称: 社保卡或身份证}"),
         LIST("{任一: [{材料: 身份证}, {材料: 社会保障卡}], 名称: 证件}"), DIFF_SAME, "1 份 对 1 份"},
    };
    CHECK(UNIFY_MATERIALS, rows);
}

//= R263
static void
an_unprinted_list_is_not_an_empty_one(void **state)
{
    (void)state;
    static const struct cell_row rows[] = {
        {"not listed", "办理材料: {方式: 未列}\n", LIST("{材料: 申请表}"), DIFF_UNPRINTED,
         "我方未列，没有逐项列出，不等于零份；对方 1 份"},
        {"by reference", LIST("{材料: 申请表}"), "办理材料: {方式: 按引用, 引用: 按协议执行}\n", DIFF_UNPRINTED,
         "对方按引用，没有逐项列出，不等于零份；我方 1 份"},
        {"both", "办理材料: {方式: 部门提供, 引用: 民政局}\n", "办理材料: {方式: 未列}\n", DIFF_UNPRINTED,
         "我方部门提供，对方未列"},
    };
    CHECK(UNIFY_MATERIALS, rows);
}

static void
too_many_answers_end_in_bounds(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, arena, 2048);
    buf_addz(&b, CODED);
    buf_addz(&b, "办理材料: {方式: 列明, 清单: [{材料: 申请表}");
    for (int i = 0; i < OPEN_FACTS; i++)
        buf_fmt(&b, ", {材料: 证明%d, 当: '情形%d = true'}", i, i);
    buf_addz(&b, "]}\n");
    const char *ours[MATTERS] = {buf_str(&b).p},
               *theirs[MATTERS] = {str_fmt(arena, "%s" LIST("{材料: 申请表}"), CODED).p};
    struct catalog *c = catalog_of(ours, theirs);
    struct diff d = compare(c, "990001", "990002");
    assert_int_equal(d.row[0].cell[UNIFY_MATERIALS].side, DIFF_HEAVIER);
    assert_int_equal(str_find(d.row[0].cell[UNIFY_MATERIALS].detail, STR("1—15 份 对 1 份；多 14 份")), 0);
    catalog_free(c);
}

//= R2 R3
static void
limits_stand_on_one_scale(void **state)
{
    (void)state;
    static const struct cell_row rows[] = {
        {"the same", LIMIT("{承诺: 5个工作日}"), LIMIT("{承诺: 5个工作日}"), DIFF_SAME, "5个工作日"},
        {"shorter", LIMIT("{承诺: 5个工作日}"), LIMIT("{承诺: 10个工作日}"), DIFF_LIGHTER,
         "5个工作日 对 10个工作日，短 5 个工作日"},
        {"longer", LIMIT("{承诺: 20个工作日}"), LIMIT("{承诺: 即时}"), DIFF_HEAVIER,
         "20个工作日 对 即时办结，长 20 个工作日"},
        {"at once either way", LIMIT("{承诺: 即办即批}"), LIMIT("{承诺: 即时}"), DIFF_SAME,
         "即办即批 对 即时办结，折算后相等"},
        {"working against calendar days", LIMIT("{承诺: 5个工作日}"), LIMIT("{承诺: 7个自然日}"), DIFF_SAME,
         "折算后相等"},
        {"one calendar day more", LIMIT("{承诺: 5个工作日}"), LIMIT("{承诺: 8个自然日}"), DIFF_LIGHTER,
         "短约 1 天（按 5 个工作日合 7 天、1 个月合 30 天换算）"},
        {"22 working days are more than a month", LIMIT("{承诺: 22个工作日}"), LIMIT("{承诺: 1个月}"), DIFF_HEAVIER,
         "长约 1 天"},
        {"the slowest counts", LIMIT("{当: '身份 = \"甲类\"', 承诺: 5个工作日}, {当: '身份 = \"乙类\"', 承诺: 即时}"),
         LIMIT("{承诺: 即时}"), DIFF_HEAVIER, "最慢 5个工作日 对 即时办结，长 5 个工作日；最快 即时办结 对 即时办结"},
        {"the ends cross", LIMIT("{当: '身份 = \"甲类\"', 承诺: 5个工作日}, {当: '身份 = \"乙类\"', 承诺: 即时}"),
         LIMIT("{承诺: 2个工作日}"), DIFF_OTHER, "互有长短"},
        {"only the legal one is printed", LIMIT("{法定: 5个工作日}"), LIMIT("{承诺: 6个工作日}"), DIFF_LIGHTER,
         "短 1 个工作日"}, //= R14
        {"legal limits apart", LIMIT("{承诺: 即时, 法定: 1个工作日}"), LIMIT("{承诺: 即时, 法定: 5个工作日}"),
         DIFF_SAME, "法定时限 1个工作日 对 5个工作日"},
        {"the clock starts elsewhere", LIMIT("{承诺: 5个工作日, 起算: 受理}"),
         LIMIT("{承诺: 5个工作日, 起算: 收到材料}"), DIFF_SAME, "起算不同：受理 对 收到材料"},
        {"the hospital's is nobody's", LIMIT("{承诺: 医院办结}"), LIMIT("{承诺: 即时}"), DIFF_OTHER,
         "医院办结 对 即时办结，不能换算比较；我方“医院办结”不是从受理起算的天数"},
        {"both at the hospital", LIMIT("{承诺: 医院办结}"), LIMIT("{承诺: 医院办结}"), DIFF_SAME, "医院办结"},
        {"every quarter", LIMIT("{承诺: 每季度}"), LIMIT("{承诺: 20个工作日}"), DIFF_OTHER, "不能换算比较"},
        {"by agreement", LIMIT("{承诺: 20个工作日}"), LIMIT("{承诺: 按协议}"), DIFF_OTHER, "对方“按协议执行”"},
        {"a receipt is no result", LIMIT("{承诺: 10个工作日, 种类: 受理回执}"), LIMIT("{承诺: 30个工作日}"), DIFF_OTHER,
         "是出回执的时限，不是办结时限"}, //= R253
        {"not printed", "", LIMIT("{承诺: 即时}"), DIFF_UNPRINTED, "我方没有印时限；对方 即时办结"},
        {"neither", "", "", DIFF_UNPRINTED, "两边都没有印时限"},
    };
    CHECK(UNIFY_LIMIT, rows);
}

//= R2 R3 R274
static void
stages_by_number_and_order(void **state)
{
    (void)state;
    static const struct cell_row rows[] = {
        {"the same", STEPS("申请, 受理, 办结"), STEPS("申请, 受理, 办结"), DIFF_SAME, "3 个环节"},
        {"fewer", STEPS("申请, 受理, 办结"), STEPS("申请, 受理, 审核, 办结"), DIFF_LIGHTER,
         "3 个环节 对 4 个环节；少 审核"},
        {"more", STEPS("申请, 受理, 审核, 拨付, 办结"), STEPS("申请, 受理, 办结"), DIFF_HEAVIER, "多 审核、拨付"},
        {"others", STEPS("申请, 受理, 审核"), STEPS("申请, 受理, 办结"), DIFF_OTHER, "多 审核；少 办结"},
        {"another order", STEPS("申请, 审核, 公示"), STEPS("申请, 公示, 审核"), DIFF_OTHER, "先后或次数不同"},
        {"the system's own do not count", "", STEPS("申请, 受理, 办结"), DIFF_UNPRINTED,
         "我方指南没有印环节，系统口径不算"},
        {"the system's own are not equal", "", "", DIFF_UNPRINTED, "两边都没有印环节"},
    };
    CHECK(UNIFY_STAGES, rows);
}

//= R2
static void
the_service_standard_as_printed(void **state)
{
    (void)state;
#define WAYS(x) "办理渠道: {原文: 渠道, 渠道: [" x "]}\n"
    static const struct cell_row rows[] = {
        {"the same, as far as printed", WAYS("{方式: 现场}") "监督电话: {原文: 电话, 号码: [\"12345\"]}\n",
         WAYS("{方式: 现场}") "监督电话: {原文: 电话, 号码: [\"67890\"]}\n", DIFF_SAME, "相同：办理渠道、监督电话"},
        {"one channel more", WAYS("{方式: 现场}, {方式: 网上}"), WAYS("{方式: 现场}"), DIFF_OTHER, "办理渠道：多 网上"},
        {"a channel not yet open", WAYS("{方式: 网上, 状态: 待开通}"), WAYS("{方式: 网上}"), DIFF_OTHER,
         "办理渠道：多 网上（待开通），少 网上"}, //= R15
        {"levels", "办理层级: {原文: 市级, 层级: [市级]}\n", "办理层级: {原文: 两级, 层级: [市级, 村级]}\n", DIFF_OTHER,
         "办理层级：少 村级"},
        {"a number or none", "监督电话: {原文: 电话, 号码: [\"12345\"]}\n", "监督电话: {原文: 向社会公布}\n",
         DIFF_OTHER, "监督电话：我方公布号码，对方没有号码"}, //= R8
        {"printed on one side only", WAYS("{方式: 现场}"), "送达: {方式: [快递]}\n", DIFF_UNPRINTED,
         "我方未印：送达方式；对方未印：办理渠道"},
        {"nothing", "", "", DIFF_UNPRINTED, "两边都没有印"},
    };
    CHECK(UNIFY_STANDARD, rows);
}

/* --- pairing, name and code --- */

#define MATTER(id, name, more) "编号: \"" id "\"\n名称: " name "\n" more
#define CODE(code, source) "标准编码: \"" code "\"\n编码来源: " source "\n"

static const struct diff_row *
row_named(const struct diff *d, const char *name)
{
    for (size_t i = 0; i < d->n; i++)
        if ((d->row[i].ours && str_eqz(d->row[i].ours->name, name)) ||
            (!d->row[i].ours && d->row[i].theirs && str_eqz(d->row[i].theirs->name, name)))
            return &d->row[i];
    fail_msg("no row %s", name);
    return NULL;
}

static void
says(const struct diff_row *r, enum unification u, enum diff_side side, const char *part)
{
    if (r->cell[u].side != side || str_find(r->cell[u].detail, str_c(part)) == SIZE_MAX)
        fail_msg("%s: %s “%.*s”", unification_name(u), diff_side_name(r->cell[u].side), STR_ARG(r->cell[u].detail));
}

//= R11
static void
matters_pair_by_code_then_by_name(void **state)
{
    (void)state;
    const char *ours[MATTERS] = {MATTER("01", "职工登记", CODE("001001", "印发")),
                                 MATTER("02", "居 民 登 记", CODE("001001", "对应")),
                                 MATTER("03", "外伤备案（本地）", ""), MATTER("04", "年度核定", "")},
               *theirs[MATTERS] = {MATTER("01", "居民登记", CODE("001001", "对应")),
                                   MATTER("02", "信息查询", CODE("001002", "印发")), MATTER("03", "外伤备案(本地)", ""),
                                   MATTER("04", "现场检查", "")};
    struct catalog *c = catalog_of(ours, theirs);
    struct diff d = compare(c, "990001", "990002");
    assert_int_equal(d.n, 6);
    const struct diff_row *r = row_named(&d, "居 民 登 记");
    assert_string_equal(r->theirs->name.p, "居民登记");
    says(r, UNIFY_NAME, DIFF_SAME, "只差空格或标点");
    says(r, UNIFY_CODE, DIFF_SAME, "001001；两边指南都没有印编码，由目录对应；我方 2 项共用这个编码");
    r = row_named(&d, "职工登记");
    assert_null(r->theirs);
    says(r, UNIFY_NAME, DIFF_OTHER, "对方没有这个事项");
    says(r, UNIFY_MATERIALS, DIFF_UNPRINTED, "对方没有这个事项");
    r = row_named(&d, "外伤备案（本地）");
    assert_non_null(r->theirs);
    says(r, UNIFY_CODE, DIFF_UNPRINTED, "两边都是地方事项");
    assert_null(row_named(&d, "年度核定")->theirs);
    assert_null(row_named(&d, "现场检查")->ours);
    says(row_named(&d, "信息查询"), UNIFY_NAME, DIFF_OTHER, "我方没有这个事项");
    catalog_free(c);
}

static void
a_local_matter_meets_a_coded_one_of_its_name(void **state)
{
    (void)state;
    const char *ours[MATTERS] = {MATTER("01", "信息查询", "")},
               *theirs[MATTERS] = {MATTER("01", "信息查询", CODE("001002", "印发"))};
    struct catalog *c = catalog_of(ours, theirs);
    struct diff d = compare(c, "990001", "990002"), back = compare(c, "990002", "990001");
    assert_int_equal(d.n, 1);
    assert_int_equal(back.n, 1);
    says(&d.row[0], UNIFY_CODE, DIFF_OTHER, "我方没有标准编码，是地方事项；对方 001002");
    says(&back.row[0], UNIFY_CODE, DIFF_OTHER, "对方没有标准编码，是地方事项；我方 001002");
    catalog_free(c);
}

//= R2 R11
static void
the_standard_list_has_name_code_and_stages(void **state)
{
    (void)state;
    const char *ours[MATTERS] = {MATTER("01", "职工登记",
                                        CODE("001001", "对应") LIST("{材料: 申请表}") STEPS("申请, 办结")),
                                 MATTER("02", "参保登记", CODE("001001", "印发")), MATTER("03", "外伤备案", "")},
               *theirs[MATTERS] = {MATTER("01", "参保登记", CODE("001001", "对应"))};
    struct catalog *c = catalog_of(ours, theirs);
    struct diff d = compare(c, "990001", NULL);
    assert_int_equal(d.n, 4); /* two of ours, the list's query that we lack, our local one */
    const struct diff_row *r = row_named(&d, "职工登记");
    says(r, UNIFY_NAME, DIFF_OTHER, "“职工登记” 对 标准清单“参保登记”");
    says(r, UNIFY_CODE, DIFF_SAME, "001001；我方指南没有印编码，由目录对应；我方 2 项共用这个编码");
    says(r, UNIFY_MATERIALS, DIFF_UNPRINTED, "标准清单没有规定办理材料");
    says(r, UNIFY_LIMIT, DIFF_UNPRINTED, "标准清单没有规定办理时限");
    says(r, UNIFY_STANDARD, DIFF_UNPRINTED, "标准清单没有规定服务标准");
    says(r, UNIFY_STAGES, DIFF_OTHER, "2 个环节 对 3 个环节；少 受理（标准清单为系统口径）");
    assert_int_equal(diff_row_side(r), DIFF_OTHER);
    r = row_named(&d, "参保登记");
    says(r, UNIFY_NAME, DIFF_SAME, "参保登记");
    assert_int_equal(diff_row_side(r), DIFF_SAME);
    says(r, UNIFY_STAGES, DIFF_UNPRINTED, "我方指南没有印环节");
    says(row_named(&d, "外伤备案"), UNIFY_NAME, DIFF_OTHER, "标准清单没有这个事项，是地方事项");
    size_t missing = 0;
    for (size_t i = 0; i < d.n; i++)
        missing += !d.row[i].ours && str_eqz(d.row[i].standard->code, "001002");
    assert_int_equal(missing, 1);
    catalog_free(c);
}

//= R1
static void
a_binding_parent_is_named(void **state)
{
    (void)state;
    const char *ours[MATTERS] = {MATTER("01", "参保登记", CODE("001001", "对应"))},
               *theirs[MATTERS] = {MATTER("01", "参保登记", CODE("001001", "对应") LIMIT("{承诺: 即时}"))};
    struct catalog *c = catalog_of(ours, theirs);
    struct diff d = compare(c, "990001", "990002"), back = compare(c, "990002", "990001"),
                list = compare(c, "990001", NULL);
    struct view *v = view_map(arena), *w = view_map(arena), *x = view_map(arena);
    diff_view(&ctx, &d, v);
    diff_view(&ctx, &back, w);
    diff_view(&ctx, &list, x);
    assert_int_equal(view_int(view_get(v, STR("binding"))), 1);
    assert_int_equal(view_int(view_get(w, STR("binding"))), 0);
    assert_int_equal(view_int(view_get(x, STR("binding"))), 0);
    const struct view *row = view_first(view_get(v, STR("rows")));
    assert_int_equal(view_count(view_get(row, STR("cells"))), UNIFY_COUNT);
    assert_int_equal(view_int(view_get(view_get(v, STR("summary")), STR("paired"))), 1);
    catalog_free(c);
}

//= R3
static void
a_row_is_lighter_only_when_nothing_pulls_back(void **state)
{
    (void)state;
    static const struct {
        enum diff_side materials, limit, stages, row;
        bool mixed;
    } rows[] = {
        {DIFF_LIGHTER, DIFF_SAME, DIFF_SAME, DIFF_LIGHTER, false},
        {DIFF_LIGHTER, DIFF_UNPRINTED, DIFF_OTHER, DIFF_LIGHTER, false},
        {DIFF_LIGHTER, DIFF_HEAVIER, DIFF_SAME, DIFF_OTHER, false},
        {DIFF_OTHER, DIFF_LIGHTER, DIFF_SAME, DIFF_OTHER, true},
        {DIFF_UNPRINTED, DIFF_HEAVIER, DIFF_UNPRINTED, DIFF_HEAVIER, false},
        {DIFF_UNPRINTED, DIFF_SAME, DIFF_UNPRINTED, DIFF_SAME, false},
        {DIFF_OTHER, DIFF_SAME, DIFF_SAME, DIFF_OTHER, false},
        {DIFF_UNPRINTED, DIFF_UNPRINTED, DIFF_UNPRINTED, DIFF_UNPRINTED, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct diff_row r = {0};
        r.cell[UNIFY_MATERIALS] = (struct diff_cell){.side = rows[i].materials, .mixed = rows[i].mixed};
        r.cell[UNIFY_LIMIT].side = rows[i].limit;
        r.cell[UNIFY_STAGES].side = rows[i].stages;
        r.cell[UNIFY_NAME].side = r.cell[UNIFY_STANDARD].side = DIFF_OTHER; /* no lighter side to these */
        if (diff_row_side(&r) != rows[i].row)
            fail_msg("row %zu is %s", i, diff_side_name(diff_row_side(&r)));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(materials_are_counted_on_the_tree),
        cmocka_unit_test(an_unprinted_list_is_not_an_empty_one),
        cmocka_unit_test(too_many_answers_end_in_bounds),
        cmocka_unit_test(limits_stand_on_one_scale),
        cmocka_unit_test(stages_by_number_and_order),
        cmocka_unit_test(the_service_standard_as_printed),
        cmocka_unit_test(matters_pair_by_code_then_by_name),
        cmocka_unit_test(a_local_matter_meets_a_coded_one_of_its_name),
        cmocka_unit_test(the_standard_list_has_name_code_and_stages),
        cmocka_unit_test(a_binding_parent_is_named),
        cmocka_unit_test(a_row_is_lighter_only_when_nothing_pulls_back),
    };
    return cmocka_run_group_tests(tests, support_up, support_down);
}
