/* Printing a tree as the catalogue's YAML: by the import, and by the keeper's page when a draft is saved. A node made here stands in no
** file, so three of its members carry how it is printed: source = its comment, column = the style of a scalar. Reading what was printed
** gives the same texts, keys and order; it must not depend on where the tree came from. */
#include "catalog/yaml_write.h"

#include <string.h>

enum { STYLE_CONDITION = 1, INDENT = 2, KEY_BYTES_MAX = 120 };

static struct yaml_node *
node_new(struct arena *a, enum yaml_kind kind)
{
    struct yaml_node *n = ARENA_NEW(a, struct yaml_node);
    n->kind = kind;
    n->text = n->key = n->file = n->source = STR("");
    return n;
}

struct yaml_node *
yaml_new_map(struct arena *a)
{
    return node_new(a, YAML_MAP);
}

struct yaml_node *
yaml_new_list(struct arena *a)
{
    return node_new(a, YAML_LIST);
}

struct yaml_node *
yaml_new_text(struct arena *a, struct str s)
{
    struct yaml_node *n = node_new(a, YAML_SCALAR);
    n->text = s;
    return n;
}

struct yaml_node *
yaml_put(struct arena *a, struct yaml_node *parent, const char *key, struct yaml_node *child)
{
    struct yaml_node **tail = parent->last ? &parent->last->next : &parent->first;
    while (*tail)
        tail = &(*tail)->next;
    if (key)
        child->key = str_dup(a, str_c(key));
    *tail = parent->last = child;
    parent->count++;
    return child;
}

struct yaml_node *
yaml_put_text(struct arena *a, struct yaml_node *parent, const char *key, struct str s)
{
    return str_empty(s) ? NULL : yaml_put(a, parent, key, yaml_new_text(a, s));
}

struct yaml_node *
yaml_put_condition(struct arena *a, struct yaml_node *parent, const char *key, struct str s)
{
    struct yaml_node *n = yaml_put_text(a, parent, key, s);
    if (n)
        n->column = STYLE_CONDITION;
    return n;
}

void
yaml_comment(struct yaml_node *n, struct str comment)
{
    n->source = comment;
}

/* --- scalars --- */

/* What libyaml takes for a line break or does not print: such texts are written in double quotes with escapes. */
static bool
awkward(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x2028 || cp == 0x2029 || cp == 0xfeff ||
           (cp >= 0xe000 && cp <= 0xf8ff) || cp == 0xfffe || cp == 0xffff;
}

static bool
blank_edge(struct str s)
{
    return s.n && (s.p[0] == ' ' || s.p[s.n - 1] == ' ');
}

/* A block of the kind |- gives back S: several lines, none awkward, the first not indented, the last not empty. */
static bool
fits_block(struct str s)
{
    bool lines = false;
    for (size_t i = 0; i < s.n;) {
        uint32_t cp = str_utf8_next(s, &i);
        lines = lines || cp == '\n';
        if (cp != '\n' && awkward(cp))
            return false;
    }
    if (!lines || s.p[0] == ' ' || s.p[0] == '\n' || s.p[s.n - 1] == '\n')
        return false;
    struct str rest = s, piece;
    while (str_split(&rest, '\n', &piece)) /* a line of blanks only would be taken for an empty one */
        if (piece.n && str_empty(str_trim(piece)))
            return false;
    return true;
}

static bool
looks_like_number(struct str s)
{
    bool digit = false;
    for (size_t i = 0; i < s.n; i++) {
        if (!strchr("0123456789.+-_:eExX,", s.p[i]))
            return false;
        digit = digit || (s.p[i] >= '0' && s.p[i] <= '9');
    }
    return digit && s.p[0] != '-' && !memchr(s.p + 1, '-', s.n - 1);
}

static bool
fits_plain(struct str s)
{
    static const char *const words[] = {"null",  "Null", "NULL", "~",   "true", "True", "TRUE", "false", "False",
                                        "FALSE", "yes",  "no",   "Yes", "No",   "on",   "off",  "=",     "<<"};
    if (s.n == 0 || blank_edge(s) || strchr("-?:,[]{}#&*!|>'\"%@`", s.p[0]) || s.p[s.n - 1] == ':')
        return false;
    for (size_t i = 0; i < s.n;) {
        uint32_t cp = str_utf8_next(s, &i);
        if (awkward(cp))
            return false;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eqz(s, words[i]))
            return false;
    return str_find(s, STR(": ")) == SIZE_MAX && str_find(s, STR(" #")) == SIZE_MAX && !looks_like_number(s) &&
           !str_starts(s, STR("...")) && !str_starts(s, STR("["));
}

static void
write_quoted(struct buf *out, struct str s)
{
    buf_byte(out, '"');
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        uint32_t cp = str_utf8_next(s, &i);
        if (cp == '"' || cp == '\\')
            buf_fmt(out, "\\%c", (int)cp);
        else if (cp == '\n')
            buf_addz(out, "\\n");
        else if (cp == '\t')
            buf_addz(out, "\\t");
        else if (awkward(cp))
            buf_fmt(out, cp > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)cp);
        else
            buf_add(out, str_sub(s, from, i - from));
    }
    buf_byte(out, '"');
}

static void
write_single(struct buf *out, struct str s)
{
    buf_byte(out, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\'')
            buf_byte(out, '\'');
        buf_byte(out, s.p[i]);
    }
    buf_byte(out, '\'');
}

static bool
fits_single(struct str s)
{
    for (size_t i = 0; i < s.n;)
        if (awkward(str_utf8_next(s, &i)))
            return false;
    return true;
}

static void
indent(struct buf *out, int depth)
{
    for (int i = 0; i < depth * INDENT; i++)
        buf_byte(out, ' ');
}

static void
write_block(struct buf *out, struct str s, int depth)
{
    struct str rest = s, piece;
    buf_addz(out, "|-\n");
    while (str_split(&rest, '\n', &piece)) {
        if (piece.n)
            indent(out, depth);
        buf_add(out, piece);
        buf_byte(out, '\n');
    }
}

/* The scalar with the end of its line; DEPTH is that of a block's lines. */
static void
write_scalar(struct buf *out, const struct yaml_node *n, int depth)
{
    if (n->column == STYLE_CONDITION && !n->line && fits_single(n->text))
        write_single(out, n->text);
    else if (fits_plain(n->text))
        buf_add(out, n->text);
    else if (fits_block(n->text)) {
        write_block(out, n->text, depth);
        return;
    } else
        write_quoted(out, n->text);
    buf_byte(out, '\n');
}

/* --- the tree --- */

static void
write_comment(struct buf *out, const struct yaml_node *n, int depth)
{
    struct str rest = n->source, piece;
    if (n->line || str_empty(rest)) /* a node that was read: source is its file's bytes */
        return;
    while (str_split(&rest, '\n', &piece)) {
        indent(out, depth);
        buf_addz(out, "# ");
        for (size_t i = 0; i < piece.n;) {
            uint32_t cp = str_utf8_next(piece, &i);
            buf_cp(out, awkward(cp) ? ' ' : cp);
        }
        buf_byte(out, '\n');
    }
}

static void write_children(struct buf *out, const struct yaml_node *parent, int depth, bool first_in_line);

static void
write_value(struct buf *out, const struct yaml_node *n, int depth)
{
    if (n->kind == YAML_SCALAR) {
        buf_byte(out, ' ');
        write_scalar(out, n, depth + 1);
    } else if (!n->first) {
        buf_addz(out, n->kind == YAML_MAP ? " {}\n" : " []\n");
    } else {
        buf_byte(out, '\n');
        write_children(out, n, depth + 1, false);
    }
}

static void
write_item(struct buf *out, const struct yaml_node *n, int depth)
{
    write_comment(out, n, depth);
    if (n->kind == YAML_MAP && n->first)
        write_comment(out, n->first, depth); /* inside "- " there is no room for it */
    indent(out, depth);
    buf_byte(out, '-');
    if (n->kind == YAML_SCALAR || !n->first) {
        write_value(out, n, depth);
    } else if (n->kind == YAML_LIST) {
        buf_byte(out, '\n');
        write_children(out, n, depth + 1, false);
    } else {
        buf_byte(out, ' ');
        write_children(out, n, depth + 1, true);
    }
}

/* FIRST_IN_LINE: "- " stands already where the first child begins. */
static void
write_children(struct buf *out, const struct yaml_node *parent, int depth, bool first_in_line)
{
    for (const struct yaml_node *c = parent->first; c; c = c->next, first_in_line = false) {
        if (parent->kind == YAML_LIST) {
            write_item(out, c, depth);
            continue;
        }
        if (!first_in_line) {
            write_comment(out, c, depth);
            indent(out, depth);
        }
        if (c->key.n > KEY_BYTES_MAX) /* no simple key may be longer than 1024 characters, escapes included */
            buf_addz(out, "? ");
        if (fits_plain(c->key))
            buf_add(out, c->key);
        else
            write_quoted(out, c->key);
        if (c->key.n > KEY_BYTES_MAX) {
            buf_byte(out, '\n');
            indent(out, depth);
        }
        buf_byte(out, ':');
        write_value(out, c, depth);
    }
}

void
yaml_write(struct buf *out, const struct yaml_node *root)
{
    write_comment(out, root, 0);
    if (root->kind == YAML_SCALAR)
        write_scalar(out, root, 1);
    else if (!root->first)
        buf_addz(out, root->kind == YAML_MAP ? "{}\n" : "[]\n");
    else
        write_children(out, root, 0, false);
}
