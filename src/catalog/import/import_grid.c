/* A table that kept its cells: columns apart by | or tabulators (or wide blanks), or a row's cells line under line in the order of the table's
** head. Two kinds: one matter a row, below a head of captions; and one matter a table, caption beside value. Called before the lines are read
** as a guide's (import.c); the flattened tables whose cells are torn are import_table.c's. */
#include "catalog/import/import_read_int.h"

enum {
    CELLS_MAX = 32,
    CELLS_MIN = 4,
    KEY_CP_MAX = 12,
    ROWS_MIN = 2,
    ROW_LINES_MAX = 64,
    HEADS_MAX = 16,
    COLUMN_NUMBER = -2,
    COLUMN_GROUP = -3
};

struct grid {
    size_t head, first, to; /* lines: the table's head, behind it, behind its rows */
    char sep;               /* 0: a cell a line */
    size_t n;               /* columns */
    struct str title[CELLS_MAX];
    int what[CELLS_MAX];
    bool keep[CELLS_MAX];
};

/* A separator at *POS, moved behind it; SEP ' ' stands for two blanks or more. */
static bool
separator(struct str s, size_t *pos, char sep)
{
    size_t i = *pos, n = 0;
    struct str rest = str_sub(s, i, s.n);
    if (sep != ' ') {
        n = s.p[i] == sep ? 1 : sep == '|' && str_starts(rest, STR("｜")) ? 3 : 0;
        *pos += n;
        return n > 0;
    }
    for (size_t step; i < s.n; i += step, n += step == 3 ? 2 : 1) {
        step = s.p[i] == ' ' ? 1 : str_starts(str_sub(s, i, 3), STR("　")) ? 3 : 0;
        if (!step)
            break;
    }
    *pos = n >= 2 ? i : *pos;
    return n >= 2;
}

/* The cells of S; the table's outer borders are none. */
static size_t
cells_split(struct str s, char sep, struct str cell[CELLS_MAX])
{
    size_t n = 0, from = 0, i = 0;
    if (sep == '|' && s.n && separator(s, &i, sep))
        from = i;
    for (i = from; i < s.n;) {
        size_t at = i;
        if (!separator(s, &i, sep)) {
            i++;
            continue;
        }
        if (n < CELLS_MAX)
            cell[n++] = trimmed(str_sub(s, from, at - from));
        from = i;
    }
    if ((from < s.n || sep != '|') && n < CELLS_MAX)
        cell[n++] = trimmed(str_sub(s, from, s.n - from));
    return n;
}

/* |---|---| */
static bool
border(struct str s)
{
    bool bar = false;
    for (size_t i = 0; i < s.n; i++) {
        bar = bar || s.p[i] == '|';
        if (s.p[i] != '|' && s.p[i] != '-' && s.p[i] != ':' && s.p[i] != '+' && s.p[i] != '=' && s.p[i] != ' ' &&
            s.p[i] != '\t')
            return false;
    }
    return bar;
}

/* --- caption beside value --- */

static bool
key_words(struct str s)
{
    bool words = false;
    if (count_cp(s) > KEY_CP_MAX || ends_sentence(s))
        return false;
    for (size_t i = 0; i < s.n;) {
        uint32_t cp = str_utf8_next(s, &i);
        words = words || is_cjk(cp);
        if (cp >= '0' && cp <= '9')
            return false;
    }
    return words;
}

/* 事项名称|…|事项编码|…: the line's separator, if its cells are captions and values in turn. Wide blanks also stand inside texts: there each
** caption must be a known one. */
static bool
beside(struct guide *g, struct str s, char *ret_sep, struct str cell[CELLS_MAX], size_t *ret_n)
{
    static const char seps[] = {'|', '\t', ' '};
    for (size_t k = 0; k < sizeof seps; k++) {
        size_t n = cells_split(s, seps[k], cell), known = 0, heads = 0;
        while (n > 2 && !cell[n - 1].n) /* borders of empty cells */
            n--;
        struct caption c;
        bool bad = false;
        for (size_t i = 0; i < n && !bad; i += 2) {
            bool is = key_words(cell[i]) && caption_read(g->a, cell[i], &c) && c.form == FORM_BARE && !c.near;
            bad = bad || (!is && (i == 0 || seps[k] == ' ' || !key_words(cell[i])));
            known += is;
            if (i + 1 < n && key_words(cell[i + 1]) && caption_read(g->a, cell[i + 1], &c) && c.form == FORM_BARE &&
                !c.near)
                heads++;
        }
        if (heads > 1 && heads * 4 >= n) /* a head of columns */
            continue;
        if (n >= 2 && known && !bad) {
            *ret_sep = seps[k];
            *ret_n = n;
            return n % 2 == 0 || n == 1;
        }
    }
    return false;
}

/* What a portal prints above its tables. */
static bool
section_mark(struct str s)
{
    static const char *const marks[] = {"基本信息", "办事信息", "事项信息", "基本要素", "办理信息"};
    for (size_t i = 0; s.n <= 24 && i < sizeof marks / sizeof *marks; i++)
        if (str_eqz(s, marks[i]))
            return true;
    return false;
}

/* — 3 —, - 3 -, 第3页 共9页 */
static bool
page_mark(struct str s)
{
    size_t digits = 0, dashes = 0;
    if (s.n > 40)
        return false;
    for (size_t i = 0; i < s.n;) {
        uint32_t cp = str_utf8_next(s, &i);
        bool digit = cp >= '0' && cp <= '9',
             dash = cp == '-' || cp == 0x2013 || cp == 0x2014 || cp == 0x2500 || cp == 0xff0d;
        digits += digit;
        dashes += dash;
        if (!digit && !dash && cp != ' ' && cp != '/' && cp != 0x3000 && cp != 0x7b2c && cp != 0x9875 && cp != 0x5171)
            return false;
    }
    bool page = str_starts(s, STR("第")) && has(s, "页");
    uint32_t first = first_cp(s), last = last_cp(s);
    return digits > 0 && digits < 9 &&
           (page || (dashes > 1 && !(first >= '0' && first <= '9') && !(last >= '0' && last <= '9')));
}

/* The marks of a text that was marked up: ## before a heading, ** around words. */
static struct str
without_markup(struct arena *a, struct str s)
{
    size_t n = 0;
    while (n < s.n && n < 7 && s.p[n] == '#')
        n++;
    if (n > 0 && n < 7 && n < s.n && s.p[n] == ' ')
        s = trimmed(str_sub(s, n, s.n));
    if (str_find(s, STR("**")) == SIZE_MAX)
        return s;
    struct buf b;
    buf_init(&b, a, s.n);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '*' && i + 1 < s.n && s.p[i + 1] == '*')
            i++;
        else
            buf_byte(&b, s.p[i]);
    struct str out = trimmed(buf_str(&b));
    return out.n ? out : s;
}

/* Lines of several captions are made several, each with one; borders go. Every line keeps the number it has in the file. */
void
grid_lines(struct guide *g)
{
    struct guide_line *out = NULL;
    size_t n = 0, room = 0;
    struct str cell[CELLS_MAX];
    SCOPED_ARENA scratch = arena_new(0);
    struct arena *own = g->a;
    bool any = false;
    for (size_t i = 0; i < g->n; i++)
        any = any || section_mark(g->line[i].text) || page_mark(g->line[i].text) || g->line[i].text.p[0] == '#' ||
              str_find(g->line[i].text, STR("**")) != SIZE_MAX || str_find(g->line[i].text, STR("|")) != SIZE_MAX ||
              str_find(g->line[i].text, STR("｜")) != SIZE_MAX || str_find(g->line[i].text, STR("\t")) != SIZE_MAX ||
              str_find(g->line[i].text, STR("  ")) != SIZE_MAX || str_find(g->line[i].text, STR("　")) != SIZE_MAX;
    if (!any)
        return;
    room = g->n;
    for (size_t i = 0; i < g->n; i++)
        room += g->line[i].text.n / 4 < CELLS_MAX / 2 ? g->line[i].text.n / 4 : CELLS_MAX / 2;
    out = ARENA_ARRAY(own, room, struct guide_line);
    for (size_t i = 0; i < g->n; i++) {
        struct guide_line l = g->line[i];
        size_t cells = 0;
        char sep;
        l.text = without_markup(own, l.text);
        if (page_mark(l.text)) {
            told(g, "page-mark", SEVERITY_INFO, NULL, "", l.no, l.text, "不用处理", "页码，没有写进目录");
            continue;
        }
        if (section_mark(l.text))
            told(g, "section-mark", SEVERITY_INFO, NULL, "", l.no, l.text, "不用处理", "网页分栏的标题，没有写进目录");
        if (border(l.text) || section_mark(l.text))
            continue;
        arena_reset(scratch);
        g->a = scratch;
        bool pairs = beside(g, l.text, &sep, cell, &cells);
        g->a = own;
        if (!pairs) {
            size_t k = cells_split(l.text, '|', cell);
            if (k == 1 && cell[0].n)
                l.text = cell[0]; /* a border at its end or beginning */
            else if (k == 2 && !cell[0].n && cell[1].n)
                l.text = cell[1]; /* goes on with the value above */
            out[n++] = l;
            continue;
        }
        for (size_t k = 0; k < cells; k += 2) {
            struct str key = cell[k], value = cell[k + 1];
            l.text = value.n ? str_fmt(own, "%.*s\t%.*s", STR_ARG(key), STR_ARG(value)) : key;
            out[n++] = l;
            l.gap = 0;
        }
    }
    if (n == 0)
        return;
    g->line = out;
    g->n = n;
}

/* --- a matter a row --- */

/* What a column of the head holds; false: the cell is no caption. */
static bool
column(struct guide *g, struct grid *t, size_t at, struct str s)
{
    static const char *const names[] = {"事项", "子项", "子项名称", "业务名称", "经办业务", "服务项目", "名称"};
    static const char *const groups[] = {"主项", "主项名称", "类别", "事项类别", "业务类别", "大项"};
    struct caption c;
    struct str w = squeezed(g->a, s);
    t->title[at] = s;
    t->what[at] = WHAT_OTHER;
    t->keep[at] = false;
    if (str_eqz(w, "序号") || str_eqz(w, "编号")) {
        t->what[at] = COLUMN_NUMBER;
        return true;
    }
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (str_eqz(w, groups[i])) {
            t->what[at] = COLUMN_GROUP;
            return true;
        }
    if (str_eqz(w, "编码")) {
        t->what[at] = WHAT_CODE;
        return true;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eqz(w, names[i])) {
            t->what[at] = WHAT_NAME;
            return true;
        }
    if (!caption_read(g->a, s, &c) || c.form != FORM_BARE || c.near)
        return false;
    t->what[at] = c.what;
    return true;
}

/* A table's head in CELL: a name, and at least three columns that are known. */
static bool
head_is(struct guide *g, struct grid *t, const struct str *cell, size_t n)
{
    size_t known = 0, names = 0;
    if (n < CELLS_MIN)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (count_cp(cell[i]) > KEY_CP_MAX || !cell[i].n)
            return false;
        known += column(g, t, i, cell[i]);
        names += t->what[i] == WHAT_NAME;
    }
    t->n = n;
    return names == 1 && known >= CELLS_MIN && known * 2 > n;
}

static bool
ordinal_is(struct str s, size_t expected)
{
    int64_t v;
    struct number n = number_read(s);
    return n.shape ? n.value == (int)expected && !n.rest.n : str_int(s, &v) && v == (int64_t)expected;
}

/* The head's cells line under line: rows are only believed where each is exactly as long as the head. */
static bool
lines_head(struct guide *g, struct part part, size_t at, struct grid *t)
{
    struct str cell[CELLS_MAX];
    size_t n = 0, rows = 0;
    while (at + n < part.to && n < CELLS_MAX && !ordinal_is(g->line[at + n].text, 1))
        n++;
    if (n == CELLS_MAX || at + n >= part.to)
        return false;
    for (size_t i = 0; i < n; i++)
        cell[i] = g->line[at + i].text;
    if (!head_is(g, t, cell, n))
        return false;
    size_t i = at + n;
    for (; i + n <= part.to && ordinal_is(g->line[i].text, rows + 1); i += n)
        rows++;
    if (rows < ROWS_MIN)
        return false;
    for (size_t k = i; k < part.to; k++) /* a row that does not fit would be lost */
        if (ordinal_is(g->line[k].text, rows + 1))
            return false;
    t->head = at;
    t->first = at + n;
    t->to = i;
    t->sep = 0;
    return rows >= ROWS_MIN;
}

static bool
grid_find(struct guide *g, struct part part, struct grid *t)
{
    static const char seps[] = {'|', '\t', ' '};
    struct str cell[CELLS_MAX];
    int heads = 0;
    for (size_t i = part.from; i < part.to; i++) {
        if (heads < HEADS_MAX && str_eqz(squeezed(g->a, g->line[i].text), "序号") && ++heads &&
            lines_head(g, part, i, t))
            return true;
        for (size_t k = 0; k < sizeof seps; k++) {
            size_t n = cells_split(g->line[i].text, seps[k], cell);
            if (!head_is(g, t, cell, n))
                continue;
            t->head = i;
            t->first = i + 1;
            t->to = part.to;
            t->sep = seps[k];
            return true;
        }
    }
    return false;
}

static bool
group_heading(struct str s)
{
    struct number n = number_read(s);
    return n.shape && n.chinese && count_cp(s) <= 30 && !ends_sentence(s);
}

/* Lines without cells from I on that another row follows; gives the line behind them. */
static size_t
last_cell(struct guide *g, const struct grid *t, size_t i, struct str *cell)
{
    struct str more[CELLS_MAX];
    size_t to = i;
    while (to < t->to && to - i < ROW_LINES_MAX && cells_split(g->line[to].text, t->sep, more) == 1 &&
           !group_heading(g->line[to].text))
        to++;
    if (to == t->to || to - i == ROW_LINES_MAX)
        return i;
    for (; i < to; i++)
        *cell = str_fmt(g->a, "%.*s%s%.*s", STR_ARG(*cell), cell->n ? "\n" : "", STR_ARG(g->line[i].text));
    return to;
}

/* Rows without number and name carry on with the cells of the row above. */
static size_t
more_rows(struct guide *g, const struct grid *t, size_t i, struct str cell[CELLS_MAX])
{
    struct str more[CELLS_MAX];
    for (size_t lines = 0; i < t->to && lines < ROW_LINES_MAX; i++, lines++) {
        if (cells_split(g->line[i].text, t->sep, more) != t->n)
            return i;
        for (size_t k = 0; k < t->n; k++)
            if (more[k].n && (t->what[k] == COLUMN_NUMBER || t->what[k] == COLUMN_GROUP || t->what[k] == WHAT_NAME))
                return i;
        for (size_t k = 0; k < t->n; k++)
            if (more[k].n)
                cell[k] = str_fmt(g->a, "%.*s%s%.*s", STR_ARG(cell[k]), cell[k].n ? "\n" : "", STR_ARG(more[k]));
    }
    return i;
}

/* The next row from *LINE on: its cells, one of them perhaps over several lines. False: LINE begins none. */
static bool
row_cells(struct guide *g, const struct grid *t, size_t *line, size_t rows, struct str cell[CELLS_MAX],
          size_t *ret_last)
{
    size_t i = *line, n = 0;
    if (t->sep == 0) {
        for (size_t k = 0; k < t->n; k++)
            cell[k] = g->line[i + k].text;
        *ret_last = i + t->n - 1;
        return true;
    }
    for (size_t lines = 0; i < t->to && n < t->n && lines < ROW_LINES_MAX; i++, lines++) {
        struct str more[CELLS_MAX];
        size_t k = cells_split(g->line[i].text, t->sep, more);
        if (lines == 0 && (k < 2 || (t->what[0] == COLUMN_NUMBER && more[0].n && !ordinal_is(more[0], rows + 1) &&
                                     !number_read(more[0]).shape && !(more[0].p[0] >= '0' && more[0].p[0] <= '9'))))
            return false;
        if (n + k - (n > 0) > t->n)
            return false;
        for (size_t c = 0; c < k; c++)
            if (n > 0 && c == 0)
                cell[n - 1] =
                    str_fmt(g->a, "%.*s%s%.*s", STR_ARG(cell[n - 1]), cell[n - 1].n ? "\n" : "", STR_ARG(more[0]));
            else
                cell[n++] = more[c];
    }
    if (n == t->n) { /* the last cell goes on until the next row */
        i = last_cell(g, t, i, &cell[n - 1]);
        i = more_rows(g, t, i, cell);
    }
    *ret_last = i - 1;
    return n == t->n;
}

static void
row_matter(struct guide *g, const struct grid *t, const struct str *cell, size_t from, size_t last,
           struct passage *group, struct draft *d)
{
    struct caption *c = ARENA_ARRAY(g->a, t->n, struct caption);
    size_t n = 0;
    int no = g->line[from].no;
    d->from = from;
    d->to = last + 1;
    for (size_t i = from; i <= last; i++)
        g->line[i].use = LINE_FIELD;
    for (size_t i = 0; i < t->n; i++) {
        struct str s = cell[i];
        if (t->what[i] == COLUMN_NUMBER)
            d->m.number = (struct passage){.text = s, .from = no, .to = no};
        else if (t->what[i] == COLUMN_GROUP && s.n)
            *group = (struct passage){.text = s, .from = no, .to = no};
        if (t->what[i] < 0 || !s.n)
            continue;
        c[n++] =
            (struct caption){.line = last, .what = t->what[i], .form = FORM_BLANK, .printed = t->title[i], .rest = s};
    }
    d->m.group = *group;
    g->caption = c;
    g->caption_count = n;
    g->form = FORM_BLANK;
    fields_read(g, d, 0, n);
}

enum err
grid_read(struct guide *g, struct part part, struct drafts *ds, bool *ret_found)
{
    struct grid t;
    struct passage group = {.text = STR("")};
    struct str cell[CELLS_MAX];
    size_t rows = 0, end = part.from, before = ds->n;
    *ret_found = false;
    if (!grid_find(g, part, &t))
        return OK;
    for (size_t i = t.first, last; i < t.to;) {
        struct str *line = &g->line[i].text;
        if (t.sep && str_eq(*line, g->line[t.head].text)) { /* the head again, on the next page */
            g->line[i++].use = LINE_CAPTION;
        } else if (row_cells(g, &t, &i, rows, cell, &last)) {
            if (ds->n - before >= IMPORT_MATTERS_MAX || g->copied > COPIED_MAX)
                FAIL(g->ctx, ERR_CATALOG, "事项超过 %d 个，请分开导入", IMPORT_MATTERS_MAX);
            struct draft *d = draft_new(g, ds);
            d->part = part.label;
            row_matter(g, &t, cell, i, last, &group, d);
            for (size_t k = 0; k < t.n; k++)
                g->copied += cell[k].n;
            rows++;
            i = end = last + 1;
        } else if (group_heading(*line)) {
            group = (struct passage){.text = *line, .from = g->line[i].no, .to = g->line[i].no};
            g->line[i++].use = LINE_TITLE;
        } else {
            i++; /* free: told, or the tail */
        }
    }
    if (rows < ROWS_MIN) {
        ds->n = before;
        for (size_t i = part.from; i < part.to; i++)
            g->line[i].use = LINE_FREE;
        return OK;
    }
    for (size_t i = part.from; i < t.first; i++)
        g->line[i].use = i < t.head ? LINE_HEAD : LINE_CAPTION;
    for (size_t i = end; i < part.to; i++)
        if (g->line[i].use == LINE_FREE)
            g->line[i].use = LINE_TAIL;
    *ret_found = true;
    return OK;
}
