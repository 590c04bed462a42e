/* The guides' rules as rows (support_rows.h): groups B, D and G to P, as far as they say who may apply, what is asked for, where it is taken and
** within what time. What happens to a case is in tests/case/rules_test.c. */
#include <string.h>

#include "support/support_rows.h"

#define matter(region, id) support_matter((region), (id))

static void
says(struct str text, const char *words)
{
    if (str_find(text, str_c(words)) == SIZE_MAX)
        fail_msg("“%.*s” does not say “%s”", STR_ARG(text), words);
}

/* FORMAT with ANSWER in the place of its %. */
static const char *
with(const char *format, const char *answer)
{
    struct str s = str_c(format);
    size_t at = str_find(s, STR("%"));
    assert_true(at != SIZE_MAX);
    return str_fmt(arena, "%.*s%s%s", (int)at, s.p, answer, s.p + at + 1).p;
}

/* The same rows for each of several answers to one question. */
static void
refuses_each(const char *region, const char *id, const char *format, const char *const *answer, const char *expected)
{
    for (; *answer; answer++)
        refuses(region, id, with(format, *answer), expected);
}

static void
needs_each(const char *region, const char *id, const char *format, const char *const *answer, const char *expected)
{
    for (; *answer; answer++)
        needs(region, id, with(format, *answer), expected);
}
#define EACH(...) ((const char *const[]){__VA_ARGS__, NULL})

/* --- B, D: intake and enrolment --- */

static void
intake(void **state)
{
    (void)state;
    const char *why;
    //= R38 type=test
#define BY_WECHAT "因急救、急诊入院的可通过微信公众号“大冶市医疗保障服务号”申报办理"
    assert_true(matter_open_for(matter("420281", "15"), CHANNEL_WECHAT, &why));
    refuses_each("420281", "15", "统筹区外=是 申请渠道=微信公众号 就医情形=%", EACH("普通", "意外伤害", "精神病"),
                 BY_WECHAT);
    refuses("420281", "15", "统筹区外=是 申请渠道=微信公众号 就医情形=急诊", "");
    refuses_each("420281", "15", "统筹区外=是 申请渠道=% 就医情形=普通", EACH("现场", "网上"), "");
    assert_false(matter_open_for(matter("420281", "16"), CHANNEL_WECHAT, &why));
#undef BY_WECHAT
    //= R59 type=test
    static const char *const kinds[] = {"身份证",
                                        "居住证",
                                        "户口簿",
                                        "护照",
                                        "港澳台居民来往内地通行证",
                                        "港澳台居民居住证",
                                        "外国人永久居留证等"}; /* an open list */
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        says(leaf_named("420281", "02", "有效身份证件")->note, kinds[i]);
}

/* --- G: the balance of a personal account paid out --- */

static void
withdrawal(void **state)
{
    (void)state;
    //= R87 type=test
#define OF_PINGDINGSHAN "出国定居、死亡、主动放弃参加职工基本医疗保险"
    refuses_each("410400", "09", "支取原因=%", EACH("出国定居", "死亡", "主动放弃"), "");
    refuses_each("410400", "09", "支取原因=%", EACH("关系转出", "异地安置退休", "其他"), OF_PINGDINGSHAN);
    refuses_each("421300", "07", "已停保=是 支取原因=%", EACH("出国定居", "关系转出", "死亡", "主动放弃", "其他"), "");
    refuses_each("420281", "09", "险种=职工医保 多分配多报销未处理=否 支取原因=%",
                 EACH("关系转出", "异地安置退休", "死亡"), "");
    refuses("420281", "09", "险种=城乡居民医保 支取原因=死亡", "职工基本医疗保险参保人员");
#undef OF_PINGDINGSHAN
#define OWN "(医保电子凭证|有效身份证件|社会保障卡)、《职工基本医疗保险个人账户一次性支取申请表》"
    //= R88 type=test
    needs("421300", "07", "支取原因=出国定居 委托办理=否", OWN);
    needs("421300", "07", "支取原因=出国定居 委托办理=是", OWN "、代办说明");
    //= R91 type=test
    needs("421300", "07", "支取原因=主动放弃 委托办理=否", OWN "、主动放弃基本医疗保险的情况说明");
    lacks("421300", "07", "支取原因=主动放弃 委托办理=否", "社会保障卡/《职工基本医疗保险个人账户一次性支取申请表》",
          "主动放弃基本医疗保险的情况说明");
    needs("410400", "09", "支取原因=主动放弃 委托办理=否",
          "(医保电子凭证|有效身份证件|社保卡)、《职工基本医疗保险个人账户一次性支取申请表》、"
          "主动放弃基本医疗保险的情况说明");
    //= R92 type=test
    needs_each("421300", "07", "支取原因=% 委托办理=否", EACH("关系转出", "异地安置退休", "其他"),
               OWN "、按地方规定提交资料");
    says(leaf_named("421300", "07", "按地方规定提交资料")->note, "向经办窗口问清");
    needs_each("420281", "09", "支取原因=%", EACH("出国定居", "主动放弃", "其他"), "按相关规定提交资料");
#undef OWN
    //= R93 type=test
    refuses("420281", "09", "险种=职工医保 支取原因=死亡 多分配多报销未处理=是",
            "死亡人员存在医保个人账户多分配或慢性病多报销等情况的，应按程序规范处理后再办理支取业务；");
    refuses("420281", "09", "险种=职工医保 支取原因=死亡 多分配多报销未处理=否", "");
    refuses("420281", "09", "险种=职工医保 支取原因=关系转出 多分配多报销未处理=是", "");
    //= R94 type=test
    needs_each("420281", "09", "支取原因=%", EACH("关系转出", "异地安置退休"), "(本人身份证*复印件+本人银行卡*复印件)");
    needs("420281", "09", "支取原因=死亡", "(继承人身份证*复印件+(继承人本人银行卡*复印件|存折*复印件))");
    lacks("420281", "09", "支取原因=死亡", "继承人身份证", "继承人本人银行卡，或者存折");
    lacks("420281", "09", "支取原因=死亡", "继承人身份证/存折", "");
    //= R95 type=test
    needs("211282", "02", "支取原因=死亡", "(死亡证明*复印件+继承人身份证*复印件+继承人医保卡*复印件+承诺书)");
    needs("211282", "02", "支取原因=关系转出", "(身份证*复印件+医保卡*复印件)");
    lacks("211282", "02", "支取原因=死亡", "死亡证明/继承人身份证/继承人医保卡", "承诺书");
    //= R97 type=test
    limit("421300", "07", "", "15个工作日/");
    limit("421381", "09", "", "15个工作日/");
    limit("410400", "09", "", "15个工作日/");
    limit("420281", "09", "", "5个工作日/");
    limit("211282", "02", "", "即时办结/即时办结");
}

static void
withdrawal_form(void **state)
{
    (void)state;
    //= R98 type=test
    const struct form *f = catalog_form(catalog, STR("form-07"));
    const struct form_section *heir = NULL;
    for (size_t i = 0; i < f->section_count; i++)
        if (str_starts(f->section[i].title, STR("继承人(代表人)")))
            heir = &f->section[i];
    assert_non_null(heir);
    assert_true(str_empty(heir->rows_id)); /* one representative, one account: not a list */
    assert_true(form_field_required_under("form-07", "heir_account_no", "支取原因=死亡"));
    assert_false(form_field_required_under("form-07", "heir_account_no", "支取原因=出国定居"));
    assert_false(form_field_required_under("form-07", "account_no", "支取原因=死亡")); /* nothing is paid to the dead */
    assert_true(form_field_required_under("form-07", "account_no", "支取原因=出国定居"));
    says(f->declaration, "款项汇入其名下银行账户,分配事宜自行解决");
    //= R99 type=test
    static const char *const agent[] = {"agent_name", "agent_id_number", "agent_phone"};
    for (size_t i = 0; i < 3; i++) {
        assert_false(form_field_required_under("form-07", agent[i], "委托办理=否"));
        assert_true(form_field_required_under("form-07", agent[i], "委托办理=是"));
        assert_int_equal(form_field_named("form-07", agent[i])->together_count, 2);
        for (size_t k = 1; k < 3; k++)
            assert_true(str_eqz(form_field_named("form-07", agent[i])->together[0], agent[(i + k) % 3]) ||
                        str_eqz(form_field_named("form-07", agent[i])->together[1], agent[(i + k) % 3]));
    }
}

/* --- H: transfer --- */

/* The sum of a matter's stage limits; those that count from the same event run side by side. */
static int
sum_of_stages(const char *region, const char *id)
{
    const struct limit_tier *t = &matter(region, id)->limit[0];
    int sum = 0;
    for (size_t i = 0; i < t->stage_count; i++)
        if (i == 0 || t->stage[i].start != t->stage[i - 1].start)
            sum += t->stage[i].limit.n;
    return sum;
}

static void
transfer(void **state)
{
    (void)state;
    //= R106 type=test
    limit("421300", "09", "", "20个工作日/");
    limit("410400", "11", "", "20个工作日/");
    assert_int_equal(sum_of_stages("421300", "09"), 20);
    assert_int_equal(sum_of_stages("421381", "11"), 20);
    assert_int_equal(sum_of_stages("410400", "11"), 20);
    //= R116 type=test
    const char *why;
    needs("410400", "11", "委托办理=否", "(医保电子凭证|有效身份证件|社保卡)、(《参保凭证》|电子《参保凭证》)");
    lacks("410400", "11", "委托办理=否", "社保卡/电子《参保凭证》", "");
    for (size_t i = 0; i < 2; i++) {
        assert_true(matter_open_for(matter("410400", i ? "11" : "10"), CHANNEL_ONLINE, &why));
        assert_true(matter_open_for(matter("410400", i ? "11" : "10"), CHANNEL_ONSITE, &why));
    }
}

/* --- I: referral --- */

static void
referral(void **state)
{
    (void)state;
#define OWN "(医保电子凭证|有效身份证件|社保卡)"
    //= R139 type=test
    refuses("410400", "15", "统筹区或备案地外就医=是", "");
    refuses("410400", "15", "统筹区或备案地外就医=否", "通过转诊转院到统筹地区或备案地外就医");
    //= R144 type=test
    needs("410400", "15", "同病同院再次住院=否 转诊去向=省内 就医情形=普通 委托办理=否",
          OWN "、(《平顶山市基本医疗保险转诊单》)");
    needs("410400", "15", "同病同院再次住院=否 转诊去向=省外 就医情形=普通 委托办理=否", OWN "、(转诊转院证明材料)");
    //= R145 type=test
    needs("421300", "13", "",
          "(医保电子凭证|有效身份证件|社会保障卡)、具有转诊资质的定点医疗机构开具的转诊转院证明材料");
    lacks("421300", "13", "", "社会保障卡", "具有转诊资质的定点医疗机构开具的转诊转院证明材料");
    says(leaf_named("410400", "15", "转诊转院证明材料")->note, "具有转诊资质的定点医疗机构开具");
    //= R146 type=test
    needs("410400", "15", "同病同院再次住院=否 转诊去向=省内 就医情形=急诊 委托办理=否",
          OWN "、(《平顶山市基本医疗保险转诊单》|急诊诊断证明)");
    needs("410400", "15", "同病同院再次住院=否 转诊去向=省外 就医情形=精神病 委托办理=否",
          OWN "、(转诊转院证明材料|精神病诊断证明)");
    lacks("410400", "15", "同病同院再次住院=否 转诊去向=省内 就医情形=急诊 委托办理=否", "社保卡/急诊诊断证明", "");
    lacks("410400", "15", "同病同院再次住院=否 转诊去向=省内 就医情形=普通 委托办理=否", "社保卡/急诊诊断证明",
          "《平顶山市基本医疗保险转诊单》");
    //= R147 type=test
    needs("410400", "15", "同病同院再次住院=是 委托办理=否", "(有效身份证件+原转诊转院证明材料)");
    lacks("410400", "15", "同病同院再次住院=是 委托办理=否", "有效身份证件", "原转诊转院证明材料");
#undef OWN
    //= R149 type=test
    needs("420281", "15", "备案业务=首次备案",
          "(有效身份证件|社会保障卡|医保电子凭证)、《异地就医登记备案表》、"
          "《大冶市城镇职工（居民）基本医疗保险转外就医申请表》");
    lacks("420281", "15", "备案业务=首次备案", "社会保障卡/《异地就医登记备案表》",
          "《大冶市城镇职工（居民）基本医疗保险转外就医申请表》");
}

/* --- J: entitlement for chronic and special diseases --- */

static void
chronic_materials(void **state)
{
    (void)state;
    //= R154 type=test
    needs("421300", "15", "",
          "(医保电子凭证|有效身份证件|社会保障卡)、《门诊慢特病病种待遇认定申请表》、出院小结(出院记录)、病历资料、"
          "检查资料");
    const struct material *x = leaf_named("421300", "15", "出院小结(出院记录)");
    assert_string_equal(str_z(arena, x->age), "5年");
    says(x->note, "二级以上医疗机构(含二级)出具, 有明确诊断");
    //= R155 type=test
    needs("420281", "17", "",
          "(有效身份证件|社会保障卡|医保电子凭证)、《门诊慢特病病种待遇认定申请表》、住院病案病历!");
    x = leaf_named("420281", "17", "住院病案病历");
    assert_string_equal(str_z(arena, x->age), "3年");
    assert_string_equal(str_z(arena, x->stamp), "医院");
    says(x->verbatim, "二级及以上医院的一整套住院病案病历");
    //= R156 R162 type=test
    needs("211282", "15", "病种类别=慢性病 险种=职工医保",
          "(住院病志|检查化验报告)、身份证*复印件、社保卡*复印件、一寸彩照片");
    x = leaf_named("211282", "15", "住院病志");
    assert_string_equal(str_z(arena, x->age), "2年");
    x = leaf_named("211282", "15", "检查化验报告");
    assert_string_equal(str_z(arena, x->copies), "3");
    says(x->verbatim, "每次间隔45天以上");
    lacks("211282", "15", "病种类别=慢性病 险种=职工医保", "检查化验报告/身份证/社保卡", "一寸彩照片");
    assert_string_equal(str_z(arena, leaf_named("211282", "15", "一寸彩照片")->copies), "1");
    //= R161 type=test
    needs("211282", "15", "病种类别=慢性病 险种=城乡居民医保 持有医保卡=否",
          "(住院病志|检查化验报告)、身份证*复印件、一寸彩照片");
    needs("211282", "15", "病种类别=慢性病 险种=城乡居民医保 持有医保卡=是",
          "(住院病志|检查化验报告)、身份证*复印件、社保卡*复印件、一寸彩照片");
    needs("211282", "15", "病种类别=高值药品 险种=职工医保 持有医保卡=否",
          "病志、身份证*复印件、社保卡*复印件、一寸彩照片"); /* an employee has one */
    //= R176 type=test
    needs("410400", "17", "委托办理=否",
          "诊断证明、《平顶山重症慢性病鉴定申请表》、专科住院病历*复印件、近期两寸彩色照片");
    assert_string_equal(str_z(arena, leaf_named("410400", "17", "诊断证明")->age), "3个月");
    assert_string_equal(str_z(arena, leaf_named("410400", "17", "专科住院病历")->age), "2年");
    assert_string_equal(str_z(arena, leaf_named("410400", "17", "近期两寸彩色照片")->copies), "2");
    //= R182 type=test
    lacks("410400", "16", "委托办理=否", "社保卡/《门诊慢特病病种待遇认定申请表》/检查资料", "");
    lacks("410400", "16", "委托办理=否", "社保卡/《门诊慢特病病种待遇认定申请表》", "病历资料，或者检查资料");
    lacks("421381", "16", "", "社会保障卡/《门诊慢特病病种待遇认定申请表》/检查资料", "病历资料");
    lacks("421381", "16", "", "社会保障卡/《门诊慢特病病种待遇认定申请表》/病历资料", "检查资料");
    //= R181 type=test
    const struct form *f = catalog_form(catalog, STR("form-12"));
    for (size_t i = 0; i < f->section_count; i++)
        assert_true(str_empty(f->section[i].rows_id)); /* one disease, one hospital: several are several forms */
    assert_true(form_field_required_under("form-12", "disease_name", ""));
    assert_true(form_field_required_under("form-12", "designated_hospital", ""));
}

static void
chronic_places(void **state)
{
    (void)state;
    const char *why;
    //= R164 type=test
    static const char *const both[][2] = {{"421300", "15"}, {"421381", "16"}};
    for (size_t i = 0; i < 2; i++)
        assert_string_equal(str_z(arena, matter(both[i][0], both[i][1])->unit), "各级医保经办机构或委托的定点医疗机构");
    //= R175 type=test
    static const char *const four[] = {"平煤神马医疗集团总医院", "平顶山第一人民医院", "平顶山第二人民医院",
                                       "中国解放军第989医院"};
    const struct matter *m = matter("410400", "17");
    assert_int_equal(m->channel_count,
                     5); /* and the window for chronic diseases of any, where no examination is asked */
    assert_string_equal(str_z(arena, m->channel[0].window), "慢性病窗口");
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(m->channel[i + 1].kind, CHANNEL_ONSITE);
        assert_string_equal(str_z(arena, m->channel[i + 1].name), four[i]);
    }
    assert_false(matter_open_for(m, CHANNEL_ONLINE, &why));
    says(m->process_text, "医疗机构汇总报送医保中心");
    //= R169 type=test
    refuses_each("420281", "17", "慢性病已有种数=%", EACH("0", "1", "2"), "");
    refuses_each("420281", "17", "慢性病已有种数=%", EACH("3", "4"), "慢性病最多只能申请三种");
    //= R171 type=test
    refuses("410400", "16", "病种已下沉=是 受理机构=定点医疗机构", "");
    refuses("410400", "16", "病种已下沉=否 受理机构=医保经办机构", "");
    refuses("410400", "16", "病种已下沉=是 受理机构=医保经办机构",
            "已经下沉到定点医疗机构的病种,向定点医疗机构提出申请");
    refuses("410400", "16", "病种已下沉=否 受理机构=定点医疗机构", "参保人员应向医保经办机构提出申请");
    //= R173 type=test
    limit("410400", "16", "", "20个工作日/");
    assert_int_equal(matter("410400", "16")->limit_count, 1); /* whatever the disease */
    //= R195 type=test
    assert_string_equal(str_z(arena, matter("421381", "18")->unit), "广水市医疗保障局或广水市定点医疗机构");
    says(matter("421381", "18")->process_text, "医保经办机构或委托的定点医疗机构对材料是否符合办理条件进行审核");
}

/* --- K: claims on paper --- */

static void
claims(void **state)
{
    (void)state;
    //= R183 type=test
    needs("421300", "16", "",
          "(医保电子凭证|有效身份证件|社会保障卡)、医院收费票据原件*原件、门急诊费用清单、处方底方、"
          "待遇享受人提供的银行账户资料");
    assert_string_equal(str_z(arena, leaf_named("421300", "17", "医院收费票据原件")->kind), "原件");
    assert_true(str_empty(leaf_named("421381", "17", "医院收费票据")->kind)); /* the sister city does not print it */
#define TICKET "(医保电子凭证|有效身份证件|社保卡)、(电子发票|纸质收费票据!)、"
#define PLAIN "委托办理=否 新生儿票据姓名不一致=否 "
    //= R184 R185 type=test
    needs("410400", "18", PLAIN "就医情形=普通 急诊抢救无效死亡=否", TICKET "门(急)诊费用总清单!、(处方)");
    needs("410400", "19", PLAIN "就医情形=普通 急诊抢救无效死亡=否", TICKET "住院费用总清单!、(诊断证明!|出院证)");
    lacks("410400", "18", PLAIN "就医情形=普通 急诊抢救无效死亡=否", "社保卡/电子发票/门(急)诊费用总清单/处方", "");
    lacks("410400", "18", PLAIN "就医情形=普通 急诊抢救无效死亡=否", "社保卡/门(急)诊费用总清单/处方",
          "电子发票，或者纸质收费票据");
    says(leaf_named("410400", "18", "纸质收费票据")->note, "财政票据是指收据联,税务票据是指发票联");
    assert_string_equal(str_z(arena, leaf_named("410400", "19", "诊断证明")->stamp), "就诊医疗机构专用章");
    //= R189 type=test
    needs("410400", "19", "委托办理=否 新生儿票据姓名不一致=是 就医情形=普通 急诊抢救无效死亡=否",
          TICKET "住院费用总清单!、(诊断证明!|出院证)、出生医学证明");
    refuses("410400", "19", "首次参保登记=是", ""); /* an enrolment that is missing can be made up for */
    //= R190 type=test
    /* one set for what basic and supplementary insurance pay: nothing is asked by who pays */
    asks("410400", "18", "", "急诊抢救无效死亡、就医情形、新生儿票据姓名不一致、委托办理");
    asks("410400", "19", "", "急诊抢救无效死亡、就医情形、新生儿票据姓名不一致、委托办理");
    //= R191 type=test
    needs("410400", "19", PLAIN "就医情形=急诊 急诊抢救无效死亡=否",
          TICKET "住院费用总清单!、(诊断证明!|出院证)、(急诊诊断证明!)");
    needs("410400", "18", PLAIN "就医情形=精神病 急诊抢救无效死亡=否",
          TICKET "门(急)诊费用总清单!、(处方)、精神病诊断证明!");
#define DAYE "((有效身份证件|社保卡)+银行卡*复印件)、医院收费票据、住院费用清单、(出院小结|出院记录)"
    needs("420281", "19", "就医情形=急诊", DAYE "、急诊诊断证明~");
    lacks("420281", "19", "就医情形=急诊", "社保卡/银行卡/医院收费票据/住院费用清单/出院小结", ""); /* may, not must */
    needs("420281", "19", "就医情形=普通", DAYE);
#undef DAYE
    //= R192 type=test
    needs("410400", "18", PLAIN "就医情形=急诊 急诊抢救无效死亡=是",
          TICKET "门(急)诊费用总清单!、(处方|门诊病历|病程记录)、(急诊诊断证明!|门诊病历|病程记录)");
    needs("410400", "19", PLAIN "就医情形=急诊 急诊抢救无效死亡=是",
          TICKET "住院费用总清单!、(诊断证明!|出院证|门诊病历|病程记录)、(急诊诊断证明!|门诊病历|病程记录)");
#undef TICKET
#undef PLAIN
    //= R193 type=test
#define GUANGSHUI                                                                                                      \
    "(医保电子凭证|有效身份证件|社会保障卡)、医院收费票据、门急诊费用清单、处方底方、待遇享受人提供的银行账户资料"
    needs("421381", "17", "使用限制药品=否", GUANGSHUI);
    needs("421381", "17", "使用限制药品=是", GUANGSHUI "、相关医学检查材料");
#undef GUANGSHUI
}

/* --- L: maternity --- */

static void
maternity_who(void **state)
{
    (void)state;
    //= R201 type=test
    refuses("421300", "21", "生育待遇人员=参保女职工 申报主体=个人", "参保单位向医保经办机构窗口现场申请或网上申请");
    refuses("421300", "21", "生育待遇人员=参保女职工 申报主体=单位", "");
    //= R202 type=test
    refuses_each("421381", "22", "生育待遇人员=参保女职工 申报主体=%", EACH("单位", "个人"), "");
    //= R203 R226 type=test
    refuses("421381", "22", "生育待遇人员=参保男职工", "");
    refuses("420281", "23", "参保身份=在职职工 生育待遇人员=参保男职工", "");
    refuses("421300", "21", "生育待遇人员=参保男职工 申报主体=单位", "符合享受生育保险相关待遇的参保女职工");
    refuses("410400", "23", "生育待遇人员=参保男职工 离职女职工=否", "参保女职工");
    refuses("410400", "23", "生育待遇人员=参保女职工 离职女职工=否", "");
    //= R204 type=test
#define OF_SUIZHOU "符合享受生育保险相关待遇的参保女职工、男职工未就业配偶"
    refuses_each("421300", "19", "已直接结算=否 生育待遇人员=%", EACH("参保女职工", "男职工未就业配偶"), "");
    refuses_each("421300", "19", "已直接结算=否 生育待遇人员=%", EACH("参保男职工", "居民医保参保女性", "其他"),
                 OF_SUIZHOU);
    refuses("421300", "19", "已直接结算=是 生育待遇人员=参保女职工",
            "在异地发生或因其他特殊情况未能直接结算生育医疗费用");
#undef OF_SUIZHOU
    //= R205 type=test
    refuses_each("421381", "20", "已直接结算=否 生育待遇人员=%",
                 EACH("参保女职工", "男职工未就业配偶", "居民医保参保女性"), "");
    refuses("421381", "19", "已直接结算=否 生育待遇人员=居民医保参保女性", "");
    refuses("421381", "20", "已直接结算=否 生育待遇人员=参保男职工",
            "符合享受生育保险相关待遇的参保女职工、男职工未就业配偶、参加居民医保的女性");
    //= R206 type=test
    refuses_each("421381", "21", "已直接结算=否 生育待遇人员=%", EACH("参保女职工", "参保男职工"), "");
    refuses_each("421381", "21", "已直接结算=否 生育待遇人员=%", EACH("男职工未就业配偶", "居民医保参保女性", "其他"),
                 "符合享受生育保险相关待遇的参保职工");
    //= R214 R227 type=test
#define ANTENATAL "单位职工基本医疗保险参保人员（在职）、城乡居民医保参保人员"
    refuses_each("420281", "20", "使用配偶医保=否 参保身份=%", EACH("在职职工", "城乡居民"), "");
    refuses_each("420281", "20", "使用配偶医保=否 参保身份=%", EACH("灵活就业人员", "退休人员"), ANTENATAL);
    refuses_each("420281", "20", "使用配偶医保=是 参保身份=%", EACH("灵活就业人员", "退休人员"), "");
    refuses_each("420281", "21", "使用配偶医保=否 参保身份=%", EACH("在职职工", "退休人员", "灵活就业人员", "城乡居民"),
                 "");
#undef ANTENATAL
    //= R215 type=test
    static const char *const of_daye[] = {"20", "21", "22"};
    for (size_t i = 0; i < 3; i++) {
#define WHO "参保身份=在职职工 使用配偶医保=否 参保当月发生=否 "
        refuses("420281", of_daye[i], WHO "费用发生地=本统筹区 已直接结算=是", "黄石市内定点医疗机构就医直接结算");
        refuses("420281", of_daye[i], WHO "费用发生地=本统筹区 已直接结算=否", ""); /* not a designated one */
        refuses("420281", of_daye[i], WHO "费用发生地=异地", "");
#undef WHO
    }
    //= R208 type=test
    refuses_each("420281", "23", "参保身份=在职职工 连续缴费月数=%", EACH("0", "5"),
                 "参保职工连续缴满6个月，第7个月生效");
    refuses_each("420281", "23", "参保身份=在职职工 连续缴费月数=%", EACH("6", "30"), "");
    //= R209 type=test
    static const char *const next_month[] = {"产前检查待遇职工当月参保，次月生效", "职工当月参保，次月生效",
                                             "职工当月参保，次月生效"};
    for (size_t i = 0; i < 3; i++) {
        refuses("420281", of_daye[i], "费用发生地=异地 参保身份=在职职工 参保当月发生=是", next_month[i]);
        refuses("420281", of_daye[i], "费用发生地=异地 参保身份=在职职工 参保当月发生=否", "");
        refuses("420281", of_daye[i], "费用发生地=异地 参保身份=城乡居民 参保当月发生=是", ""); /* of employees alone */
    }
    //= R222 type=test
    refuses("410400", "24", "生育待遇人员=男职工未就业配偶 符合计划生育规定=是", "");
    refuses("410400", "24", "生育待遇人员=参保女职工 符合计划生育规定=是",
            "无工作单位,符合国家和省计划生育规定生育的男职工配偶");
    refuses("410400", "24", "生育待遇人员=男职工未就业配偶 符合计划生育规定=否", "符合国家和省计划生育规定生育");
}

static void
maternity_materials(void **state)
{
    (void)state;
    //= R217 type=test
    static const char *const of_daye[] = {"20", "21"};
    for (size_t i = 0; i < 2; i++) {
        needs("420281", of_daye[i], "费用发生地=本统筹区", "((有效身份证件|社保卡)+银行卡*复印件)");
        needs("420281", of_daye[i], "费用发生地=异地",
              "((有效身份证件|社保卡)+银行卡*复印件)、(医院收费票据+费用清单+诊断证明)");
        lacks("420281", of_daye[i], "费用发生地=异地", "社保卡/银行卡/医院收费票据", "费用清单；诊断证明");
    }
#define FORM "、《平顶山市职工生育保险待遇申请表》"
#define ID "(医保电子凭证|有效身份证件|社保卡)、"
#define TICKET "(电子发票|纸质收费票据!)、"
#define BIRTH "(出生医学证明|个人承诺书)"
    //= R218 type=test
    needs("410400", "21", "已直接结算=否 离职女职工=否 委托办理=否", ID TICKET "费用总清单!、(病历资料!)、" BIRTH FORM);
    needs("410400", "21", "已直接结算=是 离职女职工=否 委托办理=否", ID TICKET "费用总清单!、(诊断证明)、" BIRTH FORM);
    needs("410400", "23", "已直接结算=否 离职女职工=否 委托办理=否", ID "(病历资料!)、" BIRTH FORM);
    needs("410400", "23", "已直接结算=是 离职女职工=否 委托办理=否", ID "(诊断证明)、" BIRTH FORM);
    //= R221 type=test
    needs("410400", "22", "已直接结算=否 离职女职工=否 委托办理=否",
          ID TICKET "费用总清单!、(病历资料!)、(结婚证明|个人承诺书)" FORM);
    assert_true(leaf_named("410400", "22", "结婚证明")->shareable);
    assert_false(leaf_named("410400", "22", "个人承诺书")->shareable);
    //= R223 type=test
    needs("410400", "23", "已直接结算=是 离职女职工=是 委托办理=否", ID "(诊断证明)、" BIRTH "、无业承诺书" FORM);
    needs("410400", "24", "已直接结算=是 委托办理=否", ID TICKET "无业承诺书、费用总清单!、(诊断证明)、" BIRTH FORM);
    needs("410400", "20", "离职女职工=是 委托办理=否", ID TICKET "费用清单、" BIRTH "、无业承诺书" FORM);
    needs("410400", "20", "离职女职工=否 委托办理=否", ID TICKET "费用清单、" BIRTH FORM);
#undef BIRTH
#undef TICKET
#undef ID
#undef FORM
    //= R224 type=test
    static const char *const five[] = {"20", "21", "22", "23", "24"};
    for (size_t i = 0; i < 5; i++) {
        const struct material *x = leaf_named("410400", five[i], "《平顶山市职工生育保险待遇申请表》");
        assert_string_equal(str_z(arena, x->copies), "2");
        assert_non_null(catalog_form(catalog, x->form));
    }
    //= R229 type=test
    static const struct {
        const char *region, *first, *limit, *allowance;
    } row[] = {{"421300", "18", "5个工作日/", "5个工作日/"},
               {"421381", "19", "15个工作日/", "20个工作日/"},
               {"211282", "17", "21个工作日/21个工作日", "21个工作日/21个工作日"},
               {"420281", "20", "10个工作日/", "10个工作日/"},
               {"410400", "20", "20个工作日/", "20个工作日/"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        int64_t id = 0;
        assert_true(str_int(str_c(row[i].first), &id));
        for (int k = 0; k < 4; k++) /* antenatal, birth, family planning, allowance */
            limit(row[i].region, str_fmt(arena, "%02d", (int)id + k).p, "", k < 3 ? row[i].limit : row[i].allowance);
    }
}

/* --- M: medical assistance --- */

static void
assistance(void **state)
{
    (void)state;
    //= R230 type=test
    refuses_each(
        "420281", "25", "救助对象类别=%",
        EACH("特困人员", "孤儿", "低保对象", "返贫致贫人口", "低保边缘家庭成员", "易返贫致贫人口", "因病致贫重病患者"),
        "");
    refuses("420281", "25", "救助对象类别=其他", str_z(arena, matter("420281", "25")->service_object));
    says(matter("420281", "25")->service_object, "四类医疗救助对象：因病致贫、重病患者依申请救助的特殊困难人员");
    //= R231 type=test
    refuses_each("420281", "24", "救助对象类别=%",
                 EACH("特困人员", "孤儿", "低保对象", "返贫致贫人口", "低保边缘家庭成员", "易返贫致贫人口"), "");
    refuses_each("420281", "24", "救助对象类别=%", EACH("因病致贫重病患者", "其他"),
                 str_z(arena, matter("420281", "24")->service_object));
#define CARD "(医保电子凭证|有效身份证件|社会保障卡)、"
#define SETTLED "(基本医保、大病保险报销后的结算单+(定点医疗机构处方底方|病历资料|定点药店购药发票))、"
    //= R237 type=test
    needs("421300", "22", "已认定救助对象=是", CARD SETTLED "《医疗救助申请卡》、待遇享受人提供的银行账户资料");
    lacks("421300", "22", "已认定救助对象=是", "社会保障卡/病历资料/《医疗救助申请卡》/待遇享受人提供的银行账户资料",
          "基本医保、大病保险报销后的结算单");
    //= R235 type=test
    needs("421300", "22", "已认定救助对象=否",
          CARD SETTLED "《医疗救助申请卡》、待遇享受人提供的银行账户资料、《个人家庭经济状况核查委托授权书》");
    lacks("421300", "22", "已认定救助对象=否",
          "社会保障卡/基本医保、大病保险报销后的结算单/病历资料/《医疗救助申请卡》/待遇享受人提供的银行账户资料",
          "《个人家庭经济状况核查委托授权书》");
    //= R236 type=test
#define OF_PINGDINGSHAN                                                                                                \
    "(医保电子凭证|有效身份证件|社保卡)、(基本医保、大病保险报销后的结算单|定点医疗机构处方|定点药店购药发票)"
    needs("410400", "26", "已认定救助对象=是 委托办理=否", OF_PINGDINGSHAN);
    needs("410400", "26", "已认定救助对象=否 委托办理=否",
          OF_PINGDINGSHAN "、(《医疗救助申请卡》+《个人家庭经济状况核查委托授权书》)");
#undef OF_PINGDINGSHAN
    needs("421381", "24", "已认定救助对象=是", CARD SETTLED "《医疗救助申请卡》、待遇享受人提供的银行账户资料");
    //= R238 R239 type=test
#define OF_DAYE "(有效身份证件|医保电子凭证|社保卡)、"
    needs("420281", "25", "就医方式=住院 已认定救助对象=是", OF_DAYE "结算单、《医疗救助申请卡》、一卡通银行账户材料");
    needs("420281", "25", "就医方式=门诊 已认定救助对象=是",
          OF_DAYE "(处方底方|购药发票)、《医疗救助申请卡》、一卡通银行账户材料");
    lacks("420281", "25", "就医方式=住院 已认定救助对象=是", "社保卡/结算单/《医疗救助申请卡》", "一卡通银行账户材料");
#undef OF_DAYE
#undef SETTLED
#undef CARD
    //= R240 type=test
    refuses("410400", "26", "已一站式结算=是", "非“一站式”结算医疗救助对象");
    refuses("410400", "26", "已一站式结算=否", "");
}

/* --- N, P: designated institutions; across --- */

static void
institutions(void **state)
{
    (void)state;
#define REST                                                                                                                                                         \
    "、((医疗机构等级证明|批准文件)+核定病床数+临床科室设置情况+大型医疗仪器设备清单)、((医疗机构房屋产权证明*"       \
    "原件及复印件|租赁合同*原件及复印件)+平面布局图*原件及复印件)、(证明药品、医用材料进货渠道的正规发票+药品进、" \
    "销、存台账)、年度业务收支情况及门诊、住院诊疗服务量"
#define HEAD "《基本医疗保险定点医疗机构申请表》!、《医疗机构执业许可证》*复印件"
#define STAFF "、执业医师(包括助理执业医师)、执业护士、执业药师注册证*原件及复印件"
    //= R258 R260 type=test
    needs("410400", "27", "经营性质=营利性 申请生育定点=否 委托办理=否", HEAD "、《营业执照》*复印件" STAFF REST);
    needs("410400", "27", "经营性质=民办非营利性 申请生育定点=否 委托办理=否",
          HEAD "、《民办非企业单位登记证书》*复印件" STAFF REST);
    needs("410400", "27", "经营性质=其他 申请生育定点=否 委托办理=否", HEAD STAFF REST);
    //= R259 type=test
    needs("410400", "27", "经营性质=其他 申请生育定点=是 委托办理=否", HEAD STAFF REST "、《母婴保健技术服务许可证》");
#undef STAFF
#undef HEAD
#undef REST
    //= R261 type=test
    says(leaf_named("410400", "28", "药品经营品种及价格清单")->note, "连锁门店可由总部统一提供");
    lacks("410400", "28", "委托办理=否",
          "《基本医疗保险定点零售药店申请表》/《药品经营许可证》/《营业执照》/资格证/职称证明材料/租赁合同/平面布局图/"
          "证明药品、医用材料进货渠道的正规发票/药品进、销、存台账",
          "药品经营品种及价格清单"); /* by whom does not matter, but it is there */
}

static void
payees_and_forms(void **state)
{
    (void)state;
    //= R278 type=test
    static const char *const row[][2] = {
        {"16", "待遇享受人提供的银行账户资料"},         {"17", "待遇享受人提供的银行账户资料"},
        {"18", "待遇享受单位提供的银行账户资料"},       {"19", "待遇享受人(或单位)提供的银行账户资料"},
        {"20", "待遇享受人(或单位)提供的银行账户资料"}, {"21", "单位提供的银行账户资料"},
        {"22", "待遇享受人提供的银行账户资料"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        assert_int_equal(material_need(leaf_named("421300", row[i][0], row[i][1]), &(struct facts){0}), NEED_YES);
    //= R280 type=test
    const struct form *f = catalog_form(catalog, STR("form-03"));
    const struct form_closing *last = NULL;
    for (size_t i = 0; i < f->section_count; i++)
        for (size_t k = 0; k < f->section[i].closing_count; k++)
            if (f->section[i].closing[k].kind == CLOSING_STAMP)
                last = &f->section[i].closing[k];
    assert_non_null(last); /* the receiving unit's stamp closes it */
    assert_string_equal(str_z(arena, last->text), "(受理单位盖章)");
    assert_int_equal(form_field_named("form-03", "office_handler")->who, FORM_OFFICE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intake),           cmocka_unit_test(withdrawal),
        cmocka_unit_test(withdrawal_form),  cmocka_unit_test(transfer),
        cmocka_unit_test(referral),         cmocka_unit_test(chronic_materials),
        cmocka_unit_test(chronic_places),   cmocka_unit_test(claims),
        cmocka_unit_test(maternity_who),    cmocka_unit_test(maternity_materials),
        cmocka_unit_test(assistance),       cmocka_unit_test(institutions),
        cmocka_unit_test(payees_and_forms),
    };
    return cmocka_run_group_tests_name("catalog/rules", tests, support_catalog_up, support_catalog_down);
}
