/* Days and instants. A day is a calendar day of Asia/Shanghai (fixed UTC+8); an instant is UTC milliseconds. */
#ifndef BASE_DAY_H
#define BASE_DAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Days since 1970-01-01. DAY_NONE marks an absent day. */
struct day {
    int32_t n;
};

#define DAY_NONE ((struct day){INT32_MIN})

struct day_ymd {
    int year, month, day;
};

bool day_is_none(struct day d);
bool day_from_ymd(int year, int month, int day, struct day *ret_d); /* false unless the date exists, years 1–9999 */
struct day_ymd day_ymd(struct day d);
/* YYYY-MM-DD exactly; false otherwise. */
bool day_parse(struct str s, struct day *ret_d);
struct str day_text(struct arena *a, struct day d);    /* 2026-11-21; "" for DAY_NONE */
struct str day_text_zh(struct arena *a, struct day d); /* 2026年11月21日 */
int day_weekday(struct day d);                         /* 0 = Sunday … 6 = Saturday */
const char *day_weekday_zh(struct day d);              /* 周六 */
struct day day_add(struct day d, int32_t days);
/* Same day of the month MONTHS later, clamped to the month's end (P1M from 31 Jan is 28/29 Feb). */
struct day day_add_months(struct day d, int months);
/* Completed years between BIRTH and AT, counted by the day; 29 Feb counts on 1 Mar in other years. */
int day_age(struct day birth, struct day at);
struct day day_of_ms(int64_t ms);                      /* the Shanghai day of an instant */
int64_t day_start_ms(struct day d);                    /* 00:00 Shanghai as UTC ms */
struct str day_time_text(struct arena *a, int64_t ms); /* 2026-11-21 14:05, Shanghai */
struct str day_iso_text(struct arena *a, int64_t ms);  /* 2026-11-21T14:05:33+08:00 */
/* RFC 3339 with offset or Z, or a plain date (00:00 Shanghai). */
bool day_iso_parse(struct str s, int64_t *ret_ms);

#endif
