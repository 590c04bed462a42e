/* Signing in, sessions, staff accounts. Passwords are hashed outside every transaction: a hash takes longer than a
 * commit. */
#include "base/ident.h"
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

static void
read_roles(struct ctx *ctx, struct str list, struct str *ret_roles)
{
    struct buf b;
    struct str word;
    enum role r;
    buf_init(&b, ctx->arena, 64);
    while (next_word(&list, &word)) {
        if (!role_parse(word, &r)) {
            fail_field(ctx, STR("roles"), STR("岗位"), str_fmt(ctx->arena, "没有“%.*s”这个岗位", STR_ARG(word)),
                       STR("可用：window review approve fund supervisor keeper admin kiosk"));
            return;
        }
        if (b.n)
            buf_byte(&b, ' ');
        buf_addz(&b, role_id(r));
    }
    if (b.n == 0)
        fail_field(ctx, STR("roles"), STR("岗位"), STR("没有填写"), STR("请至少给一个岗位"));
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

struct add_body {
    struct str region;
    struct staff staff;
};

static enum err
add_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct add_body *b = arg;
    return staff_insert(ctx, tx, b->region, &b->staff);
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
    if (ctx->fail->field_count)
        FAIL(ctx, ERR_FIELD_INVALID, "工作人员的资料有误");
    struct str password = crypto_code(ctx->arena, ONE_TIME_CHARS);
    TRY(ctx, staff_password_hash(ctx, password, &b.staff.password));
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
        view_put_text(row, "points", staff[i].points);
        view_put_text(row, "status", staff[i].status);
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
        .points = session.staff.points,
    };
    *ret_csrf = session.csrf;
    *ret_must_change = session.staff.must_change;
    return OK;
}
