/* The whole file of a case as a ZIP: papers are set one by one into files of tmp/, what the applicant sent is taken where it lies. */
#include "service/archive_int.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* The ZIP as it grows: what goes in, and the manifest's line of it. */
struct zipping {
    struct archive_case *x;
    struct aux_zip_entry entry[ARCHIVE_ENTRIES_MAX];
    size_t n;
    struct str made[ARCHIVE_PARTS_MAX]; /* temporary files */
    size_t made_count;
    struct view *entries; /* of the manifest */
};

static struct str
hex_of(struct arena *a, struct str bytes)
{
    struct crypto_digest d = crypto_sm3(bytes);
    return crypto_hex(a, d.b, sizeof d.b);
}

static void
note(struct zipping *z, struct str name, int64_t size, struct str digest)
{
    struct view *row = view_add_map(z->entries);
    view_put_text(row, "name", name);
    view_put_int(row, "size", size);
    view_put_text(row, "sm3", digest);
}

static void
add(struct zipping *z, struct str name, struct str path, struct str data)
{
    if (z->n < ARCHIVE_ENTRIES_MAX)
        z->entry[z->n++] = (struct aux_zip_entry){name, path, data};
}

/* --- papers --- */

/* Set in an arena of its own: a hundred papers at once would be too many. */
static enum err
add_paper(struct ctx *ctx, struct zipping *z, size_t i)
{
    const struct archive_case *x = z->x;
    const struct document *d = &x->document[i];
    struct str pdf, path, suffix = str_fmt(ctx->arena, "%zu.pdf", i), title = paper_map_text(d->body, "title");
    SCOPED_ARENA page = arena_new(0);
    struct ctx inner = *ctx;
    inner.arena = page;
    enum err e = document_pdf(&inner, x->server->layouts, x->server->aux, d->kind, document_shown(&inner, d), &pdf);
    if (e != OK) {
        ctx->fail->detail = str_dup(ctx->arena, ctx->fail->detail);
        return e;
    }
    TRY(ctx, archive_write(ctx, x, suffix.p, pdf, &path));
    z->made[z->made_count++] = path;
    title = archive_safe_name(ctx->arena, str_empty(title) ? service_document_title(x->cf, d->kind) : title);
    struct str name = str_fmt(ctx->arena, "文书/%02zu-%.*s-%.*s.pdf", i + 1, STR_ARG(title), STR_ARG(d->no));
    note(z, name, (int64_t)pdf.n, hex_of(ctx->arena, pdf));
    add(z, name, path, STR_NONE);
    return OK;
}

/* --- what the applicant sent --- */

/* The digest is the one it came with: who checks the ZIP against it sees whether the file has been touched since. */
static void
add_upload(struct ctx *ctx, struct zipping *z, size_t i)
{
    const struct upload *u = &z->x->upload[i];
    struct str path = service_upload_path(ctx, z->x->server, u->digest);
    struct str name = str_concat(ctx->arena, STR("材料/"), archive_upload_name(ctx, z->x, i));
    struct stat st;
    bool there = stat(path.p, &st) == 0 && S_ISREG(st.st_mode);
    struct view *row = view_add_map(z->entries);
    view_put_text(row, "name", name);
    view_put_int(row, "size", u->size);
    view_put_text(row, "sm3", u->digest);
    view_put_text(row, "mime", u->mime);
    view_put_text(row, "sent_as", u->name);
    if (!there)
        view_put_bool(row, "missing", true);
    else
        add(z, name, path, STR_NONE);
}

/* --- events and manifest --- */

static struct str
json_of(struct ctx *ctx, const struct view *v)
{
    struct buf b;
    buf_init(&b, ctx->arena, 16384);
    view_json(v, &b);
    buf_byte(&b, '\n');
    return buf_str(&b);
}

/* What happened, as it was stored; without the digest that opens the case to its applicant. */
static struct str
events_json(struct ctx *ctx, const struct archive_case *x)
{
    struct view *root = view_map(ctx->arena), *list;
    view_put_text(root, "case_no", x->cf->no);
    list = view_put_list(root, "events");
    for (size_t i = 0; i < x->cf->history_count; i++) {
        const struct case_entry *e = &x->cf->history[i];
        struct view *row = view_add_map(list);
        view_put_int(row, "seq", e->seq);
        view_put_bool(row, "withheld", str_eqz(e->kind, "rated"));
        if (str_eqz(e->kind, "rated")) /* who rated and how is not the handlers' to know, nor that he did */
            continue;
        view_put_text(row, "at", day_iso_text(ctx->arena, e->at_ms));
        view_put_text(row, "kind", e->kind);
        view_put_text(row, "actor", e->actor);
        view_put_text(row, "staff", staff_names_get(&x->names, e->actor_id));
        struct view *payload = view_put_map(row, "payload");
        for (const struct view *v = e->payload ? view_first(e->payload) : NULL; v; v = view_next(v))
            if (!str_eqz(view_key(v), "access"))
                view_put(payload, str_z(ctx->arena, view_key(v)), view_copy(ctx->arena, v));
    }
    return json_of(ctx, root);
}

static struct str
manifest_json(struct ctx *ctx, const struct zipping *z)
{
    const struct case_file *cf = z->x->cf;
    struct view *root = view_map(ctx->arena), *chain;
    view_put_z(root, "format", "jingban-archive-1");
    view_put_text(root, "region", cf->region);
    view_put_text(root, "case_no", cf->no);
    view_put_text(root, "archive_no", cf->archive_no.p ? cf->archive_no : STR(""));
    view_put_text(root, "matter_id", cf->matter->id);
    view_put_text(root, "matter_name", cf->matter->name);
    view_put_text(root, "catalog_version", cf->matter->region->version);
    view_put_z(root, "status", case_status_id(cf->status));
    view_put_text(root, "made_at", day_iso_text(ctx->arena, ctx->now_ms));
    view_put_text(root, "made_by", z->x->actor->name.p ? z->x->actor->name : STR(""));
    view_put_z(root, "digest", "SM3");
    chain = view_put_map(root, "chain");
    view_put_int(chain, "events", cf->seq);
    view_put_text(chain, "head", crypto_hex(ctx->arena, cf->head.p, cf->head.n));
    view_put(root, "entries", view_copy(ctx->arena, z->entries));
    return json_of(ctx, root);
}

static enum err
fill(struct ctx *ctx, struct zipping *z, struct str pdf)
{
    struct str path, events = events_json(ctx, z->x);
    TRY(ctx, archive_write(ctx, z->x, "case.pdf", pdf, &path));
    z->made[z->made_count++] = path;
    note(z, STR("案卷.pdf"), (int64_t)pdf.n, hex_of(ctx->arena, pdf));
    add(z, STR("案卷.pdf"), path, STR_NONE);
    for (size_t i = 0; i < z->x->document_count; i++)
        TRY(ctx, add_paper(ctx, z, i));
    for (size_t i = 0; i < z->x->upload_count; i++)
        add_upload(ctx, z, i);
    note(z, STR("events.json"), (int64_t)events.n, hex_of(ctx->arena, events));
    add(z, STR("events.json"), STR_NONE, events);
    add(z, STR("manifest.json"), STR_NONE, manifest_json(ctx, z));
    return OK;
}

enum err
archive_zip(struct ctx *ctx, struct archive_case *x, struct str pdf, struct str *ret_path)
{
    struct zipping *z = ARENA_NEW(ctx->arena, struct zipping);
    struct str out = archive_tmp(ctx, x, "case.zip");
    z->x = x;
    z->entries = view_list(ctx->arena);
    enum err e = fill(ctx, z, pdf);
    if (e == OK)
        e = aux_zip(ctx, x->server->aux, out, z->entry, z->n);
    for (size_t i = 0; i < z->made_count; i++)
        unlink(z->made[i].p);
    if (e != OK)
        unlink(out.p);
    TRY(ctx, e);
    *ret_path = out;
    return OK;
}
