/* jingban catalog pack, unpack: a region as one file, and back again. The same files give the same bytes. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/files.h"
#include "main/main_int.h"

static const char *const pack_options[] = {"catalog", "out", NULL}, *const unpack_options[] = {"out", NULL};

/* Beside it first, so that a full disk leaves no half package under the right name. */
static enum err
write_whole(struct ctx *ctx, const char *path, struct str bytes)
{
    struct str part = str_fmt(ctx->arena, "%s.part", path);
    TRY(ctx, write_file(ctx, part, bytes));
    if (rename(part.p, path) != 0)
        FAIL(ctx, ERR_IO, "%s 写不进去（%s）", path, strerror(errno));
    return OK;
}

static enum err
pack(struct ctx *ctx, const struct args *a, const char *out)
{
    struct catalog_files f;
    struct catalog *c;
    struct str code = str_c(a->word[1]), own = str_fmt(ctx->arena, "regions/%.*s/region.yaml", STR_ARG(code));
    TRY(ctx, catalog_files_read(ctx, ctx->arena, find_folder(ctx, a, "catalog", "catalog"), &f));
    if (!catalog_files_get(&f, own))
        FAIL(ctx, ERR_NOT_FOUND, "没有统筹区 %.*s", STR_ARG(code));
    struct str bytes = catalog_pack(ctx->arena, &f, code), region;
    /* What is handed on must be taken on the other side. */
    TRY(ctx, catalog_unpack(ctx, ctx->arena, bytes, &f, &region));
    TRY(ctx, catalog_load_files(ctx, &f, &c));
    catalog_free(c);
    TRY(ctx, write_whole(ctx, out, bytes));
    printf("%.*s  %s  %zu 个文件 %zu 字节\n", STR_ARG(catalog_package_digest(ctx->arena, &f, region)), out, f.n,
           bytes.n);
    return OK;
}

static enum err
read_package(struct ctx *ctx, const char *path, struct str *ret_bytes)
{
    FILE *f = fopen(path, "rb");
    struct stat st;
    if (!f)
        FAIL(ctx, ERR_IO, "%s 打不开（%s）", path, strerror(errno));
    bool small = fstat(fileno(f), &st) == 0 && st.st_size <= CATALOG_BYTES_MAX;
    size_t room = small ? (size_t)st.st_size : 0;
    char *p = arena_alloc(ctx->arena, room + 1);
    size_t n = fread(p, 1, room, f);
    fclose(f);
    if (!small || n != room)
        FAIL(ctx, ERR_TOO_LARGE, "%s 太大或读不完整：目录包不超过 %d MiB，请重新下载目录包", path,
             CATALOG_BYTES_MAX >> 20);
    *ret_bytes = (struct str){p, n};
    return OK;
}

static enum err
unpack(struct ctx *ctx, const struct args *a, const char *out)
{
    struct catalog_files f;
    struct str bytes, region;
    TRY(ctx, read_package(ctx, a->word[1], &bytes));
    TRY(ctx, catalog_unpack(ctx, ctx->arena, bytes, &f, &region));
    /* Into a folder of its own: what lies there already would be packed with it. */
    if (rmdir(out) != 0 && errno != ENOENT)
        FAIL(ctx, ERR_IO, "%s 不是空文件夹；请换一个新的文件夹名", out);
    TRY(ctx, write_catalog_files(ctx, out, &f));
    printf("%.*s  %.*s  %zu 个文件\n", STR_ARG(catalog_package_digest(ctx->arena, &f, region)), STR_ARG(region), f.n);
    return OK;
}

int
cmd_catalog_package(struct ctx *ctx, int argc, char **argv)
{
    struct args a;
    const char *wrong = "", *out;
    bool packs = strcmp(argv[0], "pack") == 0;
    if (!args_parse(argc, argv, packs ? pack_options : unpack_options, NULL, &a, &wrong))
        return catalog_usage(wrong);
    out = args_get(&a, "out", NULL);
    if (a.n != 2 || !out)
        return catalog_usage(NULL);
    enum err e = packs ? pack(ctx, &a, out) : unpack(ctx, &a, out);
    return e == OK ? 0 : fail_print(ctx, e);
}
