/* One ZIP file of files and bytes, written where it was asked for: by libzip, stored as they are (scans and PDFs do not shrink). What it
** reads it streams: the size of a whole file of a case does not matter. */
#include <string.h>
#include <unistd.h>

#include <zip.h>

#include "aux/helper/helper.h"

struct piece {
    char tag;
    const char *p;
    size_t n;
};

/* Cuts the next field off IN; false at its end, or when it is cut short (*ret_p->tag = 0). */
static bool
take_field(const char **in, const char *end, struct piece *ret_p)
{
    int tag;
    *ret_p = (struct piece){0};
    if (end - *in < SEND_FIELD_HEAD)
        return false;
    size_t n = frame_head_get((const unsigned char *)*in + 1, &tag);
    if (n > (size_t)(end - *in - SEND_FIELD_HEAD))
        return false;
    *ret_p = (struct piece){**in, *in + SEND_FIELD_HEAD, n};
    *in += SEND_FIELD_HEAD + n;
    return true;
}

static enum frame_status
add_entry(zip_t *z, const char *name, const struct piece *what, GString *why)
{
    zip_source_t *source;
    char *path = what->tag == ZIP_PATH ? g_strndup(what->p, what->n) : NULL;
    if (path && access(path, R_OK) != 0) {
        g_string_printf(why, "文件无法读取：%s", name);
        g_free(path);
        return FRAME_NO_FILE;
    }
    source = path ? zip_source_file(z, path, 0, -1) : zip_source_buffer(z, what->p, what->n, 0);
    g_free(path);
    zip_int64_t at = source ? zip_file_add(z, name, source, ZIP_FL_ENC_UTF_8) : -1;
    if (at < 0) {
        if (source)
            zip_source_free(source);
        g_string_printf(why, "libzip: %s", zip_strerror(z));
        return FRAME_REFUSED;
    }
    if (zip_set_file_compression(z, (zip_uint64_t)at, ZIP_CM_STORE, 0) != 0) {
        g_string_printf(why, "libzip: %s", zip_strerror(z));
        return FRAME_BROKEN;
    }
    return FRAME_OK;
}

static enum frame_status
add_entries(zip_t *z, const char *in, const char *end, GString *why)
{
    struct piece name, what;
    while (in < end) {
        if (!take_field(&in, end, &name) || name.tag != ZIP_NAME || !take_field(&in, end, &what) ||
            (what.tag != ZIP_PATH && what.tag != ZIP_DATA)) {
            g_string_assign(why, "压缩的清单不完整");
            return FRAME_REFUSED;
        }
        char *text = g_strndup(name.p, name.n);
        enum frame_status status = add_entry(z, text, &what, why);
        g_free(text);
        if (status != FRAME_OK)
            return status;
    }
    return FRAME_OK;
}

enum frame_status
helper_zip(const char *in, size_t n, GByteArray *out, GString *why)
{
    const char *end = in + n;
    struct piece to;
    int code = 0;
    (void)out;
    if (!take_field(&in, end, &to) || to.tag != ZIP_OUT) {
        g_string_assign(why, "没有写明压缩到哪里");
        return FRAME_REFUSED;
    }
    char *path = g_strndup(to.p, to.n);
    zip_t *z = zip_open(path, ZIP_CREATE | ZIP_EXCL, &code);
    g_free(path);
    if (!z) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        g_string_printf(why, "libzip: %s", zip_error_strerror(&error));
        zip_error_fini(&error);
        return FRAME_NO_FILE;
    }
    enum frame_status status = add_entries(z, in, end, why);
    if (status == FRAME_OK && zip_close(z) == 0)
        return FRAME_OK;
    if (status == FRAME_OK) {
        g_string_printf(why, "libzip: %s", zip_strerror(z));
        status = FRAME_BROKEN;
    }
    zip_discard(z);
    return status;
}
