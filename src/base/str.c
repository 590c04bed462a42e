#include "base/str.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct str
str_c(const char *z)
{
    return z ? (struct str){z, strlen(z)} : STR_NONE;
}

bool
str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
str_eqz(struct str a, const char *z)
{
    return str_eq(a, str_c(z));
}

int
str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    if (c)
        return c;
    return a.n < b.n ? -1 : a.n > b.n;
}

bool
str_empty(struct str s)
{
    return s.n == 0;
}

bool
str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq((struct str){s.p, prefix.n}, prefix);
}

bool
str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && str_eq((struct str){s.p + (s.n - suffix.n), suffix.n}, suffix);
}

size_t
str_find(struct str s, struct str needle)
{
    if (needle.n == 0)
        return 0;
    if (s.n < needle.n)
        return SIZE_MAX;
    const char *hit = memmem(s.p, s.n, needle.p, needle.n);
    return hit ? (size_t)(hit - s.p) : SIZE_MAX;
}

struct str
str_sub(struct str s, size_t from, size_t n)
{
    if (from > s.n)
        from = s.n;
    if (n > s.n - from)
        n = s.n - from;
    return (struct str){s.p ? s.p + from : NULL, n};
}

static const struct str WIDE_SPACE = STR_INIT("\xe3\x80\x80");

struct str
str_trim(struct str s)
{
    for (;;) {
        if (s.n && strchr(" \t\r\n", s.p[0]) && s.p[0])
            s = str_sub(s, 1, s.n);
        else if (str_starts(s, WIDE_SPACE))
            s = str_sub(s, 3, s.n);
        else
            break;
    }
    for (;;) {
        if (s.n && s.p[s.n - 1] && strchr(" \t\r\n", s.p[s.n - 1]))
            s.n--;
        else if (str_ends(s, WIDE_SPACE))
            s.n -= 3;
        else
            break;
    }
    return s;
}

bool
str_split(struct str *rest, char sep, struct str *ret_piece)
{
    if (!rest->p)
        return false;
    const char *hit = rest->n ? memchr(rest->p, sep, rest->n) : NULL;
    if (!hit) {
        *ret_piece = *rest;
        *rest = STR_NONE;
        return true;
    }
    size_t at = (size_t)(hit - rest->p);
    *ret_piece = (struct str){rest->p, at};
    *rest = (struct str){hit + 1, rest->n - at - 1};
    return true;
}

struct str
str_dup(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1);
    if (s.n)
        memcpy(p, s.p, s.n);
    p[s.n] = 0;
    return (struct str){p, s.n};
}

const char *
str_z(struct arena *a, struct str s)
{
    return str_dup(a, s).p;
}

struct str
str_vfmt(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    assert(n >= 0);
    char *p = arena_alloc(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, ap);
    return (struct str){p, (size_t)n};
}

struct str
str_fmt(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct str s = str_vfmt(a, fmt, ap);
    va_end(ap);
    return s;
}

struct str
str_concat(struct arena *a, struct str x, struct str y)
{
    char *p = arena_alloc(a, x.n + y.n + 1);
    if (x.n)
        memcpy(p, x.p, x.n);
    if (y.n)
        memcpy(p + x.n, y.p, y.n);
    return (struct str){p, x.n + y.n};
}

bool
str_int(struct str s, int64_t *ret_v)
{
    bool neg = s.n && s.p[0] == '-';
    size_t i = neg ? 1 : 0;
    if (i == s.n || s.n > 20)
        return false;
    int64_t v = 0;
    for (; i < s.n; i++) {
        int d = s.p[i] - '0';
        if (d < 0 || d > 9)
            return false;
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, d, &v))
            return false;
    }
    if (!neg && __builtin_sub_overflow(0, v, &v))
        return false;
    *ret_v = v;
    return true;
}

uint64_t
str_hash(struct str s)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
    return h;
}

/* Length of the valid sequence at p[0..n), or 0. */
static size_t
utf8_sequence(const unsigned char *p, size_t n)
{
    unsigned char c = p[0];
    if (c == 0)
        return 0;
    if (c < 0x80)
        return 1;
    size_t len = c >= 0xc2 && c <= 0xdf ? 2 : (c & 0xf0) == 0xe0 ? 3 : c >= 0xf0 && c <= 0xf4 ? 4 : 0;
    if (len == 0 || n < len)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((c == 0xe0 && p[1] < 0xa0) || (c == 0xed && p[1] > 0x9f) || (c == 0xf0 && p[1] < 0x90) ||
        (c == 0xf4 && p[1] > 0x8f))
        return 0;
    return len;
}

bool
str_utf8_valid(struct str s)
{
    for (size_t i = 0; i < s.n;) {
        uint64_t eight;
        if (i + sizeof eight <= s.n && (unsigned char)s.p[i] < 0x80) {
            memcpy(&eight, s.p + i, sizeof eight);
            /* eight bytes of 0x01–0x7f: taking one from each borrows only where there is a NUL */
            if (!((eight | (eight - UINT64_C(0x0101010101010101))) & UINT64_C(0x8080808080808080))) {
                i += sizeof eight;
                continue;
            }
        }
        size_t len = utf8_sequence((const unsigned char *)s.p + i, s.n - i);
        if (len == 0)
            return false;
        i += len;
    }
    return true;
}

size_t
str_utf8_count(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.n; i++)
        count += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return count;
}

uint32_t
str_utf8_next(struct str s, size_t *pos)
{
    if (*pos >= s.n)
        return 0;
    const unsigned char *p = (const unsigned char *)s.p + *pos;
    size_t left = s.n - *pos;
    if (p[0] < 0x80 || left < 2) {
        *pos += 1;
        return p[0];
    }
    if (p[0] < 0xe0) {
        *pos += 2;
        return (uint32_t)(p[0] & 0x1f) << 6 | (p[1] & 0x3fu);
    }
    if (p[0] < 0xf0 && left >= 3) {
        *pos += 3;
        return (uint32_t)(p[0] & 0x0f) << 12 | (uint32_t)(p[1] & 0x3f) << 6 | (p[2] & 0x3fu);
    }
    if (left < 4) {
        *pos = s.n;
        return 0xfffd;
    }
    *pos += 4;
    return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3f) << 12 | (uint32_t)(p[2] & 0x3f) << 6 |
           (p[3] & 0x3fu);
}

size_t
str_utf8_put(uint32_t cp, char *out)
{
    unsigned char *o = (unsigned char *)out;
    if (cp < 0x80) {
        o[0] = (unsigned char)cp;
        return 1;
    }
    if (cp < 0x800) {
        o[0] = (unsigned char)(0xc0 | cp >> 6);
        o[1] = (unsigned char)(0x80 | (cp & 0x3f));
        return 2;
    }
    if (cp < 0x10000) {
        o[0] = (unsigned char)(0xe0 | cp >> 12);
        o[1] = (unsigned char)(0x80 | (cp >> 6 & 0x3f));
        o[2] = (unsigned char)(0x80 | (cp & 0x3f));
        return 3;
    }
    o[0] = (unsigned char)(0xf0 | cp >> 18);
    o[1] = (unsigned char)(0x80 | (cp >> 12 & 0x3f));
    o[2] = (unsigned char)(0x80 | (cp >> 6 & 0x3f));
    o[3] = (unsigned char)(0x80 | (cp & 0x3f));
    return 4;
}

void
buf_init(struct buf *b, struct arena *a, size_t cap)
{
    *b = (struct buf){.a = a, .cap = cap < 64 ? 64 : cap};
    b->p = arena_alloc(a, b->cap);
}

char *
buf_room(struct buf *b, size_t n)
{
    if (b->cap - b->n < n + 1) {
        size_t cap = b->cap * 2 > b->n + n + 1 ? b->cap * 2 : b->n + n + 1;
        char *p = arena_alloc(b->a, cap);
        memcpy(p, b->p, b->n);
        b->p = p;
        b->cap = cap;
    }
    return b->p + b->n;
}

void
buf_add(struct buf *b, struct str s)
{
    if (s.n == 0)
        return;
    memcpy(buf_room(b, s.n), s.p, s.n);
    b->n += s.n;
}

void
buf_addz(struct buf *b, const char *z)
{
    buf_add(b, str_c(z));
}

void
buf_byte(struct buf *b, char c)
{
    *buf_room(b, 1) = c;
    b->n++;
}

void
buf_cp(struct buf *b, uint32_t cp)
{
    b->n += str_utf8_put(cp, buf_room(b, 4));
}

void
buf_fmt(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    assert(n >= 0);
    vsnprintf(buf_room(b, (size_t)n), (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->n += (size_t)n;
}

struct str
buf_str(struct buf *b)
{
    *buf_room(b, 0) = 0;
    return (struct str){b->p, b->n};
}
