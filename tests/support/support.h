/* What C tests start with: failures told whole, the files of the tree, a folder of one's own. Tests only; the header of a layer's part
** carries the layer's name (support_catalog.h, support_service.h), the others need the base alone. */
#ifndef SUPPORT_SUPPORT_H
#define SUPPORT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/ctx.h"

/* The tests' time: 2026-11-21 12:00 in Shanghai, a Saturday. */
#define SUPPORT_NOW_MS INT64_C(1795233600000)

/* CALL succeeds; if not, the test fails with what was said, every field, and where it arose. */
#define SUPPORT_OK(c, call) support_ok((c), (call), #call, __FILE__, __LINE__)
void support_ok(const struct ctx *c, enum err e, const char *what, const char *file, int line);

/* The path FMT says, under the top of the source tree (JINGBAN_SOURCE; the current folder without it). */
struct str support_path(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* The bytes of that file; the test fails without it. */
struct str support_file(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* A new folder for the test NAME, removed by the test that made it with all that is in it. */
struct str support_folder(struct arena *a, const char *name);
void support_folder_remove(struct str folder);

#endif
