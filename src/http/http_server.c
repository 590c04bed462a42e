/* Start and stop. Each epoll thread is a library daemon of its own, without a listen socket; our acceptor hands
** connections to
 ** the emptiest. The library's own quiesce removes the listen socket from a running epoll set in two threads at once
** and aborts
 ** when they meet (0.9.75, MHD_epoll and MHD_quiesce_daemon); stopping an acceptor is a join. */
#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "http/http_int.h"

const struct http_limits http_limits_default = {
    .idle_s = 60,
    .line_ms = 75 * 1000,
    .head_ms = 20 * 1000,
    .body_ms = 15 * 60 * 1000,
    .grace_ms = 20 * 1000,
    .body_rate = 1024,
    .send_ms = 15 * 60 * 1000,
    .stop_ms = 10 * 1000,
    .tick_ms = 500,
    .drain_max = 64 * 1024 * 1024,
};

enum {
    DEFAULT_CONNECTIONS = 1024,
    DEFAULT_WRITERS = 32,
    DEFAULT_ARENA = 8 * 1024 * 1024,
    ARENA_SLACK = 2 * 1024 * 1024
};
enum { LAST_ANSWERS_MS = 500 };

static enum err
listen_open(struct ctx *ctx, struct http_server *s, struct str listen_on)
{
    size_t colon = SIZE_MAX;
    for (size_t i = 0; i < listen_on.n; i++)
        if (listen_on.p[i] == ':')
            colon = i;
    if (colon == SIZE_MAX)
        FAIL(ctx, ERR_CONFIG, "监听地址“%.*s”有误，应为“主机:端口”", STR_ARG(listen_on));
    struct str host = str_sub(listen_on, 0, colon);
    if (host.n >= 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
        host = str_sub(host, 1, host.n - 2);
    struct addrinfo hint = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV}, *found = NULL;
    int e = getaddrinfo(host.n ? str_z(ctx->arena, host) : NULL,
                        str_z(ctx->arena, str_sub(listen_on, colon + 1, listen_on.n)), &hint, &found);
    if (e)
        FAIL(ctx, ERR_CONFIG, "监听地址“%.*s”有误：%s", STR_ARG(listen_on), gai_strerror(e));
    int one = 1;
    s->listen_fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool ok = s->listen_fd >= 0 && setsockopt(s->listen_fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
              bind(s->listen_fd, found->ai_addr, found->ai_addrlen) == 0 && listen(s->listen_fd, 1024) == 0;
    int why = errno;
    freeaddrinfo(found);
    if (!ok)
        FAIL(ctx, ERR_CONFIG, "不能监听“%.*s”：%s", STR_ARG(listen_on),
             why == EADDRINUSE ? "端口已被占用" : strerror(why));
    struct sockaddr_storage addr = {0};
    socklen_t n = sizeof addr;
    char port[NI_MAXSERV] = "";
    int64_t number = 0;
    if (getsockname(s->listen_fd, (struct sockaddr *)&addr, &n) != 0 ||
        getnameinfo((struct sockaddr *)&addr, n, NULL, 0, port, sizeof port, NI_NUMERICSERV) != 0 ||
        !str_int(str_c(port), &number))
        FAIL(ctx, ERR_IO, "读不到监听端口");
    s->port = (int)number;
    return OK;
}

static void
accept_one(struct http_server *s)
{
    struct sockaddr_storage addr;
    socklen_t n = sizeof addr;
    int fd = accept4(s->listen_fd, (struct sockaddr *)&addr, &n, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
        if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM)
            return; /* gone again, or nothing there */
        log_event(LOG_WARN, "accept", "errno=%d open=%d", errno, atomic_load(&s->open));
        struct pollfd wake = {.fd = s->wake_fd, .events = POLLIN};
        poll(&wake, 1, 100); /* the listen socket stays readable: do not spin */
        return;
    }
    struct http_lane *lane = &s->lane[0];
    for (size_t i = 1; i < s->lane_count; i++)
        if (atomic_load(&s->lane[i].open) < atomic_load(&lane->open))
            lane = &s->lane[i];
    atomic_fetch_add(&lane->open, 1);
    atomic_fetch_add(&s->open, 1);
    if (MHD_add_connection(lane->daemon, fd, (struct sockaddr *)&addr, n) != MHD_YES) { /* it has closed the socket */
        atomic_fetch_sub(&lane->open, 1);
        atomic_fetch_sub(&s->open, 1);
    }
}

static void *
acceptor_main(void *arg)
{
    struct http_server *s = arg;
    struct pollfd fd[2] = {{.fd = s->wake_fd, .events = POLLIN}, {.fd = s->listen_fd, .events = POLLIN}};
    while (!atomic_load(&s->stopping)) {
        bool full = atomic_load(&s->open) >= s->opt.connection_max; /* the surplus waits in the backlog */
        int ready = poll(fd, full ? 1 : 2, full ? 5 : -1);
        if (ready > 0 && !full && fd[1].revents)
            accept_one(s);
    }
    return NULL;
}

static void *
reaper_main(void *arg)
{
    struct http_server *s = arg;
    pthread_mutex_lock(&s->lock);
    while (!s->reaper_stop) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        int64_t ns = until.tv_nsec + s->limits.tick_ms % 1000 * 1000000;
        until.tv_sec += s->limits.tick_ms / 1000 + ns / 1000000000;
        until.tv_nsec = ns % 1000000000;
        while (!s->reaper_stop && pthread_cond_timedwait(&s->tick, &s->lock, &until) == 0)
            ;
        http_conn_reap(s);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

/* The URI stays as it came: http_gate_uri decodes it segment by segment. */
static size_t
unescape_nothing(void *cls, struct MHD_Connection *mhd, char *s)
{
    (void)cls;
    (void)mhd;
    return strlen(s);
}

static enum err
lane_start(struct ctx *ctx, struct http_server *s, struct http_lane *lane)
{
    lane->server = s;
    lane->daemon =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME, 0, NULL,
                         NULL, http_conn_call, lane, MHD_OPTION_CONNECTION_LIMIT, (unsigned)s->opt.connection_max + 64u,
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_HEAD_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
                         s->limits.idle_s, MHD_OPTION_NOTIFY_COMPLETED, http_conn_done, lane,
                         MHD_OPTION_NOTIFY_CONNECTION, http_conn_notify, lane, MHD_OPTION_URI_LOG_CALLBACK,
                         http_conn_line, lane, MHD_OPTION_UNESCAPE_CALLBACK, unescape_nothing, NULL, MHD_OPTION_END);
    if (!lane->daemon)
        FAIL(ctx, ERR_IO, "网络线程启动失败：%s", strerror(errno));
    return OK;
}

static enum err
threads_start(struct ctx *ctx, struct http_server *s)
{
    const struct http_options *o = &s->opt;
    size_t queue = (size_t)o->connection_max / 2 ? (size_t)o->connection_max / 2 : 1;
    TRY(ctx, http_crew_start(ctx, &s->reader, s->arena, (size_t)o->readers, queue));
    TRY(ctx, http_crew_start(ctx, &s->writer, s->arena, (size_t)o->writers, queue));
    s->lane = ARENA_ARRAY(s->arena, (size_t)o->threads, struct http_lane);
    for (; s->lane_count < (size_t)o->threads; s->lane_count++)
        TRY(ctx, lane_start(ctx, s, &s->lane[s->lane_count]));
    s->reaper_runs = pthread_create(&s->reaper, NULL, reaper_main, s) == 0;
    s->acceptor_runs = s->reaper_runs && pthread_create(&s->acceptor, NULL, acceptor_main, s) == 0;
    if (!s->acceptor_runs)
        FAIL(ctx, ERR_MEMORY, "网络线程启动失败");
    return OK;
}

static void
options_fill(struct http_server *s, const struct http_options *opt)
{
    int cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
    struct http_options *o = &s->opt;
    *o = *opt;
    cpus = cpus < 1 ? 1 : cpus;
    o->listen = str_dup(s->arena, opt->listen);
    o->upload_dir = str_dup(s->arena, opt->upload_dir);
    o->threads = opt->threads > 0 ? opt->threads : cpus;
    o->readers = opt->readers > 0 ? opt->readers : cpus + 1;
    o->writers = opt->writers > 0 ? opt->writers : DEFAULT_WRITERS;
    o->connection_max = opt->connection_max > 0 ? opt->connection_max : DEFAULT_CONNECTIONS;
    o->arena_cap = opt->arena_cap ? opt->arena_cap : DEFAULT_ARENA;
    size_t body = 0;
    for (size_t i = 0; i < opt->route_count; i++)
        body = opt->routes[i].body_max > body ? opt->routes[i].body_max : body;
    /* The handler's share, and ours: a body grows by doubling, is decoded once, and has up to HTTP_FIELDS_MAX fields.
     */
    s->arena_cap = o->arena_cap + 5 * body + ARENA_SLACK;
}

static enum err
server_start(struct ctx *ctx, struct http_server *s)
{
    sigset_t all, before;
    if (getrandom(&s->file_prefix, sizeof s->file_prefix, 0) != (ssize_t)sizeof s->file_prefix)
        FAIL(ctx, ERR_IO, "系统随机数不可用");
    atomic_init(&s->next_id, (unsigned long long)ctx_clock_ms() << 20);
    s->layout = strcmp(MHD_get_version(), "0.9.75") == 0;
    s->sm3 = EVP_MD_fetch(NULL, "SM3", NULL);
    if (!s->sm3)
        FAIL(ctx, ERR_CRYPTO, "SM3 不可用");
    TRY(ctx, http_routes_compile(ctx, s->arena, s->opt.routes, s->opt.route_count, &s->routes));
    TRY(ctx, listen_open(ctx, s, s->opt.listen));
    s->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (s->wake_fd < 0)
        FAIL(ctx, ERR_IO, "eventfd：%s", strerror(errno));
    sigfillset(&all); /* signals are for main's thread; all of ours inherit this */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    enum err e = threads_start(ctx, s);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    TRY(ctx, e);
    return OK;
}

enum err
http_start_limits(struct ctx *ctx, const struct http_options *opt, const struct http_limits *limits,
                  struct http_server **ret_s)
{
    assert(opt->handle);
    struct arena *a = arena_new(0);
    struct http_server *s = ARENA_NEW(a, struct http_server);
    *s = (struct http_server){.arena = a, .limits = *limits, .listen_fd = -1, .wake_fd = -1};
    options_fill(s, opt);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, &attr);
    pthread_cond_init(&s->tick, &attr);
    pthread_condattr_destroy(&attr);
    enum err e = server_start(ctx, s);
    if (e != OK) {
        http_stop(s);
        fail_trace(ctx, __FILE__, __LINE__);
        return e;
    }
    *ret_s = s;
    return OK;
}

enum err
http_start(struct ctx *ctx, const struct http_options *opt, struct http_server **ret_s)
{
    return http_start_limits(ctx, opt, &http_limits_default, ret_s);
}

int
http_port(const struct http_server *s)
{
    return s->port;
}

/* Until nothing is in flight, at most MS. */
static void
drain(struct http_server *s, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + ms % 1000 * 1000000;
    until.tv_sec += ms / 1000 + ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    pthread_mutex_lock(&s->lock);
    while (atomic_load(&s->in_flight) > 0 && pthread_cond_timedwait(&s->changed, &s->lock, &until) == 0)
        ;
    pthread_mutex_unlock(&s->lock);
}

/* Order: no new connections → requests in flight end, new ones on kept connections get 503 → crews (running handlers
** are awaited:
 ** they use the application's data) → only then the daemons, which abort while a connection is suspended. */
void
http_stop(struct http_server *s)
{
    if (!s)
        return;
    atomic_store(&s->stopping, true);
    if (s->wake_fd >= 0)
        eventfd_write(s->wake_fd, 1);
    if (s->acceptor_runs)
        pthread_join(s->acceptor, NULL);
    if (s->listen_fd >= 0)
        close(s->listen_fd);
    drain(s, s->limits.stop_ms);
    if (atomic_load(&s->in_flight) > 0)
        log_event(LOG_WARN, "http_stop", "in_flight=%d", atomic_load(&s->in_flight));
    http_crew_stop(&s->reader);
    http_crew_stop(&s->writer);
    drain(s, LAST_ANSWERS_MS); /* what the crews have just answered or refused */
    pthread_mutex_lock(&s->lock);
    s->reaper_stop = true;
    pthread_cond_broadcast(&s->tick);
    pthread_mutex_unlock(&s->lock);
    if (s->reaper_runs)
        pthread_join(s->reaper, NULL);
    for (size_t i = 0; i < s->lane_count; i++)
        MHD_stop_daemon(s->lane[i].daemon);
    if (s->wake_fd >= 0)
        close(s->wake_fd);
    EVP_MD_free(s->sm3);
    pthread_cond_destroy(&s->changed);
    pthread_cond_destroy(&s->tick);
    pthread_mutex_destroy(&s->lock);
    arena_free(s->arena);
}
