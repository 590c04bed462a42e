/* Bodies of the papers a case gives rise to: everything a layout of pages/print shows, as texts, because a stored body
** comes back
 ** from JSON without its kinds. Numbers and verification code are added when it is issued (document/). No paper says
** what no guide says. */
#include "base/json.h"
#include "base/money.h"
#include "service/service_int.h"

enum { PHONES_MAX = 4 };

struct paper {
    struct server *server;
    struct tx *tx;
    const struct case_file *cf;
    enum paper_kind kind;
    const struct actor *actor;
    const struct view *extra; /* may be NULL */
    struct view *body;
};

/* --- small readers --- */

static struct str
map_text(const struct view *map, const char *key)
{
    struct str s;
    return json_text(map, key, &s) && s.p ? s : STR("");
}

static struct str
extra_text(const struct paper *p, const char *key)
{
    return map_text(p->extra, key);
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

static bool
prints_paper(const struct matter *m, const char *words, struct str *ret_name)
{
    for (size_t i = 0; i < m->paper_count; i++)
        if (str_find(m->paper[i], str_c(words)) != SIZE_MAX) {
            *ret_name = m->paper[i];
            return true;
        }
    return false;
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

static struct str
material_title(const struct case_file *cf, const struct case_material *m)
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

static const struct channel *
onsite(const struct matter *m)
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
    const struct channel *c = onsite(m);
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
        view_put_text(row, "name", material_title(cf, m));
        view_put_z(row, "state", material_state_name(m->state));
        view_put_text(row, "note", m->note.p ? m->note : STR(""));
    }
    view_put_bool(p->body, "has_materials", n > 0);
}

/* --- what one kind says --- */

//= R16 R20 R21
static void
put_gaps(struct ctx *ctx, struct paper *p)
{
    struct view *list = view_put_list(p->body, "gaps");
    for (size_t i = 0; i < p->cf->told_count; i++) {
        struct view *row = view_add_map(list);
        view_put_text(row, "n", str_fmt(ctx->arena, "%zu", i + 1));
        view_put_text(row, "text", p->cf->told[i].text);
    }
    view_put_text(p->body, "gap_count", str_fmt(ctx->arena, "%zu", p->cf->told_count));
}

//= R22
static void
put_owed(struct ctx *ctx, struct paper *p)
{
    struct view *list = view_put_list(p->body, "owed");
    int n = 0;
    for (size_t i = 0; i < p->cf->material_count; i++) {
        const struct case_material *m = &p->cf->material[i];
        if (m->state != MATERIAL_TOLERATED)
            continue;
        struct view *row = view_add_map(list);
        view_put_text(row, "n", str_fmt(ctx->arena, "%d", ++n));
        view_put_text(row, "name", material_title(p->cf, m));
        view_put_text(row, "note", m->note.p ? m->note : STR(""));
    }
    view_put_text(p->body, "owed_count", str_fmt(ctx->arena, "%d", n));
}

/* Full names for papers that leave the region. */
static struct str
insurance_name(struct str insurance)
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
        struct str insurance = map_text(e, "insurance");
        struct view *row = view_add_map(rows);
        view_put_text(row, "insurance", insurance_name(insurance));
        view_put_text(row, "identity", map_text(e, "identity"));
        view_put_text(row, "from", month_text(ctx->arena, from));
        view_put_text(row, "to", day_is_none(to) ? STR("至今") : month_text(ctx->arena, to));
        view_put_text(row, "status", map_text(e, "status"));
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
    const struct channel *c = onsite(p->cf->matter);
    struct view *b = p->body;
    struct span s = put_enrolments(ctx, p);
    put_balance(ctx, p);
    view_put_text(b, "person_name", extra_text(p, "person_name"));
    view_put_text(b, "person_id", extra_text(p, "id_number"));
    view_put_text(b, "hukou", extra_text(p, "hukou"));
    view_put_text(b, "insurance", insurance_name(s.insurance));
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

static void
add_result(struct view *list, const char *name, struct str value)
{
    if (str_empty(value))
        return;
    struct view *row = view_add_map(list);
    view_put_z(row, "name", name);
    view_put_text(row, "value", value);
}

/* What the effect did, in words; only what it reported. */
static void
put_results(struct ctx *ctx, struct paper *p)
{
    static const struct {
        const char *key, *name;
    } texts[] =
        {
            {"unit_name", "单位名称"}, {"unit_no", "单位编号"},     {"uscc", "统一社会信用代码"},
            {"unit_kind", "单位性质"}, {"unit_status", "参保状态"}, {"insurance", "参加的保险"},
            {"identity", "参保身份"},  {"category", "备案类别"},    {"action", "办理内容"},
            {"place", "备案地"},       {"proof_mode", "证明方式"},
        },
      counts[] = {{"persons", "登记人数"}, {"changes", "变更项数"}, {"members", "参保人数"}};
    struct view *list = view_put_list(p->body, "results");
    int64_t n;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        add_result(list, texts[i].name, extra_text(p, texts[i].key));
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (extra_int(p, counts[i].key, &n))
            add_result(list, counts[i].name, str_fmt(ctx->arena, "%lld", (long long)n));
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

struct str
service_paper_title(const struct matter *m, bool by_unit, enum paper_kind kind)
{
    struct str name;
    switch (kind) {
    case PAPER_REFUSAL: //= R23
        return prints_paper(m, "否定备案书", &name) ? STR("否定备案书") : STR("不予办理通知书");
    case PAPER_CERTIFICATE:
        return STR("基本医疗保险参保凭证");
    case PAPER_QUERY:
        if (prints_paper(m, "个人权益记录", &name))
            return name;
        return by_unit ? STR("单位参保信息查询结果") : STR("个人参保信息查询结果");
    default:
        return str_c(document_title(str_c(paper_id(kind))));
    }
}

enum err
service_paper(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf, enum paper_kind kind,
              const struct actor *a, const struct view *extra, struct view **ret_body)
{
    struct paper p = {
        .server = s, .tx = tx, .cf = cf, .kind = kind, .actor = a, .extra = extra, .body = view_map(ctx->arena)};
    put_head(ctx, &p, service_paper_title(cf->matter, cf->by_unit, kind));
    put_applicant(ctx, &p);
    put_place(&p);
    put_phones(ctx, &p);
    TRY(ctx, put_people(ctx, &p));
    switch (kind) {
    case PAPER_RECEIPT:
        put_due(ctx, &p);
        put_materials(ctx, &p);
        view_put_text(p.body, "delivery", cf->delivery.p ? cf->delivery : STR(""));
        view_put_bool(p.body, "has_care", !str_empty(cf->delivery) || cf->owner_id);
        break;
    case PAPER_NOTICE:
        put_gaps(ctx, &p);
        break;
    case PAPER_TOLERANCE:
        put_due(ctx, &p);
        put_owed(ctx, &p);
        break;
    case PAPER_REFUSAL:
        view_put_text(p.body, "reason", cf->refusal.p ? cf->refusal : STR(""));
        break;
    case PAPER_CERTIFICATE:
        put_certificate(ctx, &p);
        break;
    case PAPER_RESULT:
        put_results(ctx, &p);
        view_put_text(p.body, "delivery", cf->delivery.p ? cf->delivery : STR(""));
        break;
    case PAPER_QUERY:
        put_query(ctx, &p);
        break;
    case PAPER_COUNT:
        FAIL(ctx, ERR_INTERNAL, "没有这种文书");
    }
    *ret_body = p.body;
    return OK;
}
