#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "main/main_int.h"

static bool
among(const char *const *list, const char *name)
{
    for (; list && *list; list++)
        if (strcmp(*list, name) == 0)
            return true;
    return false;
}

bool
args_parse(int argc, char **argv, const char *const *known, const char *const *flags, struct args *ret_a,
           const char **ret_wrong)
{
    *ret_a = (struct args){0};
    for (int i = 0; i < argc; i++) {
        *ret_wrong = argv[i];
        if (strncmp(argv[i], "--", 2) != 0) {
            if (ret_a->n == 16)
                return false;
            ret_a->word[ret_a->n++] = argv[i];
            continue;
        }
        const char *name = argv[i] + 2;
        bool flag = among(flags, name);
        if (ret_a->option_count == 24 || (!flag && (!among(known, name) || i + 1 == argc)))
            return false;
        ret_a->option[ret_a->option_count].name = name;
        ret_a->option[ret_a->option_count++].value = flag ? "" : argv[++i];
    }
    return true;
}

const char *
args_get(const struct args *a, const char *name, const char *otherwise)
{
    for (int i = 0; i < a->option_count; i++)
        if (strcmp(a->option[i].name, name) == 0)
            return a->option[i].value;
    char variable[64] = "JINGBAN_";
    size_t at = strlen(variable);
    for (const char *p = name; *p && at < sizeof variable - 1; p++)
        variable[at++] = *p == '-' ? '_' : *p >= 'a' && *p <= 'z' ? (char)(*p - 32) : *p;
    const char *env = getenv(variable);
    return env && *env ? env : otherwise;
}

bool
args_has(const struct args *a, const char *name)
{
    for (int i = 0; i < a->option_count; i++)
        if (strcmp(a->option[i].name, name) == 0)
            return true;
    return false;
}

int
fail_print(const struct ctx *ctx, enum err e)
{
    const struct err_info *info = err_info(e);
    const struct fail *f = ctx->fail;
    fprintf(stderr, "%s", info->title);
    if (!str_empty(f->detail))
        fprintf(stderr, "：%.*s", STR_ARG(f->detail));
    fputc('\n', stderr);
    for (size_t i = 0; i < f->field_count; i++)
        fprintf(stderr, "  %.*s：%.*s%s%.*s\n", STR_ARG(f->field[i].label), STR_ARG(f->field[i].reason),
                f->field[i].remedy.n ? "；" : "", STR_ARG(f->field[i].remedy));
    if (info->class == ERR_CLASS_FAULT && e != ERR_CATALOG && e != ERR_CONFIG)
        for (size_t i = 0; i < f->depth; i++)
            fprintf(stderr, "  %s:%d\n", f->file[i], f->line[i]);
    return 1;
}
