/* Fills a data folder with many cases, for measuring lists.
**
**   bench_cases --data DIR --db URL --catalog DIR --region CODE [--cases N] [--persons N] [--person-cases N]
**   bench_cases --data DIR --db URL --catalog DIR --region CODE --files N --no CASE_NUMBER
**
** The folder must have been started once (`jingban serve --demo`): tables, keys and the region's version are there.
** A shortcut on purpose: real rows of case_file through the store, with all their indexes, and no events behind them
** (sealed and chained ones would take ten times as long, and the job that seals would work on them while the lists are
** measured). So these cases can be listed and found and not be opened, and an audit complains. Persons are real:
** sealed, with the keyed digests by which they are found. The last PERSON-CASES cases are open and belong to the first
** person. --files hangs N more files on a real case, as rows; the files themselves do not exist. Two accounts,
** "bench-bureau" and "bench-agency", sign in with BENCH_PASSWORD. Prints "person IDENTITY ID", "owner ID", "matter ID"
** and "agency ID" for the script. Reproducible: the same arguments, the same rows but for ids and keys. */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog.h"
#include "registry/registry.h"
#include "sql_gen.h"
#include "staff/staff.h"

#define BENCH_PASSWORD "bench-password-1"

enum {
    BATCH = 1000,
    OWNERS = 60,
    MATTERS_MAX = 128,
    PER_DAY = 2000,        /* cases received a day */
    NUMBERS_FROM = 500000, /* real numbers of a day begin at 1 */
    OPEN_PERCENT = 20,
    DAY_MS = 86400000
};

struct bench {
    struct store *store;
    struct vault vault;
    struct id_source ids;
    const struct region *region;
    int64_t cases, persons, person_cases, now_ms;
    int64_t *person; /* ids */
    int64_t owner[OWNERS];
    const char *files_no;
    int64_t files;
    int64_t from, to; /* of this batch */
    uint64_t random;
};

static uint64_t
random_below(struct bench *b, uint64_t n)
{
    b->random ^= b->random << 13;
    b->random ^= b->random >> 7;
    b->random ^= b->random << 17;
    return b->random % n;
}

/* --- persons --- */

static struct str
identity(struct arena *a, struct str region, int64_t i)
{
    struct day first = {0}; /* before the demo's people, whose numbers these must not meet */
    if (!day_from_ymd(1900, 1, 1, &first))
        abort();
    struct day_ymd d = day_ymd(day_add(first, (int32_t)(i / 900 % 14000)));
    struct str n = str_fmt(a, "%.*s%04d%02d%02d%03d", STR_ARG(region), d.year, d.month, d.day, (int)(i % 900) + 50);
    return str_fmt(a, "%.*s%c", STR_ARG(n), ident_gb11643_check(n.p));
}

static enum err
persons_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct bench *b = arg;
    static const char *const names[] = {"王建国", "李秀英", "张伟", "刘洋", "陈静", "杨丽华", "赵磊", "黄敏"};
    for (int64_t i = b->from; i < b->to; i++) {
        struct person p = {.id = id_next(&b->ids, b->now_ms),
                           .key = vault_key_make(id_next(&b->ids, b->now_ms)),
                           .name = str_c(names[i % 8]),
                           .id_number = identity(ctx->arena, b->region->code, i),
                           .id_kind = STR("居民身份证"),
                           .sex = STR("男"),
                           .mobile = str_fmt(ctx->arena, "199%08" PRId64, i),
                           .address = STR("演示路1号"),
                           .hukou = STR("演示"),
                           .birth = DAY_NONE};
        TRY(ctx, vault_key_store(ctx, tx, &b->vault, b->region->code, &p.key));
        TRY(ctx, registry_person_insert(ctx, tx, &b->vault, b->region->code, &p, true));
        b->person[i] = p.id;
    }
    return OK;
}

/* --- staff --- */

static enum err
staff_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct bench *b = arg;
    const struct region *r = b->region;
    struct str other = r->agency_count > 1 ? r->agency[r->agency_count - 1].id : STR("");
    struct str hash;
    TRY(ctx, staff_password_hash(ctx, STR(BENCH_PASSWORD), &hash));
    for (int i = 0; i < OWNERS; i++) {
        struct staff s = {.id = b->owner[i] = id_next(&b->ids, b->now_ms),
                          .login = i == 0   ? STR("bench-bureau")
                                   : i == 1 ? STR("bench-agency")
                                            : str_fmt(ctx->arena, "bench-%d", i),
                          .name = str_fmt(ctx->arena, "测试%d", i),
                          .roles = STR("window review supervisor"),
                          .agency = i % 5 == 1 ? other : STR(""),
                          .points = STR(""),
                          .password = hash,
                          .status = STR("active")};
        TRY(ctx, staff_insert(ctx, tx, r->code, &s));
        TRY(ctx, staff_password_set(ctx, tx, r->code, s.id, 1, hash)); /* not a one-time one */
    }
    return OK;
}

/* --- cases --- */

/* ISO 7064 MOD 11,10. */
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

static struct str
number(struct arena *a, struct str region, struct day received, int64_t i)
{
    struct day_ymd d = day_ymd(received);
    struct str body = str_fmt(a, "%.*s%02d%02d%02d%06" PRId64, STR_ARG(region), d.year % 100, d.month, d.day,
                              NUMBERS_FROM + i % PER_DAY);
    return str_fmt(a, "%.*s%d", STR_ARG(body), check_digit(body.p, body.n));
}

static void
put_state(struct bench *b, const struct matter *m, bool open, struct sql_case_insert_in *in)
{
    static const char *const ended[] = {"closed", "closed", "closed", "closed", "closed", "refused", "withdrawn"};
    struct day today = day_of_ms(b->now_ms);
    in->open = open;
    in->due_day = random_below(b, 20) == 0 ? INT32_MAX : today.n - 30 + (int64_t)random_below(b, 90);
    in->legal_day = in->due_day;
    in->stage_due_day = INT32_MAX;
    if (!open) {
        in->status = str_c(ended[random_below(b, 7)]);
        in->stage = STR("");
        in->section = STR("");
        in->concluded_ms = in->received_ms + (int64_t)random_below(b, 10) * DAY_MS;
        in->due_day = day_of_ms(in->concluded_ms).n + 3;
        return;
    }
    size_t at = m->stage_count > 1 ? 1 + (size_t)random_below(b, m->stage_count - 1) : 0;
    const struct stage *st = m->stage_count ? &m->stage[at] : NULL;
    in->status = at <= 1 ? STR("submitted") : STR("working");
    in->stage = st ? str_c(stage_name(st->kind)) : STR("");
    in->section = st && st->unit.p && st->unit.n ? st->unit : random_below(b, 4) == 0 ? STR("待遇保障股") : STR("");
    in->accepted_ms = at > 1 ? in->received_ms + 1 : 0;
}

static struct sql_case_insert_in
make_case(struct ctx *ctx, struct bench *b, int64_t i)
{
    static const char zero[32];
    const struct region *r = b->region;
    bool special = i >= b->cases - b->person_cases;
    bool open = special || random_below(b, 100) < OPEN_PERCENT;
    /* Closed ones are older: what is open was mostly received lately. */
    int64_t back = b->cases / PER_DAY - i / PER_DAY;
    const struct matter *m = &r->matter[random_below(b, r->matter_count)];
    int64_t received = b->now_ms - (back + 1) * DAY_MS;
    struct sql_case_insert_in in = {
        .region = r->code,
        .id = id_next(&b->ids, received),
        .no = number(ctx->arena, r->code, day_of_ms(received), i),
        .matter = m->id,
        .version = r->version,
        .subject = STR("person"),
        .person_id = special ? b->person[0] : b->person[1 + random_below(b, (uint64_t)b->persons - 1)],
        .key_id = 1,
        .masked = STR("王*国"),
        .channel = str_c(channel_name((enum channel_kind)random_below(b, CHANNEL_COUNT))),
        .level = STR(""),
        .agency = r->agency_count ? r->agency[random_below(b, r->agency_count)].id : STR(""),
        .point = STR(""),
        .delivery = STR(""),
        .received_ms = received,
        .owner_id = random_below(b, 10) == 0 ? 0 : b->owner[random_below(b, OWNERS)],
        .access_digest = {zero, 32},
        .head = {zero, 32},
        .seq = 1,
        .updated_ms = received,
    };
    put_state(b, m, open, &in);
    return in;
}

static enum err
cases_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct bench *b = arg;
    for (int64_t i = b->from; i < b->to; i++) {
        struct sql_case_insert_in in = make_case(ctx, b, i);
        TRY(ctx, sql_case_insert(ctx, tx, &in, NULL));
    }
    return OK;
}

/* --- files of one case --- */

static enum err
files_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct bench *b = arg;
    struct sql_case_by_no_in key = {.region = b->region->code, .no = str_c(b->files_no)};
    struct sql_case_by_no_row row;
    bool found;
    TRY(ctx, sql_case_by_no(ctx, tx, &key, &row, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有这个办件");
    for (int64_t i = 0; i < b->files; i++) {
        int64_t id = id_next(&b->ids, b->now_ms);
        struct sql_upload_insert_in in = {.region = b->region->code,
                                          .id = id,
                                          .case_id = row.id,
                                          .material = STR("1.1"),
                                          .digest = str_fmt(ctx->arena, "%064" PRIx64, (uint64_t)id),
                                          .size = 100000 + i,
                                          .mime = i % 2 ? STR("application/pdf") : STR("image/jpeg"),
                                          .name = crypto_seal(ctx->arena, &b->vault.local,
                                                              str_fmt(ctx->arena, "upload/%" PRId64, id),
                                                              str_fmt(ctx->arena, "材料 %" PRId64 ".jpg", i + 1)),
                                          .created_ms = b->now_ms};
        TRY(ctx, sql_upload_insert(ctx, tx, &in, NULL));
    }
    return OK;
}

/* --- the run --- */

static enum err
in_batches(struct ctx *ctx, struct bench *b, store_body body, int64_t n)
{
    SCOPED_ARENA batch = arena_new(0);
    for (b->from = 0; b->from < n; b->from = b->to) {
        b->to = b->from + BATCH < n ? b->from + BATCH : n;
        arena_reset(batch);
        struct ctx apart = *ctx;
        apart.arena = batch;
        TRY(ctx, store_write(&apart, b->store, body, b));
    }
    return OK;
}

static enum err
fill(struct ctx *ctx, struct bench *b, const char *url, const char *data, const char *catalog, const char *region)
{
    struct store_options opt = {.url = str_c(url)};
    struct catalog *c;
    TRY(ctx, catalog_load(ctx, str_c(catalog), &c));
    b->region = catalog_region(c, str_c(region));
    if (!b->region || b->region->matter_count == 0)
        FAIL(ctx, ERR_NOT_FOUND, "没有这个区划");
    TRY(ctx, vault_open(ctx, str_c(data), &b->vault));
    TRY(ctx, store_open(ctx, &opt, &b->store));
    if (b->files)
        return store_write(ctx, b->store, files_body, b);
    b->person = calloc((size_t)b->persons, sizeof *b->person);
    if (!b->person)
        abort();
    TRY(ctx, store_write(ctx, b->store, staff_body, b));
    TRY(ctx, in_batches(ctx, b, persons_body, b->persons));
    TRY(ctx, in_batches(ctx, b, cases_body, b->cases));
    struct str first = identity(ctx->arena, b->region->code, 0);
    printf("person %.*s %" PRId64 "\n", STR_ARG(first), b->person[0]);
    printf("owner %" PRId64 "\n", b->owner[2]);
    printf("matter %.*s\n", STR_ARG(b->region->matter[0].id));
    if (b->region->agency_count > 1)
        printf("agency %.*s\n", STR_ARG(b->region->agency[b->region->agency_count - 1].id));
    return OK;
}

int
main(int argc, char **argv)
{
    struct bench b = {.cases = 1000000,
                      .persons = 100000,
                      .person_cases = 872,
                      .random = 88172645463325252u,
                      .now_ms = ctx_clock_ms()};
    const char *url = NULL, *data = NULL, *catalog = NULL, *region = NULL;
    for (int i = 1; i + 1 < argc; i += 2) {
        const struct {
            const char *name;
            const char **text;
            int64_t *number;
        } known[] = {{"--data", &data, NULL},         {"--db", &url, NULL},
                     {"--catalog", &catalog, NULL},   {"--region", &region, NULL},
                     {"--no", &b.files_no, NULL},     {"--cases", NULL, &b.cases},
                     {"--persons", NULL, &b.persons}, {"--person-cases", NULL, &b.person_cases},
                     {"--files", NULL, &b.files}};
        for (size_t k = 0; k < sizeof known / sizeof *known; k++)
            if (strcmp(argv[i], known[k].name) == 0 && known[k].text)
                *known[k].text = argv[i + 1];
            else if (strcmp(argv[i], known[k].name) == 0)
                *known[k].number = atoll(argv[i + 1]);
    }
    if (!url || !data || !catalog || !region || b.persons < 2 || b.cases < 1 || (b.files && !b.files_no))
        return fputs("usage: bench_cases --data DIR --db URL --catalog DIR --region CODE [--cases N] [--persons N] "
                     "[--person-cases N] | --files N --no NUMBER\n",
                     stderr),
               2;
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_new(a, b.now_ms);
    if (sodium_init() < 0)
        return 2;
    enum err e = crypto_start(&ctx);
    if (e == OK)
        e = fill(&ctx, &b, url, data, catalog, region);
    if (e != OK)
        fprintf(stderr, "bench_cases: %s: %.*s\n", err_info(e)->title, STR_ARG(ctx.fail->detail));
    store_close(b.store);
    free(b.person);
    return e != OK;
}
