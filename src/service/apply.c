/* An application: everything that can be said against it at once, then one durable transaction. */
#include "service/apply_int.h"

#include <string.h>

#include "base/json.h"
#include "sql_gen.h"

/* --- may this matter be applied for here, this way --- */

bool
apply_by_public(const struct applying *p)
{
    return p->a->actor.kind == ACTOR_PUBLIC;
}

/* What the house, a hospital or a department begins is not applied for by the public. */ //= R143 R232 R266
static enum err
check_origin(struct applying *p)
{
    static const char *const why[] = {[ORIGIN_HOSPITAL] = "该事项由医疗机构登记办理，请在就诊的医院办理",
                                      [ORIGIN_DEPARTMENT] = "该事项由有关部门提供名单统一办理，不需要个人申请",
                                      [ORIGIN_OFFICE] = "该事项由医保部门依职权办理，不接受申请"};
    enum case_origin o = case_origin(p->a->matter);
    if (o != ORIGIN_APPLICATION && apply_by_public(p))
        FAIL(p->ctx, ERR_MATTER_UNAVAILABLE, "%s", why[o]);
    return OK;
}

//= R13 R15 R29 R32 R151
static enum err
check_matter(struct applying *p)
{
    const struct matter *m = p->a->matter;
    const char *reason;
    struct str why;
    bool applied = case_origin(m) == ORIGIN_APPLICATION;
    TRY(p->ctx, check_origin(p));
    if (!matter_open_for(m, p->a->channel, &reason) && (applied || m->suspended || m->not_open)) {
        if (m->suspended) {
            fail_rule(p->ctx, "R13");
            FAIL(p->ctx, ERR_MATTER_SUSPENDED, "%.*s", STR_ARG(m->status_basis));
        }
        FAIL(p->ctx, ERR_CHANNEL_CLOSED, "%s", reason);
    }
    if (!case_handles(m, &why))
        FAIL(p->ctx, ERR_MATTER_UNAVAILABLE, "%.*s", STR_ARG(why));
    if (p->a->level_known && m->levels && !(m->levels >> p->a->level & 1u)) {
        struct buf b;
        buf_init(&b, p->ctx->arena, 64);
        for (int k = 0; k < LEVEL_COUNT; k++)
            if (m->levels >> k & 1u)
                buf_fmt(&b, "%s%s", b.n ? "、" : "", level_name((enum level_kind)k));
        fail_rule(p->ctx, "R32");
        FAIL(p->ctx, ERR_LEVEL_REFUSED, "%s不办理该事项，请到%s窗口办理", level_name(p->a->level), buf_str(&b).p);
    }
    return OK;
}

/* --- facts --- */

static void
set_fact(struct facts *f, const char *id, struct value v)
{
    size_t i = fact_find(f->dict, str_c(id));
    if (i != SIZE_MAX)
        f->value[i] = v;
}

static enum err
check_questions(struct applying *p)
{
    size_t *fact, n;
    bool open = false;
    checklist_questions(p->ctx, matter_catalog(p->a->matter), p->a->matter, &p->cf->facts, &fact, &n);
    for (size_t i = 0; i < n; i++) {
        const struct fact *f = catalog_fact(matter_catalog(p->a->matter), fact[i]);
        if (!f->asked) /* known by channel or register, or not at all: never a question to the applicant */
            continue;
        fail_field(p->ctx, f->def.id, f->def.name, STR("没有回答"), f->question);
        open = true;
    }
    if (open)
        FAIL(p->ctx, ERR_FIELD_INVALID, "还有 %zu 个问题没有回答", n);
    return OK;
}

bool
apply_needs_record(enum effect_kind k)
{
    return k == EFFECT_PERSON_CHANGE || k == EFFECT_PERSON_QUERY || k == EFFECT_CERTIFICATE || k == EFFECT_OFFSITE;
}

const char apply_no_match[] = "姓名和身份证件号码与参保登记不符，请核对后再提交，或向参保地经办机构申请";

static const struct view *
change_rows(const struct applying *p)
{
    const struct view *rows = p->a->form ? view_get(p->a->form, STR("changes")) : NULL;
    return rows && view_kind(rows) == VIEW_LIST ? view_first(rows) : NULL;
}

//= R36
static enum err
check_delegate(struct applying *p)
{
    struct value delegated = facts_get(&p->cf->facts, "delegated");
    if (delegated.kind != VALUE_BOOL || !delegated.b ||
        (!str_empty(p->cf->delegate_name) && !str_empty(p->cf->delegate_id)))
        return OK;
    fail_field(p->ctx, str_empty(p->cf->delegate_name) ? STR("delegate_name") : STR("delegate_id"),
               STR("代办人姓名和身份证件号码"), STR("没有填写"), STR("委托办理的，请填写代办人"));
    FAIL(p->ctx, ERR_FIELD_INVALID, "代办人信息不全");
}

/* What the applicant says of his insurance must be what the register says (R119: some matters are for one insurance
 * only). */
static enum err
check_insurance(struct applying *p)
{
    struct value said = facts_get(&p->cf->facts, "insurance");
    struct enrolment *en;
    size_t n;
    if (said.kind != VALUE_TEXT || !p->cf->person_id || !apply_needs_record(p->a->matter->effect))
        return OK;
    TRY(p->ctx, registry_enrolments(p->ctx, p->tx, p->cf->region, p->cf->person_id, &en, &n));
    const struct enrolment *active = registry_active(en, n);
    if (!active || str_eq(active->insurance, said.text))
        return OK;
    fail_rule(p->ctx, "R119");
    struct str reason = apply_by_public(p)
                            ? STR("与参保登记的险种不符") /* what is registered is for who has shown a card */
                            : str_fmt(p->ctx->arena, "登记的是%.*s", STR_ARG(active->insurance));
    fail_field(p->ctx, STR("insurance"), STR("险种"), reason, STR("请按登记的险种重新核对材料"));
    FAIL(p->ctx, ERR_FIELD_INVALID, "所填险种与参保登记不符");
}

static enum err
check_facts(struct applying *p)
{
    struct case_file *cf = p->cf;
    TRY(p->ctx, case_facts_read(p->ctx, matter_catalog(p->a->matter), p->a->facts, &cf->facts));
    set_fact(&cf->facts, "channel", value_text(str_c(channel_name(p->a->channel))));
    if (p->a->level_known)
        set_fact(&cf->facts, "level", value_text(str_c(level_name(p->a->level))));
    TRY(p->ctx, service_system_facts(p->ctx, p->s, p->tx, cf->region, cf->person_id, &cf->facts));
    for (size_t i = 0; i < cf->facts.dict->count; i++) /* only what this matter's conditions can mean anything to */
        if (!catalog_fact(matter_catalog(p->a->matter), i)->asked && !fact_set_has(&p->a->matter->facts, i))
            cf->facts.value[i] = (struct value){0};
    TRY(p->ctx, check_questions(p));
    TRY(p->ctx, check_delegate(p));
    return check_insurance(p);
}

enum err
service_system_facts(struct ctx *ctx, struct server *s, struct tx *tx, struct str region, int64_t person_id,
                     struct facts *f)
{
    struct enrolment *en = NULL;
    size_t n = 0;
    struct money balance = {0};
    int64_t months = 0;
    if (person_id) {
        TRY(ctx, registry_enrolments(ctx, tx, region, person_id, &en, &n));
        TRY(ctx, registry_balance(ctx, tx, region, person_id, &balance, &months));
    }
    bool over_one_year = false;
    struct offsite *filing = NULL;
    size_t filings = 0;
    if (person_id)
        TRY(ctx, registry_offsite_list(ctx, tx, region, person_id, &filing, &filings));
    for (size_t i = 0; i < filings; i++)
        over_one_year = over_one_year || (str_eqz(filing[i].status, "active") &&
                                          day_add_months(filing[i].from, 12).n <= day_of_ms(ctx->now_ms).n);
    const struct enrolment *active = registry_active(en, n);
    bool employee = active && str_eqz(active->insurance, "职工医保");
    set_fact(f, "account_balance_positive", value_bool(balance.fen > 0)); //= R111
    set_fact(f, "has_employee_insurance", value_bool(employee));          //= R62
    set_fact(f, "insurance_stopped", value_bool(n > 0 && !active));
    set_fact(f, "filing_over_one_year", value_bool(over_one_year)); //= R137
    /* What no register of ours can tell is "no": no data sharing is connected, so nothing is waived unseen (R60, R61).
     */
    for (size_t i = 0; i < f->dict->count; i++)
        if (!catalog_fact(s->catalog, i)->asked && f->value[i].kind == VALUE_UNASKED &&
            f->dict->fact[i].type == FACT_BOOL)
            f->value[i] = value_bool(false);
    return OK;
}

/* --- materials --- */

static const struct material *
leaf_by_key(const struct material *m, size_t n, struct str key)
{
    for (size_t i = 0; i < n; i++) {
        if (m[i].node == MATERIAL_LEAF && str_eq(m[i].key, key))
            return &m[i];
        const struct material *hit = leaf_by_key(m[i].child, m[i].child_count, key);
        if (hit)
            return hit;
    }
    return NULL;
}

static void
add_material(struct case_file *cf, const struct material *leaf, enum material_state state, struct str note)
{
    for (size_t i = 0; i < cf->material_count; i++)
        if (str_eq(cf->material[i].key, leaf->key)) {
            cf->material[i].state = state;
            return;
        }
    if (cf->material_count < CASE_MATERIALS_MAX)
        cf->material[cf->material_count++] =
            (struct case_material){.key = leaf->key, .name = leaf->name, .state = state, .note = note};
}

/* A form filled in here is the form handed in. */
static void
add_forms(struct case_file *cf, const struct material *m, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (material_need(&m[i], &cf->facts) == NEED_NO)
            continue; /* and what stands below it */
        if (m[i].node == MATERIAL_LEAF && !str_empty(m[i].form))
            add_material(cf, &m[i], MATERIAL_GIVEN, STR("在线填写"));
        add_forms(cf, m[i].child, m[i].child_count);
    }
}

static enum err
shared_too_early(struct applying *p, const struct material *leaf)
{
    fail_field(p->ctx, str_fmt(p->ctx->arena, "material.%.*s", STR_ARG(leaf->key)), leaf->name,
               leaf->shareable ? STR("还没有数据共享的查询记录") : STR("办事指南没有为这项材料提供数据共享"),
               leaf->shareable ? STR("请先收件（这项记“没交”），再在办件的“数据共享”里查询，查得后自动记为数据共享")
                               : STR("请按清单提供材料"));
    FAIL(p->ctx, ERR_FIELD_INVALID, "%s", "");
}

static enum err
check_materials(struct applying *p)
{
    const struct matter *m = p->a->matter;
    if (p->a->form && p->form)
        add_forms(p->cf, m->material, m->material_count);
    for (size_t i = 0; i < p->a->material_count; i++) {
        const struct case_material *given = &p->a->material[i];
        const struct material *leaf = leaf_by_key(m->material, m->material_count, given->key);
        if (!leaf)
            FAIL(p->ctx, ERR_FIELD_INVALID, "该事项没有编号为“%.*s”的材料", STR_ARG(str_sub(given->key, 0, 40)));
        bool staff = p->a->actor.kind == ACTOR_STAFF;
        bool fine = given->state == MATERIAL_GIVEN || (given->state == MATERIAL_COMMITTED && leaf->committable) ||
                    (staff && (given->state == MATERIAL_CHECKED || given->state == MATERIAL_ABSENT));
        if (staff && given->state == MATERIAL_SHARED) //= R60: no case, no look-up, no source
            return shared_too_early(p, leaf);
        if (!fine)
            FAIL(p->ctx, ERR_FIELD_INVALID, "“%.*s”不能这样提交", STR_ARG(leaf->name));
        if (given->state != MATERIAL_ABSENT)
            add_material(p->cf, leaf, given->state, given->note);
    }
    return OK;
}

/* R80: the printed box must equal what the changed fields say. */
static enum err
check_change_class(struct applying *p)
{
    static const char *const key_items[] = {"姓名",     "性别",       "身份证号", "出生日期", "统一社会信用代码",
                                            "单位名称", "法定代表人", "单位类型"};
    const struct view *rows = change_rows(p);
    struct value claimed = facts_get(&p->cf->facts, "change_class");
    if (!rows || claimed.kind != VALUE_TEXT)
        return OK;
    bool key = false;
    for (const struct view *row = rows; row; row = view_next(row)) {
        struct str item;
        if (!json_text(row, "change_item", &item) || !item.p)
            continue;
        for (size_t i = 0; i < sizeof key_items / sizeof *key_items; i++)
            key = key || str_starts(item, str_c(key_items[i]));
    }
    if (key == str_eqz(claimed.text, "关键信息"))
        return OK;
    fail_rule(p->ctx, "R80");
    fail_field(p->ctx, STR("change_class"), STR("变更信息类别"),
               key ? STR("变更的内容里有关键信息") : STR("变更的内容里没有关键信息"),
               key ? STR("请选“关键信息”并提交辅助材料") : STR("请选“非关键信息”"));
    FAIL(p->ctx, ERR_FIELD_INVALID, "变更信息类别与变更内容不符");
}

/* 异地 begins outside the pooling area, not outside the county (R121). */
static enum err
check_place(struct applying *p)
{
    const struct region *r = p->a->region;
    struct str city = STR(""), pool = str_empty(r->pool) ? r->name : r->pool;
    if (p->a->matter->effect != EFFECT_OFFSITE || !json_text(p->a->form, "filing_city", &city) ||
        str_find(city, pool) == SIZE_MAX)
        return OK;
    fail_rule(p->ctx, "R121");
    fail_field(p->ctx, STR("filing_city"), STR("备案地"), str_fmt(p->ctx->arena, "%.*s在本统筹区内", STR_ARG(pool)),
               STR("在本统筹区内就医不需要备案"));
    FAIL(p->ctx, ERR_NOT_ELIGIBLE, "备案地在本统筹区（%.*s）内，不需要办理异地就医备案", STR_ARG(pool));
}

/* The commitment letter pairs business n with missing paper n; the form prints both with their numbers. */
//= R132
static enum err
check_commitment(struct applying *p)
{
    struct str matter = STR(""), missing = STR("");
    if (!json_text(p->a->form, "commitment_matter", &matter) ||
        !json_text(p->a->form, "commitment_missing", &missing) || str_empty(matter) || str_empty(missing))
        return OK;
    if (matter.p[0] == missing.p[0])
        return OK;
    fail_rule(p->ctx, "R132");
    fail_field(p->ctx, STR("commitment_missing"), STR("因个人原因不能提供"), STR("与所办业务不对应"),
               STR("业务1只配材料1，业务2只配材料2，业务3只配材料3"));
    FAIL(p->ctx, ERR_FIELD_INVALID, "承诺书的业务与材料不对应");
}

/* The form may say another sub-action than the questions, or one that the registers' state forbids: told now, not at the conclusion. */
//= R52 R56
static enum err
check_sub_action(struct applying *p)
{
    struct unit u;
    if (p->a->matter->effect == EFFECT_PERSON_ENROL)
        return service_employees_check(p->ctx, p->s, p->tx, p->cf, p->form, apply_by_public(p));
    if (p->a->matter->effect != EFFECT_UNIT_ENROL)
        return OK;
    enum unit_action a; /* ticked on the form alone, it is a fact of the case all the same */
    if (facts_get(&p->cf->facts, "unit_action").kind != VALUE_TEXT && case_unit_action(p->cf, &a) && a != UNIT_REGROUP)
        set_fact(&p->cf->facts, "unit_action", value_text(str_c(unit_action_name(a))));
    if (p->cf->unit_id)
        TRY(p->ctx, registry_unit_get(p->ctx, p->tx, &p->s->vault, p->cf->region, p->cf->unit_id, &u));
    return service_unit_check(p->ctx, p->s, p->tx, p->cf, p->form, p->cf->unit_id ? &u : NULL);
}

//= R80 R132
static enum err
check_form(struct applying *p)
{
    if (!p->form)
        return OK;
    if (!p->a->form) {
        /* a change of an existing filing, a query: the guide asks for no form then (R135, R136) */
        if (p->a->matter->effect == EFFECT_OFFSITE)
            return OK;
        FAIL(p->ctx, ERR_FIELD_INVALID, "请填写《%.*s》", STR_ARG(p->form->title));
    }
    TRY(p->ctx, service_form_check(p->ctx, p->s, p->form, &p->cf->facts, p->a->form));
    TRY(p->ctx, service_change_check(p->ctx, p->s, p->tx, p->cf, p->form, apply_by_public(p)));
    TRY(p->ctx, check_sub_action(p));
    TRY(p->ctx, check_place(p));
    TRY(p->ctx, check_commitment(p));
    return check_change_class(p);
}

enum err
service_apply_begin(struct ctx *ctx, struct server *s, const struct matter *m, enum channel_kind channel,
                    const struct view *facts, struct facts *ret_f)
{
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    struct application a = {.region = m->region, .matter = m, .channel = channel, .facts = facts};
    struct applying p = {.ctx = ctx, .s = s, .a = &a, .cf = cf};
    TRY(ctx, check_matter(&p));
    TRY(ctx, case_facts_read(ctx, matter_catalog(m), facts, &cf->facts));
    set_fact(&cf->facts, "channel", value_text(str_c(channel_name(channel))));
    *ret_f = cf->facts;
    const struct eligibility *no =
        checklist_refusal(m, &cf->facts); /* what only the registers know is judged when it is sent */
    if (no) {
        fail_rule(ctx, "服务对象");
        FAIL(ctx, ERR_NOT_ELIGIBLE, "不符合服务对象：%.*s", STR_ARG(no->otherwise));
    }
    TRY(ctx, window_check(ctx, m, &cf->facts, catalog_calendar(s->catalog), day_of_ms(ctx->now_ms)));
    return check_questions(&p);
}

/* The agency the guide names as 受理单位, else the region's first. */
static struct str
handling_agency(const struct matter *m)
{
    const struct region *r = m->region;
    for (size_t i = 0; i < r->agency_count; i++)
        if (str_eq(r->agency[i].name, str_empty(m->unit) ? r->agency_name : m->unit))
            return r->agency[i].id;
    return r->agency_count ? r->agency[0].id : STR("");
}

enum err
service_apply_check(struct ctx *ctx, struct server *s, const struct application *a, struct case_file *ret_cf,
                    struct data_key *ret_key, bool *ret_new_key)
{
    SCOPED_READ tx = NULL;
    struct application clean = *a;
    const struct form *form = catalog_matter_form(matter_catalog(a->matter), a->matter);
    clean.form = service_form_clean(ctx, form, a->form);
    *ret_cf = (struct case_file){.region = a->region->code,
                                 .matter = a->matter,
                                 .matter_id = a->matter->id,
                                 .form = clean.form,
                                 .channel = a->channel,
                                 .level = a->level,
                                 .level_known = a->level_known,
                                 .point = a->point,
                                 .due = DAY_NONE,
                                 .legal = DAY_NONE};
    ret_cf->agency = handling_agency(a->matter);
    *ret_key = (struct data_key){0};
    struct applying p = {.ctx = ctx, .s = s, .a = &clean, .cf = ret_cf, .form = form, .key = ret_key, .new_key = true};
    TRY(ctx, check_matter(&p));
    TRY(ctx, store_read(ctx, s->store, &tx));
    p.tx = tx;
    TRY(ctx, apply_check_applicant(&p));
    TRY(ctx, check_facts(&p));
    TRY(ctx, check_form(&p));
    TRY(ctx, apply_check_delivery(&p));
    TRY(ctx, check_materials(&p));
    *ret_new_key = p.new_key;
    return OK;
}

/* --- storing --- */

static struct str
digest_text(struct arena *a, struct crypto_digest d)
{
    return str_dup(a, (struct str){(const char *)d.b, sizeof d.b});
}

/* What the submission says, for telling a replay from a different submission under the same key. */
static struct str
request_digest(struct ctx *ctx, const struct application *a)
{
    struct buf b;
    buf_init(&b, ctx->arena, 2048);
    if (a->facts)
        view_json(a->facts, &b);
    if (a->form)
        view_json(a->form, &b);
    for (size_t i = 0; i < a->material_count; i++)
        buf_fmt(&b, "|%.*s=%d", STR_ARG(a->material[i].key), (int)a->material[i].state);
    struct str piece[] = {a->region->code, a->matter->id, buf_str(&b), a->applicant_name, a->applicant_id, a->mobile,
                          a->unit_code,    a->delivery,   a->address,  a->delegate_name,  a->delegate_id};
    return digest_text(ctx->arena, crypto_sm3_pieces(piece, sizeof piece / sizeof *piece));
}

static void
fill_receipt(const struct commit *c, struct receipt *ret_r)
{
    *ret_r = (struct receipt){.no = c->write.after.no, .case_id = c->write.after.id, .code = c->access_code};
    if (!c->replayed) {
        ret_r->document_id = c->document_count ? c->document[0].id : 0;
        return;
    }
    ret_r->replayed = true;
    ret_r->no = c->idem_result;
}

/* Sent again, a submission is not judged again: what it has changed since must not speak against it.
** The key's row leads with the day (random keys alone would cost the index dearly); a retry over midnight
** must still be one submission. */
static enum err
find_replay(struct ctx *ctx, struct server *s, const struct commit *c, const struct application *a,
            struct receipt *ret_r)
{
    *ret_r = (struct receipt){0};
    SCOPED_READ tx = NULL;
    struct sql_idempotency_get_in in = {
        .region = a->region->code, .day = day_of_ms(ctx->now_ms).n, .digest = c->idem_digest};
    struct sql_idempotency_get_row row;
    bool found;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, sql_idempotency_get(ctx, tx, &in, &row, &found));
    if (!found) {
        in.day--;
        TRY(ctx, sql_idempotency_get(ctx, tx, &in, &row, &found));
    }
    if (!found)
        return OK;
    if (!str_eq(row.request_digest, c->idem_request))
        FAIL(ctx, ERR_IDEMPOTENCY, "请刷新页面后重新提交");
    *ret_r = (struct receipt){.replayed = true, .no = row.result, .code = c->access_code};
    return OK;
}

enum err
service_apply(struct ctx *ctx, struct server *s, const struct application *a, struct receipt *ret_r)
{
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    struct commit *c = ARENA_NEW(ctx->arena, struct commit);
    struct data_key key;
    bool new_key;
    if (str_empty(a->idempotency) || a->idempotency.n > 200)
        FAIL(ctx, ERR_FIELD_INVALID, "缺少提交编号（Idempotency-Key），请刷新页面后重新提交");
    struct str actor =
        str_fmt(ctx->arena, "%d/%lld/%.*s", (int)a->actor.kind, (long long)a->actor.id, STR_ARG(a->idempotency));
    c->idem_digest = vault_digest(ctx->arena, &s->vault, "idempotency", a->region->code, actor);
    c->idem_request = request_digest(ctx, a);
    c->draft_id = a->draft_id;
    /* It follows from the submission's key, so that a replay gives the same receipt without storing the code. */
    c->access_code =
        vault_code(ctx->arena, &s->vault, "access-code", a->region->code, c->idem_digest, ACCESS_CODE_LENGTH);
    TRY(ctx, find_replay(ctx, s, c, a, ret_r));
    if (ret_r->replayed)
        return OK;
    TRY(ctx, service_apply_check(ctx, s, a, cf, &key, &new_key));
    cf->id = id_next(&s->ids, ctx->now_ms);
    TRY(ctx, service_case_no(ctx, s, a->region->code, &cf->no));
    c->idem_result = cf->no;
    struct str access = vault_digest(ctx->arena, &s->vault, "access", a->region->code, c->access_code);
    cf->access_hex = crypto_hex(ctx->arena, access.p, access.n);
    if (new_key)
        key = vault_key_make(id_next(&s->ids, ctx->now_ms));
    struct case_command cmd = {.action = CASE_SUBMIT, .actor = a->actor, .now_ms = ctx->now_ms};
    struct decision d;
    TRY(ctx, case_decide(ctx, catalog_calendar(s->catalog), cf, &cmd, &d));
    TRY(ctx, commit_prepare(ctx, c, s, cf, &a->actor, &key, new_key, &d));
    TRY(ctx, commit_run(ctx, c));
    fill_receipt(c, ret_r);
    return OK;
}
