/* Drafts: nothing typed is ever lost, whatever way a page is left. A draft's token opens it; it lapses after thirty
 *days.
 ** Uploads: streamed files become files/<digest>, then a row; type by content. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "service/service_int.h"
#include "sql_gen.h"

enum { DRAFT_DAYS = 30, UPLOADS_MAX = 100 };

static struct str
draft_aad(struct arena *a, struct str region, int64_t id)
{
    return str_fmt(a, "draft/%.*s/%lld", STR_ARG(region), (long long)id);
}

static struct str
seal_body(struct ctx *ctx, struct server *s, struct str region, int64_t id, const struct view *body)
{
    struct buf b;
    buf_init(&b, ctx->arena, 1024);
    view_json(body, &b);
    return crypto_seal(ctx->arena, &s->vault.local, draft_aad(ctx->arena, region, id), buf_str(&b));
}

static enum err
insert_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    return sql_draft_insert(ctx, tx, arg, NULL);
}

enum err
service_draft_new(struct ctx *ctx, struct server *s, const struct region *r, const struct matter *m,
                  const struct view *facts, struct draft *ret_d)
{
    struct str token = crypto_token(ctx->arena);
    *ret_d = (struct draft){.id = id_next(&s->ids, ctx->now_ms),
                            .region = r->code,
                            .token = token,
                            .matter = m,
                            .body = view_map(ctx->arena),
                            .case_no = STR(""),
                            .expires_ms = ctx->now_ms + (int64_t)DRAFT_DAYS * 86400000};
    if (facts)
        view_put(ret_d->body, "facts", view_copy(ctx->arena, facts));
    struct sql_draft_insert_in in = {
        .region = r->code,
        .id = ret_d->id,
        .token_digest = vault_digest(ctx->arena, &s->vault, "draft", r->code, token),
        .matter = m->id,
        .body = seal_body(ctx, s, r->code, ret_d->id, ret_d->body),
        .created_ms = ctx->now_ms,
        .expires_ms = ret_d->expires_ms,
    };
    return store_write(ctx, s->store, insert_body, &in);
}

enum err
service_draft_get(struct ctx *ctx, struct server *s, struct str region, struct str token, struct draft *ret_d)
{
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    struct sql_draft_get_in in = {.region = region,
                                  .token_digest = vault_digest(ctx->arena, &s->vault, "draft", region, token)};
    struct sql_draft_get_row row;
    bool found;
    TRY(ctx, sql_draft_get(ctx, tx, &in, &row, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有这份草稿，可能已经过期，请从办事指南重新开始");
    if (row.expires_ms < ctx->now_ms)
        FAIL(ctx, ERR_DRAFT_EXPIRED, "草稿保存 %d 天，已经过期，请从办事指南重新开始", DRAFT_DAYS);
    const struct region *r = catalog_region(s->catalog, region);
    if (!r)
        FAIL(ctx, ERR_NOT_FOUND, "%s", "");
    *ret_d = (struct draft){
        .id = row.id, .region = r->code, .token = token, .case_no = row.case_no, .expires_ms = row.expires_ms};
    TRY(ctx, catalog_matter(ctx, r, row.matter, &ret_d->matter));
    struct str plain;
    TRY(ctx, crypto_open(ctx, &s->vault.local, draft_aad(ctx->arena, region, row.id), row.body, &plain));
    return view_from_json(ctx, plain, &ret_d->body);
}

struct save {
    struct sql_draft_save_in in;
};

static enum err
save_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct save *x = arg;
    int64_t changed;
    TRY(ctx, sql_draft_save(ctx, tx, &x->in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "这份申请已经提交，不能再改");
    return OK;
}

enum err
service_draft_save(struct ctx *ctx, struct server *s, struct draft *d, const char *part, const struct view *value)
{
    struct view *body = view_map(ctx->arena);
    for (const struct view *v = view_first(d->body); v; v = view_next(v))
        if (!str_eqz(view_key(v), part))
            view_put(body, str_z(ctx->arena, view_key(v)), view_copy(ctx->arena, v));
    view_put(body, part, view_copy(ctx->arena, value));
    struct save x = {.in = {.region = d->region,
                            .id = d->id,
                            .body = seal_body(ctx, s, d->region, d->id, body),
                            .updated_ms = ctx->now_ms}};
    TRY(ctx, store_write(ctx, s->store, save_body, &x));
    d->body = body;
    return OK;
}

static struct str
text_of(const struct view *map, const char *key)
{
    struct str s;
    return map && json_text(map, key, &s) && s.p ? s : STR("");
}

/* Leaves that have an upload, and leaves the applicant commits to instead. */
static void
draft_materials(struct ctx *ctx, const struct draft *d, const struct upload *up, size_t ups, struct application *a)
{
    const struct view *said = view_get(d->body, STR("materials"));
    size_t count = ups + (said ? view_count(said) : 0), n = 0;
    struct case_material *m = ARENA_ARRAY(ctx->arena, count + 1, struct case_material);
    for (size_t i = 0; i < ups; i++) {
        size_t k = 0;
        while (k < n && !str_eq(m[k].key, up[i].material))
            k++;
        if (k == n)
            m[n++] = (struct case_material){.key = up[i].material, .state = MATERIAL_GIVEN};
    }
    for (const struct view *v = said ? view_first(said) : NULL; v; v = view_next(v))
        if (view_kind(v) == VIEW_TEXT && str_eqz(view_text(v), "committed"))
            m[n++] = (struct case_material){.key = view_key(v), .state = MATERIAL_COMMITTED};
    a->material = m;
    a->material_count = n;
}

enum err
service_draft_submit(struct ctx *ctx, struct server *s, struct draft *d, struct str idempotency, struct receipt *ret_r)
{
    struct upload *up;
    size_t ups;
    if (!str_empty(d->case_no) && str_empty(idempotency))
        FAIL(ctx, ERR_CONFLICT, "这份申请已经提交，办件编号 %.*s", STR_ARG(d->case_no));
    TRY(ctx, service_uploads(ctx, s, d->region, d->id, 0, &up, &ups));
    const struct view *applicant = view_get(d->body, STR("applicant")), *delivery = view_get(d->body, STR("delivery"));
    struct application a = {
        .region = d->matter->region,
        .matter = d->matter,
        .channel = CHANNEL_ONLINE,
        .facts = view_get(d->body, STR("facts")),
        .form = view_get(d->body, STR("form")),
        .applicant_name = text_of(applicant, "applicant_name"),
        .applicant_id = text_of(applicant, "applicant_id"),
        .mobile = text_of(applicant, "mobile"),
        .unit_code = text_of(applicant, "unit_code"),
        .delegate_name = text_of(applicant, "delegate_name"),
        .delegate_id = text_of(applicant, "delegate_id"),
        .delivery = text_of(delivery, "delivery"),
        .address = text_of(delivery, "address"),
        .draft_id = d->id,
        .idempotency = idempotency,
    };
    draft_materials(ctx, d, up, ups, &a);
    return service_apply(ctx, s, &a, ret_r);
}

/* --- uploads --- */

struct str
service_upload_path(struct ctx *ctx, struct server *s, struct str digest)
{
    return str_fmt(ctx->arena, "%.*s/files/%.*s/%.*s", STR_ARG(s->data_dir), STR_ARG(str_sub(digest, 0, 2)),
                   STR_ARG(digest));
}

/* Type by content: what a phone's camera or a scanner makes, and nothing that runs. */
static const char *
type_of(const unsigned char *head, size_t n)
{
    if (n >= 5 && memcmp(head, "%PDF-", 5) == 0)
        return "application/pdf";
    if (n >= 3 && memcmp(head, "\xff\xd8\xff", 3) == 0)
        return "image/jpeg";
    if (n >= 8 && memcmp(head, "\x89PNG\r\n\x1a\n", 8) == 0)
        return "image/png";
    if (n >= 12 && memcmp(head, "RIFF", 4) == 0 && memcmp(head + 8, "WEBP", 4) == 0)
        return "image/webp";
    if (n >= 12 && memcmp(head + 4, "ftyp", 4) == 0 &&
        (memcmp(head + 8, "heic", 4) == 0 || memcmp(head + 8, "heix", 4) == 0 || memcmp(head + 8, "mif1", 4) == 0))
        return "image/heic";
    return NULL;
}

static enum err
sniff(struct ctx *ctx, const char *path, const char **ret_mime)
{
    unsigned char head[16];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        FAIL(ctx, ERR_IO, "上传的文件打不开（%s）", strerror(errno));
    ssize_t n = read(fd, head, sizeof head);
    bool durable = fsync(fd) == 0;
    bool full = !durable && (errno == ENOSPC || errno == EDQUOT);
    close(fd);
    if (n < 0 || !durable)
        FAIL(ctx, full ? ERR_STORE_FULL : ERR_IO, "上传的文件读不出来");
    *ret_mime = type_of(head, (size_t)n);
    if (!*ret_mime)
        FAIL(ctx, ERR_MEDIA_TYPE, "只能上传照片（JPG、PNG、HEIC、WebP）或 PDF 文件，请换一个文件");
    return OK;
}

/* A name in a folder is durable when the folder is. */
static enum err
sync_folder(struct ctx *ctx, const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0)
        close(fd);
    if (!ok)
        FAIL(ctx, why == ENOSPC || why == EDQUOT ? ERR_STORE_FULL : ERR_IO, "上传的文件不能落盘（%s）", strerror(why));
    return OK;
}

/* PATH below PARENT, which is made durable when PATH is new. */
static enum err
make_folder(struct ctx *ctx, const char *path, const char *parent)
{
    if (mkdir(path, 0700) == 0)
        return sync_folder(ctx, parent);
    if (errno != EEXIST)
        FAIL(ctx, errno == ENOSPC || errno == EDQUOT ? ERR_STORE_FULL : ERR_IO, "文件夹不能创建（%s）",
             strerror(errno));
    return OK;
}

/* Renames the streamed file to its digest; the row comes after, a sweeper removes what never got one. */
static enum err
keep_file(struct ctx *ctx, struct server *s, const char *tmp, struct str digest)
{
    const char *path = service_upload_path(ctx, s, digest).p, *data = str_z(ctx->arena, s->data_dir);
    const char *files = str_fmt(ctx->arena, "%s/files", data).p;
    const char *folder = str_fmt(ctx->arena, "%s/%.*s", files, STR_ARG(str_sub(digest, 0, 2))).p;
    TRY(ctx, make_folder(ctx, files, data));
    TRY(ctx, make_folder(ctx, folder, files));
    if (rename(tmp, path) != 0)
        FAIL(ctx, errno == ENOSPC || errno == EDQUOT ? ERR_STORE_FULL : ERR_IO, "上传的文件不能保存（%s）",
             strerror(errno));
    return sync_folder(ctx, folder);
}

static enum err
upload_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    return sql_upload_insert(ctx, tx, arg, NULL);
}

enum err
service_upload_add(struct ctx *ctx, struct server *s, struct str region, int64_t draft_id, int64_t case_id,
                   struct str material, struct str filename, struct str tmp_path, const unsigned char sm3[32],
                   int64_t size, struct upload *ret_u)
{
    const char *mime, *tmp = str_z(ctx->arena, tmp_path);
    struct upload *others;
    size_t n;
    TRY(ctx, service_uploads(ctx, s, region, draft_id, case_id, &others, &n));
    if (n >= UPLOADS_MAX)
        FAIL(ctx, ERR_LIMIT, "一个办件最多上传 %d 个文件", UPLOADS_MAX);
    if (size == 0)
        FAIL(ctx, ERR_FIELD_INVALID, "文件是空的，请重新选择");
    TRY(ctx, sniff(ctx, tmp, &mime));
    struct str digest = crypto_hex(ctx->arena, sm3, 32);
    TRY(ctx, keep_file(ctx, s, tmp, digest));
    int64_t id = id_next(&s->ids, ctx->now_ms);
    struct str name = str_sub(filename, 0, 200);
    while (!str_utf8_valid(name) && name.n)
        name.n--;
    struct sql_upload_insert_in in = {
        .region = region,
        .id = id,
        .draft_id = draft_id,
        .case_id = case_id,
        .material = material,
        .digest = digest,
        .size = size,
        .mime = str_c(mime),
        .name = crypto_seal(ctx->arena, &s->vault.local, str_fmt(ctx->arena, "upload/%lld", (long long)id), name),
        .created_ms = ctx->now_ms,
    };
    TRY(ctx, store_write(ctx, s->store, upload_body, &in));
    *ret_u = (struct upload){
        .id = id, .size = size, .material = material, .digest = digest, .mime = str_c(mime), .name = name};
    return OK;
}

static enum err
remove_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    return sql_upload_remove(ctx, tx, arg, NULL);
}

enum err
service_upload_remove(struct ctx *ctx, struct server *s, struct str region, int64_t draft_id, int64_t upload_id)
{
    struct sql_upload_remove_in in = {.region = region, .id = upload_id, .draft_id = draft_id};
    return store_write(ctx, s->store, remove_body, &in);
}

static enum err
open_upload(struct ctx *ctx, struct server *s, int64_t id, struct str material, struct str digest, int64_t size,
            struct str mime, struct str name, struct upload *u)
{
    *u = (struct upload){.id = id, .size = size, .material = material, .digest = digest, .mime = mime};
    return crypto_open(ctx, &s->vault.local, str_fmt(ctx->arena, "upload/%lld", (long long)id), name, &u->name);
}

enum err
service_uploads(struct ctx *ctx, struct server *s, struct str region, int64_t draft_id, int64_t case_id,
                struct upload **ret_u, size_t *ret_n)
{
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    return uploads_read(ctx, s, tx, region, draft_id, case_id, ret_u, ret_n);
}

enum err
uploads_read(struct ctx *ctx, struct server *s, struct tx *tx, struct str region, int64_t draft_id, int64_t case_id,
             struct upload **ret_u, size_t *ret_n)
{
    if (case_id) {
        struct sql_upload_of_case_in in = {.region = region, .case_id = case_id};
        struct sql_upload_of_case_row *r;
        TRY(ctx, sql_upload_of_case(ctx, tx, &in, &r, ret_n));
        *ret_u = ARENA_ARRAY(ctx->arena, *ret_n, struct upload);
        for (size_t i = 0; i < *ret_n; i++)
            TRY(ctx, open_upload(ctx, s, r[i].id, r[i].material, r[i].digest, r[i].size, r[i].mime, r[i].name,
                                 &(*ret_u)[i]));
        return OK;
    }
    struct sql_upload_of_draft_in in = {.region = region, .draft_id = draft_id};
    struct sql_upload_of_draft_row *r;
    TRY(ctx, sql_upload_of_draft(ctx, tx, &in, &r, ret_n));
    *ret_u = ARENA_ARRAY(ctx->arena, *ret_n, struct upload);
    for (size_t i = 0; i < *ret_n; i++)
        TRY(ctx,
            open_upload(ctx, s, r[i].id, r[i].material, r[i].digest, r[i].size, r[i].mime, r[i].name, &(*ret_u)[i]));
    return OK;
}
