#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/ctx.h"
#include "base/view.h"

static void
assert_json(struct arena *a, const struct view *v, const char *want)
{
    struct buf b;
    buf_init(&b, a, 0);
    view_json(v, &b);
    assert_string_equal(buf_str(&b).p, want);
}

static void
assert_shown(struct arena *a, const struct view *map, const char *key, const char *want)
{
    struct str s = view_display(a, view_get(map, str_c(key)));
    assert_int_equal(s.n, strlen(want));
    assert_memory_equal(s.n ? s.p : "", want, s.n);
}

static struct view *
all_kinds(struct arena *a)
{
    struct day d;
    assert_true(day_from_ymd(2026, 1, 5, &d));
    struct view *v = view_map(a);
    view_put_text(v, "text", STR("张三"));
    view_put_z(v, "z", "a");
    view_put_z(v, "no_z", NULL);
    view_put_int(v, "int", -42);
    view_put_int(v, "least", INT64_MIN);
    view_put_id(v, "id", INT64_MAX);
    view_put_bool(v, "yes", true);
    view_put_bool(v, "no", false);
    view_put_money(v, "money", 123450);
    view_put_day(v, "day", d);
    view_put_day(v, "no_day", DAY_NONE);
    view_put_raw(v, "raw", STR("<b>"));
    view_put_secret(v, "secret", STR("3*"));
    view_put_null(v, "null");
    view_put_opt(v, "absent", STR_NONE);
    view_put_opt(v, "present", STR("x"));
    struct view *list = view_put_list(v, "list");
    view_add_text(list, STR("一"));
    view_put_int(view_add_map(list), "n", 1);
    view_add_text(view_add_list(list), STR("二"));
    view_add(list, view_text_node(a, STR("三")));
    view_put_map(v, "map");
    return v;
}

static void
every_kind_as_json(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    assert_json(a, all_kinds(a),
                "{\"text\":\"张三\",\"z\":\"a\",\"no_z\":null,\"int\":-42,\"least\":-9223372036854775808,"
                "\"id\":\"9223372036854775807\",\"yes\":true,\"no\":false,\"money\":123450,\"day\":\"2026-01-05\","
                "\"no_day\":null,\"raw\":\"<b>\",\"secret\":\"3*\",\"null\":null,\"present\":\"x\","
                "\"list\":[\"一\",{\"n\":1},[\"二\"],\"三\"],\"map\":{}}");
    assert_json(a, view_list(a), "[]");
}

static void
every_kind_in_a_page(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct view *v = all_kinds(a);
    assert_shown(a, v, "text", "张三");
    assert_shown(a, v, "int", "-42");
    assert_shown(a, v, "least", "-9223372036854775808");
    assert_shown(a, v, "id", "9223372036854775807");
    assert_shown(a, v, "yes", "是");
    assert_shown(a, v, "no", "否");
    assert_shown(a, v, "money", "1,234.50");
    assert_shown(a, v, "day", "2026-01-05");
    assert_shown(a, v, "no_day", "");
    assert_shown(a, v, "raw", "<b>");
    assert_shown(a, v, "null", "");
    assert_shown(a, v, "list", "");
}

static void
money_in_a_page(void **state)
{
    (void)state;
    static const struct {
        int64_t fen;
        const char *want;
    } rows[] = {
        {0, "0.00"},
        {5, "0.05"},
        {-5, "-0.05"},
        {100, "1.00"},
        {99999, "999.99"},
        {100000, "1,000.00"},
        {-123456789, "-1,234,567.89"},
        {INT64_MAX, "92,233,720,368,547,758.07"},
        {INT64_MIN, "-92,233,720,368,547,758.08"},
    };
    SCOPED_ARENA a = arena_new(0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct view *v = view_map(a);
        view_put_money(v, "m", rows[i].fen);
        assert_shown(a, v, "m", rows[i].want);
    }
}

static void
reading(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    const struct view *v = all_kinds(a);
    assert_null(view_get(v, STR("absent")));
    assert_null(view_get(v, STR("")));
    assert_null(view_get(view_get(v, STR("text")), STR("x")));
    assert_int_equal(view_count(v), 17);
    size_t n = 0;
    const struct view *last = NULL;
    for (const struct view *c = view_first(v); c; c = view_next(c), n++)
        last = c;
    assert_int_equal(n, 17);
    assert_true(str_eqz(view_key(last), "map"));
    assert_int_equal(view_count(view_get(v, STR("list"))), 4);
    assert_null(view_first(view_get(v, STR("map"))));
    assert_null(view_first(view_get(v, STR("int"))));
    assert_int_equal(view_int(view_get(v, STR("money"))), 123450);
    assert_true(str_eqz(view_text(view_get(v, STR("secret"))), "3*"));
    assert_null(view_text(view_get(v, STR("int"))).p);
}

/* Each byte at each place of a long text: the eight-at-a-time search must miss none. */
static void
every_byte_is_escaped_right(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    for (int c = 1; c < 128; c++)
        for (size_t at = 0; at < 20; at++) {
            char text[21] = "abcdefghijklmnopqrst";
            text[at] = (char)c;
            struct view *list = view_list(a);
            view_add_text(list, str_c(text));
            struct buf b;
            buf_init(&b, a, 0);
            view_json(list, &b);
            SCOPED_ARENA own = arena_new(0);
            struct ctx ctx = ctx_new(own, 0);
            struct view *back;
            assert_int_equal(view_from_json(&ctx, buf_str(&b), &back), OK);
            assert_true(str_eqz(view_text(view_first(back)), text));
        }
    struct view *v = view_map(a);
    view_put_text(v, "k", STR("\"\\/\b\f\n\r\t\x01\x7f\xe4\xb8\x80"));
    assert_json(a, v, "{\"k\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7f一\"}");
}

static void
json_comes_back(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_new(a, 0);
    static const char text[] =
        "{\"b\":[1,-2,{\"x\":null}],\"a\":\"一\\n\",\"t\":true,\"f\":false,\"\":9007199254740992,"
        "\"c\":[[],{}],\"d\":[0,1,2,3,4,5,6,7,8,9]}";
    struct view *v;
    assert_int_equal(view_from_json(&ctx, str_c(text), &v), OK);
    assert_json(a, v, text);
    assert_int_equal(view_from_json(&ctx, STR(" 7 "), &v), OK);
    assert_int_equal(view_kind(v), VIEW_INT);
    view_put_int(v = view_map(a), "more", 1);
}

static void
refuse(struct ctx *ctx, struct str json, const char *detail)
{
    struct view *v;
    assert_int_equal(view_from_json(ctx, json, &v), ERR_SYNTAX);
    if (str_find(ctx->fail->detail, str_c(detail)) == SIZE_MAX)
        fail_msg("%.*s: %.*s", STR_ARG(json), STR_ARG(ctx->fail->detail));
}

static void
json_is_refused(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_new(a, 0);
    refuse(&ctx, STR_NONE, "JSON");
    refuse(&ctx, STR("{"), "JSON");
    refuse(&ctx, STR("{}x"), "JSON");
    refuse(&ctx, STR("{\"a\":1,\n\"a\":2}"), "第 2 行");
    refuse(&ctx, STR("{\"a\":1,\"a\":2}"), "同名字段重复");
    refuse(&ctx, STR("{\"a\":1.5}"), "请用整数或文本");
    refuse(&ctx, STR("{\"a\":1e2}"), "请用整数或文本");
    refuse(&ctx, STR("[9007199254740993]"), "整数太大");
    refuse(&ctx, STR("[-9007199254740993]"), "整数太大");
    refuse(&ctx, STR("[99999999999999999999]"), "请用文本");
    refuse(&ctx, STR("[1e999]"), "请用文本");
    refuse(&ctx, STR("[\"\\u0000\"]"), "JSON");
    refuse(&ctx, STR("[\"\xc0\x80\"]"), "JSON");
    refuse(&ctx, STR("[\"\\ud800\"]"), "JSON");
}

/* The same tree as another reader's. */
static bool
same_tree(const struct view *v, json_t *j)
{
    const struct view *c = view_kind(v) >= VIEW_MAP ? view_first(v) : NULL;
    const char *key;
    json_t *value;
    size_t i;
    switch (json_typeof(j)) {
    case JSON_OBJECT:
        if (view_kind(v) != VIEW_MAP || view_count(v) != json_object_size(j))
            return false;
        json_object_foreach(j, key, value)
        {
            if (!str_eqz(view_key(c), key) || !same_tree(c, value))
                return false;
            c = view_next(c);
        }
        return true;
    case JSON_ARRAY:
        if (view_kind(v) != VIEW_LIST || view_count(v) != json_array_size(j))
            return false;
        json_array_foreach(j, i, value)
        {
            if (!same_tree(c, value))
                return false;
            c = view_next(c);
        }
        return true;
    case JSON_STRING:
        return view_kind(v) == VIEW_TEXT &&
               str_eq(view_text(v), (struct str){json_string_value(j), json_string_length(j)});
    case JSON_INTEGER:
        return view_kind(v) == VIEW_INT && view_int(v) == json_integer_value(j);
    case JSON_TRUE:
    case JSON_FALSE:
        return view_kind(v) == VIEW_BOOL && view_int(v) == json_is_true(j);
    default:
        return view_kind(v) == VIEW_NULL;
    }
}

/* Reals, integers that others round and deep nesting are refused by us alone. */
static bool
ours_too(json_t *j, int depth)
{
    const char *key;
    json_t *value;
    size_t i;
    bool ok = !json_is_real(j) && (!json_is_integer(j) || llabs(json_integer_value(j)) <= INT64_C(1) << 53);
    if (json_is_object(j) || json_is_array(j))
        ok = ok && depth < 32;
    json_object_foreach(j, key, value) ok = ok && ours_too(value, depth + 1);
    json_array_foreach(j, i, value) ok = ok && ours_too(value, depth + 1);
    return ok;
}

/* Damaged texts are read, or refused, as by another reader. */
static void
json_as_read_by_jansson(void **state)
{
    (void)state;
    static const char *const seeds[] = {
        "{\"b\":[1,-2,{\"x\":null}],\"a\":\"一\\n\\u00e9\\ud83d\\ude00\",\"t\":true,\"f\":false,\"\":9007199254740992,"
        "\"c\":[[],{}]}",
        "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\", 0, -0, 12.5e-3, 1E+2, 123456789012, \" \xf0\xa3\xb2\x97 \"]",
        "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9,\"j\":1,\"k\":1,\"l\":1,\"m\":1,"
        "\"n\":1,\"o\":1,\"p\":1,\"q\":1,\"r\":1,"
        "\"s\":0,\"t\":0,\"u\":0,\"v\":0,\"w\":0,\"x\":0,\"y\":0,\"z\":0,\"A\":0,\"B\":0,\"C\":0,\"D\":0,\"E\":0,\"F\":"
        "0,\"G\":0,\"H\":0,\"I\":0,\"J\":0}",
        " [ [ [ \"\\u0041\\uD834\\uDD1E\" , { \"k\" : [ ] } ] ] ] "};
    static const char bits[] = "\"\"\"{}[],:\\u0dD8e1.-tfn \t\n\x01\x80\xe4\xb8\xff/";
    struct arena *a = arena_new(0);
    uint64_t r = 42;
    for (int round = 0; round < 200000; round++) {
        arena_reset(a);
        struct ctx ctx = ctx_new(a, 0);
        struct str seed = str_c(seeds[round % 4]);
        char *text = (char *)(uintptr_t)str_dup(a, seed).p;
        for (int i = round % 3; i >= 0; i--) {
            r = r * 6364136223846793005u + 1442695040888963407u;
            text[(r >> 33) % seed.n] =
                (r >> 20) % 3 ? bits[(r >> 24) % (sizeof bits - 1)] : seeds[(r >> 10) % 4][(r >> 40) % 40];
        }
        size_t n = (r >> 16) % 8 ? seed.n : (r >> 45) % seed.n;
        struct view *v;
        enum err e = view_from_json(&ctx, (struct str){text, n}, &v);
        json_t *j = json_loadb(text, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
        if ((e == OK) != (j && ours_too(j, 0)) || (e == OK && !same_tree(v, j)))
            fail_msg("%.*s", (int)n, text);
        json_decref(j);
    }
    arena_free(a);
}

static void
json_depth(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_new(a, 0);
    struct view *v;
    for (size_t depth = 1; depth <= 5000; depth += depth < 40 ? 1 : 990) {
        struct buf b;
        buf_init(&b, a, 0);
        for (size_t i = 0; i < depth; i++)
            buf_byte(&b, '[');
        for (size_t i = 0; i < depth; i++)
            buf_byte(&b, ']');
        assert_int_equal(view_from_json(&ctx, buf_str(&b), &v), depth <= 32 ? OK : ERR_SYNTAX);
    }
}

static void
json_nodes(void **state)
{
    (void)state;
    for (size_t n = 19998; n <= 20001; n++) { /* and the list itself */
        SCOPED_ARENA a = arena_new(0);
        struct ctx ctx = ctx_new(a, 0);
        struct view *v;
        struct buf b;
        buf_init(&b, a, 0);
        for (size_t i = 0; i < n; i++)
            buf_addz(&b, i ? ",0" : "[0");
        buf_byte(&b, ']');
        assert_int_equal(view_from_json(&ctx, buf_str(&b), &v), n < 20000 ? OK : ERR_TOO_LARGE);
        if (n >= 20000)
            assert_true(str_find(ctx.fail->detail, STR("内容太多")) != SIZE_MAX);
    }
}

static void
many_children(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct view *root = view_map(a), *list = view_put_list(root, "list");
    for (int64_t i = 0; i < 1000; i++)
        view_put_int(view_add_map(list), "i", i);
    assert_int_equal(view_count(list), 1000);
    int64_t i = 0;
    for (const struct view *c = view_first(list); c; c = view_next(c))
        assert_int_equal(view_int(view_get(c, STR("i"))), i++);
    assert_int_equal(i, 1000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_as_json),
        cmocka_unit_test(every_kind_in_a_page),
        cmocka_unit_test(money_in_a_page),
        cmocka_unit_test(reading),
        cmocka_unit_test(json_comes_back),
        cmocka_unit_test(every_byte_is_escaped_right),
        cmocka_unit_test(json_is_refused),
        cmocka_unit_test(json_depth),
        cmocka_unit_test(json_as_read_by_jansson),
        cmocka_unit_test(many_children),
        cmocka_unit_test(json_nodes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
