/* The clock of a demo: moved here, so that whole lifecycles can be walked in seconds. Nothing of this exists outside
 * demo mode. */
#include "base/json.h"
#include "web/handlers.h"
#include "web/web_int.h"

enum { DAY_MS = 86400000, ADVANCE_MAX = 3650, LAST_YEAR = 2100 };

static void
put_clock(struct web_call *call, int64_t now_ms)
{
    struct day today = day_of_ms(now_ms);
    view_put_text(call->view, "now", day_iso_text(call->ctx->arena, now_ms));
    view_put_day(call->view, "day", today);
    view_put_z(call->view, "weekday", day_weekday_zh(today));
    view_put_bool(call->view, "workday", calendar_is_workday(catalog_calendar(call->world), today));
    view_put_int(call->view, "shift_ms", atomic_load(&call->server->clock_shift));
}

enum err
web_demo_clock(struct web_call *call)
{
    put_clock(call, call->ctx->now_ms);
    return OK;
}

static enum err
bad(struct web_call *call, const char *field, const char *reason)
{
    fail_field(call->ctx, str_c(field), str_c(field), str_c(reason),
               STR("写明 now、advance_days 或 advance_workdays 之一"));
    return fail_set(call->ctx, ERR_FIELD_INVALID, __FILE__, __LINE__, "%s", reason);
}

static enum err
read_clock(struct web_call *call, int64_t *ret_ms)
{
    const struct view *json;
    int64_t days = 0, workdays = 0, at = call->ctx->now_ms;
    bool has_days, has_workdays, tentative;
    struct str now;
    TRY(call->ctx, web_json(call, &json));
    if (!json_text(json, "now", &now) || !json_int(json, "advance_days", &days, &has_days) ||
        !json_int(json, "advance_workdays", &workdays, &has_workdays))
        return bad(call, "now", "now 应是文字，其余应是整数");
    if (!now.p && !has_days && !has_workdays)
        return bad(call, "now", "没有写明要把时钟拨到哪里");
    if (now.p && !day_iso_parse(now, &at))
        return bad(call, "now", "时间应写成 2026-01-05T09:00:00+08:00");
    if (has_days && (days < -ADVANCE_MAX || days > ADVANCE_MAX))
        return bad(call, "advance_days", "应在 -3650 到 3650 之间");
    if (has_workdays && (workdays < 0 || workdays > ADVANCE_MAX))
        return bad(call, "advance_workdays", "应在 0 到 3650 之间");
    if (has_days)
        at += days * DAY_MS;
    if (has_workdays) {
        struct day from = day_of_ms(at),
                   to = calendar_add(catalog_calendar(call->world), from, (int)workdays, &tentative);
        at += (int64_t)(to.n - from.n) * DAY_MS;
    }
    int year = day_ymd(day_of_ms(at)).year;
    if (year < 2004 || year > LAST_YEAR)
        return bad(call, "now", "年份应在 2004 到 2100 之间");
    *ret_ms = at;
    return OK;
}

enum err
web_demo_clock_set(struct web_call *call)
{
    int64_t at = 0;
    TRY(call->ctx, read_clock(call, &at));
    atomic_fetch_add(&call->server->clock_shift, at - call->ctx->now_ms);
    put_clock(call, at);
    return OK;
}
