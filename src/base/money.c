#include "base/money.h"

#include <inttypes.h>

bool
money_add(struct money a, struct money b, struct money *ret_sum)
{
    return !__builtin_add_overflow(a.fen, b.fen, &ret_sum->fen);
}

bool
money_sub(struct money a, struct money b, struct money *ret_diff)
{
    return !__builtin_sub_overflow(a.fen, b.fen, &ret_diff->fen);
}

static uint64_t
magnitude(struct money m)
{
    return m.fen < 0 ? 0 - (uint64_t)m.fen : (uint64_t)m.fen;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Length of the whole-yuan part: digits, all of them or grouped by commas in threes. 0 if it is neither. */
static size_t
whole_part(struct str s)
{
    size_t i = 0;
    while (i < s.n && is_digit(s.p[i]))
        i++;
    if (i == 0 || i == s.n || s.p[i] != ',')
        return i;
    if (i > 3)
        return 0;
    while (i < s.n && s.p[i] == ',') {
        size_t from = ++i;
        while (i < s.n && is_digit(s.p[i]))
            i++;
        if (i - from != 3) /* "1,23" is more likely a slip for 1.23 than an amount */
            return 0;
    }
    return i;
}

bool
money_parse(struct str yuan, struct money *ret_m)
{
    struct str s = yuan;
    bool neg = s.n && s.p[0] == '-';
    if (neg)
        s = str_sub(s, 1, s.n);
    size_t whole = whole_part(s);
    if (whole == 0)
        return false;
    size_t decimals = 0;
    if (whole < s.n) {
        decimals = s.n - whole - 1;
        if (s.p[whole] != '.' || decimals < 1 || decimals > 2)
            return false;
    }
    /* Counted below zero, where int64 reaches one further. */
    int64_t fen = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (!is_digit(s.p[i])) {
            if (i > whole)
                return false;
            continue;
        }
        if (__builtin_mul_overflow(fen, 10, &fen) || __builtin_sub_overflow(fen, s.p[i] - '0', &fen))
            return false;
    }
    for (size_t i = decimals; i < 2; i++)
        if (__builtin_mul_overflow(fen, 10, &fen))
            return false;
    if (!neg && __builtin_sub_overflow(0, fen, &fen))
        return false;
    ret_m->fen = fen;
    return true;
}

struct str
money_plain(struct arena *a, struct money m)
{
    uint64_t n = magnitude(m);
    return str_fmt(a, "%s%" PRIu64 ".%02" PRIu64, m.fen < 0 ? "-" : "", n / 100, n % 100);
}

struct str
money_text(struct arena *a, struct money m)
{
    struct str plain = money_plain(a, m);
    size_t sign = m.fen < 0 ? 1 : 0, point = plain.n - 3;
    struct buf b;
    buf_init(&b, a, plain.n + plain.n / 3 + 1);
    for (size_t i = 0; i < plain.n; i++) {
        if (i > sign && i < point && (point - i) % 3 == 0)
            buf_byte(&b, ',');
        buf_byte(&b, plain.p[i]);
    }
    return buf_str(&b);
}

static const char *const DIGITS[] = {"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"};

/* Whole yuan, digit by digit: one 零 stands for a run of zeros once another digit follows. 亿 repeats every eight
** places (亿, 万亿, 亿亿); 万 and 亿 are left out where nothing of their own was written. */
static void
capitals_whole(struct buf *b, uint64_t yuan)
{
    static const char *const PLACES[] = {"", "拾", "佰", "仟"};
    char digit[20];
    int count = 0;
    for (; yuan; yuan /= 10)
        digit[count++] = (char)(yuan % 10);
    bool zero = false, ten_thousands = false;
    for (int i = count - 1; i >= 0; i--) {
        if (digit[i]) {
            if (zero)
                buf_addz(b, "零");
            zero = false;
            buf_addz(b, DIGITS[(int)digit[i]]);
            buf_addz(b, PLACES[i % 4]);
            ten_thousands |= i % 8 >= 4;
        } else {
            zero = true;
        }
        if (i % 8 == 4 && ten_thousands)
            buf_addz(b, "万");
        if (i % 8 == 0) {
            ten_thousands = false;
            if (i > 0)
                buf_addz(b, "亿");
        }
    }
}

struct str
money_capitals(struct arena *a, struct money m)
{
    uint64_t n = magnitude(m);
    uint64_t yuan = n / 100;
    int jiao = (int)(n / 10 % 10), fen = (int)(n % 10);
    struct buf b;
    buf_init(&b, a, 128);
    if (m.fen < 0)
        buf_addz(&b, "负");
    if (yuan || n == 0) {
        if (yuan)
            capitals_whole(&b, yuan);
        else
            buf_addz(&b, "零");
        buf_addz(&b, "元");
    }
    /* A zero at the yuan place before 角 may be read or not (both are official): not read here. Before 分 alone it must
     * be. */
    if (jiao) {
        buf_addz(&b, DIGITS[jiao]);
        buf_addz(&b, "角");
    } else if (fen && yuan) {
        buf_addz(&b, "零");
    }
    if (fen) {
        buf_addz(&b, DIGITS[fen]);
        buf_addz(&b, "分");
    } else {
        buf_addz(&b, "整");
    }
    return buf_str(&b); //= R114
}
