/* Search over a region's few dozen matters: every one is scored, nothing is indexed. */
#include "catalog/search_int.h"

#include <stdlib.h>
#include <string.h>

enum { LETTERS_MAX = 24 };

/* How sure a way of matching is. */
enum {
    SCORE_NAME = 100,  /* the name contains the query, or is contained in it */
    SCORE_PHRASE = 85, /* exactly what people call it */
    SCORE_CODE = 80,
    SCORE_PINYIN = 75, /* letters from the start of the name */
    SCORE_PHRASE_PART = 65,
    SCORE_PINYIN_PART = 60,
    SCORE_GROUP = 45,
    SCORE_OBJECT = 35, /* the sentence about who may apply */
    SCORE_BIGRAM = 30, /* at most: half or more of the query's pairs occur in the name */
};

const struct search *
catalog_search(const struct catalog *c)
{
    return c->search;
}

size_t
search_situation_count(const struct search *s)
{
    return s->situation_count;
}

const struct situation *
search_situation_at(const struct search *s, size_t i)
{
    return i < s->situation_count ? &s->situation[i] : NULL;
}

const struct situation *
search_situation(const struct search *s, struct str id)
{
    for (size_t i = 0; i < s->situation_count; i++)
        if (str_eq(s->situation[i].id, id))
            return &s->situation[i];
    return NULL;
}

/* Place of M in what a row leads to (the likeliest first), or SIZE_MAX. */
static size_t
leads_to(const struct str *code, size_t code_count, const struct str *word, size_t word_count, const struct matter *m)
{
    for (size_t i = 0; i < code_count; i++)
        if (!str_empty(m->code) && str_eq(code[i], m->code))
            return i;
    for (size_t i = 0; i < word_count; i++)
        if (str_find(m->name, word[i]) != SIZE_MAX)
            return code_count + i;
    return SIZE_MAX;
}

bool
situation_has(const struct situation *s, const struct matter *m)
{
    return leads_to(s->code, s->code_count, s->word, s->word_count, m) != SIZE_MAX;
}

const struct pinyin *
search_pinyin(const struct search *s, uint32_t cp)
{
    size_t lo = 0, hi = s->pinyin_count;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (s->pinyin[mid].cp == cp)
            return &s->pinyin[mid];
        if (s->pinyin[mid].cp < cp)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

/* A character that carries meaning: full-width folded, lower case; 0 for blanks and punctuation. */
static uint32_t
fold(uint32_t cp)
{
    if (cp >= 0xFF01 && cp <= 0xFF5E)
        cp -= 0xFEE0;
    if (cp >= 'A' && cp <= 'Z')
        cp += 'a' - 'A';
    bool ascii_word = (cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9');
    bool han = (cp >= 0x3400 && cp <= 0x9FFF) || (cp >= 0x20000 && cp <= 0x3FFFF);
    return ascii_word || han ? cp : 0;
}

static struct str
fold_text(struct arena *a, struct str s, size_t characters_max)
{
    struct buf b;
    buf_init(&b, a, s.n + 4);
    size_t pos = 0, n = 0;
    for (uint32_t cp; n < characters_max && (cp = str_utf8_next(s, &pos)) != 0; n++)
        if (fold(cp))
            buf_cp(&b, fold(cp));
    return buf_str(&b);
}

/* Drops the noise words, unless nothing would be left. */
static struct str
drop_noise(struct arena *a, const struct search *s, struct str q)
{
    struct str rest = q;
    for (size_t i = 0; i < s->noise_count; i++)
        for (size_t at; (at = str_find(rest, s->noise[i])) != SIZE_MAX;)
            rest = str_concat(a, str_sub(rest, 0, at), str_sub(rest, at + s->noise[i].n, rest.n));
    return str_empty(rest) ? q : rest;
}

/* Whether the letters Q spell the text from POS on: each character gives a whole syllable or any beginning of one. */
static bool
spells(const struct search *s, struct str text, size_t pos, struct str q)
{
    if (q.n == 0)
        return true;
    size_t next = pos;
    uint32_t cp = str_utf8_next(text, &next);
    if (cp == 0)
        return false;
    const struct pinyin *p = search_pinyin(s, cp);
    if (!p)
        return false;
    for (size_t i = 0; i < p->count; i++)
        for (size_t n = p->syllable[i].n < q.n ? p->syllable[i].n : q.n; n > 0; n--)
            if (memcmp(p->syllable[i].p, q.p, n) == 0 && spells(s, text, next, str_sub(q, n, q.n)))
                return true;
    return false;
}

static int
score_letters(const struct search *s, struct str name, struct str q)
{
    if (q.n < 2 || q.n > LETTERS_MAX)
        return 0;
    for (size_t i = 0; i < q.n; i++)
        if (q.p[i] < 'a' || q.p[i] > 'z')
            return 0;
    if (spells(s, name, 0, q))
        return SCORE_PINYIN;
    size_t pos = 0;
    while (str_utf8_next(name, &pos) != 0)
        if (spells(s, name, pos, q))
            return SCORE_PINYIN_PART;
    return 0;
}

/* Share of the query's neighbouring pairs that occur in the name: forgives a wrong or a missing character. */
static int
score_pairs(struct str name, struct str q)
{
    int pairs = 0, found = 0;
    size_t pos = 0;
    for (;;) {
        size_t from = pos, next;
        if (str_utf8_next(q, &pos) == 0)
            break;
        next = pos;
        if (str_utf8_next(q, &next) == 0)
            break;
        pairs++;
        found += str_find(name, str_sub(q, from, next - from)) != SIZE_MAX;
    }
    return pairs > 0 && 2 * found >= pairs ? SCORE_BIGRAM * found / pairs : 0;
}

static int
score_phrases(const struct search *s, const struct matter *m, struct str q, struct str *ret_phrase)
{
    int best = 0;
    for (size_t i = 0; i < s->row_count; i++) {
        const struct phrase_row *r = &s->row[i];
        size_t place = leads_to(r->code, r->code_count, r->word, r->word_count, m);
        if (place == SIZE_MAX)
            continue;
        for (size_t k = 0; k < r->phrase_count; k++) {
            struct str p = r->phrase[k];
            bool part = str_find(q, p) != SIZE_MAX || (str_utf8_count(q) >= 2 && str_find(p, q) != SIZE_MAX);
            int letters = score_letters(s, p, q) == SCORE_PINYIN ? SCORE_PINYIN_PART - 5 : 0;
            int score = str_eq(p, q) ? SCORE_PHRASE : part ? SCORE_PHRASE_PART : letters;
            score -= score > 0 ? (int)(place < 8 ? place : 8) : 0;
            if (score > best) {
                best = score;
                *ret_phrase = p;
            }
        }
    }
    return best;
}

static int
score_matter(struct ctx *ctx, const struct search *s, const struct matter *m, struct str q, struct str *ret_phrase)
{
    struct str name = fold_text(ctx->arena, m->name, SIZE_MAX);
    *ret_phrase = STR("");
    if (str_find(name, q) != SIZE_MAX || (str_utf8_count(name) > 2 && str_find(q, name) != SIZE_MAX))
        return SCORE_NAME;
    if (str_eq(m->code, q))
        return SCORE_CODE;
    int best = score_letters(s, name, q);
    struct str phrase = STR("");
    int by_phrase = score_phrases(s, m, q, &phrase);
    if (by_phrase > best) {
        *ret_phrase = phrase;
        best = by_phrase;
    }
    int rest = str_find(fold_text(ctx->arena, m->group, SIZE_MAX), q) != SIZE_MAX            ? SCORE_GROUP
               : str_find(fold_text(ctx->arena, m->service_object, SIZE_MAX), q) != SIZE_MAX ? SCORE_OBJECT
                                                                                             : score_pairs(name, q);
    if (rest > best) {
        *ret_phrase = STR("");
        best = rest;
    }
    return best;
}

static int
best_first(const void *a, const void *b)
{
    const struct search_hit *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->matter < y->matter ? -1 : x->matter > y->matter;
}

void
search_matters(struct ctx *ctx, const struct search *s, const struct region *r, struct str query,
               struct search_hit **ret_hits, size_t *ret_n)
{
    struct search_hit *hit = ARENA_ARRAY(ctx->arena, r->matter_count, struct search_hit);
    *ret_hits = hit;
    *ret_n = 0;
    struct str q = drop_noise(ctx->arena, s, fold_text(ctx->arena, query, SEARCH_QUERY_MAX));
    if (str_empty(q))
        return;
    for (size_t i = 0; i < r->matter_count; i++) {
        struct search_hit *h = &hit[*ret_n];
        h->matter = &r->matter[i];
        h->score = score_matter(ctx, s, h->matter, q, &h->phrase);
        *ret_n += h->score > 0;
    }
    if (*ret_n)
        qsort(hit, *ret_n, sizeof *hit, best_first);
}
