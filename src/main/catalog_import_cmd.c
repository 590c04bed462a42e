/* jingban catalog import: the text of a guide into catalogue files and the list of what a keeper must look at. Without --out nothing is
** written; with it the region must be new there, or --force. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/import.h"
#include "main/main_int.h"

enum { GUIDE_BYTES_MAX = 4 << 20 };

static const char *const import_options[] = {"catalog", "region", "out", NULL};
static const char *const import_flags[] = {"json", "force", NULL};

static enum err
read_guide(struct ctx *ctx, const char *path, struct str *ret_text)
{
    FILE *f = fopen(path, "rbe");
    if (!f)
        FAIL(ctx, ERR_IO, "%s 打不开（%s）", path, strerror(errno));
    char *p = arena_alloc(ctx->arena, GUIDE_BYTES_MAX + 2);
    size_t n = fread(p, 1, GUIDE_BYTES_MAX + 1, f);
    bool bad = ferror(f) != 0;
    fclose(f);
    if (bad)
        FAIL(ctx, ERR_IO, "%s 读不出来", path);
    *ret_text = (struct str){p, n}; /* one byte over the limit is refused by the import, with its reason */
    return OK;
}

/* What an earlier import wrote: matters that the new one does not have would be kept otherwise. */
static enum err
clear_matters(struct ctx *ctx, struct str folder)
{
    DIR *d = opendir(str_z(ctx->arena, folder));
    const struct dirent *entry;
    enum err e = OK;
    while (d && e == OK && (entry = readdir(d))) {
        struct str path = str_fmt(ctx->arena, "%.*s/%s", STR_ARG(folder), entry->d_name);
        if (str_ends(path, STR(".yaml")) && unlink(path.p) != 0)
            e = fail_set(ctx, ERR_IO, __FILE__, __LINE__, "%.*s 删不掉（%s）", STR_ARG(path), strerror(errno));
    }
    if (d)
        closedir(d);
    return e;
}

static enum err
write_region(struct ctx *ctx, const struct imported *im, const char *out, struct str code, bool force)
{
    struct str region = str_fmt(ctx->arena, "%s/regions/%.*s", out, STR_ARG(code));
    struct stat st;
    if (stat(region.p, &st) == 0) {
        if (!force)
            FAIL(ctx, ERR_FIELD_INVALID, "%.*s 已经存在；确要覆盖请加 --force，或换一个 --out 文件夹", STR_ARG(region));
        TRY(ctx, clear_matters(ctx, str_fmt(ctx->arena, "%.*s/matters", STR_ARG(region))));
    }
    return write_catalog_files(ctx, out, &im->files);
}

static void
print_json(struct ctx *ctx, const struct imported *im, struct str code)
{
    struct view *v = view_map(ctx->arena);
    view_put_text(v, "region", code);
    view_put_int(v, "matters", (int64_t)im->matters);
    struct view *files = view_put_list(v, "files");
    for (size_t i = 0; i < im->files.n; i++)
        view_add_text(files, im->files.file[i].path);
    findings_view(&im->findings, view_put_list(v, "findings"));
    print_view(v, ctx->arena);
}

static void
print_text(const struct imported *im, const char *out)
{
    for (size_t i = 0; i < im->findings.n; i++) {
        const struct finding *x = &im->findings.finding[i];
        if (x->line)
            printf("%.*s:%d: ", STR_ARG(x->file), x->line);
        printf("[%s] ", severity_text(x->severity));
        for (size_t k = 0; k < x->matter_count; k++)
            printf("%s%.*s", k ? "、" : "事项 ", STR_ARG(x->matter[k]));
        printf("%s%.*s%s%.*s", x->matter_count ? " " : "", STR_ARG(x->field), x->field.n ? "：" : "",
               STR_ARG(x->message));
        if (x->evidence.n)
            printf("（%.*s）", STR_ARG(x->evidence));
        printf("→ %.*s\n", STR_ARG(x->remedy));
    }
    printf("读出 %zu 个事项，%zu 处要看一看（错误 %zu、警告 %zu）", im->matters, im->findings.n,
           findings_open(&im->findings, SEVERITY_ERROR),
           findings_open(&im->findings, SEVERITY_WARN) - findings_open(&im->findings, SEVERITY_ERROR));
    if (out)
        printf("；写入 %s 共 %zu 个文件\n", out, im->files.n);
    else
        puts("；没有写文件（写文件请加 --out 文件夹）");
}

static enum err
import(struct ctx *ctx, const struct catalog *c, const struct args *a, const char *code, const char *out)
{
    struct str text;
    struct imported im;
    TRY(ctx, read_guide(ctx, a->word[1], &text));
    TRY(ctx, catalog_import(ctx, c, str_c(code), str_c(a->word[1]), text, &im));
    if (out)
        TRY(ctx, write_region(ctx, &im, out, str_c(code), args_has(a, "force")));
    if (args_has(a, "json"))
        print_json(ctx, &im, str_c(code));
    else
        print_text(&im, out);
    return OK;
}

int
cmd_catalog_import(struct ctx *ctx, int argc, char **argv)
{
    struct args a;
    const char *wrong = "", *code;
    struct catalog *c;
    if (!args_parse(argc, argv, import_options, import_flags, &a, &wrong))
        return catalog_usage(wrong);
    code = args_get(&a, "region", NULL);
    if (a.n != 2 || !code)
        return catalog_usage(NULL);
    enum err e = load_catalog(ctx, &a, &c);
    if (e == OK) {
        e = import(ctx, c, &a, code, args_get(&a, "out", NULL));
        catalog_free(c);
    }
    return e == OK ? 0 : fail_print(ctx, e);
}
