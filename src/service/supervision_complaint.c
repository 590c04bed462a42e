/* Complaints on their way in, from the public or taken down at the desk, and what the person sees of them (R8). */
#include "base/crypto.h"
#include "service/guide.h"
#include "service/service.h"
#include "service/supervision.h"
#include "sql_gen.h"
#include "supervision/complaint.h"

enum { IDEM_MAX = 200, BACK_DAYS_MAX = 366 };

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

/* --- what was typed --- */

static void
check_length(struct ctx *ctx, const char *field, const char *label, struct str text, size_t max)
{
    if (str_utf8_count(text) > max)
        bad(ctx, field, label, str_fmt(ctx->arena, "超过 %zu 字", max), "请写得短一些");
}

/* 2026-11-23T09:30, as a browser sends it, in Shanghai; not to come, and not long ago. */
static void
check_received(struct ctx *ctx, struct str typed, int64_t *ret_ms)
{
    *ret_ms = ctx->now_ms;
    if (str_empty(typed))
        return;
    struct str whole = str_fmt(ctx->arena, "%.*s:00+08:00", STR_ARG(typed));
    int64_t ms;
    if (!day_iso_parse(whole, &ms))
        bad(ctx, "received", "来电时间", STR("看不懂"), "例如 2026-11-23T09:30；空着表示现在");
    else if (ms > ctx->now_ms)
        bad(ctx, "received", "来电时间", STR("还没有到"), "请核对日期和钟点");
    else if (day_of_ms(ms).n < day_of_ms(ctx->now_ms).n - BACK_DAYS_MAX)
        bad(ctx, "received", "来电时间", STR("是一年以前"), "请核对年份");
    else
        *ret_ms = ms;
}

/* Whether a case is there is nothing for the public to find out; at the desk a wrong number is a slip of the pen. */
static enum err
check_case(struct ctx *ctx, struct server *s, const struct complaint_entry *in, struct complaint *c)
{
    struct str no, region, typed = clean(in->case_no);
    c->case_no = STR("");
    if (str_empty(typed))
        return OK;
    if (!service_case_no_parse(typed, ctx->arena, &no, &region) || !str_eq(region, in->region->code)) {
        bad(ctx, "case_no", "办件编号", STR("不是本地的办件编号"), "请对照回执上的 19 位编号核对；可不填");
        return OK;
    }
    c->case_no = no;
    if (!in->taken_by)
        return OK;
    struct sql_complaint_case_in key = {.region = region, .no = no};
    struct sql_complaint_case_row row;
    bool found;
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, sql_complaint_case(ctx, tx, &key, &row, &found));
    if (!found)
        bad(ctx, "case_no", "办件编号", STR("没有这个办件"), "请对照回执上的 19 位编号核对；可不填");
    else if (str_empty(c->matter))
        c->matter = row.matter;
    return OK;
}

static enum err
check_entry(struct ctx *ctx, struct server *s, const struct complaint_entry *in, struct complaint *c)
{
    size_t before = ctx->fail->field_count;
    if (!complaint_kind_parse(in->kind, &c->kind))
        bad(ctx, "kind", "类别", STR("没有选择"), "请选投诉、举报或意见建议");
    c->source = SOURCE_ONLINE;
    if (in->taken_by && (!complaint_source_parse(in->source, &c->source) || c->source == SOURCE_ONLINE))
        bad(ctx, "source", "来源", STR("没有选择"), "请选监督电话、来访、来信或转来");
    if (!str_empty(c->matter) && !matter_by_id(in->region, c->matter))
        bad(ctx, "matter", "涉及的事项", STR("没有这个事项"), "请从列表里选；可不选");
    if (str_utf8_count(c->text) < COMPLAINT_TEXT_MIN)
        bad(ctx, "text", "内容", str_empty(c->text) ? STR("没有填写") : STR("太短，看不出是什么事"),
            "请写明什么时候、在哪里、发生了什么");
    check_length(ctx, "text", "内容", c->text, COMPLAINT_TEXT_MAX);
    check_length(ctx, "target", "投诉的窗口或人员", c->target, COMPLAINT_CONTACT_MAX);
    check_length(ctx, "contact", "联系方式", c->contact, COMPLAINT_CONTACT_MAX);
    if (in->idempotency.n > IDEM_MAX)
        bad(ctx, "idem", "提交编号", STR("太长"), "请刷新页面后重新提交");
    check_received(ctx, in->taken_by ? clean(in->received) : STR(""), &c->received_ms);
    TRY(ctx, check_case(ctx, s, in, c));
    if (ctx->fail->field_count > before)
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    return OK;
}

/* --- storing --- */

struct send_write {
    struct server *s;
    struct data_key key;
    struct complaint_new in;
    struct complaint c;
};

static enum err
send_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct send_write *w = arg;
    bool replayed;
    return complaint_insert(ctx, tx, &w->s->vault, &w->key, &w->in, &w->c, &replayed);
}

/* Everything that was said, so that another content under the same key shows. */
static struct str
request_of(struct ctx *ctx, const struct complaint_entry *in, const struct complaint *c)
{
    struct buf b;
    buf_init(&b, ctx->arena, 512);
    const struct str part[] = {c->matter, c->case_no, c->text, c->target, c->contact, clean(in->received)};
    buf_fmt(&b, "%d/%d/%lld", c->kind, c->source, (long long)c->taken_by);
    for (size_t i = 0; i < sizeof part / sizeof *part; i++)
        buf_fmt(&b, "/%zu:%.*s", part[i].n, STR_ARG(part[i]));
    return buf_str(&b);
}

enum err
service_complaint_send(struct ctx *ctx, struct server *s, const struct complaint_entry *in, struct str *ret_no,
                       struct str *ret_code)
{
    const struct region *r = in->region;
    struct send_write w = {.s = s};
    struct complaint *c = &w.c;
    bool tentative;
    *c = (struct complaint){.region = r->code,
                            .matter = clean(in->matter),
                            .text = clean(in->text),
                            .target = clean(in->target),
                            .contact = clean(in->contact),
                            .taken_by = in->taken_by ? in->taken_by->id : 0,
                            .taken_name = in->taken_by ? in->taken_by->name : STR(""),
                            .workdays = r->complaint_workdays ? r->complaint_workdays : COMPLAINT_WORKDAYS,
                            .basis = r->complaint_workdays ? r->complaint_basis : STR(""),
                            .created_ms = ctx->now_ms};
    TRY(ctx, check_entry(ctx, s, in, c));
    struct str key = str_empty(in->idempotency) ? crypto_token(ctx->arena) : in->idempotency;
    w.in.idem_digest = vault_digest(ctx->arena, &s->vault, "complaint-idem", r->code, key);
    w.in.request_digest = vault_digest(ctx->arena, &s->vault, "complaint-request", r->code, request_of(ctx, in, c));
    w.in.code = vault_code(ctx->arena, &s->vault, "complaint-code", r->code, w.in.idem_digest, ACCESS_CODE_LENGTH);
    w.key = vault_key_make(id_next(&s->ids, ctx->now_ms));
    c->id = id_next(&s->ids, ctx->now_ms);
    c->due = calendar_add(catalog_calendar(s->catalog), day_of_ms(c->received_ms), (int)c->workdays, &tentative);
    TRY(ctx, store_write(ctx, s->store, send_body, &w));
    *ret_no = w.c.no;
    *ret_code = w.in.code;
    return OK;
}

/* --- what the person sees --- */

enum err
service_complaint_view(struct ctx *ctx, struct server *s, const struct region *r, struct str no, struct str code,
                       struct view *ret_map)
{
    struct complaint c;
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, complaint_open_with(ctx, tx, &s->vault, r->code, no, crypto_code_normalise(ctx->arena, code), &c));
    const struct matter *m = matter_by_id(r, c.matter);
    guide_region(ctx, r, view_put_map(ret_map, "region"));
    struct view *v = view_put_map(ret_map, "complaint");
    view_put_text(v, "no", c.no);
    view_put_z(v, "kind_name", complaint_kind_name(c.kind));
    view_put_z(v, "source_name", complaint_source_name(c.source));
    view_put_z(v, "state", complaint_state_id(c.state));
    view_put_z(v, "state_name", complaint_state_name(c.state));
    view_put_bool(v, "open", c.state == COMPLAINT_OPEN || c.state == COMPLAINT_ASSIGNED);
    view_put_bool(v, "transferred", c.state == COMPLAINT_TRANSFERRED);
    view_put_bool(v, "assigned", c.state == COMPLAINT_ASSIGNED);
    guide_put(v, "matter_name", m ? m->name : c.matter);
    guide_put(v, "case_no", c.case_no);
    view_put_text(v, "text", c.text);
    guide_put(v, "target", c.target);
    view_put_text(v, "received_at", day_time_text(ctx->arena, c.received_ms));
    supervision_clock(ctx, s, c.due, view_put_map(v, "clock"));
    view_put_day(v, "due", c.due);
    view_put_int(v, "workdays", c.workdays);
    guide_put(v, "basis", c.basis);
    guide_put(v, "answer", c.answer);
    guide_put(v, "transfer_to", c.transfer_to);
    guide_put(v, "closed_at", c.closed_ms ? day_time_text(ctx->arena, c.closed_ms) : STR(""));
    guide_put(v, "closed_name", c.closed_name);
    return OK;
}

enum err
service_complaint_answers(struct ctx *ctx, struct server *s, const struct region *r, struct str after,
                          struct view *ret_map)
{
    struct sql_complaint_published_in in = {
        .region = r->code, .closed_ms = INT64_MAX, .id = INT64_MAX, .limit = SUPERVISION_LIST_MAX};
    struct sql_complaint_published_row *row;
    size_t n;
    SCOPED_READ tx = NULL;
    TRY(ctx, supervision_cursor(ctx, after, &in.closed_ms, &in.id));
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, sql_complaint_published(ctx, tx, &in, &row, &n));
    struct view *list = view_put_list(ret_map, "answers");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_put_text(v, "title", row[i].public_title);
        view_put_text(v, "text", row[i].public_text);
        view_put_day(v, "day", day_of_ms(row[i].closed_ms));
    }
    guide_put(ret_map, "next",
              n == SUPERVISION_LIST_MAX ? supervision_next(ctx, row[n - 1].closed_ms, row[n - 1].id) : STR(""));
    return OK;
}

static void
put_choice(struct view *list, struct str id, struct str name, struct str chosen)
{
    struct view *row = view_add_map(list);
    view_put_text(row, "id", id);
    view_put_text(row, "name", name);
    view_put_bool(row, "chosen", str_eq(id, chosen));
}

void
service_complaint_form(struct ctx *ctx, const struct region *r, struct str kind, struct str source, struct str matter,
                       struct view *ret_map)
{
    struct view *kinds = view_put_list(ret_map, "kinds"), *sources = view_put_list(ret_map, "sources");
    struct view *matters = view_put_list(ret_map, "matters"), *phones = view_put_list(ret_map, "supervision");
    for (int k = 0; k < COMPLAINT_KIND_COUNT; k++)
        put_choice(kinds, str_c(complaint_kind_id((enum complaint_kind)k)),
                   str_c(complaint_kind_name((enum complaint_kind)k)), kind);
    for (int k = SOURCE_PHONE; k < SOURCE_COUNT; k++)
        put_choice(sources, str_c(complaint_source_id((enum complaint_source)k)),
                   str_c(complaint_source_name((enum complaint_source)k)), source);
    for (size_t i = 0; i < r->matter_count; i++)
        put_choice(matters, r->matter[i].id, r->matter[i].name, matter);
    struct str seen[8];
    size_t n = 0;
    if (!str_empty(r->supervision))
        seen[n++] = r->supervision;
    for (size_t i = 0; i < r->matter_count; i++) //= R8
        for (size_t k = 0; k < r->matter[i].supervision_count; k++) {
            bool known = n == sizeof seen / sizeof *seen;
            for (size_t j = 0; j < n && !known; j++)
                known = str_eq(seen[j], r->matter[i].supervision[k]);
            if (!known)
                seen[n++] = r->matter[i].supervision[k];
        }
    for (size_t j = 0; j < n; j++)
        guide_phone(ctx, seen[j], view_add_map(phones));
    view_put_bool(ret_map, "has_supervision", n > 0);
    view_put_int(ret_map, "workdays", r->complaint_workdays ? r->complaint_workdays : COMPLAINT_WORKDAYS);
    guide_put(ret_map, "basis", r->complaint_workdays ? r->complaint_basis : STR(""));
    view_put_int(ret_map, "text_max", COMPLAINT_TEXT_MAX);
}
