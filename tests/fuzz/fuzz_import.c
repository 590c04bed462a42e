/* libFuzzer target: any bytes as the text of a guide. It is refused with a reason, or it becomes files that parse and load, each the same
** after being written again, and findings that point into the text. The same bytes as YAML: what parses is written and read back as the
** same tree. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "catalog.h"
#include "catalog/import.h"
#include "catalog/yaml_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TREE_BYTES_MAX = 1 << 20 };

static void
same(const struct yaml_node *x, const struct yaml_node *y)
{
    assert(x->kind == y->kind && x->count == y->count && str_eq(x->text, y->text) && str_eq(x->key, y->key));
    const struct yaml_node *d = y->first;
    for (const struct yaml_node *c = x->first; c; c = c->next, d = d->next)
        same(c, d);
}

/* ROOT written, read, written: the same tree, the same bytes. */
static void
round_trip(struct ctx *ctx, const struct yaml_node *root)
{
    struct buf first, second;
    struct yaml_node *back;
    buf_init(&first, ctx->arena, 4096);
    yaml_write(&first, root);
    if (first.n > TREE_BYTES_MAX)
        return; /* escapes and indents made it more than a file may be */
    enum err e = yaml_parse(ctx, ctx->arena, STR("b.yaml"), buf_str(&first), &back);
    assert(e == OK);
    same(root, back);
    buf_init(&second, ctx->arena, 4096);
    yaml_write(&second, back);
    e = yaml_parse(ctx, ctx->arena, STR("b.yaml"), buf_str(&second), &back);
    assert(e == OK);
    same(root, back);
}

static const struct str VALUES[] = {STR_INIT("职工"), STR_INIT("居民")};

/* What proposals look things up in. */
static void
small_catalog(struct catalog *c, struct arena *a)
{
    static const struct fact_def defs[] = {
        {STR_INIT("险种"), STR_INIT("a"), FACT_CHOICE, VALUES, 2},
        {STR_INIT("委托办理"), STR_INIT("b"), FACT_BOOL, NULL, 0},
        {STR_INIT("年龄"), STR_INIT("c"), FACT_NUMBER, NULL, 0},
    };
    fuzz_catalog(c, a, defs, sizeof defs / sizeof *defs);
    c->standard = ARENA_ARRAY(a, 2, struct standard_matter);
    c->standard[0].code = STR("002036001001");
    c->standard[0].name = STR("单位参保登记");
    c->standard[0].group = STR("基本医疗保险参保和变更登记");
    c->standard[1] = c->standard[0];
    c->standard[1].code = STR("002036001002");
    c->standard[1].name = STR("职工参保登记");
    c->standard_count = 2;
}

static void
load_file(struct ctx *ctx, struct catalog *c, const struct catalog_file *f, bool region)
{
    static const struct region nowhere;
    struct yaml_node *root;
    struct loader l = {.ctx = ctx, .arena = ctx->arena, .scratch = ctx->arena, .c = c};
    enum err e = yaml_parse(ctx, ctx->arena, f->path, f->bytes, &root);
    assert(e == OK);
    e = region ? load_region(&l, root, ARENA_NEW(ctx->arena, struct region))
               : load_matter(&l, root, &nowhere, ARENA_NEW(ctx->arena, struct matter));
    if (e != OK)
        fprintf(stderr, "%.*s\n%.*s\n", STR_ARG(ctx->fail->detail), STR_ARG(f->bytes));
    assert(e == OK);
    round_trip(ctx, root);
}

static void
import(struct ctx *ctx, struct str text)
{
    struct imported im;
    struct catalog *c = ARENA_NEW(ctx->arena, struct catalog);
    int lines = 1;
    small_catalog(c, ctx->arena);
    fail_clear(ctx);
    if (catalog_import(ctx, c, STR("990100"), STR("guide.txt"), text, &im) != OK) {
        assert(ctx->fail->e == ERR_CATALOG && ctx->fail->detail.n && str_utf8_valid(ctx->fail->detail));
        return;
    }
    for (size_t i = 0; i < text.n; i++)
        lines += text.p[i] == '\n';
    assert(im.matters > 0 && im.files.n == im.matters + 1 && im.findings.n <= FINDINGS_MAX);
    for (size_t i = 0; i < im.files.n; i++) {
        assert(i == 0 || str_cmp(im.files.file[i - 1].path, im.files.file[i].path) < 0);
        load_file(ctx, c, &im.files.file[i], i + 1 == im.files.n);
    }
    for (size_t i = 0; i < im.findings.n; i++) {
        const struct finding *x = &im.findings.finding[i];
        assert(x->line >= 0 && x->line <= lines && x->message.n && x->remedy.n);
        assert(str_utf8_valid(x->message) && str_utf8_valid(x->evidence) &&
               str_utf8_count(x->evidence) <= EVIDENCE_MAX);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new((size_t)1 << 30);
    struct ctx ctx = ctx_new(a, 0);
    struct str text = {(const char *)data, size};
    struct yaml_node *root;
    if (yaml_parse(&ctx, a, STR("a.yaml"), text, &root) == OK)
        round_trip(&ctx, root);
    import(&ctx, text);
    arena_free(a);
    return 0;
}
