/* libFuzzer target: any bytes as a file of the catalogue. It parses or is refused with "file:line:column: why";
** what parses is a sound tree, and each of the loader's readers takes it or refuses it in the same way. */
#include <assert.h>

#include "catalog.h"
#include "catalog/checklist.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
sound(const struct yaml_node *n, const struct yaml_node *parent, int depth, size_t lines)
{
    assert(depth <= 32);
    assert(n->line >= 1 && (size_t)n->line <= lines + 1 && n->column >= 1);
    assert(str_utf8_valid(n->text) && str_utf8_valid(n->key));
    assert(n->kind != YAML_SCALAR || (!n->first && n->count == 0));
    size_t count = 0;
    for (const struct yaml_node *c = n->first; c; c = c->next, count++) {
        sound(c, n, depth + 1, lines);
        for (const struct yaml_node *d = n->first; n->kind == YAML_MAP && d != c; d = d->next)
            assert(!str_eq(c->key, d->key));
    }
    assert(count == n->count && (!parent || parent->kind != YAML_MAP || n->key_line >= 1));
}

/* "a.yaml:12:3: words" */
static void
refused_well(const struct ctx *ctx, enum err e)
{
    struct str s = ctx->fail->detail;
    size_t i = 7;
    assert(e == ERR_CATALOG && str_utf8_valid(s) && str_starts(s, STR("a.yaml:")));
    for (int part = 0; part < 2; part++, i++) {
        assert(i < s.n && s.p[i] >= '1' && s.p[i] <= '9');
        while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
            i++;
        assert(i < s.n && s.p[i] == ':');
    }
    assert(i + 1 < s.n && s.p[i] == ' ');
}

static const struct str VALUES[] = {STR_INIT("甲"), STR_INIT("乙")};

static void
dictionary(struct catalog *c, struct arena *a)
{
    static const struct fact_def defs[] = {
        {STR_INIT("身份"), STR_INIT("a"), FACT_CHOICE, VALUES, 2},
        {STR_INIT("已退休"), STR_INIT("b"), FACT_BOOL, NULL, 0},
        {STR_INIT("年龄"), STR_INIT("c"), FACT_NUMBER, NULL, 0},
    };
    fuzz_catalog(c, a, defs, sizeof defs / sizeof *defs);
}

static void
read_matter(struct loader *l, struct yaml_node *root)
{
    static const struct region nowhere;
    struct matter *m = ARENA_NEW(l->arena, struct matter);
    enum err e = load_matter(l, root, &nowhere, m);
    if (e != OK) {
        refused_well(l->ctx, e);
        return;
    }
    struct facts f = facts_new(l->ctx->arena, &l->c->dict);
    bool *leaf = ARENA_ARRAY(l->ctx->arena, (size_t)m->leaf_count + 1, bool);
    struct gap *gap;
    struct fact_set needed = {0};
    size_t n, *fact;
    checklist_questions(l->ctx, l->c, m, &f, &fact, &n);
    assert(n <= l->c->dict.count);
    checklist_gaps(l->ctx, m, &f, (struct given){leaf}, &gap, &n);
    for (int i = 0; i < m->leaf_count; i++)
        leaf[i] = true;
    checklist_gaps(l->ctx, m, &f, (struct given){leaf}, &gap, &n);
    assert(n == 0); /* all is handed in: nothing lacks */
    (void)checklist_limit(m, &f, &needed);
    (void)checklist_refusal(m, &f);
}

static void
read_others(struct loader *l, const struct str text, int which)
{
    struct yaml_node *root;
    enum err e =
        yaml_parse(l->ctx, l->scratch, STR("a.yaml"), text, &root); /* readers mark what they saw: a fresh tree each */
    assert(e == OK);
    if (which == 0)
        read_matter(l, root);
    if (which == 1)
        e = load_form(l, root, ARENA_NEW(l->arena, struct form));
    if (which == 2)
        e = load_region(l, root, ARENA_NEW(l->arena, struct region));
    if (which == 3)
        e = load_facts(l, root);
    if (which == 4)
        e = load_standard(l, root);
    if (e != OK)
        refused_well(l->ctx, e);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new((size_t)512 << 20);
    struct ctx ctx = ctx_new(a, 0);
    struct str text = {(const char *)data, size};
    struct yaml_node *root;
    enum err e = yaml_parse(&ctx, a, STR("a.yaml"), text, &root);
    if (e == OK) {
        size_t lines = 1;
        for (size_t i = 0; i < size; i++)
            lines += data[i] == '\n' || data[i] == '\r' || data[i] == 0x85 || data[i] == 0xa8 || data[i] == 0xa9;
        sound(root, NULL, 1, lines);
        struct catalog *c = ARENA_NEW(a, struct catalog);
        dictionary(c, a);
        struct loader l = {.ctx = &ctx, .arena = a, .scratch = a, .c = c, .files = &(struct catalog_files){0}};
        for (int which = 0; which < 5; which++) {
            fail_clear(&ctx);
            read_others(&l, text, which);
        }
    } else {
        refused_well(&ctx, e);
    }
    arena_free(a);
    return 0;
}
