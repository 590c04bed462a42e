#include "rating/rating_stat.h"

#include <stdlib.h>
#include <string.h>

#include "sql_gen.h"

/* --- one line of a query, and lines put together --- */

struct cell {
    struct str key, sub;
    int64_t staff_id, n;
    int level; /* 0: an offer */
    bool rated;
};
struct cells {
    struct cell *at;
    size_t n, cap;
};

static void
add(struct arena *a, struct cells *c, struct cell x)
{
    if (c->n == c->cap) {
        size_t cap = c->cap ? c->cap * 2 : 64;
        struct cell *more = ARENA_ARRAY(a, cap, struct cell);
        if (c->n)
            memcpy(more, c->at, c->n * sizeof *more);
        c->at = more;
        c->cap = cap;
    }
    c->at[c->n++] = x;
}

static int
compare(const void *x, const void *y)
{
    const struct cell *a = x, *b = y;
    if (a->staff_id != b->staff_id)
        return a->staff_id < b->staff_id ? -1 : 1;
    int by = str_cmp(a->key, b->key);
    return by ? by : str_cmp(a->sub, b->sub);
}

static void
count(struct rating_group *g, const struct cell *c)
{
    if (c->level) {
        g->level[c->level] += c->n;
        g->all += c->n;
        return;
    }
    g->offers += c->n;
    g->rated += c->rated ? c->n : 0;
}

static void
group(struct arena *a, struct cells *c, struct rating_group **ret_g, size_t *ret_n)
{
    struct rating_group *g = ARENA_ARRAY(a, c->n, struct rating_group);
    size_t n = 0;
    if (c->n)
        qsort(c->at, c->n, sizeof *c->at, compare);
    for (size_t i = 0; i < c->n; i++) {
        if (i == 0 || compare(&c->at[i - 1], &c->at[i]) != 0)
            g[n++] = (struct rating_group){.key = c->at[i].key, .sub = c->at[i].sub, .staff_id = c->at[i].staff_id};
        count(&g[n - 1], &c->at[i]);
    }
    *ret_g = g;
    *ret_n = n;
}

static enum err
bounded(struct ctx *ctx, size_t n)
{
    if (n >= RATING_GROUPS_MAX)
        FAIL(ctx, ERR_LIMIT, "统计的行数太多，请缩短统计的月份");
    return OK;
}

static struct str
month_text(struct arena *a, int64_t month)
{
    return str_fmt(a, "%04d-%02d", (int)(month / 100), (int)(month % 100));
}

/* --- the queries --- */

struct span {
    struct str region;
    int64_t from, to;
};

static enum err
by_matter(struct ctx *ctx, struct tx *tx, const struct span *s, struct rating_stats *out)
{
    struct sql_rating_stat_matter_in in = {s->region, s->from, s->to, RATING_GROUPS_MAX};
    struct sql_offer_stat_matter_in offers = {s->region, s->from, s->to, RATING_GROUPS_MAX};
    struct sql_rating_stat_matter_row *x;
    struct sql_offer_stat_matter_row *o;
    struct cells matter = {0}, month = {0};
    size_t n;
    TRY(ctx, sql_rating_stat_matter(ctx, tx, &in, &x, &n));
    TRY(ctx, bounded(ctx, n));
    for (size_t i = 0; i < n; i++) {
        struct cell c = {.key = x[i].matter, .sub = STR(""), .n = x[i].n, .level = (int)x[i].level};
        add(ctx->arena, &matter, c);
        count(&out->total, &c);
        c.key = month_text(ctx->arena, x[i].month);
        add(ctx->arena, &month, c);
    }
    TRY(ctx, sql_offer_stat_matter(ctx, tx, &offers, &o, &n));
    TRY(ctx, bounded(ctx, n));
    for (size_t i = 0; i < n; i++) {
        struct cell c = {.key = o[i].matter, .sub = STR(""), .n = o[i].n, .rated = o[i].rated != 0};
        add(ctx->arena, &matter, c);
        count(&out->total, &c);
        c.key = month_text(ctx->arena, o[i].month);
        add(ctx->arena, &month, c);
    }
    group(ctx->arena, &matter, &out->matter, &out->matters);
    group(ctx->arena, &month, &out->month, &out->months);
    return OK;
}

static enum err
by_point(struct ctx *ctx, struct tx *tx, const struct span *s, struct rating_stats *out)
{
    struct sql_rating_stat_point_in in = {s->region, s->from, s->to, RATING_GROUPS_MAX};
    struct sql_offer_stat_point_in offers = {s->region, s->from, s->to, RATING_GROUPS_MAX};
    struct sql_rating_stat_point_row *x;
    struct sql_offer_stat_point_row *o;
    struct cells cells = {0};
    size_t n;
    TRY(ctx, sql_rating_stat_point(ctx, tx, &in, &x, &n));
    TRY(ctx, bounded(ctx, n));
    for (size_t i = 0; i < n; i++)
        add(ctx->arena, &cells,
            (struct cell){.key = x[i].point, .sub = x[i].window_name, .n = x[i].n, .level = (int)x[i].level});
    TRY(ctx, sql_offer_stat_point(ctx, tx, &offers, &o, &n));
    TRY(ctx, bounded(ctx, n));
    for (size_t i = 0; i < n; i++)
        add(ctx->arena, &cells,
            (struct cell){.key = o[i].point, .sub = STR(""), .n = o[i].n, .rated = o[i].rated != 0});
    group(ctx->arena, &cells, &out->point, &out->points);
    return OK;
}

static enum err
by_staff(struct ctx *ctx, struct tx *tx, const struct span *s, struct rating_stats *out)
{
    struct sql_rating_stat_staff_in in = {s->region, s->from, s->to, RATING_GROUPS_MAX};
    struct sql_offer_stat_staff_in offers = {s->region, s->from, s->to, RATING_GROUPS_MAX};
    struct sql_rating_stat_staff_row *x;
    struct sql_offer_stat_staff_row *o;
    struct cells cells = {0};
    size_t n;
    TRY(ctx, sql_rating_stat_staff(ctx, tx, &in, &x, &n));
    TRY(ctx, bounded(ctx, n));
    for (size_t i = 0; i < n; i++)
        if (x[i].staff_id) /* a visit concerns no person */
            add(ctx->arena, &cells,
                (struct cell){
                    .staff_id = x[i].staff_id, .key = STR(""), .sub = STR(""), .n = x[i].n, .level = (int)x[i].level});
    TRY(ctx, sql_offer_stat_staff(ctx, tx, &offers, &o, &n));
    TRY(ctx, bounded(ctx, n));
    for (size_t i = 0; i < n; i++)
        if (o[i].staff_id)
            add(ctx->arena, &cells,
                (struct cell){
                    .staff_id = o[i].staff_id, .key = STR(""), .sub = STR(""), .n = o[i].n, .rated = o[i].rated != 0});
    group(ctx->arena, &cells, &out->staff, &out->staffs);
    return OK;
}

static enum err
by_channel(struct ctx *ctx, struct tx *tx, const struct span *s, struct rating_stats *out)
{
    struct sql_rating_stat_channel_in in = {s->region, s->from, s->to, RATING_GROUPS_MAX};
    struct sql_rating_stat_excluded_in left = {s->region, s->from, s->to, RATING_GROUPS_MAX};
    struct sql_rating_stat_channel_row *x;
    struct sql_rating_stat_excluded_row *y;
    struct cells cells = {0};
    size_t n;
    TRY(ctx, sql_rating_stat_channel(ctx, tx, &in, &x, &n));
    for (size_t i = 0; i < n; i++)
        add(ctx->arena, &cells,
            (struct cell){.key = x[i].channel, .sub = STR(""), .n = x[i].n, .level = (int)x[i].level});
    group(ctx->arena, &cells, &out->channel, &out->channels);
    TRY(ctx, sql_rating_stat_excluded(ctx, tx, &left, &y, &n));
    for (size_t i = 0; i < n; i++)
        out->excluded += y[i].n;
    return OK;
}

enum err
rating_statistics(struct ctx *ctx, struct tx *tx, struct str region, int64_t from, int64_t to,
                  struct rating_stats *ret_s)
{
    struct span s = {region, from, to};
    struct rating_stats out = {0};
    TRY(ctx, by_matter(ctx, tx, &s, &out));
    TRY(ctx, by_point(ctx, tx, &s, &out));
    TRY(ctx, by_staff(ctx, tx, &s, &out));
    TRY(ctx, by_channel(ctx, tx, &s, &out));
    *ret_s = out;
    return OK;
}

enum err
rating_statistics_days(struct ctx *ctx, struct tx *tx, struct str region, struct day from, struct day to,
                       struct rating_stats *ret_s)
{
    struct sql_rating_stat_days_in in = {
        .region = region, .from_id = id_floor(day_start_ms(from)), .to_id = id_floor(day_start_ms(day_add(to, 1)))};
    struct sql_rating_stat_days_row x = {0};
    struct rating_stats out = {0};
    bool found;
    TRY(ctx, sql_rating_stat_days(ctx, tx, &in, &x, &found));
    const int64_t level[1 + RATING_LEVELS] = {0, x.level_1, x.level_2, x.level_3, x.level_4, x.level_5};
    for (int i = 1; i <= RATING_LEVELS; i++)
        count(&out.total, &(struct cell){.n = level[i], .level = i});
    out.excluded = x.excluded;
    *ret_s = out;
    return OK;
}

enum err
rating_statistics_of(struct ctx *ctx, struct tx *tx, struct str region, int64_t staff_id, int64_t from, int64_t to,
                     struct rating_stats *ret_s)
{
    struct sql_rating_stat_one_in in = {.region = region, .staff_id = staff_id, .from_month = from, .to_month = to};
    struct sql_rating_stat_one_row *x;
    struct rating_stats out = {0};
    struct cells month = {0};
    size_t n;
    TRY(ctx, sql_rating_stat_one(ctx, tx, &in, &x, &n));
    for (size_t i = 0; i < n; i++) {
        struct cell c = {
            .key = month_text(ctx->arena, x[i].month), .sub = STR(""), .n = x[i].n, .level = (int)x[i].level};
        add(ctx->arena, &month, c);
        count(&out.total, &c);
    }
    group(ctx->arena, &month, &out.month, &out.months);
    *ret_s = out;
    return OK;
}

int
rating_satisfied(const struct rating_group *g)
{
    return g->all ? (int)((g->level[1] + g->level[2] + g->level[3]) * 1000 / g->all) : -1;
}

struct str
rating_satisfied_text(struct arena *a, const struct rating_group *g)
{
    int mille = rating_satisfied(g);
    return mille < 0 ? STR("") : str_fmt(a, "%d.%d%%", mille / 10, mille % 10);
}

int64_t
rating_bad_ones(const struct rating_group *g)
{
    int64_t n = 0;
    for (int i = 1; i <= RATING_LEVELS; i++)
        n += rating_is_bad(i) ? g->level[i] : 0; //= R40
    return n;
}

/* --- the recount --- */

static void
find(struct ctx *ctx, struct rating_check *c, int64_t id, const char *what)
{
    if (c->broken < RATING_FINDINGS_MAX)
        c->finding[c->broken] = str_fmt(ctx->arena, "评价 %lld：%s", (long long)id, what);
    c->broken++;
}

static void
check_one(struct ctx *ctx, const struct sql_rating_check_page_row *x, struct rating_check *c)
{
    bool bad = rating_is_bad((int)x->level);
    c->ratings++;
    if (x->about_level != x->level || x->bad != bad || x->about_bad != bad)
        find(ctx, c, x->id, "统计所用的等级与评价不一致");
    if (x->month != rating_month_of(x->created_ms))
        find(ctx, c, x->id, "统计的月份与评价的时间不一致");
    if (x->excluded != (x->upheld > 0))
        find(ctx, c, x->id, x->excluded > 0 ? "不计入统计，却没有成立的申诉" : "申诉成立，却仍计入统计");
    if (bad != !str_empty(x->call_back))
        find(ctx, c, x->id, bad ? "差评没有回访记录" : "不是差评，却有回访记录"); //= R49
    if (x->excluded > 0 && !str_eqz(x->call_back, "closed"))
        find(ctx, c, x->id, "已不计入统计，回访却没有结案");
    if (x->case_id && str_eqz(x->step, "case") && x->case_rating != x->level)
        find(ctx, c, x->id, "与办件上记的等级不一致");
}

enum err
rating_verify(struct ctx *ctx, struct store *s, struct str region, struct rating_check *ret_c)
{
    enum { PAGE = 500 };
    struct rating_check c = {0};
    int64_t after = 0;
    size_t n;
    do { /* each page in memory of its own: a house has more ratings than an arena holds */
        SCOPED_ARENA page = arena_new(0);
        struct ctx apart = *ctx;
        apart.arena = page;
        SCOPED_READ tx = NULL;
        struct sql_rating_check_page_in in = {.region = region, .id = after, .limit = PAGE};
        struct sql_rating_check_page_row *x;
        TRY(&apart, store_read(&apart, s, &tx));
        TRY(&apart, sql_rating_check_page(&apart, tx, &in, &x, &n));
        for (size_t i = 0; i < n; i++)
            check_one(ctx, &x[i], &c);
        after = n ? x[n - 1].id : after;
    } while (n == PAGE);
    *ret_c = c;
    return OK;
}
