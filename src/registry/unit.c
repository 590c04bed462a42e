/* Units. Names and credit codes are public; people's data inside (legal representative, phones, accounts) are sealed.
 */
#include "registry/registry_int.h"
#include "sql_gen.h"

static struct str
unit_body(struct ctx *ctx, struct str region, const struct unit *u)
{
    struct view *v = view_map(ctx->arena);
    view_put_opt(v, "address", u->address);
    view_put_opt(v, "legal_name", u->legal_name);
    view_put_opt(v, "legal_id", u->legal_id);
    view_put_opt(v, "phone", u->phone);
    view_put_opt(v, "contact", u->contact);
    view_put_opt(v, "bank", u->bank);
    view_put_opt(v, "account", u->account);
    return registry_seal_view(ctx, &u->key.key, registry_aad(ctx->arena, "unit", region, u->id), v);
}

static enum err
unit_open(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t key_id, struct str body,
          struct unit *u)
{
    struct view *b;
    TRY(ctx, vault_key_get(ctx, tx, v, region, key_id, &u->key));
    TRY(ctx, registry_open_view(ctx, &u->key.key, registry_aad(ctx->arena, "unit", region, u->id), body, &b));
    u->address = registry_text(b, "address");
    u->legal_name = registry_text(b, "legal_name");
    u->legal_id = registry_text(b, "legal_id");
    u->phone = registry_text(b, "phone");
    u->contact = registry_text(b, "contact");
    u->bank = registry_text(b, "bank");
    u->account = registry_text(b, "account");
    return OK;
}

enum err
registry_unit_find(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, struct str uscc_or_no,
                   struct unit *ret_u, bool *ret_found)
{
    struct sql_unit_by_uscc_in in = {.region = region, .uscc = uscc_or_no};
    struct sql_unit_by_uscc_row r;
    *ret_u = (struct unit){0};
    TRY(ctx, sql_unit_by_uscc(ctx, tx, &in, &r, ret_found));
    if (!*ret_found) {
        struct sql_unit_by_no_in by_no = {.region = region, .no = uscc_or_no};
        struct sql_unit_by_no_row n;
        TRY(ctx, sql_unit_by_no(ctx, tx, &by_no, &n, ret_found));
        if (!*ret_found)
            return OK;
        r = (struct sql_unit_by_uscc_row){.id = n.id,
                                          .key_id = n.key_id,
                                          .no = n.no,
                                          .uscc = n.uscc,
                                          .name = n.name,
                                          .kind = n.kind,
                                          .body = n.body,
                                          .status = n.status,
                                          .version = n.version};
    }
    *ret_u = (struct unit){.id = r.id,
                           .version = r.version,
                           .no = r.no,
                           .uscc = r.uscc,
                           .name = r.name,
                           .kind = r.kind,
                           .status = r.status};
    return unit_open(ctx, tx, v, region, r.key_id, r.body, ret_u);
}

enum err
registry_unit_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id,
                  struct unit *ret_u)
{
    struct sql_unit_by_id_in in = {.region = region, .id = id};
    struct sql_unit_by_id_row r;
    bool found;
    TRY(ctx, sql_unit_by_id(ctx, tx, &in, &r, &found));
    if (!found)
        FAIL(ctx, ERR_RECORD_MISSING, "登记系统中没有这个单位");
    *ret_u = (struct unit){.id = r.id,
                           .version = r.version,
                           .no = r.no,
                           .uscc = r.uscc,
                           .name = r.name,
                           .kind = r.kind,
                           .status = r.status};
    return unit_open(ctx, tx, v, region, r.key_id, r.body, ret_u);
}

enum err
registry_unit_insert(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, struct unit *u,
                     bool demo)
{
    struct sql_counter_take_in counter = {.region = region, .kind = STR("unit"), .period = 0, .count = 1};
    struct sql_counter_take_row next;
    bool found;
    TRY(ctx, sql_counter_take(ctx, tx, &counter, &next, &found));
    u->no = str_fmt(ctx->arena, "%.*s%06lld", STR_ARG(region), (long long)(next.next - 1));
    TRY(ctx, vault_key_store(ctx, tx, v, region, &u->key));
    struct sql_unit_insert_in in = {.region = region,
                                    .id = u->id,
                                    .key_id = u->key.id,
                                    .no = u->no,
                                    .uscc = u->uscc,
                                    .name = u->name,
                                    .kind = u->kind,
                                    .body = unit_body(ctx, region, u),
                                    .demo = demo,
                                    .created_ms = ctx->now_ms};
    int64_t changed;
    TRY(ctx, sql_unit_insert(ctx, tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_ENROLMENT_DUPLICATE, "统一社会信用代码 %.*s 已经办理过单位参保登记", STR_ARG(u->uscc));
    return OK;
}

enum err
registry_unit_update(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, const struct unit *u)
{
    (void)v;
    struct sql_unit_by_uscc_in who = {.region = region, .uscc = u->uscc};
    struct sql_unit_by_uscc_row other;
    bool taken;
    TRY(ctx, sql_unit_by_uscc(ctx, tx, &who, &other, &taken));
    if (taken && other.id != u->id)
        FAIL(ctx, ERR_ENROLMENT_DUPLICATE, "统一社会信用代码 %.*s 已经登记在另一个单位名下，不能改成这个代码，请核对",
             STR_ARG(u->uscc));
    struct sql_unit_update_in in = {.region = region,
                                    .id = u->id,
                                    .old_version = u->version,
                                    .uscc = u->uscc,
                                    .name = u->name,
                                    .kind = u->kind,
                                    .body = unit_body(ctx, region, u)};
    int64_t changed;
    TRY(ctx, sql_unit_update(ctx, tx, &in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "单位资料刚刚被别人改过，请刷新后再办理");
    return OK;
}

enum err
registry_unit_members(struct ctx *ctx, struct tx *tx, struct str region, int64_t unit_id, int64_t *ret_n)
{
    struct sql_enrolment_count_of_unit_in in = {.region = region, .unit_id = unit_id};
    struct sql_enrolment_count_of_unit_row r = {0};
    bool found;
    TRY(ctx, sql_enrolment_count_of_unit(ctx, tx, &in, &r, &found));
    *ret_n = r.n;
    return OK;
}
