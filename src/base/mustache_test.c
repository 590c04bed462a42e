#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/mustache.h"

/* The public specification's cases, tests/mustache-spec. */

/* V's text or children from J. Reals, which a view does not know, become text: the cases only print them. */
static struct view *
spec_view(struct arena *a, json_t *j)
{
    if (json_is_string(j))
        return view_text_node(a, str_dup(a, str_c(json_string_value(j))));
    if (json_is_real(j)) {
        char text[32];
        size_t n = json_dumpb(j, text, sizeof text, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
        return view_text_node(a, str_dup(a, (struct str){text, n}));
    }
    if (json_is_array(j)) {
        struct view *list = view_list(a);
        size_t i;
        json_t *item;
        json_array_foreach(j, i, item) view_add(list, spec_view(a, item));
        return list;
    }
    if (json_is_object(j)) {
        struct view *map = view_map(a);
        const char *key;
        json_t *item;
        json_object_foreach(j, key, item) view_put(map, str_z(a, str_c(key)), spec_view(a, item));
        return map;
    }
    struct ctx ctx = ctx_new(a, 0);
    char text[32];
    struct view *v;
    size_t n = json_dumpb(j, text, sizeof text, JSON_ENCODE_ANY);
    assert_int_equal(view_from_json(&ctx, (struct str){text, n}, &v), OK);
    return v;
}

struct partials {
    struct ctx *ctx;
    json_t *texts; /* may be NULL */
};

static const struct mustache *
partial_find(void *arg, struct str name)
{
    struct partials *p = arg;
    json_t *text = json_object_getn(p->texts, name.p, name.n);
    struct mustache *m = NULL;
    if (text)
        assert_int_equal(mustache_compile(p->ctx, p->ctx->arena, name, str_c(json_string_value(text)), &m), OK);
    return m;
}

static bool
spec_case(const char *file, json_t *test)
{
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_new(a, 0);
    struct partials partials = {&ctx, json_object_get(test, "partials")};
    struct str text = str_c(json_string_value(json_object_get(test, "template")));
    const char *want = json_string_value(json_object_get(test, "expected"));
    const char *name = json_string_value(json_object_get(test, "name"));
    struct mustache *m;
    struct buf b;
    buf_init(&b, a, 0);
    if (mustache_compile(&ctx, a, str_c(file), text, &m) != OK) {
        print_error("%s, %s: %.*s\n", file, name, STR_ARG(ctx.fail->detail));
        return false;
    }
    mustache_render(m, spec_view(a, json_object_get(test, "data")), partial_find, &partials, &b);
    bool ok = str_eqz(buf_str(&b), want);
    if (!ok)
        print_error("%s, %s:\nwant [%s]\nhave [%s]\n", file, name, want, b.p);
    return ok;
}

static void
the_specification(void **state)
{
    (void)state;
    static const char *const files[] = {"comments", "delimiters", "interpolation", "inverted", "partials", "sections"};
    const char *source = getenv("JINGBAN_SOURCE");
    assert_non_null(source);
    size_t count = 0, good = 0;
    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        SCOPED_ARENA a = arena_new(0);
        const char *path = str_fmt(a, "%s/tests/mustache-spec/%s.json", source, files[f]).p;
        json_auto_t *doc = json_load_file(path, 0, NULL);
        assert_non_null(doc);
        size_t i;
        json_t *test;
        json_array_foreach(json_object_get(doc, "tests"), i, test)
        {
            count++;
            good += spec_case(files[f], test);
        }
    }
    print_message("mustache spec: %zu of %zu cases\n", good, count);
    assert_int_equal(count, 136);
    assert_int_equal(good, count);
}

/* Ours. */

struct named {
    const char *name, *text;
    struct ctx *ctx;
};

static const struct mustache *
named_partial(void *arg, struct str name)
{
    struct mustache *m = NULL;
    for (const struct named *p = arg; p->name; p++)
        if (str_eqz(name, p->name))
            assert_int_equal(mustache_compile(p->ctx, p->ctx->arena, name, str_c(p->text), &m), OK);
    return m;
}

static void
assert_renders(struct ctx *ctx, const char *text, const struct view *v, struct named *partials, const char *want)
{
    struct mustache *m;
    struct buf b;
    buf_init(&b, ctx->arena, 0);
    for (struct named *p = partials; p && p->name; p++)
        p->ctx = ctx;
    assert_int_equal(mustache_compile(ctx, ctx->arena, STR("t"), str_c(text), &m), OK);
    mustache_render(m, v, partials ? named_partial : NULL, partials, &b);
    assert_string_equal(buf_str(&b).p, want);
}

static void
values_and_escapes(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_new(a, 0);
    struct day d;
    assert_true(day_from_ymd(2026, 11, 21, &d));
    struct view *v = view_map(a);
    view_put_text(v, "text", STR("<a href=\"x\" b='y'>&张"));
    view_put_raw(v, "raw", STR("<b>粗</b>"));
    view_put_secret(v, "secret", STR("<*>"));
    view_put_money(v, "money", -123450);
    view_put_day(v, "day", d);
    view_put_bool(v, "bool", false);
    view_put_map(v, "map");
    assert_renders(&ctx, "{{text}}", v, NULL, "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;张");
    assert_renders(&ctx, "{{{text}}}|{{raw}}|{{secret}}", v, NULL, "<a href=\"x\" b='y'>&张|<b>粗</b>|&lt;*&gt;");
    assert_renders(&ctx, "{{money}} {{day}} {{bool}} [{{map}}{{none}}]", v, NULL, "-1,234.50 2026-11-21 否 []");
    assert_renders(&ctx, "", v, NULL, "");
    assert_renders(&ctx, "{{>none}}", v, NULL, "");
}

static void
what_is_false(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        bool is;
    } rows[] = {{"absent", false},     {"null", false},      {"no", false},        {"empty_text", false},
                {"empty_list", false}, {"empty_day", false}, {"empty_raw", false}, {"zero", true},
                {"zero_fen", true},    {"empty_map", true},  {"yes", true}};
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_new(a, 0);
    struct view *v = view_map(a);
    view_put_null(v, "null");
    view_put_bool(v, "no", false);
    view_put_text(v, "empty_text", STR(""));
    view_put_raw(v, "empty_raw", STR(""));
    view_put_list(v, "empty_list");
    view_put_day(v, "empty_day", DAY_NONE);
    view_put_int(v, "zero", 0);
    view_put_money(v, "zero_fen", 0);
    view_put_map(v, "empty_map");
    view_put_bool(v, "yes", true);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_renders(
            &ctx, str_fmt(a, "{{#%s}}T{{/%s}}{{^%s}}F{{/%s}}", rows[i].key, rows[i].key, rows[i].key, rows[i].key).p, v,
            NULL, rows[i].is ? "T" : "F");
}

/* Indentation reaches what the specification's cases do not: nested partials, loops, lines begun by a tag. */
static void
indentation(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_new(a, 0);
    struct view *v = view_map(a), *list = view_put_list(v, "list");
    view_add_text(list, STR("1\n1"));
    view_add_text(list, STR("2"));
    struct named p[] = {
        {"outer", "a\n  {{>inner}}\n{{#list}}\n- {{.}}\n{{/list}}\n\nz\n", NULL},
        {"inner", "{{! c }}b {{>last}}\n{{#list}}{{/list}}c\n", NULL},
        {"last", "x\ny", NULL},
        {NULL, NULL, NULL},
    };
    assert_renders(&ctx, "<\n {{>outer}}\n>\n", v, p, "<\n a\n   b x\ny\n   c\n - 1\n1\n - 2\n\n z\n>\n");
}

static void
partials_are_bounded(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_new(a, 0);
    struct named p[] = {{"p", "x{{>p}}", NULL}, {NULL, NULL, NULL}};
    assert_renders(&ctx, "{{>p}}", view_map(a), p, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
}

static void
mistakes_name_the_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *detail;
    } rows[] = {
        {"a\n{{b", "模板 t 第 2 行：标签没有结束"},
        {"{{{b}}", "标签没有结束"},
        {"{{=<% %>}}", "标签没有结束"},
        {"{{}}", "没有名称"},
        {"{{> }}", "没有名称"},
        {"{{a b}}", "空白"},
        {"{{a..b}}", "点号"},
        {"{{.a}}", "点号"},
        {"{{a.}}", "点号"},
        {"{{<a}}", "不支持"},
        {"{{$a}}", "不支持"},
        {"\n\n{{#a}}", "段落没有结束"},
        {"{{/a}}", "没有可以结束"},
        {"{{#a}}\n{{/b}}", "第 2 行：结束的名称"},
        {"{{#a}}{{#b}}{{/a}}{{/b}}", "结束的名称"},
        {"{{=a=}}", "分隔符"},
        {"{{=a b c=}}", "分隔符"},
        {"{{=123456789 b=}}", "分隔符"},
    };
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_new(a, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mustache *m;
        assert_int_equal(mustache_compile(&ctx, a, STR("t"), str_c(rows[i].text), &m), ERR_SYNTAX);
        if (str_find(ctx.fail->detail, str_c(rows[i].detail)) == SIZE_MAX)
            fail_msg("%s: %.*s", rows[i].text, STR_ARG(ctx.fail->detail));
    }
    struct buf deep;
    buf_init(&deep, a, 0);
    for (int i = 0; i < 65; i++)
        buf_addz(&deep, "{{#a}}");
    struct mustache *m;
    assert_int_equal(mustache_compile(&ctx, a, STR("t"), buf_str(&deep), &m), ERR_SYNTAX);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_specification),    cmocka_unit_test(values_and_escapes),
        cmocka_unit_test(what_is_false),        cmocka_unit_test(indentation),
        cmocka_unit_test(partials_are_bounded), cmocka_unit_test(mistakes_name_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
