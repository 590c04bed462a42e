/* The table of known captions, and which lines of this document are captions: a bureau prints all of its own in one form (一、服务对象 alone
** on a line, 服务对象：… with the text behind, 【服务对象】, the bare words), so the form that prevails is looked for first, and what only looks
** like a caption in another form stays text. */
#include <string.h>

#include "catalog/import/import_read_int.h"

enum { CAPTION_CP_MAX = 16 };

static const struct {
    struct str text;
    int what;
    bool keep; /* inline, the words say more than the field's name: they stay in the text */
} CAPTIONS[] = {
    {STR_INIT("事项名称"), WHAT_NAME, false},
    {STR_INIT("项目名称"), WHAT_NAME, false},
    {STR_INIT("服务事项名称"), WHAT_NAME, false},
    {STR_INIT("服务事项"), WHAT_NAME, false},
    {STR_INIT("办理事项"), WHAT_NAME, false},
    {STR_INIT("办事项目"), WHAT_NAME, false},
    {STR_INIT("经办事项"), WHAT_NAME, false},
    {STR_INIT("事项编码"), WHAT_CODE, false},
    {STR_INIT("事项编号"), WHAT_CODE, false},
    {STR_INIT("事项代码"), WHAT_CODE, false},
    {STR_INIT("项目编码"), WHAT_CODE, false},
    {STR_INIT("基本编码"), WHAT_CODE, false},
    {STR_INIT("子项编码"), WHAT_CODE, false},
    {STR_INIT("受理单位"), WHAT_UNIT, false},
    {STR_INIT("受理机构"), WHAT_UNIT, false},
    {STR_INIT("受理部门"), WHAT_UNIT, false},
    {STR_INIT("办理单位"), WHAT_UNIT, false},
    {STR_INIT("办理机构"), WHAT_UNIT, false},
    {STR_INIT("办理部门"), WHAT_UNIT, false},
    {STR_INIT("经办单位"), WHAT_UNIT, false},
    {STR_INIT("经办机构"), WHAT_UNIT, false},
    {STR_INIT("承办单位"), WHAT_UNIT, false},
    {STR_INIT("承办机构"), WHAT_UNIT, false},
    {STR_INIT("责任单位"), WHAT_UNIT, false},
    {STR_INIT("实施主体"), WHAT_UNIT, false},
    {STR_INIT("实施机关"), WHAT_UNIT, false},
    {STR_INIT("设定依据"), WHAT_BASIS, false},
    {STR_INIT("办理依据"), WHAT_BASIS, false},
    {STR_INIT("政策依据"), WHAT_BASIS, false},
    {STR_INIT("法律依据"), WHAT_BASIS, false},
    {STR_INIT("实施依据"), WHAT_BASIS, false},
    {STR_INIT("服务对象"), GUIDE_SERVICE_OBJECT, false},
    {STR_INIT("办理对象"), GUIDE_SERVICE_OBJECT, false},
    {STR_INIT("申请对象"), GUIDE_SERVICE_OBJECT, false},
    {STR_INIT("申办对象"), GUIDE_SERVICE_OBJECT, false},
    {STR_INIT("适用对象"), GUIDE_SERVICE_OBJECT, false},
    {STR_INIT("受理对象"), GUIDE_SERVICE_OBJECT, false},
    {STR_INIT("适用范围"), GUIDE_SERVICE_OBJECT, false},
    {STR_INIT("办理渠道"), GUIDE_CHANNELS, false},
    {STR_INIT("申请渠道"), GUIDE_CHANNELS, false},
    {STR_INIT("服务渠道"), GUIDE_CHANNELS, false},
    {STR_INIT("申办渠道"), GUIDE_CHANNELS, false},
    {STR_INIT("办理方式"), GUIDE_CHANNELS, false},
    {STR_INIT("申请方式"), GUIDE_CHANNELS, false},
    {STR_INIT("受理方式"), GUIDE_CHANNELS, false},
    {STR_INIT("办理途径"), GUIDE_CHANNELS, false},
    {STR_INIT("办理地点"), GUIDE_CHANNELS, true},
    {STR_INIT("受理地点"), GUIDE_CHANNELS, true},
    {STR_INIT("办理地址"), GUIDE_CHANNELS, true},
    {STR_INIT("办理窗口"), GUIDE_CHANNELS, true},
    {STR_INIT("办理层级"), GUIDE_LEVELS, false},
    {STR_INIT("经办层级"), GUIDE_LEVELS, false},
    {STR_INIT("服务层级"), GUIDE_LEVELS, false},
    {STR_INIT("行使层级"), GUIDE_LEVELS, false},
    {STR_INIT("办理材料"), GUIDE_MATERIALS, false},
    {STR_INIT("申办材料"), GUIDE_MATERIALS, false},
    {STR_INIT("申请材料"), GUIDE_MATERIALS, false},
    {STR_INIT("申报材料"), GUIDE_MATERIALS, false},
    {STR_INIT("提交材料"), GUIDE_MATERIALS, false},
    {STR_INIT("应交材料"), GUIDE_MATERIALS, false},
    {STR_INIT("材料清单"), GUIDE_MATERIALS, false},
    {STR_INIT("申请材料清单"), GUIDE_MATERIALS, false},
    {STR_INIT("办理所需材料"), GUIDE_MATERIALS, false},
    {STR_INIT("所需材料"), GUIDE_MATERIALS, true},
    {STR_INIT("需提供材料"), GUIDE_MATERIALS, true},
    {STR_INIT("办理流程"), GUIDE_PROCESS, false},
    {STR_INIT("办事流程"), GUIDE_PROCESS, false},
    {STR_INIT("经办流程"), GUIDE_PROCESS, false},
    {STR_INIT("业务流程"), GUIDE_PROCESS, false},
    {STR_INIT("办理程序"), GUIDE_PROCESS, false},
    {STR_INIT("办理步骤"), GUIDE_PROCESS, false},
    {STR_INIT("办理环节"), GUIDE_PROCESS, false},
    {STR_INIT("办理时限"), GUIDE_LIMIT, false},
    {STR_INIT("承诺时限"), GUIDE_LIMIT, false},
    {STR_INIT("办结时限"), GUIDE_LIMIT, false},
    {STR_INIT("办理期限"), GUIDE_LIMIT, false},
    {STR_INIT("承诺期限"), GUIDE_LIMIT, false},
    {STR_INIT("承诺办结时限"), GUIDE_LIMIT, false},
    {STR_INIT("承诺办理时限"), GUIDE_LIMIT, false},
    {STR_INIT("法定时限"), GUIDE_LEGAL_LIMIT, false},
    {STR_INIT("法定期限"), GUIDE_LEGAL_LIMIT, false},
    {STR_INIT("法定办结时限"), GUIDE_LEGAL_LIMIT, false},
    {STR_INIT("法定办理时限"), GUIDE_LEGAL_LIMIT, false},
    {STR_INIT("咨询方式"), GUIDE_CONSULT, false},
    {STR_INIT("咨询渠道"), GUIDE_CONSULT, false},
    {STR_INIT("咨询电话"), GUIDE_CONSULT, true},
    {STR_INIT("联系电话"), GUIDE_CONSULT, true},
    {STR_INIT("联系方式"), GUIDE_CONSULT, true},
    {STR_INIT("服务电话"), GUIDE_CONSULT, true},
    {STR_INIT("咨询热线"), GUIDE_CONSULT, true},
    {STR_INIT("监督电话"), GUIDE_SUPERVISION, false},
    {STR_INIT("投诉电话"), GUIDE_SUPERVISION, false},
    {STR_INIT("监督投诉电话"), GUIDE_SUPERVISION, false},
    {STR_INIT("投诉监督电话"), GUIDE_SUPERVISION, false},
    {STR_INIT("监督投诉"), GUIDE_SUPERVISION, false},
    {STR_INIT("监督方式"), GUIDE_SUPERVISION, false},
    {STR_INIT("监督渠道"), GUIDE_SUPERVISION, false},
    {STR_INIT("监督投诉渠道"), GUIDE_SUPERVISION, false},
    {STR_INIT("监督投诉方式"), GUIDE_SUPERVISION, false},
    {STR_INIT("投诉渠道"), GUIDE_SUPERVISION, false},
    {STR_INIT("评价渠道"), GUIDE_RATING, false},
    {STR_INIT("评价方式"), GUIDE_RATING, false},
    {STR_INIT("服务评价"), GUIDE_RATING, false},
    {STR_INIT("好差评"), GUIDE_RATING, false},
    {STR_INIT("好差评评价"), GUIDE_RATING, false},
    {STR_INIT("政务服务好差评"), GUIDE_RATING, false},
    {STR_INIT("政务服务好差评评价"), GUIDE_RATING, false},
    {STR_INIT("送达"), GUIDE_DELIVERY, false},
    {STR_INIT("送达方式"), GUIDE_DELIVERY, false},
    {STR_INIT("结果送达"), GUIDE_DELIVERY, false},
    {STR_INIT("结果送达方式"), GUIDE_DELIVERY, false},
    {STR_INIT("结果领取"), GUIDE_DELIVERY, false},
    {STR_INIT("结果领取方式"), GUIDE_DELIVERY, false},
    {STR_INIT("领取方式"), GUIDE_DELIVERY, false},
    {STR_INIT("注意事项"), WHAT_NOTES, false},
    {STR_INIT("温馨提示"), WHAT_NOTES, false},
    {STR_INIT("友情提示"), WHAT_NOTES, false},
    {STR_INIT("特别提示"), WHAT_NOTES, false},
    {STR_INIT("备注"), WHAT_NOTES, false},
    {STR_INIT("经办人数"), WHAT_HANDLERS, false},
    {STR_INIT("流程图"), WHAT_CHART, false},
    {STR_INIT("办理流程图"), WHAT_CHART, false},
    {STR_INIT("业务流程图"), WHAT_CHART, false},
    {STR_INIT("办事流程图"), WHAT_CHART, false},
    {STR_INIT("办理条件"), WHAT_OTHER, false},
    {STR_INIT("受理条件"), WHAT_OTHER, false},
    {STR_INIT("申请条件"), WHAT_OTHER, false},
    {STR_INIT("办理时间"), WHAT_OTHER, false},
    {STR_INIT("受理时间"), WHAT_OTHER, false},
    {STR_INIT("工作时间"), WHAT_OTHER, false},
    {STR_INIT("办公时间"), WHAT_OTHER, false},
    {STR_INIT("收费标准"), WHAT_OTHER, false},
    {STR_INIT("收费依据"), WHAT_OTHER, false},
    {STR_INIT("是否收费"), WHAT_OTHER, false},
    {STR_INIT("办理结果"), WHAT_OTHER, false},
    {STR_INIT("审批结果"), WHAT_OTHER, false},
    {STR_INIT("常见问题"), WHAT_OTHER, false},
    {STR_INIT("权利和义务"), WHAT_OTHER, false},
    {STR_INIT("办理网址"), WHAT_OTHER, false},
    {STR_INIT("事项类型"), WHAT_OTHER, false},
    {STR_INIT("办件类型"), WHAT_OTHER, false},
    {STR_INIT("业务名称"), WHAT_NAME, false},
    {STR_INIT("服务项目"), WHAT_NAME, false},
    {STR_INIT("服务项目名称"), WHAT_NAME, false},
    {STR_INIT("经办事项名称"), WHAT_NAME, false},
    {STR_INIT("政务服务事项名称"), WHAT_NAME, false},
    {STR_INIT("实施编码"), WHAT_CODE, false},
    {STR_INIT("业务编码"), WHAT_CODE, false},
    {STR_INIT("办理主体"), WHAT_UNIT, false},
    {STR_INIT("实施单位"), WHAT_UNIT, false},
    {STR_INIT("受理科室"), WHAT_UNIT, false},
    {STR_INIT("承办科室"), WHAT_UNIT, false},
    {STR_INIT("责任科室"), WHAT_UNIT, false},
    {STR_INIT("办理科室"), WHAT_UNIT, false},
    {STR_INIT("主管部门"), WHAT_UNIT, false},
    {STR_INIT("责任部门"), WHAT_UNIT, false},
    {STR_INIT("实施部门"), WHAT_UNIT, false},
    {STR_INIT("受理主体"), WHAT_UNIT, false},
    {STR_INIT("审批依据"), WHAT_BASIS, false},
    {STR_INIT("法定依据"), WHAT_BASIS, false},
    {STR_INIT("文件依据"), WHAT_BASIS, false},
    {STR_INIT("法规依据"), WHAT_BASIS, false},
    {STR_INIT("法律法规依据"), WHAT_BASIS, false},
    {STR_INIT("受理依据"), WHAT_BASIS, false},
    {STR_INIT("政策法规依据"), WHAT_BASIS, false},
    {STR_INIT("申报对象"), GUIDE_SERVICE_OBJECT, false},
    {STR_INIT("申请人"), GUIDE_SERVICE_OBJECT, false},
    {STR_INIT("适用人群"), GUIDE_SERVICE_OBJECT, false},
    {STR_INIT("服务人群"), GUIDE_SERVICE_OBJECT, false},
    {STR_INIT("适用人员"), GUIDE_SERVICE_OBJECT, false},
    {STR_INIT("面向对象"), GUIDE_SERVICE_OBJECT, false},
    {STR_INIT("办理形式"), GUIDE_CHANNELS, false},
    {STR_INIT("申报方式"), GUIDE_CHANNELS, false},
    {STR_INIT("申报渠道"), GUIDE_CHANNELS, false},
    {STR_INIT("受理渠道"), GUIDE_CHANNELS, false},
    {STR_INIT("经办渠道"), GUIDE_CHANNELS, false},
    {STR_INIT("经办方式"), GUIDE_CHANNELS, false},
    {STR_INIT("申办方式"), GUIDE_CHANNELS, false},
    {STR_INIT("服务方式"), GUIDE_CHANNELS, false},
    {STR_INIT("申请途径"), GUIDE_CHANNELS, false},
    {STR_INIT("办公地址"), GUIDE_CHANNELS, true},
    {STR_INIT("办公地点"), GUIDE_CHANNELS, true},
    {STR_INIT("服务地点"), GUIDE_CHANNELS, true},
    {STR_INIT("受理窗口"), GUIDE_CHANNELS, true},
    {STR_INIT("受理地址"), GUIDE_CHANNELS, true},
    {STR_INIT("经办地点"), GUIDE_CHANNELS, true},
    {STR_INIT("窗口地址"), GUIDE_CHANNELS, true},
    {STR_INIT("申报地点"), GUIDE_CHANNELS, true},
    {STR_INIT("办事地点"), GUIDE_CHANNELS, true},
    {STR_INIT("办理场所"), GUIDE_CHANNELS, true},
    {STR_INIT("服务窗口"), GUIDE_CHANNELS, true},
    {STR_INIT("窗口"), GUIDE_CHANNELS, true},
    {STR_INIT("实施层级"), GUIDE_LEVELS, false},
    {STR_INIT("申请材料目录"), GUIDE_MATERIALS, false},
    {STR_INIT("办事材料"), GUIDE_MATERIALS, false},
    {STR_INIT("报销材料"), GUIDE_MATERIALS, false},
    {STR_INIT("办理材料清单"), GUIDE_MATERIALS, false},
    {STR_INIT("应提交材料"), GUIDE_MATERIALS, false},
    {STR_INIT("应提供材料"), GUIDE_MATERIALS, false},
    {STR_INIT("提供材料"), GUIDE_MATERIALS, false},
    {STR_INIT("需提交材料"), GUIDE_MATERIALS, false},
    {STR_INIT("所需资料"), GUIDE_MATERIALS, true},
    {STR_INIT("申请资料"), GUIDE_MATERIALS, false},
    {STR_INIT("办理资料"), GUIDE_MATERIALS, false},
    {STR_INIT("申报资料"), GUIDE_MATERIALS, false},
    {STR_INIT("提交资料"), GUIDE_MATERIALS, false},
    {STR_INIT("经办材料"), GUIDE_MATERIALS, false},
    {STR_INIT("受理材料"), GUIDE_MATERIALS, false},
    {STR_INIT("材料目录"), GUIDE_MATERIALS, false},
    {STR_INIT("所需申请材料"), GUIDE_MATERIALS, false},
    {STR_INIT("申请所需材料"), GUIDE_MATERIALS, false},
    {STR_INIT("申报所需材料"), GUIDE_MATERIALS, false},
    {STR_INIT("办事所需材料"), GUIDE_MATERIALS, false},
    {STR_INIT("办理基本流程"), GUIDE_PROCESS, false},
    {STR_INIT("办事程序"), GUIDE_PROCESS, false},
    {STR_INIT("经办程序"), GUIDE_PROCESS, false},
    {STR_INIT("服务流程"), GUIDE_PROCESS, false},
    {STR_INIT("申请流程"), GUIDE_PROCESS, false},
    {STR_INIT("申报流程"), GUIDE_PROCESS, false},
    {STR_INIT("申办流程"), GUIDE_PROCESS, false},
    {STR_INIT("申请程序"), GUIDE_PROCESS, false},
    {STR_INIT("受理流程"), GUIDE_PROCESS, false},
    {STR_INIT("经办环节"), GUIDE_PROCESS, false},
    {STR_INIT("报销流程"), GUIDE_PROCESS, false},
    {STR_INIT("工作流程"), GUIDE_PROCESS, false},
    {STR_INIT("办事步骤"), GUIDE_PROCESS, false},
    {STR_INIT("流程"), GUIDE_PROCESS, false},
    {STR_INIT("办结期限"), GUIDE_LIMIT, false},
    {STR_INIT("经办时限"), GUIDE_LIMIT, false},
    {STR_INIT("服务时限"), GUIDE_LIMIT, false},
    {STR_INIT("办事时限"), GUIDE_LIMIT, false},
    {STR_INIT("承诺办结期限"), GUIDE_LIMIT, false},
    {STR_INIT("承诺办结时间"), GUIDE_LIMIT, false},
    {STR_INIT("办结时间"), GUIDE_LIMIT, false},
    {STR_INIT("时限"), GUIDE_LIMIT, false},
    {STR_INIT("时限要求"), GUIDE_LIMIT, false},
    {STR_INIT("法定办结期限"), GUIDE_LEGAL_LIMIT, false},
    {STR_INIT("咨询途径"), GUIDE_CONSULT, false},
    {STR_INIT("咨询服务"), GUIDE_CONSULT, false},
    {STR_INIT("咨询服务电话"), GUIDE_CONSULT, true},
    {STR_INIT("业务咨询"), GUIDE_CONSULT, false},
    {STR_INIT("业务咨询电话"), GUIDE_CONSULT, true},
    {STR_INIT("咨询联系电话"), GUIDE_CONSULT, true},
    {STR_INIT("咨询投诉电话"), GUIDE_CONSULT, true},
    {STR_INIT("咨询及投诉电话"), GUIDE_CONSULT, true},
    {STR_INIT("咨询监督电话"), GUIDE_CONSULT, true},
    {STR_INIT("办公电话"), GUIDE_CONSULT, true},
    {STR_INIT("服务热线"), GUIDE_CONSULT, true},
    {STR_INIT("窗口电话"), GUIDE_CONSULT, true},
    {STR_INIT("电话"), GUIDE_CONSULT, true},
    {STR_INIT("咨询查询途径"), GUIDE_CONSULT, false},
    {STR_INIT("咨询与查询"), GUIDE_CONSULT, false},
    {STR_INIT("监督投诉途径"), GUIDE_SUPERVISION, false},
    {STR_INIT("投诉举报电话"), GUIDE_SUPERVISION, false},
    {STR_INIT("举报投诉电话"), GUIDE_SUPERVISION, false},
    {STR_INIT("举报电话"), GUIDE_SUPERVISION, false},
    {STR_INIT("监督举报电话"), GUIDE_SUPERVISION, false},
    {STR_INIT("投诉方式"), GUIDE_SUPERVISION, false},
    {STR_INIT("监督热线"), GUIDE_SUPERVISION, false},
    {STR_INIT("投诉热线"), GUIDE_SUPERVISION, false},
    {STR_INIT("监督与投诉"), GUIDE_SUPERVISION, false},
    {STR_INIT("监督和投诉"), GUIDE_SUPERVISION, false},
    {STR_INIT("监督投诉热线"), GUIDE_SUPERVISION, false},
    {STR_INIT("投诉监督"), GUIDE_SUPERVISION, false},
    {STR_INIT("投诉监督方式"), GUIDE_SUPERVISION, false},
    {STR_INIT("服务评价渠道"), GUIDE_RATING, false},
    {STR_INIT("评价途径"), GUIDE_RATING, false},
    {STR_INIT("服务评价方式"), GUIDE_RATING, false},
    {STR_INIT("结果送达途径"), GUIDE_DELIVERY, false},
    {STR_INIT("办理结果送达"), GUIDE_DELIVERY, false},
    {STR_INIT("证照领取"), GUIDE_DELIVERY, false},
    {STR_INIT("送达途径"), GUIDE_DELIVERY, false},
    {STR_INIT("取件方式"), GUIDE_DELIVERY, false},
    {STR_INIT("特别说明"), WHAT_NOTES, false},
    {STR_INIT("温馨提醒"), WHAT_NOTES, false},
    {STR_INIT("重要提示"), WHAT_NOTES, false},
    {STR_INIT("其他说明"), WHAT_NOTES, false},
    {STR_INIT("其他事项"), WHAT_NOTES, false},
    {STR_INIT("有关说明"), WHAT_NOTES, false},
    {STR_INIT("说明"), WHAT_NOTES, false},
    {STR_INIT("办理须知"), WHAT_NOTES, false},
    {STR_INIT("办理地点及时间"), GUIDE_CHANNELS, false},
    {STR_INIT("办理地点和时间"), GUIDE_CHANNELS, false},
    {STR_INIT("办理时间及地点"), GUIDE_CHANNELS, false},
    {STR_INIT("办理时间和地点"), GUIDE_CHANNELS, false},
    {STR_INIT("办公地址和时间"), GUIDE_CHANNELS, false},
    {STR_INIT("办公地址及时间"), GUIDE_CHANNELS, false},
    {STR_INIT("办公时间和地点"), GUIDE_CHANNELS, false},
    {STR_INIT("办理地点及联系电话"), GUIDE_CHANNELS, false},
    {STR_INIT("办理地点及咨询电话"), GUIDE_CHANNELS, false},
    {STR_INIT("办理地点和联系电话"), GUIDE_CHANNELS, false},
    {STR_INIT("办理地址及监督电话"), GUIDE_CHANNELS, false},
    {STR_INIT("办理地址及联系电话"), GUIDE_CHANNELS, false},
    {STR_INIT("办理地址和联系电话"), GUIDE_CHANNELS, false},
    {STR_INIT("办理机构及地点"), GUIDE_CHANNELS, false},
    {STR_INIT("受理地点及时间"), GUIDE_CHANNELS, false},
    {STR_INIT("法定办结时限说明"), WHAT_OTHER, false},
    {STR_INIT("承诺办结时限说明"), WHAT_OTHER, false},
    {STR_INIT("法定时限说明"), WHAT_OTHER, false},
    {STR_INIT("承诺时限说明"), WHAT_OTHER, false},
    {STR_INIT("是否网办"), WHAT_OTHER, false},
    {STR_INIT("满意度测评"), WHAT_OTHER, false},
    {STR_INIT("申报条件"), WHAT_OTHER, false},
    {STR_INIT("享受条件"), WHAT_OTHER, false},
    {STR_INIT("服务时间"), WHAT_OTHER, false},
    {STR_INIT("办事时间"), WHAT_OTHER, false},
    {STR_INIT("收费情况"), WHAT_OTHER, false},
    {STR_INIT("收费依据及标准"), WHAT_OTHER, false},
    {STR_INIT("收费依据和标准"), WHAT_OTHER, false},
    {STR_INIT("收费标准及依据"), WHAT_OTHER, false},
    {STR_INIT("收费项目"), WHAT_OTHER, false},
    {STR_INIT("结果反馈"), WHAT_OTHER, false},
    {STR_INIT("数量限制"), WHAT_OTHER, false},
    {STR_INIT("禁止性要求"), WHAT_OTHER, false},
    {STR_INIT("决定机构"), WHAT_OTHER, false},
    {STR_INIT("联办机构"), WHAT_OTHER, false},
    {STR_INIT("事项简述"), WHAT_OTHER, false},
    {STR_INIT("网办深度"), WHAT_OTHER, false},
    {STR_INIT("权力来源"), WHAT_OTHER, false},
    {STR_INIT("结果样本"), WHAT_OTHER, false},
    {STR_INIT("审批结果名称"), WHAT_OTHER, false},
    {STR_INIT("办事网址"), WHAT_OTHER, false},
    {STR_INIT("网上办理地址"), WHAT_OTHER, false},
    {STR_INIT("到现场次数"), WHAT_OTHER, false},
    {STR_INIT("待遇标准"), WHAT_OTHER, false},
    {STR_INIT("报销标准"), WHAT_OTHER, false},
    {STR_INIT("报销比例"), WHAT_OTHER, false},
    {STR_INIT("查询方式"), WHAT_OTHER, false},
    {STR_INIT("乘车路线"), WHAT_OTHER, false},
    {STR_INIT("交通指引"), WHAT_OTHER, false},
    {STR_INIT("办理进度和结果查询"), WHAT_OTHER, false},
    {STR_INIT("办理进程和结果查询"), WHAT_OTHER, false},
    {STR_INIT("表格下载"), WHAT_OTHER, false},
    {STR_INIT("行政救济"), WHAT_OTHER, false},
};
enum { CAPTION_ROWS = sizeof CAPTIONS / sizeof *CAPTIONS };

const char *
what_name(int what)
{
    static const char *const names[WHAT_COUNT] = {"服务对象", "办理渠道", "办理层级", "办理材料", "办理流程",
                                                  "办理时限", "法定时限", "咨询方式", "监督电话", "评价渠道",
                                                  "送达",     "事项名称", "事项编码", "受理单位", "设定依据",
                                                  "注意事项", "经办人数", "流程图",   "其他原文"};
    return names[what];
}

/* Without blanks and quotation marks: 监 督 电 话, 政务服务“好差评”评价. */
static struct str
plain_words(struct arena *a, struct str s)
{
    struct buf b;
    buf_init(&b, a, s.n + 1);
    struct str t = squeezed(a, s);
    for (size_t i = 0; i < t.n;) {
        size_t from = i;
        uint32_t cp = str_utf8_next(t, &i);
        if (cp != 0x201c && cp != 0x201d && cp != '"' && cp != 0x2018 && cp != 0x2019)
            buf_add(&b, str_sub(t, from, i - from));
    }
    return buf_str(&b);
}

/* The same number of characters, one of them another. */
static bool
one_off(struct str x, struct str y)
{
    size_t i = 0, k = 0;
    int wrong = 0;
    while (i < x.n && k < y.n)
        wrong += str_utf8_next(x, &i) != str_utf8_next(y, &k);
    return wrong == 1 && i >= x.n && k >= y.n;
}

static bool
look_up(struct arena *a, struct str words, bool may_be_near, struct caption *c)
{
    struct str w = plain_words(a, words);
    if (w.n == 0 || count_cp(w) > CAPTION_CP_MAX)
        return false;
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < CAPTION_ROWS; i++)
            if (round == 0 ? str_eq(w, CAPTIONS[i].text)
                           : may_be_near && w.n >= 12 && w.n == CAPTIONS[i].text.n && one_off(w, CAPTIONS[i].text)) {
                c->what = CAPTIONS[i].what;
                c->keep = CAPTIONS[i].keep;
                c->near = round == 1;
                c->printed = words;
                return true;
            }
    return false;
}

/* Splits at the first colon (or the semicolon that is a slip for one). */
static bool
split_colon(struct str s, struct str *ret_head, struct str *ret_rest, bool *ret_slip)
{
    size_t seen = 0;
    for (size_t i = 0; i < s.n && seen <= CAPTION_CP_MAX + 4; seen++) {
        size_t at = i;
        uint32_t cp = str_utf8_next(s, &i);
        if (cp == ':' || cp == 0xff1a || cp == ';' || cp == 0xff1b) {
            *ret_head = trimmed(str_sub(s, 0, at));
            *ret_rest = trimmed(str_sub(s, i, s.n - i));
            *ret_slip = cp == ';' || cp == 0xff1b;
            return true;
        }
    }
    return false;
}

static bool
bracketed(struct str s, struct str *ret_inner, struct str *ret_rest)
{
    static const char *const open[] = {"【", "[", "〖", "〔", "［"}, *const shut[] = {"】", "]", "〗", "〕", "］"};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        struct str o = str_c(open[i]), e = str_c(shut[i]);
        size_t end = str_starts(s, o) ? str_find(s, e) : SIZE_MAX;
        if (end != SIZE_MAX && end < (CAPTION_CP_MAX + 4) * 3) {
            *ret_inner = trimmed(str_sub(s, o.n, end - o.n));
            *ret_rest = trimmed(str_sub(s, end + e.n, s.n - end - e.n));
            return true;
        }
    }
    return false;
}

/* The first cell of a table's row, before a tabulator: 1 in "1→事项名称→…". */
static struct str
ordinal_cell(struct str s)
{
    size_t n = 0;
    while (n < s.n && n < 4 && s.p[n] >= '0' && s.p[n] <= '9')
        n++;
    return n > 0 && n < 4 && n < s.n && s.p[n] == '\t' ? str_sub(s, 0, n) : STR("");
}

/* 01事项名称: two digits with nothing behind them number captions, and nothing else. */
static struct number
caption_number(struct str s)
{
    struct number n = number_read(s);
    size_t i = 2;
    if (n.shape || s.n < 5 || s.p[0] < '0' || s.p[0] > '9' || s.p[1] < '0' || s.p[1] > '9')
        return n;
    struct str rest = trimmed(str_sub(s, 2, s.n));
    if (!is_cjk(str_utf8_next(s, &i)) && !(s.p[2] == ' ' && is_cjk(first_cp(rest))))
        return n;
    n = (struct number){.shape = NUMBER_PLAIN, .value = (s.p[0] - '0') * 10 + (s.p[1] - '0')};
    n.printed = str_sub(s, 0, 2);
    n.rest = rest;
    return n;
}

bool
caption_read(struct arena *a, struct str line, struct caption *ret_c)
{
    struct caption c = {.number = caption_number(line), .ordinal = ordinal_cell(line)};
    struct str s = c.number.shape ? c.number.rest : trimmed(str_sub(line, c.ordinal.n, line.n)), head, rest;
    bool slip = false;
    if (bracketed(s, &head, &rest) && look_up(a, head, true, &c)) {
        c.form = FORM_BRACKET;
        c.rest = rest;
        if (str_starts(rest, STR("：")) || str_starts(rest, STR(":")))
            c.rest = trimmed(str_sub(rest, rest.p[0] == ':' ? 1 : 3, rest.n));
    } else if (split_colon(s, &head, &rest, &slip) && look_up(a, head, !slip, &c)) {
        c.form = c.number.shape ? FORM_NUMBERED : FORM_COLON;
        c.rest = rest;
        c.slip = slip;
    } else if (count_cp(s) <= CAPTION_CP_MAX && look_up(a, s, c.number.shape != NUMBER_NONE, &c)) {
        c.form = c.number.shape ? FORM_NUMBERED : FORM_BARE;
        c.rest = STR("");
    } else {
        size_t at = 0;
        while (at < s.n && s.p[at] != ' ' && s.p[at] != '\t' && !str_starts(str_sub(s, at, 3), STR("　")))
            at++;
        if (at >= s.n || !look_up(a, str_sub(s, 0, at), false, &c))
            return false;
        c.form = FORM_BLANK;
        c.rest = trimmed(str_sub(s, at, s.n - at));
    }
    *ret_c = c;
    return true;
}

bool
header_cell(struct str line)
{
    static const struct str cells[] = {
        STR_INIT("序号"),     STR_INIT("主项"),     STR_INIT("子项"),     STR_INIT("编码"),     STR_INIT("事项"),
        STR_INIT("环节"),     STR_INIT("备注"),     STR_INIT("办理"),     STR_INIT("办理材料"), STR_INIT("办理时限"),
        STR_INIT("办理环节"), STR_INIT("设定依据"), STR_INIT("事项名称"), STR_INIT("事项编码"), STR_INIT("主项编码"),
        STR_INIT("子项编码"), STR_INIT("子项名称"), STR_INIT("主项名称"), STR_INIT("申请材料"), STR_INIT("申办材料")};
    for (size_t i = 0; line.n <= 12 && i < sizeof cells / sizeof *cells; i++)
        if (str_eq(line, cells[i]))
            return true;
    return false;
}

/* --- which of them this document means --- */

static bool
accepted(const struct guide *g, const struct caption *c)
{
    enum caption_form form = g->form;
    if (c->what == WHAT_CHART && c->form == FORM_COLON)
        return true;
    if (c->near && c->form != form)
        return false;
    if (c->form == FORM_COLON && form != FORM_BLANK && count_cp(c->printed) == 2 && c->what != WHAT_NOTES &&
        c->what != GUIDE_DELIVERY)
        return false; /* 电话：… inside another field */
    if (c->form == FORM_BRACKET)
        return form == FORM_BRACKET || c->what != WHAT_NOTES;
    if (form == FORM_NUMBERED)
        return c->form == FORM_NUMBERED ? c->number.shape == g->caption_shape : c->form == FORM_BARE;
    if (form == FORM_BRACKET)
        return c->form == FORM_BARE;
    if (form == FORM_COLON)
        return c->form == FORM_COLON;
    return c->form == form || (form == FORM_BLANK && c->form == FORM_BARE && c->what != WHAT_NAME);
}

/* --- captions that are in no table --- */

enum { UNKNOWN_MAX = 1024, PROBES = 16 };

/* The words of a line that could be a caption in the prevailing form, though the table does not know them. */
static bool
unknown_read(const struct guide *g, struct str line, struct caption *ret_c)
{
    static const char *const ends[] = {"标准", "依据", "条件", "结果", "类型", "时间", "要求", "范围", "网址", "情况"};
    struct caption c = {.what = WHAT_OTHER, .form = g->form, .number = caption_number(line)};
    bool slip, words = false, end = false;
    if (g->form == FORM_NUMBERED) {
        if (c.number.shape != g->caption_shape)
            return false;
        if (!split_colon(c.number.rest, &c.printed, &c.rest, &slip) || slip) {
            c.printed = c.number.rest;
            c.rest = STR("");
        }
    } else if (g->form == FORM_BRACKET) {
        if (!bracketed(line, &c.printed, &c.rest))
            return false;
    } else if (g->form == FORM_BLANK) { /* caption beside value, as grid_lines leaves them */
        size_t tab = str_find(line, STR("\t"));
        if (tab == SIZE_MAX || c.number.shape)
            return false;
        c.printed = trimmed(str_sub(line, 0, tab));
        c.rest = trimmed(str_sub(line, tab, line.n));
    } else if (g->form != FORM_COLON || c.number.shape || !split_colon(line, &c.printed, &c.rest, &slip) || slip) {
        return false;
    }
    size_t n = count_cp(c.printed);
    if (n < 3 || n > CAPTION_CP_MAX || (g->form == FORM_COLON && n > 8) || ends_sentence(c.printed))
        return false;
    for (size_t i = 0; i < c.printed.n;) {
        uint32_t cp = str_utf8_next(c.printed, &i);
        words = words || is_cjk(cp);
        if ((cp >= '0' && cp <= '9') || cp == 0x300a || cp == 0xff0c || cp == ',')
            return false;
    }
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        end = end || str_ends(c.printed, str_c(ends[i]));
    c.weak = g->form == FORM_COLON && !end;
    *ret_c = c;
    return words && n > (c.weak ? 3 : 2);
}

struct repeated {
    struct str text;
    size_t count;
};

static struct repeated *
repeated_slot(struct repeated *table, struct str s)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 16777619u;
    for (size_t k = 0; k < PROBES; k++) {
        struct repeated *r = &table[(h + k) % UNKNOWN_MAX];
        if (!r->text.n || str_eq(r->text, s))
            return r;
    }
    return NULL;
}

/* In its place in the row of numbers: behind the caption before it, and before the next one's number. */
static bool
in_row(const struct caption *c, const struct caption *before, const struct caption *next)
{
    if (c->form != FORM_NUMBERED)
        return true;
    return before && before->number.shape == c->number.shape && before->number.chinese == c->number.chinese &&
           c->number.value == before->number.value + 1 &&
           (!next || next->number.shape != c->number.shape || next->number.value == 1 ||
            next->number.value > c->number.value);
}

/* 八、 between 七、 and 九、, which are captions: so it is one, even in a guide of a single matter. */
static bool
fills_gap(const struct caption *c, const struct caption *next)
{
    return c->form == FORM_NUMBERED && c->number.chinese && next && next->number.shape == c->number.shape &&
           next->number.chinese && next->number.value == c->number.value + 1;
}

/* 业务科室：…, under nearly every matter and not in a list of labels: the field above it has its text beside its caption, and that text has no
** label of its own (线上：…). */
static bool
beside_captions(const struct caption *c, const struct caption *before, size_t count, size_t most)
{
    struct str head, rest;
    bool slip;
    return before && before->rest.n && c->rest.n && count >= 3 && count * 10 >= most * 8 &&
           !split_colon(before->rest, &head, &rest, &slip) && !number_read(before->rest).shape;
}

static const struct caption *
numbered_before(const struct guide *g, const struct caption *c, size_t n)
{
    while (n > 0 && g->form == FORM_NUMBERED && c[n - 1].form == FORM_BARE)
        n--;
    return n ? &c[n - 1] : NULL;
}

/* Bare words between 七、 and 八、: no caption that lost its number, but a cell or a line of what 七、 holds. */
static bool
inside(const struct guide *g, const struct caption *c, size_t i, size_t n)
{
    const struct caption *before = numbered_before(g, c, i + 1);
    if (g->form != FORM_NUMBERED || c[i].form != FORM_BARE || !before || !before->number.shape)
        return false;
    while (i < n && c[i].form == FORM_BARE)
        i++;
    return i < n && c[i].number.shape == before->number.shape && c[i].number.value == before->number.value + 1;
}

/* A caption of the document's own (七、禁止性要求): printed in the prevailing form under at least half of the matters, in the row of their
** numbers. Its text must not end in the field before it. */
static size_t
unknown_add(struct guide *g, struct part part, struct caption *all, size_t n)
{
    size_t most = 0, count[WHAT_COUNT] = {0}, known = n, have = 0, k = 0;
    struct repeated *table = ARENA_ARRAY(g->a, UNKNOWN_MAX, struct repeated), *r;
    struct caption *out = ARENA_ARRAY(g->a, part.to - part.from + 1, struct caption), c;
    for (size_t i = 0; i < n; i++)
        if (all[i].what != WHAT_OTHER && ++count[all[i].what] > most)
            most = count[all[i].what];
    for (size_t i = part.from; i < part.to && most > 1; i++)
        if (unknown_read(g, g->line[i].text, &c) && (r = repeated_slot(table, c.printed))) {
            r->text = c.printed;
            r->count++;
        }
    for (size_t i = part.from; i < part.to; i++) {
        if (k < known && all[k].line == i) {
            struct repeated *own = all[k].near ? repeated_slot(table, all[k].printed) : NULL;
            if (own && own->text.n && own->count > 1 &&
                own->count * 2 >= most) { /* no misprint: it is printed so throughout */
                all[k].near = false;
                all[k].what = WHAT_OTHER;
            }
            out[have++] = all[k++];
            continue;
        }
        if (!unknown_read(g, g->line[i].text, &c))
            continue;
        const struct caption *before = numbered_before(g, out, have), *next = k < known ? &all[k] : NULL;
        r = repeated_slot(table, c.printed);
        int no = g->line[i].no;
        bool row = g->form == FORM_BLANK && i > part.from && g->line[i - 1].no == no && before && before->line == i - 1;
        bool often = most > 1 && r && r->count > 1 && r->count * 2 >= most;
        if (c.weak && !(often && beside_captions(&c, before, r->count, most)))
            continue;
        if (!in_row(&c, before, next) || !(often || row || fills_gap(&c, next)))
            continue;
        c.line = i;
        out[have++] = c;
    }
    n = 0;
    for (size_t i = 0; i < have; i++)
        if (!inside(g, out, i, have))
            all[n++] = out[i];
    return n;
}

/* The form with most captions of fields; among numbered ones the shape with most. */
static enum caption_form
prevailing(struct guide *g, const struct caption *c, size_t n, size_t count[FORM_COUNT])
{
    size_t shapes[NUMBER_SHAPES] = {0};
    enum caption_form best = FORM_NUMBERED;
    for (size_t i = 0; i < n; i++) {
        if (c[i].near)
            continue;
        if (c[i].form == FORM_NUMBERED)
            shapes[c[i].number.shape]++;
        else if (c[i].what != WHAT_NOTES)
            count[c[i].form]++;
    }
    g->caption_shape = NUMBER_PAUSE;
    for (int s = NUMBER_PAUSE; s < NUMBER_SHAPES; s++)
        if (shapes[s] > shapes[g->caption_shape])
            g->caption_shape = (enum number_shape)s;
    count[FORM_NUMBERED] = shapes[g->caption_shape];
    for (int f = FORM_NUMBERED; f < FORM_COUNT; f++)
        if (count[f] > count[best])
            best = (enum caption_form)f;
    return best;
}

enum err
captions_find(struct guide *g, struct part part)
{
    struct caption *all = ARENA_ARRAY(g->a, part.to - part.from + 1, struct caption);
    size_t n = 0, count[FORM_COUNT] = {0};
    SCOPED_ARENA scratch = arena_new(0);
    for (size_t i = part.from; i < part.to; i++) {
        struct caption c;
        arena_reset(scratch);
        if (caption_read(scratch, g->line[i].text, &c)) {
            c.line = i;
            all[n++] = c;
        }
    }
    g->form = prevailing(g, all, n, count);
    g->caption = all;
    g->caption_count = 0;
    for (size_t i = 0; i < n; i++)
        if (accepted(g, &all[i]))
            all[g->caption_count++] = all[i];
    g->caption_count = unknown_add(g, part, all, g->caption_count);
    return OK;
}
