/* Siblings: what most matters of the region print in the same words, and the one that departs from them. */
#include <string.h>

#include "catalog/lint/lint_text_int.h"

enum { SENTENCES_MAX = 8192, SENTENCE_MIN = 8 };

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
        chars_drop_tail(&s.plain[i]);
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
            bool marks =
                chars_marks_only(&s.plain[i], d.head, d.a_rest) && chars_marks_only(&s.plain[usual], d.head, d.b_rest);
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
    uint64_t hash, raw_hash; /* of words and raw */
    size_t same;
    const struct line *usual;
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
            struct str raw = without_blanks(l, piece);
            line[n++] = (struct line){.words = w,
                                      .raw = raw,
                                      .raw_hash = str_hash(raw),
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

/* For each line: how many are written just so, and which way its words are mostly written. */
static void
count_ways(struct line *line, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        line[i].same = 0;
        for (size_t k = 0; k < n; k++)
            line[i].same += line[k].hash == line[i].hash && line[k].raw_hash == line[i].raw_hash &&
                            str_eq(line[k].raw, line[i].raw);
    }
    for (size_t i = 0; i < n; i++) {
        line[i].usual = &line[i];
        for (size_t k = 0; k < n; k++)
            if (line[k].hash == line[i].hash && line[k].same > line[i].usual->same &&
                chars_eq(&line[k].words, &line[i].words))
                line[i].usual = &line[k];
    }
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
        count_ways(line, n);
        for (size_t i = 0; i < n; i++) {
            const struct line *best = line[i].usual;
            size_t usual = best->same, own = line[i].same;
            if (usual < 3 || own * 3 > usual || str_eq(best->raw, line[i].raw) ||
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

/* A breaks off inside a word of B: the next character of B is no mark. */
static bool
cut_short(const struct chars *a, const struct chars *b, const struct delta *d)
{
    return d->head == a->n && a->n + 2 <= b->n && a->n >= 4 && cp_han(b->cp[a->n]) && cp_han(a->cp[a->n - 1]);
}

/* A sentence many matters print, and one matter prints with one character other. */
enum err
lint_sentence_near(struct lint *l)
{
    static const char *const fields[] = {"办理材料", "办理流程", "注意事项", "服务对象",
                                         "办理渠道", "咨询方式", "送达",     "监督电话"};
    for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
        struct sentences all = all_sentences(l, fields[f]);
        for (size_t i = 0; i < all.n; i++)
            for (size_t k = 0; all.s[i].count <= 2 && k < all.n; k++) {
                const struct chars *a = &all.s[i].plain, *b = &all.s[k].plain;
                if (all.s[k].count < 4 || all.s[k].count < 4 * all.s[i].count)
                    continue;
                struct delta d = chars_delta(a, b);
                struct str own = lint_cut(l, a, d.head, d.a_rest), other = lint_cut(l, b, d.head, d.b_rest);
                if (cut_short(a, b, &d) && !lint_told_line(l, all.s[i].hit.matter, all.s[i].hit.field,
                                                           lint_line(all.s[i].hit.node, all.s[i].hit.offset))) {
                    all.s[i].hit.severity = SEVERITY_INFO;
                    lint_add(l, &all.s[i].hit, "比其他 %zu 项的“%.*s”少了后半", all.s[k].count,
                             STR_ARG(all.s[k].hit.evidence));
                    break;
                }
                if (d.a_rest > 1 || d.b_rest > 1 ||
                    chars_marks_only(a, d.head, d.a_rest) != chars_marks_only(b, d.head, d.b_rest) ||
                    (chars_marks_only(a, d.head, d.a_rest) && chars_marks_only(b, d.head, d.b_rest)) ||
                    lint_has_number(own) || lint_has_number(other) || lint_opposites(l, own, other))
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

/* --- no stop at the end, where the others have one --- */

static bool
stopped(struct str s)
{
    s = str_trim(s);
    return str_ends(s, STR("。")) || str_ends(s, STR("；")) || str_ends(s, STR(";")) || str_ends(s, STR("."));
}

enum err
lint_final_stop(struct lint *l)
{
    static const char *const fields[] = {"办理渠道", "办理材料", "办理流程", "服务对象", "咨询方式", "注意事项"};
    for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
        size_t all = 0, with = 0;
        for (int pass = 0; pass < 2; pass++)
            for (size_t i = 0; i < l->n; i++)
                for (size_t k = 0; k < l->matter[i].text_count; k++) {
                    const struct lint_text *t = &l->matter[i].text[k];
                    if (!str_eqz(t->field, fields[f]))
                        continue;
                    all += pass == 0;
                    with += pass == 0 && stopped(t->text);
                    if (pass == 0 || all < 8 || with * 4 < all * 3 || stopped(t->text))
                        continue;
                    struct chars c = chars_of(l->a, t->text);
                    struct lint_hit h = lint_at(&l->matter[i], t, &c, c.n, c.n, 8);
                    h.severity = SEVERITY_INFO;
                    h.cause = t->field;
                    if (!lint_told_line(l, h.matter, h.field, lint_line(h.node, h.offset)))
                        lint_add(l, &h, "末尾没有句号，其他 %zu 处都有", with);
                }
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
