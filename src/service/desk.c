/* The workbench: the case, one press of a button, tasks. */
#include "base/json.h"
#include "service/commitment.h"
#include "service/guide.h"
#include "service/occasion.h"
#include "service/service_int.h"
#include "service/sharing.h"
#include "sql_gen.h"

enum { FINISH_STEPS_MAX = 6 };

/* --- a case --- */

enum err
desk_load_case(struct ctx *ctx, struct server *s, struct tx *tx, const struct actor *a, struct str no,
               struct case_file *cf)
{
    struct str number, region;
    if (!service_case_no_parse(no, ctx->arena, &number, &region))
        FAIL(ctx, ERR_NOT_FOUND, "办件编号不对");
    if (!str_eq(region, a->region)) /* staff see their own region only */
        FAIL(ctx, ERR_FORBIDDEN, "这是外统筹区的办件");
    struct sql_case_by_no_in in = {.region = region, .no = number};
    struct sql_case_by_no_row row;
    bool found;
    TRY(ctx, sql_case_by_no(ctx, tx, &in, &row, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有这个办件");
    TRY(ctx, case_load(ctx, tx, &s->vault, s->catalog, region, row.id, cf));
    if (!may_see(s, a, cf->agency))
        FAIL(ctx, ERR_FORBIDDEN, "这是其他机构的办件");
    return OK;
}

static enum err
look_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    return sql_look_insert(ctx, tx, arg, NULL);
}

enum err
desk_record_look(struct ctx *ctx, struct server *s, const struct actor *a, const struct case_file *cf, const char *kind,
                 struct str reason)
{
    struct str said = str_sub(reason.p ? reason : STR(""), 0, 400);
    while (!str_utf8_valid(said)) /* cut between characters: PostgreSQL takes no half ones */
        said.n--;
    struct sql_look_insert_in in = {.region = a->region,
                                    .id = id_next(&s->ids, ctx->now_ms),
                                    .staff_id = a->id,
                                    .kind = str_c(kind),
                                    .subject_kind = cf->by_unit ? STR("unit") : STR("person"),
                                    .subject_id = cf->by_unit ? cf->unit_id : cf->person_id,
                                    .case_id = cf->id,
                                    .reason = said,
                                    .at_ms = ctx->now_ms};
    return store_write(ctx, s->store, look_body, &in);
}

static void
put_actions(struct view *c, const struct case_file *cf, const struct actor *a)
{
    uint64_t can = case_possible(cf, a);
    struct view *list = view_put_list(c, "actions"), *flags = view_put_map(c, "can");
    for (int k = 0; k < CASE_ACTION_COUNT; k++) {
        bool ok = can >> k & 1u;
        view_put_bool(flags, case_action_id((enum case_action)k), ok);
        if (!ok)
            continue;
        struct view *row = view_add_map(list);
        view_put_z(row, "action", case_action_id((enum case_action)k));
        view_put_z(row, "name", case_action_name((enum case_action)k));
    }
}

/* A person's name is personal whether the form marks it or not. */
static struct str
masked_claim(struct arena *a, const struct form_field *f, struct str value)
{
    if (str_eqz(f->type, "姓名"))
        return ident_mask_name(a, value);
    if (!f->personal)
        return value;
    if (str_eqz(f->type, "身份证件"))
        return ident_mask_id(a, value);
    bool mobile = str_eqz(f->type, "手机") || (str_eqz(f->type, "电话") && value.n == 11);
    return mobile ? ident_mask_mobile(a, value) : ident_mask_account(a, value);
}

/* The form as filled: what was claimed. Personal fields masked unless FULL. */
static void
put_claims(struct ctx *ctx, const struct case_file *cf, bool full, struct view *c)
{
    const struct form *f = catalog_matter_form(matter_catalog(cf->matter), cf->matter);
    view_put_bool(c, "has_form", f && cf->form);
    struct view *facts = view_put_list(c, "facts");
    for (size_t i = 0; i < cf->facts.dict->count; i++)
        if (cf->facts.value[i].kind != VALUE_UNASKED) {
            struct view *row = view_add_map(facts);
            view_put_text(row, "name", cf->facts.dict->fact[i].name);
            view_put_text(row, "value", fact_value_text(ctx->arena, &cf->facts.dict->fact[i], cf->facts.value[i]));
        }
    struct view *list = view_put_list(c, "claims");
    for (size_t i = 0; f && cf->form && i < f->section_count; i++) {
        const struct form_section *sec = &f->section[i];
        const struct view *rows = str_empty(sec->rows_id) ? cf->form : view_get(cf->form, sec->rows_id);
        const struct view *row = str_empty(sec->rows_id) ? rows : rows ? view_first(rows) : NULL;
        for (int64_t number = 1; row; number++, row = str_empty(sec->rows_id) ? NULL : view_next(row))
            for (size_t k = 0; k < sec->field_count; k++) {
                struct str value;
                if (!json_text(row, str_z(ctx->arena, sec->field[k].id), &value) || !value.p || str_empty(value))
                    continue;
                struct view *x = view_add_map(list);
                view_put_text(x, "label",
                              str_empty(sec->rows_id) ? sec->field[k].label
                                                      : str_fmt(ctx->arena, "第%lld行 %.*s", (long long)number,
                                                                STR_ARG(sec->field[k].label)));
                view_put_secret(x, "value", full ? value : masked_claim(ctx->arena, &sec->field[k], value));
            }
    }
}

static enum err
put_uploads(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf, bool full, struct view *c)
{
    struct upload *u;
    size_t n;
    TRY(ctx, uploads_read(ctx, s, tx, cf->region, 0, cf->id, &u, &n));
    struct view *list = view_put_list(c, "uploads");
    for (size_t i = 0; i < n; i++) {
        struct view *row = view_add_map(list);
        view_put_id(row, "id", u[i].id);
        view_put_text(row, "material", u[i].material);
        /* people name files after themselves: a name is personal until it is revealed */
        view_put_text(row, "name", full ? u[i].name : str_fmt(ctx->arena, "文件 %zu", i + 1));
        view_put_text(row, "mime", u[i].mime);
        view_put_bool(row, "is_image", str_starts(u[i].mime, STR("image/")));
        view_put_int(row, "size", u[i].size);
    }
    return OK;
}

/* Every material the matter asks for under these facts, with what has come: the clerk's tick list. */
static void
put_tick_list(struct ctx *ctx, const struct case_file *cf, const struct material *m, size_t n, const char *group,
              struct view *list)
{
    for (size_t i = 0; i < n; i++) {
        if (material_need(&m[i], &cf->facts) == NEED_NO)
            continue;
        if (m[i].node != MATERIAL_LEAF) {
            const char *name = str_empty(m[i].name) ? (m[i].node == MATERIAL_ANY ? "任选其一" : group) : m[i].name.p;
            put_tick_list(ctx, cf, m[i].child, m[i].child_count,
                          m[i].node == MATERIAL_ANY ? str_fmt(ctx->arena, "任选其一：%s", name).p : name, list);
            continue;
        }
        size_t k = 0;
        while (k < cf->material_count && !str_eq(cf->material[k].key, m[i].key))
            k++;
        enum material_state state = k < cf->material_count ? cf->material[k].state : MATERIAL_ABSENT;
        struct view *row = view_add_map(list);
        view_put_text(row, "key", m[i].key);
        view_put_text(row, "name", m[i].name);
        view_put_z(row, "group", group);
        view_put_text(row, "kind", m[i].kind);
        view_put_text(row, "stamp", material_stamp_needed(&m[i], &cf->facts) ? m[i].stamp : STR(""));
        view_put_z(row, "state", material_state_id(state));
        view_put_z(row, "state_name", material_state_name(state));
        view_put_bool(row, "absent", state == MATERIAL_ABSENT);
        view_put_bool(row, "checked", state == MATERIAL_CHECKED);
        view_put_bool(row, "rejected", state == MATERIAL_REJECTED);
        view_put_bool(row, "tolerated", state == MATERIAL_TOLERATED);
        view_put_bool(row, "shareable", m[i].shareable);
        view_put_bool(row, "committable", m[i].committable);
        view_put_text(row, "note", k < cf->material_count && cf->material[k].note.p ? cf->material[k].note : STR(""));
    }
}

/* The clerk's own list, for matters whose guide prints none. */
static void
put_own_list(const struct case_file *cf, struct view *list)
{
    for (size_t i = 0; i < cf->material_count; i++) {
        const struct case_material *m = &cf->material[i];
        if (m->key.n == 0 || m->key.p[0] != 'x')
            continue;
        struct view *row = view_add_map(list);
        view_put_text(row, "key", m->key);
        view_put_text(row, "name", m->name);
        view_put_z(row, "group", "经办登记");
        view_put_text(row, "kind", STR(""));
        view_put_text(row, "stamp", STR(""));
        view_put_z(row, "state", material_state_id(m->state));
        view_put_z(row, "state_name", material_state_name(m->state));
        view_put_bool(row, "absent", m->state == MATERIAL_ABSENT);
        view_put_bool(row, "checked", m->state == MATERIAL_CHECKED);
        view_put_bool(row, "rejected", m->state == MATERIAL_REJECTED);
        view_put_bool(row, "tolerated", m->state == MATERIAL_TOLERATED);
        view_put_bool(row, "shareable", false);
        view_put_bool(row, "committable", false);
        view_put_text(row, "note", m->note.p ? m->note : STR(""));
    }
}

static enum err
desk_view(struct ctx *ctx, struct server *s, struct tx *tx, const struct actor *a, const struct case_file *cf,
          bool full, struct view *map)
{
    TRY(ctx, case_common_view(ctx, s, tx, cf, full, true, map));
    struct view *c = (struct view *)(uintptr_t)view_get(map, STR("case"));
    struct staff_names names;
    TRY(ctx, staff_names_load(ctx, tx, cf->region, &names));
    put_actions(c, cf, a);
    stage_view(ctx, s, cf, a, &names, c);
    put_claims(ctx, cf, full, c);
    struct view *ticks = view_put_list(c, "ticks");
    put_tick_list(ctx, cf, cf->matter->material, cf->matter->material_count, "", ticks);
    put_own_list(cf, ticks);
    view_put_bool(c, "needs_list", case_lists_own(cf->matter) && !cf->listed);
    if (cf->matter->material_mode == MATERIALS_REFERENCE)
        view_put_text(c, "list_by", cf->matter->materials_reference);
    bool tolerates = false;
    for (size_t i = 0; i < cf->matter->paper_count; i++)
        tolerates = tolerates || str_eqz(cf->matter->paper[i], "容缺受理通知单");
    view_put_bool(c, "tolerates", tolerates);
    view_put_text(c, "materials_text", cf->matter->materials_text);
    view_put_text(c, "owner", staff_names_get(&names, cf->owner_id));
    view_put_bool(c, "mine", cf->owner_id == a->id);
    TRY(ctx, sharing_case_view(ctx, s, tx, cf, c));
    TRY(ctx, commitment_case_view(ctx, s, tx, cf, c));
    TRY(ctx, occasion_of_case_view(ctx, s, tx, cf->matter->region, cf->id, c));
    agent_view(cf, c);
    return put_uploads(ctx, s, tx, cf, full, c);
}

enum err
service_desk_case(struct ctx *ctx, struct server *s, const struct actor *a, struct str no, bool reveal,
                  struct str reason, struct view *ret_map)
{
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, desk_load_case(ctx, s, tx, a, no, cf));
    if (reveal)
        TRY(ctx, desk_record_look(ctx, s, a, cf, "reveal", reason));
    return desk_view(ctx, s, tx, a, cf, reveal, ret_map);
}

enum err
service_desk_form(struct ctx *ctx, struct server *s, const struct actor *a, struct str no, struct str reason,
                  struct str *ret_pdf, struct str *ret_title)
{
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, desk_load_case(ctx, s, tx, a, no, cf));
    const struct form *f = catalog_matter_form(matter_catalog(cf->matter), cf->matter);
    if (!f || !cf->form)
        FAIL(ctx, ERR_NOT_FOUND, "这个办件没有填表");
    TRY(ctx, desk_record_look(ctx, s, a, cf, "reveal", reason));
    struct form_print p = {f, cf->matter->region, &cf->facts, cf->form, false};
    TRY(ctx, service_form_print(ctx, s, &p, ret_pdf));
    *ret_title = f->title;
    return OK;
}

/* States as a clerk has ticked them, on top of what is stored. */
static void
lay_over(struct case_file *cf, const struct case_material *m, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < cf->material_count && !str_eq(cf->material[k].key, m[i].key))
            k++;
        if (k == CASE_MATERIALS_MAX)
            return;
        if (k == cf->material_count)
            cf->material[cf->material_count++] = (struct case_material){.key = m[i].key, .name = m[i].name};
        cf->material[k].state = m[i].state;
        cf->material[k].note = m[i].note;
    }
}

enum err
service_desk_preview(struct ctx *ctx, struct server *s, const struct actor *a, struct str no,
                     const struct case_material *m, size_t n, struct view *ret_map)
{
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, desk_load_case(ctx, s, tx, a, no, cf));
    lay_over(cf, m, n);
    return desk_view(ctx, s, tx, a, cf, false, ret_map);
}

/* --- one press of a button --- */

static enum err
load_for(struct ctx *ctx, struct server *s, const struct actor *a, struct str no, struct case_file *cf)
{
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    return desk_load_case(ctx, s, tx, a, no, cf);
}

/* The next step FINISH may take without asking anybody: a stage of this actor's, then the conclusion. */
static bool
next_step(const struct case_file *cf, const struct actor *a, enum case_action *ret_action)
{
    uint64_t can = case_possible(cf, a);
    if (cf->status != CASE_WORKING)
        return false;
    const struct stage *st = case_stage(cf);
    if ((can >> CASE_PASS & 1u) &&
        stage_rule(st->kind)->field_count) /* what must be written down is not passed in one go */
        return false;
    struct record_field field[CASE_FIELDS_MAX];
    for (size_t i = 0, n = case_stage_fields(cf, field); i < n; i++)
        if (field[i].required)
            return false;
    *ret_action = can >> CASE_PASS & 1u ? CASE_PASS : CASE_CONCLUDE;
    return (can >> CASE_PASS & 1u) || (can >> CASE_CONCLUDE & 1u);
}

/* Whether a printed place ("5、6号窗口") names window NUMBER. */
static bool
names_window(struct str printed, int64_t number)
{
    int64_t n = -1;
    for (size_t i = 0; i <= printed.n; i++) {
        bool digit = i < printed.n && printed.p[i] >= '0' && printed.p[i] <= '9';
        if (digit)
            n = (n < 0 ? 0 : n) * 10 + (printed.p[i] - '0');
        else if (n == number)
            return true;
        else
            n = -1;
    }
    return false;
}

/* R31: whoever is posted to windows takes in only what the guide handles there. */
static enum err
check_window(struct ctx *ctx, const struct actor *a, const struct matter *m)
{
    struct str rest = a->points, word, printed = STR("");
    bool posted = false;
    for (size_t i = 0; i < m->channel_count && str_empty(printed); i++)
        printed = m->channel[i].kind == CHANNEL_ONSITE ? m->channel[i].window : STR("");
    while (!str_empty(printed) && rest.p && str_split(&rest, ' ', &word)) {
        int64_t number;
        if (!str_starts(word, STR("window:")) || !str_int(str_sub(word, 7, word.n), &number))
            continue;
        posted = true;
        if (names_window(printed, number))
            return OK;
    }
    if (!posted)
        return OK;
    fail_rule(ctx, "R31");
    FAIL(ctx, ERR_CASE_ROLE, "该事项在%.*s办理，请转到那里", STR_ARG(printed));
}

/* Of a step that FINISH was refused: what was done before is stored and stays, so the clerk is told, not failed. */
static bool
stops_quietly(enum err e)
{
    enum err_class class = err_info(e)->class;
    return class == ERR_CLASS_REFUSAL || class == ERR_CLASS_DENIED || class == ERR_CLASS_CONFLICT;
}

static struct str
why_stopped(struct ctx *ctx, enum err e)
{
    const struct fail *f = ctx->fail;
    struct str detail = f->detail, title = str_c(err_info(e)->title);
    if (str_empty(detail) && f->field_count)
        detail = str_concat(ctx->arena, f->field[0].label, f->field[0].reason);
    return str_empty(detail) ? title : str_fmt(ctx->arena, "%.*s：%.*s", STR_ARG(title), STR_ARG(detail));
}

/* The steps after the first that ask nobody. A refused one ends them with a notice. */
static enum err
finish_steps(struct ctx *ctx, struct server *s, const struct actor *a, struct case_file *cf, struct commit *c,
             struct view *ret_map)
{
    for (int i = 0; i < FINISH_STEPS_MAX; i++) {
        struct case_command step = {.actor = *a, .now_ms = ctx->now_ms};
        *cf = c->write.after;
        if (!next_step(cf, a, &step.action))
            return OK;
        *c = (struct commit){0};
        enum err e = commit_command(ctx, s, cf, &step, c);
        if (stops_quietly(e)) {
            view_put_text(ret_map, "notice", why_stopped(ctx, e));
            view_put_z(ret_map, "notice_id", err_info(e)->id);
            fail_clear(ctx);
            return OK;
        }
        TRY(ctx, e);
    }
    return OK;
}

/* The level of the town's or village's point that A is posted to; staff of the bureau itself have none. */ //= R33
static bool
posted_level(const struct region *r, const struct actor *a, enum level_kind *ret_level)
{
    struct str rest = a->points, word;
    while (rest.p && str_split(&rest, ' ', &word))
        for (size_t i = 0; i < r->point_count; i++)
            if (str_eq(r->point[i].id, word) && r->point[i].level_known &&
                (r->point[i].level == LEVEL_TOWN || r->point[i].level == LEVEL_VILLAGE)) {
                *ret_level = r->point[i].level;
                return true;
            }
    return false;
}

/* Who could be drawn by lot: everybody active whose role signs the present stage. */
static enum err
find_candidates(struct ctx *ctx, struct server *s, const struct case_file *cf, struct case_command *cmd)
{
    const struct stage *st = case_stage(cf);
    struct staff_names all;
    SCOPED_READ tx = NULL;
    if (!st)
        return OK;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, staff_names_load(ctx, tx, cf->region, &all));
    int64_t *id = ARENA_ARRAY(ctx->arena, all.n + 1, int64_t);
    for (size_t i = 0; i < all.n; i++)
        if (str_eqz(all.staff[i].status, "active") &&
            (staff_roles(all.staff[i].roles) >> stage_rule(st->kind)->panel_role & 1u))
            id[cmd->candidate_count++] = all.staff[i].id;
    cmd->candidate = id;
    char seed[32];
    crypto_random(seed, sizeof seed);
    cmd->seed = str_dup(ctx->arena, (struct str){seed, sizeof seed});
    return OK;
}

enum err
service_desk_act(struct ctx *ctx, struct server *s, const struct actor *a, struct str no, struct case_command *cmd,
                 bool finish, struct view *ret_map)
{
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    struct commit *c = ARENA_NEW(ctx->arena, struct commit);
    TRY(ctx, load_for(ctx, s, a, no, cf));
    cmd->actor = *a;
    cmd->now_ms = ctx->now_ms;
    if (cmd->action == CASE_ACCEPT)
        TRY(ctx, check_window(ctx, a, cf->matter));
    if (cmd->action == CASE_DRAW)
        TRY(ctx, find_candidates(ctx, s, cf, cmd));
    cmd->level_known = posted_level(cf->matter->region, a, &cmd->level);
    TRY(ctx, commit_command(ctx, s, cf, cmd, c));
    if (finish)
        TRY(ctx, finish_steps(ctx, s, a, cf, c, ret_map));
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, desk_load_case(ctx, s, tx, a, no, cf));
    return desk_view(ctx, s, tx, a, cf, false, ret_map);
}

enum err
service_desk_document(struct ctx *ctx, struct server *s, const struct actor *a, struct str no, int64_t document_id,
                      struct str *ret_pdf, struct str *ret_title)
{
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    struct document d;
    TRY(ctx, load_for(ctx, s, a, no, cf));
    TRY(ctx, render_document(ctx, s, cf->region, cf->id, document_id, ret_pdf, ret_title, &d));
    return desk_record_look(ctx, s, a, cf, "print", d.no);
}

enum err
service_desk_upload(struct ctx *ctx, struct server *s, const struct actor *a, struct str no, int64_t upload_id,
                    struct upload *ret_u)
{
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    struct upload *u;
    size_t n;
    TRY(ctx, load_for(ctx, s, a, no, cf));
    TRY(ctx, service_uploads(ctx, s, cf->region, 0, cf->id, &u, &n));
    for (size_t i = 0; i < n; i++)
        if (u[i].id == upload_id) {
            *ret_u = u[i];
            return desk_record_look(ctx, s, a, cf, "upload", STR(""));
        }
    FAIL(ctx, ERR_NOT_FOUND, "没有这个文件");
}

/* --- tasks --- */

static const char *
task_name(struct str kind)
{
    return str_starts(kind, STR("phone_")) && !str_eqz(kind, "phone_notice") ? "电话通知（内容见办件的消息）"
           : str_eqz(kind, "phone_notice")                                   ? "办结后电话通知"
           : str_eqz(kind, "call_back")                                      ? "差评回访"
                                                                             : "待办";
}

enum err
service_tasks(struct ctx *ctx, struct server *s, const struct actor *a, struct view *ret_map)
{
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    struct sql_task_open_in in = {.region = a->region, .due_day = INT64_MIN, .id = 0, .limit = 100};
    struct sql_task_open_row *r;
    size_t n;
    TRY(ctx, sql_task_open(ctx, tx, &in, &r, &n));
    struct view *list = view_put_list(ret_map, "tasks");
    for (size_t i = 0; i < n; i++) {
        struct sql_case_row_in key = {.region = a->region, .id = r[i].case_id};
        struct sql_case_row_row cr = {.no = STR(""), .masked = STR(""), .agency = STR("")};
        bool found;
        TRY(ctx, sql_case_row(ctx, tx, &key, &cr, &found));
        if (!may_see(s, a, cr.agency))
            continue;
        struct view *row = view_add_map(list);
        view_put_id(row, "id", r[i].id);
        view_put_z(row, "name", task_name(r[i].kind));
        view_put_text(row, "case_no", cr.no);
        view_put_secret(row, "masked", cr.masked);
        clock_view(ctx, s, (struct day){(int32_t)r[i].due_day}, DAY_NONE, false, false, view_put_map(row, "clock"));
    }
    return OK;
}

struct done {
    const struct server *s;
    const struct actor *a;
    struct sql_task_done_in in;
};

/* The case of an open task; 0 when there is none. Few are open at a time: they are read in pages. */
static enum err
case_of_task(struct ctx *ctx, struct tx *tx, struct str region, int64_t task_id, int64_t *ret_case)
{
    struct sql_task_open_in in = {.region = region, .due_day = INT64_MIN, .id = 0, .limit = 100};
    struct sql_task_open_row *r;
    size_t n;
    *ret_case = 0;
    do {
        TRY(ctx, sql_task_open(ctx, tx, &in, &r, &n));
        for (size_t i = 0; i < n; i++)
            if (r[i].id == task_id)
                *ret_case = r[i].case_id;
        if (n) {
            in.due_day = r[n - 1].due_day;
            in.id = r[n - 1].id;
        }
    } while (!*ret_case && n == 100);
    return OK;
}

static enum err
check_task(struct ctx *ctx, struct tx *tx, const struct done *d)
{
    struct sql_case_row_in key = {.region = d->a->region};
    struct sql_case_row_row row;
    bool found = false;
    if (str_empty(agency_scope(d->s, d->a)))
        return OK;
    TRY(ctx, case_of_task(ctx, tx, d->a->region, d->in.id, &key.id));
    if (key.id)
        TRY(ctx, sql_case_row(ctx, tx, &key, &row, &found));
    if (found && !may_see(d->s, d->a, row.agency))
        FAIL(ctx, ERR_FORBIDDEN, "这是其他机构的办件");
    return OK;
}

static enum err
done_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct done *d = arg;
    int64_t changed;
    TRY(ctx, check_task(ctx, tx, d));
    TRY(ctx, sql_task_done(ctx, tx, &d->in, &changed));
    if (changed != 1)
        FAIL(ctx, ERR_CONFLICT, "这件待办已经有人办了");
    return OK;
}

enum err
service_task_done(struct ctx *ctx, struct server *s, const struct actor *a, int64_t task_id, struct str note)
{
    struct done d = {.s = s,
                     .a = a,
                     .in = {.region = a->region,
                            .id = task_id,
                            .done_ms = ctx->now_ms,
                            .done_by = a->id,
                            .note = str_sub(note.p ? note : STR(""), 0, 400)}};
    if (str_empty(str_trim(note))) {
        fail_field(ctx, STR("note"), STR("办理情况"), STR("没有填写"), STR("请写明与谁联系、结果如何"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    return store_write(ctx, s->store, done_body, &d);
}
