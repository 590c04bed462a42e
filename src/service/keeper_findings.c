/* What the lint says of a draft, kept in memory by digest: a keeper turns pages faster than a region is checked. */
#include "service/keeper_int.h"

#include "catalog/lint.h"

enum { SLOTS = 16 };

struct slot {
    struct str key;
    struct arena *arena; /* NULL: free */
    struct keeper_report report;
    uint64_t used;
};
struct keeper_shelf {
    struct arena *arena; /* holds this struct */
    pthread_mutex_t lock;
    uint64_t clock;
    struct slot slot[SLOTS];
};

void
keeper_shelf_free(struct keeper_shelf *k)
{
    if (!k)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        arena_free(k->slot[i].arena);
    pthread_mutex_destroy(&k->lock);
    arena_free(k->arena);
}

static struct keeper_shelf *
shelf_of(struct server *s)
{
    struct keeper_shelf *k = s->keeper;
    if (k)
        return k;
    struct arena *a = arena_new(0);
    struct keeper_shelf *made = ARENA_NEW(a, struct keeper_shelf);
    made->arena = a;
    pthread_mutex_init(&made->lock, NULL);
    if (atomic_compare_exchange_strong(&s->keeper, &k, made))
        return made;
    keeper_shelf_free(made); /* another thread was quicker */
    return k;
}

/* --- copies --- */

static void
report_copy(struct arena *a, const struct keeper_report *r, struct keeper_report *out)
{
    *out = (struct keeper_report){.broken = r->broken, .problem = str_dup(a, r->problem)};
    out->findings.n = r->findings.n;
    out->findings.finding = ARENA_ARRAY(a, r->findings.n, struct finding);
    for (size_t i = 0; i < r->findings.n; i++) {
        const struct finding *f = &r->findings.finding[i];
        struct finding *x = &out->findings.finding[i];
        struct str *matter = ARENA_ARRAY(a, f->matter_count, struct str);
        for (size_t k = 0; k < f->matter_count; k++)
            matter[k] = str_dup(a, f->matter[k]);
        *x = *f;
        x->region = str_dup(a, f->region);
        x->matter = matter;
        x->field = str_dup(a, f->field);
        x->file = str_dup(a, f->file);
        x->evidence = str_dup(a, f->evidence);
        x->message = str_dup(a, f->message);
        x->remedy = str_dup(a, f->remedy);
        x->accepted = str_dup(a, f->accepted);
    }
}

static bool
shelf_take(struct keeper_shelf *k, struct str key, struct arena *a, struct keeper_report *ret_r)
{
    bool hit = false;
    pthread_mutex_lock(&k->lock);
    for (size_t i = 0; i < SLOTS && !hit; i++) {
        struct slot *s = &k->slot[i];
        hit = s->arena && str_eq(s->key, key);
        if (hit) {
            s->used = ++k->clock;
            report_copy(a, &s->report, ret_r);
        }
    }
    pthread_mutex_unlock(&k->lock);
    return hit;
}

static void
shelf_keep(struct keeper_shelf *k, struct str key, const struct keeper_report *r)
{
    pthread_mutex_lock(&k->lock);
    struct slot *oldest = &k->slot[0];
    for (size_t i = 1; i < SLOTS; i++)
        if (!k->slot[i].arena || (oldest->arena && k->slot[i].used < oldest->used))
            oldest = &k->slot[i];
    arena_free(oldest->arena);
    oldest->arena = arena_new(0);
    oldest->key = str_dup(oldest->arena, key);
    oldest->used = ++k->clock;
    report_copy(oldest->arena, r, &oldest->report);
    pthread_mutex_unlock(&k->lock);
}

/* --- checking --- */

/* The draft's own files and, of the other regions, what is not in it: their folders and the facts that only they use. */
static enum err
beside_others(struct ctx *bench, struct server *s, const struct catalog *world, struct str region,
              struct catalog_files *f)
{
    for (size_t i = 0; i < catalog_region_count(world); i++) {
        const struct region *r = catalog_region_at(world, i);
        struct keeper_copy other;
        if (str_eq(r->code, region) || r->unpublished || r->version_no == 0)
            continue;
        TRY(bench, keeper_copy_read(bench, s, r->code, r->version_no, &other));
        for (size_t k = 0; k < other.files.n; k++)
            if (!catalog_files_get(f, other.files.file[k].path))
                *f = catalog_files_with(bench->arena, f, other.files.file[k].path, other.files.file[k].bytes);
    }
    return OK;
}

/* The calendar is the house's, not a version's: what a package's lint says of it is nothing its keeper can mend. */
static void
leave_out_calendar(struct findings *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        if (!str_starts(f->finding[i].evidence, STR("calendar/")))
            f->finding[n++] = f->finding[i];
    f->n = n;
}

static enum err
check(struct ctx *bench, const struct catalog_files *files, struct str region, struct keeper_report *r)
{
    struct catalog *c;
    enum err e = catalog_load_files(bench, files, &c);
    if (e == OK) {
        e = catalog_lint(bench, c, files, region, &r->findings);
        catalog_free(c);
        if (e == OK)
            leave_out_calendar(&r->findings);
    }
    if (e != ERR_CATALOG)
        return e;
    r->broken = true;
    r->problem = bench->fail->detail;
    fail_clear(bench);
    return OK;
}

static struct str
report_key(struct arena *a, const struct catalog *world, struct str region, struct str digest)
{
    struct buf b;
    buf_init(&b, a, 256);
    buf_fmt(&b, "%.*s %.*s", STR_ARG(region), STR_ARG(digest));
    for (size_t i = 0; i < catalog_region_count(world); i++)
        if (!str_eq(catalog_region_at(world, i)->code, region))
            buf_fmt(&b, " %.*s", STR_ARG(catalog_region_at(world, i)->version));
    return buf_str(&b);
}

enum err
keeper_report(struct ctx *bench, struct server *s, const struct keeper_copy *c, struct keeper_report *ret_r)
{
    const struct catalog *world = s->catalog;
    struct keeper_shelf *k = shelf_of(s);
    struct str key = report_key(bench->arena, world, c->v.region, c->v.digest);
    if (shelf_take(k, key, bench->arena, ret_r))
        return OK;
    struct keeper_report r = {0}, wide = {0};
    struct catalog_files all = c->files;
    TRY(bench, check(bench, &c->files, c->v.region, &r));
    if (!r.broken) {
        TRY(bench, beside_others(bench, s, world, c->v.region, &all));
        TRY(bench, check(bench, &all, c->v.region, &wide));
        if (!wide.broken) /* else the others' facts clash with the draft's: what it says of itself stands */
            r = wide;
    }
    shelf_keep(k, key, &r);
    *ret_r = r;
    return OK;
}

struct str
keeper_finding_key(struct arena *a, const struct finding *f)
{
    struct buf b;
    buf_init(&b, a, 256);
    buf_fmt(&b, "%s|%.*s|%.*s|%.*s", f->id, STR_ARG(f->field), STR_ARG(f->file), STR_ARG(f->evidence));
    for (size_t i = 0; i < f->matter_count; i++)
        buf_fmt(&b, "|%.*s", STR_ARG(f->matter[i]));
    struct crypto_digest d = crypto_sm3(buf_str(&b));
    return crypto_hex(a, d.b, 8);
}
