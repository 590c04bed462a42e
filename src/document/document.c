#include "document/document.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/day.h"
#include "sql_gen.h"

enum { LAYOUTS_MAX = 64, LAYOUT_BYTES_MAX = 256 * 1024 };

static struct str
document_aad(struct arena *a, struct str region, int64_t id)
{
    return str_fmt(a, "document/%.*s/%lld", STR_ARG(region), (long long)id);
}

const char *
document_title(struct str kind)
{
    static const struct {
        const char *kind, *title;
    } titles[] = {{"receipt", "收件回执"},
                  {"notice", "一次性告知单"},
                  {"tolerance", "容缺受理通知单"},
                  {"refusal", "不予办理通知书"},
                  {"certificate", "参保凭证"},
                  {"result", "办理结果通知单"},
                  {"query", "参保信息查询结果"},
                  {"supplement", "补正材料接收回执"},
                  {"letter", "联系函"},
                  {"decision", "行政处理决定书"},
                  {"cover", "归档案卷封面"},
                  {"acceptance", "受理回执单"},
                  {"commitment", "承诺书"},
                  {"suspended", "不予受理（暂停办理）告知书"},
                  {"stage_paper", "环节文书"}};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (str_eqz(kind, titles[i].kind))
            return titles[i].title;
    return "文书";
}

//= R115
enum err
document_issue(struct ctx *ctx, struct tx *tx, const struct vault *v, struct id_source *ids, struct str region,
               struct str prefix, bool own_no, int64_t case_id, const char *kind, const struct data_key *key,
               struct str masked, int64_t issuer_id, struct view *body, struct document *ret_d)
{
    int year = day_ymd(day_of_ms(ctx->now_ms)).year;
    struct sql_counter_take_in counter = {
        .region = region, .kind = str_fmt(ctx->arena, "document/%s", kind), .period = year, .count = 1};
    struct sql_counter_take_row next = {.next = 1};
    bool found;
    if (!own_no)
        TRY(ctx, sql_counter_take(ctx, tx, &counter, &next, &found));
    int64_t id = id_next(ids, ctx->now_ms);
    struct str code = crypto_code(ctx->arena, 10);
    struct str no =
        own_no ? prefix : str_fmt(ctx->arena, "%.*s-%d-%06lld", STR_ARG(prefix), year, (long long)(next.next - 1));
    view_put_text(body, "document_no", no);
    view_put_int(body, "document_year", year);
    view_put_int(body, "document_seq", next.next - 1);
    view_put_text(body, "verify_code", code);
    view_put_text(body, "issued_at", day_time_text(ctx->arena, ctx->now_ms));
    view_put_text(body, "issued_day", day_text_zh(ctx->arena, day_of_ms(ctx->now_ms)));
    struct buf b;
    buf_init(&b, ctx->arena, 1024);
    view_json(body, &b);
    struct sql_document_insert_in in = {
        .region = region,
        .id = id,
        .case_id = case_id,
        .kind = str_c(kind),
        .no = no,
        .code_digest = vault_digest(ctx->arena, v, "document", region, code),
        .key_id = key->id,
        .masked = masked,
        .body = crypto_seal(ctx->arena, &key->key, document_aad(ctx->arena, region, id), buf_str(&b)),
        .issued_ms = ctx->now_ms,
        .issuer_id = issuer_id,
    };
    TRY(ctx, sql_document_insert(ctx, tx, &in, NULL));
    *ret_d = (struct document){.id = id,
                               .case_id = case_id,
                               .kind = str_c(kind),
                               .no = no,
                               .masked = masked,
                               .body = body,
                               .issued_ms = ctx->now_ms};
    return OK;
}

static enum err
open_body(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t key_id, struct str body,
          struct document *d)
{
    struct data_key key;
    struct str plain;
    struct view *view;
    TRY(ctx, vault_key_get(ctx, tx, v, region, key_id, &key));
    TRY(ctx, crypto_open(ctx, &key.key, document_aad(ctx->arena, region, d->id), body, &plain));
    TRY(ctx, view_from_json(ctx, plain, &view));
    d->body = view;
    return OK;
}

enum err
document_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id,
             struct document *ret_d)
{
    struct sql_document_by_id_in in = {.region = region, .id = id};
    struct sql_document_by_id_row r;
    bool found;
    TRY(ctx, sql_document_by_id(ctx, tx, &in, &r, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有这份文书");
    *ret_d = (struct document){.id = id,
                               .case_id = r.case_id,
                               .kind = r.kind,
                               .no = r.no,
                               .masked = r.masked,
                               .issued_ms = r.issued_ms,
                               .revoked_ms = r.revoked_ms};
    return open_body(ctx, tx, v, region, r.key_id, r.body, ret_d);
}

enum err
document_verify(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, struct str no,
                struct str code, struct document *ret_d)
{
    struct sql_document_by_no_in in = {.region = region, .no = no};
    struct sql_document_by_no_row r;
    bool found;
    TRY(ctx, sql_document_by_no(ctx, tx, &in, &r, &found));
    struct str digest = vault_digest(ctx->arena, v, "document", region, crypto_code_normalise(ctx->arena, code));
    if (!found || r.code_digest.n != digest.n || !crypto_equal(digest.p, r.code_digest.p, digest.n))
        FAIL(ctx, ERR_NOT_FOUND, "没有编号和验证码都相符的文书，请核对后再查");
    *ret_d = (struct document){.id = r.id,
                               .case_id = r.case_id,
                               .kind = r.kind,
                               .no = no,
                               .masked = r.masked,
                               .issued_ms = r.issued_ms,
                               .revoked_ms = r.revoked_ms};
    return open_body(ctx, tx, v, region, r.key_id, r.body, ret_d);
}

enum err
document_list(struct ctx *ctx, struct tx *tx, struct str region, int64_t case_id, struct document_row **ret_rows,
              size_t *ret_n)
{
    struct sql_document_of_case_in in = {.region = region, .case_id = case_id};
    struct sql_document_of_case_row *r;
    TRY(ctx, sql_document_of_case(ctx, tx, &in, &r, ret_n));
    *ret_rows = ARENA_ARRAY(ctx->arena, *ret_n, struct document_row);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_rows)[i] = (struct document_row){.id = r[i].id,
                                               .issued_ms = r[i].issued_ms,
                                               .revoked_ms = r[i].revoked_ms,
                                               .kind = r[i].kind,
                                               .no = r[i].no};
    return OK;
}

enum err
document_revoke(struct ctx *ctx, struct tx *tx, struct str region, int64_t case_id, int64_t id)
{
    struct sql_document_revoke_in in = {.region = region, .id = id, .case_id = case_id, .revoked_ms = ctx->now_ms};
    int64_t changed;
    TRY(ctx, sql_document_revoke(ctx, tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "这份文书不在这个办件里，或者已经作废");
    return OK;
}

/* --- layouts --- */

struct layouts {
    struct str name[LAYOUTS_MAX];
    struct mustache *layout[LAYOUTS_MAX];
    size_t count;
};

static enum err
load_layout(struct ctx *ctx, struct arena *arena, struct str dir, struct str file, struct layouts *l)
{
    FILE *f = fopen(str_fmt(ctx->arena, "%.*s/%.*s", STR_ARG(dir), STR_ARG(file)).p, "rbe");
    if (!f)
        FAIL(ctx, ERR_CONFIG, "打印版式 %.*s 打不开", STR_ARG(file));
    struct stat st;
    size_t room =
        fstat(fileno(f), &st) == 0 && st.st_size < LAYOUT_BYTES_MAX ? (size_t)st.st_size + 1 : LAYOUT_BYTES_MAX;
    char *text = arena_alloc(arena, room);
    size_t n = fread(text, 1, room, f);
    fclose(f);
    if (n == room || !str_utf8_valid((struct str){text, n}))
        FAIL(ctx, ERR_CONFIG, "打印版式 %.*s 太大或不是 UTF-8", STR_ARG(file));
    l->name[l->count] = str_dup(arena, str_sub(file, 0, file.n - 4));
    TRY(ctx, mustache_compile(ctx, arena, file, (struct str){text, n}, &l->layout[l->count]));
    l->count++;
    return OK;
}

enum err
layouts_load(struct ctx *ctx, struct arena *arena, struct str dir, struct layouts **ret_l)
{
    struct layouts *l = ARENA_NEW(arena, struct layouts);
    DIR *d = opendir(str_z(ctx->arena, dir));
    if (!d)
        FAIL(ctx, ERR_CONFIG, "打印版式文件夹打不开：%.*s", STR_ARG(dir));
    struct dirent *entry;
    enum err e = OK;
    while (e == OK && (entry = readdir(d)))
        if (str_ends(str_c(entry->d_name), STR(".xml")) && l->count < LAYOUTS_MAX)
            e = load_layout(ctx, arena, dir, str_dup(ctx->arena, str_c(entry->d_name)), l);
    closedir(d);
    *ret_l = l;
    return e;
}

static const struct mustache *
layout_partial(void *arg, struct str name)
{
    const struct layouts *l = arg;
    for (size_t i = 0; i < l->count; i++)
        if (str_eq(l->name[i], name))
            return l->layout[i];
    return NULL;
}

static enum err
set_part(struct ctx *ctx, const struct layouts *l, struct str kind, const struct view *body, struct buf *markup)
{
    const struct mustache *m = layout_partial((void *)(uintptr_t)l, kind);
    if (!m)
        FAIL(ctx, ERR_INTERNAL, "没有“%.*s”的打印版式", STR_ARG(kind));
    mustache_render(m, body, layout_partial, (void *)(uintptr_t)l, markup);
    return OK;
}

enum err
document_pdf(struct ctx *ctx, const struct layouts *l, struct aux *x, struct str kind, const struct view *body,
             struct str *ret_pdf)
{
    struct buf markup;
    buf_init(&markup, ctx->arena, 8192);
    TRY(ctx, set_part(ctx, l, kind, body, &markup));
    return aux_pdf(ctx, x, buf_str(&markup), ret_pdf);
}

enum err
document_file_pdf(struct ctx *ctx, const struct layouts *l, struct aux *x, struct str title, struct str author,
                  const struct document_part *part, size_t n, struct str *ret_pdf)
{
    struct buf markup;
    struct view *head = view_map(ctx->arena);
    view_put_text(head, "title", title);
    view_put_text(head, "author", author);
    buf_init(&markup, ctx->arena, 65536);
    TRY(ctx, set_part(ctx, l, STR("file_begin"), head, &markup));
    for (size_t i = 0; i < n; i++)
        TRY(ctx, set_part(ctx, l, part[i].kind, part[i].body, &markup));
    TRY(ctx, set_part(ctx, l, STR("file_end"), head, &markup));
    return aux_pdf(ctx, x, buf_str(&markup), ret_pdf);
}
