/* Texts as characters: folding, comparing, cutting evidence. */
#include "catalog/lint/lint_text_int.h"

#include <string.h>

bool
cp_han(uint32_t cp)
{
    return (cp >= 0x4E00 && cp <= 0x9FFF) || (cp >= 0x3400 && cp <= 0x4DBF) || cp == 0x3007;
}

bool
cp_blank(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == 0xA0 || cp == 0x3000 || (cp >= 0x2000 && cp <= 0x200B) || cp == 0xFEFF;
}

bool
cp_digit(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || (cp >= 0xFF10 && cp <= 0xFF19);
}

bool
cp_letter(uint32_t cp)
{
    return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z');
}

bool
cp_in(uint32_t cp, const char *set)
{
    struct str s = str_c(set);
    for (size_t at = 0; at < s.n;)
        if (str_utf8_next(s, &at) == cp)
            return true;
    return false;
}

uint32_t
cp_plain(uint32_t cp)
{
    static const struct {
        uint32_t from, to;
    } fold[] = {{0x3001, ','},  {0x3002, '.'}, {0x201C, '"'}, {0x201D, '"'}, {0x2018, '\''},
                {0x2019, '\''}, {0x3010, '['}, {0x3011, ']'}, {0x3014, '['}, {0x3015, ']'},
                {0x2014, '-'},  {0x2013, '-'}, {0x2015, '-'}, {0x2212, '-'}, {0x00B7, '.'},
                {0x300A, '<'},  {0x300B, '>'}, {0x3008, '<'}, {0x3009, '>'}};
    if (cp_blank(cp) || cp == '\n' || cp == '\r')
        return 0;
    if (cp >= 0xFF01 && cp <= 0xFF5E)
        return cp - 0xFEE0;
    for (size_t i = 0; i < sizeof fold / sizeof *fold; i++)
        if (fold[i].from == cp)
            return fold[i].to;
    return cp;
}

static struct chars
decode(struct arena *a, struct str s, bool plain)
{
    struct chars c = {ARENA_ARRAY(a, s.n + 1, uint32_t), ARENA_ARRAY(a, s.n + 1, uint32_t), 0};
    for (size_t at = 0; at < s.n;) {
        size_t here = at;
        uint32_t cp = str_utf8_next(s, &at);
        if (plain)
            cp = cp_plain(cp);
        if (!cp)
            continue;
        c.cp[c.n] = cp;
        c.at[c.n++] = (uint32_t)here;
    }
    c.at[c.n] = (uint32_t)s.n;
    return c;
}

struct chars
chars_of(struct arena *a, struct str s)
{
    return decode(a, s, false);
}

struct chars
chars_plain(struct arena *a, struct str s)
{
    return decode(a, s, true);
}

struct str
chars_text(struct str s, const struct chars *c, size_t from, size_t to)
{
    return from >= to ? STR("") : str_trim(str_sub(s, c->at[from], c->at[to] - c->at[from]));
}

struct str
chars_around(struct str s, const struct chars *c, size_t from, size_t to, size_t context)
{
    size_t lo = from, hi = to;
    while (lo > 0 && from - lo < context && c->cp[lo - 1] != '\n')
        lo--;
    while (hi < c->n && hi - to < context && c->cp[hi] != '\n')
        hi++;
    return chars_text(s, c, lo, hi);
}

bool
chars_eq(const struct chars *a, const struct chars *b)
{
    return a->n == b->n && (a->n == 0 || memcmp(a->cp, b->cp, a->n * sizeof *a->cp) == 0);
}

struct delta
chars_delta(const struct chars *a, const struct chars *b)
{
    struct delta d = {0};
    size_t n = a->n < b->n ? a->n : b->n;
    while (d.head < n && a->cp[d.head] == b->cp[d.head])
        d.head++;
    while (d.tail < n - d.head && a->cp[a->n - 1 - d.tail] == b->cp[b->n - 1 - d.tail])
        d.tail++;
    d.a_rest = a->n - d.head - d.tail;
    d.b_rest = b->n - d.head - d.tail;
    return d;
}

struct str
lint_plain(struct lint *l, struct str s)
{
    struct chars c = chars_plain(l->a, s);
    struct buf b;
    buf_init(&b, l->a, s.n + 1);
    for (size_t i = 0; i < c.n; i++)
        buf_cp(&b, c.cp[i]);
    return buf_str(&b);
}

bool
lint_told(const struct lint *l, const char *rule, const struct matter *m, struct str field, int line)
{
    for (size_t i = 0; i < l->told_count; i++) {
        const struct lint_told *x = &l->told[i];
        if (x->matter == m && (!line || x->line == line) && (!rule || strcmp(x->rule->id, rule) == 0) &&
            str_eq(x->field, field))
            return true;
    }
    return false;
}

void
lint_each(struct lint *l, lint_each_fn *f)
{
    for (size_t i = 0; i < l->n; i++)
        for (size_t k = 0; k < l->matter[i].text_count; k++)
            f(l, &l->matter[i], &l->matter[i].text[k]);
}

struct lint_hit
lint_at(const struct lint_matter *m, const struct lint_text *t, const struct chars *c, size_t from, size_t to,
        size_t context)
{
    struct str evidence = chars_around(t->text, c, from, to, context);
    return (struct lint_hit){.matter = m->m,
                             .field = t->field,
                             .node = t->node,
                             .offset = c->at[from],
                             .severity = SEVERITY_WARN,
                             .evidence = evidence,
                             .cause = evidence};
}

void
chars_drop_tail(struct chars *c) /* final stops are a matter of marks_differ */
{
    while (c->n && cp_in(c->cp[c->n - 1], ".;,"))
        c->n--;
}

bool
chars_marks_only(const struct chars *c, size_t from, size_t n)
{
    for (size_t i = from; i < from + n; i++)
        if (cp_han(c->cp[i]) || cp_letter(c->cp[i]) || cp_digit(c->cp[i]))
            return false;
    return true;
}

/* The characters that differ are a pair that makes two names: 转入 and 转出, 门诊 and 住院. */
bool
lint_opposites(struct lint *l, struct str a, struct str b)
{
    for (size_t i = 0; i < l->terms->antonym_count; i++) {
        struct str x = l->terms->antonym[i];
        if ((str_starts(x, a) && str_ends(x, b)) || (str_starts(x, b) && str_ends(x, a)))
            return true;
    }
    return false;
}

bool
lint_has_number(struct str s)
{
    size_t at = 0;
    while (at < s.n) {
        uint32_t cp = str_utf8_next(s, &at);
        if (cp_digit(cp) || cp_letter(cp) || cp_in(cp, "一二三四五六七八九十"))
            return true;
    }
    return false;
}

struct str
lint_cut(struct lint *l, const struct chars *c, size_t from, size_t n)
{
    struct buf b;
    buf_init(&b, l->a, n * 4 + 1);
    for (size_t i = from; i < from + n && i < c->n; i++)
        buf_cp(&b, c->cp[i]);
    return buf_str(&b);
}
