/* catalog lint: what a careful keeper would find in a catalogue, by rules that hold for a guide never seen. One finding per cause
** and region, the matters inside. */
#ifndef CATALOG_LINT_H
#define CATALOG_LINT_H

#include "catalog/catalog.h"
#include "catalog/files.h"
#include "catalog/finding.h"

/* Checks the regions of C, which was loaded from FILES; CODE: only that region (the others are still what it is compared with), empty: all.
** Findings that regions/CODE/accepted.yaml names carry their reason. Sorted by region, severity, file, line. In ctx's arena. */
enum err catalog_lint(struct ctx *ctx, const struct catalog *c, const struct catalog_files *files, struct str code,
                      struct findings *ret_f) MUST_USE;

/* The rules as a table, for docs and the keeper's page. */
struct lint_rule {
    const char *id;
    enum severity severity;    /* the highest it gives */
    const char *what, *remedy; /* Chinese */
};
size_t lint_rules(const struct lint_rule **ret_rules);

#endif
