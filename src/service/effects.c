/* What concluding a matter does to the registers, by the closed list of effects. Runs inside the case's transaction
** (R74):
 ** if an effect is impossible, the conclusion does not happen. */
#include "service/effects_int.h"

#include <stddef.h>

#include "base/json.h"
#include "sql_gen.h"

struct str
effect_bound(const struct effect *e, const char *binds)
{
    return service_form_bound(e->form, e->cf->form, binds);
}

struct str
effect_fact(struct ctx *ctx, const struct effect *e, const char *id)
{
    size_t i = fact_find(e->cf->facts.dict, str_c(id));
    if (i == SIZE_MAX || e->cf->facts.value[i].kind == VALUE_UNASKED)
        return STR("");
    return fact_value_text(ctx->arena, &e->cf->facts.dict->fact[i], e->cf->facts.value[i]);
}

/* R74: every effect leaves its trace, sealed under the case's key. */
enum err
effect_record(struct ctx *ctx, struct effect *e, const char *subject_kind, int64_t subject_id, const char *kind,
              const struct view *what)
{
    struct buf b;
    buf_init(&b, ctx->arena, 256);
    view_json(what, &b);
    return registry_event(ctx, e->tx, &e->server->ids, e->cf->region, subject_kind, subject_id, e->cf->id, kind, e->key,
                          buf_str(&b));
}

struct change
effect_change(const struct effect *e, const char *action)
{
    return (struct change){.tx = e->tx,
                           .ids = &e->server->ids,
                           .region = e->cf->region,
                           .case_id = e->cf->id,
                           .key = e->key,
                           .action = action};
}

/* The person of a form row: the registered one, or a new one under a key of his own. */
enum err
effect_person(struct ctx *ctx, struct effect *e, struct str name, struct str id_number, struct str mobile,
              struct person *ret_p)
{
    struct server *s = e->server;
    const char *reason;
    struct ident_person id;
    bool found;
    struct str number = id_number;
    bool known = ident_person(ctx->arena, id_number, &id, &reason);
    if (known)
        number = id.value;
    TRY(ctx, registry_person_find(ctx, e->tx, &s->vault, e->cf->region, number, ret_p, &found));
    if (found && !str_eq(ret_p->name, name))
        FAIL(ctx, ERR_FIELD_INVALID, "姓名与已登记的身份证件号码不符，请核对");
    if (found)
        return OK;
    *ret_p = (struct person){
        .id = id_next(&s->ids, ctx->now_ms), .name = name, .id_number = number, .mobile = mobile, .birth = DAY_NONE};
    ret_p->id_kind = known ? STR("居民身份证") : STR("其他证件");
    ret_p->key = vault_key_make(id_next(&s->ids, ctx->now_ms));
    if (known) {
        ret_p->birth = id.birth;
        ret_p->sex = id.sex == IDENT_SEX_MALE ? STR("男") : id.sex == IDENT_SEX_FEMALE ? STR("女") : STR("");
    }
    ret_p->address = effect_bound(e, "person.address");
    ret_p->hukou = effect_bound(e, "person.hukou");
    TRY(ctx, vault_key_store(ctx, e->tx, &s->vault, e->cf->region, &ret_p->key));
    return registry_person_insert(ctx, e->tx, &s->vault, e->cf->region, ret_p, false);
}

struct str
effect_text(const struct view *row, const char *id)
{
    struct str s;
    return json_text(row, id, &s) && s.p ? str_trim(s) : STR("");
}

//= R62 R63 R64
static enum err
enrol_resident(struct ctx *ctx, struct effect *e)
{
    struct change c = effect_change(e, "新参保");
    struct person p;
    TRY(ctx, effect_person(ctx, e, effect_bound(e, "person.name"), effect_bound(e, "person.id"),
                           effect_bound(e, "person.mobile"), &p));
    TRY(ctx, registry_begin(ctx, &c, p.id, STR("城乡居民医保"), STR("城乡居民"), 0));
    view_put_text(e->extra, "insurance", STR("城乡居民基本医疗保险"));
    view_put_int(e->extra, "persons", 1);
    return OK;
}

struct str
effect_person_number(struct ctx *ctx, struct str typed)
{
    struct ident_person id;
    const char *reason;
    return ident_person(ctx->arena, typed, &id, &reason) ? id.value : str_trim(typed);
}

struct str
effect_person_name(struct ctx *ctx, struct str typed)
{
    struct str name;
    const char *reason;
    return ident_name(ctx->arena, typed, &name, &reason) ? name : str_trim(typed);
}

static const struct view *
first_change(const struct case_file *cf)
{
    const struct view *rows = cf->form ? view_get(cf->form, STR("changes")) : NULL;
    return rows && view_kind(rows) == VIEW_LIST ? view_first(rows) : NULL;
}

bool
service_change_names(struct ctx *ctx, const struct case_file *cf, const struct person *registered)
{
    for (const struct view *row = first_change(cf); row; row = view_next(row))
        if (str_eq(effect_person_number(ctx, effect_text(row, "id_number")), registered->id_number) &&
            str_eq(effect_person_name(ctx, effect_text(row, "person_name")), registered->name))
            return true;
    return false;
}

/* Whether ROW, number AT, names a registered person rightly, and HIMSELF if so it must be: else field errors. */
static enum err
check_change_row(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf, const struct view *row,
                 size_t at, bool himself, bool by_public, bool *ret_ok)
{
    struct str number = effect_person_number(ctx, effect_text(row, "id_number"));
    struct person person;
    bool found;
    if (str_empty(number) || str_empty(effect_text(row, "change_item")))
        return OK;
    if (himself && !str_eq(number, cf->applicant_id)) {
        fail_field(ctx, str_fmt(ctx->arena, "changes.%zu.id_number", at), STR("身份证件号码"),
                   STR("不是申请人本人的号码"), STR("本人申请只能变更本人的信息；由单位办理的，请填写单位编码"));
        *ret_ok = false;
        return OK;
    }
    TRY(ctx, registry_person_find(ctx, tx, &s->vault, cf->region, number, &person, &found));
    if (found && str_eq(effect_person_name(ctx, effect_text(row, "person_name")), person.name))
        return OK;
    fail_field(ctx, str_fmt(ctx->arena, "changes.%zu.person_name", at), STR("姓名"),
               by_public ? STR("姓名和身份证件号码与参保登记不符")
               : found   ? STR("与这个身份证件号码登记的姓名不符")
                         : STR("这个身份证件号码没有参保登记"),
               STR("请填变更前在册的姓名和号码"));
    *ret_ok = false;
    return OK;
}

//= R76
enum err
service_change_check(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf,
                     const struct form *form, bool by_public)
{
    struct value identity = facts_get(&cf->facts, "insured_status");
    bool employed = identity.kind != VALUE_TEXT || str_eqz(identity.text, "在职职工"), ok = true;
    bool unit = employed && !str_empty(service_form_bound(form, cf->form, "person.unit_no"));
    size_t at = 0;
    if (cf->matter->effect != EFFECT_PERSON_CHANGE)
        return OK;
    for (const struct view *row = first_change(cf); row; row = view_next(row), at++)
        TRY(ctx, check_change_row(ctx, s, tx, cf, row, at, !unit && !cf->matter->by_unit, by_public, &ok));
    if (!ok)
        FAIL(ctx, ERR_FIELD_INVALID, "变更表上的人与参保登记对不上");
    return OK;
}

/* A person on the change form: read once, written once, however many rows speak of him. */
struct changed {
    struct str number, name; /* as registered before any row */
    struct person person;
};

//= R76
static enum err
change_person_field(struct ctx *ctx, struct person *p, struct str item, struct str typed)
{
    struct ident_person id;
    struct str value;
    const char *reason = service_change_value(ctx, item, typed, &value);
    if (reason)
        FAIL(ctx, ERR_FIELD_INVALID, "%.*s：%s", STR_ARG(item), reason);
    if (str_eqz(item, "姓名")) {
        p->name = value;
    } else if (str_eqz(item, "身份证号")) {
        p->id_number = value;
        if (ident_person(ctx->arena, value, &id, &reason) && !day_is_none(id.birth))
            p->birth = id.birth;
    } else if (str_eqz(item, "性别")) {
        p->sex = value;
    } else if (str_eqz(item, "出生日期")) {
        if (!day_parse(value, &p->birth))
            FAIL(ctx, ERR_FIELD_INVALID, "出生日期应写成 2026-01-31");
    } else if (str_eqz(item, "通信地址")) {
        p->address = value;
    } else if (str_eqz(item, "户籍地")) {
        p->hukou = value;
    } else if (str_eqz(item, "联系电话") || str_eqz(item, "手机号码")) {
        p->mobile = value;
    } /* 其他: recorded, changes no field of the register */
    return OK;
}

/* The person of ROW, number AT: among the *N in ALL that earlier rows named, or read from the register. */
static enum err
changed_person(struct ctx *ctx, struct effect *e, const struct view *row, size_t at, struct changed *all, size_t *n,
               struct changed **ret_c)
{
    struct str number = effect_text(row, "id_number");
    bool found = true;
    size_t i = 0;
    number = effect_person_number(ctx, str_empty(number) ? effect_bound(e, "person.id") : number);
    while (i < *n && !str_eq(all[i].number, number))
        i++;
    struct changed *c = &all[i];
    if (i == *n)
        TRY(ctx, registry_person_find(ctx, e->tx, &e->server->vault, e->cf->region, number, &c->person, &found));
    if (!found)
        FAIL(ctx, ERR_RECORD_MISSING, "登记系统中没有这个身份证件号码的参保人");
    if (i == *n) {
        c->number = number;
        c->name = c->person.name;
        ++*n;
    }
    if (!str_eq(effect_person_name(ctx, effect_text(row, "person_name")), c->name)) {
        fail_field(ctx, str_fmt(ctx->arena, "changes.%zu.person_name", at), STR("姓名"),
                   STR("与这个身份证件号码登记的姓名不符"), STR("请填变更前在册的姓名"));
        FAIL(ctx, ERR_FIELD_INVALID, "变更表第 %zu 行的姓名与登记的不符", at + 1);
    }
    *ret_c = c;
    return OK;
}

static enum err
change_person(struct ctx *ctx, struct effect *e)
{
    const struct view *rows = e->cf->form ? view_get(e->cf->form, STR("changes")) : NULL;
    struct changed *all = ARENA_ARRAY(ctx->arena, (rows ? view_count(rows) : 0) + 1, struct changed), *c = NULL;
    size_t people = 0, at = 0;
    int64_t n = 0;
    for (const struct view *row = rows ? view_first(rows) : NULL; row; row = view_next(row), at++) {
        struct str item = effect_text(row, "change_item");
        if (str_empty(item))
            continue;
        TRY(ctx, changed_person(ctx, e, row, at, all, &people, &c));
        TRY(ctx, change_person_field(ctx, &c->person, item, effect_text(row, "new_value")));
        TRY(ctx, effect_record(ctx, e, "person", c->person.id, "changed", row));
        n++;
    }
    if (n == 0)
        FAIL(ctx, ERR_FIELD_INVALID, "变更表上没有变更事项");
    for (size_t i = 0; i < people; i++)
        TRY(ctx, registry_person_update(ctx, e->tx, &e->server->vault, e->cf->region, &all[i].person));
    view_put_int(e->extra, "changes", n);
    return OK;
}

//= R75
static enum err
change_unit_field(struct ctx *ctx, struct unit *u, struct str item, struct str typed)
{
    static const struct {
        const char *item;
        size_t offset;
    } fields[] = {
        {"统一社会信用代码", offsetof(struct unit, uscc)},
        {"单位名称", offsetof(struct unit, name)},
        {"单位类型", offsetof(struct unit, kind)},
        {"住所(地址)", offsetof(struct unit, address)},
        {"法定代表人(负责人)姓名", offsetof(struct unit, legal_name)},
        {"法定代表人(负责人)身份证件号码", offsetof(struct unit, legal_id)},
        {"缴费单位经办人姓名", offsetof(struct unit, contact)},
        {"缴费单位经办人联系电话", offsetof(struct unit, phone)},
        {"开户银行开户行", offsetof(struct unit, bank)},
        {"开户银行账号", offsetof(struct unit, account)},
    };
    struct str value;
    const char *reason = service_change_value(ctx, item, typed, &value);
    if (reason)
        FAIL(ctx, ERR_FIELD_INVALID, "%.*s：%s", STR_ARG(item), reason);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (str_eqz(item, fields[i].item))
            *(struct str *)(void *)((char *)u + fields[i].offset) = value;
    return OK;
}

static enum err
change_unit(struct ctx *ctx, struct effect *e)
{
    struct unit u;
    TRY(ctx, registry_unit_get(ctx, e->tx, &e->server->vault, e->cf->region, e->cf->unit_id, &u));
    const struct view *rows = e->cf->form ? view_get(e->cf->form, STR("changes")) : NULL;
    int64_t n = 0;
    for (const struct view *row = rows ? view_first(rows) : NULL; row; row = view_next(row)) {
        struct str item = effect_text(row, "change_item");
        if (str_empty(item))
            continue;
        TRY(ctx, change_unit_field(ctx, &u, item, effect_text(row, "new_value")));
        TRY(ctx, effect_record(ctx, e, "unit", u.id, "changed", row));
        n++;
    }
    if (n == 0)
        FAIL(ctx, ERR_FIELD_INVALID, "变更表上没有变更事项");
    TRY(ctx, registry_unit_update(ctx, e->tx, &e->server->vault, e->cf->region, &u));
    view_put_int(e->extra, "changes", n);
    view_put_text(e->extra, "unit_no", u.no);
    return OK;
}

/* What the registers hold about a person: the query's result, the certificate's content. */
static enum err
person_record(struct ctx *ctx, struct effect *e, bool enrolled, const char *kind)
{
    struct person p;
    size_t enrolments;
    if (e->cf->person_id == 0)
        FAIL(ctx, ERR_RECORD_MISSING, "登记系统中没有申请人的参保记录");
    TRY(ctx, registry_person_get(ctx, e->tx, &e->server->vault, e->cf->region, e->cf->person_id, &p));
    TRY(ctx, register_person_view(ctx, e->tx, e->cf->region, &p, e->extra, &enrolments));
    if (enrolled && enrolments == 0)
        FAIL(ctx, ERR_RECORD_MISSING, "登记系统中没有申请人的参保记录，不能出具凭证");
    view_put_text(e->extra, "hukou", p.hukou);
    view_put_text(e->extra, "address", p.address);
    struct view *what = view_map(ctx->arena);
    view_put_int(what, "balance_fen", view_int(view_get(e->extra, STR("balance_fen"))));
    return effect_record(ctx, e, "person", p.id, kind, what);
}

static enum err
unit_record(struct ctx *ctx, struct effect *e)
{
    struct unit u;
    TRY(ctx, registry_unit_get(ctx, e->tx, &e->server->vault, e->cf->region, e->cf->unit_id, &u));
    TRY(ctx, register_unit_view(ctx, e->tx, e->cf->region, &u, e->extra));
    return effect_record(ctx, e, "unit", u.id, "queried", e->extra);
}

//= R120 R135 R136 R152
static enum err
file_offsite(struct ctx *ctx, struct effect *e)
{
    if (e->cf->person_id == 0)
        FAIL(ctx, ERR_RECORD_MISSING, "登记系统中没有申请人的参保记录，不能办理异地就医备案");
    struct str province = effect_text(e->cf->form, "filing_province"), city = effect_text(e->cf->form, "filing_city");
    struct str place = str_concat(ctx->arena, province, str_eq(province, city) ? STR("") : city);
    struct str action = effect_fact(ctx, e, "filing_action"), proof = effect_fact(ctx, e, "proof_mode");
    TRY(ctx, registry_offsite_apply(ctx, e->tx, &e->server->ids, e->cf->region, e->cf->person_id, action,
                                    e->cf->matter->category, place, proof, e->cf->id));
    view_put_text(e->extra, "category", e->cf->matter->category);
    view_put_text(e->extra, "place", place);
    view_put_text(e->extra, "action", str_empty(action) ? STR("首次备案") : action);
    view_put_text(e->extra, "proof_mode", proof);
    return effect_record(ctx, e, "person", e->cf->person_id, "offsite", e->extra);
}

enum err
service_effect(struct ctx *ctx, struct server *s, struct tx *tx, struct case_file *cf, const struct data_key *key,
               struct view **ret_extra)
{
    struct effect e = {.server = s,
                       .tx = tx,
                       .cf = cf,
                       .key = key,
                       .form = catalog_matter_form(matter_catalog(cf->matter), cf->matter),
                       .extra = view_map(ctx->arena)};
    *ret_extra = e.extra;
    switch (cf->matter->effect) {
    case EFFECT_UNIT_ENROL:
        return effect_unit(ctx, &e);
    case EFFECT_PERSON_ENROL:
        return effect_employees(ctx, &e);
    case EFFECT_RESIDENT_ENROL:
        return enrol_resident(ctx, &e);
    case EFFECT_UNIT_CHANGE:
        return change_unit(ctx, &e);
    case EFFECT_PERSON_CHANGE:
        return change_person(ctx, &e);
    case EFFECT_UNIT_QUERY:
        return unit_record(ctx, &e);
    case EFFECT_PERSON_QUERY:
        return person_record(ctx, &e, false, "queried");
    case EFFECT_CERTIFICATE:
        return person_record(ctx, &e, true, "certificate"); //= R114
    case EFFECT_OFFSITE:
        return file_offsite(ctx, &e);
    case EFFECT_NONE: /* its result is the case itself: no register of ours changes */
        return OK;
    default:
        FAIL(ctx, ERR_MATTER_UNAVAILABLE, "该事项的办结还没有接入本系统");
    }
}
