/* The city's rating platform (R284): it may take a rating for us and fetch ours. Both ways are signed with a secret the two share. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "service/guide.h"
#include "service/rating_service.h"
#include "service/service_int.h"
#include "sql_gen.h"

enum { SKEW_MS = 5 * 60 * 1000, SECRET_SIZE = CRYPTO_KEY_SIZE / 2, SECRET_TEXT = 2 * SECRET_SIZE, REF_MAX = 64 };

/* --- the signature --- */

/* *ret_found is false when nobody has set it up. */
static enum err
read_secret(struct ctx *ctx, const struct server *s, const struct region *r, struct crypto_key *ret_key,
            bool *ret_found)
{
    struct crypto_key key = {{0}}; /* its second half is the one that signs (base/crypto.h) */
    char text[SECRET_TEXT + 1];
    struct stat st;
    struct str path = str_fmt(ctx->arena, "%.*s/keys/rating-%.*s.key", STR_ARG(s->data_dir), STR_ARG(r->code));
    int fd = open(path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    *ret_found = fd >= 0;
    if (fd < 0 && errno == ENOENT)
        return OK;
    if (fd < 0)
        FAIL(ctx, ERR_CONFIG, "评价平台的密钥文件打不开（%s）", strerror(errno));
    ssize_t n = fstat(fd, &st) == 0 ? read(fd, text, sizeof text) : -1;
    close(fd);
    if (n >= 0 && (st.st_mode & 077))
        FAIL(ctx, ERR_CONFIG, "评价平台的密钥文件权限过宽，请执行 chmod 600 %s", path.p);
    if (n < SECRET_TEXT || !crypto_unhex((struct str){text, SECRET_TEXT}, key.b + SECRET_SIZE, SECRET_SIZE))
        FAIL(ctx, ERR_CONFIG, "评价平台的密钥文件应是 %d 个十六进制字符：%s", SECRET_TEXT, path.p);
    *ret_key = key;
    return OK;
}

enum err
service_platform_check(struct ctx *ctx, struct server *s, const struct platform_call *c)
{
    struct crypto_key key;
    unsigned char given[CRYPTO_DIGEST_SIZE];
    int64_t at;
    bool found;
    TRY(ctx, read_secret(ctx, s, c->region, &key, &found));
    bool timely = str_int(c->time, &at) && at > ctx->now_ms - SKEW_MS && at < ctx->now_ms + SKEW_MS;
    bool right = false;
    if (found && timely && crypto_unhex(c->signature, given, sizeof given)) {
        struct str text = str_fmt(ctx->arena, "%s\n%.*s\n%.*s\n", c->method, STR_ARG(c->path), STR_ARG(c->time));
        struct crypto_digest d = crypto_hmac(&key, str_concat(ctx->arena, text, c->body.p ? c->body : STR("")));
        right = crypto_equal(d.b, given, sizeof given);
    }
    if (!right)
        FAIL(ctx, ERR_UNAUTHENTICATED, "评价平台的签名不对，或时间相差超过五分钟");
    return OK;
}

/* --- in --- */

static struct str
need_text(struct ctx *ctx, const struct view *json, const char *key, const char *label, size_t max, bool required)
{
    struct str s;
    bool ok = json_text(json, key, &s);
    s = s.p ? str_trim(s) : STR("");
    if (!ok || s.n > max)
        fail_field(ctx, str_c(key), str_c(label), ok ? STR("太长") : STR("应是一段文字"), STR("请核对接口说明"));
    else if (required && str_empty(s))
        fail_field(ctx, str_c(key), str_c(label), STR("没有填写"), STR("请核对接口说明"));
    return ok ? s : STR("");
}

static enum err
read_given(struct ctx *ctx, const struct view *json, struct str *ret_no, struct rating_given *g)
{
    int64_t level = 0;
    bool present = false;
    struct str channel;
    *ret_no = need_text(ctx, json, "no", "办件编号", 40, true);
    g->ref = need_text(ctx, json, "ref", "平台的评价编号", REF_MAX, true);
    g->step = need_text(ctx, json, "step", "评价的环节", 20, false);
    g->text = need_text(ctx, json, "text", "评价内容", 4 * RATING_TEXT_MAX, false);
    channel = need_text(ctx, json, "channel", "评价渠道", 20, true);
    if (!str_empty(channel) && !rating_channel_parse(channel, &g->channel))
        fail_field(ctx, STR("channel"), STR("评价渠道"), STR("不认识"),
                   STR("应为 device（现场）、internet（互联网）、third_party（第三方）或 qr（二维码）"));
    if (!json_int(json, "level", &level, &present) || !present || level < 1 || level > RATING_LEVELS)
        fail_field(ctx, STR("level"), STR("满意度"), STR("应为 1 到 5 的整数"), STR("1 非常满意，5 非常不满意"));
    g->level = (int)level;
    const struct view *tags = view_get(json, STR("tags"));
    for (const struct view *t = tags && view_kind(tags) == VIEW_LIST ? view_first(tags) : NULL; t; t = view_next(t))
        if (view_kind(t) == VIEW_TEXT)
            g->tags = rating_tags_add(ctx->arena, g->tags, view_text(t));
    if (ctx->fail->field_count)
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    return OK;
}

static enum err
came_before(struct ctx *ctx, struct server *s, const struct region *r, const struct case_file *cf,
            const struct rating_given *g, bool *ret_replayed)
{
    int64_t case_id = 0;
    int level = 0;
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, rating_replayed(ctx, tx, r->code, g->ref, &case_id, &level, ret_replayed));
    if (*ret_replayed && (case_id != cf->id || level != g->level))
        FAIL(ctx, ERR_IDEMPOTENCY, "平台的评价编号 %.*s 用过，内容不同", STR_ARG(g->ref));
    return OK;
}

enum err
service_platform_rate(struct ctx *ctx, struct server *s, const struct region *r, const struct view *json,
                      struct view *ret_map)
{
    struct rating_given g = {.source = RATING_OF_PLATFORM, .tags = STR(""), .ref = STR("")};
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    struct str no;
    bool replayed;
    TRY(ctx, read_given(ctx, json, &no, &g));
    TRY(ctx, service_rating_case(ctx, s, r->code, no, cf));
    TRY(ctx, came_before(ctx, s, r, cf, &g, &replayed));
    if (!replayed)
        TRY(ctx, service_rate(ctx, s, cf, &g));
    view_put_text(ret_map, "no", cf->no);
    view_put_text(ret_map, "ref", g.ref);
    view_put_int(ret_map, "level", g.level);
    view_put_bool(ret_map, "bad", rating_is_bad(g.level));
    view_put_bool(ret_map, "replayed", replayed);
    return OK;
}

/* --- out --- */

static struct str
or_empty(struct str s)
{
    return s.p ? s : STR("");
}

/* No text and no name: what a person wrote is his and ours. */
enum err
service_platform_rating(struct ctx *ctx, struct tx *tx, const struct region *r, const struct rating *x, struct view *v)
{
    struct sql_case_row_in in = {.region = r->code, .id = x->case_id};
    struct sql_case_row_row row;
    const struct matter *m = matter_by_id(r, x->matter);
    bool found = false;
    if (x->case_id)
        TRY(ctx, sql_case_row(ctx, tx, &in, &row, &found));
    view_put_id(v, "id", x->id);
    view_put_text(v, "region", r->code);
    view_put_text(v, "at", day_iso_text(ctx->arena, x->created_ms));
    view_put_z(v, "source", rating_source_id(x->source));
    view_put_z(v, "channel", rating_channel_id(x->channel));
    guide_put(v, "no", found ? row.no : STR(""));
    view_put_text(v, "step", x->case_id ? x->step : STR("visit"));
    view_put_text(v, "matter", or_empty(x->matter));
    guide_put(v, "matter_name", m ? m->name : STR(""));
    guide_put(v, "matter_code", m ? m->code : STR(""));
    view_put_text(v, "agency", or_empty(x->agency));
    view_put_text(v, "point", or_empty(x->point));
    view_put_text(v, "window", or_empty(x->window));
    if (x->staff_id) /* whom it concerns: the number of his account, no name */
        view_put_id(v, "staff", x->staff_id);
    else
        view_put_null(v, "staff");
    guide_put(v, "ref", or_empty(x->ref));
    view_put_int(v, "level", x->level);
    view_put_z(v, "level_name", rating_level_name(x->level));
    view_put_bool(v, "bad", rating_is_bad(x->level));
    view_put_bool(v, "excluded", x->excluded);
    struct view *tags = view_put_list(v, "tags");
    struct str rest = x->tags, tag;
    while (!str_empty(x->tags) && str_split(&rest, '\n', &tag))
        view_add_text(tags, tag);
    return OK;
}

enum err
service_platform_export(struct ctx *ctx, struct server *s, const struct region *r, int64_t after, int limit,
                        struct view *ret_map)
{
    struct rating *x;
    size_t n;
    int most = limit < 1 || limit > RATING_EXPORT_MAX ? RATING_EXPORT_MAX : limit;
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, rating_list(ctx, tx, r->code, after, ctx->now_ms - RATING_EXPORT_LAG_MS, most, &x, &n));
    struct view *list = view_put_list(ret_map, "ratings");
    for (size_t i = 0; i < n; i++)
        TRY(ctx, service_platform_rating(ctx, tx, r, &x[i], view_add_map(list)));
    view_put_id(ret_map, "next", n ? x[n - 1].id : after);
    view_put_bool(ret_map, "more", n == (size_t)most);
    return OK;
}
