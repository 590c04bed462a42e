/* From draft to force: handing in, returning, dropping, publishing by a second person. */
#include "service/keeper_int.h"

enum { DAYS_AHEAD_MAX = 366, NOTE_MIN = 4 };

struct step {
    struct server *server;
    const struct actor *actor;
    struct keeper_read read;
    struct str note;
    struct day effective;
    struct keeper_copy copy;
};

static enum err
step_read(struct ctx *bench, struct step *p, enum version_state state)
{
    TRY(bench, keeper_copy_read(bench, p->server, p->actor->region, p->read.no, &p->copy));
    const struct version *v = &p->copy.v;
    if (v->state != state)
        FAIL(bench, ERR_CONFLICT, "第 %lld 版现在是“%s”，不能这样办理", (long long)v->no, version_state_name(v->state));
    if (p->read.edited && p->read.edited != v->edited)
        FAIL(bench, ERR_CONFLICT, "第 %lld 版在您打开之后又有改动，请刷新后看清再办", (long long)v->no);
    return OK;
}

/* Errors that are neither mended nor accepted hold it back; so does a draft that does not load. */
static enum err
hold_back(struct ctx *bench, struct step *p)
{
    struct keeper_report r;
    TRY(bench, keeper_report(bench, p->server, &p->copy, &r));
    size_t open = findings_open(&r.findings, SEVERITY_ERROR);
    if (r.broken)
        fail_field(bench, STR("findings"), STR("检查结果"), r.problem, STR("请先改好，让这一稿能够载入"));
    else if (open)
        fail_field(bench, STR("findings"), STR("检查结果"), str_fmt(bench->arena, "还有 %zu 个错误没有处理", open),
                   STR("请逐条改正；确实不必改的，写明理由后保留"));
    else
        return OK;
    FAIL(bench, ERR_FIELD_INVALID, "这一稿还不能发布");
}

static enum err
step_write(struct ctx *bench, struct step *p, const char *kind)
{
    struct keeper_write k = {
        .server = p->server, .v = p->copy.v, .event = {.kind = str_c(kind), .note = p->note.p ? p->note : STR("")}};
    return keeper_write_run(bench, &k, p->actor);
}

/* --- handing in --- */

static enum err
submit_work(struct ctx *bench, void *arg)
{
    struct step *p = arg;
    struct version force;
    TRY(bench, step_read(bench, p, VERSION_DRAFT));
    enum err e = keeper_in_force(bench, p->server, p->actor->region, &force);
    if (e == ERR_NOT_FOUND)
        fail_clear(bench);
    else
        TRY(bench, e);
    if (e == OK && str_eq(force.digest, p->copy.v.digest)) {
        fail_field(bench, STR("note"), STR("修改说明"), STR("这一稿与现行版本完全一样"), STR("没有改动，不用发布"));
        FAIL(bench, ERR_FIELD_INVALID, "没有可以发布的改动");
    }
    TRY(bench, hold_back(bench, p));
    p->copy.v.state = VERSION_SUBMITTED;
    p->copy.v.note = p->note;
    p->copy.v.effective = p->effective;
    p->copy.v.keeper_id = p->actor->id;
    p->copy.v.keeper = p->actor->name;
    return step_write(bench, p, "submitted");
}

enum err
service_keeper_submit(struct ctx *ctx, struct server *s, const struct actor *a, struct keeper_read d, struct str note,
                      struct day effective)
{
    struct step p = {.server = s, .actor = a, .read = d, .note = str_trim(note), .effective = effective};
    struct day today = day_of_ms(ctx->now_ms);
    size_t n = str_utf8_count(p.note);
    TRY(ctx, keeper_check(ctx, a, true));
    if (n < NOTE_MIN || n > KEEPER_NOTE_MAX)
        fail_field(ctx, STR("note"), STR("修改说明"), n < NOTE_MIN ? STR("没有写明") : STR("太长"),
                   STR("请写明改了什么、为什么改；群众会看到这段话"));
    if (day_is_none(effective) || effective.n < today.n || effective.n > today.n + DAYS_AHEAD_MAX)
        fail_field(ctx, STR("effective"), STR("施行日期"),
                   day_is_none(effective)  ? STR("没有填写或不是日期")
                   : effective.n < today.n ? STR("不能早于今天")
                                           : STR("太远"),
                   str_fmt(ctx->arena, "请填 %.*s 起一年之内的日期", STR_ARG(day_text(ctx->arena, today))));
    if (ctx->fail->field_count)
        FAIL(ctx, ERR_FIELD_INVALID, "还不能提交");
    return keeper_bench(ctx, submit_work, &p);
}

static enum err
return_work(struct ctx *bench, void *arg)
{
    struct step *p = arg;
    TRY(bench, step_read(bench, p, VERSION_SUBMITTED));
    bool own = p->copy.v.keeper_id == p->actor->id;
    if (!own && str_utf8_count(p->note) < NOTE_MIN) {
        fail_field(bench, STR("reason"), STR("退回理由"), STR("没有写明"), STR("请写明要改什么，经手人会看到"));
        FAIL(bench, ERR_REASON_REQUIRED, "退回要写明理由");
    }
    p->copy.v.state = VERSION_DRAFT;
    p->copy.v.effective = DAY_NONE;
    return step_write(bench, p, "returned");
}

enum err
service_keeper_return(struct ctx *ctx, struct server *s, const struct actor *a, struct keeper_read d, struct str reason)
{
    struct step p = {.server = s, .actor = a, .read = d, .note = str_trim(reason)};
    TRY(ctx, keeper_check(ctx, a, false));
    if (str_utf8_count(p.note) > KEEPER_NOTE_MAX) {
        fail_field(ctx, STR("reason"), STR("退回理由"), STR("太长"), STR("请写得短一些"));
        FAIL(ctx, ERR_FIELD_INVALID, "退回理由太长");
    }
    return keeper_bench(ctx, return_work, &p);
}

static enum err
drop_work(struct ctx *bench, void *arg)
{
    struct step *p = arg;
    TRY(bench, step_read(bench, p, VERSION_DRAFT));
    p->copy.v.state = VERSION_DROPPED;
    return step_write(bench, p, "dropped");
}

enum err
service_keeper_drop(struct ctx *ctx, struct server *s, const struct actor *a, struct keeper_read d)
{
    struct step p = {.server = s, .actor = a, .read = d};
    TRY(ctx, keeper_check(ctx, a, true));
    return keeper_bench(ctx, drop_work, &p);
}

/* --- publishing --- */

struct publish_body {
    struct step *step;
    struct str package;
    int64_t event_id;
};

static enum err
publish_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct publish_body *b = arg;
    const struct step *p = b->step;
    struct version v = p->copy.v;
    bool touched;
    TRY(ctx, version_touched(ctx, tx, v.region, v.no, p->actor->id, &touched));
    if (touched || v.keeper_id == p->actor->id) {
        fail_rule(ctx, "R7");
        FAIL(ctx, ERR_SEPARATION, "您参与过这一版的修改或提交，要由另一位目录岗或督办岗发布");
    }
    struct day today = day_of_ms(ctx->now_ms);
    v.state = VERSION_PUBLISHED;
    v.effective = v.effective.n < today.n ? today : v.effective; /* a day that has passed cannot be kept any more */
    v.publisher_id = p->actor->id;
    v.publisher = p->actor->name;
    v.published_ms = ctx->now_ms;
    TRY(ctx, version_update(ctx, tx, &v, STR("")));
    struct version_event e = {
        .kind = STR("published"), .staff_id = p->actor->id, .staff = p->actor->name, .at_ms = ctx->now_ms};
    return version_event_add(ctx, tx, v.region, b->event_id, v.no, &e);
}

static enum err
publish_work(struct ctx *bench, void *arg)
{
    struct step *p = arg;
    TRY(bench, step_read(bench, p, VERSION_SUBMITTED));
    TRY(bench, hold_back(bench, p));
    struct publish_body b = {.step = p, .event_id = id_next(&p->server->ids, bench->now_ms)};
    return store_write(bench, p->server->store, publish_body, &b);
}

enum err
service_keeper_publish(struct ctx *ctx, struct server *s, const struct actor *a, struct keeper_read d)
{
    struct step p = {.server = s, .actor = a, .read = d};
    TRY(ctx, keeper_check(ctx, a, false));
    TRY(ctx, keeper_bench(ctx, publish_work, &p));
    IGNORE("it is published; what keeps it from coming into force here is tried again by the jobs within seconds",
           service_catalog_refresh(ctx, s));
    fail_clear(ctx);
    return OK;
}
