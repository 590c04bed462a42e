/* Papers beside those a decision issues: their names and numbers, the letter of commitment, the notice of a suspended matter, a paper made
** void. */
#ifndef SERVICE_PAPERS_H
#define SERVICE_PAPERS_H

#include "service/service.h"

/* What a refusal is called: 否定备案书 where the guide prints it (R23), before acceptance the slip a guide prints (R253) or 不予受理通知书, else
 * 不予办理通知书. */
struct str service_refusal_title(const struct matter *m, bool accepted);
/* What an inspection's or a penalty's decision is called: the guide's own name (R268, R273). */
struct str service_decision_title(const struct matter *m);
/* Title of a stored paper of this case, as it stands at its head. */
struct str service_document_title(const struct case_file *cf, struct str kind);
/* Whether the guide prints a slip for acceptance or refusal (R253). */
bool service_acceptance_slip(const struct matter *m);
/* A number's beginning: region and a letter of the kind; certificates carry 省 and 统筹区 (R115). NO: of the case, for its receipt. */
struct str service_paper_prefix(struct arena *a, const struct region *r, struct str no, enum paper_kind kind);

/* The letter of commitment of a case as it stands: each committed proof paired with the matter (R132). Issued once for the same pairs, then
 * printed again. ERR_NOT_FOUND: nothing was committed to. */
enum err service_commitment_letter(struct ctx *ctx, struct server *s, const struct actor *a, struct str no,
                                   struct str *ret_pdf, struct str *ret_title) MUST_USE;

/* The notice that M is suspended, with its basis (R13). ERR_NOT_FOUND: it is not. NAME: who asked, printed and kept sealed. Issued with a
 * number by staff (A not NULL), else printed without one. */
enum err service_suspended_notice(struct ctx *ctx, struct server *s, const struct matter *m, const struct actor *a,
                                  struct str name, struct str *ret_pdf, struct str *ret_title) MUST_USE;

/* Makes a paper of a case void: for good, with a REASON that is kept. ERR_CASE_ROLE, ERR_REASON_REQUIRED, ERR_CONFLICT (void already). */
enum err service_document_revoke(struct ctx *ctx, struct server *s, const struct actor *a, struct str no,
                                 int64_t document_id, struct str reason) MUST_USE;

#endif
