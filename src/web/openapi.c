/* The API's description, made from the route table: paths, parameters of the pattern, problem answers. */
#include <string.h>

#include "web/web_int.h"

static const char *
method_word(enum http_method m)
{
    return m == HTTP_GET ? "get" : m == HTTP_POST ? "post" : m == HTTP_PUT ? "put" : "delete";
}

static void
put_ref(struct view *map, const char *ref)
{
    view_put_z(map, "$ref", ref);
}

static void
add_parameter(struct view *list, struct str name, const char *in, bool required, struct str text)
{
    struct view *p = view_add_map(list);
    view_put_text(p, "name", name);
    view_put_z(p, "in", in);
    if (required)
        view_put_bool(p, "required", true);
    if (!str_empty(text))
        view_put_text(p, "description", text);
    view_put_z(view_put_map(p, "schema"), "type", "string");
}

/* {name} of the pattern; {*} is a path of its own. */
static void
add_path_parameters(struct view *list, struct str pattern)
{
    for (size_t at; (at = str_find(pattern, STR("{"))) != SIZE_MAX;) {
        pattern = str_sub(pattern, at + 1, pattern.n);
        size_t end = str_find(pattern, STR("}"));
        struct str name = str_sub(pattern, 0, end);
        add_parameter(list, str_eqz(name, "*") ? STR("rest") : name, "path", true, STR(""));
        pattern = str_sub(pattern, end, pattern.n);
    }
}

static void
add_query_parameters(struct view *list, const char *query)
{
    struct str rest = str_c(query), piece;
    while (rest.p && str_split(&rest, '|', &piece)) {
        struct str text = piece, name;
        str_split(&text, '=', &name);
        if (!str_starts(name, STR("{"))) {
            add_parameter(list, name, "query", false, text.p ? text : STR(""));
            continue;
        }
        /* any number of names: an object spread over the query */
        struct view *p = view_add_map(list);
        view_put_text(p, "name", str_sub(name, 1, name.n - 2));
        view_put_z(p, "in", "query");
        view_put_text(p, "description", text.p ? text : STR(""));
        view_put_z(p, "style", "form");
        view_put_bool(p, "explode", true);
        struct view *schema = view_put_map(p, "schema");
        view_put_z(schema, "type", "object");
        view_put_z(view_put_map(schema, "additionalProperties"), "type", "string");
    }
}

static void
put_responses(struct view *op, const struct web_route *r, bool api)
{
    struct view *responses = view_put_map(op, "responses");
    struct view *ok = view_put_map(responses, api || r->template ? "200" : r->method == HTTP_GET ? "200" : "303");
    view_put_z(ok, "description", "成功");
    if (api || r->method == HTTP_GET || r->template) {
        struct view *content = view_put_map(ok, "content");
        if (api)
            put_ref(view_put_map(view_put_map(content, "application/json"), "schema"), "#/components/schemas/View");
        else if (r->template)
            view_put_z(view_put_map(view_put_map(content, "text/html"), "schema"), "type", "string");
        else
            view_put_map(content, "*/*");
    }
    if (!api)
        return;
    put_ref(view_put_map(responses, "4XX"), "#/components/responses/Problem");
    put_ref(view_put_map(responses, "5XX"), "#/components/responses/Problem");
}

static void
put_body(struct view *op, const struct web_route *r, bool api)
{
    if (r->method == HTTP_GET || (r->body_max == 0 && r->upload_max == 0))
        return;
    struct view *content = view_put_map(view_put_map(op, "requestBody"), "content");
    if (api && r->body_max)
        put_ref(view_put_map(view_put_map(content, "application/json"), "schema"), "#/components/schemas/View");
    if (!api && r->upload_max == 0)
        view_put_z(view_put_map(view_put_map(content, "application/x-www-form-urlencoded"), "schema"), "type",
                   "object");
    if (r->upload_max)
        view_put_z(view_put_map(view_put_map(content, "multipart/form-data"), "schema"), "type", "object");
}

/* stem_method; the rows of one stem after the first are told apart by the last segment of their pattern. */
static struct str
operation_id(struct arena *a, const struct web_route *all, const struct web_route *r, struct str pattern, bool api)
{
    size_t earlier = 0;
    for (const struct web_route *x = all; x < r; x++)
        earlier += (api ? x->api : x->page) && x->method == r->method && strcmp(x->stem, r->stem) == 0;
    if (earlier == 0)
        return str_fmt(a, "%s_%s%s", r->stem, method_word(r->method), api ? "" : "_page");
    struct str last = STR(""), seg;
    while (str_split(&pattern, '/', &seg))
        last = seg;
    if (str_starts(last, STR("{")))
        last = str_sub(last, 1, last.n - 2);
    return str_fmt(a, "%s_%.*s_%s%s", r->stem, STR_ARG(last), method_word(r->method), api ? "" : "_page");
}

static void
put_operation(struct arena *a, struct view *path, const struct web_route *all, const struct web_route *r,
              struct str pattern, bool api)
{
    struct view *op = view_put_map(path, method_word(r->method));
    view_put_text(op, "operationId", operation_id(a, all, r, pattern, api));
    view_put_z(op, "summary", r->summary ? r->summary : r->stem);
    view_add_text(view_put_list(op, "tags"), api ? STR("接口") : STR("页面"));
    struct view *parameters = view_put_list(op, "parameters");
    add_path_parameters(parameters, pattern);
    add_query_parameters(parameters, r->query);
    if (api && r->method == HTTP_POST && r->pool == HTTP_WRITE)
        add_parameter(parameters, STR("Idempotency-Key"), "header", false, STR("同一次提交的编号：重发不会重复办理"));
    put_body(op, r, api);
    put_responses(op, r, api);
    struct view *security = view_put_list(op, "security");
    if (r->access == WEB_STAFF || r->access == WEB_KIOSK) {
        view_put_list(view_add_map(security), "session");
        view_put_list(view_add_map(security), "bearer");
    }
}

/* All methods of PATTERN, once, at its first row. */
static void
put_path(struct arena *a, struct view *paths, const struct web_route *r, size_t n, size_t i, bool api)
{
    const char *pattern = api ? r[i].api : r[i].page;
    if (!pattern)
        return;
    for (size_t k = 0; k < i; k++) {
        const char *earlier = api ? r[k].api : r[k].page;
        if (earlier && strcmp(earlier, pattern) == 0)
            return;
    }
    struct str full = str_fmt(a, "%s%s", api ? WEB_API : "", pattern);
    size_t rest = str_find(full, STR("{*}"));
    if (rest != SIZE_MAX)
        full = str_fmt(a, "%.*s{rest}", (int)rest, full.p);
    struct view *path = view_put_map(paths, full.p);
    for (size_t k = i; k < n; k++) {
        const char *same = api ? r[k].api : r[k].page;
        if (same && strcmp(same, pattern) == 0)
            put_operation(a, path, r, &r[k], str_c(pattern), api);
    }
}

static void
put_string(struct view *properties, const char *name)
{
    view_put_z(view_put_map(properties, name), "type", "string");
}

static void
put_components(struct view *root)
{
    struct view *c = view_put_map(root, "components");
    struct view *schemas = view_put_map(c, "schemas");
    struct view *any = view_put_map(schemas, "View");
    view_put_z(any, "type", "object");
    view_put_z(any, "description",
               "与页面相同的内容：键为英文小写下划线，长整数编号为文本，金额为分，日期为 2026-01-01");
    struct view *p = view_put_map(schemas, "Problem");
    view_put_z(p, "type", "object");
    view_put_z(p, "description", "RFC 9457");
    struct view *required = view_put_list(p, "required");
    view_add_text(required, STR("type"));
    view_add_text(required, STR("title"));
    view_add_text(required, STR("status"));
    view_add_text(required, STR("id"));
    struct view *props = view_put_map(p, "properties");
    put_string(props, "type");
    put_string(props, "title");
    view_put_z(view_put_map(props, "status"), "type", "integer");
    put_string(props, "detail");
    put_string(props, "id");
    put_string(props, "rule");
    put_string(props, "instance");
    struct view *errors = view_put_map(props, "errors");
    view_put_z(errors, "type", "array");
    struct view *item = view_put_map(errors, "items");
    view_put_z(item, "type", "object");
    struct view *fields = view_put_map(item, "properties");
    put_string(fields, "field");
    put_string(fields, "label");
    put_string(fields, "reason");
    struct view *types = view_put_list(view_put_map(fields, "remedy"), "type");
    view_add_text(types, STR("string"));
    view_add_text(types, STR("null"));
    struct view *problem = view_put_map(view_put_map(c, "responses"), "Problem");
    view_put_z(problem, "description", "没有办成：原因和改法");
    put_ref(view_put_map(view_put_map(view_put_map(problem, "content"), "application/problem+json"), "schema"),
            "#/components/schemas/Problem");
    struct view *schemes = view_put_map(c, "securitySchemes");
    struct view *session = view_put_map(schemes, "session");
    view_put_z(session, "type", "apiKey");
    view_put_z(session, "in", "cookie");
    view_put_z(session, "name", WEB_SESSION_COOKIE);
    struct view *bearer = view_put_map(schemes, "bearer");
    view_put_z(bearer, "type", "http");
    view_put_z(bearer, "scheme", "bearer");
}

struct str
web_openapi(struct arena *a)
{
    struct view *root = view_map(a);
    view_put_z(root, "openapi", "3.1.0");
    struct view *info = view_put_map(root, "info");
    view_put_z(info, "title", "经办 jingban");
    view_put_z(info, "version", "1");
    view_put_z(info, "summary", "医疗保障经办服务的接口");
    view_put_z(view_put_map(info, "license"), "name", "见项目说明");
    view_put_z(view_add_map(view_put_list(root, "servers")), "url", "/");
    struct view *tags = view_put_list(root, "tags");
    view_put_z(view_add_map(tags), "name", "接口");
    view_put_z(view_add_map(tags), "name", "页面");
    struct view *paths = view_put_map(root, "paths");
    size_t n;
    const struct web_route *r = web_routes(a, &n);
    for (size_t i = 0; i < n; i++)
        put_path(a, paths, r, n, i, true);
    for (size_t i = 0; i < n; i++)
        put_path(a, paths, r, n, i, false);
    put_components(root);
    struct buf b;
    buf_init(&b, a, 65536);
    view_json(root, &b);
    return buf_str(&b);
}

struct str
web_routes_text(struct arena *a)
{
    static const char *const pools[] = {"inline", "read", "write"};
    static const char *const accesses[] = {[WEB_PUBLIC] = "public",
                                           [WEB_STAFF] = "staff",
                                           [WEB_KIOSK] = "kiosk",
                                           [WEB_DEMO] = "demo",
                                           [WEB_DOOR] = "door"};
    size_t n;
    const struct web_route *r = web_routes(a, &n);
    struct buf b;
    buf_init(&b, a, 16384);
    buf_fmt(&b, "%-6s %-44s %-56s %-6s %-6s %s\n", "method", "page", "api", "pool", "access", "template");
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "%-6s %-44s %s%-*s %-6s %-6s %s\n", method_word(r[i].method), r[i].page ? r[i].page : "-",
                r[i].api ? WEB_API : "", r[i].api ? 49 : 56, r[i].api ? r[i].api : "-", pools[r[i].pool],
                accesses[r[i].access], r[i].template ? r[i].template : "-");
    return buf_str(&b);
}
