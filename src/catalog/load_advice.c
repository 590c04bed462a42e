/* 指引 of a matter: what the guide says of the further way, and under which condition; 现场查看: what is looked at on the spot;
** 认定监管: whose verdicts the agency supervises. */
#include "catalog/catalog_int.h"

const char *
advice_id(enum advice_kind k)
{
    static const char *const ids[ADVICE_KIND_COUNT] = {"told", "elsewhere", "category", "follow_up"};
    return ids[k];
}

/* Where it is told: before applying unless 处 says otherwise; what concerns a case also on the case. */
static enum err
load_places(struct loader *l, struct yaml_node *n, struct advice *a)
{
    const struct str *place;
    size_t count;
    TRY(l->ctx, load_texts(l, n, "处", &place, &count));
    if (count && a->kind != ADVICE_TOLD)
        return yaml_fail(l->ctx, yaml_get(n, "处"), "写了“转由”“归类”“后续”的不用写“处”");
    a->at_check = count == 0;
    a->at_case = a->kind == ADVICE_CATEGORY || a->kind == ADVICE_FOLLOW_UP;
    for (size_t i = 0; i < count; i++) {
        bool check = str_eqz(place[i], "核对");
        if (!check && !str_eqz(place[i], "办件"))
            return yaml_fail(l->ctx, yaml_get(n, "处"), "不认识的处“%.*s”，可写 核对、办件", STR_ARG(place[i]));
        a->at_check = a->at_check || check;
        a->at_case = a->at_case || !check;
    }
    return OK;
}

static enum err
load_one(struct loader *l, struct yaml_node *n, struct matter *m, struct advice *a)
{
    static const char *const keys[ADVICE_KIND_COUNT] = {
        [ADVICE_ELSEWHERE] = "转由", [ADVICE_CATEGORY] = "归类", [ADVICE_FOLLOW_UP] = "后续"};
    TRY(l->ctx, load_condition(l, n, "当", &m->facts, &a->when));
    TRY(l->ctx, load_need(l, n, "原文", &a->verbatim));
    TRY(l->ctx, load_text(l, n, "电话", &a->phone));
    TRY(l->ctx, load_texts(l, n, "事项", &a->matter, &a->matter_count));
    for (int k = ADVICE_ELSEWHERE; k < ADVICE_KIND_COUNT; k++) {
        struct str what;
        TRY(l->ctx, load_text(l, n, keys[k], &what));
        if (str_empty(what))
            continue;
        if (a->kind != ADVICE_TOLD)
            return yaml_fail(l->ctx, n, "“转由”“归类”“后续”只能写一种");
        a->kind = (enum advice_kind)k;
        a->what = what;
    }
    if ((a->kind == ADVICE_ELSEWHERE || a->kind == ADVICE_CATEGORY) && !a->when.feel)
        return yaml_fail(l->ctx, n, "“%s”要写“当”：在什么情形下", keys[a->kind]);
    if (a->kind != ADVICE_ELSEWHERE && !str_empty(a->phone))
        return yaml_fail(l->ctx, yaml_get(n, "电话"), "“电话”只和“转由”一起写");
    TRY(l->ctx, load_places(l, n, a));
    return yaml_refuse_unseen(l->ctx, n);
}

enum err
load_advice(struct loader *l, struct yaml_node *root, struct matter *m)
{
    struct yaml_node *list;
    TRY(l->ctx, yaml_list(l->ctx, root, "指引", &list));
    struct advice *a = ARENA_ARRAY(l->arena, list ? list->count : 0, struct advice);
    m->advice = a;
    for (struct yaml_node *n = list ? list->first : NULL; n; n = n->next)
        TRY(l->ctx, load_one(l, n, m, &a[m->advice_count++]));
    return OK;
}

enum err
load_on_site(struct loader *l, struct yaml_node *root, struct matter *m) //= R257
{
    struct yaml_node *n;
    struct on_site *s = &m->on_site;
    TRY(l->ctx, yaml_map(l->ctx, root, "现场查看", &n));
    if (!n)
        return OK;
    TRY(l->ctx, load_need(l, n, "原文", &s->verbatim));
    TRY(l->ctx, load_need(l, n, "依据", &s->source));
    TRY(l->ctx, load_texts(l, n, "项目", &s->item, &s->item_count));
    if (s->item_count > ON_SITE_MAX)
        return yaml_fail(l->ctx, yaml_get(n, "项目"), "现场查看的项目超过 %d 项", ON_SITE_MAX);
    return yaml_refuse_unseen(l->ctx, n);
}

enum err
load_oversight(struct loader *l, struct yaml_node *root, struct matter *m) //= R179
{
    struct yaml_node *n;
    TRY(l->ctx, yaml_map(l->ctx, root, "认定监管", &n));
    if (!n)
        return OK;
    TRY(l->ctx, load_condition(l, n, "当", &m->facts, &m->oversight.when));
    TRY(l->ctx, load_need(l, n, "原文", &m->oversight.verbatim));
    return yaml_refuse_unseen(l->ctx, n);
}
