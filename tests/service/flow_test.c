/* Whole cases through the service on both databases: every handled matter of every region from application to
** conclusion, then the
 ** audit, the rebuild, and what they say when somebody has been at the rows. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "service/rating_service.h"
#include "service/service_int.h"
#include "support/support_db.h"
#include "support/support_service.h"

static int serial;

static int
open_server(bool postgres)
{
    support_server_up("flow", postgres);
    support_server_helper();
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

/* --- people --- */

static struct str
new_id_number(struct str region)
{
    int n = serial++;
    return support_id_number(
        str_fmt(arena, "%.*s1980%02d%02d%03d", STR_ARG(region), 1 + n % 12, 1 + n / 12 % 28, 100 + n / 336));
}

static struct str
new_uscc(void)
{
    struct str body = str_fmt(arena, "91420000MA%07d", 1000000 + serial++);
    return str_fmt(arena, "%.*s%c", STR_ARG(body), ident_uscc_check(body.p));
}

struct seeded {
    struct str region, insurance;
    struct person person;
    struct unit unit;
};

static enum err
seed_body(struct ctx *c, struct tx *tx, void *arg)
{
    struct seeded *s = arg;
    TRY(c, vault_key_store(c, tx, &server->vault, s->region, &s->person.key));
    TRY(c, registry_person_insert(c, tx, &server->vault, s->region, &s->person, false));
    TRY(c, registry_enrol(c, tx, &server->ids, s->region, s->person.id, s->insurance,
                          str_eqz(s->insurance, "职工医保") ? STR("退休人员") : STR("城乡居民"), 0, 0));
    TRY(c, registry_opening_entry(c, tx, &server->ids, s->region, s->person.id, (struct money){123456}, 36));
    return registry_unit_insert(c, tx, &server->vault, s->region, &s->unit, false);
}

static bool answer_all(const struct matter *m, struct facts *f, int depth);

/* An insured person with a balance and a registered unit; insured as the answers for M will say. */
static struct seeded
seed(const struct matter *m)
{
    struct str region = m->region->code;
    struct seeded s = {.region = region, .insurance = STR("职工医保")};
    struct facts f = facts_new(arena, catalog_dict(server->catalog));
    if (answer_all(m, &f, 0) && facts_get(&f, "insurance").kind == VALUE_TEXT)
        s.insurance = facts_get(&f, "insurance").text;
    s.person = support_person(new_id_number(region));
    s.unit = (struct unit){
        .id = id_next(&server->ids, ctx.now_ms), .uscc = new_uscc(), .name = STR("测试纺织厂"), .kind = STR("企业")};
    s.unit.key = vault_key_make(id_next(&server->ids, ctx.now_ms));
    must(store_write(&ctx, server->store, seed_body, &s));
    return s;
}

/* --- answers and forms made up from the definitions --- */

static bool
answer_all(const struct matter *m, struct facts *f, int depth)
{
    size_t *fact, n;
    checklist_questions(&ctx, server->catalog, m, f, &fact, &n);
    if (checklist_refusal(m, f))
        return false;
    size_t next = SIZE_MAX;
    for (size_t i = 0; i < n && next == SIZE_MAX; i++)
        if (catalog_fact(server->catalog, fact[i])->asked)
            next = fact[i];
    if (next == SIZE_MAX || depth > 20)
        return next == SIZE_MAX;
    const struct fact_def *def = &f->dict->fact[next];
    size_t values = def->type == FACT_CHOICE ? def->value_count : 2;
    for (size_t v = 0; v < values; v++) {
        f->value[next] = def->type == FACT_BOOL     ? value_bool(v == 1)
                         : def->type == FACT_CHOICE ? value_text(def->values[v])
                         : def->type == FACT_NUMBER ? value_int(v ? 10 : 65)
                                                    : value_text(STR("测试"));
        if (answer_all(m, f, depth + 1))
            return true;
    }
    f->value[next] = (struct value){0};
    return false;
}

static struct str
made_up(const struct form_field *f, const struct seeded *s, bool fresh, struct str fresh_id)
{
    struct str t = f->type;
    if (str_eqz(f->binds, "person.unit_no") || str_eqz(f->binds, "unit.no"))
        return s->unit.no;
    if (str_eqz(f->id, "change_item") && f->value_count)
        return str_eqz(f->values[0], "单位名称") ? STR("住所(地址)") : STR("通信地址");
    if (str_eqz(f->id, "change_class"))
        return STR("非关键信息");
    if (str_eqz(f->id, "employee_action"))
        return STR("增加");
    if (str_eqz(f->id, "unit_action"))
        return STR("新参保");
    if (str_eqz(t, "姓名"))
        return fresh ? STR("李新民") : s->person.name;
    if (str_eqz(t, "身份证件"))
        return fresh ? fresh_id : s->person.id_number;
    if (str_eqz(t, "证件类型"))
        return STR("居民身份证");
    if (str_eqz(t, "信用代码"))
        return new_uscc();
    if (str_eqz(t, "手机") || str_eqz(t, "电话"))
        return STR("13800138001");
    if (str_eqz(t, "日期"))
        return STR("1980-01-01");
    if (str_eqz(t, "年月"))
        return STR("2026-01");
    if (str_eqz(t, "金额"))
        return STR("3500.00");
    if (str_eqz(t, "整数"))
        return STR("1");
    if (str_eqz(t, "银行账号"))
        return STR("6222021001116245702");
    if (str_eqz(t, "是否"))
        return STR("否");
    if (f->value_count)
        return f->values[0];
    return STR("测试内容");
}

static struct view *
fill_form(const struct form *f, const struct seeded *s, bool fresh, struct str fresh_id)
{
    struct view *v = view_map(arena);
    for (size_t i = 0; i < f->section_count; i++) {
        const struct form_section *sec = &f->section[i];
        struct view *row = str_empty(sec->rows_id) ? v : view_add_map(view_put_list(v, str_z(arena, sec->rows_id)));
        for (size_t k = 0; k < sec->field_count; k++)
            if (!str_starts(sec->field[k].id, STR("office_")))
                view_put_text(row, str_z(arena, sec->field[k].id), made_up(&sec->field[k], s, fresh, fresh_id));
    }
    return v;
}

/* --- one case --- */

static const struct actor *
staff_of(struct str region, unsigned roles, int64_t id)
{
    struct actor *a = ARENA_NEW(arena, struct actor);
    *a = (struct actor){
        .kind = ACTOR_STAFF, .id = id, .region = region, .roles = roles, .name = STR("经办员"), .points = STR("")};
    return a;
}

static struct application
application_of(const struct matter *m, const struct seeded *s, const char *key)
{
    struct facts f = facts_new(arena, catalog_dict(server->catalog));
    bool fresh = m->effect == EFFECT_PERSON_ENROL || m->effect == EFFECT_RESIDENT_ENROL;
    struct str id = new_id_number(m->region->code);
    const struct form *form = catalog_form(server->catalog, m->form);
    const char *reason;
    size_t i = fact_find(catalog_dict(server->catalog), STR("change_class"));
    f.value[i] = value_text(STR("非关键信息"));
    if (!answer_all(m, &f, 0))
        fail_msg("no answers lead to %.*s %.*s", STR_ARG(m->region->code), STR_ARG(m->id));
    struct application a = {.region = m->region,
                            .matter = m,
                            .channel = matter_open_for(m, CHANNEL_ONLINE, &reason) ? CHANNEL_ONLINE : CHANNEL_ONSITE,
                            .facts = case_facts_view(arena, &f),
                            .form = form ? fill_form(form, s, fresh, id) : NULL,
                            .mobile = STR("13800138000"),
                            .idempotency = str_c(key)};
    a.applicant_name = fresh ? STR("李新民") : s->person.name;
    a.applicant_id = fresh ? id : s->person.id_number;
    if (m->by_unit && m->effect != EFFECT_UNIT_ENROL)
        a.unit_code = s->unit.no;
    return a;
}

static void
load(struct receipt r, struct str region, struct case_file *cf)
{
    SCOPED_READ tx = NULL;
    must(store_read(&ctx, server->store, &tx));
    must(case_load(&ctx, tx, &server->vault, server->catalog, region, r.case_id, cf));
}

/* Every leaf that the facts ask for, handed over and checked. */
static size_t
tick_all(const struct case_file *cf, const struct material *m, size_t n, struct case_material *out)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (material_need(&m[i], &cf->facts) == NEED_NO)
            continue;
        if (m[i].node == MATERIAL_LEAF)
            out[k++] =
                (struct case_material){.key = m[i].key, .name = m[i].name, .note = STR(""), .state = MATERIAL_CHECKED};
        k += tick_all(cf, m[i].child, m[i].child_count, out + k);
    }
    return k;
}

static void
desk(struct str region, struct str no, unsigned roles, int64_t id, struct case_command cmd, bool finish)
{
    must(service_desk_act(&ctx, server, staff_of(region, roles, id), no, &cmd, finish, view_map(arena)));
}

/* What the present stage asks to be written down, filled in as a clerk would who lets it pass. */
static struct view *
stage_record(const struct case_file *cf)
{
    struct record_field f[CASE_FIELDS_MAX];
    struct view *v = view_map(arena);
    for (size_t i = 0, n = case_stage_fields(cf, f); i < n; i++) {
        struct str rest = str_c(f[i].choice ? f[i].choice : ""), first = STR("照实登记");
        if (f[i].type == RECORD_DAY)
            first = day_text(arena, day_of_ms(ctx.now_ms));
        else if (f[i].type == RECORD_CHECK || f[i].type == RECORD_NUMBER)
            first = STR("1");
        else if (f[i].must)
            first = str_c(f[i].must);
        else if (f[i].type == RECORD_CHOICE)
            str_split(&rest, '|', &first);
        view_put_text(v, f[i].id, first);
    }
    return v;
}

enum { W = 1u << ROLE_WINDOW, R = 1u << ROLE_REVIEW };

/* From the application to the delivery; not rated. */
static struct case_file *
close_case(const struct matter *m, const struct seeded *s)
{
    struct case_file *cf = ARENA_NEW(arena, struct case_file);
    struct case_material ticks[CASE_MATERIALS_MAX];
    struct receipt r;
    struct application a = application_of(m, s, str_fmt(arena, "close-%lld", (long long)s->person.id).p);
    must(service_apply(&ctx, server, &a, &r));
    load(r, m->region->code, cf);
    size_t n = tick_all(cf, m->material, m->material_count, ticks);
    if (case_lists_own(m)) {
        ticks[n++] =
            (struct case_material){.key = STR("x1"), .name = STR("身份证"), .note = STR(""), .state = MATERIAL_CHECKED};
        desk(m->region->code, r.no, W, 101,
             (struct case_command){.action = CASE_LIST, .material = ticks, .material_count = n}, false);
    }
    desk(m->region->code, r.no, W, 101,
         (struct case_command){.action = CASE_ACCEPT, .material = ticks, .material_count = n}, true);
    load(r, m->region->code, cf);
    while (cf->status == CASE_WORKING) {
        const struct stage *st = case_stage(cf);
        bool pass = st && st->kind != STAGE_CONCLUDE && st->kind != STAGE_DELIVER;
        desk(m->region->code, r.no, W | R, 102,
             (struct case_command){.action = pass ? CASE_PASS : CASE_CONCLUDE, .record = stage_record(cf)}, true);
        load(r, m->region->code, cf);
    }
    if (cf->status == CASE_CONCLUDED)
        desk(m->region->code, r.no, W, 101, (struct case_command){.action = CASE_DELIVER, .delivery = STR("窗口领取")},
             false);
    must(service_case_open(&ctx, server, r.no, r.code, cf));
    assert_int_equal(cf->status, CASE_CLOSED);
    assert_int_equal(cf->owner_id, 101);
    return cf;
}

static void
drive(const struct matter *m, const struct seeded *s)
{
    struct case_file *cf = close_case(m, s);
    must(service_case_rate(&ctx, server, cf, 1, STR("互联网"), STR(""), STR("很快")));
    assert_int_equal(service_case_rate(&ctx, server, cf, 2, STR("互联网"), STR(""), STR("")), ERR_CONFLICT);
    fail_clear(&ctx);
}

static int64_t
register_events(struct str region, int64_t case_id)
{
    SCOPED_READ tx = NULL;
    int64_t n;
    must(store_read(&ctx, server->store, &tx));
    must(registry_event_count(&ctx, tx, region, case_id, &n));
    return n;
}

//= R30 R40 R47 R50 R62 R74 R82 R84 R102 R114 R152 R277 type=test
static void
every_handled_matter_from_application_to_conclusion(void **state)
{
    (void)state;
    int matters = 0;
    for (size_t i = 0; i < catalog_region_count(server->catalog); i++) {
        const struct region *r = catalog_region_at(server->catalog, i);
        for (size_t k = 0; k < r->matter_count; k++) {
            struct str why;
            if (!case_handles(&r->matter[k], &why) || r->matter[k].effect == EFFECT_NONE)
                continue; /* those without an effect in the registers go their ways over HTTP (tests/http/ways) */
            struct seeded s = seed(&r->matter[k]);
            drive(&r->matter[k], &s);
            matters++;
        }
    }
    print_message("%d matters driven\n", matters);
    assert_true(matters >= 60);
}

//= R74 type=test
static void
conclusion_leaves_its_trace_and_papers(void **state)
{
    (void)state;
    const struct matter *m;
    struct document_row *doc;
    size_t n;
    struct case_file *cf = ARENA_NEW(arena, struct case_file);
    struct receipt r;
    must(catalog_matter(&ctx, catalog_region(server->catalog, STR("420281")), STR("002036003001"), &m));
    struct seeded s = seed(m);
    struct application a = application_of(m, &s, "trace");
    must(service_apply(&ctx, server, &a, &r));
    load(r, m->region->code, cf);
    struct case_material ticks[CASE_MATERIALS_MAX];
    size_t t = tick_all(cf, m->material, m->material_count, ticks);
    assert_int_equal(register_events(m->region->code, r.case_id), 0);
    desk(m->region->code, r.no, W | R, 101,
         (struct case_command){.action = CASE_ACCEPT, .material = ticks, .material_count = t}, true);
    assert_int_equal(register_events(m->region->code, r.case_id), 1);
    SCOPED_READ tx = NULL;
    must(store_read(&ctx, server->store, &tx));
    must(document_list(&ctx, tx, m->region->code, r.case_id, &doc, &n));
    assert_int_equal(n, 2); /* receipt and certificate */
    struct document d;
    must(document_get(&ctx, tx, &server->vault, m->region->code, doc[1].id, &d));
    assert_true(str_eqz(d.kind, "certificate"));
    //= R115 type=test
    assert_true(str_starts(d.no, STR("42-420200-2026-")));
}

//= R63 type=test
static void
nobody_is_enrolled_twice(void **state)
{
    (void)state;
    const struct matter *m;
    struct receipt one, two;
    must(catalog_matter(&ctx, catalog_region(server->catalog, STR("420281")), STR("002036001003"), &m));
    struct seeded s = seed(m);
    struct application a = application_of(m, &s, "twice-1"), b = a;
    b.idempotency = STR("twice-2");
    must(service_apply(&ctx, server, &a, &one));
    must(service_apply(&ctx, server, &b, &two)); /* both stand; only one can be concluded */
    struct case_file *cf = ARENA_NEW(arena, struct case_file);
    struct case_material ticks[CASE_MATERIALS_MAX];
    load(one, m->region->code, cf);
    size_t t = tick_all(cf, m->material, m->material_count, ticks);
    desk(m->region->code, one.no, W | R, 101,
         (struct case_command){.action = CASE_ACCEPT, .material = ticks, .material_count = t}, true);
    struct case_command cmd = {.action = CASE_ACCEPT, .material = ticks, .material_count = t};
    struct view *v = view_map(arena);
    must(service_desk_act(&ctx, server, staff_of(m->region->code, W | R, 101), two.no, &cmd, true, v));
    assert_true(str_eqz(view_text(view_get(v, STR("notice_id"))), "ERR_ENROLMENT_DUPLICATE"));
    load(two, m->region->code, cf);
    assert_int_equal(cf->status, CASE_WORKING); /* nothing half written: reviewed, not concluded */
    assert_int_equal(register_events(m->region->code, two.case_id), 0);
}

/* A file as an upload leaves it, DAYS old. */
static const char *
left_file(const char *where, int days)
{
    const char *path = str_fmt(arena, "%s/%s", folder.p, where).p;
    struct timespec old[2] = {{.tv_sec = time(NULL) - days * 86400}, {.tv_sec = time(NULL) - days * 86400}};
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fclose(f);
    assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
    return path;
}

static void
sweeper_removes_what_no_row_names(void **state)
{
    (void)state;
    int64_t removed;
    assert_int_equal(system(str_fmt(arena, "mkdir -p %s/tmp %s/files/ab", folder.p, folder.p).p), 0);
    const char *old_tmp = left_file("tmp/up-1", 2), *new_tmp = left_file("tmp/up-2", 0);
    const char *old_file = left_file("files/ab/ab01", 2), *new_file = left_file("files/ab/ab02", 0);
    must(service_sweep(&ctx, server, 0xab, &removed));
    assert_int_equal(removed, 2);
    assert_int_not_equal(access(old_tmp, F_OK), 0);
    assert_int_not_equal(access(old_file, F_OK), 0);
    assert_int_equal(access(new_tmp, F_OK), 0);
    assert_int_equal(access(new_file, F_OK), 0);
}

static void
moved_to(const char *iso)
{
    assert_true(day_iso_parse(str_c(iso), &ctx.now_ms));
}

//= R65 type=test
static void
registration_alone_is_open_all_year(void **state)
{
    (void)state;
    const struct matter *m;
    struct case_file *cf = ARENA_NEW(arena, struct case_file);
    struct data_key key;
    bool fresh;
    int64_t now = ctx.now_ms;
    must(catalog_matter(&ctx, catalog_region(server->catalog, STR("410400")), STR("002036001003"), &m));
    struct seeded s = seed(m);
    for (int month = 1; month <= 12; month++) {
        moved_to(str_fmt(arena, "2026-%02d-15T10:00:00+08:00", month).p);
        struct application a = application_of(m, &s, str_fmt(arena, "all-year-%d", month).p);
        must(service_apply_check(&ctx, server, &a, cf, &key, &fresh));
    }
    ctx.now_ms = now;
}

/* The application's form with one field set to another value. */
static struct view *
with_field(const struct view *form, const char *id, const char *value)
{
    struct view *v = view_map(arena);
    for (const struct view *f = view_first(form); f; f = view_next(f))
        if (!str_eqz(view_key(f), id))
            view_put(v, str_z(arena, view_key(f)), view_copy(arena, f));
    view_put_text(v, id, str_c(value));
    return v;
}

//= R121 R132 R138 type=test
static void
filing_names_its_place_as_the_form_wants(void **state)
{
    (void)state;
    const struct matter *m;
    struct case_file *cf = ARENA_NEW(arena, struct case_file);
    struct data_key key;
    bool fresh;
    must(catalog_matter(&ctx, catalog_region(server->catalog, STR("420281")), STR("002036004002"), &m));
    struct seeded s = seed(m);
    struct application a = application_of(m, &s, "place");
    const struct view *form = a.form;
    a.form = with_field(with_field(form, "filing_province", "北京市"), "filing_city", "");
    must(service_apply_check(&ctx, server, &a, cf, &key, &fresh));
    a.form = with_field(with_field(form, "filing_province", "浙江省"), "filing_city", "");
    assert_int_equal(service_apply_check(&ctx, server, &a, cf, &key, &fresh), ERR_FIELD_INVALID);
    fail_clear(&ctx);
    a.form = with_field(with_field(form, "filing_province", "湖北省"), "filing_city", "黄石市");
    assert_int_equal(service_apply_check(&ctx, server, &a, cf, &key, &fresh), ERR_NOT_ELIGIBLE);
    fail_clear(&ctx);
    a.form = with_field(with_field(form, "commitment_matter", "2.异地长期居住人员"), "commitment_missing",
                        "1.“户口簿首页”和本人“常住人口登记卡”");
    assert_int_equal(service_apply_check(&ctx, server, &a, cf, &key, &fresh), ERR_FIELD_INVALID);
    fail_clear(&ctx);
}

static void
replay_gives_the_same_receipt(void **state)
{
    (void)state;
    const struct matter *m;
    struct receipt one, again;
    must(catalog_matter(&ctx, catalog_region(server->catalog, STR("420281")), STR("002036003001"), &m));
    struct seeded s = seed(m);
    struct application a = application_of(m, &s, "replay");
    must(service_apply(&ctx, server, &a, &one));
    must(service_apply(&ctx, server, &a, &again));
    assert_true(again.replayed);
    assert_true(str_eq(one.no, again.no));
    assert_true(str_eq(one.code, again.code));
    a.mobile = STR("13900139000");
    assert_int_equal(service_apply(&ctx, server, &a, &again), ERR_IDEMPOTENCY);
    fail_clear(&ctx);
}

/* --- changes of people and units --- */

struct change {
    struct str id, name;
    const char *item;
    struct str value;
};

static const struct matter *
matter_420281(const char *code)
{
    const struct matter *m;
    must(catalog_matter(&ctx, catalog_region(server->catalog, STR("420281")), str_c(code), &m));
    return m;
}

/* A's form with these rows and no unit: the applicant himself, flexibly employed. */
static void
set_changes(struct application *a, const char *change_class, const struct change *c, size_t n)
{
    struct view *form = view_map(arena);
    for (const struct view *f = view_first(a->form); f; f = view_next(f))
        if (!str_eqz(view_key(f), "changes") && !str_eqz(view_key(f), "change_class") &&
            !(str_starts(view_key(f), STR("unit_n")) && !a->matter->by_unit))
            view_put(form, str_z(arena, view_key(f)), view_copy(arena, f));
    view_put_z(form, "change_class", change_class);
    struct view *rows = view_put_list(form, "changes");
    for (size_t i = 0; i < n; i++) {
        struct view *row = view_add_map(rows);
        view_put_text(row, "id_number", c[i].id);
        view_put_text(row, "person_name", c[i].name);
        view_put_z(row, "change_item", c[i].item);
        view_put_text(row, "new_value", c[i].value);
    }
    a->form = form;
    a->facts = with_field(with_field(a->facts, "change_class", change_class), "insured_status", "灵活就业人员");
}

static enum err
check(const struct application *a)
{
    struct case_file *cf = ARENA_NEW(arena, struct case_file);
    struct data_key key;
    bool fresh;
    fail_clear(&ctx);
    return service_apply_check(&ctx, server, a, cf, &key, &fresh);
}

static bool
blames(const char *field)
{
    for (size_t i = 0; i < ctx.fail->field_count; i++)
        if (str_eqz(ctx.fail->field[i].field, field))
            return true;
    return false;
}

/* Presses accept and goes on as far as it goes; what stopped it then: "ERR_…：detail", empty if nothing did. */
static struct str
pressed(struct receipt r, const struct case_file *cf)
{
    struct case_material ticks[CASE_MATERIALS_MAX];
    size_t t = tick_all(cf, cf->matter->material, cf->matter->material_count, ticks);
    struct case_command cmd = {.action = CASE_ACCEPT, .material = ticks, .material_count = t};
    struct view *v = view_map(arena);
    must(service_desk_act(&ctx, server, staff_of(cf->region, W | R, 101), r.no, &cmd, true, v));
    const struct view *id = view_get(v, STR("notice_id")), *why = view_get(v, STR("notice"));
    return id ? str_concat(arena, view_text(id), view_text(why)) : STR("");
}

static struct str
conclude(const struct application *a, struct case_file *cf)
{
    struct receipt r;
    fail_clear(&ctx);
    must(service_apply(&ctx, server, a, &r));
    load(r, a->region->code, cf);
    return pressed(r, cf);
}

static bool
registered(struct str region, struct str id_number, struct person *ret_p)
{
    SCOPED_READ tx = NULL;
    bool found;
    must(store_read(&ctx, server->store, &tx));
    must(registry_person_find(&ctx, tx, &server->vault, region, id_number, ret_p, &found));
    return found;
}

//= R76 type=test
static void
change_hits_only_the_person_named(void **state)
{
    (void)state;
    const struct matter *m = matter_420281("002036001005");
    struct seeded s = seed(m), other = seed(m);
    struct application a = application_of(m, &s, "hits");
    struct change c = {s.person.id_number, s.person.name, "通信地址", STR("新街1号")};
    set_changes(&a, "非关键信息", &c, 1);
    must(check(&a));
    c.name = STR("李四");
    set_changes(&a, "非关键信息", &c, 1);
    assert_int_equal(check(&a), ERR_FIELD_INVALID);
    assert_true(blames("changes.0.person_name"));
    c = (struct change){other.person.id_number, other.person.name, "通信地址", STR("新街1号")};
    set_changes(&a, "非关键信息", &c, 1);
    assert_int_equal(check(&a), ERR_FIELD_INVALID);
    assert_true(blames("changes.0.id_number"));
    a.facts = with_field(a.facts, "insured_status", "在职职工"); /* his unit does it for a colleague */
    a.form = with_field(with_field(a.form, "unit_name", "测试纺织厂"), "unit_no", str_z(arena, s.unit.no));
    must(check(&a));
    /* the name has moved between application and conclusion */
    struct change rename = {other.person.id_number, other.person.name, "姓名", STR("李四")};
    struct application b = application_of(m, &other, "hits-b");
    a.idempotency = STR("hits-a");
    struct case_file *cf = ARENA_NEW(arena, struct case_file), *late = ARENA_NEW(arena, struct case_file);
    struct receipt r;
    must(service_apply(&ctx, server, &a, &r));
    set_changes(&b, "关键信息", &rename, 1);
    assert_true(str_empty(conclude(&b, cf)));
    load(r, m->region->code, late);
    struct str why = pressed(r, late);
    assert_true(str_starts(why, STR("ERR_FIELD_INVALID")));
    assert_true(str_find(why, STR("第 1 行的姓名与登记的不符")) != SIZE_MAX);
}

//= R76 type=test
static void
rows_of_one_person_are_one_change(void **state)
{
    (void)state;
    const struct matter *m = matter_420281("002036001005");
    struct seeded s = seed(m), other = seed(m);
    struct case_file *cf = ARENA_NEW(arena, struct case_file);
    struct person p;
    struct str fresh = new_id_number(m->region->code);
    struct application a = application_of(m, &s, "one-change"), b = application_of(m, &other, "taken");
    struct change rows[] = {{s.person.id_number, s.person.name, "身份证号", fresh},
                            {s.person.id_number, s.person.name, "出生日期", STR("1979-12-31")},
                            {s.person.id_number, s.person.name, "联系电话", STR("13900139000")}};
    set_changes(&a, "关键信息", rows, 3);
    assert_true(str_empty(conclude(&a, cf)));
    assert_false(registered(m->region->code, s.person.id_number, &p));
    assert_true(registered(m->region->code, fresh, &p));
    assert_int_equal(p.id, s.person.id);
    assert_int_equal(p.version, 2);
    assert_true(str_eqz(day_text(arena, p.birth), "1979-12-31"));
    assert_true(str_eqz(p.mobile, "13900139000"));
    struct change taken = {other.person.id_number, other.person.name, "身份证号", fresh};
    set_changes(&b, "关键信息", &taken, 1);
    struct str why = conclude(&b, cf);
    assert_true(str_starts(why, STR("ERR_ENROLMENT_DUPLICATE")));
    assert_true(str_find(why, STR("已经登记在另一位参保人名下")) != SIZE_MAX);
    assert_true(registered(m->region->code, other.person.id_number, &p));
}

//= R75 type=test
static void
credit_code_of_another_unit_is_refused(void **state)
{
    (void)state;
    const struct matter *m = matter_420281("002036001004");
    struct seeded s = seed(m), other = seed(m);
    struct case_file *cf = ARENA_NEW(arena, struct case_file);
    struct application a = application_of(m, &s, "uscc");
    struct change c = {STR(""), STR(""), "统一社会信用代码", other.unit.uscc};
    set_changes(&a, "关键信息", &c, 1);
    struct str why = conclude(&a, cf);
    assert_true(str_starts(why, STR("ERR_ENROLMENT_DUPLICATE")));
    assert_true(str_find(why, STR("已经登记在另一个单位名下")) != SIZE_MAX);
    c.value = STR("91420000MA0000000X");
    set_changes(&a, "关键信息", &c, 1);
    assert_int_equal(check(&a), ERR_FIELD_INVALID);
    assert_true(blames("changes.0.new_value"));
    fail_clear(&ctx);
}

//= R76 type=test
static void
new_values_are_checked_by_what_they_change(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"姓名", "王1"},   {"身份证号", "420281198001011"}, {"身份证号", "420281198013010011"},
        {"性别", "未知"},  {"出生日期", "1980-02-30"},      {"出生日期", "2099-01-01"},
        {"联系电话", "12"}};
    const struct matter *m = matter_420281("002036001005");
    struct seeded s = seed(m);
    struct application a = application_of(m, &s, "values");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct change rows[] = {{s.person.id_number, s.person.name, "通信地址", STR("新街1号")},
                                {s.person.id_number, s.person.name, wrong[i][0], str_c(wrong[i][1])}};
        set_changes(&a, i < 6 ? "关键信息" : "非关键信息", rows, 2);
        assert_int_equal(check(&a), ERR_FIELD_INVALID);
        assert_true(blames("changes.1.new_value"));
    }
    fail_clear(&ctx);
}

/* --- what the public may learn, and write --- */

static struct str
answer_to(const struct application *a)
{
    assert_int_equal(check(a), ERR_RECORD_MISSING);
    assert_int_equal(ctx.fail->field_count, 0);
    return ctx.fail->detail;
}

//= R102 type=test
static void
nobody_learns_who_is_insured(void **state)
{
    (void)state;
    static const char *const codes[] = {"002036001005", "002036003001"};
    for (size_t i = 0; i < 2; i++) {
        const struct matter *m = matter_420281(codes[i]);
        struct seeded s = seed(m);
        struct application a = application_of(m, &s, "oracle");
        struct str unknown = new_id_number(m->region->code);
        struct change c = {s.person.id_number, STR("李四"), "通信地址", STR("新街1号")};
        if (i == 0)
            set_changes(&a, "非关键信息", &c, 1);
        a.applicant_name = STR("李四");
        struct str wrong_name = answer_to(&a);
        c.id = a.applicant_id = unknown;
        if (i == 0)
            set_changes(&a, "非关键信息", &c, 1);
        assert_true(str_eq(answer_to(&a), wrong_name));
        assert_true(str_starts(wrong_name, STR("姓名和身份证件号码与参保登记不符")));
        a.actor = *staff_of(m->region->code, W, 101); /* a clerk is told which it is */
        assert_int_equal(check(&a), ERR_RECORD_MISSING);
        assert_true(str_find(ctx.fail->detail, STR("没有查到")) != SIZE_MAX);
    }
    const struct matter *m = matter_420281("002036001005");
    struct seeded s = seed(m);
    struct application a = application_of(m, &s, "insurance");
    struct change c = {s.person.id_number, s.person.name, "通信地址", STR("新街1号")};
    set_changes(&a, "非关键信息", &c, 1);
    const char *said = str_eqz(s.insurance, "职工医保") ? "城乡居民医保" : "职工医保";
    a.facts = with_field(a.facts, "insurance", said);
    assert_int_equal(check(&a), ERR_FIELD_INVALID);
    assert_true(blames("insurance"));
    assert_true(str_find(ctx.fail->field[0].reason, s.insurance) == SIZE_MAX);
    a.actor = *staff_of(m->region->code, W, 101);
    assert_int_equal(check(&a), ERR_FIELD_INVALID);
    assert_true(str_find(ctx.fail->field[0].reason, s.insurance) != SIZE_MAX);
    fail_clear(&ctx);
}

static struct str
repeated(const char *piece, int n)
{
    struct str s = STR("");
    for (int i = 0; i < n; i++)
        s = str_concat(arena, s, str_c(piece));
    return s;
}

static void
contact_is_bounded_and_told_with_the_form(void **state)
{
    (void)state;
    const struct matter *m = matter_420281("002036001005");
    struct seeded s = seed(m);
    struct application a = application_of(m, &s, "bounds");
    struct change c = {s.person.id_number, s.person.name, "联系电话", STR("12")};
    set_changes(&a, "非关键信息", &c, 1);
    a.delegate_name = repeated("李", 51);
    a.delegate_id = STR("420281198001010000");
    a.address = repeated("街", 201);
    a.mobile = repeated("1", 21);
    a.applicant_id = STR("1");
    assert_int_equal(check(&a), ERR_FIELD_INVALID);
    static const char *const told[] = {"delegate_name", "delegate_id",  "address",
                                       "mobile",        "applicant_id", "changes.0.new_value"};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        assert_true(blames(told[i]));
    a.delegate_name = repeated("李", 50);
    a.delegate_id = new_id_number(m->region->code);
    a.address = repeated("街", 200);
    a.mobile = STR("13800138000");
    a.applicant_id = s.person.id_number;
    c.value = STR("13800138001");
    set_changes(&a, "非关键信息", &c, 1);
    must(check(&a));
}

static void
only_what_the_form_asks_is_stored(void **state)
{
    (void)state;
    const struct matter *m = matter_420281("002036001005");
    struct seeded s = seed(m);
    struct application a = application_of(m, &s, "known");
    struct change c = {s.person.id_number, s.person.name, "通信地址", STR("新街1号")};
    struct case_file *cf = ARENA_NEW(arena, struct case_file);
    struct receipt r;
    set_changes(&a, "非关键信息", &c, 1);
    struct view *form = with_field(with_field(a.form, "office_opinion", "同意"), "hidden", "x");
    a.form = form;
    struct view *row = (struct view *)(uintptr_t)view_first(view_get(form, STR("changes")));
    view_put_text(row, "office_note", STR("同意"));
    view_put_text(row, "extra", STR("x"));
    must(service_apply(&ctx, server, &a, &r));
    load(r, m->region->code, cf);
    const struct view *kept = view_first(view_get(cf->form, STR("changes")));
    assert_null(view_get(cf->form, STR("office_opinion")));
    assert_null(view_get(cf->form, STR("hidden")));
    assert_null(view_get(kept, STR("office_note")));
    assert_null(view_get(kept, STR("extra")));
    assert_true(str_eqz(view_text(view_get(kept, STR("new_value"))), "新街1号"));
}

static void
month_is_a_month(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool ok;
    } months[] = {{"2026-01", true},  {"2026-12", true},  {"2026-00", false}, {"2026-13", false},
                  {"abcd-ef", false}, {"2026/01", false}, {"2026-1", false}};
    struct form_field field = {.id = STR("from"), .label = STR("自年月"), .type = STR("年月"), .max_length = 20};
    struct form_section section = {.field = &field, .field_count = 1};
    struct form form = {.title = STR("表"), .section = &section, .section_count = 1};
    for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
        struct view *v = view_map(arena);
        view_put_z(v, "from", months[i].text);
        fail_clear(&ctx);
        assert_int_equal(service_form_check(&ctx, server, &form, NULL, v), months[i].ok ? OK : ERR_FIELD_INVALID);
    }
    fail_clear(&ctx);
}

static struct audit
audit(struct str region)
{
    struct audit a;
    must(case_audit(&ctx, server->store, &server->vault, region, &a));
    for (int64_t i = 0; i < a.broken && i < 3; i++)
        print_message("  %.*s\n", STR_ARG(a.finding[i]));
    return a;
}

static struct audit
rebuilt(struct str region)
{
    struct audit a;
    must(case_rebuild_check(&ctx, server->store, &server->vault, server->catalog, region, &a));
    for (int64_t i = 0; i < a.broken && i < 3; i++)
        print_message("  %.*s\n", STR_ARG(a.finding[i]));
    return a;
}

/* Somebody at the rows, behind the program's back. */
static void
tamper(const char *sql)
{
    support_sql(url.p, sql);
}

static void
audit_finds_what_was_touched(void **state)
{
    (void)state;
    struct str region = STR("420281");
    int64_t sealed;
    must(service_seal_all(&ctx, server, &sealed));
    assert_true(sealed > 0);
    struct audit clean = audit(region);
    assert_int_equal(clean.broken, 0);
    assert_true(clean.cases > 10 && clean.events > clean.cases && clean.seals >= 1);
    assert_int_equal(rebuilt(region).broken, 0);
    bool sqlite = str_starts(url, STR("sqlite:"));
    const char *pick = "(select min(id) from case_file where region = '420281')";
    /* one flipped byte of a payload */
    tamper("create table kept as select * from case_event");
    tamper(str_fmt(arena,
                   sqlite ? "update case_event set payload = cast(substr(payload, 1, 40) || x'00' || substr(payload, "
                            "42) as blob) where region = '420281' and case_id = %s and seq = 1"
                          : "update case_event set payload = overlay(payload placing '\\x00'::bytea from 41) where "
                            "region = '420281' and case_id = %s and seq = 1",
                   pick)
               .p);
    assert_true(audit(region).broken > 0);
    tamper("delete from case_event");
    tamper("insert into case_event select * from kept");
    assert_int_equal(audit(region).broken, 0);
    /* a removed event, in the middle and at the end */
    tamper(str_fmt(arena, "delete from case_event where region = '420281' and case_id = %s and seq = 2", pick).p);
    assert_true(audit(region).broken > 0);
    tamper("delete from case_event");
    tamper("insert into case_event select * from kept");
    /* two events swapped */
    static const int moves[][2] = {{2, 102}, {3, 103}, {102, 3}, {103, 2}};
    for (size_t i = 0; i < 4; i++)
        tamper(str_fmt(arena, "update case_event set seq = %d where region = '420281' and case_id = %s and seq = %d",
                       moves[i][1], pick, moves[i][0])
                   .p);
    assert_true(audit(region).broken > 0);
    tamper("delete from case_event");
    tamper("insert into case_event select * from kept");
    /* a whole case, with its row: only the seals know */
    tamper("create table kept_case as select * from case_file");
    tamper(str_fmt(arena, "delete from case_event where region = '420281' and case_id = %s", pick).p);
    tamper(str_fmt(arena, "delete from case_file where region = '420281' and id = %s", pick).p);
    assert_true(audit(region).broken > 0);
    tamper("delete from case_event");
    tamper("insert into case_event select * from kept");
    tamper("delete from case_file");
    tamper("insert into case_file select * from kept_case");
    assert_int_equal(audit(region).broken, 0);
    /* a projection that says something else than its events */
    tamper(str_fmt(arena, "update case_file set due_day = due_day + 1 where region = '420281' and id = %s", pick).p);
    assert_true(rebuilt(region).broken > 0);
    tamper("drop table kept");
    tamper("drop table kept_case");
}

/* One case that cannot be read any more keeps nobody else from being asked, and is reported. */ //= R48 type=test
static void
a_broken_case_silences_no_other(void **state)
{
    (void)state;
    const struct matter *m;
    int64_t sent;
    must(catalog_matter(&ctx, catalog_region(server->catalog, STR("420281")), STR("002036003001"), &m));
    ctx.now_ms += INT64_C(30) * 86400000; /* what the tests before left */
    must(service_rating_remind(&ctx, server, &sent));
    ctx.now_ms = SUPPORT_NOW_MS;
    struct seeded s[3];
    for (int i = 0; i < 3; i++) {
        s[i] = seed(m);
        (void)close_case(m, &s[i]);
    }
    support_sql(url.p, str_fmt(arena,
                               "update data_key set wrapped = (select wrapped from data_key where id = %lld) "
                               "where id = %lld",
                               (long long)s[1].person.key.id, (long long)s[0].person.key.id)
                           .p); /* a key opens only as its own */
    ctx.now_ms += INT64_C(30) * 86400000;
    assert_int_equal(service_rating_remind(&ctx, server, &sent), ERR_INTEGRITY);
    assert_int_equal(sent, 3);
    fail_clear(&ctx);
    must(service_rating_remind(&ctx, server, &sent));
    assert_int_equal(sent, 0);
    ctx.now_ms = SUPPORT_NOW_MS;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_handled_matter_from_application_to_conclusion),
        cmocka_unit_test(conclusion_leaves_its_trace_and_papers),
        cmocka_unit_test(nobody_is_enrolled_twice),
        cmocka_unit_test(replay_gives_the_same_receipt),
        cmocka_unit_test(sweeper_removes_what_no_row_names),
        cmocka_unit_test(registration_alone_is_open_all_year),
        cmocka_unit_test(filing_names_its_place_as_the_form_wants),
        cmocka_unit_test(change_hits_only_the_person_named),
        cmocka_unit_test(rows_of_one_person_are_one_change),
        cmocka_unit_test(credit_code_of_another_unit_is_refused),
        cmocka_unit_test(new_values_are_checked_by_what_they_change),
        cmocka_unit_test(nobody_learns_who_is_insured),
        cmocka_unit_test(contact_is_bounded_and_told_with_the_form),
        cmocka_unit_test(only_what_the_form_asks_is_stored),
        cmocka_unit_test(month_is_a_month),
        cmocka_unit_test(audit_finds_what_was_touched),
        cmocka_unit_test(a_broken_case_silences_no_other),
    };
    int failed = cmocka_run_group_tests_name("flow on SQLite", tests, set_up_sqlite, support_server_down);
    if (support_pg())
        failed += cmocka_run_group_tests_name("flow on PostgreSQL", tests, set_up_postgres, support_server_down);
    return failed;
}
