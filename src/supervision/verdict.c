#include "supervision/verdict.h"

#include "base/crypto.h"
#include "sql_gen.h"

static const char *const state_ids[] = {"new", "drawn", "agreed", "disagreed"};
static const char *const state_names[] = {"未抽取", "待核查", "认定正确", "认定不当"};

const char *
verdict_state_id(enum verdict_state s)
{
    return state_ids[s];
}

const char *
verdict_state_name(enum verdict_state s)
{
    return state_names[s];
}

static struct str
aad_of(struct arena *a, struct str region, int64_t id)
{
    return str_fmt(a, "%.*s/verdict/%lld", STR_ARG(region), (long long)id);
}

static struct str
text(struct str s)
{
    return s.p ? s : STR("");
}

enum err
verdict_record(struct ctx *ctx, struct tx *tx, const struct verdict *v)
{
    struct sql_verdict_insert_in in = {.region = v->region,
                                       .id = v->id,
                                       .case_id = v->case_id,
                                       .case_no = v->case_no,
                                       .matter = v->matter,
                                       .masked = text(v->masked),
                                       .granted = v->granted,
                                       .given_ms = v->given_ms,
                                       .giver_id = v->giver_id,
                                       .giver_name = text(v->giver_name),
                                       .giver_section = text(v->giver_section),
                                       .key_id = v->key_id,
                                       .empty = STR("")};
    return sql_verdict_insert(ctx, tx, &in, NULL);
}

enum err
verdict_get(struct ctx *ctx, struct tx *tx, const struct vault *vault, struct str region, int64_t id,
            struct verdict *ret_v)
{
    struct sql_verdict_get_in in = {.region = region, .id = id};
    struct sql_verdict_get_row r;
    struct str opinion = STR("");
    struct data_key key;
    bool found;
    TRY(ctx, sql_verdict_get(ctx, tx, &in, &r, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有这件认定");
    if (r.opinion.n) {
        TRY(ctx, vault_key_get(ctx, tx, vault, region, r.key_id, &key));
        TRY(ctx, crypto_open(ctx, &key.key, aad_of(ctx->arena, region, id), r.opinion, &opinion));
    }
    *ret_v = (struct verdict){.region = region,
                              .id = id,
                              .case_id = r.case_id,
                              .given_ms = r.given_ms,
                              .giver_id = r.giver_id,
                              .drawn_ms = r.drawn_ms,
                              .key_id = r.key_id,
                              .checker_id = r.checker_id,
                              .checked_ms = r.checked_ms,
                              .case_no = r.case_no,
                              .matter = r.matter,
                              .masked = r.masked,
                              .giver_name = r.giver_name,
                              .giver_section = r.giver_section,
                              .drawn_name = r.drawn_name,
                              .opinion = opinion,
                              .checker_name = r.checker_name,
                              .granted = r.granted != 0};
    while (ret_v->state < VERDICT_DISAGREED && !str_eqz(r.state, state_ids[ret_v->state]))
        ret_v->state++;
    return OK;
}

enum err
verdict_of_case(struct ctx *ctx, struct tx *tx, struct str region, int64_t case_id, int64_t *ret_id)
{
    struct sql_verdict_of_case_in in = {.region = region, .case_id = case_id};
    struct sql_verdict_of_case_row r;
    bool found;
    TRY(ctx, sql_verdict_of_case(ctx, tx, &in, &r, &found));
    *ret_id = found ? r.id : 0;
    return OK;
}

enum err
verdict_ids(struct ctx *ctx, struct tx *tx, struct str region, enum verdict_state state, int64_t before, int64_t limit,
            int64_t **ret_ids, size_t *ret_n)
{
    struct sql_verdict_list_in in = {
        .region = region, .state = str_c(state_ids[state]), .before = before, .limit = limit};
    struct sql_verdict_list_row *r;
    size_t n;
    TRY(ctx, sql_verdict_list(ctx, tx, &in, &r, &n));
    int64_t *ids = ARENA_ARRAY(ctx->arena, n, int64_t);
    for (size_t i = 0; i < n; i++)
        ids[i] = r[i].id;
    *ret_ids = ids;
    *ret_n = n;
    return OK;
}

enum err
verdict_draw(struct ctx *ctx, struct tx *tx, struct str region, size_t count, struct str by, int64_t *ret_drawn)
{
    int64_t *ids, changed;
    size_t n;
    *ret_drawn = 0;
    TRY(ctx, verdict_ids(ctx, tx, region, VERDICT_NEW, INT64_MAX, VERDICT_POOL_MAX, &ids, &n));
    for (size_t i = 0; i < n && i < count; i++) { /* a lot that nobody can foresee */
        uint64_t x;
        crypto_random(&x, sizeof x);
        size_t at = i + (size_t)(x % (n - i));
        int64_t id = ids[at];
        ids[at] = ids[i];
        struct sql_verdict_draw_in in = {.region = region, .id = id, .drawn_ms = ctx->now_ms, .drawn_name = by};
        TRY(ctx, sql_verdict_draw(ctx, tx, &in, &changed));
        *ret_drawn += changed;
    }
    return OK;
}

enum err
verdict_check(struct ctx *ctx, struct tx *tx, const struct vault *vault, const struct verdict *v)
{
    struct data_key key;
    int64_t changed;
    TRY(ctx, vault_key_get(ctx, tx, vault, v->region, v->key_id, &key));
    struct sql_verdict_check_in in = {
        .region = v->region,
        .id = v->id,
        .state = str_c(state_ids[v->state]),
        .opinion = crypto_seal(ctx->arena, &key.key, aad_of(ctx->arena, v->region, v->id), v->opinion),
        .checker_id = v->checker_id,
        .checker_name = v->checker_name,
        .checked_ms = v->checked_ms};
    TRY(ctx, sql_verdict_check(ctx, tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CASE_EDGE, "这件认定没有抽中，或者已经核查过");
    return OK;
}
