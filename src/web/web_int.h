/* Inside the web layer: the parts of struct web and what they offer each other. */
#ifndef WEB_WEB_INT_H
#define WEB_WEB_INT_H

#include <pthread.h>

#include "base/mustache.h"
#include "web/web.h"

enum { WEB_TEMPLATES_MAX = 256, WEB_ASSETS_MAX = 64, WEB_FILE_MAX = 4 << 20 };

/* --- template.c --- */
struct web_template {
    struct str name; /* path below pages/ without ".html" */
    struct mustache *mustache;
};
struct web_templates {
    struct web_template *at; /* sorted by name */
    size_t count;
};
enum err web_templates_load(struct ctx *ctx, struct arena *arena, struct str dir, struct web_templates *ret_t) MUST_USE;
const struct mustache *web_template_find(const struct web_templates *t, struct str name); /* NULL if none */
/* layout.html with the page as its partial {{>content}}; other partials come from pages/partials/. */
void web_render(const struct web_templates *t, const char *page, const struct view *view, struct buf *out);
/* Reads a whole file (≤ WEB_FILE_MAX) into ARENA. ERR_CONFIG. */
enum err web_read_file(struct ctx *ctx, struct arena *arena, struct str path, struct str *ret_text) MUST_USE;
/* Names of the regular files in DIR ending with SUFFIX, sorted. A missing folder has none. */
enum err web_list_dir(struct ctx *ctx, struct arena *arena, struct str dir, const char *suffix, struct str **ret_names,
                      size_t *ret_n) MUST_USE;

/* --- assets.c --- */
struct web_asset {
    struct str name, key, url; /* site.css, site_css, /assets/1f2e…/site.css */
    struct str digest;
    struct http_cached *cached;
};
struct web_assets {
    struct web_asset at[WEB_ASSETS_MAX];
    size_t count;
};
enum err web_assets_load(struct ctx *ctx, struct arena *arena, struct str dir, struct web_assets *a) MUST_USE;
void web_assets_free(struct web_assets *a);
void web_assets_put(const struct web_assets *a, struct view *map); /* key → url */

/* --- cache.c: answers kept in memory, least recently used out first --- */
struct web_cache;
/* What an answer depends on besides its path. */
struct web_epoch {
    const struct catalog *catalog;
    int32_t day;
    uint64_t corrections; /* answered reports of faults: guides show them */
};
struct web_cache *web_cache_new(struct arena *arena, size_t bytes_max);
void web_cache_free(struct web_cache *c);
/* Answers RES from memory; false when there is nothing of this epoch. */
bool web_cache_answer(struct web_cache *c, struct str path, struct web_epoch epoch, struct http_response *res);
/* Keeps BODY and answers RES with it. */
void web_cache_keep(struct web_cache *c, struct str path, struct web_epoch epoch, const char *type, struct str body,
                    struct http_response *res);
size_t web_cache_bytes(struct web_cache *c);

/* --- session.c --- */
enum err web_session(struct web_call *call) MUST_USE; /* fills actor, csrf, bearer. ERR_UNAUTHENTICATED */
enum err web_csrf(struct web_call *call) MUST_USE;    /* ERR_CSRF */

/* --- problem.c --- */
/* RFC 9457. */
void web_problem(struct web_call *call, enum err e);
void web_error_page(struct web_call *call, enum err e);
/* The failure of ctx as {title, status, detail, id, rule, errors}; a fault keeps its detail to the log. */
void web_put_failure(struct ctx *ctx, enum err e, struct view *v);
void web_refuse(void *app, struct ctx *ctx, int status, struct http_request *req, struct http_response *res);
/* Renders call->template over call->view with the page's own keys added. */
struct str web_page(struct web_call *call);

/* A way to a row: what http keeps as the route's user. */
struct web_door {
    const struct web_route *row;
    bool api, elder;
};

/* --- lookup.c: what one peer may do in a span of time; a small table, the oldest out first --- */
enum web_budget {
    BUDGET_CODE,    /* wrong access codes */
    BUDGET_DRAFT,   /* drafts made */
    BUDGET_APPLY,   /* applications sent */
    BUDGET_REFUSED, /* applications for people whom no register knows */
    BUDGET_PRINT,   /* forms set as PDF for anybody */
    BUDGET_SIGN_IN, /* attempts, whatever became of them */
    BUDGET_FAULT,   /* reports of a guide's faults */
    BUDGET_COMPLAINT,
};
enum err web_budget_check(struct web_call *call, enum web_budget kind) MUST_USE; /* ERR_LOCKED and Retry-After */
void web_budget_spend(struct web_call *call, enum web_budget kind);
enum err web_budget_take(struct web_call *call, enum web_budget kind) MUST_USE; /* both */

enum { WEB_TRIES = 4096 };
struct web_try {
    uint64_t who;     /* salted hash of kind and peer */
    int64_t since_ms; /* first one of this span */
    int count;
    enum web_budget kind;
};
struct web_tries {
    pthread_mutex_t lock;
    char salt[16];
    struct web_try at[WEB_TRIES];
};

struct web {
    struct arena *arena;
    struct web_tries tries;
    struct server *server;
    struct web_templates templates;
    struct web_assets assets;
    struct web_cache *cache;
    struct http_route *http;
    struct web_door *door;
    size_t door_count;
    bool trust_proxy; /* peers are those that the proxy names */
};

/* The site map's halves (routes_public.c, routes_desk.c); web_routes puts them together. */
extern const struct web_route web_routes_public[], web_routes_desk[], web_routes_intake[], web_routes_supervision[];
extern const size_t web_routes_public_count, web_routes_desk_count, web_routes_intake_count,
    web_routes_supervision_count;

#endif
