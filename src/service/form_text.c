/* How a form's values and printed texts read on paper. */
#include <string.h>

#include "service/form_sheet.h"

static const char LINE[] = "＿＿＿＿＿＿";
static const char DATE_BLANK[] = "　　　年　　月　　日";

void
sheet_escape(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '&')
            buf_addz(b, "&amp;");
        else if (c == '<')
            buf_addz(b, "&lt;");
        else if (c == '>')
            buf_addz(b, "&gt;");
        else if (c == '"')
            buf_addz(b, "&quot;");
        else if (c == '\n')
            buf_addz(b, "<br/>");
        else if (c >= 0x20 && c != 0x7f)
            buf_byte(b, (char)c);
        else if (c == '\t')
            buf_byte(b, ' '); /* other controls are no XML */
    }
}

struct str
sheet_escaped(const struct sheet *t, struct str s)
{
    struct buf b;
    buf_init(&b, t->ctx->arena, s.n + 16);
    sheet_escape(&b, s);
    return buf_str(&b);
}

const struct form_field *
sheet_field(const struct form *form, struct str id)
{
    for (size_t i = 0; i < form->section_count; i++)
        for (size_t k = 0; k < form->section[i].field_count; k++)
            if (str_eq(form->section[i].field[k].id, id))
                return &form->section[i].field[k];
    return NULL;
}

struct str
sheet_typed(const struct sheet *t, const struct form_state *st, const struct form_field *f, const struct view *row)
{
    struct str follows = form_automatic(st, f), value;
    if (!str_empty(follows))
        return follows;
    if (!t->p->all && !form_asks(f))
        return STR("");
    value = form_value(row, f->id);
    return str_empty(f->attached) || form_field_shown(st, f) ? value : STR(""); /* no blank of a choice not made */
}

/* 2026-01-31 as forms write it; what is no date stays as it is. */
static struct str
date_text(const struct sheet *t, struct str s)
{
    struct arena *a = t->ctx->arena;
    int64_t y, m, d = 0;
    bool day = s.n == 10, month = s.n == 7;
    if ((!day && !month) || s.p[4] != '-' || !str_int(str_sub(s, 0, 4), &y) || !str_int(str_sub(s, 5, 2), &m) ||
        (day && !str_int(str_sub(s, 8, 2), &d)))
        return s;
    return day ? str_fmt(a, "%d年%d月%d日", (int)y, (int)m, (int)d) : str_fmt(a, "%d年%d月", (int)y, (int)m);
}

struct str
sheet_tick(const struct sheet *t, const struct form_field *f, struct str value, struct str option)
{
    (void)t;
    return form_chosen(f, value, option) ? STR("☑") : STR("☐");
}

static const struct form_field *
blank_of(const struct sheet *t, const struct form_field *f)
{
    for (size_t i = 0; i < t->form->section_count; i++)
        for (size_t k = 0; k < t->form->section[i].field_count; k++)
            if (str_eq(t->form->section[i].field[k].attached, f->id))
                return &t->form->section[i].field[k];
    return NULL;
}

static bool
printed_option(const struct form_field *f, struct str value, struct str option)
{
    for (size_t i = 0; i < f->off_form_count; i++)
        if (str_eq(f->off_form[i], option))
            return form_chosen(f, value, option);
    return true;
}

static struct str
options_text(const struct sheet *t, const struct form_state *st, const struct form_field *f, const struct view *row,
             struct str value)
{
    const struct form_field *blank = blank_of(t, f);
    struct buf b;
    size_t longest = 0;
    buf_init(&b, t->ctx->arena, 256);
    for (size_t i = 0; i < f->value_count; i++)
        longest = str_utf8_count(f->values[i]) > longest ? str_utf8_count(f->values[i]) : longest;
    for (size_t i = 0; i < f->value_count; i++) {
        if (!printed_option(f, value, f->values[i]))
            continue;
        buf_addz(&b, b.n == 0 ? "" : longest > 16 ? "<br/>" : "　");
        bool whole = str_utf8_count(f->values[i]) <= 12; /* a box and its word stay on one line */
        buf_addz(&b, whole ? "<n>" : "");
        buf_add(&b, sheet_tick(t, f, value, f->values[i]));
        sheet_escape(&b, f->values[i]);
        buf_addz(&b, whole ? "</n>" : "");
        if (!blank || !str_starts(f->values[i], STR("其他")))
            continue;
        struct str more = sheet_typed(t, st, blank, row);
        buf_addz(&b, "：");
        if (str_empty(more))
            buf_addz(&b, LINE);
        else
            sheet_escape(&b, more);
    }
    return buf_str(&b);
}

struct str
sheet_value(const struct sheet *t, const struct form_state *st, const struct form_field *f, const struct view *row)
{
    struct str value = sheet_typed(t, st, f, row);
    struct buf b;
    if (f->value_count && (str_eqz(f->type, "选项") || str_eqz(f->type, "多选")))
        return options_text(t, st, f, row, value);
    buf_init(&b, t->ctx->arena, value.n + 32);
    if (str_eqz(f->type, "是否") && f->unlabelled) {
        buf_addz(&b, str_eqz(value, "是") ? "☑" : "☐");
        sheet_escape(&b, f->label);
    } else if (str_eqz(f->type, "是否")) {
        buf_fmt(&b, "%s是　%s否", str_eqz(value, "是") ? "☑" : "☐", str_eqz(value, "否") ? "☑" : "☐");
    } else if (str_eqz(f->type, "日期") || str_eqz(f->type, "年月")) {
        sheet_escape(&b, date_text(t, value));
    } else {
        sheet_escape(&b, str_empty(value) ? f->blank : value);
    }
    return buf_str(&b);
}

struct str
sheet_label(const struct sheet *t, struct str label)
{
    while (str_ends(label, STR(":")) || str_ends(label, STR("：")))
        label.n -= str_ends(label, STR(":")) ? 1 : sizeof "：" - 1;
    return str_concat(t->ctx->arena, sheet_escaped(t, label), STR("："));
}

/* --- printed text with places to fill --- */

static void
body_place(const struct sheet *t, struct buf *b, struct str place)
{
    struct str id = place, option;
    if (str_eqz(place, "声明")) {
        if (str_find(t->form->declaration, STR("{声明}")) == SIZE_MAX)
            buf_add(b, sheet_body(t, t->form->declaration));
        return;
    }
    size_t colon = str_find(place, STR(":"));
    if (colon != SIZE_MAX)
        id = str_sub(place, 0, colon);
    const struct form_field *f = sheet_field(t->form, id);
    if (!f)
        return;
    struct str value = sheet_typed(t, &t->state, f, t->p->values);
    if (colon == SIZE_MAX) {
        buf_addz(b, "<u>");
        if (str_empty(value))
            buf_addz(b, "　　　　　　　　　");
        else
            sheet_escape(b, value);
        buf_addz(b, "</u>");
        return;
    }
    option = str_sub(place, colon + 1, SIZE_MAX);
    sheet_escape(b, option);
    buf_add(b, sheet_tick(t, f, value, option));
}

struct str
sheet_body(const struct sheet *t, struct str body)
{
    struct buf b;
    buf_init(&b, t->ctx->arena, body.n + 256);
    for (size_t open; (open = str_find(body, STR("{"))) != SIZE_MAX;) {
        size_t close = str_find(body, STR("}"));
        if (close == SIZE_MAX || close < open)
            break;
        sheet_escape(&b, str_sub(body, 0, open));
        body_place(t, &b, str_sub(body, open + 1, close - open - 1));
        body = str_sub(body, close + 1, SIZE_MAX);
    }
    sheet_escape(&b, body);
    return buf_str(&b);
}

static bool
has_place(struct str text, struct str id)
{
    for (size_t at; (at = str_find(text, STR("{"))) != SIZE_MAX; text = str_sub(text, at + 1, SIZE_MAX)) {
        struct str rest = str_sub(text, at + 1, SIZE_MAX);
        if (str_starts(rest, id) && rest.n > id.n && (rest.p[id.n] == '}' || rest.p[id.n] == ':'))
            return true;
    }
    return false;
}

bool
sheet_elsewhere(const struct form *form, const struct form_section *s, const struct form_field *f)
{
    if (!str_empty(f->attached) || has_place(s->body, f->id) ||
        (has_place(s->body, STR("声明")) && has_place(form->declaration, f->id)))
        return true;
    for (size_t i = 0; i < s->closing_count; i++)
        if (s->closing[i].kind != CLOSING_HAND && s->closing[i].kind != CLOSING_STAMP &&
            str_eq(s->closing[i].text, f->id))
            return true;
    return false;
}

/* --- signatures --- */

struct str
sheet_closing_one(const struct sheet *t, const struct form_closing *c)
{
    const struct form_field *f = sheet_field(t->form, c->text);
    struct buf b;
    buf_init(&b, t->ctx->arena, 96);
    if (c->kind == CLOSING_STAMP) {
        sheet_escape(&b, c->text);
        return buf_str(&b);
    }
    if (c->kind == CLOSING_DATE && !f)
        return str_c(DATE_BLANK);
    struct str value = f ? sheet_value(t, &t->state, f, t->p->values) : STR("");
    buf_add(&b, sheet_label(t, f ? f->label : c->text));
    if (str_empty(value))
        buf_addz(&b, c->kind == CLOSING_DATE ? DATE_BLANK : LINE);
    else
        buf_add(&b, value);
    return buf_str(&b);
}

struct str
sheet_closing(const struct sheet *t, const struct form_section *s, bool *ret_stamp)
{
    struct buf b;
    size_t line = 0;
    buf_init(&b, t->ctx->arena, 128);
    *ret_stamp = false;
    for (size_t i = 0; i < s->closing_count; i++) {
        struct str one = sheet_closing_one(t, &s->closing[i]);
        size_t n = str_utf8_count(one);
        *ret_stamp = *ret_stamp || s->closing[i].kind == CLOSING_STAMP;
        if (i)
            buf_addz(&b, line + n > 34 ? "\u2028" : "　　");
        line = line + n > 34 ? n : line + n + 2;
        buf_add(&b, one);
    }
    return buf_str(&b);
}
