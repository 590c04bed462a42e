/* jingban import list: a department's list into a data folder, for files too long for the desk. */
#include <stdio.h>
#include <string.h>

#include "base/view.h"
#include "main/main_int.h"
#include "service/sharing.h"

enum { LINES_SHOWN = 50 };

static const char *const options[] = {"data", "db", "catalog", "pages", "region", "source", "way", NULL};
static const char *const flags[] = {"json", NULL};

static enum err
read_list(struct ctx *ctx, const char *path, struct str *ret_bytes)
{
    FILE *f = fopen(path, "rb");
    struct buf b;
    char piece[65536];
    size_t n;
    if (!f)
        FAIL(ctx, ERR_IO, "%s 打不开", path);
    buf_init(&b, ctx->arena, sizeof piece);
    while (b.n <= SHARE_LIST_BYTES_MAX && (n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_add(&b, (struct str){piece, n});
    bool broken = ferror(f) != 0;
    fclose(f);
    if (broken)
        FAIL(ctx, ERR_IO, "%s 读不出来", path);
    *ret_bytes = buf_str(&b);
    return OK;
}

static void
print_outcome(const struct view *v)
{
    const struct view *i = view_get(v, STR("import")), *lines = view_get(v, STR("lines"));
    size_t shown = 0;
    printf("%.*s 第 %lld 次导入（%.*s）：%lld 行，%lld 行有错\n", STR_ARG(view_text(view_get(i, STR("source_name")))),
           (long long)view_int(view_get(i, STR("no"))), STR_ARG(view_text(view_get(i, STR("way_name")))),
           (long long)view_int(view_get(i, STR("rows"))), (long long)view_int(view_get(i, STR("errors"))));
    for (const struct view *x = view_first(lines); x && shown < LINES_SHOWN; x = view_next(x), shown++)
        printf("  第 %lld 行：%.*s\n", (long long)view_int(view_get(x, STR("line"))),
               STR_ARG(view_text(view_get(x, STR("reason")))));
    if (view_count(lines) > shown)
        printf("  其余的在工作台“数据共享”里\n");
}

static enum err
import_list(struct ctx *ctx, struct server *s, const struct args *a)
{
    struct actor system = {.kind = ACTOR_SYSTEM, .region = str_c(args_get(a, "region", "")), .name = STR("命令行")};
    struct sharing_import in = {.source = str_c(args_get(a, "source", "")), .way = str_c(args_get(a, "way", ""))};
    struct view *v = view_map(ctx->arena);
    TRY(ctx, read_list(ctx, a->word[1], &in.bytes));
    TRY(ctx, service_sharing_import(ctx, s, &system, &in, v));
    if (args_has(a, "json"))
        print_view(v, ctx->arena);
    else
        print_outcome(v);
    return OK;
}

int
cmd_import(struct ctx *ctx, int argc, char **argv)
{
    struct args a;
    struct server *s = NULL;
    const char *wrong = "";
    if (!args_parse(argc, argv, options, flags, &a, &wrong) || a.n != 2 || strcmp(a.word[0], "list") != 0) {
        fprintf(stderr,
                "用法：jingban import list FILE.csv --region CODE --source ID [--way replace|extend] --data DIR "
                "[--db URL] [--json] %s\n",
                wrong ? wrong : "");
        return 2;
    }
    enum err e = server_open(ctx, &a, true, &s);
    if (e == OK)
        e = import_list(ctx, s, &a);
    int status = e == OK ? 0 : fail_print(ctx, e);
    server_close(s);
    return status;
}
