#include "service/world.h"

#include "catalog/world.h"
#include "service/keeper.h"
#include "version/version.h"

void
server_catalog_first(struct server *s, struct catalog *base)
{
    struct shelf *shelf = shelf_new();
    pthread_mutex_init(&s->catalog_lock, NULL);
    catalog_set_shelf(base, shelf);
    shelf_put(shelf, base);
    s->catalog = base;
}

static enum err
adopt_region(struct ctx *ctx, struct tx *tx, struct catalog *base, const struct region *r)
{
    struct version v;
    enum err e = version_in_force(ctx, tx, r->code, day_of_ms(ctx->now_ms), &v);
    if (e == ERR_NOT_FOUND) {
        fail_clear(ctx);
        catalog_region_mark(base, r->code, 0, DAY_NONE, true);
        return OK;
    }
    TRY(ctx, e);
    if (str_eq(v.digest, r->version))
        catalog_region_mark(base, r->code, v.no, v.effective, false);
    return OK;
}

static enum err
adopt_all(struct ctx *ctx, struct server *s)
{
    SCOPED_READ tx = NULL;
    struct catalog *base = (struct catalog *)(uintptr_t)(const struct catalog *)s->catalog;
    TRY(ctx, store_read(ctx, s->store, &tx));
    for (size_t i = 0; i < catalog_region_count(base); i++)
        TRY(ctx, adopt_region(ctx, tx, base, catalog_region_at(base, i)));
    return OK;
}

enum err
server_catalog_adopt(struct ctx *ctx, struct server *s)
{
    TRY(ctx, adopt_all(ctx, s));
    return service_catalog_refresh(ctx, s);
}

enum err
server_catalog_replace(struct ctx *ctx, struct server *s, struct catalog *c)
{
    const struct region *one = catalog_region_count(c) == 1 ? catalog_region_at(c, 0) : NULL;
    if (!one) {
        catalog_free(c);
        FAIL(ctx, ERR_INTERNAL, "一个版本应当只有一个统筹区");
    }
    pthread_mutex_lock(&s->catalog_lock); /* two replacements at once must not lose one another's */
    const struct catalog *now = s->catalog;
    struct catalog *next = catalog_compose(now, one);
    shelf_put(catalog_shelf(now), c);
    shelf_put(catalog_shelf(now), next);
    s->catalog = next;
    pthread_mutex_unlock(&s->catalog_lock);
    return OK;
}

const struct region *
server_region_of(const struct server *s, struct str region, struct str digest)
{
    const struct catalog *now = s->catalog;
    const struct region *r = catalog_region(now, region);
    if (r && str_eq(r->version, digest))
        return r;
    const struct catalog *c = shelf_get(catalog_shelf(now), region, digest);
    return c ? catalog_region(c, region) : NULL;
}

void
server_catalog_free(struct server *s)
{
    const struct catalog *now = s->catalog;
    if (!now)
        return;
    shelf_free(catalog_shelf(now));
    s->catalog = NULL;
    pthread_mutex_destroy(&s->catalog_lock);
}
