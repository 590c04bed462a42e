/* Text: pointer and length, valid UTF-8 proved once at the edge (str_utf8_valid). Not NUL terminated
** unless it came from a function here that says so. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct str {
    const char *p;
    size_t n;
};

#define STR(lit) ((struct str){"" lit, sizeof(lit) - 1})
#define STR_INIT(lit)                                                                                                  \
    {                                                                                                                  \
        "" lit, sizeof(lit) - 1                                                                                        \
    }
#define STR_NONE ((struct str){NULL, 0})
/* For printf: "%.*s", STR_ARG(s) */
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

struct str str_c(const char *z); /* wraps a NUL terminated string; NULL gives STR_NONE */
bool str_eq(struct str a, struct str b);
bool str_eqz(struct str a, const char *z);
int str_cmp(struct str a, struct str b); /* by bytes = by code point */
bool str_empty(struct str s);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* First position of NEEDLE in S, or SIZE_MAX. */
size_t str_find(struct str s, struct str needle);
struct str str_sub(struct str s, size_t from, size_t n); /* clamped */
struct str str_trim(struct str s);                       /* ASCII blanks and U+3000 off both ends */
/* Cuts the piece before the first SEP off *rest; false when *rest is exhausted (p == NULL). */
bool str_split(struct str *rest, char sep, struct str *ret_piece);
struct str str_dup(struct arena *a, struct str s); /* NUL terminated copy */
const char *str_z(struct arena *a, struct str s);  /* the same as char * */
struct str str_fmt(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
struct str str_vfmt(struct arena *a, const char *fmt, va_list ap);
struct str str_concat(struct arena *a, struct str x, struct str y);
/* Decimal integer, whole text, with optional '-'; false on anything else or overflow. */
bool str_int(struct str s, int64_t *ret_v);
uint64_t str_hash(struct str s); /* FNV-1a; not for hostile keys without a bound */

bool str_utf8_valid(struct str s); /* strict: no overlong, surrogate, NUL or > U+10FFFF */
size_t str_utf8_count(struct str s);
/* Decodes the code point at *pos and moves on; s must be valid. 0 at the end. */
uint32_t str_utf8_next(struct str s, size_t *pos);
/* Writes CP as UTF-8 to OUT[4]; number of bytes. */
size_t str_utf8_put(uint32_t cp, char *out);

/* A growing text in an arena. */
struct buf {
    struct arena *a;
    char *p;
    size_t n, cap;
};

void buf_init(struct buf *b, struct arena *a, size_t cap);
void buf_add(struct buf *b, struct str s);
void buf_addz(struct buf *b, const char *z);
void buf_byte(struct buf *b, char c);
void buf_cp(struct buf *b, uint32_t cp);
void buf_fmt(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
struct str buf_str(struct buf *b); /* NUL terminated behind n */
/* Room for N more bytes; caller may write them at b->p + b->n and add to b->n. */
char *buf_room(struct buf *b, size_t n);

#endif
