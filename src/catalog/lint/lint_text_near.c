/* One character that stands where, between the same neighbours, all other matters print another: 领导审该完毕. It
** needs no dictionary and no sentence that is otherwise the same. */
#include "catalog/lint/lint_text_int.h"

enum { SIDE = 3, WAYS = 3, SEEN_MANY = 4, SEEN_OFTEN = 10, PLACES_BITS = 18, PLACES = 1 << PLACES_BITS };

/* What was seen between one left and one right side; WHAT 0: nothing, the sides meet. */
struct way {
    uint32_t what;
    uint32_t count, last; /* matters; the last one counted */
};
struct place {
    uint64_t key; /* of both sides; 0: free */
    struct way way[WAYS];
};
struct places {
    struct place *place;
    size_t used;
};

static uint64_t
mix(uint64_t h, uint32_t cp)
{
    h = (h ^ cp) * 0x9E3779B97F4A7C15U;
    return h ^ (h >> 29);
}

/* The key of LEFT characters before AT and RIGHT from BEHIND on; 0 where they say too little: at a text's edge, numbers,
** marks. */
static uint64_t
key_of(const struct chars *c, size_t at, size_t behind, size_t left, size_t right)
{
    uint64_t h = left * 8 + right;
    size_t han = 0;
    if (at < left || behind + right > c->n)
        return 0;
    for (size_t i = 0; i < left + right; i++) {
        uint32_t cp = i < left ? c->cp[at - left + i] : c->cp[behind + i - left];
        if (cp_digit(cp))
            return 0;
        han += cp_han(cp);
        h = mix(h, cp);
    }
    return han * 3 >= (left + right) * 2 ? h | 1 : 0;
}

static struct place *
place_of(struct places *p, uint64_t key, bool make)
{
    for (size_t i = key >> (64 - PLACES_BITS);; i = (i + 1) % PLACES) {
        struct place *x = &p->place[i];
        if (x->key == key)
            return x;
        if (x->key)
            continue;
        if (!make || p->used > PLACES / 4 * 3)
            return NULL;
        p->used++;
        x->key = key;
        return x;
    }
}

static void
count_way(struct places *p, uint64_t key, uint32_t what, uint32_t matter)
{
    struct place *x = key ? place_of(p, key, true) : NULL;
    for (size_t i = 0; x && i < WAYS; i++) {
        struct way *w = &x->way[i];
        if (w->count && w->what != what)
            continue;
        w->what = what;
        w->count += w->last != matter;
        w->last = matter;
        return;
    }
}

static uint64_t
key_of_one(uint32_t cp)
{
    return mix(99, cp) | 1;
}

static void
count_text(struct lint *l, struct places *p, struct str s, uint32_t matter)
{
    struct chars c = chars_plain(l->a, s);
    for (size_t i = 0; i < c.n; i++) {
        if (cp_han(c.cp[i]))
            count_way(p, key_of(&c, i, i + 1, SIDE, SIDE), c.cp[i], matter);
        if (cp_han(c.cp[i]) && i > 0 && i + 1 < c.n) {
            count_way(p, key_of(&c, i, i + 1, 1, 2), c.cp[i], matter);
            count_way(p, key_of(&c, i, i + 1, 2, 1), c.cp[i], matter);
            count_way(p, key_of_one(c.cp[i]), 1, matter);
        }
        count_way(p, key_of(&c, i, i, SIDE, SIDE), 0, matter);
    }
}

static const struct way *
most_common(const struct place *x)
{
    const struct way *best = &x->way[0];
    for (size_t i = 1; i < WAYS; i++)
        best = x->way[i].count > best->count ? &x->way[i] : best;
    return best;
}

static uint32_t
count_of(const struct place *x, uint32_t what)
{
    for (size_t i = 0; x && i < WAYS; i++)
        if (x->way[i].what == what)
            return x->way[i].count;
    return 0;
}

/* CP stands in one matter at most. */
static bool
alone(struct places *p, uint32_t cp)
{
    return count_of(place_of(p, key_of_one(cp), false), 1) <= 1;
}

/* Another rule has told of this line's words; what the marks look like is something else. */
static bool
told_before(const struct lint *l, const struct lint_matter *m, const struct lint_text *t, int line)
{
    static const char *const rule[] = {"boilerplate",   "sentence-near", "term-near",    "word-torn",
                                       "text-repeated", "word-doubled",  "place-foreign"};
    for (size_t i = 0; i < sizeof rule / sizeof *rule; i++)
        if (lint_told(l, rule[i], m->m, t->field, line))
            return true;
    return lint_told(l, "name-variant", m->m, t->field, 0);
}

static void
tell(struct lint *l, const struct lint_matter *m, const struct lint_text *t, const struct chars *c, size_t at,
     size_t behind, const struct way *usual)
{
    struct lint_hit h = lint_at(m, t, c, at - SIDE, behind + SIDE, 0);
    char wide[4];
    struct str mine = behind > at ? chars_text(t->text, c, at, behind) : STR("");
    struct str other = usual->what ? (struct str){wide, str_utf8_put(usual->what, wide)} : STR("");
    h.severity = SEVERITY_INFO;
    if (behind == at)
        lint_add(l, &h, "“%.*s”比其他 %u 项少“%.*s”", STR_ARG(h.evidence), usual->count, STR_ARG(other));
    else if (!usual->what)
        lint_add(l, &h, "“%.*s”比其他 %u 项多“%.*s”", STR_ARG(h.evidence), usual->count, STR_ARG(mine));
    else
        lint_add(l, &h, "“%.*s”里写“%.*s”，其他 %u 项在同样的文字中间写“%.*s”", STR_ARG(h.evidence), STR_ARG(mine),
                 usual->count, STR_ARG(other));
}

/* C has a character at AT (BEHIND = AT: none), and what follows begins at BEHIND. Between so many neighbours, does the
** catalogue know another? With few of them, the character must also stand nowhere else. */
static bool
look_at(struct lint *l, struct places *p, const struct lint_matter *m, const struct lint_text *t, const struct chars *c,
        size_t at, size_t behind, size_t left, size_t right)
{
    uint64_t key = key_of(c, at, behind, left, right);
    const struct place *x = key ? place_of(p, key, false) : NULL;
    uint32_t what = behind > at ? c->cp[at] : 0;
    if (!x)
        return false;
    const struct way *usual = most_common(x);
    if (usual->what == what || count_of(x, what) > 1 || usual->count < (left < SIDE ? SEEN_OFTEN : SEEN_MANY) ||
        (left < SIDE && !alone(p, what)))
        return false;
    char wide[4];
    struct str mine = behind > at ? chars_text(t->text, c, at, behind) : STR("");
    struct str other = usual->what ? (struct str){wide, str_utf8_put(usual->what, wide)} : STR("");
    if (lint_has_number(mine) || lint_has_number(other) || lint_opposites(l, mine, other) ||
        (usual->what ? usual->what : what) == 0x7684 || told_before(l, m, t, lint_line(t->node, c->at[at])))
        return false; /* 的 may stand or not */
    tell(l, m, t, c, at, behind, usual);
    return true;
}

enum err
lint_context_near(struct lint *l)
{
    struct places p = {ARENA_ARRAY(l->a, PLACES, struct place), 0};
    uint32_t matter = 0;
    for (size_t r = 0; r < catalog_region_count(l->c); r++) {
        const struct region *region = catalog_region_at(l->c, r);
        for (size_t i = 0; i < region->matter_count; i++) {
            const struct matter *m = &region->matter[i];
            struct str text[] = {m->service_object, m->channels_text, m->materials_text,   m->process_text,
                                 m->consult_text,   m->rating_text,   m->supervision_text, m->delivery_text};
            matter++;
            for (size_t k = 0; k < sizeof text / sizeof *text; k++)
                count_text(l, &p, text[k], matter);
        }
    }
    static const char *const fields[] = {"服务对象", "办理渠道", "办理材料", "办理流程",
                                         "咨询方式", "评价渠道", "监督电话", "送达"};
    for (size_t i = 0; i < l->n; i++)
        for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
            const struct lint_text *t = lint_text_of(&l->matter[i], fields[f]);
            struct chars c = t ? chars_plain(l->a, t->text) : (struct chars){0};
            for (size_t at = SIDE; at + SIDE < c.n; at++)
                if ((cp_han(c.cp[at]) && (look_at(l, &p, &l->matter[i], t, &c, at, at + 1, SIDE, SIDE) ||
                                          look_at(l, &p, &l->matter[i], t, &c, at, at + 1, 1, 2) ||
                                          look_at(l, &p, &l->matter[i], t, &c, at, at + 1, 2, 1))) ||
                    look_at(l, &p, &l->matter[i], t, &c, at, at, SIDE, SIDE))
                    at += 2 * SIDE;
        }
    return OK;
}
