#include "base/day.h"

enum { MS_PER_DAY = 86400000, SHANGHAI_MS = 8 * 3600000 };
/* 0001-01-01 and 9999-12-31: no function here hands out a day beyond them, so sums of days never overflow and always
 * print in ten characters. */
enum { DAY_FIRST = -719162, DAY_LAST = 2932896 };

static const char *const WEEKDAYS_ZH[] = {"周日", "周一", "周二", "周三", "周四", "周五", "周六"};

static struct day
clamp(int64_t n)
{
    return (struct day){(int32_t)(n < DAY_FIRST ? DAY_FIRST : n > DAY_LAST ? DAY_LAST : n)};
}

static int64_t
floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

bool
day_is_none(struct day d)
{
    return d.n == INT32_MIN;
}

static int
days_in_month(int year, int month)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : DAYS[month - 1];
}

bool
day_from_ymd(int year, int month, int day, struct day *ret_d)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
        return false;
    /* Years begin in March here, so that the leap day is the last of its year and month lengths follow one line. */
    int y = month > 2 ? year : year - 1;
    int m = month > 2 ? month - 3 : month + 9;
    int n = y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
    *ret_d = (struct day){n - 719468}; /* 0000-03-01 to 1970-01-01 */
    return true;
}

struct day_ymd
day_ymd(struct day d)
{
    if (day_is_none(d))
        return (struct day_ymd){0};
    int n = clamp(d.n).n + 719468;
    int era = (int)floor_div(n, 146097);
    int doe = n - era * 146097;
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int m = (5 * doy + 2) / 153;
    int month = m < 10 ? m + 3 : m - 9;
    return (struct day_ymd){era * 400 + yoe + (month <= 2), month, doy - (153 * m + 2) / 5 + 1};
}

/* Exactly N digits at *POS; moves on. */
static bool
digits(struct str s, size_t *pos, size_t n, int *ret_v)
{
    if (s.n < *pos || s.n - *pos < n)
        return false;
    int v = 0;
    for (size_t i = 0; i < n; i++) {
        char c = s.p[*pos + i];
        if (c < '0' || c > '9')
            return false;
        v = v * 10 + (c - '0');
    }
    *pos += n;
    *ret_v = v;
    return true;
}

static bool
literal(struct str s, size_t *pos, char c)
{
    if (*pos >= s.n || s.p[*pos] != c)
        return false;
    *pos += 1;
    return true;
}

bool
day_parse(struct str s, struct day *ret_d)
{
    size_t at = 0;
    int y, m, d;
    return digits(s, &at, 4, &y) && literal(s, &at, '-') && digits(s, &at, 2, &m) && literal(s, &at, '-') &&
           digits(s, &at, 2, &d) && at == s.n && day_from_ymd(y, m, d, ret_d);
}

struct str
day_text(struct arena *a, struct day d)
{
    if (day_is_none(d))
        return STR("");
    struct day_ymd t = day_ymd(d);
    return str_fmt(a, "%04d-%02d-%02d", t.year, t.month, t.day);
}

struct str
day_text_zh(struct arena *a, struct day d)
{
    if (day_is_none(d))
        return STR("");
    struct day_ymd t = day_ymd(d);
    return str_fmt(a, "%d年%d月%d日", t.year, t.month, t.day);
}

int
day_weekday(struct day d)
{
    int w = (int)(((int64_t)d.n + 4) % 7); /* 1970-01-01 was a Thursday */
    return w < 0 ? w + 7 : w;
}

const char *
day_weekday_zh(struct day d)
{
    return day_is_none(d) ? "" : WEEKDAYS_ZH[day_weekday(d)];
}

struct day
day_add(struct day d, int32_t days)
{
    return day_is_none(d) ? d : clamp((int64_t)d.n + days);
}

struct day
day_add_months(struct day d, int months)
{
    if (day_is_none(d))
        return d;
    struct day_ymd t = day_ymd(d);
    int64_t m = (int64_t)t.year * 12 + t.month - 1 + months;
    int64_t year = floor_div(m, 12);
    if (year < 1 || year > 9999)
        return clamp(year < 1 ? DAY_FIRST : DAY_LAST);
    int month = (int)(m - year * 12) + 1;
    int last = days_in_month((int)year, month);
    struct day sum = d;
    (void)day_from_ymd((int)year, month, t.day < last ? t.day : last, &sum);
    return sum;
}

int
day_age(struct day birth, struct day at)
{
    if (day_is_none(birth) || day_is_none(at))
        return -1;
    struct day_ymd b = day_ymd(birth), t = day_ymd(at);
    /* 02-29 sorts after 02-28 and before 03-01: the comparison alone gives 1 March in common years. */
    bool reached = t.month > b.month || (t.month == b.month && t.day >= b.day);
    return t.year - b.year - !reached;
}

/* Shanghai clock; beyond the range of days it stands at the end of the range. */
static int64_t
shanghai(int64_t ms)
{
    const int64_t first = (int64_t)DAY_FIRST * MS_PER_DAY, last = ((int64_t)DAY_LAST + 1) * MS_PER_DAY - 1;
    if (ms < first - SHANGHAI_MS)
        return first;
    return ms > last - SHANGHAI_MS ? last : ms + SHANGHAI_MS;
}

struct day
day_of_ms(int64_t ms)
{
    return clamp(floor_div(shanghai(ms), MS_PER_DAY));
}

int64_t
day_start_ms(struct day d)
{
    return (int64_t)d.n * MS_PER_DAY - SHANGHAI_MS;
}

static int
second_of_day(int64_t ms)
{
    int64_t local = shanghai(ms);
    return (int)((local - floor_div(local, MS_PER_DAY) * MS_PER_DAY) / 1000);
}

struct str
day_time_text(struct arena *a, int64_t ms)
{
    struct day_ymd t = day_ymd(day_of_ms(ms));
    int s = second_of_day(ms);
    return str_fmt(a, "%04d-%02d-%02d %02d:%02d", t.year, t.month, t.day, s / 3600, s / 60 % 60);
}

struct str
day_iso_text(struct arena *a, int64_t ms)
{
    struct day_ymd t = day_ymd(day_of_ms(ms));
    int s = second_of_day(ms);
    return str_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02d+08:00", t.year, t.month, t.day, s / 3600, s / 60 % 60, s % 60);
}

/* ".123456": milliseconds, the rest cut off. An absent fraction is 0. */
static bool
fraction(struct str s, size_t *pos, int *ret_ms)
{
    *ret_ms = 0;
    if (!literal(s, pos, '.'))
        return true;
    size_t from = *pos;
    int scale = 100;
    for (int v; digits(s, pos, 1, &v); scale /= 10)
        *ret_ms += v * scale;
    return *pos > from;
}

/* Z or ±hh:mm, in minutes east. */
static bool
offset(struct str s, size_t *pos, int *ret_minutes)
{
    *ret_minutes = 0;
    if (literal(s, pos, 'Z') || literal(s, pos, 'z'))
        return true;
    int sign = literal(s, pos, '+') ? 1 : literal(s, pos, '-') ? -1 : 0;
    int h, m;
    if (!sign || !digits(s, pos, 2, &h) || !literal(s, pos, ':') || !digits(s, pos, 2, &m) || h > 23 || m > 59)
        return false;
    *ret_minutes = sign * (h * 60 + m);
    return true;
}

bool
day_iso_parse(struct str s, int64_t *ret_ms)
{
    struct day d;
    if (!day_parse(str_sub(s, 0, 10), &d))
        return false;
    int64_t ms = day_start_ms(d);
    if (s.n > 10) {
        size_t at = 10;
        int hour, minute, second, milli, east;
        if (!(literal(s, &at, 'T') || literal(s, &at, 't')) || !digits(s, &at, 2, &hour) || !literal(s, &at, ':') ||
            !digits(s, &at, 2, &minute) || !literal(s, &at, ':') || !digits(s, &at, 2, &second) ||
            !fraction(s, &at, &milli) || !offset(s, &at, &east) || at != s.n)
            return false;
        if (hour > 23 || minute > 59 || second > 59) /* no leap seconds: UTC milliseconds here have none */
            return false;
        ms += SHANGHAI_MS + ((hour * 60 + minute - east) * 60 + second) * INT64_C(1000) + milli;
    }
    *ret_ms = ms;
    return true;
}
