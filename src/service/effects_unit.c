/* A unit's registration (R52): newly, paused, cancelled, split, merged, separated. Where the guides print the names of these actions and
** nothing else, what they do is 系统口径:
**
**   暂停参保   members are paused, today is their last day; each comes back by 恢复 once the unit has registered again (新参保)
**   注销登记   members, paused ones too, are ended; today is the last day
**   单位合并   all members of the former unit go to the present one; the former unit ceases
**   单位拆分   the listed members (no list: all) go; the former unit ceases when its last member has gone
**   单位分立   the listed members (no list: all) go; the former unit goes on
**
** The former unit is that of the form's 原统一社会信用代码, the present one that of 现统一社会信用代码; it is registered if it is not yet. */
#include "service/effects_int.h"

#include "base/json.h"

static struct str
recorded(const struct effect *e, const char *id)
{
    return e->cf->unit_record ? effect_text(e->cf->unit_record, id) : STR("");
}

/* --- the unit of the form --- */

static enum err
form_unit(struct ctx *ctx, const struct effect *e, struct unit *u)
{
    const char *reason;
    if (!ident_uscc(ctx->arena, effect_bound(e, "unit.uscc"), &u->uscc, &reason))
        FAIL(ctx, ERR_FIELD_INVALID, "统一社会信用代码：%s", reason);
    u->name = effect_bound(e, "unit.name");
    u->kind = effect_bound(e, "unit.kind");
    u->address = effect_bound(e, "unit.address");
    u->legal_name = effect_bound(e, "unit.legal_name");
    u->legal_id = effect_bound(e, "unit.legal_id");
    u->phone = effect_bound(e, "unit.phone");
    u->contact = effect_bound(e, "unit.contact");
    u->bank = effect_bound(e, "unit.bank");
    u->account = effect_bound(e, "unit.account");
    return OK;
}

static enum err
find(struct ctx *ctx, const struct effect *e, struct str code, struct unit *ret_u, bool *ret_found)
{
    struct str uscc = code;
    const char *reason;
    if (!ident_uscc(ctx->arena, code, &uscc, &reason))
        uscc = str_trim(code); /* or its insurance number */
    return registry_unit_find(ctx, e->tx, &e->server->vault, e->cf->region, uscc, ret_u, ret_found);
}

static enum err
may(struct ctx *ctx, enum unit_action a, const struct unit *u, bool target)
{
    struct str why = registry_unit_refusal(ctx->arena, a, u, target);
    if (str_empty(why))
        return OK;
    fail_rule(ctx, "R52");
    FAIL(ctx, a == UNIT_NEW && !target ? ERR_ENROLMENT_DUPLICATE : ERR_NOT_ELIGIBLE, "%.*s", STR_ARG(why));
}

//= R288
static enum err
register_insurances(struct ctx *ctx, struct effect *e, const struct change *c, int64_t unit_id)
{
    struct str asked = effect_text(e->cf->form, "insurances");
    struct buf yes, no;
    buf_init(&yes, ctx->arena, 64);
    buf_init(&no, ctx->arena, 64);
    for (int i = 0; i < UNIT_INSURANCES; i++) {
        if (str_find(asked, str_c(unit_insurances[i])) == SIZE_MAX)
            continue;
        bool denied = str_eqz(recorded(e, case_unit_fields[i].id), "不同意登记");
        struct buf *b = denied ? &no : &yes;
        buf_fmt(b, "%s%s", b->n ? "、" : "", unit_insurances[i]);
        if (!denied)
            TRY(ctx, registry_insurance_put(ctx, c, unit_id, str_c(unit_insurances[i])));
    }
    view_put_opt(e->extra, "insurances", buf_str(&yes));
    view_put_opt(e->extra, "insurances_denied", buf_str(&no));
    return OK;
}

static enum err
insert_unit(struct ctx *ctx, struct effect *e, const struct change *c, struct unit *u)
{
    *u = (struct unit){.id = id_next(&e->server->ids, ctx->now_ms)};
    u->key = vault_key_make(id_next(&e->server->ids, ctx->now_ms));
    TRY(ctx, form_unit(ctx, e, u));
    TRY(ctx, registry_unit_insert(ctx, e->tx, &e->server->vault, e->cf->region, u, false));
    u->status = STR("active");
    struct view *what = view_map(ctx->arena);
    view_put_text(what, "unit_no", u->no);
    view_put_text(what, "unit_name", u->name);
    return registry_unit_state(ctx, c, u, "active", "unit_enrolled", what);
}

/* --- the actions --- */

static void
put_unit(struct effect *e, const struct unit *u)
{
    view_put_text(e->extra, "unit_no", u->no);
    view_put_text(e->extra, "unit_name", u->name);
    view_put_z(e->extra, "unit_status", unit_status_name(u->status));
}

/* Newly, or again: what was paused or cancelled keeps its number and gets what the form says now. */ //= R50 R52 R288
static enum err
enrol(struct ctx *ctx, struct effect *e, const struct change *c)
{
    struct unit u;
    bool found;
    TRY(ctx, find(ctx, e, effect_bound(e, "unit.uscc"), &u, &found));
    if (!found) {
        TRY(ctx, insert_unit(ctx, e, c, &u));
    } else {
        TRY(ctx, may(ctx, UNIT_NEW, &u, false));
        TRY(ctx, form_unit(ctx, e, &u));
        TRY(ctx, registry_unit_update(ctx, e->tx, &e->server->vault, e->cf->region, &u));
        TRY(ctx, registry_unit_state(ctx, c, &u, "active", "unit_reopened", NULL));
    }
    put_unit(e, &u);
    return register_insurances(ctx, e, c, u.id);
}

static enum err
close_unit(struct ctx *ctx, struct effect *e, const struct change *c, enum unit_action a)
{
    struct unit u;
    bool found, ends = a == UNIT_CANCEL;
    int64_t n;
    TRY(ctx, find(ctx, e, effect_bound(e, "unit.uscc"), &u, &found));
    if (!found)
        FAIL(ctx, ERR_RECORD_MISSING, "没有查到这个单位的参保登记，请核对统一社会信用代码");
    TRY(ctx, may(ctx, a, &u, false));
    TRY(ctx, registry_members_close(ctx, c, u.id, ends, &n));
    TRY(ctx, registry_insurance_close(ctx, c, u.id, ends));
    struct view *what = view_map(ctx->arena);
    view_put_int(what, "members", n);
    TRY(ctx, registry_unit_state(ctx, c, &u, ends ? "cancelled" : "suspended",
                                 ends ? "unit_cancelled" : "unit_suspended", what));
    put_unit(e, &u);
    view_put_int(e->extra, ends ? "members_ended" : "members_paused", n);
    return OK;
}

enum { LIST_MAX = 100 }; /* as many numbers as the record holds */

/* Those whom the review listed go; without a list, all. */
static enum err
move_members(struct ctx *ctx, struct effect *e, const struct change *c, enum unit_action a, int64_t from, int64_t to,
             int64_t *ret_n)
{
    struct str rest = a == UNIT_MERGE ? STR("") : recorded(e, "members"), line;
    if (str_empty(rest))
        return registry_members_move(ctx, c, from, to, ret_n);
    *ret_n = 0;
    while (rest.p && str_split(&rest, '\n', &line)) {
        struct str number = effect_person_number(ctx, str_trim(line));
        struct person p;
        bool found;
        if (str_empty(number))
            continue;
        if (++*ret_n > LIST_MAX)
            FAIL(ctx, ERR_LIMIT, "转入名单最多 %d 人，其余的请再办一件", LIST_MAX);
        TRY(ctx, registry_person_find(ctx, e->tx, &e->server->vault, e->cf->region, number, &p, &found));
        if (!found)
            FAIL(ctx, ERR_RECORD_MISSING, "转入名单第 %lld 人没有参保登记，请退回审核核对名单", (long long)*ret_n);
        TRY(ctx, registry_member_move(ctx, c, p.id, from, to));
    }
    return OK;
}

/* Both units get their event, each with the other's number. */
static enum err
settle(struct ctx *ctx, const struct effect *e, const struct change *c, enum unit_action a, struct unit *former,
       struct unit *now, int64_t moved)
{
    bool left = true;
    TRY(ctx, registry_has_members(ctx, e->tx, e->cf->region, former->id, &left));
    bool ceases = a == UNIT_MERGE || (a == UNIT_SPLIT && !left);
    const char *status = !ceases ? "active" : a == UNIT_MERGE ? "merged" : "split";
    const char *kind = a == UNIT_MERGE ? "unit_merged" : a == UNIT_SPLIT ? "unit_split" : "unit_separated";
    struct view *gave = view_map(ctx->arena), *took = view_map(ctx->arena);
    view_put_id(gave, "to_unit", now->id);
    view_put_int(gave, "members", moved);
    view_put_id(took, "from_unit", former->id);
    view_put_int(took, "members", moved);
    if (ceases)
        TRY(ctx, registry_insurance_close(ctx, c, former->id, true));
    TRY(ctx, registry_unit_state(ctx, c, former, status, kind, gave));
    return registry_unit_state(ctx, c, now, "active", "unit_received", took);
}

//= R52
static enum err
regroup(struct ctx *ctx, struct effect *e, const struct change *c, enum unit_action a)
{
    struct unit former, now;
    bool found, known;
    int64_t moved;
    TRY(ctx, find(ctx, e, effect_text(e->cf->form, "former_uscc"), &former, &found));
    if (!found)
        FAIL(ctx, ERR_RECORD_MISSING, "没有查到原单位的参保登记，请核对原统一社会信用代码");
    TRY(ctx, may(ctx, a, &former, false));
    TRY(ctx, find(ctx, e, effect_bound(e, "unit.uscc"), &now, &known));
    if (known && now.id == former.id)
        FAIL(ctx, ERR_FIELD_INVALID, "原单位和现单位是同一个单位");
    if (known)
        TRY(ctx, may(ctx, a, &now, true));
    else
        TRY(ctx, insert_unit(ctx, e, c, &now));
    if (!known)
        TRY(ctx, register_insurances(ctx, e, c, now.id));
    TRY(ctx, move_members(ctx, e, c, a, former.id, now.id, &moved));
    TRY(ctx, settle(ctx, e, c, a, &former, &now, moved));
    put_unit(e, &now);
    view_put_text(e->extra, "former_name", former.name);
    view_put_z(e->extra, "former_status", unit_status_name(former.status));
    view_put_int(e->extra, "members_moved", moved);
    return OK;
}

enum err
effect_unit(struct ctx *ctx, struct effect *e)
{
    enum unit_action a;
    if (!case_unit_action(e->cf, &a))
        FAIL(ctx, ERR_FIELD_INVALID, "登记业务的回答与登记表不一致");
    if (a == UNIT_REGROUP && !unit_action_parse(recorded(e, "regroup"), &a))
        FAIL(ctx, ERR_FIELD_INVALID, "审核时没有选定是拆分、合并还是分立，请退回审核补填");
    struct change c = effect_change(e, unit_action_name(a));
    view_put_z(e->extra, "action", unit_action_name(a));
    switch (a) {
    case UNIT_NEW:
        return enrol(ctx, e, &c);
    case UNIT_SUSPEND:
    case UNIT_CANCEL:
        return close_unit(ctx, e, &c, a);
    default:
        return regroup(ctx, e, &c, a);
    }
}

/* --- at the application --- */

static enum err
wrong(struct ctx *ctx, const char *id, const char *name, struct str why, const char *remedy)
{
    fail_field(ctx, str_c(id), str_c(name), why, str_c(remedy));
    FAIL(ctx, ERR_FIELD_INVALID, "单位信息有误");
}

static enum err
check_former(struct ctx *ctx, const struct effect *e, enum unit_action a, const struct unit *now)
{
    struct unit former;
    bool found;
    struct str code = effect_text(e->cf->form, "former_uscc");
    if (str_empty(code))
        return wrong(ctx, "former_uscc", "原统一社会信用代码", STR("没有填写"),
                     "拆分、合并、分立的，请填写原单位的代码");
    TRY(ctx, find(ctx, e, code, &former, &found));
    if (!found)
        return wrong(ctx, "former_uscc", "原统一社会信用代码", STR("没有这个单位的参保登记"), "请对照证照逐位核对");
    if (now && now->id == former.id)
        return wrong(ctx, "former_uscc", "原统一社会信用代码", STR("与现统一社会信用代码相同"),
                     "原单位和现单位应是两个单位；只改代码的，请办理单位参保信息变更");
    return may(ctx, a, &former, false);
}

enum err
service_unit_check(struct ctx *ctx, struct server *s, struct tx *tx, struct case_file *cf, const struct form *form,
                   const struct unit *u)
{
    struct effect e = {.server = s, .tx = tx, .cf = cf, .form = form};
    enum unit_action a;
    if (!case_unit_action(cf, &a))
        return wrong(ctx, "unit_action", "登记业务", STR("与前面选择的登记业务不一致"), "请重新选择，两处应相同");
    if (unit_action_regroups(a)) {
        TRY(ctx, check_former(ctx, &e, a, u));
        return u ? may(ctx, a, u, true) : OK;
    }
    if (!u && a != UNIT_NEW)
        FAIL(ctx, ERR_RECORD_MISSING, "没有查到这个单位的参保登记，不能办理%s，请核对统一社会信用代码",
             unit_action_name(a));
    return u ? may(ctx, a, u, false) : OK;
}
