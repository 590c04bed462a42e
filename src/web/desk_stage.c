/* The work of a stage on the desk: what was typed for it, and the same again after a refusal. */
#include "base/json.h"
#include "web/desk_case.h"
#include "web/web_int.h"

enum { RECORD_FIELDS_MAX = 60 };

/* record.FIELD of a page's form. */
static const struct view *
read_form_record(struct web_call *call)
{
    struct view *map = view_map(call->ctx->arena);
    size_t n = http_field_count(call->req), taken = 0;
    for (size_t i = 0; i < n && taken < RECORD_FIELDS_MAX; i++) {
        struct str key, value;
        http_field_at(call->req, i, &key, &value);
        if (!str_starts(key, STR("record.")) || str_empty(str_trim(value)))
            continue;
        struct str id = str_sub(key, 7, key.n);
        if (view_get(map, id))
            continue;
        view_put_text(map, str_z(call->ctx->arena, id), str_trim(value));
        taken++;
    }
    return map;
}

enum err
desk_read_record(struct web_call *call, const struct view **ret_record)
{
    const struct view *json, *record;
    *ret_record = NULL;
    if (!call->api) {
        *ret_record = read_form_record(call);
        return OK;
    }
    TRY(call->ctx, web_json(call, &json));
    record = view_get(json, STR("record"));
    if (record && view_kind(record) != VIEW_MAP)
        FAIL(call->ctx, ERR_SYNTAX, "record 应是对象：栏目 id 和文字");
    for (const struct view *v = record ? view_first(record) : NULL; v; v = view_next(v))
        if (view_kind(v) != VIEW_TEXT)
            FAIL(call->ctx, ERR_SYNTAX, "record.%.*s 应是文字", STR_ARG(view_key(v)));
    *ret_record = record;
    return OK;
}

static void
lay_typed(const struct view *fields, const struct view *record)
{
    for (const struct view *f = fields ? view_first(fields) : NULL; f; f = view_next(f)) {
        struct view *row = (struct view *)(uintptr_t)f;
        struct str value;
        if (!json_text(record, view_text(view_get(f, STR("id"))).p, &value) || !value.p)
            continue;
        view_put_text(row, "value", value);
        const struct view *choices = view_get(f, STR("choices"));
        for (const struct view *o = choices ? view_first(choices) : NULL; o; o = view_next(o))
            if (str_eq(view_text(view_get(o, STR("value"))), value))
                view_put_bool((struct view *)(uintptr_t)o, "selected", true);
    }
}

void
desk_lay_record(const struct view *c, const struct view *record)
{
    const struct view *w = view_get(c, STR("work"));
    if (!w || !record)
        return;
    lay_typed(view_get(w, STR("fields")), record);
    lay_typed(view_get(w, STR("sign_fields")), record);
}

enum err
desk_read_extras(struct web_call *call, struct case_command *cmd)
{
    struct str day = str_trim(web_param(call, "day")), pause = str_trim(web_param(call, "pause")),
               objection = str_trim(web_param(call, "objection"));
    if (!str_empty(day) && !(cmd->day_given = day_parse(day, &cmd->day))) {
        fail_field(call->ctx, STR("day"), STR("日期"), STR("不是日期，例：2026-11-21"), STR("请改正"));
        FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
    }
    if (cmd->action == CASE_PAUSE && !pause_parse(pause, &cmd->pause)) {
        fail_field(call->ctx, STR("pause"), STR("暂停的事由"), STR("没有选择"), STR("请从列出的事由中选一个"));
        FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
    }
    if (cmd->action == CASE_ANSWER && !str_int(objection, &cmd->objection)) {
        fail_field(call->ctx, STR("objection"), STR("异议"), STR("没有选择"), STR("请从列出的异议中选一件"));
        FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
    }
    cmd->upheld = str_eqz(str_trim(web_param(call, "upheld")), "1");
    cmd->source = str_trim(web_param(call, "source"));
    return OK;
}
