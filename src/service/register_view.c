/* What the registers hold about somebody, as the papers print it: the same for a case's result and for a terminal's. */
#include "registry/action.h"
#include "service/service_int.h"

enum err
register_person_view(struct ctx *ctx, struct tx *tx, struct str region, const struct person *p, struct view *map,
                     size_t *ret_enrolments)
{
    struct enrolment *en;
    struct money balance;
    int64_t months;
    TRY(ctx, registry_enrolments(ctx, tx, region, p->id, &en, ret_enrolments));
    TRY(ctx, registry_balance(ctx, tx, region, p->id, &balance, &months));
    view_put_text(map, "person_name", p->name);
    view_put_text(map, "id_number", p->id_number);
    view_put_text(map, "id_kind", p->id_kind);
    view_put_text(map, "sex", p->sex);
    view_put_day(map, "birth", p->birth);
    view_put_int(map, "balance_fen", balance.fen);
    view_put_int(map, "months", months);
    struct view *list = view_put_list(map, "enrolments");
    for (size_t i = 0; i < *ret_enrolments; i++) {
        struct view *row = view_add_map(list);
        view_put_text(row, "insurance", en[i].insurance);
        view_put_text(row, "identity", en[i].identity);
        view_put_z(row, "status", enrolment_status_name(en[i].status));
        view_put_day(row, "from", en[i].from);
        view_put_day(row, "to", en[i].to);
    }
    return OK;
}

enum err
register_unit_view(struct ctx *ctx, struct tx *tx, struct str region, const struct unit *u, struct view *map)
{
    int64_t members;
    TRY(ctx, registry_unit_members(ctx, tx, region, u->id, &members));
    view_put_text(map, "unit_no", u->no);
    view_put_text(map, "unit_name", u->name);
    view_put_text(map, "uscc", u->uscc);
    view_put_text(map, "unit_kind", u->kind);
    view_put_z(map, "unit_status", unit_status_name(u->status));
    view_put_int(map, "members", members);
    return OK;
}
