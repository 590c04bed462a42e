/* The PostgreSQL of JINGBAN_TEST_PG, which other tests of the run use too: each takes a schema or a database of its own in it. */
#ifndef SUPPORT_SUPPORT_PG_H
#define SUPPORT_SUPPORT_PG_H

#include <stdbool.h>

#include "support/support.h"

/* Is there one? Without it, what needs it is left out. */
bool support_pg(void);
/* Carries out TEXT, which must succeed. */
void support_pg_do(const char *url, const char *text);
/* URL of the schema NAME, emptied. Its connections are called NAME_PID. */
struct str support_pg_schema(struct arena *a, const char *name);
/* URL of a new database NAME_PID, where a program needs one whole. */
struct str support_pg_database(struct arena *a, const char *name);

#endif
