/* A filled form against its definition: all errors of all fields at once, rows too. */
#include "base/ident.h"
#include "base/json.h"
#include "base/money.h"
#include "service/form_int.h"

/* --- checks by type: each gives the reason in Chinese, or NULL --- */

static bool
in_values(const struct form_field *f, struct str s)
{
    for (size_t i = 0; i < f->value_count; i++)
        if (str_eq(f->values[i], s))
            return true;
    return false;
}

static const char *
check_choices(const struct form_field *f, struct str s)
{
    if (f->value_count == 0)
        return NULL;
    if (str_eqz(f->type, "选项"))
        return in_values(f, s) ? NULL : "不在可选项之中";
    struct str rest = s, piece;
    while (str_split(&rest, '\n', &piece))
        if (!str_empty(str_trim(piece)) && !in_values(f, str_trim(piece)))
            return "有不在可选项之中的内容";
    return NULL;
}

static bool
is_resident_card(struct str kind)
{
    return str_empty(kind) || str_find(kind, STR("身份证")) != SIZE_MAX || str_find(kind, STR("居住证")) != SIZE_MAX ||
           str_find(kind, STR("永久居留")) != SIZE_MAX || str_find(kind, STR("户口簿")) != SIZE_MAX;
}

static const char *
check_identity(struct ctx *ctx, struct str s, struct str kind)
{
    const char *reason = NULL;
    struct ident_person p;
    if (is_resident_card(kind)) {
        if (!ident_person(ctx->arena, s, &p, &reason))
            return reason;
        if (!day_is_none(p.birth) && !ident_birth_by(p.birth, day_of_ms(ctx->now_ms), &reason))
            return reason;
        return NULL;
    }
    if (s.n < 5 || s.n > 30)
        return "证件号码应为 5 到 30 位";
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'A' && s.p[i] <= 'Z') || (s.p[i] >= 'a' && s.p[i] <= 'z')))
            return "证件号码只能是字母和数字";
    return NULL;
}

static const char *
check_number(struct arena *a, struct str type, struct str s)
{
    struct money m;
    int64_t v;
    struct day d;
    if (str_eqz(type, "金额"))
        return money_parse(s, &m) && m.fen >= 0 ? NULL : "金额应写成 1234.56 这样的数字";
    if (str_eqz(type, "整数"))
        return str_int(s, &v) && v >= 0 ? NULL : "应为不小于 0 的整数";
    if (str_eqz(type, "日期"))
        return day_parse(s, &d) ? NULL : "日期应写成 2026-01-31";
    if (str_eqz(type, "年月"))
        return s.n == 7 && day_parse(str_fmt(a, "%.*s-01", STR_ARG(s)), &d) ? NULL
                                                                            : "年月应写成 2026-01，月份为 01 到 12";
    return NULL;
}

static const char *
check_type(struct ctx *ctx, const struct form_field *f, struct str s, struct str id_kind)
{
    const char *reason = NULL;
    struct str out;
    bool luhn;
    if (str_eqz(f->type, "姓名"))
        return ident_name(ctx->arena, s, &out, &reason) ? NULL : reason;
    if (str_eqz(f->type, "身份证件"))
        return check_identity(ctx, s, id_kind);
    if (str_eqz(f->type, "信用代码"))
        return ident_uscc(ctx->arena, s, &out, &reason) ? NULL : reason;
    if (str_eqz(f->type, "手机"))
        return ident_mobile(ctx->arena, s, &out, &reason) ? NULL : reason;
    if (str_eqz(f->type, "电话"))
        return ident_phone(ctx->arena, s, &out, &reason) ? NULL : reason;
    if (str_eqz(f->type, "银行账号"))
        return ident_bank_card(ctx->arena, s, &out, &luhn, &reason) ? NULL : reason;
    if (str_eqz(f->type, "选项") || str_eqz(f->type, "多选"))
        return check_choices(f, s);
    if (str_eqz(f->type, "是否"))
        return str_eqz(s, "是") || str_eqz(s, "否") ? NULL : "只能填 是 或 否";
    return check_number(ctx->arena, f->type, s);
}

static const char *
remedy_of(const struct form_field *f)
{
    if (str_eqz(f->type, "选项"))
        return "请从列出的选项中选一个";
    if (str_eqz(f->type, "身份证件"))
        return "请对照证件逐位核对";
    if (str_eqz(f->type, "日期"))
        return "请按 年-月-日 填写";
    return "请对照提示改正";
}

struct check {
    struct ctx *ctx;
    bool missing; /* empty fields count */
    bool all;     /* what the bureau and a hospital write too */
};

static bool
looks_at(const struct check *c, const struct form_field *f)
{
    return form_asks(f) || (c->all && !f->handwritten && !f->automatic.feel);
}

static bool
check_field(struct check *c, const struct form_state *st, const struct form_field *f, const struct view *row,
            struct str prefix)
{
    struct ctx *ctx = c->ctx;
    if (!looks_at(c, f) || !form_field_shown(st, f))
        return true;
    struct str s = form_value(row, f->id);
    struct str id = str_fmt(ctx->arena, "%.*s%.*s", STR_ARG(prefix), STR_ARG(f->id));
    if (str_empty(s)) {
        if (!c->missing || !form_field_required(st, f, row))
            return true;
        fail_field(ctx, id, f->label, STR("没有填写"), STR("这一项必须填写"));
        return false;
    }
    const char *reason = str_utf8_count(s) > (size_t)f->max_length
                             ? str_fmt(ctx->arena, "超过 %d 个字", f->max_length).p
                             : check_type(ctx, f, s, form_value(row, STR("id_kind")));
    if (!reason && !form_holds(st, &f->must, true)) {
        fail_field(ctx, id, f->label, f->otherwise, STR("请对照本表的说明改正"));
        return false;
    }
    if (!reason)
        return true;
    fail_field(ctx, id, f->label, str_c(reason), str_c(remedy_of(f)));
    return false;
}

//= R75 R76
const char *
service_change_value(struct ctx *ctx, struct str item, struct str value, struct str *ret_value)
{
    const char *reason = NULL;
    struct ident_person id;
    struct day d;
    bool luhn;
    *ret_value = value;
    if (str_eqz(item, "身份证号")) {
        if (!ident_person(ctx->arena, value, &id, &reason) ||
            !ident_birth_by(id.birth, day_of_ms(ctx->now_ms), &reason))
            return reason;
        *ret_value = id.value;
        return NULL;
    }
    if (str_ends(item, STR("身份证件号码"))) /* no kind is asked for here: what is as long as ours is one of ours */
        return check_identity(ctx, value, value.n == 15 || value.n == 18 ? STR("") : STR("其他"));
    if (str_eqz(item, "出生日期")) {
        if (!day_parse(value, &d))
            return "日期应写成 2026-01-31";
        return ident_birth_by(d, day_of_ms(ctx->now_ms), &reason) ? NULL : reason;
    }
    if (str_eqz(item, "性别"))
        return str_eqz(value, "男") || str_eqz(value, "女") ? NULL : "只能填 男 或 女";
    if (str_eqz(item, "统一社会信用代码"))
        return ident_uscc(ctx->arena, value, ret_value, &reason) ? NULL : reason;
    if (str_ends(item, STR("联系电话")) || str_eqz(item, "手机号码"))
        return ident_phone(ctx->arena, value, ret_value, &reason) ? NULL : reason;
    if (str_eqz(item, "开户银行账号"))
        return ident_bank_card(ctx->arena, value, ret_value, &luhn, &reason) ? NULL : reason;
    if (str_ends(item, STR("姓名")))
        return ident_name(ctx->arena, value, ret_value, &reason) ? NULL : reason;
    return NULL;
}

/* A change is typed as text whatever it changes: what the register could not keep is refused while it can be mended. */
static bool
check_change(struct ctx *ctx, const struct form_section *s, const struct view *row, struct str prefix)
{
    struct str value = form_value(row, STR("new_value")), kept, label = STR("变更后");
    if (!str_eqz(s->rows_id, "changes") || str_empty(value))
        return true;
    const char *reason = service_change_value(ctx, form_value(row, STR("change_item")), value, &kept);
    if (!reason)
        return true;
    for (size_t k = 0; k < s->field_count; k++)
        if (str_eqz(s->field[k].id, "new_value"))
            label = s->field[k].label;
    fail_field(ctx, str_concat(ctx->arena, prefix, STR("new_value")), label, str_c(reason),
               STR("请对照变更项目和证件核对"));
    return false;
}

/* Months counted from the year 0; INT64_MIN: not written as 2026-01. */
static int64_t
month_of(struct str s)
{
    int64_t year, month;
    if (s.n != 7 || !str_int(str_sub(s, 0, 4), &year) || !str_int(str_sub(s, 5, 7), &month))
        return INT64_MIN;
    return year * 12 + month;
}

/* A time insured of the information form: no more paid months than the calendar has between its ends. */ //= R113
static bool
check_period(struct ctx *ctx, const struct form_section *s, const struct view *row, struct str prefix)
{
    int64_t from = month_of(form_value(row, STR("period_from"))), to = month_of(form_value(row, STR("period_to"))),
            paid;
    if (!str_eqz(s->rows_id, "periods") || from == INT64_MIN || to == INT64_MIN)
        return true;
    if (to < from) {
        fail_field(ctx, str_concat(ctx->arena, prefix, STR("period_to")), STR("至年月"), STR("早于起始年月"),
                   STR("请核对起止年月"));
        return false;
    }
    if (!str_int(form_value(row, STR("paid_months")), &paid) || paid <= to - from + 1)
        return true;
    fail_field(ctx, str_concat(ctx->arena, prefix, STR("paid_months")), STR("参保缴费月数小计"),
               str_fmt(ctx->arena, "多于起止年月之间的 %lld 个月", (long long)to - (long long)from + 1),
               STR("请核对缴费月数和起止年月"));
    return false;
}

/* An amount in words beside the same in figures (balance_words, balance). */ //= R113 R114
static bool
check_words(struct ctx *ctx, const struct form_section *s, const struct view *values)
{
    bool ok = true;
    for (size_t i = 0; i < s->field_count; i++) {
        const struct form_field *f = &s->field[i];
        struct str words = form_value(values, f->id);
        if (!str_ends(f->id, STR("_words")) || str_empty(words))
            continue;
        struct money m;
        struct str figures = form_value(values, str_sub(f->id, 0, f->id.n - STR("_words").n));
        if (!money_parse(figures, &m) || m.fen < 0)
            continue; /* told with the figures themselves */
        struct str right = money_capitals(ctx->arena, m);
        if (str_eq(str_trim(words), right))
            continue;
        fail_field(ctx, f->id, f->label, STR("与小写金额不一致"),
                   str_fmt(ctx->arena, "按小写应为：%.*s", STR_ARG(right)));
        ok = false;
    }
    return ok;
}

static bool
row_is_blank(const struct view *row)
{
    for (const struct view *v = view_first(row); v; v = view_next(v))
        if (view_kind(v) == VIEW_TEXT && !str_empty(str_trim(view_text(v))))
            return false;
    return true;
}

static bool
check_rows(struct check *c, const struct form_state *st, const struct form_section *s, const struct view *values)
{
    struct ctx *ctx = c->ctx;
    const struct view *list = values ? view_get(values, s->rows_id) : NULL;
    size_t filled = 0, i = 0;
    bool ok = true;
    for (const struct view *row = list && view_kind(list) == VIEW_LIST ? view_first(list) : NULL; row;
         row = view_next(row), i++) {
        if (view_kind(row) != VIEW_MAP || row_is_blank(row))
            continue;
        filled++;
        struct str prefix = str_fmt(ctx->arena, "%.*s.%zu.", STR_ARG(s->rows_id), i);
        struct form_state here = form_state_row(ctx, st, s, row);
        for (size_t k = 0; k < s->field_count; k++)
            ok = check_field(c, &here, &s->field[k], row, prefix) && ok;
        ok = check_change(ctx, s, row, prefix) && ok;
        ok = check_period(ctx, s, row, prefix) && ok;
    }
    bool needed = false;
    for (size_t k = 0; k < s->field_count; k++)
        needed = needed || (s->field[k].required && form_asks(&s->field[k]));
    if (filled == 0 && needed && c->missing) {
        fail_field(ctx, s->rows_id, s->title, STR("一行也没有填写"), STR("请至少填写一行"));
        return false;
    }
    if (filled > (size_t)s->rows_max) {
        fail_field(ctx, s->rows_id, s->title, str_fmt(ctx->arena, "超过 %d 行", s->rows_max), STR("请分几次办理"));
        return false;
    }
    return ok;
}

//= R57 R70 R75 R76
static enum err
check_form(struct check *c, const struct form *f, const struct facts *facts, const struct view *values)
{
    struct ctx *ctx = c->ctx;
    struct form_state st = form_state_new(ctx, f, facts, values);
    bool ok = true;
    for (size_t i = 0; i < f->section_count; i++) {
        const struct form_section *sec = &f->section[i];
        if (!form_section_shown(&st, sec))
            continue;
        if (!str_empty(sec->rows_id)) {
            ok = check_rows(c, &st, sec, values) && ok;
            continue;
        }
        for (size_t k = 0; k < sec->field_count; k++)
            ok = check_field(c, &st, &sec->field[k], values, STR("")) && ok;
        ok = check_words(ctx, sec, values) && ok;
    }
    if (!ok)
        FAIL(ctx, ERR_FIELD_INVALID, "《%.*s》有 %zu 处需要改正", STR_ARG(f->title), ctx->fail->field_count);
    return OK;
}

enum err
form_check(struct ctx *ctx, const struct form *f, const struct facts *facts, const struct view *values, bool missing)
{
    struct check c = {.ctx = ctx, .missing = missing};
    return check_form(&c, f, facts, values);
}

enum err
service_form_check(struct ctx *ctx, struct server *s, const struct form *f, const struct facts *facts,
                   const struct view *values)
{
    (void)s;
    return form_check(ctx, f, facts, values, true);
}

enum err
service_form_check_typed(struct ctx *ctx, const struct form *f, const struct facts *facts, const struct view *values)
{
    return form_check(ctx, f, facts, values, false);
}

enum err
service_form_check_desk(struct ctx *ctx, const struct form *f, const struct view *values)
{
    struct check c = {.ctx = ctx, .all = true};
    return check_form(&c, f, NULL, values);
}
