/* Reports of a guide's faults and their answers. The text may name people, so it is sealed like everything personal; only the keeper's
** answer is for all. */
#include "service/fault_report.h"

#include "base/crypto.h"
#include "service/guide.h"
#include "sql_gen.h"
#include "version/fault.h"
#include "version/version.h"

enum { IDEM_MAX = 200, REASON_MAX = 200, VERSION_MAX = 1000000 };

static void
bad(struct ctx *ctx, const char *field, const char *label, struct str reason, const char *remedy)
{
    fail_field(ctx, str_c(field), str_c(label), reason, str_c(remedy));
}

/* --- reporting --- */

static struct str
clean(struct str s)
{
    return str_trim(s.p ? s : STR(""));
}

static enum err
check_report(struct ctx *ctx, const struct fault_report *in, struct str text, struct str contact)
{
    size_t before = ctx->fail->field_count;
    if (!fault_part_find(in->part))
        bad(ctx, "part", "哪一部分有误", STR("没有选择"), "请选一项；不确定的选“其他”");
    if (str_utf8_count(text) < FAULT_TEXT_MIN)
        bad(ctx, "text", "错在哪里", str_empty(text) ? STR("没有填写") : STR("太短，看不出错在哪里"),
            "请写明指南上怎么写、应该是什么");
    if (str_utf8_count(text) > FAULT_TEXT_MAX)
        bad(ctx, "text", "错在哪里", str_fmt(ctx->arena, "超过 %d 字", FAULT_TEXT_MAX), "请写得短一些");
    if (str_utf8_count(contact) > FAULT_CONTACT_MAX)
        bad(ctx, "contact", "联系方式", str_fmt(ctx->arena, "超过 %d 字", FAULT_CONTACT_MAX), "写一个电话就够了");
    if (in->idempotency.n > IDEM_MAX)
        bad(ctx, "idem", "提交编号", STR("太长"), "请刷新页面后重新提交");
    if (ctx->fail->field_count > before)
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    return OK;
}

struct report_write {
    struct server *s;
    struct data_key key;
    struct fault_new in;
    struct fault fault;
    bool replayed;
};

static enum err
report_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct report_write *w = arg;
    return fault_insert(ctx, tx, &w->s->vault, &w->key, &w->in, &w->fault, &w->replayed);
}

enum err
service_fault_report(struct ctx *ctx, struct server *s, const struct fault_report *in, struct str *ret_no,
                     struct str *ret_code)
{
    const struct matter *m = in->matter;
    struct str region = m->region->code, text = clean(in->text), contact = clean(in->contact);
    TRY(ctx, check_report(ctx, in, text, contact));
    struct str key = str_empty(in->idempotency) ? crypto_token(ctx->arena) : in->idempotency;
    struct str said = str_fmt(ctx->arena, "%.*s/%.*s/%zu/%.*s/%.*s", STR_ARG(m->id), STR_ARG(in->part), text.n,
                              STR_ARG(text), STR_ARG(contact));
    struct report_write w = {.s = s, .key = vault_key_make(id_next(&s->ids, ctx->now_ms))};
    bool tentative;
    w.in.idem_digest = vault_digest(ctx->arena, &s->vault, "fault-idem", region, key);
    w.in.request_digest = vault_digest(ctx->arena, &s->vault, "fault-request", region, said);
    w.in.code = vault_code(ctx->arena, &s->vault, "fault-code", region, w.in.idem_digest, ACCESS_CODE_LENGTH);
    w.fault = (struct fault){.id = id_next(&s->ids, ctx->now_ms),
                             .region = region,
                             .matter = m->id,
                             .matter_digest = {(const char *)m->digest, sizeof m->digest},
                             .part = in->part,
                             .text = text,
                             .contact = contact,
                             .created_ms = ctx->now_ms};
    w.fault.due = calendar_add(catalog_calendar(s->catalog), day_of_ms(ctx->now_ms), FAULT_WORKDAYS, &tentative);
    TRY(ctx, store_write(ctx, s->store, report_body, &w));
    *ret_no = w.fault.no;
    *ret_code = w.in.code;
    return OK;
}

/* --- reading --- */

void
service_fault_parts(struct view *map, struct str chosen)
{
    size_t n;
    const struct fault_part *p = fault_parts(&n);
    struct view *list = view_put_list(map, "parts");
    for (size_t i = 0; i < n; i++) {
        struct view *row = view_add_map(list);
        view_put_z(row, "id", p[i].id);
        view_put_z(row, "name", p[i].name);
        view_put_bool(row, "chosen", str_eqz(chosen, p[i].id));
    }
}

/* What was answered, for whoever may see the report. */
static void
put_answer(struct ctx *ctx, const struct fault *f, struct view *v)
{
    bool answered = f->state != FAULT_OPEN;
    view_put_z(v, "state", fault_state_id(f->state));
    view_put_z(v, "state_name", fault_state_name(f->state));
    view_put_bool(v, "open", !answered);
    view_put_bool(v, "revised", f->state == FAULT_REVISED);
    view_put_bool(v, "kept", f->state == FAULT_KEPT);
    guide_put(v, "answer", f->answer);
    guide_put(v, "answered_at", answered ? day_time_text(ctx->arena, f->answered_ms) : STR(""));
    guide_put(v, "keeper", f->answered_name);
    if (f->version_no)
        view_put_int(v, "version_no", f->version_no);
    else
        view_put_null(v, "version_no");
}

static void
put_fault(struct ctx *ctx, const struct server *s, const struct region *r, const struct fault *f, struct view *v)
{
    const struct matter *m = matter_by_id(r, f->matter);
    const struct fault_part *part = fault_part_find(f->part);
    struct day today = day_of_ms(ctx->now_ms);
    bool tentative, late = f->state == FAULT_OPEN && today.n > f->due.n;
    struct view *mv = view_put_map(v, "matter");
    view_put_text(mv, "id", f->matter);
    view_put_text(mv, "name", m ? m->name : f->matter);
    view_put_bool(mv, "gone", !m);
    view_put_text(v, "no", f->no);
    view_put_text(v, "part", f->part);
    view_put_text(v, "part_name", part ? str_c(part->name) : f->part);
    view_put_text(v, "text", f->text);
    view_put_text(v, "created_at", day_time_text(ctx->arena, f->created_ms));
    view_put_day(v, "due", f->due);
    view_put_bool(v, "late", late);
    view_put_int(v, "late_days", late ? calendar_between(catalog_calendar(s->catalog), f->due, today, &tentative) : 0);
    view_put_bool(v, "changed_since",
                  m && !str_eq(f->matter_digest, (struct str){(const char *)m->digest, sizeof m->digest}));
    put_answer(ctx, f, v);
}

enum err
service_fault_view(struct ctx *ctx, struct server *s, const struct region *r, struct str no, struct str code,
                   struct view *ret_map)
{
    struct fault f;
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, fault_open_with(ctx, tx, &s->vault, r->code, no, crypto_code_normalise(ctx->arena, code), &f));
    guide_region(ctx, r, view_put_map(ret_map, "region"));
    put_fault(ctx, s, r, &f, view_put_map(ret_map, "fault"));
    return OK;
}

/* --- the keeper's list --- */

static bool
parse_cursor(struct str after, bool answered, int64_t *ret_ms, int64_t *ret_id)
{
    struct str rest = after, ms, id;
    *ret_ms = INT64_MAX;
    *ret_id = answered ? INT64_MAX : 0;
    if (str_empty(after))
        return true;
    if (!answered)
        return str_int(after, ret_id);
    return str_split(&rest, '_', &ms) && str_split(&rest, '_', &id) && !rest.p && str_int(ms, ret_ms) &&
           str_int(id, ret_id);
}

/* Ids of a page, and the cursor of the next one where there may be more. */
static enum err
page_ids(struct ctx *ctx, struct tx *tx, struct str region, const struct fault_filter *f, int64_t **ret_ids,
         size_t *ret_n, struct str *ret_next)
{
    int64_t ms, id;
    if (!parse_cursor(f->after.p ? f->after : STR(""), f->answered, &ms, &id)) {
        bad(ctx, "after", "页码", STR("不认识"), "请从第一页看起");
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    *ret_next = STR("");
    if (!f->answered) {
        TRY(ctx, fault_open_ids(ctx, tx, region, id, FAULT_LIST_MAX, ret_ids, ret_n));
        if (*ret_n == FAULT_LIST_MAX)
            *ret_next = str_fmt(ctx->arena, "%lld", (long long)(*ret_ids)[*ret_n - 1]);
        return OK;
    }
    struct fault *row;
    TRY(ctx, fault_answered(ctx, tx, region, ms, id, FAULT_LIST_MAX, &row, ret_n));
    *ret_ids = ARENA_ARRAY(ctx->arena, *ret_n, int64_t);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_ids)[i] = row[i].id;
    if (*ret_n == FAULT_LIST_MAX)
        *ret_next =
            str_fmt(ctx->arena, "%lld_%lld", (long long)row[*ret_n - 1].answered_ms, (long long)row[*ret_n - 1].id);
    return OK;
}

enum err
service_faults(struct ctx *ctx, struct server *s, const struct actor *a, const struct fault_filter *f,
               struct view *ret_map)
{
    const struct region *r = catalog_region(s->catalog, a->region);
    int64_t *ids = NULL;
    size_t n = 0;
    struct str next = STR("");
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, page_ids(ctx, tx, a->region, f, &ids, &n, &next));
    struct view *list = view_put_list(ret_map, "faults");
    for (size_t i = 0; i < n; i++) {
        struct fault x;
        struct view *row = view_add_map(list);
        TRY(ctx, fault_get(ctx, tx, &s->vault, a->region, ids[i], &x));
        view_put_id(row, "id", x.id);
        view_put_bool(row, "has_contact", !str_empty(x.contact));
        put_fault(ctx, s, r, &x, row);
    }
    view_put_bool(ret_map, "answered", f->answered);
    view_put_int(ret_map, "count", (int64_t)n);
    guide_put(ret_map, "next", next);
    return OK;
}

/* --- answering --- */

static enum err
check_version(struct ctx *ctx, struct server *s, struct str region, struct str typed, int64_t *ret_no)
{
    struct version v;
    *ret_no = 0;
    if (str_empty(typed))
        return OK;
    if (!str_int(typed, ret_no) || *ret_no < 1 || *ret_no > VERSION_MAX) {
        bad(ctx, "version", "版本", STR("应为版本的序号"), "例如 3；还没有这一版的，空着表示下一版");
        return OK;
    }
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    enum err e = version_get(ctx, tx, region, *ret_no, &v);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == OK && v.state != VERSION_DROPPED)
        return OK;
    if (e != OK)
        fail_clear(ctx);
    bad(ctx, "version", "版本", str_fmt(ctx->arena, "没有第 %lld 版，或已撤回", (long long)*ret_no),
        "请核对版本的序号；还没有这一版的，空着表示下一版");
    return OK;
}

static enum err
check_reply(struct ctx *ctx, struct server *s, const struct actor *a, const struct fault_reply *in, struct fault *f)
{
    struct str text = clean(in->text), version = clean(in->version);
    bool revised = str_eqz(in->outcome, fault_state_id(FAULT_REVISED)),
         kept = str_eqz(in->outcome, fault_state_id(FAULT_KEPT));
    if (revised)
        TRY(ctx, check_version(ctx, s, a->region, version, &f->version_no)); /* first: reading forgets a failure */
    if (!revised && !kept)
        bad(ctx, "outcome", "怎么答复", STR("没有选择"), "请选“修订”或“不改”");
    if (str_utf8_count(text) < 2)
        bad(ctx, "text", "答复", STR("没有填写"), kept ? "不改的，要写明理由" : "请写明改了什么");
    if (str_utf8_count(text) > FAULT_TEXT_MAX)
        bad(ctx, "text", "答复", str_fmt(ctx->arena, "超过 %d 字", FAULT_TEXT_MAX), "请写得短一些");
    if (ctx->fail->field_count)
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    f->state = revised ? FAULT_REVISED : FAULT_KEPT;
    f->answer = text;
    return OK;
}

static enum err
reply_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct sql_fault_get_row r;
    struct fault *f = arg;
    bool found;
    struct sql_fault_get_in in = {.region = f->region, .id = f->id};
    TRY(ctx, sql_fault_get(ctx, tx, &in, &r, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有这份指南错误报告");
    return fault_answer(ctx, tx, f);
}

enum err
service_fault_reply(struct ctx *ctx, struct server *s, const struct actor *a, const struct fault_reply *in)
{
    struct fault f = {
        .id = in->id, .region = a->region, .answered_ms = ctx->now_ms, .answered_by = a->id, .answered_name = a->name};
    TRY(ctx, check_reply(ctx, s, a, in, &f));
    TRY(ctx, store_write(ctx, s->store, reply_body, &f));
    IGNORE("it is answered; the guides show it a little later", service_corrections_refresh(ctx, s));
    fail_clear(ctx);
    return OK;
}

struct contact_look {
    struct server *s;
    int64_t id;
    struct sql_look_insert_in look;
    struct str contact;
};

static enum err
contact_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct contact_look *c = arg;
    struct fault f;
    TRY(ctx, fault_get(ctx, tx, &c->s->vault, c->look.region, c->id, &f));
    if (str_empty(f.contact))
        FAIL(ctx, ERR_RECORD_MISSING, "报告人没有留下联系方式");
    c->contact = f.contact;
    return sql_look_insert(ctx, tx, &c->look, NULL);
}

enum err
service_fault_contact(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id, struct str reason,
                      struct str *ret_contact)
{
    reason = clean(reason);
    if (str_empty(reason) || str_utf8_count(reason) > REASON_MAX) {
        bad(ctx, "reason", "查看的理由", str_empty(reason) ? STR("没有填写") : STR("太长"), "例如：核实地址");
        FAIL(ctx, ERR_REASON_REQUIRED, "%s", "");
    }
    struct contact_look c = {.s = s,
                             .id = id,
                             .look = {.region = a->region,
                                      .id = id_next(&s->ids, ctx->now_ms),
                                      .staff_id = a->id,
                                      .kind = STR("fault_contact"),
                                      .subject_kind = STR("guide_fault"),
                                      .subject_id = id,
                                      .reason = reason,
                                      .at_ms = ctx->now_ms}};
    TRY(ctx, store_write(ctx, s->store, contact_body, &c));
    *ret_contact = c.contact;
    return OK;
}
