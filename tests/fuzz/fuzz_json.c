/* libFuzzer target: any bytes as JSON. What is read is written again and reads back as the same text; what is refused says why. */
#include <assert.h>

#include "base/ctx.h"
#include "base/view.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new((size_t)64 << 20);
    struct ctx ctx = ctx_new(a, 0);
    struct view *v, *again;
    struct buf first, second;
    enum err e = view_from_json(&ctx, (struct str){(const char *)data, size}, &v);
    assert(e == OK || (e == ERR_SYNTAX && ctx.fail->detail.n));
    if (e == OK) {
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
