/* Numbers of lists: gaps and repeats inside a text, between notes, matters and groups; styles that differ. */
#include <string.h>

#include "catalog/lint/lint_text_int.h"

enum mark_style {
    MARK_DOT,       /* 1. */
    MARK_PAUSE,     /* 1、 */
    MARK_PAREN,     /* (1) */
    MARK_CLOSE,     /* 1) */
    MARK_CIRCLE,    /* ① */
    MARK_HAN,       /* 一、 */
    MARK_HAN_PAREN, /* （一） */
    MARK_STEP,      /* 第一步 */
    MARK_COUNT
};
struct mark {
    enum mark_style style;
    int value;
    size_t from, to;
    bool line_start;
    uint32_t point; /* of MARK_DOT: . or ． */
};

static int
han_digit(uint32_t cp)
{
    static const char *const digits = "一二三四五六七八九十";
    struct str s = str_c(digits);
    int v = 1;
    for (size_t at = 0; at < s.n; v++)
        if (str_utf8_next(s, &at) == cp)
            return v;
    return 0;
}

/* 一 … 九十九 from *at on; 0 if there is none. */
static int
han_number(const struct chars *c, size_t *at)
{
    int v = 0;
    size_t i = *at;
    for (; i < c->n && i < *at + 3; i++) {
        int d = han_digit(c->cp[i]);
        if (!d)
            break;
        v = d == 10 ? (v ? v * 10 : 10) : v >= 10 ? v + d : d;
    }
    *at = i;
    return v;
}

static int
arabic_number(const struct chars *c, size_t *at)
{
    int v = 0;
    size_t i = *at;
    for (; i < c->n && i < *at + 2 && cp_digit(c->cp[i]); i++)
        v = v * 10 + (int)(cp_plain(c->cp[i]) - '0');
    if (i < c->n && cp_digit(c->cp[i]))
        return 0;
    *at = i;
    return v;
}

/* A list's number beginning at AT. */
static bool
read_mark(const struct chars *c, size_t at, struct mark *ret_m)
{
    struct mark m = {.from = at, .line_start = at == 0 || c->cp[at - 1] == '\n'};
    size_t i = at;
    uint32_t first = cp_plain(c->cp[i]);
    if (c->cp[i] >= 0x2460 && c->cp[i] <= 0x2473) {
        m.style = MARK_CIRCLE;
        m.value = (int)(c->cp[i++] - 0x2460 + 1);
    } else if (cp_in(c->cp[i], "第")) {
        i++;
        m.value = i < c->n && cp_digit(c->cp[i]) ? arabic_number(c, &i) : han_number(c, &i);
        m.style = MARK_STEP;
        if (!m.value || i >= c->n || !cp_in(c->cp[i++], "步"))
            return false;
    } else if (first == '(') {
        i++;
        bool digit = i < c->n && cp_digit(c->cp[i]);
        m.style = digit ? MARK_PAREN : MARK_HAN_PAREN;
        m.value = digit ? arabic_number(c, &i) : han_number(c, &i);
        if (!m.value || i >= c->n || cp_plain(c->cp[i++]) != ')')
            return false;
    } else if (cp_digit(c->cp[i])) {
        m.value = arabic_number(c, &i);
        uint32_t end = m.value && i < c->n ? c->cp[i++] : 0;
        m.style = cp_plain(end) == '.' && end != 0x3002 ? MARK_DOT : end == 0x3001 ? MARK_PAUSE : MARK_CLOSE;
        m.point = end;
        if (!end || (m.style == MARK_CLOSE && cp_plain(end) != ')') || (i < c->n && cp_digit(c->cp[i])))
            return false;
    } else {
        m.value = han_number(c, &i);
        m.style = MARK_HAN;
        if (!m.value || i >= c->n || c->cp[i++] != 0x3001)
            return false;
    }
    m.to = i;
    *ret_m = m;
    return true;
}

/* A number may stand at the start of a line or after a mark that ends an item. */
static bool
mark_place(const struct chars *c, size_t at)
{
    while (at > 0 && cp_blank(c->cp[at - 1]))
        at--;
    return at == 0 || c->cp[at - 1] == '\n' || cp_in(c->cp[at - 1], "。；;：:");
}

static bool
next_mark(const struct chars *c, size_t *at, struct mark *ret_m)
{
    for (; *at < c->n; (*at)++)
        if (read_mark(c, *at, ret_m) && (ret_m->style == MARK_CIRCLE || mark_place(c, *at))) {
            *at = ret_m->to;
            return true;
        }
    return false;
}

/* The number left out stands there after all, behind a mark that ends no item: 证明、4、医务人员. */
static bool
hidden_mark(const struct chars *c, size_t from, size_t to, enum mark_style style, int value, struct mark *ret_m)
{
    for (size_t i = from; i < to; i++)
        if ((i == 0 || !cp_digit(c->cp[i - 1])) && read_mark(c, i, ret_m) && ret_m->style == style &&
            ret_m->value == value)
            return true;
    return false;
}

static void
tell_gap(struct lint *l, const struct lint_matter *m, const struct lint_text *t, const struct chars *c,
         const struct mark *last, const struct mark *k)
{
    struct mark hidden;
    struct str before = chars_text(t->text, c, last->from, last->to), here = chars_text(t->text, c, k->from, k->to);
    if (hidden_mark(c, last->to, k->from, k->style, last->value + 1, &hidden)) {
        struct lint_hit h = lint_at(m, t, c, hidden.from, hidden.to, 10);
        h.severity = SEVERITY_INFO;
        lint_add(l, &h, "“%.*s”前面的标点不像一项的结尾", STR_ARG(chars_text(t->text, c, hidden.from, hidden.to)));
        return;
    }
    struct lint_hit h = lint_at(m, t, c, k->from, k->to, 10);
    lint_add(l, &h, "序号从“%.*s”跳到“%.*s”", STR_ARG(before), STR_ARG(here));
}

/* TO is in the line behind that of FROM. */
static bool
line_behind(const struct chars *c, size_t from, size_t to)
{
    size_t lines = 0;
    for (size_t i = from; i < to; i++)
        lines += c->cp[i] == '\n';
    return lines == 1;
}

static void
numbering_in(struct lint *l, const struct lint_matter *m, const struct lint_text *t)
{
    struct chars c = chars_of(l->a, t->text);
    struct mark last[MARK_COUNT] = {{0}}, k, before = {0};
    if (str_eqz(t->field, "设定依据") || str_eqz(t->field, "其他原文") || str_eqz(t->field, "注意事项") ||
        str_eqz(t->field, "组") || str_eqz(t->field, "标题名称") || str_eqz(t->field, "序号"))
        return; /* one item each: lint_serial looks at them */
    for (size_t at = 0; next_mark(&c, &at, &k);) {
        struct mark *p = &last[k.style];
        if (p->value == 0 && k.value != 1) { /* a list does not begin so, unless the style changed inside it */
            bool mixed = before.value && before.value + 1 == k.value && k.line_start;
            if (mixed) {
                struct lint_hit h = lint_at(m, t, &c, k.from, k.to, 10);
                h.severity = SEVERITY_INFO;
                lint_add(l, &h, "同一列序号先写“%.*s”，后写“%.*s”",
                         STR_ARG(chars_text(t->text, &c, before.from, before.to)),
                         STR_ARG(chars_text(t->text, &c, k.from, k.to)));
                before = k;
            }
            continue;
        }
        /* a list of one item may be followed by another; two lines of one list that both begin with 1 may not */
        bool again = k.value == 1 && p->line_start && k.line_start && line_behind(&c, p->to, k.from);
        if (p->value && k.value == p->value && (k.value > 1 || again)) {
            struct lint_hit h = lint_at(m, t, &c, k.from, k.to, 10);
            lint_add(l, &h, "序号“%.*s”印了两次", STR_ARG(chars_text(t->text, &c, k.from, k.to)));
        } else if (p->value && k.value > p->value + 1 && k.value <= p->value + 3) {
            tell_gap(l, m, t, &c, p, &k);
        }
        *p = before = k;
        for (int s = MARK_DOT; s < MARK_COUNT; s++) /* an outer number begins its inner lists anew */
            if ((k.style == MARK_HAN || k.style == MARK_HAN_PAREN || k.style == MARK_STEP) && s < MARK_HAN)
                last[s].value = 0;
    }
}

enum err
lint_numbering(struct lint *l)
{
    lint_each(l, numbering_in);
    return OK;
}

/* --- 1. and 1． --- */

enum err
lint_numbering_style(struct lint *l)
{
    size_t wide = 0, narrow = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < l->n; i++)
            for (size_t x = 0; x < l->matter[i].text_count; x++) {
                const struct lint_text *t = &l->matter[i].text[x];
                struct chars c = chars_of(l->a, t->text);
                struct mark k;
                bool has[2] = {false, false};
                size_t first[2] = {0, 0}, ends[2] = {0, 0};
                for (size_t at = 0; next_mark(&c, &at, &k);) {
                    bool w = k.style == MARK_DOT && k.point != '.';
                    if (k.style == MARK_DOT && !has[w]) {
                        has[w] = true;
                        first[w] = k.from;
                        ends[w] = k.to;
                    }
                }
                if (pass == 0) {
                    wide += has[1];
                    narrow += has[0];
                    continue;
                }
                bool rare = wide < narrow;
                if (!has[rare] || (wide < narrow ? wide : narrow) * 3 > (wide < narrow ? narrow : wide))
                    continue;
                struct lint_hit h = lint_at(&l->matter[i], t, &c, first[rare], ends[rare], 10);
                h.severity = SEVERITY_INFO;
                h.cause = STR("point");
                lint_add(l, &h, "序号用%s句点“%s”，本指南多数用“%s”", rare ? "全角" : "半角", rare ? "．" : ".",
                         rare ? "." : "．");
            }
    return OK;
}

/* --- numbers of notes, matters and groups --- */

/* Value and style of a printed number: （十二） is 12 in （#）. */
struct serial {
    int value;
    bool han;
    struct str frame;
    const struct lint_matter *matter;
    struct yaml_node *node;
};

static bool
read_serial(struct lint *l, struct str text, struct serial *s)
{
    struct chars c = chars_of(l->a, text);
    for (size_t i = 0; i < c.n && i < 3; i++) {
        size_t to = i;
        s->han = !cp_digit(c.cp[i]);
        s->value = s->han ? han_number(&c, &to) : arabic_number(&c, &to);
        if (!s->value)
            continue;
        size_t end = to; /* what closes the number; the words of a group's heading are not its frame */
        while (end < c.n && end < to + 1 && !cp_han(c.cp[end]))
            end++;
        s->frame =
            str_fmt(l->a, "%.*s#%.*s", STR_ARG(chars_text(text, &c, 0, i)), STR_ARG(chars_text(text, &c, to, end)));
        return end > to || i > 0 || to == c.n;
    }
    return false;
}

static void
tell_serial(struct lint *l, const struct serial *s, struct str field, enum severity severity, struct str cause,
            const char *what)
{
    struct lint_hit h = {.matter = s->matter->m,
                         .field = field,
                         .node = s->node,
                         .severity = severity,
                         .evidence = s->node->text,
                         .cause = cause};
    lint_add(l, &h, "%.*s的序号“%.*s”%s", STR_ARG(field), STR_ARG(s->node->text), what);
}

static void
check_serials(struct lint *l, const struct serial *s, size_t n, struct str field, bool styles)
{
    for (size_t i = 1; i < n; i++) {
        if (i > 1 && s[i].value == s[i - 2].value + 2)
            continue; /* the one before was the wrong one */
        if (s[i].value == s[i - 1].value)
            tell_serial(l, &s[i], field, SEVERITY_WARN, STR_NONE, "印了两次");
        else if (s[i].value != s[i - 1].value + 1 && s[i].value != 1)
            tell_serial(l, &s[i], field, SEVERITY_WARN, STR_NONE, "与前一个不连续");
    }
    for (size_t i = 0; i < n && styles && n >= 5; i++) {
        size_t same = 0;
        for (size_t k = 0; k < n; k++)
            same += s[k].han == s[i].han && str_eq(s[k].frame, s[i].frame);
        if (same * 4 <= n)
            tell_serial(l, &s[i], field, SEVERITY_INFO, str_fmt(l->a, "%.*s style", STR_ARG(field)),
                        "写法与其他的不同");
    }
}

enum err
lint_serial(struct lint *l)
{
    struct serial *s = ARENA_ARRAY(l->a, l->n, struct serial), *g = ARENA_ARRAY(l->a, l->n, struct serial);
    size_t n = 0, groups = 0;
    struct str group = STR("");
    for (size_t i = 0; i < l->n; i++) {
        struct yaml_node *node = yaml_get(l->matter[i].root, "序号"), *head = yaml_get(l->matter[i].root, "组");
        struct yaml_node *notes = yaml_get(l->matter[i].root, "注意事项");
        if (node && node->kind == YAML_SCALAR && read_serial(l, node->text, &s[n])) {
            s[n].matter = &l->matter[i];
            s[n++].node = node;
        }
        if (head && head->kind == YAML_SCALAR && !str_eq(head->text, group) && read_serial(l, head->text, &g[groups])) {
            group = head->text;
            g[groups].matter = &l->matter[i];
            g[groups++].node = head;
        }
        struct serial *x = ARENA_ARRAY(l->a, notes ? notes->count : 0, struct serial);
        size_t count = 0;
        for (struct yaml_node *c = notes ? notes->first : NULL; c; c = c->next) {
            struct yaml_node *number = yaml_get(c, "序号");
            if (number && number->kind == YAML_SCALAR && read_serial(l, number->text, &x[count])) {
                x[count].matter = &l->matter[i];
                x[count++].node = number;
            }
        }
        check_serials(l, x, count, STR("注意事项"), false);
    }
    check_serials(l, s, n, STR("序号"), true);
    check_serials(l, g, groups, STR("组"), true);
    return OK;
}
