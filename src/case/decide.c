/* What the decisions share, and the small ones. */
#include "case/case_int.h"

#include <assert.h>

#include "base/json.h"

struct view *
decision_event(struct decision *d, struct arena *a, const char *kind)
{
    assert(d->event_count < DECISION_EVENTS_MAX);
    struct case_event *e = &d->event[d->event_count++];
    e->kind = str_c(kind);
    e->payload = view_map(a);
    return e->payload;
}

void
decision_paper(struct decision *d, enum paper_kind k)
{
    assert(d->paper_count < DECISION_PAPERS_MAX);
    d->paper[d->paper_count++] = k;
}

void
decide_put_materials(struct view *payload, const struct case_material *m, size_t n)
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

enum err
decide_need_reason(struct deciding *p, const char *what)
{
    if (!str_empty(str_trim(p->cmd->reason)))
        return OK;
    fail_field(p->ctx, STR("reason"), STR("理由"), STR("没有填写"), STR("请写明详细理由"));
    FAIL(p->ctx, ERR_REASON_REQUIRED, "%s必须写明理由", what);
}

/* --- records --- */

struct str
decide_record_text(const struct deciding *p, const char *field)
{
    struct str s;
    return p->cmd->record && json_text(p->cmd->record, field, &s) && s.p ? str_trim(s) : STR("");
}

static bool
choice_has(const char *choices, struct str value)
{
    struct str rest = str_c(choices), one;
    while (str_split(&rest, '|', &one))
        if (str_eq(one, value))
            return true;
    return false;
}

/* Why VALUE cannot be what F records; NULL: it can. */
static const char *
record_wrong(const struct deciding *p, const struct record_field *f, struct str value)
{
    struct day d;
    int64_t n;
    switch (f->type) {
    case RECORD_DAY:
        if (!day_parse(value, &d))
            return "不是日期，例：2026-11-21";
        return d.n > day_of_ms(p->cmd->now_ms).n ? "在今天以后" : NULL;
    case RECORD_CHOICE:
        return choice_has(f->choice, value) ? NULL : "不是列出的选项";
    case RECORD_CHECK:
        return str_eqz(value, "1") ? NULL : "没有勾选";
    case RECORD_NUMBER:
        return str_int(value, &n) && n > 0 && n <= 100000000 ? NULL : "应是大于 0 的整数";
    default:
        return str_utf8_count(value) > (f->type == RECORD_LONG ? 2000u : 100u) ? "太长" : NULL;
    }
}

enum err
decide_record(struct deciding *p, const struct record_field *f, size_t n, bool passing, struct view *payload,
              bool *ret_against)
{
    bool wrong = false;
    const struct record_field *against = NULL;
    struct view *record = n ? view_put_map(payload, "record") : NULL;
    for (size_t i = 0; i < n; i++) {
        struct str value = decide_record_text(p, f[i].id);
        const char *why = str_empty(value) ? (f[i].required ? "没有填写" : NULL) : record_wrong(p, &f[i], value);
        if (why) {
            fail_field(p->ctx, str_fmt(p->ctx->arena, "record.%s", f[i].id), str_c(f[i].name), str_c(why),
                       str_c(f[i].help ? f[i].help : "请补填后再提交"));
            wrong = true;
        } else if (!str_empty(value)) {
            view_put_text(record, f[i].id, value);
            if (f[i].must && !str_eqz(value, f[i].must))
                against = &f[i];
        }
    }
    *ret_against = against != NULL;
    if (wrong)
        FAIL(p->ctx, ERR_FIELD_INVALID, "登记的内容不全");
    if (against && passing)
        FAIL(p->ctx, ERR_CASE_EDGE, "%s不是“%s”，不能通过：%s", against->name, against->must,
             against->help ? against->help : "请写明理由，不予办理");
    return OK;
}

/* --- the small decisions --- */

enum err
decide_refuse(struct deciding *p)
{
    TRY(p->ctx, decide_need_reason(p, "不予办理")); //= R23 R73
    struct view *v = decision_event(p->d, p->ctx->arena, "refused");
    view_put_text(v, "reason", str_trim(p->cmd->reason));
    view_put_bool(v, "before_acceptance", p->cf->accepted_ms == 0);
    decision_paper(p->d, PAPER_REFUSAL);
    return OK;
}

enum err
decide_deliver(struct deciding *p)
{
    struct view *v = decision_event(p->d, p->ctx->arena, "delivered");
    view_put_text(v, "way", p->cmd->delivery);
    view_put_opt(v, "note", str_trim(p->cmd->reason));
    return OK;
}

//= R24
enum err
decide_hand_over(struct deciding *p)
{
    TRY(p->ctx, decide_need_reason(p, "移交"));
    if (p->cmd->to_staff == 0)
        FAIL(p->ctx, ERR_FIELD_INVALID, "请选择接手的人");
    struct view *v = decision_event(p->d, p->ctx->arena, "handed_over");
    view_put_id(v, "to", p->cmd->to_staff);
    view_put_text(v, "reason", str_trim(p->cmd->reason));
    return OK;
}

enum err
decide_withdraw(struct deciding *p)
{
    struct view *v = decision_event(p->d, p->ctx->arena, "withdrawn");
    view_put_opt(v, "reason", str_trim(p->cmd->reason));
    return OK;
}

enum err
decide_rate(struct deciding *p)
{
    if (p->cmd->rating < 1 || p->cmd->rating > 5) {
        fail_field(p->ctx, STR("level"), STR("满意度"), STR("没有选择"), STR("请在五个等级中选一个"));
        FAIL(p->ctx, ERR_FIELD_INVALID, "%s", "");
    }
    struct view *v = decision_event(p->d, p->ctx->arena, "rated");
    view_put_int(v, "level", p->cmd->rating);
    view_put_text(v, "channel", p->cmd->channel);
    return OK;
}

enum err
decide_archive(struct deciding *p)
{
    struct view *v = decision_event(p->d, p->ctx->arena, "archived");
    view_put_text(v, "archive_no", str_fmt(p->ctx->arena, "%.*s-D", STR_ARG(p->cf->no)));
    view_put_opt(v, "note", str_trim(p->cmd->reason));
    decision_paper(p->d, PAPER_COVER);
    return OK;
}
