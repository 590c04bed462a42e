/* Signing in, sessions, staff accounts. Passwords are hashed outside every transaction: a hash takes longer than a
 * commit. */
#include "base/ident.h"
#include "service/roster.h"
#include "service/service.h"
#include "staff/staff.h"

enum { LOGIN_MIN = 2, LOGIN_MAX = 32, ONE_TIME_CHARS = 12 };

/* Sessions live by the machine's time: a demo whose clock is moved by weeks must not throw its clerks out. */
static int64_t
machine_ms(const struct ctx *ctx, const struct server *s)
{
    return ctx->now_ms - atomic_load(&s->clock_shift);
}

/* --- accounts --- */

static bool
login_ok(struct str login)
{
    for (size_t i = 0; i < login.n; i++) {
        char c = login.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!letter && (i == 0 || (c != '.' && c != '-' && c != '_')))
            return false;
    }
    return login.n >= LOGIN_MIN && login.n <= LOGIN_MAX;
}

/* The words of LIST, separated by blanks or commas. */
static bool
next_word(struct str *rest, struct str *ret_word)
{
    while (rest->n && (*rest->p == ' ' || *rest->p == ','))
        *rest = str_sub(*rest, 1, rest->n);
    size_t n = 0;
    while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != ',')
        n++;
    *ret_word = str_sub(*rest, 0, n);
    *rest = str_sub(*rest, n, rest->n);
    return n > 0;
}

/* Each role once, in the order of the vocabulary: the same roles are the same text. */
static void
read_roles(struct ctx *ctx, struct str list, struct str *ret_roles)
{
    struct buf b;
    struct str word;
    enum role r;
    unsigned given = 0;
    while (next_word(&list, &word)) {
        if (!role_parse(word, &r)) {
            fail_field(ctx, STR("roles"), STR("岗位"), str_fmt(ctx->arena, "没有“%.*s”这个岗位", STR_ARG(word)),
                       STR("可用：window review approve fund supervisor keeper admin kiosk panel enforce legal head "
                           "hospital"));
            return;
        }
        given |= 1u << r;
    }
    if (given == 0)
        fail_field(ctx, STR("roles"), STR("岗位"), STR("没有填写"), STR("请至少给一个岗位"));
    buf_init(&b, ctx->arena, 64);
    for (int k = 0; k < ROLE_COUNT; k++)
        if (given >> k & 1u)
            buf_fmt(&b, "%s%s", b.n ? " " : "", role_id((enum role)k));
    *ret_roles = buf_str(&b);
}

static void
read_points(struct ctx *ctx, const struct region *region, struct str list, struct str *ret_points)
{
    struct buf b;
    struct str word;
    buf_init(&b, ctx->arena, 64);
    while (next_word(&list, &word)) {
        size_t i = 0;
        while (i < region->point_count && !str_eq(region->point[i].id, word))
            i++;
        if (i == region->point_count && !str_starts(word, STR("window:"))) {
            fail_field(ctx, STR("points"), STR("服务点"), str_fmt(ctx->arena, "目录中没有服务点“%.*s”", STR_ARG(word)),
                       STR("请用目录中服务点的标识，或 window:窗口号"));
            return;
        }
        if (b.n)
            buf_byte(&b, ' ');
        buf_add(&b, word);
    }
    *ret_points = buf_str(&b);
}

/* The organisation is data: an agency of the region's catalogue, offices outside the bureau (a hospital's insurance
** office, towns, civil
 ** affairs, the insurer) among them. */
static void
read_agency(struct ctx *ctx, const struct region *region, struct str agency, struct str *ret_agency)
{
    *ret_agency = region->agency_count ? region->agency[0].id : STR("");
    for (size_t i = 0; i < region->agency_count; i++)
        if (str_eq(region->agency[i].id, agency)) {
            *ret_agency = agency;
            return;
        }
    if (!str_empty(agency))
        fail_field(ctx, STR("agency"), STR("机构"), str_fmt(ctx->arena, "目录中没有机构“%.*s”", STR_ARG(agency)),
                   STR("请用目录中机构的标识"));
}

/* A section that the guide names: of an agency, or at a stage of a matter (R32, R153). */
static void
read_section(struct ctx *ctx, const struct region *region, struct str section, struct str *ret_section)
{
    bool known = str_empty(section);
    for (size_t i = 0; i < region->agency_count; i++)
        for (size_t k = 0; k < region->agency[i].section_count && !known; k++)
            known = str_eq(region->agency[i].section[k], section);
    for (size_t i = 0; i < region->matter_count; i++)
        for (size_t k = 0; k < region->matter[i].stage_count && !known; k++)
            known = region->matter[i].stage[k].unit.p && str_eq(region->matter[i].stage[k].unit, section);
    if (!known)
        fail_field(ctx, STR("section"), STR("股室"), str_fmt(ctx->arena, "目录中没有股室“%.*s”", STR_ARG(section)),
                   STR("请用办事指南里的股室名称，没有可以不选"));
    *ret_section = section.p ? section : STR("");
}

struct add_body {
    struct str region;
    struct staff staff;
    struct staff_event event;
};

static enum err
add_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct add_body *b = arg;
    TRY(ctx, staff_insert(ctx, tx, b->region, &b->staff));
    return staff_event_insert(ctx, tx, b->region, &b->event);
}

enum err
service_staff_add(struct ctx *ctx, struct server *s, const struct staff_new *in, struct str *ret_password)
{
    const struct region *region = catalog_region(s->catalog, in->region);
    if (!region)
        FAIL(ctx, ERR_NOT_FOUND, "目录中没有统筹区“%.*s”", STR_ARG(in->region));
    struct add_body b = {.region = region->code,
                         .staff = {.id = id_next(&s->ids, ctx->now_ms), .login = str_trim(in->login)}};
    const char *reason;
    if (!login_ok(b.staff.login))
        fail_field(ctx, STR("login"), STR("登录名"), STR("格式不对"),
                   STR("请用 2 至 32 个小写字母、数字和 . - _，以字母或数字开头"));
    if (!ident_name(ctx->arena, in->name, &b.staff.name, &reason))
        fail_field(ctx, STR("name"), STR("姓名"), str_c(reason), STR("请填写工作人员的姓名"));
    read_roles(ctx, in->roles, &b.staff.roles);
    read_points(ctx, region, in->points, &b.staff.points);
    read_agency(ctx, region, in->agency, &b.staff.agency);
    read_section(ctx, region, str_trim(in->section.p ? in->section : STR("")), &b.staff.section);
    if (ctx->fail->field_count)
        FAIL(ctx, ERR_FIELD_INVALID, "工作人员的资料有误");
    struct str password = crypto_code(ctx->arena, ONE_TIME_CHARS);
    TRY(ctx, staff_password_hash(ctx, password, &b.staff.password));
    b.event = (struct staff_event){.id = id_next(&s->ids, ctx->now_ms),
                                   .staff_id = b.staff.id,
                                   .by_id = in->by,
                                   .at_ms = ctx->now_ms,
                                   .what = STR("added"),
                                   .was = STR(""),
                                   .became = b.staff.roles};
    TRY(ctx, store_write(ctx, s->store, add_body, &b));
    *ret_password = password;
    return OK;
}

enum err
service_staff_list(struct ctx *ctx, struct server *s, struct str region, struct view **ret_v)
{
    SCOPED_READ tx = NULL;
    struct staff *staff;
    size_t n;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, staff_of_region(ctx, tx, region, &staff, &n));
    struct view *v = view_map(ctx->arena), *list = view_put_list(v, "staff");
    for (size_t i = 0; i < n; i++) {
        struct view *row = view_add_map(list);
        view_put_id(row, "id", staff[i].id);
        view_put_text(row, "login", staff[i].login);
        view_put_text(row, "name", staff[i].name);
        view_put_text(row, "roles", staff[i].roles);
        view_put_text(row, "agency", staff[i].agency);
        view_put_text(row, "section", staff[i].section);
        view_put_text(row, "points", staff[i].points);
        view_put_text(row, "status", staff[i].status);
    }
    *ret_v = v;
    return OK;
}

/* --- what the roster can do --- */

/* People on duty as the roster sees them; CHANGED, when not NULL, stands for the row with his id. */
static struct roster_person *
on_duty(struct arena *a, const struct staff *staff, size_t n, const struct staff *changed, size_t *ret_n)
{
    struct roster_person *p = ARENA_ARRAY(a, n, struct roster_person);
    *ret_n = 0;
    for (size_t i = 0; i < n; i++) {
        const struct staff *s = changed && changed->id == staff[i].id ? changed : &staff[i];
        if (str_eqz(s->status, "active"))
            p[(*ret_n)++] = (struct roster_person){.id = s->id, .roles = staff_roles(s->roles)};
    }
    return p;
}

enum err
service_roster(struct ctx *ctx, struct server *s, struct str region, struct view **ret_v)
{
    SCOPED_READ tx = NULL;
    const struct region *r = catalog_region(s->catalog, region);
    struct staff *staff;
    size_t n, people;
    int64_t impossible = 0;
    if (!r)
        FAIL(ctx, ERR_NOT_FOUND, "%s", "");
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, staff_of_region(ctx, tx, region, &staff, &n));
    struct roster_person *p = on_duty(ctx->arena, staff, n, NULL, &people);
    struct view *v = view_map(ctx->arena), *list = view_put_list(v, "roster");
    for (size_t i = 0; i < r->matter_count; i++) {
        SCOPED_ARENA scratch = arena_new(0);
        struct ctx inner = ctx_new(scratch, ctx->now_ms);
        struct str why;
        bool possible = roster_check(&inner, &r->matter[i], p, people, &why);
        struct view *row = view_add_map(list);
        view_put_text(row, "matter", r->matter[i].id);
        view_put_text(row, "name", r->matter[i].name);
        view_put_bool(row, "possible", possible);
        view_put_text(row, "missing", str_dup(ctx->arena, why));
        impossible += !possible;
    }
    view_put_int(v, "impossible", impossible);
    *ret_v = v;
    return OK;
}

enum err
service_roster_of_version(struct ctx *ctx, struct server *s, const struct region *next, struct view *map)
{
    SCOPED_READ tx = NULL;
    const struct region *now = catalog_region(s->catalog, next->code);
    struct staff *staff;
    size_t n, people;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, staff_of_region(ctx, tx, next->code, &staff, &n));
    struct roster_person *p = on_duty(ctx->arena, staff, n, NULL, &people);
    struct view *list = view_put_list(map, "roster_lost");
    for (size_t i = 0; i < next->matter_count; i++) {
        SCOPED_ARENA scratch = arena_new(0);
        struct ctx inner = ctx_new(scratch, ctx->now_ms);
        struct str why, before;
        const struct matter *old = matter_by_id(now, next->matter[i].id);
        if (roster_check(&inner, &next->matter[i], p, people, &why) ||
            (old && !roster_check(&inner, old, p, people, &before)))
            continue;
        struct view *row = view_add_map(list);
        view_put_text(row, "matter", str_dup(ctx->arena, next->matter[i].id));
        view_put_text(row, "name", str_dup(ctx->arena, next->matter[i].name));
        view_put_text(row, "missing", str_dup(ctx->arena, why));
    }
    view_put_bool(map, "any_roster_lost", view_count(list) > 0);
    return OK;
}

/* --- changing a person --- */

enum { STAFF_THINGS = 5 };
struct change_body {
    const struct region *region;
    const struct actor *by;
    const struct staff_change *in;
    struct staff next; /* as read from the form; id and version are set in the transaction */
    int64_t event_id[STAFF_THINGS];
};

/* A matter that could be done and no longer can: the change is refused by it. */ //= R196 R243 R267
static enum err
keep_matters(struct ctx *ctx, const struct region *r, const struct staff *staff, size_t n, const struct staff *next)
{
    size_t was_n, will_n, lost = 0;
    struct roster_person *was = on_duty(ctx->arena, staff, n, NULL, &was_n);
    struct roster_person *will = on_duty(ctx->arena, staff, n, next, &will_n);
    struct str first = STR("");
    for (size_t i = 0; i < r->matter_count; i++) {
        SCOPED_ARENA scratch = arena_new(0);
        struct ctx inner = ctx_new(scratch, ctx->now_ms);
        struct str why, before;
        if (roster_check(&inner, &r->matter[i], will, will_n, &why) ||
            !roster_check(&inner, &r->matter[i], was, was_n, &before))
            continue;
        fail_field(ctx, STR("roles"), r->matter[i].name, why, STR("请先让另一人担任这个岗位，再改动或停用"));
        if (lost++ == 0)
            first = str_fmt(ctx->arena, "“%.*s”将无人能办：%.*s", STR_ARG(r->matter[i].name), STR_ARG(why));
    }
    if (lost)
        FAIL(ctx, ERR_FIELD_INVALID, "%.*s%s", STR_ARG(first), lost > 1 ? "；还有别的事项也是这样" : "");
    return OK;
}

static enum err
judge_change(struct ctx *ctx, const struct change_body *b, const struct staff *staff, size_t n, const struct staff *old,
             const struct staff *next)
{
    unsigned was = staff_roles(old->roles), will = staff_roles(next->roles);
    size_t admins = 0;
    if (old->id == b->by->id && (will & ~was)) {
        fail_field(ctx, STR("roles"), STR("岗位"), STR("不能给自己增加岗位"), STR("请由另一名管理员办理"));
        FAIL(ctx, ERR_FIELD_INVALID, "管理员不能给自己增加岗位");
    }
    for (size_t i = 0; i < n; i++) {
        const struct staff *s = staff[i].id == next->id ? next : &staff[i];
        admins += str_eqz(s->status, "active") && (staff_roles(s->roles) >> ROLE_ADMIN & 1u);
    }
    if (admins == 0) {
        fail_field(ctx, STR("roles"), STR("岗位"), STR("没有别的管理员了"), STR("请先给另一人管理岗位"));
        FAIL(ctx, ERR_FIELD_INVALID, "这是最后一名管理员，不能停用，也不能去掉管理岗位");
    }
    bool less = (was & ~will) || !str_eqz(next->status, "active");
    return less ? keep_matters(ctx, b->region, staff, n, next) : OK;
}

static enum err
record_change(struct ctx *ctx, struct tx *tx, const struct change_body *b, const struct staff *old,
              const struct staff *next)
{
    const struct {
        const char *what;
        struct str was, became;
    } thing[STAFF_THINGS] = {{"roles", old->roles, next->roles},
                             {"agency", old->agency, next->agency},
                             {"section", old->section, next->section},
                             {"points", old->points, next->points},
                             {"status", old->status, next->status}};
    for (size_t i = 0; i < STAFF_THINGS; i++) {
        struct staff_event e = {.id = b->event_id[i],
                                .staff_id = old->id,
                                .by_id = b->by->id,
                                .at_ms = ctx->now_ms,
                                .what = str_c(thing[i].what),
                                .was = thing[i].was,
                                .became = thing[i].became};
        if (!str_eq(e.was, e.became))
            TRY(ctx, staff_event_insert(ctx, tx, b->region->code, &e));
    }
    return OK;
}

static struct str
or_kept(struct str given, struct str next, struct str old)
{
    return given.p ? next : old;
}

static enum err
change_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct change_body *b = arg;
    struct staff old, *staff;
    bool found;
    size_t n;
    TRY(ctx, staff_by_id(ctx, tx, b->region->code, b->in->id, &old, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有这个人员");
    if (b->in->version && b->in->version != old.version)
        FAIL(ctx, ERR_CONFLICT, "这个账号刚刚被别人改过，请刷新后再改");
    struct staff next = old;
    bool other = staff_roles(b->next.roles) != staff_roles(old.roles);
    next.roles = b->in->roles.p && other ? b->next.roles : old.roles;
    next.agency = or_kept(b->in->agency, b->next.agency, old.agency);
    next.section = or_kept(b->in->section, b->next.section, old.section);
    next.points = or_kept(b->in->points, b->next.points, old.points);
    next.status = or_kept(b->in->status, b->next.status, old.status);
    TRY(ctx, staff_of_region(ctx, tx, b->region->code, &staff, &n));
    TRY(ctx, judge_change(ctx, b, staff, n, &old, &next));
    TRY(ctx, staff_update(ctx, tx, b->region->code, &next));
    return record_change(ctx, tx, b, &old, &next);
}

enum err
service_staff_change(struct ctx *ctx, struct server *s, const struct actor *by, const struct staff_change *in)
{
    struct change_body b = {.region = catalog_region(s->catalog, by->region), .by = by, .in = in};
    if (!b.region || !actor_has(by, ROLE_ADMIN))
        FAIL(ctx, ERR_FORBIDDEN, "%s", "");
    if (in->roles.p)
        read_roles(ctx, in->roles, &b.next.roles);
    if (in->points.p)
        read_points(ctx, b.region, in->points, &b.next.points);
    if (in->agency.p)
        read_agency(ctx, b.region, in->agency, &b.next.agency);
    if (in->section.p)
        read_section(ctx, b.region, str_trim(in->section), &b.next.section);
    b.next.status = in->status;
    if (in->status.p && !str_eqz(in->status, "active") && !str_eqz(in->status, "disabled"))
        fail_field(ctx, STR("status"), STR("状态"), STR("不是可用的值"), STR("请选“在岗”或“停用”"));
    if (ctx->fail->field_count)
        FAIL(ctx, ERR_FIELD_INVALID, "工作人员的资料有误");
    for (size_t i = 0; i < STAFF_THINGS; i++)
        b.event_id[i] = id_next(&s->ids, ctx->now_ms);
    return store_write(ctx, s->store, change_body, &b);
}

static struct str
name_of(const struct staff *staff, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (staff[i].id == id)
            return staff[i].name;
    return id ? STR("已不在册的人员") : STR("命令行");
}

enum err
service_staff_one(struct ctx *ctx, struct server *s, struct str region, int64_t id, struct view **ret_v)
{
    SCOPED_READ tx = NULL;
    struct staff one, *staff;
    struct staff_event *e;
    bool found;
    size_t n, people;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, staff_by_id(ctx, tx, region, id, &one, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有这个人员");
    TRY(ctx, staff_of_region(ctx, tx, region, &staff, &people));
    TRY(ctx, staff_event_of(ctx, tx, region, id, &e, &n));
    struct view *v = view_map(ctx->arena), *p = view_put_map(v, "person");
    view_put_id(p, "id", one.id);
    view_put_text(p, "login", one.login);
    view_put_text(p, "name", one.name);
    view_put_text(p, "roles", one.roles);
    view_put_text(p, "agency", one.agency);
    view_put_text(p, "section", one.section);
    view_put_text(p, "points", one.points);
    view_put_text(p, "status", one.status);
    view_put_int(p, "version", one.version);
    struct view *list = view_put_list(p, "events");
    for (size_t i = 0; i < n; i++) {
        struct view *row = view_add_map(list);
        view_put_text(row, "at", day_time_text(ctx->arena, e[i].at_ms));
        view_put_text(row, "by", name_of(staff, people, e[i].by_id));
        view_put_text(row, "what", e[i].what);
        view_put_text(row, "was", e[i].was);
        view_put_text(row, "became", e[i].became);
    }
    *ret_v = v;
    return OK;
}

/* --- signing in --- */

struct login_body {
    const struct vault *vault;
    struct str region, token, csrf;
    int64_t id, machine_ms;
};

static enum err
attempt_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct login_body *b = arg;
    return staff_attempt(ctx, tx, b->region, b->id);
}

static enum err
right_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct login_body *b = arg;
    TRY(ctx, staff_attempt_right(ctx, tx, b->region, b->id));
    TRY(ctx, session_purge(ctx, tx, b->region, b->machine_ms));
    return session_insert(ctx, tx, b->vault, b->region, b->id, b->token, b->csrf, b->machine_ms);
}

static enum err
find_by_login(struct ctx *ctx, struct server *s, struct str region, struct str login, struct staff *ret_staff)
{
    SCOPED_READ tx = NULL;
    bool found;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, staff_by_login(ctx, tx, region, login, ret_staff, &found));
    if (found && !str_eqz(ret_staff->status, "active"))
        *ret_staff = (struct staff){0};
    return OK;
}

static enum err
find_by_id(struct ctx *ctx, struct server *s, struct str region, int64_t id, struct staff *ret_staff)
{
    SCOPED_READ tx = NULL;
    bool found;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, staff_by_id(ctx, tx, region, id, ret_staff, &found));
    if (!found || !str_eqz(ret_staff->status, "active"))
        FAIL(ctx, ERR_UNAUTHENTICATED, "%s", "");
    return OK;
}

enum err
service_login(struct ctx *ctx, struct server *s, struct str region, struct str login, struct str password,
              struct str *ret_token, bool *ret_must_change)
{
    const struct region *r = catalog_region(s->catalog, region);
    if (!r || login.n > LOGIN_MAX || password.n > 4 * STAFF_PASSWORD_MAX)
        FAIL(ctx, ERR_UNAUTHENTICATED, "登录名或密码不对");
    struct staff staff;
    TRY(ctx, find_by_login(ctx, s, r->code, login, &staff));
    struct login_body b = {.vault = &s->vault, .region = r->code, .id = staff.id, .machine_ms = machine_ms(ctx, s)};
    TRY(ctx, store_write(ctx, s->store, attempt_body, &b));
    if (!staff_password_right(ctx, staff.password, password))
        FAIL(ctx, ERR_UNAUTHENTICATED, "登录名或密码不对");
    b.token = session_token(ctx->arena, r->code);
    b.csrf = crypto_token(ctx->arena);
    TRY(ctx, store_write(ctx, s->store, right_body, &b));
    *ret_token = b.token;
    *ret_must_change = staff.must_change;
    return OK;
}

struct token_body {
    const struct vault *vault;
    struct str token;
    int64_t machine_ms;
};

static enum err
end_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct token_body *b = arg;
    return session_end(ctx, tx, b->vault, b->token);
}

static enum err
touch_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct token_body *b = arg;
    return session_touch(ctx, tx, b->vault, b->token, b->machine_ms);
}

enum err
service_logout(struct ctx *ctx, struct server *s, struct str token)
{
    struct token_body b = {.vault = &s->vault, .token = token};
    struct str region;
    return session_region(token, &region) ? store_write(ctx, s->store, end_body, &b) : OK;
}

struct password_body {
    struct str region, hash;
    int64_t id, version;
};

static enum err
password_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct password_body *b = arg;
    return staff_password_set(ctx, tx, b->region, b->id, b->version, b->hash);
}

enum err
service_password_change(struct ctx *ctx, struct server *s, const struct actor *a, struct str old_password,
                        struct str new_password)
{
    if (a->kind != ACTOR_STAFF)
        FAIL(ctx, ERR_UNAUTHENTICATED, "%s", "");
    struct staff staff;
    TRY(ctx, find_by_id(ctx, s, a->region, a->id, &staff));
    TRY(ctx, staff_password_check(ctx, staff.login, new_password));
    if (str_eq(old_password, new_password)) {
        fail_field(ctx, STR("new_password"), STR("新密码"), STR("与原密码相同"), STR("请另设一个密码"));
        FAIL(ctx, ERR_FIELD_INVALID, "新密码与原密码相同");
    }
    struct login_body attempt = {.region = a->region, .id = a->id};
    TRY(ctx, store_write(ctx, s->store, attempt_body, &attempt));
    if (old_password.n > 4 * STAFF_PASSWORD_MAX || !staff_password_right(ctx, staff.password, old_password)) {
        fail_field(ctx, STR("old_password"), STR("原密码"), STR("不对"), STR("请重新填写现在使用的密码"));
        FAIL(ctx, ERR_FIELD_INVALID, "原密码不对");
    }
    struct password_body b = {.region = a->region, .id = a->id, .version = staff.version};
    TRY(ctx, staff_password_hash(ctx, new_password, &b.hash));
    return store_write(ctx, s->store, password_body, &b);
}

/* --- sessions --- */

static enum err
find_session(struct ctx *ctx, struct server *s, struct str token, struct session *ret_session)
{
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    return session_find(ctx, tx, &s->vault, token, machine_ms(ctx, s), ret_session);
}

enum err
service_session_actor(struct ctx *ctx, struct server *s, struct str token, struct actor *ret_actor,
                      struct str *ret_csrf, bool *ret_must_change)
{
    struct str region;
    if (!session_region(token, &region) || !catalog_region(s->catalog, region))
        FAIL(ctx, ERR_UNAUTHENTICATED, "%s", "");
    struct session session;
    TRY(ctx, find_session(ctx, s, token, &session));
    if (session.touch) {
        struct token_body b = {.vault = &s->vault, .token = token, .machine_ms = machine_ms(ctx, s)};
        IGNORE("a missed touch shortens an idle time by a minute; a read must not fail for it",
               store_write(ctx, s->store, touch_body, &b));
        fail_clear(ctx);
    }
    *ret_actor = (struct actor){
        .kind = ACTOR_STAFF,
        .id = session.staff.id,
        .region = str_dup(ctx->arena, region),
        .name = session.staff.name,
        .roles = staff_roles(session.staff.roles),
        .agency = session.staff.agency,
        .section = session.staff.section,
        .points = session.staff.points,
    };
    *ret_csrf = session.csrf;
    *ret_must_change = session.staff.must_change;
    return OK;
}
