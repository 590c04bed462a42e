/* The site map: every way into the desk, in one table. */
#include "web/handlers.h"

enum { KIB = 1024, MIB = 1024 * 1024 };

static const struct web_route routes[] = {
    /* --- the site --- */
    {.method = HTTP_GET, .stem = "asset", .page = "/assets/{digest}/{name}", .handler = web_asset, .pool = HTTP_INLINE, .summary = "样式和脚本"},
    {.method = HTTP_GET, .stem = "errors", .page = "/errors", .api = "/errors", .template = "errors", .handler = web_errors,
     .pool = HTTP_INLINE, .summary = "错误说明", .cached = true},
    {.method = HTTP_GET, .stem = "missing", .page = "/r/{*}", .handler = web_missing, .pool = HTTP_INLINE, .summary = "没有这个页面；末尾多一个斜杠的转到不带斜杠的网址"},
    {.method = HTTP_GET, .stem = "missing_elder", .page = WEB_ELDER "/{*}", .handler = web_missing, .pool = HTTP_INLINE, .summary = "同上，长辈版"},
    {.method = HTTP_GET, .stem = "openapi", .api = "/openapi", .handler = web_openapi_json, .pool = HTTP_READ, .summary = "接口说明（OpenAPI 3.1）", .cached = true},

    /* --- the guides: only the catalogue, answered from memory --- */
    {.method = HTTP_GET, .stem = "regions", .page = "/", .api = "/regions", .template = "regions", .handler = web_regions,
     .pool = HTTP_INLINE, .summary = "统筹区列表", .cached = true},
    {.method = HTTP_GET, .stem = "home", .page = "/r/{region}", .api = "/regions/{region}/matters", .template = "home", .handler = web_home,
     .pool = HTTP_INLINE, .summary = "一个统筹区的事项：分组、情境、查找", .query = "q=查找的词：事项名称、说法、拼音首字母或全拼", .cached = true},
    {.method = HTTP_GET, .stem = "situation", .page = "/r/{region}/s/{situation}", .api = "/regions/{region}/situations/{situation}",
     .template = "situation", .handler = web_situation, .pool = HTTP_INLINE, .summary = "一个办事情境下的事项", .cached = true},
    {.method = HTTP_GET, .stem = "guide", .page = "/r/{region}/m/{id}", .api = "/regions/{region}/matters/{id}", .template = "guide",
     .handler = web_guide, .pool = HTTP_INLINE, .summary = "办事指南", .cached = true},
    {.method = HTTP_GET, .stem = "flow", .page = "/r/{region}/m/{id}/flow.svg", .handler = web_flow, .pool = HTTP_READ,
     .summary = "办理流程图（SVG）", .cached = true},
    {.method = HTTP_GET, .stem = "check", .page = "/r/{region}/m/{id}/check", .api = "/regions/{region}/matters/{id}/checklist", .template = "check",
     .handler = web_check, .pool = HTTP_INLINE, .summary = "核对材料：回答问题，得到准确的清单",
     .query = "all=1 表示不再提问，直接列出|{fact}=对问题的回答，参数名是事实的标识"},
    {.method = HTTP_GET, .stem = "workday", .api = "/workday", .handler = web_workday, .pool = HTTP_INLINE, .summary = "工作日计算",
     .query = "from=起始日，省略为今天|n=工作日数|to=终止日：给出时计算两日之间的工作日"},
};

const struct web_route *
web_routes(size_t *ret_n)
{
    *ret_n = sizeof routes / sizeof *routes;
    return routes;
}
