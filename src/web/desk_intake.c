/* Taking an application in at the window on somebody's behalf: one dense page with everything, straight to the case. */
#include "web/desk_intake.h"

#include "base/json.h"
#include "service/commitment.h"
#include "service/guide.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/public.h"
#include "web/web_int.h"

enum { ROWS_MAX = 200 };

/* --- choosing a matter --- */

enum err
web_intake_list(struct web_call *call)
{
    struct str q = str_trim(web_param(call, "q"));
    const struct region *r = catalog_region(call->world, call->actor.region);
    if (!r)
        FAIL(call->ctx, ERR_NOT_FOUND, "目录中没有您所在的统筹区");
    if (r->unpublished)
        FAIL(call->ctx, ERR_NOT_FOUND, "本统筹区的办事指南还没有公布，公布以后才能收件");
    guide_home(call->ctx, call->world, r, q, call->view);
    view_put_bool(call->view, "searched", !str_empty(q));
    call->title = STR("窗口收件");
    if (!call->api)
        desk_put_nav(call, DESK_NAV_INTAKE);
    return OK;
}

/* --- reading what was typed --- */

static struct str
page_field(const struct intake *in, const char *prefix, struct str id)
{
    struct str s = http_field(in->call->req, str_fmt(in->call->ctx->arena, "%s.%.*s", prefix, STR_ARG(id)).p);
    return str_trim(s.p ? s : STR(""));
}

/* All values of a field that may be ticked several times, one a line. */
static struct str
page_field_all(const struct intake *in, struct str id)
{
    struct str name = str_concat(in->call->ctx->arena, STR("form."), id);
    struct buf b;
    buf_init(&b, in->call->ctx->arena, 64);
    for (size_t i = 0; i < http_field_count(in->call->req); i++) {
        struct str key, value;
        http_field_at(in->call->req, i, &key, &value);
        if (!str_eq(key, name) || str_empty(str_trim(value)))
            continue;
        if (b.n)
            buf_byte(&b, '\n');
        buf_add(&b, str_trim(value));
    }
    return buf_str(&b);
}

static bool
read_field(struct intake *in, struct view *map, const struct form_field *f, struct str prefix)
{
    struct str id = str_concat(in->call->ctx->arena, prefix, f->id);
    struct str value = str_eqz(f->type, "多选") ? page_field_all(in, id) : page_field(in, "form", id);
    if (str_empty(value))
        return false;
    view_put_text(map, str_z(in->call->ctx->arena, f->id), value);
    return true;
}

/* Rows as far as the page had them: a row left blank in the middle keeps its place. */
static void
read_rows(struct intake *in, const struct form_section *s)
{
    struct arena *a = in->call->ctx->arena;
    struct view *list = view_put_list(in->values, str_z(a, s->rows_id));
    for (int i = 0; i < s->rows_max && i < ROWS_MAX; i++) {
        struct str prefix = str_fmt(a, "%.*s.%d.", STR_ARG(s->rows_id), i);
        if (!http_field(in->call->req, str_fmt(a, "form.%.*s%.*s", STR_ARG(prefix), STR_ARG(s->field[0].id)).p).p)
            break;
        struct view *row = view_add_map(list);
        for (size_t k = 0; k < s->field_count; k++)
            if (read_field(in, row, &s->field[k], prefix))
                in->values_blank = false;
    }
    struct str more = http_field(in->call->req, "add_row");
    if (more.p && str_eq(more, s->rows_id) && view_count(list) < (size_t)s->rows_max)
        view_add_map(list);
}

static void
read_form(struct intake *in)
{
    for (size_t i = 0; in->form && i < in->form->section_count; i++) {
        const struct form_section *s = &in->form->section[i];
        if (!str_empty(s->rows_id) && s->field_count) {
            read_rows(in, s);
            continue;
        }
        for (size_t k = 0; str_empty(s->rows_id) && k < s->field_count; k++)
            if (read_field(in, in->values, &s->field[k], STR("")))
                in->values_blank = false;
    }
}

static void
read_facts(struct intake *in)
{
    struct ctx *ctx = in->call->ctx;
    const struct fact_dict *dict = catalog_dict(matter_catalog(in->m));
    for (size_t i = 0; i < dict->count; i++) {
        const struct fact *f = catalog_fact(matter_catalog(in->m), i);
        if (!fact_set_has(&in->asked, i))
            continue;
        struct str value = page_field(in, "fact", f->def.id);
        if (str_empty(value))
            continue;
        view_put_text(in->facts, str_z(ctx->arena, f->def.id), value);
        struct value v;
        if (!intake_asked_once(in->form, f) || !fact_value_parse(ctx->arena, &f->def, value, &v))
            continue;
        in->values_blank = false;
        view_put_text(in->values, str_z(ctx->arena, f->def.id), fact_value_text(ctx->arena, &f->def, v));
    }
}

static struct str
param(struct intake *in, const char *name)
{
    struct str s = web_param(in->call, name);
    return str_trim(s.p ? s : STR(""));
}

static void
read_applicant(struct intake *in)
{
    struct application *a = &in->a;
    a->applicant_name = param(in, "applicant_name");
    a->applicant_id = param(in, "applicant_id");
    a->mobile = param(in, "mobile");
    a->unit_code = param(in, "unit_code");
    a->delegate_name = param(in, "delegate_name");
    a->delegate_id = param(in, "delegate_id");
    a->delivery = param(in, "delivery");
    a->address = param(in, "address");
    a->point = param(in, "point");
    struct str key = http_header(in->call->req, "Idempotency-Key");
    a->idempotency = key.p ? str_trim(key) : param(in, "idem");
}

static void
add_material(struct intake *in, struct str key, enum material_state state)
{
    if (in->material_count < CASE_MATERIALS_MAX)
        in->material[in->material_count++] = (struct case_material){.key = key, .state = state, .note = STR("")};
}

static void
read_ticks(struct intake *in, const struct material *m, size_t n)
{
    enum material_state state;
    for (size_t i = 0; i < n; i++) {
        if (m[i].node == MATERIAL_LEAF && material_state_parse(page_field(in, "material", m[i].key), &state))
            add_material(in, m[i].key, state);
        read_ticks(in, m[i].child, m[i].child_count);
    }
}

static enum err
read_json(struct intake *in)
{
    struct ctx *ctx = in->call->ctx;
    const struct view *json;
    TRY(ctx, web_json(in->call, &json));
    const struct view *facts = view_get(json, STR("facts")), *form = view_get(json, STR("form")),
                      *list = view_get(json, STR("materials"));
    if ((facts && view_kind(facts) != VIEW_MAP) || (form && view_kind(form) != VIEW_MAP) ||
        (list && view_kind(list) != VIEW_LIST))
        FAIL(ctx, ERR_SYNTAX, "facts 和 form 应是对象，materials 应是列表");
    in->facts = facts ? view_copy(ctx->arena, facts) : in->facts;
    in->values_blank = !form || view_count(form) == 0;
    in->values = form ? view_copy(ctx->arena, form) : in->values;
    for (const struct view *row = list ? view_first(list) : NULL; row; row = view_next(row)) {
        struct str key, id;
        enum material_state state = MATERIAL_CHECKED;
        if (!json_text(row, "key", &key) || !json_text(row, "state", &id) || str_empty(key) ||
            (id.p && !material_state_parse(id, &state)))
            FAIL(ctx, ERR_SYNTAX, "materials 的每一项应写明 key，可写明 state");
        add_material(in, key, state);
    }
    return OK;
}

static const struct service_point *
point_of(const struct region *r, struct str id)
{
    for (size_t i = 0; i < r->point_count; i++)
        if (str_eq(r->point[i].id, id))
            return &r->point[i];
    return NULL;
}

/* At which level the application is taken in: as said, else the point's own (R32). */
static enum err
read_place(struct intake *in)
{
    struct str level = param(in, "level");
    const struct service_point *p = point_of(in->m->region, in->a.point);
    if (!str_empty(in->a.point) && !p) {
        fail_field(in->call->ctx, STR("point"), STR("服务点"), STR("目录中没有这个服务点"), STR("请从列表中选择"));
        FAIL(in->call->ctx, ERR_FIELD_INVALID, "%s", "");
    }
    in->a.level_known = !str_empty(level) || (p && p->level_known);
    if (p)
        in->a.level = p->level;
    if (!str_empty(level) && !level_parse(level, &in->a.level)) {
        in->a.level_known = false;
        fail_field(in->call->ctx, STR("level"), STR("办理层级"), STR("没有这一级"), STR("请从列表中选择"));
        FAIL(in->call->ctx, ERR_FIELD_INVALID, "%s", "");
    }
    return OK;
}

static void
know(struct intake *in, const char *id, const char *text)
{
    size_t i = fact_find(in->known.dict, str_c(id));
    if (i != SIZE_MAX)
        in->known.value[i] = value_text(str_c(text));
}

/* The facts as far as they are legal, so that the page lists what they ask for. */
static void
settle_facts(struct intake *in)
{
    struct ctx *ctx = in->call->ctx;
    for (const struct view *v = view_first(in->facts); v; v = view_next(v)) {
        size_t i = fact_find(in->known.dict, view_key(v));
        struct value value;
        if (i != SIZE_MAX && view_kind(v) == VIEW_TEXT &&
            fact_value_parse(ctx->arena, &in->known.dict->fact[i], view_text(v), &value))
            in->known.value[i] = value;
    }
    know(in, "channel", channel_name(in->a.channel));
    if (in->a.level_known)
        know(in, "level", level_name(in->a.level));
}

static enum err
intake_new(struct web_call *call, struct intake *in)
{
    const struct region *r = catalog_region(call->world, call->actor.region);
    *in = (struct intake){
        .call = call, .facts = view_map(call->ctx->arena), .values = view_map(call->ctx->arena), .values_blank = true};
    if (!r)
        FAIL(call->ctx, ERR_NOT_FOUND, "目录中没有您所在的统筹区");
    if (r->unpublished)
        FAIL(call->ctx, ERR_NOT_FOUND, "本统筹区的办事指南还没有公布，公布以后才能收件");
    TRY(call->ctx, catalog_matter(call->ctx, r, http_param(call->req, "id"), &in->m));
    const struct catalog *c = matter_catalog(in->m);
    in->form = catalog_matter_form(c, in->m);
    in->known = facts_new(call->ctx->arena, catalog_dict(c));
    in->material = ARENA_ARRAY(call->ctx->arena, CASE_MATERIALS_MAX, struct case_material);
    struct fact_set all = in->m->facts;
    if (in->form)
        fact_set_union(&all, &in->form->facts);
    for (size_t i = 0; i < catalog_dict(c)->count; i++)
        if (fact_set_has(&all, i) && catalog_fact(c, i)->asked)
            fact_set_add(&in->asked, i);
    in->a = (struct application){.region = r, .matter = in->m, .actor = call->actor, .channel = CHANNEL_ONSITE};
    return OK;
}

/* A clerk also writes down what people say on the phone or send by post, where the guide offers that (R151). */
bool
intake_channel(enum channel_kind k)
{
    return k == CHANNEL_ONSITE || k == CHANNEL_PHONE || k == CHANNEL_POST || k == CHANNEL_WECHAT;
}

static enum err
intake_read(struct intake *in)
{
    enum channel_kind channel;
    if (channel_parse(web_param(in->call, "channel"), &channel) && intake_channel(channel))
        in->a.channel = channel;
    read_applicant(in);
    if (in->call->api) {
        TRY(in->call->ctx, read_json(in));
    } else {
        read_form(in);
        read_facts(in);
        read_ticks(in, in->m->material, in->m->material_count);
    }
    enum err e = read_place(in);
    settle_facts(in);
    return e;
}

/* --- the page and the sending --- */

static struct str
typed_or_bound(const struct intake *in, struct str typed, const char *binds)
{
    return str_empty(typed) ? service_form_bound(in->form, in->values, binds) : typed;
}

/* An earlier breach is told as soon as the person is typed, not when everything has been filled in. */ //= R133
static enum err
settle_commitment(struct intake *in)
{
    struct commitment_who who = {.by_unit = in->m->by_unit, .at_desk = true};
    in->closed = STR("");
    if (!commitment_offered(in->m))
        return OK;
    who.number = typed_or_bound(in, in->a.applicant_id, "person.id");
    who.unit_code = typed_or_bound(in, typed_or_bound(in, in->a.unit_code, "unit.uscc"), "unit.no");
    return service_commitment_closed(in->call->ctx, in->call->server, in->m->region->code, &who, &in->closed);
}

/* A failure that is told on the page stands in ctx. */
static enum err
intake_page(struct intake *in)
{
    struct web_call *call = in->call;
    struct fail kept = *call->ctx->fail;
    fail_clear(call->ctx);
    TRY(call->ctx, settle_commitment(in));
    *call->ctx->fail = kept;
    intake_view(in, call->view);
    web_put_commitment(call, in->m, &in->known, in->closed);
    web_fail_into_view(call);
    call->title = str_fmt(call->ctx->arena, "收件 · %.*s", STR_ARG(in->m->name));
    if (!call->api)
        desk_put_nav(call, DESK_NAV_INTAKE);
    return OK;
}

enum err
web_intake(struct web_call *call)
{
    struct intake *in = ARENA_NEW(call->ctx->arena, struct intake);
    TRY(call->ctx, intake_new(call, in));
    settle_facts(in);
    return intake_page(in);
}

/* The list for these answers, one more row, whether this person may commit: nothing is judged yet. */
static enum err
only_looks(const struct intake *in, bool *ret_so)
{
    const struct view *json;
    bool asked = false, there;
    TRY(in->call->ctx, web_json(in->call, &json));
    if (in->call->api)
        *ret_so = json_bool(json, "refresh", &asked, &there) && asked;
    else
        *ret_so = http_field(in->call->req, "refresh").p || http_field(in->call->req, "add_row").p;
    return OK;
}

static enum err
intake_send(struct intake *in, struct receipt *ret_r)
{
    in->a.facts = in->facts;
    in->a.form = in->values_blank ? NULL : in->values;
    in->a.material = in->material;
    in->a.material_count = in->material_count;
    if (str_empty(in->a.mobile))
        in->a.mobile = service_form_bound(in->form, in->values, "filing.phone");
    return service_apply(in->call->ctx, in->call->server, &in->a, ret_r);
}

static struct str
field_bound_to(const struct form *form, const char *binds)
{
    for (size_t i = 0; form && i < form->section_count; i++)
        for (size_t k = 0; str_empty(form->section[i].rows_id) && k < form->section[i].field_count; k++)
            if (str_eqz(form->section[i].field[k].binds, binds))
                return form->section[i].field[k].id;
    return STR("");
}

/* What is said of the applicant stands at the box he was typed in: the form's own where it asks him. */
static void
point_to_form(struct intake *in)
{
    static const struct {
        const char *field, *binds;
    } same[] = {{"applicant_name", "person.name"}, {"applicant_id", "person.id"}, {"mobile", "filing.phone"},
                {"mobile", "person.mobile"},       {"mobile", "unit.phone"},      {"uscc", "unit.uscc"},
                {"unit_code", "unit.uscc"},        {"unit_code", "unit.no"},      {"unit_name", "unit.name"}};
    struct fail *f = in->call->ctx->fail;
    for (size_t i = 0; i < f->field_count; i++)
        for (size_t k = 0; k < sizeof same / sizeof *same; k++) {
            struct str id = field_bound_to(in->form, same[k].binds);
            if (str_eqz(f->field[i].field, same[k].field) && !str_empty(id))
                f->field[i].field = id;
        }
}

/* Of two findings at one box the first stands. */
static void
drop_repeated(struct fail *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->field_count; i++) {
        size_t k = 0;
        while (k < n && !str_eq(f->field[k].field, f->field[i].field))
            k++;
        if (k == n)
            f->field[n++] = f->field[i];
    }
    f->field_count = n;
}

/* A clerk with somebody waiting wants every slip at once: what the check that failed did not come to is looked at too.
 */
static void
collect_slips(struct intake *in)
{
    struct ctx *ctx = in->call->ctx;
    size_t *open, n;
    checklist_questions(ctx, matter_catalog(in->m), in->m, &in->known, &open, &n);
    for (size_t i = 0; i < n; i++) {
        const struct fact *q = catalog_fact(matter_catalog(in->m), open[i]);
        if (q->asked)
            fail_field(ctx, q->def.id, q->def.name, STR("没有回答"), q->question);
    }
    if (in->form && !in->values_blank)
        IGNORE("told with the rest", service_form_check(ctx, in->call->server, in->form, &in->known, in->values));
    drop_repeated(ctx->fail);
    IGNORE("told below",
           fail_set(ctx, ERR_FIELD_INVALID, __FILE__, __LINE__, "有 %zu 处需要改正", ctx->fail->field_count));
}

//= R31 R32: the window takes in for whoever stands there, as far as its level may
enum err
web_intake_do(struct web_call *call)
{
    struct intake *in = ARENA_NEW(call->ctx->arena, struct intake);
    struct receipt r;
    TRY(call->ctx, intake_new(call, in));
    enum err e = intake_read(in);
    bool look;
    TRY(call->ctx, only_looks(in, &look));
    if (look) {
        fail_clear(call->ctx);
        return intake_page(in);
    }
    if (e == OK)
        e = intake_send(in, &r);
    if (e != OK) {
        if (call->api || !web_is_refusal(e))
            return e;
        point_to_form(in);
        if (e == ERR_FIELD_INVALID)
            collect_slips(in);
        return intake_page(in);
    }
    view_put_text(call->view, "no", r.no);
    view_put_text(call->view, "code", r.code);
    view_put_bool(call->view, "replayed", r.replayed);
    if (r.document_id)
        view_put_id(call->view, "document_id", r.document_id);
    call->redirect = str_fmt(call->ctx->arena, "/desk/c/%.*s?done=submit", STR_ARG(r.no));
    return OK;
}
