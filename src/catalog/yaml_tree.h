/* YAML as the catalogue allows it: libyaml events into a tree of our own, every node with line and column.
** Refused: invalid UTF-8, aliases, anchors, tags, merge keys, non-scalar keys, a second document, duplicate keys, depth
** > 32,
** files > 1 MiB, nodes > 50,000. Every scalar is text: the field's declared type reads it. */
#ifndef CATALOG_YAML_TREE_H
#define CATALOG_YAML_TREE_H

#include "base/ctx.h"

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
    enum yaml_kind kind;
    bool plain;       /* scalar written without quotes or block style */
    int line, column; /* 1-based */
    struct str file;  /* path as shown in messages */
    struct str key;   /* own key in the parent map; empty otherwise */
    int key_line, key_column;
    struct str text;                /* scalar */
    struct yaml_node *first, *next; /* children of list or map in order; next sibling */
    struct yaml_node *last;         /* of a tree built by yaml_put: one of the children, from which the end is near */
    size_t count;
    struct str source; /* root of a file only: its bytes */
    bool seen;         /* a reader asked for this key: what is left is unknown (yaml_refuse_unseen) */
};

/* Parses TEXT (shown as FILE) into ARENA. ERR_CATALOG with "file:line:column: what, why, remedy" as detail. */
enum err yaml_parse(struct ctx *ctx, struct arena *arena, struct str file, struct str text,
                    struct yaml_node **ret_root) MUST_USE;
/* Reads and parses the file at PATH (path shown as given). ERR_CATALOG if it cannot be read. */
enum err yaml_read(struct ctx *ctx, struct arena *arena, const char *path, struct str shown,
                   struct yaml_node **ret_root) MUST_USE;

struct yaml_node *yaml_get(struct yaml_node *map, const char *key); /* NULL if absent; marks it seen */
/* Text of KEY, empty when absent; ERR_CATALOG if it is no scalar. */
enum err yaml_text(struct ctx *ctx, struct yaml_node *map, const char *key, struct str *ret_s) MUST_USE;
/* The same, refusing absence or emptiness. */
enum err yaml_need(struct ctx *ctx, struct yaml_node *map, const char *key, struct str *ret_s) MUST_USE;
enum err yaml_flag(struct ctx *ctx, struct yaml_node *map, const char *key,
                   bool *ret_b) MUST_USE; /* 是/否, absent = false */
/* Child list of KEY (NULL when absent); ERR_CATALOG if it is no list. */
enum err yaml_list(struct ctx *ctx, struct yaml_node *map, const char *key, struct yaml_node **ret_list) MUST_USE;
enum err yaml_map(struct ctx *ctx, struct yaml_node *map, const char *key, struct yaml_node **ret_map) MUST_USE;
/* List of scalars under KEY into an array in ARENA. */
enum err yaml_texts(struct ctx *ctx, struct arena *arena, struct yaml_node *map, const char *key,
                    struct str **ret_texts, size_t *ret_n) MUST_USE;
/* Refuses keys that nobody asked for, naming the nearest known one is left to the keeper's eye. */
enum err yaml_refuse_unseen(struct ctx *ctx, const struct yaml_node *map) MUST_USE;
/* ERR_CATALOG at NODE: "file:line:column: message". */
enum err yaml_fail(struct ctx *ctx, const struct yaml_node *node, const char *fmt, ...) PRINTF_LIKE(3, 4) MUST_USE;

#endif
