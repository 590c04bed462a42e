/* The house's catalogue: calendar and search of one, each region from the version that is in force, and the shelf of everything loaded.
** A loaded version stays for the life of the process: a request may hold what was in force when it began, a case may need its own version
** at any time, and a bureau publishes a few times a month. */
#ifndef CATALOG_WORLD_H
#define CATALOG_WORLD_H

#include "catalog/catalog.h"

struct shelf; /* catalogues by package digest; safe between threads */

struct shelf *shelf_new(void);
void shelf_free(struct shelf *s); /* and everything on it */
/* The catalogue of REGION's package DIGEST; NULL when it is not loaded. */
const struct catalog *shelf_get(struct shelf *s, struct str region, struct str digest);
/* Gives C to the shelf. */
void shelf_put(struct shelf *s, struct catalog *c);

/* Says which published version C's region CODE is, before other threads see C. */
void catalog_region_mark(struct catalog *c, struct str code, int64_t version_no, struct day effective,
                         bool unpublished);

/* C's regions with ONE in the place of, or beside, the region of the same code; calendar, search and lists are C's. ONE must live as long. */
struct catalog *catalog_compose(const struct catalog *c, const struct region *one);
struct shelf *catalog_shelf(const struct catalog *c); /* NULL when C was read from a folder alone */
void catalog_set_shelf(struct catalog *c, struct shelf *s);

#endif
