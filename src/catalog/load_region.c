/* region.yaml: the bureau, its source document, agencies and service points. */
#include "catalog/catalog_int.h"

enum { POINTS_MAX = 4096 };

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

/* An item of a list that is either a plain text or a map with its name under 名称. */
static enum err
load_named(struct loader *l, struct yaml_node *n, struct str *ret_name)
{
    if (n->kind == YAML_MAP)
        return load_need(l, n, "名称", ret_name);
    if (n->kind != YAML_SCALAR || str_empty(n->text))
        return yaml_fail(l->ctx, n, "应是一段文字，或带“名称”的映射");
    *ret_name = str_dup(l->arena, n->text);
    return OK;
}

static enum err
load_sections(struct loader *l, struct yaml_node *map, struct agency *a)
{
    struct yaml_node *list;
    TRY(l->ctx, yaml_list(l->ctx, map, "股室", &list));
    size_t n = list ? list->count : 0;
    struct str *name = ARENA_ARRAY(l->arena, n, struct str);
    struct section *s = ARENA_ARRAY(l->arena, n, struct section);
    a->section = name;
    a->section_detail = s;
    for (struct yaml_node *x = list ? list->first : NULL; x; x = x->next, name++, s++, a->section_count++) {
        TRY(l->ctx, load_named(l, x, name));
        if (x->kind != YAML_MAP)
            continue;
        TRY(l->ctx, load_text(l, x, "位置", &s->place));
        TRY(l->ctx, load_texts(l, x, "电话", &s->phone, &s->phone_count));
        TRY(l->ctx, load_text(l, x, "说明", &s->note));
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, x));
    }
    return OK;
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
        TRY(l->ctx, load_text(l, n, "地址", &a->address));
        TRY(l->ctx, load_texts(l, n, "电话", &a->phone, &a->phone_count));
        TRY(l->ctx, load_text(l, n, "说明", &a->note));
        TRY(l->ctx, load_sections(l, n, a));
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, n));
    }
    return OK;
}

static enum err
load_window(struct loader *l, struct yaml_node *x, struct window *w)
{
    TRY(l->ctx, load_text(l, x, "位置", &w->place));
    TRY(l->ctx, load_text(l, x, "用途", &w->use));
    TRY(l->ctx, load_texts(l, x, "又称", &w->alias, &w->alias_count));
    TRY(l->ctx, load_texts(l, x, "电话", &w->phone, &w->phone_count));
    TRY(l->ctx, load_texts(l, x, "事项", &w->matter, &w->matter_count));
    return yaml_refuse_unseen(l->ctx, x);
}

static enum err
load_windows(struct loader *l, struct yaml_node *map, struct service_point *p)
{
    struct yaml_node *list;
    TRY(l->ctx, yaml_list(l->ctx, map, "窗口", &list));
    size_t n = list ? list->count : 0;
    struct str *name = ARENA_ARRAY(l->arena, n, struct str);
    struct window *w = ARENA_ARRAY(l->arena, n, struct window);
    p->window = name;
    p->window_detail = w;
    for (struct yaml_node *x = list ? list->first : NULL; x; x = x->next, name++, w++, p->window_count++) {
        TRY(l->ctx, load_named(l, x, name));
        if (x->kind == YAML_MAP)
            TRY(l->ctx, load_window(l, x, w));
    }
    return OK;
}

static enum err
load_point(struct loader *l, struct yaml_node *n, struct service_point *p)
{
    struct str level;
    TRY(l->ctx, load_need(l, n, "标识", &p->id));
    TRY(l->ctx, load_need(l, n, "名称", &p->name));
    TRY(l->ctx, load_texts(l, n, "别名", &p->alias, &p->alias_count));
    TRY(l->ctx, load_text(l, n, "所属", &p->area));
    TRY(l->ctx, load_text(l, n, "归入", &p->within));
    TRY(l->ctx, load_text(l, n, "地址", &p->address));
    TRY(l->ctx, load_texts(l, n, "电话", &p->phone, &p->phone_count));
    TRY(l->ctx, load_windows(l, n, p));
    TRY(l->ctx, load_text(l, n, "说明", &p->note));
    TRY(l->ctx, yaml_flag(l->ctx, n, "各处", &p->each));
    TRY(l->ctx, yaml_flag(l->ctx, n, "评价器", &p->device));
    TRY(l->ctx, yaml_flag(l->ctx, n, "评价码", &p->qr));
    TRY(l->ctx, yaml_text(l->ctx, n, "层级", &level));
    p->level_known = !str_empty(level);
    if (p->level_known && !level_parse(level, &p->level))
        return yaml_fail(l->ctx, yaml_get(n, "层级"), "不认识的层级“%.*s”", STR_ARG(level));
    return yaml_refuse_unseen(l->ctx, n);
}

/* Ids are in addresses and on posters, so they are few ASCII characters and unique; a member names a look-up. */
static enum err
check_point(struct loader *l, struct yaml_node *n, const struct region *r, size_t at)
{
    const struct service_point *p = &r->point[at];
    for (size_t i = 0; i < p->id.n; i++) {
        char c = p->id.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return yaml_fail(l->ctx, yaml_get(n, "标识"), "标识“%.*s”只能用小写字母、数字和“-”", STR_ARG(p->id));
    }
    for (size_t i = 0; i < at; i++)
        if (str_eq(r->point[i].id, p->id))
            return yaml_fail(l->ctx, yaml_get(n, "标识"), "标识“%.*s”用了两次", STR_ARG(p->id));
    if (str_empty(p->within))
        return OK;
    for (size_t i = 0; i < r->point_count; i++)
        if (str_eq(r->point[i].id, p->within) && r->point[i].each)
            return OK;
    return yaml_fail(l->ctx, yaml_get(n, "归入"), "“%.*s”不是写明“各处: 是”的服务点的标识", STR_ARG(p->within));
}

static enum err
load_points(struct loader *l, struct yaml_node *root, struct region *r)
{
    struct yaml_node *list;
    TRY(l->ctx, yaml_list(l->ctx, root, "服务点", &list));
    if (list && list->count > POINTS_MAX)
        return yaml_fail(l->ctx, list, "服务点超过 %d 个", POINTS_MAX);
    struct service_point *p = ARENA_ARRAY(l->arena, list ? list->count : 0, struct service_point);
    r->point = p;
    for (struct yaml_node *n = list ? list->first : NULL; n; n = n->next, p++, r->point_count++)
        TRY(l->ctx, load_point(l, n, p));
    size_t at = 0;
    for (struct yaml_node *n = list ? list->first : NULL; n; n = n->next)
        TRY(l->ctx, check_point(l, n, r, at++));
    return OK;
}

static bool
is_one_of(struct str s, const char *const *word, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eqz(s, word[i]))
            return true;
    return false;
}

static enum err
load_platforms(struct loader *l, struct yaml_node *root, struct region *r)
{
    static const char *const kinds[] = {"", "网站", "手机APP", "微信公众号", "小程序"};
    struct yaml_node *list;
    TRY(l->ctx, yaml_list(l->ctx, root, "渠道平台", &list));
    size_t n = list ? list->count : 0;
    struct str *name = ARENA_ARRAY(l->arena, n, struct str);
    struct platform *p = ARENA_ARRAY(l->arena, n, struct platform);
    r->platform = name;
    r->platform_detail = p;
    for (struct yaml_node *x = list ? list->first : NULL; x; x = x->next, name++, p++, r->platform_count++) {
        TRY(l->ctx, load_named(l, x, name));
        if (x->kind != YAML_MAP)
            continue;
        TRY(l->ctx, load_text(l, x, "种类", &p->kind));
        TRY(l->ctx, load_text(l, x, "网址", &p->url));
        TRY(l->ctx, load_text(l, x, "说明", &p->note));
        if (!is_one_of(p->kind, kinds, sizeof kinds / sizeof *kinds))
            return yaml_fail(l->ctx, yaml_get(x, "种类"), "不认识的种类“%.*s”，应为网站、手机APP、微信公众号或小程序",
                             STR_ARG(p->kind));
        bool web = str_starts(p->url, STR("http://")) || str_starts(p->url, STR("https://"));
        if (!str_empty(p->url) && !web)
            return yaml_fail(l->ctx, yaml_get(x, "网址"), "网址应以 http:// 或 https:// 开头");
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, x));
    }
    return OK;
}

//= R8 R9
static enum err
load_slots(struct loader *l, struct yaml_node *root, struct region *r)
{
    static const char *const kinds[] = {"办理地址", "网址", "手机APP", "微信公众号", "监督电话"};
    struct yaml_node *list, *values;
    TRY(l->ctx, yaml_list(l->ctx, root, "公布项", &list));
    struct publish_slot *s = ARENA_ARRAY(l->arena, list ? list->count : 0, struct publish_slot);
    r->slot = s;
    for (struct yaml_node *n = list ? list->first : NULL; n; n = n->next, s++, r->slot_count++) {
        TRY(l->ctx, load_need(l, n, "项目", &s->kind));
        TRY(l->ctx, load_text(l, n, "原文", &s->verbatim));
        if (!is_one_of(s->kind, kinds, sizeof kinds / sizeof *kinds))
            return yaml_fail(l->ctx, yaml_get(n, "项目"),
                             "不认识的项目“%.*s”，应为办理地址、网址、手机APP、微信公众号或监督电话", STR_ARG(s->kind));
        TRY(l->ctx, yaml_list(l->ctx, n, "公布", &values));
        struct published *v = ARENA_ARRAY(l->arena, values ? values->count : 0, struct published);
        s->value = v;
        for (struct yaml_node *x = values ? values->first : NULL; x; x = x->next, v++, s->value_count++) {
            TRY(l->ctx, load_need(l, x, "统筹区", &v->area));
            TRY(l->ctx, load_need(l, x, "内容", &v->text));
            TRY(l->ctx, yaml_refuse_unseen(l->ctx, x));
        }
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

/* Within how many working days a complaint is answered, where the region prints it: with its place. */
//= R8
static enum err
load_complaints(struct loader *l, struct yaml_node *root, struct region *r)
{
    struct yaml_node *map;
    struct str days;
    int64_t n;
    TRY(l->ctx, yaml_map(l->ctx, root, "投诉答复", &map));
    if (!map)
        return OK;
    TRY(l->ctx, load_need(l, map, "工作日", &days));
    TRY(l->ctx, load_need(l, map, "出处", &r->complaint_basis));
    if (!str_int(days, &n) || n < 1 || n > 250)
        return yaml_fail(l->ctx, yaml_get(map, "工作日"), "“%.*s”应为 1 到 250 的整数", STR_ARG(days));
    r->complaint_workdays = (int)n;
    return yaml_refuse_unseen(l->ctx, map);
}

//= R41 R43
static enum err
load_rating(struct loader *l, struct yaml_node *root, struct region *r)
{
    enum { CALL_BACK_DAYS = 1, RECTIFY_DAYS = 5, DAYS_MAX = 60 };
    struct yaml_node *n;
    int64_t call_back = 0, rectify = 0;
    r->rating = (struct rating_terms){.call_back_days = CALL_BACK_DAYS,
                                      .rectify_days = RECTIFY_DAYS,
                                      .call_back_text = STR(""),
                                      .rectify_text = STR("")};
    TRY(l->ctx, yaml_map(l->ctx, root, "评价", &n));
    if (!n)
        return OK;
    TRY(l->ctx, load_int(l, n, "回访工作日", DAYS_MAX, &call_back));
    TRY(l->ctx, load_text(l, n, "回访原文", &r->rating.call_back_text));
    TRY(l->ctx, load_int(l, n, "整改工作日", DAYS_MAX, &rectify));
    TRY(l->ctx, load_text(l, n, "整改原文", &r->rating.rectify_text));
    r->rating.call_back_printed = call_back > 0;
    r->rating.rectify_printed = rectify > 0;
    if (call_back > 0)
        r->rating.call_back_days = (int)call_back;
    if (rectify > 0)
        r->rating.rectify_days = (int)rectify;
    return yaml_refuse_unseen(l->ctx, n);
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
    TRY(l->ctx, load_complaints(l, root, r));
    TRY(l->ctx, load_source(l, root, r));
    TRY(l->ctx, load_agencies(l, root, r));
    TRY(l->ctx, load_points(l, root, r));
    TRY(l->ctx, load_common_notes(l, root, r));
    TRY(l->ctx, load_platforms(l, root, r));
    TRY(l->ctx, load_slots(l, root, r));
    TRY(l->ctx, load_rating(l, root, r));
    TRY(l->ctx, load_intake(l, root, r));
    return yaml_refuse_unseen(l->ctx, root);
}
