/* The floor for HTTP: libmicrohttpd (epoll, a thread per processor) giving one answer from memory to every request.
**
**   bare_http ANSWER   a file as `curl -si` prints it: its status, headers and body are given back
**
** Prints "listening on http://127.0.0.1:PORT"; ends with SIGTERM. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { ANSWER_MAX = 4 << 20 };

static char answer[ANSWER_MAX + 1];
static unsigned status = 200;

/* In the second call: a response queued in the first one closes the connection. */
static enum MHD_Result
handle(void *cls, struct MHD_Connection *c, const char *url, const char *method, const char *version, const char *data,
       size_t *size, void **mark)
{
    (void)url, (void)method, (void)version, (void)data;
    if (!*mark) {
        *mark = cls;
        return MHD_YES;
    }
    *size = 0;
    return MHD_queue_response(c, status, cls);
}

static void
add_header(struct MHD_Response *r, char *line)
{
    static const char *const own[] = {"Date", "Content-Length", "Connection", "Transfer-Encoding"};
    char *value = strchr(line, ':');
    if (!value)
        return;
    *value++ = 0;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcasecmp(line, own[i]) == 0)
            return;
    MHD_add_response_header(r, line, value + strspn(value, " "));
}

static struct MHD_Response *
read_answer(const char *path)
{
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(answer, 1, ANSWER_MAX, f) : 0;
    char *body = n ? strstr(answer, "\r\n\r\n") : NULL, *rest = NULL;
    if (f)
        fclose(f);
    if (!body)
        return NULL;
    *body = 0;
    body += 4;
    struct MHD_Response *r = MHD_create_response_from_buffer(n - (size_t)(body - answer), body, MHD_RESPMEM_PERSISTENT);
    char *line = strtok_r(answer, "\r\n", &rest);
    if (line && strlen(line) > 12)
        status = (unsigned)atoi(line + 9);
    while (r && (line = strtok_r(NULL, "\r\n", &rest)))
        add_header(r, line);
    return r;
}

int
main(int argc, char **argv)
{
    sigset_t set;
    int got;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    struct MHD_Response *r = argc == 2 ? read_answer(argv[1]) : NULL;
    if (!r)
        return fputs("usage: bare_http ANSWER\n", stderr), 2;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    struct MHD_Daemon *d = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, handle, r, MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)(cpus > 1 ? cpus : 2), MHD_OPTION_CONNECTION_LIMIT, 1024u, MHD_OPTION_END);
    const union MHD_DaemonInfo *info = d ? MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (!info)
        return fputs("bare_http: cannot start\n", stderr), 1;
    printf("listening on http://127.0.0.1:%d\n", (int)info->port);
    fflush(stdout);
    sigwait(&set, &got);
    MHD_stop_daemon(d);
    MHD_destroy_response(r);
    return 0;
}
