/* Commands on a data folder: staff, audit, rebuild, db, export; and what the binary says of itself. */
#include <stdio.h>
#include <string.h>

#include "main/main_int.h"
#include "service/alert.h"
#include "service/demo.h"
#include "service/rating_service.h"
#include "web/web.h"

static const char *const options[] = {"data",     "db",    "catalog", "pages",  "region", "login",
                                      "name",     "roles", "points",  "agency", "to",     "limit",
                                      "identity", "seed",  "section", "status", NULL};
static const char *const flags[] = {"check", "json", "demo", NULL};

/* Opens the data folder, runs F, closes. */
static int
with_server(struct ctx *ctx, const struct args *a, bool migrate,
            enum err (*f)(struct ctx *, struct server *, const struct args *))
{
    struct server *s = NULL;
    enum err e = server_open(ctx, a, migrate, &s);
    if (e == OK)
        e = f(ctx, s, a);
    int status = e == OK ? 0 : fail_print(ctx, e);
    server_close(s);
    return status;
}

static bool
parse(int argc, char **argv, const char *command, int words, struct args *a)
{
    const char *wrong = "";
    if (args_parse(argc, argv, options, flags, a, &wrong) && a->n == words)
        return true;
    fprintf(stderr, "%s: 参数不对 %s（jingban 不带参数可看用法）\n", command, wrong);
    return false;
}

static enum err
staff_add(struct ctx *ctx, struct server *s, const struct args *a)
{
    struct staff_new in = {.region = str_c(args_get(a, "region", "")),
                           .login = str_c(args_get(a, "login", "")),
                           .name = str_c(args_get(a, "name", "")),
                           .roles = str_c(args_get(a, "roles", "")),
                           .points = str_c(args_get(a, "points", "")),
                           .agency = str_c(args_get(a, "agency", "")),
                           .section = str_c(args_get(a, "section", ""))};
    struct str password;
    TRY(ctx, service_staff_add(ctx, s, &in, &password));
    printf("%.*s  %.*s  一次性口令：%.*s（首次登录须修改）\n", STR_ARG(in.region), STR_ARG(in.login),
           STR_ARG(password));
    return OK;
}

static enum err
staff_list(struct ctx *ctx, struct server *s, const struct args *a)
{
    struct view *v;
    TRY(ctx, service_staff_list(ctx, s, str_c(args_get(a, "region", "")), &v));
    print_view(v, ctx->arena);
    return OK;
}

/* A text that was not given keeps what is there. */
static struct str
given(const struct args *a, const char *name)
{
    const char *s = args_get(a, name, NULL);
    return s ? str_c(s) : STR_NONE;
}

static enum err
staff_id(struct ctx *ctx, struct server *s, struct str region, struct str login, int64_t *ret_id)
{
    struct view *v;
    TRY(ctx, service_staff_list(ctx, s, region, &v));
    for (const struct view *p = view_first(view_get(v, STR("staff"))); p; p = view_next(p))
        if (str_eq(view_text(view_get(p, STR("login"))), login)) {
            *ret_id = view_int(view_get(p, STR("id")));
            return OK;
        }
    FAIL(ctx, ERR_NOT_FOUND, "统筹区“%.*s”没有登录名为“%.*s”的人员", STR_ARG(region), STR_ARG(login));
}

/* Whoever holds the data folder and its keys may what an administrator may, under the same checks; recorded as 命令行. */
static enum err
staff_change(struct ctx *ctx, struct server *s, const struct args *a)
{
    struct str region = str_c(args_get(a, "region", ""));
    struct actor by = {.kind = ACTOR_STAFF, .region = region, .name = STR("命令行"), .roles = 1u << ROLE_ADMIN};
    struct staff_change in = {.roles = given(a, "roles"),
                              .agency = given(a, "agency"),
                              .section = given(a, "section"),
                              .points = given(a, "points"),
                              .status = given(a, "status")};
    struct view *v;
    if (!catalog_region(s->catalog, region))
        FAIL(ctx, ERR_NOT_FOUND, "目录中没有统筹区“%.*s”", STR_ARG(region));
    if (!in.roles.p && !in.agency.p && !in.section.p && !in.points.p && !in.status.p)
        FAIL(ctx, ERR_CONFIG, "请写明改什么：--roles、--agency、--section、--points、--status active|disabled");
    TRY(ctx, staff_id(ctx, s, region, str_c(args_get(a, "login", "")), &in.id));
    TRY(ctx, service_staff_change(ctx, s, &by, &in));
    TRY(ctx, service_staff_one(ctx, s, region, in.id, &v));
    print_view(v, ctx->arena);
    return OK;
}

int
cmd_staff(struct ctx *ctx, int argc, char **argv)
{
    struct args a;
    if (!parse(argc, argv, "staff", 1, &a))
        return 2;
    if (strcmp(a.word[0], "add") == 0)
        return with_server(ctx, &a, true, staff_add);
    if (strcmp(a.word[0], "list") == 0)
        return with_server(ctx, &a, true, staff_list);
    if (strcmp(a.word[0], "change") == 0)
        return with_server(ctx, &a, false, staff_change);
    return fputs("用法：jingban staff add|list|change …\n", stderr), 2;
}

static void
print_findings(const struct str *finding, int64_t broken, int64_t most)
{
    for (int64_t k = 0; k < broken && k < most; k++)
        printf("  %.*s\n", STR_ARG(finding[k]));
}

/* Ratings against what is said of them elsewhere (R44, R49). */
static enum err
ratings_check(struct ctx *ctx, struct server *s, struct str region, int64_t *broken)
{
    struct rating_check c;
    TRY(ctx, service_rating_check(ctx, s, region, &c));
    print_findings(c.finding, c.broken, RATING_FINDINGS_MAX);
    *broken += c.broken;
    return OK;
}

/* Alerts against their cases and the messages that went with them. */
static enum err
alerts_check(struct ctx *ctx, struct server *s, struct str region, int64_t *broken)
{
    struct alert_check c;
    TRY(ctx, service_alert_check(ctx, s, region, &c));
    print_findings(c.finding, c.broken, ALERT_FINDINGS_MAX);
    *broken += c.broken;
    return OK;
}

static enum err
each_region(struct ctx *ctx, struct server *s, bool rebuild)
{
    int64_t broken = 0;
    for (size_t i = 0; i < catalog_region_count(s->catalog); i++) {
        const struct region *r = catalog_region_at(s->catalog, i);
        struct audit audit;
        if (rebuild)
            TRY(ctx, case_rebuild_check(ctx, s->store, &s->vault, s->catalog, r->code, &audit));
        else
            TRY(ctx, case_audit(ctx, s->store, &s->vault, r->code, &audit));
        printf("%.*s 办件 %lld 记录 %lld%s", STR_ARG(r->code), (long long)audit.cases, (long long)audit.events,
               rebuild ? "" : " 封存 ");
        if (!rebuild)
            printf("%lld", (long long)audit.seals);
        printf("：%s\n", audit.broken ? "有问题" : "一致");
        print_findings(audit.finding, audit.broken, sizeof audit.finding / sizeof *audit.finding);
        broken += audit.broken;
        if (rebuild) {
            TRY(ctx, ratings_check(ctx, s, r->code, &broken));
            TRY(ctx, alerts_check(ctx, s, r->code, &broken));
        }
    }
    if (broken)
        FAIL(ctx, ERR_CHAIN, "共 %lld 处不符", (long long)broken);
    return OK;
}

static enum err
audit(struct ctx *ctx, struct server *s, const struct args *a)
{
    (void)a;
    return each_region(ctx, s, false);
}

static enum err
rebuild(struct ctx *ctx, struct server *s, const struct args *a)
{
    (void)a;
    return each_region(ctx, s, true);
}

int
cmd_audit(struct ctx *ctx, int argc, char **argv)
{
    struct args a;
    if (!parse(argc, argv, "audit", 1, &a) || strcmp(a.word[0], "verify") != 0)
        return 2;
    return with_server(ctx, &a, false, audit);
}

int
cmd_rebuild(struct ctx *ctx, int argc, char **argv)
{
    struct args a;
    if (!parse(argc, argv, "rebuild", 0, &a) || !args_has(&a, "check"))
        return fputs("用法：jingban rebuild --check --data DIR\n", stderr), 2;
    return with_server(ctx, &a, false, rebuild);
}

static enum err
db_migrate(struct ctx *ctx, struct server *s, const struct args *a)
{
    int version;
    (void)a;
    TRY(ctx, store_version(ctx, s->store, &version));
    printf("数据库版本 %d\n", version);
    return OK;
}

static enum err
db_backup(struct ctx *ctx, struct server *s, const struct args *a)
{
    const char *to = args_get(a, "to", NULL);
    if (!to)
        FAIL(ctx, ERR_CONFIG, "请用 --to 指明备份文件");
    TRY(ctx, store_backup(ctx, s->store, str_c(to)));
    printf("已备份到 %s；密钥不在备份中，请另行保管 keys 文件夹\n", to);
    return OK;
}

int
cmd_db(struct ctx *ctx, int argc, char **argv)
{
    struct args a;
    if (!parse(argc, argv, "db", 1, &a))
        return 2;
    if (strcmp(a.word[0], "migrate") == 0)
        return with_server(ctx, &a, true, db_migrate);
    if (strcmp(a.word[0], "backup") == 0)
        return with_server(ctx, &a, false, db_backup);
    return fputs("用法：jingban db migrate|backup …\n", stderr), 2;
}

/* The made-up people of a demo, so that a visitor or a test has somebody to be. Real people are never printed here. */
static enum err
export_persons(struct ctx *ctx, const struct catalog *c, const struct args *a)
{
    const struct region *r = catalog_region(c, str_c(args_get(a, "region", "")));
    int64_t limit = 10, shown = 0;
    struct str identity = str_c(args_get(a, "identity", ""));
    if (!args_has(a, "demo"))
        FAIL(ctx, ERR_CONFIG, "这里只导出演示人员，请加 --demo");
    if (!r)
        FAIL(ctx, ERR_NOT_FOUND, "请用 --region 指明统筹区");
    if (!str_int(str_c(args_get(a, "limit", "10")), &limit) || limit < 1)
        FAIL(ctx, ERR_FIELD_INVALID, "--limit 应为正整数");
    for (int i = 0; i < DEMO_PERSONS && shown < limit; i++) {
        struct demo_person p;
        demo_person(ctx->arena, 20261121, r, i, &p);
        if (!str_empty(identity) && !str_eqz(identity, p.identity ? p.identity : "未参保"))
            continue;
        printf("%.*s\t%.*s\t%.*s\t%s\t%s\n", STR_ARG(p.person.name), STR_ARG(p.person.id_number),
               STR_ARG(p.person.mobile), p.insurance ? p.insurance : "未参保", p.identity ? p.identity : "未参保");
        shown++;
    }
    return OK;
}

int
cmd_export(struct ctx *ctx, int argc, char **argv)
{
    struct args a;
    struct catalog *c;
    if (!parse(argc, argv, "export", 1, &a) || strcmp(a.word[0], "persons") != 0)
        return 2;
    enum err e = load_catalog(ctx, &a, &c);
    if (e != OK)
        return fail_print(ctx, e);
    e = export_persons(ctx, c, &a);
    catalog_free(c);
    return e == OK ? 0 : fail_print(ctx, e);
}

int
cmd_routes(struct ctx *ctx, int argc, char **argv)
{
    (void)argc, (void)argv;
    struct str text = web_routes_text(ctx->arena);
    fwrite(text.p, 1, text.n, stdout);
    return 0;
}

int
cmd_errors(struct ctx *ctx, int argc, char **argv)
{
    (void)ctx, (void)argc, (void)argv;
    for (int e = 1; e < ERR_COUNT; e++)
        printf("%s\t%d\t%s\n", err_info((enum err)e)->id, err_info((enum err)e)->http, err_info((enum err)e)->title);
    return 0;
}

int
cmd_openapi(struct ctx *ctx, int argc, char **argv)
{
    (void)argc, (void)argv;
    struct str text = web_openapi(ctx->arena);
    fwrite(text.p, 1, text.n, stdout);
    fputc('\n', stdout);
    return 0;
}
