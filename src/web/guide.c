/* Pages that need only the catalogue: regions, home, situation, guide, wizard, flow chart, working days. */
#include "service/guide.h"

#include <string.h>

#include "service/fault_report.h"
#include "web/handlers.h"
#include "web/web_int.h"

enum err
web_regions(struct web_call *call)
{
    guide_regions(call->ctx, call->world, call->view);
    call->title = STR("选择统筹区");
    return OK;
}

enum err
web_home(struct web_call *call)
{
    struct str q = web_param(call, "q");
    guide_home(call->ctx, call->world, call->region, q, call->view);
    call->title = str_empty(str_trim(q)) ? str_concat(call->ctx->arena, call->region->name, STR("医保办事"))
                                         : str_fmt(call->ctx->arena, "查找“%.*s”", STR_ARG(str_sub(q, 0, 90)));
    return OK;
}

enum err
web_situation(struct web_call *call)
{
    struct str id = http_param(call->req, "situation");
    TRY(call->ctx, guide_situation(call->ctx, call->world, call->region, id, call->view));
    call->title = search_situation(catalog_search(call->world), id)->name;
    return OK;
}

/* Codes and printed names lead to the page of the id. */
static bool
to_canonical(struct web_call *call, const struct matter *m, const char *rest)
{
    if (call->api || str_eq(m->id, http_param(call->req, "id")))
        return false;
    call->redirect = str_fmt(call->ctx->arena, "/r/%.*s/m/%.*s%s", STR_ARG(m->region->code), STR_ARG(m->id), rest);
    return true;
}

enum err
web_guide(struct web_call *call)
{
    const struct matter *m;
    TRY(call->ctx, web_matter(call, &m));
    if (to_canonical(call, m, ""))
        return OK;
    guide_matter(call->ctx, call->world, m, call->view);
    if (!call->api) /* the guide as printed is one thing, what has been put right another: /corrections */
        service_corrections(call->ctx, call->server, m, call->view);
    call->title = m->name;
    call->phone = m->phone_count ? m->phone[0].number : STR("");
    return OK;
}

/* Answers from the query: everything that is a fact of this matter on the page; on the API everything, so that a slip
 * is told. */
static size_t
read_answers(struct web_call *call, const struct matter *m, struct guide_answer *a)
{
    const struct fact_dict *dict = catalog_dict(matter_catalog(m));
    size_t n = 0;
    for (size_t i = 0; i < http_query_count(call->req) && n < FACT_MAX; i++) {
        struct str name, value;
        http_query_at(call->req, i, &name, &value);
        size_t fact = fact_find(dict, name);
        bool ours = fact != SIZE_MAX && fact_set_has(&m->facts, fact);
        bool control = str_eqz(name, "ask") || str_eqz(name, "all");
        if (ours || (call->api && !control))
            a[n++] = (struct guide_answer){.fact = name, .value = value};
    }
    return n;
}

/* The question that was on the page came back without an answer. */
static void
note_unanswered(struct web_call *call, const struct matter *m)
{
    struct str asked = http_query(call->req, "ask");
    if (call->api || str_empty(asked) || !str_empty(http_query(call->req, str_z(call->ctx->arena, asked))))
        return;
    size_t fact = fact_find(catalog_dict(matter_catalog(m)), asked);
    if (fact == SIZE_MAX)
        return;
    const struct fact *f = catalog_fact(matter_catalog(m), fact);
    fail_field(call->ctx, f->def.id, f->def.name, STR("还没有回答"),
               f->def.type == FACT_CHOICE || f->def.type == FACT_BOOL ? STR("请选择一项") : STR("请填写"));
    fail_set(call->ctx, ERR_FIELD_INVALID, __FILE__, __LINE__, "%s", "");
    web_fail_into_view(call);
}

enum err
web_check(struct web_call *call)
{
    const struct matter *m;
    struct ctx *ctx = call->ctx;
    TRY(ctx, web_matter(call, &m));
    if (to_canonical(call, m, "/check"))
        return OK;
    struct guide_answer *a = ARENA_ARRAY(ctx->arena, FACT_MAX, struct guide_answer);
    size_t n = read_answers(call, m, a);
    bool all = !str_empty(http_query(call->req, "all"));
    enum err e = guide_check(ctx, call->world, m, a, n, all, call->view);
    if (e != OK && (call->api || !web_is_refusal(e)))
        return e;
    if (e != OK)
        web_fail_into_view(call);
    else
        note_unanswered(call, m);
    call->title = str_fmt(ctx->arena, "核对材料 · %.*s", STR_ARG(m->name));
    call->phone = m->phone_count ? m->phone[0].number : STR("");
    return OK;
}

/* --- flow chart --- */

/* Shown as a picture the drawing needs a size of its own: that of its viewBox="x y WIDTH HEIGHT". */
static struct str
size_svg(struct ctx *ctx, struct str svg)
{
    struct str key = STR("viewBox=\""), word[4];
    size_t at = str_find(svg, key);
    if (at == SIZE_MAX || !str_starts(svg, STR("<svg ")))
        return svg;
    struct str rest = str_sub(svg, at + key.n, svg.n);
    rest.n = str_find(rest, STR("\"")) == SIZE_MAX ? 0 : str_find(rest, STR("\""));
    for (size_t i = 0; i < 4; i++)
        if (!str_split(&rest, ' ', &word[i]))
            return svg;
    return str_fmt(ctx->arena, "<svg width=\"%.*s\" height=\"%.*s\" %.*s", STR_ARG(word[2]), STR_ARG(word[3]),
                   STR_ARG(str_sub(svg, 5, svg.n)));
}

enum err
web_flow(struct web_call *call)
{
    const struct matter *m;
    struct str svg;
    TRY(call->ctx, web_matter(call, &m));
    if (m->stage_count == 0)
        FAIL(call->ctx, ERR_NOT_FOUND, "指南没有印出这个事项的办理环节");
    TRY(call->ctx, aux_chart(call->ctx, call->server->aux, guide_flow_dot(call->ctx, m), &svg));
    call->body_type = "image/svg+xml";
    call->body = size_svg(call->ctx, svg);
    return OK;
}

/* --- working days --- */

static enum err
bad_field(struct web_call *call, const char *field, const char *label, const char *reason, const char *remedy)
{
    fail_field(call->ctx, str_c(field), str_c(label), str_c(reason), str_c(remedy));
    return fail_set(call->ctx, ERR_FIELD_INVALID, __FILE__, __LINE__, "%s", "");
}

enum err
web_workday(struct web_call *call)
{
    struct str from_text = web_param(call, "from"), n_text = web_param(call, "n"), to_text = web_param(call, "to");
    const struct calendar *cal = catalog_calendar(call->world);
    struct day from, to;
    int64_t n = 0;
    bool tentative;
    if (str_empty(from_text))
        from = day_of_ms(call->ctx->now_ms);
    else if (!day_parse(from_text, &from))
        return bad_field(call, "from", "起始日", "日期应写成 2026-01-01", "请改正后重试");
    view_put_day(call->view, "from", from);
    view_put_bool(call->view, "from_workday", calendar_is_workday(cal, from));
    if (!str_empty(to_text)) {
        if (!day_parse(to_text, &to))
            return bad_field(call, "to", "终止日", "日期应写成 2026-01-01", "请改正后重试");
        view_put_day(call->view, "to", to);
        view_put_int(call->view, "workdays", calendar_between(cal, from, to, &tentative));
        view_put_bool(call->view, "tentative", tentative);
        return OK;
    }
    if (!str_int(n_text, &n) || n < 0 || n > 3650)
        return bad_field(call, "n", "工作日数", "应为 0 到 3650 的整数", "请写明 n，或写明 to");
    to = calendar_add(cal, from, (int)n, &tentative);
    view_put_int(call->view, "n", n);
    view_put_day(call->view, "due", to);
    view_put_z(call->view, "weekday", day_weekday_zh(to));
    view_put_bool(call->view, "tentative", tentative);
    return OK;
}
