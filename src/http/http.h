/* The HTTP adapter (libmicrohttpd): gate, limits, pools, uploads. Knows no domain word.
**
** Epoll threads answer `inline` routes from memory; everything else is suspended and runs straight-line on the read or
** the write pool.
** Full queues answer 503 with Retry-After. Refused bodies are read to their end (≤ 64 MiB) so that the answer arrives.
*/
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/ctx.h"

enum http_method {
    HTTP_GET = 1,
    HTTP_POST = 2,
    HTTP_PUT = 4,
    HTTP_DELETE = 8
}; /* HEAD is served as GET without body */
enum http_pool { HTTP_INLINE, HTTP_READ, HTTP_WRITE };

struct http_request;
struct http_response;
struct http_server;

/* A row of the route table. PATTERN: "/r/{region}/m/{id}"; a segment in braces matches one non-empty segment. The last
 * may be {*} (rest). */
struct http_route {
    enum http_method method;
    const char *pattern;
    enum http_pool pool;
    size_t body_max;   /* bytes of a form or JSON body; 0 = no body allowed; uploads have their own limit */
    size_t upload_max; /* bytes per uploaded file; 0 = multipart files refused */
    const void *user;  /* the web layer's row */
};

/* Called on the route's pool with a fresh ctx (arena capped, now read once). Fills the response; must not keep
 * anything. */
typedef void (*http_handler)(void *app, struct ctx *ctx, const struct http_route *route, struct http_request *req,
                             struct http_response *res);
/* Called for protocol refusals (404, 405, 413, 431, 503 …) so that the application words them. */
typedef void (*http_refuser)(void *app, struct ctx *ctx, int status, struct http_request *req,
                             struct http_response *res);

struct http_options {
    struct str listen; /* "127.0.0.1:8080"; port 0 = any */
    const struct http_route *routes;
    size_t route_count;
    http_handler handle;
    http_refuser refuse;
    void *app;
    struct str upload_dir;          /* where uploads are streamed: one file per part, unlinked unless taken */
    int threads, readers, writers;  /* 0 = defaults: nproc, nproc + 1, 32 */
    int connection_max;             /* 0 = 1024 */
    size_t arena_cap;               /* per request; 0 = 8 MiB */
    int64_t (*clock_ms)(void *app); /* the application's clock */
    bool trust_proxy;               /* X-Forwarded-For is believed */
    bool quiet;                     /* no access log line per request */
};

enum err http_start(struct ctx *ctx, const struct http_options *opt, struct http_server **ret_s) MUST_USE;
int http_port(const struct http_server *s);
void http_stop(struct http_server *s); /* quiesce, drain with a deadline, stop */

/* --- the request --- */
enum http_method http_method(const struct http_request *r);
bool http_is_head(const struct http_request *r);    /* served as GET, but nothing is handed over */
struct str http_path(const struct http_request *r); /* decoded, valid UTF-8 */
struct str http_param(const struct http_request *r,
                      const char *name); /* from the pattern, decoded; STR_NONE if absent */
struct str http_query(const struct http_request *r, const char *name); /* first value; STR_NONE if absent */
size_t http_query_count(const struct http_request *r);
void http_query_at(const struct http_request *r, size_t i, struct str *ret_name, struct str *ret_value);
struct str http_header(const struct http_request *r, const char *name); /* case-insensitive */
struct str http_cookie(const struct http_request *r, const char *name);
struct str http_field(const struct http_request *r, const char *name); /* urlencoded or multipart text field */
size_t http_field_count(const struct http_request *r);
void http_field_at(const struct http_request *r, size_t i, struct str *ret_name, struct str *ret_value);
struct str http_body(const struct http_request *r); /* raw body of a JSON request */
bool http_is_json(const struct http_request *r);    /* content type application/json */
bool http_wants_json(const struct http_request *r); /* Accept prefers JSON */
struct str http_peer(const struct http_request *r); /* address text, for limits */
bool http_is_tls(const struct http_request *r);     /* or X-Forwarded-Proto from a trusted proxy */

struct http_upload {
    struct str field;    /* form field name */
    struct str filename; /* as sent: for display only, never a path */
    struct str tmp_path; /* the streamed file */
    int64_t size;
    unsigned char sm3[32];
    bool too_large; /* beyond upload_max: not stored */
};
size_t http_upload_count(const struct http_request *r);
const struct http_upload *http_upload_at(const struct http_request *r, size_t i);

/* --- the response --- */
void http_status(struct http_response *w, int status);
void http_set(struct http_response *w, const char *header, struct str value); /* replaces; control bytes are a bug */
void http_set_cookie(struct http_response *w, struct str cookie);             /* adds one Set-Cookie */
void http_body_text(struct http_response *w, const char *content_type, struct str body); /* copied */
void http_body_file(struct http_response *w, const char *content_type, struct str path); /* streamed; missing → 404 */
/* The same of a file made for this answer: it is removed as soon as it is open. */
void http_body_file_once(struct http_response *w, const char *content_type, struct str path);
void http_redirect(struct http_response *w, struct str location); /* 303 */

/* A response kept in memory with ETag and gzip, shared by many requests, reference counted. */
struct http_cached;
struct http_cached *http_cached_new(const char *content_type, struct str body, struct str etag,
                                    const char *cache_control);
void http_cached_free(struct http_cached *c); /* drops the owner's reference */
/* Answers with C (304 on If-None-Match, gzip when accepted). */
void http_body_cached(struct http_response *w, struct http_cached *c);

#endif
