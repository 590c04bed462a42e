/* Limits of two guides on one scale, and their stages. Called by diff.c; knows no region.
** The scale: five working days are seven calendar days, a month is thirty; 即时 and 即办即批 are nothing. What a hospital,
** an agreement or a quarter decides, and a limit for the receipt only, has no place on it and is not compared. */
#include "catalog/diff/diff_int.h"

enum { UNITS_WORKDAY = 7, UNITS_DAY = 5, DAYS_OF_MONTH = 30 };

static struct limit
effective(const struct limit_tier *t)
{
    return t->promised.kind != LIMIT_NONE ? t->promised : t->legal; //= R14
}

static bool
on_scale(struct limit l, int64_t *ret_units)
{
    switch (l.kind) {
    case LIMIT_INSTANT:
    case LIMIT_ON_DEMAND:
        *ret_units = 0;
        return true;
    case LIMIT_WORKDAYS:
        *ret_units = (int64_t)l.n * UNITS_WORKDAY;
        return true;
    case LIMIT_DAYS:
        *ret_units = (int64_t)l.n * UNITS_DAY;
        return true;
    case LIMIT_MONTHS:
        *ret_units = (int64_t)l.n * DAYS_OF_MONTH * UNITS_DAY;
        return true;
    default:
        return false;
    }
}

/* The quickest and the slowest tier. */
struct range {
    bool printed;
    int64_t best, worst;
    struct limit best_limit, worst_limit;
    const struct limit_tier *odd; /* the first that is not on the scale */
};

static struct range
range_of(const struct matter *m)
{
    struct range r = {0};
    bool scaled = false;
    for (size_t i = 0; i < m->limit_count; i++) {
        const struct limit_tier *t = &m->limit[i];
        struct limit l = effective(t);
        int64_t units;
        if (l.kind == LIMIT_NONE)
            continue;
        r.printed = true;
        if (t->receipt_only || !on_scale(l, &units)) {
            r.odd = r.odd ? r.odd : t; //= R253
            continue;
        }
        if (!scaled || units < r.best) {
            r.best = units;
            r.best_limit = l;
        }
        if (!scaled || units > r.worst) {
            r.worst = units;
            r.worst_limit = l;
        }
        scaled = true;
    }
    return r;
}

static struct str
tier_text(struct arena *a, const struct limit_tier *t)
{
    struct str s = limit_text(a, effective(t));
    return t->receipt_only ? str_fmt(a, "%.*s内出具受理回执", STR_ARG(s)) : s;
}

static struct str
tiers_text(struct arena *a, const struct matter *m, const char *sep)
{
    struct buf b;
    buf_init(&b, a, 64);
    for (size_t i = 0; i < m->limit_count; i++) {
        struct str s = tier_text(a, &m->limit[i]);
        bool said = false;
        for (size_t k = 0; k < i; k++)
            said = said || str_eq(tier_text(a, &m->limit[k]), s);
        if (said || str_empty(s))
            continue;
        buf_addz(&b, b.n ? sep : "");
        buf_add(&b, s);
    }
    return buf_str(&b);
}

struct str
diff_limit_brief(struct arena *a, const struct matter *m)
{
    struct range r = range_of(m);
    if (!r.printed)
        return STR("时限未印");
    if (r.odd)
        return tiers_text(a, m, "/");
    struct str best = r.best == 0 ? STR("即时") : limit_text(a, r.best_limit),
               worst = r.worst == 0 ? STR("即时") : limit_text(a, r.worst_limit);
    return r.best == r.worst ? worst : str_fmt(a, "%.*s—%.*s", STR_ARG(best), STR_ARG(worst));
}

struct str
diff_limit_text(struct arena *a, const struct matter *m)
{
    struct str s = tiers_text(a, m, "；");
    return str_empty(s) ? STR("未印") : s;
}

static bool
in_workdays(struct limit l)
{
    return l.kind == LIMIT_INSTANT || l.kind == LIMIT_ON_DEMAND || l.kind == LIMIT_WORKDAYS;
}

/* "5个工作日 对 10个工作日，短 5 个工作日". */
static void
say_pair(struct arena *a, struct buf *b, struct limit x, struct limit y, bool *ret_converted)
{
    int64_t ux = 0, uy = 0;
    on_scale(x, &ux);
    on_scale(y, &uy);
    buf_fmt(b, "%.*s 对 %.*s", STR_ARG(limit_text(a, x)), STR_ARG(limit_text(a, y)));
    if (x.kind == y.kind && x.n == y.n)
        return;
    int64_t by = ux < uy ? uy - ux : ux - uy;
    const char *word = ux < uy ? "短" : "长";
    bool workdays = in_workdays(x) && in_workdays(y);
    *ret_converted = *ret_converted || !workdays;
    if (by == 0)
        buf_addz(b, "，折算后相等");
    else if (workdays)
        buf_fmt(b, "，%s %lld 个工作日", word, (long long)(by / UNITS_WORKDAY));
    else /* rounded up: a part of a day is a day to who waits */
        buf_fmt(b, "，%s约 %lld 天", word, (long long)((by + UNITS_DAY - 1) / UNITS_DAY));
}

static bool
same_tiers(const struct matter *x, const struct matter *y)
{
    if (x->limit_count != y->limit_count)
        return false;
    for (size_t i = 0; i < x->limit_count; i++) {
        struct limit p = effective(&x->limit[i]), q = effective(&y->limit[i]);
        if (p.kind != q.kind || p.n != q.n || x->limit[i].receipt_only != y->limit[i].receipt_only)
            return false;
    }
    return true;
}

static void
say_odd(struct buf *b, struct arena *a, const char *who, const struct limit_tier *t)
{
    if (!t)
        return;
    buf_fmt(b, "；%s“%.*s”", who, STR_ARG(tier_text(a, t)));
    buf_addz(b, t->receipt_only ? "是出回执的时限，不是办结时限" : "不是从受理起算的天数");
}

/* What else is printed about the clock, where both print it and it differs. */
static void
say_clock(struct arena *a, struct buf *b, const struct matter *x, const struct matter *y)
{
    const struct limit_tier *p = &x->limit[0], *q = &y->limit[0];
    if (!str_empty(p->counted_from) && !str_empty(q->counted_from) && !str_eq(p->counted_from, q->counted_from))
        buf_fmt(b, "；起算不同：%.*s 对 %.*s", STR_ARG(p->counted_from), STR_ARG(q->counted_from));
    if (x->limit_count > 1 || y->limit_count > 1 || p->legal.kind == LIMIT_NONE || q->legal.kind == LIMIT_NONE)
        return;
    if (p->promised.kind != LIMIT_NONE && q->promised.kind != LIMIT_NONE &&
        (p->legal.kind != q->legal.kind || p->legal.n != q->legal.n))
        buf_fmt(b, "；法定时限 %.*s 对 %.*s", STR_ARG(limit_text(a, p->legal)), STR_ARG(limit_text(a, q->legal)));
}

//= R2 R3
void
diff_limits(const struct pair *p, struct diff_cell *cell)
{
    struct range x = range_of(p->ours), y = range_of(p->theirs);
    struct buf b;
    bool converted = false;
    buf_init(&b, p->a, 128);
    if (!x.printed || !y.printed) {
        cell->side = DIFF_UNPRINTED;
        cell->detail = !x.printed && !y.printed ? STR("两边都没有印时限")
                       : !x.printed
                           ? str_fmt(p->a, "我方没有印时限；对方 %.*s", STR_ARG(diff_limit_text(p->a, p->theirs)))
                           : str_fmt(p->a, "对方没有印时限；我方 %.*s", STR_ARG(diff_limit_text(p->a, p->ours)));
        return;
    }
    if (same_tiers(p->ours, p->theirs)) {
        cell->side = DIFF_SAME;
        buf_add(&b, diff_limit_text(p->a, p->ours));
    } else if (x.odd || y.odd) {
        cell->side = DIFF_OTHER;
        buf_fmt(&b, "%.*s 对 %.*s，不能换算比较", STR_ARG(diff_limit_text(p->a, p->ours)),
                STR_ARG(diff_limit_text(p->a, p->theirs)));
        say_odd(&b, p->a, "我方", x.odd);
        say_odd(&b, p->a, "对方", y.odd);
    } else {
        diff_ends(cell, x.best, x.worst, y.best, y.worst);
        if (x.best == x.worst && y.best == y.worst) {
            say_pair(p->a, &b, x.worst_limit, y.worst_limit, &converted);
        } else {
            buf_addz(&b, "最慢 "); /* what everybody can rely on comes first */
            say_pair(p->a, &b, x.worst_limit, y.worst_limit, &converted);
            buf_addz(&b, "；最快 ");
            say_pair(p->a, &b, x.best_limit, y.best_limit, &converted);
            buf_addz(&b, cell->mixed ? "；互有长短" : "");
        }
    }
    say_clock(p->a, &b, p->ours, p->theirs);
    if (converted)
        buf_addz(&b, "（按 5 个工作日合 7 天、1 个月合 30 天换算）");
    cell->detail = buf_str(&b);
}

/* --- stages --- */

struct str
diff_stages_text(struct arena *a, const struct stage *s, size_t n, bool by_system)
{
    struct buf b;
    if (n == 0)
        return STR("未印");
    buf_init(&b, a, 64);
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "%s%s%s", i ? "—" : "", stage_name(s[i].kind), s[i].when.feel ? "（有条件）" : "");
    buf_addz(&b, by_system ? "（系统口径）" : "");
    return buf_str(&b);
}

static uint64_t
kinds(const struct stage *s, size_t n)
{
    uint64_t set = 0;
    for (size_t i = 0; i < n; i++)
        set |= UINT64_C(1) << s[i].kind;
    return set;
}

static int
kinds_count(uint64_t set)
{
    int n = 0;
    for (; set; set &= set - 1)
        n++;
    return n;
}

struct str
diff_stages_brief(struct arena *a, const struct matter *m)
{
    if (m->stages_by_system || m->stage_count == 0)
        return STR("环节未印");
    return str_fmt(a, "%d环节", kinds_count(kinds(m->stage, m->stage_count)));
}

static void
say_kinds(struct buf *b, const char *word, uint64_t set)
{
    const char *sep = "";
    if (!set)
        return;
    buf_fmt(b, "；%s ", word);
    for (int k = 0; k < STAGE_COUNT; k++)
        if (set >> k & 1u) {
            buf_fmt(b, "%s%s", sep, stage_name((enum stage_kind)k));
            sep = "、";
        }
}

/* Either side's stages may be the system's own, because its guide prints none: that is no statement to compare. Only the
** standard list has nothing else, and there they are labelled. */
void
diff_stages(const struct pair *p, struct diff_cell *cell)
{
    const struct matter *m = p->ours;
    const struct stage *theirs = p->listed ? p->standard->stage : p->theirs->stage;
    size_t n = p->listed ? p->standard->stage_count : p->theirs->stage_count;
    bool we_print = !m->stages_by_system && m->stage_count > 0, they_print = n > 0;
    if (!p->listed)
        they_print = they_print && !p->theirs->stages_by_system;
    if (!we_print || !they_print) {
        cell->side = DIFF_UNPRINTED;
        cell->detail = !we_print && !they_print ? STR("两边都没有印环节")
                       : !we_print              ? STR("我方指南没有印环节，系统口径不算")
                       : p->listed              ? STR("标准清单没有环节")
                                                : STR("对方指南没有印环节，系统口径不算");
        return;
    }
    uint64_t x = kinds(m->stage, m->stage_count), y = kinds(theirs, n);
    bool same = m->stage_count == n;
    for (size_t i = 0; same && i < n; i++)
        same = m->stage[i].kind == theirs[i].kind;
    int nx = kinds_count(x), ny = kinds_count(y);
    cell->side = same                    ? DIFF_SAME
                 : p->listed || nx == ny ? DIFF_OTHER /* the system's own wiring is no norm to be lighter than */
                 : nx < ny               ? DIFF_LIGHTER
                                         : DIFF_HEAVIER;
    struct buf b;
    buf_init(&b, p->a, 128);
    if (same) {
        buf_fmt(&b, "%d 个环节", nx);
    } else {
        buf_fmt(&b, "%d 个环节 对 %d 个环节", nx, ny);
        say_kinds(&b, "多", x & ~y);
        say_kinds(&b, "少", y & ~x);
        if (x == y)
            buf_addz(&b, "；环节相同，先后或次数不同");
    }
    buf_addz(&b, p->listed ? "（标准清单为系统口径）" : "");
    cell->detail = buf_str(&b);
}
