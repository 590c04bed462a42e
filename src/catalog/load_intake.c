/* region.yaml: 共享来源 and 承诺核查; also the instance's own list of sources, which has the same form. */
#include "catalog/catalog_int.h"
#include "catalog/intake.h"

enum { VALUES_MAX = 8 };

const char *
share_kind_name(enum share_kind k)
{
    return k == SHARE_HTTP ? "接口" : "名单";
}

static enum err
texts(struct ctx *ctx, struct arena *arena, struct yaml_node *map, const char *key, const struct str **ret_s,
      size_t *ret_n)
{
    struct str *s;
    size_t n;
    if (!yaml_get(map, key))
        return OK;
    TRY(ctx, yaml_texts(ctx, arena, map, key, &s, &n));
    for (size_t i = 0; i < n; i++)
        s[i] = str_dup(arena, s[i]);
    *ret_s = s;
    *ret_n = n;
    return OK;
}

/* What is not written leaves *ret_s as it was: an instance need not repeat the guide. */
static enum err
text(struct ctx *ctx, struct arena *arena, struct yaml_node *map, const char *key, struct str *ret_s)
{
    struct str s;
    TRY(ctx, yaml_text(ctx, map, key, &s));
    if (!str_empty(s))
        *ret_s = str_dup(arena, s);
    return OK;
}

static enum err
flag(struct ctx *ctx, struct yaml_node *map, const char *key, bool *ret_b)
{
    return yaml_get(map, key) ? yaml_flag(ctx, map, key, ret_b) : OK;
}

static enum err
choice(struct ctx *ctx, struct yaml_node *map, const char *key, const char *no, const char *yes, bool *ret_yes)
{
    struct str s;
    TRY(ctx, yaml_text(ctx, map, key, &s));
    if (str_empty(s))
        return OK;
    if (!str_eqz(s, no) && !str_eqz(s, yes))
        return yaml_fail(ctx, yaml_get(map, key), "“%s”应为 %s 或 %s", key, no, yes);
    *ret_yes = str_eqz(s, yes);
    return OK;
}

static enum err
endpoint(struct ctx *ctx, struct arena *arena, struct yaml_node *n, struct share_source *s)
{
    struct str ms;
    TRY(ctx, text(ctx, arena, n, "网址", &s->url));
    TRY(ctx, text(ctx, arena, n, "方法", &s->method));
    TRY(ctx, yaml_text(ctx, n, "超时毫秒", &ms));
    if (!str_empty(s->url) && !str_starts(s->url, STR("http://")) && !str_starts(s->url, STR("https://")))
        return yaml_fail(ctx, yaml_get(n, "网址"), "网址应以 http:// 或 https:// 开头");
    if (!str_empty(s->method) && !str_eqz(s->method, "GET") && !str_eqz(s->method, "POST"))
        return yaml_fail(ctx, yaml_get(n, "方法"), "方法应为 GET 或 POST");
    if (!str_empty(ms) && (!str_int(ms, &s->timeout_ms) || s->timeout_ms < 1 || s->timeout_ms > SHARE_TIMEOUT_MAX_MS))
        return yaml_fail(ctx, yaml_get(n, "超时毫秒"), "超时毫秒应为 1 到 %d", SHARE_TIMEOUT_MAX_MS);
    return OK;
}

static enum err
read_source(struct ctx *ctx, struct arena *arena, struct yaml_node *n, bool of_instance, struct share_source *s)
{
    bool http = s->kind == SHARE_HTTP;
    TRY(ctx, text(ctx, arena, n, "名称", &s->name));
    TRY(ctx, text(ctx, arena, n, "证明", &s->proves));
    TRY(ctx, text(ctx, arena, n, "原文", &s->verbatim));
    TRY(ctx, text(ctx, arena, n, "出处", &s->where));
    TRY(ctx, text(ctx, arena, n, "事实", &s->fact));
    TRY(ctx, choice(ctx, n, "种类", "名单", "接口", &http));
    TRY(ctx, choice(ctx, n, "对象", "个人", "单位", &s->by_unit));
    TRY(ctx, flag(ctx, n, "授权", &s->consent));
    TRY(ctx, texts(ctx, arena, n, "对应", &s->answers, &s->answer_count));
    TRY(ctx, texts(ctx, arena, n, "材料", &s->materials, &s->material_count));
    TRY(ctx, texts(ctx, arena, n, "值", &s->values, &s->value_count));
    s->kind = http ? SHARE_HTTP : SHARE_LIST;
    if (of_instance)
        TRY(ctx, endpoint(ctx, arena, n, s));
    if (str_empty(s->name) || str_empty(s->proves))
        return yaml_fail(ctx, n, "来源“%.*s”要写明名称和证明什么", STR_ARG(s->id));
    if (s->value_count > VALUES_MAX)
        return yaml_fail(ctx, yaml_get(n, "值"), "值最多 %d 列", VALUES_MAX);
    return yaml_refuse_unseen(ctx, n);
}

static bool
id_is_plain(struct str id)
{
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return false;
    }
    return id.n > 0 && id.n <= 32;
}

enum err
share_sources_read(struct ctx *ctx, struct arena *arena, struct yaml_node *list, bool of_instance,
                   const struct share_source *known, size_t known_count, const struct share_source **ret_s,
                   size_t *ret_n)
{
    size_t n = known_count;
    struct share_source *s = ARENA_ARRAY(arena, known_count + (list ? list->count : 0), struct share_source);
    if (list && list->count > SHARE_SOURCES_MAX)
        return yaml_fail(ctx, list, "共享来源超过 %d 个", SHARE_SOURCES_MAX);
    for (size_t i = 0; i < known_count; i++)
        s[i] = known[i];
    for (struct yaml_node *x = list ? list->first : NULL; x; x = x->next) {
        struct str id;
        size_t at = 0;
        if (x->kind != YAML_MAP)
            return yaml_fail(ctx, x, "共享来源的每一项应是映射");
        TRY(ctx, yaml_need(ctx, x, "标识", &id));
        if (!id_is_plain(id))
            return yaml_fail(ctx, yaml_get(x, "标识"), "标识只能用小写字母、数字和“-”，最多 32 个");
        while (at < n && !str_eq(s[at].id, id))
            at++;
        if (at < n && (!of_instance || at >= known_count))
            return yaml_fail(ctx, yaml_get(x, "标识"), "标识“%.*s”用了两次", STR_ARG(id));
        if (at == n)
            s[n++] = (struct share_source){
                .id = str_dup(arena, id), .own = of_instance, .method = STR("POST"), .timeout_ms = SHARE_TIMEOUT_MS};
        TRY(ctx, read_source(ctx, arena, x, of_instance, &s[at]));
    }
    *ret_s = s;
    *ret_n = n;
    return OK;
}

static enum err
load_commitment_rule(struct loader *l, struct yaml_node *root, struct commitment_rule *r)
{
    struct yaml_node *n;
    *r = (struct commitment_rule){COMMITMENT_SHARE_PERCENT, COMMITMENT_CHECK_WORKDAYS, COMMITMENT_BREACH_MONTHS, false};
    TRY(l->ctx, yaml_map(l->ctx, root, "承诺核查", &n));
    if (!n)
        return OK;
    TRY(l->ctx, load_int(l, n, "抽查百分比", 100, &r->share_percent));
    TRY(l->ctx, load_int(l, n, "核查工作日", 250, &r->check_workdays));
    TRY(l->ctx, load_int(l, n, "违诺月数", 120, &r->breach_months));
    if (r->check_workdays < 1 || r->breach_months < 1)
        return yaml_fail(l->ctx, n, "承诺核查要写明抽查百分比、核查工作日和违诺月数");
    r->printed = true;
    return yaml_refuse_unseen(l->ctx, n);
}

enum err
load_intake(struct loader *l, struct yaml_node *root, struct region *r)
{
    struct yaml_node *list;
    TRY(l->ctx, yaml_list(l->ctx, root, "共享来源", &list));
    TRY(l->ctx, load_commitment_rule(l, root, &r->commitment));
    return share_sources_read(l->ctx, l->arena, list, false, NULL, 0, &r->share, &r->share_count);
}
