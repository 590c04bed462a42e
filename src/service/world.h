/* Today's world: the catalogue the desk works by, swapped whole when a version comes into force. */
#ifndef SERVICE_WORLD_H
#define SERVICE_WORLD_H

#include "catalog/files.h"
#include "service/server.h"

/* The first world: BASE as read from the folder, given to the server with everything loaded later. */
void server_catalog_first(struct server *s, struct catalog *base);
/* Before other threads: what of the folder is in force already is marked so, the rest is not public; then what is in force but not in the
 * folder is loaded from the database. Regions are those of the folder: one taken out of it is no longer served, its cases still open. */
enum err server_catalog_adopt(struct ctx *ctx, struct server *s) MUST_USE;
/* Puts the one region of C (loaded from its package and marked, catalog_region_mark) into force. The server takes C. Requests that have
 * begun go on with what they have. */
enum err server_catalog_replace(struct ctx *ctx, struct server *s, struct catalog *c) MUST_USE;
/* REGION as it stands in the version DIGEST, today's or one that a case was read by; NULL: not loaded. */
const struct region *server_region_of(const struct server *s, struct str region, struct str digest); //= R6
void server_catalog_free(struct server *s); /* after the last thread */

#endif
