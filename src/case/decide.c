/* case_decide: what a command does to a case. Pure: no store, no clock, no log. */
#include <assert.h>

#include "case/case.h"

#define S(s) (1u << CASE_##s)

/* The transition table: in which states an action is possible, and which role does it (ROLE_COUNT = the applicant,
** ROLE_COUNT + 1 = whoever the stage asks for). */
enum { BY_APPLICANT = ROLE_COUNT, BY_STAGE, BY_ANY_STAFF };
static const struct {
    unsigned from;
    int by;
} case_edges[CASE_ACTION_COUNT] = {
    [CASE_SUBMIT] = {S(NONE), BY_APPLICANT},
    [CASE_SUPPLEMENT] = {S(NOTIFIED) | S(SUBMITTED) | S(WORKING), BY_APPLICANT},
    [CASE_NOTICE] = {S(SUBMITTED), ROLE_WINDOW},
    [CASE_LIST] = {S(SUBMITTED), ROLE_WINDOW},
    [CASE_ACCEPT] = {S(SUBMITTED), ROLE_WINDOW},
    [CASE_REFUSE] = {S(SUBMITTED) | S(NOTIFIED) | S(WORKING), BY_STAGE},
    [CASE_PASS] = {S(WORKING), BY_STAGE},
    [CASE_CONCLUDE] = {S(WORKING), BY_STAGE},
    [CASE_DELIVER] = {S(CONCLUDED), ROLE_WINDOW},
    [CASE_HAND_OVER] = {S(SUBMITTED) | S(NOTIFIED) | S(WORKING) | S(CONCLUDED), BY_ANY_STAFF},
    [CASE_WITHDRAW] = {S(SUBMITTED) | S(NOTIFIED), BY_APPLICANT},
    [CASE_RATE] = {S(CONCLUDED) | S(CLOSED) | S(REFUSED), BY_APPLICANT},
};

enum role
case_stage_role(enum stage_kind k)
{
    switch (k) {
    case STAGE_FIRST_REVIEW:
    case STAGE_REVIEW:
    case STAGE_SECOND_REVIEW:
        return ROLE_REVIEW;
    case STAGE_APPROVE:
        return ROLE_APPROVE;
    case STAGE_PAY:
        return ROLE_FUND;
    default:
        return ROLE_WINDOW;
    }
}

const struct stage *
case_stage(const struct case_file *cf)
{
    return cf->matter && cf->stage < cf->matter->stage_count ? &cf->matter->stage[cf->stage] : NULL;
}

static bool
stage_passes(enum stage_kind k)
{
    return k == STAGE_FIRST_REVIEW || k == STAGE_REVIEW || k == STAGE_SECOND_REVIEW || k == STAGE_APPROVE ||
           k == STAGE_FEEDBACK;
}

bool
case_handles(const struct matter *m, struct str *ret_reason)
{
    *ret_reason = STR("");
    if (m->effect == EFFECT_NONE) {
        *ret_reason = STR("本系统目前只提供该事项的办事指南和材料核对，请按指南到窗口办理");
        return false;
    }
    bool accepts = false;
    for (size_t i = 0; i < m->stage_count; i++) {
        enum stage_kind k = m->stage[i].kind;
        accepts = accepts || k == STAGE_ACCEPT;
        if (k != STAGE_APPLY && k != STAGE_ACCEPT && k != STAGE_CONCLUDE && k != STAGE_DELIVER && !stage_passes(k)) {
            *ret_reason = STR("该事项的办理环节尚未接入本系统，请按指南到窗口办理");
            return false;
        }
    }
    return accepts;
}

static bool
actor_may(const struct case_file *cf, enum case_action action, const struct actor *a)
{
    int by = case_edges[action].by;
    if (by == BY_APPLICANT) /* staff act for the applicant at the window */
        return a->kind == ACTOR_PUBLIC || actor_has(a, ROLE_WINDOW) ||
               (action == CASE_SUBMIT && actor_has(a, ROLE_KIOSK));
    if (a->kind != ACTOR_STAFF)
        return false;
    if (by == BY_ANY_STAFF)
        return actor_has(a, ROLE_WINDOW) || actor_has(a, ROLE_REVIEW) || actor_has(a, ROLE_SUPERVISOR);
    if (by == BY_STAGE) {
        const struct stage *st = case_stage(cf);
        enum role r = cf->status == CASE_WORKING && st ? case_stage_role(st->kind) : ROLE_WINDOW;
        /* a query has no review: whoever may accept may conclude */
        return actor_has(a, r) || (st && st->kind == STAGE_CONCLUDE && actor_has(a, ROLE_REVIEW));
    }
    return actor_has(a, (enum role)by);
}

/* What the state of the stages allows beyond the status. */
static bool
stage_allows(const struct case_file *cf, enum case_action action)
{
    const struct stage *st = case_stage(cf);
    if (action == CASE_PASS)
        return st && stage_passes(st->kind);
    if (action == CASE_CONCLUDE)
        return !st || st->kind == STAGE_CONCLUDE || st->kind == STAGE_DELIVER;
    if (action == CASE_LIST)
        return cf->matter->material_mode == MATERIALS_UNLISTED && !cf->listed;
    if (action == CASE_RATE)
        return cf->rating == 0;
    if (action == CASE_SUPPLEMENT && cf->status == CASE_WORKING) {
        for (size_t i = 0; i < cf->material_count; i++)
            if (cf->material[i].state == MATERIAL_TOLERATED)
                return true;
        return false;
    }
    return true;
}

unsigned
case_possible(const struct case_file *cf, const struct actor *actor)
{
    unsigned set = 0;
    for (int a = 0; a < CASE_ACTION_COUNT; a++)
        if ((case_edges[a].from >> cf->status & 1u) && stage_allows(cf, (enum case_action)a) &&
            actor_may(cf, (enum case_action)a, actor))
            set |= 1u << a;
    return set;
}

static enum err
refuse_edge(struct ctx *ctx, const struct case_file *cf, enum case_action action, const struct actor *actor)
{
    struct buf b;
    buf_init(&b, ctx->arena, 128);
    unsigned possible = case_possible(cf, actor);
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

/* --- helpers for events --- */

static struct view *
event_add(struct decision *d, struct arena *a, const char *kind)
{
    assert(d->event_count < DECISION_EVENTS_MAX);
    struct case_event *e = &d->event[d->event_count++];
    e->kind = str_c(kind);
    e->payload = view_map(a);
    return e->payload;
}

static void
paper_add(struct decision *d, enum paper_kind k)
{
    assert(d->paper_count < DECISION_PAPERS_MAX);
    d->paper[d->paper_count++] = k;
}

static void
put_materials(struct view *payload, const struct case_material *m, size_t n)
{
    struct view *list = view_put_list(payload, "materials");
    for (size_t i = 0; i < n; i++) {
        struct view *row = view_add_map(list);
        view_put_text(row, "key", m[i].key);
        view_put_text(row, "name", m[i].name);
        view_put_z(row, "state", material_state_id(m[i].state));
        view_put_opt(row, "note", m[i].note);
    }
}

static bool
has_leaf(const struct material *m, size_t n, struct str key)
{
    for (size_t i = 0; i < n; i++)
        if ((m[i].node == MATERIAL_LEAF && str_eq(m[i].key, key)) || has_leaf(m[i].child, m[i].child_count, key))
            return true;
    return false;
}

/* A leaf of the matter, or a line of the clerk's own list. */
static bool
knows_material(const struct case_file *cf, struct str key)
{
    for (size_t i = 0; i < cf->material_count; i++)
        if (str_eq(cf->material[i].key, key))
            return true;
    return has_leaf(cf->matter->material, cf->matter->material_count, key);
}

/* The case as it would stand with the command's material states. ERR_LIMIT, ERR_FIELD_INVALID for a key that is none of
 * the case's. */
static enum err
with_materials(struct ctx *ctx, const struct case_file *cf, const struct case_command *cmd, struct case_file **ret_next)
{
    struct case_file *next = *ret_next = ARENA_NEW(ctx->arena, struct case_file);
    *next = *cf;
    for (size_t i = 0; i < cmd->material_count; i++) {
        struct str key = cmd->material[i].key;
        if (cmd->action != CASE_LIST && !knows_material(cf, key))
            FAIL(ctx, ERR_FIELD_INVALID, "本办件没有编号为“%.*s”的材料", STR_ARG(str_sub(key, 0, 40)));
        if (!case_material_set(next, &cmd->material[i], cf->seq + 1))
            FAIL(ctx, ERR_LIMIT, "材料超过 %d 项", CASE_MATERIALS_MAX);
    }
    return OK;
}

struct given
case_given(struct arena *a, const struct case_file *cf)
{
    bool *leaf = ARENA_ARRAY(a, (size_t)cf->matter->leaf_count + 1, bool);
    /* keys are unique in the tree; walk it once per case */
    const struct material *stack[CASE_MATERIALS_MAX * 2];
    size_t n = 0;
    for (size_t i = 0; i < cf->matter->material_count && n < CASE_MATERIALS_MAX * 2; i++)
        stack[n++] = &cf->matter->material[i];
    while (n) {
        const struct material *m = stack[--n];
        for (size_t i = 0; i < m->child_count && n < CASE_MATERIALS_MAX * 2; i++)
            stack[n++] = &m->child[i];
        if (m->node != MATERIAL_LEAF)
            continue;
        for (size_t k = 0; k < cf->material_count; k++)
            if (str_eq(cf->material[k].key, m->key)) {
                enum material_state s = cf->material[k].state;
                leaf[m->index] = s != MATERIAL_ABSENT && s != MATERIAL_REJECTED;
            }
    }
    return (struct given){.leaf = leaf};
}

/* Whether LEAF lies in the requirement GAP: the same node or one below it ("3.2" in "3"). */
static bool
lies_in(struct str leaf, struct str gap)
{
    return str_eq(leaf, gap) || (leaf.n > gap.n && str_starts(leaf, gap) && leaf.p[gap.n] == '.');
}

/* Why what came for a gap was turned down: the applicant must read it on the notice. */
static struct str
rejection_note(struct ctx *ctx, const struct case_file *cf, struct str key, struct str text)
{
    struct str out = text;
    for (size_t i = 0; i < cf->material_count; i++) {
        const struct case_material *m = &cf->material[i];
        if (!lies_in(m->key, key) || m->state != MATERIAL_REJECTED || str_empty(m->note))
            continue;
        out = str_eq(m->key, key)
                  ? str_fmt(ctx->arena, "%.*s（%.*s）", STR_ARG(out), STR_ARG(m->note))
                  : str_fmt(ctx->arena, "%.*s（%.*s：%.*s）", STR_ARG(out), STR_ARG(m->name), STR_ARG(m->note));
    }
    return out;
}

//= R16 R20
void
case_gaps(struct ctx *ctx, const struct case_file *cf, struct case_gap **ret_gaps, size_t *ret_n)
{
    struct gap *gaps;
    size_t n;
    checklist_gaps(ctx, cf->matter, &cf->facts, case_given(ctx->arena, cf), &gaps, &n);
    *ret_gaps = ARENA_ARRAY(ctx->arena, n + cf->material_count, struct case_gap);
    *ret_n = 0;
    for (size_t i = 0; i < n; i++)
        (*ret_gaps)[(*ret_n)++] = (struct case_gap){
            .key = gaps[i].material->key, .text = rejection_note(ctx, cf, gaps[i].material->key, gaps[i].text)};
    for (size_t i = 0; i < cf->material_count; i++) {
        const struct case_material *m = &cf->material[i];
        if (m->key.n && m->key.p[0] == 'x' && (m->state == MATERIAL_ABSENT || m->state == MATERIAL_REJECTED))
            (*ret_gaps)[(*ret_n)++] =
                (struct case_gap){.key = m->key, .text = rejection_note(ctx, cf, m->key, m->name)};
    }
}

/* --- one function per action --- */

static enum err
need_reason(struct ctx *ctx, const struct case_command *cmd, const char *what)
{
    if (!str_empty(str_trim(cmd->reason)))
        return OK;
    fail_field(ctx, STR("reason"), STR("理由"), STR("没有填写"), STR("请写明详细理由"));
    FAIL(ctx, ERR_REASON_REQUIRED, "%s必须写明理由", what);
}

/* A gap that already stood at the first notice but was not told then may not be told now (R16). */
static enum err
refuse_late_gaps(struct ctx *ctx, const struct case_file *cf, const struct case_gap *gaps, size_t n)
{
    if (!cf->noticed_seq)
        return OK;
    for (size_t i = 0; i < n; i++) {
        bool told = case_told(cf, gaps[i].key);
        bool changed_since = false;
        for (size_t k = 0; k < cf->material_count; k++)
            if (lies_in(cf->material[k].key, gaps[i].key) && cf->material[k].since_seq > cf->noticed_seq)
                changed_since = true; /* it came after the notice: its faults are new */
        if (!told && !changed_since)
            FAIL(ctx, ERR_NOTICE_REPEATED, "“%.*s”在第一次告知时就存在却没有告知，不能再次告知", STR_ARG(gaps[i].text));
    }
    return OK;
}

static enum err
decide_notice(struct ctx *ctx, const struct case_file *cf, const struct case_command *cmd, struct decision *d)
{
    struct case_file *next;
    TRY(ctx, with_materials(ctx, cf, cmd, &next));
    struct case_gap *gaps;
    size_t n;
    case_gaps(ctx, next, &gaps, &n);
    if (cf->matter->material_mode == MATERIALS_UNLISTED && !cf->listed)
        FAIL(ctx, ERR_CASE_EDGE, "办事指南没有印出材料清单，请先登记本办件的材料清单");
    if (n == 0)
        FAIL(ctx, ERR_CASE_EDGE, "材料已经齐全，没有需要告知的内容，请直接受理");
    TRY(ctx, refuse_late_gaps(ctx, cf, gaps, n));
    struct view *p = event_add(d, ctx->arena, "noticed");
    put_materials(p, cmd->material, cmd->material_count);
    struct view *list = view_put_list(p, "gaps");
    for (size_t i = 0; i < n; i++) {
        struct view *row = view_add_map(list);
        view_put_text(row, "key", gaps[i].key);
        view_put_text(row, "text", gaps[i].text);
    }
    view_put_opt(p, "remark", str_trim(cmd->reason));
    paper_add(d, PAPER_NOTICE); //= R21
    return OK;
}

static bool
prints_paper(const struct matter *m, const char *name)
{
    for (size_t i = 0; i < m->paper_count; i++)
        if (str_eqz(m->paper[i], name))
            return true;
    return false;
}

static const struct material *
find_leaf(const struct material *m, size_t n, struct str key, bool *ret_any_tolerable)
{
    const struct material *hit = NULL;
    for (size_t i = 0; i < n; i++) {
        *ret_any_tolerable = *ret_any_tolerable || m[i].tolerable;
        const struct material *below = find_leaf(m[i].child, m[i].child_count, key, ret_any_tolerable);
        if (m[i].node == MATERIAL_LEAF && str_eq(m[i].key, key))
            hit = &m[i];
        else if (below)
            hit = below;
    }
    return hit;
}

/* Tolerance is only for matters whose guide prints the slip, for the materials it marks where it marks any, and never
 * for all (R22). */
static enum err
check_tolerated(struct ctx *ctx, const struct case_file *next, size_t *ret_tolerated)
{
    size_t present = 0;
    *ret_tolerated = 0;
    for (size_t i = 0; i < next->material_count; i++) {
        const struct case_material *m = &next->material[i];
        bool marks = false;
        present += m->state == MATERIAL_GIVEN || m->state == MATERIAL_CHECKED || m->state == MATERIAL_COMMITTED ||
                   m->state == MATERIAL_SHARED;
        if (m->state != MATERIAL_TOLERATED)
            continue;
        (*ret_tolerated)++;
        const struct material *leaf = find_leaf(next->matter->material, next->matter->material_count, m->key, &marks);
        if (marks && leaf && !leaf->tolerable)
            FAIL(ctx, ERR_CASE_EDGE, "办事指南没有写明“%.*s”可以容缺", STR_ARG(m->name));
    }
    if (*ret_tolerated && !prints_paper(next->matter, "容缺受理通知单"))
        FAIL(ctx, ERR_CASE_EDGE, "办事指南没有为该事项印出容缺受理，请出具一次性告知单");
    if (*ret_tolerated && present == 0)
        FAIL(ctx, ERR_CASE_EDGE, "不能全部容缺，主要材料必须先提交");
    return OK;
}

static void
put_deadline(struct ctx *ctx, const struct calendar *cal, const struct case_file *cf, struct view *p, int64_t from_ms)
{
    struct fact_set needed = {0};
    const struct limit_tier *t = checklist_limit(cf->matter, &cf->facts, &needed);
    struct day due = DAY_NONE, legal = DAY_NONE, from = day_of_ms(from_ms);
    bool tentative = false, tentative_legal = false;
    if (t) {
        due = limit_due(cal, t->promised, from, &tentative);
        legal = limit_due(cal, t->legal, from, &tentative_legal);
        view_put_text(p, "promised", limit_text(ctx->arena, t->promised));
        view_put_opt(p, "legal_limit", limit_text(ctx->arena, t->legal));
        view_put_text(p, "counted_from",
                      str_empty(t->counted_from) ? STR("收到齐全材料之日（系统口径）") : t->counted_from);
    }
    view_put_day(p, "due", due);
    view_put_day(p, "legal", legal);
    view_put_bool(p, "tentative", tentative || tentative_legal);
}

static enum err
decide_accept(struct ctx *ctx, const struct calendar *cal, const struct case_file *cf, const struct case_command *cmd,
              struct decision *d)
{
    struct case_file *next;
    TRY(ctx, with_materials(ctx, cf, cmd, &next));
    struct case_gap *gaps;
    size_t n, tolerated;
    if (cf->matter->material_mode == MATERIALS_UNLISTED && !cf->listed)
        FAIL(ctx, ERR_CASE_EDGE, "办事指南没有印出材料清单，请先登记本办件的材料清单");
    case_gaps(ctx, next, &gaps, &n);
    if (n) {
        for (size_t i = 0; i < n; i++)
            fail_field(ctx, gaps[i].key, gaps[i].text, STR("还没有提交"), STR("请补齐后再受理，或出具一次性告知单"));
        FAIL(ctx, ERR_MATERIAL_MISSING, "还缺 %zu 项材料，不能受理", n);
    }
    TRY(ctx, check_tolerated(ctx, next, &tolerated));
    struct view *p = event_add(d, ctx->arena, "accepted");
    put_materials(p, cmd->material, cmd->material_count);
    put_deadline(ctx, cal, cf, p, cf->complete_ms ? cf->complete_ms : cmd->now_ms);
    view_put_opt(p, "remark", str_trim(cmd->reason));
    if (tolerated)
        paper_add(d, PAPER_TOLERANCE);
    return OK;
}

static enum err
decide_pass(struct ctx *ctx, const struct case_file *cf, const struct case_command *cmd, struct decision *d)
{
    const struct stage *st = case_stage(cf);
    //= R153: a stage that the guide gives to another section is worth nothing when the front desk passes it itself
    if (!str_empty(st->unit) && cf->acceptor_id == cmd->actor.id)
        FAIL(ctx, ERR_SEPARATION, "这一步由%.*s办理，受理人本人不能办理", STR_ARG(st->unit));
    for (size_t i = 0; i < cf->reviewer_count; i++)
        if ((st->kind == STAGE_APPROVE || st->kind == STAGE_SECOND_REVIEW) && cf->reviewer[i] == cmd->actor.id)
            FAIL(ctx, ERR_SEPARATION, "%s须由没有办理过前面审核的人办理", stage_name(st->kind));
    struct view *p = event_add(d, ctx->arena, "passed");
    view_put_int(p, "stage", (int64_t)cf->stage);
    view_put_z(p, "kind", stage_name(st->kind));
    view_put_opt(p, "opinion", str_trim(cmd->reason));
    return OK;
}

static bool
needs_delivery(const struct case_file *cf)
{
    for (size_t i = cf->stage; i < cf->matter->stage_count; i++)
        if (cf->matter->stage[i].kind == STAGE_DELIVER)
            return true;
    return str_eqz(cf->delivery, "快递") || str_eqz(cf->delivery, "电子证照下载") || str_eqz(cf->delivery, "窗口领取");
}

static enum err
decide_conclude(struct ctx *ctx, const struct case_file *cf, struct decision *d)
{
    for (size_t i = 0; i < cf->material_count; i++)
        if (cf->material[i].state == MATERIAL_TOLERATED) //= R22
            FAIL(ctx, ERR_MATERIAL_MISSING, "容缺的“%.*s”还没有补交，不能办结", STR_ARG(cf->material[i].name));
    struct view *p = event_add(d, ctx->arena, "concluded");
    view_put_bool(p, "deliver", needs_delivery(cf)); //= R27
    view_put_z(p, "effect", effect_name(cf->matter->effect));
    d->effect = true;
    d->phone_task = str_eqz(cf->delivery, "快递"); //= R25
    switch (cf->matter->effect) {
    case EFFECT_CERTIFICATE:
        paper_add(d, PAPER_CERTIFICATE);
        break;
    case EFFECT_UNIT_QUERY:
    case EFFECT_PERSON_QUERY:
        paper_add(d, PAPER_QUERY);
        break;
    default:
        paper_add(d, PAPER_RESULT);
        break;
    }
    return OK;
}

static enum err
decide_supplement(struct ctx *ctx, const struct calendar *cal, const struct case_file *cf,
                  const struct case_command *cmd, struct decision *d)
{
    if (cmd->material_count == 0)
        FAIL(ctx, ERR_MATERIAL_MISSING, "没有新提交的材料");
    struct case_file *next;
    TRY(ctx, with_materials(ctx, cf, cmd, &next));
    struct case_gap *gaps;
    size_t n;
    case_gaps(ctx, next, &gaps, &n);
    struct view *p = event_add(d, ctx->arena, "supplemented");
    put_materials(p, cmd->material, cmd->material_count);
    view_put_bool(p, "complete", n == 0);
    if (n == 0 && cf->status != CASE_WORKING)
        put_deadline(ctx, cal, cf, p, cmd->now_ms);
    return OK;
}

static enum err
decide_list(struct ctx *ctx, const struct case_file *cf, const struct case_command *cmd, struct decision *d)
{
    if (cmd->material_count == 0 || cmd->material_count > 50)
        FAIL(ctx, ERR_LIMIT, "材料清单应有 1 到 50 项");
    for (size_t i = 0; i < cmd->material_count; i++)
        if (str_empty(str_trim(cmd->material[i].name)) || str_utf8_count(cmd->material[i].name) > 100)
            FAIL(ctx, ERR_FIELD_INVALID, "第 %zu 项材料的名称应为 1 到 100 个字", i + 1);
    struct case_file *next;
    struct case_gap *gaps;
    size_t n;
    TRY(ctx, with_materials(ctx, cf, cmd, &next));
    case_gaps(ctx, next, &gaps, &n);
    struct view *p = event_add(d, ctx->arena, "listed");
    put_materials(p, cmd->material, cmd->material_count);
    view_put_bool(p, "complete", n == 0);
    return OK;
}

static enum err
decide_refuse(struct ctx *ctx, const struct case_command *cmd, struct decision *d)
{
    TRY(ctx, need_reason(ctx, cmd, "不予办理")); //= R23 R73
    struct view *p = event_add(d, ctx->arena, "refused");
    view_put_text(p, "reason", str_trim(cmd->reason));
    paper_add(d, PAPER_REFUSAL);
    return OK;
}

static enum err
decide_rate(struct ctx *ctx, const struct case_command *cmd, struct decision *d)
{
    if (cmd->rating < 1 || cmd->rating > 5) {
        fail_field(ctx, STR("level"), STR("满意度"), STR("没有选择"), STR("请在五个等级中选一个"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    struct view *p = event_add(d, ctx->arena, "rated");
    view_put_int(p, "level", cmd->rating);
    view_put_text(p, "channel", cmd->channel);
    return OK;
}

static enum err
decide_small(struct ctx *ctx, const struct case_command *cmd, struct decision *d)
{
    struct view *p;
    if (cmd->action == CASE_HAND_OVER) {
        TRY(ctx, need_reason(ctx, cmd, "移交"));
        if (cmd->to_staff == 0)
            FAIL(ctx, ERR_FIELD_INVALID, "请选择接手的人");
        p = event_add(d, ctx->arena, "handed_over");
        view_put_id(p, "to", cmd->to_staff);
        view_put_text(p, "reason", str_trim(cmd->reason));
    } else if (cmd->action == CASE_DELIVER) {
        p = event_add(d, ctx->arena, "delivered");
        view_put_text(p, "way", cmd->delivery);
        view_put_opt(p, "note", str_trim(cmd->reason));
    } else {
        p = event_add(d, ctx->arena, "withdrawn");
        view_put_opt(p, "reason", str_trim(cmd->reason));
    }
    return OK;
}

/* SUBMIT: CF carries the application as the service filled it in; the event records it whole. */
static enum err
decide_submit(struct ctx *ctx, const struct calendar *cal, const struct case_file *cf, const struct case_command *cmd,
              struct decision *d)
{
    const struct eligibility *no = checklist_refusal(cf->matter, &cf->facts);
    if (no) {
        fail_rule(ctx, "服务对象");
        FAIL(ctx, ERR_NOT_ELIGIBLE, "不符合服务对象：%.*s", STR_ARG(no->otherwise));
    }
    struct view *p = event_add(d, ctx->arena, "submitted");
    view_put_text(p, "no", cf->no);
    view_put_text(p, "matter", cf->matter->id);
    view_put_text(p, "version", cf->matter->region->version);
    view_put_z(p, "channel", channel_name(cf->channel));
    if (cf->level_known)
        view_put_z(p, "level", level_name(cf->level));
    view_put_opt(p, "agency", cf->agency);
    view_put_opt(p, "point", cf->point);
    view_put_bool(p, "by_unit", cf->by_unit);
    view_put_id(p, "person_id", cf->person_id);
    view_put_id(p, "unit_id", cf->unit_id);
    view_put_text(p, "masked", cf->masked);
    view_put_text(p, "applicant_name", cf->applicant_name);
    view_put_opt(p, "applicant_id", cf->applicant_id);
    view_put_opt(p, "mobile", cf->mobile);
    view_put_opt(p, "delegate_name", cf->delegate_name);
    view_put_opt(p, "delegate_id", cf->delegate_id);
    view_put_opt(p, "delivery", cf->delivery);
    view_put_opt(p, "address", cf->address);
    view_put_text(p, "access", cf->access_hex);
    view_put(p, "facts", case_facts_view(ctx->arena, &cf->facts));
    if (cf->form)
        view_put(p, "form", view_copy(ctx->arena, cf->form));
    put_materials(p, cf->material, cf->material_count);
    struct case_gap *gaps;
    size_t n;
    case_gaps(ctx, cf, &gaps, &n);
    /* a guide that prints no list says nothing of completeness until the clerk has recorded one */
    view_put_bool(p, "complete", n == 0 && cf->matter->material_mode != MATERIALS_UNLISTED);
    put_deadline(ctx, cal, cf, p, cmd->now_ms);
    paper_add(d, PAPER_RECEIPT);
    return OK;
}

enum err
case_decide(struct ctx *ctx, const struct calendar *cal, const struct case_file *cf, const struct case_command *cmd,
            struct decision *ret_d)
{
    assert((unsigned)cmd->action < CASE_ACTION_COUNT);
    *ret_d = (struct decision){0};
    if (!(case_possible(cf, &cmd->actor) >> cmd->action & 1u))
        return refuse_edge(ctx, cf, cmd->action, &cmd->actor);
    switch (cmd->action) {
    case CASE_SUBMIT:
        return decide_submit(ctx, cal, cf, cmd, ret_d);
    case CASE_SUPPLEMENT:
        return decide_supplement(ctx, cal, cf, cmd, ret_d);
    case CASE_NOTICE:
        return decide_notice(ctx, cf, cmd, ret_d);
    case CASE_LIST:
        return decide_list(ctx, cf, cmd, ret_d);
    case CASE_ACCEPT:
        return decide_accept(ctx, cal, cf, cmd, ret_d);
    case CASE_REFUSE:
        return decide_refuse(ctx, cmd, ret_d);
    case CASE_PASS:
        return decide_pass(ctx, cf, cmd, ret_d);
    case CASE_CONCLUDE:
        return decide_conclude(ctx, cf, ret_d);
    case CASE_RATE:
        return decide_rate(ctx, cmd, ret_d);
    default:
        return decide_small(ctx, cmd, ret_d);
    }
}

char
case_light(const struct calendar *cal, struct day due, struct day today, int *ret_left)
{
    *ret_left = 0;
    if (day_is_none(due))
        return ' ';
    bool tentative;
    *ret_left = calendar_between(cal, today, due, &tentative);
    if (due.n < today.n)
        return 'r';
    return *ret_left <= 1 ? 'y' : 'g';
}
