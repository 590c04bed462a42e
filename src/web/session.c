/* Who signs in: the token of the cookie or of the Authorization header; the proof that a form is ours. */
#include "base/crypto.h"
#include "service/service.h"
#include "web/web_int.h"

enum err
web_session(struct web_call *call)
{
    struct str auth = http_header(call->req, "Authorization"), bearer = STR("Bearer ");
    struct str token = str_starts(auth, bearer) ? str_trim(str_sub(auth, bearer.n, auth.n))
                                                : http_cookie(call->req, WEB_SESSION_COOKIE);
    call->bearer = str_starts(auth, bearer);
    if (str_empty(token))
        FAIL(call->ctx, ERR_UNAUTHENTICATED, "%s", "");
    return service_session_actor(call->ctx, call->server, token, &call->actor, &call->csrf, &call->must_change);
}

enum err
web_csrf(struct web_call *call)
{
    if (call->bearer) /* no browser sends this header by itself */
        return OK;
    struct str given = http_header(call->req, "X-CSRF-Token");
    if (str_empty(given))
        given = http_field(call->req, "csrf");
    if (str_empty(call->csrf) || given.n != call->csrf.n || !crypto_equal(given.p, call->csrf.p, given.n))
        FAIL(call->ctx, ERR_CSRF, "%s", "");
    return OK;
}
