/* Every handler of the table (routes.c), by file. A handler fills call->view and returns; an error returned is worded
 * by problem.c. */
#ifndef WEB_HANDLERS_H
#define WEB_HANDLERS_H

#include "web/web.h"

/* guide.c: what needs only the catalogue */
enum err web_regions(struct web_call *call) MUST_USE;
enum err web_home(struct web_call *call) MUST_USE;
enum err web_situation(struct web_call *call) MUST_USE;
enum err web_guide(struct web_call *call) MUST_USE;
enum err web_check(struct web_call *call) MUST_USE;
enum err web_flow(struct web_call *call) MUST_USE;
enum err web_workday(struct web_call *call) MUST_USE;
/* site.c: pages about the site itself */
enum err web_errors(struct web_call *call) MUST_USE;
enum err web_missing(struct web_call *call) MUST_USE;
enum err web_openapi_json(struct web_call *call) MUST_USE;
/* assets.c */
enum err web_asset(struct web_call *call) MUST_USE;

/* apply.c: a citizen's draft and its steps */
enum err web_apply(struct web_call *call) MUST_USE;
enum err web_draft(struct web_call *call) MUST_USE;
enum err web_step_review(struct web_call *call) MUST_USE;
enum err web_draft_submit(struct web_call *call) MUST_USE;
/* application.c: the same in one request */
enum err web_application(struct web_call *call) MUST_USE;
/* steps.c: the steps of an application */
enum err web_step_applicant(struct web_call *call) MUST_USE;
enum err web_save_applicant(struct web_call *call) MUST_USE;
enum err web_step_form(struct web_call *call) MUST_USE;
enum err web_save_form(struct web_call *call) MUST_USE;
enum err web_print_form(struct web_call *call) MUST_USE;
enum err web_step_delivery(struct web_call *call) MUST_USE;
enum err web_save_delivery(struct web_call *call) MUST_USE;
/* materials.c: uploads */
enum err web_step_materials(struct web_call *call) MUST_USE;
enum err web_draft_upload(struct web_call *call) MUST_USE;
enum err web_draft_remove(struct web_call *call) MUST_USE;
enum err web_draft_commit(struct web_call *call) MUST_USE;
/* case.c: the applicant's side of a case */
enum err web_case(struct web_call *call) MUST_USE;
enum err web_receipt(struct web_call *call) MUST_USE;
enum err web_case_qr(struct web_call *call) MUST_USE;
enum err web_case_document(struct web_call *call) MUST_USE;
enum err web_case_upload(struct web_call *call) MUST_USE;
enum err web_case_supplement(struct web_call *call) MUST_USE;
enum err web_case_withdraw(struct web_call *call) MUST_USE;
enum err web_case_rate(struct web_call *call) MUST_USE;
/* lookup.c: a case or a paper by number and code */
enum err web_find_case(struct web_call *call) MUST_USE;
enum err web_find_case_post(struct web_call *call) MUST_USE;
enum err web_find_paper(struct web_call *call) MUST_USE;
enum err web_verify(struct web_call *call) MUST_USE;
/* forms.c: form definitions */
enum err web_form(struct web_call *call) MUST_USE;
enum err web_forms(struct web_call *call) MUST_USE;
enum err web_form_more(struct web_call *call) MUST_USE;
enum err web_form_blank(struct web_call *call) MUST_USE;
enum err web_form_print(struct web_call *call) MUST_USE;
enum err web_desk_forms(struct web_call *call) MUST_USE;
enum err web_desk_case_form(struct web_call *call) MUST_USE;
enum err web_desk_form(struct web_call *call) MUST_USE;
enum err web_desk_form_print(struct web_call *call) MUST_USE;
/* form_schema.c */
enum err web_form_schema(struct web_call *call) MUST_USE;
/* demo.c: demo mode only */
enum err web_demo_clock(struct web_call *call) MUST_USE;
enum err web_demo_clock_set(struct web_call *call) MUST_USE;
/* desk.c: sign-in and queue */
enum err web_sign_in(struct web_call *call) MUST_USE;
enum err web_sign_in_do(struct web_call *call) MUST_USE;
enum err web_sign_out(struct web_call *call) MUST_USE;
enum err web_password(struct web_call *call) MUST_USE;
enum err web_password_do(struct web_call *call) MUST_USE;
enum err web_desk(struct web_call *call) MUST_USE;
enum err web_desk_find(struct web_call *call) MUST_USE;
enum err web_tasks(struct web_call *call) MUST_USE;
enum err web_task_done(struct web_call *call) MUST_USE;
/* desk_case.c: a case on the desk */
enum err web_desk_case(struct web_call *call) MUST_USE;
enum err web_desk_reveal(struct web_call *call) MUST_USE;
enum err web_desk_act(struct web_call *call) MUST_USE;
enum err web_desk_preview(struct web_call *call) MUST_USE;
enum err web_desk_document(struct web_call *call) MUST_USE;
enum err web_desk_upload(struct web_call *call) MUST_USE;
/* desk_intake.c: intake at the window */
enum err web_intake_list(struct web_call *call) MUST_USE;
enum err web_intake(struct web_call *call) MUST_USE;
enum err web_intake_do(struct web_call *call) MUST_USE;
/* staff.c: staff accounts */
enum err web_staff(struct web_call *call) MUST_USE;
enum err web_staff_add(struct web_call *call) MUST_USE;
/* diff.c: the comparison of guides */
enum err web_diff(struct web_call *call) MUST_USE;
/* desk_catalog.c: the keeper's desk; desk_catalog_edit.c: one file of a draft */
enum err web_catalog(struct web_call *call) MUST_USE;
enum err web_catalog_open(struct web_call *call) MUST_USE;
enum err web_catalog_upload(struct web_call *call) MUST_USE;
enum err web_catalog_import(struct web_call *call) MUST_USE;
enum err web_catalog_version(struct web_call *call) MUST_USE;
enum err web_catalog_package(struct web_call *call) MUST_USE;
enum err web_catalog_act(struct web_call *call) MUST_USE;
enum err web_catalog_file(struct web_call *call) MUST_USE;
enum err web_catalog_save(struct web_call *call) MUST_USE;
/* changes.c: what was changed in the guides */
enum err web_changes(struct web_call *call) MUST_USE;
/* kiosk.c: self-service */
enum err web_kiosk(struct web_call *call) MUST_USE;
enum err web_kiosk_person(struct web_call *call) MUST_USE;
enum err web_kiosk_unit(struct web_call *call) MUST_USE;
/* directory.c: halls, windows, phones; the page behind a rating poster */
enum err web_directory(struct web_call *call) MUST_USE;
enum err web_rate_point(struct web_call *call) MUST_USE;
enum err web_rate_point_do(struct web_call *call) MUST_USE;
/* posters.c */
enum err web_posters(struct web_call *call) MUST_USE;
enum err web_poster(struct web_call *call) MUST_USE;
/* fault_report.c: faults of a guide and their answers */
enum err web_fault_form(struct web_call *call) MUST_USE;
enum err web_fault_report(struct web_call *call) MUST_USE;
enum err web_fault(struct web_call *call) MUST_USE;
enum err web_corrections(struct web_call *call) MUST_USE;
enum err web_faults(struct web_call *call) MUST_USE;
enum err web_fault_reply(struct web_call *call) MUST_USE;
enum err web_fault_contact(struct web_call *call) MUST_USE;

#endif
