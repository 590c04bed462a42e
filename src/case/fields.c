/* What a stage records beyond its rule: a unit's registration is decided insurance by insurance. */
#include "case/stage.h"

#include "base/json.h"
#include "case/case.h"

static struct str
typed(const struct view *form, const char *id)
{
    struct str s;
    return form && json_text(form, id, &s) && s.p ? str_trim(s) : STR("");
}

//= R52
bool
case_unit_action(const struct case_file *cf, enum unit_action *ret_a)
{
    struct value said = facts_get(&cf->facts, "unit_action");
    return unit_action_of(said.kind == VALUE_TEXT ? said.text : STR(""), typed(cf->form, "unit_action"), ret_a);
}

/* The stage at which a unit's registration is decided: its review, or the conclusion where the guide prints none. */
static bool
decides_here(const struct case_file *cf)
{
    const struct stage *now = case_stage(cf);
    bool reviewed = false;
    for (size_t i = 0; i < cf->matter->stage_count; i++)
        reviewed = reviewed || cf->matter->stage[i].kind == STAGE_REVIEW;
    return reviewed ? now && now->kind == STAGE_REVIEW : !now || now->kind == STAGE_CONCLUDE;
}

#define INSURANCE(i, n)                                                                                                \
    {                                                                                                                  \
        (i), (n), RECORD_CHOICE, false, "同意登记|不同意登记", NULL, "逐项给意见；不选的按同意登记"      \
    }

/* The insurances first, in the order of unit_insurances. */ //= R288
const struct record_field case_unit_fields[CASE_UNIT_FIELDS] = {
    INSURANCE("insurance_basic", "职工基本医疗保险"),
    INSURANCE("insurance_maternity", "生育保险"),
    INSURANCE("insurance_supplement", "补充医疗保险"),
    INSURANCE("insurance_other", "其他"),
    {"regroup", "登记业务", RECORD_CHOICE, true, "单位拆分|单位合并|单位分立", NULL,
     "登记表上“拆分合并分立”是一个选项，请按批准文件选定"},
    {"members", "转入现单位的职工", RECORD_LONG, false, NULL, NULL,
     "身份证件号码，每行一个；不填的，原单位的参保人全部转入"},
};
enum { REGROUP_FIELD = UNIT_INSURANCES, MEMBERS_FIELD };

const struct record_field case_survey_fields[CASE_SURVEY_FIELDS] = {
    {"survey_inspectors", "现场勘验表：检查人员已签字", RECORD_CHECK, true, NULL, NULL, "现场勘验表须由检查人员签字"},
    {"survey_head", "现场勘验表：申请单位负责人已签字", RECORD_CHECK, true, NULL, NULL,
     "现场勘验表须由申请单位负责人签字"},
    {"survey_seal", "现场勘验表：已加盖公章", RECORD_CHECK, true, NULL, NULL, "现场勘验表须加盖公章"},
};

const struct record_field case_recipient_field = {
    "recipient", "文书送交", RECORD_TEXT, true, NULL, NULL, "通过后出具文书，请写明送交的单位的全称"};

const struct record_field case_sent_fields[CASE_SENT_FIELDS] = {
    {"sent_day", "发出日期", RECORD_DAY, true, NULL, NULL, NULL},
    {"sent_way", "寄送方式", RECORD_CHOICE, true, "网络|邮寄", NULL, NULL},
};

/* Whether the present stage sends what the other agency's letter asked for: then it is no other agency's form that is recorded. */
static bool
sends_form(const struct case_file *cf, const struct stage *st)
{
    bool asked = false;
    for (size_t i = 0; st && i < cf->stage; i++)
        asked = asked || cf->matter->stage[i].kind == STAGE_LETTER_IN;
    return asked && st->kind == STAGE_INFO_FORM;
}

static bool
surveys(const struct matter *m)
{
    for (size_t i = 0; i < m->paper_count; i++)
        if (str_ends(m->paper[i], STR("现场勘验表")))
            return true;
    return false;
}

size_t
case_on_site_fields(const struct matter *m, struct record_field ret_f[ON_SITE_MAX])
{
    static const char *const ids[ON_SITE_MAX] = {"on_site_1", "on_site_2",  "on_site_3",  "on_site_4",
                                                 "on_site_5", "on_site_6",  "on_site_7",  "on_site_8",
                                                 "on_site_9", "on_site_10", "on_site_11", "on_site_12"};
    const struct on_site *s = &m->on_site;
    if (str_empty(s->source))
        return 0;
    ret_f[0] = (struct record_field){"on_site", "现场查看的项目和情况", RECORD_LONG, false, NULL, NULL, s->source.p};
    for (size_t i = 0; i < s->item_count; i++)
        ret_f[i] = (struct record_field){ids[i], s->item[i].p, RECORD_CHOICE, false, "符合|不符合|没有这一项",
                                         NULL,   s->source.p};
    return s->item_count ? s->item_count : 1;
}

/* What may come behind the fields of the stage's rule: for those there is room up to here. */
enum { FIELDS_BEHIND = CASE_SURVEY_FIELDS + ON_SITE_MAX + 1 + CASE_UNIT_FIELDS };
_Static_assert(FIELDS_BEHIND + 10 < CASE_FIELDS_MAX, "room for a stage's fields");

size_t
case_stage_fields(const struct case_file *cf, struct record_field ret_f[CASE_FIELDS_MAX])
{
    const struct stage *st = case_stage(cf);
    const struct stage_rule *r = stage_rule(st ? st->kind : STAGE_CONCLUDE);
    struct str asked = typed(cf->form, "insurances");
    enum unit_action a;
    size_t n = 0;
    bool sends = sends_form(cf, st);
    for (size_t i = 0; sends && i < CASE_SENT_FIELDS; i++)
        ret_f[n++] = case_sent_fields[i]; //= R108 R117
    for (; !sends && n < r->field_count && n + FIELDS_BEHIND < CASE_FIELDS_MAX; n++)
        ret_f[n] = r->field[n];
    for (size_t i = 0; st && st->kind == STAGE_EVALUATE && surveys(cf->matter) && i < CASE_SURVEY_FIELDS; i++)
        ret_f[n++] = case_survey_fields[i]; //= R255
    if (st && st->kind == STAGE_EVALUATE)
        n += case_on_site_fields(cf->matter, ret_f + n);
    if (st && !str_empty(st->paper.to))
        ret_f[n++] = case_recipient_field;
    if (cf->matter->effect != EFFECT_UNIT_ENROL || !decides_here(cf) || !case_unit_action(cf, &a))
        return n;
    for (int i = 0; a == UNIT_NEW && i < UNIT_INSURANCES; i++)
        if (str_find(asked, str_c(unit_insurances[i])) != SIZE_MAX)
            ret_f[n++] = case_unit_fields[i];
    if (a == UNIT_REGROUP)
        ret_f[n++] = case_unit_fields[REGROUP_FIELD];
    if (a == UNIT_REGROUP || a == UNIT_SPLIT || a == UNIT_SEPARATE)
        ret_f[n++] = case_unit_fields[MEMBERS_FIELD];
    return n;
}
