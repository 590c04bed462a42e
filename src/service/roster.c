/* An assignment problem: tasks in the order of the matter's stages, each wants somebody with one of certain roles, and some pairs of tasks
** want two different people. A task for which more people are there than tasks it conflicts with can always be given to somebody at
** the end, so it is put aside; what remains is small and searched through. */
#include "service/roster.h"

enum { TASKS_MAX = 160, NODES_MAX = 1000000 };

struct task {
    size_t stage;
    const char *what; /* name of the stage, or of what is not one */
    unsigned roles;   /* any of them */
    bool accepts, signs;
    size_t able; /* people with such a role */
};
struct plan {
    struct ctx *ctx;
    const struct matter *m;
    const struct roster_person *person;
    size_t people;
    struct task task[TASKS_MAX];
    size_t n;
    bool apart[TASKS_MAX][TASKS_MAX];
    /* the search */
    size_t open[TASKS_MAX], opened; /* tasks not put aside */
    size_t given[TASKS_MAX];        /* index of the person */
    long nodes;
};

#define ROLE_BIT(r) (1u << (r))

/* --- the tasks of a matter --- */

static void
add_task(struct plan *pl, struct task t)
{
    if (pl->n == TASKS_MAX)
        return; /* stages times signatures of a guide stay far below */
    for (size_t i = 0; i < pl->people; i++)
        t.able += (pl->person[i].roles & t.roles) != 0;
    pl->task[pl->n++] = t;
}

static bool
is_passed(const struct matter *m, size_t stage)
{
    enum stage_kind k = m->stage[stage].kind;
    if (k != STAGE_DELIVER)
        return stage_is_work(k);
    for (size_t i = stage + 1; i < m->stage_count; i++)
        if (m->stage[i].kind == STAGE_CONCLUDE)
            return true;
    return false;
}

static void
add_acceptance(struct plan *pl, size_t stage, bool printed)
{
    add_task(pl, (struct task){.stage = stage,
                               .what = stage_name(STAGE_ACCEPT),
                               .roles = ROLE_BIT(ROLE_WINDOW) | (printed ? 0 : ROLE_BIT(ROLE_REVIEW)),
                               .accepts = true});
}

static void
add_stage(struct plan *pl, size_t stage)
{
    const struct stage *st = &pl->m->stage[stage];
    const struct stage_rule *r = stage_rule(st->kind);
    if (st->kind == STAGE_ACCEPT)
        add_acceptance(pl, stage, true);
    if (!is_passed(pl->m, stage))
        return;
    for (int i = case_stage_panel(st); i > 0; i--)
        add_task(pl,
                 (struct task){
                     .stage = stage, .what = stage_name(st->kind), .roles = ROLE_BIT(r->panel_role), .signs = true});
    add_task(pl, (struct task){.stage = stage, .what = stage_name(st->kind), .roles = ROLE_BIT(r->role)});
}

static void
add_end(struct plan *pl)
{
    const struct matter *m = pl->m;
    enum stage_kind last = m->stage[m->stage_count - 1].kind;
    unsigned roles = ROLE_BIT(stage_rule(last)->role);
    if (case_origin(m) != ORIGIN_OFFICE)
        roles |= ROLE_BIT(ROLE_WINDOW) | ROLE_BIT(ROLE_REVIEW);
    add_task(pl, (struct task){.stage = m->stage_count, .what = stage_name(STAGE_CONCLUDE), .roles = roles});
    if (last == STAGE_DELIVER && !is_passed(m, m->stage_count - 1))
        add_task(pl, (struct task){
                         .stage = m->stage_count, .what = stage_name(STAGE_DELIVER), .roles = ROLE_BIT(ROLE_WINDOW)});
}

static void
add_tasks(struct plan *pl)
{
    const struct matter *m = pl->m;
    bool printed = false;
    for (size_t i = 0; i < m->stage_count; i++)
        printed = printed || m->stage[i].kind == STAGE_ACCEPT;
    if (case_origin(m) == ORIGIN_APPLICATION && !printed)
        add_acceptance(pl, m->stage_count, false);
    for (size_t i = 0; i < m->stage_count; i++)
        add_stage(pl, i);
    add_end(pl);
}

/* --- which of them want two people --- */

/* Asks the engine: one person has done FIRST, may he do THEN? */
static bool
engine_parts(struct ctx *ctx, struct case_file *cf, const struct task *first, const struct task *then)
{
    enum { SOMEBODY = 1 };
    if (then->accepts || then->stage >= cf->matter->stage_count)
        return false;
    cf->stage = then->stage;
    cf->acceptor_id = first->accepts ? SOMEBODY : 0;
    cf->step_count = 0;
    if (!first->accepts && first->stage < cf->matter->stage_count)
        cf->step[cf->step_count++] = (struct case_step){.stage = first->stage,
                                                        .kind = cf->matter->stage[first->stage].kind,
                                                        .actor_id = SOMEBODY,
                                                        .signature = first->signs};
    return !str_empty(case_apart(ctx->arena, cf, SOMEBODY, then->signs));
}

static void
find_conflicts(struct plan *pl)
{
    struct case_file *cf = ARENA_NEW(pl->ctx->arena, struct case_file);
    cf->matter = pl->m;
    cf->status = CASE_WORKING;
    for (size_t i = 0; i < pl->n; i++)
        for (size_t k = i + 1; k < pl->n; k++)
            pl->apart[i][k] = pl->apart[k][i] = engine_parts(pl->ctx, cf, &pl->task[i], &pl->task[k]);
}

/* --- the search --- */

/* Puts aside, until nothing more can be, what is always possible at the end. */
static void
put_aside(struct plan *pl, size_t n)
{
    bool aside[TASKS_MAX] = {0}, again = true;
    while (again) {
        again = false;
        for (size_t i = 0; i < n; i++) {
            size_t conflicts = 0;
            for (size_t k = 0; k < n; k++)
                conflicts += !aside[k] && pl->apart[i][k];
            if (!aside[i] && pl->task[i].able > conflicts)
                aside[i] = again = true;
        }
    }
    pl->opened = 0;
    for (size_t i = 0; i < n; i++)
        if (!aside[i])
            pl->open[pl->opened++] = i;
}

static bool
may_take(const struct plan *pl, size_t nth, size_t person)
{
    size_t t = pl->open[nth];
    if (!(pl->person[person].roles & pl->task[t].roles))
        return false;
    for (size_t i = 0; i < nth; i++)
        if (pl->given[i] == person && pl->apart[t][pl->open[i]])
            return false;
    return true;
}

static bool
same_panel(const struct task *a, const struct task *b)
{
    return a->signs && b->signs && a->stage == b->stage;
}

static bool
assign(struct plan *pl, size_t nth)
{
    if (nth == pl->opened)
        return true;
    size_t from = 0;
    if (nth && same_panel(&pl->task[pl->open[nth - 1]], &pl->task[pl->open[nth]]))
        from = pl->given[nth - 1] + 1; /* members of a panel are alike: any order will do, so one order is tried */
    for (size_t i = from; i < pl->people && pl->nodes < NODES_MAX; i++) {
        if (!may_take(pl, nth, i))
            continue;
        pl->nodes++;
        pl->given[nth] = i;
        if (assign(pl, nth + 1))
            return true;
    }
    return false;
}

/* Whether the first N tasks can be given to people. */
static bool
solvable(struct plan *pl, size_t n)
{
    put_aside(pl, n);
    pl->nodes = 0;
    return assign(pl, 0);
}

/* --- the answer --- */

static struct str
role_words(struct arena *a, unsigned roles)
{
    struct buf b;
    buf_init(&b, a, 40);
    for (int r = 0; r < ROLE_COUNT; r++)
        if (roles >> r & 1u)
            buf_fmt(&b, "%s%s", b.n ? "或" : "", role_name((enum role)r));
    return buf_str(&b);
}

static struct str
missing(struct plan *pl, size_t t)
{
    const struct task *task = &pl->task[t];
    struct str roles = role_words(pl->ctx->arena, task->roles);
    int signatures = 0;
    for (size_t i = 0; i < pl->n; i++)
        signatures += task->signs && pl->task[i].signs && pl->task[i].stage == task->stage;
    if (task->able == 0)
        return str_fmt(pl->ctx->arena, "“%s”没有“%.*s”岗位的人员%s", task->what, STR_ARG(roles),
                       task->signs ? "签字" : "");
    if (task->signs)
        return str_fmt(pl->ctx->arena, "“%s”须有 %d 名不同的“%.*s”人员签字，岗位上有 %zu 人，%s", task->what,
                       signatures, STR_ARG(roles), task->able,
                       task->able < (size_t)signatures ? "不够" : "其中有人要办理不能由同一人办理的其他环节");
    return str_fmt(pl->ctx->arena, "“%s”还缺 1 名“%.*s”人员：岗位上的 %zu 人要办理不能由同一人办理的其他环节",
                   task->what, STR_ARG(roles), task->able);
}

bool
roster_check(struct ctx *ctx, const struct matter *m, const struct roster_person *p, size_t n, struct str *ret_reason)
{
    struct str why;
    *ret_reason = STR("");
    if (!case_handles(m, &why)) { /* nothing to be done by anybody */
        *ret_reason = why;
        return false;
    }
    struct plan *pl = ARENA_NEW(ctx->arena, struct plan);
    *pl = (struct plan){.ctx = ctx, .m = m, .person = p, .people = n};
    add_tasks(pl);
    find_conflicts(pl);
    if (solvable(pl, pl->n))
        return true;
    size_t k = 1; /* the first task that cannot be added is the one to tell */
    while (k < pl->n && solvable(pl, k))
        k++;
    *ret_reason = missing(pl, k - 1);
    return false;
}
