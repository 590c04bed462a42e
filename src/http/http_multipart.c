/* multipart/form-data (RFC 7578), streamed. Ours, because the library's post processor announces a part whose first
** bytes have
 ** not come yet exactly as it announces an empty one: a repeated field after an empty one could not be told apart. */
#include <string.h>
#include <strings.h>

#include "http/http_int.h"

enum { BOUNDARY_MAX = 70, DELIMITER_MAX = BOUNDARY_MAX + 4, NAMES_MAX = 16 * 1024 };

enum state {
    MP_PREAMBLE, /* before the first delimiter */
    MP_AFTER,    /* behind a delimiter: CR LF or -- */
    MP_AFTER_LF,
    MP_AFTER_DASH,
    MP_HEAD,
    MP_DATA,
    MP_END, /* epilogue, ignored */
};

struct http_multipart {
    struct http_conn *conn;
    enum state state;
    char delimiter[DELIMITER_MAX]; /* CR LF -- boundary: CR stands only at its beginning, so matching never goes back */
    size_t delimiter_n;
    size_t matched;
    char head[HTTP_PART_HEAD_MAX];
    size_t head_n;
    bool is_file;
    struct str name; /* of the open text part */
    struct buf text;
};

bool
http_multipart_boundary(struct str content_type, struct str *ret_boundary)
{
    struct str part, rest = content_type;
    str_split(&rest, ';', &part);
    while (str_split(&rest, ';', &part)) {
        part = str_trim(part);
        if (part.n < 9 || strncasecmp(part.p, "boundary=", 9) != 0)
            continue;
        struct str b = str_sub(part, 9, part.n);
        if (b.n >= 2 && b.p[0] == '"' && b.p[b.n - 1] == '"')
            b = str_sub(b, 1, b.n - 2);
        if (b.n == 0 || b.n > BOUNDARY_MAX || b.p[b.n - 1] == ' ')
            return false;
        for (size_t i = 0; i < b.n; i++)
            if (b.p[i] < 0x20 || b.p[i] > 0x7e || b.p[i] == '"')
                return false;
        *ret_boundary = b;
        return true;
    }
    return false;
}

struct http_multipart *
http_multipart_new(struct http_conn *c, struct str boundary)
{
    struct http_multipart *m = ARENA_NEW(c->arena, struct http_multipart);
    m->conn = c;
    memcpy(m->delimiter, "\r\n--", 4);
    memcpy(m->delimiter + 4, boundary.p, boundary.n);
    m->delimiter_n = boundary.n + 4;
    m->matched = 2; /* the body begins as if CR LF stood before it */
    return m;
}

/* name="…" of the header value; no escapes but \" (curl), percent forms stay as sent. false when malformed. */
static bool
param_take(struct arena *a, struct str *rest, struct str *ret_name, struct str *ret_value)
{
    *rest = str_trim(*rest);
    size_t eq = str_find(*rest, STR("="));
    if (eq == SIZE_MAX)
        return false;
    *ret_name = str_trim(str_sub(*rest, 0, eq));
    *rest = str_sub(*rest, eq + 1, rest->n);
    if (rest->n == 0 || rest->p[0] != '"') {
        struct str value = STR_NONE;
        str_split(rest, ';', &value);
        *ret_value = str_trim(value);
        return true;
    }
    char *out = arena_alloc(a, rest->n + 1);
    size_t n = 0, i = 1;
    for (; i < rest->n && rest->p[i] != '"'; i++) {
        if (rest->p[i] == '\\' && i + 1 < rest->n && rest->p[i + 1] == '"')
            i++;
        out[n++] = rest->p[i];
    }
    if (i >= rest->n)
        return false;
    *ret_value = (struct str){out, n};
    *rest = str_trim(str_sub(*rest, i + 1, rest->n));
    if (rest->n == 0)
        *rest = STR_NONE;
    else if (rest->p[0] == ';')
        *rest = str_sub(*rest, 1, rest->n);
    else
        return false;
    return true;
}

static bool
text_clean(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
            return false;
    return str_utf8_valid(s);
}

static bool
disposition_parse(struct http_multipart *m, struct str value, struct str *ret_name, struct str *ret_file)
{
    struct str kind = STR_NONE, name, v, extended = STR_NONE;
    str_split(&value, ';', &kind);
    if (!http_eq_nocase(str_trim(kind), "form-data"))
        return false;
    while (value.p && str_trim(value).n) {
        if (!param_take(m->conn->arena, &value, &name, &v) || !text_clean(v))
            return false;
        if (http_eq_nocase(name, "name") && !ret_name->p)
            *ret_name = v;
        else if (http_eq_nocase(name, "filename") && !ret_file->p)
            *ret_file = v;
        else if (http_eq_nocase(name, "filename*"))
            extended = v;
    }
    if (!ret_file->p)
        *ret_file = extended;
    return ret_name->n > 0;
}

static int
part_begin(struct http_multipart *m)
{
    struct str rest = {m->head, m->head_n - 2}, line, name = STR_NONE, file = STR_NONE; /* without the empty line */
    bool found = false;
    while (rest.n && str_split(&rest, '\n', &line)) {
        line = str_trim(line);
        struct str value = line, key = STR_NONE;
        str_split(&value, ':', &key);
        if (!value.p)
            return 400;
        value = str_trim(value);
        if (http_eq_nocase(key, "content-disposition")) {
            if (found || !disposition_parse(m, value, &name, &file))
                return 400;
            found = true;
        } else if (http_eq_nocase(key, "content-transfer-encoding") && !http_eq_nocase(value, "binary") &&
                   !http_eq_nocase(value, "8bit") && !http_eq_nocase(value, "7bit")) {
            return 415; /* base64 would be stored undecoded */
        }
    }
    if (!found)
        return 400;
    m->state = MP_DATA;
    m->matched = 0;
    m->is_file = file.p != NULL;
    struct http_conn *c = m->conn;
    c->body.name_bytes += name.n + file.n;
    if (c->req.field.n + c->req.upload_count >= HTTP_FIELDS_MAX ||
        c->body.name_bytes > c->req.row->route->body_max + NAMES_MAX)
        return 413;
    if (m->is_file && c->req.row->route->upload_max == 0 && file.n)
        return 415;
    if (m->is_file)
        return http_sink_open(c, name, file);
    m->name = name;
    buf_init(&m->text, c->arena, 64);
    return 0;
}

static int
part_data(struct http_multipart *m, const char *p, size_t n)
{
    struct http_conn *c = m->conn;
    if (m->state != MP_DATA || n == 0)
        return 0; /* the preamble is nobody's */
    if (m->is_file)
        return http_sink_write(c, p, n);
    c->body.text_bytes += n;
    if (c->body.text_bytes > c->req.row->route->body_max)
        return 413;
    buf_add(&m->text, (struct str){p, n});
    return 0;
}

static int
part_end(struct http_multipart *m)
{
    if (m->state != MP_DATA)
        return 0;
    if (m->is_file)
        return http_sink_close(m->conn);
    struct str text = buf_str(&m->text);
    if (!str_utf8_valid(text))
        return 400;
    http_pairs_add(&m->conn->req.field, m->conn->arena, m->name, text);
    return 0;
}

/* Data up to and including the next delimiter; *pos moves on. */
static int
scan(struct http_multipart *m, const char *p, size_t n, size_t *pos)
{
    size_t i = *pos;
    int e = 0;
    while (i < n && e == 0) {
        if (m->matched == 0) {
            const char *cr = memchr(p + i, '\r', n - i);
            size_t upto = cr ? (size_t)(cr - p) : n;
            e = part_data(m, p + i, upto - i);
            i = upto;
            if (cr) {
                m->matched = 1;
                i++;
            }
        } else if (p[i] == m->delimiter[m->matched]) {
            m->matched++;
            i++;
            if (m->matched == m->delimiter_n) {
                e = part_end(m);
                m->state = MP_AFTER;
                break;
            }
        } else {
            e = part_data(m, m->delimiter, m->matched);
            m->matched = 0; /* and look at this byte again */
        }
    }
    *pos = i;
    return e;
}

/* One byte outside data. */
static int
step(struct http_multipart *m, char ch)
{
    switch (m->state) {
    case MP_AFTER:
        if (ch == '\r')
            m->state = MP_AFTER_LF;
        else if (ch == '-')
            m->state = MP_AFTER_DASH;
        else if (ch != ' ' && ch != '\t')
            return 400;
        return 0;
    case MP_AFTER_LF:
        m->state = MP_HEAD;
        m->head_n = 0;
        return ch == '\n' ? 0 : 400;
    case MP_AFTER_DASH:
        m->state = MP_END;
        return ch == '-' ? 0 : 400;
    case MP_HEAD:
        if (m->head_n == sizeof m->head)
            return 413;
        m->head[m->head_n++] = ch;
        if (m->head_n >= 4 && memcmp(m->head + m->head_n - 4, "\r\n\r\n", 4) == 0)
            return part_begin(m);
        return m->head_n == 2 && memcmp(m->head, "\r\n", 2) == 0 ? 400 : 0; /* a part without headers has no name */
    case MP_PREAMBLE:
    case MP_DATA:
    case MP_END:
        break;
    }
    return 0;
}

int
http_multipart_feed(struct http_multipart *m, const char *data, size_t n)
{
    int e = 0;
    for (size_t i = 0; i < n && e == 0 && m->state != MP_END;) {
        if (m->state == MP_PREAMBLE || m->state == MP_DATA)
            e = scan(m, data, n, &i);
        else
            e = step(m, data[i++]);
    }
    return e;
}

int
http_multipart_end(struct http_multipart *m)
{
    return m->state == MP_END ? 0 : 400; /* cut off */
}
