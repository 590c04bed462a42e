/* Bodies: what kind, how much, and where it goes. A body that is refused is still read to its end, because an answer in
** the
 ** middle of it would be lost on the way to a browser. */
#include "http/http_int.h"

enum { FRAMING_MAX = 2 * 1024 * 1024, RAW_FIRST = 4 * 1024 };

static int64_t
content_length(const struct http_request *r)
{
    int64_t n;
    struct str v = http_head_raw(r, "Content-Length");
    if (!v.p)
        return http_head_raw(r, "Transfer-Encoding").p ? -1 : 0;
    return str_int(str_trim(v), &n) && n >= 0 ? n : INT64_MAX; /* the library has refused what is no number */
}

static int
kind_begin(struct http_conn *c, const struct http_route *route)
{
    struct http_body *b = &c->body;
    struct str type = http_head_raw(&c->req, "Content-Type"), media = http_media_type(type), boundary;
    b->total_max = (int64_t)route->body_max;
    if (http_eq_nocase(media, "application/x-www-form-urlencoded")) {
        b->kind = HTTP_BODY_FORM;
    } else if (http_eq_nocase(media, "application/json")) {
        b->kind = HTTP_BODY_JSON;
    } else if (http_eq_nocase(media, "multipart/form-data")) {
        if (!http_multipart_boundary(type, &boundary))
            return 400;
        b->kind = HTTP_BODY_MULTIPART;
        int64_t files;
        if (__builtin_mul_overflow((int64_t)route->upload_max, HTTP_UPLOADS_MAX, &files) ||
            __builtin_add_overflow(files, b->total_max + FRAMING_MAX, &b->total_max))
            b->total_max = INT64_MAX;
        b->mp = http_multipart_new(c, boundary);
    } else {
        return 415;
    }
    if (b->kind != HTTP_BODY_MULTIPART)
        buf_init(&b->raw, c->arena, RAW_FIRST);
    return b->length > b->total_max ? 413 : 0;
}

int
http_body_begin(struct http_conn *c)
{
    struct http_body *b = &c->body;
    const struct http_route *route = c->req.row ? c->req.row->route : NULL;
    b->sink.fd = -1;
    b->length = content_length(&c->req);
    if (b->length == 0 || !route)
        return 0;
    if (route->body_max == 0 && route->upload_max == 0)
        return b->length < 0 ? 0 : 413; /* an empty chunked body is none; the first byte of another is refused */
    return kind_begin(c, route);
}

int
http_body_feed(struct http_conn *c, const char *data, size_t n)
{
    struct http_body *b = &c->body;
    b->seen += (int64_t)n;
    if (b->seen > b->total_max || b->kind == HTTP_BODY_NONE)
        return 413;
    if (b->kind == HTTP_BODY_MULTIPART)
        return http_multipart_feed(b->mp, data, n);
    buf_add(&b->raw, (struct str){data, n});
    return 0;
}

int
http_body_end(struct http_conn *c)
{
    struct http_body *b = &c->body;
    if (b->seen == 0 && b->length <= 0)
        return 0;
    struct str raw = {b->raw.p, b->raw.n};
    bool many = false;
    switch (b->kind) {
    case HTTP_BODY_MULTIPART:
        return http_multipart_end(b->mp);
    case HTTP_BODY_JSON:
        return str_utf8_valid(raw) ? 0 : 400;
    case HTTP_BODY_FORM:
        return http_decode_form(raw, c->arena, &c->req.field, &many) ? 0 : many ? 413 : 400;
    case HTTP_BODY_NONE:
        break;
    }
    return 0;
}

void
http_body_abandon(struct http_conn *c)
{
    http_sink_abandon(c);
    c->req.field.n = 0;
}
