/* Taking the whole file of a case away (案卷), and the papers that no decision issues: letter of commitment, notice of a suspended matter,
** a paper made void. */
#include "service/archive.h"

#include "service/guide.h"
#include "service/papers.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/public.h"
#include "web/web_int.h"

/* A personal file is nobody's to keep: no cache between here and the one who asked. */
static void
private_answer(struct web_call *call)
{
    http_set(call->res, "Cache-Control", STR("private, no-store"));
}

/* --- the whole file --- */

static enum err
show_page(struct web_call *call)
{
    TRY(call->ctx, service_desk_case(call->ctx, call->server, &call->actor, http_param(call->req, "no"), false, STR(""),
                                     call->view));
    guide_put(call->view, "reason", web_typed(call, "reason"));
    view_put_bool(call->view, "revokes", actor_has(&call->actor, ROLE_SUPERVISOR));
    view_put_bool(call->view, "done", str_eqz(http_query(call->req, "revoked"), "1"));
    desk_put_nav(call, DESK_NAV_QUEUE);
    call->title = STR("取出全卷");
    return OK;
}

enum err
web_archive_page(struct web_call *call)
{
    return show_page(call);
}

static enum err
take(struct web_call *call, bool zip)
{
    struct archive a;
    enum err e = service_archive(call->ctx, call->server, &call->actor, http_param(call->req, "no"),
                                 web_typed(call, "reason"), zip, !http_is_head(call->req), &a);
    if (e == ERR_REASON_REQUIRED && !call->api) {
        web_fail_into_view(call);
        return show_page(call);
    }
    TRY(call->ctx, e);
    private_answer(call);
    web_download(call, zip ? "application/zip" : "application/pdf",
                 str_concat(call->ctx->arena, a.title, zip ? STR(".zip") : STR(".pdf")), STR(""), false);
    http_body_file_once(call->res, zip ? "application/zip" : "application/pdf", a.path);
    return OK;
}

enum err
web_archive_pdf(struct web_call *call)
{
    return take(call, false);
}

enum err
web_archive_zip(struct web_call *call)
{
    return take(call, true);
}

/* --- papers of a case --- */

//= R132
enum err
web_commitment_letter(struct web_call *call)
{
    struct str pdf, title;
    TRY(call->ctx,
        service_commitment_letter(call->ctx, call->server, &call->actor, http_param(call->req, "no"), &pdf, &title));
    private_answer(call);
    web_download(call, "application/pdf", str_concat(call->ctx->arena, title, STR(".pdf")), pdf, true);
    return OK;
}

enum err
web_document_revoke(struct web_call *call)
{
    int64_t id;
    struct str no = http_param(call->req, "no");
    if (!str_int(http_param(call->req, "id"), &id))
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这份文书");
    enum err e = service_document_revoke(call->ctx, call->server, &call->actor, no, id, web_typed(call, "reason"));
    if (e == ERR_REASON_REQUIRED && !call->api) {
        web_fail_into_view(call);
        return show_page(call);
    }
    TRY(call->ctx, e);
    view_put_bool(call->view, "revoked", true);
    call->redirect = str_fmt(call->ctx->arena, "/desk/c/%.*s/archive?revoked=1", STR_ARG(no));
    return OK;
}

/* --- a suspended matter --- */

static enum err
suspended_matter(struct web_call *call, const struct matter **ret_m)
{
    TRY(call->ctx, web_matter(call, ret_m));
    if (!(*ret_m)->suspended)
        FAIL(call->ctx, ERR_NOT_FOUND, "这个事项没有暂停办理");
    return OK;
}

//= R13
enum err
web_suspended(struct web_call *call)
{
    const struct matter *m;
    TRY(call->ctx, suspended_matter(call, &m));
    guide_region(call->ctx, call->region, view_put_map(call->view, "region"));
    guide_matter_line(m, view_put_map(call->view, "matter"));
    view_put_text(call->view, "basis", m->status_basis);
    call->title = str_concat(call->ctx->arena, STR("暂停办理 · "), m->name);
    return OK;
}

/* For anybody: it names nobody and has no number. */
enum err
web_suspended_print(struct web_call *call)
{
    const struct matter *m;
    struct str pdf, title;
    TRY(call->ctx, suspended_matter(call, &m));
    TRY(call->ctx, web_budget_take(call, BUDGET_PRINT));
    TRY(call->ctx, service_suspended_notice(call->ctx, call->server, m, NULL, STR(""), &pdf, &title));
    web_download(call, "application/pdf", str_concat(call->ctx->arena, title, STR(".pdf")), pdf, true);
    return OK;
}

static enum err
desk_matter(struct web_call *call, const struct matter **ret_m)
{
    const struct region *r = catalog_region(call->world, call->actor.region);
    if (!r)
        FAIL(call->ctx, ERR_NOT_FOUND, "%s", "");
    TRY(call->ctx, catalog_matter(call->ctx, r, http_param(call->req, "id"), ret_m));
    if (!(*ret_m)->suspended)
        FAIL(call->ctx, ERR_NOT_FOUND, "这个事项没有暂停办理");
    return OK;
}

static enum err
show_suspended(struct web_call *call, const struct matter *m)
{
    guide_matter_line(m, view_put_map(call->view, "matter"));
    view_put_text(call->view, "basis", m->status_basis);
    guide_put(call->view, "name", web_typed(call, "name"));
    desk_put_nav(call, DESK_NAV_INTAKE);
    call->title = STR("出具暂停办理告知书");
    return OK;
}

enum err
web_desk_suspended(struct web_call *call)
{
    const struct matter *m;
    TRY(call->ctx, desk_matter(call, &m));
    return show_suspended(call, m);
}

/* At the window: to whoever applied, with a number that can be verified. */ //= R13
enum err
web_desk_suspended_issue(struct web_call *call)
{
    const struct matter *m;
    struct str pdf, title;
    TRY(call->ctx, desk_matter(call, &m));
    enum err e =
        service_suspended_notice(call->ctx, call->server, m, &call->actor, web_typed(call, "name"), &pdf, &title);
    if (e != OK && !call->api && web_is_refusal(e)) {
        web_fail_into_view(call);
        return show_suspended(call, m);
    }
    TRY(call->ctx, e);
    private_answer(call);
    web_download(call, "application/pdf", str_concat(call->ctx->arena, title, STR(".pdf")), pdf, true);
    return OK;
}
