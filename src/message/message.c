#include "message/message.h"

#include "base/json.h"
#include "base/view.h"
#include "sql_gen.h"

enum { BACK_OFF_MAX_MS = 6 * 3600 * 1000, BACK_OFF_DOUBLINGS = 20 };

static const struct {
    const char *id, *name;
    bool sends;
} channels[MESSAGE_CHANNEL_COUNT] = {
    [MESSAGE_INBOX] = {"inbox", "网上消息", false}, [MESSAGE_STAFF] = {"staff", "站内消息", false},
    [MESSAGE_PHONE] = {"phone", "电话", false},     [MESSAGE_SMS] = {"sms", "短信", true},
    [MESSAGE_MAIL] = {"mail", "邮件", true},        [MESSAGE_WEBHOOK] = {"webhook", "推送", true},
};

const char *
message_channel_id(enum message_channel c)
{
    return channels[c].id;
}

const char *
message_channel_name(enum message_channel c)
{
    return channels[c].name;
}

bool
message_channel_sends(enum message_channel c)
{
    return channels[c].sends;
}

static enum err
channel_of(struct ctx *ctx, struct str s, enum message_channel *ret_c)
{
    for (int i = 0; i < MESSAGE_CHANNEL_COUNT; i++)
        if (str_eqz(s, channels[i].id)) {
            *ret_c = (enum message_channel)i;
            return OK;
        }
    FAIL(ctx, ERR_INTEGRITY, "消息的渠道“%.*s”不认识", STR_ARG(s));
}

static const char *const state_ids[MESSAGE_STATE_COUNT] = {"waiting", "leased", "sent", "failed", "given_up"};

const char *
message_state_id(enum message_state s)
{
    return state_ids[s];
}

const char *
message_state_name(enum message_state s)
{
    static const char *const names[MESSAGE_STATE_COUNT] = {"待发送", "发送中", "已发送", "发送失败", "不再发送"};
    return names[s];
}

bool
message_state_parse(struct str id, enum message_state *ret_s)
{
    for (int i = 0; i < MESSAGE_STATE_COUNT; i++)
        if (str_eqz(id, state_ids[i])) {
            *ret_s = (enum message_state)i;
            return true;
        }
    return false;
}

struct str
message_key(struct arena *a, const struct message *m)
{
    return str_fmt(a, "%.*s-%lld-%.*s-%lld-%s%s%.*s", STR_ARG(m->region), (long long)m->case_id, STR_ARG(m->kind),
                   (long long)m->mark, channels[m->channel].id, str_empty(m->target) ? "" : "-", STR_ARG(m->target));
}

/* --- sealing --- */

static struct str
message_aad(struct arena *a, struct str region, int64_t id, const char *column)
{
    return str_fmt(a, "message/%.*s/%lld/%s", STR_ARG(region), (long long)id, column);
}

static struct str
content_of(struct arena *a, const struct message *m)
{
    struct view *v = view_map(a);
    struct buf b;
    view_put_text(v, "title", m->title.p ? m->title : STR(""));
    view_put_text(v, "text", m->text.p ? m->text : STR(""));
    buf_init(&b, a, m->text.n + 256);
    view_json(v, &b);
    return buf_str(&b);
}

static enum err
open_content(struct ctx *ctx, const struct crypto_key *key, struct str sealed, struct message *m)
{
    struct str json;
    struct view *v;
    TRY(ctx, crypto_open(ctx, key, message_aad(ctx->arena, m->region, m->id, "content"), sealed, &json));
    TRY(ctx, view_from_json(ctx, json, &v));
    if (!json_text(v, "title", &m->title) || !json_text(v, "text", &m->text))
        FAIL(ctx, ERR_INTEGRITY, "消息 %lld 的内容读不出来", (long long)m->id);
    return OK;
}

/* The key a message is sealed under; *ret_gone when it was destroyed. */
static enum err
key_of(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t key_id,
       struct crypto_key *ret_key, bool *ret_gone)
{
    struct data_key k;
    *ret_gone = false;
    if (!key_id) {
        *ret_key = v->local;
        return OK;
    }
    enum err e = vault_key_get(ctx, tx, v, region, key_id, &k);
    if (e == ERR_RECORD_MISSING) {
        fail_clear(ctx);
        *ret_gone = true;
        return OK;
    }
    TRY(ctx, e);
    *ret_key = k.key;
    return OK;
}

enum err
message_enqueue(struct ctx *ctx, struct tx *tx, const struct vault *v, struct id_source *ids,
                const struct data_key *key, const struct message *m, bool *ret_new)
{
    struct arena *a = ctx->arena;
    int64_t id = id_next(ids, ctx->now_ms), changed;
    const struct crypto_key *k = key ? &key->key : &v->local;
    bool sends = message_channel_sends(m->channel);
    struct sql_message_insert_in in = {
        .region = m->region,
        .id = id,
        .case_id = m->case_id,
        .kind = m->kind,
        .mark = m->mark,
        .channel = str_c(channels[m->channel].id),
        .target = m->target.p ? m->target : STR(""),
        .case_no = m->case_no.p ? m->case_no : STR(""),
        .matter = m->matter.p ? m->matter : STR(""),
        .state = str_c(state_ids[sends ? MESSAGE_WAITING : MESSAGE_SENT]),
        .due_ms = m->due_ms,
        .key_id = key ? key->id : 0,
        .recipient =
            crypto_seal(a, k, message_aad(a, m->region, id, "recipient"), m->recipient.p ? m->recipient : STR("")),
        .content = crypto_seal(a, k, message_aad(a, m->region, id, "content"), content_of(a, m)),
        .created_ms = ctx->now_ms,
        .ended_ms = sends ? 0 : ctx->now_ms,
    };
    TRY(ctx, sql_message_insert(ctx, tx, &in, &changed));
    if (ret_new)
        *ret_new = changed == 1;
    return OK;
}

/* --- sending --- */

enum err
message_due(struct ctx *ctx, struct tx *tx, struct str region, bool *ret_due)
{
    struct sql_message_due_in in = {.region = region, .now_ms = ctx->now_ms, .limit = 1};
    struct sql_message_due_row *r;
    size_t n;
    TRY(ctx, sql_message_due(ctx, tx, &in, &r, &n));
    *ret_due = n > 0;
    return OK;
}

static enum err
open_leased(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region,
            const struct sql_message_leased_row *r, struct message *m)
{
    struct crypto_key key;
    bool gone;
    *m = (struct message){.id = r->id,
                          .region = region,
                          .case_id = r->case_id,
                          .kind = r->kind,
                          .mark = r->mark,
                          .target = r->target,
                          .case_no = r->case_no,
                          .matter = r->matter,
                          .key_id = r->key_id,
                          .state = MESSAGE_LEASED,
                          .attempts = r->attempts,
                          .created_ms = r->created_ms};
    TRY(ctx, channel_of(ctx, r->channel, &m->channel));
    TRY(ctx, key_of(ctx, tx, v, region, r->key_id, &key, &gone));
    if (gone) {
        m->state = MESSAGE_GIVEN_UP;
        return OK;
    }
    struct str aad = message_aad(ctx->arena, region, r->id, "recipient");
    TRY(ctx, crypto_open(ctx, &key, aad, r->recipient, &m->recipient));
    return open_content(ctx, &key, r->content, m);
}

enum err
message_claim(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t lease, int64_t until_ms,
              int limit, struct message **ret_m, size_t *ret_n)
{
    struct sql_message_claim_in in = {
        .region = region, .now_ms = ctx->now_ms, .lease = lease, .until_ms = until_ms, .limit = limit};
    struct sql_message_leased_in of = {.region = region, .lease = lease, .limit = limit};
    struct sql_message_leased_row *r;
    int64_t changed;
    *ret_n = 0;
    *ret_m = NULL;
    TRY(ctx, sql_message_claim(ctx, tx, &in, &changed));
    if (!changed)
        return OK;
    size_t n;
    TRY(ctx, sql_message_leased(ctx, tx, &of, &r, &n));
    struct message *m = ARENA_ARRAY(ctx->arena, n, struct message);
    for (size_t i = 0; i < n; i++)
        TRY(ctx, open_leased(ctx, tx, v, region, &r[i], &m[i]));
    *ret_m = m;
    *ret_n = n;
    return OK;
}

enum err
message_settle(struct ctx *ctx, struct tx *tx, const struct message_end *end, bool *ret_held)
{
    bool over = end->state != MESSAGE_WAITING;
    struct sql_message_end_in in = {.region = end->region,
                                    .id = end->id,
                                    .lease = end->lease,
                                    .state = str_c(state_ids[end->state]),
                                    .due_ms = end->due_ms,
                                    .back = end->unused,
                                    .outcome = end->outcome.p ? end->outcome : STR(""),
                                    .ended_ms = over ? ctx->now_ms : 0};
    int64_t changed;
    TRY(ctx, sql_message_end(ctx, tx, &in, &changed));
    *ret_held = changed == 1;
    return OK;
}

int64_t
message_back_off(int64_t n, int64_t base_ms, int64_t salt)
{
    int64_t ms = base_ms;
    for (int64_t i = 1; i < n && i < BACK_OFF_DOUBLINGS && ms < BACK_OFF_MAX_MS; i++)
        ms *= 2;
    if (ms > BACK_OFF_MAX_MS)
        ms = BACK_OFF_MAX_MS;
    uint64_t spread = (uint64_t)salt * UINT64_C(0x9e3779b97f4a7c15);
    return ms + (int64_t)(spread >> 40) % (ms / 4 + 1);
}

/* --- lists --- */

enum err
message_of_case(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t case_id,
                enum message_channel channel, int limit, struct message **ret_m, size_t *ret_n)
{
    struct sql_message_of_case_in in = {
        .region = region, .case_id = case_id, .channel = str_c(channels[channel].id), .limit = limit};
    struct sql_message_of_case_row *r;
    size_t n, k = 0;
    TRY(ctx, sql_message_of_case(ctx, tx, &in, &r, &n));
    struct message *m = ARENA_ARRAY(ctx->arena, n, struct message);
    for (size_t i = 0; i < n; i++) {
        struct crypto_key key;
        bool gone;
        TRY(ctx, key_of(ctx, tx, v, region, r[i].key_id, &key, &gone));
        if (gone)
            continue;
        m[k] = (struct message){.id = r[i].id,
                                .region = region,
                                .case_id = case_id,
                                .kind = r[i].kind,
                                .mark = r[i].mark,
                                .channel = channel,
                                .state = MESSAGE_SENT,
                                .created_ms = r[i].created_ms};
        TRY(ctx, open_content(ctx, &key, r[i].content, &m[k]));
        k++;
    }
    *ret_m = m;
    *ret_n = k;
    return OK;
}

static enum err
open_any(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct sql_message_all_of_case_row *r,
         struct message *m)
{
    struct crypto_key key;
    bool gone;
    m->id = r->id;
    m->kind = r->kind;
    m->mark = r->mark;
    m->target = r->target;
    m->outcome = r->outcome;
    m->created_ms = r->created_ms;
    m->ended_ms = r->ended_ms;
    TRY(ctx, channel_of(ctx, r->channel, &m->channel));
    if (!message_state_parse(r->state, &m->state))
        FAIL(ctx, ERR_INTEGRITY, "消息的状态“%.*s”不认识", STR_ARG(r->state));
    TRY(ctx, key_of(ctx, tx, v, m->region, r->key_id, &key, &gone));
    if (!gone && m->channel != MESSAGE_WEBHOOK)
        return open_content(ctx, &key, r->content, m);
    m->title = m->text = STR("");
    return OK;
}

enum err
message_all_of_case(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t case_id,
                    int limit, struct message **ret_m, size_t *ret_n)
{
    struct sql_message_all_of_case_in in = {.region = region, .case_id = case_id, .limit = limit};
    struct sql_message_all_of_case_row *r;
    size_t n;
    TRY(ctx, sql_message_all_of_case(ctx, tx, &in, &r, &n));
    struct message *m = ARENA_ARRAY(ctx->arena, n, struct message);
    for (size_t i = 0; i < n; i++) {
        m[i] = (struct message){.region = region, .case_id = case_id};
        TRY(ctx, open_any(ctx, tx, v, &r[i], &m[i]));
    }
    *ret_m = m;
    *ret_n = n;
    return OK;
}

enum err
message_of_staff(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t staff_id,
                 int64_t before, int limit, struct message **ret_m, size_t *ret_n)
{
    struct sql_message_of_staff_in in = {
        .region = region, .target = str_fmt(ctx->arena, "%lld", (long long)staff_id), .id = before, .limit = limit};
    struct sql_message_of_staff_row *r;
    size_t n;
    TRY(ctx, sql_message_of_staff(ctx, tx, &in, &r, &n));
    struct message *m = ARENA_ARRAY(ctx->arena, n, struct message);
    for (size_t i = 0; i < n; i++) {
        struct crypto_key key;
        bool gone;
        m[i] = (struct message){.id = r[i].id,
                                .region = region,
                                .case_id = r[i].case_id,
                                .kind = r[i].kind,
                                .channel = MESSAGE_STAFF,
                                .case_no = r[i].case_no,
                                .matter = r[i].matter,
                                .state = MESSAGE_SENT,
                                .created_ms = r[i].created_ms,
                                .seen_ms = r[i].seen_ms};
        TRY(ctx, key_of(ctx, tx, v, region, r[i].key_id, &key, &gone));
        if (gone) {
            m[i].title = STR("（内容已按规定销毁）");
            m[i].text = STR("");
            continue;
        }
        TRY(ctx, open_content(ctx, &key, r[i].content, &m[i]));
    }
    *ret_m = m;
    *ret_n = n;
    return OK;
}

enum err
message_seen(struct ctx *ctx, struct tx *tx, struct str region, int64_t staff_id, int64_t id)
{
    struct sql_message_get_in key = {.region = region, .id = id};
    struct sql_message_get_row r;
    bool found;
    struct str target = str_fmt(ctx->arena, "%lld", (long long)staff_id);
    TRY(ctx, sql_message_get(ctx, tx, &key, &r, &found));
    if (!found || !str_eqz(r.channel, channels[MESSAGE_STAFF].id) || !str_eq(r.target, target))
        FAIL(ctx, ERR_NOT_FOUND, "没有这条消息");
    struct sql_message_seen_in in = {.region = region, .id = id, .target = target, .seen_ms = ctx->now_ms};
    return sql_message_seen(ctx, tx, &in, NULL); /* a second press changes nothing */
}

static enum err
open_listed(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, enum message_state state,
            const struct sql_message_in_state_row *r, struct message *m)
{
    struct crypto_key key;
    bool gone;
    *m = (struct message){.id = r->id,
                          .region = region,
                          .case_id = r->case_id,
                          .kind = r->kind,
                          .target = r->target,
                          .case_no = r->case_no,
                          .matter = r->matter,
                          .state = state,
                          .attempts = r->attempts,
                          .due_ms = r->due_ms,
                          .outcome = r->outcome,
                          .recipient = STR(""),
                          .created_ms = r->created_ms,
                          .ended_ms = r->ended_ms};
    TRY(ctx, channel_of(ctx, r->channel, &m->channel));
    TRY(ctx, key_of(ctx, tx, v, region, r->key_id, &key, &gone));
    if (gone)
        return OK;
    struct str aad = message_aad(ctx->arena, region, r->id, "recipient");
    return crypto_open(ctx, &key, aad, r->recipient, &m->recipient);
}

enum err
message_in_state(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, enum message_state state,
                 int64_t after, int limit, struct message **ret_m, size_t *ret_n)
{
    struct sql_message_in_state_in in = {
        .region = region, .state = str_c(state_ids[state]), .id = after, .limit = limit};
    struct sql_message_in_state_row *r;
    size_t n;
    TRY(ctx, sql_message_in_state(ctx, tx, &in, &r, &n));
    struct message *m = ARENA_ARRAY(ctx->arena, n, struct message);
    for (size_t i = 0; i < n; i++)
        TRY(ctx, open_listed(ctx, tx, v, region, state, &r[i], &m[i]));
    *ret_m = m;
    *ret_n = n;
    return OK;
}

/* Why nothing was changed. */
static enum err
refuse_change(struct ctx *ctx, struct tx *tx, struct str region, int64_t id)
{
    struct sql_message_get_in key = {.region = region, .id = id};
    struct sql_message_get_row r;
    bool found;
    enum message_state state = MESSAGE_SENT;
    TRY(ctx, sql_message_get(ctx, tx, &key, &r, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有这条消息");
    if (!message_state_parse(r.state, &state))
        FAIL(ctx, ERR_INTEGRITY, "消息的状态“%.*s”不认识", STR_ARG(r.state));
    FAIL(ctx, ERR_CONFLICT, "这条消息现在是“%s”，请刷新后再看", message_state_name(state));
}

enum err
message_again(struct ctx *ctx, struct tx *tx, struct str region, int64_t id)
{
    struct sql_message_again_in in = {.region = region, .id = id, .due_ms = ctx->now_ms};
    int64_t changed;
    TRY(ctx, sql_message_again(ctx, tx, &in, &changed));
    return changed ? OK : refuse_change(ctx, tx, region, id);
}

enum err
message_give_up(struct ctx *ctx, struct tx *tx, struct str region, int64_t id, struct str reason)
{
    struct sql_message_give_up_in in = {.region = region, .id = id, .outcome = reason, .ended_ms = ctx->now_ms};
    int64_t changed;
    TRY(ctx, sql_message_give_up(ctx, tx, &in, &changed));
    return changed ? OK : refuse_change(ctx, tx, region, id);
}
