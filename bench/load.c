/* The load generator: keep-alive connections on one epoll, one request in flight on each, answers counted and timed.
**
**   load [-c CONNECTIONS] [-s SECONDS | -n REQUESTS] [-o FILE] [-H HEADER] PORT get FILE
**   load [-c CONNECTIONS] [-s SECONDS | -n REQUESTS] [-o FILE] PORT post PATH FILE
**
** get: lines of FILE are PATH[<TAB>ACCESS CODE], taken at random. post: they are JSON bodies, taken in turn; every
** request has an Idempotency-Key of its own and asks for the receipt only (Prefer: return=minimal). -o writes
** "no<TAB>code" of every receipt; -H adds a line to every request. Prints "RATE P50_US P99_US ANSWERS BAD P95_US"; an answer
** other than 2xx is bad: exit 1. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 1024, IN_MAX = 4 * 1024 * 1024, OUT_MAX = 16 * 1024, SUB = 32, BUCKETS = 64 * SUB };

struct line {
    char *text, *code; /* code: NULL if none */
};

struct conn {
    int fd;
    size_t in_n, out_n, out_at;
    int64_t sent_ns;
    char *in;
    char out[OUT_MAX];
};

static struct {
    int port, connections, seconds;
    int64_t requests;   /* 0: by time */
    const char *post;   /* path; NULL: get */
    const char *header; /* "Name: value"; NULL: none */
    struct line *line;
    size_t lines;
    FILE *record;
    int64_t started, answered, bad, until_ns;
    int64_t histogram[BUCKETS];
    uint64_t random;
    char stamp[48];
} run = {.connections = 64, .seconds = 3, .random = 88172645463325252u};

static void
die(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(2);
}

static int64_t
now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static uint64_t
random_next(void)
{
    run.random ^= run.random << 13;
    run.random ^= run.random >> 7;
    return run.random ^= run.random << 17;
}

/* --- times: logarithmic buckets, 1/32 wide --- */

static void
histogram_add(int64_t ns)
{
    uint64_t v = ns < SUB ? SUB : (uint64_t)ns;
    int top = 63 - __builtin_clzll(v);
    run.histogram[top * SUB + (int)(v >> (top - 5) & (SUB - 1))]++;
}

static int64_t
percentile_us(double share)
{
    int64_t wanted = (int64_t)((double)run.answered * share), seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
        seen += run.histogram[i];
        if (seen > wanted)
            return (int64_t)((((uint64_t)SUB + (uint64_t)(i % SUB)) << (i / SUB)) / SUB / 1000);
    }
    return 0;
}

/* --- requests --- */

static void
read_lines(const char *path)
{
    FILE *f = fopen(path, "r");
    char *text = NULL;
    size_t room = 0, cap = 0;
    ssize_t n;
    if (!f)
        die(path);
    while ((n = getline(&text, &room, f)) > 0) {
        if (text[n - 1] == '\n')
            text[n - 1] = 0;
        if (run.lines == cap) {
            cap = cap ? cap * 2 : 1024;
            run.line = realloc(run.line, cap * sizeof *run.line);
        }
        struct line *l = &run.line[run.lines++];
        l->text = strdup(text);
        l->code = run.post ? NULL : strchr(l->text, '\t');
        if (l->code)
            *l->code++ = 0;
    }
    free(text);
    fclose(f);
    if (run.lines == 0)
        die("no requests");
}

static void
write_request(struct conn *c)
{
    const struct line *l = &run.line[run.post ? (size_t)run.started % run.lines : random_next() % run.lines];
    int n;
    if (run.post)
        n = snprintf(c->out, sizeof c->out,
                     "POST %s HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nPrefer: return=minimal\r\n"
                     "Idempotency-Key: %s%lld\r\nContent-Length: %zu\r\n\r\n%s",
                     run.post, run.stamp, (long long)run.started, strlen(l->text), l->text);
    else
        n = snprintf(c->out, sizeof c->out, "GET %s HTTP/1.1\r\nHost: bench\r\n%s%s%s%s%s\r\n", l->text,
                     l->code ? "X-Access-Code: " : "", l->code ? l->code : "", l->code ? "\r\n" : "",
                     run.header ? run.header : "", run.header ? "\r\n" : "");
    if (n < 0 || n >= (int)sizeof c->out)
        die("request too long");
    c->out_n = (size_t)n;
    c->out_at = c->in_n = 0;
    c->sent_ns = now_ns();
    run.started++;
}

static bool
more(void)
{
    return run.requests ? run.started < run.requests : now_ns() < run.until_ns;
}

static void
flush(struct conn *c)
{
    while (c->out_at < c->out_n) {
        ssize_t n = send(c->fd, c->out + c->out_at, c->out_n - c->out_at, MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN)
            return; /* a request fits the socket's buffer: this does not happen twice in a row */
        if (n < 0)
            die("send");
        c->out_at += (size_t)n;
    }
}

/* --- answers --- */

static void
record(const char *body)
{
    const char *no = strstr(body, "\"no\":\""), *code = strstr(body, "code\":\"");
    if (no && code)
        fprintf(run.record, "%.*s\t%.*s\n", (int)strcspn(no + 6, "\""), no + 6, (int)strcspn(code + 7, "\""), code + 7);
}

static void
count(const struct conn *c, const char *body)
{
    histogram_add(now_ns() - c->sent_ns);
    run.answered++;
    if (c->in[9] == '2') {
        if (run.record)
            record(body);
        return;
    }
    if (run.bad++ == 0)
        fprintf(stderr, "load: %.600s\n", c->in);
}

/* Whether the whole answer is there. */
static bool
whole(struct conn *c, const char **ret_body)
{
    c->in[c->in_n] = 0;
    char *end = strstr(c->in, "\r\n\r\n");
    if (!end)
        return false;
    *end = 0;
    const char *length = strcasestr(c->in, "\r\nContent-Length:");
    *end = '\r';
    *ret_body = end + 4;
    return c->in_n >= (size_t)(end + 4 - c->in) + (length ? strtoul(length + 17, NULL, 10) : 0);
}

/* True when the connection has nothing more to do. */
static bool
receive(struct conn *c)
{
    const char *body;
    ssize_t n = recv(c->fd, c->in + c->in_n, IN_MAX - 1 - c->in_n, 0);
    if (n < 0 && errno == EAGAIN)
        return false;
    if (n <= 0)
        die("the server closed the connection");
    c->in_n += (size_t)n;
    if (!whole(c, &body))
        return false;
    count(c, body);
    if (!more())
        return true;
    write_request(c);
    flush(c);
    return false;
}

/* --- the run --- */

static void
open_connection(struct conn *c, int epoll)
{
    struct sockaddr_in a = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)run.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    c->in = malloc(IN_MAX);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || !c->in || connect(c->fd, (struct sockaddr *)&a, sizeof a) != 0)
        die("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &(struct epoll_event){.events = EPOLLIN, .data.ptr = c});
}

static double
measure(void)
{
    struct conn *conn = calloc((size_t)run.connections, sizeof *conn);
    struct epoll_event event[256];
    int epoll = epoll_create1(EPOLL_CLOEXEC), open = 0;
    if (!conn)
        die("memory");
    for (int i = 0; i < run.connections; i++)
        open_connection(&conn[i], epoll);
    int64_t from = now_ns();
    run.until_ns = from + (int64_t)run.seconds * 1000000000;
    for (; open < run.connections && more(); open++) {
        write_request(&conn[open]);
        flush(&conn[open]);
    }
    while (open > 0) {
        int n = epoll_wait(epoll, event, 256, 10000);
        if (n <= 0)
            die("no answer for ten seconds");
        for (int i = 0; i < n; i++)
            open -= receive(event[i].data.ptr);
    }
    return (double)(now_ns() - from) / 1e9;
}

int
main(int argc, char **argv)
{
    int option;
    while ((option = getopt(argc, argv, "c:s:n:o:H:")) != -1) {
        if (option == 'c')
            run.connections = atoi(optarg);
        else if (option == 's')
            run.seconds = atoi(optarg);
        else if (option == 'n')
            run.requests = atoll(optarg);
        else if (option == 'o')
            run.record = fopen(optarg, "we");
        else if (option == 'H')
            run.header = optarg;
    }
    argv += optind;
    argc -= optind;
    bool post = argc == 4 && strcmp(argv[1], "post") == 0;
    if (!post && !(argc == 3 && strcmp(argv[1], "get") == 0))
        return fputs(
                   "usage: load [-c CONNECTIONS] [-s SECONDS | -n REQUESTS] [-o FILE] PORT get FILE | post PATH FILE\n",
                   stderr),
               2;
    if (run.connections < 1 || run.connections > CONNECTIONS_MAX)
        return 2;
    run.port = atoi(argv[0]);
    run.post = post ? argv[2] : NULL;
    read_lines(argv[argc - 1]);
    run.random += (uint64_t)now_ns();
    snprintf(run.stamp, sizeof run.stamp, "bench-%d-%llx-", (int)getpid(), (unsigned long long)now_ns());
    double seconds = measure();
    if (run.record && fclose(run.record) != 0)
        die("-o");
    printf("%.0f %lld %lld %lld %lld %lld\n", (double)run.answered / seconds, (long long)percentile_us(0.5),
           (long long)percentile_us(0.99), (long long)run.answered, (long long)run.bad, (long long)percentile_us(0.95));
    return run.bad != 0;
}
