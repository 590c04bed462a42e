/* What is wrong in the source, as far as its own text shows it: captions that siblings have, numbers out of row, brackets, blanks inside
** words, phones that cannot be. Nothing is corrected. The lint judges the catalogue's meaning; here it is only the print. */
#include "catalog/import/import_read_int.h"

enum { SIBLINGS_MIN = 4, MOST_PERCENT = 80, PHONE_DIGITS_MIN = 7, PHONE_DIGITS_MAX = 8 };
/* Bytes looked through for the lines of findings: many times what any guide needs; beyond it a passage's first line must do. */
enum { SEARCH_MAX = 64 << 20 };

/* The line of the passage that holds WORDS (its beginning, when they go on over a wrap). */
static int
line_of(struct guide *g, const struct passage *p, struct str words)
{
    size_t cut = words.n > 36 ? 36 : words.n;
    while (cut < words.n && ((unsigned char)words.p[cut] & 0xc0) == 0x80)
        cut--;
    struct str start = str_sub(words, 0, cut);
    size_t i = 0;
    for (size_t end = g->n; i < end;) { /* the first line of the passage */
        size_t mid = i + (end - i) / 2;
        if (g->line[mid].no < p->from)
            i = mid + 1;
        else
            end = mid;
    }
    for (; i < g->n && g->line[i].no <= p->to && start.n && g->searched < SEARCH_MAX; i++) {
        g->searched += g->line[i].text.n;
        if (str_find(g->line[i].text, start) != SIZE_MAX)
            return g->line[i].no;
    }
    return p->from;
}

/* --- captions and numbers --- */

static void
missing_captions(struct guide *g, const struct drafts *ds)
{
    for (int what = 0; what < WHAT_COUNT; what++) {
        size_t have = 0;
        for (size_t i = 0; i < ds->n; i++)
            have += ds->d[i].has[what];
        if (ds->n < SIBLINGS_MIN || have == ds->n || have * 100 < ds->n * MOST_PERCENT || what == WHAT_NOTES)
            continue;
        for (size_t i = 0; i < ds->n; i++)
            if (!ds->d[i].has[what])
                told(g, "part-missing", SEVERITY_WARN, &ds->d[i], what_name(what), ds->d[i].m.where.from,
                     ds->d[i].m.name.text, "核对原件是否漏印；确实没有的不要补写", "没有“%s”，其他 %zu 个事项有",
                     what_name(what), have);
    }
}

static int
number_value(struct str printed)
{
    int64_t v;
    struct number n = number_read(printed);
    return n.shape ? n.value : str_int(printed, &v) && v > 0 && v < 1000 ? (int)v : 0;
}

static void
matter_numbers(struct guide *g, const struct drafts *ds)
{
    int before = 0;
    for (size_t i = 0; i < ds->n; i++) {
        const struct guide_matter *m = &ds->d[i].m;
        int v = number_value(m->number.text);
        bool restart = v == 1 && i > 0 && !str_eq(m->group.text, ds->d[i - 1].m.group.text);
        if (v && before && v != before + 1 && !restart)
            told(g, "number-break", SEVERITY_WARN, &ds->d[i], "序号", m->where.from, m->number.text,
                 "核对是否漏了一项或编号印错", "事项序号不连续：前一项是 %d，这一项是 %d", before, v);
        before = v ? v : before;
        for (size_t k = 0; k < i; k++)
            if (m->name.text.n && str_eq(m->name.text, ds->d[k].m.name.text))
                told(g, "matter-repeated", SEVERITY_WARN, &ds->d[i], "名称", m->where.from, m->name.text,
                     "核对是否重复；重复的删去一个", "与第 %zu 个事项同名", k + 1);
    }
}

/* Items numbered line by line: each shape by itself counts on or begins again at one. */
static void
item_numbers(struct guide *g, const struct draft *d, const char *field, const struct passage *p)
{
    int before[NUMBER_SHAPES][2] = {{0}};
    struct str rest = p->text, line;
    while (str_split(&rest, '\n', &line)) {
        struct number n = number_read(line);
        int *last = &before[n.shape][n.chinese];
        if (n.shape && n.shape != NUMBER_CIRCLE && n.value != *last + 1 && n.value != 1)
            told(g, "number-break", SEVERITY_WARN, d, field, line_of(g, p, line), line, "核对是否漏了一条或编号印错",
                 "“%s”的编号不连续：%d 之后是 %d", field, *last, n.value);
        if (n.shape)
            *last = n.value;
    }
}

static void
note_numbers(struct guide *g, const struct draft *d)
{
    int before = 0;
    for (size_t i = 0; i < d->m.note_count; i++) {
        int v = number_value(d->m.note_number[i]);
        if (v && before && v != before + 1 && v != 1)
            told(g, "number-break", SEVERITY_WARN, d, "注意事项", line_of(g, &d->m.note[i], d->m.note[i].text),
                 d->m.note[i].text, "核对是否漏了一条或编号印错", "“注意事项”的编号不连续：%d 之后是 %d", before, v);
        before = v ? v : before;
    }
}

/* --- one text --- */

static void
brackets(struct guide *g, const struct draft *d, const char *field, const struct passage *p)
{
    static const struct {
        uint32_t open, open_wide, shut, shut_wide;
        const char *name;
    } KINDS[] = {{'(', 0xff08, ')', 0xff09, "圆括号"},
                 {0x300a, 0x300a, 0x300b, 0x300b, "书名号"},
                 {0x201c, 0x201c, 0x201d, 0x201d, "引号"},
                 {0x3014, 0x3010, 0x3015, 0x3011, "方括号"}};
    for (size_t k = 0; k < sizeof KINDS / sizeof *KINDS; k++) {
        struct str rest = p->text, line, bad = STR("");
        int depth = 0;
        while (str_split(&rest, '\n', &line)) {
            int before = depth, lowest = 0;
            for (size_t i = 0; i < line.n;) {
                uint32_t cp = str_utf8_next(line, &i);
                depth += cp == KINDS[k].open || cp == KINDS[k].open_wide;
                depth -= cp == KINDS[k].shut || cp == KINDS[k].shut_wide;
                lowest = depth < lowest ? depth : lowest;
            }
            if (lowest < 0 || (depth != before && !bad.n)) /* the first that does not close what it opens */
                bad = line;
            depth = lowest < 0 ? 0 : depth;
            if (lowest < 0)
                break;
            bad = depth == 0 ? STR("") : bad;
        }
        if (bad.n)
            told(g, "bracket", SEVERITY_WARN, d, field, line_of(g, p, bad), bad, "核对原件，照录或改正", "%s不成对",
                 KINDS[k].name);
    }
}

/* A blank between two Chinese characters of one word, as layouts leave it. */
static void
stray_blanks(struct guide *g, const struct draft *d, const char *field, const struct passage *p)
{
    uint32_t before = 0, last = 0;
    for (size_t i = 0; i < p->text.n;) {
        size_t at = i;
        uint32_t cp = str_utf8_next(p->text, &i);
        if (is_cjk(cp) && is_cjk(before) && (last == ' ' || last == 0xa0 || last == 0x3000)) {
            size_t from = at;
            for (int back = 0; from > 0 && back < 8; back++)
                do
                    from--;
                while (from > 0 && ((unsigned char)p->text.p[from] & 0xc0) == 0x80);
            told(g, "stray-blank", SEVERITY_INFO, d, field, line_of(g, p, str_sub(p->text, from, i - from)),
                 str_sub(p->text, from, p->text.n), "核对原件；原文照录", "词语中间有空格");
            return;
        }
        before = cp == ' ' || cp == 0xa0 || cp == 0x3000 ? before : cp;
        last = cp;
    }
}

/* 0722-67115868: an area code with more or fewer digits than a number has. */
static void
phones(struct guide *g, const struct draft *d, const char *field, const struct passage *p)
{
    struct str s = p->text;
    for (size_t i = 0; i < s.n; i++) {
        size_t from = i, digits = 0;
        if (s.p[i] != '0' || (i > 0 && ((s.p[i - 1] >= '0' && s.p[i - 1] <= '9') || s.p[i - 1] == '-')))
            continue;
        while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
            i++;
        size_t area = i - from;
        if (area < 3 || area > 4 || i >= s.n || s.p[i] != '-')
            continue;
        for (i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
            digits++;
        if (digits && (digits < PHONE_DIGITS_MIN || digits > PHONE_DIGITS_MAX))
            told(g, "phone-length", SEVERITY_WARN, d, field, line_of(g, p, str_sub(s, from, i - from)),
                 str_sub(s, from, i - from), "核对电话号码", "电话号码是 %zu 位，应为 7 或 8 位", digits);
    }
}

static void
text_checks(struct guide *g, const struct draft *d, const char *field, const struct passage *p)
{
    if (!p->text.n)
        return;
    brackets(g, d, field, p);
    stray_blanks(g, d, field, p);
    phones(g, d, field, p);
}

void
drafts_check(struct guide *g, struct drafts *ds)
{
    missing_captions(g, ds);
    matter_numbers(g, ds);
    for (size_t i = 0; i < ds->n; i++) {
        const struct draft *d = &ds->d[i];
        const struct guide_matter *m = &d->m;
        if (d->bundled && i > 0 && ds->d[i - 1].from == d->from)
            continue; /* the same lines as the item before */
        text_checks(g, d, "名称", &m->name);
        text_checks(g, d, "受理单位", &m->unit);
        for (int f = 0; f < GUIDE_FIELD_COUNT; f++)
            text_checks(g, d, what_name(f), &m->field[f]);
        for (size_t k = 0; k < m->note_count; k++)
            text_checks(g, d, "注意事项", &m->note[k]);
        for (size_t k = 0; k < m->basis_count; k++)
            text_checks(g, d, "设定依据", &m->basis[k]);
        item_numbers(g, d, "办理材料", &m->field[GUIDE_MATERIALS]);
        item_numbers(g, d, "办理流程", &m->field[GUIDE_PROCESS]);
        note_numbers(g, d);
    }
}
