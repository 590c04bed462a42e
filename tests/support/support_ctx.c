#include "support/support_ctx.h"

#include "base/crypto.h"

struct arena *arena;
struct ctx ctx;

int
support_up(void **state)
{
    (void)state;
    arena = arena_new(0);
    ctx = ctx_new(arena, SUPPORT_NOW_MS);
    must(crypto_start(&ctx));
    return 0;
}

int
support_down(void **state)
{
    (void)state;
    arena_free(arena);
    crypto_stop();
    return 0;
}
