/* The proposals on sentences made up for the test: wordings the five guides do not have, and broken ones. What is read must be the
** text's own characters; what is not understood must be left out. */
#include <string.h>

#include "catalog/catalog_int.h"
#include "catalog/import/import_int.h"
#include "support/support_ctx.h"

static struct catalog *shared;
static struct findings found;

static const struct {
    const char *path, *text;
} SMALL[] = {
    {"calendar/2026.yaml",
     "年份: \"2026\"\n状态: 已公布\n放假:\n  - {名称: 元旦, 起: \"2026-01-01\", 止: \"2026-01-03\"}\n"},
    {"facts/a.yaml",
     "- {名称: 参保身份, 标识: status, 类型: 选项, 取值: [在职职工, 灵活就业人员, 退休人员, 城乡居民], 来源: 申请人}\n"
     "- {名称: 险种, 标识: insurance, 类型: 选项, 取值: [职工医保, 城乡居民医保], 来源: 申请人}\n"
     "- {名称: 支取原因, 标识: ground, 类型: 选项, 取值: [死亡, 出国定居, 主动放弃, 其他], 来源: 申请人}\n"
     "- {名称: 特殊人群, 标识: special, 类型: 选项, 取值: [不属于, 港澳台人员, 外国人, 出国定居人员], 来源: 申请人}\n"
     "- {名称: 查询主体, 标识: q, 类型: 选项, 取值: [单位, 个人], 来源: 申请人}\n"
     "- {名称: 申报主体, 标识: c, 类型: 选项, 取值: [单位, 个人], 来源: 申请人}\n"
     "- {名称: 证明方式, 标识: proof, 类型: 选项, 取值: [承诺制, 提交材料], 来源: 申请人}\n"
     "- {名称: 变更信息类别, 标识: class, 类型: 选项, 取值: [关键信息, 非关键信息], 来源: 申请人}\n"
     "- {名称: 委托办理, 标识: delegated, 类型: 是否}\n- {名称: 已直接结算, 标识: settled, 类型: 是否}\n"
     "- {名称: 已参加职工医保, 标识: has, 类型: 是否}\n"},
    {"forms/form-01.yaml",
     "标识: form-01\n名称: 承诺书甲\n分区:\n  - 字段:\n      - {标识: a, 名称: 甲, 类型: 文本}\n"},
    {"standard/matters.yaml",
     "- 编码: \"001\"\n  名称: 职工参保登记\n  主项: 组\n  申请主体: 个人\n  系统环节: [申请, 办结]\n"
     "- 编码: \"002\"\n  名称: 基本医疗保险定点药店费用结算\n  主项: 组\n  申请主体: 单位\n  系统环节: [申请, 办结]\n"
     "- 编码: \"003\"\n  名称: 凭证\n  主项: 组\n  申请主体: 个人\n  系统环节: [申请, 办结]\n- 编码: \"004\"\n  名称: "
     "凭证\n  主项: 组\n  申请主体: 个人\n  系统环节: [申请, 办结]\n"},
};
enum { SMALL_COUNT = sizeof SMALL / sizeof *SMALL };

static int
set_up(void **state)
{
    struct catalog_files files = {.file = (struct catalog_file[SMALL_COUNT]){{STR_NONE, STR_NONE}}, .n = SMALL_COUNT};
    (void)support_up(state);
    for (size_t i = 0; i < SMALL_COUNT; i++)
        files.file[i] = (struct catalog_file){str_c(SMALL[i].path), str_c(SMALL[i].text)};
    must(catalog_load_files(&ctx, &files, &shared));
    return 0;
}

static int
tear_down(void **state)
{
    catalog_free(shared);
    return support_down(state);
}

/* FIELD holds TEXT; proposed, written and read again by the loader. */
static struct matter
read_of(struct guide_matter *g)
{
    static const char *const keys[GUIDE_FIELD_COUNT] = {"服务对象", "办理渠道", "办理层级", "办理材料",
                                                        "办理流程", "办理时限", NULL,       "咨询方式",
                                                        "监督电话", "评价渠道", "送达"};
    static struct region region = {.name = STR_INIT("甲市")};
    struct yaml_node *root = yaml_new_map(arena), *read = NULL;
    struct matter m = {0};
    struct buf out;
    g->id = STR("01");
    (void)yaml_put_text(arena, root, "编号", g->id);
    (void)yaml_put_text(arena, root, "名称", str_empty(g->name.text) ? STR("事项甲") : g->name.text);
    for (size_t i = 0; i < GUIDE_FIELD_COUNT; i++)
        if (keys[i] && !str_empty(g->field[i].text))
            (void)yaml_put_text(arena, yaml_put(arena, root, keys[i], yaml_new_map(arena)), "原文", g->field[i].text);
    found = (struct findings){0};
    assert_int_equal(propose_structure(&ctx, shared, g, root, &found), OK);
    buf_init(&out, arena, 4096);
    yaml_write(&out, root);
    struct loader l = {.ctx = &ctx, .arena = arena, .scratch = arena, .c = shared};
    if (yaml_parse(&ctx, arena, STR("01.yaml"), buf_str(&out), &read) != OK || load_matter(&l, read, &region, &m) != OK)
        fail_msg("%.*s\n%.*s", STR_ARG(ctx.fail->detail), STR_ARG(buf_str(&out)));
    return m;
}

static struct matter
field_of(enum guide_field field, const char *text)
{
    struct guide_matter g = {0};
    g.field[field] = (struct passage){.text = str_c(text), .from = 10, .to = 12};
    return read_of(&g);
}

static void
same(struct str s, const char *z)
{
    assert_string_equal(str_z(arena, s), z);
}

/* The material tree in short: a+b all, (a|b) any, {x} under the condition x. */
static struct str
tree_of(const struct material *x, size_t n, const char *link)
{
    struct str s = STR("");
    for (size_t i = 0; i < n; i++) {
        struct str one = x[i].name;
        if (x[i].node != MATERIAL_LEAF)
            one = str_fmt(arena, "(%.*s)",
                          STR_ARG(tree_of(x[i].child, x[i].child_count, x[i].node == MATERIAL_ANY ? "|" : "+")));
        if (x[i].when.feel)
            one = str_fmt(arena, "%.*s{%.*s}", STR_ARG(one), STR_ARG(x[i].when.source));
        s = str_fmt(arena, "%.*s%s%.*s", STR_ARG(s), i ? link : "", STR_ARG(one));
    }
    return s;
}

static void
materials(const char *text, const char *want)
{
    struct matter m = field_of(GUIDE_MATERIALS, text);
    same(tree_of(m.material, m.material_count, " + "), want);
}

static bool
told(const char *id)
{
    for (size_t i = 0; i < found.n; i++)
        if (strcmp(found.finding[i].id, id) == 0)
            return true;
    return false;
}

static void
material_lists(void **state) //= R3
{
    (void)state;
    materials("1、身份证；2、社保卡。", "身份证 + 社保卡");
    materials("（1）身份证（2）户口簿", "身份证 + 户口簿");
    materials("一、身份证\n二、户口簿或居住证", "身份证 + (户口簿|居住证)");
    materials("①身份证；②营业执照、组织机构代码证任选其一。", "身份证 + (营业执照|组织机构代码证)");
    materials("1.身份证、户口簿或护照；", "(身份证|户口簿|护照)");
    materials("1.社保卡（或身份证、护照）及银行卡复印件", "((社保卡|身份证|护照)+银行卡)");
    materials("1.居住认定材料（居住证或个人承诺书）", "(居住证|个人承诺书)");
    materials("1.居住证和劳动合同,或个人承诺书", "((居住证+劳动合同)|个人承诺书)");
    materials("1.发票、清单等医院出具的相关证明材料", "(发票|清单|医院出具的相关证明材料)");
    materials("身份证原件或身份证复印件", "身份证");
    materials("1.出院小结/出院记录；2.以下材料任选其一：①户口簿②居住证", "(出院小结|出院记录) + (户口簿|居住证)");
    materials("1.甲保险、乙保险报销后的结算单", "甲保险、乙保险报销后的结算单");
    materials("1.在职职工：①登记表②身份证；2.灵活就业人员：身份证",
              "(登记表+身份证){参保身份 = \"在职职工\"} + 身份证{参保身份 = \"灵活就业人员\"}");
}

static void
material_details(void **state)
{
    (void)state;
    struct matter m = field_of(
        GUIDE_MATERIALS,
        "1.《参保申请表》（一式两份，加盖单位公章）\n2.身份证原件及复印件；\n3.近两年内住院病历复印件1份（医院盖章）\n"
        "4．居住证明（承诺制免提交）\n5.照片两张\n6.社保卡（可容缺）\n7.承诺书甲");
    assert_int_equal(m.material_count, 7);
    same(m.material[0].form, "参保申请表");
    same(m.material[0].copies, "2");
    same(m.material[0].stamp, "单位公章");
    same(m.material[1].name, "身份证");
    same(m.material[1].kind, "原件及复印件");
    same(m.material[2].name, "住院病历");
    same(m.material[2].age, "2年");
    same(m.material[2].copies, "1");
    same(m.material[2].stamp, "医院");
    assert_true(m.material[3].committable);
    same(m.material[3].when.source, "证明方式 = \"提交材料\"");
    same(m.material[4].copies, "2");
    assert_true(m.material[5].tolerable);
    same(m.material[6].form, "承诺书甲");
    m = field_of(GUIDE_MATERIALS, "1.介绍信（原件1份，加盖公章）；2.身份证（原件及复印件各1份）");
    same(m.material[0].kind, "原件");
    same(m.material[0].copies, "1");
    same(m.material[0].stamp, "公章");
    same(m.material[1].kind, "原件及复印件");
    m = field_of(GUIDE_MATERIALS, "1.《变更表》（关键信息变更加盖单位公章）");
    same(m.material[0].stamp_when.source, "变更信息类别 = \"关键信息\"");
}

static void
material_conditions(void **state)
{
    (void)state;
    materials("1.身份证；2.委托他人代办的，需提供授权委托书。", "身份证 + 授权委托书{委托办理 = true}");
    materials("1.病历（非直接结算）或诊断证明（直接结算）", "(病历{已直接结算 = false}|诊断证明{已直接结算 = true})");
    materials("1.港澳台人员参加职工医保的,需提供居住证", "居住证{特殊人群 = \"港澳台人员\" and 险种 = \"职工医保\"}");
    materials("1.因死亡支取的提供死亡证明，主动放弃的，需提供情况说明",
              "死亡证明{支取原因 = \"死亡\"} + 情况说明{支取原因 = \"主动放弃\"}");
    /* two facts have that value: the one met with its other values, else none */
    materials("1.外国人需提供护照；2.出国定居的，需提供永久居留证",
              "护照{特殊人群 = \"外国人\"} + 永久居留证{特殊人群 = \"出国定居人员\"}");
    materials("1.单位申报的，需提供介绍信", "介绍信");
    assert_true(told("propose-condition"));
    /* only half of it is understood */
    materials("1.退休人员死亡的，需提供死亡证明", "死亡证明");
    assert_true(told("propose-condition"));
    materials("1.灵活就业人员委托办理的，需提供委托书", "委托书");
    materials("1.港澳台人员委托办理的，需提供委托书", "委托书");
    materials("1.社保卡（城乡居民可以不提供）", "社保卡"); /* who need not is not who must */
    assert_true(told("propose-condition"));
    materials("1.死亡人员账户继承：死亡证明", "死亡证明{支取原因 = \"死亡\"}");
    materials("1.在职职工和见习人员：登记表", "登记表");
    assert_true(told("propose-condition"));
    materials("1.急诊可要求提供急诊证明", "急诊证明");
}

static void
notes_add_only_under_a_condition(void **state)
{
    struct guide_matter g = {.field[GUIDE_MATERIALS].text = STR("1.身份证")};
    struct passage note[] = {{.text = STR("委托办理的，应提供授权委托书"), .from = 30, .to = 30},
                             {.text = STR("遇到特殊天气的，需提供气象证明"), .from = 31, .to = 31},
                             {.text = STR("有效身份证件包括身份证、护照等"), .from = 32, .to = 32},
                             {.text = STR("非本人办理无需提供身份证"), .from = 33, .to = 33},
                             {.text = STR("需填报《待遇申请表》"), .from = 34, .to = 34}};
    (void)state;
    g.note = note;
    g.note_count = sizeof note / sizeof *note;
    struct matter m = read_of(&g);
    same(tree_of(m.material, m.material_count, " + "), "身份证 + 授权委托书{委托办理 = true} + 《待遇申请表》");
    bool line = false;
    for (size_t i = 0; i < found.n; i++)
        line = line || (found.finding[i].line == 31 && strcmp(found.finding[i].id, "propose-condition") == 0);
    assert_true(line);
}

static void
material_modes(void **state) //= R5
{
    (void)state;
    assert_int_equal(field_of(GUIDE_MATERIALS, "按照双方签订的服务协议执行。").material_mode, MATERIALS_REFERENCE);
    struct matter m = field_of(GUIDE_MATERIALS, "由县民政局提供名单，医保部门办理。");
    assert_int_equal(m.material_mode, MATERIALS_DEPARTMENT);
    same(m.material[0].provider, "县民政局");
    assert_int_equal(field_of(GUIDE_LIMIT, "即时办结").material_mode, MATERIALS_UNLISTED);
    m = field_of(GUIDE_MATERIALS, "请到窗口询问工作人员，以答复为准。"); /* not understood: the printed line itself */
    assert_int_equal(m.material_mode, MATERIALS_LISTED);
    same(m.material[0].name, "请到窗口询问工作人员，以答复为准");
    assert_true(told("propose-material"));
    assert_int_equal(field_of(GUIDE_MATERIALS, "。；").material_mode, MATERIALS_UNLISTED);
}

static void
limits(void **state) //= R14
{
    static const struct {
        const char *text, *want;
    } cases[] = {{"自受理之日起 十五 个工作日内办结", "15个工作日"},
                 {"不超过３０个工作日。", "30个工作日"},
                 {"两个月", "2个月"},
                 {"20个自然日", "20个自然日"},
                 {"当场办结", "即时办结"},
                 {"即时", "即时办结"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct matter m = field_of(GUIDE_LIMIT, cases[i].text);
        assert_int_equal(m.limit_count, 1);
        same(limit_text(arena, m.limit[0].promised), cases[i].want);
    }
    same(field_of(GUIDE_LIMIT, "自受理之日起15个工作日").limit[0].counted_from, "受理");
    struct matter m = field_of(GUIDE_LIMIT, "在职职工3个工作日；城乡居民即时办结（不含邮寄时间）");
    assert_int_equal(m.limit_count, 0); /* the bracket is not a condition: left out */
    m = field_of(GUIDE_LIMIT, "在职职工3个工作日；城乡居民即时办结");
    assert_int_equal(m.limit_count, 2);
    same(m.limit[1].when.source, "参保身份 = \"城乡居民\"");
    m = field_of(GUIDE_LIMIT, "法定时限：20个工作日；承诺时限：7个工作日");
    assert_int_equal(m.limit_count, 1);
    assert_int_equal(m.limit[0].promised.n, 7);
    assert_int_equal(m.limit[0].legal.n, 20);
    m = field_of(GUIDE_LIMIT, "7个工作日（法定时限20个工作日）");
    assert_int_equal(m.limit[0].promised.n, 7);
    assert_int_equal(m.limit[0].legal.n, 20);
    m = field_of(GUIDE_LIMIT, "9个工作日（不含现场核查时间）");
    same(m.limit[0].pause[0], "现场核查");
    static const char *const odd[] = {"15日内",     "3-5个工作日",
                                      "一般3天",    "情况复杂的延长5个工作日，其余3个工作日",
                                      "以公告为准", "３个工作日，最多５个工作日"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        assert_int_equal(field_of(GUIDE_LIMIT, odd[i]).limit_count, 0);
        assert_true(told("propose-limit"));
    }
}

static void
legal_limit_shorter_than_promised(void **state)
{
    struct guide_matter g = {.field[GUIDE_LIMIT].text = STR("30个工作日"),
                             .field[GUIDE_LEGAL_LIMIT].text = STR("20个工作日")};
    (void)state;
    struct matter m = read_of(&g);
    assert_int_equal(m.limit[0].legal.kind, LIMIT_NONE);
    assert_true(told("propose-legal-limit"));
}

static void
channels(void **state) //= R15 R29
{
    (void)state;
    struct matter m = field_of(GUIDE_CHANNELS, "1、窗口办理：县政务服务中心二楼7号窗口，地址：人民路8号，联系电话：0999"
                                               "-1234567；\n2、网上办理：某省政务服务网、“某办”APP；\n"
                                               "3、电话办理：12393。4、邮寄办理");
    assert_int_equal(m.channel_count, 5);
    same(m.channel[0].name, "县政务服务中心");
    same(m.channel[0].window, "二楼7号窗口");
    same(m.channel[0].address, "人民路8号");
    same(m.channel[0].phone, "0999-1234567");
    same(m.channel[0].level, "县级");
    assert_int_equal(m.channel[1].kind, CHANNEL_ONLINE);
    same(m.channel[2].name, "“某办”APP");
    assert_int_equal(m.channel[3].kind, CHANNEL_PHONE);
    same(m.channel[3].phone, "12393");
    assert_int_equal(m.channel[4].kind, CHANNEL_POST);
    m = field_of(GUIDE_CHANNELS, "线下：县政务服务大厅、各乡镇便民服务中心（代办）\n线上：待开通");
    assert_int_equal(m.channel_count, 3);
    same(m.channel[1].level, "乡镇级");
    same(m.channel[1].duty, "代办");
    assert_true(m.channel[2].planned);
    m = field_of(GUIDE_CHANNELS, "网上办理：某医保服务平台（https://a.example/b）、“某”小程序等");
    assert_int_equal(m.channel_count, 2);
    same(m.channel[0].name, "某医保服务平台");
    m = field_of(GUIDE_CHANNELS, "请关注通知");
    assert_int_equal(m.channel_count, 0);
    assert_true(told("propose-channel"));
}

static void
levels_phones_rating_delivery(void **state)
{
    (void)state;
    assert_int_equal(field_of(GUIDE_LEVELS, "县级、乡镇(街道)、村(社区)").levels,
                     1u << LEVEL_COUNTY | 1u << LEVEL_TOWN | 1u << LEVEL_VILLAGE);
    struct matter m =
        field_of(GUIDE_CONSULT,
                 "职工：（0999）1234567，居民：0999－7654321转8001；12393；400-123-4567（服务公司）；邮编 999300");
    assert_int_equal(m.phone_count, 4);
    same(m.phone[0].number, "（0999）1234567");
    same(m.phone[0].insurance, "职工");
    same(m.phone[1].number, "0999－7654321");
    same(m.phone[2].number, "12393");
    same(m.phone[3].unit, "服务公司");
    assert_int_equal(field_of(GUIDE_SUPERVISION, "向社会公布。").supervision_count, 0);
    m = field_of(GUIDE_SUPERVISION, "0999-1234567、13800138000");
    assert_int_equal(m.supervision_count, 2);
    m = field_of(GUIDE_RATING, "现场扫码评价、在线评价");
    assert_int_equal(m.rating_count, 2);
    m = field_of(GUIDE_DELIVERY, "窗口领取，需要邮寄的填写地址。");
    assert_int_equal(m.delivery_count, 2);
    same(m.express_text, "窗口领取，需要邮寄的填写地址。");
}

static void
stages(void **state)
{
    (void)state;
    struct matter m = field_of(
        GUIDE_PROCESS,
        "1、申请人向窗口提交材料；2、窗口受理；3、由待遇科进行审核；4、转基金科拨付；5、事项办结。经办人数：3人");
    assert_int_equal(m.stage_count, 5);
    assert_int_equal(m.stage[2].kind, STAGE_REVIEW);
    same(m.stage[2].unit, "待遇科");
    assert_int_equal(m.stage[4].kind, STAGE_CONCLUDE);
    same(m.handlers, "3");
    m = field_of(GUIDE_PROCESS, "1、申请；2、受理；3、转复核科复核；4、基金科拨付");
    assert_int_equal(m.stage_count, 4);
    same(m.stage[2].unit, "复核科");
    assert_true(field_of(GUIDE_PROCESS, "详见流程图。").stages_by_system); /* nothing read from it */
    assert_true(told("propose-stage"));
}

static void
codes(void **state)
{
    struct guide_matter g = {.name.text = STR("职工参保登记（含退休人员）")};
    (void)state;
    same(read_of(&g).code, "001");
    g = (struct guide_matter){.name.text = STR("医保定点药店费用结算")};
    same(read_of(&g).code, "002");
    g = (struct guide_matter){.name.text = STR("凭证")}; /* two fit */
    assert_true(str_empty(read_of(&g).code));
    assert_true(told("propose-code"));
    g = (struct guide_matter){.name.text = STR("甲"), .code.text = STR("事项编码：００１")};
    struct matter m = read_of(&g);
    same(m.code, "001");
    assert_true(m.code_printed);
}

/* Nothing but the text's own words: every name, number and place that comes out stands in what went in. */
static void
nothing_invented(void **state)
{
    struct matter m = field_of(GUIDE_CHANNELS, "现场办理：某 大厅 ３号窗口，地址：某路 9号");
    (void)state;
    same(m.channel[0].name, "某 大厅");
    same(m.channel[0].window, "３号窗口");
    same(m.channel[0].address, "某路 9号");
    m = field_of(GUIDE_MATERIALS, "1．《某 某表》（复印件）；2．ＡＢ证明");
    same(m.material[0].name, "《某 某表》");
    same(m.material[1].name, "ＡＢ证明");
}

/* Broken and hostile texts: something that loads comes out, and in good time. */
static void
anything_loads(void **state)
{
    static const char *const bits[] = {"(",      "（或", "《",     "1.",        "①",    "提供",   "的，", "身份证",
                                       "或",     "、",   "及",     "5个工作日", "；",   "\n",     "除",   "外",
                                       "《表》", "：",   "第一步", "“",         "加盖", "近三年", "一式"};
    enum { BITS = sizeof bits / sizeof *bits };
    uint32_t seed = 7;
    (void)state;
    for (int round = 0; round < 400; round++) {
        SCOPED_ARENA scratch = arena_new(0);
        struct guide_matter g = {0};
        struct passage note = {0};
        for (size_t field = 0; field < GUIDE_FIELD_COUNT; field++) {
            struct buf b;
            buf_init(&b, scratch, 256);
            for (uint32_t i = 0, n = seed % 40; i < n; i++) {
                seed = seed * 1664525u + 1013904223u;
                buf_addz(&b, bits[(seed >> 8) % BITS]);
            }
            seed = seed * 1664525u + 1013904223u;
            g.field[field].text = buf_str(&b);
        }
        note.text = g.field[GUIDE_MATERIALS].text;
        g.note = &note;
        g.note_count = 1;
        (void)read_of(&g);
    }
    static const char *const long_ones[] = {"(", "a:", "提供的", "1.甲证;", "或", "（或证"};
    for (size_t i = 0; i < sizeof long_ones / sizeof *long_ones; i++) {
        struct buf b;
        buf_init(&b, arena, 65536);
        while (b.n < 40000)
            buf_addz(&b, long_ones[i]);
        (void)field_of(GUIDE_MATERIALS, buf_str(&b).p);
        (void)field_of(GUIDE_PROCESS, buf_str(&b).p);
        (void)field_of(GUIDE_CHANNELS, buf_str(&b).p);
    }
}

/* What somebody filled already is not filled twice. */
static void
filled_stays(void **state)
{
    struct yaml_node *root = yaml_new_map(arena);
    struct guide_matter g = {.id = STR("01"),
                             .name.text = STR("甲"),
                             .field[GUIDE_LIMIT].text = STR("5个工作日"),
                             .field[GUIDE_MATERIALS].text = STR("1.身份证")};
    (void)state;
    found = (struct findings){0};
    struct yaml_node *limit = yaml_put(arena, root, "办理时限", yaml_new_map(arena)),
                     *materials_map = yaml_put(arena, root, "办理材料", yaml_new_map(arena));
    (void)yaml_put(arena, limit, "档", yaml_new_list(arena));
    (void)yaml_put_text(arena, materials_map, "方式", STR("未列"));
    assert_int_equal(propose_structure(&ctx, shared, &g, root, &found), OK);
    assert_int_equal(limit->count, 1);
    assert_int_equal(materials_map->count, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(material_lists),
                                       cmocka_unit_test(material_details),
                                       cmocka_unit_test(material_conditions),
                                       cmocka_unit_test(notes_add_only_under_a_condition),
                                       cmocka_unit_test(material_modes),
                                       cmocka_unit_test(limits),
                                       cmocka_unit_test(legal_limit_shorter_than_promised),
                                       cmocka_unit_test(channels),
                                       cmocka_unit_test(levels_phones_rating_delivery),
                                       cmocka_unit_test(stages),
                                       cmocka_unit_test(codes),
                                       cmocka_unit_test(filled_stays),
                                       cmocka_unit_test(nothing_invented),
                                       cmocka_unit_test(anything_loads)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
