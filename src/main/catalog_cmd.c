/* jingban catalog, checklist, workday: the catalogue on the command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "main/main_int.h"
#include "service/guide.h"

static enum err
find_region(struct ctx *ctx, const struct catalog *c, const char *code, const struct region **ret_r)
{
    *ret_r = catalog_region(c, str_c(code));
    if (!*ret_r)
        FAIL(ctx, ERR_NOT_FOUND, "没有统筹区 %s", code);
    return OK;
}

static enum err
list(struct ctx *ctx, const struct catalog *c, const struct args *a, int *ret_status)
{
    const struct region *r;
    *ret_status = 0;
    TRY(ctx, find_region(ctx, c, a->word[1], &r));
    if (args_has(a, "json")) {
        struct view *v = view_map(ctx->arena);
        guide_region(ctx, r, view_put_map(v, "region"));
        struct view *rows = view_put_list(v, "matters");
        for (size_t i = 0; i < r->matter_count; i++)
            guide_matter_line(&r->matter[i], view_add_map(rows));
        view_put_int(v, "count", (int64_t)r->matter_count);
        print_view(v, ctx->arena);
        return OK;
    }
    for (size_t i = 0; i < r->matter_count; i++)
        printf("%.*s\t%.*s\t%.*s%s\n", STR_ARG(r->matter[i].id), r->matter[i].code.n ? (int)r->matter[i].code.n : 1,
               r->matter[i].code.n ? r->matter[i].code.p : "-", STR_ARG(r->matter[i].name),
               r->matter[i].suspended ? "\t暂停" : "");
    printf("共 %zu 项\n", r->matter_count);
    return OK;
}

/* A reading of the guide in plain text. */
static void
show_text(struct ctx *ctx, const struct matter *m)
{
    printf("%.*s %.*s（%.*s）\n", STR_ARG(m->id), STR_ARG(m->name), STR_ARG(m->code));
    printf("服务对象：%.*s\n", STR_ARG(m->service_object));
    printf("办理材料：%.*s\n", STR_ARG(m->materials_text));
    printf("办理时限：%.*s\n", STR_ARG(m->limit_text));
    for (size_t i = 0; i < m->limit_count; i++)
        printf("  %s%.*s → 承诺 %.*s 法定 %.*s\n", m->limit[i].when.feel ? "当 " : "", STR_ARG(m->limit[i].when.source),
               STR_ARG(limit_text(ctx->arena, m->limit[i].promised)),
               STR_ARG(limit_text(ctx->arena, m->limit[i].legal)));
    for (size_t i = 0; i < m->intake_count; i++)
        printf("申报期：%s%.*s%s%.*s\n", m->intake[i].when.feel ? "当 " : "", STR_ARG(m->intake[i].when.source),
               m->intake[i].when.feel ? " → " : "", STR_ARG(intake_words(ctx->arena, &m->intake[i])));
    printf("办理环节：");
    for (size_t i = 0; i < m->stage_count; i++)
        printf("%s%s", i ? "—" : "", stage_name(m->stage[i].kind));
    printf("%s\n", m->stages_by_system ? "（系统口径）" : "");
}

static enum err
show(struct ctx *ctx, const struct catalog *c, const struct args *a, int *ret_status)
{
    const struct region *r;
    const struct matter *m;
    *ret_status = 0;
    TRY(ctx, find_region(ctx, c, a->word[1], &r));
    TRY(ctx, catalog_matter(ctx, r, str_c(a->word[2]), &m));
    if (!args_has(a, "json")) {
        show_text(ctx, m);
        return OK;
    }
    struct view *v = view_map(ctx->arena);
    guide_matter(ctx, c, m, v);
    print_view(v, ctx->arena);
    return OK;
}

static const char *const catalog_options[] = {"catalog", "facts", "against", "region", NULL};
static const char *const json_flag[] = {"json", NULL};

/* What each sub-command takes: an option of another one is refused, not passed over. */
static const struct sub {
    const char *name;
    int words;          /* with its name */
    const char *option; /* beside --catalog and --json; NULL: none */
    enum err (*run)(struct ctx *, const struct catalog *, const struct args *, int *ret_status);
} SUBS[] = {{"list", 2, NULL, list},
            {"show", 3, NULL, show},
            {"lint", 1, "region", catalog_lint_run},
            {"diff", 2, "against", catalog_diff_run}};

int
catalog_usage(const char *wrong)
{
    if (wrong)
        fprintf(stderr, "catalog: 不认识、缺值或用不上的参数 %s\n", wrong);
    fputs("用法：jingban catalog list REGION [--json]\n"
          "      jingban catalog show REGION ID [--json]\n"
          "      jingban catalog lint [--region CODE] [--json]\n"
          "      jingban catalog diff REGION --against standard|REGION [--json]\n"
          "      jingban catalog import FILE --region CODE [--out DIR [--force]] [--json]\n"
          "      jingban catalog pack REGION --out FILE.tar\n"
          "      jingban catalog unpack FILE.tar --out DIR\n"
          "目录文件夹默认在程序旁边，别处的用 --catalog DIR 指明（unpack 不用）\n",
          stderr);
    return 2;
}

/* The sub-command that A calls rightly; NULL otherwise, *ret_wrong the option that is not its own. */
static const struct sub *
sub_called(const struct args *a, const char **ret_wrong)
{
    const struct sub *sub = NULL;
    *ret_wrong = NULL;
    for (size_t i = 0; i < sizeof SUBS / sizeof *SUBS && a->n > 0; i++)
        if (strcmp(a->word[0], SUBS[i].name) == 0)
            sub = &SUBS[i];
    if (!sub)
        return NULL;
    for (int i = 0; i < a->option_count && !*ret_wrong; i++) {
        const char *name = a->option[i].name;
        if (strcmp(name, "catalog") != 0 && strcmp(name, "json") != 0 &&
            (!sub->option || strcmp(name, sub->option) != 0))
            *ret_wrong = name - 2; /* with its dashes */
    }
    return *ret_wrong || a->n != sub->words ? NULL : sub;
}

int
cmd_catalog(struct ctx *ctx, int argc, char **argv)
{
    struct args a;
    const char *wrong;
    struct catalog *c;
    int status = 0;
    if (argc > 0 && (strcmp(argv[0], "pack") == 0 || strcmp(argv[0], "unpack") == 0))
        return cmd_catalog_package(ctx, argc, argv);
    if (argc > 0 && strcmp(argv[0], "import") == 0)
        return cmd_catalog_import(ctx, argc, argv);
    if (!args_parse(argc, argv, catalog_options, json_flag, &a, &wrong))
        return catalog_usage(wrong);
    const struct sub *sub = sub_called(&a, &wrong);
    if (!sub || (sub->run == catalog_diff_run && !args_get(&a, "against", NULL)))
        return catalog_usage(wrong);
    enum err e = load_catalog(ctx, &a, &c);
    if (e != OK)
        return fail_print(ctx, e);
    e = sub->run(ctx, c, &a, &status);
    catalog_free(c);
    return e == OK ? status : fail_print(ctx, e);
}

static enum err
checklist(struct ctx *ctx, const struct catalog *c, const struct args *a, struct view *v)
{
    const struct region *r;
    const struct matter *m;
    struct view *facts = NULL;
    const char *json = args_get(a, "facts", NULL);
    TRY(ctx, find_region(ctx, c, a->word[0], &r));
    TRY(ctx, catalog_matter(ctx, r, str_c(a->word[1]), &m));
    size_t n = 0;
    struct guide_answer *answer = ARENA_ARRAY(ctx->arena, FACT_MAX, struct guide_answer);
    if (json) {
        TRY(ctx, view_from_json(ctx, str_c(json), &facts));
        if (view_kind(facts) != VIEW_MAP)
            FAIL(ctx, ERR_SYNTAX, "--facts 应为 {\"事实\": \"值\"}");
        for (const struct view *f = view_first(facts); f && n < FACT_MAX; f = view_next(f))
            answer[n++] = (struct guide_answer){.fact = view_key(f), .value = view_display(ctx->arena, f)};
    }
    return guide_check(ctx, c, m, answer, n, false, v);
}

int
cmd_checklist(struct ctx *ctx, int argc, char **argv)
{
    struct args a;
    const char *wrong = "";
    struct catalog *c;
    if (!args_parse(argc, argv, catalog_options, json_flag, &a, &wrong) || a.n != 2) {
        fprintf(stderr, "用法：jingban checklist REGION ID [--facts JSON] --json %s\n", wrong);
        return 2;
    }
    enum err e = load_catalog(ctx, &a, &c);
    if (e != OK)
        return fail_print(ctx, e);
    struct view *v = view_map(ctx->arena);
    e = checklist(ctx, c, &a, v);
    if (e == OK)
        print_view(v, ctx->arena);
    catalog_free(c);
    return e == OK ? 0 : fail_print(ctx, e);
}

static enum err
workday(struct ctx *ctx, const struct calendar *cal, const struct args *a)
{
    struct day from, to;
    int64_t n;
    bool tentative;
    if (!day_parse(str_c(a->word[1]), &from))
        FAIL(ctx, ERR_FIELD_INVALID, "日期应写成 2026-11-21");
    if (strcmp(a->word[0], "add") == 0) {
        if (!str_int(str_c(a->word[2]), &n) || n < 0 || n > 36500)
            FAIL(ctx, ERR_FIELD_INVALID, "工作日数应为 0 到 36500 的整数");
        struct day due = calendar_add(cal, from, (int)n, &tentative);
        printf("%s%s\n", day_text(ctx->arena, due).p, tentative ? " 暂定" : "");
        return OK;
    }
    if (!day_parse(str_c(a->word[2]), &to))
        FAIL(ctx, ERR_FIELD_INVALID, "日期应写成 2026-11-21");
    printf("%d", calendar_between(cal, from, to, &tentative));
    printf("%s\n", tentative ? " 暂定" : "");
    return OK;
}

/* One look-up a line on standard input ("add DATE N" / "between A B"), for checks over many days. */
static enum err
workday_batch(struct ctx *ctx, const struct calendar *cal)
{
    char line[128];
    while (fgets(line, sizeof line, stdin)) {
        char *save = NULL;
        struct args a = {
            .n = 3, .word = {strtok_r(line, " \n", &save), strtok_r(NULL, " \n", &save), strtok_r(NULL, " \n", &save)}};
        if (!a.word[0] || !a.word[1] || !a.word[2])
            FAIL(ctx, ERR_SYNTAX, "每行应为 add DATE N 或 between A B");
        TRY(ctx, workday(ctx, cal, &a));
    }
    return OK;
}

int
cmd_workday(struct ctx *ctx, int argc, char **argv)
{
    struct args a;
    const char *wrong = "";
    struct catalog *c;
    bool parsed = args_parse(argc, argv, catalog_options, json_flag, &a, &wrong),
         batch = parsed && a.n == 1 && strcmp(a.word[0], "-") == 0;
    if (!batch && (!parsed || a.n != 3 || (strcmp(a.word[0], "add") != 0 && strcmp(a.word[0], "between") != 0))) {
        fprintf(stderr, "用法：jingban workday add DATE N | between A B | - （从标准输入逐行读）%s\n", wrong);
        return 2;
    }
    enum err e = load_catalog(ctx, &a, &c);
    if (e != OK)
        return fail_print(ctx, e);
    e = batch ? workday_batch(ctx, catalog_calendar(c)) : workday(ctx, catalog_calendar(c), &a);
    catalog_free(c);
    return e == OK ? 0 : fail_print(ctx, e);
}
