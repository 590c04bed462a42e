/* Uploads, many clients, slow clients, full queues, stopping. */
#include "http/http_testing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/crypto.h"

#define H "Host: t\r\n"
#define MULTI "multipart/form-data; boundary=XyZ"

static int
setup(void **state)
{
    (void)state;
    struct http_options o = app_options();
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

static void
assert_has(struct reply r, const char *text)
{
    if (str_find(r.body, str_c(text)) == SIZE_MAX)
        fail_msg("no \"%s\" in %d %.*s", text, r.status, STR_ARG(r.body));
}

/* Sends BODY in pieces of STEP bytes (0 = at once), chunked if STEP is not 0. */
static struct reply
post(struct arena *a, const char *path, const char *type, struct str body, size_t step)
{
    int fd = dial();
    struct str head =
        step ? str_fmt(a, "POST %s HTTP/1.1\r\n" H "Content-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n", path, type)
             : str_fmt(a, "POST %s HTTP/1.1\r\n" H "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n", path, type,
                       body.n);
    put(fd, head.p, head.n);
    if (step) {
        struct buf b;
        buf_init(&b, a, body.n * 8 + 64);
        for (size_t i = 0; i < body.n; i += step) {
            struct str piece = str_sub(body, i, step);
            buf_fmt(&b, "%zx\r\n", piece.n);
            buf_add(&b, piece);
            buf_addz(&b, "\r\n");
        }
        buf_addz(&b, "0\r\n\r\n");
        put(fd, b.p, b.n);
    } else {
        put(fd, body.p, body.n);
    }
    struct reply r = get_reply(a, fd, false);
    close(fd);
    return r;
}

static struct str
hex_sm3(struct arena *a, struct str s)
{
    struct crypto_digest d;
    unsigned int n = 0;
    assert_int_equal(1, EVP_Digest(s.p, s.n, d.b, &n, EVP_sm3(), NULL));
    return crypto_hex(a, d.b, sizeof d.b);
}

#define PART(name) "--XyZ\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"
#define FILEPART(name, file)                                                                                           \
    "--XyZ\r\nContent-Disposition: form-data; name=\"" name "\"; filename=\"" file "\"\r\nContent-Type: a/b\r\n\r\n"

static void
test_multipart_fields(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    /* an empty field before one of the same name, values that look like delimiters, a preamble and an epilogue */
    struct str body = STR("preamble\r\n" PART("a") "\r\n" PART("a") "2\r\n" PART("a") "\r\n--Xy\r\n-\r\r\n" PART(
        "名") "张三\r\n--XyZ--\r\nepilogue");
    for (size_t step = 0; step < 90; step++)
        assert_has(post(a, "/form", MULTI, body, step), "a=\na=2\na=\r\n--Xy\r\n-\r\n名=张三\nfields=4");
    static const char *const bad[] = {
        "",
        "--XyZ",
        PART("a") "1",
        PART("a") "1\r\n--XyZ",
        PART("a") "1\r\n--XyZ-",
        PART("a") "1\r\n--XyZx--\r\n",
        PART("") "1\r\n--XyZ--",
        PART("a") "\xff\r\n--XyZ--",
        PART("\xff") "1\r\n--XyZ--",
        PART("a\x01") "1\r\n--XyZ--",
        "--XyZ\r\n\r\n1\r\n--XyZ--",
        "--XyZ\r\nX: y\r\n\r\n1\r\n--XyZ--",
        "--XyZ\r\nContent-Disposition: form-data\r\n\r\n1\r\n--XyZ--",
        "--XyZ\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1\r\n--XyZ--",
        "--XyZ\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n--XyZ--",
        "--XyZ\nContent-Disposition: form-data; name=\"a\"\n\n1\n--XyZ--",
        "--XyZ\r\nno colon\r\n\r\n1\r\n--XyZ--",
    };
    for (size_t i = 1; i < sizeof bad / sizeof *bad; i++) {
        struct reply r = post(a, "/form", MULTI, str_c(bad[i]), i % 2);
        if (r.status != 400)
            fail_msg("%zu: %d %s", i, r.status, bad[i]);
    }
    assert_int_equal(
        400, post(a, "/form", MULTI, (struct str){PART("a") "\0\r\n--XyZ--", sizeof(PART("a") "\0\r\n--XyZ--") - 1}, 0)
                 .status);
    assert_int_equal(415, post(a, "/form", MULTI,
                               STR("--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: "
                                   "base64\r\n\r\nMQ==\r\n--XyZ--"),
                               0)
                              .status);
    assert_int_equal(400, post(a, "/form", "multipart/form-data", body, 0).status);
    assert_int_equal(400, post(a, "/form", "multipart/form-data; boundary=\"\"", body, 0).status);
    assert_has(post(a, "/form", "multipart/form-data; charset=x; Boundary=\"XyZ\"", body, 0), "fields=4");
    assert_int_equal(415, post(a, "/form", MULTI, STR(FILEPART("f", "a.txt") "1\r\n--XyZ--"), 0).status);
    assert_has(post(a, "/form", MULTI, STR(FILEPART("f", "") "\r\n" PART("x") "\r\n--XyZ--"), 0), "x=\nfields=1");
}

static void
test_multipart_limits(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct buf b;
    buf_init(&b, a, 1 << 20);
    for (int i = 0; i < 2000; i++)
        buf_addz(&b, PART("a") "1\r\n");
    size_t n = b.n;
    buf_addz(&b, "--XyZ--\r\n");
    assert_has(post(a, "/form", MULTI, buf_str(&b), 0), "fields=2000");
    b.n = n;
    buf_addz(&b, PART("a") "1\r\n--XyZ--\r\n");
    assert_int_equal(413, post(a, "/form", MULTI, buf_str(&b), 0).status);
    b.n = 0;
    buf_addz(&b, PART("a"));
    for (int i = 0; i < 100001; i++)
        buf_byte(&b, 'x');
    buf_addz(&b, "\r\n--XyZ--");
    assert_int_equal(413, post(a, "/form", MULTI, buf_str(&b), 0).status);
    b.n = 0;
    buf_addz(&b, "--XyZ\r\nX: ");
    for (int i = 0; i < 9000; i++)
        buf_byte(&b, 'x');
    assert_int_equal(413, post(a, "/form", MULTI, buf_str(&b), 0).status);
    b.n = 0;
    for (int i = 0; i < 11; i++)
        buf_addz(&b, FILEPART("f", "x") "1\r\n");
    buf_addz(&b, "--XyZ--");
    assert_int_equal(413, post(a, "/upload", MULTI, buf_str(&b), 0).status);
    assert_int_equal(0, files_left());
}

static void
test_uploads(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct str body = STR(FILEPART("a", "身份证\\正%22面.jpg") "abc\r\n" PART("note") "备注\r\n" FILEPART(
        "b", "../../etc/x") "\r\n" FILEPART("c", "") "\r\n" FILEPART("a", "x\\\"y") "\r\n--XyZ\r\n\r\n--XyZ--");
    struct reply r = post(a, "/upload", MULTI, body, 0);
    assert_int_equal(400, r.status); /* the last part's content holds a delimiter without headers */
    body = STR(FILEPART("a", "身份证\\正%22面.jpg") "abc\r\n" PART("note") "备注\r\n" FILEPART(
        "b", "../../etc/x") "\r\n" FILEPART("c", "") "\r\n" FILEPART("a", "x\\\"y") "\r\n--XyZ--");
    for (size_t step = 0; step < 5; step++) {
        r = post(a, "/upload", MULTI, body, step);
        assert_has(r, str_fmt(a, "a|身份证\\正%%22面.jpg|3|0|%.*s\nb|../../etc/x|0|0|%.*s\na|x\"y|0|0|",
                              STR_ARG(hex_sm3(a, STR("abc"))), STR_ARG(hex_sm3(a, STR(""))))
                          .p);
        assert_has(r, "uploads=3 fields=1 note=备注");
    }
    struct buf b;
    buf_init(&b, a, 4096);
    buf_addz(&b, FILEPART("f", "big"));
    for (int i = 0; i < 1001; i++)
        buf_byte(&b, 'x');
    buf_addz(&b, "\r\n" FILEPART("g", "fits"));
    for (int i = 0; i < 1000; i++)
        buf_byte(&b, 'x');
    buf_addz(&b, "\r\n--XyZ--");
    r = post(a, "/small-upload", MULTI, buf_str(&b), 0);
    assert_has(r, "f|big|1001|1|");
    assert_has(r, "g|fits|1000|0|");
    r = post(a, "/take", MULTI, STR(FILEPART("f", "t") "taken\r\n--XyZ--"), 0);
    assert_has(r, "uploads=1");
    assert_int_equal(0, access(str_fmt(a, "%s/taken", app.dir).p, R_OK));
    for (int i = 0; i < 100 && files_left(); i++)
        usleep(10000);
    assert_int_equal(0, files_left());
}

static long
peak_kib(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_maxrss;
}

static void
test_upload_20_mb(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    size_t n = 20u << 20;
    char *data = arena_alloc(a, n);
    uint32_t x = 1;
    for (size_t i = 0; i < n; i++) {
        x = x * 1664525 + 1013904223;
        data[i] = (char)(x >> 24);
        if (i % 5000 == 0 && n - i > 8)
            memcpy(data + i, "\r\n--X-", 6), i += 5;
    }
    struct str want = hex_sm3(a, (struct str){data, n});
    struct str head = STR(FILEPART("f", "big.bin")), tail = STR("\r\n--XyZ--\r\n");
    struct str top = str_fmt(a, "POST /upload HTTP/1.1\r\n" H "Content-Type: " MULTI "\r\nContent-Length: %zu\r\n\r\n",
                             head.n + n + tail.n);
    long before = peak_kib();
    int fd = dial();
    put(fd, top.p, top.n);
    put(fd, head.p, head.n);
    put(fd, data, n);
    put(fd, tail.p, tail.n);
    assert_has(get_reply(a, fd, false), str_fmt(a, "f|big.bin|%zu|0|%.*s\n", n, STR_ARG(want)).p);
    assert_true(peak_kib() - before < 4096);
    put(fd, top.p, top.n); /* a client that leaves in the middle leaves no file */
    put(fd, head.p, head.n);
    put(fd, data, 1 << 20);
    close(fd);
    for (int i = 0; i < 200 && files_left(); i++)
        usleep(10000);
    assert_int_equal(0, files_left());
}

static void
test_refused_30_mb(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    size_t n = 30u << 20;
    char *data = arena_alloc(a, n);
    static const struct {
        const char *path, *type;
        int status;
    } c[] = {{"/form", "application/x-www-form-urlencoded", 413},
             {"/form", "image/png", 415},
             {"/nope", "image/png", 404},
             {"/page", "image/png", 405},
             {"/form", MULTI, 413},
             {"/upload", MULTI, 400}};
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        int fd = dial();
        struct str top = str_fmt(a, "POST %s HTTP/1.1\r\n" H "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n",
                                 c[i].path, c[i].type, n);
        put(fd, top.p, top.n);
        put(fd, data, n);
        struct reply r = get_reply(a, fd, false);
        if (r.status != c[i].status)
            fail_msg("%s: %d", c[i].path, r.status);
        putz(fd, "GET / HTTP/1.1\r\n" H "\r\n");
        assert_int_equal(200, get_reply(a, fd, false).status);
        close(fd);
    }
    int fd = dial(); /* announced beyond what is drained: told at once */
    putz(fd, "POST /form HTTP/1.1\r\n" H "Content-Type: image/png\r\nContent-Length: 100000000\r\n\r\n");
    assert_int_equal(415, get_reply(a, fd, false).status);
    assert_true(closes(fd));
    close(fd);
}

struct client {
    int requests, failed;
    pthread_t thread;
};

static void *
client_main(void *arg)
{
    struct client *c = arg;
    SCOPED_ARENA a = arena_new(0);
    int fd = dial();
    for (int i = 0; i < c->requests; i++) {
        static const char *const text[] = {
            "GET /page HTTP/1.1\r\n" H "Accept-Encoding: gzip\r\n\r\n", "GET /echo/x HTTP/1.1\r\n" H "\r\n",
            "POST /form HTTP/1.1\r\n" H
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=1",
            "PUT /thing HTTP/1.1\r\n" H "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
            "GET /page HTTP/1.1\r\n" H "If-None-Match: \"v1\"\r\n\r\n"};
        putz(fd, text[i % 5]);
        int want = i % 5 == 4 ? 304 : 200;
        c->failed += get_reply(a, fd, false).status != want;
        if (i % 40 == 39) {
            close(fd);
            fd = dial();
        }
        arena_reset(a);
    }
    close(fd);
    return NULL;
}

static void
test_64_clients(void **state)
{
    (void)state;
    struct client c[64];
    for (size_t i = 0; i < 64; i++) {
        c[i] = (struct client){.requests = 100};
        assert_int_equal(0, pthread_create(&c[i].thread, NULL, client_main, &c[i]));
    }
    for (size_t i = 0; i < 64; i++) {
        pthread_join(c[i].thread, NULL);
        assert_int_equal(0, c[i].failed);
    }
}

static void
wait_for(const atomic_int *v, int at_least)
{
    for (int i = 0; i < 1000 && atomic_load(v) < at_least; i++)
        usleep(5000);
    assert_true(atomic_load(v) >= at_least);
}

static void
test_full_queue(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct http_options o = app_options();
    o.connection_max = 16; /* queue of 8 */
    o.readers = 1;
    app_start(&o, NULL);
    app_gate(true);
    int fd[9];
    for (int i = 0; i < 9; i++) {
        fd[i] = dial();
        putz(fd[i], "GET /gate HTTP/1.1\r\n" H "\r\n");
        if (i == 0)
            wait_for(&app.waiting, 1);
    }
    wait_for(&app.server->in_flight, 9);
    usleep(50000);
    struct reply r = ask(a, "GET /gate HTTP/1.1\r\n" H "\r\n");
    assert_int_equal(503, r.status);
    assert_true(str_eqz(reply_header(r, "Retry-After"), "1"));
    assert_has(r, "拒绝 503");
    assert_int_equal(200, ask(a, "GET /page HTTP/1.1\r\n" H "\r\n").status); /* memory is still served */
    close(fd[3]);                                                            /* leaves while suspended */
    app_gate(false);
    for (int i = 0; i < 9; i++) {
        if (i != 3)
            assert_int_equal(200, get_reply(a, fd[i], false).status);
        if (i != 3)
            close(fd[i]);
    }
    app_stop();
}

static void
test_connection_limit(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct http_options o = app_options();
    o.connection_max = 4;
    app_start(&o, NULL);
    int fd[6];
    for (int i = 0; i < 6; i++) {
        fd[i] = dial(); /* the surplus waits in the backlog */
        putz(fd[i], "GET / HTTP/1.1\r\n" H "\r\n");
    }
    for (int i = 0; i < 4; i++)
        assert_int_equal(200, get_reply(a, fd[i], false).status);
    assert_int_equal(4, atomic_load(&app.server->open));
    close(fd[0]);
    close(fd[1]);
    for (int i = 2; i < 6; i++) {
        if (i >= 4)
            assert_int_equal(200, get_reply(a, fd[i], false).status);
        close(fd[i]);
    }
    app_stop();
}

static void
test_slow_clients(void **state)
{
    (void)state;
    struct http_options o = app_options();
    struct http_limits l = http_limits_default;
    l.line_ms = 600, l.head_ms = 600, l.grace_ms = 500, l.body_rate = 1000, l.tick_ms = 50;
    app_start(&o, &l);
    static const char *const start[] = {
        "GE", "GET / HTTP/1.1\r\nHost: t\r\nX: ",
        "POST /form HTTP/1.1\r\n" H "Content-Type: application/json\r\nContent-Length: 50000\r\n\r\n{",
        "POST /form HTTP/1.1\r\n" H "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1;",
        "POST /nope HTTP/1.1\r\n" H "Content-Length: 50000\r\n\r\n{"};
    int fd[5];
    for (int i = 0; i < 5; i++) {
        fd[i] = dial();
        putz(fd[i], start[i]);
    }
    int fair = dial(); /* 40 × 100 bytes in 2 s: slow, but above the rate */
    putz(fair, "POST /form HTTP/1.1\r\n" H "Content-Type: application/json\r\nContent-Length: 8000\r\n\r\n");
    char piece[200];
    memset(piece, ' ', sizeof piece);
    bool ended[5] = {false};
    for (int t = 0; t < 40; t++) {
        usleep(50000);
        put(fair, piece, sizeof piece);
        for (int i = 0; i < 5; i++) {
            char c;
            putz(fd[i], "a");
            ssize_t n = recv(fd[i], &c, 1, MSG_DONTWAIT);
            ended[i] = ended[i] || n == 0 || (n < 0 && errno == ECONNRESET);
        }
    }
    SCOPED_ARENA a = arena_new(0);
    for (int i = 0; i < 5; i++) {
        if (!ended[i])
            fail_msg("still alive: %s", start[i]);
        close(fd[i]);
    }
    assert_int_equal(200, get_reply(a, fair, false).status);
    close(fair);
    app_stop();
}

static atomic_bool hammer_on;
static atomic_int hammer_odd;

static void *
hammer_main(void *arg)
{
    int port = *(int *)arg;
    SCOPED_ARENA a = arena_new(0);
    while (atomic_load(&hammer_on)) {
        int fd = dial_port(port);
        if (fd < 0)
            break; /* the server has stopped */
        for (int i = 0; i < 50 && atomic_load(&hammer_on); i++) {
            putz(fd, i % 2 ? "GET /echo/x HTTP/1.1\r\n" H "\r\n"
                           : "POST /form HTTP/1.1\r\n" H
                             "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
            int status = get_reply(a, fd, false).status;
            if (status != 200) {
                atomic_fetch_add(&hammer_odd, status != 503 && status != 0);
                break;
            }
        }
        close(fd);
        arena_reset(a);
    }
    return NULL;
}

static void
test_stop_under_load(void **state)
{
    (void)state;
    for (int round = 0; round < 8; round++) {
        struct http_options o = app_options();
        pthread_t t[8];
        app_start(&o, NULL);
        int port = http_port(app.server);
        int before = atomic_load(&app.handled);
        atomic_store(&hammer_on, true);
        for (int i = 0; i < 8; i++)
            assert_int_equal(0, pthread_create(&t[i], NULL, hammer_main, &port));
        wait_for(&app.handled, before + 300);
        app_stop();
        atomic_store(&hammer_on, false);
        for (int i = 0; i < 8; i++)
            pthread_join(t[i], NULL);
        assert_int_equal(0, atomic_load(&hammer_odd));
    }
}

static void *
open_later(void *arg)
{
    (void)arg;
    usleep(700000);
    app_gate(false);
    return NULL;
}

static void
test_stop_with_suspended(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct http_options o = app_options();
    struct http_limits l = http_limits_default;
    pthread_t t;
    int fd[10];
    o.readers = 2;
    for (int late = 0; late < 2; late++) {
        l.stop_ms = late ? 200 : 5000; /* handlers end after, or before, the deadline */
        app_start(&o, &l);
        app_gate(true);
        for (int i = 0; i < 10; i++) {
            fd[i] = dial();
            putz(fd[i], "GET /gate HTTP/1.1\r\n" H "\r\n");
        }
        wait_for(&app.waiting, 2);
        wait_for(&app.server->in_flight, 10);
        int idle = dial(), body = dial();
        putz(body, "POST /form HTTP/1.1\r\n" H "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{");
        if (late)
            wait_for(&app.server->in_flight, 11);
        else
            close(body);
        assert_int_equal(0, pthread_create(&t, NULL, open_later, NULL));
        int64_t from = http_clock_us();
        app_stop();
        assert_true(http_clock_us() - from < 4500000); /* the one who left with half a body is not waited for */
        pthread_join(t, NULL);
        int done = 0, refused = 0;
        for (int i = 0; i < 10; i++) {
            int status = get_reply(a, fd[i], false).status;
            done += status == 200;
            refused += status == 503;
            close(fd[i]);
        }
        assert_int_equal(10, done + refused); /* everyone gets an answer */
        assert_int_equal(late ? 2 : 10, done);
        close(idle);
        if (late)
            close(body);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_multipart_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(test_multipart_limits, setup, teardown),
        cmocka_unit_test_setup_teardown(test_uploads, setup, teardown),
        cmocka_unit_test_setup_teardown(test_upload_20_mb, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refused_30_mb, setup, teardown),
        cmocka_unit_test_setup_teardown(test_64_clients, setup, teardown),
        cmocka_unit_test(test_full_queue),
        cmocka_unit_test(test_connection_limit),
        cmocka_unit_test(test_slow_clients),
        cmocka_unit_test(test_stop_under_load),
        cmocka_unit_test(test_stop_with_suspended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
