/* The catalogue's files in memory: what a folder holds, or a region's package. Loading, checking and packing start from here, so
** a draft in the database and a folder on disk are the same thing. */
#ifndef CATALOG_FILES_H
#define CATALOG_FILES_H

#include "base/ctx.h"

enum { CATALOG_FILES_MAX = 65536, CATALOG_FILE_MAX = 1 << 20, CATALOG_BYTES_MAX = 64 << 20 };

struct catalog_file {
    struct str path; /* relative to the catalogue, '/' between: regions/123456/matters/01.yaml */
    struct str bytes;
};
struct catalog_files {
    struct catalog_file *file; /* sorted by path, each path once */
    size_t n;
};

/* Reads the catalogue's folders below DIR (facts, standard, forms, cited, calendar, search, regions) into ARENA; hidden files and
** others than .yaml and .tsv are left out. ERR_CATALOG when something cannot be read or is too large. */
enum err catalog_files_read(struct ctx *ctx, struct arena *arena, struct str dir, struct catalog_files *ret_f) MUST_USE;
/* The file at PATH; NULL if there is none. */
const struct catalog_file *catalog_files_get(const struct catalog_files *f, struct str path);
/* [*ret_from, result) are the files whose path begins with PREFIX. */
size_t catalog_files_under(const struct catalog_files *f, struct str prefix, size_t *ret_from);
/* F with PATH set to BYTES (p NULL: without it), in ARENA; F stays as it is. */
struct catalog_files catalog_files_with(struct arena *arena, const struct catalog_files *f, struct str path,
                                        struct str bytes);

/* --- a region as one package: a ustar archive of everything the region is read with ---
** facts, standard, forms, cited and regions/CODE, sorted, without times and owners: the same files give the same bytes. Calendar
** and search are not part of it: they are the house's, not a version's. */
struct str catalog_pack(struct arena *arena, const struct catalog_files *f, struct str region);
/* Reads a package's bytes. ERR_CATALOG: not a package, damaged, a path outside, too large, no or several regions. */
enum err catalog_unpack(struct ctx *ctx, struct arena *arena, struct str bytes, struct catalog_files *ret_f,
                        struct str *ret_region) MUST_USE;
/* SM3 over the paths and digests of the package's files: names a version (hex). */
struct str catalog_package_digest(struct arena *arena, const struct catalog_files *f, struct str region);

#endif
