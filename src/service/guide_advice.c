/* What the guide says of the further way (指引), as rows of the guide, the wizard and a case. */
#include "catalog/words.h"
#include "service/guide.h"

static void
put_links(const struct matter *m, const struct advice *x, struct view *row)
{
    struct view *list = view_put_list(row, "matters");
    for (size_t i = 0; i < x->matter_count; i++) {
        const struct matter *to = matter_by_id(m->region, x->matter[i]);
        if (!to)
            continue;
        struct view *link = view_add_map(list);
        view_put_text(link, "id", to->id);
        view_put_text(link, "name", to->name);
    }
}

static void
put_row(struct ctx *ctx, const struct matter *m, const struct advice *x, enum need need, struct view *row)
{
    view_put_z(row, "kind", advice_id(x->kind));
    guide_put(row, "when", x->when.source);
    guide_put(row, "when_words", condition_words(ctx->arena, &x->when));
    view_put_text(row, "region_code", m->region->code); /* a case's page has no region's map */
    view_put_text(row, "text", x->verbatim);
    guide_put(row, "what", x->what);
    if (str_empty(x->phone))
        view_put_null(row, "phone");
    else
        guide_phone(ctx, x->phone, view_put_map(row, "phone"));
    put_links(m, x, row);
    view_put_bool(row, "only_told", x->kind == ADVICE_TOLD);
    view_put_bool(row, "required", x->kind == ADVICE_FOLLOW_UP && need == NEED_YES);
}

void
guide_advice(struct ctx *ctx, const struct matter *m, const struct facts *f, enum advice_place place, struct view *map)
{
    struct view *list = view_put_list(map, "advice");
    for (size_t i = 0; i < m->advice_count; i++) {
        const struct advice *x = &m->advice[i];
        enum need need = f ? condition_need(&x->when, f, NULL) : NEED_UNKNOWN;
        bool here = place == ADVICE_AT_GUIDE || (place == ADVICE_AT_CHECK ? x->at_check : x->at_case);
        /* its own words say whom it concerns, so it is told while that is not known; what it does is not done then */
        bool tells = need == NEED_UNKNOWN && (!f || x->kind == ADVICE_TOLD || x->kind == ADVICE_FOLLOW_UP);
        if (here && (need == NEED_YES || tells))
            put_row(ctx, m, x, need, view_add_map(list));
    }
    view_put_bool(map, "has_advice", view_count(list) > 0);
}

struct str
guide_advice_text(struct arena *a, const struct matter *m, const struct facts *f)
{
    struct buf b;
    buf_init(&b, a, 256);
    for (size_t i = 0; i < m->advice_count; i++)
        if (m->advice[i].at_case && condition_need(&m->advice[i].when, f, NULL) == NEED_YES) {
            buf_addz(&b, b.n ? "\n" : "");
            buf_add(&b, m->advice[i].verbatim);
        }
    return buf_str(&b);
}
