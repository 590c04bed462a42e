#include "base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

/* Poisoned between allocations under AddressSanitizer would be nicer; size classes stay simple instead. */
struct block {
    struct block *next;
    size_t size, used;
    _Alignas(max_align_t) unsigned char data[];
};

struct arena {
    struct block *first; /* newest block first */
    size_t cap, held, used;
};

enum { BLOCK_MIN = 16 * 1024, BLOCK_MAX = 1024 * 1024 };

static _Noreturn void
out_of_memory(void)
{
    fputs("jingban: out of memory or arena cap reached\n", stderr);
    abort();
}

struct arena *
arena_new(size_t cap)
{
    struct arena *a = calloc(1, sizeof *a);
    if (!a)
        out_of_memory();
    a->cap = cap;
    return a;
}

void
arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct block *b = a->first, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(a);
}

void
arena_reset(struct arena *a)
{
    struct block *keep = NULL;
    for (struct block *b = a->first, *next; b; b = next) {
        next = b->next;
        if (!next && b->size <= BLOCK_MAX) {
            keep = b;
            break;
        }
        a->held -= b->size;
        free(b);
    }
    if (keep) {
        keep->used = 0;
        keep->next = NULL;
    }
    a->first = keep;
    a->used = 0;
}

static struct block *
block_add(struct arena *a, size_t n)
{
    size_t size = a->first ? a->first->size * 2 : BLOCK_MIN;
    if (size > BLOCK_MAX)
        size = BLOCK_MAX;
    if (size < n)
        size = n;
    if (a->cap && a->held + size > a->cap) {
        size = n;
        if (a->held + size > a->cap)
            out_of_memory();
    }
    struct block *b = malloc(sizeof *b + size);
    if (!b)
        out_of_memory();
    b->next = a->first;
    b->size = size;
    b->used = 0;
    a->first = b;
    a->held += size;
    return b;
}

void *
arena_alloc(struct arena *a, size_t n)
{
    assert(a);
    if (n > SIZE_MAX / 2)
        out_of_memory();
    n = (n + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    struct block *b = a->first;
    if (!b || b->size - b->used < n)
        b = block_add(a, n);
    void *p = b->data + b->used;
    b->used += n;
    a->used += n;
    memset(p, 0, n);
    return p;
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
    assert(size);
    if (n > SIZE_MAX / 2 / size)
        out_of_memory();
    return arena_alloc(a, n * size);
}

size_t
arena_used(const struct arena *a)
{
    return a->used;
}
