#include "support/support_rows.h"

#include <string.h>

#define matter(region, id) support_matter((region), (id))

struct facts
known(const char *text)
{
    struct facts f = facts_new(arena, catalog_dict(catalog));
    struct str rest = str_c(text), pair;
    while (str_split(&rest, ' ', &pair)) {
        size_t eq = str_find(pair, STR("="));
        if (str_empty(pair))
            continue;
        fail_clear(&ctx);
        if (facts_set(&ctx, catalog, &f, str_sub(pair, 0, eq), str_sub(pair, eq + 1, pair.n)) != OK)
            fail_msg("%s: %.*s", text, STR_ARG(pair));
    }
    return f;
}

static void
write_material(struct buf *b, const struct material *x, const struct facts *f, const char **sep, const char *between)
{
    enum need need = material_need(x, f);
    if (need == NEED_NO)
        return;
    buf_addz(b, *sep);
    *sep = between;
    if (x->node == MATERIAL_LEAF) {
        buf_add(b, x->name);
        if (!str_empty(x->kind))
            buf_fmt(b, "*%.*s", STR_ARG(x->kind));
        if (material_stamp_needed(x, f))
            buf_addz(b, "!");
    } else {
        const char *inner = "";
        buf_addz(b, "(");
        for (size_t i = 0; i < x->child_count; i++)
            write_material(b, &x->child[i], f, &inner, x->node == MATERIAL_ANY ? "|" : "+");
        buf_addz(b, ")");
    }
    if (x->discretionary)
        buf_addz(b, "~");
    if (need == NEED_UNKNOWN)
        buf_addz(b, "?");
}

static const char *
formula(const struct matter *m, const struct facts *f)
{
    struct buf b;
    const char *sep = "";
    buf_init(&b, arena, 256);
    for (size_t i = 0; i < m->material_count; i++)
        write_material(&b, &m->material[i], f, &sep, "、");
    return buf_str(&b).p;
}

static void
same(const char *region, const char *id, const char *facts, const char *what, const char *is, const char *expected)
{
    if (strcmp(is, expected) != 0)
        fail_msg("%s/%s {%s} %s\n  is       %s\n  expected %s", region, id, facts, what, is, expected);
}

void
needs(const char *region, const char *id, const char *facts, const char *expected)
{
    struct facts f = known(facts);
    same(region, id, facts, "materials", formula(matter(region, id), &f), expected);
}

static bool
listed(const char *list, struct str name)
{
    struct str rest = str_c(list), piece;
    while (str_split(&rest, '/', &piece))
        if (str_eq(piece, name))
            return true;
    return false;
}

static void
mark_given(const struct material *x, const char *list, bool *leaf)
{
    if (x->node == MATERIAL_LEAF)
        leaf[x->index] = listed(list, x->name);
    for (size_t i = 0; i < x->child_count; i++)
        mark_given(&x->child[i], list, leaf);
}

void
lacks(const char *region, const char *id, const char *facts, const char *handed, const char *expected)
{
    const struct matter *m = matter(region, id);
    struct facts f = known(facts);
    bool *leaf = ARENA_ARRAY(arena, (size_t)m->leaf_count + 1, bool);
    for (size_t i = 0; i < m->material_count; i++)
        mark_given(&m->material[i], handed, leaf);
    struct gap *gap;
    size_t n;
    checklist_gaps(&ctx, m, &f, (struct given){leaf}, &gap, &n);
    struct buf b;
    buf_init(&b, arena, 128);
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "%s%.*s", i ? "；" : "", STR_ARG(gap[i].text));
    same(region, id, facts, handed, buf_str(&b).p, expected);
}

void
limit(const char *region, const char *id, const char *facts, const char *expected)
{
    struct facts f = known(facts);
    struct fact_set needed = {0};
    const struct limit_tier *t = checklist_limit(matter(region, id), &f, &needed);
    struct str promised = t ? limit_text(arena, t->promised) : STR(""),
               legal = t ? limit_text(arena, t->legal) : STR("");
    const char *is = t                         ? str_fmt(arena, "%.*s/%.*s", STR_ARG(promised), STR_ARG(legal)).p
                     : fact_set_empty(&needed) ? ""
                                               : "?";
    same(region, id, facts, "limit", is, expected);
}

void
refuses(const char *region, const char *id, const char *facts, const char *expected)
{
    struct facts f = known(facts);
    const struct eligibility *e = checklist_refusal(matter(region, id), &f);
    same(region, id, facts, "refusal", e ? str_z(arena, e->otherwise) : "", expected);
}

void
asks(const char *region, const char *id, const char *facts, const char *expected)
{
    struct facts f = known(facts);
    size_t *fact, n;
    checklist_questions(&ctx, catalog, matter(region, id), &f, &fact, &n);
    struct buf b;
    buf_init(&b, arena, 128);
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "%s%.*s", i ? "、" : "", STR_ARG(catalog_fact(catalog, fact[i])->def.name));
    same(region, id, facts, "questions", buf_str(&b).p, expected);
}

const char *
stages(const char *region, const char *id)
{
    const struct matter *m = matter(region, id);
    struct buf b;
    buf_init(&b, arena, 64);
    for (size_t i = 0; i < m->stage_count; i++)
        buf_fmt(&b, "%s%s", i ? "—" : "", stage_name(m->stage[i].kind));
    return buf_str(&b).p;
}

const char *
stages_with_units(const char *region, const char *id)
{
    const struct matter *m = matter(region, id);
    struct buf b;
    buf_init(&b, arena, 128);
    for (size_t i = 0; i < m->stage_count; i++) {
        buf_fmt(&b, "%s%s", i ? "—" : "", stage_name(m->stage[i].kind));
        if (!str_empty(m->stage[i].unit))
            buf_fmt(&b, "@%.*s", STR_ARG(m->stage[i].unit));
    }
    return buf_str(&b).p;
}

static const struct material *
find_leaf(const struct material *x, size_t n, const char *name)
{
    const struct material *hit = NULL;
    for (size_t i = 0; i < n && !hit; i++)
        hit = x[i].node == MATERIAL_LEAF && str_eqz(x[i].name, name) ? &x[i]
                                                                     : find_leaf(x[i].child, x[i].child_count, name);
    return hit;
}

const struct material *
leaf_named(const char *region, const char *id, const char *name)
{
    const struct matter *m = matter(region, id);
    const struct material *hit = find_leaf(m->material, m->material_count, name);
    if (!hit)
        fail_msg("%s/%s has no %s", region, id, name);
    return hit;
}

const struct form_field *
form_field_named(const char *form, const char *id)
{
    const struct form *f = catalog_form(catalog, str_c(form));
    assert_non_null(f);
    for (size_t i = 0; i < f->section_count; i++)
        for (size_t k = 0; k < f->section[i].field_count; k++)
            if (str_eqz(f->section[i].field[k].id, id))
                return &f->section[i].field[k];
    fail_msg("%s has no %s", form, id);
    return NULL;
}

bool
form_field_required_under(const char *form, const char *id, const char *facts)
{
    const struct form_field *f = form_field_named(form, id);
    struct facts known_facts = known(facts);
    struct value v =
        f->required_when.feel ? feel_eval(f->required_when.feel, known_facts.value, NULL) : value_bool(f->required);
    return v.kind == VALUE_BOOL && v.b;
}
