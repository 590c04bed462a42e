/* Bodies of the papers a case gives rise to: everything a layout of pages/print shows, as texts, because a stored body comes back
** from JSON without its kinds. Numbers and verification code are added when it is issued (document/). No paper says what no guide says;
** what the later kinds say is in papers_case.c and papers_file.c. */
#include "service/papers.h"

#include "base/json.h"
#include "base/money.h"
#include "service/papers_int.h"

enum { PHONES_MAX = 4 };

/* --- small readers --- */

struct str
paper_map_text(const struct view *map, const char *key)
{
    struct str s;
    return json_text(map, key, &s) && s.p ? s : STR("");
}

static struct str
extra_text(const struct paper *p, const char *key)
{
    return paper_map_text(p->extra, key);
}

static bool
extra_int(const struct paper *p, const char *key, int64_t *ret_v)
{
    bool present;
    return json_int(p->extra, key, ret_v, &present) && present;
}

/* A day of a row made here (DAY) or read back (text). */
static struct day
row_day(const struct view *row, const char *key)
{
    const struct view *v = view_get(row, str_c(key));
    struct day d;
    if (v && view_kind(v) == VIEW_DAY)
        return (struct day){(int32_t)view_int(v)};
    return v && day_parse(view_text(v), &d) ? d : DAY_NONE;
}

static struct str
month_text(struct arena *a, struct day d)
{
    if (day_is_none(d))
        return STR("");
    struct day_ymd ymd = day_ymd(d);
    return str_fmt(a, "%d年%d月", ymd.year, ymd.month);
}

bool
paper_printed(const struct matter *m, const char *words, struct str *ret_name)
{
    for (size_t i = 0; i < m->paper_count; i++)
        if (str_find(m->paper[i], str_c(words)) != SIZE_MAX) {
            *ret_name = m->paper[i];
            return true;
        }
    return false;
}

struct str
paper_record(const struct paper *p, const char *field)
{
    const struct view *record = p->extra ? view_get(p->extra, STR("record")) : NULL;
    return record ? paper_map_text(record, field) : STR("");
}

struct str
paper_day_zh(struct arena *a, struct str day)
{
    struct day d;
    return day_parse(day, &d) ? day_text_zh(a, d) : day;
}

static const struct material *
leaf_by_key(const struct material *m, size_t n, struct str key)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(m[i].key, key))
            return &m[i];
        const struct material *in = leaf_by_key(m[i].child, m[i].child_count, key);
        if (in)
            return in;
    }
    return NULL;
}

struct str
paper_material_title(const struct case_file *cf, const struct case_material *m)
{
    if (!str_empty(m->name))
        return m->name;
    const struct material *leaf = leaf_by_key(cf->matter->material, cf->matter->material_count, m->key);
    return leaf ? leaf->name : m->key;
}

/* --- what every paper says --- */

static void
put_head(struct ctx *ctx, struct paper *p, struct str title)
{
    const struct matter *m = p->cf->matter;
    const struct region *r = m->region;
    struct view *b = p->body;
    view_put_text(b, "title", title);
    view_put_z(b, "kind", paper_id(p->kind));
    view_put_bool(b, "demo", p->server->demo);
    view_put_text(b, "public_url", p->server->public_url.p ? p->server->public_url : STR(""));
    view_put_text(b, "region", r->code);
    view_put_text(b, "region_name", r->name);
    view_put_text(b, "agency_name", r->agency_name);
    view_put_text(b, "matter_id", m->id);
    view_put_text(b, "matter_name", m->name);
    view_put_text(b, "case_no", p->cf->no);
    view_put_text(b, "received_at", p->cf->received_ms ? day_time_text(ctx->arena, p->cf->received_ms) : STR(""));
    view_put_text(b, "received_day",
                  p->cf->received_ms ? day_text_zh(ctx->arena, day_of_ms(p->cf->received_ms)) : STR(""));
    view_put_z(b, "channel", channel_name(p->cf->channel));
}

/* The applicant holds the paper: his name in full; his number masked, for papers are left lying about. A unit's code is
 * public. */
static void
put_applicant(struct ctx *ctx, struct paper *p)
{
    const struct case_file *cf = p->cf;
    struct view *v = view_put_map(p->body, "applicant");
    struct str id = cf->applicant_id;
    view_put_bool(v, "unit", cf->by_unit);
    view_put_text(v, "name", cf->applicant_name.p ? cf->applicant_name : STR(""));
    view_put_text(v, "id", str_empty(id) ? STR("") : cf->by_unit ? id : ident_mask_id(ctx->arena, id));
    view_put_text(v, "delegate", cf->delegate_name.p ? cf->delegate_name : STR(""));
    view_put_text(v, "mobile", str_empty(cf->mobile) ? STR("") : ident_mask_mobile(ctx->arena, cf->mobile));
}

static const struct service_point *
point_by_id(const struct region *r, struct str id)
{
    for (size_t i = 0; !str_empty(id) && i < r->point_count; i++)
        if (str_eq(r->point[i].id, id))
            return &r->point[i];
    return NULL;
}

const struct channel *
paper_onsite(const struct matter *m)
{
    for (size_t i = 0; i < m->channel_count; i++)
        if (m->channel[i].kind == CHANNEL_ONSITE && !m->channel[i].planned)
            return &m->channel[i];
    return NULL;
}

/* Where the applicant goes with this paper: the point that has the case, else the window the guide prints. */
static void
put_place(struct paper *p)
{
    const struct matter *m = p->cf->matter;
    struct str points = p->actor->points, first;
    const struct service_point *at = point_by_id(m->region, p->cf->point);
    if (!at && p->actor->kind == ACTOR_STAFF && str_split(&points, ' ', &first))
        at = point_by_id(m->region, first);
    const struct channel *c = paper_onsite(m);
    struct view *v = view_put_map(p->body, "place");
    bool same = c && (!at || str_empty(at->address));
    view_put_text(v, "name", at ? at->name : c ? c->name : m->region->agency_name);
    view_put_text(v, "address", at && !str_empty(at->address) ? at->address : same ? c->address : STR(""));
    view_put_text(v, "window", c && !at ? c->window : STR(""));
}

static struct str
phone_list(struct ctx *ctx, const struct matter *m)
{
    struct buf b;
    buf_init(&b, ctx->arena, 128);
    for (size_t i = 0; i < m->phone_count && i < PHONES_MAX; i++) {
        const struct phone *x = &m->phone[i];
        struct str whose = str_empty(x->unit) ? x->insurance : x->unit;
        buf_fmt(&b, "%s%.*s", b.n ? "、" : "", STR_ARG(x->number));
        if (!str_empty(whose))
            buf_fmt(&b, "（%.*s）", STR_ARG(whose));
    }
    return buf_str(&b);
}

static void
put_phones(struct ctx *ctx, struct paper *p)
{
    const struct matter *m = p->cf->matter;
    struct buf b;
    buf_init(&b, ctx->arena, 64);
    for (size_t i = 0; i < m->supervision_count && i < PHONES_MAX; i++)
        buf_fmt(&b, "%s%.*s", b.n ? "、" : "", STR_ARG(m->supervision[i]));
    if (b.n == 0)
        buf_add(&b, m->region->supervision);
    view_put_text(p->body, "supervision", buf_str(&b)); //= R8
    view_put_text(p->body, "consult", phone_list(ctx, m));
}

//= R24
static enum err
put_people(struct ctx *ctx, struct paper *p)
{
    struct staff owner = {0};
    bool found = false, clerk = p->actor->kind == ACTOR_STAFF && !actor_has(p->actor, ROLE_KIOSK);
    struct str name = STR("");
    if (clerk && p->actor->id == p->cf->owner_id)
        name = p->actor->name;
    else if (p->cf->owner_id) {
        TRY(ctx, staff_by_id(ctx, p->tx, p->cf->region, p->cf->owner_id, &owner, &found));
        name = found ? owner.name : name;
    }
    view_put_text(p->body, "owner_name", name);
    view_put_text(p->body, "clerk_name", clerk && p->actor->name.p ? p->actor->name : STR(""));
    return OK;
}

//= R276
static void
put_due(struct ctx *ctx, struct paper *p)
{
    const struct case_file *cf = p->cf;
    struct fact_set needed = {0};
    const struct limit_tier *t = checklist_limit(cf->matter, &cf->facts, &needed);
    struct view *v = view_put_map(p->body, "due");
    bool none = day_is_none(cf->due);
    view_put_text(v, "day",
                  none ? STR("")
                       : str_fmt(ctx->arena, "%s（%s）", day_text_zh(ctx->arena, cf->due).p, day_weekday_zh(cf->due)));
    view_put_bool(v, "tentative", !none && cf->tentative);
    view_put_text(v, "promised", t ? limit_text(ctx->arena, t->promised) : STR(""));
    view_put_text(v, "counted_from", cf->limit_basis.p ? cf->limit_basis : STR(""));
}

static void
put_materials(struct ctx *ctx, struct paper *p)
{
    const struct case_file *cf = p->cf;
    struct view *list = view_put_list(p->body, "materials");
    int n = 0;
    for (size_t i = 0; i < cf->material_count; i++) {
        const struct case_material *m = &cf->material[i];
        if (m->state == MATERIAL_ABSENT && p->kind == PAPER_RECEIPT)
            continue; /* a receipt tells what was received */
        struct view *row = view_add_map(list);
        view_put_text(row, "n", str_fmt(ctx->arena, "%d", ++n));
        view_put_text(row, "name", paper_material_title(cf, m));
        view_put_z(row, "state", material_state_name(m->state));
        view_put_text(row, "note", m->note.p ? m->note : STR(""));
    }
    view_put_bool(p->body, "has_materials", n > 0);
}

/* --- what one kind says --- */

/* Full names for papers that leave the region. */
struct str
paper_insurance(struct str insurance)
{
    return str_eqz(insurance, "职工医保")       ? STR("职工基本医疗保险")
           : str_eqz(insurance, "城乡居民医保") ? STR("城乡居民基本医疗保险")
                                                : insurance;
}

/* Enrolments as rows; from the first of INSURANCE to its last day, or to now while it lasts. */
struct span {
    struct str insurance;
    struct day from, to;
    bool active;
};

static struct span
put_enrolments(struct ctx *ctx, struct paper *p)
{
    struct view *rows = view_put_list(p->body, "enrolments");
    const struct view *list = p->extra ? view_get(p->extra, STR("enrolments")) : NULL;
    struct span s = {.insurance = STR(""), .from = DAY_NONE, .to = DAY_NONE};
    for (const struct view *e = list ? view_first(list) : NULL; e; e = view_next(e)) {
        struct day from = row_day(e, "from"), to = row_day(e, "to");
        struct str insurance = paper_map_text(e, "insurance");
        struct view *row = view_add_map(rows);
        view_put_text(row, "insurance", paper_insurance(insurance));
        view_put_text(row, "identity", paper_map_text(e, "identity"));
        view_put_text(row, "from", month_text(ctx->arena, from));
        view_put_text(row, "to", day_is_none(to) ? STR("至今") : month_text(ctx->arena, to));
        view_put_text(row, "status", paper_map_text(e, "status"));
        if (!str_eq(insurance, s.insurance)) /* the certificate is about the latest insurance */
            s = (struct span){.insurance = insurance, .from = from, .to = DAY_NONE};
        s.active = day_is_none(to);
        s.to = s.active ? day_of_ms(ctx->now_ms) : to;
    }
    view_put_bool(p->body, "has_enrolments", view_count(rows) > 0);
    return s;
}

static void
put_balance(struct ctx *ctx, struct paper *p)
{
    int64_t fen = 0, months = 0;
    bool balance = extra_int(p, "balance_fen", &fen);
    view_put_bool(p->body, "has_balance", balance);
    view_put_text(p->body, "balance", balance ? money_text(ctx->arena, (struct money){fen}) : STR(""));
    view_put_text(p->body, "balance_words",
                  balance ? money_capitals(ctx->arena, (struct money){fen}) : STR("")); //= R114
    view_put_text(p->body, "months",
                  extra_int(p, "months", &months) && months ? str_fmt(ctx->arena, "%lld", (long long)months) : STR(""));
}

/* Form 8 of annex 4, in its order. The number goes to another agency, so the certificate bears it in full. */
//= R114 R115
static void
put_certificate(struct ctx *ctx, struct paper *p)
{
    const struct region *r = p->cf->matter->region;
    const struct channel *c = paper_onsite(p->cf->matter);
    struct view *b = p->body;
    struct span s = put_enrolments(ctx, p);
    put_balance(ctx, p);
    view_put_text(b, "person_name", extra_text(p, "person_name"));
    view_put_text(b, "person_id", extra_text(p, "id_number"));
    view_put_text(b, "hukou", extra_text(p, "hukou"));
    view_put_text(b, "insurance", paper_insurance(s.insurance));
    view_put_text(b, "insured_from", month_text(ctx->arena, s.from));
    view_put_text(b, "insured_to", month_text(ctx->arena, s.to));
    view_put_text(b, "province", r->province);
    view_put_text(b, "pool", str_empty(r->pool) ? r->name : r->pool);
    /* Where several agencies of one pool count for themselves, the number says which of them. */
    view_put_text(b, "seq_prefix",
                  str_empty(r->pool_code) || str_eq(r->pool_code, r->code)
                      ? STR("")
                      : str_fmt(ctx->arena, "%.*s-", STR_ARG(r->code)));
    view_put_text(b, "agency_address", c ? c->address : STR(""));
    view_put_text(b, "agency_phone", p->cf->matter->phone_count ? p->cf->matter->phone[0].number : STR(""));
}

void
paper_add_line(struct view *list, const char *name, struct str value)
{
    if (str_empty(value))
        return;
    struct view *row = view_add_map(list);
    view_put_z(row, "name", name);
    view_put_text(row, "value", value);
}

/* What the guide says of the further way of this very case. */ //= R140 R148
static void
add_advice(const struct case_file *cf, struct view *list)
{
    static const char *const names[ADVICE_KIND_COUNT] = {"请注意", "", "登记类别", "还要办理"};
    for (size_t i = 0; i < cf->matter->advice_count; i++) {
        const struct advice *x = &cf->matter->advice[i];
        if (x->at_case && condition_need(&x->when, &cf->facts, NULL) == NEED_YES)
            paper_add_line(list, names[x->kind], x->kind == ADVICE_CATEGORY ? x->what : x->verbatim);
    }
}

/* What the effect did, in words; only what it reported. */
static void
put_results(struct ctx *ctx, struct paper *p)
{
    static const struct {
        const char *key, *name;
    } texts[] =
        {
            {"unit_name", "单位名称"},
            {"unit_no", "单位编号"},
            {"uscc", "统一社会信用代码"},
            {"unit_kind", "单位性质"},
            {"unit_status", "参保状态"},
            {"insurance", "参加的保险"},
            {"identity", "参保身份"},
            {"category", "备案类别"},
            {"action", "办理内容"},
            {"place", "备案地"},
            {"proof_mode", "证明方式"},
            {"insurances", "同意登记的险种"},
            {"insurances_denied", "不同意登记的险种"},
            {"former_name", "原单位"},
            {"former_status", "原单位状态"},
        },
      counts[] = {{"persons", "登记人数"},
                  {"changes", "变更项数"},
                  {"members", "参保人数"},
                  {"members_moved", "转入职工人数"},
                  {"members_paused", "中断职工人数"},
                  {"members_ended", "终止职工人数"}};
    struct view *list = view_put_list(p->body, "results");
    int64_t n;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        paper_add_line(list, texts[i].name, extra_text(p, texts[i].key));
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (extra_int(p, counts[i].key, &n))
            paper_add_line(list, counts[i].name, str_fmt(ctx->arena, "%lld", (long long)n));
    if (p->kind == PAPER_RESULT)
        add_advice(p->cf, list);
    view_put_bool(p->body, "has_results", view_count(list) > 0);
}

//= R86
static void
put_query(struct ctx *ctx, struct paper *p)
{
    struct str id = extra_text(p, "id_number");
    put_results(ctx, p);
    put_enrolments(ctx, p);
    put_balance(ctx, p);
    view_put_bool(p->body, "person", !str_empty(extra_text(p, "person_name")));
    view_put_text(p->body, "person_name", extra_text(p, "person_name"));
    view_put_text(p->body, "person_id", str_empty(id) ? STR("") : ident_mask_id(ctx->arena, id));
    view_put_text(p->body, "person_sex", extra_text(p, "sex"));
    view_put_text(p->body, "id_kind", extra_text(p, "id_kind"));
}

/* --- titles and numbers --- */

bool
service_acceptance_slip(const struct matter *m)
{
    struct str name;
    return paper_printed(m, "不受理的回执单", &name) || paper_printed(m, "不受理回执单", &name); //= R253
}

struct str
service_refusal_title(const struct matter *m, bool accepted)
{
    struct str name;
    if (paper_printed(m, "否定备案书", &name)) //= R23
        return STR("否定备案书");
    if (accepted)
        return STR("不予办理通知书");
    return service_acceptance_slip(m) ? STR("不受理回执单") : STR("不予受理通知书"); //= R253
}

/* What the guide has the stages of KIND issue; empty: it gives no name. */
static struct str
stage_paper_name(const struct matter *m, enum stage_kind kind)
{
    for (size_t i = 0; i < m->stage_count; i++)
        if (m->stage[i].kind == kind && !str_empty(m->stage[i].paper.name))
            return m->stage[i].paper.name;
    return STR("");
}

//= R268 R273
struct str
service_decision_title(const struct matter *m)
{
    struct str name = stage_paper_name(m, STAGE_DECIDE);
    if (!str_empty(name))
        return name;
    return paper_printed(m, "决定书", &name) ? name : STR("行政处理决定书");
}

struct str
service_paper_title(const struct matter *m, bool by_unit, enum paper_kind kind)
{
    struct str name;
    switch (kind) {
    case PAPER_REFUSAL:
        return service_refusal_title(m, true);
    case PAPER_DECISION:
        return service_decision_title(m);
    case PAPER_LETTER: /* 接收函, where it is printed so */
        name = stage_paper_name(m, STAGE_LETTER);
        return str_empty(name) ? str_c(document_title(str_c(paper_id(kind)))) : name;
    case PAPER_CERTIFICATE:
        return STR("基本医疗保险参保凭证");
    case PAPER_QUERY:
        if (paper_printed(m, "个人权益记录", &name))
            return name;
        return by_unit ? STR("单位参保信息查询结果") : STR("个人参保信息查询结果");
    default:
        return str_c(document_title(str_c(paper_id(kind))));
    }
}

struct str
service_document_title(const struct case_file *cf, struct str kind)
{
    for (int k = 0; k < PAPER_COUNT; k++)
        if (str_eqz(kind, paper_id((enum paper_kind)k)))
            return k == PAPER_REFUSAL ? service_refusal_title(cf->matter, cf->accepted_ms != 0)
                                      : service_paper_title(cf->matter, cf->by_unit, (enum paper_kind)k);
    return str_c(document_title(kind));
}

//= R115
struct str
service_paper_prefix(struct arena *a, const struct region *r, struct str no, enum paper_kind kind)
{
    static const char letters[] = "RNTDCJQSLXKAPBG";
    _Static_assert(sizeof letters == PAPER_COUNT + 1, "a letter for every kind of paper");
    if (kind == PAPER_RECEIPT) /* one per case: its number is the case's */
        return str_fmt(a, "%.*sR", STR_ARG(no));
    if (kind != PAPER_CERTIFICATE)
        return str_fmt(a, "%.*s%c", STR_ARG(r->code), letters[kind]);
    return str_fmt(a, "%.*s-%.*s", STR_ARG(str_empty(r->province_code) ? str_sub(r->code, 0, 2) : r->province_code),
                   STR_ARG(str_empty(r->pool_code) ? r->code : r->pool_code));
}

/* What belongs to the kind alone. */
static enum err
put_kind(struct ctx *ctx, struct paper *p)
{
    const struct case_file *cf = p->cf;
    switch (p->kind) {
    case PAPER_RECEIPT:
        put_due(ctx, p);
        put_materials(ctx, p);
        view_put_text(p->body, "delivery", cf->delivery.p ? cf->delivery : STR(""));
        view_put_bool(p->body, "has_care", !str_empty(cf->delivery) || cf->owner_id);
        return OK;
    case PAPER_NOTICE:
        paper_put_notice(ctx, p);
        return OK;
    case PAPER_TOLERANCE:
        put_due(ctx, p);
        paper_put_tolerance(ctx, p);
        return OK;
    case PAPER_REFUSAL:
        paper_put_refusal(ctx, p);
        return OK;
    case PAPER_CERTIFICATE:
        put_certificate(ctx, p);
        return OK;
    case PAPER_RESULT:
        put_results(ctx, p);
        view_put_text(p->body, "delivery", cf->delivery.p ? cf->delivery : STR(""));
        return OK;
    case PAPER_QUERY:
        put_query(ctx, p);
        return OK;
    case PAPER_SUPPLEMENT:
        paper_put_supplement(ctx, p);
        return OK;
    case PAPER_ACCEPTANCE:
        put_due(ctx, p);
        paper_put_acceptance(ctx, p);
        return OK;
    case PAPER_LETTER:
        paper_put_letter(ctx, p);
        return OK;
    case PAPER_DECISION:
        return paper_put_decision(ctx, p);
    case PAPER_COMMITMENT:
        return paper_put_commitment(ctx, p);
    case PAPER_COVER:
        return paper_put_cover(ctx, p);
    case PAPER_STAGE:
        return paper_put_stage(ctx, p);
    case PAPER_SUSPENDED: /* its matter and basis are all it says */
        view_put_text(p->body, "basis", cf->matter->status_basis);
        return OK;
    case PAPER_COUNT:
        break;
    }
    FAIL(ctx, ERR_INTERNAL, "没有这种文书");
}

enum err
service_paper(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf, enum paper_kind kind,
              const struct actor *a, const struct view *extra, struct view **ret_body)
{
    struct paper p = {
        .server = s, .tx = tx, .cf = cf, .kind = kind, .actor = a, .extra = extra, .body = view_map(ctx->arena)};
    put_head(ctx, &p, kind == PAPER_STAGE ? paper_stage_title(&p) : service_document_title(cf, str_c(paper_id(kind))));
    put_applicant(ctx, &p);
    put_place(&p);
    put_phones(ctx, &p);
    TRY(ctx, put_people(ctx, &p));
    TRY(ctx, put_kind(ctx, &p));
    *ret_body = p.body;
    return OK;
}
