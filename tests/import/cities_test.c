/* Guides of cities that do not exist, in layouts the five seeds do not have: captions the table does not know, a table by its columns, a cell a
** line, caption beside value. Every field of every matter is compared, and no field may come out that is not expected; what comes out loads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "catalog/import.h"
#include "catalog/yaml_tree.h"

static const char *const CITIES[] = {
    "qingtong", /* 一、…十七、 with captions of its own, law under law */
    "baisha",   /* caption：text, wrapped lines, groups */
    "nanling",  /* caption | value | caption | value */
    "shimen",   /* 01事项名称 */
    "xinghe",   /* a matter a row, tabulators, cells of several lines, merged group, head printed twice */
    "yunling",  /* 【caption】 */
    "heyang",   /* a cell a line, no codes */
};
static const char *const FIELDS[] = {"服务对象", "办理渠道", "办理层级", "办理材料", "办理流程",
                                     "办理时限", "咨询方式", "监督电话", "评价渠道", "送达"};
static const char *const WORDS[] = {"序号", "名称", "标题", "标题名称", "组", "图题", "受理单位", "状态依据"};

static struct arena *arena;
static struct ctx ctx;
static struct catalog *catalog;
static struct catalog_files shared; /* the catalogue without its regions */
static const char *source;

static struct str
read_text(const char *city, const char *end)
{
    struct buf b;
    buf_init(&b, arena, 1 << 16);
    FILE *f = fopen(str_fmt(arena, "%s/tests/import/cities/%s.%s", source, city, end).p, "rbe");
    if (!f)
        fail_msg("%s.%s: cannot be read", city, end);
    for (size_t n; (n = fread(buf_room(&b, 65536), 1, 65536, f)) > 0;)
        b.n += n;
    fclose(f);
    return buf_str(&b);
}

static struct str
scalar(struct yaml_node *map, const char *key, const char *inner)
{
    struct yaml_node *n = yaml_get(map, key);
    n = n && inner ? yaml_get(n, inner) : n;
    return n && n->kind == YAML_SCALAR ? n->text : STR("");
}

static struct str
listed(struct yaml_node *map, const char *key, struct str title)
{
    struct yaml_node *list = yaml_get(map, key);
    struct buf b;
    buf_init(&b, arena, 256);
    for (struct yaml_node *n = list ? list->first : NULL; n; n = n->next) {
        bool map_node = n->kind == YAML_MAP;
        if (title.n && !str_eq(scalar(n, "标题", NULL), title))
            continue;
        struct str number = map_node ? scalar(n, "序号", NULL) : STR("");
        struct str text = map_node ? scalar(n, "原文", NULL) : n->text;
        buf_fmt(&b, "%s%.*s%.*s", b.n ? "\n" : "", STR_ARG(number), STR_ARG(text));
    }
    return buf_str(&b);
}

static struct str
field_of(struct yaml_node *m, struct str field)
{
    if (str_starts(field, STR("其他原文.")))
        return listed(m, "其他原文", str_sub(field, strlen("其他原文."), field.n));
    if (str_eqz(field, "设定依据") || str_eqz(field, "注意事项"))
        return listed(m, field.p, STR(""));
    if (str_eqz(field, "法定原文"))
        return scalar(m, "办理时限", "法定原文");
    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++)
        if (str_eqz(field, FIELDS[i]))
            return scalar(m, FIELDS[i], "原文");
    return scalar(m, field.p, NULL);
}

static struct str
unescaped(struct str s)
{
    struct buf b;
    buf_init(&b, arena, s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        bool line = s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == 'n';
        buf_byte(&b, line ? '\n' : s.p[i]);
        i += line;
    }
    return buf_str(&b);
}

/* How many of the fields that can come out did. */
static size_t
fields_out(struct yaml_node *m)
{
    size_t n = listed(m, "设定依据", STR("")).n > 0;
    n += listed(m, "注意事项", STR("")).n > 0;
    n += scalar(m, "办理时限", "法定原文").n > 0;
    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++)
        n += scalar(m, FIELDS[i], "原文").n > 0;
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        n += scalar(m, WORDS[i], NULL).n > 0;
    struct yaml_node *other = yaml_get(m, "其他原文");
    for (struct yaml_node *o = other ? other->first : NULL; o; o = o->next)
        n++;
    return n;
}

static struct yaml_node *
matter_file(const struct imported *im, struct str id)
{
    struct str path = str_fmt(arena, "regions/999900/matters/%.*s.yaml", STR_ARG(id));
    struct yaml_node *root = NULL;
    for (size_t i = 0; i < im->files.n; i++)
        if (str_eq(im->files.file[i].path, path))
            assert_int_equal(yaml_parse(&ctx, arena, path, im->files.file[i].bytes, &root), OK);
    return root;
}

static void
city(const char *name)
{
    struct imported im;
    struct str text = read_text(name, "txt"), rest = read_text(name, "tsv"), line, id, field, last = STR("");
    size_t wrong = 0, matters = 0, expected = 0;
    struct yaml_node *m = NULL;
    fail_clear(&ctx);
    if (catalog_import(&ctx, catalog, STR("999900"), str_fmt(arena, "%s.txt", name), text, &im) != OK)
        fail_msg("%s: %.*s", name, STR_ARG(ctx.fail->detail));
    for (bool more = true; more;) {
        more = str_split(&rest, '\n', &line);
        if (more && (!line.n || line.p[0] == '#'))
            continue;
        if (more && (!str_split(&line, '\t', &id) || !str_split(&line, '\t', &field)))
            fail_msg("%s.tsv: matter, field, text", name);
        if (!more || !str_eq(id, last)) {
            if (m && fields_out(m) != expected) {
                print_message("%s %.*s: %zu fields came out, %zu are printed\n", name, STR_ARG(last), fields_out(m),
                              expected);
                wrong++;
            }
            if (!more)
                break;
            m = matter_file(&im, id);
            assert_non_null(m);
            last = id;
            matters++;
            expected = 0;
        }
        struct str got = field_of(m, str_dup(arena, field)), want = unescaped(line);
        expected += !str_eqz(field, "标准编码");
        if (!str_eq(got, want)) {
            print_message("%s %.*s %.*s\n  printed: %.*s\n  import:  %.*s\n", name, STR_ARG(id), STR_ARG(field),
                          STR_ARG(want), STR_ARG(got));
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
    assert_true(matters > 0);
    assert_int_equal(im.matters, matters);
    for (size_t i = 0; i < im.findings.n; i++)
        if (im.findings.finding[i].severity == SEVERITY_ERROR)
            assert_string_equal(im.findings.finding[i].id, "region-to-fill");
    struct catalog_files f = shared;
    struct catalog *c;
    for (size_t i = 0; i < im.files.n; i++)
        f = catalog_files_with(arena, &f, im.files.file[i].path, im.files.file[i].bytes);
    if (catalog_load_files(&ctx, &f, &c) != OK)
        fail_msg("%s: %.*s", name, STR_ARG(ctx.fail->detail));
    assert_int_equal(catalog_region_at(c, 0)->matter_count, matters);
    catalog_free(c);
}

static void
cities(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CITIES / sizeof *CITIES; i++)
        city(CITIES[i]);
}

int
main(void)
{
    source = getenv("JINGBAN_SOURCE") ? getenv("JINGBAN_SOURCE") : ".";
    arena = arena_new(0);
    ctx = ctx_new(arena, 0);
    struct str folder = str_fmt(arena, "%s/catalog", source);
    if (crypto_start(&ctx) != OK || catalog_load(&ctx, folder, &catalog) != OK ||
        catalog_files_read(&ctx, arena, folder, &shared) != OK) {
        fprintf(stderr, "%.*s\n", STR_ARG(ctx.fail->detail));
        return 1;
    }
    struct catalog_files all = shared;
    size_t from, end = catalog_files_under(&all, STR("regions/"), &from);
    for (size_t i = from; i < end; i++)
        shared = catalog_files_with(arena, &shared, all.file[i].path, STR_NONE);
    const struct CMUnitTest tests[] = {cmocka_unit_test(cities)};
    int bad = cmocka_run_group_tests(tests, NULL, NULL);
    catalog_free(catalog);
    arena_free(arena);
    return bad;
}
