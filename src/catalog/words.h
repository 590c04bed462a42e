/* Conditions in plain words, for people who do not read expressions: 户口所在 = "非本市户口" → 户口所在是非本市户口. */
#ifndef CATALOG_WORDS_H
#define CATALOG_WORDS_H

#include "catalog/catalog.h"

/* Empty for the empty condition. */
struct str condition_words(struct arena *a, const struct condition *c);

#endif
