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

struct aux_zip_entry {
    struct str name; /* in the ZIP: UTF-8, no leading slash, no ".." */
    struct str path; /* the file it holds; empty: DATA */
    struct str data;
};
enum { AUX_ZIP_ENTRIES_MAX = 2000 };
/* Writes the ZIP file OUT (it must not be there) of ENTRIES, stored as they are; may take minutes. Files are streamed, not read into
** memory. ERR_IO: one cannot be read or OUT cannot be made; then there is no OUT. */
enum err aux_zip(struct ctx *ctx, struct aux *x, struct str out, const struct aux_zip_entry *entry, size_t n) MUST_USE;

/* One message out of the house by HTTP(S) or SMTP(S): other schemes are refused, redirections are not followed, no proxy is used. */
struct aux_send {
    struct str url;           /* http https smtp smtps */
    struct str method;        /* HTTP: GET POST PUT PATCH DELETE; empty = POST */
    const struct str *header; /* "Name: value", each in one line */
    size_t header_count;
    struct str body;           /* HTTP: of any method but GET; mail: the message with its headers, lines by CR LF */
    struct str mail_from;      /* SMTP: envelope */
    const struct str *mail_to; /* SMTP: envelope, at least one */
    size_t mail_to_count;
    struct str user, password; /* empty = none */
    struct str ca_file;        /* empty = the system's certificates */
    bool tls;                  /* SMTP: never in clear */
    int timeout_ms;            /* 1–15,000 */
    size_t answer_max;         /* bytes of the answer to keep, ≤ 1 MiB; the rest is not read */
};
struct aux_answer {
    int status;      /* the protocol's; 0 = nobody answered */
    struct str body; /* what was answered; with status 0 why nobody did, Chinese. Any bytes: check before showing */
};
/* ERR_SYNTAX: the request itself is wrong. ERR_AUX: the helper failed. A target that refuses or is silent is OK: see the answer. */
enum err aux_send(struct ctx *ctx, struct aux *x, const struct aux_send *s, struct aux_answer *ret_a) MUST_USE;

#endif
