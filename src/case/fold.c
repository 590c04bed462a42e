/* case_fold: the only way a case's state changes. Reads events as they were written; one that cannot follow is a fault.
 */
#include "case/case.h"

#include "base/json.h"

static const char *const status_ids[CASE_STATUS_COUNT] = {"none",      "submitted", "notified", "working",
                                                          "concluded", "closed",    "refused",  "withdrawn"};
static const char *const status_names[CASE_STATUS_COUNT] = {"",       "待受理", "待补正",   "办理中",
                                                            "待送达", "已办结", "不予办理", "已撤回"};
static const char *const action_ids[CASE_ACTION_COUNT] = {"submit",  "supplement", "notice",   "list",
                                                          "accept",  "refuse",     "pass",     "conclude",
                                                          "deliver", "hand_over",  "withdraw", "rate"};
static const char *const action_names[CASE_ACTION_COUNT] = {"提交申请", "补充材料", "一次性告知", "登记材料清单",
                                                            "受理",     "不予办理", "通过",       "办结",
                                                            "送达",     "移交",     "撤回",       "评价"};
static const char *const material_ids[MATERIAL_STATE_COUNT] = {"absent",    "given",  "checked",  "rejected",
                                                               "committed", "shared", "tolerated"};
static const char *const material_names[MATERIAL_STATE_COUNT] = {"未提交",   "已提交",       "已核对",  "不符合要求",
                                                                 "承诺代替", "数据共享取得", "容缺待补"};
static const char *const paper_ids[PAPER_COUNT] = {"receipt",     "notice", "tolerance", "refusal",
                                                   "certificate", "result", "query"};

static bool
find_id(const char *const *ids, int n, struct str id, int *ret_i)
{
    for (int i = 0; i < n; i++)
        if (str_eqz(id, ids[i])) {
            *ret_i = i;
            return true;
        }
    return false;
}

const char *
case_status_id(enum case_status s)
{
    return status_ids[s];
}

const char *
case_status_name(enum case_status s)
{
    return status_names[s];
}

bool
case_status_parse(struct str id, enum case_status *ret_s)
{
    int i;
    if (!find_id(status_ids, CASE_STATUS_COUNT, id, &i))
        return false;
    *ret_s = (enum case_status)i;
    return true;
}

const char *
case_action_id(enum case_action a)
{
    return action_ids[a];
}

const char *
case_action_name(enum case_action a)
{
    return action_names[a];
}

bool
case_action_parse(struct str id, enum case_action *ret_a)
{
    int i;
    if (!find_id(action_ids, CASE_ACTION_COUNT, id, &i))
        return false;
    *ret_a = (enum case_action)i;
    return true;
}

const char *
material_state_id(enum material_state s)
{
    return material_ids[s];
}

const char *
material_state_name(enum material_state s)
{
    return material_names[s];
}

bool
material_state_parse(struct str id, enum material_state *ret_s)
{
    int i;
    if (!find_id(material_ids, MATERIAL_STATE_COUNT, id, &i))
        return false;
    *ret_s = (enum material_state)i;
    return true;
}

const char *
paper_id(enum paper_kind k)
{
    return paper_ids[k];
}

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

static enum err
fold_materials(struct ctx *ctx, struct case_file *cf, const struct view *p)
{
    const struct view *list = view_get(p, STR("materials"));
    for (const struct view *row = list ? view_first(list) : NULL; row; row = view_next(row)) {
        struct case_material m = {
            .key = text_of(ctx, row, "key"), .name = text_of(ctx, row, "name"), .note = text_of(ctx, row, "note")};
        if (!material_state_parse(text_of(ctx, row, "state"), &m.state))
            FAIL(ctx, ERR_INTEGRITY, "办件材料状态不可识别");
        if (!case_material_set(cf, &m, cf->seq))
            FAIL(ctx, ERR_INTEGRITY, "办件材料过多");
    }
    return OK;
}

static void
fold_deadline(struct ctx *ctx, struct case_file *cf, const struct view *p)
{
    cf->due = day_of(ctx, p, "due");
    cf->legal = day_of(ctx, p, "legal");
    cf->tentative = flag_of(p, "tentative");
    cf->limit_basis = text_of(ctx, p, "counted_from");
}

static void
first_stage(struct case_file *cf)
{
    cf->stage = 0;
    while (cf->stage < cf->matter->stage_count && cf->matter->stage[cf->stage].kind != STAGE_ACCEPT)
        cf->stage++;
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
    TRY(ctx, fold_materials(ctx, cf, p));
    fold_deadline(ctx, cf, p);
    cf->received_ms = at_ms;
    cf->complete_ms = flag_of(p, "complete") ? at_ms : 0;
    cf->status = CASE_SUBMITTED;
    first_stage(cf);
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
fold_noticed(struct ctx *ctx, struct case_file *cf, const struct view *p)
{
    TRY(ctx, fold_materials(ctx, cf, p));
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
    cf->due = cf->legal = DAY_NONE;
    cf->status = CASE_NOTIFIED;
    return OK;
}

static enum err
fold_worked(struct ctx *ctx, struct case_file *cf, struct str kind, int64_t at_ms, int64_t actor_id,
            const struct view *p)
{
    if (str_eqz(kind, "accepted")) {
        TRY(ctx, fold_materials(ctx, cf, p));
        fold_deadline(ctx, cf, p);
        cf->accepted_ms = at_ms;
        if (!cf->complete_ms)
            cf->complete_ms = at_ms;
        cf->status = CASE_WORKING;
        cf->acceptor_id = actor_id;
        cf->stage++;
    } else if (str_eqz(kind, "passed")) {
        const struct stage *st = case_stage(cf);
        bool review =
            st && (st->kind == STAGE_FIRST_REVIEW || st->kind == STAGE_REVIEW || st->kind == STAGE_SECOND_REVIEW);
        if (review && cf->reviewer_count < CASE_REVIEWERS_MAX)
            cf->reviewer[cf->reviewer_count++] = actor_id;
        cf->stage++;
    } else if (str_eqz(kind, "refused")) {
        cf->refusal = text_of(ctx, p, "reason");
        cf->status = CASE_REFUSED;
        cf->concluded_ms = at_ms;
    } else if (str_eqz(kind, "concluded")) {
        cf->status = flag_of(p, "deliver") ? CASE_CONCLUDED : CASE_CLOSED;
        cf->stage = cf->stage < cf->matter->stage_count ? cf->stage + 1 : cf->stage;
        cf->concluded_ms = at_ms;
    } else if (str_eqz(kind, "delivered")) {
        cf->status = CASE_CLOSED;
        cf->stage = cf->matter->stage_count;
    } else if (str_eqz(kind, "withdrawn")) {
        cf->status = CASE_WITHDRAWN;
    } else {
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
        return fold_noticed(ctx, cf, p);
    if (str_eqz(kind, "listed")) {
        cf->listed = true;
        if (flag_of(p, "complete"))
            cf->complete_ms = at_ms;
        return fold_materials(ctx, cf, p);
    }
    if (str_eqz(kind, "supplemented")) {
        TRY(ctx, fold_materials(ctx, cf, p));
        if (flag_of(p, "complete") && cf->status != CASE_WORKING) {
            cf->complete_ms = at_ms;
            fold_deadline(ctx, cf, p);
        }
        if (cf->status == CASE_NOTIFIED)
            cf->status = CASE_SUBMITTED;
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
    return fold_worked(ctx, cf, kind, at_ms, actor_id, p);
}

enum err
case_fold(struct ctx *ctx, const struct catalog *c, struct case_file *cf, struct str kind, int64_t at_ms,
          int64_t actor_id, const struct view *payload)
{
    cf->seq++;
    TRY(ctx, fold_kind(ctx, c, cf, kind, at_ms, actor_id, payload));
    if (actor_id) {
        if (!cf->owner_id) //= R24: the first clerk who handles the applicant is responsible until hand-over
            cf->owner_id = actor_id;
        cf->handler_id = actor_id;
    }
    cf->updated_ms = at_ms;
    return OK;
}
