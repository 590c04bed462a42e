/* What fits what, and how to say that it does not: every refusal names the fact and the remedy. */
#include "rules/feel_int.h"

/* The first error stays; NODE_NONE travels up. */
uint16_t
parser_fail(struct parser *p, size_t at, struct str what, struct str remedy)
{
    if (p->tok.kind != TOKEN_ERROR) {
        feel_error_set(&p->lx, at, what, remedy);
        p->tok.kind = TOKEN_ERROR;
    }
    return NODE_NONE;
}

struct arena *
parser_words(struct parser *p)
{
    return p->lx.ctx->arena;
}

static const struct fact_def *
fact_of(const struct parser *p, uint16_t n)
{
    return p->node[n].op == OP_FACT ? &p->dict->fact[p->node[n].ref] : NULL;
}

static const struct fact_def *
choice_of(const struct parser *p, uint16_t n)
{
    const struct fact_def *d = fact_of(p, n);
    return d && d->type == FACT_CHOICE ? d : NULL;
}

static struct str
kind_zh(const struct parser *p, uint16_t n)
{
    static const struct str zh[] = {STR_INIT("空值"), STR_INIT("是否"), STR_INIT("数字"), STR_INIT("文本"),
                                    STR_INIT("日期")};
    return choice_of(p, n) ? STR("选项") : zh[p->node[n].type];
}

/* Names a fact in a message, or says what kind of value stands there. */
static struct str
subject(struct parser *p, uint16_t n)
{
    const struct fact_def *d = fact_of(p, n);
    if (d)
        return str_fmt(parser_words(p), "“%.*s”是%.*s类事实", STR_ARG(d->name), STR_ARG(kind_zh(p, n)));
    return str_fmt(parser_words(p), "这里是%.*s", STR_ARG(kind_zh(p, n)));
}

bool
parser_want_type(struct parser *p, uint16_t n, enum node_type type)
{
    if (p->node[n].type == type)
        return true;
    const struct fact_def *d = fact_of(p, n);
    struct str remedy;
    if (type == TYPE_BOOL && d && d->type == FACT_CHOICE && d->value_count)
        remedy = str_fmt(parser_words(p), "请写明取值，例如 %.*s = \"%.*s\"", STR_ARG(d->name), STR_ARG(d->values[0]));
    else if (type == TYPE_BOOL && d)
        remedy = str_fmt(parser_words(p), "请写成比较，例如 %.*s != null", STR_ARG(d->name));
    else if (type == TYPE_BOOL)
        remedy = STR("这里要写一个能判断成立与否的条件，例如 名称 = \"取值\"");
    else
        remedy = STR("加减乘除只能用于数字");
    parser_fail(
        p, p->node[n].at,
        str_fmt(parser_words(p), "%.*s，不能%s", STR_ARG(subject(p, n)), type == TYPE_BOOL ? "单独作条件" : "参加运算"),
        remedy);
    return false;
}

/* Edit distance by code points, no more than needed: anything above 2 is 3. */
static size_t
edit_distance(struct str a, struct str b)
{
    uint32_t x[32];
    size_t row[33], n = 0;
    for (size_t pos = 0; pos < a.n && n < 32;)
        x[n++] = str_utf8_next(a, &pos);
    if (str_utf8_count(a) > 32 || str_utf8_count(b) > 32)
        return 3;
    for (size_t i = 0; i <= n; i++)
        row[i] = i;
    for (size_t pos = 0, j = 1; pos < b.n; j++) {
        uint32_t c = str_utf8_next(b, &pos);
        size_t diagonal = row[0];
        row[0] = j;
        for (size_t i = 1; i <= n; i++) {
            size_t change = diagonal + (x[i - 1] != c);
            size_t least = row[i - 1] < row[i] ? row[i - 1] + 1 : row[i] + 1;
            diagonal = row[i];
            row[i] = change < least ? change : least;
        }
    }
    return row[n] > 2 ? 3 : row[n];
}

/* Keeps the nearest candidate; a short word must share at least one character with it. */
static void
nearest(struct str typed, struct str candidate, size_t *best, struct str *ret_name)
{
    size_t d = edit_distance(typed, candidate);
    if (d < *best && d < str_utf8_count(candidate)) {
        *best = d;
        *ret_name = candidate;
    }
}

uint16_t
parser_unknown_name(struct parser *p, struct token t)
{
    static const struct {
        const char *typed, *remedy;
    } habit[] = {
        {"且", "并且写成 and"},      {"并且", "并且写成 and"},      {"或", "或者写成 or"},
        {"或者", "或者写成 or"},     {"非", "否定写成 not(...)"},   {"不是", "不等于写成 !="},
        {"是", "是写成 true"},       {"否", "否写成 false"},        {"AND", "请写小写的 and"},
        {"OR", "请写小写的 or"},     {"NOT", "请写小写的 not"},     {"TRUE", "请写小写的 true"},
        {"True", "请写小写的 true"}, {"FALSE", "请写小写的 false"}, {"False", "请写小写的 false"},
        {"NULL", "请写小写的 null"},
    };
    for (size_t i = 0; i < sizeof habit / sizeof habit[0]; i++)
        if (str_eqz(t.text, habit[i].typed))
            return parser_fail(p, t.at, str_fmt(parser_words(p), "“%.*s”不是条件里的词", STR_ARG(t.text)),
                               str_c(habit[i].remedy));
    struct str name = STR_NONE;
    size_t best = 3;
    bool quoted = false;
    for (size_t i = 0; i < p->dict->count; i++) {
        const struct fact_def *d = &p->dict->fact[i];
        nearest(t.text, d->name, &best, &name);
        nearest(t.text, d->id, &best, &name);
        for (size_t k = 0; k < d->value_count; k++)
            quoted = quoted || str_eq(d->values[k], t.text);
    }
    struct str remedy = quoted   ? str_fmt(parser_words(p), "取值要加半角双引号：\"%.*s\"", STR_ARG(t.text))
                        : name.n ? str_fmt(parser_words(p), "是不是“%.*s”？", STR_ARG(name))
                                 : STR("名称必须是事实词典里的事实；取值要加半角双引号");
    return parser_fail(p, t.at, str_fmt(parser_words(p), "没有叫“%.*s”的事实", STR_ARG(t.text)), remedy);
}

/* CHOICE is compared with the literal N: it must be one of its values. */
static bool
check_value(struct parser *p, const struct fact_def *choice, uint16_t n)
{
    struct str v = p->constant[p->node[n].ref].text;
    struct buf b;
    struct str near = STR_NONE;
    size_t best = 3;
    buf_init(&b, parser_words(p), 256);
    buf_addz(&b, "可用的取值：");
    for (size_t i = 0; i < choice->value_count; i++) {
        if (str_eq(choice->values[i], v))
            return true;
        nearest(v, choice->values[i], &best, &near);
        buf_fmt(&b, "%s%.*s", i ? "、" : "", STR_ARG(choice->values[i]));
    }
    if (near.n)
        buf_fmt(&b, "；是不是“%.*s”？", STR_ARG(near));
    parser_fail(p, p->node[n].at, str_fmt(parser_words(p), "“%.*s”没有取值“%.*s”", STR_ARG(choice->name), STR_ARG(v)),
                buf_str(&b));
    return false;
}

static bool
share_value(const struct fact_def *a, const struct fact_def *b)
{
    for (size_t i = 0; i < a->value_count; i++)
        for (size_t k = 0; k < b->value_count; k++)
            if (str_eq(a->values[i], b->values[k]))
                return true;
    return false;
}

static struct str
mismatch_remedy(struct parser *p, uint16_t a, uint16_t b)
{
    if (p->node[a].type == TYPE_TEXT && p->node[b].type != TYPE_TEXT) {
        uint16_t swap = a;
        a = b;
        b = swap;
    }
    bool text = p->node[b].type == TYPE_TEXT && p->node[b].op == OP_CONST;
    if (p->node[a].type == TYPE_BOOL)
        return STR("是否类的事实直接写名称，否定写成 not(名称)，或与 true、false 比较");
    if (p->node[a].type == TYPE_NUMBER && text)
        return STR("数字不加引号");
    if (p->node[a].type == TYPE_DATE && text)
        return STR("日期写成 date(\"2026-01-31\")");
    if (p->node[b].type == TYPE_TEXT)
        return STR("取值要加半角双引号");
    return STR("两边必须是同一种类");
}

bool
parser_check_equality(struct parser *p, uint16_t a, uint16_t b)
{
    const struct node *x = &p->node[a], *y = &p->node[b];
    if (x->type == TYPE_NULL || y->type == TYPE_NULL)
        return true;
    if (x->type != y->type) {
        parser_fail(p, y->at,
                    str_fmt(parser_words(p), "%.*s，不能与%.*s比较", STR_ARG(subject(p, a)), STR_ARG(kind_zh(p, b))),
                    mismatch_remedy(p, a, b));
        return false;
    }
    const struct fact_def *c = choice_of(p, a), *d = choice_of(p, b);
    if (c && y->op == OP_CONST)
        return check_value(p, c, b);
    if (d && x->op == OP_CONST)
        return check_value(p, d, a);
    if (c && d && !share_value(c, d)) {
        parser_fail(p, y->at,
                    str_fmt(parser_words(p), "“%.*s”与“%.*s”没有相同的取值", STR_ARG(c->name), STR_ARG(d->name)),
                    STR("请与 \"取值\" 比较"));
        return false;
    }
    return true;
}

bool
parser_check_ordering(struct parser *p, uint16_t a, uint16_t b)
{
    enum node_type x = p->node[a].type, y = p->node[b].type;
    if (x == y && (x == TYPE_NUMBER || x == TYPE_DATE))
        return true;
    bool left_wrong = x != TYPE_NUMBER && x != TYPE_DATE;
    bool right_wrong = y != TYPE_NUMBER && y != TYPE_DATE;
    if (left_wrong || right_wrong) {
        uint16_t wrong = left_wrong ? a : b;
        parser_fail(p, p->node[wrong].at, str_fmt(parser_words(p), "%.*s，不能比大小", STR_ARG(subject(p, wrong))),
                    p->node[wrong].op == OP_CONST ? mismatch_remedy(p, a, b)
                                                  : STR("只有数字和日期能比大小，其他用 = 或 in"));
        return false;
    }
    parser_fail(p, p->node[b].at, STR("数字不能与日期比较"), STR("两边必须是同一种类"));
    return false;
}
