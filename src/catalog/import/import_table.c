/* A list that was a table: its cells one under another, in reading order of the page, merged cells torn and strewn between the rows. Rows
** are found by their ordinals and codes, cells by what they look like (a limit, a chain of stages, numbered items, a law), and items go to
** the row of numbers they continue. Names and group headings that the layout tore are put together only where the pieces, in order, give a
** name this document or the standard list prints. */
#include <string.h>

#include "catalog/import/import_table_int.h"

enum { HEADER_RUN = 5, FRAGMENT_CP_MAX = 24, NAME_WINDOW = 16, GROUP_WINDOW = 60 };

static size_t
header_run(const struct guide *g, size_t i, size_t to)
{
    size_t n = 0;
    while (i + n < to && header_cell(g->line[i + n].text))
        n++;
    return n;
}

bool
table_is(const struct guide *g, struct part part)
{
    for (size_t i = part.from; i < part.to; i++) {
        size_t n = header_run(g, i, part.to);
        bool materials = false, limit = false;
        for (size_t k = i; k < i + n; k++) {
            materials = materials || has(g->line[k].text, "材料");
            limit = limit || has(g->line[k].text, "时限");
        }
        if (n >= HEADER_RUN && materials && limit)
            return true;
        i += n;
    }
    return false;
}

static bool
digits_only(struct str s, size_t least, size_t most)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n >= least && s.n <= most;
}

bool
table_code(struct str s)
{
    return digits_only(s, 12, 15);
}

/* 00203 60010 0Y: a group's code, whole or in pieces. */
static bool
group_code_piece(struct str s)
{
    if (s.n == 0 || s.n > 12)
        return false;
    bool y = s.p[s.n - 1] == 'Y' || s.p[s.n - 1] == 'y';
    if (!digits_only(str_sub(s, 0, s.n - (y ? 1 : 0)), 1, 12))
        return false;
    return y || (s.n == 5 && s.p[0] != '9') || str_eqz(s, "00");
}

/* --- pieces of a known name --- */

/* Consumes lines of [from, to), in order, whose texts continue TARGET; gives how many bytes of it they make. FIRST: offset of TARGET's
** text in the first piece (behind 三、). */
static size_t
pieces(struct table *t, struct str target, size_t from, size_t to, size_t used[PIECES_MAX], size_t *ret_n)
{
    size_t at = 0, n = 0;
    for (size_t i = from; i < to && at < target.n && n < PIECES_MAX; i++) {
        struct str s = t->g->line[i].text;
        if (t->claimed[i - t->part.from] || s.n < 6 || s.n > target.n - at)
            continue;
        if (str_starts(str_sub(target, at, target.n - at), s) && count_cp(s) <= FRAGMENT_CP_MAX + 20) {
            used[n++] = i;
            at += s.n;
        }
    }
    *ret_n = n;
    return at;
}

static void
claim(struct table *t, const size_t *used, size_t n, const struct row *r)
{
    for (size_t i = 0; i < n; i++) {
        t->claimed[used[i] - t->part.from] = true;
        t->owner[used[i] - t->part.from] = r ? (size_t)(r - t->row) + 1 : 0;
        t->g->line[used[i]].use = LINE_TITLE;
    }
}

/* The group's heading: 三、 and pieces of the standard list's group name. */
static void
claim_group(struct table *t, size_t row, size_t from, size_t to)
{
    struct guide *g = t->g;
    struct str code = t->row[row].code.text;
    struct str target = STR("");
    for (size_t i = 0; i < catalog_standard_count(g->shared); i++)
        if (str_eq(catalog_standard_at(g->shared, i)->code, code))
            target = catalog_standard_at(g->shared, i)->group;
    for (size_t i = from; i < to; i++) {
        struct number n = number_read(g->line[i].text);
        if (n.shape != NUMBER_PAUSE || !n.chinese || t->claimed[i - t->part.from] || !n.rest.n)
            continue;
        struct str group = n.rest;
        if (target.n > n.rest.n && str_starts(target, n.rest)) {
            struct str rest = str_sub(target, n.rest.n, target.n);
            size_t used[PIECES_MAX], k;
            if (pieces(t, rest, i + 1, i + GROUP_WINDOW < t->part.to ? i + GROUP_WINDOW : t->part.to, used, &k) <
                rest.n)
                continue;
            claim(t, used, k, NULL);
            for (size_t p = 0; p < k; p++)
                t->heading[used[p] - t->part.from] = row + 1;
            group = target;
        } else if (target.n && !str_eq(group, target) && likeness(group, target) < 60) {
            continue;
        }
        claim(t, &i, 1, NULL);
        t->heading[i - t->part.from] = row + 1;
        struct passage p = {str_concat(g->a, n.printed, group), g->line[i].no, g->line[i].no};
        struct str prefix = str_sub(code, 0, 9);
        for (size_t r = 0; r < t->row_count; r++)
            if (str_eq(str_sub(t->row[r].code.text, 0, 9), prefix))
                t->row[r].group = p;
    }
}

/* --- rows --- */

static bool
ordinal_line(struct str s, int expected)
{
    int64_t v;
    return s.n <= 3 && digits_only(s, 1, 3) && s.p[0] != '0' && str_int(s, &v) && v == expected;
}

/* A row: its ordinal, and the code that follows before the next ordinal. */
static void
find_rows(struct table *t)
{
    struct guide *g = t->g;
    for (size_t i = t->part.from; i < t->part.to && t->row_count < IMPORT_MATTERS_MAX; i++) {
        if (!ordinal_line(g->line[i].text, (int)t->row_count + 1))
            continue;
        struct row *r = &t->row[t->row_count++];
        r->line = i;
        r->first = r->last = i;
        r->ordinal = (struct passage){g->line[i].text, g->line[i].no, g->line[i].no};
        for (size_t k = i + 1; k < t->part.to && !ordinal_line(g->line[k].text, (int)t->row_count + 1); k++)
            if (table_code(g->line[k].text)) {
                r->code = (struct passage){g->line[k].text, g->line[k].no, g->line[k].no};
                r->code_line = k;
                break;
            }
    }
}

static struct str
known_name(struct table *t, size_t k)
{
    struct guide *g = t->g;
    if (k < t->guide->n)
        return cut_end(t->guide->d[k].m.title.text.n ? t->guide->d[k].m.title.text : t->guide->d[k].m.name.text, "。");
    k -= t->guide->n;
    return k < catalog_standard_count(g->shared) ? catalog_standard_at(g->shared, k)->name : STR("");
}

/* The row's name: the lines between ordinal and code; where they are only a part of it, pieces around them. */
static void
name_row(struct table *t, struct row *r)
{
    struct guide *g = t->g;
    size_t from = r->line + 1, to = r->code_line ? r->code_line : r->line + 2, used[PIECES_MAX], n = 0;
    struct buf b;
    buf_init(&b, g->a, 64);
    for (size_t i = from; i < to && n < PIECES_MAX; i++) {
        if (header_cell(g->line[i].text) || t->claimed[i - t->part.from])
            continue;
        buf_add(&b, g->line[i].text);
        used[n++] = i;
    }
    struct str plain = buf_str(&b), best = STR("");
    size_t all = t->guide->n + catalog_standard_count(g->shared);
    for (size_t k = 0; k < all; k++)
        if (str_eq(known_name(t, k), plain))
            best = plain;
    size_t low = r->line > t->part.from + NAME_WINDOW ? r->line - NAME_WINDOW : t->part.from, high = to + NAME_WINDOW;
    size_t got[PIECES_MAX], got_n = 0, most = 0;
    for (size_t k = 0; k < all && !best.n; k++) {
        struct str target = known_name(t, k);
        size_t one[PIECES_MAX], one_n, have = 0;
        if (target.n < 12)
            continue;
        have = pieces(t, target, low, high < t->part.to ? high : t->part.to, one, &one_n);
        bool near = false;
        for (size_t i = 0; i < one_n; i++)
            near = near || (one[i] > r->line && one[i] < to);
        if (near && have * 100 >= target.n * 80 && have > most) {
            most = have;
            memcpy(got, one, sizeof got);
            got_n = one_n;
            r->name = (struct passage){str_sub(target, 0, have), g->line[one[0]].no, g->line[one[one_n - 1]].no};
            r->torn = have < target.n;
        }
    }
    if (most > plain.n || (most && !best.n)) {
        claim(t, got, got_n, r);
        return;
    }
    r->name = (struct passage){plain, g->line[from].no, g->line[to > from ? to - 1 : from].no};
    claim(t, used, n, r);
}

static void
group_codes(struct table *t)
{
    struct guide *g = t->g;
    struct str code = STR("");
    size_t first = 0;
    for (size_t i = t->part.from; i < t->part.to; i++) {
        struct str s = g->line[i].text;
        if (t->claimed[i - t->part.from] || !group_code_piece(s) || table_code(s))
            continue;
        for (size_t r = 0; r < t->row_count; r++)
            if (t->row[r].line == i)
                s = STR("");
        if (!s.n)
            continue;
        if (code.n >= 12) {
            code = STR("");
            first = i;
        }
        first = code.n ? first : i;
        code = str_concat(g->a, code, s);
        claim(t, &i, 1, NULL);
        for (size_t r = 0; code.n == 12 && r < t->row_count; r++)
            for (size_t k = first; str_eq(str_sub(t->row[r].code.text, 0, 9), str_sub(code, 0, 9)) && k <= i; k++)
                if (t->claimed[k - t->part.from] && group_code_piece(g->line[k].text))
                    t->heading[k - t->part.from] = r + 1;
        for (size_t r = 0; code.n == 12 && r < t->row_count; r++)
            if (str_eq(str_sub(t->row[r].code.text, 0, 9), str_sub(code, 0, 9)))
                t->row[r].group_code = (struct passage){code, g->line[i].no, g->line[i].no};
    }
}

static void
claim_headers(struct table *t)
{
    for (size_t i = t->part.from; i < t->part.to; i++) {
        size_t n = header_run(t->g, i, t->part.to);
        if (n < HEADER_RUN)
            continue;
        for (size_t k = i; k < i + n; k++) {
            t->claimed[k - t->part.from] = t->page[k - t->part.from] = true;
            t->g->line[k].use = LINE_CAPTION;
        }
        i += n - 1;
    }
}

static void
row_draft(struct table *t, const struct row *r, struct drafts *ds)
{
    struct guide *g = t->g;
    struct draft *d = draft_new(g, ds);
    d->m.number = r->ordinal;
    d->m.name = r->name;
    d->m.code = r->code;
    d->m.group = r->group;
    d->group_code = r->group_code;
    d->torn_name = r->torn;
    d->m.field[GUIDE_MATERIALS] = r->materials;
    d->m.field[GUIDE_LIMIT] = r->limit;
    d->m.field[GUIDE_PROCESS] = r->steps;
    d->m.basis = r->basis;
    d->m.basis_count = r->basis_count;
    for (size_t i = 0; i < r->note_count; i++) {
        notes_split(g, d, r->note[i]);
        g->copied += r->note[i].text.n;
    }
    g->copied += r->materials.text.n; /* a merged cell is many rows' */
    d->from = r->first;
    d->to = r->last + 1;
    d->part = t->part.label;
    d->where = r->where;
    d->m.where = (struct passage){STR(""), g->line[r->first].no, g->line[r->last].no};
    for (int i = 0; i < GUIDE_FIELD_COUNT; i++)
        d->has[i] = d->m.field[i].text.n > 0;
}

enum err
table_read(struct guide *g, struct part part, struct drafts *guide, struct drafts *ds)
{
    struct table t = {.g = g, .part = part, .guide = guide};
    t.claimed = ARENA_ARRAY(g->a, part.to - part.from, bool);
    t.heading = ARENA_ARRAY(g->a, part.to - part.from, size_t);
    t.page = ARENA_ARRAY(g->a, part.to - part.from, bool);
    t.owner = ARENA_ARRAY(g->a, part.to - part.from, size_t);
    t.row = ARENA_ARRAY(g->a, IMPORT_MATTERS_MAX, struct row);
    claim_headers(&t);
    size_t begin = part.from;
    while (begin < part.to && !t.page[begin - part.from])
        g->line[begin++].use = LINE_HEAD;
    t.part.from = part.from;
    for (size_t i = part.from; i < begin; i++)
        t.claimed[i - part.from] = true;
    find_rows(&t);
    if (t.row_count == 0) {
        for (size_t i = begin; i < part.to; i++)
            g->line[i].use = g->line[i].use == LINE_CAPTION ? LINE_CAPTION : LINE_FREE;
        return OK;
    }
    group_codes(&t);
    for (size_t r = 0; r < t.row_count; r++)
        if (r == 0 || !str_eq(str_sub(t.row[r].code.text, 0, 9), str_sub(t.row[r - 1].code.text, 0, 9))) {
            size_t from = t.row[r].line > part.from + 40 ? t.row[r].line - 40 : part.from, last = r;
            while (last + 1 < t.row_count &&
                   str_eq(str_sub(t.row[r].code.text, 0, 9), str_sub(t.row[last + 1].code.text, 0, 9)))
                last++;
            size_t to = last + 1 < t.row_count ? t.row[last + 1].line : part.to;
            claim_group(&t, r, from, to);
        }
    for (size_t r = 0; r < t.row_count; r++)
        name_row(&t, &t.row[r]);
    cells_read(&t);
    for (size_t r = 0; r < t.row_count && g->copied <= COPIED_MAX; r++)
        row_draft(&t, &t.row[r], ds);
    return OK;
}
