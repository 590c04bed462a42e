/* catalog import: the text of a guide as bureaus publish it, into catalogue files plus a list of what could not be placed and what is
** broken in the source. It never invents: every verbatim field is the guide's own characters; conditions and structure read out of prose
** are proposals, marked 待核 by a comment. */
#ifndef CATALOG_IMPORT_H
#define CATALOG_IMPORT_H

#include "catalog/catalog.h"
#include "catalog/files.h"
#include "catalog/finding.h"

struct imported {
    struct catalog_files files; /* regions/CODE/region.yaml, regions/CODE/matters/NN.yaml */
    struct findings findings;   /* file = FILE as given, line = in the guide's text */
    size_t matters;
};
/* TEXT (UTF-8, ≤ 4 MiB) as read from FILE; SHARED gives the standard list and the facts dictionary. ERR_CATALOG when there is no guide
** in it. All in ctx's arena. */
enum err catalog_import(struct ctx *ctx, const struct catalog *shared, struct str code, struct str file,
                        struct str text, struct imported *ret_i) MUST_USE;

#endif
