/* The case engine (办件): a pure decision, a dull fold, a dull write.
**
**   facts + matter + calendar + state + command → decision        case_decide, pure: no store, no clock, no log
**   state + event → state                                         case_fold, the only way a state changes
**   decision → rows                                                case_store.h
**
** States and edges (the whole table is case_edges in lifecycle.c; the function behind an edge is decide_ACTION):
**
**   application: submit            accept                       conclude              deliver            archive
**   (none) ────────▶ submitted ──────────▶ working ────────────────────▶ concluded ─────────▶ closed ┈┈┈▶ (filed away)
**                     ▲    │ notice        │ ▲ pass, sign, draw, open,       (only where the matter delivers)
**          supplement │    ▼               │ └─object, answer, return, pause, resume
**                     notified ────────────┴──────▶ refused          withdraw: submitted, notified ▶ withdrawn
**
**   A closed case may still have stages behind 办结 (case_stage_after): pass leaves it closed.
**   hospital, department's list, ex officio: submit leads to working at once, at the matter's first stage.
**
** What a stage asks of the people who do it (role, panel, who may not, what is recorded) is a row of stage_rules in stage.c; the order of
** the stages, their number of people, limits and names are the guide's (catalogue).
**
** Invariants: (1) events are append-only, seq dense from 1; (2) the row of case_file is the fold of its events;
** (3) an illegal move of a user is a refusal that says what is possible now; an illegal stored state is a fault. */
#ifndef CASE_CASE_H
#define CASE_CASE_H

#include "base/actor.h"
#include "base/view.h"
#include "case/clock.h"
#include "case/stage.h"
#include "catalog/checklist.h"
#include "catalog/enrol.h"

enum case_status {
    CASE_NONE,
    CASE_SUBMITTED, /* 待受理 */
    CASE_NOTIFIED,  /* 待补正 */
    CASE_WORKING,   /* 办理中 */
    CASE_CONCLUDED, /* 待送达 */
    CASE_CLOSED,    /* 已办结 */
    CASE_REFUSED,   /* 不予办理 */
    CASE_WITHDRAWN, /* 已撤回 */
    CASE_STATUS_COUNT
};

enum case_action {
    CASE_SUBMIT,
    CASE_SUPPLEMENT, /* the applicant brings what the notice named */
    CASE_NOTICE,     /* one-time notice (R16, R20, R21) */
    CASE_LIST,       /* the clerk records the list of a matter whose guide prints none; frozen for the case */
    CASE_ACCEPT,
    CASE_REFUSE,
    CASE_PASS, /* a review stage passed */
    CASE_CONCLUDE,
    CASE_DELIVER,
    CASE_HAND_OVER, /* first responsibility moves (R24) */
    CASE_WITHDRAW,
    CASE_RATE,
    CASE_SIGN,   /* a member of a panel, an officer, a head writes his part of a stage */
    CASE_DRAW,   /* the members of a panel are drawn by lot */
    CASE_RETURN, /* a review goes back to the stage before */
    CASE_OPEN,   /* a publicity begins */
    CASE_OBJECT, /* an objection during publicity */
    CASE_ANSWER, /* the objection is answered */
    CASE_PAUSE,  /* the clock stands still */
    CASE_RESUME,
    CASE_EXPLAIN,   /* why a limit was exceeded, for the public */
    CASE_ASSIST,    /* what a level that only assists or pre-reviews says (R33) */
    CASE_SHARE,     /* a material is obtained by data sharing, with its source (R60) */
    CASE_REPROJECT, /* a later calendar moves the deadlines; the system's */
    CASE_ARCHIVE,
    CASE_ACTION_COUNT
};

const char *case_status_id(enum case_status s);   /* "submitted" */
const char *case_status_name(enum case_status s); /* 待受理 */
bool case_status_parse(struct str id, enum case_status *ret_s);
const char *case_action_id(enum case_action a);
const char *case_action_name(enum case_action a);
bool case_action_parse(struct str id, enum case_action *ret_a);

enum material_state {
    MATERIAL_ABSENT,
    MATERIAL_GIVEN,     /* 已提交 */
    MATERIAL_CHECKED,   /* 已核对 */
    MATERIAL_REJECTED,  /* 不符合要求 */
    MATERIAL_COMMITTED, /* 承诺代替 (R35) */
    MATERIAL_SHARED,    /* 数据共享取得 (R60) */
    MATERIAL_TOLERATED, /* 容缺，待补 (R22) */
    MATERIAL_STATE_COUNT
};
const char *material_state_id(enum material_state s);
const char *material_state_name(enum material_state s);
bool material_state_parse(struct str id, enum material_state *ret_s);

/* One material of a case: a leaf of the matter's tree by key, or a line of the clerk's own list ("x1", …). */
struct case_material {
    struct str key, name, note;
    enum material_state state;
    int64_t since_seq; /* event that brought it as it is: the applicant's or shared data; a clerk's judgement is none */
};

struct case_gap { /* what a one-time notice told */
    struct str key, text;
};

/* Who did or signed which stage. */
struct case_step {
    size_t stage;
    enum stage_kind kind;
    int64_t actor_id, at_ms;
    bool signature;        /* a part of it; otherwise the stage was passed */
    bool against;          /* a signature that withholds consent */
    struct str profession; /* of who signed, as written */
    bool undone;           /* the case was returned to this stage: it counts for separation, not as done */
};
struct case_objection {
    struct str text, answer; /* answer empty: open */
    int64_t seq;
    bool upheld;
};

enum {
    CASE_MATERIALS_MAX = 128,
    CASE_GAPS_MAX = 128,
    CASE_STEPS_MAX = 128,
    CASE_PAUSES_MAX = CLOCK_PAUSES_MAX,
    CASE_DRAWN_MAX = 32,
    CASE_OBJECTIONS_MAX = 32,
};

/* How a case begins: what the matter's first stage says. */
enum case_origin { ORIGIN_APPLICATION, ORIGIN_HOSPITAL, ORIGIN_DEPARTMENT, ORIGIN_OFFICE };
enum case_origin case_origin(const struct matter *m);

struct case_entry; /* case_store.h */

/* The state: the fold of a case's events. All texts live in the arena it was folded into. */
struct case_file {
    struct str region;
    int64_t id;
    struct str no;
    const struct matter *matter;
    struct str matter_id;
    enum case_status status;
    size_t stage; /* index of the stage to be done next in matter->stage; may equal stage_count */
    struct facts facts;
    const struct view *form; /* values as filled */
    bool by_unit;
    int64_t person_id, unit_id, key_id;
    struct str masked; /* the subject's masked name for lists */
    enum channel_kind channel;
    enum level_kind level;
    bool level_known;
    struct str agency; /* id of the agency that handles it */
    struct str point, delivery, mobile, applicant_name, applicant_id, delegate_name, delegate_id, address;
    int64_t received_ms, complete_ms, accepted_ms, concluded_ms;
    struct day due, legal; /* promised and legal day */
    struct day stage_due;  /* of the stage to be done next; DAY_NONE: no limit of its own */
    bool tentative;
    struct str limit_basis; /* 中文: from when the limit counts */
    int64_t stage_ms;       /* since when the present stage is due */
    struct clock_pause pause[CASE_PAUSES_MAX];
    size_t pause_count;
    int64_t owner_id, handler_id; /* who is responsible; who did the last of it, up to its end */
    int64_t acceptor_id;          /* who accepted */
    struct case_step step[CASE_STEPS_MAX];
    size_t step_count;
    int64_t drawn[CASE_DRAWN_MAX]; /* members drawn for the present stage */
    size_t drawn_count;
    bool opened;             /* the publicity of the present stage has begun */
    struct day opened_until; /* its last day */
    struct case_objection objection[CASE_OBJECTIONS_MAX];
    size_t objection_count;
    struct day tolerance_due; /* by when tolerated materials must be supplied */
    bool no_funds; /* the letter says that the personal account is not transferred: no such stage */ //= R112
    struct str explanation; /* why it is late, for the public */
    int64_t archived_ms;
    struct str archive_no;
    struct str access_hex; /* keyed digest of the access code */
    struct case_material material[CASE_MATERIALS_MAX];
    size_t material_count;
    bool listed;                         /* the clerk's own list is frozen */
    struct case_gap told[CASE_GAPS_MAX]; /* by the last notice */
    size_t told_count;
    struct str told_ever[CASE_GAPS_MAX]; /* keys told by any notice so far */
    size_t told_ever_count;
    int64_t noticed_seq; /* of the first notice; 0 = none */
    struct str refusal;
    const struct view *unit_record; /* what the review of a unit's registration recorded (R288); NULL: nothing */
    int rating;
    int64_t seq;
    struct str head; /* MAC of the last event */
    int64_t updated_ms;
    const struct case_entry *history; /* the events it was folded from (case_load); NULL when it was made otherwise */
    size_t history_count;
};

/* What somebody wants to do. */
struct case_command {
    enum case_action action;
    struct actor actor;
    int64_t now_ms;
    struct str reason;                    /* refusal, hand-over, opinion, remark */
    const struct case_material *material; /* states now (SUPPLEMENT, NOTICE, ACCEPT) or the list (LIST) */
    size_t material_count;
    int64_t to_staff;          /* HAND_OVER */
    struct str delivery;       /* DELIVER: how; SUBMIT: chosen way */
    int rating;                /* RATE */
    struct str channel;        /* RATE */
    const struct view *record; /* PASS, SIGN, OPEN …: {field id: text} of the stage's rule; may be NULL */
    const int64_t *candidate;  /* DRAW: who could be drawn */
    size_t candidate_count;
    struct str seed;       /* DRAW: random bytes; the lot is a function of them and of the candidates */
    enum pause_kind pause; /* PAUSE, RESUME */
    bool day_given;
    struct day day;    /* ACCEPT: by when tolerated materials come; PAUSE: known end */
    struct str source; /* SHARE: where it was obtained */
    bool level_known;  /* staff posted to a town or village: what that level may do (R33) */
    enum level_kind level;
    int64_t objection; /* ANSWER: seq of the objection */
    bool upheld;       /* ANSWER */
};

/* An event about to be written; PAYLOAD is a map. */
struct case_event {
    struct str kind; /* "accepted" */
    struct view *payload;
};

enum paper_kind {
    PAPER_RECEIPT,
    PAPER_NOTICE,
    PAPER_TOLERANCE,
    PAPER_REFUSAL,
    PAPER_CERTIFICATE,
    PAPER_RESULT,
    PAPER_QUERY,
    PAPER_SUPPLEMENT, /* receipt for what was supplied later */
    PAPER_LETTER,     /* 联系函 */
    PAPER_DECISION,   /* of an inspection or a penalty */
    PAPER_COVER,      /* of the archived file */
    PAPER_ACCEPTANCE, /* 受理回执单, where the guide prints one (R253) */
    PAPER_COMMITMENT, /* letter of commitment (R132); no decision issues it */
    PAPER_SUSPENDED,  /* a suspended matter is refused (R13); no case, no decision */
    PAPER_STAGE,      /* 环节文书: what the guide names as the outcome of a stage (R163, R255, R268, R272, R273) */
    PAPER_COUNT
};
const char *paper_id(enum paper_kind k);

enum { DECISION_EVENTS_MAX = 8, DECISION_PAPERS_MAX = 4 };

/* What follows from a command: events in order, papers to issue, whether the matter's effect is to be carried out. */
struct decision {
    struct case_event event[DECISION_EVENTS_MAX];
    size_t event_count;
    enum paper_kind paper[DECISION_PAPERS_MAX];
    size_t paper_count;
    bool effect;     /* carry out matter->effect in the same transaction (R74) */
    bool phone_task; /* a phone notice is due (R25) */
};

/* Decides what CMD does to CF. Pure. Refuses with ERR_CASE_EDGE, ERR_CASE_ROLE, ERR_SEPARATION, ERR_MATERIAL_MISSING,
** ERR_NOTICE_REPEATED, ERR_REASON_REQUIRED, ERR_NOT_ELIGIBLE. On success *ret_d lists what is to be written. */
enum err case_decide(struct ctx *ctx, const struct calendar *cal, const struct case_file *cf,
                     const struct case_command *cmd, struct decision *ret_d) MUST_USE;
/* Actions that are possible for ACTOR now, as a bit set of enum case_action; pure. Separation of duties is judged by case_decide. */
uint64_t case_possible(const struct case_file *cf, const struct actor *actor);
/* Applies one event to CF. ERR_INTEGRITY when the stored event cannot follow the state. */
enum err case_fold(struct ctx *ctx, const struct catalog *c, struct case_file *cf, struct str kind, int64_t at_ms,
                   int64_t actor_id, const struct view *payload) MUST_USE;
/* Gives a material its state and note; it counts as changed (since_seq = SEQ) only when the state changes. false: too
 * many materials. */
bool case_material_set(struct case_file *cf, const struct case_material *m, int64_t seq) MUST_USE;
/* Whether any notice so far told the requirement KEY. */
bool case_told(const struct case_file *cf, struct str key);
/* Which leaves of the matter are satisfied by the case's materials; for checklist_gaps. */
struct given case_given(struct arena *a, const struct case_file *cf);
/* Whether the guide leaves the list of materials to the case: it prints none, or names the rules or the agreement that say which. */ //= R19 R263
bool case_lists_own(const struct matter *m);
/* Whether a material is what a gap names, or lies below it: 3.2 in 3. */
bool case_lies_in(struct str leaf, struct str gap);
/* The missing set of a case, the clerk's own list included. */
void case_gaps(struct ctx *ctx, const struct case_file *cf, struct case_gap **ret_gaps, size_t *ret_n);
/* The stage to be done next; NULL when none is left. */
const struct stage *case_stage(const struct case_file *cf);
/* Whether stage I is on this case's way: its facts choose it, and nothing recorded makes it idle. */ //= R112 R157
bool case_stage_applies(const struct case_file *cf, size_t i);
/* Whether stage I of M comes after the conclusion, when another agency's letter has come: a closed case that is not filed away still goes
** through it, and no limit runs. */ //= R117
bool case_stage_after(const struct matter *m, size_t i);
/* How many people sign a stage before it can be passed: the guide's number, else the rule's. */
int case_stage_panel(const struct stage *st);
/* Signatures of the present stage so far. */
int case_signed(const struct case_file *cf);
/* What is recorded when CF's present stage is passed (or the case concluded): the rule's fields, and for a unit's registration the
** decision on each insurance, or which members move. Returns how many. */
enum { CASE_FIELDS_MAX = 40, CASE_UNIT_FIELDS = UNIT_INSURANCES + 2, CASE_SURVEY_FIELDS = 3 };
/* What is recorded when the origin itself sends the form that a letter asked for. */ //= R108 R117
enum { CASE_SENT_FIELDS = 2 };
extern const struct record_field case_sent_fields[CASE_SENT_FIELDS];
/* Whoever gets the paper of a stage, where the guide says to whom it goes. */ //= R163
extern const struct record_field case_recipient_field;
size_t case_stage_fields(const struct case_file *cf, struct record_field ret_f[CASE_FIELDS_MAX]); //= R288
/* All that a unit's registration can add; the insurances first, in the order of unit_insurances. */
extern const struct record_field case_unit_fields[CASE_UNIT_FIELDS];
/* What an evaluation adds where the guide prints a form for the survey on the spot: who signed it, and the seal. */ //= R255
extern const struct record_field case_survey_fields[CASE_SURVEY_FIELDS];
/* What an evaluation says of what was looked at on the spot: item by item, or in words while the bureau has written no list. Wanted where the
** evaluation was on the spot. Returns how many. */
size_t case_on_site_fields(const struct matter *m, struct record_field ret_f[ON_SITE_MAX]); //= R257
/* Which registration of a unit CF asks for; false: answers and form contradict each other. */
bool case_unit_action(const struct case_file *cf, enum unit_action *ret_a); //= R52
/* Why ACTOR may not do (SIGN: sign) the present stage although his role may: separation of duties; empty: he may. Nobody is exempt. */
struct str case_apart(struct arena *a, const struct case_file *cf, int64_t actor_id, bool sign); //= R243 R267
/* The tier of limits that the case's facts choose; NULL: none printed. */
const struct limit_tier *case_tier(const struct case_file *cf);
/* The day the case's limit counts from; DAY_NONE: it does not run yet. *ret_basis: 中文. */
struct day case_clock_start(const struct case_file *cf, struct str *ret_basis);
/* Reckons due, legal and stage_due of CF as seen on TODAY. Pure. */
void case_reckon(const struct calendar *cal, struct case_file *cf, struct day today);
/* One sentence per pause of the case's clock. */
void case_pause_sentences(struct arena *a, const struct calendar *cal, const struct case_file *cf, struct day today,
                          struct view *list);
/* Whether this program carries the matter from its start to its conclusion. */
bool case_handles(const struct matter *m, struct str *ret_reason);
/* Light of a case on TODAY: 'g', 'y' (due today or tomorrow by working days), 'r' (overdue), ' ' no due day. */
char case_light(const struct calendar *cal, struct day due, struct day today, int *ret_left);
/* Facts as a view map {id: text}, and back. */
struct view *case_facts_view(struct arena *a, const struct facts *f);
enum err case_facts_read(struct ctx *ctx, const struct catalog *c, const struct view *map,
                         struct facts *ret_f) MUST_USE;

#endif
