/* Tokens. The house rule lives here: full-width forms outside quotes look right and mean something else, so they are
** errors that say what to type instead. */
#include <string.h>

#include "rules/feel_int.h"

void
feel_error_set(struct lexer *lx, size_t at, struct str what, struct str remedy)
{
    *lx->error = (struct feel_error){
        .column = str_utf8_count(str_sub(lx->src, 0, at)) + 1,
        .what = what,
        .remedy = remedy,
    };
}

static struct token
lex_fail(struct lexer *lx, size_t at, struct str what, struct str remedy)
{
    feel_error_set(lx, at, what, remedy);
    return (struct token){.kind = TOKEN_ERROR, .at = at};
}

static struct token
lex_take(struct lexer *lx, enum token_kind kind, size_t at, size_t n)
{
    lx->pos = at + n;
    struct str raw = str_sub(lx->src, at, n);
    return (struct token){.kind = kind, .at = at, .text = raw, .raw = raw};
}

static const struct {
    uint32_t cp;
    const char *half; /* what to type; "" = delete it */
} LOOKALIKE[] = {
    {0x201c, "\""}, {0x201d, "\""}, {0x201e, "\""}, {0x2018, "\""}, {0x2019, "\""}, {0x300c, "\""},   {0x300d, "\""},
    {0x300e, "\""}, {0x300f, "\""}, {0x2265, ">="}, {0x2264, "<="}, {0x2267, ">="}, {0x2266, "<="},   {0x2260, "!="},
    {0x00d7, "*"},  {0x00f7, "/"},  {0x3001, ","},  {0x2212, "-"},  {0x2013, "-"},  {0x2014, "-"},    {0x3010, "("},
    {0x3011, ")"},  {0x3014, "("},  {0x3015, ")"},  {0x3000, " "},  {0x00a0, " "},  {0x2236, "date"}, {0x3002, ""},
    {0x2026, ""},   {0x200b, ""},   {0xfeff, ""},
};

/* Error for a character that no expression may hold outside quotes. */
static struct token
lex_bad_character(struct lexer *lx, size_t at, uint32_t cp, struct str shown)
{
    struct arena *a = lx->ctx->arena;
    char half[2] = {0};
    const char *instead = NULL;
    if (cp >= 0xff01 && cp <= 0xff5e) {
        half[0] = (char)(cp - 0xfee0);
        instead = half;
    }
    for (size_t i = 0; !instead && i < sizeof LOOKALIKE / sizeof LOOKALIKE[0]; i++)
        if (LOOKALIKE[i].cp == cp)
            instead = LOOKALIKE[i].half;
    if (!instead)
        return lex_fail(lx, at, str_fmt(a, "不认识的符号“%.*s”", STR_ARG(shown)), STR("文字要放在半角双引号 \" 里面"));
    if (!*instead)
        return lex_fail(lx, at, str_fmt(a, "引号外不能有“%.*s”（U+%04X）", STR_ARG(shown), (unsigned)cp),
                        STR("请删去这个字符"));
    if (*instead == ' ')
        return lex_fail(lx, at, STR("引号外有全角空格或不换行空格"), STR("请改用半角空格"));
    return lex_fail(lx, at, str_fmt(a, "引号外有全角字符“%.*s”", STR_ARG(shown)),
                    str_fmt(a, "请改用半角的 %s", instead));
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_ascii_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_ideograph(uint32_t cp)
{
    return (cp >= 0x3400 && cp <= 0x4dbf) || (cp >= 0x4e00 && cp <= 0x9fff) || (cp >= 0x20000 && cp <= 0x3ffff) ||
           cp == 0x3007;
}

static struct token
lex_number(struct lexer *lx)
{
    size_t at = lx->pos, i = at;
    const struct str s = lx->src;
    while (i < s.n && is_digit(s.p[i]))
        i++;
    if (i + 1 < s.n && s.p[i] == '.' && is_digit(s.p[i + 1]))
        for (i++; i < s.n && is_digit(s.p[i]);)
            i++;
    if (i - at > FEEL_DIGITS_MAX)
        return lex_fail(lx, at, STR("数字太长"), STR("最多 34 位"));
    size_t after = i;
    uint32_t cp = str_utf8_next(s, &after);
    if (cp == '%')
        return lex_fail(lx, i, STR("不能写百分号"), STR("请写成小数，例如 50% 写成 0.5"));
    if (is_ascii_letter(cp) || is_ideograph(cp))
        return lex_fail(lx, i, STR("数字后面直接跟了文字"), STR("名称不能以数字开头；单位不用写；关键字前请空一格"));
    return lex_take(lx, TOKEN_NUMBER, at, i - at);
}

static struct token
lex_text(struct lexer *lx)
{
    size_t at = lx->pos, i = at + 1;
    const struct str s = lx->src;
    bool escaped = false;
    for (; i < s.n && s.p[i] != '"'; i++)
        if (s.p[i] == '\\') {
            escaped = true;
            i++;
            if (i == s.n || (s.p[i] != '"' && s.p[i] != '\\'))
                return lex_fail(lx, i - 1, STR("引号里的反斜杠后面只能是 \" 或 \\"), STR("要写一个反斜杠请写两个"));
        } else if ((unsigned char)s.p[i] < 0x20) {
            return lex_fail(lx, i, STR("引号里不能换行"), STR("请在同一行补上右引号 \""));
        }
    if (i >= s.n)
        return lex_fail(lx, at, STR("缺少右引号"), STR("请补上半角双引号 \"；中文引号不算"));
    struct token t = lex_take(lx, TOKEN_TEXT, at, i + 1 - at);
    t.text = str_sub(s, at + 1, i - at - 1);
    if (escaped) {
        struct buf b;
        buf_init(&b, lx->arena, t.text.n);
        for (size_t k = 0; k < t.text.n; k++) {
            k += t.text.p[k] == '\\';
            buf_byte(&b, t.text.p[k]);
        }
        t.text = buf_str(&b);
    }
    return t;
}

static const struct {
    const char *word;
    enum token_kind kind;
} KEYWORD[] = {
    {"and", TOKEN_AND},     {"or", TOKEN_OR},           {"not", TOKEN_NOT},
    {"in", TOKEN_IN},       {"between", TOKEN_BETWEEN}, {"true", TOKEN_TRUE},
    {"false", TOKEN_FALSE}, {"null", TOKEN_NULL},       {"date", TOKEN_DATE},
};

static struct token
lex_name(struct lexer *lx)
{
    size_t at = lx->pos, i = at;
    for (;;) {
        size_t next = i;
        uint32_t cp = str_utf8_next(lx->src, &next);
        if (!is_ascii_letter(cp) && !is_ideograph(cp) && !(cp >= '0' && cp <= '9'))
            break;
        i = next;
    }
    struct token t = lex_take(lx, TOKEN_NAME, at, i - at);
    for (size_t k = 0; k < sizeof KEYWORD / sizeof KEYWORD[0]; k++)
        if (str_eqz(t.text, KEYWORD[k].word))
            t.kind = KEYWORD[k].kind;
    return t;
}

/* What other languages write, and how it is written here. */
static const struct {
    const char *typed, *what, *remedy;
} HABIT[] = {
    {"==", "“==”不是比较符号", "相等只写一个 ="},
    {"=>", "“=>”不是比较符号", "大于等于写成 >="},
    {"=<", "“=<”不是比较符号", "小于等于写成 <="},
    {"<>", "“<>”不是比较符号", "不等于写成 !="},
    {"&", "“&”不能用", "并且写成 and"},
    {"|", "“|”不能用", "或者写成 or"},
    {"'", "不能用单引号", "文字请用半角双引号 \""},
    {"**", "不支持乘方", "请写成连乘"},
    {"%", "不能写百分号", "请写成小数"},
    {"[", "不支持方括号", "一组值请写成 in (\"甲\", \"乙\")"},
};

static const struct {
    const char *typed;
    enum token_kind kind;
} SYMBOL[] = {
    {"!=", TOKEN_NE},    {"<=", TOKEN_LE},    {">=", TOKEN_GE},   {"=", TOKEN_EQ},   {"<", TOKEN_LT},
    {">", TOKEN_GT},     {"+", TOKEN_PLUS},   {"-", TOKEN_MINUS}, {"*", TOKEN_STAR}, {"/", TOKEN_SLASH},
    {"(", TOKEN_LPAREN}, {")", TOKEN_RPAREN}, {",", TOKEN_COMMA},
};

static struct token
lex_symbol(struct lexer *lx)
{
    struct str rest = str_sub(lx->src, lx->pos, 2);
    for (size_t i = 0; i < sizeof HABIT / sizeof HABIT[0]; i++)
        if (str_starts(rest, str_c(HABIT[i].typed)))
            return lex_fail(lx, lx->pos, str_c(HABIT[i].what), str_c(HABIT[i].remedy));
    for (size_t i = 0; i < sizeof SYMBOL / sizeof SYMBOL[0]; i++)
        if (str_starts(rest, str_c(SYMBOL[i].typed)))
            return lex_take(lx, SYMBOL[i].kind, lx->pos, strlen(SYMBOL[i].typed));
    if (rest.p[0] == '!')
        return lex_fail(lx, lx->pos, STR("“!”后面应当是 ="), STR("不等于写成 !=，否定写成 not(...)"));
    if ((unsigned char)rest.p[0] < 0x20 || rest.p[0] == 0x7f)
        return lex_fail(lx, lx->pos, STR("有看不见的控制字符"), STR("请删去"));
    return lex_bad_character(lx, lx->pos, (unsigned char)rest.p[0], str_sub(rest, 0, 1));
}

struct token
lexer_next(struct lexer *lx)
{
    while (lx->pos < lx->src.n && lx->src.p[lx->pos] && strchr(" \t\r\n", lx->src.p[lx->pos]))
        lx->pos++;
    if (lx->pos == lx->src.n)
        return (struct token){.kind = TOKEN_END, .at = lx->pos};
    char c = lx->src.p[lx->pos];
    if (is_digit(c))
        return lex_number(lx);
    if (c == '"')
        return lex_text(lx);
    size_t next = lx->pos;
    uint32_t cp = str_utf8_next(lx->src, &next);
    if (is_ascii_letter(cp) || is_ideograph(cp))
        return lex_name(lx);
    if (cp >= 0x80)
        return lex_bad_character(lx, lx->pos, cp, str_sub(lx->src, lx->pos, next - lx->pos));
    return lex_symbol(lx);
}
