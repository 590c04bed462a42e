/* What client and helper say to each other, both directions alike: FRAME_HEAD bytes — the payload's length as 32-bit
** big endian, then a kind (request) or status (answer) — and the payload. One request at a time per worker. */
#ifndef AUX_FRAME_H
#define AUX_FRAME_H

#include <stddef.h>
#include <stdint.h>

enum { FRAME_HEAD = 5, FRAME_MAX = 64 << 20 };

enum frame_kind { FRAME_PDF = 1, FRAME_CHART, FRAME_QR, FRAME_FILE_TYPE, FRAME_SEND, FRAME_ZIP };

/* A FRAME_SEND request is a row of fields: a letter, the length as 32-bit big endian, the bytes. The answer: the status as 32-bit big
** endian, then what was answered (status 0: why nothing was). */
enum {
    SEND_METHOD = 'M',
    SEND_URL = 'U',
    SEND_HEADER = 'H', /* "Name: value", repeated */
    SEND_BODY = 'B',
    SEND_TIMEOUT = 'T', /* milliseconds, decimal */
    SEND_MAX = 'A',     /* bytes of the answer that are wanted, decimal */
    SEND_FROM = 'F',    /* mail: envelope */
    SEND_TO = 'R',      /* mail: envelope, repeated */
    SEND_USER = 'u',
    SEND_PASSWORD = 'p',
    SEND_TLS = 'S', /* mail: present when the connection must be encrypted */
    SEND_CA = 'C',  /* file of certificates to trust in place of the system's */
    SEND_FIELD_HEAD = 5,
    SEND_HEADERS_MAX = 32
};

/* A FRAME_ZIP request, fields of the same kind: where to, then of each entry its name and what it holds. */
enum {
    ZIP_OUT = 'O',  /* path of the file to make; it must not be there */
    ZIP_NAME = 'N', /* of an entry */
    ZIP_PATH = 'P', /* the entry is this file */
    ZIP_DATA = 'D', /* the entry is these bytes */
};

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
