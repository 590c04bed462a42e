#include "support/support.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

void
support_ok(const struct ctx *c, enum err e, const char *what, const char *file, int line)
{
    if (e == OK)
        return;
    const struct fail *f = c->fail;
    print_error("%s: %s: %.*s\n", what, err_info(e)->id, STR_ARG(f->detail));
    for (size_t i = 0; i < f->field_count; i++)
        print_error("  %.*s %.*s: %.*s\n", STR_ARG(f->field[i].field), STR_ARG(f->field[i].label),
                    STR_ARG(f->field[i].reason));
    for (size_t i = 0; i < f->depth; i++)
        print_error("  %s:%d\n", f->file[i], f->line[i]);
    _fail(file, line);
}

static struct str
under_top(struct arena *a, const char *fmt, va_list ap)
{
    const char *top = getenv("JINGBAN_SOURCE");
    struct str relative = str_vfmt(a, fmt, ap);
    return str_fmt(a, "%s/%.*s", top ? top : ".", STR_ARG(relative));
}

struct str
support_path(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct str path = under_top(a, fmt, ap);
    va_end(ap);
    return path;
}

struct str
support_file(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct str path = under_top(a, fmt, ap);
    va_end(ap);
    FILE *f = fopen(path.p, "rbe");
    if (!f)
        fail_msg("%s: cannot be read", path.p);
    struct buf b;
    buf_init(&b, a, 1 << 16);
    for (size_t n; (n = fread(buf_room(&b, 1 << 16), 1, 1 << 16, f)) > 0;)
        b.n += n;
    assert_false(ferror(f));
    fclose(f);
    return buf_str(&b);
}

struct str
support_folder(struct arena *a, const char *name)
{
    struct buf b;
    buf_init(&b, a, 64);
    buf_fmt(&b, "/tmp/jingban-%s-XXXXXX", name);
    struct str made = buf_str(&b);
    assert_non_null(mkdtemp(b.p));
    return made;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

void
support_folder_remove(struct str folder)
{
    assert_int_equal(nftw(folder.p, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}
