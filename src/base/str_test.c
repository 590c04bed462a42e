/* Text: validity of UTF-8 against a plain reading of the standard, at every place of a long run; cutting, numbers,
 * growing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

static struct arena *arena;

static int
set_up(void **state)
{
    (void)state;
    arena = arena_new(0);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* Table 3-7 of the Unicode standard, without NUL. */
static bool
plainly_valid(const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t more = p[i] < 0x80 ? 0 : p[i] < 0xe0 ? 1 : p[i] < 0xf0 ? 2 : 3;
        unsigned low = p[i] == 0xe0   ? 0xa0
                       : p[i] == 0xf0 ? 0x90
                                      : 0x80,
                 high = p[i] == 0xed   ? 0x9f
                        : p[i] == 0xf4 ? 0x8f
                                       : 0xbf;
        if (p[i] == 0 || (p[i] >= 0x80 && p[i] < 0xc2) || p[i] > 0xf4 || i + more >= n)
            return false;
        for (size_t k = 1; k <= more; k++)
            if (p[i + k] < (k == 1 ? low : 0x80) || p[i + k] > (k == 1 ? high : 0xbf))
                return false;
        i += more + 1;
    }
    return true;
}

/* Every pair of bytes at every place of a run of letters: the fast path once let a NUL through. */
static void
validity(void **state)
{
    (void)state;
    static const char *const tails[] = {"", "\x80", "\x80\x80", "\xbf\xbf"};
    for (size_t at = 0; at < 20; at++)
        for (unsigned a = 0; a < 256; a++)
            for (unsigned b = 0; b < 256; b += (a < 0xc0 ? 15 : 1))
                for (size_t t = 0; t < sizeof tails / sizeof *tails; t++) {
                    unsigned char text[32];
                    size_t tail = strlen(tails[t]), end = at + 2 + tail, n = end + (at % 3 ? 6 : 0);
                    memset(text, 'x', sizeof text);
                    text[at] = (unsigned char)a;
                    text[at + 1] = (unsigned char)b;
                    memcpy(text + at + 2, tails[t], tail);
                    if (str_utf8_valid((struct str){(const char *)text, n}) != plainly_valid(text, n))
                        fail_msg("%02x %02x and %zu more at %zu of %zu", a, b, tail, at, n);
                }
    assert_true(str_utf8_valid(STR("")));
    assert_true(str_utf8_valid(STR_NONE));
    assert_true(str_utf8_valid(STR("𠮷野家，好吃")));
}

static void
characters(void **state)
{
    (void)state;
    struct str s = STR("aé中𠮷");
    static const uint32_t points[] = {'a', 0xe9, 0x4e2d, 0x20bb7, 0};
    size_t pos = 0;
    for (size_t i = 0; i < 5; i++) {
        char out[4];
        uint32_t cp = str_utf8_next(s, &pos);
        assert_int_equal(cp, points[i]);
        if (cp)
            assert_memory_equal(out, s.p + pos - str_utf8_put(cp, out), str_utf8_put(cp, out));
    }
    assert_int_equal(pos, s.n);
    assert_int_equal(str_utf8_count(s), 4);
}

static void
pieces(void **state)
{
    (void)state;
    struct str rest = STR("a,,b,"), piece;
    static const char *const expected[] = {"a", "", "b", ""};
    for (size_t i = 0; i < 4; i++) {
        assert_true(str_split(&rest, ',', &piece));
        assert_true(str_eqz(piece, expected[i]));
    }
    assert_false(str_split(&rest, ',', &piece));
    assert_true(str_eqz(str_trim(STR("　 a b\t　\n")), "a b"));
    assert_true(str_eqz(str_sub(STR("abc"), 1, 9), "bc"));
    assert_true(str_empty(str_sub(STR("abc"), 9, 1)));
    assert_int_equal(str_find(STR("abab"), STR("ba")), 1);
    assert_true(str_find(STR("ab"), STR("abc")) == SIZE_MAX);
    assert_true(str_starts(STR("abc"), STR("ab")) && !str_starts(STR("a"), STR("ab")));
    assert_true(str_ends(STR("abc"), STR("bc")) && !str_ends(STR("c"), STR("bc")));
    assert_true(str_cmp(STR("a"), STR("b")) < 0 && str_cmp(STR("ab"), STR("a")) > 0 &&
                str_cmp(STR("a"), STR("a")) == 0);
}

static void
numbers(void **state)
{
    (void)state;
    int64_t v = 7;
    assert_true(str_int(STR("-9223372036854775808"), &v) && v == INT64_MIN);
    assert_true(str_int(STR("9223372036854775807"), &v) && v == INT64_MAX);
    static const char *const wrong[] = {
        "", "-", "+1", " 1", "1 ", "1.0", "9223372036854775808", "-9223372036854775809", "1a", "１"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(str_int(str_c(wrong[i]), &v));
}

static void
growing(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, arena, 1);
    for (int i = 0; i < 5000; i++)
        buf_fmt(&b, "%d,", i);
    buf_cp(&b, 0x4e2d);
    buf_byte(&b, '.');
    struct str s = buf_str(&b), piece;
    assert_int_equal(strlen(s.p), s.n);
    assert_true(str_ends(s, STR("4999,中.")));
    for (int i = 0; i < 5000; i++) {
        int64_t v;
        assert_true(str_split(&s, ',', &piece) && str_int(piece, &v) && v == i);
    }
    assert_true(str_eqz(str_concat(arena, STR("中"), STR("文")), "中文"));
    assert_string_equal(str_z(arena, str_sub(STR("abc"), 0, 2)), "ab");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(validity, set_up, tear_down),
        cmocka_unit_test_setup_teardown(characters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pieces, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(growing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
