/* Rows of versions, their packages and events. Called by service/keeper*.c and version_catalog.c; decides nothing but that a
** published version does not change any more. */
#include "version/version.h"

#include "sql_gen.h"

enum { LIST_MAX = 100 };

static const char *const ids[] = {"draft", "submitted", "published", "dropped"};
static const char *const names[] = {"编辑中", "待发布", "已发布", "已撤回"};

const char *
version_state_id(enum version_state s)
{
    return ids[s];
}

const char *
version_state_name(enum version_state s)
{
    return names[s];
}

static enum err
state_parse(struct ctx *ctx, struct str text, enum version_state *ret_s)
{
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (str_eqz(text, ids[i])) {
            *ret_s = (enum version_state)i;
            return OK;
        }
    FAIL(ctx, ERR_INTEGRITY, "目录版本的状态“%.*s”不认识", STR_ARG(text));
}

/* The generated rows share their columns but not their type. */
#define VERSION_OF(ctx, code, number, row)                                                                             \
    ((struct version){.region = str_dup((ctx)->arena, (code)),                                                         \
                      .no = (number),                                                                                  \
                      .digest = (row).digest,                                                                          \
                      .effective = {(int32_t)(row).effective_day},                                                     \
                      .note = (row).note,                                                                              \
                      .source = (row).source,                                                                          \
                      .keeper_id = (row).keeper_id,                                                                    \
                      .publisher_id = (row).publisher_id,                                                              \
                      .keeper = (row).keeper,                                                                          \
                      .publisher = (row).publisher,                                                                    \
                      .created_ms = (row).created_ms,                                                                  \
                      .published_ms = (row).published_ms,                                                              \
                      .edited = (row).edited})

enum err
version_in_force(struct ctx *ctx, struct tx *tx, struct str region, struct day day, struct version *ret_v)
{
    struct sql_version_in_force_in in = {.region = region, .day = day.n};
    struct sql_version_in_force_row r;
    struct version v;
    bool found;
    TRY(ctx, sql_version_in_force(ctx, tx, &in, &r, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "还没有施行的版本");
    v = VERSION_OF(ctx, region, r.no, r);
    TRY(ctx, state_parse(ctx, r.state, &v.state));
    *ret_v = v;
    return OK;
}

enum err
version_get(struct ctx *ctx, struct tx *tx, struct str region, int64_t no, struct version *ret_v)
{
    struct sql_version_get_in in = {.region = region, .no = no};
    struct sql_version_get_row r;
    struct version v;
    bool found;
    TRY(ctx, sql_version_get(ctx, tx, &in, &r, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有第 %lld 版", (long long)no);
    v = VERSION_OF(ctx, region, no, r);
    TRY(ctx, state_parse(ctx, r.state, &v.state));
    *ret_v = v;
    return OK;
}

enum err
version_open(struct ctx *ctx, struct tx *tx, struct str region, struct version *ret_v, bool *ret_found)
{
    struct sql_version_open_in in = {.region = region};
    struct sql_version_open_row r;
    bool found;
    TRY(ctx, sql_version_open(ctx, tx, &in, &r, &found));
    if (found)
        TRY(ctx, version_get(ctx, tx, region, r.no, ret_v));
    *ret_found = found;
    return OK;
}

enum err
version_with_digest(struct ctx *ctx, struct tx *tx, struct str region, struct str digest, int64_t *ret_no)
{
    struct sql_version_with_digest_in in = {.region = region, .digest = digest};
    struct sql_version_with_digest_row r;
    bool found;
    TRY(ctx, sql_version_with_digest(ctx, tx, &in, &r, &found));
    *ret_no = found ? r.no : 0;
    return OK;
}

enum err
version_list(struct ctx *ctx, struct tx *tx, struct str region, int64_t before, int limit, struct version **ret_v,
             size_t *ret_n)
{
    struct sql_version_list_in in = {.region = region,
                                     .before = before > 0 ? before : INT64_MAX,
                                     .limit = limit > 0 && limit < LIST_MAX ? limit : LIST_MAX};
    struct sql_version_list_row *r;
    size_t n;
    TRY(ctx, sql_version_list(ctx, tx, &in, &r, &n));
    struct version *v = ARENA_ARRAY(ctx->arena, n, struct version);
    for (size_t i = 0; i < n; i++) {
        v[i] = VERSION_OF(ctx, region, r[i].no, r[i]);
        TRY(ctx, state_parse(ctx, r[i].state, &v[i].state));
    }
    *ret_v = v;
    *ret_n = n;
    return OK;
}

enum err
version_package(struct ctx *ctx, struct tx *tx, struct str region, struct str digest, struct str *ret_bytes)
{
    struct sql_version_package_get_in in = {.region = region, .digest = digest};
    struct sql_version_package_get_row r;
    bool found;
    TRY(ctx, sql_version_package_get(ctx, tx, &in, &r, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有目录包 %.*s", STR_ARG(digest));
    *ret_bytes = r.bytes;
    return OK;
}

static enum err
keep_package(struct ctx *ctx, struct tx *tx, const struct version *v, struct str package)
{
    struct sql_version_package_insert_in in = {
        .region = v->region, .digest = v->digest, .bytes = package, .created_ms = ctx->now_ms};
    return package.n ? sql_version_package_insert(ctx, tx, &in, NULL) : OK;
}

enum err
version_insert(struct ctx *ctx, struct tx *tx, struct version *v, struct str package)
{
    struct sql_version_last_in last_in = {.region = v->region};
    struct sql_version_last_row last;
    bool found;
    int64_t changed;
    TRY(ctx, sql_version_last(ctx, tx, &last_in, &last, &found));
    TRY(ctx, keep_package(ctx, tx, v, package));
    struct sql_version_insert_in in = {.region = v->region,
                                       .no = last.no + 1,
                                       .state = str_c(version_state_id(v->state)),
                                       .digest = v->digest,
                                       .effective_day = v->effective.n,
                                       .note = v->note,
                                       .source = v->source,
                                       .keeper_id = v->keeper_id,
                                       .keeper = v->keeper,
                                       .publisher_id = v->publisher_id,
                                       .publisher = v->publisher,
                                       .created_ms = v->created_ms,
                                       .published_ms = v->published_ms};
    TRY(ctx, sql_version_insert(ctx, tx, &in, &changed));
    if (changed == 0)
        FAIL(ctx, ERR_CONFLICT, "已经有一份编辑中或待发布的稿子，请刷新后接着办");
    v->no = in.no;
    v->edited = 1;
    return OK;
}

enum err
version_update(struct ctx *ctx, struct tx *tx, const struct version *v, struct str package)
{
    struct version old;
    int64_t changed;
    TRY(ctx, version_get(ctx, tx, v->region, v->no, &old));
    TRY(ctx, keep_package(ctx, tx, v, package));
    struct sql_version_update_in in = {.region = v->region,
                                       .no = v->no,
                                       .old_edited = v->edited,
                                       .state = str_c(version_state_id(v->state)),
                                       .digest = v->digest,
                                       .effective_day = v->effective.n,
                                       .note = v->note,
                                       .source = v->source,
                                       .keeper_id = v->keeper_id,
                                       .keeper = v->keeper,
                                       .publisher_id = v->publisher_id,
                                       .publisher = v->publisher,
                                       .published_ms = v->published_ms};
    TRY(ctx, sql_version_update(ctx, tx, &in, &changed));
    if (changed == 0)
        FAIL(ctx, ERR_CONFLICT, "第 %lld 版已被他人改动或已经发布，请刷新后再办理", (long long)v->no);
    struct sql_version_package_drop_in drop = {.region = v->region, .digest = old.digest};
    return str_eq(old.digest, v->digest) ? OK : sql_version_package_drop(ctx, tx, &drop, NULL);
}

/* --- events --- */

enum err
version_event_add(struct ctx *ctx, struct tx *tx, struct str region, int64_t id, int64_t no,
                  const struct version_event *e)
{
    struct sql_version_event_insert_in in = {.region = region,
                                             .id = id,
                                             .no = no,
                                             .kind = e->kind,
                                             .staff_id = e->staff_id,
                                             .staff = e->staff,
                                             .at_ms = e->at_ms,
                                             .note = e->note.p ? e->note : STR(""),
                                             .detail = e->detail.p ? e->detail : STR("")};
    return sql_version_event_insert(ctx, tx, &in, NULL);
}

enum err
version_events(struct ctx *ctx, struct tx *tx, struct str region, int64_t no, int limit, struct version_event **ret_e,
               size_t *ret_n)
{
    struct sql_version_event_list_in in = {.region = region, .no = no, .limit = limit};
    struct sql_version_event_list_row *r;
    size_t n;
    TRY(ctx, sql_version_event_list(ctx, tx, &in, &r, &n));
    struct version_event *e = ARENA_ARRAY(ctx->arena, n, struct version_event);
    for (size_t i = 0; i < n; i++)
        e[i] = (struct version_event){
            .kind = r[i].kind, .staff_id = r[i].staff_id, .staff = r[i].staff, .at_ms = r[i].at_ms, .note = r[i].note};
    *ret_e = e;
    *ret_n = n;
    return OK;
}

enum err
version_imported(struct ctx *ctx, struct tx *tx, struct str region, int64_t no, struct version_event *ret_e,
                 bool *ret_found)
{
    struct sql_version_event_detail_in in = {.region = region, .no = no};
    struct sql_version_event_detail_row r;
    TRY(ctx, sql_version_event_detail(ctx, tx, &in, &r, ret_found));
    if (*ret_found)
        *ret_e = (struct version_event){.kind = STR("imported"), .at_ms = r.at_ms, .note = r.note, .detail = r.detail};
    return OK;
}

enum err
version_touched(struct ctx *ctx, struct tx *tx, struct str region, int64_t no, int64_t staff_id, bool *ret_touched)
{
    struct sql_version_touched_in in = {.region = region, .no = no, .staff_id = staff_id};
    struct sql_version_touched_row r = {0};
    bool found;
    TRY(ctx, sql_version_touched(ctx, tx, &in, &r, &found));
    *ret_touched = r.n > 0;
    return OK;
}
