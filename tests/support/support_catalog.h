/* The real catalogue for a test program. */
#ifndef SUPPORT_SUPPORT_CATALOG_H
#define SUPPORT_SUPPORT_CATALOG_H

#include "catalog/catalog.h"
#include "catalog/files.h"
#include "support/support_ctx.h"

extern struct catalog *catalog;

/* cmocka's set-up and tear-down: arena, context (support_ctx.h) and the catalogue of the tree. */
int support_catalog_up(void **state);
int support_catalog_down(void **state);

/* The tree's catalogue, the caller's to free. */
struct catalog *support_catalog(struct ctx *c);
/* Its files without the regions: facts, standard, forms, calendar and what else all of them share. */
struct catalog_files support_catalog_shared(struct ctx *c);
/* The matter ID of region CODE of CATALOG, which is there. */
const struct matter *support_matter(const char *code, const char *id);

#endif
