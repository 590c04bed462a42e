/* Writing YAML as the catalogue allows it: a tree of nodes (yaml_tree.h) built by hand and printed, always in the same way, so that
** reading the text again gives the same tree. Quotes only where a plain scalar would be read otherwise; texts of several lines as
** |- blocks; conditions in single quotes. */
#ifndef CATALOG_YAML_WRITE_H
#define CATALOG_YAML_WRITE_H

#include "base/str.h"
#include "catalog/yaml_tree.h"

struct yaml_node *yaml_new_map(struct arena *a);
struct yaml_node *yaml_new_list(struct arena *a);
struct yaml_node *yaml_new_text(struct arena *a, struct str s);
/* Appends under KEY (a map) or at the end (a list: KEY NULL); the child is given back. An empty text is left out and NULL. */
struct yaml_node *yaml_put(struct arena *a, struct yaml_node *parent, const char *key, struct yaml_node *child);
struct yaml_node *yaml_put_text(struct arena *a, struct yaml_node *parent, const char *key, struct str s);
struct yaml_node *yaml_put_condition(struct arena *a, struct yaml_node *parent, const char *key,
                                     struct str s); /* single quotes */
/* A comment line before the node ("待核: …"): printed, and lost when read again. */
void yaml_comment(struct yaml_node *n, struct str comment);
void yaml_write(struct buf *out, const struct yaml_node *root);

#endif
