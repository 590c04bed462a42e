/* Arenas: memory with a named lifetime (process, catalogue version, request). Nothing is freed singly.
** An arena has a cap; beyond it, or when the machine has no memory, the process ends: a request's cap is
** chosen so that bounded input never reaches it, so reaching it is a bug. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena;

/* New arena that may grow to CAP bytes (0 = no cap). Never NULL. */
struct arena *arena_new(size_t cap);
/* Frees all of it. NULL is allowed. */
void arena_free(struct arena *a);
/* Forgets everything allocated, keeps one block for reuse. */
void arena_reset(struct arena *a);
/* N zeroed bytes aligned for any type. Never NULL; N = 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t n);
/* Array of N zeroed elements of SIZE bytes; overflow is a bug. */
void *arena_array(struct arena *a, size_t n, size_t size);
/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *a);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, n, type) ((type *)arena_array((a), (n), sizeof(type)))

static inline void
arena_cleanup(struct arena **a)
{
    arena_free(*a);
}
#define SCOPED_ARENA __attribute__((cleanup(arena_cleanup))) struct arena *

#endif
