#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "aux/aux.h"

static struct arena *arena;
static struct ctx ctx;
static struct aux *helper;
static char dir[] = "/tmp/jingban-aux-test-XXXXXX";

static int
setup(void **state)
{
    (void)state;
    arena = arena_new(0);
    ctx = ctx_new(arena, 0);
    helper = aux_new(str_c(getenv("JINGBAN_AUX")), 0);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    aux_free(helper);
    arena_free(arena);
    return 0;
}

static struct str
file_put(const char *name, struct str data)
{
    struct str path = str_fmt(arena, "%s/%s", dir, name);
    FILE *f = fopen(path.p, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(data.p, 1, data.n, f), data.n);
    assert_int_equal(fclose(f), 0);
    return path;
}

/* What a command prints. */
static struct str
output_of(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct str cmd = str_vfmt(arena, fmt, ap);
    va_end(ap);
    FILE *p = popen(cmd.p, "r");
    assert_non_null(p);
    struct buf b;
    buf_init(&b, arena, 4096);
    for (size_t n; (n = fread(buf_room(&b, 4096), 1, 4096, p)) > 0;)
        b.n += n;
    pclose(p);
    return buf_str(&b);
}

static bool
have(const char *tool)
{
    bool yes = output_of("command -v %s", tool).n > 0;
    if (!yes)
        printf("%s is not installed: this part is not tested\n", tool);
    return yes;
}

static void
contains(struct str text, const char *what)
{
    if (str_find(text, str_c(what)) == SIZE_MAX)
        fail_msg("no “%s” in:\n%.*s", what, STR_ARG(text));
}

/* Our running (not dead) helpers; the last one's pid. */
static int
children(pid_t *ret_pid)
{
    DIR *d = opendir("/proc");
    int n = 0;
    for (struct dirent *e; (e = readdir(d));) {
        char path[300], comm[32], state = 0;
        int pid = (int)strtol(e->d_name, NULL, 10), parent = 0;
        snprintf(path, sizeof path, "/proc/%d/stat", pid);
        FILE *f = pid > 0 ? fopen(path, "r") : NULL;
        if (!f)
            continue;
        if (fscanf(f, "%*d (%31[^)]) %c %d", comm, &state, &parent) == 3 && parent == getpid() && state != 'Z' &&
            strcmp(comm, "sh") != 0) {
            *ret_pid = pid;
            n++;
        }
        fclose(f);
    }
    closedir(d);
    return n;
}

static const char CERTIFICATE[] =
    "<doc title=\"参保凭证\" author=\"经办机构\"><watermark text=\"演示\"/><h1>基本医疗保险参保凭证</h1>\n"
    "<p "
    "indent=\"2\">兹证明下列人员在本统筹区参加基本医疗保险，\n<b>请自出具之日起三个月内</b>办理。<u>逾期</u>重开 A "
    "&lt; B。</p>\n"
    "<kv cols=\"2\"><k name=\"姓名\">𠮷田𬭎䶮𬱖</k><k name=\"证件号码\">4202**********0027</k></kv>\n"
    "<table cols=\"36,*,36,*\"><tr><td "
    "shade=\"1\">首次参保年月</td><td>2008年7月</td><td>缴费年限</td><td>18年</td></tr>"
    "<tr><td rows=\"2\">备注</td><td span=\"3\">无<br/>欠费</td></tr><tr><td span=\"3\" "
    "min=\"20\">空</td></tr></table>\n"
    "<qr data=\"https://example.invalid/v/137?k=7GQX3M0ZC2R5T\" size=\"28\" align=\"left\" caption=\"扫码验证真伪\"/>"
    "<stamp text=\"某某医疗保障局\"/><rule/><space h=\"4\"/>"
    "<sign><f name=\"经办人\"/><f name=\"日期\"/></sign><footer>咨询电话：12393</footer></doc>";

static void
test_pdf(void **state)
{
    (void)state;
    struct str pdf;
    assert_int_equal(aux_pdf(&ctx, helper, str_c(CERTIFICATE), &pdf), OK);
    assert_true(str_starts(pdf, STR("%PDF-1.")));
    assert_true(pdf.n < 150 * 1024);
    struct str path = file_put("certificate.pdf", pdf);
    if (have("pdftotext")) {
        struct str text = output_of("pdftotext -layout %s -", path.p);
        contains(text, "基本医疗保险参保凭证");
        contains(text, "𠮷田𬭎䶮𬱖");
        contains(text, "参加基本医疗保险，请自出具之日起三个月内办理。逾期");
        contains(text, "A < B。");
        contains(text, "首次参保年月");
        contains(text, "（盖章处）");
        contains(text, "咨询电话：12393");
        assert_true(str_find(text, STR("共 ")) == SIZE_MAX); /* one page: no number */
        struct str info = output_of("pdfinfo %s 2>&1", path.p);
        contains(info, "参保凭证");
        contains(info, "A4");
        struct str fonts = output_of("pdffonts %s 2>&1", path.p);
        contains(fonts, "NotoSerifCJK");
        contains(fonts, "yes yes yes");
        assert_true(str_find(fonts, STR(" no ")) == SIZE_MAX && str_find(fonts, STR("Error")) == SIZE_MAX);
    }
    if (have("zbarimg") && have("pdftoppm")) {
        output_of("pdftoppm -r 150 -png %s %s/page", path.p, dir);
        contains(output_of("zbarimg -q --raw %s/page-1.png 2>&1", dir),
                 "https://example.invalid/v/137?k=7GQX3M0ZC2R5T");
    }
}

static void
test_pages(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, arena, 65536);
    buf_addz(&b, "<doc><table cols=\"20,*\" header=\"1\"><tr><td>序号</td><td>重复的表头</td></tr>");
    for (int i = 1; i <= 70; i++)
        buf_fmt(&b, "<tr><td>%d</td><td>有效身份证件，核验后当场退还</td></tr>", i);
    buf_addz(&b, "<tr><td>长</td><td>");
    for (int i = 0; i < 400; i++)
        buf_addz(&b, "参保人员应当如实提供信息。");
    buf_addz(&b, "完</td></tr></table></doc>");
    struct str pdf;
    assert_int_equal(aux_pdf(&ctx, helper, buf_str(&b), &pdf), OK);
    if (!have("pdftotext"))
        return;
    struct str path = file_put("pages.pdf", pdf), text = output_of("pdftotext -layout %s -", path.p), page;
    int pages = 0, heads = 0;
    for (struct str rest = text; str_split(&rest, '\f', &page);) {
        pages += page.n > 0;
        heads += str_find(page, STR("重复的表头")) != SIZE_MAX;
    }
    assert_true(pages >= 5);
    assert_int_equal(heads, pages);
    contains(output_of("pdftotext -layout %s - | tr -d ' '", path.p), str_fmt(arena, "第%d页共%d页", pages, pages).p);
    contains(text, "70");
    contains(text, "完");
    size_t seen = 0; /* nothing lost where the long row is cut: each line whole */
    for (size_t at; (at = str_find(text, STR("如"))) != SIZE_MAX; text = str_sub(text, at + 3, SIZE_MAX))
        seen++;
    assert_int_equal(seen, 400);
}

static void
test_layout_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *markup, *why;
    } wrong[] = {
        {"<doc>\n<foo/></doc>", "第 2 行：不认识的元素 <foo>"},
        {"<doc><p colour=\"red\">x</p></doc>", "<p> 没有属性 colour"},
        {"<doc><p size=\"big\">x</p></doc>", "size=\"big\" 不对"},
        {"<doc><p>x</doc>", "XML 写得不对"},
        {"<doc>x</doc>", "这里不能有文字"},
        {"<doc><table cols=\"10,*\"><tr><td>x</td></tr></table></doc>", "格子不够"},
        {"<doc><table cols=\"10\"><tr><td>x</td><td>y</td></tr></table></doc>", "格子太多"},
        {"<doc><table cols=\"300,*\"><tr><td>x</td><td>y</td></tr></table></doc>", "cols"},
        {"<!DOCTYPE doc [<!ENTITY a \"b\">]><doc/>", "DOCTYPE"},
        {"", "XML"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct str pdf;
        assert_int_equal(aux_pdf(&ctx, helper, str_c(wrong[i].markup), &pdf), ERR_SYNTAX);
        contains(ctx.fail->detail, wrong[i].why);
    }
}

static void
test_chart(void **state)
{
    (void)state;
    struct str svg;
    assert_int_equal(aux_chart(&ctx, helper, STR("digraph { a -> "), &svg), ERR_SYNTAX);
    assert_int_equal(aux_chart(&ctx, helper, STR(""), &svg), ERR_SYNTAX);
    struct str dot =
        STR("digraph { node [shape=box]; a [label=\"申请<人>\"]; b [label=\"受理\"]; a -> b [label=\"材料齐全\"] }");
    assert_int_equal(aux_chart(&ctx, helper, dot, &svg), OK);
    assert_true(str_starts(svg, STR("<svg ")) && str_ends(svg, STR("</svg>")));
    contains(svg, "申请&lt;人&gt;");
    contains(svg, "材料齐全");
    contains(svg, "viewBox=\"");
    contains(svg, "currentColor");
    static const char *const gone[] = {"<?xml", "<!", "width=", "<title", " id=", "black", "pt\""};
    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++)
        assert_true(str_find(svg, str_c(gone[i])) == SIZE_MAX);
}

/* The path's runs as a PGM picture, four pixels a module. */
static struct str
raster(struct str svg)
{
    int side = 0;
    const char *box = strstr(str_z(arena, svg), "viewBox=\"0 0 ");
    assert_non_null(box);
    assert_int_equal(sscanf(box, "viewBox=\"0 0 %d", &side), 1);
    size_t width = (size_t)side * 4;
    struct str head = str_fmt(arena, "P5 %zu %zu 255\n", width, width);
    char *p = arena_alloc(arena, head.n + width * width);
    memcpy(p, head.p, head.n);
    memset(p + head.n, 255, width * width);
    int x, y, run;
    for (const char *m = strchr(box, 'M'); m && sscanf(m, "M%d %dh%dv1", &x, &y, &run) == 3; m = strchr(m + 1, 'M'))
        for (int row = y * 4; row < y * 4 + 4; row++)
            memset(p + head.n + (size_t)row * width + (size_t)x * 4, 0, (size_t)run * 4);
    return (struct str){p, head.n + width * width};
}

static void
test_qr(void **state)
{
    (void)state;
    struct str svg, text = STR("https://example.invalid/v/420000-1?k=ABC 凭证");
    assert_int_equal(aux_qr(&ctx, helper, text, &svg), OK);
    contains(svg, "currentColor");
    if (have("zbarimg")) {
        struct str path = file_put("qr.pgm", raster(svg));
        contains(output_of("zbarimg -q --raw %s 2>&1", path.p), text.p);
    }
    char *big = arena_alloc(arena, 4001);
    memset(big, 'x', 4000);
    assert_int_equal(aux_qr(&ctx, helper, str_c(big), &svg), ERR_SYNTAX);
    assert_int_equal(aux_qr(&ctx, helper, STR(""), &svg), ERR_SYNTAX);
}

static void
test_file_type(void **state)
{
    (void)state;
    struct str mime;
    struct str path = file_put("looks-like.jpg", STR("%PDF-1.5\n%\xb5\xed\xae\xfb\n1 0 obj\n"));
    assert_int_equal(aux_file_type(&ctx, helper, path, &mime), OK);
    assert_true(str_eqz(mime, "application/pdf"));
    path = file_put("an.exe", STR("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\2\0\0\0"));
    assert_int_equal(aux_file_type(&ctx, helper, path, &mime), OK);
    assert_true(str_eqz(mime, "image/png"));
    assert_int_equal(aux_file_type(&ctx, helper, STR("/nonexistent/x"), &mime), ERR_IO);
}

static void
test_killed(void **state)
{
    (void)state;
    struct str svg;
    pid_t pid = 0;
    assert_int_equal(children(&pid), 0); /* nothing is started before it is needed */
    assert_int_equal(aux_qr(&ctx, helper, STR("1"), &svg), OK);
    assert_int_equal(children(&pid), 1);
    for (int i = 0; i < 3; i++) {
        pid_t before = pid;
        assert_int_equal(kill(pid, SIGKILL), 0);
        assert_int_equal(aux_qr(&ctx, helper, STR("2"), &svg), OK);
        assert_int_equal(children(&pid), 1);
        assert_int_not_equal(pid, before);
    }
}

static void
test_broken_programs(void **state)
{
    (void)state;
    struct str svg;
    pid_t pid;
    struct aux *x = aux_new(STR("/nonexistent/jingban-aux"), 1);
    assert_int_equal(aux_qr(&ctx, x, STR("1"), &svg), ERR_AUX);
    aux_free(x);
    x = aux_new(STR("/bin/false"), 1);
    assert_int_equal(aux_qr(&ctx, x, STR("1"), &svg), ERR_AUX);
    aux_free(x);
    x = aux_new(STR("/bin/cat"), 1); /* never answers */
    aux_set_timeout(x, 300);
    assert_int_equal(aux_qr(&ctx, x, STR("1"), &svg), ERR_AUX);
    assert_int_equal(children(&pid), 0);
    assert_int_equal(aux_qr(&ctx, x, STR("1"), &svg), ERR_AUX);
    aux_free(x);
}

/* No secret of ours, and no descriptor, reaches the helper. */
static void
test_alone(void **state)
{
    (void)state;
    setenv("JINGBAN_TEST_SECRET", "swordfish", 1);
    int leak = open("/dev/null", O_RDONLY); /* not close-on-exec, on purpose */
    assert_true(leak >= 0);
    struct str svg;
    pid_t pid = 0;
    assert_int_equal(aux_qr(&ctx, helper, STR("1"), &svg), OK);
    assert_int_equal(children(&pid), 1);
    struct str env = output_of("tr '\\0' '\\n' < /proc/%d/environ", (int)pid);
    assert_true(str_find(env, STR("swordfish")) == SIZE_MAX);
    contains(env, "PATH=");
    assert_true(str_eqz(output_of("ls /proc/%d/fd | tr '\\n' ' '", (int)pid), "0 1 2 "));
    close(leak);
    unsetenv("JINGBAN_TEST_SECRET");
    assert_true(str_eqz(output_of("timeout 10 %s </dev/null && echo ended", getenv("JINGBAN_AUX")), "ended\n"));
}

/* Several documents in one PDF: pages counted through, a list that knows where each begins. */
static void
test_file(void **state)
{
    (void)state;
    struct str pdf;
    struct buf b;
    buf_init(&b, arena, 16384);
    buf_addz(&b, "<file title=\"全卷\" author=\"演示\"><doc title=\"目录\"><table cols=\"*,30\">"
                 "<tr><td>长的</td><td page=\"2\"/></tr><tr><td>横的</td><td page=\"3\"/></tr></table></doc><doc "
                 "title=\"长的\">");
    for (int i = 0; i < 100; i++)
        buf_fmt(&b, "<p>第 %d 段</p>", i);
    buf_addz(&b, "</doc><doc title=\"横的\" landscape=\"1\"><p>末页</p></doc></file>");
    assert_int_equal(aux_pdf(&ctx, helper, buf_str(&b), &pdf), OK);
    assert_int_equal(aux_pdf(&ctx, helper, STR("<file/>"), &pdf), ERR_SYNTAX);
    assert_int_equal(aux_pdf(&ctx, helper, STR("<doc><doc/></doc>"), &pdf), ERR_SYNTAX);
    if (!have("pdftotext") || !have("pdfinfo"))
        return;
    assert_int_equal(aux_pdf(&ctx, helper, buf_str(&b), &pdf), OK);
    struct str path = file_put("file.pdf", pdf), text = output_of("pdftotext -layout %s - | tr -d ' '", path.p);
    struct str pages = output_of("pdfinfo %s | sed -n 's/^Pages: *//p' | tr -d '\\n'", path.p);
    int64_t n;
    assert_true(str_int(pages, &n) && n > 4);
    contains(text, str_fmt(arena, "第1页共%d页", (int)n).p);
    contains(text, str_fmt(arena, "第%d页共%d页", (int)n, (int)n).p);
    struct str list = output_of("pdftotext -layout -l 1 %s - | tr -d ' '", path.p);
    contains(list, "长的2");
    contains(list, str_fmt(arena, "横的%d", (int)n).p);
    contains(output_of("pdfinfo -f %d -l %d %s | grep size", (int)n, (int)n, path.p), "841.89 x 595.276");
}

//= R269
static void
test_zip(void **state)
{
    (void)state;
    struct str out = str_fmt(arena, "%s/made.zip", dir), in = file_put("in.bin", STR("一份材料"));
    struct aux_zip_entry entry[] = {{STR("材料/01-户口簿.pdf"), in, STR_NONE},
                                    {STR("manifest.json"), STR_NONE, STR("{}\n")}};
    assert_int_equal(aux_zip(&ctx, helper, out, entry, 2), OK);
    if (have("unzip")) {
        contains(output_of("unzip -t %s", out.p), "No errors detected");
        assert_true(str_eqz(output_of("unzip -p %s manifest.json", out.p), "{}\n"));
    }
    assert_int_equal(aux_zip(&ctx, helper, out, entry, 2), ERR_IO); /* nothing is written over */
    fail_clear(&ctx);
    entry[0].path = STR("/nonexistent/file");
    struct str other = str_fmt(arena, "%s/other.zip", dir);
    assert_int_equal(aux_zip(&ctx, helper, other, entry, 2), ERR_IO);
    assert_int_equal(access(other.p, F_OK), -1);
    fail_clear(&ctx);
    entry[0] = entry[1]; /* one name twice */
    assert_int_not_equal(aux_zip(&ctx, helper, other, entry, 2), OK);
    fail_clear(&ctx);
    assert_int_equal(aux_zip(&ctx, helper, other, entry, AUX_ZIP_ENTRIES_MAX + 1), ERR_LIMIT);
    assert_int_equal(access(other.p, F_OK), -1);
}

static void *
many(void *arg)
{
    struct arena *a = arena_new(0);
    for (int i = 0; i < 10; i++) {
        struct ctx mine = ctx_new(a, 0);
        struct str out, text = str_fmt(a, "%p-%d", arg, i);
        enum err e = i % 5 == 4 ? aux_pdf(&mine, helper, STR("<doc><p>并发</p></doc>"), &out)
                                : aux_qr(&mine, helper, text, &out);
        if (e == OK)
            ++*(int *)arg;
        arena_reset(a);
    }
    arena_free(a);
    return NULL;
}

static void
test_threads(void **state)
{
    (void)state;
    pthread_t t[6];
    int good[6] = {0};
    for (int i = 0; i < 6; i++)
        assert_int_equal(pthread_create(&t[i], NULL, many, &good[i]), 0);
    for (int i = 0; i < 6; i++) {
        pthread_join(t[i], NULL);
        assert_int_equal(good[i], 10);
    }
    pid_t pid;
    int n = children(&pid);
    assert_true(n >= 1 && n <= 2);
}

/* --- sending --- */

struct listener {
    int fd, port;
    const char *answer; /* NULL: silent */
    char got[4096];
};

static struct listener
listen_here(const char *answer)
{
    struct listener l = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .answer = answer};
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof at;
    assert_int_equal(bind(l.fd, (struct sockaddr *)&at, n), 0);
    assert_int_equal(listen(l.fd, 4), 0);
    assert_int_equal(getsockname(l.fd, (struct sockaddr *)&at, &n), 0);
    l.port = ntohs(at.sin_port);
    return l;
}

/* One connection: reads a request, sends the answer, closes. */
static void *
answer_one(void *arg)
{
    struct listener *l = arg;
    int fd = accept(l->fd, NULL, NULL);
    ssize_t n = recv(fd, l->got, sizeof l->got - 1, 0);
    if (n > 0 && l->answer)
        send(fd, l->answer, strlen(l->answer), MSG_NOSIGNAL);
    else
        poll(NULL, 0, 1500);
    close(fd);
    return NULL;
}

static struct aux_answer
send_to(struct listener *l, struct aux_send s)
{
    pthread_t t;
    struct aux_answer a;
    assert_int_equal(pthread_create(&t, NULL, answer_one, l), 0);
    s.url = str_fmt(arena, "http://127.0.0.1:%d/x", l->port);
    if (aux_send(&ctx, helper, &s, &a) != OK)
        fail_msg("%.*s", STR_ARG(ctx.fail->detail));
    pthread_join(t, NULL);
    close(l->fd);
    return a;
}

static void
test_send(void **state)
{
    (void)state;
    struct str header[] = {STR("X-One: 1")};
    struct aux_send s = {.header = header, .header_count = 1, .body = STR("正文"), .timeout_ms = 800, .answer_max = 5};
    struct listener l = listen_here("HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\n123456789");
    struct aux_answer a = send_to(&l, s);
    assert_int_equal(a.status, 201);
    assert_true(str_eqz(a.body, "12345")); /* no more than was asked for */
    assert_non_null(strstr(l.got, "POST /x HTTP/1.1\r\n"));
    assert_non_null(strstr(l.got, "X-One: 1\r\n"));

    l = listen_here("HTTP/1.1 302 Found\r\nLocation: file:///etc/hostname\r\nContent-Length: 0\r\n\r\n");
    assert_int_equal(send_to(&l, s).status, 302); /* told, never followed */
    l = listen_here(NULL);
    a = send_to(&l, s);
    assert_int_equal(a.status, 0);
    assert_true(a.body.n > 0);

    l = listen_here(NULL);
    close(l.fd);
    s.url = str_fmt(arena, "http://127.0.0.1:%d/", l.port);
    assert_int_equal(aux_send(&ctx, helper, &s, &a), OK);
    assert_int_equal(a.status, 0); /* nobody is there: an answer, not a fault of ours */

    static const char *const bad[] = {"file:///etc/hostname", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "nonsense://x",
                                      ""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        s.url = str_c(bad[i]);
        assert_int_equal(aux_send(&ctx, helper, &s, &a), ERR_SYNTAX);
        fail_clear(&ctx);
    }
    s.url = STR("http://127.0.0.1:9/");
    header[0] = STR("X-One: 1\r\nX-Two: 2");
    assert_int_equal(aux_send(&ctx, helper, &s, &a), ERR_SYNTAX); /* a header is one line */
    fail_clear(&ctx);
    s.header_count = 0;
    s.timeout_ms = 60000;
    assert_int_equal(aux_send(&ctx, helper, &s, &a), ERR_SYNTAX);
    fail_clear(&ctx);
    s.timeout_ms = 500;
    s.url = STR("smtp://127.0.0.1:9");
    assert_int_equal(aux_send(&ctx, helper, &s, &a), ERR_SYNTAX); /* a mail from nobody to nobody */
}

int
main(void)
{
    if (!mkdtemp(dir))
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_pdf, setup, teardown),
        cmocka_unit_test_setup_teardown(test_pages, setup, teardown),
        cmocka_unit_test_setup_teardown(test_layout_wrong, setup, teardown),
        cmocka_unit_test_setup_teardown(test_chart, setup, teardown),
        cmocka_unit_test_setup_teardown(test_qr, setup, teardown),
        cmocka_unit_test_setup_teardown(test_file_type, setup, teardown),
        cmocka_unit_test_setup_teardown(test_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_zip, setup, teardown),
        cmocka_unit_test_setup_teardown(test_killed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_broken_programs, setup, teardown),
        cmocka_unit_test_setup_teardown(test_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(test_threads, setup, teardown),
        cmocka_unit_test_setup_teardown(test_send, setup, teardown),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    char command[100];
    snprintf(command, sizeof command, "rm -r %s", dir);
    return system(command) != 0 ? 1 : failed;
}
