#include "catalog/world.h"

#include <pthread.h>
#include <string.h>

#include "catalog/catalog_int.h"

struct shelf {
    pthread_mutex_t lock;
    struct arena *arena;
    struct catalog **catalog;
    size_t n, room;
};

struct shelf *
shelf_new(void)
{
    struct arena *a = arena_new(0);
    struct shelf *s = ARENA_NEW(a, struct shelf);
    s->arena = a;
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

void
shelf_free(struct shelf *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n; i++)
        catalog_free(s->catalog[i]);
    pthread_mutex_destroy(&s->lock);
    arena_free(s->arena);
}

const struct catalog *
shelf_get(struct shelf *s, struct str region, struct str digest)
{
    const struct catalog *hit = NULL;
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->n && !hit; i++) {
        const struct region *r = catalog_region(s->catalog[i], region);
        if (r && str_eq(r->version, digest))
            hit = r->catalog;
    }
    pthread_mutex_unlock(&s->lock);
    return hit;
}

void
shelf_put(struct shelf *s, struct catalog *c)
{
    pthread_mutex_lock(&s->lock);
    if (s->n == s->room) {
        size_t room = s->room ? s->room * 2 : 16; /* the old, smaller arrays stay: together less than the new one */
        struct catalog **more = ARENA_ARRAY(s->arena, room, struct catalog *);
        if (s->n)
            memcpy(more, s->catalog, s->n * sizeof(struct catalog *));
        s->catalog = more;
        s->room = room;
    }
    s->catalog[s->n++] = c;
    pthread_mutex_unlock(&s->lock);
}

void
catalog_region_mark(struct catalog *c, struct str code, int64_t version_no, struct day effective, bool unpublished)
{
    for (size_t i = 0; i < c->region_count; i++) {
        struct region *r = (struct region *)(uintptr_t)c->region[i];
        if (!str_eq(r->code, code))
            continue;
        r->version_no = version_no;
        r->effective = effective;
        r->unpublished = unpublished;
    }
}

struct catalog *
catalog_compose(const struct catalog *c, const struct region *one)
{
    struct arena *a = arena_new(0);
    struct catalog *w = ARENA_NEW(a, struct catalog);
    *w = *c;
    w->arena = a;
    const struct region **region = ARENA_ARRAY(a, c->region_count + 1, const struct region *);
    size_t n = 0;
    bool put = false;
    for (size_t i = 0; i < c->region_count; i++) {
        int order = str_cmp(one->code, c->region[i]->code);
        if (!put && order <= 0) {
            region[n++] = one;
            put = true;
        }
        if (order != 0)
            region[n++] = c->region[i];
    }
    if (!put)
        region[n++] = one;
    w->region = region;
    w->region_count = n;
    return w;
}

struct shelf *
catalog_shelf(const struct catalog *c)
{
    return c->shelf;
}

void
catalog_set_shelf(struct catalog *c, struct shelf *s)
{
    c->shelf = s;
}
