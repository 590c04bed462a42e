/* The working copy: opened, uploaded, imported, edited. Everything is worked out on a bench and written in one short transaction, which
** is refused when somebody else wrote in between. */
#include "service/keeper_int.h"

#include "base/json.h"
#include "catalog/import.h"

enum { IMPORT_SHOWN = 300, MATTER_ID_MAX = 8 };

struct draft_work {
    struct server *server;
    const struct actor *actor;
    struct keeper_read read;
    struct str path, text, name, reason;
    int64_t from, *ret_no;
    /* worked out */
    struct keeper_copy copy;
};

static enum err
write_new(struct ctx *bench, struct draft_work *w, struct str digest, struct str package, struct str source,
          const struct version_event *event)
{
    struct keeper_write k = {.server = w->server,
                             .v = {.region = w->actor->region,
                                   .state = VERSION_DRAFT,
                                   .digest = digest,
                                   .effective = DAY_NONE,
                                   .note = STR(""),
                                   .source = source,
                                   .keeper_id = w->actor->id,
                                   .keeper = w->actor->name,
                                   .publisher = STR("")},
                             .package = package,
                             .insert = true,
                             .event = *event};
    TRY(bench, keeper_write_run(bench, &k, w->actor));
    *w->ret_no = k.v.no;
    return OK;
}

/* The draft with its files as FILES. */
static enum err
write_files(struct ctx *bench, struct draft_work *w, const struct catalog_files *files, struct str source,
            const struct version_event *event)
{
    struct keeper_write k = {.server = w->server, .v = w->copy.v, .event = *event};
    k.v.digest = catalog_package_digest(bench->arena, files, w->actor->region);
    k.package = catalog_pack(bench->arena, files, w->actor->region);
    k.v.source = source;
    return keeper_write_run(bench, &k, w->actor);
}

/* The draft that is to be changed. EDITED 0: as it is now. */
static enum err
draft_read(struct ctx *bench, struct draft_work *w)
{
    TRY(bench, keeper_copy_read(bench, w->server, w->actor->region, w->read.no, &w->copy));
    if (w->copy.v.state == VERSION_SUBMITTED)
        FAIL(bench, ERR_CONFLICT, "第 %lld 版已提交发布，不能再改；要改请先退回编辑", (long long)w->read.no);
    if (w->copy.v.state != VERSION_DRAFT)
        FAIL(bench, ERR_CONFLICT, "第 %lld 版%s，不能再改；请在它的基础上另起一稿", (long long)w->read.no,
             version_state_name(w->copy.v.state));
    if (w->read.edited && w->copy.v.edited != w->read.edited)
        FAIL(bench, ERR_CONFLICT, "这一稿已被改过，请刷新后看清再改");
    return OK;
}

static enum err
find_open(struct ctx *ctx, struct server *s, struct str region, struct version *ret_v, bool *ret_found)
{
    SCOPED_READ tx = NULL;
    TRY(ctx, store_read(ctx, s->store, &tx));
    return version_open(ctx, tx, region, ret_v, ret_found);
}

/* --- opening --- */

static enum err
choose_source(struct ctx *bench, struct draft_work *w, struct str *ret_source)
{
    struct server *s = w->server;
    struct version force, v;
    enum err e = keeper_in_force(bench, s, w->actor->region, &force);
    bool any = e == OK;
    if (e == ERR_NOT_FOUND)
        fail_clear(bench);
    else
        TRY(bench, e);
    if (w->from == 0 && !any)
        FAIL(bench, ERR_CONFLICT, "还没有施行的版本可以修改；请导入办事指南或上传目录包");
    if (w->from == 0)
        w->from = force.no;
    TRY(bench, keeper_copy_read(bench, s, w->actor->region, w->from, &w->copy));
    v = w->copy.v;
    if (v.state != VERSION_PUBLISHED)
        FAIL(bench, ERR_CONFLICT, "第 %lld 版没有发布过，不能退回到它", (long long)v.no);
    bool back = any && v.no < force.no;
    *ret_source = str_fmt(bench->arena, back ? "退回到第 %lld 版" : "在第 %lld 版上修改", (long long)v.no);
    return OK;
}

static enum err
open_work(struct ctx *bench, void *arg)
{
    struct draft_work *w = arg;
    struct str source;
    TRY(bench, choose_source(bench, w, &source));
    struct version_event e = {.kind = STR("opened"), .note = source};
    return write_new(bench, w, w->copy.v.digest, STR(""), source, &e);
}

enum err
service_keeper_open(struct ctx *ctx, struct server *s, const struct actor *a, int64_t from, int64_t *ret_no)
{
    struct draft_work w = {.server = s, .actor = a, .from = from, .ret_no = ret_no};
    TRY(ctx, keeper_check(ctx, a, true));
    return keeper_bench(ctx, open_work, &w);
}

/* --- a package or a guide from outside --- */

static enum err
refuse_file(struct ctx *ctx, const char *field, const char *label, struct str reason, struct str remedy)
{
    fail_field(ctx, str_c(field), str_c(label), reason, remedy);
    FAIL(ctx, ERR_FIELD_INVALID, "%s不能用", label);
}

/* FILES as the draft: in the place of what the open one holds, or a new one. */
static enum err
put_files(struct ctx *bench, struct draft_work *w, const struct catalog_files *files, struct str source,
          const struct version_event *event)
{
    bool busy;
    struct version open;
    TRY(bench, find_open(bench, w->server, w->actor->region, &open, &busy));
    if (busy) {
        w->read = (struct keeper_read){.no = open.no, .edited = open.edited};
        TRY(bench, draft_read(bench, w));
        TRY(bench, write_files(bench, w, files, source, event));
        *w->ret_no = open.no;
        return OK;
    }
    return write_new(bench, w, catalog_package_digest(bench->arena, files, w->actor->region),
                     catalog_pack(bench->arena, files, w->actor->region), source, event);
}

static enum err
upload_work(struct ctx *bench, void *arg)
{
    struct draft_work *w = arg;
    struct catalog_files files;
    struct catalog *c;
    struct str region;
    enum err e = catalog_unpack(bench, bench->arena, w->text, &files, &region);
    if (e == OK && !str_eq(region, w->actor->region))
        return refuse_file(bench, "package", "目录包", str_fmt(bench->arena, "这是 %.*s 的目录包", STR_ARG(region)),
                           str_fmt(bench->arena, "请上传本统筹区 %.*s 的", STR_ARG(w->actor->region)));
    if (e == OK && (e = catalog_load_files(bench, &files, &c)) == OK)
        catalog_free(c);
    if (e == ERR_CATALOG)
        return refuse_file(bench, "package", "目录包", bench->fail->detail, STR("请按提示改好后重新打包上传"));
    TRY(bench, e);
    struct version_event event = {.kind = STR("uploaded"), .note = w->name};
    return put_files(bench, w, &files, STR("上传目录包"), &event);
}

enum err
service_keeper_upload(struct ctx *ctx, struct server *s, const struct actor *a, struct str name, struct str bytes,
                      int64_t *ret_no)
{
    struct draft_work w = {.server = s, .actor = a, .name = name, .text = bytes, .ret_no = ret_no};
    TRY(ctx, keeper_check(ctx, a, true));
    return keeper_bench(ctx, upload_work, &w);
}

/* What is shared by all regions comes from the open draft, the version in force or the newest one. */
static enum err
shared_source(struct ctx *bench, struct draft_work *w, struct keeper_copy *ret_c)
{
    struct str region = w->actor->region;
    struct version open, force, *any;
    bool busy;
    size_t n;
    TRY(bench, find_open(bench, w->server, region, &open, &busy));
    if (busy)
        return keeper_copy_read(bench, w->server, region, open.no, ret_c);
    enum err e = keeper_in_force(bench, w->server, region, &force);
    if (e == OK)
        return keeper_copy_read(bench, w->server, region, force.no, ret_c);
    if (e != ERR_NOT_FOUND)
        return e;
    fail_clear(bench);
    SCOPED_READ tx = NULL;
    TRY(bench, store_read(bench, w->server->store, &tx));
    TRY(bench, version_list(bench, tx, region, 0, 1, &any, &n));
    store_read_end(tx);
    tx = NULL;
    if (n == 0)
        FAIL(bench, ERR_CONFLICT, "本统筹区还没有任何目录包");
    return keeper_copy_read(bench, w->server, region, any[0].no, ret_c);
}

static struct str
findings_json(struct arena *a, const struct imported *i)
{
    struct findings shown = i->findings;
    struct view *v = view_map(a);
    struct buf b;
    shown.n = shown.n < IMPORT_SHOWN ? shown.n : IMPORT_SHOWN;
    view_put_int(v, "count", (int64_t)i->findings.n);
    view_put_int(v, "matters", (int64_t)i->matters);
    findings_view(&shown, view_put_list(v, "findings"));
    buf_init(&b, a, 65536);
    view_json(v, &b);
    return buf_str(&b);
}

/* The region's matters are the guide's; its own forms and what was accepted stay. */
static struct catalog_files
with_guide(struct ctx *bench, struct str region, const struct catalog_files *old, const struct catalog_files *guide)
{
    struct str matters = str_fmt(bench->arena, "regions/%.*s/matters/", STR_ARG(region));
    struct catalog_files f = *old;
    for (size_t i = 0; i < old->n; i++)
        if (str_starts(old->file[i].path, matters))
            f = catalog_files_with(bench->arena, &f, old->file[i].path, STR_NONE);
    for (size_t i = 0; i < guide->n; i++)
        f = catalog_files_with(bench->arena, &f, guide->file[i].path, guide->file[i].bytes);
    return f;
}

static enum err
import_work(struct ctx *bench, void *arg)
{
    struct draft_work *w = arg;
    struct keeper_copy base;
    struct imported got;
    if (!str_utf8_valid(w->text))
        return refuse_file(bench, "guide", "办事指南", STR("文字不是 UTF-8 编码"),
                           STR("请用记事本另存为 UTF-8 文本后再导入"));
    TRY(bench, shared_source(bench, w, &base));
    enum err e = catalog_import(bench, w->server->catalog, w->actor->region, w->name, w->text, &got);
    if (e == ERR_CATALOG)
        return refuse_file(bench, "guide", "办事指南", bench->fail->detail, STR("请确认这是办事指南全文，再导入一次"));
    TRY(bench, e);
    struct catalog_files files = with_guide(bench, w->actor->region, &base.files, &got.files);
    struct version_event event = {
        .kind = STR("imported"), .note = w->name, .detail = findings_json(bench->arena, &got)};
    return put_files(bench, w, &files, STR("导入办事指南"), &event);
}

enum err
service_keeper_import(struct ctx *ctx, struct server *s, const struct actor *a, struct str name, struct str text,
                      int64_t *ret_no)
{
    struct draft_work w = {.server = s, .actor = a, .name = name, .text = text, .ret_no = ret_no};
    TRY(ctx, keeper_check(ctx, a, true));
    if (text.n == 0)
        return refuse_file(ctx, "guide", "办事指南", STR("没有内容"), STR("请选择文件或粘贴指南全文"));
    return keeper_bench(ctx, import_work, &w);
}

/* --- editing --- */

bool
keeper_own_path(struct str region, struct str path)
{
    struct str folder = STR("regions/"), rest = str_sub(path, folder.n, path.n);
    bool ours =
        str_starts(path, folder) && str_starts(rest, region) && str_starts(str_sub(rest, region.n, 1), STR("/"));
    return ours && str_ends(path, STR(".yaml")) && str_find(path, STR("..")) == SIZE_MAX;
}

/* Does FILES load: OK with *ret_problem empty, or with what is wrong. */
static enum err
try_load(struct ctx *bench, const struct catalog_files *files, struct str *ret_problem)
{
    struct catalog *c;
    enum err e = catalog_load_files(bench, files, &c);
    *ret_problem = STR("");
    if (e == OK)
        catalog_free(c);
    if (e != ERR_CATALOG)
        return e;
    *ret_problem = bench->fail->detail;
    fail_clear(bench);
    return OK;
}

/* A draft that loads goes on loading; one that does not may be mended step by step. */
static enum err
change_files(struct ctx *bench, struct draft_work *w, const struct catalog_files *files, const char *field,
             const struct version_event *event)
{
    struct str problem, before;
    TRY(bench, try_load(bench, files, &problem));
    if (!str_empty(problem)) {
        TRY(bench, try_load(bench, &w->copy.files, &before));
        if (str_empty(before)) {
            fail_field(bench, str_c(field), STR("内容"), problem, STR("请改好后再保存；稿子没有变动"));
            FAIL(bench, ERR_FIELD_INVALID, "照这样改，这一稿就不能载入了");
        }
    }
    return write_files(bench, w, files, w->copy.v.source, event);
}

/* Browsers send CR LF; a file ends with a line end. */
static struct str
tidy_lines(struct arena *a, struct str text)
{
    struct buf b;
    buf_init(&b, a, text.n + 2);
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] != '\r')
            buf_byte(&b, text.p[i]);
    if (b.n && b.p[b.n - 1] != '\n')
        buf_byte(&b, '\n');
    return buf_str(&b);
}

static enum err
save_work(struct ctx *bench, void *arg)
{
    struct draft_work *w = arg;
    TRY(bench, draft_read(bench, w));
    const struct catalog_file *old = catalog_files_get(&w->copy.files, w->path);
    if (!old || !keeper_own_path(w->actor->region, w->path))
        FAIL(bench, ERR_NOT_FOUND, "这一稿里没有可以修改的文件 %.*s", STR_ARG(w->path));
    struct str text = tidy_lines(bench->arena, w->text);
    if (str_eq(text, old->bytes))
        return OK;
    struct catalog_files f = catalog_files_with(bench->arena, &w->copy.files, w->path, text);
    struct version_event e = {.kind = STR("edited"), .note = w->path};
    return change_files(bench, w, &f, "text", &e);
}

enum err
service_keeper_save(struct ctx *ctx, struct server *s, const struct actor *a, struct keeper_read d, struct str path,
                    struct str text)
{
    struct draft_work w = {.server = s, .actor = a, .read = d, .path = path, .text = text};
    TRY(ctx, keeper_check(ctx, a, true));
    if (text.n == 0 || text.n > KEEPER_TEXT_MAX) {
        fail_field(ctx, STR("text"), STR("内容"), text.n ? STR("太长") : STR("是空的"),
                   text.n ? STR("超过 256 KB 的文件请用目录包上传") : STR("不要的事项请用“删去这个事项”"));
        FAIL(ctx, ERR_FIELD_INVALID, "内容不能保存");
    }
    return keeper_bench(ctx, save_work, &w);
}

static bool
matter_id_ok(struct str id)
{
    for (size_t i = 0; i < id.n; i++)
        if (!((id.p[i] >= '0' && id.p[i] <= '9') || (id.p[i] >= 'a' && id.p[i] <= 'z') || id.p[i] == '-'))
            return false;
    return id.n > 0 && id.n <= MATTER_ID_MAX;
}

static struct str
quoted(struct arena *a, struct str s)
{
    struct buf b;
    buf_init(&b, a, s.n + 8);
    buf_byte(&b, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            buf_byte(&b, '\\');
        if (s.p[i] == '\n')
            buf_addz(&b, "\\n");
        else if ((unsigned char)s.p[i] >= ' ')
            buf_byte(&b, s.p[i]);
    }
    buf_byte(&b, '"');
    return buf_str(&b);
}

static enum err
add_work(struct ctx *bench, void *arg)
{
    struct draft_work *w = arg;
    TRY(bench, draft_read(bench, w));
    if (catalog_files_get(&w->copy.files, w->path)) {
        fail_field(bench, STR("id"), STR("编号"), STR("已经有这个编号的事项"), STR("请换一个编号"));
        FAIL(bench, ERR_FIELD_INVALID, "事项不能增加");
    }
    struct str text = str_fmt(bench->arena, "编号: %.*s\n名称: %.*s\n办理材料:\n  方式: 未列\n",
                              STR_ARG(quoted(bench->arena, w->text)), STR_ARG(quoted(bench->arena, w->name)));
    struct catalog_files f = catalog_files_with(bench->arena, &w->copy.files, w->path, text);
    struct version_event e = {.kind = STR("edited"), .note = w->path};
    return change_files(bench, w, &f, "id", &e);
}

enum err
service_keeper_add(struct ctx *ctx, struct server *s, const struct actor *a, struct keeper_read d, struct str id,
                   struct str name, struct str *ret_path)
{
    struct draft_work w = {.server = s, .actor = a, .read = d, .text = id, .name = name};
    TRY(ctx, keeper_check(ctx, a, true));
    if (!matter_id_ok(id))
        fail_field(ctx, STR("id"), STR("编号"), STR("格式不对"), STR("请用 1 至 8 个数字或小写字母，如 31"));
    if (str_empty(name) || str_utf8_count(name) > 100)
        fail_field(ctx, STR("name"), STR("名称"), str_empty(name) ? STR("没有填写") : STR("太长"),
                   STR("请照指南填写事项名称"));
    if (ctx->fail->field_count)
        FAIL(ctx, ERR_FIELD_INVALID, "事项不能增加");
    w.path = str_fmt(ctx->arena, "regions/%.*s/matters/%.*s.yaml", STR_ARG(a->region), STR_ARG(id));
    TRY(ctx, keeper_bench(ctx, add_work, &w));
    *ret_path = w.path;
    return OK;
}

static enum err
remove_work(struct ctx *bench, void *arg)
{
    struct draft_work *w = arg;
    struct str folder = str_fmt(bench->arena, "regions/%.*s/", STR_ARG(w->actor->region));
    TRY(bench, draft_read(bench, w));
    struct str rest = str_sub(w->path, folder.n, w->path.n);
    bool removable = str_starts(rest, STR("matters/")) || str_starts(rest, STR("forms/"));
    if (!removable || !keeper_own_path(w->actor->region, w->path) || !catalog_files_get(&w->copy.files, w->path))
        FAIL(bench, ERR_NOT_FOUND, "这一稿里没有可以删去的文件 %.*s", STR_ARG(w->path));
    struct catalog_files f = catalog_files_with(bench->arena, &w->copy.files, w->path, STR_NONE);
    struct version_event e = {.kind = STR("removed"), .note = w->path};
    return change_files(bench, w, &f, "path", &e);
}

enum err
service_keeper_remove(struct ctx *ctx, struct server *s, const struct actor *a, struct keeper_read d, struct str path)
{
    struct draft_work w = {.server = s, .actor = a, .read = d, .path = path};
    TRY(ctx, keeper_check(ctx, a, true));
    return keeper_bench(ctx, remove_work, &w);
}

/* --- leaving a finding as it is --- */

static struct str
acceptance_text(struct ctx *bench, const struct draft_work *w, const struct finding *f)
{
    struct arena *a = bench->arena;
    struct buf b;
    buf_init(&b, a, 512);
    buf_fmt(&b, "- 规则: %s\n", f->id);
    for (size_t i = 0; i < f->matter_count; i++)
        buf_fmt(&b, "%s%.*s%s", i ? ", " : "  事项: [", STR_ARG(quoted(a, f->matter[i])),
                i + 1 == f->matter_count ? "]\n" : "");
    if (!str_empty(f->field))
        buf_fmt(&b, "  字段: %.*s\n", STR_ARG(quoted(a, f->field)));
    if (!str_empty(f->evidence))
        buf_fmt(&b, "  证据: %.*s\n", STR_ARG(quoted(a, f->evidence)));
    buf_fmt(&b, "  理由: %.*s\n  经手人: %.*s\n  日期: \"%.*s\"\n", STR_ARG(quoted(a, w->reason)),
            STR_ARG(quoted(a, w->actor->name)), STR_ARG(day_text(a, day_of_ms(bench->now_ms))));
    return buf_str(&b);
}

static enum err
accept_work(struct ctx *bench, void *arg)
{
    struct draft_work *w = arg;
    struct keeper_report r;
    const struct finding *hit = NULL;
    TRY(bench, draft_read(bench, w));
    TRY(bench, keeper_report(bench, w->server, &w->copy, &r));
    for (size_t i = 0; i < r.findings.n && !hit; i++)
        if (str_eq(keeper_finding_key(bench->arena, &r.findings.finding[i]), w->text))
            hit = &r.findings.finding[i];
    if (!hit)
        FAIL(bench, ERR_NOT_FOUND, "这一条发现已经不在了，请刷新页面");
    if (!str_empty(hit->accepted))
        return OK;
    struct str path = str_fmt(bench->arena, "regions/%.*s/accepted.yaml", STR_ARG(w->actor->region));
    const struct catalog_file *old = catalog_files_get(&w->copy.files, path);
    struct str before = old && !str_eqz(str_trim(old->bytes), "[]") ? old->bytes : STR("");
    struct str text = str_concat(bench->arena, before, acceptance_text(bench, w, hit));
    struct catalog_files f = catalog_files_with(bench->arena, &w->copy.files, path, text);
    struct version_event e = {.kind = STR("accepted"),
                              .note = str_fmt(bench->arena, "%.*s：%.*s", STR_ARG(hit->message), STR_ARG(w->reason))};
    return write_files(bench, w, &f, w->copy.v.source, &e);
}

enum err
service_keeper_accept(struct ctx *ctx, struct server *s, const struct actor *a, struct keeper_read d, struct str key,
                      struct str reason)
{
    struct draft_work w = {.server = s, .actor = a, .read = d, .text = key, .reason = str_trim(reason)};
    TRY(ctx, keeper_check(ctx, a, true));
    size_t n = str_utf8_count(w.reason);
    if (n < 4 || n > KEEPER_NOTE_MAX) {
        fail_field(ctx, str_fmt(ctx->arena, "reason-%.*s", STR_ARG(key)), STR("理由"),
                   n < 4 ? STR("没有写明") : STR("太长"), STR("请写明为什么可以不改，如：印发的原件就是这样"));
        FAIL(ctx, ERR_REASON_REQUIRED, "不改也可以，但要写明理由");
    }
    return keeper_bench(ctx, accept_work, &w);
}
