/* What a version changes: the files of two packages compared, field by field where both are readable. */
#include "service/keeper_int.h"

#include <string.h>

#include "catalog/yaml_tree.h"

enum { CHANGES_MAX = 400, SHOWN_CHARS = 300, PATH_DEPTH_MAX = 16 };

struct compare {
    struct ctx *bench;
    struct arena *out; /* the view's */
    struct view *fields;
    size_t n; /* over all files */
};

/* --- what a node says --- */

static void
say(struct buf *b, const struct yaml_node *n)
{
    if (n->kind == YAML_SCALAR) {
        buf_add(b, n->text);
        return;
    }
    for (const struct yaml_node *c = n->first; c; c = c->next) {
        if (n->kind == YAML_MAP)
            buf_fmt(b, "%.*s：", STR_ARG(c->key));
        say(b, c);
        if (c->next)
            buf_addz(b, n->kind == YAML_MAP ? "，" : "；");
    }
}

static struct str
shown(const struct compare *c, const struct yaml_node *n)
{
    struct buf b;
    if (!n)
        return STR("");
    buf_init(&b, c->bench->arena, 256);
    say(&b, n);
    struct str s = buf_str(&b);
    size_t at = 0;
    for (int i = 0; i < SHOWN_CHARS && at < s.n; i++)
        if (str_utf8_next(s, &at) == 0)
            break;
    return at < s.n ? str_fmt(c->out, "%.*s……", (int)at, s.p) : str_dup(c->out, s);
}

static bool
same(const struct yaml_node *a, const struct yaml_node *b)
{
    if (!a || !b || a->kind != b->kind || a->count != b->count)
        return a == b;
    if (a->kind == YAML_SCALAR)
        return str_eq(a->text, b->text);
    const struct yaml_node *y = b->first;
    for (const struct yaml_node *x = a->first; x; x = x->next, y = y->next)
        if (!y || !str_eq(x->key, y->key) || !same(x, y))
            return false;
    return true;
}

static const struct yaml_node *
child(const struct yaml_node *map, struct str key)
{
    for (const struct yaml_node *c = map->first; c; c = c->next)
        if (str_eq(c->key, key))
            return c;
    return NULL;
}

static void
put_field(struct compare *c, struct str path, const struct yaml_node *old, const struct yaml_node *new)
{
    if (c->n++ >= CHANGES_MAX)
        return;
    struct view *row = view_add_map(c->fields);
    view_put_text(row, "field", str_dup(c->out, path));
    view_put_text(row, "old", shown(c, old));
    view_put_text(row, "new", shown(c, new));
    view_put_bool(row, "added", old == NULL);
    view_put_bool(row, "removed", new == NULL);
}

static struct str
below(struct compare *c, struct str path, struct str step)
{
    return str_empty(path) ? step : str_fmt(c->bench->arena, "%.*s › %.*s", STR_ARG(path), STR_ARG(step));
}

static void
compare_nodes(struct compare *c, struct str path, const struct yaml_node *old, const struct yaml_node *new, int depth)
{
    if (same(old, new))
        return;
    bool maps = old && new && old->kind == YAML_MAP &&new->kind == YAML_MAP;
    bool lists = old && new && old->kind == YAML_LIST &&new->kind == YAML_LIST && old->count == new->count;
    if (depth == PATH_DEPTH_MAX || (!maps && !lists)) {
        put_field(c, path, old, new);
        return;
    }
    const struct yaml_node *y = new->first;
    int i = 1;
    for (const struct yaml_node *x = old->first; x; x = x->next, i++) {
        struct str step = maps ? x->key : str_fmt(c->bench->arena, "第 %d 条", i);
        compare_nodes(c, below(c, path, step), x, maps ? child(new, x->key) : y, depth + 1);
        y = y ? y->next : NULL;
    }
    for (const struct yaml_node *x = maps ? new->first : NULL; x; x = x->next)
        if (!child(old, x->key))
            put_field(c, below(c, path, x->key), NULL, x);
}

/* --- files --- */

static struct yaml_node *
tree(struct ctx *bench, const struct catalog_file *f)
{
    struct yaml_node *root;
    if (!f || yaml_parse(bench, bench->arena, f->path, f->bytes, &root) != OK) {
        fail_clear(bench);
        return NULL;
    }
    return root;
}

static struct str
matter_id(struct arena *a, struct str region, struct str path)
{
    struct str folder = str_fmt(a, "regions/%.*s/matters/", STR_ARG(region));
    if (!str_starts(path, folder) || !str_ends(path, STR(".yaml")))
        return STR("");
    return str_sub(path, folder.n, path.n - folder.n - strlen(".yaml"));
}

static struct str
own_title(struct ctx *bench, const struct catalog_file *f, const char *key)
{
    struct yaml_node *root = tree(bench, f), *n = root && root->kind == YAML_MAP ? yaml_get(root, key) : NULL;
    return n && n->kind == YAML_SCALAR ? n->text : STR("");
}

struct str
keeper_file_name(struct ctx *bench, const struct catalog_files *f, struct str region, struct str path)
{
    struct arena *a = bench->arena;
    struct str own = str_fmt(a, "regions/%.*s/", STR_ARG(region)), id = matter_id(a, region, path);
    if (!str_starts(path, own))
        return STR("各地共用的文件");
    struct str rest = str_sub(path, own.n, path.n), title = own_title(bench, catalog_files_get(f, path), "名称");
    if (str_eqz(rest, "region.yaml"))
        return STR("机构、服务点和来源");
    if (str_eqz(rest, "accepted.yaml"))
        return STR("保留不改的检查结果");
    if (!str_empty(id))
        return str_fmt(a, "%.*s %.*s", STR_ARG(id), STR_ARG(title));
    return str_empty(title) ? rest : title;
}

static void
put_file(struct compare *c, struct str region, const struct catalog_files *files, struct str path,
         const struct catalog_file *old, const struct catalog_file *new, struct view *ret_map)
{
    struct str id = matter_id(c->bench->arena, region, path);
    struct view *row = view_add_map((struct view *)(uintptr_t)view_get(ret_map, STR("changes")));
    view_put_text(row, "file", str_dup(c->out, path));
    view_put_text(row, "name", str_dup(c->out, keeper_file_name(c->bench, files, region, path)));
    view_put_text(row, "matter", str_dup(c->out, id));
    view_put_bool(row, "added", !old);
    view_put_bool(row, "removed", !new);
    view_put_bool(row, "changed", old && new);
    c->fields = view_put_list(row, "fields");
    if (old && new) {
        struct yaml_node *x = tree(c->bench, old), *y = tree(c->bench, new);
        if (x && y)
            compare_nodes(c, STR(""), x, y, 0);
    }
    view_put_bool(row, "words_only", old && new &&view_count(c->fields) == 0);
    if (!str_empty(id))
        view_add_text((struct view *)(uintptr_t)view_get(ret_map, STR("changed_matters")), str_dup(c->out, id));
}

void
keeper_changes(struct ctx *bench, struct arena *arena, struct str region, const struct catalog_files *old,
               const struct catalog_files *new, struct view *ret_map)
{
    static const struct catalog_files nothing;
    struct compare c = {.bench = bench, .out = arena};
    size_t i = 0, k = 0;
    old = old ? old : &nothing;
    view_put_list(ret_map, "changes");
    view_put_list(ret_map, "changed_matters");
    while (i < old->n || k < new->n) {
        int order = i == old->n ? 1 : k == new->n ? -1 : str_cmp(old->file[i].path, new->file[k].path);
        struct str path = order > 0 ? new->file[k].path : old->file[i].path;
        const struct catalog_file *x = order <= 0 ? &old->file[i++] : NULL, *y = order >= 0 ? &new->file[k++] : NULL;
        if (!x || !y || !str_eq(x->bytes, y->bytes))
            put_file(&c, region, y ? new : old, path, x, y, ret_map);
    }
    view_put_bool(ret_map, "unchanged", view_count(view_get(ret_map, STR("changes"))) == 0);
    view_put_bool(ret_map, "has_more_changes", c.n > CHANGES_MAX);
    view_put_int(ret_map, "more_changes", c.n > CHANGES_MAX ? (int64_t)(c.n - CHANGES_MAX) : 0);
}
