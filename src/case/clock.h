/* The clock of a case (办理时限): when a limit that counts from a day ends, with every interruption accounted for. Pure.
**
** Conventions (R276, docs/CATALOG.md): the day of the event that starts the count is not counted; N working days include day N; instant is due on
** the starting day itself, or the next working day when that is a day off. A pause takes out the days after its first day up to and including its
** last: the clock still runs on the day the pause is ordered and runs again from the day after it ends. Overlapping pauses count once.
** A limit in months ends on the same day of the month (the last one of a shorter month) and is then moved by as many calendar days as were taken out. */
#ifndef CASE_CLOCK_H
#define CASE_CLOCK_H

#include "catalog/catalog.h" /* enum pause_kind: a guide's 暂停 are checked when it is loaded */

struct clock_pause {
    enum pause_kind kind;
    struct day from, to; /* TO: DAY_NONE while it lasts */
    struct day until;    /* known beforehand (the last day of a publicity); DAY_NONE: open end */
};

/* Where a limit stands. */
struct clock {
    struct day due;      /* DAY_NONE: no limit, or a pause with an open end is running */
    struct day unpaused; /* the due day if nothing had interrupted */
    bool tentative;      /* touches a year whose holidays are not announced */
    bool paused;         /* on TODAY */
    int used, left; /* units of the limit (working or calendar days) used up to TODAY, and left; left < 0: overdue */
    int taken;      /* units taken out by pauses so far */
};
/* The limit L counting from START as seen on TODAY. N pauses in any order; at most CLOCK_PAUSES_MAX are looked at. */
enum { CLOCK_PAUSES_MAX = 64 };
void clock_reckon(const struct calendar *cal, struct limit l, struct day start, const struct clock_pause *p, size_t n,
                  struct day today, struct clock *ret_k);
/* One sentence per pause for people: “因补正暂停 3 个工作日（11月2日至11月5日），到期日由 11月10日 顺延到 11月13日”. I-th pause of N. */
struct str clock_sentence(struct arena *a, const struct calendar *cal, struct limit l, struct day start,
                          const struct clock_pause *p, size_t n, size_t i, struct day today);
/* What a later calendar changed in a stored deadline, for the journal: “承诺到期日由2027年1月4日（暂定）改为2027年1月5日”; empty when it
** stands as it was. WHAT names the deadline (承诺到期日); NOW is clock_reckon's, over the new calendar. */
struct str clock_reproject(struct arena *a, const char *what, struct day stored, bool was_tentative,
                           const struct clock *now);

#endif
