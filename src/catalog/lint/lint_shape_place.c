/* Structural rules about where a matter is handled and for whom: levels, channels, windows, sections, and the service object. */
#include <stdlib.h>
#include <string.h>

#include "catalog/lint/lint_shape_int.h"

enum { NUMBERS_MAX = 64 };

/* --- levels --- */

/* The level a channel belongs to: as tied by the guide, else by what the place is called; false when neither tells. */
static bool
channel_level(const struct channel *c, enum level_kind *ret_k)
{
    if (!str_empty(c->level))
        return level_parse(c->level, ret_k);
    if (c->kind != CHANNEL_ONSITE)
        return false;
    if (shape_has_any(c->name, "乡镇|镇办|街道|乡（镇|乡(镇", NULL))
        *ret_k = LEVEL_TOWN;
    else if (shape_has_any(c->name, "村（社区|村(社区|村级|社区服务|村委", NULL))
        *ret_k = LEVEL_VILLAGE;
    else
        return false;
    return true;
}

static bool
has_level(const struct matter *m, enum level_kind k)
{
    enum level_kind x;
    for (size_t i = 0; i < m->channel_count; i++)
        if (channel_level(&m->channel[i], &x) && x == k)
            return true;
    return false;
}

//= R32 R33
enum err
shape_level_channel(struct lint *l)
{
    static const enum level_kind LOW[] = {LEVEL_TOWN, LEVEL_VILLAGE};
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        for (size_t k = 0; k < 2 && m->levels && m->channel_count; k++) {
            bool printed = (m->levels & (1U << LOW[k])) != 0, there = has_level(m, LOW[k]);
            bool spoken_of =
                shape_has_any(m->channels_text, k == 0 ? "乡镇|镇办|街道|各级|所属地" : "村|社区|各级|所属地", NULL);
            if (printed == there || (printed && spoken_of))
                continue;
            struct lint_hit h = {.matter = m,
                                 .field = STR("办理层级"),
                                 .node = shape_verbatim(&l->matter[i], "办理层级"),
                                 .severity = SEVERITY_WARN,
                                 .evidence = m->levels_text};
            h.cause = str_fmt(l->a, "%s%d", level_name(LOW[k]), printed);
            if (printed)
                lint_add(l, &h, "办理层级有%s，办理渠道没有这一级的地点", level_name(LOW[k]));
            else
                lint_add(l, &h, "办理渠道有%s的地点，办理层级只印“%.*s”", level_name(LOW[k]), STR_ARG(m->levels_text));
        }
    }
    return OK;
}

/* --- steps against channels --- */

static bool
has_channel(const struct matter *m, enum channel_kind k)
{
    for (size_t i = 0; i < m->channel_count; i++)
        if (m->channel[i].kind == k)
            return true;
    return false;
}

static struct lint_hit
word_hit(const struct lint_matter *lm, const char *field, struct str text, struct str word)
{
    size_t at = str_find(text, word);
    return (struct lint_hit){.matter = lm->m,
                             .field = str_c(field),
                             .node = shape_verbatim(lm, field),
                             .offset = at == SIZE_MAX ? 0 : at,
                             .severity = SEVERITY_WARN,
                             .evidence = word,
                             .cause = word};
}

//= R29
enum err
shape_step_online(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        struct str found;
        if (!m->channel_count || has_channel(m, CHANNEL_ONLINE) || has_channel(m, CHANNEL_WECHAT) ||
            !shape_has_any(m->process_text,
                           "网上申请|线上申请|网上申报|线上申报|网上提交|线上提交|网上办理|线上办理|通过线上|掌上申请",
                           &found))
            continue;
        struct lint_hit h = word_hit(&l->matter[i], "办理流程", m->process_text, found);
        h.cause = STR("online");
        lint_add(l, &h, "流程写“%.*s”，办理渠道没有网上渠道", STR_ARG(found));
    }
    return OK;
}

/* A place where one may apply: words of the steps, and what the channels must then say. */
static const struct {
    const char *step, *channel, *what;
    enum channel_kind kind; /* one of this kind is enough too; CHANNEL_ONSITE: the words decide */
} PLACES[] = {
    {"到委托的定点医疗机构|或委托的定点医疗机构|向委托的定点医疗机构|委托的定点医疗机构受理|委托的定点医疗机构接收",
     "医疗机构|医院|卫生院", "委托的定点医疗机构", CHANNEL_ONSITE},
    {"自助终端|自助机|自助打印机|自助查询机|自助查询终端", "自助", "自助终端", CHANNEL_KIOSK},
    {"邮寄申请|邮寄申报|邮寄办理|邮寄材料申请", "邮寄", "邮寄", CHANNEL_POST},
    {"微信公众号申请|微信公众号申报|微信公众号办理|微信申报", "微信", "微信公众号", CHANNEL_WECHAT},
    {"到便民服务中心|到乡镇（街道）|到乡镇(街道)|向乡镇|到村（社区）|到村(社区)|向村（社区）|到党群服务中心",
     "便民服务|党群服务|乡镇|镇办|街道|村", "乡镇、村的服务点", CHANNEL_ONSITE},
};

enum err
shape_step_place(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        for (size_t k = 0; k < sizeof PLACES / sizeof *PLACES && m->channel_count; k++) {
            struct str found;
            bool unit = !shape_has_any(m->process_text, PLACES[k].step, &found);
            if ((unit && !shape_has_any(m->unit, PLACES[k].what, &found)) ||
                shape_has_any(m->channels_text, PLACES[k].channel, NULL) ||
                (PLACES[k].kind != CHANNEL_ONSITE && has_channel(m, PLACES[k].kind)))
                continue;
            struct lint_hit h = unit ? word_hit(&l->matter[i], "受理单位", m->unit, found)
                                     : word_hit(&l->matter[i], "办理流程", m->process_text, found);
            h.cause = str_c(PLACES[k].what);
            lint_add(l, &h, "%s写到“%.*s”，办理渠道没有列%s", unit ? "受理单位" : "流程", STR_ARG(found),
                     PLACES[k].what);
        }
    }
    return OK;
}

/* --- sections --- */

static bool
ends_with_section(const struct lint *l, struct str upto)
{
    for (size_t a = 0; a < l->r->agency_count; a++)
        for (size_t i = 0; i < l->r->agency[a].section_count; i++)
            if (str_ends(upto, l->r->agency[a].section[i]))
                return true;
    return false;
}

/* How many listed sections end in SUFFIX: only then does the guide call its sections so. */
static size_t
sections_in(const struct lint *l, struct str suffix)
{
    size_t n = 0;
    for (size_t a = 0; a < l->r->agency_count; a++)
        for (size_t i = 0; i < l->r->agency[a].section_count; i++)
            n += str_ends(l->r->agency[a].section[i], suffix);
    return n;
}

/* The last run of at most six characters of UPTO, cut behind a word that leads to a place. */
static struct str
last_words(struct str upto)
{
    static const char *const LEAD[] = {"由", "到", "转", "给", "向", "至", "在", "的", "后", "和",
                                       "经", "、", "，", ",",  "。", ";",  "；", ":",  "\n", " "};
    size_t start = upto.n;
    for (int i = 0; i < 7 && start > 0; i++) {
        do
            start--;
        while (start > 0 && (upto.p[start] & 0xc0) == 0x80);
        struct str c = str_sub(upto, start, upto.n - start);
        for (size_t k = 0; k < sizeof LEAD / sizeof *LEAD; k++)
            if (str_starts(c, str_c(LEAD[k])))
                return str_sub(c, strlen(LEAD[k]), SIZE_MAX);
    }
    return str_sub(upto, start, SIZE_MAX);
}

static void
sections_of(struct lint *l, const struct lint_matter *lm, const char *suffix, const char *not_before)
{
    struct str text = lm->m->process_text;
    for (size_t pos = 0; pos < text.n;) {
        size_t at = str_find(str_sub(text, pos, SIZE_MAX), str_c(suffix));
        if (at == SIZE_MAX)
            return;
        at += pos;
        pos = at + strlen(suffix);
        struct str name = last_words(str_sub(text, 0, pos)), rest = not_before ? str_c(not_before) : STR_NONE, w;
        bool word = false; /* the character begins another word: 股份 */
        while (str_split(&rest, '|', &w))
            word = word || str_starts(str_sub(text, pos, SIZE_MAX), w);
        if (word || str_utf8_count(name) < 3 || ends_with_section(l, str_sub(text, 0, pos)))
            continue;
        struct lint_hit h = {.matter = lm->m,
                             .field = STR("办理流程"),
                             .node = shape_verbatim(lm, "办理流程"),
                             .offset = at,
                             .severity = SEVERITY_WARN,
                             .evidence = name,
                             .cause = name};
        lint_add(l, &h, "流程写到“%.*s”，机构的股室里没有", STR_ARG(name));
    }
}

enum err
shape_step_section(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        if (sections_in(l, STR("股")) > 1)
            sections_of(l, &l->matter[i], "股", "份|东|票|权");
        if (sections_in(l, STR("科")) > 1)
            sections_of(l, &l->matter[i], "科", "室|目|学|技|医|别|主任");
    }
    return OK;
}

/* --- windows --- */

struct numbers {
    int64_t n[NUMBERS_MAX];
    size_t count;
};

static bool
numbers_has(const struct numbers *v, int64_t n)
{
    for (size_t i = 0; i < v->count; i++)
        if (v->n[i] == n)
            return true;
    return false;
}

static struct str
cut_tail(struct str s, const char *tail)
{
    return str_ends(s, str_c(tail)) ? str_sub(s, 0, s.n - strlen(tail)) : s;
}

/* Numbers that lead up to the word for a window: 5、6号窗口, 9.10号, 12窗口. */
static void
window_numbers(struct str text, struct numbers *v)
{
    for (size_t pos = 0; pos < text.n;) {
        size_t at = str_find(str_sub(text, pos, SIZE_MAX), STR("窗口"));
        if (at == SIZE_MAX)
            return;
        struct str left = cut_tail(str_sub(text, 0, pos + at), "号");
        pos += at + strlen("窗口");
        for (;;) {
            size_t digits = 0;
            while (digits < left.n && digits < 4 && left.p[left.n - 1 - digits] >= '0' &&
                   left.p[left.n - 1 - digits] <= '9')
                digits++;
            int64_t n;
            if (!digits || v->count == NUMBERS_MAX || !str_int(str_sub(left, left.n - digits, digits), &n))
                break;
            v->n[v->count++] = n;
            left = str_sub(left, 0, left.n - digits);
            size_t before = left.n;
            left = cut_tail(cut_tail(cut_tail(cut_tail(left, "、"), "."), ","), "，");
            if (left.n == before)
                break;
            left = cut_tail(left, "号");
        }
    }
}

static void
report_windows(struct lint *l, const struct lint_matter *lm, const struct numbers *in, const struct numbers *known,
               const char *field, struct str text, const char *than)
{
    for (size_t i = 0; i < in->count && known->count; i++) {
        if (numbers_has(known, in->n[i]))
            continue;
        struct str number = str_fmt(l->a, "%lld", (long long)in->n[i]);
        size_t at = str_find(text, number);
        struct lint_hit h = {.matter = lm->m,
                             .field = str_c(field),
                             .node = shape_verbatim(lm, field),
                             .offset = at == SIZE_MAX ? 0 : at,
                             .severity = SEVERITY_WARN,
                             .evidence = str_sub(text, at == SIZE_MAX ? 0 : at, 40)};
        h.cause = str_fmt(l->a, "%.*s %s", STR_ARG(number), field);
        for (size_t end = h.evidence.n; end > 0 && (h.evidence.p[end - 1] & 0x80) && !str_utf8_valid(h.evidence);)
            h.evidence = str_sub(h.evidence, 0, --end); /* the cut may fall inside a character */
        lint_add(l, &h, "%s写%.*s号窗口，%s没有这个窗口", field, STR_ARG(number), than);
        return;
    }
}

//= R31
enum err
shape_window_differs(struct lint *l)
{
    struct numbers known = {0};
    for (size_t p = 0; p < l->r->point_count; p++)
        for (size_t w = 0; w < l->r->point[p].window_count; w++)
            window_numbers(l->r->point[p].window[w], &known);
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        struct numbers channels = {0}, steps = {0};
        window_numbers(m->channels_text, &channels);
        window_numbers(m->process_text, &steps);
        report_windows(l, &l->matter[i], &steps, &channels, "办理流程", m->process_text, "办理渠道");
        report_windows(l, &l->matter[i], &channels, &known, "办理渠道", m->channels_text, "地区的服务点");
    }
    return OK;
}

/* --- the service object --- */

static struct str
without(struct lint *l, struct str s, const char *word)
{
    struct buf b;
    size_t at;
    buf_init(&b, l->a, s.n + 1);
    while ((at = str_find(s, str_c(word))) != SIZE_MAX) {
        buf_add(&b, str_sub(s, 0, at));
        s = str_sub(s, at + strlen(word), SIZE_MAX);
    }
    buf_add(&b, s);
    return buf_str(&b);
}

static const char UNITS[] = "单位|企业|机构|药店|机关|社会团体";
static const char PERSONS[] = "人员|职工|居民|个人|本人|继承人|对象|女性|配偶|未成年";
static const char UNIT_PAPERS[] =
    "营业执照|统一社会信用代码|单位批准|开户行许可|开户许可|执业许可证|经营许可证|组织机构代码|单位有效证明|法人证书";
static const char PERSON_PAPERS[] = "身份证|社保卡|社会保障卡|医保电子凭证|户口簿|户口本|居住证";

struct papers {
    bool unit, person, always_unit, always_person;
};

static void
look_at_paper(struct lint *l, const struct lint_matter *lm, const struct shape_material *x, void *arg)
{
    struct papers *p = arg;
    bool always = true;
    (void)l;
    (void)lm;
    if (x->m->node != MATERIAL_LEAF)
        return;
    for (size_t i = 0; i < x->depth; i++)
        always = always && !x->chain[i]->feel;
    bool unit = shape_has_any(x->m->name, UNIT_PAPERS, NULL) || shape_has_any(x->m->stamp, "单位|公章", NULL);
    bool person = shape_has_any(x->m->name, PERSON_PAPERS, NULL) &&
                  !shape_has_any(x->m->name, "法人|法定代表人|经办人|负责人|单位", NULL);
    p->unit = p->unit || unit || shape_has(x->m->name, "单位");
    p->person = p->person || person || shape_has_any(x->m->name, "个人|本人|病历|职工|居民", NULL);
    p->always_unit = p->always_unit || (unit && always);
    p->always_person = p->always_person || (person && always);
}

enum err
shape_object_kind(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        struct str object = without(l, m->service_object, "医疗保险");
        bool units = shape_has_any(object, UNITS, NULL) && !shape_has_any(object, PERSONS, NULL);
        bool persons = shape_has_any(object, PERSONS, NULL) && !shape_has_any(object, UNITS, NULL);
        struct papers p = {0};
        shape_materials(l, &l->matter[i], look_at_paper, &p);
        struct lint_hit h = {.matter = m,
                             .field = STR("服务对象"),
                             .node = shape_verbatim(&l->matter[i], "服务对象"),
                             .severity = SEVERITY_WARN,
                             .evidence = m->service_object};
        if (units && p.always_person && !p.unit)
            lint_add(l, &h, "服务对象是单位，办理材料却都是个人的");
        else if (persons && p.always_unit && !p.person)
            lint_add(l, &h, "服务对象是个人，办理材料却都是单位的");
        else if (m->standard && !m->by_unit && units &&
                 !shape_code_doubted(l, m)) /* a unit may well apply for a person, not the other way round */
            lint_add(l, &h, "标准清单里 %.*s 的申请主体是个人，服务对象写的是单位", STR_ARG(m->code));
    }
    return OK;
}

/* Where the guide leads on to must be there. */
enum err
shape_advice_matter(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct matter *m = l->matter[i].m;
        for (size_t a = 0; a < m->advice_count; a++)
            for (size_t k = 0; k < m->advice[a].matter_count; k++) {
                struct str id = m->advice[a].matter[k];
                struct yaml_node *n = lint_child(lint_node(l->matter[i].root, "指引", NULL), a);
                struct lint_hit h = {.matter = m,
                                     .field = STR("指引"),
                                     .node = n && n->kind == YAML_MAP ? yaml_get(n, "事项") : n,
                                     .severity = SEVERITY_ERROR,
                                     .evidence = id,
                                     .cause = id};
                if (!matter_by_id(m->region, id))
                    lint_add(l, &h, "指引指到事项 %.*s，本地区没有", STR_ARG(id));
            }
    }
    return OK;
}

static bool
printed(const struct matter *m, struct str said)
{
    const struct str field[] = {m->service_object, m->channels_text, m->materials_text, m->process_text, m->limit_text};
    bool hit = false;
    for (size_t i = 0; i < sizeof field / sizeof *field; i++)
        hit = hit || str_find(field[i], said) != SIZE_MAX;
    for (size_t i = 0; i < m->note_count; i++)
        hit = hit || str_find(m->note[i].verbatim, said) != SIZE_MAX;
    for (size_t i = 0; i < m->other_count; i++)
        hit = hit || str_find(m->other[i].verbatim, said) != SIZE_MAX;
    return hit;
}

static void
tell_unprinted(struct lint *l, const struct lint_matter *lm, const char *field, struct yaml_node *map, struct str said)
{
    struct lint_hit h = {.matter = lm->m,
                         .field = str_c(field),
                         .node = map && map->kind == YAML_MAP ? yaml_get(map, "原文") : map,
                         .severity = SEVERITY_WARN,
                         .evidence = said,
                         .cause = said};
    if (!str_empty(said) && !printed(lm->m, said))
        lint_add(l, &h, "%s的原文“%.*s”在本事项别处没有印", field, STR_ARG(said));
}

/* What is done by the guide's words rests on words that are there. */
enum err
shape_advice_unprinted(struct lint *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct lint_matter *lm = &l->matter[i];
        for (size_t a = 0; a < lm->m->advice_count; a++)
            tell_unprinted(l, lm, "指引", lint_child(lint_node(lm->root, "指引", NULL), a), lm->m->advice[a].verbatim);
        tell_unprinted(l, lm, "现场查看", yaml_get(lm->root, "现场查看"), lm->m->on_site.verbatim);
        tell_unprinted(l, lm, "认定监管", yaml_get(lm->root, "认定监管"), lm->m->oversight.verbatim);
    }
    return OK;
}
