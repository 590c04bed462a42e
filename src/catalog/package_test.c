/* Files in memory and a region's package: the same files give the same bytes; anything that is not our package is refused. */
#include <string.h>

#include "catalog/catalog.h"
#include "catalog/files.h"
#include "catalog/world.h"
#include "support/support_ctx.h"

#define REGION(code, name)                                                                                             \
    {STR_INIT("regions/" code "/matters/01.yaml"), STR_INIT("编号: \"01\"\n名称: 甲\n办理材料:\n  方式: 未列\n")},     \
    {                                                                                                                  \
        STR_INIT("regions/" code "/region.yaml"),                                                                      \
            STR_INIT("区划: \"" code "\"\n名称: " name "\n经办机构: 局\n层级: 市级\n")                                 \
    }

static struct catalog_files
two_regions(void)
{
    static struct catalog_file file[] = {
        {STR_INIT("calendar/2026.yaml"), STR_INIT("年份: \"2026\"\n")},
        {STR_INIT("facts/a.yaml"), STR_INIT("- {名称: 年龄, 标识: age, 类型: 数字}\n")},
        REGION("990001", "甲市"),
        REGION("990002", "乙市"),
        {STR_INIT("standard/matters.yaml"), STR_INIT("[]\n")},
    };
    return (struct catalog_files){file, sizeof file / sizeof *file};
}

static void
round_trip(void **state)
{
    (void)state;
    struct catalog_files f = two_regions(), g;
    struct str bytes = catalog_pack(arena, &f, STR("990002")), code;
    assert_int_equal(catalog_unpack(&ctx, arena, bytes, &g, &code), OK);
    assert_true(str_eqz(code, "990002"));
    assert_int_equal(g.n, 4); /* facts, two of the region, standard; no calendar, no neighbour */
    assert_true(str_eq(catalog_pack(arena, &g, code), bytes));
    assert_true(str_eq(catalog_package_digest(arena, &g, code), catalog_package_digest(arena, &f, code)));
    assert_false(str_eq(catalog_package_digest(arena, &f, STR("990001")), catalog_package_digest(arena, &f, code)));
    struct catalog_files h =
        catalog_files_with(arena, &g, STR("regions/990002/matters/02.yaml"), STR("编号: \"02\"\n"));
    assert_int_equal(h.n, g.n + 1);
    assert_false(str_eq(catalog_package_digest(arena, &h, code), catalog_package_digest(arena, &g, code)));
    h = catalog_files_with(arena, &h, STR("regions/990002/matters/02.yaml"), STR_NONE);
    assert_true(str_eq(catalog_pack(arena, &h, code), bytes));
    assert_null(catalog_files_get(&h, STR("regions/990002/matters/02.yaml")));
    assert_non_null(catalog_files_get(&h, STR("regions/990002/matters/01.yaml")));
}

static void
damaged(void **state)
{
    (void)state;
    struct catalog_files f = two_regions(), g;
    struct str bytes = catalog_pack(arena, &f, STR("990001")), code;
    size_t refused = 0, tried = 0;
    for (size_t n = 0; n < bytes.n; n += 512, tried++) { /* cut anywhere */
        refused += catalog_unpack(&ctx, arena, str_sub(bytes, 0, n), &g, &code) == ERR_CATALOG;
        fail_clear(&ctx);
    }
    assert_int_equal(refused, tried);
    for (size_t at = 0; at < 512; at++) { /* a flipped byte of a header */
        char *copy = arena_alloc(arena, bytes.n);
        memcpy(copy, bytes.p, bytes.n);
        copy[at] ^= 1;
        assert_int_equal(catalog_unpack(&ctx, arena, (struct str){copy, bytes.n}, &g, &code), ERR_CATALOG);
        fail_clear(&ctx);
    }
    static const char *const outside[] = {
        "regions/990001/../../x.yaml", "/etc/x.yaml",  "regions/99/x.yaml", "regions/990001//x.yaml", "search/x.yaml",
        "regions/990001/x.c",          "facts/.x.yaml"};
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        struct catalog_file one = {str_c(outside[i]), STR("a")};
        struct catalog_files evil = {&one, 1};
        /* the packer takes only what belongs to it, so the evil archive is made by renaming in place */
        struct catalog_file fine = {STR("facts/a.yaml"), STR("a")};
        struct str tar = catalog_pack(arena, &(struct catalog_files){&fine, 1}, STR("990001"));
        char *copy = arena_alloc(arena, tar.n);
        memcpy(copy, tar.p, tar.n);
        memset(copy, 0, 100);
        memcpy(copy, evil.file->path.p, evil.file->path.n);
        unsigned sum = 0;
        memset(copy + 148, ' ', 8);
        for (size_t k = 0; k < 512; k++)
            sum += (unsigned char)copy[k];
        for (int k = 5; k >= 0; k--, sum >>= 3)
            copy[148 + k] = (char)('0' + (sum & 7));
        copy[154] = 0;
        assert_int_equal(catalog_unpack(&ctx, arena, (struct str){copy, tar.n}, &g, &code), ERR_CATALOG);
        assert_true(ctx.fail->detail.n > 0);
        fail_clear(&ctx);
    }
}

static struct catalog *
load(const struct catalog_files *f)
{
    struct catalog *c;
    assert_int_equal(catalog_load_files(&ctx, f, &c), OK);
    return c;
}

/* A new version of one region takes its place; whoever holds the old world goes on with it. */
static void
world(void **state)
{
    (void)state;
    struct catalog_files f = two_regions(), g;
    struct str code;
    struct catalog *base = load(&f);
    struct shelf *shelf = shelf_new();
    catalog_set_shelf(base, shelf);
    shelf_put(shelf, base);
    assert_int_equal(catalog_unpack(&ctx, arena, catalog_pack(arena, &f, STR("990002")), &g, &code), OK);
    struct catalog_files h = catalog_files_with(arena, &g, STR("regions/990002/matters/02.yaml"),
                                                STR("编号: \"02\"\n名称: 新\n办理材料:\n  方式: 未列\n"));
    struct catalog *two = load(&h);
    catalog_region_mark(two, code, 7, (struct day){20779}, false);
    shelf_put(shelf, two);
    struct catalog *next = catalog_compose(base, catalog_region(two, code));
    shelf_put(shelf, next);
    assert_int_equal(catalog_region_count(next), 2);
    assert_int_equal(catalog_region(next, code)->matter_count, 2);
    assert_int_equal(catalog_region(next, code)->version_no, 7);
    assert_ptr_equal(catalog_region(next, code)->catalog, two);
    assert_int_equal(catalog_region(base, code)->matter_count, 1);
    assert_ptr_equal(catalog_region(next, STR("990001")), catalog_region(base, STR("990001")));
    assert_ptr_equal(catalog_calendar(next), catalog_calendar(base));
    assert_ptr_equal(shelf_get(shelf, code, catalog_region(two, code)->version), two);
    assert_ptr_equal(shelf_get(shelf, code, catalog_region(base, code)->version), base);
    assert_null(shelf_get(shelf, code, STR("00")));
    shelf_free(shelf);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(round_trip, support_up, support_down),
        cmocka_unit_test_setup_teardown(damaged, support_up, support_down),
        cmocka_unit_test_setup_teardown(world, support_up, support_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
