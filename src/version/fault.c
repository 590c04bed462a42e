#include "version/fault.h"

#include "sql_gen.h"

static const char *const state_ids[FAULT_STATE_COUNT] = {"open", "revised", "kept"};

const char *
fault_state_id(enum fault_state s)
{
    return state_ids[s];
}

const char *
fault_state_name(enum fault_state s)
{
    static const char *const names[FAULT_STATE_COUNT] = {"待答复", "修订", "不改"};
    return names[s];
}

static const struct fault_part parts[] = {
    {"name", "事项名称和编码"},  {"service_object", "服务对象"},
    {"materials", "办理材料"},   {"forms", "表格"},
    {"channels", "办理渠道"},    {"process", "办理流程"},
    {"limits", "办理时限"},      {"contact", "地址和咨询电话"},
    {"supervision", "监督电话"}, {"rating", "评价渠道"},
    {"delivery", "送达"},        {"notes", "注意事项"},
    {"legal_basis", "设定依据"}, {"checklist", "核对材料的问答"},
    {"other", "其他"},
};

const struct fault_part *
fault_parts(size_t *ret_n)
{
    *ret_n = sizeof parts / sizeof *parts;
    return parts;
}

const struct fault_part *
fault_part_find(struct str id)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (str_eqz(id, parts[i].id))
            return &parts[i];
    return NULL;
}

static enum err
state_of(struct ctx *ctx, struct str s, enum fault_state *ret_state)
{
    for (int i = 0; i < FAULT_STATE_COUNT; i++)
        if (str_eqz(s, state_ids[i])) {
            *ret_state = (enum fault_state)i;
            return OK;
        }
    FAIL(ctx, ERR_INTEGRITY, "指南错误报告的状态“%.*s”不认识", STR_ARG(s));
}

static struct str
fault_aad(struct arena *a, struct str region, int64_t id, const char *column)
{
    return str_fmt(a, "fault/%.*s/%lld/%s", STR_ARG(region), (long long)id, column);
}

/* What is the submission's is read back; another content under the same key is a mistake of the sender. */
static enum err
replay(struct ctx *ctx, struct tx *tx, const struct fault_new *in, struct fault *f, bool *ret_replayed)
{
    struct sql_fault_by_idem_in key = {.region = f->region, .idem_digest = in->idem_digest};
    struct sql_fault_by_idem_row r;
    TRY(ctx, sql_fault_by_idem(ctx, tx, &key, &r, ret_replayed));
    if (!*ret_replayed)
        return OK;
    if (!str_eq(r.request_digest, in->request_digest))
        FAIL(ctx, ERR_IDEMPOTENCY, "请刷新页面后重新提交");
    f->id = r.id;
    f->no = r.no;
    return OK;
}

static enum err
take_number(struct ctx *ctx, struct tx *tx, struct fault *f)
{
    int year = day_ymd(day_of_ms(f->created_ms)).year;
    struct sql_counter_take_in in = {.region = f->region, .kind = STR("guide_fault"), .period = year, .count = 1};
    struct sql_counter_take_row next;
    bool found;
    TRY(ctx, sql_counter_take(ctx, tx, &in, &next, &found));
    f->no = str_fmt(ctx->arena, "JC%.*s-%d-%06lld", STR_ARG(f->region), year, (long long)(next.next - 1));
    return OK;
}

enum err
fault_insert(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct data_key *key,
             const struct fault_new *in, struct fault *f, bool *ret_replayed)
{
    TRY(ctx, replay(ctx, tx, in, f, ret_replayed));
    if (*ret_replayed)
        return OK;
    TRY(ctx, take_number(ctx, tx, f));
    TRY(ctx, vault_key_store(ctx, tx, v, f->region, key));
    struct str body = fault_aad(ctx->arena, f->region, f->id, "body");
    struct str contact = fault_aad(ctx->arena, f->region, f->id, "contact");
    struct sql_fault_insert_in row = {
        .region = f->region,
        .id = f->id,
        .no = f->no,
        .code_digest = vault_digest(ctx->arena, v, "fault", f->region, in->code),
        .idem_digest = in->idem_digest,
        .request_digest = in->request_digest,
        .matter = f->matter,
        .matter_digest = f->matter_digest,
        .part = f->part,
        .key_id = key->id,
        .body = crypto_seal(ctx->arena, &key->key, body, f->text),
        .contact = crypto_seal(ctx->arena, &key->key, contact, f->contact.p ? f->contact : STR("")),
        .created_ms = f->created_ms,
        .due_day = f->due.n,
    };
    int64_t changed;
    TRY(ctx, sql_fault_insert(ctx, tx, &row, &changed));
    if (changed != 1) /* looked for in this very transaction, so it cannot be */
        FAIL(ctx, ERR_INTERNAL, "%s", "");
    return OK;
}

enum err
fault_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id, struct fault *ret_f)
{
    struct sql_fault_get_in in = {.region = region, .id = id};
    struct sql_fault_get_row r;
    struct data_key key;
    enum fault_state state = FAULT_OPEN;
    struct str text, contact;
    bool found;
    TRY(ctx, sql_fault_get(ctx, tx, &in, &r, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有这份指南错误报告");
    TRY(ctx, state_of(ctx, r.state, &state));
    TRY(ctx, vault_key_get(ctx, tx, v, region, r.key_id, &key));
    TRY(ctx, crypto_open(ctx, &key.key, fault_aad(ctx->arena, region, id, "body"), r.body, &text));
    TRY(ctx, crypto_open(ctx, &key.key, fault_aad(ctx->arena, region, id, "contact"), r.contact, &contact));
    *ret_f = (struct fault){.id = id,
                            .key_id = r.key_id,
                            .version_no = r.version_no,
                            .region = region,
                            .no = r.no,
                            .matter = r.matter,
                            .matter_digest = r.matter_digest,
                            .part = r.part,
                            .text = text,
                            .contact = contact,
                            .state = state,
                            .answer = r.answer,
                            .answered_name = r.answered_name,
                            .created_ms = r.created_ms,
                            .answered_ms = r.answered_ms,
                            .answered_by = r.answered_by,
                            .due = {(int32_t)r.due_day}};
    return OK;
}

enum err
fault_open_with(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, struct str no,
                struct str code, struct fault *ret_f)
{
    struct sql_fault_by_no_in in = {.region = region, .no = no};
    struct sql_fault_by_no_row r;
    bool found;
    TRY(ctx, sql_fault_by_no(ctx, tx, &in, &r, &found));
    struct str digest = vault_digest(ctx->arena, v, "fault", region, code);
    if (!found || r.code_digest.n != digest.n || !crypto_equal(digest.p, r.code_digest.p, digest.n))
        FAIL(ctx, ERR_NOT_FOUND, "没有编号和查询码都相符的报告，请核对后再查");
    return fault_get(ctx, tx, v, region, r.id, ret_f);
}

enum err
fault_open_ids(struct ctx *ctx, struct tx *tx, struct str region, int64_t after, int limit, int64_t **ret_ids,
               size_t *ret_n)
{
    struct sql_fault_open_in in = {.region = region, .id = after, .limit = limit};
    struct sql_fault_open_row *r;
    size_t n;
    TRY(ctx, sql_fault_open(ctx, tx, &in, &r, &n));
    int64_t *ids = ARENA_ARRAY(ctx->arena, n, int64_t);
    for (size_t i = 0; i < n; i++)
        ids[i] = r[i].id;
    *ret_ids = ids;
    *ret_n = n;
    return OK;
}

enum err
fault_answered(struct ctx *ctx, struct tx *tx, struct str region, int64_t before_ms, int64_t before_id, int limit,
               struct fault **ret_f, size_t *ret_n)
{
    struct sql_fault_answered_in in = {.region = region, .answered_ms = before_ms, .id = before_id, .limit = limit};
    struct sql_fault_answered_row *r;
    size_t n;
    TRY(ctx, sql_fault_answered(ctx, tx, &in, &r, &n));
    struct fault *f = ARENA_ARRAY(ctx->arena, n, struct fault);
    for (size_t i = 0; i < n; i++) {
        enum fault_state state = FAULT_OPEN;
        TRY(ctx, state_of(ctx, r[i].state, &state));
        f[i] = (struct fault){.id = r[i].id,
                              .region = region,
                              .no = r[i].no,
                              .matter = r[i].matter,
                              .part = r[i].part,
                              .state = state,
                              .answer = r[i].answer,
                              .version_no = r[i].version_no,
                              .answered_ms = r[i].answered_ms,
                              .answered_name = r[i].answered_name};
    }
    *ret_f = f;
    *ret_n = n;
    return OK;
}

enum err
fault_answer(struct ctx *ctx, struct tx *tx, const struct fault *f)
{
    struct sql_fault_answer_in in = {.region = f->region,
                                     .id = f->id,
                                     .state = str_c(fault_state_id(f->state)),
                                     .answer = f->answer,
                                     .version_no = f->version_no,
                                     .answered_ms = f->answered_ms,
                                     .answered_by = f->answered_by,
                                     .answered_name = f->answered_name};
    int64_t changed;
    TRY(ctx, sql_fault_answer(ctx, tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "这份报告已经有人答复");
    return OK;
}
