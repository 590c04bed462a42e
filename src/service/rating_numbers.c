/* Ratings in numbers: for the supervisor with persons, for publication without (R47), as CSV; and the recount. */
#include "service/guide.h"
#include "service/rating_service.h"
#include "service/service_int.h"

/* --- the span --- */

static bool
parse_month(struct str s, int64_t *ret_month)
{
    struct day d;
    char text[11] = "0000-00-01";
    if (s.n != 7)
        return false;
    for (size_t i = 0; i < 7; i++)
        text[i] = s.p[i];
    if (!day_parse((struct str){text, 10}, &d))
        return false;
    *ret_month = day_ymd(d).year * 100 + day_ymd(d).month;
    return true;
}

enum err
service_rating_span(struct ctx *ctx, struct str from, struct str to, struct rating_span *ret_s)
{
    int64_t last = rating_month_of(ctx->now_ms), first = last - 99; /* yyyymm: a year back and a month on */
    if (last % 100 == 12)
        first = last - 11;
    struct rating_span s = {first, last};
    if (!str_empty(from) && !parse_month(from, &s.from))
        fail_field(ctx, STR("from"), STR("起始月份"), STR("不是月份"), STR("写成 2026-01 的样子，可以省略"));
    if (!str_empty(to) && !parse_month(to, &s.to))
        fail_field(ctx, STR("to"), STR("截止月份"), STR("不是月份"), STR("写成 2026-12 的样子，可以省略"));
    if (!ctx->fail->field_count && s.from > s.to)
        fail_field(ctx, STR("to"), STR("截止月份"), STR("早于起始月份"), STR("请对调两个月份"));
    if (ctx->fail->field_count)
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    *ret_s = s;
    return OK;
}

static struct str
month_text(struct arena *a, int64_t month)
{
    return str_fmt(a, "%04d-%02d", (int)(month / 100), (int)(month % 100));
}

/* --- names --- */

struct numbers {
    struct ctx *ctx;
    const struct region *region;
    struct staff_names names;
    struct rating_stats st;
    struct rating_span at;
    bool published;
};

static struct str
matter_name(const struct numbers *x, const struct rating_group *g)
{
    const struct matter *m = matter_by_id(x->region, g->key);
    if (m)
        return m->name;
    return str_empty(g->key) ? STR("没有写明事项") : g->key;
}

static struct str
point_name(const struct numbers *x, const struct rating_group *g)
{
    struct str name = g->key;
    for (size_t i = 0; i < x->region->point_count; i++)
        if (str_eq(x->region->point[i].id, g->key))
            name = x->region->point[i].name;
    if (str_empty(name))
        name = STR("网上和没有写明服务点的");
    return str_empty(g->sub) ? name : str_fmt(x->ctx->arena, "%.*s %.*s", STR_ARG(name), STR_ARG(g->sub));
}

static struct str
channel_name_of(const struct numbers *x, const struct rating_group *g)
{
    enum rating_channel c;
    (void)x;
    return rating_channel_parse(g->key, &c) ? str_c(rating_channel_name(c)) : g->key;
}

static struct str
month_name(const struct numbers *x, const struct rating_group *g)
{
    (void)x;
    return g->key;
}

static struct str
staff_name(const struct numbers *x, const struct rating_group *g)
{
    struct str name = staff_names_get(&x->names, g->staff_id);
    return str_empty(name) ? STR("已离开的人员") : name;
}

static struct str
total_name(const struct numbers *x, const struct rating_group *g)
{
    (void)x;
    (void)g;
    return STR("合计");
}

/* The parts of the report, in order; persons are not published. */
struct part {
    const char *key, *name;
    struct str (*name_of)(const struct numbers *, const struct rating_group *);
    const struct rating_group *group;
    size_t n;
};
enum { PARTS_MAX = 6 };

static size_t
parts_of(const struct numbers *x, struct part part[PARTS_MAX])
{
    size_t n = 0;
    part[n++] = (struct part){"totals", "合计", total_name, &x->st.total, 1};
    part[n++] = (struct part){"months", "月份", month_name, x->st.month, x->st.months};
    part[n++] = (struct part){"channels", "渠道", channel_name_of, x->st.channel, x->st.channels};
    part[n++] = (struct part){"matters", "事项", matter_name, x->st.matter, x->st.matters};
    part[n++] = (struct part){"points", "服务点和窗口", point_name, x->st.point, x->st.points};
    if (!x->published)
        part[n++] = (struct part){"staff", "人员", staff_name, x->st.staff, x->st.staffs};
    return n;
}

/* Of a few ratings, each could be told from the others: the public learns only how many. */
static bool
is_small(const struct numbers *x, const struct rating_group *g)
{
    return x->published && g->all > 0 && g->all < RATING_PUBLISH_MIN;
}

static struct str
tenths(struct arena *a, int64_t part, int64_t all)
{
    return all ? str_fmt(a, "%lld.%lld%%", (long long)(part * 1000 / all / 10), (long long)(part * 1000 / all % 10))
               : STR("");
}

static void
put_group(const struct numbers *x, struct str name, const struct rating_group *g, struct view *row)
{
    bool small = is_small(x, g);
    view_put_text(row, "name", name);
    view_put_int(row, "all", g->all);
    view_put_bool(row, "small", small);
    struct view *levels = view_put_list(row, "levels");
    for (int i = 1; i <= RATING_LEVELS; i++) {
        struct view *cell = view_add_map(levels);
        if (small)
            view_put_null(cell, "n");
        else
            view_put_int(cell, "n", g->level[i]);
    }
    guide_put(row, "satisfied", small ? STR("") : rating_satisfied_text(x->ctx->arena, g));
    view_put_int(row, "offers", g->offers);
    view_put_int(row, "rated", g->rated);
    guide_put(row, "coverage", tenths(x->ctx->arena, g->rated, g->offers));
}

static enum err
read_numbers(struct ctx *ctx, struct server *s, const struct region *r, const struct rating_span *at, bool published,
             struct numbers *ret_x)
{
    SCOPED_READ tx = NULL;
    *ret_x = (struct numbers){.ctx = ctx, .region = r, .at = *at, .published = published};
    TRY(ctx, store_read(ctx, s->store, &tx));
    if (!published)
        TRY(ctx, staff_names_load(ctx, tx, r->code, &ret_x->names));
    return rating_statistics(ctx, tx, r->code, at->from, at->to, &ret_x->st);
}

/* Matters that were done and never rated, and points nobody has rated: R49 wants every one of them rated. */
static void
put_uncovered(const struct numbers *x, struct view *map)
{
    struct view *list = view_put_list(map, "uncovered");
    for (size_t i = 0; i < x->st.matters; i++)
        if (x->st.matter[i].offers && !x->st.matter[i].all) {
            struct view *row = view_add_map(list);
            view_put_text(row, "name", matter_name(x, &x->st.matter[i]));
            view_put_int(row, "offers", x->st.matter[i].offers);
        }
    view_put_bool(map, "some_uncovered", view_count(list) > 0);
}

enum err
service_rating_numbers(struct ctx *ctx, struct server *s, const struct region *r, const struct rating_span *at,
                       bool published, struct view *ret_map)
{
    struct numbers x;
    struct part part[PARTS_MAX];
    TRY(ctx, read_numbers(ctx, s, r, at, published, &x));
    size_t n = parts_of(&x, part);
    guide_region(ctx, r, view_put_map(ret_map, "region"));
    view_put_text(ret_map, "from", month_text(ctx->arena, at->from));
    view_put_text(ret_map, "to", month_text(ctx->arena, at->to));
    struct view *heads = view_put_list(ret_map, "heads");
    for (int i = 1; i <= RATING_LEVELS; i++)
        view_put_z(view_add_map(heads), "name", rating_level_name(i));
    struct view *parts = view_put_list(ret_map, "parts");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(parts);
        view_put_z(v, "id", part[i].key);
        view_put_z(v, "title", part[i].name);
        struct view *rows = view_put_list(v, "rows");
        for (size_t k = 0; k < part[i].n; k++)
            put_group(&x, part[i].name_of(&x, &part[i].group[k]), &part[i].group[k], view_add_map(rows));
        view_put_bool(v, "some", part[i].n > 0);
    }
    view_put_int(ret_map, "all", x.st.total.all);
    view_put_bool(ret_map, "none", x.st.total.all == 0);
    view_put_int(ret_map, "excluded", x.st.excluded);
    view_put_int(ret_map, "publish_min", RATING_PUBLISH_MIN);
    if (!published)
        put_uncovered(&x, ret_map);
    return OK;
}

/* --- CSV --- */

/* A cell that a spreadsheet takes for text: quoted, and no formula. */
static void
csv_cell(struct buf *b, struct str s)
{
    bool formula = s.n && (s.p[0] == '=' || s.p[0] == '+' || s.p[0] == '-' || s.p[0] == '@');
    buf_addz(b, formula ? "\"'" : "\"");
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_byte(b, '"');
        buf_byte(b, s.p[i]);
    }
    buf_byte(b, '"');
}

static void
csv_row(const struct numbers *x, const struct part *p, const struct rating_group *g, struct buf *b)
{
    bool small = is_small(x, g);
    csv_cell(b, str_c(p->name));
    buf_byte(b, ',');
    csv_cell(b, p->name_of(x, g));
    buf_fmt(b, ",%lld", (long long)g->all);
    for (int i = 1; i <= RATING_LEVELS; i++)
        if (small)
            buf_byte(b, ',');
        else
            buf_fmt(b, ",%lld", (long long)g->level[i]);
    buf_byte(b, ',');
    if (!small)
        buf_add(b, rating_satisfied_text(x->ctx->arena, g));
    buf_fmt(b, ",%lld,%lld\r\n", (long long)g->offers, (long long)g->rated);
}

enum err
service_rating_csv(struct ctx *ctx, struct server *s, const struct region *r, const struct rating_span *at,
                   bool published, struct str *ret_csv)
{
    struct numbers x;
    struct part part[PARTS_MAX];
    struct buf b;
    TRY(ctx, read_numbers(ctx, s, r, at, published, &x));
    buf_init(&b, ctx->arena, 4096);
    buf_addz(
        &b, "\xEF\xBB\xBF统计维度,名称,评价数,非常满意,满意,基本满意,不满意,非常不满意,满意率,办结件数,已评价件数\r\n");
    size_t n = parts_of(&x, part);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < part[i].n; k++)
            csv_row(&x, &part[i], &part[i].group[k], &b);
    *ret_csv = buf_str(&b);
    return OK;
}

enum err
service_rating_check(struct ctx *ctx, struct server *s, struct str region, struct rating_check *ret_c)
{
    return rating_verify(ctx, s->store, region, ret_c);
}
