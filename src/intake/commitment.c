#include "intake/commitment.h"

#include "base/view.h"
#include "sql_gen.h"

static const char *const outcome_ids[CHECK_OUTCOME_COUNT] = {"due", "true", "false"};
static const char *const breach_ids_[BREACH_STATE_COUNT] = {"open", "cured", "lifted"};
static const char *const objection_ids[OBJECTION_STATE_COUNT] = {"none", "open", "upheld", "refused"};

const char *
check_outcome_id(enum check_outcome o)
{
    return outcome_ids[o];
}

const char *
breach_state_id(enum breach_state s)
{
    return breach_ids_[s];
}

const char *
breach_state_name(enum breach_state s)
{
    static const char *const names[BREACH_STATE_COUNT] = {"未纠正", "已纠正", "已撤销"};
    return names[s];
}

const char *
objection_state_id(enum objection_state s)
{
    return objection_ids[s];
}

static enum err
word(struct ctx *ctx, struct str s, const char *const *ids, int n, int *ret_at)
{
    for (int i = 0; i < n; i++)
        if (str_eqz(s, ids[i])) {
            *ret_at = i;
            return OK;
        }
    FAIL(ctx, ERR_INTEGRITY, "承诺登记里的“%.*s”不认识", STR_ARG(s));
}

static struct str
kind_of(bool unit)
{
    return unit ? STR("unit") : STR("person");
}

static struct str
sealed(struct ctx *ctx, const struct data_key *key, struct str region, const char *what, int64_t id, struct str plain)
{
    struct str aad = str_fmt(ctx->arena, "%s/%.*s/%lld", what, STR_ARG(region), (long long)id);
    return crypto_seal(ctx->arena, &key->key, aad, plain.p ? plain : STR(""));
}

static enum err
opened(struct ctx *ctx, const struct data_key *key, struct str region, const char *what, int64_t id, struct str bytes,
       struct str *ret_plain)
{
    struct str aad = str_fmt(ctx->arena, "%s/%.*s/%lld", what, STR_ARG(region), (long long)id);
    if (bytes.n == 0) { /* nothing was written yet */
        *ret_plain = STR("");
        return OK;
    }
    return crypto_open(ctx, &key->key, aad, bytes, ret_plain);
}

static enum err
take_number(struct ctx *ctx, struct tx *tx, struct str region, const char *kind, const char *head, int64_t at_ms,
            struct str *ret_no)
{
    int year = day_ymd(day_of_ms(at_ms)).year;
    struct sql_counter_take_in in = {.region = region, .kind = str_c(kind), .period = year, .count = 1};
    struct sql_counter_take_row next;
    bool found;
    TRY(ctx, sql_counter_take(ctx, tx, &in, &next, &found));
    *ret_no = str_fmt(ctx->arena, "%s%.*s-%d-%06lld", head, STR_ARG(region), year, (long long)(next.next - 1));
    return OK;
}

/* --- which proof --- */

static const struct material *
leaf_under(const struct material *m, size_t n, struct str key, const struct material **ret_group)
{
    for (size_t i = 0; i < n; i++) {
        if (m[i].node == MATERIAL_LEAF) {
            if (str_eq(m[i].key, key))
                return &m[i];
            continue;
        }
        const struct material *hit = leaf_under(m[i].child, m[i].child_count, key, ret_group);
        if (hit) {
            if (!*ret_group)
                *ret_group = &m[i];
            return hit;
        }
    }
    return NULL;
}

const struct material *
commitment_leaf(const struct matter *m, struct str key)
{
    const struct material *group = NULL;
    return leaf_under(m->material, m->material_count, key, &group);
}

bool
commitment_is_letter(const struct material *leaf)
{
    return leaf->node == MATERIAL_LEAF && str_find(leaf->name, STR("承诺书")) != SIZE_MAX;
}

/* The documents beside a letter, in the guide's words. */
static struct str
others_of(struct ctx *ctx, const struct material *group, const struct material *letter)
{
    struct buf b;
    if (!str_empty(group->name))
        return group->name;
    buf_init(&b, ctx->arena, 128);
    for (size_t i = 0; i < group->child_count; i++) {
        const struct material *x = &group->child[i];
        if (x == letter || str_empty(x->name))
            continue;
        if (b.n)
            buf_add(&b, STR("或"));
        buf_add(&b, x->name);
    }
    return buf_str(&b);
}

enum err //= R128 R130 R131 R132 R186
commitment_pair(struct ctx *ctx, const struct matter *m, struct str material, struct str *ret_proof)
{
    const struct material *group = NULL, *leaf = leaf_under(m->material, m->material_count, material, &group);
    if (leaf && leaf->committable) {
        *ret_proof = leaf->name;
        return OK;
    }
    if (leaf && commitment_is_letter(leaf)) {
        struct str said = group && group->node == MATERIAL_ANY ? others_of(ctx, group, leaf) : STR("");
        *ret_proof = str_empty(said) ? (str_empty(leaf->verbatim) ? leaf->name : leaf->verbatim) : said;
        return OK;
    }
    fail_field(ctx, STR("material"), leaf ? leaf->name : STR("材料"),
               leaf ? STR("这份材料不能用承诺代替") : STR("这个事项没有这份材料"),
               STR("承诺书与事项、所缺证明一一对应：只能对指南写明可以承诺的证明作承诺，其他材料请照清单提供"));
    fail_rule(ctx, "R132");
    FAIL(ctx, ERR_FIELD_INVALID, "承诺与事项、证明不对应");
}

/* --- the register --- */

static struct str
letter_json(struct ctx *ctx, const struct commitment *c)
{
    struct view *v = view_map(ctx->arena);
    struct buf b;
    view_put_text(v, "letter", c->letter.p ? c->letter : STR(""));
    view_put_text(v, "signer", c->signer.p ? c->signer : STR(""));
    view_put_text(v, "delegate", c->delegate.p ? c->delegate : STR(""));
    buf_init(&b, ctx->arena, 512);
    view_json(v, &b);
    return buf_str(&b);
}

enum err //= R132 R133
commitment_record(struct ctx *ctx, struct tx *tx, const struct data_key *key, const struct commitment *c, bool *ret_new)
{
    struct str no;
    int64_t changed;
    if (str_empty(c->signer)) {
        fail_field(ctx, STR("signer"), STR("承诺人"), STR("承诺书没有本人签名"),
                   STR("请由本人签名；委托办理的，代理人一并签名"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    TRY(ctx, take_number(ctx, tx, c->region, "commitment", "CN", c->made_ms, &no));
    struct sql_commitment_insert_in in = {.region = c->region,
                                          .id = c->id,
                                          .no = no,
                                          .case_id = c->case_id,
                                          .case_no = c->case_no,
                                          .subject_kind = kind_of(c->unit),
                                          .subject_digest = c->subject,
                                          .masked = c->masked,
                                          .matter = c->matter,
                                          .material = c->material,
                                          .proof = c->proof,
                                          .key_id = key->id,
                                          .body = sealed(ctx, key, c->region, "commitment", c->id, letter_json(ctx, c)),
                                          .made_ms = c->made_ms,
                                          .acceptor_id = c->acceptor_id};
    TRY(ctx, sql_commitment_insert(ctx, tx, &in, &changed));
    *ret_new = changed == 1;
    return OK;
}

enum err
commitment_accepted(struct ctx *ctx, struct tx *tx, struct str region, int64_t case_id, int64_t staff_id)
{
    struct sql_commitment_set_acceptor_in in = {.region = region, .case_id = case_id, .acceptor_id = staff_id};
    return sql_commitment_set_acceptor(ctx, tx, &in, NULL);
}

struct str
commitment_subject(struct arena *a, const struct vault *v, struct str region, bool unit, int64_t unit_id,
                   struct str number)
{
    struct str who = unit && unit_id ? str_fmt(a, "unit/%lld", (long long)unit_id)
                                     : str_fmt(a, "%s/%.*s", unit ? "code" : "person", STR_ARG(number));
    return vault_digest(a, v, "commitment-subject", region, who);
}

enum err
commitment_allowed(struct ctx *ctx, struct tx *tx, struct str region, struct str subject, bool unit,
                   struct str *ret_reason)
{
    struct sql_breach_closing_in in = {.region = region, .subject_digest = subject, .day = day_of_ms(ctx->now_ms).n};
    struct sql_breach_closing_row r;
    struct sql_commitment_get_row c;
    bool found, there;
    *ret_reason = STR("");
    TRY(ctx, sql_breach_closing(ctx, tx, &in, &r, &found));
    if (!found)
        return OK;
    struct sql_commitment_get_in get = {.region = region, .id = r.commitment_id};
    TRY(ctx, sql_commitment_get(ctx, tx, &get, &c, &there));
    struct str since = day_text(ctx->arena, day_of_ms(r.entered_ms)),
               until = day_text(ctx->arena, (struct day){(int32_t)r.expires_day});
    *ret_reason = str_fmt(ctx->arena,
                          "%s自 %.*s 起有未纠正的违诺记录（%.*s），到 %.*s 为止不能再作承诺。请按清单提供证明材料；"
                          "补交当时承诺的“%.*s”，或对违诺认定提出异议并被采纳后，可以恢复",
                          unit ? "该单位" : "本人", STR_ARG(since), STR_ARG(r.no), STR_ARG(until),
                          STR_ARG(there ? c.proof : STR("证明材料")));
    return OK;
}

enum err
commitment_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id,
               struct commitment *ret_c)
{
    struct sql_commitment_get_in in = {.region = region, .id = id};
    struct sql_commitment_get_row r;
    struct data_key key;
    struct str json;
    struct view *body;
    bool found;
    TRY(ctx, sql_commitment_get(ctx, tx, &in, &r, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有这份承诺");
    TRY(ctx, vault_key_get(ctx, tx, v, region, r.key_id, &key));
    TRY(ctx, opened(ctx, &key, region, "commitment", id, r.body, &json));
    TRY(ctx, view_from_json(ctx, json, &body));
    *ret_c = (struct commitment){.id = id,
                                 .case_id = r.case_id,
                                 .subject = r.subject_digest,
                                 .key_id = r.key_id,
                                 .made_ms = r.made_ms,
                                 .acceptor_id = r.acceptor_id,
                                 .region = region,
                                 .no = r.no,
                                 .case_no = r.case_no,
                                 .masked = r.masked,
                                 .matter = r.matter,
                                 .material = r.material,
                                 .proof = r.proof,
                                 .letter = view_text(view_get(body, STR("letter"))),
                                 .signer = view_text(view_get(body, STR("signer"))),
                                 .delegate = view_text(view_get(body, STR("delegate"))),
                                 .unit = str_eqz(r.subject_kind, "unit")};
    return OK;
}

/* --- the draw --- */

bool
commitment_drawn(struct arena *a, const struct vault *v, struct str region, struct day day, int64_t id, int64_t percent)
{
    struct str d = vault_digest(a, v, "commitment-draw", region, str_fmt(a, "%d/%lld", (int)day.n, (long long)id));
    uint32_t x = 0;
    for (size_t i = 0; i < 4; i++)
        x = x << 8 | (unsigned char)d.p[i];
    return (int64_t)(x % 100) < percent;
}

static enum err
draw_one(struct ctx *ctx, struct tx *tx, const struct vault *v, struct id_source *ids, struct str region,
         const struct sql_commitment_new_row *r, int64_t percent, struct day due, int64_t *ret_drawn)
{
    bool drawn = commitment_drawn(ctx->arena, v, region, day_of_ms(r->made_ms), r->id, percent);
    struct sql_commitment_set_draw_in set = {
        .region = region, .id = r->id, .draw_state = drawn ? STR("drawn") : STR("passed")};
    struct sql_check_insert_in in = {.region = region,
                                     .id = id_next(ids, ctx->now_ms),
                                     .commitment_id = r->id,
                                     .drawn_ms = ctx->now_ms,
                                     .due_day = due.n,
                                     .empty = STR("")};
    int64_t changed;
    TRY(ctx, sql_commitment_set_draw(ctx, tx, &set, &changed));
    if (changed != 1 || !drawn) /* another process was quicker: it has drawn the same */
        return OK;
    (*ret_drawn)++;
    return sql_check_insert(ctx, tx, &in, NULL);
}

enum err
commitment_draw(struct ctx *ctx, struct tx *tx, const struct vault *v, struct id_source *ids, struct str region,
                int64_t percent, struct day due, int64_t limit, int64_t *ret_seen, int64_t *ret_drawn)
{
    struct sql_commitment_new_in in = {.region = region, .limit = limit};
    struct sql_commitment_new_row *r;
    size_t n;
    *ret_seen = *ret_drawn = 0;
    TRY(ctx, sql_commitment_new(ctx, tx, &in, &r, &n));
    for (size_t i = 0; i < n; i++)
        TRY(ctx, draw_one(ctx, tx, v, ids, region, &r[i], percent, due, ret_drawn));
    *ret_seen = (int64_t)n;
    return OK;
}

/* --- checks --- */

enum err
check_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id, struct check *ret_c)
{
    struct sql_check_get_in in = {.region = region, .id = id};
    struct sql_check_get_row r;
    struct data_key key = {0};
    struct str evidence = STR("");
    bool found;
    int outcome = CHECK_DUE;
    TRY(ctx, sql_check_get(ctx, tx, &in, &r, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有这件核查");
    TRY(ctx, word(ctx, r.outcome, outcome_ids, CHECK_OUTCOME_COUNT, &outcome));
    if (r.evidence.n) {
        TRY(ctx, vault_key_get(ctx, tx, v, region, r.key_id, &key));
        TRY(ctx, opened(ctx, &key, region, "check", id, r.evidence, &evidence));
    }
    *ret_c = (struct check){.id = id,
                            .commitment_id = r.commitment_id,
                            .drawn_ms = r.drawn_ms,
                            .checker_id = r.checker_id,
                            .checked_ms = r.checked_ms,
                            .due = {(int32_t)r.due_day},
                            .outcome = (enum check_outcome)outcome,
                            .evidence = evidence,
                            .checker_name = r.checker_name};
    return OK;
}

enum err
check_due_ids(struct ctx *ctx, struct tx *tx, struct str region, int64_t after_day, int64_t after, int64_t limit,
              int64_t **ret_ids, size_t *ret_n)
{
    struct sql_check_due_in in = {.region = region, .due_day = after_day, .id = after, .limit = limit};
    struct sql_check_due_row *r;
    TRY(ctx, sql_check_due(ctx, tx, &in, &r, ret_n));
    *ret_ids = ARENA_ARRAY(ctx->arena, *ret_n, int64_t);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_ids)[i] = r[i].id;
    return OK;
}

enum err
check_write(struct ctx *ctx, struct tx *tx, const struct data_key *key, const struct commitment *c,
            const struct check *in)
{
    struct sql_check_outcome_in row = {.region = c->region,
                                       .id = in->id,
                                       .outcome = str_c(outcome_ids[in->outcome]),
                                       .key_id = key->id,
                                       .evidence = sealed(ctx, key, c->region, "check", in->id, in->evidence),
                                       .checker_id = in->checker_id,
                                       .checker_name = in->checker_name,
                                       .checked_ms = in->checked_ms};
    int64_t changed;
    if (in->checker_id == c->acceptor_id)
        FAIL(ctx, ERR_SEPARATION, "这件是您受理的，承诺要由别人核查");
    TRY(ctx, sql_check_outcome(ctx, tx, &row, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "这份承诺已经有人核查");
    return OK;
}

/* --- breaches --- */

struct str
breach_code(struct arena *a, const struct vault *v, struct str region, struct str no)
{
    return vault_code(a, v, "breach-code", region, no, ACCESS_CODE_LENGTH);
}

enum err //= R133
breach_enter(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct data_key *key,
             const struct commitment *c, struct breach *b)
{
    TRY(ctx, take_number(ctx, tx, c->region, "breach", "WN", b->entered_ms, &b->no));
    struct sql_breach_insert_in in = {
        .region = c->region,
        .id = b->id,
        .no = b->no,
        .commitment_id = c->id,
        .subject_kind = kind_of(c->unit),
        .subject_digest = c->subject,
        .key_id = key->id,
        .code_digest = vault_digest(ctx->arena, v, "breach", c->region, breach_code(ctx->arena, v, c->region, b->no)),
        .reason = sealed(ctx, key, c->region, "breach", b->id, b->reason),
        .entered_ms = b->entered_ms,
        .entered_by = b->entered_by,
        .entered_name = b->entered_name,
        .expires_day = b->expires.n,
        .empty = STR("")};
    return sql_breach_insert(ctx, tx, &in, NULL);
}

static enum err
open_texts(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, const struct sql_breach_get_row *r,
           struct breach *b)
{
    struct data_key key;
    TRY(ctx, vault_key_get(ctx, tx, v, region, r->key_id, &key));
    TRY(ctx, opened(ctx, &key, region, "breach", b->id, r->reason, &b->reason));
    TRY(ctx, opened(ctx, &key, region, "objection", b->id, r->objection_body, &b->objection_text));
    return opened(ctx, &key, region, "decision", b->id, r->decision, &b->decision);
}

enum err
breach_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id, struct breach *ret_b)
{
    struct sql_breach_get_in in = {.region = region, .id = id};
    struct sql_breach_get_row r;
    int state = 0, objection = 0;
    bool found;
    TRY(ctx, sql_breach_get(ctx, tx, &in, &r, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有这条违诺记录");
    TRY(ctx, word(ctx, r.state, breach_ids_, BREACH_STATE_COUNT, &state));
    TRY(ctx, word(ctx, r.objection, objection_ids, OBJECTION_STATE_COUNT, &objection));
    struct breach b = {.id = id,
                       .commitment_id = r.commitment_id,
                       .key_id = r.key_id,
                       .entered_ms = r.entered_ms,
                       .entered_by = r.entered_by,
                       .objected_ms = r.objected_ms,
                       .decided_by = r.decided_by,
                       .closed_ms = r.closed_ms,
                       .region = region,
                       .no = r.no,
                       .entered_name = r.entered_name,
                       .told_way = r.told_way,
                       .decided_name = r.decided_name,
                       .unit = str_eqz(r.subject_kind, "unit"),
                       .state = (enum breach_state)state,
                       .objection = (enum objection_state)objection,
                       .expires = {(int32_t)r.expires_day},
                       .told = r.told_day ? (struct day){(int32_t)r.told_day} : DAY_NONE};
    TRY(ctx, open_texts(ctx, tx, v, region, &r, &b));
    *ret_b = b;
    return OK;
}

enum err
breach_open_with(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, struct str no,
                 struct str code, struct breach *ret_b)
{
    struct sql_breach_by_no_in in = {.region = region, .no = no};
    struct sql_breach_by_no_row r;
    bool found;
    TRY(ctx, sql_breach_by_no(ctx, tx, &in, &r, &found));
    struct str digest = vault_digest(ctx->arena, v, "breach", region, code);
    if (!found || r.code_digest.n != digest.n || !crypto_equal(digest.p, r.code_digest.p, digest.n))
        FAIL(ctx, ERR_NOT_FOUND, "没有编号和查询码都相符的记录，请核对后再查");
    return breach_get(ctx, tx, v, region, r.id, ret_b);
}

enum err
breach_ids(struct ctx *ctx, struct tx *tx, struct str region, bool open, int64_t at, int64_t limit, int64_t **ret_ids,
           size_t *ret_n)
{
    struct sql_breach_list_open_in in = {.region = region, .after = at, .limit = limit};
    struct sql_breach_list_in all = {.region = region, .before = at, .limit = limit};
    struct sql_breach_list_open_row *o = NULL;
    struct sql_breach_list_row *r = NULL;
    if (open)
        TRY(ctx, sql_breach_list_open(ctx, tx, &in, &o, ret_n));
    else
        TRY(ctx, sql_breach_list(ctx, tx, &all, &r, ret_n));
    *ret_ids = ARENA_ARRAY(ctx->arena, *ret_n, int64_t);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_ids)[i] = open ? o[i].id : r[i].id;
    return OK;
}

static enum err
once(struct ctx *ctx, int64_t changed)
{
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "这条违诺记录已经有人办过这一步，或已经了结");
    return OK;
}

enum err
breach_tell(struct ctx *ctx, struct tx *tx, struct str region, int64_t id, struct day day, struct str way)
{
    struct sql_breach_told_in in = {.region = region, .id = id, .told_day = day.n, .told_way = way};
    int64_t changed;
    TRY(ctx, sql_breach_told(ctx, tx, &in, &changed));
    return once(ctx, changed);
}

enum err
breach_object(struct ctx *ctx, struct tx *tx, const struct data_key *key, const struct breach *b, struct str text)
{
    struct sql_breach_object_in in = {.region = b->region,
                                      .id = b->id,
                                      .objection_body = sealed(ctx, key, b->region, "objection", b->id, text),
                                      .objected_ms = ctx->now_ms};
    int64_t changed;
    TRY(ctx, sql_breach_object(ctx, tx, &in, &changed));
    return once(ctx, changed);
}

enum err
breach_decide(struct ctx *ctx, struct tx *tx, const struct data_key *key, const struct breach *b, bool uphold,
              const struct actor *a, struct str text)
{
    struct sql_breach_decide_in in = {.region = b->region,
                                      .id = b->id,
                                      .objection = str_c(objection_ids[uphold ? OBJECTION_UPHELD : OBJECTION_REFUSED]),
                                      .state = str_c(breach_ids_[uphold ? BREACH_LIFTED : BREACH_OPEN]),
                                      .decision = sealed(ctx, key, b->region, "decision", b->id, text),
                                      .decided_by = a->id,
                                      .decided_name = a->name,
                                      .closed_ms = uphold ? ctx->now_ms : 0};
    int64_t changed;
    if (a->id == b->entered_by)
        FAIL(ctx, ERR_SEPARATION, "违诺是您认定的，异议要由别人决定");
    TRY(ctx, sql_breach_decide(ctx, tx, &in, &changed));
    return once(ctx, changed);
}

enum err
breach_cure(struct ctx *ctx, struct tx *tx, const struct data_key *key, const struct breach *b, const struct actor *a,
            struct str text)
{
    struct sql_breach_cure_in in = {.region = b->region,
                                    .id = b->id,
                                    .decision = sealed(ctx, key, b->region, "decision", b->id, text),
                                    .decided_by = a->id,
                                    .decided_name = a->name,
                                    .closed_ms = ctx->now_ms};
    int64_t changed;
    TRY(ctx, sql_breach_cure(ctx, tx, &in, &changed));
    return once(ctx, changed);
}
