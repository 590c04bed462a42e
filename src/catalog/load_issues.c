/* The paper that a stage issues (出具): what the guide calls it, to whom it goes, which earlier stages it states, and what the guide says with
** it. Called by load.c for each stage, and by load_matter.c once the matter's papers are known. Nothing may stand in it that the guide does
** not print. */
#include "catalog/catalog_int.h"

/* Stages that are not passed as work, or whose paper is the matter's own: they have none of this kind. */
static bool
issues_nothing(enum stage_kind k)
{
    return k == STAGE_APPLY || k == STAGE_ACCEPT || k == STAGE_CONCLUDE;
}

bool
stage_own_layout(enum stage_kind k)
{
    return k == STAGE_LETTER || k == STAGE_DECIDE;
}

static enum err
load_stated(struct loader *l, struct yaml_node *n, struct stage_paper *p)
{
    struct yaml_node *list;
    TRY(l->ctx, yaml_list(l->ctx, n, "载明", &list));
    if (!list)
        return OK;
    enum stage_kind *of = ARENA_ARRAY(l->arena, list->count, enum stage_kind);
    for (struct yaml_node *c = list->first; c; c = c->next)
        if (c->kind != YAML_SCALAR || !stage_parse(c->text, &of[p->of_count++]))
            return yaml_fail(l->ctx, c, "不认识的环节“%.*s”，请用 docs/CATALOG.md 列出的环节", STR_ARG(c->text));
    p->of = of;
    return OK;
}

enum err
load_issues(struct loader *l, struct yaml_node *stage, struct stage *s)
{
    struct yaml_node *n = yaml_get(stage, "出具");
    if (!n)
        return OK;
    if (issues_nothing(s->kind))
        return yaml_fail(l->ctx, n, "%s环节不能写“出具”，请写在出具这份文书的那个环节", stage_name(s->kind));
    if (n->kind != YAML_MAP)
        return load_need(l, stage, "出具", &s->paper.name);
    if (stage_own_layout(s->kind))
        return yaml_fail(l->ctx, n, "%s环节的文书有自己的版式，“出具”只写文书的名称", stage_name(s->kind));
    TRY(l->ctx, load_need(l, n, "文书", &s->paper.name));
    TRY(l->ctx, load_text(l, n, "送交", &s->paper.to));
    TRY(l->ctx, load_text(l, n, "注明", &s->paper.note));
    TRY(l->ctx, load_stated(l, n, &s->paper));
    return yaml_refuse_unseen(l->ctx, n);
}

static bool
listed(const struct matter *m, struct str name)
{
    for (size_t i = 0; i < m->paper_count; i++)
        if (str_eq(m->paper[i], name))
            return true;
    return false;
}

/* The node of the stage's 出具: stages stand in the file in their order. */
static struct yaml_node *
issues_node(struct yaml_node *root, size_t stage)
{
    struct yaml_node *list = yaml_get(yaml_get(root, "办理流程"), "环节"), *n = list ? list->first : NULL;
    for (; n && stage > 0; stage--)
        n = n->next;
    return n ? yaml_get(n, "出具") : NULL;
}

static bool
comes_before(const struct matter *m, size_t stage, enum stage_kind k)
{
    for (size_t i = 0; i < stage; i++)
        if (m->stage[i].kind == k)
            return true;
    return false;
}

static bool
delivered_last(const struct matter *m, size_t stage)
{
    for (size_t i = stage; i < m->stage_count; i++)
        if (m->stage[i].kind == STAGE_CONCLUDE)
            return false;
    return m->stage[stage].kind == STAGE_DELIVER;
}

/* The guide's own words, stages that come before. */
static enum err
check_stated(struct loader *l, struct yaml_node *n, const struct matter *m, size_t stage)
{
    const struct stage_paper *p = &m->stage[stage].paper;
    for (int k = 0; k < 2; k++) {
        struct str words = k ? p->note : p->to;
        if (!str_empty(words) && str_find(m->process_text, words) == SIZE_MAX)
            return yaml_fail(l->ctx, yaml_get(n, k ? "注明" : "送交"), "办理流程的原文里没有“%.*s”，只能写原文的字句",
                             STR_ARG(words));
    }
    for (size_t k = 0; k < p->of_count; k++)
        if (!comes_before(m, stage, p->of[k]))
            return yaml_fail(l->ctx, yaml_get(n, "载明"), "%s不在这个环节之前，文书载明不了", stage_name(p->of[k]));
    return OK;
}

enum err
check_issues(struct loader *l, struct yaml_node *root, const struct matter *m)
{
    for (size_t i = 0; i < m->stage_count; i++) {
        const struct stage_paper *p = &m->stage[i].paper;
        struct yaml_node *n = str_empty(p->name) ? NULL : issues_node(root, i);
        if (!n)
            continue;
        if (!listed(m, p->name))
            return yaml_fail(l->ctx, n, "“%.*s”不在“文书”里，只能出具指南印了名称的文书", STR_ARG(p->name));
        if (delivered_last(m, i))
            return yaml_fail(l->ctx, n, "最后的送达环节不能写“出具”，请写在它前面的环节");
        TRY(l->ctx, check_stated(l, n, m, i));
    }
    return OK;
}
