/* Names: one thing under two names, captions and titles that are not the matter's. */
#include <string.h>

#include "catalog/lint/lint_text_int.h"

/* --- names --- */

enum name_kind { NAME_CHANNEL, NAME_WINDOW, NAME_MATERIAL, NAME_QUOTED };
enum { NAMES_MAX = 4000, NEAR_MAX = 2 };
struct name {
    enum name_kind kind;
    struct chars plain;
    struct str text;
    struct lint_hit hit;
    size_t count; /* matters that print it */
    bool *in;     /* which */
};
struct names {
    struct name *name;
    size_t n;
};

/* 5、6、7窗口 is a window like 2窗口: its numbers are one. */
static void
collapse_numbers(struct chars *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++) {
        bool number = cp_digit(c->cp[i]) || (n && c->cp[n - 1] == '#' && cp_in(c->cp[i], ",.-"));
        if (!number)
            c->cp[n++] = c->cp[i];
        else if (n == 0 || c->cp[n - 1] != '#')
            c->cp[n++] = '#';
    }
    c->n = n;
}

static void
count_name(struct lint *l, struct names *all, enum name_kind kind, const struct lint_matter *m, struct str field,
           const struct yaml_node *node, size_t offset, struct str text)
{
    struct chars p = chars_plain(l->a, text);
    size_t i = 0;
    if (kind == NAME_WINDOW)
        collapse_numbers(&p);
    if (p.n < 4)
        return;
    while (i < all->n && (all->name[i].kind != kind || !chars_eq(&all->name[i].plain, &p)))
        i++;
    if (i == NAMES_MAX)
        return;
    if (i == all->n) {
        struct lint_hit h = {.matter = m->m, .field = field, .node = node, .offset = offset, .evidence = text};
        all->name[all->n++] =
            (struct name){.kind = kind, .plain = p, .text = text, .hit = h, .in = ARENA_ARRAY(l->a, l->n, bool)};
    }
    bool *in = &all->name[i].in[m - l->matter];
    all->name[i].count += !*in;
    *in = true;
}

static void
count_materials(struct lint *l, struct names *all, const struct lint_matter *m, struct yaml_node *n, int depth)
{
    for (struct yaml_node *c = n && n->kind == YAML_LIST ? n->first : NULL; c && depth < 10; c = c->next) {
        struct yaml_node *leaf = yaml_get(c, "材料");
        if (leaf && leaf->kind == YAML_SCALAR)
            count_name(l, all, NAME_MATERIAL, m, STR("办理材料"), leaf, 0, leaf->text);
        count_materials(l, all, m, yaml_get(c, "任一"), depth + 1);
        count_materials(l, all, m, yaml_get(c, "全部"), depth + 1);
    }
}

static void
count_quoted(struct lint *l, struct names *all, const struct lint_matter *m, const struct lint_text *t)
{
    struct chars c = chars_of(l->a, t->text);
    if (str_eqz(t->field, "其他原文") || str_eqz(t->field, "设定依据") || str_eqz(t->field, "评价渠道"))
        return;
    for (size_t i = 0; i < c.n; i++) {
        size_t to = i + 1;
        if (c.cp[i] != 0x201C)
            continue;
        while (to < c.n && c.cp[to] != 0x201D && c.cp[to] != '\n')
            to++;
        if (to < c.n)
            count_name(l, all, NAME_QUOTED, m, t->field, t->node, c.at[i], chars_text(t->text, &c, i + 1, to));
    }
}

static struct names
all_names(struct lint *l)
{
    struct names all = {ARENA_ARRAY(l->a, NAMES_MAX, struct name), 0};
    for (size_t i = 0; i < l->n; i++) {
        const struct lint_matter *m = &l->matter[i];
        struct yaml_node *ch = lint_node(m->root, "办理渠道", "渠道");
        for (struct yaml_node *c = ch && ch->kind == YAML_LIST ? ch->first : NULL; c; c = c->next) {
            struct yaml_node *name = yaml_get(c, "名称"), *window = yaml_get(c, "窗口");
            if (name && name->kind == YAML_SCALAR)
                count_name(l, &all, NAME_CHANNEL, m, STR("办理渠道"), name, 0, name->text);
            if (window && window->kind == YAML_SCALAR)
                count_name(l, &all, NAME_WINDOW, m, STR("办理渠道"), window, 0, window->text);
        }
        count_materials(l, &all, m, lint_node(m->root, "办理材料", "清单"), 0);
        for (size_t k = 0; k < m->text_count; k++)
            count_quoted(l, &all, m, &m->text[k]);
    }
    return all;
}

static bool
negation(struct str s) /* 满意 and 不满意 are two things */
{
    return str_eqz(s, "不") || str_eqz(s, "非") || str_eqz(s, "未") || str_eqz(s, "无");
}

/* Two names for what is probably one thing. Papers differ by a character on purpose often enough, so for them one must be rare. */
static bool
variant_pair(struct lint *l, const struct name *rare, const struct name *usual)
{
    if (rare->kind != usual->kind || rare == usual)
        return false;
    struct delta d = chars_delta(&rare->plain, &usual->plain);
    size_t room = rare->kind == NAME_CHANNEL && d.head >= 2 && d.head + d.tail >= 6 ? NEAR_MAX : 1;
    struct str own = lint_cut(l, &rare->plain, d.head, d.a_rest), other = lint_cut(l, &usual->plain, d.head, d.b_rest);
    if (d.a_rest > room || d.b_rest > room || d.a_rest + d.b_rest == 0 || d.head + d.tail < 3 || lint_has_number(own) ||
        lint_has_number(other) || lint_opposites(l, own, other) || negation(own) || negation(other) ||
        (chars_marks_only(&rare->plain, d.head, d.a_rest) && chars_marks_only(&usual->plain, d.head, d.b_rest)))
        return false;
    if (rare->kind == NAME_MATERIAL)
        return usual->count >= 2 && usual->count >= 2 * rare->count;
    return true;
}

enum err
lint_name_variant(struct lint *l)
{
    struct names all = all_names(l);
    for (size_t i = 0; i < all.n; i++)
        for (size_t k = 0; k < all.n; k++) {
            const struct name *rare = &all.name[i], *usual = &all.name[k];
            bool fewer = rare->count < usual->count || (rare->count == usual->count && i > k);
            if (!fewer || !variant_pair(l, rare, usual))
                continue;
            struct lint_hit h = rare->hit;
            h.severity = usual->count >= 3 * rare->count ? SEVERITY_WARN : SEVERITY_INFO;
            struct delta d =
                chars_delta(&rare->plain, &usual->plain); /* the same word lost in several names is one cause */
            h.cause = str_fmt(l->a, "%.*s|%.*s", STR_ARG(lint_cut(l, &rare->plain, d.head, d.a_rest)),
                              STR_ARG(lint_cut(l, &usual->plain, d.head, d.b_rest)));
            for (size_t m = 0; m < l->n; m++) {
                h.matter = l->matter[m].m;
                if (rare->in[m])
                    lint_add(l, &h, "“%.*s”（%zu 项）与“%.*s”（%zu 项）可能是同一名称", STR_ARG(rare->text),
                             rare->count, STR_ARG(usual->text), usual->count);
            }
            break;
        }
    return OK;
}

/* --- captions and titles against the name --- */

/* TEXT's characters after the name, where the text begins with it (or has it inside). */
static bool
after_name(const struct chars *text, const struct chars *name, size_t *ret_at)
{
    for (size_t i = 0; i + name->n <= text->n; i++) {
        size_t k = 0;
        while (k < name->n && text->cp[i + k] == name->cp[k])
            k++;
        if (k == name->n && k > 0) {
            *ret_at = i + k;
            return true;
        }
    }
    return false;
}

/* What most texts of the field print after the name (办理流程图); empty if there is no such custom. */
static struct str
usual_ending(struct lint *l, const char *field)
{
    struct str *ending = ARENA_ARRAY(l->a, l->n, struct str);
    size_t best = 0, most = 0, have = 0;
    for (size_t i = 0; i < l->n; i++) {
        const struct lint_text *t = lint_text_of(&l->matter[i], field);
        if (!t)
            continue;
        struct chars c = chars_plain(l->a, t->text), name = chars_plain(l->a, l->matter[i].m->name);
        size_t at;
        have += lint_text_of(&l->matter[i], "标题名称") == NULL; /* a bundle's title names no single matter */
        if (after_name(&c, &name, &at))
            ending[i] = lint_cut(l, &c, at, c.n - at);
    }
    for (size_t i = 0; i < l->n; i++) {
        size_t n = 0;
        for (size_t k = 0; k < l->n; k++)
            n += !str_empty(ending[i]) && str_eq(ending[i], ending[k]);
        if (n > most) {
            most = n;
            best = i;
        }
    }
    return have >= 5 && most * 2 >= have ? ending[best] : STR("");
}

static const struct matter *
other_named(struct lint *l, const struct lint_matter *own, const struct chars *text)
{
    const struct matter *hit = NULL;
    size_t longest = 4, at;
    for (size_t i = 0; i < l->n; i++) {
        struct chars name = chars_plain(l->a, l->matter[i].m->name);
        if (&l->matter[i] != own && name.n > longest && after_name(text, &name, &at)) {
            longest = name.n;
            hit = l->matter[i].m;
        }
    }
    return hit;
}

/* …办理 and 办理流程图 make …办理流程图: what the name ends with is not printed twice. */
static struct chars
merge_ends(struct lint *l, const struct chars *name, struct str ending)
{
    struct chars e = chars_plain(l->a, ending);
    size_t k = e.n < name->n ? e.n : name->n;
    while (k > 0 && memcmp(&name->cp[name->n - k], e.cp, k * sizeof *e.cp) != 0)
        k--;
    struct str s = str_concat(l->a, lint_cut(l, name, 0, name->n), lint_cut(l, &e, k, e.n - k));
    return chars_plain(l->a, s);
}

/* The name with one character other than the standard list has for its code; false for pairs like 转入转出. */
static bool
name_slip(struct lint *l, const struct matter *m, struct delta *ret_d)
{
    if (!m->standard)
        return false;
    struct chars own = chars_plain(l->a, m->name), want = chars_plain(l->a, m->standard->name);
    struct delta d = chars_delta(&own, &want);
    struct str x = lint_cut(l, &own, d.head, d.a_rest), y = lint_cut(l, &want, d.head, d.b_rest);
    *ret_d = d;
    return d.a_rest <= 1 && d.b_rest <= 1 && d.a_rest + d.b_rest && want.n >= 5 && !lint_opposites(l, x, y) &&
           !(chars_marks_only(&own, d.head, d.a_rest) && chars_marks_only(&want, d.head, d.b_rest)) &&
           !lint_has_number(x) && !lint_has_number(y);
}

/* A name the standard list has with one character other; where the caption agrees with the list, the name is the slip. */
static void
check_name(struct lint *l, const struct lint_matter *m)
{
    const struct lint_text *t = lint_text_of(m, "名称");
    struct delta d;
    if (!t || !name_slip(l, m->m, &d) || lint_told(l, NULL, m->m, t->field, 0))
        return;
    struct chars c = chars_of(l->a, t->text);
    struct lint_hit h = lint_at(m, t, &c, 0, c.n, 0);
    lint_add(l, &h, "事项名称“%.*s”与标准清单的“%.*s”只差一个字", STR_ARG(t->text), STR_ARG(m->m->standard->name));
}

static void
check_title(struct lint *l, const struct lint_matter *m, const struct lint_text *t, struct str ending)
{
    struct chars c = chars_plain(l->a, t->text), name = chars_plain(l->a, m->m->name);
    struct chars want = chars_plain(l->a, str_concat(l->a, m->m->name, ending));
    struct chars raw = chars_of(l->a, t->text), merged = merge_ends(l, &name, ending);
    struct lint_hit h = lint_at(m, t, &raw, 0, raw.n, 0);
    size_t at;
    chars_drop_tail(&c);
    struct delta d = chars_delta(&c, &want);
    const struct matter *other;
    if (chars_eq(&c, &want) || chars_eq(&c, &merged) || c.n == 0 || lint_told(l, "term-near", m->m, t->field, 0))
        return;
    bool named = after_name(&c, &name, &at);
    struct delta slip;
    struct chars standard = m->m->standard ? chars_plain(l->a, m->m->standard->name) : name;
    size_t end;
    if (name_slip(l, m->m, &slip) && after_name(&c, &standard, &end))
        return; /* the name is what is wrong: check_name */
    if (named && (str_empty(ending) || d.a_rest + d.b_rest > 3))
        return; /* the name with another ending altogether */
    if (named || d.a_rest + d.b_rest <= 3) {
        h.cause =
            named ? str_fmt(l->a, "%.*s end %.*s", STR_ARG(t->field), STR_ARG(lint_cut(l, &c, at, c.n - at))) : h.cause;
        lint_add(l, &h, "%.*s“%.*s”与“%.*s%.*s”只差“%.*s”", STR_ARG(t->field), STR_ARG(t->text),
                 STR_ARG(lint_plain(l, m->m->name)), STR_ARG(ending),
                 STR_ARG(d.b_rest ? lint_cut(l, &want, d.head, d.b_rest) : lint_cut(l, &c, d.head, d.a_rest)));
        return;
    }
    if ((other = other_named(l, m, &c)) != NULL) {
        lint_add(l, &h, "%.*s写的是另一事项“%.*s”", STR_ARG(t->field), STR_ARG(other->name));
        return;
    }
    struct str stem = str_empty(ending) || c.n < str_utf8_count(ending)
                          ? lint_plain(l, t->text)
                          : lint_cut(l, &c, 0, c.n - str_utf8_count(ending));
    if (str_find(lint_plain(l, m->m->name), stem) != SIZE_MAX && !str_empty(stem))
        return; /* a shorter form of the name */
    h.severity = SEVERITY_INFO;
    lint_add(l, &h, "%.*s与事项名称“%.*s”不同", STR_ARG(t->field), STR_ARG(m->m->name));
}

enum err
lint_caption(struct lint *l)
{
    struct str ending = usual_ending(l, "图题");
    for (size_t i = 0; i < l->n; i++) {
        const struct lint_text *t = lint_text_of(&l->matter[i], "图题");
        struct chars c = t ? chars_plain(l->a, t->text) : (struct chars){0};
        if (t && c.n > 6)
            check_title(l, &l->matter[i], t, ending);
    }
    return OK;
}

/* The title is the name another part of the guide prints: the rules about texts printed twice tell that. */
static bool
printed_twice(struct lint *l, const struct lint_matter *m, struct str title)
{
    struct yaml_node *list = yaml_get(m->root, "异文");
    struct chars want = chars_plain(l->a, title);
    chars_drop_tail(&want);
    for (struct yaml_node *v = list && list->kind == YAML_LIST ? list->first : NULL; v; v = v->next) {
        struct yaml_node *field = yaml_get(v, "字段"), *text = yaml_get(v, "原文");
        if (!field || !text || text->kind != YAML_SCALAR || !str_eqz(field->text, "名称"))
            continue;
        struct chars c = chars_plain(l->a, text->text);
        chars_drop_tail(&c);
        if (chars_eq(&c, &want))
            return true;
    }
    return false;
}

/* A section that bundles several matters (标题名称) has a title of its own; the item's own line is compared instead. */
enum err
lint_title(struct lint *l)
{
    struct str ending = usual_ending(l, "标题");
    for (size_t i = 0; i < l->n; i++) {
        const struct lint_text *own = lint_text_of(&l->matter[i], "标题名称"),
                               *t = own ? NULL : lint_text_of(&l->matter[i], "标题");
        if (t && !printed_twice(l, &l->matter[i], t->text))
            check_title(l, &l->matter[i], t, ending);
        check_name(l, &l->matter[i]);
    }
    return OK;
}
