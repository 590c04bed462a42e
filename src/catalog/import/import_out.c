/* Drafts into the catalogue's files: the verbatim fields first, the proposals beside them, every file in the same order of keys. What the
** loader needs and the guide does not print is written as a mark to be filled in and told as a finding, never guessed. */
#include <string.h>

#include "catalog/import/import_read_int.h"

enum { REGION_NAME_MAX = 8, MATERIAL_LINES_MAX = 200 };

static const char *const ORDER[] = {"编号",     "序号",     "名称",     "标题",     "标题名称", "标准编码",
                                    "编码来源", "组",       "出处",     "状态",     "状态依据", "图题",
                                    "受理单位", "设定依据", "服务对象", "办理渠道", "办理层级", "办理材料",
                                    "办理流程", "办理时限", "咨询方式", "监督电话", "评价渠道", "注意事项",
                                    "送达",     "文书",     "告知承诺", "异文",     "存疑",     "其他原文"};
enum { ORDER_COUNT = sizeof ORDER / sizeof *ORDER };

static struct yaml_node *
child(struct yaml_node *map, const char *key)
{
    for (struct yaml_node *c = map->first; c; c = c->next)
        if (str_eqz(c->key, key))
            return c;
    return NULL;
}

static struct yaml_node *
child_map(struct guide *g, struct yaml_node *map, const char *key)
{
    struct yaml_node *c = child(map, key);
    return c ? c : yaml_put(g->a, map, key, yaml_new_map(g->a));
}

static void
sort_keys(struct yaml_node *map)
{
    struct yaml_node *sorted = NULL, **tail = &sorted, *left = map->first;
    for (size_t i = 0; i < ORDER_COUNT; i++)
        for (struct yaml_node **at = &left; *at; at = &(*at)->next)
            if (str_eqz((*at)->key, ORDER[i])) {
                struct yaml_node *hit = *at;
                *at = hit->next;
                hit->next = NULL;
                *tail = hit;
                tail = &hit->next;
                break;
            }
    *tail = left;
    map->first = sorted;
}

/* --- a matter --- */

static struct str
where_text(struct guide *g, const struct draft *d)
{
    const char *gap = d->part.n ? " " : "";
    struct str w;
    if (d->where.n)
        return d->where;
    if (d->bundled) {
        size_t title_to = d->bundle_from > d->from ? d->bundle_from - 1 : d->from;
        int own = g->line[d->own_line].no;
        w = str_fmt(g->a, "%.*s%s行%d-%d、行%d-%d、行%d-%d", STR_ARG(d->part), gap, g->line[d->from].no,
                    g->line[title_to].no, own, own, g->line[d->bundle_to].no, g->line[d->to - 1].no);
    } else {
        w = str_fmt(g->a, "%.*s%s行%d-%d", STR_ARG(d->part), gap, g->line[d->from].no, g->line[d->to - 1].no);
    }
    return d->list_where.n ? str_fmt(g->a, "%.*s、%.*s", STR_ARG(d->list_where), STR_ARG(w)) : w;
}

static bool
code_known(const struct guide *g, struct str code)
{
    for (size_t i = 0; i < catalog_standard_count(g->shared); i++)
        if (str_eq(catalog_standard_at(g->shared, i)->code, code))
            return true;
    return false;
}

static void
put_code(struct guide *g, const struct draft *d, struct yaml_node *map)
{
    struct str code = d->m.code.text;
    if (!code.n)
        return;
    if (code_known(g, code)) {
        yaml_put_text(g->a, map, "标准编码", code);
        yaml_put_text(g->a, map, "编码来源", STR("印发"));
        return;
    }
    told(g, "code-unknown", SEVERITY_WARN, d, "标准编码", d->m.code.from, code,
         "核对编码；标准清单确有这一项的先补标准清单", "印出的编码不在标准清单里，写在其他原文");
}

/* The title is kept where it is not simply number and name. */
static void
put_title(struct guide *g, const struct draft *d, struct yaml_node *map)
{
    struct str title = squeezed(g->a, d->m.title.text), name = squeezed(g->a, d->m.name.text);
    if (title.n && !str_eq(title, name))
        yaml_put_text(g->a, map, "标题", d->m.title.text);
}

static void
put_head(struct guide *g, const struct draft *d, struct yaml_node *map)
{
    const struct guide_matter *m = &d->m;
    yaml_put_text(g->a, map, "编号", m->id);
    yaml_put_text(g->a, map, "序号", m->number.text);
    if (str_empty(trimmed(m->name.text)))
        told(g, "name-missing", SEVERITY_ERROR, d, "名称", m->where.from, g->line[d->from].text, "请填写事项名称",
             "没有读出事项名称");
    yaml_put_text(g->a, map, "名称", str_empty(trimmed(m->name.text)) ? STR("待补") : m->name.text);
    put_title(g, d, map);
    yaml_put_text(g->a, map, "标题名称", m->title_name.text);
    put_code(g, d, map);
    yaml_put_text(g->a, map, "组", m->group.text);
    yaml_put_text(g->a, map, "出处", where_text(g, d));
    if (m->status_basis.text.n) {
        struct yaml_node *status = yaml_put_text(g->a, map, "状态", STR("暂停"));
        yaml_comment(status, STR("待核: 由状态依据读出"));
        yaml_put_text(g->a, map, "状态依据", m->status_basis.text);
    }
    yaml_put_text(g->a, map, "图题", m->caption.text);
    yaml_put_text(g->a, map, "受理单位", m->unit.text);
    struct yaml_node *basis = m->basis_count ? yaml_put(g->a, map, "设定依据", yaml_new_list(g->a)) : NULL;
    for (size_t i = 0; i < m->basis_count; i++)
        yaml_put_text(g->a, basis, NULL, m->basis[i].text);
}

static void
put_fields(struct guide *g, const struct draft *d, struct yaml_node *map)
{
    static const char *const keys[GUIDE_FIELD_COUNT] = {"服务对象", "办理渠道", "办理层级", "办理材料",
                                                        "办理流程", "办理时限", NULL,       "咨询方式",
                                                        "监督电话", "评价渠道", "送达"};
    for (int i = 0; i < GUIDE_FIELD_COUNT; i++)
        if (keys[i] && d->m.field[i].text.n)
            yaml_put_text(g->a, child_map(g, map, keys[i]), "原文", d->m.field[i].text);
    if (d->m.field[GUIDE_LEGAL_LIMIT].text.n)
        yaml_put_text(g->a, child_map(g, map, "办理时限"), "法定原文", d->m.field[GUIDE_LEGAL_LIMIT].text);
}

static void
put_notes(struct guide *g, const struct draft *d, struct yaml_node *map)
{
    const struct guide_matter *m = &d->m;
    struct yaml_node *list = NULL;
    for (size_t i = 0; i < m->note_count; i++) {
        if (!m->note[i].text.n)
            continue;
        list = list ? list : yaml_put(g->a, map, "注意事项", yaml_new_list(g->a));
        struct yaml_node *n = yaml_put(g->a, list, NULL, yaml_new_map(g->a));
        yaml_put_text(g->a, n, "序号", m->note_number[i]);
        yaml_put_text(g->a, n, "原文", m->note[i].text);
    }
    list = m->other_count || (m->code.text.n && !code_known(g, m->code.text))
               ? yaml_put(g->a, map, "其他原文", yaml_new_list(g->a))
               : NULL;
    for (size_t i = 0; i < m->other_count; i++) {
        struct yaml_node *n = yaml_put(g->a, list, NULL, yaml_new_map(g->a));
        yaml_put_text(g->a, n, "标题", m->other_title[i]);
        yaml_put_text(g->a, n, "原文", m->other[i].text);
    }
    if (list && m->code.text.n && !code_known(g, m->code.text)) {
        struct yaml_node *n = yaml_put(g->a, list, NULL, yaml_new_map(g->a));
        yaml_put_text(g->a, n, "标题", STR("编码"));
        yaml_put_text(g->a, n, "原文", m->code.text);
    }
}

static void
put_variants(struct guide *g, const struct draft *d, struct yaml_node *map)
{
    struct yaml_node *list = NULL;
    struct draft plain = *d;
    plain.list_where = STR("");
    for (size_t i = 0; i < d->variant_count; i++) {
        const struct draft_variant *v = &d->variant[i];
        if (!v->text.text.n)
            continue;
        list = list ? list : yaml_put(g->a, map, "异文", yaml_new_list(g->a));
        struct yaml_node *n = yaml_put(g->a, list, NULL, yaml_new_map(g->a));
        yaml_put_text(g->a, n, "出处", v->from_list ? d->list_where : where_text(g, &plain));
        yaml_put_text(g->a, n, "字段", str_c(v->field));
        yaml_put_text(g->a, n, "原文", v->text.text);
        yaml_put_text(g->a, n, "取用", v->followed ? STR("是") : STR("否"));
    }
}

/* The loader wants to know how materials are printed: what no proposal says is kept as the guide's own lines, one a material. */
static void
settle_materials(struct guide *g, const struct draft *d, struct yaml_node *map)
{
    struct yaml_node *m = child_map(g, map, "办理材料"), *mode = child(m, "方式");
    struct str text = d->m.field[GUIDE_MATERIALS].text, line;
    if (mode)
        return;
    if (!text.n) {
        yaml_put_text(g->a, m, "方式", STR("未列"));
        return;
    }
    yaml_comment(yaml_put_text(g->a, m, "方式", STR("列明")), STR("待核: 清单照原文逐行抄录，没有拆分"));
    struct yaml_node *list = yaml_put(g->a, m, "清单", yaml_new_list(g->a));
    size_t lines = 1;
    for (size_t i = 0; i < text.n; i++)
        lines += text.p[i] == '\n';
    if (lines > MATERIAL_LINES_MAX) { /* more than any matter asks for: no list of materials */
        yaml_put_text(g->a, yaml_put(g->a, list, NULL, yaml_new_map(g->a)), "材料", text);
        return;
    }
    while (str_split(&text, '\n', &line))
        yaml_put_text(g->a, yaml_put(g->a, list, NULL, yaml_new_map(g->a)), "材料", line);
}

/* 1   人 */
static void
put_handlers(struct guide *g, const struct draft *d, struct yaml_node *map)
{
    struct str s = d->handlers.text, t = squeezed(g->a, s);
    if (!s.n)
        return;
    struct yaml_node *flow = child_map(g, map, "办理流程");
    struct str digits = cut_end(cut_end(t, "人"), "名");
    int64_t n;
    if (!child(flow, "人数") && str_int(digits, &n) && n > 0)
        yaml_put_text(g->a, flow, "人数", digits);
    else if (!child(flow, "人数"))
        told(g, "handlers", SEVERITY_WARN, d, "办理流程", d->handlers.from, s, "把人数写成数字",
             "经办人数不是数字，没有写入");
}

static enum err
matter_file(struct guide *g, struct draft *d, struct catalog_file *ret_file)
{
    struct yaml_node *map = yaml_new_map(g->a);
    struct buf out;
    put_head(g, d, map);
    put_fields(g, d, map);
    put_notes(g, d, map);
    put_variants(g, d, map);
    TRY(g->ctx, propose_structure(g->ctx, g->shared, &d->m, map, g->f));
    settle_materials(g, d, map);
    put_handlers(g, d, map);
    sort_keys(map);
    buf_init(&out, g->a, 4096);
    yaml_write(&out, map);
    ret_file->path = str_fmt(g->a, "regions/%.*s/matters/%.*s.yaml", STR_ARG(g->code), STR_ARG(d->m.id));
    ret_file->bytes = buf_str(&out);
    return OK;
}

/* --- the region --- */

/* 本市 names no town. */
static bool
no_place(struct str s)
{
    static const char *const words[] = {"本", "我", "全", "该", "各", "市", "县", "原"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_starts(s, str_c(words[i])))
            return true;
    return false;
}

/* The name before 医疗保障局 that the text prints most: 市, 县 or 区 at its end, at a boundary of words in front. */
static struct str
bureau_town(struct guide *g)
{
    enum { NAMES_MAX = 64 };
    struct str name[NAMES_MAX], best = STR("");
    size_t count[NAMES_MAX] = {0}, n = 0, most = 0;
    for (size_t i = 0; i < g->n; i++) {
        struct str s = g->line[i].text;
        struct str bureau = has(s, "医疗保障") ? STR("医疗保障") : STR("医保局");
        for (size_t at = 0, hit; (hit = str_find(str_sub(s, at, s.n - at), bureau)) != SIZE_MAX;) {
            size_t end = at + hit, from = end, cps = 0;
            at = end + 3;
            while (from > 0 && cps < REGION_NAME_MAX && is_cjk(last_cp(str_sub(s, 0, from)))) {
                do
                    from--;
                while (((unsigned char)s.p[from] & 0xc0) == 0x80);
                cps++;
            }
            struct str t = str_sub(s, from, end - from);
            uint32_t last = last_cp(t);
            if (cps < 2 || cps > 5 || (last != 0x5e02 && last != 0x53bf && last != 0x533a && last != 0x65d7) ||
                (cps == 2 && (from > 0 || no_place(t))))
                continue;
            size_t k = 0;
            while (k < n && !str_eq(name[k], t))
                k++;
            if (k == n && n < NAMES_MAX)
                name[n++] = t;
            if (k < n && ++count[k] > most) {
                most = count[k];
                best = name[k];
            }
        }
    }
    return best;
}

static struct str
lines_of_use(struct guide *g, enum line_use use)
{
    struct buf b;
    struct str above = STR("");
    buf_init(&b, g->a, 256);
    for (size_t i = 0; i < g->n; i++) {
        if (g->line[i].use != use)
            continue;
        if (b.n && ((count_cp(above) < 30 && !open_bracket(above)) || !line_wraps(above, g->line[i].text, false)))
            buf_byte(&b, '\n');
        buf_add(&b, g->line[i].text);
        above = g->line[i].text;
    }
    return buf_str(&b);
}

/* Who handles most matters; otherwise the bureau of the town, where the text names it. */
static struct str
agency_of(struct guide *g, const struct drafts *ds, struct str town)
{
    for (size_t i = 0; i < ds->n; i++) {
        size_t same = 0;
        struct str unit = ds->d[i].m.unit.text;
        for (size_t k = 0; k < ds->n && unit.n; k++)
            same += str_eq(ds->d[k].m.unit.text, unit);
        if (same * 2 > ds->n)
            return cut_end(unit, "。");
    }
    static const char *const bureaus[] = {"医疗保障局", "医保局"};
    for (size_t k = 0; k < sizeof bureaus / sizeof *bureaus && town.n; k++) {
        struct str bureau = str_fmt(g->a, "%.*s%s", STR_ARG(town), bureaus[k]);
        for (size_t i = 0; i < g->n; i++)
            if (str_find(g->line[i].text, bureau) != SIZE_MAX)
                return bureau;
    }
    return STR("");
}

/* 2022-10-13, 2023年08月02日 behind 发布时间 or 发布日期. */
static struct str
date_of(struct guide *g, struct str head)
{
    static const char *const words[] = {"发布时间", "发布日期"};
    for (size_t w = 0; w < 2; w++) {
        size_t at = str_find(head, str_c(words[w]));
        if (at == SIZE_MAX)
            continue;
        struct str s = str_sub(head, at + strlen(words[w]), 40);
        int part[3] = {0}, n = 0;
        bool inside = false;
        for (size_t i = 0; i < s.n && n < 4; i++) {
            bool digit = s.p[i] >= '0' && s.p[i] <= '9';
            n += digit && !inside;
            if (digit && n <= 3 && part[n - 1] < 10000)
                part[n - 1] = part[n - 1] * 10 + (s.p[i] - '0');
            inside = digit;
            if (s.p[i] == '\n')
                break;
        }
        if (part[0] > 1990 && part[0] < 2100 && part[1] >= 1 && part[1] <= 12 && part[2] >= 1 && part[2] <= 31)
            return str_fmt(g->a, "%04d-%02d-%02d", part[0], part[1], part[2]);
    }
    return STR("");
}

static void
to_fill(struct guide *g, struct yaml_node *map, const char *key, struct str value, const char *why)
{
    struct yaml_node *n = yaml_put_text(g->a, map, key, value.n ? value : STR("待补"));
    yaml_comment(n, str_fmt(g->a, "待核: %s", why));
    told(g, "region-to-fill", value.n ? SEVERITY_INFO : SEVERITY_ERROR, NULL, key, 0, value,
         value.n ? "核对后保留或改正" : "请在 region.yaml 里填写", "region.yaml 的“%s”%s", key, why);
}

static struct str
title_of(struct guide *g, struct str head)
{
    struct str rest = head, line;
    while (str_split(&rest, '\n', &line)) {
        static const char *const words[] = {"清单", "指南", "规范", "流程", "事项"};
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (has(line, words[i]) && !has(line, "欢迎") && count_cp(line) > 6)
                return line;
    }
    (void)g;
    return STR("");
}

static void
region_file(struct guide *g, const struct drafts *ds, struct catalog_file *ret_file)
{
    struct yaml_node *map = yaml_new_map(g->a);
    struct str town = bureau_town(g), head = lines_of_use(g, LINE_HEAD), tail = lines_of_use(g, LINE_TAIL),
               file = g->file;
    struct str agency = agency_of(g, ds, town);
    struct buf out;
    bool city = str_ends(g->code, STR("00"));
    yaml_put_text(g->a, map, "区划", g->code);
    to_fill(g, map, "名称", town, town.n ? "取自原文“…医疗保障…”前的地名" : "原文没有印出地名");
    to_fill(g, map, "经办机构", agency, agency.n ? "取自原文的受理单位或局名" : "原文没有印出机构名");
    to_fill(g, map, "层级", city ? STR("市级") : STR("县级"), "按区划代码末两位写的");
    yaml_put_text(g->a, map, "省代码", str_sub(g->code, 0, 2));
    told(g, "region-to-fill", SEVERITY_INFO, NULL, "省", 0, STR(""),
         "在 region.yaml 里按需要填写 省、统筹区、统筹区代码、上级、上级约束", "指南不印 省、统筹区和上级，没有写入");
    struct yaml_node *source = yaml_put(g->a, map, "来源", yaml_new_map(g->a));
    yaml_put_text(g->a, source, "标题", title_of(g, head));
    yaml_put_text(g->a, source, "发布日期", date_of(g, head));
    for (size_t at; (at = str_find(file, STR("/"))) != SIZE_MAX;)
        file = str_sub(file, at + 1, file.n);
    yaml_put_text(g->a, source, "文件", file);
    yaml_put_text(g->a, source, "首部原文", head);
    yaml_put_text(g->a, source, "尾部原文", tail);
    buf_init(&out, g->a, 4096);
    yaml_write(&out, map);
    ret_file->path = str_fmt(g->a, "regions/%.*s/region.yaml", STR_ARG(g->code));
    ret_file->bytes = buf_str(&out);
}

enum err
drafts_write(struct guide *g, struct drafts *ds, struct catalog_files *ret_f)
{
    struct catalog_file *file = ARENA_ARRAY(g->a, ds->n + 1, struct catalog_file);
    for (size_t i = 0; i < ds->n; i++) {
        TRY(g->ctx, matter_file(g, &ds->d[i], &file[i]));
        if (file[i].bytes.n > CATALOG_FILE_MAX)
            FAIL(g->ctx, ERR_CATALOG, "第 %zu 个事项的文字超过 1 MiB，请检查分段", i + 1);
    }
    region_file(g, ds, &file[ds->n]); /* "matters/" sorts before "region.yaml" */
    if (file[ds->n].bytes.n > CATALOG_FILE_MAX)
        FAIL(g->ctx, ERR_CATALOG, "首部或尾部文字超过 1 MiB，请删去与事项无关的部分再导入");
    *ret_f = (struct catalog_files){file, ds->n + 1};
    return OK;
}
