/* The gate: what the library lets through and a proxy in front may read otherwise (architecture review, "request
** smuggling").
 ** Each refusal is 400 and the connection is closed, because the two sides may no longer agree where the next request
** begins. */
#include <string.h>
#include <strings.h>

#include "http/http_int.h"

bool
http_eq_nocase(struct str a, const char *b)
{
    return a.n == strlen(b) && strncasecmp(a.p ? a.p : "", b, a.n) == 0;
}

struct str
http_head_raw(const struct http_request *r, const char *name)
{
    for (size_t i = 0; i < r->head.n; i++)
        if (http_eq_nocase(r->head.at[i].name, name))
            return r->head.at[i].value;
    return STR_NONE;
}

struct str
http_media_type(struct str content_type)
{
    struct str piece = STR_NONE;
    if (!str_split(&content_type, ';', &piece))
        return STR_NONE;
    return str_trim(piece);
}

void
http_pairs_add(struct http_pairs *p, struct arena *a, struct str name, struct str value)
{
    if (p->n == p->cap) {
        size_t cap = p->cap ? p->cap * 2 : 16;
        struct http_pair *wider = ARENA_ARRAY(a, cap, struct http_pair);
        if (p->n)
            memcpy(wider, p->at, p->n * sizeof *wider);
        p->at = wider;
        p->cap = cap;
    }
    p->at[p->n++] = (struct http_pair){name, value};
}

static int
hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

bool
http_decode(struct str s, unsigned flags, char *out, size_t *ret_n)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%') {
            int hi = s.n - i > 2 ? hex_digit(s.p[i + 1]) : -1, lo = s.n - i > 2 ? hex_digit(s.p[i + 2]) : -1;
            if (hi < 0 || lo < 0)
                return false;
            c = (char)(hi << 4 | lo);
            i += 2;
        } else if (c == '+' && (flags & HTTP_DECODE_PLUS)) {
            c = ' ';
        }
        if ((flags & HTTP_DECODE_STRICT) && ((unsigned char)c < 0x20 || c == 0x7f))
            return false;
        out[n++] = c;
    }
    *ret_n = n;
    return str_utf8_valid((struct str){out, n}); /* refuses NUL as well */
}

bool
http_decode_form(struct str s, struct arena *a, struct http_pairs *p, bool *ret_many)
{
    char *out = arena_alloc(a, s.n + 1);
    struct str pair;
    *ret_many = false;
    while (str_split(&s, '&', &pair)) {
        if (pair.n == 0)
            continue;
        if (p->n == HTTP_FIELDS_MAX) {
            *ret_many = true;
            return false;
        }
        struct str value = pair, name = STR_NONE;
        str_split(&value, '=', &name);
        struct str field[2] = {name, value.p ? value : (struct str){"", 0}};
        for (size_t i = 0; i < 2; i++) {
            size_t n;
            if (!http_decode(field[i], HTTP_DECODE_PLUS, out, &n))
                return false;
            field[i] = (struct str){out, n};
            out += n;
        }
        http_pairs_add(p, a, field[0], field[1]);
    }
    return true;
}

/* Cuts the raw path at '/', decodes each segment on its own: an encoded slash stays inside its segment. */
static bool
path_decode(struct http_request *r, struct str raw)
{
    char *out = arena_alloc(r->arena, raw.n + 1), *at = out;
    struct str rest = str_sub(raw, 1, raw.n), seg;
    if (rest.n == 0) { /* the root has no segments */
        *at++ = '/';
        rest = STR_NONE;
    }
    while (str_split(&rest, '/', &seg)) {
        *at++ = '/';
        size_t n;
        if (!http_decode(seg, HTTP_DECODE_STRICT, at, &n))
            return false;
        struct str got = {at, n};
        if (str_eqz(got, ".") || str_eqz(got, "..") || r->segment_count == HTTP_SEGMENTS_MAX)
            return false;
        r->segment[r->segment_count++] = got;
        at += n;
    }
    r->path = (struct str){out, (size_t)(at - out)};
    return true;
}

int
http_gate_uri(struct http_request *r)
{
    struct str rest = r->uri, raw = STR_NONE;
    for (size_t i = 0; i < r->uri.n; i++)
        if ((unsigned char)r->uri.p[i] <= 0x20 || r->uri.p[i] == 0x7f || r->uri.p[i] == '#')
            return 400;
    if (!str_split(&rest, '?', &raw) || raw.n == 0 || raw.p[0] != '/') /* also absolute and authority forms */
        return 400;
    bool many;
    if (rest.n && !http_decode_form(rest, r->arena, &r->query, &many))
        return 400;
    return path_decode(r, raw) ? 0 : 400;
}

static enum MHD_Result
head_take(void *cls, enum MHD_ValueKind kind, const char *key, size_t key_size, const char *value, size_t value_size)
{
    (void)kind;
    struct http_request *r = cls;
    http_pairs_add(&r->head, r->arena, (struct str){key, key_size},
                   (struct str){value ? value : "", value ? value_size : 0});
    return MHD_YES;
}

static bool
is_token(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!alnum && (c == 0 || !strchr("!#$%&'*+-.^_`|~", c)))
            return false;
    }
    return s.n > 0;
}

static bool
has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t') || s.p[i] == 0x7f)
            return true;
    return false;
}

/* libmicrohttpd 0.9.75 cuts lines in place, so every byte of the head can be accounted for by addresses (later ones
** parse
 ** strictly themselves). It has put two NULs where CR LF stood and one where the colon stood. A bare LF, a NUL inside a
** value and a folded
 ** line all break that chain; nothing else shows them. */
static bool
head_contiguous(const struct http_request *r, const char *version)
{
    size_t n = strlen(version);
    if (version != r->line_at + r->uri.n + 1) /* NUL inside the URI */
        return false;
    const char *expect = version + n + 2;
    if (version[n + 1] != 0)
        return false;
    for (size_t i = 0; i < r->head.n; i++) {
        struct str name = r->head.at[i].name, value = r->head.at[i].value;
        if (name.p != expect || value.p < name.p + name.n + 1)
            return false;
        for (const char *p = name.p + name.n + 1; p < value.p; p++)
            if (*p != ' ' && *p != '\t')
                return false;
        if (value.p[value.n] != 0 || value.p[value.n + 1] != 0)
            return false;
        expect = value.p + value.n + 2;
    }
    return expect[0] == 0 && expect[1] == 0;
}

/* Host, Content-Length and Content-Type at most once, Host not empty; Transfer-Encoding only as chunked and never with
 * a length. */
static bool
head_unambiguous(const struct http_request *r, bool http11)
{
    size_t host = 0, length = 0, type = 0, te = 0;
    bool chunked = true, named = false;
    for (size_t i = 0; i < r->head.n; i++) {
        struct str name = r->head.at[i].name, value = str_trim(r->head.at[i].value);
        if (!is_token(name) || has_control(r->head.at[i].value))
            return false;
        if (http_eq_nocase(name, "host")) {
            host++;
            named = value.n > 0;
        } else if (http_eq_nocase(name, "content-length")) {
            length++;
        } else if (http_eq_nocase(name, "content-type")) {
            type++;
        } else if (http_eq_nocase(name, "transfer-encoding")) {
            te++;
            chunked = chunked && http_eq_nocase(value, "chunked");
        }
    }
    return host == 1 && named && length <= 1 && type <= 1 && te <= 1 && chunked && !(te && length) && (http11 || !te);
}

int
http_gate_head(struct http_request *r, const char *method, const char *version)
{
    int n = MHD_get_connection_values_n(r->conn->mhd, MHD_HEADER_KIND, NULL, NULL);
    if (n > 0)
        r->head = (struct http_pairs){.at = ARENA_ARRAY(r->arena, (size_t)n, struct http_pair), .cap = (size_t)n};
    MHD_get_connection_values_n(r->conn->mhd, MHD_HEADER_KIND, head_take, r);
    r->is_head = strcmp(method, "HEAD") == 0;
    r->method = r->is_head || strcmp(method, "GET") == 0 ? HTTP_GET
                : strcmp(method, "POST") == 0            ? HTTP_POST
                : strcmp(method, "PUT") == 0             ? HTTP_PUT
                : strcmp(method, "DELETE") == 0          ? HTTP_DELETE
                                                         : 0;
    if (r->conn->server->layout && !head_contiguous(r, version))
        return 400;
    if (!is_token(str_c(method)) || !head_unambiguous(r, strcmp(version, "HTTP/1.1") == 0))
        return 400;
    return http_gate_uri(r);
}
