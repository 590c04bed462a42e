/* The words of enrolment's sub-actions. */
#include "catalog/enrol.h"

//= R52
static const char *const unit_names[UNIT_ACTION_COUNT] = {
    [UNIT_NEW] = "新参保",     [UNIT_SUSPEND] = "暂停参保",  [UNIT_CANCEL] = "注销登记",      [UNIT_SPLIT] = "单位拆分",
    [UNIT_MERGE] = "单位合并", [UNIT_SEPARATE] = "单位分立", [UNIT_REGROUP] = "拆分合并分立",
};
//= R56
static const char *const employee_names[EMPLOYEE_ACTION_COUNT] = {
    [EMPLOYEE_ADD] = "增加",    [EMPLOYEE_SUSPEND] = "中断",      [EMPLOYEE_END] = "终止",
    [EMPLOYEE_RESUME] = "恢复", [EMPLOYEE_RETIRE] = "在职转退休", [EMPLOYEE_TRANSFER] = "统筹区内转移",
};
//= R288
const char *const unit_insurances[UNIT_INSURANCES] = {"职工基本医疗保险", "生育保险", "补充医疗保险", "其他"};

const char *
unit_action_name(enum unit_action a)
{
    return (unsigned)a < UNIT_ACTION_COUNT ? unit_names[a] : "";
}

const char *
employee_action_name(enum employee_action a)
{
    return (unsigned)a < EMPLOYEE_ACTION_COUNT ? employee_names[a] : "";
}

bool
unit_action_parse(struct str s, enum unit_action *ret_a)
{
    const struct str prefix = STR("单位");
    for (int a = 0; a < UNIT_ACTION_COUNT; a++) {
        struct str name = str_c(unit_names[a]);
        bool bare = str_starts(name, prefix) && str_eq(s, str_sub(name, prefix.n, name.n));
        if (str_eq(s, name) || bare) {
            *ret_a = (enum unit_action)a;
            return true;
        }
    }
    return false;
}

bool
employee_action_parse(struct str s, enum employee_action *ret_a)
{
    for (int a = 0; a < EMPLOYEE_ACTION_COUNT; a++)
        if (str_eqz(s, employee_names[a])) {
            *ret_a = (enum employee_action)a;
            return true;
        }
    return false;
}

bool
unit_action_regroups(enum unit_action a)
{
    return a == UNIT_SPLIT || a == UNIT_MERGE || a == UNIT_SEPARATE || a == UNIT_REGROUP;
}

bool
unit_action_of(struct str said, struct str ticked, enum unit_action *ret_a)
{
    enum unit_action a = UNIT_NEW, b = UNIT_NEW;
    if ((!str_empty(said) && !unit_action_parse(said, &a)) || (!str_empty(ticked) && !unit_action_parse(ticked, &b)))
        return false;
    if (str_empty(said) || str_empty(ticked)) {
        *ret_a = str_empty(said) ? b : a;
        return true;
    }
    if (a != b && !(b == UNIT_REGROUP && unit_action_regroups(a)))
        return false;
    *ret_a = a; /* the answer is the more exact one */
    return true;
}
