/* The pure half: who may do what with a bad rating, and what it leads to. */
#include "rating/call_back.h"

static const char *const state_ids[CALL_BACK_STATE_COUNT] = {"open", "checked", "rectifying", "closed"};
static const char *const state_names[CALL_BACK_STATE_COUNT] = {"待回访", "待结案", "整改中", "已结案"};
static const char *const end_ids[CALL_BACK_END_COUNT] = {"", "rectified", "answered", "excluded"};
static const char *const end_names[CALL_BACK_END_COUNT] = {"", "已整改回复", "核实后结案", "申诉成立，不计入统计"};
static const char *const ground_ids[APPEAL_GROUND_COUNT] = {"explain", "mistaken", "malicious"};
static const char *const ground_names[APPEAL_GROUND_COUNT] = {"举证解释", "误评", "恶意差评"};
static const char *const appeal_state_ids[APPEAL_STATE_COUNT] = {"open", "upheld", "rejected"};
static const char *const appeal_state_names[APPEAL_STATE_COUNT] = {"待复核", "成立", "不成立"};

const char *
call_back_state_id(enum call_back_state s)
{
    return state_ids[s];
}

const char *
call_back_state_name(enum call_back_state s)
{
    return state_names[s];
}

const char *
call_back_end_id(enum call_back_end e)
{
    return end_ids[e];
}

const char *
call_back_end_name(enum call_back_end e)
{
    return end_names[e];
}

const char *
appeal_ground_id(enum appeal_ground g)
{
    return ground_ids[g];
}

const char *
appeal_ground_name(enum appeal_ground g)
{
    return ground_names[g];
}

bool
appeal_ground_parse(struct str s, enum appeal_ground *ret_g)
{
    for (int i = 0; i < APPEAL_GROUND_COUNT; i++)
        if (str_eqz(s, ground_ids[i])) {
            *ret_g = (enum appeal_ground)i;
            return true;
        }
    return false;
}

const char *
appeal_state_id(enum appeal_state s)
{
    return appeal_state_ids[s];
}

const char *
appeal_state_name(enum appeal_state s)
{
    return appeal_state_names[s];
}

bool
call_back_may_do(unsigned roles)
{
    return (roles & (1u << ROLE_WINDOW | 1u << ROLE_REVIEW | 1u << ROLE_APPROVE | 1u << ROLE_FUND |
                     1u << ROLE_SUPERVISOR)) != 0;
}

/* A text of MIN to CALL_BACK_TEXT_MAX characters, trimmed, or a field error. */
static struct str
need_text(struct ctx *ctx, const char *field, const char *label, struct str s, size_t min, const char *remedy)
{
    s = str_trim(s.p ? s : STR(""));
    size_t n = str_utf8_count(s);
    if (n < min)
        fail_field(ctx, str_c(field), str_c(label), n ? STR("太短") : STR("没有填写"), str_c(remedy));
    else if (n > CALL_BACK_TEXT_MAX)
        fail_field(ctx, str_c(field), str_c(label), str_fmt(ctx->arena, "超过 %d 字", CALL_BACK_TEXT_MAX),
                   STR("请写短一些"));
    return s;
}

static enum err
refuse_fields(struct ctx *ctx)
{
    if (ctx->fail->field_count)
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    return OK;
}

static enum err
assign(struct ctx *ctx, const struct rating *r, const struct call_back_command *cmd, struct call_back *cb)
{
    if (!actor_has(&cmd->actor, ROLE_SUPERVISOR))
        FAIL(ctx, ERR_CASE_ROLE, "由督办人员指派回访的人");
    if (!cmd->to_staff || !cmd->to_active || !call_back_may_do(cmd->to_roles)) {
        fail_field(ctx, STR("to"), STR("指派给"), STR("没有选择，或这个人不能做回访"),
                   STR("请选一名在岗的窗口、审核或督办人员"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    if (rating_handled_by(r, cmd->to_staff))
        FAIL(ctx, ERR_SEPARATION, "经手过这件事的人不能回访它的差评，请另选一人");
    if (!cmd->to_owner) { //= R42
        fail_field(ctx, STR("to"), STR("指派给"), STR("不是承办机构的人"), STR("谁办理谁负责：请选承办机构的一名人员"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    cb->assignee_id = cmd->to_staff;
    return OK;
}

static void
need_answer(struct ctx *ctx, const char *field, const char *label, int said)
{
    if (said != 0 && said != 1)
        fail_field(ctx, str_c(field), str_c(label), STR("没有选择"), STR("请选“是”或“否”"));
}

//= R43
static enum err
call(struct ctx *ctx, const struct calendar *cal, const struct call_back_command *cmd, struct call_back *cb)
{
    bool tentative;
    if (cb->state != CALL_BACK_OPEN)
        FAIL(ctx, ERR_CASE_EDGE, "这条差评已经回访过，现在是“%s”", state_names[cb->state]);
    need_answer(ctx, "clear", "情况清楚", cmd->clear);
    need_answer(ctx, "truthful", "评价属实", cmd->truthful);
    need_answer(ctx, "reasonable", "诉求合理", cmd->reasonable);
    cb->note =
        need_text(ctx, "note", "回访情况", cmd->note, 2, "请写明与谁联系、核实了什么；没有联系方式的，写明怎样核实");
    TRY(ctx, refuse_fields(ctx));
    cb->clear = cmd->clear;
    cb->truthful = cmd->truthful;
    cb->reasonable = cmd->reasonable;
    cb->called_ms = cmd->now_ms;
    cb->called_by = cmd->actor.id;
    if (!cmd->clear || !cmd->truthful || !cmd->reasonable) {
        cb->state = CALL_BACK_CHECKED;
        return OK;
    }
    cb->state = CALL_BACK_RECTIFYING;
    cb->rectify = cb->next = calendar_add(cal, day_of_ms(cmd->now_ms), cmd->rectify_days, &tentative);
    return OK;
}

//= R43 R49
static enum err
close_it(struct ctx *ctx, const struct call_back_command *cmd, struct call_back *cb)
{
    bool rectifies = cb->state == CALL_BACK_RECTIFYING;
    if (cb->state == CALL_BACK_OPEN)
        FAIL(ctx, ERR_CASE_EDGE, "还没有回访，不能结案；请先记录回访的情况");
    cb->rectification =
        need_text(ctx, "rectification", rectifies ? "整改情况" : "结案理由", cmd->rectification, 2,
                  rectifies ? "情况清楚、评价属实、诉求合理的，必须整改：请写明改了什么" : "请写明为什么不需要整改");
    if (rectifies)
        cb->reply = need_text(ctx, "reply", "对评价人的回复", cmd->reply, 2, "请写明怎样回复了评价人");
    TRY(ctx, refuse_fields(ctx));
    cb->state = CALL_BACK_CLOSED;
    cb->ended = rectifies ? CALL_BACK_RECTIFIED : CALL_BACK_ANSWERED;
    cb->closed_ms = cmd->now_ms;
    cb->closed_by = cmd->actor.id;
    return OK;
}

enum err
call_back_decide(struct ctx *ctx, const struct calendar *cal, const struct rating *r, const struct call_back *cb,
                 const struct call_back_command *cmd, struct call_back *ret_after)
{
    struct call_back after = *cb;
    enum err e;
    if (cmd->actor.kind != ACTOR_STAFF || !str_eq(cmd->actor.region, r->region))
        FAIL(ctx, ERR_CASE_ROLE, "由本统筹区的经办人员办理");
    if (rating_handled_by(r, cmd->actor.id))
        FAIL(ctx, ERR_SEPARATION, "经手过这件事的人不能指派、回访或办结它的差评");
    if (cb->state == CALL_BACK_CLOSED)
        FAIL(ctx, ERR_CASE_EDGE, "这条差评已经结案");
    if (cmd->action != CALL_BACK_ASSIGN && (cmd->actor.id != cb->assignee_id || !call_back_may_do(cmd->actor.roles)))
        FAIL(ctx, ERR_CASE_ROLE,
             cb->assignee_id ? "由指派的人办理；要换人，请督办人员重新指派" : "还没有指派回访的人，请督办人员指派");
    if (cmd->action == CALL_BACK_ASSIGN)
        e = assign(ctx, r, cmd, &after);
    else if (cmd->action == CALL_BACK_CALL)
        e = call(ctx, cal, cmd, &after);
    else
        e = close_it(ctx, cmd, &after);
    TRY(ctx, e);
    *ret_after = after;
    return OK;
}

/* --- appeals --- */

//= R44
enum err
appeal_check(struct ctx *ctx, const struct rating *r, const struct actor *a, bool owner, const struct appeal *past,
             size_t n, struct appeal *ap)
{
    bool works = a->kind == ACTOR_STAFF && str_eq(a->region, r->region);
    if (!works || (!rating_handled_by(r, a->id) && !(owner && call_back_may_do(a->roles))))
        FAIL(ctx, ERR_CASE_ROLE, "由被评价的人员或承办机构申诉");
    if (!rating_is_bad(r->level) || r->excluded)
        FAIL(ctx, ERR_CASE_EDGE, r->excluded ? "这条评价已经不计入统计" : "只有差评可以申诉");
    for (size_t i = 0; i < n; i++)
        if (past[i].state == APPEAL_OPEN)
            FAIL(ctx, ERR_CONFLICT, "这条评价已经有申诉在复核");
    if (n >= APPEALS_MAX)
        FAIL(ctx, ERR_LIMIT, "同一条评价最多申诉 %d 次", APPEALS_MAX);
    ap->evidence = need_text(ctx, "evidence", "举证和说明", ap->evidence, 5, "请写明事实和依据，不要写评价人的姓名");
    ap->file_ref = str_trim(ap->file_ref.p ? ap->file_ref : STR(""));
    if (str_utf8_count(ap->file_ref) > APPEAL_FILE_MAX)
        fail_field(ctx, STR("file_ref"), STR("证据材料"), str_fmt(ctx->arena, "超过 %d 字", APPEAL_FILE_MAX),
                   STR("写材料的编号或存放处就够了"));
    return refuse_fields(ctx);
}

enum err
appeal_decide(struct ctx *ctx, const struct rating *r, const struct appeal *ap, const struct actor *a,
              struct str decision)
{
    if (!actor_has(a, ROLE_SUPERVISOR) || !str_eq(a->region, r->region))
        FAIL(ctx, ERR_CASE_ROLE, "由督办人员复核申诉");
    if (a->id == ap->by_id)
        FAIL(ctx, ERR_SEPARATION, "提出申诉的人不能自己复核");
    if (rating_handled_by(r, a->id))
        FAIL(ctx, ERR_SEPARATION, "经手过这件事的人不能复核它的申诉");
    if (ap->state != APPEAL_OPEN)
        FAIL(ctx, ERR_CONFLICT, "这份申诉已经复核");
    (void)need_text(ctx, "decision", "复核意见", decision, 2, "请写明成立或不成立的理由");
    return refuse_fields(ctx);
}
