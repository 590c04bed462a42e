/* One occasion, several matters (一件事一次办, R285): which matters of a region belong together, their questions each asked once, their
** materials each named once, and the record that says which cases came of one sending. The cases themselves are made by service_apply, one
** transaction each: one that is refused does not hold up the others. */
#ifndef SERVICE_OCCASION_H
#define SERVICE_OCCASION_H

#include "catalog/search.h"
#include "service/service.h"

enum { OCCASION_PARTS_MAX = 8, OCCASION_MATERIALS_MAX = 128, OCCASION_REFERENCE_MAX = 64 };

struct occasion_part {
    const struct matter *matter;
    struct str who;    /* of the people concerned: 新生儿 … */
    size_t person;     /* index of WHO */
    struct str closed; /* why it cannot be applied for this way; empty: it can */
    bool chosen;
    struct facts facts;
};
struct occasion {
    const struct situation *situation;
    const struct region *region;
    struct occasion_part part[OCCASION_PARTS_MAX];
    size_t part_count;
    struct str person[OCCASION_PARTS_MAX]; /* the people concerned, in order of their first matter */
    size_t person_count;
};
/* The occasion ID as R offers it: two of its matters at least. Nothing chosen, no facts. ERR_NOT_FOUND. */
enum err occasion_find(struct ctx *ctx, const struct catalog *c, const struct region *r, struct str id,
                       struct occasion *ret_o) MUST_USE;
/* An answer of PERSON for all his matters. ERR_FIELD_INVALID. */
enum err occasion_answer(struct ctx *ctx, struct occasion *o, size_t person, struct str fact, struct str text) MUST_USE;

/* A material of the chosen matters, named once for all of the same person, or for all people where it serves them all. */
struct occasion_material {
    struct str name;
    size_t person; /* OCCASION_PARTS_MAX: serves all */
    struct {
        size_t part;
        const struct material *leaf, *either; /* EITHER: the group of alternatives it stands in, NULL if none */
    } use[OCCASION_PARTS_MAX];
    size_t use_count;
};
/* In the order of the guides; materials that are surely not needed are left out. */
void occasion_materials(struct ctx *ctx, const struct occasion *o, struct occasion_material **ret_m, size_t *ret_n);
/* {occasion, parts, people: [{index, name, asks_name, questions}], asks_unit, open_count, complete, materials}. */
void occasion_view(struct ctx *ctx, const struct occasion *o, struct view *map);

/* The common number that follows from the sending's own key: the same again when it is sent again. */
struct str occasion_number(struct ctx *ctx, struct server *s, struct str region, struct str key);
/* Puts the case NO under the occasion NUMBER; again it changes nothing. REFERENCE: of the platform it came from, may be empty. */
enum err occasion_record(struct ctx *ctx, struct server *s, const struct occasion *o, struct str number, struct str no,
                         struct str matter, struct str reference) MUST_USE;
/* For the desk: {number, reference, name, cases: [{no, matter_id, matter_name, self}]} of the occasion that case CASE_ID belongs to, or null,
** as MAP's key "occasion". */
enum err occasion_of_case_view(struct ctx *ctx, struct server *s, struct tx *tx, const struct region *r,
                               int64_t case_id, struct view *map) MUST_USE;

#endif
