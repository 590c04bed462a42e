#include "base/ctx.h"

#include <assert.h>
#include <time.h>

struct ctx
ctx_new(struct arena *arena, int64_t now_ms)
{
    return (struct ctx){.arena = arena, .now_ms = now_ms, .fail = ARENA_NEW(arena, struct fail)};
}

int64_t
ctx_clock_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void
fail_trace(struct ctx *ctx, const char *file, int line)
{
    struct fail *f = ctx->fail;
    if (f->depth < FAIL_TRACE_MAX) {
        f->file[f->depth] = file;
        f->line[f->depth] = line;
        f->depth++;
    }
}

enum err
fail_set(struct ctx *ctx, enum err e, const char *file, int line, const char *fmt, ...)
{
    assert(e != OK);
    struct fail *f = ctx->fail;
    f->e = e;
    f->depth = 0;
    va_list ap;
    va_start(ap, fmt);
    f->detail = str_vfmt(ctx->arena, fmt, ap);
    va_end(ap);
    fail_trace(ctx, file, line);
    return e;
}

void
fail_rule(struct ctx *ctx, const char *rule)
{
    ctx->fail->rule = str_c(rule);
}

void
fail_field(struct ctx *ctx, struct str field, struct str label, struct str reason, struct str remedy)
{
    struct fail *f = ctx->fail;
    if (f->field_count == FAIL_FIELDS_MAX)
        return;
    f->field[f->field_count++] = (struct fail_field){
        .field = str_dup(ctx->arena, field),
        .label = str_dup(ctx->arena, label),
        .reason = str_dup(ctx->arena, reason),
        .remedy = str_dup(ctx->arena, remedy),
    };
}

void
fail_clear(struct ctx *ctx)
{
    *ctx->fail = (struct fail){0};
}
