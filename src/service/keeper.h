/* The keeper's desk: a region's catalogue as drafts and published versions (R6, R7). Each use case owns its transaction.
**
** A keeper works on one draft a region, hands it in with a public note and a day, and somebody else who had no hand in it publishes it.
** What is published never changes; going back is a new draft with an old package. Errors of the lint hold a draft back until they are mended
** or accepted with a reason. Packages, trees and catalogues are large: they live in an arena of their own, never in a request's. */
#ifndef SERVICE_KEEPER_H
#define SERVICE_KEEPER_H

#include "base/view.h"
#include "catalog/catalog.h"
#include "catalog/files.h"
#include "service/server.h"

enum {
    KEEPER_TEXT_MAX = 256 << 10,  /* a file in the editor */
    KEEPER_GUIDE_MAX = 4 << 20,   /* a guide's text */
    KEEPER_PACKAGE_MAX = 3 << 20, /* a region's package: it and its copy must fit into a request */
    KEEPER_NOTE_MAX = 1000,       /* characters of a change note or a reason */
};

/* --- for wiring (keeper.c) --- */
/* Makes REGION of the shipped folder F (loaded as C) known to the database: version 1, published where the lint holds nothing against it,
** else a draft; a shipped package the region has not seen becomes a draft unless one is open. Safe with several processes at once. */
enum err keeper_install(struct ctx *ctx, struct server *s, const struct catalog *c, const struct catalog_files *f,
                        struct str region) MUST_USE;
/* Brings every region of the world to the version that is in force today. */
enum err service_catalog_refresh(struct ctx *ctx, struct server *s) MUST_USE; //= R6
/* What the lint said of packages, kept in memory; freed with the server. */
struct keeper_shelf;
void keeper_shelf_free(struct keeper_shelf *k);

/* --- reading (keeper_view.c): keeper and supervisor --- */
enum err service_keeper_overview(struct ctx *ctx, struct server *s, const struct actor *a,
                                 struct view *ret_map) MUST_USE;
enum err service_keeper_version(struct ctx *ctx, struct server *s, const struct actor *a, int64_t no,
                                struct view *ret_map) MUST_USE;
/* PATH within the package. Files that are not the region's own can be read, not changed. */
enum err service_keeper_file(struct ctx *ctx, struct server *s, const struct actor *a, int64_t no, struct str path,
                             struct view *ret_map) MUST_USE;
/* The package's bytes, in ctx's arena: the same as were uploaded. */
enum err service_keeper_package(struct ctx *ctx, struct server *s, const struct actor *a, int64_t no,
                                struct str *ret_bytes, struct str *ret_name) MUST_USE;
/* What would change for the open cases, newest DRY_CASES_MAX (2,000), if they were judged by version NO, a draft or handed in
** (keeper_dry.c): counts for the keeper, for a supervisor also the cases that he sees, 50 a PAGE from 1, persons masked. Writes nothing.
** ERR_CONFLICT: published already, or it does not load. */
enum err service_keeper_dry_run(struct ctx *ctx, struct server *s, const struct actor *a, int64_t no, int64_t page,
                                struct view *ret_map) MUST_USE; //= R6
/* For the public: what was changed, when and by whom, newest first. */
enum err service_changes(struct ctx *ctx, struct server *s, const struct region *r,
                         struct view *ret_map) MUST_USE; //= R7

/* --- the draft (keeper_draft.c): keeper --- */
/* The version as it was read: what somebody else changed since is not overwritten unseen. EDITED 0: whatever it is now. */
struct keeper_read {
    int64_t no, edited;
};
/* A draft from version FROM (published; 0 = the one in force). */
enum err service_keeper_open(struct ctx *ctx, struct server *s, const struct actor *a, int64_t from,
                             int64_t *ret_no) MUST_USE;
/* A package as the draft: a new one, or in the place of what the open draft holds. It must load. */
enum err service_keeper_upload(struct ctx *ctx, struct server *s, const struct actor *a, struct str name,
                               struct str bytes, int64_t *ret_no) MUST_USE;
/* The text of a guide, read into the draft's files. The draft may not load afterwards: the version's page says where. */
enum err service_keeper_import(struct ctx *ctx, struct server *s, const struct actor *a, struct str name,
                               struct str text, int64_t *ret_no) MUST_USE;
/* Writes a file of the region. ERR_FIELD_INVALID on "text" with file:line:column when the draft would no longer load; a draft that does
** not load yet takes any text. */
enum err service_keeper_save(struct ctx *ctx, struct server *s, const struct actor *a, struct keeper_read d,
                             struct str path, struct str text) MUST_USE;
/* A new matter file; *ret_path is to be edited next. */
enum err service_keeper_add(struct ctx *ctx, struct server *s, const struct actor *a, struct keeper_read d,
                            struct str id, struct str name, struct str *ret_path) MUST_USE;
enum err service_keeper_remove(struct ctx *ctx, struct server *s, const struct actor *a, struct keeper_read d,
                               struct str path) MUST_USE;
/* Leaves the finding KEY as it is, for REASON: written into the region's accepted.yaml. */
enum err service_keeper_accept(struct ctx *ctx, struct server *s, const struct actor *a, struct keeper_read d,
                               struct str key, struct str reason) MUST_USE;

/* --- coming into force (keeper_publish.c) --- */
enum err service_keeper_submit(struct ctx *ctx, struct server *s, const struct actor *a, struct keeper_read d,
                               struct str note, struct day effective) MUST_USE;
/* Back to the draft; REASON is required of who did not hand it in. */
enum err service_keeper_return(struct ctx *ctx, struct server *s, const struct actor *a, struct keeper_read d,
                               struct str reason) MUST_USE;
enum err service_keeper_drop(struct ctx *ctx, struct server *s, const struct actor *a, struct keeper_read d) MUST_USE;
/* By a second person. ERR_SEPARATION. */
enum err service_keeper_publish(struct ctx *ctx, struct server *s, const struct actor *a,
                                struct keeper_read d) MUST_USE; //= R7

#endif
