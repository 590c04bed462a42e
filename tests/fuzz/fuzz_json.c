/* libFuzzer target: any bytes as JSON. What is read is a sound tree, is written again and reads back as the same text;
** what is refused says why. */
#include <assert.h>

#include "base/ctx.h"
#include "base/view.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
sound(const struct view *v, int depth)
{
    enum view_kind k = view_kind(v);
    assert(depth <= 32);
    assert(k == VIEW_NULL || k == VIEW_BOOL || k == VIEW_INT || k == VIEW_TEXT || k == VIEW_MAP || k == VIEW_LIST);
    if (k == VIEW_TEXT)
        assert(str_utf8_valid(view_text(v)));
    if (k != VIEW_MAP && k != VIEW_LIST)
        return;
    size_t n = 0;
    for (const struct view *c = view_first(v); c; c = view_next(c), n++) {
        assert(k != VIEW_MAP || str_utf8_valid(view_key(c)));
        for (const struct view *d = view_first(v); k == VIEW_MAP && d != c; d = view_next(d))
            assert(!str_eq(view_key(d), view_key(c)));
        sound(c, depth + 1);
    }
    assert(n == view_count(v));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new((size_t)64 << 20);
    struct ctx ctx = ctx_new(a, 0);
    struct view *v, *again;
    struct buf first, second;
    enum err e = view_from_json(&ctx, (struct str){(const char *)data, size}, &v);
    assert(e == OK || (e == ERR_SYNTAX && ctx.fail->detail.n && str_utf8_valid(ctx.fail->detail)));
    if (e == OK) {
        sound(v, 0);
        buf_init(&first, a, size);
        buf_init(&second, a, size);
        view_json(v, &first);
        e = view_from_json(&ctx, buf_str(&first), &again);
        assert(e == OK);
        view_json(again, &second);
        assert(str_eq(buf_str(&first), buf_str(&second)));
    }
    arena_free(a);
    return 0;
}
