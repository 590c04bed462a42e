#include "support/support_service.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/ident.h"
#include "support/support_db.h"

struct server *server;
struct str folder, url;

void
support_server_up(const char *name, bool postgres)
{
    int n;
    (void)support_catalog_up(NULL);
    assert_true(sodium_init() >= 0);
    folder = support_folder(arena, name);
    assert_int_equal(mkdir(str_fmt(arena, "%s/tmp", folder.p).p, 0700), 0);
    server = ARENA_NEW(arena, struct server);
    pthread_mutex_init(&server->number_lock, NULL);
    server->data_dir = folder;
    server->catalog = catalog;
    server->public_url = STR("http://127.0.0.1");
    must(vault_open(&ctx, folder, &server->vault));
    url = postgres ? support_pg_database(arena, name) : str_fmt(arena, "sqlite:%s/jingban.db", folder.p);
    must(store_open(&ctx, &(struct store_options){.url = url}, &server->store));
    must(store_migrate(&ctx, server->store, &n));
}

void
support_server_helper(void)
{
    const char *program = getenv("JINGBAN_AUX");
    must(layouts_load(&ctx, arena, support_path(arena, "pages/print"), &server->layouts));
    server->aux = aux_new(program ? str_c(program) : STR("jingban-aux"), 1);
}

int
support_server_down(void **state)
{
    aux_free(server->aux);
    store_close(server->store);
    pthread_mutex_destroy(&server->number_lock);
    support_folder_remove(folder);
    return support_catalog_down(state);
}

struct str
support_id_number(struct str first)
{
    return str_fmt(arena, "%.*s%c", STR_ARG(first), ident_gb11643_check(first.p));
}

struct person
support_person(struct str id_number)
{
    return (struct person){.id = id_next(&server->ids, ctx.now_ms),
                           .name = STR("王建国"),
                           .id_number = id_number,
                           .id_kind = STR("居民身份证"),
                           .sex = STR("男"),
                           .mobile = STR("13800138000"),
                           .address = STR(""),
                           .hukou = STR(""),
                           .birth = DAY_NONE,
                           .key = vault_key_make(id_next(&server->ids, ctx.now_ms))};
}

struct insured {
    struct str region;
    struct person person;
};

static enum err
insure(struct ctx *c, struct tx *tx, void *arg)
{
    struct insured *x = arg;
    TRY(c, vault_key_store(c, tx, &server->vault, x->region, &x->person.key));
    TRY(c, registry_person_insert(c, tx, &server->vault, x->region, &x->person, false));
    TRY(c, registry_enrol(c, tx, &server->ids, x->region, x->person.id, STR("职工医保"), STR("单位职工"), 0, 0));
    return registry_opening_entry(c, tx, &server->ids, x->region, x->person.id, (struct money){123456}, 36);
}

struct person
support_insured(struct str region, struct str id_number)
{
    struct insured x = {region, support_person(id_number)};
    must(store_write(&ctx, server->store, insure, &x));
    return x.person;
}
