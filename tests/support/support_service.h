/* A server as a process has it, without the HTTP in front: the real catalogue, a vault, a store of its own. */
#ifndef SUPPORT_SUPPORT_SERVICE_H
#define SUPPORT_SUPPORT_SERVICE_H

#include "service/service.h"
#include "support/support_catalog.h"

extern struct server *server;
extern struct str folder; /* the data folder */
extern struct str url;    /* of the store */

/* Opens all of it with arena, context and catalogue, in a folder (and on PostgreSQL a database) called after NAME. */
void support_server_up(const char *name, bool postgres);
/* In addition the helper program (JINGBAN_AUX) and the layouts of what it prints. */
void support_server_helper(void);
/* cmocka's tear-down of both. */
int support_server_down(void **state);

/* A person of that number with a key; registered by nobody yet. */
struct person support_person(struct str id_number);
/* FIRST 17 characters of an identity number with the one that they ask for. */
struct str support_id_number(struct str first);
/* A person of that number registered in REGION, as an employee insured with a balance. */
struct person support_insured(struct str region, struct str id_number);

#endif
