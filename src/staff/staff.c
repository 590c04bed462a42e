/* Staff rows, password hashes, sessions. Called by service/staff_service.c only. */
#include "staff/staff.h"

#include <sodium.h>

#include "sql_gen.h"

enum { HASH_PASSES = 2, HASH_MEMORY = 19 * 1024 * 1024, REGION_DIGITS = 6 };

/* --- passwords --- */

enum err
staff_password_hash(struct ctx *ctx, struct str password, struct str *ret_hash)
{
    char out[crypto_pwhash_STRBYTES];
    if (sodium_init() < 0)
        FAIL(ctx, ERR_CRYPTO, "密码散列程序不能启动");
    if (crypto_pwhash_str(out, password.p, password.n, HASH_PASSES, HASH_MEMORY) != 0)
        FAIL(ctx, ERR_MEMORY, "没有足够的内存计算密码散列");
    *ret_hash = str_dup(ctx->arena, str_c(out));
    return OK;
}

/* Not the unknown login but its missing hash is what would show in the time taken: this one stands in for it. */
bool
staff_password_right(struct ctx *ctx, struct str hash, struct str password)
{
    static const char nobody[] =
        "$argon2id$v=19$m=19456,t=2,p=1$Nowf62urm4DBnB1k0rmByw$7kMuhvRZb3QHtS6RXJMm2CipZfKYsPiB/dLtHfLULms";
    if (sodium_init() < 0)
        return false;
    const char *stored = str_empty(hash) ? nobody : str_z(ctx->arena, hash);
    bool right = crypto_pwhash_str_verify(stored, password.p ? password.p : "", password.n) == 0;
    return right && !str_empty(hash);
}

static bool
same_letters(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++) {
        char x = a.p[i], y = b.p[i];
        x = x >= 'A' && x <= 'Z' ? (char)(x + 32) : x;
        y = y >= 'A' && y <= 'Z' ? (char)(y + 32) : y;
        if (x != y)
            return false;
    }
    return true;
}

enum err
staff_password_check(struct ctx *ctx, struct str login, struct str password)
{
    size_t n = str_utf8_count(password);
    const char *reason = n < STAFF_PASSWORD_MIN          ? "太短"
                         : n > STAFF_PASSWORD_MAX        ? "太长"
                         : same_letters(login, password) ? "与登录名相同"
                                                         : NULL;
    if (!reason)
        return OK;
    fail_field(
        ctx, STR("new_password"), STR("新密码"), str_c(reason),
        str_fmt(ctx->arena, "请设置 %d 至 %d 个字符、不同于登录名的密码", STAFF_PASSWORD_MIN, STAFF_PASSWORD_MAX));
    FAIL(ctx, ERR_FIELD_INVALID, "新密码%s", reason);
}

/* --- rows --- */

enum err
staff_by_login(struct ctx *ctx, struct tx *tx, struct str region, struct str login, struct staff *ret_s,
               bool *ret_found)
{
    struct sql_staff_by_login_in in = {.region = region, .login = login};
    struct sql_staff_by_login_row r;
    *ret_s = (struct staff){0};
    TRY(ctx, sql_staff_by_login(ctx, tx, &in, &r, ret_found));
    if (*ret_found)
        *ret_s = (struct staff){.id = r.id,
                                .version = r.version,
                                .login = login,
                                .name = r.name,
                                .roles = r.roles,
                                .agency = r.agency,
                                .section = r.section,
                                .points = r.points,
                                .password = r.password,
                                .status = r.status,
                                .failed = r.failed,
                                .locked_ms = r.locked_ms,
                                .must_change = r.must_change != 0};
    return OK;
}

enum err
staff_by_id(struct ctx *ctx, struct tx *tx, struct str region, int64_t id, struct staff *ret_s, bool *ret_found)
{
    struct sql_staff_by_id_in in = {.region = region, .id = id};
    struct sql_staff_by_id_row r;
    *ret_s = (struct staff){0};
    TRY(ctx, sql_staff_by_id(ctx, tx, &in, &r, ret_found));
    if (*ret_found)
        *ret_s = (struct staff){.id = id,
                                .version = r.version,
                                .login = r.login,
                                .name = r.name,
                                .roles = r.roles,
                                .agency = r.agency,
                                .section = r.section,
                                .points = r.points,
                                .password = r.password,
                                .status = r.status,
                                .failed = r.failed,
                                .locked_ms = r.locked_ms,
                                .must_change = r.must_change != 0};
    return OK;
}

enum err
staff_of_region(struct ctx *ctx, struct tx *tx, struct str region, struct staff **ret_s, size_t *ret_n)
{
    struct sql_staff_of_region_in in = {.region = region, .limit = STAFF_LIST_MAX};
    struct sql_staff_of_region_row *r;
    size_t n;
    TRY(ctx, sql_staff_of_region(ctx, tx, &in, &r, &n));
    struct staff *s = ARENA_ARRAY(ctx->arena, n, struct staff);
    for (size_t i = 0; i < n; i++)
        s[i] = (struct staff){.id = r[i].id,
                              .login = r[i].login,
                              .name = r[i].name,
                              .roles = r[i].roles,
                              .agency = r[i].agency,
                              .section = r[i].section,
                              .points = r[i].points,
                              .status = r[i].status};
    *ret_s = s;
    *ret_n = n;
    return OK;
}

enum err
staff_insert(struct ctx *ctx, struct tx *tx, struct str region, const struct staff *s)
{
    struct sql_staff_insert_in in = {.region = region,
                                     .id = s->id,
                                     .login = s->login,
                                     .name = s->name,
                                     .roles = s->roles,
                                     .agency = s->agency,
                                     .section = s->section,
                                     .points = s->points,
                                     .password = s->password,
                                     .created_ms = ctx->now_ms};
    int64_t changed;
    TRY(ctx, sql_staff_insert(ctx, tx, &in, &changed));
    if (changed == 1)
        return OK;
    fail_field(ctx, STR("login"), STR("登录名"), STR("已经有人使用"), STR("请换一个登录名"));
    FAIL(ctx, ERR_FIELD_INVALID, "登录名“%.*s”已经有人使用", STR_ARG(s->login));
}

enum err
staff_update(struct ctx *ctx, struct tx *tx, struct str region, const struct staff *s)
{
    struct sql_staff_update_in in = {.region = region,
                                     .id = s->id,
                                     .old_version = s->version,
                                     .roles = s->roles,
                                     .agency = s->agency,
                                     .section = s->section,
                                     .points = s->points,
                                     .status = s->status};
    int64_t changed;
    TRY(ctx, sql_staff_update(ctx, tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "这个账号刚刚被别人改过，请刷新后再改");
    struct sql_session_end_all_in all = {.region = region, .staff_id = s->id};
    return str_eqz(s->status, "active") ? OK : sql_session_end_all(ctx, tx, &all, NULL);
}

enum err
staff_event_insert(struct ctx *ctx, struct tx *tx, struct str region, const struct staff_event *e)
{
    struct sql_staff_event_insert_in in = {.region = region,
                                           .id = e->id,
                                           .staff_id = e->staff_id,
                                           .by_id = e->by_id,
                                           .at_ms = e->at_ms,
                                           .what = e->what,
                                           .was = e->was,
                                           .became = e->became};
    return sql_staff_event_insert(ctx, tx, &in, NULL);
}

enum err
staff_event_of(struct ctx *ctx, struct tx *tx, struct str region, int64_t staff_id, struct staff_event **ret_e,
               size_t *ret_n)
{
    struct sql_staff_event_of_in in = {.region = region, .staff_id = staff_id, .limit = STAFF_EVENTS_MAX};
    struct sql_staff_event_of_row *r;
    TRY(ctx, sql_staff_event_of(ctx, tx, &in, &r, ret_n));
    *ret_e = ARENA_ARRAY(ctx->arena, *ret_n, struct staff_event);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_e)[i] = (struct staff_event){.id = r[i].id,
                                           .staff_id = staff_id,
                                           .by_id = r[i].by_id,
                                           .at_ms = r[i].at_ms,
                                           .what = r[i].what,
                                           .was = r[i].was,
                                           .became = r[i].became};
    return OK;
}

enum err
staff_attempt(struct ctx *ctx, struct tx *tx, struct str region, int64_t id)
{
    if (id == 0) { /* a row is written here too, and it tells how much is being guessed */
        struct sql_counter_take_in in = {.region = region, .kind = STR("login/unknown"), .period = 0, .count = 1};
        struct sql_counter_take_row r;
        bool found;
        return sql_counter_take(ctx, tx, &in, &r, &found);
    }
    struct sql_staff_attempt_in in = {.region = region,
                                      .id = id,
                                      .now_ms = ctx->now_ms,
                                      .until_ms = ctx->now_ms + STAFF_LOCK_MS,
                                      .max = STAFF_FAILURES_MAX};
    int64_t changed;
    TRY(ctx, sql_staff_attempt(ctx, tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_LOCKED, "连续 %d 次密码不对，账号暂时锁定，请 %d 分钟后再试", STAFF_FAILURES_MAX,
             STAFF_LOCK_MS / 60000);
    return OK;
}

enum err
staff_attempt_right(struct ctx *ctx, struct tx *tx, struct str region, int64_t id)
{
    struct sql_staff_attempt_right_in in = {.region = region, .id = id};
    return sql_staff_attempt_right(ctx, tx, &in, NULL);
}

enum err
staff_password_set(struct ctx *ctx, struct tx *tx, struct str region, int64_t id, int64_t version, struct str hash)
{
    struct sql_staff_password_set_in in = {.region = region, .id = id, .old_version = version, .password = hash};
    int64_t changed;
    TRY(ctx, sql_staff_password_set(ctx, tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "账号刚刚被别人改过，请重新登录后再改密码");
    /* Whoever came in with the old password, above all with a one-time one, must not stay. */
    struct sql_session_end_all_in all = {.region = region, .staff_id = id};
    return sql_session_end_all(ctx, tx, &all, NULL);
}

unsigned
staff_roles(struct str roles)
{
    unsigned bits = 0;
    struct str word;
    enum role r;
    while (str_split(&roles, ' ', &word))
        if (role_parse(word, &r))
            bits |= 1u << r;
    return bits;
}

/* --- sessions --- */

struct str
session_token(struct arena *a, struct str region)
{
    struct str secret = crypto_token(a);
    return str_fmt(a, "%.*s.%.*s", STR_ARG(region), STR_ARG(secret));
}

bool
session_region(struct str token, struct str *ret_region)
{
    if (token.n <= REGION_DIGITS + 1 || token.n > 64 || token.p[REGION_DIGITS] != '.')
        return false;
    for (size_t i = 0; i < REGION_DIGITS; i++)
        if (token.p[i] < '0' || token.p[i] > '9')
            return false;
    *ret_region = str_sub(token, 0, REGION_DIGITS);
    return true;
}

static struct str
token_digest(struct ctx *ctx, const struct vault *v, struct str region, struct str token)
{
    return vault_digest(ctx->arena, v, "session", region, token);
}

enum err
session_insert(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t staff_id,
               struct str token, struct str csrf, int64_t now_ms)
{
    struct sql_session_insert_in in = {.region = region,
                                       .token_digest = token_digest(ctx, v, region, token),
                                       .staff_id = staff_id,
                                       .csrf = csrf,
                                       .now_ms = now_ms,
                                       .expires_ms = now_ms + SESSION_MAX_MS};
    return sql_session_insert(ctx, tx, &in, NULL);
}

enum err
session_find(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str token, int64_t now_ms,
             struct session *ret_s)
{
    struct str region;
    if (!session_region(token, &region))
        FAIL(ctx, ERR_UNAUTHENTICATED, "%s", "");
    struct sql_session_get_in in = {.region = region, .token_digest = token_digest(ctx, v, region, token)};
    struct sql_session_get_row r;
    bool found;
    TRY(ctx, sql_session_get(ctx, tx, &in, &r, &found));
    if (!found || r.expires_ms <= now_ms || r.seen_ms + SESSION_IDLE_MS <= now_ms || !str_eqz(r.status, "active"))
        FAIL(ctx, ERR_UNAUTHENTICATED, "登录已经结束，请重新登录");
    *ret_s = (struct session){
        .staff = {.id = r.staff_id,
                  .login = r.login,
                  .name = r.name,
                  .roles = r.roles,
                  .agency = r.agency,
                  .section = r.section,
                  .points = r.points,
                  .status = r.status,
                  .must_change = r.must_change != 0},
        .csrf = r.csrf,
        .seen_ms = r.seen_ms,
        .touch = now_ms - r.seen_ms >= SESSION_TOUCH_MS,
    };
    return OK;
}

enum err
session_touch(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str token, int64_t now_ms)
{
    struct str region;
    if (!session_region(token, &region))
        return OK;
    struct sql_session_touch_in in = {
        .region = region, .token_digest = token_digest(ctx, v, region, token), .now_ms = now_ms};
    return sql_session_touch(ctx, tx, &in, NULL);
}

enum err
session_end(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str token)
{
    struct str region;
    if (!session_region(token, &region))
        return OK;
    struct sql_session_end_in in = {.region = region, .token_digest = token_digest(ctx, v, region, token)};
    return sql_session_end(ctx, tx, &in, NULL);
}

enum err
session_purge(struct ctx *ctx, struct tx *tx, struct str region, int64_t now_ms)
{
    struct sql_session_purge_in in = {.region = region, .now_ms = now_ms, .idle_ms = now_ms - SESSION_IDLE_MS};
    return sql_session_purge(ctx, tx, &in, NULL);
}
