/* The comparison over the five real guides: invariants of every pair, and pairs read from the printed guides by hand. */
#include "catalog/diff.h"
#include "support/support_catalog.h"

#include <stdlib.h>
#include <string.h>

enum { REGIONS = 5 };

static struct diff
compare(const struct region *ours, const struct region *theirs)
{
    struct diff d;
    assert_int_equal(catalog_diff(&ctx, catalog, ours, theirs, &d), OK);
    return d;
}

static enum diff_side
mirror(enum diff_side s)
{
    return s == DIFF_LIGHTER ? DIFF_HEAVIER : s == DIFF_HEAVIER ? DIFF_LIGHTER : s;
}

static const struct diff_row *
row_of(const struct diff *d, const struct matter *ours, const struct matter *theirs)
{
    const struct diff_row *hit = NULL;
    for (size_t i = 0; i < d->n; i++)
        if (d->row[i].ours == ours && d->row[i].theirs == theirs) {
            assert_null(hit);
            hit = &d->row[i];
        }
    return hit;
}

static void
each_matter_once(const struct diff *d)
{
    for (size_t i = 0; i < d->ours->matter_count; i++) {
        size_t n = 0;
        for (size_t k = 0; k < d->n; k++)
            n += d->row[k].ours == &d->ours->matter[i];
        assert_int_equal(n, 1);
    }
    for (size_t i = 0; d->theirs && i < d->theirs->matter_count; i++) {
        size_t n = 0;
        for (size_t k = 0; k < d->n; k++)
            n += d->row[k].theirs == &d->theirs->matter[i];
        assert_int_equal(n, 1);
    }
    for (size_t i = 0; !d->theirs && i < catalog_standard_count(catalog); i++) {
        size_t n = 0, used = 0;
        for (size_t k = 0; k < d->n; k++)
            n += d->row[k].standard && str_eq(d->row[k].standard->code, catalog_standard_at(catalog, i)->code);
        for (size_t k = 0; k < d->ours->matter_count; k++)
            used += str_eq(d->ours->matter[k].code, catalog_standard_at(catalog, i)->code);
        assert_int_equal(n, used ? used : 1);
    }
}

/* No cell without its sentence; nothing weighed that a guide does not print. */
static void
cells_are_sound(const struct diff *d)
{
    for (size_t i = 0; i < d->n; i++) {
        const struct diff_row *r = &d->row[i];
        assert_true(r->ours || r->theirs || r->standard);
        if (r->ours && r->theirs && !str_empty(r->ours->code) && !str_empty(r->theirs->code))
            assert_true(str_eq(r->ours->code, r->theirs->code));
        for (int u = 0; u < UNIFY_COUNT; u++)
            assert_false(str_empty(r->cell[u].detail));
        const struct matter *m[] = {r->ours, r->theirs};
        for (size_t k = 0; k < 2; k++) {
            if (!m[k] || m[k]->material_mode != MATERIALS_LISTED)
                assert_int_equal(r->cell[UNIFY_MATERIALS].side, DIFF_UNPRINTED); //= R263
            if (!m[k] || m[k]->limit_count == 0)
                assert_int_equal(r->cell[UNIFY_LIMIT].side, DIFF_UNPRINTED);
            if (m[k] && m[k]->stages_by_system)
                assert_int_equal(r->cell[UNIFY_STAGES].side, DIFF_UNPRINTED);
        }
        assert_true(r->cell[UNIFY_NAME].side == DIFF_SAME || r->cell[UNIFY_NAME].side == DIFF_OTHER);
        assert_true(r->cell[UNIFY_STANDARD].side != DIFF_LIGHTER && r->cell[UNIFY_STANDARD].side != DIFF_HEAVIER);
    }
}

//= R2 R3
static void
every_pair_of_regions_turned_round_is_its_mirror(void **state)
{
    (void)state;
    size_t compared = 0;
    assert_int_equal(catalog_region_count(catalog), REGIONS);
    for (size_t i = 0; i < REGIONS; i++)
        for (size_t k = 0; k < REGIONS; k++) {
            const struct region *a = catalog_region_at(catalog, i), *b = catalog_region_at(catalog, k);
            if (i == k)
                continue;
            struct diff there = compare(a, b), back = compare(b, a);
            assert_int_equal(there.n, back.n);
            each_matter_once(&there);
            cells_are_sound(&there);
            for (size_t r = 0; r < there.n; r++) {
                const struct diff_row *x = &there.row[r], *y = row_of(&back, x->theirs, x->ours);
                assert_non_null(y);
                for (int u = 0; u < UNIFY_COUNT; u++) {
                    if (y->cell[u].side != mirror(x->cell[u].side) || y->cell[u].mixed != x->cell[u].mixed)
                        fail_msg("%s→%s %s %s: %.*s | %.*s", a->code.p, b->code.p,
                                 x->ours ? x->ours->name.p : x->theirs->name.p, unification_name((enum unification)u),
                                 STR_ARG(x->cell[u].detail), STR_ARG(y->cell[u].detail));
                    assert_true(str_eq(x->cell[u].ours, y->cell[u].theirs));
                }
                assert_int_equal(diff_row_side(y), mirror(diff_row_side(x)));
                compared += x->ours && x->theirs;
            }
        }
    assert_true(compared >= (size_t)REGIONS * (REGIONS - 1) * 20); /* the 30 codes are common ground */
}

static void
a_region_against_itself_is_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < REGIONS; i++) {
        const struct region *r = catalog_region_at(catalog, i);
        struct diff d = compare(r, r);
        assert_int_equal(d.n, r->matter_count);
        each_matter_once(&d);
        for (size_t k = 0; k < d.n; k++) {
            const struct matter *m = d.row[k].ours;
            assert_ptr_equal(m, d.row[k].theirs);
            const struct diff_cell *c = d.row[k].cell;
            bool local = str_empty(m->code), listed = m->material_mode == MATERIALS_LISTED;
            assert_int_equal(c[UNIFY_NAME].side, DIFF_SAME);
            assert_int_equal(c[UNIFY_CODE].side, local ? DIFF_UNPRINTED : DIFF_SAME);
            assert_int_equal(c[UNIFY_MATERIALS].side, listed ? DIFF_SAME : DIFF_UNPRINTED);
            assert_int_equal(c[UNIFY_LIMIT].side, m->limit_count ? DIFF_SAME : DIFF_UNPRINTED);
            assert_int_equal(c[UNIFY_STAGES].side, m->stages_by_system || !m->stage_count ? DIFF_UNPRINTED : DIFF_SAME);
            assert_true(c[UNIFY_STANDARD].side == DIFF_SAME || c[UNIFY_STANDARD].side == DIFF_UNPRINTED);
        }
    }
}

//= R11
static void
against_the_standard_list_nothing_is_invented(void **state)
{
    (void)state;
    for (size_t i = 0; i < REGIONS; i++) {
        struct diff d = compare(catalog_region_at(catalog, i), NULL);
        each_matter_once(&d);
        for (size_t k = 0; k < d.n; k++) {
            const struct diff_cell *c = d.row[k].cell;
            assert_int_equal(c[UNIFY_MATERIALS].side, DIFF_UNPRINTED);
            assert_int_equal(c[UNIFY_LIMIT].side, DIFF_UNPRINTED);
            assert_int_equal(c[UNIFY_STANDARD].side, DIFF_UNPRINTED);
            assert_true(c[UNIFY_STAGES].side != DIFF_LIGHTER && c[UNIFY_STAGES].side != DIFF_HEAVIER);
            assert_true(diff_row_side(&d.row[k]) != DIFF_LIGHTER && diff_row_side(&d.row[k]) != DIFF_HEAVIER);
        }
    }
}

/* --- read from the printed guides by hand --- */

static const struct {
    const char *ours, *matter, *theirs, *other; /* region, id */
    enum unification u;
    enum diff_side side;
    const char *says;
} PAIRS[] = {
    {"421300", "10", "421381", "12", UNIFY_MATERIALS, DIFF_LIGHTER, "2 份 对 3 份；少 1 份：《异地就医登记备案表》"},
    {"421300", "01", "421381", "01", UNIFY_MATERIALS, DIFF_SAME, "2 份 对 2 份"},
    {"421300", "15", "421381", "16", UNIFY_MATERIALS, DIFF_HEAVIER, "多 1 份：出院小结(出院记录)"},
    {"421300", "15", "421381", "16", UNIFY_LIMIT, DIFF_LIGHTER, "1个工作日 对 20个工作日，短 19 个工作日"},
    {"421300", "16", "410400", "18", UNIFY_LIMIT, DIFF_LIGHTER, "5个工作日 对 30个工作日，短 25 个工作日"},
    {"421381", "25", "421300", "23", UNIFY_LIMIT, DIFF_HEAVIER, "90个工作日 对 5个工作日，长 85 个工作日"}, //= R252
    {"421300", "23", "421381", "25", UNIFY_MATERIALS, DIFF_UNPRINTED, "两边都没有逐项列出（我方按引用，对方按引用）"},
    {"421300", "25", "420281", "28", UNIFY_LIMIT, DIFF_HEAVIER, "30个工作日 对 9个工作日，长 21 个工作日"}, //= R265
    {"420281", "26", "421300", "23", UNIFY_LIMIT, DIFF_OTHER, "是出回执的时限，不是办结时限"},              //= R253
    {"410400", "15", "421300", "13", UNIFY_LIMIT, DIFF_OTHER, "医院办结"},
    {"211282", "15", "410400", "16", UNIFY_LIMIT, DIFF_OTHER, "每季度一次；即办即批 对 20个工作日，不能换算比较"},
    {"421300", "02", "410400", "02", UNIFY_LIMIT, DIFF_HEAVIER, "最慢 5个工作日 对 即时办结，长 5 个工作日"},
    {"420281", "12", "421300", "10", UNIFY_LIMIT, DIFF_HEAVIER, "最慢 2个工作日 对 即时办结，长 2 个工作日"}, //= R35
    {"211282", "22", "421300", "10", UNIFY_LIMIT, DIFF_SAME, "即时办结"},                                     //= R14
    {"211282", "20", "421300", "21", UNIFY_MATERIALS, DIFF_UNPRINTED, "我方未列，没有逐项列出，不等于零份"},
    {"420281", "24", "421381", "23", UNIFY_MATERIALS, DIFF_UNPRINTED, "我方部门提供"}, //= R232
    {"420281", "01", "421300", "01", UNIFY_STAGES, DIFF_UNPRINTED, "我方指南没有印环节，系统口径不算"},
    {"410400", "07", "410400", "07", UNIFY_STAGES, DIFF_SAME, "3 个环节"}, //= R274
    {"421381", "19", "421300", "18", UNIFY_NAME, DIFF_SAME, "只差空格或标点"},
    {"410400", "08", "421300", "06", UNIFY_NAME, DIFF_OTHER, "对方与标准清单一致"},
    {"410400", "01", "421300", "01", UNIFY_CODE, DIFF_SAME, "002036001001；对方指南没有印编码，由目录对应"},
    {"421300", "01", "410400", "01", UNIFY_MATERIALS, DIFF_OTHER, "2 份 对 2 份，任选的范围不同：对方还可用营业执照"},
};

static void
pairs_read_by_hand(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
        const struct region *a = catalog_region(catalog, str_c(PAIRS[i].ours)),
                            *b = catalog_region(catalog, str_c(PAIRS[i].theirs));
        const struct matter *x, *y;
        assert_int_equal(catalog_matter(&ctx, a, str_c(PAIRS[i].matter), &x), OK);
        assert_int_equal(catalog_matter(&ctx, b, str_c(PAIRS[i].other), &y), OK);
        struct diff d = compare(a, b);
        const struct diff_row *r = row_of(&d, x, y);
        if (!r)
            fail_msg("%s/%s and %s/%s are no pair", PAIRS[i].ours, PAIRS[i].matter, PAIRS[i].theirs, PAIRS[i].other);
        const struct diff_cell *c = &r->cell[PAIRS[i].u];
        if (c->side != PAIRS[i].side || str_find(c->detail, str_c(PAIRS[i].says)) == SIZE_MAX)
            fail_msg("%s/%s and %s/%s: %s “%.*s”", PAIRS[i].ours, PAIRS[i].matter, PAIRS[i].theirs, PAIRS[i].other,
                     diff_side_name(c->side), STR_ARG(c->detail));
    }
}

/* Two matters of one code: the likelier name gets the partner. */
static void
one_code_twice(void **state)
{
    (void)state;
    const struct region *a = catalog_region(catalog, STR("211282")), *b = catalog_region(catalog, STR("421300"));
    struct diff d = compare(a, b);
    size_t seen = 0;
    for (size_t i = 0; i < d.n; i++) {
        const struct diff_row *r = &d.row[i];
        if (!r->ours || !str_eqz(r->ours->code, "002036003002"))
            continue;
        seen++;
        assert_int_equal(r->theirs != NULL, str_eqz(r->ours->name, "转移接续手续办理"));
    }
    assert_int_equal(seen, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_of_regions_turned_round_is_its_mirror),
        cmocka_unit_test(a_region_against_itself_is_the_same),
        cmocka_unit_test(against_the_standard_list_nothing_is_invented),
        cmocka_unit_test(pairs_read_by_hand),
        cmocka_unit_test(one_code_twice),
    };
    return cmocka_run_group_tests(tests, support_catalog_up, support_catalog_down);
}
