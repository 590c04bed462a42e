/* pages/: every .html below it, compiled once. A page is layout.html with the page's own template as {{>content}}. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "web/web_int.h"

enum { NAMES_MAX = 1024 };

enum err
web_read_file(struct ctx *ctx, struct arena *arena, struct str path, struct str *ret_text)
{
    FILE *f = fopen(str_z(ctx->arena, path), "rb");
    if (!f)
        FAIL(ctx, ERR_CONFIG, "%.*s 打不开", STR_ARG(path));
    struct stat st;
    size_t room =
        fstat(fileno(f), &st) == 0 && st.st_size < WEB_FILE_MAX ? (size_t)st.st_size + 1 : (size_t)WEB_FILE_MAX + 1;
    char *text = arena_alloc(arena, room); /* as long as the file, and a NUL behind it */
    size_t n = fread(text, 1, room, f);
    bool bad = ferror(f) != 0 || n == room;
    fclose(f);
    if (bad)
        FAIL(ctx, ERR_CONFIG, "%.*s 读不出来，或超过 %d 字节", STR_ARG(path), WEB_FILE_MAX);
    *ret_text = (struct str){text, n};
    return OK;
}

static int
by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

enum err
web_list_dir(struct ctx *ctx, struct arena *arena, struct str dir, const char *suffix, struct str **ret_names,
             size_t *ret_n)
{
    *ret_names = ARENA_ARRAY(ctx->arena, NAMES_MAX, struct str);
    *ret_n = 0;
    DIR *d = opendir(str_z(ctx->arena, dir));
    if (!d)
        return OK;
    struct dirent *entry;
    while ((entry = readdir(d)) && *ret_n < NAMES_MAX)
        if (entry->d_name[0] != '.' && str_ends(str_c(entry->d_name), str_c(suffix)))
            (*ret_names)[(*ret_n)++] = str_dup(arena, str_c(entry->d_name));
    closedir(d);
    if (*ret_n == NAMES_MAX)
        FAIL(ctx, ERR_CONFIG, "%.*s 里的文件太多", STR_ARG(dir));
    if (*ret_n)
        qsort(*ret_names, *ret_n, sizeof **ret_names, by_text);
    return OK;
}

/* The templates of one folder; their names start with PREFIX. */
static enum err
load_folder(struct ctx *ctx, struct arena *arena, struct str dir, struct str prefix, struct web_templates *t)
{
    struct str *file;
    size_t n;
    struct str folder = str_empty(prefix) ? dir : str_fmt(ctx->arena, "%.*s/%.*s", STR_ARG(dir), STR_ARG(prefix));
    TRY(ctx, web_list_dir(ctx, arena, folder, ".html", &file, &n));
    for (size_t i = 0; i < n; i++) {
        struct str text;
        if (t->count == WEB_TEMPLATES_MAX)
            FAIL(ctx, ERR_CONFIG, "模板超过 %d 个", WEB_TEMPLATES_MAX);
        struct web_template *x = &t->at[t->count];
        x->name = str_fmt(arena, "%.*s%s%.*s", STR_ARG(prefix), str_empty(prefix) ? "" : "/",
                          STR_ARG(str_sub(file[i], 0, file[i].n - 5)));
        TRY(ctx, web_read_file(ctx, arena, str_fmt(ctx->arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(file[i])), &text));
        if (!str_utf8_valid(text))
            FAIL(ctx, ERR_CONFIG, "模板 %.*s 不是 UTF-8", STR_ARG(x->name));
        enum err e = mustache_compile(ctx, arena, x->name, text, &x->mustache);
        if (e == ERR_SYNTAX) { /* the detail names template and line */
            struct str detail = ctx->fail->detail;
            FAIL(ctx, ERR_CONFIG, "%.*s", STR_ARG(detail));
        }
        TRY(ctx, e);
        t->count++;
    }
    return OK;
}

static int
by_name(const void *a, const void *b)
{
    return str_cmp(((const struct web_template *)a)->name, ((const struct web_template *)b)->name);
}

enum err
web_templates_load(struct ctx *ctx, struct arena *arena, struct str dir, struct web_templates *ret_t)
{
    *ret_t = (struct web_templates){.at = ARENA_ARRAY(arena, WEB_TEMPLATES_MAX, struct web_template)};
    TRY(ctx, load_folder(ctx, arena, dir, STR(""), ret_t));
    TRY(ctx, load_folder(ctx, arena, dir, STR("partials"), ret_t));
    TRY(ctx, load_folder(ctx, arena, dir, STR("desk"), ret_t));
    if (ret_t->count)
        qsort(ret_t->at, ret_t->count, sizeof *ret_t->at, by_name);
    if (!web_template_find(ret_t, STR("layout")))
        FAIL(ctx, ERR_CONFIG, "%.*s 里没有 layout.html，请检查页面目录的位置", STR_ARG(dir));
    return OK;
}

const struct mustache *
web_template_find(const struct web_templates *t, struct str name)
{
    size_t lo = 0, hi = t->count;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int c = str_cmp(t->at[mid].name, name);
        if (c == 0)
            return t->at[mid].mustache;
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

struct rendering {
    const struct web_templates *t;
    const struct mustache *page;
};

static const struct mustache *
find_partial(void *arg, struct str name)
{
    const struct rendering *r = arg;
    if (str_eqz(name, "content"))
        return r->page;
    char path[96] = "partials/";
    if (name.n + 10 > sizeof path)
        return NULL;
    memcpy(path + 9, name.p, name.n);
    return web_template_find(r->t, (struct str){path, 9 + name.n});
}

void
web_render(const struct web_templates *t, const char *page, const struct view *view, struct buf *out)
{
    struct rendering r = {.t = t, .page = web_template_find(t, str_c(page))};
    mustache_render(web_template_find(t, STR("layout")), view, find_partial, &r, out);
}
