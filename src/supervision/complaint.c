#include "supervision/complaint.h"

#include "sql_gen.h"

static const char *const state_ids[] = {"open", "assigned", "answered", "transferred"};
static const char *const state_names[] = {"待交办", "办理中", "已答复", "已转办"};
static const char *const source_ids[] = {"online", "phone", "visit", "letter", "referred"};
static const char *const source_names[] = {"网上", "监督电话", "来访", "来信", "上级或其他部门转来"};
static const char *const kind_ids[] = {"complaint", "report", "advice"};
static const char *const kind_names[] = {"投诉", "举报", "意见建议"};

const char *
complaint_state_id(enum complaint_state s)
{
    return state_ids[s];
}

const char *
complaint_state_name(enum complaint_state s)
{
    return state_names[s];
}

const char *
complaint_source_id(enum complaint_source s)
{
    return source_ids[s];
}

const char *
complaint_source_name(enum complaint_source s)
{
    return source_names[s];
}

const char *
complaint_kind_id(enum complaint_kind k)
{
    return kind_ids[k];
}

const char *
complaint_kind_name(enum complaint_kind k)
{
    return kind_names[k];
}

static int
find(const char *const *ids, int n, struct str id)
{
    for (int i = 0; i < n; i++)
        if (str_eqz(id, ids[i]))
            return i;
    return -1;
}

bool
complaint_source_parse(struct str id, enum complaint_source *ret_s)
{
    int i = find(source_ids, SOURCE_COUNT, id);
    if (i >= 0)
        *ret_s = (enum complaint_source)i;
    return i >= 0;
}

bool
complaint_kind_parse(struct str id, enum complaint_kind *ret_k)
{
    int i = find(kind_ids, COMPLAINT_KIND_COUNT, id);
    if (i >= 0)
        *ret_k = (enum complaint_kind)i;
    return i >= 0;
}

static struct str
aad(struct arena *a, struct str region, int64_t id, const char *column)
{
    return str_fmt(a, "complaint/%.*s/%lld/%s", STR_ARG(region), (long long)id, column);
}

static struct str
sealed(struct ctx *ctx, const struct data_key *k, const struct complaint *c, const char *column, struct str text)
{
    return crypto_seal(ctx->arena, &k->key, aad(ctx->arena, c->region, c->id, column), text.p ? text : STR(""));
}

static enum err
write_step(struct ctx *ctx, struct tx *tx, const struct data_key *k, const struct complaint *c, int64_t seq,
           const struct complaint_step *step)
{
    struct str column = str_fmt(ctx->arena, "step/%lld", (long long)seq);
    struct sql_complaint_event_insert_in in = {.region = c->region,
                                               .complaint_id = c->id,
                                               .seq = seq,
                                               .kind = step->kind,
                                               .at_ms = step->at_ms,
                                               .actor_id = step->actor_id,
                                               .actor_name = step->actor_name.p ? step->actor_name : STR(""),
                                               .person = step->person.p ? step->person : STR(""),
                                               .note = sealed(ctx, k, c, column.p, step->note)};
    return sql_complaint_event_insert(ctx, tx, &in, NULL);
}

/* What is the submission's is read back; another content under the same key is a mistake of the sender. */
static enum err
replay(struct ctx *ctx, struct tx *tx, const struct complaint_new *in, struct complaint *c, bool *ret_replayed)
{
    struct sql_complaint_by_idem_in key = {.region = c->region, .idem_digest = in->idem_digest};
    struct sql_complaint_by_idem_row r;
    TRY(ctx, sql_complaint_by_idem(ctx, tx, &key, &r, ret_replayed));
    if (!*ret_replayed)
        return OK;
    if (!str_eq(r.request_digest, in->request_digest))
        FAIL(ctx, ERR_IDEMPOTENCY, "请刷新页面后重新提交");
    c->id = r.id;
    c->no = r.no;
    return OK;
}

static enum err
take_number(struct ctx *ctx, struct tx *tx, struct complaint *c)
{
    int year = day_ymd(day_of_ms(c->created_ms)).year;
    struct sql_counter_take_in in = {.region = c->region, .kind = STR("complaint"), .period = year, .count = 1};
    struct sql_counter_take_row next;
    bool found;
    TRY(ctx, sql_counter_take(ctx, tx, &in, &next, &found));
    c->no = str_fmt(ctx->arena, "TS%.*s-%d-%06lld", STR_ARG(c->region), year, (long long)(next.next - 1));
    return OK;
}

enum err
complaint_insert(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct data_key *key,
                 const struct complaint_new *in, struct complaint *c, bool *ret_replayed)
{
    TRY(ctx, replay(ctx, tx, in, c, ret_replayed));
    if (*ret_replayed)
        return OK;
    TRY(ctx, take_number(ctx, tx, c));
    TRY(ctx, vault_key_store(ctx, tx, v, c->region, key));
    struct sql_complaint_insert_in row = {.region = c->region,
                                          .id = c->id,
                                          .no = c->no,
                                          .code_digest = vault_digest(ctx->arena, v, "complaint", c->region, in->code),
                                          .idem_digest = in->idem_digest,
                                          .request_digest = in->request_digest,
                                          .source = str_c(complaint_source_id(c->source)),
                                          .kind = str_c(complaint_kind_id(c->kind)),
                                          .matter = c->matter,
                                          .case_no = c->case_no,
                                          .key_id = key->id,
                                          .body = sealed(ctx, key, c, "body", c->text),
                                          .target = sealed(ctx, key, c, "target", c->target),
                                          .contact = sealed(ctx, key, c, "contact", c->contact),
                                          .received_ms = c->received_ms,
                                          .taken_by = c->taken_by,
                                          .taken_name = c->taken_name,
                                          .accused_id = c->accused_id,
                                          .due_day = c->due.n,
                                          .workdays = c->workdays,
                                          .basis = c->basis,
                                          .answer = sealed(ctx, key, c, "answer", STR("")),
                                          .created_ms = c->created_ms};
    int64_t changed;
    TRY(ctx, sql_complaint_insert(ctx, tx, &row, &changed));
    if (changed != 1) /* looked for in this very transaction, so it cannot be */
        FAIL(ctx, ERR_INTERNAL, "%s", "");
    struct complaint_step first = {
        .kind = STR("received"), .actor_name = c->taken_name, .actor_id = c->taken_by, .at_ms = c->created_ms};
    return write_step(ctx, tx, key, c, 1, &first);
}

/* The row as it is; the sealed columns stand in text, target, contact and answer. */
static enum err
from_row(struct ctx *ctx, struct str region, int64_t id, const struct sql_complaint_get_row *r, struct complaint *c)
{
    int state = find(state_ids, COMPLAINT_STATE_COUNT, r->state), source = find(source_ids, SOURCE_COUNT, r->source),
        kind = find(kind_ids, COMPLAINT_KIND_COUNT, r->kind);
    if (state < 0 || source < 0 || kind < 0)
        FAIL(ctx, ERR_INTEGRITY, "投诉%.*s的状态、来源或类别不认识", STR_ARG(r->no));
    *c = (struct complaint){.id = id,
                            .key_id = r->key_id,
                            .seq = r->seq,
                            .region = region,
                            .no = r->no,
                            .matter = r->matter,
                            .case_no = r->case_no,
                            .source = (enum complaint_source)source,
                            .kind = (enum complaint_kind)kind,
                            .text = r->body,
                            .target = r->target,
                            .contact = r->contact,
                            .state = (enum complaint_state)state,
                            .received_ms = r->received_ms,
                            .created_ms = r->created_ms,
                            .taken_by = r->taken_by,
                            .taken_name = r->taken_name,
                            .accused_id = r->accused_id,
                            .owner_id = r->owner_id,
                            .due = {(int32_t)r->due_day},
                            .workdays = r->workdays,
                            .basis = r->basis,
                            .answer = r->answer,
                            .transfer_to = r->transfer_to,
                            .closed_name = r->closed_name,
                            .closed_ms = r->closed_ms,
                            .closed_by = r->closed_by,
                            .is_public = r->is_public,
                            .public_title = r->public_title,
                            .public_text = r->public_text};
    return OK;
}

static enum err
unseal(struct ctx *ctx, const struct data_key *k, const struct complaint *c, const char *column, struct str *text)
{
    return crypto_open(ctx, &k->key, aad(ctx->arena, c->region, c->id, column), *text, text);
}

enum err
complaint_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id,
              struct complaint *ret_c)
{
    struct sql_complaint_get_in in = {.region = region, .id = id};
    struct sql_complaint_get_row r;
    struct data_key key;
    struct complaint c = {0};
    bool found;
    TRY(ctx, sql_complaint_get(ctx, tx, &in, &r, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有这件投诉");
    TRY(ctx, from_row(ctx, region, id, &r, &c));
    TRY(ctx, vault_key_get(ctx, tx, v, region, r.key_id, &key));
    TRY(ctx, unseal(ctx, &key, &c, "body", &c.text));
    TRY(ctx, unseal(ctx, &key, &c, "target", &c.target));
    TRY(ctx, unseal(ctx, &key, &c, "contact", &c.contact));
    TRY(ctx, unseal(ctx, &key, &c, "answer", &c.answer));
    *ret_c = c;
    return OK;
}

enum err
complaint_open_with(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, struct str no,
                    struct str code, struct complaint *ret_c)
{
    struct sql_complaint_by_no_in in = {.region = region, .no = no};
    struct sql_complaint_by_no_row r;
    bool found;
    TRY(ctx, sql_complaint_by_no(ctx, tx, &in, &r, &found));
    struct str digest = vault_digest(ctx->arena, v, "complaint", region, code);
    if (!found || r.code_digest.n != digest.n || !crypto_equal(digest.p, r.code_digest.p, digest.n))
        FAIL(ctx, ERR_NOT_FOUND, "没有编号和查询码都相符的投诉，请核对后再查");
    return complaint_get(ctx, tx, v, region, r.id, ret_c);
}

enum err
complaint_steps(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct complaint *c,
                struct complaint_step **ret_s, size_t *ret_n)
{
    struct sql_complaint_events_in in = {.region = c->region, .complaint_id = c->id};
    struct sql_complaint_events_row *r;
    struct data_key key;
    size_t n;
    TRY(ctx, vault_key_get(ctx, tx, v, c->region, c->key_id, &key));
    TRY(ctx, sql_complaint_events(ctx, tx, &in, &r, &n));
    struct complaint_step *s = ARENA_ARRAY(ctx->arena, n, struct complaint_step);
    for (size_t i = 0; i < n; i++) {
        struct str note = r[i].note;
        TRY(ctx, unseal(ctx, &key, c, str_fmt(ctx->arena, "step/%lld", (long long)r[i].seq).p, &note));
        s[i] = (struct complaint_step){
            .kind = r[i].kind, .actor_name = r[i].actor_name, .person = r[i].person, .note = note, .at_ms = r[i].at_ms};
    }
    *ret_s = s;
    *ret_n = n;
    return OK;
}

static enum err
moved(struct ctx *ctx, int64_t changed)
{
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "这件投诉刚刚有人办理过，请刷新后再办");
    return OK;
}

enum err
complaint_assign(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct complaint *c,
                 const struct complaint_step *step)
{
    struct data_key key;
    struct sql_complaint_assign_in in = {
        .region = c->region, .id = c->id, .old_seq = c->seq, .owner_id = c->owner_id, .accused_id = c->accused_id};
    int64_t changed;
    TRY(ctx, vault_key_get(ctx, tx, v, c->region, c->key_id, &key));
    TRY(ctx, sql_complaint_assign(ctx, tx, &in, &changed));
    TRY(ctx, moved(ctx, changed));
    return write_step(ctx, tx, &key, c, c->seq + 1, step);
}

enum err
complaint_close(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct complaint *c,
                const struct complaint_step *step)
{
    struct data_key key;
    TRY(ctx, vault_key_get(ctx, tx, v, c->region, c->key_id, &key));
    struct sql_complaint_close_in in = {.region = c->region,
                                        .id = c->id,
                                        .old_seq = c->seq,
                                        .state = str_c(complaint_state_id(c->state)),
                                        .answer = sealed(ctx, &key, c, "answer", c->answer),
                                        .transfer_to = c->transfer_to,
                                        .closed_ms = c->closed_ms,
                                        .closed_by = c->closed_by,
                                        .closed_name = c->closed_name,
                                        .is_public = c->is_public,
                                        .public_title = c->public_title,
                                        .public_text = c->public_text};
    int64_t changed;
    TRY(ctx, sql_complaint_close(ctx, tx, &in, &changed));
    TRY(ctx, moved(ctx, changed));
    return write_step(ctx, tx, &key, c, c->seq + 1, step);
}
