/* What a case's event says to whom: rows of the outbox in the event's own transaction. Nothing here goes over the network. */
#include "service/message.h"

#include "base/ident.h"
#include "base/json.h"
#include "message/message.h"
#include "service/guide.h"
#include "service/message_int.h"
#include "service/rating_service.h"

enum { GAPS_SHOWN_MAX = 128 };

enum err
service_messages_load(struct ctx *ctx, struct server *s, struct str catalog_dir)
{
    struct arena *a = arena_new(0);
    struct messages *m = ARENA_NEW(a, struct messages);
    struct str folder = str_fmt(ctx->arena, "%.*s/messages", STR_ARG(catalog_dir));
    m->arena = a;
    enum err e = message_templates_load(ctx, a, folder, &m->templates);
    if (e == OK)
        e = message_setup_load(ctx, a, s->data_dir, &m->setup);
    for (size_t i = 0; e == OK && i < m->setup.n; i++)
        if (!catalog_region(s->catalog, m->setup.region[i].code))
            e = fail_set(ctx, ERR_CONFIG, __FILE__, __LINE__, "messages.yaml：没有区划 %.*s，请核对代码",
                         STR_ARG(m->setup.region[i].code));
    if (e != OK) {
        arena_free(a);
        fail_trace(ctx, __FILE__, __LINE__);
        return e;
    }
    s->messages = m;
    return OK;
}

void
messages_free(struct messages *m)
{
    if (m)
        arena_free(m->arena);
}

struct str
message_event_name(const struct server *s, struct str region, struct str event)
{
    const struct message_template *t =
        s->messages ? message_template_find(s->messages->templates, region, event) : NULL;
    if (t)
        return t->name;
    return str_eqz(event, MESSAGE_RATED)            ? STR("评价")
           : str_eqz(event, MESSAGE_RATED_EXCLUDED) ? STR("评价不计入")
                                                    : event;
}

/* --- the values of a case --- */

static struct str
text_in(const struct view *map, const char *key)
{
    struct str s;
    return map && json_text(map, key, &s) && s.p ? s : STR("");
}

/* What is missing, as the event told it; a reminder repeats what was told last. */
static struct str
gaps_text(struct ctx *ctx, const struct case_file *cf, const struct view *payload)
{
    const struct view *list = payload ? view_get(payload, STR("gaps")) : NULL;
    struct buf b;
    size_t n = 0;
    buf_init(&b, ctx->arena, 256);
    for (const struct view *g = list ? view_first(list) : NULL; g && n < GAPS_SHOWN_MAX; g = view_next(g), n++) {
        buf_addz(&b, n ? "；" : "");
        buf_add(&b, text_in(g, "text"));
    }
    for (size_t i = 0; !list && i < cf->told_count; i++) {
        buf_addz(&b, i ? "；" : "");
        buf_add(&b, cf->told[i].text);
    }
    return buf_str(&b);
}

static struct str
reason_text(const struct case_file *cf, const struct view *payload)
{
    static const char *const keys[] = {"reason", "explanation", "remark"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!str_empty(text_in(payload, keys[i])))
            return text_in(payload, keys[i]);
    return !str_empty(cf->explanation) ? cf->explanation : cf->refusal.p ? cf->refusal : STR("");
}

static struct str
agency_of(const struct region *r, struct str id)
{
    for (size_t i = 0; i < r->agency_count; i++)
        if (str_eq(r->agency[i].id, id))
            return r->agency[i].name;
    return r->agency_name;
}

static struct str
day_or_empty(struct ctx *ctx, struct day d)
{
    return day_is_none(d) ? STR("") : day_text_zh(ctx->arena, d);
}

static void
case_values(struct ctx *ctx, const struct server *s, const struct case_file *cf, const struct view *payload,
            struct message_values *v)
{
    const struct matter *m = cf->matter;
    const struct stage *st = case_stage(cf);
    *v = (struct message_values){0};
    v->v[MESSAGE_CASE_NO] = cf->no;
    v->v[MESSAGE_MATTER] = m->name;
    v->v[MESSAGE_REGION] = m->region->name;
    v->v[MESSAGE_AGENCY] = agency_of(m->region, cf->agency);
    v->v[MESSAGE_PHONE_NO] = m->phone_count ? m->phone[0].number : STR("");
    v->v[MESSAGE_LINK] = str_concat(ctx->arena, s->public_url, STR("/case"));
    v->v[MESSAGE_DUE] = day_or_empty(ctx, cf->due);
    v->v[MESSAGE_DAY] = day_or_empty(ctx, day_of_ms(ctx->now_ms));
    v->v[MESSAGE_STAGE] = !st ? STR("") : !str_empty(st->name) ? st->name : str_c(stage_name(st->kind));
    v->v[MESSAGE_DELIVERY] = cf->delivery.p ? cf->delivery : STR("");
    v->v[MESSAGE_APPLICANT] = cf->masked;
    v->v[MESSAGE_GAPS] = gaps_text(ctx, cf, payload);
    v->v[MESSAGE_REASON] = reason_text(cf, payload);
    v->v[MESSAGE_ADVICE] = guide_advice_text(ctx->arena, m, &cf->facts); //= R140
}

/* --- one event, every channel --- */

struct telling {
    struct ctx *ctx;
    struct tx *tx;
    struct server *s;
    const struct case_file *cf;
    const struct data_key *key;
    const struct message_template *t; /* NULL: only other systems hear of it */
    const struct message_region *region;
    struct message_values values;
    struct message base;
};

static struct message
filled(struct telling *t, enum message_channel channel, struct str words, bool is_short)
{
    struct message m = t->base;
    m.channel = channel;
    m.title = message_text(t->ctx->arena, t->t->title, &t->values, true);
    m.text = message_text(t->ctx->arena, words, &t->values, is_short);
    return m;
}

static enum err
put(struct telling *t, const struct message *m, bool *ret_new)
{
    return message_enqueue(t->ctx, t->tx, &t->s->vault, &t->s->ids, t->key, m, ret_new);
}

static bool
rings(const struct telling *t)
{
    if (str_empty(t->cf->mobile) || str_empty(t->t->phone))
        return false;
    if (t->region && t->region->phone_given)
        return message_kinds_has(&t->region->phone, t->base.kind);
    bool by_sms =
        t->region && t->region->sms && !str_empty(t->t->sms) && message_kinds_has(&t->region->sms->kinds, t->base.kind);
    return t->t->phone_call && !by_sms;
}

/* What to say, and the task of saying it. */
static enum err
ring(struct telling *t)
{
    struct ctx *ctx = t->ctx;
    struct message m = filled(t, MESSAGE_PHONE, t->t->phone, false);
    bool fresh, tentative;
    TRY(ctx, put(t, &m, &fresh));
    if (!fresh)
        return OK;
    struct day due = calendar_add(catalog_calendar(t->s->catalog), day_of_ms(ctx->now_ms), 1, &tentative);
    const char *kind = str_fmt(ctx->arena, "phone_%.*s_%lld", STR_ARG(m.kind), (long long)m.mark).p;
    struct str note = str_fmt(ctx->arena, "电话告知：%.*s", STR_ARG(t->t->name));
    return rating_task(ctx, t->tx, &t->s->ids, m.region, m.case_id, kind, due, note);
}

static enum err
tell_applicant(struct telling *t)
{
    struct ctx *ctx = t->ctx;
    struct message m = filled(t, MESSAGE_INBOX, t->t->text, false);
    TRY(ctx, put(t, &m, NULL));
    t->values.v[MESSAGE_PAGE] = STR(""); /* it would open to whoever reads over a shoulder */
    if (rings(t))
        TRY(ctx, ring(t));
    if (t->region && t->region->sms && !str_empty(t->t->sms) && !str_empty(t->cf->mobile) &&
        message_kinds_has(&t->region->sms->kinds, t->base.kind)) {
        m = filled(t, MESSAGE_SMS, t->t->sms, true);
        m.recipient = t->cf->mobile;
        TRY(ctx, put(t, &m, NULL));
    }
    return OK;
}

/* To the bureau's own mailboxes, when it wants them. */
static enum err
mail_bureau(struct telling *t)
{
    const struct message_mail *c = t->region ? t->region->mail : NULL;
    t->values.v[MESSAGE_PAGE] = STR("");
    if (!c || !message_kinds_has(&c->kinds, t->base.kind))
        return OK;
    for (size_t i = 0; i < c->to_count; i++) {
        struct message m = filled(t, MESSAGE_MAIL, t->t->text, false);
        m.target = str_fmt(t->ctx->arena, "%zu", i + 1);
        m.recipient = c->to[i];
        m.text = message_strike_numbers(t->ctx->arena, m.text);
        TRY(t->ctx, put(t, &m, NULL));
    }
    return OK;
}

static enum err
push_event(struct telling *t)
{
    const struct case_file *cf = t->cf;
    struct ctx *ctx = t->ctx;
    if (str_eqz(t->base.kind, MESSAGE_RATED)) /* message_rating tells of it, once for every rating */
        return OK;
    for (size_t i = 0; t->region && i < t->region->hook_count; i++) {
        const struct message_hook *h = &t->region->hook[i];
        if (!message_kinds_has(&h->kinds, t->base.kind))
            continue;
        struct case_notice n = {.region = cf->region,
                                .event = t->base.kind,
                                .case_no = cf->no,
                                .matter_id = cf->matter->id,
                                .matter_name = cf->matter->name,
                                .status = str_c(case_status_id(cf->status)),
                                .case_id = cf->id,
                                .mark = t->base.mark,
                                .at_ms = ctx->now_ms,
                                .due = day_text(ctx->arena, cf->due)};
        struct message m = t->base;
        m.channel = MESSAGE_WEBHOOK;
        m.target = h->name;
        m.text = message_cloud_event(ctx->arena, &n);
        TRY(ctx, put(t, &m, NULL));
    }
    return OK;
}

enum err
message_case_event(struct ctx *ctx, struct tx *tx, struct server *s, const struct case_file *after,
                   const struct data_key *key, struct str event, int64_t mark, const struct view *payload)
{
    if (!s->messages)
        return OK;
    struct telling t = {
        .ctx = ctx,
        .tx = tx,
        .s = s,
        .cf = after,
        .key = key,
        .t = message_template_find(s->messages->templates, after->region, event),
        .region = message_setup_region(&s->messages->setup, after->region),
        .base = {.region = after->region,
                 .case_id = after->id,
                 .kind = event,
                 .mark = mark,
                 .case_no = after->no,
                 .matter = after->matter->id}}; /* due at once, whatever a clock says that is set back */
    if (t.t && !t.t->staff) {
        case_values(ctx, s, after, payload, &t.values);
        if (case_origin(after->matter) == ORIGIN_APPLICATION) /* the others were not asked for by whom they are about */
            TRY(ctx, tell_applicant(&t));
        TRY(ctx, mail_bureau(&t));
    }
    return push_event(&t);
}

/* --- a rating, for the city's platform --- */

static enum err
rating_event(struct ctx *ctx, struct tx *tx, const struct server *s, const struct rating *r, const char *kind,
             struct str *ret_text)
{
    struct view *data = view_map(ctx->arena);
    TRY(ctx, service_platform_rating(ctx, tx, catalog_region(s->catalog, r->region), r, data));
    struct rating_notice n = {.kind = kind,
                              .region = r->region,
                              .subject = text_in(data, "no"),
                              .rating_id = r->id,
                              .at_ms = ctx->now_ms,
                              .data = data};
    *ret_text = message_rating_event(ctx->arena, &n);
    return OK;
}

//= R284
enum err
message_rating(struct ctx *ctx, struct tx *tx, struct server *s, const struct rating *r)
{
    const struct message_region *region = s->messages ? message_setup_region(&s->messages->setup, r->region) : NULL;
    const char *kind = r->excluded ? MESSAGE_RATED_EXCLUDED : MESSAGE_RATED;
    struct str text = STR("");
    for (size_t i = 0; region && i < region->hook_count; i++) {
        const struct message_hook *h = &region->hook[i];
        if (!message_kinds_has(&h->kinds, str_c(kind)))
            continue;
        if (str_empty(text))
            TRY(ctx, rating_event(ctx, tx, s, r, kind, &text));
        struct message m = {.region = r->region, /* about no case: its lists are read by who worked on it */
                            .kind = str_c(kind),
                            .mark = r->id,
                            .channel = MESSAGE_WEBHOOK,
                            .target = h->name,
                            .matter = r->matter,
                            .text = text};
        TRY(ctx, message_enqueue(ctx, tx, &s->vault, &s->ids, NULL, &m, NULL));
    }
    return OK;
}

enum err //= R133
message_breach(struct ctx *ctx, struct tx *tx, struct server *s, const struct case_file *after,
               const struct data_key *key, const struct breach_message *b)
{
    if (!s->messages)
        return OK;
    struct telling t = {.ctx = ctx,
                        .tx = tx,
                        .s = s,
                        .cf = after,
                        .key = key,
                        .t = message_template_find(s->messages->templates, after->region, str_c(b->event)),
                        .region = message_setup_region(&s->messages->setup, after->region),
                        .base = {.region = after->region,
                                 .case_id = after->id,
                                 .kind = str_c(b->event),
                                 .mark = b->id,
                                 .case_no = after->no,
                                 .matter = after->matter->id}};
    if (!t.t || t.t->staff)
        FAIL(ctx, ERR_INTERNAL, "没有给申请人的消息“%s”", b->event);
    case_values(ctx, s, after, NULL, &t.values);
    t.values.v[MESSAGE_NUMBER] = b->no;
    t.values.v[MESSAGE_GAPS] = b->proof;
    t.values.v[MESSAGE_REASON] = b->reason;
    t.values.v[MESSAGE_DUE] = day_or_empty(ctx, b->until);
    t.values.v[MESSAGE_PAGE] = str_fmt(ctx->arena, "%.*s/r/%.*s/breach/%.*s/%.*s", STR_ARG(s->public_url),
                                       STR_ARG(after->region), STR_ARG(b->no), STR_ARG(b->code));
    TRY(ctx, tell_applicant(&t));
    return mail_bureau(&t);
}

enum err
message_to_staff(struct ctx *ctx, struct tx *tx, struct server *s, const struct data_key *key,
                 const struct staff_message *in)
{
    const struct message_template *tpl =
        s->messages ? message_template_find(s->messages->templates, in->region, in->event) : NULL;
    const struct region *r = catalog_region(s->catalog, in->region);
    if (!s->messages)
        return OK;
    if (!tpl || !tpl->staff)
        FAIL(ctx, ERR_INTERNAL, "没有给工作人员的消息“%.*s”", STR_ARG(in->event));
    struct telling t = {.ctx = ctx,
                        .tx = tx,
                        .s = s,
                        .key = key,
                        .t = tpl,
                        .region = message_setup_region(&s->messages->setup, in->region),
                        .base = {.region = in->region,
                                 .case_id = in->case_id,
                                 .kind = in->event,
                                 .mark = in->mark,
                                 .case_no = in->case_no,
                                 .matter = in->matter_id}};
    struct message_values *v = &t.values;
    v->v[MESSAGE_CASE_NO] = in->case_no;
    v->v[MESSAGE_MATTER] = in->matter_name;
    v->v[MESSAGE_REGION] = r ? r->name : STR("");
    v->v[MESSAGE_AGENCY] = r ? r->agency_name : STR("");
    v->v[MESSAGE_LINK] = str_fmt(ctx->arena, "%.*s/desk/c/%.*s", STR_ARG(s->public_url), STR_ARG(in->case_no));
    v->v[MESSAGE_DUE] = day_or_empty(ctx, in->due);
    v->v[MESSAGE_DAY] = day_or_empty(ctx, day_of_ms(ctx->now_ms));
    v->v[MESSAGE_STAGE] = in->stage.p ? in->stage : STR("");
    v->v[MESSAGE_REASON] = in->reason.p ? in->reason : STR("");
    struct message m = filled(&t, MESSAGE_STAFF, tpl->text, false);
    m.target = str_fmt(ctx->arena, "%lld", (long long)in->staff_id);
    TRY(ctx, put(&t, &m, NULL));
    return mail_bureau(&t);
}
