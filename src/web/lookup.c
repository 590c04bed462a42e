/* Finding a case or a paper again: the forms that ask for number and code, and the brake on guessing. */
#include <string.h>

#include "web/handlers.h"
#include "web/public.h"

/* --- the brake: so many per peer, kind and span --- */

enum { MINUTE_MS = 60 * 1000, TRIES_PROBES = 8 };

static const struct {
    int max, minutes;
    const char *what, *unit, *help;
} budgets[] = {
    [BUDGET_CODE] = {10, 10, "查询码输错", "次", "；急用请打电话或到窗口"},
    [BUDGET_DRAFT] = {60, 60, "从这个网络地址新开的申请", "份", "；急用请打电话或到窗口"},
    [BUDGET_APPLY] = {300, 60, "从这个网络地址提交的申请", "份", "；急用请打电话或到窗口"},
    [BUDGET_REFUSED] = {20, 10, "查无登记的申请", "次", "；请先核对身份证件号码，急用请打电话或到窗口"},
    [BUDGET_PRINT] = {300, 60, "从这个网络地址打印的表单", "份", "；急用可以下载空表手写"},
    [BUDGET_SIGN_IN] = {30, 10, "从这个网络地址登录", "次", ""},
    [BUDGET_FAULT] = {20, 60, "从这个网络地址报告的指南错误", "份", "；急用请打电话"},
    [BUDGET_COMPLAINT] = {20, 60, "从这个网络地址提交的投诉举报", "件", "；急用请打监督电话"},
};

static struct web_try *
slot_of(struct web_tries *t, uint64_t who, enum web_budget kind, int64_t now_ms, bool make)
{
    struct web_try *oldest = NULL;
    for (size_t i = 0; i < TRIES_PROBES; i++) {
        struct web_try *x = &t->at[(who + i) % WEB_TRIES];
        bool over = x->since_ms + (int64_t)budgets[x->kind].minutes * MINUTE_MS <= now_ms || x->since_ms > now_ms;
        if (x->who == who && x->kind == kind && x->count && !over)
            return x;
        if (over)
            x->count = 0;
        if (!oldest || (x->count == 0) > (oldest->count == 0) ||
            ((x->count == 0) == (oldest->count == 0) && x->since_ms < oldest->since_ms))
            oldest = x;
    }
    if (!make)
        return NULL;
    *oldest = (struct web_try){.who = who, .since_ms = now_ms, .kind = kind};
    return oldest;
}

/* Salted, so that nobody can choose an address that shares another's slot. */
static uint64_t
peer_hash(struct web_call *call, enum web_budget kind)
{
    struct str salt = {call->web->tries.salt, sizeof call->web->tries.salt};
    struct str who = str_fmt(call->ctx->arena, "%d/%.*s", (int)kind, STR_ARG(http_peer(call->req)));
    return str_hash(str_concat(call->ctx->arena, salt, who));
}

/* A demo on one's own machine is measured and tested from there; wrong codes count even so. */
static bool
is_exempt(struct web_call *call, enum web_budget kind)
{
    return kind != BUDGET_CODE && call->server->demo && !call->web->trust_proxy &&
           str_eqz(http_peer(call->req), "127.0.0.1");
}

static enum err
refuse(struct web_call *call, enum web_budget kind)
{
    int max = budgets[kind].max, minutes = budgets[kind].minutes;
    http_set(call->res, "Retry-After", str_fmt(call->ctx->arena, "%d", minutes * 60));
    FAIL(call->ctx, ERR_LOCKED, "%s超过 %d %s，请 %d 分钟后再试%s", budgets[kind].what, max, budgets[kind].unit,
         minutes, budgets[kind].help);
}

enum err
web_budget_check(struct web_call *call, enum web_budget kind)
{
    struct web_tries *t = &call->web->tries;
    uint64_t who = peer_hash(call, kind);
    pthread_mutex_lock(&t->lock);
    const struct web_try *x = slot_of(t, who, kind, call->ctx->now_ms, false);
    bool none = x && x->count >= budgets[kind].max;
    pthread_mutex_unlock(&t->lock);
    return none && !is_exempt(call, kind) ? refuse(call, kind) : OK;
}

/* Takes one in the same breath as it looks: many requests at once get no more than one after the other. */
static bool
spend(struct web_call *call, enum web_budget kind)
{
    struct web_tries *t = &call->web->tries;
    uint64_t who = peer_hash(call, kind);
    if (is_exempt(call, kind))
        return true;
    pthread_mutex_lock(&t->lock);
    struct web_try *x = slot_of(t, who, kind, call->ctx->now_ms, true);
    bool some = x->count < budgets[kind].max;
    x->count += some;
    pthread_mutex_unlock(&t->lock);
    return some;
}

void
web_budget_spend(struct web_call *call, enum web_budget kind)
{
    (void)spend(call, kind);
}

enum err
web_budget_take(struct web_call *call, enum web_budget kind)
{
    return spend(call, kind) ? OK : refuse(call, kind);
}

struct str
web_access_code(struct web_call *call)
{
    struct str code = http_param(call->req, "code");
    if (!code.p)
        code = http_header(call->req, "X-Access-Code");
    return code.p ? code : STR("");
}

enum err
web_tries_check(struct web_call *call)
{
    return web_budget_check(call, BUDGET_CODE);
}

void
web_tries_failed(struct web_call *call, enum err e)
{
    if (e == ERR_NOT_FOUND)
        web_budget_spend(call, BUDGET_CODE);
}

/* --- a case --- */

enum err
web_find_case(struct web_call *call)
{
    guide_put(call->view, "no", http_query(call->req, "no"));
    call->title = STR("查办件进度");
    return OK;
}

/* Full-width digits and letters come from phones' Chinese keyboards. */
static struct str
narrow(struct arena *a, struct str s)
{
    struct buf b;
    buf_init(&b, a, s.n + 1);
    for (size_t at = 0; at < s.n;) {
        uint32_t cp = str_utf8_next(s, &at);
        bool blank = cp == ' ' || cp == '\t' || cp == 0x3000 || cp == 0xa0;
        if (!blank)
            buf_cp(&b, cp >= 0xff01 && cp <= 0xff5e ? cp - 0xfee0 : cp);
    }
    return buf_str(&b);
}

static enum err
find_case(struct web_call *call, struct str *ret_no, struct str *ret_code)
{
    struct ctx *ctx = call->ctx;
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    struct str no = narrow(ctx->arena, web_param(call, "no")), code = narrow(ctx->arena, web_param(call, "code"));
    if (str_empty(no))
        fail_field(ctx, STR("no"), STR("办件编号"), STR("没有填写"), STR("编号印在回执上，19 位数字"));
    if (str_empty(code))
        fail_field(ctx, STR("code"), STR("查询码"), STR("没有填写"), STR("查询码印在回执上，10 位"));
    if (str_empty(no) || str_empty(code))
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    TRY(ctx, web_tries_check(call));
    enum err e = service_case_open(ctx, call->server, no, code, cf);
    web_tries_failed(call, e);
    TRY(ctx, e);
    *ret_no = cf->no;
    *ret_code = crypto_code_normalise(ctx->arena, code);
    return OK;
}

enum err
web_find_case_post(struct web_call *call)
{
    struct str no = STR_NONE, code = STR_NONE;
    enum err e = find_case(call, &no, &code);
    if (e == OK) {
        call->redirect = str_fmt(call->ctx->arena, "/c/%.*s/%.*s", STR_ARG(no), STR_ARG(code));
        return OK;
    }
    if (!web_is_refusal(e) && e != ERR_NOT_FOUND && e != ERR_LOCKED)
        return e;
    guide_put(call->view, "no", web_param(call, "no"));
    guide_put(call->view, "code", web_param(call, "code"));
    web_fail_into_view(call);
    call->title = STR("查办件进度");
    return OK;
}

/* --- a paper --- */

static enum err
verify(struct web_call *call, struct str region, struct str no, struct str code)
{
    TRY(call->ctx, web_tries_check(call));
    enum err e =
        service_verify(call->ctx, call->server, region, no, crypto_code_normalise(call->ctx->arena, code), call->view);
    web_tries_failed(call, e);
    return e;
}

enum err
web_verify(struct web_call *call)
{
    struct str code = http_param(call->req, "code");
    if (!code.p)
        code = http_query(call->req, "code");
    http_set(call->res, "Cache-Control", STR("private, no-cache"));
    call->title = STR("验证文书");
    enum err e = verify(call, call->region->code, http_param(call->req, "no"), code.p ? code : STR(""));
    if (call->api || e != ERR_NOT_FOUND)
        return e;
    fail_clear(call->ctx); /* an answer too: this paper is not ours */
    call->status = 404;
    view_put_null(call->view, "document");
    view_put_text(call->view, "no", http_param(call->req, "no"));
    return OK;
}

enum err
web_find_paper(struct web_call *call)
{
    struct ctx *ctx = call->ctx;
    struct str region = http_query(call->req, "region"), no = narrow(ctx->arena, http_query(call->req, "no")),
               code = narrow(ctx->arena, http_query(call->req, "code"));
    call->title = STR("验证文书");
    if (!str_empty(region) && !str_empty(no) && !str_empty(code)) {
        struct buf b;
        buf_init(&b, ctx->arena, 128);
        buf_addz(&b, "/v/");
        guide_urlencode(&b, region);
        buf_byte(&b, '/');
        guide_urlencode(&b, no);
        buf_byte(&b, '/');
        guide_urlencode(&b, code);
        call->redirect = buf_str(&b);
        return OK;
    }
    struct view *list = view_put_list(call->view, "regions");
    for (size_t i = 0; i < catalog_region_count(call->world); i++) {
        const struct region *r = catalog_region_at(call->world, i);
        struct view *v = view_add_map(list);
        view_put_text(v, "code", r->code);
        view_put_text(v, "name", r->name);
        view_put_bool(v, "chosen", str_eq(region, r->code));
    }
    guide_put(call->view, "no", no);
    guide_put(call->view, "typed_code", code);
    view_put_bool(call->view, "incomplete", http_query_count(call->req) > 0);
    return OK;
}
