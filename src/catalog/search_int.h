/* Inside the catalogue's search only. */
#ifndef CATALOG_SEARCH_INT_H
#define CATALOG_SEARCH_INT_H

#include "catalog/catalog_int.h"
#include "catalog/search.h"

enum { SYLLABLES_MAX = 6 };

struct pinyin { /* one character's readings without tones */
    uint32_t cp;
    struct str syllable[SYLLABLES_MAX];
    size_t count;
};
struct phrase_row { /* what people say, and where it leads */
    const struct str *phrase, *code, *word;
    size_t phrase_count, code_count, word_count;
};
struct search {
    const struct pinyin *pinyin; /* sorted by code point */
    size_t pinyin_count;
    const struct str *noise; /* dropped from a query, longest first */
    size_t noise_count;
    const struct phrase_row *row;
    size_t row_count;
    const struct situation *situation;
    size_t situation_count;
};

const struct pinyin *search_pinyin(const struct search *s, uint32_t cp); /* NULL if unknown */
enum err load_search(struct loader *l) MUST_USE;

#endif
