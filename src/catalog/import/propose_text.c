/* Texts of a guide as the proposals read them: folding, slices outside brackets, numbered items, numbers, phones. */
#include <string.h>

#include "catalog/import/propose_int.h"

/* Half-width twin of a full-width character; 0 for blanks, which tell nothing in Chinese prose. */
static uint32_t
fold_cp(uint32_t cp)
{
    if (cp == ' ' || cp == '\t' || cp == '\r' || cp == 0x3000 || cp == 0xA0)
        return 0;
    if (cp >= 0xFF01 && cp <= 0xFF5E)
        return cp - 0xFEE0;
    return cp == 0xFF61 ? 0x3002 : cp;
}

struct folded
propose_fold(struct arena *a, struct str s)
{
    struct folded f = {.original = s.n > PROPOSE_TEXT_MAX ? str_sub(s, 0, 0) : s};
    char *out = arena_alloc(a, f.original.n + 4);
    uint32_t *at = ARENA_ARRAY(a, f.original.n + 5, uint32_t);
    size_t n = 0;
    for (size_t pos = 0; pos < f.original.n;) {
        size_t start = pos;
        uint32_t cp = fold_cp(str_utf8_next(f.original, &pos));
        if (cp == 0)
            continue;
        size_t k = str_utf8_put(cp, out + n);
        for (size_t i = 0; i < k; i++)
            at[n + i] = (uint32_t)start;
        n += k;
    }
    at[n] = (uint32_t)f.original.n;
    f.text = (struct str){out, n};
    f.at = at;
    return f;
}

struct str
propose_proper(const struct folded *f, struct str slice)
{
    if (slice.n == 0 || slice.p < f->text.p || slice.p + slice.n > f->text.p + f->text.n)
        return slice; /* made by us, not cut out of the text */
    size_t from = f->at[slice.p - f->text.p], to = f->at[(size_t)(slice.p - f->text.p) + slice.n];
    return str_trim(str_sub(f->original, from, to - from));
}

size_t
text_find(struct str s, const char *z)
{
    return str_find(s, str_c(z));
}

bool
text_has(struct str s, const char *z)
{
    return text_find(s, z) != SIZE_MAX;
}

bool
text_starts(struct str s, const char *z)
{
    size_t i = 0; /* asked of every character for every word of the tables: no strlen */
    while (i < s.n && z[i] && s.p[i] == z[i])
        i++;
    return !z[i];
}

bool
text_ends(struct str s, const char *z)
{
    return str_ends(s, str_c(z));
}

bool
text_drop_start(struct str *s, const char *z)
{
    if (!text_starts(*s, z))
        return false;
    *s = str_sub(*s, strlen(z), s->n);
    return true;
}

bool
text_drop_end(struct str *s, const char *z)
{
    if (!text_ends(*s, z))
        return false;
    s->n -= strlen(z);
    return true;
}

bool
text_drop_start_any(struct str *s, const char *const *zs)
{
    for (; *zs; zs++)
        if (text_drop_start(s, *zs))
            return true;
    return false;
}

bool
text_drop_end_any(struct str *s, const char *const *zs)
{
    for (; *zs; zs++)
        if (text_drop_end(s, *zs))
            return true;
    return false;
}

bool
text_ends_any(struct str s, const char *const *zs)
{
    return text_drop_end_any(&s, zs);
}

bool
text_has_any(struct str s, const char *const *zs)
{
    for (; *zs; zs++)
        if (text_has(s, *zs))
            return true;
    return false;
}

struct str
text_trim(struct str s)
{
    static const char *const marks[] = {"\n", ";", ",", "。", "、", ":", ".", NULL};
    while (text_drop_start_any(&s, marks) || text_drop_end_any(&s, marks)) {
    }
    return s;
}

struct str
text_from(struct str s, size_t at)
{
    return str_sub(s, at, s.n);
}

struct str
text_between(const char *from, const char *to)
{
    return (struct str){from, to > from ? (size_t)(to - from) : 0};
}

size_t
text_chars(struct str s)
{
    return str_utf8_count(s);
}

int
text_depth(uint32_t cp, int depth)
{
    switch (cp) {
    case '\n':
        return 0;
    case '(':
    case '[':
    case 0x300A: /* 《 */
    case 0x201C: /* “ */
    case 0x3010: /* 【 */
        return depth + 1;
    case ')':
    case ']':
    case 0x300B:
    case 0x201D:
    case 0x3011:
        return depth > 0 ? depth - 1 : 0;
    default:
        return depth;
    }
}

bool
text_piece(struct str *rest, const char *seps, struct str *ret_piece)
{
    int depth = 0;
    if (!rest->p)
        return false;
    for (size_t pos = 0; pos < rest->n;) {
        size_t start = pos;
        uint32_t cp = str_utf8_next(*rest, &pos);
        char put[4];
        struct str one = {put, str_utf8_put(cp, put)};
        depth = text_depth(cp, depth);
        if (depth == 0 && str_find(str_c(seps), one) != SIZE_MAX) {
            *ret_piece = str_sub(*rest, 0, start);
            *rest = text_from(*rest, pos);
            return true;
        }
    }
    *ret_piece = *rest;
    *rest = STR_NONE;
    return true;
}

size_t
text_find_outside(struct str s, const char *z, size_t from)
{
    int depth = 0;
    for (size_t pos = 0; pos < s.n;) {
        if (depth == 0 && pos >= from && text_starts(text_from(s, pos), z))
            return pos;
        depth = text_depth(str_utf8_next(s, &pos), depth);
    }
    return SIZE_MAX;
}

/* Chinese digit 0–9, 10 for ten, 100 for a hundred; -1 for anything else. */
static int
chinese_digit(uint32_t cp)
{
    switch (cp) {
    case 0x96F6: /* 零 */
    case 0x3007:
        return 0;
    case 0x4E00:
        return 1;
    case 0x4E8C: /* 二 */
    case 0x4E24: /* 两 */
        return 2;
    case 0x4E09:
        return 3;
    case 0x56DB:
        return 4;
    case 0x4E94:
        return 5;
    case 0x516D:
        return 6;
    case 0x4E03:
        return 7;
    case 0x516B:
        return 8;
    case 0x4E5D:
        return 9;
    case 0x5341:
        return 10;
    case 0x767E:
        return 100;
    default:
        return -1;
    }
}

bool
text_number(struct str s, size_t *pos, int *ret_n)
{
    size_t at = *pos;
    int n = 0, last = -1, d;
    while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9' && at - *pos < 6)
        n = n * 10 + (s.p[at++] - '0');
    if (at > *pos) {
        *pos = at;
        *ret_n = n;
        return true;
    }
    for (size_t next = at; next < s.n && n < 1000; at = next) {
        d = chinese_digit(str_utf8_next(s, &next));
        if (d < 0)
            break;
        if (d >= 10) {
            n += (last < 0 ? 1 : last) * d;
            last = 0;
        } else if (last > 0) {
            return false; /* 二三: no number we know */
        } else {
            last = d;
        }
    }
    if (at == *pos)
        return false;
    *pos = at;
    *ret_n = n + (last > 0 ? last : 0);
    return true;
}

bool
text_last_paren(struct str s, struct str *ret_body, struct str *ret_content)
{
    if (!text_ends(s, ")"))
        return false;
    int depth = 0;
    for (size_t i = s.n; i-- > 0;) {
        if (s.p[i] == ')')
            depth++;
        if (s.p[i] == '(' && --depth == 0) {
            *ret_body = str_sub(s, 0, i);
            *ret_content = str_sub(s, i + 1, s.n - i - 2);
            return true;
        }
    }
    return false;
}

/* --- numbered items --- */

enum marker {
    MARKER_PAREN_CHINESE,
    MARKER_PAREN_DIGIT,
    MARKER_CHINESE,
    MARKER_DIGIT,
    MARKER_CIRCLE,
    MARKER_STEP,
    MARKER_COUNT
};

/* A marker at POS of S: its kind, number and end. */
static bool
marker_at(struct str s, size_t pos, enum marker *ret_kind, int *ret_n, size_t *ret_end)
{
    size_t at = pos, end = pos;
    uint32_t cp = str_utf8_next(s, &end);
    if (cp >= 0x2460 && cp <= 0x2473) {
        *ret_kind = MARKER_CIRCLE;
        *ret_n = (int)(cp - 0x2460) + 1;
        *ret_end = end;
        return true;
    }
    bool paren = cp == '(', step = text_starts(text_from(s, pos), "第");
    if (paren || step)
        at = end;
    size_t number = at;
    if (!text_number(s, &at, ret_n) || *ret_n > 99)
        return false;
    bool digit = s.p[number] >= '0' && s.p[number] <= '9';
    struct str rest = text_from(s, at);
    if (paren && text_starts(rest, ")")) {
        *ret_kind = digit ? MARKER_PAREN_DIGIT : MARKER_PAREN_CHINESE;
        *ret_end = at + 1;
        return true;
    }
    if (step && text_drop_start(&rest, "步")) {
        static const char *const ends[] = {":", ",", "、", ".", NULL};
        (void)text_drop_start_any(&rest, ends);
        *ret_kind = MARKER_STEP;
        *ret_end = s.n - rest.n;
        return true;
    }
    if (paren || step || rest.n == 0)
        return false;
    bool dot = digit && (text_drop_start(&rest, ".") || text_drop_start(&rest, ")"));
    if (!dot && !text_drop_start(&rest, "、"))
        return false;
    if (dot && rest.n && rest.p[0] >= '0' && rest.p[0] <= '9')
        return false; /* 9.10 */
    *ret_kind = digit ? MARKER_DIGIT : MARKER_CHINESE;
    *ret_end = s.n - rest.n;
    return true;
}

/* May a marker stand at POS? */
static bool
marker_place(struct str s, size_t pos, enum marker kind, bool *ret_line_start)
{
    struct str before = str_sub(s, 0, pos);
    *ret_line_start = pos == 0 || text_ends(before, "\n");
    if (*ret_line_start || kind == MARKER_CIRCLE || text_ends(before, "。") || text_ends(before, ";"))
        return true;
    if (kind == MARKER_CHINESE || kind == MARKER_STEP)
        return false;
    return text_ends(before, ":") || text_ends(before, ",") || text_ends(before, ")") || text_ends(before, "、");
}

size_t
propose_items(struct str s, struct item *item, size_t max)
{
    enum marker stack[MARKER_COUNT];
    int last[MARKER_COUNT] = {0}, depth = 0, brackets = 0;
    size_t n = 0;
    item[0] = (struct item){.text = s};
    for (size_t pos = 0; pos < s.n;) {
        enum marker kind;
        int number;
        size_t end;
        bool line_start;
        if (brackets == 0 && marker_at(s, pos, &kind, &number, &end)) {
            int level = 0;
            while (level < depth && stack[level] != kind)
                level++;
            bool known = level < depth, paren = kind == MARKER_PAREN_CHINESE || kind == MARKER_PAREN_DIGIT;
            bool placed = marker_place(s, pos, kind, &line_start) ||
                          (known && paren && number == last[level] + 1); /* 甲(1)乙(2)丙 */
            bool fits =
                known ? number == last[level] + 1 || (line_start && number >= last[level] && number <= last[level] + 2)
                      : number == 1;
            if (fits && placed && depth < MARKER_COUNT && n + 1 < max) {
                stack[level] = kind;
                last[level] = number;
                depth = level + 1;
                item[n].text = text_between(item[n].text.p, s.p + pos);
                if (n > 0 || !str_empty(text_trim(item[0].text)))
                    n++;
                item[n] = (struct item){.depth = depth, .head = str_sub(s, pos, end - pos), .text = text_from(s, end)};
                pos = end;
                continue;
            }
        }
        brackets = text_depth(str_utf8_next(s, &pos), brackets);
    }
    return s.n ? n + 1 : 0;
}

/* --- phones --- */

static size_t
digits_at(struct str s, size_t pos)
{
    size_t n = 0;
    while (pos + n < s.n && s.p[pos + n] >= '0' && s.p[pos + n] <= '9')
        n++;
    return n;
}

static size_t
dash_at(struct str s, size_t pos)
{
    static const char *const dashes[] = {"-", "—", "–", "─", "‐", NULL};
    struct str rest = text_from(s, pos);
    size_t n = rest.n;
    return text_drop_start_any(&rest, dashes) ? n - rest.n : 0;
}

/* Bytes of a phone number at POS: 0722-3233281(-8001), (0722)3233281, 13800138000, 12393, 400-…; 0 if there is none. */
static size_t
phone_at(struct str s, size_t pos)
{
    size_t paren = s.p[pos] == '(' ? 1 : 0, first = digits_at(s, pos + paren), at = pos + paren + first;
    if (first == 0)
        return 0;
    if (paren && (s.p[pos + 1] != '0' || at >= s.n || s.p[at] != ')'))
        return 0;
    at += paren;
    size_t dash = dash_at(s, at), second = digits_at(s, at + dash);
    bool area = s.p[pos + paren] == '0' && (first == 3 || first == 4),
         service = first == 3 && (s.p[pos] == '4' || s.p[pos] == '8');
    if ((area && (dash || paren) && second >= 7 && second <= 9) || (service && dash && second >= 3 && second <= 7)) {
        at += dash + second;
        dash = dash_at(s, at);
        second = digits_at(s, at + dash);
        return dash && second >= 1 && second <= 5 ? at + dash + second - pos : at - pos;
    }
    bool mobile = first == 11 && s.p[pos] == '1', hotline = first == 5 && s.p[pos] == '1' && s.p[pos + 1] == '2';
    bool local = (first == 7 || first == 8) && s.p[pos] != '0' && s.p[pos] != '1',
         joined = s.p[pos] == '0' && first >= 10 && first <= 12;
    return !paren && (mobile || hotline || local || joined) ? first : 0;
}

struct str
text_phone(struct str *rest, struct str *ret_before)
{
    for (size_t pos = 0; pos < rest->n;) {
        size_t n = rest->p[pos] == '(' || (rest->p[pos] >= '0' && rest->p[pos] <= '9') ? phone_at(*rest, pos) : 0;
        if (n) {
            struct str number = str_sub(*rest, pos, n);
            *ret_before = str_sub(*rest, 0, pos);
            *rest = text_from(*rest, pos + n);
            return number;
        }
        size_t digits = digits_at(*rest, pos);
        pos += digits ? digits : 1;
    }
    return STR_NONE;
}
