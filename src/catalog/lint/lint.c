/* The lint's frame: reads a region's files once more as trees (for lines), runs both tables of rules over it, gathers the occurrences of
** one cause into one finding, and sets aside what the keeper has accepted. It knows no rule. */
#include "catalog/lint.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/lint/lint_int.h"

enum { TOLD_MAX = 20000, TEXTS_MAX = 4096, ACCEPTED_MAX = 2000, RULES_MAX = 128 };

struct lint_cause {
    const struct lint_rule_def *rule;
    uint64_t hash;
    struct str cause;
    size_t finding; /* index in found */
};

/* The frame's own rule; it is reported by apply_accepted, so it has nothing to run. */
static const struct lint_rule_def stale_rule = {"accepted-stale", SEVERITY_INFO, "已接受清单里的一条不再对应任何发现",
                                                "核对指南是否已经改正；已改正的，从 accepted.yaml 删去这一条", NULL};

/* --- where things stand --- */

int
lint_line(const struct yaml_node *n, size_t offset)
{
    if (!n || n->kind != YAML_SCALAR || n->plain)
        return n ? n->line : 0;
    int breaks = 0;
    bool several = memchr(n->text.p, '\n', n->text.n) != NULL;
    for (size_t i = 0; i < offset && i < n->text.n; i++)
        breaks += n->text.p[i] == '\n';
    return several ? n->line + 1 + breaks : n->line; /* a |- block begins on the line after its mark */
}

struct yaml_node *
lint_node(struct yaml_node *map, const char *key, const char *key2)
{
    struct yaml_node *n = yaml_get(map, key);
    return n && key2 ? yaml_get(n, key2) : n;
}

struct yaml_node *
lint_child(const struct yaml_node *n, size_t i)
{
    struct yaml_node *c = n && n->kind != YAML_SCALAR ? n->first : NULL;
    while (c && i--)
        c = c->next;
    return c;
}

const struct lint_text *
lint_text_of(const struct lint_matter *m, const char *field)
{
    for (size_t i = 0; i < m->text_count; i++)
        if (str_eqz(m->text[i].field, field))
            return &m->text[i];
    return NULL;
}

const struct matter *
lint_same_code(const struct region *r, struct str code)
{
    for (size_t i = 0; i < r->matter_count && !str_empty(code); i++)
        if (str_eq(r->matter[i].code, code))
            return &r->matter[i];
    return NULL;
}

/* --- findings --- */

static bool
has_matter(const struct finding *f, struct str id)
{
    for (size_t i = 0; i < f->matter_count; i++)
        if (str_eq(f->matter[i], id))
            return true;
    return false;
}

static void
add_matter(struct lint *l, struct finding *f, const struct matter *m)
{
    if (!m || has_matter(f, m->id))
        return;
    struct str *ids = (struct str *)(uintptr_t)f->matter; /* ours: allocated for the whole region's matters */
    ids[f->matter_count++] = str_dup(l->ctx->arena, m->id);
}

static struct str
cut(struct arena *a, struct str s)
{
    size_t at = 0;
    for (size_t n = 0; n < EVIDENCE_MAX && at < s.n; n++)
        (void)str_utf8_next(s, &at);
    return str_dup(a, str_sub(s, 0, at));
}

static struct finding *
found_before(struct lint *l, struct str cause)
{
    uint64_t hash = str_hash(cause);
    for (size_t i = 0; i < l->cause_cap; i++)
        if (l->cause[i].hash == hash && l->cause[i].rule == l->rule && str_eq(l->cause[i].cause, cause))
            return &l->found->finding[l->cause[i].finding];
    if (l->found->n == FINDINGS_MAX || l->cause_cap == FINDINGS_MAX)
        return NULL;
    l->cause[l->cause_cap++] = (struct lint_cause){l->rule, hash, str_dup(l->keep, cause), l->found->n};
    return NULL;
}

void
lint_add(struct lint *l, const struct lint_hit *h, const char *message, ...)
{
    struct arena *a = l->ctx->arena;
    struct str cause =
        str_empty(h->cause) ? str_fmt(l->a, "%.*s|%.*s", STR_ARG(h->field), STR_ARG(h->evidence)) : h->cause;
    struct finding *f = found_before(l, cause);
    if (l->told_count < TOLD_MAX)
        l->told[l->told_count++] =
            (struct lint_told){l->rule, h->matter, str_dup(l->keep, h->field), lint_line(h->node, h->offset)};
    if (f) {
        add_matter(l, f, h->matter);
        return;
    }
    if (l->found->n == FINDINGS_MAX)
        return;
    f = &l->found->finding[l->found->n++];
    va_list ap;
    va_start(ap, message);
    *f = (struct finding){.id = l->rule->id,
                          .severity = h->severity > l->rule->severity ? l->rule->severity : h->severity,
                          .region = str_dup(a, l->r->code),
                          .matter = ARENA_ARRAY(a, l->n + 1, struct str),
                          .field = str_dup(a, h->field),
                          .line = lint_line(h->node, h->offset),
                          .evidence = cut(a, h->evidence),
                          .message = str_vfmt(a, message, ap),
                          .remedy = str_dup(a, str_empty(h->remedy) ? str_c(l->rule->remedy) : h->remedy)};
    va_end(ap);
    if (l->found->n == FINDINGS_MAX) { /* what is not listed may be worse than what is: it must not look like all */
        f->id = "findings-full";
        f->severity = SEVERITY_ERROR;
        f->field = f->evidence = STR("");
        f->message = str_fmt(a, "发现超过 %d 处，其余没有列出", FINDINGS_MAX - 1);
        f->remedy = STR("先改正前面列出的，再检查一次；或用 --region 一个统筹区一个统筹区地查");
    }
    f->file = str_dup(a, h->node ? h->node->file : h->matter ? h->matter->file : l->region_root->file);
    add_matter(l, f, h->matter);
}

/* --- a region's texts --- */

struct gather {
    struct lint_text *text;
    size_t n;
};

static void
gather(struct gather *g, struct str field, const struct yaml_node *n)
{
    if (n && n->kind == YAML_SCALAR && !str_empty(n->text) && g->n < TEXTS_MAX)
        g->text[g->n++] = (struct lint_text){field, n->text, n};
}

static void
gather_list(struct gather *g, struct yaml_node *list, const char *key)
{
    for (struct yaml_node *c = list && list->kind == YAML_LIST ? list->first : NULL; c; c = c->next)
        gather(g, list->key, c->kind == YAML_MAP ? yaml_get(c, key) : c);
}

static void
gather_matter(struct lint *l, struct lint_matter *m, struct lint_text room[TEXTS_MAX])
{
    static const char *const plain[] = {"序号", "名称", "标题", "标题名称", "组", "图题", "受理单位", "状态依据"};
    static const char *const fields[] = {"服务对象", "办理渠道", "办理层级", "办理材料", "办理流程",
                                         "办理时限", "咨询方式", "监督电话", "评价渠道", "送达"};
    struct gather g = {room, 0};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        gather(&g, str_c(plain[i]), yaml_get(m->root, plain[i]));
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        gather(&g, str_c(fields[i]), lint_node(m->root, fields[i], "原文"));
    gather(&g, STR("办理时限.法定原文"), lint_node(m->root, "办理时限", "法定原文"));
    gather_list(&g, yaml_get(m->root, "设定依据"), "");
    gather_list(&g, yaml_get(m->root, "注意事项"), "原文");
    gather_list(&g, yaml_get(m->root, "其他原文"), "原文");
    gather_list(&g, yaml_get(m->root, "异文"), "原文");
    struct lint_text *own = ARENA_ARRAY(l->a, g.n, struct lint_text);
    if (g.n)
        memcpy(own, g.text, g.n * sizeof *own);
    m->text = own;
    m->text_count = g.n;
}

static enum err
parse_tree(struct lint *l, struct str path, struct yaml_node **ret_root)
{
    const struct catalog_file *f = catalog_files_get(l->files, path);
    if (!f)
        FAIL(l->ctx, ERR_CATALOG, "%.*s:1:1: 目录文件里没有它，请确认检查的是同一份目录", STR_ARG(path));
    struct ctx apart = *l->ctx;
    apart.arena = l->a;
    enum err e = yaml_parse(&apart, l->a, path, f->bytes, ret_root);
    if (e != OK) /* its detail goes with the scratch arena */
        l->ctx->fail->detail = str_dup(l->ctx->arena, l->ctx->fail->detail);
    return e;
}

static enum err
open_region(struct lint *l)
{
    TRY(l->ctx, parse_tree(l, str_fmt(l->a, "regions/%.*s/region.yaml", STR_ARG(l->r->code)), &l->region_root));
    struct lint_matter *m = ARENA_ARRAY(l->a, l->r->matter_count, struct lint_matter);
    struct lint_text *room = ARENA_ARRAY(l->a, TEXTS_MAX, struct lint_text);
    l->n = l->r->matter_count;
    l->matter = m;
    for (size_t i = 0; i < l->n; i++) {
        m[i].m = &l->r->matter[i];
        TRY(l->ctx, parse_tree(l, m[i].m->file, &m[i].root));
        gather_matter(l, &m[i], room);
    }
    return OK;
}

/* --- what the keeper has accepted --- */

struct acceptance {
    struct str rule, field, evidence, reason;
    struct str *matter;
    size_t matter_count;
    struct yaml_node *node;
    bool used;
};

static bool
listed(const struct acceptance *x, struct str id)
{
    for (size_t i = 0; i < x->matter_count; i++)
        if (str_eq(x->matter[i], id))
            return true;
    return x->matter_count == 0;
}

/* A matter that is not in the acceptance's list opens the finding again. */
static bool
accepts(const struct acceptance *x, const struct finding *f)
{
    if (!str_eqz(x->rule, f->id) || (!str_empty(x->field) && !str_eq(x->field, f->field)) ||
        (!str_empty(x->evidence) && str_find(f->evidence, x->evidence) == SIZE_MAX))
        return false;
    for (size_t i = 0; i < f->matter_count; i++)
        if (!listed(x, f->matter[i]))
            return false;
    return true;
}

static enum err
read_acceptance(struct lint *l, struct yaml_node *n, struct acceptance *x)
{
    struct str by, day_s;
    struct day day;
    x->node = n;
    if (n->kind != YAML_MAP)
        return yaml_fail(l->ctx, n, "每条应写成“- 规则: …”，并写明 理由、经手人、日期");
    TRY(l->ctx, yaml_need(l->ctx, n, "规则", &x->rule));
    TRY(l->ctx, yaml_texts(l->ctx, l->a, n, "事项", &x->matter, &x->matter_count));
    TRY(l->ctx, yaml_text(l->ctx, n, "字段", &x->field));
    TRY(l->ctx, yaml_text(l->ctx, n, "证据", &x->evidence));
    TRY(l->ctx, yaml_need(l->ctx, n, "理由", &x->reason));
    TRY(l->ctx, yaml_need(l->ctx, n, "经手人", &by));
    TRY(l->ctx, yaml_need(l->ctx, n, "日期", &day_s));
    if (!day_parse(day_s, &day))
        return yaml_fail(l->ctx, yaml_get(n, "日期"), "日期“%.*s”应写成 2026-01-01", STR_ARG(day_s));
    const struct lint_rule *rule;
    size_t rules = lint_rules(&rule), i = 0;
    while (i < rules && !str_eqz(x->rule, rule[i].id))
        i++;
    if (i == rules)
        return yaml_fail(l->ctx, yaml_get(n, "规则"), "没有叫“%.*s”的规则，请对照 docs/CATALOG.md 改正",
                         STR_ARG(x->rule));
    return yaml_refuse_unseen(l->ctx, n);
}

static enum err
apply_accepted(struct lint *l, size_t from)
{
    struct str path = str_fmt(l->a, "regions/%.*s/accepted.yaml", STR_ARG(l->r->code));
    struct yaml_node *root;
    if (!catalog_files_get(l->files, path))
        return OK;
    TRY(l->ctx, parse_tree(l, path, &root));
    if (root->kind != YAML_LIST || root->count > ACCEPTED_MAX)
        return yaml_fail(l->ctx, root, "已接受清单应为列表，最多 %d 条", ACCEPTED_MAX);
    struct acceptance *x = ARENA_ARRAY(l->a, root->count, struct acceptance);
    size_t n = 0, upto = l->found->n;
    for (struct yaml_node *c = root->first; c; c = c->next)
        TRY(l->ctx, read_acceptance(l, c, &x[n++]));
    for (size_t i = from; i < upto; i++)
        for (size_t k = 0; k < n; k++)
            if (accepts(&x[k], &l->found->finding[i])) {
                x[k].used = true;
                l->found->finding[i].accepted = str_dup(l->ctx->arena, x[k].reason);
            }
    l->rule = &stale_rule;
    for (size_t k = 0; k < n; k++)
        if (!x[k].used)
            lint_add(l,
                     &(struct lint_hit){.node = x[k].node,
                                        .field = x[k].field,
                                        .evidence = str_empty(x[k].evidence) ? x[k].rule : x[k].evidence,
                                        .cause = str_fmt(l->a, "%d", x[k].node->line)},
                     "接受过的“%.*s”现在没有对应的发现", STR_ARG(x[k].rule));
    return OK;
}

/* --- running --- */

static enum err
run_table(struct lint *l, const struct lint_rule_def *rule, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        SCOPED_ARENA scratch = arena_new(0); /* a long guide has every text taken apart by many rules */
        l->rule = &rule[i];
        l->a = scratch;
        enum err e = rule[i].run(l);
        l->a = l->keep;
        TRY(l->ctx, e);
    }
    return OK;
}

static enum err
lint_region(struct lint *l)
{
    size_t from = l->found->n;
    l->cause = ARENA_ARRAY(l->a, FINDINGS_MAX, struct lint_cause);
    l->told = ARENA_ARRAY(l->a, TOLD_MAX, struct lint_told);
    l->told_count = l->cause_cap = 0;
    TRY(l->ctx, open_region(l));
    TRY(l->ctx, run_table(l, lint_text_rules, lint_text_rule_count));
    TRY(l->ctx, run_table(l, lint_shape_rules, lint_shape_rule_count));
    return apply_accepted(l, from);
}

static int
in_order(const void *a, const void *b)
{
    const struct finding *x = a, *y = b;
    int c = str_cmp(x->region, y->region);
    if (c == 0)
        c = (int)y->severity - (int)x->severity;
    if (c == 0)
        c = str_cmp(x->file, y->file);
    if (c == 0)
        c = x->line - y->line;
    if (c == 0)
        c = strcmp(x->id, y->id);
    c = c ? c : str_cmp(x->field, y->field);
    c = c ? c : str_cmp(x->evidence, y->evidence);
    return c ? c : str_cmp(x->message, y->message); /* no two alike: the order is not the sort's own */
}

enum err
catalog_lint(struct ctx *ctx, const struct catalog *c, const struct catalog_files *files, struct str code,
             struct findings *ret_f)
{
    SCOPED_ARENA house = arena_new(0);
    struct findings found = {ARENA_ARRAY(ctx->arena, FINDINGS_MAX, struct finding), 0};
    const struct lint_terms *terms;
    if (!str_empty(code) && !catalog_region(c, code))
        FAIL(ctx, ERR_NOT_FOUND, "没有统筹区 %.*s，请用六位区划代码", STR_ARG(code));
    TRY(ctx, lint_terms_read(ctx, house, c, files, &terms));
    for (size_t i = 0; i < catalog_region_count(c); i++) {
        const struct region *r = catalog_region_at(c, i);
        if (!str_empty(code) && !str_eq(code, r->code))
            continue;
        SCOPED_ARENA scratch = arena_new(0);
        struct lint l = {
            .ctx = ctx, .a = scratch, .keep = scratch, .c = c, .files = files, .r = r, .terms = terms, .found = &found};
        TRY(ctx, lint_region(&l));
    }
    if (found.n)
        qsort(found.finding, found.n, sizeof *found.finding, in_order);
    *ret_f = found;
    return OK;
}

/* --- the table --- */

static struct lint_rule all_rules[RULES_MAX];
static size_t all_count;
static pthread_once_t all_once = PTHREAD_ONCE_INIT;

static void
take(const struct lint_rule_def *rule, size_t n)
{
    for (size_t i = 0; i < n && all_count < RULES_MAX; i++)
        all_rules[all_count++] = (struct lint_rule){rule[i].id, rule[i].severity, rule[i].what, rule[i].remedy};
}

static void
fill_rules(void)
{
    take(lint_text_rules, lint_text_rule_count);
    take(lint_shape_rules, lint_shape_rule_count);
    take(&stale_rule, 1);
}

size_t
lint_rules(const struct lint_rule **ret_rules)
{
    (void)pthread_once(&all_once, fill_rules);
    *ret_rules = all_rules;
    return all_count;
}
