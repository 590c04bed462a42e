#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"

static const char text[] =
    "{\"t\":\"x\",\"e\":\"\",\"i\":-7,\"b\":true,\"n\":null,\"id\":\"9223372036854775807\",\"l\":[]}";

static struct view *
read_text(struct ctx *ctx)
{
    struct view *v;
    assert_int_equal(view_from_json(ctx, str_c(text), &v), OK);
    return v;
}

static void
texts(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_new(a, 0);
    struct view *v = read_text(&ctx);
    struct str s;
    assert_true(json_text(v, "t", &s) && str_eqz(s, "x"));
    assert_true(json_text(v, "e", &s) && s.p && s.n == 0);
    assert_true(json_text(v, "n", &s) && !s.p);
    assert_true(json_text(v, "absent", &s) && !s.p);
    assert_true(json_text(NULL, "t", &s) && !s.p);
    assert_true(json_text(view_get(v, STR("l")), "t", &s) && !s.p);
    assert_false(json_text(v, "i", &s));
    assert_false(json_text(v, "l", &s));
}

static void
integers(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_new(a, 0);
    struct view *v = read_text(&ctx);
    int64_t i;
    bool present;
    assert_true(json_int(v, "i", &i, &present) && present && i == -7);
    assert_true(json_int(v, "n", &i, &present) && !present && i == 0);
    assert_true(json_int(v, "absent", &i, &present) && !present);
    assert_false(json_int(v, "t", &i, &present));
    assert_false(json_int(v, "b", &i, &present));
    assert_false(present);
}

static void
booleans(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_new(a, 0);
    struct view *v = read_text(&ctx);
    bool b, present;
    assert_true(json_bool(v, "b", &b, &present) && present && b);
    assert_true(json_bool(v, "n", &b, &present) && !present && !b);
    assert_false(json_bool(v, "i", &b, &present));
}

static void
ids(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_new(a, 0);
    struct view *v = read_text(&ctx);
    int64_t i;
    bool present;
    assert_true(json_id(v, "id", &i, &present) && present && i == INT64_MAX);
    assert_true(json_id(v, "absent", &i, &present) && !present);
    assert_false(json_id(v, "i", &i, &present));
    static const char *const bad[] = {"", "0", "01", "-1", "+1", " 1", "1 ", "1x", "9223372036854775808"};
    for (size_t n = 0; n < sizeof bad / sizeof *bad; n++) {
        struct view *map = view_map(a);
        view_put_z(map, "id", bad[n]);
        assert_false(json_id(map, "id", &i, &present) || present);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),
        cmocka_unit_test(integers),
        cmocka_unit_test(booleans),
        cmocka_unit_test(ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
