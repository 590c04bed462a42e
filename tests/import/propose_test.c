/* The proposals against the hand-checked catalogue: every matter's verbatim fields go in, what comes out is written, read again by the
** loader and compared with what people made of the same words. Prints precision and recall a field; the floors are what was reached.
** A wrong proposal is worse than none, so precision is asked for everywhere. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog_int.h"
#include "catalog/import/import_int.h"
#include "support/support_catalog.h"

enum { SET_MAX = 400 };

/* --- a matter's verbatim side, as the import would hand it over --- */

static struct passage
passage(struct str s)
{
    return (struct passage){.text = s, .from = 1, .to = 1};
}

static struct guide_matter
guide_of(struct arena *a, const struct matter *m)
{
    struct guide_matter g = {
        .id = m->id, .number = passage(m->number), .name = passage(m->name), .title = passage(m->title)};
    g.code = passage(m->code_printed ? m->code : STR(""));
    g.field[GUIDE_SERVICE_OBJECT] = passage(m->service_object);
    g.field[GUIDE_CHANNELS] = passage(m->channels_text);
    g.field[GUIDE_LEVELS] = passage(m->levels_text);
    g.field[GUIDE_MATERIALS] = passage(m->materials_text);
    g.field[GUIDE_PROCESS] = passage(m->process_text);
    g.field[GUIDE_LIMIT] = passage(m->limit_text);
    g.field[GUIDE_LEGAL_LIMIT] = passage(m->legal_limit_text);
    g.field[GUIDE_CONSULT] = passage(m->consult_text);
    g.field[GUIDE_SUPERVISION] = passage(m->supervision_text);
    g.field[GUIDE_RATING] = passage(m->rating_text);
    g.field[GUIDE_DELIVERY] = passage(m->delivery_text);
    g.note = ARENA_ARRAY(a, m->note_count, struct passage);
    g.note_number = ARENA_ARRAY(a, m->note_count, struct str);
    for (size_t i = 0; i < m->note_count; i++) {
        g.note[i] = passage(m->note[i].verbatim);
        g.note_number[i] = m->note[i].number;
    }
    g.note_count = m->note_count;
    return g;
}

static struct yaml_node *
verbatim_tree(struct arena *a, const struct guide_matter *g)
{
    static const struct {
        enum guide_field field;
        const char *key;
    } keys[] = {{GUIDE_SERVICE_OBJECT, "服务对象"}, {GUIDE_CHANNELS, "办理渠道"},
                {GUIDE_LEVELS, "办理层级"},         {GUIDE_MATERIALS, "办理材料"},
                {GUIDE_PROCESS, "办理流程"},        {GUIDE_LIMIT, "办理时限"},
                {GUIDE_CONSULT, "咨询方式"},        {GUIDE_SUPERVISION, "监督电话"},
                {GUIDE_RATING, "评价渠道"},         {GUIDE_DELIVERY, "送达"}};
    struct yaml_node *root = yaml_new_map(a);
    (void)yaml_put_text(a, root, "编号", g->id);
    (void)yaml_put_text(a, root, "名称", g->name.text);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!str_empty(g->field[keys[i].field].text))
            (void)yaml_put_text(a, yaml_put(a, root, keys[i].key, yaml_new_map(a)), "原文",
                                g->field[keys[i].field].text);
    return root;
}

/* Proposed, written, read again. The text is kept for the eye. */
static bool
proposal_of(struct arena *a, const struct matter *m, struct findings *f, struct str *ret_text, struct matter *ret_m)
{
    struct ctx c = ctx;
    struct fail fail = {0};
    c.arena = a;
    c.fail = &fail;
    struct guide_matter g = guide_of(a, m);
    struct yaml_node *root = verbatim_tree(a, &g), *read;
    struct buf out;
    if (propose_structure(&c, catalog, &g, root, f) != OK)
        return false;
    buf_init(&out, a, 4096);
    yaml_write(&out, root);
    *ret_text = buf_str(&out);
    struct loader l = {.ctx = &c, .arena = a, .scratch = a, .c = catalog};
    *ret_m = (struct matter){0};
    if (yaml_parse(&c, a, str_fmt(a, "%.*s/%.*s.yaml", STR_ARG(m->region->code), STR_ARG(m->id)), *ret_text, &read) ==
            OK &&
        load_matter(&l, read, m->region, ret_m) == OK)
        return true;
    fprintf(stderr, "%.*s\n", STR_ARG(fail.detail));
    return false;
}

/* --- comparing --- */

struct score {
    const char *name;
    size_t same, proposed, made; /* single things */
    size_t equal, matters;       /* matters where the whole field agrees, of those where people made something */
    size_t false_matters;        /* proposed where people made nothing */
};

struct set {
    struct str s[SET_MAX];
    size_t n;
};

static void
set_add(struct set *s, struct str x)
{
    if (s->n < SET_MAX)
        s->s[s->n++] = x;
}

static int
by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void
compare(struct score *score, const struct matter *m, struct set *made, struct set *proposed)
{
    size_t i = 0, k = 0, same = 0;
    bool show = getenv("PROPOSE_SHOW") && strstr(getenv("PROPOSE_SHOW"), score->name);
    qsort(made->s, made->n, sizeof *made->s, by_text);
    qsort(proposed->s, proposed->n, sizeof *proposed->s, by_text);
    while (i < made->n || k < proposed->n) {
        int c = i == made->n ? 1 : k == proposed->n ? -1 : str_cmp(made->s[i], proposed->s[k]);
        same += c == 0;
        if (show && c != 0)
            printf("  %s %.*s/%.*s %c %.*s\n", score->name, STR_ARG(m->region->code), STR_ARG(m->id), c < 0 ? '-' : '+',
                   STR_ARG(c < 0 ? made->s[i] : proposed->s[k]));
        i += c <= 0;
        k += c >= 0;
    }
    score->same += same;
    score->proposed += proposed->n;
    score->made += made->n;
    score->matters += made->n > 0;
    score->equal += made->n > 0 && same == made->n && same == proposed->n;
    score->false_matters += made->n == 0 && proposed->n > 0;
}

/* A paper's name without what regions print differently around the same paper: quotes, blanks, its medium. */
static struct str
plain(struct str s)
{
    static const char *const off[] = {"《", "》", "“", "”", " "};
    static const char *const tails[] = {"原件或复印件", "原件及复印件", "复印件", "原件"};
    struct buf b;
    buf_init(&b, arena, s.n + 1);
    for (size_t pos = 0; pos < s.n;) {
        size_t from = pos;
        (void)str_utf8_next(s, &pos);
        struct str one = str_sub(s, from, pos - from);
        bool skip = false;
        for (size_t i = 0; i < 5; i++)
            skip = skip || str_eqz(one, off[i]);
        if (!skip)
            buf_add(&b, one);
    }
    s = buf_str(&b);
    for (size_t i = 0; i < 4; i++)
        if (str_ends(s, str_c(tails[i])) && s.n > str_c(tails[i]).n)
            return str_sub(s, 0, s.n - str_c(tails[i]).n);
    return s;
}

/* Leaves by name; with WHEN, name and the condition it has; OWN: only those whose words the matter itself prints. */
static void
leaf_set(const struct material *x, size_t n, struct str above, bool when, struct set *out)
{
    for (size_t i = 0; i < n; i++) {
        struct str own = x[i].when.source, cond = above;
        if (own.n)
            cond = above.n ? str_fmt(arena, "%.*s & %.*s", STR_ARG(above), STR_ARG(own)) : own;
        if (x[i].node == MATERIAL_LEAF)
            set_add(out,
                    when ? str_fmt(arena, "%.*s | %.*s", STR_ARG(plain(x[i].name)), STR_ARG(cond)) : plain(x[i].name));
        else
            leaf_set(x[i].child, x[i].child_count, cond, when, out);
    }
}

static void
any_set(const struct material *x, size_t n, struct set *out)
{
    for (size_t i = 0; i < n; i++) {
        struct set inside = {0};
        if (x[i].node == MATERIAL_LEAF)
            continue;
        if (x[i].node == MATERIAL_ANY) {
            leaf_set(x[i].child, x[i].child_count, STR(""), false, &inside);
            qsort(inside.s, inside.n, sizeof *inside.s, by_text);
            struct str all = STR("");
            for (size_t k = 0; k < inside.n; k++)
                all = str_fmt(arena, "%.*s/%.*s", STR_ARG(all), STR_ARG(inside.s[k]));
            set_add(out, all);
        }
        any_set(x[i].child, x[i].child_count, out);
    }
}

static void
attribute_set(const struct material *x, size_t n, struct set *out)
{
    for (size_t i = 0; i < n; i++) {
        const struct str values[] = {x[i].form, x[i].kind, x[i].copies, x[i].stamp, x[i].age};
        for (size_t k = 0; k < 5; k++)
            if (values[k].n)
                set_add(out, str_fmt(arena, "%.*s|%zu|%.*s", STR_ARG(plain(x[i].name)), k, STR_ARG(values[k])));
        if (x[i].committable)
            set_add(out, str_concat(arena, plain(x[i].name), STR("|可承诺")));
        if (x[i].discretionary)
            set_add(out, str_concat(arena, plain(x[i].name), STR("|裁量")));
        attribute_set(x[i].child, x[i].child_count, out);
    }
}

/* Words that stand in the matter's own text; the hand-made catalogue also repeats what a common note says once for all matters. */
static void
keep_printed(const struct matter *m, struct set *s)
{
    struct buf b;
    size_t n = 0;
    buf_init(&b, arena, 8192);
    buf_add(&b, m->materials_text);
    for (size_t i = 0; i < m->note_count; i++)
        buf_add(&b, m->note[i].verbatim);
    struct str all = plain(buf_str(&b));
    for (size_t i = 0; i < s->n; i++)
        if (str_find(all, s->s[i]) != SIZE_MAX)
            s->s[n++] = s->s[i];
    s->n = n;
}

static struct str
limit_word(struct limit l)
{
    return l.kind == LIMIT_NONE ? STR("-") : limit_text(arena, l);
}

static void
limit_set(const struct matter *m, struct set *out)
{
    for (size_t i = 0; i < m->limit_count; i++) {
        const struct limit_tier *t = &m->limit[i];
        struct str pause = STR("");
        for (size_t k = 0; k < t->pause_count; k++)
            pause = str_concat(arena, pause, t->pause[k]);
        set_add(out, str_fmt(arena, "%.*s %.*s [%.*s] %.*s%s", STR_ARG(limit_word(t->promised)),
                             STR_ARG(limit_word(t->legal)), STR_ARG(t->when.source), STR_ARG(pause),
                             t->receipt_only ? " 回执" : ""));
    }
}

static void
limit_stage_set(const struct matter *m, struct set *out)
{
    for (size_t i = 0; i < m->limit_count; i++) {
        if (m->limit[i].counted_from.n)
            set_add(out, str_concat(arena, STR("起算 "), m->limit[i].counted_from));
        for (size_t k = 0; k < m->limit[i].stage_count; k++)
            set_add(out, str_fmt(arena, "%s %.*s", stage_name(m->limit[i].stage[k].stage),
                                 STR_ARG(limit_word(m->limit[i].stage[k].limit))));
    }
}

enum {
    S_CODE,
    S_CHANNEL_KIND,
    S_CHANNEL_NAME,
    S_CHANNEL_DETAIL,
    S_LEVEL,
    S_MODE,
    S_LEAF,
    S_LEAF_PRINTED,
    S_LEAF_WHEN,
    S_ANY,
    S_ATTRIBUTE,
    S_STAGE,
    S_STAGE_LIST,
    S_STAGE_UNIT,
    S_LIMIT,
    S_LIMIT_STAGE,
    S_PHONE,
    S_SUPERVISION,
    S_RATING,
    S_DELIVERY,
    S_COUNT
};
static struct score scores[S_COUNT] = {[S_CODE] = {"code"},
                                       [S_CHANNEL_KIND] = {"channel-kind"},
                                       [S_CHANNEL_NAME] = {"channel-name"},
                                       [S_CHANNEL_DETAIL] = {"channel-detail"},
                                       [S_LEVEL] = {"level"},
                                       [S_MODE] = {"mode"},
                                       [S_LEAF] = {"leaf-all"},
                                       [S_LEAF_PRINTED] = {"leaf-printed"},
                                       [S_LEAF_WHEN] = {"leaf-when"},
                                       [S_ANY] = {"any"},
                                       [S_ATTRIBUTE] = {"attribute"},
                                       [S_STAGE] = {"stage-kind"},
                                       [S_STAGE_LIST] = {"stage-list"},
                                       [S_STAGE_UNIT] = {"stage-unit"},
                                       [S_LIMIT] = {"limit"},
                                       [S_LIMIT_STAGE] = {"counted"},
                                       [S_PHONE] = {"phone"},
                                       [S_SUPERVISION] = {"supervision"},
                                       [S_RATING] = {"rating"},
                                       [S_DELIVERY] = {"delivery"}};

/* What M's field S holds, as a set of words. */
static void
things_of(const struct matter *m, int s, struct set *out)
{
    struct str all = STR("");
    switch (s) {
    case S_CODE:
        if (m->code.n)
            set_add(out, m->code);
        break;
    case S_CHANNEL_KIND:
    case S_CHANNEL_NAME:
    case S_CHANNEL_DETAIL:
        for (size_t i = 0; i < m->channel_count; i++) {
            const struct channel *c = &m->channel[i];
            const struct str values[] = {c->address, c->window, c->phone,
                                         c->level,   c->duty,   c->planned ? STR("待开通") : STR("")};
            if (s == S_CHANNEL_KIND)
                set_add(out, str_c(channel_name(c->kind)));
            else if (s == S_CHANNEL_NAME)
                set_add(out, str_fmt(arena, "%s %.*s", channel_name(c->kind), STR_ARG(c->name)));
            for (size_t k = 0; k < 6 && s == S_CHANNEL_DETAIL; k++)
                if (values[k].n)
                    set_add(out, str_fmt(arena, "%.*s|%zu|%.*s", STR_ARG(c->name), k, STR_ARG(values[k])));
        }
        break;
    case S_LEVEL:
        for (int k = 0; k < LEVEL_COUNT; k++)
            if (m->levels & 1u << k)
                set_add(out, str_c(level_name((enum level_kind)k)));
        break;
    case S_MODE:
        set_add(out, str_fmt(arena, "%d", (int)m->material_mode));
        break;
    case S_LEAF:
    case S_LEAF_PRINTED:
        leaf_set(m->material, m->material_count, STR(""), false, out);
        break;
    case S_LEAF_WHEN:
        leaf_set(m->material, m->material_count, STR(""), true, out);
        break;
    case S_ANY:
        any_set(m->material, m->material_count, out);
        break;
    case S_ATTRIBUTE:
        attribute_set(m->material, m->material_count, out);
        break;
    case S_STAGE:
    case S_STAGE_LIST:
    case S_STAGE_UNIT:
        for (size_t i = 0; i < m->stage_count && !m->stages_by_system; i++) {
            all = str_fmt(arena, "%.*s %s", STR_ARG(all), stage_name(m->stage[i].kind));
            if (s == S_STAGE_UNIT && m->stage[i].unit.n)
                set_add(out, str_fmt(arena, "%s %.*s", stage_name(m->stage[i].kind), STR_ARG(m->stage[i].unit)));
            if (s == S_STAGE)
                set_add(out, str_c(stage_name(m->stage[i].kind)));
        }
        if (s == S_STAGE_LIST && all.n)
            set_add(out, all);
        break;
    case S_LIMIT:
        limit_set(m, out);
        break;
    case S_LIMIT_STAGE:
        limit_stage_set(m, out);
        break;
    case S_PHONE:
        for (size_t i = 0; i < m->phone_count; i++)
            set_add(out, str_fmt(arena, "%.*s %.*s %.*s", STR_ARG(m->phone[i].number), STR_ARG(m->phone[i].insurance),
                                 STR_ARG(m->phone[i].unit)));
        break;
    case S_SUPERVISION:
        for (size_t i = 0; i < m->supervision_count; i++)
            set_add(out, m->supervision[i]);
        break;
    case S_RATING:
        for (size_t i = 0; i < m->rating_count; i++)
            set_add(out, m->rating[i]);
        break;
    default:
        for (size_t i = 0; i < m->delivery_count; i++)
            set_add(out, m->delivery[i]);
        if (m->express_text.n)
            set_add(out, m->express_text);
        break;
    }
}

static void
score_matter(const struct matter *made, const struct matter *proposed)
{
    static struct set a, b;
    for (int s = 0; s < S_COUNT; s++) {
        a.n = b.n = 0;
        things_of(made, s, &a);
        things_of(proposed, s, &b);
        if (s == S_LEAF_PRINTED)
            keep_printed(made, &a);
        compare(&scores[s], made, &a, &b);
    }
}

static unsigned
percent(size_t part, size_t whole)
{
    return whole ? (unsigned)(part * 100 / whole) : 100;
}

/* Precision and recall in percent that were reached; none may fall. */
static const struct {
    int score;
    unsigned precision, recall;
} FLOORS[] = {{S_CODE, 100, 91},      {S_CHANNEL_KIND, 100, 98}, {S_CHANNEL_NAME, 99, 98}, {S_CHANNEL_DETAIL, 100, 97},
              {S_LEVEL, 100, 100},    {S_MODE, 100, 100},        {S_LEAF, 94, 81},         {S_LEAF_PRINTED, 94, 91},
              {S_LEAF_WHEN, 88, 75},  {S_ANY, 91, 84},           {S_ATTRIBUTE, 88, 70},    {S_STAGE, 99, 92},
              {S_STAGE_LIST, 79, 77}, {S_STAGE_UNIT, 93, 62},    {S_LIMIT, 100, 97},       {S_LIMIT_STAGE, 97, 97},
              {S_PHONE, 100, 100},    {S_SUPERVISION, 100, 100}, {S_RATING, 100, 100},     {S_DELIVERY, 100, 100}};

/* Lines of TEXT that state a reading without a 待核 line above them. */
static size_t
unmarked(struct arena *a, struct str text)
{
    static const char *const readings[] = {
        "当:", "盖章当:", "档:", "渠道:", "清单:", "环节:\n", "层级:\n", "电话:\n", "号码:\n", "方式:\n"};
    struct str rest = text, line, above = STR("");
    size_t bad = 0;
    while (str_split(&rest, '\n', &line)) {
        struct str words = str_fmt(a, "%.*s\n", STR_ARG(str_trim(line)));
        for (size_t i = 0; i < sizeof readings / sizeof *readings; i++)
            if (str_starts(words, str_c(readings[i])) && !str_starts(str_trim(above), STR("# 待核"))) {
                print_error("not marked: %.*s\n", STR_ARG(line));
                bad++;
            }
        above = line;
    }
    return bad;
}

static void
hand_checked_catalogue(void **state)
{
    size_t matters = 0, loads = 0, findings = 0;
    (void)state;
    for (size_t r = 0; r < catalog_region_count(catalog); r++) {
        const struct region *region = catalog_region_at(catalog, r);
        for (size_t i = 0; i < region->matter_count; i++) {
            SCOPED_ARENA a = arena_new(0);
            struct findings f = {0};
            struct matter proposed;
            struct str text = STR("");
            matters++;
            bool ok = proposal_of(a, &region->matter[i], &f, &text, &proposed);
            if (getenv("PROPOSE_TEXT") &&
                str_eqz(str_fmt(arena, "%.*s/%.*s", STR_ARG(region->code), STR_ARG(region->matter[i].id)),
                        getenv("PROPOSE_TEXT"))) {
                printf("%.*s\n", STR_ARG(text));
                for (size_t k = 0; k < f.n; k++)
                    printf("%s %.*s: %.*s\n", f.finding[k].id, STR_ARG(f.finding[k].evidence),
                           STR_ARG(f.finding[k].message));
            }
            findings += f.n;
            loads += ok;
            assert_int_equal(unmarked(a, text), 0);
            if (ok)
                score_matter(&region->matter[i], &proposed);
        }
    }
    printf("%zu of %zu proposals load; %zu findings\n", loads, matters, findings);
    for (int s = 0; s < S_COUNT; s++)
        printf("%-14s precision %3u%%  recall %3u%%  (%zu right of %zu proposed, %zu made)  whole field %3u%% of %zu, "
               "unasked %zu\n",
               scores[s].name, percent(scores[s].same, scores[s].proposed), percent(scores[s].same, scores[s].made),
               scores[s].same, scores[s].proposed, scores[s].made, percent(scores[s].equal, scores[s].matters),
               scores[s].matters, scores[s].false_matters);
    assert_true(matters >= 145);
    assert_int_equal(loads, matters);
    for (size_t i = 0; i < sizeof FLOORS / sizeof *FLOORS; i++) {
        const struct score *s = &scores[FLOORS[i].score];
        if (percent(s->same, s->proposed) < FLOORS[i].precision || percent(s->same, s->made) < FLOORS[i].recall)
            fail_msg("%s fell below its floor", s->name);
    }
}

/* --- never invented, always loads --- */

/* All of M's printed words, and the proposed ones, without blanks. */
static struct str
closed_up(struct arena *a, struct str s)
{
    struct buf b;
    buf_init(&b, a, s.n + 1);
    for (size_t pos = 0; pos < s.n;) {
        size_t from = pos;
        uint32_t cp = str_utf8_next(s, &pos);
        if (cp != ' ' && cp != '\n' && cp != 0x3000)
            buf_add(&b, str_sub(s, from, pos - from));
    }
    return buf_str(&b);
}

static size_t
not_printed(struct arena *a, struct str printed, struct str s)
{
    static const char *const owners[] = {
        "委托人", "代理人"}; /* 委托人及代理人身份证件: each name is put together of two printed parts */
    s = closed_up(a, s);
    if (str_empty(s) || str_find(printed, s) != SIZE_MAX)
        return 0;
    for (size_t i = 0; i < 2; i++)
        if (str_starts(s, str_c(owners[i])) && str_find(printed, str_sub(s, 9, s.n)) != SIZE_MAX)
            return 0;
    print_error("not printed: %.*s\n", STR_ARG(s));
    return 1;
}

static size_t
materials_not_printed(struct arena *a, struct str printed, const struct material *x, size_t n)
{
    size_t bad = 0;
    for (size_t i = 0; i < n; i++)
        bad += not_printed(a, printed, x[i].name) + not_printed(a, printed, x[i].verbatim) +
               not_printed(a, printed, x[i].stamp) + not_printed(a, printed, x[i].share_source) +
               not_printed(a, printed, x[i].provider) + materials_not_printed(a, printed, x[i].child, x[i].child_count);
    return bad;
}

static size_t
invented(struct arena *a, const struct matter *m, const struct matter *x)
{
    struct buf b;
    buf_init(&b, a, 16384);
    const struct str texts[] = {m->channels_text, m->materials_text,   m->process_text,
                                m->consult_text,  m->supervision_text, m->delivery_text};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        buf_add(&b, texts[i]);
    for (size_t i = 0; i < m->note_count; i++)
        buf_add(&b, m->note[i].verbatim);
    struct str printed = closed_up(a, buf_str(&b));
    size_t bad = materials_not_printed(a, printed, x->material, x->material_count);
    for (size_t i = 0; i < x->channel_count; i++) {
        const struct channel *c = &x->channel[i];
        bad += not_printed(a, printed, c->name) + not_printed(a, printed, c->address) +
               not_printed(a, printed, c->window) + not_printed(a, printed, c->phone);
    }
    for (size_t i = 0; i < x->phone_count; i++)
        bad += not_printed(a, printed, x->phone[i].number) + not_printed(a, printed, x->phone[i].unit);
    for (size_t i = 0; i < x->supervision_count; i++)
        bad += not_printed(a, printed, x->supervision[i]);
    for (size_t i = 0; i < x->stage_count && !x->stages_by_system; i++)
        bad += not_printed(a, printed, x->stage[i].unit) + not_printed(a, printed, x->stage[i].name);
    return bad + not_printed(a, printed, x->express_text);
}

static void
nothing_invented(void **state)
{
    size_t bad = 0;
    (void)state;
    for (size_t r = 0; r < catalog_region_count(catalog); r++)
        for (size_t i = 0; i < catalog_region_at(catalog, r)->matter_count; i++) {
            const struct matter *m = &catalog_region_at(catalog, r)->matter[i];
            SCOPED_ARENA a = arena_new(0);
            struct findings f = {0};
            struct matter proposed;
            struct str text;
            assert_true(proposal_of(a, m, &f, &text, &proposed));
            bad += invented(a, m, &proposed);
        }
    assert_int_equal(bad, 0);
}

/* A text torn at a character, as a layout tears it. */
static struct str
torn(struct str s, uint32_t *seed)
{
    size_t at = 0, want;
    *seed = *seed * 1664525u + 1013904223u;
    want = s.n ? (*seed >> 4) % s.n : 0;
    while (at < want)
        (void)str_utf8_next(s, &at);
    return *seed & 1 ? str_sub(s, 0, at) : str_sub(s, at, s.n);
}

static void
torn_texts_load(void **state)
{
    uint32_t seed = 20;
    (void)state;
    for (size_t r = 0; r < catalog_region_count(catalog); r++)
        for (size_t i = 0; i < catalog_region_at(catalog, r)->matter_count; i++)
            for (int round = 0; round < 6; round++) {
                SCOPED_ARENA a = arena_new(0);
                struct matter m = catalog_region_at(catalog, r)->matter[i], proposed;
                struct findings f = {0};
                struct str text;
                m.channels_text = torn(m.channels_text, &seed);
                m.materials_text = torn(m.materials_text, &seed);
                m.process_text = torn(m.process_text, &seed);
                m.limit_text = torn(m.limit_text, &seed);
                m.consult_text = torn(m.consult_text, &seed);
                m.rating_text = torn(m.rating_text, &seed);
                assert_true(proposal_of(a, &m, &f, &text, &proposed));
                assert_int_equal(invented(a, &m, &proposed), 0);
            }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(hand_checked_catalogue), cmocka_unit_test(nothing_invented),
                                       cmocka_unit_test(torn_texts_load)};
    return cmocka_run_group_tests(tests, support_catalog_up, support_catalog_down);
}
