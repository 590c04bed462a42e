/* Two comparisons of words: what came along when one matter's text was copied for the next (零售药店 with a sentence about 医疗机构), and
** materials of the list that the guide prints elsewhere or nowhere. */
#include <string.h>

#include "catalog/lint/lint_shape_int.h"

/* What tells two names apart: the middle that is left when the same beginning and end are taken away. */
static bool
names_differ_by(struct str x, struct str y, struct str *ret_x, struct str *ret_y)
{
    size_t head = 0, tail = 0;
    for (size_t p = 0; p < x.n && p < y.n;) {
        size_t q = p;
        if (str_utf8_next(x, &p) != str_utf8_next(y, &q))
            break;
        head = p;
    }
    while (tail < x.n - head && tail < y.n - head && x.p[x.n - 1 - tail] == y.p[y.n - 1 - tail])
        tail++;
    while (tail && (x.p[x.n - tail] & 0xc0) == 0x80) /* not inside a character */
        tail--;
    *ret_x = str_sub(x, head, x.n - head - tail);
    *ret_y = str_sub(y, head, y.n - head - tail);
    size_t a = str_utf8_count(*ret_x), b = str_utf8_count(*ret_y);
    return head + tail > 0 && a >= 2 && a <= 8 && b >= 2 && b <= 8;
}

/* The next clause, up to a mark that ends one. */
static bool
next_clause(struct str *rest, struct str *ret_clause)
{
    static const char *const END[] = {"，", "；", "。", ",", ";", "\n"};
    if (!rest->n)
        return false;
    for (size_t p = 0; p < rest->n;) {
        for (size_t i = 0; i < sizeof END / sizeof *END; i++)
            if (str_starts(str_sub(*rest, p, SIZE_MAX), str_c(END[i]))) {
                *ret_clause = str_sub(*rest, 0, p);
                *rest = str_sub(*rest, p + strlen(END[i]), SIZE_MAX);
                return true;
            }
        (void)str_utf8_next(*rest, &p);
    }
    *ret_clause = *rest;
    *rest = STR_NONE;
    return true;
}

static void
compare_field(struct lint *l, const struct lint_matter *x, const struct lint_matter *y, const char *field,
              struct str own, struct str alien)
{
    const struct lint_text *mine = lint_text_of(x, field), *theirs = lint_text_of(y, field);
    struct str rest = mine ? mine->text : STR_NONE, clause;
    /* The text must speak of its own kind elsewhere, and the other's of its own alone: then it was copied and adapted. */
    if (!mine || !theirs || str_find(mine->text, own) == SIZE_MAX || str_find(theirs->text, own) != SIZE_MAX)
        return;
    while (next_clause(&rest, &clause)) {
        size_t at = str_find(clause, alien);
        if (at == SIZE_MAX || str_find(clause, own) != SIZE_MAX || str_utf8_count(clause) < 6 ||
            str_find(theirs->text, clause) == SIZE_MAX)
            continue;
        struct lint_hit h = {.matter = x->m,
                             .field = mine->field,
                             .node = mine->node,
                             .offset = (size_t)(clause.p - mine->text.p),
                             .severity = SEVERITY_WARN,
                             .evidence = str_trim(clause)};
        lint_add(l, &h, "“%.*s”的%s里写着“%.*s”，与“%.*s”的一句相同", STR_ARG(x->m->name), field, STR_ARG(alien),
                 STR_ARG(y->m->name));
        return;
    }
}

enum err
shape_sibling_word(struct lint *l)
{
    static const char *const FIELD[] = {"服务对象", "办理流程", "办理材料", "办理时限"};
    for (size_t i = 0; i < l->n; i++)
        for (size_t k = 0; k < l->n; k++) {
            struct str own, alien;
            if (i == k || !names_differ_by(l->matter[i].m->name, l->matter[k].m->name, &own, &alien))
                continue;
            for (size_t f = 0; f < sizeof FIELD / sizeof *FIELD; f++)
                compare_field(l, &l->matter[i], &l->matter[k], FIELD[f], own, alien);
        }
    return OK;
}

/* --- materials that are not printed where materials are --- */

struct pool {
    struct str materials, matter, region; /* each loose */
};

/* Two things that share their end: 委托人及代理人身份证件 prints 委托人身份证件 too. */
static bool
shares_end(struct str pool, struct str name)
{
    static const char *const AND[] = {"及", "和", "与", "、", "或"};
    for (size_t cut = 0; cut < name.n;) {
        (void)str_utf8_next(name, &cut);
        struct str head = str_sub(name, 0, cut), end = str_sub(name, cut, SIZE_MAX);
        if (str_utf8_count(head) < 2 || str_utf8_count(end) < 2)
            continue;
        for (size_t i = 0; i < sizeof AND / sizeof *AND; i++) {
            char joined[256];
            size_t n = head.n + strlen(AND[i]);
            if (n > sizeof joined)
                continue;
            memcpy(joined, head.p, head.n);
            memcpy(joined + head.n, AND[i], strlen(AND[i]));
            size_t at = str_find(pool, (struct str){joined, n});
            if (at != SIZE_MAX && str_find(str_sub(pool, at + n, end.n + 30), end) != SIZE_MAX)
                return true;
        }
    }
    return false;
}

static bool
pool_has(struct lint *l, struct str pool, const struct material *m)
{
    static const char *const TAIL[] = {"原件及复印件", "原件或复印件", "复印件", "原件", "材料", "证明"};
    struct str name = shape_loose(l, m->name);
    if (!str_empty(m->verbatim) && str_find(pool, shape_loose(l, m->verbatim)) != SIZE_MAX)
        return true;
    for (size_t i = 0; i < sizeof TAIL / sizeof *TAIL; i++)
        if (str_ends(name, str_c(TAIL[i])) && name.n > strlen(TAIL[i]) + 6)
            name.n -= strlen(TAIL[i]);
    return str_find(pool, name) != SIZE_MAX || shares_end(pool, name);
}

static void
look_for_material(struct lint *l, const struct lint_matter *lm, const struct shape_material *x, void *arg)
{
    const struct pool *pool = arg;
    if (x->m->node != MATERIAL_LEAF || pool_has(l, pool->materials, x->m) || pool_has(l, pool->region, x->m))
        return;
    struct lint_hit h = {
        .matter = lm->m, .field = STR("办理材料"), .node = x->node, .severity = SEVERITY_INFO, .evidence = x->m->name};
    if (pool_has(l, pool->matter, x->m)) {
        h.cause = STR("elsewhere");
        lint_add(l, &h, "“%.*s”等没有印在办理材料和注意事项里，只印在表格等处", STR_ARG(x->m->name));
    } else {
        h.severity = SEVERITY_WARN;
        lint_add(l, &h, "清单里的“%.*s”，原文没有印", STR_ARG(x->m->name));
    }
}

static bool
about_materials(struct str field)
{
    return str_eqz(field, "办理材料") || str_eqz(field, "注意事项") || str_eqz(field, "异文") ||
           str_eqz(field, "办理流程") || str_eqz(field, "服务对象");
}

enum err
shape_material_unprinted(struct lint *l)
{
    struct buf common;
    buf_init(&common, l->a, 1024);
    for (size_t i = 0; i < l->r->common_note_count; i++)
        buf_add(&common, shape_loose(l, l->r->common_note[i].verbatim));
    for (size_t i = 0; i < l->n; i++) {
        const struct lint_matter *lm = &l->matter[i];
        struct buf materials, all;
        buf_init(&materials, l->a, 4096);
        buf_init(&all, l->a, 4096);
        for (size_t t = 0; t < lm->text_count; t++) {
            struct str text = lm->text[t].text;
            struct buf *b = about_materials(lm->text[t].field) ? &materials : &all;
            buf_add(b, shape_loose(l, text)); /* 急诊(精神病)诊断证明 prints two proofs */
            buf_add(b, shape_loose(l, shape_unbracketed(l, text, true)));
            buf_add(b, shape_loose(l, shape_unbracketed(l, text, false)));
        }
        buf_add(&materials, shape_loose(l, lm->m->materials_reference));
        struct pool pool = {buf_str(&materials), buf_str(&all), buf_str(&common)};
        shape_materials(l, lm, look_for_material, &pool);
    }
    return OK;
}
