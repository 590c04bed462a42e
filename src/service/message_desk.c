/* Reading messages: the applicant's, the clerk's, and the supervisor's list of what did not arrive. */
#include "base/ident.h"
#include "message/message.h"
#include "service/guide.h"
#include "service/message_int.h"
#include "service/service.h"
#include "sql_gen.h"

static struct str
matter_name(const struct server *s, struct str region, struct str id)
{
    const struct matter *m = matter_by_id(catalog_region(s->catalog, region), id);
    return m ? m->name : id;
}

static void
put_words(struct ctx *ctx, const struct server *s, const struct message *m, struct view *v)
{
    view_put_id(v, "id", m->id);
    view_put_text(v, "event", m->kind);
    view_put_text(v, "name", message_event_name(s, m->region, m->kind));
    view_put_text(v, "title", m->title);
    view_put_text(v, "text", m->text);
    view_put_text(v, "at", day_time_text(ctx->arena, m->created_ms));
}

/* --- of a case --- */

enum err
service_case_messages(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf, struct view *map)
{
    struct message *m;
    size_t n;
    TRY(ctx, message_of_case(ctx, tx, &s->vault, cf->region, cf->id, MESSAGE_INBOX, MESSAGE_CASE_MAX, &m, &n));
    struct view *list = view_put_list(map, "messages");
    for (size_t i = 0; i < n; i++)
        put_words(ctx, s, &m[i], view_add_map(list));
    view_put_int(map, "message_count", (int64_t)n);
    return OK;
}

enum err
service_desk_case_messages(struct ctx *ctx, struct server *s, const struct actor *a, struct str no, struct view *map)
{
    struct message *m;
    size_t n;
    struct str number, region;
    bool found;
    if (!service_case_no_parse(no, ctx->arena, &number, &region) || !str_eq(region, a->region))
        FAIL(ctx, ERR_NOT_FOUND, "没有这个办件");
    struct sql_case_by_no_in in = {.region = region, .no = number};
    struct sql_case_by_no_row row;
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, sql_case_by_no(ctx, tx, &in, &row, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有这个办件");
    TRY(ctx, message_all_of_case(ctx, tx, &s->vault, region, row.id, MESSAGE_CASE_MAX, &m, &n));
    struct view *list = view_put_list(map, "messages");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        put_words(ctx, s, &m[i], v);
        view_put_z(v, "channel", message_channel_id(m[i].channel));
        view_put_z(v, "channel_name", message_channel_name(m[i].channel));
        view_put_z(v, "state", message_state_id(m[i].state));
        view_put_z(v, "state_name", message_state_name(m[i].state));
        view_put_bool(v, "is_call", m[i].channel == MESSAGE_PHONE);
        view_put_bool(v, "leaves", message_channel_sends(m[i].channel));
        view_put_bool(v, "is_bad", m[i].state == MESSAGE_FAILED || m[i].state == MESSAGE_GIVEN_UP);
        view_put_text(v, "outcome", m[i].outcome);
    }
    view_put_text(map, "no", number);
    view_put_int(map, "count", (int64_t)n);
    return OK;
}

/* --- the clerk's inbox --- */

static enum err
bad_cursor(struct ctx *ctx)
{
    fail_field(ctx, STR("after"), STR("页码"), STR("不认识"), STR("请从第一页看起"));
    FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
}

static void
put_next(struct ctx *ctx, struct view *map, const struct message *m, size_t n)
{
    view_put_text(map, "next", n == MESSAGE_LIST_MAX ? str_fmt(ctx->arena, "%lld", (long long)m[n - 1].id) : STR(""));
    view_put_int(map, "count", (int64_t)n);
}

enum err
service_staff_inbox(struct ctx *ctx, struct server *s, const struct actor *a, struct str after, struct view *map)
{
    int64_t before = INT64_MAX;
    struct message *m;
    size_t n;
    if (!str_empty(after) && (!str_int(after, &before) || before < 0))
        return bad_cursor(ctx);
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, message_of_staff(ctx, tx, &s->vault, a->region, a->id, before, MESSAGE_LIST_MAX, &m, &n));
    struct view *list = view_put_list(map, "messages");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        put_words(ctx, s, &m[i], v);
        view_put_text(v, "case_no", m[i].case_no);
        view_put_text(v, "matter_name", matter_name(s, a->region, m[i].matter));
        view_put_bool(v, "seen", m[i].seen_ms != 0);
    }
    put_next(ctx, map, m, n);
    return OK;
}

/* --- changes --- */

struct change {
    const struct actor *actor;
    int64_t id;
    struct str reason; /* p NULL: the other change */
};

static enum err
seen_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct change *c = arg;
    return message_seen(ctx, tx, c->actor->region, c->actor->id, c->id);
}

enum err
service_staff_seen(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id)
{
    struct change c = {.actor = a, .id = id};
    return store_write(ctx, s->store, seen_body, &c);
}

static enum err
change_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct change *c = arg;
    return c->reason.p ? message_give_up(ctx, tx, c->actor->region, c->id, c->reason)
                       : message_again(ctx, tx, c->actor->region, c->id);
}

enum err
service_message_again(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id)
{
    struct change c = {.actor = a, .id = id};
    return store_write(ctx, s->store, change_body, &c);
}

enum err
service_message_give_up(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id, struct str reason)
{
    reason = str_trim(reason.p ? reason : STR(""));
    if (str_empty(reason) || str_utf8_count(reason) > MESSAGE_REASON_MAX) {
        fail_field(ctx, STR("reason"), STR("不再发送的理由"), str_empty(reason) ? STR("没有填写") : STR("太长"),
                   STR("例如：已当面告知；不要写个人信息"));
        FAIL(ctx, ERR_REASON_REQUIRED, "%s", "");
    }
    struct change c = {.actor = a,
                       .id = id,
                       .reason = str_fmt(ctx->arena, "%.*s：%.*s", STR_ARG(a->name),
                                         STR_ARG(message_strike_numbers(ctx->arena, reason)))};
    return store_write(ctx, s->store, change_body, &c);
}

/* --- what did not arrive --- */

static struct str
masked_recipient(struct ctx *ctx, const struct message *m)
{
    if (str_empty(m->recipient))
        return m->target;
    return m->channel == MESSAGE_SMS ? ident_mask_mobile(ctx->arena, m->recipient) : m->recipient;
}

static void
put_listed(struct ctx *ctx, const struct server *s, const struct message *m, struct view *v)
{
    view_put_id(v, "id", m->id);
    view_put_text(v, "event", m->kind);
    view_put_text(v, "name", message_event_name(s, m->region, m->kind));
    view_put_z(v, "channel", message_channel_id(m->channel));
    view_put_z(v, "channel_name", message_channel_name(m->channel));
    view_put_text(v, "case_no", m->case_no);
    view_put_text(v, "matter_name", matter_name(s, m->region, m->matter));
    view_put_secret(v, "recipient", masked_recipient(ctx, m));
    view_put_z(v, "state", message_state_id(m->state));
    view_put_int(v, "attempts", m->attempts);
    view_put_text(v, "outcome", m->outcome);
    view_put_text(v, "created_at", day_time_text(ctx->arena, m->created_ms));
    view_put_text(v, "due_at", m->state == MESSAGE_WAITING ? day_time_text(ctx->arena, m->due_ms) : STR(""));
    view_put_bool(v, "can_again", m->state != MESSAGE_WAITING);
    view_put_bool(v, "can_give_up", m->state != MESSAGE_GIVEN_UP);
}

enum err
service_messages(struct ctx *ctx, struct server *s, const struct actor *a, const struct message_filter *f,
                 struct view *map)
{
    enum message_state state = MESSAGE_FAILED;
    int64_t after = 0;
    struct message *m;
    size_t n;
    if (!str_empty(f->state) && (!message_state_parse(f->state, &state) || state == MESSAGE_SENT)) {
        fail_field(ctx, STR("state"), STR("状态"), STR("不认识"), STR("可以是 failed、waiting、leased、given_up"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    if (!str_empty(f->after) && (!str_int(f->after, &after) || after < 0))
        return bad_cursor(ctx);
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, message_in_state(ctx, tx, &s->vault, a->region, state, after, MESSAGE_LIST_MAX, &m, &n));
    struct view *list = view_put_list(map, "messages");
    for (size_t i = 0; i < n; i++)
        put_listed(ctx, s, &m[i], view_add_map(list));
    view_put_z(map, "state", message_state_id(state));
    const struct message_region *r = s->messages ? message_setup_region(&s->messages->setup, a->region) : NULL;
    struct view *set = view_put_map(map, "channels");
    view_put_bool(set, "sms", r && r->sms);
    view_put_bool(set, "mail", r && r->mail);
    view_put_int(set, "webhooks", r ? (int64_t)r->hook_count : 0);
    put_next(ctx, map, m, n);
    return OK;
}
