/* What look-ups found, beside the facts of the case on the desk's page: read only, nothing of the case changes by it. */
#include "base/ident.h"
#include "service/guide.h"
#include "service/sharing_int.h"

enum { NUMBER_MIN = 15, NUMBER_MAX = 18 };

/* --- whose data it was --- */

/* Whether the look was about NUMBER, as typed somewhere in the case; *ret_number: as it was asked. */
static bool
about(struct ctx *ctx, const struct sharing_found *f, const struct share_look *l, struct str typed,
      struct str *ret_number)
{
    struct str number = str_trim(typed.p ? typed : STR("")), code;
    const char *why;
    struct ident_person p;
    if (number.n < NUMBER_MIN || number.n > NUMBER_MAX)
        return false;
    if (ident_person(ctx->arena, number, &p, &why))
        number = p.value;
    else if (ident_uscc(ctx->arena, number, &code, &why))
        number = code;
    *ret_number = number;
    return str_eq(share_subject(ctx->arena, &f->s->vault, f->cf->region, number), l->subject_digest);
}

/* The register keeps no number: it is one of those that the case itself holds, or nobody's here. */
static bool
find_number(struct ctx *ctx, const struct sharing_found *f, const struct share_look *l, const struct view *v,
            struct str *ret_number)
{
    if (!v)
        return false;
    if (view_kind(v) == VIEW_TEXT || view_kind(v) == VIEW_SECRET)
        return about(ctx, f, l, view_text(v), ret_number);
    if (view_kind(v) != VIEW_MAP && view_kind(v) != VIEW_LIST)
        return false;
    for (const struct view *x = view_first(v); x; x = view_next(x))
        if (find_number(ctx, f, l, x, ret_number))
            return true;
    return false;
}

/* --- what it said --- */

static void
put_values(struct ctx *ctx, const struct sharing_found *f, const struct view *value, struct view *row)
{
    struct view *list = view_put_list(row, "values");
    for (const struct view *x = value ? view_first(value) : NULL; x; x = view_next(x)) {
        struct view *v = view_add_map(list);
        bool name = str_eqz(view_key(x), "姓名") && !f->full;
        view_put_text(v, "name", view_key(x));
        view_put_text(v, "text", name ? ident_mask_name(ctx->arena, view_text(x)) : view_text(x));
    }
}

static enum err
put_again(struct ctx *ctx, const struct sharing_found *f, const struct share_look *l, const struct share_source *source,
          struct view *row)
{
    struct share_hit hit = {.outcome = SHARE_UNAVAILABLE};
    struct str number = STR("");
    const char *lost = "";
    bool list = source && source->kind == SHARE_LIST;
    bool known = about(ctx, f, l, f->cf->applicant_id, &number) || find_number(ctx, f, l, f->cf->form, &number);
    if (list && known)
        TRY(ctx, share_find(ctx, f->tx, &f->s->vault, f->cf->region, l->source, number, &hit));
    bool same =
        hit.outcome == l->outcome && str_eq(sharing_result_digest(ctx, f->s, f->cf->region, &hit), l->result_digest);
    if (list && known && !same)
        lost = "名单在这之后更新过，要看现在的内容请再查一次";
    else if (!same && l->outcome == SHARE_FOUND)
        lost = "查得的内容没有留存，要看请再查一次";
    put_values(ctx, f, same ? hit.value : NULL, row);
    guide_put(row, "lost", str_c(lost));
    return OK;
}

/* The yes-or-no fact that the source answers, and what the applicant said of it. */ //= R90
static void
put_fact(const struct sharing_found *f, const struct share_look *l, const struct share_source *source, struct view *row)
{
    bool answers = source && !str_empty(source->fact), yes = l->outcome == SHARE_FOUND;
    const struct facts *facts = &f->cf->facts;
    size_t i = answers && facts->dict ? fact_find(facts->dict, source->fact) : SIZE_MAX;
    bool said = i != SIZE_MAX && facts->value[i].kind == VALUE_BOOL;
    guide_put(row, "fact", answers ? source->fact : STR(""));
    guide_put(row, "answer", !answers ? STR("") : yes ? STR("是") : STR("否"));
    guide_put(row, "declared", !said ? STR("") : facts->value[i].b ? STR("是") : STR("否"));
    view_put_bool(row, "differs", said && facts->value[i].b != yes);
}

static const struct material *
leaf_of(const struct material *m, size_t n, struct str key)
{
    for (size_t i = 0; i < n; i++) {
        const struct material *hit = m[i].node == MATERIAL_LEAF ? (str_eq(m[i].key, key) ? &m[i] : NULL)
                                                                : leaf_of(m[i].child, m[i].child_count, key);
        if (hit)
            return hit;
    }
    return NULL;
}

/* A later look at the same source about the same says more than I. */
static bool
is_outdated(const struct sharing_found *f, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (f->look[k].outcome != SHARE_UNAVAILABLE && str_eq(f->look[k].source, f->look[i].source) &&
            str_eq(f->look[k].material, f->look[i].material) &&
            str_eq(f->look[k].subject_digest, f->look[i].subject_digest))
            return true;
    return false;
}

enum err
sharing_put_found(struct ctx *ctx, const struct sharing_found *f, struct view *map)
{
    struct view *list = view_put_list(map, "found");
    const struct matter *m = f->cf->matter;
    for (size_t i = 0; i < f->n; i++) {
        const struct share_look *l = &f->look[i];
        if (l->outcome == SHARE_UNAVAILABLE || is_outdated(f, i))
            continue;
        const struct share_source *source = share_source_find(f->source->source, f->source->n, l->source);
        const struct material *leaf = leaf_of(m->material, m->material_count, l->material);
        struct view *row = view_add_map(list);
        view_put_text(row, "source", l->source_name);
        view_put_text(row, "at", day_time_text(ctx->arena, l->at_ms));
        view_put_text(row, "by", l->staff_name);
        guide_put(row, "material", leaf ? leaf->name : STR(""));
        view_put_z(row, "outcome", share_outcome_id(l->outcome));
        view_put_z(row, "outcome_name", share_outcome_name(l->outcome));
        put_fact(f, l, source, row);
        TRY(ctx, put_again(ctx, f, l, source, row));
    }
    view_put_bool(map, "any_found", view_count(list) > 0);
    return OK;
}
