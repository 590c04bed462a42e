/* Structural rules for guides that print a matter twice (list and guide): the two wordings of name, limit, stages and materials. */
#include <string.h>

#include "catalog/lint/lint_shape_int.h"

enum { PIECES_MAX = 128 };

/* The other wording's text node, for its line. */
static const struct yaml_node *
variant_node(const struct lint_matter *lm, size_t i)
{
    struct yaml_node *n = lint_child(lint_node(lm->root, "异文", NULL), i);
    return n && n->kind == YAML_MAP ? yaml_get(n, "原文") : n;
}

static struct lint_hit
variant_hit(const struct lint_matter *lm, size_t i, enum severity severity)
{
    const struct variant *v = &lm->m->variant[i];
    return (struct lint_hit){
        .matter = lm->m, .field = v->field, .node = variant_node(lm, i), .severity = severity, .evidence = v->verbatim};
}

/* Full stops at the end say nothing. */
static struct str
bare(struct lint *l, struct str s)
{
    s = lint_plain(l, s);
    while (s.n && (s.p[s.n - 1] == '.' || s.p[s.n - 1] == ';' || s.p[s.n - 1] == ','))
        s.n--;
    while (str_ends(s, STR("。")))
        s.n -= strlen("。");
    return s;
}

//= R2
enum err
shape_twice_name(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        struct str name = bare(l, m->name);
        for (size_t v = 0; v < m->variant_count; v++) {
            struct str other = bare(l, m->variant[v].verbatim);
            if (!str_eqz(m->variant[v].field, "名称") || str_eq(name, other))
                continue;
            struct lint_hit h = variant_hit(&l->matter[i], v, SEVERITY_WARN);
            if (str_starts(name, other)) {
                h.cause = STR("cut");
                lint_add(l, &h, "“%.*s”在%.*s缺末尾的字，印作“%.*s”", STR_ARG(m->name), STR_ARG(m->variant[v].where),
                         STR_ARG(m->variant[v].verbatim));
            } else {
                lint_add(l, &h, "“%.*s”在%.*s作“%.*s”", STR_ARG(m->name), STR_ARG(m->variant[v].where),
                         STR_ARG(m->variant[v].verbatim));
            }
        }
    }
    return OK;
}

//= R2
enum err
shape_twice_limit(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        for (size_t v = 0; v < m->variant_count; v++) {
            struct str other = m->variant[v].verbatim;
            struct shape_days d, own;
            size_t pos = 0, at = 0;
            if (!str_eqz(m->variant[v].field, "办理时限"))
                continue;
            bool days = shape_days_next(other, &pos, &d), mine = shape_days_next(m->limit_text, &at, &own);
            bool instant = shape_has_any(other, "即时|即办|当场", NULL),
                 own_instant = shape_has_any(m->limit_text, "即时|即办|当场", NULL);
            if (days == mine && instant == own_instant &&
                (!days || (d.limit.n == own.limit.n && d.limit.kind == own.limit.kind)))
                continue;
            struct lint_hit h = variant_hit(&l->matter[i], v, SEVERITY_WARN);
            lint_add(l, &h, "时限一处作“%.*s”，%.*s作“%.*s”", STR_ARG(m->limit_text), STR_ARG(m->variant[v].where),
                     STR_ARG(other));
        }
    }
    return OK;
}

/* --- stages --- */

/* Kinds that stand in TEXT in their order: 申请—受理—办结, whatever is between them. */
static size_t
kinds_in(struct str text, enum stage_kind *kind, size_t max)
{
    size_t n = 0;
    for (size_t pos = 0; pos < text.n && n < max;) {
        size_t longest = 0;
        for (int k = 0; k < STAGE_COUNT; k++) {
            struct str name = str_c(stage_name((enum stage_kind)k));
            if (name.n > longest && str_starts(str_sub(text, pos, SIZE_MAX), name)) {
                longest = name.n;
                kind[n] = (enum stage_kind)k;
            }
        }
        n += longest > 0;
        pos += longest;
        if (!longest)
            (void)str_utf8_next(text, &pos);
    }
    return n;
}

/* A stage that says the kind by its name is the same stage: 审核评估. */
static bool
stage_among(const struct matter *m, enum stage_kind k)
{
    for (size_t i = 0; i < m->stage_count; i++)
        if (m->stage[i].kind == k || shape_has(m->stage[i].name, stage_name(k)))
            return true;
    return false;
}

static bool
kind_among(const enum stage_kind *kind, size_t n, const struct stage *s)
{
    for (size_t i = 0; i < n; i++)
        if (kind[i] == s->kind || shape_has(s->name, stage_name(kind[i])))
            return true;
    return false;
}

//= R2 R274
enum err
shape_twice_stages(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        for (size_t v = 0; v < m->variant_count && !m->stages_by_system && m->stage_count; v++) {
            enum stage_kind kind[STAGE_COUNT];
            if (!str_eqz(m->variant[v].field, "办理流程"))
                continue;
            size_t n = kinds_in(m->variant[v].verbatim, kind, STAGE_COUNT);
            struct buf less, more;
            buf_init(&less, l->a, 64);
            buf_init(&more, l->a, 64);
            for (size_t k = 0; k < n; k++)
                if (!stage_among(m, kind[k]))
                    buf_fmt(&more, "%s%s", more.n ? "、" : "", stage_name(kind[k]));
            for (size_t s = 0; s < m->stage_count && n > 1; s++)
                if (!kind_among(kind, n, &m->stage[s]))
                    buf_fmt(&less, "%s%s", less.n ? "、" : "", stage_name(m->stage[s].kind));
            if (!m->variant[v].followed) /* steps read from prose need not name every stage */
                more.n = 0;
            if (n < 2 || (!less.n && !more.n))
                continue;
            struct lint_hit h = variant_hit(&l->matter[i], v, SEVERITY_INFO);
            h.cause = str_fmt(l->a, "%.*s|%.*s", STR_ARG(buf_str(&less)), STR_ARG(buf_str(&more)));
            lint_add(l, &h, "%.*s印的环节%s%.*s%s%s%.*s", STR_ARG(m->variant[v].where), less.n ? "没有" : "",
                     STR_ARG(buf_str(&less)), less.n && more.n ? "，" : "", more.n ? "多出" : "",
                     STR_ARG(buf_str(&more)));
        }
    }
    return OK;
}

/* --- materials --- */

struct piece {
    struct str raw, loose; /* as printed; as compared */
};
struct pieces {
    struct piece piece[PIECES_MAX];
    size_t n;
};

/* Behind the number a line begins with ((一) 1. ① 2、), or S itself. */
static struct str
after_number(struct str s)
{
    size_t p = 0;
    bool bracket = str_starts(s, STR("(")) || str_starts(s, STR("（"));
    if (bracket)
        p += str_starts(s, STR("(")) ? 1 : strlen("（");
    size_t from = p;
    for (;;) {
        size_t next = p;
        uint32_t c = next < s.n ? str_utf8_next(s, &next) : 0;
        bool numeral = (c >= '0' && c <= '9') || (c >= 0xff10 && c <= 0xff19) || (c >= 0x2460 && c <= 0x2473);
        if (!c || (!numeral && str_find(STR("一二三四五六七八九十"), str_sub(s, p, next - p)) == SIZE_MAX))
            break;
        p = next;
    }
    if (p == from)
        return s;
    static const char *const MARK[] = {")", "）", ".", "．", "、"};
    struct str rest = str_sub(s, p, SIZE_MAX);
    for (size_t i = 0; i < sizeof MARK / sizeof *MARK; i++)
        if (str_starts(rest, str_c(MARK[i])))
            return str_sub(rest, strlen(MARK[i]), SIZE_MAX);
    uint32_t first = 0;
    size_t at = 0;
    if (s.n)
        first = str_utf8_next(s, &at);
    return first >= 0x2460 && first <= 0x2473 ? rest : s;
}

/* Sentences that explain, order or permit are no materials. */
static bool
explains(struct str s)
{
    return shape_has_any(
        s,
        "鼓励|可不|不再|无法|通过|按照|根据|执行|需提供|应提供|应当|无需|符合|填报|需加盖|均可|办理人|下同|获取|包括",
        NULL);
}

static void
add_piece(struct lint *l, struct pieces *v, struct str s)
{
    static const char *const HEAD[] = {"提供", "填写"};
    static const char *const TAIL[] = {"原件及复印件", "原件或复印件", "复印件", "复印", "原件",
                                       "1份",          "2份",          "一份",   "两份", "等"};
    s = after_number(str_trim(s));
    for (size_t i = 0; i < sizeof HEAD / sizeof *HEAD; i++)
        if (str_starts(s, str_c(HEAD[i])))
            s = str_sub(s, strlen(HEAD[i]), SIZE_MAX);
    struct str plain = shape_loose(l, s);
    for (size_t round = 0; round < 2; round++)
        for (size_t i = 0; i < sizeof TAIL / sizeof *TAIL; i++)
            if (str_ends(plain, str_c(TAIL[i])) && plain.n > strlen(TAIL[i]))
                plain.n -= strlen(TAIL[i]);
    if (str_utf8_count(plain) >= 2 && str_utf8_count(plain) <= 40 && v->n < PIECES_MAX)
        v->piece[v->n++] = (struct piece){s, plain};
}

static void
add_sentence(struct lint *l, struct pieces *v, struct str s)
{
    static const char *const SEPARATOR[] = {"或者", "以及", "或", "、", "；", ";", "，", ",", "：", ":", "及"};
    for (size_t from = 0, p = 0; p <= s.n;) {
        size_t width = p == s.n ? 1 : 0;
        for (size_t i = 0; i < sizeof SEPARATOR / sizeof *SEPARATOR && !width; i++)
            if (str_starts(str_sub(s, p, SIZE_MAX), str_c(SEPARATOR[i])))
                width = strlen(SEPARATOR[i]);
        if (width) {
            add_piece(l, v, str_sub(s, from, p - from));
            from = p + width;
            p = from;
        } else {
            (void)str_utf8_next(s, &p);
        }
    }
}

/* What a text of materials lists, piece by piece; lines without a number are left out where others have one. */
static void
list_pieces(struct lint *l, struct str text, struct pieces *v)
{
    struct str rest = text, line;
    bool numbered = false;
    while (str_split(&rest, '\n', &line))
        numbered = numbered || after_number(str_trim(line)).n != str_trim(line).n;
    rest = text;
    while (str_split(&rest, '\n', &line)) {
        line = str_trim(line);
        struct str item = after_number(line);
        if (numbered && item.n == line.n)
            continue;
        item = shape_unbracketed(l, item, false);
        for (;;) {
            size_t stop = str_find(item, STR("。"));
            struct str sentence = str_sub(item, 0, stop);
            if (!explains(sentence))
                add_sentence(l, v, after_number(str_trim(sentence)));
            if (stop == SIZE_MAX)
                break;
            item = str_sub(item, stop + strlen("。"), SIZE_MAX);
        }
    }
}

/* The piece of V that is nearly S; NULL if none. */
static const struct piece *
near_piece(const struct pieces *v, const struct piece *s)
{
    size_t n = str_utf8_count(s->loose), most = n >= 8 ? 2 : 1;
    for (size_t i = 0; i < v->n && n >= 4; i++)
        if (shape_distance(v->piece[i].loose, s->loose, most) <= most)
            return &v->piece[i];
    return NULL;
}

/* One wording as it is searched: with and without what stands in brackets. */
static struct str
searched(struct lint *l, struct str text)
{
    return str_fmt(l->a, "%.*s\n%.*s", STR_ARG(shape_loose(l, text)),
                   STR_ARG(shape_loose(l, shape_unbracketed(l, text, false))));
}

/* What the two wordings do not share; nothing in TEXT if they agree. */
struct difference {
    struct buf text;
    struct str there, here; /* the first printed only there, only here */
};

static void
put_piece(struct difference *d, const char *before, struct str s)
{
    buf_fmt(&d->text, "%s%s“%.*s”", d->text.n ? "；" : "", before, STR_ARG(s));
}

static void
compare_materials(struct lint *l, const struct matter *m, struct str other, struct difference *d)
{
    struct pieces *here = ARENA_NEW(l->a, struct pieces), *there = ARENA_NEW(l->a, struct pieces);
    struct str mine = searched(l, m->materials_text), theirs = searched(l, other);
    buf_init(&d->text, l->a, 256);
    list_pieces(l, m->materials_text, here);
    list_pieces(l, other, there);
    for (size_t i = 0; i < here->n; i++) {
        const struct piece *x = &here->piece[i];
        if (str_find(theirs, x->loose) != SIZE_MAX)
            continue;
        const struct piece *near = near_piece(there, x);
        put_piece(d, near ? "另一处不作" : "另一处没有", x->raw);
        if (near)
            buf_fmt(&d->text, "而作“%.*s”", STR_ARG(near->raw));
        if (near && str_empty(d->there))
            d->there = near->raw;
        else if (!near && str_empty(d->here))
            d->here = x->raw;
    }
    for (size_t i = 0; i < there->n; i++) {
        const struct piece *x = &there->piece[i], *near = near_piece(here, x);
        /* A near one has been told from the other side, unless that side is found word for word. */
        if (str_find(mine, x->loose) != SIZE_MAX || (near && str_find(theirs, near->loose) == SIZE_MAX))
            continue;
        put_piece(d, "只在另一处有", x->raw);
        if (str_empty(d->there))
            d->there = x->raw;
    }
    if (!here->n && !there->n && !str_eq(bare(l, m->materials_text), bare(l, other))) { /* 按引用: one sentence each */
        put_piece(d, "另一处作", other);
        d->there = other;
    }
    static const char STAMP[] = "加盖单位公章";
    if (shape_has(m->materials_text, STAMP) && !shape_has(other, STAMP)) {
        put_piece(d, "另一处没有", str_c(STAMP));
        if (str_empty(d->here))
            d->here = str_c(STAMP);
    }
}

static void
report_materials(struct lint *l, const struct lint_matter *lm, size_t v)
{
    struct difference d = {0};
    const struct variant *other = &lm->m->variant[v];
    struct lint_hit h = variant_hit(lm, v, SEVERITY_WARN);
    compare_materials(l, lm->m, other->verbatim, &d);
    if (!d.text.n)
        return;
    bool there = !str_empty(d.there);
    struct str text = there ? other->verbatim : lm->m->materials_text, word = there ? d.there : d.here;
    size_t at = str_find(text, word);
    h.node = there ? h.node : shape_verbatim(lm, "办理材料");
    h.offset = at == SIZE_MAX ? 0 : at;
    h.evidence = at == SIZE_MAX ? text : word; /* brackets inside it may have been left out */
    h.cause = buf_str(&d.text);
    lint_add(l, &h, "与%.*s印的材料不同：%.*s", STR_ARG(other->where), STR_ARG(h.cause));
}

//= R2 R50
enum err
shape_twice_materials(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        for (size_t v = 0; v < m->variant_count; v++)
            if (str_eqz(m->variant[v].field, "办理材料") && !str_empty(m->materials_text))
                report_materials(l, &l->matter[i], v);
    }
    return OK;
}
