/* A document that prints each matter twice, in a list and in a guide: one matter with both wordings. The list is the binding one for name,
** materials and limit, the guide tells the process; the other wording stays as 异文 (R3). Nothing is dropped. */
#include "catalog/import/import_read_int.h"

enum { SAME_MATTER = 60 };

static void
variant_add(struct draft *d, const char *field, struct passage text, bool followed, bool from_list)
{
    if (text.text.n && d->variant_count < DRAFT_VARIANTS_MAX)
        d->variant[d->variant_count++] = (struct draft_variant){field, text, followed, from_list};
}

/* The list's text leads, the guide's is kept beside it. */
static void
field_lead(struct draft *d, const struct draft *row, int field, const char *name)
{
    struct passage *own = &d->m.field[field];
    const struct passage *list = &row->m.field[field];
    if (!list->text.n)
        return;
    if (own->text.n && !str_eq(own->text, list->text))
        variant_add(d, name, *own, false, false);
    *own = *list;
}

static void
merge(struct guide *g, struct draft *d, const struct draft *row)
{
    struct passage guide_name = d->m.name, title = d->m.title;
    struct passage plain = {cut_end(guide_name.text, "。"), guide_name.from, guide_name.to};
    d->list_where = row->where;
    d->m.number = row->m.number;
    d->m.code = row->m.code.text.n ? row->m.code : d->m.code;
    if (row->torn_name) {
        variant_add(d, "名称", row->m.name, false, true);
        told(g, "torn-name", SEVERITY_WARN, d, "名称", row->m.name.from, row->m.name.text, "对照原表核对名称",
             "清单里的名称不完整，按指南写");
    }
    d->m.name = row->torn_name || !row->m.name.text.n ? plain : row->m.name;
    d->m.title = title;
    if (!str_eq(guide_name.text, d->m.name.text))
        variant_add(d, "名称", guide_name, row->torn_name, false);
    if (row->m.group.text.n)
        d->m.group = row->m.group;
    field_lead(d, row, GUIDE_MATERIALS, "办理材料");
    field_lead(d, row, GUIDE_LIMIT, "办理时限");
    if (d->m.field[GUIDE_PROCESS].text.n)
        variant_add(d, "办理流程", row->m.field[GUIDE_PROCESS], true, true);
    else
        d->m.field[GUIDE_PROCESS] = row->m.field[GUIDE_PROCESS];
    if (!d->m.basis_count) {
        d->m.basis = row->m.basis;
        d->m.basis_count = row->m.basis_count;
    }
    if (!d->m.note_count) {
        d->m.note = row->m.note;
        d->m.note_number = row->m.note_number;
        d->m.note_count = row->m.note_count;
    } else {
        for (size_t i = 0; i < row->m.note_count; i++)
            notes_split(g, d,
                        (struct passage){str_concat(g->a, row->m.note_number[i], row->m.note[i].text),
                                         row->m.note[i].from, row->m.note[i].to});
    }
}

static void
group_code(struct guide *g, struct draft *d, const struct draft *row)
{
    if (row->group_code.text.n)
        other_add(g, d, STR("主项编码"), row->group_code);
}

void
lists_merge(struct guide *g, struct drafts *list, struct drafts *ds)
{
    bool *taken = ARENA_ARRAY(g->a, ds->n + 1, bool);
    size_t guides = ds->n, order = 0;
    for (size_t i = 0; i < list->n; i++) {
        struct draft *row = &list->d[i];
        size_t best = SIZE_MAX;
        int like = SAME_MATTER - 1;
        for (size_t k = 0; k < guides; k++) {
            int l = taken[k] ? 0 : likeness(row->m.name.text, ds->d[k].m.name.text) + (k == order ? 5 : 0);
            if (l > like) {
                like = l;
                best = k;
            }
        }
        if (best == SIZE_MAX && !guides) {
            if (ds->n >= IMPORT_MATTERS_MAX)
                return;
            struct draft *d = draft_new(g, ds);
            *d = *row;
            group_code(g, d, row);
            continue;
        }
        if (best == SIZE_MAX) {
            told(g, "list-only", SEVERITY_WARN, NULL, "名称", row->m.name.from, row->m.name.text,
                 "核对指南是否漏印这个事项", "清单有第 %.*s 项，指南里没有找到同名的事项，按清单单列",
                 STR_ARG(row->m.number.text));
            if (ds->n >= IMPORT_MATTERS_MAX)
                return;
            struct draft *d = draft_new(g, ds);
            *d = *row;
            group_code(g, d, row);
            continue;
        }
        taken[best] = true;
        order = best + 1;
        merge(g, &ds->d[best], row);
        group_code(g, &ds->d[best], row);
    }
    for (size_t k = 0; list->n && k < guides; k++)
        if (!taken[k])
            told(g, "guide-only", SEVERITY_WARN, &ds->d[k], "名称", ds->d[k].m.where.from, ds->d[k].m.name.text,
                 "核对清单是否漏列这个事项", "指南有这个事项，清单里没有");
}
