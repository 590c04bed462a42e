/* What the present stage asks, as the desk shows it: fields to record, signatures, the lot, publicity, pauses. */
#include "service/service_int.h"

static void
put_choices(struct ctx *ctx, const struct record_field *f, struct view *row)
{
    struct view *list = view_put_list(row, "choices");
    struct str rest = str_c(f->choice ? f->choice : ""), one;
    (void)ctx;
    while (f->choice && str_split(&rest, '|', &one)) {
        struct view *c = view_add_map(list);
        view_put_text(c, "value", one);
        view_put_bool(c, "selected", false);
    }
}

static void
put_fields(struct ctx *ctx, const struct record_field *f, size_t n, const char *key, struct view *map)
{
    struct view *list = view_put_list(map, key);
    for (size_t i = 0; i < n; i++) {
        struct view *row = view_add_map(list);
        view_put_z(row, "id", f[i].id);
        view_put_z(row, "name", f[i].name);
        view_put_bool(row, "required", f[i].required);
        view_put_bool(row, "is_text", f[i].type == RECORD_TEXT);
        view_put_bool(row, "is_long", f[i].type == RECORD_LONG);
        view_put_bool(row, "is_day", f[i].type == RECORD_DAY);
        view_put_bool(row, "is_choice", f[i].type == RECORD_CHOICE);
        view_put_bool(row, "is_check", f[i].type == RECORD_CHECK);
        view_put_bool(row, "is_number", f[i].type == RECORD_NUMBER);
        view_put_z(row, "help", f[i].help ? f[i].help : "");
        view_put_text(row, "value", STR(""));
        put_choices(ctx, &f[i], row);
    }
}

static void
put_people(struct ctx *ctx, const struct case_file *cf, const struct staff_names *names, struct view *w)
{
    struct view *list = view_put_list(w, "signs"), *drawn = view_put_list(w, "drawn");
    for (size_t i = 0; i < cf->step_count; i++) {
        const struct case_step *s = &cf->step[i];
        if (!s->signature || s->undone || s->stage != cf->stage)
            continue;
        struct view *row = view_add_map(list);
        view_put_text(row, "name", staff_names_get(names, s->actor_id));
        view_put_text(row, "at", day_time_text(ctx->arena, s->at_ms));
        view_put_bool(row, "against", s->against);
    }
    for (size_t i = 0; i < cf->drawn_count; i++) {
        struct view *row = view_add_map(drawn);
        view_put_id(row, "id", cf->drawn[i]);
        view_put_text(row, "name", staff_names_get(names, cf->drawn[i]));
    }
}

//= R248
static void
put_publicity(struct ctx *ctx, const struct case_file *cf, struct view *w)
{
    const struct stage *st = case_stage(cf);
    struct view *list = view_put_list(w, "objections");
    view_put_bool(w, "publicity", stage_rule(st->kind)->publicity);
    view_put_bool(w, "opened", cf->opened);
    view_put_bool(w, "needs_days", st->limit.kind != LIMIT_WORKDAYS);
    view_put_text(w, "until", cf->opened ? day_text_zh(ctx->arena, cf->opened_until) : STR(""));
    bool open = false;
    for (size_t i = 0; i < cf->objection_count; i++) {
        struct view *row = view_add_map(list);
        view_put_int(row, "seq", cf->objection[i].seq);
        view_put_text(row, "text", cf->objection[i].text);
        view_put_text(row, "answer", cf->objection[i].answer);
        view_put_bool(row, "open", str_empty(cf->objection[i].answer));
        view_put_bool(row, "upheld", cf->objection[i].upheld);
        open = open || str_empty(cf->objection[i].answer);
    }
    view_put_bool(w, "any_open_objection", open);
}

static void
put_pauses(struct ctx *ctx, struct server *s, const struct case_file *cf, struct view *c)
{
    struct view *kinds = view_put_list(c, "pause_kinds");
    for (int k = 0; k < PAUSE_KIND_COUNT; k++) {
        if (k == PAUSE_SUPPLEMENT || k == PAUSE_PUBLICITY)
            continue; /* these begin and end by themselves */
        struct view *row = view_add_map(kinds);
        view_put_z(row, "id", pause_id((enum pause_kind)k));
        view_put_z(row, "name", pause_name((enum pause_kind)k));
    }
    case_pause_sentences(ctx->arena, catalog_calendar(s->catalog), cf, day_of_ms(ctx->now_ms),
                         view_put_list(c, "pauses"));
}

/* By which rule things are looked at on the spot, where this stage does it. */ //= R257
static void
put_on_site(const struct case_file *cf, const struct stage *st, struct view *w)
{
    const struct on_site *s = &cf->matter->on_site;
    if (st->kind != STAGE_EVALUATE || str_empty(s->source)) {
        view_put_null(w, "on_site");
        return;
    }
    struct view *v = view_put_map(w, "on_site");
    view_put_text(v, "text", s->verbatim);
    view_put_text(v, "source", s->source);
    view_put_int(v, "items", (int64_t)s->item_count);
    view_put_bool(v, "unwritten", s->item_count == 0);
}

/* Which paper this stage issues, or which later one that leaves the house states what is recorded here. */
static void
put_issues(struct ctx *ctx, const struct case_file *cf, const struct stage *st, struct view *w)
{
    struct str stated = STR("");
    for (size_t i = cf->stage + 1; i < cf->matter->stage_count; i++) {
        const struct stage_paper *p = &cf->matter->stage[i].paper;
        for (size_t k = 0; k < p->of_count && !str_empty(p->to); k++)
            if (p->of[k] == st->kind)
                stated = p->name;
    }
    if (!str_empty(st->paper.to))
        stated = st->paper.name;
    view_put_text(w, "issues", paper_quoted(ctx->arena, st->paper.name));
    view_put_text(w, "stated_on", paper_quoted(ctx->arena, stated));
}

void
stage_view(struct ctx *ctx, struct server *s, const struct case_file *cf, const struct actor *a,
           const struct staff_names *names, struct view *c)
{
    const struct stage *st = case_stage(cf);
    struct view *w = view_put_map(c, "work");
    put_pauses(ctx, s, cf, c);
    view_put_bool(c, "has_pauses",
                  view_count(view_get(c, STR("pauses"))) > 0); /* one that moved nothing says nothing */
    clock_view(ctx, s, cf->stage_due, DAY_NONE, false, cf->status == CASE_NOTIFIED, view_put_map(c, "stage_clock"));
    view_put_bool(c, "has_stage_due", !day_is_none(cf->stage_due));
    view_put_text(c, "explanation", cf->explanation.p ? cf->explanation : STR(""));
    view_put_text(c, "archive_no", cf->archive_no.p ? cf->archive_no : STR(""));
    view_put_bool(w, "any",
                  st && (cf->status == CASE_WORKING || cf->status == CASE_SUBMITTED) && stage_is_work(st->kind));
    struct record_field field[CASE_FIELDS_MAX];
    size_t field_count = case_stage_fields(cf, field);
    if (!st || !stage_is_work(st->kind)) {
        put_fields(ctx, field, field_count, "fields",
                   w); /* a unit's registration may be decided at the conclusion (R288) */
        return;
    }
    const struct stage_rule *r = stage_rule(st->kind);
    int need = cf->drawn_count ? (int)cf->drawn_count : case_stage_panel(st);
    view_put_z(w, "verb", r->verb);
    view_put_z(w, "sign_verb", r->sign_verb ? r->sign_verb : "签字");
    view_put_text(w, "printed", st->name.p ? st->name : STR(""));
    view_put_text(w, "unit", st->unit.p ? st->unit : STR(""));
    put_on_site(cf, st, w);
    put_issues(ctx, cf, st, w);
    put_fields(ctx, field, field_count, "fields", w);
    put_fields(ctx, r->sign_field, r->sign_field_count, "sign_fields", w);
    view_put_bool(w, "panel", need > 0);
    view_put_int(w, "need", need);
    view_put_int(w, "have", case_signed(cf));
    view_put_bool(w, "short", case_signed(cf) < need);
    view_put_z(w, "panel_role", need ? role_name(r->panel_role) : "");
    put_people(ctx, cf, names, w);
    put_publicity(ctx, cf, w);
    view_put_text(w, "apart", case_apart(ctx->arena, cf, a->id, false));
    view_put_text(w, "apart_sign", case_apart(ctx->arena, cf, a->id, true));
}
