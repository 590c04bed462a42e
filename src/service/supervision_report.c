/* A city's report over its counties (R286): whether each one's guide holds up, how it stands beside the city's, how late its cases are, what
** people complain of, what is still to be put right. A city sees numbers of its counties, never a case; each number is read by a statement
** of that county's region. */
#include "catalog/diff.h"
#include "service/guide.h"
#include "service/keeper_int.h"
#include "service/rating_service.h"
#include "service/supervision.h"
#include "sql_gen.h"

enum { PERIOD_DAYS_MAX = 366, HEAVIER_SHOWN = 20 };

bool
region_is_county_of(const struct region *other, const struct region *city)
{
    if (other == city || city->level != LEVEL_CITY || other->level == LEVEL_CITY || str_eq(other->code, city->code))
        return false;
    bool pooled = !str_empty(other->pool_code) &&
                  (str_eq(other->pool_code, city->code) || str_eq(other->pool_code, city->pool_code));
    return str_eq(other->parent, city->code) || pooled;
}

/* --- the period --- */

struct period {
    struct day from, to; /* both days included */
};

static bool
parse_day(struct ctx *ctx, const char *field, const char *label, struct str typed, struct day fallback,
          struct day *ret_d)
{
    *ret_d = fallback;
    typed = str_trim(typed.p ? typed : STR(""));
    if (str_empty(typed) || day_parse(typed, ret_d))
        return true;
    fail_field(ctx, str_c(field), str_c(label), STR("应为日期"), STR("例如 2026-01-01；可以省略"));
    return false;
}

static enum err
read_period(struct ctx *ctx, struct str from, struct str to, struct period *p)
{
    struct day today = day_of_ms(ctx->now_ms), year;
    if (!day_from_ymd(day_ymd(today).year, 1, 1, &year))
        year = today;
    bool ok = parse_day(ctx, "from", "起始日", from, year, &p->from);
    if (!parse_day(ctx, "to", "终止日", to, today, &p->to) || !ok)
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    if (p->to.n > today.n)
        fail_field(ctx, STR("to"), STR("终止日"), STR("还没有到"), STR("最晚到今天"));
    else if (p->from.n > p->to.n)
        fail_field(ctx, STR("from"), STR("起始日"), STR("晚于终止日"), STR("请把两个日期对调"));
    else if (p->to.n - p->from.n >= PERIOD_DAYS_MAX)
        fail_field(ctx, STR("from"), STR("起始日"), STR("距终止日超过一年"), STR("请分段查看"));
    if (ctx->fail->field_count)
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    return OK;
}

/* --- one county: its guide --- */

struct conformity {
    struct server *s;
    struct ctx *ctx; /* what the bench found must outlive it */
    const struct catalog *world;
    const struct region *county, *city;
    struct view *v;
};

static void
put_lint(struct view *map, const struct keeper_report *r)
{
    struct view *v = view_put_map(map, "lint");
    size_t errors = r->broken ? 1 : findings_open(&r->findings, SEVERITY_ERROR);
    view_put_bool(v, "broken", r->broken);
    view_put_int(v, "errors", (int64_t)errors);
    view_put_int(v, "warnings", r->broken ? 0 : (int64_t)(findings_open(&r->findings, SEVERITY_WARN) - errors));
    view_put_bool(v, "has_errors", errors > 0);
}

static enum err
lint_work(struct ctx *bench, void *arg)
{
    struct conformity *c = arg;
    struct version v;
    struct keeper_copy copy;
    struct keeper_report report;
    TRY(bench, keeper_in_force(bench, c->s, c->county->code, &v));
    TRY(bench, keeper_copy_read(bench, c->s, c->county->code, v.no, &copy));
    TRY(bench, keeper_report(bench, c->s, &copy, &report));
    put_lint(c->v, &report);
    return OK;
}

/* Matters whose limit is longer, or whose list is longer, than the city's. */
static enum err
compare_work(struct ctx *bench, void *arg)
{
    struct conformity *c = arg;
    struct arena *a = c->ctx->arena;
    struct diff d;
    int64_t paired = 0, heavier = 0, materials = 0, limit = 0, local = 0;
    TRY(bench, catalog_diff(bench, c->world, c->county, c->city, &d));
    struct view *v = view_put_map(c->v, "comparison"), *list = view_put_list(v, "matters");
    for (size_t i = 0; i < d.n; i++) {
        const struct diff_row *r = &d.row[i];
        local += r->ours && !r->theirs;
        if (!r->ours || !r->theirs)
            continue;
        const struct diff_cell *m = &r->cell[UNIFY_MATERIALS], *l = &r->cell[UNIFY_LIMIT];
        bool more = m->side == DIFF_HEAVIER, longer = l->side == DIFF_HEAVIER;
        paired++;
        materials += more;
        limit += longer;
        heavier += more || longer;
        if ((!more && !longer) || heavier > HEAVIER_SHOWN)
            continue;
        struct view *row = view_add_map(list);
        view_put_text(row, "id", r->ours->id);
        view_put_text(row, "name", r->ours->name);
        guide_put(row, "materials", more ? str_dup(a, m->detail) : STR(""));
        guide_put(row, "limit", longer ? str_dup(a, l->detail) : STR(""));
    }
    view_put_int(v, "paired", paired);
    view_put_int(v, "heavier", heavier);
    view_put_bool(v, "has_heavier", heavier > 0);
    view_put_int(v, "more_materials", materials);
    view_put_int(v, "longer_limits", limit);
    view_put_int(v, "local", local);
    view_put_bool(v, "binding", c->county->parent_binds && str_eq(c->county->parent, c->city->code)); //= R1
    return OK;
}

static enum err
put_conformity(struct ctx *ctx, struct server *s, const struct catalog *world, const struct region *county,
               const struct region *city, struct view *v)
{
    struct conformity c = {.s = s, .ctx = ctx, .world = world, .county = county, .city = city, .v = v};
    enum err e = keeper_bench(ctx, lint_work, &c);
    if (e == ERR_NOT_FOUND) { /* nothing published yet */
        fail_clear(ctx);
        view_put_null(v, "lint");
        e = OK;
    }
    TRY(ctx, e);
    return keeper_bench(ctx, compare_work, &c);
}

/* --- one county: its work --- */

static struct str
share(struct ctx *ctx, int64_t part, int64_t all)
{
    if (all == 0)
        return STR("");
    int64_t mille = (part * 1000 + all / 2) / all;
    return str_fmt(ctx->arena, "%lld.%lld%%", (long long)(mille / 10), (long long)(mille % 10));
}

static void
put_counted(struct view *map, const char *key, int64_t n, int64_t open, int64_t late)
{
    struct view *v = view_put_map(map, key);
    view_put_int(v, "received", n);
    view_put_int(v, "open", open);
    view_put_int(v, "late", late);
    view_put_bool(v, "has_late", late > 0);
}

static enum err
put_cases(struct ctx *ctx, struct tx *tx, struct str region, const struct period *p, struct view *map)
{
    int64_t from = day_start_ms(p->from), to = day_start_ms(day_add(p->to, 1)), today = day_of_ms(ctx->now_ms).n;
    struct sql_report_concluded_in ci = {.region = region, .from_ms = from, .to_ms = to};
    struct sql_report_concluded_row c;
    struct sql_report_received_in ri = {.region = region, .from_id = id_floor(from), .to_id = id_floor(to)};
    struct sql_report_received_row r;
    struct sql_report_open_in oi = {.region = region, .today = today};
    struct sql_report_open_row o;
    bool found;
    TRY(ctx, sql_report_concluded(ctx, tx, &ci, &c, &found));
    TRY(ctx, sql_report_received(ctx, tx, &ri, &r, &found));
    TRY(ctx, sql_report_open(ctx, tx, &oi, &o, &found));
    struct view *v = view_put_map(map, "lateness");
    view_put_int(v, "received", r.n);
    view_put_int(v, "concluded", c.n);
    view_put_int(v, "late", c.late);
    view_put_bool(v, "has_late", c.late > 0);
    guide_put(v, "share", share(ctx, c.late, c.n));
    view_put_int(v, "open", o.n);
    view_put_int(v, "open_late", o.late);
    view_put_bool(v, "has_open_late", o.late > 0);
    return OK;
}

/* What people said of the service in the period, and what became of the bad ratings: counted as the county's own statistics count. */
static enum err
put_ratings(struct ctx *ctx, struct tx *tx, struct str region, const struct period *p, struct view *map)
{
    struct rating_stats st;
    struct call_back_counts cb;
    int64_t closed, rectified;
    TRY(ctx, rating_statistics_days(ctx, tx, region, p->from, p->to, &st));
    TRY(ctx, call_back_count(ctx, tx, region, day_of_ms(ctx->now_ms), &cb));
    TRY(ctx, call_back_count_ended(ctx, tx, region, day_start_ms(p->from), day_start_ms(day_add(p->to, 1)), &closed,
                                   &rectified));
    struct view *v = view_put_map(map, "ratings"), *levels = view_put_list(v, "levels");
    view_put_int(v, "all", st.total.all);
    view_put_int(v, "excluded", st.excluded);
    for (int i = 1; i <= RATING_LEVELS; i++) {
        struct view *row = view_add_map(levels);
        view_put_int(row, "level", i);
        view_put_z(row, "name", rating_level_name(i));
        view_put_int(row, "n", st.total.level[i]);
    }
    view_put_int(v, "bad", rating_bad_ones(&st.total));
    guide_put(v, "satisfied", rating_satisfied_text(ctx->arena, &st.total));
    view_put_int(v, "open", cb.open);
    view_put_int(v, "late", cb.overdue);
    view_put_bool(v, "has_late", cb.overdue > 0);
    view_put_int(v, "rectifying", cb.rectifying);
    view_put_int(v, "closed", closed);
    view_put_int(v, "rectified", rectified);
    return OK;
}

static enum err
put_work(struct ctx *ctx, struct tx *tx, struct str region, const struct period *p, struct view *map)
{
    int64_t from = id_floor(day_start_ms(p->from)), to = id_floor(day_start_ms(day_add(p->to, 1)));
    int64_t today = day_of_ms(ctx->now_ms).n;
    struct sql_complaint_period_in ci = {.region = region, .from_id = from, .to_id = to, .today = today};
    struct sql_complaint_period_row c;
    struct sql_report_faults_in fi = {.region = region, .from_id = from, .to_id = to, .today = today};
    struct sql_report_faults_row f;
    bool found;
    TRY(ctx, put_cases(ctx, tx, region, p, map));
    TRY(ctx, sql_complaint_period(ctx, tx, &ci, &c, &found));
    TRY(ctx, sql_report_faults(ctx, tx, &fi, &f, &found));
    put_counted(map, "complaints", c.n, c.open, c.late);
    put_counted(map, "faults", f.n, f.open, f.late);
    return put_ratings(ctx, tx, region, p, map);
}

static void
put_tasks(const struct sql_rectification_tally_row *r, size_t n, struct str county, struct view *map)
{
    struct view *v = view_put_map(map, "rectifications");
    int64_t open = 0, late = 0;
    for (size_t i = 0; i < n; i++)
        if (str_eq(r[i].county, county)) {
            open = r[i].n;
            late = r[i].late;
        }
    view_put_int(v, "open", open);
    view_put_int(v, "late", late);
    view_put_bool(v, "has_late", late > 0);
}

/* --- the report --- */

struct counties {
    const struct region **at;
    size_t n;
};

static struct counties
counties_of(struct ctx *ctx, const struct catalog *world, const struct region *city)
{
    struct counties c = {.at = ARENA_ARRAY(ctx->arena, catalog_region_count(world), const struct region *)};
    for (size_t i = 0; i < catalog_region_count(world); i++)
        if (region_is_county_of(catalog_region_at(world, i), city))
            c.at[c.n++] = catalog_region_at(world, i);
    return c;
}

static enum err
put_numbers(struct ctx *ctx, struct server *s, const struct region *city, const struct counties *c,
            const struct period *p, struct view **row)
{
    struct sql_rectification_tally_in in = {.region = city->code, .today = day_of_ms(ctx->now_ms).n};
    struct sql_rectification_tally_row *tally;
    size_t n;
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, sql_rectification_tally(ctx, tx, &in, &tally, &n));
    for (size_t i = 0; i < c->n; i++) {
        TRY(ctx, put_work(ctx, tx, c->at[i]->code, p, row[i]));
        put_tasks(tally, n, c->at[i]->code, row[i]);
    }
    return OK;
}

enum err
service_report(struct ctx *ctx, struct server *s, const struct actor *a, struct str from, struct str to,
               struct view *ret_map)
{
    const struct catalog *world = s->catalog;
    const struct region *city = catalog_region(world, a->region);
    struct period p;
    if (!city || !supervision_oversees(s, a))
        FAIL(ctx, ERR_FORBIDDEN, "只有市级经办机构的督办岗可以看下辖统筹区的报告");
    struct counties c = counties_of(ctx, world, city);
    if (c.n == 0)
        FAIL(ctx, ERR_FORBIDDEN, "目录里没有以%.*s为上级的县市区", STR_ARG(city->name));
    TRY(ctx, read_period(ctx, from, to, &p));
    struct view *list = view_put_list(ret_map, "counties"), **row = ARENA_ARRAY(ctx->arena, c.n, struct view *);
    for (size_t i = 0; i < c.n; i++) { /* first what needs readers of its own */
        row[i] = view_add_map(list);
        view_put_text(row[i], "code", c.at[i]->code);
        view_put_text(row[i], "name", c.at[i]->name);
        view_put_bool(row[i], "unpublished", c.at[i]->unpublished);
        TRY(ctx, put_conformity(ctx, s, world, c.at[i], city, row[i]));
    }
    TRY(ctx, put_numbers(ctx, s, city, &c, &p, row));
    service_rating_levels(ret_map, 0);
    view_put_text(ret_map, "city", city->name);
    view_put_text(ret_map, "agency", city->agency_name);
    view_put_day(ret_map, "from", p.from);
    view_put_day(ret_map, "to", p.to);
    view_put_text(ret_map, "made_at", day_time_text(ctx->arena, ctx->now_ms));
    return OK;
}

/* --- CSV --- */

/* What a spreadsheet would take for a formula is text: every text is quoted, and a leading sign gets an apostrophe. */
static void
add_text(struct buf *b, struct str s)
{
    bool formula = s.n && (s.p[0] == '=' || s.p[0] == '+' || s.p[0] == '-' || s.p[0] == '@' || s.p[0] == '\t');
    buf_addz(b, formula ? "\"'" : "\"");
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_byte(b, '"');
        buf_byte(b, s.p[i]);
    }
    buf_byte(b, '"');
}

struct column {
    const char *title, *map, *key;
    int level; /* 0, or of which level of the list KEY */
};

static const struct view *
at(const struct view *row, const struct column *c)
{
    const struct view *m = view_get(row, str_c(c->map));
    const struct view *v = m && view_kind(m) == VIEW_MAP ? view_get(m, str_c(c->key)) : NULL;
    if (!v || !c->level)
        return v;
    const struct view *one = view_first(v);
    for (int i = 1; one && i < c->level; i++)
        one = view_next(one);
    return one ? view_get(one, STR("n")) : NULL;
}

static const struct column column[] = {{"指南错误（未接受）", "lint", "errors", 0},
                                       {"指南警告", "lint", "warnings", 0},
                                       {"与市配对事项", "comparison", "paired", 0},
                                       {"较重事项", "comparison", "heavier", 0},
                                       {"材料多于市", "comparison", "more_materials", 0},
                                       {"时限长于市", "comparison", "longer_limits", 0},
                                       {"收件", "lateness", "received", 0},
                                       {"办结", "lateness", "concluded", 0},
                                       {"超期办结", "lateness", "late", 0},
                                       {"超期率", "lateness", "share", 0},
                                       {"在办", "lateness", "open", 0},
                                       {"在办已超期", "lateness", "open_late", 0},
                                       {"投诉", "complaints", "received", 0},
                                       {"投诉超期", "complaints", "late", 0},
                                       {"指南报错", "faults", "received", 0},
                                       {"报错超期", "faults", "late", 0},
                                       {"整改未销号", "rectifications", "open", 0},
                                       {"整改超期", "rectifications", "late", 0},
                                       {"评价", "ratings", "all", 0},
                                       {"非常满意", "ratings", "levels", 1},
                                       {"满意", "ratings", "levels", 2},
                                       {"基本满意", "ratings", "levels", 3},
                                       {"不满意", "ratings", "levels", 4},
                                       {"非常不满意", "ratings", "levels", 5},
                                       {"差评", "ratings", "bad", 0},
                                       {"满意率", "ratings", "satisfied", 0},
                                       {"不计入的评价", "ratings", "excluded", 0},
                                       {"差评未结", "ratings", "open", 0},
                                       {"差评超期", "ratings", "late", 0},
                                       {"差评整改中", "ratings", "rectifying", 0},
                                       {"差评结案", "ratings", "closed", 0},
                                       {"差评整改回复", "ratings", "rectified", 0}};
enum { COLUMNS = sizeof column / sizeof *column };

struct str
service_report_csv(struct ctx *ctx, const struct view *report)
{
    struct buf b;
    buf_init(&b, ctx->arena, 4096);
    buf_addz(&b, "\xEF\xBB\xBF\"区划代码\",\"统筹区\",\"起\",\"止\"");
    for (size_t i = 0; i < COLUMNS; i++) {
        buf_byte(&b, ',');
        add_text(&b, str_c(column[i].title));
    }
    buf_addz(&b, "\r\n");
    struct str from = view_display(ctx->arena, view_get(report, STR("from")));
    struct str to = view_display(ctx->arena, view_get(report, STR("to")));
    for (const struct view *r = view_first(view_get(report, STR("counties"))); r; r = view_next(r)) {
        add_text(&b, view_text(view_get(r, STR("code"))));
        buf_byte(&b, ',');
        add_text(&b, view_text(view_get(r, STR("name"))));
        buf_fmt(&b, ",\"%.*s\",\"%.*s\"", STR_ARG(from), STR_ARG(to));
        for (size_t i = 0; i < COLUMNS; i++) {
            const struct view *v = at(r, &column[i]);
            buf_byte(&b, ',');
            if (v && view_kind(v) == VIEW_INT)
                buf_fmt(&b, "%lld", (long long)view_int(v));
            else if (v && view_kind(v) == VIEW_TEXT)
                add_text(&b, view_text(v));
        }
        buf_addz(&b, "\r\n");
    }
    return buf_str(&b);
}
