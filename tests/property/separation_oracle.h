/* What separation_test.c holds the engine against: who did what in one case, kept from its events alone, and judged by tables of
** its own (separation_oracle.c). */
#ifndef PROPERTY_SEPARATION_ORACLE_H
#define PROPERTY_SEPARATION_ORACLE_H

#include "case/case.h"
#include "support/support_catalog.h"

enum { DEEDS_MAX = 400 };

enum deed_what { DEED_ACCEPTED, DEED_PASSED, DEED_SIGNED };
struct deed {
    enum deed_what what;
    size_t stage;
    enum stage_kind kind;
    int64_t id, at_ms;
    bool against, undone;
};
struct told_event {
    struct str kind, json;
    int64_t at_ms, actor_id;
};

struct oracle {
    struct arena *a;
    const struct matter *m;
    uint64_t seed;
    long nth;
    struct deed deed[DEEDS_MAX];
    size_t deed_count;
    struct told_event event[DEEDS_MAX];
    size_t event_count;
    enum case_status status;
    size_t stage;
    int64_t acceptor;
    int64_t drawn[CASE_DRAWN_MAX];
    size_t drawn_count;
    bool opened, rated, archived;
    struct day opened_until;
    struct {
        int64_t seq;
        bool answered, upheld;
    } objection[CASE_OBJECTIONS_MAX];
    size_t objection_count;
    int64_t received_ms, complete_ms, accepted_ms, stage_ms;
    bool noticed, no_funds;
    struct facts facts; /* as the submission told them */
    struct clock_pause pause[CLOCK_PAUSES_MAX];
    size_t pause_count;
    struct day due, legal, stage_due;
};

void oracle_begin(struct oracle *o, struct arena *a, const struct matter *m);
/* Ends the test: the seed, the case, and how it came so far. */
void oracle_fail(const struct oracle *o, const char *what);
/* An event about to be folded onto CF: whether ACTOR may have made it. */
void oracle_judge(struct oracle *o, const struct case_file *cf, const struct actor *actor, struct str kind,
                  int64_t at_ms, const struct view *p);
/* The state after it: where the case stands and when it is due. */
void oracle_compare(struct oracle *o, const struct case_file *cf);
/* The events once more, as they would be read back: the same state. */
void oracle_refold(const struct oracle *o, struct ctx *c, const struct case_file *cf);
bool oracle_is_work(const struct matter *m, size_t stage);
int oracle_panel(const struct stage *st); /* signatures without which it is not passed */
/* The tables, for roster_test.c. */
bool oracle_apart(enum stage_kind earlier, enum stage_kind later);
bool oracle_acceptor_apart(const struct matter *m, size_t stage); /* who accepted the case may not do this */
enum role oracle_does(enum stage_kind k);
enum role oracle_signs(enum stage_kind k); /* ROLE_COUNT: nobody */

#endif
