/* Parts of the web layer that no request reaches alone: the table, its description, the cache, the templates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "web/web_int.h"

static int
start(void **state)
{
    static struct ctx ctx;
    ctx = ctx_new(arena_new(0), ctx_clock_ms());
    assert_int_equal(crypto_start(&ctx), OK);
    *state = &ctx;
    return 0;
}

static int
stop(void **state)
{
    struct ctx *ctx = *state;
    arena_free(ctx->arena);
    crypto_stop();
    return 0;
}

static struct str
pages_dir(struct ctx *ctx)
{
    const char *source = getenv("JINGBAN_SOURCE");
    assert_non_null(source);
    return str_fmt(ctx->arena, "%s/pages", source);
}

static void
every_template_compiles_and_every_row_has_its_own(void **state)
{
    struct ctx *ctx = *state;
    struct web_templates t;
    enum err e = web_templates_load(ctx, ctx->arena, pages_dir(ctx), &t);
    if (e != OK)
        fail_msg("%.*s", STR_ARG(ctx->fail->detail));
    size_t n;
    const struct web_route *row = web_routes(ctx->arena, &n);
    for (size_t i = 0; i < n; i++) {
        assert_non_null(row[i].handler);
        assert_non_null(row[i].summary);
        if (row[i].template && !web_template_find(&t, str_c(row[i].template)))
            fail_msg("%s: no template %s", row[i].stem, row[i].template);
        if (row[i].cached && (row[i].access != WEB_PUBLIC || row[i].method != HTTP_GET))
            fail_msg("%s: only public pages may be kept in memory", row[i].stem);
        if (row[i].pool == HTTP_INLINE && row[i].method != HTTP_GET)
            fail_msg("%s: a form is not answered on an epoll thread", row[i].stem);
    }
}

static void
a_missing_pages_folder_is_told(void **state)
{
    struct ctx *ctx = *state;
    struct web_templates t;
    assert_int_equal(web_templates_load(ctx, ctx->arena, STR("/nonexistent"), &t), ERR_CONFIG);
    assert_true(str_find(ctx->fail->detail, STR("layout.html")) != SIZE_MAX);
    fail_clear(ctx);
}

static void
the_description_is_json_with_every_path(void **state)
{
    struct ctx *ctx = *state;
    struct view *v;
    assert_int_equal(view_from_json(ctx, web_openapi(ctx->arena), &v), OK);
    const struct view *paths = view_get(v, STR("paths"));
    size_t n;
    const struct web_route *row = web_routes(ctx->arena, &n);
    for (size_t i = 0; i < n; i++) {
        if (!row[i].api)
            continue;
        struct str path = str_fmt(ctx->arena, WEB_API "%s", row[i].api);
        size_t rest = str_find(path, STR("{*}"));
        if (rest != SIZE_MAX)
            path = str_fmt(ctx->arena, "%.*s{rest}", (int)rest, path.p);
        if (!view_get(paths, path))
            fail_msg("%.*s is not described", STR_ARG(path));
    }
    struct str id[1024];
    size_t ids = 0;
    for (const struct view *p = view_first(paths); p; p = view_next(p))
        for (const struct view *op = view_first(p); op; op = view_next(op)) {
            struct str mine = view_text(view_get(op, STR("operationId")));
            for (size_t i = 0; i < ids; i++)
                if (str_eq(id[i], mine))
                    fail_msg("operationId %.*s twice", STR_ARG(mine));
            assert_true(ids < 1024);
            id[ids++] = mine;
        }
    assert_true(str_find(web_routes_text(ctx->arena), STR("/r/{region}/m/{id}")) != SIZE_MAX);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_template_compiles_and_every_row_has_its_own),
        cmocka_unit_test(a_missing_pages_folder_is_told),
        cmocka_unit_test(the_description_is_json_with_every_path),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
