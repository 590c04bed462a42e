/* forms/form-NN.yaml into struct form. */
#include "catalog/catalog_int.h"

static enum err
load_field(struct loader *l, struct yaml_node *n, struct form *form, struct form_field *f)
{
    int64_t length;
    TRY(l->ctx, load_need(l, n, "标识", &f->id));
    TRY(l->ctx, load_need(l, n, "名称", &f->label));
    TRY(l->ctx, load_need(l, n, "类型", &f->type));
    TRY(l->ctx, load_texts(l, n, "取值", &f->values, &f->value_count));
    TRY(l->ctx, yaml_flag(l->ctx, n, "必填", &f->required));
    TRY(l->ctx, load_condition(l, n, "必填当", &form->facts, &f->required_when));
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
    TRY(l->ctx, yaml_flag(l->ctx, n, "个人信息", &f->personal));
    f->max_length = length ? (int)length : 200;
    return yaml_refuse_unseen(l->ctx, n);
}

static enum err
load_section(struct loader *l, struct yaml_node *n, struct form *form, struct form_section *s)
{
    struct yaml_node *list;
    int64_t rows;
    TRY(l->ctx, load_text(l, n, "标题", &s->title));
    TRY(l->ctx, load_text(l, n, "说明", &s->note));
    TRY(l->ctx, load_text(l, n, "重复", &s->rows_id));
    TRY(l->ctx, load_int(l, n, "最多", 1000, &rows));
    s->rows_max = rows ? (int)rows : 20;
    TRY(l->ctx, yaml_list(l->ctx, n, "字段", &list));
    struct form_field *f = ARENA_ARRAY(l->arena, list ? list->count : 0, struct form_field);
    s->field = f;
    for (struct yaml_node *c = list ? list->first : NULL; c; c = c->next)
        TRY(l->ctx, load_field(l, c, form, &f[s->field_count++]));
    return yaml_refuse_unseen(l->ctx, n);
}

enum err
load_form(struct loader *l, struct yaml_node *root, struct form *f)
{
    struct yaml_node *list;
    TRY(l->ctx, load_need(l, root, "标识", &f->id));
    TRY(l->ctx, load_need(l, root, "名称", &f->title));
    TRY(l->ctx, load_text(l, root, "出处", &f->where));
    TRY(l->ctx, load_text(l, root, "说明", &f->note));
    TRY(l->ctx, load_text(l, root, "声明", &f->declaration));
    TRY(l->ctx, load_texts(l, root, "签章", &f->sign, &f->sign_count));
    TRY(l->ctx, yaml_list(l->ctx, root, "分区", &list));
    struct form_section *s = ARENA_ARRAY(l->arena, list ? list->count : 0, struct form_section);
    f->section = s;
    for (struct yaml_node *c = list ? list->first : NULL; c; c = c->next)
        TRY(l->ctx, load_section(l, c, f, &s[f->section_count++]));
    return yaml_refuse_unseen(l->ctx, root);
}
