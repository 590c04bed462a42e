#include "service/occasion.h"

#include "service/guide.h"
#include "service/service_int.h"
#include "sql_gen.h"

/* --- what belongs together --- */

static const struct matter *
matter_of(const struct region *r, struct str code)
{
    for (size_t i = 0; i < r->matter_count; i++)
        if (str_eq(r->matter[i].code, code))
            return &r->matter[i];
    return NULL;
}

static size_t
person_of(struct occasion *o, struct str who)
{
    size_t i = 0;
    while (i < o->person_count && !str_eq(o->person[i], who))
        i++;
    if (i == o->person_count)
        o->person[o->person_count++] = who;
    return i;
}

static struct str
why_closed(const struct matter *m)
{
    const char *reason;
    struct str why;
    if (m->suspended)
        return m->status_basis;
    if (!matter_open_for(m, CHANNEL_ONLINE, &reason))
        return str_c(reason);
    return case_handles(m, &why) ? STR("") : why;
}

//= R285
enum err
occasion_find(struct ctx *ctx, const struct catalog *c, const struct region *r, struct str id, struct occasion *ret_o)
{
    struct occasion o = {.situation = search_situation(catalog_search(c), id), .region = r};
    for (size_t i = 0; o.situation && i < o.situation->joint_count && o.part_count < OCCASION_PARTS_MAX; i++) {
        const struct joint_matter *j = &o.situation->joint[i];
        const struct matter *m = matter_of(r, j->code);
        if (!m)
            continue;
        o.part[o.part_count++] =
            (struct occasion_part){.matter = m,
                                   .who = j->who,
                                   .person = person_of(&o, j->who),
                                   .closed = why_closed(m),
                                   .facts = facts_new(ctx->arena, catalog_dict(matter_catalog(m)))};
    }
    if (o.part_count < 2)
        FAIL(ctx, ERR_NOT_FOUND, "这里没有可以一起办的“%.*s”", STR_ARG(str_sub(id, 0, 40)));
    *ret_o = o;
    return OK;
}

enum err
occasion_answer(struct ctx *ctx, struct occasion *o, size_t person, struct str fact, struct str text)
{
    bool known = false;
    for (size_t i = 0; i < o->part_count; i++) {
        struct occasion_part *p = &o->part[i];
        size_t at = fact_find(p->facts.dict, fact);
        known = known || at != SIZE_MAX;
        if (p->person == person && at != SIZE_MAX && fact_set_has(&p->matter->facts, at))
            TRY(ctx, facts_set(ctx, matter_catalog(p->matter), &p->facts, fact, text));
    }
    if (known)
        return OK;
    fail_field(ctx, fact, STR("事实"), STR("没有这一项"), STR("请按页面上的问题回答"));
    FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
}

/* --- the materials, each once --- */

struct gathering {
    const struct occasion *o;
    struct occasion_material *m;
    size_t n, part;
};

static bool
is_common(const struct situation *s, struct str name)
{
    for (size_t i = 0; i < s->common_count; i++)
        if (str_find(name, s->common[i]) != SIZE_MAX)
            return true;
    return false;
}

static void
add_leaf(struct gathering *g, const struct material *leaf, const struct material *either)
{
    size_t person = is_common(g->o->situation, leaf->name) ? OCCASION_PARTS_MAX : g->o->part[g->part].person, i = 0;
    while (i < g->n && !(str_eq(g->m[i].name, leaf->name) && g->m[i].person == person))
        i++;
    if (i == OCCASION_MATERIALS_MAX)
        return;
    struct occasion_material *x = &g->m[i];
    if (i == g->n) {
        *x = (struct occasion_material){.name = leaf->name, .person = person};
        g->n++;
    }
    for (size_t k = 0; k < x->use_count; k++)
        if (x->use[k].part == g->part) /* named twice in one matter: its first place stands for both */
            return;
    x->use[x->use_count].part = g->part;
    x->use[x->use_count].leaf = leaf;
    x->use[x->use_count++].either = either;
}

static void
gather(struct gathering *g, const struct material *m, size_t n, const struct material *either)
{
    for (size_t i = 0; i < n; i++) {
        if (material_need(&m[i], &g->o->part[g->part].facts) == NEED_NO)
            continue;
        if (m[i].node == MATERIAL_LEAF)
            add_leaf(g, &m[i], either);
        gather(g, m[i].child, m[i].child_count, m[i].node == MATERIAL_ANY ? &m[i] : either);
    }
}

void
occasion_materials(struct ctx *ctx, const struct occasion *o, struct occasion_material **ret_m, size_t *ret_n)
{
    struct gathering g = {.o = o, .m = ARENA_ARRAY(ctx->arena, OCCASION_MATERIALS_MAX, struct occasion_material)};
    for (g.part = 0; g.part < o->part_count; g.part++)
        if (o->part[g.part].chosen)
            gather(&g, o->part[g.part].matter->material, o->part[g.part].matter->material_count, NULL);
    *ret_m = g.m;
    *ret_n = g.n;
}

/* --- the view --- */

static void
put_material(struct ctx *ctx, const struct occasion *o, const struct occasion_material *x, size_t index, struct view *v)
{
    struct buf b;
    view_put_int(v, "index", (int64_t)index);
    view_put_text(v, "name", x->name);
    view_put_text(v, "who", x->person < o->person_count ? o->person[x->person] : STR(""));
    view_put_bool(v, "is_form", !str_empty(x->use[0].leaf->form));
    view_put_bool(v, "once", x->use_count > 1);
    guide_put(v, "kind", x->use[0].leaf->kind);
    struct view *list = view_put_list(v, "matters");
    buf_init(&b, ctx->arena, 64);
    for (size_t i = 0; i < x->use_count; i++) {
        const struct matter *m = o->part[x->use[i].part].matter;
        struct view *row = view_add_map(list);
        view_put_text(row, "id", m->id);
        view_put_text(row, "name", m->name);
        view_put_text(row, "key", x->use[i].leaf->key);
        guide_put(row, "either",
                  x->use[i].either
                      ? (str_empty(x->use[i].either->name) ? x->use[i].either->verbatim : x->use[i].either->name)
                      : STR(""));
        buf_fmt(&b, "%s%.*s%s", b.n ? "、" : "", STR_ARG(m->name), x->use[i].either ? "（任选一样）" : "");
    }
    view_put_text(v, "for", buf_str(&b));
}

static void
put_parts(const struct occasion *o, struct view *map, bool *ret_unit)
{
    struct view *list = view_put_list(map, "parts");
    *ret_unit = false;
    for (size_t i = 0; i < o->part_count; i++) {
        const struct occasion_part *p = &o->part[i];
        const struct eligibility *no = p->chosen ? checklist_refusal(p->matter, &p->facts) : NULL;
        const struct advice *away = p->chosen ? checklist_advice(p->matter, &p->facts, ADVICE_ELSEWHERE) : NULL;
        struct view *row = view_add_map(list);
        view_put_text(row, "id", p->matter->id);
        view_put_text(row, "name", p->matter->name);
        view_put_text(row, "who", p->who);
        view_put_bool(row, "chosen", p->chosen);
        view_put_bool(row, "by_unit", p->matter->by_unit);
        guide_put(row, "closed", p->closed);
        guide_put(row, "refusal", no ? no->otherwise : away ? away->verbatim : STR(""));
        guide_put(row, "limit", p->matter->limit_text);
        *ret_unit = *ret_unit || (p->chosen && p->matter->by_unit);
    }
}

static bool
has_question(const struct view *list, struct str id)
{
    for (const struct view *q = view_first(list); q; q = view_next(q))
        if (str_eq(view_text(view_get(q, STR("id"))), id))
            return true;
    return false;
}

static void
put_question(const struct fact *f, size_t person, struct ctx *ctx, struct view *q)
{
    static const char *const types[] = {"choice", "bool", "number", "text", "date"};
    view_put_text(q, "id", f->def.id);
    view_put_text(q, "field", str_fmt(ctx->arena, "q%zu.%.*s", person, STR_ARG(f->def.id)));
    view_put_text(q, "name", f->def.name);
    view_put_text(q, "question", str_empty(f->question) ? f->def.name : f->question);
    guide_put(q, "help", f->help);
    view_put_z(q, "type", types[f->def.type]);
    view_put_bool(q, "radios", f->def.type == FACT_CHOICE || f->def.type == FACT_BOOL);
    view_put_bool(q, "number", f->def.type == FACT_NUMBER);
    view_put_bool(q, "date", f->def.type == FACT_DATE);
    struct view *options = view_put_list(q, "options");
    static const struct str yes_no[] = {STR_INIT("是"), STR_INIT("否")};
    const struct str *value = f->def.type == FACT_BOOL ? yes_no : f->def.values;
    size_t n = f->def.type == FACT_BOOL ? 2 : f->def.type == FACT_CHOICE ? f->def.value_count : 0;
    for (size_t i = 0; i < n; i++) {
        struct view *o = view_add_map(options);
        view_put_text(o, "value", value[i]);
        view_put_text(o, "option_id", str_fmt(ctx->arena, "o%zu-%.*s-%zu", person, STR_ARG(f->def.id), i));
    }
}

/* What is still to be asked of one person, each question once for all his matters; and what he has answered. */
static size_t
put_person(struct ctx *ctx, const struct occasion *o, size_t person, struct view *row)
{
    struct view *questions = view_put_list(row, "questions"), *answers = view_put_list(row, "answers");
    bool named = false;
    for (size_t i = 0; i < o->part_count; i++) {
        const struct occasion_part *p = &o->part[i];
        const struct catalog *c = matter_catalog(p->matter);
        size_t *fact, n;
        if (p->person != person || !p->chosen)
            continue;
        named = named || !p->matter->by_unit;
        for (size_t k = 0; k < p->facts.dict->count; k++) {
            const struct fact *f = catalog_fact(c, k);
            if (p->facts.value[k].kind == VALUE_UNASKED || !f->asked || has_question(answers, f->def.id))
                continue;
            struct view *a = view_add_map(answers);
            view_put_text(a, "id", f->def.id);
            view_put_text(a, "field", str_fmt(ctx->arena, "q%zu.%.*s", person, STR_ARG(f->def.id)));
            view_put_text(a, "name", f->def.name);
            view_put_text(a, "value", fact_value_text(ctx->arena, &f->def, p->facts.value[k]));
        }
        if (checklist_refusal(p->matter, &p->facts))
            continue; /* nothing more need be known */
        checklist_questions(ctx, c, p->matter, &p->facts, &fact, &n);
        for (size_t k = 0; k < n; k++)
            if (catalog_fact(c, fact[k])->asked && !has_question(questions, catalog_fact(c, fact[k])->def.id))
                put_question(catalog_fact(c, fact[k]), person, ctx, view_add_map(questions));
    }
    view_put_bool(row, "asks_name", named);
    view_put_bool(row, "any_questions", view_count(questions) > 0);
    return view_count(questions);
}

void
occasion_view(struct ctx *ctx, const struct occasion *o, struct view *map)
{
    struct view *head = view_put_map(map, "occasion"), *people;
    struct occasion_material *m;
    size_t n, open = 0, chosen = 0;
    bool unit;
    for (size_t i = 0; i < o->part_count; i++)
        chosen += o->part[i].chosen;
    view_put_text(head, "id", o->situation->id);
    view_put_text(head, "name", o->situation->name);
    put_parts(o, map, &unit);
    people = view_put_list(map, "people");
    for (size_t i = 0; i < o->person_count; i++) {
        struct view *row = view_add_map(people);
        view_put_int(row, "index", (int64_t)i);
        view_put_text(row, "who", o->person[i]);
        open += put_person(ctx, o, i, row);
    }
    view_put_bool(map, "asks_unit", unit);
    view_put_int(map, "open_count", (int64_t)open);
    view_put_bool(map, "complete", open == 0 && chosen > 0);
    occasion_materials(ctx, o, &m, &n);
    struct view *list = view_put_list(map, "materials");
    for (size_t i = 0; i < n; i++)
        put_material(ctx, o, &m[i], i, view_add_map(list));
}

/* --- the record --- */

struct str
occasion_number(struct ctx *ctx, struct server *s, struct str region, struct str key)
{
    struct str code = vault_code(ctx->arena, &s->vault, "occasion", region, key, 12);
    return str_fmt(ctx->arena, "L%.*s%.*s", STR_ARG(region), STR_ARG(code));
}

static enum err
record_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct sql_occasion_put_in in = *(const struct sql_occasion_put_in *)arg;
    struct sql_occasion_case_id_in by = {.region = in.region, .no = in.case_no};
    struct sql_occasion_case_id_row row;
    bool found;
    TRY(ctx, sql_occasion_case_id(ctx, tx, &by, &row, &found));
    if (!found)
        FAIL(ctx, ERR_INTEGRITY, "没有办件 %.*s", STR_ARG(in.case_no));
    in.case_id = row.id;
    return sql_occasion_put(ctx, tx, &in, NULL);
}

enum err
occasion_record(struct ctx *ctx, struct server *s, const struct occasion *o, struct str number, struct str no,
                struct str matter, struct str reference)
{
    struct sql_occasion_put_in in = {.region = o->region->code,
                                     .occasion = number,
                                     .case_no = no,
                                     .matter = matter,
                                     .situation = o->situation->id,
                                     .reference = reference.p ? reference : STR(""),
                                     .made_ms = ctx->now_ms};
    return store_write(ctx, s->store, record_body, &in);
}

enum err
occasion_of_case_view(struct ctx *ctx, struct server *s, struct tx *tx, const struct region *r, int64_t case_id,
                      struct view *map)
{
    struct sql_occasion_of_case_in of = {.region = r->code, .case_id = case_id};
    struct sql_occasion_of_case_row row;
    struct sql_occasion_cases_row *c;
    size_t n;
    bool found;
    TRY(ctx, sql_occasion_of_case(ctx, tx, &of, &row, &found));
    if (!found) {
        view_put_null(map, "occasion");
        return OK;
    }
    const struct situation *x = search_situation(catalog_search(s->catalog), row.situation);
    struct sql_occasion_cases_in all = {.region = r->code, .occasion = row.occasion, .limit = OCCASION_PARTS_MAX};
    TRY(ctx, sql_occasion_cases(ctx, tx, &all, &c, &n));
    struct view *v = view_put_map(map, "occasion");
    view_put_text(v, "number", row.occasion);
    guide_put(v, "name", x ? x->name : STR(""));
    guide_put(v, "reference", row.reference);
    struct view *list = view_put_list(v, "cases");
    for (size_t i = 0; i < n; i++) {
        const struct matter *m = matter_by_id(r, c[i].matter);
        struct view *one = view_add_map(list);
        view_put_text(one, "no", c[i].case_no);
        view_put_text(one, "matter_id", c[i].matter);
        guide_put(one, "matter_name", m ? m->name : STR(""));
        view_put_bool(one, "self", c[i].case_id == case_id);
    }
    return OK;
}
