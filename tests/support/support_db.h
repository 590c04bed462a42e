/* The databases of a test. On the PostgreSQL of JINGBAN_TEST_PG, which the whole run shares, each takes a schema or a database of its
** own. */
#ifndef SUPPORT_SUPPORT_DB_H
#define SUPPORT_SUPPORT_DB_H

#include <stdbool.h>

#include "support/support.h"

/* SQL as text on the store's URL, behind its back; it must succeed. */
void support_sql(const char *url, const char *text);

/* Is there a PostgreSQL? Without it, what needs it is left out. */
bool support_pg(void);
/* URL of the schema NAME in it, emptied. Its connections are called NAME_PID. */
struct str support_pg_schema(struct arena *a, const char *name);
/* URL of a new database NAME_PID in it, for a test of more than one process. */
struct str support_pg_database(struct arena *a, const char *name);

#endif
