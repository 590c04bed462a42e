/* The catalogue a case was begun under: a published version never changes, so neither does what its applicant was promised (R6). */
#include "catalog/world.h"
#include "version/version.h"

/* Reads the package from the database onto the shelf. */
static enum err
load_package(struct ctx *ctx, struct tx *tx, struct shelf *shelf, struct str region, struct str digest,
             struct catalog **ret_c)
{
    struct catalog_files files;
    struct str bytes, code;
    SCOPED_ARENA scratch = arena_new(0);
    enum err e = version_package(ctx, tx, region, digest, &bytes);
    if (e == ERR_NOT_FOUND)
        FAIL(ctx, ERR_INTEGRITY, "办件所依据的目录版本 %.*s 不在数据库中", STR_ARG(digest));
    TRY(ctx, e);
    if (catalog_unpack(ctx, scratch, bytes, &files, &code) != OK || !str_eq(code, region) ||
        !str_eq(catalog_package_digest(scratch, &files, region), digest))
        FAIL(ctx, ERR_INTEGRITY, "目录版本 %.*s 与登记时不一样", STR_ARG(digest));
    TRY(ctx, catalog_load_files(ctx, &files, ret_c));
    shelf_put(shelf, *ret_c);
    return OK;
}

enum err
version_catalog(struct ctx *ctx, struct tx *tx, const struct catalog *today, struct str region, struct str digest,
                const struct catalog **ret_c)
{
    const struct region *r = catalog_region(today, region);
    struct shelf *shelf = catalog_shelf(today);
    struct catalog *loaded;
    if (r && (str_empty(digest) || str_eq(r->version, digest))) {
        *ret_c = r->catalog;
        return OK;
    }
    *ret_c = shelf ? shelf_get(shelf, region, digest) : NULL;
    if (*ret_c)
        return OK;
    if (!shelf || str_empty(digest))
        FAIL(ctx, ERR_INTEGRITY, "办件所属统筹区或它的目录版本不在目录中");
    TRY(ctx, load_package(ctx, tx, shelf, region, digest, &loaded));
    *ret_c = loaded;
    return OK;
}
