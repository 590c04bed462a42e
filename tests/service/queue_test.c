/* The workbench's lists: each one statement, whatever the page; each statement the range of one index that was made for
** it; no row twice and none left out while cases change hands between two pages; nobody sees another agency's. */
#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "service/service_int.h"
#include "store/store.h"
#include "support/support_db.h"
#include "support/support_service.h"

enum { CASES = 60 };

static const struct matter *certificate;
static struct person person;

/* --- statements are counted on their way to the driver (linked with --wrap=sql_run) --- */

static int statements;
static const struct sql *last; /* statement */
enum err __real_sql_run(struct ctx *c, struct tx *tx, const struct sql *s, const struct sql_value *param,
                        struct sql_value **ret_rows, int64_t *ret_n);
enum err __wrap_sql_run(struct ctx *c, struct tx *tx, const struct sql *s, const struct sql_value *param,
                        struct sql_value **ret_rows, int64_t *ret_n);

enum err
__wrap_sql_run(struct ctx *c, struct tx *tx, const struct sql *s, const struct sql_value *param,
               struct sql_value **ret_rows, int64_t *ret_n)
{
    statements++;
    last = s;
    return __real_sql_run(c, tx, s, param, ret_rows, ret_n);
}

/* --- cases --- */

static struct str
apply(int i)
{
    struct view *facts = view_map(arena);
    view_put_z(facts, "insurance", "职工医保");
    struct application in = {.region = certificate->region,
                             .matter = certificate,
                             .channel = CHANNEL_ONLINE,
                             .facts = facts,
                             .applicant_name = person.name,
                             .applicant_id = person.id_number,
                             .mobile = person.mobile,
                             .idempotency = str_fmt(arena, "queue-%d", i)};
    struct receipt r;
    must(service_apply(&ctx, server, &in, &r));
    return r.no;
}

static struct actor
clerk(const char *agency)
{
    return (struct actor){.kind = ACTOR_STAFF,
                          .id = 901,
                          .region = certificate->region->code,
                          .name = STR("测试"),
                          .roles = 1u << ROLE_WINDOW | 1u << ROLE_SUPERVISOR,
                          .agency = str_c(agency)};
}

static int
set_up(void **state)
{
    (void)state;
    support_server_up("queue", false);
    certificate = support_matter("420281", "002036003001");
    person = support_insured(certificate->region->code, support_id_number(STR("42028119800101123")));
    for (int i = 0; i < CASES; i++)
        apply(i);
    /* Some are the rural office's, some are late, some are done: rows only, for these lists read nothing else. */
    support_sql(url.p, "update case_file set agency = 'rural' where cast(substr(no, 13, 6) as integer) % 3 = 0");
    support_sql(url.p, "update case_file set due_day = due_day - 400 where cast(substr(no, 13, 6) as integer) % 5 = 0");
    support_sql(url.p, "update case_file set owner_id = 901 where cast(substr(no, 13, 6) as integer) % 2 = 0");
    support_sql(url.p, "update case_file set section = '待遇保障股' where cast(substr(no, 13, 6) as integer) % 7 = 0");
    support_sql(url.p, "update case_file set open = 0, status = 'closed', concluded_ms = received_ms + id % 1000 where "
                       "cast(substr(no, 13, 6) as integer) % 4 = 0");
    return 0;
}

/* --- a fixed number of statements --- */

static const struct {
    const char *name;
    struct queue_filter f;
    const char *index, *agency_index; /* of whoever sees all, of whoever sees one agency */
} filters[] = {
    {"all", {.limit = 1}, "case_open", "case_open_agency"},
    {"mine", {.mine = true}, "case_open_owner", "case_open_owner"},
    {"late", {.late = true}, "case_open", "case_open_agency"},
    {"mine and late", {.mine = true, .late = true}, "case_open_owner", "case_open_owner"},
    {"owner", {.owner = 901}, "case_open_owner", "case_open_owner"},
    {"stage", {.stage = STR_INIT("受理")}, "case_open_stage", "case_open_agency_stage"},
    {"stage and late", {.stage = STR_INIT("受理"), .late = true}, "case_open_stage", "case_open_agency_stage"},
    {"channel", {.channel = STR_INIT("网上")}, "case_open_channel", "case_open_agency_channel"},
    {"section", {.section = STR_INIT("待遇保障股")}, "case_open_section", "case_open_agency_section"},
    {"matter", {.matter = STR_INIT("MATTER")}, "case_open_matter", "case_open_agency_matter"},
    {"agency", {.agency = STR_INIT("rural")}, "case_open_agency", "case_open_agency"},
    {"stage of an agency",
     {.agency = STR_INIT("rural"), .stage = STR_INIT("受理")},
     "case_open_agency_stage",
     "case_open_agency_stage"},
    {"closed", {.closed = true}, "case_closed", "case_closed_agency"},
    {"closed by me", {.closed = true, .mine = true}, "case_closed_owner", "case_closed_owner"},
    {"closed, of an agency", {.closed = true, .agency = STR_INIT("rural")}, "case_closed_agency", "case_closed_agency"},
};

static struct queue_filter
filter(size_t i)
{
    struct queue_filter f = filters[i].f;
    if (f.matter.n)
        f.matter = certificate->id;
    return f;
}

static void
a_page_costs_one_statement_however_long_it_is(void **state)
{
    (void)state;
    struct actor a = clerk("");
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
        for (int limit = 1; limit <= 100; limit += 33) {
            struct queue_filter f = filter(i);
            struct view *v = view_map(arena);
            f.limit = limit;
            statements = 0;
            must(service_queue(&ctx, server, &a, &f, v));
            if (statements != 1)
                fail_msg("%s, %d rows: %d statements", filters[i].name, limit, statements);
            if (view_int(view_get(v, STR("count"))) == 0)
                fail_msg("%s: nothing to see, the test proves nothing", filters[i].name);
        }
    struct view *v = view_map(arena);
    statements = 0;
    must(service_queue_subject(&ctx, server, &a, false, person.id, STR(""), v));
    assert_int_equal(statements, 2);
    assert_int_equal(view_int(view_get(v, STR("count"))), CASES);
}

static void
a_case_costs_the_same_with_many_files(void **state)
{
    (void)state;
    struct actor a = clerk("");
    struct str no = apply(CASES);
    statements = 0;
    must(service_desk_case(&ctx, server, &a, no, false, STR(""), view_map(arena)));
    int bare = statements;
    for (int i = 0; i < 435; i++) {
        int64_t id = id_next(&server->ids, ctx.now_ms);
        struct str name =
            crypto_seal(arena, &server->vault.local, str_fmt(arena, "upload/%lld", (long long)id), STR("a.pdf"));
        struct buf hex;
        buf_init(&hex, arena, 256);
        for (size_t k = 0; k < name.n; k++)
            buf_fmt(&hex, "%02x", (unsigned char)name.p[k]);
        support_sql(url.p, str_fmt(arena,
                                   "insert into upload (region, id, draft_id, case_id, material, digest, size, mime, "
                                   "name, created_ms, removed) "
                                   "select region, %lld, 0, id, '1.1', 'd', 1, 'application/pdf', x'%.*s', 0, 0 from "
                                   "case_file where no = '%.*s'",
                                   (long long)id, STR_ARG(buf_str(&hex)), STR_ARG(no))
                               .p);
    }
    struct view *v = view_map(arena);
    statements = 0;
    must(service_desk_case(&ctx, server, &a, no, false, STR(""), v));
    assert_int_equal(statements, bare);
    assert_int_equal(view_count(view_get(view_get(v, STR("case")), STR("uploads"))), 435);
}

/* --- each list has its index --- */

/* How SQLite would run the last statement: one line a table, in the order of its loops. */
static struct str
plan(void)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    struct buf b;
    buf_init(&b, arena, 256);
    assert_int_equal(sqlite3_open_v2(str_fmt(arena, "%s/jingban.db", folder.p).p, &db, SQLITE_OPEN_READONLY, NULL),
                     SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(db, str_fmt(arena, "explain query plan %s", last->text_sqlite).p, -1, &st, NULL), SQLITE_OK);
    while (sqlite3_step(st) == SQLITE_ROW)
        buf_fmt(&b, "%s\n", (const char *)sqlite3_column_text(st, 3));
    sqlite3_finalize(st);
    sqlite3_close(db);
    return buf_str(&b);
}

static void
each_list_is_a_range_of_its_own_index(void **state)
{
    (void)state;
    struct actor all = clerk(""), rural = clerk("rural");
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
        for (int limited = 0; limited < 2; limited++) {
            struct queue_filter f = filter(i);
            must(service_queue(&ctx, server, limited ? &rural : &all, &f, view_map(arena)));
            struct str p = plan();
            const char *want =
                str_fmt(arena, "INDEX %s (region=?", limited ? filters[i].agency_index : filters[i].index).p;
            if (!strstr(p.p, want) || strstr(p.p, "SCAN") || strstr(p.p, "TEMP B-TREE"))
                fail_msg("%s%s: not %s:\n%s", filters[i].name, limited ? ", one agency" : "", want, p.p);
        }
    must(service_queue_subject(&ctx, server, &rural, false, person.id, STR(""), view_map(arena)));
    assert_non_null(strstr(plan().p, "INDEX case_of_person (region=? AND person_id=?"));
}

/* --- pages --- */

static struct str
text_at(const struct view *v, const char *key)
{
    return view_text(view_get(v, str_c(key)));
}

/* Numbers on all pages of F, blank separated, in order. A hundred pages at most. */
static struct str
walk(const struct actor *a, struct queue_filter f, int *ret_n)
{
    struct buf b;
    buf_init(&b, arena, 2048);
    *ret_n = 0;
    for (int pages = 0; pages < 100; pages++) {
        struct view *v = view_map(arena);
        must(service_queue(&ctx, server, a, &f, v));
        for (const struct view *r = view_first(view_get(v, STR("cases"))); r; r = view_next(r)) {
            assert_null(strstr(buf_str(&b).p, text_at(r, "no").p));
            buf_fmt(&b, "%.*s ", STR_ARG(text_at(r, "no")));
            ++*ret_n;
        }
        f.after = text_at(v, "next");
        if (str_empty(f.after))
            return buf_str(&b);
    }
    fail_msg("%s", "pages without end");
    return STR("");
}

static void
short_pages_tell_what_one_long_page_tells(void **state)
{
    (void)state;
    struct actor a = clerk("");
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        struct queue_filter f = filter(i);
        int many, once;
        f.limit = 7;
        struct str in_parts = walk(&a, f, &many);
        f.limit = 100;
        assert_true(str_eq(in_parts, walk(&a, f, &once)));
        assert_int_equal(many, once);
    }
}

static void
who_sees_one_agency_sees_no_other(void **state)
{
    (void)state;
    struct actor all = clerk(""), rural = clerk("rural");
    int seen, there;
    walk(&rural, (struct queue_filter){.limit = 100}, &seen);
    walk(&all, (struct queue_filter){.limit = 100, .agency = STR("rural")}, &there);
    assert_int_equal(seen, there);
    assert_true(seen > 0);
    walk(&all, (struct queue_filter){.limit = 100}, &there);
    assert_true(there > seen);
    struct queue_filter other = {.agency = STR("bureau")};
    assert_int_equal(service_queue(&ctx, server, &rural, &other, view_map(arena)), ERR_FORBIDDEN);
    fail_clear(&ctx);
    struct view *v = view_map(arena);
    must(service_queue_subject(&ctx, server, &rural, false, person.id, STR(""), v));
    for (const struct view *r = view_first(view_get(v, STR("cases"))); r; r = view_next(r))
        assert_true(str_eqz(text_at(r, "agency"), "rural"));
}

static void
conditions_that_no_index_serves_together_are_refused(void **state)
{
    (void)state;
    struct actor a = clerk("");
    const struct queue_filter bad[] = {{.mine = true, .stage = STR("受理")},
                                       {.stage = STR("受理"), .matter = STR("01")},
                                       {.closed = true, .late = true},
                                       {.closed = true, .channel = STR("网上")}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(service_queue(&ctx, server, &a, &bad[i], view_map(arena)), ERR_FIELD_INVALID);
        assert_false(str_empty(ctx.fail->field[0].remedy));
        fail_clear(&ctx);
    }
}

static void
a_person_is_found_by_number_and_the_look_is_recorded(void **state)
{
    (void)state;
    struct actor a = clerk("");
    struct queue_found f;
    must(service_queue_find(&ctx, server, &a, person.id_number, &f));
    assert_int_equal(f.kind, QUEUE_FOUND_PERSON);
    assert_int_equal(f.id, person.id);
    assert_int_equal(service_queue_find(&ctx, server, &a, support_id_number(STR("42028119800101999")), &f),
                     ERR_FIELD_INVALID);
    fail_clear(&ctx);
    assert_int_equal(service_queue_find(&ctx, server, &a, STR("' or 1=1"), &f), ERR_FIELD_INVALID);
    fail_clear(&ctx);
    sqlite3 *db;
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_open_v2(str_fmt(arena, "%s/jingban.db", folder.p).p, &db, SQLITE_OPEN_READONLY, NULL),
                     SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(db, "select count(*) from look where kind = 'find' and subject_id > 0", -1, &st, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(st, 0), 1);
    sqlite3_finalize(st);
    sqlite3_close(db);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_costs_one_statement_however_long_it_is),
        cmocka_unit_test(each_list_is_a_range_of_its_own_index),
        cmocka_unit_test(short_pages_tell_what_one_long_page_tells),
        cmocka_unit_test(who_sees_one_agency_sees_no_other),
        cmocka_unit_test(conditions_that_no_index_serves_together_are_refused),
        cmocka_unit_test(a_person_is_found_by_number_and_the_look_is_recorded),
        cmocka_unit_test(a_case_costs_the_same_with_many_files),
    };
    return cmocka_run_group_tests_name("the lists", tests, set_up, support_server_down);
}
