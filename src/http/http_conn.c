/* A connection's life and the steps of its requests: see the top of http_int.h. */
#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

#include "base/log.h"
#include "http/http_int.h"

int64_t
http_clock_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* Deadlines are seconds: the coarse clock costs a quarter. */
static int64_t
coarse_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void
http_conn_phase(struct http_conn *c, enum http_phase phase)
{
    atomic_store_explicit(&c->since_ms, coarse_ms(), memory_order_relaxed);
    atomic_store_explicit(&c->phase, (int)phase, memory_order_relaxed);
}

static struct http_conn *
conn_open(struct http_lane *lane, struct MHD_Connection *mhd)
{
    struct http_server *s = lane->server;
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    pthread_mutex_lock(&s->lock);
    struct http_conn *c = s->free;
    if (c)
        s->free = c->next;
    else
        c = ARENA_NEW(s->arena, struct http_conn);
    c->next = NULL;
    c->server = s;
    c->lane = lane;
    c->mhd = mhd;
    c->fd = info ? info->connect_fd : -1;
    http_conn_phase(c, HTTP_PHASE_LINE);
    c->prev_open = NULL;
    c->next_open = s->opened;
    if (s->opened)
        s->opened->prev_open = c;
    s->opened = c;
    pthread_mutex_unlock(&s->lock);
    c->arena = arena_new(s->arena_cap);
    return c;
}

static void
conn_close(struct http_conn *c)
{
    struct http_server *s = c->server;
    arena_free(c->arena);
    c->arena = NULL;
    pthread_mutex_lock(&s->lock);
    if (c->prev_open)
        c->prev_open->next_open = c->next_open;
    else
        s->opened = c->next_open;
    if (c->next_open)
        c->next_open->prev_open = c->prev_open;
    c->next = s->free;
    s->free = c;
    atomic_fetch_sub(&c->lane->open, 1);
    atomic_fetch_sub(&s->open, 1);
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

void
http_conn_notify(void *cls, struct MHD_Connection *mhd, void **socket_context, enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *socket_context = conn_open(cls, mhd);
    } else if (*socket_context) {
        conn_close(*socket_context);
        *socket_context = NULL;
    }
}

void *
http_conn_line(void *cls, const char *uri, struct MHD_Connection *mhd)
{
    (void)cls;
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct http_conn *c = info->socket_context;
    c->step = HTTP_STEP_HEAD;
    c->refuse = 0;
    c->start_us = http_clock_us();
    memset(&c->req, 0, sizeof c->req);
    memset(&c->body, 0, sizeof c->body);
    memset(&c->res, 0, sizeof c->res);
    c->body.sink.fd = -1;
    c->req.conn = c;
    c->req.arena = c->res.arena = c->arena;
    c->req.line_at = uri;
    c->req.uri = uri ? str_dup(c->arena, str_c(uri)) : STR(""); /* the library cuts it at '?' in place */
    http_conn_phase(c, HTTP_PHASE_HEAD);
    return c;
}

static struct str
allow_text(struct arena *a, unsigned allow)
{
    static const char *const name[] = {"GET, HEAD", "POST", "PUT", "DELETE"};
    struct buf b;
    buf_init(&b, a, 32);
    for (unsigned i = 0; i < 4; i++)
        if (allow & 1u << i) {
            buf_addz(&b, b.n ? ", " : "");
            buf_addz(&b, name[i]);
        }
    return buf_str(&b);
}

static struct ctx
ctx_begin(struct http_conn *c)
{
    struct http_server *s = c->server;
    struct ctx ctx = ctx_new(c->arena, s->opt.clock_ms ? s->opt.clock_ms(s->opt.app) : ctx_clock_ms());
    ctx.request_id = atomic_fetch_add_explicit(&s->next_id, 1, memory_order_relaxed);
    return ctx;
}

void
http_conn_refuse(struct http_conn *c, int status)
{
    struct http_server *s = c->server;
    struct http_response *w = &c->res;
    http_response_drop(w);
    *w = (struct http_response){.arena = c->arena, .status = status};
    if (status == 405)
        http_set(w, "Allow", allow_text(c->arena, c->req.allow));
    if (status == 503)
        http_set(w, "Retry-After", STR("1"));
    if (s->opt.refuse) {
        struct ctx ctx = ctx_begin(c);
        s->opt.refuse(s->opt.app, &ctx, status, &c->req, w);
    }
    w->status = status; /* wording is the application's, the status is not */
    if (w->file.p)      /* a file that is missing would refuse again */
        http_body_text(w, "text/plain; charset=utf-8", STR(""));
    http_response_build(c);
}

void
http_conn_run(struct http_conn *c)
{
    struct http_server *s = c->server;
    struct ctx ctx = ctx_begin(c);
    s->opt.handle(s->opt.app, &ctx, c->req.row->route, &c->req, &c->res);
    http_response_build(c);
}

/* Hands the response over. The library keeps a count of its own. */
static enum MHD_Result
conn_send(struct http_conn *c)
{
    struct http_response *w = &c->res;
    enum MHD_Result ok = MHD_queue_response(c->mhd, (unsigned)w->status, w->mhd);
    int64_t bytes = w->bytes;
    http_response_drop(w);
    w->bytes = bytes;
    c->step = HTTP_STEP_SENT;
    http_conn_phase(c, HTTP_PHASE_SEND);
    return ok;
}

static enum MHD_Result
refuse_now(struct http_conn *c, int status)
{
    http_conn_refuse(c, status);
    return conn_send(c);
}

/* First call: gate, route, body plan. Answers here only where the connection is to be closed. */
static enum MHD_Result
conn_head(struct http_conn *c, const char *method, const char *version)
{
    struct http_server *s = c->server;
    struct http_request *r = &c->req;
    c->counted = true;
    atomic_fetch_add(&s->in_flight, 1);
    int gate = http_gate_head(r, method, version);
    if (gate) {
        r->path = STR_NONE;
        return refuse_now(c, gate);
    }
    if (atomic_load(&s->stopping))
        return refuse_now(c, 503);
    r->row = http_routes_match(&s->routes, r->segment, r->segment_count, r->method, &r->allow);
    if (!r->row)
        c->refuse = r->allow ? 405 : 404;
    int body = http_body_begin(c);
    if (!c->refuse)
        c->refuse = body;
    /* A client that asks first has sent nothing yet; one that announces more than we would throw away is not listened
     * to. */
    if (c->refuse &&
        (http_eq_nocase(str_trim(http_head_raw(r, "Expect")), "100-continue") || c->body.length > s->limits.drain_max))
        return refuse_now(c, c->refuse);
    c->step = HTTP_STEP_BODY;
    atomic_store_explicit(&c->body_seen, 0, memory_order_relaxed);
    http_conn_phase(c, HTTP_PHASE_BODY);
    return MHD_YES;
}

static enum MHD_Result
conn_feed(struct http_conn *c, const char *data, size_t *size)
{
    size_t n = *size;
    *size = 0;
    atomic_fetch_add_explicit(&c->body_seen, (long long)n, memory_order_relaxed);
    if (!c->refuse) {
        c->refuse = http_body_feed(c, data, n);
        if (!c->refuse)
            return MHD_YES;
        http_body_abandon(c);
    }
    c->body.drained += (int64_t)n;
    return c->body.drained > c->server->limits.drain_max ? MHD_NO : MHD_YES;
}

/* Second call: the body has ended. */
static enum MHD_Result
conn_end(struct http_conn *c)
{
    if (!c->refuse) {
        c->refuse = http_body_end(c);
        if (c->refuse)
            http_body_abandon(c);
    }
    if (c->refuse)
        return refuse_now(c, c->refuse);
    enum http_pool pool = c->req.row->route->pool;
    if (pool == HTTP_INLINE) {
        http_conn_run(c);
        return conn_send(c);
    }
    http_conn_phase(c, HTTP_PHASE_RUN);
    if (http_crew_push(pool == HTTP_READ ? &c->server->reader : &c->server->writer, c))
        return MHD_YES;
    return refuse_now(c, 503);
}

enum MHD_Result
http_conn_call(void *cls, struct MHD_Connection *mhd, const char *url, const char *method, const char *version,
               const char *data, size_t *size, void **con_cls)
{
    (void)cls;
    (void)mhd;
    (void)url; /* cut and not decoded: http_conn_line has kept the raw one */
    struct http_conn *c = *con_cls;
    switch (c->step) {
    case HTTP_STEP_HEAD:
        return conn_head(c, method, version);
    case HTTP_STEP_BODY:
        return *size ? conn_feed(c, data, size) : conn_end(c);
    case HTTP_STEP_DONE:
        return conn_send(c);
    case HTTP_STEP_SENT:
        *size = 0;
        return MHD_YES;
    case HTTP_STEP_LINE:
    case HTTP_STEP_RUN:
        break;
    }
    assert(c->step == HTTP_STEP_HEAD); /* no request has begun, or it is suspended */
    return MHD_NO;
}

static void
conn_log(const struct http_conn *c, bool whole)
{
    const struct http_request *r = &c->req;
    const char *method = r->is_head                 ? "HEAD"
                         : r->method == HTTP_GET    ? "GET"
                         : r->method == HTTP_POST   ? "POST"
                         : r->method == HTTP_PUT    ? "PUT"
                         : r->method == HTTP_DELETE ? "DELETE"
                                                    : "other";
    log_event(LOG_INFO, "request", "method=%s route=%s status=%d us=%" PRId64 " bytes=%" PRId64 "%s", method,
              r->row ? r->row->route->pattern : "-", c->res.status, http_clock_us() - c->start_us, c->res.bytes,
              whole ? "" : " aborted=1");
}

void
http_conn_done(void *cls, struct MHD_Connection *mhd, void **con_cls, enum MHD_RequestTerminationCode code)
{
    (void)cls;
    (void)mhd;
    struct http_conn *c = *con_cls;
    if (!c)
        return;
    *con_cls = NULL;
    struct http_server *s = c->server;
    if (c->counted && !s->opt.quiet)
        conn_log(c, code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
    http_response_drop(&c->res);
    http_body_abandon(c);
    arena_reset(c->arena);
    c->step = HTTP_STEP_LINE;
    http_conn_phase(c, HTTP_PHASE_LINE);
    if (!c->counted)
        return;
    c->counted = false;
    if (atomic_fetch_sub(&s->in_flight, 1) == 1 && atomic_load(&s->stopping)) {
        pthread_mutex_lock(&s->lock);
        pthread_cond_broadcast(&s->changed);
        pthread_mutex_unlock(&s->lock);
    }
}

static bool
conn_overdue(const struct http_conn *c, const struct http_limits *l, int64_t now)
{
    int64_t since = now - atomic_load_explicit(&c->since_ms, memory_order_relaxed);
    switch ((enum http_phase)atomic_load_explicit(&c->phase, memory_order_relaxed)) {
    case HTTP_PHASE_LINE:
        return since > l->line_ms;
    case HTTP_PHASE_HEAD:
        return since > l->head_ms;
    case HTTP_PHASE_BODY: {
        int64_t earned = atomic_load_explicit(&c->body_seen, memory_order_relaxed) * 1000 / l->body_rate;
        return since > l->body_ms || since > l->grace_ms + earned;
    }
    case HTTP_PHASE_SEND:
        return since > l->send_ms;
    case HTTP_PHASE_RUN:
        break; /* the handler's time is its own business */
    }
    return false;
}

/* The client has hung up and the library has not noticed: when the end comes together with the last bytes there is one
** edge, and
 ** 0.9.75 takes a short read for the end of what is there. Nothing more can arrive, so an unfinished request never
** ends.
 */
static bool
conn_deserted(struct http_conn *c)
{
    char byte;
    int64_t mark = atomic_load_explicit(&c->since_ms, memory_order_relaxed) * 64 +
                   atomic_load_explicit(&c->body_seen, memory_order_relaxed);
    if (atomic_load_explicit(&c->phase, memory_order_relaxed) > HTTP_PHASE_BODY ||
        recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0)
        return false;
    bool twice = c->gone_mark == mark; /* at two looks without progress: the last bytes may just be worked on */
    c->gone_mark = mark;
    return twice;
}

void
http_conn_reap(struct http_server *s)
{
    /* The library closes a socket only after conn_close, which needs our lock: the number is still this connection's.
     */
    int64_t now = coarse_ms();
    for (struct http_conn *c = s->opened; c; c = c->next_open)
        if (c->fd >= 0 && (conn_overdue(c, &s->limits, now) || conn_deserted(c)))
            shutdown(c->fd, SHUT_RDWR);
}
