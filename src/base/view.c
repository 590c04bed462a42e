#include "base/view.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

#include "base/ctx.h"

enum { POOL_FIRST = 5, POOL_MAX = 128, KEY_MAX = UINT16_MAX, JSON_DEPTH_MAX = 32, JSON_NODES_MAX = 20000 };

/* Siblings form a ring: a container keeps only its last child, whose `next` is the first. That leaves room for the
** pool, without which the adders could not allocate, and keeps a node at 40 bytes. */
struct view {
    uint8_t kind;
    bool is_last;
    uint16_t key_n;
    uint32_t count; /* children */
    const char *key;
    struct view *next; /* NULL until it has a parent */
    union {
        struct str text;
        int64_t i;
        struct {
            struct view *last;
            struct pool *pool;
        } kids;
    } u;
};
_Static_assert(sizeof(struct view) == 40, "views are built and walked for every answer: keep the node small");

/* Nodes of one tree are cut from growing chunks: the arena rounds and clears per call. */
struct pool {
    struct arena *a;
    struct view *unused;
    uint32_t left, step, read; /* READ: nodes that came from JSON */
    struct view first[POOL_FIRST];
};

static struct view *
node_new(struct pool *p, enum view_kind kind)
{
    if (p->left == 0) {
        p->step = p->step * 2 < POOL_MAX ? p->step * 2 : POOL_MAX;
        p->unused = ARENA_ARRAY(p->a, p->step, struct view);
        p->left = p->step;
    }
    struct view *v = p->unused++;
    p->left--;
    v->kind = (uint8_t)kind;
    if (kind >= VIEW_MAP)
        v->u.kids.pool = p;
    return v;
}

static struct pool *
pool_new(struct arena *a)
{
    struct pool *p = ARENA_NEW(a, struct pool);
    p->a = a;
    p->unused = p->first;
    p->left = p->step = POOL_FIRST;
    return p;
}

static void
attach(struct view *parent, struct view *child)
{
    assert(!child->next && parent != child);
    struct view *last = parent->u.kids.last;
    if (last) {
        child->next = last->next;
        last->next = child;
        last->is_last = false;
    } else {
        child->next = child;
    }
    child->is_last = true;
    parent->u.kids.last = child;
    parent->count++;
}

static void
attach_keyed(struct view *map, struct str key, struct view *child)
{
    assert(key.n <= KEY_MAX);
    child->key = key.p;
    child->key_n = (uint16_t)key.n;
    attach(map, child);
}

struct view *
view_map(struct arena *a)
{
    return node_new(pool_new(a), VIEW_MAP);
}

struct view *
view_list(struct arena *a)
{
    return node_new(pool_new(a), VIEW_LIST);
}

struct view *
view_text_node(struct arena *a, struct str s)
{
    struct view *v = ARENA_NEW(a, struct view);
    v->kind = VIEW_TEXT;
    v->u.text = s;
    return v;
}

struct view *
view_put(struct view *map, const char *key, struct view *child)
{
    assert(map->kind == VIEW_MAP);
    struct str k = str_c(key);
#ifndef NO_FAULT_INJECTION
    assert(!view_get(map, k)); /* quadratic, hence not in release builds */
#endif
    attach_keyed(map, k, child);
    return child;
}

static struct view *
put_new(struct view *map, const char *key, enum view_kind kind)
{
    return view_put(map, key, node_new(map->u.kids.pool, kind));
}

static void
put_text(struct view *map, const char *key, enum view_kind kind, struct str s)
{
    put_new(map, key, kind)->u.text = s;
}

static void
put_number(struct view *map, const char *key, enum view_kind kind, int64_t i)
{
    put_new(map, key, kind)->u.i = i;
}

struct view *
view_put_map(struct view *map, const char *key)
{
    return put_new(map, key, VIEW_MAP);
}

struct view *
view_put_list(struct view *map, const char *key)
{
    return put_new(map, key, VIEW_LIST);
}

void
view_put_text(struct view *map, const char *key, struct str s)
{
    put_text(map, key, VIEW_TEXT, s);
}

void
view_put_z(struct view *map, const char *key, const char *z)
{
    if (z)
        put_text(map, key, VIEW_TEXT, str_c(z));
    else
        view_put_null(map, key);
}

void
view_put_int(struct view *map, const char *key, int64_t v)
{
    put_number(map, key, VIEW_INT, v);
}

void
view_put_id(struct view *map, const char *key, int64_t v)
{
    put_number(map, key, VIEW_ID, v);
}

void
view_put_bool(struct view *map, const char *key, bool v)
{
    put_number(map, key, VIEW_BOOL, v);
}

void
view_put_money(struct view *map, const char *key, int64_t fen)
{
    put_number(map, key, VIEW_MONEY, fen);
}

void
view_put_day(struct view *map, const char *key, struct day d)
{
    put_number(map, key, VIEW_DAY, d.n);
}

void
view_put_raw(struct view *map, const char *key, struct str html)
{
    put_text(map, key, VIEW_RAW, html);
}

void
view_put_secret(struct view *map, const char *key, struct str masked)
{
    put_text(map, key, VIEW_SECRET, masked);
}

void
view_put_null(struct view *map, const char *key)
{
    put_new(map, key, VIEW_NULL);
}

void
view_put_opt(struct view *map, const char *key, struct str s)
{
    if (s.n)
        put_text(map, key, VIEW_TEXT, s);
}

static struct view *
add_new(struct view *list, enum view_kind kind)
{
    assert(list->kind == VIEW_LIST);
    struct view *v = node_new(list->u.kids.pool, kind);
    attach(list, v);
    return v;
}

struct view *
view_add_map(struct view *list)
{
    return add_new(list, VIEW_MAP);
}

struct view *
view_add_list(struct view *list)
{
    return add_new(list, VIEW_LIST);
}

void
view_add_text(struct view *list, struct str s)
{
    add_new(list, VIEW_TEXT)->u.text = s;
}

void
view_add(struct view *list, struct view *child)
{
    assert(list->kind == VIEW_LIST);
    attach(list, child);
}

enum view_kind
view_kind(const struct view *v)
{
    return (enum view_kind)v->kind;
}

const struct view *
view_get(const struct view *map, struct str key)
{
    if (map->kind != VIEW_MAP || map->count == 0 || key.n == 0)
        return NULL;
    const struct view *last = map->u.kids.last, *v = last;
    do {
        v = v->next;
        if (v->key_n == key.n && v->key[0] == key.p[0] && memcmp(v->key, key.p, key.n) == 0)
            return v;
    } while (v != last);
    return NULL;
}

size_t
view_count(const struct view *v)
{
    return v->count;
}

const struct view *
view_first(const struct view *v)
{
    return v->count ? v->u.kids.last->next : NULL;
}

const struct view *
view_next(const struct view *child)
{
    return child->is_last ? NULL : child->next;
}

struct str
view_key(const struct view *child)
{
    return (struct str){child->key, child->key_n};
}

struct str
view_text(const struct view *v)
{
    return v->kind == VIEW_TEXT || v->kind == VIEW_RAW || v->kind == VIEW_SECRET ? v->u.text : STR_NONE;
}

int64_t
view_int(const struct view *v)
{
    switch (view_kind(v)) {
    case VIEW_BOOL:
    case VIEW_INT:
    case VIEW_ID:
    case VIEW_MONEY:
    case VIEW_DAY:
        return v->u.i;
    default:
        return 0;
    }
}

/* Decimal digits of V before END; the first of them. */
static char *
digits(uint64_t v, char *end)
{
    do {
        *--end = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    return end;
}

static uint64_t
magnitude(int64_t v)
{
    return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

/* Writes V in front of END, with its sign. */
static struct str
int_text(int64_t v, char *end)
{
    char *p = digits(magnitude(v), end);
    if (v < 0)
        *--p = '-';
    return (struct str){p, (size_t)(end - p)};
}

static struct str
fen_text(int64_t fen, char *end)
{
    uint64_t m = magnitude(fen), yuan = m / 100;
    char *p = end;
    *--p = (char)('0' + m % 10);
    *--p = (char)('0' + m / 10 % 10);
    *--p = '.';
    for (int n = 0; n == 0 || yuan; n++, yuan /= 10) {
        if (n && n % 3 == 0)
            *--p = ',';
        *--p = (char)('0' + yuan % 10);
    }
    if (fen < 0)
        *--p = '-';
    return (struct str){p, (size_t)(end - p)};
}

static struct str
iso_day_text(int64_t n, char *out)
{
    struct day d = {(int32_t)n};
    if (day_is_none(d))
        return STR_NONE;
    struct day_ymd t = day_ymd(d);
    const int part[] = {t.year / 100, t.year % 100, t.month, t.day};
    char *p = out;
    for (size_t i = 0; i < 4; i++) {
        if (i >= 2)
            *p++ = '-';
        *p++ = (char)('0' + part[i] / 10 % 10);
        *p++ = (char)('0' + part[i] % 10);
    }
    return (struct str){out, (size_t)(p - out)};
}

struct str
view_display_into(const struct view *v, char tmp[VIEW_DISPLAY_SIZE])
{
    char *end = tmp + VIEW_DISPLAY_SIZE;
    switch (view_kind(v)) {
    case VIEW_TEXT:
    case VIEW_RAW:
    case VIEW_SECRET:
        return v->u.text;
    case VIEW_INT:
    case VIEW_ID:
        return int_text(v->u.i, end);
    case VIEW_BOOL:
        return v->u.i ? STR("是") : STR("否");
    case VIEW_MONEY:
        return fen_text(v->u.i, end);
    case VIEW_DAY:
        return iso_day_text(v->u.i, tmp);
    case VIEW_NULL:
    case VIEW_MAP:
    case VIEW_LIST:
        break;
    }
    return STR_NONE;
}

struct str
view_display(struct arena *a, const struct view *v)
{
    char tmp[VIEW_DISPLAY_SIZE];
    struct str s = view_display_into(v, tmp);
    bool own = v->kind == VIEW_TEXT || v->kind == VIEW_RAW || v->kind == VIEW_SECRET;
    return own || s.n == 0 ? s : str_dup(a, s);
}

/* Must a byte be escaped in a JSON text: control characters, '"' and '\\'. */
static bool
must_escape(unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\';
}

/* Is there among eight bytes one that must be escaped? The borrow may only mislead behind a real hit. */
static bool
eight_escape(const char *p)
{
    const uint64_t one = 0x0101010101010101u, high = 0x8080808080808080u;
    uint64_t w;
    memcpy(&w, p, 8);
    uint64_t quote = w ^ one * '"', slash = w ^ one * '\\';
    uint64_t hit = (w - one * 0x20) & ~w; /* below 0x20, never for a byte of 0x80 or more */
    return (hit | ((quote - one) & ~quote) | ((slash - one) & ~slash)) & high;
}

/* Bytes before the first that must be escaped. Eight at a time: most texts have none. */
static size_t
plain_bytes(const char *p, size_t n)
{
    size_t i = 0;
    while (i + 8 <= n && !eight_escape(p + i))
        i += 8;
    while (i < n && !must_escape((unsigned char)p[i]))
        i++;
    return i;
}

static void
write_escape(struct buf *b, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    static const char short_form[0x20] = {['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    char *o = buf_room(b, 6);
    *o++ = '\\';
    if (c >= 0x20 || short_form[c]) {
        *o = c >= 0x20 ? (char)c : short_form[c];
        b->n += 2;
        return;
    }
    memcpy(o, "u00", 3);
    o[3] = hex[c >> 4];
    o[4] = hex[c & 15];
    b->n += 6;
}

/* The rest of a text of which FROM bytes are written and the next must be escaped. */
static void
write_escaped(struct buf *b, struct str s, size_t from)
{
    for (size_t i = from; i < s.n;) {
        write_escape(b, (unsigned char)s.p[i++]);
        size_t plain = plain_bytes(s.p + i, s.n - i);
        buf_add(b, str_sub(s, i, plain));
        i += plain;
    }
}

/* S in quotes, and behind it the byte END unless that is 0. */
static void
write_string(struct buf *b, struct str s, char end)
{
    char *o = buf_room(b, s.n + 3);
    *o++ = '"';
    size_t plain = plain_bytes(s.p, s.n);
    if (plain)
        memcpy(o, s.p, plain);
    b->n += 1 + plain;
    if (plain < s.n)
        write_escaped(b, s, plain);
    o = buf_room(b, 2);
    o[0] = '"';
    o[1] = end;
    b->n += end ? 2 : 1;
}

static void
write_number(struct buf *b, int64_t v, bool quoted)
{
    char tmp[VIEW_DISPLAY_SIZE], *end = tmp + sizeof tmp;
    if (quoted)
        *--end = '"';
    struct str s = int_text(v, end);
    char *o = buf_room(b, s.n + 2), *p = o;
    if (quoted)
        *p++ = '"';
    s.n += quoted; /* the closing quote lies right behind the digits */
    memcpy(p, s.p, s.n);
    b->n += (size_t)(p - o) + s.n;
}

static void
write_children(const struct view *v, struct buf *b)
{
    bool map = v->kind == VIEW_MAP;
    buf_byte(b, map ? '{' : '[');
    for (const struct view *c = view_first(v); c; c = view_next(c)) {
        if (map)
            write_string(b, view_key(c), ':');
        view_json(c, b);
        if (!c->is_last)
            buf_byte(b, ',');
    }
    buf_byte(b, map ? '}' : ']');
}

void
view_json(const struct view *v, struct buf *b)
{
    char tmp[VIEW_DISPLAY_SIZE];
    switch (view_kind(v)) {
    case VIEW_NULL:
        buf_add(b, STR("null"));
        break;
    case VIEW_BOOL:
        buf_add(b, v->u.i ? STR("true") : STR("false"));
        break;
    case VIEW_INT:
    case VIEW_MONEY:
        write_number(b, v->u.i, false);
        break;
    case VIEW_ID:
        write_number(b, v->u.i, true);
        break;
    case VIEW_DAY:
        if (day_is_none((struct day){(int32_t)v->u.i}))
            buf_add(b, STR("null"));
        else
            write_string(b, iso_day_text(v->u.i, tmp), 0);
        break;
    case VIEW_TEXT:
    case VIEW_RAW:
    case VIEW_SECRET:
        write_string(b, v->u.text, 0);
        break;
    case VIEW_MAP:
    case VIEW_LIST:
        write_children(v, b);
        break;
    }
}

static enum err from_jansson(struct ctx *ctx, struct pool *pool, json_t *j, int depth, struct view **ret_v) MUST_USE;

static enum err
map_from_jansson(struct ctx *ctx, struct pool *pool, json_t *j, int depth, struct view *map)
{
    const char *key;
    json_t *value;
    json_object_foreach(j, key, value)
    {
        struct str k = str_c(key);
        if (k.n > KEY_MAX)
            FAIL(ctx, ERR_SYNTAX, "字段名太长");
        struct view *child;
        TRY(ctx, from_jansson(ctx, pool, value, depth, &child));
        attach_keyed(map, str_dup(ctx->arena, k), child);
    }
    return OK;
}

static enum err
list_from_jansson(struct ctx *ctx, struct pool *pool, json_t *j, int depth, struct view *list)
{
    size_t i;
    json_t *value;
    json_array_foreach(j, i, value)
    {
        struct view *child;
        TRY(ctx, from_jansson(ctx, pool, value, depth, &child));
        attach(list, child);
    }
    return OK;
}

/* The view of J, which lies DEPTH containers deep. */
static enum err
from_jansson(struct ctx *ctx, struct pool *pool, json_t *j, int depth, struct view **ret_v)
{
    static const enum view_kind kinds[] = {
        [JSON_OBJECT] = VIEW_MAP, [JSON_ARRAY] = VIEW_LIST, [JSON_STRING] = VIEW_TEXT, [JSON_INTEGER] = VIEW_INT,
        [JSON_TRUE] = VIEW_BOOL,  [JSON_FALSE] = VIEW_BOOL, [JSON_NULL] = VIEW_NULL};
    static const int64_t exact_max = INT64_C(1) << 53; /* beyond it other readers round silently */
    if (json_is_real(j))
        FAIL(ctx, ERR_SYNTAX, "请用整数或文本");
    if (++pool->read > JSON_NODES_MAX) /* a node costs twenty times its two bytes of text */
        FAIL(ctx, ERR_TOO_LARGE, "内容太多，最多 %d 项", JSON_NODES_MAX);
    if (depth == JSON_DEPTH_MAX && (json_is_object(j) || json_is_array(j)))
        FAIL(ctx, ERR_SYNTAX, "数据嵌套太深，最多 %d 层", JSON_DEPTH_MAX);
    struct view *v = *ret_v = node_new(pool, kinds[json_typeof(j)]);
    switch (json_typeof(j)) {
    case JSON_INTEGER:
        v->u.i = json_integer_value(j);
        if (v->u.i > exact_max || v->u.i < -exact_max)
            FAIL(ctx, ERR_SYNTAX, "整数太大，请用文本");
        return OK;
    case JSON_STRING:
        v->u.text = str_dup(ctx->arena, (struct str){json_string_value(j), json_string_length(j)});
        return OK;
    case JSON_OBJECT:
        return map_from_jansson(ctx, pool, j, depth + 1, v);
    case JSON_ARRAY:
        return list_from_jansson(ctx, pool, j, depth + 1, v);
    default:
        v->u.i = json_is_true(j);
        return OK;
    }
}

enum err
view_from_json(struct ctx *ctx, struct str json, struct view **ret_v)
{
    json_error_t error;
    json_auto_t *j = json_loadb(json.p ? json.p : "", json.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!j && json_error_code(&error) == json_error_duplicate_key)
        FAIL(ctx, ERR_SYNTAX, "第 %d 行第 %d 列：同名字段重复", error.line, error.column);
    if (!j && json_error_code(&error) == json_error_numeric_overflow)
        FAIL(ctx, ERR_SYNTAX, "第 %d 行第 %d 列：数字太大，请用文本", error.line, error.column);
    if (!j && json_error_code(&error) == json_error_out_of_memory)
        FAIL(ctx, ERR_MEMORY, "%s", "");
    if (!j)
        FAIL(ctx, ERR_SYNTAX, "第 %d 行第 %d 列不符合 JSON 格式", error.line, error.column);
    TRY(ctx, from_jansson(ctx, pool_new(ctx->arena), j, 0, ret_v));
    return OK;
}

static void
copy_children(struct view *into, const struct view *from)
{
    for (const struct view *c = view_first(from); c; c = view_next(c)) {
        struct view *n = node_new(into->u.kids.pool, view_kind(c));
        if (c->kind >= VIEW_MAP)
            copy_children(n, c);
        else
            n->u = c->u;
        attach_keyed(into, view_key(c), n);
    }
}

struct view *
view_copy(struct arena *a, const struct view *v)
{
    if (v->kind < VIEW_MAP) {
        struct view *n = view_text_node(a, STR(""));
        n->kind = v->kind;
        n->u = v->u;
        return n;
    }
    struct view *n = v->kind == VIEW_MAP ? view_map(a) : view_list(a);
    copy_children(n, v);
    return n;
}
