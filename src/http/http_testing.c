#include "http/http_testing.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct app app = {.lock = PTHREAD_MUTEX_INITIALIZER, .open = PTHREAD_COND_INITIALIZER};
const char app_page[] =
    "<!doctype html><title>办事指南</title>"
    "<p>参保登记参保登记参保登记参保登记参保登记参保登记参保登记参保登记参保登记参保登记参保登记参保登记参保登记"
    "参保登记参保登记参保登记参保登记参保登记参保登记参保登记参保登记参保登记参保登记参保登记参保登记参保登记"
    "参保登记参保登记参保登记参保登记参保登记参保登记参保登记参保登记参保登记参保登记参保登记参保登记参保登记";

enum { PLAIN, PAGE, PAGE_EXTRA, ECHO, DUMP, UPLOAD, TAKE, FILE_OK, FILE_NONE, REDIRECT, OWN_HEADERS, GATE, TINY };
static const int id[] = {PLAIN,   PAGE,      PAGE_EXTRA, ECHO,        DUMP, UPLOAD, TAKE,
                         FILE_OK, FILE_NONE, REDIRECT,   OWN_HEADERS, GATE, TINY};

static const struct http_route routes[] = {
    {HTTP_GET, "/", HTTP_INLINE, 0, 0, &id[PLAIN]},
    {HTTP_GET, "/page", HTTP_INLINE, 0, 0, &id[PAGE]},
    {HTTP_GET, "/tiny", HTTP_INLINE, 0, 0, &id[TINY]},
    {HTTP_GET, "/page-extra", HTTP_INLINE, 0, 0, &id[PAGE_EXTRA]},
    {HTTP_GET, "/echo/{id}", HTTP_READ, 0, 0, &id[ECHO]},
    {HTTP_GET, "/echo/fixed/only", HTTP_READ, 0, 0, &id[PLAIN]},
    {HTTP_GET, "/echo/{id}/files/{*}", HTTP_READ, 0, 0, &id[ECHO]},
    {HTTP_POST, "/form", HTTP_WRITE, 100000, 0, &id[DUMP]},
    {HTTP_POST, "/inline-form", HTTP_INLINE, 1000, 0, &id[DUMP]},
    {HTTP_POST, "/upload", HTTP_WRITE, 65536, 32 << 20, &id[UPLOAD]},
    {HTTP_POST, "/small-upload", HTTP_WRITE, 65536, 1000, &id[UPLOAD]},
    {HTTP_POST, "/take", HTTP_WRITE, 65536, 1 << 20, &id[TAKE]},
    {HTTP_PUT, "/thing", HTTP_WRITE, 1000, 0, &id[DUMP]},
    {HTTP_DELETE, "/thing", HTTP_WRITE, 0, 0, &id[PLAIN]},
    {HTTP_GET, "/file", HTTP_READ, 0, 0, &id[FILE_OK]},
    {HTTP_GET, "/file-none", HTTP_READ, 0, 0, &id[FILE_NONE]},
    {HTTP_GET, "/redirect", HTTP_INLINE, 0, 0, &id[REDIRECT]},
    {HTTP_GET, "/own", HTTP_INLINE, 0, 0, &id[OWN_HEADERS]},
    {HTTP_GET, "/gate", HTTP_READ, 0, 0, &id[GATE]},
};

static void
dump(struct ctx *ctx, const struct http_request *r, struct http_response *w)
{
    struct buf b;
    struct str name, value;
    buf_init(&b, ctx->arena, 256);
    for (size_t i = 0; i < http_field_count(r) && i < 20; i++) {
        http_field_at(r, i, &name, &value);
        buf_fmt(&b, "%.*s=%.*s\n", STR_ARG(name), STR_ARG(value));
    }
    if (http_is_json(r))
        buf_fmt(&b, "json:%.*s\n", STR_ARG(http_body(r)));
    buf_fmt(&b, "fields=%zu", http_field_count(r));
    http_body_text(w, "text/plain; charset=utf-8", buf_str(&b));
}

static void
echo(struct ctx *ctx, const struct http_request *r, struct http_response *w)
{
    struct str name = STR_NONE, value = STR_NONE;
    http_query_at(r, 0, &name, &value);
    struct str s =
        str_fmt(ctx->arena,
                "path=%.*s id=%.*s rest=%.*s q=%.*s n=%zu first=%.*s peer=%.*s tls=%d json=%d cookie=%.*s head=%.*s",
                STR_ARG(http_path(r)), STR_ARG(http_param(r, "id")), STR_ARG(http_param(r, "*")),
                STR_ARG(http_query(r, "q")), http_query_count(r), STR_ARG(name), STR_ARG(http_peer(r)), http_is_tls(r),
                http_wants_json(r), STR_ARG(http_cookie(r, "sid")), STR_ARG(http_header(r, "x-test")));
    http_body_text(w, "text/plain; charset=utf-8", s);
}

static void
uploaded(struct ctx *ctx, const struct http_request *r, struct http_response *w, bool take)
{
    struct buf b;
    buf_init(&b, ctx->arena, 256);
    for (size_t i = 0; i < http_upload_count(r); i++) {
        const struct http_upload *u = http_upload_at(r, i);
        buf_fmt(&b, "%.*s|%.*s|%lld|%d|", STR_ARG(u->field), STR_ARG(u->filename), (long long)u->size, u->too_large);
        for (size_t k = 0; k < 32; k++)
            buf_fmt(&b, "%02x", u->sm3[k]);
        buf_byte(&b, '\n');
        if (take)
            assert_int_equal(0, rename(u->tmp_path.p, str_fmt(ctx->arena, "%s/taken", app.dir).p));
    }
    buf_fmt(&b, "uploads=%zu fields=%zu note=%.*s", http_upload_count(r), http_field_count(r),
            STR_ARG(http_field(r, "note")));
    http_body_text(w, "text/plain; charset=utf-8", buf_str(&b));
}

static void
wait_gate(void)
{
    atomic_fetch_add(&app.waiting, 1);
    pthread_mutex_lock(&app.lock);
    while (app.closed)
        pthread_cond_wait(&app.open, &app.lock);
    pthread_mutex_unlock(&app.lock);
    atomic_fetch_sub(&app.waiting, 1);
}

void
app_gate(bool closed)
{
    pthread_mutex_lock(&app.lock);
    app.closed = closed;
    pthread_cond_broadcast(&app.open);
    pthread_mutex_unlock(&app.lock);
}

static void
handle(void *arg, struct ctx *ctx, const struct http_route *route, struct http_request *r, struct http_response *w)
{
    (void)arg;
    atomic_fetch_add(&app.handled, 1);
    switch (*(const int *)route->user) {
    case PAGE:
        http_body_cached(w, app.page);
        return;
    case TINY:
        http_body_cached(w, app.tiny);
        return;
    case PAGE_EXTRA:
        http_body_cached(w, app.page);
        http_set_cookie(w, STR("a=1; Path=/"));
        http_set_cookie(w, STR("b=2; Path=/"));
        return;
    case ECHO:
        echo(ctx, r, w);
        return;
    case DUMP:
        dump(ctx, r, w);
        return;
    case UPLOAD:
    case TAKE:
        uploaded(ctx, r, w, *(const int *)route->user == TAKE);
        return;
    case FILE_OK:
        http_body_file(w, "text/plain", str_fmt(ctx->arena, "%s/shown", app.dir));
        return;
    case FILE_NONE:
        http_body_file(w, "text/plain", STR("/nonexistent/file"));
        return;
    case REDIRECT:
        http_redirect(w, STR("/办件?x=1\r\nEvil: 1"));
        return;
    case OWN_HEADERS:
        http_body_text(w, "text/plain", STR("own"));
        http_set(w, "content-security-policy", STR("default-src 'none'"));
        http_set(w, "Cache-Control", STR("max-age=5"));
        http_set(w, "X-Frame-Options", STR_NONE);
        http_status(w, 201);
        return;
    case GATE:
        wait_gate();
        break;
    default:
        break;
    }
    http_body_text(w, "text/plain", STR("plain"));
}

static void
refuse(void *arg, struct ctx *ctx, int status, struct http_request *r, struct http_response *w)
{
    (void)arg;
    http_body_text(w, "text/plain; charset=utf-8", str_fmt(ctx->arena, "拒绝 %d %.*s", status, STR_ARG(http_path(r))));
}

struct http_options
app_options(void)
{
    return (struct http_options){
        .listen = STR("127.0.0.1:0"),
        .routes = routes,
        .route_count = sizeof routes / sizeof *routes,
        .handle = handle,
        .refuse = refuse,
        .threads = 2,
        .readers = 2,
        .writers = 4,
        .quiet = true,
    };
}

void
app_start(const struct http_options *opt, const struct http_limits *limits)
{
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_new(a, 0);
    snprintf(app.dir, sizeof app.dir, "/tmp/jingban-http-XXXXXX");
    assert_non_null(mkdtemp(app.dir));
    struct http_options o = *opt;
    o.upload_dir = str_c(app.dir);
    app.page = http_cached_new("text/html; charset=utf-8", str_c(app_page), STR("v1"), "public, max-age=60");
    app.tiny = http_cached_new("text/css", STR("a{}"), STR_NONE, NULL);
    enum err e = http_start_limits(&ctx, &o, limits ? limits : &http_limits_default, &app.server);
    if (e != OK)
        fail_msg("http_start: %s", ctx.fail->detail.p);
}

void
app_stop(void)
{
    SCOPED_ARENA a = arena_new(0);
    http_stop(app.server);
    http_cached_free(app.page);
    http_cached_free(app.tiny);
    app.server = NULL;
    assert_int_equal(0, files_left());
    unlink(str_fmt(a, "%s/shown", app.dir).p);
    unlink(str_fmt(a, "%s/taken", app.dir).p);
    rmdir(app.dir);
}

int
files_left(void)
{
    int n = 0;
    DIR *d = opendir(app.dir);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));)
        n += strncmp(e->d_name, "up-", 3) == 0;
    closedir(d);
    return n;
}

int
dial_port(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct timeval patience = {.tv_sec = 20};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    close(fd);
    return -1;
}

int
dial(void)
{
    int fd = dial_port(http_port(app.server));
    assert_true(fd >= 0);
    return fd;
}

void
put(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t w = send(fd, p, n, MSG_NOSIGNAL);
        if (w <= 0)
            return; /* the server may close on a refused request; the reply tells */
        p += w;
        n -= (size_t)w;
    }
}

void
putz(int fd, const char *z)
{
    put(fd, z, strlen(z));
}

struct str
reply_header(struct reply r, const char *name)
{
    struct str rest = r.head, line;
    while (str_split(&rest, '\n', &line)) {
        struct str value = str_trim(line), key = STR_NONE;
        str_split(&value, ':', &key);
        if (value.p && http_eq_nocase(key, name))
            return str_trim(value);
    }
    return STR_NONE;
}

struct reply
get_reply(struct arena *a, int fd, bool head_only)
{
    struct buf b;
    struct reply r = {0};
    buf_init(&b, a, 1024);
    while (b.n < 4 || memcmp(b.p + b.n - 4, "\r\n\r\n", 4) != 0) { /* byte by byte: never into the next response */
        if (recv(fd, buf_room(&b, 1), 1, 0) != 1)
            return r;
        b.n++;
    }
    r.head = buf_str(&b);
    assert_true(str_starts(r.head, STR("HTTP/1.")));
    int64_t n = 0;
    assert_true(str_int(str_sub(r.head, 9, 3), &n));
    r.status = (int)n;
    n = 0;
    str_int(reply_header(r, "Content-Length"), &n);
    if (head_only || r.status == 304 || r.status < 200)
        return r;
    char *p = arena_alloc(a, (size_t)n + 1);
    size_t got = 0;
    while (got < (size_t)n) {
        ssize_t k = recv(fd, p + got, (size_t)n - got, 0);
        if (k <= 0)
            fail_msg("body cut: %zu of %lld", got, (long long)n);
        got += (size_t)k;
    }
    r.body = (struct str){p, (size_t)n};
    return r;
}

struct reply
ask(struct arena *a, const char *request)
{
    int fd = dial();
    putz(fd, request);
    struct reply r = get_reply(a, fd, strncmp(request, "HEAD", 4) == 0);
    close(fd);
    return r;
}

bool
closes(int fd)
{
    char c[256];
    struct pollfd p = {.fd = fd, .events = POLLIN};
    for (;;) {
        if (poll(&p, 1, 5000) != 1)
            return false;
        ssize_t n = recv(fd, c, sizeof c, 0);
        if (n <= 0)
            return n == 0 || errno == ECONNRESET;
    }
}
