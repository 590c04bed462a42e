/* Decisions on the way through the house: passing a stage, signatures, the lot, publicity, returning, conclusion. */
#include "case/case_int.h"

#include <string.h>

#include "base/crypto.h"

enum { DRAW_DEFAULT = 3 };

static enum err
refuse_apart(struct deciding *p, bool sign)
{
    struct str why = case_apart(p->ctx->arena, p->cf, p->cmd->actor.id, sign);
    if (!str_empty(why))
        FAIL(p->ctx, ERR_SEPARATION, "%.*s", STR_ARG(why));
    return OK;
}

/* --- signatures --- */

static bool
signed_against(const struct case_file *cf)
{
    for (size_t i = 0; i < cf->step_count; i++)
        if (cf->step[i].signature && !cf->step[i].undone && cf->step[i].against && cf->step[i].stage == cf->stage)
            return true;
    return false;
}

/* The professions that the guide wants in a panel: each is named by somebody who signed. */ //= R254
static enum err
check_professions(struct deciding *p)
{
    const struct case_file *cf = p->cf;
    const struct stage *st = case_stage(cf);
    for (size_t i = 0; i < st->profession_count; i++) {
        bool found = false;
        for (size_t k = 0; k < cf->step_count; k++) {
            const struct case_step *s = &cf->step[k];
            found = found || (s->signature && !s->undone && s->stage == cf->stage &&
                              str_find(s->profession, st->profession[i]) != SIZE_MAX);
        }
        if (!found)
            FAIL(p->ctx, ERR_SEPARATION, "%s的成员应有%.*s专业的人员，签字的人里没有", stage_name(st->kind),
                 STR_ARG(st->profession[i]));
    }
    return OK;
}

//= R254 R267
static enum err
check_panel(struct deciding *p)
{
    const struct case_file *cf = p->cf;
    const struct stage *st = case_stage(cf);
    int need = cf->drawn_count ? (int)cf->drawn_count : case_stage_panel(st), have = case_signed(cf);
    if (have < need)
        FAIL(p->ctx, ERR_SEPARATION, "“%s”须有 %d 人签字（%s），现有 %d 人", stage_name(st->kind), need,
             role_name(stage_rule(st->kind)->panel_role), have);
    TRY(p->ctx, check_professions(p));
    if (signed_against(cf))
        FAIL(p->ctx, ERR_CASE_EDGE, "有人签署了否定意见，不能通过：请退回上一环节，或写明理由不予办理");
    return OK;
}

enum err
decide_sign(struct deciding *p)
{
    const struct stage *st = case_stage(p->cf);
    const struct stage_rule *r = stage_rule(st->kind);
    bool against;
    TRY(p->ctx, refuse_apart(p, true));
    if (p->cf->step_count >= CASE_STEPS_MAX)
        FAIL(p->ctx, ERR_LIMIT, "这个办件的办理记录太多");
    struct view *v = decision_event(p->d, p->ctx->arena, "signed");
    view_put_int(v, "stage", (int64_t)p->cf->stage);
    view_put_z(v, "kind", stage_name(st->kind));
    TRY(p->ctx, decide_record(p, r->sign_field, r->sign_field_count, false, v, &against));
    view_put_bool(v, "against", against);
    return OK;
}

struct lot {
    struct crypto_digest key;
    int64_t id;
};

/* The lot: everybody's ticket is the digest of the seed and his number; the smallest are drawn. Who has no part in the case by
** separation of duties has no ticket. */
static size_t
draw_lots(struct deciding *p, struct lot *lot)
{
    size_t n = 0;
    for (size_t i = 0; i < p->cmd->candidate_count; i++) {
        int64_t id = p->cmd->candidate[i];
        if (!str_empty(case_apart(p->ctx->arena, p->cf, id, true)))
            continue;
        struct str piece[] = {p->cmd->seed, str_fmt(p->ctx->arena, "%lld", (long long)id)};
        struct lot one = {crypto_sm3_pieces(piece, 2), id};
        size_t k = n++;
        for (; k > 0 && memcmp(one.key.b, lot[k - 1].key.b, sizeof one.key.b) < 0; k--)
            lot[k] = lot[k - 1];
        lot[k] = one;
    }
    return n;
}

//= R163 R180
enum err
decide_draw(struct deciding *p)
{
    const struct stage *st = case_stage(p->cf);
    int want = case_stage_panel(st);
    if (want == 0)
        want = DRAW_DEFAULT;
    if (p->cmd->candidate_count > 1000)
        FAIL(p->ctx, ERR_LIMIT, "备选人员太多");
    struct lot *lot = ARENA_ARRAY(p->ctx->arena, p->cmd->candidate_count + 1, struct lot);
    size_t n = draw_lots(p, lot);
    if (n < (size_t)want)
        FAIL(p->ctx, ERR_SEPARATION, "可以参加%s的人员只有 %zu 人，不足 %d 人", stage_name(st->kind), n, want);
    struct view *v = decision_event(p->d, p->ctx->arena, "drawn");
    view_put_int(v, "stage", (int64_t)p->cf->stage);
    view_put_z(v, "kind", stage_name(st->kind));
    view_put_int(v, "candidates", (int64_t)n);
    struct view *list = view_put_list(v, "members");
    for (int i = 0; i < want; i++)
        view_put_id(view_add_map(list), "id", lot[i].id);
    return OK;
}

/* --- passing --- */

//= R248 R256
static enum err
check_publicity(struct deciding *p)
{
    const struct case_file *cf = p->cf;
    if (!cf->opened)
        FAIL(p->ctx, ERR_CASE_EDGE, "公示还没有开始，请先登记开始公示");
    if (day_of_ms(p->cmd->now_ms).n <= cf->opened_until.n)
        FAIL(p->ctx, ERR_CASE_EDGE, "公示到 %.*s 期满，现在还不能办理下一步",
             STR_ARG(day_text_zh(p->ctx->arena, cf->opened_until)));
    for (size_t i = 0; i < cf->objection_count; i++)
        if (str_empty(cf->objection[i].answer))
            FAIL(p->ctx, ERR_CASE_EDGE, "还有异议没有答复");
        else if (cf->objection[i].upheld)
            FAIL(p->ctx, ERR_CASE_EDGE, "有异议成立，不能继续：请写明理由不予办理，或退回上一环节");
    if (str_eqz(decide_record_text(p, "inquiry"), "有异议"))
        FAIL(p->ctx, ERR_CASE_EDGE, "函询的部门有异议，不能继续");
    return OK;
}

//= R268
static enum err
check_inspection(struct deciding *p)
{
    if (!str_eqz(decide_record_text(p, "violation"), "发现"))
        return OK;
    if (str_empty(decide_record_text(p, "order"))) {
        fail_field(p->ctx, STR("record.order"), STR("责令改正的内容"), STR("没有填写"),
                   STR("发现违法行为的，应出具行政处理决定书，责令改正"));
        FAIL(p->ctx, ERR_FIELD_INVALID, "登记的内容不全");
    }
    decision_paper(p->d, PAPER_DECISION);
    return OK;
}

/* Who was there says what was seen, everything of the list. */ //= R257
static enum err
check_on_site(struct deciding *p)
{
    struct record_field f[ON_SITE_MAX];
    const struct matter *m = p->cf->matter;
    bool open = false;
    if (str_find(decide_record_text(p, "mode"), STR("现场")) == SIZE_MAX)
        return OK;
    for (size_t i = 0, n = case_on_site_fields(m, f); i < n; i++) {
        if (!str_empty(decide_record_text(p, f[i].id)))
            continue;
        fail_field(p->ctx, str_fmt(p->ctx->arena, "record.%s", f[i].id), str_c(f[i].name), STR("没有填写"),
                   str_fmt(p->ctx->arena, "现场查看的项目按照%.*s逐项写明", STR_ARG(m->on_site.source)));
        open = true;
    }
    if (open)
        FAIL(p->ctx, ERR_FIELD_INVALID, "登记的内容不全");
    return OK;
}

/* A level that only assists sets no final decision. */ //= R33
static enum err
refuse_low_level(struct deciding *p)
{
    struct str duty = p->cmd->level_known ? case_level_duty(p->cf->matter, p->cmd->level) : STR("");
    if (!str_empty(duty))
        FAIL(p->ctx, ERR_LEVEL_REFUSED, "%s对该事项只负责%.*s", level_name(p->cmd->level), STR_ARG(duty));
    return OK;
}

/* What the stage asks to be written down. A registration of which every insurance is denied is a refusal. */ //= R288
static enum err
decide_record_stage(struct deciding *p, struct view *payload)
{
    struct record_field f[CASE_FIELDS_MAX];
    size_t n = case_stage_fields(p->cf, f), asked = 0, denied = 0;
    bool against;
    TRY(p->ctx, decide_record(p, f, n, true, payload, &against));
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < UNIT_INSURANCES; k++)
            if (str_eqz(str_c(f[i].id), case_unit_fields[k].id)) {
                asked++;
                denied += str_eqz(decide_record_text(p, f[i].id), "不同意登记");
            }
    if (asked && denied == asked)
        FAIL(p->ctx, ERR_CASE_EDGE, "申报的险种没有一项同意登记，不能通过：请写明理由，不予办理");
    return OK;
}

enum err
decide_pass(struct deciding *p)
{
    const struct stage *st = case_stage(p->cf);
    const struct stage_rule *r = stage_rule(st->kind);
    TRY(p->ctx, refuse_low_level(p));
    TRY(p->ctx, refuse_apart(p, false));
    TRY(p->ctx, check_panel(p));
    if (r->publicity)
        TRY(p->ctx, check_publicity(p));
    if (p->cf->step_count >= CASE_STEPS_MAX)
        FAIL(p->ctx, ERR_LIMIT, "这个办件的办理记录太多");
    struct view *v = decision_event(p->d, p->ctx->arena, "passed");
    view_put_int(v, "stage", (int64_t)p->cf->stage);
    view_put_z(v, "kind", stage_name(st->kind));
    view_put_opt(v, "opinion", str_trim(p->cmd->reason));
    TRY(p->ctx, decide_record_stage(p, v));
    if (st->kind == STAGE_EVALUATE)
        TRY(p->ctx, check_on_site(p));
    if (st->kind == STAGE_INSPECT)
        TRY(p->ctx, check_inspection(p));
    if (st->kind == STAGE_DECIDE)
        decision_paper(p->d, PAPER_DECISION);
    if (st->kind == STAGE_LETTER)
        decision_paper(p->d, PAPER_LETTER);
    if (!str_empty(st->paper.name) && !stage_own_layout(st->kind))
        decision_paper(p->d, PAPER_STAGE); //= R163
    return OK;
}

enum err
decide_return(struct deciding *p)
{
    const struct stage *st = case_stage(p->cf);
    size_t to = case_stage_before(p->cf);
    TRY(p->ctx, decide_need_reason(p, "退回"));
    struct view *v = decision_event(p->d, p->ctx->arena, "returned");
    view_put_z(v, "from", stage_name(st->kind));
    view_put_int(v, "to", (int64_t)to);
    view_put_z(v, "to_kind", stage_name(p->cf->matter->stage[to].kind));
    view_put_text(v, "reason", str_trim(p->cmd->reason));
    return OK;
}

/* --- publicity --- */

//= R248
enum err
decide_open(struct deciding *p)
{
    const struct stage *st = case_stage(p->cf);
    struct str place = decide_record_text(p, "place"), days = decide_record_text(p, "days");
    struct day today = day_of_ms(p->cmd->now_ms), until;
    bool tentative;
    int64_t n = 0;
    if (str_empty(place) || str_utf8_count(place) > 100) {
        fail_field(p->ctx, STR("record.place"), STR("公示网站或公众号"), STR("没有填写"), STR("请写明在哪里公示"));
        FAIL(p->ctx, ERR_FIELD_INVALID, "登记的内容不全");
    }
    bool printed = st->limit.kind == LIMIT_WORKDAYS && st->limit.n > 0;
    if (printed)
        n = st->limit.n;
    else if (!str_int(days, &n) || n < 1 || n > 60) {
        fail_field(p->ctx, STR("record.days"), STR("公示几个工作日"), STR("没有填写，或不在 1 到 60 之间"),
                   STR("办事指南没有印公示期，请按通知填写"));
        FAIL(p->ctx, ERR_FIELD_INVALID, "登记的内容不全");
    }
    until = calendar_add(p->cal, today, (int)n, &tentative);
    struct view *v = decision_event(p->d, p->ctx->arena, "opened");
    view_put_text(v, "place", place);
    view_put_int(v, "days", n);
    view_put_bool(v, "printed", printed);
    view_put_day(v, "until", until);
    return OK;
}

enum err
decide_object(struct deciding *p)
{
    TRY(p->ctx, decide_need_reason(p, "异议"));
    if (p->cf->objection_count >= CASE_OBJECTIONS_MAX)
        FAIL(p->ctx, ERR_LIMIT, "异议最多登记 %d 件", CASE_OBJECTIONS_MAX);
    struct view *v = decision_event(p->d, p->ctx->arena, "objected");
    view_put_text(v, "text", str_trim(p->cmd->reason));
    return OK;
}

enum err
decide_answer(struct deciding *p)
{
    TRY(p->ctx, decide_need_reason(p, "答复异议"));
    for (size_t i = 0; i < p->cf->objection_count; i++)
        if (p->cf->objection[i].seq == p->cmd->objection && str_empty(p->cf->objection[i].answer)) {
            struct view *v = decision_event(p->d, p->ctx->arena, "answered");
            view_put_int(v, "objection", p->cmd->objection);
            view_put_bool(v, "upheld", p->cmd->upheld);
            view_put_text(v, "reason", str_trim(p->cmd->reason));
            return OK;
        }
    fail_field(p->ctx, STR("objection"), STR("异议"), STR("没有这件异议，或已经答复"), STR("请从列出的异议中选一件"));
    FAIL(p->ctx, ERR_FIELD_INVALID, "%s", "");
}

/* --- conclusion --- */

static bool
needs_delivery(const struct case_file *cf)
{
    for (size_t i = cf->stage; i < cf->matter->stage_count; i++)
        if (cf->matter->stage[i].kind == STAGE_DELIVER)
            return true;
    return str_eqz(cf->delivery, "快递") || str_eqz(cf->delivery, "电子证照下载") || str_eqz(cf->delivery, "窗口领取");
}

/* Whether somebody calls once the result is in the post: not where the guide's words on express say nothing of it. */ //= R25 R26
static bool
told_by_phone(const struct matter *m)
{
    return str_empty(m->express_text) || str_find(m->express_text, STR("电话")) != SIZE_MAX;
}

enum err
decide_conclude(struct deciding *p)
{
    const struct case_file *cf = p->cf;
    TRY(p->ctx, refuse_low_level(p));
    for (size_t i = 0; i < cf->material_count; i++)
        if (cf->material[i].state == MATERIAL_TOLERATED) //= R22
            FAIL(p->ctx, ERR_MATERIAL_MISSING, "容缺的“%.*s”还没有补交，不能办结", STR_ARG(cf->material[i].name));
    struct view *v = decision_event(p->d, p->ctx->arena, "concluded");
    view_put_bool(v, "deliver", needs_delivery(cf)); //= R27
    view_put_z(v, "effect", effect_name(cf->matter->effect));
    if (!case_stage(cf) || case_stage(cf)->kind == STAGE_CONCLUDE)
        TRY(p->ctx, decide_record_stage(p, v));
    p->d->effect = true;
    p->d->phone_task = str_eqz(cf->delivery, "快递") && told_by_phone(cf->matter);
    switch (cf->matter->effect) {
    case EFFECT_CERTIFICATE:
        decision_paper(p->d, PAPER_CERTIFICATE);
        break;
    case EFFECT_UNIT_QUERY:
    case EFFECT_PERSON_QUERY:
        decision_paper(p->d, PAPER_QUERY);
        break;
    default:
        decision_paper(p->d, PAPER_RESULT);
        break;
    }
    return OK;
}
