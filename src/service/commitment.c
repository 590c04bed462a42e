/* Commitments of a case into their register, the draw, and the desk's decisions on checks and breaches. */
#include "service/commitment.h"

#include <string.h>

#include "base/ident.h"
#include "service/commitment_int.h"
#include "service/message.h"
#include "sql_gen.h"

enum { DRAW_BATCH = 200, DRAW_BATCHES_MAX = 50, WAY_MAX = 20 };

static enum err
bad(struct ctx *ctx, const char *field, const char *label, struct str reason, const char *remedy)
{
    fail_field(ctx, str_c(field), str_c(label), reason, str_c(remedy));
    FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
}

/* --- with the case --- */

/* What is promised: the pair of matter and proof in our words, then the letter's own declaration where a form prints one. */
static struct str
letter_text(struct ctx *ctx, const struct matter *m, const struct material *leaf, struct str proof)
{
    const struct form *f = str_empty(leaf->form) ? NULL : catalog_form(matter_catalog(m), leaf->form);
    for (size_t i = 0; !f && i < catalog_form_count(matter_catalog(m)); i++) {
        const struct form *x = catalog_form_at(matter_catalog(m), i);
        if (leaf->form.n && str_find(x->title, leaf->form) != SIZE_MAX)
            f = x;
    }
    struct str declaration = f ? f->declaration : STR("");
    return str_fmt(
        ctx->arena, "申请办理“%.*s”，因个人原因不能提供“%.*s”。%.*s", STR_ARG(m->name), STR_ARG(proof),
        STR_ARG(str_empty(declaration)
                    ? STR("本人承诺符合业务办理条件，所述信息真实、完整、有效，由此产生的法律责任由本人承担。")
                    : declaration));
}

static bool
is_commitment(const struct material *leaf, const struct case_material *m)
{
    if (m->state == MATERIAL_COMMITTED)
        return true;
    return leaf && commitment_is_letter(leaf) && (m->state == MATERIAL_GIVEN || m->state == MATERIAL_CHECKED);
}

/* The register as it stands for a case, read when the first commitment is met: most cases have none and cost no query. */
struct entering {
    struct server *s;
    struct tx *tx;
    const struct case_file *cf;
    const struct data_key *key;
    struct sql_commitment_of_case_row *row;
    size_t n;
    bool any;
};

enum err
commitment_allowed_case(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf,
                        struct str *ret_reason)
{
    struct str subject =
        commitment_subject(ctx->arena, &s->vault, cf->region, cf->by_unit, cf->unit_id, cf->applicant_id);
    return commitment_allowed(ctx, tx, cf->region, subject, cf->by_unit, ret_reason);
}

static enum err
is_entered(struct ctx *ctx, struct entering *e, struct str key, bool *ret_there)
{
    struct sql_commitment_of_case_in in = {.region = e->cf->region, .case_id = e->cf->id};
    if (!e->any)
        TRY(ctx, sql_commitment_of_case(ctx, e->tx, &in, &e->row, &e->n));
    e->any = true;
    *ret_there = false;
    for (size_t i = 0; i < e->n; i++)
        *ret_there = *ret_there || str_eq(e->row[i].material, key);
    return OK;
}

static enum err
enter_one(struct ctx *ctx, struct entering *e, struct str material, const struct material *leaf)
{
    struct server *s = e->s;
    struct tx *tx = e->tx;
    const struct case_file *cf = e->cf;
    struct str proof, closed;
    bool fresh, there;
    TRY(ctx, is_entered(ctx, e, material, &there));
    if (there)
        return OK;
    TRY(ctx, commitment_pair(ctx, cf->matter, material, &proof));
    TRY(ctx, commitment_allowed_case(ctx, s, tx, cf, &closed));
    if (!str_empty(closed)) {
        fail_field(ctx, material, leaf->name, STR("现在不能用承诺代替"), closed);
        fail_rule(ctx, "R133");
        FAIL(ctx, ERR_FIELD_INVALID, "%.*s", STR_ARG(closed));
    }
    struct commitment c = {
        .id = id_next(&s->ids, ctx->now_ms),
        .case_id = cf->id,
        .subject = commitment_subject(ctx->arena, &s->vault, cf->region, cf->by_unit, cf->unit_id, cf->applicant_id),
        .made_ms = ctx->now_ms,
        .acceptor_id = cf->acceptor_id,
        .region = cf->region,
        .case_no = cf->no,
        .masked = cf->masked,
        .matter = cf->matter_id,
        .material = material,
        .proof = proof,
        .letter = letter_text(ctx, cf->matter, leaf, proof),
        .signer = cf->applicant_name,
        .delegate = cf->delegate_name,
        .unit = cf->by_unit};
    return commitment_record(ctx, tx, e->key, &c, &fresh);
}

/* Some guides ask how a proof is given and take the material off the list of whoever promises: then the answer is the commitment. What the
** other answer would want and the case does not is what was promised. */
bool //= R35 R131
commitment_by_answer(struct arena *a, const struct facts *f, const struct material *leaf, struct str *ret_fact,
                     struct str *ret_answer)
{
    size_t i = f->dict ? fact_find(f->dict, STR("proof_mode")) : SIZE_MAX;
    if (i == SIZE_MAX || f->value[i].kind != VALUE_TEXT || !leaf->committable || material_need(leaf, f) != NEED_NO)
        return false;
    struct facts instead = facts_new(a, f->dict);
    memcpy(instead.value, f->value, f->dict->count * sizeof *f->value);
    for (size_t k = 0; k < f->dict->fact[i].value_count; k++) {
        instead.value[i] = value_text(f->dict->fact[i].values[k]);
        if (material_need(leaf, &instead) != NEED_YES)
            continue;
        *ret_fact = STR("proof_mode");
        *ret_answer = f->dict->fact[i].values[k];
        return true;
    }
    return false;
}

static enum err
enter_promised(struct ctx *ctx, struct entering *e, const struct material *m, size_t n)
{
    struct str fact, answer;
    for (size_t i = 0; i < n; i++) {
        if (m[i].node != MATERIAL_LEAF)
            TRY(ctx, enter_promised(ctx, e, m[i].child, m[i].child_count));
        else if (commitment_by_answer(ctx->arena, &e->cf->facts, &m[i], &fact, &answer))
            TRY(ctx, enter_one(ctx, e, m[i].key, &m[i]));
    }
    return OK;
}

enum err //= R35 R128 R131 R132
commitment_record_case(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf,
                       const struct data_key *key)
{
    struct entering e = {.s = s, .tx = tx, .cf = cf, .key = key};
    if (cf->status == CASE_REFUSED || cf->status == CASE_WITHDRAWN)
        return OK;
    for (size_t i = 0; i < cf->material_count; i++) {
        const struct case_material *m = &cf->material[i];
        const struct material *leaf = commitment_leaf(cf->matter, m->key);
        if (is_commitment(leaf, m))
            TRY(ctx, enter_one(ctx, &e, m->key, leaf));
    }
    TRY(ctx, enter_promised(ctx, &e, cf->matter->material, cf->matter->material_count));
    if (e.any && cf->acceptor_id)
        TRY(ctx, commitment_accepted(ctx, tx, cf->region, cf->id, cf->acceptor_id));
    return OK;
}

/* --- before the case --- */

bool
commitment_stands_in(const struct material *leaf)
{
    return leaf->committable || commitment_is_letter(leaf);
}

static bool
any_stands_in(const struct material *m, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (m[i].node == MATERIAL_LEAF ? commitment_stands_in(&m[i]) : any_stands_in(m[i].child, m[i].child_count))
            return true;
    return false;
}

bool
commitment_offered(const struct matter *m)
{
    return any_stands_in(m->material, m->material_count);
}

/* Whether NAME signed the commitment whose breach closes SUBJECT's next one. */
static enum err
signed_by(struct ctx *ctx, struct server *s, struct tx *tx, struct str region, struct str subject, struct str name,
          bool *ret_so)
{
    struct sql_breach_closing_in in = {.region = region, .subject_digest = subject, .day = day_of_ms(ctx->now_ms).n};
    struct sql_breach_closing_row r;
    struct commitment c;
    *ret_so = false;
    TRY(ctx, sql_breach_closing(ctx, tx, &in, &r, ret_so));
    if (!*ret_so)
        return OK;
    enum err e = commitment_get(ctx, tx, &s->vault, region, r.commitment_id, &c);
    *ret_so = e == OK && str_eq(c.signer, name);
    if (e == ERR_RECORD_MISSING) /* forgotten: nobody is told of him */
        return fail_clear(ctx), OK;
    return e;
}

enum err //= R133
service_commitment_closed(struct ctx *ctx, struct server *s, struct str region, const struct commitment_who *who,
                          struct str *ret_reason)
{
    struct str number = str_trim(who->unit_code), name = STR("");
    struct ident_person p;
    struct unit u = {0};
    const char *why;
    bool found = false, so;
    *ret_reason = STR("");
    if (who->by_unit ? str_empty(number)
                     : !ident_person(ctx->arena, str_trim(who->number), &p, &why) ||
                           (!who->at_desk && !ident_name(ctx->arena, str_trim(who->name), &name, &why)))
        return OK;
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    if (who->by_unit) {
        struct str code = number;
        number = ident_uscc(ctx->arena, code, &number, &why) ? number : code;
        TRY(ctx, registry_unit_find(ctx, tx, &s->vault, region, number, &u, &found));
    }
    struct str subject = commitment_subject(ctx->arena, &s->vault, region, who->by_unit, found ? u.id : 0,
                                            who->by_unit ? number : p.value);
    TRY(ctx, commitment_allowed(ctx, tx, region, subject, who->by_unit, ret_reason));
    if (str_empty(*ret_reason) || who->by_unit || who->at_desk)
        return OK;
    TRY(ctx, signed_by(ctx, s, tx, region, subject, name, &so));
    if (!so)
        *ret_reason = STR("");
    return OK;
}

/* --- the draw --- */

struct draw {
    struct server *s;
    const struct region *region;
    struct day due;
    int64_t seen, drawn;
};

static enum err
draw_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct draw *d = arg;
    return commitment_draw(ctx, tx, &d->s->vault, &d->s->ids, d->region->code, d->region->commitment.share_percent,
                           d->due, DRAW_BATCH, &d->seen, &d->drawn);
}

static enum err
any_new(struct ctx *ctx, struct server *s, struct str region, bool *ret_any)
{
    struct sql_commitment_new_in in = {.region = region, .limit = 1};
    struct sql_commitment_new_row *r;
    size_t n;
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, sql_commitment_new(ctx, tx, &in, &r, &n));
    *ret_any = n > 0;
    return OK;
}

enum err
service_commitment_draw(struct ctx *ctx, struct server *s, int64_t *ret_drawn)
{
    *ret_drawn = 0;
    for (size_t i = 0; i < catalog_region_count(s->catalog); i++) {
        struct draw d = {.s = s, .region = catalog_region_at(s->catalog, i), .seen = DRAW_BATCH};
        bool tentative, any;
        TRY(ctx, any_new(ctx, s, d.region->code, &any)); /* a quiet region costs no write */
        d.due = calendar_add(catalog_calendar(s->catalog), day_of_ms(ctx->now_ms),
                             (int)d.region->commitment.check_workdays, &tentative);
        for (int k = 0; any && k < DRAW_BATCHES_MAX && d.seen == DRAW_BATCH; k++) {
            TRY(ctx, store_write(ctx, s->store, draw_body, &d));
            *ret_drawn += d.drawn;
        }
    }
    return OK;
}

/* --- a check --- */

static enum err
check_text(struct ctx *ctx, const char *field, const char *label, struct str text, const char *remedy)
{
    size_t n = str_utf8_count(text);
    if (n < COMMITMENT_TEXT_MIN)
        return bad(ctx, field, label, n ? STR("太短") : STR("没有填写"), remedy);
    if (n > COMMITMENT_TEXT_MAX)
        return bad(ctx, field, label, str_fmt(ctx->arena, "超过 %d 字", COMMITMENT_TEXT_MAX), "请写得短一些");
    return OK;
}

struct check_write_arg {
    struct server *s;
    struct str region;
    struct check check;
    struct day expires;
    struct breach breach;
};

/* Whom it concerns hears of it from the same transaction, not only when he next commits; of its end as of its beginning. */ //= R133
static enum err
tell_breach(struct ctx *ctx, struct tx *tx, struct server *s, const struct data_key *key, const struct commitment *c,
            const struct breach *b, const char *event, struct str reason)
{
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    TRY(ctx, case_load(ctx, tx, &s->vault, s->catalog, b->region, c->case_id, cf));
    struct breach_message m = {.event = event,
                               .id = b->id,
                               .no = b->no,
                               .code = breach_code(ctx->arena, &s->vault, b->region, b->no),
                               .proof = c->proof,
                               .reason = reason,
                               .until = b->expires};
    return message_breach(ctx, tx, s, cf, key, &m);
}

static enum err
check_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    struct check_write_arg *w = arg;
    struct check stored;
    struct commitment c;
    struct data_key key;
    TRY(ctx, check_get(ctx, tx, &w->s->vault, w->region, w->check.id, &stored));
    TRY(ctx, commitment_get(ctx, tx, &w->s->vault, w->region, stored.commitment_id, &c));
    TRY(ctx, vault_key_get(ctx, tx, &w->s->vault, w->region, c.key_id, &key));
    TRY(ctx, check_write(ctx, tx, &key, &c, &w->check));
    if (w->check.outcome != CHECK_FALSE)
        return OK;
    w->breach.commitment_id = c.id;
    TRY(ctx, breach_enter(ctx, tx, &w->s->vault, &key, &c, &w->breach));
    return tell_breach(ctx, tx, w->s, &key, &c, &w->breach, "breached", w->breach.reason);
}

enum err //= R133
service_check_do(struct ctx *ctx, struct server *s, const struct actor *a, const struct check_do *in,
                 struct str *ret_breach)
{
    const struct region *r = catalog_region(s->catalog, a->region);
    struct str evidence = str_trim(in->evidence.p ? in->evidence : STR(""));
    bool holds = str_eqz(in->outcome, check_outcome_id(CHECK_TRUE)),
         broken = str_eqz(in->outcome, check_outcome_id(CHECK_FALSE));
    struct day today = day_of_ms(ctx->now_ms);
    if (!holds && !broken)
        return bad(ctx, "outcome", "核查结果", STR("没有选择"), "请选“属实”或“不实”");
    TRY(ctx, check_text(ctx, "evidence", "核查的依据", evidence, "请写明向谁核实、看了什么、结果怎样"));
    struct check_write_arg w = {.s = s,
                                .region = a->region,
                                .check = {.id = in->id,
                                          .checker_id = a->id,
                                          .checked_ms = ctx->now_ms,
                                          .outcome = holds ? CHECK_TRUE : CHECK_FALSE,
                                          .evidence = evidence,
                                          .checker_name = a->name},
                                .breach = {.id = id_next(&s->ids, ctx->now_ms),
                                           .region = a->region,
                                           .reason = evidence,
                                           .entered_ms = ctx->now_ms,
                                           .entered_by = a->id,
                                           .entered_name = a->name,
                                           .expires = day_add_months(today, (int)(r ? r->commitment.breach_months
                                                                                    : COMMITMENT_BREACH_MONTHS))}};
    TRY(ctx, store_write(ctx, s->store, check_body, &w));
    *ret_breach = broken ? w.breach.no : STR("");
    return OK;
}

/* --- a breach --- */

struct breach_write {
    struct server *s;
    const struct actor *a; /* NULL: the subject itself */
    const struct breach_do *in;
    struct str region, text;
    struct day day;
};

/* NULL: the subject did it, or it is the note that he was told. */
static const char *
event_of(const struct breach_do *in)
{
    if (str_eqz(in->action, "cure"))
        return "breach_cured";
    if (str_eqz(in->action, "decide"))
        return str_eqz(in->outcome, "upheld") ? "breach_lifted" : "breach_kept";
    return NULL;
}

static enum err
step(struct ctx *ctx, struct tx *tx, const struct breach_write *w, const struct data_key *key, const struct breach *b)
{
    struct str action = w->in->action, text = w->text;
    if (str_eqz(action, "tell"))
        return breach_tell(ctx, tx, w->region, b->id, w->day, str_trim(w->in->way));
    if (str_eqz(action, "object"))
        return breach_object(ctx, tx, key, b, text);
    if (str_eqz(action, "decide"))
        return breach_decide(ctx, tx, key, b, str_eqz(w->in->outcome, "upheld"), w->a, text);
    if (!str_empty(b->decision)) /* what was said on the objection stays on record */
        text = str_fmt(ctx->arena, "%.*s\n%.*s", STR_ARG(b->decision), STR_ARG(text));
    return breach_cure(ctx, tx, key, b, w->a, text);
}

static enum err
breach_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct breach_write *w = arg;
    struct breach b;
    struct data_key key;
    TRY(ctx, breach_get(ctx, tx, &w->s->vault, w->region, w->in->id, &b));
    TRY(ctx, vault_key_get(ctx, tx, &w->s->vault, w->region, b.key_id, &key));
    TRY(ctx, step(ctx, tx, w, &key, &b));
    const char *event = event_of(w->in);
    if (!event)
        return OK;
    struct commitment c;
    TRY(ctx, commitment_get(ctx, tx, &w->s->vault, w->region, b.commitment_id, &c));
    return tell_breach(ctx, tx, w->s, &key, &c, &b, event, w->text);
}

static enum err
check_tell(struct ctx *ctx, const struct breach_do *in, struct day *ret_day)
{
    struct str way = str_trim(in->way.p ? in->way : STR("")), day = str_trim(in->day.p ? in->day : STR(""));
    struct day today = day_of_ms(ctx->now_ms);
    *ret_day = today;
    if (str_empty(way) || str_utf8_count(way) > WAY_MAX)
        return bad(ctx, "way", "告知方式", str_empty(way) ? STR("没有填写") : STR("太长"), "例如：电话、当面、邮寄");
    if (!str_empty(day) && (!day_parse(day, ret_day) || ret_day->n > today.n))
        return bad(ctx, "day", "告知日期", STR("应为今天或以前的日期"), "写成 2026-11-21；今天的可以空着");
    return OK;
}

enum err
service_breach_do(struct ctx *ctx, struct server *s, const struct actor *a, const struct breach_do *in)
{
    struct breach_write w = {
        .s = s, .a = a, .in = in, .region = a->region, .text = str_trim(in->text.p ? in->text : STR(""))};
    if (str_eqz(in->action, "tell"))
        TRY(ctx, check_tell(ctx, in, &w.day));
    else if (str_eqz(in->action, "object"))
        TRY(ctx, check_text(ctx, "text", "异议", w.text, "请写明为什么认为认定有误"));
    else if (str_eqz(in->action, "cure"))
        TRY(ctx, check_text(ctx, "text", "补交的证明", w.text, "请写明补交了什么证明材料、核对的结果"));
    else if (!str_eqz(in->action, "decide"))
        FAIL(ctx, ERR_CASE_EDGE, "没有这一步，可以办理的是：告知、异议、决定、补交证明");
    else if (!actor_has(a, ROLE_SUPERVISOR))
        FAIL(ctx, ERR_FORBIDDEN, "异议由督办岗位决定");
    else if (!str_eqz(in->outcome, "upheld") && !str_eqz(in->outcome, "refused"))
        return bad(ctx, "outcome", "决定", STR("没有选择"), "请选“采纳”或“不采纳”");
    else
        TRY(ctx, check_text(ctx, "text", "决定的理由", w.text, "请写明采纳或不采纳的理由"));
    return store_write(ctx, s->store, breach_body, &w);
}

/* --- the subject's side --- */

static enum err
find_breach(struct ctx *ctx, struct server *s, const struct region *r, struct str no, struct str code,
            struct breach *ret_b, struct commitment *ret_c)
{
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, breach_open_with(ctx, tx, &s->vault, r->code, no,
                              crypto_code_normalise(ctx->arena, code.p ? code : STR("")), ret_b));
    return commitment_get(ctx, tx, &s->vault, r->code, ret_b->commitment_id, ret_c);
}

enum err
service_breach_object(struct ctx *ctx, struct server *s, const struct region *r, struct str no, struct str code,
                      struct str text)
{
    struct breach b;
    struct commitment c;
    TRY(ctx, find_breach(ctx, s, r, no, code, &b, &c));
    struct breach_do in = {.id = b.id, .action = STR("object")};
    struct breach_write w = {.s = s, .in = &in, .region = r->code, .text = str_trim(text.p ? text : STR(""))};
    TRY(ctx, check_text(ctx, "text", "异议", w.text, "请写明为什么认为认定有误，有什么证据"));
    return store_write(ctx, s->store, breach_body, &w);
}

enum err
service_breach_view(struct ctx *ctx, struct server *s, const struct region *r, struct str no, struct str code,
                    struct view *ret_map)
{
    struct breach b;
    struct commitment c;
    TRY(ctx, find_breach(ctx, s, r, no, code, &b, &c));
    guide_region(ctx, r, view_put_map(ret_map, "region"));
    commitment_put_breach(ctx, s, r, &b, &c, NULL, view_put_map(ret_map, "breach"));
    return OK;
}
