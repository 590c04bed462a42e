/* Siblings: what most matters of the region print in the same words, and the one that departs from them. */
#include <string.h>

#include "catalog/lint_text_int.h"

enum { SENTENCES_MAX = 8192, SENTENCE_MIN = 8, NEAR_MAX = 2 };

/* A field over the region's matters, each text plain and with its digits as 0, in groups of equal ones. */
struct same {
    const struct lint_text **text; /* NULL: the matter does not print it */
    struct chars *plain;
    size_t *group; /* index of the first matter with the same text */
    size_t *count; /* of the group that begins here */
    size_t have;
};

static void
mask_digits(struct chars *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (cp_digit(c->cp[i]))
            c->cp[i] = '0';
}

static void
drop_tail(struct chars *c) /* final stops are a matter of marks_differ */
{
    while (c->n && cp_in(c->cp[c->n - 1], ".;,"))
        c->n--;
}

static struct same
same_of(struct lint *l, const char *field, bool mask)
{
    struct same s = {ARENA_ARRAY(l->a, l->n, const struct lint_text *), ARENA_ARRAY(l->a, l->n, struct chars),
                     ARENA_ARRAY(l->a, l->n, size_t), ARENA_ARRAY(l->a, l->n, size_t), 0};
    for (size_t i = 0; i < l->n; i++) {
        s.text[i] = lint_text_of(&l->matter[i], field);
        s.group[i] = i;
        if (!s.text[i])
            continue;
        s.have++;
        s.plain[i] = chars_plain(l->a, s.text[i]->text);
        drop_tail(&s.plain[i]);
        if (mask)
            mask_digits(&s.plain[i]);
        for (size_t k = 0; k < i; k++)
            if (s.text[k] && s.group[k] == k && chars_eq(&s.plain[k], &s.plain[i])) {
                s.group[i] = k;
                break;
            }
        s.count[s.group[i]]++;
    }
    return s;
}

static bool
marks_only(const struct chars *c, size_t from, size_t n)
{
    for (size_t i = from; i < from + n; i++)
        if (cp_han(c->cp[i]) || cp_letter(c->cp[i]) || cp_digit(c->cp[i]))
            return false;
    return true;
}

/* The characters that differ are a pair that makes two names: 转入 and 转出, 门诊 and 住院. */
static bool
opposites(struct lint *l, struct str a, struct str b)
{
    for (size_t i = 0; i < l->terms->antonym_count; i++) {
        struct str x = l->terms->antonym[i];
        if ((str_starts(x, a) && str_ends(x, b)) || (str_starts(x, b) && str_ends(x, a)))
            return true;
    }
    return false;
}

static bool
has_digit(struct str s)
{
    size_t at = 0;
    while (at < s.n) {
        uint32_t cp = str_utf8_next(s, &at);
        if (cp_digit(cp) || cp_letter(cp) || cp_in(cp, "一二三四五六七八九十"))
            return true;
    }
    return false;
}

static struct str
cut_of(struct lint *l, const struct chars *c, size_t from, size_t n)
{
    struct buf b;
    buf_init(&b, l->a, n * 4 + 1);
    for (size_t i = from; i < from + n && i < c->n; i++)
        buf_cp(&b, c->cp[i]);
    return buf_str(&b);
}

static void
tell_departure(struct lint *l, const struct same *s, size_t i, size_t usual, const struct delta *d)
{
    const struct lint_text *t = s->text[i];
    const struct chars *p = &s->plain[i], *u = &s->plain[usual];
    struct str own = chars_text(t->text, p, d->head, d->head + d->a_rest);
    struct str other = chars_text(s->text[usual]->text, u, d->head, d->head + d->b_rest);
    size_t to = d->head + d->a_rest < p->n ? d->head + d->a_rest : p->n;
    struct lint_hit h = lint_at(&l->matter[i], t, p, d->head < p->n ? d->head : p->n, to, 10);
    h.cause = str_fmt(l->a, "%.*s|%.*s|%.*s", STR_ARG(t->field), STR_ARG(own), STR_ARG(other));
    if (d->a_rest == 0)
        lint_add(l, &h, "比其他 %zu 项少“%.*s”", s->count[usual], STR_ARG(other));
    else if (d->b_rest == 0)
        lint_add(l, &h, "比其他 %zu 项多“%.*s”", s->count[usual], STR_ARG(str_sub(own, 0, 240)));
    else
        lint_add(l, &h, "写的是“%.*s”，其他 %zu 项写“%.*s”", STR_ARG(str_sub(own, 0, 240)), s->count[usual],
                 STR_ARG(str_sub(other, 0, 240)));
}

/* Phones, windows and places to go differ for good reasons. */
static bool
has_number(const struct chars *c, size_t from, size_t n)
{
    for (size_t i = from; i < from + n; i++)
        if (cp_digit(c->cp[i]))
            return true;
    return false;
}

/* A field most matters print in the same words: whoever departs from it a little has lost or gained something. */
enum err
lint_boilerplate(struct lint *l)
{
    static const char *const fields[] = {"评价渠道", "办理渠道", "办理流程", "送达", "服务对象"};
    for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
        struct same s = same_of(l, fields[f], true);
        size_t usual = 0;
        for (size_t i = 0; i < l->n; i++)
            usual = s.count[i] > s.count[usual] ? i : usual;
        if (s.have < 5 || s.count[usual] * 10 < s.have * 6)
            continue;
        for (size_t i = 0; i < l->n; i++) {
            if (!s.text[i] || s.group[i] == usual || s.count[s.group[i]] * 4 > s.count[usual])
                continue;
            struct delta d = chars_delta(&s.plain[i], &s.plain[usual]);
            bool alike = (d.head + d.tail) * 10 >= s.plain[usual].n * 5;
            bool marks = marks_only(&s.plain[i], d.head, d.a_rest) && marks_only(&s.plain[usual], d.head, d.b_rest);
            int line = lint_line(s.text[i]->node, d.head < s.plain[i].n ? s.plain[i].at[d.head] : s.text[i]->text.n);
            if (alike && !marks && !lint_told_line(l, l->matter[i].m, s.text[i]->field, line) &&
                !has_number(&s.plain[i], d.head, d.a_rest) && !has_number(&s.plain[usual], d.head, d.b_rest))
                tell_departure(l, &s, i, usual, &d);
        }
    }
    return OK;
}

/* --- the same words with other marks --- */

enum { LINES_MAX = 4096 };

struct line {
    struct chars words;    /* Han, letters and digits only */
    struct str raw, piece; /* without blanks; as printed */
    const struct lint_matter *matter;
    const struct lint_text *text;
    size_t offset;
    uint64_t hash;
};

static struct chars
words_of(struct lint *l, struct str s)
{
    struct chars c = chars_plain(l->a, s);
    size_t n = 0;
    for (size_t i = 0; i < c.n; i++)
        if (cp_han(c.cp[i]) || cp_letter(c.cp[i]) || cp_digit(c.cp[i]))
            c.cp[n++] = c.cp[i];
    c.n = n;
    return c;
}

/* Blanks are looked at by word-torn; many guides set 5 个工作日 with them on purpose. */
static struct str
without_blanks(struct lint *l, struct str s)
{
    struct chars c = chars_of(l->a, s);
    struct buf b;
    buf_init(&b, l->a, s.n + 1);
    for (size_t i = 0; i < c.n; i++)
        if (!cp_blank(c.cp[i]))
            buf_cp(&b, c.cp[i]);
    return buf_str(&b);
}

static size_t
lines_of(struct lint *l, const char *field, struct line *line)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++) {
        const struct lint_text *t = lint_text_of(&l->matter[i], field);
        struct str rest = t ? t->text : STR_NONE, piece;
        while (n < LINES_MAX && str_split(&rest, '\n', &piece)) {
            struct chars w = words_of(l, piece);
            if (w.n < 4)
                continue;
            line[n++] = (struct line){.words = w,
                                      .raw = without_blanks(l, piece),
                                      .piece = piece,
                                      .matter = &l->matter[i],
                                      .text = t,
                                      .offset = (size_t)(piece.p - t->text.p),
                                      .hash = str_hash((struct str){(const char *)w.cp, w.n * sizeof *w.cp})};
        }
    }
    return n;
}

/* The characters [from, to) of S, blanks not counted, with their neighbours, as printed. */
static struct str
printed(struct lint *l, struct str s, size_t from, size_t to)
{
    struct chars c = chars_of(l->a, s);
    size_t i = 0, n = 0, lo = c.n, hi = c.n;
    for (; i < c.n; i++) {
        lo = n == from && lo == c.n && !cp_blank(c.cp[i]) ? i : lo;
        hi = n == to && hi == c.n ? i : hi;
        n += !cp_blank(c.cp[i]);
    }
    return chars_around(s, &c, lo, hi < lo ? lo : hi, 8);
}

/* The way most write line I; *ret_n of them do, *ret_own write it as I does. */
static const struct line *
usual_line(const struct line *line, size_t n, size_t i, size_t *ret_n, size_t *ret_own)
{
    const struct line *best = &line[i];
    size_t most = 0;
    *ret_own = 0;
    for (size_t k = 0; k < n; k++) {
        if (line[k].hash != line[i].hash || !chars_eq(&line[k].words, &line[i].words))
            continue;
        size_t count = 0;
        for (size_t x = 0; x < n; x++)
            count += line[x].hash == line[i].hash && str_eq(line[x].raw, line[k].raw);
        *ret_own += str_eq(line[k].raw, line[i].raw);
        if (count > most) {
            most = count;
            best = &line[k];
        }
    }
    *ret_n = most;
    return best;
}

/* The same line with other marks, blanks or widths than most matters print it: one finding a field. */
enum err
lint_marks_differ(struct lint *l)
{
    static const char *const fields[] = {"评价渠道", "办理渠道", "办理流程", "办理材料", "咨询方式",
                                         "办理时限", "服务对象", "监督电话", "送达"};
    struct line *line = ARENA_ARRAY(l->a, LINES_MAX, struct line);
    for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
        size_t n = lines_of(l, fields[f], line);
        for (size_t i = 0; i < n; i++) {
            size_t usual, own;
            const struct line *best = usual_line(line, n, i, &usual, &own);
            if (usual < 4 || own * 2 > usual || str_eq(best->raw, line[i].raw) ||
                lint_told_line(l, line[i].matter->m, line[i].text->field,
                               lint_line(line[i].text->node, line[i].offset)))
                continue;
            struct chars a = chars_of(l->a, line[i].raw), b = chars_of(l->a, best->raw);
            struct delta d = chars_delta(&a, &b);
            struct lint_hit h = {.matter = line[i].matter->m,
                                 .field = line[i].text->field,
                                 .node = line[i].text->node,
                                 .offset = line[i].offset,
                                 .evidence = printed(l, line[i].piece, d.head, d.head + d.a_rest),
                                 .cause = line[i].text->field};
            lint_add(l, &h, "文字与其他 %zu 项相同，标点或全角半角不同", usual);
        }
    }
    return OK;
}

/* --- sentences --- */

struct sentence {
    struct chars plain;
    struct lint_hit hit;
    size_t count, last; /* matters that print it; the last one counted, +1 */
    uint64_t hash;
};
struct sentences {
    struct sentence *s;
    size_t n;
};

static void
count_sentence(struct lint *l, struct sentences *all, const struct lint_matter *m, const struct lint_text *t,
               struct str s, size_t offset)
{
    struct chars p = chars_plain(l->a, s);
    size_t lead = 0; /* its number in the list */
    while (lead < p.n && lead < 4 && (cp_digit(p.cp[lead]) || cp_in(p.cp[lead], "().,")))
        lead++;
    p = (struct chars){p.cp + lead, p.at + lead, p.n - lead};
    mask_digits(&p);
    if (p.n < SENTENCE_MIN)
        return;
    uint64_t hash = str_hash((struct str){(const char *)p.cp, p.n * sizeof *p.cp});
    size_t at = (size_t)(m - l->matter) + 1, i = 0;
    while (i < all->n && (all->s[i].hash != hash || !chars_eq(&all->s[i].plain, &p)))
        i++;
    if (i == SENTENCES_MAX)
        return;
    if (i == all->n)
        all->s[all->n++] = (struct sentence){.plain = p,
                                             .hash = hash,
                                             .hit = {.matter = m->m,
                                                     .field = t->field,
                                                     .node = t->node,
                                                     .offset = offset,
                                                     .severity = SEVERITY_WARN,
                                                     .evidence = s}};
    all->s[i].count += all->s[i].last != at;
    all->s[i].last = at;
}

static struct sentences
all_sentences(struct lint *l, const char *field)
{
    struct sentences all = {ARENA_ARRAY(l->a, SENTENCES_MAX, struct sentence), 0};
    for (size_t i = 0; i < l->n; i++)
        for (size_t k = 0; k < l->matter[i].text_count; k++) {
            const struct lint_text *t = &l->matter[i].text[k];
            if (!str_eqz(t->field, field))
                continue;
            struct chars c = chars_of(l->a, t->text);
            for (size_t from = 0, to; from < c.n; from = to + 1) {
                to = from;
                while (to < c.n && c.cp[to] != '\n' && !cp_in(c.cp[to], "。；;"))
                    to++;
                count_sentence(l, &all, &l->matter[i], t, chars_text(t->text, &c, from, to), c.at[from]);
            }
        }
    return all;
}

/* A sentence many matters print, and one matter prints with one character other. */
enum err
lint_sentence_near(struct lint *l)
{
    static const char *const fields[] = {"办理材料", "办理流程", "注意事项", "服务对象", "办理渠道", "咨询方式"};
    for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
        struct sentences all = all_sentences(l, fields[f]);
        for (size_t i = 0; i < all.n; i++)
            for (size_t k = 0; all.s[i].count <= 2 && k < all.n; k++) {
                const struct chars *a = &all.s[i].plain, *b = &all.s[k].plain;
                if (all.s[k].count < 4 || all.s[k].count < 4 * all.s[i].count)
                    continue;
                struct delta d = chars_delta(a, b);
                struct str own = cut_of(l, a, d.head, d.a_rest), other = cut_of(l, b, d.head, d.b_rest);
                if (d.a_rest > 1 || d.b_rest > 1 ||
                    marks_only(a, d.head, d.a_rest) != marks_only(b, d.head, d.b_rest) ||
                    (marks_only(a, d.head, d.a_rest) && marks_only(b, d.head, d.b_rest)) || has_digit(own) ||
                    has_digit(other) || opposites(l, own, other))
                    continue;
                struct lint_hit h = all.s[i].hit;
                h.severity = SEVERITY_INFO;
                if (lint_told_line(l, h.matter, h.field, lint_line(h.node, h.offset)))
                    break;
                lint_add(l, &h, "与其他 %zu 项的“%.*s”只差一个字", all.s[k].count, STR_ARG(all.s[k].hit.evidence));
                break;
            }
    }
    return OK;
}

/* --- names --- */

enum name_kind { NAME_CHANNEL, NAME_WINDOW, NAME_MATERIAL, NAME_QUOTED };
enum { NAMES_MAX = 4000 };
struct name {
    enum name_kind kind;
    struct chars plain;
    struct str text;
    struct lint_hit hit;
    size_t count;
    const struct matter *last;
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
        all->name[all->n++] = (struct name){.kind = kind, .plain = p, .text = text, .hit = h};
    }
    all->name[i].count += all->name[i].last != m->m;
    all->name[i].last = m->m;
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
    struct str own = cut_of(l, &rare->plain, d.head, d.a_rest), other = cut_of(l, &usual->plain, d.head, d.b_rest);
    if (d.a_rest > room || d.b_rest > room || d.a_rest + d.b_rest == 0 || d.head + d.tail < 3 || has_digit(own) ||
        has_digit(other) || opposites(l, own, other) || negation(own) || negation(other) ||
        (marks_only(&rare->plain, d.head, d.a_rest) && marks_only(&usual->plain, d.head, d.b_rest)))
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
            h.cause = str_fmt(l->a, "%.*s|%.*s", STR_ARG(cut_of(l, &rare->plain, d.head, d.a_rest)),
                              STR_ARG(cut_of(l, &usual->plain, d.head, d.b_rest)));
            lint_add(l, &h, "“%.*s”（%zu 项）与“%.*s”（%zu 项）可能是同一名称", STR_ARG(rare->text), rare->count,
                     STR_ARG(usual->text), usual->count);
            break;
        }
    return OK;
}

/* --- fields the siblings have --- */

enum err
lint_missing_field(struct lint *l)
{
    static const char *const fields[] = {"图题",     "受理单位", "服务对象", "办理渠道", "办理层级", "办理流程",
                                         "办理时限", "咨询方式", "监督电话", "评价渠道", "设定依据", "办理材料"};
    for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
        size_t have = 0, share = str_eqz(str_c(fields[f]), "办理材料") ? 3 : 6;
        for (size_t i = 0; i < l->n; i++)
            have += lint_text_of(&l->matter[i], fields[f]) != NULL;
        if (l->n < 5 || have * 10 < l->n * share)
            continue;
        for (size_t i = 0; i < l->n; i++) {
            bool referred = share == 3 && l->matter[i].m->material_mode == MATERIALS_REFERENCE;
            if (lint_text_of(&l->matter[i], fields[f]) || referred)
                continue;
            struct lint_hit h = {.matter = l->matter[i].m,
                                 .field = str_c(fields[f]),
                                 .severity = SEVERITY_INFO,
                                 .cause = str_c(fields[f])};
            lint_add(l, &h, "没有印“%s”，其他 %zu 项都印了", fields[f], have);
        }
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
            ending[i] = cut_of(l, &c, at, c.n - at);
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
    struct str s = str_concat(l->a, cut_of(l, name, 0, name->n), cut_of(l, &e, k, e.n - k));
    return chars_plain(l->a, s);
}

static void
check_title(struct lint *l, const struct lint_matter *m, const struct lint_text *t, struct str ending)
{
    struct chars c = chars_plain(l->a, t->text), name = chars_plain(l->a, m->m->name);
    struct chars want = chars_plain(l->a, str_concat(l->a, m->m->name, ending));
    struct chars raw = chars_of(l->a, t->text), merged = merge_ends(l, &name, ending);
    struct lint_hit h = lint_at(m, t, &raw, 0, raw.n, 0);
    size_t at;
    drop_tail(&c);
    struct delta d = chars_delta(&c, &want);
    const struct matter *other;
    if (chars_eq(&c, &want) || chars_eq(&c, &merged) || c.n == 0 || lint_told(l, "term-near", m->m, t->field, 0))
        return;
    bool named = after_name(&c, &name, &at);
    if (named && (str_empty(ending) || d.a_rest + d.b_rest > 3))
        return; /* the name with another ending altogether */
    if (named || d.a_rest + d.b_rest <= 3) {
        h.cause =
            named ? str_fmt(l->a, "%.*s end %.*s", STR_ARG(t->field), STR_ARG(cut_of(l, &c, at, c.n - at))) : h.cause;
        lint_add(l, &h, "%.*s“%.*s”与“%.*s%.*s”只差“%.*s”", STR_ARG(t->field), STR_ARG(t->text),
                 STR_ARG(lint_plain(l, m->m->name)), STR_ARG(ending),
                 STR_ARG(d.b_rest ? cut_of(l, &want, d.head, d.b_rest) : cut_of(l, &c, d.head, d.a_rest)));
        return;
    }
    if ((other = other_named(l, m, &c)) != NULL) {
        lint_add(l, &h, "%.*s写的是另一事项“%.*s”", STR_ARG(t->field), STR_ARG(other->name));
        return;
    }
    struct str stem = str_empty(ending) || c.n < str_utf8_count(ending)
                          ? lint_plain(l, t->text)
                          : cut_of(l, &c, 0, c.n - str_utf8_count(ending));
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
    drop_tail(&want);
    for (struct yaml_node *v = list && list->kind == YAML_LIST ? list->first : NULL; v; v = v->next) {
        struct yaml_node *field = yaml_get(v, "字段"), *text = yaml_get(v, "原文");
        if (!field || !text || text->kind != YAML_SCALAR || !str_eqz(field->text, "名称"))
            continue;
        struct chars c = chars_plain(l->a, text->text);
        drop_tail(&c);
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
    }
    return OK;
}
