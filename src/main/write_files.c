/* Files that a command leaves behind. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "main/main_int.h"

enum err
write_file(struct ctx *ctx, struct str path, struct str bytes)
{
    FILE *f = fopen(str_z(ctx->arena, path), "wbe");
    bool ok = f && fwrite(bytes.p ? bytes.p : "", 1, bytes.n, f) == bytes.n;
    int why = errno;
    if (f && fclose(f) != 0) {
        ok = false;
        why = errno;
    }
    if (!ok)
        FAIL(ctx, ERR_IO, "%.*s 写不进去（%s）", STR_ARG(path), strerror(why));
    return OK;
}

static enum err
make_folders(struct ctx *ctx, struct str path)
{
    for (size_t i = 1; i < path.n; i++) {
        if (path.p[i] != '/')
            continue;
        const char *folder = str_z(ctx->arena, str_sub(path, 0, i));
        if (mkdir(folder, 0777) != 0 && errno != EEXIST)
            FAIL(ctx, ERR_IO, "文件夹 %s 建不起来（%s）", folder, strerror(errno));
    }
    return OK;
}

enum err
write_catalog_files(struct ctx *ctx, const char *out, const struct catalog_files *f)
{
    for (size_t i = 0; i < f->n; i++) {
        struct str path = str_fmt(ctx->arena, "%s/%.*s", out, STR_ARG(f->file[i].path));
        TRY(ctx, make_folders(ctx, path));
        TRY(ctx, write_file(ctx, path, f->file[i].bytes));
    }
    return OK;
}
