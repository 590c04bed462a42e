/* The little of SQL's lexical grammar that both databases share. */
#include <string.h>

#include "mksql.h"

void
lex_start(struct lex *l, struct str text, int line)
{
    *l = (struct lex){.text = text, .line = line};
}

static bool
is_word_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char
peek(const struct lex *l, size_t off)
{
    return l->at + off < l->text.n ? l->text.p[l->at + off] : 0;
}

static size_t
length_word(const struct lex *l, size_t from)
{
    size_t n = from;
    while (is_word_start(peek(l, n)) || is_digit(peek(l, n)))
        n++;
    return n;
}

/* Up to and with the closing quote; a doubled quote is part of the text. */
static size_t
length_quoted(const struct lex *l, size_t from, char quote)
{
    size_t n = from + 1;
    for (; l->at + n < l->text.n; n++) {
        if (peek(l, n) != quote)
            continue;
        if (peek(l, n + 1) != quote)
            return n + 1;
        n++;
    }
    return n;
}

static size_t
length_comment(const struct lex *l)
{
    size_t n = 2;
    if (peek(l, 0) == '-') {
        while (peek(l, n) && peek(l, n) != '\n')
            n++;
        return n;
    }
    while (l->at + n < l->text.n && !(peek(l, n) == '*' && peek(l, n + 1) == '/'))
        n++;
    return l->at + n < l->text.n ? n + 2 : n;
}

static enum tok
measure(const struct lex *l, size_t *ret_n)
{
    char c = peek(l, 0), d = peek(l, 1);
    *ret_n = 1;
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        while (peek(l, *ret_n) && strchr(" \t\r\n", peek(l, *ret_n)))
            ++*ret_n;
        return TOK_SPACE;
    }
    if ((c == '-' && d == '-') || (c == '/' && d == '*'))
        return *ret_n = length_comment(l), TOK_COMMENT;
    if ((c == 'x' || c == 'X' || c == 'e' || c == 'E' || c == 'b' || c == 'B') && d == '\'')
        return *ret_n = length_quoted(l, 1, '\''), TOK_STRING;
    if (c == '\'')
        return *ret_n = length_quoted(l, 0, c), TOK_STRING;
    if (c == '"' || c == '`')
        return *ret_n = length_quoted(l, 0, c), TOK_QUOTED;
    if (is_word_start(c))
        return *ret_n = length_word(l, 1), TOK_WORD;
    if (is_digit(c)) {
        while (is_word_start(peek(l, *ret_n)) || is_digit(peek(l, *ret_n)) || peek(l, *ret_n) == '.')
            ++*ret_n;
        return TOK_NUMBER;
    }
    if (c == ':' && d == ':')
        return *ret_n = 2, TOK_PUNCT;
    if (c == ':' && is_word_start(d))
        return *ret_n = length_word(l, 1), TOK_PARAM;
    return TOK_PUNCT;
}

struct token
lex_next(struct lex *l)
{
    struct token t = {.kind = TOK_END, .line = l->line};
    if (l->at >= l->text.n)
        return t;
    size_t n;
    t.kind = measure(l, &n);
    t.s = str_sub(l->text, l->at, n);
    for (size_t i = 0; i < t.s.n; i++)
        l->line += t.s.p[i] == '\n';
    l->at += t.s.n;
    return t;
}

struct token
lex_solid(struct lex *l)
{
    struct token t;
    do
        t = lex_next(l);
    while (t.kind == TOK_SPACE || t.kind == TOK_COMMENT);
    return t;
}

bool
word_is(struct token t, const char *lower)
{
    return t.kind == TOK_WORD && t.s.n == strlen(lower) && strncasecmp(t.s.p, lower, t.s.n) == 0;
}

bool
punct_is(struct token t, char c)
{
    return t.kind == TOK_PUNCT && t.s.n == 1 && t.s.p[0] == c;
}

const char *
word_in(struct token t, const char *const *list)
{
    for (; *list; list++)
        if (word_is(t, *list))
            return *list;
    return NULL;
}
