/* Issued documents: numbered, sealed views with a layout; a QR code leads to a page that verifies them.
** The PDF is made again from the stored view whenever it is asked for: same view, same layout, same text. */
#ifndef DOCUMENT_DOCUMENT_H
#define DOCUMENT_DOCUMENT_H

#include "aux/aux.h"
#include "base/id.h"
#include "base/mustache.h"
#include "base/view.h"
#include "store/vault.h"

struct document {
    int64_t id, case_id;
    struct str kind, no, masked; /* kind: paper_id() */
    const struct view *body;
    int64_t issued_ms, revoked_ms;
};

/* Issues a document inside a transaction: numbers it PREFIX-year-sequence (region, kind, year; no gaps: certificates
** are
 ** 省/统筹区/年/序号, R115) — or, where PREFIX is a whole number already (OWN_NO), without touching a counter, which on
** PostgreSQL is the one row
 ** that all submissions would queue for. Draws its verification code, seals the view with both. BODY is a map;
** document_no, verify_code, issued_at are added. */
enum err document_issue(struct ctx *ctx, struct tx *tx, const struct vault *v, struct id_source *ids, struct str region,
                        struct str prefix, bool own_no, int64_t case_id, const char *kind, const struct data_key *key,
                        struct str masked, int64_t issuer_id, struct view *body, struct document *ret_d) MUST_USE;
enum err document_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id,
                      struct document *ret_d) MUST_USE;
/* By number and verification code; ERR_NOT_FOUND alike for a wrong number and a wrong code. */
enum err document_verify(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, struct str no,
                         struct str code, struct document *ret_d) MUST_USE;

/* Makes a paper of a case void, for good. ERR_CONFLICT: it is void, or there is none. */
enum err document_revoke(struct ctx *ctx, struct tx *tx, struct str region, int64_t case_id, int64_t id) MUST_USE;

struct document_row {
    int64_t id, issued_ms, revoked_ms;
    struct str kind, no;
};
enum err document_list(struct ctx *ctx, struct tx *tx, struct str region, int64_t case_id,
                       struct document_row **ret_rows, size_t *ret_n) MUST_USE;
const char *document_title(struct str kind); /* 中文 */

/* The print layouts of pages/print, compiled once. */
struct layouts;
enum err layouts_load(struct ctx *ctx, struct arena *arena, struct str dir, struct layouts **ret_l) MUST_USE;
/* One PDF of several views, each by its layout, behind one another under one count of pages (docs/PRINT.md, file). */
struct document_part {
    struct str kind; /* its layout */
    const struct view *body;
};
enum err document_file_pdf(struct ctx *ctx, const struct layouts *l, struct aux *x, struct str title, struct str author,
                           const struct document_part *part, size_t n, struct str *ret_pdf) MUST_USE;
/* PDF of a view by layout KIND. ERR_AUX, ERR_INTERNAL for a missing layout. */
enum err document_pdf(struct ctx *ctx, const struct layouts *l, struct aux *x, struct str kind, const struct view *body,
                      struct str *ret_pdf) MUST_USE;

#endif
