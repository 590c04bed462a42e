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
/* occasion.c, occasion_api.c: several matters of one occasion together */
enum err web_occasion(struct web_call *call) MUST_USE;
enum err web_occasion_begin(struct web_call *call) MUST_USE;
enum err web_joint(struct web_call *call) MUST_USE;
enum err web_joint_upload(struct web_call *call) MUST_USE;
enum err web_joint_submit(struct web_call *call) MUST_USE;
enum err web_occasion_application(struct web_call *call) MUST_USE;
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
/* desk.c: sign-in and tasks */
enum err web_sign_in(struct web_call *call) MUST_USE;
enum err web_sign_in_do(struct web_call *call) MUST_USE;
enum err web_sign_out(struct web_call *call) MUST_USE;
enum err web_password(struct web_call *call) MUST_USE;
enum err web_password_do(struct web_call *call) MUST_USE;
/* desk_queue.c: lists, finding, several cases at once */
enum err web_desk(struct web_call *call) MUST_USE;
enum err web_desk_find(struct web_call *call) MUST_USE;
enum err web_desk_find_do(struct web_call *call) MUST_USE;
enum err web_desk_person(struct web_call *call) MUST_USE;
enum err web_desk_unit(struct web_call *call) MUST_USE;
enum err web_desk_hand_over(struct web_call *call) MUST_USE;
enum err web_tasks(struct web_call *call) MUST_USE;
enum err web_task_done(struct web_call *call) MUST_USE;
/* desk_case.c: a case on the desk */
enum err web_desk_case(struct web_call *call) MUST_USE;
enum err web_desk_reveal(struct web_call *call) MUST_USE;
enum err web_desk_act(struct web_call *call) MUST_USE;
enum err web_desk_preview(struct web_call *call) MUST_USE;
enum err web_desk_document(struct web_call *call) MUST_USE;
enum err web_desk_upload(struct web_call *call) MUST_USE;
/* archive.c: the whole file of a case; papers no decision issues */
enum err web_archive_page(struct web_call *call) MUST_USE;
enum err web_archive_pdf(struct web_call *call) MUST_USE;
enum err web_archive_zip(struct web_call *call) MUST_USE;
enum err web_commitment_letter(struct web_call *call) MUST_USE;
enum err web_document_revoke(struct web_call *call) MUST_USE;
enum err web_suspended(struct web_call *call) MUST_USE;
enum err web_suspended_print(struct web_call *call) MUST_USE;
enum err web_desk_suspended(struct web_call *call) MUST_USE;
enum err web_desk_suspended_issue(struct web_call *call) MUST_USE;
/* desk_intake.c: intake at the window */
enum err web_intake_list(struct web_call *call) MUST_USE;
enum err web_intake(struct web_call *call) MUST_USE;
enum err web_intake_do(struct web_call *call) MUST_USE;
/* staff.c: staff accounts */
enum err web_staff(struct web_call *call) MUST_USE;
enum err web_staff_add(struct web_call *call) MUST_USE;
enum err web_staff_one(struct web_call *call) MUST_USE;
enum err web_staff_change(struct web_call *call) MUST_USE;
/* diff.c: the comparison of guides */
enum err web_diff(struct web_call *call) MUST_USE;
/* desk_catalog.c: the keeper's desk; desk_catalog_edit.c: one file of a draft */
enum err web_catalog(struct web_call *call) MUST_USE;
enum err web_catalog_open(struct web_call *call) MUST_USE;
enum err web_catalog_upload(struct web_call *call) MUST_USE;
enum err web_catalog_import(struct web_call *call) MUST_USE;
enum err web_catalog_version(struct web_call *call) MUST_USE;
enum err web_catalog_dry_run(struct web_call *call) MUST_USE;
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
/* directory.c: halls, windows, phones; rating.c: the page behind a rating poster */
enum err web_directory(struct web_call *call) MUST_USE;
enum err web_rate_point(struct web_call *call) MUST_USE;
enum err web_rate_point_do(struct web_call *call) MUST_USE;
/* rating.c: visits by a poster's code, devices, publication, the city's platform */
enum err web_rate_visit(struct web_call *call) MUST_USE;
enum err web_device(struct web_call *call) MUST_USE;
enum err web_device_rate(struct web_call *call) MUST_USE;
enum err web_ratings(struct web_call *call) MUST_USE;
enum err web_ratings_csv(struct web_call *call) MUST_USE;
enum err web_rating_stats(struct web_call *call) MUST_USE;
enum err web_rating_stats_csv(struct web_call *call) MUST_USE;
enum err web_platform_rate(struct web_call *call) MUST_USE;
enum err web_platform_export(struct web_call *call) MUST_USE;
/* rating_desk.c: bad ratings */
enum err web_desk_ratings(struct web_call *call) MUST_USE;
enum err web_desk_rating(struct web_call *call) MUST_USE;
enum err web_desk_rating_act(struct web_call *call) MUST_USE;
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

/* commitment.c: commitments, their checks, breaches */
enum err web_commitments(struct web_call *call) MUST_USE;
enum err web_commitment_register(struct web_call *call) MUST_USE;
enum err web_commitment_check(struct web_call *call) MUST_USE;
enum err web_breach_act(struct web_call *call) MUST_USE;
enum err web_breach(struct web_call *call) MUST_USE;
enum err web_breach_object(struct web_call *call) MUST_USE;
/* sharing.c: data of other departments */
enum err web_sharing(struct web_call *call) MUST_USE;
enum err web_sharing_import(struct web_call *call) MUST_USE;
enum err web_sharing_import_view(struct web_call *call) MUST_USE;
enum err web_sharing_look(struct web_call *call) MUST_USE;
enum err web_sharing_looks(struct web_call *call) MUST_USE;
enum err web_sharing_case(struct web_call *call) MUST_USE;
/* supervision.c: the supervisor's page; supervision_report.c: a city over its counties */
enum err web_supervision(struct web_call *call) MUST_USE;
enum err web_report(struct web_call *call) MUST_USE;
enum err web_report_csv(struct web_call *call) MUST_USE;
/* supervision_complaint.c: complaints as they come in; supervision_register.c: at the desk */
enum err web_complaint_form(struct web_call *call) MUST_USE;
enum err web_complaint_send(struct web_call *call) MUST_USE;
enum err web_complaint(struct web_call *call) MUST_USE;
enum err web_complaint_answers(struct web_call *call) MUST_USE;
enum err web_call_form(struct web_call *call) MUST_USE;
enum err web_call_take(struct web_call *call) MUST_USE;
enum err web_complaints(struct web_call *call) MUST_USE;
enum err web_desk_complaint(struct web_call *call) MUST_USE;
enum err web_complaint_assign(struct web_call *call) MUST_USE;
enum err web_complaint_answer(struct web_call *call) MUST_USE;
enum err web_complaint_transfer(struct web_call *call) MUST_USE;
enum err web_complaint_contact(struct web_call *call) MUST_USE;
/* supervision_circular.c: circulars and rectification tasks */
enum err web_circulars(struct web_call *call) MUST_USE;
enum err web_circular_issue(struct web_call *call) MUST_USE;
enum err web_circular(struct web_call *call) MUST_USE;
enum err web_rectification(struct web_call *call) MUST_USE;
enum err web_circulars_public(struct web_call *call) MUST_USE;
/* message.c: messages of a case, of a clerk, and those that did not arrive */
enum err web_case_messages(struct web_call *call) MUST_USE;
enum err web_inbox(struct web_call *call) MUST_USE;
enum err web_inbox_seen(struct web_call *call) MUST_USE;
enum err web_desk_case_messages(struct web_call *call) MUST_USE;
enum err web_messages(struct web_call *call) MUST_USE;
enum err web_message_again(struct web_call *call) MUST_USE;
enum err web_message_give_up(struct web_call *call) MUST_USE;

#endif
