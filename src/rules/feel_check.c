/* Contradictions: one fact at a time, everything else unasked, the fact takes every value that could make a difference.
** If a condition is then never more than false, no one can ever meet it: a material or a limit would silently vanish.
** Sound because the evaluation is Kleene's; facts inside sums are left alone. */
#include <string.h>

#include "rules/feel_int.h"

enum { CHECK_WORK_MAX = 1 << 20 }; /* node visits; beyond, the rest goes unchecked: it is a help, not a guard */

struct check {
    const struct feel *f;
    const struct fact_dict *dict;
    size_t work;
    size_t fact;     /* the one being varied */
    bool simple;     /* no sums: literals are all that matters */
    bool unequal;    /* some `!=` on it */
    bool null_named; /* compared with null, so that null counts as a value people think of */
    struct value *sample;
    size_t sample_count;
};

static void
collect_facts(struct check *k, uint16_t n, struct fact_set *set)
{
    const struct node *x = &k->f->node[n];
    k->work++;
    if (x->op == OP_FACT)
        fact_set_add(set, x->ref);
    for (uint16_t c = x->first; c != NODE_NONE; c = k->f->node[c].next)
        collect_facts(k, c, set);
}

static bool
is_this_fact(const struct check *k, uint16_t n)
{
    return k->f->node[n].op == OP_FACT && k->f->node[n].ref == k->fact;
}

static bool
mentions_fact(struct check *k, uint16_t n)
{
    struct fact_set set = {0};
    collect_facts(k, n, &set);
    return fact_set_has(&set, k->fact);
}

/* A comparison gives its literals as samples; a fact inside a sum, or twice in it, is not simple. */
static void
collect_comparison(struct check *k, const struct node *x)
{
    size_t direct = 0;
    for (uint16_t c = x->first; c != NODE_NONE; c = k->f->node[c].next) {
        if (is_this_fact(k, c))
            direct++;
        else if (mentions_fact(k, c))
            k->simple = false;
    }
    if (direct > 1)
        k->simple = false;
    if (direct != 1)
        return;
    k->unequal = k->unequal || x->op == OP_NE;
    for (uint16_t c = x->first; c != NODE_NONE; c = k->f->node[c].next) {
        if (k->f->node[c].op != OP_CONST)
            continue;
        if (k->f->node[c].type == TYPE_NULL)
            k->null_named = true;
        else
            k->sample[k->sample_count++] = k->f->constant[k->f->node[c].ref];
    }
}

static void
collect_literals(struct check *k, uint16_t n)
{
    const struct node *x = &k->f->node[n];
    k->work++;
    if (x->op >= OP_EQ && x->op <= OP_BETWEEN) {
        collect_comparison(k, x);
        return;
    }
    for (uint16_t c = x->first; c != NODE_NONE; c = k->f->node[c].next)
        collect_literals(k, c);
}

/* Sorted literals of a number fact gain their midpoints and both outsides; of a date fact the days around each. */
static void
sample_numbers(struct check *k)
{
    size_t n = k->sample_count;
    struct value *s = k->sample, half = value_int(2), one = value_int(1);
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && decimal_cmp(s[j - 1].number, s[j].number) > 0; j--) {
            struct value swap = s[j];
            s[j] = s[j - 1];
            s[j - 1] = swap;
        }
    for (size_t i = 0; i + 1 < n; i++) {
        struct value mid = one;
        if (decimal_add(s[i].number, s[i + 1].number, &mid.number) && decimal_div(mid.number, half.number, &mid.number))
            s[k->sample_count++] = mid;
    }
    struct value below = one, above = one;
    if (n && decimal_sub(s[0].number, one.number, &below.number))
        s[k->sample_count++] = below;
    if (n && decimal_add(s[n - 1].number, one.number, &above.number))
        s[k->sample_count++] = above;
}

static void
sample_dates(struct check *k)
{
    for (size_t i = 0, n = k->sample_count; i < n; i++) {
        struct value v = k->sample[i];
        v.date = day_add(v.date, 1);
        k->sample[k->sample_count++] = v;
        v.date = day_add(v.date, -2);
        k->sample[k->sample_count++] = v;
    }
}

/* Fills the samples for fact I under node N; false when it cannot be judged alone. The last sample is null. */
static bool
sample(struct check *k, uint16_t n, size_t i)
{
    const struct fact_def *d = &k->dict->fact[i];
    k->fact = i;
    k->simple = true;
    k->unequal = k->null_named = false;
    k->sample_count = 0;
    collect_literals(k, n);
    if (!k->simple)
        return false;
    switch (d->type) {
    case FACT_CHOICE:
        for (k->sample_count = 0; k->sample_count < d->value_count; k->sample_count++)
            k->sample[k->sample_count] = value_text(d->values[k->sample_count]);
        break;
    case FACT_BOOL:
        k->sample[0] = value_bool(true);
        k->sample[1] = value_bool(false);
        k->sample_count = 2;
        break;
    case FACT_NUMBER:
        sample_numbers(k);
        break;
    case FACT_TEXT:
        k->sample[k->sample_count++] = value_text(STR("\x01")); /* no literal can hold it */
        break;
    case FACT_DATE:
        sample_dates(k);
        break;
    }
    k->sample[k->sample_count++] = (struct value){.kind = VALUE_NULL};
    return true;
}

/* Tries the samples: may N hold with some, does it hold with all (null only where it is named)? */
static void
try_samples(struct check *k, uint16_t n, bool *ret_possible, bool *ret_certain)
{
    struct value facts[FACT_MAX] = {{.kind = VALUE_UNASKED}};
    struct fact_set unused = {0};
    *ret_possible = false;
    *ret_certain = true;
    for (size_t i = 0; i < k->sample_count && (!*ret_possible || *ret_certain); i++) {
        facts[k->fact] = k->sample[i];
        struct value v = feel_eval_node(k->f, n, facts, &unused);
        bool holds = v.kind == VALUE_BOOL && v.b;
        *ret_possible = *ret_possible || holds || v.kind == VALUE_UNASKED;
        if (k->sample[i].kind != VALUE_NULL || k->null_named)
            *ret_certain = *ret_certain && holds;
        k->work += k->f->node_count;
    }
}

/* Samples never exceed twice the literals (three times for dates) and the allowed values. */
static size_t
sample_room(const struct feel *f, const struct fact_dict *dict)
{
    size_t most = 0;
    for (size_t i = 0; i < dict->count; i++)
        if (fact_set_has(&f->mentions, i) && dict->fact[i].value_count > most)
            most = dict->fact[i].value_count;
    return 3 * f->constant_count + most + 8;
}

static bool
check_node(struct lexer *lx, struct check *k, uint16_t n)
{
    const struct node *x = &k->f->node[n];
    struct fact_set set = {0};
    collect_facts(k, n, &set);
    for (size_t i = 0; i < k->dict->count && k->work < CHECK_WORK_MAX; i++) {
        bool possible, certain;
        if (!fact_set_has(&set, i) || !sample(k, n, i))
            continue;
        try_samples(k, n, &possible, &certain);
        struct str name = k->dict->fact[i].name;
        if (!possible) {
            feel_error_set(lx, x->at, str_fmt(lx->ctx->arena, "对“%.*s”的要求互相矛盾，永远不会成立", STR_ARG(name)),
                           STR("两者满足其一请用 or 连接，或改正取值"));
            return false;
        }
        if (certain && k->unequal && x->op == OP_OR) {
            feel_error_set(lx, x->at, str_fmt(lx->ctx->arena, "对“%.*s”的条件总是成立，等于没有条件", STR_ARG(name)),
                           STR("几个 != 之间通常要用 and 连接"));
            return false;
        }
    }
    return true;
}

bool
feel_check(struct lexer *lx, const struct feel *f, const struct fact_dict *dict)
{
    struct check k = {.f = f, .dict = dict};
    k.sample = ARENA_ARRAY(lx->ctx->arena, sample_room(f, dict), struct value);
    for (size_t i = 0; i < f->node_count && k.work < CHECK_WORK_MAX; i++) {
        enum node_op op = f->node[i].op;
        if ((op == OP_AND || op == OP_OR || op == OP_NOT || op == OP_BETWEEN) && !check_node(lx, &k, (uint16_t)i))
            return false;
    }
    return true;
}
