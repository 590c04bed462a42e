/* catalog import, the frame: the text in parts (附件1 …), each part read as a list or as a guide, both wordings of a matter brought together,
** every line accounted for. Called by the command line and by the keeper's page; must not write anything itself. */
#include "catalog/import.h"

#include <stdlib.h>
#include <string.h>

#include "catalog/import/import_read_int.h"

enum { PARTS_MAX = 64, SEEN_MAX = 200 };

bool
findings_full(const struct findings *f)
{
    return f->n == FINDINGS_MAX;
}

void
finding_add(struct arena *a, struct findings *f, const struct finding *x)
{
    if (findings_full(f))
        return;
    if (!f->finding)
        f->finding = ARENA_ARRAY(a, FINDINGS_MAX, struct finding);
    f->finding[f->n++] = *x;
    if (f->n == FINDINGS_MAX)
        f->finding[FINDINGS_MAX - 1] =
            (struct finding){.id = "findings-full",
                             .severity = SEVERITY_ERROR,
                             .message = str_fmt(a, "要看一看的地方超过 %d 处，其余没有列出", FINDINGS_MAX - 1),
                             .remedy = STR("先核对文字是不是办事指南、换行和小标题是否完整，改好后再导入一次")};
}

void
finding_matter(struct arena *a, struct finding *x, struct str id)
{
    size_t n = x->matter_count;
    for (size_t i = 0; i < n; i++)
        if (str_eq(x->matter[i], id))
            return;
    struct str *list = (struct str *)(uintptr_t)x->matter;
    if ((n & (n - 1)) == 0) { /* full at every power of two */
        list = ARENA_ARRAY(a, n ? 2 * n : 1, struct str);
        if (n)
            memcpy(list, x->matter, n * sizeof *list);
        x->matter = list;
    }
    list[n] = id;
    x->matter_count = n + 1;
}

static struct str
shortened(struct arena *a, struct str s)
{
    size_t at = 0, n = 0;
    while (at < s.n && n < EVIDENCE_MAX) {
        str_utf8_next(s, &at);
        n++;
    }
    return str_dup(a, str_sub(s, 0, at));
}

/* The same thing seen in another matter (a shared cell, a bundle) is one finding with both. */
void
told(struct guide *g, const char *id, enum severity s, const struct draft *d, const char *field, int no,
     struct str evidence, const char *remedy, const char *fmt, ...)
{
    va_list ap;
    if (findings_full(g->f))
        return;
    va_start(ap, fmt);
    struct finding x = {.id = id, .severity = s, .region = g->code, .field = str_c(field), .file = g->file, .line = no};
    x.message = str_vfmt(g->a, fmt, ap);
    va_end(ap);
    x.evidence = shortened(g->a, evidence);
    x.remedy = str_c(remedy);
    for (size_t i = g->f->n, back = 0; i-- > 0 && back < SEEN_MAX; back++) {
        struct finding *y = &g->f->finding[i];
        if (y->line == no && no > 0 && strcmp(y->id, id) == 0 && str_eq(y->field, x.field) &&
            str_eq(y->evidence, x.evidence) && str_eq(y->message, x.message)) {
            if (d && d->m.id.n)
                finding_matter(g->a, y, d->m.id);
            return;
        }
    }
    if (d && d->m.id.n)
        finding_matter(g->a, &x, d->m.id);
    finding_add(g->a, g->f, &x);
}

/* 附件1 or 附件2： alone on a line. */
static bool
part_line(struct guide *g, struct str s, struct str *ret_label)
{
    struct str t = squeezed(g->a, s);
    if (t.n > 24 || !(str_starts(t, STR("附件")) || str_starts(t, STR("附录")) || str_starts(t, STR("附表"))))
        return false;
    t = cut_end(cut_end(t, ":"), "：");
    struct number n = number_read(str_fmt(g->a, "%.*s、", STR_ARG(str_sub(t, 6, t.n))));
    if (n.shape != NUMBER_PAUSE || n.rest.n)
        return false;
    *ret_label = t;
    return true;
}

static size_t
parts_find(struct guide *g, struct part part[PARTS_MAX])
{
    size_t n = 1;
    struct str label;
    part[0] = (struct part){0, g->n, STR("")};
    for (size_t i = 0; i < g->n && n < PARTS_MAX; i++)
        if (g->line[i].text.n <= 64 && part_line(g, g->line[i].text, &label)) {
            part[n - 1].to = i;
            part[n++] = (struct part){i, g->n, label};
        }
    return n;
}

/* Lines of a part without matters: head before the first matter, tail behind. */
static void
leave_part(struct guide *g, struct part part, bool before)
{
    for (size_t i = part.from; i < part.to; i++)
        if (g->line[i].use == LINE_FREE)
            g->line[i].use = before ? LINE_HEAD : LINE_TAIL;
}

static enum err
read_parts(struct guide *g, struct drafts *ds)
{
    struct part part[PARTS_MAX];
    struct drafts list = {0};
    size_t n = parts_find(g, part), tables[PARTS_MAX] = {0};
    for (size_t i = 0; i < n; i++)
        tables[i] = table_is(g, part[i]);
    for (size_t i = 0; i < n; i++) {
        size_t had = ds->n;
        bool grid = false;
        if (part[i].to > part[i].from)
            TRY(g->ctx, grid_read(g, part[i], ds, &grid));
        if (grid)
            tables[i] = false;
        if (grid || tables[i] || part[i].to == part[i].from)
            continue;
        TRY(g->ctx, matters_read(g, part[i], ds));
        if (ds->n == had)
            leave_part(g, part[i], had == 0);
    }
    for (size_t i = 0; i < n; i++)
        if (tables[i])
            TRY(g->ctx, table_read(g, part[i], ds, &list));
    if (g->copied <= COPIED_MAX)
        lists_merge(g, &list, ds);
    if (g->copied > COPIED_MAX)
        FAIL(g->ctx, ERR_CATALOG,
             "同样的文字归给了太多事项，合计超过 %d MiB：请核对小标题和合并的单元格，或把文字分开导入",
             COPIED_MAX >> 20);
    return OK;
}

static void
number_drafts(struct guide *g, struct drafts *ds)
{
    for (size_t i = 0; i < ds->n; i++)
        ds->d[i].m.id = str_fmt(g->a, ds->n < 100 ? "%02zu" : "%03zu", i + 1);
}

static int
by_line(const void *x, const void *y)
{
    const struct finding *a = x, *b = y;
    int c = a->line != b->line ? (a->line > b->line) - (a->line < b->line) : strcmp(a->id, b->id);
    c = c ? c : str_cmp(a->field, b->field);
    c = c ? c : str_cmp(a->evidence, b->evidence);
    return c ? c : str_cmp(a->message, b->message); /* no two alike: the order is not the sort's own */
}

/* Every line that no field took is named, neighbours together. */
static void
account(struct guide *g)
{
    for (size_t i = 0; i < g->n; i++) {
        if (g->line[i].use != LINE_FREE)
            continue;
        size_t to = i + 1;
        while (to < g->n && g->line[to].use == LINE_FREE)
            to++;
        for (size_t k = i; k < to; k++) {
            g->line[k].use = LINE_TOLD;
            told(g, "unplaced", SEVERITY_WARN, NULL, "", g->line[k].no, g->line[k].text, "请人工写进相应的事项和栏目",
                 "这一行没有归入任何事项");
        }
        i = to - 1;
    }
}

/* Findings made before the matters had ids: by their lines. */
static void
name_matters(struct guide *g, const struct drafts *ds)
{
    for (size_t i = 0; i < g->f->n; i++) {
        struct finding *x = &g->f->finding[i];
        bool named = x->matter_count > 0;
        for (size_t k = 0; k < ds->n && !named && x->line > 0; k++)
            if (x->line >= g->line[ds->d[k].from].no && x->line <= g->line[ds->d[k].to - 1].no)
                finding_matter(g->a, x, ds->d[k].m.id);
    }
}

static bool
code_is_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n == 6;
}

enum err
catalog_import(struct ctx *ctx, const struct catalog *shared, struct str code, struct str file, struct str text,
               struct imported *ret_i)
{
    struct imported out = {.matters = 0};
    struct drafts ds = {0};
    struct guide g = {
        .ctx = ctx, .a = ctx->arena, .shared = shared, .code = code, .file = file, .f = &out.findings, .drafts = &ds};
    if (!code_is_digits(code))
        FAIL(ctx, ERR_CATALOG, "区划代码“%.*s”应为 6 位数字", STR_ARG(code));
    TRY(ctx, lines_read(ctx, text, &g.line, &g.n));
    grid_lines(&g);
    TRY(ctx, read_parts(&g, &ds));
    if (ds.n == 0)
        FAIL(ctx, ERR_CATALOG,
             "没有读出任何事项：文中找不到成套的小标题（事项名称、服务对象、办理材料、办理时限…），请核对是不是办事指南"
             "的文字");
    number_drafts(&g, &ds);
    drafts_check(&g, &ds);
    name_matters(&g, &ds);
    account(&g);
    TRY(ctx, drafts_write(&g, &ds, &out.files));
    for (size_t i = 0; i < out.findings.n; i++) { /* proposals know neither */
        out.findings.finding[i].region = code;
        out.findings.finding[i].file = file;
    }
    qsort(out.findings.finding, out.findings.n, sizeof *out.findings.finding, by_line);
    out.matters = ds.n;
    *ret_i = out;
    return OK;
}
