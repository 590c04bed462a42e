/* Mustache (the public spec, without lambdas and inheritance), compiled once to an op list, escaped by default.
** Names are looked up in the view's maps; lists iterate; `{{.}}` is the current item.
** `{{{x}}}`/`{{&x}}` are only honoured for what they are in the spec; VIEW_RAW leaves are never escaped.
** Escaped are & < > " and ', so a value is safe in element text and in attributes in either quotes, and nowhere else.
** False for a section: absent, null, false, empty list, empty text, absent day. Zero is true. */
#ifndef BASE_MUSTACHE_H
#define BASE_MUSTACHE_H

#include "base/ctx.h"
#include "base/view.h"

struct mustache;
/* Gives the compiled partial NAME, or NULL (then it renders as nothing). */
typedef const struct mustache *(*mustache_partial)(void *arg, struct str name);

/* Compiles TEMPLATE (NAME for messages) into ARENA. Errors: ERR_SYNTAX with line. The text must outlive it. */
enum err mustache_compile(struct ctx *ctx, struct arena *arena, struct str name, struct str template,
                          struct mustache **ret_m) MUST_USE;
/* Renders M over VIEW, appending to OUT. Never fails: a missing name is empty. Nesting of partials ≤ 32. */
void mustache_render(const struct mustache *m, const struct view *view, mustache_partial partial, void *arg,
                     struct buf *out);

#endif
