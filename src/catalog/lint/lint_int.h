/* Inside the lint only: what a rule sees of one region, and how it reports. lint.c is the frame, lint_text*.c the rules about the words,
** lint_shape*.c those about the structure. */
#ifndef CATALOG_LINT_INT_H
#define CATALOG_LINT_INT_H

#include "catalog/lint.h"
#include "catalog/yaml_tree.h"

/* One verbatim text of a matter: a field's 原文 (办理渠道 …), the printed name, a line of 设定依据, a note … */
struct lint_text {
    struct str
        field; /* 办理渠道; the key alone for top-level scalars: 名称, 图题, 受理单位; 办理时限.法定原文 for the second text of a field */
    struct str text;
    const struct yaml_node *node;
};
struct lint_matter {
    const struct matter *m;
    struct yaml_node *root; /* of its file; yaml_get(root, "办理渠道") … for lines */
    const struct lint_text *text;
    size_t text_count;
};

struct lint_rule_def;
struct lint_told { /* an occurrence already reported */
    const struct lint_rule_def *rule;
    const struct matter *matter;
    struct str field;
    int line;
};
struct lint_terms; /* the field's dictionary (lint_terms.c) */
struct lint {
    struct ctx *ctx;
    struct arena *a;    /* scratch of the rule that runs: gone when it ends; what goes into a finding is copied */
    struct arena *keep; /* of this region: its trees, causes and what has been told */
    const struct catalog *c;
    const struct catalog_files *files;
    const struct region *r;
    struct yaml_node *region_root;    /* of region.yaml */
    const struct lint_matter *matter; /* r->matter, same order */
    size_t n;
    const struct lint_terms *terms;
    const struct lint_rule_def *rule; /* the one that runs */
    struct findings *found;
    struct lint_cause *cause; /* the frame's: which findings stand for which cause */
    size_t cause_cap;
    struct lint_told *told; /* every occurrence so far, so that one cause is not told by two rules */
    size_t told_count;
};

struct lint_rule_def {
    const char *id;            /* phone-length …; unique over both tables */
    enum severity severity;    /* the highest it gives */
    const char *what, *remedy; /* Chinese, plain words; the remedy of its findings unless they have their own */
    enum err (*run)(struct lint *l);
};
extern const struct lint_rule_def lint_text_rules[], lint_shape_rules[];
extern const size_t lint_text_rule_count, lint_shape_rule_count;

/* One occurrence of a fault. Occurrences of the same rule with the same CAUSE become one finding of the region, with their matters inside;
** place, evidence and message are those of the first. */
struct lint_hit {
    const struct matter *matter;  /* NULL: the region itself */
    struct str field;             /* 监督电话; may be empty */
    const struct yaml_node *node; /* where; NULL: the matter's (or region's) file as a whole */
    size_t offset;                /* byte of node->text at which it stands: gives the line inside a |- block */
    enum severity severity;       /* not above the rule's */
    struct str evidence;          /* verbatim; cut to EVIDENCE_MAX characters */
    struct str cause;             /* empty: field + evidence */
    struct str remedy;            /* empty: the rule's */
};
/* Reports H; MESSAGE (printf, Chinese) says what is the matter. Beyond FINDINGS_MAX it is dropped. */
void lint_add(struct lint *l, const struct lint_hit *h, const char *message, ...) PRINTF_LIKE(3, 4);

/* Line of the OFFSETth byte of a scalar's text. */
int lint_line(const struct yaml_node *n, size_t offset);
/* The matter's text of FIELD (the first of that name); NULL if the guide does not print it. */
const struct lint_text *lint_text_of(const struct lint_matter *m, const char *field);
/* Node at a path of keys, e.g. lint_node(m->root, "办理渠道", "渠道"); KEY2 may be NULL; NULL if absent. */
struct yaml_node *lint_node(struct yaml_node *map, const char *key, const char *key2);
/* The Ith child of a list or map; NULL beyond. */
struct yaml_node *lint_child(const struct yaml_node *n, size_t i);
/* S without blanks, full-width forms made half-width, Chinese punctuation made ASCII: for comparing what is meant. In l->a. */
struct str lint_plain(struct lint *l, struct str s);
/* The other region's matter with the same standard code; NULL if none. */
const struct matter *lint_same_code(const struct region *r, struct str code);

/* --- the dictionary --- */
enum err lint_terms_read(struct ctx *ctx, struct arena *a, const struct catalog *c, const struct catalog_files *files,
                         const struct lint_terms **ret_t) MUST_USE;
bool lint_term_known(const struct lint_terms *t, struct str s);

#endif
