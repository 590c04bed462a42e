/* Two regions, or a region and the standard list, matter by matter: pairing, the cells of name and code, the row's verdict
** and the view. Materials, limits, stages and the service standard are judged in diff_*.c. Pure; knows no region. */
#include "catalog/diff.h"

#include <string.h>

#include "catalog/diff/diff_int.h"

static const char *const unification_ids[UNIFY_COUNT] = {"name", "code", "materials", "limit", "stages", "standard"};
static const char *const unification_names[UNIFY_COUNT] = {"事项名称", "事项编码", "办理材料",
                                                           "办理时限", "办理环节", "服务标准"}; //= R2
enum { SIDE_COUNT = DIFF_UNPRINTED + 1 };
static const char *const side_names[SIDE_COUNT] = {"same", "lighter", "heavier", "other", "unprinted"};
static const char *const side_titles[SIDE_COUNT] = {"相同", "较轻", "较重", "有别", "未印"};
static const char *const side_marks[SIDE_COUNT] = {"＝", "▼", "▲", "≠", "○"};

const char *
unification_id(enum unification u)
{
    return (unsigned)u < UNIFY_COUNT ? unification_ids[u] : "";
}

const char *
unification_name(enum unification u)
{
    return (unsigned)u < UNIFY_COUNT ? unification_names[u] : "";
}

const char *
diff_side_name(enum diff_side s)
{
    return (unsigned)s < SIDE_COUNT ? side_names[s] : "";
}

const char *
diff_side_title(enum diff_side s)
{
    return (unsigned)s < SIDE_COUNT ? side_titles[s] : "";
}

const char *
diff_side_mark(enum diff_side s)
{
    return (unsigned)s < SIDE_COUNT ? side_marks[s] : "";
}

void
diff_ends(struct diff_cell *cell, int64_t our_low, int64_t our_high, int64_t their_low, int64_t their_high)
{
    if (our_low == their_low && our_high == their_high)
        cell->side = DIFF_SAME;
    else if (our_low <= their_low && our_high <= their_high)
        cell->side = DIFF_LIGHTER;
    else if (our_low >= their_low && our_high >= their_high)
        cell->side = DIFF_HEAVIER;
    else
        cell->side = DIFF_OTHER;
    cell->mixed = cell->side == DIFF_OTHER;
}

/* --- text without what means nothing --- */

/* The half-width twin of CP; 0 for what is dropped: blanks, title and quotation marks, marks of sentences. */
static uint32_t
fold_char(uint32_t cp)
{
    if (cp >= 0xFF01 && cp <= 0xFF5E)
        cp -= 0xFEE0;
    switch (cp) {
    case ' ':
    case '\t':
    case '\n':
    case '\r':
    case '"':
    case '\'':
    case ',':
    case '.':
    case ';':
    case ':':
    case 0xA0:   /* no-break space */
    case 0x3000: /* ideographic space */
    case 0x3001: /* 、 */
    case 0x3002: /* 。 */
    case 0x2018: /* ‘ */
    case 0x2019:
    case 0x201C: /* “ */
    case 0x201D:
    case 0x3008: /* 〈 */
    case 0x3009:
    case 0x300A: /* 《 */
    case 0x300B:
        return 0;
    case 0x2013: /* dashes of every length */
    case 0x2014:
    case 0x2015:
    case 0x2500:
        return '-';
    default:
        return cp;
    }
}

struct str
diff_fold(struct arena *a, struct str s)
{
    struct buf b;
    size_t pos = 0;
    buf_init(&b, a, s.n + 1);
    while (pos < s.n) {
        uint32_t cp = fold_char(str_utf8_next(s, &pos));
        if (cp)
            buf_cp(&b, cp);
    }
    return buf_str(&b);
}

/* --- pairing --- */

struct builder {
    struct ctx *ctx;
    const struct catalog *c;
    struct diff *d;
    bool *ours_done, *theirs_done;
};

enum { NAME_CHARS = 128 };

static size_t
characters(struct str s, uint32_t *ret_cp)
{
    size_t n = 0, pos = 0;
    while (pos < s.n && n < NAME_CHARS)
        ret_cp[n++] = str_utf8_next(s, &pos);
    return n;
}

/* How much of two names is common, in thousandths: twice the longest common subsequence over both lengths. */
static size_t
likeness(struct arena *a, struct str x, struct str y)
{
    uint32_t p[NAME_CHARS], q[NAME_CHARS];
    size_t line[NAME_CHARS + 1] = {0};
    size_t n = characters(diff_fold(a, x), p), m = characters(diff_fold(a, y), q);
    for (size_t i = 0; i < n; i++) {
        size_t diagonal = 0;
        for (size_t k = 0; k < m; k++) {
            size_t above = line[k + 1];
            if (p[i] == q[k])
                line[k + 1] = diagonal + 1;
            else if (line[k] > above)
                line[k + 1] = line[k];
            diagonal = above;
        }
    }
    return n + m ? 2000 * line[m] / (n + m) : 0;
}

static int
matter_order(const struct matter *x, const struct matter *y)
{
    int r = str_cmp(x->region->code, y->region->code);
    return r ? r : str_cmp(x->id, y->id);
}

/* Ties are broken the same way from either side, so that the comparison turned round is its mirror. */
static bool
earlier(const struct matter *x, const struct matter *y, const struct matter *best_x, const struct matter *best_y)
{
    bool turn = matter_order(x, y) > 0, best_turn = matter_order(best_x, best_y) > 0;
    int r = matter_order(turn ? y : x, best_turn ? best_y : best_x);
    return (r ? r : matter_order(turn ? x : y, best_turn ? best_x : best_y)) < 0;
}

static size_t
of_code(const struct region *r, struct str code)
{
    size_t n = 0;
    for (size_t i = 0; i < r->matter_count && !str_empty(code); i++)
        n += str_eq(r->matter[i].code, code);
    return n;
}

static void
judge_name(const struct pair *p, struct diff_cell *cell)
{
    struct str x = p->ours->name, y = p->listed ? p->standard->name : p->theirs->name;
    struct buf b;
    buf_init(&b, p->a, 96);
    bool same = str_eq(diff_fold(p->a, x), diff_fold(p->a, y));
    cell->side = same ? DIFF_SAME : DIFF_OTHER;
    if (str_eq(x, y))
        buf_add(&b, x);
    else if (same)
        buf_fmt(&b, "“%.*s”，只差空格或标点的写法", STR_ARG(x));
    else
        buf_fmt(&b, "“%.*s” 对 %s“%.*s”", STR_ARG(x), p->listed ? "标准清单" : "", STR_ARG(y));
    if (!same && !p->listed && p->standard) {
        struct str s = diff_fold(p->a, p->standard->name);
        bool we = str_eq(diff_fold(p->a, x), s), they = str_eq(diff_fold(p->a, y), s);
        buf_addz(&b, we ? "；我方与标准清单一致" : they ? "；对方与标准清单一致" : "；都与标准清单不同");
    }
    buf_addz(&b, p->ours->suspended ? "；我方暂停受理" : "");
    buf_addz(&b, p->theirs && p->theirs->suspended ? "；对方暂停受理" : "");
    cell->detail = buf_str(&b);
}

static struct str
code_text(struct arena *a, const struct matter *m)
{
    if (str_empty(m->code))
        return STR("没有标准编码");
    return str_fmt(a, "%.*s（%s）", STR_ARG(m->code), m->code_printed ? "印发" : "对应");
}

/* A code that the guide does not print is our mapping to the standard list, and says so. */
//= R11
static void
judge_code(const struct pair *p, struct diff_cell *cell)
{
    struct str x = p->ours->code, y = p->listed ? p->standard->code : p->theirs->code;
    struct buf b;
    buf_init(&b, p->a, 96);
    if (str_empty(x) && str_empty(y)) {
        cell->side = DIFF_UNPRINTED;
        cell->detail = STR("两边都是地方事项，没有标准编码");
        return;
    }
    cell->side = str_eq(x, y) ? DIFF_SAME : DIFF_OTHER;
    if (str_empty(x) || str_empty(y))
        buf_fmt(&b, "%s没有标准编码，是地方事项；%s %.*s", str_empty(x) ? "我方" : "对方",
                str_empty(x) ? "对方" : "我方", STR_ARG(str_empty(x) ? y : x));
    else
        buf_add(&b, x);
    bool we = p->ours->code_printed, they = p->listed || p->theirs->code_printed;
    if (cell->side == DIFF_SAME && (!we || !they))
        buf_fmt(&b, "；%s没有印编码，由目录对应", we ? "对方指南" : they ? "我方指南" : "两边指南都");
    if (p->ours_of_code > 1)
        buf_fmt(&b, "；我方 %zu 项共用这个编码", p->ours_of_code);
    if (p->theirs_of_code > 1)
        buf_fmt(&b, "；对方 %zu 项共用这个编码", p->theirs_of_code);
    cell->detail = buf_str(&b);
}

/* --- rows --- */

static void
tell(struct arena *a, const struct matter *m, struct str ret_text[UNIFY_COUNT])
{
    ret_text[UNIFY_NAME] = m->name;
    ret_text[UNIFY_CODE] = code_text(a, m);
    ret_text[UNIFY_MATERIALS] = diff_materials_text(a, m);
    ret_text[UNIFY_LIMIT] = diff_limit_text(a, m);
    ret_text[UNIFY_STAGES] = diff_stages_text(a, m->stage, m->stage_count, m->stages_by_system);
    ret_text[UNIFY_STANDARD] = diff_standard_text(a, m);
}

static void
tell_listed(struct arena *a, const struct standard_matter *s, struct str ret_text[UNIFY_COUNT])
{
    ret_text[UNIFY_NAME] = s->name;
    ret_text[UNIFY_CODE] = s->code;
    ret_text[UNIFY_MATERIALS] = ret_text[UNIFY_LIMIT] = ret_text[UNIFY_STANDARD] = STR("未印");
    ret_text[UNIFY_STAGES] = diff_stages_text(a, s->stage, s->stage_count, true);
}

static void
judge(const struct pair *p, struct diff_cell *cell)
{
    judge_name(p, &cell[UNIFY_NAME]);
    judge_code(p, &cell[UNIFY_CODE]);
    diff_stages(p, &cell[UNIFY_STAGES]);
    if (!p->listed) {
        diff_materials(p, &cell[UNIFY_MATERIALS]);
        diff_limits(p, &cell[UNIFY_LIMIT]);
        diff_standard(p, &cell[UNIFY_STANDARD]);
        return;
    }
    static const enum unification none[] = {UNIFY_MATERIALS, UNIFY_LIMIT, UNIFY_STANDARD};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        cell[none[i]].side = DIFF_UNPRINTED;
        cell[none[i]].detail = str_fmt(p->a, "标准清单没有规定%s", unification_names[none[i]]);
    }
}

static void
put_brief(struct arena *a, const struct matter *m, struct diff_cell *cell)
{
    cell[UNIFY_NAME].brief = m->name;
    cell[UNIFY_MATERIALS].brief = diff_materials_brief(a, m);
    cell[UNIFY_LIMIT].brief = diff_limit_brief(a, m);
    cell[UNIFY_STAGES].brief = diff_stages_brief(a, m);
}

static void
add_row(struct builder *b, const struct matter *ours, const struct matter *theirs,
        const struct standard_matter *standard)
{
    struct arena *a = b->ctx->arena;
    bool listed = !b->d->theirs;
    struct diff_row *row = &b->d->row[b->d->n++];
    *row = (struct diff_row){.ours = ours, .theirs = theirs, .standard = standard};
    struct str x[UNIFY_COUNT] = {{0}}, y[UNIFY_COUNT] = {{0}};
    if (ours) {
        tell(a, ours, x);
        put_brief(a, ours, row->cell);
        b->ours_done[ours - b->d->ours->matter] = true;
    }
    if (theirs) {
        tell(a, theirs, y);
        b->theirs_done[theirs - b->d->theirs->matter] = true;
    } else if (listed && standard) {
        tell_listed(a, standard, y);
    }
    for (int u = 0; u < UNIFY_COUNT; u++) {
        row->cell[u].ours = x[u];
        row->cell[u].theirs = y[u];
    }
    if (ours && (theirs || (listed && standard))) {
        struct pair p = {.a = a, .ours = ours, .theirs = theirs, .standard = standard, .listed = listed};
        p.ours_of_code = of_code(b->d->ours, ours->code);
        p.theirs_of_code = theirs ? of_code(b->d->theirs, theirs->code) : 0;
        judge(&p, row->cell);
        return;
    }
    for (int u = 0; u < UNIFY_COUNT; u++) {
        row->cell[u].side = u == UNIFY_NAME ? DIFF_OTHER : DIFF_UNPRINTED;
        row->cell[u].detail = !ours    ? STR("我方没有这个事项")
                              : listed ? STR("标准清单没有这个事项，是地方事项")
                                       : STR("对方没有这个事项");
    }
}

/* The likeliest pair of one code that is still free; false when a side has none left. */
static bool
next_pair(struct builder *b, struct str code, const struct matter **ret_x, const struct matter **ret_y)
{
    const struct region *r = b->d->ours, *s = b->d->theirs;
    const struct matter *best_x = NULL, *best_y = NULL;
    size_t best = 0;
    for (size_t i = 0; i < r->matter_count; i++) {
        if (b->ours_done[i] || !str_eq(r->matter[i].code, code))
            continue;
        for (size_t k = 0; k < s->matter_count; k++) {
            if (b->theirs_done[k] || !str_eq(s->matter[k].code, code))
                continue;
            const struct matter *x = &r->matter[i], *y = &s->matter[k];
            size_t l = likeness(b->ctx->arena, x->name, y->name);
            if (best_x && (l < best || (l == best && !earlier(x, y, best_x, best_y))))
                continue;
            best = l;
            best_x = x;
            best_y = y;
        }
    }
    *ret_x = best_x;
    *ret_y = best_y;
    return best_x;
}

/* A matter without a partner of its code may have one of its name: the other side has it as a local matter. */
static const struct matter *
same_name(const struct builder *b, const struct matter *x)
{
    struct str name = diff_fold(b->ctx->arena, x->name);
    const struct region *s = b->d->theirs;
    for (size_t k = 0; s && k < s->matter_count; k++)
        if (!b->theirs_done[k] && (str_empty(x->code) || str_empty(s->matter[k].code)) &&
            str_eq(diff_fold(b->ctx->arena, s->matter[k].name), name))
            return &s->matter[k];
    return NULL;
}

static void
add_coded(struct builder *b, const struct standard_matter *s)
{
    const struct region *r = b->d->ours, *t = b->d->theirs;
    const struct matter *x, *y;
    if (!t) { /* each of ours stands against the list's entry, also where several share it */
        bool any = false;
        for (size_t i = 0; i < r->matter_count; i++)
            if (str_eq(r->matter[i].code, s->code)) {
                add_row(b, &r->matter[i], NULL, s);
                any = true;
            }
        if (!any)
            add_row(b, NULL, NULL, s);
        return;
    }
    while (next_pair(b, s->code, &x, &y))
        add_row(b, x, y, s);
}

/* What no partner of its code has been found for. */
static void
add_left(struct builder *b, bool coded)
{
    const struct region *r = b->d->ours, *t = b->d->theirs;
    const struct matter *x, *y;
    for (size_t i = 0; t && coded && i < r->matter_count; i++) /* codes of a version whose standard list differs */
        while (!str_empty(r->matter[i].code) && next_pair(b, r->matter[i].code, &x, &y))
            add_row(b, x, y, x->standard);
    for (size_t i = 0; i < r->matter_count; i++)
        if (!b->ours_done[i] && coded == !str_empty(r->matter[i].code))
            add_row(b, &r->matter[i], same_name(b, &r->matter[i]), r->matter[i].standard);
    for (size_t k = 0; t && k < t->matter_count; k++)
        if (!b->theirs_done[k] && coded && !str_empty(t->matter[k].code)) {
            const struct matter *local = NULL;
            for (size_t i = 0; i < r->matter_count && !local; i++)
                if (!b->ours_done[i] && str_empty(r->matter[i].code) &&
                    str_eq(diff_fold(b->ctx->arena, r->matter[i].name), diff_fold(b->ctx->arena, t->matter[k].name)))
                    local = &r->matter[i];
            add_row(b, local, &t->matter[k], t->matter[k].standard);
        }
    for (size_t k = 0; t && !coded && k < t->matter_count; k++)
        if (!b->theirs_done[k])
            add_row(b, NULL, &t->matter[k], NULL);
}

enum err
catalog_diff(struct ctx *ctx, const struct catalog *c, const struct region *ours, const struct region *theirs,
             struct diff *ret_d)
{
    size_t n = ours->matter_count + (theirs ? theirs->matter_count : catalog_standard_count(c));
    struct diff d = {.ours = ours, .theirs = theirs, .row = ARENA_ARRAY(ctx->arena, n, struct diff_row)};
    struct builder b = {.ctx = ctx,
                        .c = c,
                        .d = &d,
                        .ours_done = ARENA_ARRAY(ctx->arena, ours->matter_count, bool),
                        .theirs_done = ARENA_ARRAY(ctx->arena, theirs ? theirs->matter_count : 0, bool)};
    for (size_t i = 0; i < catalog_standard_count(c); i++)
        add_coded(&b, catalog_standard_at(c, i));
    add_left(&b, true);
    add_left(&b, false);
    *ret_d = d;
    return OK;
}

bool
diff_row_paired(const struct diff_row *r)
{
    return !str_empty(r->cell[UNIFY_NAME].ours) && !str_empty(r->cell[UNIFY_NAME].theirs);
}

//= R3
enum diff_side
diff_row_side(const struct diff_row *r)
{
    static const enum unification weighed[] = {UNIFY_MATERIALS, UNIFY_LIMIT, UNIFY_STAGES};
    bool seen[SIDE_COUNT] = {0}, mixed = false;
    if (!r->theirs && diff_row_paired(r))
        return r->cell[UNIFY_NAME].side == DIFF_SAME && r->cell[UNIFY_STAGES].side != DIFF_OTHER ? DIFF_SAME
                                                                                                 : DIFF_OTHER;
    for (size_t i = 0; i < sizeof weighed / sizeof *weighed; i++) {
        seen[r->cell[weighed[i]].side] = true;
        mixed = mixed || r->cell[weighed[i]].mixed;
    }
    if (mixed || (seen[DIFF_LIGHTER] && seen[DIFF_HEAVIER]))
        return DIFF_OTHER;
    if (seen[DIFF_LIGHTER] || seen[DIFF_HEAVIER])
        return seen[DIFF_LIGHTER] ? DIFF_LIGHTER : DIFF_HEAVIER;
    return seen[DIFF_OTHER] ? DIFF_OTHER : seen[DIFF_SAME] ? DIFF_SAME : DIFF_UNPRINTED;
}

/* --- the view --- */

static void
put_side(struct view *v, enum diff_side s)
{
    view_put_z(v, "side", diff_side_name(s));
    view_put_z(v, "side_title", diff_side_title(s));
    view_put_z(v, "mark", diff_side_mark(s));
}

static void
put_matter(struct view *row, const char *key, const struct matter *m)
{
    if (!m) {
        view_put_null(row, key);
        return;
    }
    struct view *v = view_put_map(row, key);
    view_put_text(v, "id", m->id);
    view_put_text(v, "name", m->name);
    view_put_text(v, "region", m->region->code);
}

static void
put_row(struct view *row, const struct diff_row *r)
{
    const struct diff_cell *name = &r->cell[UNIFY_NAME];
    bool both = diff_row_paired(r);
    view_put_text(row, "name", r->ours ? name->ours : name->theirs);
    if (r->standard)
        view_put_text(row, "code", r->standard->code);
    else
        view_put_null(row, "code");
    view_put_z(row, "only", both ? NULL : r->ours ? "ours" : "theirs");
    if (both)
        view_put_null(row, "remark");
    else
        view_put_text(row, "remark", r->cell[UNIFY_NAME].detail);
    put_matter(row, "ours", r->ours);
    put_matter(row, "theirs", r->theirs);
    put_side(row, diff_row_side(r));
    struct view *cells = view_put_list(row, "cells");
    for (int u = 0; u < UNIFY_COUNT; u++) {
        const struct diff_cell *c = &r->cell[u];
        struct view *v = view_add_map(cells);
        view_put_z(v, "unification", unification_id((enum unification)u));
        view_put_z(v, "title", unification_name((enum unification)u));
        put_side(v, c->side);
        view_put_bool(v, "mixed", c->mixed);
        view_put_text(v, "ours", c->ours.p ? c->ours : STR(""));
        view_put_text(v, "theirs", c->theirs.p ? c->theirs : STR(""));
        view_put_text(v, "gist", str_sub(c->detail, 0, str_find(c->detail, STR("；"))));
        view_put_text(v, "detail", c->detail);
    }
}

static void
put_party(struct view *map, const char *key, const struct region *r)
{
    struct view *v = view_put_map(map, key);
    view_put_text(v, "code", r ? r->code : STR("standard"));
    view_put_text(v, "name", r ? r->name : STR("标准清单"));
}

static void
put_summary(struct view *map, const struct diff *d)
{
    struct view *v = view_put_map(map, "summary"), *by = view_put_list(map, "unifications");
    int64_t row_side[SIDE_COUNT] = {0}, cell_side[UNIFY_COUNT][SIDE_COUNT] = {{0}}, paired = 0, ours = 0, theirs = 0;
    for (size_t i = 0; i < d->n; i++) {
        const struct diff_row *r = &d->row[i];
        if (!diff_row_paired(r)) {
            ours += r->ours != NULL;
            theirs += r->ours == NULL;
            continue;
        }
        paired++;
        row_side[diff_row_side(r)]++;
        for (int u = 0; u < UNIFY_COUNT; u++)
            cell_side[u][r->cell[u].side]++;
    }
    view_put_int(v, "paired", paired);
    view_put_int(v, "only_ours", ours);
    view_put_int(v, "only_theirs", theirs);
    for (int s = 0; s < SIDE_COUNT; s++)
        view_put_int(v, side_names[s], row_side[s]);
    for (int u = 0; u < UNIFY_COUNT; u++) {
        struct view *x = view_add_map(by);
        view_put_z(x, "unification", unification_ids[u]);
        view_put_z(x, "title", unification_names[u]);
        for (int s = 0; s < SIDE_COUNT; s++)
            view_put_int(x, side_names[s], cell_side[u][s]);
    }
}

void
diff_view(struct ctx *ctx, const struct diff *d, struct view *ret_map)
{
    (void)ctx;
    put_party(ret_map, "ours", d->ours);
    put_party(ret_map, "theirs", d->theirs);
    //= R1
    view_put_bool(ret_map, "binding", d->theirs && d->ours->parent_binds && str_eq(d->ours->parent, d->theirs->code));
    put_summary(ret_map, d);
    view_put_z(ret_map, "scale", "时限按 5 个工作日合 7 天、1 个月合 30 天换算；即时办结、即办即批为零");
    struct view *rows = view_put_list(ret_map, "rows");
    for (size_t i = 0; i < d->n; i++)
        put_row(view_add_map(rows), &d->row[i]);
    view_put_int(ret_map, "count", (int64_t)d->n);
}
