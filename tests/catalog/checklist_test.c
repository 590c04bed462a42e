/* The guides' rules as rows (support_rows.h): what a matter asks for under which facts; what is missing; which limit; who is refused.
** The groups A to F, and the machinery itself; the later ones are in rules_test.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/support_rows.h"

#define matter(region, id) support_matter((region), (id))

/* --- A: status, limits, channels --- */

static void
status_and_channels(void **state)
{
    (void)state;
    const char *why;
    //= R13 type=test
    const struct matter *m = matter("211282", "16");
    assert_true(m->suspended);
    assert_non_null(strstr(str_z(arena, m->status_basis), "暂停"));
    assert_false(matter_open_for(m, CHANNEL_ONSITE, &why));
    assert_string_equal(why, "该事项已暂停受理");
    //= R15 type=test
    m = matter("410400", "09");
    assert_true(matter_open_for(m, CHANNEL_ONSITE, &why));
    assert_null(why);
    assert_false(matter_open_for(m, CHANNEL_ONLINE, &why));
    assert_string_equal(why, "办事指南写明这个渠道待开通");
    assert_false(matter_open_for(m, CHANNEL_WECHAT, &why));
    assert_true(matter_open_for(matter("410400", "10"), CHANNEL_ONLINE, &why));
    //= R29 type=test
    for (size_t i = 0; i < 2; i++) {
        m = matter(i ? "421381" : "421300", "01");
        assert_true(matter_open_for(m, CHANNEL_ONSITE, &why));
        assert_true(matter_open_for(m, CHANNEL_ONLINE, &why));
        assert_false(matter_open_for(m, CHANNEL_PHONE, &why));
        assert_string_equal(why, "办事指南没有列出这个渠道");
    }
    //= R37 type=test
    assert_true(matter_open_for(matter("410400", "07"), CHANNEL_KIOSK, &why));
    assert_true(matter_open_for(matter("410400", "08"), CHANNEL_KIOSK, &why));
    assert_false(matter_open_for(matter("410400", "10"), CHANNEL_KIOSK, &why));
    //= R151 type=test
    assert_true(matter_open_for(matter("410400", "12"), CHANNEL_PHONE, &why));
    assert_true(matter_open_for(matter("410400", "13"), CHANNEL_PHONE, &why));
    assert_true(matter_open_for(matter("410400", "14"), CHANNEL_PHONE, &why));
    assert_false(matter_open_for(matter("410400", "15"), CHANNEL_PHONE, &why));
}

static unsigned
levels(const char *region, const char *id)
{
    return matter(region, id)->levels;
}

static void
levels_and_windows(void **state)
{
    (void)state;
    const unsigned city = 1u << LEVEL_CITY, town = 1u << LEVEL_TOWN, village = 1u << LEVEL_VILLAGE;
    //= R32 type=test
    assert_int_equal(levels("420281", "01"), city);
    assert_int_equal(levels("420281", "03"), city | town | village);
    assert_int_equal(levels("420281", "10"), city | town);
    assert_int_equal(levels("420281", "12"), city | town | village);
    assert_int_equal(levels("421300", "01"), 0); /* not printed: nothing is invented */
    //= R31 type=test
    assert_string_equal(str_z(arena, matter("211282", "10")->handlers), "2");
    assert_string_equal(str_z(arena, matter("211282", "08")->channel[0].window), "一楼16号窗口");
    //= R281 type=test
    assert_string_equal(str_z(arena, matter("211282", "22")->channel[0].window), "12号窗口");
    assert_non_null(strstr(str_z(arena, matter("211282", "22")->channels_text), "文化路133号"));
    //= R282 type=test
    const struct matter *m = matter("421381", "03");
    unsigned seen = 0;
    for (size_t i = 0; i < m->channel_count; i++) {
        enum level_kind k;
        if (m->channel[i].kind == CHANNEL_ONSITE && level_parse(m->channel[i].level, &k))
            seen |= 1u << k;
    }
    assert_int_equal(seen, 1u << LEVEL_COUNTY | town | village);
    //= R283 type=test
    m = matter("421381", "14");
    assert_int_equal(m->phone_count, 2);
    assert_string_equal(str_z(arena, m->phone[0].number), "0722-6249103");
    assert_string_equal(str_z(arena, m->phone[0].insurance), "职工");
    assert_string_equal(str_z(arena, m->phone[1].number), "0722-6396208");
    assert_string_equal(str_z(arena, m->phone[1].insurance), "居民");
    assert_true(str_empty(matter("421381", "01")->phone[0].insurance));
}

static void
limits(void **state)
{
    (void)state;
    //= R14 type=test
    limit("211282", "22", "", "即时办结/1个工作日");
    limit("211282", "04", "", "30个工作日/30个工作日");
    limit("421300", "01", "", "即时办结/");
    //= R34 type=test
    limit("420281", "15", "", "?");
    limit("420281", "15", "申请渠道=现场 办理层级=市级", "即时办结/");
    limit("420281", "15", "申请渠道=现场 办理层级=乡镇级", "2个工作日/");
    limit("420281", "15", "申请渠道=现场 办理层级=村级", "2个工作日/");
    limit("420281", "15", "申请渠道=网上", "2个工作日/");
    limit("420281", "15", "申请渠道=网上 办理层级=市级", "2个工作日/");
    //= R35 type=test
    static const char *const filings[] = {"12", "13", "14"};
    for (size_t i = 0; i < 3; i++) {
        limit("420281", filings[i], "", "?");
        limit("420281", filings[i], "证明方式=承诺制", "即时办结/");
        limit("420281", filings[i], "证明方式=提交材料", "2个工作日/");
    }
    //= R55 type=test
    limit("421300", "02", "", "?");
    limit("421300", "02", "参保身份=在职职工", "5个工作日/");
    limit("421300", "02", "参保身份=灵活就业人员", "即时办结/");
    limit("421381", "02", "参保身份=在职职工", "5个工作日/");
    limit("421381", "02", "参保身份=灵活就业人员", "即时办结/");
    limit("420281", "02", "", "即时办结/");
    limit("211282", "06", "", "即时办结/即时办结");
    limit("410400", "02", "", "即时办结/");
    //= R277 type=test
    assert_string_equal(str_z(arena, matter("421300", "01")->limit[0].counted_from), "收到材料");
    /* no counting day is lent from one guide to another */
    assert_true(str_empty(matter("420281", "01")->limit[0].counted_from));
    limit("211282", "31", "", "");
}

static struct day
on(const char *s)
{
    struct day d;
    assert_true(day_parse(str_c(s), &d));
    return d;
}

static void
due(enum limit_kind kind, int n, const char *from, const char *expected, bool tentative)
{
    bool is;
    struct day d = limit_due(catalog_calendar(catalog), (struct limit){kind, n}, on(from), &is);
    assert_string_equal(day_text(arena, d).p, expected);
    assert_int_equal(is, tentative);
}

static void
due_days(void **state)
{
    (void)state;
    //= R275 type=test
    due(LIMIT_INSTANT, 0, "2026-11-20", "2026-11-20", false); /* a Friday: the same day */
    due(LIMIT_INSTANT, 0, "2026-11-21", "2026-11-23", false); /* a Saturday: the next working day */
    due(LIMIT_INSTANT, 0, "2024-10-12", "2024-10-12", false); /* a Saturday worked for the holiday before */
    due(LIMIT_ON_DEMAND, 0, "2024-10-01", "2024-10-08", false);
    //= R276 type=test
    due(LIMIT_WORKDAYS, 1, "2026-11-20", "2026-11-23", false); /* the day of the event is not counted */
    due(LIMIT_WORKDAYS, 5, "2026-11-20", "2026-11-27", false); /* day N is included */
    due(LIMIT_WORKDAYS, 15, "2026-11-20", "2026-12-11", false);
    due(LIMIT_WORKDAYS, 1, "2024-09-30", "2024-10-08", false); /* statutory holidays */
    due(LIMIT_WORKDAYS, 5, "2024-09-30", "2024-10-12", false); /* a made-up working day */
    due(LIMIT_WORKDAYS, 30, "2026-12-01", "2027-01-12", true); /* beyond the announced years */
    due(LIMIT_DAYS, 30, "2026-11-20", "2026-12-20", false);
    due(LIMIT_MONTHS, 3, "2026-11-30", "2027-02-28", false);
    due(LIMIT_HOSPITAL, 0, "2026-11-20", "", false);
    //= R158 type=test
    due(LIMIT_QUARTERLY, 0, "2026-11-20", "2026-12-31", false); /* the end of the quarterly round */
    due(LIMIT_QUARTERLY, 0, "2026-01-01", "2026-03-31", false);
    due(LIMIT_NONE, 0, "2026-11-20", "", false);
}

/* --- B, D: intake and enrolment --- */

static void
enrolment_of_units(void **state)
{
    (void)state;
    //= R50 R51 type=test
    needs("421300", "01", "", "(统一社会信用代码证书|单位批准成立的文件)、《基本医疗保险单位参保信息登记表》!");
    needs("421381", "01", "", "(统一社会信用代码证书|单位批准成立的文件)、《基本医疗保险单位参保信息登记表》!");
    needs("420281", "01", "", "(统一社会信用代码证书|单位批准成立的文件)、《基本医疗保险单位参保登记表》!");
    needs("410400", "01", "",
          "(营业执照|统一社会信用代码证书|单位批准成立的文件)、《基本医疗保险单位参保信息登记表》!");
    lacks("421300", "01", "", "统一社会信用代码证书", "《基本医疗保险单位参保信息登记表》");
    lacks("421300", "01", "", "单位批准成立的文件/《基本医疗保险单位参保信息登记表》", "");
    //= R16 type=test
    lacks("421300", "01", "", "", "统一社会信用代码证书，或者单位批准成立的文件；《基本医疗保险单位参保信息登记表》");
    lacks("410400", "01", "", "《基本医疗保险单位参保信息登记表》",
          "营业执照，或者统一社会信用代码证书，或者单位批准成立的文件");
    //= R52 type=test
    refuses("420281", "01", "工商税务已开户=是 单位登记业务=新参保", "");
    //= R53 type=test
    refuses("420281", "01", "工商税务已开户=否", "大冶市工商税务已开户登记单位");
    //= R61 type=test
    const struct material *x = &matter("410400", "01")->material[0];
    assert_true(x->child[0].shareable && x->child[1].shareable && !x->child[2].shareable);
    assert_non_null(strstr(str_z(arena, x->child[0].share_source), "多证合一"));
    //= R68 type=test
    needs("211282", "08", "", "营业执照*复印件、法人身份证*复印件、开户行许可证");
    needs("211282", "09", "", "营业执照*复印件、法人身份证*复印件、开户行许可证");
    needs("211282", "30", "", "营业执照*复印件、法人身份证*复印件、开户行许可证");
    lacks("211282", "08", "", "法人身份证", "营业执照；开户行许可证");
}

static void
enrolment_of_employees(void **state)
{
    (void)state;
    //= R54 type=test
    needs("421300", "02", "参保身份=在职职工", "(《职工基本医疗保险参保登记表》!+参保人员有效身份证件复印件*复印件)");
    needs("421300", "02", "参保身份=灵活就业人员", "(有效身份证件+《职工基本医疗保险参保登记表》)");
    needs("421300", "02", "",
          "(《职工基本医疗保险参保登记表》!+参保人员有效身份证件复印件*复印件)?、(有效身份证件+"
          "《职工基本医疗保险参保登记表》)?");
    asks("421300", "02", "", "参保身份、职工登记业务"); /* the second for its form alone */
    lacks("421300", "02", "参保身份=在职职工", "有效身份证件",
          "《职工基本医疗保险参保登记表》；参保人员有效身份证件复印件");
    needs("421381", "02", "参保身份=灵活就业人员", "(有效身份证件+《职工基本医疗保险参保登记表》)");
    //= R57 type=test
    needs("410400", "02", "参保身份=在职职工 特殊人群=不属于 职工登记业务=增加 委托办理=否",
          "《职工基本医疗保险参保登记表》!、参保人员有效身份证件*复印件");
    needs("410400", "02", "参保身份=灵活就业人员 特殊人群=不属于 职工登记业务=增加 委托办理=否",
          "有效身份证件、《职工基本医疗保险参保登记表》");
    //= R60 type=test
    const struct material *copy = &matter("410400", "02")->material[1];
    assert_string_equal(str_z(arena, copy->kind), "复印件");
    assert_true(copy->shareable);
    assert_string_equal(str_z(arena, copy->share_source), "公安部门");
    //= R58 type=test
    needs(
        "410400", "02", "参保身份=灵活就业人员 特殊人群=港澳台人员 职工登记业务=增加 委托办理=否",
        "有效身份证件、《职工基本医疗保险参保登记表》、((港澳居民来往内地通行证|港澳台居民居住证)+建立劳动关系的证明)");
    needs("410400", "02", "参保身份=灵活就业人员 特殊人群=外国人 职工登记业务=增加 委托办理=否",
          "有效身份证件、《职工基本医疗保险参保登记表》、((外国人就业证件+居留证件)|外国人永久居留证)");
    needs("410400", "02", "参保身份=灵活就业人员 特殊人群=出国定居人员 职工登记业务=增加 委托办理=否",
          "有效身份证件、《职工基本医疗保险参保登记表》、(护照|永久居留证)");
    needs("410400", "02", "参保身份=灵活就业人员 特殊人群=不属于 职工登记业务=在职转退休 委托办理=否",
          "有效身份证件、《职工基本医疗保险参保登记表》、退休审批材料");
    needs("420281", "02", "参保身份=在职职工 特殊人群=港澳台人员 职工登记业务=增加 委托办理=否",
          "《大冶市参保单位增加减少登记表》!、((港澳台居民来往内地通行证|港澳台居民居住证)+建立劳动关系的证明)");
    lacks("410400", "02", "参保身份=灵活就业人员 特殊人群=外国人 职工登记业务=增加 委托办理=否",
          "有效身份证件/《职工基本医疗保险参保登记表》/外国人就业证件", "居留证件，或者外国人永久居留证");
    lacks("410400", "02", "参保身份=灵活就业人员 特殊人群=港澳台人员 职工登记业务=增加 委托办理=否",
          "有效身份证件/《职工基本医疗保险参保登记表》/港澳台居民居住证", "建立劳动关系的证明");
    //= R36 type=test
    needs("420281", "02", "参保身份=灵活就业人员 特殊人群=不属于 职工登记业务=增加 委托办理=是",
          "有效身份证件、(委托人身份证件*原件|委托书)");
    needs("410400", "08", "委托办理=是",
          "(医保电子凭证|有效身份证件|社保卡)、(委托人身份证件*原件+代理人身份证件*原件+委托人授权委托书)");
    lacks("410400", "08", "委托办理=是", "社保卡/委托人身份证件", "代理人身份证件；委托人授权委托书");
    //= R67 type=test
    needs("211282", "06", "", "身份证*复印件");
}

static void
enrolment_of_residents(void **state)
{
    (void)state;
    //= R62 type=test
    refuses("421381", "03", "参保身份=城乡居民 已参加职工医保=是", "未参加职工基本医疗保险的城乡居民");
    refuses("421381", "03", "参保身份=城乡居民 已参加职工医保=否", "");
    refuses("410400", "03", "参保身份=在职职工", "不属于职工基本医疗保险参保范围的城乡居民");
    refuses("420281", "03", "已参加职工医保=否 常住本市=否", "常住我市城乡居民");
    refuses("420281", "03", "已参加职工医保=否 常住本市=是 户口所在=非本市户口",
            ""); /* habitual residence, not hukou */
    //= R63 type=test
    refuses("420281", "03", "参保身份=灵活就业人员 已参加职工医保=否 常住本市=是", "");
    refuses("420281", "03", "参保身份=灵活就业人员 已参加职工医保=是 常住本市=是",
            "除职工医保以外的其他所有常住我市城乡居民，不受户籍限制。参加职工医保有困难的灵活就业人员可选择参加城乡居民"
            "医保，但不能同时重复参保。");
    //= R64 type=test
    needs("410400", "03", "首次参保登记=是 委托办理=否", "有效身份证件、《城乡居民基本医疗保险参保登记表》");
    needs("410400", "03", "首次参保登记=否 委托办理=否", "有效身份证件");
    needs("421381", "03", "", "有效身份证件、《城乡居民基本医疗保险参保登记表》"); /* elsewhere always */
    //= R66 type=test
    needs("211282", "05", "户口所在=本市户口", "(身份证*原件|户口本*原件)");
    needs("211282", "05", "户口所在=非本市户口", "(身份证*原件|户口本*原件)、居住证");
    lacks("211282", "05", "户口所在=非本市户口", "户口本", "居住证");
}

static void
forms(void **state)
{
    (void)state;
    //= R57 type=test
    assert_true(form_field_required_under("form-02", "unit_no", "参保身份=在职职工"));
    assert_false(form_field_required_under("form-02", "unit_no", "参保身份=灵活就业人员"));
    assert_true(form_field_required_under("form-05", "unit_name", "参保身份=在职职工"));
    assert_false(form_field_required_under("form-05", "unit_name", "参保身份=灵活就业人员"));
    //= R56 type=test
    assert_int_equal(form_field_named("form-02", "employee_action")->value_count, 6);
    assert_string_equal(str_z(arena, form_field_named("form-02", "employee_action")->values[5]), "统筹区内转移");
    //= R70 type=test
    static const char *const extra[] = {"funding_source",      "supervising_department", "approved_headcount",
                                        "retired_headcount",   "organ_headcount",        "civil_servant_headcount",
                                        "logistics_headcount", "reference_headcount",    "institution_headcount"};
    for (size_t i = 0; i < sizeof extra / sizeof *extra; i++) {
        assert_true(form_field_required_under("form-01", extra[i], "单位类别=机关事业单位"));
        assert_true(form_field_required_under("form-01", extra[i], "单位类别=社会团体"));
        assert_false(form_field_required_under("form-01", extra[i], "单位类别=企业"));
    }
    //= R72 type=test
    const struct form *f = catalog_form(catalog, STR("form-03"));
    assert_non_null(strstr(str_z(arena, f->declaration), "现申请参加城乡居民医保"));
    assert_string_equal(str_z(arena, f->sign[0]), "申请人或监护人(签字)");
    assert_true(form_field_required_under("form-03", "signer_name", ""));
    //= R73 type=test
    assert_int_equal(form_field_named("form-03", "office_opinion")->value_count, 2);
    //= R80 type=test
    assert_int_equal(form_field_named("form-05", "change_class")->value_count, 2);
    assert_int_equal(form_field_named("form-06", "change_class")->value_count, 2);
    //= R114 type=test
    assert_true(form_field_required_under("form-08", "paid_months", ""));
    assert_string_equal(str_z(arena, form_field_named("form-08", "balance_words")->label), "(大写)");
    //= R132 type=test
    assert_int_equal(form_field_named("form-11", "commitment_matter")->value_count,
                     form_field_named("form-11", "commitment_missing")->value_count);
    assert_true(form_field_required_under("form-11", "commitment_missing", "证明方式=承诺制"));
    assert_false(form_field_required_under("form-11", "commitment_missing", "证明方式=提交材料"));
    //= R133 type=test
    assert_non_null(
        strstr(str_z(arena, catalog_form(catalog, STR("form-11"))->declaration), "由此产生的一切法律责任均由本人承担"));
}

/* --- E: changes --- */

static void
changes(void **state)
{
    (void)state;
    //= R75 type=test
    needs("410400", "04", "变更信息类别=关键信息 委托办理=否",
          "《基本医疗保险参保单位信息变更登记表》!、(营业执照*复印件|统一社会信用代码证书*复印件|批准单位变更的文件)");
    needs("410400", "04", "变更信息类别=非关键信息 委托办理=否", "《基本医疗保险参保单位信息变更登记表》!");
    //= R76 type=test
    needs("410400", "06", "变更信息类别=非关键信息 委托办理=否",
          "(医保电子凭证|有效身份证件|社保卡)、《基本医疗保险城乡居民参保信息变更登记表》");
    needs("410400", "06", "变更信息类别=关键信息 委托办理=否",
          "(医保电子凭证|有效身份证件|社保卡)、《基本医疗保险城乡居民参保信息变更登记表》、必要的对应辅助材料");
    //= R77 R79 type=test
    needs("421300", "04", "变更信息类别=关键信息",
          "(医保电子凭证|有效身份证件|社会保障卡)、《基本医疗保险职工参保信息变更登记表》!、必要的对应辅助材料");
    needs("421300", "04", "变更信息类别=非关键信息",
          "(医保电子凭证|有效身份证件|社会保障卡)、《基本医疗保险职工参保信息变更登记表》");
    lacks("421300", "04", "变更信息类别=关键信息", "社会保障卡/《基本医疗保险职工参保信息变更登记表》",
          "必要的对应辅助材料");
    needs("421381", "05", "变更信息类别=非关键信息",
          "(医保电子凭证|有效身份证件|社会保障卡)、《基本医疗保险职工参保信息变更登记表》");
    needs("410400", "05", "变更信息类别=关键信息 参保身份=灵活就业人员 委托办理=否",
          "(医保电子凭证|有效身份证件|社保卡)、《基本医疗保险职工参保信息变更登记表》、必要的对应辅助材料");
    //= R78 type=test
    needs("420281", "05", "变更信息类别=关键信息", "有效身份证件*原件及复印件、必要的对应辅助材料~");
    lacks("420281", "05", "变更信息类别=关键信息", "有效身份证件", "");
    lacks("420281", "05", "变更信息类别=关键信息", "", "有效身份证件");
    lacks("420281", "06", "变更信息类别=关键信息", "有效身份证件/《大冶市城乡居民医疗保险参保人员信息变更申请表》", "");
    //= R81 type=test
    needs("420281", "04", "变更信息类别=关键信息", "《基本医疗保险参保单位信息变更登记表》!、必要的对应辅助材料");
    needs("420281", "04", "变更信息类别=非关键信息", "《基本医疗保险参保单位信息变更登记表》!");
}

/* --- F, H: queries, the certificate --- */

static void
queries_and_certificate(void **state)
{
    (void)state;
    //= R82 type=test
    needs("421300", "05", "", "(统一社会信用代码证书|介绍信)");
    needs("410400", "07", "委托办理=否", "(营业执照|统一社会信用代码证书|介绍信|单位有效证明文件)");
    needs("420281", "07", "申请渠道=现场", "(统一社会信用代码证书|介绍信)");
    lacks("421300", "05", "", "介绍信", "");
    //= R83 type=test
    needs("211282", "01", "", "参保单位编号");
    //= R84 type=test
    needs("421300", "06", "", "(医保电子凭证|有效身份证件|社会保障卡)");
    needs("420281", "08", "", "(有效身份证|社保卡|医保电子凭证)");
    assert_non_null(strstr(str_z(arena, matter("420281", "08")->materials_text), "本人"));
    //= R85 R274 type=test
    assert_string_equal(stages("410400", "07"), "申请—受理—办结");
    assert_string_equal(stages("410400", "08"), "申请—受理—办结");
    assert_string_equal(stages("410400", "01"), "申请—受理—审核—办结");
    assert_string_equal(stages("410400", "09"), "申请—受理—审核—拨付—办结");
    assert_string_equal(stages("410400", "15"), "医院办结");
    assert_false(matter("410400", "07")->stages_by_system);
    //= R86 type=test
    assert_string_equal(str_z(arena, matter("410400", "08")->paper[0]), "参保缴费证明(个人权益记录)");
    //= R102 type=test
    assert_string_equal(str_z(arena, matter("410400", "10")->note[0].verbatim), "由转出地经办机构受理");
    //= R110 type=test
    needs("421300", "09", "",
          "(医保电子凭证|有效身份证件|社会保障卡)、(《参保凭证》|电子《参保凭证》*电子)"
          "、《基本医疗保险关系转移接续申请表》");
    lacks("421300", "09", "", "医保电子凭证/电子《参保凭证》/《基本医疗保险关系转移接续申请表》", "");
    //= R111 type=test
    needs("211282", "07", "账户有余额=否", "身份证*原件或复印件");
    needs("211282", "07", "账户有余额=是", "身份证*原件或复印件、身份证*复印件、医保卡*复印件");
    asks("211282", "07", "", "账户有余额");
    //= R119 type=test
    refuses("420281", "10", "险种=城乡居民医保", "职工医疗保险参保人员");
    refuses("420281", "10", "险种=职工医保", "");
    refuses("421300", "08", "险种=城乡居民医保", "");
    refuses("421381", "10", "险种=城乡居民医保", "");
    refuses("410400", "10", "险种=城乡居民医保", "");
    //= R118 type=test
    refuses("421300", "09", "跨统筹区转移=否", "因医疗保险关系跨统筹地区变动");
    refuses("420281", "11", "险种=城乡居民医保", "职工医疗保险参保人员");
}

/* --- I: filing for care elsewhere --- */

static void
filing_eligibility(void **state)
{
    (void)state;
    //= R120 type=test
    refuses("421300", "10", "已退休=是 统筹区外=是 户籍已迁入定居地=是", "");
    refuses("421300", "10", "已退休=否 统筹区外=是 户籍已迁入定居地=是", "退休后在异地定居");
    refuses("421300", "10", "已退休=是 统筹区外=是 户籍已迁入定居地=否", "户籍迁入定居地");
    asks("421300", "10", "", "已退休、统筹区外、户籍已迁入定居地、证明方式");
    //= R121 type=test
    refuses("420281", "12", "已退休=是 统筹区外=否 户籍已迁入定居地=是", "在异地（黄石市以外）定居");
    refuses("420281", "13", "统筹区外=否", "在异地（黄石市以外）居住生活的人员");
    refuses("420281", "14", "用人单位派驻=是 统筹区外=否", "异地（黄石市以外）工作");
    assert_string_equal(str_z(arena, catalog_region(catalog, STR("420281"))->pool), "黄石市");
    //= R122 type=test
    refuses("421300", "11", "统筹区外=是 异地长期居住=是", "");
    refuses("421300", "11", "统筹区外=是 异地长期居住=否", "在异地长期居住生活");
    refuses("410400", "13", "异地长期居住=否", "异地居住生活");
    //= R123 type=test
    refuses("421300", "12", "统筹区外=是 用人单位派驻=否", "用人单位派驻异地长期工作");
    refuses("421300", "12", "统筹区外=是 用人单位派驻=是", "");
    //= R124 type=test
    refuses("211282", "24", "参保身份=在职职工 用人单位派驻=是 派驻满半年=是", "");
    refuses("211282", "24", "参保身份=在职职工 用人单位派驻=是 派驻满半年=否", "用人单位派驻异地工作半年以上");
    refuses("211282", "24", "参保身份=灵活就业人员", "在职职工");
    //= R125 type=test
    refuses("211282", "23", "异地长期居住=是 参保身份=退休人员", "");
    refuses("211282", "23", "异地长期居住=是 参保身份=城乡居民 年龄=60", "");
    refuses("211282", "23", "异地长期居住=是 参保身份=城乡居民 年龄=59",
            "职工医保退休人员或达到60周岁的城乡居民医保参保人员");
    refuses("211282", "23", "异地长期居住=是 参保身份=在职职工 年龄=60",
            "职工医保退休人员或达到60周岁的城乡居民医保参保人员");
    asks("211282", "23", "异地长期居住=是 参保身份=退休人员 证明方式=提交材料",
         ""); /* the age is not asked of a retiree */
    asks("211282", "23", "异地长期居住=是 参保身份=城乡居民 证明方式=提交材料", "年龄");
    //= R126 type=test
    refuses("211282", "25", "异地长期居住=是 参保身份=城乡居民 年龄=17", "");
    refuses("211282", "25", "异地长期居住=是 参保身份=城乡居民 年龄=18", "未成年城乡居民医保参保人员");
    //= R127 type=test
    refuses("211282", "26", "参保身份=灵活就业人员", "");
    refuses("211282", "26", "参保身份=城乡居民 用人单位派驻=否", "");
    refuses("211282", "26", "参保身份=在职职工", "灵活就业职工医保在职人员或城乡居民医保参保人员");
    //= R137 type=test
    refuses("410400", "12", "备案业务=变更备案地 备案满一年=否 已退休=是 统筹区外=是 户籍已迁入定居地=是",
            "原则上一年内不办理居住地变更和终止备案业务");
    refuses("410400", "12", "备案业务=暂停备案 备案满一年=否 已退休=是 统筹区外=是 户籍已迁入定居地=是", "");
}

static void
filing_materials(void **state)
{
    (void)state;
#define CREDENTIAL "(医保电子凭证|有效身份证件|社会保障卡)"
    //= R128 type=test
    needs("421300", "10", "", CREDENTIAL "、(异地安置材料|个人承诺书)");
    needs("421300", "11", "", CREDENTIAL "、(居住证明|个人承诺书)");
    lacks("421300", "10", "", "医保电子凭证/个人承诺书", "");
    lacks("421300", "10", "", "医保电子凭证", "异地安置材料，或者个人承诺书");
    //= R129 type=test
    needs("421381", "12", "", CREDENTIAL "、《异地就医登记备案表》、((户口簿首页+常住人口登记卡)|个人承诺书)");
    lacks("421381", "12", "", "社会保障卡/《异地就医登记备案表》/户口簿首页", "常住人口登记卡，或者个人承诺书");
    lacks("421381", "12", "", "社会保障卡/《异地就医登记备案表》/常住人口登记卡", "户口簿首页，或者个人承诺书");
    lacks("421381", "12", "", "社会保障卡/《异地就医登记备案表》/户口簿首页/常住人口登记卡", "");
    lacks("421381", "12", "", "社会保障卡/《异地就医登记备案表》/个人承诺书", "");
    lacks("421381", "12", "", "",
          "医保电子凭证，或者有效身份证件，或者社会保障卡；《异地就医登记备案表》；户口簿首页和常住人口登记卡，或者个人"
          "承诺书");
    //= R130 type=test
    needs("421300", "12", "", CREDENTIAL "、(参保地工作单位派出证明|异地工作单位证明|工作合同|个人承诺书)");
    needs("421381", "14", "",
          CREDENTIAL "、《异地就医登记备案表》、(参保地工作单位派出证明|异地工作单位证明|劳动合同|个人承诺书)");
    lacks("421300", "12", "", "医保电子凭证/工作合同", "");
#undef CREDENTIAL
    //= R131 type=test
    needs("420281", "12", "备案业务=首次备案 证明方式=提交材料",
          "(有效身份证件|社会保障卡|医保电子凭证)、《异地就医登记备案表》、异地安置认定材料");
    needs("420281", "12", "备案业务=首次备案 证明方式=承诺制",
          "(有效身份证件|社会保障卡|医保电子凭证)、《异地就医登记备案表》");
    assert_true(matter("420281", "12")->commitment);
    assert_true(matter("420281", "12")->material[2].committable);
    //= R134 type=test
    static const char *const filings[] = {"12", "13", "14", "15", "16"};
    for (size_t i = 0; i < 5; i++)
        assert_non_null(strstr(str_z(arena, matter("420281", filings[i])->note[0].verbatim), "异地就医前后均可办理"));
    //= R135 type=test
    for (size_t i = 0; i < 4; i++)
        needs("420281", filings[i], "备案业务=变更备案地", "(有效身份证件|社会保障卡|医保电子凭证)");
    asks("420281", "12", "已退休=是 统筹区外=是 户籍已迁入定居地=是 备案业务=变更备案地",
         "证明方式"); /* for the limit alone */
    //= R136 type=test
    static const char *const actions[] = {"变更备案地", "暂停备案", "恢复备案", "终止备案"};
    static const char *const own[] = {"12", "13", "14"};
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < 3; k++)
            needs("410400", own[k], str_fmt(arena, "备案业务=%s 委托办理=否", actions[i]).p,
                  "(医保电子凭证|有效身份证件)");
    needs("410400", "12", "备案业务=首次备案 证明方式=提交材料 委托办理=否",
          "(医保电子凭证|有效身份证件|社保卡)、《平顶山市异地就医登记备案表》、(“户口簿首页”+本人“常住人口登记卡”)");
    needs("410400", "14", "备案业务=首次备案 证明方式=提交材料 委托办理=否",
          "(医保电子凭证|有效身份证件|社保卡)、《平顶山市异地就医登记备案表》、(参保地工作单位派出证明|"
          "异地工作单位证明|工作合同)");
    lacks("410400", "12", "备案业务=首次备案 证明方式=提交材料 委托办理=否",
          "社保卡/《平顶山市异地就医登记备案表》/“户口簿首页”", "本人“常住人口登记卡”");
    //= R150 type=test
    needs("421300", "14", "", "(医保电子凭证|有效身份证件|社会保障卡)、外出证明");
    needs("420281", "16", "", "(有效身份证件|社会保障卡|医保电子凭证)、《异地就医登记备案表》");
    assert_false(matter("421300", "14")->commitment);
}

static void
papers_and_stages(void **state)
{
    (void)state;
    //= R21 R22 R23 type=test
    static const char *const ids[] = {"17", "18", "19", "20", "22", "23", "24", "25", "26"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        const struct matter *m = matter("211282", ids[i]);
        assert_int_equal(m->paper_count, 3);
        assert_string_equal(str_z(arena, m->paper[0]), "一次性告知单");
        assert_string_equal(str_z(arena, m->paper[1]), "容缺受理通知单");
        assert_string_equal(str_z(arena, m->paper[2]), "否定备案书");
    }
    assert_string_equal(str_z(arena, matter("211282", "04")->paper[0]), "否定备案书");
    assert_int_equal(matter("211282", "08")->paper_count, 0);
    //= R25 type=test
    assert_string_equal(str_z(arena, matter("211282", "08")->express_text), "有需要的填写快递申请,办结后电话通知。");
    //= R27 type=test
    assert_int_equal(matter("211282", "17")->delivery_count, 3);
    assert_string_equal(str_z(arena, matter("211282", "17")->delivery[2]), "快递");
    //= R28 type=test
    assert_int_equal(matter("211282", "22")->delivery_count, 2);
    assert_string_equal(str_z(arena, matter("211282", "22")->delivery[0]), "窗口领取");
    assert_string_equal(str_z(arena, matter("211282", "22")->delivery[1]), "电子证照下载");
    //= R152 type=test
    assert_string_equal(stages("421300", "10"), "申请—受理—审核—反馈—办结");
    assert_string_equal(stages("421381", "12"), "申请—受理—审核—反馈—办结");
    //= R153 type=test
    assert_string_equal(stages("211282", "22"), "申请—受理—审核—办结—送达");
    assert_string_equal(str_z(arena, matter("211282", "22")->stage[2].unit), "信息主管部门");
    /* where a guide prints no steps, the standard list's serve and say so */
    assert_true(matter("420281", "01")->stages_by_system);
    //= R12 type=test
    const struct region *r = catalog_region(catalog, STR("410400"));
    size_t from_second = 0;
    for (size_t i = 0; i < r->common_note_count; i++)
        from_second += str_eqz(r->common_note[i].number, "02");
    assert_int_equal(from_second, 3);
}

/* --- the machinery itself --- */

static void
facts_by_either_name(void **state)
{
    (void)state;
    struct facts f = facts_new(arena, catalog_dict(catalog));
    assert_int_equal(facts_set(&ctx, catalog, &f, STR("retired"), STR("是")), OK);
    assert_true(facts_get(&f, "已退休").b && facts_get(&f, "retired").kind == VALUE_BOOL);
    assert_int_equal(facts_get(&f, "户口所在").kind, VALUE_UNASKED);
    assert_int_equal(facts_get(&f, "没有的").kind, VALUE_UNASKED);
    fail_clear(&ctx);
    assert_int_equal(facts_set(&ctx, catalog, &f, STR("没有的"), STR("是")), ERR_FIELD_INVALID);
    assert_int_equal(ctx.fail->field_count, 1);
    assert_string_equal(str_z(arena, ctx.fail->field[0].reason), "没有这个事实");
    fail_clear(&ctx);
    assert_int_equal(facts_set(&ctx, catalog, &f, STR("户口所在"), STR("月球")), ERR_FIELD_INVALID);
    assert_non_null(strstr(str_z(arena, ctx.fail->field[0].reason), "月球"));
    assert_true(str_starts(ctx.fail->field[0].remedy, STR("请选择：")));
    assert_int_equal(facts_get(&f, "户口所在").kind, VALUE_UNASKED);
    fail_clear(&ctx);
}

/* A question that is answered goes away; an answer that decides takes others with it. */
static void
questions_shrink(void **state)
{
    (void)state;
    asks("420281", "12", "", "已退休、统筹区外、户籍已迁入定居地、备案业务、证明方式");
    asks("420281", "12", "已退休=是 统筹区外=是 户籍已迁入定居地=是", "备案业务、证明方式");
    asks("420281", "12", "已退休=是 统筹区外=是 户籍已迁入定居地=是 备案业务=首次备案 证明方式=承诺制", "");
    asks("421300", "05", "", "");
    asks("420281", "15", "统筹区外=是 申请渠道=网上 备案业务=首次备案", "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status_and_channels),
        cmocka_unit_test(levels_and_windows),
        cmocka_unit_test(limits),
        cmocka_unit_test(due_days),
        cmocka_unit_test(enrolment_of_units),
        cmocka_unit_test(enrolment_of_employees),
        cmocka_unit_test(enrolment_of_residents),
        cmocka_unit_test(forms),
        cmocka_unit_test(changes),
        cmocka_unit_test(queries_and_certificate),
        cmocka_unit_test(filing_eligibility),
        cmocka_unit_test(filing_materials),
        cmocka_unit_test(papers_and_stages),
        cmocka_unit_test(facts_by_either_name),
        cmocka_unit_test(questions_shrink),
    };
    return cmocka_run_group_tests(tests, support_catalog_up, support_catalog_down);
}
