/* Inside archive*.c: a file of a case being put together. Everything lives in an arena of its own: whole files of papers are larger than a
** request. */
#ifndef SERVICE_ARCHIVE_INT_H
#define SERVICE_ARCHIVE_INT_H

#include "service/archive.h"
#include "service/papers_int.h"

enum { ARCHIVE_PARTS_MAX = 128, ARCHIVE_ENTRIES_MAX = 800 };

struct archive_case {
    struct server *server;
    const struct actor *actor;
    struct case_file *cf;
    const struct view *view; /* case_common_view, in full */
    struct upload *upload;
    size_t upload_count;
    struct document *document;
    size_t document_count;
    struct document_part part[ARCHIVE_PARTS_MAX]; /* what the one PDF consists of, in order */
    struct str part_title[ARCHIVE_PARTS_MAX], part_no[ARCHIVE_PARTS_MAX], part_day[ARCHIVE_PARTS_MAX];
    size_t part_count;
    struct staff_names names;
    int64_t id; /* of this making: names its temporary files */
};

/* A title as a name that every system takes: no separators, no controls, not hidden, not endless. */
struct str archive_safe_name(struct arena *a, struct str s);
/* The file of a material that came: its name in the file, with the number it has in the list. */
struct str archive_upload_name(struct ctx *ctx, const struct archive_case *x, size_t i);
/* Bytes into a new file of tmp/ (0600). */
enum err archive_write(struct ctx *ctx, const struct archive_case *x, const char *suffix, struct str bytes,
                       struct str *ret_path) MUST_USE;
struct str archive_tmp(struct ctx *ctx, const struct archive_case *x, const char *suffix);
/* The one PDF, in ctx's arena. */
enum err archive_pdf(struct ctx *ctx, struct archive_case *x, struct str *ret_pdf) MUST_USE;
/* The ZIP around it, at *ret_path. */
enum err archive_zip(struct ctx *ctx, struct archive_case *x, struct str pdf, struct str *ret_path) MUST_USE;

#endif
