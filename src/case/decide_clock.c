/* The clock of a case: what it counts from, which tier, what stops it; and the decisions about it. */
#include "case/case_int.h"

const struct limit_tier *
case_tier(const struct case_file *cf)
{
    struct fact_set needed = {0};
    return checklist_limit(cf->matter, &cf->facts, &needed);
}

static struct day
day_or_none(int64_t ms)
{
    return ms ? day_of_ms(ms) : DAY_NONE;
}

/* Complete receipt; before anybody has looked, the promise on the receipt supposes that what came is all. */
static struct day
complete_day(const struct case_file *cf)
{
    bool unseen = cf->status == CASE_SUBMITTED && cf->noticed_seq == 0;
    return day_or_none(cf->complete_ms ? cf->complete_ms : unseen ? cf->received_ms : 0);
}

struct day
case_clock_start(const struct case_file *cf, struct str *ret_basis)
{
    const struct limit_tier *t = case_tier(cf);
    *ret_basis = t && !str_empty(t->counted_from) ? t->counted_from : STR("收到齐全材料之日（系统口径）");
    switch (t ? t->start : START_COMPLETE) {
    case START_RECEIVED: //= R277
        return day_or_none(cf->received_ms);
    case START_ACCEPTED:
    case START_ACCEPT_END: //= R172
        return day_or_none(cf->accepted_ms);
    default:
        return complete_day(cf);
    }
}

/* When a stage of kind K was passed; 0: not yet. */
static int64_t
passed_ms(const struct case_file *cf, enum stage_kind k)
{
    int64_t ms = 0;
    for (size_t i = 0; i < cf->step_count; i++)
        if (cf->step[i].kind == k && !cf->step[i].signature && !cf->step[i].undone)
            ms = cf->step[i].at_ms;
    return ms;
}

/* From when a stage's own limit counts, where the guide prints it; 0: from the end of the stage before. The form and the money are due
** from the letter, although one is recorded after the other. */ //= R103 R104 R105
static int64_t
stage_start_ms(const struct case_file *cf, enum limit_start start)
{
    int64_t form, funds;
    switch (start) {
    case START_RECEIVED:
        return cf->received_ms;
    case START_ACCEPTED:
    case START_ACCEPT_END:
        return cf->accepted_ms;
    case START_LETTER:
        return passed_ms(cf, STAGE_LETTER);
    case START_INFO_FORM:
        return passed_ms(cf, STAGE_INFO_FORM);
    case START_INFO_FUNDS:
        form = passed_ms(cf, STAGE_INFO_FORM);
        funds = passed_ms(cf, STAGE_TRANSFER_FUNDS);
        return form > funds ? form : funds;
    default:
        return 0;
    }
}

/* The limit of the present stage, if it has one of its own. */
static bool
stage_limit(const struct case_file *cf, const struct limit_tier *t, struct limit *ret_l, struct day *ret_from)
{
    const struct stage *st = case_stage(cf);
    *ret_from = day_or_none(cf->stage_ms ? cf->stage_ms : cf->received_ms);
    if (!st || st->kind == STAGE_PUBLICITY) /* its days are its own length, not a limit */
        return false;
    for (size_t i = 0; t && i < t->stage_count; i++)
        if (t->stage[i].stage == st->kind) {
            *ret_l = t->stage[i].limit;
            int64_t ms = stage_start_ms(cf, t->stage[i].start);
            if (ms)
                *ret_from = day_of_ms(ms);
            return true;
        }
    *ret_l = st->limit;
    return st->limit.kind != LIMIT_NONE;
}

/* The pauses that can take anything out of a limit counting from START: one that was over by then stopped another clock. */
static size_t
pauses_since(const struct case_file *cf, struct day start, struct clock_pause ret_p[CASE_PAUSES_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < cf->pause_count; i++)
        if (day_is_none(cf->pause[i].to) || cf->pause[i].to.n > start.n)
            ret_p[n++] = cf->pause[i];
    return n;
}

static void
reckon(const struct calendar *cal, const struct case_file *cf, struct limit l, struct day start, struct day today,
       struct clock *ret_k)
{
    struct clock_pause p[CASE_PAUSES_MAX];
    size_t n = pauses_since(cf, start, p);
    clock_reckon(cal, l, start, p, n, today, ret_k);
}

void
case_reckon(const struct calendar *cal, struct case_file *cf, struct day today)
{
    const struct limit_tier *t = case_tier(cf);
    struct clock promised = {.due = DAY_NONE}, legal = {.due = DAY_NONE}, stage = {.due = DAY_NONE};
    struct day start = case_clock_start(cf, &cf->limit_basis), from;
    struct limit l;
    bool waiting = cf->status == CASE_SUBMITTED || cf->status == CASE_NOTIFIED;
    bool running = !day_is_none(start) && t && (!t->receipt_only || waiting); //= R253
    if (running) {
        reckon(cal, cf, t->promised, start, today, &promised);
        reckon(cal, cf, t->legal, start, today, &legal);
    }
    if (stage_limit(cf, t, &l, &from) && !day_is_none(from) && cf->status != CASE_NOTIFIED)
        reckon(cal, cf, l, from, today, &stage);
    cf->due = promised.due;
    cf->legal = legal.due;
    cf->stage_due = stage.due;
    cf->tentative = promised.tentative || legal.tentative;
}

void
case_pause_sentences(struct arena *a, const struct calendar *cal, const struct case_file *cf, struct day today,
                     struct view *list)
{
    struct str basis;
    const struct limit_tier *t = case_tier(cf);
    struct day start = case_clock_start(cf, &basis);
    if (!t || day_is_none(start))
        return;
    struct limit l = t->promised.kind == LIMIT_NONE ? t->legal : t->promised;
    struct clock_pause p[CASE_PAUSES_MAX];
    size_t n = pauses_since(cf, start, p);
    for (size_t i = 0; i < n; i++)
        view_add_text(list, clock_sentence(a, cal, l, start, p, n, i, today));
}

/* --- deadlines that follow from a decision --- */

void
decide_put_clock(struct deciding *p, struct case_file *next, struct view *v)
{
    const struct limit_tier *t = case_tier(next);
    case_reckon(p->cal, next, day_of_ms(p->cmd->now_ms));
    if (t) {
        view_put_text(v, "promised", limit_text(p->ctx->arena, t->promised));
        view_put_opt(v, "legal_limit", limit_text(p->ctx->arena, t->legal));
        view_put_text(v, "counted_from", next->limit_basis);
    }
    view_put_day(v, "due", next->due);
    view_put_day(v, "legal", next->legal);
    view_put_day(v, "stage_due", next->stage_due);
    view_put_bool(v, "tentative", next->tentative);
}

/* Whether an action can move a deadline: others leave the clock alone, and a concluded case keeps the deadlines it had. */
static bool
moves_clock(enum case_action a)
{
    switch (a) {
    case CASE_SUPPLEMENT:
    case CASE_NOTICE:
    case CASE_LIST:
    case CASE_ACCEPT:
    case CASE_PASS:
    case CASE_RETURN:
    case CASE_OPEN:
    case CASE_PAUSE:
    case CASE_RESUME:
    case CASE_SHARE:
    case CASE_REPROJECT:
        return true;
    default:
        return false;
    }
}

enum err
decide_settle(struct deciding *p)
{
    if (!moves_clock(p->cmd->action) || p->d->event_count == 0 || p->cf->status == CASE_CLOSED)
        return OK;
    struct case_file *next = ARENA_NEW(p->ctx->arena, struct case_file);
    *next = *p->cf;
    int64_t staff = p->cmd->actor.kind == ACTOR_STAFF ? p->cmd->actor.id : 0;
    for (size_t i = 0; i < p->d->event_count; i++)
        TRY(p->ctx, case_fold(p->ctx, matter_catalog(p->cf->matter), next, p->d->event[i].kind, p->cmd->now_ms, staff,
                              p->d->event[i].payload));
    decide_put_clock(p, next, p->d->event[p->d->event_count - 1].payload);
    return OK;
}

/* --- decisions about the clock --- */

enum err
decide_pause(struct deciding *p)
{
    const struct limit_tier *t = case_tier(p->cf);
    enum pause_kind k = p->cmd->pause;
    bool printed = t && (t->pauses >> k & 1u);
    if ((unsigned)k >= PAUSE_KIND_COUNT || k == PAUSE_SUPPLEMENT || k == PAUSE_PUBLICITY)
        FAIL(p->ctx, ERR_FIELD_INVALID, "补正和公示由系统自动计时，不能手工暂停");
    if (!printed && !actor_has(&p->cmd->actor, ROLE_SUPERVISOR))
        FAIL(p->ctx, ERR_CASE_EDGE, "办事指南没有写明“%s”的时间可以扣除；确有法律依据的，请督办人员写明依据后暂停",
             pause_name(k));
    TRY(p->ctx, decide_need_reason(p, "暂停计时"));
    if (p->cf->pause_count >= CASE_PAUSES_MAX)
        FAIL(p->ctx, ERR_LIMIT, "暂停次数太多");
    if (p->cmd->day_given && p->cmd->day.n <= day_of_ms(p->cmd->now_ms).n) {
        fail_field(p->ctx, STR("day"), STR("预计恢复的日期"), STR("应在今天以后"), STR("不知道的可以不填"));
        FAIL(p->ctx, ERR_FIELD_INVALID, "%s", "");
    }
    struct view *v = decision_event(p->d, p->ctx->arena, "paused");
    view_put_z(v, "pause", pause_id(k));
    view_put_bool(v, "printed", printed);
    view_put_day(v, "until", p->cmd->day_given ? p->cmd->day : DAY_NONE);
    view_put_text(v, "reason", str_trim(p->cmd->reason));
    return OK;
}

enum err
decide_resume(struct deciding *p)
{
    struct view *v = decision_event(p->d, p->ctx->arena, "resumed");
    view_put_opt(v, "reason", str_trim(p->cmd->reason));
    return OK;
}

/* A limit was exceeded: the public is told why. */
enum err
decide_explain(struct deciding *p)
{
    const struct case_file *cf = p->cf;
    struct day today = day_of_ms(cf->concluded_ms ? cf->concluded_ms : p->cmd->now_ms);
    bool late = (!day_is_none(cf->due) && cf->due.n < today.n) || (!day_is_none(cf->legal) && cf->legal.n < today.n) ||
                (!day_is_none(cf->stage_due) && cf->stage_due.n < today.n && !cf->concluded_ms);
    if (!late)
        FAIL(p->ctx, ERR_CASE_EDGE, "办件没有超期，不需要说明");
    TRY(p->ctx, decide_need_reason(p, "超期说明"));
    struct view *v = decision_event(p->d, p->ctx->arena, "explained");
    view_put_text(v, "explanation", str_trim(p->cmd->reason));
    return OK;
}

static void
journal(struct buf *b, struct arena *a, const char *what, struct day old, bool tentative, const struct case_file *next,
        struct day due)
{
    struct clock now = {.due = due, .tentative = next->tentative};
    struct str line = clock_reproject(a, what, old, tentative, &now);
    if (!str_empty(line))
        buf_fmt(b, "%s%.*s", b->n ? "；" : "", STR_ARG(line));
}

/* A later calendar or a corrected one: the deadlines as they follow now. */
enum err
decide_reproject(struct deciding *p)
{
    const struct case_file *cf = p->cf;
    struct case_file *next = ARENA_NEW(p->ctx->arena, struct case_file);
    struct buf b;
    *next = *cf;
    buf_init(&b, p->ctx->arena, 200);
    case_reckon(p->cal, next, day_of_ms(p->cmd->now_ms));
    journal(&b, p->ctx->arena, "承诺到期日", cf->due, cf->tentative, next, next->due);
    journal(&b, p->ctx->arena, "法定到期日", cf->legal, cf->tentative, next, next->legal);
    journal(&b, p->ctx->arena, "本环节到期日", cf->stage_due, cf->tentative, next, next->stage_due);
    if (b.n == 0)
        FAIL(p->ctx, ERR_CASE_EDGE, "到期日没有变化");
    struct view *v = decision_event(p->d, p->ctx->arena, "reprojected");
    view_put_text(v, "reason",
                  str_fmt(p->ctx->arena, "%s：%s", str_empty(p->cmd->reason) ? "工作日历有变化" : p->cmd->reason.p,
                          buf_str(&b).p));
    return OK;
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
