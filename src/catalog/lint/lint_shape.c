/* The rules about the structure of a guide: the table, and the readings they share. The rules themselves stand in lint_shape_*.c, by what they
** look at. Every rule holds for a guide never seen: it compares a guide with itself, with its siblings, with the standard list, the law's
** limits and the other regions, and knows no place by name. */
#include <string.h>

#include "catalog/lint/lint_shape_int.h"

const struct lint_rule_def lint_shape_rules[] = {
    {"code-form", SEVERITY_ERROR, "事项编码不是12位数字", "按标准清单改写编码", shape_code_form},
    {"code-group", SEVERITY_ERROR, "主项编码与组或事项编码不相符", "与上级清单核对主项编码，照正确的编码改写",
     shape_code_group},
    {"code-name", SEVERITY_ERROR, "编码与名称对不上：名称是标准清单里另一项的", "核对后改编码或改名称",
     shape_code_name},
    {"code-shared", SEVERITY_INFO, "名称不同的几个事项用同一个编码", "核对是否其中一项应当用别的编码，或合并为一项",
     shape_code_shared},
    {"calendar-year", SEVERITY_WARN, "日历缺今年或明年的放假安排", "公布后在 calendar/ 写入该年的放假和调休",
     shape_calendar_year},
    {"publish-phone", SEVERITY_ERROR, "指南要求公布监督电话，却没有号码", "在监督电话或地区的默认监督电话里写上号码",
     shape_publish_phone},
    {"publish-address", SEVERITY_ERROR, "指南要求公布办理地址或网址，却一处也没有",
     "在服务点写上地址，在渠道写上网址或应用名称", shape_publish_address},
    {"suspended-basis", SEVERITY_WARN, "状态与原文不符：标作暂停而依据没有写，或写着暂停而状态是开放",
     "在状态依据里照录暂停的文件", shape_suspended_basis},
    {"child-heavier", SEVERITY_ERROR, "材料多于或时限长于上级清单", "减去多出的材料或缩短时限；上级清单是最底线",
     shape_child_heavier},
    {"local-basis", SEVERITY_ERROR, "地方新增事项没有设定依据、事项内容或办理流程",
     "写明依据、内容和流程，报上级备案后实施", shape_local_basis},
    {"point-rating", SEVERITY_ERROR, "乡、村服务点既没有评价器也没有评价二维码",
     "配评价器，或张贴二维码并在评价渠道写明", shape_point_rating},
    {"form-unknown", SEVERITY_WARN, "材料里的表格在样表和引用清单里都没有",
     "补上样表，或在 cited/forms.yaml 登记这张表", shape_form_unknown},
    {"form-spelling", SEVERITY_WARN, "表名与同一地区另一处的表名或样表只差几个字", "统一为表格上印的名称",
     shape_form_spelling},
    {"form-note", SEVERITY_WARN, "表格上印的份数、盖章与材料里写的不一致", "按表格写份数和盖章，或改表格",
     shape_form_note},
    {"form-binds", SEVERITY_ERROR, "登记要用的内容在表格里没有必填的栏目", "在表格的字段里写上“对应”，并写必填",
     shape_form_binds},
    {"twice-name", SEVERITY_WARN, "同一事项在原件两处的名称不一致", "两处统一为标准名称", shape_twice_name},
    {"twice-limit", SEVERITY_WARN, "同一事项在原件两处的办理时限不一致", "取较短的一处，修订另一处", shape_twice_limit},
    {"twice-materials", SEVERITY_WARN, "同一事项在原件两处的办理材料不一致", "取较少的一处，修订另一处",
     shape_twice_materials},
    {"twice-stages", SEVERITY_INFO, "同一事项在原件两处的办理环节不一致", "两处统一环节", shape_twice_stages},
    {"limit-reading", SEVERITY_ERROR, "时限的原文与结构不符", "按原文改写时限", shape_limit_reading},
    {"limit-total", SEVERITY_WARN, "各环节时限之和与总时限不等", "核对总时限和各环节的时限", shape_limit_total},
    {"limit-step", SEVERITY_WARN, "流程里的天数比总时限还长", "核对流程的天数和办理时限", shape_limit_step},
    {"limit-instant", SEVERITY_WARN, "承诺即时办结，流程却有当场办不完的环节", "写明即时指哪一段，其余环节另写时限",
     shape_limit_instant},
    {"limit-cap", SEVERITY_ERROR, "时限超过法律规定的上限", "缩短到法定的天数以内", shape_limit_cap},
    {"limit-legal", SEVERITY_ERROR, "承诺时限比法定时限长", "承诺时限不得长于法定时限，改短或核对两栏是否写反",
     shape_limit_legal},
    {"limit-outlier", SEVERITY_INFO, "办理时限与其他地区相差很大", "核对是否印错；不是的，可参照其他地区缩短",
     shape_limit_outlier},
    {"intake-unset", SEVERITY_WARN, "申报期的起止日在指南里是空白", "定下起止日，写进申报期的“每月”；定下之前不限日子",
     shape_intake_unset},
    {"materials-cap", SEVERITY_WARN, "要求的材料超出法律规定的种类", "取消法律没有规定的材料，或写明依据",
     shape_materials_cap},
    {"materials-outlier", SEVERITY_INFO, "材料数量远多于其他地区", "参照其他地区精简材料", shape_materials_outlier},
    {"object-condition", SEVERITY_WARN, "材料或时限的条件，符合服务对象的人都不会满足", "核对条件与服务对象",
     shape_object_condition},
    {"object-value", SEVERITY_INFO, "材料或时限写到服务对象以外的人", "核对服务对象是否漏写，或删去多余的条件",
     shape_object_value},
    {"object-kind", SEVERITY_WARN, "服务对象是单位而材料是个人的，或者相反", "核对服务对象和办理材料",
     shape_object_kind},
    {"object-stamp", SEVERITY_INFO, "服务对象含没有单位的人，表格却要盖单位公章", "写明灵活就业人员不必盖单位公章",
     shape_object_stamp},
    {"sibling-word", SEVERITY_WARN, "从相邻事项照抄而没有改过来的词", "改为本事项的词", shape_sibling_word},
    {"material-unprinted", SEVERITY_WARN, "清单里的材料在办理材料一栏没有印", "补印到办理材料，或从清单删去",
     shape_material_unprinted},
    {"condition-never", SEVERITY_ERROR, "条件自相矛盾，永远不成立", "改正条件", shape_condition_never},
    {"tier-unreachable", SEVERITY_WARN, "这一档时限轮不到：前面的档已经全部包括", "调整档的次序或条件",
     shape_tier_unreachable},
    {"tier-gap", SEVERITY_WARN, "有的情形没有一档时限适用", "补一档，或让最后一档不带条件", shape_tier_gap},
    {"level-channel", SEVERITY_WARN, "办理层级与办理渠道对不上", "核对层级和渠道，补上或删去", shape_level_channel},
    {"step-online", SEVERITY_WARN, "流程写网上申请，而办理渠道没有网上", "核对流程和办理渠道", shape_step_online},
    {"step-place", SEVERITY_WARN, "受理单位或流程写到的受理地点，办理渠道没有列", "在办理渠道补上这个地点，或改流程",
     shape_step_place},
    {"step-section", SEVERITY_WARN, "流程里的股室不在机构的股室名单里", "核对股室名称，或在地区的机构里补上",
     shape_step_section},
    {"advice-unprinted", SEVERITY_WARN, "指引、现场查看、认定监管的原文在本事项别处没有印", "照录指南的原话",
     shape_advice_unprinted},
    {"advice-matter", SEVERITY_ERROR, "指引指到的事项，本地区没有", "改为本地区事项的编号，或删去",
     shape_advice_matter},
    {"window-differs", SEVERITY_WARN, "流程里的窗口号与办理渠道的窗口号不同", "核对窗口号", shape_window_differs},
};
const size_t lint_shape_rule_count = sizeof lint_shape_rules / sizeof *lint_shape_rules;

bool
shape_has(struct str s, const char *word)
{
    return str_find(s, str_c(word)) != SIZE_MAX;
}

bool
shape_has_any(struct str s, const char *words, struct str *ret_word)
{
    struct str rest = str_c(words), w;
    while (str_split(&rest, '|', &w))
        if (!str_empty(w) && str_find(s, w) != SIZE_MAX) {
            if (ret_word)
                *ret_word = w;
            return true;
        }
    return false;
}

struct str
shape_head(struct str s)
{
    size_t half = str_find(s, STR("(")), full = str_find(s, STR("（"));
    return str_sub(s, 0, half < full ? half : full);
}

size_t
shape_distance(struct str x, struct str y, size_t limit)
{
    enum { LONGEST = 128 };
    uint32_t a[LONGEST], b[LONGEST];
    size_t n = 0, m = 0, row[LONGEST + 1];
    for (size_t p = 0; p < x.n && n < LONGEST;)
        a[n++] = str_utf8_next(x, &p);
    for (size_t p = 0; p < y.n && m < LONGEST;)
        b[m++] = str_utf8_next(y, &p);
    if (str_utf8_count(x) > LONGEST || str_utf8_count(y) > LONGEST || n > m + limit || m > n + limit)
        return limit + 1;
    for (size_t j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t d = corner + (a[i - 1] != b[j - 1]);
            corner = row[j];
            if (row[j] + 1 < d)
                d = row[j] + 1;
            if (row[j - 1] + 1 < d)
                d = row[j - 1] + 1;
            row[j] = d;
        }
    }
    return row[m] > limit ? limit + 1 : row[m];
}

size_t
shape_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return 0;
    return s.n;
}

struct str
shape_loose(struct lint *l, struct str s)
{
    struct buf b;
    buf_init(&b, l->a, s.n + 1);
    s = lint_plain(l, s);
    for (size_t p = 0; p < s.n;) {
        size_t from = p;
        uint32_t c = str_utf8_next(s, &p);
        if (c != 0x300a && c != 0x300b && c != 0x201c && c != 0x201d && c != '"' && c != '<' && c != '>' && c != 0x7684)
            buf_add(&b, str_sub(s, from, p - from));
    }
    return buf_str(&b);
}

struct str
shape_unbracketed(struct lint *l, struct str s, bool inside)
{
    struct buf b;
    buf_init(&b, l->a, s.n + 1);
    int depth = 0;
    for (size_t p = 0; p < s.n;) {
        size_t from = p;
        uint32_t c = str_utf8_next(s, &p);
        if (c == '(' || c == 0xff08)
            depth++;
        else if (c == ')' || c == 0xff09)
            depth -= depth > 0;
        else if (!depth || inside)
            buf_add(&b, str_sub(s, from, p - from));
    }
    return buf_str(&b);
}

/* --- limits --- */

int
shape_limit_days(struct limit l)
{
    switch (l.kind) {
    case LIMIT_INSTANT:
    case LIMIT_ON_DEMAND:
        return 0;
    case LIMIT_WORKDAYS:
        return l.n;
    case LIMIT_DAYS:
        return (l.n * 5 + 6) / 7;
    case LIMIT_MONTHS:
        return l.n * 21;
    case LIMIT_NONE:
    case LIMIT_HOSPITAL:
    case LIMIT_QUARTERLY:
    case LIMIT_AGREEMENT:
    case LIMIT_ANYTIME:
        break;
    }
    return -1;
}

int
shape_promise(const struct matter *m)
{
    int most = -1;
    for (size_t i = 0; i < m->limit_count; i++) {
        int days = shape_limit_days(m->limit[i].promised);
        if (days > most)
            most = days;
    }
    return most;
}

/* Blanks, also the unbreakable and the full-width one, that bureaus put between a number and its unit. */
static size_t
skip_blanks(struct str s, size_t p)
{
    for (;;) {
        struct str rest = str_sub(s, p, SIZE_MAX);
        if (str_starts(rest, STR(" ")) || str_starts(rest, STR("\n")))
            p += 1;
        else if (str_starts(rest, STR("\u00a0")))
            p += 2;
        else if (str_starts(rest, STR("\u3000")))
            p += 3;
        else
            return p;
    }
}

/* One digit or numeral at P: its value, 10 for 十, -1 if none; *ret_width its bytes. */
static int
numeral_at(struct str s, size_t p, size_t *ret_width)
{
    static const char *const NUMERAL[] = {"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
    if (p < s.n && s.p[p] >= '0' && s.p[p] <= '9') {
        *ret_width = 1;
        return s.p[p] - '0';
    }
    *ret_width = 3;
    for (int v = 0; v <= 10; v++)
        if (str_starts(str_sub(s, p, SIZE_MAX), str_c(NUMERAL[v])))
            return v;
    if (str_starts(str_sub(s, p, SIZE_MAX), STR("两")))
        return 2;
    for (uint32_t v = 0; v < 10; v++) { /* full-width digits */
        char wide[4];
        size_t n = str_utf8_put(0xff10 + v, wide);
        if (str_starts(str_sub(s, p, SIZE_MAX), (struct str){wide, n}))
            return (int)v;
    }
    return -1;
}

/* The number that begins at *pos (12, 十五, 二十); moves behind it. False when none or above 9999. */
static bool
number_at(struct str s, size_t *pos, int *ret_n)
{
    size_t p = *pos, width;
    int total = 0, digit = numeral_at(s, p, &width);
    if (digit < 0)
        return false;
    for (int pending = 0; digit >= 0 && total < 10000; digit = numeral_at(s, p, &width)) {
        if (digit == 10) { /* 十, 二十: what stood before counts tens */
            total = (pending ? total : 1) * 10;
            pending = 10;
        } else if (pending == 10) {
            total += digit;
            pending = 1;
        } else {
            total = total * 10 + digit;
            pending = 1;
        }
        p += width;
    }
    *pos = p;
    *ret_n = total;
    return total > 0 && total < 10000;
}

bool
shape_days_next(struct str s, size_t *pos, struct shape_days *ret_d)
{
    static const struct {
        const char *word;
        enum limit_kind kind;
    } UNIT[] = {{"个工作日", LIMIT_WORKDAYS}, {"工作日", LIMIT_WORKDAYS}, {"个自然日", LIMIT_DAYS},
                {"自然日", LIMIT_DAYS},       {"个日历日", LIMIT_DAYS},   {"日内", LIMIT_DAYS},
                {"天", LIMIT_DAYS},           {"个月", LIMIT_MONTHS}};
    for (size_t p = *pos; p < s.n;) {
        size_t at = p;
        int n;
        if (!number_at(s, &p, &n)) {
            p = at;
            (void)str_utf8_next(s, &p);
            continue;
        }
        struct str behind = str_sub(s, skip_blanks(s, p), SIZE_MAX);
        for (size_t u = 0; u < sizeof UNIT / sizeof *UNIT; u++)
            if (str_starts(behind, str_c(UNIT[u].word))) {
                size_t end = (size_t)(behind.p - s.p) + strlen(UNIT[u].word);
                *pos = end;
                *ret_d = (struct shape_days){{UNIT[u].kind, n}, str_sub(s, at, end - at), at};
                return true;
            }
    }
    *pos = s.n;
    return false;
}

/* --- places in the files --- */

const struct yaml_node *
shape_verbatim(const struct lint_matter *m, const char *field)
{
    struct yaml_node *n = lint_node(m->root, field, NULL);
    if (n && n->kind == YAML_MAP)
        n = yaml_get(n, "原文");
    return n;
}

static void
walk_materials(struct lint *l, const struct lint_matter *lm, const struct material *m, size_t count,
               struct yaml_node *list, struct shape_material up, shape_material_fn *f, void *arg)
{
    for (size_t i = 0; i < count; i++) {
        struct shape_material x = up;
        x.m = &m[i];
        x.node = lint_child(list, i);
        if (x.depth < SHAPE_CHAIN_MAX)
            x.chain[x.depth++] = &m[i].when;
        f(l, lm, &x, arg);
        struct yaml_node *children = NULL;
        if (x.node && x.node->kind == YAML_MAP && m[i].child_count)
            children = yaml_get(x.node, m[i].node == MATERIAL_ANY ? "任一" : "全部");
        walk_materials(l, lm, m[i].child, m[i].child_count, children, x, f, arg);
    }
}

void
shape_materials(struct lint *l, const struct lint_matter *lm, shape_material_fn *f, void *arg)
{
    walk_materials(l, lm, lm->m->material, lm->m->material_count, lint_node(lm->root, "办理材料", "清单"),
                   (struct shape_material){0}, f, arg);
}

bool
shape_code_doubted(const struct lint *l, const struct matter *m)
{
    for (size_t i = 0; i < l->told_count; i++)
        if (l->told[i].matter == m && strcmp(l->told[i].rule->id, "code-name") == 0)
            return true;
    return false;
}

size_t
shape_needed_count(const struct matter *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->material_count; i++)
        n += !m->material[i].when.feel;
    return n;
}

struct yaml_node *
shape_file(struct lint *l, struct str path)
{
    const struct catalog_file *file = catalog_files_get(l->files, path);
    struct yaml_node *root;
    if (!file)
        return NULL;
    if (yaml_parse(l->ctx, l->a, file->path, file->bytes, &root) == OK)
        return root;
    fail_clear(l->ctx);
    return NULL;
}
