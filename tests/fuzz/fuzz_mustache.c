/* libFuzzer target: any bytes as a template. It compiles or is refused with a line; what compiles renders, and
** no value reaches the page unescaped unless the template says so. Lists hold one item: a page may nest them, a
** fuzzer would nest them sixty deep. */
#include <assert.h>
#include <string.h>

#include "base/mustache.h"

#define MARK "\x02<&>\"'"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct view *
sample(struct arena *a)
{
    struct view *v = view_map(a);
    view_put_text(v, "a", STR(MARK));
    view_put_int(v, "n", 0);
    view_put_bool(v, "yes", true);
    view_put_bool(v, "no", false);
    view_put_null(v, "nil");
    view_put_money(v, "fen", 123450);
    view_put_raw(v, "raw", STR("<b>"));
    view_put_day(v, "d", DAY_NONE);
    struct view *m = view_put_map(v, "m");
    view_put_text(m, "b", STR(MARK));
    view_put_map(m, "m");
    struct view *l = view_put_list(v, "l");
    view_put_text(view_add_map(l), "c", STR(MARK));
    view_add_text(view_put_list(v, "t"), STR(MARK));
    view_put_list(v, "e");
    return v;
}

struct partials {
    struct mustache *p, *q;
};

static const struct mustache *
partial(void *arg, struct str name)
{
    const struct partials *ps = arg;
    return str_eqz(name, "p") ? ps->p : str_eqz(name, "q") ? ps->q : NULL;
}

static struct str
rendered(struct arena *a, const struct mustache *m, const struct view *v, struct partials *ps)
{
    struct buf b;
    buf_init(&b, a, 256);
    mustache_render(m, v, partial, ps, &b);
    return buf_str(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new((size_t)256 << 20);
    struct ctx ctx = ctx_new(a, 0);
    struct str text = {(const char *)data, size};
    struct partials ps = {0};
    struct mustache *m;
    enum err e = mustache_compile(&ctx, a, STR("p"), STR("[{{a}}\n{{>q}}]\n"), &ps.p);
    assert(e == OK);
    e = mustache_compile(&ctx, a, STR("q"), STR("{{#l}}({{c}}{{>p}}){{/l}}"),
                         &ps.q); /* p and q call each other to the bound */
    assert(e == OK);
    e = mustache_compile(&ctx, a, STR("page"), text, &m);
    if (e == OK) {
        const struct view *v = sample(a);
        struct str once = rendered(a, m, v, &ps);
        assert(str_eq(once, rendered(a, m, v, &ps)));
        bool says_raw = memchr(data, '&', size) || memchr(data, 2, size) || str_find(text, STR("{{{")) != SIZE_MAX ||
                        memchr(data, '=', size); /* set delimiters hide what the others look like */
        assert(says_raw || str_find(once, STR("\x02<")) == SIZE_MAX);
    } else {
        assert(e == ERR_SYNTAX && str_starts(ctx.fail->detail, STR("模板 page 第 ")));
    }
    arena_free(a);
    return 0;
}
