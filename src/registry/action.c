/* The sub-actions of enrolment: the judgement is pure, the writing is dull. */
#include "registry/action.h"

#include "registry/registry_int.h"
#include "sql_gen.h"

static const char employees[] = "职工医保";

static const struct {
    const char *id, *unit, *enrolment;
} states[] = {
    {"active", "正常参保", "正常参保"}, {"suspended", "暂停参保", "中断参保"}, {"cancelled", "已注销登记", "终止参保"},
    {"merged", "已合并终止", ""},       {"split", "已拆分终止", ""},           {"ended", "", "终止参保"},
};

const char *
unit_status_name(struct str status)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (str_eqz(status, states[i].id))
            return states[i].unit;
    return "";
}

const char *
enrolment_status_name(struct str status)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (str_eqz(status, states[i].id))
            return states[i].enrolment;
    return "";
}

/* --- judgement --- */

//= R52
struct str
registry_unit_refusal(struct arena *a, enum unit_action action, const struct unit *u, bool target)
{
    bool active = str_eqz(u->status, "active"), paused = str_eqz(u->status, "suspended");
    bool gone = str_eqz(u->status, "merged") || str_eqz(u->status, "split");
    const char *can = active   ? "可以办理暂停参保、注销登记、拆分、合并、分立"
                      : paused ? "可以办理新参保（恢复登记）或注销登记"
                      : gone   ? "不能再办理登记业务，请由承接的单位办理"
                               : "可以重新办理新参保";
    bool may = action == UNIT_NEW ? !active && !gone : active || (paused && action == UNIT_CANCEL);
    if (may)
        return STR("");
    if (action == UNIT_NEW && active)
        return str_fmt(a, "统一社会信用代码 %.*s 已经办理过单位参保登记，单位编号 %.*s，现为正常参保，%s",
                       STR_ARG(u->uscc), STR_ARG(u->no), can);
    return str_fmt(a, "%s%.*s现为%s，不能办理%s；%s", target ? "转入单位" : "", STR_ARG(u->name),
                   unit_status_name(u->status), unit_action_name(action), can);
}

const struct enrolment *
registry_latest(const struct enrolment *e, size_t n)
{
    for (size_t i = n; i > 0; i--)
        if (str_eqz(e[i - 1].insurance, employees))
            return &e[i - 1];
    return NULL;
}

static const char *
possible(const struct enrolment *now)
{
    if (!now)
        return "可以办理增加";
    if (str_eqz(now->status, "active"))
        return str_eqz(now->identity, "退休人员") ? "可以办理中断、终止或统筹区内转移"
                                                  : "可以办理中断、终止、在职转退休或统筹区内转移";
    return str_eqz(now->status, "suspended") ? "可以办理恢复、终止或统筹区内转移"
                                             : "终止后不能恢复，重新参保请办理增加";
}

static struct str
refusal(struct arena *a, enum employee_action action, const struct enrolment *now)
{
    struct str since = STR("");
    if (now && !day_is_none(now->to))
        since = str_fmt(a, "（到 %.*s）", STR_ARG(day_text(a, now->to)));
    return str_fmt(a, "现为%s%.*s，不能办理%s；%s", now ? enrolment_status_name(now->status) : "未参加职工医保",
                   STR_ARG(since), employee_action_name(action), possible(now));
}

//= R56
struct str
registry_employee_refusal(struct arena *a, enum employee_action action, const struct enrolment *e, size_t n,
                          int64_t unit_id)
{
    const struct enrolment *now = registry_latest(e, n), *active = registry_active(e, n);
    bool is_active = now && str_eqz(now->status, "active"), paused = now && str_eqz(now->status, "suspended");
    bool begins = action == EMPLOYEE_ADD || action == EMPLOYEE_RESUME || (action == EMPLOYEE_TRANSFER && paused);
    if (begins && active && active != now) //= R63
        return str_fmt(a, "已有正常参保的%.*s，不能同时重复参保；请先办理停保再参保", STR_ARG(active->insurance));
    switch (action) {
    case EMPLOYEE_ADD:
        return is_active || paused ? refusal(a, action, now) : STR("");
    case EMPLOYEE_RESUME:
        if (!paused)
            return refusal(a, action, now);
        break;
    case EMPLOYEE_RETIRE:
        if (!is_active)
            return refusal(a, action, now);
        if (str_eqz(now->identity, "退休人员"))
            return str_fmt(a, "已经是退休人员，不能再办理在职转退休；%s", possible(now));
        break;
    case EMPLOYEE_TRANSFER:
        if (!is_active && !paused)
            return refusal(a, action, now);
        if (unit_id == 0)
            return STR("没有转入的单位，不能办理统筹区内转移；灵活就业人员不办理统筹区内转移");
        return now->unit_id == unit_id ? STR("已在本单位参保，不能转移到同一个单位") : STR("");
    default:
        if (!is_active && !(paused && action == EMPLOYEE_END))
            return refusal(a, action, now);
        break;
    }
    if (now->unit_id != unit_id)
        return str_fmt(a, "不是%s的在册参保人，不能由%s办理%s", unit_id ? "本单位" : "以灵活就业人员身份参保",
                       unit_id ? "本单位" : "本人", employee_action_name(action));
    return STR("");
}

/* --- writing --- */

enum err
registry_change_event(struct ctx *ctx, const struct change *c, const char *subject_kind, int64_t subject_id,
                      const char *kind, struct view *what)
{
    struct buf b;
    buf_init(&b, ctx->arena, 256);
    view_put_z(what, "action", c->action);
    view_json(what, &b);
    return registry_event(ctx, c->tx, c->ids, c->region, subject_kind, subject_id, c->case_id, kind, c->key,
                          buf_str(&b));
}

enum err
registry_begin(struct ctx *ctx, const struct change *c, int64_t person_id, struct str insurance, struct str identity,
               int64_t unit_id)
{
    struct sql_enrolment_insert_in in = {
        .region = c->region,
        .id = id_next(c->ids, ctx->now_ms),
        .person_id = person_id,
        .insurance = insurance,
        .identity = identity,
        .unit_id = unit_id,
        .from_day = day_of_ms(ctx->now_ms).n,
        .case_id = c->case_id,
    };
    int64_t changed;
    TRY(ctx, sql_enrolment_insert(ctx, c->tx, &in, &changed));
    if (changed != 1) { //= R63
        fail_rule(ctx, "R63");
        FAIL(ctx, ERR_ENROLMENT_DUPLICATE, "参保人已有正常参保的医保，请先办理停保再参保");
    }
    struct view *what = view_map(ctx->arena);
    view_put_id(what, "enrolment", in.id);
    view_put_text(what, "insurance", insurance);
    view_put_text(what, "identity", identity);
    view_put_id(what, "unit_id", unit_id);
    view_put_day(what, "from", (struct day){(int32_t)in.from_day});
    return registry_change_event(ctx, c, "person", person_id, "enrolled", what);
}

enum err
registry_close(struct ctx *ctx, const struct change *c, int64_t person_id, int64_t id, struct str old_status,
               bool ended, struct day to)
{
    struct sql_enrolment_close_in in = {.region = c->region,
                                        .id = id,
                                        .old_status = old_status,
                                        .status = ended ? STR("ended") : STR("suspended"),
                                        .to_day = to.n};
    int64_t changed;
    TRY(ctx, sql_enrolment_close(ctx, c->tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "参保记录刚刚被别人改过，请刷新后再办理");
    struct view *what = view_map(ctx->arena);
    view_put_id(what, "enrolment", id);
    if (str_eqz(old_status, "active"))
        view_put_day(what, "to", to);
    return registry_change_event(ctx, c, "person", person_id, ended ? "ended" : "suspended", what);
}

/* The last day of what began on FROM and is followed by something that begins on TODAY. */
static struct day
day_before(struct day today, struct day from)
{
    return from.n < today.n ? day_add(today, -1) : today;
}

/* The enrolment NOW gives way to another one of IDENTITY in UNIT_ID. */
static enum err
replace(struct ctx *ctx, const struct change *c, int64_t person_id, const struct enrolment *now, struct str identity,
        int64_t unit_id)
{
    TRY(ctx,
        registry_close(ctx, c, person_id, now->id, now->status, true, day_before(day_of_ms(ctx->now_ms), now->from)));
    return registry_begin(ctx, c, person_id, now->insurance, identity, unit_id);
}

//= R56 R63
enum err
registry_employee_act(struct ctx *ctx, const struct change *c, enum employee_action action, int64_t person_id,
                      struct str identity, int64_t unit_id)
{
    struct enrolment *e;
    size_t n;
    struct day today = day_of_ms(ctx->now_ms);
    TRY(ctx, registry_enrolments(ctx, c->tx, c->region, person_id, &e, &n));
    struct str why = registry_employee_refusal(ctx->arena, action, e, n, unit_id);
    const struct enrolment *now = registry_latest(e, n), *active = registry_active(e, n);
    if (!str_empty(why)) {
        fail_rule(ctx, active && action == EMPLOYEE_ADD ? "R63" : "R56");
        FAIL(ctx, active && action == EMPLOYEE_ADD ? ERR_ENROLMENT_DUPLICATE : ERR_NOT_ELIGIBLE, "参保人%.*s",
             STR_ARG(why));
    }
    switch (action) {
    case EMPLOYEE_SUSPEND:
    case EMPLOYEE_END:
        return registry_close(ctx, c, person_id, now->id, now->status, action == EMPLOYEE_END, today);
    case EMPLOYEE_RESUME:
        return replace(ctx, c, person_id, now, now->identity, unit_id);
    case EMPLOYEE_RETIRE:
        return replace(ctx, c, person_id, now, STR("退休人员"), now->unit_id);
    case EMPLOYEE_TRANSFER:
        return replace(ctx, c, person_id, now, str_eqz(now->identity, "灵活就业人员") ? STR("在职职工") : now->identity,
                       unit_id);
    default:
        return registry_begin(ctx, c, person_id, str_c(employees), identity, unit_id);
    }
}
