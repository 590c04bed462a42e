/* Views from the catalogue alone: regions, a region's home, a matter with everything its guide prints, the checklist.
** Pages, API and `catalog show --json` print the same view. Pure: catalogue + facts + ctx->now_ms. */
#ifndef SERVICE_GUIDE_H
#define SERVICE_GUIDE_H

#include "base/view.h"
#include "catalog/catalog.h"
#include "catalog/checklist.h"
#include "catalog/search.h"

/* regions: [{code, name, agency, …}] */
void guide_regions(struct ctx *ctx, const struct catalog *c, struct view *v);
/* region, situations, groups of matters; with QUERY (may be empty) its results instead. */
void guide_home(struct ctx *ctx, const struct catalog *c, const struct region *r, struct str query, struct view *v);
/* region, situation, matters of it. ERR_NOT_FOUND. */
enum err guide_situation(struct ctx *ctx, const struct catalog *c, const struct region *r, struct str id,
                         struct view *v) MUST_USE;
/* One matter resolved: what `catalog show --json` prints and the guide page shows. */
void guide_matter(struct ctx *ctx, const struct catalog *c, const struct matter *m, struct view *v);
/* code, name, agency, phone {number, dial}: for page heads and any view that names its region. */
void guide_region(struct ctx *ctx, const struct region *r, struct view *v);
/* id, name, code, status …: a line in a list. */
void guide_matter_line(const struct matter *m, struct view *v);

struct guide_answer {
    struct str fact, value; /* id or 中文名; GUIDE_UNSURE = asked, not known */
};
#define GUIDE_UNSURE "?"

/* The checklist under these answers: answers, questions still open, refusal, materials with the reason for each, limit,
** due day.
 ** ALL: show the list although questions are open. ERR_FIELD_INVALID for an answer that is none: the view is filled
** nevertheless,
 ** asking that question again. */
enum err guide_check(struct ctx *ctx, const struct catalog *c, const struct matter *m,
                     const struct guide_answer *answer, size_t n, bool all, struct view *v) MUST_USE;

/* The stages as DOT, for aux_chart. */
struct str guide_flow_dot(struct ctx *ctx, const struct matter *m);

/* --- shared with other views --- */
/* {kind, n, text} of a limit; null when there is none. */
void guide_limit(struct ctx *ctx, struct view *map, const char *key, struct limit l);
/* {promised, legal, counted_from, due, …} of a tier for something handed in today. */
void guide_tier(struct ctx *ctx, const struct catalog *c, const struct limit_tier *t, struct view *v);
/* One material with its children; FACTS may be NULL (then nothing is left out). */
void guide_material(struct ctx *ctx, const struct matter *m, const struct material *x, const struct facts *facts,
                    struct view *v);
/* A group of which everything is wanted and which says nothing of its own: once it is needed, its parts stand for it.
 */
bool guide_material_opens(const struct material *x);
/* What the guide says of the further way: MAP.advice [{kind, text, what, phone, matters, required …}] and MAP.has_advice. With FACTS only
** what concerns them. */
enum advice_place { ADVICE_AT_GUIDE, ADVICE_AT_CHECK, ADVICE_AT_CASE };
void guide_advice(struct ctx *ctx, const struct matter *m, const struct facts *f, enum advice_place place,
                  struct view *map); //= R140 R141 R142 R148 R170 R187
/* What concerns a case with these facts, a sentence a line; empty when nothing does. */
struct str guide_advice_text(struct arena *a, const struct matter *m, const struct facts *f);
/* {number, dial}: DIAL is for tel: links. */
void guide_phone(struct ctx *ctx, struct str number, struct view *v);
/* The number to ring when nothing better is known: the first service point that prints one, else the first matter that
 * does. */
struct str guide_region_phone(const struct region *r);
/* The percent-encoded form of a query value. */
void guide_urlencode(struct buf *b, struct str s);
/* Text or null, so that a missing value never falls through to an outer map of the page. */
void guide_put(struct view *map, const char *key, struct str s);

#endif
