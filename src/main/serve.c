/* jingban serve */
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "jobs/jobs.h"
#include "main/main_int.h"
#include "service/fault_report.h"
#include "web/web.h"

static void
print_account(void *arg, struct str line)
{
    int *count = arg;
    if ((*count)++ == 0)
        printf("演示账号（一次性口令，首次登录须修改；只显示这一次）：\n");
    printf("%.*s\n", STR_ARG(line));
    fflush(stdout);
}

static void
wait_for_signal(void)
{
    sigset_t set;
    int got;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigwait(&set, &got);
}

/* Before any thread is made, so that all of them leave the signals to wait_for_signal. */
static void
block_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static enum err
serve(struct ctx *ctx, const struct args *a, struct server **ret_s)
{
    struct web *web = NULL;
    struct http_server *http = NULL;
    struct jobs *jobs = NULL;
    int accounts = 0;
    TRY(ctx, server_open(ctx, a, true, ret_s));
    struct server *s = *ret_s;
    if (s->demo)
        TRY(ctx, service_demo(ctx, s, 20261121, print_account, &accounts));
    TRY(ctx, service_corrections_refresh(ctx, s));
    TRY(ctx, web_new(ctx, s, find_folder(ctx, a, "pages", "pages"), &web));
    TRY(ctx, jobs_start(ctx, s, 0, &jobs));
    struct str listen = str_c(args_get(a, "listen", "127.0.0.1:8080"));
    struct web_options o = {.listen = listen, .quiet = args_has(a, "quiet"), .trust_proxy = args_has(a, "trust-proxy")};
    enum err e = web_start(ctx, web, &o, &http);
    if (e == OK) {
        struct str host = listen;
        while (host.n && host.p[host.n - 1] != ':')
            host.n--;
        if (str_empty(s->public_url))
            s->public_url = str_fmt(ctx->arena, "http://%.*s%d", STR_ARG(host), http_port(http));
        malloc_trim(0); /* what reading catalogue and pages needed lies in the middle of the heap: give it back */
        printf("listening on http://%.*s%d\n", STR_ARG(host), http_port(http));
        fflush(stdout);
        wait_for_signal();
        http_stop(http);
    }
    jobs_stop(jobs);
    web_free(web);
    return e;
}

int
cmd_serve(struct ctx *ctx, int argc, char **argv)
{
    static const char *const known[] = {"data", "db", "listen", "catalog", "pages", "aux", "clock", "public-url", NULL};
    static const char *const flags[] = {"demo", "quiet", "trust-proxy", NULL};
    struct args a;
    const char *wrong;
    struct server *s = NULL;
    if (!args_parse(argc, argv, known, flags, &a, &wrong) || a.n) {
        fprintf(stderr, "serve: 不认识或缺值的参数 %s\n", wrong);
        return 2;
    }
    block_signals();
    enum err e = serve(ctx, &a, &s);
    int status = e == OK ? 0 : fail_print(ctx, e);
    server_close(s);
    return status;
}
