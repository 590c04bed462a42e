/* The roster check against a plain search: random people, every matter; the tables are those of separation_oracle.c, not the engine's.
** JINGBAN_SEED and JINGBAN_CASES choose other rosters and how many. */
#include <stdlib.h>

#include "separation_oracle.h"
#include "service/roster.h"

enum { ROSTERS = 4000, PEOPLE_MAX = 5, WORK_MAX = 64 };

static uint64_t rng;

static int
between(int low, int high)
{
    rng ^= rng >> 12;
    rng ^= rng << 25;
    rng ^= rng >> 27;
    return low + (int)((rng * 2685821657736338717u >> 33) % (uint64_t)(high - low + 1));
}

/* --- the plain search --- */

struct duty {
    size_t stage;
    unsigned roles;
    enum { ACCEPT, SIGN, PASS, END } what;
};
struct search {
    const struct matter *m;
    const struct roster_person *person;
    size_t people, n;
    struct duty duty[WORK_MAX];
    size_t by[WORK_MAX];
};

static void
add(struct search *s, struct duty d)
{
    assert_true(s->n < WORK_MAX);
    s->duty[s->n++] = d;
}

static void
list_duties(struct search *s)
{
    const struct matter *m = s->m;
    enum stage_kind last = m->stage[m->stage_count - 1].kind;
    unsigned end = last == STAGE_ACCEPT || last == STAGE_CONCLUDE || last == STAGE_APPLY ? 1u << ROLE_WINDOW
                                                                                         : 1u << oracle_does(last);
    bool printed = false;
    for (size_t i = 0; i < m->stage_count; i++)
        printed = printed || m->stage[i].kind == STAGE_ACCEPT;
    if (!printed && case_origin(m) == ORIGIN_APPLICATION)
        add(s, (struct duty){m->stage_count, 1u << ROLE_WINDOW | 1u << ROLE_REVIEW, ACCEPT});
    for (size_t i = 0; i < m->stage_count; i++) {
        if (m->stage[i].kind == STAGE_ACCEPT)
            add(s, (struct duty){i, 1u << ROLE_WINDOW, ACCEPT});
        if (!oracle_is_work(m, i))
            continue;
        for (int k = oracle_panel(&m->stage[i]); k > 0; k--)
            add(s, (struct duty){i, 1u << oracle_signs(m->stage[i].kind), SIGN});
        add(s, (struct duty){i, 1u << oracle_does(m->stage[i].kind), PASS});
    }
    if (case_origin(m) != ORIGIN_OFFICE)
        end |= 1u << ROLE_WINDOW | 1u << ROLE_REVIEW;
    add(s, (struct duty){m->stage_count, end, END});
    if (last == STAGE_DELIVER && !oracle_is_work(m, m->stage_count - 1))
        add(s, (struct duty){m->stage_count, 1u << ROLE_WINDOW, END});
}

/* One person may do both X and the later Y. */
static bool
both(const struct matter *m, const struct duty *x, const struct duty *y)
{
    if (x->what == END || y->what == END || y->what == ACCEPT)
        return true;
    if (x->what == ACCEPT)
        return !oracle_acceptor_apart(m, y->stage);
    enum stage_kind a = m->stage[x->stage].kind, b = m->stage[y->stage].kind;
    if (x->stage != y->stage)
        return !oracle_apart(a, b);
    return y->what == PASS && oracle_signs(b) == oracle_does(b);
}

static bool
search(struct search *s, size_t nth)
{
    if (nth == s->n)
        return true;
    for (size_t i = 0; i < s->people; i++) {
        bool right = s->person[i].roles & s->duty[nth].roles;
        for (size_t k = 0; k < nth && right; k++)
            right = s->by[k] != i || both(s->m, &s->duty[k], &s->duty[nth]);
        s->by[nth] = i;
        if (right && search(s, nth + 1))
            return true;
    }
    return false;
}

/* Duties that keep nobody from another one need no search, only somebody: they are looked at first and left out. */
static bool
could(const struct matter *m, const struct roster_person *p, size_t n)
{
    struct search all = {.m = m, .person = p, .people = n}, s = all;
    list_duties(&all);
    for (size_t i = 0; i < all.n; i++) {
        bool able = false, free = true;
        for (size_t k = 0; k < n; k++)
            able = able || (p[k].roles & all.duty[i].roles);
        if (!able)
            return false;
        for (size_t k = 0; k < all.n; k++)
            free =
                free && (k == i || (k < i ? both(m, &all.duty[k], &all.duty[i]) : both(m, &all.duty[i], &all.duty[k])));
        if (!free)
            add(&s, all.duty[i]);
    }
    return search(&s, 0);
}

/* --- */

/* Somebody who can do part of M, so that many rosters are just enough or just too little. */
static unsigned
likely_roles(const struct matter *m)
{
    unsigned roles = 0;
    for (int i = between(1, 4); i > 0; i--) {
        size_t stage = (size_t)between(0, (int)m->stage_count - 1);
        roles |= 1u << (between(0, 3) ? ROLE_WINDOW : between(0, ROLE_COUNT - 1));
        if (oracle_is_work(m, stage))
            roles |= 1u << oracle_does(m->stage[stage].kind);
        if (oracle_is_work(m, stage) && oracle_panel(&m->stage[stage]))
            roles |= 1u << oracle_signs(m->stage[stage].kind);
    }
    return between(0, 9) ? roles : (1u << ROLE_COUNT) - 1;
}

//= R196 R243 R254 R267 R272 type=test
static void
test_rosters(void **state)
{
    (void)state;
    const char *seed = getenv("JINGBAN_SEED"), *cases = getenv("JINGBAN_CASES");
    long count = cases ? strtol(cases, NULL, 10) : ROSTERS, possible = 0, impossible = 0;
    rng = seed ? strtoull(seed, NULL, 10) : 20261122;
    print_message("JINGBAN_SEED=%llu JINGBAN_CASES=%ld\n", (unsigned long long)rng, count);
    rng |= rng == 0;
    const struct matter *matter[400];
    int matters = 0;
    for (size_t g = 0; g < catalog_region_count(catalog); g++)
        for (size_t i = 0; i < catalog_region_at(catalog, g)->matter_count && matters < 400; i++)
            matter[matters++] = &catalog_region_at(catalog, g)->matter[i];
    for (long i = 0; i < count; i++) {
        SCOPED_ARENA a = arena_new(0);
        struct ctx c = ctx_new(a, SUPPORT_NOW_MS);
        const struct matter *m = matter[i % matters];
        struct roster_person p[PEOPLE_MAX];
        size_t n = (size_t)between(1, PEOPLE_MAX);
        struct str why;
        for (size_t k = 0; k < n; k++)
            p[k] = (struct roster_person){.id = 100 + (int64_t)k, .roles = likely_roles(m)};
        bool want = could(m, p, n), got = roster_check(&c, m, p, n, &why);
        if (got != want || str_empty(why) != got)
            fail_msg("roster %ld, %s %s, %zu people: said %d, is %d: %s", i, str_z(a, m->region->code), str_z(a, m->id),
                     n, got, want, str_z(a, why));
        possible += want;
        impossible += !want;
    }
    print_message("%ld possible, %ld impossible\n", possible, impossible);
    assert_true(possible > count / 20 && impossible > count / 20);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rosters)};
    return cmocka_run_group_tests_name("property/roster", tests, support_catalog_up, support_catalog_down);
}
