/* What the fuzz targets of the catalogue share. */
#ifndef FUZZ_CATALOG_H
#define FUZZ_CATALOG_H

#include "catalog/catalog_int.h"

/* An empty catalogue of the arena whose dictionary are these N facts. */
void fuzz_catalog(struct catalog *c, struct arena *a, const struct fact_def *defs, size_t n);

#endif
