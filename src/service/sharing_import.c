/* Lists of other departments coming in, and what the desk sees of sources, imports and look-ups. */
#include "base/crypto.h"
#include "service/guide.h"
#include "service/service_int.h"
#include "service/sharing.h"

enum { ROWS_A_WRITE = 200, ERRORS_SHOWN = 5 };

static enum err
bad_import(struct ctx *ctx, const char *field, const char *label, struct str reason, const char *remedy)
{
    fail_field(ctx, str_c(field), str_c(label), reason, str_c(remedy));
    FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
}

/* --- taking a list in --- */

struct import_write {
    struct server *s;
    struct share_import *import;
    const struct share_list *list;
    size_t from, to;
};

static enum err
begin_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct import_write *w = arg;
    return share_import_begin(ctx, tx, &w->s->vault, w->import);
}

static enum err
rows_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct import_write *w = arg;
    return share_import_rows(ctx, tx, &w->s->vault, w->import, w->list, w->from, w->to);
}

static enum err
end_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct import_write *w = arg;
    return share_import_end(ctx, tx, w->import, w->list);
}

/* Many short writes: a long list must not keep the desk waiting. What is written is not seen before the end. */
static enum err
write_rows(struct ctx *ctx, struct import_write *w)
{
    struct arena *scratch = arena_new(0);
    enum err e = OK;
    for (w->from = 0; e == OK && w->from < w->list->row_count; w->from = w->to) {
        size_t left = w->list->row_count - w->from;
        w->to = w->from + (left < ROWS_A_WRITE ? left : ROWS_A_WRITE);
        struct ctx inner = ctx_new(scratch, ctx->now_ms);
        e = store_write(&inner, w->s->store, rows_body, w);
        arena_reset(scratch);
    }
    arena_free(scratch);
    if (e != OK)
        FAIL(ctx, e, "导入中断，已写入的部分没有生效，请重新导入");
    return OK;
}

/* A few bad lines are told and left out; a file that is mostly wrong is the wrong file. */
static enum err
check_list(struct ctx *ctx, const struct share_list *l, struct day today)
{
    for (size_t i = 0; l->error_count > l->row_count && i < l->error_count && i < ERRORS_SHOWN; i++)
        fail_field(ctx, STR("file"), str_fmt(ctx->arena, "第 %lld 行", (long long)l->error[i].line), l->error[i].reason,
                   STR("请改正后重新导入"));
    if (l->error_count > l->row_count)
        FAIL(ctx, ERR_FIELD_INVALID, "%zu 行有错，只有 %zu 行可用，没有导入", l->error_count, l->row_count);
    if (l->row_count == 0)
        return bad_import(ctx, "file", "名单文件", STR("没有一行数据"), "请确认选对了文件");
    if (!day_is_none(l->day) && l->day.n > today.n)
        return bad_import(ctx, "file", "数据日期", STR("晚于今天"), "请核对“# 数据日期”一行");
    return OK;
}

static void
put_import(struct ctx *ctx, const struct share_import *i, const struct share_source *source, struct view *v)
{
    view_put_id(v, "id", i->id);
    view_put_int(v, "no", i->no);
    view_put_text(v, "source", i->source);
    view_put_text(v, "source_name", source ? source->name : i->source);
    view_put_z(v, "way", share_way_id(i->way));
    view_put_z(v, "way_name", share_way_name(i->way));
    view_put_day(v, "data_day", i->day);
    view_put_int(v, "rows", i->rows);
    view_put_int(v, "errors", i->errors);
    view_put_text(v, "at", day_time_text(ctx->arena, i->at_ms));
    view_put_text(v, "by", i->staff_name);
}

static enum err
find_source(struct ctx *ctx, struct server *s, const struct region *r, struct str id, const struct share_source **ret_s)
{
    struct sharing_sources all;
    TRY(ctx, sharing_sources(ctx, s, r, &all));
    *ret_s = share_source_find(all.source, all.n, id);
    if (!*ret_s)
        return bad_import(ctx, "source", "共享来源", STR("没有这个来源"),
                          "来源写在指南数据的“共享来源”，或数据文件夹的 sharing.yaml");
    if ((*ret_s)->kind != SHARE_LIST)
        return bad_import(ctx, "source", "共享来源", STR("这个来源是接口，不收名单"), "请选择种类为名单的来源");
    return OK;
}

static enum err
way_of(struct ctx *ctx, struct str said, const struct share_list *l, enum share_way *ret_w)
{
    *ret_w = l->way;
    if (!str_empty(said) && !share_way_parse(said, ret_w))
        return bad_import(ctx, "way", "方式", STR("看不懂"), "应为替换或增补");
    if (*ret_w == SHARE_WAY_UNSAID)
        return bad_import(ctx, "way", "方式", STR("没有写明是替换还是增补"), "请选择，或在文件第一行写“# 方式: 替换”");
    return OK;
}

static void
put_errors(const struct share_list_error *e, size_t n, struct view *map)
{
    struct view *list = view_put_list(map, "lines");
    for (size_t i = 0; i < n; i++) {
        struct view *row = view_add_map(list);
        view_put_int(row, "line", e[i].line);
        view_put_text(row, "reason", e[i].reason);
    }
}

enum err //= R69 R245
service_sharing_import(struct ctx *ctx, struct server *s, const struct actor *a, const struct sharing_import *in,
                       struct view *ret_map)
{
    const struct region *r = catalog_region(s->catalog, a->region);
    const struct share_source *source = NULL;
    struct str way = str_trim(in->way.p ? in->way : STR(""));
    struct share_import i = {.id = id_next(&s->ids, ctx->now_ms), .region = a->region, .at_ms = ctx->now_ms};
    if (!r)
        return bad_import(ctx, "region", "统筹区", STR("没有这个统筹区"), "请核对区划代码");
    TRY(ctx, find_source(ctx, s, r, in->source, &source));
    SCOPED_ARENA arena = arena_new(0);
    struct share_list *l = ARENA_NEW(arena, struct share_list);
    TRY(ctx, share_list_read(ctx, arena, source, in->bytes, l));
    TRY(ctx, way_of(ctx, way, l, &i.way));
    TRY(ctx, check_list(ctx, l, day_of_ms(ctx->now_ms)));
    struct crypto_digest digest = crypto_sm3(in->bytes);
    i.key = vault_key_make(id_next(&s->ids, ctx->now_ms));
    i.source = source->id;
    i.day = day_is_none(l->day) ? day_of_ms(ctx->now_ms) : l->day;
    i.digest = str_dup(ctx->arena, (struct str){(const char *)digest.b, sizeof digest.b});
    i.staff_id = a->id;
    i.staff_name = a->name.p ? a->name : STR("命令行");
    struct import_write w = {.s = s, .import = &i, .list = l};
    TRY(ctx, store_write(ctx, s->store, begin_body, &w));
    TRY(ctx, write_rows(ctx, &w));
    TRY(ctx, store_write(ctx, s->store, end_body, &w));
    i.rows = (int64_t)l->row_count;
    i.errors = (int64_t)l->error_count;
    size_t told = l->error_count < SHARE_LIST_ERRORS_MAX ? l->error_count : SHARE_LIST_ERRORS_MAX;
    for (size_t k = 0; k < told; k++) /* the view outlives the list's arena */
        l->error[k].reason = str_dup(ctx->arena, l->error[k].reason);
    put_import(ctx, &i, source, view_put_map(ret_map, "import"));
    put_errors(l->error, told, ret_map);
    return OK;
}

/* --- what the desk sees --- */

static void
put_source(const struct share_source *x, struct view *v)
{
    view_put_text(v, "id", x->id);
    view_put_text(v, "name", x->name);
    view_put_text(v, "proves", x->proves);
    view_put_z(v, "kind", x->kind == SHARE_HTTP ? "http" : "list");
    view_put_z(v, "kind_name", share_kind_name(x->kind));
    view_put_bool(v, "list", x->kind == SHARE_LIST);
    view_put_bool(v, "by_unit", x->by_unit);
    view_put_bool(v, "consent", x->consent);
    view_put_bool(v, "own", x->own);
    view_put_bool(v, "unset", x->kind == SHARE_HTTP && str_empty(x->url));
    guide_put(v, "verbatim", x->verbatim);
    guide_put(v, "where", x->where);
    struct view *columns = view_put_list(v, "columns");
    for (size_t i = 0; i < x->value_count; i++)
        view_add_text(columns, x->values[i]);
}

static enum err
cursor(struct ctx *ctx, struct str after, int64_t *ret_before)
{
    *ret_before = INT64_MAX;
    if (!str_empty(after) && (!str_int(after, ret_before) || *ret_before < 0))
        return bad_import(ctx, "after", "页码", STR("不认识"), "请从第一页看起");
    return OK;
}

static void
put_next(struct ctx *ctx, size_t n, int64_t last, struct view *map)
{
    view_put_int(map, "count", (int64_t)n);
    guide_put(map, "next", n == SHARING_LIST_MAX ? str_fmt(ctx->arena, "%lld", (long long)last) : STR(""));
}

enum err
service_sharing(struct ctx *ctx, struct server *s, const struct actor *a, struct str after, struct view *ret_map)
{
    struct sharing_sources all;
    struct share_import *i;
    int64_t before;
    size_t n;
    TRY(ctx, cursor(ctx, after, &before));
    TRY(ctx, sharing_sources(ctx, s, catalog_region(s->catalog, a->region), &all));
    struct view *list = view_put_list(ret_map, "sources");
    for (size_t k = 0; k < all.n; k++)
        put_source(&all.source[k], view_add_map(list));
    guide_put(ret_map, "problem", all.problem);
    if (!actor_has(a, ROLE_KEEPER) && !actor_has(a, ROLE_SUPERVISOR))
        return OK;
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, share_imports(ctx, tx, a->region, before, SHARING_LIST_MAX, &i, &n));
    struct view *imports = view_put_list(ret_map, "imports");
    for (size_t k = 0; k < n; k++)
        put_import(ctx, &i[k], share_source_find(all.source, all.n, i[k].source), view_add_map(imports));
    put_next(ctx, n, n ? i[n - 1].id : 0, ret_map);
    return OK;
}

enum err
service_sharing_import_view(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id, struct view *ret_map)
{
    struct sharing_sources all;
    struct share_import i;
    struct share_list_error *e;
    size_t n;
    TRY(ctx, sharing_sources(ctx, s, catalog_region(s->catalog, a->region), &all));
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, share_import_get(ctx, tx, a->region, id, &i, &e, &n));
    put_import(ctx, &i, share_source_find(all.source, all.n, i.source), view_put_map(ret_map, "import"));
    put_errors(e, n, ret_map);
    return OK;
}

enum err
service_sharing_looks(struct ctx *ctx, struct server *s, const struct actor *a, struct str after, struct view *ret_map)
{
    struct share_look *l;
    int64_t before;
    size_t n;
    TRY(ctx, cursor(ctx, after, &before));
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, share_looks(ctx, tx, a->region, before, SHARING_LIST_MAX, &l, &n));
    struct view *list = view_put_list(ret_map, "looks");
    for (size_t i = 0; i < n; i++) {
        struct view *row = view_add_map(list);
        view_put_id(row, "id", l[i].id);
        view_put_text(row, "source", l[i].source);
        view_put_text(row, "source_name", l[i].source_name);
        view_put_secret(row, "subject", l[i].masked);
        guide_put(row, "case_no", l[i].case_no);
        view_put_text(row, "reason", l[i].reason);
        guide_put(row, "consent", l[i].consent);
        view_put_z(row, "outcome", share_outcome_id(l[i].outcome));
        view_put_z(row, "outcome_name", share_outcome_name(l[i].outcome));
        view_put_int(row, "import_no", l[i].import_no);
        view_put_text(row, "digest", crypto_hex(ctx->arena, l[i].result_digest.p, l[i].result_digest.n));
        view_put_text(row, "at", day_time_text(ctx->arena, l[i].at_ms));
        view_put_text(row, "by", l[i].staff_name);
    }
    put_next(ctx, n, n ? l[n - 1].id : 0, ret_map);
    return OK;
}
