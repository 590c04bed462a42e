/* The materials of an application: the exact tree for its facts, and the files that come for its leaves. */
#include <string.h>

#include "base/json.h"
#include "service/commitment.h"
#include "web/handlers.h"
#include "web/public.h"

static const struct material *
find_below(const struct material *x, size_t n, struct str key)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(x[i].key, key))
            return &x[i];
        const struct material *hit = find_below(x[i].child, x[i].child_count, key);
        if (hit)
            return hit;
    }
    return NULL;
}

const struct material *
web_material_find(const struct matter *m, struct str key)
{
    return find_below(m->material, m->material_count, key);
}

/* --- the tree --- */

/* A form of the list, under whatever name the guide prints it, is the one filled in here. */
static bool
is_our_form(const struct material_tree *t, const struct material *x)
{
    return t->form && !str_empty(x->form);
}

static bool
is_committed(const struct material_tree *t, struct str key)
{
    const struct view *v = t->said ? view_get(t->said, key) : NULL;
    return v && view_kind(v) == VIEW_TEXT && str_eqz(view_text(v), "committed");
}

static bool
has_upload(const struct material_tree *t, struct str key)
{
    for (size_t i = 0; i < t->upload_count; i++)
        if (str_eq(t->upload[i].material, key))
            return true;
    return false;
}

/* A letter of commitment of somebody who may make none. */
static bool
is_barred(const struct material_tree *t, const struct material *x)
{
    return !str_empty(t->closed) && commitment_stands_in(x) && !x->committable && !is_our_form(t, x);
}

/* Which leaves are satisfied, through the whole tree. */
static void
mark_leaves(struct material_tree *t, const struct material *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (x[i].node == MATERIAL_LEAF)
            t->leaf[x[i].index] = (has_upload(t, x[i].key) && !is_barred(t, &x[i])) ||
                                  (x[i].committable && is_committed(t, x[i].key) && str_empty(t->closed)) ||
                                  (is_our_form(t, &x[i]) && t->form_done);
        mark_leaves(t, x[i].child, x[i].child_count);
    }
}

static struct str
size_text(struct arena *a, int64_t bytes)
{
    if (bytes < 1024)
        return str_fmt(a, "%lld 字节", (long long)bytes);
    if (bytes < 1024 * 1024)
        return str_fmt(a, "%lld KB", (long long)(bytes / 1024));
    return str_fmt(a, "%lld.%lld MB", (long long)(bytes >> 20), (long long)((bytes & 0xfffff) * 10 >> 20));
}

static void
put_upload(struct arena *a, const struct upload *u, struct view *row)
{
    view_put_id(row, "id", u->id);
    view_put_text(row, "material", u->material);
    view_put_text(row, "file", str_empty(u->name) ? STR("文件") : u->name);
    view_put_int(row, "size", u->size);
    view_put_text(row, "size_text", size_text(a, u->size));
    view_put_text(row, "mime", u->mime);
}

static void
put_leaf(struct material_tree *t, const struct material *x, struct view *v)
{
    struct view *files = view_put_list(v, "uploads");
    for (size_t i = 0; i < t->upload_count; i++)
        if (str_eq(t->upload[i].material, x->key))
            put_upload(t->call->ctx->arena, &t->upload[i], view_add_map(files));
    bool form = is_our_form(t, x), committed = x->committable && is_committed(t, x->key);
    view_put_bool(v, "uploaded", view_count(files) > 0);
    view_put_bool(v, "form_step", form);
    view_put_bool(v, "form_filled", form && t->form_done);
    bool closed = !str_empty(t->closed) && commitment_stands_in(x) && !form;
    view_put_bool(v, "committed", committed && !closed);
    view_put_bool(v, "commit_closed", closed);
    view_put_bool(v, "commit_chosen", committed && closed); /* said before; it stays said until the person changes it */
    view_put_bool(v, "can_upload", !form && (!committed || closed) && !is_barred(t, x));
    view_put_bool(v, "can_commit", x->committable && !committed && !form && !closed);
}

/* Something of it has come: an alternative that was begun stays open. */
static bool
touched(const struct material_tree *t, const struct material *x)
{
    if (x->node == MATERIAL_LEAF)
        return t->leaf[x->index] || has_upload(t, x->key);
    for (size_t i = 0; i < x->child_count; i++)
        if (touched(t, &x->child[i]))
            return true;
    return false;
}

/* What an alternative without a printed name is called by: its parts. */
static struct str
part_names(struct arena *a, const struct material *x)
{
    struct buf b;
    buf_init(&b, a, 64);
    for (size_t i = 0; i < x->child_count; i++) {
        buf_addz(&b, i ? "、" : "");
        buf_add(&b, x->child[i].name);
    }
    return buf_str(&b);
}

void
web_material_row(struct material_tree *t, const struct material *x, struct view *v)
{
    struct ctx *ctx = t->call->ctx;
    struct material bare = *x;
    bare.child_count = 0; /* the children are ours to put */
    struct view *plain = view_map(ctx->arena);
    guide_material(ctx, t->matter, &bare, t->facts, plain);
    for (const struct view *k = view_first(plain); k; k = view_next(k))
        if (!str_eqz(view_key(k), "children"))
            view_put(v, view_key(k).p, view_copy(ctx->arena, k));
    struct given given = {.leaf = t->leaf};
    view_put_bool(v, "satisfied", material_satisfied(x, t->facts, given));
    view_put_bool(v, "is_leaf", x->node == MATERIAL_LEAF);
    if (x->node == MATERIAL_LEAF)
        put_leaf(t, x, v);
    view_put_bool(v, "opens",
                  material_need(x, t->facts) == NEED_YES && guide_material_opens(x)); /* its parts are cards */
    view_put_bool(v, "open", touched(t, x));
    view_put_text(v, "words", part_names(ctx->arena, x));
    struct view *children = view_put_list(v, "parts");
    for (size_t i = 0; i < x->child_count; i++)
        if (material_need(&x->child[i], t->facts) != NEED_NO)
            web_material_row(t, &x->child[i], view_add_map(children));
}

/* As the list of the wizard counts: of a group of which everything is wanted, the parts. */
static void
count_needed(struct material_tree *t, const struct material *x, size_t n)
{
    struct given given = {.leaf = t->leaf};
    for (size_t i = 0; i < n; i++) {
        if (material_need(&x[i], t->facts) != NEED_YES || x[i].discretionary)
            continue;
        if (guide_material_opens(&x[i])) {
            count_needed(t, x[i].child, x[i].child_count);
            continue;
        }
        t->needed++;
        t->done += material_satisfied(&x[i], t->facts, given);
    }
}

static void
tree_start(struct material_tree *t)
{
    t->leaf = ARENA_ARRAY(t->call->ctx->arena, (size_t)t->matter->leaf_count + 1, bool);
    mark_leaves(t, t->matter->material, t->matter->material_count);
    count_needed(t, t->matter->material, t->matter->material_count);
}

void
web_material_tree(struct material_tree *t, struct view *list)
{
    tree_start(t);
    for (size_t i = 0; i < t->matter->material_count; i++)
        if (material_need(&t->matter->material[i], t->facts) != NEED_NO)
            web_material_row(t, &t->matter->material[i], view_add_map(list));
}

static void
tree_of_way(struct web_call *call, const struct way *w, struct material_tree *t)
{
    const struct view *form = web_way_part(call, w, "form");
    bool done =
        w->form && view_count(form) && service_form_check(call->ctx, call->server, w->form, &w->facts, form) == OK;
    fail_clear(call->ctx);
    *t = (struct material_tree){.call = call,
                                .matter = w->draft.matter,
                                .facts = &w->facts,
                                .upload = w->upload,
                                .upload_count = w->upload_count,
                                .said = web_way_part(call, w, "materials"),
                                .form = w->form,
                                .form_done = done,
                                .closed = w->closed};
}

void
web_material_count(struct web_call *call, struct way *w, struct material_tree *t)
{
    tree_of_way(call, w, t);
    tree_start(t);
}

/* --- what can be promised --- */

static void
put_promised(struct web_call *call, const struct facts *f, const struct material *x, size_t n, struct view *list)
{
    struct str fact, answer;
    for (size_t i = 0; i < n; i++) {
        put_promised(call, f, x[i].child, x[i].child_count, list);
        if (x[i].node != MATERIAL_LEAF || !commitment_by_answer(call->ctx->arena, f, &x[i], &fact, &answer))
            continue;
        struct view *row = view_add_map(list);
        view_put_text(row, "key", x[i].key);
        view_put_text(row, "name", x[i].name);
        view_put_text(row, "answer", answer);
    }
}

void
web_put_commitment(struct web_call *call, const struct matter *m, const struct facts *f, struct str closed)
{
    if (commitment_offered(m))
        put_promised(call, f, m->material, m->material_count,
                     view_put_list(commitment_put(call->view, closed), "instead"));
}

/* --- the page --- */

static enum err
show_materials(struct web_call *call, struct way *w)
{
    struct material_tree t;
    const struct matter *m = w->draft.matter;
    TRY(call->ctx, web_way_uploads(call, w));
    web_way_head(call, w, STEP_MATERIALS, "材料");
    tree_of_way(call, w, &t);
    web_material_tree(&t, view_put_list(call->view, "materials"));
    web_put_commitment(call, w->draft.matter, &w->facts, w->closed);
    view_put_int(call->view, "needed", (int64_t)t.needed);
    view_put_int(call->view, "done", (int64_t)t.done);
    view_put_int(call->view, "missing", (int64_t)(t.needed - t.done));
    view_put_bool(call->view, "complete", t.needed == t.done);
    view_put_bool(call->view, "listed", m->material_mode == MATERIALS_LISTED);
    view_put_bool(call->view, "unlisted", m->material_mode == MATERIALS_UNLISTED);
    view_put_bool(call->view, "by_reference", m->material_mode == MATERIALS_REFERENCE);
    view_put_bool(call->view, "by_department", m->material_mode == MATERIALS_DEPARTMENT);
    guide_put(call->view, "reference", str_empty(m->materials_reference) ? m->materials_text : m->materials_reference);
    view_put_int(call->view, "limit_mib", UPLOAD_MIB);
    return OK;
}

enum err
web_step_materials(struct web_call *call)
{
    struct way w;
    TRY(call->ctx, web_way_open(call, &w));
    return web_way_sent(call, &w) ? OK : show_materials(call, &w);
}

/* --- files --- */

static enum err
refuse_size(struct web_call *call, const struct http_upload *u)
{
    fail_field(call->ctx, STR("file"), STR("文件"),
               str_fmt(call->ctx->arena, "“%.*s”超过 %d MB", STR_ARG(u->filename), UPLOAD_MIB),
               STR("请压缩，或拍照时选小一些的尺寸，再重新选择"));
    FAIL(call->ctx, ERR_TOO_LARGE, "每个文件不超过 %d MB；已经传好的都还在", UPLOAD_MIB);
}

enum err
web_take_uploads(struct web_call *call, struct str region, int64_t draft_id, int64_t case_id, struct str key,
                 struct view *list)
{
    struct ctx *ctx = call->ctx;
    size_t n = http_upload_count(call->req);
    if (n == 0) {
        fail_field(ctx, STR("file"), STR("文件"), STR("没有选择文件"), STR("请先选择照片或 PDF，再上传"));
        FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
    }
    for (size_t i = 0; i < n; i++)
        if (http_upload_at(call->req, i)->too_large)
            return refuse_size(call, http_upload_at(call->req, i));
    for (size_t i = 0; i < n; i++) {
        const struct http_upload *u = http_upload_at(call->req, i);
        struct upload_given g = {u->filename, u->tmp_path, u->sm3, u->size};
        struct upload kept;
        TRY(ctx, service_upload_add(ctx, call->server, region, draft_id, case_id, key, &g, &kept));
        put_upload(ctx->arena, &kept, view_add_map(list));
    }
    return OK;
}

void
web_show_upload(struct web_call *call, const struct upload *u)
{
    if (str_starts(
            u->mime,
            STR("image/"))) /* an applicant's file is shown, never run; a PDF viewer does not start in a sandbox */
        http_set(call->res, "Content-Security-Policy", STR("default-src 'none'; sandbox"));
    http_set(call->res, "Content-Disposition", STR("inline"));
    http_body_file(call->res, str_z(call->ctx->arena, u->mime),
                   service_upload_path(call->ctx, call->server, u->digest));
    call->answered = true;
}

static enum err
open_for_files(struct web_call *call, struct way *w)
{
    TRY(call->ctx, web_way_open(call, w));
    if (!str_empty(w->draft.case_no))
        FAIL(call->ctx, ERR_CONFLICT, "这份申请已经提交，要补材料请打开办件页面");
    return OK;
}

static void
back_to(struct web_call *call, const struct way *w, struct str key)
{
    call->redirect =
        str_fmt(call->ctx->arena, "%.*s#m-%.*s", STR_ARG(web_way_path(call, w, "/materials")), STR_ARG(key));
}

enum err
web_draft_upload(struct web_call *call)
{
    struct way w;
    struct str key = http_param(call->req, "key");
    TRY(call->ctx, open_for_files(call, &w));
    const struct material *x = web_material_find(w.draft.matter, key);
    if (!x || x->node != MATERIAL_LEAF)
        FAIL(call->ctx, ERR_NOT_FOUND, "这个事项没有编号为“%.*s”的材料", STR_ARG(str_sub(key, 0, 40)));
    enum err e = web_take_uploads(call, w.draft.region, w.draft.id, 0, key, view_put_list(call->view, "uploads"));
    if (e == OK) {
        call->status = 201;
        back_to(call, &w, key);
        return OK;
    }
    call->view = call->api ? call->view : view_map(call->ctx->arena);
    return web_way_again(call, &w, e, show_materials);
}

enum err
web_draft_remove(struct web_call *call)
{
    struct way w;
    int64_t id;
    TRY(call->ctx, open_for_files(call, &w));
    if (!str_int(http_param(call->req, "upload"), &id) || id <= 0)
        FAIL(call->ctx, ERR_NOT_FOUND, "没有这个文件");
    TRY(call->ctx, service_upload_remove(call->ctx, call->server, w.draft.region, w.draft.id, id));
    view_put_bool(call->view, "removed", true);
    back_to(call, &w, http_field(call->req, "key").p ? http_field(call->req, "key") : STR(""));
    return OK;
}

static enum err
refuse_promise(struct ctx *ctx, const struct material *x, struct str closed)
{
    fail_field(ctx, STR("commitment"), x->name, STR("现在不能用承诺代替"), closed);
    fail_rule(ctx, "R133");
    FAIL(ctx, ERR_FIELD_INVALID, "%s", "");
}

/* Instead of the paper a written commitment, or the paper after all. */
enum err
web_draft_commit(struct web_call *call)
{
    struct way w;
    struct ctx *ctx = call->ctx;
    struct str key = http_param(call->req, "key");
    TRY(ctx, open_for_files(call, &w));
    const struct material *x = web_material_find(w.draft.matter, key);
    if (!x || x->node != MATERIAL_LEAF || !x->committable)
        FAIL(ctx, ERR_FIELD_INVALID, "这样材料不能用承诺书代替"); //= R35
    bool on = !str_eqz(web_param(call, "committed"), "no");
    if (on) {
        TRY(ctx, web_way_uploads(call, &w));
        if (!str_empty(w.closed))
            return web_way_again(call, &w, refuse_promise(ctx, x, w.closed), show_materials);
    }
    const struct view *value = on ? view_text_node(ctx->arena, STR("committed")) : NULL;
    TRY(ctx, web_way_set(call, &w, "materials", str_z(ctx->arena, key), value));
    struct str fact,
        answer; /* promised by an answer: the other answer wants the paper, and nothing else is asked anew */
    if (!on && commitment_by_answer(ctx->arena, &w.facts, x, &fact, &answer))
        TRY(ctx, web_way_set(call, &w, "facts", str_z(ctx->arena, fact), view_text_node(ctx->arena, answer)));
    view_put_text(call->view, "key", key);
    view_put_bool(call->view, "committed", on);
    back_to(call, &w, key);
    return OK;
}
