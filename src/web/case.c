/* The applicant's side of a case, opened by its number and access code: receipt, progress, papers, correction,
 * withdrawal, rating. */
#include "base/json.h"
#include "service/commitment.h"
#include "service/rating_service.h"
#include "web/handlers.h"
#include "web/public.h"
#include "web/rating.h"

/* --- opening --- */

static enum err
open_case(struct web_call *call, struct case_file *cf)
{
    struct ctx *ctx = call->ctx;
    struct str code = web_access_code(call);
    http_set(call->res, "Cache-Control", STR("private, no-cache"));
    if (call->api && str_empty(code)) {
        fail_field(ctx, STR("X-Access-Code"), STR("查询码（请求头）"), STR("没有写"), STR("查询码印在回执上"));
        FAIL(ctx, ERR_UNAUTHENTICATED, "查询办件要同时写明编号和查询码");
    }
    TRY(ctx, web_tries_check(call));
    enum err e = service_case_open(ctx, call->server, http_param(call->req, "no"), code, cf);
    web_tries_failed(call, e);
    TRY(ctx, e);
    call->region = cf->matter->region;
    call->phone = cf->matter->phone_count ? cf->matter->phone[0].number : STR("");
    return OK;
}

static struct str
case_path(struct web_call *call, const struct case_file *cf, const char *rest)
{
    return str_fmt(call->ctx->arena, "/c/%.*s/%.*s%s", STR_ARG(cf->no), STR_ARG(web_access_code(call)), rest);
}

static struct view *
case_map(struct view *root)
{
    return (struct view *)(uintptr_t)view_get(root, STR("case")); /* just built by the service; ours to add to */
}

/* --- the receipt in JSON --- */

enum err
web_put_receipt(struct web_call *call, const struct receipt *r)
{
    struct ctx *ctx = call->ctx;
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    view_put_text(call->view, "no", r->no);
    view_put_text(call->view, "code", r->code);
    if (r->document_id)
        view_put_id(call->view, "document_id", r->document_id);
    view_put_bool(call->view, "replayed", r->replayed);
    struct str path = str_fmt(ctx->arena, "/c/%.*s/%.*s", STR_ARG(r->no), STR_ARG(r->code));
    view_put_text(call->view, "url", path);
    call->status = r->replayed ? 200 : 201;
    http_set(call->res, "Location", str_fmt(ctx->arena, WEB_API "/cases/%.*s", STR_ARG(r->no)));
    http_set(call->res, "Cache-Control", STR("no-store"));
    if (str_find(http_header(call->req, "Prefer"), STR("return=minimal")) != SIZE_MAX)
        return OK;
    TRY(ctx, service_case_open(ctx, call->server, r->no, r->code, cf));
    return service_case_view(ctx, call->server, cf, call->view);
}

/* --- the clock in days --- */

static void
put_days(struct web_call *call, const struct case_file *cf, struct view *c)
{
    const struct calendar *cal = catalog_calendar(call->world);
    struct view *v = view_put_map(c, "days");
    bool open = cf->status == CASE_SUBMITTED || cf->status == CASE_NOTIFIED || cf->status == CASE_WORKING, tentative;
    int64_t from_ms = cf->complete_ms ? cf->complete_ms : cf->received_ms;
    struct day from = day_of_ms(from_ms), today = day_of_ms(cf->concluded_ms ? cf->concluded_ms : call->ctx->now_ms);
    bool running = !day_is_none(cf->due) && cf->complete_ms;
    int total = running ? calendar_between(cal, from, cf->due, &tentative) : 0;
    int used = running ? calendar_between(cal, from, today, &tentative) : 0;
    view_put_bool(v, "running", running);
    view_put_bool(v, "waiting", open && !cf->complete_ms);
    view_put_bool(v, "instant", running && total <= 1 && cf->due.n <= calendar_next_workday(cal, from).n);
    view_put_int(v, "used", used);
    view_put_int(v, "total", total);
    view_put_bool(v, "late", open && running && today.n > cf->due.n);
    view_put_day(v, "from", running ? from : DAY_NONE);
}

/* --- what is still missing, and what has come for it since --- */

static int64_t
last_notice_ms(const struct view *root)
{
    int64_t at = 0;
    for (const struct view *e = view_first(view_get(view_get(root, STR("case")), STR("timeline"))); e; e = view_next(e))
        if (str_eqz(view_text(view_get(e, STR("kind"))), "noticed"))
            at = view_int(view_get(e, STR("at_ms")));
    return at;
}

static enum material_state
state_of(const struct case_file *cf, struct str key)
{
    for (size_t i = 0; i < cf->material_count; i++)
        if (str_eq(cf->material[i].key, key))
            return cf->material[i].state;
    return MATERIAL_ABSENT;
}

static bool
is_owed(const struct case_file *cf, struct str key)
{
    enum material_state s = state_of(cf, key);
    return s == MATERIAL_ABSENT || s == MATERIAL_REJECTED || s == MATERIAL_TOLERATED;
}

/* Files that have come for what is owed; for a rejected paper only those after the notice. */
static enum err
fresh_uploads(struct web_call *call, const struct case_file *cf, int64_t noticed_ms, struct upload **ret_u,
              size_t *ret_n)
{
    struct upload *all;
    size_t n, k = 0;
    TRY(call->ctx, service_uploads(call->ctx, call->server, cf->region, 0, cf->id, &all, &n));
    for (size_t i = 0; i < n; i++)
        if (is_owed(cf, all[i].material) &&
            (state_of(cf, all[i].material) != MATERIAL_REJECTED || id_time_ms(all[i].id) >= noticed_ms))
            all[k++] = all[i];
    *ret_u = all;
    *ret_n = k;
    return OK;
}

/* A line of the clerk's own list looks like a leaf of the tree. */
static void
put_listed(const struct case_gap *g, const struct upload *u, size_t n, struct view *v)
{
    view_put_text(v, "key", g->key);
    view_put_text(v, "name", g->text);
    view_put_bool(v, "is_leaf", true);
    view_put_bool(v, "can_upload", true);
    view_put_bool(v, "can_commit", false);
    struct view *files = view_put_list(v, "uploads");
    for (size_t i = 0; i < n; i++)
        if (str_eq(u[i].material, g->key)) {
            struct view *row = view_add_map(files);
            view_put_id(row, "id", u[i].id);
            view_put_text(row, "file", u[i].name);
        }
    view_put_bool(v, "uploaded", view_count(files) > 0);
    view_put_list(v, "parts");
}

static enum err
put_owed(struct web_call *call, const struct case_file *cf, struct view *c)
{
    struct case_gap *gaps;
    size_t n;
    struct material_tree t = {.call = call, .matter = cf->matter, .facts = &cf->facts};
    struct upload *fresh;
    TRY(call->ctx, commitment_case_view(call->ctx, call->server, NULL, cf, c));
    const struct view *commitment = view_get(c, STR("commitment"));
    t.closed = commitment && view_kind(view_get(commitment, STR("reason"))) == VIEW_TEXT
                   ? view_text(view_get(commitment, STR("reason")))
                   : STR("");
    TRY(call->ctx, fresh_uploads(call, cf, last_notice_ms(call->view), &fresh, &t.upload_count));
    t.upload = fresh;
    case_gaps(call->ctx, cf, &gaps, &n);
    t.leaf = (bool *)(uintptr_t)case_given(call->ctx->arena, cf).leaf;
    struct view *list = view_put_list(c, "owed");
    for (size_t i = 0; i < n; i++) {
        const struct material *x = web_material_find(cf->matter, gaps[i].key);
        struct view *row = view_add_map(list);
        if (x)
            web_material_row(&t, x, row);
        else
            put_listed(&gaps[i], fresh, t.upload_count, row);
        guide_put(row, "text", x && !str_eq(x->name, gaps[i].text) ? gaps[i].text : STR(""));
    }
    for (size_t i = 0; i < cf->material_count; i++) { /* accepted on trust: still to come (R22) */
        const struct material *x = web_material_find(cf->matter, cf->material[i].key);
        if (cf->material[i].state == MATERIAL_TOLERATED && x)
            web_material_row(&t, x, view_add_map(list));
    }
    view_put_int(c, "owed_count", (int64_t)view_count(list));
    view_put_bool(c, "some_owed", view_count(list) > 0);
    view_put_bool(c, "some_fresh", t.upload_count > 0);
    return OK;
}

/* --- the case page --- */

static void
put_supervision(struct web_call *call, const struct case_file *cf, struct view *c)
{
    struct str number = cf->matter->supervision_count ? cf->matter->supervision[0]
                        : call->region                ? call->region->supervision
                                                      : STR("");
    guide_phone(call->ctx, number, view_put_map(c, "supervision_phone"));
    guide_put(c, "supervision_text", str_empty(number) ? cf->matter->supervision_text : STR(""));
}

/* What the chosen way means for the person, before the result is there and when it is. */
static void
put_delivery(const struct case_file *cf, struct view *c)
{
    static const struct {
        const char *way, *later, *now;
    } words[] = {{"电子证照下载", "办好后在办件页面下载结果", "结果已经出来，在下面的“文书”里下载"},
                 {"快递", "办好后快递给您，并打电话通知", "结果已经出来，快递给您，并打电话通知"},
                 {"", "办好后到窗口领取结果", "结果已经出来，请带身份证件到窗口领取"}};
    size_t i = 0;
    while (words[i].way[0] && !str_eqz(cf->delivery, words[i].way))
        i++;
    view_put_z(c, "delivery_later", words[i].later);
    view_put_z(c, "delivery_now", words[i].now);
}

static enum err
show_case(struct web_call *call, const struct case_file *cf)
{
    struct ctx *ctx = call->ctx;
    TRY(ctx, service_case_view(ctx, call->server, cf, call->view));
    struct view *c = case_map(call->view);
    put_days(call, cf, c);
    TRY(ctx, put_owed(call, cf, c));
    put_supervision(call, cf, c);
    put_delivery(cf, c);
    view_put_bool(c, "is_withdrawn", cf->status == CASE_WITHDRAWN);
    view_put_bool(c, "is_submitted", cf->status == CASE_SUBMITTED);
    view_put_bool(c, "is_working", cf->status == CASE_WORKING);
    view_put_bool(c, "is_concluded", cf->status == CASE_CONCLUDED);
    view_put_bool(c, "is_done", cf->status == CASE_CLOSED);
    view_put_bool(c, "rated", cf->rating > 0);
    view_put_bool(c, "late_note", cf->status == CASE_NOTIFIED);
    view_put_int(c, "limit_mib", UPLOAD_MIB);
    view_put_text(c, "region", cf->region);
    if (!call->api) {
        struct str ticked;
        TRY(ctx, web_rating_tags(call, &ticked));
        service_rating_words(ctx, c, ticked);
        guide_put(c, "via", str_eqz(web_param(call, "via"), "qr") ? STR("qr") : STR(""));
        view_put_text(c, "path", case_path(call, cf, ""));
        view_put_text(c, "code", web_access_code(call));
        guide_put(call->view, "typed_text", http_field(call->req, "text"));
        guide_put(call->view, "typed_reason", http_field(call->req, "reason"));
    }
    call->title = str_fmt(ctx->arena, "%.*s · 办件进度", STR_ARG(cf->matter->name));
    return OK;
}

enum err
web_case(struct web_call *call)
{
    struct case_file *cf = ARENA_NEW(call->ctx->arena, struct case_file);
    TRY(call->ctx, open_case(call, cf));
    return show_case(call, cf);
}

/* A form of the case page that failed shows the page again with what was typed. */
static enum err
again(struct web_call *call, const struct case_file *cf, enum err e)
{
    if (call->api || !web_is_refusal(e))
        return e;
    struct fail kept = *call->ctx->fail;
    call->view = view_map(call->ctx->arena);
    TRY(call->ctx, show_case(call, cf));
    *call->ctx->fail = kept;
    web_fail_into_view(call);
    return OK;
}

/* Done: the page anew, or for the API the case as it stands now. */
static enum err
changed(struct web_call *call, struct case_file *cf, const char *rest)
{
    if (!call->api) {
        call->redirect = case_path(call, cf, rest);
        return OK;
    }
    struct case_file *now = ARENA_NEW(call->ctx->arena, struct case_file);
    TRY(call->ctx, open_case(call, now));
    return show_case(call, now);
}

/* --- receipt --- */

static struct str
code_text(struct arena *a, struct str code)
{
    return str_fmt(a, "%.*s %.*s", STR_ARG(str_sub(code, 0, 5)), STR_ARG(str_sub(code, 5, code.n)));
}

enum err
web_receipt(struct web_call *call)
{
    struct ctx *ctx = call->ctx;
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    TRY(ctx, open_case(call, cf));
    TRY(ctx, show_case(call, cf));
    struct view *c = case_map(call->view);
    view_put_text(c, "code_text", code_text(ctx->arena, crypto_code_normalise(ctx->arena, web_access_code(call))));
    const struct view *papers = view_get(c, STR("documents")), *paper = NULL;
    for (const struct view *d = view_first(papers); d; d = view_next(d))
        if (str_eqz(view_text(view_get(d, STR("kind"))), "receipt"))
            paper = d;
    if (paper)
        view_put(c, "receipt", view_copy(ctx->arena, paper));
    else
        view_put_null(c, "receipt");
    call->title = STR("已提交");
    return OK;
}

/* Where people reach us, for a QR code that another phone reads. */
static struct str
site_url(struct web_call *call)
{
    if (!str_empty(call->server->public_url))
        return call->server->public_url;
    return str_fmt(call->ctx->arena, "%s://%.*s", http_is_tls(call->req) ? "https" : "http",
                   STR_ARG(http_header(call->req, "Host")));
}

enum err
web_case_qr(struct web_call *call)
{
    struct str svg;
    struct case_file *cf = ARENA_NEW(call->ctx->arena, struct case_file);
    TRY(call->ctx, open_case(call, cf));
    struct str url = str_concat(call->ctx->arena, site_url(call), case_path(call, cf, ""));
    TRY(call->ctx, aux_qr(call->ctx, call->server->aux, url, &svg));
    call->body_type = "image/svg+xml";
    call->body = svg;
    return OK;
}

enum err
web_case_document(struct web_call *call)
{
    struct str pdf, title;
    int64_t id;
    struct case_file *cf = ARENA_NEW(call->ctx->arena, struct case_file);
    TRY(call->ctx, open_case(call, cf));
    if (!str_int(http_param(call->req, "document"), &id) || id <= 0)
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这份文书");
    TRY(call->ctx, service_case_document(call->ctx, call->server, cf, id, !http_is_head(call->req), &pdf, &title));
    web_download(call, "application/pdf", str_concat(call->ctx->arena, title, STR(".pdf")), pdf, true);
    return OK;
}

/* --- what the applicant does --- */

static const struct material *
leaf_of(const struct case_file *cf, struct str key)
{
    const struct material *x = web_material_find(cf->matter, key);
    return x && x->node == MATERIAL_LEAF ? x : NULL;
}

static enum err
need_supplement(struct web_call *call, const struct case_file *cf)
{
    static const struct actor applicant = {.kind = ACTOR_PUBLIC};
    if (case_possible(cf, &applicant) >> CASE_SUPPLEMENT & 1u)
        return OK;
    FAIL(call->ctx, ERR_CASE_EDGE, "办件现为“%s”，不用再补材料", case_status_name(cf->status));
}

enum err
web_case_upload(struct web_call *call)
{
    struct ctx *ctx = call->ctx;
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    struct str key = http_param(call->req, "key");
    TRY(ctx, open_case(call, cf));
    enum err e = need_supplement(call, cf);
    bool listed = false;
    for (size_t i = 0; i < cf->material_count; i++)
        listed = listed || str_eq(cf->material[i].key, key);
    if (e == OK && !listed && !leaf_of(cf, key))
        FAIL(ctx, ERR_NOT_FOUND, "这个办件没有编号为“%.*s”的材料", STR_ARG(str_sub(key, 0, 40)));
    if (e == OK)
        e = web_take_uploads(call, cf->region, 0, cf->id, key, view_put_list(call->view, "uploads"));
    if (e != OK)
        return again(call, cf, e);
    call->status = 201;
    call->redirect = str_fmt(ctx->arena, "%.*s#m-%.*s", STR_ARG(case_path(call, cf, "")), STR_ARG(key));
    return OK;
}

/* {materials: {key: "given" | "committed"}} of a JSON body. */
static enum err
supplement_of_json(struct web_call *call, const struct case_file *cf, struct case_material *m, size_t *n)
{
    const struct view *json;
    TRY(call->ctx, web_json(call, &json));
    const struct view *map = view_get(json, STR("materials"));
    for (const struct view *v = map && view_kind(map) == VIEW_MAP ? view_first(map) : NULL;
         v && *n < CASE_MATERIALS_MAX; v = view_next(v)) {
        const struct material *x = leaf_of(cf, view_key(v));
        struct str said = view_kind(v) == VIEW_TEXT ? view_text(v) : STR("");
        bool committed = str_eqz(said, "committed"),
             listed = state_of(cf, view_key(v)) != MATERIAL_ABSENT || str_starts(view_key(v), STR("x"));
        if ((!x && !listed) || (!committed && !str_eqz(said, "given")) || (committed && !(x && x->committable))) {
            fail_field(call->ctx, str_fmt(call->ctx->arena, "materials.%.*s", STR_ARG(view_key(v))), STR("材料"),
                       STR("没有这样材料，或不能这样提交"), STR("写 given，可承诺的写 committed"));
            FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
        }
        if (is_owed(cf, view_key(v)))
            m[(*n)++] = (struct case_material){.key = view_key(v),
                                               .name = x ? x->name : STR(""),
                                               .state = committed ? MATERIAL_COMMITTED : MATERIAL_GIVEN};
    }
    return OK;
}

/* Everything that has come since counts, and the boxes for a commitment that were ticked. */
static enum err
supplement_of_page(struct web_call *call, const struct case_file *cf, struct case_material *m, size_t *n)
{
    struct upload *u;
    size_t count;
    struct view *told = view_map(call->ctx->arena);
    TRY(call->ctx, service_case_view(call->ctx, call->server, cf, told));
    TRY(call->ctx, fresh_uploads(call, cf, last_notice_ms(told), &u, &count));
    for (size_t i = 0; i < count && *n < CASE_MATERIALS_MAX; i++) {
        size_t k = 0;
        while (k < *n && !str_eq(m[k].key, u[i].material))
            k++;
        const struct material *x = leaf_of(cf, u[i].material);
        if (k == *n)
            m[(*n)++] =
                (struct case_material){.key = u[i].material, .name = x ? x->name : STR(""), .state = MATERIAL_GIVEN};
    }
    for (size_t i = 0; i < http_field_count(call->req) && *n < CASE_MATERIALS_MAX; i++) {
        struct str name, key;
        http_field_at(call->req, i, &name, &key);
        const struct material *x = str_eqz(name, "commit") ? leaf_of(cf, key) : NULL;
        if (x && x->committable && is_owed(cf, key))
            m[(*n)++] = (struct case_material){.key = x->key, .name = x->name, .state = MATERIAL_COMMITTED};
    }
    return OK;
}

//= R16
enum err
web_case_supplement(struct web_call *call)
{
    struct ctx *ctx = call->ctx;
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    struct case_material *m = ARENA_ARRAY(ctx->arena, CASE_MATERIALS_MAX, struct case_material);
    size_t n = 0;
    TRY(ctx, open_case(call, cf));
    const struct view *json;
    TRY(ctx, web_json(call, &json));
    if (call->api && view_get(json, STR("materials")))
        TRY(ctx, supplement_of_json(call, cf, m, &n));
    else
        TRY(ctx, supplement_of_page(call, cf, m, &n));
    enum err e = service_case_supplement(ctx, call->server, cf, m, n);
    return e == OK ? changed(call, cf, "") : again(call, cf, e);
}

enum err
web_case_withdraw(struct web_call *call)
{
    struct case_file *cf = ARENA_NEW(call->ctx->arena, struct case_file);
    TRY(call->ctx, open_case(call, cf));
    struct str reason = web_param(call, "reason");
    enum err e = OK;
    if (str_utf8_count(reason) > 200) {
        fail_field(call->ctx, STR("reason"), STR("撤回的原因"), STR("超过 200 个字"), STR("请写短一些"));
        e = fail_set(call->ctx, ERR_FIELD_INVALID, __FILE__, __LINE__, "%s", "");
    }
    if (e == OK)
        e = service_case_withdraw(call->ctx, call->server, cf, reason.p ? reason : STR(""));
    return e == OK ? changed(call, cf, "") : again(call, cf, e);
}

//= R45 R46 R49
enum err
web_case_rate(struct web_call *call)
{
    struct ctx *ctx = call->ctx;
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    struct str via = web_param(call, "via"), step = web_param(call, "step"), text = web_param(call, "text");
    struct rating_given g = {.source = RATING_OF_CASE, .step = step.p ? step : STR("")};
    TRY(ctx, open_case(call, cf));
    TRY(ctx, web_rating_level(call, &g.level));
    TRY(ctx, web_rating_tags(call, &g.tags));
    g.channel = str_eqz(via, "qr") ? RATING_QR : RATING_INTERNET; //= R47
    g.text = text.p ? text : STR("");
    enum err e = service_rate(ctx, call->server, cf, &g);
    return e == OK ? changed(call, cf, "#rating") : again(call, cf, e);
}
