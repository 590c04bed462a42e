/* The paper that a stage issues when it is passed (出具): what was recorded with it and with the earlier stages that the catalogue has it
** state, who did and who signed them, and the guide's own words with it. Nothing else: no guide prints how such a paper reads. */
#include "base/json.h"
#include "case/case_store.h"
#include "service/papers_int.h"

/* The stage that was just passed: EXTRA is its event. */
static const struct stage *
passed_stage(const struct case_file *cf, const struct view *event, size_t *ret_i)
{
    int64_t i = 0;
    bool present = false;
    if (!event || !json_int(event, "stage", &i, &present) || !present || i < 0 || (size_t)i >= cf->matter->stage_count)
        return NULL;
    *ret_i = (size_t)i;
    return &cf->matter->stage[i];
}

struct str
paper_stage_title(const struct paper *p)
{
    size_t i;
    const struct stage *st = passed_stage(p->cf, p->extra, &i);
    return st ? st->paper.name : STR("");
}

struct str
paper_quoted(struct arena *a, struct str name)
{
    return str_empty(name) || str_starts(name, STR("《")) ? (name.p ? name : STR(""))
                                                          : str_fmt(a, "《%.*s》", STR_ARG(name));
}

static void
add_fields(struct ctx *ctx, const struct view *record, const struct record_field *f, size_t n, bool opinions,
           struct view *list)
{
    for (size_t i = 0; record && i < n; i++) {
        struct str value = paper_map_text(record, f[i].id);
        if (!str_empty(value) && (opinions || !str_eqz(str_c(f[i].id), "opinion")))
            paper_add_line(list, f[i].name,
                           f[i].type == RECORD_CHECK ? STR("是")
                           : f[i].type == RECORD_DAY ? paper_day_zh(ctx->arena, value)
                                                     : value);
    }
}

static bool
of_stage(const struct view *payload, size_t stage)
{
    int64_t i;
    bool present;
    return payload && json_int(payload, "stage", &i, &present) && present && i == (int64_t)stage;
}

/* What happened so far, with the event just written: where several steps are done in one request, CF knows only the earlier ones. */
struct past {
    const struct case_file *cf;
    struct case_entry *e;
    size_t n;
    struct staff_names names;
};

/* Whether the case was returned to STAGE, or to one before it, after event AT: then what AT says of STAGE no longer stands. */
static bool
undone_later(const struct past *h, size_t at, size_t stage)
{
    for (size_t i = at + 1; i < h->n; i++) {
        int64_t to;
        bool present;
        const struct view *p = h->e[i].payload;
        if (str_eqz(h->e[i].kind, "returned") && p && json_int(p, "to", &to, &present) && present &&
            to <= (int64_t)stage)
            return true;
    }
    return false;
}

/* One part: a stage with what was recorded, by whom, and its signatures. PASSED: its event. */
struct stated {
    size_t stage;
    const struct view *passed;
    int64_t actor_id, at_ms;
    bool outside; /* the paper leaves the house: opinions stay inside */
};

static void
put_signatures(struct ctx *ctx, const struct past *h, size_t stage, bool opinions, struct view *part)
{
    const struct stage_rule *r = stage_rule(h->cf->matter->stage[stage].kind);
    struct view *list = view_put_list(part, "signatures");
    for (size_t i = 0; i < h->n; i++) {
        const struct case_entry *e = &h->e[i];
        if (!str_eqz(e->kind, "signed") || !of_stage(e->payload, stage) || undone_later(h, i, stage))
            continue;
        struct view *row = view_add_map(list);
        view_put_text(row, "who", staff_names_get(&h->names, e->actor_id));
        view_put_z(row, "verb", r->sign_verb ? r->sign_verb : "签字");
        view_put_text(row, "day", day_text_zh(ctx->arena, day_of_ms(e->at_ms)));
        add_fields(ctx, view_get(e->payload, STR("record")), r->sign_field, r->sign_field_count, opinions,
                   view_put_list(row, "fields"));
    }
}

static void
put_part(struct ctx *ctx, const struct past *h, const struct stated *s, struct view *list)
{
    const struct stage *st = &h->cf->matter->stage[s->stage];
    const struct stage_rule *r = stage_rule(st->kind);
    const struct view *record = view_get(s->passed, STR("record"));
    struct view *part = view_add_map(list), *fields;
    view_put_text(part, "stage", str_empty(st->name) ? str_c(stage_name(st->kind)) : st->name);
    view_put_text(part, "unit", st->unit.p ? st->unit : STR(""));
    view_put_text(part, "who", staff_names_get(&h->names, s->actor_id));
    view_put_text(part, "day", day_text_zh(ctx->arena, day_of_ms(s->at_ms)));
    fields = view_put_list(part, "fields");
    add_fields(ctx, record, r->field, r->field_count, true, fields);
    if (st->kind == STAGE_EVALUATE)
        add_fields(ctx, record, case_survey_fields, CASE_SURVEY_FIELDS, true, fields); //= R255
    add_fields(ctx, record, case_sent_fields, CASE_SENT_FIELDS, true, fields);         //= R117
    if (!s->outside)
        paper_add_line(fields, "意见", paper_map_text(s->passed, "opinion"));
    put_signatures(ctx, h, s->stage, !s->outside, part);
}

/* The last time that STAGE was passed, before now. */
static bool
find_passed(const struct past *h, size_t stage, bool outside, struct stated *ret_s)
{
    for (size_t i = h->n; i > 0; i--) {
        const struct case_entry *e = &h->e[i - 1];
        if (str_eqz(e->kind, "passed") && of_stage(e->payload, stage) && !undone_later(h, i - 1, stage)) {
            *ret_s = (struct stated){stage, e->payload, e->actor_id, e->at_ms, outside};
            return true;
        }
    }
    return false;
}

static bool
stated_of(const struct stage_paper *p, enum stage_kind k)
{
    for (size_t i = 0; i < p->of_count; i++)
        if (p->of[i] == k)
            return true;
    return false;
}

//= R163 R255 R268 R272 R273
enum err
paper_put_stage(struct ctx *ctx, struct paper *p)
{
    const struct case_file *cf = p->cf;
    struct past h = {.cf = cf};
    size_t at = 0;
    const struct stage *st = passed_stage(cf, p->extra, &at);
    if (!st || str_empty(st->paper.name))
        FAIL(ctx, ERR_INTERNAL, "这个环节没有要出具的文书");
    TRY(ctx, staff_names_load(ctx, p->tx, cf->region, &h.names));
    TRY(ctx, case_history(ctx, p->tx, &p->server->vault, cf->region, cf->id, &h.e, &h.n));
    struct view *b = p->body, *list = view_put_list(b, "parts");
    bool outside = !str_empty(st->paper.to);
    struct stated s;
    for (size_t i = 0; i < at; i++)
        if (stated_of(&st->paper, cf->matter->stage[i].kind) && find_passed(&h, i, outside, &s))
            put_part(ctx, &h, &s, list);
    s = (struct stated){at, p->extra, p->actor->id, ctx->now_ms, outside};
    put_part(ctx, &h, &s, list);
    view_put_text(b, "recipient", paper_record(p, case_recipient_field.id));
    view_put_text(b, "note", st->paper.note.p ? st->paper.note : STR(""));
    view_put_bool(b, "by_office", case_origin(cf->matter) == ORIGIN_OFFICE);
    /* Who gets it must know whom it is about; a copy for the file need not tell. */
    struct str id = cf->applicant_id.p ? cf->applicant_id : STR("");
    view_put_text(b, "subject_id", !outside && !cf->by_unit && !str_empty(id) ? ident_mask_id(ctx->arena, id) : id);
    return OK;
}
