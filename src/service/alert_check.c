/* Alerts recounted, for rebuild --check: a row must have its case, a day that fits its kind, and the message that went with it. */
#include "service/alert.h"
#include "service/service_int.h"
#include "sql_gen.h"

static void
find(struct ctx *ctx, struct alert_check *c, const struct sql_alert_check_page_row *x, const char *what)
{
    if (c->broken < ALERT_FINDINGS_MAX)
        c->finding[c->broken] = str_fmt(ctx->arena, "提醒 %lld %.*s %.*s：%s", (long long)x->case_id, STR_ARG(x->kind),
                                        STR_ARG(day_text(ctx->arena, (struct day){(int32_t)x->deadline_day})), what);
    c->broken++;
}

static void
check_one(struct ctx *ctx, const struct sql_alert_check_page_row *x, struct alert_check *c)
{
    bool near = str_eqz(x->kind, "near") || str_eqz(x->kind, "stage_near");
    c->alerts++;
    if (!x->has_case)
        find(ctx, c, x, "没有这个办件");
    if (near != (x->deadline_day >= day_of_ms(x->created_ms).n)) /* told before the day is near, after it is past */
        find(ctx, c, x, near ? "提醒的时候已经过了期限" : "提醒的时候还没有过期限");
    if (x->staff_id && !x->has_staff)
        find(ctx, c, x, "告诉的人不在册");
    if (x->staff_id && !x->has_message && !x->forgotten)
        find(ctx, c, x, "没有发给他的消息");
}

enum err
service_alert_check(struct ctx *ctx, struct server *s, struct str region, struct alert_check *ret_c)
{
    enum { PAGE = 500 };
    struct alert_check c = {0};
    struct sql_alert_check_page_in in = {
        .region = region, .case_id = INT64_MIN, .kind = STR(""), .deadline_day = INT64_MIN, .limit = PAGE};
    size_t n;
    do { /* each page in memory of its own: a house has more alerts than an arena holds */
        SCOPED_ARENA page = arena_new(0);
        struct ctx apart = *ctx;
        apart.arena = page;
        SCOPED_READ tx = NULL;
        struct sql_alert_check_page_row *x;
        TRY(&apart, store_read(&apart, s->store, &tx));
        TRY(&apart, sql_alert_check_page(&apart, tx, &in, &x, &n));
        for (size_t i = 0; i < n; i++)
            check_one(ctx, &x[i], &c);
        if (n) {
            in.case_id = x[n - 1].case_id;
            in.kind = str_dup(ctx->arena, x[n - 1].kind);
            in.deadline_day = x[n - 1].deadline_day;
        }
    } while (n == PAGE);
    *ret_c = c;
    return OK;
}
