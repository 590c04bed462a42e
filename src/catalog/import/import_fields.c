/* The lines behind each caption into the matter's verbatim fields: wraps inside a sentence joined, notes apart by their own numbers, and
** what a process says of materials and of handing out the result where these have no caption of their own. Words are never changed. */
#include <string.h>

#include "catalog/import/import_read_int.h"

enum { NOTES_MAX = 64, OTHERS_MAX = 32, BASIS_MAX = 64, SHORT_LINE = 18, LABEL_MAX = 8 };

/* 备注：… or 线上：…: a label at the start of a line begins a new one. */
static bool
labelled(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n && n <= LABEL_MAX; n++) {
        uint32_t cp = str_utf8_next(s, &i);
        if (cp == ':' || cp == 0xff1a)
            return n > 0;
        if (!is_cjk(cp))
            return false;
    }
    return false;
}

/* LINE continues the sentence ABOVE it. Cells of a table are narrow: there every line without a number of its own does. */
bool
line_wraps(struct str above, struct str line, bool table)
{
    struct number n = number_read(line);
    uint32_t last = last_cp(above), first = first_cp(line);
    if (n.shape || first == 0x2022 || first == 0x25a1 || first == 0xb7)
        return false;
    if (first == 0x3001 || first == 0xff0c || first == ',' || first == 0x300b || first == ')' || first == 0xff09)
        return true;
    if (last == 0x3001 || last == 0xff0c || last == ',' || open_bracket(above))
        return true;
    if (table)
        return !(ends_sentence(above) && last != ';' && last != 0xff1b);
    if (labelled(line) || last == ':' || last == 0xff1a)
        return false;
    if (last == ';' || last == 0xff1b)
        return true;
    if (ends_sentence(above))
        return false;
    bool digits = last >= '0' && last <= '9' && first >= '0' && first <= '9';
    return digits || count_cp(above) >= SHORT_LINE || (ends_sentence(line) && is_cjk(last) && (is_cjk(first)));
}

static void
tell_tear(struct guide *g, struct str above, struct str line, int no)
{
    uint32_t last = last_cp(above), first = first_cp(line);
    bool digits = last >= '0' && last <= '9' && first >= '0' && first <= '9';
    if (!digits && !(is_cjk(last) && is_cjk(first)))
        return;
    size_t back = above.n > 24 ? above.n - 24 : 0;
    while (back < above.n && ((unsigned char)above.p[back] & 0xc0) == 0x80)
        back++;
    size_t ahead = line.n > 24 ? 24 : line.n;
    while (ahead < line.n && ((unsigned char)line.p[ahead] & 0xc0) == 0x80)
        ahead++;
    struct str evidence = str_fmt(g->a, "%.*s｜%.*s", (int)(above.n - back), above.p + back, (int)ahead, line.p);
    told(g, digits ? "torn-number" : "torn-line", digits ? SEVERITY_WARN : SEVERITY_INFO, NULL, "", no, evidence,
         "对照原件核对拼接处", digits ? "数字在行末被断开，已拼接" : "一句话在行末被断开，已拼接");
}

struct passage
passage_join(struct guide *g, size_t from, size_t to, struct str rest, bool table)
{
    struct passage p = {.text = STR("")};
    struct buf b;
    buf_init(&b, g->a, 256);
    struct str above = rest;
    if (rest.n) {
        buf_add(&b, rest);
        p.from = p.to = from > 0 ? g->line[from - 1].no : 0;
    }
    for (size_t i = from; i < to; i++) {
        struct guide_line *l = &g->line[i];
        if (b.n) {
            struct str tail = above;
            if (line_wraps(tail, l->text, table)) {
                if (l->use != LINE_FIELD && !table)
                    tell_tear(g, tail, l->text, l->no);
            } else {
                buf_byte(&b, '\n');
            }
        }
        buf_add(&b, l->text);
        above = l->text;
        p.from = p.from ? p.from : l->no;
        p.to = l->no;
        l->use = LINE_FIELD;
    }
    p.text = buf_str(&b);
    g->copied += p.text.n;
    return p;
}

void
passage_add(struct guide *g, struct passage *p, struct passage more)
{
    if (str_empty(p->text)) {
        *p = more;
        return;
    }
    /* Passages are copied, so several may end in the same bytes: only one that still ends where the room does writes behind them. */
    struct buf *b = p->room;
    if (!b || b->p != p->text.p || b->n != p->text.n) {
        b = ARENA_NEW(g->a, struct buf);
        buf_init(b, g->a, p->text.n + more.text.n + 2);
        buf_add(b, p->text);
        g->copied += p->text.n;
    }
    buf_byte(b, '\n');
    buf_add(b, more.text);
    g->copied += more.text.n;
    p->room = b;
    p->text = buf_str(b);
    p->from = more.from < p->from ? more.from : p->from;
    p->to = more.to > p->to ? more.to : p->to;
}

/* --- notes --- */

static void
note_add(struct guide *g, struct draft *d, struct str number, struct passage p)
{
    struct guide_matter *m = &d->m;
    if (!m->note) {
        m->note = ARENA_ARRAY(g->a, NOTES_MAX, struct passage);
        m->note_number = ARENA_ARRAY(g->a, NOTES_MAX, struct str);
    }
    if (m->note_count == NOTES_MAX) { /* more than any guide has: the rest stays with the last */
        passage_add(g, &m->note[NOTES_MAX - 1], p);
        return;
    }
    m->note[m->note_count] = p;
    m->note_number[m->note_count++] = number;
}

/* The next "2." inside a line: behind the end of a sentence, not a decimal number. */
static size_t
next_number(struct str s)
{
    for (size_t i = 0; i < s.n;) {
        uint32_t cp = str_utf8_next(s, &i);
        if (cp != 0xff1b && cp != ';' && cp != 0x3002)
            continue;
        size_t at = i;
        while (at < s.n && s.p[at] == ' ')
            at++;
        if (at < s.n && s.p[at] >= '0' && s.p[at] <= '9' && number_read(str_sub(s, at, s.n - at)).shape)
            return at;
    }
    return SIZE_MAX;
}

void
notes_split(struct guide *g, struct draft *d, struct passage p)
{
    struct str rest = p.text, line;
    while (str_split(&rest, '\n', &line)) {
        struct number n = number_read(line);
        if (n.shape == NUMBER_NONE || n.chinese) {
            note_add(g, d, n.shape ? n.printed : STR(""), (struct passage){n.shape ? n.rest : line, p.from, p.to});
            continue;
        }
        for (size_t at; n.shape != NUMBER_NONE;) {
            at = next_number(n.rest);
            struct str own = at == SIZE_MAX ? n.rest : str_sub(n.rest, 0, at), after;
            note_add(g, d, n.printed, (struct passage){trimmed(own), p.from, p.to});
            if (at == SIZE_MAX)
                break;
            after = str_sub(n.rest, at, n.rest.n - at);
            n = number_read(after);
        }
    }
}

/* --- what a process says of materials and delivery --- */

static bool
step(struct str s)
{
    struct number n = number_read(s);
    return n.shape == NUMBER_NTH;
}

static bool
after_materials(struct str s)
{
    return step(s) || has(s, "一次性告知") || has(s, "快递") || str_starts(s, STR("不符合")) ||
           str_starts(s, STR("有需要"));
}

/* 转移人员所需材料：…: the words 所需材料 and a colon within the first characters. */
static bool
names_materials(struct str s)
{
    size_t at = str_find(s, STR("材料"));
    if (at == SIZE_MAX || at > 30 || step(s))
        return false;
    struct str rest = str_sub(s, at + strlen("材料"), s.n);
    return str_starts(rest, STR(":")) || str_starts(rest, STR("："));
}

static void
flow_materials(struct guide *g, struct draft *d)
{
    struct passage *flow = &d->m.field[GUIDE_PROCESS], found = {.text = STR(""), .from = flow->from, .to = flow->to};
    struct str rest = flow->text, line;
    bool inside = false;
    while (str_split(&rest, '\n', &line)) {
        bool opens = str_ends(line, STR("材料:")) || str_ends(line, STR("材料："));
        if (names_materials(line)) {
            passage_add(g, &found, (struct passage){line, flow->from, flow->to});
            inside = opens;
            continue;
        }
        if (inside && !after_materials(line))
            passage_add(g, &found, (struct passage){line, flow->from, flow->to});
        else
            inside = step(line) && opens;
    }
    if (found.text.n)
        d->m.field[GUIDE_MATERIALS] = found;
}

void
flow_read(struct guide *g, struct draft *d)
{
    struct passage *flow = &d->m.field[GUIDE_PROCESS];
    if (!flow->text.n)
        return;
    if (!d->m.field[GUIDE_MATERIALS].text.n)
        flow_materials(g, d);
    if (d->m.field[GUIDE_DELIVERY].text.n)
        return;
    struct str rest = flow->text, line, express = STR("");
    while (str_split(&rest, '\n', &line)) {
        struct number n = number_read(line);
        struct str words = n.shape ? n.rest : line;
        if (has(words, "结果送达"))
            d->m.field[GUIDE_DELIVERY] = (struct passage){words, flow->from, flow->to};
        else if (has(words, "快递") && !n.shape)
            express = words;
    }
    if (!d->m.field[GUIDE_DELIVERY].text.n && express.n)
        d->m.field[GUIDE_DELIVERY] = (struct passage){express, flow->from, flow->to};
}

/* --- captions --- */

void
other_add(struct guide *g, struct draft *d, struct str title, struct passage p)
{
    struct guide_matter *m = &d->m;
    if (!p.text.n)
        return;
    if (!m->other) {
        m->other = ARENA_ARRAY(g->a, OTHERS_MAX, struct passage);
        m->other_title = ARENA_ARRAY(g->a, OTHERS_MAX, struct str);
    }
    if (m->other_count == OTHERS_MAX) {
        passage_add(g, &m->other[OTHERS_MAX - 1], p);
        return;
    }
    m->other[m->other_count] = p;
    m->other_title[m->other_count++] = title;
}

static void
basis_split(struct guide *g, struct draft *d, struct passage p)
{
    struct guide_matter *m = &d->m;
    struct str rest = p.text, line;
    if (!m->basis)
        m->basis = ARENA_ARRAY(g->a, BASIS_MAX, struct passage);
    while (str_split(&rest, '\n', &line))
        if (m->basis_count < BASIS_MAX)
            m->basis[m->basis_count++] = (struct passage){line, p.from, p.to};
        else
            passage_add(g, &m->basis[BASIS_MAX - 1], (struct passage){line, p.from, p.to});
}

/* A law's title at the start of a line begins another law, unless the line above still lists or opens one. */
static void
basis_take(struct guide *g, struct draft *d, const struct caption *c, size_t end)
{
    struct str rest = c->rest;
    end = end > c->line ? end : c->line + 1; /* cells of one line */
    for (size_t i = c->line + 1, from = i; i <= end; i++) {
        struct str above = i > from ? g->line[i - 1].text : rest;
        bool law = i < end && str_starts(g->line[i].text, STR("《")) && above.n && !open_bracket(above);
        if (i < end &&
            !(law && (str_ends(above, STR("条")) || str_ends(above, STR("款")) || str_ends(above, STR("项")) ||
                      str_ends(above, STR("）")) || str_ends(above, STR(")")) || str_ends(above, STR("》")))))
            continue;
        basis_split(g, d, passage_join(g, from, i, rest, false));
        rest = STR("");
        from = i;
    }
}

/* 备注：…暂停…: the sentence that closes a matter. */
static bool
suspends(struct str s)
{
    return has(s, "暂停") && (has(s, "工作") || has(s, "受理") || has(s, "办理")) && count_cp(s) < 200 &&
           !has(s, "暂停参保") && !has(s, "暂停缴费");
}

/* Behind the steps, set off by a wider gap: no step, but what the bureau adds. */
static size_t
process_end(const struct guide *g, size_t from, size_t to)
{
    bool steps = false;
    for (size_t i = from; i < to; i++) {
        bool own = step(g->line[i].text);
        if (steps && !own && g->line[i].gap >= 3)
            return i;
        steps = steps || own;
    }
    return to;
}

/* The line of a caption whose words belong to the text, without its number. */
static struct str
whole_line(const struct guide *g, const struct caption *c)
{
    return c->number.shape ? c->number.rest : g->line[c->line].text;
}

static void
field_take(struct guide *g, struct draft *d, const struct caption *c, size_t end)
{
    size_t to = c->what == GUIDE_PROCESS ? process_end(g, c->line + 1, end) : end;
    bool whole = c->keep && c->rest.n && c->form != FORM_BRACKET && c->form != FORM_BLANK;
    struct passage p = passage_join(g, c->line + 1, to, whole ? whole_line(g, c) : c->rest, false);
    bool beside = c->rest.n && (c->form == FORM_BRACKET || c->form == FORM_BLANK);
    if (d->has[c->what] && d->m.field[c->what].text.n &&
        beside) /* a second caption of the same field keeps its words */
        p.text = str_fmt(g->a, "%.*s\n%.*s", STR_ARG(c->printed), STR_ARG(p.text));
    else if (d->has[c->what] && d->m.field[c->what].text.n && !whole && c->rest.n)
        p = passage_join(g, c->line + 1, to, whole_line(g, c), false);
    else if (d->has[c->what] && d->m.field[c->what].text.n && !whole)
        p.text = str_fmt(g->a, "%.*s\n%.*s", STR_ARG(whole_line(g, c)), STR_ARG(p.text));
    if (d->has[c->what] && !c->keep)
        told(g, "part-repeated", SEVERITY_WARN, d, what_name(c->what), g->line[c->line].no, c->printed,
             "核对是否印重了，删去多余的一段", "同一事项里“%.*s”印了不止一次", STR_ARG(c->printed));
    passage_add(g, &d->m.field[c->what], p);
    if (to < end) {
        struct passage more = passage_join(g, to, end, STR(""), false);
        if (has(more.text, "材料") && !d->m.field[GUIDE_MATERIALS].text.n)
            d->m.field[GUIDE_MATERIALS] = more;
        else
            other_add(g, d, STR("办理流程之后"), more);
    }
}

/* 长期居住人员备案(退休人员): whom the item is for, where the bundle tells its items apart by that. */
static struct str
persons_in_name(struct str name)
{
    static const char *const persons[] = {"人员", "职工", "居民", "单位", "机构"};
    bool half = str_ends(name, STR(")"));
    size_t at = str_find(name, half ? STR("(") : STR("（"));
    if (at == SIZE_MAX || (!half && !str_ends(name, STR("）"))))
        return STR("");
    size_t open = half ? 1 : 3;
    struct str inner = str_sub(name, at + open, name.n - at - 2 * open);
    for (size_t i = 0; i < sizeof persons / sizeof *persons; i++)
        if (str_ends(inner, str_c(persons[i])))
            return inner;
    return STR("");
}

/* The names of a bundle stand between the caption and the next; D has one line of them. */
static void
bundle_name(struct guide *g, struct draft *d)
{
    const struct guide_line *own = &g->line[d->own_line];
    struct caption c;
    struct str text = own->text;
    if (caption_read(g->a, text, &c) && c.what == WHAT_NAME)
        text = c.rest;
    struct number n = number_read(text);
    d->m.title_name = (struct passage){text, own->no, own->no};
    d->m.name = (struct passage){n.rest, own->no, own->no};
    d->m.field[GUIDE_SERVICE_OBJECT] = (struct passage){persons_in_name(n.rest), own->no, own->no};
    for (size_t i = d->bundle_from + 1; i < d->bundle_to; i++)
        g->line[i].use = LINE_FIELD;
}

static void
name_take(struct guide *g, struct draft *d, const struct caption *c, size_t end)
{
    if (c->ordinal.n && !d->m.number.text.n)
        d->m.number = (struct passage){c->ordinal, g->line[c->line].no, g->line[c->line].no};
    if (d->bundled) {
        bundle_name(g, d);
        return;
    }
    struct passage p = passage_join(g, c->line + 1, end, c->rest, true);
    struct str rest = p.text, first, line;
    if (str_split(&rest, '\n', &first)) {
        d->m.name = (struct passage){first, p.from, p.to};
        while (str_split(&rest, '\n', &line))
            other_add(g, d, STR("事项名称之后"), (struct passage){line, p.from, p.to});
    }
}

static void
notes_take(struct guide *g, struct draft *d, const struct caption *c, size_t end)
{
    struct passage p = passage_join(g, c->line + 1, end, c->rest, false);
    if (suspends(p.text) && !d->m.status_basis.text.n) {
        d->m.status_basis = p;
        told(g, "status-suspended", SEVERITY_WARN, d, "状态", p.from, p.text, "核对后保留或改回“开放”",
             "原文像是说本事项暂停，已写成 状态: 暂停");
        return;
    }
    notes_split(g, d, p);
}

/* 四、 behind 二、: the caption between is missing, or misnumbered. */
static void
caption_order(struct guide *g, struct draft *d, const struct caption *c, int *last)
{
    if (c->form != FORM_NUMBERED)
        return;
    if (*last && c->number.value != *last + 1)
        told(g, "number-break", SEVERITY_WARN, d, what_name(c->what), g->line[c->line].no, g->line[c->line].text,
             "核对是否漏了一栏或编号印错", "小标题的编号不连续：%d 之后是 %d", *last, c->number.value);
    *last = c->number.value;
}

static void
caption_told(struct guide *g, struct draft *d, const struct caption *c)
{
    int no = g->line[c->line].no;
    if (c->near)
        told(g, "caption-misprint", SEVERITY_WARN, d, what_name(c->what), no, c->printed, "核对原件后改正或照录",
             "小标题“%.*s”与常用的“%s”差一个字，按后者归类", STR_ARG(c->printed), what_name(c->what));
    if (c->slip)
        told(g, "caption-punctuation", SEVERITY_INFO, d, what_name(c->what), no, g->line[c->line].text, "核对原件",
             "小标题后印的是分号，按冒号归类");
    if (g->form == FORM_NUMBERED && c->form == FORM_BARE)
        told(g, "caption-number", SEVERITY_INFO, d, what_name(c->what), no, g->line[c->line].text, "核对原件",
             "小标题没有编号，同类小标题都有");
}

void
fields_read(struct guide *g, struct draft *d, size_t c_from, size_t c_to)
{
    int number = 0;
    bool told_before = d > g->drafts->d && d[-1].from == d->from; /* another item of the same bundle */
    for (size_t i = c_from; i < c_to; i++) {
        const struct caption *c = &g->caption[i];
        size_t end = i + 1 < c_to ? g->caption[i + 1].line : d->to;
        if (!told_before) {
            caption_told(g, d, c);
            caption_order(g, d, c, &number);
            if (!c->rest.n && end <= c->line + 1 && c->what != WHAT_CHART && c->form != FORM_BLANK)
                told(g, "caption-empty", SEVERITY_INFO, d, what_name(c->what), g->line[c->line].no, c->printed,
                     "对照原件，内容可能是图片或附表", "小标题“%.*s”后面没有文字", STR_ARG(c->printed));
        }
        struct passage p;
        switch (c->what) {
        case WHAT_NAME:
            name_take(g, d, c, end);
            break;
        case WHAT_NOTES:
            notes_take(g, d, c, end);
            break;
        case WHAT_CHART:
            d->m.caption = (struct passage){g->line[c->line].text, g->line[c->line].no, g->line[c->line].no};
            other_add(g, d, c->printed, passage_join(g, c->line + 1, end, STR(""), false));
            break;
        case WHAT_CODE:
            d->m.code = passage_join(g, c->line + 1, end, c->rest, true);
            break;
        case WHAT_UNIT:
            p = passage_join(g, c->line + 1, end, c->rest, false);
            passage_add(g, &d->m.unit, p);
            break;
        case WHAT_HANDLERS:
            d->handlers = passage_join(g, c->line + 1, end, c->rest, false);
            break;
        case WHAT_BASIS:
            basis_take(g, d, c, end);
            break;
        case WHAT_OTHER:
            other_add(g, d, c->printed, passage_join(g, c->line + 1, end, c->rest, false));
            break;
        default:
            field_take(g, d, c, end);
        }
        d->has[c->what] = true;
    }
    if (!d->has[WHAT_NAME]) {
        d->m.name = d->m.title;
        d->m.title = (struct passage){.text = STR("")};
    }
    if (d->before.text.n)
        other_add(g, d, STR("序号之前"), d->before);
    flow_read(g, d);
    d->m.where.from = g->line[d->from].no;
    d->m.where.to = g->line[d->to - 1].no;
}
