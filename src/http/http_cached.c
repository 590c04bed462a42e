/* Responses kept in memory: one persistent response object per variant, so that answering is a hand-over of a pointer.
** Two counts: users (the owner and requests that have not queued yet) keep the variants; memory (the users together,
** and each
** response object whose body lies in our bytes, even while it is still being sent) keeps the bytes. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "http/http_int.h"

enum { GZIP_MIN = 512 };
enum variant { PLAIN, PLAIN_304, GZIP, GZIP_304, VARIANTS };

struct http_cached {
    atomic_int users, memory;
    pthread_mutex_t lock; /* making of variants */
    _Atomic(struct MHD_Response *) variant[VARIANTS];
    struct arena *arena;                             /* holds this struct, the body and the texts, in one block */
    struct str content_type, cache_control, etag[2]; /* etags: plain, gzip; quoted */
    struct str body;
    unsigned char *packed; /* gzip, malloc'ed by packed_make */
    size_t packed_n;
    atomic_int packed_state; /* set after the two above */
    bool compressible;
};
enum { PACKED_UNTRIED, PACKED_MADE, PACKED_USELESS };
enum { ETAG_MAX = 120 };

static bool
type_compresses(struct str type)
{
    struct str media = http_media_type(type);
    return str_starts(media, STR("text/")) || str_find(media, STR("json")) != SIZE_MAX ||
           str_find(media, STR("javascript")) != SIZE_MAX || str_find(media, STR("xml")) != SIZE_MAX;
}

/* The tag without quotes: as given, or of the content. */
static struct str
etag_text(struct str etag, struct str body, char hex[static 25])
{
    unsigned char md[EVP_MAX_MD_SIZE];
    if (etag.n >= 2 && etag.p[0] == '"' && etag.p[etag.n - 1] == '"')
        etag = str_sub(etag, 1, etag.n - 2);
    if (etag.n)
        return str_sub(etag, 0, ETAG_MAX);
    if (EVP_Digest(body.n ? body.p : "", body.n, md, NULL, EVP_sm3(), NULL) != 1)
        http_no_memory();
    for (size_t i = 0; i < 12; i++)
        snprintf(hex + 2 * i, 3, "%02x", md[i]);
    return (struct str){hex, 24};
}

static void
memory_drop(void *cls)
{
    struct http_cached *c = cls;
    if (atomic_fetch_sub(&c->memory, 1) != 1)
        return;
    pthread_mutex_destroy(&c->lock);
    free(c->packed);
    arena_free(c->arena);
}

/* A response over our bytes; its end drops one count of memory. */
static struct MHD_Response *
response_over(struct http_cached *c, const void *p, size_t n)
{
    atomic_fetch_add(&c->memory, 1);
    struct MHD_Response *m =
        MHD_create_response_from_buffer_with_free_callback_cls(n, (void *)(uintptr_t)p, memory_drop, c);
    if (!m)
        http_no_memory();
    return m;
}

/* The headers that belong to the content. */
static void
content_headers(const struct http_cached *c, struct MHD_Response *m, bool gzip, bool full,
                const struct http_response *w)
{
    if (full && !http_response_has(w, "Content-Type"))
        http_response_add(m, "Content-Type", c->content_type);
    if (full && gzip)
        http_response_add(m, "Content-Encoding", STR("gzip"));
    http_response_add(m, "ETag", c->etag[gzip]);
    if (c->compressible)
        http_response_add(m, "Vary", STR("Accept-Encoding"));
    if (!http_response_has(w, "Cache-Control"))
        http_response_add(m, "Cache-Control", c->cache_control);
}

static struct MHD_Response *
variant_make(struct http_cached *c, enum variant v, const struct http_response *w)
{
    bool gzip = v == GZIP || v == GZIP_304, full = v == PLAIN || v == GZIP;
    struct MHD_Response *m = full && gzip ? response_over(c, c->packed, c->packed_n)
                             : full
                                 ? response_over(c, c->body.p, c->body.n)
                                 : MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
    if (!m)
        http_no_memory();
    content_headers(c, m, gzip, full, w);
    return m;
}

/* gzip of the body, once; kept only if it is smaller. Under the lock. */
static void
packed_make(struct http_cached *c)
{
    z_stream z = {0};
    atomic_store(&c->packed_state, PACKED_USELESS);
    if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return;
    uLong room = deflateBound(&z, (uLong)c->body.n);
    /* malloc: the bytes belong to the library's response, whose free callback gives them up from any thread. */
    unsigned char *out = malloc(room);
    if (!out)
        http_no_memory();
    z.next_in = (Bytef *)(uintptr_t)c->body.p;
    z.avail_in = (uInt)c->body.n;
    z.next_out = out;
    z.avail_out = (uInt)room;
    bool ok = deflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out < c->body.n;
    size_t n = z.total_out;
    deflateEnd(&z);
    if (!ok) {
        free(out);
        return;
    }
    unsigned char *exact = realloc(out, n);
    c->packed = exact ? exact : out;
    c->packed_n = n;
    atomic_store(&c->packed_state, PACKED_MADE);
}

static struct MHD_Response *
variant_need(struct http_cached *c, enum variant v)
{
    struct MHD_Response *m = atomic_load(&c->variant[v]);
    if (m)
        return m;
    pthread_mutex_lock(&c->lock);
    m = atomic_load(&c->variant[v]);
    if (!m) {
        m = variant_make(c, v, NULL);
        http_response_defaults(m, NULL);
        atomic_store(&c->variant[v], m);
    }
    pthread_mutex_unlock(&c->lock);
    return m;
}

/* Copies the pieces to *AT, NUL terminated; *AT moves on. */
static struct str
lay(char **at, struct str a, struct str b, struct str c)
{
    char *p = *at;
    struct str piece[] = {a, b, c};
    for (size_t i = 0; i < 3; i++) {
        if (piece[i].n)
            memcpy(*at, piece[i].p, piece[i].n);
        *at += piece[i].n;
    }
    *(*at)++ = 0;
    return (struct str){p, (size_t)(*at - p) - 1};
}

struct http_cached *
http_cached_new(const char *content_type, struct str body, struct str etag, const char *cache_control)
{
    char hex[25];
    struct str type = str_c(content_type), control = cache_control ? str_c(cache_control) : STR("no-cache");
    struct str tag = etag_text(etag, body, hex);
    struct arena *a = arena_new(0);
    struct http_cached *c = arena_alloc(a, sizeof *c + body.n + type.n + control.n + 2 * tag.n + 16);
    char *at = (char *)(c + 1);
    c->arena = a;
    c->body = lay(&at, body, STR_NONE, STR_NONE);
    c->content_type = lay(&at, type, STR_NONE, STR_NONE);
    c->cache_control = lay(&at, control, STR_NONE, STR_NONE);
    c->etag[0] = lay(&at, STR("\""), tag, STR("\""));
    c->etag[1] = lay(&at, STR("\""), tag, STR("-gz\""));
    c->compressible = body.n >= GZIP_MIN && body.n < UINT32_MAX / 2 && type_compresses(type);
    pthread_mutex_init(&c->lock, NULL);
    atomic_init(&c->users, 1);
    atomic_init(&c->memory, 1);
    return c;
}

void
http_cached_use(struct http_cached *c)
{
    int before = atomic_fetch_add(&c->users, 1);
    assert(before > 0);
    (void)before;
}

void
http_cached_unuse(struct http_cached *c)
{
    if (atomic_fetch_sub(&c->users, 1) != 1)
        return;
    for (size_t i = 0; i < VARIANTS; i++) {
        struct MHD_Response *m = atomic_load(&c->variant[i]);
        if (m)
            MHD_destroy_response(m); /* those being sent live on */
    }
    memory_drop(c);
}

void
http_cached_free(struct http_cached *c)
{
    if (c)
        http_cached_unuse(c);
}

/* Whether If-None-Match names this etag; weak forms match too (RFC 9110, 13.1.2). */
static bool
etag_listed(struct str list, struct str etag)
{
    struct str item;
    while (str_split(&list, ',', &item)) {
        item = str_trim(item);
        if (str_starts(item, STR("W/")))
            item = str_sub(item, 2, item.n);
        if (str_eq(item, etag) || str_eqz(item, "*"))
            return true;
    }
    return false;
}

static bool
gzip_wanted(struct http_cached *c, const struct http_request *r)
{
    if (!c->compressible)
        return false;
    struct str accept = http_head_raw(r, "Accept-Encoding");
    if (!accept.p)
        return false;
    int q = http_quality(accept, "gzip");
    if (q < 0)
        q = http_quality(accept, "*");
    if (q <= 0)
        return false;
    if (atomic_load(&c->packed_state) == PACKED_UNTRIED) {
        pthread_mutex_lock(&c->lock);
        if (atomic_load(&c->packed_state) == PACKED_UNTRIED)
            packed_make(c);
        pthread_mutex_unlock(&c->lock);
    }
    return atomic_load(&c->packed_state) == PACKED_MADE;
}

static enum variant
variant_choose(struct http_cached *c, const struct http_request *r, const struct http_response *w)
{
    bool gzip = gzip_wanted(c, r);
    struct str none_match = http_head_raw(r, "If-None-Match");
    if (none_match.p && (w->status == 0 || w->status == 200)) {
        if (etag_listed(none_match, c->etag[gzip]))
            return gzip ? GZIP_304 : PLAIN_304;
        if (etag_listed(none_match, c->etag[!gzip])) /* stored in the other coding: still current */
            return gzip ? PLAIN_304 : GZIP_304;
    }
    return gzip ? GZIP : PLAIN;
}

static void
variant_note(const struct http_cached *c, enum variant v, struct http_response *w)
{
    w->bytes = v == PLAIN ? (int64_t)c->body.n : v == GZIP ? (int64_t)c->packed_n : 0;
    if (v == PLAIN_304 || v == GZIP_304)
        w->status = 304;
    else if (w->status == 0)
        w->status = 200;
}

struct MHD_Response *
http_cached_pick(struct http_cached *c, const struct http_request *r, struct http_response *w)
{
    enum variant v = variant_choose(c, r, w);
    variant_note(c, v, w);
    return variant_need(c, v);
}

struct MHD_Response *
http_cached_own(struct http_cached *c, const struct http_request *r, struct http_response *w)
{
    enum variant v = variant_choose(c, r, w);
    variant_note(c, v, w);
    return variant_make(c, v, w);
}
