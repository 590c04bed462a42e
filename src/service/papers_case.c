/* What the papers between application and decision say: notice, tolerance, supplement, acceptance, refusal, letter to another agency, an
** inspection's or a penalty's decision, the letter of commitment. */
#include "base/ident.h"
#include "base/json.h"
#include "intake/commitment.h"
#include "service/papers_int.h"

enum { OFFICERS_MAX = 8 };

static void
put_day_zh(struct ctx *ctx, struct view *body, const char *key, struct day d)
{
    view_put_text(body, key,
                  day_is_none(d) ? STR("")
                                 : str_fmt(ctx->arena, "%s（%s）", day_text_zh(ctx->arena, d).p, day_weekday_zh(d)));
}

static void
add_row(struct ctx *ctx, struct view *list, size_t n, struct str name, struct str note)
{
    struct view *row = view_add_map(list);
    view_put_text(row, "n", str_fmt(ctx->arena, "%zu", n));
    view_put_text(row, "name", name);
    view_put_text(row, "note", note.p ? note : STR(""));
}

/* --- one-time notice --- */

/* How a proof must be: original or copy, how many, how old, whose stamp, from whom; empty when the guide prints none of it. */
static struct str
terms_of(struct arena *a, const struct material *m, const struct facts *f)
{
    const struct {
        const char *before;
        struct str what;
        const char *after;
    } term[] = {{"", m->kind, ""},
                {"", m->copies, "份"},
                {"", m->age, "内的"},
                {"盖", material_stamp_needed(m, f) ? m->stamp : STR(""), ""},
                {"由", m->provider, "提供"}};
    struct buf b;
    buf_init(&b, a, 64);
    for (size_t i = 0; i < sizeof term / sizeof *term; i++)
        if (!str_empty(term[i].what) && str_find(m->name, term[i].what) == SIZE_MAX) /* …复印件 says it already */
            buf_fmt(&b, "%s%s%.*s%s", b.n ? "，" : "", term[i].before, STR_ARG(term[i].what), term[i].after);
    return buf_str(&b);
}

/* The same of all that the gap KEY consists of; with several, each under its name. */
static void
add_how(struct arena *a, const struct case_file *cf, const struct material *m, size_t n, struct str key, struct buf *b)
{
    for (size_t i = 0; i < n; i++) {
        if (m[i].node != MATERIAL_LEAF) {
            add_how(a, cf, m[i].child, m[i].child_count, key, b);
            continue;
        }
        struct str terms = terms_of(a, &m[i], &cf->facts);
        if (!case_lies_in(m[i].key, key) || material_need(&m[i], &cf->facts) == NEED_NO || str_empty(terms))
            continue;
        if (str_eq(m[i].key, key))
            buf_add(b, terms);
        else
            buf_fmt(b, "%s%.*s：%.*s", b->n ? "；" : "", STR_ARG(m[i].name), STR_ARG(terms));
    }
}

/* That it is the only one; a later one says why it is there. */ //= R16 R20 R21
void
paper_put_notice(struct ctx *ctx, struct paper *p)
{
    const struct case_file *cf = p->cf;
    struct view *list = view_put_list(p->body, "gaps");
    bool late = false, present, again = cf->noticed_seq && cf->noticed_seq != cf->seq;
    for (size_t i = 0; i < cf->told_count; i++) {
        struct view *row = view_add_map(list);
        view_put_text(row, "n", str_fmt(ctx->arena, "%zu", i + 1));
        view_put_text(row, "text", cf->told[i].text);
        struct buf how;
        buf_init(&how, ctx->arena, 128);
        add_how(ctx->arena, cf, cf->matter->material, cf->matter->material_count, cf->told[i].key, &how);
        view_put_text(row, "how", buf_str(&how));
    }
    if (p->extra && !json_bool(p->extra, "late", &late, &present))
        late = false;
    view_put_text(p->body, "gap_count", str_fmt(ctx->arena, "%zu", cf->told_count));
    view_put_bool(p->body, "only", !again);
    view_put_bool(p->body, "again", again && !late);
    view_put_bool(p->body, "late", again && late);
    view_put_text(p->body, "remark", paper_map_text(p->extra, "remark"));
}

/* --- tolerance --- */

//= R22
void
paper_put_tolerance(struct ctx *ctx, struct paper *p)
{
    struct view *list = view_put_list(p->body, "owed");
    size_t n = 0;
    for (size_t i = 0; i < p->cf->material_count; i++) {
        const struct case_material *m = &p->cf->material[i];
        if (m->state == MATERIAL_TOLERATED)
            add_row(ctx, list, ++n, paper_material_title(p->cf, m), m->note);
    }
    view_put_text(p->body, "owed_count", str_fmt(ctx->arena, "%zu", n));
    put_day_zh(ctx, p->body, "tolerance_due", p->cf->tolerance_due);
}

/* --- receipt for what came later --- */

static struct str
text_of(const struct case_file *cf, struct str key, struct str name)
{
    for (size_t i = 0; i < cf->material_count; i++)
        if (str_eq(cf->material[i].key, key))
            return paper_material_title(cf, &cf->material[i]);
    return name;
}

void
paper_put_supplement(struct ctx *ctx, struct paper *p)
{
    const struct view *came = p->extra ? view_get(p->extra, STR("materials")) : NULL;
    struct view *now = view_put_list(p->body, "now"), *missing = view_put_list(p->body, "missing");
    struct case_gap *gaps;
    size_t n = 0, gap_count;
    for (const struct view *m = came ? view_first(came) : NULL; m; m = view_next(m)) {
        enum material_state state;
        if (!material_state_parse(paper_map_text(m, "state"), &state) || state == MATERIAL_ABSENT)
            continue;
        add_row(ctx, now, ++n, text_of(p->cf, paper_map_text(m, "key"), paper_map_text(m, "name")),
                paper_map_text(m, "note"));
    }
    case_gaps(ctx, p->cf, &gaps, &gap_count);
    for (size_t i = 0; i < gap_count; i++)
        add_row(ctx, missing, i + 1, gaps[i].text, STR(""));
    view_put_text(p->body, "now_count", str_fmt(ctx->arena, "%zu", n));
    view_put_text(p->body, "missing_count", str_fmt(ctx->arena, "%zu", gap_count));
    view_put_bool(p->body, "complete", gap_count == 0);
    view_put_text(p->body, "supplied_at", day_time_text(ctx->arena, ctx->now_ms));
}

/* --- acceptance, refusal --- */

//= R253
void
paper_put_acceptance(struct ctx *ctx, struct paper *p)
{
    view_put_text(p->body, "accepted_day",
                  day_text_zh(ctx->arena, day_of_ms(p->cf->accepted_ms ? p->cf->accepted_ms : ctx->now_ms)));
    view_put_text(p->body, "remark", paper_map_text(p->extra, "remark"));
}

/* The reason, and what the applicant can do. Review and suit are not printed: no guide gives their articles. */ //= R23
void
paper_put_refusal(struct ctx *ctx, struct paper *p)
{
    (void)ctx;
    view_put_text(p->body, "reason", p->cf->refusal.p ? p->cf->refusal : STR(""));
    view_put_bool(p->body, "before", p->cf->accepted_ms == 0);
}

/* --- letter to the other agency --- */

static struct str
fact_text(struct ctx *ctx, const struct case_file *cf, const char *id)
{
    for (size_t i = 0; i < cf->facts.dict->count; i++)
        if (str_eqz(cf->facts.dict->fact[i].id, id) && cf->facts.value[i].kind != VALUE_UNASKED)
            return fact_value_text(ctx->arena, &cf->facts.dict->fact[i], cf->facts.value[i]);
    return STR("");
}

static struct str
form_text(const struct case_file *cf, const char *id)
{
    return cf->form ? paper_map_text(cf->form, id) : STR("");
}

/* Who moves, as form 9 of annex 4 asks. It goes to another agency: in full. */ //= R103
static void
put_mover(struct ctx *ctx, struct paper *p)
{
    const struct case_file *cf = p->cf;
    struct ident_person id = {.birth = DAY_NONE};
    const char *why;
    bool known = ident_person(ctx->arena, cf->applicant_id, &id, &why);
    struct view *v = view_put_map(p->body, "mover");
    struct str insurance = form_text(cf, "insurance_type");
    view_put_text(v, "name", cf->applicant_name.p ? cf->applicant_name : STR(""));
    view_put_text(v, "id", cf->applicant_id.p ? cf->applicant_id : STR(""));
    view_put_text(v, "mobile", cf->mobile.p ? cf->mobile : STR(""));
    view_put_text(v, "sex",
                  !known                       ? STR("")
                  : id.sex == IDENT_SEX_MALE   ? STR("男")
                  : id.sex == IDENT_SEX_FEMALE ? STR("女")
                                               : STR(""));
    view_put_text(v, "age",
                  known && !day_is_none(id.birth)
                      ? str_fmt(ctx->arena, "%d 岁", day_age(id.birth, day_of_ms(ctx->now_ms)))
                      : STR(""));
    view_put_text(v, "hukou", form_text(cf, "hukou_kind"));
    struct str account = paper_record(p, "account");
    view_put_text(v, "account", str_empty(account) ? form_text(cf, "transfer_account") : account); //= R112
    view_put_text(v, "insurance", paper_insurance(str_empty(insurance) ? fact_text(ctx, cf, "insurance") : insurance));
}

void
paper_put_letter(struct ctx *ctx, struct paper *p)
{
    const struct region *r = p->cf->matter->region;
    const struct channel *c = paper_onsite(p->cf->matter);
    struct view *b = p->body;
    struct str title = service_document_title(p->cf, STR("letter"));
    view_put_text(b, "letter_title",
                  str_eqz(title, "联系函") ? STR("基本医疗保险关系转移接续联系函") : title); /* the sample's heading */
    view_put_text(b, "letter_no", paper_record(p, "reference"));
    view_put_text(b, "letter_day", paper_day_zh(ctx->arena, paper_record(p, "day")));
    view_put_text(b, "party", paper_record(p, "party"));
    view_put_text(b, "way", paper_record(p, "way"));
    put_mover(ctx, p);
    view_put_text(b, "agency_address", c ? c->address : STR(""));
    view_put_text(b, "agency_phone", p->cf->matter->phone_count ? p->cf->matter->phone[0].number : STR(""));
    view_put_text(b, "division", r->code);
}

/* --- decision --- */

/* What an earlier stage recorded, the latest that did. */
static struct str
recorded_before(const struct case_file *cf, const char *field)
{
    for (size_t i = cf->history ? cf->history_count : 0; i > 0; i--) {
        const struct view *payload = cf->history[i - 1].payload;
        const struct view *record =
            payload && str_eqz(cf->history[i - 1].kind, "passed") ? view_get(payload, STR("record")) : NULL;
        struct str s = record ? paper_map_text(record, field) : STR("");
        if (!str_empty(s))
            return s;
    }
    return STR("");
}

/* Who inspected or investigated: the officers that signed, each once. */ //= R267 R270
static enum err
put_officers(struct ctx *ctx, struct paper *p)
{
    struct buf b;
    int64_t seen[OFFICERS_MAX];
    size_t n = 0;
    buf_init(&b, ctx->arena, 64);
    for (size_t i = 0; i < p->cf->step_count && n < OFFICERS_MAX; i++) {
        const struct case_step *s = &p->cf->step[i];
        size_t k = 0;
        while (k < n && seen[k] != s->actor_id)
            k++;
        if (!s->signature || s->undone || k < n || (s->kind != STAGE_INVESTIGATE && s->kind != STAGE_INSPECT))
            continue;
        struct staff who;
        bool found;
        TRY(ctx, staff_by_id(ctx, p->tx, p->cf->region, s->actor_id, &who, &found));
        if (found)
            buf_fmt(&b, "%s%.*s", n ? "、" : "", STR_ARG(who.name));
        seen[n++] = s->actor_id;
    }
    view_put_text(p->body, "officers", buf_str(&b));
    return OK;
}

static void
add_part(struct view *list, const char *name, struct str text)
{
    if (str_empty(text))
        return;
    struct view *row = view_add_map(list);
    view_put_z(row, "name", name);
    view_put_text(row, "text", text);
}

//= R268 R272
enum err
paper_put_decision(struct ctx *ctx, struct paper *p)
{
    struct view *list = view_put_list(p->body, "parts");
    add_part(list, "案由", recorded_before(p->cf, "facts"));
    add_part(list, "检查事项和依据", recorded_before(p->cf, "plan"));
    add_part(list, "检查情况", paper_record(p, "report"));
    add_part(list, "决定", paper_record(p, "decision"));
    add_part(list, "责令改正", paper_record(p, "order"));
    add_part(list, "依据", paper_record(p, "basis"));
    if (view_count(list) == 0)
        FAIL(ctx, ERR_INTEGRITY, "决定书没有内容");
    return put_officers(ctx, p);
}

/* --- commitment --- */

/* Proof by proof, each beside the matter it is for. */ //= R132
enum err
paper_put_commitment(struct ctx *ctx, struct paper *p)
{
    const struct case_file *cf = p->cf;
    struct view *list = view_put_list(p->body, "pairs");
    size_t n = 0;
    for (size_t i = 0; i < cf->material_count; i++) {
        struct str proof;
        if (cf->material[i].state != MATERIAL_COMMITTED)
            continue;
        TRY(ctx, commitment_pair(ctx, cf->matter, cf->material[i].key, &proof));
        struct view *row = view_add_map(list);
        view_put_text(row, "n", str_fmt(ctx->arena, "%zu", ++n));
        view_put_text(row, "matter", cf->matter->name);
        view_put_text(row, "proof", proof);
    }
    if (n == 0)
        FAIL(ctx, ERR_NOT_FOUND, "这个办件没有用承诺代替的材料");
    const struct form *f = catalog_matter_form(matter_catalog(cf->matter), cf->matter);
    view_put_text(p->body, "declaration", f ? service_form_declaration(ctx, f, cf->form) : STR(""));
    return OK;
}
