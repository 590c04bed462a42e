/* Uploaded files: streamed to one file per part with a running SM3, on the epoll thread. Durability is the taker's
** business:
 ** until the handler has renamed the file away it is ours and is unlinked when the request ends. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "http/http_int.h"

int
http_sink_open(struct http_conn *c, struct str field, struct str filename)
{
    struct http_server *s = c->server;
    struct http_request *r = &c->req;
    if (r->upload_count == HTTP_UPLOADS_MAX)
        return 413;
    if (!r->upload)
        r->upload = ARENA_ARRAY(c->arena, HTTP_UPLOADS_MAX, struct http_upload);
    struct str path = str_fmt(c->arena, "%.*s/up-%016" PRIx64 "-%llu", STR_ARG(s->opt.upload_dir), s->file_prefix,
                              (unsigned long long)atomic_fetch_add(&s->next_file, 1));
    int fd = open(path.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return errno == ENOSPC || errno == EDQUOT ? 507 : 500;
    struct http_upload *u = &r->upload[r->upload_count++];
    *u = (struct http_upload){.field = field, .filename = filename, .tmp_path = path};
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    c->body.sink = (struct http_sink){.fd = fd, .md = md, .upload = u};
    if (!md || EVP_DigestInit_ex2(md, s->sm3, NULL) != 1)
        return 500; /* closed and unlinked by http_sink_abandon */
    return 0;
}

static void
sink_close_fd(struct http_sink *k)
{
    if (k->fd >= 0)
        close(k->fd);
    k->fd = -1;
    EVP_MD_CTX_free(k->md);
    k->md = NULL;
}

static int
write_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t w = write(fd, p, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return w < 0 && errno != ENOSPC && errno != EDQUOT && errno != EFBIG ? 500 : 507;
        p += w;
        n -= (size_t)w;
    }
    return 0;
}

int
http_sink_write(struct http_conn *c, const char *data, size_t n)
{
    struct http_sink *k = &c->body.sink;
    k->upload->size += (int64_t)n;
    if (k->upload->too_large)
        return 0;
    if (k->upload->size > (int64_t)c->req.row->route->upload_max) {
        k->upload->too_large = true;
        sink_close_fd(k);
        unlink(k->upload->tmp_path.p);
        return 0;
    }
    if (EVP_DigestUpdate(k->md, data, n) != 1)
        return 500;
    return write_all(k->fd, data, n);
}

int
http_sink_close(struct http_conn *c)
{
    struct http_sink *k = &c->body.sink;
    struct http_upload *u = k->upload;
    k->upload = NULL;
    if (u->too_large)
        return 0;
    bool ok = EVP_DigestFinal_ex(k->md, u->sm3, NULL) == 1;
    EVP_MD_CTX_free(k->md);
    k->md = NULL;
    int e = close(k->fd); /* a late write error of a network disk shows here */
    k->fd = -1;
    if (ok && u->filename.n == 0 && u->size == 0) { /* a file input left empty: browsers send it all the same */
        unlink(u->tmp_path.p);
        c->req.upload_count--;
    }
    return !ok ? 500 : e && errno != EINTR ? 507 : 0;
}

void
http_sink_abandon(struct http_conn *c)
{
    sink_close_fd(&c->body.sink);
    c->body.sink.upload = NULL;
    for (size_t i = 0; i < c->req.upload_count; i++)
        if (!c->req.upload[i].too_large)
            unlink(c->req.upload[i].tmp_path.p); /* gone already when the handler has taken it */
    c->req.upload_count = 0;
}
