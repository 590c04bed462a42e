/* Client of jingban-aux: printing, flow charts, QR codes, file types — in another process, started on demand
** over a socket pair, without the keys. A crash or a hang of the helper is ERR_AUX for one request; it is
** started again. */
#ifndef AUX_AUX_H
#define AUX_AUX_H

#include "base/ctx.h"

struct aux;

/* PROGRAM: path of jingban-aux; WORKERS processes at most (0 = 2). Nothing is started yet. */
struct aux *aux_new(struct str program, int workers);
void aux_free(struct aux *x);
/* Milliseconds a request may take before its worker is killed (20 s unless set); call before the first request. */
void aux_set_timeout(struct aux *x, int ms);

/* Renders the print markup (docs/PRINT.md) to PDF bytes in ctx->arena. ERR_AUX, ERR_SYNTAX (our layout is wrong). */
enum err aux_pdf(struct ctx *ctx, struct aux *x, struct str markup, struct str *ret_pdf) MUST_USE;
/* DOT text to an SVG fragment (no XML prolog, no size attributes in pt, ready to inline). */
enum err aux_chart(struct ctx *ctx, struct aux *x, struct str dot, struct str *ret_svg) MUST_USE;
/* Text to an SVG QR code (module size 1, viewBox, dark = currentColor), error correction M. */
enum err aux_qr(struct ctx *ctx, struct aux *x, struct str text, struct str *ret_svg) MUST_USE;
/* MIME type of the file's content by libmagic. ERR_IO: it cannot be read. */
enum err aux_file_type(struct ctx *ctx, struct aux *x, struct str path, struct str *ret_mime) MUST_USE;

#endif
