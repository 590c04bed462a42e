/* What the keeper's pages show: the region's versions, one version with its findings and changes, one file, and the public notes. */
#include "service/keeper_int.h"

#include <string.h>

#include "service/guide.h"
#include "sql_gen.h"

enum { VERSIONS_SHOWN = 100, EVENTS_SHOWN = 100, FINDINGS_SHOWN = 400, LINES_MAX = 20000 };

/* Where a published version stands: 现行, 将施行, 不再施行. Numbers are published in their order, so a later number with an earlier day
** takes the place of one that waits. */
static const char *
standing(const struct version *v, size_t n, const struct version *all, struct day today, int64_t in_force)
{
    if (v->state != VERSION_PUBLISHED)
        return NULL;
    if (v->no == in_force)
        return "current";
    if (v->effective.n <= today.n)
        return "past";
    for (size_t i = 0; i < n; i++)
        if (all[i].state == VERSION_PUBLISHED && all[i].no > v->no && all[i].effective.n <= v->effective.n)
            return "past";
    return "scheduled";
}

static const char *
standing_name(const char *s)
{
    return !s ? NULL : strcmp(s, "current") == 0 ? "现行" : strcmp(s, "scheduled") == 0 ? "尚未施行" : "不再施行";
}

static struct str
or_none(struct arena *a, struct str s)
{
    return s.p ? str_dup(a, s) : STR("");
}

static void
put_version(struct arena *a, const struct version *v, const char *where, struct view *row)
{
    view_put_int(row, "no", v->no);
    view_put_z(row, "state", version_state_id(v->state));
    view_put_z(row, "state_name",
               v->state == VERSION_PUBLISHED && where ? standing_name(where) : version_state_name(v->state));
    view_put_z(row, "standing", where);
    view_put_bool(row, "is_draft", v->state == VERSION_DRAFT);
    view_put_bool(row, "is_submitted", v->state == VERSION_SUBMITTED);
    view_put_bool(row, "is_published", v->state == VERSION_PUBLISHED);
    view_put_bool(row, "is_current", where && strcmp(where, "current") == 0);
    view_put_bool(row, "is_scheduled", where && strcmp(where, "scheduled") == 0);
    view_put_text(row, "digest", or_none(a, v->digest));
    view_put_day(row, "effective", v->effective);
    guide_put(row, "effective_text", day_is_none(v->effective) ? STR("") : day_text_zh(a, v->effective));
    guide_put(row, "note", or_none(a, v->note));
    view_put_text(row, "source", or_none(a, v->source));
    guide_put(row, "keeper", or_none(a, v->keeper));
    guide_put(row, "publisher", or_none(a, v->publisher));
    guide_put(row, "published_at", v->published_ms ? day_time_text(a, v->published_ms) : STR(""));
    view_put_text(row, "created_at", day_time_text(a, v->created_ms));
    view_put_int(row, "edited", v->edited);
}

struct shelf_view {
    struct version *v;
    size_t n;
    int64_t in_force; /* 0: none */
};

static enum err
versions_read(struct ctx *ctx, struct server *s, struct str region, struct shelf_view *ret_s)
{
    SCOPED_READ tx = NULL;
    struct version force;
    struct shelf_view out = {0};
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, version_list(ctx, tx, region, 0, VERSIONS_SHOWN, &out.v, &out.n));
    enum err e = version_in_force(ctx, tx, region, day_of_ms(ctx->now_ms), &force);
    if (e == OK)
        out.in_force = force.no;
    else if (e == ERR_NOT_FOUND)
        fail_clear(ctx);
    else
        return e;
    *ret_s = out;
    return OK;
}

enum err
service_keeper_overview(struct ctx *ctx, struct server *s, const struct actor *a, struct view *ret_map)
{
    struct shelf_view all;
    struct day today = day_of_ms(ctx->now_ms);
    TRY(ctx, keeper_check(ctx, a, false));
    TRY(ctx, versions_read(ctx, s, a->region, &all));
    struct view *list = view_put_list(ret_map, "versions");
    const struct version *open = NULL, *force = NULL;
    size_t waiting = 0;
    for (size_t i = 0; i < all.n; i++) {
        const char *where = standing(&all.v[i], all.n, all.v, today, all.in_force);
        struct view *row = view_add_map(list);
        put_version(ctx->arena, &all.v[i], where, row);
        view_put_bool(row, "can_reopen", all.v[i].state == VERSION_PUBLISHED && actor_has(a, ROLE_KEEPER));
        bool busy = all.v[i].state == VERSION_DRAFT || all.v[i].state == VERSION_SUBMITTED;
        open = busy ? &all.v[i] : open;
        force = all.v[i].no == all.in_force ? &all.v[i] : force;
        waiting += where && strcmp(where, "scheduled") == 0;
    }
    if (force)
        put_version(ctx->arena, force, "current", view_put_map(ret_map, "current"));
    else
        view_put_null(ret_map, "current");
    if (open)
        put_version(ctx->arena, open, NULL, view_put_map(ret_map, "draft"));
    else
        view_put_null(ret_map, "draft");
    view_put_bool(ret_map, "idle", open == NULL);
    view_put_bool(ret_map, "can_edit", actor_has(a, ROLE_KEEPER));
    view_put_int(ret_map, "scheduled", (int64_t)waiting);
    return OK;
}

/* --- findings --- */

static void
put_place(struct arena *a, const struct finding *f, int64_t no, struct view *row)
{
    bool here = str_starts(f->file, STR("regions/")) || str_starts(f->file, STR("facts/")) ||
                str_starts(f->file, STR("standard/")) || str_starts(f->file, STR("forms/"));
    struct str line = f->line > 0 ? str_fmt(a, "?line=%d#L%d", f->line, f->line) : STR("");
    guide_put(row, "href",
              here ? str_fmt(a, "/desk/catalog/v/%lld/f/%.*s%.*s", (long long)no, STR_ARG(f->file), STR_ARG(line))
                   : STR(""));
}

static void
put_finding(struct arena *a, const struct finding *f, int64_t no, struct view *row)
{
    view_put_text(row, "key", keeper_finding_key(a, f));
    view_put_z(row, "id", f->id);
    view_put_z(row, "severity", severity_name(f->severity));
    view_put_z(row, "severity_name", severity_text(f->severity));
    struct view *matters = view_put_list(row, "matters");
    for (size_t i = 0; i < f->matter_count; i++)
        view_add_text(matters, str_dup(a, f->matter[i]));
    struct buf b;
    buf_init(&b, a, 32);
    for (size_t i = 0; i < f->matter_count; i++)
        buf_fmt(&b, "%s%.*s", i ? "、" : "", STR_ARG(f->matter[i]));
    guide_put(row, "matters_text", buf_str(&b));
    guide_put(row, "field", str_dup(a, f->field));
    view_put_text(row, "file", str_dup(a, f->file));
    view_put_int(row, "line", f->line);
    view_put_bool(row, "has_line", f->line > 0);
    guide_put(row, "evidence", str_dup(a, f->evidence));
    view_put_text(row, "message", str_dup(a, f->message));
    guide_put(row, "remedy", str_dup(a, f->remedy));
    guide_put(row, "accepted", str_dup(a, f->accepted));
    put_place(a, f, no, row);
}

static void
put_report(struct arena *a, const struct keeper_report *r, int64_t no, struct view *map)
{
    static const struct {
        enum severity severity;
        const char *title;
    } groups[] = {{SEVERITY_ERROR, "错误：要改正，或写明理由后保留"},
                  {SEVERITY_WARN, "警告：多半要改"},
                  {SEVERITY_INFO, "提示：看一眼"}};
    struct view *list = view_put_list(map, "finding_groups"), *accepted = view_put_list(map, "accepted");
    size_t shown = 0;
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        struct view *group = view_add_map(list), *rows = view_put_list(group, "findings");
        size_t n = 0;
        for (size_t i = 0; i < r->findings.n; i++) {
            const struct finding *f = &r->findings.finding[i];
            if (f->severity != groups[g].severity)
                continue;
            bool open = str_empty(f->accepted);
            n += open;
            if (shown++ < FINDINGS_SHOWN)
                put_finding(a, f, no, view_add_map(open ? rows : accepted));
        }
        view_put_z(group, "severity", severity_name(groups[g].severity));
        view_put_z(group, "title", groups[g].title);
        view_put_int(group, "count", (int64_t)n);
        view_put_bool(group, "any", n > 0);
        view_put_bool(group, "is_error", groups[g].severity == SEVERITY_ERROR);
    }
    view_put_int(map, "open_errors", (int64_t)findings_open(&r->findings, SEVERITY_ERROR));
    view_put_int(map, "open_findings", (int64_t)findings_open(&r->findings, SEVERITY_INFO));
    view_put_int(map, "accepted_count", (int64_t)view_count(accepted));
    view_put_bool(map, "has_accepted", view_count(accepted) > 0);
    view_put_bool(map, "more_findings", shown > FINDINGS_SHOWN);
    view_put_bool(map, "checked", !r->broken);
}

static void
put_problem(struct arena *a, struct str detail, int64_t no, struct view *map)
{
    struct keeper_problem p = keeper_problem_parse(detail);
    view_put_text(map, "detail", str_dup(a, detail));
    view_put_text(map, "text", str_dup(a, p.text));
    guide_put(map, "file", str_dup(a, p.file));
    view_put_int(map, "line", p.line);
    view_put_int(map, "column", p.column);
    guide_put(map, "href",
              str_empty(p.file) ? STR("")
                                : str_fmt(a, "/desk/catalog/v/%lld/f/%.*s?line=%lld#L%lld", (long long)no,
                                          STR_ARG(p.file), (long long)p.line, (long long)p.line));
}

/* --- one version --- */

struct version_work {
    struct ctx *outer;
    struct server *server;
    const struct actor *actor;
    int64_t no;
    struct str path;
    struct view *map;
    struct keeper_copy copy;
};

/* Compared with: the published version before it; a draft with the one in force. */
static enum err
predecessor(struct ctx *bench, const struct version_work *w, const struct shelf_view *all, int64_t *ret_no)
{
    (void)bench;
    int64_t best = 0;
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].state == VERSION_PUBLISHED && all->v[i].no < w->no && all->v[i].no > best)
            best = all->v[i].no;
    bool open = w->copy.v.state == VERSION_DRAFT || w->copy.v.state == VERSION_SUBMITTED;
    *ret_no = open && all->in_force ? all->in_force : best;
    return OK;
}

static enum err
put_changes(struct ctx *bench, const struct version_work *w, const struct shelf_view *all)
{
    struct keeper_copy old;
    int64_t before;
    TRY(bench, predecessor(bench, w, all, &before));
    view_put_int(w->map, "compared_with", before);
    view_put_bool(w->map, "comparable", before > 0);
    if (before == 0) {
        view_put_list(w->map, "changes");
        view_put_list(w->map, "changed_matters");
        return OK;
    }
    TRY(bench, keeper_copy_read(bench, w->server, w->actor->region, before, &old));
    keeper_changes(bench, w->outer->arena, w->actor->region, &old.files, &w->copy.files, w->map);
    return OK;
}

static bool
is_changed(const struct view *matters, struct str id)
{
    for (const struct view *m = view_first(matters); m; m = view_next(m))
        if (str_eq(view_text(m), id))
            return true;
    return false;
}

/* The dry run: what is under way and goes on by the version it was accepted under (R6). */
static enum err
put_cases(struct ctx *bench, const struct version_work *w)
{
    SCOPED_READ tx = NULL;
    struct sql_case_open_by_matter_in in = {.region = w->actor->region};
    struct sql_case_open_by_matter_row *r;
    size_t n;
    int64_t open = 0, older = 0, changed = 0;
    const struct view *matters = view_get(w->map, STR("changed_matters"));
    const struct region *now = catalog_region(w->server->catalog, w->actor->region);
    TRY(bench, store_read(bench, w->server->store, &tx));
    TRY(bench, sql_case_open_by_matter(bench, tx, &in, &r, &n));
    for (size_t i = 0; i < n; i++) {
        open += r[i].n;
        older += now && str_eq(r[i].version, now->version) ? 0 : r[i].n;
        changed += is_changed(matters, r[i].matter) ? r[i].n : 0;
    }
    struct view *v = view_put_map(w->map, "cases");
    view_put_int(v, "open", open);
    view_put_int(v, "older", older);
    view_put_int(v, "changed", changed);
    view_put_bool(v, "any_older", older > 0);
    view_put_bool(v, "any_changed", changed > 0);
    return OK;
}

static enum err
put_events(struct ctx *bench, const struct version_work *w, bool *ret_touched)
{
    static const struct {
        const char *id, *name;
    } kinds[] = {{"opened", "起稿"},        {"uploaded", "上传目录包"}, {"imported", "导入办事指南"},
                 {"edited", "修改"},        {"removed", "删去"},        {"accepted", "保留不改"},
                 {"submitted", "提交发布"}, {"returned", "退回编辑"},   {"dropped", "撤回"},
                 {"published", "发布"},     {"installed", "安装"}};
    SCOPED_READ tx = NULL;
    struct version_event *e, imported;
    size_t n;
    bool any;
    struct arena *a = w->outer->arena;
    TRY(bench, store_read(bench, w->server->store, &tx));
    TRY(bench, version_events(bench, tx, w->actor->region, w->no, EVENTS_SHOWN, &e, &n));
    TRY(bench, version_touched(bench, tx, w->actor->region, w->no, w->actor->id, ret_touched));
    TRY(bench, version_imported(bench, tx, w->actor->region, w->no, &imported, &any));
    struct view *list = view_put_list(w->map, "events");
    for (size_t i = 0; i < n; i++) {
        struct view *row = view_add_map(list);
        view_put_text(row, "kind", str_dup(a, e[i].kind));
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            if (str_eqz(e[i].kind, kinds[k].id))
                view_put_z(row, "name", kinds[k].name);
        view_put_text(row, "staff", str_dup(a, e[i].staff));
        view_put_text(row, "at", day_time_text(a, e[i].at_ms));
        guide_put(row, "note", str_dup(a, e[i].note));
    }
    if (!any) {
        view_put_null(w->map, "imported");
        return OK;
    }
    struct ctx outer = *bench;
    struct view *found;
    outer.arena = a; /* what is shown outlives the bench */
    TRY(bench, view_from_json(&outer, str_dup(a, imported.detail), &found));
    for (const struct view *f = view_first(view_get(found, STR("findings"))); f; f = view_next(f))
        view_put_bool((struct view *)(uintptr_t)f, "has_line", view_int(view_get(f, STR("line"))) > 0);
    view_put_text(found, "name", str_dup(a, imported.note));
    view_put_text(found, "at", day_time_text(a, imported.at_ms));
    view_put(w->map, "imported", found);
    return OK;
}

static void
put_can(const struct version_work *w, bool touched, const struct keeper_report *r)
{
    const struct version *v = &w->copy.v;
    bool keeper = actor_has(w->actor, ROLE_KEEPER), draft = v->state == VERSION_DRAFT,
         handed = v->state == VERSION_SUBMITTED, own = v->keeper_id == w->actor->id;
    const struct view *same = view_get(w->map, STR("unchanged"));
    bool unchanged = same && view_int(same), held = r->broken || findings_open(&r->findings, SEVERITY_ERROR) > 0;
    struct view *can = view_put_map(w->map, "can");
    view_put_bool(can, "edit", draft && keeper);
    view_put_bool(can, "submit", draft && keeper && !held && !unchanged);
    view_put_bool(can, "nothing_to_submit", draft && unchanged);
    view_put_bool(can, "give_back", handed);
    view_put_bool(can, "give_back_own", handed && own);
    view_put_bool(can, "publish", handed && !touched && !own && !held);
    view_put_bool(can, "second_person", handed && (touched || own));
    view_put_bool(can, "held_back", held && (draft || handed));
}

static void
put_files(struct ctx *bench, const struct version_work *w)
{
    struct arena *a = w->outer->arena;
    struct view *own = view_put_list(w->map, "files"), *shared = view_put_list(w->map, "shared_files");
    for (size_t i = 0; i < w->copy.files.n; i++) {
        struct str path = w->copy.files.file[i].path;
        bool ours = keeper_own_path(w->actor->region, path);
        struct view *row = view_add_map(ours ? own : shared);
        view_put_text(row, "path", str_dup(a, path));
        view_put_text(row, "name",
                      ours ? str_dup(a, keeper_file_name(bench, &w->copy.files, w->actor->region, path))
                           : str_dup(a, path));
        view_put_text(row, "href", str_fmt(a, "/desk/catalog/v/%lld/f/%.*s", (long long)w->no, STR_ARG(path)));
    }
}

static enum err
version_work(struct ctx *bench, void *arg)
{
    struct version_work *w = arg;
    struct arena *a = w->outer->arena;
    struct shelf_view all;
    struct keeper_report r;
    bool touched;
    TRY(bench, keeper_copy_read(bench, w->server, w->actor->region, w->no, &w->copy));
    TRY(bench, versions_read(bench, w->server, w->actor->region, &all));
    TRY(bench, keeper_report(bench, w->server, &w->copy, &r));
    put_version(a, &w->copy.v, standing(&w->copy.v, all.n, all.v, day_of_ms(bench->now_ms), all.in_force),
                view_put_map(w->map, "version"));
    if (r.broken)
        put_problem(a, r.problem, w->no, view_put_map(w->map, "problem"));
    else
        view_put_null(w->map, "problem");
    put_report(a, &r, w->no, w->map);
    TRY(bench, put_changes(bench, w, &all));
    TRY(bench, put_cases(bench, w));
    TRY(bench, put_events(bench, w, &touched));
    put_can(w, touched, &r);
    put_files(bench, w);
    view_put_day(w->map, "today", day_of_ms(bench->now_ms));
    return OK;
}

enum err
service_keeper_version(struct ctx *ctx, struct server *s, const struct actor *a, int64_t no, struct view *ret_map)
{
    struct version_work w = {.outer = ctx, .server = s, .actor = a, .no = no, .map = ret_map};
    TRY(ctx, keeper_check(ctx, a, false));
    return keeper_bench(ctx, version_work, &w);
}

/* --- one file --- */

static void
put_file_findings(struct arena *a, const struct keeper_report *r, struct str path, int64_t no, struct view *map)
{
    struct view *list = view_put_list(map, "findings");
    for (size_t i = 0; i < r->findings.n && view_count(list) < FINDINGS_SHOWN; i++)
        if (str_eq(r->findings.finding[i].file, path) && str_empty(r->findings.finding[i].accepted))
            put_finding(a, &r->findings.finding[i], no, view_add_map(list));
    view_put_bool(map, "has_findings", view_count(list) > 0);
}

static enum err
file_work(struct ctx *bench, void *arg)
{
    struct version_work *w = arg;
    struct arena *a = w->outer->arena;
    struct keeper_report r;
    TRY(bench, keeper_copy_read(bench, w->server, w->actor->region, w->no, &w->copy));
    const struct catalog_file *f = catalog_files_get(&w->copy.files, w->path);
    if (!f)
        FAIL(bench, ERR_NOT_FOUND, "第 %lld 版里没有文件 %.*s", (long long)w->no, STR_ARG(w->path));
    if (f->bytes.n > KEEPER_TEXT_MAX)
        FAIL(bench, ERR_TOO_LARGE, "这个文件太大，请下载目录包查看");
    TRY(bench, keeper_report(bench, w->server, &w->copy, &r));
    bool own = keeper_own_path(w->actor->region, w->path);
    struct str rest = str_sub(w->path, strlen("regions/000000/"), w->path.n);
    put_version(a, &w->copy.v, NULL, view_put_map(w->map, "version"));
    view_put_text(w->map, "path", str_dup(a, w->path));
    view_put_text(w->map, "name", str_dup(a, keeper_file_name(bench, &w->copy.files, w->actor->region, w->path)));
    view_put_text(w->map, "text", str_dup(a, f->bytes));
    view_put_bool(w->map, "own", own);
    view_put_bool(w->map, "can_edit", own && w->copy.v.state == VERSION_DRAFT && actor_has(w->actor, ROLE_KEEPER));
    view_put_bool(w->map, "can_remove", own && str_starts(rest, STR("matters/")));
    if (r.broken)
        put_problem(a, r.problem, w->no, view_put_map(w->map, "problem"));
    else
        view_put_null(w->map, "problem");
    put_file_findings(a, &r, w->path, w->no, w->map);
    return OK;
}

enum err
service_keeper_file(struct ctx *ctx, struct server *s, const struct actor *a, int64_t no, struct str path,
                    struct view *ret_map)
{
    struct version_work w = {.outer = ctx, .server = s, .actor = a, .no = no, .path = path, .map = ret_map};
    TRY(ctx, keeper_check(ctx, a, false));
    return keeper_bench(ctx, file_work, &w);
}

enum err
service_keeper_package(struct ctx *ctx, struct server *s, const struct actor *a, int64_t no, struct str *ret_bytes,
                       struct str *ret_name)
{
    SCOPED_READ tx = NULL;
    struct version v;
    TRY(ctx, keeper_check(ctx, a, false));
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, version_get(ctx, tx, a->region, no, &v));
    TRY(ctx, version_package(ctx, tx, a->region, v.digest, ret_bytes));
    *ret_name = str_fmt(ctx->arena, "%.*s-v%lld.tar", STR_ARG(a->region), (long long)no);
    return OK;
}

/* --- for the public --- */

enum err
service_changes(struct ctx *ctx, struct server *s, const struct region *r, struct view *ret_map)
{
    struct shelf_view all;
    struct day today = day_of_ms(ctx->now_ms);
    TRY(ctx, versions_read(ctx, s, r->code, &all));
    struct view *list = view_put_list(ret_map, "changes");
    for (size_t i = 0; i < all.n; i++) {
        const struct version *v = &all.v[i];
        if (v->state != VERSION_PUBLISHED)
            continue;
        const char *where = standing(v, all.n, all.v, today, all.in_force);
        struct view *row = view_add_map(list);
        view_put_int(row, "no", v->no);
        view_put_text(row, "note", v->note);
        view_put_day(row, "effective", v->effective);
        view_put_text(row, "effective_text", day_text_zh(ctx->arena, v->effective));
        view_put_text(row, "published_at", day_time_text(ctx->arena, v->published_ms));
        view_put_text(row, "published_day", day_text(ctx->arena, day_of_ms(v->published_ms)));
        view_put_text(row, "keeper", v->keeper);
        view_put_text(row, "publisher", v->publisher);
        view_put_bool(row, "by_people", v->publisher_id != 0);
        view_put_z(row, "standing", where);
        view_put_z(row, "standing_name", standing_name(where));
        view_put_bool(row, "is_current", where && strcmp(where, "current") == 0);
    }
    view_put_bool(ret_map, "empty", view_count(list) == 0);
    return OK;
}
