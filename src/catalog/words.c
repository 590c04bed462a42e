/* A lexical reading: the expression has been compiled, so its shape is known to be sound. */
#include "catalog/words.h"

#include <string.h>

enum word_kind { WORD_END, WORD_NAME, WORD_VALUE, WORD_SIGN };

struct word {
    enum word_kind kind;
    struct str text;
};

static bool
is_name_byte(char c)
{
    unsigned char u = (unsigned char)c;
    return u >= 0x80 || (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') || (u >= '0' && u <= '9') || u == '_' ||
           u == '.';
}

static struct word
next_word(struct str s, size_t *pos)
{
    while (*pos < s.n && (s.p[*pos] == ' ' || s.p[*pos] == '\n'))
        (*pos)++;
    size_t from = *pos;
    if (from >= s.n)
        return (struct word){WORD_END, STR_NONE};
    if (s.p[from] == '"') {
        size_t to = from + 1;
        while (to < s.n && s.p[to] != '"')
            to++;
        *pos = to < s.n ? to + 1 : to;
        return (struct word){WORD_VALUE, str_sub(s, from + 1, to - from - 1)};
    }
    if (is_name_byte(s.p[from])) {
        while (*pos < s.n && is_name_byte(s.p[*pos]))
            (*pos)++;
        bool digit = s.p[from] >= '0' && s.p[from] <= '9';
        return (struct word){digit ? WORD_VALUE : WORD_NAME, str_sub(s, from, *pos - from)};
    }
    *pos += from + 1 < s.n && s.p[from + 1] == '=' && strchr("<>!", s.p[from]) ? 2 : 1;
    return (struct word){WORD_SIGN, str_sub(s, from, *pos - from)};
}

/* 已直接结算 → 未直接结算: the negation that people would say. */
static void
add_negated(struct buf *b, struct str name)
{
    static const struct {
        struct str from, to;
    } turn[] = {
        {STR_INIT("已"), STR_INIT("未")},       {STR_INIT("可"), STR_INIT("不能")},
        {STR_INIT("需要"), STR_INIT("不需要")}, {STR_INIT("持有"), STR_INIT("没有")},
        {STR_INIT("使用"), STR_INIT("不使用")}, {STR_INIT("符合"), STR_INIT("不符合")},
    };
    for (size_t i = 0; i < sizeof turn / sizeof *turn; i++)
        if (str_starts(name, turn[i].from)) {
            buf_add(b, turn[i].to);
            buf_add(b, str_sub(name, turn[i].from.n, name.n));
            return;
        }
    buf_addz(b, "不是");
    buf_add(b, name);
}

/* in ("a", "b", "c") → 为a、b或c; POS stands behind "in". */
static void
add_choices(struct buf *b, struct str s, size_t *pos)
{
    struct str item[64];
    size_t n = 0;
    for (struct word w = next_word(s, pos); w.kind != WORD_END && !str_eqz(w.text, ")"); w = next_word(s, pos))
        if (w.kind != WORD_SIGN && n < 64)
            item[n++] = w.text;
    buf_addz(b, "为");
    for (size_t i = 0; i < n; i++) {
        buf_addz(b, i == 0 ? "" : i + 1 == n ? "或" : "、");
        buf_add(b, item[i]);
    }
}

/* A name and what is compared with it; POS stands behind the name. */
static void
add_comparison(struct buf *b, struct str s, struct str name, size_t *pos)
{
    static const struct {
        const char *sign, *word;
    } compare[] = {{"=", "为"}, {"!=", "不是"}, {"<", "小于"}, {"<=", "不超过"}, {">", "大于"}, {">=", "不小于"}};
    size_t ahead = *pos;
    struct word sign = next_word(s, &ahead);
    if (str_eqz(sign.text, "in")) {
        buf_add(b, name);
        *pos = ahead;
        add_choices(b, s, pos);
        return;
    }
    for (size_t i = 0; i < sizeof compare / sizeof *compare; i++) {
        if (sign.kind != WORD_SIGN || !str_eqz(sign.text, compare[i].sign))
            continue;
        struct word value = next_word(s, &ahead);
        *pos = ahead;
        bool flag = value.kind == WORD_NAME && (str_eqz(value.text, "true") || str_eqz(value.text, "false"));
        if (flag && str_eqz(value.text, "true") == (i == 0)) {
            buf_add(b, name);
        } else if (flag) {
            add_negated(b, name);
        } else {
            buf_add(b, name);
            buf_addz(b, compare[i].word);
            buf_add(b, value.text);
        }
        return;
    }
    buf_add(b, name);
}

struct str
condition_words(struct arena *a, const struct condition *c)
{
    if (!c->feel)
        return STR("");
    struct buf b;
    buf_init(&b, a, c->source.n + 64);
    size_t pos = 0;
    for (struct word w = next_word(c->source, &pos); w.kind != WORD_END; w = next_word(c->source, &pos)) {
        if (str_eqz(w.text, "and"))
            buf_addz(&b, "，并且");
        else if (str_eqz(w.text, "or"))
            buf_addz(&b, "，或者");
        else if (str_eqz(w.text, "not"))
            buf_addz(&b, "不属于");
        else if (str_eqz(w.text, "("))
            buf_addz(&b, "（");
        else if (str_eqz(w.text, ")"))
            buf_addz(&b, "）");
        else if (w.kind == WORD_NAME)
            add_comparison(&b, c->source, w.text, &pos);
        else
            buf_add(&b, w.text);
    }
    return buf_str(&b);
}
