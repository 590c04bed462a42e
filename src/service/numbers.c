/* Case numbers: region (6) yymmdd (6) six digits of a reserved block, check digit (ISO 7064 MOD 11,10). A block is
** reserved in a transaction of its own, so that no counter row is locked while a submission commits; a crash leaves a gap,
** never the same number twice. */
#include <stdio.h>
#include <string.h>

#include "service/service_int.h"
#include "sql_gen.h"

enum { BLOCK = 64, NO_DIGITS = 19 };

/* ISO 7064 MOD 11,10 over decimal digits. */
static int
check_digit(const char *digits, size_t n)
{
    int p = 10;
    for (size_t i = 0; i < n; i++) {
        int s = (p + digits[i] - '0') % 10;
        p = (s == 0 ? 10 : s) * 2 % 11;
    }
    return (11 - p) % 10;
}

struct reserve {
    struct str region;
    int64_t period, end;
};

static enum err
reserve_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct reserve *r = arg;
    struct sql_counter_take_in in = {.region = r->region, .kind = STR("case"), .period = r->period, .count = BLOCK};
    struct sql_counter_take_row row;
    bool found;
    TRY(ctx, sql_counter_take(ctx, tx, &in, &row, &found));
    r->end = row.next;
    return OK;
}

static struct number_block *
block_of(struct server *s, struct str region)
{
    for (size_t i = 0; i < NUMBER_REGIONS_MAX; i++) {
        struct number_block *b = &s->number[i];
        if (b->region[0] == 0)
            memcpy(b->region, region.p, region.n < sizeof b->region - 1 ? region.n : sizeof b->region - 1);
        if (str_eqz(region, b->region))
            return b;
    }
    return NULL;
}

static enum err
take(struct ctx *ctx, struct server *s, struct str region, int64_t *ret_n)
{
    struct number_block *b = block_of(s, region);
    struct day today = day_of_ms(ctx->now_ms);
    if (!b)
        FAIL(ctx, ERR_LIMIT, "统筹区过多");
    if (b->next == b->end || b->day != today.n) {
        struct reserve r = {.region = region, .period = today.n};
        TRY(ctx, store_write(ctx, s->store, reserve_body, &r));
        b->day = today.n;
        b->end = r.end;
        b->next = r.end - BLOCK;
    }
    *ret_n = b->next++;
    return OK;
}

enum err
service_case_no(struct ctx *ctx, struct server *s, struct str region, struct str *ret_no)
{
    int64_t n = 0;
    pthread_mutex_lock(&s->number_lock);
    enum err e = take(ctx, s, region, &n);
    pthread_mutex_unlock(&s->number_lock);
    TRY(ctx, e);
    struct day_ymd d = day_ymd(day_of_ms(ctx->now_ms));
    if (n > 999999)
        FAIL(ctx, ERR_LIMIT, "当日办件编号已用完");
    struct str body =
        str_fmt(ctx->arena, "%.*s%02d%02d%02d%06lld", STR_ARG(region), d.year % 100, d.month, d.day, (long long)n);
    *ret_no = str_fmt(ctx->arena, "%.*s%d", STR_ARG(body), check_digit(body.p, body.n));
    return OK;
}

bool
service_case_no_parse(struct str typed, struct arena *a, struct str *ret_no, struct str *ret_region)
{
    char digits[NO_DIGITS + 1];
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c == ' ' || c == '-')
            continue;
        if (c < '0' || c > '9' || n == NO_DIGITS)
            return false;
        digits[n++] = c;
    }
    if (n != NO_DIGITS || check_digit(digits, NO_DIGITS - 1) != digits[NO_DIGITS - 1] - '0')
        return false;
    *ret_no = str_dup(a, (struct str){digits, NO_DIGITS});
    *ret_region = str_sub(*ret_no, 0, 6);
    return true;
}
