/* A limit with its interruptions, reckoned by spans of days taken out instead of day by day: lists ask for thousands.
** Called by the core when a deadline is set or moved, and by everything that shows one. Reads nothing but its
** arguments. */
#include "case/clock.h"

#include "catalog/checklist.h"

/* Days FIRST..LAST taken out; LAST is OPEN while nobody knows the end. */
struct span {
    int32_t first, last;
};
enum { OPEN = INT32_MAX };
struct spans {
    struct span s[CLOCK_PAUSES_MAX]; /* ascending, none touching another */
    size_t n;
};

/* The last day a pause takes out; OPEN. What was recorded goes before what was expected: a publicity cut short or
** prolonged. A day known beforehand ends the pause although nobody recorded it: forgetting must not win time. */
static int32_t
last_day(const struct clock_pause *p)
{
    if (!day_is_none(p->to))
        return p->to.n;
    return day_is_none(p->until) ? OPEN : p->until.n;
}

/* Ascending by the first day, the longer one later. */
static bool
comes_after(const struct clock_pause *a, const struct clock_pause *b)
{
    return a->from.n != b->from.n ? a->from.n > b->from.n : last_day(a) > last_day(b);
}

/* Indices of P in the order in which they happened; the number of them that are looked at. */
static size_t
in_order(const struct clock_pause *p, size_t n, size_t *ret_order)
{
    size_t count = 0;
    for (size_t i = 0; i < n && i < CLOCK_PAUSES_MAX; i++) {
        size_t at = count++;
        for (; at > 0 && comes_after(&p[ret_order[at - 1]], &p[i]); at--)
            ret_order[at] = ret_order[at - 1];
        ret_order[at] = i;
    }
    return count;
}

/* What the first COUNT of ORDER take out together. */
static void
spans_of(const struct clock_pause *p, const size_t *order, size_t count, struct spans *ret_s)
{
    ret_s->n = 0;
    for (size_t i = 0; i < count; i++) {
        const struct clock_pause *x = &p[order[i]];
        int32_t last = last_day(x);
        if (day_is_none(x->from) || last <= x->from.n)
            continue;
        struct span *before = ret_s->n ? &ret_s->s[ret_s->n - 1] : NULL;
        if (before && (before->last == OPEN || x->from.n + 1 <= before->last + 1)) {
            before->last = last > before->last ? last : before->last;
            continue;
        }
        ret_s->s[ret_s->n++] = (struct span){x->from.n + 1, last};
    }
}

static bool
by_workdays(struct limit l)
{
    return l.kind == LIMIT_WORKDAYS || l.kind == LIMIT_INSTANT || l.kind == LIMIT_ON_DEMAND;
}

/* Units of the limit after A up to and including B. */
static int
units(const struct calendar *cal, struct limit l, int32_t a, int32_t b)
{
    if (b <= a)
        return 0;
    return by_workdays(l) ? calendar_between(cal, (struct day){a}, (struct day){b}, NULL) : b - a;
}

static struct day
add_units(const struct calendar *cal, struct limit l, int32_t from, int n)
{
    return by_workdays(l) ? calendar_add(cal, (struct day){from}, n, NULL) : day_add((struct day){from}, n);
}

/* Units after A up to and including B that are taken out. */
static int
taken_units(const struct calendar *cal, struct limit l, const struct spans *s, int32_t a, int32_t b)
{
    int sum = 0;
    for (size_t i = 0; i < s->n && s->s[i].first <= b; i++) {
        int32_t from = s->s[i].first - 1 > a ? s->s[i].first - 1 : a;
        sum += units(cal, l, from, s->s[i].last < b ? s->s[i].last : b);
    }
    return sum;
}

static bool
is_taken(const struct spans *s, int32_t d)
{
    for (size_t i = 0; i < s->n && s->s[i].first <= d; i++)
        if (d <= s->s[i].last)
            return true;
    return false;
}

/* Units that the limit gives after START: of a limit in months, the calendar days up to its day. */
static int
total_units(const struct calendar *cal, struct limit l, struct day start, const struct spans *s)
{
    switch (l.kind) {
    case LIMIT_INSTANT:
    case LIMIT_ON_DEMAND: //= R275
        return calendar_is_workday(cal, start) && !is_taken(s, start.n) ? 0 : 1;
    case LIMIT_WORKDAYS:
    case LIMIT_DAYS:
        return l.n;
    default:
        return limit_due(cal, l, start, &(bool){false}).n - start.n;
    }
}

/* The day of a quarterly round is not counted to: who is paused on its last day waits for the round in which the clock
** runs again. */
static struct day
due_round(const struct calendar *cal, struct limit l, struct day start, const struct spans *s)
{
    struct day due = limit_due(cal, l, start, &(bool){false}); //= R158
    for (size_t i = 0; i < s->n && s->s[i].first <= due.n; i++) {
        if (due.n > s->s[i].last)
            continue;
        if (s->s[i].last == OPEN)
            return DAY_NONE;
        due = limit_due(cal, l, day_add((struct day){s->s[i].last}, 1), &(bool){false});
    }
    return due;
}

static struct day
due_with(const struct calendar *cal, struct limit l, struct day start, const struct spans *s)
{
    if (l.kind == LIMIT_QUARTERLY)
        return due_round(cal, l, start, s);
    int rest = total_units(cal, l, start, s);
    int32_t at = start.n;
    if (rest == 0)
        return start;
    for (size_t i = 0; i < s->n; i++) {
        if (s->s[i].last <= at)
            continue;
        int run = units(cal, l, at, s->s[i].first - 1);
        if (run >= rest)
            break;
        if (s->s[i].last == OPEN)
            return DAY_NONE;
        rest -= run;
        at = s->s[i].last;
    }
    return add_units(cal, l, at, rest);
}

static bool
has_day(const struct calendar *cal, struct limit l, struct day start)
{
    return !day_is_none(start) && !day_is_none(limit_due(cal, l, start, &(bool){false}));
}

static bool
stands_still(const struct clock_pause *p, struct day today)
{
    if (day_is_none(p->from) || p->from.n > today.n)
        return false;
    if (!day_is_none(p->to))
        return today.n < p->to.n;
    return day_is_none(p->until) || today.n <= p->until.n;
}

void
clock_reckon(const struct calendar *cal, struct limit l, struct day start, const struct clock_pause *p, size_t n,
             struct day today, struct clock *ret_k)
{
    struct clock k = {.due = DAY_NONE, .unpaused = DAY_NONE};
    size_t order[CLOCK_PAUSES_MAX], count = in_order(p, n, order);
    for (size_t i = 0; i < count; i++)
        k.paused = k.paused || stands_still(&p[i], today);
    if (has_day(cal, l, start)) {
        struct spans s;
        spans_of(p, order, count, &s);
        k.unpaused = limit_due(cal, l, start, &k.tentative);
        k.due = due_with(cal, l, start, &s);
        if (by_workdays(l) && !day_is_none(k.due) && k.due.n > k.unpaused.n) {
            bool moved;
            (void)calendar_between(cal, start, k.due, &moved);
            k.tentative = k.tentative || moved;
        }
        int32_t now = today.n > start.n ? today.n : start.n;
        k.taken = taken_units(cal, l, &s, start.n, now);
        k.used = units(cal, l, start.n, now) - k.taken;
        if (day_is_none(k.due))
            k.left = total_units(cal, l, start, &s) - k.used;
        else if (now <= k.due.n)
            k.left = units(cal, l, now, k.due.n) - taken_units(cal, l, &s, now, k.due.n);
        else
            k.left = taken_units(cal, l, &s, k.due.n, now) - units(cal, l, k.due.n, now);
    }
    *ret_k = k;
}

/* 11月2日, with its year where that is not the START's. */
static struct str
short_day(struct arena *a, struct day d, struct day start)
{
    struct day_ymd t = day_ymd(d);
    return t.year == day_ymd(start).year ? str_fmt(a, "%d月%d日", t.month, t.day) : day_text_zh(a, d);
}

struct str
clock_sentence(struct arena *a, const struct calendar *cal, struct limit l, struct day start,
               const struct clock_pause *p, size_t n, size_t i, struct day today)
{
    size_t order[CLOCK_PAUSES_MAX], count = in_order(p, n, order), at = 0;
    while (at < count && order[at] != i)
        at++;
    if (at == count || day_is_none(p[i].from))
        return STR("");
    struct spans without, with;
    spans_of(p, order, at, &without);
    spans_of(p, order, at + 1, &with);
    const char *name = pause_name(p[i].kind);
    struct str from = short_day(a, p[i].from, start);
    bool open = last_day(&p[i]) == OPEN;
    struct str to = open ? STR("") : short_day(a, (struct day){last_day(&p[i])}, start);
    if (!open && last_day(&p[i]) < p[i].from.n)
        to = from;
    const char *running = stands_still(&p[i], today) ? "，尚未结束" : "";
    if (!has_day(cal, l, start))
        return open ? str_fmt(a, "因%s自%.*s起暂停，尚未结束", name, STR_ARG(from))
                    : str_fmt(a, "因%s暂停（%.*s至%.*s%s）", name, STR_ARG(from), STR_ARG(to), running);
    const char *unit = by_workdays(l) ? "个工作日" : "个自然日";
    struct day before = due_with(cal, l, start, &without), after = due_with(cal, l, start, &with);
    if (day_is_none(before))
        return str_fmt(a, "因%s自%.*s起暂停，与尚未结束的暂停重叠，恢复后一并计算", name, STR_ARG(from));
    struct str due = short_day(a, before, start);
    if (day_is_none(after)) {
        int32_t now = p[i].from.n > start.n ? p[i].from.n : start.n;
        int left = units(cal, l, now, before.n) - taken_units(cal, l, &without, now, before.n);
        return str_fmt(a, "因%s自%.*s起暂停，尚未结束；到期日 %.*s 待恢复后顺延，剩余 %d %s", name, STR_ARG(from),
                       STR_ARG(due), left, unit);
    }
    if (after.n == before.n) /* before the start, after the due day, over rest days only, or inside another */
        return open ? str_fmt(a, "因%s自%.*s起暂停，尚未结束，到期日 %.*s 不变", name, STR_ARG(from), STR_ARG(due))
                    : str_fmt(a, "因%s暂停（%.*s至%.*s%s），到期日 %.*s 不变", name, STR_ARG(from), STR_ARG(to),
                              running, STR_ARG(due));
    struct str moved = short_day(a, after, start);
    if (l.kind == LIMIT_QUARTERLY)
        return str_fmt(a, "因%s暂停（%.*s至%.*s%s），错过本季度，到期日由 %.*s 顺延到 %.*s", name, STR_ARG(from),
                       STR_ARG(to), running, STR_ARG(due), STR_ARG(moved));
    return str_fmt(a, "因%s暂停 %d %s（%.*s至%.*s%s），到期日由 %.*s 顺延到 %.*s", name,
                   units(cal, l, before.n, after.n), unit, STR_ARG(from), STR_ARG(to), running, STR_ARG(due),
                   STR_ARG(moved));
}

static struct str
deadline_words(struct arena *a, struct day due, bool tentative)
{
    if (day_is_none(due))
        return STR("未定");
    return str_concat(a, day_text_zh(a, due), tentative ? STR("（暂定）") : STR(""));
}

struct str
clock_reproject(struct arena *a, const char *what, struct day stored, bool was_tentative, const struct clock *now)
{
    if (stored.n == now->due.n && (was_tentative == now->tentative || day_is_none(now->due)))
        return STR("");
    struct str due = deadline_words(a, now->due, now->tentative);
    if (stored.n == now->due.n)
        return now->tentative ? str_fmt(a, "%s%.*s改为暂定", what, STR_ARG(day_text_zh(a, stored)))
                              : str_fmt(a, "%s%.*s不变，不再是暂定", what, STR_ARG(due));
    return str_fmt(a, "%s由%.*s改为%.*s", what, STR_ARG(deadline_words(a, stored, was_tentative)), STR_ARG(due));
}
