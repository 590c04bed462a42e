/* QR codes, error correction M, as one SVG path of horizontal runs. */
#include <errno.h>
#include <string.h>

#include <qrencode.h>

#include "aux/helper/helper.h"

enum { QUIET = 4 }; /* modules of white around, as the standard demands */

guint8 *
qr_modules(const char *text, size_t n, int *ret_side)
{
    if (n == 0 || n > 2331) /* the largest code at M */
        return NULL;
    QRcode *code = QRcode_encodeData((int)n, (const unsigned char *)text, 0, QR_ECLEVEL_M);
    if (!code)
        return NULL;
    size_t count = (size_t)code->width * (size_t)code->width;
    guint8 *m = g_malloc(count);
    for (size_t i = 0; i < count; i++)
        m[i] = code->data[i] & 1;
    *ret_side = code->width;
    QRcode_free(code);
    return m;
}

enum frame_status
helper_qr(const char *in, size_t n, GByteArray *out, GString *why)
{
    int side = 0;
    guint8 *m = qr_modules(in, n, &side);
    if (!m) {
        g_string_assign(why, n ? "二维码的内容太长" : "二维码没有内容");
        return FRAME_REFUSED;
    }
    GString *s = g_string_new(NULL);
    g_string_printf(s,
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qr\" role=\"img\" viewBox=\"0 0 %d %d\" "
                    "shape-rendering=\"crispEdges\"><path fill=\"currentColor\" d=\"",
                    side + 2 * QUIET, side + 2 * QUIET);
    for (int y = 0; y < side; y++)
        for (int x = 0, run; x < side; x += run) {
            guint8 dark = m[y * side + x];
            for (run = 1; x + run < side && m[y * side + x + run] == dark; run++)
                ;
            if (dark)
                g_string_append_printf(s, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, run, run);
        }
    g_string_append(s, "\"/></svg>");
    g_byte_array_append(out, (const guint8 *)s->str, (guint)s->len);
    g_string_free(s, TRUE);
    g_free(m);
    return FRAME_OK;
}
