/* The engine over the real catalogue: every subset of every handled matter's materials, and the rules of notice and
 * acceptance. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case/case.h"
#include "support/support_catalog.h"

#define matter(region, id) support_matter((region), (id))

/* --- an independent reading of a material tree, written from the format's description, not from checklist.c --- */

static bool
applies(const struct material *m, const struct facts *f)
{
    if (!m->when.feel)
        return true;
    struct value v = feel_eval(m->when.feel, f->value, NULL);
    return v.kind == VALUE_UNASKED || (v.kind == VALUE_BOOL && v.b);
}

static bool
fulfilled(const struct material *m, const struct facts *f, const bool *has)
{
    if (!applies(m, f) || m->discretionary)
        return true;
    if (m->node == MATERIAL_LEAF)
        return has[m->index];
    int open = 0, done = 0;
    for (size_t i = 0; i < m->child_count; i++) {
        if (!applies(&m->child[i], f))
            continue;
        open++;
        done += fulfilled(&m->child[i], f, has);
    }
    return m->node == MATERIAL_ALL ? done == open : open == 0 || done > 0;
}

/* The requirements that stand open: leaves and ANY groups reached through ALL groups only. */
static void
open_requirements(const struct material *m, const struct facts *f, const bool *has, const struct material **out,
                  size_t *n)
{
    if (fulfilled(m, f, has))
        return;
    if (m->node == MATERIAL_ALL) {
        for (size_t i = 0; i < m->child_count; i++)
            open_requirements(&m->child[i], f, has, out, n);
        return;
    }
    out[(*n)++] = m;
}

static void
applicable_leaves(const struct material *m, const struct facts *f, int *leaf, int *n)
{
    if (!applies(m, f))
        return;
    if (m->node == MATERIAL_LEAF)
        leaf[(*n)++] = m->index;
    for (size_t i = 0; i < m->child_count; i++)
        applicable_leaves(&m->child[i], f, leaf, n);
}

/* Compares the notice for one subset with the independent reading. */
static void
check_subset(const struct matter *m, const struct facts *f, const bool *has)
{
    SCOPED_ARENA scratch = arena_new(0);
    struct ctx inner = ctx_new(scratch, ctx.now_ms);
    const struct material *expected[256];
    struct gap *gaps;
    size_t n = 0, got;
    for (size_t i = 0; i < m->material_count; i++)
        open_requirements(&m->material[i], f, has, expected, &n);
    checklist_gaps(&inner, m, f, (struct given){.leaf = has}, &gaps, &got);
    assert_int_equal(got, n);
    for (size_t i = 0; i < n; i++) {
        assert_ptr_equal(gaps[i].material, expected[i]);
        assert_true(gaps[i].text.n > 0);
    }
}

static long
check_facts(const struct matter *m, const struct facts *f)
{
    int leaf[256], n = 0;
    bool has[256] = {0};
    for (size_t i = 0; i < m->material_count; i++)
        applicable_leaves(&m->material[i], f, leaf, &n);
    assert_true(n <= 20);
    for (long set = 0; set < 1L << n; set++) {
        for (int i = 0; i < n; i++)
            has[leaf[i]] = set >> i & 1;
        check_subset(m, f, has);
    }
    return 1L << n;
}

/* Every combination of answers to the questions that the matter's choices and booleans raise, one after the other. */
static long
walk_answers(const struct matter *m, struct facts *f, int depth)
{
    SCOPED_ARENA scratch = arena_new(0);
    struct ctx inner = ctx_new(scratch, ctx.now_ms);
    size_t *fact, n;
    checklist_questions(&inner, catalog, m, f, &fact, &n);
    size_t next = SIZE_MAX;
    for (size_t i = 0; i < n && next == SIZE_MAX; i++)
        if (f->dict->fact[fact[i]].type == FACT_CHOICE || f->dict->fact[fact[i]].type == FACT_BOOL)
            next = fact[i];
    if (next == SIZE_MAX || depth == 12)
        return check_facts(m, f);
    long sets = 0;
    const struct fact_def *def = &f->dict->fact[next];
    size_t values = def->type == FACT_BOOL ? 2 : def->value_count;
    for (size_t v = 0; v < values; v++) {
        f->value[next] = def->type == FACT_BOOL ? value_bool(v == 1) : value_text(def->values[v]);
        sets += walk_answers(m, f, depth + 1);
    }
    f->value[next] = (struct value){0};
    return sets;
}

//= R16 R129 type=test
static void
notice_is_exactly_the_missing_set(void **state)
{
    (void)state;
    long sets = 0, matters = 0;
    for (size_t r = 0; r < catalog_region_count(catalog); r++) {
        const struct region *region = catalog_region_at(catalog, r);
        for (size_t i = 0; i < region->matter_count; i++) {
            struct str why;
            if (!case_handles(&region->matter[i], &why))
                continue;
            struct facts f = facts_new(arena, catalog_dict(catalog));
            sets += walk_answers(&region->matter[i], &f, 0);
            matters++;
        }
    }
    print_message("%ld matters, %ld subsets\n", matters, sets);
    assert_true(matters >= 55);
    assert_true(sets > 1000);
}

/* --- decisions --- */

static struct case_file *
application(const struct matter *m, const char *const (*facts)[2])
{
    struct case_file *cf = ARENA_NEW(arena, struct case_file);
    *cf = (struct case_file){.region = m->region->code,
                             .id = 1,
                             .no = STR("1"),
                             .matter = m,
                             .matter_id = m->id,
                             .channel = CHANNEL_ONLINE,
                             .masked = STR("张*"),
                             .applicant_name = STR("张三"),
                             .access_hex = STR("00"),
                             .due = DAY_NONE,
                             .legal = DAY_NONE,
                             .facts = facts_new(arena, catalog_dict(catalog))};
    for (; (*facts)[0]; facts++)
        assert_int_equal(facts_set(&ctx, catalog, &cf->facts, str_c((*facts)[0]), str_c((*facts)[1])), OK);
    return cf;
}

static enum err
act(struct case_file *cf, enum case_action action, unsigned roles, int64_t staff, struct case_command extra,
    struct decision *ret_d)
{
    struct case_command cmd = extra;
    cmd.action = action;
    cmd.now_ms = ctx.now_ms;
    cmd.actor = roles ? (struct actor){.kind = ACTOR_STAFF, .id = staff, .roles = roles, .region = cf->region}
                      : (struct actor){.kind = ACTOR_PUBLIC};
    fail_clear(&ctx);
    enum err e = case_decide(&ctx, catalog_calendar(catalog), cf, &cmd, ret_d);
    if (e != OK)
        return e;
    for (size_t i = 0; i < ret_d->event_count; i++) {
        if (cf->status == CASE_NONE)
            *cf = (struct case_file){.region = cf->region, .id = cf->id, .due = DAY_NONE, .legal = DAY_NONE};
        assert_int_equal(case_fold(&ctx, catalog, cf, ret_d->event[i].kind, ctx.now_ms, staff, ret_d->event[i].payload),
                         OK);
    }
    return OK;
}

enum { WINDOW = 1u << ROLE_WINDOW, REVIEW = 1u << ROLE_REVIEW };

static struct case_material
given(const char *key, enum material_state s)
{
    return (struct case_material){.key = str_c(key), .name = STR("材料"), .note = STR(""), .state = s};
}

/* First leaves of every requirement, so that the case is complete. */
static size_t
complete(const struct case_file *cf, struct case_material *out)
{
    bool has[256] = {0};
    size_t n = 0;
    for (;;) {
        struct gap *gaps;
        size_t open;
        checklist_gaps(&ctx, cf->matter, &cf->facts, (struct given){.leaf = has}, &gaps, &open);
        if (open == 0)
            return n;
        const struct material *m = gaps[0].material;
        while (m->node != MATERIAL_LEAF) { /* the first alternative that still lacks something */
            const struct material *next = NULL;
            for (size_t i = 0; i < m->child_count && !next; i++)
                if (!material_satisfied(&m->child[i], &cf->facts, (struct given){.leaf = has}) &&
                    material_need(&m->child[i], &cf->facts) != NEED_NO)
                    next = &m->child[i];
            m = next;
        }
        has[m->index] = true;
        out[n++] = (struct case_material){.key = m->key, .name = m->name, .note = STR(""), .state = MATERIAL_CHECKED};
    }
}

static const char *const employee[][2] = {{"参保身份", "灵活就业人员"},
                                          {"职工登记业务", "增加"},
                                          {"特殊人群", "不属于"},
                                          {"委托办理", "false"},
                                          {NULL, NULL}};

//= R16 R24 R55 R74 R275 type=test
static void
flexible_worker_is_enrolled_at_once(void **state)
{
    (void)state;
    struct case_file *cf = application(matter("421300", "002036001002"), employee);
    struct decision d;
    struct case_material all[64];
    size_t n = complete(cf, all);
    assert_int_equal(act(cf, CASE_SUBMIT, 0, 0, (struct case_command){0}, &d), OK);
    assert_int_equal(cf->status, CASE_SUBMITTED);
    assert_int_equal(d.paper[0], PAPER_RECEIPT);
    /* a Saturday: instant matters are due on the next working day */
    assert_int_equal(cf->due.n, calendar_next_workday(catalog_calendar(catalog), day_of_ms(ctx.now_ms)).n);
    assert_int_equal(act(cf, CASE_ACCEPT, WINDOW, 7, (struct case_command){0}, &d), ERR_MATERIAL_MISSING);
    assert_int_equal(act(cf, CASE_ACCEPT, REVIEW, 7, (struct case_command){0}, &d), ERR_CASE_ROLE);
    assert_int_equal(act(cf, CASE_ACCEPT, WINDOW, 7, (struct case_command){.material = all, .material_count = n}, &d),
                     OK);
    assert_int_equal(cf->owner_id, 7);
    assert_int_equal(act(cf, CASE_CONCLUDE, REVIEW, 8, (struct case_command){0}, &d), ERR_CASE_EDGE);
    assert_int_equal(act(cf, CASE_PASS, REVIEW, 8, (struct case_command){0}, &d), OK);
    assert_int_equal(act(cf, CASE_CONCLUDE, WINDOW, 7, (struct case_command){0}, &d), OK);
    assert_true(d.effect);
    assert_int_equal(cf->status, CASE_CLOSED);
    assert_int_equal(cf->owner_id, 7);
}

//= R16 R20 type=test
static void
second_notice_of_an_old_gap_is_refused(void **state)
{
    (void)state;
    struct case_file *cf = application(matter("421300", "002036001002"), employee);
    struct decision d;
    struct case_material all[64];
    size_t n = complete(cf, all);
    assert_true(n >= 2);
    assert_int_equal(act(cf, CASE_SUBMIT, 0, 0, (struct case_command){.material = all}, &d), OK);
    /* the clerk overlooks the first material's fault and tells only what is not there */
    struct case_material first = given(all[0].key.p, MATERIAL_CHECKED);
    assert_int_equal(
        act(cf, CASE_NOTICE, WINDOW, 7, (struct case_command){.material = &first, .material_count = 1}, &d), OK);
    assert_int_equal(cf->status, CASE_NOTIFIED);
    assert_int_equal(cf->told_count, n - 1);
    assert_int_equal(
        act(cf, CASE_SUPPLEMENT, 0, 0, (struct case_command){.material = all + 1, .material_count = n - 1}, &d), OK);
    assert_int_equal(cf->status, CASE_SUBMITTED);
    first.state = MATERIAL_REJECTED; /* now he sees it: too late */
    first.note = STR("看不清");
    assert_int_equal(
        act(cf, CASE_NOTICE, WINDOW, 7, (struct case_command){.material = &first, .material_count = 1}, &d),
        ERR_NOTICE_REPEATED);
    struct case_material brought = given(all[1].key.p, MATERIAL_REJECTED); /* what was brought since may be told */
    brought.note = STR("过期");
    assert_int_equal(
        act(cf, CASE_NOTICE, WINDOW, 7, (struct case_command){.material = &brought, .material_count = 1}, &d), OK);
}

//= R23 R73 type=test
static void
refusal_needs_a_reason(void **state)
{
    (void)state;
    struct case_file *cf = application(matter("421300", "002036001002"), employee);
    struct decision d;
    assert_int_equal(act(cf, CASE_SUBMIT, 0, 0, (struct case_command){0}, &d), OK);
    assert_int_equal(act(cf, CASE_REFUSE, WINDOW, 7, (struct case_command){.reason = STR("  ")}, &d),
                     ERR_REASON_REQUIRED);
    assert_int_equal(act(cf, CASE_REFUSE, WINDOW, 7, (struct case_command){.reason = STR("不属于本统筹区")}, &d), OK);
    assert_int_equal(cf->status, CASE_REFUSED);
    assert_int_equal(d.paper[0], PAPER_REFUSAL);
}

static const char *const filing[][2] = {
    {"备案业务", "首次备案"}, {"已退休", "true"}, {"户籍已迁入定居地", "true"}, {"统筹区外", "true"}, {NULL, NULL}};

//= R21 R22 R153 type=test
static void
tolerated_material_blocks_the_conclusion(void **state)
{
    (void)state;
    struct case_file *cf = application(matter("211282", "22"), filing);
    struct decision d;
    struct case_material list[2] = {
        {.key = STR("x1"), .name = STR("身份证"), .note = STR(""), .state = MATERIAL_CHECKED},
        {.key = STR("x2"), .name = STR("居住证明"), .note = STR(""), .state = MATERIAL_ABSENT}};
    assert_int_equal(act(cf, CASE_SUBMIT, 0, 0, (struct case_command){0}, &d), OK);
    assert_int_equal(act(cf, CASE_ACCEPT, WINDOW, 7, (struct case_command){0}, &d),
                     ERR_CASE_EDGE); /* no list yet: not zero materials */
    assert_int_equal(act(cf, CASE_LIST, WINDOW, 7, (struct case_command){.material = list, .material_count = 2}, &d),
                     OK);
    assert_int_equal(act(cf, CASE_LIST, WINDOW, 7, (struct case_command){.material = list, .material_count = 2}, &d),
                     ERR_CASE_EDGE); /* frozen */
    assert_int_equal(act(cf, CASE_ACCEPT, WINDOW, 7, (struct case_command){0}, &d), ERR_MATERIAL_MISSING);
    struct case_material owed = {.key = STR("x2"), .note = STR(""), .state = MATERIAL_TOLERATED};
    assert_int_equal(act(cf, CASE_ACCEPT, WINDOW, 7, (struct case_command){.material = &owed, .material_count = 1}, &d),
                     OK);
    assert_int_equal(d.paper[0], PAPER_TOLERANCE);
    assert_int_equal(act(cf, CASE_PASS, WINDOW | REVIEW, 7, (struct case_command){0}, &d),
                     ERR_SEPARATION); /* the front desk may not approve itself */
    assert_int_equal(act(cf, CASE_PASS, REVIEW, 8, (struct case_command){0}, &d), OK);
    assert_int_equal(act(cf, CASE_CONCLUDE, WINDOW, 7, (struct case_command){0}, &d), ERR_MATERIAL_MISSING);
    struct case_material brought = {.key = STR("x2"), .note = STR(""), .state = MATERIAL_GIVEN};
    assert_int_equal(
        act(cf, CASE_SUPPLEMENT, 0, 0, (struct case_command){.material = &brought, .material_count = 1}, &d), OK);
    assert_int_equal(act(cf, CASE_CONCLUDE, WINDOW, 7, (struct case_command){0}, &d), OK);
    assert_int_equal(cf->status, CASE_CONCLUDED); //= R27
    assert_int_equal(act(cf, CASE_DELIVER, WINDOW, 7, (struct case_command){.delivery = STR("窗口领取")}, &d), OK);
    assert_int_equal(cf->status, CASE_CLOSED);
}

static const char *const in_service[][2] = {{"参保身份", "在职职工"}, {"职工登记业务", "增加"}, {NULL, NULL}};

//= R16 R277 type=test
static void
limit_counts_from_complete_receipt(void **state)
{
    (void)state;
    struct case_file *cf = application(matter("421300", "002036001002"), in_service);
    struct decision d;
    struct case_material all[64];
    size_t n = complete(cf, all);
    int64_t start = ctx.now_ms;
    bool tentative;
    for (size_t i = 0; i < n; i++)
        assert_true(case_material_set(
            cf,
            &(struct case_material){.key = all[i].key, .name = all[i].name, .note = STR(""), .state = MATERIAL_GIVEN},
            1));
    assert_int_equal(act(cf, CASE_SUBMIT, 0, 0, (struct case_command){0}, &d), OK);
    assert_true(cf->complete_ms > 0);
    struct case_material poor = {
        .key = all[1].key, .name = all[1].name, .note = STR("照片看不清"), .state = MATERIAL_REJECTED};
    assert_int_equal(act(cf, CASE_NOTICE, WINDOW, 7, (struct case_command){.material = &poor, .material_count = 1}, &d),
                     OK);
    assert_true(day_is_none(cf->due)); /* the applicant has the ball: nothing runs, nothing is late */
    assert_true(str_find(cf->told[0].text, STR("照片看不清")) != SIZE_MAX);
    ctx.now_ms += (int64_t)60 * 86400000;
    struct case_material better = {.key = all[1].key, .name = all[1].name, .note = STR(""), .state = MATERIAL_GIVEN};
    assert_int_equal(
        act(cf, CASE_SUPPLEMENT, 0, 0, (struct case_command){.material = &better, .material_count = 1}, &d), OK);
    assert_int_equal(cf->complete_ms, ctx.now_ms);
    assert_int_equal(act(cf, CASE_ACCEPT, WINDOW, 7, (struct case_command){.material = all, .material_count = n}, &d),
                     OK);
    assert_int_equal(cf->due.n, calendar_add(catalog_calendar(catalog), day_of_ms(ctx.now_ms), 5, &tentative).n);
    ctx.now_ms = start;
}

static const char *const employee_insured[][2] = {{"险种", "职工医保"}, {NULL, NULL}};

//= R16 type=test
static void
notice_says_why_an_alternative_was_turned_down(void **state)
{
    (void)state;
    struct case_file *cf = application(matter("420281", "002036003001"), employee_insured);
    struct decision d;
    struct case_material card = {
        .key = STR("1.1"), .name = STR("有效身份证"), .note = STR("已过有效期"), .state = MATERIAL_REJECTED};
    assert_int_equal(act(cf, CASE_SUBMIT, 0, 0, (struct case_command){0}, &d), OK);
    assert_int_equal(act(cf, CASE_NOTICE, WINDOW, 7, (struct case_command){.material = &card, .material_count = 1}, &d),
                     OK);
    assert_int_equal(cf->told_count, 1);
    assert_true(str_find(cf->told[0].text, STR("已过有效期")) != SIZE_MAX);
    /* a new card comes, and it has a fault of its own: that may be told */
    card.state = MATERIAL_GIVEN;
    card.note = STR("");
    assert_int_equal(act(cf, CASE_SUPPLEMENT, 0, 0, (struct case_command){.material = &card, .material_count = 1}, &d),
                     OK);
    card.state = MATERIAL_REJECTED;
    card.note = STR("不是本人的");
    assert_int_equal(act(cf, CASE_NOTICE, WINDOW, 7, (struct case_command){.material = &card, .material_count = 1}, &d),
                     OK);
    assert_true(str_find(cf->told[0].text, STR("不是本人的")) != SIZE_MAX);
    struct case_material invented = {.key = STR("x1"), .name = STR("乱写"), .note = STR(""), .state = MATERIAL_GIVEN};
    assert_int_equal(
        act(cf, CASE_SUPPLEMENT, 0, 0, (struct case_command){.material = &invented, .material_count = 1}, &d),
        ERR_FIELD_INVALID);
}

//= R34 R35 R131 type=test
static void
limit_follows_the_facts(void **state)
{
    (void)state;
    const struct matter *m = matter("420281", "002036004001");
    struct facts f = facts_new(arena, catalog_dict(catalog));
    struct fact_set needed = {0};
    assert_null(checklist_limit(m, &f, &needed));
    assert_false(fact_set_empty(&needed));
    assert_int_equal(facts_set(&ctx, catalog, &f, STR("证明方式"), STR("承诺制")), OK);
    assert_int_equal(checklist_limit(m, &f, &needed)->promised.kind, LIMIT_INSTANT);
    assert_int_equal(facts_set(&ctx, catalog, &f, STR("证明方式"), STR("提交材料")), OK);
    assert_int_equal(checklist_limit(m, &f, &needed)->promised.kind, LIMIT_WORKDAYS);
    assert_int_equal(checklist_limit(m, &f, &needed)->promised.n, 2);
}

//= R40 R49 type=test
static void
a_case_is_rated_once(void **state)
{
    (void)state;
    struct case_file *cf = application(matter("421300", "002036001002"), employee);
    struct decision d;
    assert_int_equal(act(cf, CASE_SUBMIT, 0, 0, (struct case_command){0}, &d), OK);
    assert_int_equal(act(cf, CASE_RATE, 0, 0, (struct case_command){.rating = 5, .channel = STR("互联网")}, &d),
                     ERR_CASE_EDGE);
    assert_int_equal(act(cf, CASE_REFUSE, WINDOW, 7, (struct case_command){.reason = STR("不符合")}, &d), OK);
    assert_int_equal(act(cf, CASE_RATE, 0, 0, (struct case_command){.rating = 6, .channel = STR("互联网")}, &d),
                     ERR_FIELD_INVALID);
    assert_int_equal(act(cf, CASE_RATE, 0, 0, (struct case_command){.rating = 5, .channel = STR("互联网")}, &d), OK);
    assert_int_equal(act(cf, CASE_RATE, 0, 0, (struct case_command){.rating = 1, .channel = STR("互联网")}, &d),
                     ERR_CASE_EDGE);
}

/* Every status, action and role: what case_possible allows, case_decide never refuses as an edge, and the reverse. */
static void
edges_and_possibilities_agree(void **state)
{
    (void)state;
    const struct matter *m = matter("211282", "22");
    for (int status = 0; status < CASE_STATUS_COUNT; status++)
        for (size_t stage = 0; stage <= m->stage_count; stage++)
            for (int role = 0; role <= ROLE_COUNT; role++)
                for (int action = 0; action < CASE_ACTION_COUNT; action++) {
                    struct case_file *cf = application(m, filing);
                    cf->status = (enum case_status)status;
                    cf->stage = stage;
                    struct actor a = role == ROLE_COUNT
                                         ? (struct actor){.kind = ACTOR_PUBLIC}
                                         : (struct actor){.kind = ACTOR_STAFF, .id = 5, .roles = 1u << role};
                    struct case_command cmd = {.action = (enum case_action)action,
                                               .actor = a,
                                               .now_ms = ctx.now_ms,
                                               .reason = STR("理由"),
                                               .rating = 3,
                                               .to_staff = 6,
                                               .channel = STR("互联网")};
                    struct decision d;
                    bool possible = case_possible(cf, &a) >> action & 1u;
                    fail_clear(&ctx);
                    enum err e = case_decide(&ctx, catalog_calendar(catalog), cf, &cmd, &d);
                    if (!possible)
                        assert_true(e == ERR_CASE_EDGE || e == ERR_CASE_ROLE);
                    else
                        assert_int_not_equal(e, ERR_CASE_ROLE);
                }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notice_is_exactly_the_missing_set),
        cmocka_unit_test(flexible_worker_is_enrolled_at_once),
        cmocka_unit_test(second_notice_of_an_old_gap_is_refused),
        cmocka_unit_test(refusal_needs_a_reason),
        cmocka_unit_test(tolerated_material_blocks_the_conclusion),
        cmocka_unit_test(limit_counts_from_complete_receipt),
        cmocka_unit_test(notice_says_why_an_alternative_was_turned_down),
        cmocka_unit_test(limit_follows_the_facts),
        cmocka_unit_test(a_case_is_rated_once),
        cmocka_unit_test(edges_and_possibilities_agree),
    };
    return cmocka_run_group_tests_name("case", tests, support_catalog_up, support_catalog_down);
}
