/* The yardstick of the import: the five guides as published, imported, against the catalogue that people checked by hand, field by field.
** Prints per region and field how many of the verbatim texts came out the same; every difference is listed with its reason in
** explained.tsv (region, matter, field, reason), and nothing may differ that is not. COMPARE_ALL=1 prints the differences' texts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/import.h"
#include "catalog/yaml_tree.h"
#include "support/support_catalog.h"

enum { FIELDS_MAX = 64, EXPLAINED_MAX = 1000, ENOUGH_PERCENT = 95 };

static const char *const SEEDS[][2] = {{"211282", "kaiyuan-211282.txt"},
                                       {"410400", "pingdingshan-410400.txt"},
                                       {"420281", "daye-420281.txt"},
                                       {"421300", "suizhou-421300.txt"},
                                       {"421381", "guangshui-421381.txt"}};
static const char *const WORDS[] = {"编号", "序号", "名称",     "标题", "标题名称",
                                    "组",   "出处", "状态依据", "图题", "受理单位"};
static const char *const TEXTS[] = {"服务对象", "办理渠道", "办理层级", "办理材料", "办理流程",
                                    "办理时限", "咨询方式", "监督电话", "评价渠道", "送达"};

static struct catalog_files shared; /* the catalogue without its regions */

struct tally {
    struct str field;
    int same, all;
};
struct explained {
    struct str region, matter, field, reason;
    bool used;
};
static struct explained explained[EXPLAINED_MAX];
static size_t explained_count;
static struct tally tally[FIELDS_MAX];
static size_t tally_count;
static int unexplained, total, matched;
static struct str region;

static void
read_explained(void)
{
    struct str rest = support_file(arena, "tests/import/explained.tsv"), line;
    while (str_split(&rest, '\n', &line)) {
        struct explained *x = &explained[explained_count];
        if (str_empty(line) || line.p[0] == '#')
            continue;
        assert_true(explained_count < EXPLAINED_MAX);
        if (!str_split(&line, '\t', &x->region) || !str_split(&line, '\t', &x->matter) ||
            !str_split(&line, '\t', &x->field) || !str_split(&line, '\t', &x->reason) || str_empty(x->reason))
            fail_msg("explained.tsv: region, matter, field, reason");
        explained_count++;
    }
}

static bool
is_explained(struct str matter, struct str field)
{
    for (size_t i = 0; i < explained_count; i++) {
        struct explained *x = &explained[i];
        if (str_eq(x->region, region) && str_eq(x->field, field) &&
            (str_eq(x->matter, matter) || str_eqz(x->matter, "*"))) {
            x->used = true;
            return true;
        }
    }
    return false;
}

static void
compare(struct str matter, struct str field, struct str group, struct str ours, struct str theirs)
{
    if (str_empty(ours) && str_empty(theirs))
        return;
    size_t i = 0;
    while (i < tally_count && !str_eq(tally[i].field, group))
        i++;
    assert_true(i < FIELDS_MAX);
    if (i == tally_count)
        tally[tally_count++] = (struct tally){.field = group};
    bool same = str_eq(ours, theirs);
    tally[i].all++;
    tally[i].same += same;
    total++;
    matched += same;
    if (same)
        return;
    bool known = is_explained(matter, field);
    unexplained += !known;
    if (getenv("COMPARE_ALL") || !known) /* not print_message: it cuts at 1 KiB */
        printf("%.*s %.*s %.*s%s\n  catalogue: %.*s\n  import:    %.*s\n", STR_ARG(region), STR_ARG(matter),
               STR_ARG(field), known ? " (explained)" : "", STR_ARG(theirs), STR_ARG(ours));
}

static struct str
text_at(struct yaml_node *map, const char *key, const char *inner)
{
    struct yaml_node *n = yaml_get(map, key);
    if (n && inner)
        n = yaml_get(n, inner);
    return n && n->kind == YAML_SCALAR ? n->text : STR("");
}

/* A list of texts or of notes as one text. */
static struct str
list_at(struct yaml_node *map, const char *key)
{
    struct yaml_node *list = yaml_get(map, key);
    struct buf b;
    buf_init(&b, arena, 256);
    for (struct yaml_node *n = list ? list->first : NULL; n; n = n->next) {
        struct str number = n->kind == YAML_MAP ? text_at(n, "序号", NULL) : STR("");
        struct str text = n->kind == YAML_MAP ? text_at(n, "原文", NULL) : n->text;
        buf_fmt(&b, "%s%.*s%.*s", b.n ? "\n" : "", STR_ARG(number), STR_ARG(text));
    }
    return buf_str(&b);
}

static struct yaml_node *
entry(struct yaml_node *list, const char *key, struct str words, size_t nth)
{
    for (struct yaml_node *n = list ? list->first : NULL; n; n = n->next)
        if (str_eq(text_at(n, key, NULL), words) && nth-- == 0)
            return n;
    return NULL;
}

static struct str
entry_text(struct yaml_node *n)
{
    return n ? str_fmt(arena, "%.*s%.*s", STR_ARG(text_at(n, "原文", NULL)), STR_ARG(text_at(n, "取用", NULL)))
             : STR("");
}

/* Entries of 异文 or 其他原文, each by what it is about; those of one side only count as differences. */
static void
compare_entries(struct str id, const char *key, const char *about, struct yaml_node *ours, struct yaml_node *theirs)
{
    struct yaml_node *list[2] = {yaml_get(theirs, key), yaml_get(ours, key)};
    for (int side = 0; side < 2; side++)
        for (struct yaml_node *n = list[side] ? list[side]->first : NULL; n; n = n->next) {
            struct str words = text_at(n, about, NULL);
            size_t nth = 0;
            for (struct yaml_node *m = list[side]->first; m != n; m = m->next)
                nth += str_eq(text_at(m, about, NULL), words);
            struct yaml_node *other = entry(list[!side], about, words, nth);
            if (side == 0 || !other)
                compare(id, str_fmt(arena, "%s.%.*s", key, STR_ARG(words)), str_c(key),
                        side == 0 ? entry_text(other) : entry_text(n), side == 0 ? entry_text(n) : STR(""));
        }
}

static void
compare_matter(struct str id, struct yaml_node *ours, struct yaml_node *theirs)
{
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        compare(id, str_c(WORDS[i]), str_c(WORDS[i]), text_at(ours, WORDS[i], NULL), text_at(theirs, WORDS[i], NULL));
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
        compare(id, str_c(TEXTS[i]), str_c(TEXTS[i]), text_at(ours, TEXTS[i], "原文"),
                text_at(theirs, TEXTS[i], "原文"));
    compare(id, STR("法定原文"), STR("法定原文"), text_at(ours, "办理时限", "法定原文"),
            text_at(theirs, "办理时限", "法定原文"));
    if (str_eqz(text_at(theirs, "编码来源", NULL), "印发"))
        compare(id, STR("标准编码"), STR("标准编码"), text_at(ours, "标准编码", NULL),
                text_at(theirs, "标准编码", NULL));
    compare(id, STR("设定依据"), STR("设定依据"), list_at(ours, "设定依据"), list_at(theirs, "设定依据"));
    compare(id, STR("注意事项"), STR("注意事项"), list_at(ours, "注意事项"), list_at(theirs, "注意事项"));
    compare_entries(id, "异文", "字段", ours, theirs);
    compare_entries(id, "其他原文", "标题", ours, theirs);
}

/* What came out loads beside the shared folders, as it is. */
static void
loads(const struct imported *im, const char *seed)
{
    struct catalog_files f = shared;
    struct catalog *c;
    for (size_t i = 0; i < im->files.n; i++)
        f = catalog_files_with(arena, &f, im->files.file[i].path, im->files.file[i].bytes);
    fail_clear(&ctx);
    if (catalog_load_files(&ctx, &f, &c) != OK)
        fail_msg("%s: %.*s", seed, STR_ARG(ctx.fail->detail));
    assert_int_equal(catalog_region_count(c), 1);
    assert_int_equal(catalog_region_at(c, 0)->matter_count, im->matters);
    catalog_free(c);
}

/* Captions have no place of their own in the files. */
static bool
only_caption(struct str word)
{
    static const char *const captions[] = {"承诺时限", "法定时限", "经办人数", "办理方式", "申办材料", "政务服务",
                                           "好差评",   "评价",     "主项",     "子项",     "编码",     "事项名称",
                                           "序号",     "环节",     "办理",     "备注"};
    for (size_t i = 0; i < sizeof captions / sizeof *captions; i++)
        if (str_eqz(word, captions[i]))
            return true;
    return false;
}

/* The words of LINE, in pieces between blanks and punctuation, all stand in OUT. */
static bool
kept(struct str line, struct str out)
{
    size_t from = 0;
    for (size_t i = 0; i <= line.n;) {
        size_t at = i;
        uint32_t cp = i < line.n ? str_utf8_next(line, &i) : 0;
        if ((cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'z') || (cp >= 0x3400 && cp <= 0x9fff))
            continue;
        struct str word = str_sub(line, from, at - from);
        if (word.n == 4 && str_ends(word, STR("人"))) /* 2人 is kept as 人数: "2" */
            word = str_fmt(arena, "人数: \"%c\"", word.p[0]);
        if (word.n > 3 && !only_caption(word) && str_find(out, word) == SIZE_MAX) /* 三 is a number's */
            return false;
        if (at >= line.n)
            break;
        from = i;
    }
    return true;
}

/* No line of the guide is lost: its words stand in a file, a finding names it, or it is one of a caption's. */
static void
nothing_lost(const struct imported *im, struct str text, const char *seed)
{
    struct buf all;
    buf_init(&all, arena, text.n * 2);
    for (size_t i = 0; i < im->files.n; i++)
        buf_add(&all, im->files.file[i].bytes);
    struct str out = buf_str(&all), rest = text, line;
    size_t lost = 0, told_lines = 0;
    for (int no = 1; str_split(&rest, '\n', &line); no++) {
        bool told = false;
        for (size_t i = 0; i < im->findings.n; i++)
            told = told || im->findings.finding[i].line == no;
        told_lines += told;
        if (told || kept(line, out))
            continue;
        print_message("%s:%d is lost: %.*s\n", seed, no, STR_ARG(line));
        lost++;
    }
    assert_int_equal(lost, 0);
    assert_true(told_lines < 400); /* or everything would be told and nothing placed */
}

static void
compare_region(const char *code, const char *seed)
{
    struct imported im;
    struct yaml_node *ours, *theirs;
    tally_count = 0;
    int total_before = total, matched_before = matched;
    region = str_c(code);
    struct str text = support_file(arena, "tests/import/seeds/%s", seed);
    fail_clear(&ctx);
    if (catalog_import(&ctx, catalog, region, str_c(seed), text, &im) != OK)
        fail_msg("%s: %.*s", seed, STR_ARG(ctx.fail->detail));
    const struct region *r = catalog_region(catalog, region);
    assert_non_null(r);
    if (im.matters != r->matter_count) {
        print_message("%s: %zu matters, catalogue %zu\n", code, im.matters, r->matter_count);
        unexplained++;
    }
    for (size_t i = 0; i < r->matter_count; i++) {
        struct str id = r->matter[i].id, path = str_fmt(arena, "regions/%s/matters/%.*s.yaml", code, STR_ARG(id));
        size_t k = 0;
        while (k < im.files.n && !str_eq(im.files.file[k].path, path))
            k++;
        if (k == im.files.n)
            continue;
        if (yaml_parse(&ctx, arena, path, im.files.file[k].bytes, &ours) != OK)
            fail_msg("%.*s", STR_ARG(ctx.fail->detail));
        if (yaml_read(&ctx, arena, support_path(arena, "catalog/%.*s", STR_ARG(path)).p, path, &theirs) != OK)
            fail_msg("%.*s", STR_ARG(ctx.fail->detail));
        compare_matter(id, ours, theirs);
    }
    loads(&im, seed);
    nothing_lost(&im, text, seed);
    print_message("%s %d/%d:", code, matched - matched_before, total - total_before);
    for (size_t i = 0; i < tally_count; i++)
        print_message(" %.*s %d/%d", STR_ARG(tally[i].field), tally[i].same, tally[i].all);
    print_message("  findings %zu\n", im.findings.n);
}

static void
five_guides(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof SEEDS / sizeof *SEEDS; i++)
        compare_region(SEEDS[i][0], SEEDS[i][1]);
    int stale = 0;
    for (size_t i = 0; i < explained_count; i++)
        if (!explained[i].used) {
            print_message("explained.tsv: %.*s %.*s %.*s explains nothing\n", STR_ARG(explained[i].region),
                          STR_ARG(explained[i].matter), STR_ARG(explained[i].field));
            stale++;
        }
    print_message("%d of %d verbatim fields the same (%d.%d %%), %d differences unexplained\n", matched, total,
                  matched * 100 / total, matched * 1000 / total % 10, unexplained);
    assert_true(matched * 100 >= total * ENOUGH_PERCENT);
    assert_int_equal(unexplained, 0);
    assert_int_equal(stale, 0);
}

static int
set_up(void **state)
{
    (void)support_catalog_up(state);
    shared = support_catalog_shared(&ctx);
    read_explained();
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(five_guides)};
    return cmocka_run_group_tests(tests, set_up, support_catalog_down);
}
