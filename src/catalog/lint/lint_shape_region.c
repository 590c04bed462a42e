/* Structural rules about codes, the calendar, and what a region owes to the order it stands under. */
#include <string.h>

#include "catalog/lint/lint_shape_int.h"

/* --- codes --- */

//= R11
enum err
shape_code_form(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        if (str_empty(m->code) || shape_digits(m->code) == 12)
            continue;
        struct lint_hit h = {.matter = m,
                             .field = STR("标准编码"),
                             .node = lint_node(l->matter[i].root, "标准编码", NULL),
                             .severity = SEVERITY_ERROR,
                             .evidence = m->code,
                             .cause = m->code};
        lint_add(l, &h, "事项编码“%.*s”不是12位数字", STR_ARG(m->code));
    }
    return OK;
}

/* The printed code of the matter's group: an other text under that heading. */
static const struct note *
group_code(const struct lint_matter *lm, const struct yaml_node **ret_node)
{
    for (size_t i = 0; i < lm->m->other_count; i++)
        if (str_eqz(lm->m->other[i].title, "主项编码")) {
            struct yaml_node *n = lint_child(lint_node(lm->root, "其他原文", NULL), i);
            *ret_node = n && n->kind == YAML_MAP ? yaml_get(n, "原文") : n;
            return &lm->m->other[i];
        }
    return NULL;
}

/* 'a' a small letter, 'A' another letter, '0' digits only: the way a code is written. */
static char
code_shape(struct str code)
{
    char shape = '0';
    for (size_t i = 0; i < code.n; i++) {
        if (code.p[i] >= 'a' && code.p[i] <= 'z')
            return 'a';
        if (code.p[i] < '0' || code.p[i] > '9')
            shape = 'A';
    }
    return shape;
}

//= R11
enum err
shape_code_group(struct lint *l)
{
    size_t small = 0, capital = 0;
    const struct yaml_node *node = NULL;
    for (size_t i = 0; i < l->n; i++) {
        const struct note *g = group_code(&l->matter[i], &node);
        small += g && code_shape(g->verbatim) == 'a';
        capital += g && code_shape(g->verbatim) == 'A';
    }
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        const struct note *g = group_code(&l->matter[i], &node);
        if (!g)
            continue;
        struct lint_hit h = {
            .matter = m, .field = STR("其他原文"), .node = node, .severity = SEVERITY_WARN, .evidence = g->verbatim};
        if (!str_empty(m->code) && !str_eq(str_sub(g->verbatim, 0, 9), str_sub(m->code, 0, 9))) {
            h.severity = SEVERITY_ERROR;
            h.cause = g->verbatim;
            lint_add(l, &h, "主项编码“%.*s”与事项编码 %.*s 的前9位不同", STR_ARG(g->verbatim), STR_ARG(m->code));
        } else if (shape_digits(g->verbatim) != 12) {
            bool odd = code_shape(g->verbatim) == 'a' && capital > 0;
            h.cause = STR("form");
            lint_add(l, &h, "主项编码不是12位数字，印作“%.*s”%s", STR_ARG(g->verbatim),
                     odd || (small && capital) ? "，而且大小写不一" : "");
        }
    }
    return OK;
}

//= R11
static void
code_of_group(struct lint *l, size_t i)
{
    const struct matter *m = l->matter[i].m;
    size_t same = 0, other = 0;
    for (size_t k = 0; k < l->n; k++) {
        const struct matter *x = l->matter[k].m;
        if (k == i || str_empty(x->code) || !str_eq(x->group, m->group))
            continue;
        if (str_eq(str_sub(x->code, 0, 9), str_sub(m->code, 0, 9)))
            same++;
        else
            other++;
    }
    if (same > 0 || other < 2)
        return;
    struct lint_hit h = {.matter = m,
                         .field = STR("标准编码"),
                         .node = lint_node(l->matter[i].root, "标准编码", NULL),
                         .severity = SEVERITY_ERROR,
                         .evidence = m->code,
                         .cause = m->code};
    lint_add(l, &h, "编码 %.*s 的前9位与同组“%.*s”的其他事项不同", STR_ARG(m->code), STR_ARG(m->group));
}

/* The standard matter whose name is as good as NAME, while that of CODE is far from it; NULL if all is well. */
static const struct standard_matter *
better_name(struct lint *l, struct str name, const struct standard_matter *own)
{
    size_t far = own ? shape_distance(name, lint_plain(l, own->name), 8) : 9;
    for (size_t i = 0; i < catalog_standard_count(l->c); i++) {
        const struct standard_matter *s = catalog_standard_at(l->c, i);
        size_t near = shape_distance(name, lint_plain(l, s->name), 1);
        if (s != own && near <= 1 && far > near + 2)
            return s;
    }
    return NULL;
}

enum err
shape_code_name(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        if (!str_empty(m->code) && !str_empty(m->group))
            code_of_group(l, i);
        const struct standard_matter *s = better_name(l, lint_plain(l, shape_head(m->name)), m->standard);
        if (!s)
            continue;
        struct lint_hit h = {.matter = m,
                             .field = STR("标准编码"),
                             .severity = SEVERITY_ERROR,
                             .evidence = m->name,
                             .cause = m->name,
                             .node = lint_node(l->matter[i].root, str_empty(m->code) ? "名称" : "标准编码", NULL)};
        if (str_empty(m->code)) {
            h.severity = SEVERITY_WARN;
            h.remedy = STR("在标准编码写上这个编码");
            lint_add(l, &h, "“%.*s”是标准清单的 %.*s，却没有写编码", STR_ARG(m->name), STR_ARG(s->code));
        } else {
            lint_add(l, &h, "编码 %.*s 是“%.*s”，名称“%.*s”的编码应是 %.*s", STR_ARG(m->code),
                     STR_ARG(m->standard->name), STR_ARG(m->name), STR_ARG(s->code));
        }
    }
    return OK;
}

/* Kinds of one matter, told apart by a bracket behind the name, are meant to share its code. */
enum err
shape_code_shared(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m, *other = NULL;
        for (size_t k = 0; k < l->n && !str_empty(m->code); k++)
            if (k != i && str_eq(l->matter[k].m->code, m->code) &&
                !str_eq(lint_plain(l, shape_head(l->matter[k].m->name)), lint_plain(l, shape_head(m->name))))
                other = l->matter[k].m;
        if (!other)
            continue;
        struct lint_hit h = {.matter = m,
                             .field = STR("标准编码"),
                             .node = lint_node(l->matter[i].root, "标准编码", NULL),
                             .severity = SEVERITY_INFO,
                             .evidence = m->code,
                             .cause = m->code};
        lint_add(l, &h, "“%.*s”与“%.*s”用同一个编码 %.*s", STR_ARG(m->name), STR_ARG(other->name), STR_ARG(m->code));
    }
    return OK;
}

/* --- the calendar --- */

/* The calendar belongs to no region: it is told once, with the first region that is looked at. */
//= R276
enum err
shape_calendar_year(struct lint *l)
{
    for (size_t i = 0; i < l->found->n; i++)
        if (!strcmp(l->found->finding[i].id, "calendar-year"))
            return OK;
    int year = day_ymd(day_of_ms(l->ctx->now_ms)).year;
    for (int y = year; y <= year + 1; y++) {
        struct day first;
        if (!day_from_ymd(y, 1, 1, &first) || calendar_is_announced(catalog_calendar(l->c), first))
            continue;
        struct str path = str_fmt(l->a, "calendar/%d.yaml", y);
        struct lint_hit h = {.field = STR("日历"),
                             .node = shape_file(l, path),
                             .evidence = path,
                             .cause = path,
                             .severity = y == year ? SEVERITY_WARN : SEVERITY_INFO};
        lint_add(l, &h, "%d年的放假安排没有写入日历，跨到该年的期限是暂定的", y);
    }
    return OK;
}

/* --- what the guide itself says will be published --- */

//= R8
enum err
shape_publish_phone(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        if (!shape_has(m->supervision_text, "公布") || m->supervision_count || !str_empty(l->r->supervision))
            continue;
        struct lint_hit h = {.matter = m,
                             .field = STR("监督电话"),
                             .node = shape_verbatim(&l->matter[i], "监督电话"),
                             .severity = SEVERITY_ERROR,
                             .evidence = m->supervision_text,
                             .cause = STR("phone")};
        lint_add(l, &h, "指南写明要公布监督电话，这里没有号码");
    }
    return OK;
}

static bool
has_address(const struct lint *l, const struct matter *m)
{
    for (size_t i = 0; i < m->channel_count; i++)
        if (!str_empty(m->channel[i].address))
            return true;
    for (size_t i = 0; i < l->r->point_count; i++)
        if (!str_empty(l->r->point[i].address))
            return true;
    return false;
}

/* An open on-line channel without a name: whoever wants to use it does not learn where. */
static bool
has_nameless_site(const struct matter *m)
{
    for (size_t i = 0; i < m->channel_count; i++) {
        const struct channel *c = &m->channel[i];
        if ((c->kind == CHANNEL_ONLINE || c->kind == CHANNEL_WECHAT) && !c->planned && str_empty(c->name) &&
            str_empty(c->address))
            return true;
    }
    return false;
}

//= R9
enum err
shape_publish_address(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        if (!shape_has(m->channels_text, "公布"))
            continue;
        struct lint_hit h = {.matter = m,
                             .field = STR("办理渠道"),
                             .node = shape_verbatim(&l->matter[i], "办理渠道"),
                             .severity = SEVERITY_ERROR,
                             .evidence = m->channels_text};
        if (shape_has(m->channels_text, "地址") && !has_address(l, m)) {
            h.cause = STR("address");
            lint_add(l, &h, "指南写明要公布办理地址，渠道和服务点都没有地址");
        }
        size_t at = str_find(m->channels_text, STR("网址"));
        if (at != SIZE_MAX && has_nameless_site(m)) {
            h.cause = STR("site");
            h.offset = at;
            h.evidence = str_sub(m->channels_text, at, SIZE_MAX);
            lint_add(l, &h, "指南写明要公布网址、手机APP、微信公众号，网上渠道却没有名称和网址");
        }
    }
    return OK;
}

/* The matter's text that says it is not taken at present; NULL if none does. */
static const struct lint_text *
says_stopped(const struct lint_matter *lm, struct str *ret_word)
{
    for (size_t i = 0; i < lm->text_count; i++)
        if (shape_has_any(lm->text[i].text, "暂停办理|暂停受理|停止办理|停止受理|暂不办理|暂不受理", ret_word))
            return &lm->text[i];
    return NULL;
}

/* The loader sees to it that a suspended matter has a basis; here: that the basis says so, and that open matters do not. */
//= R13
enum err
shape_suspended_basis(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct lint_matter *lm = &l->matter[i];
        const struct matter *m = lm->m;
        struct lint_hit h = {.matter = m, .severity = SEVERITY_WARN};
        struct str found;
        if (m->suspended && !shape_has_any(m->status_basis, "暂停|停止|中止|暂不|停办", NULL)) {
            h.field = STR("状态依据");
            h.node = lint_node(lm->root, "状态依据", NULL);
            h.evidence = m->status_basis;
            lint_add(l, &h, "“%.*s”标作暂停，依据里没有写暂停", STR_ARG(m->name));
        }
        const struct lint_text *t = m->suspended || m->not_open ? NULL : says_stopped(lm, &found);
        if (t) {
            h.field = t->field;
            h.node = t->node;
            h.offset = str_find(t->text, found);
            h.evidence = str_sub(t->text, h.offset, SIZE_MAX);
            h.remedy = STR("核对事项是否已经暂停；已暂停的，把状态写作暂停并照录依据");
            lint_add(l, &h, "原文写“%.*s”，状态却是开放", STR_ARG(found));
        }
    }
    return OK;
}

/* --- what the parent's order binds --- */

/* The first material that is always asked here and not at all above. */
static const struct material *
extra_material(struct lint *l, const struct matter *m, const struct matter *above)
{
    struct str text = lint_plain(l, above->materials_text);
    for (size_t i = 0; i < m->material_count; i++) {
        const struct material *x = &m->material[i];
        bool known = x->when.feel || str_find(text, lint_plain(l, x->name)) != SIZE_MAX;
        for (size_t k = 0; k < above->material_count && !known; k++)
            known = str_eq(lint_plain(l, above->material[k].name), lint_plain(l, x->name));
        if (!known && !str_empty(x->name))
            return x;
    }
    return NULL;
}

//= R1 R4
enum err
shape_child_heavier(struct lint *l)
{
    const struct region *parent = l->r->parent_binds ? catalog_region(l->c, l->r->parent) : NULL;
    for (size_t i = 0; parent && i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        const struct matter *above = str_empty(m->code) ? NULL : lint_same_code(parent, m->code);
        if (!above)
            continue;
        int mine = shape_promise(m), theirs = shape_promise(above);
        if (theirs >= 0 && mine > theirs) {
            struct lint_hit h = {.matter = m,
                                 .field = STR("办理时限"),
                                 .node = shape_verbatim(&l->matter[i], "办理时限"),
                                 .severity = SEVERITY_ERROR,
                                 .evidence = m->limit_text,
                                 .cause = str_fmt(l->a, "%d/%d", mine, theirs)};
            lint_add(l, &h, "时限“%.*s”比%.*s的“%.*s”长", STR_ARG(m->limit_text), STR_ARG(parent->name),
                     STR_ARG(above->limit_text));
        }
        const struct material *x = extra_material(l, m, above);
        if (x && above->material_count && shape_needed_count(m) > shape_needed_count(above)) {
            struct lint_hit h = {.matter = m,
                                 .field = STR("办理材料"),
                                 .node = shape_verbatim(&l->matter[i], "办理材料"),
                                 .severity = SEVERITY_ERROR,
                                 .evidence = x->name};
            lint_add(l, &h, "比%.*s多要“%.*s”（必交 %zu 件，上级 %zu 件）", STR_ARG(parent->name), STR_ARG(x->name),
                     shape_needed_count(m), shape_needed_count(above));
        }
    }
    return OK;
}

//= R5
enum err
shape_local_basis(struct lint *l)
{
    for (size_t i = 0; i < l->n && l->r->parent_binds; i++) {
        const struct matter *m = l->matter[i].m;
        bool process = !str_empty(m->process_text) || m->stage_count;
        if (!str_empty(m->code) || (m->legal_basis_count && process))
            continue;
        struct lint_hit h = {.matter = m,
                             .field = m->legal_basis_count ? STR("办理流程") : STR("设定依据"),
                             .node = lint_node(l->matter[i].root, "名称", NULL),
                             .severity = SEVERITY_ERROR,
                             .evidence = m->name};
        h.cause = h.field;
        lint_add(l, &h, "地方事项“%.*s”没有写%s，不能备案", STR_ARG(m->name),
                 m->legal_basis_count ? "办理流程" : "设定依据");
    }
    return OK;
}

static bool
speaks_of_code(const struct lint *l)
{
    for (size_t i = 0; i < l->n; i++)
        if (shape_has(l->matter[i].m->rating_text, "二维码"))
            return true;
    for (size_t i = 0; i < l->r->common_note_count; i++)
        if (shape_has(l->r->common_note[i].verbatim, "二维码"))
            return true;
    return shape_has(l->r->head_text, "二维码") || shape_has(l->r->tail_text, "二维码");
}

//= R48
enum err
shape_point_rating(struct lint *l)
{
    if (!l->r->parent_binds || speaks_of_code(l))
        return OK;
    for (size_t i = 0; i < l->r->point_count; i++) {
        const struct service_point *p = &l->r->point[i];
        if (!p->level_known || (p->level != LEVEL_TOWN && p->level != LEVEL_VILLAGE) || p->device)
            continue;
        struct lint_hit h = {.field = STR("服务点"),
                             .node = lint_child(lint_node(l->region_root, "服务点", NULL), i),
                             .severity = SEVERITY_ERROR,
                             .evidence = p->name,
                             .cause = STR("points")};
        lint_add(l, &h, "服务点“%.*s”没有评价器，指南也没有写评价二维码", STR_ARG(p->name));
    }
    return OK;
}
