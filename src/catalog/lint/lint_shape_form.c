/* Structural rules about forms: which ones the materials name, what the forms themselves say, and what the registers need of them. */
#include <string.h>

#include "catalog/lint/lint_shape_int.h"

enum { TITLES_MAX = 512 };

struct title {
    struct str name, plain;
};
struct titles {
    struct title row[TITLES_MAX];
    size_t n;
};

static void
title_add(struct lint *l, struct titles *t, struct str name)
{
    if (t->n < TITLES_MAX && !str_empty(name))
        t->row[t->n++] = (struct title){name, lint_plain(l, name)};
}

static bool
title_known(const struct titles *t, struct str plain)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->row[i].plain, plain))
            return true;
    return false;
}

static void
titles_under(struct lint *l, struct titles *t, struct str folder)
{
    size_t from, end = catalog_files_under(l->files, folder, &from);
    for (size_t i = from; i < end; i++) {
        struct yaml_node *root = shape_file(l, l->files->file[i].path);
        struct yaml_node *name = root && root->kind == YAML_MAP ? yaml_get(root, "名称") : NULL;
        if (name)
            title_add(l, t, name->text);
    }
}

/* Sample forms, the region's own, and those that a guide cites and somebody has listed. */
static struct titles *
known_titles(struct lint *l)
{
    struct titles *t = ARENA_NEW(l->a, struct titles);
    titles_under(l, t, STR("forms/"));
    titles_under(l, t, str_fmt(l->a, "regions/%.*s/forms/", STR_ARG(l->r->code)));
    struct yaml_node *cited = shape_file(l, STR("cited/forms.yaml"));
    for (struct yaml_node *n = cited ? cited->first : NULL; n; n = n->next) {
        struct yaml_node *name = n->kind == YAML_MAP ? yaml_get(n, "名称") : NULL;
        if (name)
            title_add(l, t, name->text);
    }
    return t;
}

/* Only what is filled in is a form: 《营业执照》 is not. */
static bool
is_form_name(struct str s)
{
    static const char *const END[] = {"表",     "申请卡", "申请书", "承诺书", "授权书",
                                      "委托书", "声明书", "申报单", "备案单", "联系函"};
    for (size_t i = 0; i < sizeof END / sizeof *END; i++)
        if (str_ends(s, str_c(END[i])))
            return str_utf8_count(s) >= 4;
    return false;
}

/* The next name between book-title marks at or after *pos. */
static bool
next_title(struct str s, size_t *pos, struct str *ret_name)
{
    for (;;) {
        size_t open = str_find(str_sub(s, *pos, SIZE_MAX), STR("《"));
        if (open == SIZE_MAX)
            return false;
        size_t from = *pos + open + strlen("《");
        size_t close = str_find(str_sub(s, from, SIZE_MAX), STR("》"));
        *pos = from;
        if (close == SIZE_MAX)
            return false;
        *ret_name = str_sub(s, from, close);
        *pos = from + close;
        return true;
    }
}

struct unknown {
    const struct titles *known;
};

static void
report_unknown(struct lint *l, const struct lint_matter *lm, const struct shape_material *x, const struct titles *known,
               struct str name)
{
    struct str plain = lint_plain(l, name);
    if (title_known(known, plain))
        return;
    struct str near = STR_NONE;
    for (size_t i = 0; i < known->n && str_empty(near); i++)
        if (shape_distance(plain, known->row[i].plain, 2) <= 2)
            near = known->row[i].name;
    struct lint_hit h = {.matter = lm->m,
                         .field = STR("办理材料"),
                         .node = x->node,
                         .severity = SEVERITY_WARN,
                         .evidence = name,
                         .cause = plain};
    if (str_empty(near)) {
        h.cause = STR("unlisted"); /* one omission: nobody has listed the region's forms */
        lint_add(l, &h, "《%.*s》没有样表，也没有登记为引用的表格", STR_ARG(name));
        return;
    }
    lint_add(l, &h, "《%.*s》没有这张表；与《%.*s》只差几个字，疑是同一张", STR_ARG(name), STR_ARG(near));
}

static void
unknown_forms(struct lint *l, const struct lint_matter *lm, const struct shape_material *x, void *arg)
{
    struct unknown *u = arg;
    struct str name;
    if (x->m->node != MATERIAL_LEAF)
        return;
    for (size_t pos = 0; next_title(x->m->name, &pos, &name);)
        if (is_form_name(name))
            report_unknown(l, lm, x, u->known, name);
    if (!str_empty(x->m->form) && !catalog_form(l->c, x->m->form) && !shape_has(x->m->name, "《"))
        report_unknown(l, lm, x, u->known, x->m->form);
}

//= R10
enum err
shape_form_unknown(struct lint *l)
{
    struct unknown u = {known_titles(l)};
    for (size_t i = 0; i < l->n; i++)
        shape_materials(l, &l->matter[i], unknown_forms, &u);
    return OK;
}

/* --- one form, two spellings --- */

struct use {
    struct str name, plain;
    const struct lint_matter *lm;
    const struct yaml_node *node;
    size_t offset;
    struct str field;
};
struct uses {
    struct use row[TITLES_MAX];
    size_t n;
};

static void
use_add(struct lint *l, struct uses *u, struct use x)
{
    x.plain = lint_plain(l, x.name);
    for (size_t i = 0; i < u->n; i++)
        if (str_eq(u->row[i].plain, x.plain) && u->row[i].lm == x.lm)
            return;
    if (u->n < TITLES_MAX)
        u->row[u->n++] = x;
}

static void
collect_leaf(struct lint *l, const struct lint_matter *lm, const struct shape_material *x, void *arg)
{
    struct str name = x->m->name;
    size_t pos = 0;
    if (x->m->node != MATERIAL_LEAF)
        return;
    if (str_starts(name, STR("《")))
        (void)next_title(x->m->name, &pos, &name);
    if (is_form_name(name) && !shape_has(name, "《"))
        use_add(l, arg, (struct use){.name = name, .lm = lm, .node = x->node, .field = STR("办理材料")});
}

/* What tells two forms apart, however alike their names are. */
static bool
other_kind(struct str x, struct str y)
{
    static const char *const WORD[] = {"职工", "居民", "单位", "个人", "增加", "减少", "门诊", "住院", "机构", "药店",
                                       "转出", "转入", "登记", "变更", "查询", "申请", "备案", "暂停", "省内", "省外"};
    for (size_t i = 0; i < sizeof WORD / sizeof *WORD; i++)
        if (shape_has(x, WORD[i]) != shape_has(y, WORD[i]))
            return true;
    return false;
}

static size_t
count_name(const struct uses *u, struct str plain)
{
    size_t n = 0;
    for (size_t i = 0; i < u->n; i++)
        n += str_eq(u->row[i].plain, plain);
    return n;
}

enum err
shape_form_spelling(struct lint *l)
{
    struct uses *u = ARENA_NEW(l->a, struct uses);
    for (size_t i = 0; i < l->n; i++) {
        const struct lint_matter *lm = &l->matter[i];
        shape_materials(l, lm, collect_leaf, u);
        for (size_t t = 0; t < lm->text_count; t++) {
            struct str name;
            if (str_eqz(lm->text[t].field, "异文")) /* the two wordings are compared by twice-materials */
                continue;
            for (size_t pos = 0; next_title(lm->text[t].text, &pos, &name);)
                if (is_form_name(name))
                    use_add(l, u, (struct use){name, STR_NONE, lm, lm->text[t].node, pos - name.n, lm->text[t].field});
        }
    }
    for (size_t i = 0; i < u->n; i++)
        for (size_t k = 0; k < u->n; k++) {
            const struct use *x = &u->row[i], *y = &u->row[k];
            size_t here = count_name(u, x->plain), there = count_name(u, y->plain);
            /* Told at the rarer spelling; of two equally rare ones at the later. */
            if (k == i || here > there || (here == there && i < k) || str_utf8_count(x->plain) < 7)
                continue;
            size_t d = shape_distance(x->plain, y->plain, 2);
            if (d == 0 || d > 2 || other_kind(x->plain, y->plain))
                continue;
            struct lint_hit h = {.matter = x->lm->m,
                                 .field = x->field,
                                 .node = x->node,
                                 .offset = x->offset,
                                 .severity = SEVERITY_WARN,
                                 .evidence = x->name,
                                 .cause = x->plain};
            lint_add(l, &h, "表名“%.*s”在另一处作“%.*s”", STR_ARG(x->name), STR_ARG(y->name));
        }
    return OK;
}

/* --- what is printed on the form --- */

/* N of 一式N份 in S, 0 if it is not there. */
static int
copies_of(struct str s)
{
    static const char *const NUMERAL[] = {"", "一", "二", "三", "四", "五", "六"};
    size_t at = str_find(s, STR("一式"));
    if (at == SIZE_MAX)
        return 0;
    struct str rest = str_trim(str_sub(s, at + strlen("一式"), SIZE_MAX));
    if (rest.n && rest.p[0] > '0' && rest.p[0] <= '9')
        return rest.p[0] - '0';
    for (int i = 1; i < 7; i++)
        if (str_starts(rest, str_c(NUMERAL[i])))
            return i;
    return str_starts(rest, STR("两")) ? 2 : 0;
}

/* A stamp of the applicant's unit among the form's signatures. */
static bool
signs_unit(const struct form *f)
{
    for (size_t i = 0; i < f->sign_count; i++) {
        struct str s = f->sign[i];
        if (shape_has(s, "单位") && shape_has_any(s, "盖章|公章", NULL) &&
            !shape_has_any(s, "经办机构|受理|医保|认定|转入|转出|医院", NULL))
            return true;
    }
    return false;
}

struct printed {
    const struct form *form;
    const struct yaml_node *node;
    bool used, stamped, copied;
};

static void
note_leaf(struct lint *l, const struct lint_matter *lm, const struct shape_material *x, void *arg)
{
    struct printed *p = arg;
    struct str title = p->form->title, name;
    size_t pos = 0;
    (void)lm;
    if (x->m->node != MATERIAL_LEAF)
        return;
    bool this = str_eq(lint_plain(l, x->m->form), lint_plain(l, title)) || str_eq(x->m->form, p->form->id);
    while (!this && next_title(x->m->name, &pos, &name))
        this = str_eq(lint_plain(l, name), lint_plain(l, title));
    if (!this)
        return;
    if (!p->used)
        p->node = x->node;
    p->used = true;
    p->stamped = p->stamped || !str_empty(x->m->stamp);
    int64_t n;
    int want = copies_of(p->form->note);
    p->copied = p->copied || !want || (str_int(x->m->copies, &n) && n == want);
}

/* The form as the region has it: its own version before the sample. */
static const struct form *
form_of(struct lint *l, struct str id)
{
    for (size_t i = 0; i < l->r->form_count; i++)
        if (str_eq(l->r->form[i].id, id) || str_eq(l->r->form[i].title, id))
            return &l->r->form[i];
    return catalog_form(l->c, id);
}

static void
note_matter(struct lint *l, const struct lint_matter *lm, const struct form *form)
{
    struct printed p = {.form = form};
    shape_materials(l, lm, note_leaf, &p);
    if (!p.used)
        return;
    struct lint_hit h = {
        .matter = lm->m, .field = STR("办理材料"), .node = p.node, .severity = SEVERITY_WARN, .evidence = form->title};
    if (!p.copied) {
        h.cause = str_fmt(l->a, "copies %.*s", STR_ARG(form->id));
        lint_add(l, &h, "《%.*s》的说明写一式%d份，材料没有写这个份数", STR_ARG(form->title), copies_of(form->note));
    }
    if (!p.stamped && signs_unit(form)) {
        h.cause = str_fmt(l->a, "stamp %.*s", STR_ARG(form->id));
        lint_add(l, &h, "《%.*s》上有单位盖章的一栏，材料没有写要盖章", STR_ARG(form->title));
    }
}

//= R51 R79
enum err
shape_form_note(struct lint *l)
{
    struct titles *t = ARENA_NEW(l->a, struct titles);
    titles_under(l, t, STR("forms/"));
    titles_under(l, t, str_fmt(l->a, "regions/%.*s/forms/", STR_ARG(l->r->code)));
    for (size_t k = 0; k < t->n; k++) {
        const struct form *form = form_of(l, t->row[k].name);
        for (size_t i = 0; form && i < l->n; i++)
            note_matter(l, &l->matter[i], form);
    }
    return OK;
}

/* --- what the registers need --- */

/* By effect: the register's fields without which it cannot be carried out; '/' between those of which one is enough. */
static const struct {
    enum effect_kind effect;
    const char *need[4];
} NEEDS[] = {
    {EFFECT_UNIT_ENROL, {"unit.name", "unit.uscc"}},
    {EFFECT_PERSON_ENROL, {"person.name", "person.id"}},
    {EFFECT_RESIDENT_ENROL, {"person.name", "person.id"}},
    {EFFECT_UNIT_CHANGE, {"unit.no/unit.uscc", "change.field", "change.new"}},
    {EFFECT_PERSON_CHANGE, {"person.id", "change.field", "change.new"}},
    {EFFECT_OFFSITE, {"person.id", "filing.place"}},
};

static bool
form_requires(const struct form *form, const char *need)
{
    struct str rest = str_c(need), bind;
    while (str_split(&rest, '/', &bind))
        for (size_t s = 0; s < form->section_count; s++)
            for (size_t i = 0; i < form->section[s].field_count; i++) {
                const struct form_field *f = &form->section[s].field[i];
                if (str_eq(f->binds, bind) && (f->required || f->required_when.feel || !str_empty(f->required_unless)))
                    return true;
            }
    return false;
}

//= R71
enum err
shape_form_binds(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        const struct form *form = catalog_matter_form(l->c, m);
        for (size_t k = 0; k < sizeof NEEDS / sizeof *NEEDS; k++) {
            if (NEEDS[k].effect != m->effect || (!form && str_empty(m->form)))
                continue;
            struct lint_hit h = {.matter = m,
                                 .field = STR("表单"),
                                 .severity = SEVERITY_ERROR,
                                 .evidence = form ? form->title : m->form};
            if (!form) {
                h.cause = m->form;
                lint_add(l, &h, "标准清单指定的表单 %.*s 不存在", STR_ARG(m->form));
                continue;
            }
            for (size_t n = 0; n < 4 && NEEDS[k].need[n]; n++)
                if (!form_requires(form, NEEDS[k].need[n])) {
                    h.cause = str_fmt(l->a, "%.*s %s", STR_ARG(form->id), NEEDS[k].need[n]);
                    lint_add(l, &h, "办结要%s，《%.*s》没有对应 %s 的必填栏目", effect_name(m->effect),
                             STR_ARG(form->title), NEEDS[k].need[n]);
                }
        }
    }
    return OK;
}
