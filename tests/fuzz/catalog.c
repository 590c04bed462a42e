#include "catalog.h"

#include "base/crypto.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);

/* The one thing a loader needs that is library-wide. */
int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    struct arena *a = arena_new(0);
    struct ctx ctx = ctx_new(a, 0);
    enum err e = crypto_start(&ctx);
    arena_free(a);
    return e == OK ? 0 : 1;
}

void
fuzz_catalog(struct catalog *c, struct arena *a, const struct fact_def *defs, size_t n)
{
    c->arena = a;
    c->fact = ARENA_ARRAY(a, FACT_MAX, struct fact);
    c->def = ARENA_ARRAY(a, FACT_MAX, struct fact_def);
    c->dict.fact = c->def;
    for (size_t i = 0; i < n; i++) {
        c->fact[i].def = defs[i];
        c->def[c->dict.count++] = defs[i];
    }
}
