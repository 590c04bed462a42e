/* Reads requests from standard input (a socket), answers on it, ends when it closes or nothing comes for a while. */
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "aux/helper/helper.h"

enum { IDLE_MS = 5 * 60 * 1000, REQUEST_SECONDS = 30, ZIP_SECONDS = 310 };

static bool
read_all(void *data, size_t n)
{
    char *p = data;
    while (n) {
        ssize_t got = recv(STDIN_FILENO, p, n, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        p += got;
        n -= (size_t)got;
    }
    return true;
}

static bool
write_all(const void *data, size_t n)
{
    const char *p = data;
    while (n) {
        ssize_t sent = send(STDIN_FILENO, p, n, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        p += sent;
        n -= (size_t)sent;
    }
    return true;
}

static enum frame_status
serve(int kind, const char *in, size_t n, GByteArray *out, GString *why)
{
    switch (kind) {
    case FRAME_PDF:
        return helper_pdf(in, n, out, why);
    case FRAME_CHART:
        return helper_chart(in, n, out, why);
    case FRAME_QR:
        return helper_qr(in, n, out, why);
    case FRAME_FILE_TYPE:
        return helper_file_type(in, n, out, why);
    case FRAME_SEND:
        return helper_send(in, n, out, why);
    case FRAME_ZIP:
        return helper_zip(in, n, out, why);
    default:
        g_string_assign(why, "不认识的请求");
        return FRAME_BROKEN;
    }
}

static bool
serve_one(void)
{
    unsigned char head[FRAME_HEAD];
    int kind;
    if (!read_all(head, sizeof head))
        return false;
    size_t n = frame_head_get(head, &kind);
    if (n > FRAME_MAX)
        return false;
    char *in = g_malloc(n + 1);
    in[n] = 0;
    GByteArray *out = g_byte_array_new();
    GString *why = g_string_new(NULL);
    bool ok = read_all(in, n);
    if (ok) {
        alarm(kind == FRAME_ZIP ? ZIP_SECONDS
                                : REQUEST_SECONDS); /* should the client be gone, nobody else would stop us */
        enum frame_status status = serve(kind, in, n, out, why);
        if (status == FRAME_OK && out->len > FRAME_MAX) {
            status = FRAME_BROKEN;
            g_string_assign(why, "结果超过 64 MiB");
        }
        const void *answer = status == FRAME_OK ? (const void *)out->data : why->str;
        size_t length = status == FRAME_OK ? out->len : why->len;
        frame_head_put(head, length, (int)status);
        ok = write_all(head, sizeof head) && write_all(answer, length);
        alarm(0);
    }
    g_string_free(why, TRUE);
    g_byte_array_free(out, TRUE);
    g_free(in);
    return ok;
}

int
main(void)
{
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core); /* dumps would hold names */
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    setlocale(LC_CTYPE, "C.UTF-8");
    for (;;) {
        struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
        int ready = poll(&p, 1, IDLE_MS);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0 || !serve_one())
            break;
    }
    _exit(0); /* the libraries' own caches are not worth freeing */
}
