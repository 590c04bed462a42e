/* Where one matter ends and the next begins: at the caption that opens each of them (事项名称, or whatever this document prints first under
** every heading), and above it the heading itself, torn over up to three lines, the group's heading, and the figure caption that still
** belongs to the matter before. */
#include <string.h>

#include "catalog/import/import_read_int.h"

enum { HEADING_CP_MAX = 64, LIKE_ENOUGH = 30, FIGURE_LINES_MAX = 3, BUNDLE_MAX = 24 };

struct heads {
    struct guide *g;
    struct part part;
    struct drafts *ds;
    size_t first_draft;
    int opener, second; /* the captions a matter begins with */
    struct str opener_words;
    uint32_t unit; /* of 第一节: 节 */
    enum number_shape shape;
    struct number group_number;
    struct passage group;
    bool grouped;
};

struct draft *
draft_new(struct guide *g, struct drafts *ds)
{
    if (ds->n == ds->cap) {
        size_t cap = ds->cap ? ds->cap * 2 : 64;
        struct draft *more = ARENA_ARRAY(g->a, cap, struct draft);
        if (ds->n)
            memcpy(more, ds->d, ds->n * sizeof *more);
        ds->d = more;
        ds->cap = cap;
    }
    struct draft *d = &ds->d[ds->n++];
    *d = (struct draft){0};
    return d;
}

static bool
is_caption(const struct guide *g, size_t line)
{
    return g->line[line].use == LINE_CAPTION;
}

static bool
some_words(struct str s)
{
    for (size_t i = 0; i < s.n;)
        if (is_cjk(str_utf8_next(s, &i)))
            return true;
    return false;
}

/* A line that can be (part of) a heading: short, words, no end of a sentence. */
static bool
headline(struct str s)
{
    return count_cp(s) <= HEADING_CP_MAX && !ends_sentence(s) && some_words(s) && last_cp(s) != 0x3001 &&
           last_cp(s) != 0xff0c && last_cp(s) != ',' && last_cp(s) != ':' && last_cp(s) != 0xff1a;
}

static bool
figure_words(struct str s)
{
    static const char *const ends[] = {"流程图", "流程", "示意图", "流程框图", "流程图:", "流程图："};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (str_ends(s, str_c(ends[i])))
            return true;
    return false;
}

/* A heading without what only says that it is one. */
static struct str
bare_heading(struct guide *g, struct str s)
{
    static const char *const noise[] = {"高频事项", "办理流程图", "流程图", "办事流程", "办理流程", "办事指南"};
    struct str t = squeezed(g->a, s);
    for (size_t i = 0; i < sizeof noise / sizeof *noise; i++) {
        size_t at = str_find(t, str_c(noise[i]));
        if (at != SIZE_MAX && t.n > strlen(noise[i]))
            t = str_concat(g->a, str_sub(t, 0, at), str_sub(t, at + strlen(noise[i]), t.n));
    }
    return t;
}

static struct str
joined(struct guide *g, size_t from, size_t to)
{
    struct buf b;
    buf_init(&b, g->a, 128);
    for (size_t i = from; i < to; i++)
        buf_add(&b, g->line[i].text);
    return buf_str(&b);
}

/* --- which captions open matters --- */

/* 所需材料： inside 办理流程, with further steps behind it, is a sentence of the process in the whole document. */
static void
drop_nested(struct guide *g)
{
    bool nested = false;
    for (int round = 0; round < 2; round++) {
        size_t n = 0;
        int above = -1;
        for (size_t i = 0; i < g->caption_count; i++) {
            struct caption *c = &g->caption[i];
            bool inside = c->form == FORM_COLON && c->what == GUIDE_MATERIALS && above == GUIDE_PROCESS;
            size_t end = i + 1 < g->caption_count ? g->caption[i + 1].line : g->n;
            for (size_t k = c->line + 1; inside && !nested && k < end && k < c->line + 40; k++) {
                struct number number = number_read(g->line[k].text);
                nested = number.shape == NUMBER_NTH && number.unit == 0x6b65;
            }
            if (!inside)
                above = c->what;
            if (round == 0 || !inside)
                g->caption[n++] = *c;
        }
        g->caption_count = n;
        if (!nested)
            return;
    }
}

/* Captions that have no field of their own are told apart by their words. */
static bool
is_opener(const struct heads *h, const struct caption *c)
{
    return c->what == h->opener && (c->what != WHAT_OTHER || str_eq(c->printed, h->opener_words));
}

static void
find_openers(struct heads *h)
{
    struct guide *g = h->g;
    size_t count[WHAT_COUNT] = {0}, most = 0, shapes[NUMBER_SHAPES] = {0}, follows[WHAT_COUNT] = {0};
    for (size_t i = 0; i < g->caption_count; i++)
        if (++count[g->caption[i].what] > most && g->caption[i].what != WHAT_OTHER)
            most = count[g->caption[i].what];
    h->opener = count[WHAT_NAME] * 2 > most ? WHAT_NAME : g->caption[0].what;
    h->second = -1;
    h->opener_words = g->caption[0].printed;
    for (size_t i = 0; i < g->caption_count; i++) {
        if (!is_opener(h, &g->caption[i]))
            continue;
        size_t line = g->caption[i].line;
        struct number above = number_read(line > h->part.from ? g->line[line - 1].text : STR(""));
        if (line > h->part.from)
            shapes[above.shape]++;
        if (above.shape == NUMBER_NTH && !h->unit)
            h->unit = above.unit;
        if (i + 1 < g->caption_count && ++follows[g->caption[i + 1].what] > (h->second < 0 ? 0 : follows[h->second]))
            h->second = g->caption[i + 1].what;
    }
    h->shape = NUMBER_NONE;
    for (int s = NUMBER_NONE; s < NUMBER_SHAPES; s++)
        if (shapes[s] > shapes[h->shape])
            h->shape = (enum number_shape)s;
}

/* Caption I opens a matter: it is the opener, or its heading stands right above it though the opener is missing. */
static bool
opens(const struct heads *h, size_t i, const bool seen[WHAT_COUNT])
{
    const struct guide *g = h->g;
    const struct caption *c = &g->caption[i];
    if (is_opener(h, c))
        return true;
    if (h->shape == NUMBER_NONE || c->line <= h->part.from || c->what == WHAT_CHART)
        return false;
    struct str above = g->line[c->line - 1].text;
    return number_read(above).shape == h->shape && headline(above) && !is_caption(g, c->line - 1) &&
           (c->what == h->second || (h->opener != WHAT_NAME && seen[c->what]));
}

/* --- headings --- */

static struct str
name_value(struct guide *g, size_t i)
{
    const struct caption *c = &g->caption[i];
    if (c->what != WHAT_NAME)
        return STR("");
    if (c->rest.n)
        return c->rest;
    return c->line + 1 < g->n && !is_caption(g, c->line + 1) ? g->line[c->line + 1].text : STR("");
}

/* 某市医疗保障…清单: of the document, not of a matter. */
static bool
document_title(struct str s)
{
    static const char *const words[] = {"清单", "指南", "规范", "一览", "目录", "须知", "手册", "汇编"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if ((has(s, words[i]) || str_ends(s, STR("服务事项"))) && (has(s, "医疗保障") || has(s, "医保")) &&
            !number_read(s).shape)
            return true;
    return false;
}

/* Numbered as the matters are: 第一节, not 第一章. */
static bool
own_shape(const struct heads *h, struct number n)
{
    return n.shape == h->shape && (n.shape != NUMBER_NTH || !h->unit || n.unit == h->unit);
}

/* How many of the lines above END (not below MIN) are the heading of the matter called NAME. */
static size_t
heading_lines(const struct heads *h, size_t min, size_t end, struct str name)
{
    struct guide *g = h->g;
    size_t best = 0, run = 0;
    int like = LIKE_ENOUGH - 1;
    for (size_t t = 1; t <= TITLE_LINES_MAX && end - t + 1 > min; t++) {
        struct str line = g->line[end - t].text;
        bool named = t == 1 && name.n && str_ends(squeezed(g->a, line), squeezed(g->a, name));
        if (!headline(line) || is_caption(g, end - t) || (document_title(line) && !named))
            break;
        struct number number = number_read(line);
        run = t;
        if (number.shape && own_shape(h, number))
            return t;
        if (name.n) {
            int l = likeness(bare_heading(g, joined(g, end - t, end)), name);
            if (l > like + 3) {
                like = l;
                best = t;
            }
        }
        if (number.shape || (t > 1 && g->line[end - t].gap > 2 && best))
            break;
    }
    if (h->shape != NUMBER_NONE && !best)
        return run && !number_read(g->line[end - 1].text).shape ? 1 : 0;
    return best ? best : run;
}

/* The figure caption that ends above END. */
static size_t
figure_lines(const struct heads *h, size_t min, size_t end, struct str name)
{
    struct guide *g = h->g;
    size_t best = 0;
    int like = -1;
    if (end <= min || !figure_words(g->line[end - 1].text))
        return 0;
    for (size_t t = 1; t <= FIGURE_LINES_MAX && end - t + 1 > min; t++) {
        struct str line = g->line[end - t].text;
        if (!headline(line) || is_caption(g, end - t) || number_read(line).shape)
            break;
        int l = likeness(bare_heading(g, joined(g, end - t, end)), name);
        if (l > like) {
            like = l;
            best = t;
        }
    }
    return best;
}

static struct passage
passage_of(struct guide *g, size_t from, size_t to)
{
    struct passage p = {.text = joined(g, from, to), .from = g->line[from].no, .to = g->line[to - 1].no};
    for (size_t i = from; i < to; i++)
        g->line[i].use = LINE_TITLE;
    return p;
}

/* The group's heading above END: numbered in another form than the matters, the next number of its row. */
static bool
group_above(struct heads *h, size_t min, size_t end)
{
    struct guide *g = h->g;
    if (end <= min)
        return false;
    struct str line = g->line[end - 1].text;
    struct number n = number_read(line);
    if (n.shape == NUMBER_NONE || own_shape(h, n) || !headline(line) || is_caption(g, end - 1))
        return false;
    if (h->grouped ? n.shape != h->group_number.shape || n.value <= h->group_number.value ||
                         n.value > h->group_number.value + 2
                   : n.value != 1 && h->ds->n > h->first_draft)
        return false;
    h->grouped = true;
    h->group_number = n;
    h->group = passage_of(g, end - 1, end);
    return true;
}

/* [bookmark: _GoBack] in front of a heading is the word processor's, not the bureau's. */
static struct str
without_residue(struct draft *d, struct str s)
{
    if (str_starts(s, STR("[bookmark:"))) {
        size_t end = str_find(s, STR("]"));
        if (end != SIZE_MAX) {
            d->before.text = str_sub(s, 0, end + 1);
            return trimmed(str_sub(s, end + 1, s.n));
        }
    }
    return s;
}

static void
take_heading(struct heads *h, struct draft *d, size_t from, size_t to, struct str name)
{
    struct guide *g = h->g;
    if (to <= from)
        return;
    struct passage p = passage_of(g, from, to);
    p.text = without_residue(d, p.text);
    d->before.from = d->before.to = p.from;
    struct number n = number_read(p.text);
    bool own = own_shape(h, n) || h->shape == NUMBER_NONE;
    if (n.shape && !own && name.n && str_eq(squeezed(g->a, n.rest), squeezed(g->a, name))) {
        told(g, "number-shape", SEVERITY_INFO, d, "序号", p.from, p.text, "核对原件", "序号的写法与其他事项不同");
        own = true;
    }
    if (n.shape && own) {
        d->m.number = (struct passage){n.printed, p.from, p.from};
        d->m.title = (struct passage){n.rest, p.from, p.to};
    } else {
        d->m.title = p;
    }
    if (to - from > 1)
        told(g, "wrapped-heading", SEVERITY_INFO, d, "标题", p.from, p.text, "核对拼接处",
             "标题断成 %zu 行印刷，已拼成一句", to - from);
}

/* --- matters --- */

/* Names of a section that bundles several: 1.… 2.… below one 事项名称. */
static size_t
bundle_size(struct guide *g, size_t i, size_t limit)
{
    const struct caption *c = &g->caption[i];
    if (c->what != WHAT_NAME)
        return 0;
    size_t line = c->line, n = 0;
    struct str first = c->rest;
    if (!first.n && line + 1 < limit)
        first = g->line[++line].text;
    struct number number = number_read(first);
    if (number.shape == NUMBER_NONE || number.value != 1)
        return 0;
    for (n = 1; line + n < limit && n < BUNDLE_MAX; n++) {
        struct number next = number_read(g->line[line + n].text);
        if (next.shape == NUMBER_NONE || next.value != (int)n + 1)
            break;
    }
    return n > 1 ? n : 0;
}

static void
make_drafts(struct heads *h, size_t c_from, size_t c_to, size_t head_from, size_t head_to, size_t end)
{
    struct guide *g = h->g;
    size_t limit = c_from + 1 < g->caption_count ? g->caption[c_from + 1].line : end;
    size_t bundle = bundle_size(g, c_from, limit), n = bundle ? bundle : 1, line = g->caption[c_from].line;
    for (size_t k = 0; k < n && h->ds->n < IMPORT_MATTERS_MAX && g->copied <= COPIED_MAX; k++) {
        struct draft *d = draft_new(g, h->ds);
        d->from = head_to > head_from ? head_from : line;
        d->to = end;
        d->part = h->part.label;
        d->bundled = bundle > 0;
        d->bundle_from = line;
        d->bundle_to = limit;
        d->own_line = g->caption[c_from].rest.n ? line + k : line + 1 + k;
        d->m.group = h->group;
        take_heading(h, d, head_from, head_to, name_value(g, c_from));
        fields_read(g, d, c_from, c_to);
    }
}

/* Of the last matter of a part: lines beyond what any sibling prints in its last field are no matter's. */
static size_t
tail_of_last(struct heads *h, size_t last_caption, size_t end)
{
    struct guide *g = h->g;
    const struct caption *last = &g->caption[last_caption];
    size_t most = 0, siblings = 0, own = end - last->line - 1;
    for (size_t i = 0; i + 1 < last_caption; i++) {
        if (g->caption[i].what != last->what)
            continue;
        size_t n = 0;
        for (size_t k = g->caption[i].line + 1; k < g->caption[i + 1].line; k++)
            n += g->line[k].use != LINE_TITLE;
        siblings++;
        most = n > most ? n : most;
    }
    if (siblings < 2 || own <= most)
        return end;
    size_t from = last->line + 1 + most;
    return from;
}

static void
take_figure(struct heads *h, struct draft *before, size_t from, size_t to)
{
    struct passage p = passage_of(h->g, from, to);
    for (size_t i = h->first_draft; i < h->ds->n; i++)
        if (h->ds->d[i].from == before->from) {
            h->ds->d[i].m.caption = p;
            h->ds->d[i].to = to;
        }
}

enum { STARTS_MAX = IMPORT_MATTERS_MAX + 1 };
struct start {
    size_t caption, head_from, head_to, content_end; /* content_end: of the matter before */
    size_t figure_from, figure_to;
    struct passage group;
};

/* Everything above caption I that is not the content of the field before: heading, group, figure. */
static void
look_above(struct heads *h, size_t i, const struct start *before, struct start *s)
{
    struct guide *g = h->g;
    size_t line = g->caption[i].line, min = h->part.from;
    if (before) {
        const struct caption *last = &g->caption[i - 1];
        min = last->line + 1 + (last->rest.n || last->what == WHAT_CHART ? 0 : 1);
    }
    if (min > line)
        min = line;
    size_t t = heading_lines(h, min, line, name_value(g, i));
    *s = (struct start){.caption = i, .head_from = line - t, .head_to = line};
    size_t top = s->head_from;
    if (group_above(h, min, top))
        top--;
    s->group = h->group;
    s->figure_from = s->figure_to = top;
    if (before) {
        size_t figure = figure_lines(h, min, top, name_value(g, before->caption));
        s->figure_from = top - figure;
        top = s->figure_from;
    }
    s->content_end = top;
}

static enum err
too_many(struct guide *g)
{
    FAIL(g->ctx, ERR_CATALOG, "事项超过 %d 个，请分开导入", IMPORT_MATTERS_MAX);
}

static void
end_of_part(struct heads *h, const struct start *last)
{
    struct guide *g = h->g;
    for (size_t i = last->figure_from; i < last->head_to; i++)
        g->line[i].use = LINE_TITLE;
    size_t end = h->part.to, last_caption = g->caption_count - 1, tail = tail_of_last(h, last_caption, end);
    struct str name = name_value(g, last->caption);
    size_t min = g->caption[last_caption].line + 1 + (g->caption[last_caption].rest.n ? 0 : 1), figure = 0, at = tail;
    if (tail == end) {
        figure = figure_lines(h, min < end ? min : end, end, name);
        at = end - figure;
        tail = end;
    } else {
        for (size_t t = 1; t <= FIGURE_LINES_MAX && tail + t <= end; t++)
            if (figure_lines(h, tail, tail + t, name) == t)
                figure = t;
        tail += figure;
    }
    make_drafts(h, last->caption, g->caption_count, last->head_from, last->head_to, at);
    if (figure)
        take_figure(h, &h->ds->d[h->ds->n - 1], at, at + figure);
    for (size_t i = tail; i < end; i++)
        g->line[i].use = LINE_TAIL;
}

/* At least three of the captions that only a guide of matters has, not those that any form prints. */
static bool
is_guide(const struct guide *g)
{
    static const int telling[] = {GUIDE_SERVICE_OBJECT, GUIDE_CHANNELS,   GUIDE_LEVELS, GUIDE_MATERIALS,
                                  GUIDE_PROCESS,        GUIDE_LIMIT,      WHAT_NAME,    WHAT_BASIS,
                                  GUIDE_RATING,         GUIDE_LEGAL_LIMIT};
    bool seen[WHAT_COUNT] = {false};
    size_t n = 0;
    for (size_t i = 0; i < g->caption_count; i++)
        seen[g->caption[i].what] = true;
    for (size_t i = 0; i < sizeof telling / sizeof *telling; i++)
        n += seen[telling[i]];
    return n >= 3;
}

enum err
matters_read(struct guide *g, struct part part, struct drafts *ds)
{
    TRY(g->ctx, captions_find(g, part));
    drop_nested(g);
    if (!is_guide(g))
        return OK;
    for (size_t i = 0; i < g->caption_count; i++)
        g->line[g->caption[i].line].use = LINE_CAPTION;
    struct heads h = {.g = g, .part = part, .ds = ds, .first_draft = ds->n, .group = {.text = STR("")}};
    find_openers(&h);
    struct start *start = ARENA_ARRAY(g->a, STARTS_MAX, struct start);
    size_t n = 0;
    bool seen[WHAT_COUNT] = {false};
    for (size_t i = 0; i < g->caption_count; i++) {
        if (n == 0 ? g->caption[i].what != WHAT_CHART : opens(&h, i, seen)) {
            if (n == STARTS_MAX - 1)
                return too_many(g);
            look_above(&h, i, n ? &start[n - 1] : NULL, &start[n]);
            n++;
            memset(seen, 0, sizeof seen);
        }
        seen[g->caption[i].what] = true;
    }
    if (n == 0)
        return OK;
    for (size_t i = part.from; i < start[0].content_end; i++)
        g->line[i].use = ds->n ? LINE_TAIL : LINE_HEAD;
    for (size_t k = 0; k < n; k++) {
        h.group = start[k].group;
        if (k + 1 == n) {
            end_of_part(&h, &start[k]);
            break;
        }
        make_drafts(&h, start[k].caption, start[k + 1].caption, start[k].head_from, start[k].head_to,
                    start[k + 1].content_end);
        if (start[k + 1].figure_to > start[k + 1].figure_from)
            take_figure(&h, &ds->d[ds->n - 1], start[k + 1].figure_from, start[k + 1].figure_to);
        if (ds->n >= IMPORT_MATTERS_MAX)
            return too_many(g);
    }
    return OK;
}
