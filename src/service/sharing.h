/* Data of other departments (数据共享): a region's sources, imports of their lists, look-ups. A look-up never blocks a case: what cannot be
** asked is brought by the applicant, or committed to (R220). Every look-up is on record. */
#ifndef SERVICE_SHARING_H
#define SERVICE_SHARING_H

#include "intake/sharing.h"
#include "service/service.h"

enum { SHARING_REASON_MAX = 200, SHARING_LIST_MAX = 50, SHARING_ANSWER_MAX = 65536 };

struct sharing_sources {
    const struct share_source *source; /* of the guide, then of the instance (sharing.yaml in the data folder) */
    size_t n;
    struct str problem; /* why sharing.yaml is not read; empty = it is, or there is none */
};
enum err sharing_sources(struct ctx *ctx, struct server *s, const struct region *r,
                         struct sharing_sources *ret_s) MUST_USE;

struct sharing_query {
    const struct region *region;
    struct str source, number; /* id of the source; identity number or credit code as typed */
    struct str reason;         /* why; required */
    struct str consent; /* the paper by which the subject allowed it; required where the source wants it (R246) */
    int64_t case_id;    /* 0: outside a case */
    struct str case_no, material; /* key of the material it is for */
};
struct sharing_result {
    const struct share_source *source;
    enum share_outcome outcome;
    int64_t look_id, import_no;
    const struct view *value; /* name → text; NULL unless found */
    struct str sentence;      /* for people */
};
/* Asks and records. ERR_FIELD_INVALID on source, number, reason, consent; a source that cannot be asked is an outcome, no failure. */
enum err sharing_look_up(struct ctx *ctx, struct server *s, const struct actor *a, const struct sharing_query *q,
                         struct sharing_result *ret_r) MUST_USE;
/* The same for a shareable material of a case: its subject is asked about at the source that the guide names. ERR_FIELD_INVALID when the
** material cannot be shared. */
enum err sharing_for_case(struct ctx *ctx, struct server *s, const struct actor *a, const struct case_file *cf,
                          struct str material, struct str consent, struct sharing_result *ret_r) MUST_USE;
/* Before a step of CF: what CMD newly marks 数据共享取得 must stand on a look-up of this case for this very material whose newest answer found
** it; the source's name goes before the note (CMD gets materials of its own). ERR_FIELD_INVALID on "material.KEY" with the way out. */
enum err sharing_check_command(struct ctx *ctx, struct server *s, const struct case_file *cf,
                               struct case_command *cmd) MUST_USE;
/* sharing: {materials: [{key, name, source, ready, consent, found}], looks: [{…}], found: [{source, at, by, material, fact, answer, declared,
** differs, outcome, outcome_name, values, lost}]} of a case, for the desk's page (partials/sharing_case.html). FULL: names unmasked. */
enum err sharing_case_view(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf, bool full,
                           struct view *map) MUST_USE;
/* Loads the case NO as the desk does and does sharing_for_case. */
enum err service_sharing_case(struct ctx *ctx, struct server *s, const struct actor *a, struct str no,
                              struct str material, struct str consent, struct view *ret_map) MUST_USE;
enum err service_sharing_look(struct ctx *ctx, struct server *s, const struct actor *a, struct sharing_query *q,
                              struct view *ret_map) MUST_USE;
void sharing_put_result(struct ctx *ctx, const struct sharing_result *r, struct view *map);

/* Takes a list in. A: who; on the command line kind ACTOR_SYSTEM with the region. WAY: what the caller says, else the file must.
** ERR_FIELD_INVALID on source, way, file. */
struct sharing_import {
    struct str source, way, bytes;
};
enum err service_sharing_import(struct ctx *ctx, struct server *s, const struct actor *a,
                                const struct sharing_import *in, struct view *ret_map) MUST_USE;
/* Sources, imports; looks for the supervisor. AFTER: cursor, empty = first page. */
enum err service_sharing(struct ctx *ctx, struct server *s, const struct actor *a, struct str after,
                         struct view *ret_map) MUST_USE;
enum err service_sharing_import_view(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id,
                                     struct view *ret_map) MUST_USE;
enum err service_sharing_looks(struct ctx *ctx, struct server *s, const struct actor *a, struct str after,
                               struct view *ret_map) MUST_USE;

#endif
