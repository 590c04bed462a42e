/* Random sequences of registrations, of units and of members, through the real effects on a real store, beside a model that knows only the
** diagrams of registry/action.h. After every step: what may be done is done and nothing else; nobody has two active insurances; what is over
** has a last day not before its first; the rows are the fold of the register events. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/action.h"
#include "service/service_int.h"
#include "support/support_db.h"
#include "support/support_service.h"

enum { UNITS = 7, PERSONS = 9, STEPS = 500, ROWS = 100 };

static const char region[] = "410400";
static uint64_t rng;

static int
below(int n)
{
    rng ^= rng >> 12;
    rng ^= rng << 25;
    rng ^= rng >> 27;
    return (int)((rng * 2685821657736338717u >> 33) % (uint64_t)n);
}

/* --- the model --- */

enum state { NONE, ACTIVE, PAUSED, OVER, CEASED };

struct model_unit {
    struct str uscc, no;
    int64_t id;
    enum state state; /* OVER: cancelled; CEASED: merged or split */
};
struct model_person {
    struct str number;
    int64_t id;
    enum state state;
    int unit; /* index; -1: flexible */
    bool retired, resident;
};

static struct model_unit units[UNITS];
static struct model_person persons[PERSONS];

struct op {
    bool of_unit, of_resident;
    enum unit_action ua;
    enum employee_action ea;
    int unit, former, person; /* person -1 with a regrouping: no list */
    int64_t case_id;
};

static bool
model_employee(const struct op *o)
{
    struct model_person *p = &persons[o->person];
    bool begins = o->ea == EMPLOYEE_ADD || o->ea == EMPLOYEE_RESUME || o->ea == EMPLOYEE_TRANSFER;
    bool mine = p->unit == o->unit, in = p->state == ACTIVE || p->state == PAUSED;
    if (o->unit >= 0 && (units[o->unit].state == NONE || (begins && units[o->unit].state != ACTIVE)))
        return false;
    if (p->resident && begins && p->state != ACTIVE)
        return false;
    switch (o->ea) {
    case EMPLOYEE_ADD:
        if (in)
            return false;
        *p = (struct model_person){p->number, p->id, ACTIVE, o->unit, false, false};
        return true;
    case EMPLOYEE_SUSPEND:
        if (p->state != ACTIVE || !mine)
            return false;
        p->state = PAUSED;
        return true;
    case EMPLOYEE_END:
        if (!in || !mine)
            return false;
        p->state = OVER;
        return true;
    case EMPLOYEE_RESUME:
        if (p->state != PAUSED || !mine)
            return false;
        p->state = ACTIVE;
        return true;
    case EMPLOYEE_RETIRE:
        if (p->state != ACTIVE || !mine || p->retired)
            return false;
        p->retired = true;
        return true;
    default:
        if (!in || mine || o->unit < 0)
            return false;
        p->state = ACTIVE;
        p->unit = o->unit;
        return true;
    }
}

static bool
model_close(const struct op *o)
{
    struct model_unit *u = &units[o->unit];
    bool ends = o->ua == UNIT_CANCEL;
    if (u->state != ACTIVE && !(ends && u->state == PAUSED))
        return false;
    for (int i = 0; i < PERSONS; i++) {
        struct model_person *p = &persons[i];
        if (p->unit == o->unit && (p->state == ACTIVE || (ends && p->state == PAUSED)))
            p->state = ends ? OVER : PAUSED;
    }
    u->state = ends ? OVER : PAUSED;
    return true;
}

static bool
model_regroup(const struct op *o)
{
    struct model_unit *now = &units[o->unit], *former = &units[o->former];
    bool left = false;
    if (now == former || former->state != ACTIVE || (now->state != NONE && now->state != ACTIVE))
        return false;
    bool listed = o->ua != UNIT_MERGE && o->person >= 0;
    if (listed) {
        const struct model_person *p = &persons[o->person];
        if (p->unit != o->former || (p->state != ACTIVE && p->state != PAUSED))
            return false;
    }
    now->state = ACTIVE;
    for (int i = 0; i < PERSONS; i++) {
        bool member = persons[i].unit == o->former && (persons[i].state == ACTIVE || persons[i].state == PAUSED);
        if (member && (!listed || i == o->person))
            persons[i].unit = o->unit;
        else
            left = left || member;
    }
    if (o->ua == UNIT_MERGE || (o->ua == UNIT_SPLIT && !left))
        former->state = CEASED;
    return true;
}

static bool
model(const struct op *o)
{
    if (o->of_resident) {
        struct model_person *p = &persons[o->person];
        if (p->state == ACTIVE || p->resident)
            return false;
        p->resident = true;
        return true;
    }
    if (!o->of_unit)
        return model_employee(o);
    if (o->ua == UNIT_NEW) {
        enum state s = units[o->unit].state;
        units[o->unit].state = s == ACTIVE || s == CEASED ? s : ACTIVE;
        return s != ACTIVE && s != CEASED;
    }
    return unit_action_regroups(o->ua) ? model_regroup(o) : model_close(o);
}

/* --- the real thing --- */

static void
put_fact(struct facts *f, const char *id, const char *value)
{
    size_t i = fact_find(f->dict, str_c(id));
    assert_true(i != SIZE_MAX);
    f->value[i] = value_text(str_c(value));
}

static const struct matter *
matter_of(const char *no)
{
    const struct matter *m = NULL;
    must(catalog_matter(&ctx, catalog_region(server->catalog, str_c(region)), str_c(no), &m));
    return m;
}

static void
fill_unit(struct case_file *cf, struct view *form, const struct op *o)
{
    struct view *record = view_map(arena);
    put_fact(&cf->facts, "unit_action", unit_action_name(o->ua));
    view_put_text(form, "uscc", units[o->unit].uscc);
    view_put_text(form, "unit_name", STR("测试单位"));
    view_put_z(form, "insurances", "职工基本医疗保险");
    if (!unit_action_regroups(o->ua))
        return;
    view_put_text(form, "former_uscc", units[o->former].uscc);
    if (o->person >= 0)
        view_put_text(record, "members", persons[o->person].number);
    cf->unit_record = record;
}

static void
fill_person(struct case_file *cf, struct view *form, const struct op *o)
{
    if (o->of_resident) {
        view_put_z(form, "person_name", "李新民");
        view_put_text(form, "id_number", persons[o->person].number);
        return;
    }
    struct view *row = view_add_map(view_put_list(form, "employees"));
    put_fact(&cf->facts, "employee_action", employee_action_name(o->ea));
    put_fact(&cf->facts, "insured_status", o->unit < 0 ? "灵活就业人员" : "在职职工");
    if (o->unit >= 0)
        view_put_text(form, "unit_no", units[o->unit].no.n ? units[o->unit].no : STR("0"));
    view_put_z(row, "person_name", "李新民");
    view_put_text(row, "id_number", persons[o->person].number);
}

static enum err
carry(struct ctx *c, struct tx *tx, void *arg)
{
    const struct op *o = arg;
    struct case_file *cf = ARENA_NEW(c->arena, struct case_file);
    struct view *form = view_map(arena), *extra;
    struct data_key key = vault_key_make(id_next(&server->ids, c->now_ms));
    *cf = (struct case_file){.region = str_c(region),
                             .id = o->case_id,
                             .matter = matter_of(o->of_unit       ? "01"
                                                 : o->of_resident ? "03"
                                                                  : "02"),
                             .facts = facts_new(arena, catalog_dict(server->catalog)),
                             .form = form};
    if (o->of_unit)
        fill_unit(cf, form, o);
    else
        fill_person(cf, form, o);
    TRY(c, vault_key_store(c, tx, &server->vault, cf->region, &key));
    return service_effect(c, server, tx, cf, &key, &extra);
}

/* --- what must hold --- */

struct row {
    int64_t id, unit_id;
    struct str insurance, identity, status;
    struct day from, to;
};

static struct str
text_of(const struct view *v, const char *key)
{
    const struct view *node = view_get(v, str_c(key));
    return node ? view_text(node) : STR("");
}

static int64_t
id_of(const struct view *v, const char *key)
{
    int64_t n = -1;
    assert_true(str_int(text_of(v, key), &n));
    return n;
}

static struct day
day_at(const struct view *v, const char *key)
{
    struct day d;
    assert_true(day_parse(text_of(v, key), &d));
    return d;
}

static void
fold_one(struct row *row, size_t *n, const struct register_entry *e)
{
    int64_t id = id_of(e->payload, "enrolment");
    size_t i = 0;
    while (i < *n && row[i].id != id)
        i++;
    if (str_eqz(e->kind, "enrolled")) {
        assert_true(i == *n && *n < ROWS);
        row[(*n)++] = (struct row){id,
                                   id_of(e->payload, "unit_id"),
                                   text_of(e->payload, "insurance"),
                                   text_of(e->payload, "identity"),
                                   STR("active"),
                                   day_at(e->payload, "from"),
                                   DAY_NONE};
        return;
    }
    assert_true(i < *n);
    bool active = str_eqz(row[i].status, "active");
    if (str_eqz(e->kind, "rehomed")) {
        assert_true(str_eqz(row[i].status, "suspended"));
        row[i].unit_id = id_of(e->payload, "unit_id");
        return;
    }
    bool ends = str_eqz(e->kind, "ended");
    assert_true(ends || str_eqz(e->kind, "suspended"));
    assert_true(active || (ends && str_eqz(row[i].status, "suspended")));
    if (active) { /* what gives way to another enrolment ends before that begins */
        struct str action = text_of(e->payload, "action");
        bool over = !ends || str_eqz(action, "终止") || str_eqz(action, "注销登记");
        int32_t today = day_of_ms(e->at_ms).n;
        row[i].to = day_at(e->payload, "to");
        assert_int_equal(row[i].to.n, over || row[i].from.n == today ? today : today - 1);
    }
    row[i].status = ends ? STR("ended") : STR("suspended");
}

static void
check_person(struct ctx *c, struct tx *tx, const struct model_person *m)
{
    static const char *const words[] = {"", "active", "suspended", "ended"};
    struct person p;
    struct enrolment *e;
    struct register_entry *entry;
    struct row *row = ARENA_ARRAY(c->arena, ROWS, struct row);
    size_t n, count, folded = 0, active = 0;
    bool found;
    must(registry_person_find(c, tx, &server->vault, str_c(region), m->number, &p, &found));
    if (!found) {
        assert_true(m->state == NONE && !m->resident);
        return;
    }
    must(registry_enrolments(c, tx, str_c(region), p.id, &e, &n));
    must(registry_history(c, tx, &server->vault, str_c(region), "person", p.id, 0, 1000, &entry, &count));
    for (size_t i = 0; i < count; i++)
        fold_one(row, &folded, &entry[i]);
    assert_int_equal(folded, n);
    for (size_t i = 0; i < n; i++) {
        bool on = str_eqz(e[i].status, "active");
        active += on;
        assert_true(row[i].id == e[i].id && row[i].unit_id == e[i].unit_id && row[i].from.n == e[i].from.n);
        assert_true(str_eq(row[i].status, e[i].status) && str_eq(row[i].insurance, e[i].insurance));
        assert_true(str_eq(row[i].identity, e[i].identity) && row[i].to.n == e[i].to.n);
        assert_int_equal(on, day_is_none(e[i].to)); /* what is over has a last day */
        assert_true(on || e[i].to.n >= e[i].from.n);
        if (i > 0 && str_eq(e[i - 1].insurance, e[i].insurance))
            assert_true(!day_is_none(e[i - 1].to) && e[i - 1].to.n <= e[i].from.n);
    }
    assert_true(active <= 1); //= R63
    const struct enrolment *now = registry_latest(e, n);
    assert_int_equal(now != NULL, m->state != NONE);
    if (!now)
        return;
    assert_true(str_eqz(now->status, words[m->state]));
    assert_true(now->unit_id == (m->unit < 0 ? 0 : units[m->unit].id));
    assert_int_equal(str_eqz(now->identity, "退休人员"), m->retired);
}

static void
check_unit(struct ctx *c, struct tx *tx, struct model_unit *m)
{
    struct register_entry *entry;
    struct unit_insurance *ins;
    struct unit u;
    struct str folded = STR("");
    size_t n, insurances;
    bool found, any;
    must(registry_unit_find(c, tx, &server->vault, str_c(region), m->uscc, &u, &found));
    assert_int_equal(found, m->state != NONE);
    if (!found)
        return;
    if (m->id == 0) {
        m->id = u.id;
        m->no = str_dup(arena, u.no);
    }
    must(registry_history(c, tx, &server->vault, str_c(region), "unit", u.id, 0, 1000, &entry, &n));
    for (size_t i = 0; i < n; i++)
        if (!str_eqz(entry[i].kind, "insurance_registered"))
            folded = text_of(entry[i].payload, "status");
    assert_true(str_eq(folded, u.status));
    assert_int_equal(str_eqz(u.status, "active"), m->state == ACTIVE);
    assert_int_equal(str_eqz(u.status, "suspended"), m->state == PAUSED);
    must(registry_has_members(c, tx, str_c(region), u.id, &any));
    assert_true(!any || m->state == ACTIVE ||
                m->state == PAUSED); /* nobody is insured through a unit that is no more */
    must(registry_insurances(c, tx, str_c(region), u.id, &ins, &insurances));
    assert_int_equal(insurances, 1);
    assert_int_equal(str_eqz(ins[0].status, "active"), m->state == ACTIVE);
}

static void
check_all(void)
{
    SCOPED_ARENA own = arena_new(0);
    struct ctx c = ctx;
    SCOPED_READ tx = NULL;
    c.arena = own;
    must(store_read(&c, server->store, &tx));
    for (int i = 0; i < UNITS; i++)
        check_unit(&c, tx, &units[i]);
    for (int i = 0; i < PERSONS; i++)
        check_person(&c, tx, &persons[i]);
}

/* --- the walk --- */

static struct op
random_op(void)
{
    struct op o = {.case_id = id_next(&server->ids, ctx.now_ms), .unit = below(UNITS), .former = below(UNITS)};
    int kind = below(60);
    o.of_unit = kind < 18;
    o.of_resident = kind == 18; /* rare: no action here ends it */
    o.person = below(PERSONS);
    if (o.of_unit) {
        o.ua = (enum unit_action)below(UNIT_REGROUP);
        if (o.ua == UNIT_MERGE || o.ua == UNIT_SPLIT ? below(12) : o.ua != UNIT_SEPARATE && below(2))
            o.ua = UNIT_NEW; /* else there would soon be no unit left */
        if (below(3) == 0)
            o.person = -1;
        return o;
    }
    o.ea = (enum employee_action)below(EMPLOYEE_ACTION_COUNT);
    if (below(2) && persons[o.person].state != NONE)
        o.unit = persons[o.person].unit;
    else if (below(5) == 0)
        o.unit = -1;
    return o;
}

static void
begin(uint64_t seed)
{
    rng = seed * 7919 + 1;
    for (int i = 0; i < UNITS; i++) {
        struct str body = str_fmt(arena, "91410400MA%03d%04d", (int)(seed % 1000), i);
        units[i] = (struct model_unit){.uscc = str_fmt(arena, "%.*s%c", STR_ARG(body), ident_uscc_check(body.p))};
    }
    for (int i = 0; i < PERSONS; i++)
        persons[i] = (struct model_person){
            .number = support_id_number(str_fmt(arena, "4104001975%02d%02d%03d", 1 + (int)(seed % 12), 1 + i, 10 + i)),
            .unit = -1};
}

static void
walk(uint64_t seed)
{
    int done = 0;
    int64_t start = ctx.now_ms;
    begin(seed);
    for (int i = 0; i < STEPS; i++) {
        struct op o = random_op();
        struct model_unit unit_before[UNITS];
        struct model_person person_before[PERSONS];
        ctx.now_ms += below(3) ? 1000 : 86400000;
        memcpy(unit_before, units, sizeof units);
        memcpy(person_before, persons, sizeof persons);
        bool may = model(&o);
        enum err e = store_write(&ctx, server->store, carry, &o);
        if ((e == OK) != may)
            fail_msg("seed %llu step %d: %s was %s: %.*s", (unsigned long long)seed, i,
                     o.of_resident ? "城乡居民"
                     : o.of_unit   ? unit_action_name(o.ua)
                                   : employee_action_name(o.ea),
                     may ? "refused" : "done", STR_ARG(ctx.fail->detail));
        if (e != OK) { /* refused: nothing has changed, and the refusal is a sentence */
            assert_true(e == ERR_NOT_ELIGIBLE || e == ERR_ENROLMENT_DUPLICATE || e == ERR_RECORD_MISSING ||
                        e == ERR_FIELD_INVALID);
            assert_true(ctx.fail->detail.n > 0);
            fail_clear(&ctx);
            memcpy(units, unit_before, sizeof units);
            memcpy(persons, person_before, sizeof persons);
        }
        done += e == OK;
        check_all();
    }
    if (done < STEPS / 10)
        fail_msg("seed %llu: only %d of %d steps could be done", (unsigned long long)seed, done, STEPS);
    ctx.now_ms = start;
}

//= R52 R56 R63
static void
random_sequences_leave_the_registers_consistent(void **state)
{
    const char *given = getenv("JINGBAN_SEED");
    (void)state;
    if (given) {
        walk(strtoull(given, NULL, 10));
        return;
    }
    for (uint64_t seed = 1; seed <= 4; seed++)
        walk(seed);
}

//= R52
static void
words_of_guides_and_forms_are_one_action(void **state)
{
    enum unit_action a;
    (void)state;
    assert_true(unit_action_of(STR(""), STR(""), &a) && a == UNIT_NEW);
    assert_true(unit_action_of(STR("单位分立"), STR("拆分合并分立"), &a) && a == UNIT_SEPARATE);
    assert_true(unit_action_of(STR(""), STR("拆分合并分立"), &a) && a == UNIT_REGROUP);
    assert_true(unit_action_of(STR("合并"), STR(""), &a) && a == UNIT_MERGE);
    assert_false(unit_action_of(STR("注销登记"), STR("新参保"), &a));
    assert_false(unit_action_of(STR("新参保"), STR("拆分合并分立"), &a));
    assert_false(unit_action_of(STR("迁址"), STR(""), &a));
}

/* A great unit is paused and moved batch by batch. */ //= R52
enum { CROWD = 450 };

static enum err
crowd_body(struct ctx *c, struct tx *tx, void *arg)
{
    const int64_t *unit = arg;
    struct data_key key = vault_key_make(id_next(&server->ids, c->now_ms));
    struct change ch = {tx, &server->ids, str_c(region), 1, &key, "增加"};
    TRY(c, vault_key_store(c, tx, &server->vault, str_c(region), &key));
    for (int i = 0; i < CROWD; i++)
        TRY(c, registry_begin(c, &ch, 900000 + i, STR("职工医保"), STR("在职职工"), unit[0]));
    int64_t n, left;
    TRY(c, registry_members_move(c, &ch, unit[0], unit[1], &n));
    assert_int_equal(n, CROWD);
    TRY(c, registry_members_close(c, &ch, unit[1], false, &n));
    assert_int_equal(n, CROWD);
    TRY(c, registry_members_move(c, &ch, unit[1], unit[0], &n));
    assert_int_equal(n, CROWD);
    TRY(c, registry_members_close(c, &ch, unit[0], true, &n));
    assert_int_equal(n, CROWD);
    TRY(c, registry_unit_members(c, tx, str_c(region), unit[0], &left));
    assert_int_equal(left, 0);
    return OK;
}

static void
a_great_unit_goes_batch_by_batch(void **state)
{
    int64_t unit[] = {777001, 777002};
    (void)state;
    must(store_write(&ctx, server->store, crowd_body, unit));
}

static int
set_up_sqlite(void **state)
{
    (void)state;
    support_server_up("effects", false);
    return 0;
}

static int
set_up_postgres(void **state)
{
    (void)state;
    support_server_up("effects", true);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_guides_and_forms_are_one_action),
        cmocka_unit_test(random_sequences_leave_the_registers_consistent),
        cmocka_unit_test(a_great_unit_goes_batch_by_batch),
    };
    int failed = cmocka_run_group_tests_name("sub-actions on SQLite", tests, set_up_sqlite, support_server_down);
    if (support_pg())
        failed += cmocka_run_group_tests_name("sub-actions on PostgreSQL", tests, set_up_postgres, support_server_down);
    return failed;
}
