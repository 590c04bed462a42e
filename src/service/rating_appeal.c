/* Appeals against a bad rating: raised with evidence, reviewed by a supervisor, their files opened with a trace (R44). */
#include "service/message.h"
#include "service/rating_int.h"
#include "sql_gen.h"

#define APPEAL_MATERIAL "appeal" /* beside the numbers of a guide's materials */

struct appealing {
    struct server *s;
    const struct actor *a;
    int64_t id;
    struct appeal ap;
    const struct upload *file;
    size_t files;
    struct str decision;
    bool decides, upheld;
};

static enum err
appeal_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct appealing *x = arg;
    struct appeal ap = x->ap, *past;
    struct rating r;
    struct call_back cb;
    size_t n;
    TRY(ctx, rating_get(ctx, tx, &x->s->vault, x->a->region, x->id, &r));
    TRY(ctx, call_back_get(ctx, tx, &x->s->vault, x->a->region, x->id, &cb));
    TRY(ctx, appeals_of(ctx, tx, &x->s->vault, &r, &past, &n));
    TRY(ctx, rating_check_scope(ctx, x->s, x->a, &r));
    if (!x->decides) {
        bool owner = rating_owner(catalog_region(x->s->catalog, x->a->region), r.agency, x->a->agency);
        TRY(ctx, appeal_check(ctx, &r, x->a, owner, past, n, &ap));
        TRY(ctx, appeal_insert(ctx, tx, &x->s->ids, &x->s->vault, &r, &ap));
        for (size_t i = 0; i < x->files; i++)
            TRY(ctx, upload_of_appeal(ctx, tx, x->s, r.region, ap.id, &x->file[i]));
        return OK;
    }
    if (n == 0)
        FAIL(ctx, ERR_CASE_EDGE, "这条评价没有申诉");
    ap = past[n - 1]; /* at most one is open, and it is the newest */
    TRY(ctx, appeal_decide(ctx, &r, &ap, x->a, x->decision));
    ap.state = x->upheld ? APPEAL_UPHELD : APPEAL_REJECTED;
    ap.decision = str_trim(x->decision.p ? x->decision : STR(""));
    ap.decided_ms = ctx->now_ms;
    ap.decided_by = x->a->id;
    TRY(ctx, appeal_write_decision(ctx, tx, &x->s->vault, &r, &ap));
    r.excluded = x->upheld;
    return x->upheld ? message_rating(ctx, tx, x->s, &r) : OK; /* the city's platform counts it too */
}

/* Judged before the files are kept: a person who may not appeal writes nothing to the disk. */
static enum err
judge_appeal(struct ctx *ctx, const struct appealing *x)
{
    SCOPED_READ tx = NULL;
    struct appeal ap = x->ap, *past;
    struct rating r;
    size_t n;
    TRY(ctx, store_read(ctx, x->s->store, &tx));
    TRY(ctx, rating_get(ctx, tx, &x->s->vault, x->a->region, x->id, &r));
    TRY(ctx, appeals_of(ctx, tx, &x->s->vault, &r, &past, &n));
    TRY(ctx, rating_check_scope(ctx, x->s, x->a, &r));
    bool owner = rating_owner(catalog_region(x->s->catalog, x->a->region), r.agency, x->a->agency);
    return appeal_check(ctx, &r, x->a, owner, past, n, &ap);
}

enum err //= R44
service_rating_appeal(struct ctx *ctx, struct server *s, const struct actor *a, const struct rating_appeal *in)
{
    struct appealing x = {
        .s = s, .a = a, .id = in->id, .ap = {.by_id = a->id, .evidence = in->evidence, .file_ref = in->file_ref}};
    struct upload *file = ARENA_ARRAY(ctx->arena, in->files + 1, struct upload);
    if (!appeal_ground_parse(in->ground, &x.ap.ground)) {
        fail_field(ctx, STR("ground"), STR("申诉的理由"), STR("没有选择"), STR("请选举证解释、误评或恶意差评"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    if (in->files)
        TRY(ctx, judge_appeal(ctx, &x));
    for (; x.files < in->files; x.files++) {
        TRY(ctx, upload_keep(ctx, s, &in->file[x.files], &file[x.files]));
        file[x.files].material = STR(APPEAL_MATERIAL);
    }
    x.file = file;
    return store_write(ctx, s->store, appeal_body, &x);
}

enum err
service_rating_decide(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id, bool upheld,
                      struct str decision)
{
    struct appealing x = {.s = s, .a = a, .id = id, .decision = decision, .decides = true, .upheld = upheld};
    return store_write(ctx, s->store, appeal_body, &x);
}

/* --- a file of the evidence --- */

struct file_look {
    struct server *s;
    const struct actor *a;
    int64_t rating_id, file_id;
    struct upload file;
};

static enum err
find_file(struct ctx *ctx, struct tx *tx, struct file_look *x, const struct appeal *ap, size_t n, bool hidden)
{
    for (size_t i = 0; i < n; i++) {
        struct upload *u;
        size_t files = 0;
        if (!hidden || ap[i].by_id == x->a->id)
            TRY(ctx, uploads_read(ctx, x->s, tx, x->a->region, ap[i].id, 0, &u, &files));
        for (size_t k = 0; k < files; k++)
            if (u[k].id == x->file_id) {
                x->file = u[k];
                return OK;
            }
    }
    FAIL(ctx, ERR_NOT_FOUND, "没有这个文件");
}

static enum err
file_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct file_look *x = arg;
    struct rating r;
    struct call_back cb;
    struct appeal *ap;
    size_t n;
    TRY(ctx, rating_get(ctx, tx, &x->s->vault, x->a->region, x->rating_id, &r));
    TRY(ctx, call_back_get(ctx, tx, &x->s->vault, x->a->region, x->rating_id, &cb));
    TRY(ctx, rating_may_see(ctx, x->s, x->a, &r, &cb));
    TRY(ctx, appeals_of(ctx, tx, &x->s->vault, &r, &ap, &n));
    TRY(ctx, find_file(ctx, tx, x, ap, n, rating_is_hidden(x->a, &r, &cb)));
    struct sql_look_insert_in look = {.region = x->a->region,
                                      .id = id_next(&x->s->ids, ctx->now_ms),
                                      .staff_id = x->a->id,
                                      .kind = STR("appeal_file"),
                                      .subject_kind = STR("rating"),
                                      .subject_id = x->rating_id,
                                      .case_id = r.case_id,
                                      .reason = STR(""),
                                      .at_ms = ctx->now_ms};
    return sql_look_insert(ctx, tx, &look, NULL);
}

enum err
service_rating_file(struct ctx *ctx, struct server *s, const struct actor *a, int64_t id, int64_t file_id,
                    struct upload *ret_u)
{
    struct file_look x = {.s = s, .a = a, .rating_id = id, .file_id = file_id};
    TRY(ctx, store_write(ctx, s->store, file_body, &x));
    *ret_u = x.file;
    return OK;
}
