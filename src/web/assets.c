/* pages/assets/: style, script and pictures, read once. The digest is in the URL, so browsers may keep them for ever.
 */
#include <string.h>

#include "base/crypto.h"
#include "web/handlers.h"
#include "web/web_int.h"

static const char *
mime_of(struct str name)
{
    static const struct {
        const char *suffix, *mime;
    } types[] = {
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".json", "application/json"},
        {".txt", "text/plain; charset=utf-8"},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_ends(name, str_c(types[i].suffix)))
            return types[i].mime;
    return "application/octet-stream";
}

/* site.css → site_css: a name templates can write. */
static struct str
key_of(struct arena *arena, struct str name)
{
    char *p = (char *)(uintptr_t)str_z(arena, name);
    for (size_t i = 0; i < name.n; i++)
        if (p[i] == '.' || p[i] == '-')
            p[i] = '_';
    return (struct str){p, name.n};
}

enum err
web_assets_load(struct ctx *ctx, struct arena *arena, struct str dir, struct web_assets *a)
{
    struct str *name;
    size_t n;
    TRY(ctx, web_list_dir(ctx, arena, dir, "", &name, &n));
    for (size_t i = 0; i < n; i++) {
        struct str body;
        if (a->count == WEB_ASSETS_MAX)
            FAIL(ctx, ERR_CONFIG, "%.*s 里的文件超过 %d 个", STR_ARG(dir), WEB_ASSETS_MAX);
        TRY(ctx,
            web_read_file(ctx, ctx->arena, str_fmt(ctx->arena, "%.*s/%.*s", STR_ARG(dir), STR_ARG(name[i])), &body));
        struct crypto_digest d = crypto_sm3(body);
        struct web_asset *x = &a->at[a->count++];
        x->name = name[i];
        x->key = key_of(arena, name[i]);
        x->digest = crypto_hex(arena, d.b, 8);
        x->url = str_fmt(arena, "/assets/%.*s/%.*s", STR_ARG(x->digest), STR_ARG(x->name));
        x->cached = http_cached_new(mime_of(name[i]), body, x->digest, "public, max-age=31536000, immutable");
    }
    return OK;
}

void
web_assets_free(struct web_assets *a)
{
    for (size_t i = 0; i < a->count; i++)
        http_cached_free(a->at[i].cached);
    a->count = 0;
}

void
web_assets_put(const struct web_assets *a, struct view *map)
{
    for (size_t i = 0; i < a->count; i++)
        view_put_text(map, a->at[i].key.p, a->at[i].url);
}

enum err
web_asset(struct web_call *call)
{
    const struct web_assets *a = &call->web->assets;
    struct str name = http_param(call->req, "name"), digest = http_param(call->req, "digest");
    for (size_t i = 0; i < a->count; i++) {
        if (!str_eq(a->at[i].name, name))
            continue;
        if (!str_eq(a->at[i].digest, digest)) /* a page older than this program: today's file, but not for ever */
            http_set(call->res, "Cache-Control", STR("no-cache"));
        http_body_cached(call->res, a->at[i].cached);
        call->answered = true;
        return OK;
    }
    FAIL(call->ctx, ERR_NOT_FOUND, "%s", "");
}
