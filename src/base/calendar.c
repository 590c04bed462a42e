#include "base/calendar.h"

#include <assert.h>

/* Working days are counted once, so that a due day is found by bisection instead of walking. Beyond the table both
** directions go on by closed form: five working days a week. */
struct calendar {
    struct day first; /* of the table */
    int32_t days;     /* in the table */
    int first_year, years;
    unsigned char *mark; /* enum mark, one a day */
    int32_t *count;      /* count[i]: working days among the first i days of the table; days + 1 of them */
    bool *announced;     /* one a year */
    bool finished;
};

enum mark { MARK_NONE, MARK_HOLIDAY, MARK_WORKDAY };

/* Mondays to Fridays from Monday 1969-12-29 up to, but not including, day N; negative before. */
static int64_t
weekdays_before(int64_t n)
{
    int64_t x = n + 3;
    int64_t weeks = x / 7 - (x % 7 < 0);
    int64_t rest = x - weeks * 7;
    return weeks * 5 + (rest < 5 ? rest : 5);
}

/* The Monday-to-Friday day before which K of them lie; inverse of the above. */
static int64_t
weekday_at(int64_t k)
{
    int64_t weeks = k / 5 - (k % 5 < 0);
    return weeks * 7 + (k - weeks * 5) - 3;
}

struct calendar *
calendar_new(struct arena *a, int first_year, int last_year)
{
    assert(first_year > 1 && first_year <= last_year && last_year < 9999);
    struct calendar *c = ARENA_NEW(a, struct calendar);
    c->first_year = first_year;
    c->years = last_year - first_year + 1;
    /* One year more at both ends: an arrangement reaches into the neighbours (2023's began on 2022-12-31). */
    struct day end = DAY_NONE;
    (void)day_from_ymd(first_year - 1, 1, 1, &c->first);
    (void)day_from_ymd(last_year + 1, 12, 31, &end);
    c->days = end.n - c->first.n + 1;
    c->mark = ARENA_ARRAY(a, (size_t)c->days, unsigned char);
    c->count = ARENA_ARRAY(a, (size_t)c->days + 1, int32_t);
    c->announced = ARENA_ARRAY(a, (size_t)c->years, bool);
    calendar_finish(c);
    return c;
}

static bool
in_table(const struct calendar *c, int64_t n)
{
    return n >= c->first.n && n < c->first.n + c->days;
}

/* A day outside the table is left as it is: it is not of an announced year, and its answers stay tentative. */
static void
set_mark(struct calendar *c, struct day d, enum mark mark)
{
    if (in_table(c, d.n))
        c->mark[d.n - c->first.n] = (unsigned char)mark;
    c->finished = false;
}

void
calendar_set_holiday(struct calendar *c, struct day d)
{
    set_mark(c, d, MARK_HOLIDAY);
}

void
calendar_set_workday(struct calendar *c, struct day d)
{
    set_mark(c, d, MARK_WORKDAY);
}

void
calendar_set_announced(struct calendar *c, int year)
{
    if (year >= c->first_year && year - c->first_year < c->years)
        c->announced[year - c->first_year] = true;
}

static bool
is_weekday(int64_t n)
{
    return weekdays_before(n + 1) > weekdays_before(n);
}

void
calendar_finish(struct calendar *c)
{
    for (int32_t i = 0; i < c->days; i++) {
        bool works = c->mark[i] == MARK_WORKDAY || (c->mark[i] == MARK_NONE && is_weekday(c->first.n + i));
        c->count[i + 1] = c->count[i] + works;
    }
    c->finished = true;
}

/* Working days from the table's first day up to, but not including, day N; negative before the table. */
static int64_t
before(const struct calendar *c, int64_t n)
{
    int64_t end = c->first.n + c->days;
    if (n <= c->first.n)
        return weekdays_before(n) - weekdays_before(c->first.n);
    if (n >= end)
        return c->count[c->days] + weekdays_before(n) - weekdays_before(end);
    return c->count[n - c->first.n];
}

/* The working day before which K of them lie; inverse of the above. */
static struct day
workday_at(const struct calendar *c, int64_t k)
{
    int64_t n;
    if (k < 0) {
        n = weekday_at(weekdays_before(c->first.n) + k);
    } else if (k >= c->count[c->days]) {
        n = weekday_at(weekdays_before(c->first.n + c->days) + k - c->count[c->days]);
    } else {
        int32_t lo = 0, hi = c->days; /* count[lo] <= k < count[hi] */
        while (hi - lo > 1) {
            int32_t mid = lo + (hi - lo) / 2;
            if (c->count[mid] <= k)
                lo = mid;
            else
                hi = mid;
        }
        n = c->first.n + lo;
    }
    /* Through day_add for its clamp: a due day stays a day that prints. */
    int64_t step = n - c->first.n;
    return day_add(c->first, (int32_t)(step > INT32_MAX ? INT32_MAX : step < INT32_MIN ? INT32_MIN : step));
}

bool
calendar_is_workday(const struct calendar *c, struct day d)
{
    assert(c->finished);
    return !day_is_none(d) && before(c, (int64_t)d.n + 1) > before(c, d.n);
}

static bool
year_announced(const struct calendar *c, int year)
{
    return year >= c->first_year && year - c->first_year < c->years && c->announced[year - c->first_year];
}

bool
calendar_is_announced(const struct calendar *c, struct day d)
{
    return !day_is_none(d) && year_announced(c, day_ymd(d).year);
}

/* Whether a day of FROM..TO lies in a year not announced. */
static bool
tentative(const struct calendar *c, struct day from, struct day to)
{
    if (to.n < from.n)
        return false;
    int last = day_ymd(to).year;
    for (int year = day_ymd(from).year; year <= last; year++)
        if (!year_announced(c, year)) /* reached at once outside the table: the loop is never longer than it */
            return true;
    return false;
}

struct day
calendar_next_workday(const struct calendar *c, struct day d)
{
    assert(c->finished);
    return day_is_none(d) ? d : workday_at(c, before(c, d.n));
}

struct day
calendar_add(const struct calendar *c, struct day from, int n, bool *ret_tentative)
{
    assert(c->finished && n >= 0);
    if (ret_tentative)
        *ret_tentative = false;
    if (day_is_none(from))
        return from;
    struct day due = n == 0 ? calendar_next_workday(c, from) : workday_at(c, before(c, (int64_t)from.n + 1) + n - 1);
    if (ret_tentative) /* the day of the event is not counted, so its year does not matter */
        *ret_tentative = tentative(c, n == 0 ? from : day_add(from, 1), due);
    return due; //= R276
}

int
calendar_between(const struct calendar *c, struct day from, struct day to, bool *ret_tentative)
{
    assert(c->finished);
    if (ret_tentative)
        *ret_tentative = false;
    if (day_is_none(from) || day_is_none(to))
        return 0;
    if (ret_tentative)
        *ret_tentative = from.n < to.n ? tentative(c, day_add(from, 1), to) : tentative(c, day_add(to, 1), from);
    return (int)(before(c, (int64_t)to.n + 1) - before(c, (int64_t)from.n + 1));
}
