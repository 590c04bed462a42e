/* Employees and flexible workers (R54, R56, R57, R63): the rows of the enrolment form, each a person and one action. */
#include "service/effects_int.h"

#include "base/json.h"

static const struct view *
first_row(const struct case_file *cf)
{
    const struct view *rows = cf->form ? view_get(cf->form, STR("employees")) : NULL;
    return rows && view_kind(rows) == VIEW_LIST ? view_first(rows) : NULL;
}

/* What the case asks for: the answer, else the first row's box, else 增加. */
static enum err
asked_action(struct ctx *ctx, const struct case_file *cf, enum employee_action *ret_a)
{
    struct value said = facts_get(&cf->facts, "employee_action");
    struct str text = said.kind == VALUE_TEXT ? said.text : STR("");
    if (str_empty(text) && first_row(cf))
        text = effect_text(first_row(cf), "employee_action");
    *ret_a = EMPLOYEE_ADD;
    if (!str_empty(text) && !employee_action_parse(text, ret_a))
        FAIL(ctx, ERR_FIELD_INVALID, "“%.*s”不是登记表上的变更类别", STR_ARG(text));
    return OK;
}

/* The unit that files the form; 0 for who has none. */ //= R57
static enum err
filing_unit(struct ctx *ctx, const struct effect *e, struct str identity, enum employee_action a, int64_t *ret_id)
{
    struct unit u;
    bool found, basic = true;
    struct unit_insurance *ins;
    size_t n;
    *ret_id = 0;
    if (str_eqz(identity, "灵活就业人员"))
        return OK;
    TRY(ctx, registry_unit_find(ctx, e->tx, &e->server->vault, e->cf->region, effect_bound(e, "person.unit_no"), &u,
                                &found));
    if (!found)
        FAIL(ctx, ERR_RECORD_MISSING, "单位编码没有登记，请先办理单位参保登记");
    *ret_id = u.id;
    if (a == EMPLOYEE_SUSPEND || a == EMPLOYEE_END || a == EMPLOYEE_RETIRE)
        return OK;
    if (!str_eqz(u.status, "active"))
        FAIL(ctx, ERR_NOT_ELIGIBLE, "单位现为%s，不能办理职工的%s；请先办理单位参保登记（新参保）",
             unit_status_name(u.status), employee_action_name(a));
    TRY(ctx, registry_insurances(ctx, e->tx, e->cf->region, u.id, &ins, &n)); //= R288
    for (size_t i = 0; i < n; i++) {
        basic = false;
        if (str_eqz(ins[i].insurance, unit_insurances[0]) && str_eqz(ins[i].status, "active"))
            return OK;
    }
    if (!basic)
        FAIL(ctx, ERR_NOT_ELIGIBLE, "单位没有登记%s，不能办理职工的%s", unit_insurances[0], employee_action_name(a));
    return OK;
}

static enum err
act_row(struct ctx *ctx, struct effect *e, const struct view *row, enum employee_action a, struct str identity,
        int64_t unit_id)
{
    struct change c = effect_change(e, employee_action_name(a));
    struct str name = effect_text(row, "person_name"), number = effect_text(row, "id_number");
    struct person p;
    bool found;
    if (a == EMPLOYEE_ADD) {
        TRY(ctx, effect_person(ctx, e, name, number, effect_text(row, "mobile"), &p));
        return registry_employee_act(ctx, &c, a, p.id, identity, unit_id);
    }
    TRY(ctx, registry_person_find(ctx, e->tx, &e->server->vault, e->cf->region, effect_person_number(ctx, number), &p,
                                  &found));
    if (!found || !str_eq(effect_person_name(ctx, name), p.name))
        FAIL(ctx, ERR_RECORD_MISSING, "登记表上有人的姓名和身份证件号码与参保登记不符，请核对");
    return registry_employee_act(ctx, &c, a, p.id, identity, unit_id);
}

static struct str
identity_of(struct ctx *ctx, const struct effect *e)
{
    struct str identity = effect_fact(ctx, e, "insured_status");
    return str_empty(identity) ? STR("在职职工") : identity;
}

//= R54 R56 R63
enum err
effect_employees(struct ctx *ctx, struct effect *e)
{
    struct str identity = identity_of(ctx, e);
    enum employee_action a;
    int64_t unit_id, n = 0;
    TRY(ctx, asked_action(ctx, e->cf, &a));
    TRY(ctx, filing_unit(ctx, e, identity, a, &unit_id));
    for (const struct view *row = first_row(e->cf); row; row = view_next(row)) {
        if (str_empty(effect_text(row, "id_number")))
            continue;
        TRY(ctx, act_row(ctx, e, row, a, identity, unit_id));
        n++;
    }
    if (n == 0)
        FAIL(ctx, ERR_FIELD_INVALID, "登记表上没有参保人");
    view_put_z(e->extra, "action", employee_action_name(a));
    view_put_text(e->extra, "insurance", STR("职工基本医疗保险"));
    view_put_text(e->extra, "identity", a == EMPLOYEE_RETIRE ? STR("退休人员") : identity);
    view_put_int(e->extra, "persons", n);
    return OK;
}

/* --- at the application --- */

struct checking {
    struct server *s;
    struct tx *tx;
    const struct case_file *cf;
    enum employee_action action;
    int64_t unit_id;
    bool alone;     /* a flexible worker, for himself */
    bool by_public; /* who is registered and how is told only about people whom the sender knows and who are his */
};

static const char no_member[] = "姓名和身份证件号码与本单位在册的参保人不符";

/* The reason against ROW; empty: none. */
static enum err
row_reason(struct ctx *ctx, const struct checking *k, const struct view *row, struct str *ret_why)
{
    struct str number = effect_person_number(ctx, effect_text(row, "id_number"));
    struct enrolment *e;
    struct person p;
    bool found;
    size_t n;
    *ret_why = STR("");
    if (k->alone && !str_eq(number, k->cf->applicant_id)) {
        *ret_why = STR("不是申请人本人的号码；灵活就业人员由本人办理");
        return OK;
    }
    TRY(ctx, registry_person_find(ctx, k->tx, &k->s->vault, k->cf->region, number, &p, &found));
    if (!found || !str_eq(effect_person_name(ctx, effect_text(row, "person_name")), p.name)) {
        *ret_why = str_c(k->action == EMPLOYEE_TRANSFER ? "姓名和身份证件号码与参保登记不符" : no_member);
        return OK;
    }
    TRY(ctx, registry_enrolments(ctx, k->tx, k->cf->region, p.id, &e, &n));
    const struct enrolment *now = registry_latest(e, n);
    bool his = now && now->unit_id == k->unit_id;
    if (k->by_public && !k->alone && !his && k->action != EMPLOYEE_TRANSFER)
        *ret_why = str_c(no_member);
    else if (!k->by_public || his || k->alone)
        *ret_why = registry_employee_refusal(ctx->arena, k->action, e, n, k->unit_id);
    return OK; /* a transfer from elsewhere is judged when it is concluded */
}

//= R56
enum err
service_employees_check(struct ctx *ctx, struct server *s, struct tx *tx, struct case_file *cf, const struct form *form,
                        bool by_public)
{
    struct effect e = {.server = s, .tx = tx, .cf = cf, .form = form};
    struct checking k = {.s = s, .tx = tx, .cf = cf, .by_public = by_public};
    struct str identity = identity_of(ctx, &e), why;
    size_t at = 0;
    bool wrong = false;
    TRY(ctx, asked_action(ctx, cf, &k.action));
    for (const struct view *row = first_row(cf); row; row = view_next(row), at++) {
        struct str said = effect_text(row, "employee_action");
        if (str_empty(said) || str_eqz(said, employee_action_name(k.action)))
            continue;
        fail_field(ctx, str_fmt(ctx->arena, "employees.%zu.employee_action", at), STR("变更类别"),
                   str_fmt(ctx->arena, "与所选的“%s”不一致", employee_action_name(k.action)),
                   STR("一件申请办一种业务，不同的业务请分别申请"));
        wrong = true;
    }
    if (wrong)
        FAIL(ctx, ERR_FIELD_INVALID, "登记表的变更类别与所选的职工登记业务不一致");
    if (k.action == EMPLOYEE_ADD)
        return OK; /* who may be added is judged when it is concluded: the register is not for asking */
    TRY(ctx, filing_unit(ctx, &e, identity, k.action, &k.unit_id));
    k.alone = k.unit_id == 0;
    at = 0;
    for (const struct view *row = first_row(cf); row; row = view_next(row), at++) {
        TRY(ctx, row_reason(ctx, &k, row, &why));
        if (str_empty(why))
            continue;
        fail_field(ctx, str_fmt(ctx->arena, "employees.%zu.id_number", at), STR("身份证件号码"), why,
                   STR("请对照证件和参保登记核对"));
        wrong = true;
    }
    if (!wrong)
        return OK;
    fail_rule(ctx, "R56");
    FAIL(ctx, ERR_NOT_ELIGIBLE, "不能办理%s", employee_action_name(k.action));
}
