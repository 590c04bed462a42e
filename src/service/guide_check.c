/* The wizard: answers so far, the next question with the guide's sentence behind it, and in the end the exact list. */
#include "service/guide.h"

#include "catalog/words.h"

struct check {
    struct ctx *ctx;
    const struct catalog *c;
    const struct matter *m;
    struct facts facts;
    struct fact_set unsure;            /* asked, not known */
    const struct guide_answer *answer; /* those that hold, in the order given */
    size_t answer_count;
};

/* --- why a question is asked: the first sentence of the guide that depends on it --- */

struct why {
    const char *section;
    struct str text; /* the words that depend on it */
    struct str full; /* the whole field, verbatim */
};

static bool
mentions(const struct condition *c, size_t fact)
{
    struct fact_set set = {0};
    if (!c->feel)
        return false;
    feel_mentions(c->feel, &set);
    return fact_set_has(&set, fact);
}

static const struct material *
material_asking(const struct material *x, size_t n, size_t fact)
{
    for (size_t i = 0; i < n; i++) {
        if (mentions(&x[i].when, fact) || mentions(&x[i].stamp_when, fact))
            return &x[i];
        const struct material *deeper = material_asking(x[i].child, x[i].child_count, fact);
        if (deeper)
            return deeper;
    }
    return NULL;
}

static struct why
why_asked(const struct matter *m, size_t fact)
{
    for (size_t i = 0; i < m->eligibility_count; i++)
        if (mentions(&m->eligibility[i].must, fact))
            return (struct why){"服务对象", m->eligibility[i].otherwise, m->service_object};
    for (size_t i = 0; i < m->intake_count; i++)
        if (mentions(&m->intake[i].when, fact))
            return (struct why){"申报期", m->intake[i].verbatim, STR("")};
    const struct material *x = material_asking(m->material, m->material_count, fact);
    if (x)
        return (struct why){"办理材料", str_empty(x->verbatim) ? x->name : x->verbatim, m->materials_text};
    for (size_t i = 0; i < m->limit_count; i++)
        if (mentions(&m->limit[i].when, fact))
            return (struct why){"办理时限", m->limit_text, STR("")};
    for (size_t i = 0; i < m->stage_count; i++)
        if (mentions(&m->stage[i].when, fact))
            return (struct why){"办理流程", m->process_text, STR("")};
    return (struct why){"办事指南", STR(""), STR("")};
}

/* --- answers --- */

static struct str
answer_label(const struct check *k, size_t fact)
{
    const struct fact *f = catalog_fact(matter_catalog(k->m), fact);
    if (fact_set_has(&k->unsure, fact))
        return STR("不清楚");
    struct value v = k->facts.value[fact];
    if (f->def.type == FACT_BOOL && v.kind == VALUE_BOOL)
        return v.b ? STR("是") : STR("不是");
    return fact_value_text(k->ctx->arena, &f->def, v);
}

/* The first N answers as a query string: links back into the wizard. */
static struct str
answers_query(const struct check *k, size_t n)
{
    struct buf b;
    buf_init(&b, k->ctx->arena, 256);
    for (size_t i = 0; i < n; i++) {
        size_t fact = fact_find(catalog_dict(matter_catalog(k->m)), k->answer[i].fact);
        buf_addz(&b, i ? "&" : "");
        buf_add(&b, catalog_fact(matter_catalog(k->m), fact)->def.id);
        buf_byte(&b, '=');
        guide_urlencode(&b, k->answer[i].value);
    }
    return buf_str(&b);
}

static void
put_answers(const struct check *k, struct view *v)
{
    struct view *list = view_put_list(v, "answers");
    for (size_t i = 0; i < k->answer_count; i++) {
        size_t fact = fact_find(catalog_dict(matter_catalog(k->m)), k->answer[i].fact);
        const struct fact *f = catalog_fact(matter_catalog(k->m), fact);
        struct view *row = view_add_map(list);
        view_put_text(row, "id", f->def.id);
        view_put_text(row, "name", f->def.name);
        view_put_text(row, "question", str_empty(f->question) ? f->def.name : f->question);
        view_put_text(row, "value", k->answer[i].value);
        view_put_text(row, "label", answer_label(k, fact));
        view_put_bool(row, "unsure", fact_set_has(&k->unsure, fact));
        view_put_text(row, "before", answers_query(k, i)); /* asks this one again */
    }
    view_put_text(v, "query", answers_query(k, k->answer_count));
    view_put_text(v, "back", answers_query(k, k->answer_count ? k->answer_count - 1 : 0));
    view_put_bool(v, "answered", k->answer_count > 0);
}

/* --- questions --- */

static void
put_options(const struct fact *f, struct str chosen, struct view *v)
{
    struct view *list = view_put_list(v, "options");
    if (f->def.type == FACT_BOOL) {
        static const struct {
            struct str value, label;
        } yes_no[] = {{STR_INIT("是"), STR_INIT("是")}, {STR_INIT("否"), STR_INIT("不是")}};
        for (size_t i = 0; i < 2; i++) {
            struct view *row = view_add_map(list);
            view_put_text(row, "value", yes_no[i].value);
            view_put_text(row, "label", yes_no[i].label);
            view_put_null(row, "help");
            view_put_bool(row, "checked", str_eq(chosen, yes_no[i].value));
            view_put_int(row, "index", (int64_t)i + 1);
        }
        return;
    }
    for (size_t i = 0; i < f->def.value_count; i++) {
        struct view *row = view_add_map(list);
        view_put_text(row, "value", f->def.values[i]);
        view_put_text(row, "label", f->def.values[i]);
        guide_put(row, "help", f->value_help ? f->value_help[i] : STR(""));
        view_put_bool(row, "checked", str_eq(chosen, f->def.values[i]));
        view_put_int(row, "index", (int64_t)i + 1);
    }
}

static void
put_question(const struct check *k, size_t fact, struct view *v)
{
    static const char *const types[] = {"choice", "bool", "number", "text", "date"};
    const struct fact *f = catalog_fact(matter_catalog(k->m), fact);
    struct why why = why_asked(k->m, fact);
    view_put_text(v, "id", f->def.id);
    view_put_text(v, "name", f->def.name);
    view_put_text(v, "question", str_empty(f->question) ? f->def.name : f->question);
    guide_put(v, "help", f->help);
    view_put_z(v, "type", types[f->def.type]);
    view_put_bool(v, "radios", f->def.type == FACT_CHOICE || f->def.type == FACT_BOOL);
    view_put_bool(v, "number", f->def.type == FACT_NUMBER);
    view_put_bool(v, "date", f->def.type == FACT_DATE);
    view_put_bool(v, "asked", f->asked);
    view_put_bool(v, "may_be_unsure", !f->asked); /* the desk knows it better than the applicant */
    put_options(f, STR(""), v);
    struct view *w = view_put_map(v, "why");
    view_put_z(w, "section", why.section);
    guide_put(w, "text", why.text);
    guide_put(w, "full", str_eq(why.text, why.full) ? STR("") : why.full);
}

static void
put_questions(const struct check *k, size_t bad, bool all, struct view *v, bool *ret_open)
{
    size_t *fact, n, open = 0, first = bad;
    checklist_questions(k->ctx, k->c, k->m, &k->facts, &fact, &n);
    struct view *list = view_put_list(v, "questions");
    if (bad != SIZE_MAX) {
        put_question(k, bad, view_add_map(list));
        open++;
    }
    for (size_t i = 0; i < n; i++) {
        if (fact_set_has(&k->unsure, fact[i]) || fact[i] == bad)
            continue;
        put_question(k, fact[i], view_add_map(list));
        first = first == SIZE_MAX ? fact[i] : first;
        open++;
    }
    if (open && !all)
        put_question(k, first, view_put_map(v, "ask"));
    else
        view_put_null(v, "ask");
    view_put_int(v, "later", open ? (int64_t)open - 1 : 0);
    view_put_int(v, "step", (int64_t)k->answer_count + 1);
    view_put_int(v, "open_count", (int64_t)open);
    view_put_bool(v, "complete", open == 0);
    *ret_open = open > 0;
}

/* --- the list --- */

struct tally {
    size_t sure, unsure, spared;
};

/* A part of a group whose parts are all wanted, as it reads without the group: its reason, the guide's words. */
static struct material
part_alone(const struct material *group, const struct material *x)
{
    struct material part = *x;
    if (!part.when.feel)
        part.when = group->when;
    bool named_by_condition = str_find(group->when.source, group->name) != SIZE_MAX;
    if (str_empty(part.verbatim) && !named_by_condition)
        part.verbatim = str_empty(group->verbatim) ? group->name : group->verbatim;
    return part;
}

static void
put_row(const struct check *k, const struct material *x, struct view *list, struct tally *t)
{
    enum need need = material_need(x, &k->facts);
    if (need == NEED_NO)
        return;
    if (need == NEED_YES && guide_material_opens(x)) {
        for (size_t i = 0; i < x->child_count; i++) {
            struct material part = part_alone(x, &x->child[i]);
            put_row(k, &part, list, t);
        }
        return;
    }
    struct view *row = view_add_map(list);
    guide_material(k->ctx, k->m, x, &k->facts, row);
    view_put_int(row, "position", (int64_t)(t->sure + t->unsure + 1));
    t->sure += need == NEED_YES;
    t->unsure += need == NEED_UNKNOWN;
    t->spared += x->committable || x->shareable || x->tolerable || x->discretionary;
}

static void
put_list(const struct check *k, struct view *v)
{
    struct view *list = view_put_list(v, "materials");
    struct tally t = {0};
    for (size_t i = 0; i < k->m->material_count; i++)
        put_row(k, &k->m->material[i], list, &t);
    view_put_int(v, "material_count", (int64_t)t.sure);
    view_put_int(v, "uncertain_count", (int64_t)t.unsure);
    view_put_bool(v, "some_uncertain", t.unsure > 0);
    view_put_bool(v, "some_spared", t.spared > 0);
    view_put_bool(v, "no_materials", t.sure + t.unsure == 0 && k->m->material_mode == MATERIALS_LISTED);
}

static void
put_limit(const struct check *k, struct view *v)
{
    struct fact_set needed = {0};
    const struct limit_tier *t = checklist_limit(k->m, &k->facts, &needed);
    if (t)
        guide_tier(k->ctx, k->c, t, view_put_map(v, "limit"));
    else
        view_put_null(v, "limit");
    view_put_bool(v, "limit_uncertain", !t && !fact_set_empty(&needed));
    guide_put(v, "limit_text", k->m->limit_text);
}

/* Only while it is closed: {text, next}. */
static void
put_intake(const struct check *k, struct view *v) //= R174
{
    struct day next;
    struct str text;
    if (window_open(k->m, &k->facts, catalog_calendar(k->c), day_of_ms(k->ctx->now_ms), &next, &text)) {
        view_put_null(v, "intake_closed");
        return;
    }
    struct view *x = view_put_map(v, "intake_closed");
    guide_put(x, "text", text);
    view_put_day(x, "next", next);
    guide_put(x, "next_words", day_text_zh(k->ctx->arena, next));
}

static void
put_refusal(const struct check *k, struct view *v)
{
    const struct eligibility *e = checklist_refusal(k->m, &k->facts);
    if (!e) {
        view_put_null(v, "refusal");
        return;
    }
    struct view *r = view_put_map(v, "refusal");
    view_put_text(r, "otherwise", e->otherwise);
    view_put_text(r, "words", condition_words(k->ctx->arena, &e->must));
    view_put_text(r, "must", e->must.source);
    guide_put(r, "service_object", k->m->service_object);
}

static void
put_matter(const struct check *k, struct view *v)
{
    const struct matter *m = k->m;
    guide_region(k->ctx, m->region, view_put_map(v, "region"));
    struct view *x = view_put_map(v, "matter");
    guide_matter_line(m, x);
    guide_put(x, "status_basis", m->status_basis);
    view_put_bool(x, "listed", m->material_mode == MATERIALS_LISTED);
    view_put_bool(x, "by_reference", m->material_mode == MATERIALS_REFERENCE);
    view_put_bool(x, "by_department", m->material_mode == MATERIALS_DEPARTMENT);
    view_put_bool(x, "unlisted", m->material_mode == MATERIALS_UNLISTED);
    guide_put(x, "materials_text", m->materials_text);
    guide_put(x, "materials_reference", m->materials_reference);
    view_put_bool(x, "applicable", !m->suspended && !m->not_open && m->effect != EFFECT_NONE);
    struct view *phones = view_put_list(x, "phones");
    for (size_t i = 0; i < m->phone_count; i++)
        guide_phone(k->ctx, m->phone[i].number, view_add_map(phones));
    struct view *places = view_put_list(x, "places");
    for (size_t i = 0; i < m->channel_count; i++) {
        if (m->channel[i].kind != CHANNEL_ONSITE || m->channel[i].planned)
            continue;
        struct view *row = view_add_map(places);
        guide_put(row, "name", m->channel[i].name);
        guide_put(row, "window", m->channel[i].window);
        guide_put(row, "address", m->channel[i].address);
    }
}

/* Takes the answers in order until one is illegal; *ret_bad is its fact then. A later answer to the same question wins.
 */
static enum err
take_answers(struct check *k, const struct guide_answer *answer, size_t n, size_t *ret_bad)
{
    struct guide_answer *taken = ARENA_ARRAY(k->ctx->arena, n, struct guide_answer);
    const struct fact_dict *dict = catalog_dict(matter_catalog(k->m));
    k->answer = taken;
    *ret_bad = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        size_t fact = fact_find(dict, answer[i].fact);
        if (str_empty(answer[i].value) && fact != SIZE_MAX)
            continue;
        bool unsure = fact != SIZE_MAX && str_eqz(answer[i].value, GUIDE_UNSURE);
        enum err e = unsure ? OK : facts_set(k->ctx, k->c, &k->facts, answer[i].fact, str_trim(answer[i].value));
        if (e != OK) {
            *ret_bad = fact;
            return e;
        }
        if (unsure)
            fact_set_add(&k->unsure, fact);
        size_t at = 0;
        while (at < k->answer_count && fact_find(dict, taken[at].fact) != fact)
            at++;
        taken[at] = answer[i];
        k->answer_count += at == k->answer_count;
    }
    return OK;
}

enum err
guide_check(struct ctx *ctx, const struct catalog *c, const struct matter *m, const struct guide_answer *answer,
            size_t n, bool all, struct view *v)
{
    struct check k = {.ctx = ctx, .c = c, .m = m, .facts = facts_new(ctx->arena, catalog_dict(matter_catalog(m)))};
    size_t bad;
    bool open;
    enum err e = take_answers(&k, answer, n, &bad);
    put_matter(&k, v);
    put_answers(&k, v);
    put_refusal(&k, v);
    put_questions(&k, bad, all, v, &open);
    view_put_bool(v, "all", all && open);
    put_list(&k, v);
    put_limit(&k, v);
    put_intake(&k, v);
    return e;
}
