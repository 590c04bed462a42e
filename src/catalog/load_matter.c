/* One matter's file into struct matter: every field verbatim beside its structure. */
#include <string.h>

#include "base/crypto.h"
#include "catalog/catalog_int.h"

static enum err
load_notes(struct loader *l, struct yaml_node *map, const char *key, const struct note **ret_note, size_t *ret_n)
{
    struct yaml_node *list;
    TRY(l->ctx, yaml_list(l->ctx, map, key, &list));
    struct note *x = ARENA_ARRAY(l->arena, list ? list->count : 0, struct note);
    *ret_note = x;
    *ret_n = 0;
    for (struct yaml_node *n = list ? list->first : NULL; n; n = n->next, x++, (*ret_n)++) {
        TRY(l->ctx, load_text(l, n, "序号", &x->number));
        TRY(l->ctx, load_text(l, n, "标题", &x->title));
        TRY(l->ctx, load_need(l, n, "原文", &x->verbatim));
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, n));
    }
    return OK;
}

static enum err
load_eligibility(struct loader *l, struct yaml_node *root, struct matter *m)
{
    struct yaml_node *n, *list;
    TRY(l->ctx, yaml_map(l->ctx, root, "服务对象", &n));
    if (!n)
        return OK;
    TRY(l->ctx, load_text(l, n, "原文", &m->service_object));
    TRY(l->ctx, yaml_list(l->ctx, n, "条件", &list));
    struct eligibility *e = ARENA_ARRAY(l->arena, list ? list->count : 0, struct eligibility);
    m->eligibility = e;
    for (struct yaml_node *c = list ? list->first : NULL; c; c = c->next, e++, m->eligibility_count++) {
        TRY(l->ctx, load_condition(l, c, "须", &m->facts, &e->must));
        if (!e->must.feel)
            return yaml_fail(l->ctx, c, "缺少“须”，请写明条件");
        TRY(l->ctx, load_need(l, c, "否则", &e->otherwise));
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, c));
    }
    return yaml_refuse_unseen(l->ctx, n);
}

/* 05-01 as 501; 02-29 is a day. */
static enum err
load_month_day(struct loader *l, struct yaml_node *n, const char *key, int *ret_md)
{
    struct str s;
    struct day d;
    TRY(l->ctx, yaml_need(l->ctx, n, key, &s));
    if (!day_parse(str_fmt(l->scratch, "2000-%.*s", STR_ARG(s)), &d))
        return yaml_fail(l->ctx, yaml_get(n, key), "“%s”要写成 月-日，例如 05-01", key);
    *ret_md = day_ymd(d).month * 100 + day_ymd(d).day;
    return OK;
}

/* 每月: 1-10 | 是 | 未定 | 按协议 */
static enum err
load_monthly(struct loader *l, struct yaml_node *n, struct str s, struct intake_window *w)
{
    int64_t from, to;
    struct str rest = s, first;
    w->kind = str_eqz(s, "未定") ? INTAKE_UNSET : str_eqz(s, "按协议") ? INTAKE_AGREEMENT : INTAKE_ROUND_MONTH;
    if (w->kind != INTAKE_ROUND_MONTH || str_eqz(s, "是"))
        return OK;
    if (!str_split(&rest, '-', &first) || !str_int(first, &from) || !str_int(rest, &to) || from < 1 || to < from ||
        to > 31)
        return yaml_fail(l->ctx, yaml_get(n, "每月"),
                         "看不懂每月“%.*s”，可写 "
                         "1-10（起止日）、是（每月一次，不限哪天）、未定（指南没有印出起止日）、按协议（由协议约定）",
                         STR_ARG(s));
    w->kind = INTAKE_MONTHLY;
    w->from = (int)from;
    w->to = (int)to;
    return OK;
}

static enum err
load_window(struct loader *l, struct yaml_node *n, struct matter *m, struct intake_window *w)
{
    bool quarter = false, half = false;
    struct str month;
    TRY(l->ctx, load_condition(l, n, "当", &m->facts, &w->when));
    TRY(l->ctx, load_need(l, n, "原文", &w->verbatim));
    TRY(l->ctx, yaml_flag(l->ctx, n, "每季度", &quarter));
    TRY(l->ctx, yaml_flag(l->ctx, n, "每半年", &half));
    TRY(l->ctx, yaml_flag(l->ctx, n, "工作日", &w->workdays));
    TRY(l->ctx, yaml_text(l->ctx, n, "每月", &month));
    bool year = yaml_get(n, "从") || yaml_get(n, "到");
    if (quarter + half + year + !str_empty(month) != 1)
        return yaml_fail(l->ctx, n, "申报期的每一项要写、也只写一种时段：从…到…、每月、每季度: 是、每半年: 是");
    if (quarter || half)
        w->kind = quarter ? INTAKE_ROUND_QUARTER : INTAKE_ROUND_HALF;
    else if (!year)
        TRY(l->ctx, load_monthly(l, n, month, w));
    if (year) {
        w->kind = INTAKE_YEARLY;
        TRY(l->ctx, load_month_day(l, n, "从", &w->from));
        TRY(l->ctx, load_month_day(l, n, "到", &w->to));
    }
    return yaml_refuse_unseen(l->ctx, n);
}

static enum err
load_windows(struct loader *l, struct yaml_node *root, struct matter *m) //= R174 R225
{
    struct yaml_node *list;
    TRY(l->ctx, yaml_list(l->ctx, root, "申报期", &list));
    struct intake_window *w = ARENA_ARRAY(l->arena, list ? list->count : 0, struct intake_window);
    m->intake = w;
    for (struct yaml_node *n = list ? list->first : NULL; n; n = n->next)
        TRY(l->ctx, load_window(l, n, m, &w[m->intake_count++]));
    return OK;
}

static enum err
load_channel(struct loader *l, struct yaml_node *n, struct channel *ch)
{
    struct str kind, state;
    TRY(l->ctx, yaml_need(l->ctx, n, "方式", &kind));
    if (!channel_parse(kind, &ch->kind))
        return yaml_fail(l->ctx, yaml_get(n, "方式"),
                         "不认识的办理方式“%.*s”，可写 现场、网上、自助终端、电话、微信公众号、邮寄", STR_ARG(kind));
    TRY(l->ctx, load_text(l, n, "名称", &ch->name));
    TRY(l->ctx, load_text(l, n, "地址", &ch->address));
    TRY(l->ctx, load_text(l, n, "窗口", &ch->window));
    TRY(l->ctx, load_text(l, n, "电话", &ch->phone));
    TRY(l->ctx, load_text(l, n, "层级", &ch->level));
    TRY(l->ctx, load_text(l, n, "职责", &ch->duty));
    TRY(l->ctx, yaml_text(l->ctx, n, "状态", &state));
    if (!str_empty(state) && !str_eqz(state, "开放") && !str_eqz(state, "待开通"))
        return yaml_fail(l->ctx, yaml_get(n, "状态"), "渠道状态只能写 开放 或 待开通");
    ch->planned = str_eqz(state, "待开通");
    return yaml_refuse_unseen(l->ctx, n);
}

static enum err
load_channels(struct loader *l, struct yaml_node *root, struct matter *m)
{
    struct yaml_node *n, *list;
    TRY(l->ctx, yaml_map(l->ctx, root, "办理渠道", &n));
    if (!n)
        return OK;
    TRY(l->ctx, load_text(l, n, "原文", &m->channels_text));
    TRY(l->ctx, yaml_list(l->ctx, n, "渠道", &list));
    struct channel *ch = ARENA_ARRAY(l->arena, list ? list->count : 0, struct channel);
    m->channel = ch;
    for (struct yaml_node *c = list ? list->first : NULL; c; c = c->next)
        TRY(l->ctx, load_channel(l, c, &ch[m->channel_count++]));
    return yaml_refuse_unseen(l->ctx, n);
}

static enum err
load_levels(struct loader *l, struct yaml_node *root, struct matter *m)
{
    struct yaml_node *n;
    const struct str *name;
    size_t count;
    TRY(l->ctx, yaml_map(l->ctx, root, "办理层级", &n));
    if (!n)
        return OK;
    TRY(l->ctx, load_text(l, n, "原文", &m->levels_text));
    TRY(l->ctx, load_texts(l, n, "层级", &name, &count));
    for (size_t i = 0; i < count; i++) {
        enum level_kind k;
        if (!level_parse(name[i], &k))
            return yaml_fail(l->ctx, n, "不认识的层级“%.*s”", STR_ARG(name[i]));
        m->levels |= 1u << k;
    }
    return yaml_refuse_unseen(l->ctx, n);
}

/* --- materials --- */

static enum err load_material(struct loader *l, struct matter *m, struct yaml_node *n, struct str prefix,
                              size_t position, int depth, struct material *x);

static enum err
load_material_children(struct loader *l, struct matter *m, struct yaml_node *list, struct str prefix, int depth,
                       const struct material **ret_child, size_t *ret_n)
{
    struct material *child = ARENA_ARRAY(l->arena, list->count, struct material);
    size_t i = 0;
    for (struct yaml_node *n = list->first; n; n = n->next, i++)
        TRY(l->ctx, load_material(l, m, n, prefix, i + 1, depth, &child[i]));
    *ret_child = child;
    *ret_n = i;
    return OK;
}

static enum err
load_material_leaf(struct loader *l, struct matter *m, struct yaml_node *n, struct material *x)
{
    x->node = MATERIAL_LEAF;
    x->index = m->leaf_count++;
    TRY(l->ctx, load_need(l, n, "材料", &x->name));
    TRY(l->ctx, load_text(l, n, "表单", &x->form));
    TRY(l->ctx, load_text(l, n, "形式", &x->kind));
    TRY(l->ctx, load_text(l, n, "份数", &x->copies));
    TRY(l->ctx, load_text(l, n, "盖章", &x->stamp));
    TRY(l->ctx, load_text(l, n, "年限", &x->age));
    TRY(l->ctx, load_text(l, n, "共享来源", &x->share_source));
    TRY(l->ctx, load_text(l, n, "提供方", &x->provider));
    TRY(l->ctx, load_condition(l, n, "盖章当", &m->facts, &x->stamp_when));
    TRY(l->ctx, yaml_flag(l->ctx, n, "可共享", &x->shareable));
    TRY(l->ctx, yaml_flag(l->ctx, n, "可承诺", &x->committable));
    TRY(l->ctx, yaml_flag(l->ctx, n, "可容缺", &x->tolerable));
    return yaml_flag(l->ctx, n, "裁量", &x->discretionary);
}

static enum err
load_material(struct loader *l, struct matter *m, struct yaml_node *n, struct str prefix, size_t position, int depth,
              struct material *x)
{
    struct yaml_node *any, *all;
    if (n->kind != YAML_MAP)
        return yaml_fail(l->ctx, n, "每项材料应写成“- 材料: 名称”或“- 任一:”“- 全部:”");
    if (depth > MATERIAL_DEPTH_MAX)
        return yaml_fail(l->ctx, n, "材料的层次太深");
    x->line = n->line;
    x->index = -1;
    x->key = str_fmt(l->arena, "%.*s%s%zu", STR_ARG(prefix), str_empty(prefix) ? "" : ".", position);
    TRY(l->ctx, yaml_list(l->ctx, n, "任一", &any));
    TRY(l->ctx, yaml_list(l->ctx, n, "全部", &all));
    TRY(l->ctx, load_condition(l, n, "当", &m->facts, &x->when));
    TRY(l->ctx, load_text(l, n, "原文", &x->verbatim));
    TRY(l->ctx, load_text(l, n, "说明", &x->note));
    if (any && all)
        return yaml_fail(l->ctx, n, "“任一”和“全部”不能写在同一项里");
    if (any || all) {
        x->node = any ? MATERIAL_ANY : MATERIAL_ALL;
        TRY(l->ctx, load_text(l, n, "名称", &x->name));
        TRY(l->ctx, yaml_flag(l->ctx, n, "裁量", &x->discretionary));
        if ((any ? any : all)->count == 0)
            return yaml_fail(l->ctx, n, "“任一”“全部”下面至少要有一项");
        TRY(l->ctx, load_material_children(l, m, any ? any : all, x->key, depth + 1, &x->child, &x->child_count));
    } else {
        TRY(l->ctx, load_material_leaf(l, m, n, x));
    }
    return yaml_refuse_unseen(l->ctx, n);
}

static enum err
load_materials(struct loader *l, struct yaml_node *root, struct matter *m)
{
    static const char *const modes[] = {"列明", "按引用", "部门提供", "未列"};
    struct yaml_node *n, *list;
    struct str mode;
    TRY(l->ctx, yaml_map(l->ctx, root, "办理材料", &n));
    if (!n)
        return yaml_fail(l->ctx, root, "缺少“办理材料”；没有印出材料清单的事项请写 方式: 未列");
    TRY(l->ctx, load_text(l, n, "原文", &m->materials_text));
    TRY(l->ctx, load_text(l, n, "引用", &m->materials_reference));
    TRY(l->ctx, yaml_need(l->ctx, n, "方式", &mode));
    size_t i = 0;
    while (i < 4 && !str_eqz(mode, modes[i]))
        i++;
    if (i == 4)
        return yaml_fail(l->ctx, yaml_get(n, "方式"), "材料方式只能写 列明、按引用、部门提供、未列");
    m->material_mode = (enum material_mode)i;
    TRY(l->ctx, yaml_list(l->ctx, n, "清单", &list));
    if (list)
        TRY(l->ctx, load_material_children(l, m, list, STR(""), 1, &m->material, &m->material_count));
    if (m->material_mode == MATERIALS_LISTED && m->material_count == 0)
        return yaml_fail(l->ctx, n, "写了“列明”却没有“清单”；“未列”“按引用”“部门提供”都不等于零材料");
    if (m->material_mode == MATERIALS_UNLISTED && m->material_count)
        return yaml_fail(l->ctx, n, "写了“未列”却有“清单”");
    if (m->leaf_count > LIST_MAX)
        return yaml_fail(l->ctx, n, "材料超过 %d 项", LIST_MAX);
    return yaml_refuse_unseen(l->ctx, n);
}

/* --- process, limits --- */

static enum err
load_process(struct loader *l, struct yaml_node *root, struct matter *m)
{
    struct yaml_node *n;
    TRY(l->ctx, yaml_map(l->ctx, root, "办理流程", &n));
    if (n) {
        TRY(l->ctx, load_text(l, n, "原文", &m->process_text));
        TRY(l->ctx, load_text(l, n, "人数", &m->handlers));
        TRY(l->ctx, load_stages(l, n, "环节", &m->facts, &m->stage, &m->stage_count));
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, n));
    }
    if (m->stage_count == 0 && m->standard) {
        m->stage = m->standard->stage;
        m->stage_count = m->standard->stage_count;
        m->stages_by_system = true;
    }
    if (m->stage_count == 0) { /* neither guide nor standard list has any: what every application needs */
        static const struct stage least[] = {{.kind = STAGE_APPLY}, {.kind = STAGE_ACCEPT}, {.kind = STAGE_CONCLUDE}};
        m->stage = least;
        m->stage_count = sizeof least / sizeof *least;
        m->stages_by_system = true;
    }
    return OK;
}

/* The printed phrase under 起算 and what it means; NOTHING where none is printed. */
static enum err
load_start(struct loader *l, struct yaml_node *n, enum limit_start nothing, struct str *ret_text,
           enum limit_start *ret_start)
{
    TRY(l->ctx, load_text(l, n, "起算", ret_text));
    *ret_start = nothing;
    if (!str_empty(*ret_text) && !limit_start_kind(*ret_text, ret_start))
        return yaml_fail(l->ctx, yaml_get(n, "起算"),
                         "看不懂起算“%.*s”，可写 "
                         "收到材料、收齐材料、受理、受理结束、收到联系函、收到信息表、收到信息表和资金、上一环节结束",
                         STR_ARG(*ret_text));
    return OK;
}

static enum err
load_pauses(struct loader *l, struct yaml_node *n, struct limit_tier *t)
{
    TRY(l->ctx, load_texts(l, n, "暂停", &t->pause, &t->pause_count));
    for (size_t i = 0; i < t->pause_count; i++) {
        enum pause_kind k;
        if (!pause_of_phrase(t->pause[i], &k))
            return yaml_fail(l->ctx, yaml_get(n, "暂停"),
                             "看不懂暂停“%.*s”，可写 "
                             "补正、资料邮寄、公示、评估、专家评审、鉴定、体检、听证、函询、部门认定、调查、核查",
                             STR_ARG(t->pause[i]));
        t->pauses |= 1u << k;
    }
    return OK;
}

static enum err
load_tier_stages(struct loader *l, struct yaml_node *n, struct limit_tier *t)
{
    struct yaml_node *list;
    TRY(l->ctx, yaml_list(l->ctx, n, "阶段", &list));
    struct limit_stage *s = ARENA_ARRAY(l->arena, list ? list->count : 0, struct limit_stage);
    t->stage = s;
    for (struct yaml_node *c = list ? list->first : NULL; c; c = c->next, s++, t->stage_count++) {
        struct str stage;
        TRY(l->ctx, yaml_need(l->ctx, c, "环节", &stage));
        if (!stage_parse(stage, &s->stage))
            return yaml_fail(l->ctx, c, "不认识的环节“%.*s”", STR_ARG(stage));
        TRY(l->ctx, load_limit(l, c, "时限", &s->limit));
        TRY(l->ctx, load_start(l, c, START_STAGE, &s->counted_from, &s->start));
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, c));
    }
    return OK;
}

static enum err
load_tier(struct loader *l, struct yaml_node *n, struct matter *m, struct limit_tier *t)
{
    struct str kind;
    TRY(l->ctx, load_condition(l, n, "当", &m->facts, &t->when));
    TRY(l->ctx, load_limit(l, n, "承诺", &t->promised));
    TRY(l->ctx, load_limit(l, n, "法定", &t->legal));
    TRY(l->ctx, load_start(l, n, START_COMPLETE, &t->counted_from, &t->start));
    TRY(l->ctx, load_pauses(l, n, t));
    TRY(l->ctx, yaml_text(l->ctx, n, "种类", &kind));
    if (!str_empty(kind) && !str_eqz(kind, "办结") && !str_eqz(kind, "受理回执"))
        return yaml_fail(l->ctx, yaml_get(n, "种类"), "时限种类只能写 办结 或 受理回执");
    t->receipt_only = str_eqz(kind, "受理回执");
    TRY(l->ctx, load_tier_stages(l, n, t));
    if (t->promised.kind == LIMIT_NONE && t->legal.kind == LIMIT_NONE && t->stage_count == 0)
        return yaml_fail(l->ctx, n, "这一档既没有“承诺”也没有“法定”");
    //= R14
    if (t->promised.kind == t->legal.kind && t->promised.n > t->legal.n && t->legal.n > 0)
        return yaml_fail(l->ctx, yaml_get(n, "承诺"), "承诺时限长于法定时限");
    return yaml_refuse_unseen(l->ctx, n);
}

static enum err
load_limits(struct loader *l, struct yaml_node *root, struct matter *m)
{
    struct yaml_node *n, *list;
    TRY(l->ctx, yaml_map(l->ctx, root, "办理时限", &n));
    if (!n)
        return OK;
    TRY(l->ctx, load_text(l, n, "原文", &m->limit_text));
    TRY(l->ctx, load_text(l, n, "法定原文", &m->legal_limit_text));
    TRY(l->ctx, yaml_list(l->ctx, n, "档", &list));
    struct limit_tier *t = ARENA_ARRAY(l->arena, list ? list->count : 0, struct limit_tier);
    m->limit = t;
    for (struct yaml_node *c = list ? list->first : NULL; c; c = c->next)
        TRY(l->ctx, load_tier(l, c, m, &t[m->limit_count++]));
    return yaml_refuse_unseen(l->ctx, n);
}

/* --- contact, rating, delivery, variants --- */

static enum err
load_contact(struct loader *l, struct yaml_node *root, struct matter *m)
{
    struct yaml_node *n, *list;
    TRY(l->ctx, yaml_map(l->ctx, root, "咨询方式", &n));
    if (n) {
        TRY(l->ctx, load_text(l, n, "原文", &m->consult_text));
        TRY(l->ctx, yaml_list(l->ctx, n, "电话", &list));
        struct phone *p = ARENA_ARRAY(l->arena, list ? list->count : 0, struct phone);
        m->phone = p;
        for (struct yaml_node *c = list ? list->first : NULL; c; c = c->next, p++, m->phone_count++) {
            TRY(l->ctx, load_need(l, c, "号码", &p->number));
            TRY(l->ctx, load_text(l, c, "险种", &p->insurance));
            TRY(l->ctx, load_text(l, c, "单位", &p->unit));
            TRY(l->ctx, yaml_refuse_unseen(l->ctx, c));
        }
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, n));
    }
    TRY(l->ctx, yaml_map(l->ctx, root, "监督电话", &n));
    if (n) {
        TRY(l->ctx, load_text(l, n, "原文", &m->supervision_text));
        TRY(l->ctx, load_texts(l, n, "号码", &m->supervision, &m->supervision_count));
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, n));
    }
    TRY(l->ctx, yaml_map(l->ctx, root, "评价渠道", &n));
    if (n) {
        TRY(l->ctx, load_text(l, n, "原文", &m->rating_text));
        TRY(l->ctx, load_texts(l, n, "方式", &m->rating, &m->rating_count));
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, n));
    }
    return OK;
}

static enum err
load_delivery(struct loader *l, struct yaml_node *root, struct matter *m)
{
    struct yaml_node *n;
    TRY(l->ctx, yaml_map(l->ctx, root, "送达", &n));
    if (!n)
        return OK;
    TRY(l->ctx, load_text(l, n, "原文", &m->delivery_text));
    TRY(l->ctx, load_text(l, n, "快递说明", &m->express_text));
    TRY(l->ctx, load_texts(l, n, "方式", &m->delivery, &m->delivery_count));
    return yaml_refuse_unseen(l->ctx, n);
}

static enum err
load_variants(struct loader *l, struct yaml_node *root, struct matter *m)
{
    struct yaml_node *list;
    TRY(l->ctx, yaml_list(l->ctx, root, "异文", &list));
    struct variant *v = ARENA_ARRAY(l->arena, list ? list->count : 0, struct variant);
    m->variant = v;
    for (struct yaml_node *n = list ? list->first : NULL; n; n = n->next, v++, m->variant_count++) {
        TRY(l->ctx, load_text(l, n, "出处", &v->where));
        TRY(l->ctx, load_need(l, n, "字段", &v->field));
        TRY(l->ctx, load_need(l, n, "原文", &v->verbatim));
        TRY(l->ctx, yaml_flag(l->ctx, n, "取用", &v->followed));
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, n));
    }
    TRY(l->ctx, yaml_list(l->ctx, root, "存疑", &list));
    struct oddity *o = ARENA_ARRAY(l->arena, list ? list->count : 0, struct oddity);
    m->oddity = o;
    for (struct yaml_node *n = list ? list->first : NULL; n; n = n->next, o++, m->oddity_count++) {
        TRY(l->ctx, load_text(l, n, "字段", &o->field));
        TRY(l->ctx, load_need(l, n, "说明", &o->text));
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, n));
    }
    return OK;
}

static enum err
load_status(struct loader *l, struct yaml_node *root, struct matter *m)
{
    struct str status;
    TRY(l->ctx, yaml_text(l->ctx, root, "状态", &status));
    TRY(l->ctx, load_text(l, root, "状态依据", &m->status_basis));
    m->suspended = str_eqz(status, "暂停");
    m->not_open = str_eqz(status, "未开通");
    if (!str_empty(status) && !m->suspended && !m->not_open && !str_eqz(status, "开放"))
        return yaml_fail(l->ctx, yaml_get(root, "状态"), "状态只能写 开放、暂停、未开通");
    if (m->suspended && str_empty(m->status_basis))
        return yaml_fail(l->ctx, yaml_get(root, "状态"), "暂停的事项要写“状态依据”");
    return OK;
}

static enum err
load_head(struct loader *l, struct yaml_node *root, struct matter *m)
{
    struct str source;
    TRY(l->ctx, load_need(l, root, "编号", &m->id));
    TRY(l->ctx, load_text(l, root, "序号", &m->number));
    TRY(l->ctx, load_need(l, root, "名称", &m->name));
    TRY(l->ctx, load_text(l, root, "标题", &m->title));
    TRY(l->ctx, load_text(l, root, "标题名称", &m->title_name));
    TRY(l->ctx, load_text(l, root, "标准编码", &m->code));
    TRY(l->ctx, yaml_text(l->ctx, root, "编码来源", &source));
    TRY(l->ctx, load_text(l, root, "组", &m->group));
    TRY(l->ctx, load_text(l, root, "出处", &m->where));
    TRY(l->ctx, load_text(l, root, "图题", &m->caption));
    TRY(l->ctx, load_text(l, root, "受理单位", &m->unit));
    TRY(l->ctx, load_texts(l, root, "设定依据", &m->legal_basis, &m->legal_basis_count));
    m->code_printed = str_eqz(source, "印发");
    if (!str_empty(m->code) && !m->code_printed && !str_eqz(source, "对应"))
        return yaml_fail(l->ctx, yaml_get(root, "标准编码"), "有“标准编码”时“编码来源”应写 印发 或 对应");
    for (size_t i = 0; i < l->c->standard_count; i++)
        if (str_eq(l->c->standard[i].code, m->code))
            m->standard = &l->c->standard[i];
    if (!str_empty(m->code) && !m->standard)
        return yaml_fail(l->ctx, yaml_get(root, "标准编码"), "标准编码“%.*s”不在标准清单里", STR_ARG(m->code));
    if (m->standard) {
        m->effect = m->standard->effect;
        m->category = m->standard->category;
        m->form = m->standard->form;
        m->by_unit = m->standard->by_unit;
        const struct form *form = catalog_matter_form(l->c, m);
        if (form)
            fact_set_union(&m->facts, &form->facts);
    }
    return load_status(l, root, m);
}

enum err
load_matter(struct loader *l, struct yaml_node *root, const struct region *region, struct matter *m)
{
    if (root->kind != YAML_MAP)
        return yaml_fail(l->ctx, root, "事项文件应由“键: 值”组成");
    m->region = region;
    m->file = str_dup(l->arena, root->file);
    struct crypto_digest digest = crypto_sm3(root->source);
    memcpy(m->digest, digest.b, sizeof m->digest);
    TRY(l->ctx, load_head(l, root, m));
    TRY(l->ctx, load_eligibility(l, root, m));
    TRY(l->ctx, load_windows(l, root, m));
    TRY(l->ctx, load_advice(l, root, m));
    TRY(l->ctx, load_on_site(l, root, m));
    TRY(l->ctx, load_oversight(l, root, m));
    TRY(l->ctx, load_channels(l, root, m));
    TRY(l->ctx, load_levels(l, root, m));
    TRY(l->ctx, load_materials(l, root, m));
    TRY(l->ctx, load_process(l, root, m));
    TRY(l->ctx, load_limits(l, root, m));
    TRY(l->ctx, load_contact(l, root, m));
    TRY(l->ctx, load_notes(l, root, "注意事项", &m->note, &m->note_count));
    TRY(l->ctx, load_notes(l, root, "其他原文", &m->other, &m->other_count));
    TRY(l->ctx, load_delivery(l, root, m));
    TRY(l->ctx, load_texts(l, root, "文书", &m->paper, &m->paper_count));
    TRY(l->ctx, check_issues(l, root, m));
    TRY(l->ctx, yaml_flag(l->ctx, root, "告知承诺", &m->commitment));
    TRY(l->ctx, load_variants(l, root, m));
    return yaml_refuse_unseen(l->ctx, root);
}
