/* Inside the keeper's use cases only. */
#ifndef SERVICE_KEEPER_INT_H
#define SERVICE_KEEPER_INT_H

#include "catalog/finding.h"
#include "service/keeper.h"
#include "service/service_int.h"
#include "version/version.h"

/* A bench: a context whose arena lasts for one piece of work on packages and trees. What went wrong outlives it. */
typedef enum err (*keeper_work)(struct ctx *bench, void *arg);
enum err keeper_bench(struct ctx *ctx, keeper_work work, void *arg) MUST_USE;

/* A version with its package open on the bench. */
struct keeper_copy {
    struct version v;
    struct str package;
    struct catalog_files files;
};
enum err keeper_copy_read(struct ctx *bench, struct server *s, struct str region, int64_t no,
                          struct keeper_copy *ret_c) MUST_USE;
/* No number of a version: the one in force today; ERR_NOT_FOUND. */
enum err keeper_in_force(struct ctx *ctx, struct server *s, struct str region, struct version *ret_v) MUST_USE;

/* One write: the version row, new or changed, with its package and its event. */
struct keeper_write {
    struct server *server;
    struct version v;
    struct str package;
    bool insert;
    struct version_event event;
};
enum err keeper_write_run(struct ctx *ctx, struct keeper_write *w, const struct actor *a) MUST_USE;

/* --- findings (keeper_findings.c) --- */
struct keeper_report {
    bool broken; /* does not load: PROBLEM says why, nothing was checked */
    struct str problem;
    struct findings findings;
};
/* What the lint says of the package C, beside the other regions as they are in force; kept in memory by digest. */
enum err keeper_report(struct ctx *bench, struct server *s, const struct keeper_copy *c,
                       struct keeper_report *ret_r) MUST_USE;
/* Names a finding from one check to the next. */
struct str keeper_finding_key(struct arena *a, const struct finding *f);

/* A problem's "file:line:column: text" in parts. */
struct keeper_problem {
    struct str file, text;
    int64_t line, column;
};
struct keeper_problem keeper_problem_parse(struct str detail);

/* --- changes (keeper_changes.c) --- */
/* changes: [{file, matter, name, added, removed, shared, fields: [{field, old, new}]}] from OLD (NULL: nothing before) to NEW, texts in
** ARENA; changed_matters: ids. */
void keeper_changes(struct ctx *bench, struct arena *arena, struct str region, const struct catalog_files *old,
                    const struct catalog_files *new, struct view *ret_map);
/* The label of a file for people: 机构和窗口, the matter's name … */
struct str keeper_file_name(struct ctx *bench, const struct catalog_files *f, struct str region, struct str path);
bool keeper_own_path(struct str region, struct str path);

/* Who may: keeper for the draft, keeper or supervisor for reading and publishing. */
enum err keeper_check(struct ctx *ctx, const struct actor *a, bool edits) MUST_USE;

#endif
