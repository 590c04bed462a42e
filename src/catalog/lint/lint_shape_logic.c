/* Structural rules about conditions: every combination of answers that could make a difference is tried, within bounds, with the
** evaluator that serves the public. What cannot be tried (dates, free text, too many answers) stays unasked, and unasked is never a fault. */
#include <stdlib.h>
#include <string.h>

#include "catalog/checklist.h"
#include "catalog/lint/lint_shape_int.h"

enum { SPACE_FACTS_MAX = 8, SPACE_VALUES_MAX = 64, SPACE_MAX = 20000, CONDITIONS_MAX = 64 };

/* Conditions that are looked at together. */
struct conds {
    const struct condition *c[CONDITIONS_MAX];
    size_t n;
};
struct axis {
    size_t fact;
    struct value value[SPACE_VALUES_MAX];
    size_t n;
};
struct space {
    struct facts facts;
    struct axis axis[SPACE_FACTS_MAX];
    size_t n;
    bool too_large;
};

static void
conds_add(struct conds *v, const struct condition *c)
{
    if (c->feel && v->n < CONDITIONS_MAX)
        v->c[v->n++] = c;
}

/* NO as soon as one of them is NO. */
static enum need
all_hold(const struct conds *v, const struct facts *f)
{
    enum need all = NEED_YES;
    for (size_t i = 0; i < v->n; i++) {
        enum need one = condition_need(v->c[i], f, NULL);
        if (one == NEED_NO)
            return NEED_NO;
        if (one == NEED_UNKNOWN)
            all = NEED_UNKNOWN;
    }
    return all;
}

/* --- the answers worth trying --- */

/* A channel or level that the matter does not offer cannot be an answer. */
static bool
offered(const struct matter *m, struct str fact_id, struct str value)
{
    if (m && str_eqz(fact_id, "channel") && m->channel_count) {
        for (size_t i = 0; i < m->channel_count; i++)
            if (str_eqz(value, channel_name(m->channel[i].kind)))
                return true;
        return false;
    }
    enum level_kind k;
    if (m && str_eqz(fact_id, "level") && m->levels)
        return level_parse(value, &k) && (m->levels & (1U << k));
    return true;
}

static void
axis_add(struct axis *x, struct value v)
{
    for (size_t i = 0; i < x->n; i++)
        if (value_equal(x->value[i], v))
            return;
    if (x->n < SPACE_VALUES_MAX)
        x->value[x->n++] = v;
}

/* Numbers that stand in the conditions, and their neighbours. */
static void
axis_numbers(struct axis *x, const struct conds *v)
{
    for (size_t i = 0; i < v->n; i++) {
        struct str s = v->c[i]->source;
        bool quoted = false;
        for (size_t p = 0; p < s.n;) {
            if (s.p[p] == '"')
                quoted = !quoted;
            size_t digits = 0;
            while (!quoted && p + digits < s.n && s.p[p + digits] >= '0' && s.p[p + digits] <= '9' && digits < 9)
                digits++;
            int64_t n;
            if (digits && str_int(str_sub(s, p, digits), &n)) {
                axis_add(x, value_int(n - 1));
                axis_add(x, value_int(n));
                axis_add(x, value_int(n + 1));
            }
            p += digits ? digits : 1;
        }
    }
}

static void
fill_axis(struct axis *x, const struct fact_def *def, const struct conds *v, const struct matter *m)
{
    if (def->type == FACT_BOOL) {
        axis_add(x, value_bool(true));
        axis_add(x, value_bool(false));
    } else if (def->type == FACT_NUMBER) {
        axis_numbers(x, v);
    } else if (def->type == FACT_CHOICE) {
        for (size_t i = 0; i < def->value_count; i++)
            if (offered(m, def->id, def->values[i]))
                axis_add(x, value_text(def->values[i]));
    }
}

/* M: only what that matter offers counts; NULL: everything does. */
static struct space *
space_of(struct lint *l, struct arena *a, const struct conds *v, const struct matter *m)
{
    const struct fact_dict *dict = catalog_dict(l->c);
    struct space *s = ARENA_NEW(a, struct space);
    struct fact_set set = {0};
    size_t size = 1;
    s->facts = facts_new(a, dict);
    for (size_t i = 0; i < v->n; i++)
        feel_mentions(v->c[i]->feel, &set);
    for (size_t i = 0; i < dict->count; i++) {
        struct axis x = {.fact = i};
        if (!fact_set_has(&set, i))
            continue;
        fill_axis(&x, &dict->fact[i], v, m);
        if (!x.n)
            continue;
        size *= x.n;
        if (s->n == SPACE_FACTS_MAX || size > SPACE_MAX) {
            s->too_large = true;
            return s;
        }
        s->axis[s->n++] = x;
    }
    return s;
}

/* The next combination; false after the last. AT counts through the values of each axis. */
static bool
space_next(struct space *s, size_t at[SPACE_FACTS_MAX])
{
    for (size_t i = 0; i < s->n; i++) {
        if (++at[i] < s->axis[i].n)
            return true;
        at[i] = 0;
    }
    return false;
}

static void
space_set(struct space *s, const size_t at[SPACE_FACTS_MAX])
{
    for (size_t i = 0; i < s->n; i++)
        s->facts.value[s->axis[i].fact] = s->axis[i].value[at[i]];
}

/* The combination that is set, as words: 参保身份=退休人员、年龄=60. */
static struct str
space_text(struct lint *l, const struct space *s)
{
    const struct fact_dict *dict = catalog_dict(l->c);
    struct buf b;
    buf_init(&b, l->a, 128);
    for (size_t i = 0; i < s->n; i++) {
        const struct fact_def *def = &dict->fact[s->axis[i].fact];
        buf_fmt(&b, "%s%.*s=", i ? "、" : "", STR_ARG(def->name));
        buf_add(&b, fact_value_text(l->a, def, s->facts.value[s->axis[i].fact]));
    }
    return buf_str(&b);
}

/* Whether some answers let all of V hold. FACT: only with that fact at VALUE (SIZE_MAX: free). */
static bool
can_hold(struct lint *l, const struct conds *v, const struct matter *m, size_t fact, struct value value)
{
    SCOPED_ARENA own = arena_new(0); /* a space is large, and there are thousands of questions */
    struct space *s = space_of(l, own, v, m);
    size_t at[SPACE_FACTS_MAX] = {0};
    if (s->too_large)
        return true;
    do {
        space_set(s, at);
        if (fact != SIZE_MAX)
            s->facts.value[fact] = value;
        if (all_hold(v, &s->facts) != NEED_NO)
            return true;
    } while (space_next(s, at));
    return false;
}

static struct conds
eligible(const struct matter *m)
{
    struct conds v = {0};
    for (size_t i = 0; i < m->eligibility_count; i++)
        conds_add(&v, &m->eligibility[i].must);
    return v;
}

static struct conds
joined(const struct conds *x, const struct conds *y)
{
    struct conds v = *x;
    for (size_t i = 0; i < y->n; i++)
        conds_add(&v, y->c[i]);
    return v;
}

/* --- one condition at a time --- */

typedef void condition_fn(struct lint *l, const struct lint_matter *lm, const struct conds *chain,
                          const struct lint_hit *at);

/* A condition as it stands in the file: CHAIN ends with it. */
struct visit {
    condition_fn *f;
};

static struct lint_hit
condition_hit(const struct lint_matter *lm, const char *field, struct yaml_node *map, const char *key,
              struct str source)
{
    struct yaml_node *n = map && map->kind == YAML_MAP ? yaml_get(map, key) : NULL;
    return (struct lint_hit){.matter = lm->m, .field = str_c(field), .node = n ? n : map, .evidence = source};
}

static void
visit_material(struct lint *l, const struct lint_matter *lm, const struct shape_material *x, void *arg)
{
    const struct visit *visit = arg;
    struct conds chain = {0};
    for (size_t i = 0; i < x->depth; i++)
        conds_add(&chain, x->chain[i]);
    if (x->m->when.feel) {
        struct lint_hit h = condition_hit(lm, "办理材料", x->node, "当", x->m->when.source);
        visit->f(l, lm, &chain, &h);
    }
    if (x->m->stamp_when.feel) {
        struct lint_hit h = condition_hit(lm, "办理材料", x->node, "盖章当", x->m->stamp_when.source);
        conds_add(&chain, &x->m->stamp_when);
        visit->f(l, lm, &chain, &h);
    }
}

static void
visit_one(struct lint *l, const struct lint_matter *lm, condition_fn *f, const char *field, struct yaml_node *node,
          const struct condition *c)
{
    struct conds one = {0};
    conds_add(&one, c);
    struct lint_hit h = condition_hit(lm, field, node, "当", c->source);
    if (one.n)
        f(l, lm, &one, &h);
}

static void
visit_matter(struct lint *l, const struct lint_matter *lm, condition_fn *f)
{
    const struct matter *m = lm->m;
    struct visit visit = {f};
    shape_materials(l, lm, visit_material, &visit);
    for (size_t i = 0; i < m->intake_count; i++)
        visit_one(l, lm, f, "申报期", lint_child(yaml_get(lm->root, "申报期"), i), &m->intake[i].when);
    for (size_t i = 0; i < m->advice_count; i++)
        visit_one(l, lm, f, "指引", lint_child(yaml_get(lm->root, "指引"), i), &m->advice[i].when);
    for (size_t i = 0; i < m->limit_count; i++)
        visit_one(l, lm, f, "办理时限", lint_child(lint_node(lm->root, "办理时限", "档"), i), &m->limit[i].when);
    for (size_t i = 0; i < m->stage_count; i++)
        if (m->stage[i].when.feel)
            visit_one(l, lm, f, "办理流程", lint_child(lint_node(lm->root, "办理流程", "环节"), i), &m->stage[i].when);
}

static void
never(struct lint *l, const struct lint_matter *lm, const struct conds *chain, const struct lint_hit *at)
{
    (void)lm;
    struct lint_hit h = *at;
    h.severity = SEVERITY_ERROR;
    if (!can_hold(l, chain, NULL, SIZE_MAX, (struct value){0}))
        lint_add(l, &h, "条件 %.*s %s，永远不成立", STR_ARG(at->evidence),
                 chain->n > 1 ? "与外层的条件矛盾" : "自相矛盾");
}

enum err
shape_condition_never(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct lint_matter *lm = &l->matter[i];
        struct conds who = eligible(lm->m);
        visit_matter(l, lm, never);
        if (who.n && !can_hold(l, &who, NULL, SIZE_MAX, (struct value){0})) {
            struct lint_hit h = {.matter = lm->m,
                                 .field = STR("服务对象"),
                                 .node = lint_node(lm->root, "服务对象", "条件"),
                                 .severity = SEVERITY_ERROR,
                                 .evidence = who.c[who.n - 1]->source};
            lint_add(l, &h, "服务对象的几个条件互相矛盾，没有人符合");
        }
    }
    return OK;
}

static void
beyond_object(struct lint *l, const struct lint_matter *lm, const struct conds *chain, const struct lint_hit *at)
{
    struct conds who = eligible(lm->m), both = joined(&who, chain);
    struct value none = {0};
    struct lint_hit h = *at;
    h.severity = SEVERITY_WARN;
    if (can_hold(l, &both, lm->m, SIZE_MAX, none) || !can_hold(l, chain, NULL, SIZE_MAX, none) ||
        !can_hold(l, &who, NULL, SIZE_MAX, none))
        return;
    if (can_hold(l, chain, lm->m, SIZE_MAX, none))
        lint_add(l, &h, "条件 %.*s：符合服务对象的人都不会满足", STR_ARG(at->evidence));
    else
        lint_add(l, &h, "条件 %.*s：办理渠道或办理层级里没有这一种", STR_ARG(at->evidence));
}

//= R62 R119 R120
enum err
shape_object_condition(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++)
        visit_matter(l, &l->matter[i], beyond_object);
    return OK;
}

static void
excluded_value(struct lint *l, const struct lint_matter *lm, const struct conds *chain, const struct lint_hit *at)
{
    const struct fact_dict *dict = catalog_dict(l->c);
    struct conds who = eligible(lm->m), both = joined(&who, chain);
    struct fact_set asked = {0}, wanted = {0};
    struct value none = {0};
    for (size_t i = 0; i < who.n; i++)
        feel_mentions(who.c[i]->feel, &wanted);
    feel_mentions(chain->c[chain->n - 1]->feel, &asked);
    for (size_t i = 0; i < dict->count; i++) {
        if (!fact_set_has(&asked, i) || !fact_set_has(&wanted, i) || dict->fact[i].type != FACT_CHOICE ||
            !can_hold(l, &both, lm->m, SIZE_MAX, none))
            continue;
        for (size_t v = 0; v < dict->fact[i].value_count; v++) {
            struct str value = dict->fact[i].values[v], quoted = str_fmt(l->a, "\"%.*s\"", STR_ARG(value));
            if (str_find(at->evidence, quoted) == SIZE_MAX || !can_hold(l, chain, NULL, i, value_text(value)) ||
                can_hold(l, &who, NULL, i, value_text(value)))
                continue;
            struct lint_hit h = *at;
            h.severity = SEVERITY_INFO;
            h.cause = str_fmt(l->a, "%.*s|%.*s", STR_ARG(at->field), STR_ARG(value));
            lint_add(l, &h, "条件写到%.*s“%.*s”，服务对象不含这一类", STR_ARG(dict->fact[i].name), STR_ARG(value));
        }
    }
}

enum err
shape_object_value(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++)
        visit_matter(l, &l->matter[i], excluded_value);
    return OK;
}

/* --- a stamp of a unit from those who have none --- */

static void
unit_stamp(struct lint *l, const struct lint_matter *lm, const struct shape_material *x, void *arg)
{
    static const char ALONE[] = "灵活就业";
    const struct fact_dict *dict = catalog_dict(l->c);
    struct conds chain = {0};
    (void)arg;
    if (!shape_has(x->m->stamp, "单位") || !shape_has(lm->m->service_object, ALONE))
        return;
    for (size_t i = 0; i < x->depth; i++)
        conds_add(&chain, x->chain[i]);
    conds_add(&chain, &x->m->stamp_when);
    for (size_t i = 0; i < dict->count; i++)
        for (size_t v = 0; v < dict->fact[i].value_count; v++) {
            struct str value = dict->fact[i].values[v];
            if (!shape_has(value, ALONE) || !can_hold(l, &chain, NULL, i, value_text(value)))
                continue;
            struct lint_hit h = {.matter = lm->m,
                                 .field = STR("办理材料"),
                                 .node = x->node,
                                 .severity = SEVERITY_INFO,
                                 .evidence = x->m->name};
            lint_add(l, &h, "服务对象含%s人员，“%.*s”要盖%.*s，他们没有单位", ALONE, STR_ARG(x->m->name),
                     STR_ARG(x->m->stamp));
            return;
        }
}

//= R51 R79
enum err
shape_object_stamp(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++)
        shape_materials(l, &l->matter[i], unit_stamp, NULL);
    return OK;
}

/* --- tiers --- */

/* Conditions of the tiers and of the applicant together, so that the space has all their facts. */
static struct conds
tier_conds(const struct matter *m)
{
    struct conds v = eligible(m);
    for (size_t i = 0; i < m->limit_count; i++)
        conds_add(&v, &m->limit[i].when);
    return v;
}

/* Whether somebody eligible gets past the tiers before N and to tier N (N = limit_count: to none at all); the combination stays set in S. */
static bool
reaches(const struct matter *m, struct space *s, size_t n, bool certain)
{
    struct conds who = eligible(m);
    size_t at[SPACE_FACTS_MAX] = {0};
    do {
        space_set(s, at);
        enum need ok = all_hold(&who, &s->facts);
        bool reached = certain ? ok == NEED_YES : ok != NEED_NO;
        for (size_t i = 0; i < n && reached; i++) {
            enum need x = condition_need(&m->limit[i].when, &s->facts, NULL);
            reached = certain ? x == NEED_NO : x != NEED_YES;
        }
        if (reached && (n == m->limit_count || condition_need(&m->limit[n].when, &s->facts, NULL) != NEED_NO))
            return true;
    } while (space_next(s, at));
    return false;
}

//= R34 R35 R55
enum err
shape_tier_unreachable(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct lint_matter *lm = &l->matter[i];
        struct conds all = tier_conds(lm->m), who = eligible(lm->m);
        struct space *s = space_of(l, l->a, &all, NULL);
        if (s->too_large || !can_hold(l, &who, NULL, SIZE_MAX, (struct value){0}))
            continue;
        for (size_t t = 1; t < lm->m->limit_count; t++) {
            struct conds own = {0};
            conds_add(&own, &lm->m->limit[t].when);
            struct conds possible = joined(&who, &own);
            /* A condition that nobody meets is told by the other rules. */
            if (reaches(lm->m, s, t, false) || !can_hold(l, &possible, NULL, SIZE_MAX, (struct value){0}))
                continue;
            struct yaml_node *tier = lint_child(lint_node(lm->root, "办理时限", "档"), t);
            struct str what = limit_text(l->a, lm->m->limit[t].promised);
            struct lint_hit h = {.matter = lm->m,
                                 .field = STR("办理时限"),
                                 .node = tier,
                                 .severity = SEVERITY_WARN,
                                 .evidence = lm->m->limit_text};
            lint_add(l, &h, "第%zu档（%.*s）轮不到：前面的档已经包括所有情形", t + 1, STR_ARG(what));
        }
    }
    return OK;
}

/* A service object that names some values of a fact means those: the others are not asked for, though no condition says so. */
static void
keep_named(struct lint *l, struct space *s, struct str object)
{
    const struct fact_dict *dict = catalog_dict(l->c);
    for (size_t i = 0; i < s->n; i++) {
        struct axis *x = &s->axis[i], kept = {.fact = x->fact};
        if (dict->fact[x->fact].type != FACT_CHOICE)
            continue;
        for (size_t v = 0; v < x->n; v++)
            if (str_find(object, x->value[v].text) != SIZE_MAX)
                axis_add(&kept, x->value[v]);
        if (kept.n)
            *x = kept;
    }
}

//= R34 R35 R55
enum err
shape_tier_gap(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct lint_matter *lm = &l->matter[i];
        struct conds all = tier_conds(lm->m);
        if (!lm->m->limit_count)
            continue;
        struct space *s = space_of(l, l->a, &all, lm->m);
        keep_named(l, s, lm->m->service_object);
        if (s->too_large || !reaches(lm->m, s, lm->m->limit_count, true))
            continue;
        struct lint_hit h = {.matter = lm->m,
                             .field = STR("办理时限"),
                             .node = lint_node(lm->root, "办理时限", "档"),
                             .severity = SEVERITY_WARN,
                             .evidence = lm->m->limit_text};
        struct str answers = space_text(l, s);
        h.cause = answers;
        lint_add(l, &h, "%.*s 时没有一档时限适用", STR_ARG(answers));
    }
    return OK;
}
