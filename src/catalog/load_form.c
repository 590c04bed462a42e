/* A form file into struct form, the list of cited forms into struct cited_form. */
#include "catalog/catalog_int.h"

enum { CITED_MAX = 512 };

static const char *const WHO[FORM_WHO_COUNT] = {"申请人", "单位", "经办", "医疗机构", "部门"};
static const char *const LAYOUT[FORM_LAYOUT_COUNT] = {"表格", "侧标", "横标", "意见", "并列", "对照",
                                                      "题上", "题下", "表头", "表尾", "书信", "书尾"};

const char *
form_who_name(enum form_who w)
{
    return w < FORM_WHO_COUNT ? WHO[w] : "";
}

/* A word of a closed list; absent = what *ret_k holds already. */
static enum err
load_word(struct loader *l, struct yaml_node *n, const char *key, const char *const *words, size_t count, int *ret_k)
{
    struct str s;
    TRY(l->ctx, yaml_text(l->ctx, n, key, &s));
    if (str_empty(s))
        return OK;
    for (size_t i = 0; i < count; i++)
        if (str_eqz(s, words[i])) {
            *ret_k = (int)i;
            return OK;
        }
    struct buf b;
    buf_init(&b, l->ctx->arena, 64);
    for (size_t i = 0; i < count; i++) {
        buf_addz(&b, i ? "、" : "");
        buf_addz(&b, words[i]);
    }
    return yaml_fail(l->ctx, yaml_get(n, key), "“%s”只能是 %.*s", key, STR_ARG(buf_str(&b)));
}

static enum err
load_who(struct loader *l, struct yaml_node *n, enum form_who *ret_w)
{
    int w = (int)*ret_w;
    TRY(l->ctx, load_word(l, n, "填写人", WHO, FORM_WHO_COUNT, &w));
    *ret_w = (enum form_who)w;
    return OK;
}

/* What applicants never see began with office_ before forms said who fills a field; the name still means it. */
static enum form_who
who_by_name(const struct form_field *f, enum form_who outer)
{
    bool office = outer <= FORM_UNIT && str_starts(f->id, STR("office_"));
    return office ? FORM_OFFICE : outer;
}

static enum err
load_print(struct loader *l, struct yaml_node *n, struct form_field *f)
{
    int64_t per_row;
    TRY(l->ctx, load_int(l, n, "每行", 4, &per_row));
    f->per_row = (int)per_row;
    TRY(l->ctx, yaml_flag(l->ctx, n, "不印名", &f->unlabelled));
    TRY(l->ctx, yaml_flag(l->ctx, n, "分栏", &f->ticked));
    TRY(l->ctx, load_text(l, n, "空式", &f->blank));
    return load_texts(l, n, "表外取值", &f->off_form, &f->off_form_count);
}

/* Conditions wait until every field has its name (load_conditions). */
static enum err
load_field(struct loader *l, struct yaml_node *n, enum form_who who, struct form_field *f)
{
    int64_t length;
    TRY(l->ctx, load_need(l, n, "标识", &f->id));
    TRY(l->ctx, load_need(l, n, "名称", &f->label));
    TRY(l->ctx, load_need(l, n, "类型", &f->type));
    TRY(l->ctx, load_texts(l, n, "取值", &f->values, &f->value_count));
    TRY(l->ctx, yaml_flag(l->ctx, n, "必填", &f->required));
    struct yaml_node *unless;
    TRY(l->ctx, yaml_map(l->ctx, n, "必填除非", &unless));
    if (unless) {
        TRY(l->ctx, load_need(l, unless, "字段", &f->required_unless));
        TRY(l->ctx, load_texts(l, unless, "为", &f->unless, &f->unless_count));
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, unless));
    }
    TRY(l->ctx, load_int(l, n, "长度", 4000, &length));
    TRY(l->ctx, load_text(l, n, "单位", &f->unit));
    TRY(l->ctx, load_text(l, n, "组", &f->group));
    TRY(l->ctx, load_text(l, n, "说明", &f->help));
    TRY(l->ctx, load_text(l, n, "对应", &f->binds));
    TRY(l->ctx, load_text(l, n, "附于", &f->attached));
    TRY(l->ctx, load_text(l, n, "否则", &f->otherwise));
    TRY(l->ctx, load_texts(l, n, "同填", &f->together, &f->together_count));
    TRY(l->ctx, yaml_flag(l->ctx, n, "个人信息", &f->personal));
    TRY(l->ctx, yaml_flag(l->ctx, n, "手写", &f->handwritten));
    f->who = who_by_name(f, who);
    TRY(l->ctx, load_who(l, n, &f->who));
    f->max_length = length ? (int)length : 200;
    return load_print(l, n, f);
}

static enum err
load_closing(struct loader *l, struct yaml_node *n, struct form_section *s)
{
    static const char *const keys[] = {"签名", "手签", "盖章", "日期"};
    struct yaml_node *list;
    TRY(l->ctx, yaml_list(l->ctx, n, "落款", &list));
    struct form_closing *c = ARENA_ARRAY(l->arena, list ? list->count : 0, struct form_closing);
    s->closing = c;
    for (struct yaml_node *x = list ? list->first : NULL; x; x = x->next, c++) {
        for (int k = 0; k < 4; k++)
            if (str_empty(c->text)) {
                TRY(l->ctx, load_text(l, x, keys[k], &c->text));
                c->kind = (enum form_closing_kind)k;
            }
        if (str_empty(c->text))
            return yaml_fail(l->ctx, x, "落款应是 {签名: 字段}、{手签: 文字}、{盖章: 文字} 或 {日期: 字段}");
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, x));
        s->closing_count++;
    }
    return OK;
}

static enum err
load_section(struct loader *l, struct yaml_node *n, enum form_who who, struct form_section *s)
{
    struct yaml_node *list;
    int64_t rows, printed;
    int layout = FORM_GRID;
    TRY(l->ctx, load_text(l, n, "标题", &s->title));
    TRY(l->ctx, load_text(l, n, "说明", &s->note));
    TRY(l->ctx, load_text(l, n, "重复", &s->rows_id));
    TRY(l->ctx, load_int(l, n, "最多", 1000, &rows));
    TRY(l->ctx, load_int(l, n, "印行", 60, &printed));
    TRY(l->ctx, load_word(l, n, "版式", LAYOUT, FORM_LAYOUT_COUNT, &layout));
    TRY(l->ctx, load_text(l, n, "字号", &s->font));
    TRY(l->ctx, load_text(l, n, "正文", &s->body));
    TRY(l->ctx, load_texts(l, n, "项组", &s->item_group, &s->item_group_count));
    TRY(l->ctx, load_who(l, n, &who));
    TRY(l->ctx, load_closing(l, n, s));
    s->layout = (enum form_layout)layout;
    s->rows_max = rows ? (int)rows : 20;
    s->rows_printed = printed ? (int)printed : 3;
    TRY(l->ctx, yaml_list(l->ctx, n, "字段", &list));
    struct form_field *f = ARENA_ARRAY(l->arena, list ? list->count : 0, struct form_field);
    s->field = f;
    for (struct yaml_node *c = list ? list->first : NULL; c; c = c->next)
        TRY(l->ctx, load_field(l, c, who, &f[s->field_count++]));
    return OK;
}

/* --- names for conditions --- */

static enum fact_type
fact_type_of(const struct form_field *f)
{
    if (str_eqz(f->type, "是否"))
        return FACT_BOOL;
    if (str_eqz(f->type, "整数") || str_eqz(f->type, "金额"))
        return FACT_NUMBER;
    if (str_eqz(f->type, "日期"))
        return FACT_DATE;
    return str_eqz(f->type, "选项") && f->value_count ? FACT_CHOICE : FACT_TEXT;
}

static size_t
names_of(const struct form_field *f)
{
    return str_eqz(f->type, "多选") ? f->value_count : 1;
}

static enum err
name_fields(struct loader *l, struct yaml_node *root, struct form *form)
{
    const struct fact_dict *facts = &l->c->dict;
    size_t n = facts->count;
    for (size_t i = 0; i < form->section_count; i++)
        for (size_t k = 0; k < form->section[i].field_count; k++)
            n += names_of(&form->section[i].field[k]);
    if (n > FACT_MAX)
        return yaml_fail(l->ctx, root, "表单的字段和选项太多：与事实一共不得超过 %d 个", FACT_MAX);
    struct fact_def *d = ARENA_ARRAY(l->arena, n, struct fact_def);
    form->dict = (struct fact_dict){d, n};
    form->fact_count = facts->count;
    for (size_t i = 0; i < facts->count; i++, d++) {
        *d = facts->fact[i];
        d->id = STR(""); /* in a form an ascii name is a field's */
    }
    for (size_t i = 0; i < form->section_count; i++)
        for (size_t k = 0; k < form->section[i].field_count; k++) {
            const struct form_field *f = &form->section[i].field[k];
            if (!str_eqz(f->type, "多选")) {
                *d++ = (struct fact_def){
                    .name = f->id, .type = fact_type_of(f), .values = f->values, .value_count = f->value_count};
                continue;
            }
            for (size_t v = 0; v < f->value_count; v++)
                *d++ = (struct fact_def){.name = str_fmt(l->arena, "%.*s_%.*s", STR_ARG(f->id), STR_ARG(f->values[v])),
                                         .type = FACT_BOOL};
        }
    return OK;
}

static bool
has_field(const struct form *form, struct str id)
{
    for (size_t i = 0; i < form->section_count; i++)
        for (size_t k = 0; k < form->section[i].field_count; k++)
            if (str_eq(form->section[i].field[k].id, id))
                return true;
    return false;
}

static bool
mentions_fields(const struct form *form, const struct fact_set *s)
{
    for (size_t i = form->fact_count; i < form->dict.count; i++)
        if (fact_set_has(s, i))
            return true;
    return false;
}

/* Facts of a condition count for the form; fields are its own. */
static enum err
load_own(struct loader *l, struct yaml_node *n, const char *key, struct form *form, bool facts_only,
         struct condition *ret_c, bool *ret_fields)
{
    struct fact_set mentioned = {0};
    TRY(l->ctx, load_condition_in(l, &form->dict, n, key, &mentioned, ret_c));
    *ret_fields = mentions_fields(form, &mentioned);
    if (*ret_fields && facts_only)
        return yaml_fail(l->ctx, yaml_get(n, key), "“%s”在这里只能用事实，不能用本表的字段", key);
    for (size_t i = 0; i < form->fact_count; i++)
        if (fact_set_has(&mentioned, i))
            fact_set_add(&form->facts, i);
    return OK;
}

static enum err
load_field_conditions(struct loader *l, struct yaml_node *n, struct form *form, struct form_field *f)
{
    bool fields;
    TRY(l->ctx, load_own(l, n, "必填当", form, false, &f->required_when, &fields));
    if (fields) {
        f->required_if = f->required_when;
        f->required_when = (struct condition){0};
    }
    TRY(l->ctx, load_own(l, n, "显示当", form, false, &f->shown_when, &fields));
    TRY(l->ctx, load_own(l, n, "须", form, false, &f->must, &fields));
    TRY(l->ctx, load_own(l, n, "自动", form, false, &f->automatic, &fields));
    if ((f->must.feel != NULL) == str_empty(f->otherwise))
        return yaml_fail(l->ctx, n, "“须”和“否则”要成对写");
    if (f->automatic.feel && !str_eqz(f->type, "是否"))
        return yaml_fail(l->ctx, n, "“自动”只用于 是否 类型的字段");
    for (size_t i = 0; i < f->together_count; i++)
        if (!has_field(form, f->together[i]))
            return yaml_fail(l->ctx, yaml_get(n, "同填"), "本表没有字段“%.*s”", STR_ARG(f->together[i]));
    if (!str_empty(f->attached) && !has_field(form, f->attached))
        return yaml_fail(l->ctx, yaml_get(n, "附于"), "本表没有字段“%.*s”", STR_ARG(f->attached));
    return yaml_refuse_unseen(l->ctx, n);
}

static enum err
load_conditions(struct loader *l, struct yaml_node *list, struct form *form)
{
    size_t i = 0;
    for (struct yaml_node *n = list ? list->first : NULL; n; n = n->next, i++) {
        struct form_section *s = (struct form_section *)(uintptr_t)&form->section[i]; /* ours until the load ends */
        struct yaml_node *fields;
        bool own;
        TRY(l->ctx, load_own(l, n, "当", form, true, &s->when, &own));
        TRY(l->ctx, yaml_list(l->ctx, n, "字段", &fields));
        size_t k = 0;
        for (struct yaml_node *c = fields ? fields->first : NULL; c; c = c->next, k++)
            TRY(l->ctx, load_field_conditions(l, c, form, (struct form_field *)(uintptr_t)&s->field[k]));
        for (k = 0; k < s->closing_count; k++)
            if (s->closing[k].kind == CLOSING_SIGN && !has_field(form, s->closing[k].text))
                return yaml_fail(l->ctx, yaml_get(n, "落款"), "本表没有字段“%.*s”", STR_ARG(s->closing[k].text));
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, n));
    }
    return OK;
}

static enum err
load_repairs(struct loader *l, struct yaml_node *root, struct form *f)
{
    struct yaml_node *list;
    TRY(l->ctx, yaml_list(l->ctx, root, "修复", &list));
    struct form_repair *r = ARENA_ARRAY(l->arena, list ? list->count : 0, struct form_repair);
    f->repair = r;
    for (struct yaml_node *n = list ? list->first : NULL; n; n = n->next, r++) {
        TRY(l->ctx, load_need(l, n, "字段", &r->where));
        TRY(l->ctx, load_need(l, n, "原件", &r->printed));
        TRY(l->ctx, load_need(l, n, "读作", &r->read));
        TRY(l->ctx, load_need(l, n, "依据", &r->basis));
        TRY(l->ctx, yaml_flag(l->ctx, n, "待核", &r->unsure));
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, n));
        f->repair_count++;
    }
    return OK;
}

enum err
load_form(struct loader *l, struct yaml_node *root, struct form *f)
{
    static const char *const papers[] = {"纵向", "横向"};
    struct yaml_node *list;
    enum form_who who = FORM_APPLICANT;
    int paper = 0;
    TRY(l->ctx, load_need(l, root, "标识", &f->id));
    TRY(l->ctx, load_need(l, root, "名称", &f->title));
    TRY(l->ctx, load_text(l, root, "出处", &f->where));
    TRY(l->ctx, load_text(l, root, "说明", &f->note));
    TRY(l->ctx, load_text(l, root, "声明", &f->declaration));
    TRY(l->ctx, load_text(l, root, "副题", &f->subtitle));
    TRY(l->ctx, load_text(l, root, "附注", &f->foot));
    TRY(l->ctx, load_texts(l, root, "签章", &f->sign, &f->sign_count));
    TRY(l->ctx, load_word(l, root, "纸张", papers, 2, &paper));
    TRY(l->ctx, load_who(l, root, &who));
    TRY(l->ctx, load_repairs(l, root, f));
    f->landscape = paper == 1;
    TRY(l->ctx, yaml_list(l->ctx, root, "分区", &list));
    struct form_section *s = ARENA_ARRAY(l->arena, list ? list->count : 0, struct form_section);
    f->section = s;
    for (struct yaml_node *c = list ? list->first : NULL; c; c = c->next)
        TRY(l->ctx, load_section(l, c, who, &s[f->section_count++]));
    TRY(l->ctx, name_fields(l, root, f));
    TRY(l->ctx, load_conditions(l, list, f));
    return yaml_refuse_unseen(l->ctx, root);
}

/* --- forms that are only cited --- */

static enum err
load_cited_form(struct loader *l, struct yaml_node *n, struct cited_form *f)
{
    struct yaml_node *list;
    TRY(l->ctx, load_need(l, n, "名称", &f->name));
    TRY(l->ctx, load_text(l, n, "对应", &f->stands_for));
    if (!str_empty(f->stands_for) && !catalog_form(l->c, f->stands_for))
        return yaml_fail(l->ctx, yaml_get(n, "对应"), "没有样表“%.*s”", STR_ARG(f->stands_for));
    TRY(l->ctx, yaml_list(l->ctx, n, "引用", &list));
    struct cited_in *in = ARENA_ARRAY(l->arena, list ? list->count : 0, struct cited_in);
    f->in = in;
    for (struct yaml_node *c = list ? list->first : NULL; c; c = c->next, in++) {
        TRY(l->ctx, load_need(l, c, "区划", &in->region));
        TRY(l->ctx, load_need(l, c, "事项", &in->matter));
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, c));
        f->in_count++;
    }
    return yaml_refuse_unseen(l->ctx, n);
}

enum err
load_cited(struct loader *l, struct yaml_node *root)
{
    if (root->kind != YAML_LIST || root->count > CITED_MAX || l->c->cited)
        return yaml_fail(l->ctx, root, "引用的表单写在一个文件里，是不超过 %d 项的列表", CITED_MAX);
    struct cited_form *f = ARENA_ARRAY(l->arena, root->count, struct cited_form);
    l->c->cited = f;
    for (struct yaml_node *n = root->first; n; n = n->next)
        TRY(l->ctx, load_cited_form(l, n, &f[l->c->cited_count++]));
    return OK;
}
