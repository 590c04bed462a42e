/* catalog import, the proposing half: what structure a keeper would write beside a matter's prose, as far as the prose says it in a
** way we know. Called by the import for each matter. Must not invent: what is not understood is left out and told as a finding;
** what is read is marked 待核 by a comment. //= R3 R12 */
#include <string.h>

#include "catalog/import/propose_int.h"

/* Is X told for the same words already? Then this matter is added to it. */
static bool
joins(struct proposer *p, struct finding *x, const char *id, struct str evidence)
{
    size_t n = evidence.n;
    if (x->evidence.n != n || (n && x->evidence.p[n - 1] != evidence.p[n - 1])) /* pieces of one text begin alike */
        return false;
    if (!str_eq(x->evidence, evidence) || strcmp(x->id, id) != 0 || !str_eqz(x->field, p->field ? p->field : ""))
        return false;
    finding_matter(p->a, x, p->m->id);
    return true;
}

void
propose_finding(struct proposer *p, const char *id, struct str evidence, const char *message, const char *remedy)
{
    struct str shown = propose_proper(&p->text, evidence);
    size_t pos = 0;
    if (findings_full(p->f))
        return;
    for (int i = 0; i < EVIDENCE_MAX && pos < shown.n; i++)
        (void)str_utf8_next(shown, &pos);
    for (size_t i = 0; i < p->f->n; i++) /* one finding a cause: the same words in other matters join it */
        if (joins(p, &p->f->finding[i], id, str_sub(shown, 0, pos)))
            return;
    int line = 0;
    if (p->passage) {
        line = p->passage->from;
        /* the line inside the passage: joined lines make this the nearest below, never beyond the passage */
        for (const char *c = p->text.original.p;
             c && shown.p >= c && c < shown.p && shown.p <= p->text.original.p + p->text.original.n; c++)
            line += *c == '\n' && line < p->passage->to;
    }
    struct finding x = {.id = id,
                        .severity = SEVERITY_INFO,
                        .field = p->field ? str_c(p->field) : STR(""),
                        .line = line,
                        .evidence = str_dup(p->a, str_sub(shown, 0, pos)),
                        .message = str_c(message),
                        .remedy = str_c(remedy)};
    finding_matter(p->a, &x, p->m->id);
    finding_add(p->a, p->f, &x);
}

struct yaml_node *
propose_map(struct proposer *p, const char *key)
{
    for (struct yaml_node *n = p->root->first; n; n = n->next)
        if (str_eqz(n->key, key))
            return n;
    return yaml_put(p->a, p->root, key, yaml_new_map(p->a));
}

static bool
has_key(const struct yaml_node *map, const char *key)
{
    for (struct yaml_node *n = map->first; n; n = n->next)
        if (str_eqz(n->key, key))
            return true;
    return false;
}

bool
propose_has(const struct proposer *p, const char *name, const char *key)
{
    for (const struct yaml_node *n = p->root->first; n; n = n->next)
        if (str_eqz(n->key, name))
            return has_key(n, key);
    return false;
}

bool
propose_begin(struct proposer *p, enum guide_field field, const char *name, const char *key)
{
    if (propose_has(p, name, key))
        return false;
    p->passage = &p->m->field[field];
    p->field = name;
    p->text = propose_fold(p->a, p->passage->text);
    if (p->text.text.n == 0 && p->passage->text.n > PROPOSE_TEXT_MAX)
        propose_finding(p, "propose-long", p->passage->text, "这一栏太长，没有拆分", "请人工拆分");
    return p->text.text.n > 0;
}

void
propose_mark(struct proposer *p, struct yaml_node *n, struct str from)
{
    struct str shown = propose_proper(&p->text, from);
    size_t pos = 0, line = text_find(shown, "\n");
    for (int i = 0; i < 40 && pos < shown.n && pos < line; i++)
        (void)str_utf8_next(shown, &pos);
    if (n)
        yaml_comment(n, pos ? str_fmt(p->a, "待核: 读自“%.*s%s”", (int)pos, shown.p, pos < shown.n ? "…" : "")
                            : STR("待核: 由原文读出"));
}

void
propose_put_when(struct proposer *p, struct yaml_node *map, const char *key, struct str expression, struct str from)
{
    if (!str_empty(expression))
        propose_mark(p, yaml_put_condition(p->a, map, key, expression), from);
}

/* --- code --- */

/* A matter's name for comparison: folded, the insurance's long names shortened, a remark in brackets at the end and what stands
** before a dash dropped. */
static struct str
plain_name(struct arena *a, struct str s)
{
    static const char *const longs[] = {"基本医疗保险", "医疗保险", "基本医保", NULL};
    static const char *const heads[] = {"城乡", "城镇", NULL};
    struct str body, content;
    s = propose_fold(a, s).text;
    size_t dash = text_find(s, "—");
    if (dash != SIZE_MAX)
        s = text_from(s, dash);
    while (text_drop_start(&s, "—")) {
    }
    if (text_last_paren(s, &body, &content))
        s = body;
    if (!text_starts(s, "城乡居民"))
        (void)text_drop_start_any(&s, heads);
    struct buf b;
    buf_init(&b, a, s.n + 8);
    while (s.n) {
        size_t one = 0;
        if (text_drop_start_any(&s, longs)) {
            buf_addz(&b, "医保");
            continue;
        }
        (void)str_utf8_next(s, &one);
        buf_add(&b, str_sub(s, 0, one));
        s = text_from(s, one);
    }
    return buf_str(&b);
}

static void
propose_code(struct proposer *p)
{
    const struct standard_matter *hit = NULL;
    struct str printed = propose_fold(p->a, p->m->code.text).text;
    size_t hits = 0;
    if (has_key(p->root, "标准编码"))
        return;
    p->text = propose_fold(p->a, p->m->name.text);
    p->passage = &p->m->name;
    p->field = "标准编码";
    struct str name = plain_name(p->a, p->m->name.text);
    for (size_t i = 0; i < catalog_standard_count(p->shared); i++) {
        const struct standard_matter *s = catalog_standard_at(p->shared, i);
        bool fits =
            str_empty(printed) ? str_eq(plain_name(p->a, s->name), name) : str_find(printed, s->code) != SIZE_MAX;
        if (fits) {
            hit = s;
            hits++;
        }
    }
    if (hits != 1) {
        propose_finding(p, "propose-code", str_empty(printed) ? p->text.text : p->m->code.text,
                        hits ? "不止一个标准编码符合" : "标准清单里没有同名的事项",
                        "是标准事项的，请填“标准编码”和“编码来源”");
        return;
    }
    struct yaml_node *n = yaml_put_text(p->a, p->root, "标准编码", hit->code);
    if (str_empty(printed))
        propose_mark(p, n, p->text.text);
    (void)yaml_put_text(p->a, p->root, "编码来源", str_empty(printed) ? STR("对应") : STR("印发"));
}

/* --- all of it --- */

enum err
propose_structure(struct ctx *ctx, const struct catalog *shared, const struct guide_matter *m, struct yaml_node *map,
                  struct findings *f)
{
    struct proposer p = {.ctx = ctx, .a = ctx->arena, .shared = shared, .m = m, .root = map, .f = f};
    struct buf all;
    if (map->kind != YAML_MAP)
        FAIL(ctx, ERR_INTERNAL, "事项文件的根应为键值");
    buf_init(&all, p.a, 4096);
    buf_add(&all, m->name.text);
    for (size_t i = 0; i < GUIDE_FIELD_COUNT; i++)
        buf_add(&all, m->field[i].text);
    for (size_t i = 0; i < m->note_count; i++)
        buf_add(&all, m->note[i].text);
    p.context = propose_fold(p.a, buf_str(&all)).text;
    propose_facts(&p);
    propose_code(&p);
    propose_channels(&p);
    propose_levels(&p);
    propose_materials(&p);
    propose_process(&p);
    propose_limits(&p);
    propose_consult(&p);
    propose_supervision(&p);
    propose_rating(&p);
    propose_delivery(&p);
    return OK;
}
