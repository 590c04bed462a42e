/* Papers that no decision issues: the letter of commitment, the notice of a suspended matter; and a paper made void. */
#include "service/papers_int.h"
#include "sql_gen.h"

enum { NAME_MAX_CHARS = 60, REASON_BYTES_MAX = 400 };

/* A paper on its way into the store. */
struct issuing {
    struct server *server;
    const struct case_file *cf;
    const struct actor *actor;
    enum paper_kind kind;
    struct data_key key;
    bool new_key;
    struct document document;
};

static enum err
issue_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct issuing *x = arg;
    struct server *s = x->server;
    const struct case_file *cf = x->cf;
    struct view *body;
    if (x->new_key)
        TRY(ctx, vault_key_store(ctx, tx, &s->vault, cf->region, &x->key));
    TRY(ctx, service_paper(ctx, s, tx, cf, x->kind, x->actor, NULL, &body));
    return document_issue(ctx, tx, &s->vault, &s->ids, cf->region,
                          service_paper_prefix(ctx->arena, cf->matter->region, cf->no, x->kind), false, cf->id,
                          paper_id(x->kind), &x->key, cf->masked, x->actor->id, body, &x->document);
}

/* --- commitment --- */

static struct str
pairs_of(struct ctx *ctx, const struct view *body)
{
    const struct view *pairs = view_get(body, STR("pairs"));
    struct buf b;
    buf_init(&b, ctx->arena, 512);
    if (pairs)
        view_json(pairs, &b);
    return buf_str(&b);
}

/* The letter issued last, if it says what would be said now; id 0: none. */
static enum err
find_letter(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf, const struct view *body,
            struct document *ret_d)
{
    struct document_row *row;
    size_t n;
    *ret_d = (struct document){0};
    TRY(ctx, document_list(ctx, tx, cf->region, cf->id, &row, &n));
    for (size_t i = n; i > 0; i--) {
        struct document d;
        if (!str_eqz(row[i - 1].kind, paper_id(PAPER_COMMITMENT)) || row[i - 1].revoked_ms)
            continue;
        TRY(ctx, document_get(ctx, tx, &s->vault, cf->region, row[i - 1].id, &d));
        if (str_eq(pairs_of(ctx, d.body), pairs_of(ctx, body)))
            *ret_d = d;
        return OK;
    }
    return OK;
}

//= R132
enum err
service_commitment_letter(struct ctx *ctx, struct server *s, const struct actor *a, struct str no, struct str *ret_pdf,
                          struct str *ret_title)
{
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    struct issuing x = {.server = s, .cf = cf, .actor = a, .kind = PAPER_COMMITMENT};
    {
        SCOPED_READ tx = NULL;
        struct view *body;
        TRY(ctx, store_read(ctx, s->store, &tx));
        TRY(ctx, desk_load_case(ctx, s, tx, a, no, cf));
        TRY(ctx, service_paper(ctx, s, tx, cf, PAPER_COMMITMENT, a, NULL, &body));
        TRY(ctx, find_letter(ctx, s, tx, cf, body, &x.document));
        TRY(ctx, vault_key_get(ctx, tx, &s->vault, cf->region, cf->key_id, &x.key));
    }
    if (!x.document.id)
        TRY(ctx, store_write(ctx, s->store, issue_body, &x));
    TRY(ctx, desk_record_look(ctx, s, a, cf, "print", x.document.no));
    *ret_title = str_fmt(ctx->arena, "%s-%.*s", document_title(x.document.kind), STR_ARG(x.document.no));
    return document_pdf(ctx, s->layouts, s->aux, x.document.kind, x.document.body, ret_pdf);
}

/* --- a suspended matter --- */

static void
without_number(struct ctx *ctx, struct view *body)
{
    view_put_text(body, "document_no", STR(""));
    view_put_text(body, "verify_code", STR(""));
    view_put_text(body, "issued_at", day_time_text(ctx->arena, ctx->now_ms));
    view_put_text(body, "issued_day", day_text_zh(ctx->arena, day_of_ms(ctx->now_ms)));
}

/* A paper about somebody who has no case: what service_paper asks of one. */
static struct case_file *
nobodys_case(struct ctx *ctx, const struct matter *m, struct str name)
{
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    *cf = (struct case_file){.region = m->region->code,
                             .no = STR(""),
                             .matter = m,
                             .matter_id = m->id,
                             .applicant_name = name,
                             .applicant_id = STR(""),
                             .masked = m->by_unit ? name : ident_mask_name(ctx->arena, name),
                             .channel = CHANNEL_ONSITE,
                             .by_unit = m->by_unit,
                             .due = DAY_NONE,
                             .legal = DAY_NONE,
                             .stage_due = DAY_NONE,
                             .tolerance_due = DAY_NONE,
                             .received_ms = ctx->now_ms,
                             .facts = facts_new(ctx->arena, catalog_dict(matter_catalog(m)))};
    return cf;
}

static enum err
check_name(struct ctx *ctx, bool needed, struct str name)
{
    bool missing = needed && str_empty(name), lengthy = str_utf8_count(name) > NAME_MAX_CHARS;
    if (!missing && !lengthy)
        return OK;
    fail_field(ctx, STR("name"), STR("申请人"), missing ? STR("没有填写") : STR("超过 60 个字"),
               STR("请写申请的机构或人的名称，会印在告知书上"));
    FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
}

//= R13
enum err
service_suspended_notice(struct ctx *ctx, struct server *s, const struct matter *m, const struct actor *a,
                         struct str name, struct str *ret_pdf, struct str *ret_title)
{
    static const struct actor nobody = {.kind = ACTOR_PUBLIC};
    name = str_trim(name.p ? name : STR(""));
    if (!m->suspended)
        FAIL(ctx, ERR_NOT_FOUND, "这个事项没有暂停办理");
    TRY(ctx, check_name(ctx, a != NULL, name));
    struct case_file *cf = nobodys_case(ctx, m, name);
    *ret_title = str_c(document_title(str_c(paper_id(PAPER_SUSPENDED))));
    if (a) {
        struct issuing x = {.server = s, .cf = cf, .actor = a, .kind = PAPER_SUSPENDED, .new_key = true};
        x.key = vault_key_make(id_next(&s->ids, ctx->now_ms));
        TRY(ctx, store_write(ctx, s->store, issue_body, &x));
        *ret_title = str_fmt(ctx->arena, "%.*s-%.*s", STR_ARG(*ret_title), STR_ARG(x.document.no));
        return document_pdf(ctx, s->layouts, s->aux, x.document.kind, x.document.body, ret_pdf);
    }
    struct view *body;
    {
        SCOPED_READ tx = NULL;
        TRY(ctx, store_read(ctx, s->store, &tx));
        TRY(ctx, service_paper(ctx, s, tx, cf, PAPER_SUSPENDED, &nobody, NULL, &body));
    }
    without_number(ctx, body);
    return document_pdf(ctx, s->layouts, s->aux, str_c(paper_id(PAPER_SUSPENDED)), body, ret_pdf);
}

/* --- void --- */

struct revoking {
    struct sql_look_insert_in look;
    int64_t document_id;
};

static enum err
revoke_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct revoking *x = arg;
    TRY(ctx, document_revoke(ctx, tx, x->look.region, x->look.case_id, x->document_id));
    return sql_look_insert(ctx, tx, &x->look, NULL);
}

enum err
service_document_revoke(struct ctx *ctx, struct server *s, const struct actor *a, struct str no, int64_t document_id,
                        struct str reason)
{
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    reason = str_trim(reason.p ? reason : STR(""));
    if (!actor_has(a, ROLE_SUPERVISOR))
        FAIL(ctx, ERR_CASE_ROLE, "文书作废由督办人员办理");
    if (str_empty(reason)) {
        fail_field(ctx, STR("reason"), STR("作废原因"), STR("没有填写"), STR("请写明为什么作废，会留下记录"));
        FAIL(ctx, ERR_REASON_REQUIRED, "作废文书必须写明原因");
    }
    {
        SCOPED_READ tx = NULL;
        TRY(ctx, store_read(ctx, s->store, &tx));
        TRY(ctx, desk_load_case(ctx, s, tx, a, no, cf));
    }
    reason = str_sub(reason, 0, REASON_BYTES_MAX);
    while (!str_utf8_valid(reason))
        reason.n--;
    struct revoking x = {.document_id = document_id,
                         .look = {.region = cf->region,
                                  .id = id_next(&s->ids, ctx->now_ms),
                                  .staff_id = a->id,
                                  .kind = STR("revoke"),
                                  .subject_kind = cf->by_unit ? STR("unit") : STR("person"),
                                  .subject_id = cf->by_unit ? cf->unit_id : cf->person_id,
                                  .case_id = cf->id,
                                  .reason = str_fmt(ctx->arena, "%lld：%.*s", (long long)document_id, STR_ARG(reason)),
                                  .at_ms = ctx->now_ms}};
    return store_write(ctx, s->store, revoke_body, &x);
}
