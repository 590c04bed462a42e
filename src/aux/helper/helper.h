/* jingban-aux: the helper. Each service turns the request's bytes into an answer. Here memory is GLib's (it aborts when
** there is none: then the client sees a closed socket) and binary fractions are allowed: cairo wants them. */
#ifndef AUX_HELPER_H
#define AUX_HELPER_H

#include <stdbool.h>

#include <glib.h>

#include "aux/frame.h"

/* OUT gets the result; when the status is not FRAME_OK, it is dropped and WHY (Chinese) is sent. IN is NUL terminated.
 */
typedef enum frame_status helper_service(const char *in, size_t n, GByteArray *out, GString *why);

helper_service helper_pdf;
helper_service helper_chart;
helper_service helper_qr;
helper_service helper_file_type;
helper_service helper_send;
helper_service helper_zip;

/* Modules of the code for TEXT: side × side bytes, 1 = dark; NULL when the text is too long. Free with g_free. */
guint8 *qr_modules(const char *text, size_t n, int *ret_side);

#endif
