/* The guide's text as lines, and what can be said of one line alone: its number, its last character, how much it is like another. */
#include <string.h>

#include "catalog/import/import_read_int.h"

enum { LIKE_MAX = 120 };

bool
is_cjk(uint32_t cp)
{
    return (cp >= 0x3400 && cp <= 0x9fff) || (cp >= 0xf900 && cp <= 0xfaff) || (cp >= 0x20000 && cp <= 0x3ffff);
}

uint32_t
first_cp(struct str s)
{
    size_t i = 0;
    return str_utf8_next(s, &i);
}

uint32_t
last_cp(struct str s)
{
    if (s.n == 0)
        return 0;
    size_t i = s.n - 1;
    while (i > 0 && ((unsigned char)s.p[i] & 0xc0) == 0x80)
        i--;
    return str_utf8_next(s, &i);
}

size_t
count_cp(struct str s)
{
    return str_utf8_count(s);
}

bool
has(struct str s, const char *words)
{
    return str_find(s, str_c(words)) != SIZE_MAX;
}

struct str
cut_end(struct str s, const char *words)
{
    struct str w = str_c(words);
    return str_ends(s, w) ? str_sub(s, 0, s.n - w.n) : s;
}

static bool
blank_cp(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == '\r' || cp == '\n' || cp == '\v' || cp == '\f' || cp == 0xa0 ||
           (cp >= 0x2000 && cp <= 0x200f) || cp == 0x202f || cp == 0x205f || cp == 0x2060 || cp == 0x3000 ||
           cp == 0xfeff;
}

struct str
squeezed(struct arena *a, struct str s)
{
    struct buf b;
    buf_init(&b, a, s.n + 1);
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        if (!blank_cp(str_utf8_next(s, &i)))
            buf_add(&b, str_sub(s, from, i - from));
    }
    return buf_str(&b);
}

struct str
trimmed(struct str s)
{
    size_t from = 0, to = s.n;
    for (size_t i = 0; i < s.n && blank_cp(str_utf8_next(s, &i));)
        from = i;
    while (to > from) { /* from the end, so that cutting a long line piece by piece stays linear */
        size_t at = to - 1, i;
        while (at > from && ((unsigned char)s.p[at] & 0xc0) == 0x80)
            at--;
        i = at;
        if (!blank_cp(str_utf8_next(s, &i)))
            break;
        to = at;
    }
    return str_sub(s, from, to - from);
}

bool
ends_sentence(struct str s)
{
    uint32_t cp = last_cp(s);
    if (cp == 0x201d || cp == ')' || cp == 0xff09) { /* 。” ends one too */
        struct str inner = str_sub(s, 0, s.n - (cp == ')' ? 1 : 3));
        cp = last_cp(inner) == 0x3002 ? 0x3002 : cp;
    }
    return cp == 0x3002 || cp == 0xff1b || cp == ';' || cp == 0xff01 || cp == '!' || cp == 0xff1f || cp == '?';
}

bool
open_bracket(struct str s)
{
    int round = 0, title = 0;
    for (size_t i = 0; i < s.n;) {
        uint32_t cp = str_utf8_next(s, &i);
        round += cp == '(' || cp == 0xff08 ? 1 : cp == ')' || cp == 0xff09 ? -1 : 0;
        title += cp == 0x300a || cp == 0x3014 ? 1 : cp == 0x300b || cp == 0x3015 ? -1 : 0;
    }
    return round > 0 || title > 0;
}

/* --- numbers --- */

/* The numeral at *POS: 十二 or 12; false when there is none or it is beyond 99 (Chinese) or 999. */
static bool
numeral(struct str s, size_t *pos, int *ret_value, bool *ret_chinese)
{
    static const char *const digits[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九"};
    size_t i = *pos;
    int v = 0, n = 0;
    while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && n < 4) {
        v = v * 10 + (s.p[i++] - '0');
        n++;
    }
    *ret_chinese = n == 0;
    if (n) {
        *pos = i;
        *ret_value = v;
        return n <= 3;
    }
    int unit = 0;
    bool ten = false, some = false;
    for (int round = 0; round < 3; round++) {
        struct str rest = str_sub(s, i, s.n - i);
        if (!ten && str_starts(rest, STR("十"))) {
            v = (unit ? unit : 1) * 10;
            unit = 0;
            ten = some = true;
            i += 3;
            continue;
        }
        int d = 0;
        while (d < 9 && !str_starts(rest, str_c(digits[d])))
            d++;
        if (d == 9 || unit)
            break;
        unit = d + 1;
        some = true;
        i += 3;
    }
    *pos = i;
    *ret_value = v + unit;
    return some;
}

static bool
skip(struct str s, size_t *pos, const char *words)
{
    struct str w = str_c(words);
    if (!str_starts(str_sub(s, *pos, s.n - *pos), w))
        return false;
    *pos += w.n;
    return true;
}

static struct number
number_nth(struct str s)
{
    struct number n = {.shape = NUMBER_NONE};
    size_t i = 3, after;
    if (!numeral(s, &i, &n.value, &n.chinese))
        return n;
    after = i;
    n.unit = str_utf8_next(s, &after);
    static const char *const units[] = {"步", "项", "章", "节", "部分", "类", "条"};
    for (size_t k = 0; k < sizeof units / sizeof *units; k++)
        if (skip(s, &i, units[k])) {
            struct str rest = str_sub(s, i, s.n - i);
            size_t j = i;
            if (!skip(s, &j, "：") && !skip(s, &j, ":") && !skip(s, &j, "、") && !skip(s, &j, " ") &&
                !skip(s, &j, "　") && !skip(s, &j, ".") && rest.n && n.unit != 0x9879 && n.unit != 0x6b65)
                return n; /* 第三条的规定 is no number of the line's own */
            n.shape = NUMBER_NTH;
            n.printed = trimmed(str_sub(s, 0, j));
            n.rest = trimmed(str_sub(s, j, s.n - j));
            return n;
        }
    return n;
}

struct number
number_read(struct str s)
{
    struct number n = {.shape = NUMBER_NONE};
    size_t i = 0;
    uint32_t first = first_cp(s);
    enum number_shape shape = NUMBER_NONE;
    if (first >= 0x2460 && first <= 0x2473) {
        n.value = (int)(first - 0x2460) + 1;
        i = 3;
        shape = NUMBER_CIRCLE;
    } else if (first == 0x7b2c) {
        return number_nth(s);
    } else if (skip(s, &i, "(") || skip(s, &i, "（")) {
        while (skip(s, &i, " "))
            ;
        if (numeral(s, &i, &n.value, &n.chinese)) {
            while (skip(s, &i, " "))
                ;
            shape = skip(s, &i, ")") || skip(s, &i, "）") ? NUMBER_PAREN : NUMBER_NONE;
        }
    } else if (numeral(s, &i, &n.value, &n.chinese)) {
        while (skip(s, &i, " "))
            ;
        if (skip(s, &i, "、"))
            shape = NUMBER_PAUSE;
        else if (skip(s, &i, "．") || (!n.chinese && skip(s, &i, ".")))
            shape = i < s.n && s.p[i] >= '0' && s.p[i] <= '9' ? NUMBER_NONE : NUMBER_DOT;
    }
    if (shape == NUMBER_NONE)
        return (struct number){.shape = NUMBER_NONE, .rest = s};
    n.shape = shape;
    n.printed = trimmed(str_sub(s, 0, i));
    n.rest = trimmed(str_sub(s, i, s.n - i));
    return n;
}

/* --- likeness --- */

static size_t
points(struct str s, uint32_t out[LIKE_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < s.n && n < LIKE_MAX;) {
        uint32_t cp = str_utf8_next(s, &i);
        if (is_cjk(cp) || (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z'))
            out[n++] = cp;
    }
    return n;
}

/* The longest common subsequence, a row of the table in two words: lists and guides of hundreds of matters are compared each with each. */
static size_t
common(const uint32_t *p, size_t n, const uint32_t *q, size_t m)
{
    enum { SLOTS = 256 };
    uint32_t key[SLOTS] = {0};
    uint64_t mask[SLOTS][2] = {{0}}, row[2] = {UINT64_MAX, UINT64_MAX};
    size_t common = 0;
    for (size_t i = 0; i < n; i++) { /* where in P each character stands */
        size_t at = p[i] % SLOTS;
        while (key[at] && key[at] != p[i])
            at = (at + 1) % SLOTS;
        key[at] = p[i];
        mask[at][i / 64] |= (uint64_t)1 << i % 64;
    }
    for (size_t k = 0; k < m; k++) {
        size_t at = q[k] % SLOTS;
        while (key[at] && key[at] != q[k])
            at = (at + 1) % SLOTS;
        uint64_t low = row[0] & mask[at][0], high = row[1] & mask[at][1], sum = row[0] + low, carry = sum < low;
        row[0] = sum | (row[0] & ~mask[at][0]);
        row[1] = (row[1] + high + carry) | (row[1] & ~mask[at][1]);
    }
    for (size_t i = 0; i < n; i++)
        common += !(row[i / 64] >> i % 64 & 1);
    return common;
}

int
likeness(struct str x, struct str y)
{
    uint32_t p[LIKE_MAX], q[LIKE_MAX];
    size_t n = points(x, p), m = points(y, q);
    return n + m == 0 ? 0 : (int)(200 * common(p, n, q, m) / (n + m));
}

/* --- reading --- */

enum err
lines_read(struct ctx *ctx, struct str text, struct guide_line **ret_line, size_t *ret_n)
{
    if (text.n > IMPORT_BYTES_MAX)
        FAIL(ctx, ERR_CATALOG, "指南文字超过 4 MiB，请只保留事项部分再导入");
    if (!str_utf8_valid(text))
        FAIL(ctx, ERR_CATALOG, "指南文字不是有效的 UTF-8，请另存为 UTF-8 编码再导入");
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = str_sub(text, 3, text.n - 3);
    size_t count = 1, n = 0;
    for (size_t i = 0; i < text.n; i++)
        count += text.p[i] == '\n';
    if (count > IMPORT_LINES_MAX)
        FAIL(ctx, ERR_CATALOG, "指南文字超过 %d 行，请分开导入", IMPORT_LINES_MAX);
    struct guide_line *line = ARENA_ARRAY(ctx->arena, count, struct guide_line);
    struct str rest = text, piece;
    int no = 0, gap = 0;
    while (text.n && str_split(&rest, '\n', &piece)) {
        no++;
        struct str t = trimmed(piece);
        if (t.n)
            line[n++] = (struct guide_line){.text = t, .no = no, .gap = gap};
        gap = t.n ? 0 : gap + 1;
    }
    if (n == 0)
        FAIL(ctx, ERR_CATALOG, "文件里没有文字");
    *ret_line = line;
    *ret_n = n;
    return OK;
}
