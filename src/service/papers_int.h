/* Inside papers*.c: a paper being written. */
#ifndef SERVICE_PAPERS_INT_H
#define SERVICE_PAPERS_INT_H

#include "service/papers.h"
#include "service/service_int.h"

struct paper {
    struct server *server;
    struct tx *tx;
    const struct case_file *cf;
    enum paper_kind kind;
    const struct actor *actor;
    const struct view *extra; /* may be NULL */
    struct view *body;
};

/* --- readers --- */
struct str paper_map_text(const struct view *map, const char *key); /* empty, never absent */
/* Of the record of the stage that was passed (EXTRA is its event). */
struct str paper_record(const struct paper *p, const char *field);
struct str paper_day_zh(struct arena *a, struct str day); /* 2026-11-21 → 2026年11月21日; else as it is */
bool paper_printed(const struct matter *m, const char *words,
                   struct str *ret_name); /* a 文书 of the guide that contains WORDS */
struct str paper_material_title(const struct case_file *cf, const struct case_material *m);
const struct channel *paper_onsite(const struct matter *m);
struct str paper_insurance(struct str insurance); /* the full name */

/* A line {name, value} of a paper's list; none when there is nothing to say. */
void paper_add_line(struct view *list, const char *name, struct str value);

/* --- what the later kinds say (papers_case.c, papers_file.c) --- */
void paper_put_supplement(struct ctx *ctx, struct paper *p);
void paper_put_notice(struct ctx *ctx, struct paper *p);
void paper_put_tolerance(struct ctx *ctx, struct paper *p);
void paper_put_refusal(struct ctx *ctx, struct paper *p);
void paper_put_acceptance(struct ctx *ctx, struct paper *p);
void paper_put_letter(struct ctx *ctx, struct paper *p);
enum err paper_put_decision(struct ctx *ctx, struct paper *p) MUST_USE;
enum err paper_put_commitment(struct ctx *ctx, struct paper *p) MUST_USE;
/* The paper of a stage, and what it is called (papers_stage.c). */
enum err paper_put_stage(struct ctx *ctx, struct paper *p) MUST_USE;
struct str paper_stage_title(const struct paper *p);
enum err paper_put_cover(struct ctx *ctx, struct paper *p) MUST_USE;

#endif
