/* What the keeper's use cases share, and what wiring and jobs call: first installation, coming into force. */
#include "service/keeper.h"

#include "catalog/lint.h"
#include "catalog/world.h"
#include "service/keeper_int.h"
#include "service/world.h"

/* --- the bench --- */

static void
outlive(struct arena *a, struct str *s)
{
    *s = s->p ? str_dup(a, *s) : *s;
}

enum err
keeper_bench(struct ctx *ctx, keeper_work work, void *arg)
{
    SCOPED_ARENA arena = arena_new(0); /* what comes in is bounded: KEEPER_*_MAX */
    struct ctx bench = {.arena = arena, .now_ms = ctx->now_ms, .request_id = ctx->request_id, .fail = ctx->fail};
    enum err e = work(&bench, arg);
    struct fail *f = ctx->fail;
    outlive(ctx->arena, &f->detail);
    for (size_t i = 0; i < f->field_count; i++) {
        outlive(ctx->arena, &f->field[i].field);
        outlive(ctx->arena, &f->field[i].label);
        outlive(ctx->arena, &f->field[i].reason);
        outlive(ctx->arena, &f->field[i].remedy);
    }
    return e;
}

/* --- reading and writing a version --- */

enum err
keeper_check(struct ctx *ctx, const struct actor *a, bool edits)
{
    bool may = actor_has(a, ROLE_KEEPER) || (!edits && actor_has(a, ROLE_SUPERVISOR));
    if (!may)
        FAIL(ctx, ERR_FORBIDDEN, "%s",
             edits ? "只有目录岗可以修改办事指南" : "只有目录岗和督办岗可以查看办事指南的版本");
    return OK;
}

enum err
keeper_copy_read(struct ctx *bench, struct server *s, struct str region, int64_t no, struct keeper_copy *ret_c)
{
    SCOPED_READ tx = NULL;
    struct keeper_copy c;
    struct str code;
    TRY(bench, store_read(bench, s->store, &tx));
    TRY(bench, version_get(bench, tx, region, no, &c.v));
    TRY(bench, version_package(bench, tx, region, c.v.digest, &c.package));
    TRY(bench, catalog_unpack(bench, bench->arena, c.package, &c.files, &code));
    if (!str_eq(code, region) || !str_eq(catalog_package_digest(bench->arena, &c.files, region), c.v.digest))
        FAIL(bench, ERR_INTEGRITY, "第 %lld 版的目录包与登记的摘要不符", (long long)no);
    *ret_c = c;
    return OK;
}

enum err
keeper_in_force(struct ctx *ctx, struct server *s, struct str region, struct version *ret_v)
{
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    return version_in_force(ctx, tx, region, day_of_ms(ctx->now_ms), ret_v);
}

struct write_body {
    struct keeper_write *w;
    int64_t event_id;
};

static enum err
write_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct write_body *b = arg;
    struct keeper_write *w = b->w;
    if (w->insert)
        TRY(ctx, version_insert(ctx, tx, &w->v, w->package));
    else
        TRY(ctx, version_update(ctx, tx, &w->v, w->package));
    return version_event_add(ctx, tx, w->v.region, b->event_id, w->v.no, &w->event);
}

enum err
keeper_write_run(struct ctx *ctx, struct keeper_write *w, const struct actor *a)
{
    struct write_body b = {.w = w, .event_id = id_next(&w->server->ids, ctx->now_ms)};
    if (w->package.n > KEEPER_PACKAGE_MAX)
        FAIL(ctx, ERR_TOO_LARGE, "目录包超过 3 MB");
    w->event.staff_id = a->id;
    w->event.staff = a->name.p ? a->name : STR("");
    w->event.at_ms = ctx->now_ms;
    if (w->insert)
        w->v.created_ms = ctx->now_ms;
    return store_write(ctx, w->server->store, write_body, &b);
}

struct keeper_problem
keeper_problem_parse(struct str detail)
{
    struct keeper_problem p = {.text = detail};
    struct str rest = detail, file, line, column;
    bool parts = str_split(&rest, ':', &file) && str_split(&rest, ':', &line) && str_split(&rest, ':', &column);
    if (!parts || !str_int(line, &p.line) || !str_int(column, &p.column)) {
        p.line = p.column = 0;
        return p;
    }
    p.file = file;
    p.text = str_trim(rest);
    return p;
}

/* --- first installation --- */

struct install {
    struct server *server;
    const struct catalog *catalog;
    const struct catalog_files *files;
    struct str region, digest, package;
    bool clean;
    int64_t event_id;
};

static struct version
shipped(const struct ctx *ctx, const struct install *in, bool first)
{
    bool published = first && in->clean;
    return (struct version){.region = in->region,
                            .state = published ? VERSION_PUBLISHED : VERSION_DRAFT,
                            .digest = in->digest,
                            .effective = published ? day_of_ms(ctx->now_ms) : DAY_NONE,
                            .note = published ? STR("首次公布。") : STR(""),
                            .source = first ? STR("随程序安装") : STR("随程序更新"),
                            .keeper = published ? STR("随程序安装") : STR(""),
                            .publisher = published ? STR("随程序安装") : STR(""),
                            .created_ms = ctx->now_ms,
                            .published_ms = published ? ctx->now_ms : 0};
}

/* Is there anything to install: looked at once more inside the write, because another process starts too. */
static enum err
install_due(struct ctx *ctx, struct tx *tx, const struct install *in, bool *ret_due, bool *ret_first)
{
    struct version *any, open;
    size_t n;
    int64_t known;
    bool busy;
    TRY(ctx, version_list(ctx, tx, in->region, 0, 1, &any, &n));
    TRY(ctx, version_with_digest(ctx, tx, in->region, in->digest, &known));
    TRY(ctx, version_open(ctx, tx, in->region, &open, &busy));
    *ret_first = n == 0;
    *ret_due = n == 0 || (known == 0 && !busy);
    return OK;
}

static enum err
install_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct install *in = arg;
    bool due, first;
    TRY(ctx, install_due(ctx, tx, in, &due, &first));
    if (!due)
        return OK;
    struct version v = shipped(ctx, in, first);
    struct version_event e = {.kind = STR("installed"), .staff = v.source, .at_ms = ctx->now_ms};
    TRY(ctx, version_insert(ctx, tx, &v, in->package));
    return version_event_add(ctx, tx, in->region, in->event_id, v.no, &e);
}

static enum err
install_look(struct ctx *ctx, const struct install *in, bool *ret_due, bool *ret_first)
{
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, in->server->store, &tx));
    return install_due(ctx, tx, in, ret_due, ret_first);
}

static enum err
install_work(struct ctx *bench, void *arg)
{
    struct install *in = arg;
    struct findings f = {0};
    bool due, first;
    in->digest = catalog_package_digest(bench->arena, in->files, in->region);
    TRY(bench, install_look(bench, in, &due, &first));
    if (!due)
        return OK;
    if (first)
        TRY(bench, catalog_lint(bench, in->catalog, in->files, in->region, &f));
    in->clean = findings_open(&f, SEVERITY_ERROR) == 0;
    in->package = catalog_pack(bench->arena, in->files, in->region);
    if (in->package.n > KEEPER_PACKAGE_MAX)
        FAIL(bench, ERR_TOO_LARGE, "统筹区 %.*s 的目录超过 3 MB", STR_ARG(in->region));
    in->event_id = id_next(&in->server->ids, bench->now_ms);
    enum err e = store_write(bench, in->server->store, install_body, in);
    if (e == ERR_CONFLICT) { /* the other process was first */
        fail_clear(bench);
        return OK;
    }
    return e;
}

enum err
keeper_install(struct ctx *ctx, struct server *s, const struct catalog *c, const struct catalog_files *f,
               struct str region)
{
    struct install in = {.server = s, .catalog = c, .files = f, .region = region};
    return keeper_bench(ctx, install_work, &in);
}

/* --- coming into force --- */

struct refresh {
    struct server *server;
    struct version v;
};

static enum err
refresh_work(struct ctx *bench, void *arg)
{
    struct refresh *r = arg;
    struct keeper_copy copy;
    struct catalog *c;
    TRY(bench, keeper_copy_read(bench, r->server, r->v.region, r->v.no, &copy));
    TRY(bench, catalog_load_files(bench, &copy.files, &c));
    catalog_region_mark(c, r->v.region, r->v.no, r->v.effective, false);
    return server_catalog_replace(bench, r->server, c); /* C is the shelf's from here on */
}

enum err
service_catalog_refresh(struct ctx *ctx, struct server *s)
{
    const struct catalog *world = s->catalog;
    for (size_t i = 0; i < catalog_region_count(world); i++) {
        const struct region *region = catalog_region_at(world, i);
        struct refresh r = {.server = s};
        enum err e = keeper_in_force(ctx, s, region->code, &r.v);
        if (e == ERR_NOT_FOUND) { /* nothing published yet: its staff know it, the public does not */
            fail_clear(ctx);
            continue;
        }
        TRY(ctx, e);
        bool same = str_eq(r.v.digest, region->version) && r.v.no == region->version_no && !region->unpublished;
        if (!same)
            TRY(ctx, keeper_bench(ctx, refresh_work, &r));
    }
    return OK;
}
