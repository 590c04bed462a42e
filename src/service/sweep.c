/* The sweeper: a file comes before its row, so a crash between the two leaves a file that nobody names. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service/service_int.h"
#include "sql_gen.h"

enum { OLD_SECONDS = 24 * 3600, SWEEP_MAX = 1000 };

static bool
is_old(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && (int64_t)st.st_mtime + OLD_SECONDS < ctx_clock_ms() / 1000;
}

/* Names in FOLDER, at most SWEEP_MAX; a missing folder has none. */
static size_t
names_in(struct ctx *ctx, const char *folder, struct str **ret_names)
{
    size_t n = 0;
    *ret_names = ARENA_ARRAY(ctx->arena, SWEEP_MAX, struct str);
    DIR *d = opendir(folder);
    struct dirent *entry;
    while (d && n < SWEEP_MAX && (entry = readdir(d)))
        if (entry->d_name[0] != '.')
            (*ret_names)[n++] = str_dup(ctx->arena, str_c(entry->d_name));
    if (d)
        closedir(d);
    return n;
}

static enum err
is_named(struct ctx *ctx, struct server *s, struct str digest, bool *ret_named)
{
    SCOPED_READ tx = NULL;
    *ret_named = false;
    TRY(ctx, store_read(ctx, s->store, &tx));
    for (size_t i = 0; i < catalog_region_count(s->catalog) && !*ret_named; i++) {
        struct sql_upload_by_digest_in in = {.region = catalog_region_at(s->catalog, i)->code, .digest = digest};
        struct sql_upload_by_digest_row row;
        TRY(ctx, sql_upload_by_digest(ctx, tx, &in, &row, ret_named));
    }
    return OK;
}

/* The same bytes may be uploaded again at this very moment: the file is set aside first and put back if it turns out to
 * be fresh or named. */
static enum err
sweep_file(struct ctx *ctx, struct server *s, const char *folder, struct str digest, int64_t *removed)
{
    const char *path = str_fmt(ctx->arena, "%s/%.*s", folder, STR_ARG(digest)).p;
    const char *aside = str_fmt(ctx->arena, "%.*s/tmp/sweep-%.*s", STR_ARG(s->data_dir), STR_ARG(digest)).p;
    bool named;
    if (!is_old(path))
        return OK;
    TRY(ctx, is_named(ctx, s, digest, &named));
    if (named || rename(path, aside) != 0)
        return OK;
    enum err e = is_named(ctx, s, digest, &named);
    if (e == OK && !named && is_old(aside)) {
        unlink(aside);
        (*removed)++;
        return OK;
    }
    if (link(aside, path) == 0 || access(path, F_OK) == 0)
        unlink(aside);
    return e;
}

enum err
service_sweep(struct ctx *ctx, struct server *s, int64_t hour, int64_t *ret_removed)
{
    struct str *name;
    const char *tmp = str_fmt(ctx->arena, "%.*s/tmp", STR_ARG(s->data_dir)).p;
    *ret_removed = 0;
    size_t n = names_in(ctx, tmp, &name);
    for (size_t i = 0; i < n; i++) {
        const char *path = str_fmt(ctx->arena, "%s/%.*s", tmp, STR_ARG(name[i])).p;
        if (str_starts(name[i], STR("up-")) && is_old(path) && unlink(path) == 0)
            (*ret_removed)++;
    }
    const char *folder = str_fmt(ctx->arena, "%.*s/files/%02x", STR_ARG(s->data_dir), (unsigned)(hour & 255)).p;
    n = names_in(ctx, folder, &name);
    for (size_t i = 0; i < n; i++)
        TRY(ctx, sweep_file(ctx, s, folder, name[i], ret_removed));
    return OK;
}
