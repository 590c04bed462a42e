/* The client: a few workers, each a process at the other end of a socket pair, one request in flight on each.
** Workers are started when needed and end by themselves when idle or when their socket closes. */
#include "aux/aux.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "aux/frame.h"

enum { WORKERS_DEFAULT = 2, WORKERS_MAX = 64, TIMEOUT_MS = 20000, ZIP_TIMEOUT_MS = 300000, SMALL_MAX = 4 << 20 };

struct worker {
    pid_t pid; /* 0 = not running */
    int fd;
    bool busy;
};

struct aux {
    struct arena *arena; /* holds this */
    const char *program;
    int timeout_ms;
    size_t worker_count;
    struct worker worker[WORKERS_MAX];
    pthread_mutex_t lock; /* guards the busy marks; a busy worker belongs to its thread */
    pthread_cond_t freed;
};

/* How an exchange with a worker ended. */
enum outcome {
    DONE,
    GONE,  /* it closed the socket without an answer */
    STUCK, /* no answer in time, or nonsense */
};

struct aux *
aux_new(struct str program, int workers)
{
    struct arena *a = arena_new(0);
    struct aux *x = ARENA_NEW(a, struct aux);
    x->arena = a;
    x->program = str_z(a, program);
    x->timeout_ms = TIMEOUT_MS;
    x->worker_count = workers <= 0 ? WORKERS_DEFAULT : workers > WORKERS_MAX ? WORKERS_MAX : (size_t)workers;
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&x->lock, NULL);
    pthread_cond_init(&x->freed, &attr);
    pthread_condattr_destroy(&attr);
    return x;
}

void
aux_set_timeout(struct aux *x, int ms)
{
    x->timeout_ms = ms;
}

static void
worker_end(struct worker *w)
{
    if (!w->pid)
        return;
    close(w->fd);
    kill(w->pid, SIGKILL);
    while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    w->pid = 0;
}

void
aux_free(struct aux *x)
{
    if (!x)
        return;
    for (size_t i = 0; i < x->worker_count; i++) {
        assert(!x->worker[i].busy);
        worker_end(&x->worker[i]);
    }
    pthread_cond_destroy(&x->freed);
    pthread_mutex_destroy(&x->lock);
    arena_free(x->arena);
}

/* The child gets the socket as standard input, the log as standard error, nothing else: no descriptors, no environment.
 */
static int
spawn_with(const char *program, int child_fd, pid_t *ret_pid)
{
    char *const argv[] = {"jingban-aux", NULL};
    char *const env[] = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/nonexistent", NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attr);
    int e = posix_spawn_file_actions_adddup2(&files, child_fd, STDIN_FILENO);
    if (!e)
        e = posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    if (!e)
        e = posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    if (!e)
        e = posix_spawnattr_setsigmask(&attr, &none);
    if (!e)
        e = posix_spawnattr_setsigdefault(&attr, &all);
    if (!e) /* own group: Ctrl-C at a terminal stops the server in its order, not the print in the middle */
        e = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    if (!e)
        e = posix_spawn(ret_pid, program, &files, &attr, argv, env);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&files);
    return e;
}

static enum err
worker_start(struct ctx *ctx, const struct aux *x, struct worker *w)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
        FAIL(ctx, ERR_AUX, "socketpair: %s", strerrordesc_np(errno));
    pid_t pid = 0;
    int e = spawn_with(x->program, pair[1], &pid);
    close(pair[1]);
    if (!e && fcntl(pair[0], F_SETFL, O_NONBLOCK) < 0)
        e = errno;
    if (e) {
        if (pid) {
            *w = (struct worker){.pid = pid, .fd = pair[0], .busy = w->busy};
            worker_end(w);
        } else {
            close(pair[0]);
        }
        FAIL(ctx, ERR_AUX, "无法启动 %s：%s", x->program, strerrordesc_np(e));
    }
    w->pid = pid;
    w->fd = pair[0];
    return OK;
}

static int64_t
monotonic_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Waits until FD is ready for EVENTS. */
static bool
wait_ready(int fd, short events, int64_t deadline)
{
    for (;;) {
        int64_t left = deadline - monotonic_ms();
        if (left <= 0)
            return false;
        struct pollfd p = {.fd = fd, .events = events};
        int n = poll(&p, 1, (int)left);
        if (n > 0)
            return true;
        if (n < 0 && errno != EINTR)
            return false;
    }
}

static enum outcome
send_all(int fd, const void *data, size_t n, int64_t deadline)
{
    const char *p = data;
    while (n) {
        ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);
        if (sent >= 0) {
            p += sent;
            n -= (size_t)sent;
        } else if (errno == EAGAIN) {
            if (!wait_ready(fd, POLLOUT, deadline))
                return STUCK;
        } else if (errno != EINTR) {
            return GONE;
        }
    }
    return DONE;
}

static enum outcome
receive_all(int fd, void *data, size_t n, int64_t deadline)
{
    char *p = data;
    while (n) {
        ssize_t got = recv(fd, p, n, 0);
        if (got > 0) {
            p += got;
            n -= (size_t)got;
        } else if (got == 0) {
            return GONE;
        } else if (errno == EAGAIN) {
            if (!wait_ready(fd, POLLIN, deadline))
                return STUCK;
        } else if (errno != EINTR) {
            return GONE;
        }
    }
    return DONE;
}

struct exchange {
    enum frame_kind kind;
    struct str request;
    size_t answer_max;
    int status;
    struct str answer;
};

static enum outcome
exchange(struct ctx *ctx, const struct aux *x, const struct worker *w, struct exchange *ex)
{
    int64_t deadline = monotonic_ms() + (ex->kind == FRAME_ZIP ? ZIP_TIMEOUT_MS : x->timeout_ms);
    unsigned char head[FRAME_HEAD];
    frame_head_put(head, ex->request.n, (int)ex->kind);
    enum outcome o = send_all(w->fd, head, sizeof head, deadline);
    if (o == DONE)
        o = send_all(w->fd, ex->request.p, ex->request.n, deadline);
    if (o == DONE)
        o = receive_all(w->fd, head, sizeof head, deadline);
    if (o != DONE)
        return o;
    size_t n = frame_head_get(head, &ex->status);
    if (n > ex->answer_max)
        return STUCK;
    char *p = arena_alloc(ctx->arena, n + 1);
    ex->answer = (struct str){p, n};
    return receive_all(w->fd, p, n, deadline);
}

/* A free worker, preferably a running one; NULL when all stay busy for the whole timeout. */
static struct worker *
worker_take(struct aux *x)
{
    int64_t until = monotonic_ms() + x->timeout_ms;
    struct timespec ts = {.tv_sec = (time_t)(until / 1000), .tv_nsec = (long)(until % 1000 * 1000000)};
    struct worker *best = NULL;
    pthread_mutex_lock(&x->lock);
    for (int e = 0; e == 0;) {
        for (size_t i = 0; i < x->worker_count; i++) {
            struct worker *w = &x->worker[i];
            if (!w->busy && (!best || (w->pid && !best->pid)))
                best = w;
        }
        if (best)
            break;
        e = pthread_cond_timedwait(&x->freed, &x->lock, &ts);
    }
    if (best)
        best->busy = true;
    pthread_mutex_unlock(&x->lock);
    return best;
}

static void
worker_give(struct aux *x, struct worker *w)
{
    pthread_mutex_lock(&x->lock);
    w->busy = false;
    pthread_cond_signal(&x->freed);
    pthread_mutex_unlock(&x->lock);
}

/* One request on W, which is ours. A worker that died while idle only costs a second start. */
static enum err
call_on(struct ctx *ctx, struct aux *x, struct worker *w, struct exchange *ex)
{
    bool reused = w->pid != 0;
    if (!reused)
        TRY(ctx, worker_start(ctx, x, w));
    enum outcome o = exchange(ctx, x, w, ex);
    if (o == GONE && reused) {
        worker_end(w);
        TRY(ctx, worker_start(ctx, x, w));
        o = exchange(ctx, x, w, ex);
    }
    if (o == DONE)
        return OK;
    worker_end(w);
    if (o == STUCK)
        FAIL(ctx, ERR_AUX, "文书打印服务没有按时应答");
    FAIL(ctx, ERR_AUX, "文书打印服务意外停止");
}

static enum err
call(struct ctx *ctx, struct aux *x, enum frame_kind kind, struct str request, size_t answer_max,
     struct str *ret_answer)
{
    if (request.n > FRAME_MAX)
        FAIL(ctx, ERR_TOO_LARGE, "要打印的内容超过 64 MiB");
    struct worker *w = worker_take(x);
    if (!w)
        FAIL(ctx, ERR_AUX, "文书打印服务繁忙，请稍后再试");
    struct exchange ex = {.kind = kind, .request = request, .answer_max = answer_max};
    enum err e = call_on(ctx, x, w, &ex);
    worker_give(x, w);
    TRY(ctx, e);
    if (ex.status == FRAME_OK && str_utf8_valid(kind == FRAME_PDF || kind == FRAME_SEND ? STR_NONE : ex.answer)) {
        *ret_answer = ex.answer;
        return OK;
    }
    FAIL(ctx,
         ex.status == FRAME_REFUSED   ? ERR_SYNTAX
         : ex.status == FRAME_NO_FILE ? ERR_IO
                                      : ERR_AUX,
         "%.*s", STR_ARG(ex.answer));
}

enum err
aux_pdf(struct ctx *ctx, struct aux *x, struct str markup, struct str *ret_pdf)
{
    return call(ctx, x, FRAME_PDF, markup, FRAME_MAX, ret_pdf);
}

enum err
aux_chart(struct ctx *ctx, struct aux *x, struct str dot, struct str *ret_svg)
{
    return call(ctx, x, FRAME_CHART, dot, SMALL_MAX, ret_svg);
}

enum err
aux_qr(struct ctx *ctx, struct aux *x, struct str text, struct str *ret_svg)
{
    return call(ctx, x, FRAME_QR, text, SMALL_MAX, ret_svg);
}

enum err
aux_file_type(struct ctx *ctx, struct aux *x, struct str path, struct str *ret_mime)
{
    return call(ctx, x, FRAME_FILE_TYPE, path, SMALL_MAX, ret_mime);
}

/* --- sending --- */

static void
add_field(struct buf *b, char tag, struct str value)
{
    unsigned char head[FRAME_HEAD];
    frame_head_put(head, value.n, tag);
    buf_byte(b, tag);
    buf_add(b, (struct str){(const char *)head, 4});
    buf_add(b, value);
}

static void
add_opt(struct buf *b, char tag, struct str value)
{
    if (!str_empty(value))
        add_field(b, tag, value);
}

enum err
aux_send(struct ctx *ctx, struct aux *x, const struct aux_send *s, struct aux_answer *ret_a)
{
    struct buf b;
    struct str answer;
    int high;
    buf_init(&b, ctx->arena, s->body.n + 1024);
    add_field(&b, SEND_URL, s->url);
    add_opt(&b, SEND_METHOD, s->method);
    for (size_t i = 0; i < s->header_count; i++)
        add_field(&b, SEND_HEADER, s->header[i]);
    add_opt(&b, SEND_FROM, s->mail_from);
    for (size_t i = 0; i < s->mail_to_count; i++)
        add_field(&b, SEND_TO, s->mail_to[i]);
    add_opt(&b, SEND_USER, s->user);
    add_opt(&b, SEND_PASSWORD, s->password);
    add_opt(&b, SEND_CA, s->ca_file);
    if (s->tls)
        add_field(&b, SEND_TLS, STR("1"));
    add_field(&b, SEND_TIMEOUT, str_fmt(ctx->arena, "%d", s->timeout_ms));
    add_field(&b, SEND_MAX, str_fmt(ctx->arena, "%zu", s->answer_max));
    add_field(&b, SEND_BODY, s->body);
    TRY(ctx, call(ctx, x, FRAME_SEND, buf_str(&b), SMALL_MAX, &answer));
    if (answer.n < 4)
        FAIL(ctx, ERR_AUX, "发送服务的应答不完整");
    ret_a->status = (int)frame_head_get((const unsigned char *)answer.p, &high);
    ret_a->body = str_sub(answer, 4, answer.n);
    return OK;
}

/* --- a ZIP file --- */

enum err
aux_zip(struct ctx *ctx, struct aux *x, struct str out, const struct aux_zip_entry *entry, size_t n)
{
    struct buf b;
    struct str answer;
    if (n > AUX_ZIP_ENTRIES_MAX)
        FAIL(ctx, ERR_LIMIT, "一个压缩包最多 %d 个文件", AUX_ZIP_ENTRIES_MAX);
    buf_init(&b, ctx->arena, 4096);
    add_field(&b, ZIP_OUT, out);
    for (size_t i = 0; i < n; i++) {
        add_field(&b, ZIP_NAME, entry[i].name);
        add_field(&b, str_empty(entry[i].path) ? ZIP_DATA : ZIP_PATH,
                  str_empty(entry[i].path) ? entry[i].data : entry[i].path);
    }
    return call(ctx, x, FRAME_ZIP, buf_str(&b), SMALL_MAX, &answer);
}
