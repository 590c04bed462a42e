#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"

static struct money
yuan(const char *text)
{
    struct money m;
    if (!money_parse(str_c(text), &m))
        fail_msg("not read: %s", text);
    return m;
}

static void
reads_and_writes(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    static const struct {
        const char *in;
        int64_t fen;
        const char *text, *plain;
    } ROWS[] = {
        {"1234.5", 123450, "1,234.50", "1234.50"},
        {"1,234.50", 123450, "1,234.50", "1234.50"},
        {"1234", 123400, "1,234.00", "1234.00"},
        {"0", 0, "0.00", "0.00"},
        {"-0", 0, "0.00", "0.00"},
        {"0.01", 1, "0.01", "0.01"},
        {"-0.5", -50, "-0.50", "-0.50"},
        {"-1,000,000", -100000000, "-1,000,000.00", "-1000000.00"},
        {"999.99", 99999, "999.99", "999.99"},
        {"100000", 10000000, "100,000.00", "100000.00"},
        {"007", 700, "7.00", "7.00"},
        {"92233720368547758.07", INT64_MAX, "92,233,720,368,547,758.07", "92233720368547758.07"},
        {"-92,233,720,368,547,758.08", INT64_MIN, "-92,233,720,368,547,758.08", "-92233720368547758.08"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct money m = yuan(ROWS[i].in);
        assert_int_equal(m.fen, ROWS[i].fen);
        assert_string_equal(money_text(a, m).p, ROWS[i].text);
        assert_string_equal(money_plain(a, m).p, ROWS[i].plain);
        assert_int_equal(yuan(money_text(a, m).p).fen, m.fen);
        assert_int_equal(yuan(money_plain(a, m).p).fen, m.fen);
    }
}

static void
refuses(void **state)
{
    (void)state;
    static const char *const BAD[] = {"",
                                      "-",
                                      "--1",
                                      ".5",
                                      "5.",
                                      "1.234",
                                      "1,23",
                                      "1234,567",
                                      ",123",
                                      "1,",
                                      "1,234,",
                                      "1,234.5,0",
                                      "1.2.3",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1e3",
                                      "￥1",
                                      "１２",
                                      "1,2345",
                                      "12a",
                                      "1.-5",
                                      "92233720368547758.08",
                                      "-92233720368547758.09",
                                      "99999999999999999999999999",
                                      "1.5元",
                                      "1.,5",
                                      "1.5,"};
    struct money m;
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        if (money_parse(str_c(BAD[i]), &m))
            fail_msg("read: %s", BAD[i]);
    assert_false(money_parse(STR_NONE, &m));
}

static void
sums_that_overflow(void **state)
{
    (void)state;
    struct money max = {INT64_MAX}, one = {1}, m;
    assert_false(money_add(max, one, &m));
    assert_false(money_sub((struct money){INT64_MIN}, one, &m));
    assert_true(money_add(one, one, &m) && m.fen == 2);
    assert_true(money_sub(one, max, &m) && m.fen == -INT64_MAX + 1);
}

static json_t *
vectors(void)
{
    SCOPED_ARENA a = arena_new(0);
    const char *root = getenv("JINGBAN_SOURCE");
    json_error_t e;
    json_t *v = json_load_file(str_fmt(a, "%s/tests/data/identifiers_test_vectors.json", root ? root : ".").p, 0, &e);
    if (!v)
        fail_msg("%s", e.text);
    json_t *section = json_incref(json_object_get(v, "rmb_uppercase"));
    json_decref(v);
    return section;
}

static void
capitals_of_the_vectors(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    json_t *v = vectors(), *row, *form;
    size_t i, j, seen = 0;
    json_array_foreach(json_object_get(v, "official_examples"), i, row)
    {
        struct str got = money_capitals(a, yuan(json_string_value(json_object_get(row, "amount"))));
        assert_string_equal(got.p, json_string_value(json_object_get(row, "generator")));
        bool accepted = false;
        json_array_foreach(json_object_get(row, "accepted"), j, form) accepted |= str_eqz(got, json_string_value(form));
        assert_true(accepted);
        seen++;
    }
    assert_int_equal(seen, 7);
    const char *amount;
    json_object_foreach(json_object_get(v, "generated"), amount, form)
    {
        assert_string_equal(money_capitals(a, yuan(amount)).p, json_string_value(form));
        seen++;
    }
    assert_true(seen >= 30);
    json_decref(v);
}

static void
capitals_beyond_the_vectors(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    static const char *const ROWS[][2] = {
        {"1234.50", "壹仟贰佰叁拾肆元伍角整"},
        {"-20.05", "负贰拾元零伍分"},
        {"-0.5", "负伍角整"},
        {"1000000000000", "壹万亿元整"},
        {"1000000000001", "壹万亿零壹元整"},
        {"1000100000000", "壹万零壹亿元整"},
        {"1000000010000", "壹万亿零壹万元整"},
        {"200000000000", "贰仟亿元整"},
        {"10000000000000000", "壹亿亿元整"},
        {"92233720368547758.07", "玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零柒分"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        assert_string_equal(money_capitals(a, yuan(ROWS[i][0])).p, ROWS[i][1]);
    assert_string_equal(money_capitals(a, (struct money){INT64_MIN}).p,
                        "负玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零捌分");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_writes),
        cmocka_unit_test(refuses),
        cmocka_unit_test(sums_that_overflow),
        cmocka_unit_test(capitals_of_the_vectors),
        cmocka_unit_test(capitals_beyond_the_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
