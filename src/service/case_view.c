/* What both sides see of a case: head, clock, materials, timeline, documents. Personal fields masked unless FULL. */
#include "base/json.h"
#include "service/guide.h"
#include "service/papers.h"
#include "service/service_int.h"

void
clock_view(struct ctx *ctx, struct server *s, struct day due, struct day legal, bool tentative, bool waiting,
           struct view *v)
{
    int left;
    struct day today = day_of_ms(ctx->now_ms);
    char light = case_light(catalog_calendar(s->catalog), due, today, &left);
    view_put_day(v, "due", due);
    view_put_z(v, "due_weekday", day_is_none(due) ? "" : day_weekday_zh(due));
    view_put_text(v, "due_text",
                  day_is_none(due) ? STR("")
                                   : str_fmt(ctx->arena, "%s（%s）%s", day_text_zh(ctx->arena, due).p,
                                             day_weekday_zh(due), tentative ? "，暂定" : ""));
    view_put_day(v, "legal_due", legal);
    view_put_bool(v, "tentative", tentative);
    view_put_int(v, "days_left", left);
    view_put_z(v, "light", light == 'r' ? "red" : light == 'y' ? "yellow" : light == 'g' ? "green" : "none");
    view_put_bool(v, "is_red", light == 'r');
    view_put_bool(v, "is_yellow", light == 'y');
    view_put_bool(v, "is_green", light == 'g');
    view_put_text(v, "left_text",
                  light == ' '   ? (waiting ? STR("待补正，补齐后起算") : STR("没有规定期限"))
                  : light == 'r' ? str_fmt(ctx->arena, "已超期 %d 个工作日", -left)
                  : left == 0    ? STR("今天到期")
                                 : str_fmt(ctx->arena, "还有 %d 个工作日", left));
}

static void
put_materials(struct view *map, const struct case_file *cf)
{
    struct view *list = view_put_list(map, "materials");
    for (size_t i = 0; i < cf->material_count; i++) {
        const struct case_material *m = &cf->material[i];
        struct view *row = view_add_map(list);
        view_put_text(row, "key", m->key);
        view_put_text(row, "name", m->name);
        view_put_z(row, "state", material_state_id(m->state));
        view_put_z(row, "state_name", material_state_name(m->state));
        view_put_text(row, "note", m->note.p ? m->note : STR(""));
        view_put_bool(row, "is_checked", m->state == MATERIAL_CHECKED);
        view_put_bool(row, "is_rejected", m->state == MATERIAL_REJECTED);
    }
}

enum err
staff_names_load(struct ctx *ctx, struct tx *tx, struct str region, struct staff_names *ret_n)
{
    struct staff *staff;
    TRY(ctx, staff_of_region(ctx, tx, region, &staff, &ret_n->n));
    ret_n->staff = staff;
    return OK;
}

struct str
staff_names_get(const struct staff_names *n, int64_t id)
{
    for (size_t i = 0; id && i < n->n; i++)
        if (n->staff[i].id == id)
            return n->staff[i].name;
    return STR("");
}

static const struct {
    const char *kind, *done;
} event_names[] = {{"submitted", "已提交申请"},
                   {"noticed", "已一次性告知，待补正"},
                   {"supplemented", "已补充材料"},
                   {"listed", "已登记材料清单"},
                   {"accepted", "已受理"},
                   {"passed", "已通过"},
                   {"refused", "不予办理"},
                   {"concluded", "已办结"},
                   {"delivered", "已送达"},
                   {"handed_over", "已移交"},
                   {"rated", "已评价"},
                   {"withdrawn", "已撤回"},
                   {"signed", "已签字"},
                   {"drawn", "已抽取评审人员"},
                   {"returned", "已退回上一环节"},
                   {"opened", "已开始公示"},
                   {"objected", "收到异议"},
                   {"answered", "已答复异议"},
                   {"paused", "暂停计时"},
                   {"resumed", "恢复计时"},
                   {"explained", "超期说明"},
                   {"assisted", "已写初审（协办）意见"},
                   {"shared", "数据共享取得材料"},
                   {"reprojected", "到期日已调整"},
                   {"archived", "已归档"}};

static const char *
event_name(struct str kind)
{
    for (size_t i = 0; i < sizeof event_names / sizeof *event_names; i++)
        if (str_eqz(kind, event_names[i].kind))
            return event_names[i].done;
    return "";
}

static struct str
payload_text(const struct view *p, const char *key)
{
    struct str s;
    return p && json_text(p, key, &s) && s.p ? s : STR("");
}

static void
put_recorded(const struct view *record, const struct record_field *f, size_t n, struct view *list)
{
    for (size_t i = 0; i < n; i++) {
        struct str value = payload_text(record, f[i].id);
        if (str_empty(value))
            continue;
        struct view *one = view_add_map(list);
        view_put_z(one, "name", f[i].name);
        bool people = str_eqz(str_c(f[i].id), "members"); /* identity numbers are not for every look at a case */
        view_put_text(one, "value", f[i].type == RECORD_CHECK ? STR("是") : people ? STR("按名单") : value);
    }
}

/* What was recorded with a step, by the names of its fields; inside the house only. */
static void
put_record(const struct matter *m, const struct view *payload, struct str stage, bool sign, struct view *row)
{
    struct view *list = view_put_list(row, "record");
    const struct view *record = payload ? view_get(payload, STR("record")) : NULL;
    enum stage_kind k;
    if (!record)
        return;
    if (!stage_parse(stage, &k))
        k = STAGE_CONCLUDE; /* the conclusion's event names no stage */
    const struct stage_rule *r = stage_rule(k);
    const struct record_field *f = sign ? r->sign_field : r->field;
    size_t n = sign ? r->sign_field_count : r->field_count;
    put_recorded(record, f, n, list);
    if (sign)
        return;
    put_recorded(record, case_unit_fields, CASE_UNIT_FIELDS, list); //= R288
    put_recorded(record, case_survey_fields, CASE_SURVEY_FIELDS, list);
    struct record_field seen[ON_SITE_MAX];
    put_recorded(record, seen, case_on_site_fields(m, seen), list); //= R257
    put_recorded(record, case_sent_fields, CASE_SENT_FIELDS, list);
    put_recorded(record, &case_recipient_field, 1, list);
}

/* What happened, in one line: a stage by its own name. */
static struct str
event_title(struct arena *a, const struct case_entry *e)
{
    struct str stage = payload_text(e->payload, "kind");
    enum stage_kind k;
    if (str_eqz(e->kind, "passed") && stage_parse(stage, &k))
        return str_c(stage_rule(k)->verb);
    if (str_eqz(e->kind, "signed") && stage_parse(stage, &k))
        return str_fmt(a, "%s", stage_rule(k)->sign_verb ? stage_rule(k)->sign_verb : "签字");
    return str_c(event_name(e->kind));
}

static void
put_event(struct ctx *ctx, const struct matter *m, const struct staff_names *names, struct view *list,
          const struct case_entry *e, bool staff)
{
    struct view *row = view_add_map(list);
    struct str stage = payload_text(e->payload, "kind");
    view_put_int(row, "seq", e->seq);
    view_put_text(row, "kind", e->kind);
    view_put_text(row, "title", event_title(ctx->arena, e));
    put_record(m, staff ? e->payload : NULL, stage, str_eqz(e->kind, "signed"), row);
    view_put_text(row, "at", day_time_text(ctx->arena, e->at_ms));
    view_put_int(row, "at_ms", e->at_ms);
    view_put_z(row, "who", str_eqz(e->actor, "staff") ? "经办人员" : str_eqz(e->actor, "public") ? "申请人" : "系统");
    view_put_text(row, "staff_name", staff_names_get(names, e->actor_id));
    static const char *const inside[] = {"passed",   "handed_over", "signed",  "returned",
                                         "assisted", "objected",    "answered"};
    bool private_note = false; /* internal opinions stay inside */
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
        private_note = private_note || str_eqz(e->kind, inside[i]);
    struct str note = payload_text(e->payload, "reason");
    if (str_empty(note))
        note = payload_text(e->payload, "opinion");
    if (str_empty(note))
        note = payload_text(e->payload, "remark");
    if (str_empty(note))
        note = payload_text(e->payload, "explanation");
    if (str_empty(note) && staff)
        note = payload_text(e->payload, "text");
    if (str_empty(note))
        note = payload_text(e->payload, "source");
    view_put_text(row, "note", private_note && !staff ? STR("") : note);
    struct view *gaps = view_put_list(row, "gaps");
    const struct view *told = e->payload ? view_get(e->payload, STR("gaps")) : NULL;
    for (const struct view *g = told ? view_first(told) : NULL; g; g = view_next(g))
        view_add_text(gaps, payload_text(g, "text"));
}

/* The matter's own stages with what is done and what comes. */
static void
put_stages(struct view *map, const struct case_file *cf)
{
    struct view *list = view_put_list(map, "stages");
    bool ended = cf->status == CASE_REFUSED || cf->status == CASE_WITHDRAWN || !case_stage(cf);
    for (size_t i = 0; i < cf->matter->stage_count; i++) {
        if (!case_stage_applies(cf, i))
            continue;
        struct view *row = view_add_map(list);
        bool done = i < cf->stage || (cf->status == CASE_CLOSED && !case_stage_after(cf->matter, i));
        view_put_z(row, "name", stage_name(cf->matter->stage[i].kind));
        view_put_text(row, "printed", cf->matter->stage[i].name.p ? cf->matter->stage[i].name : STR(""));
        view_put_bool(row, "done", done);
        view_put_bool(row, "current", !done && i == cf->stage && !ended);
        view_put_bool(row, "waiting", !done && !(i == cf->stage && !ended));
    }
}

/* How a stored paper is headed. */
static struct str
headed(const struct document *d)
{
    struct str title;
    bool own = json_text(d->body, "title", &title) && title.p && !str_empty(title);
    return own ? title : str_c(document_title(d->kind));
}

/* The paper of a stage goes to somebody else or into the file: the applicant does not get it, and its title stands in it alone. */
static enum err
put_documents(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf, bool staff,
              struct view *map)
{
    struct document_row *row;
    size_t n;
    TRY(ctx, document_list(ctx, tx, cf->region, cf->id, &row, &n));
    struct view *list = view_put_list(map, "documents");
    for (size_t i = 0; i < n; i++) {
        struct str title = service_document_title(cf, row[i].kind);
        if (str_eqz(row[i].kind, paper_id(PAPER_STAGE))) {
            struct document own;
            if (!staff)
                continue;
            TRY(ctx, document_get(ctx, tx, &s->vault, cf->region, row[i].id, &own));
            title = headed(&own);
        }
        struct view *d = view_add_map(list);
        view_put_id(d, "id", row[i].id);
        view_put_text(d, "kind", row[i].kind);
        view_put_text(d, "title", title);
        view_put_text(d, "no", row[i].no);
        view_put_text(d, "issued_at", day_time_text(ctx->arena, row[i].issued_ms));
        view_put_bool(d, "revoked", row[i].revoked_ms != 0);
    }
    return OK;
}

static void
put_subject(struct ctx *ctx, const struct case_file *cf, bool full, struct view *map)
{
    struct arena *a = ctx->arena;
    view_put_bool(map, "revealed", full);
    view_put_secret(map, "applicant_name",
                    full || cf->by_unit ? cf->applicant_name : ident_mask_name(a, cf->applicant_name));
    view_put_secret(map, "applicant_id", full || cf->by_unit ? cf->applicant_id : ident_mask_id(a, cf->applicant_id));
    view_put_secret(map, "mobile",
                    full                    ? cf->mobile
                    : str_empty(cf->mobile) ? STR("")
                                            : ident_mask_mobile(a, cf->mobile));
    view_put_secret(map, "delegate_name",
                    str_empty(cf->delegate_name) || full ? cf->delegate_name : ident_mask_name(a, cf->delegate_name));
    view_put_text(map, "delivery", cf->delivery);
    view_put_secret(map, "address",
                    full || str_empty(cf->address) ? cf->address : STR("（已填写，点“查看完整信息”显示）"));
}

static struct str
no_text(struct arena *a, struct str no)
{
    return str_fmt(a, "%.*s %.*s %.*s", STR_ARG(str_sub(no, 0, 6)), STR_ARG(str_sub(no, 6, 6)),
                   STR_ARG(str_sub(no, 12, 20)));
}

/* Derived from the facts by the version under which it was taken in, so that nothing can say otherwise. */ //= R148
static void
put_advice(struct ctx *ctx, const struct case_file *cf, struct view *c)
{
    const struct advice *category = checklist_advice(cf->matter, &cf->facts, ADVICE_CATEGORY);
    guide_put(c, "category", category ? category->what : STR(""));
    guide_advice(ctx, cf->matter, &cf->facts, ADVICE_AT_CASE, c);
}

enum err
case_common_view(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf, bool full, bool staff,
                 struct view *map)
{
    struct view *c = view_put_map(map, "case");
    view_put_text(c, "no", cf->no);
    view_put_text(c, "no_text", no_text(ctx->arena, cf->no));
    view_put_z(c, "status", case_status_id(cf->status));
    view_put_z(c, "status_name", case_status_name(cf->status));
    view_put_bool(c, "is_open",
                  cf->status == CASE_SUBMITTED || cf->status == CASE_NOTIFIED || cf->status == CASE_WORKING);
    view_put_bool(c, "is_notified", cf->status == CASE_NOTIFIED);
    view_put_bool(c, "is_refused", cf->status == CASE_REFUSED);
    view_put_bool(c, "is_closed", cf->status == CASE_CLOSED || cf->status == CASE_CONCLUDED);
    view_put_text(c, "matter_id", cf->matter->id);
    view_put_text(c, "version", cf->matter->region->version);
    view_put_int(c, "version_no", cf->matter->region->version_no);
    view_put_text(c, "matter_name", cf->matter->name);
    view_put_z(c, "channel", channel_name(cf->channel));
    view_put_text(c, "received_at", day_time_text(ctx->arena, cf->received_ms));
    view_put_text(c, "accepted_at", cf->accepted_ms ? day_time_text(ctx->arena, cf->accepted_ms) : STR(""));
    view_put_text(c, "concluded_at", cf->concluded_ms ? day_time_text(ctx->arena, cf->concluded_ms) : STR(""));
    view_put_text(c, "refusal", cf->refusal.p ? cf->refusal : STR(""));
    view_put_text(c, "counted_from", cf->limit_basis.p ? cf->limit_basis : STR(""));
    view_put_int(c, "rating", staff ? 0 : cf->rating);
    /* hidden from the desk: who handles a case sees no rater */ //= R44
    if (cf->status != CASE_REFUSED && cf->status != CASE_WITHDRAWN)
        put_advice(ctx, cf, c);
    const struct stage *st = case_stage(cf);
    view_put_z(c, "stage", st ? stage_name(st->kind) : "");
    clock_view(ctx, s, cf->due, cf->legal, cf->tentative, cf->status == CASE_NOTIFIED, view_put_map(c, "clock"));
    put_subject(ctx, cf, full, c);
    put_stages(c, cf);
    put_materials(c, cf);
    struct case_gap *gaps;
    size_t n;
    case_gaps(ctx, cf, &gaps, &n);
    struct view *list = view_put_list(c, "gaps");
    for (size_t i = 0; i < n; i++) {
        struct view *g = view_add_map(list);
        view_put_text(g, "key", gaps[i].key);
        view_put_text(g, "text", gaps[i].text);
    }
    const struct case_entry *e = cf->history;
    n = cf->history_count;
    if ((int64_t)n != cf->seq) { /* it has moved since it was loaded */
        struct case_entry *now;
        TRY(ctx, case_history(ctx, tx, &s->vault, cf->region, cf->id, &now, &n));
        e = now;
    }
    struct staff_names names = {0}; /* the public sees roles, not names */
    if (staff)
        TRY(ctx, staff_names_load(ctx, tx, cf->region, &names));
    struct view *timeline = view_put_list(c, "timeline");
    for (size_t i = 0; i < n; i++)
        if (!staff || !str_eqz(e[i].kind, "rated"))
            put_event(ctx, cf->matter, &names, timeline, &e[i], staff);
    return put_documents(ctx, s, tx, cf, staff, c);
}

/* The body as it is printed: a void paper says so across the page. */
const struct view *
document_shown(struct ctx *ctx, const struct document *d)
{
    if (!d->revoked_ms)
        return d->body;
    struct view *v = view_copy(ctx->arena, d->body);
    view_put_bool(v, "revoked", true);
    view_put_text(v, "revoked_at", day_time_text(ctx->arena, d->revoked_ms));
    return v;
}

enum err
render_document(struct ctx *ctx, struct server *s, struct str region, int64_t case_id, int64_t document_id,
                struct str *ret_pdf, struct str *ret_title, struct document *ret_d)
{
    struct tx *tx;
    TRY(ctx, store_read(ctx, s->store, &tx));
    enum err e = document_get(ctx, tx, &s->vault, region, document_id, ret_d);
    store_read_end(tx);
    TRY(ctx, e);
    if (case_id && ret_d->case_id != case_id)
        FAIL(ctx, ERR_NOT_FOUND, "没有这份文书");
    struct str title = headed(ret_d);
    *ret_title = str_fmt(ctx->arena, "%.*s-%.*s", STR_ARG(title), STR_ARG(ret_d->no));
    return document_pdf(ctx, s->layouts, s->aux, ret_d->kind, document_shown(ctx, ret_d), ret_pdf);
}
