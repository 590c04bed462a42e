/* jingban catalog lint [--json] [--region CODE]: what a careful keeper would find. Exit status 0: nothing open above a hint; 1: open
** warnings; 2: open errors. */
#include <stdio.h>
#include <string.h>

#include "catalog/lint.h"
#include "main/main_int.h"

static void
print_finding(const struct finding *f)
{
    printf("  %s %s", severity_text(f->severity), f->id);
    if (f->matter_count)
        printf("  事项 ");
    for (size_t i = 0; i < f->matter_count; i++)
        printf("%s%.*s", i ? "、" : "", STR_ARG(f->matter[i]));
    printf("%s%.*s\n", str_empty(f->field) ? "" : "  ", STR_ARG(f->field));
    printf("    %.*s", STR_ARG(f->file));
    if (f->line)
        printf(":%d", f->line);
    printf("  %.*s\n", STR_ARG(f->message));
    if (!str_empty(f->evidence) && str_find(f->message, f->evidence) == SIZE_MAX)
        printf("    原文：%.*s\n", STR_ARG(f->evidence));
    if (str_empty(f->accepted))
        printf("    办法：%.*s\n", STR_ARG(f->remedy));
    else
        printf("    已接受：%.*s\n", STR_ARG(f->accepted));
}

static size_t
count(const struct findings *f, struct str region, enum severity s, bool accepted)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++) {
        const struct finding *x = &f->finding[i];
        bool here = str_empty(region) || str_eq(x->region, region), is = !str_empty(x->accepted);
        n += here && is == accepted && (accepted || x->severity == s);
    }
    return n;
}

static void
print_counts(const struct findings *f, struct str region)
{
    printf("错误 %zu、警告 %zu、提示 %zu，已接受 %zu\n", count(f, region, SEVERITY_ERROR, false),
           count(f, region, SEVERITY_WARN, false), count(f, region, SEVERITY_INFO, false),
           count(f, region, SEVERITY_INFO, true));
}

static void
print_text(const struct catalog *c, const struct findings *f, struct str code)
{
    size_t regions = 0, matters = 0;
    for (size_t i = 0; i < catalog_region_count(c); i++)
        if (str_empty(code) || str_eq(catalog_region_at(c, i)->code, code)) {
            regions++;
            matters += catalog_region_at(c, i)->matter_count;
        }
    printf("%zu 个统筹区、%zu 个事项：", regions, matters);
    print_counts(f, STR(""));
    for (size_t i = 0; i < f->n; i++) {
        struct str region = f->finding[i].region;
        if (i == 0 || !str_eq(region, f->finding[i - 1].region)) {
            const struct region *r = catalog_region(c, region);
            printf("\n%.*s %.*s：", STR_ARG(region), STR_ARG(r ? r->name : STR("")));
            print_counts(f, region);
        }
        print_finding(&f->finding[i]);
    }
    if (findings_open(f, SEVERITY_INFO))
        puts("\n错误：改正，或写明理由列入 "
             "regions/区划代码/accepted.yaml，才能发布；警告：多半有错，请核对；提示：知道即可");
}

enum err
catalog_lint_run(struct ctx *ctx, const struct catalog *c, const struct args *a, int *ret_status)
{
    struct catalog_files files;
    struct findings found;
    struct str code = str_c(args_get(a, "region", ""));
    TRY(ctx, catalog_files_read(ctx, ctx->arena, find_folder(ctx, a, "catalog", "catalog"), &files));
    TRY(ctx, catalog_lint(ctx, c, &files, code, &found));
    if (args_has(a, "json")) {
        struct view *list = view_list(ctx->arena);
        findings_view(&found, list);
        print_view(list, ctx->arena);
    } else {
        print_text(c, &found, code);
    }
    *ret_status = findings_open(&found, SEVERITY_ERROR) ? 2 : findings_open(&found, SEVERITY_WARN) ? 1 : 0;
    return OK;
}
