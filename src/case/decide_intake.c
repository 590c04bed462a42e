/* Decisions at the counter: application, one-time notice, list, acceptance, supplement, data sharing, pre-review. */
#include "case/case_int.h"

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

/* A gap that already stood at the first notice but was not told then may be told now only by a supervisor, with his reason (R16). */
static enum err
judge_late_gaps(struct deciding *p, const struct case_gap *gaps, size_t n, bool *ret_late)
{
    const struct case_file *cf = p->cf;
    *ret_late = false;
    if (!cf->noticed_seq)
        return OK;
    for (size_t i = 0; i < n; i++) {
        bool changed_since = false;
        for (size_t k = 0; k < cf->material_count; k++)
            if (case_lies_in(cf->material[k].key, gaps[i].key) && cf->material[k].since_seq > cf->noticed_seq)
                changed_since = true; /* it came after the notice: its faults are new */
        if (case_told(cf, gaps[i].key) || changed_since)
            continue;
        if (!actor_has(&p->cmd->actor, ROLE_SUPERVISOR))
            FAIL(p->ctx, ERR_NOTICE_REPEATED,
                 "“%.*s”在第一次告知时就存在却没有告知，不能再次告知；确需告知的，请督办人员写明理由后办理",
                 STR_ARG(gaps[i].text));
        TRY(p->ctx, decide_need_reason(p, "再次告知"));
        *ret_late = true;
    }
    return OK;
}

/* A guide that prints no list, or only refers to one, has not said that nothing is needed. */ //= R19 R263
static enum err
need_list(struct deciding *p)
{
    const struct matter *m = p->cf->matter;
    if (!case_lists_own(m) || p->cf->listed)
        return OK;
    if (m->material_mode == MATERIALS_REFERENCE)
        FAIL(p->ctx, ERR_CASE_EDGE, "办事指南写明的办理材料是“%.*s”，请先照此登记本办件的材料清单",
             STR_ARG(m->materials_reference));
    FAIL(p->ctx, ERR_CASE_EDGE, "办事指南没有印出材料清单，请先登记本办件的材料清单");
}

enum err
decide_notice(struct deciding *p)
{
    struct case_file *next;
    TRY(p->ctx, with_materials(p->ctx, p->cf, p->cmd, &next));
    struct case_gap *gaps;
    size_t n;
    bool late;
    case_gaps(p->ctx, next, &gaps, &n);
    TRY(p->ctx, need_list(p));
    if (n == 0)
        FAIL(p->ctx, ERR_CASE_EDGE, "材料已经齐全，没有需要告知的内容，请直接受理");
    TRY(p->ctx, judge_late_gaps(p, gaps, n, &late));
    struct view *v = decision_event(p->d, p->ctx->arena, "noticed");
    decide_put_materials(v, p->cmd->material, p->cmd->material_count);
    struct view *list = view_put_list(v, "gaps");
    for (size_t i = 0; i < n; i++) {
        struct view *row = view_add_map(list);
        view_put_text(row, "key", gaps[i].key);
        view_put_text(row, "text", gaps[i].text);
    }
    view_put_opt(v, "remark", str_trim(p->cmd->reason));
    view_put_bool(v, "late", late);
    decision_paper(p->d, PAPER_NOTICE); //= R21
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

/* By when what is tolerated must come: the day the clerk gives, else five working days (系统口径). */ //= R22
static enum err
put_tolerance(struct deciding *p, struct view *v)
{
    bool tentative;
    struct day today = day_of_ms(p->cmd->now_ms), due = p->cmd->day;
    if (!p->cmd->day_given)
        due = calendar_add(p->cal, today, 5, &tentative);
    if (due.n < today.n || due.n > today.n + 90) {
        fail_field(p->ctx, STR("tolerance_due"), STR("补交期限"), STR("不在今后 90 天内"), STR("请写一个今后的日期"));
        FAIL(p->ctx, ERR_FIELD_INVALID, "%s", "");
    }
    view_put_day(v, "tolerance_due", due);
    decision_paper(p->d, PAPER_TOLERANCE);
    return OK;
}

//= R33
static enum err
refuse_level(struct deciding *p)
{
    struct str duty = p->cmd->level_known ? case_level_duty(p->cf->matter, p->cmd->level) : STR("");
    if (str_empty(duty))
        return OK;
    fail_rule(p->ctx, "R33");
    FAIL(p->ctx, ERR_LEVEL_REFUSED, "%s对该事项只负责%.*s，请写好意见后由上级经办机构受理", level_name(p->cmd->level),
         STR_ARG(duty));
}

enum err
decide_accept(struct deciding *p)
{
    struct case_file *next;
    TRY(p->ctx, refuse_level(p));
    TRY(p->ctx, with_materials(p->ctx, p->cf, p->cmd, &next));
    struct case_gap *gaps;
    size_t n, tolerated;
    TRY(p->ctx, need_list(p));
    case_gaps(p->ctx, next, &gaps, &n);
    if (n) {
        for (size_t i = 0; i < n; i++)
            fail_field(p->ctx, gaps[i].key, gaps[i].text, STR("还没有提交"), STR("请补齐后再受理，或出具一次性告知单"));
        FAIL(p->ctx, ERR_MATERIAL_MISSING, "还缺 %zu 项材料，不能受理", n);
    }
    TRY(p->ctx, check_tolerated(p->ctx, next, &tolerated));
    struct view *v = decision_event(p->d, p->ctx->arena, "accepted");
    decide_put_materials(v, p->cmd->material, p->cmd->material_count);
    view_put_opt(v, "remark", str_trim(p->cmd->reason));
    if (prints_paper(p->cf->matter, "受理或不受理的回执单")) //= R253
        decision_paper(p->d, PAPER_ACCEPTANCE);
    return tolerated ? put_tolerance(p, v) : OK;
}

enum err
decide_supplement(struct deciding *p)
{
    if (p->cmd->material_count == 0)
        FAIL(p->ctx, ERR_MATERIAL_MISSING, "没有新提交的材料");
    struct case_file *next;
    TRY(p->ctx, with_materials(p->ctx, p->cf, p->cmd, &next));
    struct case_gap *gaps;
    size_t n;
    case_gaps(p->ctx, next, &gaps, &n);
    struct view *v = decision_event(p->d, p->ctx->arena, "supplemented");
    decide_put_materials(v, p->cmd->material, p->cmd->material_count);
    view_put_bool(v, "complete", n == 0);
    decision_paper(p->d, PAPER_SUPPLEMENT);
    return OK;
}

/* A material that another department's data stands for, with where it was found. */ //= R60
enum err
decide_share(struct deciding *p)
{
    struct case_file *next;
    struct case_gap *gaps;
    size_t n;
    if (p->cmd->material_count != 1 || str_empty(str_trim(p->cmd->source)))
        FAIL(p->ctx, ERR_FIELD_INVALID, "数据共享须写明材料和来源");
    TRY(p->ctx, with_materials(p->ctx, p->cf, p->cmd, &next));
    bool marks = false;
    const struct material *leaf =
        find_leaf(p->cf->matter->material, p->cf->matter->material_count, p->cmd->material[0].key, &marks);
    if (!leaf || !leaf->shareable)
        FAIL(p->ctx, ERR_FIELD_INVALID, "办事指南没有为这项材料提供数据共享");
    case_gaps(p->ctx, next, &gaps, &n);
    struct view *v = decision_event(p->d, p->ctx->arena, "shared");
    decide_put_materials(v, p->cmd->material, 1);
    view_put_text(v, "source", str_trim(p->cmd->source));
    view_put_bool(v, "complete", n == 0);
    return OK;
}

//= R33
enum err
decide_assist(struct deciding *p)
{
    TRY(p->ctx, decide_need_reason(p, "初审（协办）意见"));
    struct view *v = decision_event(p->d, p->ctx->arena, "assisted");
    view_put_text(v, "opinion", str_trim(p->cmd->reason));
    if (p->cmd->level_known)
        view_put_z(v, "level", level_name(p->cmd->level));
    return OK;
}

enum err
decide_list(struct deciding *p)
{
    if (p->cmd->material_count == 0 || p->cmd->material_count > 50)
        FAIL(p->ctx, ERR_LIMIT, "材料清单应有 1 到 50 项");
    for (size_t i = 0; i < p->cmd->material_count; i++)
        if (str_empty(str_trim(p->cmd->material[i].name)) || str_utf8_count(p->cmd->material[i].name) > 100)
            FAIL(p->ctx, ERR_FIELD_INVALID, "第 %zu 项材料的名称应为 1 到 100 个字", i + 1);
    struct case_file *next;
    struct case_gap *gaps;
    size_t n;
    TRY(p->ctx, with_materials(p->ctx, p->cf, p->cmd, &next));
    case_gaps(p->ctx, next, &gaps, &n);
    struct view *v = decision_event(p->d, p->ctx->arena, "listed");
    decide_put_materials(v, p->cmd->material, p->cmd->material_count);
    view_put_bool(v, "complete", n == 0);
    return OK;
}

/* SUBMIT: CF carries the application as the service filled it in; the event records it whole. */
enum err
decide_submit(struct deciding *d)
{
    struct ctx *ctx = d->ctx;
    const struct case_file *cf = d->cf;
    const struct eligibility *no = checklist_refusal(cf->matter, &cf->facts);
    if (no) {
        fail_rule(ctx, "服务对象");
        FAIL(ctx, ERR_NOT_ELIGIBLE, "不符合服务对象：%.*s", STR_ARG(no->otherwise));
    }
    TRY(ctx, elsewhere_check(ctx, cf->matter, &cf->facts));                                 //= R187
    TRY(ctx, window_check(ctx, cf->matter, &cf->facts, d->cal, day_of_ms(d->cmd->now_ms))); //= R174 R225
    struct view *p = decision_event(d->d, ctx->arena, "submitted");
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
    decide_put_materials(p, cf->material, cf->material_count);
    struct case_gap *gaps;
    size_t n;
    case_gaps(ctx, cf, &gaps, &n);
    /* a guide that prints no list says nothing of completeness until the clerk has recorded one */
    bool complete = n == 0 && !case_lists_own(cf->matter);
    view_put_bool(p, "complete", complete);
    struct case_file *next = ARENA_NEW(ctx->arena, struct case_file);
    *next = *cf;
    case_begin(next, d->cmd->now_ms, complete);
    decide_put_clock(d, next, p);
    decision_paper(d->d, PAPER_RECEIPT);
    return OK;
}
