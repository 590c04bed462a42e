#include <string.h>

#include "http/http_int.h"

/* A trie over segments: literals sorted, then one parameter child, then the rest. */
struct http_node {
    struct str name;
    struct http_node **child; /* literals, sorted by name */
    size_t child_count, child_cap;
    struct http_node *any;
    const struct http_row *here[4]; /* by method */
    const struct http_row *rest[4];
};

static size_t
method_slot(enum http_method m)
{
    return m == HTTP_GET ? 0 : m == HTTP_POST ? 1 : m == HTTP_PUT ? 2 : 3;
}

/* Position of NAME among the literals of N, or where it belongs. */
static size_t
child_find(const struct http_node *n, struct str name, bool *ret_found)
{
    size_t lo = 0, hi = n->child_count;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int c = str_cmp(n->child[mid]->name, name);
        if (c == 0) {
            *ret_found = true;
            return mid;
        }
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    *ret_found = false;
    return lo;
}

static struct http_node *
child_need(struct arena *a, struct http_node *n, struct str name)
{
    bool found;
    size_t at = child_find(n, name, &found);
    if (found)
        return n->child[at];
    if (n->child_count == n->child_cap) {
        size_t cap = n->child_cap ? n->child_cap * 2 : 4;
        struct http_node **wider = ARENA_ARRAY(a, cap, struct http_node *);
        if (n->child_count)
            memcpy(wider, n->child, n->child_count * sizeof(struct http_node *));
        n->child = wider;
        n->child_cap = cap;
    }
    memmove(n->child + at + 1, n->child + at, (n->child_count - at) * sizeof(struct http_node *));
    n->child[at] = ARENA_NEW(a, struct http_node);
    n->child[at]->name = name;
    n->child_count++;
    return n->child[at];
}

static enum err
pattern_bad(struct ctx *ctx, const struct http_route *route, const char *why)
{
    FAIL(ctx, ERR_CONFIG, "路由“%s”有误：%s", route->pattern, why);
}

/* One segment of a pattern: moves *N down, notes a parameter's name in ROW. */
static enum err
segment_add(struct ctx *ctx, struct arena *a, struct str seg, struct http_row *row, struct http_node **n)
{
    if (row->depth == HTTP_SEGMENTS_MAX)
        return pattern_bad(ctx, row->route, "层数太多");
    if (row->rest)
        return pattern_bad(ctx, row->route, "{*}只能是最后一段");
    if (seg.n == 0)
        return pattern_bad(ctx, row->route, "有空段");
    bool braces = seg.n > 2 && seg.p[0] == '{' && seg.p[seg.n - 1] == '}';
    struct str name = braces ? str_sub(seg, 1, seg.n - 2) : seg;
    if (memchr(name.p, '{', name.n) || memchr(name.p, '}', name.n))
        return pattern_bad(ctx, row->route, "花括号必须占满一段");
    if (!braces) {
        *n = child_need(a, *n, seg);
    } else if (str_eqz(name, "*")) {
        row->rest = true;
    } else {
        if (!(*n)->any)
            (*n)->any = ARENA_NEW(a, struct http_node);
        *n = (*n)->any;
    }
    if (braces)
        row->name[row->depth] = name;
    row->depth++;
    return OK;
}

static enum err
route_add(struct ctx *ctx, struct arena *a, struct http_node *root, struct http_row *row)
{
    const struct http_route *route = row->route;
    unsigned m = route->method;
    if (m != HTTP_GET && m != HTTP_POST && m != HTTP_PUT && m != HTTP_DELETE)
        return pattern_bad(ctx, route, "方法不对");
    struct str rest = str_c(route->pattern), seg;
    if (rest.n == 0 || rest.p[0] != '/')
        return pattern_bad(ctx, route, "必须以/开头");
    rest = str_sub(rest, 1, rest.n);
    struct http_node *n = root;
    if (rest.n)
        while (str_split(&rest, '/', &seg))
            TRY(ctx, segment_add(ctx, a, seg, row, &n));
    const struct http_row **slot = (row->rest ? n->rest : n->here) + method_slot(route->method);
    if (*slot)
        return pattern_bad(ctx, route, "与另一条路由重复");
    *slot = row;
    return OK;
}

enum err
http_routes_compile(struct ctx *ctx, struct arena *a, const struct http_route *route, size_t count,
                    struct http_routes *ret_routes)
{
    *ret_routes = (struct http_routes){
        .root = ARENA_NEW(a, struct http_node), .row = ARENA_ARRAY(a, count, struct http_row), .count = count};
    for (size_t i = 0; i < count; i++) {
        ret_routes->row[i].route = &route[i];
        TRY(ctx, route_add(ctx, a, ret_routes->root, &ret_routes->row[i]));
    }
    return OK;
}

static const struct http_row *
rows_take(const struct http_row *const *row, enum http_method method, unsigned *allow)
{
    for (size_t i = 0; i < 4; i++)
        if (row[i])
            *allow |= row[i]->route->method;
    return method ? row[method_slot(method)] : NULL;
}

/* Literal before parameter before rest; goes back when a more literal way leads nowhere. Depth is that of the trie. */
static const struct http_row *
node_match(const struct http_node *n, const struct str *seg, size_t count, enum http_method method, unsigned *allow)
{
    if (count == 0)
        return rows_take(n->here, method, allow);
    bool found;
    size_t at = child_find(n, seg[0], &found);
    const struct http_row *row = NULL;
    if (found)
        row = node_match(n->child[at], seg + 1, count - 1, method, allow);
    if (!row && n->any && seg[0].n)
        row = node_match(n->any, seg + 1, count - 1, method, allow);
    if (!row && (count > 1 || seg[0].n))
        row = rows_take(n->rest, method, allow);
    return row;
}

const struct http_row *
http_routes_match(const struct http_routes *r, const struct str *segment, size_t count, enum http_method method,
                  unsigned *ret_allow)
{
    *ret_allow = 0;
    return node_match(r->root, segment, count, method, ret_allow);
}
