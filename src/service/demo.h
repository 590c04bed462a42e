/* The people of a demo (演示): a pure function of seed, region and index, so that a test or a visitor can name them
** beforehand.
 ** service_demo writes them into the registers; nothing else makes people up. */
#ifndef SERVICE_DEMO_H
#define SERVICE_DEMO_H

#include "catalog/catalog.h"
#include "registry/registry.h"

enum { DEMO_PERSONS = 2000, DEMO_UNITS = 50, DEMO_STAFF = 17 };

struct demo_person {
    struct person person;             /* without id and key */
    const char *insurance, *identity; /* NULL: not insured yet */
    int unit;                         /* index of the employer, -1 for none */
    int months;                       /* insured and paid for */
    struct money balance;             /* personal account; only 职工医保 has one */
};

/* Person I < DEMO_PERSONS of a region. Texts live in A. */
void demo_person(struct arena *a, uint64_t seed, const struct region *r, int i, struct demo_person *ret_p);
/* Unit I < DEMO_UNITS of a region; without id, key and number. */
void demo_unit(struct arena *a, uint64_t seed, const struct region *r, int i, struct unit *ret_u);

#endif
