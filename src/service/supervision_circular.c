/* Circulars and rectification tasks between a city and its counties (R286), and the carrying of what one region has for another. A write
** touches one region; the post beside it is delivered afterwards, and again if a crash comes between. */
#include "base/crypto.h"
#include "service/guide.h"
#include "service/service_int.h"
#include "service/supervision.h"
#include "sql_gen.h"
#include "supervision/circular.h"

enum { TITLE_MAX = 80, TASK_MAX = 300, RESPONSIBLE_MAX = 60, REPLY_MAX = 2000, POSTS_MAX = 100, DUE_DAYS_MAX = 731 };

static void
bad(struct ctx *ctx, struct str field, const char *label, struct str reason, const char *remedy)
{
    fail_field(ctx, field, str_c(label), reason, str_c(remedy));
}

static struct str
clean(struct str s)
{
    return str_trim(s.p ? s : STR(""));
}

static void
check_text(struct ctx *ctx, struct str field, const char *label, struct str text, size_t max, const char *remedy)
{
    if (str_utf8_count(text) < 2)
        bad(ctx, field, label, STR("没有填写"), remedy);
    if (str_utf8_count(text) > max)
        bad(ctx, field, label, str_fmt(ctx->arena, "超过 %zu 字", max), "请写得短一些");
}

/* --- issuing --- */

struct issue {
    struct server *s;
    const struct actor *a;
    struct str idem_digest;
    struct circular c;
    struct rectification task[CIRCULAR_TASKS_MAX];
    struct turn opening[CIRCULAR_TASKS_MAX];
    int64_t task_post[CIRCULAR_TASKS_MAX], circular_post[CIRCULAR_COUNTIES_MAX];
    size_t tasks;
};

static bool
addressed(const struct circular_entry *in, struct str county)
{
    for (size_t i = 0; i < in->county_count; i++)
        if (str_eq(in->county[i], county))
            return true;
    return false;
}

static void
check_counties(struct ctx *ctx, const struct catalog *world, const struct region *city, const struct circular_entry *in,
               struct str *ret_list)
{
    struct buf b;
    buf_init(&b, ctx->arena, 128);
    if (in->county_count == 0)
        bad(ctx, STR("county"), "发给哪些县市区", STR("没有选择"), "至少选一个");
    if (in->county_count > CIRCULAR_COUNTIES_MAX)
        bad(ctx, STR("county"), "发给哪些县市区", STR("太多"), "请分两次下发");
    for (size_t i = 0; i < in->county_count && i < CIRCULAR_COUNTIES_MAX; i++) {
        const struct region *r = catalog_region(world, in->county[i]);
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again |= str_eq(in->county[i], in->county[k]);
        if (!r || !region_is_county_of(r, city)) {
            bad(ctx, STR("county"), "发给哪些县市区",
                str_fmt(ctx->arena, "“%.*s”不归%.*s管", STR_ARG(str_sub(in->county[i], 0, 20)), STR_ARG(city->name)),
                "请从列表里选");
            continue;
        }
        if (again)
            continue;
        if (b.n)
            buf_byte(&b, ' ');
        buf_add(&b, r->code);
    }
    *ret_list = buf_str(&b);
}

static void
check_due(struct ctx *ctx, struct str field, struct str typed, struct day *ret_due)
{
    struct day today = day_of_ms(ctx->now_ms);
    if (!day_parse(typed, ret_due))
        bad(ctx, field, "整改期限", str_empty(typed) ? STR("没有填写") : STR("应为日期"), "例如 2026-12-31");
    else if (ret_due->n < today.n)
        bad(ctx, field, "整改期限", STR("已经过去"), "请定今天以后的日期");
    else if (ret_due->n > today.n + DUE_DAYS_MAX)
        bad(ctx, field, "整改期限", STR("太远"), "最长两年");
}

static struct str
field_of(struct ctx *ctx, size_t i, const char *name)
{
    return str_fmt(ctx->arena, "task.%zu.%s", i, name);
}

static void
check_task(struct ctx *ctx, struct issue *w, const struct circular_entry *in, size_t i)
{
    const struct circular_task *t = &in->task[i];
    size_t row = t->row;
    struct str county = clean(t->county), title = clean(t->title), responsible = clean(t->responsible);
    struct rectification *r = &w->task[w->tasks];
    struct day due = DAY_NONE;
    if (!addressed(in, county))
        bad(ctx, field_of(ctx, row, "county"), "整改单位", STR("不在通报发给的县市区里"),
            "请在上面选上它，或改整改单位");
    check_text(ctx, field_of(ctx, row, "title"), "要整改什么", title, TASK_MAX, "请写明问题和要求");
    if (str_utf8_count(responsible) > RESPONSIBLE_MAX)
        bad(ctx, field_of(ctx, row, "responsible"), "责任股室或机构", STR("太长"), "写名称就够了");
    check_due(ctx, field_of(ctx, row, "due"), clean(t->due), &due);
    *r = (struct rectification){.region = w->c.region,
                                .origin = w->c.region,
                                .id = id_next(&w->s->ids, ctx->now_ms),
                                .circular_id = w->c.id,
                                .county = county,
                                .title = title,
                                .responsible = responsible,
                                .due = due,
                                .answered = DAY_NONE};
    w->opening[w->tasks] = (struct turn){.kind = TURN_OPEN,
                                         .text = title,
                                         .actor_name = w->a->name,
                                         .actor_id = w->a->id,
                                         .at_ms = ctx->now_ms,
                                         .due = due};
    w->task_post[w->tasks++] = id_next(&w->s->ids, ctx->now_ms);
}

static enum err
issue_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct issue *w = arg;
    bool replayed;
    TRY(ctx, circular_issue(ctx, tx, w->idem_digest, w->circular_post, &w->c, &replayed));
    if (replayed) {
        struct circular before;
        TRY(ctx, circular_get(ctx, tx, w->c.region, w->c.origin, w->c.id, &before));
        bool same = str_eq(before.title, w->c.title) && str_eq(before.body, w->c.body);
        if (!same || !str_eq(before.addressed, w->c.addressed))
            FAIL(ctx, ERR_IDEMPOTENCY, "请刷新页面后重新提交");
    }
    for (size_t i = 0; i < w->tasks && !replayed; i++)
        TRY(ctx, rectification_issue(ctx, tx, w->task_post[i], &w->opening[i], &w->task[i]));
    return OK;
}

/* What is said here is delivered now if it can be; the jobs deliver the rest. */
static void
deliver_soon(struct ctx *ctx, struct server *s)
{
    int64_t count;
    IGNORE("it is written; the jobs carry it a little later", service_posts_deliver(ctx, s, &count));
    fail_clear(ctx);
}

enum err
service_circular_issue(struct ctx *ctx, struct server *s, const struct actor *a, const struct circular_entry *in,
                       struct str *ret_no, int64_t *ret_id)
{
    const struct catalog *world = s->catalog;
    const struct region *city = catalog_region(world, a->region);
    struct issue *w = ARENA_NEW(ctx->arena, struct issue);
    struct str list = STR("");
    if (!city || !supervision_oversees(s, a))
        FAIL(ctx, ERR_FORBIDDEN, "只有市级经办机构的督办岗可以下发通报");
    *w = (struct issue){.s = s, .a = a};
    struct str key = str_empty(in->idempotency) ? crypto_token(ctx->arena) : in->idempotency;
    w->idem_digest = vault_digest(ctx->arena, &s->vault, "circular-idem", a->region, key);
    w->c = (struct circular){.region = a->region,
                             .origin = a->region,
                             .id = id_next(&s->ids, ctx->now_ms),
                             .title = clean(in->title),
                             .body = clean(in->text),
                             .issuer_id = a->id,
                             .issuer_name = a->name,
                             .issuer_agency = city->agency_name,
                             .is_public = in->publish,
                             .created_ms = ctx->now_ms,
                             .arrived_ms = ctx->now_ms};
    check_text(ctx, STR("title"), "标题", w->c.title, TITLE_MAX, "例如：关于三季度经办服务情况的通报");
    check_text(ctx, STR("text"), "正文", w->c.body, CIRCULAR_TEXT_MAX, "请写明通报的情况");
    check_counties(ctx, world, city, in, &list);
    w->c.addressed = list;
    for (size_t i = 0; i < CIRCULAR_COUNTIES_MAX; i++) /* before the tasks: posts go in order of their ids */
        w->circular_post[i] = id_next(&s->ids, ctx->now_ms);
    if (in->task_count > CIRCULAR_TASKS_MAX)
        bad(ctx, STR("task.0.title"), "整改任务", STR("太多"), "请分两次下发");
    for (size_t i = 0; i < in->task_count && i < CIRCULAR_TASKS_MAX; i++)
        check_task(ctx, w, in, i);
    if (ctx->fail->field_count)
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    TRY(ctx, store_write(ctx, s->store, issue_body, w));
    *ret_no = w->c.no;
    *ret_id = w->c.id;
    deliver_soon(ctx, s);
    return OK;
}

/* --- delivering --- */

static enum err
receive_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    return post_receive(ctx, tx, arg);
}

static enum err
delivered_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    return post_delivered(ctx, tx, arg);
}

static enum err
pending(struct ctx *ctx, struct server *s, struct str region, struct post **ret_p, size_t *ret_n)
{
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    return posts_pending(ctx, tx, region, POSTS_MAX, ret_p, ret_n);
}

enum err
service_posts_deliver(struct ctx *ctx, struct server *s, int64_t *ret_count)
{
    const struct catalog *world = s->catalog;
    *ret_count = 0;
    for (size_t i = 0; i < catalog_region_count(world); i++) {
        struct post *p;
        size_t n;
        TRY(ctx, pending(ctx, s, catalog_region_at(world, i)->code, &p, &n));
        for (size_t k = 0; k < n; k++) {
            enum err e = store_write(ctx, s->store, receive_body, &p[k]);
            if (e == ERR_RECORD_MISSING) { /* its forerunner is still under way: next time */
                fail_clear(ctx);
                continue;
            }
            TRY(ctx, e);
            TRY(ctx, store_write(ctx, s->store, delivered_body, &p[k]));
            (*ret_count)++;
        }
    }
    return OK;
}

/* --- reading --- */

static struct str
region_name(const struct catalog *world, struct str code)
{
    const struct region *r = catalog_region(world, code);
    return r ? r->name : code;
}

static void
put_addressed(const struct catalog *world, struct str codes, struct view *v)
{
    struct view *list = view_put_list(v, "addressed");
    struct str rest = codes, code;
    while (str_split(&rest, ' ', &code)) {
        struct view *row = view_add_map(list);
        view_put_text(row, "code", code);
        view_put_text(row, "name", region_name(world, code));
    }
}

static void
put_task(struct ctx *ctx, const struct server *s, const struct rectification *r, struct view *v)
{
    struct day today = day_of_ms(ctx->now_ms);
    bool late = rectification_late(r, today), city = str_eq(r->region, r->origin);
    bool waits = rectification_is_open(r) && r->state != RECTIFICATION_ANSWERED;
    view_put_id(v, "id", r->id);
    view_put_text(v, "origin", r->origin);
    view_put_id(v, "circular_id", r->circular_id);
    view_put_text(v, "no", r->no);
    view_put_text(v, "county", r->county);
    view_put_text(v, "county_name", region_name(s->catalog, r->county));
    view_put_text(v, "title", r->title);
    guide_put(v, "responsible", r->responsible);
    view_put_z(v, "state", rectification_state_id(r->state));
    view_put_z(v, "state_name", rectification_state_name(r->state));
    view_put_bool(v, "open", rectification_is_open(r));
    view_put_bool(v, "late", late);
    view_put_int(v, "round", r->round);
    view_put_bool(v, "to_answer", waits && !city);
    view_put_bool(v, "to_judge", r->state == RECTIFICATION_ANSWERED && city);
    supervision_clock(ctx, s, r->due, view_put_map(v, "clock"));
    view_put_bool(v, "running", waits);
}

static void
put_turns(struct ctx *ctx, const struct turn *t, size_t n, struct view *v)
{
    struct view *list = view_put_list(v, "turns");
    for (size_t i = 0; i < n; i++) {
        struct view *row = view_add_map(list);
        view_put_z(row, "kind", turn_kind_id(t[i].kind));
        view_put_z(row, "name", turn_kind_name(t[i].kind));
        view_put_text(row, "text", t[i].text);
        guide_put(row, "actor", t[i].actor_name);
        view_put_text(row, "at", day_time_text(ctx->arena, t[i].at_ms));
        view_put_day(row, "due", t[i].due);
    }
}

static void
put_choices(const struct server *s, const struct actor *a, struct view *map)
{
    const struct catalog *world = s->catalog;
    const struct region *city = catalog_region(world, a->region);
    struct view *list = view_put_list(map, "counties");
    bool may = city && supervision_oversees(s, a), any = false;
    for (size_t i = 0; may && i < catalog_region_count(world); i++) {
        const struct region *r = catalog_region_at(world, i);
        if (!region_is_county_of(r, city))
            continue;
        struct view *row = view_add_map(list);
        view_put_text(row, "code", r->code);
        view_put_text(row, "name", r->name);
        any = true;
    }
    view_put_bool(map, "may_issue", any);
}

static enum err
put_list(struct ctx *ctx, struct server *s, struct tx *tx, struct str region, struct str after, struct view *map)
{
    struct sql_circular_list_in in = {
        .region = region, .created_ms = INT64_MAX, .id = INT64_MAX, .limit = SUPERVISION_LIST_MAX};
    struct sql_circular_list_row *r;
    size_t n;
    TRY(ctx, supervision_cursor(ctx, after, &in.created_ms, &in.id));
    TRY(ctx, sql_circular_list(ctx, tx, &in, &r, &n));
    struct view *list = view_put_list(map, "circulars");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_put_text(v, "origin", r[i].origin);
        view_put_id(v, "id", r[i].id);
        view_put_text(v, "no", r[i].no);
        view_put_text(v, "title", r[i].title);
        view_put_text(v, "issuer", r[i].issuer_agency);
        view_put_bool(v, "own", r[i].own);
        view_put_bool(v, "public", r[i].is_public);
        view_put_bool(v, "unread", !r[i].own && r[i].read_ms == 0);
        view_put_text(v, "issued_at", day_time_text(ctx->arena, r[i].created_ms));
        put_addressed(s->catalog, r[i].addressed, v);
    }
    view_put_int(map, "count", (int64_t)n);
    guide_put(map, "next",
              n == SUPERVISION_LIST_MAX ? supervision_next(ctx, r[n - 1].created_ms, r[n - 1].id) : STR(""));
    return OK;
}

static enum err
put_open_tasks(struct ctx *ctx, struct server *s, struct tx *tx, struct str region, struct str after, struct view *map)
{
    int64_t due = INT64_MIN, id = 0;
    struct rectification *r;
    size_t n;
    TRY(ctx, supervision_cursor(ctx, after, &due, &id));
    TRY(ctx, rectifications_open(ctx, tx, region, due, id, SUPERVISION_LIST_MAX, &r, &n));
    struct view *list = view_put_list(map, "tasks");
    for (size_t i = 0; i < n; i++)
        put_task(ctx, s, &r[i], view_add_map(list));
    view_put_int(map, "task_count", (int64_t)n);
    guide_put(map, "next_task",
              n == SUPERVISION_LIST_MAX ? supervision_next(ctx, r[n - 1].due.n, r[n - 1].id) : STR(""));
    return OK;
}

enum err
service_circulars(struct ctx *ctx, struct server *s, const struct actor *a, struct str after, struct str after_task,
                  struct view *ret_map)
{
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, put_list(ctx, s, tx, a->region, after, ret_map));
    TRY(ctx, put_open_tasks(ctx, s, tx, a->region, after_task, ret_map));
    put_choices(s, a, ret_map);
    return OK;
}

static void
put_circular(struct ctx *ctx, const struct server *s, const struct circular *c, struct view *v)
{
    view_put_text(v, "origin", c->origin);
    view_put_id(v, "id", c->id);
    view_put_text(v, "no", c->no);
    view_put_text(v, "title", c->title);
    view_put_text(v, "text", c->body);
    view_put_text(v, "issuer", c->issuer_agency);
    view_put_text(v, "issuer_name", c->issuer_name);
    view_put_bool(v, "own", str_eq(c->region, c->origin));
    view_put_bool(v, "public", c->is_public);
    view_put_text(v, "issued_at", day_time_text(ctx->arena, c->created_ms));
    guide_put(v, "read_at", c->read_ms ? day_time_text(ctx->arena, c->read_ms) : STR(""));
    guide_put(v, "read_name", c->read_name);
    put_addressed(s->catalog, c->addressed, v);
}

struct read_mark {
    struct sql_circular_read_in in;
};

static enum err
read_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct read_mark *m = arg;
    return sql_circular_read(ctx, tx, &m->in, NULL);
}

static enum err
view_circular(struct ctx *ctx, struct server *s, const struct actor *a, struct str origin, int64_t id,
              struct circular *ret_c, struct view *map)
{
    struct rectification *r;
    size_t n;
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, circular_get(ctx, tx, a->region, origin, id, ret_c));
    TRY(ctx, rectifications_of(ctx, tx, a->region, id, &r, &n));
    put_circular(ctx, s, ret_c, view_put_map(map, "circular"));
    struct view *list = view_put_list(map, "tasks");
    for (size_t i = 0; i < n; i++) {
        struct turn *t;
        size_t turns;
        struct view *v;
        if (!str_eq(r[i].origin, origin))
            continue;
        TRY(ctx, rectification_turns(ctx, tx, &r[i], &t, &turns));
        v = view_add_map(list);
        put_task(ctx, s, &r[i], v);
        put_turns(ctx, t, turns, v);
    }
    view_put_bool(map, "may_act", supervision_oversees(s, a));
    return OK;
}

enum err
service_circular_get(struct ctx *ctx, struct server *s, const struct actor *a, struct str origin, int64_t id,
                     struct view *ret_map)
{
    struct circular c;
    TRY(ctx, view_circular(ctx, s, a, origin, id, &c, ret_map));
    if (c.read_ms || str_eq(c.region, c.origin))
        return OK;
    struct read_mark m = {
        {.region = a->region, .origin = origin, .id = id, .read_ms = ctx->now_ms, .read_name = a->name}};
    return store_write(ctx, s->store, read_body, &m);
}

enum err
service_circulars_public(struct ctx *ctx, struct server *s, const struct region *r, struct str after,
                         struct view *ret_map)
{
    struct sql_circular_published_in in = {
        .region = r->code, .created_ms = INT64_MAX, .id = INT64_MAX, .limit = SUPERVISION_LIST_MAX};
    struct sql_circular_published_row *row;
    size_t n;
    SCOPED_READ tx = NULL;
    TRY(ctx, supervision_cursor(ctx, after, &in.created_ms, &in.id));
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, sql_circular_published(ctx, tx, &in, &row, &n));
    guide_region(ctx, r, view_put_map(ret_map, "region"));
    struct view *list = view_put_list(ret_map, "circulars");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_put_text(v, "no", row[i].no);
        view_put_text(v, "title", row[i].title);
        view_put_text(v, "text", row[i].body);
        view_put_text(v, "issuer", row[i].issuer_agency);
        view_put_day(v, "day", day_of_ms(row[i].created_ms));
        put_addressed(s->catalog, row[i].addressed, v);
    }
    view_put_int(ret_map, "count", (int64_t)n);
    guide_put(ret_map, "next",
              n == SUPERVISION_LIST_MAX ? supervision_next(ctx, row[n - 1].created_ms, row[n - 1].id) : STR(""));
    return OK;
}

/* --- a turn --- */

struct act {
    struct server *s;
    const struct actor *a;
    const struct rectification_act *in;
    struct turn turn;
    int64_t post_id;
};

static enum err
act_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct act *w = arg;
    struct rectification r;
    struct turn t = w->turn; /* the body may run twice */
    int64_t round;
    TRY(ctx, rectification_get(ctx, tx, w->a->region, w->in->origin, w->in->id, &r));
    if (!str_empty(w->in->round) && (!str_int(w->in->round, &round) || round != r.round))
        FAIL(ctx, ERR_CONFLICT, "这项整改刚刚有人办理过，请刷新后再办");
    if (day_is_none(t.due))
        t.due = r.due;
    return rectification_take_turn(ctx, tx, &r, &t, w->post_id);
}

enum err
service_rectification_act(struct ctx *ctx, struct server *s, const struct actor *a, const struct rectification_act *in)
{
    static const enum turn_kind kinds[] = {TURN_ANSWER, TURN_RETURN, TURN_ACCEPT};
    struct act w = {.s = s, .a = a, .in = in, .post_id = id_next(&s->ids, ctx->now_ms)};
    bool known = false;
    if (!supervision_oversees(s, a))
        FAIL(ctx, ERR_FORBIDDEN, "只有经办机构的督办岗可以办理整改任务");
    w.turn = (struct turn){
        .text = clean(in->text), .actor_name = a->name, .actor_id = a->id, .at_ms = ctx->now_ms, .due = DAY_NONE};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eqz(in->what, turn_kind_id(kinds[i]))) {
            w.turn.kind = kinds[i];
            known = true;
        }
    if (!known)
        bad(ctx, STR("what"), "怎么办理", STR("没有选择"), "请选核实销号或退回");
    else if (w.turn.kind != TURN_ACCEPT || !str_empty(w.turn.text))
        check_text(ctx, STR("text"), w.turn.kind == TURN_ANSWER ? "整改情况" : "意见", w.turn.text, REPLY_MAX,
                   w.turn.kind == TURN_ANSWER ? "请写明做了什么、结果怎样" : "退回的，要写明还差什么");
    if (known && w.turn.kind == TURN_RETURN && !str_empty(clean(in->due)))
        check_due(ctx, STR("due"), clean(in->due), &w.turn.due);
    if (ctx->fail->field_count)
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    TRY(ctx, store_write(ctx, s->store, act_body, &w));
    deliver_soon(ctx, s);
    return OK;
}
