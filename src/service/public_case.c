/* The applicant's side of a case: opened by its number and access code, no account. */
#include "base/json.h"
#include "service/guide.h"
#include "service/rating_service.h"
#include "service/service_int.h"
#include "sql_gen.h"

static const struct actor the_public = {.kind = ACTOR_PUBLIC};

enum err
service_case_open(struct ctx *ctx, struct server *s, struct str no, struct str code, struct case_file *ret_cf)
{
    struct str number, region;
    if (!service_case_no_parse(no, ctx->arena, &number, &region)) {
        fail_field(ctx, STR("no"), STR("办件编号"), STR("编号不对"), STR("请对照回执上的 19 位编号核对"));
        FAIL(ctx, ERR_FIELD_INVALID, "办件编号不对，请对照回执核对");
    }
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    struct sql_case_by_no_in in = {.region = region, .no = number};
    struct sql_case_by_no_row row;
    bool found;
    TRY(ctx, sql_case_by_no(ctx, tx, &in, &row, &found));
    struct str digest = vault_digest(ctx->arena, &s->vault, "access", region, crypto_code_normalise(ctx->arena, code));
    if (!found || row.access_digest.n != digest.n || !crypto_equal(digest.p, row.access_digest.p, digest.n))
        FAIL(ctx, ERR_NOT_FOUND, "没有编号和查询码都相符的办件，请对照回执核对");
    TRY(ctx, case_load(ctx, tx, &s->vault, s->catalog, region, row.id, ret_cf));
    if (!str_eq(crypto_hex(ctx->arena, digest.p, digest.n),
                ret_cf->access_hex)) /* the row says something else than the chained event */
        FAIL(ctx, ERR_INTEGRITY, "办件 %.*s 的登记与事件不一致", STR_ARG(number));
    return OK;
}

static void
put_ratings(struct view *c, const struct case_file *cf)
{
    struct view *list = view_put_list(c, "rating_levels");
    for (int i = 1; i <= RATING_LEVELS; i++) {
        struct view *row = view_add_map(list);
        view_put_int(row, "level", i);
        view_put_z(row, "name", rating_level_name(i));
    }
    view_put_z(c, "rating_name", rating_level_name(cf->rating));
}

enum err
service_case_view(struct ctx *ctx, struct server *s, const struct case_file *cf, struct view *ret_map)
{
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, case_common_view(ctx, s, tx, cf, false, false, ret_map));
    struct view *c = (struct view *)(uintptr_t)view_get(ret_map, STR("case"));
    uint64_t can = case_possible(cf, &the_public);
    view_put_bool(c, "can_supplement", can >> CASE_SUPPLEMENT & 1u);
    view_put_bool(c, "can_withdraw", can >> CASE_WITHDRAW & 1u);
    view_put_bool(c, "can_rate", can >> CASE_RATE & 1u); //= R49
    put_ratings(c, cf);
    struct view *phones = view_put_list(c, "phones");
    for (size_t i = 0; i < cf->matter->phone_count; i++)
        guide_phone(ctx, cf->matter->phone[i].number, view_add_map(phones));
    view_put_text(c, "supervision", cf->matter->supervision_count ? cf->matter->supervision[0] : STR(""));
    return OK;
}

enum err
service_case_supplement(struct ctx *ctx, struct server *s, const struct case_file *cf, const struct case_material *m,
                        size_t n)
{
    struct commit *c = ARENA_NEW(ctx->arena, struct commit);
    struct case_command cmd = {
        .action = CASE_SUPPLEMENT, .actor = the_public, .now_ms = ctx->now_ms, .material = m, .material_count = n};
    return commit_command(ctx, s, cf, &cmd, c);
}

enum err
service_case_withdraw(struct ctx *ctx, struct server *s, const struct case_file *cf, struct str reason)
{
    struct commit *c = ARENA_NEW(ctx->arena, struct commit);
    struct case_command cmd = {.action = CASE_WITHDRAW, .actor = the_public, .now_ms = ctx->now_ms, .reason = reason};
    return commit_command(ctx, s, cf, &cmd, c);
}

enum err
service_case_rate(struct ctx *ctx, struct server *s, const struct case_file *cf, int level, struct str channel,
                  struct str tags, struct str text)
{
    struct rating_given g = {
        .level = level, .channel = RATING_INTERNET, .source = RATING_OF_CASE, .tags = tags, .text = text};
    if (!rating_channel_parse(channel, &g.channel))
        g.channel = RATING_INTERNET;
    return service_rate(ctx, s, cf, &g);
}

/* R27: who chose the electronic certificate has received it when he first downloads the result. */
static enum err
deliver_by_download(struct ctx *ctx, struct server *s, const struct case_file *cf)
{
    struct commit *c = ARENA_NEW(ctx->arena, struct commit);
    struct actor system = {.kind = ACTOR_STAFF,
                           .roles = 1u << ROLE_WINDOW}; /* the desk itself; recorded as system below */
    struct case_command cmd = {.action = CASE_DELIVER,
                               .actor = system,
                               .now_ms = ctx->now_ms,
                               .delivery = cf->delivery,
                               .reason = STR("申请人自行下载")};
    struct decision d;
    struct data_key key;
    TRY(ctx, case_decide(ctx, catalog_calendar(s->catalog), cf, &cmd, &d));
    TRY(ctx, case_key(ctx, s, cf, &key));
    struct actor recorded = {.kind = ACTOR_SYSTEM};
    TRY(ctx, commit_prepare(ctx, c, s, cf, &recorded, &key, false, &d));
    return commit_run(ctx, c);
}

enum err
service_case_document(struct ctx *ctx, struct server *s, const struct case_file *cf, int64_t document_id, bool handed,
                      struct str *ret_pdf, struct str *ret_title)
{
    struct document d;
    TRY(ctx, render_document(ctx, s, cf->region, cf->id, document_id, ret_pdf, ret_title, &d));
    if (str_eqz(d.kind, paper_id(PAPER_STAGE))) /* goes to somebody else, or into the file */
        FAIL(ctx, ERR_NOT_FOUND, "没有这份文书");
    bool result = str_eqz(d.kind, "certificate") || str_eqz(d.kind, "result") || str_eqz(d.kind, "query");
    if (handed && result && cf->status == CASE_CONCLUDED && str_eqz(cf->delivery, "电子证照下载"))
        IGNORE("the paper is in hand; a clerk quicker than the applicant has recorded it",
               deliver_by_download(ctx, s, cf));
    return OK;
}

enum err
service_verify(struct ctx *ctx, struct server *s, struct str region, struct str no, struct str code,
               struct view *ret_map)
{
    SCOPED_READ tx = NULL;
    struct document d;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, document_verify(ctx, tx, &s->vault, region, no, code, &d));
    struct view *v = view_put_map(ret_map, "document");
    view_put_text(v, "no", d.no);
    struct str title;
    bool own = json_text(d.body, "title", &title) && title.p && !str_empty(title); /* as the paper itself is headed */
    view_put_text(v, "title", own ? title : str_c(document_title(d.kind)));
    view_put_text(v, "issued_at", day_time_text(ctx->arena, d.issued_ms));
    view_put_secret(v, "subject", d.masked);
    view_put_bool(v, "revoked", d.revoked_ms != 0);
    view_put_text(v, "revoked_at", d.revoked_ms ? day_time_text(ctx->arena, d.revoked_ms) : STR(""));
    const struct region *r = catalog_region(s->catalog, region);
    view_put_text(v, "agency", r ? r->agency_name : STR(""));
    return OK;
}
