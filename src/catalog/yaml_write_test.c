/* What is written reads back as the same tree, whatever stands in it; and it is written the way keepers write it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/yaml_write.h"
#include "support/support_ctx.h"

static struct str
written(const struct yaml_node *root)
{
    struct buf b;
    buf_init(&b, arena, 256);
    yaml_write(&b, root);
    return buf_str(&b);
}

static void
same(const struct yaml_node *x, const struct yaml_node *y, struct str shown)
{
    if (x->kind != y->kind || !str_eq(x->text, y->text) || !str_eq(x->key, y->key) || x->count != y->count)
        fail_msg("differs at “%.*s”:\n%.*s", STR_ARG(x->key.n ? x->key : x->text), STR_ARG(shown));
    const struct yaml_node *d = y->first;
    for (const struct yaml_node *c = x->first; c; c = c->next, d = d->next)
        same(c, d, shown);
}

static struct yaml_node *
round_trip(const struct yaml_node *root)
{
    struct yaml_node *back;
    struct str text = written(root);
    fail_clear(&ctx);
    if (yaml_parse(&ctx, arena, STR("a.yaml"), text, &back) != OK)
        fail_msg("%.*s\n%.*s", STR_ARG(ctx.fail->detail), STR_ARG(text));
    same(root, back, text);
    return back;
}

static void
looks_like_ours(void **state)
{
    (void)state;
    struct yaml_node *m = yaml_new_map(arena), *list, *item;
    yaml_put_text(arena, m, "编号", STR("01"));
    yaml_put_text(arena, m, "序号", STR("（一）"));
    assert_null(yaml_put_text(arena, m, "标题", STR("")));
    yaml_comment(yaml_put_text(arena, m, "名称", STR("单位参保登记")), STR("待核: 名称"));
    item = yaml_put(arena, m, "办理材料", yaml_new_map(arena));
    yaml_put_text(arena, item, "原文", STR("1.甲；\n2.乙。"));
    list = yaml_put(arena, item, "清单", yaml_new_list(arena));
    item = yaml_put(arena, list, NULL, yaml_new_map(arena));
    yaml_comment(yaml_put_text(arena, item, "材料", STR("甲")), STR("待核"));
    yaml_put_condition(arena, item, "当", STR("险种 = \"职工\""));
    yaml_put(arena, m, "空", yaml_new_list(arena));
    assert_string_equal(written(m).p, "编号: \"01\"\n"
                                      "序号: （一）\n"
                                      "# 待核: 名称\n"
                                      "名称: 单位参保登记\n"
                                      "办理材料:\n"
                                      "  原文: |-\n"
                                      "    1.甲；\n"
                                      "    2.乙。\n"
                                      "  清单:\n"
                                      "    # 待核\n"
                                      "    - 材料: 甲\n"
                                      "      当: '险种 = \"职工\"'\n"
                                      "空: []\n");
    struct yaml_node *back = round_trip(m);
    struct yaml_node *when = yaml_get(yaml_get(yaml_get(back, "办理材料"), "清单")->first, "当");
    assert_false(when->plain); /* the loader refuses conditions that are not quoted */
}

/* Texts that a plain scalar or a block would not give back. */
static void
awkward_texts(void **state)
{
    (void)state;
    static const char *const texts[] = {"a: b",
                                        "a #b",
                                        "# b",
                                        "- a",
                                        "-",
                                        "? a",
                                        ": a",
                                        "a:",
                                        "[甲]",
                                        "{甲}",
                                        "*甲",
                                        "&甲",
                                        "!甲",
                                        "|",
                                        ">-",
                                        "'甲'",
                                        "\"甲\"",
                                        "%甲",
                                        "@甲",
                                        "`甲`",
                                        "---",
                                        "...",
                                        "... 甲",
                                        "--- 甲",
                                        "null",
                                        "true",
                                        "~",
                                        "1",
                                        "1.5",
                                        "0722-3233281",
                                        " 甲",
                                        "甲 ",
                                        "\t甲",
                                        "甲\t乙",
                                        "甲\n乙",
                                        "甲\n乙\n",
                                        "\n甲",
                                        " 甲\n乙",
                                        "甲\n  乙",
                                        "甲\n \n乙",
                                        "甲\n\n乙",
                                        "甲 \n乙",
                                        "甲\n- 乙: 丙",
                                        "甲\n# 乙",
                                        "甲\n\t乙",
                                        "甲\r乙",
                                        "甲\\n乙\"",
                                        "it's",
                                        "甲\xc2\x85乙",
                                        "甲\xe2\x80\xa8乙\n丙",
                                        "\xef\xbb\xbf甲",
                                        "\x01",
                                        "甲\x7f",
                                        "\xf0\x9f\x98\x80",
                                        "<<",
                                        "：甲",
                                        "甲，乙：丙",
                                        "\xee\x80\x80"};
    struct yaml_node *map = yaml_new_map(arena), *list = yaml_put(arena, map, "表", yaml_new_list(arena));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        yaml_put(arena, map, str_fmt(arena, "k%zu", i).p, yaml_new_text(arena, str_c(texts[i])));
        yaml_put(arena, list, NULL, yaml_new_text(arena, str_c(texts[i])));
        struct yaml_node *inner = yaml_put(arena, list, NULL, yaml_new_map(arena));
        yaml_put(arena, inner, "原文", yaml_new_text(arena, str_c(texts[i])));
        if (!strstr(texts[i], "\n") && !strstr(texts[i], "<<"))
            yaml_put_condition(arena, inner, "当", str_c(texts[i]));
        round_trip(yaml_new_text(arena, str_c(texts[i])));
    }
    round_trip(map);
}

/* Lists in lists, maps first in an item, empty ones, quoted keys. */
static void
shapes(void **state)
{
    (void)state;
    struct yaml_node *list = yaml_new_list(arena), *inner = yaml_put(arena, list, NULL, yaml_new_list(arena)),
                     *map = yaml_put(arena, inner, NULL, yaml_new_map(arena));
    yaml_put(arena, inner, NULL, yaml_new_list(arena));
    yaml_put(arena, inner, NULL, yaml_new_map(arena));
    yaml_put(arena, inner, NULL, yaml_new_text(arena, STR("")));
    struct yaml_node *deep = yaml_put(arena, map, "a: b", yaml_new_map(arena));
    yaml_put_text(arena, deep, "- c", STR("甲\n乙"));
    yaml_put_text(arena, yaml_put(arena, deep, "#", yaml_new_map(arena)), "1", STR("x"));
    struct buf key;
    buf_init(&key, arena, 4096);
    for (int i = 0; i < 400; i++)
        buf_addz(&key, "\xe2\x80\xa8甲"); /* longer than a simple key may be */
    yaml_put_text(arena, map, buf_str(&key).p, STR("长"));
    yaml_comment(deep, STR("两行\n注释"));
    round_trip(list);
    round_trip(yaml_new_map(arena));
    round_trip(yaml_new_list(arena));
}

/* A file read and written again is the same tree, and writing that gives the same bytes. */
static void
stable(void **state)
{
    (void)state;
    struct yaml_node *root;
    struct str text = STR("# 注\n编号: '01'\n清单: [甲, {乙: 丙}]\n原文: >-\n  折\n  行\n当: '险种 = \"职工\"'\n");
    assert_int_equal(yaml_parse(&ctx, arena, STR("a.yaml"), text, &root), OK);
    struct str first = written(root), second = written(round_trip(root));
    assert_true(str_eq(first, second));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_like_ours),
        cmocka_unit_test(awkward_texts),
        cmocka_unit_test(shapes),
        cmocka_unit_test(stable),
    };
    return cmocka_run_group_tests(tests, support_up, support_down);
}
