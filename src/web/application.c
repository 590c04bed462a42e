/* The whole application in one request: the API's short way past the steps. */
#include "base/json.h"
#include "web/handlers.h"
#include "web/public.h"

static enum err
materials_of_json(struct web_call *call, const struct view *map, struct application *a)
{
    struct ctx *ctx = call->ctx;
    if (map && view_kind(map) != VIEW_MAP && view_kind(map) != VIEW_NULL) {
        fail_field(ctx, STR("materials"), STR("材料"), STR("应是对象"), STR("写成 {\"1\": \"given\"}"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    struct case_material *m = ARENA_ARRAY(ctx->arena, (map ? view_count(map) : 0) + 1, struct case_material);
    size_t n = 0;
    for (const struct view *v = map ? view_first(map) : NULL; v; v = view_next(v)) {
        struct str said = view_kind(v) == VIEW_TEXT ? view_text(v) : STR("");
        bool given = str_eqz(said, "given"), committed = str_eqz(said, "committed");
        if (!given && !committed) {
            fail_field(ctx, str_fmt(ctx->arena, "materials.%.*s", STR_ARG(view_key(v))), STR("材料"),
                       STR("只能是 given 或 committed"), STR("没有提交的材料不用写"));
            FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
        }
        m[n++] = (struct case_material){.key = view_key(v), .state = given ? MATERIAL_GIVEN : MATERIAL_COMMITTED};
    }
    a->material = m;
    a->material_count = n;
    return OK;
}

static enum err
map_of_json(struct web_call *call, const struct view *json, const char *key, const char *label,
            const struct view **ret_map)
{
    const struct view *v = view_get(json, str_c(key));
    *ret_map = v && view_kind(v) == VIEW_MAP ? v : NULL;
    if (!v || *ret_map || view_kind(v) == VIEW_NULL)
        return OK;
    fail_field(call->ctx, str_c(key), str_c(label), STR("应是对象"), STR("请按接口说明改正"));
    FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
}

enum err
web_application_of_json(struct web_call *call, const struct view *json, struct application *a)
{
    struct ctx *ctx = call->ctx;
    const struct view *form, *delivery, *facts;
    struct view *who;
    TRY(ctx, map_of_json(call, json, "facts", "事实", &facts));
    TRY(ctx, map_of_json(call, json, "form", "表单", &form));
    TRY(ctx, map_of_json(call, json, "delivery", "领取方式", &delivery));
    TRY(ctx, web_applicant_of_json(call, json, &who));
    a->facts = facts ? facts : view_map(ctx->arena);
    const struct form *asked = catalog_matter_form(matter_catalog(a->matter), a->matter);
    struct view *values = NULL;
    if (form && asked)
        TRY(ctx, web_form_values(call, asked, form, &values));
    a->form = values;
    TRY(ctx, web_json_text(call, who, "applicant_name", "姓名", &a->applicant_name));
    TRY(ctx, web_json_text(call, who, "applicant_id", "身份证件号码", &a->applicant_id));
    TRY(ctx, web_json_text(call, who, "mobile", "联系电话", &a->mobile));
    TRY(ctx, web_json_text(call, who, "unit_code", "单位编号或统一社会信用代码", &a->unit_code));
    TRY(ctx, web_json_text(call, who, "delegate_name", "代办人姓名", &a->delegate_name));
    TRY(ctx, web_json_text(call, who, "delegate_id", "代办人身份证件号码", &a->delegate_id));
    TRY(ctx, web_json_text(call, delivery, "way", "领取方式", &a->delivery));
    TRY(ctx, web_json_text(call, delivery, "address", "邮寄地址", &a->address));
    return materials_of_json(call, view_get(json, STR("materials")), a);
}

/* Each is counted; too many for people whom no register knows look like a search for who is insured (R102). */
enum err
web_apply_once(struct web_call *call, const struct application *a, struct receipt *r)
{
    TRY(call->ctx, web_budget_check(call, BUDGET_REFUSED));
    TRY(call->ctx, web_budget_take(call, BUDGET_APPLY));
    enum err e = service_apply(call->ctx, call->server, a, r);
    if (e == ERR_RECORD_MISSING)
        web_budget_spend(call, BUDGET_REFUSED);
    return e;
}

enum err
web_application(struct web_call *call)
{
    struct ctx *ctx = call->ctx;
    const struct matter *m;
    const struct view *json;
    struct receipt r;
    TRY(ctx, web_matter(call, &m));
    TRY(ctx, web_json(call, &json));
    struct application a = {.region = m->region,
                            .matter = m,
                            .channel = CHANNEL_ONLINE,
                            .idempotency = http_header(call->req, "Idempotency-Key")};
    if (str_empty(a.idempotency) || a.idempotency.n > 200) {
        fail_field(ctx, STR("Idempotency-Key"), STR("提交编号（请求头）"), STR("没有写，或超过 200 个字符"),
                   STR("每次提交写一个不重复的值，重发时用原来的值"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    TRY(ctx, web_application_of_json(call, json, &a));
    TRY(ctx, web_apply_once(call, &a, &r));
    return web_put_receipt(call, &r);
}
