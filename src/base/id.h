/* 63-bit ids, ordered by time: milliseconds since 2020-01-01 (42 bits) | node (5) | counter (16). Unique per node;
** never reused when the clock steps back (the generator holds its last value). */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <stdatomic.h>
#include <stdint.h>

struct id_source {
    _Atomic int64_t last;
    int node; /* 0–31, from the configuration */
};

int64_t id_next(struct id_source *s, int64_t now_ms);
int64_t id_time_ms(int64_t id);
int64_t
id_floor(int64_t ms); /* no id made at MS or later is less: bounds of a period over rows without a time of their own */

#endif
