#include "service/reproject.h"

#include <assert.h>

#include "service/service_int.h"
#include "sql_gen.h"

enum { PAGE = 100, FIRST_YEAR = 2004, LAST_YEAR = 2060 };
static const char setting_name[] = "calendar";

/* The calendar in a few bytes: every day's kind and which years are announced. */
static struct str
calendar_digest(struct arena *a, const struct calendar *cal)
{
    struct buf b;
    struct day d = DAY_NONE, end = DAY_NONE;
    bool known = day_from_ymd(FIRST_YEAR, 1, 1, &d) && day_from_ymd(LAST_YEAR, 12, 31, &end);
    assert(known);
    (void)known;
    buf_init(&b, a, (size_t)(end.n - d.n) + 2);
    for (; d.n <= end.n; d.n++)
        buf_byte(&b, (char)('0' + calendar_is_workday(cal, d) + 2 * calendar_is_announced(cal, d)));
    struct crypto_digest digest = crypto_sm3(buf_str(&b));
    return crypto_hex(a, (const char *)digest.b, sizeof digest.b);
}

static enum err
setting_is(struct ctx *ctx, struct server *s, struct str region, struct str value, bool *ret_is, bool *ret_found)
{
    SCOPED_READ tx = NULL;
    struct sql_setting_get_in in = {.region = region, .name = str_c(setting_name)};
    struct sql_setting_get_row row;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, sql_setting_get(ctx, tx, &in, &row, ret_found));
    *ret_is = *ret_found && str_eq(row.value, value);
    return OK;
}

static enum err
put_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    return sql_setting_put(ctx, tx, arg, NULL);
}

/* One case; *ret_moved when its deadlines changed. A case that somebody works on just now is left for the next round. */
static enum err
reproject_case(struct ctx *ctx, struct server *s, struct str region, int64_t id, bool *ret_moved)
{
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    struct commit *c = ARENA_NEW(ctx->arena, struct commit);
    struct tx *tx;
    TRY(ctx, store_read(ctx, s->store, &tx));
    enum err e = case_load(ctx, tx, &s->vault, s->catalog, region, id, cf);
    store_read_end(tx);
    *ret_moved = false;
    if (e == ERR_RECORD_MISSING) /* its subject was forgotten */
        return fail_clear(ctx), OK;
    TRY(ctx, e);
    struct case_command cmd = {
        .action = CASE_REPROJECT, .actor = {.kind = ACTOR_SYSTEM, .region = region}, .now_ms = ctx->now_ms};
    e = commit_command(ctx, s, cf, &cmd, c);
    if (e == ERR_CASE_EDGE) /* stands as it was, or has ended since */
        return fail_clear(ctx), OK;
    TRY(ctx, e);
    *ret_moved = true;
    return OK;
}

static enum err
read_page(struct ctx *ctx, struct server *s, const struct sql_reproject_page_in *in,
          struct sql_reproject_page_row **ret_r, size_t *ret_n)
{
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    return sql_reproject_page(ctx, tx, in, ret_r, ret_n);
}

static enum err
reproject_region(struct ctx *ctx, struct server *s, struct str region, int64_t *ret_moved)
{
    struct sql_reproject_page_in in = {.region = region, .due_day = INT64_MIN, .id = 0, .limit = PAGE};
    struct arena *mine = arena_new(0);
    enum err e = OK;
    for (;;) {
        struct sql_reproject_page_row *row;
        size_t n;
        bool moved;
        arena_reset(mine); /* a page's cases at a time */
        struct ctx page = *ctx;
        page.arena = mine;
        e = read_page(&page, s, &in, &row, &n);
        for (size_t i = 0; e == OK && i < n; i++) {
            in.due_day = row[i].due_day;
            in.id = row[i].id;
            e = reproject_case(&page, s, region, row[i].id, &moved);
            *ret_moved += e == OK && moved;
        }
        if (e != OK || n < PAGE)
            break;
    }
    arena_free(mine);
    return e;
}

enum err
service_reproject_round(struct ctx *ctx, struct server *s, int64_t *ret_moved)
{
    struct str digest = calendar_digest(ctx->arena, catalog_calendar(s->catalog));
    *ret_moved = 0;
    for (size_t i = 0; i < catalog_region_count(s->catalog); i++) {
        struct str region = catalog_region_at(s->catalog, i)->code;
        struct sql_setting_put_in put = {.region = region, .name = str_c(setting_name), .value = digest};
        bool same, found;
        TRY(ctx, setting_is(ctx, s, region, digest, &same, &found));
        if (same)
            continue;
        if (found) /* a region that has none yet was reckoned by this very calendar */
            TRY(ctx, reproject_region(ctx, s, region, ret_moved));
        TRY(ctx, store_write(ctx, s->store, put_body, &put));
    }
    return OK;
}
