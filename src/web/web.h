/* The web layer: one table of routes; a handler returns one view; the page renders it, the API prints it.
**
** URL, handler, template and test share one stem: GET /r/{region}/m/{id} ↔ web_guide ↔ pages/guide.html ↔ tests/http/guide.test.mjs. */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "base/view.h"
#include "http/http.h"
#include "service/server.h"

struct web; /* compiled templates, page cache, route table, the server */

enum web_access {
    WEB_PUBLIC,  /* anonymous */
    WEB_STAFF,   /* signed in; ROLES of the row, 0 = any */
    WEB_KIOSK,   /* signed in with the kiosk role */
    WEB_DEMO,    /* only in demo mode */
};

/* One request on its way through a handler. */
struct web_call {
    struct web *web;
    struct server *server;
    struct ctx *ctx;
    struct http_request *req;
    struct http_response *res;
    const struct web_route *route;
    bool api;                 /* under /api/v1: JSON in, JSON out */
    const struct region *region; /* of {region} in the path; NULL if the route has none */
    struct actor actor;
    struct str csrf;          /* of the session; empty for the public */
    struct view *view;        /* root map the handler fills */
    int status;               /* 200 unless set */
    struct str redirect;      /* page door: 303 to here when set (the API door answers the view) */
    const char *template;     /* the row's unless the handler sets another */
    struct http_cached *cached; /* answer from memory */
    bool answered;            /* the handler wrote the response itself (files, PDFs) */
};

typedef enum err (*web_handler)(struct web_call *call);

struct web_route {
    enum http_method method;
    const char *stem;      /* name of the handler's family, for openapi and tests */
    const char *page;      /* page pattern, NULL = API only */
    const char *api;       /* API pattern below /api/v1, NULL = page only */
    const char *template;  /* pages/TEMPLATE.html */
    web_handler handler;
    enum http_pool pool;
    enum web_access access;
    unsigned roles;        /* any of these */
    size_t body_max, upload_max;
    const char *summary;   /* Chinese, for openapi */
};

/* The whole site map (routes.c). */
const struct web_route *web_routes(size_t *ret_n);

/* Compiles pages/ below PAGES_DIR; ERR_CONFIG names the template and line. */
enum err web_new(struct ctx *ctx, struct server *server, struct str pages_dir, struct web **ret_w) MUST_USE;
void web_free(struct web *w);
/* Starts the HTTP server over the table. */
enum err web_start(struct ctx *ctx, struct web *w, struct str listen, bool quiet, struct http_server **ret_h) MUST_USE;

/* --- for handlers --- */
/* Text of a parameter from the form, the query or the JSON body, in that order; STR_NONE when absent. */
struct str web_param(struct web_call *call, const char *name);
/* The JSON body as a view (API); an empty map for pages. ERR_SYNTAX. */
enum err web_json(struct web_call *call, const struct view **ret_v) MUST_USE;
/* A download answered by the handler. */
void web_download(struct web_call *call, const char *mime, struct str filename, struct str body, bool inline_view);

/* --- for main --- */
/* OpenAPI 3.1 of the table as JSON. */
struct str web_openapi(struct arena *a);
/* Table of routes as text. */
struct str web_routes_text(struct arena *a);

#endif
