/* Faults of a guide: anyone reports one from the matter's page, the keeper answers with a revision or a reason, the answer is public
** (R287). Each use case owns its transaction. */
#ifndef SERVICE_FAULT_REPORT_H
#define SERVICE_FAULT_REPORT_H

#include "base/view.h"
#include "catalog/catalog.h"
#include "service/server.h"

enum { FAULT_TEXT_MIN = 5, FAULT_TEXT_MAX = 1000, FAULT_CONTACT_MAX = 100, FAULT_WORKDAYS = 5, FAULT_LIST_MAX = 20 };

struct fault_report {
    const struct matter *matter;
    struct str part, text, contact; /* PART: an id of fault_parts */
    struct str idempotency;         /* key of the submission; the same again is the same report. Empty = none */
};
/* Stores it sealed; *ret_code opens the answer's page and is not kept. ERR_FIELD_INVALID with every field at once, ERR_IDEMPOTENCY. */
enum err service_fault_report(struct ctx *ctx, struct server *s, const struct fault_report *in, struct str *ret_no,
                              struct str *ret_code) MUST_USE; //= R287
/* For whoever holds number and code: fault {no, matter, part, text, state, answer …}. ERR_NOT_FOUND alike for wrong ones. */
enum err service_fault_view(struct ctx *ctx, struct server *s, const struct region *r, struct str no, struct str code,
                            struct view *ret_map) MUST_USE;
/* parts: [{id, name, chosen}] */
void service_fault_parts(struct view *map, struct str chosen);

/* --- the keeper's desk --- */
struct fault_filter {
    bool answered;    /* those with an answer, newest first; else the open ones, oldest first */
    struct str after; /* cursor of the page before */
};
/* faults, next, count. Contacts are not in it. */
enum err service_faults(struct ctx *ctx, struct server *s, const struct actor *a, const struct fault_filter *f,
                        struct view *ret_map) MUST_USE;
struct fault_reply {
    int64_t id;
    struct str outcome; /* revised | kept */
    struct str text;    /* public: what was mended, or why not */
    struct str version; /* number of the version that mends it; empty = the next one */
};
/* ERR_FIELD_INVALID on outcome, text, version; ERR_CONFLICT when it has been answered. */
enum err service_fault_reply(struct ctx *ctx, struct server *s, const struct actor *a,
                             const struct fault_reply *in) MUST_USE;
/* The reporter's contact, for ringing back; the look is kept with its reason. */
enum err service_fault_contact(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id, struct str reason,
                               struct str *ret_contact) MUST_USE;

/* --- answered reports in memory (corrections.c): guides are answered from memory, so what is new on them must be there too --- */
struct corrections;
/* Reads every region's newest answers; at the start, after an answer, and now and then for those given in other processes. */
enum err service_corrections_refresh(struct ctx *ctx, struct server *s) MUST_USE;
/* Changes whenever what they say changes. */
uint64_t service_corrections_epoch(const struct server *s);
/* corrections: [{no, part_name, outcome, revised, text, version_no, day, keeper}] of a matter, newest first. */
void service_corrections(struct ctx *ctx, const struct server *s, const struct matter *m, struct view *map);
void corrections_free(struct corrections *c);

#endif
