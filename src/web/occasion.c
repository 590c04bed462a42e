/* One occasion, several matters (R285): what belongs together, the questions each once, one draft a matter with what was typed once, all sent
** together and each answered for by itself. The steps of a draft are apply.c's and steps.c's own; the same in one request is
** occasion_api.c. */
#include "web/occasion.h"

#include "base/json.h"
#include "web/handlers.h"
#include "web/public.h"

/* --- reading what was chosen, answered and typed --- */

static bool
was_chosen(struct web_call *call, const struct occasion_part *p)
{
    struct str name = str_fmt(call->ctx->arena, "m_%.*s", STR_ARG(p->matter->id));
    return !str_empty(web_param(call, name.p));
}

/* Nothing ticked yet: all that can be applied for. */
static void
choose(struct web_call *call, struct occasion *o)
{
    size_t n = 0;
    for (size_t i = 0; i < o->part_count; i++)
        n += was_chosen(call, &o->part[i]);
    for (size_t i = 0; i < o->part_count; i++)
        o->part[i].chosen = str_empty(o->part[i].closed) && (n == 0 || was_chosen(call, &o->part[i]));
}

/* Answers stand as q0.insured_status: who, and what. */
static enum err
read_answers(struct web_call *call, struct occasion *o)
{
    struct ctx *ctx = call->ctx;
    const struct fact_dict *dict = catalog_dict(matter_catalog(o->part[0].matter));
    for (size_t who = 0; who < o->person_count; who++)
        for (size_t k = 0; k < dict->count; k++) {
            const char *name = str_fmt(ctx->arena, "q%zu.%.*s", who, STR_ARG(dict->fact[k].id)).p;
            struct str value = str_trim(web_param(call, name));
            if (str_empty(value))
                continue;
            TRY(ctx, occasion_answer(ctx, o, who, dict->fact[k].id, value));
        }
    return OK;
}

static enum err
open_occasion(struct web_call *call, struct occasion *o)
{
    TRY(call->ctx, occasion_find(call->ctx, call->world, call->region, http_param(call->req, "id"), o));
    choose(call, o);
    return OK;
}

static struct str
typed_of(struct web_call *call, size_t who, const char *name)
{
    return web_typed(call, str_fmt(call->ctx->arena, "p%zu.%s", who, name).p);
}

/* The page again with what was typed. */
static void
put_typed(struct web_call *call, const struct occasion *o)
{
    struct view *v = view_put_map(call->view, "typed");
    guide_put(v, "mobile", web_typed(call, "mobile"));
    guide_put(v, "unit_code", web_typed(call, "unit_code"));
    guide_put(v, "handler_name", web_typed(call, "handler_name"));
    guide_put(v, "delegate_name", web_typed(call, "delegate_name"));
    guide_put(v, "delegate_id", web_typed(call, "delegate_id"));
    bool delegated = false;
    for (size_t k = 0; k < o->part_count; k++) {
        struct value said = facts_get(&o->part[k].facts, "delegated");
        delegated = delegated || (said.kind == VALUE_BOOL && said.b); //= R36
    }
    view_put_bool(v, "delegated", delegated);
    size_t i = 0;
    for (const struct view *p = view_first(view_get(call->view, STR("people"))); p && i < o->person_count;
         p = view_next(p), i++) {
        struct view *row = (struct view *)(uintptr_t)p;
        guide_put(row, "typed_name", typed_of(call, i, "name"));
        guide_put(row, "typed_id", typed_of(call, i, "id"));
    }
}

static enum err
show(struct web_call *call, const struct occasion *o)
{
    occasion_view(call->ctx, o, call->view);
    call->title = str_concat(call->ctx->arena, o->situation->name, STR(" · 一起办"));
    if (!call->api)
        put_typed(call, o);
    return OK;
}

//= R285
enum err
web_occasion(struct web_call *call)
{
    struct occasion o;
    TRY(call->ctx, open_occasion(call, &o));
    enum err e = read_answers(call, &o);
    if (e != OK && (call->api || !web_is_refusal(e)))
        return e;
    web_fail_into_view(call);
    return show(call, &o);
}

/* --- the drafts --- */

/* What one person's page would have kept of the applicant. */
static struct view *
applicant_of(struct web_call *call, const struct occasion_part *p)
{
    struct view *v = view_map(call->ctx->arena);
    view_put_text(v, "mobile", web_typed(call, "mobile"));
    if (p->matter->by_unit) { /* whom the unit sends is nobody's delegate */
        view_put_text(v, "delegate_name", web_typed(call, "handler_name"));
        view_put_text(v, "unit_code", web_typed(call, "unit_code"));
        return v;
    }
    view_put_text(v, "delegate_name", web_typed(call, "delegate_name"));
    view_put_text(v, "delegate_id", web_typed(call, "delegate_id"));
    view_put_text(v, "applicant_name", typed_of(call, p->person, "name"));
    view_put_text(v, "applicant_id", typed_of(call, p->person, "id"));
    return v;
}

static enum err
make_draft(struct web_call *call, const struct occasion_part *p, const struct facts *f, struct way *w)
{
    struct ctx *ctx = call->ctx;
    struct draft d;
    TRY(ctx, web_budget_take(call, BUDGET_DRAFT));
    TRY(ctx, service_draft_new(ctx, call->server, call->region, p->matter, case_facts_view(ctx->arena, f), &d));
    TRY(ctx, service_draft_save(ctx, call->server, &d, "applicant", applicant_of(call, p)));
    TRY(ctx, web_way_open_token(call, d.token, w));
    return w->form ? web_way_save(call, w, "form", web_form_first(call, w)) : OK;
}

/* A matter that cannot be begun is left out and said; the others go on. */
static enum err
begin_part(struct web_call *call, const struct occasion_part *p, struct way *w, struct view *left, bool *ret_made)
{
    struct ctx *ctx = call->ctx;
    struct facts f;
    enum err e =
        service_apply_begin(ctx, call->server, p->matter, CHANNEL_ONLINE, case_facts_view(ctx->arena, &p->facts), &f);
    *ret_made = false;
    if (e != OK && (e == ERR_FIELD_INVALID || !web_is_refusal(e)))
        return e;
    if (e == OK) {
        *ret_made = true;
        return make_draft(call, p, &f, w);
    }
    struct view *row = view_add_map(left);
    view_put_text(row, "id", p->matter->id);
    view_put_text(row, "name", p->matter->name);
    view_put_text(row, "reason",
                  str_empty(ctx->fail->detail) ? str_c(err_info(e)->title) : str_dup(ctx->arena, ctx->fail->detail));
    return fail_clear(ctx), OK;
}

static enum err
begin_all(struct web_call *call, struct occasion *o, struct str *ret_token)
{
    struct ctx *ctx = call->ctx;
    struct way *lead = NULL;
    struct view *v = view_map(ctx->arena), *parts = view_put_list(v, "parts"), *left = view_put_list(v, "left");
    view_put_text(v, "situation", o->situation->id);
    for (size_t i = 0; i < o->part_count; i++) {
        struct way *w = ARENA_NEW(ctx->arena, struct way);
        bool made;
        if (!o->part[i].chosen)
            continue;
        TRY(ctx, begin_part(call, &o->part[i], w, left, &made));
        if (!made)
            continue;
        lead = lead ? lead : w;
        struct view *row = view_add_map(parts);
        view_put_text(row, "id", o->part[i].matter->id);
        view_put_text(row, "token", w->draft.token);
    }
    if (!lead) {
        const struct view *why = view_first(left);
        FAIL(ctx, ERR_NOT_ELIGIBLE, "所选的事项都不能在这里办：%.*s",
             STR_ARG(why ? view_text(view_get(why, STR("reason"))) : STR("没有选择事项")));
    }
    TRY(ctx, web_way_save(call, lead, "occasion", v));
    *ret_token = lead->draft.token;
    return OK;
}

enum err
web_occasion_begin(struct web_call *call)
{
    struct ctx *ctx = call->ctx;
    struct occasion o;
    struct str token;
    TRY(ctx, open_occasion(call, &o));
    enum err e = read_answers(call, &o);
    e = e == OK ? begin_all(call, &o, &token) : e;
    if (e == OK) {
        view_put_text(call->view, "token", token);
        call->status = 201;
        call->redirect = str_fmt(ctx->arena, "/r/%.*s/joint/%.*s", STR_ARG(call->region->code), STR_ARG(token));
        return OK;
    }
    if (call->api)
        return e;
    if (!web_is_refusal(e))
        return e;
    web_fail_into_view(call);
    return show(call, &o);
}

/* --- the drafts together --- */

struct joint {
    struct occasion o;
    struct way way[OCCASION_PARTS_MAX]; /* parallel to o.part; no token: not made */
    const struct view *said;            /* the lead draft's part "occasion" */
    struct str number;
};

static enum err
open_joint(struct web_call *call, struct joint *j)
{
    struct ctx *ctx = call->ctx;
    struct way lead;
    struct str id = STR(""), token;
    *j = (struct joint){0};
    TRY(ctx, web_way_open(call, &lead));
    j->said = web_way_part(call, &lead, "occasion");
    if (!json_text(j->said, "situation", &id) || str_empty(id))
        FAIL(ctx, ERR_NOT_FOUND, "这份草稿不是一起办的");
    TRY(ctx, occasion_find(ctx, call->world, call->region, id, &j->o));
    for (const struct view *v = view_first(view_get(j->said, STR("parts"))); v; v = view_next(v))
        for (size_t i = 0; i < j->o.part_count; i++) {
            struct occasion_part *p = &j->o.part[i];
            if (!str_eq(view_text(view_get(v, STR("id"))), p->matter->id) || !json_text(v, "token", &token))
                continue;
            TRY(ctx, web_way_open_token(call, token, &j->way[i]));
            TRY(ctx, web_way_uploads(call, &j->way[i]));
            p->chosen = true;
            p->facts = j->way[i].facts;
        }
    j->number =
        occasion_number(ctx, call->server, call->region->code, str_concat(ctx->arena, STR("joint/"), lead.draft.token));
    return OK;
}

static size_t
files_of(const struct way *w, struct str key)
{
    size_t n = 0;
    for (size_t i = 0; i < w->upload_count; i++)
        n += str_eq(w->upload[i].material, key);
    return n;
}

/* What came for one matter serves the others that name the same material and have nothing yet. */
static enum err
share_files(struct web_call *call, struct joint *j)
{
    struct ctx *ctx = call->ctx;
    struct occasion_material *m;
    size_t n;
    occasion_materials(ctx, &j->o, &m, &n);
    for (size_t i = 0; i < n; i++) {
        size_t from = 0;
        while (from < m[i].use_count && !files_of(&j->way[m[i].use[from].part], m[i].use[from].leaf->key))
            from++;
        for (size_t k = 0; from < m[i].use_count && k < m[i].use_count; k++) {
            const struct way *source = &j->way[m[i].use[from].part], *w = &j->way[m[i].use[k].part];
            if (files_of(w, m[i].use[k].leaf->key) || !str_empty(w->draft.case_no))
                continue;
            for (size_t u = 0; u < source->upload_count; u++)
                if (str_eq(source->upload[u].material, m[i].use[from].leaf->key))
                    TRY(ctx, service_upload_share(ctx, call->server, call->region->code, &source->upload[u],
                                                  w->draft.id, m[i].use[k].leaf->key));
        }
    }
    return OK;
}

static void
put_files(const struct joint *j, const struct occasion_material *m, size_t n, struct view *map)
{
    const struct view *row = view_first(view_get(map, STR("materials")));
    for (size_t i = 0; i < n && row; i++, row = view_next(row)) {
        struct view *list = view_put_list((struct view *)(uintptr_t)row, "files");
        for (size_t k = 0; k < m[i].use_count && view_count(list) == 0; k++) {
            const struct way *w = &j->way[m[i].use[k].part];
            for (size_t u = 0; u < w->upload_count; u++)
                if (str_eq(w->upload[u].material, m[i].use[k].leaf->key))
                    view_add_text(list, w->upload[u].name);
        }
        view_put_bool((struct view *)(uintptr_t)row, "has_files", view_count(list) > 0);
    }
}

static enum err
show_joint(struct web_call *call, struct joint *j)
{
    struct ctx *ctx = call->ctx;
    struct occasion_material *m;
    size_t n;
    bool declared = false, unsent = false;
    occasion_view(ctx, &j->o, call->view);
    occasion_materials(ctx, &j->o, &m, &n);
    put_files(j, m, n, call->view);
    struct view *list = view_put_list(call->view, "drafts");
    for (size_t i = 0; i < j->o.part_count; i++) {
        struct way *w = &j->way[i];
        if (!w->draft.matter)
            continue;
        struct view *row = view_add_map(list);
        view_put_text(row, "id", w->draft.matter->id);
        view_put_text(row, "name", w->draft.matter->name);
        view_put_text(row, "who", j->o.part[i].who);
        view_put_text(row, "path", web_way_path(call, w, ""));
        guide_put(row, "case_no", w->draft.case_no);
        TRY(ctx, web_way_tasks(call, w, row));
        unsent = unsent || str_empty(w->draft.case_no);
        declared = declared || (w->form_printed && !str_empty(w->form->declaration));
    }
    view_put(call->view, "left", view_copy(ctx->arena, view_get(j->said, STR("left"))));
    view_put_text(call->view, "number", j->number);
    view_put_bool(call->view, "declares", declared);
    view_put_bool(call->view, "unsent", unsent);
    view_put_text(call->view, "path",
                  str_fmt(ctx->arena, "/r/%.*s/joint/%.*s", STR_ARG(call->region->code),
                          STR_ARG(http_param(call->req, "token"))));
    call->title = str_concat(ctx->arena, j->o.situation->name, STR(" · 一起办"));
    return OK;
}

enum err
web_joint(struct web_call *call)
{
    struct joint *j = ARENA_NEW(call->ctx->arena, struct joint);
    TRY(call->ctx, open_joint(call, j));
    return show_joint(call, j);
}

static enum err
take_files(struct web_call *call, struct joint *j)
{
    struct ctx *ctx = call->ctx;
    struct occasion_material *m;
    size_t n, k = 0;
    int64_t at;
    occasion_materials(ctx, &j->o, &m, &n);
    if (!str_int(http_param(call->req, "n"), &at) || at < 0 || (size_t)at >= n || !str_empty(m[at].use[0].leaf->form))
        FAIL(ctx, ERR_NOT_FOUND, "没有这样材料");
    while (k < m[at].use_count && !str_empty(j->way[m[at].use[k].part].draft.case_no))
        k++;
    if (k == m[at].use_count)
        FAIL(ctx, ERR_CONFLICT, "这些申请已经提交，要补材料请打开办件页面");
    TRY(ctx, web_take_uploads(call, call->region->code, j->way[m[at].use[k].part].draft.id, 0, m[at].use[k].leaf->key,
                              view_put_list(call->view, "uploads")));
    TRY(ctx, open_joint(call, j));
    return share_files(call, j);
}

enum err
web_joint_upload(struct web_call *call)
{
    struct ctx *ctx = call->ctx;
    struct joint *j = ARENA_NEW(ctx->arena, struct joint);
    TRY(ctx, open_joint(call, j));
    enum err e = take_files(call, j);
    if (e == OK) {
        call->status = 201;
        call->redirect = str_fmt(ctx->arena, "/r/%.*s/joint/%.*s#m-%.*s", STR_ARG(call->region->code),
                                 STR_ARG(http_param(call->req, "token")), STR_ARG(http_param(call->req, "n")));
        return OK;
    }
    if (call->api || !web_is_refusal(e))
        return e;
    call->view = view_map(ctx->arena);
    web_fail_into_view(call);
    return show_joint(call, j);
}

/* --- sent together --- */

enum err
web_occasion_result(struct web_call *call, const struct matter *m, enum err e, const struct receipt *r,
                    struct view *list, struct occasion_tally *t)
{
    if (e != OK && !web_is_refusal(e))
        return e;
    struct view *row = view_add_map(list);
    view_put_text(row, "matter_id", m->id);
    view_put_text(row, "matter_name", m->name);
    view_put_bool(row, "sent", e == OK);
    if (e != OK) {
        web_put_failure(call->ctx, e, view_put_map(row, "problem"));
        t->refused++;
        return fail_clear(call->ctx), OK;
    }
    view_put_text(row, "no", r->no);
    view_put_text(row, "code", r->code);
    view_put_bool(row, "replayed", r->replayed);
    view_put_text(row, "url", str_fmt(call->ctx->arena, "/c/%.*s/%.*s", STR_ARG(r->no), STR_ARG(r->code)));
    t->sent++;
    t->fresh += !r->replayed;
    return OK;
}

static enum err
send_draft(struct web_call *call, struct way *w, struct receipt *r)
{
    struct str token = w->draft.token;
    enum err e = web_way_submit(call, w, r);
    if (e != ERR_CONFLICT && e != ERR_IDEMPOTENCY)
        return e;
    fail_clear(call->ctx); /* saved or sent from another page meanwhile: read it once more */
    TRY(call->ctx, web_way_open_token(call, token, w));
    TRY(call->ctx, web_way_uploads(call, w));
    return web_way_submit(call, w, r);
}

void
web_occasion_tally(struct web_call *call, const struct occasion *o, struct str number, const struct occasion_tally *t)
{
    view_put_text(call->view, "number", number);
    view_put_text(call->view, "situation", o->situation->id);
    view_put_text(call->view, "name", o->situation->name);
    view_put_int(call->view, "sent", (int64_t)t->sent);
    view_put_int(call->view, "refused", (int64_t)t->refused);
    view_put_bool(call->view, "any_sent", t->sent > 0);
    view_put_bool(call->view, "any_refused", t->refused > 0);
    http_set(call->res, "Cache-Control", STR("no-store"));
}

//= R285
enum err
web_joint_submit(struct web_call *call)
{
    struct ctx *ctx = call->ctx;
    struct joint *j = ARENA_NEW(ctx->arena, struct joint);
    struct view *list = view_list(ctx->arena);
    struct occasion_tally t = {0};
    TRY(ctx, open_joint(call, j));
    TRY(ctx, share_files(call, j));
    TRY(ctx, open_joint(call, j)); /* with the files that were shared */
    for (size_t i = 0; i < j->o.part_count; i++) {
        struct receipt r = {0};
        if (!j->way[i].draft.matter)
            continue;
        enum err e = send_draft(call, &j->way[i], &r);
        if (e == OK)
            TRY(ctx, occasion_record(ctx, call->server, &j->o, j->number, r.no, j->way[i].draft.matter->id, STR("")));
        TRY(ctx, web_occasion_result(call, j->way[i].draft.matter, e, &r, list, &t));
        const struct view *row = NULL;
        for (const struct view *v = view_first(list); v; v = view_next(v))
            row = v;
        view_put_text((struct view *)(uintptr_t)row, "draft", web_way_path(call, &j->way[i], ""));
    }
    view_put(call->view, "results", list);
    web_occasion_tally(call, &j->o, j->number, &t);
    view_put_text(call->view, "path",
                  str_fmt(ctx->arena, "/r/%.*s/joint/%.*s", STR_ARG(call->region->code),
                          STR_ARG(http_param(call->req, "token"))));
    call->title = str_concat(ctx->arena, j->o.situation->name, STR(" · 已提交"));
    call->status = t.sent ? 200 : 422;
    return OK;
}
