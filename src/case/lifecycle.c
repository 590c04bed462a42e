/* The transition table: in which states an action is possible, who does it, and the function that decides it. One screen. */
#include "case/case_int.h"

#include <assert.h>

#define S(s) (1u << CASE_##s)
#define OPEN_STATES (S(SUBMITTED) | S(NOTIFIED) | S(WORKING))
#define ENDED (S(CLOSED) | S(REFUSED) | S(WITHDRAWN))

enum { BY_APPLICANT = ROLE_COUNT, BY_STAGE, BY_PANEL, BY_CONCLUDER, BY_ANY_STAFF, BY_SYSTEM };
static const struct {
    unsigned from;
    int by;
    decide_fn decide;
} case_edges[CASE_ACTION_COUNT] = {
    [CASE_SUBMIT] = {S(NONE), BY_APPLICANT, decide_submit},
    [CASE_SUPPLEMENT] = {S(NOTIFIED) | S(SUBMITTED) | S(WORKING), BY_APPLICANT, decide_supplement},
    [CASE_NOTICE] = {S(SUBMITTED), ROLE_WINDOW, decide_notice},
    [CASE_LIST] = {S(SUBMITTED), ROLE_WINDOW, decide_list},
    [CASE_ACCEPT] = {S(SUBMITTED), ROLE_WINDOW, decide_accept},
    [CASE_REFUSE] = {S(SUBMITTED) | S(NOTIFIED) | S(WORKING), BY_STAGE, decide_refuse},
    [CASE_PASS] = {S(SUBMITTED) | S(WORKING) | S(CLOSED), BY_STAGE, decide_pass},
    [CASE_CONCLUDE] = {S(WORKING), BY_CONCLUDER, decide_conclude},
    [CASE_DELIVER] = {S(CONCLUDED), ROLE_WINDOW, decide_deliver},
    [CASE_HAND_OVER] = {OPEN_STATES | S(CONCLUDED), BY_ANY_STAFF, decide_hand_over},
    [CASE_WITHDRAW] = {S(SUBMITTED) | S(NOTIFIED), BY_APPLICANT, decide_withdraw},
    [CASE_RATE] = {S(CONCLUDED) | S(CLOSED) | S(REFUSED), BY_APPLICANT, decide_rate},
    [CASE_SIGN] = {S(SUBMITTED) | S(WORKING), BY_PANEL, decide_sign},
    [CASE_DRAW] = {S(SUBMITTED) | S(WORKING), BY_STAGE, decide_draw},
    [CASE_RETURN] = {S(WORKING), BY_STAGE, decide_return},
    [CASE_OPEN] = {S(WORKING), BY_STAGE, decide_open},
    [CASE_OBJECT] = {S(WORKING), BY_ANY_STAFF, decide_object},
    [CASE_ANSWER] = {S(WORKING), BY_STAGE, decide_answer},
    [CASE_PAUSE] = {S(WORKING), BY_STAGE, decide_pause},
    [CASE_RESUME] = {S(WORKING), BY_STAGE, decide_resume},
    [CASE_EXPLAIN] = {OPEN_STATES | S(CONCLUDED) | S(CLOSED) | S(REFUSED), BY_ANY_STAFF, decide_explain},
    [CASE_ASSIST] = {S(SUBMITTED), BY_ANY_STAFF, decide_assist},
    [CASE_SHARE] = {OPEN_STATES, ROLE_WINDOW, decide_share},
    [CASE_REPROJECT] = {OPEN_STATES, BY_SYSTEM, decide_reproject},
    [CASE_ARCHIVE] = {ENDED, BY_ANY_STAFF, decide_archive},
};

static const unsigned ANY_STAFF = 1u << ROLE_WINDOW | 1u << ROLE_REVIEW | 1u << ROLE_APPROVE | 1u << ROLE_FUND |
                                  1u << ROLE_SUPERVISOR | 1u << ROLE_ENFORCE | 1u << ROLE_HEAD;

const struct stage *
case_stage(const struct case_file *cf)
{
    if (!cf->matter || cf->stage >= cf->matter->stage_count)
        return NULL;
    bool idle = cf->status == CASE_CONCLUDED || cf->archived_ms; /* first the delivery; nothing once it is filed away */
    return idle && case_stage_after(cf->matter, cf->stage) ? NULL : &cf->matter->stage[cf->stage];
}

enum case_origin
case_origin(const struct matter *m)
{
    switch (m->stage_count ? m->stage[0].kind : STAGE_APPLY) {
    case STAGE_HOSPITAL:
        return ORIGIN_HOSPITAL;
    case STAGE_LIST:
        return ORIGIN_DEPARTMENT; //= R232
    case STAGE_START:
    case STAGE_FILE_CASE:
        return ORIGIN_OFFICE; //= R266 R271
    default:
        return ORIGIN_APPLICATION;
    }
}

bool
case_has_acceptance(const struct matter *m)
{
    for (size_t i = 0; i < m->stage_count; i++)
        if (m->stage[i].kind == STAGE_ACCEPT)
            return true;
    return false;
}

//= R33
struct str
case_level_duty(const struct matter *m, enum level_kind level)
{
    struct str duty = STR("");
    enum level_kind k;
    for (size_t i = 0; i < m->channel_count; i++) {
        if (!level_parse(m->channel[i].level, &k) || k != level)
            continue;
        if (str_empty(m->channel[i].duty))
            return STR("");
        duty = m->channel[i].duty;
    }
    return duty;
}

bool
case_stage_applies(const struct case_file *cf, size_t i)
{
    const struct stage *st = &cf->matter->stage[i];
    if (st->kind == STAGE_TRANSFER_FUNDS && cf->no_funds)
        return false;
    return checklist_stage(st, &cf->facts);
}

static bool
stage_ahead(const struct case_file *cf, enum stage_kind k)
{
    for (size_t i = cf->stage + 1; i < cf->matter->stage_count; i++)
        if (cf->matter->stage[i].kind == k && case_stage_applies(cf, i))
            return true;
    return false;
}

//= R117
bool
case_stage_after(const struct matter *m, size_t i)
{
    bool concluded = false;
    for (size_t k = 0; k < i && k < m->stage_count; k++)
        concluded = concluded || m->stage[k].kind == STAGE_CONCLUDE;
    return concluded && i < m->stage_count &&
           (m->stage[i].kind == STAGE_LETTER_IN || m->stage[i].kind == STAGE_INFO_FORM);
}

bool
case_stage_passable(const struct case_file *cf)
{
    const struct stage *st = case_stage(cf);
    if (!st || !stage_is_work(st->kind))
        return false;
    if (cf->status == CASE_CLOSED)
        return case_stage_after(cf->matter, cf->stage);
    if (cf->status == CASE_SUBMITTED) /* a first review before the acceptance */ //= R167
        return stage_ahead(cf, STAGE_ACCEPT);
    return st->kind != STAGE_DELIVER || stage_ahead(cf, STAGE_CONCLUDE);
}

size_t
case_stage_before(const struct case_file *cf)
{
    for (size_t i = cf->stage; i > 0; i--) {
        enum stage_kind k = cf->matter->stage[i - 1].kind;
        if (k == STAGE_ACCEPT || k == STAGE_PAY ||
            k == STAGE_TRANSFER_FUNDS) /* what was paid is not undone by a press */
            return SIZE_MAX;
        if (stage_is_work(k) && case_stage_applies(cf, i - 1))
            return i - 1;
    }
    return SIZE_MAX;
}

bool
case_handles(const struct matter *m, struct str *ret_reason)
{
    *ret_reason = STR("");
    if (m->stage_count)
        return true;
    *ret_reason = STR("该事项没有办理环节，请按指南到窗口办理");
    return false;
}

int
case_stage_panel(const struct stage *st)
{
    int64_t printed = 0;
    const struct stage_rule *r = stage_rule(st->kind);
    if (r->panel == 0 && !r->draws)
        return 0;
    return str_int(st->count, &printed) && printed > 0 && printed <= CASE_DRAWN_MAX ? (int)printed : r->panel;
}

int
case_signed(const struct case_file *cf)
{
    int n = 0;
    for (size_t i = 0; i < cf->step_count; i++)
        n += cf->step[i].signature && !cf->step[i].undone && cf->step[i].stage == cf->stage;
    return n;
}

/* --- who may --- */

static bool
origin_may(const struct matter *m, const struct actor *a)
{
    switch (case_origin(m)) {
    case ORIGIN_HOSPITAL:
        return actor_has(a, ROLE_HOSPITAL) || actor_has(a, ROLE_WINDOW);
    case ORIGIN_DEPARTMENT:
        return actor_has(a, ROLE_WINDOW) || actor_has(a, ROLE_REVIEW);
    case ORIGIN_OFFICE:
        return actor_has(a, ROLE_ENFORCE);
    default:
        return a->kind == ACTOR_PUBLIC || actor_has(a, ROLE_WINDOW) || actor_has(a, ROLE_KIOSK);
    }
}

/* Whoever does the last stage may conclude, besides the window and the reviewers. */
static bool
concluder_may(const struct case_file *cf, const struct actor *a)
{
    size_t n = cf->matter->stage_count;
    enum case_origin o = case_origin(cf->matter);
    if (n && actor_has(a, stage_rule(cf->matter->stage[n - 1].kind)->role))
        return true;
    return o != ORIGIN_OFFICE && (actor_has(a, ROLE_WINDOW) || actor_has(a, ROLE_REVIEW));
}

static bool
stage_may(const struct case_file *cf, enum case_action action, const struct actor *a)
{
    const struct stage *st = case_stage(cf);
    bool at_work = cf->status == CASE_WORKING || action != CASE_REFUSE;
    if (st && at_work)
        return actor_has(a, stage_rule(st->kind)->role) || (st->kind == STAGE_CONCLUDE && actor_has(a, ROLE_REVIEW));
    return st ? actor_has(a, ROLE_WINDOW) || (case_stage_passable(cf) && actor_has(a, stage_rule(st->kind)->role))
              : concluder_may(cf, a);
}

static bool
actor_may(const struct case_file *cf, enum case_action action, const struct actor *a)
{
    int by = case_edges[action].by;
    const struct stage *st = case_stage(cf);
    if (action == CASE_SUBMIT)
        return origin_may(cf->matter, a);
    if (by == BY_APPLICANT) /* staff act for the applicant at the window */
        return a->kind == ACTOR_PUBLIC || actor_has(a, ROLE_WINDOW);
    if (by == BY_SYSTEM)
        return a->kind == ACTOR_SYSTEM;
    if (a->kind != ACTOR_STAFF)
        return false;
    if (action == CASE_EXPLAIN)
        return actor_has(a, ROLE_SUPERVISOR) || (cf->owner_id == a->id && (a->roles & ANY_STAFF));
    if ((action == CASE_PAUSE || action == CASE_RESUME || action == CASE_NOTICE) && actor_has(a, ROLE_SUPERVISOR))
        return true;
    if ((action == CASE_ACCEPT || action == CASE_NOTICE || action == CASE_LIST) && !case_has_acceptance(cf->matter) &&
        actor_has(a, ROLE_REVIEW)) /* a settlement goes straight to its reviewer */
        return true;
    switch (by) {
    case BY_ANY_STAFF:
        return (a->roles & ANY_STAFF) != 0;
    case BY_STAGE:
        return stage_may(cf, action, a);
    case BY_PANEL:
        return st && actor_has(a, stage_rule(st->kind)->panel_role);
    case BY_CONCLUDER:
        return concluder_may(cf, a);
    default:
        return actor_has(a, (enum role)by);
    }
}

/* --- what the state of the stages allows beyond the status --- */

static bool
has_open_pause(const struct case_file *cf)
{
    for (size_t i = 0; i < cf->pause_count; i++)
        if (day_is_none(cf->pause[i].to) && cf->pause[i].kind != PAUSE_PUBLICITY)
            return true;
    return false;
}

static bool
has_tolerated(const struct case_file *cf)
{
    for (size_t i = 0; i < cf->material_count; i++)
        if (cf->material[i].state == MATERIAL_TOLERATED)
            return true;
    return false;
}

static bool
stage_allows_work(const struct case_file *cf, enum case_action action)
{
    const struct stage *st = case_stage(cf);
    const struct stage_rule *r = st ? stage_rule(st->kind) : NULL;
    bool passable = case_stage_passable(cf);
    switch (action) {
    case CASE_PASS:
        return passable;
    case CASE_SIGN:
        return passable && (case_stage_panel(st) > 0 || cf->drawn_count);
    case CASE_DRAW:
        return passable && r->draws && cf->drawn_count == 0 && case_signed(cf) == 0;
    case CASE_OPEN:
        return passable && r->publicity && !cf->opened;
    case CASE_OBJECT:
        return passable && r->publicity && cf->opened;
    case CASE_ANSWER:
        return cf->objection_count > 0;
    case CASE_RETURN:
        return passable && case_stage_before(cf) != SIZE_MAX;
    default:
        return true;
    }
}

static bool
stage_allows(const struct case_file *cf, enum case_action action)
{
    const struct stage *st = case_stage(cf);
    switch (action) {
    case CASE_ACCEPT: /* where the guide has a review before it, that comes first */
        return !case_has_acceptance(cf->matter) || (st && st->kind == STAGE_ACCEPT);
    case CASE_CONCLUDE:
        return !st || st->kind == STAGE_CONCLUDE || (st->kind == STAGE_DELIVER && !stage_ahead(cf, STAGE_CONCLUDE));
    case CASE_LIST:
        return case_lists_own(cf->matter) && !cf->listed;
    case CASE_RATE:
        return cf->rating == 0;
    case CASE_SUPPLEMENT:
        return cf->status != CASE_WORKING || has_tolerated(cf);
    case CASE_PAUSE:
        return !has_open_pause(cf);
    case CASE_RESUME:
        return has_open_pause(cf);
    case CASE_ARCHIVE:
        return cf->archived_ms == 0;
    default:
        return stage_allows_work(cf, action);
    }
}

uint64_t
case_possible(const struct case_file *cf, const struct actor *actor)
{
    uint64_t set = 0;
    for (int a = 0; a < CASE_ACTION_COUNT; a++)
        if ((case_edges[a].from >> cf->status & 1u) && stage_allows(cf, (enum case_action)a) &&
            actor_may(cf, (enum case_action)a, actor))
            set |= UINT64_C(1) << a;
    return set;
}

enum err
case_refuse_edge(struct ctx *ctx, const struct case_file *cf, enum case_action action, const struct actor *actor)
{
    struct buf b;
    buf_init(&b, ctx->arena, 128);
    uint64_t possible = case_possible(cf, actor);
    for (int a = 0; a < CASE_ACTION_COUNT; a++)
        if (possible >> a & 1u)
            buf_fmt(&b, "%s%s", b.n ? "、" : "，现在可以：", case_action_name((enum case_action)a));
    if (!(case_edges[action].from >> cf->status & 1u) || !stage_allows(cf, action)) {
        const struct stage *st = case_stage(cf);
        FAIL(ctx, ERR_CASE_EDGE, "办件现为“%s”%s%s，不能“%s”%s", case_status_name(cf->status), st ? "，待办环节：" : "",
             st ? stage_name(st->kind) : "", case_action_name(action), buf_str(&b).p);
    }
    FAIL(ctx, ERR_CASE_ROLE, "“%s”不是您岗位的工作%s", case_action_name(action), buf_str(&b).p);
}

/* --- separation of duties --- */

/* Stages that the guide gives to another section are worth nothing when the front desk passes them itself. */ //= R153
static bool
unit_apart(const struct case_file *cf, const struct stage *st)
{
    const uint64_t judged = UINT64_C(1) << STAGE_FIRST_REVIEW | UINT64_C(1) << STAGE_REVIEW |
                            UINT64_C(1) << STAGE_SECOND_REVIEW | UINT64_C(1) << STAGE_APPROVE |
                            UINT64_C(1) << STAGE_PAY;
    if (str_empty(st->unit) || !(judged >> st->kind & 1u))
        return false;
    for (size_t i = 0; i < cf->matter->stage_count; i++)
        if (cf->matter->stage[i].kind == STAGE_ACCEPT && str_eq(cf->matter->stage[i].unit, st->unit))
            return false;
    return true;
}

static struct str
sign_apart(struct arena *a, const struct case_file *cf, int64_t actor_id)
{
    bool drawn = cf->drawn_count == 0;
    for (size_t i = 0; i < cf->step_count; i++) {
        const struct case_step *s = &cf->step[i];
        if (s->signature && !s->undone && s->stage == cf->stage && s->actor_id == actor_id)
            return STR("您已经签过字，须由另一人签");
    }
    for (size_t i = 0; i < cf->drawn_count; i++)
        drawn = drawn || cf->drawn[i] == actor_id;
    return drawn ? STR("") : str_fmt(a, "评审人员已经抽定，您不在其中");
}

//= R153 R196 R243 R267 R272
struct str
case_apart(struct arena *a, const struct case_file *cf, int64_t actor_id, bool sign)
{
    const struct stage *st = case_stage(cf);
    const struct stage_rule *r = st ? stage_rule(st->kind) : NULL;
    if (!st)
        return STR("");
    if (cf->acceptor_id == actor_id && unit_apart(cf, st))
        return str_fmt(a, "这一步由%.*s办理，受理人本人不能办理", STR_ARG(st->unit));
    if (cf->acceptor_id == actor_id && r->apart_acceptor)
        return str_fmt(a, "%s须由受理人以外的人办理", stage_name(st->kind));
    for (size_t i = 0; i < cf->step_count; i++)
        if (cf->step[i].actor_id == actor_id && cf->step[i].stage != cf->stage && (r->apart >> cf->step[i].kind & 1u))
            return str_fmt(a, "%s须由没有办理过%s的人办理", stage_name(st->kind), stage_name(cf->step[i].kind));
    if (sign)
        return sign_apart(a, cf, actor_id);
    for (size_t i = 0; i < cf->step_count; i++) {
        const struct case_step *s = &cf->step[i];
        if (r->panel_role != r->role && s->signature && !s->undone && s->stage == cf->stage && s->actor_id == actor_id)
            return str_fmt(a, "%s的签字人不能自己提交", stage_name(st->kind));
    }
    return STR("");
}

/* --- the decision --- */

enum err
case_decide(struct ctx *ctx, const struct calendar *cal, const struct case_file *cf, const struct case_command *cmd,
            struct decision *ret_d)
{
    assert((unsigned)cmd->action < CASE_ACTION_COUNT);
    *ret_d = (struct decision){0};
    struct deciding p = {.ctx = ctx, .cal = cal, .cf = cf, .cmd = cmd, .d = ret_d};
    if (!(case_possible(cf, &cmd->actor) >> cmd->action & 1u))
        return case_refuse_edge(ctx, cf, cmd->action, &cmd->actor);
    TRY(ctx, case_edges[cmd->action].decide(&p));
    return decide_settle(&p);
}
