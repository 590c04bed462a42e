/* Who applies: the person or the unit as the registers have it, whom to call, who acts for him, how he wants the result. */
#include "service/apply_int.h"

static struct str
first_of(struct str a, struct str b)
{
    return str_empty(str_trim(a)) ? str_trim(b) : str_trim(a);
}

/* Who changes his name may sign with either; a row that gives the registered one is proof enough. */
static bool
knows_name(const struct applying *p, const struct person *registered, struct str name)
{
    if (str_eq(registered->name, name))
        return true;
    if (p->a->matter->effect != EFFECT_PERSON_CHANGE)
        return false;
    if (!apply_by_public(p))
        return true; /* a clerk sees the card; the rows are compared too */
    return service_change_names(p->ctx, p->cf, registered);
}

/* To the public a wrong name and a number that nobody has are one answer: else it could be asked who is insured here.
 */
//= R102
static enum err
check_registered(struct applying *p, const struct person *person, bool found, struct str name)
{
    bool mismatch = found && !knows_name(p, person, name), missing = !found && apply_needs_record(p->a->matter->effect);
    if ((mismatch || missing) && apply_by_public(p))
        FAIL(p->ctx, ERR_RECORD_MISSING, "%s", apply_no_match);
    if (mismatch) {
        fail_field(p->ctx, STR("applicant_name"), STR("姓名"), STR("姓名与身份证件号码不符"), STR("请对照证件核对"));
        FAIL(p->ctx, ERR_FIELD_INVALID, "申请人信息有误");
    }
    if (missing)
        FAIL(p->ctx, ERR_RECORD_MISSING, "在%.*s没有查到申请人的参保登记，请核对身份证件号码，或向参保地经办机构申请",
             STR_ARG(p->a->region->name));
    return OK;
}

static enum err
check_person(struct applying *p)
{
    struct case_file *cf = p->cf;
    const char *reason = NULL;
    struct ident_person id;
    struct str name, number = first_of(p->a->applicant_id, service_form_bound(p->form, p->a->form, "person.id"));
    struct str typed = first_of(p->a->applicant_name, service_form_bound(p->form, p->a->form, "person.name"));
    bool ok = true;
    if (!ident_name(p->ctx->arena, typed, &name, &reason)) {
        fail_field(p->ctx, STR("applicant_name"), STR("姓名"), str_c(reason), STR("请填写申请人本人的姓名"));
        ok = false;
    }
    if (!ident_person(p->ctx->arena, number, &id, &reason) ||
        !ident_birth_by(id.birth, day_of_ms(p->ctx->now_ms), &reason)) {
        fail_field(p->ctx, STR("applicant_id"), STR("身份证件号码"), str_c(reason ? reason : "不正确"),
                   STR("请对照证件逐位核对"));
        ok = false;
    }
    if (!ok)
        FAIL(p->ctx, ERR_FIELD_INVALID, "申请人信息有误");
    cf->applicant_name = name;
    cf->applicant_id = id.value;
    cf->masked = ident_mask_name(p->ctx->arena, name);
    struct person person;
    bool found;
    TRY(p->ctx, registry_person_find(p->ctx, p->tx, &p->s->vault, cf->region, id.value, &person, &found));
    TRY(p->ctx, check_registered(p, &person, found, name));
    cf->person_id = found ? person.id : 0;
    if (found) {
        *p->key = person.key;
        p->new_key = false;
    }
    return OK;
}

static enum err
check_unit(struct applying *p)
{
    struct case_file *cf = p->cf;
    const char *reason;
    struct str code = first_of(p->a->unit_code, first_of(service_form_bound(p->form, p->a->form, "unit.uscc"),
                                                         service_form_bound(p->form, p->a->form, "unit.no")));
    struct unit u;
    bool found, enrol = p->a->matter->effect == EFFECT_UNIT_ENROL;
    bool any = p->a->matter->effect == EFFECT_NONE; /* hospitals and pharmacies need not be registered as employers */
    struct str uscc = code;
    if ((enrol || (any && code.n != 10)) && !str_empty(code) && !ident_uscc(p->ctx->arena, code, &uscc, &reason)) {
        fail_field(p->ctx, STR("uscc"), STR("统一社会信用代码"), str_c(reason), STR("请对照证照逐位核对"));
        FAIL(p->ctx, ERR_FIELD_INVALID, "单位信息有误");
    }
    if (str_empty(code)) {
        fail_field(p->ctx, STR("unit_code"), STR("单位编号或统一社会信用代码"), STR("没有填写"), STR("请填写"));
        FAIL(p->ctx, ERR_FIELD_INVALID, "单位信息有误");
    }
    TRY(p->ctx, registry_unit_find(p->ctx, p->tx, &p->s->vault, cf->region, uscc, &u, &found));
    if (!enrol && !any &&
        !found) /* what a registered unit may still register is judged with the form: check_sub_action */
        FAIL(p->ctx, ERR_RECORD_MISSING, "没有查到这个单位的参保登记，请核对单位编号或统一社会信用代码");
    cf->by_unit = true;
    cf->unit_id = found ? u.id : 0;
    cf->applicant_name =
        found ? u.name : first_of(service_form_bound(p->form, p->a->form, "unit.name"), p->a->applicant_name);
    cf->applicant_id = found ? u.uscc : uscc;
    cf->masked = str_sub(cf->applicant_name, 0, 120);
    if (str_empty(cf->applicant_name)) {
        fail_field(p->ctx, STR("unit_name"), STR("单位名称"), STR("没有填写"), STR("请填写"));
        FAIL(p->ctx, ERR_FIELD_INVALID, "单位信息有误");
    }
    if (found) {
        *p->key = u.key;
        p->new_key = false;
    }
    return OK;
}

/* Whom the house acts upon of its own accord, or which department gives a list: a name, and a code if it is known. */ //= R232 R271
static enum err
check_party(struct applying *p)
{
    struct case_file *cf = p->cf;
    const char *reason;
    struct str code = str_trim(p->a->unit_code);
    struct unit u;
    bool found = false;
    cf->by_unit = true;
    cf->applicant_name = str_trim(p->a->applicant_name);
    if (str_utf8_count(cf->applicant_name) < 2 || str_utf8_count(cf->applicant_name) > 100) {
        fail_field(p->ctx, STR("applicant_name"), STR("当事人或提供名单的部门"), STR("没有填写，或超过 100 个字"),
                   STR("请填写名称"));
        FAIL(p->ctx, ERR_FIELD_INVALID, "当事人信息有误");
    }
    cf->masked = str_sub(cf->applicant_name, 0, 120);
    if (str_empty(code))
        return OK;
    if (!ident_uscc(p->ctx->arena, code, &cf->applicant_id, &reason)) {
        fail_field(p->ctx, STR("unit_code"), STR("统一社会信用代码"), str_c(reason),
                   STR("请对照证照逐位核对；没有的可以不填"));
        FAIL(p->ctx, ERR_FIELD_INVALID, "当事人信息有误");
    }
    TRY(p->ctx, registry_unit_find(p->ctx, p->tx, &p->s->vault, cf->region, cf->applicant_id, &u, &found));
    if (found) {
        cf->unit_id = u.id;
        *p->key = u.key;
        p->new_key = false;
    }
    return OK;
}

static enum err
check_subject(struct applying *p)
{
    enum case_origin o = case_origin(p->a->matter);
    if (o == ORIGIN_DEPARTMENT || o == ORIGIN_OFFICE)
        return check_party(p);
    return p->a->matter->by_unit ? check_unit(p) : check_person(p);
}

static bool
fits(struct applying *p, struct str s, size_t max, struct str field, struct str label)
{
    if (str_utf8_count(s) <= max)
        return true;
    fail_field(p->ctx, field, label, str_fmt(p->ctx->arena, "超过 %zu 个字", max), STR("请写短一些"));
    return false;
}

/* No form defines these: their bounds are here. */
static bool
contact_fits(struct applying *p)
{
    struct case_file *cf = p->cf;
    struct ident_person id;
    const char *reason = NULL;
    bool ok = fits(p, cf->address, 200, STR("address"), STR("邮寄地址"));
    ok = fits(p, cf->delegate_name, 50, STR("delegate_name"), STR("代办人姓名")) && ok;
    if (!fits(p, cf->mobile, 20, STR("mobile"), STR("联系电话"))) {
        ok = false;
    } else if (!str_empty(cf->mobile) && !ident_phone(p->ctx->arena, cf->mobile, &cf->mobile, &reason)) {
        fail_field(p->ctx, STR("mobile"), STR("联系电话"), str_c(reason), STR("请核对号码"));
        ok = false;
    }
    if (str_empty(cf->delegate_id))
        return ok;
    if (!fits(p, cf->delegate_id, 50, STR("delegate_id"), STR("代办人身份证件号码")))
        return false;
    if (!ident_person(p->ctx->arena, cf->delegate_id, &id, &reason) ||
        !ident_birth_by(id.birth, day_of_ms(p->ctx->now_ms), &reason)) {
        fail_field(p->ctx, STR("delegate_id"), STR("代办人身份证件号码"), str_c(reason ? reason : "不正确"),
                   STR("请对照证件逐位核对"));
        return false;
    }
    cf->delegate_id = id.value;
    return ok;
}

/* The same form may be filled by an insured employee or by his unit; a roster by a unit is the unit's business. */
static enum err
check_applicant(struct applying *p)
{
    struct case_file *cf = p->cf;
    cf->mobile = first_of(p->a->mobile, first_of(service_form_bound(p->form, p->a->form, "person.mobile"),
                                                 service_form_bound(p->form, p->a->form, "unit.phone")));
    cf->delegate_name = str_trim(p->a->delegate_name);
    cf->delegate_id = str_trim(p->a->delegate_id);
    cf->delivery = str_trim(p->a->delivery);
    cf->address = str_trim(p->a->address);
    bool ok = contact_fits(p);
    TRY(p->ctx, check_subject(p));
    if (!ok)
        FAIL(p->ctx, ERR_FIELD_INVALID, "申请人信息有误");
    return OK;
}

/* The applicant's mistakes and the form's are told together; what needs the registers waits for a right applicant. */
enum err
apply_check_applicant(struct applying *p)
{
    enum err e = check_applicant(p);
    if (e == ERR_FIELD_INVALID && p->form && p->a->form &&
        case_facts_read(p->ctx, matter_catalog(p->a->matter), p->a->facts, &p->cf->facts) == OK)
        TRY(p->ctx, service_form_check(p->ctx, p->s, p->form, &p->cf->facts, p->a->form));
    TRY(p->ctx, e);
    return OK;
}

/* Delivery only as the guide offers it; express needs an address (R25, R28). */
enum err
apply_check_delivery(struct applying *p)
{
    const struct matter *m = p->a->matter;
    struct str way = p->cf->delivery;
    if (str_empty(way))
        return OK;
    bool offered = m->delivery_count == 0 && (str_eqz(way, "窗口领取") || str_eqz(way, "电子证照下载"));
    for (size_t i = 0; i < m->delivery_count; i++)
        offered = offered || str_eq(m->delivery[i], way);
    if (str_eqz(way, "快递") && !str_empty(m->express_text))
        offered = true;
    if (!offered) {
        fail_field(p->ctx, STR("delivery"), STR("领取方式"), STR("办事指南没有列出这种方式"), STR("请选择列出的方式"));
        FAIL(p->ctx, ERR_FIELD_INVALID, "%s", "");
    }
    if (str_eqz(way, "快递") && str_utf8_count(p->cf->address) < 5) {
        fail_field(p->ctx, STR("address"), STR("邮寄地址"), STR("没有填写完整"), STR("请写明省市区、街道门牌"));
        FAIL(p->ctx, ERR_FIELD_INVALID, "%s", "");
    }
    return OK;
}
