/* Commitments from a case into the register, the draw, checks by somebody else, breaches with objection and cure, on both databases. */
#include <stdio.h>
#include <string.h>

#include "service/commitment_int.h"
#include "service/message.h"
#include "support/support_db.h"
#include "support/support_service.h"

static int serial;

static int
open_server(bool postgres)
{
    support_server_up("commitment", postgres);
    return 0;
}

static int
set_up_sqlite(void **state)
{
    (void)state;
    return open_server(false);
}

static int
set_up_postgres(void **state)
{
    (void)state;
    return open_server(true);
}

/* --- which proof a commitment stands for --- */

static const struct material *
leaf_named(const struct material *m, size_t n, const char *name, bool committable)
{
    for (size_t i = 0; i < n; i++) {
        const struct material *hit =
            m[i].node == MATERIAL_LEAF
                ? (str_find(m[i].name, str_c(name)) != SIZE_MAX && m[i].committable == committable ? &m[i] : NULL)
                : leaf_named(m[i].child, m[i].child_count, name, committable);
        if (hit)
            return hit;
    }
    return NULL;
}

static void
refuses_pair(const struct matter *m, struct str key)
{
    struct str proof;
    fail_clear(&ctx);
    assert_int_equal(commitment_pair(&ctx, m, key, &proof), ERR_FIELD_INVALID);
    assert_true(str_eqz(ctx.fail->rule, "R132"));
    assert_true(ctx.fail->field[0].remedy.n > 0);
    fail_clear(&ctx);
}

static void //= R131 R132
test_one_matter_one_proof(void **state)
{
    (void)state;
    const struct matter *m = support_matter("420281", "12");
    const struct material *leaf = leaf_named(m->material, m->material_count, "异地安置认定材料", true);
    struct str proof;
    assert_non_null(leaf);
    must(commitment_pair(&ctx, m, leaf->key, &proof));
    assert_true(str_eqz(proof, "异地安置认定材料"));
    const struct material *paper = leaf_named(m->material, m->material_count, "异地就医登记备案表", false);
    refuses_pair(m, paper->key); /* the form cannot be committed to */
    refuses_pair(m, STR("99"));  /* nor what the matter does not ask for */
}

static void //= R132
test_the_printed_pairs(void **state)
{
    /* Form 11 pairs business 1, 2, 3 with missing proof 1, 2, 3: the matters themselves hold exactly these. */
    static const struct {
        const char *matter, *proof;
    } pair[] = {{"12", "户口簿首页"}, {"13", "居住证明"}, {"14", "参保地工作单位派出证明"}};
    (void)state;
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 3; k++) {
            const struct matter *m = support_matter("410400", pair[i].matter);
            const struct material *x = leaf_named(m->material, m->material_count, pair[k].proof, true);
            assert_int_equal(x != NULL, i == k);
            struct str proof;
            if (!x)
                continue;
            must(commitment_pair(&ctx, m, x->key, &proof));
            assert_true(str_eq(proof, x->name));
        }
}

static void //= R128 R130 R186 R220
test_a_letter_stands_for_the_documents_beside_it(void **state)
{
    static const struct {
        const char *region, *matter;
    } at[] = {{"421300", "10"}, {"421300", "11"}, {"421300", "12"}, {"410400", "18"}, {"410400", "20"}};
    (void)state;
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        const struct matter *m = support_matter(at[i].region, at[i].matter);
        const struct material *letter = leaf_named(m->material, m->material_count, "承诺书", false);
        struct str proof;
        assert_non_null(letter);
        assert_true(commitment_is_letter(letter));
        must(commitment_pair(&ctx, m, letter->key, &proof));
        assert_true(proof.n > 0 && !str_eq(proof, letter->name));
    }
}

/* --- a case with a commitment --- */

static struct actor
staff(int64_t id, enum role r)
{
    return (struct actor){.kind = ACTOR_STAFF,
                          .id = id,
                          .region = STR("420281"),
                          .name = str_fmt(arena, "第%d人", (int)id),
                          .roles = 1u << r};
}

struct promised {
    struct case_file cf;
    struct case_material material;
    struct data_key key;
    int64_t id; /* of the commitment */
    bool key_stored;
};

/* The case itself, as it was handed in: whoever breaks its promise is told by its inbox. */
static enum err
store_case(struct ctx *c, struct tx *tx, const struct promised *p)
{
    struct case_command submit = {.action = CASE_SUBMIT, .now_ms = c->now_ms};
    struct decision d;
    struct case_write w;
    TRY(c, vault_key_store(c, tx, &server->vault, p->cf.region, &p->key));
    TRY(c, case_decide(c, catalog_calendar(catalog), &p->cf, &submit, &d));
    TRY(c, case_write_prepare(c, &server->vault, &server->ids, &p->cf, &submit.actor, &p->key, &d, &w));
    return case_write_rows(c, tx, &w);
}

static enum err
record_body(struct ctx *c, struct tx *tx, void *arg)
{
    struct promised *p = arg;
    if (!p->key_stored)
        TRY(c, store_case(c, tx, p));
    return commitment_record_case(c, server, tx, &p->cf, &p->key);
}

static struct promised *
promise(struct str id_number)
{
    const struct matter *m = support_matter("420281", "12");
    struct promised *p = ARENA_NEW(arena, struct promised);
    serial++;
    p->key = vault_key_make(id_next(&server->ids, ctx.now_ms));
    p->cf = (struct case_file){.region = m->region->code,
                               .id = id_next(&server->ids, ctx.now_ms),
                               .no = str_fmt(arena, "42028126112100%05d", serial),
                               .matter = m,
                               .matter_id = m->id,
                               .masked = STR("王**"),
                               .applicant_name = STR("王建国"),
                               .applicant_id = id_number,
                               .access_hex = str_fmt(arena, "%064d", serial),
                               .facts = facts_new(arena, catalog_dict(matter_catalog(m)))};
    const struct material *leaf = leaf_named(m->material, m->material_count, "异地安置认定材料", true);
    p->cf.material[0] = (struct case_material){.key = leaf->key, .name = leaf->name, .state = MATERIAL_COMMITTED};
    p->cf.material_count = 1;
    return p;
}

static enum err
record(struct promised *p)
{
    enum err e = store_write(&ctx, server->store, record_body, p);
    p->key_stored = p->key_stored || e == OK;
    return e;
}

static void
find_id(struct promised *p)
{
    struct commitment_filter f = {.all = true};
    struct actor a = {.kind = ACTOR_STAFF, .id = 1, .region = p->cf.region, .roles = 1u << ROLE_SUPERVISOR};
    struct view *v = view_map(arena);
    must(service_commitments(&ctx, server, &a, &f, v));
    for (const struct view *x = view_first(view_get(v, STR("commitments"))); x; x = view_next(x))
        if (str_eq(view_text(view_get(x, STR("case_no"))), p->cf.no)) {
            assert_true(str_eqz(view_text(view_get(x, STR("proof"))), "异地安置认定材料"));
            assert_true(str_find(view_text(view_get(x, STR("letter"))), STR("法律责任")) != SIZE_MAX); //= R133
            p->id++;
        }
    assert_int_equal(p->id, 1); /* once, however often the case is written */
}

/* ACCEPTOR takes the case in; everything is drawn; the one check of it. */
struct drawing {
    struct str region;
    int64_t percent, seen, drawn;
};

static enum err
draw_body(struct ctx *c, struct tx *tx, void *arg)
{
    struct drawing *d = arg;
    return commitment_draw(c, tx, &server->vault, &server->ids, d->region, d->percent,
                           day_add(day_of_ms(c->now_ms), 20), 500, &d->seen, &d->drawn);
}

static int64_t
only_check(struct str region)
{
    struct commitment_filter f = {0};
    struct actor a = {.kind = ACTOR_STAFF, .id = 3, .region = region, .roles = 1u << ROLE_REVIEW};
    struct view *v = view_map(arena);
    must(service_commitments(&ctx, server, &a, &f, v));
    const struct view *checks = view_get(v, STR("checks"));
    assert_int_equal(view_count(checks), 1);
    return view_int(view_get(view_first(checks), STR("id")));
}

static int64_t
drawn_check(struct promised *p, int64_t acceptor)
{
    struct drawing d = {.region = p->cf.region, .percent = 100};
    must(record(p));
    must(store_write(&ctx, server->store, draw_body, &d));
    assert_int_equal(d.seen, 0); /* not before it is accepted */
    p->cf.acceptor_id = acceptor;
    must(record(p));
    must(store_write(&ctx, server->store, draw_body, &d));
    assert_int_equal(d.seen, 1);
    assert_int_equal(d.drawn, 1);
    must(store_write(&ctx, server->store, draw_body, &d));
    assert_int_equal(d.seen, 0); /* once */
    return only_check(p->cf.region);
}

static struct str
closed_reason(struct promised *p)
{
    struct str reason;
    SCOPED_READ tx = NULL;
    must(store_read(&ctx, server->store, &tx));
    must(commitment_allowed_case(&ctx, server, tx, &p->cf, &reason));
    return reason;
}

static void
test_recorded_once_with_the_case(void **state)
{
    (void)state;
    struct promised *p = promise(support_id_number(STR("42028119800101001")));
    must(record(p));
    must(record(p));
    find_id(p);
    struct promised *nobody = promise(support_id_number(STR("42028119800101003")));
    nobody->cf.applicant_name = STR("");
    assert_int_equal(record(nobody), ERR_FIELD_INVALID); //= R133
    fail_clear(&ctx);
}

static void //= R35 R131
test_the_answer_is_the_commitment_where_the_guide_asks_for_one(void **state)
{
    (void)state;
    struct promised *p = promise(support_id_number(STR("42028119800101011")));
    p->cf.material_count = 0;
    p->cf.facts = facts_new(arena, catalog_dict(catalog));
    must(facts_set(&ctx, catalog, &p->cf.facts, STR("备案业务"), STR("首次备案")));
    must(facts_set(&ctx, catalog, &p->cf.facts, STR("证明方式"), STR("提交材料")));
    must(record(p));
    struct commitment_filter f = {.all = true};
    struct actor a = staff(1, ROLE_SUPERVISOR);
    struct view *v = view_map(arena);
    must(service_commitments(&ctx, server, &a, &f, v));
    assert_int_equal(view_count(view_get(v, STR("commitments"))), 0); /* who brings the paper promises nothing */
    must(facts_set(&ctx, catalog, &p->cf.facts, STR("证明方式"), STR("承诺制")));
    must(record(p));
    must(record(p));
    find_id(p);
}

static enum err
breach_step(struct actor a, int64_t id, const char *action, const char *text, const char *outcome)
{
    struct breach_do in = {
        .id = id, .action = str_c(action), .text = str_c(text), .way = STR("电话"), .outcome = str_c(outcome)};
    fail_clear(&ctx);
    return service_breach_do(&ctx, server, &a, &in);
}

static const struct view *
only_breach(struct str region, bool closed, size_t n)
{
    struct commitment_filter f = {.closed = closed};
    struct actor a = staff(9, ROLE_SUPERVISOR);
    struct view *v = view_map(arena);
    (void)region;
    must(service_commitments(&ctx, server, &a, &f, v));
    assert_int_equal(view_count(view_get(v, STR("breaches"))), n);
    return n ? view_first(view_get(v, STR("breaches"))) : NULL;
}

static struct str
found_false(struct promised *p)
{
    int64_t check = drawn_check(p, 11);
    struct str no;
    struct check_do in = {.id = check, .outcome = STR("false"), .evidence = STR("向社区核实，本人没有在当地居住。")};
    struct actor acceptor = staff(11, ROLE_SUPERVISOR), other = staff(12, ROLE_REVIEW);
    fail_clear(&ctx);
    assert_int_equal(service_check_do(&ctx, server, &acceptor, &in, &no),
                     ERR_SEPARATION); /* supervisors are not exempt */
    fail_clear(&ctx);
    in.evidence = STR("假");
    assert_int_equal(service_check_do(&ctx, server, &other, &in, &no), ERR_FIELD_INVALID);
    fail_clear(&ctx);
    in.evidence = STR("向社区核实，本人没有在当地居住。");
    must(service_check_do(&ctx, server, &other, &in, &no));
    assert_int_equal(service_check_do(&ctx, server, &other, &in, &no), ERR_CONFLICT);
    fail_clear(&ctx);
    return no;
}

static void //= R133
test_a_breach_closes_the_next_until_it_is_lifted(void **state)
{
    (void)state;
    struct str number = support_id_number(STR("42028119800101005"));
    struct promised *p = promise(number), *next = promise(number);
    assert_int_equal(closed_reason(p).n, 0);
    struct str no = found_false(p);
    assert_true(str_starts(no, STR("WN420281-2026-")));
    struct str why = closed_reason(next);
    assert_true(str_find(why, STR("2026-11-21")) != SIZE_MAX && str_find(why, no) != SIZE_MAX);
    assert_true(str_find(why, STR("补交当时承诺的“异地安置认定材料”")) != SIZE_MAX);
    assert_int_equal(record(next), ERR_FIELD_INVALID);
    assert_true(str_eqz(ctx.fail->rule, "R133"));
    fail_clear(&ctx);
    assert_int_equal(closed_reason(promise(support_id_number(STR("42028119800101007")))).n, 0); /* nobody else's */

    int64_t id = view_int(view_get(only_breach(STR("420281"), false, 1), STR("id")));
    assert_int_equal(breach_step(staff(13, ROLE_SUPERVISOR), id, "decide", "没有异议可以决定", "upheld"), ERR_CONFLICT);
    must(breach_step(staff(12, ROLE_REVIEW), id, "tell", "", ""));
    assert_int_equal(breach_step(staff(12, ROLE_REVIEW), id, "tell", "", ""), ERR_CONFLICT);
    struct str code = breach_code(arena, &server->vault, STR("420281"), no);
    const struct region *r = catalog_region(catalog, STR("420281"));
    fail_clear(&ctx);
    assert_int_equal(service_breach_object(&ctx, server, r, no, STR("AAAAAAAAAA"), STR("我在当地有居住证")),
                     ERR_NOT_FOUND);
    fail_clear(&ctx);
    must(service_breach_object(&ctx, server, r, no, code, STR("我在当地有居住证")));
    assert_int_equal(breach_step(staff(12, ROLE_SUPERVISOR), id, "decide", "核对居住证属实", "upheld"), ERR_SEPARATION);
    assert_int_equal(breach_step(staff(14, ROLE_WINDOW), id, "decide", "核对居住证属实", "upheld"), ERR_FORBIDDEN);
    must(breach_step(staff(13, ROLE_SUPERVISOR), id, "decide", "核对居住证属实", "upheld"));
    assert_int_equal(closed_reason(next).n, 0);
    must(record(next));
    only_breach(STR("420281"), false, 0);
    const struct view *b = only_breach(STR("420281"), true, 1);
    assert_true(str_eqz(view_text(view_get(b, STR("state"))), "lifted"));
    assert_true(str_eqz(view_text(view_get(b, STR("objection_text"))), "我在当地有居住证"));
}

/* The one message of EVENT in the inbox of P's case says all of A and B. */
static void
told_of(const struct promised *p, const char *event, struct str a, const char *b)
{
    SCOPED_READ tx = NULL;
    struct view *map = view_map(arena);
    int found = 0;
    must(store_read(&ctx, server->store, &tx));
    must(service_case_messages(&ctx, server, tx, &p->cf, map));
    for (const struct view *m = view_first(view_get(map, STR("messages"))); m; m = view_next(m)) {
        if (!str_eqz(view_text(view_get(m, STR("event"))), event))
            continue;
        struct str text = view_text(view_get(m, STR("text")));
        assert_true(str_find(text, a) != SIZE_MAX && str_find(text, str_c(b)) != SIZE_MAX);
        found++;
    }
    assert_int_equal(found, 1);
}

static void //= R133
test_a_breach_ends_by_the_proof_or_by_time(void **state)
{
    (void)state;
    struct str number = support_id_number(STR("42028119800101009"));
    must(service_messages_load(&ctx, server, support_path(arena, "catalog")));
    struct promised *p = promise(number), *next = promise(number);
    struct str no = found_false(p);
    int64_t id = view_int(view_get(only_breach(STR("420281"), false, 1), STR("id")));
    struct str code = breach_code(arena, &server->vault, STR("420281"), no);
    must(
        service_breach_object(&ctx, server, catalog_region(catalog, STR("420281")), no, code, STR("认定有误，请再查")));
    must(breach_step(staff(13, ROLE_SUPERVISOR), id, "decide", "再次核实仍不居住", "refused"));
    assert_true(closed_reason(next).n > 0);
    told_of(p, "breach_kept", no, "再次核实仍不居住");
    int64_t now = ctx.now_ms;
    ctx.now_ms += INT64_C(400) * 86400000; /* twelve months and more: 系统口径 */
    assert_int_equal(closed_reason(next).n, 0);
    ctx.now_ms = now;
    assert_int_equal(breach_step(staff(12, ROLE_REVIEW), id, "cure", "证明", ""), ERR_FIELD_INVALID);
    must(breach_step(staff(12, ROLE_REVIEW), id, "cure", "补交了居住证，已核对原件", ""));
    assert_int_equal(closed_reason(next).n, 0);
    told_of(p, "breach_cured", no, "补交了居住证，已核对原件");
    struct view *v = view_map(arena);
    must(service_breach_view(&ctx, server, catalog_region(catalog, STR("420281")), no, code, v));
    const struct view *b = view_get(v, STR("breach"));
    assert_true(str_eqz(view_text(view_get(b, STR("state"))), "cured"));
    struct str decision = view_text(view_get(b, STR("decision")));
    assert_true(str_find(decision, STR("仍不居住")) != SIZE_MAX && str_find(decision, STR("补交了居住证")) != SIZE_MAX);
    assert_null(view_get(b, STR("subject"))); /* who did what is the desk's */
    assert_null(view_get(b, STR("code")));
    messages_free(server->messages);
}

static void
test_the_draw_is_fair_and_nobody_can_choose(void **state)
{
    (void)state;
    struct vault other = server->vault;
    struct day day = day_of_ms(ctx.now_ms);
    int drawn = 0, same = 0;
    other.lookup.b[CRYPTO_KEY_SIZE - 1] ^= 1; /* the half that makes MACs */
    for (int64_t id = 1; id <= 10000; id++) {
        bool a = commitment_drawn(arena, &server->vault, STR("420281"), day, id, 10);
        drawn += a;
        same += a && commitment_drawn(arena, &other, STR("420281"), day, id, 10);
        assert_int_equal(a, commitment_drawn(arena, &server->vault, STR("420281"), day, id, 10));
        if (a) /* a larger share takes all of the smaller one */
            assert_true(commitment_drawn(arena, &server->vault, STR("420281"), day, id, 30));
        assert_false(commitment_drawn(arena, &server->vault, STR("420281"), day, id, 0));
    }
    assert_in_range(drawn, 850, 1150); /* five standard deviations */
    assert_in_range(same, 30, 180);    /* without the key one guesses */
}

static void
test_the_job_goes_through_all_regions(void **state)
{
    (void)state;
    int64_t drawn;
    struct promised *p[40];
    for (int i = 0; i < 40; i++) {
        p[i] = promise(support_id_number(str_fmt(arena, "420281198002%02d1%02d", 1 + i % 28, i)));
        p[i]->cf.acceptor_id = 11;
        must(record(p[i]));
    }
    must(service_commitment_draw(&ctx, server, &drawn));
    assert_in_range(drawn, 0, 20);
    int64_t again;
    must(service_commitment_draw(&ctx, server, &again));
    assert_int_equal(again, 0);
}

static int
run(int (*up)(void **))
{
    /* each its own server: every test counts what is in the registers */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_matter_one_proof, up, support_server_down),
        cmocka_unit_test_setup_teardown(test_the_printed_pairs, up, support_server_down),
        cmocka_unit_test_setup_teardown(test_a_letter_stands_for_the_documents_beside_it, up, support_server_down),
        cmocka_unit_test_setup_teardown(test_recorded_once_with_the_case, up, support_server_down),
        cmocka_unit_test_setup_teardown(test_the_answer_is_the_commitment_where_the_guide_asks_for_one, up,
                                        support_server_down),
        cmocka_unit_test_setup_teardown(test_a_breach_closes_the_next_until_it_is_lifted, up, support_server_down),
        cmocka_unit_test_setup_teardown(test_a_breach_ends_by_the_proof_or_by_time, up, support_server_down),
        cmocka_unit_test_setup_teardown(test_the_draw_is_fair_and_nobody_can_choose, up, support_server_down),
        cmocka_unit_test_setup_teardown(test_the_job_goes_through_all_regions, up, support_server_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

int
main(void)
{
    int failed = run(set_up_sqlite);
    return support_pg() ? failed + run(set_up_postgres) : failed;
}
