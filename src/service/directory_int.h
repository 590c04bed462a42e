/* Inside the directory only: what its page, the contact of a matter and the posters read alike. */
#ifndef SERVICE_DIRECTORY_INT_H
#define SERVICE_DIRECTORY_INT_H

#include "service/directory.h"

struct directory {
    struct ctx *ctx;
    const struct region *r;
    struct str q; /* plain; empty = everything */
    bool found;   /* something of the directory itself */
};

bool directory_in(const struct str *list, size_t n, struct str s);
size_t directory_digits(struct str s, size_t from); /* how many digits stand there */
bool directory_platform_is(struct str platform, const struct channel *ch);
/* A landline's seven or eight digits alone. */
bool directory_is_bare(struct str number);
/* {number, dial, no_area_code}: as printed; a landline without its area code is of no use from afar. */
void directory_number(struct ctx *ctx, struct str number, struct view *row);
void directory_numbers(struct ctx *ctx, struct view *map, const char *key, const struct str *s, size_t n);
/* {area, text, dial, url, point}: what one pooling area has published. */
void directory_published(struct ctx *ctx, const struct publish_slot *s, const struct published *p, struct view *row);
/* contact: the places, ways and phones of M (directory_contact.c). */
void directory_contact(struct directory *d, const struct matter *m, struct str insurance, struct view *v);

#endif
