#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rules/feel.h"
#include "support/support_ctx.h"

static const struct str IDENTITY[] = {STR_INIT("在职职工"), STR_INIT("灵活就业人员"), STR_INIT("退休人员"),
                                      STR_INIT("城乡居民")};
static const struct str FIRST_OR[] = {STR_INIT("首次备案"), STR_INIT("变更备案")};
static const struct fact_def FACTS[] = {
    {STR_INIT("参保身份"), STR_INIT("insured_status"), FACT_CHOICE, IDENTITY, 4},
    {STR_INIT("首次参保登记"), STR_INIT("first_enrolment"), FACT_BOOL, NULL, 0},
    {STR_INIT("年龄"), STR_INIT("age"), FACT_NUMBER, NULL, 0},
    {STR_INIT("单位名称"), STR_INIT("unit_name"), FACT_TEXT, NULL, 0},
    {STR_INIT("出院日期"), STR_INIT("discharged"), FACT_DATE, NULL, 0},
    {STR_INIT("备案业务"), STR_INIT("filing"), FACT_CHOICE, FIRST_OR, 2},
    {STR_INIT("委托办理"), STR_INIT("delegated"), FACT_BOOL, NULL, 0},
    {STR_INIT("缴费年限"), STR_INIT("years"), FACT_NUMBER, NULL, 0},
};
enum { IDENT, FIRST, AGE, UNIT, DISCHARGED, FILING, DELEGATED, YEARS, FACTS_COUNT };
static const struct fact_dict DICT = {FACTS, FACTS_COUNT};

static struct feel *
compile(const char *src)
{
    struct feel *f;
    struct feel_error e;
    if (feel_compile(&ctx, arena, &DICT, str_c(src), true, &f, &e) != OK)
        fail_msg("%s: 第 %zu 个字符 %.*s；%.*s", src, e.column, STR_ARG(e.what), STR_ARG(e.remedy));
    return f;
}

/* SRC is refused at COLUMN, with these words in reason and remedy. */
static void
refused(const char *src, size_t column, const char *what, const char *remedy)
{
    struct feel *f;
    struct feel_error e;
    fail_clear(&ctx);
    if (feel_compile(&ctx, arena, &DICT, str_c(src), true, &f, &e) != ERR_EXPRESSION)
        fail_msg("accepted: %s", src);
    assert_null(f);
    assert_int_equal(ctx.fail->e, ERR_EXPRESSION);
    if (e.column != column || str_find(e.what, str_c(what)) == SIZE_MAX ||
        str_find(e.remedy, str_c(remedy)) == SIZE_MAX)
        fail_msg("%s: 第 %zu 个字符 “%.*s”；“%.*s”", src, e.column, STR_ARG(e.what), STR_ARG(e.remedy));
}

static struct value
eval(const char *src, const struct value *facts, struct fact_set *need)
{
    *need = (struct fact_set){0};
    return feel_eval(compile(src), facts, need);
}

static void
expect_bool(const char *src, const struct value *facts, bool want)
{
    struct fact_set need;
    struct value v = eval(src, facts, &need);
    if (v.kind != VALUE_BOOL || v.b != want || !fact_set_empty(&need))
        fail_msg("%s: kind %d b %d", src, (int)v.kind, v.b);
}

static void
expect_null(const char *src, const struct value *facts)
{
    struct fact_set need;
    assert_int_equal(eval(src, facts, &need).kind, VALUE_NULL);
    assert_true(fact_set_empty(&need));
}

/* Unknown, and exactly the facts of bit mask MASK could settle it. */
static void
expect_unasked(const char *src, const struct value *facts, uint64_t mask)
{
    struct fact_set need;
    struct value v = eval(src, facts, &need);
    if (v.kind != VALUE_UNASKED || need.bits[0] != mask)
        fail_msg("%s: kind %d needs %llx", src, (int)v.kind, (unsigned long long)need.bits[0]);
}

static struct value
day_value(int y, int m, int d)
{
    struct value v = {.kind = VALUE_DATE};
    assert_true(day_from_ymd(y, m, d, &v.date));
    return v;
}

static void
test_values(void **state)
{
    (void)state;
    struct value f[FACTS_COUNT] = {
        [IDENT] = value_text(STR("退休人员")),
        [FIRST] = value_bool(true),
        [AGE] = value_int(60),
        [UNIT] = value_text(STR("一“厂”")),
        [DISCHARGED] = day_value(2026, 1, 31),
        [FILING] = {.kind = VALUE_NULL},
        [DELEGATED] = value_bool(false),
        [YEARS] = value_int(25),
    };
    expect_bool("参保身份 = \"退休人员\"", f, true);
    expect_bool("insured_status=\"退休人员\"", f, true);
    expect_bool("\"退休人员\" != 参保身份", f, false);
    expect_bool("参保身份 in (\"在职职工\", \"退休人员\")", f, true);
    expect_bool("not(参保身份 in (\"在职职工\",\"城乡居民\"))", f, true);
    expect_bool("首次参保登记 and not(委托办理)", f, true);
    expect_bool("首次参保登记 = true and 委托办理 = false", f, true);
    expect_bool("年龄 >= 60 and 年龄 < 60.01", f, true);
    expect_bool("年龄 between 60 and 60", f, true);
    expect_bool("not(年龄 between 61 and 99) and 首次参保登记", f, true);
    expect_bool("年龄 + 缴费年限 * 2 - 10 = 100", f, true);
    expect_bool("(年龄 - 10) / 缴费年限 = 2", f, true);
    expect_bool("-年龄 < -59 and 2 - -1 = 3", f, true);
    expect_bool("0.1 + 0.2 = 0.3", f, true);
    expect_bool("单位名称 = \"一“厂”\"", f, true);
    expect_bool("单位名称 = \"a\\\"b\\\\\"", f, false);
    expect_bool("出院日期 >= date(\"2026-01-31\")", f, true);
    expect_bool("出院日期 > date(\"2026-01-31\")", f, false);
    expect_bool("委托办理 or 首次参保登记 and 年龄 > 18", f, true);
    expect_bool("true", f, true);
    expect_bool("备案业务 = null", f, true);
    expect_bool("参保身份 = null", f, false);
    expect_bool("参保身份 != null", f, true);
    expect_bool("备案业务 = \"首次备案\"", f, false);
    expect_bool("备案业务 != \"首次备案\"", f, true);
    expect_null("年龄 / 0 > 1", f);
    f[AGE] = (struct value){.kind = VALUE_NULL};
    expect_null("年龄 > 1", f);
    expect_null("年龄 > 1 and 首次参保登记", f);
    expect_bool("年龄 > 1 and 委托办理", f, false);
    expect_bool("年龄 > 1 or 首次参保登记", f, true);
    f[AGE] = value_text(STR("六十"));
    expect_null("年龄 > 1", f);
    expect_bool("年龄 = 1", f, false);
    f[FIRST] = value_int(1);
    expect_null("首次参保登记", f);
    expect_null("not(首次参保登记)", f);
}

static void
test_unasked(void **state)
{
    (void)state;
    struct value f[FACTS_COUNT] = {[DELEGATED] = value_bool(false), [FILING] = value_text(STR("首次备案"))};
    expect_unasked("参保身份 = \"退休人员\"", f, 1u << IDENT);
    expect_unasked("参保身份 = null", f, 1u << IDENT);
    expect_unasked("参保身份 != \"退休人员\" and 备案业务 = \"首次备案\"", f, 1u << IDENT);
    expect_bool("参保身份 = \"退休人员\" and 委托办理", f, false);
    expect_bool("首次参保登记 and 年龄 > 3 and 委托办理", f, false);
    expect_bool("首次参保登记 or not(委托办理)", f, true);
    expect_unasked("首次参保登记 and (年龄 > 3 or 委托办理)", f, 1u << FIRST | 1u << AGE);
    expect_unasked("(首次参保登记 and 委托办理) or 年龄 > 3", f, 1u << AGE);
    expect_unasked("年龄 + 缴费年限 > 3", f, 1u << AGE | 1u << YEARS);
    expect_unasked("年龄 between 1 and 缴费年限", f, 1u << AGE | 1u << YEARS);
    expect_unasked("参保身份 in (\"在职职工\", \"退休人员\")", f, 1u << IDENT);
    f[AGE] = value_int(0);
    expect_bool("年龄 between 1 and 缴费年限", f, false);
    f[AGE] = (struct value){.kind = VALUE_NULL};
    expect_unasked("年龄 > 3 and 首次参保登记", f, 1u << FIRST);
    expect_null("年龄 > 3 and 备案业务 = \"首次备案\"", f);

    struct fact_set all = {0};
    feel_mentions(compile("首次参保登记 and (年龄 > 3 or 委托办理)"), &all);
    assert_int_equal(all.bits[0], 1u << FIRST | 1u << AGE | 1u << DELEGATED);
    assert_true(str_eqz(feel_source(compile(" 年龄>3 ")), " 年龄>3 "));
}

static void
test_wide(void **state)
{
    (void)state;
    refused("年龄＞60", 3, "全角字符“＞”", "半角的 >");
    refused("年龄 ≥ 60", 4, "≥", ">=");
    refused("年龄 ≤ 60", 4, "≤", "<=");
    refused("年龄 ≠ 60", 4, "≠", "!=");
    refused("年龄 × 2 > 60", 4, "×", "半角的 *");
    refused("年龄 ÷ 2 > 60", 4, "÷", "半角的 /");
    refused("参保身份＝\"退休人员\"", 5, "全角", "半角的 =");
    refused("参保身份 = “退休人员”", 8, "“", "半角的 \"");
    refused("（年龄 > 60）", 1, "全角字符“（”", "半角的 (");
    refused("年龄 > ６０", 6, "全角字符“６”", "半角的 6");
    refused("年龄　> 60", 3, "全角空格", "半角空格");
    refused("年龄 > 60 ａｎｄ 委托办理", 9, "全角字符“ａ”", "半角的 a");
    refused("参保身份 in (\"在职职工\"，\"退休人员\")", 16, "，", "半角的 ,");
    refused("参保身份 in (\"在职职工\"、\"退休人员\")", 16, "、", "半角的 ,");
    refused("年龄 > 60。", 8, "。", "删去");
    refused("\xef\xbb\xbf年龄 > 60", 1, "U+FEFF", "删去");
    refused("年龄 > 60 ★", 9, "★", "双引号");
}

static void
test_refused(void **state)
{
    (void)state;
    refused("", 1, "空的", "");
    refused("  ", 3, "空的", "");
    refused("年龄 >", 5, "没有写完", "");
    refused("年令 > 3", 1, "没有叫“年令”", "是不是“年龄”");
    refused("insured_statis = \"退休人员\"", 1, "没有叫", "是不是“insured_status”");
    refused("天气 = \"晴\"", 1, "没有叫“天气”", "事实词典");
    refused("参保身份 = 退休人员", 8, "没有叫", "\"退休人员\"");
    refused("参保身份 = \"退修人员\"", 8, "没有取值“退修人员”",
            "在职职工、灵活就业人员、退休人员、城乡居民；是不是“退休人员”");
    refused("参保身份 in (\"在职职工\", \"军人\")", 18, "没有取值“军人”", "可用的取值");
    refused("\"军人\" = 参保身份", 1, "没有取值", "可用的取值");
    refused("参保身份 = 备案业务", 8, "没有相同的取值", "");
    refused("参保身份 = 3", 8, "选项", "引号");
    refused("参保身份 > \"退休人员\"", 1, "不能比大小", "");
    refused("年龄 = \"60\"", 6, "不能与文本比较", "数字不加引号");
    refused("年龄 > \"60\"", 6, "不能比大小", "数字不加引号");
    refused("出院日期 > \"2026-01-01\"", 8, "", "date(");
    refused("出院日期 > 3", 8, "数字不能与日期", "");
    refused("出院日期 > date(\"2026-02-30\")", 13, "不是存在的日期", "");
    refused("首次参保登记 = \"是\"", 10, "不能与文本比较", "not(");
    refused("参保身份", 1, "不能单独作条件", "参保身份 = \"在职职工\"");
    refused("年龄 + 1", 4, "不能单独作条件", "");
    refused("参保身份 and 首次参保登记", 1, "不能单独作条件", "");
    refused("not(年龄)", 5, "不能单独作条件", "");
    refused("null and 首次参保登记", 1, "不能单独作条件", "");
    refused("参保身份 + 1 > 3", 1, "不能参加运算", "");
    refused("not 首次参保登记", 5, "not 后面要有括号", "(");
    refused("参保身份 not in (\"退休人员\")", 6, "not", "not(");
    refused("参保身份 in \"退休人员\"", 9, "in 后面要有括号", "");
    refused("参保身份 in ()", 10, "不应当是", "");
    refused("(年龄 > 3", 8, "第 1 个字符的左括号", "右括号");
    refused("年龄 > 3)", 7, "多了一个右括号", "");
    refused("年龄 > 3 委托办理", 8, "缺少连接", "and");
    refused("1 < 年龄 < 3", 8, "连写", "between");
    refused("年龄 between 3", 13, "缺少 and", "");
    refused("年龄 == 3", 4, "==", "=");
    refused("年龄 <> 3", 4, "<>", "!=");
    refused("年龄 > 3 && 委托办理", 8, "&", "and");
    refused("年龄 > 3 且 委托办理", 8, "缺少连接", "and");
    refused("且", 1, "不是条件里的词", "and");
    refused("参保身份 = '退休人员'", 8, "单引号", "\"");
    refused("参保身份 = \"退休人员", 8, "缺少右引号", "");
    refused("年龄 > 60岁", 8, "数字后面", "");
    refused("年龄 > 50%", 8, "百分号", "0.5");
    refused("年龄 > 3 ! 委托办理", 8, "!", "not");
    refused("\xff", 1, "UTF-8", "");
}

static void
test_contradiction(void **state)
{
    (void)state;
    refused("参保身份 = \"退休人员\" and 参保身份 = \"在职职工\"", 15, "“参保身份”的要求互相矛盾", "or");
    refused("委托办理 or (参保身份 in (\"退休人员\",\"城乡居民\") and 首次参保登记 and 参保身份 = \"在职职工\")", 34,
            "互相矛盾", "or");
    refused("首次参保登记 and not(首次参保登记)", 8, "互相矛盾", "");
    refused("年龄 > 60 and 年龄 < 60", 9, "互相矛盾", "");
    refused("年龄 >= 60 and not(年龄 > 3)", 10, "互相矛盾", "");
    refused("年龄 between 9 and 3", 4, "互相矛盾", "");
    refused("单位名称 = \"甲\" and 单位名称 = \"乙\"", 12, "互相矛盾", "");
    refused("出院日期 > date(\"2026-01-01\") and 出院日期 < date(\"2026-01-02\")", 27, "互相矛盾", "");
    refused("参保身份 = null and 参保身份 = \"退休人员\"", 13, "互相矛盾", "");
    refused("not(参保身份 in (\"在职职工\",\"灵活就业人员\",\"退休人员\",\"城乡居民\") or 参保身份 = null)", 1,
            "互相矛盾", "");
    refused("参保身份 != \"退休人员\" or 参保身份 != \"在职职工\"", 16, "总是成立", "and");
    compile("年龄 > 60 and 年龄 < 60.1");
    compile("参保身份 != \"退休人员\" and 参保身份 != \"在职职工\"");
    compile("年龄 > 60 or 年龄 < 10");
    compile("参保身份 != null or 首次参保登记");
    compile("年龄 > 缴费年限 and 年龄 < 3");
    compile("年龄 + 1 > 3 and 年龄 < 3 and 年龄 > 2");
    compile("参保身份 = \"退休人员\" and (参保身份 = \"在职职工\" or 首次参保登记)");
}

static struct str
repeat(const char *head, const char *unit, int n, const char *tail)
{
    struct buf b;
    buf_init(&b, arena, 256);
    buf_addz(&b, head);
    for (int i = 0; i < n; i++)
        buf_addz(&b, unit);
    buf_addz(&b, tail);
    return buf_str(&b);
}

static void
test_limits(void **state)
{
    (void)state;
    struct str tail = repeat("", ")", 60, "");
    compile(repeat("", "(", 60, repeat("年龄 > 3", "", 0, tail.p).p).p);
    refused(repeat("", "(", 65, "年龄").p, 65, "嵌套太深", "64");
    refused(repeat("", "not(", 70, "年龄").p, 257, "嵌套太深", "64");
    refused(repeat("年龄 > ", "-", 70, "1").p, 70, "嵌套太深", "64");
    refused(repeat("年龄 > 1", "+1", 70, "").p, 133, "算式太长", "64");
    refused(repeat("年龄 > ", "1", 35, "").p, 6, "数字太长", "34");
    compile(repeat("委托办理", " or 委托办理", 200, "").p);
    refused(repeat("委托办理", " or 委托办理", 300, "").p, 1, "条件太长", "4096");
}

static void
test_any_type(void **state)
{
    (void)state;
    struct feel *f;
    struct feel_error e;
    struct value facts[FACTS_COUNT] = {[AGE] = value_int(7)};
    assert_int_equal(feel_compile(&ctx, arena, &DICT, STR("年龄 * 0.5"), false, &f, &e), OK);
    struct value v = feel_eval(f, facts, NULL);
    assert_true(str_eqz(fact_value_text(arena, &FACTS[AGE], v), "3.5"));
}

static void
test_fact_values(void **state)
{
    (void)state;
    struct value v;
    assert_true(fact_value_parse(arena, &FACTS[IDENT], STR(" 退休人员 "), &v) && v.kind == VALUE_TEXT);
    assert_false(fact_value_parse(arena, &FACTS[IDENT], STR("军人"), &v));
    assert_int_equal(v.kind, VALUE_UNASKED);
    assert_true(fact_value_parse(arena, &FACTS[IDENT], STR("　"), &v) && v.kind == VALUE_UNASKED);
    assert_true(fact_value_parse(arena, &FACTS[FIRST], STR("是"), &v) && v.b);
    assert_true(fact_value_parse(arena, &FACTS[FIRST], STR("false"), &v) && v.kind == VALUE_BOOL && !v.b);
    assert_true(str_eqz(fact_value_text(arena, &FACTS[FIRST], v), "否"));
    assert_false(fact_value_parse(arena, &FACTS[FIRST], STR("也许"), &v));
    assert_true(fact_value_parse(arena, &FACTS[AGE], STR("12.50"), &v));
    assert_true(value_equal(v, v) && !value_equal(v, value_int(12)));
    assert_false(fact_value_parse(arena, &FACTS[AGE], STR("十二"), &v));
    assert_true(fact_value_parse(arena, &FACTS[UNIT], STR("𠮷野家"), &v));
    assert_true(str_eqz(fact_value_text(arena, &FACTS[UNIT], v), "𠮷野家"));
    assert_true(fact_value_parse(arena, &FACTS[DISCHARGED], STR("2024-02-29"), &v));
    assert_true(str_eqz(fact_value_text(arena, &FACTS[DISCHARGED], v), "2024-02-29"));
    assert_false(fact_value_parse(arena, &FACTS[DISCHARGED], STR("2023-02-29"), &v));
    assert_int_equal(fact_find(&DICT, STR("年龄")), AGE);
    assert_int_equal(fact_find(&DICT, STR("age")), AGE);
    assert_int_equal(fact_find(&DICT, STR("")), SIZE_MAX);

    struct fact_set s = {0}, t = {0};
    assert_true(fact_set_empty(&s));
    fact_set_add(&s, 255);
    fact_set_add(&t, 0);
    fact_set_union(&t, &s);
    assert_true(fact_set_has(&t, 255) && fact_set_has(&t, 0) && !fact_set_has(&t, 64) && !fact_set_has(&t, 256));
}

/* ---- the property: with each fact used once, a result is known iff all completions agree ---- */

static uint64_t rng;

static uint32_t
roll(uint32_t n)
{
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return (uint32_t)(rng >> 32) % n;
}

/* The values that matter for each fact: atoms below are true for some and false for others. */
static const struct value *
domain(size_t fact, size_t *ret_n)
{
    static struct value ident[4], yes[2], age[3];
    for (size_t i = 0; i < 4; i++)
        ident[i] = value_text(IDENTITY[i]);
    for (size_t i = 0; i < 3; i++)
        age[i] = value_int(59 + (int64_t)i);
    yes[0] = value_bool(true);
    yes[1] = value_bool(false);
    *ret_n = fact == IDENT ? 4 : fact == AGE || fact == YEARS ? 3 : 2;
    return fact == IDENT ? ident : fact == AGE || fact == YEARS ? age : yes;
}

static const size_t USED[] = {IDENT, FIRST, AGE, DELEGATED, YEARS};
enum { USED_COUNT = sizeof USED / sizeof USED[0] };

static const char *
atom(size_t fact)
{
    static const char *const text[][4] = {
        [IDENT] = {"参保身份 = \"退休人员\"", "参保身份 != \"在职职工\"", "参保身份 in (\"在职职工\", \"城乡居民\")",
                   "not(\"城乡居民\" = 参保身份)"},
        [FIRST] = {"首次参保登记", "first_enrolment = false", "首次参保登记 != true", "not(首次参保登记)"},
        [AGE] = {"年龄 >= 60", "年龄 between 60 and 60", "年龄 * 2 < 120", "not(年龄 = 61)"},
        [DELEGATED] = {"委托办理", "委托办理 = true", "true = delegated", "委托办理 in (false)"},
        [YEARS] = {"缴费年限 > 60", "60 > 缴费年限", "缴费年限 - 1 = 58", "缴费年限 in (59, 61)"},
    };
    return text[fact][roll(4)];
}

/* Random formula over USED[from..to), each once. */
static void
formula(struct buf *b, size_t from, size_t to)
{
    bool negate = roll(3) == 0;
    buf_addz(b, negate ? "not(" : "(");
    if (to - from == 1) {
        buf_addz(b, atom(USED[from]));
    } else {
        size_t cut = from + 1 + roll((uint32_t)(to - from - 1));
        formula(b, from, cut);
        buf_addz(b, roll(2) ? " and " : " or ");
        formula(b, cut, to);
    }
    buf_byte(b, ')');
}

/* Bits: 1 = some completion is true, 2 = some is false. */
static int
completions(const struct feel *f, struct value *facts, size_t k)
{
    while (k < USED_COUNT && facts[USED[k]].kind != VALUE_UNASKED)
        k++;
    if (k == USED_COUNT) {
        struct value v = feel_eval(f, facts, NULL);
        assert_int_equal(v.kind, VALUE_BOOL);
        return v.b ? 1 : 2;
    }
    size_t n;
    const struct value *d = domain(USED[k], &n);
    int seen = 0;
    for (size_t i = 0; i < n; i++) {
        facts[USED[k]] = d[i];
        seen |= completions(f, facts, k + 1);
    }
    facts[USED[k]] = (struct value){.kind = VALUE_UNASKED};
    return seen;
}

static void
one_property(void)
{
    struct buf b;
    buf_init(&b, arena, 512);
    formula(&b, 0, USED_COUNT);
    const char *src = buf_str(&b).p;
    struct feel *f = compile(src);
    struct value facts[FACTS_COUNT] = {0};
    for (size_t k = 0; k < USED_COUNT; k++) {
        size_t n;
        const struct value *d = domain(USED[k], &n);
        if (roll(2))
            facts[USED[k]] = d[roll((uint32_t)n)];
    }
    struct fact_set need = {0};
    struct value v = feel_eval(f, facts, &need);
    int seen = completions(f, facts, 0);
    bool agrees = seen == 3 ? v.kind == VALUE_UNASKED : v.kind == VALUE_BOOL && v.b == (seen == 1);
    if (!agrees || fact_set_empty(&need) != (seen != 3))
        fail_msg("%s: kind %d, completions %d", src, (int)v.kind, seen);
    /* every fact said to be needed is unasked; any one not needed changes nothing */
    for (size_t k = 0; k < USED_COUNT; k++) {
        if (fact_set_has(&need, USED[k]))
            assert_int_equal(facts[USED[k]].kind, VALUE_UNASKED);
        else if (facts[USED[k]].kind == VALUE_UNASKED && seen == 3) {
            size_t n;
            const struct value *d = domain(USED[k], &n);
            facts[USED[k]] = d[roll((uint32_t)n)];
            assert_int_equal(feel_eval(f, facts, NULL).kind, VALUE_UNASKED);
            facts[USED[k]] = (struct value){.kind = VALUE_UNASKED};
        }
    }
}

static void
test_property(void **state)
{
    (void)state;
    const char *given = getenv("JINGBAN_SEED");
    rng = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    printf("feel property seed: JINGBAN_SEED=%llu\n", (unsigned long long)rng);
    rng = rng * 6364136223846793005u + 1442695040888963407u;
    rng |= 1;
    for (int i = 0; i < 3000; i++) {
        one_property();
        arena_reset(arena);
        ctx = ctx_new(arena, 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_values, support_up, support_down),
        cmocka_unit_test_setup_teardown(test_unasked, support_up, support_down),
        cmocka_unit_test_setup_teardown(test_wide, support_up, support_down),
        cmocka_unit_test_setup_teardown(test_refused, support_up, support_down),
        cmocka_unit_test_setup_teardown(test_contradiction, support_up, support_down),
        cmocka_unit_test_setup_teardown(test_limits, support_up, support_down),
        cmocka_unit_test_setup_teardown(test_any_type, support_up, support_down),
        cmocka_unit_test_setup_teardown(test_fact_values, support_up, support_down),
        cmocka_unit_test_setup_teardown(test_property, support_up, support_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
