/* The field 办理材料 as a whole: which way it is printed (列明, 按引用, 部门提供), and the tree of papers into rows. //= R5 */
#include "catalog/import/propose_int.h"

enum { MATERIAL_DEPTH = 7 }; /* the loader takes 8 */

/* --- emitting --- */

static void
emit(struct proposer *p, struct yaml_node *list, const struct node *n)
{
    struct yaml_node *x = yaml_put(p->a, list, NULL, yaml_new_map(p->a));
    if (n->kind == NODE_LEAF) {
        (void)yaml_put_text(p->a, x, "材料", n->name);
        (void)yaml_put_text(p->a, x, "原文", n->verbatim);
    } else {
        (void)yaml_put_text(p->a, x, "名称", n->name);
    }
    propose_put_when(p, x, "当", n->when, n->when_from);
    if (n->kind == NODE_LEAF) {
        (void)yaml_put_text(p->a, x, "表单", n->form);
        (void)yaml_put_text(p->a, x, "形式", n->medium);
        (void)yaml_put_text(p->a, x, "份数", n->copies);
        (void)yaml_put_text(p->a, x, "盖章", n->stamp);
        propose_put_when(p, x, "盖章当", n->stamp_when, n->verbatim);
        (void)yaml_put_text(p->a, x, "年限", n->age);
        (void)yaml_put_text(p->a, x, "可共享", n->shareable ? STR("是") : STR_NONE);
        (void)yaml_put_text(p->a, x, "共享来源", n->share_source);
        (void)yaml_put_text(p->a, x, "可承诺", n->committable ? STR("是") : STR_NONE);
        (void)yaml_put_text(p->a, x, "可容缺", n->tolerable ? STR("是") : STR_NONE);
    }
    (void)yaml_put_text(p->a, x, "裁量", n->discretionary ? STR("是") : STR_NONE);
    if (n->kind == NODE_LEAF)
        return;
    struct yaml_node *children = yaml_put(p->a, x, n->kind == NODE_ANY ? "任一" : "全部", yaml_new_list(p->a));
    for (const struct node *c = n->first; c; c = c->next)
        emit(p, children, c);
}

static int
leaves(const struct node *n)
{
    int count = n->kind == NODE_LEAF;
    for (const struct node *c = n->first; c; c = c->next)
        count += leaves(c);
    return count;
}

static int
depth_of(const struct node *n)
{
    int deepest = 0;
    for (const struct node *c = n->first; c; c = c->next) {
        int d = depth_of(c);
        deepest = d > deepest ? d : deepest;
    }
    return deepest + 1;
}

static bool
fits(const struct node *all)
{
    return leaves(all) <= PROPOSE_LEAVES_MAX && depth_of(all) < MATERIAL_DEPTH;
}

/* --- the field --- */

/* 根据…协议执行, 按照…规程办理: no list, a reference. */
static bool
is_reference(struct str s)
{
    static const char *const leads[] = {"根据", "按照", "参照", "详见", "按", NULL};
    static const char *const whats[] = {"协议", "规程", "办法", "规定", "通知", "要求", "附件", NULL};
    if (text_has(s, "《") && text_has(s, "表》"))
        return false;
    return text_chars(s) < 80 && text_has_any(s, leads) && text_has_any(s, whats) &&
           (text_has(s, "执行") || text_has(s, "详见") || text_ends(s, "办理")) && !text_has(s, "1.") &&
           !text_has(s, "1、");
}

/* 某局提供名单: not the applicant. */
static bool
is_department(struct str s, struct str *ret_who, struct str *ret_what)
{
    static const char *const offices[] = {"局", "部门", "办", "委", "联合会", "残联", "法院", NULL};
    static const char *const what[] = {"名单", "名册", "清单", "数据", "信息", NULL};
    size_t at = text_find(s, "提供");
    if (at == SIZE_MAX || !text_ends_any(str_sub(s, 0, at), offices) || text_has(s, "1.") || text_chars(s) > 120)
        return false;
    struct str rest = text_from(s, at + 6);
    size_t end = text_find(rest, ",");
    *ret_who = str_sub(s, 0, at);
    *ret_what = text_trim(str_sub(rest, 0, end == SIZE_MAX ? rest.n : end));
    (void)text_drop_start(ret_who, "由");
    return text_ends_any(*ret_what, what) && text_find_outside(*ret_who, "。", 0) == SIZE_MAX;
}

static void
put_list(struct proposer *p, struct yaml_node *map, const struct node *all)
{
    if (!all->first)
        return;
    struct yaml_node *list = yaml_put(p->a, map, "清单", yaml_new_list(p->a));
    yaml_comment(list, STR("待核: 由原文读出，请逐项核对"));
    for (const struct node *c = all->first; c; c = c->next)
        emit(p, list, c);
}

/* Nothing was read, or more than a list may hold: the printed lines are the papers, word for word. */
static void
fall_back(struct proposer *p, struct node *all)
{
    struct str rest = p->text.text, line;
    propose_finding(p, "propose-material", p->text.text, "材料没有读懂，照原文一行一项列出", "请人工拆分“清单”");
    all->first = all->last = NULL;
    for (int i = 0; i < 50 && text_piece(&rest, "\n", &line);) {
        if (str_empty(text_trim(line)))
            continue;
        struct node *leaf = node_new(p, NODE_LEAF);
        leaf->name = propose_proper(&p->text, text_trim(line));
        if (leaf->name.n > PROPOSE_SENTENCE_MAX)
            continue;
        node_add(all, leaf);
        i++;
    }
}

void
propose_materials(struct proposer *p)
{
    struct node *all = node_new(p, NODE_ALL);
    struct str who, what;
    if (propose_has(p, "办理材料", "方式"))
        return;
    bool printed = propose_begin(p, GUIDE_MATERIALS, "办理材料", "方式");
    struct yaml_node *map = propose_map(p, "办理材料");
    struct str whole = text_trim(p->text.text);
    if (!printed) {
        (void)yaml_put_text(p->a, map, "方式", STR("未列"));
        return;
    }
    if (is_reference(whole)) {
        propose_mark(p, yaml_put_text(p->a, map, "方式", STR("按引用")), whole);
        (void)yaml_put_text(p->a, map, "引用", p->passage->text);
        return;
    }
    if (is_department(whole, &who, &what)) {
        propose_mark(p, yaml_put_text(p->a, map, "方式", STR("部门提供")), whole);
        (void)yaml_put_text(p->a, map, "引用", p->passage->text);
        struct yaml_node *list = yaml_put(p->a, map, "清单", yaml_new_list(p->a)),
                         *x = yaml_put(p->a, list, NULL, yaml_new_map(p->a));
        propose_mark(p, list, whole);
        (void)yaml_put_text(p->a, x, "材料", propose_proper(&p->text, what));
        (void)yaml_put_text(p->a, x, "提供方", propose_proper(&p->text, who));
        return;
    }
    propose_read_list(p, all, false, STR(""));
    struct proposer list = *p;
    if (!all->first || !fits(all))
        fall_back(&list, all);
    for (size_t i = 0; i < p->m->note_count && fits(all); i++) {
        p->passage = &p->m->note[i];
        p->text = propose_fold(p->a, p->passage->text);
        p->field = "注意事项";
        propose_read_list(p, all, true, list.text.text);
    }
    if (!fits(all))
        fall_back(&list, all);
    (void)yaml_put_text(p->a, map, "方式", all->first ? STR("列明") : STR("未列"));
    put_list(p, map, all);
}
