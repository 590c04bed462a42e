/* jingban catalog diff REGION --against standard|REGION [--json]: the comparison on a terminal. */
#include <stdio.h>
#include <string.h>

#include "catalog/diff.h"
#include "main/main_int.h"

enum { LINE_COLUMNS = 100, LABEL_COLUMNS = 21 };

/* Columns of a terminal: an ideograph and a full-width mark take two. */
static int
columns(uint32_t cp)
{
    bool wide = (cp >= 0x1100 && cp <= 0x115F) || (cp >= 0x2E80 && cp <= 0xA4CF) || (cp >= 0xAC00 && cp <= 0xD7A3) ||
                (cp >= 0xF900 && cp <= 0xFAFF) || (cp >= 0xFE30 && cp <= 0xFE4F) || (cp >= 0xFF00 && cp <= 0xFF60) ||
                (cp >= 0xFFE0 && cp <= 0xFFE6) || (cp >= 0x20000 && cp <= 0x3FFFD) || cp == 0x2014 ||
                (cp >= 0x2018 && cp <= 0x201D);
    return cp == 0 ? 0 : wide ? 2 : 1;
}

/* S broken at LINE_COLUMNS, each further line under the first; lines of the source become blanks. */
static void
print_wrapped(struct str s, int at)
{
    size_t pos = 0;
    int here = at;
    while (pos < s.n) {
        size_t from = pos;
        uint32_t cp = str_utf8_next(s, &pos);
        if (cp == '\n')
            cp = ' ';
        bool hangs = cp == 0x3001 || cp == 0x3002 || cp == 0xFF09 || cp == 0xFF0C || cp == 0xFF1B;
        if (!hangs && here + columns(cp) > LINE_COLUMNS && here > at) { /* no line begins with a closing mark */
            printf("\n%*s", at, "");
            here = at;
            if (cp == ' ')
                continue;
        }
        if (cp == ' ')
            putchar(' ');
        else
            printf("%.*s", (int)(pos - from), s.p + from);
        here += columns(cp);
    }
    putchar('\n');
}

static void
print_row(const struct diff *d, const struct diff_row *r)
{
    const struct diff_cell *name = &r->cell[UNIFY_NAME];
    struct str code = r->ours ? r->ours->code : r->standard ? r->standard->code : STR("");
    printf("%.*s %.*s", STR_ARG(str_empty(code) ? STR("（地方事项）") : code),
           STR_ARG(r->ours ? name->ours : name->theirs));
    if (!diff_row_paired(r)) {
        printf("  —— %s有\n\n", r->ours ? "只有我方" : d->theirs ? "只有对方" : "只在标准清单里");
        return;
    }
    enum diff_side side = diff_row_side(r);
    printf("  【%s %s】\n", diff_side_mark(side), diff_side_title(side));
    for (int u = 0; u < UNIFY_COUNT; u++) {
        const struct diff_cell *c = &r->cell[u];
        const char *mark = diff_side_mark(c->side);
        size_t pos = 0;
        bool narrow = columns(str_utf8_next(str_c(mark), &pos)) == 1;
        printf("  %s  %s%s %s  ", unification_name((enum unification)u), mark, narrow ? " " : "",
               diff_side_title(c->side));
        print_wrapped(c->detail, LABEL_COLUMNS);
    }
    putchar('\n');
}

static void
print_summary(struct ctx *ctx, const struct diff *d)
{
    struct view *v = view_map(ctx->arena);
    diff_view(ctx, d, v);
    const struct view *sum = view_get(v, STR("summary"));
    printf("%.*s（%.*s）对 %.*s%s%.*s%s\n", STR_ARG(d->ours->name), STR_ARG(d->ours->code),
           STR_ARG(d->theirs ? d->theirs->name : STR("标准清单")), d->theirs ? "（" : "",
           STR_ARG(d->theirs ? d->theirs->code : STR("")), d->theirs ? "）" : "");
    printf("配对 %lld 项，只有我方 %lld 项，只有对方 %lld 项\n\n", (long long)view_int(view_get(sum, STR("paired"))),
           (long long)view_int(view_get(sum, STR("only_ours"))),
           (long long)view_int(view_get(sum, STR("only_theirs"))));
    puts("             ▼ 较轻   ▲ 较重  ＝ 相同   ≠ 有别   ○ 未印");
    static const char *const keys[] = {"lighter", "heavier", "same", "other", "unprinted"};
    const struct view *by = view_get(v, STR("unifications"));
    for (const struct view *x = view_first(by); x; x = view_next(x)) {
        printf("%.*s  ", STR_ARG(view_text(view_get(x, STR("title")))));
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
            printf("  %7lld", (long long)view_int(view_get(x, str_c(keys[i]))));
        putchar('\n');
    }
    printf("四最综合  ");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        printf("  %7lld", (long long)view_int(view_get(sum, str_c(keys[i]))));
    printf("\n（四最综合看材料、时限、环节；%.*s）\n\n", STR_ARG(view_text(view_get(v, STR("scale")))));
    if (view_int(view_get(v, STR("binding"))))
        puts("对方是有约束力的上级：较重的事项突破了最底线\n"); //= R1
}

enum err
catalog_diff_run(struct ctx *ctx, const struct catalog *c, const struct args *a, int *ret_status)
{
    const char *against = args_get(a, "against", NULL);
    const struct region *ours = catalog_region(c, str_c(a->word[1])), *theirs = NULL;
    struct diff d;
    if (!ours)
        FAIL(ctx, ERR_NOT_FOUND, "没有统筹区 %s", a->word[1]);
    if (strcmp(against, "standard") != 0) {
        theirs = catalog_region(c, str_c(against));
        if (!theirs)
            FAIL(ctx, ERR_NOT_FOUND, "没有统筹区 %s；--against 可写 standard 或统筹区代码", against);
    }
    TRY(ctx, catalog_diff(ctx, c, ours, theirs, &d));
    *ret_status = 0;
    if (args_has(a, "json")) {
        struct view *v = view_map(ctx->arena);
        diff_view(ctx, &d, v);
        print_view(v, ctx->arena);
        return OK;
    }
    print_summary(ctx, &d);
    for (size_t i = 0; i < d.n; i++)
        print_row(&d, &d.row[i]);
    return OK;
}
