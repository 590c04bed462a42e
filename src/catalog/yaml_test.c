/* Every refusal of yaml_tree.h, each with its file:line:column and the remedy a keeper reads. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "catalog/yaml_tree.h"
#include "support/support_ctx.h"

/* TEXT is refused with exactly "a.yaml:WHERE: …WORDS…". */
static void
refused_text(struct str text, const char *where, const char *words)
{
    struct yaml_node *root;
    fail_clear(&ctx);
    enum err e = yaml_parse(&ctx, arena, STR("a.yaml"), text, &root);
    struct str detail = ctx.fail->detail, prefix = str_fmt(arena, "a.yaml:%s: ", where);
    if (e != ERR_CATALOG || !str_starts(detail, prefix) || str_find(detail, str_c(words)) == SIZE_MAX)
        fail_msg("%.*s\n  expected %.*s…%s…\n  got %s %.*s", STR_ARG(str_sub(text, 0, 200)), STR_ARG(prefix), words,
                 err_info(e)->id, STR_ARG(detail));
}

static void
refused(const char *text, const char *where, const char *words)
{
    refused_text(str_c(text), where, words);
}

static struct yaml_node *
parsed(const char *text)
{
    struct yaml_node *root;
    fail_clear(&ctx);
    enum err e = yaml_parse(&ctx, arena, STR("a.yaml"), str_c(text), &root);
    if (e != OK)
        fail_msg("%s: %.*s", text, STR_ARG(ctx.fail->detail));
    return root;
}

/* REPEAT times PIECE. */
static struct str
repeated(const char *piece, size_t times)
{
    struct buf b;
    buf_init(&b, arena, strlen(piece) * times + 1);
    for (size_t i = 0; i < times; i++)
        buf_addz(&b, piece);
    return buf_str(&b);
}

static void
full_width_punctuation(void **state)
{
    (void)state;
    refused("区划: \"\\000000\"\n", "1:5", "不能使用的字符"); /* found by fuzzing */
    refused("\"甲\\0\": 1\n", "1:1", "不能使用的字符");
    refused("编号: \"01\"\n名称：甲\n", "2:1", "请改成半角冒号加空格“: ”");
    refused("编号: \"01\"\n名称：甲\n序号: 一\n", "2:1", "键后面用了全角冒号");
    refused("服务对象:\n  原文: 甲\n  条件：\n    - 须: 'a'\n", "3:1", "全角冒号");
    refused("办理材料：方式: 列明\n", "1:1", "请改用半角");
    refused("注，意: 甲\n", "1:1", "“，”，请改用半角");
    refused("a: 1\n注；意: 甲\n", "2:1", "“；”，请改用半角");
    refused("a:\n  备注（一）: 甲\n", "2:3", "“（”，请改用半角");
    refused("“名称”: 甲\n", "1:1", "有全角符号““”，请改用半角");
    refused("名＝称: 甲\n", "1:1", "“＝”，请改用半角");
    refused("名　称: 甲\n", "1:1", "“　”，请改用半角");
    refused("{名称：甲: 乙}\n", "1:2", "“：”，请改用半角");
    /* in values they are the guide's own and stay */
    struct yaml_node *root = parsed("原文: 甲：乙，（丙）“丁”\n");
    assert_true(str_eqz(root->first->text, "甲：乙，（丙）“丁”"));
}

static void
what_the_format_leaves_out(void **state)
{
    (void)state;
    refused("a: *x\n", "1:4", "别名（*），请把内容写全");
    refused("a: &x 1\nb: *x\n", "1:4", "锚点（&），请把内容写全");
    refused("a: &x {b: 1}\n", "1:4", "锚点");
    refused("a: &x [b]\n", "1:4", "锚点");
    refused("&x a: 1\n", "1:1", "锚点");
    refused("- 1\n- *x\n", "2:3", "别名");
    refused("*a : 1\n", "1:1", "键必须是文字");
    refused("a: !!str 1\n", "1:4", "类型标记（!），请删去或给文字加引号");
    refused("a: !own 1\n", "1:4", "类型标记");
    refused("a: !!map {b: 1}\n", "1:4", "类型标记");
    refused("a: !!seq [b]\n", "1:4", "类型标记");
    refused("!!str a: 1\n", "1:1", "类型标记");
    refused("b: 1\n<<: {a: 1}\n", "2:1", "合并键（<<），请把内容写全");
    refused("b: 1\n\"<<\": {a: 1}\n", "2:1", "合并键");
    refused("a: 1\n---\nb: 2\n", "2:1", "一个文件只能有一份文档，请删去“---”后的内容或另存一个文件");
    refused("---\na: 1\n---\n", "3:1", "一份文档");
    refused("? [a]\n: b\n", "1:3", "键必须是文字");
    refused("{{a: 1}: b}\n", "1:2", "键必须是文字");
    refused("a: 1\nb: 2\na: 3\n", "3:1", "键“a”重复，第一次在第 1 行，请删去一个");
    refused("甲:\n  乙: 1\n  丙: 2\n  乙: 3\n", "4:3", "键“乙”重复，第一次在第 2 行");
    refused("{a: 1, \"a\": 2}\n", "1:8", "键“a”重复");
    refused("", "1:1", "文件是空的或格式有误");
    refused("# 只有注释\n", "2:1", "文件是空的或格式有误");
}

static void
broken_yaml(void **state)
{
    (void)state;
    refused("a: 'b\n", "2:1", "请检查缩进、引号和冒号");
    refused("a: [b\n", "2:1", "请检查缩进、引号和冒号");
    refused("a:\n\tb: 1\n", "2:1", "请检查缩进、引号和冒号");
    refused("a: b: c\n", "1:5", "请检查缩进、引号和冒号");
    refused("a: 1\n b: 2\n", "2:3", "请检查缩进、引号和冒号");
    refused("a: 1\n- b\n", "2:1", "请检查缩进、引号和冒号");
    refused("a: `b\n", "1:4", "请检查缩进、引号和冒号");
}

static void
bytes_that_are_no_text(void **state)
{
    (void)state;
    refused("a: 1\nb: \xff\n", "2:1", "不是有效的 UTF-8 文字，请用 UTF-8 编码保存");
    refused("a: \xd6\xd0\n", "1:1", "UTF-8");                                /* GBK */
    refused("a: 1\n\nb: \xe4\xb8\n", "3:1", "UTF-8");                        /* cut off */
    refused("a: \xc0\xaf\n", "1:1", "UTF-8");                                /* overlong */
    refused("a: \xed\xa0\x80\n", "1:1", "UTF-8");                            /* surrogate */
    refused_text(STR("a: 1\nb: x\0y\n"), "2:1", "UTF-8");                    /* NUL */
    refused_text(STR("a: 0123456789\nb: 01234567\x00 9\n"), "2:1", "UTF-8"); /* the fast path once let it through */
    refused_text(STR("\xff\xfe"
                     "a\0:\0"),
                 "1:1", "UTF-8");                                /* UTF-16 */
    refused("a: 1\nb: \x07\n", "2:1", "请检查缩进、引号和冒号"); /* a control character */
    struct yaml_node *root = parsed("\xef\xbb\xbf"
                                    "a: 1\n"); /* the mark that some editors write first */
    assert_true(str_eqz(root->first->key, "a"));
}

static void
bounds(void **state)
{
    (void)state;
    struct yaml_node *root;
    /* depth: the 32nd level is the last */
    struct str open = repeated("[", 32), close = repeated("]", 32);
    assert_int_equal(yaml_parse(&ctx, arena, STR("a.yaml"), str_concat(arena, open, close), &root), OK);
    refused_text(str_concat(arena, repeated("[", 33), repeated("]", 33)), "1:33", "层次太深（超过 32 层）");
    refused_text(repeated("[", 1000000), "1:33", "层次太深");
    refused_text(repeated("- ", 40), "1:65", "层次太深");
    refused_text(repeated("{a: ", 40), "1:129", "层次太深");
    /* nodes: the list itself is one */
    assert_int_equal(yaml_parse(&ctx, arena, STR("a.yaml"), repeated("- a\n", 49999), &root), OK);
    assert_int_equal(root->count, 49999);
    refused_text(repeated("- a\n", 50000), "50000:3", "内容太多，请拆成几个文件");
    /* size */
    size_t most = 1024 * 1024;
    struct str big = str_concat(arena, STR("a: "), repeated("x", most - 3));
    assert_int_equal(yaml_parse(&ctx, arena, STR("a.yaml"), big, &root), OK);
    assert_int_equal(root->first->text.n, most - 3);
    refused_text(str_concat(arena, big, STR("x")), "1:1", "文件超过 1 MiB，请拆成几个文件");
}

static void
files(void **state)
{
    (void)state;
    struct yaml_node *root;
    assert_int_equal(yaml_read(&ctx, arena, "no/such.yaml", STR("such.yaml"), &root), ERR_CATALOG);
    assert_true(str_starts(ctx.fail->detail, STR("such.yaml:1:1: 文件打不开")));
    fail_clear(&ctx);
    assert_int_equal(yaml_read(&ctx, arena, "/", STR("such.yaml"), &root), ERR_CATALOG);
    assert_true(str_starts(ctx.fail->detail, STR("such.yaml:1:1: 文件")));
    char path[] = "/tmp/jingban-yaml-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    struct str big = repeated("# 注释\n", 120000);
    assert_int_equal(write(fd, big.p, big.n), (ssize_t)big.n);
    close(fd);
    fail_clear(&ctx);
    assert_int_equal(yaml_read(&ctx, arena, path, STR("big.yaml"), &root), ERR_CATALOG);
    assert_string_equal(str_z(arena, ctx.fail->detail), "big.yaml:1:1: 文件超过 1 MiB，请拆成几个文件");
    unlink(path);
}

static void
tree(void **state)
{
    (void)state;
    struct yaml_node *root = parsed("甲: 乙\n丙: '丁'\n戊:\n  - a\n  - {b: c}\n己: |-\n  一\n  二\n");
    assert_int_equal(root->kind, YAML_MAP);
    assert_int_equal(root->count, 4);
    struct yaml_node *a = yaml_get(root, "甲"), *b = yaml_get(root, "丙"), *c = yaml_get(root, "戊"),
                     *d = yaml_get(root, "己");
    assert_true(a->plain && str_eqz(a->text, "乙"));
    assert_true(!b->plain && str_eqz(b->text, "丁"));
    assert_true(!d->plain && str_eqz(d->text, "一\n二"));
    assert_int_equal(c->kind, YAML_LIST);
    assert_int_equal(c->count, 2);
    assert_int_equal(c->first->next->first->line, 5);
    assert_int_equal(c->first->next->first->column, 9);
    assert_int_equal(c->first->next->first->key_column, 6);
    assert_null(yaml_get(root, "庚"));
    assert_null(yaml_get(NULL, "甲"));
    assert_null(yaml_get(a, "甲"));
    assert_true(str_eqz(root->file, "a.yaml"));
    assert_int_equal(yaml_refuse_unseen(&ctx, root), OK);
}

static void
says(enum err e, const char *detail)
{
    assert_int_equal(e, ERR_CATALOG);
    assert_string_equal(str_z(arena, ctx.fail->detail), detail);
    fail_clear(&ctx);
}

static void
readers(void **state)
{
    (void)state;
    struct yaml_node *root = parsed("表: [a, [b]]\n空: ''\n白: '　 '\n旗: 也许\n图: {a: 1}\n是: 是\n否: 否\n"), *n;
    struct str s, *texts;
    size_t count;
    bool flag;
    says(yaml_text(&ctx, root, "表", &s), "a.yaml:1:4: “表”应为一段文字");
    says(yaml_text(&ctx, root, "图", &s), "a.yaml:5:4: “图”应为一段文字");
    says(yaml_need(&ctx, root, "无", &s), "a.yaml:1:1: 缺少“无”，请补上");
    says(yaml_need(&ctx, root, "空", &s), "a.yaml:1:1: 缺少“空”，请补上");
    says(yaml_need(&ctx, root, "白", &s), "a.yaml:1:1: 缺少“白”，请补上");
    says(yaml_flag(&ctx, root, "旗", &flag), "a.yaml:4:4: “旗”只能写 是 或 否");
    says(yaml_list(&ctx, root, "图", &n), "a.yaml:5:4: “图”应为列表（每行以“- ”开头）");
    says(yaml_list(&ctx, root, "是", &n), "a.yaml:6:4: “是”应为列表（每行以“- ”开头）");
    says(yaml_map(&ctx, root, "表", &n), "a.yaml:1:4: “表”应为下一级的键和值");
    says(yaml_texts(&ctx, arena, root, "表", &texts, &count), "a.yaml:1:8: “表”的每一项应为一段文字");
    assert_int_equal(yaml_text(&ctx, root, "无", &s), OK);
    assert_true(str_empty(s));
    assert_int_equal(yaml_flag(&ctx, root, "无", &flag), OK);
    assert_false(flag);
    assert_int_equal(yaml_flag(&ctx, root, "是", &flag), OK);
    assert_true(flag);
    assert_int_equal(yaml_flag(&ctx, root, "否", &flag), OK);
    assert_false(flag);
    assert_int_equal(yaml_texts(&ctx, arena, root, "无", &texts, &count), OK);
    assert_int_equal(count, 0);
    assert_int_equal(yaml_list(&ctx, root, "无", &n), OK);
    assert_null(n);
}

static void
unknown_keys(void **state)
{
    (void)state;
    struct yaml_node *root = parsed("名称: 甲\n  \n图:\n  a: 1\n  名城: 乙\n标题: 丙\n");
    struct str s;
    struct yaml_node *n;
    assert_int_equal(yaml_need(&ctx, root, "名称", &s), OK);
    assert_int_equal(yaml_map(&ctx, root, "图", &n), OK);
    assert_int_equal(yaml_need(&ctx, n, "a", &s), OK);
    says(yaml_refuse_unseen(&ctx, n), "a.yaml:5:3: 不认识的键“名城”，请对照 docs/CATALOG.md 改正或删去");
    says(yaml_refuse_unseen(&ctx, root), "a.yaml:6:1: 不认识的键“标题”，请对照 docs/CATALOG.md 改正或删去");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(full_width_punctuation, support_up, support_down),
        cmocka_unit_test_setup_teardown(what_the_format_leaves_out, support_up, support_down),
        cmocka_unit_test_setup_teardown(broken_yaml, support_up, support_down),
        cmocka_unit_test_setup_teardown(bytes_that_are_no_text, support_up, support_down),
        cmocka_unit_test_setup_teardown(bounds, support_up, support_down),
        cmocka_unit_test_setup_teardown(files, support_up, support_down),
        cmocka_unit_test_setup_teardown(tree, support_up, support_down),
        cmocka_unit_test_setup_teardown(readers, support_up, support_down),
        cmocka_unit_test_setup_teardown(unknown_keys, support_up, support_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
