#include "catalog/yaml_tree.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <yaml.h>

enum { DEPTH_MAX = 32, NODES_MAX = 50000, FILE_MAX = 1024 * 1024 };

struct reader {
    struct ctx *ctx;
    struct arena *arena;
    struct str file, text;
    yaml_parser_t parser;
    size_t nodes;
};

static enum err
fail_at(struct ctx *ctx, struct str file, size_t line, size_t column, const char *message)
{
    FAIL(ctx, ERR_CATALOG, "%.*s:%zu:%zu: %s", STR_ARG(file), line, column, message);
}

enum err
yaml_fail(struct ctx *ctx, const struct yaml_node *node, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct str m = str_vfmt(ctx->arena, fmt, ap);
    va_end(ap);
    return fail_at(ctx, node->file, (size_t)node->line, (size_t)node->column, m.p);
}

/* libyaml gives only a byte offset for some errors and says "could not find expected ':'" where the keeper
** typed a full-width colon: look at the line itself and name the remedy. */
static enum err
fail_parser(struct reader *r)
{
    size_t line = r->parser.problem_mark.line + 1, column = r->parser.problem_mark.column + 1;
    if (r->parser.error == YAML_READER_ERROR) {
        line = 1;
        for (size_t i = 0; i < r->parser.problem_offset && i < r->text.n; i++)
            line += r->text.p[i] == '\n';
        column = 1;
    }
    size_t from =
        r->parser.context_mark.line && r->parser.context_mark.line < line ? r->parser.context_mark.line : line - 1;
    size_t n = 0;
    struct str rest = r->text, piece;
    while (str_split(&rest, '\n', &piece)) {
        if (n + 1 >= from && n <= line && str_find(piece, STR("：")) != SIZE_MAX &&
            str_find(piece, STR(":")) == SIZE_MAX)
            return fail_at(r->ctx, r->file, n + 1, 1, "键后面用了全角冒号“：”，请改成半角冒号加空格“: ”");
        n++;
    }
    struct str m = str_fmt(r->ctx->arena, "YAML 格式有误（%s），请检查缩进、引号和冒号",
                           r->parser.problem ? r->parser.problem : "无法读取");
    return fail_at(r->ctx, r->file, line, column, m.p);
}

static enum err read_node(struct reader *r, yaml_event_t *event, int depth, struct yaml_node **ret_node);

static enum err
next_event(struct reader *r, yaml_event_t *event)
{
    if (!yaml_parser_parse(&r->parser, event))
        return fail_parser(r);
    return OK;
}

static enum err
node_new(struct reader *r, const yaml_event_t *event, enum yaml_kind kind, struct yaml_node **ret_node)
{
    size_t line = event->start_mark.line + 1, column = event->start_mark.column + 1;
    if (++r->nodes > NODES_MAX)
        return fail_at(r->ctx, r->file, line, column, "内容太多，请拆成几个文件");
    struct yaml_node *n = ARENA_NEW(r->arena, struct yaml_node);
    n->kind = kind;
    n->line = (int)line;
    n->column = (int)column;
    n->file = r->file;
    *ret_node = n;
    return OK;
}

static enum err
refuse_decoration(struct reader *r, const yaml_event_t *event, const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor)
        return fail_at(r->ctx, r->file, event->start_mark.line + 1, event->start_mark.column + 1,
                       "目录文件不允许使用锚点（&），请把内容写全");
    if (tag)
        return fail_at(r->ctx, r->file, event->start_mark.line + 1, event->start_mark.column + 1,
                       "目录文件不允许使用类型标记（!），请删去或给文字加引号");
    return OK;
}

/* An escape in double quotes can spell what no text may hold ("\0"). */
static enum err
refuse_bytes(struct reader *r, const yaml_event_t *event)
{
    struct str text = {(const char *)event->data.scalar.value, event->data.scalar.length};
    if (str_utf8_valid(text))
        return OK;
    return fail_at(r->ctx, r->file, event->start_mark.line + 1, event->start_mark.column + 1,
                   "文字里有不能使用的字符（\\0），请删去");
}

/* Full-width punctuation inside a key is nearly always a slip of the input method. */
static const char *
wide_in_key(struct str key)
{
    static const char *const wide[] = {"：", "，", "；", "（", "）", "“", "”", "＝", "　"};
    bool some = false; /* each of them begins with one of three bytes, a Chinese character does not */
    for (size_t i = 0; i < key.n; i++)
        some = some || key.p[i] == '\xef' || key.p[i] == '\xe2' || key.p[i] == '\xe3';
    for (size_t i = 0; some && i < sizeof wide / sizeof *wide; i++)
        if (str_find(key, str_c(wide[i])) != SIZE_MAX)
            return wide[i];
    return NULL;
}

static enum err
read_key(struct reader *r, const struct yaml_node *map, yaml_event_t *event, struct str *ret_key)
{
    size_t line = event->start_mark.line + 1, column = event->start_mark.column + 1;
    if (event->type != YAML_SCALAR_EVENT)
        return fail_at(r->ctx, r->file, line, column, "键必须是文字");
    TRY(r->ctx, refuse_decoration(r, event, event->data.scalar.anchor, event->data.scalar.tag));
    TRY(r->ctx, refuse_bytes(r, event));
    struct str key = {(const char *)event->data.scalar.value, event->data.scalar.length};
    if (str_eqz(key, "<<"))
        return fail_at(r->ctx, r->file, line, column, "目录文件不允许合并键（<<），请把内容写全");
    const char *wide = wide_in_key(key);
    if (wide)
        return fail_at(r->ctx, r->file, line, column,
                       str_fmt(r->ctx->arena, "键“%.*s”里有全角符号“%s”，请改用半角", STR_ARG(key), wide).p);
    for (const struct yaml_node *c = map->first; c; c = c->next)
        if (str_eq(c->key, key))
            return fail_at(
                r->ctx, r->file, line, column,
                str_fmt(r->ctx->arena, "键“%.*s”重复，第一次在第 %d 行，请删去一个", STR_ARG(key), c->key_line).p);
    *ret_key = str_dup(r->arena, key);
    return OK;
}

static enum err
read_children(struct reader *r, struct yaml_node *parent, int depth)
{
    struct yaml_node **tail = &parent->first;
    yaml_event_type_t end = parent->kind == YAML_MAP ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
    for (;;) {
        yaml_event_t event;
        TRY(r->ctx, next_event(r, &event));
        if (event.type == end) {
            yaml_event_delete(&event);
            return OK;
        }
        struct str key = {"", 0};
        int key_line = (int)event.start_mark.line + 1, key_column = (int)event.start_mark.column + 1;
        enum err e = OK;
        if (parent->kind == YAML_MAP) {
            e = read_key(r, parent, &event, &key);
            yaml_event_delete(&event);
            if (e == OK)
                e = next_event(r, &event);
            if (e != OK)
                return e;
        }
        struct yaml_node *child = NULL;
        e = read_node(r, &event, depth + 1, &child);
        yaml_event_delete(&event);
        if (e != OK)
            return e;
        child->key = key;
        child->key_line = key_line;
        child->key_column = key_column;
        *tail = child;
        tail = &child->next;
        parent->count++;
    }
}

/* Duplicate keys are looked for linearly per map; a map of more than this many keys is no catalogue. */
static enum err
read_node(struct reader *r, yaml_event_t *event, int depth, struct yaml_node **ret_node)
{
    size_t line = event->start_mark.line + 1, column = event->start_mark.column + 1;
    if (depth > DEPTH_MAX)
        return fail_at(r->ctx, r->file, line, column, "层次太深（超过 32 层）");
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        TRY(r->ctx, refuse_decoration(r, event, event->data.scalar.anchor, event->data.scalar.tag));
        TRY(r->ctx, refuse_bytes(r, event));
        TRY(r->ctx, node_new(r, event, YAML_SCALAR, ret_node));
        (*ret_node)->text =
            str_dup(r->arena, (struct str){(const char *)event->data.scalar.value, event->data.scalar.length});
        (*ret_node)->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
        return OK;
    case YAML_SEQUENCE_START_EVENT:
        TRY(r->ctx, refuse_decoration(r, event, event->data.sequence_start.anchor, event->data.sequence_start.tag));
        TRY(r->ctx, node_new(r, event, YAML_LIST, ret_node));
        return read_children(r, *ret_node, depth);
    case YAML_MAPPING_START_EVENT:
        TRY(r->ctx, refuse_decoration(r, event, event->data.mapping_start.anchor, event->data.mapping_start.tag));
        TRY(r->ctx, node_new(r, event, YAML_MAP, ret_node));
        return read_children(r, *ret_node, depth);
    case YAML_ALIAS_EVENT:
        return fail_at(r->ctx, r->file, line, column, "目录文件不允许使用别名（*），请把内容写全");
    default:
        return fail_at(r->ctx, r->file, line, column, "文件是空的或格式有误");
    }
}

static enum err
read_document(struct reader *r, struct yaml_node **ret_root)
{
    yaml_event_t event;
    for (;;) {
        TRY(r->ctx, next_event(r, &event));
        yaml_event_type_t type = event.type;
        if (type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_START_EVENT) {
            yaml_event_delete(&event);
            continue;
        }
        enum err e = read_node(r, &event, 1, ret_root);
        yaml_event_delete(&event);
        if (e != OK)
            return e;
        break;
    }
    for (;;) {
        TRY(r->ctx, next_event(r, &event));
        yaml_event_type_t type = event.type;
        size_t line = event.start_mark.line + 1;
        yaml_event_delete(&event);
        if (type == YAML_STREAM_END_EVENT)
            return OK;
        if (type == YAML_DOCUMENT_START_EVENT)
            return fail_at(r->ctx, r->file, line, 1, "一个文件只能有一份文档，请删去“---”后的内容或另存一个文件");
    }
}

enum err
yaml_parse(struct ctx *ctx, struct arena *arena, struct str file, struct str text, struct yaml_node **ret_root)
{
    struct reader r = {.ctx = ctx, .arena = arena, .file = str_dup(arena, file), .text = text};
    if (text.n > FILE_MAX)
        return fail_at(ctx, file, 1, 1, "文件超过 1 MiB，请拆成几个文件");
    if (!str_utf8_valid(text)) {
        size_t line = 1, good = 0;
        struct str rest = text, piece;
        for (; str_split(&rest, '\n', &piece) && str_utf8_valid(piece); good++)
            line++;
        return fail_at(ctx, file, line, 1, "不是有效的 UTF-8 文字，请用 UTF-8 编码保存");
    }
    if (!yaml_parser_initialize(&r.parser))
        FAIL(ctx, ERR_MEMORY, "%s", "");
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)(text.n ? text.p : ""), text.n);
    enum err e = read_document(&r, ret_root);
    yaml_parser_delete(&r.parser);
    if (e == OK)
        (*ret_root)->source = text;
    return e;
}

enum err
yaml_read(struct ctx *ctx, struct arena *arena, const char *path, struct str shown, struct yaml_node **ret_root)
{
    FILE *f = fopen(path, "rbe");
    if (!f)
        FAIL(ctx, ERR_CATALOG, "%.*s:1:1: 文件打不开（%s）", STR_ARG(shown), strerror(errno));
    struct stat st;
    size_t room =
        fstat(fileno(f), &st) == 0 && st.st_size >= 0 && st.st_size < FILE_MAX ? (size_t)st.st_size + 1 : FILE_MAX + 1;
    char *text = arena_alloc(arena, room);
    size_t n = fread(text, 1, room, f);
    int bad = ferror(f);
    fclose(f);
    if (bad)
        FAIL(ctx, ERR_CATALOG, "%.*s:1:1: 文件读不出来", STR_ARG(shown));
    return yaml_parse(ctx, arena, shown, (struct str){text, n}, ret_root);
}

struct yaml_node *
yaml_get(struct yaml_node *map, const char *key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (struct yaml_node *c = map->first; c; c = c->next)
        if (str_eqz(c->key, key)) {
            c->seen = true;
            return c;
        }
    return NULL;
}

enum err
yaml_text(struct ctx *ctx, struct yaml_node *map, const char *key, struct str *ret_s)
{
    struct yaml_node *n = yaml_get(map, key);
    *ret_s = STR("");
    if (!n)
        return OK;
    if (n->kind != YAML_SCALAR)
        return yaml_fail(ctx, n, "“%s”应为一段文字", key);
    *ret_s = n->text;
    return OK;
}

enum err
yaml_need(struct ctx *ctx, struct yaml_node *map, const char *key, struct str *ret_s)
{
    TRY(ctx, yaml_text(ctx, map, key, ret_s));
    if (str_empty(str_trim(*ret_s)))
        return yaml_fail(ctx, map, "缺少“%s”，请补上", key);
    return OK;
}

enum err
yaml_flag(struct ctx *ctx, struct yaml_node *map, const char *key, bool *ret_b)
{
    struct str s;
    TRY(ctx, yaml_text(ctx, map, key, &s));
    if (!str_empty(s) && !str_eqz(s, "是") && !str_eqz(s, "否"))
        return yaml_fail(ctx, yaml_get(map, key), "“%s”只能写 是 或 否", key);
    *ret_b = str_eqz(s, "是");
    return OK;
}

enum err
yaml_list(struct ctx *ctx, struct yaml_node *map, const char *key, struct yaml_node **ret_list)
{
    *ret_list = yaml_get(map, key);
    if (*ret_list && (*ret_list)->kind != YAML_LIST)
        return yaml_fail(ctx, *ret_list, "“%s”应为列表（每行以“- ”开头）", key);
    return OK;
}

enum err
yaml_map(struct ctx *ctx, struct yaml_node *map, const char *key, struct yaml_node **ret_map)
{
    *ret_map = yaml_get(map, key);
    if (*ret_map && (*ret_map)->kind != YAML_MAP)
        return yaml_fail(ctx, *ret_map, "“%s”应为下一级的键和值", key);
    return OK;
}

enum err
yaml_texts(struct ctx *ctx, struct arena *arena, struct yaml_node *map, const char *key, struct str **ret_texts,
           size_t *ret_n)
{
    struct yaml_node *list;
    TRY(ctx, yaml_list(ctx, map, key, &list));
    *ret_n = 0;
    *ret_texts = NULL;
    if (!list)
        return OK;
    *ret_texts = ARENA_ARRAY(arena, list->count, struct str);
    for (struct yaml_node *c = list->first; c; c = c->next) {
        if (c->kind != YAML_SCALAR)
            return yaml_fail(ctx, c, "“%s”的每一项应为一段文字", key);
        (*ret_texts)[(*ret_n)++] = c->text;
    }
    return OK;
}

enum err
yaml_refuse_unseen(struct ctx *ctx, const struct yaml_node *map)
{
    for (const struct yaml_node *c = map->first; c; c = c->next)
        if (!c->seen)
            return fail_at(
                ctx, c->file, (size_t)c->key_line, (size_t)c->key_column,
                str_fmt(ctx->arena, "不认识的键“%.*s”，请对照 docs/CATALOG.md 改正或删去", STR_ARG(c->key)).p);
    return OK;
}
