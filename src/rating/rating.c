#include "rating/rating.h"

#include "base/day.h"
#include "sql_gen.h"

const char *
rating_level_name(int level)
{
    static const char *const names[] = {"", "非常满意", "满意", "基本满意", "不满意", "非常不满意"};
    return level >= 1 && level <= RATING_LEVELS ? names[level] : "";
}

enum err
rating_task(struct ctx *ctx, struct tx *tx, struct id_source *ids, struct str region, int64_t case_id, const char *kind,
            struct day due, struct str note)
{
    struct sql_task_insert_in in = {.region = region,
                                    .id = id_next(ids, ctx->now_ms),
                                    .case_id = case_id,
                                    .kind = str_c(kind),
                                    .due_day = due.n,
                                    .note = note};
    return sql_task_insert(ctx, tx, &in, NULL);
}

enum err
rating_store(struct ctx *ctx, struct tx *tx, struct id_source *ids, struct str region, int64_t case_id,
             const char *step, int level, struct str channel, struct str tags, struct str text,
             const struct data_key *key, struct day due)
{
    int64_t id = id_next(ids, ctx->now_ms);
    struct str aad = str_fmt(ctx->arena, "rating/%.*s/%lld", STR_ARG(region), (long long)id);
    struct sql_rating_insert_in in = {
        .region = region,
        .id = id,
        .case_id = case_id,
        .step = str_c(step),
        .level = level,
        .channel = channel,
        .tags = tags,
        .key_id = key->id,
        .body = crypto_seal(ctx->arena, &key->key, aad, text),
        .bad = rating_is_bad(level),
        .created_ms = ctx->now_ms,
    };
    int64_t changed;
    TRY(ctx, sql_rating_insert(ctx, tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_RATED, "%s", "");
    return rating_is_bad(level) ? rating_task(ctx, tx, ids, region, case_id, "call_back", due, STR("差评回访")) : OK;
}
