#include "rating/rating.h"

#include <string.h>

#include "rating/call_back.h"
#include "sql_gen.h"

/* --- the vocabulary --- */

const char *
rating_level_name(int level)
{
    static const char *const names[] = {"", "非常满意", "满意", "基本满意", "不满意", "非常不满意"};
    return level >= 1 && level <= RATING_LEVELS ? names[level] : "";
}

static const char *const channel_ids[RATING_CHANNEL_COUNT] = {"device", "internet", "third_party", "qr"};
static const char *const channel_names[RATING_CHANNEL_COUNT] = {"现场", "互联网", "第三方", "二维码"}; //= R46 R47
static const char *const source_ids[RATING_SOURCE_COUNT] = {"case", "visit", "platform"};

const char *
rating_channel_id(enum rating_channel c)
{
    return channel_ids[c];
}

const char *
rating_channel_name(enum rating_channel c)
{
    return channel_names[c];
}

const char *
rating_source_id(enum rating_source s)
{
    return source_ids[s];
}

bool
rating_channel_parse(struct str s, enum rating_channel *ret_c)
{
    for (int i = 0; i < RATING_CHANNEL_COUNT; i++)
        if (str_eqz(s, channel_ids[i]) || str_eqz(s, channel_names[i])) {
            *ret_c = (enum rating_channel)i;
            return true;
        }
    return false;
}

//= R45
static const char *const agency_tags[] = {"政务服务事项管理", "办事流程", "服务规范", "服务效率",
                                          "服务便利度",       "承诺履行", "整改实效", "监督管理"};
static const char *const platform_tags[] = {"便捷性", "完善性"};
static const char *const staff_tags[] = {"服务态度", "服务水平"};
static const struct rating_object objects[] = {
    {"agency", "经办机构", agency_tags, sizeof agency_tags / sizeof *agency_tags},
    {"platform", "服务平台", platform_tags, sizeof platform_tags / sizeof *platform_tags},
    {"staff", "工作人员", staff_tags, sizeof staff_tags / sizeof *staff_tags},
};

const struct rating_object *
rating_objects(size_t *ret_n)
{
    *ret_n = sizeof objects / sizeof *objects;
    return objects;
}

bool
rating_tag_known(struct str tag)
{
    size_t colon = strlen("：");
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
        size_t about = strlen(objects[i].name);
        struct str rest = str_sub(tag, about, tag.n);
        if (!str_starts(tag, str_c(objects[i].name)) || !str_starts(rest, STR("：")))
            continue;
        for (size_t k = 0; k < objects[i].tag_count; k++)
            if (str_eqz(str_sub(rest, colon, rest.n), objects[i].tag[k]))
                return true;
    }
    return false;
}

struct str
rating_tags_add(struct arena *a, struct str list, struct str tag)
{
    struct str rest = list, said;
    size_t n = 0;
    tag = str_trim(tag);
    if (!rating_tag_known(tag))
        return list;
    while (!str_empty(list) && str_split(&rest, '\n', &said)) {
        n++;
        if (str_eq(said, tag))
            return list;
    }
    if (n == RATING_TAGS_MAX)
        return list;
    return n ? str_fmt(a, "%.*s\n%.*s", STR_ARG(list), STR_ARG(tag)) : tag;
}

/* --- who --- */

struct str
rating_handlers(struct arena *a, const int64_t *staff_id, size_t n)
{
    struct buf b;
    buf_init(&b, a, 64);
    buf_byte(&b, ' ');
    for (size_t i = 0; i < n; i++) {
        struct str one = str_fmt(a, " %lld ", (long long)staff_id[i]);
        if (staff_id[i] && str_find(buf_str(&b), one) == SIZE_MAX)
            buf_add(&b, str_sub(one, 1, one.n));
    }
    return buf_str(&b);
}

bool
rating_handled_by(const struct rating *r, int64_t staff_id)
{
    char one[32];
    size_t n = 0;
    if (staff_id <= 0)
        return false;
    for (int64_t v = staff_id; v; v /= 10)
        n++;
    one[0] = one[n + 1] = ' ';
    for (int64_t v = staff_id, i = (int64_t)n; v; v /= 10)
        one[i--] = (char)('0' + v % 10);
    return r->staff_id == staff_id || str_find(r->handlers, (struct str){one, n + 2}) != SIZE_MAX;
}

int64_t
rating_month_of(int64_t ms)
{
    struct day_ymd d = day_ymd(day_of_ms(ms));
    return d.year * 100 + d.month;
}

/* --- storing --- */

enum err
rating_task(struct ctx *ctx, struct tx *tx, struct id_source *ids, struct str region, int64_t case_id, const char *kind,
            struct day due, struct str note)
{
    struct sql_task_insert_in in = {.region = region,
                                    .id = id_next(ids, ctx->now_ms),
                                    .case_id = case_id,
                                    .kind = str_c(kind),
                                    .due_day = due.n,
                                    .note = note};
    return sql_task_insert(ctx, tx, &in, NULL);
}

static struct str
rating_aad(struct arena *a, struct str region, int64_t id, const char *column)
{
    return str_fmt(a, "rating/%.*s/%lld%s", STR_ARG(region), (long long)id, column);
}

static struct str
or_empty(struct str s)
{
    return s.p ? s : STR("");
}

static enum err
store_about(struct ctx *ctx, struct tx *tx, const struct data_key *key, const struct rating *r)
{
    struct sql_rating_about_insert_in in = {
        .region = r->region,
        .id = r->id,
        .source = str_c(source_ids[r->source]),
        .case_id = r->case_id,
        .month = r->month,
        .matter = or_empty(r->matter),
        .agency = or_empty(r->agency),
        .point = or_empty(r->point),
        .window_name = or_empty(r->window),
        .staff_id = r->staff_id,
        .handlers = or_empty(r->handlers),
        .channel = str_c(channel_ids[r->channel]),
        .level = r->level,
        .bad = rating_is_bad(r->level),
        .ref = or_empty(r->ref),
        .contact = crypto_seal(ctx->arena, &key->key, rating_aad(ctx->arena, r->region, r->id, "/contact"),
                               or_empty(r->contact)),
        .created_ms = r->created_ms,
    };
    return sql_rating_about_insert(ctx, tx, &in, NULL);
}

enum err
rating_store(struct ctx *ctx, struct tx *tx, struct id_source *ids, const struct data_key *key,
             const struct rating_task_first *first, struct rating *r)
{
    r->id = id_next(ids, ctx->now_ms);
    r->created_ms = ctx->now_ms;
    r->month = rating_month_of(ctx->now_ms);
    r->excluded = false;
    struct sql_rating_insert_in in = {
        .region = r->region,
        .id = r->id,
        .case_id = r->case_id,
        .step = r->step,
        .level = r->level,
        .channel = str_c(channel_ids[r->channel]),
        .tags = or_empty(r->tags),
        .key_id = key->id,
        .body = crypto_seal(ctx->arena, &key->key, rating_aad(ctx->arena, r->region, r->id, ""), or_empty(r->text)),
        .bad = rating_is_bad(r->level),
        .created_ms = r->created_ms,
    };
    int64_t changed;
    TRY(ctx, sql_rating_insert(ctx, tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_RATED, "%s", "");
    TRY(ctx, store_about(ctx, tx, key, r));
    if (r->case_id)
        TRY(ctx,
            sql_offer_rated(ctx, tx, &(struct sql_offer_rated_in){.region = r->region, .case_id = r->case_id}, NULL));
    return rating_is_bad(r->level) ? call_back_begin(ctx, tx, key->id, first, r) : OK; //= R41
}

/* --- reading --- */

enum err
rating_replayed(struct ctx *ctx, struct tx *tx, struct str region, struct str ref, int64_t *ret_case_id, int *ret_level,
                bool *ret_found)
{
    struct sql_rating_by_ref_in in = {.region = region, .ref = ref};
    struct sql_rating_by_ref_row row;
    TRY(ctx, sql_rating_by_ref(ctx, tx, &in, &row, ret_found));
    if (*ret_found) {
        *ret_case_id = row.case_id;
        *ret_level = (int)row.level;
    }
    return OK;
}

static enum rating_source
source_of(struct str s)
{
    for (int i = 0; i < RATING_SOURCE_COUNT; i++)
        if (str_eqz(s, source_ids[i]))
            return (enum rating_source)i;
    return RATING_OF_CASE;
}

static enum rating_channel
channel_of(struct str s)
{
    enum rating_channel c = RATING_INTERNET;
    (void)rating_channel_parse(s, &c); /* the table's check leaves no other word */
    return c;
}

enum err
rating_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id, struct rating *ret_r)
{
    struct sql_rating_get_in in = {.region = region, .id = id};
    struct sql_rating_get_row x;
    struct data_key key;
    struct str text, contact;
    bool found;
    TRY(ctx, sql_rating_get(ctx, tx, &in, &x, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有这条评价");
    TRY(ctx, vault_key_get(ctx, tx, v, region, x.key_id, &key));
    TRY(ctx, crypto_open(ctx, &key.key, rating_aad(ctx->arena, region, id, ""), x.body, &text));
    TRY(ctx, crypto_open(ctx, &key.key, rating_aad(ctx->arena, region, id, "/contact"), x.contact, &contact));
    *ret_r = (struct rating){.id = id,
                             .key_id = x.key_id,
                             .case_id = x.case_id,
                             .region = region,
                             .step = x.step,
                             .source = source_of(x.source),
                             .channel = channel_of(x.channel),
                             .level = (int)x.level,
                             .excluded = x.excluded != 0,
                             .month = x.month,
                             .matter = x.matter,
                             .agency = x.agency,
                             .point = x.point,
                             .window = x.window_name,
                             .staff_id = x.staff_id,
                             .handlers = x.handlers,
                             .tags = x.tags,
                             .ref = x.ref,
                             .text = text,
                             .contact = contact,
                             .created_ms = x.created_ms};
    return OK;
}

enum err
rating_list(struct ctx *ctx, struct tx *tx, struct str region, int64_t after, int64_t before_ms, int limit,
            struct rating **ret_r, size_t *ret_n)
{
    struct sql_rating_after_in in = {.region = region, .id = after, .before_ms = before_ms, .limit = limit};
    struct sql_rating_after_row *x;
    TRY(ctx, sql_rating_after(ctx, tx, &in, &x, ret_n));
    struct rating *r = ARENA_ARRAY(ctx->arena, *ret_n, struct rating);
    for (size_t i = 0; i < *ret_n; i++)
        r[i] = (struct rating){.id = x[i].id,
                               .case_id = x[i].case_id,
                               .region = region,
                               .step = x[i].step,
                               .source = source_of(x[i].source),
                               .channel = channel_of(x[i].channel),
                               .level = (int)x[i].level,
                               .excluded = x[i].excluded != 0,
                               .matter = x[i].matter,
                               .agency = x[i].agency,
                               .point = x[i].point,
                               .window = x[i].window_name,
                               .staff_id = x[i].staff_id,
                               .tags = x[i].tags,
                               .ref = x[i].ref,
                               .created_ms = x[i].created_ms};
    *ret_r = r;
    return OK;
}

enum err
rating_of_clerk(struct ctx *ctx, struct tx *tx, struct str region, int64_t staff_id, int64_t before, int limit,
                struct rating **ret_r, size_t *ret_n)
{
    struct sql_rating_of_clerk_in in = {.region = region, .staff_id = staff_id, .id = before, .limit = limit};
    struct sql_rating_of_clerk_row *x;
    TRY(ctx, sql_rating_of_clerk(ctx, tx, &in, &x, ret_n));
    struct rating *r = ARENA_ARRAY(ctx->arena, *ret_n, struct rating);
    for (size_t i = 0; i < *ret_n; i++)
        r[i] = (struct rating){.id = x[i].id,
                               .region = region,
                               .month = x[i].month,
                               .level = (int)x[i].level,
                               .tags = x[i].tags,
                               .excluded = x[i].excluded != 0};
    *ret_r = r;
    return OK;
}

/* --- visits --- */

enum err
rating_visit_take(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, struct str point,
                  struct str peer)
{
    enum { KEPT_DAYS = 2 };
    struct day today = day_of_ms(ctx->now_ms);
    /* the day is part of what is digested: one address is another digest tomorrow, so nobody is followed over days */
    struct str who = str_fmt(ctx->arena, "%d/%.*s/%.*s", (int)today.n, STR_ARG(point), STR_ARG(peer));
    struct sql_visit_take_in in = {
        .region = region, .day = today.n, .digest = vault_digest(ctx->arena, v, "rating-visit", region, who)};
    struct sql_visit_take_row row;
    bool found;
    TRY(ctx,
        sql_visit_purge(ctx, tx, &(struct sql_visit_purge_in){.region = region, .day = today.n - KEPT_DAYS}, NULL));
    TRY(ctx, sql_visit_take(ctx, tx, &in, &row, &found));
    if (row.n > RATING_VISITS_PER_DAY)
        FAIL(ctx, ERR_LOCKED, "今天从这个网络在这里已经评价过 %d 次，请明天再来，或凭办件编号评价",
             RATING_VISITS_PER_DAY);
    return OK;
}

/* --- offers --- */

enum err
rating_offer_make(struct ctx *ctx, struct tx *tx, struct str region, const struct rating_offer *o)
{
    struct sql_offer_insert_in in = {.region = region,
                                     .case_id = o->case_id,
                                     .month = rating_month_of(o->closed_ms),
                                     .matter = or_empty(o->matter),
                                     .point = or_empty(o->point),
                                     .staff_id = o->staff_id,
                                     .closed_ms = o->closed_ms,
                                     .remind_day = o->remind.n};
    return sql_offer_insert(ctx, tx, &in, NULL);
}

enum err
rating_reminders_due(struct ctx *ctx, struct tx *tx, struct str region, struct day today, int limit,
                     int64_t **ret_case_ids, size_t *ret_n)
{
    struct sql_offer_due_in in = {.region = region, .day = today.n, .limit = limit};
    struct sql_offer_due_row *row;
    size_t n, k = 0;
    TRY(ctx, sql_offer_due(ctx, tx, &in, &row, &n));
    int64_t *ids = ARENA_ARRAY(ctx->arena, n, int64_t);
    for (size_t i = 0; i < n; i++) {
        struct sql_offer_reminded_in done = {.region = region, .case_id = row[i].case_id, .reminded_ms = ctx->now_ms};
        int64_t changed;
        TRY(ctx, sql_offer_reminded(ctx, tx, &done, &changed));
        if (changed == 1) /* another process was not quicker */
            ids[k++] = row[i].case_id;
    }
    *ret_case_ids = ids;
    *ret_n = k;
    return OK;
}
