/* Structural rules about limits and about how much is asked: against the printed words, the stages, the law and the other regions. */
#include <stdlib.h>
#include <string.h>

#include "catalog/lint/lint_shape_int.h"

enum { PRINTED_MAX = 32, PEERS_MAX = 256 };

static struct lint_hit
limit_hit(const struct lint_matter *lm, enum severity severity)
{
    return (struct lint_hit){.matter = lm->m,
                             .field = STR("办理时限"),
                             .node = shape_verbatim(lm, "办理时限"),
                             .severity = severity,
                             .evidence = lm->m->limit_text};
}

/* --- the structure against the printed words --- */

static bool
prints(struct str s, struct limit want)
{
    struct shape_days d;
    for (size_t pos = 0; shape_days_next(s, &pos, &d);)
        if (d.limit.kind == want.kind && d.limit.n == want.n)
            return true;
    return false;
}

/* Only what has a number or is instant can be looked up in the words. */
static bool
words_agree(struct str s, struct limit l)
{
    if (l.kind == LIMIT_INSTANT)
        return shape_has_any(s, "即时|即办|当场|当日|立即|立等|现场办结", NULL);
    if (l.kind == LIMIT_WORKDAYS || l.kind == LIMIT_DAYS || l.kind == LIMIT_MONTHS)
        return prints(s, l);
    return true;
}

static struct str
notes_text(struct lint *l, const struct matter *m)
{
    struct buf b;
    buf_init(&b, l->a, 1024);
    buf_add(&b, m->limit_text);
    buf_byte(&b, '\n');
    buf_add(&b, m->legal_limit_text);
    buf_byte(&b, '\n');
    buf_add(&b, m->process_text);
    for (size_t i = 0; i < m->note_count; i++) {
        buf_byte(&b, '\n');
        buf_add(&b, m->note[i].verbatim);
    }
    return buf_str(&b);
}

static bool
structured(const struct matter *m, struct limit l)
{
    for (size_t i = 0; i < m->limit_count; i++) {
        const struct limit_tier *t = &m->limit[i];
        if ((t->promised.kind == l.kind && t->promised.n == l.n) || (t->legal.kind == l.kind && t->legal.n == l.n))
            return true;
        for (size_t s = 0; s < t->stage_count; s++)
            if (t->stage[s].limit.kind == l.kind && t->stage[s].limit.n == l.n)
                return true;
    }
    for (size_t s = 0; s < m->stage_count; s++)
        if (m->stage[s].limit.kind == l.kind && m->stage[s].limit.n == l.n)
            return true;
    return false;
}

static size_t
printed_count(struct str s)
{
    struct shape_days d;
    size_t n = 0;
    for (size_t pos = 0; n < PRINTED_MAX && shape_days_next(s, &pos, &d);)
        n++;
    return n;
}

static void
read_tier(struct lint *l, const struct lint_matter *lm, size_t i)
{
    const struct matter *m = lm->m;
    const struct limit_tier *t = &m->limit[i];
    struct lint_hit h = limit_hit(lm, SEVERITY_ERROR);
    struct str legal = str_empty(m->legal_limit_text) ? m->limit_text : m->legal_limit_text, all = notes_text(l, m);
    h.node = lint_child(lint_node(lm->root, "办理时限", "档"), i);
    h.cause = m->id; /* what is misread shows at both ends */
    if (!words_agree(m->limit_text, t->promised))
        lint_add(l, &h, "结构写承诺%.*s，原文“%.*s”没有印", STR_ARG(limit_text(l->a, t->promised)),
                 STR_ARG(m->limit_text));
    h.evidence = legal;
    if (!words_agree(legal, t->legal))
        lint_add(l, &h, "结构写法定%.*s，原文“%.*s”没有印", STR_ARG(limit_text(l->a, t->legal)), STR_ARG(legal));
    h.evidence = m->limit_text;
    for (size_t s = 0; s < t->stage_count; s++)
        if (!words_agree(all, t->stage[s].limit))
            lint_add(l, &h, "结构写%s%.*s，原文没有印", stage_name(t->stage[s].stage),
                     STR_ARG(limit_text(l->a, t->stage[s].limit)));
}

//= R34 R35 R276
enum err
shape_limit_reading(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct lint_matter *lm = &l->matter[i];
        const struct matter *m = lm->m;
        if (str_empty(m->limit_text) || !m->limit_count)
            continue;
        for (size_t t = 0; t < m->limit_count; t++)
            read_tier(l, lm, t);
        struct shape_days d;
        bool stages = m->limit_count == 1 && printed_count(m->limit_text) > 2; /* limit-total looks at these */
        for (size_t pos = 0; !stages && shape_days_next(m->limit_text, &pos, &d);) {
            if (structured(m, d.limit))
                continue;
            struct lint_hit h = limit_hit(lm, SEVERITY_ERROR);
            h.offset = d.at;
            h.evidence = d.text;
            h.cause = m->id;
            lint_add(l, &h, "原文印有“%.*s”，结构里没有这个时限", STR_ARG(d.text));
        }
    }
    return OK;
}

/* --- when to file --- */

//= R225
enum err
shape_intake_unset(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct lint_matter *lm = &l->matter[i];
        for (size_t w = 0; w < lm->m->intake_count; w++) {
            const struct intake_window *x = &lm->m->intake[w];
            if (x->kind != INTAKE_UNSET)
                continue;
            struct lint_hit h = {.matter = lm->m,
                                 .field = STR("申报期"),
                                 .node = yaml_get(lint_child(yaml_get(lm->root, "申报期"), w), "原文"),
                                 .severity = SEVERITY_WARN,
                                 .evidence = x->verbatim,
                                 .cause = x->verbatim}; /* one blank, printed once for several matters */
            lint_add(l, &h, "“%.*s”没有印出起止日，现在哪天都收", STR_ARG(x->verbatim));
        }
    }
    return OK;
}

/* --- totals --- */

/* Stages that count from the same event run side by side. */
static int
stages_sum(const struct limit_tier *t)
{
    int sum = 0;
    for (size_t i = 0; i < t->stage_count; i++) {
        int days = shape_limit_days(t->stage[i].limit), before = -1;
        if (days < 0)
            return -1;
        for (size_t k = 0; k < i && !str_empty(t->stage[i].counted_from); k++)
            if (str_eq(t->stage[k].counted_from, t->stage[i].counted_from) &&
                shape_limit_days(t->stage[k].limit) > before)
                before = shape_limit_days(t->stage[k].limit);
        if (before < 0)
            sum += days;
        else if (days > before)
            sum += days - before;
    }
    return sum;
}

static bool
ends_matter(enum stage_kind k)
{
    return k == STAGE_CONCLUDE || k == STAGE_PAY || k == STAGE_DELIVER || k == STAGE_ANNOUNCE || k == STAGE_AGREE ||
           k == STAGE_SERVE || k == STAGE_FEEDBACK;
}

/* The sum of the later numbers of a limit's text, where the first is the total; -1 if it is not written so. */
static int
prose_sum(const struct matter *m)
{
    struct shape_days d;
    int sum = -1;
    if (m->limit_count != 1 || m->limit[0].stage_count || m->limit[0].promised.kind != LIMIT_WORKDAYS)
        return -1;
    size_t pos = 0, n = 0;
    for (; shape_days_next(m->limit_text, &pos, &d); n++) {
        if (d.limit.kind != LIMIT_WORKDAYS || (n == 0 && d.limit.n != m->limit[0].promised.n))
            return -1;
        sum = n == 0 ? 0 : sum + d.limit.n;
    }
    return n >= 3 ? sum : -1;
}

enum err
shape_limit_total(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        for (size_t t = 0; t < m->limit_count; t++) {
            const struct limit_tier *tier = &m->limit[t];
            int total = shape_limit_days(tier->promised), sum = tier->stage_count ? stages_sum(tier) : prose_sum(m);
            bool whole = tier->stage_count == 0 ||
                         (tier->stage_count > 1 && ends_matter(tier->stage[tier->stage_count - 1].stage));
            if (total < 0 || sum < 0 || sum == total || (sum < total && !whole) || (tier->stage_count == 0 && t > 0))
                continue;
            struct lint_hit h = limit_hit(&l->matter[i], SEVERITY_WARN);
            h.cause = str_fmt(l->a, "%d/%d", sum, total);
            lint_add(l, &h, "各环节合计%d个工作日，总时限%d个工作日", sum, total);
        }
    }
    return OK;
}

enum err
shape_limit_step(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        int most = shape_promise(m);
        struct shape_days d;
        if (most < 0 || (m->limit_count && m->limit[0].receipt_only))
            continue;
        for (size_t pos = 0; shape_days_next(m->process_text, &pos, &d);) {
            if (d.limit.kind != LIMIT_WORKDAYS || d.limit.n <= most)
                continue;
            struct lint_hit h = {.matter = m,
                                 .field = STR("办理流程"),
                                 .node = shape_verbatim(&l->matter[i], "办理流程"),
                                 .offset = d.at,
                                 .severity = SEVERITY_WARN,
                                 .evidence = d.text,
                                 .cause = str_fmt(l->a, "%d/%d", d.limit.n, most)};
            lint_add(l, &h, "流程写“%.*s”，办理时限只有“%.*s”", STR_ARG(d.text), STR_ARG(m->limit_text));
        }
    }
    return OK;
}

/* Steps that wait for somebody who does not stand at the counter. */
static bool
waits(enum stage_kind k)
{
    static const enum stage_kind SLOW[] = {STAGE_PAY,       STAGE_EXPERT,         STAGE_EXAMINE, STAGE_PUBLICITY,
                                           STAGE_EVALUATE,  STAGE_NEGOTIATE,      STAGE_FINANCE, STAGE_INJURY,
                                           STAGE_INFO_FORM, STAGE_TRANSFER_FUNDS, STAGE_LIST};
    for (size_t i = 0; i < sizeof SLOW / sizeof *SLOW; i++)
        if (SLOW[i] == k)
            return true;
    return false;
}

enum err
shape_limit_instant(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        if (m->limit_count != 1 || m->limit[0].promised.kind != LIMIT_INSTANT || m->limit[0].receipt_only ||
            m->stages_by_system)
            continue;
        for (size_t s = 0; s < m->stage_count && m->stage[s].kind != STAGE_CONCLUDE; s++) {
            if (m->stage[s].when.feel || !waits(m->stage[s].kind))
                continue;
            struct lint_hit h = limit_hit(&l->matter[i], SEVERITY_WARN);
            h.cause = str_c(stage_name(m->stage[s].kind));
            lint_add(l, &h, "印作“%.*s”，流程还有%s%s%.*s", STR_ARG(m->limit_text), stage_name(m->stage[s].kind),
                     str_empty(m->stage[s].name) ? "" : "：", STR_ARG(m->stage[s].name));
            break;
        }
    }
    return OK;
}

//= R14
enum err
shape_limit_legal(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        for (size_t t = 0; t < m->limit_count; t++) {
            int promised = shape_limit_days(m->limit[t].promised), legal = shape_limit_days(m->limit[t].legal);
            if (promised < 0 || legal < 0 || promised <= legal)
                continue;
            struct lint_hit h = limit_hit(&l->matter[i], SEVERITY_ERROR);
            h.cause = str_fmt(l->a, "%d/%d", promised, legal);
            lint_add(l, &h, "承诺%.*s，法定%.*s：承诺比法定长", STR_ARG(limit_text(l->a, m->limit[t].promised)),
                     STR_ARG(limit_text(l->a, m->limit[t].legal)));
        }
    }
    return OK;
}

/* --- the law's limits (catalog/lint/caps.yaml) --- */

static struct str
word(struct yaml_node *map, const char *key)
{
    struct yaml_node *n = map && map->kind == YAML_MAP ? yaml_get(map, key) : NULL;
    return n ? n->text : STR_NONE;
}

/* The row of the caps that names CODE; NULL if the law says nothing about it. */
static struct yaml_node *
cap_of(struct yaml_node *caps, struct str code)
{
    for (struct yaml_node *row = caps ? caps->first : NULL; row; row = row->next)
        for (struct yaml_node *c = row->kind == YAML_MAP ? lint_child(yaml_get(row, "编码"), 0) : NULL; c; c = c->next)
            if (!str_empty(code) && str_eq(c->text, code))
                return row;
    return NULL;
}

enum err
shape_limit_cap(struct lint *l)
{
    struct yaml_node *caps = shape_file(l, STR("lint/caps.yaml"));
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        struct yaml_node *row = shape_code_doubted(l, m) ? NULL : cap_of(caps, m->code);
        struct shape_days cap;
        size_t pos = 0;
        if (!row || !shape_days_next(word(row, "时限"), &pos, &cap))
            continue;
        int most = shape_promise(m), allowed = shape_limit_days(cap.limit);
        for (size_t t = 0; t < m->limit_count; t++)
            if (shape_limit_days(m->limit[t].legal) > most)
                most = shape_limit_days(m->limit[t].legal);
        if (most <= allowed)
            continue;
        struct lint_hit h = limit_hit(&l->matter[i], SEVERITY_ERROR);
        h.cause = str_fmt(l->a, "cap %d", row->line);
        lint_add(l, &h, "%d个工作日，超过《%.*s》%.*s的%.*s", most, STR_ARG(word(row, "法规")),
                 STR_ARG(word(row, "条款")), STR_ARG(word(row, "时限")));
    }
    return OK;
}

static bool
in_words(struct yaml_node *list, struct str s)
{
    for (struct yaml_node *w = lint_child(list, 0); w; w = w->next)
        if (!str_empty(w->text) && str_find(s, w->text) != SIZE_MAX)
            return true;
    return false;
}

static bool
kind_allowed(struct yaml_node *row, struct str name)
{
    if (in_words(yaml_get(row, "不计"), name))
        return true;
    for (struct yaml_node *k = lint_child(yaml_get(row, "材料"), 0); k; k = k->next)
        if (k->kind == YAML_MAP && in_words(yaml_get(k, "词"), name))
            return true;
    return false;
}

/* The first thing that must be brought and that the law does not name; conditional things are left to the eye. */
static const struct material *
beyond(struct yaml_node *row, const struct material *m)
{
    if (m->when.feel || m->discretionary || m->shareable)
        return NULL;
    if (m->node == MATERIAL_LEAF)
        return kind_allowed(row, m->name) || kind_allowed(row, m->verbatim) ? NULL : m;
    const struct material *first = NULL;
    for (size_t i = 0; i < m->child_count; i++) {
        const struct material *x = beyond(row, &m->child[i]);
        if (!x && m->node == MATERIAL_ANY)
            return NULL;
        if (x && !first)
            first = x;
    }
    return first;
}

enum err
shape_materials_cap(struct lint *l)
{
    struct yaml_node *caps = shape_file(l, STR("lint/caps.yaml"));
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        struct yaml_node *row = shape_code_doubted(l, m) ? NULL : cap_of(caps, m->code);
        struct lint_hit h = {.matter = m, .field = STR("办理材料"), .severity = SEVERITY_WARN};
        struct buf names;
        buf_init(&names, l->a, 128);
        for (size_t k = 0; row && yaml_get(row, "材料") && k < m->material_count; k++) {
            const struct material *x = beyond(row, &m->material[k]);
            if (!x)
                continue;
            if (!h.node) {
                h.node = lint_child(lint_node(l->matter[i].root, "办理材料", "清单"), k);
                h.evidence = x->name;
            }
            buf_fmt(&names, "%s“%.*s”", names.n ? "、" : "", STR_ARG(x->name));
        }
        if (!names.n)
            continue;
        h.cause = str_fmt(l->a, "%d %.*s", row->line, STR_ARG(lint_plain(l, buf_str(&names))));
        lint_add(l, &h, "要求%.*s；《%.*s》%.*s：%.*s", STR_ARG(buf_str(&names)), STR_ARG(word(row, "法规")),
                 STR_ARG(word(row, "条款")), STR_ARG(word(row, "要点")));
    }
    return OK;
}

/* --- against the other regions --- */

static int
by_size(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

struct peers {
    int value[PEERS_MAX];
    size_t n;
    struct buf list; /* 甲市5、乙市30 */
};

static int
needed_of(const struct matter *m)
{
    return m->material_mode == MATERIALS_LISTED && m->material_count ? (int)shape_needed_count(m) : -1;
}

/* -1 too where one tier has no number (每季度) or the limit is for the receipt only. */
static int
whole_promise(const struct matter *m)
{
    for (size_t t = 0; t < m->limit_count; t++)
        if (m->limit[t].receipt_only || shape_limit_days(m->limit[t].promised) < 0)
            return -1;
    return shape_promise(m);
}

static void
peers_of(struct lint *l, const struct matter *m, int (*value)(const struct matter *), struct peers *p)
{
    p->n = 0;
    buf_init(&p->list, l->a, 128);
    for (size_t i = 0; i < catalog_region_count(l->c) && p->n < PEERS_MAX; i++) {
        const struct region *r = catalog_region_at(l->c, i);
        const struct matter *other = r == l->r ? NULL : lint_same_code(r, m->code);
        int v = other ? value(other) : -1;
        if (v < 0)
            continue;
        buf_fmt(&p->list, "%s%.*s%d", p->n ? "、" : "", STR_ARG(r->name), v);
        p->value[p->n++] = v;
    }
    qsort(p->value, p->n, sizeof *p->value, by_size);
}

/* At least three others, and far from their middle as well as from the nearest of them. */
enum err
shape_limit_outlier(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        struct peers p;
        int mine = whole_promise(m);
        if (str_empty(m->code) || mine < 0 || shape_code_doubted(l, m))
            continue;
        peers_of(l, m, whole_promise, &p);
        if (p.n < 3)
            continue;
        int middle = p.value[p.n / 2], least = p.value[0], most = p.value[p.n - 1];
        bool longer = mine >= 2 * most && mine >= 3 * middle && mine - middle >= 10;
        bool shorter =
            mine > 0 && mine * 4 <= least && middle - mine >= 10; /* instant: limit-instant looks at the steps */
        if (!longer && !shorter)
            continue;
        struct lint_hit h = limit_hit(&l->matter[i], SEVERITY_INFO);
        h.cause = str_fmt(l->a, "%d %.*s", mine, STR_ARG(buf_str(&p.list)));
        if (shorter)
            h.remedy = STR("核对是否只指其中一段，或印错");
        lint_add(l, &h, "时限%d个工作日，其他地区：%.*s", mine, STR_ARG(buf_str(&p.list)));
    }
    return OK;
}

enum err
shape_materials_outlier(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        struct peers p;
        int mine = needed_of(m);
        if (str_empty(m->code) || mine < 0 || shape_code_doubted(l, m))
            continue;
        peers_of(l, m, needed_of, &p);
        if (p.n < 3 || mine < 2 * p.value[p.n / 2] || mine < p.value[p.n - 1] + 3)
            continue;
        struct lint_hit h = {.matter = m,
                             .field = STR("办理材料"),
                             .node = shape_verbatim(&l->matter[i], "办理材料"),
                             .severity = SEVERITY_INFO,
                             .evidence = m->materials_text,
                             .cause = m->code};
        lint_add(l, &h, "必交材料%d件，其他地区：%.*s", mine, STR_ARG(buf_str(&p.list)));
    }
    return OK;
}
