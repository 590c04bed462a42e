/* Answers by path. A fixed table of slots: nothing is allocated per answer but the response itself. */
#include <pthread.h>
#include <string.h>

#include "web/web_int.h"

enum { SLOTS = 512, BUCKETS = 1024, KEY_MAX = 128 };

struct slot {
    char key[KEY_MAX];
    size_t key_n, size;
    struct web_epoch epoch;
    struct http_cached *cached; /* NULL: free */
    struct slot *next_in_bucket;
    struct slot *newer, *older;
};

struct web_cache {
    pthread_mutex_t lock;
    size_t bytes, bytes_max;
    struct slot *bucket[BUCKETS];
    struct slot *newest, *oldest;
    struct slot *free;
    struct slot slot[SLOTS];
};

struct web_cache *
web_cache_new(struct arena *arena, size_t bytes_max)
{
    struct web_cache *c = ARENA_NEW(arena, struct web_cache);
    pthread_mutex_init(&c->lock, NULL);
    c->bytes_max = bytes_max;
    for (size_t i = SLOTS; i-- > 0;) {
        c->slot[i].next_in_bucket = c->free;
        c->free = &c->slot[i];
    }
    return c;
}

static struct slot **
bucket_of(struct web_cache *c, struct str key)
{
    return &c->bucket[str_hash(key) % BUCKETS];
}

static void
unlink_age(struct web_cache *c, struct slot *s)
{
    *(s->newer ? &s->newer->older : &c->newest) = s->older;
    *(s->older ? &s->older->newer : &c->oldest) = s->newer;
    s->newer = s->older = NULL;
}

static void
link_newest(struct web_cache *c, struct slot *s)
{
    s->older = c->newest;
    s->newer = NULL;
    *(c->newest ? &c->newest->newer : &c->oldest) = s;
    c->newest = s;
}

static struct slot *
find(struct web_cache *c, struct str key)
{
    for (struct slot *s = *bucket_of(c, key); s; s = s->next_in_bucket)
        if (s->key_n == key.n && memcmp(s->key, key.p, key.n) == 0)
            return s;
    return NULL;
}

static void
drop(struct web_cache *c, struct slot *s)
{
    struct slot **at = bucket_of(c, (struct str){s->key, s->key_n});
    while (*at != s)
        at = &(*at)->next_in_bucket;
    *at = s->next_in_bucket;
    unlink_age(c, s);
    c->bytes -= s->size;
    http_cached_free(s->cached); /* answers under way hold their own use */
    s->cached = NULL;
    s->next_in_bucket = c->free;
    c->free = s;
}

bool
web_cache_answer(struct web_cache *c, struct str path, struct web_epoch epoch, struct http_response *res)
{
    if (path.n > KEY_MAX)
        return false;
    pthread_mutex_lock(&c->lock);
    struct slot *s = find(c, path);
    bool hit = s && s->epoch.catalog == epoch.catalog && s->epoch.day == epoch.day &&
               s->epoch.corrections == epoch.corrections;
    if (hit) {
        http_body_cached(res, s->cached); /* takes its use under the lock */
        if (s != c->newest) {
            unlink_age(c, s);
            link_newest(c, s);
        }
    }
    pthread_mutex_unlock(&c->lock);
    return hit;
}

void
web_cache_keep(struct web_cache *c, struct str path, struct web_epoch epoch, const char *type, struct str body,
               struct http_response *res)
{
    struct http_cached *cached = http_cached_new(type, body, STR_NONE, "public, max-age=60");
    size_t size = body.n + body.n / 2 + 1024; /* with its gzip form and the structs */
    http_body_cached(res, cached);
    if (path.n > KEY_MAX || size > c->bytes_max / 4) {
        http_cached_free(cached);
        return;
    }
    pthread_mutex_lock(&c->lock);
    struct slot *s = find(c, path);
    if (s)
        drop(c, s);
    while (!c->free || c->bytes + size > c->bytes_max)
        drop(c, c->oldest);
    s = c->free;
    c->free = s->next_in_bucket;
    memcpy(s->key, path.p, path.n);
    s->key_n = path.n;
    s->size = size;
    s->epoch = epoch;
    s->cached = cached;
    struct slot **at = bucket_of(c, path);
    s->next_in_bucket = *at;
    *at = s;
    link_newest(c, s);
    c->bytes += size;
    pthread_mutex_unlock(&c->lock);
}

size_t
web_cache_bytes(struct web_cache *c)
{
    pthread_mutex_lock(&c->lock);
    size_t n = c->bytes;
    pthread_mutex_unlock(&c->lock);
    return n;
}

void
web_cache_free(struct web_cache *c)
{
    if (!c)
        return;
    while (c->oldest)
        drop(c, c->oldest);
    pthread_mutex_destroy(&c->lock);
}
