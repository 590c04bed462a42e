#include "base/decimal.h"

/* Coefficients stay below 10^34. Exact products, sums and quotients before rounding need twice as many digits: they are
** held as two halves of 34 digits (hi × 10^34 + lo, 256 bits in all), which makes "drop the last k digits" two
** divisions by
** a power of ten. Exponents are those of IEEE 754 decimal128; beyond the largest a function answers false, below the
** smallest the value rounds towards zero at 10^-6176. */

__extension__ typedef unsigned __int128 u128;

enum { DIGITS = 34, EXP_MIN = -6176, EXP_MAX = 6111, WIDE_DIGITS = 71 };

struct wide {
    u128 hi, lo; /* lo < 10^34; hi < 10^37 */
    bool more;   /* a remainder below one unit of lo follows */
};

/* Where a dropped tail lies between 0 and one unit of what is kept. */
enum tail { TAIL_NONE, TAIL_BELOW_HALF, TAIL_HALF, TAIL_ABOVE_HALF };

/* 10^k, k ≤ 38. */
static u128
power10(int k)
{
    /* clang-format off */
    static const uint64_t SMALL[] = {1u, 10u, 100u, 1000u, 10000u, 100000u, 1000000u, 10000000u, 100000000u, 1000000000u,
        10000000000u, 100000000000u, 1000000000000u, 10000000000000u, 100000000000000u, 1000000000000000u,
        10000000000000000u, 100000000000000000u, 1000000000000000000u, 10000000000000000000u};
    /* clang-format on */
    return k < 20 ? SMALL[k] : (u128)SMALL[19] * SMALL[k - 19];
}

/* Digits of V; 0 has none. */
static int
count_digits(u128 v)
{
    int lo = 0, hi = 39; /* 10^(lo-1) <= v, v < 10^hi */
    while (lo < hi) {
        int mid = (lo + hi) / 2;
        if (mid <= 38 && v >= power10(mid))
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static u128
magnitude(struct decimal d)
{
    return d.coef < 0 ? (u128)0 - (u128)d.coef : (u128)d.coef;
}

/* REST of a division by UNIT, with MORE behind it. */
static enum tail
tail_of(u128 rest, u128 unit, bool more)
{
    if (rest == 0)
        return more ? TAIL_BELOW_HALF : TAIL_NONE;
    u128 half = unit / 2; /* a power of ten: even unless 1, and then rest is 0 */
    if (rest != half)
        return rest < half ? TAIL_BELOW_HALF : TAIL_ABOVE_HALF;
    return more ? TAIL_ABOVE_HALF : TAIL_HALF;
}

/* W without its last DROP digits, at most 34 of which remain. */
static u128
drop_digits(struct wide w, int64_t drop, enum tail *ret_tail)
{
    if (drop == 0) {
        *ret_tail = w.more ? TAIL_BELOW_HALF : TAIL_NONE;
        return w.lo;
    }
    if (drop > WIDE_DIGITS) {
        *ret_tail = w.hi || w.lo || w.more ? TAIL_BELOW_HALF : TAIL_NONE;
        return 0;
    }
    if (drop > DIGITS) {
        u128 unit = power10((int)drop - DIGITS);
        *ret_tail = tail_of(w.hi % unit, unit, w.lo || w.more);
        return w.hi / unit;
    }
    u128 unit = power10((int)drop);
    *ret_tail = tail_of(w.lo % unit, unit, w.more);
    return w.hi * power10(DIGITS - (int)drop) + w.lo / unit;
}

static bool
rounds_away(bool neg, bool odd, enum tail tail, enum decimal_rounding how)
{
    if (tail == TAIL_NONE)
        return false;
    switch (how) {
    case DECIMAL_HALF_EVEN:
        return tail == TAIL_ABOVE_HALF || (tail == TAIL_HALF && odd);
    case DECIMAL_HALF_UP: /* ties away from zero, as money is rounded */
        return tail != TAIL_BELOW_HALF;
    case DECIMAL_DOWN:
        return false;
    case DECIMAL_UP:
        return true;
    case DECIMAL_FLOOR:
        return neg;
    case DECIMAL_CEILING:
        return !neg;
    }
    return false;
}

static bool
make(bool neg, u128 coef, int64_t exp, struct decimal *ret)
{
    if (coef == power10(DIGITS)) {
        coef /= 10;
        exp++;
    }
    if (coef == 0)
        exp = exp < EXP_MIN ? EXP_MIN : exp > 0 ? 0 : exp;
    int room = DIGITS - count_digits(coef);
    if (exp > EXP_MAX) { /* the same value with more zeros, if they fit */
        if (exp - EXP_MAX > room)
            return false;
        coef *= power10((int)(exp - EXP_MAX));
        exp = EXP_MAX;
    }
    *ret = (struct decimal){neg ? -(decimal_coef)coef : (decimal_coef)coef, (int32_t)exp};
    return true;
}

/* W × 10^EXP as a decimal: rounded half even to 34 digits, fewer at the smallest exponent. */
static bool
finish(bool neg, struct wide w, int64_t exp, struct decimal *ret)
{
    int digits = w.hi ? DIGITS + count_digits(w.hi) : count_digits(w.lo);
    int64_t drop = digits > DIGITS ? digits - DIGITS : 0;
    if (exp + drop < EXP_MIN)
        drop = EXP_MIN - exp;
    enum tail tail;
    u128 coef = drop_digits(w, drop, &tail);
    if (rounds_away(neg, coef % 2, tail, DECIMAL_HALF_EVEN))
        coef++;
    return make(neg, coef, exp + drop, ret);
}

struct decimal
decimal_int(int64_t v)
{
    return (struct decimal){v, 0};
}

/* a × b for a, b < 10^34, by halves of 17 digits. */
static struct wide
multiply(u128 a, u128 b)
{
    const u128 half = power10(17), full = power10(DIGITS);
    if (a < half && b < half) /* nearly always */
        return (struct wide){0, a * b, false};
    u128 a1 = a / half, a0 = a % half, b1 = b / half, b0 = b % half;
    u128 mid = a1 * b0 + a0 * b1;
    u128 lo = a0 * b0 + mid % half * half;
    return (struct wide){a1 * b1 + mid / half + lo / full, lo % full, false};
}

bool
decimal_mul(struct decimal a, struct decimal b, struct decimal *ret)
{
    return finish((a.coef < 0) != (b.coef < 0), multiply(magnitude(a), magnitude(b)), (int64_t)a.exp + b.exp, ret);
}

bool
decimal_div(struct decimal a, struct decimal b, struct decimal *ret)
{
    u128 divisor = magnitude(b);
    if (divisor == 0)
        return false;
    u128 q = magnitude(a) / divisor, rest = magnitude(a) % divisor;
    int64_t exp = (int64_t)a.exp - b.exp;
    /* Four digits a step: rest × 10^4 < 10^38. Ends with at least one digit more than is kept, or exactly. */
    while (rest && q < power10(DIGITS)) {
        rest *= 10000;
        q = q * 10000 + rest / divisor;
        rest %= divisor;
        exp -= 4;
    }
    struct wide w = {q / power10(DIGITS), q % power10(DIGITS), rest != 0};
    return finish((a.coef < 0) != (b.coef < 0), w, exp, ret);
}

/* a + b for a.exp ≥ b.exp, both not zero: both as multiples of one power of ten, a up to 71 digits long. Further apart,
** b is less than half a last digit of a whatever its digits are, and one unit stands for it. */
static bool
add_aligned(struct decimal a, struct decimal b, struct decimal *ret)
{
    u128 big = magnitude(a), small = magnitude(b);
    int64_t shift = (int64_t)a.exp - b.exp, exp = b.exp;
    int most = WIDE_DIGITS - count_digits(big);
    if (shift > most) {
        shift = most;
        exp = a.exp - shift;
        small = 1;
    }
    const u128 full = power10(DIGITS);
    struct wide w = {0};
    if (shift < DIGITS)
        w = multiply(big, power10((int)shift));
    else
        w.hi = big * power10((int)shift - DIGITS);
    bool neg = a.coef < 0;
    if ((a.coef < 0) == (b.coef < 0)) {
        w.lo += small;
        w.hi += w.lo / full;
        w.lo %= full;
    } else if (w.lo >= small) {
        w.lo -= small;
    } else if (w.hi) {
        w.hi--;
        w.lo = w.lo + full - small;
    } else {
        w.lo = small - w.lo;
        neg = !neg;
    }
    return finish(neg, w, exp, ret);
}

bool
decimal_add(struct decimal a, struct decimal b, struct decimal *ret)
{
    if (a.coef == 0 || b.coef == 0) {
        *ret = a.coef ? a : b;
        return true;
    }
    return a.exp >= b.exp ? add_aligned(a, b, ret) : add_aligned(b, a, ret);
}

bool
decimal_sub(struct decimal a, struct decimal b, struct decimal *ret)
{
    b.coef = -b.coef;
    return decimal_add(a, b, ret);
}

int
decimal_cmp(struct decimal a, struct decimal b)
{
    int sa = (a.coef > 0) - (a.coef < 0), sb = (b.coef > 0) - (b.coef < 0);
    if (sa != sb || sa == 0)
        return (sa > sb) - (sa < sb);
    u128 x = magnitude(a), y = magnitude(b);
    int dx = count_digits(x), dy = count_digits(y);
    int64_t top_a = (int64_t)a.exp + dx, top_b = (int64_t)b.exp + dy;
    if (top_a != top_b)
        return top_a > top_b ? sa : -sa;
    if (dx < dy) /* same highest place: the one with fewer digits gets zeros */
        x *= power10(dy - dx);
    else
        y *= power10(dx - dy);
    return x == y ? 0 : x > y ? sa : -sa;
}

bool
decimal_round(struct decimal a, int scale, enum decimal_rounding how, struct decimal *ret)
{
    int64_t drop = -(int64_t)scale - a.exp;
    if (drop <= 0) {
        *ret = a;
        return true;
    }
    bool neg = a.coef < 0;
    enum tail tail;
    u128 coef = drop_digits((struct wide){0, magnitude(a), false}, drop, &tail);
    if (rounds_away(neg, coef % 2, tail, how))
        coef++;
    return make(neg, coef, -(int64_t)scale, ret);
}

bool
decimal_to_int(struct decimal d, int64_t *ret_v)
{
    decimal_coef v = d.coef;
    int64_t exp = d.exp;
    for (; exp < 0 && v; exp++) {
        if (v % 10)
            return false;
        v /= 10;
    }
    for (; exp > 0 && v; exp--) {
        v *= 10;
        if (v > INT64_MAX || v < INT64_MIN)
            return false;
    }
    if (v > INT64_MAX || v < INT64_MIN)
        return false;
    *ret_v = (int64_t)v;
    return true;
}

/* [eE][+-]digits at *POS, or nothing; stops counting where every number is out of range. */
static bool
parse_exponent(struct str s, size_t *pos, int64_t *ret_exp)
{
    *ret_exp = 0;
    if (*pos == s.n)
        return true;
    if (s.p[*pos] != 'e' && s.p[*pos] != 'E')
        return false;
    size_t i = *pos + 1;
    bool neg = i < s.n && s.p[i] == '-';
    if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
        i++;
    size_t from = i;
    int64_t e = 0;
    for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
        if (e < INT64_C(1) << 40)
            e = e * 10 + (s.p[i] - '0');
    *pos = i;
    *ret_exp = neg ? -e : e;
    return i > from;
}

bool
decimal_parse(struct str s, struct decimal *ret_d)
{
    size_t i = s.n && s.p[0] == '-' ? 1 : 0;
    bool neg = i == 1, point = false;
    u128 coef = 0, tail = 0; /* tail: the first digit that no longer fits, above the rest of them */
    bool more = false;
    int kept = 0, dropped = 0;
    int64_t exp = 0;
    size_t digits = 0;
    for (; i < s.n; i++) {
        if (s.p[i] == '.' && !point && digits) {
            point = true;
            digits = 0;
            continue;
        }
        unsigned d = (unsigned)(s.p[i] - '0');
        if (d > 9)
            break;
        digits++;
        exp -= point;
        if (kept < DIGITS) {
            coef = coef * 10u + d;
            kept += coef != 0;
        } else {
            exp++;
            if (dropped++ == 0)
                tail = d;
            else
                more |= d != 0;
        }
    }
    int64_t e;
    if (digits == 0 || !parse_exponent(s, &i, &e) || i != s.n)
        return false;
    struct wide w = {0, coef, false};
    if (dropped) { /* the first dropped digit comes back in as the 35th */
        w = multiply(coef, 10);
        w.lo += tail;
        w.more = more;
        exp--;
    }
    return finish(neg, w, exp + e, ret_d);
}

struct str
decimal_text(struct arena *a, struct decimal d)
{
    char digit[40];
    int n = 0;
    int64_t exp = d.exp;
    u128 v = magnitude(d);
    if (v == 0)
        return STR("0");
    for (; v % 10 == 0; v /= 10)
        exp++;
    for (; v; v /= 10)
        digit[n++] = (char)('0' + (int)(v % 10));
    struct buf b;
    buf_init(&b, a, 64);
    if (d.coef < 0)
        buf_byte(&b, '-');
    if (n + exp <= 0)
        buf_addz(&b, "0.");
    for (int64_t zeros = n + exp; zeros < 0; zeros++)
        buf_byte(&b, '0');
    for (int i = n - 1; i >= 0; i--) {
        buf_byte(&b, digit[i]);
        if (i > 0 && i + exp == 0)
            buf_byte(&b, '.');
    }
    for (int64_t zeros = exp; zeros > 0; zeros--)
        buf_byte(&b, '0');
    return buf_str(&b);
}
