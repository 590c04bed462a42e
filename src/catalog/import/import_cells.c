/* The cells of a flattened table: each line to the item it continues, each item to the row of numbers (materials, notes, laws) that expects
** it. A cell printed once for several rows is read as theirs in common and said to be so. */
#include <string.h>

#include "catalog/import/import_table_int.h"

enum { ITEMS_MAX = 4096, LAWS_MAX = 64, NO_MORE = 99 };

enum item_kind { ITEM_MATERIAL, ITEM_NOTE, ITEM_BASIS };
struct item {
    enum item_kind kind;
    size_t row, row_to; /* a law's cell may reach over several rows */
    int value;          /* printed number; 0: none */
    size_t cell;        /* laws: which cell */
    struct buf text;
    int from, to; /* lines of the file */
    size_t line, line_to;
};
struct cells {
    struct table *t;
    struct guide *g;
    struct item *item;
    size_t n;
    size_t *item_of; /* by line of the part: 1 + its item */
    size_t cell_count;
    struct item *last, *law;
    size_t row;      /* current, SIZE_MAX before the first */
    bool early;      /* behind a page's head, before the next ordinal */
    int (*next)[2];  /* by row: the number of its last material and note; NO_MORE: an unnumbered note */
    size_t *note_of; /* by row: 1 + its last note's item */
    size_t stop;     /* the first line behind those looked at that is a limit or numbered (early_goes_on) */
};

static struct str
item_text(const struct item *x)
{
    return (struct str){x->text.p, x->text.n};
}

static bool
only_of(struct str s, const char *set)
{
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        (void)str_utf8_next(s, &i);
        if (str_find(str_c(set), str_sub(s, from, i - from)) == SIZE_MAX)
            return false;
    }
    return s.n > 0;
}

static bool
limit_words(struct str s)
{
    static const char *const starts[] = {"即时", "不超过", "当场", "随时", "医院办", "限时"};
    if (count_cp(s) > 18 || s.n == 0)
        return false;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (str_starts(s, str_c(starts[i])))
            return true;
    return s.p[0] >= '0' && s.p[0] <= '9' && (str_ends(s, STR("工作日")) || str_ends(s, STR("个月")));
}

static bool
step_words(struct str s)
{
    return count_cp(s) >= 2 && only_of(s, "申请受理初审核复批公示拨付办结送达—一-－–→、") && !str_eqz(s, "审核");
}

/* A law, a notice, a rule of procedure, not a form in title marks. NEXT: the line below, as long lines are torn. */
static bool
law_words(struct str s, struct str next)
{
    static const char *const words[] = {"法》", "条例", "办法", "规定", "通知", "意见", "令第", "细则", "规程", "〔"};
    if (str_starts(s, STR("关于")))
        return true;
    if (!str_starts(s, STR("《")) && !str_starts(s, STR("<")))
        return false;
    if (has(s, "表》") || has(s, "申请书"))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (has(s, words[i]) || (!has(s, "》") && has(next, words[i])))
            return true;
    return has(s, "关于");
}

/* (主席令第35号)第二十五条: what only a law goes on with. */
static bool
law_tail(struct str s)
{
    return (str_starts(s, STR("(")) || str_starts(s, STR("（"))) && (has(s, "令") || has(s, "〔")) && has(s, "号");
}

static bool
closes_first(struct str s)
{
    for (size_t i = 0; i < s.n;) {
        uint32_t cp = str_utf8_next(s, &i);
        if (cp == '(' || cp == 0xff08 || cp == 0x300a)
            return false;
        if (cp == ')' || cp == 0xff09 || cp == 0x300b)
            return true;
    }
    return false;
}

static void
touch(struct cells *c, struct item *x, size_t line)
{
    x->to = c->g->line[line].no;
    c->item_of[line - c->t->part.from] = (size_t)(x - c->item) + 1;
    x->line_to = line;
    c->g->line[line].use = LINE_FIELD;
    c->last = x;
    if (x->kind == ITEM_BASIS) {
        c->law = x;
        if (c->row != SIZE_MAX && c->row > x->row_to)
            x->row_to = c->row;
    }
}

static void
item_new(struct cells *c, enum item_kind kind, size_t row, int value, size_t line)
{
    if (c->n == ITEMS_MAX)
        return; /* the line stays free and is told */
    struct item *x = &c->item[c->n++];
    *x = (struct item){
        .kind = kind, .row = row, .row_to = row, .value = value, .from = c->g->line[line].no, .line = line};
    buf_init(&x->text, c->g->a, 128);
    buf_add(&x->text, c->g->line[line].text);
    if (kind == ITEM_NOTE)
        c->note_of[row] = c->n;
    if (kind != ITEM_BASIS)
        c->next[row][kind] = value ? value : kind == ITEM_NOTE ? NO_MORE : c->next[row][kind];
    touch(c, x, line);
}

static void
item_more(struct cells *c, struct item *x, size_t line)
{
    struct str s = c->g->line[line].text;
    uint32_t first = first_cp(s);
    if (x->kind == ITEM_MATERIAL && first >= 0x2460 && first <= 0x2473)
        buf_byte(&x->text, '\n');
    buf_add(&x->text, s);
    touch(c, x, line);
}

/* The materials read early for ROW are its notes after all: its materials begin only now. */
static void
early_were_notes(struct cells *c, size_t row)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->item[i].row == row && c->item[i].kind != ITEM_BASIS) {
            c->item[i].kind = ITEM_NOTE;
            c->note_of[row] = i + 1;
        }
    c->next[row][ITEM_NOTE] = c->next[row][ITEM_MATERIAL];
    c->next[row][ITEM_MATERIAL] = 0;
}

static struct row *
row_at(struct cells *c, size_t row)
{
    return &c->t->row[row];
}

/* --- lines --- */

static void
law_line(struct cells *c, size_t row, int value, size_t line)
{
    const struct item *x = c->law;
    bool goes_on = x && value > 1 && x->value == value - 1;
    size_t cell = goes_on ? x->cell : ++c->cell_count, cell_row = goes_on ? x->row : row, had = c->n;
    item_new(c, ITEM_BASIS, cell_row, value, line);
    if (c->n > had)
        c->item[had].cell = cell;
    if (c->law && c->law->row_to < row)
        c->law->row_to = row;
}

/* All items of a law's cell reach over the same rows. */
static void
level_laws(struct cells *c)
{
    size_t *to = ARENA_ARRAY(c->g->a, c->cell_count + 1, size_t);
    for (size_t i = 0; i < c->n; i++)
        if (c->item[i].row_to > to[c->item[i].cell])
            to[c->item[i].cell] = c->item[i].row_to;
    for (size_t i = 0; i < c->n; i++)
        if (c->item[i].kind == ITEM_BASIS)
            c->item[i].row_to = to[c->item[i].cell];
}

static bool
expects(const struct cells *c, const struct item *x, int value)
{
    return x && x->kind != ITEM_BASIS && x->value && c->next[x->row][x->kind] == value - 1;
}

static void
numbered_line(struct cells *c, const struct number *n, size_t line)
{
    size_t row = c->row == SIZE_MAX ? 0 : c->row, next = row + 1 < c->t->row_count ? row + 1 : row;
    struct row *r = row_at(c, row);
    if (c->row == SIZE_MAX || c->early) {
        size_t at = c->row == SIZE_MAX ? 0 : next;
        if (n->value == 1 && c->next[at][ITEM_MATERIAL])
            early_were_notes(c, at);
        item_new(c, ITEM_MATERIAL, at, n->value, line);
    } else if (!r->limit.text.n) {
        if (n->value == 1 && c->next[row][ITEM_MATERIAL])
            early_were_notes(c, row);
        item_new(c, ITEM_MATERIAL, row, n->value, line);
    } else if (n->value > 1 && expects(c, c->last, n->value)) {
        item_new(c, c->last->kind, c->last->row, n->value, line);
    } else if (c->next[row][ITEM_NOTE] == n->value - 1) {
        item_new(c, ITEM_NOTE, row, n->value, line);
    } else if (n->value > 1 && c->next[row][ITEM_MATERIAL] == n->value - 1) {
        item_new(c, ITEM_MATERIAL, row, n->value, line);
    } else if (n->value == 1 && next != row) {
        if (c->next[next][ITEM_MATERIAL])
            early_were_notes(c, next);
        item_new(c, ITEM_MATERIAL, next, 1, line);
    } else if (n->value > 1 && c->next[next][ITEM_MATERIAL] == n->value - 1) {
        item_new(c, ITEM_MATERIAL, next, n->value, line);
    } else {
        item_new(c, ITEM_NOTE, row, n->value, line);
    }
}

static struct item *
open_note(struct cells *c, size_t row)
{
    return c->note_of[row] ? &c->item[c->note_of[row] - 1] : NULL;
}

/* The materials read early for ROW go on behind its code: the next number of theirs comes before the limit. */
static struct item *
early_goes_on(struct cells *c, size_t row, size_t line)
{
    const struct table *t = c->t;
    size_t end = row + 1 < t->row_count ? t->row[row + 1].line : t->part.to, k = c->n;
    while (k-- > 0 && (c->item[k].row != row || c->item[k].kind != ITEM_MATERIAL))
        ;
    if (k >= c->n)
        return NULL;
    size_t i = c->stop > line ? c->stop : line + 1; /* no line is looked at twice */
    for (; i < end; i++) {
        struct number n = number_read(c->g->line[i].text);
        if (limit_words(c->g->line[i].text) || (n.shape == NUMBER_DOT && !n.chinese))
            break;
    }
    c->stop = i;
    if (i >= end || limit_words(c->g->line[i].text))
        return NULL;
    return number_read(c->g->line[i].text).value == c->next[row][ITEM_MATERIAL] + 1 ? &c->item[k] : NULL;
}

static void
plain_line(struct cells *c, size_t line)
{
    struct str s = c->g->line[line].text;
    size_t row = c->row == SIZE_MAX ? 0 : c->row;
    struct row *r = row_at(c, row);
    struct item *last = c->last;
    if (c->law && (law_tail(s) || (open_bracket(item_text(c->law)) && closes_first(s)))) {
        item_more(c, c->law, line);
        return;
    }
    if ((c->row == SIZE_MAX || c->early) && last && last->row == (c->row == SIZE_MAX ? 0 : row + 1)) {
        item_more(c, last, line);
        return;
    }
    if (!r->limit.text.n && !c->early) {
        bool own = last && last->row == row && last->kind == ITEM_MATERIAL && last->line > r->code_line;
        struct item *early = own ? last : early_goes_on(c, row, line);
        if (early)
            item_more(c, early, line);
        else {
            if (c->next[row][ITEM_MATERIAL])
                early_were_notes(c, row);
            item_new(c, ITEM_MATERIAL, row, 0, line);
        }
        return;
    }
    struct item *note = open_note(c, row);
    if (last && (last->row == row || last->kind == ITEM_BASIS || last->row == row + 1) &&
        (last->kind != ITEM_MATERIAL || last->line > r->limit_line))
        item_more(c, last, line);
    else if (note)
        item_more(c, note, line);
    else
        item_new(c, ITEM_NOTE, row, 0, line);
}

/* The limit or the stages of the current row; of the next when this one has its own. */
static bool
short_cell(struct cells *c, size_t line)
{
    struct str s = c->g->line[line].text;
    size_t row = c->row == SIZE_MAX ? 0 : c->row;
    struct row *r = row_at(c, row), *next = row_at(c, row + 1 < c->t->row_count ? row + 1 : row);
    struct passage p = {s, c->g->line[line].no, c->g->line[line].no};
    for (int k = 0; k < 2; k++) {
        struct row *x = k ? next : r;
        bool half = x->limit.text.n && str_starts(x->limit.text, STR("不超过")) && !has(x->limit.text, "日");
        if (half && (str_eqz(s, "工作日") || str_eqz(s, "个工作日") || str_eqz(s, "日"))) {
            x->limit.text = str_concat(c->g->a, x->limit.text, s);
            c->t->owner[line - c->t->part.from] = (size_t)(x - c->t->row) + 1;
            return true;
        }
        if (limit_words(s) && !x->limit.text.n) {
            x->limit = p;
            x->limit_line = line;
            c->t->owner[line - c->t->part.from] = (size_t)(x - c->t->row) + 1;
            return true;
        }
        if (step_words(s) && x->limit.text.n && !str_ends(x->steps.text, STR("办结"))) {
            x->steps.text = x->steps.text.n ? str_concat(c->g->a, x->steps.text, s) : s;
            x->steps.from = x->steps.from ? x->steps.from : p.from;
            x->steps.to = p.to;
            c->t->owner[line - c->t->part.from] = (size_t)(x - c->t->row) + 1;
            return true;
        }
    }
    return false;
}

static void
read_line(struct cells *c, size_t i)
{
    struct guide *g = c->g;
    struct table *t = c->t;
    struct str s = g->line[i].text;
    if (t->page[i - t->part.from])
        c->early = true;
    size_t next = c->row == SIZE_MAX ? 0 : c->row + 1;
    if (next < t->row_count && t->row[next].line == i) {
        c->row = next;
        c->early = false;
        g->line[i].use = LINE_TITLE;
        t->owner[i - t->part.from] = next + 1;
        return;
    }
    if (t->claimed[i - t->part.from])
        return;
    if (c->row != SIZE_MAX && t->row[c->row].code_line == i) {
        g->line[i].use = LINE_FIELD;
        t->owner[i - t->part.from] = c->row + 1;
        return;
    }
    bool last_row = c->row == t->row_count - 1 && t->row[c->row].limit.text.n;
    if (last_row && (str_starts(s, STR("说明")) || str_starts(s, STR("注:")) || str_starts(s, STR("注：")))) {
        g->line[i].use = LINE_TAIL;
        return;
    }
    if (short_cell(c, i)) {
        g->line[i].use = LINE_FIELD;
        return;
    }
    struct number n = number_read(s);
    struct str below = i + 1 < t->part.to ? g->line[i + 1].text : STR("");
    bool numbered = n.shape == NUMBER_DOT && !n.chinese, after = c->row != SIZE_MAX && t->row[c->row].limit.text.n;
    bool next_law = numbered && c->law && c->law->value && n.value == c->law->value + 1 &&
                    str_starts(n.rest, STR("《")) && after && open_bracket(n.rest);
    if ((law_words(numbered ? n.rest : s, below) && (after || numbered)) || next_law)
        law_line(c, c->row == SIZE_MAX ? 0 : c->row + (c->early && c->row + 1 < t->row_count), numbered ? n.value : 0,
                 i);
    else if (numbered)
        numbered_line(c, &n, i);
    else
        plain_line(c, i);
}

/* --- cells to rows --- */

static void
own_range(struct row *r, const struct item *x)
{
    r->first = x->line < r->first ? x->line : r->first;
    r->last = x->line_to > r->last ? x->line_to : r->last;
}

static void
collect(struct cells *c, size_t row)
{
    struct guide *g = c->g;
    struct row *r = row_at(c, row);
    size_t laws = 0, notes = 0;
    for (size_t i = 0; i < c->n; i++) {
        laws += c->item[i].kind == ITEM_BASIS && row >= c->item[i].row && row <= c->item[i].row_to;
        notes += c->item[i].kind == ITEM_NOTE && c->item[i].row == row;
    }
    r->basis = ARENA_ARRAY(g->a, laws < LAWS_MAX ? laws : LAWS_MAX, struct passage);
    r->note = ARENA_ARRAY(g->a, notes, struct passage);
    for (size_t i = 0; i < c->n; i++) {
        struct item *x = &c->item[i];
        struct passage p = {buf_str(&x->text), x->from, x->to};
        if (x->kind == ITEM_BASIS && row >= x->row && row <= x->row_to) {
            if (r->basis_count == LAWS_MAX)
                passage_add(g, &r->basis[LAWS_MAX - 1], p);
            else
                r->basis[r->basis_count++] = p;
            if (x->row == row && x->row_to == row)
                own_range(r, x);
        } else if (x->row == row && x->kind == ITEM_NOTE) {
            r->note[r->note_count++] = p;
            own_range(r, x);
        } else if (x->row == row && x->kind == ITEM_MATERIAL) {
            passage_add(g, &r->materials, p);
            own_range(r, x);
        }
    }
    if (r->code_line > r->last)
        r->last = r->code_line;
    for (size_t i = r->last + 1; i < c->t->part.to; i++)
        if (g->line[i].no == r->limit.from || g->line[i].no == r->steps.to)
            r->last = i;
}

bool
same_group(const struct row *x, const struct row *y)
{
    return x->code.text.n >= 9 && str_eq(str_sub(x->code.text, 0, 9), str_sub(y->code.text, 0, 9));
}

/* The nearest row of the group that has what ROW lacks, the earlier first. */
static const struct row *
lender(const struct table *t, size_t row, int what)
{
    for (size_t away = 1; away < t->row_count; away++)
        for (int side = 0; side < 2; side++) {
            if (side == 0 ? away > row : row + away >= t->row_count)
                continue;
            const struct row *x = &t->row[side == 0 ? row - away : row + away];
            size_t have = what == ITEM_BASIS ? x->basis_count : what == ITEM_NOTE ? x->note_count : x->materials.text.n;
            if (same_group(x, &t->row[row]) && have && !x->borrowed[what])
                return x;
        }
    return NULL;
}

static bool
has_item(const struct item *x, size_t row)
{
    return x->kind == ITEM_BASIS ? row >= x->row && row <= x->row_to : x->row == row;
}

enum line_class { CLASS_FOREIGN, CLASS_NEUTRAL, CLASS_OWN, CLASS_SHARED };

/* Line I seen from ROW: its own, of a cell it shares, a group's heading, or another's. */
static enum line_class
class_of(const struct cells *c, size_t i, size_t row)
{
    const struct table *t = c->t;
    const struct row *r = &t->row[row];
    size_t at = i - t->part.from, end = row + 1 < t->row_count ? t->row[row + 1].line : t->part.to;
    if (t->owner[at])
        return t->owner[at] == row + 1 ? CLASS_OWN : CLASS_FOREIGN;
    if (!c->item_of[at])
        return t->heading[at] && same_group(&t->row[t->heading[at] - 1], r) ? CLASS_NEUTRAL : CLASS_FOREIGN;
    const struct item *x = &c->item[c->item_of[at] - 1];
    bool inside = i > r->line && i < end, lent = r->lender[x->kind] && has_item(x, r->lender[x->kind] - 1);
    if (!lent && !has_item(x, row))
        return CLASS_FOREIGN;
    return inside || (x->row == row && x->kind != ITEM_BASIS && !lent) ? CLASS_OWN : CLASS_SHARED;
}

static void
segments(const struct cells *c, const unsigned char *class, enum line_class wanted, struct buf *out)
{
    const struct table *t = c->t;
    const struct guide *g = c->g;
    for (size_t i = t->part.from; i < t->part.to; i++) {
        if (class[i - t->part.from] != wanted)
            continue;
        size_t from = i, to = i;
        while (wanted == CLASS_OWN && from > t->part.from && class[from - 1 - t->part.from] == CLASS_NEUTRAL)
            from--;
        while (to + 1 < t->part.to) {
            unsigned char next = class[to + 1 - t->part.from];
            if (next != wanted && (next != CLASS_NEUTRAL || wanted != CLASS_OWN))
                break;
            to++;
        }
        buf_fmt(out, "%s%.*s%s行%d", out->n ? "、" : "", STR_ARG(t->part.label), t->part.label.n ? " " : "",
                g->line[from].no);
        if (to > from)
            buf_fmt(out, "-%d", g->line[to].no);
        i = to;
    }
}

static void
borrow(struct table *t, size_t row)
{
    static const char *const names[] = {"办理材料", "注意事项", "设定依据"};
    struct guide *g = t->g;
    struct row *r = &t->row[row];
    for (int what = ITEM_MATERIAL; what <= ITEM_BASIS; what++) {
        size_t have = what == ITEM_BASIS ? r->basis_count : what == ITEM_NOTE ? r->note_count : r->materials.text.n;
        const struct row *x = have ? NULL : lender(t, row, what);
        if (!x)
            continue;
        r->borrowed[what] = true;
        r->lender[what] = (size_t)(x - t->row) + 1;
        if (what == ITEM_BASIS) {
            r->basis = x->basis;
            r->basis_count = x->basis_count;
        } else if (what == ITEM_NOTE) {
            r->note = x->note;
            r->note_count = x->note_count;
        } else {
            r->materials = x->materials;
        }
        told(g, "merged-cell", SEVERITY_INFO, NULL, names[what], r->ordinal.from, r->name.text,
             "对照原表核对合并单元格", "第 %.*s 项没有单独印“%s”，读作与第 %.*s 项合用一格", STR_ARG(r->ordinal.text),
             names[what], STR_ARG(x->ordinal.text));
    }
}

static void
tell_where(const struct cells *c, size_t row, unsigned char *class)
{
    struct buf b;
    buf_init(&b, c->g->a, 64);
    for (size_t i = c->t->part.from; i < c->t->part.to; i++)
        class[i - c->t->part.from] = (unsigned char)class_of(c, i, row);
    segments(c, class, CLASS_OWN, &b);
    segments(c, class, CLASS_SHARED, &b);
    c->t->row[row].where = buf_str(&b);
}

void
cells_read(struct table *t)
{
    struct guide *g = t->g;
    struct cells c = {.t = t, .g = g, .row = SIZE_MAX, .early = true};
    c.item = ARENA_ARRAY(g->a, ITEMS_MAX, struct item);
    c.item_of = ARENA_ARRAY(g->a, t->part.to - t->part.from, size_t);
    c.next = arena_array(g->a, t->row_count + 1, sizeof *c.next);
    c.note_of = ARENA_ARRAY(g->a, t->row_count + 1, size_t);
    for (size_t i = t->part.from; i < t->part.to; i++)
        read_line(&c, i);
    level_laws(&c);
    for (size_t r = 0; r < t->row_count; r++)
        collect(&c, r);
    for (size_t r = 0; r < t->row_count; r++)
        borrow(t, r);
    unsigned char *class = ARENA_ARRAY(g->a, t->part.to - t->part.from, unsigned char);
    for (size_t r = 0; r < t->row_count; r++)
        tell_where(&c, r, class);
}
