/* Materials of two guides: how many an applicant brings, counted on the tree under every combination of answers, and
** which ones, by name without the differences of print. Called by diff.c; knows no region. */
#include <string.h>

#include "catalog/checklist.h"
#include "catalog/diff/diff_int.h"

/* --- how many --- */

/* Answers tried per matter. What lies beyond is counted as an open question: least without, most with it. */
enum { ANSWERS_MAX = 4096 };

struct walk {
    const struct matter *m;
    struct facts f;
    int answers;
    bool everybody, empty; /* also who is not served; also answers under which nothing is asked for */
    bool found;
    struct span span;
};

static struct span
count(const struct material *x, const struct facts *f)
{
    enum need need = material_need(x, f);
    struct span s = {0, 0};
    if (need == NEED_NO || !str_empty(x->provider)) /* a department supplies it: the applicant brings nothing */
        return s;
    if (x->node == MATERIAL_LEAF)
        s = (struct span){1, 1};
    bool sure = false, first = true;
    for (size_t i = 0; i < x->child_count; i++) {
        enum need n = material_need(&x->child[i], f);
        struct span c = count(&x->child[i], f);
        if (x->node == MATERIAL_ALL) {
            s.least += c.least;
            s.most += c.most;
            continue;
        }
        if (n == NEED_NO)
            continue;
        if (n == NEED_YES) { /* of alternatives one brings the lightest */
            s.most = sure && s.most < c.most ? s.most : c.most;
            sure = true;
        } else if (!sure && c.most > s.most) {
            s.most = c.most;
        }
        if (first || c.least < s.least)
            s.least = c.least;
        first = false;
    }
    if (need == NEED_UNKNOWN || x->discretionary) //= R78
        s.least = 0;
    return s;
}

static void
open_facts(const struct material *x, const struct facts *f, struct fact_set *open)
{
    if (condition_need(&x->when, f, open) == NEED_NO)
        return;
    for (size_t i = 0; i < x->child_count; i++)
        open_facts(&x->child[i], f, open);
}

/* The next fact whose answers can be listed: choices and yes/no. SIZE_MAX when only numbers, days and texts are open. */
static size_t
next_fact(const struct walk *w)
{
    struct fact_set open = {0};
    for (size_t i = 0; i < w->m->eligibility_count; i++)
        condition_need(&w->m->eligibility[i].must, &w->f, &open);
    for (size_t i = 0; i < w->m->material_count; i++)
        open_facts(&w->m->material[i], &w->f, &open);
    for (size_t i = 0; i < w->f.dict->count; i++) {
        const struct fact_def *d = &w->f.dict->fact[i];
        bool listed = d->type == FACT_BOOL || (d->type == FACT_CHOICE && d->value_count > 0);
        if (listed && fact_set_has(&open, i) && w->f.value[i].kind == VALUE_UNASKED)
            return i;
    }
    return SIZE_MAX;
}

static void
take(struct walk *w)
{
    struct span s = {0, 0};
    for (size_t i = 0; i < w->m->material_count; i++) {
        struct span x = count(&w->m->material[i], &w->f);
        s.least += x.least;
        s.most += x.most;
    }
    if (s.most == 0 && !w->empty) /* answers the list does not speak of: not a person who brings nothing */
        return;
    if (!w->found || s.least < w->span.least)
        w->span.least = s.least;
    if (!w->found || s.most > w->span.most)
        w->span.most = s.most;
    w->found = true;
}

static void
walk(struct walk *w)
{
    if (!w->everybody && checklist_refusal(w->m, &w->f))
        return; /* not a person whom this matter serves */
    size_t i = next_fact(w);
    if (i == SIZE_MAX || w->answers >= ANSWERS_MAX) {
        w->answers++;
        take(w);
        return;
    }
    const struct fact_def *d = &w->f.dict->fact[i];
    size_t n = d->type == FACT_BOOL ? 2 : d->value_count;
    for (size_t v = 0; v < n; v++) {
        w->f.value[i] = d->type == FACT_BOOL ? value_bool(v == 0) : value_text(d->values[v]);
        walk(w);
    }
    w->f.value[i] = (struct value){0};
}

struct span
diff_span(struct arena *a, const struct matter *m)
{
    struct walk w = {.m = m, .f = facts_new(a, catalog_dict(matter_catalog(m)))};
    walk(&w);
    if (!w.found) { /* an empty list, or conditions that nobody meets: a fault for the lint, counted all the same */
        w.answers = 0;
        w.empty = w.everybody = true;
        walk(&w);
    }
    return w.span;
}

/* --- which ones --- */

/* What is wanted as one: a document, or one out of several. */
struct want {
    struct str *leaf; /* folded names, sorted, each once */
    size_t n;
    struct str label, kind;
    bool conditional, matched;
};
struct wants {
    struct want *want;
    size_t n;
};

static bool
cut_end(struct str *s, const char *end)
{
    struct str e = str_c(end);
    if (!str_ends(*s, e) || s->n == e.n)
        return false;
    s->n -= e.n;
    return true;
}

static void
cut_start(struct str *s, const char *start)
{
    struct str x = str_c(start);
    if (str_starts(*s, x) && s->n > x.n)
        *s = str_sub(*s, x.n, s->n);
}

/* Everyday short forms of one and the same document. */
static const char *const short_forms[][2] = {
    {"社保卡", "社会保障卡"}, {"电子医保凭证", "医保电子凭证"}, {"居民身份证", "身份证"}, {"户口本", "户口簿"}};

static struct str
spell_out(struct arena *a, struct str s, const char *from, const char *to)
{
    size_t at = str_find(s, str_c(from));
    if (at == SIZE_MAX)
        return s;
    struct str rest = str_sub(s, at + strlen(from), s.n);
    return str_fmt(a, "%.*s%s%.*s", (int)at, s.p, to, STR_ARG(rest));
}

/* A material's name without its form and without what is said about stamps: 身份证复印件（加盖公章） is 身份证, 复印件. */
static struct str
fold_material(struct arena *a, struct str name, struct str *ret_kind)
{
    static const char *const kinds[] = {"原件及复印件", "原件或复印件", "复印件", "原件"};
    struct str s = diff_fold(a, name);
    *ret_kind = STR("");
    cut_start(&s, "本人的");
    cut_start(&s, "本人");
    for (size_t i = 0; i < sizeof short_forms / sizeof *short_forms; i++)
        s = spell_out(a, s, short_forms[i][0], short_forms[i][1]);
    size_t stamp = str_find(s, STR("(加盖"));
    if (stamp != SIZE_MAX && stamp > 0 && str_ends(s, STR(")")))
        s.n = stamp;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (cut_end(&s, str_fmt(a, "(%s)", kinds[i]).p) || cut_end(&s, kinds[i])) {
            *ret_kind = str_c(kinds[i]);
            break;
        }
    }
    return s;
}

static void
add_leaf(struct want *w, struct str name)
{
    size_t at = 0;
    while (at < w->n && str_cmp(w->leaf[at], name) < 0)
        at++;
    if (at < w->n && str_eq(w->leaf[at], name))
        return;
    for (size_t i = w->n; i > at; i--)
        w->leaf[i] = w->leaf[i - 1];
    w->leaf[at] = name;
    w->n++;
}

static void
gather_leaves(struct arena *a, const struct material *x, struct want *w, struct buf *label)
{
    struct str kind;
    if (x->node == MATERIAL_LEAF && str_empty(x->provider)) {
        add_leaf(w, fold_material(a, x->name, &kind));
        buf_addz(label, label->n ? "或" : "");
        buf_add(label, x->name);
    }
    for (size_t i = 0; i < x->child_count; i++)
        gather_leaves(a, &x->child[i], w, label);
}

static bool
same_leaves(const struct want *x, const struct want *y)
{
    if (x->n != y->n)
        return false;
    for (size_t i = 0; i < x->n; i++)
        if (!str_eq(x->leaf[i], y->leaf[i]))
            return false;
    return true;
}

/* One requirement; a second one of the same documents (written again for another class of persons) is the same. */
static void
add_want(struct arena *a, const struct material *x, size_t leaves, bool conditional, struct wants *ws)
{
    struct want w = {.leaf = ARENA_ARRAY(a, leaves, struct str), .conditional = conditional};
    struct buf label;
    buf_init(&label, a, 64);
    gather_leaves(a, x, &w, &label);
    if (w.n == 0)
        return;
    w.label = x->node != MATERIAL_LEAF && !str_empty(x->name) ? x->name : buf_str(&label);
    if (x->node == MATERIAL_LEAF) {
        struct str in_name;
        fold_material(a, x->name, &in_name);
        w.kind = str_empty(x->kind) ? in_name : x->kind;
    }
    for (size_t i = 0; i < ws->n; i++)
        if (same_leaves(&ws->want[i], &w)) {
            ws->want[i].conditional = ws->want[i].conditional && conditional;
            return;
        }
    ws->want[ws->n++] = w;
}

static void
gather(struct arena *a, const struct material *x, size_t leaves, bool conditional, struct wants *ws)
{
    conditional = conditional || x->when.feel;
    if (x->node != MATERIAL_ALL) {
        add_want(a, x, leaves, conditional, ws);
        return;
    }
    for (size_t i = 0; i < x->child_count && str_empty(x->provider); i++)
        gather(a, &x->child[i], leaves, conditional, ws);
}

static struct wants
wants_of(struct arena *a, const struct matter *m)
{
    size_t leaves = (size_t)m->leaf_count;
    struct wants ws = {.want = ARENA_ARRAY(a, leaves + m->material_count, struct want)};
    for (size_t i = 0; i < m->material_count; i++)
        gather(a, &m->material[i], leaves, false, &ws);
    return ws;
}

/* WIDE takes NARROW too: an identity card is always one of the 有效身份证件 (R12), not the other way round. */
static bool
covers(struct str wide, struct str narrow)
{
    bool card = str_eqz(narrow, "身份证") || str_eqz(narrow, "有效身份证");
    return str_eq(wide, narrow) || (card && str_eqz(wide, "有效身份证件"));
}

static size_t
shared_leaves(const struct want *x, const struct want *y)
{
    size_t n = 0;
    for (size_t i = 0; i < x->n; i++)
        for (size_t k = 0; k < y->n; k++)
            n += covers(x->leaf[i], y->leaf[k]) || covers(y->leaf[k], x->leaf[i]);
    return n;
}

/* --- in words --- */

struct difference {
    struct str more, less, choice, form;
    size_t more_count, less_count;
    bool any;
};

static void
list_unmatched(struct arena *a, const struct wants *ws, struct str *ret_text, size_t *ret_n)
{
    struct buf b;
    buf_init(&b, a, 128);
    *ret_n = 0;
    for (size_t i = 0; i < ws->n; i++) {
        if (ws->want[i].matched)
            continue;
        buf_fmt(&b, "%s%.*s%s", *ret_n ? "、" : "", STR_ARG(ws->want[i].label),
                ws->want[i].conditional ? "（视情形）" : "");
        ++*ret_n;
    }
    *ret_text = buf_str(&b);
}

static void
say_alternatives(struct buf *b, const struct want *x, const struct want *other, const char *who)
{
    const char *sep = "";
    for (size_t i = 0; i < x->n; i++) {
        bool there = false;
        for (size_t k = 0; k < other->n; k++)
            there = there || covers(other->leaf[k], x->leaf[i]);
        if (there)
            continue;
        if (!*sep)
            buf_fmt(b, "%s%s还可用", b->n ? "；" : "", who);
        buf_fmt(b, "%s%.*s", sep, STR_ARG(x->leaf[i]));
        sep = "、";
    }
}

static void
match_exact(struct wants *ours, struct wants *theirs, struct buf *form)
{
    for (size_t i = 0; i < ours->n; i++)
        for (size_t k = 0; k < theirs->n; k++) {
            struct want *x = &ours->want[i], *y = &theirs->want[k];
            if (y->matched || !same_leaves(x, y))
                continue;
            x->matched = y->matched = true;
            if (!str_empty(x->kind) && !str_empty(y->kind) && !str_eq(x->kind, y->kind))
                buf_fmt(form, "%s%.*s（%.*s 对 %.*s）", form->n ? "、" : "", STR_ARG(x->leaf[0]), STR_ARG(x->kind),
                        STR_ARG(y->kind));
            break;
        }
}

/* The same requirement with other alternatives: not one more and one fewer. */
static void
match_choice(struct wants *ours, struct wants *theirs, struct buf *choice)
{
    for (size_t i = 0; i < ours->n; i++)
        for (size_t k = 0; k < theirs->n; k++) {
            struct want *x = &ours->want[i], *y = &theirs->want[k];
            if (x->matched || y->matched || shared_leaves(x, y) == 0)
                continue;
            x->matched = y->matched = true;
            say_alternatives(choice, x, y, "我方");
            say_alternatives(choice, y, x, "对方");
        }
}

static struct difference
difference_of(struct arena *a, const struct matter *ours, const struct matter *theirs)
{
    struct difference d = {0};
    struct wants x = wants_of(a, ours), y = wants_of(a, theirs);
    struct buf form, choice;
    buf_init(&form, a, 64);
    buf_init(&choice, a, 64);
    match_exact(&x, &y, &form);
    match_choice(&x, &y, &choice);
    list_unmatched(a, &x, &d.more, &d.more_count);
    list_unmatched(a, &y, &d.less, &d.less_count);
    d.choice = buf_str(&choice);
    d.form = buf_str(&form);
    d.any = d.more_count || d.less_count || choice.n || form.n;
    return d;
}

static struct str
span_text(struct arena *a, struct span s, const char *unit)
{
    return s.least == s.most ? str_fmt(a, "%d%s", s.most, unit) : str_fmt(a, "%d—%d%s", s.least, s.most, unit);
}

static const char *
unlisted(const struct matter *m)
{
    switch (m->material_mode) {
    case MATERIALS_REFERENCE:
        return "按引用";
    case MATERIALS_DEPARTMENT:
        return "部门提供";
    case MATERIALS_UNLISTED:
        return "未列";
    case MATERIALS_LISTED:
        break;
    }
    return NULL;
}

struct str
diff_materials_brief(struct arena *a, const struct matter *m)
{
    return m->material_mode == MATERIALS_UNLISTED ? STR("材料未列")
           : unlisted(m)                          ? str_c(unlisted(m))
                                                  : span_text(a, diff_span(a, m), "份");
}

struct str
diff_materials_text(struct arena *a, const struct matter *m)
{
    if (unlisted(m))
        return str_empty(m->materials_reference) ? str_c(unlisted(m))
                                                 : str_fmt(a, "%s：%.*s", unlisted(m), STR_ARG(m->materials_reference));
    struct wants ws = wants_of(a, m);
    struct buf b;
    buf_init(&b, a, 128);
    buf_add(&b, span_text(a, diff_span(a, m), " 份"));
    for (size_t i = 0; i < ws.n; i++)
        buf_fmt(&b, "%s%.*s%s", i ? "、" : "：", STR_ARG(ws.want[i].label), ws.want[i].conditional ? "（视情形）" : "");
    return buf_str(&b);
}

static void
say_unlisted(const struct pair *p, struct diff_cell *cell)
{
    const char *x = unlisted(p->ours), *y = unlisted(p->theirs);
    cell->side = DIFF_UNPRINTED;
    if (x && y)
        cell->detail = str_fmt(p->a, "两边都没有逐项列出（我方%s，对方%s），不能比较", x, y);
    else
        cell->detail =
            str_fmt(p->a, "%s%s，没有逐项列出，不等于零份；%s %.*s", x ? "我方" : "对方", x ? x : y,
                    x ? "对方" : "我方", STR_ARG(span_text(p->a, diff_span(p->a, x ? p->theirs : p->ours), " 份")));
}

//= R2 R3
void
diff_materials(const struct pair *p, struct diff_cell *cell)
{
    if (unlisted(p->ours) || unlisted(p->theirs)) {
        say_unlisted(p, cell);
        return;
    }
    struct span x = diff_span(p->a, p->ours), y = diff_span(p->a, p->theirs);
    struct difference d = difference_of(p->a, p->ours, p->theirs);
    diff_ends(cell, x.least, x.most, y.least, y.most);
    if (cell->side == DIFF_SAME && d.any)
        cell->side = DIFF_OTHER;
    struct buf b;
    buf_init(&b, p->a, 256);
    buf_fmt(&b, "%.*s 对 %.*s", STR_ARG(span_text(p->a, x, " 份")), STR_ARG(span_text(p->a, y, " 份")));
    buf_addz(&b, cell->mixed ? "，因人而异，互有多少" : "");
    if (cell->side == DIFF_OTHER && !cell->mixed && (d.more_count || d.less_count))
        buf_addz(&b, "，材料不同");
    if (d.more_count)
        buf_fmt(&b, "；多 %zu 份：%.*s", d.more_count, STR_ARG(d.more));
    if (d.less_count)
        buf_fmt(&b, "；少 %zu 份：%.*s", d.less_count, STR_ARG(d.less));
    if (!str_empty(d.choice))
        buf_fmt(&b, "%s任选的范围不同：%.*s", d.more_count || d.less_count ? "；" : "，", STR_ARG(d.choice));
    if (!str_empty(d.form))
        buf_fmt(&b, "；形式不同：%.*s", STR_ARG(d.form));
    if (!d.any && cell->side != DIFF_SAME)
        buf_addz(&b, "；材料名称相同，要求的情形不同");
    cell->detail = buf_str(&b);
}
