/* Finding a matter as people look for it: by its name, by what they call it, by pinyin (initials or whole syllables),
** by situation.
 ** Phrases, situations and the pinyin table are data (catalog/search/); a region shows only what it has. */
#ifndef CATALOG_SEARCH_H
#define CATALOG_SEARCH_H

#include "catalog/catalog.h"

struct search;

/* A life event and the matters that belong to it: by standard code, or by a word of the printed name. */
struct
    joint_matter { /* of those that can be applied for together: the standard code and who of the people concerned applies */
    struct str code, who;
};
struct situation {
    struct str id, name, text;
    const struct str *code, *word;
    size_t code_count, word_count;
    const struct joint_matter *joint; /* 联办 (R285); our own convention, no guide prints it */
    size_t joint_count;
    const struct str *common; /* words of materials that serve everybody concerned */
    size_t common_count;
};

struct search_hit {
    const struct matter *matter;
    int score;
    struct str phrase; /* what people call it, when that led here; empty otherwise */
};

enum { SEARCH_QUERY_MAX = 64 }; /* characters of a query that are looked at */

/* Never NULL: a catalogue without the folder has no phrases and no situations. */
const struct search *catalog_search(const struct catalog *c);
size_t search_situation_count(const struct search *s);
const struct situation *search_situation_at(const struct search *s, size_t i);
const struct situation *search_situation(const struct search *s, struct str id); /* NULL if unknown */
bool situation_has(const struct situation *s, const struct matter *m);

/* Matters of R for what a person typed, best first; equal ones in the guide's order. */
void search_matters(struct ctx *ctx, const struct search *s, const struct region *r, struct str query,
                    struct search_hit **ret_hits, size_t *ret_n);

#endif
