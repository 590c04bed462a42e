#include "support/support_catalog.h"

struct catalog *catalog;

struct catalog *
support_catalog(struct ctx *c)
{
    struct catalog *made;
    SUPPORT_OK(c, catalog_load(c, support_path(c->arena, "catalog"), &made));
    return made;
}

struct catalog_files
support_catalog_shared(struct ctx *c)
{
    struct catalog_files all, shared;
    size_t from;
    SUPPORT_OK(c, catalog_files_read(c, c->arena, support_path(c->arena, "catalog"), &all));
    size_t end = catalog_files_under(&all, STR("regions/"), &from);
    shared = all;
    for (size_t i = from; i < end; i++)
        shared = catalog_files_with(c->arena, &shared, all.file[i].path, STR_NONE);
    return shared;
}

const struct matter *
support_matter(const char *code, const char *id)
{
    const struct matter *m = NULL;
    const struct region *r = catalog_region(catalog, str_c(code));
    if (!r || catalog_matter(&ctx, r, str_c(id), &m) != OK)
        fail_msg("no matter %s/%s", code, id);
    return m;
}

int
support_catalog_up(void **state)
{
    (void)support_up(state);
    catalog = support_catalog(&ctx);
    return 0;
}

int
support_catalog_down(void **state)
{
    catalog_free(catalog);
    return support_down(state);
}
