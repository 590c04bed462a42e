/* Versions of a region's guides on both databases: rows, the two people, the lock, the day, going back, a second process, what the lint
** holds back, a full disk, and packages that come back byte for byte. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <libpq-fe.h>

#include "catalog/lint.h"
#include "catalog/world.h"
#include "service/keeper.h"
#include "service/service_int.h"
#include "service/world.h"
#include "version/version.h"

#define REGION "990200"
static const char shipped_region[] = "区划: \"990200\"\n"
                                     "名称: 试验市\n"
                                     "经办机构: 试验市医疗保障局\n"
                                     "层级: 市级\n"
                                     "省: 湖北省\n"
                                     "省代码: \"42\"\n"
                                     "来源:\n"
                                     "  标题: 试验市医疗保障经办政务服务事项办事指南\n"
                                     "服务点:\n"
                                     "  - 标识: hall\n"
                                     "    名称: 市政务服务大厅\n"
                                     "    层级: 市级\n";
static const char matter_file[] = "编号: \"%s\"\n"
                                  "名称: %s\n"
                                  "标准编码: \"%s\"\n"
                                  "编码来源: 对应\n"
                                  "受理单位: %s\n"
                                  "办理材料:\n"
                                  "  方式: 未列\n"
                                  "办理时限:\n"
                                  "  原文: %s\n"
                                  "  档:\n"
                                  "    - 承诺: %s\n";

static struct arena *arena;
static struct ctx ctx;
static char folder[] = "/tmp/jingban-keeper-XXXXXX";
static struct str url;
static struct catalog_files shipped; /* with the region above in the place of the real ones */
static struct server *server, *second;
static const struct actor keeper = {ACTOR_STAFF, 11, STR_INIT(REGION), STR_INIT("管目录"), 1u << ROLE_KEEPER, {0}, {0}},
                          other = {ACTOR_STAFF, 12, STR_INIT(REGION), STR_INIT("再目录"), 1u << ROLE_KEEPER, {0}, {0}},
                          boss = {ACTOR_STAFF, 13, STR_INIT(REGION), STR_INIT("督办人"), 1u << ROLE_SUPERVISOR,
                                  {0},         {0}},
                          admin = {ACTOR_STAFF,
                                   14,
                                   STR_INIT(REGION),
                                   STR_INIT("管理员"),
                                   1u << ROLE_ADMIN | 1u << ROLE_KEEPER | 1u << ROLE_SUPERVISOR,
                                   {0},
                                   {0}},
                          clerk = {ACTOR_STAFF, 15, STR_INIT(REGION), STR_INIT("窗口员"), 1u << ROLE_WINDOW, {0}, {0}};

static void
must(enum err e)
{
    if (e == OK)
        return;
    print_error("%s: %.*s\n", err_info(e)->id, STR_ARG(ctx.fail->detail));
    for (size_t i = 0; i < ctx.fail->field_count; i++)
        print_error("  %.*s: %.*s\n", STR_ARG(ctx.fail->field[i].field), STR_ARG(ctx.fail->field[i].reason));
    for (size_t i = 0; i < ctx.fail->depth; i++)
        print_error("  %s:%d\n", ctx.fail->file[i], ctx.fail->line[i]);
    fail_msg("unexpected failure");
}

/* Refused with E; every refusal says something. */
static void
refused(enum err got, enum err e)
{
    if (got != e)
        print_error("%s: %.*s\n", err_info(got)->id, STR_ARG(ctx.fail->detail));
    assert_int_equal(got, e);
    assert_true(ctx.fail->detail.n > 0);
    fail_clear(&ctx);
}

static struct str
fresh_pg(const char *base)
{
    const char *name = str_fmt(arena, "keeper_%d", (int)getpid()).p;
    PGconn *c = PQconnectdb(base);
    PQclear(PQexec(c, str_fmt(arena, "drop database if exists %s with (force)", name).p));
    PGresult *r = PQexec(
        c, str_fmt(arena, "create database %s template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'", name).p);
    assert_int_equal(PQresultStatus(r), PGRES_COMMAND_OK);
    PQclear(r);
    PQfinish(c);
    char *query = strchr(base, '?');
    return query ? str_fmt(arena, "postgresql:///%s%s", name, query) : str_fmt(arena, "%s dbname=%s", base, name);
}

static struct str
matter(const char *id, const char *name, const char *code, const char *unit, const char *limit)
{
    return str_fmt(arena, matter_file, id, name, code, unit, limit, limit);
}

/* What a process starts with: its folder's catalogue and the same database. */
static struct server *
process(void)
{
    struct server *s = ARENA_NEW(arena, struct server);
    struct catalog *c;
    int n;
    pthread_mutex_init(&s->number_lock, NULL);
    s->data_dir = str_c(folder);
    must(catalog_load_files(&ctx, &shipped, &c));
    server_catalog_first(s, c);
    struct store_options opt = {.url = url};
    must(store_open(&ctx, &opt, &s->store));
    must(store_migrate(&ctx, s->store, &n));
    return s;
}

static void
process_end(struct server *s)
{
    store_close(s->store);
    keeper_shelf_free(s->keeper);
    server_catalog_free(s);
    pthread_mutex_destroy(&s->number_lock);
}

static int
set_up(bool postgres)
{
    const char *source = getenv("JINGBAN_SOURCE"), *pg = getenv("JINGBAN_TEST_PG");
    struct catalog_files all;
    arena = arena_new(0);
    ctx = ctx_new(arena, 1795233600000);
    must(crypto_start(&ctx));
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
    assert_non_null(mkdtemp(folder));
    url = postgres ? fresh_pg(pg) : str_fmt(arena, "sqlite:%s/jingban.db", folder);
    must(catalog_files_read(&ctx, arena, str_fmt(arena, "%s/catalog", source ? source : "."), &all));
    shipped = (struct catalog_files){.file = ARENA_ARRAY(arena, all.n, struct catalog_file)};
    for (size_t i = 0; i < all.n; i++)
        if (!str_starts(all.file[i].path, STR("regions/")) && !str_starts(all.file[i].path, STR("search/")))
            shipped.file[shipped.n++] = all.file[i];
    shipped = catalog_files_with(arena, &shipped, STR("regions/" REGION "/region.yaml"), str_c(shipped_region));
    shipped = catalog_files_with(arena, &shipped, STR("regions/" REGION "/matters/01.yaml"),
                                 matter("01", "职工参保登记", "002036001002", "试验市医疗保障局", "即时"));
    shipped = catalog_files_with(arena, &shipped, STR("regions/" REGION "/matters/02.yaml"),
                                 matter("02", "城乡居民参保登记", "002036001003", "试验市医疗保障局", "5个工作日"));
    server = process();
    must(keeper_install(&ctx, server, server->catalog, &shipped, STR(REGION)));
    must(service_catalog_refresh(&ctx, server));
    return 0;
}

static int
set_up_sqlite(void **state)
{
    (void)state;
    return set_up(false);
}

static int
set_up_postgres(void **state)
{
    (void)state;
    return set_up(true);
}

static int
tear_down(void **state)
{
    (void)state;
    process_end(server);
    assert_int_equal(system(str_fmt(arena, "rm -rf %s", folder).p), 0);
    arena_free(arena);
    crypto_stop();
    return 0;
}

/* --- readings --- */

static struct version
version_of(int64_t no)
{
    SCOPED_READ tx = NULL;
    struct version v;
    must(store_read(&ctx, server->store, &tx));
    must(version_get(&ctx, tx, STR(REGION), no, &v));
    return v;
}

static const struct region *
today(struct server *s)
{
    const struct region *r = catalog_region(s->catalog, STR(REGION));
    assert_non_null(r);
    return r;
}

static struct view *
page(const struct actor *a, int64_t no)
{
    struct view *v = view_map(arena);
    must(service_keeper_version(&ctx, server, a, no, v));
    return v;
}

static int64_t
number(const struct view *v, const char *key)
{
    const struct view *x = view_get(v, str_c(key));
    assert_non_null(x);
    return view_int(x);
}

static struct str
file_text(int64_t no, const char *path)
{
    struct view *v = view_map(arena);
    must(service_keeper_file(&ctx, server, &keeper, no, str_c(path), v));
    return view_text(view_get(v, STR("text")));
}

static struct keeper_read
now(int64_t no)
{
    return (struct keeper_read){.no = no, .edited = version_of(no).edited};
}

/* PATH with OLD replaced by NEW wherever it stands. */
static struct str
changed(int64_t no, const char *path, const char *old, const char *new)
{
    struct str text = file_text(no, path);
    struct buf b;
    size_t at, found = 0;
    buf_init(&b, arena, text.n + 64);
    for (; (at = str_find(text, str_c(old))) != SIZE_MAX; found++) {
        buf_add(&b, str_sub(text, 0, at));
        buf_addz(&b, new);
        text = str_sub(text, at + strlen(old), text.n);
    }
    buf_add(&b, text);
    assert_true(found > 0);
    return buf_str(&b);
}

#define MATTER_1 "regions/" REGION "/matters/01.yaml"
#define MATTER_2 "regions/" REGION "/matters/02.yaml"

static int64_t
draft(void)
{
    int64_t no;
    must(service_keeper_open(&ctx, server, &keeper, 0, &no));
    return no;
}

static void
edit(int64_t no, const char *old, const char *new)
{
    must(service_keeper_save(&ctx, server, &keeper, now(no), STR(MATTER_2), changed(no, MATTER_2, old, new)));
}

static struct day
day_in(int days)
{
    return day_add(day_of_ms(ctx.now_ms), days);
}

static void
publish(int64_t no, int days)
{
    must(service_keeper_submit(&ctx, server, &keeper, now(no), STR("按新文件缩短了时限"), day_in(days)));
    must(service_keeper_publish(&ctx, server, &boss, now(no)));
}

/* --- rows --- */

struct row_body {
    struct version v;
    struct str package;
    enum err e;
};

static enum err
insert_body(struct ctx *c, struct tx *tx, void *arg)
{
    struct row_body *b = arg;
    return b->e = version_insert(c, tx, &b->v, b->package);
}

static enum err
update_body(struct ctx *c, struct tx *tx, void *arg)
{
    struct row_body *b = arg;
    return b->e = version_update(c, tx, &b->v, b->package);
}

static void
rows_keep_numbers_one_draft_and_no_orphan(void **state)
{
    (void)state;
    struct row_body b = {.v = {.region = STR("990300"),
                               .state = VERSION_PUBLISHED,
                               .digest = STR("d1"),
                               .effective = day_in(0),
                               .note = STR("一"),
                               .source = STR("随程序安装"),
                               .keeper = STR(""),
                               .publisher = STR("")},
                         .package = STR("bytes\0one")};
    must(store_write(&ctx, server->store, insert_body, &b));
    assert_int_equal(b.v.no, 1);
    b.v.effective = day_in(5);
    b.v.digest = STR("d2");
    b.package = STR("two");
    must(store_write(&ctx, server->store, insert_body, &b));
    assert_int_equal(b.v.no, 2);
    {
        SCOPED_READ tx = NULL;
        struct version v, *list;
        struct str bytes;
        size_t n;
        must(store_read(&ctx, server->store, &tx));
        must(version_in_force(&ctx, tx, STR("990300"), day_in(4), &v));
        assert_int_equal(v.no, 1);
        must(version_in_force(&ctx, tx, STR("990300"), day_in(5), &v));
        assert_int_equal(v.no, 2);
        refused(version_in_force(&ctx, tx, STR("990300"), day_in(-1), &v), ERR_NOT_FOUND);
        must(version_list(&ctx, tx, STR("990300"), 0, 10, &list, &n));
        assert_int_equal(n, 2);
        assert_int_equal(list[0].no, 2);
        must(version_list(&ctx, tx, STR("990300"), 2, 10, &list, &n));
        assert_int_equal(n, 1);
        must(version_package(&ctx, tx, STR("990300"), STR("d1"), &bytes));
        assert_true(str_eq(bytes, STR("bytes\0one")));
        refused(version_package(&ctx, tx, STR(REGION), STR("d1"), &bytes), ERR_NOT_FOUND);
    }
    b.v.state = VERSION_DRAFT;
    b.v.digest = STR("d3");
    must(store_write(&ctx, server->store, insert_body, &b));
    refused(store_write(&ctx, server->store, insert_body, &b), ERR_CONFLICT); /* a second draft */
    b.v.no = 3;
    b.v.digest = STR("d4");
    must(store_write(&ctx, server->store, update_body, &b));
    refused(store_write(&ctx, server->store, update_body, &b), ERR_CONFLICT); /* it is at 2 by now */
    {
        SCOPED_READ tx = NULL;
        struct str bytes;
        must(store_read(&ctx, server->store, &tx));
        refused(version_package(&ctx, tx, STR("990300"), STR("d3"), &bytes),
                ERR_NOT_FOUND); /* nobody names it any more */
        must(version_package(&ctx, tx, STR("990300"), STR("d4"), &bytes));
    }
    b.v.no = 1;
    b.v.edited = 1;
    refused(store_write(&ctx, server->store, update_body, &b), ERR_CONFLICT); /* what is published stays */
}

/* --- the way of a version --- */

static void
the_first_start_publishes_what_is_clean(void **state)
{
    (void)state;
    struct version v = version_of(1);
    assert_int_equal(v.state, VERSION_PUBLISHED);
    assert_true(str_eqz(v.source, "随程序安装"));
    assert_int_equal(v.publisher_id, 0);
    assert_false(today(server)->unpublished);
    assert_int_equal(today(server)->version_no, 1);
    must(keeper_install(&ctx, server, server->catalog, &shipped, STR(REGION))); /* again: nothing new */
    SCOPED_READ tx = NULL;
    struct version *list;
    size_t n;
    must(store_read(&ctx, server->store, &tx));
    must(version_list(&ctx, tx, STR(REGION), 0, 10, &list, &n));
    assert_int_equal(n, 1);
}

static void
a_shipped_update_waits_as_a_draft(void **state)
{
    (void)state;
    struct catalog_files more =
        catalog_files_with(arena, &shipped, STR("regions/" REGION "/matters/03.yaml"),
                           matter("03", "灵活就业人员参保登记", "", "试验市医疗保障局", "即时"));
    more = catalog_files_with(arena, &more, STR("regions/" REGION "/matters/03.yaml"),
                              STR("编号: \"03\"\n名称: 医保关系查询\n办理材料:\n  方式: 未列\n"));
    must(keeper_install(&ctx, server, server->catalog, &more, STR(REGION)));
    struct version v = version_of(2);
    assert_int_equal(v.state, VERSION_DRAFT);
    assert_true(str_eqz(v.source, "随程序更新"));
    must(service_catalog_refresh(&ctx, server));
    assert_int_equal(today(server)->version_no, 1);
    must(keeper_install(&ctx, server, server->catalog, &more, STR(REGION)));
    more = catalog_files_with(arena, &more, STR("regions/" REGION "/matters/04.yaml"),
                              STR("编号: \"04\"\n名称: 医保账户查询\n办理材料:\n  方式: 未列\n"));
    must(keeper_install(&ctx, server, server->catalog, &more, STR(REGION))); /* a draft is open: left alone */
    assert_true(str_eq(version_of(2).digest, v.digest));
}

//= R7
static void
a_second_person_publishes(void **state)
{
    (void)state;
    int64_t no = draft();
    edit(no, "5个工作日", "3个工作日");
    refused(service_keeper_publish(&ctx, server, &boss, now(no)), ERR_CONFLICT); /* not handed in */
    refused(service_keeper_submit(&ctx, server, &keeper, now(no), STR(" "), day_in(0)), ERR_FIELD_INVALID);
    refused(service_keeper_submit(&ctx, server, &keeper, now(no), STR("缩短了时限"), day_in(-1)), ERR_FIELD_INVALID);
    refused(service_keeper_submit(&ctx, server, &boss, now(no), STR("缩短了时限"), day_in(0)), ERR_FORBIDDEN);
    refused(service_keeper_submit(&ctx, server, &clerk, now(no), STR("缩短了时限"), day_in(0)), ERR_FORBIDDEN);
    must(service_keeper_submit(&ctx, server, &other, now(no), STR("缩短了时限"), day_in(0)));
    refused(service_keeper_save(&ctx, server, &keeper, now(no), STR(MATTER_1), STR("编号: \"01\"\n")), ERR_CONFLICT);
    refused(service_keeper_publish(&ctx, server, &keeper, now(no)), ERR_SEPARATION); /* he wrote it */
    refused(service_keeper_publish(&ctx, server, &other, now(no)), ERR_SEPARATION);  /* he handed it in */
    refused(service_keeper_publish(&ctx, server, &clerk, now(no)), ERR_FORBIDDEN);
    assert_int_equal(today(server)->version_no, 1);
    refused(service_keeper_return(&ctx, server, &boss, now(no), STR("")), ERR_REASON_REQUIRED);
    must(service_keeper_return(&ctx, server, &boss, now(no), STR("请核对时限的出处")));
    must(service_keeper_submit(&ctx, server, &other, now(no), STR("缩短了时限"), day_in(0)));
    struct keeper_read read = now(no);
    must(service_keeper_publish(&ctx, server, &boss, read));
    assert_int_equal(today(server)->version_no, no);
    assert_int_equal(today(server)->matter[1].limit[0].promised.n, 3);
    struct version v = version_of(no);
    assert_true(str_eqz(v.keeper, "再目录"));
    assert_true(str_eqz(v.publisher, "督办人"));
    refused(service_keeper_publish(&ctx, server, &boss, read), ERR_CONFLICT);
    struct view *public = view_map(arena);
    must(service_changes(&ctx, server, today(server), public));
    const struct view *newest = view_first(view_get(public, STR("changes")));
    assert_int_equal(number(newest, "no"), no);
    assert_true(str_eqz(view_text(view_get(newest, STR("note"))), "缩短了时限"));
    assert_true(str_eqz(view_text(view_get(newest, STR("publisher"))), "督办人"));
}

//= R7
static void
an_administrator_is_not_exempt(void **state)
{
    (void)state;
    int64_t no;
    must(service_keeper_open(&ctx, server, &admin, 0, &no));
    must(service_keeper_save(&ctx, server, &admin, now(no), STR(MATTER_2),
                             changed(no, MATTER_2, "5个工作日", "4个工作日")));
    must(service_keeper_submit(&ctx, server, &keeper, now(no), STR("缩短了时限"), day_in(0)));
    refused(service_keeper_publish(&ctx, server, &admin, now(no)), ERR_SEPARATION);
    const struct view *can = view_get(page(&admin, no), STR("can"));
    assert_false(number(can, "publish"));
    assert_true(number(can, "second_person"));
    assert_true(number(view_get(page(&boss, no), STR("can")), "publish"));
    struct actor pure = admin;
    pure.id = 99;
    pure.roles = 1u << ROLE_ADMIN;
    refused(service_keeper_publish(&ctx, server, &pure, now(no)), ERR_FORBIDDEN);
    struct actor stranger = boss;
    stranger.region = STR("990300");
    refused(service_keeper_publish(&ctx, server, &stranger, now(no)), ERR_NOT_FOUND);
}

static void
two_keepers_do_not_overwrite_each_other(void **state)
{
    (void)state;
    int64_t no = draft(), another;
    struct keeper_read read = now(no);
    struct str mine = changed(no, MATTER_2, "5个工作日", "4个工作日");
    must(service_keeper_save(&ctx, server, &other, read, STR(MATTER_1), changed(no, MATTER_1, "即时", "1个工作日")));
    refused(service_keeper_save(&ctx, server, &keeper, read, STR(MATTER_2), mine), ERR_CONFLICT);
    must(service_keeper_save(&ctx, server, &keeper, now(no), STR(MATTER_2), mine));
    assert_true(str_find(file_text(no, MATTER_1), STR("1个工作日")) != SIZE_MAX);
    assert_true(str_find(file_text(no, MATTER_2), STR("4个工作日")) != SIZE_MAX);
    refused(service_keeper_open(&ctx, server, &other, 0, &another), ERR_CONFLICT);
    refused(service_keeper_submit(&ctx, server, &keeper, read, STR("缩短了时限"), day_in(0)), ERR_CONFLICT);
    must(service_keeper_drop(&ctx, server, &keeper, now(no)));
    must(service_keeper_open(&ctx, server, &other, 0, &another));
    assert_int_equal(another, no + 1);
}

static void
an_edit_that_breaks_the_draft_is_refused_with_its_place(void **state)
{
    (void)state;
    int64_t no = draft();
    struct str before = version_of(no).digest;
    assert_int_equal(service_keeper_save(&ctx, server, &keeper, now(no), STR(MATTER_2),
                                         STR("编号: \"02\"\n名称: 城乡居民参保登记\n办理时限：五天\n")),
                     ERR_FIELD_INVALID);
    assert_true(str_eqz(ctx.fail->field[0].field, "text"));
    assert_true(str_starts(ctx.fail->field[0].reason, STR(MATTER_2 ":3:")));
    fail_clear(&ctx);
    assert_true(str_eq(version_of(no).digest, before));
    refused(service_keeper_save(&ctx, server, &keeper, now(no), STR("facts/common.yaml"), STR("[]\n")), ERR_NOT_FOUND);
    refused(service_keeper_save(&ctx, server, &keeper, now(no), STR("regions/" REGION "/matters/../../x.yaml"),
                                STR("a: b\n")),
            ERR_NOT_FOUND);
    struct str path;
    refused(service_keeper_add(&ctx, server, &keeper, now(no), STR("02"), STR("重复"), &path), ERR_FIELD_INVALID);
    refused(service_keeper_add(&ctx, server, &keeper, now(no), STR("../9"), STR("越界"), &path), ERR_FIELD_INVALID);
    must(service_keeper_add(&ctx, server, &keeper, now(no), STR("03"), STR("带“引号\"”的: 名称"), &path));
    assert_true(str_eqz(path, "regions/" REGION "/matters/03.yaml"));
    must(service_keeper_remove(&ctx, server, &keeper, now(no), STR(MATTER_1)));
    refused(service_keeper_remove(&ctx, server, &keeper, now(no), STR("regions/" REGION "/region.yaml")),
            ERR_NOT_FOUND);
    const struct view *v = page(&keeper, no);
    assert_int_equal(view_count(view_get(v, STR("changes"))), 2); /* one added, one taken away */
}

//= R6
static void
a_day_to_come_and_a_second_process(void **state)
{
    (void)state;
    second = process();
    must(keeper_install(&ctx, second, second->catalog, &shipped, STR(REGION)));
    must(service_catalog_refresh(&ctx, second));
    int64_t no = draft();
    edit(no, "5个工作日", "2个工作日");
    publish(no, 3);
    assert_int_equal(today(server)->version_no, 1);
    const struct catalog *held = second->catalog; /* a request that began before */
    must(service_catalog_refresh(&ctx, second));
    assert_ptr_equal(held, second->catalog);
    ctx.now_ms += INT64_C(3) * 86400000;
    must(service_catalog_refresh(&ctx, second));
    assert_int_equal(today(second)->version_no, no);
    assert_int_equal(today(second)->matter[1].limit[0].promised.n, 2);
    assert_int_equal(catalog_region(held, STR(REGION))->matter[1].limit[0].promised.n, 5);
    must(service_catalog_refresh(&ctx, server));
    assert_int_equal(today(server)->version_no, no);
    process_end(second);
}

static void
a_later_publication_takes_the_place_of_a_waiting_one(void **state)
{
    (void)state;
    int64_t waiting = draft();
    edit(waiting, "5个工作日", "2个工作日");
    publish(waiting, 10);
    int64_t urgent = draft();
    edit(urgent, "5个工作日", "1个工作日");
    publish(urgent, 0);
    ctx.now_ms += INT64_C(11) * 86400000;
    must(service_catalog_refresh(&ctx, server));
    assert_int_equal(today(server)->version_no, urgent);
    struct view *v = view_map(arena);
    must(service_keeper_overview(&ctx, server, &boss, v));
    const struct view *row = view_next(view_first(view_get(v, STR("versions"))));
    assert_int_equal(number(row, "no"), waiting);
    assert_true(str_eqz(view_text(view_get(row, STR("state_name"))), "不再施行"));
}

static void
going_back_is_a_new_version(void **state)
{
    (void)state;
    int64_t no = draft(), back;
    edit(no, "5个工作日", "2个工作日");
    publish(no, 0);
    must(service_keeper_open(&ctx, server, &keeper, 1, &back));
    assert_true(str_eqz(version_of(back).source, "退回到第 1 版"));
    assert_true(str_eq(version_of(back).digest, version_of(1).digest));
    refused(service_keeper_publish(&ctx, server, &keeper, now(back)), ERR_CONFLICT);
    publish(back, 0);
    assert_int_equal(today(server)->version_no, back);
    assert_int_equal(today(server)->matter[1].limit[0].promised.n, 5);
    int64_t none;
    must(service_keeper_open(&ctx, server, &keeper, 0, &none));
    refused(service_keeper_submit(&ctx, server, &keeper, now(none), STR("什么也没有改"), day_in(0)), ERR_FIELD_INVALID);
}

/* --- the lint holds back --- */

static struct str
first_error_key(int64_t no)
{
    const struct view *groups = view_get(page(&keeper, no), STR("finding_groups")), *g = view_first(groups);
    const struct view *f = view_first(view_get(g, STR("findings")));
    return f ? view_text(view_get(f, STR("key"))) : STR("");
}

static void
errors_hold_it_back_until_accepted_with_a_reason(void **state)
{
    (void)state;
    int64_t no = draft();
    edit(no, "受理单位: 试验市医疗保障局", "受理单位: 别处市医疗保障局"); /* another city's bureau accepts here */
    assert_true(number(page(&keeper, no), "open_errors") > 0);
    assert_false(number(view_get(page(&keeper, no), STR("can")), "submit"));
    assert_int_equal(service_keeper_submit(&ctx, server, &keeper, now(no), STR("换了受理单位"), day_in(0)),
                     ERR_FIELD_INVALID);
    assert_true(str_eqz(ctx.fail->field[0].field, "findings"));
    fail_clear(&ctx);
    refused(service_keeper_accept(&ctx, server, &keeper, now(no), STR("0000000000000000"), STR("印发的原件如此")),
            ERR_NOT_FOUND);
    struct str key = first_error_key(no);
    refused(service_keeper_accept(&ctx, server, &keeper, now(no), key, STR("")), ERR_REASON_REQUIRED);
    for (int i = 0; i < 5 && !str_empty(key = first_error_key(no)); i++)
        must(service_keeper_accept(&ctx, server, &keeper, now(no), key, STR("印发的原件\"就是\"这样: #1")));
    const struct view *v = page(&keeper, no);
    assert_int_equal(number(v, "open_errors"), 0);
    assert_true(number(v, "accepted_count") > 0);
    struct str accepted = file_text(no, "regions/" REGION "/accepted.yaml");
    assert_true(str_find(accepted, STR("经手人: \"管目录\"")) != SIZE_MAX);
    publish(no, 0);
    assert_int_equal(today(server)->version_no, no);
}

/* The shipped folder with one more region, whose one matter is taken in by UNIT. */
static struct catalog_files
with_another_region(const char *unit)
{
    struct str text = str_fmt(arena, "区划: \"990400\"\n%s", shipped_region + strlen("区划: \"990200\"\n"));
    struct catalog_files f = catalog_files_with(arena, &shipped, STR("regions/990400/region.yaml"), text);
    return catalog_files_with(arena, &f, STR("regions/990400/matters/01.yaml"),
                              matter("01", "职工参保登记", "002036001002", unit, "即时"));
}

static void
a_first_installation_with_errors_stays_closed(void **state)
{
    (void)state;
    struct catalog_files f = with_another_region("别处市医疗保障局");
    struct catalog *c;
    must(catalog_load_files(&ctx, &f, &c));
    must(keeper_install(&ctx, server, c, &f, STR("990400")));
    catalog_free(c);
    SCOPED_READ tx = NULL;
    struct version v;
    must(store_read(&ctx, server->store, &tx));
    must(version_get(&ctx, tx, STR("990400"), 1, &v));
    assert_int_equal(v.state, VERSION_DRAFT);
    refused(version_in_force(&ctx, tx, STR("990400"), day_in(0), &v), ERR_NOT_FOUND);
}

/* --- two processes --- */

struct starter {
    pthread_t thread;
    struct server *server;
    const struct catalog *catalog;
    const struct catalog_files *files;
    pthread_barrier_t *gate;
    enum err e;
};

static void *
start(void *arg)
{
    struct starter *p = arg;
    SCOPED_ARENA own = arena_new(0);
    struct ctx c = ctx_new(own, ctx.now_ms);
    pthread_barrier_wait(p->gate);
    p->e = keeper_install(&c, p->server, p->catalog, p->files, STR("990400"));
    return NULL;
}

static void
two_processes_start_at_once(void **state)
{
    (void)state;
    struct catalog_files f = with_another_region("试验市医疗保障局");
    struct catalog *c;
    pthread_barrier_t gate;
    struct starter p[4];
    second = process();
    must(catalog_load_files(&ctx, &f, &c));
    pthread_barrier_init(&gate, NULL, 4);
    for (int i = 0; i < 4; i++) {
        p[i] = (struct starter){.server = i % 2 ? second : server, .catalog = c, .files = &f, .gate = &gate};
        assert_int_equal(pthread_create(&p[i].thread, NULL, start, &p[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(p[i].thread, NULL);
        assert_int_equal(p[i].e, OK);
    }
    pthread_barrier_destroy(&gate);
    catalog_free(c);
    SCOPED_READ tx = NULL;
    struct version *list;
    size_t n;
    must(store_read(&ctx, server->store, &tx));
    must(version_list(&ctx, tx, STR("990400"), 0, 10, &list, &n));
    assert_int_equal(n, 1);
    assert_int_equal(list[0].state, VERSION_PUBLISHED);
    process_end(second);
}

/* An import may leave a draft that does not load: it is mended file by file, and held back until it does. */
static void
a_broken_draft_is_mended_step_by_step(void **state)
{
    (void)state;
    int64_t no = draft();
    struct row_body b = {.v = version_of(no)};
    struct catalog_files f =
        catalog_files_with(arena, &shipped, STR(MATTER_1), STR("编号: \"01\"\n名称：职工参保登记\n"));
    f = catalog_files_with(arena, &f, STR(MATTER_2), STR("编号: \"02\"\n不认识: 一\n"));
    b.v.digest = catalog_package_digest(arena, &f, STR(REGION));
    b.package = catalog_pack(arena, &f, STR(REGION));
    must(store_write(&ctx, server->store, update_body, &b));
    const struct view *v = page(&keeper, no), *problem = view_get(v, STR("problem"));
    assert_true(str_eqz(view_text(view_get(problem, STR("file"))), MATTER_1));
    assert_int_equal(number(problem, "line"), 2);
    assert_true(number(view_get(v, STR("can")), "held_back"));
    refused(service_keeper_submit(&ctx, server, &keeper, now(no), STR("导入了新的指南"), day_in(0)), ERR_FIELD_INVALID);
    must(service_keeper_save(&ctx, server, &keeper, now(no), STR(MATTER_1),
                             matter("01", "职工参保登记", "002036001002", "试验市医疗保障局", "2个工作日")));
    problem = view_get(page(&keeper, no), STR("problem"));
    assert_true(str_eqz(view_text(view_get(problem, STR("file"))), MATTER_2));
    must(service_keeper_save(&ctx, server, &keeper, now(no), STR(MATTER_2),
                             matter("02", "城乡居民参保登记", "002036001003", "试验市医疗保障局", "即时")));
    assert_int_equal(view_kind(view_get(page(&keeper, no), STR("problem"))), VIEW_NULL);
    refused(service_keeper_save(&ctx, server, &keeper, now(no), STR(MATTER_2), STR("编号: \"02\"\n")),
            ERR_FIELD_INVALID);
    publish(no, 0);
    assert_int_equal(today(server)->matter[0].limit[0].promised.n, 2);
}

/* --- packages --- */

static void
a_package_comes_back_byte_for_byte(void **state)
{
    (void)state;
    const char *source = getenv("JINGBAN_SOURCE");
    struct catalog_files all, own;
    struct str bytes, name, region, again;
    int64_t no = draft();
    edit(no, "5个工作日", "2个工作日");
    must(service_keeper_package(&ctx, server, &boss, no, &bytes, &name));
    must(service_keeper_drop(&ctx, server, &keeper, now(no)));
    must(service_keeper_upload(&ctx, server, &other, name, bytes, &no));
    must(service_keeper_package(&ctx, server, &boss, no, &again, &name));
    assert_true(str_eq(bytes, again));
    refused(service_keeper_upload(&ctx, server, &other, name, STR("not a package"), &no), ERR_FIELD_INVALID);
    refused(service_keeper_upload(&ctx, server, &other, name, str_sub(bytes, 0, bytes.n / 2), &no), ERR_FIELD_INVALID);
    must(catalog_files_read(&ctx, arena, str_fmt(arena, "%s/catalog", source ? source : "."), &all));
    size_t from, to = catalog_files_under(&all, STR("regions/"), &from), regions = 0;
    for (size_t i = from; i < to; i++) {
        if (!str_ends(all.file[i].path, STR("/region.yaml")))
            continue;
        struct str code = str_sub(all.file[i].path, strlen("regions/"), 6);
        bytes = catalog_pack(arena, &all, code);
        must(catalog_unpack(&ctx, arena, bytes, &own, &region));
        assert_true(str_eq(region, code));
        assert_true(str_eq(catalog_pack(arena, &own, code), bytes));
        assert_true(str_eq(catalog_package_digest(arena, &own, code), catalog_package_digest(arena, &all, code)));
        refused(service_keeper_upload(&ctx, server, &keeper, STR("别处.tar"), bytes, &no), ERR_FIELD_INVALID);
        struct actor at_home = keeper;
        at_home.region = code;
        must(service_keeper_upload(&ctx, server, &at_home, STR("本地.tar"), bytes, &no));
        must(service_keeper_package(&ctx, server, &at_home, no, &again, &name));
        assert_true(str_eq(bytes, again));
        regions++;
    }
    assert_true(regions >= 5);
}

/* --- a full disk --- */

static void
nothing_is_half_written(void **state)
{
    (void)state;
    int64_t no = draft();
    edit(no, "5个工作日", "2个工作日");
    must(service_keeper_submit(&ctx, server, &keeper, now(no), STR("缩短了时限"), day_in(0)));
    struct keeper_read read = now(no);
    int failed = 0;
    for (int countdown = 1; countdown < 60; countdown++) {
        store_fault_arm(server->store, countdown);
        enum err e = service_keeper_publish(&ctx, server, &boss, read);
        store_fault_arm(server->store, 0);
        struct version v = version_of(no);
        if (e == OK) {
            assert_int_equal(v.state, VERSION_PUBLISHED);
            break;
        }
        fail_clear(&ctx);
        failed++;
        bool all = v.state == VERSION_PUBLISHED && str_eqz(v.publisher, "督办人"),
             none = v.state == VERSION_SUBMITTED && str_empty(v.publisher) && v.edited == read.edited;
        assert_true(all || none);
        if (all) /* the write was kept, a later read failed */
            break;
    }
    assert_true(failed > 0);
    must(service_catalog_refresh(&ctx, server));
    assert_int_equal(version_of(no).state, VERSION_PUBLISHED);
    assert_int_equal(today(server)->version_no, no);
}

#define ON(test, s) cmocka_unit_test_setup_teardown(test, set_up_##s, tear_down)
#define ALL(s)                                                                                                         \
    ON(rows_keep_numbers_one_draft_and_no_orphan, s), ON(the_first_start_publishes_what_is_clean, s),                  \
        ON(a_shipped_update_waits_as_a_draft, s), ON(a_second_person_publishes, s),                                    \
        ON(an_administrator_is_not_exempt, s), ON(two_keepers_do_not_overwrite_each_other, s),                         \
        ON(an_edit_that_breaks_the_draft_is_refused_with_its_place, s), ON(a_day_to_come_and_a_second_process, s),     \
        ON(a_later_publication_takes_the_place_of_a_waiting_one, s), ON(going_back_is_a_new_version, s),               \
        ON(errors_hold_it_back_until_accepted_with_a_reason, s), ON(a_first_installation_with_errors_stays_closed, s), \
        ON(a_package_comes_back_byte_for_byte, s), ON(two_processes_start_at_once, s),                                 \
        ON(a_broken_draft_is_mended_step_by_step, s)

int
main(void)
{
    const struct CMUnitTest on_sqlite[] = {ALL(sqlite), ON(nothing_is_half_written, sqlite)};
    const struct CMUnitTest on_postgres[] = {ALL(postgres)};
    int failed = cmocka_run_group_tests_name("keeper on sqlite", on_sqlite, NULL, NULL);
    if (getenv("JINGBAN_TEST_PG"))
        failed += cmocka_run_group_tests_name("keeper on postgres", on_postgres, NULL, NULL);
    return failed;
}
