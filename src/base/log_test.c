#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

static char line[8192];
static int saved, ends[2];

static void
listen_start(void)
{
    assert_int_equal(pipe(ends), 0);
    saved = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
}

/* What was logged since listen_start, as one text. */
static const char *
listen_end(void)
{
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(ends[1]);
    size_t n = 0;
    for (ssize_t got; (got = read(ends[0], line + n, sizeof line - 1 - n)) > 0;)
        n += (size_t)got;
    close(ends[0]);
    line[n] = 0;
    return line;
}

static void
one_line_per_event(void **state)
{
    (void)state;
    listen_start();
    log_event(LOG_INFO, "request", "status=%d ms=%d", 200, 3);
    log_event(LOG_DEBUG, "noise", "x=1");
    log_event(LOG_WARN, "stop", "%s", "");
    const char *text = listen_end();
    assert_non_null(strstr(text, "Z level=info event=request status=200 ms=3\n"));
    assert_null(strstr(text, "noise"));
    assert_memory_equal(text, "time=20", 7);
    assert_int_equal(text[23 + 5], 'Z');
}

static void
levels(void **state)
{
    (void)state;
    listen_start();
    log_set_level(LOG_ERROR);
    log_event(LOG_WARN, "quiet", "x=1");
    log_set_level(LOG_DEBUG);
    log_event(LOG_DEBUG, "loud", "x=1");
    log_set_level(LOG_INFO);
    const char *text = listen_end();
    assert_null(strstr(text, "quiet"));
    assert_non_null(strstr(text, "event=loud x=1\n"));
}

static void
no_line_is_forged(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    listen_start();
    log_event(LOG_INFO, "e", "a=%s", "x\nlevel=error\x1b[2J\x7f");
    log_event(LOG_INFO, "e", "b=%s", log_quote(a, STR("说 \"x\"\\\n\x01")).p);
    const char *text = listen_end();
    assert_non_null(strstr(text, "a=x?level=error?[2J?\n"));
    assert_non_null(strstr(text, "b=\"说 \\\"x\\\"\\\\\\n\\x01\"\n"));
}

static void
long_lines_are_cut(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct buf b;
    buf_init(&b, a, 0);
    for (int i = 0; i < 2000; i++)
        buf_addz(&b, "长");
    for (int shift = 0; shift < 3; shift++) {
        listen_start();
        log_event(LOG_INFO, "e", "%.*s%s", shift, "xx", buf_str(&b).p);
        const char *text = listen_end();
        assert_true(strlen(text) <= 2048);
        assert_true(str_utf8_valid(str_c(text)));
        assert_true(str_ends(str_c(text), STR(" cut=1\n")));
    }
}

static enum err
below(struct ctx *ctx)
{
    FAIL(ctx, ERR_STORE, "张三 210102199001011234");
}

static enum err
above(struct ctx *ctx)
{
    TRY(ctx, below(ctx));
    return OK;
}

static void
failures_tell_where_not_whom(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_new(a, 0);
    ctx.request_id = 77;
    assert_int_equal(above(&ctx), ERR_STORE);
    fail_rule(&ctx, "R63");
    fail_field(&ctx, STR("name"), STR("姓名"), STR("李四"), STR_NONE);
    listen_start();
    log_fail(&ctx, "request");
    const char *text = listen_end();
    assert_non_null(
        strstr(text, "level=error event=request request=77 error=ERR_STORE rule=\"R63\" fields=1 at=base/log_test.c:"));
    assert_non_null(strstr(text, ",base/log_test.c:"));
    assert_null(strstr(text, "张三"));
    assert_null(strstr(text, "李四"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_line_per_event),
        cmocka_unit_test(levels),
        cmocka_unit_test(no_line_is_forged),
        cmocka_unit_test(long_lines_are_cut),
        cmocka_unit_test(failures_tell_where_not_whom),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
