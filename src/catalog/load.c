/* Walks the catalogue's folders and reads everything but matters and forms, which have rooms of their own. */
#include <string.h>

#include "catalog/catalog_int.h"
#include "catalog/search_int.h"

enum err
load_text(struct loader *l, struct yaml_node *map, const char *key, struct str *ret_s)
{
    struct str s;
    TRY(l->ctx, yaml_text(l->ctx, map, key, &s));
    *ret_s = s.n ? str_dup(l->arena, s) : STR("");
    return OK;
}

enum err
load_need(struct loader *l, struct yaml_node *map, const char *key, struct str *ret_s)
{
    struct str s;
    TRY(l->ctx, yaml_need(l->ctx, map, key, &s));
    *ret_s = str_dup(l->arena, s);
    return OK;
}

enum err
load_texts(struct loader *l, struct yaml_node *map, const char *key, const struct str **ret_s, size_t *ret_n)
{
    struct str *texts;
    TRY(l->ctx, yaml_texts(l->ctx, l->arena, map, key, &texts, ret_n));
    for (size_t i = 0; i < *ret_n; i++)
        texts[i] = str_dup(l->arena, texts[i]);
    *ret_s = texts;
    return OK;
}

enum err
load_int(struct loader *l, struct yaml_node *map, const char *key, int64_t max, int64_t *ret_v)
{
    struct str s;
    TRY(l->ctx, yaml_text(l->ctx, map, key, &s));
    *ret_v = 0;
    if (!str_empty(s) && (!str_int(s, ret_v) || *ret_v < 0 || *ret_v > max))
        return yaml_fail(l->ctx, yaml_get(map, key), "“%s”应为 0 到 %lld 的整数", key, (long long)max);
    return OK;
}

/* A plain scalar silently loses what follows " #" and breaks on ": ", so conditions must be quoted. */
enum err
load_condition(struct loader *l, struct yaml_node *map, const char *key, struct fact_set *facts,
               struct condition *ret_c)
{
    return load_condition_in(l, &l->c->dict, map, key, facts, ret_c);
}

enum err
load_condition_in(struct loader *l, const struct fact_dict *dict, struct yaml_node *map, const char *key,
                  struct fact_set *facts, struct condition *ret_c)
{
    *ret_c = (struct condition){0};
    struct yaml_node *n = yaml_get(map, key);
    if (!n)
        return OK;
    if (n->kind != YAML_SCALAR || n->plain)
        return yaml_fail(l->ctx, n, "条件要用单引号括起来，例如 %s: '参保身份 = \"城乡居民\"'", key);
    struct feel *feel;
    struct feel_error error = {0};
    struct ctx apart = *l->ctx; /* the compiler's working memory goes with the trees, not with the process */
    apart.arena = l->scratch;
    enum err e = feel_compile(&apart, l->arena, dict, n->text, true, &feel, &error);
    if (e == ERR_EXPRESSION)
        return yaml_fail(l->ctx, n, "条件第 %zu 个字：%.*s%s%.*s", error.column, STR_ARG(error.what),
                         str_empty(error.remedy) ? "" : "；", STR_ARG(error.remedy));
    TRY(l->ctx, e);
    ret_c->feel = feel;
    ret_c->source = feel_source(feel);
    if (facts)
        feel_mentions(feel, facts);
    return OK;
}

static enum err
parse_limit(struct str s, struct limit *ret_l)
{
    static const struct {
        const char *word;
        enum limit_kind kind;
    } words[] = {{"即时", LIMIT_INSTANT},       {"医院办结", LIMIT_HOSPITAL}, {"每季度", LIMIT_QUARTERLY},
                 {"即办即批", LIMIT_ON_DEMAND}, {"按协议", LIMIT_AGREEMENT},  {"随时", LIMIT_ANYTIME}};
    static const struct {
        const char *unit;
        enum limit_kind kind;
    } units[] = {{"个工作日", LIMIT_WORKDAYS}, {"个自然日", LIMIT_DAYS}, {"个月", LIMIT_MONTHS}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eqz(s, words[i].word)) {
            *ret_l = (struct limit){.kind = words[i].kind};
            return OK;
        }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct str unit = str_c(units[i].unit);
        int64_t n;
        if (str_ends(s, unit) && str_int(str_sub(s, 0, s.n - unit.n), &n) && n >= 1 && n <= 3650) {
            *ret_l = (struct limit){.kind = units[i].kind, .n = (int)n};
            return OK;
        }
    }
    return ERR_FIELD_INVALID;
}

enum err
load_limit(struct loader *l, struct yaml_node *map, const char *key, struct limit *ret_l)
{
    struct str s;
    *ret_l = (struct limit){0};
    TRY(l->ctx, yaml_text(l->ctx, map, key, &s));
    if (!str_empty(s) && parse_limit(s, ret_l) != OK)
        return yaml_fail(
            l->ctx, yaml_get(map, key),
            "看不懂时限“%.*s”，可写 即时、5个工作日、30个自然日、3个月、医院办结、每季度、即办即批、按协议、随时",
            STR_ARG(s));
    return OK;
}

/* How a matter begins, is accepted and ends cannot hang on an answer: what else is on the way can. */
static bool
may_be_left_out(enum stage_kind k)
{
    return k != STAGE_APPLY && k != STAGE_ACCEPT && k != STAGE_CONCLUDE && k != STAGE_DELIVER;
}

static enum err
load_stage(struct loader *l, struct yaml_node *n, struct fact_set *facts, bool first, struct stage *s)
{
    struct str kind = n->text;
    if (n->kind == YAML_MAP) {
        TRY(l->ctx, yaml_need(l->ctx, n, "环节", &kind));
        TRY(l->ctx, load_text(l, n, "名称", &s->name));
        TRY(l->ctx, load_text(l, n, "单位", &s->unit));
        TRY(l->ctx, load_text(l, n, "人数", &s->count));
        TRY(l->ctx, load_limit(l, n, "时限", &s->limit));
        TRY(l->ctx, load_texts(l, n, "专业", &s->profession, &s->profession_count));
        if (facts)
            TRY(l->ctx, load_condition(l, n, "当", facts, &s->when));
    }
    if (!stage_parse(kind, &s->kind))
        return yaml_fail(l->ctx, n, "不认识的环节“%.*s”，请用 docs/CATALOG.md 列出的环节", STR_ARG(kind));
    if (s->when.feel && (first || !may_be_left_out(s->kind)))
        return yaml_fail(l->ctx, yaml_get(n, "当"), "第一个环节和申请、受理、送达、办结不能带条件");
    if (n->kind != YAML_MAP)
        return OK;
    TRY(l->ctx, load_issues(l, n, s));
    return yaml_refuse_unseen(l->ctx, n);
}

enum err
load_stages(struct loader *l, struct yaml_node *map, const char *key, struct fact_set *facts,
            const struct stage **ret_stage, size_t *ret_n)
{
    struct yaml_node *list;
    TRY(l->ctx, yaml_list(l->ctx, map, key, &list));
    *ret_n = 0;
    *ret_stage = NULL;
    if (!list)
        return OK;
    struct stage *stage = ARENA_ARRAY(l->arena, list->count, struct stage);
    for (struct yaml_node *n = list->first; n; n = n->next)
        TRY(l->ctx, load_stage(l, n, facts, n == list->first, &stage[(*ret_n)++]));
    *ret_stage = stage;
    return OK;
}

/* --- facts dictionary --- */

static enum err
load_fact_values(struct loader *l, struct yaml_node *n, struct fact *f)
{
    TRY(l->ctx, load_texts(l, n, "取值", &f->def.values, &f->def.value_count));
    if (f->def.type == FACT_CHOICE && f->def.value_count < 2)
        return yaml_fail(l->ctx, n, "选项型事实至少要有两个取值");
    struct yaml_node *help;
    TRY(l->ctx, yaml_map(l->ctx, n, "取值说明", &help));
    if (!help)
        return OK;
    struct str *texts = ARENA_ARRAY(l->arena, f->def.value_count, struct str);
    for (struct yaml_node *c = help->first; c; c = c->next) {
        size_t i = 0;
        while (i < f->def.value_count && !str_eq(f->def.values[i], c->key))
            i++;
        if (i == f->def.value_count)
            return yaml_fail(l->ctx, c, "“%.*s”不在取值之中", STR_ARG(c->key));
        texts[i] = str_dup(l->arena, c->text);
    }
    f->value_help = texts;
    return OK;
}

static enum err
load_fact(struct loader *l, struct yaml_node *n, struct fact *f)
{
    static const char *const types[] = {"选项", "是否", "数字", "文本", "日期"};
    struct str type, source;
    TRY(l->ctx, load_need(l, n, "名称", &f->def.name));
    TRY(l->ctx, load_need(l, n, "标识", &f->def.id));
    TRY(l->ctx, yaml_need(l->ctx, n, "类型", &type));
    TRY(l->ctx, load_text(l, n, "问题", &f->question));
    TRY(l->ctx, load_text(l, n, "说明", &f->help));
    TRY(l->ctx, yaml_text(l->ctx, n, "来源", &source));
    f->asked = !str_eqz(source, "系统");
    size_t t = 0;
    while (t < 5 && !str_eqz(type, types[t]))
        t++;
    if (t == 5)
        return yaml_fail(l->ctx, yaml_get(n, "类型"), "不认识的类型“%.*s”，可写 选项、是否、数字、文本、日期",
                         STR_ARG(type));
    f->def.type = (enum fact_type)t;
    TRY(l->ctx, load_fact_values(l, n, f));
    if (str_utf8_count(f->def.name) > 16)
        return yaml_fail(l->ctx, n, "事实名称“%.*s”超过 16 个字", STR_ARG(f->def.name));
    if (fact_find(&l->c->dict, f->def.name) != SIZE_MAX || fact_find(&l->c->dict, f->def.id) != SIZE_MAX)
        return yaml_fail(l->ctx, n, "事实“%.*s”或标识“%.*s”已经定义过", STR_ARG(f->def.name), STR_ARG(f->def.id));
    return yaml_refuse_unseen(l->ctx, n);
}

enum err
load_facts(struct loader *l, struct yaml_node *root)
{
    struct catalog *c = l->c;
    if (root->kind != YAML_LIST)
        return yaml_fail(l->ctx, root, "事实词典应为列表");
    for (struct yaml_node *n = root->first; n; n = n->next) {
        if (c->dict.count == FACT_MAX)
            return yaml_fail(l->ctx, n, "事实超过 %d 个", FACT_MAX);
        struct fact *f = &c->fact[c->dict.count];
        TRY(l->ctx, load_fact(l, n, f));
        c->def[c->dict.count++] = f->def;
    }
    return OK;
}

/* --- standard list --- */

static enum err
load_standard_row(struct loader *l, struct yaml_node *n, struct standard_matter *s)
{
    struct str subject, effect;
    TRY(l->ctx, load_need(l, n, "编码", &s->code));
    TRY(l->ctx, load_need(l, n, "名称", &s->name));
    TRY(l->ctx, load_need(l, n, "主项", &s->group));
    TRY(l->ctx, yaml_need(l->ctx, n, "申请主体", &subject));
    s->by_unit = str_eqz(subject, "单位");
    TRY(l->ctx, yaml_text(l->ctx, n, "结果", &effect));
    if (!str_empty(effect) && !effect_parse(effect, &s->effect))
        return yaml_fail(l->ctx, yaml_get(n, "结果"), "不认识的结果“%.*s”", STR_ARG(effect));
    TRY(l->ctx, load_text(l, n, "类别", &s->category));
    TRY(l->ctx, load_text(l, n, "表单", &s->form));
    TRY(l->ctx, load_stages(l, n, "系统环节", NULL, &s->stage, &s->stage_count));
    for (size_t i = 0; i < s->stage_count; i++)
        if (!str_empty(s->stage[i].paper.name))
            return yaml_fail(l->ctx, n, "系统环节不能写“出具”，只有指南印了名称的文书才出具");
    if (s->stage_count == 0)
        return yaml_fail(l->ctx, n, "缺少“系统环节”");
    return yaml_refuse_unseen(l->ctx, n);
}

enum err
load_standard(struct loader *l, struct yaml_node *root)
{
    if (root->kind != YAML_LIST || root->count > STANDARD_MAX)
        return yaml_fail(l->ctx, root, "标准清单应为列表，最多 %d 项", STANDARD_MAX);
    l->c->standard = ARENA_ARRAY(l->arena, root->count, struct standard_matter);
    for (struct yaml_node *n = root->first; n; n = n->next)
        TRY(l->ctx, load_standard_row(l, n, &l->c->standard[l->c->standard_count++]));
    return OK;
}

/* --- calendar --- */

static enum err
need_day(struct loader *l, struct yaml_node *n, struct str text, struct day *ret_d)
{
    if (!day_parse(text, ret_d))
        return yaml_fail(l->ctx, n, "日期“%.*s”应写成 2026-01-01", STR_ARG(text));
    return OK;
}

static enum err
load_calendar_year(struct loader *l, struct yaml_node *root)
{
    int64_t year;
    struct yaml_node *off, *work;
    struct str unused;
    TRY(l->ctx, load_int(l, root, "年份", 9999, &year));
    TRY(l->ctx, yaml_text(l->ctx, root, "状态", &unused));
    bool announced = str_eqz(unused, "已公布");
    TRY(l->ctx, yaml_text(l->ctx, root, "依据", &unused));
    TRY(l->ctx, yaml_list(l->ctx, root, "放假", &off));
    TRY(l->ctx, yaml_list(l->ctx, root, "调休上班", &work));
    for (struct yaml_node *n = off ? off->first : NULL; n; n = n->next) {
        struct str from, to;
        struct day a, b;
        TRY(l->ctx, yaml_text(l->ctx, n, "名称", &unused));
        TRY(l->ctx, yaml_need(l->ctx, n, "起", &from));
        TRY(l->ctx, yaml_need(l->ctx, n, "止", &to));
        TRY(l->ctx, need_day(l, n, from, &a));
        TRY(l->ctx, need_day(l, n, to, &b));
        if (b.n < a.n || b.n - a.n > 31)
            return yaml_fail(l->ctx, n, "放假的起止日期不对");
        for (struct day d = a; d.n <= b.n; d = day_add(d, 1))
            calendar_set_holiday(l->c->calendar, d);
    }
    for (struct yaml_node *n = work ? work->first : NULL; n; n = n->next) {
        struct day d;
        TRY(l->ctx, need_day(l, n, n->text, &d));
        calendar_set_workday(l->c->calendar, d);
    }
    if (announced)
        calendar_set_announced(l->c->calendar, (int)year);
    return yaml_refuse_unseen(l->ctx, root);
}

/* --- folders --- */

static enum err
read_tree(struct loader *l, const struct catalog_file *f, struct yaml_node **ret_root)
{
    return yaml_parse(l->ctx, l->scratch, str_dup(l->arena, f->path), f->bytes, ret_root);
}

/* Files of one FOLDER ("facts/"), those of deeper ones not among them. */
static enum err
each_file(struct loader *l, const char *folder, enum err (*load)(struct loader *, struct yaml_node *))
{
    size_t from, to = catalog_files_under(l->files, str_c(folder), &from);
    for (size_t i = from; i < to; i++) {
        struct yaml_node *root;
        if (!str_ends(l->files->file[i].path, STR(".yaml")))
            continue;
        TRY(l->ctx, read_tree(l, &l->files->file[i], &root));
        TRY(l->ctx, load(l, root));
    }
    return OK;
}

static enum err
load_form_file(struct loader *l, struct yaml_node *root)
{
    if (l->c->form_count == FORMS_MAX)
        return yaml_fail(l->ctx, root, "表单超过 %d 个", FORMS_MAX);
    TRY(l->ctx, load_form(l, root, &l->c->form[l->c->form_count]));
    l->c->form_count++;
    return OK;
}

/* A region may have its own version of a sample form, with its own options (R10, R71). */
static enum err
load_region_forms(struct loader *l, struct str code, struct region *r)
{
    size_t from, to = catalog_files_under(l->files, str_fmt(l->scratch, "regions/%.*s/forms/", STR_ARG(code)), &from);
    if (to - from > FORMS_MAX)
        FAIL(l->ctx, ERR_CATALOG, "regions/%.*s/forms:1:1: 表单超过 %d 个", STR_ARG(code), FORMS_MAX);
    struct form *form = ARENA_ARRAY(l->arena, to - from, struct form);
    for (size_t i = from; i < to; i++) {
        struct yaml_node *root;
        TRY(l->ctx, read_tree(l, &l->files->file[i], &root));
        TRY(l->ctx, load_form(l, root, &form[i - from]));
    }
    r->form = form;
    r->form_count = to - from;
    return OK;
}

static enum err
load_region_matters(struct loader *l, struct str code, struct region *r)
{
    struct str folder = str_fmt(l->scratch, "regions/%.*s/matters/", STR_ARG(code));
    size_t from, to = catalog_files_under(l->files, folder, &from);
    if (from == to || to - from > MATTERS_MAX)
        FAIL(l->ctx, ERR_CATALOG, "regions/%.*s/matters:1:1: 应有 1 到 %d 个事项文件", STR_ARG(code), MATTERS_MAX);
    struct matter *m = ARENA_ARRAY(l->arena, to - from, struct matter);
    for (size_t i = from; i < to; i++) {
        const struct catalog_file *f = &l->files->file[i];
        struct yaml_node *root;
        TRY(l->ctx, read_tree(l, f, &root));
        TRY(l->ctx, load_matter(l, root, r, &m[i - from]));
        struct str id = m[i - from].id;
        if (!str_eq(str_sub(f->path, folder.n, f->path.n), str_fmt(l->scratch, "%.*s.yaml", STR_ARG(id))))
            return yaml_fail(l->ctx, yaml_get(root, "编号"), "编号“%.*s”与文件名不一致", STR_ARG(id));
    }
    r->matter = m;
    r->matter_count = to - from;
    return OK;
}

static enum err
load_region_folder(struct loader *l, struct str code, struct region *r)
{
    struct str shown = str_fmt(l->scratch, "regions/%.*s/region.yaml", STR_ARG(code));
    const struct catalog_file *f = catalog_files_get(l->files, shown);
    struct yaml_node *root;
    if (!f)
        FAIL(l->ctx, ERR_CATALOG, "%.*s:1:1: 没有这个文件，请补上（格式见 docs/CATALOG.md）", STR_ARG(shown));
    TRY(l->ctx, read_tree(l, f, &root));
    TRY(l->ctx, load_region(l, root, r));
    if (!str_eq(r->code, code))
        return yaml_fail(l->ctx, yaml_get(root, "区划"), "区划“%.*s”与文件夹名不一致", STR_ARG(r->code));
    TRY(l->ctx, load_region_forms(l, code, r));
    TRY(l->ctx, load_region_matters(l, code, r));
    r->catalog = l->c;
    r->effective = DAY_NONE;
    r->version = str_dup(l->arena, catalog_package_digest(l->scratch, l->files, code));
    return OK;
}

static enum err
load_regions(struct loader *l)
{
    size_t from, to = catalog_files_under(l->files, STR("regions/"), &from), n = 0;
    const struct region **region = ARENA_ARRAY(l->arena, REGIONS_MAX, const struct region *);
    l->c->region = region;
    struct arena *outer = l->scratch;
    enum err e = OK;
    for (size_t i = from; i < to && e == OK;) {
        struct str rest = str_sub(l->files->file[i].path, sizeof "regions/" - 1, SIZE_MAX), code;
        str_split(&rest, '/', &code);
        if (n == REGIONS_MAX)
            FAIL(l->ctx, ERR_CATALOG, "regions:1:1: 统筹区超过 %d 个", REGIONS_MAX);
        l->scratch = arena_new(0); /* a region's trees are dropped before the next one is read */
        struct region *r = ARENA_NEW(l->arena, struct region);
        e = load_region_folder(l, code, r);
        region[n++] = r;
        arena_free(l->scratch);
        l->scratch = outer;
        while (i < to && str_starts(l->files->file[i].path, str_fmt(outer, "regions/%.*s/", STR_ARG(code))))
            i++;
    }
    l->c->region_count = n;
    return e;
}

static enum err
load_all(struct loader *l)
{
    TRY(l->ctx, each_file(l, "calendar/", load_calendar_year));
    calendar_finish(l->c->calendar);
    TRY(l->ctx, each_file(l, "facts/", load_facts));
    TRY(l->ctx, each_file(l, "standard/", load_standard));
    TRY(l->ctx, each_file(l, "forms/", load_form_file));
    TRY(l->ctx, each_file(l, "cited/", load_cited));
    TRY(l->ctx, load_regions(l));
    TRY(l->ctx, load_search(l));
    return OK;
}

enum err
catalog_load_files(struct ctx *ctx, const struct catalog_files *files, struct catalog **ret_c)
{
    struct arena *arena = arena_new(0);
    SCOPED_ARENA scratch = arena_new(0);
    struct catalog *c = ARENA_NEW(arena, struct catalog);
    c->arena = arena;
    c->fact = ARENA_ARRAY(arena, FACT_MAX, struct fact);
    c->def = ARENA_ARRAY(arena, FACT_MAX, struct fact_def);
    c->dict.fact = c->def;
    c->form = ARENA_ARRAY(arena, FORMS_MAX, struct form);
    c->calendar = calendar_new(arena, 2004, 2050);
    struct loader l = {.ctx = ctx, .arena = arena, .scratch = scratch, .c = c, .files = files};
    enum err e = load_all(&l);
    if (e != OK) {
        arena_free(arena);
        return e;
    }
    *ret_c = c;
    return OK;
}

enum err
catalog_load(struct ctx *ctx, struct str dir, struct catalog **ret_c)
{
    SCOPED_ARENA bytes = arena_new(0);
    struct catalog_files files;
    TRY(ctx, catalog_files_read(ctx, bytes, dir, &files));
    TRY(ctx, catalog_load_files(ctx, &files, ret_c));
    if ((*ret_c)->region_count > 0)
        return OK;
    catalog_free(*ret_c);
    FAIL(ctx, ERR_CATALOG, "%.*s:1:1: 没有任何统筹区，请检查目录位置", STR_ARG(dir));
}

void
catalog_free(struct catalog *c)
{
    if (c)
        arena_free(c->arena);
}
