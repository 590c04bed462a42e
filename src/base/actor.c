#include "base/actor.h"

static const char *const ids[ROLE_COUNT] = {"window", "review", "approve", "fund",  "supervisor", "keeper",  "admin",
                                            "kiosk",  "panel",  "enforce", "legal", "head",       "hospital"};
static const char *const names[ROLE_COUNT] = {"窗口",     "审核", "审批", "基金", "督办",   "目录",    "管理",
                                              "自助终端", "评审", "执法", "法制", "负责人", "医疗机构"};

const char *
role_name(enum role r)
{
    return (unsigned)r < ROLE_COUNT ? names[r] : "";
}

const char *
role_id(enum role r)
{
    return (unsigned)r < ROLE_COUNT ? ids[r] : "";
}

bool
role_parse(struct str s, enum role *ret_r)
{
    for (int i = 0; i < ROLE_COUNT; i++)
        if (str_eqz(s, ids[i]) || str_eqz(s, names[i])) {
            *ret_r = (enum role)i;
            return true;
        }
    return false;
}
