/* The register of complaints at the desk: who gets one, who answers, what went to another agency. Nobody is shown what is said about himself,
** and nobody answers it. */
#include "base/crypto.h"
#include "service/guide.h"
#include "service/service_int.h"
#include "service/supervision.h"
#include "sql_gen.h"
#include "supervision/complaint.h"

enum { NOTE_MAX = 500, REASON_MAX = 200, AGENCY_MAX = 60 };

static void
bad(struct ctx *ctx, const char *field, const char *label, struct str reason, const char *remedy)
{
    fail_field(ctx, str_c(field), str_c(label), reason, str_c(remedy));
}

static struct str
clean(struct str s)
{
    return str_trim(s.p ? s : STR(""));
}

/* --- the list --- */

static enum err
list_rows(struct ctx *ctx, struct tx *tx, bool oversees, const struct actor *a, const struct complaint_filter *f,
          struct sql_complaint_open_row **ret_r, size_t *ret_n)
{
    bool newest = f->closed && oversees && !f->mine;
    int64_t key = newest ? INT64_MAX : INT64_MIN, id = newest ? INT64_MAX : 0;
    TRY(ctx, supervision_cursor(ctx, f->after, &key, &id));
    if (f->mine || !oversees) {
        struct sql_complaint_mine_in in = {
            .region = a->region, .me = a->id, .due_day = key, .id = id, .limit = SUPERVISION_LIST_MAX};
        return sql_complaint_mine(ctx, tx, &in, (struct sql_complaint_mine_row **)(void *)ret_r, ret_n);
    }
    if (newest) {
        struct sql_complaint_closed_in in = {
            .region = a->region, .me = a->id, .closed_ms = key, .id = id, .limit = SUPERVISION_LIST_MAX};
        return sql_complaint_closed(ctx, tx, &in, (struct sql_complaint_closed_row **)(void *)ret_r, ret_n);
    }
    struct sql_complaint_open_in in = {
        .region = a->region, .me = a->id, .due_day = key, .id = id, .limit = SUPERVISION_LIST_MAX};
    return sql_complaint_open(ctx, tx, &in, ret_r, ret_n);
}

_Static_assert(sizeof(struct sql_complaint_open_row) == sizeof(struct sql_complaint_mine_row) &&
                   sizeof(struct sql_complaint_open_row) == sizeof(struct sql_complaint_closed_row),
               "the three lists select the same columns in the same order");

static struct str
matter_name(const struct region *r, struct str id)
{
    const struct matter *m = matter_by_id(r, id);
    return m ? m->name : id;
}

static const char *
state_name(struct str id)
{
    for (int i = 0; i < COMPLAINT_STATE_COUNT; i++)
        if (str_eqz(id, complaint_state_id((enum complaint_state)i)))
            return complaint_state_name((enum complaint_state)i);
    return "";
}

static void
put_row(struct ctx *ctx, struct server *s, const struct actor *a, const struct staff_names *names,
        const struct sql_complaint_open_row *r, struct view *v)
{
    enum complaint_source source;
    enum complaint_kind kind;
    view_put_id(v, "id", r->id);
    view_put_text(v, "no", r->no);
    view_put_z(v, "source_name", complaint_source_parse(r->source, &source) ? complaint_source_name(source) : "");
    view_put_z(v, "kind_name", complaint_kind_parse(r->kind, &kind) ? complaint_kind_name(kind) : "");
    view_put_text(v, "state", r->state);
    view_put_z(v, "state_name", state_name(r->state));
    guide_put(v, "matter_name", matter_name(catalog_region(s->catalog, a->region), r->matter));
    guide_put(v, "owner", staff_names_get(names, r->owner_id));
    view_put_bool(v, "mine", r->owner_id == a->id);
    view_put_text(v, "received_at", day_time_text(ctx->arena, r->received_ms));
    guide_put(v, "closed_at", r->closed_ms ? day_time_text(ctx->arena, r->closed_ms) : STR(""));
    view_put_bool(v, "open", r->closed_ms == 0);
    supervision_clock(ctx, s, (struct day){(int32_t)r->due_day}, view_put_map(v, "clock"));
}

enum err
service_complaints(struct ctx *ctx, struct server *s, const struct actor *a, const struct complaint_filter *f,
                   struct view *ret_map)
{
    struct sql_complaint_open_row *r = NULL;
    struct staff_names names;
    size_t n = 0;
    bool oversees = supervision_oversees(s, a);
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, list_rows(ctx, tx, oversees, a, f, &r, &n));
    TRY(ctx, staff_names_load(ctx, tx, a->region, &names));
    struct view *list = view_put_list(ret_map, "complaints");
    for (size_t i = 0; i < n; i++)
        put_row(ctx, s, a, &names, &r[i], view_add_map(list));
    bool closed = f->closed && oversees && !f->mine;
    view_put_bool(ret_map, "closed", closed);
    view_put_bool(ret_map, "mine", f->mine);
    view_put_bool(ret_map, "may_assign", oversees);
    view_put_int(ret_map, "count", (int64_t)n);
    guide_put(ret_map, "next",
              n == SUPERVISION_LIST_MAX
                  ? supervision_next(ctx, closed ? r[n - 1].closed_ms : r[n - 1].due_day, r[n - 1].id)
                  : STR(""));
    return OK;
}

/* --- one of them --- */

static bool
is_open(const struct complaint *c)
{
    return c->state == COMPLAINT_OPEN || c->state == COMPLAINT_ASSIGNED;
}

/* Who may see it: whom it was given to, and the supervisors but the one it is about. To others it is not there. */
static enum err
load(struct ctx *ctx, struct tx *tx, const struct server *s, const struct actor *a, int64_t id, struct complaint *c)
{
    TRY(ctx, complaint_get(ctx, tx, &s->vault, a->region, id, c));
    bool mine = c->owner_id == a->id, about_me = c->accused_id == a->id;
    if (about_me || (!mine && !supervision_oversees(s, a)))
        FAIL(ctx, ERR_NOT_FOUND, "没有这件投诉，或不由您办理");
    return OK;
}

/* Staff who can be given work: not switched off, not a machine. */
static bool
works(const struct staff *p)
{
    return str_eqz(p->status, "active") && !(staff_roles(p->roles) >> ROLE_KIOSK & 1u);
}

static void
put_staff(const struct staff_names *names, int64_t owner, int64_t accused, struct view *map)
{
    struct view *list = view_put_list(map, "staff");
    for (size_t i = 0; i < names->n; i++) {
        const struct staff *p = &names->staff[i];
        if (!works(p))
            continue;
        struct view *v = view_add_map(list);
        view_put_id(v, "id", p->id);
        view_put_text(v, "name", p->name);
        view_put_text(v, "login", p->login);
        view_put_bool(v, "is_owner", p->id == owner);
        view_put_bool(v, "is_accused", p->id == accused);
    }
}

static void
put_steps(struct ctx *ctx, const struct complaint_step *step, size_t n, struct view *map)
{
    static const char *const names[][2] = {
        {"received", "登记"}, {"assigned", "交办"}, {"answered", "答复"}, {"transferred", "转办"}};
    struct view *list = view_put_list(map, "steps");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        const char *name = "";
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (str_eqz(step[i].kind, names[k][0]))
                name = names[k][1];
        view_put_text(v, "kind", step[i].kind);
        view_put_z(v, "name", name);
        view_put_text(v, "at", day_time_text(ctx->arena, step[i].at_ms));
        guide_put(v, "actor", step[i].actor_name);
        guide_put(v, "person", step[i].person);
        guide_put(v, "note", step[i].note);
    }
}

static void
put_complaint(struct ctx *ctx, struct server *s, const struct actor *a, const struct complaint *c,
              const struct staff_names *names, struct view *v)
{
    bool open = is_open(c), supervisor = supervision_oversees(s, a), mine = c->owner_id == a->id;
    view_put_id(v, "id", c->id);
    view_put_int(v, "seq", c->seq);
    view_put_text(v, "no", c->no);
    view_put_z(v, "kind_name", complaint_kind_name(c->kind));
    view_put_z(v, "source_name", complaint_source_name(c->source));
    view_put_z(v, "state", complaint_state_id(c->state));
    view_put_z(v, "state_name", complaint_state_name(c->state));
    view_put_bool(v, "open", open);
    view_put_bool(v, "transferred", c->state == COMPLAINT_TRANSFERRED);
    guide_put(v, "matter_name", matter_name(catalog_region(s->catalog, a->region), c->matter));
    guide_put(v, "case_no", c->case_no);
    view_put_text(v, "text", c->text);
    guide_put(v, "target", c->target);
    view_put_bool(v, "has_contact", !str_empty(c->contact));
    view_put_text(v, "received_at", day_time_text(ctx->arena, c->received_ms));
    guide_put(v, "taken_name", c->taken_name);
    guide_put(v, "owner", staff_names_get(names, c->owner_id));
    guide_put(v, "accused", staff_names_get(names, c->accused_id));
    supervision_clock(ctx, s, c->due, view_put_map(v, "clock"));
    view_put_int(v, "workdays", c->workdays);
    guide_put(v, "basis", c->basis);
    guide_put(v, "answer", c->answer);
    guide_put(v, "transfer_to", c->transfer_to);
    guide_put(v, "closed_name", c->closed_name);
    guide_put(v, "closed_at", c->closed_ms ? day_time_text(ctx->arena, c->closed_ms) : STR(""));
    view_put_bool(v, "published", c->is_public);
    guide_put(v, "public_title", c->public_title);
    guide_put(v, "public_text", c->public_text);
    view_put_bool(v, "may_assign", open && supervisor);
    view_put_bool(v, "may_answer", open && mine);
    view_put_bool(v, "may_transfer", open && (mine || supervisor));
}

enum err
service_complaint_get(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id, struct view *ret_map)
{
    struct complaint c;
    struct complaint_step *step;
    struct staff_names names;
    size_t n;
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, load(ctx, tx, s, a, id, &c));
    TRY(ctx, complaint_steps(ctx, tx, &s->vault, &c, &step, &n));
    TRY(ctx, staff_names_load(ctx, tx, a->region, &names));
    struct view *v = view_put_map(ret_map, "complaint");
    put_complaint(ctx, s, a, &c, &names, v);
    put_steps(ctx, step, n, v);
    if (supervision_oversees(s, a))
        put_staff(&names, c.owner_id, c.accused_id, ret_map);
    return OK;
}

struct contact_look {
    struct server *s;
    const struct actor *a;
    int64_t id;
    struct sql_look_insert_in look;
    struct str contact;
};

static enum err
contact_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct contact_look *l = arg;
    struct complaint c;
    TRY(ctx, load(ctx, tx, l->s, l->a, l->id, &c));
    if (str_empty(c.contact))
        FAIL(ctx, ERR_RECORD_MISSING, "没有留下联系方式");
    l->contact = c.contact;
    return sql_look_insert(ctx, tx, &l->look, NULL);
}

enum err
service_complaint_contact(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id, struct str reason,
                          struct str *ret_contact)
{
    reason = clean(reason);
    if (str_empty(reason) || str_utf8_count(reason) > REASON_MAX) {
        bad(ctx, "reason", "查看的理由", str_empty(reason) ? STR("没有填写") : STR("太长"), "例如：回访核实");
        FAIL(ctx, ERR_REASON_REQUIRED, "%s", "");
    }
    struct contact_look l = {.s = s,
                             .a = a,
                             .id = id,
                             .look = {.region = a->region,
                                      .id = id_next(&s->ids, ctx->now_ms),
                                      .staff_id = a->id,
                                      .kind = STR("complaint_contact"),
                                      .subject_kind = STR("complaint"),
                                      .subject_id = id,
                                      .reason = reason,
                                      .at_ms = ctx->now_ms}};
    TRY(ctx, store_write(ctx, s->store, contact_body, &l));
    *ret_contact = l.contact;
    return OK;
}

/* --- acting: what was checked is checked again with the row in hand --- */

struct act_write {
    struct server *s;
    const struct actor *a;
    const struct complaint_act *in;
    int64_t owner, accused;
    struct str owner_name;
    struct complaint_step step;
};

static enum err
load_open(struct ctx *ctx, struct tx *tx, const struct act_write *w, struct complaint *c)
{
    int64_t seq;
    TRY(ctx, load(ctx, tx, w->s, w->a, w->in->id, c));
    if (!is_open(c))
        FAIL(ctx, ERR_CONFLICT, "这件投诉%s，不能再办理", complaint_state_name(c->state));
    if (!str_empty(w->in->seq) && (!str_int(w->in->seq, &seq) || seq != c->seq))
        FAIL(ctx, ERR_CONFLICT, "这件投诉刚刚有人办理过，请刷新后再办");
    return OK;
}

/* Whoever it is about does not answer it: named, or by having had the case in hand. */
static enum err
check_hands(struct ctx *ctx, struct tx *tx, const struct complaint *c, int64_t owner, int64_t accused)
{
    struct sql_complaint_case_in in = {.region = c->region, .no = c->case_no};
    struct sql_complaint_case_row r;
    bool found = false;
    if (owner == accused) {
        bad(ctx, "owner", "交给谁办理", STR("是被投诉的人"), "请交给另一个人");
        FAIL(ctx, ERR_SEPARATION, "被投诉的人不能办理这件投诉");
    }
    if (!str_empty(c->case_no))
        TRY(ctx, sql_complaint_case(ctx, tx, &in, &r, &found));
    if (found && (r.owner_id == owner || r.handler_id == owner)) {
        bad(ctx, "owner", "交给谁办理", STR("正经办投诉涉及的办件"), "请交给没有经办这个办件的人");
        FAIL(ctx, ERR_SEPARATION, "经办所涉办件的人不能办理这件投诉");
    }
    return OK;
}

static enum err
pick_staff(struct ctx *ctx, struct tx *tx, struct str region, struct str typed, const char *field, const char *label,
           bool must_work, int64_t *ret_id, struct str *ret_name)
{
    struct staff p;
    bool found = false;
    if (str_int(typed, ret_id) && *ret_id > 0)
        TRY(ctx, staff_by_id(ctx, tx, region, *ret_id, &p, &found));
    if (!found || (must_work && !works(&p))) {
        bad(ctx, field, label, str_empty(typed) ? STR("没有选择") : STR("没有这个人，或已停用"), "请从列表里选一个人");
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    *ret_name = p.name;
    return OK;
}

static enum err
assign_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct act_write *w = arg;
    struct complaint c;
    struct str ignored;
    TRY(ctx, load_open(ctx, tx, w, &c));
    w->accused = c.accused_id;
    if (!str_empty(clean(w->in->accused)))
        TRY(ctx, pick_staff(ctx, tx, c.region, clean(w->in->accused), "accused", "被投诉的人", false, &w->accused,
                            &ignored));
    TRY(ctx,
        pick_staff(ctx, tx, c.region, clean(w->in->owner), "owner", "交给谁办理", true, &w->owner, &w->owner_name));
    TRY(ctx, check_hands(ctx, tx, &c, w->owner, w->accused));
    c.owner_id = w->owner;
    c.accused_id = w->accused;
    w->step.person = w->owner_name;
    return complaint_assign(ctx, tx, &w->s->vault, &c, &w->step);
}

static struct complaint_step
step_of(const struct ctx *ctx, const struct actor *a, const char *kind, struct str note)
{
    return (struct complaint_step){
        .kind = str_c(kind), .actor_name = a->name, .actor_id = a->id, .at_ms = ctx->now_ms, .note = note};
}

enum err
service_complaint_assign(struct ctx *ctx, struct server *s, const struct actor *a, const struct complaint_act *in)
{
    struct str note = clean(in->note);
    struct act_write w = {.s = s, .a = a, .in = in, .step = step_of(ctx, a, "assigned", note)};
    if (!supervision_oversees(s, a))
        FAIL(ctx, ERR_FORBIDDEN, "只有督办岗可以交办投诉");
    if (str_utf8_count(note) > NOTE_MAX) {
        bad(ctx, "note", "交办意见", str_fmt(ctx->arena, "超过 %d 字", NOTE_MAX), "请写得短一些");
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    return store_write(ctx, s->store, assign_body, &w);
}

static enum err
close_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct act_write *w = arg;
    const struct complaint_act *in = w->in;
    struct complaint c;
    bool transfer = str_eqz(w->step.kind, "transferred");
    TRY(ctx, load_open(ctx, tx, w, &c));
    if (!transfer && c.owner_id != w->a->id)
        FAIL(ctx, ERR_FORBIDDEN, "这件投诉没有交给您办理；请督办岗先交办");
    if (!transfer)
        TRY(ctx, check_hands(ctx, tx, &c, w->a->id, c.accused_id)); /* the case may have changed hands since */
    c.state = transfer ? COMPLAINT_TRANSFERRED : COMPLAINT_ANSWERED;
    c.answer = clean(in->text);
    c.transfer_to = transfer ? clean(in->agency) : STR("");
    c.closed_ms = ctx->now_ms;
    c.closed_by = w->a->id;
    c.closed_name = w->a->name;
    c.is_public = in->publish;
    c.public_title = in->publish ? clean(in->title) : STR("");
    c.public_text = in->publish ? clean(in->public_text) : STR("");
    return complaint_close(ctx, tx, &w->s->vault, &c, &w->step);
}

static void
check_text(struct ctx *ctx, const char *field, const char *label, struct str text, size_t max, const char *remedy)
{
    if (str_utf8_count(text) < 2)
        bad(ctx, field, label, STR("没有填写"), remedy);
    if (str_utf8_count(text) > max)
        bad(ctx, field, label, str_fmt(ctx->arena, "超过 %zu 字", max), "请写得短一些");
}

enum err
service_complaint_answer(struct ctx *ctx, struct server *s, const struct actor *a, const struct complaint_act *in)
{
    struct act_write w = {.s = s, .a = a, .in = in, .step = step_of(ctx, a, "answered", STR(""))};
    check_text(ctx, "text", "答复", clean(in->text), COMPLAINT_TEXT_MAX, "请写明核实的情况和处理的结果");
    if (in->publish) {
        check_text(ctx, "title", "公开的标题", clean(in->title), COMPLAINT_TITLE_MAX,
                   "一句话写明是什么事，不要写个人信息");
        check_text(ctx, "public_text", "公开的答复", clean(in->public_text), COMPLAINT_TEXT_MAX,
                   "公开的答复另写，不要写个人信息");
    }
    if (ctx->fail->field_count)
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    return store_write(ctx, s->store, close_body, &w);
}

enum err
service_complaint_transfer(struct ctx *ctx, struct server *s, const struct actor *a, const struct complaint_act *in)
{
    struct complaint_act act = *in;
    struct act_write w = {.s = s, .a = a, .in = &act, .step = step_of(ctx, a, "transferred", STR(""))};
    act.publish = false;
    w.step.person = clean(in->agency);
    check_text(ctx, "agency", "转给哪个部门", clean(in->agency), AGENCY_MAX, "请写部门的全称");
    check_text(ctx, "reason", "转办的理由", clean(in->text), COMPLAINT_TEXT_MAX, "请写明为什么归它管；投诉人看得到");
    if (ctx->fail->field_count)
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    return store_write(ctx, s->store, close_body, &w);
}
