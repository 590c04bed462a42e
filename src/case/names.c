/* Ids and Chinese names of a case's states, actions, materials and papers. */
#include "case/case.h"

static const char *const status_ids[CASE_STATUS_COUNT] = {"none",      "submitted", "notified", "working",
                                                          "concluded", "closed",    "refused",  "withdrawn"};
static const char *const status_names[CASE_STATUS_COUNT] = {"",       "待受理", "待补正",   "办理中",
                                                            "待送达", "已办结", "不予办理", "已撤回"};
static const char *const action_ids[CASE_ACTION_COUNT] = {
    "submit",    "supplement", "notice",  "list",   "accept", "refuse",    "pass",   "conclude", "deliver",
    "hand_over", "withdraw",   "rate",    "sign",   "draw",   "return",    "open",   "object",   "answer",
    "pause",     "resume",     "explain", "assist", "share",  "reproject", "archive"};
static const char *const action_names[CASE_ACTION_COUNT] = {"提交申请",     "补充材料",
                                                            "一次性告知",   "登记材料清单",
                                                            "受理",         "不予办理",
                                                            "通过",         "办结",
                                                            "送达",         "移交",
                                                            "撤回",         "评价",
                                                            "签字",         "抽取评审人员",
                                                            "退回上一环节", "开始公示",
                                                            "登记异议",     "答复异议",
                                                            "暂停计时",     "恢复计时",
                                                            "说明超期原因", "写初审（协办）意见",
                                                            "数据共享取得", "调整到期日",
                                                            "归档"};
static const char *const material_ids[MATERIAL_STATE_COUNT] = {"absent",    "given",  "checked",  "rejected",
                                                               "committed", "shared", "tolerated"};
static const char *const material_names[MATERIAL_STATE_COUNT] = {"未提交",   "已提交",       "已核对",  "不符合要求",
                                                                 "承诺代替", "数据共享取得", "容缺待补"};
static const char *const paper_ids[PAPER_COUNT] = {"receipt", "notice",     "tolerance",  "refusal",   "certificate",
                                                   "result",  "query",      "supplement", "letter",    "decision",
                                                   "cover",   "acceptance", "commitment", "suspended", "stage_paper"};

static bool
find_id(const char *const *ids, int n, struct str id, int *ret_i)
{
    for (int i = 0; i < n; i++)
        if (str_eqz(id, ids[i])) {
            *ret_i = i;
            return true;
        }
    return false;
}

const char *
case_status_id(enum case_status s)
{
    return status_ids[s];
}

const char *
case_status_name(enum case_status s)
{
    return status_names[s];
}

bool
case_status_parse(struct str id, enum case_status *ret_s)
{
    int i;
    if (!find_id(status_ids, CASE_STATUS_COUNT, id, &i))
        return false;
    *ret_s = (enum case_status)i;
    return true;
}

const char *
case_action_id(enum case_action a)
{
    return action_ids[a];
}

const char *
case_action_name(enum case_action a)
{
    return action_names[a];
}

bool
case_action_parse(struct str id, enum case_action *ret_a)
{
    int i;
    if (!find_id(action_ids, CASE_ACTION_COUNT, id, &i))
        return false;
    *ret_a = (enum case_action)i;
    return true;
}

const char *
material_state_id(enum material_state s)
{
    return material_ids[s];
}

const char *
material_state_name(enum material_state s)
{
    return material_names[s];
}

bool
material_state_parse(struct str id, enum material_state *ret_s)
{
    int i;
    if (!find_id(material_ids, MATERIAL_STATE_COUNT, id, &i))
        return false;
    *ret_s = (enum material_state)i;
    return true;
}

const char *
paper_id(enum paper_kind k)
{
    return paper_ids[k];
}
