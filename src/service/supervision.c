/* The supervisor's page: lights, bottlenecks by stage, what is late and whose it is, what is open besides. Counts come from indexes that hold
** the open rows only; their number of queries does not depend on what is in them. */
#include "service/supervision.h"

#include "rating/call_back.h"
#include "service/alert.h"
#include "service/guide.h"
#include "service/service_int.h"
#include "sql_gen.h"

enum { LATE_ROWS = 50 };

/* --- shared --- */

enum err
supervision_cursor(struct ctx *ctx, struct str after, int64_t *key, int64_t *id)
{
    struct str rest = after, first, second;
    if (str_empty(after))
        return OK;
    if (!str_split(&rest, '_', &first) || !str_split(&rest, '_', &second) || rest.p || !str_int(first, key) ||
        !str_int(second, id)) {
        fail_field(ctx, STR("after"), STR("页码"), STR("不认识"), STR("请从第一页看起"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    return OK;
}

struct str
supervision_next(struct ctx *ctx, int64_t key, int64_t id)
{
    return str_fmt(ctx->arena, "%lld_%lld", (long long)key, (long long)id);
}

void
supervision_clock(struct ctx *ctx, const struct server *s, struct day due, struct view *v)
{
    struct day today = day_of_ms(ctx->now_ms);
    bool tentative, red = due.n < today.n;
    int left = calendar_between(catalog_calendar(s->catalog), today, due, &tentative);
    bool yellow = !red && left <= 1;
    view_put_day(v, "due", due);
    view_put_z(v, "light", red ? "red" : yellow ? "yellow" : "green");
    view_put_bool(v, "is_red", red);
    view_put_bool(v, "is_yellow", yellow);
    view_put_bool(v, "is_green", !red && !yellow);
    view_put_int(v, "days_left", left);
    view_put_text(v, "left_text",
                  red         ? str_fmt(ctx->arena, "超期 %d 个工作日", -left)
                  : left == 0 ? STR("今天到期")
                              : str_fmt(ctx->arena, "还有 %d 个工作日", left));
}

bool
supervision_oversees(const struct server *s, const struct actor *a)
{
    return actor_has(a, ROLE_SUPERVISOR) && str_empty(agency_scope(s, a));
}

/* The first day that is neither late nor near: two working days from today. */
static int64_t
soon_day(const struct ctx *ctx, const struct server *s)
{
    bool tentative;
    return calendar_add(catalog_calendar(s->catalog), day_of_ms(ctx->now_ms), 2, &tentative).n;
}

/* --- parts --- */

static enum err
put_stages(struct ctx *ctx, struct server *s, struct tx *tx, const struct actor *a, struct view *map)
{
    struct sql_oversight_stages_in in = {.region = a->region,
                                         .agency = agency_scope(s, a),
                                         .today = day_of_ms(ctx->now_ms).n,
                                         .soon = soon_day(ctx, s),
                                         .never = case_day_column(DAY_NONE)};
    struct sql_oversight_stages_row *r;
    size_t n;
    int64_t all = 0, red = 0, yellow = 0, none = 0;
    TRY(ctx, sql_oversight_stages(ctx, tx, &in, &r, &n));
    struct view *list = view_put_list(map, "stages");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        bool tentative;
        struct day since = day_of_ms(r[i].oldest_ms);
        view_put_text(v, "stage", str_empty(r[i].stage) ? STR("（没有环节）") : r[i].stage);
        view_put_int(v, "count", r[i].n);
        view_put_int(v, "late", r[i].late);
        view_put_bool(v, "has_late", r[i].late > 0);
        view_put_int(v, "near", r[i].near);
        view_put_day(v, "oldest", since);
        view_put_int(v, "oldest_days",
                     calendar_between(catalog_calendar(s->catalog), since, day_of_ms(ctx->now_ms), &tentative));
        all += r[i].n;
        red += r[i].late;
        yellow += r[i].near;
        none += r[i].unlimited;
    }
    struct view *lights = view_put_map(map, "lights");
    view_put_int(lights, "all", all);
    view_put_int(lights, "red", red);
    view_put_int(lights, "yellow", yellow);
    view_put_int(lights, "none", none);
    view_put_int(lights, "green", all - red - yellow - none);
    return OK;
}

static void
put_late_row(struct ctx *ctx, struct server *s, const struct actor *a, const struct staff_names *names,
             const struct sql_oversight_late_row *r, struct view *v)
{
    const struct region *region = catalog_region(s->catalog, a->region);
    const struct matter *m = NULL;
    if (region && catalog_matter(ctx, region, r->matter, &m) != OK)
        fail_clear(ctx);
    bool owned = r->owner_id != 0;
    view_put_text(v, "no", r->no);
    view_put_text(v, "matter_name", m ? m->name : r->matter);
    view_put_secret(v, "masked", r->masked);
    view_put_text(v, "stage", r->stage);
    view_put_text(v, "received_at", day_time_text(ctx->arena, r->received_ms));
    guide_put(v, "whose", staff_names_get(names, owned ? r->owner_id : r->handler_id));
    view_put_bool(v, "mine", owned && r->owner_id == a->id);
    view_put_bool(v, "explained", r->explained);
    view_put_bool(v, "may_explain", !r->explained);
    supervision_clock(ctx, s, case_column_day(r->due_day), view_put_map(v, "clock"));
}

static enum err
late_rows(struct ctx *ctx, struct server *s, struct tx *tx, const struct actor *a, const struct oversight_filter *f,
          struct sql_oversight_late_row **ret_r, size_t *ret_n)
{
    struct str agency = agency_scope(s, a);
    struct sql_oversight_late_in in = {.region = a->region,
                                       .unexplained = f->unexplained,
                                       .today = day_of_ms(ctx->now_ms).n,
                                       .due_day = INT64_MIN,
                                       .limit = LATE_ROWS + 1};
    TRY(ctx, supervision_cursor(ctx, f->after, &in.due_day, &in.id));
    if (str_empty(agency))
        return sql_oversight_late(ctx, tx, &in, ret_r, ret_n);
    struct sql_oversight_late_agency_in one = {.region = in.region,
                                               .agency = agency,
                                               .unexplained = in.unexplained,
                                               .today = in.today,
                                               .due_day = in.due_day,
                                               .id = in.id,
                                               .limit = in.limit};
    return sql_oversight_late_agency(ctx, tx, &one, (struct sql_oversight_late_agency_row **)(void *)ret_r, ret_n);
}

_Static_assert(sizeof(struct sql_oversight_late_row) == sizeof(struct sql_oversight_late_agency_row),
               "both lists select the same columns in the same order");

static enum err
put_late(struct ctx *ctx, struct server *s, struct tx *tx, const struct actor *a, const struct oversight_filter *f,
         struct view *map)
{
    struct sql_oversight_late_row *r;
    struct staff_names names;
    size_t n;
    TRY(ctx, late_rows(ctx, s, tx, a, f, &r, &n));
    TRY(ctx, staff_names_load(ctx, tx, a->region, &names));
    bool more = n > LATE_ROWS;
    if (more)
        n = LATE_ROWS;
    struct view *list = view_put_list(map, "late");
    for (size_t i = 0; i < n; i++)
        put_late_row(ctx, s, a, &names, &r[i], view_add_map(list));
    view_put_int(map, "count", (int64_t)n);
    view_put_bool(map, "unexplained", f->unexplained);
    guide_put(map, "next", more ? supervision_next(ctx, r[n - 1].due_day, r[n - 1].id) : STR(""));
    return OK;
}

static struct view *
put_tally(struct view *map, const char *key, int64_t n, int64_t late)
{
    struct view *v = view_put_map(map, key);
    view_put_int(v, "open", n);
    view_put_int(v, "late", late);
    view_put_bool(v, "has_late", late > 0);
    return v;
}

static enum err
put_besides(struct ctx *ctx, struct server *s, struct tx *tx, const struct actor *a, struct view *map)
{
    int64_t today = day_of_ms(ctx->now_ms).n, open = 0, late = 0;
    struct sql_complaint_tally_in ci = {.region = a->region, .today = today, .soon = soon_day(ctx, s)};
    struct sql_complaint_tally_row c;
    struct sql_oversight_faults_in fi = {.region = a->region, .today = today};
    struct sql_oversight_faults_row f;
    struct sql_rectification_tally_in ri = {.region = a->region, .today = today};
    struct sql_rectification_tally_row *r;
    size_t n;
    bool found;
    TRY(ctx, sql_complaint_tally(ctx, tx, &ci, &c, &found));
    TRY(ctx, sql_oversight_faults(ctx, tx, &fi, &f, &found));
    TRY(ctx, sql_rectification_tally(ctx, tx, &ri, &r, &n));
    for (size_t i = 0; i < n; i++) {
        open += r[i].n;
        late += r[i].late;
    }
    view_put_int(put_tally(map, "complaints", c.n, c.late), "unassigned", c.unassigned);
    put_tally(map, "faults", f.n, f.late);
    put_tally(map, "rectifications", open, late);
    struct call_back_counts bad;
    TRY(ctx, call_back_count(ctx, tx, a->region, day_of_ms(ctx->now_ms), &bad));
    view_put_int(put_tally(map, "ratings", bad.open, bad.overdue), "unassigned", bad.unassigned);
    return OK;
}

enum err
service_supervision(struct ctx *ctx, struct server *s, const struct actor *a, const struct oversight_filter *f,
                    struct view *ret_map)
{
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, put_stages(ctx, s, tx, a, ret_map));
    TRY(ctx, put_late(ctx, s, tx, a, f, ret_map));
    const struct region *region = catalog_region(s->catalog, a->region);
    if (!region)
        FAIL(ctx, ERR_NOT_FOUND, "目录中没有统筹区“%.*s”", STR_ARG(a->region));
    TRY(ctx, service_alerts_untold(ctx, tx, region, agency_scope(s, a), ret_map));
    bool house = supervision_oversees(s, a);
    view_put_bool(ret_map, "house", house);
    return house ? put_besides(ctx, s, tx, a, ret_map) : OK;
}
