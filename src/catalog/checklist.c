/* Pure readings of a matter over facts. Nothing here knows a store, a clock or a page. */
#include "catalog/checklist.h"

#include <string.h>

struct facts
facts_new(struct arena *a, const struct fact_dict *dict)
{
    return (struct facts){.dict = dict, .value = ARENA_ARRAY(a, dict->count, struct value)};
}

enum err
facts_set(struct ctx *ctx, const struct catalog *c, struct facts *f, struct str name, struct str text)
{
    const struct fact_dict *dict = catalog_dict(c);
    size_t i = fact_find(dict, name);
    if (i == SIZE_MAX) {
        fail_field(ctx, name, name, STR("没有这个事实"), STR("请用问题里给出的名称"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    const struct fact_def *def = &dict->fact[i];
    if (fact_value_parse(ctx->arena, def, text, &f->value[i]))
        return OK;
    struct buf b;
    buf_init(&b, ctx->arena, 128);
    for (size_t v = 0; v < def->value_count; v++)
        buf_fmt(&b, "%s%.*s", v ? "、" : "请选择：", STR_ARG(def->values[v]));
    fail_field(ctx, def->id, def->name, str_fmt(ctx->arena, "“%.*s”不是可用的值", STR_ARG(str_sub(text, 0, 60))),
               def->type == FACT_CHOICE ? buf_str(&b) : STR("请按提示填写"));
    FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
}

struct value
facts_get(const struct facts *f, const char *id)
{
    size_t i = fact_find(f->dict, str_c(id));
    return i == SIZE_MAX ? (struct value){0} : f->value[i];
}

enum need
condition_need(const struct condition *c, const struct facts *f, struct fact_set *needed)
{
    if (!c->feel)
        return NEED_YES;
    struct value v = feel_eval(c->feel, f->value, needed);
    if (v.kind == VALUE_UNASKED)
        return NEED_UNKNOWN;
    return v.kind == VALUE_BOOL && v.b ? NEED_YES : NEED_NO;
}

enum need
material_need(const struct material *n, const struct facts *f)
{
    return condition_need(&n->when, f, NULL);
}

bool
material_stamp_needed(const struct material *n, const struct facts *f)
{
    return !str_empty(n->stamp) && condition_need(&n->stamp_when, f, NULL) != NEED_NO;
}

/* --- what is still to ask --- */

struct asker {
    const struct catalog *c;
    const struct facts *f;
    struct fact_set seen;
    size_t *fact;
    size_t n;
};

static void
ask(struct asker *a, const struct fact_set *needed)
{
    for (size_t i = 0; i < a->f->dict->count; i++)
        if (fact_set_has(needed, i) && !fact_set_has(&a->seen, i)) {
            fact_set_add(&a->seen, i);
            a->fact[a->n++] = i;
        }
}

static enum need
ask_condition(struct asker *a, const struct condition *c)
{
    struct fact_set needed = {0};
    enum need n = condition_need(c, a->f, &needed);
    ask(a, &needed);
    return n;
}

static void
ask_material(struct asker *a, const struct material *m)
{
    if (ask_condition(a, &m->when) == NEED_NO)
        return;
    for (size_t i = 0; i < m->child_count; i++)
        ask_material(a, &m->child[i]);
    if (m->node == MATERIAL_LEAF && !str_empty(m->stamp))
        ask_condition(a, &m->stamp_when);
}

void
checklist_questions(struct ctx *ctx, const struct catalog *c, const struct matter *m, const struct facts *f,
                    size_t **ret_facts, size_t *ret_n)
{
    struct asker a = {.c = c, .f = f, .fact = ARENA_ARRAY(ctx->arena, FACT_MAX, size_t)};
    for (size_t i = 0; i < m->eligibility_count; i++)
        ask_condition(&a, &m->eligibility[i].must);
    for (size_t i = 0; i < m->intake_count; i++)
        ask_condition(&a, &m->intake[i].when);
    for (size_t i = 0; i < m->material_count; i++)
        ask_material(&a, &m->material[i]);
    for (size_t i = 0; i < m->limit_count; i++)
        if (ask_condition(&a, &m->limit[i].when) == NEED_YES)
            break;
    for (size_t i = 0; i < m->stage_count; i++)
        ask_condition(&a, &m->stage[i].when);
    const struct form *form = catalog_matter_form(c, m);
    for (size_t i = 0; form && i < form->section_count; i++) {
        if (ask_condition(&a, &form->section[i].when) == NEED_NO)
            continue;
        for (size_t k = 0; k < form->section[i].field_count; k++)
            ask_condition(&a, &form->section[i].field[k].required_when);
    }
    for (size_t i = 0; i < m->advice_count; i++)
        ask_condition(&a, &m->advice[i].when);
    *ret_facts = a.fact;
    *ret_n = a.n;
}

const struct eligibility *
checklist_refusal(const struct matter *m, const struct facts *f)
{
    for (size_t i = 0; i < m->eligibility_count; i++)
        if (condition_need(&m->eligibility[i].must, f, NULL) == NEED_NO)
            return &m->eligibility[i];
    return NULL;
}

const struct advice *
checklist_advice(const struct matter *m, const struct facts *f, enum advice_kind kind)
{
    for (size_t i = 0; i < m->advice_count; i++)
        if (m->advice[i].kind == kind && condition_need(&m->advice[i].when, f, NULL) == NEED_YES)
            return &m->advice[i];
    return NULL;
}

/* --- what is missing --- */

bool
material_satisfied(const struct material *n, const struct facts *f, struct given g)
{
    if (material_need(n, f) == NEED_NO)
        return true;
    if (n->discretionary)
        return true; //= R78
    if (n->node == MATERIAL_LEAF)
        return g.leaf[n->index];
    size_t open = 0;
    for (size_t i = 0; i < n->child_count; i++) {
        if (n->node == MATERIAL_ANY && material_need(&n->child[i], f) == NEED_NO)
            continue; /* an alternative that does not apply cannot stand in for the others */
        open++;
        bool ok = material_satisfied(&n->child[i], f, g);
        if (ok != (n->node == MATERIAL_ALL))
            return ok; /* ANY: the first satisfied decides; ALL: the first missing does */
    }
    return n->node == MATERIAL_ALL || open == 0;
}

static void
add_missing(struct buf *b, const struct material *n, const struct facts *f, struct given g, const char **sep)
{
    if (material_satisfied(n, f, g))
        return;
    if (n->node == MATERIAL_ALL) {
        for (size_t i = 0; i < n->child_count; i++)
            add_missing(b, &n->child[i], f, g, sep);
        return;
    }
    buf_addz(b, *sep);
    *sep = "和";
    if (n->node == MATERIAL_LEAF) {
        buf_add(b, n->name);
        return;
    }
    const char * or = "";
    for (size_t i = 0; i < n->child_count; i++) {
        if (material_need(&n->child[i], f) == NEED_NO)
            continue;
        const char *inner = or ;
        add_missing(b, &n->child[i], f, g, &inner);
        or = "，或者";
    }
}

static void
collect_gaps(struct ctx *ctx, const struct material *n, const struct facts *f, struct given g, struct gap *gaps,
             size_t *count)
{
    if (material_satisfied(n, f, g))
        return;
    if (n->node == MATERIAL_ALL) {
        for (size_t i = 0; i < n->child_count; i++)
            collect_gaps(ctx, &n->child[i], f, g, gaps, count);
        return;
    }
    struct buf b;
    buf_init(&b, ctx->arena, 128);
    const char *sep = "";
    add_missing(&b, n, f, g, &sep);
    gaps[(*count)++] = (struct gap){.material = n, .text = buf_str(&b)};
}

//= R16 R129
void
checklist_gaps(struct ctx *ctx, const struct matter *m, const struct facts *f, struct given g, struct gap **ret_gaps,
               size_t *ret_n)
{
    *ret_gaps = ARENA_ARRAY(ctx->arena, (size_t)m->leaf_count + m->material_count, struct gap);
    *ret_n = 0;
    for (size_t i = 0; i < m->material_count; i++)
        collect_gaps(ctx, &m->material[i], f, g, *ret_gaps, ret_n);
}

/* --- stages, limits --- */

bool
checklist_stage(const struct stage *s, const struct facts *f)
{
    return condition_need(&s->when, f, NULL) != NEED_NO;
}

const struct limit_tier *
checklist_limit(const struct matter *m, const struct facts *f, struct fact_set *ret_needed)
{
    for (size_t i = 0; i < m->limit_count; i++) {
        enum need n = condition_need(&m->limit[i].when, f, ret_needed);
        if (n == NEED_YES)
            return &m->limit[i];
        if (n == NEED_UNKNOWN)
            return NULL;
    }
    return NULL;
}

/* The last day of the quarter of D: a round is held once a quarter, on a day that the guide leaves open. */
static struct day
quarter_end(struct day d) //= R158
{
    struct day_ymd t = day_ymd(d);
    struct day first = d;
    (void)day_from_ymd(t.year, (t.month - 1) / 3 * 3 + 1, 1, &first);
    return day_add(day_add_months(first, 3), -1);
}

struct day
limit_due(const struct calendar *cal, struct limit l, struct day from, bool *ret_tentative)
{
    *ret_tentative = false;
    switch (l.kind) {
    case LIMIT_INSTANT:
    case LIMIT_ON_DEMAND:
        return calendar_add(cal, from, 0, ret_tentative);
    case LIMIT_WORKDAYS:
        return calendar_add(cal, from, l.n, ret_tentative);
    case LIMIT_DAYS:
        return day_add(from, l.n);
    case LIMIT_MONTHS:
        return day_add_months(from, l.n);
    case LIMIT_QUARTERLY:
        return day_is_none(from) ? from : quarter_end(from);
    default:
        return DAY_NONE;
    }
}

/* --- when to file --- */

static bool
window_takes(const struct intake_window *w, const struct calendar *cal, struct day d)
{
    struct day_ymd t = day_ymd(d);
    int md = t.month * 100 + t.day;
    if (w->workdays && w->kind != INTAKE_UNSET && w->kind != INTAKE_AGREEMENT && !calendar_is_workday(cal, d))
        return false;
    switch (w->kind) {
    case INTAKE_YEARLY:
        return w->from <= w->to ? md >= w->from && md <= w->to : md >= w->from || md <= w->to;
    case INTAKE_MONTHLY: /* 31 to the end of every month, 30 likewise in February */
        return t.day >= w->from ? t.day <= w->to : day_ymd(day_add(d, 1)).day == 1;
    default:
        return true;
    }
}

static bool
takes_on(const struct matter *m, const struct facts *f, const struct calendar *cal, struct day d)
{
    bool any = false;
    for (size_t i = 0; i < m->intake_count; i++) {
        if (condition_need(&m->intake[i].when, f, NULL) != NEED_YES)
            continue;
        any = true;
        if (window_takes(&m->intake[i], cal, d))
            return true;
    }
    return !any;
}

bool
window_open(const struct matter *m, const struct facts *f, const struct calendar *cal, struct day d,
            struct day *ret_next, struct str *ret_text)
{
    enum { SEARCH_DAYS = 366 * 9 }; /* 02-29 alone comes back within eight years */
    struct day next = d;
    for (int i = 0; i < SEARCH_DAYS && !takes_on(m, f, cal, next); i++)
        next = day_add(next, 1);
    if (ret_next)
        *ret_next = takes_on(m, f, cal, next) ? next : DAY_NONE;
    if (ret_text) {
        *ret_text = STR("");
        for (size_t i = m->intake_count; i-- > 0;)
            if (condition_need(&m->intake[i].when, f, NULL) == NEED_YES)
                *ret_text = m->intake[i].verbatim;
    }
    return next.n == d.n;
}

enum err
window_check(struct ctx *ctx, const struct matter *m, const struct facts *f, const struct calendar *cal, struct day d)
{
    struct day next;
    struct str text;
    if (window_open(m, f, cal, d, &next, &text))
        return OK;
    fail_rule(ctx, "R174");
    FAIL(ctx, ERR_WINDOW_CLOSED, "现在不在申报期，下一次从%.*s开始。指南写明：%.*s",
         STR_ARG(day_text_zh(ctx->arena, next)), STR_ARG(text));
}

//= R187
enum err
elsewhere_check(struct ctx *ctx, const struct matter *m, const struct facts *f)
{
    const struct advice *x = checklist_advice(m, f, ADVICE_ELSEWHERE);
    struct fact_set asked = {0};
    if (!x)
        return OK;
    feel_mentions(x->when.feel, &asked);
    fail_rule(ctx, "转由");
    for (size_t i = 0; i < f->dict->count; i++)
        if (fact_set_has(&asked, i))
            fail_field(ctx, f->dict->fact[i].id, f->dict->fact[i].name,
                       str_fmt(ctx->arena, "这种情形由%.*s承办", STR_ARG(x->what)),
                       str_empty(x->phone)
                           ? str_fmt(ctx->arena, "请向%.*s办理", STR_ARG(x->what))
                           : str_fmt(ctx->arena, "请向%.*s办理，电话 %.*s", STR_ARG(x->what), STR_ARG(x->phone)));
    FAIL(ctx, ERR_MATTER_UNAVAILABLE, "%.*s%s%.*s", STR_ARG(x->verbatim), str_empty(x->phone) ? "" : "，电话 ",
         STR_ARG(x->phone));
}
