/* The one-time notice (R16, R20) over every matter: it tells exactly what is missing, whatever came and in which state; and what it
** did not tell at first nobody but a supervisor tells later. The reading of the trees and the memory of what was told are this
** test's own. JINGBAN_SEED chooses other subsets and talks, JINGBAN_CASES how many talks each matter gets. */
#include <stdlib.h>
#include <string.h>

#include "case/case.h"
#include "support/support_catalog.h"

enum {
    LEAVES_ALL = 12,
    SUBSETS = 4096,
    ANSWERS_MAX = 64,
    TALKS = 12,
    TURNS = 7,
    LEAVES_MAX = 256,
    REQUIREMENTS_MAX = 256,
    OWN_LINES = 4
};

static uint64_t rng;

static uint64_t
next(void)
{
    rng ^= rng >> 12;
    rng ^= rng << 25;
    rng ^= rng >> 27;
    return rng * 2685821657736338717u;
}

static int
between(int low, int high)
{
    return low + (int)((next() >> 33) % (uint64_t)(high - low + 1));
}

static bool
once_in(int n)
{
    return between(1, n) == 1;
}

/* --- a tree read from the format's description --- */

static bool
applies(const struct material *m, const struct facts *f)
{
    struct value v = m->when.feel ? feel_eval(m->when.feel, f->value, NULL) : value_bool(true);
    return v.kind == VALUE_UNASKED || (v.kind == VALUE_BOOL && v.b);
}

/* all-of: every part that applies; any-of: one that applies, or none applies; what a clerk may ask for at his discretion never blocks. */
static bool
fulfilled(const struct material *m, const struct facts *f, const bool *has)
{
    int parts = 0, there = 0;
    if (!applies(m, f) || m->discretionary)
        return true;
    if (m->node == MATERIAL_LEAF)
        return has[m->index];
    for (size_t i = 0; i < m->child_count; i++)
        if (applies(&m->child[i], f)) {
            parts++;
            there += fulfilled(&m->child[i], f, has);
        }
    return m->node == MATERIAL_ALL ? there == parts : there > 0 || parts == 0;
}

static void
open_requirements(const struct material *m, const struct facts *f, const bool *has, const struct material **out,
                  size_t *n)
{
    if (fulfilled(m, f, has))
        return;
    assert_true(*n < REQUIREMENTS_MAX);
    if (m->node != MATERIAL_ALL)
        out[(*n)++] = m;
    else
        for (size_t i = 0; i < m->child_count; i++)
            open_requirements(&m->child[i], f, has, out, n);
}

struct leaves {
    const struct material *leaf[LEAVES_MAX];
    size_t n;
};

static void
collect(const struct material *m, const struct facts *f, struct leaves *l)
{
    if (f && !applies(m, f))
        return;
    if (m->node == MATERIAL_LEAF) {
        assert_true(l->n < LEAVES_MAX && m->index >= 0 && m->index < LEAVES_MAX);
        l->leaf[l->n++] = m;
    }
    for (size_t i = 0; i < m->child_count; i++)
        collect(&m->child[i], f, l);
}

/* Leaves of M; with F those alone that can matter under it. */
static struct leaves
leaves_of(const struct matter *m, const struct facts *f)
{
    struct leaves l = {.n = 0};
    for (size_t i = 0; i < m->material_count; i++)
        collect(&m->material[i], f, &l);
    return l;
}

/* --- exactly the missing set --- */

static long subsets, combinations;

static enum material_state
present_state(void)
{
    static const enum material_state s[] = {MATERIAL_GIVEN, MATERIAL_CHECKED, MATERIAL_COMMITTED, MATERIAL_SHARED,
                                            MATERIAL_TOLERATED};
    return s[between(0, 4)];
}

/* Puts what HAS says into CF; what is missing is sometimes not in the list, sometimes turned down. */
static void
fill(struct case_file *cf, const struct leaves *l, const bool *has)
{
    cf->material_count = 0;
    for (size_t i = 0; i < l->n; i++) {
        struct case_material m = {
            .key = l->leaf[i]->key, .name = l->leaf[i]->name, .note = STR(""), .state = MATERIAL_ABSENT};
        if (has[l->leaf[i]->index])
            m.state = present_state();
        else if (once_in(3))
            m.state = MATERIAL_REJECTED;
        else if (once_in(2))
            continue;
        if (m.state == MATERIAL_REJECTED && once_in(2))
            m.note = STR("看不清");
        assert_true(case_material_set(cf, &m, 1));
    }
}

static void
check_subset(struct ctx *c, struct case_file *cf, const struct leaves *all, const bool *has)
{
    const struct material *want[REQUIREMENTS_MAX];
    struct case_gap *gap;
    size_t n = 0, got;
    fill(cf, all, has);
    for (size_t i = 0; i < cf->matter->material_count; i++)
        open_requirements(&cf->matter->material[i], &cf->facts, has, want, &n);
    case_gaps(c, cf, &gap, &got);
    for (size_t i = 0; i < n || i < got; i++)
        if (i >= n || i >= got || !str_eq(gap[i].key, want[i]->key) || str_empty(gap[i].text)) {
            print_error("JINGBAN_SEED matter %s %s, requirement %zu of %zu: told %s\n",
                        str_z(c->arena, cf->matter->region->code), str_z(c->arena, cf->matter->id), i, n,
                        i < got ? str_z(c->arena, gap[i].key) : "nothing more");
            fail();
        }
    subsets++;
}

static void
check_combination(struct case_file *cf)
{
    SCOPED_ARENA scratch = arena_new(0);
    struct ctx c = ctx_new(scratch, ctx.now_ms);
    struct leaves all = leaves_of(cf->matter, NULL), l = leaves_of(cf->matter, &cf->facts);
    bool every = l.n <= LEAVES_ALL;
    long count = every ? 1L << l.n : SUBSETS;
    combinations++;
    for (long set = 0; set < count; set++) {
        bool has[LEAVES_MAX] = {0};
        int share = between(1, 8);
        for (size_t i = 0; i < all.n; i++) /* what does not apply may have come all the same */
            has[all.leaf[i]->index] = once_in(4);
        for (size_t i = 0; i < l.n; i++)
            has[l.leaf[i]->index] = every ? set >> i & 1 : between(0, 8) < share;
        check_subset(&c, cf, &all, has);
        arena_reset(scratch);
    }
}

/* The first fact that a condition of the tree still wants and that has values to choose from; SIZE_MAX: none. */
static size_t
wanted(const struct material *m, size_t n, const struct facts *f)
{
    for (size_t i = 0; i < n; i++) {
        struct fact_set needed = {0};
        if (m[i].when.feel)
            feel_eval(m[i].when.feel, f->value, &needed);
        for (size_t k = 0; k < f->dict->count; k++)
            if (fact_set_has(&needed, k) &&
                (f->dict->fact[k].type == FACT_BOOL || f->dict->fact[k].type == FACT_CHOICE))
                return k;
        size_t below = applies(&m[i], f) ? wanted(m[i].child, m[i].child_count, f) : SIZE_MAX;
        if (below != SIZE_MAX)
            return below;
    }
    return SIZE_MAX;
}

static size_t
value_count(const struct fact_def *def)
{
    return def->type == FACT_BOOL ? 2 : def->value_count;
}

static struct value
nth_value(const struct fact_def *def, size_t i)
{
    return def->type == FACT_BOOL ? value_bool(i == 1) : value_text(def->values[i]);
}

/* How many combinations of answers the tree tells apart, at most LIMIT. */
static long
count_answers(const struct matter *m, struct facts *f, long limit)
{
    size_t k = wanted(m->material, m->material_count, f);
    long n = k == SIZE_MAX;
    if (n)
        return 1;
    for (size_t v = 0; v < value_count(&f->dict->fact[k]) && n < limit; v++) {
        f->value[k] = nth_value(&f->dict->fact[k], v);
        n += count_answers(m, f, limit - n);
    }
    f->value[k] = (struct value){0};
    return n;
}

static void
walk_answers(struct case_file *cf)
{
    struct facts *f = &cf->facts;
    size_t k = wanted(cf->matter->material, cf->matter->material_count, f);
    if (k == SIZE_MAX) {
        check_combination(cf);
        return;
    }
    for (size_t v = 0; v < value_count(&f->dict->fact[k]); v++) {
        f->value[k] = nth_value(&f->dict->fact[k], v);
        walk_answers(cf);
    }
    f->value[k] = (struct value){0};
}

static void
random_answers(const struct matter *m, struct facts *f)
{
    size_t k;
    for (size_t i = 0; i < f->dict->count; i++)
        f->value[i] = (struct value){0};
    while (!once_in(25) && (k = wanted(m->material, m->material_count, f)) != SIZE_MAX)
        f->value[k] = nth_value(&f->dict->fact[k], (size_t)between(0, (int)value_count(&f->dict->fact[k]) - 1));
}

static void
check_matter(const struct matter *m)
{
    struct case_file *cf = ARENA_NEW(arena, struct case_file);
    *cf = (struct case_file){.matter = m, .status = CASE_SUBMITTED, .facts = facts_new(arena, catalog_dict(catalog))};
    check_combination(cf); /* nothing answered yet: all that may be needed */
    if (count_answers(m, &cf->facts, ANSWERS_MAX + 1) <= ANSWERS_MAX) {
        walk_answers(cf);
        return;
    }
    for (int i = 0; i < ANSWERS_MAX; i++) {
        random_answers(m, &cf->facts);
        check_combination(cf);
    }
}

/* --- a talk between the counter and the applicant --- */

static long talks, first_told, told_again, late_refused, late_by_supervisor, came_new, nothing_missing,
    incomplete_refused;

/* A line the talk is about: a leaf of the tree, or one of the clerk's own list. */
struct line {
    struct str key, name;
    const struct material *leaf; /* NULL: own */
    bool has, brought;           /* BROUGHT: by the applicant, after the first notice */
};
struct talk {
    struct ctx c;
    struct case_file *cf;
    struct line line[LEAVES_MAX];
    size_t n;
    bool noticed;
    struct str told[REQUIREMENTS_MAX * 2]; /* by any notice */
    size_t told_count;
};

static bool
below(struct str leaf, struct str key)
{
    return str_eq(leaf, key) || (leaf.n > key.n && memcmp(leaf.p, key.p, key.n) == 0 && leaf.p[key.n] == '.');
}

/* What is missing when HAS (by line) is there: keys in the order of a notice. */
static size_t
missing(const struct talk *t, const bool *has, struct str *key)
{
    const struct material *open[REQUIREMENTS_MAX];
    bool leaf[LEAVES_MAX] = {0};
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        if (t->line[i].leaf)
            leaf[t->line[i].leaf->index] = has[i];
    for (size_t i = 0; i < t->cf->matter->material_count; i++)
        open_requirements(&t->cf->matter->material[i], &t->cf->facts, leaf, open, &n);
    for (size_t i = 0; i < n; i++)
        key[i] = open[i]->key;
    for (size_t i = 0; i < t->n; i++)
        if (!t->line[i].leaf && !has[i])
            key[n++] = t->line[i].key;
    return n;
}

static bool
was_told(const struct talk *t, struct str key)
{
    for (size_t i = 0; i < t->told_count; i++)
        if (str_eq(t->told[i], key))
            return true;
    return false;
}

static bool
came_since(const struct talk *t, struct str key)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->line[i].brought && below(t->line[i].key, key))
            return true;
    return false;
}

static enum err
act(struct talk *t, struct case_command cmd, struct decision *ret_d)
{
    cmd.now_ms = t->c.now_ms;
    fail_clear(&t->c);
    enum err e = case_decide(&t->c, catalog_calendar(catalog), t->cf, &cmd, ret_d);
    for (size_t i = 0; e == OK && i < ret_d->event_count; i++) {
        if (t->cf->status == CASE_NONE)
            *t->cf = (struct case_file){
                .region = t->cf->region, .id = 1, .due = DAY_NONE, .legal = DAY_NONE, .stage_due = DAY_NONE};
        SUPPORT_OK(&t->c, case_fold(&t->c, catalog, t->cf, ret_d->event[i].kind, cmd.now_ms, cmd.actor.id,
                                    ret_d->event[i].payload));
    }
    t->c.now_ms += (int64_t)between(0, 3) * 86400000;
    return e;
}

static struct actor
staff(enum role r)
{
    return (struct actor){.kind = ACTOR_STAFF, .id = 100 + (int)r, .roles = 1u << r};
}

static void
talk_fail(const struct talk *t, const char *what)
{
    fail_msg("%s %s: %s", str_z(t->c.arena, t->cf->matter->region->code), str_z(t->c.arena, t->cf->matter->id), what);
}

/* The case is at the counter; false: this matter has no counter. */
static bool
begin(struct talk *t, struct arena *a, const struct matter *m)
{
    struct leaves l = leaves_of(m, NULL);
    struct decision d;
    struct case_material x[OWN_LINES];
    *t = (struct talk){.c = ctx_new(a, SUPPORT_NOW_MS), .cf = ARENA_NEW(a, struct case_file)};
    *t->cf = (struct case_file){.region = m->region->code,
                                .id = 1,
                                .no = STR("1"),
                                .matter = m,
                                .matter_id = m->id,
                                .masked = STR("张*"),
                                .applicant_name = STR("张三"),
                                .access_hex = STR("00"),
                                .due = DAY_NONE,
                                .legal = DAY_NONE,
                                .stage_due = DAY_NONE,
                                .facts = facts_new(a, catalog_dict(catalog))};
    random_answers(m, &t->cf->facts);
    for (size_t i = 0; i < l.n; i++) {
        t->line[t->n++] =
            (struct line){.key = l.leaf[i]->key, .name = l.leaf[i]->name, .leaf = l.leaf[i], .has = once_in(2)};
        struct case_material one = {
            .key = l.leaf[i]->key, .name = l.leaf[i]->name, .note = STR(""), .state = MATERIAL_GIVEN};
        if (t->line[i].has)
            assert_true(case_material_set(t->cf, &one, 1));
    }
    struct case_command cmd = {.action = CASE_SUBMIT, .actor = staff(ROLE_WINDOW)};
    for (int i = 0; act(t, cmd, &d) != OK; i++) {
        if (case_origin(m) != ORIGIN_APPLICATION)
            return false;
        assert_true(i < 40);
        t->cf->facts = facts_new(a, catalog_dict(catalog)); /* they may have excluded the applicant */
        t->c.now_ms += (int64_t)17 * 86400000;
    }
    if (t->cf->status != CASE_SUBMITTED)
        return false;
    /* where a review comes before the acceptance, a notice is possible all the same */
    if (!case_lists_own(m))
        return true;
    for (size_t i = 0; i < OWN_LINES; i++) {
        struct line *own = &t->line[t->n++];
        *own = (struct line){.key = str_fmt(a, "x%zu", i + 1), .name = STR("证明"), .has = once_in(2)};
        x[i] = (struct case_material){
            .key = own->key, .name = own->name, .note = STR(""), .state = own->has ? MATERIAL_GIVEN : MATERIAL_ABSENT};
    }
    SUPPORT_OK(&t->c,
               act(t,
                   (struct case_command){
                       .action = CASE_LIST, .actor = staff(ROLE_WINDOW), .material = x, .material_count = OWN_LINES},
                   &d));
    return true;
}

/* The clerk looks through what lies before him: all of it checked, some turned down. */
static size_t
judge(struct talk *t, bool *has, struct case_material *m)
{
    size_t n = 0;
    int strict = between(2, 12);
    for (size_t i = 0; i < t->n; i++) {
        has[i] = t->line[i].has;
        if (!has[i] || once_in(3))
            continue;
        bool poor = once_in(strict);
        has[i] = !poor;
        m[n++] = (struct case_material){.key = t->line[i].key,
                                        .name = t->line[i].name,
                                        .note = poor ? STR("看不清") : STR(""),
                                        .state = poor ? MATERIAL_REJECTED : MATERIAL_CHECKED};
    }
    return n;
}

static void
check_told(struct talk *t, const struct decision *d, const struct str *key, size_t n, bool late)
{
    const struct view *p = d->event[0].payload, *row = view_first(view_get(p, STR("gaps")));
    for (size_t i = 0; i < n; i++, row = view_next(row)) {
        if (!row || !str_eq(view_text(view_get(row, STR("key"))), key[i]))
            talk_fail(t, "the notice does not tell what is missing");
        if (!str_eq(t->cf->told[i].key, key[i]))
            talk_fail(t, "the case does not remember what was told");
        if (!was_told(t, key[i]))
            t->told[t->told_count++] = key[i];
    }
    if (row || t->cf->told_count != n)
        talk_fail(t, "the notice tells more than is missing");
    if ((view_int(view_get(p, STR("late"))) != 0) != late)
        talk_fail(t, late ? "a late notice is not marked" : "a notice in time is marked late");
    if (t->cf->status != CASE_NOTIFIED)
        talk_fail(t, "a notice that does not give the applicant the ball");
    t->noticed = true;
}

/* One notice: by the window, then, where it is too late for that, by a supervisor without and with his reason. false: nothing is missing. */
static bool
notice(struct talk *t)
{
    bool has[LEAVES_MAX];
    struct case_material m[LEAVES_MAX];
    struct str key[REQUIREMENTS_MAX + OWN_LINES];
    struct decision d;
    size_t material_count = judge(t, has, m), n = missing(t, has, key), fresh = 0, old = 0;
    struct case_command cmd = {
        .action = CASE_NOTICE, .actor = staff(ROLE_WINDOW), .material = m, .material_count = material_count};
    for (size_t i = 0; i < n && t->noticed; i++) {
        bool told = was_told(t, key[i]), came = came_since(t, key[i]);
        old += !told && !came;
        fresh += !told && came;
    }
    enum err e = act(t, cmd, &d), want = n == 0 ? ERR_CASE_EDGE : old ? ERR_NOTICE_REPEATED : OK;
    if (e != want)
        talk_fail(t, want == ERR_NOTICE_REPEATED ? "an old gap was told late"
                     : want == OK                ? "a notice was refused"
                                                 : "a notice of nothing");
    nothing_missing += n == 0;
    if (n == 0)
        return false;
    if (old) {
        late_refused++;
        cmd.actor = staff(ROLE_SUPERVISOR);
        if (act(t, cmd, &d) != ERR_REASON_REQUIRED)
            talk_fail(t, "a late notice without a reason");
        if (once_in(3))
            return true; /* the house keeps silent: the state is as it was */
        cmd.reason = STR("首次告知漏列");
        if (act(t, cmd, &d) != OK)
            talk_fail(t, "a supervisor could not tell it late");
        late_by_supervisor++;
    } else {
        first_told += !t->noticed;
        told_again += t->noticed && fresh == 0;
        came_new += fresh > 0;
    }
    check_told(t, &d, key, n, old > 0);
    for (size_t i = 0; i < t->n; i++)
        t->line[i].has = has[i];
    return true;
}

/* The applicant brings some of what he lacks. */
static void
bring(struct talk *t)
{
    struct case_material m[LEAVES_MAX];
    struct decision d;
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        if (!t->line[i].has && once_in(2)) {
            m[n++] = (struct case_material){
                .key = t->line[i].key, .name = t->line[i].name, .note = STR(""), .state = MATERIAL_GIVEN};
            t->line[i].has = true;
            t->line[i].brought = t->line[i].brought || t->noticed;
        }
    if (n)
        SUPPORT_OK(&t->c,
                   act(t, (struct case_command){.action = CASE_SUPPLEMENT, .material = m, .material_count = n}, &d));
}

/* Acceptance asks for the same set as the notice tells; decided only, the talk goes on. */
static void
check_acceptance(struct talk *t)
{
    bool has[LEAVES_MAX];
    struct str key[REQUIREMENTS_MAX + OWN_LINES];
    struct decision d;
    struct case_command cmd = {.action = CASE_ACCEPT, .actor = staff(ROLE_WINDOW), .now_ms = t->c.now_ms};
    if (!(case_possible(t->cf, &cmd.actor) >> CASE_ACCEPT & 1u))
        return;
    for (size_t i = 0; i < t->n; i++)
        has[i] = t->line[i].has;
    size_t n = missing(t, has, key);
    fail_clear(&t->c);
    enum err e = case_decide(&t->c, catalog_calendar(catalog), t->cf, &cmd, &d);
    if (e != (n ? ERR_MATERIAL_MISSING : OK))
        talk_fail(t, n ? "accepted although something is missing" : "not accepted although nothing is missing");
    incomplete_refused += n > 0;
}

static void
talk(const struct matter *m)
{
    SCOPED_ARENA a = arena_new(0);
    struct talk *t = ARENA_NEW(a, struct talk);
    if (!begin(t, a, m))
        return;
    talks++;
    for (int i = 0; i < TURNS; i++) {
        check_acceptance(t);
        if (t->cf->status == CASE_SUBMITTED && !notice(t))
            return;
        bring(t);
    }
}

/* --- */

static void
start(void)
{
    const char *seed = getenv("JINGBAN_SEED");
    rng = seed ? strtoull(seed, NULL, 10) : 20261122;
    print_message("JINGBAN_SEED=%llu\n", (unsigned long long)rng);
    rng |= rng == 0;
}

//= R16 R129 type=test
static void
test_missing_set(void **state)
{
    (void)state;
    long matters = 0;
    start();
    for (size_t r = 0; r < catalog_region_count(catalog); r++)
        for (size_t i = 0; i < catalog_region_at(catalog, r)->matter_count; i++, matters++)
            check_matter(&catalog_region_at(catalog, r)->matter[i]);
    print_message("%ld matters, %ld combinations of answers, %ld subsets\n", matters, combinations, subsets);
    assert_true(matters >= 145 && combinations > 2 * matters && subsets > 20 * combinations);
}

//= R16 R20 type=test
static void
test_told_once(void **state)
{
    (void)state;
    const char *cases = getenv("JINGBAN_CASES");
    long count = cases ? strtol(cases, NULL, 10) : TALKS;
    assert_true(count > 0);
    start();
    for (size_t r = 0; r < catalog_region_count(catalog); r++)
        for (size_t i = 0; i < catalog_region_at(catalog, r)->matter_count; i++)
            for (long k = 0; k < count; k++)
                talk(&catalog_region_at(catalog, r)->matter[i]);
    print_message("%ld talks: first notice %ld, again the same %ld, what came since %ld, too late %ld, by a supervisor "
                  "%ld, complete %ld, not accepted %ld\n",
                  talks, first_told, told_again, came_new, late_refused, late_by_supervisor, nothing_missing,
                  incomplete_refused);
    assert_true(talks > 100 * count && first_told > talks / 2 && told_again > talks / 4 && came_new > talks / 200);
    assert_true(late_refused > talks / 10 && late_by_supervisor > talks / 20 && nothing_missing > talks / 20 &&
                incomplete_refused > talks);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_missing_set), cmocka_unit_test(test_told_once)};
    return cmocka_run_group_tests_name("property/notice", tests, support_catalog_up, support_catalog_down);
}
