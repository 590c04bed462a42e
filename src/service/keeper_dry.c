/* The dry run of a version that is not in force yet: what would change for the cases that are open now if they were judged by it. Nothing is
** written: an open case keeps the version it was begun under (R6). Both readings, by its own matter and by the draft's, are made of copies of
** the case on the same day, so that only the version makes the difference. */
#include "service/guide.h"
#include "service/keeper_int.h"
#include "service/service.h"
#include "sql_gen.h"

enum { DRY_CASES_MAX = 2000, DRY_PAGE = 50, READ_PAGE = 100, MATTERS_MAX = 256 };

enum dry_kind {
    DRY_GONE,     /* the matter is not in the draft */
    DRY_CLOSED,   /* suspended or not open yet */
    DRY_REFUSED,  /* its service object excludes the applicant */
    DRY_ELIGIBLE, /* it excluded him and does not any more */
    DRY_EARLIER,  /* promised day */
    DRY_LATER,
    DRY_LEGAL,
    DRY_STAGE_DAY,
    DRY_STAGE, /* the stage to be done next is gone */
    DRY_MISSING,
    DRY_SPARED, /* not missing any more */
    DRY_ASKED,  /* the draft asks what nobody answered */
    DRY_COUNT
};
static const struct {
    const char *id, *name;
} dry_kinds[DRY_COUNT] = {
    [DRY_GONE] = {"gone", "事项不在这一版里"},          [DRY_CLOSED] = {"closed", "事项在这一版里暂停或未开通"},
    [DRY_REFUSED] = {"refused", "不再符合服务对象"},    [DRY_ELIGIBLE] = {"eligible", "变为符合服务对象"},
    [DRY_EARLIER] = {"due_earlier", "承诺到期日提前"},  [DRY_LATER] = {"due_later", "承诺到期日推后"},
    [DRY_LEGAL] = {"legal_changed", "法定到期日改变"},  [DRY_STAGE_DAY] = {"stage_due_changed", "本环节到期日改变"},
    [DRY_STAGE] = {"stage_gone", "正在办的环节没有了"}, [DRY_MISSING] = {"missing_more", "要多交材料"},
    [DRY_SPARED] = {"missing_less", "可以少交材料"},    [DRY_ASKED] = {"asked", "要补问"},
};

/* What would change for one case; texts in the arena of the judging. */
struct verdict {
    unsigned kinds; /* bit set of enum dry_kind */
    struct str text[DRY_COUNT];
};

static void
say(struct verdict *v, enum dry_kind k, struct str text)
{
    v->kinds |= 1u << k;
    v->text[k] = text;
}

/* --- one case under another version's matter: pure --- */

/* A key is a place in one version's list: the same paper in another version is the leaf of the same name, at the same place if it is there. */
static const struct material *
leaf_like(const struct material *m, size_t n, const struct case_material *given, bool same_place)
{
    for (size_t i = 0; i < n; i++) {
        if (m[i].node == MATERIAL_LEAF && str_eq(m[i].name, given->name) &&
            (!same_place || str_eq(m[i].key, given->key)))
            return &m[i];
        const struct material *hit = leaf_like(m[i].child, m[i].child_count, given, same_place);
        if (hit)
            return hit;
    }
    return NULL;
}

static bool
is_clerks_own(const struct case_material *m)
{
    return m->key.n && m->key.p[0] == 'x';
}

static void
carry_materials(const struct case_file *cf, const struct matter *m, struct case_file *next)
{
    next->material_count = 0;
    for (size_t i = 0; i < cf->material_count; i++) {
        struct case_material x = cf->material[i];
        const struct material *leaf = leaf_like(m->material, m->material_count, &x, true);
        leaf = leaf ? leaf : leaf_like(m->material, m->material_count, &x, false);
        if (!leaf && !is_clerks_own(&x))
            continue; /* the draft has no such paper */
        x.key = leaf ? leaf->key : x.key;
        next->material[next->material_count++] = x;
    }
}

/* A fact or a value that the draft does not know is not told. */
static enum err
carry_facts(struct ctx *ctx, const struct case_file *cf, const struct catalog *c, struct facts *ret_f)
{
    struct facts f = facts_new(ctx->arena, catalog_dict(c));
    const struct view *old = case_facts_view(ctx->arena, &cf->facts);
    for (const struct view *v = view_first(old); v; v = view_next(v)) {
        enum err e = facts_set(ctx, c, &f, view_key(v), view_text(v));
        if (e == ERR_FIELD_INVALID)
            fail_clear(ctx);
        else
            TRY(ctx, e);
    }
    *ret_f = f;
    return OK;
}

static size_t
stage_like(const struct case_file *cf, const struct matter *m, bool *ret_gone)
{
    const struct stage *st = case_stage(cf);
    size_t i = 0;
    while (st && i < m->stage_count && m->stage[i].kind != st->kind)
        i++;
    *ret_gone = st && i == m->stage_count;
    return st ? i : m->stage_count;
}

static struct str
day_words(struct arena *a, struct day d)
{
    return day_is_none(d) ? STR("没有期限") : day_text_zh(a, d);
}

static struct str
moved(struct arena *a, struct day from, struct day to)
{
    return str_fmt(a, "由 %s 改为 %s", day_words(a, from).p, day_words(a, to).p);
}

static void
compare_days(struct arena *a, const struct case_file *old, const struct case_file *next, struct verdict *v)
{
    /* no day at all comes last: DAY_NONE must not count as the earliest */
    int64_t before = case_day_column(old->due), after = case_day_column(next->due);
    if (before != after)
        say(v, after < before ? DRY_EARLIER : DRY_LATER, moved(a, old->due, next->due));
    if (case_day_column(old->legal) != case_day_column(next->legal))
        say(v, DRY_LEGAL, moved(a, old->legal, next->legal));
    if (case_day_column(old->stage_due) != case_day_column(next->stage_due))
        say(v, DRY_STAGE_DAY, moved(a, old->stage_due, next->stage_due));
}

static bool
has_gap(const struct case_gap *g, size_t n, struct str text)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(g[i].text, text))
            return true;
    return false;
}

/* The texts of A that are not in B, one after the other. */
static struct str
gaps_beyond(struct arena *arena, const struct case_gap *a, size_t an, const struct case_gap *b, size_t bn)
{
    struct buf out;
    buf_init(&out, arena, 128);
    for (size_t i = 0; i < an; i++)
        if (!has_gap(b, bn, a[i].text))
            buf_fmt(&out, "%s%.*s", out.n ? "；" : "", STR_ARG(a[i].text));
    return buf_str(&out);
}

static void
compare_gaps(struct ctx *ctx, const struct case_file *old, const struct case_file *next, struct verdict *v)
{
    struct case_gap *a, *b;
    size_t an, bn;
    case_gaps(ctx, old, &a, &an);
    case_gaps(ctx, next, &b, &bn);
    struct str more = gaps_beyond(ctx->arena, b, bn, a, an), less = gaps_beyond(ctx->arena, a, an, b, bn);
    if (more.n)
        say(v, DRY_MISSING, more);
    if (less.n)
        say(v, DRY_SPARED, less);
}

static void
compare_object(const struct case_file *old, const struct case_file *next, struct verdict *v)
{
    const struct eligibility *was = checklist_refusal(old->matter, &old->facts),
                             *is = checklist_refusal(next->matter, &next->facts);
    if (is && !was)
        say(v, DRY_REFUSED, is->otherwise);
    if (was && !is)
        say(v, DRY_ELIGIBLE, was->otherwise);
    const struct advice *away = checklist_advice(next->matter, &next->facts, ADVICE_ELSEWHERE);
    if (away && !is && !checklist_advice(old->matter, &old->facts, ADVICE_ELSEWHERE))
        say(v, DRY_REFUSED, away->verbatim);
}

static void
compare_questions(struct ctx *ctx, const struct case_file *next, struct verdict *v)
{
    size_t *fact, n;
    struct buf b;
    const struct catalog *c = matter_catalog(next->matter);
    buf_init(&b, ctx->arena, 64);
    checklist_questions(ctx, c, next->matter, &next->facts, &fact, &n);
    for (size_t i = 0; i < n; i++)
        if (catalog_fact(c, fact[i])->asked)
            buf_fmt(&b, "%s%.*s", b.n ? "、" : "", STR_ARG(catalog_fact(c, fact[i])->def.name));
    if (b.n)
        say(v, DRY_ASKED, buf_str(&b));
}

//= R6
static enum err
judge(struct ctx *ctx, const struct calendar *cal, const struct region *r, const struct case_file *cf,
      struct verdict *ret_v)
{
    struct verdict v = {0};
    struct case_file *old = ARENA_NEW(ctx->arena, struct case_file), *next = ARENA_NEW(ctx->arena, struct case_file);
    const struct matter *m = matter_by_id(r, cf->matter_id);
    struct day today = day_of_ms(ctx->now_ms);
    bool stage_gone;
    *old = *next = *cf;
    if (!m) {
        say(&v, DRY_GONE, STR("这一版没有这个事项"));
        *ret_v = v;
        return OK;
    }
    if ((m->suspended && !cf->matter->suspended) || (m->not_open && !cf->matter->not_open))
        say(&v, DRY_CLOSED, str_empty(m->status_basis) ? STR("这一版不办理这个事项") : m->status_basis);
    next->matter = m;
    TRY(ctx, carry_facts(ctx, cf, matter_catalog(m), &next->facts));
    carry_materials(cf, m, next);
    next->stage = stage_like(cf, m, &stage_gone);
    if (stage_gone)
        say(&v, DRY_STAGE, str_c(stage_name(case_stage(cf)->kind)));
    case_reckon(cal, old, today);
    case_reckon(cal, next, today);
    compare_days(ctx->arena, old, next, &v);
    compare_gaps(ctx, old, next, &v);
    compare_object(old, next, &v);
    compare_questions(ctx, next, &v);
    *ret_v = v;
    return OK;
}

/* --- all open cases --- */

struct by_matter {
    struct str id, name;
    int64_t open, changed;
};
struct dry_run {
    struct ctx *outer;
    struct server *server;
    const struct actor *actor;
    const struct region *region; /* as the draft has it */
    bool persons;                /* who asks may see a case's person */
    int64_t skip, judged, changed, listed, unreadable, count[DRY_COUNT];
    struct by_matter matter[MATTERS_MAX];
    size_t matter_count;
    struct view *cases;
    bool cut;
};

static void
count_matter(struct dry_run *d, const struct matter *m, bool changed)
{
    size_t i = 0;
    while (i < d->matter_count && !str_eq(d->matter[i].id, m->id))
        i++;
    if (i == MATTERS_MAX)
        return;
    if (i == d->matter_count)
        d->matter[d->matter_count++] =
            (struct by_matter){.id = str_dup(d->outer->arena, m->id), .name = str_dup(d->outer->arena, m->name)};
    d->matter[i].open++;
    d->matter[i].changed += changed;
}

static void
put_row(struct dry_run *d, const struct case_file *cf, const struct verdict *v)
{
    struct arena *a = d->outer->arena;
    int64_t at = d->listed++;
    if (at < d->skip || at >= d->skip + DRY_PAGE)
        return;
    struct view *row = view_add_map(d->cases);
    view_put_text(row, "no", str_dup(a, cf->no));
    view_put_secret(row, "masked", str_dup(a, cf->masked));
    view_put_text(row, "matter_id", str_dup(a, cf->matter->id));
    view_put_text(row, "matter_name", str_dup(a, cf->matter->name));
    view_put_z(row, "status_name", case_status_name(cf->status));
    struct view *list = view_put_list(row, "differences");
    for (int k = 0; k < DRY_COUNT; k++)
        if (v->kinds >> k & 1u) {
            struct view *x = view_add_map(list);
            view_put_z(x, "kind", dry_kinds[k].id);
            view_put_z(x, "name", dry_kinds[k].name);
            view_put_text(x, "text", str_dup(a, v->text[k]));
        }
}

static enum err
run_case(struct ctx *ctx, struct dry_run *d, struct tx *tx, const struct sql_dry_run_page_row *row)
{
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    struct verdict v;
    enum err e = case_load(ctx, tx, &d->server->vault, d->server->catalog, d->actor->region, row->id, cf);
    if (e == ERR_RECORD_MISSING || e == ERR_CHAIN || e == ERR_INTEGRITY) { /* forgotten, or for the audit to tell */
        d->unreadable++;
        return fail_clear(ctx), OK;
    }
    TRY(ctx, e);
    TRY(ctx, judge(ctx, catalog_calendar(d->server->catalog), d->region, cf, &v));
    d->judged++;
    d->changed += v.kinds != 0;
    for (int k = 0; k < DRY_COUNT; k++)
        d->count[k] += v.kinds >> k & 1u;
    count_matter(d, cf->matter, v.kinds != 0);
    if (v.kinds && d->persons && may_see(d->server, d->actor, row->agency))
        put_row(d, cf, &v);
    return OK;
}

/* A page of cases on a reader of its own: a snapshot held over all of them would keep the store from tidying up. */
static enum err
run_page(struct ctx *ctx, struct dry_run *d, struct arena *one, int64_t *id, int64_t *ret_n)
{
    SCOPED_READ tx = NULL;
    struct sql_dry_run_page_in in = {.region = d->actor->region, .id = *id, .limit = READ_PAGE};
    struct sql_dry_run_page_row *row;
    size_t n;
    TRY(ctx, store_read(ctx, d->server->store, &tx));
    TRY(ctx, sql_dry_run_page(ctx, tx, &in, &row, &n));
    struct ctx each = *ctx;
    each.arena = one;
    for (size_t i = 0; i < n; i++) {
        if (d->judged + d->unreadable == DRY_CASES_MAX) {
            d->cut = true;
            break;
        }
        arena_reset(one);
        *id = row[i].id;
        TRY(ctx, run_case(&each, d, tx, &row[i]));
    }
    *ret_n = (int64_t)n;
    return OK;
}

static enum err
run_cases(struct ctx *ctx, struct dry_run *d)
{
    SCOPED_ARENA one = arena_new(0);
    int64_t id = INT64_MAX, n = READ_PAGE;
    while (n == READ_PAGE && !d->cut)
        TRY(ctx, run_page(ctx, d, one, &id, &n));
    return OK;
}

static void
put_run(struct dry_run *d, struct view *map)
{
    view_put_int(map, "judged", d->judged);
    view_put_int(map, "changed", d->changed);
    view_put_int(map, "unchanged", d->judged - d->changed);
    view_put_bool(map, "any_changed", d->changed > 0);
    view_put_int(map, "unreadable", d->unreadable);
    view_put_bool(map, "any_unreadable", d->unreadable > 0);
    view_put_bool(map, "cut", d->cut);
    view_put_int(map, "limit", DRY_CASES_MAX);
    struct view *counts = view_put_list(map, "counts");
    for (int k = 0; k < DRY_COUNT; k++) {
        if (d->count[k] == 0)
            continue;
        struct view *row = view_add_map(counts);
        view_put_z(row, "kind", dry_kinds[k].id);
        view_put_z(row, "name", dry_kinds[k].name);
        view_put_int(row, "count", d->count[k]);
    }
    struct view *matters = view_put_list(map, "matters");
    for (size_t i = 0; i < d->matter_count; i++) {
        struct view *row = view_add_map(matters);
        view_put_text(row, "id", d->matter[i].id);
        view_put_text(row, "name", d->matter[i].name);
        view_put_int(row, "open", d->matter[i].open);
        view_put_int(row, "changed", d->matter[i].changed);
    }
    view_put_bool(map, "any_matters", d->matter_count > 0);
    view_put_bool(map, "persons", d->persons);
    view_put_int(map, "listed", d->listed);
    int64_t page = d->skip / DRY_PAGE + 1;
    view_put_int(map, "page_no", page);
    bool before = d->skip > 0, more = d->listed > d->skip + DRY_PAGE;
    view_put_bool(map, "has_previous", before);
    view_put_int(map, "previous", before ? page - 1 : 0);
    view_put_bool(map, "has_next", more);
    view_put_int(map, "next", more ? page + 1 : 0);
}

struct dry_work {
    struct dry_run run;
    int64_t no;
    struct view *map;
};

static enum err
dry_work(struct ctx *bench, void *arg)
{
    struct dry_work *w = arg;
    struct dry_run *d = &w->run;
    struct keeper_copy copy;
    struct catalog *c;
    TRY(bench, keeper_copy_read(bench, d->server, d->actor->region, w->no, &copy));
    if (copy.v.state != VERSION_DRAFT && copy.v.state != VERSION_SUBMITTED)
        FAIL(bench, ERR_CONFLICT, "只有还没有发布的一稿可以试算；已发布的不影响在办件");
    enum err e = catalog_load_files(bench, &copy.files, &c);
    if (e == ERR_CATALOG) {
        struct str why = bench->fail->detail;
        fail_clear(bench);
        FAIL(bench, ERR_CONFLICT, "这一稿还不能载入，改好以后再试算：%.*s", STR_ARG(why));
    }
    TRY(bench, e);
    d->region = catalog_region(c, d->actor->region);
    e = d->region ? run_cases(bench, d) : ERR_NOT_FOUND;
    if (e == OK) /* it outlives the bench and the draft's catalogue */
        e = service_roster_of_version(d->outer, d->server, d->region, w->map);
    catalog_free(c);
    TRY(bench, e);
    struct view *v = view_put_map(w->map, "version");
    view_put_int(v, "no", copy.v.no);
    view_put_z(v, "state", version_state_id(copy.v.state));
    view_put_z(v, "state_name", version_state_name(copy.v.state));
    put_run(d, w->map);
    return OK;
}

enum err
service_keeper_dry_run(struct ctx *ctx, struct server *s, const struct actor *a, int64_t no, int64_t page,
                       struct view *ret_map)
{
    struct dry_work *w = ARENA_NEW(ctx->arena, struct dry_work);
    TRY(ctx, keeper_check(ctx, a, false));
    if (page < 1 || page > DRY_CASES_MAX / DRY_PAGE)
        FAIL(ctx, ERR_NOT_FOUND, "没有这一页");
    *w = (struct dry_work){.run = {.outer = ctx,
                                   .server = s,
                                   .actor = a,
                                   .persons = actor_has(a, ROLE_SUPERVISOR),
                                   .skip = (page - 1) * DRY_PAGE,
                                   .cases = view_put_list(ret_map, "cases")},
                           .no = no,
                           .map = ret_map};
    return keeper_bench(ctx, dry_work, w);
}
