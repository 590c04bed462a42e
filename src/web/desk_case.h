/* What the parts of the desk's case page share. */
#ifndef WEB_DESK_CASE_H
#define WEB_DESK_CASE_H

#include "case/case.h"
#include "web/web.h"

/* What was typed for the stage: record.FIELD of a form, "record" of JSON; NULL: nothing. */
enum err desk_read_record(struct web_call *call, const struct view **ret_record) MUST_USE;
/* Puts what was typed back into the fields of the case view C. */
void desk_lay_record(const struct view *c, const struct view *record);
/* day, pause, objection, upheld, source of a press. */
enum err desk_read_extras(struct web_call *call, struct case_command *cmd) MUST_USE;

#endif
