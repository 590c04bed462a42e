/* A department's list as it comes: CSV in UTF-8, the number first, then a few values; read whole, every line judged. Pure. */
#ifndef INTAKE_SHARE_LIST_H
#define INTAKE_SHARE_LIST_H

#include "base/day.h"
#include "catalog/intake.h"

enum {
    SHARE_LIST_BYTES_MAX = 64 << 20,
    SHARE_LIST_ROWS_MAX = 500000,
    SHARE_LIST_VALUES_MAX = 8,
    SHARE_LIST_ERRORS_MAX = 1000, /* told line by line; all are counted */
    SHARE_LIST_VALUE_MAX = 200    /* characters */
};

enum share_way { SHARE_WAY_UNSAID, SHARE_WAY_REPLACE, SHARE_WAY_EXTEND };
bool share_way_parse(struct str s, enum share_way *ret_w); /* 替换 增补, replace extend */
const char *share_way_id(enum share_way w);                /* replace extend */
const char *share_way_name(enum share_way w);              /* 替换 增补 */

struct share_list_row {
    int64_t line;
    struct str number; /* normalised */
    struct str value[SHARE_LIST_VALUES_MAX];
    bool gone; /* 移出: no longer on the list */
};
struct share_list_error {
    int64_t line;
    struct str reason;
};
struct share_list {
    enum share_way way; /* as the file says */
    struct day day;     /* of the data; DAY_NONE when the file does not say */
    struct str column[SHARE_LIST_VALUES_MAX];
    size_t column_count;
    struct share_list_row *row;
    size_t row_count;
    struct share_list_error error[SHARE_LIST_ERRORS_MAX];
    size_t error_count; /* may be more than are told */
};

/* The file:
**   # 方式: 替换            (or 增补; may be left to the option)
**   # 数据日期: 2026-11-01
**   身份证号,类别,变动       (统一社会信用代码 for a source about units; 变动: 新增 变更 移出)
**   1101…,低保,
** ERR_FIELD_INVALID on "file" when it cannot be a list of S; single bad lines are in ret_l->error. */
enum err share_list_read(struct ctx *ctx, struct arena *arena, const struct share_source *s, struct str bytes,
                         struct share_list *ret_l) MUST_USE;

#endif
