/* jingban: one program, one table of sub-commands. Library-wide state (OpenSSL, libsodium) is started here and nowhere
 * else. */
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "main/main_int.h"

static const struct {
    const char *name;
    int (*run)(struct ctx *, int, char **);
    const char *usage;
} commands[] = {
    {"serve", cmd_serve,
     "serve --data DIR [--db URL] [--listen HOST:PORT] [--public-url URL] [--trust-proxy] [--catalog DIR] [--pages "
     "DIR] "
     "[--quiet] [--demo [--clock ISO]]\n"
     "        --trust-proxy：只在反向代理之后使用，来访地址和是否 https 以 X-Forwarded-For、X-Forwarded-Proto 为准"},
    {"catalog", cmd_catalog, "catalog list|show|lint|diff|import|pack|unpack …（各自的写法：jingban catalog）"},
    {"checklist", cmd_checklist, "checklist REGION ID [--facts JSON] [--json]"},
    {"workday", cmd_workday, "workday add DATE N | between A B | -"},
    {"staff", cmd_staff,
     "staff add|list --data DIR [--db URL] --region CODE [--login L --name N --roles R,… --points P,… --agency A "
     "--section 股室]\n"
     "        staff change --data DIR [--db URL] --region CODE --login L [--roles R,…] [--agency A] [--section 股室] "
     "[--points P,…] [--status active|disabled]"},
    {"audit", cmd_audit, "audit verify --data DIR [--db URL]"},
    {"rebuild", cmd_rebuild, "rebuild --check --data DIR [--db URL]"},
    {"db", cmd_db, "db migrate|backup --data DIR [--db URL] [--to FILE]"},
    {"export", cmd_export, "export persons --demo --region CODE [--limit N] [--identity 身份]"},
    {"import", cmd_import,
     "import list FILE.csv --region CODE --source ID [--way replace|extend] --data DIR [--db URL] [--json]"},
    {"routes", cmd_routes, "routes"},
    {"errors", cmd_errors, "errors"},
    {"openapi", cmd_openapi, "openapi"},
};

static int
usage(void)
{
    fputs("jingban 经办：医保经办机构的办事大厅\n\n用法：\n", stderr);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        fprintf(stderr, "  jingban %s\n", commands[i].usage);
    return 2;
}

int
main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    struct arena *arena = arena_new(0);
    struct ctx ctx = ctx_new(arena, ctx_clock_ms());
    int status = 2;
    size_t i = 0;
    while (argc > 1 && i < sizeof commands / sizeof *commands && strcmp(argv[1], commands[i].name) != 0)
        i++;
    if (argc < 2 || i == sizeof commands / sizeof *commands) {
        arena_free(arena);
        return usage();
    }
    enum err e = crypto_start(&ctx);
    if (e != OK)
        status = fail_print(&ctx, e);
    else if (sodium_init() < 0)
        fputs("libsodium 不能启动\n", stderr);
    else
        status = commands[i].run(&ctx, argc - 2, argv + 2);
    crypto_stop();
    arena_free(arena);
    return status;
}
