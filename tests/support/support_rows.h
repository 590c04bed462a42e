/* The guides' rules as rows about one matter of the real catalogue. Facts are written "参保身份=在职职工 年龄=60", materials as a formula:
** A、B = both; (A|B) = either; (A+B) = both, inside an alternative; A*复印件 = the form of the evidence; A! = with stamp;
** A~ = discretionary; A? = not known yet whether needed. Whatever is not as the row says fails the test. */
#ifndef SUPPORT_SUPPORT_ROWS_H
#define SUPPORT_SUPPORT_ROWS_H

#include "catalog/checklist.h"
#include "support/support_catalog.h"

struct facts known(const char *facts);
/* The materials under these facts are EXPECTED, a formula. */
void needs(const char *region, const char *id, const char *facts, const char *expected);
/* With the leaves named in HANDED ("甲/乙") the notice lists exactly EXPECTED ("丙；丁"). */
void lacks(const char *region, const char *id, const char *facts, const char *handed, const char *expected);
/* EXPECTED: "承诺/法定" of the tier that applies, "?" while facts are missing, "" when none prints. */
void limit(const char *region, const char *id, const char *facts, const char *expected);
/* EXPECTED: the guide's words that the applicant does not meet; "" = not refused. */
void refuses(const char *region, const char *id, const char *facts, const char *expected);
/* EXPECTED: Chinese names of the facts still to ask, in order. */
void asks(const char *region, const char *id, const char *facts, const char *expected);
/* The kinds of its stages in order: 申请—受理—办结. */
const char *stages(const char *region, const char *id);
/* The same with whose each is, where the guide says so: 申请—受理—拨付@基金股. */
const char *stages_with_units(const char *region, const char *id);
/* The leaf of its materials that is called NAME (the first one). */
const struct material *leaf_named(const char *region, const char *id, const char *name);
/* The field ID of the sample form FORM, and whether it is required under these facts. */
const struct form_field *form_field_named(const char *form, const char *id);
bool form_field_required_under(const char *form, const char *id, const char *facts);

#endif
