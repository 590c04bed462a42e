/* Seals, the audit of chains and seals, and the proof that every row is the fold of its events. */
#include <string.h>

#include "case/case_store.h"
#include "sql_gen.h"

enum { PAGE = 200, SEALS_PAGE = 200 };

/* Root of a seal: SM3 over the MACs in order of id. A flat digest serves: nobody asks for a proof of one leaf. */
static struct crypto_digest
seal_root(struct arena *a, const struct str *mac, size_t n)
{
    struct buf b;
    buf_init(&b, a, n * 32 + 1);
    for (size_t i = 0; i < n; i++)
        buf_add(&b, mac[i]);
    return crypto_sm3(buf_str(&b));
}

static struct crypto_digest
seal_mac(struct arena *a, const struct vault *v, struct str region, int64_t no, int64_t count, struct str root,
         struct str prev, int64_t at_ms)
{
    struct str piece[] = {
        STR("seal"), region, str_fmt(a, "%lld", (long long)no),   str_fmt(a, "%lld", (long long)count),
        root,        prev,   str_fmt(a, "%lld", (long long)at_ms)};
    return crypto_hmac_pieces(&v->chain, piece, sizeof piece / sizeof *piece);
}

static enum err
write_seal(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region,
           const struct sql_event_unsealed_row *e, size_t n)
{
    struct sql_seal_last_in last_in = {.region = region};
    struct sql_seal_last_row last = {.mac = STR("")};
    bool found;
    TRY(ctx, sql_seal_last(ctx, tx, &last_in, &last, &found));
    int64_t no = found ? last.no + 1 : 1;
    struct str *mac = ARENA_ARRAY(ctx->arena, n, struct str);
    for (size_t i = 0; i < n; i++) {
        mac[i] = e[i].mac;
        struct sql_event_seal_in in = {.region = region, .case_id = e[i].case_id, .seq = e[i].seq, .seal_no = no};
        TRY(ctx, sql_event_seal(ctx, tx, &in, NULL));
    }
    struct crypto_digest root = seal_root(ctx->arena, mac, n);
    struct str root_text = {(const char *)root.b, 32}, prev = found ? last.mac : STR("");
    struct crypto_digest m = seal_mac(ctx->arena, v, region, no, (int64_t)n, root_text, prev, ctx->now_ms);
    struct sql_seal_insert_in in = {.region = region,
                                    .no = no,
                                    .count = (int64_t)n,
                                    .root = root_text,
                                    .prev = prev,
                                    .mac = {(const char *)m.b, 32},
                                    .at_ms = ctx->now_ms};
    int64_t changed;
    TRY(ctx, sql_seal_insert(ctx, tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "封存被另一个进程完成");
    return OK;
}

enum err
case_seal(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t limit, int64_t *ret_count)
{
    struct sql_event_unsealed_in in = {.region = region, .limit = limit};
    struct sql_event_unsealed_row *e;
    size_t n;
    TRY(ctx, sql_event_unsealed(ctx, tx, &in, &e, &n));
    *ret_count = (int64_t)n;
    return n ? write_seal(ctx, tx, v, region, e, n) : OK;
}

static void
finding(struct audit *a, struct arena *keep, struct str text)
{
    if (a->broken < (int64_t)(sizeof a->finding / sizeof *a->finding))
        a->finding[a->broken] = str_dup(keep, text);
    a->broken++;
}

/* Walks the cases of a region page by page; each case in an arena of its own. */
typedef enum err (*each_case)(struct ctx *ctx, struct tx *tx, void *arg, const struct sql_case_page_row *row);

static enum err
walk_cases(struct ctx *ctx, struct store *s, struct str region, each_case f, void *arg)
{
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s, &tx));
    int64_t after = 0;
    for (;;) {
        SCOPED_ARENA page = arena_new(0);
        struct ctx inner = ctx_new(page, ctx->now_ms);
        struct sql_case_page_in in = {.region = region, .id = after, .limit = PAGE};
        struct sql_case_page_row *row;
        size_t n;
        enum err e = sql_case_page(&inner, tx, &in, &row, &n);
        for (size_t i = 0; i < n && e == OK; i++) {
            e = f(&inner, tx, arg, &row[i]);
            after = row[i].id;
        }
        if (e != OK)
            FAIL(ctx, e, "%.*s", STR_ARG(inner.fail->detail));
        if (n < PAGE)
            return OK;
    }
}

struct audit_walk {
    struct arena *keep;
    const struct vault *v;
    const struct catalog *c;
    struct str region;
    struct audit *audit;
};

static enum err
audit_case(struct ctx *ctx, struct tx *tx, void *arg, const struct sql_case_page_row *row)
{
    struct audit_walk *w = arg;
    struct case_entry *entry;
    size_t n = 0;
    w->audit->cases++;
    enum err e = case_history(ctx, tx, w->v, w->region, row->id, &entry, &n);
    if (e == ERR_STORE || e == ERR_BUSY || e == ERR_MEMORY)
        return e;
    if (e != OK) {
        finding(w->audit, w->keep, str_empty(ctx->fail->detail) ? str_c(err_info(e)->title) : ctx->fail->detail);
        fail_clear(ctx);
        return OK;
    }
    w->audit->events += (int64_t)n;
    struct sql_event_of_case_in in = {.region = w->region, .case_id = row->id};
    struct sql_event_of_case_row *events;
    TRY(ctx, sql_event_of_case(ctx, tx, &in, &events, &n));
    if ((int64_t)n != row->seq || !str_eq(events[n - 1].mac, row->head))
        finding(w->audit, w->keep, str_fmt(ctx->arena, "办件 %lld 的最后一条记录与登记不符", (long long)row->id));
    return OK;
}

static enum err
audit_seal(struct ctx *ctx, struct tx *tx, struct audit_walk *w, const struct sql_seal_page_row *s, int64_t expected_no,
           struct str prev)
{
    struct sql_event_of_seal_in in = {.region = w->region, .seal_no = s->no};
    struct sql_event_of_seal_row *e;
    size_t n;
    TRY(ctx, sql_event_of_seal(ctx, tx, &in, &e, &n));
    struct str *mac = ARENA_ARRAY(ctx->arena, n, struct str);
    for (size_t i = 0; i < n; i++)
        mac[i] = e[i].mac;
    struct crypto_digest root = seal_root(ctx->arena, mac, n);
    struct crypto_digest m = seal_mac(ctx->arena, w->v, w->region, s->no, s->count, s->root, s->prev, s->at_ms);
    w->audit->seals++;
    if (s->no != expected_no || !str_eq(s->prev, prev))
        finding(w->audit, w->keep, str_fmt(ctx->arena, "封存 %lld 与上一次封存不连续", (long long)s->no));
    else if (!crypto_equal(m.b, s->mac.p, 32))
        finding(w->audit, w->keep, str_fmt(ctx->arena, "封存 %lld 的校验码不符", (long long)s->no));
    else if ((int64_t)n != s->count || !crypto_equal(root.b, s->root.p, 32))
        finding(w->audit, w->keep, str_fmt(ctx->arena, "封存 %lld 中的记录被删除、替换或增加", (long long)s->no));
    return OK;
}

static enum err
audit_seals(struct ctx *ctx, struct store *s, struct audit_walk *w)
{
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s, &tx));
    int64_t after = 0, expected = 1;
    struct str prev = {"", 0};
    for (;;) {
        struct sql_seal_page_in in = {.region = w->region, .no = after, .limit = SEALS_PAGE};
        struct sql_seal_page_row *row;
        size_t n;
        TRY(ctx, sql_seal_page(ctx, tx, &in, &row, &n));
        for (size_t i = 0; i < n; i++) {
            TRY(ctx, audit_seal(ctx, tx, w, &row[i], expected, prev));
            prev = row[i].mac;
            after = row[i].no;
            expected = after + 1;
        }
        if (n < SEALS_PAGE)
            return OK;
    }
}

enum err
case_audit(struct ctx *ctx, struct store *s, const struct vault *v, struct str region, struct audit *ret_a)
{
    *ret_a = (struct audit){0};
    struct audit_walk w = {.keep = ctx->arena, .v = v, .region = region, .audit = ret_a};
    TRY(ctx, walk_cases(ctx, s, region, audit_case, &w));
    TRY(ctx, audit_seals(ctx, s, &w));
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s, &tx));
    struct sql_event_count_in in = {.region = region};
    struct sql_event_count_row row;
    bool found;
    TRY(ctx, sql_event_count(ctx, tx, &in, &row, &found));
    if (ret_a->broken == 0 && row.n != ret_a->events) /* events whose case row is gone */
        finding(ret_a, ctx->arena,
                str_fmt(ctx->arena, "有 %lld 条记录不属于任何办件", (long long)(row.n - ret_a->events)));
    return OK;
}

/* --- rebuild --- */

static bool
same_materials(struct ctx *ctx, struct tx *tx, const struct case_file *cf, enum err *ret_e)
{
    struct sql_material_of_case_in in = {.region = cf->region, .case_id = cf->id};
    struct sql_material_of_case_row *row;
    size_t n;
    *ret_e = sql_material_of_case(ctx, tx, &in, &row, &n);
    if (*ret_e != OK || n != cf->material_count)
        return false;
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < cf->material_count && !str_eq(cf->material[k].key, row[i].material))
            k++;
        if (k == cf->material_count || !str_eqz(row[i].state, material_state_id(cf->material[k].state)) ||
            !str_eq(row[i].note, cf->material[k].note))
            return false;
    }
    return true;
}

/* The column that lets the public in must be what the chained event says. */
static bool
access_is(const struct case_file *cf, struct str digest)
{
    unsigned char said[32];
    return digest.n == sizeof said && crypto_unhex(cf->access_hex, said, sizeof said) &&
           crypto_equal(said, digest.p, sizeof said);
}

static bool
same_row(const struct case_file *cf, const struct sql_case_row_row *r)
{
    return str_eq(r->no, cf->no) && str_eq(r->matter, cf->matter->id) &&
           str_eq(r->version, cf->matter->region->version) && str_eqz(r->status, case_status_id(cf->status)) &&
           str_eq(r->stage, case_stage_column(cf)) && str_eq(r->section, case_section_column(cf)) &&
           r->open == case_is_open(cf) && r->person_id == cf->person_id && r->unit_id == cf->unit_id &&
           r->key_id == cf->key_id && str_eq(r->masked, cf->masked) && r->received_ms == cf->received_ms &&
           r->accepted_ms == cf->accepted_ms && r->concluded_ms == cf->concluded_ms &&
           r->due_day == case_day_column(cf->due) && r->legal_day == case_day_column(cf->legal) &&
           r->tentative == cf->tentative && r->stage_due_day == case_day_column(cf->stage_due) &&
           r->archived_ms == cf->archived_ms && r->explained == !str_empty(cf->explanation) &&
           r->owner_id == cf->owner_id && r->handler_id == cf->handler_id && r->rating == cf->rating &&
           r->seq == cf->seq && str_eq(r->head, cf->head) && r->updated_ms == cf->updated_ms &&
           str_eq(r->agency, cf->agency) && str_eq(r->point, cf->point) && str_eq(r->delivery, cf->delivery) &&
           str_eqz(r->channel, channel_name(cf->channel)) &&
           str_eqz(r->level, cf->level_known ? level_name(cf->level) : "") &&
           str_eqz(r->subject, cf->by_unit ? "unit" : "person") && access_is(cf, r->access_digest);
}

static enum err
rebuild_case(struct ctx *ctx, struct tx *tx, void *arg, const struct sql_case_page_row *page)
{
    struct audit_walk *w = arg;
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    struct sql_case_row_in in = {.region = w->region, .id = page->id};
    struct sql_case_row_row row;
    bool found;
    w->audit->cases++;
    TRY(ctx, sql_case_row(ctx, tx, &in, &row, &found));
    enum err e = case_load(ctx, tx, w->v, w->c, w->region, page->id, cf);
    if (e == ERR_RECORD_MISSING) /* 已删除: its key was destroyed; the chain still stands, the row cannot be derived */
        return fail_clear(ctx), OK;
    if (e == ERR_STORE || e == ERR_BUSY || e == ERR_MEMORY)
        return e;
    enum err e2 = OK;
    if (e != OK || !found || !same_row(cf, &row) || !same_materials(ctx, tx, cf, &e2)) {
        finding(w->audit, w->keep,
                str_fmt(ctx->arena, "办件 %lld 的登记与事件不一致%s%.*s", (long long)page->id, e ? "：" : "",
                        STR_ARG(ctx->fail->detail)));
        fail_clear(ctx);
        return e2;
    }
    w->audit->events += cf->seq;
    return OK;
}

enum err
case_rebuild_check(struct ctx *ctx, struct store *s, const struct vault *v, const struct catalog *c, struct str region,
                   struct audit *ret_a)
{
    *ret_a = (struct audit){0};
    struct audit_walk w = {.keep = ctx->arena, .v = v, .c = c, .region = region, .audit = ret_a};
    return walk_cases(ctx, s, region, rebuild_case, &w);
}
