#include "base/mustache.h"

#include <assert.h>
#include <string.h>

enum { DELIMITER_MAX = 8, SEGMENTS_MAX = 16, SECTIONS_MAX = 64, PARTIALS_MAX = 32 };

enum op_kind { OP_TEXT, OP_VALUE, OP_VALUE_RAW, OP_SECTION, OP_INVERTED, OP_PARTIAL };

struct op {
    uint8_t kind;
    bool line_start;   /* first on a template line: an indented partial writes its indentation here */
    bool standalone;   /* PARTIAL alone on its line: `indent` goes before each of its lines */
    uint16_t name_n;   /* segments of a dotted name; 0 is the implicit iterator */
    uint32_t end;      /* SECTION, INVERTED: index behind the last op inside */
    struct str text;   /* TEXT: the text; else the name as written */
    struct str indent; /* PARTIAL */
    const struct str *name;
};

struct mustache {
    const struct op *op;
    uint32_t n;
};

/* Compiling. */

struct tag {
    char kind; /* one of # ^ / > ! & { = or 'v' for a value */
    struct str body;
    size_t start, end; /* of the whole tag in the template */
    bool standalone;   /* alone on its line, and of a kind that then takes the line with it */
    struct str indent; /* blanks before a standalone tag */
};

struct compiler {
    struct ctx *ctx;
    struct arena *arena;
    struct str name, text;
    size_t pos; /* compiled so far */
    char open[DELIMITER_MAX + 1], close[DELIMITER_MAX + 1];
    struct op *op;
    uint32_t n, cap;
    uint32_t section[SECTIONS_MAX]; /* open sections */
    size_t depth;
};

static enum err
syntax_error(struct compiler *c, size_t at, const char *what)
{
    int line = 1;
    for (size_t i = 0; i < at && i < c->text.n; i++)
        line += c->text.p[i] == '\n';
    FAIL(c->ctx, ERR_SYNTAX, "模板 %.*s 第 %d 行：%s", STR_ARG(c->name), line, what);
}

static bool
is_blank(char b)
{
    return b == ' ' || b == '\t';
}

static bool
starts_line(const struct compiler *c, size_t pos)
{
    return pos == 0 || c->text.p[pos - 1] == '\n';
}

static struct op *
op_add(struct compiler *c, enum op_kind kind, bool line_start)
{
    if (c->n == c->cap) {
        c->cap = c->cap ? c->cap * 2 : 32;
        struct op *more = ARENA_ARRAY(c->ctx->arena, c->cap, struct op);
        if (c->n)
            memcpy(more, c->op, c->n * sizeof *more);
        c->op = more;
    }
    struct op *op = &c->op[c->n++];
    op->kind = (uint8_t)kind;
    op->line_start = line_start;
    return op;
}

static void
text_add(struct compiler *c, size_t from, size_t to)
{
    if (from < to)
        op_add(c, OP_TEXT, starts_line(c, from))->text = str_sub(c->text, from, to - from);
}

static enum err
name_parse(struct compiler *c, const struct tag *t, struct op *op)
{
    struct str body = t->body, segment[SEGMENTS_MAX];
    op->text = body;
    if (str_eqz(body, "."))
        return OK;
    if (body.n == 0)
        return syntax_error(c, t->start, "标签里没有名称");
    if (strchr("<$*%@", body.p[0]))
        return syntax_error(c, t->start, "不支持这种标签");
    for (size_t i = 0; i < body.n; i++)
        if ((unsigned char)body.p[i] <= ' ')
            return syntax_error(c, t->start, "名称里不能有空白");
    size_t n = 0;
    for (struct str rest = body, piece; str_split(&rest, '.', &piece);) {
        if (piece.n == 0 || n == SEGMENTS_MAX)
            return syntax_error(c, t->start, "名称里的点号不对");
        segment[n++] = piece;
    }
    struct str *name = ARENA_ARRAY(c->arena, n, struct str);
    memcpy(name, segment, n * sizeof *name);
    op->name = name;
    op->name_n = (uint16_t)n;
    return OK;
}

/* Reads the tag that opens at START. */
static enum err
tag_scan(struct compiler *c, size_t start, struct tag *t)
{
    size_t p = start + strlen(c->open);
    char kind = p < c->text.n ? c->text.p[p] : 0;
    *t = (struct tag){.kind = kind && strchr("#^/>!&{=", kind) ? kind : 'v', .start = start};
    if (t->kind != 'v')
        p++;
    char close[DELIMITER_MAX + 2] = {0};
    bool twice = t->kind == '{' || t->kind == '=';
    if (twice)
        close[0] = t->kind == '{' ? '}' : '=';
    memcpy(close + twice, c->close, strlen(c->close));
    size_t n = str_find(str_sub(c->text, p, SIZE_MAX), str_c(close));
    if (n == SIZE_MAX)
        return syntax_error(c, start, "标签没有结束");
    t->body = str_trim(str_sub(c->text, p, n));
    t->end = p + n + strlen(close);
    return OK;
}

/* A tag that prints nothing itself and has only blanks beside it takes its whole line away: *ret_from to *ret_to is
** removed, at least the tag. */
static void
tag_extent(const struct compiler *c, struct tag *t, size_t *ret_from, size_t *ret_to)
{
    size_t from = t->start, to = t->end;
    *ret_from = from;
    *ret_to = to;
    if (!strchr("#^/>!=", t->kind))
        return;
    while (from > c->pos && is_blank(c->text.p[from - 1]))
        from--;
    while (to < c->text.n && is_blank(c->text.p[to]))
        to++;
    bool newline = to < c->text.n && c->text.p[to] == '\n';
    bool return_newline = to + 1 < c->text.n && c->text.p[to] == '\r' && c->text.p[to + 1] == '\n';
    if (!starts_line(c, from) || (to < c->text.n && !newline && !return_newline))
        return;
    t->standalone = true;
    t->indent = str_sub(c->text, from, t->start - from);
    *ret_from = from;
    *ret_to = to + (newline ? 1 : return_newline ? 2 : 0);
}

static enum err
delimiters_set(struct compiler *c, const struct tag *t)
{
    struct str body = t->body;
    size_t gap = 0, behind;
    while (gap < body.n && (unsigned char)body.p[gap] > ' ')
        gap++;
    for (behind = gap; behind < body.n && (unsigned char)body.p[behind] <= ' ';)
        behind++;
    struct str open = str_sub(body, 0, gap), close = str_sub(body, behind, SIZE_MAX);
    bool bad = open.n == 0 || open.n > DELIMITER_MAX || close.n == 0 || close.n > DELIMITER_MAX;
    for (size_t i = 0; i < body.n; i++)
        bad = bad || body.p[i] == '=' || body.p[i] == 0 || (i > behind && (unsigned char)body.p[i] <= ' ');
    if (bad)
        return syntax_error(c, t->start, "分隔符不对");
    memset(c->open, 0, sizeof c->open);
    memset(c->close, 0, sizeof c->close);
    memcpy(c->open, open.p, open.n);
    memcpy(c->close, close.p, close.n);
    return OK;
}

static enum err
section_close(struct compiler *c, const struct tag *t)
{
    if (c->depth == 0)
        return syntax_error(c, t->start, "没有可以结束的段落");
    struct op *open = &c->op[c->section[--c->depth]];
    if (!str_eq(open->text, t->body))
        return syntax_error(c, t->start, "结束的名称与开始的不同");
    open->end = c->n;
    return OK;
}

static enum err
tag_compile(struct compiler *c, const struct tag *t)
{
    bool line_start = !t->standalone && starts_line(c, t->start);
    /* Tags without an op of their own still begin an indented line. */
    if (line_start && strchr("/!=", t->kind))
        op_add(c, OP_TEXT, true);
    switch (t->kind) {
    case '!':
        return OK;
    case '=':
        return delimiters_set(c, t);
    case '/':
        return section_close(c, t);
    case '#':
    case '^':
        if (c->depth == SECTIONS_MAX)
            return syntax_error(c, t->start, "段落嵌套太深");
        c->section[c->depth++] = c->n;
        return name_parse(c, t, op_add(c, t->kind == '#' ? OP_SECTION : OP_INVERTED, line_start));
    case '>': {
        if (t->body.n == 0)
            return syntax_error(c, t->start, "标签里没有名称");
        struct op *op = op_add(c, OP_PARTIAL, line_start);
        op->text = t->body;
        op->standalone = t->standalone;
        op->indent = t->indent;
        return OK;
    }
    default:
        return name_parse(c, t, op_add(c, t->kind == 'v' ? OP_VALUE : OP_VALUE_RAW, line_start));
    }
}

enum err
mustache_compile(struct ctx *ctx, struct arena *arena, struct str name, struct str template, struct mustache **ret_m)
{
    struct compiler c = {.ctx = ctx, .arena = arena, .name = name, .text = template, .open = "{{", .close = "}}"};
    for (;;) {
        size_t n = str_find(str_sub(template, c.pos, SIZE_MAX), str_c(c.open));
        if (n == SIZE_MAX)
            break;
        struct tag t;
        size_t from, to;
        TRY(ctx, tag_scan(&c, c.pos + n, &t));
        tag_extent(&c, &t, &from, &to);
        text_add(&c, c.pos, from);
        TRY(ctx, tag_compile(&c, &t));
        c.pos = to;
    }
    text_add(&c, c.pos, template.n);
    if (c.depth)
        return syntax_error(&c, template.n, "有段落没有结束");
    struct op *op = ARENA_ARRAY(arena, c.n, struct op);
    if (c.n)
        memcpy(op, c.op, c.n * sizeof *op);
    struct mustache *m = ARENA_NEW(arena, struct mustache);
    *m = (struct mustache){.op = op, .n = c.n};
    *ret_m = m;
    return OK;
}

/* Rendering. Contexts and indentations are chains on the C stack: sections are at most 64 deep, partials 32. */

struct frame {
    const struct view *v;
    const struct frame *up;
};

struct indent {
    struct str s;
    const struct indent *up;
};

struct render {
    mustache_partial partial;
    void *arg;
    struct buf *out;
    unsigned partials;
};

/* One template being rendered, with the indentation of its lines. */
struct body {
    const struct mustache *m;
    const struct indent *indent; /* NULL: none */
};

static void
put_indent(struct buf *out, const struct indent *indent)
{
    if (!indent)
        return;
    put_indent(out, indent->up);
    buf_add(out, indent->s);
}

static void
put_text(struct buf *out, const struct op *op, const struct indent *indent)
{
    struct str s = op->text;
    if (!indent) {
        buf_add(out, s);
        return;
    }
    bool start = op->line_start;
    do {
        const char *newline = s.n ? memchr(s.p, '\n', s.n) : NULL;
        size_t n = newline ? (size_t)(newline - s.p) + 1 : s.n;
        if (start && !(newline && n == 1)) /* an empty line stays empty */
            put_indent(out, indent);
        buf_add(out, str_sub(s, 0, n));
        s = str_sub(s, n, SIZE_MAX);
        start = true;
    } while (s.n);
}

static const struct str ESCAPES[256] = {['&'] = STR_INIT("&amp;"),
                                        ['<'] = STR_INIT("&lt;"),
                                        ['>'] = STR_INIT("&gt;"),
                                        ['"'] = STR_INIT("&quot;"),
                                        ['\''] = STR_INIT("&#39;")};

static void
put_escaped(struct buf *out, struct str s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        struct str escape = ESCAPES[(unsigned char)s.p[i]];
        if (!escape.n)
            continue;
        buf_add(out, (struct str){s.p + from, i - from});
        buf_add(out, escape);
        from = i + 1;
    }
    buf_add(out, str_sub(s, from, SIZE_MAX));
}

static const struct view *
find(const struct frame *f, const struct op *op)
{
    if (op->name_n == 0)
        return f->v;
    const struct view *v = NULL;
    for (; f && !v; f = f->up)
        v = view_get(f->v, op->name[0]);
    for (size_t i = 1; v && i < op->name_n; i++)
        v = view_get(v, op->name[i]);
    return v;
}

static void
put_value(struct buf *out, const struct view *v, bool escaped)
{
    if (!v)
        return;
    char tmp[VIEW_DISPLAY_SIZE];
    struct str s = view_display_into(v, tmp);
    enum view_kind kind = view_kind(v);
    if (escaped && (kind == VIEW_TEXT || kind == VIEW_SECRET))
        put_escaped(out, s);
    else
        buf_add(out, s);
}

static bool
is_true(const struct view *v)
{
    if (!v)
        return false;
    switch (view_kind(v)) {
    case VIEW_NULL:
        return false;
    case VIEW_BOOL:
        return view_int(v) != 0;
    case VIEW_TEXT:
    case VIEW_RAW:
    case VIEW_SECRET:
        return view_text(v).n > 0;
    case VIEW_DAY:
        return !day_is_none((struct day){(int32_t)view_int(v)});
    case VIEW_LIST:
        return view_count(v) > 0;
    case VIEW_INT:
    case VIEW_ID:
    case VIEW_MONEY:
    case VIEW_MAP:
        break;
    }
    return true; /* zero too: "0 件" is a statement */
}

static void render_ops(struct render *r, struct body b, uint32_t from, uint32_t to, const struct frame *frame);

static void
render_section(struct render *r, struct body b, uint32_t at, const struct frame *frame)
{
    const struct op *op = &b.m->op[at];
    const struct view *v = find(frame, op);
    if (op->kind == OP_INVERTED) {
        if (!is_true(v))
            render_ops(r, b, at + 1, op->end, frame);
        return;
    }
    if (!is_true(v))
        return;
    struct frame inner = {v, frame};
    if (view_kind(v) != VIEW_LIST) {
        render_ops(r, b, at + 1, op->end, &inner);
        return;
    }
    for (inner.v = view_first(v); inner.v; inner.v = view_next(inner.v))
        render_ops(r, b, at + 1, op->end, &inner);
}

static void
render_partial(struct render *r, struct body b, const struct op *op, const struct frame *frame)
{
    const struct mustache *m = r->partial ? r->partial(r->arg, op->text) : NULL;
    if (!m || r->partials == PARTIALS_MAX)
        return;
    struct indent indent = {op->indent, b.indent};
    struct body inner = {.m = m};
    if (op->standalone) /* within a line there is nothing to indent */
        inner.indent = op->indent.n ? &indent : b.indent;
    r->partials++;
    render_ops(r, inner, 0, m->n, frame);
    r->partials--;
}

static void
render_ops(struct render *r, struct body b, uint32_t from, uint32_t to, const struct frame *frame)
{
    for (uint32_t i = from; i < to; i++) {
        const struct op *op = &b.m->op[i];
        if (b.indent && op->line_start && op->kind != OP_TEXT)
            put_indent(r->out, b.indent);
        switch ((enum op_kind)op->kind) {
        case OP_TEXT:
            put_text(r->out, op, b.indent);
            break;
        case OP_VALUE:
        case OP_VALUE_RAW:
            put_value(r->out, find(frame, op), op->kind == OP_VALUE);
            break;
        case OP_SECTION:
        case OP_INVERTED:
            render_section(r, b, i, frame);
            i = op->end - 1;
            break;
        case OP_PARTIAL:
            render_partial(r, b, op, frame);
            break;
        }
    }
}

void
mustache_render(const struct mustache *m, const struct view *view, mustache_partial partial, void *arg, struct buf *out)
{
    assert(m && view);
    struct render r = {.partial = partial, .arg = arg, .out = out};
    struct frame top = {.v = view};
    render_ops(&r, (struct body){.m = m}, 0, m->n, &top);
}
