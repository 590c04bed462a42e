#include <arpa/inet.h>
#include <string.h>

#include "http/http_int.h"

enum http_method
http_method(const struct http_request *r)
{
    return r->method;
}

bool
http_is_head(const struct http_request *r)
{
    return r->is_head;
}

struct str
http_path(const struct http_request *r)
{
    return r->path;
}

struct str
http_param(const struct http_request *r, const char *name)
{
    for (size_t i = 0; r->row && i < r->row->depth; i++) {
        if (!r->row->name[i].p || !str_eqz(r->row->name[i], name))
            continue;
        if (i + 1 < r->row->depth || !r->row->rest)
            return r->segment[i];
        const char *from = r->segment[i].p; /* the rest: to the end of the path */
        return (struct str){from, (size_t)(r->path.p + r->path.n - from)};
    }
    return STR_NONE;
}

static struct str
pairs_first(const struct http_pairs *p, const char *name)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_eqz(p->at[i].name, name))
            return p->at[i].value;
    return STR_NONE;
}

static void
pairs_at(const struct http_pairs *p, size_t i, struct str *ret_name, struct str *ret_value)
{
    bool in = i < p->n;
    *ret_name = in ? p->at[i].name : STR_NONE;
    *ret_value = in ? p->at[i].value : STR_NONE;
}

struct str
http_query(const struct http_request *r, const char *name)
{
    return pairs_first(&r->query, name);
}

size_t
http_query_count(const struct http_request *r)
{
    return r->query.n;
}

void
http_query_at(const struct http_request *r, size_t i, struct str *ret_name, struct str *ret_value)
{
    pairs_at(&r->query, i, ret_name, ret_value);
}

struct str
http_field(const struct http_request *r, const char *name)
{
    return pairs_first(&r->field, name);
}

size_t
http_field_count(const struct http_request *r)
{
    return r->field.n;
}

void
http_field_at(const struct http_request *r, size_t i, struct str *ret_name, struct str *ret_value)
{
    pairs_at(&r->field, i, ret_name, ret_value);
}

struct str
http_header(const struct http_request *r, const char *name)
{
    /* Header bytes may be Latin-1 from old clients; text inside the house is UTF-8, so such a header is absent. */
    struct str v = http_head_raw(r, name);
    return v.p && str_utf8_valid(v) ? str_trim(v) : STR_NONE;
}

struct str
http_cookie(const struct http_request *r, const char *name)
{
    for (size_t i = 0; i < r->head.n; i++) {
        struct str rest = r->head.at[i].value, pair;
        if (!http_eq_nocase(r->head.at[i].name, "cookie"))
            continue;
        while (str_split(&rest, ';', &pair)) {
            struct str value = str_trim(pair), key = STR_NONE;
            str_split(&value, '=', &key);
            if (!value.p || !str_eqz(str_trim(key), name) || !str_utf8_valid(value))
                continue;
            value = str_trim(value);
            bool quoted = value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"';
            return quoted ? str_sub(value, 1, value.n - 2) : value;
        }
    }
    return STR_NONE;
}

struct str
http_body(const struct http_request *r)
{
    const struct http_body *b = &r->conn->body;
    return b->kind == HTTP_BODY_JSON ? (struct str){b->raw.p, b->raw.n} : STR_NONE;
}

bool
http_is_json(const struct http_request *r)
{
    return http_eq_nocase(http_media_type(http_head_raw(r, "Content-Type")), "application/json");
}

/* "0.8" → 800; anything else that is not a quality is 1. */
static int
quality_value(struct str q)
{
    int v = 0, scale = 1000;
    bool dot = false;
    for (size_t i = 0; i < q.n; i++) {
        if (q.p[i] == '.' && !dot) {
            dot = true;
            continue;
        }
        if (q.p[i] < '0' || q.p[i] > '9' || scale == 0)
            return 1000;
        v += (q.p[i] - '0') * scale;
        scale /= 10;
    }
    return q.n && v <= 1000 ? v : 1000;
}

int
http_quality(struct str list, const char *token)
{
    struct str item, part;
    while (str_split(&list, ',', &item)) {
        struct str head = STR_NONE;
        if (!str_split(&item, ';', &head) || !http_eq_nocase(str_trim(head), token))
            continue;
        int q = 1000;
        while (str_split(&item, ';', &part)) {
            part = str_trim(part);
            if (part.n >= 2 && (part.p[0] == 'q' || part.p[0] == 'Q') && part.p[1] == '=')
                q = quality_value(str_trim(str_sub(part, 2, part.n)));
        }
        return q;
    }
    return -1;
}

bool
http_wants_json(const struct http_request *r)
{
    struct str accept = http_head_raw(r, "Accept");
    if (!accept.p)
        return false;
    int json = http_quality(accept, "application/json"), html = http_quality(accept, "text/html");
    int all = http_quality(accept, "*/*");
    if (json < 0)
        json = http_quality(accept, "application/problem+json");
    if (json < 0)
        json = http_quality(accept, "application/*");
    if (html < 0)
        html = http_quality(accept, "text/*");
    return (json < 0 ? all : json) > (html < 0 ? all : html);
}

static struct str
socket_text(struct http_request *r)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(r->conn->mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[INET6_ADDRSTRLEN] = "";
    if (info && info->client_addr && info->client_addr->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)info->client_addr)->sin_addr, text, sizeof text);
    else if (info && info->client_addr && info->client_addr->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)info->client_addr)->sin6_addr, text,
                  sizeof text);
    return str_dup(r->arena, str_c(strncmp(text, "::ffff:", 7) == 0 ? text + 7 : text));
}

/* The last element of the last X-Forwarded-For: the one our own proxy has added. STR_NONE unless it is an address. */
static struct str
forwarded_text(struct http_request *r)
{
    struct str last = STR_NONE, item;
    for (size_t i = 0; i < r->head.n; i++) {
        struct str rest = r->head.at[i].value;
        if (!http_eq_nocase(r->head.at[i].name, "x-forwarded-for"))
            continue;
        while (str_split(&rest, ',', &item))
            last = str_trim(item);
    }
    unsigned char addr[16];
    const char *z = str_z(r->arena, last);
    bool ok = last.n && (inet_pton(AF_INET, z, addr) == 1 || inet_pton(AF_INET6, z, addr) == 1);
    return ok ? (struct str){z, last.n} : STR_NONE;
}

struct str
http_peer(const struct http_request *r)
{
    if (!r->peer.p) {
        struct http_request *w = &r->conn->req; /* the same object; the answer is kept */
        w->peer = r->conn->server->opt.trust_proxy ? forwarded_text(w) : STR_NONE;
        if (!w->peer.p)
            w->peer = socket_text(w);
    }
    return r->peer;
}

bool
http_is_tls(const struct http_request *r)
{
    return r->conn->server->opt.trust_proxy && http_eq_nocase(str_trim(http_head_raw(r, "X-Forwarded-Proto")), "https");
}

size_t
http_upload_count(const struct http_request *r)
{
    return r->upload_count;
}

const struct http_upload *
http_upload_at(const struct http_request *r, size_t i)
{
    return i < r->upload_count ? &r->upload[i] : NULL;
}
