/* File types by content. */
#include <string.h>

#include <magic.h>

#include "aux/helper/helper.h"

enum frame_status
helper_file_type(const char *in, size_t n, GByteArray *out, GString *why)
{
    static magic_t cookie; /* loading the database takes longer than all the rest */
    if (!cookie) {
        cookie = magic_open(MAGIC_MIME_TYPE | MAGIC_SYMLINK | MAGIC_ERROR);
        if (!cookie || magic_load(cookie, NULL) != 0) {
            g_string_printf(why, "libmagic: %s", cookie ? magic_error(cookie) : "magic_open");
            if (cookie)
                magic_close(cookie);
            cookie = NULL;
            return FRAME_BROKEN;
        }
    }
    const char *mime = n && strlen(in) == n ? magic_file(cookie, in) : NULL;
    if (!mime) {
        g_string_printf(why, "文件无法读取：%s", n && magic_error(cookie) ? magic_error(cookie) : "没有路径");
        return FRAME_NO_FILE;
    }
    g_byte_array_append(out, (const guint8 *)mime, (guint)strlen(mime));
    return FRAME_OK;
}
