/* What is missing: the materials of a case against the matter's list, and the clerk's own list. */
#include "case/case_int.h"

struct given
case_given(struct arena *a, const struct case_file *cf)
{
    bool *leaf = ARENA_ARRAY(a, (size_t)cf->matter->leaf_count + 1, bool);
    /* keys are unique in the tree; walk it once per case */
    const struct material *stack[CASE_MATERIALS_MAX * 2];
    size_t n = 0;
    for (size_t i = 0; i < cf->matter->material_count && n < CASE_MATERIALS_MAX * 2; i++)
        stack[n++] = &cf->matter->material[i];
    while (n) {
        const struct material *m = stack[--n];
        for (size_t i = 0; i < m->child_count && n < CASE_MATERIALS_MAX * 2; i++)
            stack[n++] = &m->child[i];
        if (m->node != MATERIAL_LEAF)
            continue;
        for (size_t k = 0; k < cf->material_count; k++)
            if (str_eq(cf->material[k].key, m->key)) {
                enum material_state s = cf->material[k].state;
                leaf[m->index] = s != MATERIAL_ABSENT && s != MATERIAL_REJECTED;
            }
    }
    return (struct given){.leaf = leaf};
}

bool
case_lies_in(struct str leaf, struct str gap)
{
    return str_eq(leaf, gap) || (leaf.n > gap.n && str_starts(leaf, gap) && leaf.p[gap.n] == '.');
}

/* Why what came for a gap was turned down: the applicant must read it on the notice. */
static struct str
rejection_note(struct ctx *ctx, const struct case_file *cf, struct str key, struct str text)
{
    struct str out = text;
    for (size_t i = 0; i < cf->material_count; i++) {
        const struct case_material *m = &cf->material[i];
        if (!case_lies_in(m->key, key) || m->state != MATERIAL_REJECTED || str_empty(m->note))
            continue;
        out = str_eq(m->key, key)
                  ? str_fmt(ctx->arena, "%.*s（%.*s）", STR_ARG(out), STR_ARG(m->note))
                  : str_fmt(ctx->arena, "%.*s（%.*s：%.*s）", STR_ARG(out), STR_ARG(m->name), STR_ARG(m->note));
    }
    return out;
}

//= R19 R263
bool
case_lists_own(const struct matter *m)
{
    return m->material_mode == MATERIALS_UNLISTED || m->material_mode == MATERIALS_REFERENCE;
}

//= R16 R20
void
case_gaps(struct ctx *ctx, const struct case_file *cf, struct case_gap **ret_gaps, size_t *ret_n)
{
    struct gap *gaps;
    size_t n;
    checklist_gaps(ctx, cf->matter, &cf->facts, case_given(ctx->arena, cf), &gaps, &n);
    *ret_gaps = ARENA_ARRAY(ctx->arena, n + cf->material_count, struct case_gap);
    *ret_n = 0;
    for (size_t i = 0; i < n; i++)
        (*ret_gaps)[(*ret_n)++] = (struct case_gap){
            .key = gaps[i].material->key, .text = rejection_note(ctx, cf, gaps[i].material->key, gaps[i].text)};
    for (size_t i = 0; i < cf->material_count; i++) {
        const struct case_material *m = &cf->material[i];
        if (m->key.n && m->key.p[0] == 'x' && (m->state == MATERIAL_ABSENT || m->state == MATERIAL_REJECTED))
            (*ret_gaps)[(*ret_n)++] =
                (struct case_gap){.key = m->key, .text = rejection_note(ctx, cf, m->key, m->name)};
    }
}
