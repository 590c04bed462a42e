#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/id.h"

enum { THREADS = 4, EACH = 50000 };

static const int64_t NOW = INT64_C(1795269600123);

static void
ordered_and_dated(void **state)
{
    (void)state;
    struct id_source s = {.node = 31};
    int64_t first = id_next(&s, NOW), second = id_next(&s, NOW), later = id_next(&s, NOW + 1);
    assert_true(first > 0 && first < second && second < later);
    assert_int_equal(id_time_ms(first), NOW);
    assert_int_equal(id_time_ms(later), NOW + 1);
    assert_int_equal(first >> 16 & 31, 31);
}

static void
clock_steps_back(void **state)
{
    (void)state;
    struct id_source s = {.node = 0};
    int64_t first = id_next(&s, NOW), back = id_next(&s, NOW - 3600000);
    assert_true(back > first);
    assert_int_equal(id_time_ms(back), NOW);
}

static void
counter_overflows_into_time(void **state)
{
    (void)state;
    struct id_source s = {.node = 7};
    int64_t last = 0;
    for (int i = 0; i < 200000; i++) {
        int64_t id = id_next(&s, NOW);
        assert_true(id > last);
        assert_int_equal(id >> 16 & 31, 7);
        last = id;
    }
    assert_int_equal(id_time_ms(last), NOW + 3);
}

static void
last_moment(void **state)
{
    (void)state;
    struct id_source s = {.node = 31};
    int64_t ms = INT64_C(1577836800000) + (INT64_C(1) << 42) - 1, id = id_next(&s, ms);
    assert_true(id > 0);
    assert_int_equal(id_time_ms(id), ms);
}

struct work {
    struct id_source *source;
    int64_t *out;
};

static void *
take(void *arg)
{
    struct work *w = arg;
    for (int i = 0; i < EACH; i++)
        w->out[i] = id_next(w->source, NOW + i / 1000);
    return NULL;
}

static int
compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void
threads_never_share(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct id_source s = {.node = 3};
    int64_t *out = ARENA_ARRAY(a, THREADS * EACH, int64_t);
    pthread_t thread[THREADS];
    struct work work[THREADS];
    for (int i = 0; i < THREADS; i++) {
        work[i] = (struct work){&s, out + (ptrdiff_t)i * EACH};
        assert_int_equal(pthread_create(&thread[i], NULL, take, &work[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    qsort(out, THREADS * EACH, sizeof *out, compare);
    for (int i = 1; i < THREADS * EACH; i++)
        assert_true(out[i - 1] < out[i]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ordered_and_dated),           cmocka_unit_test(clock_steps_back),
        cmocka_unit_test(counter_overflows_into_time), cmocka_unit_test(last_moment),
        cmocka_unit_test(threads_never_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
