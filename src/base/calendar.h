/* The working-day calendar: weekends, statutory holidays and make-up working days (调休) of the announced years.
** Conventions: the day of the event is not counted; N working days includes day N; something instant that arrives on a
** rest day
** is due the next working day; a day after the last announced year is computed by weekends alone and marked tentative
** (暂定). */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include "base/day.h"

struct calendar;

/* Empty calendar of the years FIRST..LAST (all weekends off, none of them announced yet). */
struct calendar *calendar_new(struct arena *a, int first_year, int last_year);
void calendar_set_holiday(struct calendar *c, struct day d); /* a day off, whatever its weekday */
void calendar_set_workday(struct calendar *c, struct day d); /* make-up working day */
void calendar_set_announced(struct calendar *c, int year);   /* this year's arrangement is known */
void calendar_finish(struct calendar *c);                    /* counts; call after the last set */

bool calendar_is_workday(const struct calendar *c, struct day d);
bool calendar_is_announced(const struct calendar *c, struct day d);
/* Due day of N ≥ 0 working days after the event on FROM. N = 0: FROM itself if a working day, else the next one.
** *ret_tentative: the span touches a year not announced. */
struct day calendar_add(const struct calendar *c, struct day from, int n, bool *ret_tentative); //= R276
/* Working days after FROM up to and including TO; negative when TO is before FROM. */
int calendar_between(const struct calendar *c, struct day from, struct day to, bool *ret_tentative);
struct day calendar_next_workday(const struct calendar *c, struct day d); /* D itself if a working day */

#endif
