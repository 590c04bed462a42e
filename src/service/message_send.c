/* Sending: claim a batch, send each over jingban-aux, settle each. Between sending and settling a worker may die; then the lease runs out
** and the message goes out again under the same key. */
#include "base/crypto.h"
#include "message/message.h"
#include "service/message_int.h"

enum { SEND_TIMEOUT_MS = 8000, SEND_MARGIN_MS = 10000, ANSWER_MAX = 16384, DEAD_MAX = 32, OUTCOME_MAX = 160 };

/* One round of one region. */
struct turn {
    struct server *s;
    const struct message_region *region;
    struct str code;
    int64_t lease, until_ms;
    struct message *m;
    size_t n;
    struct {
        enum message_channel channel;
        struct str target;
    } dead[DEAD_MAX]; /* nobody answered there: the others need not wait for the same silence */
    size_t dead_count;
};

static enum err
claim_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct turn *t = arg;
    return message_claim(ctx, tx, &t->s->vault, t->code, t->lease, t->until_ms, t->s->messages->setup.batch, &t->m,
                         &t->n);
}

struct settling {
    struct message_end end;
    bool held;
};

static enum err
settle_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct settling *x = arg;
    return message_settle(ctx, tx, &x->end, &x->held);
}

/* --- one message --- */

static bool
is_dead(const struct turn *t, const struct message *m)
{
    for (size_t i = 0; i < t->dead_count; i++)
        if (t->dead[i].channel == m->channel && (m->channel == MESSAGE_MAIL || str_eq(t->dead[i].target, m->target)))
            return true;
    return false;
}

/* Answers that another try cannot change: the request itself is refused. */
static bool
is_final(const struct message *m, int status)
{
    static const int http[] = {400, 410, 413, 414, 415, 422};
    for (size_t i = 0; m->channel != MESSAGE_MAIL && i < sizeof http / sizeof *http; i++)
        if (status == http[i])
            return true;
    return m->channel == MESSAGE_MAIL && status >= 550 && status < 560;
}

static enum err
transmit(struct ctx *ctx, struct server *s, const struct outgoing *o, struct aux_answer *ret_a)
{
    bool mail = !str_empty(o->mail_to);
    struct aux_send send = {.url = o->url,
                            .method = o->method,
                            .header = o->header,
                            .header_count = o->header_count,
                            .body = o->body,
                            .mail_from = o->mail_from,
                            .mail_to = &o->mail_to,
                            .mail_to_count = mail,
                            .user = o->user,
                            .password = o->password,
                            .ca_file = o->ca_file,
                            .tls = o->tls,
                            .timeout_ms = SEND_TIMEOUT_MS,
                            .answer_max = ANSWER_MAX};
    return aux_send(ctx, s->net, &send, ret_a);
}

static struct str
outcome_text(struct ctx *ctx, const struct message *m, const struct aux_answer *a)
{
    if (a->status)
        return str_fmt(ctx->arena, "%s %d", m->channel == MESSAGE_MAIL ? "SMTP" : "HTTP", a->status);
    struct str why = str_utf8_valid(a->body) ? str_sub(a->body, 0, OUTCOME_MAX) : STR("");
    return str_fmt(ctx->arena, "没有应答：%.*s", STR_ARG(str_utf8_valid(why) ? why : STR("")));
}

/* Tries M and says in END how it went. */
static void
try_one(struct ctx *ctx, struct turn *t, const struct message *m, struct message_end *end)
{
    struct outgoing o;
    struct aux_answer a = {0};
    struct str why;
    const struct message_setup *setup = &t->s->messages->setup;
    end->state = m->attempts >= setup->attempts ? MESSAGE_FAILED : MESSAGE_WAITING;
    end->due_ms = ctx->now_ms + message_back_off(m->attempts, setup->back_off_ms, m->id);
    if (message_compose(ctx, t->region, m, &o, &why) != OK) {
        end->outcome = STR("不能组成要发送的内容");
        return;
    }
    if (!str_empty(why)) {
        end->state = MESSAGE_FAILED;
        end->outcome = why;
        return;
    }
    enum err e = transmit(ctx, t->s, &o, &a);
    if (e == ERR_SYNTAX)
        end->state = MESSAGE_FAILED;
    if (e != OK) {
        end->outcome = e == ERR_SYNTAX ? STR("配置的地址或请求不对") : STR("发送服务暂不可用");
        return;
    }
    bool taken = a.status >= 200 && a.status < 300;
    end->outcome = outcome_text(ctx, m, &a);
    if (taken && !str_empty(o.success) && str_find(a.body, o.success) == SIZE_MAX) {
        end->outcome = str_concat(ctx->arena, end->outcome, STR("，应答里没有成功标志"));
        return;
    }
    if (taken)
        end->state = MESSAGE_SENT;
    else if (is_final(m, a.status))
        end->state = MESSAGE_FAILED;
    if (!a.status && t->dead_count < DEAD_MAX) {
        t->dead[t->dead_count].channel = m->channel;
        t->dead[t->dead_count++].target = m->target;
    }
}

static enum err
one(struct ctx *ctx, struct turn *t, const struct message *m, int64_t *sent)
{
    struct settling x = {.end = {.region = t->code, .id = m->id, .lease = t->lease}};
    const struct message_setup *setup = &t->s->messages->setup;
    ctx->now_ms = server_now(t->s);
    if (m->state == MESSAGE_GIVEN_UP) {
        x.end.state = MESSAGE_GIVEN_UP;
        x.end.outcome = STR("内容已按规定销毁");
    } else if (is_dead(t, m) ||
               ctx->now_ms + (setup->lease_ms > 3 * SEND_MARGIN_MS ? SEND_MARGIN_MS : 0) >= t->until_ms) {
        x.end.state = MESSAGE_WAITING;
        x.end.unused = true;
        x.end.due_ms = ctx->now_ms + (is_dead(t, m) ? setup->back_off_ms : 0);
        x.end.outcome = is_dead(t, m) ? STR("对方没有应答，稍后再试") : STR("");
    } else {
        try_one(ctx, t, m, &x.end);
        fail_clear(ctx);
    }
    TRY(ctx, store_write(ctx, t->s->store, settle_body, &x));
    *sent += x.end.state == MESSAGE_SENT;
    return OK;
}

/* Random: two processes may have numbered their ids alike. */
static int64_t
fresh_lease(void)
{
    uint64_t r;
    crypto_random(&r, sizeof r);
    return (int64_t)(r >> 1 | 1);
}

static enum err
region_round(struct ctx *ctx, struct server *s, struct str code, int64_t *sent)
{
    struct turn t = {.s = s, .code = code, .region = message_setup_region(&s->messages->setup, code)};
    ctx->now_ms = server_now(s);
    t.lease = fresh_lease();
    t.until_ms = ctx->now_ms + s->messages->setup.lease_ms;
    enum err e = store_write(ctx, s->store, claim_body, &t);
    if (e == ERR_SERIALIZATION || e == ERR_BUSY) { /* the others were quicker, all the time; there is another round */
        fail_clear(ctx);
        return OK;
    }
    TRY(ctx, e);
    for (size_t i = 0; i < t.n; i++)
        TRY(ctx, one(ctx, &t, &t.m[i], sent));
    return OK;
}

/* Which regions have something to do. */
static enum err
due_regions(struct ctx *ctx, struct server *s, struct str *code, size_t *ret_n)
{
    const struct catalog *c = s->catalog;
    *ret_n = 0;
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    for (size_t i = 0; i < catalog_region_count(c); i++) {
        bool due;
        struct str one_code = catalog_region_at(c, i)->code;
        TRY(ctx, message_due(ctx, tx, one_code, &due));
        if (due)
            code[(*ret_n)++] = str_dup(ctx->arena, one_code);
    }
    return OK;
}

enum err
service_message_round(struct ctx *ctx, struct server *s, int64_t *ret_sent)
{
    size_t n;
    *ret_sent = 0;
    if (!s->messages || !s->net)
        return OK;
    struct str *code = ARENA_ARRAY(ctx->arena, catalog_region_count(s->catalog), struct str);
    TRY(ctx, due_regions(ctx, s, code, &n));
    for (size_t i = 0; i < n; i++)
        TRY(ctx, region_round(ctx, s, code[i], ret_sent));
    return OK;
}
