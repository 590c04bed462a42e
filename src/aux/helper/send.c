/* One message out of the house, by libcurl. Only the four schemes, no redirection, no proxy, no more of an answer than was asked for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "aux/helper/helper.h"

enum { TIMEOUT_MAX_MS = 15000, ANSWER_MAX = 1 << 20, CONNECT_MS = 5000 };

struct sending {
    CURL *curl;
    const char *method, *url, *from, *user, *password, *ca;
    struct curl_slist *header, *to;
    size_t header_count;
    const char *body;
    size_t body_n, body_at;
    long timeout_ms;
    size_t answer_max;
    bool tls;
    GByteArray *out;
    GPtrArray *text; /* the fields, NUL terminated; freed with it */
};

/* --- the request's fields --- */

/* A field may become a line of a protocol: no line ends, no NUL. */
static bool
is_line(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)p[i] < 0x20 || p[i] == 0x7f)
            return false;
    return true;
}

static bool
take(struct sending *s, char tag, const char *p, size_t n, char *z)
{
    switch (tag) {
    case SEND_METHOD:
        s->method = z;
        return true;
    case SEND_URL:
        s->url = z;
        return true;
    case SEND_HEADER:
        s->header = curl_slist_append(s->header, z);
        return s->header && ++s->header_count <= SEND_HEADERS_MAX;
    case SEND_BODY:
        s->body = p;
        s->body_n = n;
        return true;
    case SEND_TIMEOUT:
        s->timeout_ms = strtol(z, NULL, 10);
        return s->timeout_ms > 0 && s->timeout_ms <= TIMEOUT_MAX_MS;
    case SEND_MAX:
        s->answer_max = (size_t)strtoul(z, NULL, 10);
        return s->answer_max <= ANSWER_MAX;
    case SEND_FROM:
        s->from = z;
        return true;
    case SEND_TO:
        s->to = curl_slist_append(s->to, z);
        return s->to != NULL;
    case SEND_USER:
        s->user = z;
        return true;
    case SEND_PASSWORD:
        s->password = z;
        return true;
    case SEND_TLS:
        s->tls = true;
        return true;
    case SEND_CA:
        s->ca = z;
        return true;
    default:
        return false;
    }
}

static bool
read_fields(struct sending *s, const char *in, size_t n)
{
    while (n) {
        int tag;
        if (n < SEND_FIELD_HEAD)
            return false;
        unsigned char head[FRAME_HEAD];
        memcpy(head, in + 1, 4);
        head[4] = 0;
        size_t length = frame_head_get(head, &tag);
        tag = (unsigned char)in[0];
        if (length > n - SEND_FIELD_HEAD)
            return false;
        const char *p = in + SEND_FIELD_HEAD;
        if (tag != SEND_BODY && !is_line(p, length))
            return false;
        char *z = g_strndup(tag == SEND_BODY ? "" : p, tag == SEND_BODY ? 0 : length);
        g_ptr_array_add(s->text, z);
        if (!take(s, (char)tag, p, length, z))
            return false;
        in = p + length;
        n -= SEND_FIELD_HEAD + length;
    }
    return s->url && s->timeout_ms;
}

/* --- the transfer --- */

static size_t
on_answer(char *p, size_t size, size_t n, void *arg)
{
    struct sending *s = arg;
    size_t room = s->answer_max + 4 - s->out->len, got = size * n;
    g_byte_array_append(s->out, (const guint8 *)p, (guint)(got < room ? got : room));
    return got < room || got == 0 ? got : got + 1; /* enough: any other number ends the transfer */
}

static size_t
on_body(char *p, size_t size, size_t n, void *arg)
{
    struct sending *s = arg;
    size_t room = size * n, left = s->body_n - s->body_at, give = left < room ? left : room;
    memcpy(p, s->body + s->body_at, give);
    s->body_at += give;
    return give;
}

static bool
set_common(const struct sending *s)
{
    CURL *c = s->curl;
    return !curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https,smtp,smtps") &&
           !curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) && !curl_easy_setopt(c, CURLOPT_PROXY, "") &&
           !curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) && !curl_easy_setopt(c, CURLOPT_URL, s->url) &&
           !curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, s->timeout_ms) &&
           !curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS,
                             s->timeout_ms < CONNECT_MS ? s->timeout_ms : (long)CONNECT_MS) &&
           !curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_answer) && !curl_easy_setopt(c, CURLOPT_WRITEDATA, s) &&
           !curl_easy_setopt(c, CURLOPT_READFUNCTION, on_body) && !curl_easy_setopt(c, CURLOPT_READDATA, s) &&
           (!s->ca || !curl_easy_setopt(c, CURLOPT_CAINFO, s->ca)) &&
           (!s->user || !curl_easy_setopt(c, CURLOPT_USERNAME, s->user)) &&
           (!s->password || !curl_easy_setopt(c, CURLOPT_PASSWORD, s->password));
}

static bool
set_http(struct sending *s)
{
    static const char *const methods[] = {"POST", "GET", "PUT", "PATCH", "DELETE"};
    const char *method = s->method ? s->method : "POST";
    bool known = false;
    for (size_t i = 0; i < G_N_ELEMENTS(methods); i++)
        known = known || strcmp(method, methods[i]) == 0;
    s->header = curl_slist_append(s->header, "Expect:"); /* no second round trip before a small body */
    if (!known || curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, s->header))
        return false;
    if (strcmp(method, "GET") == 0)
        return !curl_easy_setopt(s->curl, CURLOPT_HTTPGET, 1L);
    return !curl_easy_setopt(s->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)s->body_n) &&
           !curl_easy_setopt(s->curl, CURLOPT_POSTFIELDS, s->body ? s->body : "") &&
           !curl_easy_setopt(s->curl, CURLOPT_CUSTOMREQUEST, method);
}

static bool
set_mail(const struct sending *s)
{
    return s->from && s->to && !curl_easy_setopt(s->curl, CURLOPT_MAIL_FROM, s->from) &&
           !curl_easy_setopt(s->curl, CURLOPT_MAIL_RCPT, s->to) && !curl_easy_setopt(s->curl, CURLOPT_UPLOAD, 1L) &&
           !curl_easy_setopt(s->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)s->body_n) &&
           !curl_easy_setopt(s->curl, CURLOPT_USE_SSL, s->tls ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_TRY);
}

static void
put_status(GByteArray *out, long status)
{
    unsigned char head[FRAME_HEAD];
    frame_head_put(head, (size_t)status, 0);
    memcpy(out->data, head, 4);
}

/* For the people at the desk; where they need more, the number finds it in libcurl's manual. */
static const char *
why_silent(CURLcode e)
{
    static char other[48];
    switch ((int)e) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return "找不到主机";
    case CURLE_COULDNT_CONNECT:
        return "连接不上";
    case CURLE_OPERATION_TIMEDOUT:
        return "没有在时限内应答";
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
        return "连接中断";
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        return "证书或加密连接不对";
    case CURLE_USE_SSL_FAILED:
        return "对方不支持加密";
    case CURLE_LOGIN_DENIED:
        return "用户名或密码不对";
    default:
        snprintf(other, sizeof other, "没有送到（curl %d）", (int)e);
        return other;
    }
}

static enum frame_status
perform(struct sending *s, GString *why)
{
    static const guint8 none[4];
    bool mail = g_ascii_strncasecmp(s->url, "smtp:", 5) == 0 || g_ascii_strncasecmp(s->url, "smtps:", 6) == 0;
    g_byte_array_append(s->out, none, sizeof none);
    if (!set_common(s) || !(mail ? set_mail(s) : set_http(s))) {
        g_string_assign(why, "发送的请求不对");
        return FRAME_REFUSED;
    }
    CURLcode e = curl_easy_perform(s->curl);
    long status = 0;
    curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &status);
    if (e == CURLE_UNSUPPORTED_PROTOCOL || e == CURLE_URL_MALFORMAT) {
        g_string_assign(why, "地址应以 http、https、smtp 或 smtps 开头");
        return FRAME_REFUSED;
    }
    /* An answer that was cut because enough of it is here is an answer; a mail counts only when it was taken to its end. */
    bool answered = e == CURLE_OK || (!mail && e == CURLE_WRITE_ERROR && status);
    bool refused = mail && e != CURLE_OK && status >= 400;
    put_status(s->out, answered || refused ? status : 0);
    if (!answered) {
        g_byte_array_set_size(s->out, 4);
        const char *text = why_silent(e);
        g_byte_array_append(s->out, (const guint8 *)text, (guint)strlen(text));
    }
    return FRAME_OK;
}

enum frame_status
helper_send(const char *in, size_t n, GByteArray *out, GString *why)
{
    struct sending s = {.curl = curl_easy_init(), .out = out, .text = g_ptr_array_new_with_free_func(g_free)};
    enum frame_status status = FRAME_REFUSED;
    if (!s.curl) {
        g_string_assign(why, "libcurl 不能启动");
        status = FRAME_BROKEN;
    } else if (!read_fields(&s, in, n)) {
        g_string_assign(why, "发送的请求不对");
    } else {
        status = perform(&s, why);
    }
    curl_easy_cleanup(s.curl);
    curl_slist_free_all(s.header);
    curl_slist_free_all(s.to);
    g_ptr_array_free(s.text, TRUE);
    return status;
}
