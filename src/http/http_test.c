/* The protocol: gate, routing, bodies, responses. */
#include "http/http_testing.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define H "Host: t\r\n"

static int
setup(void **state)
{
    (void)state;
    struct http_options o = app_options();
    o.trust_proxy = true;
    app_start(&o, NULL);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    app_stop();
    return 0;
}

struct raw {
    const char *p;
    size_t n;
    const char *what;
};
#define RAW(what, text)                                                                                                \
    {                                                                                                                  \
        text, sizeof(text) - 1, what                                                                                   \
    }

static void
test_gate_refuses_and_closes(void **state)
{
    (void)state;
    static const struct raw bad[] = {
        RAW("TE and CL",
            "POST /form HTTP/1.1\r\n" H "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        RAW("two CL", "POST /form HTTP/1.1\r\n" H "Content-Length: 4\r\nContent-Length: 5\r\n\r\na=bc"),
        RAW("same CL twice", "POST /form HTTP/1.1\r\n" H "Content-Length: 4\r\ncontent-length: 4\r\n\r\na=bc"),
        RAW("two Host", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        RAW("no Host", "GET / HTTP/1.1\r\nX: a\r\n\r\n"),
        RAW("no header", "GET / HTTP/1.1\r\n\r\n"),
        RAW("empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
        RAW("unknown TE", "POST /form HTTP/1.1\r\n" H "Transfer-Encoding: gzip\r\n\r\n"),
        RAW("TE list", "POST /form HTTP/1.1\r\n" H "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        RAW("two TE",
            "POST /form HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        RAW("TE in 1.0", "POST /form HTTP/1.0\r\n" H "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        RAW("two types", "POST /form HTTP/1.1\r\n" H "Content-Type: a/b\r\nContent-Type: a/c\r\n\r\n"),
        RAW("control in value", "GET / HTTP/1.1\r\n" H "X: a\001b\r\n\r\n"),
        RAW("DEL in value", "GET / HTTP/1.1\r\n" H "X: a\177b\r\n\r\n"),
        RAW("bare CR in value", "GET / HTTP/1.1\r\n" H "X: a\rb\r\n\r\n"),
        RAW("NUL in value", "GET / HTTP/1.1\r\nX: a\0b\r\n" H "\r\n"),
        RAW("NUL in last value", "GET / HTTP/1.1\r\n" H "X: a\0b\r\n\r\n"),
        RAW("NUL in name", "GET / HTTP/1.1\r\n" H "X\0y: a\r\n\r\n"),
        RAW("NUL line", "GET / HTTP/1.1\r\n" H "\0X: y\r\n\r\n"),
        RAW("NUL in URI", "GET /\0x HTTP/1.1\r\n" H "\r\n"),
        RAW("blank before colon", "GET / HTTP/1.1\r\n" H "X : a\r\n\r\n"),
        RAW("bad name", "GET / HTTP/1.1\r\n" H "X(y): a\r\n\r\n"),
        RAW("fold", "GET / HTTP/1.1\r\n" H "X: a\r\n b\r\nY: c\r\n\r\n"),
        RAW("fold at the end", "GET / HTTP/1.1\r\n" H "X: a\r\n\tb\r\n\r\n"),
        RAW("fold of CL", "POST /form HTTP/1.1\r\n" H "Content-Length: 1\r\n 0\r\n\r\n"),
        RAW("line begins with blank", "GET / HTTP/1.1\r\n X: a\r\n" H "\r\n"),
        RAW("bare LF", "GET / HTTP/1.1\r\n" H "X: a\nY: b\r\n\r\n"),
        RAW("bare LF after line", "GET / HTTP/1.1\n" H "\r\n"),
        RAW("absolute URI", "GET http://t/ HTTP/1.1\r\n" H "\r\n"),
        RAW("authority", "CONNECT t:80 HTTP/1.1\r\n" H "\r\n"),
        RAW("star", "OPTIONS * HTTP/1.1\r\n" H "\r\n"),
        RAW("%00", "GET /echo/a%00b HTTP/1.1\r\n" H "\r\n"),
        RAW("%00 in query", "GET /echo/a?q=%00 HTTP/1.1\r\n" H "\r\n"),
        RAW("bad escape", "GET /echo/a%zz HTTP/1.1\r\n" H "\r\n"),
        RAW("cut escape", "GET /echo/a%4 HTTP/1.1\r\n" H "\r\n"),
        RAW("control in path", "GET /echo/a%0ab HTTP/1.1\r\n" H "\r\n"),
        RAW("bad UTF-8", "GET /echo/%ff HTTP/1.1\r\n" H "\r\n"),
        RAW("overlong", "GET /echo/%c0%af HTTP/1.1\r\n" H "\r\n"),
        RAW("surrogate", "GET /echo/%ed%a0%80 HTTP/1.1\r\n" H "\r\n"),
        RAW("bad UTF-8 query", "GET /echo/a?q=%ff HTTP/1.1\r\n" H "\r\n"),
        RAW("raw bad UTF-8", "GET /echo/\xff HTTP/1.1\r\n" H "\r\n"),
        RAW("dot dot", "GET /echo/.. HTTP/1.1\r\n" H "\r\n"),
        RAW("encoded dot dot", "GET /echo/%2e%2E/files/x HTTP/1.1\r\n" H "\r\n"),
        RAW("fragment", "GET /#a HTTP/1.1\r\n" H "\r\n"),
        RAW("blank in URI", "GET /a b HTTP/1.1\r\n" H "\r\n"),
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        SCOPED_ARENA a = arena_new(0);
        int fd = dial();
        put(fd, bad[i].p, bad[i].n);
        put(fd, "GET / HTTP/1.1\r\n" H "\r\n", 27);
        struct reply r = get_reply(a, fd, false);
        if (r.status != 400)
            fail_msg("%s: status %d", bad[i].what, r.status);
        struct reply next = get_reply(a, fd, false);
        if (next.status)
            fail_msg("%s: a second answer, %d", bad[i].what, next.status);
        close(fd);
    }
}

static void
test_gate_passes(void **state)
{
    (void)state;
    static const struct raw good[] = {
        RAW("plain", "GET / HTTP/1.1\r\n" H "\r\n"),
        RAW("no blank after colon", "GET / HTTP/1.1\r\nHost:t\r\nX:\r\nY: \t a\tb \r\n\r\n"),
        RAW("Latin-1 value", "GET / HTTP/1.1\r\n" H "X: caf\xe9\r\n\r\n"),
        RAW("1.0", "GET / HTTP/1.0\r\n" H "\r\n"),
        RAW("empty line first", "\r\nGET / HTTP/1.1\r\n" H "\r\n"),
        RAW("query", "GET /?a=b&&c HTTP/1.1\r\n" H "\r\n"),
        RAW("empty query", "GET /? HTTP/1.1\r\n" H "\r\n"),
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        SCOPED_ARENA a = arena_new(0);
        int fd = dial();
        put(fd, good[i].p, good[i].n);
        struct reply r = get_reply(a, fd, false);
        if (r.status != 200)
            fail_msg("%s: status %d", good[i].what, r.status);
        close(fd);
    }
}

/* The address chain of the gate must hold when the head comes in pieces and the library's buffer grows. */
static void
test_long_head_in_pieces(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct buf b;
    buf_init(&b, a, 32768);
    buf_addz(&b, "GET /echo/x?q=1 HTTP/1.1\r\n" H);
    for (int i = 0; i < 120; i++)
        buf_fmt(&b, "X-%d: %0*d\r\nCookie: c%d=%d\r\n", i, 1 + i * 2 % 150, i, i, i);
    buf_addz(&b, "Cookie: x; sid=\"abc\"; y=1\r\nX-Test: end\r\n\r\n");
    for (int round = 0; round < 2; round++) {
        int fd = dial();
        for (size_t i = 0; i < b.n; i += 701) {
            put(fd, b.p + i, b.n - i < 701 ? b.n - i : 701);
            usleep(500);
        }
        struct reply r = get_reply(a, fd, false);
        assert_int_equal(200, r.status);
        assert_true(str_find(r.body, STR("cookie=abc head=end")) != SIZE_MAX);
        close(fd);
    }
}

static void
test_head_too_large(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct buf b;
    buf_init(&b, a, 65536);
    buf_addz(&b, "GET / HTTP/1.1\r\n" H);
    for (int i = 0; i < 3000; i++)
        buf_fmt(&b, "X-%d: abcdefgh\r\n", i);
    buf_addz(&b, "\r\n");
    assert_int_equal(431, ask(a, buf_str(&b).p).status);
    b.n = 0;
    buf_addz(&b, "GET /");
    for (int i = 0; i < 5000; i++)
        buf_addz(&b, "abcdefgh");
    buf_addz(&b, " HTTP/1.1\r\n" H "\r\n");
    assert_int_equal(414, ask(a, buf_str(&b).p).status);
    assert_int_equal(200, ask(a, "GET / HTTP/1.1\r\n" H "\r\n").status);
}

static void
assert_has(struct reply r, const char *text)
{
    if (str_find(r.body, str_c(text)) == SIZE_MAX)
        fail_msg("no \"%s\" in %.*s", text, STR_ARG(r.body));
}

static void
test_routing(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct reply r = ask(a, "GET /echo/%E5%8A%9E%2f%E4%BB%B6?q=%E7%94%B2+%2B&q=2&z HTTP/1.1\r\n" H "\r\n");
    assert_has(r, "path=/echo/办/件 id=办/件 rest= q=甲 + n=3 first=q");
    r = ask(a, "GET /echo/a/files/x/%79/z.css HTTP/1.1\r\n" H "\r\n");
    assert_has(r, "id=a rest=x/y/z.css");
    r = ask(a, "GET /echo/fixed/files/f HTTP/1.1\r\n" H "\r\n"); /* back from the literal */
    assert_has(r, "id=fixed rest=f");
    assert_has(ask(a, "GET /echo/fixed/only HTTP/1.1\r\n" H "\r\n"), "plain");
    static const char *const none[] = {"/nope", "/echo",  "/echo/",  "/echo/a/",  "/echo/a/files", "/echo/a/files/",
                                       "//",    "/page/", "/ECHO/a", "/echo%2fa", "/echo//files/x"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        r = ask(a, str_fmt(a, "GET %s HTTP/1.1\r\n" H "\r\n", none[i]).p);
        if (r.status != 404)
            fail_msg("%s: %d", none[i], r.status);
        assert_has(r, "拒绝 404");
    }
    r = ask(a, "POST /page HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n");
    assert_int_equal(405, r.status);
    assert_true(str_eqz(reply_header(r, "Allow"), "GET, HEAD"));
    r = ask(a, "PATCH /thing HTTP/1.1\r\n" H "\r\n");
    assert_int_equal(405, r.status);
    assert_true(str_eqz(reply_header(r, "Allow"), "PUT, DELETE"));
    assert_int_equal(200, ask(a, "DELETE /thing HTTP/1.1\r\n" H "\r\n").status);
}

static void
test_request_headers(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct reply r =
        ask(a, "GET /echo/a HTTP/1.1\r\n" H "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 1.2.3.4, 10.0.0.7\r\n"
               "X-Forwarded-Proto: https\r\nAccept: text/html;q=0.8, application/json\r\nCookie: sid=9; a=b\r\n\r\n");
    assert_has(r, "peer=10.0.0.7 tls=1 json=1 cookie=9");
    r = ask(a,
            "GET /echo/a HTTP/1.1\r\n" H "X-Forwarded-For: evil\r\nAccept: text/html, application/json;q=0.9, */*\r\n"
            "X-Test: \xff\r\n\r\n");
    assert_has(r, "peer=127.0.0.1 tls=0 json=0 cookie= head=");
    assert_has(ask(a, "GET /echo/a HTTP/1.1\r\n" H "Accept: */*\r\n\r\n"), "json=0");
}

static void
test_keep_alive_and_pipeline(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    int fd = dial();
    for (int i = 0; i < 50; i++) {
        putz(fd, i % 3 ? "GET /echo/k HTTP/1.1\r\n" H "\r\n" : "GET / HTTP/1.1\r\n" H "\r\n");
        assert_int_equal(200, get_reply(a, fd, false).status);
    }
    struct buf b;
    buf_init(&b, a, 4096);
    for (int i = 0; i < 20; i++)
        buf_fmt(&b,
                i % 2 ? "GET /echo/p%d HTTP/1.1\r\n" H "\r\n"
                      : "POST /form HTTP/1.1\r\n" H
                        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 4\r\n\r\na=%02d",
                i);
    put(fd, b.p, b.n);
    for (int i = 0; i < 20; i++)
        assert_has(get_reply(a, fd, false), i % 2 ? str_fmt(a, "id=p%d ", i).p : str_fmt(a, "a=%02d\nfields=1", i).p);
    putz(fd, "GET / HTTP/1.1\r\n" H "Connection: close\r\n\r\n");
    assert_int_equal(200, get_reply(a, fd, false).status);
    assert_true(closes(fd));
    close(fd);
}

static struct reply
post(struct arena *a, const char *path, const char *type, struct str body)
{
    int fd = dial();
    struct str head =
        str_fmt(a, "POST %s HTTP/1.1\r\n" H "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n", path, type, body.n);
    put(fd, head.p, head.n);
    put(fd, body.p, body.n);
    struct reply r = get_reply(a, fd, false);
    close(fd);
    return r;
}

#define FORM "application/x-www-form-urlencoded"

static void
test_forms(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    assert_has(post(a, "/form", FORM "; charset=UTF-8", STR("a=1&a=2&%E5%90%8D=%E5%BC%A0+%26&empty=&bare&nl=x%0D%0Ay")),
               "a=1\na=2\n名=张 &\nempty=\nbare=\nnl=x\r\ny\nfields=6");
    static const char *const bad[] = {"a=%00", "a=%ff", "%00=1", "a=%4", "a=%G0"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(400, post(a, "/form", FORM, str_c(bad[i])).status);
    struct buf b;
    buf_init(&b, a, 65536);
    for (int i = 0; i < 2000; i++)
        buf_addz(&b, "a=1&");
    assert_has(post(a, "/form", FORM, buf_str(&b)), "fields=2000");
    buf_addz(&b, "a=1");
    assert_int_equal(413, post(a, "/form", FORM, buf_str(&b)).status);
    assert_int_equal(415, post(a, "/form", "text/plain", STR("a=1")).status);
    assert_int_equal(415, ask(a, "POST /form HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\na=1").status);
    assert_has(ask(a, "POST /form HTTP/1.1\r\n" H "\r\n"), "fields=0");
    assert_has(post(a, "/form", "Application/JSON; charset=utf-8", STR("{\"a\":1}")), "json:{\"a\":1}");
    assert_int_equal(400, post(a, "/form", "application/json", STR("\"\xff\"")).status);
    assert_int_equal(405, post(a, "/thing", FORM, STR("a=1")).status);
    assert_int_equal(413, ask(a, "DELETE /thing HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\na=1").status);
    assert_int_equal(413,
                     ask(a, "GET / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n0\r\n\r\n").status);
    assert_int_equal(200, ask(a, "GET / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n").status);
    assert_has(ask(a, "POST /form HTTP/1.1\r\n" H "Content-Type: " FORM
                      "\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n4;x=y\r\n&b=2\r\n0\r\nTrailer: x\r\n\r\n"),
               "a=1\nb=2\nfields=2");
}

static void
test_body_limits(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    char *big = arena_alloc(a, 100002);
    memset(big, 'a', 100001);
    big[1] = '=';
    assert_has(post(a, "/form", FORM, (struct str){big, 100000}), "fields=1");
    assert_int_equal(413, post(a, "/form", FORM, (struct str){big, 100001}).status);
    int fd = dial();
    putz(fd, "POST /inline-form HTTP/1.1\r\n" H "Content-Type: " FORM "\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 100; i++) { /* counted, not announced */
        putz(fd, "1000\r\n");
        put(fd, big, 4096);
        putz(fd, "\r\n");
    }
    putz(fd, "0\r\n\r\nGET / HTTP/1.1\r\n" H "\r\n");
    assert_int_equal(413, get_reply(a, fd, false).status);
    assert_int_equal(200, get_reply(a, fd, false).status); /* the connection lives on */
    close(fd);
}

static void
test_continue(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    int fd = dial();
    putz(fd, "POST /form HTTP/1.1\r\n" H "Content-Type: " FORM "\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    assert_int_equal(100, get_reply(a, fd, false).status);
    putz(fd, "a=1");
    assert_has(get_reply(a, fd, false), "a=1\nfields=1");
    putz(fd, "POST /form HTTP/1.1\r\n" H "Content-Type: " FORM
             "\r\nExpect: 100-continue\r\nContent-Length: 300000\r\n\r\n");
    assert_int_equal(413, get_reply(a, fd, false).status); /* asked first: told at once */
    assert_true(closes(fd));
    close(fd);
}

static void
test_responses(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct reply r = ask(a, "GET / HTTP/1.1\r\n" H "\r\n");
    assert_true(str_eqz(reply_header(r, "X-Content-Type-Options"), "nosniff"));
    assert_true(str_eqz(reply_header(r, "Referrer-Policy"), "same-origin"));
    assert_true(str_eqz(reply_header(r, "X-Frame-Options"), "DENY"));
    assert_true(str_starts(reply_header(r, "Content-Security-Policy"), STR("default-src 'self'; img-src")));
    assert_true(str_eqz(reply_header(r, "Cache-Control"), "no-store"));
    r = ask(a, "GET /own HTTP/1.1\r\n" H "\r\n");
    assert_int_equal(201, r.status);
    assert_true(str_eqz(reply_header(r, "Content-Security-Policy"), "default-src 'none'"));
    assert_true(str_eqz(reply_header(r, "Cache-Control"), "max-age=5"));
    assert_null(reply_header(r, "X-Frame-Options").p);
    r = ask(a, "GET /redirect HTTP/1.1\r\n" H "\r\n");
    assert_int_equal(303, r.status);
    assert_true(str_eqz(reply_header(r, "Location"), "/%E5%8A%9E%E4%BB%B6?x=1%0D%0AEvil:%201"));
    assert_null(reply_header(r, "Evil").p);
    r = ask(a, "GET /file-none HTTP/1.1\r\n" H "\r\n");
    assert_int_equal(404, r.status);
    assert_has(r, "拒绝 404 /file-none");
    FILE *f = fopen(str_fmt(a, "%s/shown", app.dir).p, "w");
    fputs("内容", f);
    fclose(f);
    assert_has(ask(a, "GET /file HTTP/1.1\r\n" H "\r\n"), "内容");
    r = ask(a, "HEAD /file HTTP/1.1\r\n" H "\r\n");
    assert_true(str_eqz(reply_header(r, "Content-Length"), "6"));
}

static void
test_cached(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct reply r = ask(a, "GET /page HTTP/1.1\r\n" H "\r\n");
    assert_true(str_eqz(r.body, app_page));
    assert_true(str_eqz(reply_header(r, "ETag"), "\"v1\""));
    assert_true(str_eqz(reply_header(r, "Vary"), "Accept-Encoding"));
    assert_true(str_eqz(reply_header(r, "Cache-Control"), "public, max-age=60"));
    assert_true(str_eqz(reply_header(r, "X-Frame-Options"), "DENY"));
    r = ask(a, "GET /page HTTP/1.1\r\n" H "Accept-Encoding: br, gzip;q=0.5\r\n\r\n");
    assert_true(str_eqz(reply_header(r, "Content-Encoding"), "gzip"));
    assert_true(str_eqz(reply_header(r, "ETag"), "\"v1-gz\""));
    assert_true(r.body.n < 300 && r.body.p[0] == 0x1f);
    r = ask(a, "GET /page HTTP/1.1\r\n" H "Accept-Encoding: gzip;q=0\r\n\r\n");
    assert_null(reply_header(r, "Content-Encoding").p);
    r = ask(a, "GET /page HTTP/1.1\r\n" H "If-None-Match: \"x\", W/\"v1\"\r\n\r\n");
    assert_int_equal(304, r.status);
    assert_true(str_eqz(reply_header(r, "ETag"), "\"v1\""));
    r = ask(a, "GET /page HTTP/1.1\r\n" H "Accept-Encoding: gzip\r\nIf-None-Match: \"v1-gz\"\r\n\r\n");
    assert_int_equal(304, r.status);
    assert_true(str_eqz(reply_header(r, "ETag"), "\"v1-gz\""));
    assert_int_equal(200, ask(a, "GET /page HTTP/1.1\r\n" H "If-None-Match: \"v0\"\r\n\r\n").status);
    r = ask(a, "HEAD /page HTTP/1.1\r\n" H "\r\n");
    assert_int_equal(200, r.status);
    assert_true(str_eq(reply_header(r, "Content-Length"), str_fmt(a, "%zu", strlen(app_page))));
    r = ask(a, "GET /page-extra HTTP/1.1\r\n" H "Accept-Encoding: gzip\r\n\r\n");
    assert_true(str_eqz(reply_header(r, "Set-Cookie"), "a=1; Path=/"));
    assert_true(str_find(r.head, STR("Set-Cookie: b=2; Path=/")) != SIZE_MAX);
    assert_true(str_eqz(reply_header(r, "Content-Encoding"), "gzip"));
    r = ask(a, "GET /tiny HTTP/1.1\r\n" H "Accept-Encoding: gzip\r\n\r\n");
    assert_null(reply_header(r, "Content-Encoding").p);
    assert_int_equal(26, reply_header(r, "ETag").n); /* of the content */
    assert_true(str_eqz(reply_header(r, "Cache-Control"), "no-cache"));
}

static void
test_bad_configuration(void **state)
{
    (void)state;
    static const char *const bad[] = {"x", "/a//b", "/{*}/b", "/a{b}", "/a/{b", "/page"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        SCOPED_ARENA a = arena_new(0);
        struct ctx ctx = ctx_new(a, 0);
        struct http_options o = app_options();
        struct http_route two[2] = {o.routes[1], {HTTP_GET, bad[i], HTTP_INLINE, 0, 0, NULL}};
        struct http_server *s = NULL;
        o.routes = two;
        o.route_count = 2;
        assert_int_equal(ERR_CONFIG, http_start(&ctx, &o, &s));
    }
    static const char *const where[] = {"127.0.0.1", "127.0.0.1:x", "nowhere.invalid:0"};
    for (size_t i = 0; i < sizeof where / sizeof *where; i++) {
        SCOPED_ARENA a = arena_new(0);
        struct ctx ctx = ctx_new(a, 0);
        struct http_options o = app_options();
        struct http_server *s = NULL;
        o.listen = str_c(where[i]);
        assert_int_equal(ERR_CONFIG, http_start(&ctx, &o, &s));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_gate_refuses_and_closes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_gate_passes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_long_head_in_pieces, setup, teardown),
        cmocka_unit_test_setup_teardown(test_head_too_large, setup, teardown),
        cmocka_unit_test_setup_teardown(test_routing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_request_headers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_keep_alive_and_pipeline, setup, teardown),
        cmocka_unit_test_setup_teardown(test_forms, setup, teardown),
        cmocka_unit_test_setup_teardown(test_body_limits, setup, teardown),
        cmocka_unit_test_setup_teardown(test_continue, setup, teardown),
        cmocka_unit_test_setup_teardown(test_responses, setup, teardown),
        cmocka_unit_test_setup_teardown(test_cached, setup, teardown),
        cmocka_unit_test(test_bad_configuration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
