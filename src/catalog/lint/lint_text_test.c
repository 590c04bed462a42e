/* The rules about the words: an invented region whose matters are clean stays clean, and each fault planted into it is found, alone, with
** its matters, field, line and evidence. */
#include <string.h>

#include "catalog/lint/lint_int.h"
#include "support/support_ctx.h"

enum { MATTERS = 8, FILES = MATTERS + 6 };

static struct str terms;

static int
setup(void **state)
{
    (void)support_up(state);
    terms = support_file(arena, "catalog/lint/terms.yaml");
    return 0;
}

static const char *const names[MATTERS] = {"单位参保登记", "职工参保登记", "单位信息变更登记", "职工信息变更登记",
                                           "门诊费用报销", "住院费用报销", "生育津贴支付",     "转移接续申请"};

/* Matter I (from 1) of the clean guide. */
static struct str
clean_matter(int i)
{
    const char *name = names[i - 1];
    return str_fmt(arena,
                   "编号: \"%02d\"\n"
                   "序号: %d.\n"
                   "名称: %s\n"
                   "图题: %s办理流程图\n"
                   "受理单位: 云岭市医疗保障局\n"
                   "服务对象:\n"
                   "  原文: 本市用人单位和参保人员。\n"
                   "办理渠道:\n"
                   "  原文: |-\n"
                   "    1.现场办理：云岭市政务服务大厅医保窗口，电话：0799-6123456；\n"
                   "    2.网上办理：省政务服务网。\n"
                   "  渠道:\n"
                   "    - 方式: 现场\n"
                   "      名称: 云岭市政务服务大厅医保窗口\n"
                   "      电话: 0799-6123456\n"
                   "    - 方式: 网上\n"
                   "      名称: 省政务服务网\n"
                   "办理材料:\n"
                   "  原文: |-\n"
                   "    1.有效身份证件原件；\n"
                   "    2.《%s申请表》（加盖单位公章）；\n"
                   "    3.%s的情况说明。\n"
                   "  方式: 列明\n"
                   "  清单:\n"
                   "    - 材料: 有效身份证件原件\n"
                   "    - 材料: 《%s申请表》\n"
                   "    - 材料: %s的情况说明\n"
                   "办理流程:\n"
                   "  原文: |-\n"
                   "    1.申请人向医保经办机构提出申请；\n"
                   "    2.医保经办机构在承诺时限内完成受理、审核；\n"
                   "    3.医保经办机构反馈办理结果。\n"
                   "  环节: [申请, 受理, 审核, 办结]\n"
                   "办理时限:\n"
                   "  原文: 不超过5个工作日。\n"
                   "  档:\n"
                   "    - 承诺: 5个工作日\n"
                   "咨询方式:\n"
                   "  原文: 咨询电话：0799-6123456，现场窗口咨询。\n"
                   "  电话:\n"
                   "    - 号码: 0799-6123456\n"
                   "监督电话:\n"
                   "  原文: 0799-6654321。\n"
                   "  号码: [0799-6654321]\n"
                   "评价渠道:\n"
                   "  原文: 开展现场评价（评价器）、互联网评价、第三方评价等多种形式相结合的评价，并向社会公布。\n"
                   "  方式: [评价器, 互联网, 第三方]\n"
                   "注意事项:\n"
                   "  - 序号: \"1.\"\n"
                   "    原文: 办理进度可以在省政务服务网自行查看；\n"
                   "  - 序号: \"2.\"\n"
                   "    原文: 代办的请带齐双方证件。\n",
                   i, i, name, name, name, name, name, name);
}

struct guide {
    struct str matter[MATTERS + 1];
    struct str accepted;
};

static void
clean(struct guide *g)
{
    *g = (struct guide){0};
    for (int i = 1; i <= MATTERS; i++)
        g->matter[i] = clean_matter(i);
}

static struct catalog_files
files_of(const struct guide *g)
{
    struct catalog_file *f = ARENA_ARRAY(arena, FILES, struct catalog_file);
    size_t n = 0;
    f[n++] = (struct catalog_file){STR("calendar/2026.yaml"), STR("年份: \"2026\"\n")};
    f[n++] = (struct catalog_file){STR("facts/a.yaml"), STR("- {名称: 年龄, 标识: age, 类型: 数字}\n")};
    f[n++] = (struct catalog_file){STR("lint/terms.yaml"), terms};
    if (!str_empty(g->accepted))
        f[n++] = (struct catalog_file){STR("regions/990001/accepted.yaml"), g->accepted};
    for (int i = 1; i <= MATTERS; i++)
        f[n++] = (struct catalog_file){str_fmt(arena, "regions/990001/matters/%02d.yaml", i), g->matter[i]};
    f[n++] = (struct catalog_file){STR("regions/990001/region.yaml"),
                                   STR("区划: \"990001\"\n名称: 云岭市\n经办机构: 云岭市医疗保障局\n层级: 市级\n")};
    f[n++] = (struct catalog_file){STR("standard/matters.yaml"), STR("[]\n")};
    return (struct catalog_files){f, n};
}

static bool
about_words(const struct finding *f)
{
    for (size_t i = 0; i < lint_text_rule_count; i++)
        if (strcmp(lint_text_rules[i].id, f->id) == 0)
            return true;
    return strcmp(f->id, "accepted-stale") == 0;
}

/* What the rules of this file find; the structure's own rules have tests of their own. */
static struct findings
lint_of(const struct guide *g)
{
    struct catalog_files files = files_of(g);
    struct catalog *c;
    struct findings f, own = {0};
    fail_clear(&ctx);
    if (catalog_load_files(&ctx, &files, &c) != OK || catalog_lint(&ctx, c, &files, STR("990001"), &f) != OK)
        fail_msg("%.*s", STR_ARG(ctx.fail->detail));
    own.finding = ARENA_ARRAY(arena, f.n, struct finding);
    for (size_t i = 0; i < f.n; i++)
        if (about_words(&f.finding[i]))
            own.finding[own.n++] = f.finding[i];
    catalog_free(c);
    return own;
}

static struct str
told(const struct findings *f)
{
    struct buf b;
    buf_init(&b, arena, 1024);
    for (size_t i = 0; i < f->n; i++) {
        const struct finding *x = &f->finding[i];
        buf_fmt(&b, "%s [", x->id);
        for (size_t k = 0; k < x->matter_count; k++)
            buf_fmt(&b, "%s%.*s", k ? "," : "", STR_ARG(x->matter[k]));
        buf_fmt(&b, "] %.*s %.*s:%d “%.*s” %.*s\n", STR_ARG(x->field), STR_ARG(x->file), x->line, STR_ARG(x->evidence),
                STR_ARG(x->message));
    }
    return buf_str(&b);
}

static void
swap(struct guide *g, int i, const char *from, const char *to)
{
    struct str s = g->matter[i], f = str_c(from);
    size_t at = str_find(s, f);
    if (at == SIZE_MAX)
        fail_msg("matter %d has no “%s”", i, from);
    g->matter[i] =
        str_fmt(arena, "%.*s%s%.*s", STR_ARG(str_sub(s, 0, at)), to, STR_ARG(str_sub(s, at + f.n, SIZE_MAX)));
}

static int
line_of(struct str s, const char *piece)
{
    size_t at = str_find(s, str_c(piece));
    int line = 1;
    for (size_t i = 0; i < at && i < s.n; i++)
        line += s.p[i] == '\n';
    return at == SIZE_MAX ? -1 : line;
}

static void
clean_matters_are_clean(void **state)
{
    (void)state;
    struct guide g;
    clean(&g);
    struct findings f = lint_of(&g);
    if (f.n)
        fail_msg("%.*s", STR_ARG(told(&f)));
}

struct fault {
    const char *rule, *from, *to, *field, *evidence,
        *at; /* at: stands on the line that is named; NULL = the whole file */
    enum severity severity;
};
static const struct fault faults[] = {
    {"phone-length", "原文: 0799-6654321。", "原文: 0799-66543211。", "监督电话", "0799-66543211",
     "原文: 0799-66543211", SEVERITY_ERROR},
    {"phone-length", "现场窗口咨询", "手机1380013800，现场窗口咨询", "咨询方式", "1380013800", "1380013800",
     SEVERITY_ERROR},
    {"phone-length", "原文: 咨询电话：0799-6123456", "原文: 咨询电话：799-6123456", "咨询方式", "799-6123456", "：799-",
     SEVERITY_ERROR},
    {"phone-outlier", "原文: 0799-6654321。", "原文: 0799-6600001。", "监督电话", "0799-6600001", "0799-6600001。",
     SEVERITY_WARN},
    {"phone-near", "原文: 咨询电话：0799-6123456", "原文: 咨询电话：0799-6132456", "咨询方式", "0799-6132456",
     "6132456", SEVERITY_WARN},
    {"phone-disagree", "0799-6123456，现场", "0799-6123456、0799-6777888，现场", "咨询方式", "0799-6777888", "6777888",
     SEVERITY_INFO},
    {"phone-missing", "0799-6123456，现场", "0799-6123456，村级窗口电话，现场", "咨询方式", "村级窗口电话", "村级窗口",
     SEVERITY_INFO},
    {"unit-place", "受理单位: 云岭市", "受理单位: 青江市", "受理单位", "青江市医疗保障局", "受理单位", SEVERITY_ERROR},
    {"unit-place", "受理单位: 云岭市", "受理单位: 丁县", "受理单位", "丁县医疗保障局", "受理单位", SEVERITY_ERROR},
    {"place-foreign", "1.现场办理：云岭市政务", "1.现场办理：青江市政务", "办理渠道", "青江市政务服务大厅",
     "青江市政务", SEVERITY_WARN},
    {"basis-organ", "服务对象:\n", "设定依据:\n  - 《云岭市财政厅关于印发办法的通知》（云财〔2020〕1号）\n服务对象:\n",
     "设定依据", "云岭市财政厅", "财政厅", SEVERITY_WARN},
    {"basis-organ", "服务对象:\n",
     "设定依据:\n  - 《云岭市人民政府关于印发办法的通知》（豫政〔2020〕1号）\n服务对象:\n", "设定依据", "豫政〔2020〕",
     "豫政", SEVERITY_WARN},
    {"term-near", "原文: |-\n    1.有效身份证件", "原文: |-\n    1.有效身仿证件", "办理材料", "有效身仿证件", "身仿",
     SEVERITY_WARN},
    {"term-near", "（加盖单位公章）", "（加盖单位公项）", "办理材料", "加盖单位公项", "公项", SEVERITY_WARN},
    {"term-near", "的情况说明。", "的情况说明复印。", "办理材料", "复印", "说明复印", SEVERITY_WARN},
    {"term-near", "代办的请", "个人帐户支取代办的请", "注意事项", "帐户", "帐户", SEVERITY_WARN},
    {"term-near", "代办的请", "港澳台居民来往内地通行证持有人代办的请", "注意事项", "港澳台居民来往内地通行证",
     "港澳台", SEVERITY_WARN},
    {"open-list", "2.网上办理：省政务服务网。", "2.网上办理：省政务服务网等。", "办理渠道", "等。", "网等。",
     SEVERITY_INFO},
    {"final-stop", "代办的请带齐双方证件。", "代办的请带齐双方证件", "注意事项", "带齐双方证件", "双方证件",
     SEVERITY_INFO},
    {"word-torn", "受理单位: 云岭市医疗保障局", "受理单位: 云岭市医 疗 保 障局", "受理单位", "疗", "疗 保",
     SEVERITY_WARN},
    {"word-doubled", "完成受理、审核", "完成受理受理、审核", "办理流程", "受理受理", "受理受理", SEVERITY_WARN},
    {"word-doubled", "的情况说明。", "的的情况说明。", "办理材料", "的的", "的的", SEVERITY_WARN},
    {"text-repeated", "1.现场办理：云岭", "1.现场办理：云岭市政务服务大厅三楼东区。云岭市政务服务大厅三楼东区。云岭",
     "办理渠道", "云岭市政务服务大厅三楼东区", "三楼东区", SEVERITY_WARN},
    {"placeholder", "代办的请", "每月XX日代办的请", "注意事项", "每月XX日", "XX", SEVERITY_WARN},
    {"placeholder", "代办的请", "待补充，代办的请", "注意事项", "待补充", "待补充", SEVERITY_WARN},
    {"open-list", "的情况说明。", "的情况说明和其他材料。", "办理材料", "其他材料", "其他材料", SEVERITY_INFO},
    {"brackets", "申请表》（加盖", "申请表（加盖", "办理材料", "2.《", "2.《", SEVERITY_WARN},
    {"brackets", "（评价器）", "（评价器", "评价渠道", "（评价器", "（评价器", SEVERITY_WARN},
    {"punctuation", "反馈办理结果。", "反馈办理结果，。", "办理流程", "，。", "，。", SEVERITY_WARN},
    {"truncated", "用人单位和参保人员。", "用人单位、", "服务对象", "用人单位、", "用人单位、", SEVERITY_WARN},
    {"truncated", "的情况说明。", "的情况说明；", "办理材料", "情况说明；", "情况说明；", SEVERITY_INFO},
    {"dash-han", "3.医保经办机构反馈", "3.按申请一受理—审核，医保经办机构反馈", "办理流程", "申请一受理", "申请一",
     SEVERITY_WARN},
    {"date", "代办的请", "2025年2月30日前代办的请", "注意事项", "2月30日", "2月30日", SEVERITY_WARN},
    {"width-mixed", "    1.有效身份证件原件；", "    1.有效身份证件原件;", "办理材料", "证件原件;", "原件;",
     SEVERITY_INFO},
    {"numbering", "    3.医保经办", "    4.医保经办", "办理流程", "4.", "4.医保", SEVERITY_WARN},
    {"numbering", "    3.医保经办", "    2.医保经办", "办理流程", "2.", "2.医保经办机构反馈", SEVERITY_WARN},
    {"numbering", "    3.医保经办", "    3、医保经办", "办理流程", "3、", "3、", SEVERITY_INFO},
    {"numbering", "    2.网上办理：省", "    1.网上办理：省", "办理渠道", "1.", "1.网上", SEVERITY_WARN},
    {"text-repeated", "云岭市政务服务大厅医保窗口，电话", "云岭市政务服务大厅医保窗口云岭市政务服务大厅医保窗口，电话",
     "办理渠道", "云岭市政务服务大厅医保窗口", "云岭市政务服务大厅医保窗口云岭", SEVERITY_WARN},
    {"context-near", "表》（加盖", "表》（另加盖", "办理材料", "表》（另加盖单", "（另加盖", SEVERITY_INFO},
    {"numbering-style", "    1.有效身份证件原件；", "    1．有效身份证件原件；", "办理材料", "1．", "1．",
     SEVERITY_INFO},
    {"serial", "序号: \"2.\"", "序号: \"1.\"", "注意事项", "1.", "代办", SEVERITY_WARN},
    {"serial", "序号: 6.", "序号: 7.", "序号", "7.", "序号: 7.", SEVERITY_WARN},
    {"serial", "序号: 6.", "序号: （六）", "序号", "（六）", "（六）", SEVERITY_INFO},
    {"boilerplate", "等多种形式相结合的评价，并向社会公布。", "等。", "评价渠道", "第三方评价等", "评价等。",
     SEVERITY_WARN},
    {"boilerplate", "完成受理、审核", "完成受理、初审", "办理流程", "初审", "初审", SEVERITY_WARN},
    {"sentence-near", "省政务服务网自行查看", "省政务服务网自己查看", "注意事项", "自己查看", "自己查看",
     SEVERITY_INFO},
    {"marks-differ", "0799-6123456，现场", "0799-6123456；现场", "咨询方式", "；现场窗口咨询", "；现场", SEVERITY_INFO},
    {"name-variant", "      名称: 云岭市政务服务大厅医保窗口", "      名称: 云岭市级政务服务大厅医保窗口", "办理渠道",
     "云岭市级政务", "云岭市级", SEVERITY_WARN},
    {"missing-field", "图题: 住院费用报销办理流程图\n", "", "图题", "", NULL, SEVERITY_INFO},
    {"caption", "图题: 住院费用报销", "图题: 门诊费用报销", "图题", "门诊费用报销办理流程图", "图题", SEVERITY_WARN},
    {"caption", "办理流程图\n", "办理流程\n", "图题", "住院费用报销办理流程", "图题", SEVERITY_WARN},
    {"title", "图题:", "标题: 门诊费用报销流程\n图题:", "标题", "门诊费用报销流程", "标题", SEVERITY_WARN},
    {"word-torn", "不超过5个工作日", "不超过5    个工作日", "办理时限", "不超过5    个工作日", "5    个",
     SEVERITY_INFO},
    {"word-torn", "3.医保经办机构反馈办理结果", "3.医保经办机构反馈办 理结果", "办理流程", "反馈办 理结果", "办 理",
     SEVERITY_INFO},
    {"name-variant", "      名称: 省政务服务网", "      名称: 省级政务服务网", "办理渠道", "省级政务服务网", "省级",
     SEVERITY_WARN},
};

/* Each fault in matter 06, alone: one finding, that one. */
static void
each_planted_fault_is_found_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const struct fault *x = &faults[i];
        struct guide g;
        clean(&g);
        swap(&g, 6, x->from, x->to);
        struct findings f = lint_of(&g);
        const struct finding *y = f.n ? &f.finding[0] : NULL;
        bool right = f.n == 1 && strcmp(y->id, x->rule) == 0 && y->severity == x->severity && y->matter_count == 1 &&
                     str_eqz(y->matter[0], "06") && str_eqz(y->field, x->field) &&
                     str_eqz(y->file, "regions/990001/matters/06.yaml") &&
                     str_find(y->evidence, str_c(x->evidence)) != SIZE_MAX &&
                     str_utf8_count(y->evidence) <= EVIDENCE_MAX &&
                     y->line == (x->at ? line_of(g.matter[6], x->at) - (strcmp(x->at, "代办") == 0) : 0) &&
                     !str_empty(y->message) && !str_empty(y->remedy) && str_empty(y->accepted);
        if (!right)
            fail_msg("%zu %s “%s” → “%s”: %zu findings, line %d wanted\n%.*s", i, x->rule, x->from, x->to, f.n,
                     x->at ? line_of(g.matter[6], x->at) : 0, STR_ARG(told(&f)));
    }
}

static void
every_rule_has_a_planted_fault(void **state)
{
    (void)state;
    for (size_t i = 0; i < lint_text_rule_count; i++) {
        bool planted = false;
        for (size_t k = 0; k < sizeof faults / sizeof *faults; k++)
            planted = planted || strcmp(faults[k].rule, lint_text_rules[i].id) == 0;
        if (!planted)
            fail_msg("no fault is planted for %s", lint_text_rules[i].id);
    }
}

static void
one_cause_is_one_finding(void **state)
{
    (void)state;
    struct guide g;
    clean(&g);
    for (int i = 3; i <= 5; i++)
        swap(&g, i, "（加盖单位公章）", "（加盖单位公项）");
    struct findings f = lint_of(&g);
    if (f.n != 1 || f.finding[0].matter_count != 3 || !str_eqz(f.finding[0].matter[0], "03") ||
        !str_eqz(f.finding[0].matter[2], "05"))
        fail_msg("%.*s", STR_ARG(told(&f)));
}

static const char acceptance[] = "- 规则: term-near\n  事项: [\"03\", \"04\"]\n  字段: 办理材料\n  证据: 公项\n"
                                 "  理由: 原件如此\n  经手人: 测试\n  日期: \"2026-01-05\"\n";

static void
an_accepted_finding_carries_its_reason(void **state)
{
    (void)state;
    struct guide g;
    clean(&g);
    swap(&g, 3, "（加盖单位公章）", "（加盖单位公项）");
    swap(&g, 4, "（加盖单位公章）", "（加盖单位公项）");
    g.accepted = str_c(acceptance);
    struct findings f = lint_of(&g);
    assert_int_equal(f.n, 1);
    assert_true(str_eqz(f.finding[0].accepted, "原件如此"));
    assert_int_equal(findings_open(&f, SEVERITY_INFO), 0);
    struct view *list = view_list(arena);
    findings_view(&f, list);
    assert_true(str_eqz(view_text(view_get(view_first(list), STR("accepted"))), "原件如此"));
    swap(&g, 5, "（加盖单位公章）", "（加盖单位公项）"); /* a matter that nobody accepted opens it again */
    f = lint_of(&g);
    assert_int_equal(findings_open(&f, SEVERITY_WARN), 1);
    assert_int_equal(f.n, 2); /* and the acceptance accepts nothing any more */
}

static void
an_acceptance_of_nothing_is_told(void **state)
{
    (void)state;
    struct guide g;
    clean(&g);
    g.accepted = str_c(acceptance);
    struct findings f = lint_of(&g);
    assert_int_equal(f.n, 1);
    assert_string_equal(f.finding[0].id, "accepted-stale");
    assert_int_equal(f.finding[0].severity, SEVERITY_INFO);
    assert_int_equal(f.finding[0].line, 1);
    assert_true(str_eqz(f.finding[0].file, "regions/990001/accepted.yaml"));
}

static void
a_malformed_acceptance_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where, *words;
    } bad[] = {
        {"- 规则: term-near\n  理由: 甲\n  经手人: 乙\n", ":1:3: ", "缺少“日期”"},
        {"- 规则: term-near\n  理由: 甲\n  经手人: 乙\n  日期: 昨天\n", ":4:", "应写成 2026-01-01"},
        {"- 规则: no-such\n  理由: 甲\n  经手人: 乙\n  日期: \"2026-01-05\"\n", ":1:", "没有叫“no-such”的规则"},
        {"- 规则: term-near\n  因为: 甲\n  理由: 甲\n  经手人: 乙\n  日期: \"2026-01-05\"\n",
         ":2:3: ", "不认识的键“因为”"},
        {"规则: term-near\n", ":1:1: ", "应为列表"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct guide g;
        struct catalog *c;
        struct findings f;
        clean(&g);
        g.accepted = str_c(bad[i].text);
        struct catalog_files files = files_of(&g);
        fail_clear(&ctx);
        assert_int_equal(catalog_load_files(&ctx, &files, &c), OK);
        assert_int_equal(catalog_lint(&ctx, c, &files, STR(""), &f), ERR_CATALOG);
        if (str_find(ctx.fail->detail, str_fmt(arena, "regions/990001/accepted.yaml%s", bad[i].where)) != 0 ||
            str_find(ctx.fail->detail, str_c(bad[i].words)) == SIZE_MAX)
            fail_msg("%zu: %.*s", i, STR_ARG(ctx.fail->detail));
        catalog_free(c);
    }
}

static void
an_unknown_region_is_refused(void **state)
{
    (void)state;
    struct guide g;
    struct catalog *c;
    struct findings f;
    clean(&g);
    struct catalog_files files = files_of(&g);
    assert_int_equal(catalog_load_files(&ctx, &files, &c), OK);
    assert_int_equal(catalog_lint(&ctx, c, &files, STR("990099"), &f), ERR_NOT_FOUND);
    catalog_free(c);
}

static void
the_table_is_whole(void **state)
{
    (void)state;
    const struct lint_rule *r;
    size_t n = lint_rules(&r);
    assert_true(n == lint_text_rule_count + lint_shape_rule_count + 1);
    for (size_t i = 0; i < n; i++) {
        assert_true(r[i].id && r[i].what && *r[i].what && r[i].remedy && *r[i].remedy);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(r[i].id, r[k].id);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_matters_are_clean),
        cmocka_unit_test(each_planted_fault_is_found_alone),
        cmocka_unit_test(every_rule_has_a_planted_fault),
        cmocka_unit_test(one_cause_is_one_finding),
        cmocka_unit_test(an_accepted_finding_carries_its_reason),
        cmocka_unit_test(an_acceptance_of_nothing_is_told),
        cmocka_unit_test(a_malformed_acceptance_is_refused),
        cmocka_unit_test(an_unknown_region_is_refused),
        cmocka_unit_test(the_table_is_whole),
    };
    return cmocka_run_group_tests(tests, setup, support_down);
}
