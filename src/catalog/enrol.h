/* The sub-actions of enrolment, as guides and forms name them (R52, R56), and the states they lead between. Pure words: who may do what
** in which state is registry/action.h. */
#ifndef CATALOG_ENROL_H
#define CATALOG_ENROL_H

#include <stdbool.h>

#include "base/str.h"

enum unit_action {
    UNIT_NEW,
    UNIT_SUSPEND,
    UNIT_CANCEL,
    UNIT_SPLIT,    /* 单位拆分: the former unit ceases once its last member has moved */
    UNIT_MERGE,    /* 单位合并: the former unit goes into the present one and ceases */
    UNIT_SEPARATE, /* 单位分立: the former unit goes on beside the new one */
    UNIT_REGROUP,  /* the form's one box 拆分合并分立: the review says which */
    UNIT_ACTION_COUNT
};
enum employee_action {
    EMPLOYEE_ADD,
    EMPLOYEE_SUSPEND,
    EMPLOYEE_END,
    EMPLOYEE_RESUME,
    EMPLOYEE_RETIRE,
    EMPLOYEE_TRANSFER,
    EMPLOYEE_ACTION_COUNT
};

const char *unit_action_name(enum unit_action a);         /* 新参保 */
const char *employee_action_name(enum employee_action a); /* 增加 */
/* With or without 单位 before it. */
bool unit_action_parse(struct str s, enum unit_action *ret_a);
bool employee_action_parse(struct str s, enum employee_action *ret_a);
/* What the answer SAID and the form's box TICKED mean together (empty: not given; both empty: 新参保). false: they contradict each other, or
** one is no action. */
bool unit_action_of(struct str said, struct str ticked, enum unit_action *ret_a);
/* Whether A concerns two units: the form's former one and its present one. */
bool unit_action_regroups(enum unit_action a);

enum { UNIT_INSURANCES = 4 };
extern const char *const unit_insurances[UNIT_INSURANCES]; /* as form 1 prints them */

#endif
