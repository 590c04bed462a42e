/* Inside the reading of a flattened table only: import_table.c finds rows and names, import_cells.c what stands in them. */
#ifndef CATALOG_IMPORT_TABLE_INT_H
#define CATALOG_IMPORT_TABLE_INT_H

#include "catalog/import/import_read_int.h"

enum { PIECES_MAX = 32 };

struct row {
    size_t line, code_line; /* of ordinal and code; code_line 0: none */
    size_t first, last;     /* lines of its own cells */
    size_t limit_line;
    size_t lender[3]; /* 1 + the row whose cell it shares */
    bool borrowed[3]; /* materials, notes, laws: of a cell merged over rows */
    struct passage ordinal, name, code, group, group_code, materials, limit, steps;
    bool torn; /* the name is not complete */
    struct passage *basis, *note;
    size_t basis_count, note_count;
    struct str where;
};
struct table {
    struct guide *g;
    struct part part;
    struct drafts *guide; /* the matters of the document's guide, whose names help */
    size_t *owner;        /* by line: 1 + the row whose name, ordinal, code, limit or stages stand there */
    size_t *heading;      /* by line: 1 + a row of the group whose heading or code stands there */
    bool *claimed, *page; /* by line of the part: taken already; a page's head */
    struct row *row;
    size_t row_count;
};

bool table_code(struct str s);
bool same_group(const struct row *x, const struct row *y);
void cells_read(struct table *t);

#endif
