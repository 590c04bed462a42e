/* Recursive descent to a flat tree, types checked on the way up: what cannot mean anything is refused where it stands.
 */
#include <assert.h>
#include <string.h>

#include "rules/feel_int.h"

static uint16_t parse_or(struct parser *p);

static void
advance(struct parser *p)
{
    if (p->tok.kind != TOKEN_ERROR)
        p->tok = lexer_next(&p->lx);
}

static uint16_t
node_new(struct parser *p, enum node_op op, enum node_type type, size_t at)
{
    size_t i = p->node_count++;
    assert(i < FEEL_SOURCE_MAX + 1); /* every node eats at least one byte of source */
    p->node[i] = (struct node){.op = (uint8_t)op,
                               .type = (uint8_t)type,
                               .height = 1,
                               .first = NODE_NONE,
                               .next = NODE_NONE,
                               .at = (uint16_t)at};
    return (uint16_t)i;
}

static uint16_t
constant_new(struct parser *p, enum node_type type, size_t at, struct value v)
{
    uint16_t n = node_new(p, OP_CONST, type, at);
    p->node[n].ref = (uint16_t)p->constant_count;
    p->constant[p->constant_count++] = v;
    return n;
}

/* Hangs CHILD as last one under PARENT (LAST = its present last child or NODE_NONE). */
static bool
adopt(struct parser *p, uint16_t parent, uint16_t last, uint16_t child)
{
    if (last == NODE_NONE)
        p->node[parent].first = child;
    else
        p->node[last].next = child;
    if (p->node[child].height >= FEEL_DEPTH_MAX) {
        parser_fail(p, p->node[parent].at, STR("嵌套太深或算式太长"), STR("最多 64 层，请拆成几个条件"));
        return false;
    }
    if (p->node[parent].height <= p->node[child].height)
        p->node[parent].height = (uint8_t)(p->node[child].height + 1);
    return true;
}

static uint16_t
parse_name(struct parser *p)
{
    static const enum node_type type_of[] = {
        [FACT_CHOICE] = TYPE_TEXT, [FACT_BOOL] = TYPE_BOOL, [FACT_NUMBER] = TYPE_NUMBER,
        [FACT_TEXT] = TYPE_TEXT,   [FACT_DATE] = TYPE_DATE,
    };
    size_t i = fact_find(p->dict, p->tok.text);
    if (i == SIZE_MAX)
        return parser_unknown_name(p, p->tok);
    uint16_t n = node_new(p, OP_FACT, type_of[p->dict->fact[i].type], p->tok.at);
    p->node[n].ref = (uint16_t)i;
    advance(p);
    return n;
}

static bool
expect(struct parser *p, enum token_kind kind, const char *what, const char *remedy)
{
    if (p->tok.kind == kind) {
        advance(p);
        return true;
    }
    parser_fail(p, p->tok.at, str_c(what), str_c(remedy));
    return false;
}

/* "(" or ")" */
static uint16_t
parse_parenthesis(struct parser *p, const char *missing)
{
    size_t at = p->tok.at;
    if (!expect(p, TOKEN_LPAREN, missing, "请补上半角左括号 ("))
        return NODE_NONE;
    uint16_t n = parse_or(p);
    if (n == NODE_NONE)
        return NODE_NONE;
    struct str what =
        str_fmt(parser_words(p), "第 %zu 个字符的左括号没有配对", str_utf8_count(str_sub(p->lx.src, 0, at)) + 1);
    return expect(p, TOKEN_RPAREN, what.p, "请补上半角右括号 )") ? n : NODE_NONE;
}

static uint16_t
parse_not(struct parser *p)
{
    size_t at = p->tok.at;
    advance(p);
    uint16_t inner = parse_parenthesis(p, "not 后面要有括号");
    if (inner == NODE_NONE || !parser_want_type(p, inner, TYPE_BOOL))
        return NODE_NONE;
    uint16_t n = node_new(p, OP_NOT, TYPE_BOOL, at);
    return adopt(p, n, NODE_NONE, inner) ? n : NODE_NONE;
}

static uint16_t
parse_date(struct parser *p)
{
    size_t at = p->tok.at;
    advance(p);
    if (!expect(p, TOKEN_LPAREN, "date 后面要有括号", "日期写成 date(\"2026-01-31\")"))
        return NODE_NONE;
    struct value v = {.kind = VALUE_DATE};
    if (p->tok.kind != TOKEN_TEXT || !day_parse(p->tok.text, &v.date))
        return parser_fail(p, p->tok.at, STR("不是存在的日期"), STR("日期写成 date(\"2026-01-31\")，年月日都补足位数"));
    advance(p);
    if (!expect(p, TOKEN_RPAREN, "日期后面缺少右括号", "日期写成 date(\"2026-01-31\")"))
        return NODE_NONE;
    return constant_new(p, TYPE_DATE, at, v);
}

static uint16_t
parse_number(struct parser *p)
{
    struct value v = {.kind = VALUE_NUMBER};
    if (!decimal_parse(p->tok.text, &v.number))
        return parser_fail(p, p->tok.at, STR("不是数字"), STR("数字写成 12 或 12.5"));
    uint16_t n = constant_new(p, TYPE_NUMBER, p->tok.at, v);
    advance(p);
    return n;
}

static uint16_t
parse_unexpected(struct parser *p)
{
    if (p->tok.kind == TOKEN_END)
        return parser_fail(p, p->tok.at, str_empty(str_trim(p->lx.src)) ? STR("条件是空的") : STR("条件没有写完"),
                           STR("请补上后面的名称、取值或条件"));
    return parser_fail(p, p->tok.at, str_fmt(parser_words(p), "这里不应当是“%.*s”", STR_ARG(p->tok.raw)),
                       STR("这里要写事实名称、\"取值\"、数字、not(...) 或括号"));
}

static uint16_t
parse_primary(struct parser *p)
{
    struct token t = p->tok;
    uint16_t n;
    switch (t.kind) {
    case TOKEN_NAME:
        return parse_name(p);
    case TOKEN_NUMBER:
        return parse_number(p);
    case TOKEN_TEXT:
        n = constant_new(p, TYPE_TEXT, t.at, value_text(t.text));
        break;
    case TOKEN_TRUE:
    case TOKEN_FALSE:
        n = constant_new(p, TYPE_BOOL, t.at, value_bool(t.kind == TOKEN_TRUE));
        break;
    case TOKEN_NULL:
        n = constant_new(p, TYPE_NULL, t.at, (struct value){.kind = VALUE_NULL});
        break;
    case TOKEN_NOT:
        return parse_not(p);
    case TOKEN_DATE:
        return parse_date(p);
    case TOKEN_LPAREN:
        return parse_parenthesis(p, "");
    default:
        return parse_unexpected(p);
    }
    advance(p);
    return n;
}

static uint16_t
parse_unary(struct parser *p)
{
    if (p->depth == FEEL_DEPTH_MAX)
        return parser_fail(p, p->tok.at, STR("嵌套太深"), STR("最多 64 层，请拆成几个条件"));
    p->depth++;
    uint16_t n;
    if (p->tok.kind == TOKEN_MINUS) {
        size_t at = p->tok.at;
        advance(p);
        uint16_t inner = parse_unary(p);
        if (inner == NODE_NONE || !parser_want_type(p, inner, TYPE_NUMBER))
            return NODE_NONE;
        if (p->node[inner].op == OP_CONST) { /* fold: the checker wants to see a literal */
            struct value *v = &p->constant[p->node[inner].ref];
            v->number.coef = -v->number.coef;
            n = inner;
        } else {
            n = node_new(p, OP_NEG, TYPE_NUMBER, at);
            if (!adopt(p, n, NODE_NONE, inner))
                return NODE_NONE;
        }
    } else {
        n = parse_primary(p);
    }
    p->depth--;
    return n;
}

static uint16_t
binary_new(struct parser *p, enum node_op op, enum node_type type, size_t at, uint16_t a, uint16_t b)
{
    uint16_t n = node_new(p, op, type, at);
    return adopt(p, n, NODE_NONE, a) && adopt(p, n, a, b) ? n : NODE_NONE;
}

static uint16_t
parse_mul(struct parser *p)
{
    uint16_t left = parse_unary(p);
    while (left != NODE_NONE && (p->tok.kind == TOKEN_STAR || p->tok.kind == TOKEN_SLASH)) {
        struct token t = p->tok;
        advance(p);
        uint16_t right = parse_unary(p);
        if (right == NODE_NONE || !parser_want_type(p, left, TYPE_NUMBER) || !parser_want_type(p, right, TYPE_NUMBER))
            return NODE_NONE;
        left = binary_new(p, t.kind == TOKEN_STAR ? OP_MUL : OP_DIV, TYPE_NUMBER, t.at, left, right);
    }
    return left;
}

static uint16_t
parse_add(struct parser *p)
{
    uint16_t left = parse_mul(p);
    while (left != NODE_NONE && (p->tok.kind == TOKEN_PLUS || p->tok.kind == TOKEN_MINUS)) {
        struct token t = p->tok;
        advance(p);
        uint16_t right = parse_mul(p);
        if (right == NODE_NONE || !parser_want_type(p, left, TYPE_NUMBER) || !parser_want_type(p, right, TYPE_NUMBER))
            return NODE_NONE;
        left = binary_new(p, t.kind == TOKEN_PLUS ? OP_ADD : OP_SUB, TYPE_NUMBER, t.at, left, right);
    }
    return left;
}

static uint16_t
parse_in(struct parser *p, uint16_t left)
{
    size_t at = p->tok.at;
    advance(p);
    if (!expect(p, TOKEN_LPAREN, "in 后面要有括号", "写成 in (\"甲\", \"乙\")"))
        return NODE_NONE;
    uint16_t n = node_new(p, OP_IN, TYPE_BOOL, at), last = left;
    if (!adopt(p, n, NODE_NONE, left))
        return NODE_NONE;
    for (;;) {
        uint16_t item = parse_add(p);
        if (item == NODE_NONE || !parser_check_equality(p, left, item) || !adopt(p, n, last, item))
            return NODE_NONE;
        last = item;
        if (p->tok.kind != TOKEN_COMMA)
            break;
        advance(p);
    }
    return expect(p, TOKEN_RPAREN, "in 的括号里缺少逗号或右括号", "写成 in (\"甲\", \"乙\")") ? n : NODE_NONE;
}

static uint16_t
parse_between(struct parser *p, uint16_t left)
{
    size_t at = p->tok.at;
    advance(p);
    uint16_t low = parse_add(p);
    if (low == NODE_NONE || !parser_check_ordering(p, left, low) ||
        !expect(p, TOKEN_AND, "between 缺少 and", "写成 between 1 and 9"))
        return NODE_NONE;
    uint16_t high = parse_add(p);
    if (high == NODE_NONE || !parser_check_ordering(p, left, high))
        return NODE_NONE;
    uint16_t n = binary_new(p, OP_BETWEEN, TYPE_BOOL, at, left, low);
    return n != NODE_NONE && adopt(p, n, low, high) ? n : NODE_NONE;
}

static uint16_t
parse_cmp(struct parser *p)
{
    uint16_t left = parse_add(p);
    if (left == NODE_NONE)
        return NODE_NONE;
    struct token t = p->tok;
    if (t.kind == TOKEN_NOT)
        return parser_fail(p, t.at, STR("not 不能放在这里"), STR("写成 not(名称 in (...))"));
    if (t.kind == TOKEN_IN) {
        left = parse_in(p, left);
    } else if (t.kind == TOKEN_BETWEEN) {
        left = parse_between(p, left);
    } else if (t.kind >= TOKEN_EQ && t.kind <= TOKEN_GE) {
        advance(p);
        uint16_t right = parse_add(p);
        if (right == NODE_NONE)
            return NODE_NONE;
        if (!(t.kind <= TOKEN_NE ? parser_check_equality : parser_check_ordering)(p, left, right))
            return NODE_NONE;
        left = binary_new(p, (enum node_op)(OP_EQ + (t.kind - TOKEN_EQ)), TYPE_BOOL, t.at, left, right);
    } else {
        return left;
    }
    if (left != NODE_NONE && p->tok.kind >= TOKEN_EQ && p->tok.kind <= TOKEN_GE)
        return parser_fail(p, p->tok.at, STR("不能连写比较"), STR("请用 and 连接，或写成 between 1 and 9"));
    return left;
}

/* One or more OPERANDs joined by TOKEN: a single one is itself, more become one flat node. */
static uint16_t
parse_chain(struct parser *p, enum token_kind token, enum node_op op, uint16_t (*operand)(struct parser *))
{
    uint16_t first = operand(p), n = NODE_NONE, last = first;
    while (last != NODE_NONE && p->tok.kind == token) {
        size_t at = p->tok.at;
        advance(p);
        uint16_t next = operand(p);
        if (next == NODE_NONE || (n == NODE_NONE && !parser_want_type(p, first, TYPE_BOOL)) ||
            !parser_want_type(p, next, TYPE_BOOL))
            return NODE_NONE;
        if (n == NODE_NONE) {
            n = node_new(p, op, TYPE_BOOL, at);
            if (!adopt(p, n, NODE_NONE, first))
                return NODE_NONE;
        }
        if (!adopt(p, n, last, next))
            return NODE_NONE;
        last = next;
    }
    return last == NODE_NONE || n == NODE_NONE ? last : n;
}

static uint16_t
parse_and(struct parser *p)
{
    return parse_chain(p, TOKEN_AND, OP_AND, parse_cmp);
}

static uint16_t
parse_or(struct parser *p)
{
    return parse_chain(p, TOKEN_OR, OP_OR, parse_and);
}

static uint16_t
parse_all(struct parser *p, bool want_bool)
{
    advance(p);
    uint16_t root = parse_or(p);
    if (root == NODE_NONE)
        return NODE_NONE;
    if (p->tok.kind == TOKEN_RPAREN)
        return parser_fail(p, p->tok.at, STR("多了一个右括号"), STR("请删去，或补上左括号"));
    if (p->tok.kind != TOKEN_END)
        return parser_fail(p, p->tok.at, str_fmt(parser_words(p), "“%.*s”前面缺少连接", STR_ARG(p->tok.raw)),
                           STR("两个条件之间要有 and 或 or"));
    if (want_bool && !parser_want_type(p, root, TYPE_BOOL))
        return NODE_NONE;
    return p->tok.kind == TOKEN_ERROR ? NODE_NONE : root;
}

/* The result in its final size, in the arena that outlives the request. */
static struct feel *
finish(struct parser *p, uint16_t root)
{
    struct arena *a = p->lx.arena;
    struct feel *f = ARENA_NEW(a, struct feel);
    struct node *node = ARENA_ARRAY(a, p->node_count, struct node);
    struct value *constant = ARENA_ARRAY(a, p->constant_count, struct value);
    memcpy(node, p->node, p->node_count * sizeof *node);
    memcpy(constant, p->constant, p->constant_count * sizeof *constant);
    *f = (struct feel){.source = p->lx.src,
                       .node = node,
                       .constant = constant,
                       .node_count = p->node_count,
                       .constant_count = p->constant_count,
                       .root = root};
    for (size_t i = 0; i < f->node_count; i++)
        if (node[i].op == OP_FACT)
            fact_set_add(&f->mentions, node[i].ref);
    return f;
}

enum err
feel_compile(struct ctx *ctx, struct arena *arena, const struct fact_dict *dict, struct str src, bool want_bool,
             struct feel **ret_feel, struct feel_error *ret_error)
{
    assert(dict->count <= FACT_MAX);
    *ret_feel = NULL;
    *ret_error = (struct feel_error){.column = 1};
    struct parser p = {.dict = dict, .lx = {.ctx = ctx, .arena = arena, .error = ret_error}};
    if (src.n > FEEL_SOURCE_MAX || !str_utf8_valid(src)) {
        ret_error->what = src.n > FEEL_SOURCE_MAX ? STR("条件太长") : STR("条件不是 UTF-8 文字");
        ret_error->remedy =
            src.n > FEEL_SOURCE_MAX ? STR("最多 4096 字节，请拆成几个条件") : STR("请用 UTF-8 保存文件");
    } else {
        p.lx.src = str_dup(arena, src);
        p.node = ARENA_ARRAY(ctx->arena, src.n + 1, struct node);
        p.constant = ARENA_ARRAY(ctx->arena, src.n + 1, struct value);
        uint16_t root = parse_all(&p, want_bool);
        if (root != NODE_NONE) {
            struct feel *f = finish(&p, root);
            if (feel_check(&p.lx, f, dict)) {
                *ret_feel = f;
                return OK;
            }
        }
    }
    FAIL(ctx, ERR_EXPRESSION, "第 %zu 个字符：%.*s%s%.*s", ret_error->column, STR_ARG(ret_error->what),
         ret_error->remedy.n ? "。" : "", STR_ARG(ret_error->remedy));
}
