#include "intake/sharing.h"

#include "sql_gen.h"

static const char *const outcome_ids[SHARE_OUTCOME_COUNT] = {"found", "absent", "unavailable"};

const char *
share_outcome_id(enum share_outcome o)
{
    return outcome_ids[o];
}

const char *
share_outcome_name(enum share_outcome o)
{
    static const char *const names[SHARE_OUTCOME_COUNT] = {"查得", "查无", "来源不可用"};
    return names[o];
}

/* --- sources --- */

const struct share_source *
share_source_find(const struct share_source *list, size_t n, struct str id)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i].id, id))
            return &list[i];
    return NULL;
}

static bool
in_list(const struct str *list, size_t n, struct str s)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i], s))
            return true;
    return false;
}

const struct share_source * //= R60 R61 R220 R241
share_source_for(const struct share_source *list, size_t n, struct str printed_source, struct str material)
{
    for (size_t i = 0; i < n; i++)
        if (in_list(list[i].answers, list[i].answer_count, printed_source) &&
            (list[i].material_count == 0 || in_list(list[i].materials, list[i].material_count, material)))
            return &list[i];
    return NULL;
}

/* --- imports --- */

static struct str
number_digest(struct arena *a, const struct vault *v, struct str region, struct str source, struct str number)
{
    return vault_digest(a, v, "share", region, str_fmt(a, "%.*s/%.*s", STR_ARG(source), STR_ARG(number)));
}

static struct str
row_aad(struct arena *a, struct str region, struct str source, int64_t no, int64_t line)
{
    return str_fmt(a, "share/%.*s/%.*s/%lld/%lld", STR_ARG(region), STR_ARG(source), (long long)no, (long long)line);
}

enum err
share_import_begin(struct ctx *ctx, struct tx *tx, const struct vault *v, struct share_import *i)
{
    struct sql_counter_take_in counter = {
        .region = i->region, .kind = str_concat(ctx->arena, STR("share/"), i->source), .period = 0, .count = 1};
    struct sql_counter_take_row next;
    bool found;
    TRY(ctx, sql_counter_take(ctx, tx, &counter, &next, &found));
    i->no = next.next - 1;
    TRY(ctx, vault_key_store(ctx, tx, v, i->region, &i->key));
    struct sql_share_import_insert_in in = {.region = i->region,
                                            .id = i->id,
                                            .source = i->source,
                                            .no = i->no,
                                            .way = str_c(share_way_id(i->way)),
                                            .data_day = i->day.n,
                                            .key_id = i->key.id,
                                            .digest = i->digest,
                                            .at_ms = i->at_ms,
                                            .staff_id = i->staff_id,
                                            .staff_name = i->staff_name};
    return sql_share_import_insert(ctx, tx, &in, NULL);
}

enum err
share_import_rows(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct share_import *i,
                  const struct share_list *l, size_t from, size_t to)
{
    for (size_t k = from; k < to; k++) {
        const struct share_list_row *r = &l->row[k];
        struct view *value = view_map(ctx->arena);
        struct buf b;
        for (size_t c = 0; c < l->column_count; c++)
            if (!str_empty(r->value[c]))
                view_put_text(value, str_z(ctx->arena, l->column[c]), r->value[c]);
        buf_init(&b, ctx->arena, 128);
        view_json(value, &b);
        struct str aad = row_aad(ctx->arena, i->region, i->source, i->no, r->line);
        struct sql_share_row_insert_in in = {.region = i->region,
                                             .source = i->source,
                                             .id_digest = number_digest(ctx->arena, v, i->region, i->source, r->number),
                                             .import_no = i->no,
                                             .line = r->line,
                                             .gone = r->gone,
                                             .body = crypto_seal(ctx->arena, &i->key.key, aad, buf_str(&b))};
        TRY(ctx, sql_share_row_insert(ctx, tx, &in, NULL));
    }
    return OK;
}

enum err
share_import_end(struct ctx *ctx, struct tx *tx, const struct share_import *i, const struct share_list *l)
{
    size_t told = l->error_count < SHARE_LIST_ERRORS_MAX ? l->error_count : SHARE_LIST_ERRORS_MAX;
    for (size_t k = 0; k < told; k++) {
        struct sql_share_import_error_insert_in e = {
            .region = i->region, .import_id = i->id, .line = l->error[k].line, .reason = l->error[k].reason};
        TRY(ctx, sql_share_import_error_insert(ctx, tx, &e, NULL));
    }
    struct sql_share_import_done_in in = {
        .region = i->region, .id = i->id, .row_count = (int64_t)l->row_count, .error_count = (int64_t)l->error_count};
    int64_t changed;
    TRY(ctx, sql_share_import_done(ctx, tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "这次导入已经结束");
    return OK;
}

static enum err
way_of(struct ctx *ctx, struct str s, enum share_way *ret_w)
{
    if (!share_way_parse(s, ret_w))
        FAIL(ctx, ERR_INTEGRITY, "导入的方式“%.*s”不认识", STR_ARG(s));
    return OK;
}

enum err
share_import_get(struct ctx *ctx, struct tx *tx, struct str region, int64_t id, struct share_import *ret_i,
                 struct share_list_error **ret_e, size_t *ret_n)
{
    struct sql_share_import_get_in in = {.region = region, .id = id};
    struct sql_share_import_errors_in errors = {.region = region, .import_id = id, .limit = SHARE_LIST_ERRORS_MAX};
    struct sql_share_import_get_row r;
    struct sql_share_import_errors_row *e;
    enum share_way way = SHARE_WAY_UNSAID;
    bool found;
    TRY(ctx, sql_share_import_get(ctx, tx, &in, &r, &found));
    if (!found || !str_eqz(r.state, "done"))
        FAIL(ctx, ERR_NOT_FOUND, "没有这次导入");
    TRY(ctx, way_of(ctx, r.way, &way));
    TRY(ctx, sql_share_import_errors(ctx, tx, &errors, &e, ret_n));
    *ret_e = ARENA_ARRAY(ctx->arena, *ret_n, struct share_list_error);
    for (size_t k = 0; k < *ret_n; k++)
        (*ret_e)[k] = (struct share_list_error){e[k].line, e[k].reason};
    *ret_i = (struct share_import){.id = id,
                                   .no = r.no,
                                   .at_ms = r.at_ms,
                                   .rows = r.row_count,
                                   .errors = r.error_count,
                                   .region = region,
                                   .source = r.source,
                                   .staff_name = r.staff_name,
                                   .way = way,
                                   .day = {(int32_t)r.data_day}};
    return OK;
}

enum err
share_imports(struct ctx *ctx, struct tx *tx, struct str region, int64_t before, int64_t limit,
              struct share_import **ret_i, size_t *ret_n)
{
    struct sql_share_imports_in in = {.region = region, .before = before, .limit = limit};
    struct sql_share_imports_row *r;
    TRY(ctx, sql_share_imports(ctx, tx, &in, &r, ret_n));
    *ret_i = ARENA_ARRAY(ctx->arena, *ret_n, struct share_import);
    for (size_t k = 0; k < *ret_n; k++) {
        enum share_way way = SHARE_WAY_UNSAID;
        TRY(ctx, way_of(ctx, r[k].way, &way));
        (*ret_i)[k] = (struct share_import){.id = r[k].id,
                                            .no = r[k].no,
                                            .at_ms = r[k].at_ms,
                                            .rows = r[k].row_count,
                                            .errors = r[k].error_count,
                                            .region = region,
                                            .source = r[k].source,
                                            .staff_name = r[k].staff_name,
                                            .way = way,
                                            .day = {(int32_t)r[k].data_day}};
    }
    return OK;
}

/* --- looking up --- */

/* Everything the newest import with a word on that number says: several lines may be several years. */
static enum err
open_rows(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, struct str source,
          const struct sql_share_find_row *r, size_t n, const struct view **ret_value)
{
    struct view *all = view_map(ctx->arena);
    struct data_key key;
    TRY(ctx, vault_key_get(ctx, tx, v, region, r[0].key_id, &key));
    for (size_t i = 0; i < n && r[i].import_no == r[0].import_no; i++) {
        struct str json, aad = row_aad(ctx->arena, region, source, r[i].import_no, r[i].line);
        struct view *one;
        TRY(ctx, crypto_open(ctx, &key.key, aad, r[i].body, &json));
        TRY(ctx, view_from_json(ctx, json, &one));
        for (const struct view *x = view_first(one); x; x = view_next(x)) {
            struct str name = view_key(x), text = view_text(x);
            if (i > 0)
                name = str_fmt(ctx->arena, "%.*s（%zu）", STR_ARG(name), i + 1);
            view_put_text(all, str_z(ctx->arena, name), text);
        }
    }
    *ret_value = all;
    return OK;
}

enum err
share_find(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, struct str source,
           struct str number, struct share_hit *ret_h)
{
    struct sql_share_base_in base_in = {.region = region, .source = source};
    struct sql_share_imports_of_in any_in = {.region = region, .source = source};
    struct sql_share_base_row base = {0};
    struct sql_share_imports_of_row any;
    struct sql_share_find_row *r;
    bool replaced, there;
    size_t n;
    *ret_h = (struct share_hit){.outcome = SHARE_UNAVAILABLE};
    TRY(ctx, sql_share_imports_of(ctx, tx, &any_in, &any, &there));
    if (!there)
        return OK;
    TRY(ctx, sql_share_base(ctx, tx, &base_in, &base, &replaced));
    struct sql_share_find_in in = {.region = region,
                                   .source = source,
                                   .id_digest = number_digest(ctx->arena, v, region, source, number),
                                   .base = replaced ? base.no : 0};
    TRY(ctx, sql_share_find(ctx, tx, &in, &r, &n));
    ret_h->outcome = SHARE_ABSENT;
    ret_h->import_no = n ? r[0].import_no : any.no;
    if (n == 0 || r[0].gone)
        return OK;
    TRY(ctx, open_rows(ctx, tx, v, region, source, r, n, &ret_h->value));
    ret_h->outcome = SHARE_FOUND;
    return OK;
}

/* --- the register of look-ups --- */

struct str
share_subject(struct arena *a, const struct vault *v, struct str region, struct str number)
{
    return vault_digest(a, v, "share-subject", region, number);
}

enum err
share_look_record(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct share_look *l)
{
    struct sql_share_look_insert_in in = {.region = l->region,
                                          .id = l->id,
                                          .source = l->source,
                                          .source_name = l->source_name,
                                          .subject_digest = share_subject(ctx->arena, v, l->region, l->number),
                                          .masked = l->masked,
                                          .case_id = l->case_id,
                                          .case_no = l->case_no,
                                          .material = l->material,
                                          .reason = l->reason,
                                          .consent = l->consent,
                                          .outcome = str_c(outcome_ids[l->outcome]),
                                          .import_no = l->import_no,
                                          .result_digest = l->result_digest,
                                          .at_ms = l->at_ms,
                                          .staff_id = l->staff_id,
                                          .staff_name = l->staff_name};
    return sql_share_look_insert(ctx, tx, &in, NULL);
}

static enum err
outcome_of(struct ctx *ctx, struct str s, enum share_outcome *ret_o)
{
    for (int i = 0; i < SHARE_OUTCOME_COUNT; i++)
        if (str_eqz(s, outcome_ids[i])) {
            *ret_o = (enum share_outcome)i;
            return OK;
        }
    FAIL(ctx, ERR_INTEGRITY, "查询的结果“%.*s”不认识", STR_ARG(s));
}

enum err
share_looks(struct ctx *ctx, struct tx *tx, struct str region, int64_t before, int64_t limit, struct share_look **ret_l,
            size_t *ret_n)
{
    struct sql_share_looks_in in = {.region = region, .before = before, .limit = limit};
    struct sql_share_looks_row *r;
    TRY(ctx, sql_share_looks(ctx, tx, &in, &r, ret_n));
    *ret_l = ARENA_ARRAY(ctx->arena, *ret_n, struct share_look);
    for (size_t i = 0; i < *ret_n; i++) {
        struct share_look *l = &(*ret_l)[i];
        *l = (struct share_look){.id = r[i].id,
                                 .import_no = r[i].import_no,
                                 .at_ms = r[i].at_ms,
                                 .region = region,
                                 .source = r[i].source,
                                 .source_name = r[i].source_name,
                                 .masked = r[i].masked,
                                 .case_no = r[i].case_no,
                                 .material = r[i].material,
                                 .reason = r[i].reason,
                                 .consent = r[i].consent,
                                 .staff_name = r[i].staff_name,
                                 .result_digest = r[i].result_digest};
        TRY(ctx, outcome_of(ctx, r[i].outcome, &l->outcome));
    }
    return OK;
}

enum err
share_looks_of_case(struct ctx *ctx, struct tx *tx, struct str region, int64_t case_id, struct share_look **ret_l,
                    size_t *ret_n)
{
    struct sql_share_looks_of_case_in in = {.region = region, .case_id = case_id};
    struct sql_share_looks_of_case_row *r;
    TRY(ctx, sql_share_looks_of_case(ctx, tx, &in, &r, ret_n));
    *ret_l = ARENA_ARRAY(ctx->arena, *ret_n, struct share_look);
    for (size_t i = 0; i < *ret_n; i++) {
        struct share_look *l = &(*ret_l)[i];
        *l = (struct share_look){.id = r[i].id,
                                 .case_id = case_id,
                                 .at_ms = r[i].at_ms,
                                 .region = region,
                                 .source = r[i].source,
                                 .source_name = r[i].source_name,
                                 .subject_digest = r[i].subject_digest,
                                 .material = r[i].material,
                                 .staff_name = r[i].staff_name,
                                 .result_digest = r[i].result_digest};
        TRY(ctx, outcome_of(ctx, r[i].outcome, &l->outcome));
    }
    return OK;
}
