#include "base/id.h"

#include <assert.h>

enum { COUNTER_BITS = 16, NODE_BITS = 5 };

static const int64_t EPOCH_MS = INT64_C(1577836800000); /* 2020-01-01T00:00Z */

/* `last` holds ms << 16 | counter without the node: plus one is the next value, and when 65536 ids of one millisecond
** are
 ** spent the carry borrows from the next, so ids stay unique and ordered without waiting. */
int64_t
id_next(struct id_source *s, int64_t now_ms)
{
    assert(s->node >= 0 && s->node < 1 << NODE_BITS);
    int64_t ms = now_ms - EPOCH_MS;
    assert(ms >= 0 && ms < INT64_C(1) << 42);
    int64_t now = ms << COUNTER_BITS, last = atomic_load_explicit(&s->last, memory_order_relaxed), next;
    do {
        next = now > last ? now : last + 1;
    } while (!atomic_compare_exchange_weak_explicit(&s->last, &last, next, memory_order_relaxed, memory_order_relaxed));
    int64_t counter = next & ((1 << COUNTER_BITS) - 1);
    return (next >> COUNTER_BITS) << (COUNTER_BITS + NODE_BITS) | (int64_t)s->node << COUNTER_BITS | counter;
}

int64_t
id_time_ms(int64_t id)
{
    return (id >> (COUNTER_BITS + NODE_BITS)) + EPOCH_MS;
}

int64_t
id_floor(int64_t ms)
{
    return ms <= EPOCH_MS ? 0 : (ms - EPOCH_MS) << (COUNTER_BITS + NODE_BITS);
}
