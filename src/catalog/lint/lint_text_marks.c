/* Marks: brackets and quotes, punctuation, sentences broken off, dates. */
#include "catalog/lint/lint_text_int.h"

enum { BRACKET_DEPTH = 64 };

/* Pieces of forms and cells: their marks mean nothing. */
static bool
fragment(const struct lint_text *t)
{
    return str_eqz(t->field, "其他原文") || str_eqz(t->field, "序号");
}

/* 1) a) ①): the closing bracket of a printed number, not of a pair. */
static bool
number_bracket(const struct chars *c, size_t i)
{
    size_t n = i;
    while (n > 0 &&
           (cp_digit(c->cp[n - 1]) || cp_letter(c->cp[n - 1]) || cp_in(c->cp[n - 1], "一二三四五六七八九十①②③④⑤⑥⑦⑧⑨⑩")))
        n--;
    return n < i && i - n <= 3 &&
           (n == 0 || c->cp[n - 1] == '\n' || cp_blank(c->cp[n - 1]) || cp_in(c->cp[n - 1], "。；;：:，、"));
}

static uint32_t
partner(uint32_t close)
{
    static const uint32_t pair[][2] = {{'(', ')'},       {'[', ']'},       {0x300A, 0x300B}, {0x3008, 0x3009},
                                       {0x201C, 0x201D}, {0x3010, 0x3011}, {0x3014, 0x3015}, {0x2018, 0x2019}};
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++)
        if (pair[i][1] == close)
            return pair[i][0];
    return 0;
}

static uint32_t
bracket(uint32_t cp) /* full and half width are one; quotes and titles keep their own */
{
    return cp >= 0xFF01 && cp <= 0xFF5E ? cp - 0xFEE0 : cp;
}

static void
report_bracket(struct lint *l, const struct lint_matter *m, const struct lint_text *t, const struct chars *c, size_t at,
               bool opens)
{
    struct lint_hit h = lint_at(m, t, c, at, at + 1, 14);
    lint_add(l, &h, opens ? "“%.*s”没有配对的另一半" : "“%.*s”前面没有配对的另一半",
             STR_ARG(chars_text(t->text, c, at, at + 1)));
}

static void
brackets_in(struct lint *l, const struct lint_matter *m, const struct lint_text *t)
{
    struct chars c = chars_of(l->a, t->text);
    uint32_t open[BRACKET_DEPTH];
    size_t where[BRACKET_DEPTH], depth = 0;
    if (fragment(t))
        return;
    for (size_t i = 0; i < c.n; i++) {
        uint32_t cp = bracket(c.cp[i]);
        if (cp_in(cp, "([《〈“【〔‘") && depth < BRACKET_DEPTH) {
            open[depth] = cp;
            where[depth++] = i;
            continue;
        }
        uint32_t mate = partner(cp);
        if (!mate || (cp == ')' && number_bracket(&c, i)))
            continue;
        size_t d = depth;
        while (d > 0 && open[d - 1] != mate)
            d--;
        if (d == 0) {
            report_bracket(l, m, t, &c, i, false);
            continue;
        }
        for (size_t k = d; k < depth; k++) /* what was opened inside and never closed */
            report_bracket(l, m, t, &c, where[k], true);
        depth = d - 1;
    }
    for (size_t k = 0; k < depth; k++)
        report_bracket(l, m, t, &c, where[k], true);
}

enum err
lint_brackets(struct lint *l)
{
    lint_each(l, brackets_in);
    return OK;
}

/* --- two marks where one belongs --- */

static bool
pause(uint32_t cp)
{
    return cp_in(cp, "，,、。；;：:");
}

static void
punctuation_in(struct lint *l, const struct lint_matter *m, const struct lint_text *t)
{
    struct chars c = chars_of(l->a, t->text);
    if (fragment(t))
        return;
    for (size_t i = 0; i < c.n; i++) {
        size_t next = i + 1;
        while (next < c.n && cp_blank(c.cp[next]))
            next++;
        bool dash = cp_in(c.cp[i], "-－") && i > 0 && cp_han(c.cp[i - 1]);
        while (dash && next < c.n && c.cp[next] == '\n')
            next++;
        bool doubled = next < c.n && ((pause(c.cp[i]) && pause(c.cp[next])) || (dash && cp_in(c.cp[next], "-－")));
        bool leads = pause(c.cp[i]) && (i == 0 || c.cp[i - 1] == '\n');
        if (!doubled && !leads)
            continue;
        struct lint_hit h = lint_at(m, t, &c, i, doubled ? next + 1 : i + 1, 8);
        lint_add(l, &h, doubled ? "两个标点连在一起：“%.*s”" : "一行以标点开头：“%.*s”", STR_ARG(h.evidence));
        i = doubled ? next : i;
    }
}

enum err
lint_punctuation(struct lint *l)
{
    lint_each(l, punctuation_in);
    return OK;
}

/* --- broken off --- */

static void
truncated_in(struct lint *l, const struct lint_matter *m, const struct lint_text *t)
{
    struct chars c = chars_of(l->a, t->text);
    size_t n = c.n;
    while (n > 0 && (cp_blank(c.cp[n - 1]) || c.cp[n - 1] == '\n'))
        n--;
    if (n == 0 || fragment(t) || str_eqz(t->field, "异文"))
        return;
    uint32_t last = c.cp[n - 1];
    bool note = str_eqz(t->field, "注意事项"); /* a note may lead over to the next */
    bool hard = cp_in(last, "，,、（(《“—") || (!note && cp_in(last, "：:"));
    if (!hard && !(cp_in(last, "；;") && !note && !str_eqz(t->field, "设定依据")))
        return;
    struct lint_hit h = lint_at(m, t, &c, n - 1, n, 14);
    h.severity = hard ? SEVERITY_WARN : SEVERITY_INFO;
    h.cause = str_fmt(l->a, "%.*s|%d|%.*s", STR_ARG(t->field), hard, STR_ARG(hard ? h.evidence : STR("")));
    lint_add(l, &h, "这一栏以“%.*s”结束，后面可能还有内容", STR_ARG(chars_text(t->text, &c, n - 1, n)));
}

struct inner_lines {
    size_t n, open, where; /* lines but the last; those without a stop; where the last of these ends */
};

/* Lines of a text but its last, which final-stop looks at. */
static struct inner_lines
inner_lines(const struct chars *c)
{
    struct inner_lines v = {0};
    for (size_t i = 0; i < c->n; i++) {
        size_t end = i;
        if (c->cp[i] != '\n')
            continue;
        while (end > 0 && cp_blank(c->cp[end - 1]))
            end--;
        bool open = end > 0 && !cp_in(c->cp[end - 1], "。；;.！？");
        v.n++;
        v.open += open;
        v.where = open ? end : v.where;
    }
    return v;
}

/* One line inside a list ends in a character, where the guide's custom in this field is a stop. */
static void
lines_cut(struct lint *l, const char *field)
{
    size_t all = 0, open = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < l->n; i++) {
            const struct lint_text *t = lint_text_of(&l->matter[i], field);
            struct chars c = t ? chars_of(l->a, t->text) : (struct chars){0};
            struct inner_lines v = inner_lines(&c);
            all += pass == 0 ? v.n : 0;
            open += pass == 0 ? v.open : 0;
            if (pass == 0 || all < 12 || open * 8 > all || v.open != 1 || !v.where || !cp_han(c.cp[v.where - 1]) ||
                lint_told_line(l, l->matter[i].m, t->field, lint_line(t->node, c.at[v.where - 1])))
                continue;
            struct lint_hit h = lint_at(&l->matter[i], t, &c, v.where - 1, v.where, 14);
            h.severity = SEVERITY_INFO;
            lint_add(l, &h, "这一行没有写完或缺标点，本区同一栏的 %zu 行都以标点结束", all - open);
        }
}

enum err
lint_truncated(struct lint *l)
{
    lint_each(l, truncated_in);
    lines_cut(l, "办理渠道");
    lines_cut(l, "办理材料");
    lines_cut(l, "办理流程");
    return OK;
}

/* --- 一 for a dash between stages: 申请一受理 --- */

static size_t
stage_ends(const struct chars *c, size_t at, struct str text)
{
    struct str before = str_sub(text, 0, c->at[at]);
    for (int k = 0; k < STAGE_COUNT; k++)
        if (str_ends(before, str_c(stage_name((enum stage_kind)k))))
            return str_utf8_count(str_c(stage_name((enum stage_kind)k)));
    return 0;
}

static bool
stage_begins(const struct chars *c, size_t at, struct str text)
{
    struct str after = str_sub(text, c->at[at], SIZE_MAX);
    for (int k = 0; k < STAGE_COUNT; k++)
        if (str_starts(after, str_c(stage_name((enum stage_kind)k))))
            return true;
    return false;
}

static void
dash_in(struct lint *l, const struct lint_matter *m, const struct lint_text *t)
{
    struct chars c = chars_of(l->a, t->text);
    for (size_t i = 1; i + 1 < c.n; i++) {
        size_t n = cp_in(c.cp[i], "一") ? stage_ends(&c, i, t->text) : 0;
        if (!n || !stage_begins(&c, i + 1, t->text))
            continue;
        struct lint_hit h = lint_at(m, t, &c, i - n, i + 1, 12);
        h.cause = t->field;
        lint_add(l, &h, "环节之间用汉字“一”代替了连接号：“%.*s”", STR_ARG(h.evidence));
        return;
    }
}

enum err
lint_dash(struct lint *l)
{
    lint_each(l, dash_in);
    return OK;
}

/* --- days that do not exist --- */

static size_t
number_before(const struct chars *c, size_t at, int64_t *ret_v)
{
    size_t n = 0;
    int64_t v = 0, unit = 1;
    while (n < at && n < 6 && cp_digit(c->cp[at - 1 - n])) {
        v += unit * (int64_t)(cp_plain(c->cp[at - 1 - n]) - '0');
        unit *= 10;
        n++;
    }
    *ret_v = v;
    return n;
}

static void
date_in(struct lint *l, const struct lint_matter *m, const struct lint_text *t)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct chars c = chars_of(l->a, t->text);
    for (size_t i = 1; i < c.n; i++) {
        int64_t month, day;
        if (!cp_in(c.cp[i], "月") || (i + 1 < c.n && cp_in(c.cp[i + 1], "份底内")))
            continue;
        size_t n = number_before(&c, i, &month);
        size_t to = i + 1;
        while (to < c.n && cp_digit(c.cp[to]))
            to++;
        size_t digits = to < c.n && cp_in(c.cp[to], "日") ? number_before(&c, to, &day) : 0;
        bool year = n && i > n && cp_in(c.cp[i - n - 1], "年");
        if (!n || (!digits && !year))
            continue;
        bool wrong = month < 1 || month > 12 || (digits && (day < 1 || day > days[month - 1]));
        if (!wrong)
            continue;
        struct lint_hit h = lint_at(m, t, &c, i - n, digits ? to + 1 : i + 1, 6);
        lint_add(l, &h, "没有“%.*s”这一天", STR_ARG(chars_text(t->text, &c, i - n, digits ? to + 1 : i + 1)));
    }
}

enum err
lint_date(struct lint *l)
{
    lint_each(l, date_in);
    return OK;
}

/* --- half and full width in one list --- */

static void
width_in(struct lint *l, const struct lint_matter *m, const struct lint_text *t)
{
    struct chars c = chars_of(l->a, t->text);
    size_t half[3] = {0}, full[3] = {0}, at = 0;
    static const char *const halves[] = {";", ",", "("}, *const fulls[] = {"；", "，", "（"};
    if (fragment(t) || str_eqz(t->field, "异文"))
        return;
    for (size_t i = 0; i < c.n; i++)
        for (size_t k = 0; k < 3; k++) {
            half[k] += cp_in(c.cp[i], halves[k]);
            full[k] += cp_in(c.cp[i], fulls[k]);
            if (half[k] == 1 && cp_in(c.cp[i], halves[k]))
                at = i;
        }
    for (size_t k = 0; k < 3; k++) {
        if (!half[k] || !full[k])
            continue;
        struct lint_hit h = lint_at(m, t, &c, at, at + 1, 10);
        h.severity = SEVERITY_INFO;
        h.cause = STR("width");
        lint_add(l, &h, "同一栏里半角和全角的“%s”混用", fulls[k]);
        return;
    }
}

enum err
lint_width_mixed(struct lint *l)
{
    lint_each(l, width_in);
    return OK;
}
