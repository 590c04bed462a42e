/* Look-ups in other departments' data: who may ask what, lists and endpoints alike, and every question on record. */
#include "service/sharing_int.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ident.h"
#include "base/json.h"
#include "catalog/yaml_tree.h"
#include "sql_gen.h"

enum { OWN_BYTES_MAX = 256 << 10, ANSWER_VALUES_MAX = 8, CONSENT_MAX = 100 };

/* --- sources --- */

/* The instance's own file; no file is an empty one. */
static enum err
read_own(struct ctx *ctx, const struct server *s, struct str *ret_text)
{
    const char *path = str_fmt(ctx->arena, "%.*s/sharing.yaml", STR_ARG(s->data_dir)).p;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    *ret_text = STR("");
    if (fd < 0 && errno == ENOENT)
        return OK;
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > OWN_BYTES_MAX) {
        if (fd >= 0)
            close(fd);
        FAIL(ctx, ERR_CONFIG, "数据文件夹里的 sharing.yaml 读不出来，或超过 %d KB", OWN_BYTES_MAX >> 10);
    }
    char *p = arena_alloc(ctx->arena, (size_t)st.st_size + 1);
    size_t n = 0;
    for (ssize_t k; n < (size_t)st.st_size && (k = read(fd, p + n, (size_t)st.st_size - n)) > 0; n += (size_t)k)
        ;
    close(fd);
    *ret_text = (struct str){p, n};
    return OK;
}

static enum err
add_own(struct ctx *ctx, const struct server *s, const struct region *r, struct sharing_sources *ret_s)
{
    struct str text;
    struct yaml_node *root, *list;
    TRY(ctx, read_own(ctx, s, &text));
    if (str_empty(str_trim(text)))
        return OK;
    TRY(ctx, yaml_parse(ctx, ctx->arena, STR("sharing.yaml"), text, &root));
    if (root->kind != YAML_MAP)
        return yaml_fail(ctx, root, "sharing.yaml 应是区划代码到共享来源的映射");
    TRY(ctx, yaml_list(ctx, root, str_z(ctx->arena, r->code), &list));
    return share_sources_read(ctx, ctx->arena, list, true, r->share, r->share_count, &ret_s->source, &ret_s->n);
}

enum err
sharing_sources(struct ctx *ctx, struct server *s, const struct region *r, struct sharing_sources *ret_s)
{
    *ret_s = (struct sharing_sources){.source = r->share, .n = r->share_count, .problem = STR("")};
    enum err e = add_own(ctx, s, r, ret_s);
    if (e != OK && e != ERR_CATALOG && e != ERR_CONFIG)
        return e;
    if (e != OK) { /* a slip in the instance's file must not stop the guide's own sources */
        ret_s->problem = ctx->fail->detail;
        fail_clear(ctx);
    }
    return OK;
}

/* --- asking an endpoint --- */

static struct str
request_json(struct ctx *ctx, const struct sharing_query *q, struct str number)
{
    struct view *v = view_map(ctx->arena);
    struct buf b;
    view_put_text(v, "id_number", number);
    view_put_text(v, "source", q->source);
    view_put_text(v, "reason", q->reason);
    buf_init(&b, ctx->arena, 256);
    view_json(v, &b);
    return buf_str(&b);
}

/* {"found": true, "values": {"类别": "低保"}}; anything else is no answer. */
static bool
read_answer(struct ctx *ctx, struct str body, struct share_hit *h)
{
    struct view *v, *out = view_map(ctx->arena);
    bool found = false, there = false;
    if (!str_utf8_valid(body) || view_from_json(ctx, body, &v) != OK) {
        fail_clear(ctx);
        return false;
    }
    if (view_kind(v) != VIEW_MAP || !json_bool(v, "found", &found, &there) || !there)
        return false;
    const struct view *values = view_get(v, STR("values"));
    size_t n = 0;
    for (const struct view *x = values && view_kind(values) == VIEW_MAP ? view_first(values) : NULL; x;
         x = view_next(x)) {
        if (view_kind(x) != VIEW_TEXT || str_utf8_count(view_text(x)) > SHARE_LIST_VALUE_MAX || view_key(x).n > 60 ||
            ++n > ANSWER_VALUES_MAX)
            return false;
        view_put_text(out, str_z(ctx->arena, view_key(x)), view_text(x));
    }
    *h = (struct share_hit){.outcome = found ? SHARE_FOUND : SHARE_ABSENT, .value = found ? out : NULL};
    return true;
}

/* Whatever goes wrong is "unavailable": the window goes on with papers. */
static void
ask_endpoint(struct ctx *ctx, struct server *s, const struct share_source *source, const struct sharing_query *q,
             struct str number, struct share_hit *h)
{
    struct str header[] = {STR("Content-Type: application/json"), STR("Accept: application/json")};
    bool get = str_eqz(source->method, "GET");
    struct aux_send out = {.url = source->url,
                           .method = source->method,
                           .header = header,
                           .header_count = 2,
                           .body = get ? STR("") : request_json(ctx, q, number),
                           .timeout_ms = (int)source->timeout_ms,
                           .answer_max = SHARING_ANSWER_MAX};
    struct aux_answer answer;
    *h = (struct share_hit){.outcome = SHARE_UNAVAILABLE};
    if (str_empty(source->url) || !s->aux)
        return;
    if (get) /* a number is letters and digits: nothing to escape */
        out.url = str_fmt(ctx->arena, "%.*s%sid_number=%.*s", STR_ARG(source->url),
                          str_find(source->url, STR("?")) == SIZE_MAX ? "?" : "&", STR_ARG(number));
    if (aux_send(ctx, s->aux, &out, &answer) != OK) {
        fail_clear(ctx);
        return;
    }
    if (answer.status == 404 && get)
        h->outcome = SHARE_ABSENT;
    else if (answer.status != 200 || !read_answer(ctx, answer.body, h))
        h->outcome = SHARE_UNAVAILABLE;
}

/* --- the question --- */

static void
bad(struct ctx *ctx, const char *field, const char *label, struct str reason, const char *remedy)
{
    fail_field(ctx, str_c(field), str_c(label), reason, str_c(remedy));
}

static bool
read_number(struct ctx *ctx, const struct share_source *source, struct str typed, struct str *ret_number)
{
    const char *why = NULL;
    struct ident_person p;
    if (source->by_unit && ident_uscc(ctx->arena, typed, ret_number, &why))
        return true;
    if (!source->by_unit && ident_person(ctx->arena, typed, &p, &why)) {
        *ret_number = p.value;
        return true;
    }
    bad(ctx, "number", source->by_unit ? "统一社会信用代码" : "身份证号",
        str_empty(typed) ? STR("没有填写") : str_c(why), "请照证件核对");
    return false;
}

static enum err //= R246
check_query(struct ctx *ctx, const struct share_source *source, const struct sharing_query *q, struct str reason,
            struct str consent, struct str *ret_number)
{
    read_number(ctx, source, str_trim(q->number.p ? q->number : STR("")), ret_number);
    if (str_empty(reason) || str_utf8_count(reason) > SHARING_REASON_MAX)
        bad(ctx, "reason", "查询的理由", str_empty(reason) ? STR("没有填写") : STR("太长"), "例如：核对救助对象身份");
    if (source->consent && str_empty(consent)) {
        bad(ctx, "consent", "本人授权", STR("没有本人签字的授权，不能查询"),
            "请先由本人在授权书（申请卡）上签字，再写明授权书名称和日期");
        fail_rule(ctx, "R246");
    }
    if (str_utf8_count(consent) > CONSENT_MAX)
        bad(ctx, "consent", "本人授权", STR("太长"), "写授权书的名称和日期就够了");
    if (ctx->fail->field_count)
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    return OK;
}

static enum err
find_in_list(struct ctx *ctx, struct server *s, struct str region, struct str source, struct str number,
             struct share_hit *h)
{
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    return share_find(ctx, tx, &s->vault, region, source, number, h);
}

static struct str
values_line(struct ctx *ctx, const struct view *value)
{
    struct buf b;
    buf_init(&b, ctx->arena, 128);
    for (const struct view *x = value ? view_first(value) : NULL; x; x = view_next(x))
        buf_fmt(&b, "%s%.*s %.*s", b.n ? "，" : "", STR_ARG(view_key(x)), STR_ARG(view_text(x)));
    return buf_str(&b);
}

static struct str
sentence(struct ctx *ctx, const struct share_source *source, const struct share_hit *h)
{
    struct str line = values_line(ctx, h->value);
    switch (h->outcome) {
    case SHARE_FOUND:
        return str_fmt(ctx->arena, "%.*s查得记录%s%.*s", STR_ARG(source->name), str_empty(line) ? "" : "：",
                       STR_ARG(line));
    case SHARE_ABSENT:
        return str_fmt(ctx->arena, "%.*s查无记录，请按清单提供材料或承诺", STR_ARG(source->name));
    default:
        return STR("来源暂不可用，请按清单提供材料或承诺");
    }
}

struct look_write {
    struct server *s;
    struct share_look look;
};

static enum err
look_body(struct ctx *ctx, struct tx *tx, void *arg)
{
    const struct look_write *w = arg;
    return share_look_record(ctx, tx, &w->s->vault, &w->look);
}

struct str
sharing_result_digest(struct ctx *ctx, const struct server *s, struct str region, const struct share_hit *h)
{
    struct buf b;
    buf_init(&b, ctx->arena, 256);
    buf_addz(&b, share_outcome_id(h->outcome));
    if (h->value)
        view_json(h->value, &b);
    return vault_digest(ctx->arena, &s->vault, "share-result", region, buf_str(&b));
}

enum err //= R60 R61 R69 R90 R241 R245
sharing_look_up(struct ctx *ctx, struct server *s, const struct actor *a, const struct sharing_query *q,
                struct sharing_result *ret_r)
{
    struct sharing_sources all;
    struct str reason = str_trim(q->reason.p ? q->reason : STR("")),
               consent = str_trim(q->consent.p ? q->consent : STR("")), number = STR("");
    struct share_hit hit;
    TRY(ctx, sharing_sources(ctx, s, q->region, &all));
    const struct share_source *source = share_source_find(all.source, all.n, q->source);
    if (!source) {
        bad(ctx, "source", "共享来源", STR("没有这个来源"), "请从列出的来源中选择");
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    TRY(ctx, check_query(ctx, source, q, reason, consent, &number));
    if (source->kind == SHARE_HTTP)
        ask_endpoint(ctx, s, source, q, number, &hit);
    else
        TRY(ctx, find_in_list(ctx, s, q->region->code, source->id, number, &hit));
    struct look_write w = {.s = s,
                           .look = {.id = id_next(&s->ids, ctx->now_ms),
                                    .case_id = q->case_id,
                                    .import_no = hit.import_no,
                                    .at_ms = ctx->now_ms,
                                    .staff_id = a->id,
                                    .region = q->region->code,
                                    .source = source->id,
                                    .source_name = source->name,
                                    .number = number,
                                    .masked = source->by_unit ? number : ident_mask_id(ctx->arena, number),
                                    .case_no = q->case_no.p ? q->case_no : STR(""),
                                    .material = q->material.p ? q->material : STR(""),
                                    .reason = reason,
                                    .consent = consent,
                                    .staff_name = a->name.p ? a->name : STR(""),
                                    .outcome = hit.outcome,
                                    .result_digest = sharing_result_digest(ctx, s, q->region->code, &hit)}};
    TRY(ctx, store_write(ctx, s->store, look_body, &w)); /* no answer without a record */
    *ret_r = (struct sharing_result){.source = source,
                                     .outcome = hit.outcome,
                                     .look_id = w.look.id,
                                     .import_no = hit.import_no,
                                     .value = hit.value,
                                     .sentence = sentence(ctx, source, &hit)};
    return OK;
}

/* --- in a case --- */

static const struct material *
find_leaf(const struct material *m, size_t n, struct str key)
{
    for (size_t i = 0; i < n; i++) {
        const struct material *hit = m[i].node == MATERIAL_LEAF ? (str_eq(m[i].key, key) ? &m[i] : NULL)
                                                                : find_leaf(m[i].child, m[i].child_count, key);
        if (hit)
            return hit;
    }
    return NULL;
}

/* The credit code of a case about a unit: registered, or, of one that is only now being registered, as filled in (R61). */
static enum err
unit_code(struct ctx *ctx, struct server *s, const struct case_file *cf, struct str *ret_code)
{
    const struct form *f = catalog_matter_form(matter_catalog(cf->matter), cf->matter);
    *ret_code = STR("");
    if (cf->unit_id) {
        struct unit u;
        SCOPED_READ tx = NULL;
        TRY(ctx, store_read(ctx, s->store, &tx));
        TRY(ctx, registry_unit_get(ctx, tx, &s->vault, cf->region, cf->unit_id, &u));
        *ret_code = u.uscc;
        return OK;
    }
    for (size_t i = 0; f && cf->form && i < f->section_count; i++)
        for (size_t k = 0; k < f->section[i].field_count; k++) {
            struct str v;
            const struct form_field *field = &f->section[i].field[k];
            if (str_eqz(field->binds, "unit.uscc") && json_text(cf->form, str_z(ctx->arena, field->id), &v) && v.p)
                *ret_code = v;
        }
    return OK;
}

enum err
sharing_for_case(struct ctx *ctx, struct server *s, const struct actor *a, const struct case_file *cf,
                 struct str material, struct str consent, struct sharing_result *ret_r)
{
    const struct material *leaf = find_leaf(cf->matter->material, cf->matter->material_count, material);
    struct sharing_sources all;
    TRY(ctx, sharing_sources(ctx, s, cf->matter->region, &all));
    const struct share_source *source =
        leaf && leaf->shareable ? share_source_for(all.source, all.n, leaf->share_source, leaf->name) : NULL;
    if (!source) {
        bad(ctx, "material", "材料", leaf ? STR("指南没有写明这份材料可以由数据共享取得") : STR("这个事项没有这份材料"),
            "请按清单提供材料");
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    struct sharing_query q = {.region = cf->matter->region,
                              .source = source->id,
                              .number = cf->applicant_id,
                              .reason = str_fmt(ctx->arena, "核对材料：%.*s", STR_ARG(leaf->name)),
                              .consent = consent,
                              .case_id = cf->id,
                              .case_no = cf->no,
                              .material = leaf->key};
    if (source->by_unit)
        TRY(ctx, unit_code(ctx, s, cf, &q.number));
    return sharing_look_up(ctx, s, a, &q, ret_r);
}

/* The newest word of a source on MATERIAL; what could not be asked says nothing. NULL: none. L newest first. */
static const struct share_look *
last_answer(const struct share_look *l, size_t n, struct str material)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(l[i].material, material) && l[i].outcome != SHARE_UNAVAILABLE)
            return &l[i];
    return NULL;
}

static enum err
read_looks(struct ctx *ctx, struct server *s, const struct case_file *cf, struct share_look **ret_l, size_t *ret_n)
{
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    return share_looks_of_case(ctx, tx, cf->region, cf->id, ret_l, ret_n);
}

static bool
stands_shared(const struct case_file *cf, struct str key)
{
    for (size_t i = 0; i < cf->material_count; i++)
        if (str_eq(cf->material[i].key, key))
            return cf->material[i].state == MATERIAL_SHARED;
    return false;
}

/* The source stands first in the note: a clerk may add to it, not write another. */
static struct str
source_note(struct ctx *ctx, struct str source, struct str note)
{
    if (str_empty(note) || str_starts(note, source))
        return str_empty(note) ? source : note;
    return str_fmt(ctx->arena, "%.*s；%.*s", STR_ARG(source), STR_ARG(note));
}

enum err //= R60 R220
sharing_check_command(struct ctx *ctx, struct server *s, const struct case_file *cf, struct case_command *cmd)
{
    struct case_material *m = ARENA_ARRAY(ctx->arena, cmd->material_count + 1, struct case_material);
    struct share_look *l = NULL;
    size_t n = 0;
    bool read = false;
    for (size_t i = 0; i < cmd->material_count; i++) {
        m[i] = cmd->material[i];
        if (m[i].state != MATERIAL_SHARED || stands_shared(cf, m[i].key))
            continue;
        if (!read)
            TRY(ctx, read_looks(ctx, s, cf, &l, &n));
        read = true;
        const struct share_look *hit = last_answer(l, n, m[i].key);
        if (hit && hit->outcome == SHARE_FOUND) {
            m[i].note = source_note(ctx, hit->source_name, m[i].note.p ? m[i].note : STR(""));
            continue;
        }
        bad(ctx, str_fmt(ctx->arena, "material.%.*s", STR_ARG(m[i].key)).p,
            str_z(ctx->arena, str_empty(m[i].name) ? STR("材料") : m[i].name),
            hit ? str_fmt(ctx->arena, "%.*s最近一次查询没有查到记录", STR_ARG(hit->source_name))
                : STR("本办件没有这份材料的数据共享查询记录"),
            "请先在办件的“数据共享”里查询，查得后自动记为数据共享；查不到的请按清单提供材料或承诺");
    }
    if (ctx->fail->field_count)
        FAIL(ctx, ERR_FIELD_INVALID, "数据共享取得的材料须先有查得的记录");
    cmd->material = m;
    return OK;
}

struct case_sharing {
    struct sharing_sources source;
    struct share_look *look;
    size_t look_count;
};

static void
put_shareable(struct ctx *ctx, const struct case_sharing *all, const struct case_file *cf, const struct material *m,
              size_t n, struct view *list)
{
    for (size_t i = 0; i < n; i++) {
        if (m[i].node != MATERIAL_LEAF) {
            put_shareable(ctx, all, cf, m[i].child, m[i].child_count, list);
            continue;
        }
        if (!m[i].shareable || material_need(&m[i], &cf->facts) == NEED_NO)
            continue;
        const struct share_source *s =
            share_source_for(all->source.source, all->source.n, m[i].share_source, m[i].name);
        const struct share_look *last = last_answer(all->look, all->look_count, m[i].key);
        struct view *row = view_add_map(list);
        view_put_text(row, "key", m[i].key);
        view_put_text(row, "name", m[i].name);
        view_put_text(row, "source", s ? s->name : m[i].share_source);
        view_put_bool(row, "ready", s != NULL);
        view_put_bool(row, "consent", s && s->consent);
        view_put_bool(row, "found", last && last->outcome == SHARE_FOUND);
    }
}

enum err
sharing_case_view(struct ctx *ctx, struct server *s, struct tx *tx, const struct case_file *cf, bool full,
                  struct view *map)
{
    struct case_sharing all;
    TRY(ctx, sharing_sources(ctx, s, cf->matter->region, &all.source));
    TRY(ctx, share_looks_of_case(ctx, tx, cf->region, cf->id, &all.look, &all.look_count));
    const struct share_look *l = all.look;
    size_t n = all.look_count;
    struct view *v = view_put_map(map, "sharing"), *materials = view_put_list(v, "materials"),
                *looks = view_put_list(v, "looks");
    put_shareable(ctx, &all, cf, cf->matter->material, cf->matter->material_count, materials);
    for (size_t i = 0; i < n; i++) {
        struct view *row = view_add_map(looks);
        const struct material *leaf = find_leaf(cf->matter->material, cf->matter->material_count, l[i].material);
        view_put_text(row, "source", l[i].source_name);
        view_put_text(row, "material", leaf ? leaf->name : STR(""));
        view_put_z(row, "outcome", share_outcome_id(l[i].outcome));
        view_put_z(row, "outcome_name", share_outcome_name(l[i].outcome));
        view_put_text(row, "at", day_time_text(ctx->arena, l[i].at_ms));
        view_put_text(row, "by", l[i].staff_name);
    }
    view_put_bool(v, "any", view_count(materials) > 0 || n > 0);
    struct sharing_found found = {
        .s = s, .tx = tx, .cf = cf, .source = &all.source, .look = all.look, .n = all.look_count, .full = full};
    return sharing_put_found(ctx, &found, v);
}

void
sharing_put_result(struct ctx *ctx, const struct sharing_result *r, struct view *map)
{
    struct view *v = view_put_map(map, "result"), *values = view_put_list(v, "values");
    (void)ctx;
    view_put_id(v, "look", r->look_id);
    view_put_text(v, "source", r->source->name);
    view_put_z(v, "outcome", share_outcome_id(r->outcome));
    view_put_z(v, "outcome_name", share_outcome_name(r->outcome));
    view_put_bool(v, "found", r->outcome == SHARE_FOUND);
    view_put_text(v, "sentence", r->sentence);
    for (const struct view *x = r->value ? view_first(r->value) : NULL; x; x = view_next(x)) {
        struct view *row = view_add_map(values);
        view_put_text(row, "name", view_key(x));
        view_put_text(row, "text", view_text(x));
    }
    if (!str_empty(r->source->fact) && r->outcome != SHARE_UNAVAILABLE) { //= R90
        struct view *fact = view_put_map(v, "fact");
        view_put_text(fact, "name", r->source->fact);
        view_put_bool(fact, "value", r->outcome == SHARE_FOUND);
    }
}

static enum err
load_case(struct ctx *ctx, struct server *s, const struct actor *a, struct str no, struct case_file *cf)
{
    struct str number, region;
    if (!service_case_no_parse(no, ctx->arena, &number, &region) || !str_eq(region, a->region))
        FAIL(ctx, ERR_NOT_FOUND, "没有这个办件");
    struct sql_case_by_no_in in = {.region = region, .no = number};
    struct sql_case_by_no_row row;
    bool found;
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    TRY(ctx, sql_case_by_no(ctx, tx, &in, &row, &found));
    if (!found)
        FAIL(ctx, ERR_NOT_FOUND, "没有这个办件");
    TRY(ctx, case_load(ctx, tx, &s->vault, s->catalog, region, row.id, cf));
    if (!may_see(s, a, cf->agency))
        FAIL(ctx, ERR_FORBIDDEN, "这是其他机构的办件");
    return OK;
}

/* The paper need not be brought any more; where it was found stands in the case's own record (R60). */
static enum err
mark_shared(struct ctx *ctx, struct server *s, const struct actor *a, const struct case_file *cf, struct str material,
            const struct sharing_result *r)
{
    const struct material *leaf = find_leaf(cf->matter->material, cf->matter->material_count, material);
    struct case_material m = {.key = leaf->key, .name = leaf->name, .state = MATERIAL_SHARED, .note = r->source->name};
    struct case_command cmd = {.action = CASE_SHARE,
                               .actor = *a,
                               .now_ms = ctx->now_ms,
                               .material = &m,
                               .material_count = 1,
                               .source = r->source->name};
    struct commit c = {0};
    return commit_command(ctx, s, cf, &cmd, &c);
}

enum err
service_sharing_case(struct ctx *ctx, struct server *s, const struct actor *a, struct str no, struct str material,
                     struct str consent, struct view *ret_map)
{
    struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
    struct sharing_result r;
    TRY(ctx, load_case(ctx, s, a, no, cf));
    if (!case_is_open(cf))
        FAIL(ctx, ERR_CASE_EDGE, "办件已经办结，不再查询");
    if (!(case_possible(cf, a) >> CASE_SHARE & 1u)) /* nothing is asked that could not be used */
        FAIL(ctx, ERR_CASE_ROLE, "数据共享由窗口岗位在办理中查询");
    TRY(ctx, sharing_for_case(ctx, s, a, cf, material, consent, &r));
    if (r.outcome == SHARE_FOUND)
        TRY(ctx, mark_shared(ctx, s, a, cf, material, &r));
    view_put_text(ret_map, "no", cf->no);
    view_put_text(ret_map, "matter", cf->matter->name);
    view_put_text(ret_map, "material", material);
    sharing_put_result(ctx, &r, ret_map);
    return OK;
}

enum err
service_sharing_look(struct ctx *ctx, struct server *s, const struct actor *a, struct sharing_query *q,
                     struct view *ret_map)
{
    struct sharing_result r;
    q->region = catalog_region(s->catalog, a->region);
    if (!str_empty(str_trim(
            q->case_no))) { /* the deceased of a case is not its applicant: a number and a case together (R90) */
        struct case_file *cf = ARENA_NEW(ctx->arena, struct case_file);
        TRY(ctx, load_case(ctx, s, a, str_trim(q->case_no), cf));
        q->case_id = cf->id;
        q->case_no = cf->no;
    }
    TRY(ctx, sharing_look_up(ctx, s, a, q, &r));
    sharing_put_result(ctx, &r, ret_map);
    return OK;
}
