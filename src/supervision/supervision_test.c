/* Complaints and circulars as rows, on SQLite always and on PostgreSQL when JINGBAN_TEST_PG names a database. The exchange between two regions
** is driven at random with deliveries cut off in the middle; the seed is printed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "supervision/circular.h"
#include "supervision/complaint.h"
#include "support/support_db.h"

static const struct str CITY = STR_INIT("990001"), COUNTY = STR_INIT("990002");
static const int64_t T0 = SUPPORT_NOW_MS;

struct fixture {
    struct arena *a;
    struct ctx ctx;
    struct store *store;
    struct vault vault;
    struct str dir;
    int64_t id;
};

#define assert_ok(f, call) SUPPORT_OK(&(f)->ctx, call)

static int
setup(void **state, bool pg)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->a = arena_new(0);
    f->ctx = ctx_new(f->a, T0);
    f->id = 1000;
    assert_ok(f, crypto_start(&f->ctx));
    f->dir = support_folder(f->a, "supervision");
    struct store_options opt = {.url = pg ? support_pg_schema(f->a, "supervision_test")
                                          : str_fmt(f->a, "sqlite:%s/store.db", f->dir.p)};
    int n;
    assert_ok(f, store_open(&f->ctx, &opt, &f->store));
    assert_ok(f, store_migrate(&f->ctx, f->store, &n));
    assert_ok(f, vault_open(&f->ctx, f->dir, &f->vault));
    *state = f;
    return 0;
}

static int
setup_sqlite(void **state)
{
    return setup(state, false);
}

static int
setup_pg(void **state)
{
    return setup(state, true);
}

static int
teardown(void **state)
{
    struct fixture *f = *state;
    store_close(f->store);
    support_folder_remove(f->dir);
    arena_free(f->a);
    crypto_stop();
    free(f);
    return 0;
}

static enum err
run(struct fixture *f, store_body body, void *arg)
{
    fail_clear(&f->ctx);
    return store_write(&f->ctx, f->store, body, arg);
}

/* --- the exchange --- */

struct issue {
    struct fixture *f;
    struct circular c;
    struct rectification r;
    struct turn t;
    int64_t post[2];
    bool replayed;
};

static enum err
issue_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct issue *i = arg;
    TRY(ctx, circular_issue(ctx, tx, STR("0123"), &i->post[0], &i->c, &i->replayed));
    return i->replayed ? OK : rectification_issue(ctx, tx, i->post[1], &i->t, &i->r);
}

static struct issue
issue(struct fixture *f)
{
    struct issue i = {.f = f, .post = {f->id + 1, f->id + 2}};
    f->id += 10;
    i.c = (struct circular){.region = CITY,
                            .origin = CITY,
                            .id = f->id + 3,
                            .title = STR("通报"),
                            .body = STR("正文"),
                            .issuer_name = STR("某人"),
                            .issuer_agency = STR("某局"),
                            .addressed = COUNTY,
                            .is_public = true,
                            .created_ms = T0,
                            .arrived_ms = T0};
    i.r = (struct rectification){.region = CITY,
                                 .origin = CITY,
                                 .id = f->id + 4,
                                 .circular_id = i.c.id,
                                 .county = COUNTY,
                                 .title = STR("清理"),
                                 .responsible = STR(""),
                                 .due = day_of_ms(T0),
                                 .answered = DAY_NONE};
    i.t = (struct turn){.kind = TURN_OPEN, .text = STR("清理"), .at_ms = T0, .due = day_of_ms(T0)};
    assert_ok(f, run(f, issue_body, &i));
    return i;
}

static enum err
receive_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    return post_receive(ctx, tx, arg);
}

static enum err
delivered_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    return post_delivered(ctx, tx, arg);
}

/* Carries what FROM has; with CUT the process ends after the first receipt, before it is marked. */
static size_t
deliver(struct fixture *f, struct str from, bool cut)
{
    struct post *p;
    size_t n;
    struct tx *tx;
    assert_ok(f, store_read(&f->ctx, f->store, &tx));
    assert_ok(f, posts_pending(&f->ctx, tx, from, 100, &p, &n));
    store_read_end(tx);
    for (size_t i = 0; i < n; i++) {
        assert_ok(f, run(f, receive_body, &p[i]));
        if (cut)
            return n;
        assert_ok(f, run(f, delivered_body, &p[i]));
    }
    return n;
}

struct move {
    struct fixture *f;
    struct str region;
    int64_t task;
    struct turn t;
};

static enum err
move_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct move *m = arg;
    struct rectification r;
    TRY(ctx, rectification_get(ctx, tx, m->region, CITY, m->task, &r));
    return rectification_take_turn(ctx, tx, &r, &m->t, ++m->f->id);
}

static enum err
move(struct fixture *f, struct str region, int64_t task, enum turn_kind kind)
{
    struct move m = {.f = f, .region = region, .task = task};
    m.t = (struct turn){
        .kind = kind, .text = str_fmt(f->a, "第 %lld 步", (long long)f->id), .at_ms = T0, .due = day_of_ms(T0)};
    f->id += 2;
    return run(f, move_body, &m);
}

struct copy {
    bool there;
    struct rectification r;
    struct turn *t;
    size_t n;
};

static struct copy
copy_of(struct fixture *f, struct str region, int64_t task)
{
    struct copy c = {0};
    struct tx *tx;
    fail_clear(&f->ctx);
    assert_ok(f, store_read(&f->ctx, f->store, &tx));
    enum err e = rectification_get(&f->ctx, tx, region, CITY, task, &c.r);
    c.there = e == OK;
    if (!c.there)
        assert_int_equal(e, ERR_NOT_FOUND);
    if (c.there)
        assert_ok(f, rectification_turns(&f->ctx, tx, &c.r, &c.t, &c.n));
    store_read_end(tx);
    fail_clear(&f->ctx);
    return c;
}

/* A copy is complete up to its round, and one copy is the beginning of the other. */
static void
check_copies(struct fixture *f, int64_t task)
{
    struct copy city = copy_of(f, CITY, task), county = copy_of(f, COUNTY, task);
    assert_true(city.there);
    assert_int_equal(city.n, city.r.round);
    if (!county.there)
        return;
    assert_int_equal(county.n, county.r.round);
    for (size_t i = 0; i < city.n && i < county.n; i++) {
        assert_int_equal(city.t[i].round, i);
        assert_int_equal(county.t[i].round, i);
        assert_int_equal(city.t[i].kind, county.t[i].kind);
        assert_true(str_eq(city.t[i].text, county.t[i].text));
    }
    size_t apart = city.n > county.n ? city.n - county.n : county.n - city.n;
    assert_in_range(apart, 0, 1);
}

static void
exchange_survives_cuts(void **state) //= R286
{
    struct fixture *f = *state;
    const char *given = getenv("JINGBAN_SEED");
    unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
    printf("seed %u\n", seed);
    srandom(seed);
    struct issue i = issue(f);
    for (int step = 0; step < 400; step++) {
        struct copy before = copy_of(f, CITY, i.r.id), there = copy_of(f, COUNTY, i.r.id);
        enum turn_kind kind = (enum turn_kind)(TURN_ANSWER + random() % 2); /* accepted at the end only */
        bool county = random() % 2;
        enum err e;
        switch (random() % 3) {
        case 0:
            deliver(f, random() % 2 ? CITY : COUNTY, random() % 2);
            break;
        default:
            e = move(f, county ? COUNTY : CITY, i.r.id, kind);
            if (county && !there.there)
                assert_int_equal(e, ERR_NOT_FOUND);
            else if (county)
                assert_int_equal(e,
                                 kind == TURN_ANSWER && there.r.state != RECTIFICATION_ANSWERED ? OK : ERR_CASE_EDGE);
            else
                assert_int_equal(e,
                                 kind == TURN_RETURN && before.r.state == RECTIFICATION_ANSWERED ? OK : ERR_CASE_EDGE);
        }
        check_copies(f, i.r.id);
    }
    while (deliver(f, CITY, false) + deliver(f, COUNTY, false))
        ;
    if (copy_of(f, CITY, i.r.id).r.state != RECTIFICATION_ANSWERED)
        assert_ok(f, move(f, COUNTY, i.r.id, TURN_ANSWER));
    deliver(f, COUNTY, true);
    deliver(f, COUNTY, false);
    assert_ok(f, move(f, CITY, i.r.id, TURN_ACCEPT));
    deliver(f, CITY, true);
    deliver(f, CITY, false);
    check_copies(f, i.r.id);
    struct copy city = copy_of(f, CITY, i.r.id), county = copy_of(f, COUNTY, i.r.id);
    assert_int_equal(city.n, county.n);
    assert_in_range(city.n, 3, 1000);
    assert_int_equal(county.r.state, RECTIFICATION_ACCEPTED);
    assert_int_equal(move(f, COUNTY, i.r.id, TURN_ANSWER), ERR_CASE_EDGE);
    assert_int_equal(deliver(f, CITY, false) + deliver(f, COUNTY, false), 0);
}

static void
circular_arrives_once(void **state)
{
    struct fixture *f = *state;
    struct issue i = issue(f), again = {.f = f, .c = i.c, .post = {f->id + 100, f->id + 101}};
    struct circular c;
    struct tx *tx;
    again.c.id = f->id + 99;
    assert_ok(f, run(f, issue_body, &again));
    assert_true(again.replayed);
    assert_int_equal(again.c.id, i.c.id);
    deliver(f, CITY, true);
    deliver(f, CITY, false);
    assert_int_equal(deliver(f, CITY, false), 0);
    assert_ok(f, store_read(&f->ctx, f->store, &tx));
    assert_ok(f, circular_get(&f->ctx, tx, COUNTY, CITY, i.c.id, &c));
    store_read_end(tx);
    assert_true(str_eqz(c.body, "正文"));
    assert_false(c.is_public); /* published by its own city only */
}

static void
late_is_by_whose_turn_it_is(void **state)
{
    (void)state;
    struct day due = day_of_ms(T0), after = day_add(due, 1);
    struct rectification r = {.due = due, .answered = DAY_NONE, .state = RECTIFICATION_OPEN};
    assert_false(rectification_late(&r, due));
    assert_true(rectification_late(&r, after));
    r.state = RECTIFICATION_ANSWERED;
    r.answered = due;
    assert_false(rectification_late(&r, day_add(due, 30))); /* the city takes its time: not the county's fault */
    r.answered = after;
    assert_true(rectification_late(&r, after));
    r.state = RECTIFICATION_ACCEPTED;
    assert_false(rectification_late(&r, day_add(due, 30)));
}

/* --- complaints --- */

struct filing {
    struct fixture *f;
    struct data_key key;
    struct complaint_new in;
    struct complaint c;
    struct complaint_step step;
    bool replayed, close;
};

static enum err
file_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct filing *w = arg;
    return complaint_insert(ctx, tx, &w->f->vault, &w->key, &w->in, &w->c, &w->replayed);
}

static enum err
act_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct filing *w = arg;
    return w->close ? complaint_close(ctx, tx, &w->f->vault, &w->c, &w->step)
                    : complaint_assign(ctx, tx, &w->f->vault, &w->c, &w->step);
}

static struct filing
filing(struct fixture *f, const char *text, const char *idem)
{
    struct filing w = {.f = f, .key = vault_key_make(++f->id)};
    w.in = (struct complaint_new){.code = STR("ABCDEFGHJK"), .idem_digest = str_c(idem), .request_digest = str_c(text)};
    w.c = (struct complaint){.region = CITY,
                             .id = ++f->id,
                             .matter = STR(""),
                             .case_no = STR(""),
                             .text = str_c(text),
                             .target = STR(""),
                             .contact = STR("13900001111"),
                             .taken_name = STR(""),
                             .basis = STR(""),
                             .received_ms = T0,
                             .created_ms = T0,
                             .workdays = 15,
                             .due = day_add(day_of_ms(T0), 21)};
    return w;
}

static void
complaint_lives_once(void **state) //= R8
{
    struct fixture *f = *state;
    struct filing w = filing(f, "等了两个小时", "k1"), same = filing(f, "等了两个小时", "k1"),
                  other = filing(f, "别的内容", "k1"), next = filing(f, "又一件", "k2");
    struct complaint c;
    struct complaint_step *step;
    size_t n;
    struct tx *tx;
    assert_ok(f, run(f, file_body, &w));
    assert_ok(f, run(f, file_body, &same));
    assert_true(same.replayed && same.c.id == w.c.id && str_eq(same.c.no, w.c.no));
    assert_int_equal(run(f, file_body, &other), ERR_IDEMPOTENCY);
    assert_ok(f, run(f, file_body, &next));
    assert_true(str_eqz(w.c.no, "TS990001-2026-000001") && str_eqz(next.c.no, "TS990001-2026-000002"));
    fail_clear(&f->ctx);
    assert_ok(f, store_read(&f->ctx, f->store, &tx));
    assert_int_equal(complaint_open_with(&f->ctx, tx, &f->vault, CITY, w.c.no, STR("AAAAAAAAAA"), &c), ERR_NOT_FOUND);
    fail_clear(&f->ctx);
    assert_int_equal(complaint_open_with(&f->ctx, tx, &f->vault, COUNTY, w.c.no, w.in.code, &c), ERR_NOT_FOUND);
    fail_clear(&f->ctx);
    assert_ok(f, complaint_open_with(&f->ctx, tx, &f->vault, CITY, w.c.no, w.in.code, &c));
    store_read_end(tx);
    assert_true(str_eqz(c.text, "等了两个小时") && str_eqz(c.contact, "13900001111"));
    assert_int_equal(c.seq, 1);

    struct filing act = {.f = f, .c = c, .step = {.kind = STR("assigned"), .person = STR("甲"), .at_ms = T0}};
    act.c.owner_id = 7;
    assert_ok(f, run(f, act_body, &act));
    assert_int_equal(run(f, act_body, &act), ERR_CONFLICT); /* it was read before */
    act.close = true;
    act.c.seq = 2;
    act.c.state = COMPLAINT_ANSWERED;
    act.c.answer = STR("已修好");
    act.c.closed_ms = T0;
    act.c.transfer_to = act.c.closed_name = act.c.public_title = act.c.public_text = STR("");
    act.step = (struct complaint_step){.kind = STR("answered"), .at_ms = T0, .note = STR("话")};
    assert_ok(f, run(f, act_body, &act));
    act.c.seq = 3;
    assert_int_equal(run(f, act_body, &act), ERR_CONFLICT); /* answered once */
    fail_clear(&f->ctx);
    assert_ok(f, store_read(&f->ctx, f->store, &tx));
    assert_ok(f, complaint_get(&f->ctx, tx, &f->vault, CITY, w.c.id, &c));
    assert_ok(f, complaint_steps(&f->ctx, tx, &f->vault, &c, &step, &n));
    store_read_end(tx);
    assert_true(str_eqz(c.answer, "已修好"));
    assert_int_equal(n, 3);
    assert_true(str_eqz(step[1].person, "甲") && str_eqz(step[2].note, "话"));
}

#define ON_SQLITE(t) cmocka_unit_test_setup_teardown(t, setup_sqlite, teardown)
#define ON_PG(t)                                                                                                       \
    {                                                                                                                  \
        "pg " #t, t, setup_pg, teardown, NULL                                                                          \
    }

int
main(void)
{
    const struct CMUnitTest sqlite[] = {
        ON_SQLITE(exchange_survives_cuts),
        ON_SQLITE(circular_arrives_once),
        ON_SQLITE(complaint_lives_once),
        cmocka_unit_test(late_is_by_whose_turn_it_is),
    };
    const struct CMUnitTest pg[] = {
        ON_PG(exchange_survives_cuts),
        ON_PG(circular_arrives_once),
        ON_PG(complaint_lives_once),
    };
    int failed = cmocka_run_group_tests(sqlite, NULL, NULL);
    if (support_pg())
        failed += cmocka_run_group_tests(pg, NULL, NULL);
    return failed;
}
