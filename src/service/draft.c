/* Drafts: nothing typed is ever lost, whatever way a page is left. A draft's token opens it; it lapses after thirty
** days.
 ** Uploads: streamed files become files/<digest>, then a row; type by content. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/json.h"
#include "service/service_int.h"
#include "sql_gen.h"

enum { DRAFT_DAYS = 30, SAVE_TRIES = 5, UPLOADS_MAX = 500, UPLOADS_MIB = 300, FREE_MIB = 256 };

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
                            .expires_ms = ctx->now_ms + (int64_t)DRAFT_DAYS * 86400000,
                            .version = 1};
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
    *ret_d = (struct draft){.id = row.id,
                            .region = r->code,
                            .token = token,
                            .case_no = row.case_no,
                            .expires_ms = row.expires_ms,
                            .version = row.version};
    TRY(ctx, catalog_matter(ctx, r, row.matter, &ret_d->matter));
    struct str plain;
    TRY(ctx, crypto_open(ctx, &s->vault.local, draft_aad(ctx->arena, region, row.id), row.body, &plain));
    return view_from_json(ctx, plain, &ret_d->body);
}

/* What is to be changed: a whole part, or one entry of it. */
struct change {
    const char *part;
    struct str key; /* empty: the part */
    const struct view *value;
};

struct save {
    struct sql_draft_save_in in;
    int64_t changed;
};

static enum err
save_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct save *x = arg;
    return sql_draft_save(ctx, tx, &x->in, &x->changed);
}

/* MAP with KEY's value replaced; NULL takes it away. MAP may be missing or something else than a map. */
static struct view *
replaced(struct arena *a, const struct view *map, struct str key, const struct view *value)
{
    struct view *v = view_map(a);
    bool there = map && view_kind(map) == VIEW_MAP;
    for (const struct view *k = there ? view_first(map) : NULL; k; k = view_next(k))
        if (!str_eq(view_key(k), key))
            view_put(v, str_z(a, view_key(k)), view_copy(a, k));
    if (value)
        view_put(v, str_z(a, key), view_copy(a, value));
    return v;
}

static enum err
check_unsent(struct ctx *ctx, const struct draft *d)
{
    if (!str_empty(d->case_no))
        FAIL(ctx, ERR_CONFLICT, "这份申请已经提交，办件编号 %.*s，不能再改", STR_ARG(d->case_no));
    return OK;
}

/* The body is one sealed value, and a page on its way out saves while the next one does: whoever comes second reads
 * again and makes his change to what is there by then. */
static enum err
save_change(struct ctx *ctx, struct server *s, struct draft *d, const struct change *c)
{
    for (int try = 0; try < SAVE_TRIES; try++) {
        const struct view *value = c->value;
        if (try > 0)
            TRY(ctx, service_draft_get(ctx, s, d->region, d->token, d));
        TRY(ctx, check_unsent(ctx, d));
        if (!str_empty(c->key))
            value = replaced(ctx->arena, view_get(d->body, str_c(c->part)), c->key, c->value);
        struct view *body = replaced(ctx->arena, d->body, str_c(c->part), value);
        struct save x = {.in = {.region = d->region,
                                .id = d->id,
                                .version = d->version,
                                .body = seal_body(ctx, s, d->region, d->id, body),
                                .updated_ms = ctx->now_ms}};
        TRY(ctx, store_write(ctx, s->store, save_body, &x));
        if (x.changed == 1) {
            d->body = body;
            d->version++;
            return OK;
        }
    }
    FAIL(ctx, ERR_CONFLICT, "这份申请正在别的页面上改，刚才填的没有存上，请稍后再存一次");
}

enum err
service_draft_save(struct ctx *ctx, struct server *s, struct draft *d, const char *part, const struct view *value)
{
    return save_change(ctx, s, d, &(struct change){.part = part, .value = value});
}

enum err
service_draft_set(struct ctx *ctx, struct server *s, struct draft *d, const char *part, struct str key,
                  const struct view *value)
{
    return save_change(ctx, s, d, &(struct change){.part = part, .key = key, .value = value});
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
        .draft_id = {.id = d->id, .version = d->version},
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

/* PATH below PARENT. The parent is made durable also when PATH is there: who made it may not have come so far, and a
 * folder that has not changed costs nothing to flush. */
static enum err
make_folder(struct ctx *ctx, const char *path, const char *parent)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        FAIL(ctx, errno == ENOSPC || errno == EDQUOT ? ERR_STORE_FULL : ERR_IO, "文件夹不能创建（%s）",
             strerror(errno));
    return sync_folder(ctx, parent);
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

bool
upload_fits(uint64_t free, uint64_t size)
{
    uint64_t spare = (uint64_t)FREE_MIB << 20;
    return free >= (size / 20 < spare ? size / 20 : spare);
}

/* Files give way before the database has to. */
static enum err
check_disk(struct ctx *ctx, struct server *s)
{
    struct statvfs v;
    if (statvfs(str_z(ctx->arena, s->data_dir), &v) == 0 &&
        !upload_fits((uint64_t)v.f_bavail * v.f_frsize, (uint64_t)v.f_blocks * v.f_frsize))
        FAIL(ctx, ERR_STORE_FULL, "服务器上的空间快用完了，暂时不能上传文件；已经传好的都还在");
    return OK;
}

/* What the draft or the case has already, and SIZE bytes more. */
static enum err
check_amount(struct ctx *ctx, struct tx *tx, struct str region, int64_t draft_id, int64_t case_id, int64_t size)
{
    struct sql_upload_case_sum_in of_case = {.region = region, .case_id = case_id};
    struct sql_upload_draft_sum_in of_draft = {.region = region, .draft_id = draft_id};
    struct sql_upload_case_sum_row r = {0};
    struct sql_upload_draft_sum_row d = {0};
    bool found;
    if (case_id)
        TRY(ctx, sql_upload_case_sum(ctx, tx, &of_case, &r, &found));
    else
        TRY(ctx, sql_upload_draft_sum(ctx, tx, &of_draft, &d, &found));
    if (r.files + d.files >= UPLOADS_MAX)
        FAIL(ctx, ERR_LIMIT, "一个办件最多上传 %d 个文件，可先删去不用的", UPLOADS_MAX);
    if (r.bytes + d.bytes + size > (int64_t)UPLOADS_MIB << 20)
        FAIL(ctx, ERR_LIMIT, "一个办件的文件合起来不超过 %d MB，请压缩后再传，或先删去不用的", UPLOADS_MIB);
    return OK;
}

struct adding {
    struct server *server;
    struct sql_upload_insert_in in;
};

/* The draft was sent while the file was on its way: it is the case's then, if that still takes material. */
static enum err
find_case(struct ctx *ctx, struct tx *tx, const struct adding *x, struct sql_upload_insert_in *in)
{
    static const struct actor applicant = {.kind = ACTOR_PUBLIC};
    struct server *s = x->server;
    struct sql_draft_case_in of = {.region = in->region, .id = in->draft_id};
    struct sql_draft_case_row draft;
    struct sql_case_by_no_row row;
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    bool found;
    TRY(ctx, sql_draft_case(ctx, tx, &of, &draft, &found));
    if (!found)
        FAIL(ctx, ERR_DRAFT_EXPIRED, "草稿保存 %d 天，已经过期，请从办事指南重新开始", DRAFT_DAYS);
    struct sql_case_by_no_in by = {.region = in->region, .no = draft.case_no};
    TRY(ctx, sql_case_by_no(ctx, tx, &by, &row, &found));
    if (!found)
        FAIL(ctx, ERR_CONFLICT, "这份申请已经提交，不能再传文件");
    TRY(ctx, case_load(ctx, tx, &s->vault, s->catalog, in->region, row.id, cf));
    if (!(case_possible(cf, &applicant) >> CASE_SUPPLEMENT & 1u))
        FAIL(ctx, ERR_CONFLICT, "这份申请已经提交，办件 %.*s 现为“%s”，不再收材料", STR_ARG(cf->no),
             case_status_name(cf->status));
    in->draft_id = 0; /* the draft stays what was sent, so that sending it again gives the same receipt */
    in->case_id = row.id;
    return OK;
}

static enum err
upload_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct adding *x = arg;
    struct sql_upload_insert_in in = x->in; /* a copy: this may run twice */
    if (in.draft_id) {
        struct sql_draft_touch_in touch = {.region = in.region, .id = in.draft_id};
        int64_t changed;
        TRY(ctx, sql_draft_touch(ctx, tx, &touch, &changed)); /* who reads the draft to send it must see this file */
        if (changed != 1)
            TRY(ctx, find_case(ctx, tx, x, &in));
    }
    TRY(ctx, check_amount(ctx, tx, in.region, in.draft_id, in.case_id, in.size));
    return sql_upload_insert(ctx, tx, &in, NULL);
}

/* Before the file is kept: most refusals cost the disk nothing. */
static enum err
check_upload(struct ctx *ctx, struct server *s, struct str region, int64_t draft_id, int64_t case_id, int64_t size)
{
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    return check_amount(ctx, tx, region, draft_id, case_id, size);
}

enum err
upload_keep(struct ctx *ctx, struct server *s, const struct upload_given *g, struct upload *ret_u)
{
    const char *mime, *tmp = str_z(ctx->arena, g->tmp_path);
    if (g->size == 0)
        FAIL(ctx, ERR_FIELD_INVALID, "文件是空的，请重新选择");
    TRY(ctx, check_disk(ctx, s));
    TRY(ctx, sniff(ctx, tmp, &mime));
    struct str digest = crypto_hex(ctx->arena, g->sm3, 32);
    TRY(ctx, keep_file(ctx, s, tmp, digest));
    struct str name = str_sub(g->filename, 0, 200);
    while (!str_utf8_valid(name) && name.n)
        name.n--;
    *ret_u = (struct upload){
        .id = id_next(&s->ids, ctx->now_ms), .size = g->size, .digest = digest, .mime = str_c(mime), .name = name};
    return OK;
}

static struct sql_upload_insert_in
row_of(struct ctx *ctx, struct server *s, struct str region, const struct upload *u)
{
    struct str as = str_fmt(ctx->arena, "upload/%lld", (long long)u->id);
    return (struct sql_upload_insert_in){.region = region,
                                         .id = u->id,
                                         .material = u->material,
                                         .digest = u->digest,
                                         .size = u->size,
                                         .mime = u->mime,
                                         .name = crypto_seal(ctx->arena, &s->vault.local, as, u->name),
                                         .created_ms = ctx->now_ms};
}

enum err
upload_of_appeal(struct ctx *ctx, struct tx *tx, struct server *s, struct str region, int64_t appeal_id,
                 const struct upload *u)
{
    struct sql_upload_insert_in in = row_of(ctx, s, region, u);
    in.draft_id = appeal_id;
    TRY(ctx, check_amount(ctx, tx, region, appeal_id, 0, u->size));
    return sql_upload_insert(ctx, tx, &in, NULL);
}

enum err
service_upload_add(struct ctx *ctx, struct server *s, struct str region, int64_t draft_id, int64_t case_id,
                   struct str material, const struct upload_given *g, struct upload *ret_u)
{
    struct upload u;
    TRY(ctx, check_upload(ctx, s, region, draft_id, case_id, g->size));
    TRY(ctx, upload_keep(ctx, s, g, &u));
    u.material = material;
    struct adding x = {.server = s, .in = row_of(ctx, s, region, &u)};
    x.in.draft_id = draft_id;
    x.in.case_id = case_id;
    TRY(ctx, store_write(ctx, s->store, upload_body, &x));
    *ret_u = u;
    return OK;
}

enum err
service_upload_share(struct ctx *ctx, struct server *s, struct str region, const struct upload *u, int64_t draft_id,
                     struct str material)
{
    struct upload copy = *u;
    copy.id = id_next(&s->ids, ctx->now_ms);
    copy.material = material;
    struct adding x = {.server = s, .in = row_of(ctx, s, region, &copy)};
    x.in.draft_id = draft_id;
    return store_write(ctx, s->store, upload_body, &x);
}

static enum err
remove_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct sql_upload_remove_in *in = arg;
    struct sql_draft_touch_in touch = {.region = in->region, .id = in->draft_id};
    TRY(ctx, sql_draft_touch(ctx, tx, &touch, NULL)); /* nor may a file be sent that is gone */
    return sql_upload_remove(ctx, tx, in, NULL);
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
