/* The structural rules of catalog lint: an invented catalogue (lint-shape/) stays clean; every kind of fault planted alone into it is found,
** at its matter, field and line; and what the rules must and must not say of the real regions. */
#include <string.h>

#include "catalog/lint/lint_int.h"
#include "support/support_ctx.h"

static struct catalog_files clean, real;
static struct findings real_found;

/* 2026-03-01: the invented calendar knows this year and the next. */
enum { EDITS_MAX = 4, NOW_S = 1772323200 };

struct edit {
    const char *file, *from, *to; /* TO NULL: the file goes */
};
struct plant {
    const char *rule;
    const char *severity, *matters, *field; /* matters: ids with ',' between */
    const char *at;                         /* file:words of the line; NULL: the file as a whole */
    const char *says;                       /* words of the message */
    struct edit edit[EDITS_MAX];
};

#define CITY "regions/990001/matters/"
#define M1 CITY "01.yaml"
#define M2 CITY "02.yaml"
#define M3 CITY "03.yaml"
#define M4 CITY "04.yaml"
#define M5 CITY "05.yaml"
#define M6 CITY "06.yaml"
#define M7 CITY "07.yaml"
#define COUNTY "regions/990002/"
#define COUNTY_ROW "编码来源: 对应"
#define AFTER_NAME "名称: 外伤备案"

static const struct plant PLANTS[] = {
    {"code-form",
     "error",
     "07",
     "标准编码",
     M7 ":99000100900",
     "不是12位",
     {{M7, AFTER_NAME, AFTER_NAME "\n标准编码: \"99000100900\"\n编码来源: 印发"}}},
    {"code-group", "warn", "01", "其他原文", M1 ":99000100100Y", "12位", {{M1, "990001001000", "99000100100Y"}}},
    {"code-group", "error", "01", "其他原文", M1 ":990001009000", "前9位", {{M1, "990001001000", "990001009000"}}},
    {"code-name",
     "warn",
     "07",
     "标准编码",
     M7 ":名称: 丧葬费用支付",
     "没有写编码",
     {{M7, AFTER_NAME, "名称: 丧葬费用支付"}}},
    {"code-name",
     "error",
     "03",
     "标准编码",
     M3 ":990001002003",
     "990001002001",
     {{M3, "\"990001002001\"", "\"990001002003\""}}},
    {"code-name", "error", "06", "标准编码", M6 ":990001003002", "同组", {{M6, "组: 三、定点", "组: 一、登记"}}},
    {"code-shared",
     "info",
     "04,07",
     "标准编码",
     M4 ":990001002002",
     "同一个编码",
     {{M7, AFTER_NAME, AFTER_NAME "\n标准编码: \"990001002002\"\n编码来源: 印发"}}},
    {"calendar-year", "info", "", "日历", NULL, "2027年", {{"calendar/2027.yaml", NULL, NULL}}},
    {"calendar-year",
     "warn",
     "",
     "日历",
     "calendar/2026.yaml:年份",
     "2026年",
     {{"calendar/2026.yaml", "已公布", "待公布"}}},
    {"publish-phone",
     "error",
     "01",
     "监督电话",
     M1 ":各统筹区",
     "没有号码",
     {{M1, "原文: 0990-1234567\n  号码: [0990-1234567]", "原文: 各统筹区向社会公布监督电话。"}}},
    {"publish-address",
     "error",
     "03",
     "办理渠道",
     M3 ":各统筹区",
     "没有地址",
     {{M3, "原文: 现场办理:丁市政务服务大厅。", "原文: 各统筹区向社会公布经办服务大厅办理地址。"}}},
    {"publish-address",
     "error",
     "03",
     "办理渠道",
     M3 ":各统筹区",
     "没有名称和网址",
     {{M3, "原文: 现场办理:丁市政务服务大厅。", "原文: 各统筹区向社会公布办理业务的网址。"},
      {M3, "    - {方式: 现场, 名称: 丁市政务服务大厅}", "    - {方式: 网上}"}}},
    {"suspended-basis",
     "warn",
     "07",
     "状态依据",
     M7 ":状态依据",
     "没有写暂停",
     {{M7, AFTER_NAME, AFTER_NAME "\n状态: 暂停\n状态依据: 丁医保〔2020〕1号"}}},
    {"suspended-basis",
     "warn",
     "07",
     "办理流程",
     M7 ":暂停受理",
     "状态却是开放",
     {{M7, "申请人填写后提交。", "申请人填写后提交。目前暂停受理。"}}},
    {"child-heavier",
     "error",
     "01",
     "办理时限",
     COUNTY "matters/01.yaml:不超过25",
     "长",
     {{COUNTY "matters/01.yaml", "15个工作日\n  档:\n    - 承诺: 15", "25个工作日\n  档:\n    - 承诺: 25"}}},
    {"child-heavier",
     "error",
     "01",
     "办理材料",
     COUNTY "matters/01.yaml:身份证和结婚证",
     "结婚证",
     {{COUNTY "matters/01.yaml", "原文: 身份证", "原文: 身份证和结婚证"},
      {COUNTY "matters/01.yaml", "    - 材料: 身份证\n", "    - 材料: 身份证\n    - 材料: 结婚证\n"}}},
    {"local-basis",
     "error",
     "02",
     "设定依据",
     COUNTY "matters/02.yaml:名称: 外伤登记",
     "设定依据",
     {{COUNTY "matters/02.yaml", "设定依据:\n  - 《甲条例》第三条\n", ""}}},
    {"point-rating",
     "error",
     "",
     "服务点",
     COUNTY "region.yaml:子村服务点",
     "二维码",
     {{COUNTY "region.yaml", ", 评价器: 是", ""}}},
    {"form-unknown",
     "warn",
     "07",
     "办理材料",
     M7 ":- 材料: 《受伤经过说明表》",
     "没有样表",
     {{M7, "2.《丁市外伤情况调查表》", "2.《受伤经过说明表》"},
      {M7, "- 材料: 《丁市外伤情况调查表》", "- 材料: 《受伤经过说明表》"}}},
    {"form-unknown",
     "warn",
     "07",
     "办理材料",
     M7 ":- 材料: 《丁市外伤调查表》",
     "只差几个字",
     {{M7, "2.《丁市外伤情况调查表》", "2.《丁市外伤调查表》"},
      {M7, "- 材料: 《丁市外伤情况调查表》", "- 材料: 《丁市外伤调查表》"}}},
    {"form-spelling",
     "warn",
     "07",
     "办理流程",
     M7 ":申请人填写《丁外伤",
     "另一处",
     {{M7, "申请人填写后", "申请人填写《丁外伤情况调查表》后"}}},
    {"form-note",
     "warn",
     "02",
     "办理材料",
     M2 ":- 材料: 《职工登记表》",
     "一式2份",
     {{M2, "份数: \"2\"\n      盖章", "份数: \"3\"\n      盖章"}, {M2, "份数: \"2\"", "份数: \"3\""}}},
    {"form-note", "warn", "01", "办理材料", M1 ":- 材料: 《单位登记表》", "盖章", {{M1, "      盖章: 单位公章\n", ""}}},
    {"form-binds",
     "error",
     "01",
     "表单",
     NULL,
     "unit.uscc",
     {{"forms/form-01.yaml", "信用代码, 必填: 是", "信用代码"}}},
    {"twice-name",
     "warn",
     "01",
     "名称",
     M1 ":原文: 单位参保",
     "单位参保",
     {{M1, "原文: 单位登记。", "原文: 单位参保。"}}},
    {"twice-name", "warn", "01", "名称", M1 ":原文: 单位登\n", "缺末尾", {{M1, "原文: 单位登记。", "原文: 单位登"}}},
    {"twice-limit",
     "warn",
     "01",
     "办理时限",
     M1 ":原文: 三个工作日",
     "三个工作日",
     {{M1, "原文: 即时办结。", "原文: 三个工作日。"}}},
    {"twice-materials",
     "warn",
     "01",
     "办理材料",
     M1 ":(一)营业执照或法人",
     "法人证书",
     {{M1, "(一)营业执照", "(一)营业执照或法人证书"}}},
    {"twice-materials",
     "warn",
     "01",
     "办理材料",
     M1 ":1.营业执照",
     "没有“营业执照”",
     {{M1, "(一)营业执照。\n      (二)", "(一)"}}},
    {"twice-stages",
     "info",
     "01",
     "办理流程",
     M1 ":申请—受理—审核",
     "审核",
     {{M1, "申请—受理—办结", "申请—受理—审核—办结"}}},
    {"limit-reading", "error", "03", "办理时限", M3 ":- 承诺: 9", "没有印", {{M3, "承诺: 10", "承诺: 9"}}},
    {"limit-reading",
     "error",
     "03",
     "办理时限",
     M3 ":不超过10个",
     "结构里没有",
     {{M3, "原文: 不超过10个工作日", "原文: 不超过10个工作日,特殊的8个工作日"}}},
    {"limit-total",
     "warn",
     "04",
     "办理时限",
     M4 ":二十个工作日",
     "合计22",
     {{M4, "后10个工作日", "后12个工作日"},
      {M4, "发信息表, 时限: 10", "发信息表, 时限: 12"},
      {M4, "划转资金, 时限: 10", "划转资金, 时限: 12"}}},
    {"limit-total",
     "warn",
     "03",
     "办理时限",
     M3 ":不超过10个",
     "合计9",
     {{M3, "原文: 不超过10个工作日", "原文: 不超过10个工作日(受理2个工作日,审核7个工作日)"}}},
    {"limit-step", "warn", "03", "办理流程", M3 ":2.待遇股在15", "15个工作日", {{M3, "在5个工作日", "在15个工作日"}}},
    {"limit-instant",
     "warn",
     "07",
     "办理时限",
     M7 ":原文: 即时办结",
     "公示",
     {{M7, "[申请, 办结]", "[申请, 公示, 办结]"}}},
    {"limit-cap",
     "error",
     "03",
     "办理时限",
     M3 ":不超过12",
     "《甲条例》第二条",
     {{M3, "不超过10", "不超过12"}, {M3, "承诺: 10", "承诺: 12"}}},
    {"limit-legal",
     "error",
     "06",
     "办理时限",
     M6 ":不超过30",
     "法定20个自然日",
     {{M6, "法定原文: 60个工作日", "法定原文: 20个自然日"}, {M6, "法定: 60个工作日", "法定: 20个自然日"}}},
    {"intake-unset",
     "warn",
     "05,06",
     "申报期",
     M5 ":每月**日受理",
     "没有印出起止日",
     {{M5, "办理材料:\n", "申报期:\n  - 原文: 每月**日受理\n    每月: 未定\n办理材料:\n"},
      {M6, "办理材料:\n", "申报期:\n  - 原文: 每月**日受理\n    每月: 未定\n办理材料:\n"}}},
    {"limit-outlier",
     "info",
     "05",
     "办理时限",
     M5 ":不超过100",
     "己市30",
     {{M5, "不超过30", "不超过100"}, {M5, "承诺: 30", "承诺: 100"}}},
    {"limit-outlier",
     "info",
     "05",
     "办理时限",
     M5 ":不超过2",
     "己市30",
     {{M5, "不超过30", "不超过2"}, {M5, "承诺: 30", "承诺: 2"}}},
    {"materials-cap",
     "warn",
     "03",
     "办理材料",
     M3 ":- 材料: 结婚证",
     "结婚证",
     {{M3, "2.病历资料。", "2.病历资料;\n    3.结婚证。"},
      {M3, "    - 材料: 病历资料\n", "    - 材料: 病历资料\n    - 材料: 结婚证\n"}}},
    {"materials-outlier",
     "info",
     "05",
     "办理材料",
     M5 ":1.执业许可证",
     "必交材料5件",
     {{M5, "2.申请书。", "2.申请书;\n    3.房产证;\n    4.药品目录;\n    5.员工名册。"},
      {M5, "    - 材料: 申请书\n",
       "    - 材料: 申请书\n    - 材料: 房产证\n    - 材料: 药品目录\n    - 材料: 员工名册\n"}}},
    {"object-condition",
     "warn",
     "02",
     "办理材料",
     M2 ":参保身份 = \"退休人员\"",
     "都不会满足",
     {{M2, "    - 材料: 有效身份证件\n", "    - 材料: 有效身份证件\n      当: '参保身份 = \"退休人员\"'\n"}}},
    {"object-condition",
     "warn",
     "03",
     "办理材料",
     M3 ":申请渠道 = \"邮寄\"",
     "没有这一种",
     {{M3, "    - 材料: 身份证\n", "    - 材料: 身份证\n      当: '申请渠道 = \"邮寄\"'\n"}}},
    {"object-value",
     "info",
     "02",
     "办理材料",
     M2 ":在职职工\", \"退休人员",
     "退休人员",
     {{M2, "    - 材料: 有效身份证件\n",
       "    - 材料: 有效身份证件\n      当: '参保身份 in (\"在职职工\", \"退休人员\")'\n"}}},
    {"object-kind",
     "warn",
     "07",
     "服务对象",
     M7 ":原文: 用人单位",
     "都是个人的",
     {{M7, "原文: 参保人员", "原文: 用人单位"}}},
    {"object-stamp",
     "info",
     "02",
     "办理材料",
     M2 ":- 材料: 《职工登记表》",
     "没有单位",
     {{M2, "      当: '参保身份 = \"在职职工\"'\n      表单", "      表单"}}},
    {"sibling-word", "warn", "06", "办理流程", M6 ":1.药店提交", "“医院”", {{M6, "一次性告知药店", "一次性告知医院"}}},
    {"material-unprinted",
     "warn",
     "07",
     "办理材料",
     M7 ":- 材料: 死亡证明",
     "没有印",
     {{M7, "    - 材料: 身份证\n", "    - 材料: 身份证\n    - 材料: 死亡证明\n"}}},
    {"material-unprinted",
     "info",
     "07",
     "办理材料",
     M7 ":- 材料: 死亡证明",
     "只印在",
     {{M7, "    - 材料: 身份证\n", "    - 材料: 身份证\n    - 材料: 死亡证明\n"},
      {M7, "办理时限:", "其他原文:\n  - {标题: 表1, 原文: 附死亡证明}\n办理时限:"}}},
    {"condition-never", "error", "02", "办理材料", M2 ":当: '年龄 < 16'", "矛盾", {{M2, "年龄 >= 18", "年龄 < 16"}}},
    {"condition-never",
     "error",
     "02",
     "服务对象",
     M2 ":- 须: '参保身份 in",
     "没有人符合",
     {{M2, "      否则: 在职职工;灵活就业人员\n",
       "      否则: 在职职工;灵活就业人员\n    - 须: '参保身份 = \"退休人员\"'\n      否则: 退休\n"}}},
    {"tier-unreachable",
     "warn",
     "02",
     "办理时限",
     M2 ":- 当: '参保身份 = \"灵活就业人员\"'",
     "轮不到",
     {{M2, "    - 当: '参保身份 = \"在职职工\"'\n      承诺",
       "    - 当: '参保身份 in (\"在职职工\", \"灵活就业人员\")'\n      承诺"}}},
    {"tier-gap",
     "warn",
     "02",
     "办理时限",
     M2 ":- 当: '参保身份 = \"在职职工\"'",
     "退休人员",
     {{M2, "(\"在职职工\", \"灵活就业人员\")", "(\"在职职工\", \"灵活就业人员\", \"退休人员\")"},
      {M2, "原文: 在职职工;灵活就业人员\n", "原文: 在职职工;灵活就业人员;退休人员\n"}}},
    {"level-channel",
     "warn",
     "01",
     "办理层级",
     M1 ":原文: 市级、乡镇（街道）、村",
     "村级",
     {{M1, "市级、乡镇（街道）", "市级、乡镇（街道）、村"}, {M1, "[市级, 乡镇级]", "[市级, 乡镇级, 村级]"}}},
    {"level-channel",
     "warn",
     "01",
     "办理层级",
     M1 ":原文: 市级\n",
     "乡镇级",
     {{M1, "原文: 市级、乡镇（街道）", "原文: 市级"}, {M1, "[市级, 乡镇级]", "[市级]"}}},
    {"step-online",
     "warn",
     "03",
     "办理流程",
     M3 ":1.申请人网上申请",
     "网上",
     {{M3, "申请人提出申请", "申请人网上申请"}}},
    {"step-place",
     "warn",
     "03",
     "办理流程",
     M3 ":1.申请人到委托",
     "医疗机构",
     {{M3, "申请人提出申请", "申请人到委托的定点医疗机构申请"}}},
    {"step-section", "warn", "03", "办理流程", M3 ":2.稽核股", "稽核股", {{M3, "待遇股", "稽核股"}}},
    {"advice-unprinted",
     "warn",
     "07",
     "指引",
     M7 ":原文: 外伤的另外办",
     "没有印",
     {{M7, AFTER_NAME, AFTER_NAME "\n指引:\n  - 原文: 外伤的另外办"}}},
    {"advice-unprinted",
     "warn",
     "07",
     "认定监管",
     M7 ":原文: 对认定",
     "没有印",
     {{M7, AFTER_NAME, AFTER_NAME "\n认定监管:\n  原文: 对认定情况进行监管"}}},
    {"advice-matter",
     "error",
     "07",
     "指引",
     M7 ":事项: [\"99\"]",
     "事项 99",
     {{M7, AFTER_NAME, AFTER_NAME "\n指引:\n  - 原文: 申请人填写后提交\n    事项: [\"99\"]"}}},
    {"object-condition",
     "warn",
     "02",
     "指引",
     M2 ":当: '参保身份 = \"退休人员\"'",
     "都不会满足",
     {{M2, "办理材料:", "指引:\n  - 原文: 有效身份证件\n    当: '参保身份 = \"退休人员\"'\n办理材料:"}}},
    {"window-differs",
     "warn",
     "01",
     "办理流程",
     M1 ":1.申请人到8号",
     "8号窗口",
     {{M1, "1.申请人到3号", "1.申请人到8号"}}},
    {"window-differs",
     "warn",
     "02",
     "办理渠道",
     M2 ":原文: 现场办理:丁市政务服务大厅9号",
     "9号窗口",
     {{M2, "大厅4号窗口", "大厅9号窗口"}, {M2, "窗口: 4号", "窗口: 9号"}}},
};

/* --- planting --- */

static struct str
replaced(struct str text, const char *from, const char *to)
{
    size_t at = str_find(text, str_c(from));
    if (at == SIZE_MAX)
        fail_msg("nothing to replace: %s", from);
    return str_fmt(arena, "%.*s%s%.*s", STR_ARG(str_sub(text, 0, at)), to,
                   STR_ARG(str_sub(text, at + strlen(from), SIZE_MAX)));
}

static struct catalog_files
planted(const struct edit *edit)
{
    struct catalog_files f = clean;
    for (size_t i = 0; i < EDITS_MAX && edit[i].file; i++) {
        const struct catalog_file *file = catalog_files_get(&f, str_c(edit[i].file));
        assert_non_null(file);
        struct str text = edit[i].to ? replaced(file->bytes, edit[i].from, edit[i].to) : STR_NONE;
        f = catalog_files_with(arena, &f, str_c(edit[i].file), text);
    }
    return f;
}

static bool
structural(const struct finding *f)
{
    for (size_t i = 0; i < lint_shape_rule_count; i++)
        if (strcmp(lint_shape_rules[i].id, f->id) == 0)
            return true;
    return false;
}

/* The structural findings of FILES. */
static struct findings
lint_of(const struct catalog_files *files, int64_t now_ms)
{
    struct catalog *c;
    struct findings all, own = {0};
    struct ctx at = ctx;
    at.now_ms = now_ms;
    if (catalog_load_files(&at, files, &c) != OK || catalog_lint(&at, c, files, STR_NONE, &all) != OK)
        fail_msg("%.*s", STR_ARG(ctx.fail->detail));
    own.finding = ARENA_ARRAY(arena, all.n, struct finding);
    for (size_t i = 0; i < all.n; i++)
        if (structural(&all.finding[i]))
            own.finding[own.n++] = all.finding[i];
    catalog_free(c);
    return own;
}

static struct str
matters_of(const struct finding *f)
{
    struct buf b;
    buf_init(&b, arena, 64);
    for (size_t i = 0; i < f->matter_count; i++)
        buf_fmt(&b, "%s%.*s", i ? "," : "", STR_ARG(f->matter[i]));
    return buf_str(&b);
}

static struct str
told(const struct findings *f)
{
    struct buf b;
    buf_init(&b, arena, 256);
    for (size_t i = 0; i < f->n; i++) {
        const struct finding *x = &f->finding[i];
        buf_fmt(&b, "  %s %s %.*s [%.*s] %.*s %.*s:%d 「%.*s」 %.*s\n", severity_name(x->severity), x->id,
                STR_ARG(x->region), STR_ARG(matters_of(x)), STR_ARG(x->field), STR_ARG(x->file), x->line,
                STR_ARG(x->evidence), STR_ARG(x->message));
    }
    return buf_str(&b);
}

/* Line of the words of "file:words" in FILES. */
static int
line_of(const struct catalog_files *files, const char *at, struct str *ret_file)
{
    struct str words = str_c(at);
    str_split(&words, ':', ret_file);
    const struct catalog_file *f = catalog_files_get(files, *ret_file);
    assert_non_null(f);
    size_t where = str_find(f->bytes, words);
    if (where == SIZE_MAX)
        fail_msg("no line with: %s", at);
    int line = 1;
    for (size_t i = 0; i < where; i++)
        line += f->bytes.p[i] == '\n';
    return line;
}

static bool
plant_found(const struct plant *p)
{
    struct catalog_files files = planted(p->edit);
    struct findings f = lint_of(&files, (int64_t)NOW_S * 1000);
    struct str file = STR_NONE;
    int line = p->at ? line_of(&files, p->at, &file) : 0;
    if (f.n != 1) {
        print_error("%s (%s): %zu findings\n%.*s", p->rule, p->says, f.n, STR_ARG(told(&f)));
        return false;
    }
    const struct finding *x = &f.finding[0];
    if (strcmp(x->id, p->rule) != 0 || strcmp(severity_name(x->severity), p->severity) != 0 ||
        !str_eqz(matters_of(x), p->matters) || !str_eqz(x->field, p->field) ||
        (p->at && (x->line != line || !str_eq(x->file, file))) || str_find(x->message, str_c(p->says)) == SIZE_MAX ||
        str_empty(x->remedy) || str_utf8_count(x->evidence) > EVIDENCE_MAX)
        print_error("expected %s %s [%s] %s line %d …%s…\n%.*s", p->severity, p->rule, p->matters, p->field, line,
                    p->says, STR_ARG(told(&f)));
    else
        return true;
    return false;
}

//= R1 R2 R5 R8 R9 R11 R48
static void
planted_faults_are_found(void **state)
{
    (void)state;
    size_t bad = 0;
    for (size_t i = 0; i < sizeof PLANTS / sizeof *PLANTS; i++)
        bad += !plant_found(&PLANTS[i]);
    assert_int_equal(bad, 0);
}

static void
clean_matters_stay_clean(void **state)
{
    (void)state;
    struct findings f = lint_of(&clean, (int64_t)NOW_S * 1000);
    if (f.n)
        fail_msg("%.*s", STR_ARG(told(&f)));
}

static void
every_rule_is_planted(void **state)
{
    (void)state;
    for (size_t r = 0; r < lint_shape_rule_count; r++) {
        bool found = false;
        for (size_t i = 0; i < sizeof PLANTS / sizeof *PLANTS; i++)
            found = found || strcmp(PLANTS[i].rule, lint_shape_rules[r].id) == 0;
        if (!found)
            fail_msg("no plant for %s", lint_shape_rules[r].id);
    }
}

/* --- what binds and what does not --- */

/* A heavier child, a local matter without a basis and a village without a device are its own affair where no order binds. */
//= R1 R4 R5 R48
static void
unbound_children_are_free(void **state)
{
    (void)state;
    const struct edit loose[] = {
        {COUNTY "region.yaml", "上级约束: 是", "上级约束: 否"},
        {COUNTY "region.yaml", ", 评价器: 是", ""},
        {COUNTY "matters/02.yaml", "设定依据:\n  - 《甲条例》第三条\n", ""},
        {COUNTY "matters/01.yaml", "15个工作日\n  档:\n    - 承诺: 15", "25个工作日\n  档:\n    - 承诺: 25"}};
    struct catalog_files files = planted(loose);
    struct findings f = lint_of(&files, (int64_t)NOW_S * 1000);
    if (f.n)
        fail_msg("%.*s", STR_ARG(told(&f)));
}

/* Lighter than the parent needs nobody's leave. */
//= R4
static void
lighter_children_are_free(void **state)
{
    (void)state;
    const struct edit lighter[EDITS_MAX] = {
        {COUNTY "matters/01.yaml", "15个工作日\n  档:\n    - 承诺: 15", "1个工作日\n  档:\n    - 承诺: 1"}};
    struct catalog_files files = planted(lighter);
    struct findings f = lint_of(&files, (int64_t)NOW_S * 1000);
    if (f.n)
        fail_msg("%.*s", STR_ARG(told(&f)));
}

/* What a guide does not print is not missing. */
static void
unprinted_is_not_absent(void **state)
{
    (void)state;
    const struct edit bare[EDITS_MAX] = {
        {M1, "办理层级:\n  原文: 市级、乡镇（街道）\n  层级: [市级, 乡镇级]\n", ""},
        {M3, "办理渠道:\n  原文: 现场办理:丁市政务服务大厅。\n  渠道:\n    - {方式: 现场, 名称: 丁市政务服务大厅}\n",
         ""},
        {M7, "办理时限:\n  原文: 即时办结\n  档:\n    - 承诺: 即时\n", ""},
        {M1, "监督电话:\n  原文: 0990-1234567\n  号码: [0990-1234567]\n", ""}};
    struct catalog_files files = planted(bare);
    struct findings f = lint_of(&files, (int64_t)NOW_S * 1000);
    if (f.n)
        fail_msg("%.*s", STR_ARG(told(&f)));
}

/* --- the real regions --- */

static const struct finding *
real_finding(const char *rule, const char *region, const char *matters)
{
    for (size_t i = 0; i < real_found.n; i++) {
        const struct finding *x = &real_found.finding[i];
        if (strcmp(x->id, rule) == 0 && str_eqz(x->region, region) && str_eqz(matters_of(x), matters))
            return x;
    }
    fail_msg("not found: %s %s [%s]\n%.*s", rule, region, matters, STR_ARG(told(&real_found)));
    return NULL;
}

static size_t
real_count(const char *rule, const char *region)
{
    size_t n = 0;
    for (size_t i = 0; i < real_found.n; i++)
        n += (!rule || strcmp(real_found.finding[i].id, rule) == 0) &&
             (!region || str_eqz(real_found.finding[i].region, region));
    return n;
}

static void
allowance_above_the_law(void **state)
{
    (void)state;
    real_finding("limit-cap", "410400", "23");
    real_finding("limit-cap", "421381", "22");
    real_finding("limit-cap", "211282", "20");
    assert_int_equal(real_count("limit-cap", NULL), 3);
}

//= R8 R9
static void
template_without_numbers(void **state)
{
    (void)state;
    assert_int_equal(real_count("publish-phone", "410400"), 1);
    assert_int_equal(real_count("publish-address", "410400"), 1);
    assert_int_equal(real_count("publish-phone", NULL), 1);
}

static void
list_and_guide_disagree(void **state)
{
    (void)state;
    const struct finding *f = real_finding("twice-materials", "410400", "01");
    assert_true(str_find(f->message, STR("营业执照")) != SIZE_MAX);
    real_finding("twice-materials", "410400", "26");
    real_finding("twice-materials", "410400", "27");
    real_finding("twice-name", "410400", "09");
    real_finding("twice-name", "410400", "07,30"); /* one cause: the last character is gone */
    assert_int_equal(real_count("twice-limit", NULL), 0);
}

static void
places_and_neighbours(void **state)
{
    (void)state;
    real_finding("level-channel", "420281", "19");
    real_finding("step-place", "421381", "16,17,18");
    real_finding("step-place", "421300", "15");
    real_finding("sibling-word", "421300", "24");
    real_finding("sibling-word", "421381", "26");
    real_finding("limit-outlier", "421381", "25");
    real_finding("limit-instant", "211282", "10,29");
}

/* No region's order binds another in the real catalogue, and nothing in it contradicts itself. */
//= R1 R5 R48
static void
real_regions_hold_together(void **state)
{
    (void)state;
    static const char *const NONE[] = {
        "child-heavier",   "local-basis",      "point-rating",   "code-name",        "code-form",    "form-unknown",
        "form-binds",      "limit-reading",    "limit-total",    "limit-legal",      "tier-gap",     "tier-unreachable",
        "condition-never", "object-condition", "window-differs", "advice-unprinted", "advice-matter"};
    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++)
        assert_int_equal(real_count(NONE[i], NULL), 0);
    assert_true(real_count(NULL, NULL) < 60); /* one finding per cause and region, not per matter */
}

static int
set_up(void **state)
{
    (void)support_up(state);
    ctx.now_ms = (int64_t)NOW_S * 1000;
    must(catalog_files_read(&ctx, arena, support_path(arena, "tests/catalog/lint-shape"), &clean));
    must(catalog_files_read(&ctx, arena, support_path(arena, "catalog"), &real));
    real_found = lint_of(&real, ctx.now_ms);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_matters_stay_clean),   cmocka_unit_test(planted_faults_are_found),
        cmocka_unit_test(every_rule_is_planted),      cmocka_unit_test(unbound_children_are_free),
        cmocka_unit_test(lighter_children_are_free),  cmocka_unit_test(unprinted_is_not_absent),
        cmocka_unit_test(allowance_above_the_law),    cmocka_unit_test(template_without_numbers),
        cmocka_unit_test(list_and_guide_disagree),    cmocka_unit_test(places_and_neighbours),
        cmocka_unit_test(real_regions_hold_together),
    };
    return cmocka_run_group_tests(tests, set_up, support_down);
}
