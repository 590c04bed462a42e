/* The web layer: one table of routes; a handler returns one view; the page renders it, the API prints it.
**
** URL, handler, template and test share one stem: GET /r/{region}/m/{id} ↔ web_guide ↔ pages/guide.html ↔
** tests/http/guide.test.mjs.
**
** Three doors lead to a row: its page, its API pattern below /api/v1, and for public pages the page once more below /e,
** the elder
** mode (larger text, fewer things). The mode is a prefix of the path: cached pages stay free of cookies, and every link
** keeps it
** because templates write {{page.base}} before each path (a small script remembers the choice and only touches "/").
** Paths have no trailing slash; one that has is sent to the one without. */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "base/view.h"
#include "http/http.h"
#include "service/server.h"

struct web; /* compiled templates, page cache, route table, the server */

#define WEB_API "/api/v1"
#define WEB_ELDER "/e"
#define WEB_SIGN_IN "/desk/login" /* a staff page without a session leads here, ?next=PATH */
#define WEB_PASSWORD                                                                                                   \
    "/desk/password" /* where a session with a one-time password may go (stem "password"), and nowhere else */
#define WEB_SESSION_COOKIE "jingban_session"

enum web_access {
    WEB_PUBLIC, /* anonymous */
    WEB_STAFF,  /* signed in; ROLES of the row, 0 = any */
    WEB_KIOSK,  /* signed in with the kiosk role */
    WEB_DEMO,   /* only in demo mode */
    WEB_DOOR,   /* anonymous, but a page of the desk: signing in */
};

/* One request on its way through a handler. */
struct web_call {
    struct web *web;
    struct server *server;
    struct ctx *ctx;
    struct http_request *req;
    struct http_response *res;
    const struct web_route *route;
    bool api;        /* under /api/v1: JSON in, JSON out */
    bool elder;      /* under /e */
    struct str base; /* "/e" or "": before every path of a page */
    const struct catalog
        *world;           /* the catalogue in force when the call came: all of its answer is read from this one */
    uint64_t corrections; /* of answered reports then: an answer that is kept belongs to these */
    const struct region *region; /* of {region} in the path; NULL if the route has none */
    struct actor actor;
    struct str csrf;       /* of the session; empty for the public */
    bool must_change;      /* signed in with a one-time password */
    bool bearer;           /* the session came by the Authorization header: no browser, no CSRF */
    struct view *view;     /* root map the handler fills; the key "page" is ours */
    struct str title;      /* of the page, without the site's name */
    struct str phone;      /* whom to ring about this page; the region's own when empty */
    int status;            /* 200 unless set */
    struct str redirect;   /* page door: 303 to here when set (the API door answers the view); "/…" gets the base */
    const char *template;  /* the row's unless the handler sets another */
    const char *body_type; /* when set, BODY is the answer instead of the view (pictures, text); may be cached */
    struct str body;
    bool answered;           /* the handler wrote the response itself (files, PDFs) */
    const struct view *json; /* of web_json, parsed once */
};

typedef enum err (*web_handler)(struct web_call *call);

struct web_route {
    enum http_method method;
    const char *stem;     /* name of the handler's family, for openapi and tests */
    const char *page;     /* page pattern, NULL = API only */
    const char *api;      /* API pattern below /api/v1, NULL = page only */
    const char *template; /* pages/TEMPLATE.html; NULL for pages that answer with a body or a redirect only */
    web_handler handler;
    enum http_pool pool;
    enum web_access access;
    unsigned roles; /* any of these */
    size_t body_max, upload_max;
    const char *summary; /* Chinese, for openapi */
    const char *query;   /* "name=中文|name=中文": query parameters, for openapi */
    bool
        cached; /* the answer depends on path, catalogue and day only: kept in memory (requests with a query are not) */
};

/* The whole site map (routes.c). */
const struct web_route *web_routes(struct arena *a, size_t *ret_n);

/* Compiles pages/ below PAGES_DIR; ERR_CONFIG names the template and line. */
enum err web_new(struct ctx *ctx, struct server *server, struct str pages_dir, struct web **ret_w) MUST_USE;
void web_free(struct web *w);
/* Starts the HTTP server over the table. */
struct web_options {
    struct str listen;
    bool quiet, trust_proxy; /* as in http_options */
};
enum err web_start(struct ctx *ctx, struct web *w, const struct web_options *o, struct http_server **ret_h) MUST_USE;

/* --- for handlers --- */
/* Text of a parameter from the form, the query or the JSON body, in that order; STR_NONE when absent. */
struct str web_param(struct web_call *call, const char *name);
/* The same without blanks around it; empty when absent. */
struct str web_typed(struct web_call *call, const char *name);
/* The JSON body as a view (API); an empty map for pages. ERR_SYNTAX. */
enum err web_json(struct web_call *call, const struct view **ret_v) MUST_USE;
/* A download answered by the handler. */
void web_download(struct web_call *call, const char *mime, struct str filename, struct str body, bool inline_view);
/* Turns the failure in ctx into the view: errors [{field, label, reason, remedy}], error_title, error_detail,
** error_rule, failed = true;
 ** sets the status and clears the failure. For form handlers, which then return OK and so render their own page again,
** everything
 ** typed still in it. Does nothing on the API door: return the error there. */
void web_fail_into_view(struct web_call *call);
/* Errors that a form may show in itself; others are an error page. */
bool web_is_refusal(enum err e);
/* Path below this mode's base. */
struct str web_path(struct web_call *call, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* The matter of {id} in the path. ERR_NOT_FOUND, ERR_AMBIGUOUS. */
enum err web_matter(struct web_call *call, const struct matter **ret_m) MUST_USE;

/* --- for main --- */
/* OpenAPI 3.1 of the table as JSON. */
struct str web_openapi(struct arena *a);
/* Table of routes as text. */
struct str web_routes_text(struct arena *a);

#endif
