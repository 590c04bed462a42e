#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Below PIPE_BUF: lines of several threads and processes do not mix. */
enum { LINE_MAX_BYTES = 2048 };

static _Atomic int least_level = LOG_INFO; /* set once by main; on its list of library-wide state */

static const char *const level_text[] = {"debug", "info", "warn", "error"};

struct line {
    char p[LINE_MAX_BYTES];
    size_t n;
};

static void
line_vfmt(struct line *l, const char *fmt, va_list ap)
{
    size_t room = sizeof l->p - l->n;
    int n = vsnprintf(l->p + l->n, room, fmt, ap);
    if (n > 0)
        l->n += (size_t)n < room ? (size_t)n : room - 1;
}

static void PRINTF_LIKE(2, 3) line_fmt(struct line *l, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    line_vfmt(l, fmt, ap);
    va_end(ap);
}

static void
line_start(struct line *l, enum log_level level, const char *event)
{
    struct timespec ts;
    struct tm tm;
    clock_gettime(CLOCK_REALTIME, &ts);
    gmtime_r(&ts.tv_sec, &tm);
    l->n = 0;
    line_fmt(l, "time=%04d-%02d-%02dT%02d:%02d:%02d.%03dZ level=%s event=%s", tm.tm_year + 1900, tm.tm_mon + 1,
             tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (int)(ts.tv_nsec / 1000000), level_text[level], event);
}

/* Control characters would let a value forge a line or drive a terminal: they become '?'; values that may hold them and
** matter go through log_quote. */
static void
line_write(struct line *l)
{
    for (size_t i = 0; i < l->n; i++)
        if ((unsigned char)l->p[i] < 0x20 || l->p[i] == 0x7f)
            l->p[i] = '?';
    if (l->n >= sizeof l->p - 1) {
        static const char cut[] = " cut=1";
        l->n = sizeof l->p - sizeof cut;
        while (l->n && ((unsigned char)l->p[l->n] & 0xc0) == 0x80)
            l->n--; /* not within a character */
        memcpy(l->p + l->n, cut, sizeof cut - 1);
        l->n += sizeof cut - 1;
    }
    l->p[l->n++] = '\n';
    while (write(STDERR_FILENO, l->p, l->n) < 0 && errno == EINTR)
        ; /* any other failure: there is nowhere left to say so */
}

void
log_set_level(enum log_level least)
{
    least_level = (int)least;
}

void
log_event(enum log_level level, const char *event, const char *fmt, ...)
{
    if ((int)level < least_level)
        return;
    struct line l;
    line_start(&l, level, event);
    if (*fmt) {
        line_fmt(&l, " ");
        va_list ap;
        va_start(ap, fmt);
        line_vfmt(&l, fmt, ap);
        va_end(ap);
    }
    line_write(&l);
}

struct str
log_quote(struct arena *a, struct str s)
{
    struct buf b;
    buf_init(&b, a, s.n + 2);
    buf_byte(&b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\')
            buf_fmt(&b, "\\%c", c);
        else if (c == '\n')
            buf_addz(&b, "\\n");
        else if (c < 0x20 || c == 0x7f)
            buf_fmt(&b, "\\x%02x", c);
        else
            buf_byte(&b, (char)c);
    }
    buf_byte(&b, '"');
    return buf_str(&b);
}

static enum log_level level_of(enum err_class class)
{
    switch (class) {
    case ERR_CLASS_FAULT:
        return LOG_ERROR;
    case ERR_CLASS_RETRY:
    case ERR_CLASS_CONFLICT:
        return LOG_WARN;
    default:
        return LOG_INFO;
    }
}

/* Path from `src/` on: the same for every build directory. */
static const char *
source_path(const char *file)
{
    const char *hit = strstr(file, "src/");
    return hit ? hit + 4 : file;
}

void
log_fail(const struct ctx *ctx, const char *event)
{
    const struct fail *f = ctx->fail;
    const struct err_info *info = err_info(f->e);
    enum log_level level = level_of(info->class);
    if ((int)level < least_level)
        return;
    struct line l;
    line_start(&l, level, event);
    /* Neither detail nor fields: both may quote what a person typed. */
    line_fmt(&l, " request=%llu error=%s", (unsigned long long)ctx->request_id, info->id);
    if (f->rule.n)
        line_fmt(&l, " rule=\"%.*s\"", STR_ARG(f->rule));
    if (f->field_count)
        line_fmt(&l, " fields=%zu", f->field_count);
    for (size_t i = 0; i < f->depth; i++)
        line_fmt(&l, "%s%s:%d", i ? "," : " at=", source_path(f->file[i]), f->line[i]);
    line_write(&l);
}
