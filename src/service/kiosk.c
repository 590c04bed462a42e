/* Queries at a terminal: no clerk, no acceptance; the print is logged (R37, R83, R86). */
#include "service/service_int.h"
#include "sql_gen.h"

static enum err
look_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    return sql_look_insert(ctx, tx, arg, NULL);
}

static enum err
log_print(struct ctx *ctx, struct server *s, const struct actor *kiosk, const char *subject_kind, int64_t subject_id)
{
    struct sql_look_insert_in in = {.region = kiosk->region,
                                    .id = id_next(&s->ids, ctx->now_ms),
                                    .staff_id = kiosk->id,
                                    .kind = STR("kiosk_print"),
                                    .subject_kind = str_c(subject_kind),
                                    .subject_id = subject_id,
                                    .case_id = 0,
                                    .reason = STR("自助查询打印"),
                                    .at_ms = ctx->now_ms};
    return store_write(ctx, s->store, look_body, &in);
}

/* The query matter of the region whose guide offers a self-service terminal, if it does. */
static enum err
kiosk_matter(struct ctx *ctx, struct server *s, const struct actor *kiosk, enum effect_kind effect,
             const struct matter **ret_m)
{
    const struct region *r = catalog_region(s->catalog, kiosk->region);
    const char *reason;
    for (size_t i = 0; r && !r->unpublished && i < r->matter_count; i++)
        if (r->matter[i].effect == effect && matter_open_for(&r->matter[i], CHANNEL_KIOSK, &reason)) {
            *ret_m = &r->matter[i];
            return OK;
        }
    FAIL(ctx, ERR_CHANNEL_CLOSED, "本统筹区的办事指南没有为这项查询列出自助终端，请到窗口或网上查询");
}

/* The paper of a query that makes no case: no number, no code to verify. */
static enum err
paper(struct ctx *ctx, struct server *s, struct tx *tx, const struct actor *kiosk, const struct matter *m,
      struct str name, bool by_unit, const struct view *extra, struct view **ret_body)
{
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    *cf = (struct case_file){.region = kiosk->region,
                             .no = STR(""),
                             .matter = m,
                             .matter_id = m->id,
                             .applicant_name = name,
                             .applicant_id = STR(""),
                             .channel = CHANNEL_KIOSK,
                             .by_unit = by_unit,
                             .due = DAY_NONE,
                             .legal = DAY_NONE,
                             .received_ms = ctx->now_ms,
                             .facts = facts_new(ctx->arena, catalog_dict(matter_catalog(m)))};
    TRY(ctx, service_paper(ctx, s, tx, cf, PAPER_QUERY, kiosk, extra, ret_body));
    struct view *body = *ret_body;
    view_put_text(body, "document_no", STR(""));
    view_put_text(body, "verify_code", STR(""));
    view_put_text(body, "issued_at", day_time_text(ctx->arena, ctx->now_ms));
    view_put_text(body, "issued_day", day_text_zh(ctx->arena, day_of_ms(ctx->now_ms)));
    return OK;
}

//= R37 R86
enum err
service_kiosk_person(struct ctx *ctx, struct server *s, const struct actor *kiosk, struct str id_number,
                     struct str name, struct view *ret_map, struct str *ret_pdf)
{
    const struct matter *m = NULL;
    struct ident_person id;
    const char *reason;
    struct person p;
    bool found;
    size_t enrolments;
    TRY(ctx, kiosk_matter(ctx, s, kiosk, EFFECT_PERSON_QUERY, &m));
    if (!ident_person(ctx->arena, id_number, &id, &reason)) {
        fail_field(ctx, STR("id_number"), STR("身份证件号码"), str_c(reason), STR("请重新读取证件或逐位核对"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    struct view *extra = view_map(ctx->arena), *body;
    {
        SCOPED_READ tx = NULL;
        TRY(ctx, store_read(ctx, s->store, &tx));
        TRY(ctx, registry_person_find(ctx, tx, &s->vault, kiosk->region, id.value, &p, &found));
        if (!found || !str_eq(p.name, str_trim(name)))
            FAIL(ctx, ERR_RECORD_MISSING, "没有查到姓名和证件号码都相符的参保记录，请到窗口查询");
        TRY(ctx, register_person_view(ctx, tx, kiosk->region, &p, extra, &enrolments));
        TRY(ctx, paper(ctx, s, tx, kiosk, m, p.name, false, extra, &body));
    }
    TRY(ctx, document_pdf(ctx, s->layouts, s->aux, STR("query"), body, ret_pdf));
    view_put(ret_map, "result", extra);
    return log_print(ctx, s, kiosk, "person", p.id);
}

//= R83
enum err
service_kiosk_unit(struct ctx *ctx, struct server *s, const struct actor *kiosk, struct str code, struct view *ret_map,
                   struct str *ret_pdf)
{
    const struct matter *m = NULL;
    struct unit u;
    bool found;
    TRY(ctx, kiosk_matter(ctx, s, kiosk, EFFECT_UNIT_QUERY, &m));
    struct view *extra = view_map(ctx->arena), *body;
    {
        SCOPED_READ tx = NULL;
        TRY(ctx, store_read(ctx, s->store, &tx));
        TRY(ctx, registry_unit_find(ctx, tx, &s->vault, kiosk->region, str_trim(code), &u, &found));
        if (!found)
            FAIL(ctx, ERR_RECORD_MISSING, "没有查到这个单位编号或统一社会信用代码");
        TRY(ctx, register_unit_view(ctx, tx, kiosk->region, &u, extra));
        TRY(ctx, paper(ctx, s, tx, kiosk, m, u.name, true, extra, &body));
    }
    TRY(ctx, document_pdf(ctx, s->layouts, s->aux, STR("query"), body, ret_pdf));
    view_put(ret_map, "result", extra);
    return log_print(ctx, s, kiosk, "unit", u.id);
}
