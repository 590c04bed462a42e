/* The whole file of a case: what it consists of, and the one PDF of it. The ZIP is archive_zip.c. */
#include "service/archive_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { ARCHIVE_ARENA = 256 << 20, NAME_CHARS_MAX = 60, FREE_MIB = 256 };

/* --- names --- */

struct str
archive_tmp(struct ctx *ctx, const struct archive_case *x, const char *suffix)
{
    /* "up-": should we die before it is sent, the sweeper takes it (sweep.c) */
    return str_fmt(ctx->arena, "%.*s/tmp/up-archive-%lld-%s", STR_ARG(x->server->data_dir), (long long)x->id, suffix);
}

static const char *
suffix_of(struct str mime)
{
    static const struct {
        const char *mime, *suffix;
    } known[] = {{"application/pdf", ".pdf"},
                 {"image/jpeg", ".jpg"},
                 {"image/png", ".png"},
                 {"image/heic", ".heic"},
                 {"image/webp", ".webp"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eqz(mime, known[i].mime))
            return known[i].suffix;
    return ".bin";
}

struct str
archive_safe_name(struct arena *a, struct str s)
{
    struct buf b;
    size_t chars = 0;
    buf_init(&b, a, s.n + 1);
    for (size_t at = 0; at < s.n && chars < NAME_CHARS_MAX; chars++) {
        uint32_t cp = str_utf8_next(s, &at);
        bool bad =
            cp < 0x20 || cp == 0x7f || (cp < 0x80 && strchr("/\\:*?\"<>|", (int)cp)) || (cp >= 0x202a && cp <= 0x202e);
        buf_cp(&b, bad || (chars == 0 && cp == '.') ? '_' : cp);
    }
    return b.n ? buf_str(&b) : STR("_");
}

static struct str
material_of(const struct case_file *cf, struct str key)
{
    for (size_t i = 0; i < cf->material_count; i++)
        if (str_eq(cf->material[i].key, key))
            return paper_material_title(cf, &cf->material[i]);
    struct case_material only = {.key = key};
    struct str name = paper_material_title(cf, &only);
    return str_empty(name) || str_eq(name, key) ? STR("其他材料") : name;
}

struct str
archive_upload_name(struct ctx *ctx, const struct archive_case *x, size_t i)
{
    return str_fmt(ctx->arena, "%02zu-%.*s%s", i + 1,
                   STR_ARG(archive_safe_name(ctx->arena, material_of(x->cf, x->upload[i].material))),
                   suffix_of(x->upload[i].mime));
}

enum err
archive_write(struct ctx *ctx, const struct archive_case *x, const char *suffix, struct str bytes, struct str *ret_path)
{
    struct str path = archive_tmp(ctx, x, suffix);
    int fd = open(path.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        FAIL(ctx, ERR_IO, "临时文件写不了：%s", strerrordesc_np(errno));
    ssize_t put = 1;
    for (size_t done = 0; done < bytes.n && put > 0; done += (size_t)put) {
        put = write(fd, bytes.p + done, bytes.n - done);
        if (put < 0 && errno == EINTR)
            put = 0;
    }
    int wrong = put < 0 ? errno : 0;
    if (close(fd) != 0 && !wrong)
        wrong = errno;
    if (wrong) {
        unlink(path.p);
        FAIL(ctx, wrong == ENOSPC || wrong == EDQUOT ? ERR_STORE_FULL : ERR_IO, "临时文件写不了：%s",
             strerrordesc_np(wrong));
    }
    *ret_path = path;
    return OK;
}

/* --- parts --- */

static void
add_part(struct archive_case *x, const char *kind, const struct view *body, struct str title, struct str no,
         struct str day)
{
    if (x->part_count == ARCHIVE_PARTS_MAX)
        return; /* a case has at most 100 papers; the rest of the parts are six */
    size_t i = x->part_count++;
    x->part[i] = (struct document_part){str_c(kind), body};
    x->part_title[i] = title;
    x->part_no[i] = no;
    x->part_day[i] = day;
}

/* What every page of our own says at its head and foot. */
static struct view *
own_page(struct ctx *ctx, const struct archive_case *x, const char *title)
{
    const struct case_file *cf = x->cf;
    struct view *v = view_map(ctx->arena);
    view_put_z(v, "title", title);
    view_put_text(v, "agency_name", cf->matter->region->agency_name);
    view_put_text(v, "matter_name", cf->matter->name);
    view_put_text(v, "case_no", cf->no);
    view_put_text(v, "issued_at", day_time_text(ctx->arena, ctx->now_ms));
    view_put_text(v, "made_by", x->actor->name.p ? x->actor->name : STR(""));
    view_put_bool(v, "demo", x->server->demo);
    return v;
}

/* The cover as it was issued when the case was filed away, else one of today without a number. */
static enum err
add_cover(struct ctx *ctx, struct archive_case *x, struct tx *tx, size_t *ret_used)
{
    *ret_used = SIZE_MAX;
    for (size_t i = x->document_count; i > 0 && *ret_used == SIZE_MAX; i--)
        if (str_eqz(x->document[i - 1].kind, paper_id(PAPER_COVER)) && !x->document[i - 1].revoked_ms)
            *ret_used = i - 1;
    if (*ret_used != SIZE_MAX) {
        const struct document *d = &x->document[*ret_used];
        add_part(x, "cover", document_shown(ctx, d), STR("案卷封面"), d->no,
                 day_text(ctx->arena, day_of_ms(d->issued_ms)));
        return OK;
    }
    struct view *body;
    TRY(ctx, service_paper(ctx, x->server, tx, x->cf, PAPER_COVER, x->actor, NULL, &body));
    view_put_text(body, "document_no", STR(""));
    view_put_text(body, "verify_code", STR(""));
    view_put_text(body, "issued_at", day_time_text(ctx->arena, ctx->now_ms));
    add_part(x, "cover", body, STR("案卷封面"), STR(""), STR(""));
    return OK;
}

static void
add_documents(struct ctx *ctx, struct archive_case *x, size_t cover)
{
    for (size_t i = 0; i < x->document_count; i++) {
        const struct document *d = &x->document[i];
        if (i == cover)
            continue;
        struct str title = service_document_title(x->cf, d->kind), own = paper_map_text(d->body, "title");
        title = str_empty(own) ? title : own;
        add_part(x, str_z(ctx->arena, d->kind), document_shown(ctx, d),
                 d->revoked_ms ? str_concat(ctx->arena, title, STR("（已作废）")) : title, d->no,
                 day_text(ctx->arena, day_of_ms(d->issued_ms)));
    }
}

static void
add_form(struct ctx *ctx, struct archive_case *x)
{
    const struct case_file *cf = x->cf;
    const struct form *f = catalog_matter_form(matter_catalog(cf->matter), cf->matter);
    if (!f || !cf->form)
        return;
    struct form_print p = {f, cf->matter->region, &cf->facts, cf->form, false};
    add_part(x, "form", form_print_body(ctx, x->server, &p), f->title, STR(""),
             day_text(ctx->arena, day_of_ms(cf->received_ms)));
}

/* Everything a happening says, inside the house, in one cell. */
static struct str
said(struct ctx *ctx, const struct view *e)
{
    struct buf b;
    buf_init(&b, ctx->arena, 128);
    buf_add(&b, paper_map_text(e, "note"));
    const struct view *record = view_get(e, STR("record")), *gaps = view_get(e, STR("gaps"));
    for (const struct view *r = record ? view_first(record) : NULL; r; r = view_next(r))
        buf_fmt(&b, "%s%.*s：%.*s", b.n ? "；" : "", STR_ARG(paper_map_text(r, "name")),
                STR_ARG(paper_map_text(r, "value")));
    for (const struct view *g = gaps ? view_first(gaps) : NULL; g; g = view_next(g))
        buf_fmt(&b, "%s%.*s", b.n ? "；" : "", STR_ARG(view_text(g)));
    return buf_str(&b);
}

static void
add_timeline(struct ctx *ctx, struct archive_case *x)
{
    struct view *v = own_page(ctx, x, "办理记录"), *list = view_put_list(v, "events");
    for (const struct view *e = view_first(view_get(x->view, STR("timeline"))); e; e = view_next(e)) {
        struct view *row = view_add_map(list);
        struct str who = paper_map_text(e, "staff_name");
        view_put_text(row, "n", str_fmt(ctx->arena, "%zu", view_count(list)));
        view_put_text(row, "at", paper_map_text(e, "at"));
        view_put_text(row, "title", paper_map_text(e, "title"));
        view_put_text(row, "who", str_empty(who) ? paper_map_text(e, "who") : who);
        view_put_text(row, "said", said(ctx, e));
    }
    view_put_text(v, "head", crypto_hex(ctx->arena, x->cf->head.p, x->cf->head.n));
    view_put_text(v, "event_count", str_fmt(ctx->arena, "%zu", view_count(list)));
    add_part(x, "archive_timeline", v, STR("办理记录"), STR(""), STR(""));
}

static void
add_materials(struct ctx *ctx, struct archive_case *x)
{
    struct view *v = own_page(ctx, x, "材料清单"), *list = view_put_list(v, "materials"),
                *files = view_put_list(v, "files");
    size_t n = 0;
    for (size_t i = 0; i < x->cf->material_count; i++) {
        const struct case_material *m = &x->cf->material[i];
        struct view *row = view_add_map(list);
        view_put_text(row, "n", str_fmt(ctx->arena, "%zu", ++n));
        view_put_text(row, "name", paper_material_title(x->cf, m));
        view_put_z(row, "state", material_state_name(m->state));
        view_put_text(row, "note", m->note.p ? m->note : STR(""));
    }
    for (size_t i = 0; i < x->upload_count; i++) {
        struct view *row = view_add_map(files);
        view_put_text(row, "name", archive_upload_name(ctx, x, i));
        view_put_text(row, "size", str_fmt(ctx->arena, "%lld", (long long)((x->upload[i].size + 1023) / 1024)));
        view_put_text(row, "digest", x->upload[i].digest);
    }
    view_put_bool(v, "has_materials", n > 0);
    view_put_bool(v, "has_files", x->upload_count > 0);
    add_part(x, "archive_materials", v, STR("材料清单"), STR(""), STR(""));
}

/* The list of contents goes behind the cover, and knows everything behind itself. */
static void
put_contents(struct ctx *ctx, const struct archive_case *x, struct view *v)
{
    struct view *list = view_put_list(v, "parts");
    for (size_t i = 0; i < x->part_count; i++) {
        if (i == 1)
            continue;
        struct view *row = view_add_map(list);
        view_put_text(row, "n", str_fmt(ctx->arena, "%zu", view_count(list)));
        view_put_text(row, "title", x->part_title[i]);
        view_put_text(row, "no", x->part_no[i]);
        view_put_text(row, "day", x->part_day[i]);
        view_put_text(row, "part", str_fmt(ctx->arena, "%zu", i + 1));
    }
}

static enum err
gather(struct ctx *ctx, struct archive_case *x, struct str no)
{
    struct server *s = x->server;
    struct view *map = view_map(ctx->arena), *contents;
    struct document_row *row;
    size_t cover;
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, desk_load_case(ctx, s, tx, x->actor, no, x->cf));
    TRY(ctx, case_common_view(ctx, s, tx, x->cf, true, true, map));
    x->view = view_get(map, STR("case"));
    TRY(ctx, staff_names_load(ctx, tx, x->cf->region, &x->names));
    TRY(ctx, uploads_read(ctx, s, tx, x->cf->region, 0, x->cf->id, &x->upload, &x->upload_count));
    TRY(ctx, document_list(ctx, tx, x->cf->region, x->cf->id, &row, &x->document_count));
    x->document = ARENA_ARRAY(ctx->arena, x->document_count, struct document);
    for (size_t i = 0; i < x->document_count; i++)
        TRY(ctx, document_get(ctx, tx, &s->vault, x->cf->region, row[i].id, &x->document[i]));
    TRY(ctx, add_cover(ctx, x, tx, &cover));
    contents = own_page(ctx, x, "卷内目录");
    add_part(x, "archive_contents", contents, STR("卷内目录"), STR(""), STR(""));
    add_documents(ctx, x, cover);
    add_form(ctx, x);
    add_timeline(ctx, x);
    add_materials(ctx, x);
    put_contents(ctx, x, contents);
    return OK;
}

enum err
archive_pdf(struct ctx *ctx, struct archive_case *x, struct str *ret_pdf)
{
    struct str title = str_fmt(ctx->arena, "%.*s %.*s", STR_ARG(x->cf->no), STR_ARG(x->cf->matter->name));
    return document_file_pdf(ctx, x->server->layouts, x->server->aux, title, x->cf->matter->region->agency_name,
                             x->part, x->part_count, ret_pdf);
}

/* --- the making --- */

static enum err
check(struct ctx *ctx, const struct actor *a, struct str reason)
{
    if (!(a->roles & ARCHIVE_ROLES))
        FAIL(ctx, ERR_CASE_ROLE, "全卷由经办机构的经办人员取出");
    if (!str_empty(reason))
        return OK;
    fail_field(ctx, STR("reason"), STR("取卷原因"), STR("没有填写"), STR("请写明为什么取出全卷，会留下记录"));
    FAIL(ctx, ERR_REASON_REQUIRED, "全卷含完整个人信息，取出要写明原因，并会留下记录");
}

/* Files of the case once more, and what we must leave to the database. */
static enum err
check_room(struct ctx *ctx, const struct archive_case *x)
{
    struct statvfs v;
    uint64_t need = (uint64_t)FREE_MIB << 20;
    for (size_t i = 0; i < x->upload_count; i++)
        need += (uint64_t)x->upload[i].size;
    if (statvfs(str_z(ctx->arena, x->server->data_dir), &v) == 0 && (uint64_t)v.f_bavail * v.f_frsize < need)
        FAIL(ctx, ERR_STORE_FULL, "服务器上的空间不够，暂时不能取出全卷");
    return OK;
}

static enum err
make(struct ctx *ctx, struct archive_case *x, struct str no, struct str reason, bool zip, bool handed,
     struct archive *ret_a)
{
    struct str pdf;
    TRY(ctx, gather(ctx, x, no));
    if (zip)
        TRY(ctx, check_room(ctx, x));
    if (handed) /* before anything is made: who looks and is refused later has left his name */
        TRY(ctx, desk_record_look(ctx, x->server, x->actor, x->cf, "archive", reason));
    TRY(ctx, archive_pdf(ctx, x, &pdf));
    ret_a->title = str_fmt(ctx->arena, "%.*s-案卷", STR_ARG(x->cf->no));
    return zip ? archive_zip(ctx, x, pdf, &ret_a->path) : archive_write(ctx, x, "case.pdf", pdf, &ret_a->path);
}

/* What was said in an arena that is about to go. */
static void
keep_failure(struct ctx *ctx)
{
    struct fail *f = ctx->fail;
    f->detail = str_dup(ctx->arena, f->detail);
    f->rule = str_dup(ctx->arena, f->rule);
    for (size_t i = 0; i < f->field_count; i++) {
        f->field[i].field = str_dup(ctx->arena, f->field[i].field);
        f->field[i].label = str_dup(ctx->arena, f->field[i].label);
        f->field[i].reason = str_dup(ctx->arena, f->field[i].reason);
        f->field[i].remedy = str_dup(ctx->arena, f->field[i].remedy);
    }
}

enum err
service_archive(struct ctx *ctx, struct server *s, const struct actor *a, struct str no, struct str reason, bool zip,
                bool handed, struct archive *ret_a)
{
    TRY(ctx, check(ctx, a, str_trim(reason)));
    SCOPED_ARENA own = arena_new(ARCHIVE_ARENA);
    struct ctx inner = *ctx;
    struct archive made = {0};
    inner.arena = own;
    struct archive_case *x = ARENA_NEW(own, struct archive_case);
    x->server = s;
    x->actor = a;
    x->id = id_next(&s->ids, ctx->now_ms);
    x->cf = ARENA_NEW(own, struct case_file);
    enum err e = make(&inner, x, no, str_trim(reason), zip, handed, &made);
    if (e != OK) {
        keep_failure(ctx);
        return e;
    }
    *ret_a = (struct archive){.path = str_dup(ctx->arena, made.path), .title = str_dup(ctx->arena, made.title)};
    return OK;
}
