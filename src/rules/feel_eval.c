/* Evaluation: Kleene's logic with UNASKED above null. Allocates nothing; recursion is bounded by FEEL_DEPTH_MAX.
** Invariant: a node whose value is known adds nothing to NEED. */
#include <assert.h>

#include "rules/feel_int.h"

static const struct value UNASKED = {.kind = VALUE_UNASKED};
static const struct value NOTHING = {.kind = VALUE_NULL};

static struct value
equality(struct value a, struct value b, bool want)
{
    if (a.kind == VALUE_UNASKED || b.kind == VALUE_UNASKED)
        return UNASKED;
    if (a.kind != b.kind && a.kind != VALUE_NULL && b.kind != VALUE_NULL)
        return NOTHING;
    return value_bool(value_equal(a, b) == want);
}

static struct value
ordering(enum node_op op, struct value a, struct value b)
{
    if (a.kind == VALUE_NULL || b.kind == VALUE_NULL)
        return NOTHING; /* whatever the other turns out to be */
    if (a.kind == VALUE_UNASKED || b.kind == VALUE_UNASKED)
        return UNASKED;
    int c;
    if (a.kind == VALUE_NUMBER && b.kind == VALUE_NUMBER)
        c = decimal_cmp(a.number, b.number);
    else if (a.kind == VALUE_DATE && b.kind == VALUE_DATE)
        c = (a.date.n > b.date.n) - (a.date.n < b.date.n);
    else
        return NOTHING;
    return value_bool(op == OP_LT ? c < 0 : op == OP_LE ? c <= 0 : op == OP_GT ? c > 0 : c >= 0);
}

static struct value
arithmetic(enum node_op op, struct value a, struct value b)
{
    if (a.kind == VALUE_NULL || b.kind == VALUE_NULL)
        return NOTHING;
    if (a.kind == VALUE_UNASKED || b.kind == VALUE_UNASKED)
        return UNASKED;
    if (a.kind != VALUE_NUMBER || b.kind != VALUE_NUMBER)
        return NOTHING;
    struct value v = {.kind = VALUE_NUMBER};
    bool ok = op == OP_ADD   ? decimal_add(a.number, b.number, &v.number)
              : op == OP_SUB ? decimal_sub(a.number, b.number, &v.number)
              : op == OP_MUL ? decimal_mul(a.number, b.number, &v.number)
                             : decimal_div(a.number, b.number, &v.number);
    return ok ? v : NOTHING;
}

/* One more operand of a conjunction (DECISIVE = false) or disjunction (true): decisive wins, then UNASKED, then null.
 */
static struct value
join(struct value sum, struct value v, bool decisive)
{
    if (v.kind != VALUE_BOOL && v.kind != VALUE_UNASKED)
        v = NOTHING;
    if (sum.kind == VALUE_BOOL && sum.b == decisive)
        return sum;
    if (v.kind == VALUE_BOOL)
        return v.b == decisive ? v : sum;
    return sum.kind == VALUE_UNASKED ? sum : v;
}

static struct value
eval_junction(const struct feel *f, const struct node *n, const struct value *facts, struct fact_set *need)
{
    bool decisive = n->op == OP_OR;
    struct value sum = value_bool(!decisive);
    struct fact_set mine = {0};
    for (uint16_t c = n->first; c != NODE_NONE; c = f->node[c].next) {
        sum = join(sum, feel_eval_node(f, c, facts, &mine), decisive);
        if (sum.kind == VALUE_BOOL && sum.b == decisive)
            return sum;
    }
    if (sum.kind == VALUE_UNASKED)
        fact_set_union(need, &mine);
    return sum;
}

static struct value
eval_in(const struct feel *f, const struct node *n, const struct value *facts, struct fact_set *need)
{
    struct fact_set mine = {0};
    struct value left = feel_eval_node(f, n->first, facts, &mine);
    struct value sum = value_bool(false);
    for (uint16_t c = f->node[n->first].next; c != NODE_NONE; c = f->node[c].next) {
        sum = join(sum, equality(left, feel_eval_node(f, c, facts, &mine), true), true);
        if (sum.kind == VALUE_BOOL && sum.b)
            return sum;
    }
    if (sum.kind == VALUE_UNASKED)
        fact_set_union(need, &mine);
    return sum;
}

static struct value
eval_between(const struct feel *f, const struct node *n, const struct value *facts, struct fact_set *need)
{
    struct fact_set mine = {0};
    uint16_t low = f->node[n->first].next;
    struct value x = feel_eval_node(f, n->first, facts, &mine);
    struct value sum = ordering(OP_GE, x, feel_eval_node(f, low, facts, &mine));
    sum = join(sum, ordering(OP_LE, x, feel_eval_node(f, f->node[low].next, facts, &mine)), false);
    if (sum.kind == VALUE_UNASKED)
        fact_set_union(need, &mine);
    return sum;
}

/* Comparisons and arithmetic: both operands are always evaluated. */
static struct value
eval_binary(const struct feel *f, const struct node *n, const struct value *facts, struct fact_set *need)
{
    struct fact_set mine = {0};
    struct value a = feel_eval_node(f, n->first, facts, &mine);
    struct value b = feel_eval_node(f, f->node[n->first].next, facts, &mine);
    enum node_op op = n->op;
    struct value v = op == OP_EQ || op == OP_NE   ? equality(a, b, op == OP_EQ)
                     : op >= OP_LT && op <= OP_GE ? ordering(op, a, b)
                                                  : arithmetic(op, a, b);
    if (v.kind == VALUE_UNASKED)
        fact_set_union(need, &mine);
    return v;
}

static struct value
fact_value(const struct node *n, struct value v, struct fact_set *need)
{
    static const enum value_kind fits[] = {
        [TYPE_NULL] = VALUE_NULL, [TYPE_BOOL] = VALUE_BOOL, [TYPE_NUMBER] = VALUE_NUMBER,
        [TYPE_TEXT] = VALUE_TEXT, [TYPE_DATE] = VALUE_DATE,
    };
    if (v.kind == VALUE_UNASKED)
        fact_set_add(need, n->ref);
    return v.kind == VALUE_UNASKED || v.kind == fits[n->type] ? v : NOTHING;
}

struct value
feel_eval_node(const struct feel *f, uint16_t i, const struct value *facts, struct fact_set *need)
{
    const struct node *n = &f->node[i];
    struct value v;
    switch ((enum node_op)n->op) {
    case OP_CONST:
        return f->constant[n->ref];
    case OP_FACT:
        return fact_value(n, facts[n->ref], need);
    case OP_AND:
    case OP_OR:
        return eval_junction(f, n, facts, need);
    case OP_NOT:
        v = feel_eval_node(f, n->first, facts, need);
        return v.kind == VALUE_BOOL ? value_bool(!v.b) : v.kind == VALUE_UNASKED ? v : NOTHING;
    case OP_IN:
        return eval_in(f, n, facts, need);
    case OP_BETWEEN:
        return eval_between(f, n, facts, need);
    case OP_NEG:
        return arithmetic(OP_SUB, value_int(0), feel_eval_node(f, n->first, facts, need));
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE:
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
    case OP_DIV:
        return eval_binary(f, n, facts, need);
    }
    assert(0 && "node_op");
    return NOTHING;
}

struct value
feel_eval(const struct feel *f, const struct value *facts, struct fact_set *ret_needed)
{
    struct fact_set need = {0};
    struct value v = feel_eval_node(f, f->root, facts, &need);
    if (ret_needed && v.kind == VALUE_UNASKED)
        fact_set_union(ret_needed, &need);
    return v;
}

void
feel_mentions(const struct feel *f, struct fact_set *ret_set)
{
    fact_set_union(ret_set, &f->mentions);
}

struct str
feel_source(const struct feel *f)
{
    return f->source;
}
