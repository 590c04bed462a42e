/* One form definition: the page's fields, the validation, the values read back. */
#include "base/ident.h"
#include "base/json.h"
#include "base/money.h"
#include "service/service_int.h"

/* Fields the bureau fills; applicants neither see nor owe them. */
static bool
for_office(const struct form_field *f)
{
    return str_starts(f->id, STR("office_"));
}

static struct str
value_of(const struct view *values, struct str id)
{
    const struct view *v = values ? view_get(values, id) : NULL;
    if (!v || (view_kind(v) != VIEW_TEXT && view_kind(v) != VIEW_SECRET))
        return STR("");
    return str_trim(view_text(v));
}

static bool
required(const struct form_field *f, const struct facts *facts, const struct view *row)
{
    if (f->required)
        return true;
    if (!str_empty(f->required_unless)) { //= R138
        struct str other = value_of(row, f->required_unless);
        for (size_t i = 0; i < f->unless_count; i++)
            if (str_starts(other, f->unless[i]))
                return false;
        return !str_empty(other);
    }
    if (!f->required_when.feel || !facts)
        return false;
    struct value v = feel_eval(f->required_when.feel, facts->value, NULL);
    return v.kind == VALUE_BOOL && v.b;
}

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

static bool
check_field(struct ctx *ctx, const struct form_field *f, const struct facts *facts, const struct view *row,
            struct str prefix)
{
    if (for_office(f))
        return true;
    struct str s = value_of(row, f->id);
    struct str id = str_fmt(ctx->arena, "%.*s%.*s", STR_ARG(prefix), STR_ARG(f->id));
    if (str_empty(s)) {
        if (!required(f, facts, row))
            return true;
        fail_field(ctx, id, f->label, STR("没有填写"), STR("这一项必须填写"));
        return false;
    }
    const char *reason = str_utf8_count(s) > (size_t)f->max_length
                             ? str_fmt(ctx->arena, "超过 %d 个字", f->max_length).p
                             : check_type(ctx, f, s, value_of(row, STR("id_kind")));
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
    struct str value = value_of(row, STR("new_value")), kept, label = STR("变更后");
    if (!str_eqz(s->rows_id, "changes") || str_empty(value))
        return true;
    const char *reason = service_change_value(ctx, value_of(row, STR("change_item")), value, &kept);
    if (!reason)
        return true;
    for (size_t k = 0; k < s->field_count; k++)
        if (str_eqz(s->field[k].id, "new_value"))
            label = s->field[k].label;
    fail_field(ctx, str_concat(ctx->arena, prefix, STR("new_value")), label, str_c(reason),
               STR("请对照变更项目和证件核对"));
    return false;
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
check_rows(struct ctx *ctx, const struct form_section *s, const struct facts *facts, const struct view *values)
{
    const struct view *list = values ? view_get(values, s->rows_id) : NULL;
    size_t filled = 0, i = 0;
    bool ok = true;
    for (const struct view *row = list && view_kind(list) == VIEW_LIST ? view_first(list) : NULL; row;
         row = view_next(row), i++) {
        if (view_kind(row) != VIEW_MAP || row_is_blank(row))
            continue;
        filled++;
        struct str prefix = str_fmt(ctx->arena, "%.*s.%zu.", STR_ARG(s->rows_id), i);
        for (size_t k = 0; k < s->field_count; k++)
            ok = check_field(ctx, &s->field[k], facts, row, prefix) && ok;
        ok = check_change(ctx, s, row, prefix) && ok;
    }
    bool needed = false;
    for (size_t k = 0; k < s->field_count; k++)
        needed = needed || s->field[k].required;
    if (filled == 0 && needed) {
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
enum err
service_form_check(struct ctx *ctx, struct server *s, const struct form *f, const struct facts *facts,
                   const struct view *values)
{
    (void)s;
    bool ok = true;
    for (size_t i = 0; i < f->section_count; i++) {
        const struct form_section *sec = &f->section[i];
        if (!str_empty(sec->rows_id)) {
            ok = check_rows(ctx, sec, facts, values) && ok;
            continue;
        }
        for (size_t k = 0; k < sec->field_count; k++)
            ok = check_field(ctx, &sec->field[k], facts, values, STR("")) && ok;
    }
    if (!ok)
        FAIL(ctx, ERR_FIELD_INVALID, "《%.*s》有 %zu 处需要改正", STR_ARG(f->title), ctx->fail->field_count);
    return OK;
}

static void
copy_known(struct arena *a, const struct form_section *s, const struct view *from, struct view *to)
{
    for (size_t k = 0; k < s->field_count; k++) {
        const struct view *v = for_office(&s->field[k]) ? NULL : view_get(from, s->field[k].id);
        if (v && view_kind(v) == VIEW_TEXT)
            view_put_text(to, str_z(a, s->field[k].id), view_text(v));
    }
}

/* What nothing has checked must not reach the event, nor an applicant write what the bureau writes. A row that says
 * nothing stays: the numbers of the others are in the errors. */
struct view *
service_form_clean(struct ctx *ctx, const struct form *f, const struct view *values)
{
    if (!f || !values || view_kind(values) != VIEW_MAP)
        return NULL;
    struct view *v = view_map(ctx->arena);
    for (size_t i = 0; i < f->section_count; i++) {
        const struct form_section *s = &f->section[i];
        if (str_empty(s->rows_id)) {
            copy_known(ctx->arena, s, values, v);
            continue;
        }
        const struct view *list = view_get(values, s->rows_id);
        if (!list || view_kind(list) != VIEW_LIST)
            continue;
        struct view *rows = view_put_list(v, str_z(ctx->arena, s->rows_id));
        for (const struct view *row = view_first(list); row; row = view_next(row)) {
            struct view *r = view_add_map(rows);
            if (view_kind(row) == VIEW_MAP)
                copy_known(ctx->arena, s, row, r);
        }
    }
    return v;
}

struct str
service_form_bound(const struct form *f, const struct view *values, const char *binds)
{
    for (size_t i = 0; f && i < f->section_count; i++) {
        const struct form_section *sec = &f->section[i];
        const struct view *row = values;
        if (!str_empty(sec->rows_id)) {
            const struct view *list = values ? view_get(values, sec->rows_id) : NULL;
            row = list && view_kind(list) == VIEW_LIST ? view_first(list) : NULL;
        }
        for (size_t k = 0; row && k < sec->field_count; k++)
            if (str_eqz(sec->field[k].binds, binds)) {
                struct str v = value_of(row, sec->field[k].id);
                if (!str_empty(v))
                    return v;
            }
    }
    return STR("");
}

/* --- the form as a page sees it --- */

static const char *
html_kind(struct str type)
{
    static const struct {
        const char *type, *kind;
    } kinds[] = {{"长文本", "textarea"}, {"日期", "date"},   {"年月", "month"},       {"选项", "select"},
                 {"多选", "checkboxes"}, {"是否", "yes_no"}, {"证件类型", "id_kind"}, {"手机", "tel"},
                 {"电话", "tel"},        {"整数", "number"}, {"金额", "money"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eqz(type, kinds[i].type))
            return kinds[i].kind;
    return "text";
}

static struct str
known_value(struct ctx *ctx, const struct form_field *f, const struct facts *facts)
{
    size_t i =
        facts ? fact_find(facts->dict, f->id) : SIZE_MAX; /* a field that repeats a question starts with its answer */
    if (i == SIZE_MAX || facts->value[i].kind == VALUE_UNASKED)
        return STR("");
    return fact_value_text(ctx->arena, &facts->dict->fact[i], facts->value[i]);
}

static const struct fail_field *
error_of(struct ctx *ctx, struct str id)
{
    for (size_t i = 0; i < ctx->fail->field_count; i++)
        if (str_eq(ctx->fail->field[i].field, id))
            return &ctx->fail->field[i];
    return NULL;
}

static void
put_options(struct view *v, const struct form_field *f, struct str value)
{
    static const char *const id_kinds[] = {"居民身份证",
                                           "户口簿",
                                           "港澳台居民居住证",
                                           "港澳居民来往内地通行证",
                                           "台湾居民来往大陆通行证",
                                           "外国人永久居留身份证",
                                           "护照",
                                           "其他"};
    struct view *list = view_put_list(v, "options");
    bool kinds = str_eqz(f->type, "证件类型") && f->value_count == 0;
    size_t n = kinds ? sizeof id_kinds / sizeof *id_kinds : f->value_count;
    for (size_t i = 0; i < n; i++) {
        struct view *o = view_add_map(list);
        struct str text = kinds ? str_c(id_kinds[i]) : f->values[i];
        view_put_text(o, "option", text);
        view_put_bool(o, "selected",
                      str_eq(text, value) || (str_eqz(f->type, "多选") && str_find(value, text) != SIZE_MAX));
    }
}

/* Remarks in the catalogue speak to its keeper too: sentences about how the sample was read or printed are not for who
 * fills it in. */
static struct str
for_reader(struct ctx *ctx, struct str note)
{
    static const char *const keeper[] = {"原件识读", "照录", "印作", "栏印", "表上", "补作", "所拟", "由系统编号"};
    struct str stop = STR("。");
    struct buf b;
    buf_init(&b, ctx->arena, note.n + 1);
    while (note.n) {
        size_t at = str_find(note, stop);
        struct str sentence = at == SIZE_MAX ? note : str_sub(note, 0, at + stop.n);
        bool ours = false;
        for (size_t i = 0; i < sizeof keeper / sizeof *keeper; i++)
            ours = ours || str_find(sentence, str_c(keeper[i])) != SIZE_MAX;
        if (!ours)
            buf_add(&b, sentence);
        note = str_sub(note, sentence.n, note.n);
    }
    return str_trim(buf_str(&b));
}

static void
put_field(struct ctx *ctx, struct view *list, const struct form_field *f, const struct facts *facts,
          const struct view *row, struct str prefix)
{
    if (for_office(f))
        return;
    struct view *v = view_add_map(list);
    struct str id = str_fmt(ctx->arena, "%.*s%.*s", STR_ARG(prefix), STR_ARG(f->id));
    struct str value = value_of(row, f->id);
    if (str_empty(value))
        value = known_value(ctx, f, facts);
    const char *kind = html_kind(f->type);
    view_put_text(v, "id", id);
    view_put_text(v, "label", f->label);
    view_put_z(v, "kind", kind);
    view_put_bool(v, str_fmt(ctx->arena, "is_%s", kind).p, true);
    view_put_text(v, "type", f->type);
    view_put_text(v, "value", value);
    view_put_bool(v, "is_yes", str_eqz(value, "是"));
    view_put_bool(v, "is_no", str_eqz(value, "否"));
    view_put_bool(v, "required", required(f, facts, row));
    view_put_int(v, "max_length", f->max_length);
    view_put_text(v, "help", for_reader(ctx, f->help));
    view_put_text(v, "unit", f->unit);
    view_put_text(v, "sub_heading", f->group);
    const struct fail_field *error = error_of(ctx, id);
    view_put_text(v, "error",
                  error ? str_fmt(ctx->arena, "%.*s%s%.*s", STR_ARG(error->reason), error->remedy.n ? "，" : "",
                                  STR_ARG(error->remedy))
                        : STR(""));
    if (f->value_count || str_eqz(f->type, "证件类型"))
        put_options(v, f, value);
}

static void
put_rows(struct ctx *ctx, struct view *v, const struct form_section *s, const struct facts *facts,
         const struct view *values)
{
    const struct view *list = values ? view_get(values, s->rows_id) : NULL;
    const struct view *row = list && view_kind(list) == VIEW_LIST ? view_first(list) : NULL;
    struct view *rows = view_put_list(v, "rows");
    size_t i = 0;
    do { /* at least one row to write in */
        struct view *r = view_add_map(rows);
        view_put_int(r, "number", (int64_t)i + 1);
        struct view *fields = view_put_list(r, "fields");
        struct str prefix = str_fmt(ctx->arena, "%.*s.%zu.", STR_ARG(s->rows_id), i);
        for (size_t k = 0; k < s->field_count; k++)
            put_field(ctx, fields, &s->field[k], facts, row, prefix);
        row = row ? view_next(row) : NULL;
        i++;
    } while (row && i < (size_t)s->rows_max);
    view_put_bool(v, "can_add", i < (size_t)s->rows_max);
    view_put_int(v, "row_count", (int64_t)i);
}

struct view *
service_form_view(struct ctx *ctx, struct server *s, const struct form *f, const struct facts *facts,
                  const struct view *values)
{
    (void)s;
    struct view *v = view_map(ctx->arena);
    view_put_text(v, "id", f->id);
    view_put_text(v, "title", f->title);
    view_put_text(v, "declaration", f->declaration);
    struct view *sections = view_put_list(v, "sections");
    for (size_t i = 0; i < f->section_count; i++) {
        const struct form_section *sec = &f->section[i];
        size_t shown = 0;
        for (size_t k = 0; k < sec->field_count; k++)
            shown += !for_office(&sec->field[k]);
        if (shown == 0)
            continue;
        struct view *x = view_add_map(sections);
        view_put_text(x, "heading", sec->title);
        view_put_text(x, "note", for_reader(ctx, sec->note));
        view_put_text(x, "rows_id", sec->rows_id);
        view_put_bool(x, "repeats", !str_empty(sec->rows_id));
        if (!str_empty(sec->rows_id)) {
            put_rows(ctx, x, sec, facts, values);
            continue;
        }
        struct view *fields = view_put_list(x, "fields");
        for (size_t k = 0; k < sec->field_count; k++)
            put_field(ctx, fields, &sec->field[k], facts, values, STR(""));
    }
    return v;
}
