/* The rules once more, from the guides: who may do what, who is kept apart, where a case stands, when it is due. */
#include "separation_oracle.h"

#include <string.h>

#include "base/json.h"

/* --- tables --- */

static const struct {
    enum stage_kind kind;
    enum role does, signs;
    int signatures; /* where the guide prints no number */
} work[] = {
    {STAGE_FIRST_REVIEW, ROLE_REVIEW, ROLE_COUNT, 0},   {STAGE_REVIEW, ROLE_REVIEW, ROLE_COUNT, 0},
    {STAGE_SECOND_REVIEW, ROLE_REVIEW, ROLE_COUNT, 0},  {STAGE_APPROVE, ROLE_APPROVE, ROLE_COUNT, 0},
    {STAGE_EVALUATE, ROLE_REVIEW, ROLE_PANEL, 3},       {STAGE_EXPERT, ROLE_REVIEW, ROLE_PANEL, 0},
    {STAGE_EXAMINE, ROLE_REVIEW, ROLE_COUNT, 0},        {STAGE_NEGOTIATE, ROLE_REVIEW, ROLE_COUNT, 0},
    {STAGE_PUBLICITY, ROLE_REVIEW, ROLE_COUNT, 0},      {STAGE_AGREE, ROLE_REVIEW, ROLE_COUNT, 0},
    {STAGE_ANNOUNCE, ROLE_REVIEW, ROLE_COUNT, 0},       {STAGE_INJURY, ROLE_REVIEW, ROLE_COUNT, 0},
    {STAGE_LETTER, ROLE_WINDOW, ROLE_COUNT, 0},         {STAGE_INFO_FORM, ROLE_WINDOW, ROLE_COUNT, 0},
    {STAGE_TRANSFER_FUNDS, ROLE_FUND, ROLE_COUNT, 0},   {STAGE_LIST, ROLE_WINDOW, ROLE_COUNT, 0},
    {STAGE_FINANCE, ROLE_FUND, ROLE_COUNT, 0},          {STAGE_PAY, ROLE_FUND, ROLE_COUNT, 0},
    {STAGE_DELIVER, ROLE_WINDOW, ROLE_COUNT, 0},        {STAGE_FEEDBACK, ROLE_WINDOW, ROLE_COUNT, 0},
    {STAGE_FILE_CASE, ROLE_ENFORCE, ROLE_COUNT, 0},     {STAGE_START, ROLE_ENFORCE, ROLE_HEAD, 1},   //= R266
    {STAGE_INVESTIGATE, ROLE_ENFORCE, ROLE_ENFORCE, 2},                                              //= R267
    {STAGE_INSPECT, ROLE_ENFORCE, ROLE_ENFORCE, 2},                                                  //= R267
    {STAGE_DECIDE, ROLE_HEAD, ROLE_LEGAL, 1},                                                        //= R272
    {STAGE_SERVE, ROLE_ENFORCE, ROLE_COUNT, 0},         {STAGE_ARCHIVE, ROLE_ENFORCE, ROLE_HEAD, 1}, //= R273
    {STAGE_HOSPITAL, ROLE_HOSPITAL, ROLE_COUNT, 0},     {STAGE_LETTER_IN, ROLE_WINDOW, ROLE_COUNT, 0},
};

/* Whoever did EARLIER in a case may not do LATER. */
static const struct {
    enum stage_kind earlier, later;
} apart[] = {
    {STAGE_FIRST_REVIEW, STAGE_SECOND_REVIEW}, {STAGE_REVIEW, STAGE_SECOND_REVIEW}, //= R196
    {STAGE_FIRST_REVIEW, STAGE_APPROVE},       {STAGE_REVIEW, STAGE_APPROVE},
    {STAGE_SECOND_REVIEW, STAGE_APPROVE}, //= R153
    {STAGE_FIRST_REVIEW, STAGE_PAY},           {STAGE_REVIEW, STAGE_PAY},
    {STAGE_SECOND_REVIEW, STAGE_PAY},          {STAGE_APPROVE, STAGE_PAY}, //= R243
    {STAGE_INVESTIGATE, STAGE_DECIDE},                                     //= R272
};

#define AT(s) (1u << CASE_##s)
enum { SAME = CASE_STATUS_COUNT, EITHER_END, ARRIVES, RETURNS };
static const struct {
    const char *kind;
    unsigned from;
    int to;
} table[] = {
    {"submitted", AT(NONE), ARRIVES},
    {"noticed", AT(SUBMITTED), CASE_NOTIFIED},
    {"listed", AT(SUBMITTED), SAME},
    {"supplemented", AT(SUBMITTED) | AT(NOTIFIED) | AT(WORKING), RETURNS},
    {"shared", AT(SUBMITTED) | AT(NOTIFIED) | AT(WORKING), RETURNS},
    {"assisted", AT(SUBMITTED), SAME},
    {"accepted", AT(SUBMITTED), CASE_WORKING},
    {"refused", AT(SUBMITTED) | AT(NOTIFIED) | AT(WORKING), CASE_REFUSED},
    {"withdrawn", AT(SUBMITTED) | AT(NOTIFIED), CASE_WITHDRAWN},
    {"passed", AT(SUBMITTED) | AT(WORKING) | AT(CLOSED), SAME},
    {"signed", AT(SUBMITTED) | AT(WORKING), SAME},
    {"drawn", AT(SUBMITTED) | AT(WORKING), SAME},
    {"returned", AT(WORKING), SAME},
    {"opened", AT(WORKING), SAME},
    {"objected", AT(WORKING), SAME},
    {"answered", AT(WORKING), SAME},
    {"paused", AT(WORKING), SAME},
    {"resumed", AT(WORKING), SAME},
    {"concluded", AT(WORKING), EITHER_END},
    {"delivered", AT(CONCLUDED), CASE_CLOSED},
    {"handed_over", AT(SUBMITTED) | AT(NOTIFIED) | AT(WORKING) | AT(CONCLUDED), SAME},
    {"explained", AT(SUBMITTED) | AT(NOTIFIED) | AT(WORKING) | AT(CONCLUDED) | AT(CLOSED) | AT(REFUSED), SAME},
    {"rated", AT(CONCLUDED) | AT(CLOSED) | AT(REFUSED), SAME},
    {"archived", AT(CLOSED) | AT(REFUSED) | AT(WITHDRAWN), SAME},
};

static size_t
work_row(enum stage_kind k)
{
    size_t i = 0;
    while (i < sizeof work / sizeof *work && work[i].kind != k)
        i++;
    if (i == sizeof work / sizeof *work)
        fail_msg("“%s” is no work", stage_name(k));
    return i;
}

bool
oracle_is_work(const struct matter *m, size_t stage)
{
    enum stage_kind k = m->stage[stage].kind;
    if (k != STAGE_DELIVER)
        return k != STAGE_APPLY && k != STAGE_ACCEPT && k != STAGE_CONCLUDE;
    for (size_t i = stage + 1; i < m->stage_count; i++)
        if (m->stage[i].kind == STAGE_CONCLUDE)
            return true;
    return false;
}

/* What the guide has done behind the conclusion: another agency's letter, and the form that answers it. */ //= R117 type=test
static bool
behind(const struct matter *m, size_t stage)
{
    size_t end = 0;
    while (end < m->stage_count && m->stage[end].kind != STAGE_CONCLUDE)
        end++;
    return stage > end && stage < m->stage_count &&
           (m->stage[stage].kind == STAGE_LETTER_IN || m->stage[stage].kind == STAGE_INFO_FORM);
}

int
oracle_panel(const struct stage *st)
{
    size_t row = work_row(st->kind);
    int64_t printed;
    if (work[row].signs == ROLE_COUNT)
        return 0;
    return str_int(st->count, &printed) && printed > 0 ? (int)printed : work[row].signatures;
}

/* --- telling --- */

void
oracle_fail(const struct oracle *o, const char *what)
{
    print_error("JINGBAN_SEED=%llu, sequence %ld, %s %s\n", (unsigned long long)o->seed, o->nth,
                str_z(o->a, o->m->region->code), str_z(o->a, o->m->id));
    for (size_t i = 0; i < o->m->stage_count; i++)
        print_error("  stage %zu %s %s %s\n", i, stage_name(o->m->stage[i].kind), str_z(o->a, o->m->stage[i].unit),
                    str_z(o->a, o->m->stage[i].count));
    for (size_t i = 0; i < o->event_count; i++)
        print_error("  %zu %s by %lld on %s %s\n", i + 1, str_z(o->a, o->event[i].kind),
                    (long long)o->event[i].actor_id, str_z(o->a, day_text(o->a, day_of_ms(o->event[i].at_ms))),
                    str_z(o->a, str_sub(o->event[i].json, 0, 300)));
    fail_msg("%s", what);
}

static void
need(const struct oracle *o, bool right, const char *what)
{
    if (!right)
        oracle_fail(o, what);
}

void
oracle_begin(struct oracle *o, struct arena *a, const struct matter *m)
{
    *o = (struct oracle){
        .a = a, .m = m, .due = DAY_NONE, .legal = DAY_NONE, .stage_due = DAY_NONE, .opened_until = DAY_NONE};
}

static bool
flag(const struct view *p, const char *key)
{
    const struct view *v = view_get(p, str_c(key));
    return v && view_kind(v) == VIEW_BOOL && view_int(v);
}

static int64_t
number(const struct oracle *o, const struct view *p, const char *key)
{
    const struct view *v = view_get(p, str_c(key));
    int64_t n = 0;
    if (v && view_kind(v) == VIEW_INT)
        return view_int(v);
    need(o, v && view_kind(v) == VIEW_TEXT && str_int(view_text(v), &n), "an event without its number");
    return n;
}

static struct day
date(const struct view *p, const char *key)
{
    struct day d = DAY_NONE;
    const struct view *v = view_get(p, str_c(key));
    return v && view_kind(v) == VIEW_TEXT && day_parse(view_text(v), &d) ? d : DAY_NONE;
}

/* --- who --- */

static void
add_deed(struct oracle *o, enum deed_what what, int64_t id, int64_t at_ms, bool against)
{
    need(o, o->deed_count < DEEDS_MAX, "too many deeds");
    o->deed[o->deed_count++] = (struct deed){.what = what,
                                             .stage = o->stage,
                                             .kind = o->m->stage[o->stage < o->m->stage_count ? o->stage : 0].kind,
                                             .id = id,
                                             .at_ms = at_ms,
                                             .against = against};
}

/* Stages that the guide gives to another section than the one that accepts. */ //= R153
static bool
of_other_section(const struct matter *m, const struct stage *st)
{
    bool judged = st->kind == STAGE_FIRST_REVIEW || st->kind == STAGE_REVIEW || st->kind == STAGE_SECOND_REVIEW ||
                  st->kind == STAGE_APPROVE || st->kind == STAGE_PAY;
    for (size_t i = 0; i < m->stage_count; i++)
        if (m->stage[i].kind == STAGE_ACCEPT && str_eq(m->stage[i].unit, st->unit))
            return false;
    return judged && !str_empty(st->unit);
}

bool
oracle_acceptor_apart(const struct matter *m, size_t stage)
{
    enum stage_kind k = m->stage[stage].kind;
    return k == STAGE_PAY || k == STAGE_INJURY || of_other_section(m, &m->stage[stage]); //= R198 R243
}

bool
oracle_apart(enum stage_kind earlier, enum stage_kind later)
{
    for (size_t k = 0; k < sizeof apart / sizeof *apart; k++)
        if (apart[k].earlier == earlier && apart[k].later == later)
            return true;
    return false;
}

enum role
oracle_does(enum stage_kind k)
{
    return work[work_row(k)].does;
}

enum role
oracle_signs(enum stage_kind k)
{
    return work[work_row(k)].signs;
}

static void
judge_apart(const struct oracle *o, int64_t id)
{
    const struct stage *st = &o->m->stage[o->stage];
    for (size_t i = 0; i < o->deed_count; i++)
        for (size_t k = 0; k < sizeof apart / sizeof *apart; k++)
            if (o->deed[i].id == id && o->deed[i].what != DEED_ACCEPTED && o->deed[i].stage != o->stage &&
                apart[k].earlier == o->deed[i].kind && apart[k].later == st->kind)
                oracle_fail(o, "one person did two stages that are kept apart");
    if (o->acceptor == id) {
        need(o, st->kind != STAGE_PAY, "who accepted it paid it");
        need(o, st->kind != STAGE_INJURY, "who accepted it investigated the injury"); //= R198
        need(o, !of_other_section(o->m, st), "who accepted it did another section's stage");
    }
}

static void
judge_signed(struct oracle *o, const struct actor *a, int64_t at_ms, const struct view *p)
{
    need(o, o->stage < o->m->stage_count && oracle_is_work(o->m, o->stage), "signed where nothing is to be signed");
    size_t row = work_row(o->m->stage[o->stage].kind);
    bool drawn = o->drawn_count == 0;
    need(o, work[row].signs != ROLE_COUNT && actor_has(a, work[row].signs), "signed without the role");
    for (size_t i = 0; i < o->deed_count; i++)
        if (o->deed[i].what == DEED_SIGNED && !o->deed[i].undone && o->deed[i].stage == o->stage)
            need(o, o->deed[i].id != a->id, "one person signed twice");
    for (size_t i = 0; i < o->drawn_count; i++)
        drawn = drawn || o->drawn[i] == a->id;
    need(o, drawn, "somebody signed who was not drawn");
    judge_apart(o, a->id);
    add_deed(o, DEED_SIGNED, a->id, at_ms, flag(p, "against"));
}

static void
judge_panel(const struct oracle *o, size_t row, int64_t id)
{
    const struct stage *st = &o->m->stage[o->stage];
    int want = o->drawn_count ? (int)o->drawn_count : oracle_panel(st), have = 0;
    for (size_t i = 0; i < o->deed_count; i++) {
        const struct deed *d = &o->deed[i];
        if (d->what != DEED_SIGNED || d->undone || d->stage != o->stage)
            continue;
        have++;
        need(o, !d->against, "passed against a signature");
        if (work[row].signs != work[row].does)
            need(o, d->id != id, "who signed it also passed it");
    }
    need(o, have >= want, "passed with too few signatures");
    if (st->kind == STAGE_INVESTIGATE || st->kind == STAGE_INSPECT)
        need(o, have >= 2, "fewer than two officers");
}

static void
judge_publicity(const struct oracle *o, int64_t at_ms)
{
    need(o, o->opened && day_of_ms(at_ms).n > o->opened_until.n, "passed before the publicity was over");
    for (size_t i = 0; i < o->objection_count; i++)
        need(o, o->objection[i].answered && !o->objection[i].upheld, "passed over an objection");
}

/* A stage that is not on this case's way: the letter or the answers say so. */ //= R112 R157
static bool
moot(const struct oracle *o, size_t stage)
{
    const struct stage *st = &o->m->stage[stage];
    if (o->no_funds && st->kind == STAGE_TRANSFER_FUNDS)
        return true;
    struct value v = st->when.feel ? feel_eval(st->when.feel, o->facts.value, NULL) : (struct value){0};
    return v.kind == VALUE_BOOL && !v.b;
}

static void
enter(struct oracle *o, size_t stage, int64_t at_ms)
{
    while (stage < o->m->stage_count && moot(o, stage))
        stage++;
    o->stage = stage;
    o->stage_ms = at_ms;
    o->drawn_count = o->objection_count = 0;
    o->opened = false;
    o->opened_until = DAY_NONE;
}

static void
stop_pauses(struct oracle *o, int64_t at_ms, bool one, enum pause_kind k)
{
    for (size_t i = 0; i < o->pause_count; i++) {
        enum pause_kind was = o->pause[i].kind;
        if (day_is_none(o->pause[i].to) && (one ? was == k : was != PAUSE_SUPPLEMENT && was != PAUSE_PUBLICITY))
            o->pause[i].to = day_of_ms(at_ms);
    }
}

static void
start_pause(struct oracle *o, int64_t at_ms, enum pause_kind k, struct day until)
{
    need(o, o->pause_count < CLOCK_PAUSES_MAX, "too many pauses");
    o->pause[o->pause_count++] =
        (struct clock_pause){.kind = k, .from = day_of_ms(at_ms), .to = DAY_NONE, .until = until};
}

static void
judge_passed(struct oracle *o, const struct actor *a, int64_t at_ms, const struct view *p)
{
    need(o, o->stage < o->m->stage_count && oracle_is_work(o->m, o->stage), "passed what is no work");
    const struct stage *st = &o->m->stage[o->stage];
    size_t row = work_row(st->kind);
    need(o, (o->status == CASE_CLOSED) == behind(o->m, o->stage), "passed on the wrong side of the conclusion");
    need(o, !o->archived, "passed after it was filed away");
    need(o, actor_has(a, work[row].does), "passed without the role");
    judge_apart(o, a->id);
    judge_panel(o, row, a->id);
    if (st->kind == STAGE_PUBLICITY)
        judge_publicity(o, at_ms);
    add_deed(o, DEED_PASSED, a->id, at_ms, false);
    stop_pauses(o, at_ms, true, PAUSE_PUBLICITY);
    if (st->kind == STAGE_LETTER) { //= R112
        const struct view *said = view_get(view_get(p, STR("record")), STR("account"));
        o->no_funds = said && str_eqz(view_text(said), "否");
    }
    enter(o, o->stage + 1, at_ms);
}

static void
judge_returned(struct oracle *o, int64_t at_ms, const struct view *p)
{
    size_t to = (size_t)number(o, p, "to");
    need(o, to < o->stage && oracle_is_work(o->m, to) && !moot(o, to), "returned to where nothing was done");
    for (size_t i = 0; i < o->deed_count; i++) {
        struct deed *d = &o->deed[i];
        if (d->what == DEED_ACCEPTED || d->stage < to)
            continue;
        need(o, d->undone || d->what == DEED_SIGNED || (d->kind != STAGE_PAY && d->kind != STAGE_TRANSFER_FUNDS),
             "money that went out was called back by a press");
        d->undone = true;
    }
    stop_pauses(o, at_ms, true, PAUSE_PUBLICITY);
    enter(o, to, at_ms);
}

/* Everything the guide asks was done, by people who may have done it together. */
static void
judge_concluded(const struct oracle *o)
{
    bool acceptance = case_origin(o->m) == ORIGIN_APPLICATION;
    for (size_t s = 0; s < o->m->stage_count; s++) {
        bool passed = false;
        for (size_t i = 0; i < o->deed_count; i++)
            passed = passed || (o->deed[i].what == DEED_PASSED && !o->deed[i].undone && o->deed[i].stage == s);
        need(o, passed || moot(o, s) || !oracle_is_work(o->m, s) || behind(o->m, s),
             "concluded although a stage was not passed");
    }
    need(o, o->acceptor || !acceptance, "concluded although nobody accepted it");
    for (size_t i = 0; i < o->deed_count; i++)
        for (size_t j = 0; j < o->deed_count; j++) {
            const struct deed *x = &o->deed[i], *y = &o->deed[j];
            if (x->undone || y->undone || x->id != y->id || x->what == DEED_ACCEPTED || y->what == DEED_ACCEPTED)
                continue;
            for (size_t k = 0; k < sizeof apart / sizeof *apart; k++)
                need(o, x->kind != apart[k].earlier || y->kind != apart[k].later,
                     "concluded with one person in two roles");
        }
}

/* --- where --- */

static void
judge_objection(struct oracle *o, const struct case_file *cf, bool answer, const struct view *p)
{
    need(o, o->opened, "an objection outside a publicity");
    if (!answer) {
        o->objection[o->objection_count++].seq = cf->seq + 1;
        o->objection[o->objection_count - 1].answered = false;
        return;
    }
    int64_t seq = number(o, p, "objection");
    size_t i = 0;
    while (i < o->objection_count && o->objection[i].seq != seq)
        i++;
    need(o, i < o->objection_count && !o->objection[i].answered, "an answer to no objection");
    o->objection[i].answered = true;
    o->objection[i].upheld = flag(p, "upheld");
}

//= R248
static void
judge_opened(struct oracle *o, int64_t at_ms, const struct view *p)
{
    struct day today = day_of_ms(at_ms);
    const struct stage *st = &o->m->stage[o->stage];
    int64_t days = number(o, p, "days"), counted = 0;
    need(o, st->kind == STAGE_PUBLICITY && !o->opened, "opened what is no publicity");
    o->opened = true;
    o->opened_until = date(p, "until");
    need(o, !day_is_none(o->opened_until), "a publicity without an end");
    for (int d = today.n + 1; d <= o->opened_until.n; d++)
        counted += calendar_is_workday(catalog_calendar(catalog), (struct day){d});
    need(o, counted == days && days > 0 && calendar_is_workday(catalog_calendar(catalog), o->opened_until),
         "a publicity too short or too long");
    if (st->limit.kind == LIMIT_WORKDAYS)
        need(o, days == st->limit.n, "a publicity of other days than printed");
}

static void
judge_drawn(struct oracle *o, const struct view *p)
{
    const struct view *list = view_get(p, STR("members"));
    int want = oracle_panel(&o->m->stage[o->stage]);
    need(o, o->drawn_count == 0, "drawn twice");
    for (const struct view *v = view_first(list); v && o->drawn_count < CASE_DRAWN_MAX; v = view_next(v)) {
        int64_t id = number(o, v, "id");
        for (size_t i = 0; i < o->drawn_count; i++)
            need(o, o->drawn[i] != id, "one person drawn twice");
        o->drawn[o->drawn_count++] = id;
    }
    need(o, want ? (int)o->drawn_count == want : o->drawn_count > 0, "another number drawn than the guide prints");
}

static void
judge_accepted(struct oracle *o, const struct actor *a, int64_t at_ms)
{
    bool printed = false;
    for (size_t i = 0; i < o->m->stage_count; i++)
        printed = printed || o->m->stage[i].kind == STAGE_ACCEPT;
    need(o, actor_has(a, ROLE_WINDOW) || (!printed && actor_has(a, ROLE_REVIEW)), "accepted without the role");
    need(o, !printed || o->m->stage[o->stage].kind == STAGE_ACCEPT, "accepted out of turn");
    o->acceptor = a->id;
    o->accepted_ms = at_ms;
    if (!o->complete_ms)
        o->complete_ms = at_ms;
    add_deed(o, DEED_ACCEPTED, a->id, at_ms, false);
    stop_pauses(o, at_ms, true, PAUSE_SUPPLEMENT);
    enter(o, o->stage + printed, at_ms);
}

static void
judge_submitted(struct oracle *o, const struct case_file *cf, const struct actor *a, int64_t at_ms, bool complete)
{
    bool at_once = false;
    o->facts = cf->facts; /* the answers it is made with */
    switch (o->m->stage_count ? o->m->stage[0].kind : STAGE_APPLY) {
    case STAGE_HOSPITAL:
        need(o, actor_has(a, ROLE_HOSPITAL) || actor_has(a, ROLE_WINDOW), "begun without the role");
        at_once = true;
        break;
    case STAGE_LIST:
        need(o, actor_has(a, ROLE_WINDOW) || actor_has(a, ROLE_REVIEW), "begun without the role");
        at_once = true;
        break;
    case STAGE_START:
    case STAGE_FILE_CASE:
        need(o, actor_has(a, ROLE_ENFORCE), "begun without the role");
        at_once = true;
        break;
    default:
        need(o, a->kind == ACTOR_PUBLIC || actor_has(a, ROLE_WINDOW) || actor_has(a, ROLE_KIOSK),
             "begun without the role");
    }
    o->status = at_once ? CASE_WORKING : CASE_SUBMITTED;
    o->received_ms = at_ms;
    o->complete_ms = complete || at_once ? at_ms : 0;
    o->accepted_ms = at_once ? at_ms : 0;
    size_t i = 0;
    while (i < o->m->stage_count && o->m->stage[i].kind == STAGE_APPLY)
        i++;
    enter(o, i, at_ms);
}

static void
judge_paused(struct oracle *o, int64_t at_ms, const struct view *p)
{
    enum pause_kind k = PAUSE_KIND_COUNT;
    const struct view *v = view_get(p, STR("pause"));
    need(o, v && pause_parse(view_text(v), &k) && k != PAUSE_SUPPLEMENT && k != PAUSE_PUBLICITY, "a pause of no kind");
    start_pause(o, at_ms, k, date(p, "until"));
}

static void
judge_beside(struct oracle *o, const struct case_file *cf, const char *kind, int64_t at_ms, const struct view *p)
{
    if (!strcmp(kind, "noticed")) {
        o->complete_ms = 0;
        o->noticed = true;
        start_pause(o, at_ms, PAUSE_SUPPLEMENT, DAY_NONE);
    } else if (!strcmp(kind, "listed") && flag(p, "complete")) {
        o->complete_ms = at_ms;
    } else if (!strcmp(kind, "drawn")) {
        judge_drawn(o, p);
    } else if (!strcmp(kind, "opened")) {
        const struct limit_tier *t = case_tier(cf);
        judge_opened(o, at_ms, p);
        for (size_t i = 0; t && i < t->pause_count; i++) {
            enum pause_kind k;
            if (pause_of_phrase(t->pause[i], &k) && k == PAUSE_PUBLICITY) {
                start_pause(o, at_ms, k, o->opened_until);
                break;
            }
        }
    } else if (!strcmp(kind, "objected") || !strcmp(kind, "answered")) {
        judge_objection(o, cf, !strcmp(kind, "answered"), p);
    } else if (!strcmp(kind, "paused")) {
        judge_paused(o, at_ms, p);
    } else if (!strcmp(kind, "resumed")) {
        stop_pauses(o, at_ms, false, PAUSE_POST);
    } else if (!strcmp(kind, "rated")) {
        need(o, !o->rated, "rated twice");
        o->rated = true;
    } else if (!strcmp(kind, "archived")) {
        need(o, !o->archived, "filed away twice");
        o->archived = true;
    }
}

/* The status the event leads to by the table, applied. */
static void
move(struct oracle *o, const char *kind, int64_t at_ms, const struct view *p)
{
    size_t i = 0;
    while (i < sizeof table / sizeof *table && strcmp(table[i].kind, kind) != 0)
        i++;
    if (i == sizeof table / sizeof *table) {
        need(o, false, "an event of no kind");
        return;
    }
    need(o, table[i].from >> o->status & 1u, "an event where the table has none");
    if (table[i].to < SAME) {
        o->status = (enum case_status)table[i].to;
    } else if (table[i].to == EITHER_END) {
        o->status = flag(p, "deliver") ? CASE_CONCLUDED : CASE_CLOSED;
        o->stage += o->stage < o->m->stage_count;
    } else if (table[i].to == RETURNS) {
        if (flag(p, "complete") && !o->complete_ms)
            o->complete_ms = at_ms;
        if (o->status == CASE_NOTIFIED && (!strcmp(kind, "supplemented") || flag(p, "complete"))) {
            o->status = CASE_SUBMITTED;
            stop_pauses(o, at_ms, true, PAUSE_SUPPLEMENT);
        }
    }
    if (!strcmp(kind, "delivered"))
        while (o->stage < o->m->stage_count && !behind(o->m, o->stage))
            o->stage++;
}

void
oracle_judge(struct oracle *o, const struct case_file *cf, const struct actor *actor, struct str kind, int64_t at_ms,
             const struct view *p)
{
    struct buf b;
    const char *k = str_z(o->a, kind);
    buf_init(&b, o->a, 300);
    view_json(p, &b);
    need(o, o->event_count < DEEDS_MAX, "too many events");
    o->event[o->event_count++] =
        (struct told_event){str_c(k), buf_str(&b), at_ms, actor->kind == ACTOR_STAFF ? actor->id : 0};
    move(o, k, at_ms, p);
    bool public_too =
        !strcmp(k, "submitted") || !strcmp(k, "supplemented") || !strcmp(k, "withdrawn") || !strcmp(k, "rated");
    need(o, public_too || actor->kind == ACTOR_STAFF, "nobody of the house did it");
    if (!strcmp(k, "submitted"))
        judge_submitted(o, cf, actor, at_ms, flag(p, "complete"));
    else if (!strcmp(k, "accepted"))
        judge_accepted(o, actor, at_ms);
    else if (!strcmp(k, "passed"))
        judge_passed(o, actor, at_ms, p);
    else if (!strcmp(k, "signed"))
        judge_signed(o, actor, at_ms, p);
    else if (!strcmp(k, "returned"))
        judge_returned(o, at_ms, p);
    else if (!strcmp(k, "concluded"))
        judge_concluded(o);
    else
        judge_beside(o, cf, k, at_ms, p);
}

/* --- when --- */

static struct day
on(int64_t ms)
{
    return ms ? day_of_ms(ms) : DAY_NONE;
}

static int64_t
passed_at(const struct oracle *o, enum stage_kind k)
{
    int64_t ms = 0;
    for (size_t i = 0; i < o->deed_count; i++)
        if (o->deed[i].what == DEED_PASSED && !o->deed[i].undone && o->deed[i].kind == k)
            ms = o->deed[i].at_ms;
    return ms;
}

/* What START means for this case; 0: it has not happened. */
static int64_t
start_ms(const struct oracle *o, enum limit_start start)
{
    int64_t form = passed_at(o, STAGE_INFO_FORM), funds = passed_at(o, STAGE_TRANSFER_FUNDS);
    switch (start) {
    case START_RECEIVED:
        return o->received_ms;
    case START_ACCEPTED:
    case START_ACCEPT_END:
        return o->accepted_ms;
    case START_LETTER:
        return passed_at(o, STAGE_LETTER);
    case START_INFO_FORM:
        return form;
    case START_INFO_FUNDS:
        return form > funds ? form : funds;
    default:
        return 0;
    }
}

static struct day
fresh_due(const struct oracle *o, struct limit l, struct day start)
{
    struct clock_pause p[CLOCK_PAUSES_MAX];
    struct clock k = {.due = DAY_NONE};
    size_t n = 0;
    if (day_is_none(start))
        return DAY_NONE;
    for (size_t i = 0; i < o->pause_count; i++)
        if (day_is_none(o->pause[i].to) || o->pause[i].to.n > start.n)
            p[n++] = o->pause[i];
    clock_reckon(catalog_calendar(catalog), l, start, p, n, start, &k);
    return k.due;
}

static struct day
fresh_stage_due(const struct oracle *o, const struct limit_tier *t)
{
    if (o->stage >= o->m->stage_count || o->m->stage[o->stage].kind == STAGE_PUBLICITY || o->status == CASE_NOTIFIED)
        return DAY_NONE;
    const struct stage *st = &o->m->stage[o->stage];
    for (size_t i = 0; t && i < t->stage_count; i++)
        if (t->stage[i].stage == st->kind) {
            int64_t ms = start_ms(o, t->stage[i].start);
            return fresh_due(o, t->stage[i].limit, on(ms ? ms : o->stage_ms));
        }
    return st->limit.kind == LIMIT_NONE ? DAY_NONE : fresh_due(o, st->limit, on(o->stage_ms));
}

void
oracle_compare(struct oracle *o, const struct case_file *cf)
{
    need(o, cf->status == o->status, "the case has another status");
    need(o, cf->stage == o->stage, "the case stands at another stage");
    need(o, cf->acceptor_id == o->acceptor, "another acceptor");
    need(o, cf->seq == (int64_t)o->event_count, "another number of events");
    if (o->status == CASE_SUBMITTED || o->status == CASE_NOTIFIED || o->status == CASE_WORKING) {
        const struct limit_tier *t = case_tier(cf);
        bool waiting = o->status != CASE_WORKING;
        int64_t complete = o->complete_ms                               ? o->complete_ms
                           : o->status == CASE_SUBMITTED && !o->noticed ? o->received_ms
                                                                        : 0;
        struct day start = DAY_NONE;
        if (t && (waiting || !t->receipt_only))
            start = on(t->start == START_RECEIVED || t->start == START_ACCEPTED || t->start == START_ACCEPT_END
                           ? start_ms(o, t->start)
                           : complete);
        o->due = t ? fresh_due(o, t->promised, start) : DAY_NONE;
        o->legal = t ? fresh_due(o, t->legal, start) : DAY_NONE;
        o->stage_due = fresh_stage_due(o, t);
    }
    need(o, cf->due.n == o->due.n, "another promised day");
    need(o, cf->legal.n == o->legal.n, "another legal day");
    need(o, cf->stage_due.n == o->stage_due.n, "another day of the stage");
}

/* --- again --- */

static void
put_rest(struct buf *b, const struct case_file *cf)
{
    buf_fmt(b, " pauses");
    for (size_t i = 0; i < cf->pause_count; i++)
        buf_fmt(b, " %d:%d-%d/%d", (int)cf->pause[i].kind, cf->pause[i].from.n, cf->pause[i].to.n,
                cf->pause[i].until.n);
    buf_fmt(b, " steps");
    for (size_t i = 0; i < cf->step_count; i++)
        buf_fmt(b, " %zu:%d:%lld:%lld:%d%d%d", cf->step[i].stage, (int)cf->step[i].kind,
                (long long)cf->step[i].actor_id, (long long)cf->step[i].at_ms, cf->step[i].signature,
                cf->step[i].against, cf->step[i].undone);
    buf_fmt(b, " drawn");
    for (size_t i = 0; i < cf->drawn_count; i++)
        buf_fmt(b, " %lld", (long long)cf->drawn[i]);
    for (size_t i = 0; i < cf->objection_count; i++)
        buf_fmt(b, " objection %lld %.*s %.*s %d", (long long)cf->objection[i].seq, STR_ARG(cf->objection[i].text),
                STR_ARG(cf->objection[i].answer), cf->objection[i].upheld);
    for (size_t i = 0; i < cf->material_count; i++)
        buf_fmt(b, " %.*s=%d/%.*s@%lld", STR_ARG(cf->material[i].key), (int)cf->material[i].state,
                STR_ARG(cf->material[i].note), (long long)cf->material[i].since_seq);
    for (size_t i = 0; i < cf->told_count; i++)
        buf_fmt(b, " told %.*s %.*s", STR_ARG(cf->told[i].key), STR_ARG(cf->told[i].text));
    for (size_t i = 0; i < cf->told_ever_count; i++)
        buf_fmt(b, " ever %.*s", STR_ARG(cf->told_ever[i]));
}

/* Everything the row and its side rows are made of. */
static struct str
row(struct arena *a, const struct case_file *cf)
{
    struct buf b;
    buf_init(&b, a, 2000);
    buf_fmt(&b, "%.*s %.*s %s stage %zu due %d %d %d %d %.*s", STR_ARG(cf->no), STR_ARG(cf->matter_id),
            case_status_id(cf->status), cf->stage, cf->due.n, cf->legal.n, cf->stage_due.n, cf->tentative,
            STR_ARG(cf->limit_basis));
    buf_fmt(&b, " at %lld %lld %lld %lld %lld %lld %lld", (long long)cf->received_ms, (long long)cf->complete_ms,
            (long long)cf->accepted_ms, (long long)cf->concluded_ms, (long long)cf->stage_ms,
            (long long)cf->archived_ms, (long long)cf->updated_ms);
    buf_fmt(&b, " by %lld %lld %lld rated %d seq %lld noticed %lld listed %d opened %d %d", (long long)cf->owner_id,
            (long long)cf->handler_id, (long long)cf->acceptor_id, cf->rating, (long long)cf->seq,
            (long long)cf->noticed_seq, cf->listed, cf->opened, cf->opened_until.n);
    buf_fmt(&b, " %.*s %.*s %.*s %d ", STR_ARG(cf->refusal), STR_ARG(cf->explanation), STR_ARG(cf->archive_no),
            cf->tolerance_due.n);
    view_json(case_facts_view(a, &cf->facts), &b);
    put_rest(&b, cf);
    return buf_str(&b);
}

void
oracle_refold(const struct oracle *o, struct ctx *c, const struct case_file *cf)
{
    struct case_file *again = ARENA_NEW(c->arena, struct case_file);
    *again =
        (struct case_file){.region = cf->region, .id = 1, .due = DAY_NONE, .legal = DAY_NONE, .stage_due = DAY_NONE};
    for (size_t i = 0; i < o->event_count; i++) {
        struct view *p;
        SUPPORT_OK(c, view_from_json(c, o->event[i].json, &p));
        SUPPORT_OK(c, case_fold(c, catalog, again, o->event[i].kind, o->event[i].at_ms, o->event[i].actor_id, p));
    }
    struct str was = row(o->a, cf), is = row(o->a, again);
    if (!str_eq(was, is)) {
        print_error("was %s\nis  %s\n", was.p, is.p);
        oracle_fail(o, "the events fold to another row");
    }
}
