#include "message/compose.h"

/* --- events for other systems --- */

/* The attributes of CloudEvents 1.0; DATA comes last. */
static struct view *
envelope(struct arena *a, struct str id, struct str region, struct str type, int64_t at_ms)
{
    struct view *v = view_map(a);
    view_put_z(v, "specversion", "1.0");
    view_put_text(v, "id", id);
    view_put_text(v, "source", str_fmt(a, "/regions/%.*s", STR_ARG(region)));
    view_put_text(v, "type", type);
    view_put_text(v, "time", day_iso_text(a, at_ms));
    view_put_z(v, "datacontenttype", "application/json");
    return v;
}

static struct str
event_json(struct arena *a, const struct view *v)
{
    struct buf b;
    buf_init(&b, a, 1024);
    view_json(v, &b);
    return buf_str(&b);
}

struct str
message_cloud_event(struct arena *a, const struct case_notice *n)
{
    struct str id = str_fmt(a, "%.*s-%lld-%.*s-%lld", STR_ARG(n->region), (long long)n->case_id, STR_ARG(n->event),
                            (long long)n->mark);
    struct view *v = envelope(a, id, n->region, str_fmt(a, "jingban.case.%.*s", STR_ARG(n->event)), n->at_ms);
    view_put_text(v, "subject", n->case_no);
    struct view *d = view_put_map(v, "data");
    view_put_text(d, "region", n->region);
    view_put_text(d, "case_no", n->case_no);
    view_put_text(d, "matter", n->matter_id);
    view_put_text(d, "matter_name", n->matter_name);
    view_put_text(d, "event", n->event);
    view_put_text(d, "status", n->status);
    if (str_empty(n->due))
        view_put_null(d, "due");
    else
        view_put_text(d, "due", n->due);
    return event_json(a, v);
}

//= R284
struct str
message_rating_event(struct arena *a, const struct rating_notice *n)
{
    struct str id = str_fmt(a, "%.*s-0-%s-%lld", STR_ARG(n->region), n->kind, (long long)n->rating_id);
    bool given = str_eqz(str_c(n->kind), MESSAGE_RATED);
    struct str type = given ? STR("jingban.rating.given") : STR("jingban.rating.excluded");
    struct view *v = envelope(a, id, n->region, type, n->at_ms);
    if (!str_empty(n->subject)) /* an empty subject is none */
        view_put_text(v, "subject", n->subject);
    view_put(v, "data", n->data);
    return event_json(a, v);
}

static void
add_header(struct outgoing *o, struct str line)
{
    if (o->header_count < OUTGOING_HEADERS_MAX)
        o->header[o->header_count++] = line;
}

static enum err
compose_hook(struct ctx *ctx, const struct message_hook *h, const struct message *m, struct outgoing *o)
{
    struct arena *a = ctx->arena;
    struct str at = str_fmt(a, "%lld", (long long)(ctx->now_ms / 1000));
    struct str said = str_fmt(a, "%.*s.%.*s", STR_ARG(at), STR_ARG(m->text)), sm2 = STR("");
    o->url = h->url;
    o->ca_file = h->ca_file;
    o->method = STR("POST");
    o->body = m->text;
    add_header(o, STR("Content-Type: application/cloudevents+json; charset=utf-8"));
    add_header(o, str_fmt(a, "Idempotency-Key: %.*s",
                          STR_ARG(message_key(a, &(struct message){.region = m->region,
                                                                   .case_id = m->case_id,
                                                                   .kind = m->kind,
                                                                   .mark = m->mark,
                                                                   .channel = m->channel}))));
    add_header(o, str_fmt(a, "X-Jingban-Timestamp: %.*s", STR_ARG(at)));
    add_header(o, str_fmt(a, "X-Jingban-Signature: hmac-sm3=%.*s", STR_ARG(compose_hmac_sm3(a, h->secret, said))));
    if (!str_empty(h->sm2_key)) {
        TRY(ctx, compose_sm2(ctx, h->sm2_key, said, &sm2));
        add_header(o, str_fmt(a, "X-Jingban-Signature-SM2: %.*s", STR_ARG(sm2)));
    }
    return OK;
}

/* --- short messages --- */

enum escaping { ESCAPE_NONE, ESCAPE_JSON, ESCAPE_URL };

static void
escape(struct buf *b, struct str s, enum escaping how)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                     c == '.' || c == '_' || c == '~';
        if (how == ESCAPE_URL && !plain)
            buf_fmt(b, "%%%02X", c);
        else if (how == ESCAPE_JSON && (c == '"' || c == '\\'))
            buf_fmt(b, "\\%c", c);
        else if (how == ESCAPE_JSON && c < 0x20)
            buf_fmt(b, "\\u%04x", c);
        else
            buf_byte(b, (char)c);
    }
}

struct filling {
    struct str mobile, text, key, secret;
};

/* {mobile} {text} {key} {secret} in TEXT; other braces are the gateway's own. */
static struct str
fill(struct arena *a, struct str text, const struct filling *f, enum escaping how)
{
    const struct {
        struct str name, value;
    } known[] = {
        {STR("{mobile}"), f->mobile}, {STR("{text}"), f->text}, {STR("{key}"), f->key}, {STR("{secret}"), f->secret}};
    struct buf b;
    buf_init(&b, a, text.n + f->text.n + 64);
    for (size_t i = 0; i < text.n;) {
        size_t k = 0, n = sizeof known / sizeof *known;
        while (k < n && !str_starts(str_sub(text, i, text.n), known[k].name))
            k++;
        if (k == n) {
            buf_byte(&b, text.p[i++]);
            continue;
        }
        escape(&b, known[k].value, how);
        i += known[k].name.n;
    }
    return buf_str(&b);
}

static void
compose_sms(struct arena *a, const struct message_sms *s, const struct message *m, struct outgoing *o)
{
    struct filling f = {.mobile = m->recipient, .text = m->text, .key = message_key(a, m), .secret = s->secret};
    bool json = str_eqz(s->type, "application/json");
    o->url = fill(a, s->url, &f, ESCAPE_URL);
    o->method = s->method;
    o->body = fill(a, s->body.p ? s->body : STR(""), &f, json ? ESCAPE_JSON : ESCAPE_URL);
    o->success = s->success.p ? s->success : STR("");
    o->ca_file = s->ca_file;
    if (!str_eqz(s->method, "GET"))
        add_header(o, str_fmt(a, "Content-Type: %.*s; charset=utf-8", STR_ARG(s->type)));
    add_header(o, str_fmt(a, "Idempotency-Key: %.*s", STR_ARG(f.key)));
    for (size_t i = 0; i < s->header_count; i++)
        add_header(o, fill(a, s->header[i], &f, ESCAPE_NONE));
}

/* --- mail --- */

enum { WORD_BYTES = 42, LINE_BYTES = 57 };

/* An RFC 2047 subject: encoded words of whole characters. */
static void
add_subject(struct buf *b, struct str s)
{
    const char *lead = "Subject: ";
    for (size_t from = 0; from < s.n || from == 0;) {
        size_t to = from;
        while (to < s.n) {
            size_t next = to;
            (void)str_utf8_next(s, &next);
            if (next - from > WORD_BYTES)
                break;
            to = next;
        }
        buf_fmt(b, "%s=?UTF-8?B?%.*s?=\r\n", lead, STR_ARG(compose_base64(b->a, str_sub(s, from, to - from))));
        lead = " ";
        from = to;
        if (from >= s.n)
            break;
    }
}

/* Sun, 22 Nov 2026 14:05:33 +0800 */
static struct str
mail_time(struct arena *a, int64_t ms)
{
    static const char *const weekday[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const month[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct day d = day_of_ms(ms);
    struct day_ymd y = day_ymd(d);
    return str_fmt(a, "%s, %02d %s %04d %.*s +0800", weekday[day_weekday(d)], y.day, month[y.month - 1], y.year,
                   STR_ARG(str_sub(day_iso_text(a, ms), 11, 8)));
}

static void
compose_mail(struct arena *a, const struct message_mail *c, const struct message *m, struct outgoing *o)
{
    struct buf b;
    struct str domain = str_sub(c->from, str_find(c->from, STR("@")) + 1, c->from.n);
    buf_init(&b, a, m->text.n * 2 + 1024);
    buf_fmt(&b, "From: <%.*s>\r\nTo: <%.*s>\r\n", STR_ARG(c->from), STR_ARG(m->recipient));
    add_subject(&b, m->title);
    buf_fmt(&b, "Date: %.*s\r\nMessage-ID: <%.*s@%.*s>\r\nAuto-Submitted: auto-generated\r\n",
            STR_ARG(mail_time(a, m->created_ms)), STR_ARG(message_key(a, m)), STR_ARG(domain));
    buf_addz(
        &b,
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    for (size_t i = 0; i < m->text.n; i += LINE_BYTES)
        buf_fmt(&b, "%.*s\r\n", STR_ARG(compose_base64(a, str_sub(m->text, i, LINE_BYTES))));
    o->url = c->url;
    o->ca_file = c->ca_file;
    o->body = buf_str(&b);
    o->mail_from = c->from;
    o->mail_to = m->recipient;
    o->user = c->user;
    o->password = c->password;
    o->tls = c->tls;
}

enum err
message_compose(struct ctx *ctx, const struct message_region *r, const struct message *m, struct outgoing *ret_o,
                struct str *ret_why)
{
    const struct message_hook *h = message_setup_hook(r, m->target);
    *ret_o = (struct outgoing){0};
    *ret_why = STR("");
    if (m->channel == MESSAGE_WEBHOOK && h)
        return compose_hook(ctx, h, m, ret_o);
    if (m->channel == MESSAGE_SMS && r && r->sms)
        compose_sms(ctx->arena, r->sms, m, ret_o);
    else if (m->channel == MESSAGE_MAIL && r && r->mail)
        compose_mail(ctx->arena, r->mail, m, ret_o);
    else
        *ret_why = STR("这个渠道没有配置，或已经停用");
    return OK;
}
