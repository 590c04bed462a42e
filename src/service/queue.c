/* The workbench's lists: whose cases a member of staff sees, in what order, a page a query (queue.sql).
** Cases are found by number, by the identity number of a person (through its keyed digest) and by the code of a unit. */
#include "service/guide.h"
#include "service/service_int.h"
#include "sql_gen.h"

enum { QUEUE_MAX = 100, BULK_MAX = 100 };

/* The agency whose cases A sees; empty = all of the region's. The bureau itself sees all: the first agency, the one the
** region names as 经办机构, and staff of no agency (a region that lists none). */
struct str
agency_scope(const struct server *s, const struct actor *a)
{
    const struct region *r = catalog_region(s->catalog, a->region);
    bool all = str_empty(a->agency) || !r || r->agency_count == 0 || str_eq(a->agency, r->agency[0].id);
    for (size_t i = 0; !all && i < r->agency_count; i++)
        all = str_eq(a->agency, r->agency[i].id) && str_eq(r->agency[i].name, r->agency_name);
    return all ? STR("") : a->agency;
}

struct str
service_queue_scope(const struct server *s, const struct actor *a)
{
    return agency_scope(s, a);
}

bool
may_see(const struct server *s, const struct actor *a, struct str agency)
{
    struct str scope = agency_scope(s, a);
    return str_empty(scope) || str_eq(scope, agency);
}

/* --- the lists --- */

enum list_kind {
    LIST_ALL,
    LIST_STAGE,
    LIST_MATTER,
    LIST_CHANNEL,
    LIST_SECTION,
    LIST_OWNER,
    LIST_CLOSED,
    LIST_CLOSED_OWNER
};

/* One page as every list's statement wants it: the rows after (at, id). */
struct page {
    struct str region, agency, value;
    int64_t owner_id, late_from, from_ms, at, id, limit;
};

typedef enum err (*list_fn)(struct ctx *ctx, struct tx *tx, const struct page *p, struct sql_queue_all_row **ret_rows,
                            size_t *ret_n);

/* All the statements select the same columns in the same order, so their rows are one struct under many names. */
#define LIST(NAME, ...)                                                                                                \
    static enum err list_##NAME(struct ctx *ctx, struct tx *tx, const struct page *p,                                  \
                                struct sql_queue_all_row **ret_rows, size_t *ret_n)                                    \
    {                                                                                                                  \
        _Static_assert(sizeof(struct sql_queue_all_row) == sizeof(struct sql_queue_##NAME##_row), "the same columns"); \
        struct sql_queue_##NAME##_in in = {.region = p->region, .id = p->id, .limit = p->limit, __VA_ARGS__};          \
        return sql_queue_##NAME(ctx, tx, &in, (struct sql_queue_##NAME##_row **)(void *)ret_rows, ret_n);              \
    }
#define OPEN .late_from = p->late_from, .due_day = p->at
#define CLOSED .from_ms = p->from_ms, .concluded_ms = p->at
LIST(all, OPEN)
LIST(agency, OPEN, .agency = p->agency)
LIST(stage, OPEN, .value = p->value)
LIST(agency_stage, OPEN, .value = p->value, .agency = p->agency)
LIST(matter, OPEN, .value = p->value)
LIST(agency_matter, OPEN, .value = p->value, .agency = p->agency)
LIST(channel, OPEN, .value = p->value)
LIST(agency_channel, OPEN, .value = p->value, .agency = p->agency)
LIST(section, OPEN, .value = p->value)
LIST(agency_section, OPEN, .value = p->value, .agency = p->agency)
LIST(owner, OPEN, .owner_id = p->owner_id, .agency = p->agency)
LIST(closed, CLOSED)
LIST(closed_agency, CLOSED, .agency = p->agency)
LIST(closed_owner, CLOSED, .owner_id = p->owner_id, .agency = p->agency)
LIST(person, .person_id = p->owner_id, .agency = p->agency)
LIST(unit, .unit_id = p->owner_id, .agency = p->agency)
#undef OPEN
#undef CLOSED
#undef LIST

static const struct {
    list_fn region, agency;
} lists[] = {
    [LIST_ALL] = {list_all, list_agency},
    [LIST_STAGE] = {list_stage, list_agency_stage},
    [LIST_MATTER] = {list_matter, list_agency_matter},
    [LIST_CHANNEL] = {list_channel, list_agency_channel},
    [LIST_SECTION] = {list_section, list_agency_section},
    [LIST_OWNER] = {list_owner, list_owner},
    [LIST_CLOSED] = {list_closed, list_closed_agency},
    [LIST_CLOSED_OWNER] = {list_closed_owner, list_closed_owner},
};

/* An index serves one of these at a time; the agency and what is late go with any. */
static enum err
choose(struct ctx *ctx, const struct actor *a, const struct queue_filter *f, enum list_kind *ret_kind, struct page *p)
{
    const struct {
        enum list_kind kind;
        struct str value;
    } by[] = {{LIST_STAGE, f->stage}, {LIST_MATTER, f->matter}, {LIST_CHANNEL, f->channel}, {LIST_SECTION, f->section}};
    int chosen = 0;
    *ret_kind = f->closed ? LIST_CLOSED : LIST_ALL;
    if (f->mine || f->owner) {
        *ret_kind = f->closed ? LIST_CLOSED_OWNER : LIST_OWNER;
        p->owner_id = f->mine ? a->id : f->owner;
        chosen++;
    }
    for (size_t i = 0; i < sizeof by / sizeof *by; i++)
        if (!str_empty(by[i].value)) {
            *ret_kind = by[i].kind;
            p->value = by[i].value;
            chosen++;
        }
    if (chosen > 1 || (f->closed && (f->late || (chosen && *ret_kind != LIST_CLOSED_OWNER)))) {
        fail_field(
            ctx, STR("filter"), STR("筛选"), STR("这些条件不能同时用"),
            STR("环节、事项、渠道、股室、责任人一次选一个；“只看超期”和机构可以再加；已办的按责任人、机构、日期查"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    return OK;
}

static bool
parse_cursor(struct str after, int64_t *ret_at, int64_t *ret_id)
{
    struct str rest = after, at, id;
    if (str_empty(after))
        return true;
    return str_split(&rest, '_', &at) && str_split(&rest, '_', &id) && !rest.p && str_int(at, ret_at) &&
           str_int(id, ret_id);
}

/* Where the first page begins: open cases by due day, closed ones from the last instant backwards. */
static void
begin(struct ctx *ctx, const struct queue_filter *f, struct page *p)
{
    int64_t today = day_of_ms(ctx->now_ms).n;
    p->late_from = f->late ? today : INT64_MAX;
    bool day = f->closed && !day_is_none(f->day) && f->day.n != 0; /* a filter made of nothing has no day either */
    p->from_ms = day ? day_start_ms(f->day) : INT64_MIN;
    p->at = !f->closed ? INT64_MIN : day ? day_start_ms(day_add(f->day, 1)) : INT64_MAX;
    p->id = 0;
}

/* Within A's own agency, or the one he asks for. */
static enum err
choose_agency(struct ctx *ctx, const struct server *s, const struct actor *a, struct str asked, struct page *p)
{
    p->agency = agency_scope(s, a);
    if (str_empty(asked))
        return OK;
    if (!str_empty(p->agency) && !str_eq(p->agency, asked))
        FAIL(ctx, ERR_FORBIDDEN, "这是其他机构的办件");
    p->agency = asked;
    return OK;
}

static enum err
read_page(struct ctx *ctx, struct server *s, struct tx *tx, const struct actor *a, const struct queue_filter *f,
          int64_t limit, struct sql_queue_all_row **ret_rows, size_t *ret_n)
{
    struct page p = {.region = a->region, .limit = limit + 1};
    enum list_kind kind;
    TRY(ctx, choose(ctx, a, f, &kind, &p));
    TRY(ctx, choose_agency(ctx, s, a, f->agency, &p));
    begin(ctx, f, &p);
    if (!parse_cursor(f->after, &p.at, &p.id))
        FAIL(ctx, ERR_SYNTAX, "翻页参数不对，请从第一页重新开始");
    return (str_empty(p.agency) ? lists[kind].region : lists[kind].agency)(ctx, tx, &p, ret_rows, ret_n);
}

/* --- a line --- */

/* What is to be done next, in a word: whoever has the ball. */
static struct str
next_step(enum case_status status, struct str stage)
{
    switch (status) {
    case CASE_NOTIFIED:
        return STR("等申请人补正");
    case CASE_CONCLUDED:
        return STR("送达");
    default:
        return stage;
    }
}

static struct str
agency_name(const struct region *r, struct str id)
{
    for (size_t i = 0; r && i < r->agency_count; i++)
        if (str_eq(r->agency[i].id, id))
            return r->agency[i].name;
    return id;
}

/* Of the stage's own limit only what a line shows: this is done for every line of a page. */
static void
put_stage_clock(struct ctx *ctx, const struct server *s, struct day due, struct view *v)
{
    int left = 0;
    char light = day_is_none(due) ? ' ' : case_light(catalog_calendar(s->catalog), due, day_of_ms(ctx->now_ms), &left);
    view_put_day(v, "due", due);
    view_put_text(v, "due_short", day_is_none(due) ? STR("") : str_sub(day_text(ctx->arena, due), 5, 10));
    view_put_int(v, "days_left", left);
    view_put_bool(v, "is_red", light == 'r');
    view_put_z(v, "light", light == 'r' ? "red" : light == 'y' ? "yellow" : light == 'g' ? "green" : "none");
}

static void
put_row(struct ctx *ctx, struct server *s, const struct region *region, const struct actor *a,
        const struct sql_queue_all_row *r, struct view *list)
{
    struct view *row = view_add_map(list);
    const struct matter *m = NULL;
    enum case_status status;
    bool known = case_status_parse(r->status, &status);
    bool ended = known && (status == CASE_CLOSED || status == CASE_REFUSED || status == CASE_WITHDRAWN);
    if (region && catalog_matter(ctx, region, r->matter, &m) != OK)
        fail_clear(ctx);
    view_put_text(row, "no", r->no);
    view_put_text(row, "matter", r->matter);
    view_put_text(row, "matter_name", m ? m->name : r->matter);
    view_put_secret(row, "masked", r->masked);
    view_put_z(row, "status_name", known ? case_status_name(status) : "");
    view_put_text(row, "status", r->status);
    view_put_bool(row, "is_waiting", known && status == CASE_NOTIFIED);
    view_put_text(row, "stage", r->stage);
    view_put_text(row, "next_step", known ? next_step(status, r->stage) : r->stage);
    view_put_text(row, "channel", r->channel);
    view_put_text(row, "agency", r->agency);
    view_put_text(row, "agency_name", agency_name(region, r->agency));
    view_put_text(row, "received_at", day_time_text(ctx->arena, r->received_ms));
    view_put_day(row, "received_day", day_of_ms(r->received_ms));
    view_put_text(row, "since", day_time_text(ctx->arena, r->updated_ms));
    view_put_day(row, "since_day", day_of_ms(r->concluded_ms ? r->concluded_ms : r->updated_ms));
    view_put_bool(row, "ended", ended);
    view_put_bool(row, "was_late", ended && r->concluded_ms && day_of_ms(r->concluded_ms).n > r->due_day);
    view_put_text(row, "concluded_at", r->concluded_ms ? day_time_text(ctx->arena, r->concluded_ms) : STR(""));
    view_put_text(row, "owner", r->owner);
    view_put_bool(row, "mine", r->owner_id == a->id);
    clock_view(ctx, s, case_column_day(r->due_day), DAY_NONE, false, known && status == CASE_NOTIFIED,
               view_put_map(row, "clock"));
    put_stage_clock(ctx, s, ended ? DAY_NONE : case_column_day(r->stage_due_day), view_put_map(row, "stage_clock"));
}

/* Rows, count and the cursor of the next page; one row more than LIMIT was read, to know whether there is one. */
static void
put_rows(struct ctx *ctx, struct server *s, const struct actor *a, bool closed, const struct sql_queue_all_row *r,
         size_t n, size_t limit, struct view *map)
{
    const struct region *region = catalog_region(s->catalog, a->region);
    struct view *list = view_put_list(map, "cases");
    bool more = n > limit;
    n = more ? limit : n;
    for (size_t i = 0; i < n; i++)
        put_row(ctx, s, region, a, &r[i], list);
    int64_t at = !more ? 0 : closed ? r[n - 1].concluded_ms : r[n - 1].due_day;
    view_put_text(map, "next",
                  more ? str_fmt(ctx->arena, "%lld_%lld", (long long)at, (long long)r[n - 1].id) : STR(""));
    view_put_int(map, "count", (int64_t)n);
}

enum err
service_queue(struct ctx *ctx, struct server *s, const struct actor *a, const struct queue_filter *f,
              struct view *ret_map)
{
    int64_t limit = f->limit < 1 || f->limit > QUEUE_MAX ? 50 : f->limit;
    struct sql_queue_all_row *r;
    size_t n;
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, read_page(ctx, s, tx, a, f, limit, &r, &n));
    put_rows(ctx, s, a, f->closed, r, n, (size_t)limit, ret_map);
    view_put_text(ret_map, "stage", f->stage.p ? f->stage : STR(""));
    view_put_bool(ret_map, "mine", f->mine);
    view_put_bool(ret_map, "closed", f->closed);
    view_put_bool(ret_map, "late", f->late);
    return OK;
}

/* --- all cases of one person or unit --- */

static enum err
put_subject(struct ctx *ctx, struct tx *tx, struct str region, bool unit, int64_t id, struct view *map)
{
    struct view *v = view_put_map(map, "subject");
    bool found = false;
    view_put_bool(v, "unit", unit);
    view_put_id(v, "id", id);
    if (unit) {
        struct sql_unit_by_id_in in = {.region = region, .id = id};
        struct sql_unit_by_id_row row;
        TRY(ctx, sql_unit_by_id(ctx, tx, &in, &row, &found));
        view_put_text(v, "name", found ? row.name : STR(""));
        view_put_text(v, "code", found ? row.uscc : STR(""));
    } else {
        struct sql_person_by_id_in in = {.region = region, .id = id};
        struct sql_person_by_id_row row;
        TRY(ctx, sql_person_by_id(ctx, tx, &in, &row, &found));
        view_put_secret(v, "name", found ? row.masked : STR(""));
    }
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "登记册里没有这个%s", unit ? "单位" : "人");
    return OK;
}

enum err
service_queue_subject(struct ctx *ctx, struct server *s, const struct actor *a, bool unit, int64_t id, struct str after,
                      struct view *ret_map)
{
    struct page p = {.region = a->region,
                     .agency = agency_scope(s, a),
                     .owner_id = id,
                     .id = INT64_MAX,
                     .limit = QUEUE_SUBJECT_MAX + 1};
    struct sql_queue_all_row *r;
    size_t n;
    if (!parse_cursor(after, &p.at, &p.id))
        FAIL(ctx, ERR_SYNTAX, "翻页参数不对，请从第一页重新开始");
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, put_subject(ctx, tx, a->region, unit, id, ret_map));
    TRY(ctx, (unit ? list_unit : list_person)(ctx, tx, &p, &r, &n));
    put_rows(ctx, s, a, false, r, n, QUEUE_SUBJECT_MAX, ret_map);
    return OK;
}

/* --- finding --- */

static enum err
look_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    return sql_look_insert(ctx, tx, arg, NULL);
}

/* Asking for a person by number is a look at a person: it leaves its trace, whoever asks (what is shown is masked). */
static enum err
record_find(struct ctx *ctx, struct server *s, const struct actor *a, int64_t person_id)
{
    struct sql_look_insert_in in = {.region = a->region,
                                    .id = id_next(&s->ids, ctx->now_ms),
                                    .staff_id = a->id,
                                    .kind = STR("find"),
                                    .subject_kind = STR("person"),
                                    .subject_id = person_id,
                                    .case_id = 0,
                                    .reason = STR(""),
                                    .at_ms = ctx->now_ms};
    return store_write(ctx, s->store, look_body, &in);
}

static enum err
find_person(struct ctx *ctx, struct server *s, const struct actor *a, struct str number, int64_t *ret_id)
{
    struct sql_person_by_identity_in in = {.region = a->region,
                                           .id_digest = vault_digest(ctx->arena, &s->vault, "id", a->region, number)};
    struct sql_person_by_identity_row row;
    bool found;
    {
        SCOPED_READ tx = NULL;
        TRY(ctx, store_read(ctx, s->store, &tx));
        TRY(ctx, sql_person_by_identity(ctx, tx, &in, &row, &found));
    }
    *ret_id = found ? row.id : 0;
    return found ? record_find(ctx, s, a, row.id) : OK;
}

static enum err
find_unit(struct ctx *ctx, struct server *s, const struct actor *a, struct str code, int64_t *ret_id)
{
    struct unit u;
    bool found;
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, registry_unit_find(ctx, tx, &s->vault, a->region, code, &u, &found));
    *ret_id = found ? u.id : 0;
    return OK;
}

enum err
service_queue_find(struct ctx *ctx, struct server *s, const struct actor *a, struct str typed,
                   struct queue_found *ret_found)
{
    struct queue_found found = {0};
    struct str region, text = str_trim(typed.p ? typed : STR(""));
    struct ident_person who;
    const char *why;
    if (service_case_no_parse(text, ctx->arena, &found.no, &region)) {
        found.kind = QUEUE_FOUND_CASE;
        *ret_found = found;
        return OK;
    }
    found.kind = QUEUE_FOUND_UNIT;
    if (!ident_uscc(ctx->arena, text, &found.no, &why) && ident_person(ctx->arena, text, &who, &why)) {
        found.kind = QUEUE_FOUND_PERSON;
        TRY(ctx, find_person(ctx, s, a, who.value, &found.id));
    } else if (!str_empty(text) && text.n <= 64) {
        TRY(ctx, find_unit(ctx, s, a, found.no.p && found.no.n ? found.no : text, &found.id));
    }
    if (found.id == 0) {
        fail_field(ctx, STR("no"), STR("查找"),
                   found.kind == QUEUE_FOUND_PERSON ? STR("登记册里没有这个证件号码的人")
                                                    : STR("编号不对，也没有这个代码的单位"),
                   STR("可以输入回执上的 19 位办件编号、居民身份证件号码、统一社会信用代码或单位编号"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    *ret_found = found;
    return OK;
}

/* --- several at once --- */

/* One case in a transaction and memory of its own: what happens to one says nothing about the next. */
static enum err
hand_over_one(struct ctx *ctx, struct server *s, const struct actor *a, struct str no, int64_t to, struct str reason,
              struct view *row)
{
    SCOPED_ARENA apart = arena_new(0);
    struct ctx one = ctx_new(apart, ctx->now_ms);
    struct case_command cmd = {.action = CASE_HAND_OVER, .to_staff = to, .reason = reason};
    one.request_id = ctx->request_id;
    enum err e = service_desk_act(&one, s, a, no, &cmd, false, view_map(apart));
    view_put_text(row, "no", str_dup(ctx->arena, no));
    view_put_bool(row, "done", e == OK);
    enum err_class class = e == OK ? ERR_CLASS_REFUSAL : err_info(e)->class;
    if (e == OK) {
        view_put_text(row, "note", STR("已移交"));
        return OK;
    }
    struct str detail = one.fail->detail;
    if (str_empty(detail) && one.fail->field_count)
        detail = one.fail->field[0].reason;
    if (class != ERR_CLASS_REFUSAL && class != ERR_CLASS_DENIED && class != ERR_CLASS_CONFLICT)
        FAIL(ctx, e, "%.*s", STR_ARG(detail)); /* the machine's fault would befall the rest, too */
    view_put_text(row, "note",
                  str_fmt(ctx->arena, "%s%s%.*s", err_info(e)->title, str_empty(detail) ? "" : "：", STR_ARG(detail)));
    return OK;
}

enum err
service_queue_hand_over(struct ctx *ctx, struct server *s, const struct actor *a, const struct str *no, size_t n,
                        int64_t to, struct str reason, struct view *ret_map)
{
    if (!actor_has(a, ROLE_SUPERVISOR))
        FAIL(ctx, ERR_FORBIDDEN, "批量移交由督办岗位办理");
    if (n == 0 || n > BULK_MAX)
        fail_field(ctx, STR("no"), STR("办件"), n ? STR("一次最多 100 件") : STR("没有勾选"), STR("请在列表里勾选"));
    if (str_empty(str_trim(reason)) || str_utf8_count(reason) > 1000)
        fail_field(ctx, STR("reason"), STR("移交理由"),
                   str_empty(str_trim(reason)) ? STR("没有填写") : STR("超过 1000 个字"),
                   STR("请写明理由，每件都会记下"));
    if (ctx->fail->field_count)
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    struct view *list = view_put_list(ret_map, "results");
    int64_t done = 0;
    for (size_t i = 0; i < n; i++) {
        struct view *row = view_add_map(list);
        TRY(ctx, hand_over_one(ctx, s, a, no[i], to, reason, row));
        done += view_int(view_get(row, STR("done"))) != 0;
    }
    view_put_int(ret_map, "done", done);
    view_put_int(ret_map, "refused", (int64_t)n - done);
    view_put_bool(ret_map, "some_refused", done < (int64_t)n);
    return OK;
}
