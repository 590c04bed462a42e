/* Off-site care filings: a record with a state (R136), one active per person. */
#include "registry/registry_int.h"
#include "sql_gen.h"

enum err
registry_offsite_list(struct ctx *ctx, struct tx *tx, struct str region, int64_t person_id, struct offsite **ret_o,
                      size_t *ret_n)
{
    struct sql_offsite_of_person_in in = {.region = region, .person_id = person_id};
    struct sql_offsite_of_person_row *r;
    TRY(ctx, sql_offsite_of_person(ctx, tx, &in, &r, ret_n));
    *ret_o = ARENA_ARRAY(ctx->arena, *ret_n, struct offsite);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_o)[i] = (struct offsite){
            .id = r[i].id,
            .category = r[i].category,
            .place = r[i].place,
            .proof_mode = r[i].proof_mode,
            .status = r[i].status,
            .from = {(int32_t)r[i].from_day},
            .to = r[i].to_day ? (struct day){(int32_t)r[i].to_day} : DAY_NONE,
        };
    return OK;
}

static const struct offsite *
with_status(const struct offsite *o, size_t n, const char *status)
{
    for (size_t i = 0; i < n; i++)
        if (str_eqz(o[i].status, status))
            return &o[i];
    return NULL;
}

static enum err
move(struct ctx *ctx, struct tx *tx, struct str region, const struct offsite *o, const char *status, bool ends)
{
    struct sql_offsite_status_in in = {.region = region,
                                       .id = o->id,
                                       .old_status = o->status,
                                       .status = str_c(status),
                                       .to_day = ends ? day_of_ms(ctx->now_ms).n : 0};
    int64_t changed;
    TRY(ctx, sql_offsite_status(ctx, tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "备案记录刚刚被别人改过，请刷新后再办理");
    return OK;
}

static enum err
insert(struct ctx *ctx, struct tx *tx, struct id_source *ids, struct str region, int64_t person_id, struct str category,
       struct str place, struct str proof_mode, int64_t case_id)
{
    struct sql_offsite_insert_in in = {
        .region = region,
        .id = id_next(ids, ctx->now_ms),
        .person_id = person_id,
        .category = category,
        .place = place,
        .proof_mode = proof_mode,
        .from_day = day_of_ms(ctx->now_ms).n,
        .case_id = case_id,
    };
    int64_t changed;
    TRY(ctx, sql_offsite_insert(ctx, tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_ENROLMENT_DUPLICATE, "已有生效的异地就医备案，请办理变更备案地或先终止备案");
    return OK;
}

//= R136
enum err
registry_offsite_apply(struct ctx *ctx, struct tx *tx, struct id_source *ids, struct str region, int64_t person_id,
                       struct str action, struct str category, struct str place, struct str proof_mode, int64_t case_id)
{
    struct offsite *o;
    size_t n;
    TRY(ctx, registry_offsite_list(ctx, tx, region, person_id, &o, &n));
    const struct offsite *active = with_status(o, n, "active"), *paused = with_status(o, n, "paused");
    bool first = str_empty(action) || str_eqz(action, "首次备案"), change = str_eqz(action, "变更备案地");
    if (first || change) {
        if (change && !active)
            FAIL(ctx, ERR_RECORD_MISSING, "没有生效的异地就医备案，不能变更备案地，请先办理备案");
        if (change)
            TRY(ctx, move(ctx, tx, region, active, "ended", true));
        return insert(ctx, tx, ids, region, person_id, category, place, proof_mode, case_id);
    }
    if (str_eqz(action, "恢复备案")) {
        if (!paused || active)
            FAIL(ctx, ERR_RECORD_MISSING, "没有暂停中的异地就医备案，不能恢复");
        return move(ctx, tx, region, paused, "active", false);
    }
    if (str_eqz(action, "暂停备案")) {
        if (!active)
            FAIL(ctx, ERR_RECORD_MISSING, "没有生效的异地就医备案，不能暂停");
        return move(ctx, tx, region, active, "paused", false);
    }
    if (!active && !paused)
        FAIL(ctx, ERR_RECORD_MISSING, "没有异地就医备案，不能终止");
    return move(ctx, tx, region, active ? active : paused, "ended", true);
}
