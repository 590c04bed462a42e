/* libFuzzer target: any bytes as a condition. It compiles or is refused with a column inside the text and a reason;
** what compiles evaluates, and needs nothing when known. */
#include <assert.h>

#include "rules/feel.h"

static const struct str VALUES[] = {STR_INIT("在职职工"), STR_INIT("退休人员")};
static const struct fact_def FACTS[] = {
    {STR_INIT("参保身份"), STR_INIT("a"), FACT_CHOICE, VALUES, 2},
    {STR_INIT("首次"), STR_INIT("b"), FACT_BOOL, NULL, 0},
    {STR_INIT("年龄"), STR_INIT("c"), FACT_NUMBER, NULL, 0},
    {STR_INIT("单位"), STR_INIT("d"), FACT_TEXT, NULL, 0},
    {STR_INIT("日期"), STR_INIT("e"), FACT_DATE, NULL, 0},
};
enum { FACTS_COUNT = sizeof FACTS / sizeof FACTS[0] };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fact_dict dict = {FACTS, FACTS_COUNT};
    struct arena *a = arena_new((size_t)64 << 20);
    struct ctx ctx = ctx_new(a, 0);
    struct str src = {(const char *)data, size};
    struct feel *f;
    struct feel_error e;
    if (feel_compile(&ctx, a, &dict, src, size % 2 == 0, &f, &e) == OK) {
        struct value facts[FACTS_COUNT] = {0};
        for (int round = 0; round < 3; round++) {
            struct fact_set need = {0};
            struct value v = feel_eval(f, facts, &need);
            assert(fact_set_empty(&need) == (v.kind != VALUE_UNASKED));
            facts[0] = value_text(VALUES[round % 2]);
            facts[1] = value_bool(round % 2);
            facts[2] = value_int(round * 60);
            facts[3 + round % 2].kind = VALUE_NULL;
        }
    } else {
        assert(f == NULL && e.what.n && str_utf8_valid(e.what) && str_utf8_valid(e.remedy));
        assert(e.column >= 1 && e.column <= size + 1);
    }
    arena_free(a);
    return 0;
}
