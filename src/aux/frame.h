/* What client and helper say to each other, both directions alike: FRAME_HEAD bytes — the payload's length as 32-bit
** big endian, then a kind (request) or status (answer) — and the payload. One request at a time per worker. */
#ifndef AUX_FRAME_H
#define AUX_FRAME_H

#include <stddef.h>
#include <stdint.h>

enum { FRAME_HEAD = 5, FRAME_MAX = 64 << 20 };

enum frame_kind { FRAME_PDF = 1, FRAME_CHART, FRAME_QR, FRAME_FILE_TYPE };

enum frame_status {
    FRAME_OK,      /* payload: the result */
    FRAME_REFUSED, /* payload: what is wrong with the input, Chinese */
    FRAME_NO_FILE, /* payload: why the file cannot be read */
    FRAME_BROKEN,  /* payload: what failed in the helper */
};

static inline void
frame_head_put(unsigned char *head, size_t n, int kind)
{
    for (int i = 0; i < 4; i++)
        head[i] = (unsigned char)(n >> (24 - 8 * i));
    head[4] = (unsigned char)kind;
}

static inline size_t
frame_head_get(const unsigned char *head, int *ret_kind)
{
    size_t n = 0;
    for (int i = 0; i < 4; i++)
        n = n << 8 | head[i];
    *ret_kind = head[4];
    return n;
}

#endif
