/* A view: what a handler has to say, as a typed tree in the request arena. One JSON writer, one Mustache
** renderer (base/mustache.h). Building never fails; nodes are never freed singly.
**
** Keys are C literals in snake_case (the JSON names). Texts are not copied: they must live as long as the arena. */
#ifndef BASE_VIEW_H
#define BASE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/day.h"
#include "base/str.h"

enum view_kind {
    VIEW_NULL,
    VIEW_BOOL,
    VIEW_INT,
    VIEW_TEXT,
    VIEW_ID,     /* 63-bit id: text in JSON, so that no reader rounds it */
    VIEW_MONEY,  /* fen: integer in JSON, 1,234.50 in pages */
    VIEW_DAY,    /* "2026-11-21"; null when absent */
    VIEW_RAW,    /* text that is HTML already: pages do not escape it; in JSON it is text. Only for our own markup. */
    VIEW_SECRET, /* personal text: masked everywhere; pass the masked form with view_secret */
    VIEW_MAP,
    VIEW_LIST,
};

struct view;

struct view *view_map(struct arena *a);
struct view *view_list(struct arena *a);
struct view *view_text_node(struct arena *a, struct str s);

/* Adders to a map: KEY must be new in it (last one wins is a bug we do not check in release). */
struct view *view_put(struct view *map, const char *key, struct view *child);
struct view *view_put_map(struct view *map, const char *key);
struct view *view_put_list(struct view *map, const char *key);
void view_put_text(struct view *map, const char *key, struct str s);
void view_put_z(struct view *map, const char *key, const char *z); /* NULL → null */
void view_put_int(struct view *map, const char *key, int64_t v);
void view_put_id(struct view *map, const char *key, int64_t v);
void view_put_bool(struct view *map, const char *key, bool v);
void view_put_money(struct view *map, const char *key, int64_t fen);
void view_put_day(struct view *map, const char *key, struct day d);
void view_put_raw(struct view *map, const char *key, struct str html);
void view_put_secret(struct view *map, const char *key, struct str masked);
void view_put_null(struct view *map, const char *key);
/* Optional text: absent key when empty. */
void view_put_opt(struct view *map, const char *key, struct str s);

/* Adders to a list. */
struct view *view_add_map(struct view *list);
struct view *view_add_list(struct view *list);
void view_add_text(struct view *list, struct str s);
void view_add(struct view *list, struct view *child);

/* Deep copy of V (without its key) into A, so that it can be put under another parent; texts are shared. */
struct view *view_copy(struct arena *a, const struct view *v);

/* Reading (renderers, tests). */
enum view_kind view_kind(const struct view *v);
const struct view *view_get(const struct view *map, struct str key); /* NULL if absent */
size_t view_count(const struct view *map_or_list);
const struct view *view_first(const struct view *map_or_list); /* children in order */
const struct view *view_next(const struct view *child);
struct str view_key(const struct view *child);
struct str view_text(const struct view *v); /* TEXT, RAW, SECRET */
int64_t view_int(const struct view *v);     /* BOOL, INT, ID, MONEY, DAY (n) */

/* The tree as JSON, UTF-8, no blanks; appends to B. */
void view_json(const struct view *v, struct buf *b);
/* How a leaf reads in a page, before escaping: 1,234.50, 是/否, 2026-11-21; null, maps and lists are empty. */
struct str view_display(struct arena *a, const struct view *v);
/* The same without an arena: the leaf's own text, or one written into TMP. */
enum { VIEW_DISPLAY_SIZE = 32 };
struct str view_display_into(const struct view *v, char tmp[VIEW_DISPLAY_SIZE]);

/* Builds a view from JSON text (requests, aux, stored payloads), copied into ctx->arena; kinds NULL, BOOL, INT, TEXT,
** MAP, LIST. ERR_SYNTAX for duplicate keys, depth > 32, reals, integers beyond ±2^53 (they come as text). */
struct ctx;
enum err view_from_json(struct ctx *ctx, struct str json, struct view **ret_v) MUST_USE;

#endif
