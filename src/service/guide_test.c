/* Views from the real catalogue; what a page says is judged in tests/http/guide.test.mjs. */

#include "catalog/words.h"
#include "service/guide.h"
#include "support/support_catalog.h"

static int
start(void **state)
{
    (void)support_catalog_up(state);
    assert_true(day_iso_parse(STR("2026-11-23T09:00:00+08:00"), &ctx.now_ms));
    return 0;
}

static const struct view *
at(const struct view *v, const char *key)
{
    const struct view *x = view_get(v, str_c(key));
    assert_non_null(x);
    return x;
}

static void
assert_text(const struct view *v, const char *key, const char *want)
{
    assert_true(str_eqz(view_text(at(v, key)), want));
}

static void
conditions_read_as_people_speak(void **state)
{
    static const struct {
        const char *feel, *words;
    } rows[] = {
        {"户口所在 = \"非本市户口\"", "户口所在为非本市户口"},
        {"委托办理 = true", "委托办理"},
        {"已直接结算 = false", "未直接结算"},
        {"备案业务 != \"变更备案地\" and 证明方式 = \"提交材料\"", "备案业务不是变更备案地，并且证明方式为提交材料"},
        {"参保身份 in (\"在职职工\", \"退休人员\", \"城乡居民\")", "参保身份为在职职工、退休人员或城乡居民"},
        {"参保身份 = \"退休人员\" or (参保身份 = \"城乡居民\" and 年龄 >= 60)",
         "参保身份为退休人员，或者（参保身份为城乡居民，并且年龄不小于60）"},
        {"not(支取原因 in (\"死亡\", \"出国定居\"))", "不属于（支取原因为死亡或出国定居）"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct feel *f;
        struct feel_error error = {0};
        assert_int_equal(feel_compile(&ctx, arena, catalog_dict(catalog), str_c(rows[i].feel), true, &f, &error), OK);
        struct condition c = {.feel = f, .source = feel_source(f)};
        struct str words = condition_words(arena, &c);
        if (!str_eqz(words, rows[i].words))
            fail_msg("%s → %.*s", rows[i].feel, STR_ARG(words));
    }
    assert_true(str_empty(condition_words(arena, &(struct condition){0})));
}

/* Each matter's view and each first question can be made; nothing refers outside. */
static void
every_matter_has_a_view(void **state)
{
    (void)state;
    size_t matters = 0;
    for (size_t i = 0; i < catalog_region_count(catalog); i++) {
        const struct region *r = catalog_region_at(catalog, i);
        for (size_t k = 0; k < r->matter_count; k++, matters++) {
            struct ctx own = ctx_new(arena_new(0), ctx.now_ms);
            struct view *v = view_map(own.arena), *w = view_map(own.arena);
            struct buf b;
            guide_matter(&own, catalog, &r->matter[k], v);
            assert_int_equal(guide_check(&own, catalog, &r->matter[k], NULL, 0, false, w), OK);
            buf_init(&b, own.arena, 65536);
            view_json(v, &b);
            view_json(w, &b);
            assert_true(str_utf8_valid(buf_str(&b)));
            assert_int_equal(view_count(at(at(v, "materials"), "items")), r->matter[k].material_count);
            arena_free(own.arena);
        }
    }
    assert_int_equal(matters, 145);
}

/* Answering the first open question until none is left always ends, whichever answers are given, in a list or a
 * refusal. */
static void
every_wizard_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < catalog_region_count(catalog); i++) {
        const struct region *r = catalog_region_at(catalog, i);
        for (size_t k = 0; k < r->matter_count; k++)
            for (size_t pick = 0; pick < 3; pick++) {
                struct ctx own = ctx_new(arena_new(0), ctx.now_ms);
                struct guide_answer a[FACT_MAX];
                size_t n = 0;
                for (;;) {
                    struct view *v = view_map(own.arena);
                    assert_int_equal(guide_check(&own, catalog, &r->matter[k], a, n, false, v), OK);
                    const struct view *ask = at(v, "ask");
                    if (view_kind(ask) == VIEW_NULL)
                        break;
                    assert_true(n < FACT_MAX - 1);
                    const struct view *option = view_first(at(ask, "options"));
                    for (size_t p = 0; p < pick && option && view_next(option); p++)
                        option = view_next(option);
                    struct str value = option ? view_text(at(option, "value")) : STR("65");
                    a[n++] = (struct guide_answer){.fact = view_text(at(ask, "id")), .value = value};
                }
                arena_free(own.arena);
            }
    }
}

static void
an_unsure_answer_leaves_the_material_open(void **state)
{
    (void)state;
    const struct region *r = NULL;
    const struct matter *m = NULL;
    size_t fact = SIZE_MAX;
    for (size_t i = 0; i < catalog_region_count(catalog) && fact == SIZE_MAX; i++) {
        r = catalog_region_at(catalog, i);
        for (size_t k = 0; k < r->matter_count && fact == SIZE_MAX; k++)
            for (size_t f = 0; f < catalog_dict(catalog)->count; f++)
                if (!catalog_fact(catalog, f)->asked && catalog_fact(catalog, f)->def.type == FACT_BOOL &&
                    fact_set_has(&r->matter[k].facts, f) && r->matter[k].eligibility_count == 0) {
                    m = &r->matter[k];
                    fact = f;
                    break;
                }
    }
    assert_non_null(m);
    struct view *v = view_map(arena);
    struct guide_answer a = {.fact = catalog_fact(catalog, fact)->def.id, .value = STR(GUIDE_UNSURE)};
    assert_int_equal(guide_check(&ctx, catalog, m, &a, 1, false, v), OK);
    for (const struct view *q = view_first(at(v, "questions")); q; q = view_next(q))
        assert_false(str_eq(view_text(at(q, "id")), a.fact));
    assert_true(view_int(at(view_first(at(v, "answers")), "unsure")));
}

static void
due_days_are_counted_from_today(void **state)
{
    (void)state;
    struct limit_tier t = {.promised = {LIMIT_WORKDAYS, 5}};
    struct view *v = view_map(arena);
    guide_tier(&ctx, catalog, &t, v); //= R276
    assert_text(v, "due_words", "今天办，最晚 11月30日（周一）");
    assert_true(view_int(at(v, "counted_by_system")));
    struct ctx sunday = ctx;
    sunday.now_ms -= 24 * 3600 * 1000;
    t.promised = (struct limit){LIMIT_INSTANT, 0};
    v = view_map(arena);
    guide_tier(&sunday, catalog, &t, v); //= R275
    assert_text(v, "due_words", "今天休息，11月23日（周一）去，当天办好");
}

static void
charts_quote_what_they_are_given(void **state)
{
    (void)state;
    struct stage stage[] = {{.kind = STAGE_ACCEPT, .name = STR_INIT("收\"件\"\\n")}, {.kind = STAGE_CONCLUDE}};
    struct matter m = {.stage = stage, .stage_count = 2};
    struct str dot = guide_flow_dot(&ctx, &m);
    assert_true(str_find(dot, STR("收\\\"件\\\"\\\\n")) != SIZE_MAX);
    assert_true(str_find(dot, STR("s0 -> s1;")) != SIZE_MAX);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_read_as_people_speak),
        cmocka_unit_test(every_matter_has_a_view),
        cmocka_unit_test(every_wizard_ends),
        cmocka_unit_test(an_unsure_answer_leaves_the_material_open),
        cmocka_unit_test(due_days_are_counted_from_today),
        cmocka_unit_test(charts_quote_what_they_are_given),
    };
    return cmocka_run_group_tests(tests, start, support_catalog_down);
}
