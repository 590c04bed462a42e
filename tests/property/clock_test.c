/* The clock against a slow one: random limits, starts and pause histories, reckoned a second time by walking day after
** day. The slow clock is written from the contract in case/clock.h and shares no code with case/clock.c; of the calendar it
** asks only whether a day is worked. JINGBAN_SEED and JINGBAN_CASES choose other histories and how many. */
#include <stdlib.h>
#include <string.h>

#include "case/clock.h"
#include "support/support_catalog.h"

enum { HISTORIES = 100000, PAUSES_MAX = 70, SENTENCE_EVERY = 8 };

static uint64_t rng;

static uint64_t
next(void)
{
    rng ^= rng >> 12;
    rng ^= rng << 25;
    rng ^= rng >> 27;
    return rng * 2685821657736338717u;
}

static int
between(int low, int high)
{
    return low + (int)((next() >> 33) % (uint64_t)(high - low + 1));
}

/* --- the slow clock --- */

struct history {
    struct limit limit;
    int start, today;
    struct clock_pause pause[PAUSES_MAX];
    size_t n;
};

static bool
none(struct day d)
{
    return d.n == INT32_MIN;
}

static bool
pause_takes(const struct clock_pause *p, int d)
{
    if (none(p->from) || d <= p->from.n)
        return false;
    if (!none(p->to))
        return d <= p->to.n;
    return none(p->until) || d <= p->until.n;
}

static bool
slow_taken(const struct history *h, int d)
{
    for (size_t i = 0; i < h->n && i < CLOCK_PAUSES_MAX; i++)
        if (pause_takes(&h->pause[i], d))
            return true;
    return false;
}

/* An end that nobody knows began before D: no day from D on runs. */
static bool
slow_stuck(const struct history *h, int d)
{
    for (size_t i = 0; i < h->n && i < CLOCK_PAUSES_MAX; i++) {
        const struct clock_pause *p = &h->pause[i];
        if (!none(p->from) && none(p->to) && none(p->until) && p->from.n < d)
            return true;
    }
    return false;
}

static bool
counts_workdays(struct limit l)
{
    return l.kind == LIMIT_WORKDAYS || l.kind == LIMIT_INSTANT || l.kind == LIMIT_ON_DEMAND;
}

static bool
is_unit(struct limit l, int d)
{
    return !counts_workdays(l) || calendar_is_workday(catalog_calendar(catalog), (struct day){d});
}

static int
running(const struct history *h, int after, int to)
{
    int sum = 0;
    for (int d = after + 1; d <= to; d++)
        sum += is_unit(h->limit, d) && !slow_taken(h, d);
    return sum;
}

static int
months_later(int start, int months)
{
    struct day_ymd t = day_ymd((struct day){start});
    for (int i = 0; i < months; i++) {
        t.month++;
        if (t.month == 13) {
            t.month = 1;
            t.year++;
        }
    }
    struct day d = DAY_NONE;
    while (!day_from_ymd(t.year, t.month, t.day, &d))
        t.day--;
    return d.n;
}

static bool
ends_quarter(int d)
{
    struct day_ymd t = day_ymd((struct day){d + 1});
    return t.day == 1 && t.month % 3 == 1;
}

static int
slow_due(const struct history *h)
{
    int left = h->limit.n;
    switch (h->limit.kind) {
    case LIMIT_MONTHS: {
        int base = months_later(h->start, h->limit.n), due = base;
        for (;;) {
            int moved = base;
            if (slow_stuck(h, due))
                return INT32_MIN;
            for (int d = h->start + 1; d <= due; d++)
                moved += slow_taken(h, d);
            if (moved == due)
                return due;
            due = moved;
        }
    }
    case LIMIT_QUARTERLY:
        for (int d = h->start;; d++) {
            if (!ends_quarter(d))
                continue;
            if (!slow_taken(h, d))
                return d;
            if (slow_stuck(h, d))
                return INT32_MIN;
        }
    case LIMIT_INSTANT:
    case LIMIT_ON_DEMAND:
        for (int d = h->start;; d++) {
            if (slow_stuck(h, d))
                return INT32_MIN;
            if (is_unit(h->limit, d) && !slow_taken(h, d))
                return d;
        }
    case LIMIT_WORKDAYS:
    case LIMIT_DAYS:
        for (int d = h->start + 1;; d++) {
            if (slow_stuck(h, d))
                return INT32_MIN;
            left -= is_unit(h->limit, d) && !slow_taken(h, d);
            if (left == 0)
                return d;
        }
    default:
        return INT32_MIN;
    }
}

static struct history
without_pauses(const struct history *h)
{
    struct history plain = *h;
    plain.n = 0;
    return plain;
}

static int
slow_total(const struct history *h)
{
    struct history plain = without_pauses(h);
    switch (h->limit.kind) {
    case LIMIT_WORKDAYS:
    case LIMIT_DAYS:
        return h->limit.n;
    case LIMIT_INSTANT:
    case LIMIT_ON_DEMAND:
        return 1; /* asked only where nothing ran on the first day */
    default:
        return slow_due(&plain) - h->start;
    }
}

static struct clock
slow_reckon(const struct history *h)
{
    struct clock k = {0};
    struct history plain = without_pauses(h);
    k.due.n = slow_due(h);
    k.unpaused.n = slow_due(&plain);
    for (size_t i = 0; i < h->n && i < CLOCK_PAUSES_MAX; i++) {
        const struct clock_pause *p = &h->pause[i];
        bool begun = !none(p->from) && p->from.n <= h->today;
        k.paused |= begun && (none(p->to) ? none(p->until) || h->today <= p->until.n : h->today < p->to.n);
    }
    if (none(k.unpaused))
        return k;
    int now = h->today > h->start ? h->today : h->start;
    for (int d = h->start + 1; d <= now; d++)
        k.taken += is_unit(h->limit, d) && slow_taken(h, d);
    k.used = running(h, h->start, now);
    if (none(k.due))
        k.left = slow_total(h) - k.used;
    else
        k.left = now <= k.due.n ? running(h, now, k.due.n) : -running(h, k.due.n, now);
    bool first = h->limit.kind != LIMIT_WORKDAYS;
    int last = none(k.due) ? k.unpaused.n : k.due.n;
    for (int d = h->start + !first; counts_workdays(h->limit) && d <= last; d++)
        k.tentative |= !calendar_is_announced(catalog_calendar(catalog), (struct day){d});
    return k;
}

/* --- random histories --- */

static struct clock_pause
random_pause(int start)
{
    struct clock_pause p = {
        .kind = (enum pause_kind)between(0, PAUSE_KIND_COUNT - 1), .to = DAY_NONE, .until = DAY_NONE};
    p.from.n = start + (between(0, 3) ? between(-3, 30) : between(-40, 120));
    int days = between(0, 5) ? between(0, 12) : between(-3, 100);
    int how = between(0, 9);
    if (how < 6)
        p.to.n = p.from.n + days;
    if (how >= 4 && how < 8)
        p.until.n = p.from.n + between(0, 20);
    if (between(0, 400) == 0)
        p.from = DAY_NONE;
    return p;
}

static void
random_history(struct history *h)
{
    static const struct limit limits[] = {{LIMIT_WORKDAYS, 30}, {LIMIT_WORKDAYS, 5}, {LIMIT_DAYS, 60},
                                          {LIMIT_MONTHS, 6},    {LIMIT_INSTANT, 0},  {LIMIT_ON_DEMAND, 0},
                                          {LIMIT_QUARTERLY, 0}, {LIMIT_NONE, 0},     {LIMIT_AGREEMENT, 0}};
    struct day first, last;
    assert_true(day_from_ymd(2004, 1, 1, &first) && day_from_ymd(2027, 6, 30, &last));
    h->limit = limits[between(0, between(0, 3) ? 6 : 8)];
    if (h->limit.n)
        h->limit.n = between(1, h->limit.n);
    h->start = between(first.n, last.n);
    if (between(0, 5) == 0) /* where calendars differ most: rest days, made-up days, the end of what is announced */
        h->start = last.n - between(0, 600);
    h->today = h->start + between(-5, 130);
    h->n = (size_t)between(0, 5);
    if (between(0, 200) == 0)
        h->n = (size_t)between(60, PAUSES_MAX);
    for (size_t i = 0; i < h->n; i++) {
        h->pause[i] = random_pause(h->start);
        if (h->n > 6 && none(h->pause[i].to) && none(h->pause[i].until))
            h->pause[i].to.n = h->start + between(0, 9); /* else every long history would stand still */
    }
}

/* --- comparing --- */

static const char *
shown(struct day d)
{
    return day_is_none(d) ? "-" : str_z(ctx.arena, day_text(ctx.arena, d));
}

static void
fail_history(const struct history *h, long nth, const char *what)
{
    print_error("history %ld, %s: limit kind %d n %d, start %s, today %s\n", nth, what, (int)h->limit.kind, h->limit.n,
                shown((struct day){h->start}), shown((struct day){h->today}));
    for (size_t i = 0; i < h->n; i++)
        print_error("  pause %zu %s: %s to %s until %s\n", i, pause_id(h->pause[i].kind), shown(h->pause[i].from),
                    shown(h->pause[i].to), shown(h->pause[i].until));
    fail();
}

static void
compare(const struct history *h, long nth)
{
    struct clock want = slow_reckon(h), got;
    clock_reckon(catalog_calendar(catalog), h->limit, (struct day){h->start}, h->pause, h->n, (struct day){h->today},
                 &got);
    if (got.due.n != want.due.n || got.unpaused.n != want.unpaused.n || got.tentative != want.tentative ||
        got.paused != want.paused || got.used != want.used || got.left != want.left || got.taken != want.taken) {
        print_error("got  due %s unpaused %s tentative %d paused %d used %d left %d taken %d\n", shown(got.due),
                    shown(got.unpaused), got.tentative, got.paused, got.used, got.left, got.taken);
        print_error("want due %s unpaused %s tentative %d paused %d used %d left %d taken %d\n", shown(want.due),
                    shown(want.unpaused), want.tentative, want.paused, want.used, want.left, want.taken);
        fail_history(h, nth, "clock_reckon");
    }
}

static int
slow_end(const struct clock_pause *p)
{
    return !none(p->to) ? p->to.n : none(p->until) ? INT32_MAX : p->until.n;
}

/* Whether B happened before A: the ledger's order. */
static bool
earlier(const struct history *h, size_t b, size_t a)
{
    const struct clock_pause *x = &h->pause[b], *y = &h->pause[a];
    if (x->from.n != y->from.n)
        return x->from.n < y->from.n;
    return slow_end(x) != slow_end(y) ? slow_end(x) < slow_end(y) : b < a;
}

static const char *
words_of(int d, int start)
{
    struct day_ymd t = day_ymd((struct day){d}), s = day_ymd((struct day){start});
    return t.year == s.year ? str_z(ctx.arena, str_fmt(ctx.arena, "%d月%d日", t.month, t.day))
                            : str_z(ctx.arena, str_fmt(ctx.arena, "%d年%d月%d日", t.year, t.month, t.day));
}

/* Every shift has a sentence, and it says the days that the slow clock finds without and with the pause. */
static void
compare_sentence(const struct history *h, long nth, size_t i)
{
    struct history before = without_pauses(h), after;
    for (size_t k = 0; k < h->n && k < CLOCK_PAUSES_MAX; k++)
        if (k != i && earlier(h, k, i))
            before.pause[before.n++] = h->pause[k];
    after = before;
    after.pause[after.n++] = h->pause[i];
    int from = slow_due(&before), to = slow_due(&after);
    const char *said =
        str_z(ctx.arena, clock_sentence(ctx.arena, catalog_calendar(catalog), h->limit, (struct day){h->start},
                                        h->pause, h->n, i, (struct day){h->today}));
    const char *want;
    if (none(h->pause[i].from)) {
        want = "";
    } else if (from == INT32_MIN) {
        struct history plain = without_pauses(h);
        want = slow_due(&plain) == INT32_MIN ? "暂停" : "重叠";
    } else if (to == INT32_MIN) {
        want = str_z(ctx.arena, str_fmt(ctx.arena, "到期日 %s 待恢复后顺延", words_of(from, h->start)));
    } else if (to == from) {
        want = str_z(ctx.arena, str_fmt(ctx.arena, "到期日 %s 不变", words_of(from, h->start)));
    } else {
        want = str_z(ctx.arena,
                     str_fmt(ctx.arena, "到期日由 %s 顺延到 %s", words_of(from, h->start), words_of(to, h->start)));
    }
    if (!strstr(said, want) || (*said == 0) != none(h->pause[i].from)) {
        print_error("said %s\nwant %s\n", said, want);
        fail_history(h, nth, "clock_sentence");
    }
    if (from != INT32_MIN && to > from && h->limit.kind != LIMIT_QUARTERLY) {
        int units = 0;
        for (int d = from + 1; d <= to; d++)
            units += is_unit(h->limit, d);
        want = str_z(ctx.arena, str_fmt(ctx.arena, "暂停 %d 个", units));
        if (!strstr(said, want)) {
            print_error("said %s\nwant %s\n", said, want);
            fail_history(h, nth, "clock_sentence");
        }
    }
}

//= R276 type=test
static void
test_histories(void **state)
{
    (void)state;
    const char *seed = getenv("JINGBAN_SEED"), *cases = getenv("JINGBAN_CASES");
    rng = seed ? strtoull(seed, NULL, 10) : 20261122;
    long count = cases ? strtol(cases, NULL, 10) : HISTORIES;
    assert_true(count > 0);
    print_message("JINGBAN_SEED=%llu JINGBAN_CASES=%ld\n", (unsigned long long)rng, count);
    rng |= rng == 0;
    long moved = 0, open = 0;
    struct history h;
    for (long i = 0; i < count; i++) {
        random_history(&h);
        compare(&h, i);
        struct history plain = without_pauses(&h);
        int due = slow_due(&h);
        moved += due != INT32_MIN && due > slow_due(&plain);
        open += due == INT32_MIN && slow_due(&plain) != INT32_MIN;
        if (i % SENTENCE_EVERY == 0 && h.n > 0)
            compare_sentence(&h, i, (size_t)between(0, (int)(h.n < CLOCK_PAUSES_MAX ? h.n : CLOCK_PAUSES_MAX) - 1));
    }
    /* Not a test of nothing: a good part of the histories must move the due day, and some must stand open. */
    print_message("%ld of them moved the due day, %ld stand open\n", moved, open);
    assert_true(moved > count / 10 && open > count / 100);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_histories)};
    return cmocka_run_group_tests_name("property/clock", tests, support_catalog_up, support_catalog_down);
}
