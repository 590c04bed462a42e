/* The one vocabulary of errors.
**
** Three different things: a REFUSAL the applicant can mend, a FAULT of the machine, and a bug (assert).
** Every id is declared once in error_list.h with class, HTTP status and the Chinese title a person reads.
** Library layers never log: they return the id and leave the details in ctx->fail. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))

enum err_class {
    ERR_CLASS_OK,
    ERR_CLASS_REFUSAL,  /* the applicant can mend it: 4xx, input kept */
    ERR_CLASS_DENIED,   /* not allowed for this actor: 401/403/404 */
    ERR_CLASS_CONFLICT, /* somebody was quicker: read again */
    ERR_CLASS_RETRY,    /* busy or serialisation: the same call may succeed */
    ERR_CLASS_FAULT,    /* the machine: 500/503, logged with its origins */
};

enum err {
#define E(id, class, http, title) id,
#include "base/error_list.h"
#undef E
    ERR_COUNT
};

struct err_info {
    const char *id; /* stable text id, e.g. "ERR_FIELD_INVALID" */
    enum err_class class;
    int http;
    const char *title; /* Chinese, for people */
};

/* Row of the error list for E; never NULL. */
const struct err_info *err_info(enum err e);

#endif
