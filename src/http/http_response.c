#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/http_int.h"

static const struct http_pair defaults[] = {
    {STR_INIT("X-Content-Type-Options"), STR_INIT("nosniff")},
    {STR_INIT("Referrer-Policy"), STR_INIT("same-origin")},
    {STR_INIT("X-Frame-Options"), STR_INIT("DENY")},
    {STR_INIT("Content-Security-Policy"),
     STR_INIT("default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; frame-ancestors 'none'; "
              "form-action 'self'; base-uri 'none'")},
};

void
http_no_memory(void)
{
    fputs("jingban: out of memory in http\n", stderr);
    abort();
}

static bool
value_clean(struct str v)
{
    for (size_t i = 0; i < v.n; i++)
        if ((unsigned char)v.p[i] < 0x20 || v.p[i] == 0x7f)
            return false;
    return true;
}

void
http_status(struct http_response *w, int status)
{
    assert(status >= 200 && status <= 599);
    w->status = status;
}

void
http_set(struct http_response *w, const char *header, struct str value)
{
    assert(value_clean(value));
    struct str copy = str_dup(w->arena, value);
    for (size_t i = 0; i < w->header.n; i++) {
        if (http_eq_nocase(w->header.at[i].name, header)) {
            w->header.at[i].value = copy;
            return;
        }
    }
    http_pairs_add(&w->header, w->arena, str_dup(w->arena, str_c(header)), copy);
}

void
http_set_cookie(struct http_response *w, struct str cookie)
{
    assert(value_clean(cookie) && cookie.n);
    http_pairs_add(&w->cookie, w->arena, STR("Set-Cookie"), str_dup(w->arena, cookie));
}

static void
content_clear(struct http_response *w)
{
    w->body = STR_NONE;
    w->file = STR_NONE;
    w->file_once = false;
    if (w->cached)
        http_cached_unuse(w->cached);
    w->cached = NULL;
}

void
http_body_text(struct http_response *w, const char *content_type, struct str body)
{
    content_clear(w);
    http_set(w, "Content-Type", str_c(content_type));
    w->body = str_dup(w->arena, body);
}

void
http_body_file(struct http_response *w, const char *content_type, struct str path)
{
    content_clear(w);
    http_set(w, "Content-Type", str_c(content_type));
    w->file = str_dup(w->arena, path);
}

void
http_body_file_once(struct http_response *w, const char *content_type, struct str path)
{
    http_body_file(w, content_type, path);
    w->file_once = true;
}

void
http_body_cached(struct http_response *w, struct http_cached *c)
{
    http_cached_use(c);
    content_clear(w);
    w->cached = c;
}

void
http_redirect(struct http_response *w, struct str location)
{
    /* Places are built from what people typed: everything outside printable ASCII is escaped, so no header can be
     * split. */
    struct buf b;
    buf_init(&b, w->arena, location.n + 16);
    for (size_t i = 0; i < location.n; i++) {
        unsigned char ch = (unsigned char)location.p[i];
        if (ch <= 0x20 || ch >= 0x7f)
            buf_fmt(&b, "%%%02X", ch);
        else
            buf_byte(&b, (char)ch);
    }
    content_clear(w);
    http_set(w, "Location", buf_str(&b));
    w->status = 303;
}

bool
http_response_has(const struct http_response *w, const char *name)
{
    for (size_t i = 0; w && i < w->header.n; i++)
        if (http_eq_nocase(w->header.at[i].name, name))
            return true;
    return false;
}

void
http_response_add(struct MHD_Response *m, const char *name, struct str value)
{
    if (value.n == 0)
        return; /* set to empty: this header is not wanted */
    if (MHD_add_response_header(m, name, value.p) != MHD_YES)
        http_no_memory(); /* names and values are clean by now */
}

void
http_response_defaults(struct MHD_Response *m, const struct http_response *w)
{
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
        if (!http_response_has(w, defaults[i].name.p))
            http_response_add(m, defaults[i].name.p, defaults[i].value);
}

/* Opens the file to stream; -1 if there is none. Only regular files: anything else could block an epoll thread. */
static int
file_open(struct str path, int64_t *ret_size)
{
    struct stat st;
    int fd = open(path.p, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))) {
        close(fd);
        fd = -1;
    }
    if (fd >= 0)
        *ret_size = st.st_size;
    return fd;
}

static struct MHD_Response *
own_response(struct http_conn *c)
{
    struct http_response *w = &c->res;
    if (w->cached)
        return http_cached_own(w->cached, &c->req, w);
    int64_t size = 0;
    int fd = w->file.p ? file_open(w->file, &size) : -1;
    if (fd >= 0 && w->file_once)
        unlink(w->file.p);
    if (w->file.p && fd < 0) {
        http_conn_refuse(c, 404);
        return NULL; /* the refusal has built itself */
    }
    if (fd >= 0) {
        w->bytes = size;
        struct MHD_Response *m = MHD_create_response_from_fd64((uint64_t)size, fd);
        if (!m)
            close(fd);
        return m;
    }
    w->bytes = (int64_t)w->body.n;
    /* The arena outlives the answer: it is reset in http_conn_done. */
    return MHD_create_response_from_buffer(w->body.n, (void *)(uintptr_t)(w->body.p ? w->body.p : ""),
                                           MHD_RESPMEM_PERSISTENT);
}

void
http_response_build(struct http_conn *c)
{
    struct http_response *w = &c->res;
    if (w->cached && w->header.n == 0 && w->cookie.n == 0) {
        w->mhd = http_cached_pick(w->cached, &c->req, w);
        w->mhd_shared = w->mhd != NULL;
        if (w->mhd)
            return;
    }
    bool was_cached = w->cached != NULL;
    struct MHD_Response *m = own_response(c);
    if (!m) {
        if (w->mhd)
            return;
        http_no_memory();
    }
    for (size_t i = 0; i < w->header.n; i++)
        http_response_add(m, w->header.at[i].name.p, w->header.at[i].value);
    for (size_t i = 0; i < w->cookie.n; i++)
        http_response_add(m, "Set-Cookie", w->cookie.at[i].value);
    http_response_defaults(m, w);
    if (!was_cached && !http_response_has(w, "Cache-Control"))
        http_response_add(m, "Cache-Control", STR("no-store"));
    if (w->status == 0)
        w->status = 200;
    w->mhd = m;
}

void
http_response_drop(struct http_response *w)
{
    if (w->mhd && !w->mhd_shared)
        MHD_destroy_response(w->mhd);
    w->mhd = NULL;
    w->mhd_shared = false;
    content_clear(w);
}
