/* One transaction for a decision: events and projections, the effect in the registers, papers, tasks, the idempotency
 * row. */
#include "service/commitment.h"
#include "service/message.h"
#include "service/papers.h"
#include "service/rating_service.h"
#include "service/service_int.h"
#include "service/sharing.h"
#include "service/verdict.h"
#include "sql_gen.h"

enum err
commit_prepare(struct ctx *ctx, struct commit *c, struct server *s, const struct case_file *cf, const struct actor *a,
               const struct data_key *key, bool new_key, const struct decision *d)
{
    c->server = s;
    c->decision = *d;
    c->actor = *a;
    TRY(ctx, case_write_prepare(ctx, &s->vault, &s->ids, cf, a, key, d, &c->write));
    c->write.new_key = new_key;
    return OK;
}

/* What a paper draws on beside the case: what the effect reported, else the event just written. */
static const struct view *
paper_extra(const struct commit *c, const struct view *effect)
{
    return effect ? effect : c->decision.event_count ? c->decision.event[0].payload : NULL;
}

static enum err
issue_papers(struct ctx *ctx, struct tx *tx, struct commit *c, const struct view *extra)
{
    struct server *s = c->server;
    const struct case_file *cf = &c->write.after;
    c->document_count = 0;
    for (size_t i = 0; i < c->decision.paper_count; i++) {
        enum paper_kind k = c->decision.paper[i];
        struct view *body = NULL;
        TRY(ctx, service_paper(ctx, s, tx, cf, k, &c->actor, paper_extra(c, extra), &body));
        if (k == PAPER_RECEIPT && !str_empty(c->access_code))
            view_put_text(body, "access_code", c->access_code);
        TRY(ctx,
            document_issue(ctx, tx, &s->vault, &s->ids, cf->region,
                           service_paper_prefix(ctx->arena, cf->matter->region, cf->no, k), k == PAPER_RECEIPT, cf->id,
                           paper_id(k), &c->write.key, cf->masked, c->actor.id, body, &c->document[c->document_count]));
        c->document_count++;
    }
    return OK;
}

/* The idempotency row comes first: a replay must not consume anything else. */
static enum err
take_key(struct ctx *ctx, struct tx *tx, struct commit *c)
{
    struct sql_idempotency_insert_in in = {.region = c->write.after.region,
                                           .day = day_of_ms(ctx->now_ms).n,
                                           .digest = c->idem_digest,
                                           .request_digest = c->idem_request,
                                           .result = c->idem_result,
                                           .created_ms = ctx->now_ms};
    int64_t changed;
    TRY(ctx, sql_idempotency_insert(ctx, tx, &in, &changed));
    if (changed == 1)
        return OK;
    struct sql_idempotency_get_in get = {.region = in.region, .day = in.day, .digest = in.digest};
    struct sql_idempotency_get_row row;
    bool found;
    TRY(ctx, sql_idempotency_get(ctx, tx, &get, &row, &found));
    if (!found || !str_eq(row.request_digest, c->idem_request))
        FAIL(ctx, ERR_IDEMPOTENCY, "请刷新页面后重新提交");
    c->replayed = true;
    c->idem_result = row.result;
    return OK;
}

/* One draft, one case: also when the second press comes on another day, after its key has lapsed. And only the draft
 * that was read and checked: what was saved or uploaded since would be acknowledged and lost. */
static enum err
close_draft(struct ctx *ctx, struct tx *tx, struct commit *c)
{
    const struct case_file *cf = &c->write.after;
    struct sql_draft_done_in done = {
        .region = cf->region, .id = c->draft_id.id, .version = c->draft_id.version, .case_no = cf->no};
    struct sql_upload_to_case_in up = {.region = cf->region, .draft_id = c->draft_id.id, .case_id = cf->id};
    int64_t changed;
    TRY(ctx, sql_draft_done(ctx, tx, &done, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "这份申请已经提交，或刚在别的页面改过，请刷新页面核对");
    return sql_upload_to_case(ctx, tx, &up, NULL);
}

static enum err
small_rows(struct ctx *ctx, struct tx *tx, struct commit *c)
{
    struct server *s = c->server;
    const struct case_file *cf = &c->write.after;
    bool tentative;
    struct day tomorrow = calendar_add(catalog_calendar(s->catalog), day_of_ms(ctx->now_ms), 1, &tentative);
    if (c->decision.phone_task) //= R25
        TRY(ctx, rating_task(ctx, tx, &s->ids, cf->region, cf->id, "phone_notice", tomorrow, STR("办结后电话通知")));
    if (c->rating) //= R41
        TRY(ctx, service_rating_rows(ctx, tx, s, cf, c->rating, &c->write.key));
    TRY(ctx, service_rating_offer(ctx, tx, s, cf));
    return c->draft_id.id ? close_draft(ctx, tx, c) : OK;
}

/* What happened is told in the same transaction: a message exists if and only if its event does. */
static enum err
tell_events(struct ctx *ctx, struct tx *tx, struct commit *c)
{
    for (size_t i = 0; i < c->decision.event_count; i++)
        TRY(ctx, message_case_event(ctx, tx, c->server, &c->write.after, &c->write.key, c->decision.event[i].kind,
                                    c->write.event[i].seq, c->decision.event[i].payload));
    return OK;
}

static enum err
commit_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct commit *c = arg;
    struct view *extra = NULL;
    c->replayed = false;
    if (!str_empty(c->idem_digest)) {
        TRY(ctx, take_key(ctx, tx, c));
        if (c->replayed)
            return OK;
    }
    if (c->write.new_key)
        TRY(ctx, vault_key_store(ctx, tx, &c->server->vault, c->write.after.region, &c->write.key));
    TRY(ctx, case_write_rows(ctx, tx, &c->write));
    TRY(ctx, commitment_record_case(ctx, c->server, tx, &c->write.after, &c->write.key)); //= R132 R133
    TRY(ctx,
        verdict_record_case(ctx, c->server, tx, &c->write.after, &c->decision, &c->actor, c->write.key.id)); //= R179
    if (c->decision.effect)
        TRY(ctx, service_effect(ctx, c->server, tx, &c->write.after, &c->write.key, &extra));
    TRY(ctx, small_rows(ctx, tx, c));
    TRY(ctx, tell_events(ctx, tx, c));
    return issue_papers(ctx, tx, c,
                        extra); /* last: its counter is the one row that all submissions of a region share */
}

enum err
commit_run(struct ctx *ctx, struct commit *c)
{
    return store_write(ctx, c->server->store, commit_body, c);
}

enum err
case_key(struct ctx *ctx, struct server *s, const struct case_file *cf, struct data_key *ret_k)
{
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    return vault_key_get(ctx, tx, &s->vault, cf->region, cf->key_id, ret_k);
}

enum err
commit_command(struct ctx *ctx, struct server *s, const struct case_file *cf, const struct case_command *cmd,
               struct commit *ret_c)
{
    struct decision d;
    struct data_key key;
    struct case_command checked = *cmd;
    TRY(ctx, sharing_check_command(ctx, s, cf, &checked)); //= R60
    TRY(ctx, case_decide(ctx, catalog_calendar(s->catalog), cf, &checked, &d));
    TRY(ctx, case_key(ctx, s, cf, &key));
    TRY(ctx, commit_prepare(ctx, ret_c, s, cf, &cmd->actor, &key, false, &d));
    return commit_run(ctx, ret_c);
}
