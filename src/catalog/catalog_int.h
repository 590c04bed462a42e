/* Inside the catalogue only: the loader's state and its readers. */
#ifndef CATALOG_CATALOG_INT_H
#define CATALOG_CATALOG_INT_H

#include "catalog/catalog.h"
#include "catalog/files.h"
#include "catalog/yaml_tree.h"

enum {
    REGIONS_MAX = 512,
    MATTERS_MAX = 512,
    FORMS_MAX = 256,
    STANDARD_MAX = 512,
    LIST_MAX = 256,
    MATERIAL_DEPTH_MAX = 8
};

struct catalog {
    struct arena *arena;
    struct calendar *calendar;
    struct fact *fact;
    struct fact_def *def;
    struct fact_dict dict;
    struct standard_matter *standard;
    size_t standard_count;
    struct form *form;
    size_t form_count;
    const struct cited_form *cited;
    size_t cited_count;
    const struct region **region;
    size_t region_count;
    struct search *search;
    struct shelf *shelf; /* of the house; NULL for a folder alone */
};

struct loader {
    struct ctx *ctx;
    struct arena *arena;   /* the snapshot's */
    struct arena *scratch; /* YAML trees of the file being read */
    struct catalog *c;
    const struct catalog_files *files;
};

/* Text of KEY copied into the snapshot. */
enum err load_text(struct loader *l, struct yaml_node *map, const char *key, struct str *ret_s) MUST_USE;
enum err load_need(struct loader *l, struct yaml_node *map, const char *key, struct str *ret_s) MUST_USE;
enum err load_texts(struct loader *l, struct yaml_node *map, const char *key, const struct str **ret_s,
                    size_t *ret_n) MUST_USE;
/* Condition under KEY, compiled; absent = {NULL}. Refuses unquoted ones. Facts are added to *facts when not NULL. */
enum err load_condition(struct loader *l, struct yaml_node *map, const char *key, struct fact_set *facts,
                        struct condition *ret_c) MUST_USE;
/* The same over another dictionary of names. */
enum err load_condition_in(struct loader *l, const struct fact_dict *dict, struct yaml_node *map, const char *key,
                           struct fact_set *facts, struct condition *ret_c) MUST_USE;
enum err load_limit(struct loader *l, struct yaml_node *map, const char *key, struct limit *ret_l) MUST_USE;
enum err load_stages(struct loader *l, struct yaml_node *map, const char *key, struct fact_set *facts,
                     const struct stage **ret_stage, size_t *ret_n) MUST_USE;
/* What a stage issues, S's kind being known; and, once the whole matter is read, whether the guide prints all of it (load_issues.c). */
enum err load_issues(struct loader *l, struct yaml_node *stage, struct stage *s) MUST_USE;
enum err check_issues(struct loader *l, struct yaml_node *root, const struct matter *m) MUST_USE;
enum err load_int(struct loader *l, struct yaml_node *map, const char *key, int64_t max, int64_t *ret_v) MUST_USE;
enum err load_matter(struct loader *l, struct yaml_node *root, const struct region *region, struct matter *m) MUST_USE;
enum err load_advice(struct loader *l, struct yaml_node *root, struct matter *m) MUST_USE; /* load_advice.c */
enum err load_on_site(struct loader *l, struct yaml_node *root, struct matter *m) MUST_USE;
enum err load_oversight(struct loader *l, struct yaml_node *root, struct matter *m) MUST_USE;
enum err load_form(struct loader *l, struct yaml_node *root, struct form *f) MUST_USE;
enum err load_cited(struct loader *l, struct yaml_node *root) MUST_USE;
enum err load_region(struct loader *l, struct yaml_node *root, struct region *r) MUST_USE;
enum err load_intake(struct loader *l, struct yaml_node *root, struct region *r) MUST_USE; /* load_intake.c */
enum err load_facts(struct loader *l, struct yaml_node *root) MUST_USE;
enum err load_standard(struct loader *l, struct yaml_node *root) MUST_USE;
bool effect_parse(struct str s, enum effect_kind *ret_k);

#endif
