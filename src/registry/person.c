/* Persons and their enrolments. */
#include "base/json.h"
#include "registry/registry_int.h"
#include "sql_gen.h"

struct str
registry_aad(struct arena *a, const char *table, struct str region, int64_t id)
{
    return str_fmt(a, "%s/%.*s/%lld", table, STR_ARG(region), (long long)id);
}

struct str
registry_text(const struct view *body, const char *key)
{
    struct str s;
    return json_text(body, key, &s) && s.p ? s : STR("");
}

struct str
registry_seal_view(struct ctx *ctx, const struct crypto_key *key, struct str aad, const struct view *v)
{
    struct buf b;
    buf_init(&b, ctx->arena, 512);
    view_json(v, &b);
    return crypto_seal(ctx->arena, key, aad, buf_str(&b));
}

enum err
registry_open_view(struct ctx *ctx, const struct crypto_key *key, struct str aad, struct str sealed,
                   struct view **ret_v)
{
    struct str plain;
    TRY(ctx, crypto_open(ctx, key, aad, sealed, &plain));
    return view_from_json(ctx, plain, ret_v);
}

static struct str
person_body(struct ctx *ctx, struct str region, const struct person *p)
{
    struct view *v = view_map(ctx->arena);
    view_put_text(v, "name", p->name);
    view_put_text(v, "id_number", p->id_number);
    view_put_text(v, "id_kind", p->id_kind);
    view_put_opt(v, "sex", p->sex);
    view_put_day(v, "birth", p->birth);
    view_put_opt(v, "mobile", p->mobile);
    view_put_opt(v, "address", p->address);
    view_put_opt(v, "hukou", p->hukou);
    return registry_seal_view(ctx, &p->key.key, registry_aad(ctx->arena, "person", region, p->id), v);
}

static enum err
person_open(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id, int64_t key_id,
            struct str masked, struct str body, int64_t version, struct person *ret_p)
{
    *ret_p = (struct person){.id = id, .version = version, .masked = masked, .birth = DAY_NONE};
    TRY(ctx, vault_key_get(ctx, tx, v, region, key_id, &ret_p->key));
    struct view *b;
    TRY(ctx, registry_open_view(ctx, &ret_p->key.key, registry_aad(ctx->arena, "person", region, id), body, &b));
    ret_p->name = registry_text(b, "name");
    ret_p->id_number = registry_text(b, "id_number");
    ret_p->id_kind = registry_text(b, "id_kind");
    ret_p->sex = registry_text(b, "sex");
    ret_p->mobile = registry_text(b, "mobile");
    ret_p->address = registry_text(b, "address");
    ret_p->hukou = registry_text(b, "hukou");
    if (!day_parse(registry_text(b, "birth"), &ret_p->birth))
        ret_p->birth = DAY_NONE;
    return OK;
}

enum err
registry_person_find(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, struct str id_number,
                     struct person *ret_p, bool *ret_found)
{
    struct sql_person_by_identity_in in = {.region = region,
                                           .id_digest = vault_digest(ctx->arena, v, "id", region, id_number)};
    struct sql_person_by_identity_row r;
    *ret_p = (struct person){.birth = DAY_NONE};
    TRY(ctx, sql_person_by_identity(ctx, tx, &in, &r, ret_found));
    return *ret_found ? person_open(ctx, tx, v, region, r.id, r.key_id, r.masked, r.body, r.version, ret_p) : OK;
}

enum err
registry_person_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id,
                    struct person *ret_p)
{
    struct sql_person_by_id_in in = {.region = region, .id = id};
    struct sql_person_by_id_row r;
    bool found;
    TRY(ctx, sql_person_by_id(ctx, tx, &in, &r, &found));
    if (!found)
        FAIL(ctx, ERR_RECORD_MISSING, "登记系统中没有这个人");
    return person_open(ctx, tx, v, region, r.id, r.key_id, r.masked, r.body, r.version, ret_p);
}

enum err
registry_person_insert(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, const struct person *p,
                       bool demo)
{
    struct sql_person_insert_in in = {
        .region = region,
        .id = p->id,
        .key_id = p->key.id,
        .id_digest = vault_digest(ctx->arena, v, "id", region, p->id_number),
        .name_digest = vault_digest(ctx->arena, v, "name", region, p->name),
        .masked = ident_mask_name(ctx->arena, p->name),
        .body = person_body(ctx, region, p),
        .demo = demo,
        .created_ms = ctx->now_ms,
    };
    int64_t changed;
    TRY(ctx, sql_person_insert(ctx, tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "这个身份证件号码已经登记过");
    return OK;
}

enum err
registry_person_update(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, const struct person *p)
{
    struct sql_person_by_identity_in who = {.region = region,
                                            .id_digest = vault_digest(ctx->arena, v, "id", region, p->id_number)};
    struct sql_person_by_identity_row other;
    bool taken;
    TRY(ctx, sql_person_by_identity(ctx, tx, &who, &other, &taken)); /* a unique violation could tell nobody anything */
    if (taken && other.id != p->id)
        FAIL(ctx, ERR_ENROLMENT_DUPLICATE, "身份证件号码 %.*s 已经登记在另一位参保人名下，不能改成这个号码，请核对",
             STR_ARG(ident_mask_id(ctx->arena, p->id_number)));
    struct sql_person_update_in in = {
        .region = region,
        .id = p->id,
        .old_version = p->version,
        .id_digest = who.id_digest,
        .name_digest = vault_digest(ctx->arena, v, "name", region, p->name),
        .masked = ident_mask_name(ctx->arena, p->name),
        .body = person_body(ctx, region, p),
    };
    int64_t changed;
    TRY(ctx, sql_person_update(ctx, tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "参保人资料刚刚被别人改过，请刷新后再办理");
    return OK;
}

//= R63
enum err
registry_enrol(struct ctx *ctx, struct tx *tx, struct id_source *ids, struct str region, int64_t person_id,
               struct str insurance, struct str identity, int64_t unit_id, int64_t case_id)
{
    struct sql_enrolment_insert_in in = {
        .region = region,
        .id = id_next(ids, ctx->now_ms),
        .person_id = person_id,
        .insurance = insurance,
        .identity = identity,
        .unit_id = unit_id,
        .from_day = day_of_ms(ctx->now_ms).n,
        .case_id = case_id,
    };
    int64_t changed;
    TRY(ctx, sql_enrolment_insert(ctx, tx, &in, &changed));
    if (changed != 1) {
        fail_rule(ctx, "R63");
        FAIL(ctx, ERR_ENROLMENT_DUPLICATE, "参保人已有正常参保的医保，请先办理停保再参保");
    }
    return OK;
}

enum err
registry_enrolments(struct ctx *ctx, struct tx *tx, struct str region, int64_t person_id, struct enrolment **ret_e,
                    size_t *ret_n)
{
    struct sql_enrolment_of_person_in in = {.region = region, .person_id = person_id};
    struct sql_enrolment_of_person_row *r;
    TRY(ctx, sql_enrolment_of_person(ctx, tx, &in, &r, ret_n));
    *ret_e = ARENA_ARRAY(ctx->arena, *ret_n, struct enrolment);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_e)[i] = (struct enrolment){
            .id = r[i].id,
            .unit_id = r[i].unit_id,
            .insurance = r[i].insurance,
            .identity = r[i].identity,
            .status = r[i].status,
            .from = {(int32_t)r[i].from_day},
            .to = r[i].to_day ? (struct day){(int32_t)r[i].to_day} : DAY_NONE,
        };
    return OK;
}

const struct enrolment *
registry_active(const struct enrolment *e, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eqz(e[i].status, "active"))
            return &e[i];
    return NULL;
}

enum err
registry_balance(struct ctx *ctx, struct tx *tx, struct str region, int64_t person_id, struct money *ret_balance,
                 int64_t *ret_months)
{
    struct sql_ledger_balance_in in = {.region = region, .person_id = person_id, .account = STR("personal")};
    struct sql_ledger_balance_row r = {0};
    bool found;
    TRY(ctx, sql_ledger_balance(ctx, tx, &in, &r, &found));
    *ret_balance = (struct money){r.fen};
    *ret_months = r.months;
    return OK;
}

enum err
registry_opening_entry(struct ctx *ctx, struct tx *tx, struct id_source *ids, struct str region, int64_t person_id,
                       struct money amount, int64_t months)
{
    struct sql_ledger_insert_in in = {
        .region = region,
        .id = id_next(ids, ctx->now_ms),
        .person_id = person_id,
        .account = STR("personal"),
        .kind = STR("opening"),
        .amount_fen = amount.fen,
        .day = day_of_ms(ctx->now_ms).n,
        .months = months,
        .case_id = 0,
    };
    return sql_ledger_insert(ctx, tx, &in, NULL);
}

enum err
registry_event(struct ctx *ctx, struct tx *tx, struct id_source *ids, struct str region, const char *subject_kind,
               int64_t subject_id, int64_t case_id, const char *kind, const struct data_key *key,
               struct str payload_json)
{
    int64_t id = id_next(ids, ctx->now_ms);
    struct sql_register_event_insert_in in = {
        .region = region,
        .id = id,
        .subject_kind = str_c(subject_kind),
        .subject_id = subject_id,
        .case_id = case_id,
        .kind = str_c(kind),
        .at_ms = ctx->now_ms,
        .key_id = key->id,
        .payload =
            crypto_seal(ctx->arena, &key->key, registry_aad(ctx->arena, "register_event", region, id), payload_json),
    };
    return sql_register_event_insert(ctx, tx, &in, NULL);
}

enum err
registry_event_count(struct ctx *ctx, struct tx *tx, struct str region, int64_t case_id, int64_t *ret_n)
{
    struct sql_register_event_of_case_in in = {.region = region, .case_id = case_id};
    struct sql_register_event_of_case_row *r;
    size_t n;
    TRY(ctx, sql_register_event_of_case(ctx, tx, &in, &r, &n));
    *ret_n = (int64_t)n;
    return OK;
}
