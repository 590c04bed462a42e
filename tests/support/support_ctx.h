/* A test program's one arena and one context, for the many tests that need no more than one of each. */
#ifndef SUPPORT_SUPPORT_CTX_H
#define SUPPORT_SUPPORT_CTX_H

#include "support/support.h"

extern struct arena *arena;
extern struct ctx ctx;

/* cmocka's set-up and tear-down: both anew, at SUPPORT_NOW_MS, with the library's cryptography. */
int support_up(void **state);
int support_down(void **state);

#define must(call) SUPPORT_OK(&ctx, call)

#endif
