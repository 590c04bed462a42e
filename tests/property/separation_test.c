/* Separation of duties under pressure: random rosters, random commands on every matter, and an oracle that keeps its own
** list of who did what and judges every event by its own tables. It shares nothing with case/stage.c and case/lifecycle.c
** but the vocabulary. JINGBAN_SEED and JINGBAN_CASES choose other sequences and how many. */
#include <stdlib.h>
#include <string.h>

#include "separation_oracle.h"

enum { SEQUENCES = 2000, COMMANDS = 90, PEOPLE_MAX = 16, PIECES_MAX = 160 };

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

/* --- one sequence --- */

struct run {
    struct ctx ctx;
    struct case_file *cf, *before;
    struct oracle oracle;
    struct actor person[PEOPLE_MAX];
    int people;
    int64_t now_ms;
    struct case_material *list; /* that completes the case, once it was looked for */
    size_t list_count;
};

/* Not a test of nothing: what all sequences together came through. */
static struct {
    long events, refused[ERR_COUNT], ended[CASE_STATUS_COUNT], action[CASE_ACTION_COUNT];
    bool passed[STAGE_COUNT], signed_kind[STAGE_COUNT];
} seen;

static void
random_people(struct run *r)
{
    bool admins = once_in(6); /* everybody may everything: separation must hold all the same */
    r->people = between(admins ? 2 : 6, PEOPLE_MAX);
    for (int i = 0; i < r->people; i++) {
        unsigned roles = (1u << ROLE_COUNT) - 1;
        if (!admins && !once_in(5)) {
            roles = 0;
            for (int k = between(1, 4); k > 0; k--)
                roles |= 1u << between(0, ROLE_COUNT - 1);
        }
        r->person[i] = (struct actor){.kind = ACTOR_STAFF, .id = 100 + i, .region = r->cf->region, .roles = roles};
    }
}

static void
random_facts(struct run *r)
{
    size_t *fact, n;
    struct facts *f = &r->cf->facts;
    checklist_questions(&r->ctx, catalog, r->cf->matter, f, &fact, &n);
    for (size_t i = 0; i < n; i++) {
        const struct fact_def *def = &f->dict->fact[fact[i]];
        if (once_in(6))
            continue;
        if (def->type == FACT_BOOL)
            f->value[fact[i]] = value_bool(once_in(2));
        else if (def->type == FACT_CHOICE)
            f->value[fact[i]] = value_text(def->values[between(0, (int)def->value_count - 1)]);
        else if (def->type == FACT_NUMBER)
            f->value[fact[i]] = value_int(between(0, 40));
    }
}

static void
begin(struct run *r, struct arena *a, const struct matter *m)
{
    *r = (struct run){.ctx = ctx_new(a, SUPPORT_NOW_MS)};
    struct day d;
    assert_true(day_from_ymd(2026, 1, 1, &d));
    r->now_ms = day_start_ms(day_add(d, between(0, 330))) + (int64_t)between(0, 86399) * 1000;
    r->before = ARENA_NEW(a, struct case_file);
    r->cf = ARENA_NEW(a, struct case_file);
    *r->cf = (struct case_file){.region = m->region->code,
                                .id = 1,
                                .no = STR("1"),
                                .matter = m,
                                .matter_id = m->id,
                                .channel = CHANNEL_ONLINE,
                                .masked = STR("张*"),
                                .applicant_name = STR("张三"),
                                .access_hex = STR("00"),
                                .delivery = once_in(3) ? STR("快递") : STR(""),
                                .due = DAY_NONE,
                                .legal = DAY_NONE,
                                .stage_due = DAY_NONE,
                                .facts = facts_new(a, catalog_dict(catalog))};
    random_people(r);
    oracle_begin(&r->oracle, a, m);
    if (!once_in(4))
        random_facts(r);
}

/* --- what a command carries --- */

static struct str
random_value(struct run *r, const struct record_field *f)
{
    struct str rest = str_c(f->choice), one = STR_NONE, kept = STR_NONE;
    if (once_in(12))
        return once_in(2) ? STR("  ") : STR("不是这样写的");
    switch (f->type) {
    case RECORD_DAY:
        return day_text(r->ctx.arena, day_add(day_of_ms(r->now_ms), once_in(15) ? 1 : -between(0, 5)));
    case RECORD_CHOICE:
        if (f->must && !once_in(8))
            return str_c(f->must);
        for (int i = 1; str_split(&rest, '|', &one); i++)
            if (once_in(i))
                kept = one;
        return kept;
    case RECORD_CHECK:
        return once_in(15) ? STR("0") : STR("1");
    case RECORD_NUMBER:
        return once_in(10) ? STR("-3") : STR("12");
    default:
        return STR("照实登记");
    }
}

static struct view *
random_record(struct run *r, bool sign)
{
    const struct stage *st = case_stage(r->cf);
    if (!st || once_in(25))
        return NULL;
    const struct stage_rule *rule = stage_rule(st->kind);
    struct record_field asked[CASE_FIELDS_MAX]; /* a stage may ask for more than its rule */
    const struct record_field *f = sign ? rule->sign_field : asked;
    size_t n = case_stage_fields(r->cf, asked);
    n = sign ? rule->sign_field_count : n;
    struct view *v = view_map(r->ctx.arena);
    for (size_t i = 0; i < n; i++)
        if (f[i].required ? !once_in(25) : once_in(2))
            view_put_text(v, f[i].id, random_value(r, &f[i]));
    if (rule->publicity && !sign && !view_get(v, STR("days")))
        view_put_text(v, "days", once_in(10) ? STR("999") : STR("3"));
    return v;
}

static void
add_leaf(struct run *r, const struct material *m, enum material_state s)
{
    if (r->list_count < PIECES_MAX)
        r->list[r->list_count++] = (struct case_material){.key = m->key, .name = m->name, .note = STR(""), .state = s};
}

/* Ticks leaves until nothing is missing. */
static void
complete(struct run *r)
{
    bool has[512] = {0};
    for (int turn = 0; turn < PIECES_MAX; turn++) {
        struct gap *gaps;
        size_t open;
        checklist_gaps(&r->ctx, r->cf->matter, &r->cf->facts, (struct given){.leaf = has}, &gaps, &open);
        if (open == 0)
            return;
        const struct material *m = gaps[0].material;
        while (m->node != MATERIAL_LEAF) {
            const struct material *inner = NULL;
            for (size_t i = 0; i < m->child_count && !inner; i++)
                if (!material_satisfied(&m->child[i], &r->cf->facts, (struct given){.leaf = has}) &&
                    material_need(&m->child[i], &r->cf->facts) != NEED_NO)
                    inner = &m->child[i];
            assert_non_null(inner);
            m = inner;
        }
        has[m->index] = true;
        add_leaf(r, m, MATERIAL_CHECKED);
    }
    fail_msg("%s cannot be completed", str_z(r->ctx.arena, r->cf->matter->id));
}

static void
put_materials(struct run *r, struct case_command *cmd)
{
    r->list = ARENA_ARRAY(r->ctx.arena, PIECES_MAX, struct case_material);
    r->list_count = 0;
    if (cmd->action == CASE_LIST) {
        for (int i = between(once_in(12) ? 0 : 1, 3); i > 0; i--)
            r->list[r->list_count++] = (struct case_material){
                .key = str_fmt(r->ctx.arena, "x%d", i), .name = STR("证明"), .note = STR(""), .state = MATERIAL_GIVEN};
    } else {
        complete(r);
        for (size_t i = 0; i < r->cf->material_count && r->list_count < PIECES_MAX; i++)
            if (r->cf->material[i].key.p[0] == 'x')
                r->list[r->list_count++] = r->cf->material[i];
        for (size_t i = 0; i < r->list_count; i++)
            if (cmd->action == CASE_NOTICE ? once_in(3) : once_in(120))
                r->list[i].state = once_in(2) ? MATERIAL_ABSENT : MATERIAL_REJECTED;
            else if (cmd->action == CASE_ACCEPT && once_in(60))
                r->list[i].state = MATERIAL_TOLERATED;
        if (once_in(60))
            r->list[r->list_count++] =
                (struct case_material){.key = STR("99.9"), .name = STR("没有这项"), .note = STR("")};
        if (cmd->action == CASE_SHARE && r->list_count > 1)
            r->list_count = 1;
    }
    cmd->material = r->list;
    cmd->material_count = r->list_count;
}

static void
put_candidates(struct run *r, struct case_command *cmd)
{
    const struct stage *st = case_stage(r->cf);
    int64_t *id = ARENA_ARRAY(r->ctx.arena, PEOPLE_MAX, int64_t);
    for (int i = 0; i < r->people; i++)
        if (st && (actor_has(&r->person[i], stage_rule(st->kind)->panel_role) || once_in(40)))
            id[cmd->candidate_count++] = r->person[i].id;
    cmd->candidate = id;
    cmd->seed = str_fmt(r->ctx.arena, "%llu", (unsigned long long)next());
}

static int64_t
open_objection(const struct case_file *cf)
{
    for (size_t i = 0; i < cf->objection_count; i++)
        if (str_empty(cf->objection[i].answer))
            return cf->objection[i].seq;
    return 0;
}

static struct case_command
command(struct run *r, enum case_action action, const struct actor *a)
{
    struct case_command cmd = {.action = action, .actor = *a, .now_ms = r->now_ms};
    cmd.reason = once_in(12) ? STR(" ") : STR("情况属实");
    cmd.delivery = STR("窗口领取");
    cmd.rating = between(0, 6);
    cmd.channel = STR("window");
    cmd.to_staff = once_in(10) ? 0 : r->person[between(0, r->people - 1)].id;
    cmd.pause = (enum pause_kind)between(0, PAUSE_KIND_COUNT - 1);
    cmd.day_given = once_in(3);
    cmd.day = day_add(day_of_ms(r->now_ms), between(-1, 20));
    cmd.level_known = once_in(15);
    cmd.level = (enum level_kind)between(0, LEVEL_COUNT - 1);
    cmd.source = STR("民政部门数据");
    cmd.objection = once_in(8) ? 7 : open_objection(r->cf);
    cmd.upheld = once_in(4);
    if (action == CASE_PASS || action == CASE_SIGN || action == CASE_OPEN)
        cmd.record = random_record(r, action == CASE_SIGN);
    if (action == CASE_DRAW)
        put_candidates(r, &cmd);
    if (action == CASE_LIST || action == CASE_ACCEPT || action == CASE_NOTICE || action == CASE_SUPPLEMENT ||
        action == CASE_SHARE)
        put_materials(r, &cmd);
    return cmd;
}

/* --- carrying it out --- */

static struct str
events_json(struct run *r, const struct decision *d)
{
    struct buf b;
    buf_init(&b, r->ctx.arena, 1000);
    for (size_t i = 0; i < d->event_count; i++) {
        buf_fmt(&b, "%.*s", STR_ARG(d->event[i].kind));
        view_json(d->event[i].payload, &b);
    }
    return buf_str(&b);
}

static void
take(struct run *r, const struct case_command *cmd, const struct decision *d)
{
    int64_t staff = cmd->actor.kind == ACTOR_STAFF ? cmd->actor.id : 0;
    assert_true(d->event_count > 0);
    for (size_t i = 0; i < d->event_count; i++) {
        struct buf b;
        struct view *stored; /* the fold sees what will be read back, not what was decided */
        buf_init(&b, r->ctx.arena, 500);
        view_json(d->event[i].payload, &b);
        SUPPORT_OK(&r->ctx, view_from_json(&r->ctx, buf_str(&b), &stored));
        oracle_judge(&r->oracle, r->cf, &cmd->actor, d->event[i].kind, cmd->now_ms, stored);
        if (r->cf->status == CASE_NONE)
            *r->cf = (struct case_file){
                .region = r->cf->region, .id = 1, .due = DAY_NONE, .legal = DAY_NONE, .stage_due = DAY_NONE};
        SUPPORT_OK(&r->ctx, case_fold(&r->ctx, catalog, r->cf, d->event[i].kind, cmd->now_ms, staff, stored));
        seen.events++;
    }
    oracle_compare(&r->oracle, r->cf);
}

static enum err
act(struct run *r, const struct case_command *cmd)
{
    struct decision d, again;
    memcpy(r->before, r->cf, sizeof *r->cf);
    fail_clear(&r->ctx);
    const struct stage *st = case_stage(r->cf);
    enum stage_kind kind = st ? st->kind : STAGE_COUNT;
    enum err e = case_decide(&r->ctx, catalog_calendar(catalog), r->cf, cmd, &d);
    if (memcmp(r->before, r->cf, sizeof *r->cf) != 0)
        oracle_fail(&r->oracle, "a decision changed the state");
    if (e != OK) {
        assert_true((unsigned)e < ERR_COUNT);
        if (str_empty(r->ctx.fail->detail) && r->ctx.fail->field_count == 0)
            oracle_fail(&r->oracle, "a refusal without words");
        if (e == ERR_INTEGRITY || e == ERR_STORE)
            oracle_fail(&r->oracle, "a fault where a refusal was due");
        seen.refused[e]++;
        return e;
    }
    if (once_in(16)) { /* pure: the same again says the same */
        assert_int_equal(case_decide(&r->ctx, catalog_calendar(catalog), r->cf, cmd, &again), OK);
        assert_true(str_eq(events_json(r, &d), events_json(r, &again)));
    }
    if (cmd->action == CASE_REPROJECT)
        oracle_fail(&r->oracle, "the stored deadlines are not those of a fresh reckoning");
    seen.action[cmd->action]++;
    if (cmd->action == CASE_PASS)
        seen.passed[kind] = true;
    if (cmd->action == CASE_SIGN)
        seen.signed_kind[kind] = true;
    take(r, cmd, &d);
    return OK;
}

/* --- choosing --- */

/* How eagerly an action is chosen among those that are possible: what moves a case on, more than what ends it. */
static int
weight(enum case_action a)
{
    switch (a) {
    case CASE_PASS:
    case CASE_SIGN:
    case CASE_ACCEPT:
    case CASE_CONCLUDE:
    case CASE_OPEN:
    case CASE_LIST:
        return 60;
    case CASE_SUPPLEMENT:
    case CASE_DRAW:
    case CASE_ANSWER:
    case CASE_RESUME:
        return 20;
    case CASE_OBJECT:
    case CASE_RETURN:
    case CASE_NOTICE:
        return 6;
    case CASE_REFUSE:
    case CASE_WITHDRAW:
        return 1;
    default:
        return 3;
    }
}

static enum case_action
likely_action(const struct case_file *cf, const struct actor *a)
{
    uint64_t possible = case_possible(cf, a);
    int sum = 0;
    enum case_action kept = CASE_PASS;
    for (int k = 0; k < CASE_ACTION_COUNT; k++) {
        if (!(possible >> k & 1u))
            continue;
        sum += weight((enum case_action)k);
        if (between(1, sum) <= weight((enum case_action)k))
            kept = (enum case_action)k;
    }
    return kept;
}

static struct actor
random_actor(struct run *r)
{
    if (once_in(12))
        return (struct actor){.kind = ACTOR_PUBLIC};
    if (once_in(25))
        return (struct actor){.kind = ACTOR_SYSTEM};
    return r->person[between(0, r->people - 1)];
}

static bool
submit(struct run *r)
{
    for (int i = 0; i < 40; i++) {
        struct actor a = random_actor(r);
        if (i == 20) /* nobody on the roster may begin it, or the facts exclude him: an office outside does */
            r->cf->facts = facts_new(r->ctx.arena, catalog_dict(catalog));
        if (i >= 20)
            a = (struct actor){.kind = ACTOR_STAFF, .id = 99, .region = r->cf->region, .roles = (1u << ROLE_COUNT) - 1};
        struct case_command cmd = command(r, CASE_SUBMIT, &a);
        enum err e = act(r, &cmd);
        if (e == OK)
            return true;
        if (e == ERR_WINDOW_CLOSED)
            r->now_ms += (int64_t)between(10, 40) * 86400000;
    }
    return false;
}

/* A case that stopped somewhere under a bad roster: by people enough, the rest of its way goes too. */
static void
sequence(const struct matter *m, uint64_t seed, long nth)
{
    SCOPED_ARENA a = arena_new(0);
    struct run *r = ARENA_NEW(a, struct run);
    begin(r, a, m);
    r->oracle.seed = seed;
    r->oracle.nth = nth;
    if (!submit(r))
        oracle_fail(&r->oracle, "nobody could begin the case");
    for (int i = 0; i < COMMANDS && !(r->cf->archived_ms && once_in(4)); i++) {
        struct actor who = random_actor(r);
        enum case_action action =
            once_in(6) ? (enum case_action)between(0, CASE_ACTION_COUNT - 1) : likely_action(r->cf, &who);
        if (action == CASE_SUBMIT && !once_in(5))
            continue;
        struct case_command cmd = command(r, action, &who);
        (void)act(r, &cmd);
        if (once_in(3))
            r->now_ms += (int64_t)between(0, once_in(30) ? 40 : 4) * 86400000 + between(0, 3600000);
    }
    seen.ended[r->cf->status]++;
    oracle_refold(&r->oracle, &r->ctx, r->cf);
}

/* Needs more than one person at a stage, or the public. */
static bool
is_hard(const struct matter *m)
{
    for (size_t i = 0; i < m->stage_count; i++)
        if (oracle_is_work(m, i) && (m->stage[i].kind == STAGE_PUBLICITY || oracle_panel(&m->stage[i])))
            return true;
    return false;
}

static void
report(long count)
{
    print_message("%ld events; concluded %ld, closed %ld, refused %ld, withdrawn %ld, under way %ld\n", seen.events,
                  seen.ended[CASE_CONCLUDED], seen.ended[CASE_CLOSED], seen.ended[CASE_REFUSED],
                  seen.ended[CASE_WITHDRAWN],
                  seen.ended[CASE_SUBMITTED] + seen.ended[CASE_NOTIFIED] + seen.ended[CASE_WORKING]);
    print_message("refused for separation %ld, role %ld, edge %ld, record %ld, material %ld, repeated notice %ld\n",
                  seen.refused[ERR_SEPARATION], seen.refused[ERR_CASE_ROLE], seen.refused[ERR_CASE_EDGE],
                  seen.refused[ERR_FIELD_INVALID], seen.refused[ERR_MATERIAL_MISSING],
                  seen.refused[ERR_NOTICE_REPEATED]);
    assert_true(seen.refused[ERR_SEPARATION] > count / 4 && seen.refused[ERR_CASE_ROLE] > count);
    assert_true(seen.ended[CASE_CLOSED] > count / 4 && seen.ended[CASE_REFUSED] > 0 && seen.ended[CASE_WITHDRAWN] > 0);
    if (count < SEQUENCES)
        return;
    for (int a = 0; a < CASE_ACTION_COUNT; a++)
        if (a != CASE_REPROJECT && seen.action[a] == 0)
            fail_msg("no sequence carried out “%s”", case_action_name((enum case_action)a));
    for (size_t g = 0; g < catalog_region_count(catalog); g++)
        for (size_t i = 0; i < catalog_region_at(catalog, g)->matter_count; i++) {
            const struct matter *m = &catalog_region_at(catalog, g)->matter[i];
            for (size_t k = 0; k < m->stage_count; k++) {
                enum stage_kind kind = m->stage[k].kind;
                if (oracle_is_work(m, k) &&
                    (!seen.passed[kind] || (oracle_panel(&m->stage[k]) && !seen.signed_kind[kind])))
                    fail_msg("no sequence passed “%s”", stage_name(kind));
            }
        }
}

//= R153 R196 R198 R243 R254 R266 R267 R272 R273 type=test
static void
test_sequences(void **state)
{
    (void)state;
    const char *seed = getenv("JINGBAN_SEED"), *cases = getenv("JINGBAN_CASES");
    uint64_t from = seed ? strtoull(seed, NULL, 10) : 20261122;
    long count = cases ? strtol(cases, NULL, 10) : SEQUENCES;
    const struct matter *matter[400], *hard[400];
    long matters = 0, hards = 0;
    assert_true(count > 0);
    print_message("JINGBAN_SEED=%llu JINGBAN_CASES=%ld\n", (unsigned long long)from, count);
    rng = from | (from == 0);
    for (size_t g = 0; g < catalog_region_count(catalog); g++)
        for (size_t i = 0; i < catalog_region_at(catalog, g)->matter_count && matters < 400; i++)
            matter[matters++] = &catalog_region_at(catalog, g)->matter[i];
    assert_true(matters >= 145);
    for (long i = 0; i < matters; i++)
        if (is_hard(matter[i]))
            hard[hards++] = matter[i];
    assert_true(hards > 2);
    for (long i = 0; i < count; i++) /* the few that have panels and publicity are met as often as all others */
        sequence(i % 2 ? hard[i / 2 % hards] : matter[i / 2 % matters], from, i);
    report(count);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sequences)};
    return cmocka_run_group_tests_name("property/separation", tests, support_catalog_up, support_catalog_down);
}
