/* Ratings: random histories of ratings, call-backs and appeals on both databases, whose statistics equal a recount kept by the test; and the
** decisions about a bad rating, edge by edge. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/rating_service.h"
#include "support/support_db.h"
#include "support/support_service.h"

enum { STEPS = 400, MATTERS = 4, POINTS = 3, CLERKS = 5, RATINGS_MAX = STEPS };

static uint64_t state;

static unsigned
roll(unsigned n)
{
    uint64_t z = state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (unsigned)((z ^ z >> 31) % n);
}

/* --- what the test itself keeps --- */

static struct kept {
    int64_t id;
    int level, matter, point, clerk, channel;
    int64_t month;
    bool excluded;
} kept[RATINGS_MAX];
static size_t kept_n;

static const char *const matters[MATTERS] = {"01", "02", "07", "10"};
static const char *const points[POINTS] = {"hall", "town", ""};
static struct data_key key;
static struct str region;

static struct actor
staff_member(int64_t id, unsigned roles)
{
    return (struct actor){.kind = ACTOR_STAFF, .id = id, .region = region, .name = STR("测试"), .roles = roles};
}

static enum err
key_body(struct ctx *c, struct tx *tx, void *arg)
{
    (void)arg;
    key = vault_key_make(id_next(&server->ids, c->now_ms));
    return vault_key_store(c, tx, &server->vault, region, &key);
}

struct new_rating {
    struct kept *k;
    struct rating r;
};

static enum err
rate_body(struct ctx *c, struct tx *tx, void *arg)
{
    struct new_rating *x = arg;
    struct rating_task_first first = {.due = day_of_ms(c->now_ms), .assignee_id = 900};
    TRY(c, rating_store(c, tx, &server->ids, &key, &first, &x->r));
    x->k->id = x->r.id;
    x->k->month = x->r.month;
    return OK;
}

static void
rate(void)
{
    struct kept *k = &kept[kept_n];
    *k = (struct kept){.level = 1 + (int)roll(5),
                       .matter = (int)roll(MATTERS),
                       .point = (int)roll(POINTS),
                       .clerk = (int)roll(CLERKS),
                       .channel = (int)roll(RATING_CHANNEL_COUNT)};
    int64_t clerk = k->clerk ? 100 + k->clerk : 0;
    struct new_rating x = {.k = k};
    x.r = (struct rating){.region = region,
                          .step = str_fmt(arena, "visit-%zu", kept_n),
                          .source = RATING_OF_VISIT,
                          .channel = (enum rating_channel)k->channel,
                          .level = k->level,
                          .matter = str_c(matters[k->matter]),
                          .agency = STR(""),
                          .point = str_c(points[k->point]),
                          .staff_id = clerk,
                          .handlers = rating_handlers(arena, &clerk, 1),
                          .tags = STR("经办机构：办事流程"),
                          .text = STR("测试")};
    must(store_write(&ctx, server->store, rate_body, &x));
    kept_n++;
    /* the same step again is refused, and nothing of it is left */
    struct new_rating again = x;
    struct kept unused = {0};
    again.k = &unused;
    assert_int_equal(store_write(&ctx, server->store, rate_body, &again), ERR_RATED);
    fail_clear(&ctx);
}

/* --- moves that may be refused --- */

static struct kept *
some_bad(void)
{
    for (int i = 0; i < 20 && kept_n; i++) {
        struct kept *k = &kept[roll((unsigned)kept_n)];
        if (rating_is_bad(k->level))
            return k;
    }
    return NULL;
}

static void
work(void)
{
    struct kept *k = some_bad();
    if (!k)
        return;
    struct actor a = staff_member(roll(2) ? 900 : 100 + (int64_t)roll(CLERKS), 1u << ROLE_WINDOW);
    struct rating_press in = {.action = roll(2) ? CALL_BACK_CALL : CALL_BACK_CLOSE,
                              .id = k->id,
                              .clear = (int)roll(2),
                              .truthful = (int)roll(2),
                              .reasonable = (int)roll(2),
                              .note = STR("打了电话"),
                              .rectification = STR("改好了"),
                              .reply = STR("已经回复")};
    enum err e = service_rating_act(&ctx, server, &a, &in);
    assert_true(e == OK || e == ERR_CASE_EDGE || e == ERR_CASE_ROLE || e == ERR_SEPARATION);
    if (a.id != 900)
        assert_int_not_equal(e, OK); //= R42
    fail_clear(&ctx);
}

static void
dispute(void)
{
    struct kept *k = some_bad();
    if (!k)
        return;
    struct actor clerk = staff_member(k->clerk ? 100 + k->clerk : 901, 1u << ROLE_WINDOW),
                 judge = staff_member(950, 1u << ROLE_SUPERVISOR);
    struct rating_appeal in = {
        .id = k->id, .ground = STR("mistaken"), .evidence = STR("评价的不是这件事"), .file_ref = STR("录像 3 号")};
    enum err e = service_rating_appeal(&ctx, server, &clerk, &in);
    fail_clear(&ctx);
    if (k->excluded)
        assert_int_not_equal(e, OK);
    if (e != OK)
        return;
    assert_int_equal(service_rating_decide(&ctx, server, &clerk, k->id, true, STR("我说了算")), ERR_CASE_ROLE);
    fail_clear(&ctx);
    bool upheld = roll(2) == 0;
    must(service_rating_decide(&ctx, server, &judge, k->id, upheld, STR("看过录像")));
    k->excluded = upheld; //= R44
}

/* --- the recount --- */

static int64_t
counted(const struct rating_group *g, size_t n, const char *name, int64_t staff_id, int level)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        if (g[i].staff_id == staff_id && (!name || str_eqz(g[i].key, name)))
            sum += g[i].level[level];
    return sum;
}

static void
compare(void)
{
    struct rating_stats st;
    SCOPED_READ tx = NULL;
    must(store_read(&ctx, server->store, &tx));
    must(rating_statistics(&ctx, tx, region, 200001, 209912, &st));
    int64_t level[6] = {0}, all = 0, excluded = 0;
    for (size_t i = 0; i < kept_n; i++) {
        excluded += kept[i].excluded;
        all += !kept[i].excluded;
        level[kept[i].level] += !kept[i].excluded;
    }
    assert_int_equal(st.total.all, all);
    assert_int_equal(st.excluded, excluded);
    for (int l = 1; l <= 5; l++) {
        assert_int_equal(st.total.level[l], level[l]);
        for (int m = 0; m < MATTERS; m++) {
            int64_t n = 0;
            for (size_t i = 0; i < kept_n; i++)
                n += kept[i].matter == m && kept[i].level == l && !kept[i].excluded;
            assert_int_equal(counted(st.matter, st.matters, matters[m], 0, l), n);
        }
        for (int p = 0; p < POINTS; p++) {
            int64_t n = 0;
            for (size_t i = 0; i < kept_n; i++)
                n += kept[i].point == p && kept[i].level == l && !kept[i].excluded;
            assert_int_equal(counted(st.point, st.points, points[p], 0, l), n);
        }
        for (int c = 0; c < RATING_CHANNEL_COUNT; c++) {
            int64_t n = 0;
            for (size_t i = 0; i < kept_n; i++)
                n += kept[i].channel == c && kept[i].level == l && !kept[i].excluded;
            assert_int_equal(counted(st.channel, st.channels, rating_channel_id((enum rating_channel)c), 0, l), n);
        }
        for (int s = 1; s < CLERKS; s++) {
            int64_t n = 0;
            for (size_t i = 0; i < kept_n; i++)
                n += kept[i].clerk == s && kept[i].level == l && !kept[i].excluded;
            assert_int_equal(counted(st.staff, st.staffs, NULL, 100 + s, l), n);
        }
    }
    int64_t by_month = 0;
    for (size_t i = 0; i < st.months; i++)
        by_month += st.month[i].all;
    assert_int_equal(by_month, all);
}

static void
histories(bool postgres)
{
    struct rating_check check;
    const char *given = getenv("JINGBAN_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : 20261123;
    state = seed;
    printf("seed %llu%s\n", (unsigned long long)seed, postgres ? " on PostgreSQL" : "");
    kept_n = 0;
    support_server_up("rating", postgres);
    region = STR("421300");
    must(store_write(&ctx, server->store, key_body, NULL));
    for (int i = 0; i < STEPS; i++) {
        unsigned what = roll(10);
        if (what < 5 || kept_n == 0)
            rate();
        else if (what < 8)
            work();
        else
            dispute();
        if (roll(12) == 0)
            ctx.now_ms += (int64_t)roll(40) * 24 * 3600 * 1000;
        if (i % 80 == 79)
            compare();
    }
    compare();
    must(service_rating_check(&ctx, server, region, &check));
    assert_int_equal(check.broken, 0);
    assert_int_equal(check.ratings, (int64_t)kept_n);
    /* and the recount finds what is wrong: one row changed behind its back */
    support_sql(
        url.p, "update rating_about set excluded = 1 where id = (select min(id) from rating_about where excluded = 0)");
    support_sql(url.p, "delete from call_back where rating_id = (select min(rating_id) from call_back)");
    must(service_rating_check(&ctx, server, region, &check));
    assert_true(check.broken >= 2);
    void *none = NULL;
    assert_int_equal(support_server_down(&none), 0);
}

static void
statistics_equal_a_recount(void **unused)
{
    (void)unused;
    histories(false);
}

static void
statistics_equal_a_recount_pg(void **unused)
{
    (void)unused;
    if (!support_pg())
        skip();
    histories(true);
}

/* --- one reminder, never two --- */

struct reminding {
    int64_t *ids;
    size_t n;
    bool offers;
    int64_t case_id;
};

static enum err
remind_body(struct ctx *c, struct tx *tx, void *arg)
{
    struct reminding *x = arg;
    struct day today = day_of_ms(c->now_ms);
    if (!x->offers)
        return rating_reminders_due(c, tx, region, today, 2, &x->ids, &x->n);
    struct rating_offer o = {.case_id = x->case_id,
                             .matter = STR("01"),
                             .point = STR("hall"),
                             .staff_id = 101,
                             .closed_ms = c->now_ms,
                             .remind = day_add(today, 1)};
    TRY(c, rating_offer_make(c, tx, region, &o));
    o.remind = today; /* the same case again changes nothing */
    return rating_offer_make(c, tx, region, &o);
}

static size_t
due_now(void)
{
    struct reminding x = {0};
    must(store_write(&ctx, server->store, remind_body, &x));
    return x.n;
}

static void
reminded_once(bool postgres)
{
    support_server_up("remind", postgres);
    region = STR("421300");
    must(store_write(&ctx, server->store, key_body, NULL));
    for (int64_t id = 1; id <= 4; id++) {
        struct reminding x = {.offers = true, .case_id = id};
        must(store_write(&ctx, server->store, remind_body, &x));
    }
    struct kept k = {0};
    struct new_rating rated = {.k = &k};
    rated.r = (struct rating){.region = region, .case_id = 4, .step = STR("accept"), .level = 2, .handlers = STR(" ")};
    must(store_write(&ctx, server->store, rate_body, &rated)); /* who has rated is not asked */
    assert_int_equal(due_now(), 0);
    ctx.now_ms += 24 * 3600 * 1000;
    assert_int_equal(due_now(), 2); /* at most two at a time */
    assert_int_equal(due_now(), 1);
    assert_int_equal(due_now(), 0);
    ctx.now_ms += INT64_C(400) * 24 * 3600 * 1000;
    assert_int_equal(due_now(), 0);
    void *none = NULL;
    assert_int_equal(support_server_down(&none), 0);
}

//= R49
static void
a_reminder_is_given_out_once(void **unused)
{
    (void)unused;
    reminded_once(false);
    if (support_pg())
        reminded_once(true);
}

/* --- decisions --- */

struct edge {
    struct rating r;
    struct call_back cb, after;
    struct call_back_command cmd;
};

static struct edge
bad_one(enum call_back_state at)
{
    struct edge x = {.r = {.id = 1, .region = region, .level = 5, .staff_id = 7, .handlers = STR(" 7 8 ")}};
    x.cb = (struct call_back){.rating_id = 1,
                              .region = region,
                              .assignee_id = 20,
                              .state = at,
                              .due = {20000},
                              .next = {20000},
                              .rectify = DAY_NONE};
    x.cmd = (struct call_back_command){.action = CALL_BACK_CALL,
                                       .actor = staff_member(20, 1u << ROLE_WINDOW),
                                       .now_ms = ctx.now_ms,
                                       .clear = 1,
                                       .truthful = 1,
                                       .reasonable = 1,
                                       .note = STR("打通了"),
                                       .rectify_days = 5};
    return x;
}

static enum err
decide(struct edge *x)
{
    fail_clear(&ctx);
    return call_back_decide(&ctx, catalog_calendar(catalog), &x->r, &x->cb, &x->cmd, &x->after);
}

//= R42 R43
static void
who_may_and_what_follows(void **unused)
{
    (void)unused;
    (void)support_catalog_up(NULL);
    region = STR("410400");
    unsigned everything = (1u << ROLE_COUNT) - 1;
    for (int action = 0; action < CALL_BACK_ACTION_COUNT; action++)
        for (int64_t who = 7; who <= 8; who++) { /* both who worked on it, with every role there is */
            struct edge x = bad_one(CALL_BACK_OPEN);
            x.cmd.action = (enum call_back_action)action;
            x.cb.assignee_id = who;
            x.cmd.actor = staff_member(who, everything);
            assert_int_equal(decide(&x), ERR_SEPARATION);
        }
    struct edge x = bad_one(CALL_BACK_OPEN);
    x.cmd.actor = staff_member(21, everything); /* not the named person */
    assert_int_equal(decide(&x), ERR_CASE_ROLE);
    for (int bits = 0; bits < 8; bits++) {
        x = bad_one(CALL_BACK_OPEN);
        x.cmd.clear = bits & 1;
        x.cmd.truthful = bits >> 1 & 1;
        x.cmd.reasonable = bits >> 2 & 1;
        assert_int_equal(decide(&x), OK);
        assert_int_equal(x.after.state, bits == 7 ? CALL_BACK_RECTIFYING : CALL_BACK_CHECKED);
        assert_int_equal(day_is_none(x.after.rectify), bits != 7);
    }
    x = bad_one(CALL_BACK_OPEN);
    x.cmd.clear = -1;
    x.cmd.note = STR("");
    assert_int_equal(decide(&x), ERR_FIELD_INVALID);
    assert_int_equal(ctx.fail->field_count, 2);
    x = bad_one(CALL_BACK_RECTIFYING); /* both are needed */
    x.cmd.action = CALL_BACK_CLOSE;
    x.cmd.rectification = STR("增设了窗口");
    assert_int_equal(decide(&x), ERR_FIELD_INVALID);
    x.cmd.reply = STR("已电话回复");
    assert_int_equal(decide(&x), OK);
    assert_int_equal(x.after.ended, CALL_BACK_RECTIFIED);
    x = bad_one(CALL_BACK_CHECKED);
    x.cmd.action = CALL_BACK_CLOSE;
    assert_int_equal(decide(&x), ERR_FIELD_INVALID);
    x.cmd.rectification = STR("评价的是别的单位");
    assert_int_equal(decide(&x), OK);
    assert_int_equal(x.after.ended, CALL_BACK_ANSWERED);
    x = bad_one(CALL_BACK_OPEN); /* not before the call */
    x.cmd.action = CALL_BACK_CLOSE;
    assert_int_equal(decide(&x), ERR_CASE_EDGE);
    x = bad_one(CALL_BACK_OPEN);
    x.cmd.action = CALL_BACK_ASSIGN;
    x.cmd.actor = staff_member(30, 1u << ROLE_SUPERVISOR);
    x.cmd.to_staff = 8; /* worked on it */
    x.cmd.to_active = x.cmd.to_owner = true;
    x.cmd.to_roles = 1u << ROLE_WINDOW;
    assert_int_equal(decide(&x), ERR_SEPARATION);
    x.cmd.to_staff = 22;
    x.cmd.to_owner = false;
    assert_int_equal(decide(&x), ERR_FIELD_INVALID);
    x.cmd.to_owner = true;
    x.cmd.to_roles = 1u << ROLE_ADMIN;
    assert_int_equal(decide(&x), ERR_FIELD_INVALID);
    x.cmd.to_roles = 1u << ROLE_REVIEW;
    assert_int_equal(decide(&x), OK);
    assert_int_equal(x.after.assignee_id, 22);
    void *none = NULL;
    assert_int_equal(support_catalog_down(&none), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_may_and_what_follows), cmocka_unit_test(a_reminder_is_given_out_once),
        cmocka_unit_test(statistics_equal_a_recount), cmocka_unit_test(statistics_equal_a_recount_pg)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
