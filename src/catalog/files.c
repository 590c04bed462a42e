/* The catalogue's folder read into memory, once; everything else works on that. */
#include "catalog/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"

enum { FOLDER_DEPTH_MAX = 6 };

struct reading {
    struct ctx *ctx;
    struct arena *arena;
    struct str dir;
    struct catalog_files files;
    size_t room, bytes;
};

static int
by_path(const void *a, const void *b)
{
    return str_cmp(((const struct catalog_file *)a)->path, ((const struct catalog_file *)b)->path);
}

static enum err
cannot_read(struct reading *r, struct str path)
{
    FAIL(r->ctx, ERR_CATALOG, "%.*s:1:1: 读不到这个文件（%s），请检查路径和权限", STR_ARG(path), strerror(errno));
}

static enum err
read_file(struct reading *r, struct str path, int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return cannot_read(r, path);
    if (st.st_size > CATALOG_FILE_MAX || r->bytes + (size_t)st.st_size > CATALOG_BYTES_MAX ||
        r->files.n == CATALOG_FILES_MAX)
        FAIL(r->ctx, ERR_CATALOG, "%.*s:1:1: 文件超过 1 MiB，或目录的文件太多", STR_ARG(path));
    char *p = arena_alloc(r->arena, (size_t)st.st_size + 1);
    size_t n = 0;
    ssize_t got;
    while (n < (size_t)st.st_size && (got = read(fd, p + n, (size_t)st.st_size - n)) != 0) {
        if (got < 0 && errno != EINTR)
            return cannot_read(r, path);
        n += got > 0 ? (size_t)got : 0;
    }
    p[n] = 0;
    if (r->files.n == r->room) {
        size_t room = r->room ? r->room * 2 : 256;
        struct catalog_file *more = ARENA_ARRAY(r->arena, room, struct catalog_file);
        if (r->files.n)
            memcpy(more, r->files.file, r->files.n * sizeof *more);
        r->files.file = more;
        r->room = room;
    }
    r->files.file[r->files.n++] = (struct catalog_file){.path = str_dup(r->arena, path), .bytes = {p, n}};
    r->bytes += n;
    return OK;
}

/* PATH relative to the catalogue; empty: its root, where only folders count. */
static enum err
read_folder(struct reading *r, struct str path, int depth)
{
    DIR *d = opendir(str_fmt(r->ctx->arena, "%.*s%s%.*s", STR_ARG(r->dir), path.n ? "/" : "", STR_ARG(path)).p);
    if (!d)
        return cannot_read(r, path.n ? path : r->dir);
    enum err e = OK;
    struct dirent *entry;
    while (e == OK && (entry = readdir(d))) {
        struct str name = str_c(entry->d_name);
        struct stat st;
        if (name.p[0] == '.' || fstatat(dirfd(d), name.p, &st, 0) != 0)
            continue;
        struct str inner = str_fmt(r->ctx->arena, "%.*s%s%.*s", STR_ARG(path), path.n ? "/" : "", STR_ARG(name));
        bool wanted = path.n && (str_ends(name, STR(".yaml")) || str_ends(name, STR(".tsv")));
        if (S_ISDIR(st.st_mode) && depth < FOLDER_DEPTH_MAX) {
            e = read_folder(r, inner, depth + 1);
        } else if (S_ISREG(st.st_mode) && wanted) {
            int fd = openat(dirfd(d), name.p, O_RDONLY | O_CLOEXEC);
            e = fd < 0 ? cannot_read(r, inner) : read_file(r, inner, fd);
            if (fd >= 0)
                close(fd);
        }
    }
    closedir(d);
    return e;
}

enum err
catalog_files_read(struct ctx *ctx, struct arena *arena, struct str dir, struct catalog_files *ret_f)
{
    struct reading r = {.ctx = ctx, .arena = arena, .dir = dir};
    TRY(ctx, read_folder(&r, STR(""), 0));
    if (r.files.n)
        qsort(r.files.file, r.files.n, sizeof *r.files.file, by_path);
    *ret_f = r.files;
    return OK;
}

/* The first file whose path is not below PATH. */
static size_t
lower_bound(const struct catalog_files *f, struct str path)
{
    size_t lo = 0, hi = f->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (str_cmp(f->file[mid].path, path) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

const struct catalog_file *
catalog_files_get(const struct catalog_files *f, struct str path)
{
    size_t i = lower_bound(f, path);
    return i < f->n && str_eq(f->file[i].path, path) ? &f->file[i] : NULL;
}

size_t
catalog_files_under(const struct catalog_files *f, struct str prefix, size_t *ret_from)
{
    size_t i = lower_bound(f, prefix);
    *ret_from = i;
    while (i < f->n && str_starts(f->file[i].path, prefix))
        i++;
    return i;
}

struct catalog_files
catalog_files_with(struct arena *arena, const struct catalog_files *f, struct str path, struct str bytes)
{
    struct catalog_files out = {.file = ARENA_ARRAY(arena, f->n + 1, struct catalog_file)};
    size_t at = lower_bound(f, path);
    for (size_t i = 0; i <= f->n; i++) {
        if (i == at && bytes.p)
            out.file[out.n++] = (struct catalog_file){.path = str_dup(arena, path), .bytes = str_dup(arena, bytes)};
        if (i < f->n && !str_eq(f->file[i].path, path))
            out.file[out.n++] = f->file[i];
    }
    return out;
}
