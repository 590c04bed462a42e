#include "case/case_store.h"

#include <string.h>

#include "sql_gen.h"
#include "version/version.h"

enum { SALT_SIZE = 16 };

static struct str
digest_str(struct arena *a, struct crypto_digest d)
{
    return str_dup(a, (struct str){(const char *)d.b, sizeof d.b});
}

static struct str
number(struct arena *a, int64_t v)
{
    return str_fmt(a, "%lld", (long long)v);
}

static struct str
event_aad(struct arena *a, struct str region, int64_t case_id, int64_t seq)
{
    return str_fmt(a, "event/%.*s/%lld/%lld", STR_ARG(region), (long long)case_id, (long long)seq);
}

static struct str
event_mac(struct arena *a, const struct vault *v, struct str region, int64_t case_id, int64_t seq, int64_t id,
          int64_t at_ms, struct str kind, struct str actor, int64_t actor_id, struct str commitment, struct str prev)
{
    struct str piece[] = {region, number(a, case_id),  number(a, seq), number(a, id), number(a, at_ms), kind,
                          actor,  number(a, actor_id), commitment,     prev};
    return digest_str(a, crypto_hmac_pieces(&v->chain, piece, sizeof piece / sizeof *piece));
}

static const char *
actor_text(const struct actor *a)
{
    return a->kind == ACTOR_STAFF ? "staff" : a->kind == ACTOR_SYSTEM ? "system" : "public";
}

/* --- reading --- */

static struct case_entry
entry_of(const struct sql_event_of_case_row *e, const struct view *payload)
{
    return (struct case_entry){.seq = e->seq,
                               .at_ms = e->at_ms,
                               .actor_id = e->actor_id,
                               .kind = e->kind,
                               .actor = e->actor,
                               .payload = payload};
}

/* Checks one row against the chain and opens its payload (salt ‖ JSON). AUDIT: the plain text against its commitment,
** too; daily reading
 ** relies on the seal, whose tag covers the same bytes under the subject's key. */
static enum err
open_event(struct ctx *ctx, const struct vault *v, struct str region, int64_t case_id,
           const struct sql_event_of_case_row *e, struct str prev, const struct data_key *key, bool audit,
           const struct view **ret_payload)
{
    struct str mac = event_mac(ctx->arena, v, region, case_id, e->seq, e->id, e->at_ms, e->kind, e->actor, e->actor_id,
                               e->commitment, prev);
    if (!str_eq(prev, e->prev) || mac.n != e->mac.n || !crypto_equal(mac.p, e->mac.p, mac.n))
        FAIL(ctx, ERR_CHAIN, "办件 %lld 第 %lld 条记录与审计链不符", (long long)case_id, (long long)e->seq);
    *ret_payload = NULL;
    if (!key)
        return OK;
    struct str plain;
    TRY(ctx, crypto_open(ctx, &key->key, event_aad(ctx->arena, region, case_id, e->seq), e->payload, &plain));
    struct str commitment = audit ? digest_str(ctx->arena, crypto_sm3(plain)) : e->commitment;
    if (!str_eq(commitment, e->commitment) || plain.n < SALT_SIZE)
        FAIL(ctx, ERR_CHAIN, "办件 %lld 第 %lld 条记录的内容与审计链不符", (long long)case_id, (long long)e->seq);
    struct view *payload;
    TRY(ctx, view_from_json(ctx, str_sub(plain, SALT_SIZE, plain.n), &payload));
    *ret_payload = payload;
    return OK;
}

static enum err
read_events(struct ctx *ctx, struct tx *tx, struct str region, int64_t id, struct sql_event_of_case_row **ret_e,
            size_t *ret_n)
{
    struct sql_event_of_case_in in = {.region = region, .case_id = id};
    TRY(ctx, sql_event_of_case(ctx, tx, &in, ret_e, ret_n));
    if (*ret_n == 0)
        FAIL(ctx, ERR_NOT_FOUND, "没有这个办件");
    return OK;
}

enum err
case_load(struct ctx *ctx, struct tx *tx, const struct vault *v, const struct catalog *today, struct str region,
          int64_t id, struct case_file *ret_cf)
{
    struct sql_event_of_case_row *e;
    size_t n;
    TRY(ctx, read_events(ctx, tx, region, id, &e, &n));
    struct data_key key;
    TRY(ctx, vault_key_get(ctx, tx, v, region, e[0].key_id, &key));
    *ret_cf = (struct case_file){.region = str_dup(ctx->arena, region),
                                 .id = id,
                                 .key_id = key.id,
                                 .due = DAY_NONE,
                                 .legal = DAY_NONE,
                                 .stage_due = DAY_NONE};
    struct case_entry *entry = ARENA_ARRAY(ctx->arena, n, struct case_entry);
    struct str prev = {"", 0};
    const struct catalog *c = today;
    for (size_t i = 0; i < n; i++) {
        const struct view *payload;
        if (e[i].seq != (int64_t)i + 1)
            FAIL(ctx, ERR_CHAIN, "办件 %lld 的记录不连续", (long long)id);
        TRY(ctx, open_event(ctx, v, region, id, &e[i], prev, &key, false, &payload));
        entry[i] = entry_of(&e[i], payload);
        if (i == 0) { //= R6: the case is read by the version it was begun under
            const struct view *version = view_get(payload, STR("version"));
            TRY(ctx, version_catalog(ctx, tx, today, region, version ? view_text(version) : STR(""), &c));
        }
        TRY(ctx, case_fold(ctx, c, ret_cf, e[i].kind, e[i].at_ms, str_eqz(e[i].actor, "staff") ? e[i].actor_id : 0,
                           payload));
        prev = e[i].mac;
    }
    ret_cf->head = prev;
    ret_cf->history = entry;
    ret_cf->history_count = n;
    return OK;
}

enum err
case_history(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id,
             struct case_entry **ret_e, size_t *ret_n)
{
    struct sql_event_of_case_row *e;
    size_t n;
    TRY(ctx, read_events(ctx, tx, region, id, &e, &n));
    struct data_key key;
    bool opened = vault_key_get(ctx, tx, v, region, e[0].key_id, &key) == OK;
    struct str prev = {"", 0};
    *ret_e = ARENA_ARRAY(ctx->arena, n, struct case_entry);
    *ret_n = n;
    for (size_t i = 0; i < n; i++) {
        const struct view *payload;
        TRY(ctx, open_event(ctx, v, region, id, &e[i], prev, opened ? &key : NULL, true, &payload));
        (*ret_e)[i] = entry_of(&e[i], payload);
        prev = e[i].mac;
    }
    return OK;
}

/* --- writing --- */

static void
seal_event(struct ctx *ctx, const struct vault *v, struct id_source *ids, struct case_write *w,
           const struct case_event *event)
{
    struct sealed_event *s = &w->event[w->event_count];
    struct buf plain;
    buf_init(&plain, ctx->arena, 1024);
    crypto_random(buf_room(&plain, SALT_SIZE), SALT_SIZE);
    plain.n += SALT_SIZE;
    view_json(event->payload, &plain);
    struct str text = buf_str(&plain), region = w->after.region;
    s->kind = event->kind;
    s->seq = w->before.seq + (int64_t)w->event_count + 1;
    s->id = id_next(ids, w->now_ms);
    s->prev = w->event_count ? w->event[w->event_count - 1].mac : w->before.head;
    s->commitment = digest_str(ctx->arena, crypto_sm3(text));
    s->payload = crypto_seal(ctx->arena, &w->key.key, event_aad(ctx->arena, region, w->after.id, s->seq), text);
    s->mac = event_mac(ctx->arena, v, region, w->after.id, s->seq, s->id, w->now_ms, s->kind,
                       str_c(actor_text(&w->actor)), w->actor.id, s->commitment, s->prev);
    w->event_count++;
}

enum err
case_write_prepare(struct ctx *ctx, const struct vault *v, struct id_source *ids, const struct case_file *cf,
                   const struct actor *actor, const struct data_key *key, const struct decision *d,
                   struct case_write *ret_w)
{
    struct case_write *w = ret_w;
    const struct catalog *c = matter_catalog(cf->matter);
    *w = (struct case_write){.before = *cf, .after = *cf, .key = *key, .actor = *actor, .now_ms = ctx->now_ms};
    if (!w->before.head.p)
        w->before.head = STR("");
    w->after.key_id = key->id;
    if (cf->status == CASE_NONE) /* the first event makes the case: start the fold from nothing but its identity */
        w->after = (struct case_file){.region = cf->region,
                                      .id = cf->id,
                                      .key_id = key->id,
                                      .due = DAY_NONE,
                                      .legal = DAY_NONE,
                                      .stage_due = DAY_NONE};
    for (size_t i = 0; i < d->event_count; i++) {
        seal_event(ctx, v, ids, w, &d->event[i]);
        TRY(ctx, case_fold(ctx, c, &w->after, d->event[i].kind, ctx->now_ms, actor->kind == ACTOR_STAFF ? actor->id : 0,
                           d->event[i].payload));
        w->after.head = w->event[i].mac;
    }
    return OK;
}

int64_t
case_day_column(struct day d)
{
    return day_is_none(d) ? INT32_MAX : d.n;
}

struct day
case_column_day(int64_t column)
{
    return column == INT32_MAX ? DAY_NONE : (struct day){(int32_t)column};
}

bool
case_is_open(const struct case_file *cf)
{
    return cf->status == CASE_SUBMITTED || cf->status == CASE_NOTIFIED || cf->status == CASE_WORKING ||
           cf->status == CASE_CONCLUDED;
}

struct str
case_stage_column(const struct case_file *cf)
{
    const struct stage *st = case_stage(cf);
    return str_c(case_is_open(cf) && st ? stage_name(st->kind) : "");
}

struct str
case_section_column(const struct case_file *cf)
{
    const struct stage *st = case_stage(cf);
    return case_is_open(cf) && st && st->unit.p ? st->unit : STR("");
}

static enum err
insert_row(struct ctx *ctx, struct tx *tx, const struct case_file *cf)
{
    unsigned char access[32] = {0};
    if (!crypto_unhex(cf->access_hex, access, sizeof access))
        FAIL(ctx, ERR_INTERNAL, "%s", "");
    struct sql_case_insert_in in = {
        .region = cf->region,
        .id = cf->id,
        .no = cf->no,
        .matter = cf->matter->id,
        .version = cf->matter->region->version,
        .status = str_c(case_status_id(cf->status)),
        .stage = case_stage_column(cf),
        .section = case_section_column(cf),
        .open = case_is_open(cf),
        .subject = cf->by_unit ? STR("unit") : STR("person"),
        .person_id = cf->person_id,
        .unit_id = cf->unit_id,
        .key_id = cf->key_id,
        .masked = cf->masked,
        .channel = str_c(channel_name(cf->channel)),
        .level = str_c(cf->level_known ? level_name(cf->level) : ""),
        .agency = cf->agency,
        .point = cf->point,
        .delivery = cf->delivery,
        .received_ms = cf->received_ms,
        .accepted_ms = cf->accepted_ms,
        .concluded_ms = cf->concluded_ms,
        .due_day = case_day_column(cf->due),
        .legal_day = case_day_column(cf->legal),
        .tentative = cf->tentative,
        .stage_due_day = case_day_column(cf->stage_due),
        .archived_ms = cf->archived_ms,
        .explained = !str_empty(cf->explanation),
        .owner_id = cf->owner_id,
        .handler_id = cf->handler_id,
        .access_digest = {(const char *)access, 32},
        .rating = cf->rating,
        .seq = cf->seq,
        .head = cf->head,
        .updated_ms = cf->updated_ms,
    };
    return sql_case_insert(ctx, tx, &in, NULL);
}

static enum err
update_row(struct ctx *ctx, struct tx *tx, const struct case_file *cf, int64_t old_seq)
{
    struct sql_case_update_in in = {
        .region = cf->region,
        .id = cf->id,
        .old_seq = old_seq,
        .status = str_c(case_status_id(cf->status)),
        .stage = case_stage_column(cf),
        .section = case_section_column(cf),
        .open = case_is_open(cf),
        .person_id = cf->person_id,
        .unit_id = cf->unit_id,
        .accepted_ms = cf->accepted_ms,
        .concluded_ms = cf->concluded_ms,
        .due_day = case_day_column(cf->due),
        .legal_day = case_day_column(cf->legal),
        .tentative = cf->tentative,
        .stage_due_day = case_day_column(cf->stage_due),
        .archived_ms = cf->archived_ms,
        .explained = !str_empty(cf->explanation),
        .owner_id = cf->owner_id,
        .handler_id = cf->handler_id,
        .rating = cf->rating,
        .seq = cf->seq,
        .head = cf->head,
        .updated_ms = cf->updated_ms,
    };
    int64_t changed;
    TRY(ctx, sql_case_update(ctx, tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "这个办件刚刚被别人办理过，请刷新后再看");
    return OK;
}

static bool
same_material(const struct case_file *before, const struct case_material *m)
{
    for (size_t i = 0; before->status != CASE_NONE && i < before->material_count; i++)
        if (str_eq(before->material[i].key, m->key))
            return before->material[i].state == m->state && str_eq(before->material[i].note, m->note);
    return false;
}

static enum err
put_materials(struct ctx *ctx, struct tx *tx, const struct case_write *w)
{
    for (size_t i = 0; i < w->after.material_count; i++) {
        const struct case_material *m = &w->after.material[i];
        if (same_material(&w->before, m))
            continue;
        struct sql_material_put_in in = {.region = w->after.region,
                                         .case_id = w->after.id,
                                         .material = m->key,
                                         .state = str_c(material_state_id(m->state)),
                                         .note = m->note};
        TRY(ctx, sql_material_put(ctx, tx, &in, NULL));
    }
    return OK;
}

enum err
case_write_rows(struct ctx *ctx, struct tx *tx, const struct case_write *w)
{
    if (w->before.status == CASE_NONE)
        TRY(ctx, insert_row(ctx, tx, &w->after));
    else
        TRY(ctx, update_row(ctx, tx, &w->after, w->before.seq));
    for (size_t i = 0; i < w->event_count; i++) {
        const struct sealed_event *s = &w->event[i];
        struct sql_event_insert_in in = {
            .region = w->after.region,
            .case_id = w->after.id,
            .seq = s->seq,
            .id = s->id,
            .at_ms = w->now_ms,
            .kind = s->kind,
            .actor = str_c(actor_text(&w->actor)),
            .actor_id = w->actor.id,
            .key_id = w->key.id,
            .payload = s->payload,
            .commitment = s->commitment,
            .prev = s->prev,
            .mac = s->mac,
        };
        int64_t changed;
        TRY(ctx, sql_event_insert(ctx, tx, &in, &changed));
        if (changed != 1)
            FAIL(ctx, ERR_CONFLICT, "这个办件刚刚被别人办理过，请刷新后再看");
    }
    return put_materials(ctx, tx, w);
}
