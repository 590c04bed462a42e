/* One occasion, several matters, in one request from a unified acceptance platform (R285): what each matter's own application would have been
** is composed and sent. */
#include "base/json.h"
#include "web/handlers.h"
#include "web/occasion.h"
#include "web/public.h"

/* --- who, and what was answered --- */

/* The answers of an API body: people: {新生儿: {name, id_number, facts: {}}}. */
static const struct view *
person_json(const struct view *json, struct str who)
{
    const struct view *people = view_get(json, STR("people"));
    const struct view *p = people && view_kind(people) == VIEW_MAP ? view_get(people, who) : NULL;
    return p && view_kind(p) == VIEW_MAP ? p : NULL;
}

static enum err
read_answers(struct web_call *call, const struct view *json, struct occasion *o)
{
    struct ctx *ctx = call->ctx;
    for (size_t i = 0; i < o->person_count; i++) {
        const struct view *p = person_json(json, o->person[i]), *facts = p ? view_get(p, STR("facts")) : NULL;
        for (const struct view *f = facts && view_kind(facts) == VIEW_MAP ? view_first(facts) : NULL; f;
             f = view_next(f)) {
            enum view_kind k = view_kind(f);
            struct str text = k == VIEW_TEXT   ? view_text(f)
                              : k == VIEW_BOOL ? (view_int(f) ? STR("是") : STR("否"))
                              : k == VIEW_INT  ? str_fmt(ctx->arena, "%lld", (long long)view_int(f))
                                               : STR("");
            if (!str_empty(text))
                TRY(ctx, occasion_answer(ctx, o, i, view_key(f), text));
        }
    }
    return OK;
}

/* --- what each matter is sent --- */

static const struct view *
map_or_empty(struct web_call *call, const struct view *map, const char *key)
{
    const struct view *v = map ? view_get(map, str_c(key)) : NULL;
    return v && view_kind(v) == VIEW_MAP ? v : view_map(call->ctx->arena);
}

/* GIVEN over FIRST, key by key. */
static struct view *
overlaid(struct web_call *call, const struct view *first, const struct view *given)
{
    struct view *v = view_copy(call->ctx->arena, given);
    for (const struct view *k = view_first(first); k; k = view_next(k))
        if (!view_get(v, view_key(k)))
            view_put(v, str_z(call->ctx->arena, view_key(k)), view_copy(call->ctx->arena, k));
    return v;
}

/* One set of materials for all: {name: "given"} becomes the keys of this matter's leaves; the matter's own go before. */
static struct view *
materials_for(struct web_call *call, const struct occasion *o, size_t part, const struct view *shared,
              const struct view *own)
{
    struct occasion_material *m;
    size_t n;
    struct view *v = view_copy(call->ctx->arena, own);
    occasion_materials(call->ctx, o, &m, &n);
    for (size_t i = 0; i < n; i++) {
        const struct view *said = view_get(shared, m[i].name);
        for (size_t k = 0; said && k < m[i].use_count; k++)
            if (m[i].use[k].part == part && !view_get(v, m[i].use[k].leaf->key))
                view_put(v, str_z(call->ctx->arena, m[i].use[k].leaf->key), view_copy(call->ctx->arena, said));
    }
    return v;
}

/* The JSON that this matter's own application would have been. */
static enum err
compose(struct web_call *call, const struct view *json, const struct occasion *o, size_t part, struct view **ret_json)
{
    struct ctx *ctx = call->ctx;
    const struct occasion_part *p = &o->part[part];
    const struct view *own = map_or_empty(call, map_or_empty(call, json, "matters"), str_z(ctx->arena, p->matter->id));
    const struct form *form = catalog_matter_form(matter_catalog(p->matter), p->matter);
    struct view *v = view_map(ctx->arena),
                *who = view_copy(ctx->arena,
                                 map_or_empty(call, map_or_empty(call, json, "people"), str_z(ctx->arena, p->who)));
    struct way w = {.draft = {.matter = p->matter, .body = view_map(ctx->arena)}, .facts = p->facts, .form = form};
    struct view *kept;
    static const char *const common[] = {"unit_code", "delegate"};
    view_put(v, "facts", case_facts_view(ctx->arena, &p->facts));
    if (!view_get(who, STR("mobile")) && view_get(json, STR("mobile")))
        view_put(who, "mobile", view_copy(ctx->arena, view_get(json, STR("mobile"))));
    view_put(v, "applicant", who);
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        if (view_get(json, str_c(common[i])))
            view_put(v, common[i], view_copy(ctx->arena, view_get(json, str_c(common[i]))));
    const struct view *delivery =
        view_get(own, STR("delivery")) ? view_get(own, STR("delivery")) : view_get(json, STR("delivery"));
    if (delivery)
        view_put(v, "delivery", view_copy(ctx->arena, delivery));
    TRY(ctx, web_applicant_of_json(call, v, &kept));
    view_put(w.draft.body, "applicant", kept);
    if (form)
        view_put(v, "form", overlaid(call, web_form_first(call, &w), map_or_empty(call, own, "form")));
    view_put(v, "materials",
             materials_for(call, o, part, map_or_empty(call, json, "materials"), map_or_empty(call, own, "materials")));
    *ret_json = v;
    return OK;
}

static enum err
send_part(struct web_call *call, const struct view *json, const struct occasion *o, size_t part, struct str key,
          struct receipt *r)
{
    struct ctx *ctx = call->ctx;
    const struct matter *m = o->part[part].matter;
    struct view *one;
    struct application a = {.region = m->region, .matter = m, .channel = CHANNEL_ONLINE};
    a.idempotency = str_fmt(ctx->arena, "occasion/%.*s/%.*s", STR_ARG(key), STR_ARG(m->id));
    TRY(ctx, compose(call, json, o, part, &one));
    TRY(ctx, web_application_of_json(call, one, &a));
    return web_apply_once(call, &a, r);
}

/* Which matters: those that the body names, else all of the occasion that can be applied for. */
static enum err
json_choose(struct web_call *call, const struct view *json, struct occasion *o)
{
    const struct view *named = view_get(json, STR("matters"));
    bool all = !named || view_kind(named) != VIEW_MAP || view_count(named) == 0;
    for (const struct view *v = all ? NULL : view_first(named); v; v = view_next(v)) {
        size_t i = 0;
        while (i < o->part_count && !str_eq(o->part[i].matter->id, view_key(v)))
            i++;
        if (i == o->part_count) {
            fail_field(call->ctx, str_fmt(call->ctx->arena, "matters.%.*s", STR_ARG(str_sub(view_key(v), 0, 40))),
                       STR("事项"), STR("不属于这件事"), STR("请按接口列出的事项编号填写"));
            FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
        }
    }
    for (size_t i = 0; i < o->part_count; i++)
        o->part[i].chosen = all ? str_empty(o->part[i].closed) : view_get(named, o->part[i].matter->id) != NULL;
    return OK;
}

static enum err
read_keys(struct web_call *call, const struct view *json, struct str *ret_key, struct str *ret_reference)
{
    struct ctx *ctx = call->ctx;
    *ret_key = http_header(call->req, "Idempotency-Key");
    if (str_empty(*ret_key) || ret_key->n > 150) {
        fail_field(ctx, STR("Idempotency-Key"), STR("提交编号（请求头）"), STR("没有写，或超过 150 个字符"),
                   STR("每次提交写一个不重复的值，重发时用原来的值"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    TRY(ctx, web_json_text(call, json, "reference", "受理平台的编号", ret_reference));
    if (str_utf8_count(*ret_reference) > OCCASION_REFERENCE_MAX) {
        fail_field(ctx, STR("reference"), STR("受理平台的编号"), STR("超过 64 个字"), STR("请填写受理平台给的编号"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    return OK;
}

//= R285
enum err
web_occasion_application(struct web_call *call)
{
    struct ctx *ctx = call->ctx;
    struct occasion o;
    const struct view *json;
    struct str key, reference;
    struct occasion_tally t = {0};
    TRY(ctx, web_json(call, &json));
    TRY(ctx, read_keys(call, json, &key, &reference));
    TRY(ctx, occasion_find(ctx, call->world, call->region, http_param(call->req, "id"), &o));
    TRY(ctx, json_choose(call, json, &o));
    TRY(ctx, read_answers(call, json, &o));
    struct str number =
        occasion_number(ctx, call->server, call->region->code, str_concat(ctx->arena, STR("api/"), key));
    struct view *list = view_put_list(call->view, "results");
    for (size_t i = 0; i < o.part_count; i++) {
        struct receipt r = {0};
        if (!o.part[i].chosen)
            continue;
        enum err e = send_part(call, json, &o, i, key, &r);
        if (e == OK)
            TRY(ctx, occasion_record(ctx, call->server, &o, number, r.no, o.part[i].matter->id, reference));
        TRY(ctx, web_occasion_result(call, o.part[i].matter, e, &r, list, &t));
    }
    guide_put(call->view, "reference", reference);
    web_occasion_tally(call, &o, number, &t);
    call->status = t.fresh ? 201 : t.sent ? 200 : 422;
    return OK;
}
