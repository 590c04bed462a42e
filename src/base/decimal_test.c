#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/decimal.h"

static struct arena *a;
static uint64_t seed;

static int
load(void **state)
{
    (void)state;
    a = arena_new(0);
    const char *given = getenv("JINGBAN_SEED");
    seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    print_message("JINGBAN_SEED=%llu\n", (unsigned long long)seed);
    return 0;
}

static int
unload(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static struct decimal
dec(const char *text)
{
    struct decimal d;
    if (!decimal_parse(str_c(text), &d))
        fail_msg("not read: %s", text);
    return d;
}

static const char *
show(struct decimal d)
{
    return decimal_text(a, d).p;
}

/* --- the slow reference: integers as rows of decimal digits, lowest first ---------------------------------------- */

enum { ROW = 512 };

struct row {
    bool neg, more; /* more: a remainder below one unit */
    int exp;
    unsigned char d[ROW];
};

static struct row
row_of(struct decimal x)
{
    struct row r = {.neg = x.coef < 0, .exp = x.exp};
    decimal_coef c = x.coef;
    for (int i = 0; c; i++, c /= 10)
        r.d[i] = (unsigned char)(c < 0 ? -(c % 10) : c % 10);
    return r;
}

static int
row_digits(const struct row *r)
{
    int n = ROW;
    while (n && !r->d[n - 1])
        n--;
    return n;
}

static void
row_shift(struct row *r, int zeros)
{
    memmove(r->d + zeros, r->d, (size_t)(ROW - zeros));
    memset(r->d, 0, (size_t)zeros);
    r->exp -= zeros;
}

static int
row_cmp(const struct row *x, const struct row *y)
{
    for (int i = ROW - 1; i >= 0; i--)
        if (x->d[i] != y->d[i])
            return x->d[i] < y->d[i] ? -1 : 1;
    return 0;
}

static struct row
row_add(struct row x, struct row y)
{
    if (x.exp > y.exp)
        row_shift(&x, x.exp - y.exp);
    else
        row_shift(&y, y.exp - x.exp);
    if (row_cmp(&x, &y) < 0) {
        struct row t = x;
        x = y;
        y = t;
    }
    int carry = 0, sign = x.neg == y.neg ? 1 : -1;
    for (int i = 0; i < ROW; i++) {
        int v = x.d[i] + sign * y.d[i] + carry;
        carry = v > 9 ? 1 : v < 0 ? -1 : 0;
        x.d[i] = (unsigned char)(v - carry * 10);
    }
    return x;
}

static struct row
row_mul(const struct row *x, const struct row *y)
{
    struct row r = {.neg = x->neg != y->neg, .exp = x->exp + y->exp};
    for (int i = 0; i < 40; i++) {
        int carry = 0;
        for (int j = 0; j < 80; j++) {
            int v = r.d[i + j] + x->d[i] * (j < 40 ? y->d[j] : 0) + carry;
            r.d[i + j] = (unsigned char)(v % 10);
            carry = v / 10;
        }
    }
    return r;
}

static struct row
row_div(struct row x, struct decimal by)
{
    struct row q = {.neg = x.neg != (by.coef < 0), .exp = x.exp - by.exp - 90};
    row_shift(&x, 90);
    decimal_coef b = by.coef < 0 ? -by.coef : by.coef, rest = 0;
    for (int i = ROW - 1; i >= 0; i--) {
        rest = rest * 10 + x.d[i];
        for (; rest >= b; rest -= b)
            q.d[i]++;
    }
    q.more = rest != 0;
    return q;
}

/* Drops the last N digits. */
static void
row_round(struct row *r, int n, enum decimal_rounding how)
{
    bool half = n && r->d[n - 1] == 5, below = r->more, any;
    for (int i = 0; i < n - 1; i++)
        below |= r->d[i] != 0;
    any = below || (n && r->d[n - 1]);
    bool above = n && (r->d[n - 1] > 5 || (half && below));
    bool tie = half && !below;
    bool up = how == DECIMAL_HALF_EVEN ? above || (tie && r->d[n] % 2)
              : how == DECIMAL_HALF_UP ? above || tie
              : how == DECIMAL_UP      ? any
              : how == DECIMAL_FLOOR   ? any && r->neg
              : how == DECIMAL_CEILING ? any && !r->neg
                                       : false;
    memmove(r->d, r->d + n, (size_t)(ROW - n));
    memset(r->d + ROW - n, 0, (size_t)n);
    r->exp += n;
    r->more = false;
    for (int i = 0; up; i++) {
        r->d[i] = (unsigned char)((r->d[i] + 1) % 10);
        up = r->d[i] == 0;
    }
}

static void
row_fit(struct row *r)
{
    int n = row_digits(r);
    row_round(r, n > 34 ? n - 34 : 0, DECIMAL_HALF_EVEN);
}

/* X equals R, whatever zeros either keeps at its end. */
static void
same(struct decimal x, struct row r, const char *what, struct decimal p, struct decimal q)
{
    struct row got = row_of(x);
    int n = row_digits(&got), m = row_digits(&r), least;
    bool ok = n <= 34 && (n == 0) == (m == 0);
    if (ok && n) {
        ok = got.neg == r.neg && n + got.exp == m + r.exp;
        least = n < m ? n : m;
        for (int i = 1; i <= least; i++)
            ok &= got.d[n - i] == r.d[m - i];
        for (int i = 0; i < n - least; i++)
            ok &= got.d[i] == 0;
        for (int i = 0; i < m - least; i++)
            ok &= r.d[i] == 0;
    }
    if (!ok)
        fail_msg("%s %s %s gave %s", show(p), what, show(q), show(x));
}

static uint64_t
draw(uint64_t below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed >> 33) % below;
}

/* Mostly nines, zeros and fives, where rounding carries and ties are. */
static struct decimal
any_decimal(void)
{
    struct decimal x = {0, (int32_t)draw(101) - 50};
    int n = (int)draw(35), style = (int)draw(4);
    static const char *const FROM[] = {"0123456789", "0000000009", "9999999995", "0000050000"};
    for (int i = 0; i < n; i++)
        x.coef = x.coef * 10 + (FROM[style][draw(10)] - '0');
    if (draw(2))
        x.coef = -x.coef;
    return x;
}

static void
arithmetic_against_the_reference(void **state)
{
    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct decimal x = any_decimal(), y = any_decimal(), got, minus = {-y.coef, y.exp};
        struct row p = row_of(x), q = row_of(y), r = row_add(p, q);
        row_fit(&r);
        assert_true(decimal_add(x, y, &got));
        same(got, r, "+", x, y);
        r = row_add(p, row_of(minus));
        int sign = row_digits(&r) == 0 ? 0 : r.neg ? -1 : 1;
        assert_int_equal(decimal_cmp(x, y), sign);
        row_fit(&r);
        assert_true(decimal_sub(x, y, &got));
        same(got, r, "-", x, y);
        r = row_mul(&p, &q);
        row_fit(&r);
        assert_true(decimal_mul(x, y, &got));
        same(got, r, "*", x, y);
        assert_int_equal(decimal_div(x, y, &got), y.coef != 0);
        if (y.coef) {
            r = row_div(p, y);
            row_fit(&r);
            same(got, r, "/", x, y);
        }
        struct decimal back = dec(show(x));
        assert_int_equal(decimal_cmp(back, x), 0);
        arena_reset(a);
    }
}

static void
rounding_against_the_reference(void **state)
{
    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct decimal x = any_decimal(), got;
        int scale = (int)draw(121) - 60;
        for (int how = DECIMAL_HALF_EVEN; how <= DECIMAL_CEILING; how++) {
            struct row r = row_of(x);
            int drop = -scale - x.exp;
            if (drop > 0)
                row_round(&r, drop, (enum decimal_rounding)how);
            assert_true(decimal_round(x, scale, (enum decimal_rounding)how, &got));
            same(got, r, "rounded", x, decimal_int(scale));
        }
        arena_reset(a);
    }
}

static void
reading_against_the_reference(void **state)
{
    (void)state;
    for (int i = 0; i < 20000; i++) {
        char text[200];
        int n = 1 + (int)draw(80), point = (int)draw(80), at = 0, last = 0;
        struct row r = {.neg = draw(2), .exp = 0};
        if (r.neg)
            text[at++] = '-';
        static const char FROM[] = "01234567895500";
        for (int k = 0; k < n; k++) {
            if (k == point && k > 0)
                text[at++] = '.';
            if (k >= point && k > 0 && point > 0)
                r.exp--;
            text[at] = FROM[draw(14)];
            r.d[n - 1 - k] = (unsigned char)(text[at++] - '0');
        }
        last = (int)draw(41) - 20;
        snprintf(text + at, sizeof text - (size_t)at, "e%d", last);
        r.exp += last;
        struct row exact = r;
        row_fit(&r);
        same(dec(text), r, text, decimal_int(n), decimal_int(exact.exp));
        arena_reset(a);
    }
}

static void
texts(void **state)
{
    (void)state;
    static const char *const ROWS[][2] = {
        {"0", "0"},
        {"-0", "0"},
        {"0.000", "0"},
        {"1.50", "1.5"},
        {"-1.50", "-1.5"},
        {"100", "100"},
        {"1e3", "1000"},
        {"1E+3", "1000"},
        {"1e-3", "0.001"},
        {"12.34e1", "123.4"},
        {"0.5", "0.5"},
        {"007.10", "7.1"},
        {"12e-2", "0.12"},
        {"0e999999999999", "0"},
        {"9999999999999999999999999999999999", "9999999999999999999999999999999999"},
        {"99999999999999999999999999999999995", "100000000000000000000000000000000000"},
        {"12345678901234567890123456789012345", "12345678901234567890123456789012340"},
        {"123456789012345678901234567890123450000001e-8", "1234567890123456789012345678901235"},
        {"0.1234567890123456789012345678901234", "0.1234567890123456789012345678901234"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)

        assert_string_equal(show(dec(ROWS[i][0])), ROWS[i][1]);
    assert_string_equal(show(decimal_int(INT64_MIN)), "-9223372036854775808");
    static const char *const BAD[] = {
        "",       "-",  ".5",    "1.", "1..2", "1.2.3", "+1",   " 1",  "1 ",     "1e",
        "1e+",    "e5", "1,000", "１", "--1",  "1e5x",  "0x10", "NaN", "1e6145", "1e99999999999999999999",
        "-1e6145"};
    struct decimal d;
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        if (decimal_parse(str_c(BAD[i]), &d))
            fail_msg("read: %s", BAD[i]);
    assert_false(decimal_parse(STR_NONE, &d));
}

static void
edges_of_the_range(void **state)
{
    (void)state;
    struct decimal max = dec("9.999999999999999999999999999999999e6144"), tiny = dec("1e-6176"), got;
    assert_false(decimal_mul(max, decimal_int(10), &got));
    assert_false(decimal_add(max, max, &got));
    assert_true(decimal_add(max, tiny, &got));
    assert_int_equal(decimal_cmp(got, max), 0);
    assert_true(decimal_sub(max, decimal_int(1), &got));
    assert_int_equal(decimal_cmp(got, max), 0);
    assert_true(decimal_div(tiny, decimal_int(10), &got));
    assert_true(got.coef == 0);
    assert_true(decimal_mul(dec("5e-6170"), dec("1.1e-6"), &got));
    assert_int_equal(decimal_cmp(got, dec("6e-6176")), 0); /* 5.5 units of the smallest place: to even */
    assert_false(decimal_div(max, tiny, &got));
    assert_false(decimal_div(max, decimal_int(0), &got));
    assert_true(decimal_mul(dec("1e6100"), dec("1e44"), &got));
    assert_int_equal(decimal_cmp(got, dec("1e6144")), 0);
    assert_int_equal(strlen(show(got)), 6145);
    assert_true(decimal_cmp(max, tiny) > 0 && decimal_cmp(tiny, max) < 0);
    /* A power of ten less next to nothing: the last place below it is ten times finer. */
    assert_true(decimal_sub(dec("1e35"), decimal_int(1), &got));
    assert_string_equal(show(got), "100000000000000000000000000000000000");
    assert_true(decimal_sub(dec("1e34"), decimal_int(1), &got));
    assert_string_equal(show(got), "9999999999999999999999999999999999");
    assert_true(decimal_sub(dec("1e35"), decimal_int(6), &got));
    assert_string_equal(show(got), "99999999999999999999999999999999990");
    assert_true(decimal_sub(dec("1e68"), dec("9999999999999999999999999999999999"), &got));
    assert_int_equal(decimal_cmp(got, dec("9999999999999999999999999999999999e34")), 0);
    assert_true(decimal_sub(dec("1e70"), dec("9999999999999999999999999999999999"), &got));
    assert_string_equal(show(got), show(dec("1e70")));
}

static void
integers(void **state)
{
    (void)state;
    int64_t v;
    assert_true(decimal_to_int(dec("9223372036854775807"), &v) && v == INT64_MAX);
    assert_true(decimal_to_int(dec("-9223372036854775808"), &v) && v == INT64_MIN);
    assert_false(decimal_to_int(dec("9223372036854775808"), &v));
    assert_false(decimal_to_int(dec("-9223372036854775809"), &v));
    assert_true(decimal_to_int(dec("12.000"), &v) && v == 12);
    assert_true(decimal_to_int(dec("12e3"), &v) && v == 12000);
    assert_true(decimal_to_int(dec("0e-50"), &v) && v == 0);
    assert_false(decimal_to_int(dec("12.5"), &v));
    assert_false(decimal_to_int(dec("1e100"), &v));
    assert_false(decimal_to_int(dec("1e-100"), &v));
    struct decimal d;
    assert_true(decimal_div(decimal_int(1), decimal_int(3), &d));
    assert_string_equal(show(d), "0.3333333333333333333333333333333333");
    assert_true(decimal_div(decimal_int(2), decimal_int(3), &d));
    assert_string_equal(show(d), "0.6666666666666666666666666666666667");
    assert_true(decimal_div(decimal_int(1), decimal_int(8), &d));
    assert_string_equal(show(d), "0.125");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arithmetic_against_the_reference),
        cmocka_unit_test(rounding_against_the_reference),
        cmocka_unit_test(reading_against_the_reference),
        cmocka_unit_test(texts),
        cmocka_unit_test(edges_of_the_range),
        cmocka_unit_test(integers),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
