/* Places: another city's bureau as accepting unit, another city's halls, an organ that cannot have issued the number. */
#include "catalog/lint/lint_text_int.h"

static struct str
short_name(struct str name)
{
    static const char *const ends[] = {"自治区", "自治州", "自治县", "地区", "省", "市", "县", "区", "州", "盟", "旗"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (str_ends(name, str_c(ends[i])) && str_utf8_count(name) >= 3 &&
            str_utf8_count(name) - str_utf8_count(str_c(ends[i])) >= 2)
            return str_sub(name, 0, name.n - str_c(ends[i]).n);
    return name;
}

/* Does the text BEFORE a 市/县/区 (WHOLE: with it) end with a place this guide may speak of: the region, its pool, province and parent? */
static bool
own_place(struct lint *l, struct str before, struct str whole)
{
    const struct region *parent = catalog_region(l->c, l->r->parent);
    struct str own[] = {l->r->name, l->r->pool, l->r->province, parent ? parent->name : STR("")};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (!str_empty(own[i]) && (str_ends(before, short_name(own[i])) || str_ends(whole, own[i])))
            return true;
    for (size_t i = 0; i < l->r->agency_count; i++) /* the region's own directory: its counties */
        if (str_starts(l->r->agency[i].name, before) && !str_empty(before))
            return true;
    return false;
}

/* What follows the place's kind when a public body is meant. */
static size_t
body_after(const struct chars *c, size_t at, struct str text)
{
    static const char *const body[] = {"医疗保障", "医保",     "政务",     "人民政府", "社会保险",
                                       "行政服务", "社会医疗", "便民服务", "行政审批", "医疗保险"};
    struct str rest = str_sub(text, c->at[at], SIZE_MAX);
    for (size_t i = 0; i < sizeof body / sizeof *body; i++)
        if (str_starts(rest, str_c(body[i])))
            return str_utf8_count(str_c(body[i]));
    return 0;
}

/* Characters of a place's name run backwards from AT: where no word stands that merely speaks of cities. */
static size_t
name_before(const struct chars *c, size_t at, size_t max)
{
    size_t n = 0;
    while (n < 5 && n < at && cp_han(c->cp[at - 1 - n]) &&
           !cp_in(c->cp[at - 1 - n],
                  "各全本我外跨在到向由的及和或与县城省市区级地驻该所于往为至从同统筹属原某用请报送给按凭持"))
        n++;
    return n >= 2 && n <= max ? n : 0; /* more is a sentence that happens to speak of a city */
}

static void
foreign_in(struct lint *l, const struct lint_matter *m, const struct lint_text *t, enum severity severity)
{
    struct chars c = chars_of(l->a, t->text);
    for (size_t i = 1; i < c.n; i++) {
        if (!cp_in(c.cp[i], "市县区"))
            continue;
        bool unit = severity == SEVERITY_ERROR;
        size_t n = name_before(&c, i, unit ? 4 : 3);
        if (unit && i == 1 && cp_in(c.cp[i], "县") && cp_han(c.cp[0]))
            n = 1; /* counties of one character begin the unit's name */
        size_t body = n ? body_after(&c, i + 1, t->text) : 0;
        if (!n || !body || own_place(l, chars_text(t->text, &c, i - n, i), chars_text(t->text, &c, i - n, i + 1)))
            continue;
        size_t to = i + 1 + body;
        while (to < c.n && to < i + 12 && cp_han(c.cp[to]))
            to++;
        struct lint_hit h = lint_at(m, t, &c, i - n, to, 0);
        h.severity = severity;
        h.cause = str_fmt(l->a, "%.*s|%.*s", STR_ARG(t->field), STR_ARG(chars_text(t->text, &c, i - n, i + 1)));
        lint_add(l, &h, "%.*s写的是“%.*s”，不是%.*s", STR_ARG(t->field), STR_ARG(h.evidence), STR_ARG(l->r->name));
    }
}

/* The parent's bureau may well accept a matter; where nearly all others name the region's own, it is worth a look. */
static void
unit_above(struct lint *l)
{
    const struct region *parent = catalog_region(l->c, l->r->parent);
    size_t have = 0, own = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < l->n && parent; i++) {
            const struct lint_text *t = lint_text_of(&l->matter[i], "受理单位");
            have += pass == 0 && t;
            own += pass == 0 && t && str_starts(t->text, l->r->name);
            if (pass == 0 || !t || have < 8 || own * 10 < have * 8 || !str_starts(t->text, parent->name) ||
                str_starts(t->text, l->r->name) || lint_told_line(l, l->matter[i].m, t->field, 0))
                continue;
            struct chars c = chars_of(l->a, t->text);
            struct lint_hit h = lint_at(&l->matter[i], t, &c, 0, c.n, 0);
            h.severity = SEVERITY_WARN;
            lint_add(l, &h, "受理单位写的是上级的“%.*s”，其他 %zu 项都是%.*s的", STR_ARG(h.evidence), own,
                     STR_ARG(l->r->name));
        }
}

/* As imported, before the keeper wrote the region's name: nothing can be foreign to it yet. */
static bool
nameless(const struct lint *l)
{
    return str_eqz(l->r->name, "待补");
}

enum err
lint_unit_place(struct lint *l)
{
    for (size_t i = 0; i < l->n && !nameless(l); i++) {
        const struct lint_text *t = lint_text_of(&l->matter[i], "受理单位");
        if (t)
            foreign_in(l, &l->matter[i], t, SEVERITY_ERROR);
    }
    unit_above(l);
    return OK;
}

enum err
lint_place_foreign(struct lint *l)
{
    static const char *const fields[] = {"办理渠道", "咨询方式", "监督电话", "评价渠道", "办理流程", "送达"};
    for (size_t i = 0; i < l->n && !nameless(l); i++)
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
            const struct lint_text *t = lint_text_of(&l->matter[i], fields[k]);
            if (t)
                foreign_in(l, &l->matter[i], t, SEVERITY_WARN);
        }
    return OK;
}

/* The organ a document is said to come from: what stands between 《 and 关于 or 转发. */
static struct str
organ_of(struct str line)
{
    size_t from = str_find(line, STR("《")), about = str_find(line, STR("关于")), sends = str_find(line, STR("转发"));
    size_t to = sends < about ? sends : about;
    return from == SIZE_MAX || to == SIZE_MAX || to <= from ? STR("") : str_sub(line, from + 3, to - from - 3);
}

/* A city has no 厅: those are a province's. */
static bool
city_with_department(struct lint *l, struct str organ)
{
    struct chars c = chars_of(l->a, organ);
    uint32_t place = 0;
    for (size_t i = 0; i < c.n; i++) {
        if (cp_in(c.cp[i], "省市县"))
            place = c.cp[i];
        if (cp_in(c.cp[i], "厅") && cp_in(place, "市县") && !(i && cp_in(c.cp[i - 1], "公大")))
            return true; /* 办公厅, 大厅 are a city's too */
    }
    return false;
}

/* Where a province's number (豫政办〔2014〕5号) begins and ends; false: there is none. */
static bool
province_number(struct lint *l, const struct chars *c, size_t *ret_from, size_t *ret_to)
{
    for (size_t i = 0; i + 2 < c->n; i++) {
        bool mark = false;
        for (size_t k = 0; k < l->terms->number_mark_count && !mark; k++) {
            size_t at = 0;
            mark = str_utf8_next(l->terms->number_mark[k], &at) == c->cp[i];
        }
        size_t to = i + 1;
        while (mark && to < c->n && to < i + 8 && cp_han(c->cp[to]))
            to++;
        if (mark && to > i + 1 && to < c->n && cp_in(c->cp[to], "〔[［【") && (i == 0 || !cp_han(c->cp[i - 1]))) {
            *ret_from = i;
            *ret_to = to;
            return true;
        }
    }
    return false;
}

static void
basis_line(struct lint *l, const struct lint_matter *m, const struct lint_text *t)
{
    size_t from, to;
    struct str organ = str_eqz(t->field, "设定依据") ? organ_of(t->text) : STR("");
    if (str_empty(organ))
        return;
    struct chars c = chars_of(l->a, t->text);
    bool city = str_find(organ, STR("市")) != SIZE_MAX && str_find(organ, STR("省")) == SIZE_MAX;
    if (city_with_department(l, organ)) {
        struct lint_hit h = lint_at(m, t, &c, 0, c.n, 0);
        h.evidence = organ;
        h.cause = STR("organ");
        lint_add(l, &h, "依据写的机关“%.*s”是市里的，而“厅”是省里的机关", STR_ARG(organ));
    } else if (city && province_number(l, &c, &from, &to)) {
        struct lint_hit h = lint_at(m, t, &c, from, to, 0);
        h.evidence = str_fmt(l->a, "%.*s…%.*s", STR_ARG(organ), STR_ARG(str_sub(t->text, c.at[from], SIZE_MAX)));
        h.cause = STR("organ");
        lint_add(l, &h, "文号字头“%.*s”是省里的，依据写的机关“%.*s”却是市里的",
                 STR_ARG(chars_text(t->text, &c, from, to)), STR_ARG(organ));
    }
}

enum err
lint_basis_organ(struct lint *l)
{
    lint_each(l, basis_line);
    return OK;
}
