/* What each kind of stage asks: one table on one screen. */
#include "case/stage.h"

#define FIELDS(f) .field = (f), .field_count = sizeof(f) / sizeof *(f)
#define SIGNS(f) .sign_field = (f), .sign_field_count = sizeof(f) / sizeof *(f)
#define K(k) (UINT64_C(1) << STAGE_##k)

static const uint64_t REVIEWED = K(FIRST_REVIEW) | K(REVIEW) | K(SECOND_REVIEW) | K(APPROVE);

/* --- what is recorded --- */

//= R249 R250
static const struct record_field evaluation[] = {
    {"assessor", "评估方", RECORD_CHOICE, true, "经办机构|委托第三方", NULL, NULL},
    {"mode", "评估方式", RECORD_CHOICE, true, "书面|现场|书面和现场", NULL, NULL},
    {"result", "评估结果", RECORD_CHOICE, true, "合格|不合格", "合格", "评估不合格的，请写明理由，不予办理"},
    {"report", "评估情况", RECORD_LONG, false, NULL, NULL, NULL},
};
//= R254
static const struct record_field evaluation_sign[] = {
    {"profession", "专业", RECORD_TEXT, false, NULL, NULL, "医疗保险待遇、财务管理、信息技术等"},
    {"result", "评估结果", RECORD_CHOICE, true, "合格|不合格", NULL, NULL},
    {"opinion", "意见", RECORD_LONG, false, NULL, NULL, NULL},
};
//= R159 R163 R180
static const struct record_field expert[] = {
    {"result", "鉴定结果", RECORD_CHOICE, true, "符合|不符合", "符合", "不符合的，请写明理由，不予办理"},
    {"disease", "认定的病种", RECORD_TEXT, false, NULL, NULL, NULL},
    {"experts", "鉴定专家", RECORD_TEXT, false, NULL, NULL, "不在本系统签字的专家写在这里"},
    {"opinion", "鉴定意见", RECORD_LONG, false, NULL, NULL, NULL},
};
static const struct record_field expert_sign[] = {
    {"result", "鉴定结果", RECORD_CHOICE, true, "符合|不符合", NULL, NULL},
    {"opinion", "意见", RECORD_LONG, false, NULL, NULL, NULL},
};
//= R159
static const struct record_field examination[] = {
    {"day", "体检日期", RECORD_DAY, true, NULL, NULL, NULL},
    {"place", "体检地点", RECORD_TEXT, true, NULL, NULL, NULL},
    {"batch", "批次", RECORD_TEXT, false, NULL, NULL, NULL},
};
//= R251: the nine headings of a negotiation
static const struct record_field negotiation[] = {
    {"people", "服务人群", RECORD_LONG, true, NULL, NULL, NULL},
    {"scope", "服务范围", RECORD_LONG, true, NULL, NULL, NULL},
    {"content", "服务内容", RECORD_LONG, true, NULL, NULL, NULL},
    {"quality", "服务质量", RECORD_LONG, true, NULL, NULL, NULL},
    {"payment", "基金支付方式", RECORD_LONG, true, NULL, NULL, NULL},
    {"settlement", "审核结算办法", RECORD_LONG, true, NULL, NULL, NULL},
    {"breach", "违约情形和责任", RECORD_LONG, true, NULL, NULL, NULL},
    {"validity", "协议时效", RECORD_LONG, true, NULL, NULL, NULL},
    {"dispute", "争议处理", RECORD_LONG, true, NULL, NULL, NULL},
};
//= R248 R256
static const struct record_field publicity[] = {
    {"place", "公示网站或公众号", RECORD_TEXT, true, NULL, NULL, NULL},
    {"inquiry", "函询", RECORD_CHOICE, false, "没有函询|无异议|有异议", NULL, "函询有异议的不能签订协议"},
};
//= R256
static const struct record_field agreement[] = {
    {"party", "与谁签订", RECORD_TEXT, true, NULL, NULL, NULL},
    {"agreement_no", "协议编号", RECORD_TEXT, true, NULL, NULL, NULL},
    {"day", "签订日期", RECORD_DAY, true, NULL, NULL, NULL},
};
static const struct record_field announcement[] = {
    {"place", "公布网站或公众号", RECORD_TEXT, true, NULL, NULL, NULL},
    {"day", "公布日期", RECORD_DAY, true, NULL, NULL, NULL},
};
//= R198
static const struct record_field injury[] = {
    {"day", "调查日期", RECORD_DAY, true, NULL, NULL, NULL},
    {"result", "调查结果", RECORD_CHOICE, true, "可以纳入支付|不能纳入支付", NULL, NULL},
    {"report", "调查情况", RECORD_LONG, true, NULL, NULL, NULL},
};
//= R103 R108 R112: steps outside the house carry their number and day
static const struct record_field letter[] = {
    {"reference", "联系函编号", RECORD_TEXT, true, NULL, NULL, "函件或国家平台上的编号"},
    {"day", "发出日期", RECORD_DAY, true, NULL, NULL, NULL},
    {"party", "对方经办机构", RECORD_TEXT, true, NULL, NULL, NULL},
    {"way", "寄送方式", RECORD_CHOICE, true, "网络|邮寄", NULL, NULL},
    {"account", "是否需要转移个人账户", RECORD_CHOICE, false, "是|否", NULL, "选“否”的不划转资金，收到信息表即可办结"},
};
//= R117: the letter of the agency to which the person moves
static const struct record_field letter_in[] = {
    {"reference", "来函编号", RECORD_TEXT, false, NULL, NULL, "来函上没有编号的可以不填"},
    {"day", "收到日期", RECORD_DAY, true, NULL, NULL, NULL},
    {"party", "来函的经办机构", RECORD_TEXT, true, NULL, NULL, NULL},
};
//= R104 R113
static const struct record_field info_form[] = {
    {"reference", "信息表编号", RECORD_TEXT, true, NULL, NULL, "函件或国家平台上的编号"},
    {"day", "信息表日期", RECORD_DAY, true, NULL, NULL, NULL},
    {"party", "转出地经办机构", RECORD_TEXT, true, NULL, NULL, NULL},
};
//= R104
static const struct record_field transfer_funds[] = {
    {"reference", "划转凭证号", RECORD_TEXT, true, NULL, NULL, NULL},
    {"day", "划转日期", RECORD_DAY, true, NULL, NULL, NULL},
};
//= R232 R233
static const struct record_field list[] = {
    {"department", "提供名单的部门", RECORD_TEXT, true, NULL, NULL, NULL},
    {"reference", "名单文号", RECORD_TEXT, true, NULL, NULL, NULL},
    {"day", "名单日期", RECORD_DAY, true, NULL, NULL, NULL},
    {"count", "人数", RECORD_NUMBER, true, NULL, NULL, NULL},
};
//= R233: payment is blocked before the funds have arrived
static const struct record_field finance[] = {
    {"reference", "申请文号", RECORD_TEXT, true, NULL, NULL, NULL},
    {"day", "报送财政日期", RECORD_DAY, true, NULL, NULL, NULL},
    {"funds_day", "资金到账日期", RECORD_DAY, true, NULL, NULL, "资金没有到账不能进入拨付"},
};
//= R96 R279
static const struct record_field payment[] = {
    {"reference", "支付凭证号", RECORD_TEXT, true, NULL, NULL, NULL},
    {"day", "支付日期", RECORD_DAY, true, NULL, NULL, NULL},
    {"payee", "收款人", RECORD_CHOICE, true, "本人|代理人|单位|医药机构", NULL, NULL},
};
//= R168
static const struct record_field feedback[] = {
    {"way", "反馈方式", RECORD_CHOICE, true, "短信|电话|网上|现场", NULL, NULL},
};
//= R271
static const struct record_field file_case[] = {
    {"source", "案件来源", RECORD_CHOICE, true,
     "日常监管或监督检查中发现|上级机构交办|司法机关或其他行政执法部门移送|投诉、举报|其他", NULL, NULL},
    {"facts", "案由", RECORD_LONG, true, NULL, NULL, NULL},
};
//= R266
static const struct record_field start[] = {
    {"plan", "检查事项和依据", RECORD_LONG, true, NULL, NULL, NULL},
};
static const struct record_field head_sign[] = {
    {"result", "意见", RECORD_CHOICE, true, "批准|不批准", "批准", "不批准的不能继续"},
    {"opinion", "说明", RECORD_LONG, false, NULL, NULL, NULL},
};
//= R267 R270
static const struct record_field investigation[] = {
    {"report", "调查报告", RECORD_LONG, true, NULL, NULL, NULL},
};
//= R270
static const struct record_field investigation_sign[] = {
    {"id_shown", "已出示执法证件", RECORD_CHECK, true, NULL, NULL, "调查时应当出示证件"},
    {"matter_told", "已说明调查事项和依据", RECORD_CHECK, true, NULL, NULL, "应当说明调查事项和依据"},
    {"recusal_told", "已告知申请回避的权利", RECORD_CHECK, true, NULL, NULL, "应当告知申请回避的权利"},
    {"opinion", "笔录", RECORD_LONG, false, NULL, NULL, NULL},
};
//= R268
static const struct record_field inspection[] = {
    {"report", "现场检查报告", RECORD_LONG, true, NULL, NULL, NULL},
    {"violation", "违法行为", RECORD_CHOICE, true, "没有发现|发现", NULL, NULL},
    {"order", "责令改正的内容", RECORD_LONG, false, NULL, NULL, "发现违法行为的必填，会印在行政处理决定书上"},
};
static const struct record_field inspection_sign[] = {
    {"opinion", "检查情况", RECORD_LONG, true, NULL, NULL, NULL},
};
//= R272
static const struct record_field legal_sign[] = {
    {"result", "法制审核意见", RECORD_CHOICE, true, "同意|不同意", "同意", "法制审核不同意的，退回调查"},
    {"opinion", "说明", RECORD_LONG, false, NULL, NULL, NULL},
};
static const struct record_field penalty[] = {
    {"decision", "决定内容", RECORD_LONG, true, NULL, NULL, "会印在决定书上"},
    {"basis", "法律依据", RECORD_LONG, true, NULL, NULL, NULL},
};
//= R273
static const struct record_field serving[] = {
    {"served_day", "送达日期", RECORD_DAY, true, NULL, NULL, NULL},
    {"way", "送达方式", RECORD_CHOICE, true, "直接送达|邮寄送达|留置送达|公告送达", NULL, NULL},
    {"executed_day", "执行完毕日期", RECORD_DAY, true, NULL, NULL, "执行完毕才能结案"},
};
//= R269
static const struct record_field filing[] = {
    {"process", "检查过程的文件已归档", RECORD_CHECK, true, NULL, NULL, NULL},
    {"result", "反映结果的文件已归档", RECORD_CHECK, true, NULL, NULL, NULL},
    {"evidence", "证据已归档", RECORD_CHECK, true, NULL, NULL, NULL},
};
//= R143
static const struct record_field hospital[] = {
    {"reference", "登记编号", RECORD_TEXT, true, NULL, NULL, "医院系统或国家平台上的编号"},
    {"day", "登记日期", RECORD_DAY, true, NULL, NULL, NULL},
};

/* --- the table --- */

static const struct stage_rule stage_rules[STAGE_COUNT] = {
    [STAGE_APPLY] = {.role = ROLE_WINDOW, .verb = "申请"},
    [STAGE_ACCEPT] = {.role = ROLE_WINDOW, .verb = "受理"},
    [STAGE_FIRST_REVIEW] = {.role = ROLE_REVIEW, .verb = "初审通过"},
    [STAGE_REVIEW] = {.role = ROLE_REVIEW, .verb = "审核通过"},
    [STAGE_SECOND_REVIEW] = {.role = ROLE_REVIEW, .verb = "复核通过", .apart = K(FIRST_REVIEW) | K(REVIEW)},
    [STAGE_APPROVE] = {.role = ROLE_APPROVE,
                       .verb = "审批通过",
                       .apart = K(FIRST_REVIEW) | K(REVIEW) | K(SECOND_REVIEW)},
    [STAGE_EVALUATE] = {.role = ROLE_REVIEW,
                        .panel_role = ROLE_PANEL,
                        .panel = 3,
                        .draws = true,
                        .verb = "登记评估结果",
                        .sign_verb = "评估签字",
                        FIELDS(evaluation),
                        SIGNS(evaluation_sign)},
    [STAGE_EXPERT] = {.role = ROLE_REVIEW,
                      .panel_role = ROLE_PANEL,
                      .panel = 0,
                      .draws = true,
                      .verb = "登记鉴定结果",
                      .sign_verb = "鉴定签字",
                      FIELDS(expert),
                      SIGNS(expert_sign)},
    [STAGE_EXAMINE] = {.role = ROLE_REVIEW, .verb = "登记体检", FIELDS(examination)},
    [STAGE_NEGOTIATE] = {.role = ROLE_REVIEW, .verb = "登记谈判结果", FIELDS(negotiation)},
    [STAGE_PUBLICITY] = {.role = ROLE_REVIEW, .publicity = true, .verb = "公示期满", FIELDS(publicity)},
    [STAGE_AGREE] = {.role = ROLE_REVIEW, .verb = "登记协议", FIELDS(agreement)},
    [STAGE_ANNOUNCE] = {.role = ROLE_REVIEW, .verb = "登记公布", FIELDS(announcement)},
    [STAGE_INJURY] = {.role = ROLE_REVIEW, .apart_acceptor = true, .verb = "登记调查结果", FIELDS(injury)},
    [STAGE_LETTER] = {.role = ROLE_WINDOW, .verb = "登记联系函", FIELDS(letter)},
    [STAGE_LETTER_IN] = {.role = ROLE_WINDOW, .verb = "登记来函", FIELDS(letter_in)},
    [STAGE_INFO_FORM] = {.role = ROLE_WINDOW, .verb = "登记信息表", FIELDS(info_form)},
    [STAGE_TRANSFER_FUNDS] = {.role = ROLE_FUND, .verb = "登记划转", FIELDS(transfer_funds)},
    [STAGE_LIST] = {.role = ROLE_WINDOW, .verb = "登记名单", FIELDS(list)},
    [STAGE_FINANCE] = {.role = ROLE_FUND, .verb = "登记资金到账", FIELDS(finance)},
    [STAGE_PAY] = {.role = ROLE_FUND, .apart = REVIEWED, .apart_acceptor = true, .verb = "登记拨付", FIELDS(payment)},
    [STAGE_DELIVER] = {.role = ROLE_WINDOW, .verb = "登记送达", FIELDS(feedback)},
    [STAGE_CONCLUDE] = {.role = ROLE_WINDOW, .verb = "办结"},
    [STAGE_FEEDBACK] = {.role = ROLE_WINDOW, .verb = "登记反馈", FIELDS(feedback)},
    [STAGE_FILE_CASE] = {.role = ROLE_ENFORCE, .verb = "立案", FIELDS(file_case)},
    [STAGE_START] = {.role = ROLE_ENFORCE,
                     .panel_role = ROLE_HEAD,
                     .panel = 1,
                     .verb = "启动检查",
                     .sign_verb = "批准启动",
                     FIELDS(start),
                     SIGNS(head_sign)},
    [STAGE_INVESTIGATE] = {.role = ROLE_ENFORCE,
                           .panel_role = ROLE_ENFORCE,
                           .panel = 2,
                           .verb = "提交调查报告",
                           .sign_verb = "调查人员签字",
                           FIELDS(investigation),
                           SIGNS(investigation_sign)},
    [STAGE_INSPECT] = {.role = ROLE_ENFORCE,
                       .panel_role = ROLE_ENFORCE,
                       .panel = 2,
                       .verb = "提交检查报告",
                       .sign_verb = "检查人员签字",
                       FIELDS(inspection),
                       SIGNS(inspection_sign)},
    [STAGE_DECIDE] = {.role = ROLE_HEAD,
                      .panel_role = ROLE_LEGAL,
                      .panel = 1,
                      .apart = K(INVESTIGATE),
                      .verb = "作出决定",
                      .sign_verb = "法制审核",
                      FIELDS(penalty),
                      SIGNS(legal_sign)},
    [STAGE_SERVE] = {.role = ROLE_ENFORCE, .verb = "登记送达和执行", FIELDS(serving)},
    [STAGE_ARCHIVE] = {.role = ROLE_ENFORCE,
                       .panel_role = ROLE_HEAD,
                       .panel = 1,
                       .verb = "结案归档",
                       .sign_verb = "批准结案",
                       FIELDS(filing),
                       SIGNS(head_sign)},
    [STAGE_HOSPITAL] = {.role = ROLE_HOSPITAL, .verb = "登记", FIELDS(hospital)},
};

const struct stage_rule *
stage_rule(enum stage_kind k)
{
    return &stage_rules[(unsigned)k < STAGE_COUNT ? k : STAGE_CONCLUDE];
}

bool
stage_is_work(enum stage_kind k)
{
    return k != STAGE_APPLY && k != STAGE_ACCEPT && k != STAGE_CONCLUDE;
}
