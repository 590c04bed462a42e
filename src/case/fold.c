/* case_fold: the only way a case's state changes. Reads events as they were written; one that cannot follow is a fault.
 */
#include "case/case_int.h"

#include "base/json.h"

struct view *
case_facts_view(struct arena *a, const struct facts *f)
{
    struct view *map = view_map(a);
    for (size_t i = 0; i < f->dict->count; i++)
        if (f->value[i].kind != VALUE_UNASKED)
            view_put_text(map, str_z(a, f->dict->fact[i].id), fact_value_text(a, &f->dict->fact[i], f->value[i]));
    return map;
}

enum err
case_facts_read(struct ctx *ctx, const struct catalog *c, const struct view *map, struct facts *ret_f)
{
    *ret_f = facts_new(ctx->arena, catalog_dict(c));
    if (!map)
        return OK;
    for (const struct view *v = view_first(map); v; v = view_next(v)) {
        enum view_kind k = view_kind(v);
        if (k == VIEW_NULL)
            continue;
        struct str text = k == VIEW_BOOL  ? (view_int(v) ? STR("true") : STR("false"))
                          : k == VIEW_INT ? str_fmt(ctx->arena, "%lld", (long long)view_int(v))
                                          : view_text(v);
        TRY(ctx, facts_set(ctx, c, ret_f, view_key(v), text));
    }
    return OK;
}

/* --- reading payloads --- */

static struct str
text_of(struct ctx *ctx, const struct view *p, const char *key)
{
    struct str s;
    (void)ctx;
    return json_text(p, key, &s) && s.p ? s : STR("");
}

static int64_t
id_of(const struct view *p, const char *key)
{
    struct str s;
    int64_t v = 0;
    bool present;
    const struct view *node = view_get(p, str_c(key));
    if (node && view_kind(node) == VIEW_ID) /* a payload that has not been through JSON yet */
        return view_int(node);
    if (json_text(p, key, &s) && s.p)
        return str_int(s, &v) ? v : 0;
    return json_int(p, key, &v, &present) && present ? v : 0;
}

static bool
flag_of(const struct view *p, const char *key)
{
    bool b = false, present;
    return json_bool(p, key, &b, &present) && present && b;
}

static struct day
day_of(struct ctx *ctx, const struct view *p, const char *key)
{
    const struct view *v = view_get(p, str_c(key));
    if (v && view_kind(v) == VIEW_DAY)
        return (struct day){(int32_t)view_int(v)};
    struct day d;
    return day_parse(text_of(ctx, p, key), &d) ? d : DAY_NONE;
}

bool
case_material_set(struct case_file *cf, const struct case_material *m, int64_t seq)
{
    size_t k = 0;
    while (k < cf->material_count && !str_eq(cf->material[k].key, m->key))
        k++;
    if (k == CASE_MATERIALS_MAX)
        return false;
    struct case_material *old = &cf->material[k];
    bool changed = k == cf->material_count || old->state != m->state;
    if (k == cf->material_count)
        cf->material_count++;
    struct str name = str_empty(m->name) && old->name.p ? old->name : m->name;
    *old = (struct case_material){
        .key = m->key, .name = name, .note = m->note, .state = m->state, .since_seq = changed ? seq : old->since_seq};
    return true;
}

/* BROUGHT: by the applicant or from shared data. A clerk's judgement of what lay before him brings nothing: else ticking a material in a
** second notice would make its old faults new in a third. */ //= R16
static enum err
fold_materials(struct ctx *ctx, struct case_file *cf, const struct view *p, bool brought)
{
    const struct view *list = view_get(p, STR("materials"));
    for (const struct view *row = list ? view_first(list) : NULL; row; row = view_next(row)) {
        struct case_material m = {
            .key = text_of(ctx, row, "key"), .name = text_of(ctx, row, "name"), .note = text_of(ctx, row, "note")};
        if (!material_state_parse(text_of(ctx, row, "state"), &m.state))
            FAIL(ctx, ERR_INTEGRITY, "办件材料状态不可识别");
        int64_t since = brought ? cf->seq : 0;
        for (size_t i = 0; i < cf->material_count && !brought; i++)
            if (str_eq(cf->material[i].key, m.key))
                since = cf->material[i].since_seq;
        if (!case_material_set(cf, &m, since))
            FAIL(ctx, ERR_INTEGRITY, "办件材料过多");
    }
    return OK;
}

static void
fold_deadline(struct ctx *ctx, struct case_file *cf, const struct view *p)
{
    cf->due = day_of(ctx, p, "due");
    cf->legal = day_of(ctx, p, "legal");
    cf->stage_due = day_of(ctx, p, "stage_due");
    cf->tentative = flag_of(p, "tentative");
    cf->limit_basis = text_of(ctx, p, "counted_from");
}

/* --- stages --- */

static void
enter_stage(struct case_file *cf, size_t stage, int64_t at_ms)
{
    while (stage < cf->matter->stage_count && !case_stage_applies(cf, stage))
        stage++;
    cf->stage = stage;
    cf->stage_ms = at_ms;
    cf->drawn_count = 0;
    cf->opened = false;
    cf->opened_until = DAY_NONE;
    cf->objection_count = 0;
}

void
case_begin(struct case_file *cf, int64_t at_ms, bool complete)
{
    bool at_once =
        case_origin(cf->matter) != ORIGIN_APPLICATION; /* nobody accepts what the house or a hospital begins itself */
    size_t i = 0;
    cf->received_ms = at_ms;
    cf->complete_ms = complete || at_once ? at_ms : 0;
    cf->accepted_ms = at_once ? at_ms : 0;
    cf->status = at_once ? CASE_WORKING : CASE_SUBMITTED;
    while (i < cf->matter->stage_count && cf->matter->stage[i].kind == STAGE_APPLY)
        i++;
    enter_stage(cf, i, at_ms);
}

static enum err
add_step(struct ctx *ctx, struct case_file *cf, int64_t actor_id, int64_t at_ms, bool signature, bool against)
{
    const struct stage *st = cf->stage < cf->matter->stage_count ? &cf->matter->stage[cf->stage] : NULL;
    if (!st || cf->step_count >= CASE_STEPS_MAX)
        FAIL(ctx, ERR_INTEGRITY, "办件的环节与事件不符");
    cf->step[cf->step_count++] = (struct case_step){.stage = cf->stage,
                                                    .kind = st->kind,
                                                    .actor_id = actor_id,
                                                    .at_ms = at_ms,
                                                    .signature = signature,
                                                    .against = against};
    return OK;
}

/* --- pauses --- */

static void
pause_begin(struct case_file *cf, enum pause_kind k, int64_t at_ms, struct day until)
{
    if (cf->pause_count < CASE_PAUSES_MAX)
        cf->pause[cf->pause_count++] =
            (struct clock_pause){.kind = k, .from = day_of_ms(at_ms), .to = DAY_NONE, .until = until};
}

static void
pause_end(struct case_file *cf, bool all, enum pause_kind k, int64_t at_ms)
{
    for (size_t i = 0; i < cf->pause_count; i++)
        if (day_is_none(cf->pause[i].to) &&
            (all ? cf->pause[i].kind != PAUSE_SUPPLEMENT && cf->pause[i].kind != PAUSE_PUBLICITY
                 : cf->pause[i].kind == k))
            cf->pause[i].to = day_of_ms(at_ms);
}

/* A later dictionary may have lost a fact or a value: the case must still open. */
static void
read_known_facts(struct ctx *ctx, const struct catalog *c, const struct view *map, struct facts *ret_f)
{
    struct fail kept = *ctx->fail;
    *ret_f = facts_new(ctx->arena, catalog_dict(c));
    for (const struct view *v = map ? view_first(map) : NULL; v; v = view_next(v))
        if (view_kind(v) == VIEW_TEXT)
            IGNORE("a fact the dictionary no longer knows", facts_set(ctx, c, ret_f, view_key(v), view_text(v)));
    *ctx->fail = kept;
}

static enum err
fold_submitted(struct ctx *ctx, const struct catalog *c, struct case_file *cf, int64_t at_ms, const struct view *p)
{
    const struct region *r = catalog_region(c, cf->region);
    if (!r)
        FAIL(ctx, ERR_INTEGRITY, "办件所属统筹区不在目录中");
    cf->no = text_of(ctx, p, "no");
    cf->matter_id = text_of(ctx, p, "matter");
    TRY(ctx, catalog_matter(ctx, r, cf->matter_id, &cf->matter));
    if (!channel_parse(text_of(ctx, p, "channel"), &cf->channel))
        FAIL(ctx, ERR_INTEGRITY, "办件渠道不可识别");
    cf->level_known = level_parse(text_of(ctx, p, "level"), &cf->level);
    cf->agency = text_of(ctx, p, "agency");
    cf->point = text_of(ctx, p, "point");
    cf->by_unit = flag_of(p, "by_unit");
    cf->person_id = id_of(p, "person_id");
    cf->unit_id = id_of(p, "unit_id");
    cf->masked = text_of(ctx, p, "masked");
    cf->applicant_name = text_of(ctx, p, "applicant_name");
    cf->applicant_id = text_of(ctx, p, "applicant_id");
    cf->mobile = text_of(ctx, p, "mobile");
    cf->delegate_name = text_of(ctx, p, "delegate_name");
    cf->delegate_id = text_of(ctx, p, "delegate_id");
    cf->delivery = text_of(ctx, p, "delivery");
    cf->address = text_of(ctx, p, "address");
    cf->access_hex = text_of(ctx, p, "access");
    cf->form = view_get(p, STR("form"));
    read_known_facts(ctx, c, view_get(p, STR("facts")), &cf->facts);
    TRY(ctx, fold_materials(ctx, cf, p, true));
    cf->tolerance_due = cf->opened_until = cf->stage_due = DAY_NONE;
    case_begin(cf, at_ms, flag_of(p, "complete"));
    return OK;
}

bool
case_told(const struct case_file *cf, struct str key)
{
    for (size_t i = 0; i < cf->told_ever_count; i++)
        if (str_eq(cf->told_ever[i], key))
            return true;
    return false;
}

static enum err
fold_noticed(struct ctx *ctx, struct case_file *cf, int64_t at_ms, const struct view *p)
{
    TRY(ctx, fold_materials(ctx, cf, p, false));
    const struct view *list = view_get(p, STR("gaps"));
    if (!cf->noticed_seq)
        cf->noticed_seq = cf->seq;
    cf->told_count = 0;
    for (const struct view *row = list ? view_first(list) : NULL; row && cf->told_count < CASE_GAPS_MAX;
         row = view_next(row)) {
        struct str key = text_of(ctx, row, "key");
        cf->told[cf->told_count++] = (struct case_gap){.key = key, .text = text_of(ctx, row, "text")};
        if (!case_told(cf, key) && cf->told_ever_count < CASE_GAPS_MAX)
            cf->told_ever[cf->told_ever_count++] = key;
    }
    /* nothing runs while the applicant has the ball: the limit counts from the day everything is there */
    cf->complete_ms = 0;
    cf->due = cf->legal = cf->stage_due = DAY_NONE;
    cf->status = CASE_NOTIFIED;
    pause_begin(cf, PAUSE_SUPPLEMENT, at_ms, DAY_NONE);
    return OK;
}

static enum err
fold_accepted(struct ctx *ctx, struct case_file *cf, int64_t at_ms, int64_t actor_id, const struct view *p)
{
    TRY(ctx, fold_materials(ctx, cf, p, false));
    cf->accepted_ms = at_ms;
    if (!cf->complete_ms)
        cf->complete_ms = at_ms;
    pause_end(cf, false, PAUSE_SUPPLEMENT, at_ms);
    cf->status = CASE_WORKING;
    cf->acceptor_id = actor_id;
    cf->tolerance_due = day_of(ctx, p, "tolerance_due");
    const struct stage *st = case_stage(cf);
    enter_stage(cf, st && st->kind == STAGE_ACCEPT ? cf->stage + 1 : cf->stage, at_ms);
    return OK;
}

static enum err
fold_signed(struct ctx *ctx, struct case_file *cf, int64_t at_ms, int64_t actor_id, const struct view *p)
{
    const struct view *record = view_get(p, STR("record"));
    TRY(ctx, add_step(ctx, cf, actor_id, at_ms, true, flag_of(p, "against")));
    if (record)
        cf->step[cf->step_count - 1].profession = text_of(ctx, record, "profession");
    return OK;
}

static enum err
fold_passed(struct ctx *ctx, struct case_file *cf, int64_t at_ms, int64_t actor_id, const struct view *p)
{
    const struct stage *st = case_stage(cf);
    const struct view *record = view_get(p, STR("record"));
    TRY(ctx, add_step(ctx, cf, actor_id, at_ms, false, false));
    pause_end(cf, false, PAUSE_PUBLICITY, at_ms);
    if (st && st->kind == STAGE_LETTER)
        cf->no_funds = record && str_eqz(text_of(ctx, record, "account"), "否");
    enter_stage(cf, cf->stage + 1, at_ms);
    return OK;
}

static enum err
fold_returned(struct ctx *ctx, struct case_file *cf, int64_t at_ms, const struct view *p)
{
    size_t to = (size_t)id_of(p, "to");
    if (to >= cf->stage)
        FAIL(ctx, ERR_INTEGRITY, "办件的环节与事件不符");
    for (size_t i = 0; i < cf->step_count; i++)
        if (cf->step[i].stage >= to)
            cf->step[i].undone = true;
    pause_end(cf, false, PAUSE_PUBLICITY, at_ms);
    enter_stage(cf, to, at_ms);
    return OK;
}

static enum err
fold_drawn(struct ctx *ctx, struct case_file *cf, const struct view *p)
{
    const struct view *list = view_get(p, STR("members"));
    cf->drawn_count = 0;
    for (const struct view *row = list ? view_first(list) : NULL; row; row = view_next(row)) {
        if (cf->drawn_count >= CASE_DRAWN_MAX)
            FAIL(ctx, ERR_INTEGRITY, "抽取的人员过多");
        cf->drawn[cf->drawn_count++] = id_of(row, "id");
    }
    return OK;
}

static void
fold_opened(struct ctx *ctx, struct case_file *cf, int64_t at_ms, const struct view *p)
{
    const struct limit_tier *t = case_tier(cf);
    cf->opened = true;
    cf->opened_until = day_of(ctx, p, "until");
    if (t && (t->pauses >> PAUSE_PUBLICITY & 1u))
        pause_begin(cf, PAUSE_PUBLICITY, at_ms, cf->opened_until);
}

static enum err
fold_objection(struct ctx *ctx, struct case_file *cf, bool answered, const struct view *p)
{
    if (!answered) {
        if (cf->objection_count >= CASE_OBJECTIONS_MAX)
            FAIL(ctx, ERR_INTEGRITY, "异议过多");
        cf->objection[cf->objection_count++] =
            (struct case_objection){.text = text_of(ctx, p, "text"), .answer = STR(""), .seq = cf->seq};
        return OK;
    }
    for (size_t i = 0; i < cf->objection_count; i++)
        if (cf->objection[i].seq == id_of(p, "objection")) {
            cf->objection[i].answer = text_of(ctx, p, "reason");
            cf->objection[i].upheld = flag_of(p, "upheld");
        }
    return OK;
}

/* What moves a case on; *ret_known: the kind is one of these. */
static enum err
fold_worked(struct ctx *ctx, struct case_file *cf, struct str kind, int64_t at_ms, int64_t actor_id,
            const struct view *p, bool *ret_known)
{
    *ret_known = true;
    if (str_eqz(kind, "accepted"))
        return fold_accepted(ctx, cf, at_ms, actor_id, p);
    if (cf->matter->effect == EFFECT_UNIT_ENROL && view_get(p, STR("record")))
        cf->unit_record = view_get(p, STR("record")); //= R288
    if (str_eqz(kind, "passed"))
        return fold_passed(ctx, cf, at_ms, actor_id, p);
    if (str_eqz(kind, "returned"))
        return fold_returned(ctx, cf, at_ms, p);
    if (str_eqz(kind, "signed"))
        return fold_signed(ctx, cf, at_ms, actor_id, p);
    if (str_eqz(kind, "refused")) {
        cf->refusal = text_of(ctx, p, "reason");
        cf->status = CASE_REFUSED;
        cf->concluded_ms = at_ms;
    } else if (str_eqz(kind, "concluded")) {
        cf->status = flag_of(p, "deliver") ? CASE_CONCLUDED : CASE_CLOSED;
        cf->stage = cf->stage < cf->matter->stage_count ? cf->stage + 1 : cf->stage;
        cf->concluded_ms = at_ms;
    } else if (str_eqz(kind, "delivered")) {
        cf->status = CASE_CLOSED;
        while (cf->stage < cf->matter->stage_count && !case_stage_after(cf->matter, cf->stage))
            cf->stage++;
    } else if (str_eqz(kind, "withdrawn")) {
        cf->status = CASE_WITHDRAWN;
        cf->concluded_ms = at_ms; /* the list of finished cases goes by it */
    } else {
        *ret_known = false;
    }
    return OK;
}

/* What happens beside the way: the lot, publicity, pauses, explanations, filing. */
static enum err
fold_beside(struct ctx *ctx, struct case_file *cf, struct str kind, int64_t at_ms, const struct view *p)
{
    enum pause_kind k;
    if (str_eqz(kind, "drawn"))
        return fold_drawn(ctx, cf, p);
    if (str_eqz(kind, "objected") || str_eqz(kind, "answered"))
        return fold_objection(ctx, cf, str_eqz(kind, "answered"), p);
    if (str_eqz(kind, "opened")) {
        fold_opened(ctx, cf, at_ms, p);
    } else if (str_eqz(kind, "paused")) {
        if (!pause_parse(text_of(ctx, p, "pause"), &k))
            FAIL(ctx, ERR_INTEGRITY, "暂停的种类不可识别");
        pause_begin(cf, k, at_ms, day_of(ctx, p, "until"));
    } else if (str_eqz(kind, "resumed")) {
        pause_end(cf, true, PAUSE_SUPPLEMENT, at_ms);
    } else if (str_eqz(kind, "explained")) {
        cf->explanation = text_of(ctx, p, "explanation");
    } else if (str_eqz(kind, "archived")) {
        cf->archived_ms = at_ms;
        cf->archive_no = text_of(ctx, p, "archive_no");
    } else if (!str_eqz(kind, "assisted") && !str_eqz(kind, "reprojected")) {
        FAIL(ctx, ERR_INTEGRITY, "办件事件“%.*s”不可识别", STR_ARG(kind));
    }
    return OK;
}

static enum err
fold_kind(struct ctx *ctx, const struct catalog *c, struct case_file *cf, struct str kind, int64_t at_ms,
          int64_t actor_id, const struct view *p)
{
    bool submitted = str_eqz(kind, "submitted");
    if (submitted != (cf->status == CASE_NONE))
        FAIL(ctx, ERR_INTEGRITY, "办件事件次序不对");
    if (submitted)
        return fold_submitted(ctx, c, cf, at_ms, p);
    if (str_eqz(kind, "noticed"))
        return fold_noticed(ctx, cf, at_ms, p);
    if (str_eqz(kind, "listed")) {
        cf->listed = true;
        if (flag_of(p, "complete"))
            cf->complete_ms = at_ms;
        return fold_materials(ctx, cf, p, true);
    }
    if (str_eqz(kind, "supplemented") || str_eqz(kind, "shared")) {
        TRY(ctx, fold_materials(ctx, cf, p, true));
        if (flag_of(p, "complete") && !cf->complete_ms)
            cf->complete_ms = at_ms;
        if (cf->status == CASE_NOTIFIED && (str_eqz(kind, "supplemented") || flag_of(p, "complete"))) {
            cf->status = CASE_SUBMITTED; /* the house has the ball again */
            pause_end(cf, false, PAUSE_SUPPLEMENT, at_ms);
        }
        return OK;
    }
    if (str_eqz(kind, "handed_over")) {
        cf->owner_id = id_of(p, "to");
        return OK;
    }
    if (str_eqz(kind, "rated")) {
        cf->rating = (int)id_of(p, "level");
        return OK;
    }
    bool known;
    TRY(ctx, fold_worked(ctx, cf, kind, at_ms, actor_id, p, &known));
    return known ? OK : fold_beside(ctx, cf, kind, at_ms, p);
}

enum err
case_fold(struct ctx *ctx, const struct catalog *c, struct case_file *cf, struct str kind, int64_t at_ms,
          int64_t actor_id, const struct view *payload)
{
    bool over = cf->status >= CASE_CONCLUDED; /* who delivers or files it away has not handled it */ //= R41
    cf->seq++;
    TRY(ctx, fold_kind(ctx, c, cf, kind, at_ms, actor_id, payload));
    if (payload && view_get(payload, STR("due"))) /* what the decision reckoned */
        fold_deadline(ctx, cf, payload);
    if (actor_id) {
        if (!cf->owner_id) //= R24: the first clerk who handles the applicant is responsible until hand-over
            cf->owner_id = actor_id;
        if (!over)
            cf->handler_id = actor_id;
    }
    cf->updated_ms = at_ms;
    return OK;
}
