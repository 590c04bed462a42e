/* Wiring: finds the installation's folders, opens catalogue, vault, store and helper. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/files.h"
#include "main/main_int.h"
#include "service/fault_report.h"
#include "service/keeper.h"
#include "service/message.h"
#include "service/world.h"

static struct str
binary_folder(struct ctx *ctx)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n <= 0)
        return STR(".");
    while (n > 0 && path[n - 1] != '/')
        n--;
    return str_dup(ctx->arena, (struct str){path, n > 1 ? (size_t)n - 1 : 1});
}

struct str
find_folder(struct ctx *ctx, const struct args *a, const char *option, const char *name)
{
    const char *given = args_get(a, option, NULL);
    if (given)
        return str_c(given);
    struct str bin = binary_folder(ctx);
    static const char *const beside[] = {"..", ".", "../share/jingban"};
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        struct str path = str_fmt(ctx->arena, "%.*s/%s/%s", STR_ARG(bin), beside[i], name);
        const char *mark =
            str_fmt(ctx->arena, "%.*s/%s", STR_ARG(path), strcmp(name, "catalog") == 0 ? "regions" : "print").p;
        if (access(mark, R_OK) == 0)
            return path;
    }
    return str_fmt(ctx->arena, "/usr/share/jingban/%s", name);
}

static struct str
find_helper(struct ctx *ctx)
{
    struct str bin = binary_folder(ctx);
    struct str path = str_fmt(ctx->arena, "%.*s/jingban-aux", STR_ARG(bin));
    return access(path.p, X_OK) == 0 ? path : STR("jingban-aux");
}

enum err
load_catalog(struct ctx *ctx, const struct args *a, struct catalog **ret_c)
{
    return catalog_load(ctx, find_folder(ctx, a, "catalog", "catalog"), ret_c);
}

static enum err
make_folder(struct ctx *ctx, struct str path)
{
    if (mkdir(str_z(ctx->arena, path), 0700) != 0 && errno != EEXIST)
        FAIL(ctx, ERR_CONFIG, "数据文件夹 %.*s 不能创建（%s）", STR_ARG(path), strerror(errno));
    return OK;
}

static enum err
open_store(struct ctx *ctx, const struct args *a, bool migrate, struct server *s)
{
    const char *url = args_get(a, "db", NULL);
    struct store_options opt = {.url = url ? str_c(url)
                                           : str_fmt(ctx->arena, "sqlite:%.*s/jingban.db", STR_ARG(s->data_dir))};
    TRY(ctx, store_open(ctx, &opt, &s->store));
    int n;
    if (migrate)
        TRY(ctx, store_migrate(ctx, s->store, &n));
    return store_version(ctx, s->store, &n);
}

static enum err
set_clock(struct ctx *ctx, const struct args *a, struct server *s)
{
    const char *clock = args_get(a, "clock", NULL);
    int64_t at;
    if (!clock)
        return OK;
    if (!s->demo)
        FAIL(ctx, ERR_CONFIG, "--clock 只能在演示模式（--demo）下使用");
    if (!day_iso_parse(str_c(clock), &at))
        FAIL(ctx, ERR_CONFIG, "--clock 应写成 2026-11-21T09:00:00+08:00");
    atomic_store(&s->clock_shift, at - ctx_clock_ms());
    ctx->now_ms = server_now(s);
    return OK;
}

/* A first start makes the folder's regions known to the database; what is in force there is what the desk works by. */
static enum err
open_world(struct ctx *ctx, struct server *s, const struct catalog *base, const struct catalog_files *files,
           bool install)
{
    for (size_t i = 0; install && i < catalog_region_count(base); i++)
        TRY(ctx, keeper_install(ctx, s, base, files, catalog_region_at(base, i)->code));
    return server_catalog_adopt(ctx, s);
}

enum err
server_open(struct ctx *ctx, const struct args *a, bool migrate, struct server **ret_s)
{
    struct server *s = ARENA_NEW(ctx->arena, struct server);
    const char *data = args_get(a, "data", NULL);
    struct catalog *c;
    *ret_s = s;
    pthread_mutex_init(&s->number_lock, NULL);
    if (!data)
        FAIL(ctx, ERR_CONFIG, "请用 --data 指明数据文件夹");
    s->data_dir = str_c(data);
    s->demo = args_has(a, "demo");
    TRY(ctx, set_clock(ctx, a, s));
    SCOPED_ARENA bytes = arena_new(0);
    struct catalog_files files;
    TRY(ctx, catalog_files_read(ctx, bytes, find_folder(ctx, a, "catalog", "catalog"), &files));
    TRY(ctx, catalog_load_files(ctx, &files, &c));
    server_catalog_first(s, c);
    if (catalog_region_count(c) == 0)
        FAIL(ctx, ERR_CATALOG, "目录文件夹里没有任何统筹区，请检查 --catalog");
    TRY(ctx, make_folder(ctx, s->data_dir));
    TRY(ctx, make_folder(ctx, str_fmt(ctx->arena, "%s/tmp", data)));
    TRY(ctx, make_folder(ctx, str_fmt(ctx->arena, "%s/files", data)));
    TRY(ctx, vault_open(ctx, s->data_dir, &s->vault));
    TRY(ctx, open_store(ctx, a, migrate, s));
    TRY(ctx, open_world(ctx, s, c, &files, migrate));
    const char *aux = args_get(a, "aux", NULL);
    struct str helper = aux ? str_c(aux) : find_helper(ctx);
    s->aux = aux_new(helper, 2);
    s->net = aux_new(helper, 2);
    TRY(ctx, service_messages_load(ctx, s, find_folder(ctx, a, "catalog", "catalog")));
    struct str pages = find_folder(ctx, a, "pages", "pages");
    TRY(ctx, layouts_load(ctx, ctx->arena, str_fmt(ctx->arena, "%.*s/print", STR_ARG(pages)), &s->layouts));
    s->public_url = str_c(args_get(a, "public-url", ""));
    return OK;
}

void
server_close(struct server *s)
{
    if (!s)
        return;
    if (s->aux)
        aux_free(s->aux);
    if (s->net)
        aux_free(s->net);
    messages_free(s->messages);
    if (s->store)
        store_close(s->store);
    keeper_shelf_free(s->keeper);
    corrections_free(s->corrections);
    server_catalog_free(s);
    pthread_mutex_destroy(&s->number_lock);
}

void
print_view(const struct view *v, struct arena *a)
{
    struct buf b;
    buf_init(&b, a, 65536);
    view_json(v, &b);
    fwrite(b.p, 1, b.n, stdout);
    fputc('\n', stdout);
}
