/* region.yaml: the bureau, its source document, agencies and service points. */
#include "catalog/catalog_int.h"

static enum err
load_source(struct loader *l, struct yaml_node *root, struct region *r)
{
    struct yaml_node *n;
    TRY(l->ctx, yaml_map(l->ctx, root, "来源", &n));
    if (!n)
        return OK;
    TRY(l->ctx, load_text(l, n, "标题", &r->doc_title));
    TRY(l->ctx, load_text(l, n, "文号", &r->doc_number));
    TRY(l->ctx, load_text(l, n, "发布单位", &r->doc_publisher));
    TRY(l->ctx, load_text(l, n, "发布日期", &r->doc_date));
    TRY(l->ctx, load_text(l, n, "文件", &r->doc_file));
    TRY(l->ctx, load_text(l, n, "首部原文", &r->head_text));
    TRY(l->ctx, load_text(l, n, "尾部原文", &r->tail_text));
    return yaml_refuse_unseen(l->ctx, n);
}

static enum err
load_agencies(struct loader *l, struct yaml_node *root, struct region *r)
{
    struct yaml_node *list;
    TRY(l->ctx, yaml_list(l->ctx, root, "机构", &list));
    struct agency *a = ARENA_ARRAY(l->arena, list ? list->count : 0, struct agency);
    r->agency = a;
    for (struct yaml_node *n = list ? list->first : NULL; n; n = n->next, a++, r->agency_count++) {
        TRY(l->ctx, load_need(l, n, "标识", &a->id));
        TRY(l->ctx, load_need(l, n, "名称", &a->name));
        TRY(l->ctx, load_texts(l, n, "股室", &a->section, &a->section_count));
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, n));
    }
    return OK;
}

static enum err
load_points(struct loader *l, struct yaml_node *root, struct region *r)
{
    struct yaml_node *list;
    TRY(l->ctx, yaml_list(l->ctx, root, "服务点", &list));
    struct service_point *p = ARENA_ARRAY(l->arena, list ? list->count : 0, struct service_point);
    r->point = p;
    for (struct yaml_node *n = list ? list->first : NULL; n; n = n->next, p++, r->point_count++) {
        struct str level;
        TRY(l->ctx, load_need(l, n, "标识", &p->id));
        TRY(l->ctx, load_need(l, n, "名称", &p->name));
        TRY(l->ctx, load_text(l, n, "地址", &p->address));
        TRY(l->ctx, load_texts(l, n, "电话", &p->phone, &p->phone_count));
        TRY(l->ctx, load_texts(l, n, "窗口", &p->window, &p->window_count));
        TRY(l->ctx, yaml_flag(l->ctx, n, "评价器", &p->device));
        TRY(l->ctx, yaml_text(l->ctx, n, "层级", &level));
        p->level_known = !str_empty(level);
        if (p->level_known && !level_parse(level, &p->level))
            return yaml_fail(l->ctx, yaml_get(n, "层级"), "不认识的层级“%.*s”", STR_ARG(level));
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, n));
    }
    return OK;
}

static enum err
load_common_notes(struct loader *l, struct yaml_node *root, struct region *r)
{
    struct yaml_node *list;
    TRY(l->ctx, yaml_list(l->ctx, root, "通用备注", &list));
    struct note *x = ARENA_ARRAY(l->arena, list ? list->count : 0, struct note);
    r->common_note = x;
    for (struct yaml_node *n = list ? list->first : NULL; n; n = n->next, x++, r->common_note_count++) {
        TRY(l->ctx, load_need(l, n, "原文", &x->verbatim));
        TRY(l->ctx, load_text(l, n, "自", &x->number));
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, n));
    }
    return OK;
}

static bool
code_is_region(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n == 6;
}

enum err
load_region(struct loader *l, struct yaml_node *root, struct region *r)
{
    struct str level;
    TRY(l->ctx, load_need(l, root, "区划", &r->code));
    if (!code_is_region(r->code))
        return yaml_fail(l->ctx, yaml_get(root, "区划"), "区划代码“%.*s”应为 6 位数字", STR_ARG(r->code));
    TRY(l->ctx, load_need(l, root, "名称", &r->name));
    TRY(l->ctx, load_need(l, root, "经办机构", &r->agency_name));
    TRY(l->ctx, yaml_need(l->ctx, root, "层级", &level));
    if (!level_parse(level, &r->level))
        return yaml_fail(l->ctx, yaml_get(root, "层级"), "不认识的层级“%.*s”", STR_ARG(level));
    TRY(l->ctx, load_text(l, root, "省", &r->province));
    TRY(l->ctx, load_text(l, root, "省代码", &r->province_code));
    TRY(l->ctx, load_text(l, root, "统筹区", &r->pool));
    TRY(l->ctx, load_text(l, root, "统筹区代码", &r->pool_code));
    TRY(l->ctx, load_text(l, root, "上级", &r->parent));
    TRY(l->ctx, yaml_flag(l->ctx, root, "上级约束", &r->parent_binds));
    TRY(l->ctx, load_text(l, root, "默认监督电话", &r->supervision));
    TRY(l->ctx, load_source(l, root, r));
    TRY(l->ctx, load_agencies(l, root, r));
    TRY(l->ctx, load_points(l, root, r));
    TRY(l->ctx, load_common_notes(l, root, r));
    TRY(l->ctx, load_texts(l, root, "渠道平台", &r->platform, &r->platform_count));
    return yaml_refuse_unseen(l->ctx, root);
}
