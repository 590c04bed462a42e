/* A region as one package: ustar, sorted, no times, no owners. The format is every system's own tool's; the reader here takes only
** what the writer makes and refuses everything else. */
#include <stddef.h>
#include <string.h>

#include "base/crypto.h"
#include "catalog/files.h"

enum { BLOCK = 512, NAME_MAX_BYTES = 100, SIZE_DIGITS = 12 };

struct tar_header { /* POSIX ustar */
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100], magic[6], version[2],
        user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};
_Static_assert(sizeof(struct tar_header) == BLOCK, "a header is one block");

static const char *const shared_folders[] = {"cited/", "facts/", "forms/", "standard/"};

static bool
in_shared_folder(struct str path)
{
    for (size_t k = 0; k < sizeof shared_folders / sizeof *shared_folders; k++)
        if (str_starts(path, str_c(shared_folders[k])))
            return true;
    return false;
}

static struct catalog_files
package_files(struct arena *a, const struct catalog_files *f, struct str region)
{
    struct catalog_files out = {.file = ARENA_ARRAY(a, f->n + 1, struct catalog_file)};
    struct str own = str_fmt(a, "regions/%.*s/", STR_ARG(region));
    for (size_t i = 0; i < f->n; i++)
        if (in_shared_folder(f->file[i].path) || str_starts(f->file[i].path, own))
            out.file[out.n++] = f->file[i];
    return out;
}

static void
octal(char *out, size_t digits, size_t v)
{
    for (size_t i = digits; i-- > 0; v >>= 3)
        out[i] = (char)('0' + (v & 7));
}

static unsigned
checksum(const struct tar_header *h)
{
    const unsigned char *p = (const unsigned char *)h;
    unsigned sum = 0;
    for (size_t i = 0; i < BLOCK; i++)
        sum += i >= offsetof(struct tar_header, checksum) && i < offsetof(struct tar_header, type) ? ' ' : p[i];
    return sum;
}

static void
header_make(struct tar_header *h, const struct catalog_file *f)
{
    memset(h, 0, sizeof *h);
    memcpy(h->name, f->path.p, f->path.n < NAME_MAX_BYTES ? f->path.n : NAME_MAX_BYTES - 1);
    memcpy(h->mode, "0000644", 8);
    memcpy(h->uid, "0000000", 8);
    memcpy(h->gid, "0000000", 8);
    octal(h->size, SIZE_DIGITS - 1, f->bytes.n);
    octal(h->mtime, SIZE_DIGITS - 1, 0);
    h->type = '0';
    memcpy(h->magic, "ustar", 6);
    memcpy(h->version, "00", 2);
    octal(h->checksum, 6, checksum(h));
    h->checksum[7] = ' ';
}

struct str
catalog_pack(struct arena *arena, const struct catalog_files *f, struct str region)
{
    struct catalog_files p = package_files(arena, f, region);
    size_t size = 2 * BLOCK;
    for (size_t i = 0; i < p.n; i++)
        size += BLOCK + (p.file[i].bytes.n + BLOCK - 1) / BLOCK * BLOCK;
    struct buf b;
    buf_init(&b, arena, size + 1);
    for (size_t i = 0; i < p.n; i++) {
        struct tar_header h;
        header_make(&h, &p.file[i]);
        buf_add(&b, (struct str){(const char *)&h, BLOCK});
        buf_add(&b, p.file[i].bytes);
        while (b.n % BLOCK)
            buf_byte(&b, 0);
    }
    for (int i = 0; i < 2 * BLOCK; i++)
        buf_byte(&b, 0);
    return buf_str(&b);
}

static bool
from_octal(const char *p, size_t n, size_t *ret_v)
{
    *ret_v = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] < '0' || p[i] > '7')
            return false;
        *ret_v = *ret_v << 3 | (size_t)(p[i] - '0');
    }
    return true;
}

/* "123456" of "regions/123456/…"; empty otherwise. */
static struct str
region_of(struct str path)
{
    static const char folder[] = "regions/";
    enum { CODE_SIZE = 6, PREFIX = sizeof folder - 1 };
    if (!str_starts(path, STR("regions/")) || path.n <= PREFIX + CODE_SIZE || path.p[PREFIX + CODE_SIZE] != '/')
        return STR("");
    for (size_t i = PREFIX; i < PREFIX + CODE_SIZE; i++)
        if (path.p[i] < '0' || path.p[i] > '9')
            return STR("");
    return str_sub(path, PREFIX, CODE_SIZE);
}

/* "regions/CODE/matters/01.yaml": letters, digits, "-_." and single slashes, no step upwards. */
static bool
path_fine(struct str path)
{
    if (!in_shared_folder(path) && str_empty(region_of(path)))
        return false;
    for (size_t i = 0; i < path.n; i++) {
        char c = path.p[i], before = i ? path.p[i - 1] : '/';
        bool name = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        if (!name && (before == '/' || (c != '.' && c != '/')))
            return false;
    }
    return str_ends(path, STR(".yaml"));
}

/* One header and its bytes at *at; *ret_end: the two empty blocks. */
static bool
entry_read(struct arena *a, struct str bytes, size_t *at, struct catalog_file *f, bool *ret_end)
{
    struct tar_header h, again;
    size_t size, name = 0;
    if (bytes.n - *at < BLOCK)
        return false;
    memcpy(&h, bytes.p + *at, BLOCK);
    *ret_end = h.name[0] == 0;
    if (*ret_end) {
        for (size_t i = *at; i < bytes.n; i++)
            if (bytes.p[i])
                return false;
        return bytes.n - *at == 2 * BLOCK;
    }
    while (name < NAME_MAX_BYTES && h.name[name])
        name++;
    if (name == NAME_MAX_BYTES || !from_octal(h.size, SIZE_DIGITS - 1, &size) || size > CATALOG_FILE_MAX)
        return false;
    size_t padded = (size + BLOCK - 1) / BLOCK * BLOCK;
    *at += BLOCK;
    if (bytes.n - *at < padded)
        return false;
    *f = (struct catalog_file){.path = str_dup(a, (struct str){h.name, name}),
                               .bytes = str_dup(a, str_sub(bytes, *at, size))};
    header_make(&again, f);
    *at += padded;
    return path_fine(f->path) && memcmp(&h, &again, BLOCK) == 0 && str_utf8_valid(f->bytes);
}

enum err
catalog_unpack(struct ctx *ctx, struct arena *arena, struct str bytes, struct catalog_files *ret_f,
               struct str *ret_region)
{
    size_t room = bytes.n / BLOCK + 1, at = 0;
    bool end = false;
    if (bytes.n > CATALOG_BYTES_MAX || bytes.n % BLOCK)
        FAIL(ctx, ERR_CATALOG, "这不是目录包，或者不完整：请上传“下载目录包”得到的 .tar 文件，不要改动它");
    struct catalog_files f = {.file = ARENA_ARRAY(arena, room, struct catalog_file)};
    struct str region = STR("");
    while (!end) {
        struct catalog_file x = {0};
        if (!entry_read(arena, bytes, &at, &x, &end))
            FAIL(ctx, ERR_CATALOG, "目录包第 %zu 个文件读不出来：请重新下载目录包，不要用别的程序改动它", f.n + 1);
        if (end)
            break;
        if (f.n && str_cmp(f.file[f.n - 1].path, x.path) >= 0)
            FAIL(ctx, ERR_CATALOG, "目录包里的文件次序不对或重复：%.*s", STR_ARG(x.path));
        struct str code = region_of(x.path);
        if (!str_empty(code)) {
            if (!str_empty(region) && !str_eq(region, code))
                FAIL(ctx, ERR_CATALOG, "一个目录包只能有一个统筹区，这里有 %.*s 和 %.*s", STR_ARG(region),
                     STR_ARG(code));
            region = code;
        }
        f.file[f.n++] = x;
    }
    if (str_empty(region))
        FAIL(ctx, ERR_CATALOG, "目录包里没有统筹区");
    *ret_f = f;
    *ret_region = region;
    return OK;
}

struct str
catalog_package_digest(struct arena *arena, const struct catalog_files *f, struct str region)
{
    struct catalog_files p = package_files(arena, f, region);
    struct str *piece = ARENA_ARRAY(arena, 2 * p.n + 1, struct str);
    for (size_t i = 0; i < p.n; i++) {
        struct crypto_digest d = crypto_sm3(p.file[i].bytes);
        piece[2 * i] = str_fmt(arena, "%.*s\n", STR_ARG(p.file[i].path));
        piece[2 * i + 1] = str_dup(arena, (struct str){(const char *)d.b, sizeof d.b});
    }
    struct crypto_digest d = crypto_sm3_pieces(piece, 2 * p.n);
    return crypto_hex(arena, d.b, sizeof d.b);
}
