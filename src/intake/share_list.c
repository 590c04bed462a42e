#include "intake/share_list.h"

#include "base/ident.h"

enum { COLUMNS_MAX = SHARE_LIST_VALUES_MAX + 2, LINE_MAX_BYTES = 8192 };

static const char *const way_ids[] = {"", "replace", "extend"};
static const char *const way_names[] = {"", "替换", "增补"};

bool
share_way_parse(struct str s, enum share_way *ret_w)
{
    for (int i = SHARE_WAY_REPLACE; i <= SHARE_WAY_EXTEND; i++)
        if (str_eqz(s, way_ids[i]) || str_eqz(s, way_names[i])) {
            *ret_w = (enum share_way)i;
            return true;
        }
    return false;
}

const char *
share_way_id(enum share_way w)
{
    return way_ids[w];
}

const char *
share_way_name(enum share_way w)
{
    return way_names[w];
}

struct reader {
    struct ctx *ctx;
    struct arena *arena;
    const struct share_source *source;
    struct share_list *list;
    int64_t line;
    size_t row_cap;
    bool headed;
    int change_column;         /* -1: none */
    int value_of[COLUMNS_MAX]; /* column → value, -1 for number and change */
    size_t column_count;
};

static enum err
no_list(struct reader *r, struct str reason, const char *remedy)
{
    fail_field(r->ctx, STR("file"), STR("名单文件"), reason, str_c(remedy));
    FAIL(r->ctx, ERR_FIELD_INVALID, "%s", "");
}

static void
bad_line(struct reader *r, struct str reason)
{
    struct share_list *l = r->list;
    if (l->error_count < SHARE_LIST_ERRORS_MAX)
        l->error[l->error_count] = (struct share_list_error){r->line, str_dup(r->arena, reason)};
    l->error_count++;
}

/* One line into cells; a quoted cell may hold commas and doubled quotes. Too many cells or an open quote: false. */
static bool
split_cells(struct arena *a, struct str line, struct str *cell, size_t max, size_t *ret_n)
{
    size_t at = 0, n = 0;
    for (;;) {
        if (n == max)
            return false;
        if (at < line.n && line.p[at] == '"') {
            struct buf b;
            buf_init(&b, a, 64);
            for (at++; at < line.n; at++) {
                if (line.p[at] != '"')
                    buf_byte(&b, line.p[at]);
                else if (at + 1 < line.n && line.p[at + 1] == '"')
                    buf_byte(&b, line.p[at++]);
                else
                    break;
            }
            if (at++ >= line.n || (at < line.n && line.p[at] != ','))
                return false;
            cell[n++] = str_trim(buf_str(&b));
        } else {
            size_t from = at;
            while (at < line.n && line.p[at] != ',')
                at++;
            cell[n++] = str_trim(str_sub(line, from, at - from));
        }
        if (at >= line.n)
            break;
        at++; /* the comma */
    }
    *ret_n = n;
    return true;
}

/* "# 名: 值" before the heading. */
static enum err
read_remark(struct reader *r, struct str line)
{
    struct str rest = str_trim(str_sub(line, 1, line.n - 1));
    size_t colon = str_find(rest, STR(":")), wide = str_find(rest, STR("：")), n = 1;
    if (wide < colon) {
        colon = wide;
        n = 3;
    }
    if (colon == SIZE_MAX)
        return OK;
    struct str name = str_trim(str_sub(rest, 0, colon)), value = str_trim(str_sub(rest, colon + n, rest.n));
    if (str_eqz(name, "方式") && !share_way_parse(value, &r->list->way))
        return no_list(r, STR("“方式”看不懂"), "应写“# 方式: 替换”或“# 方式: 增补”");
    if (str_eqz(name, "数据日期") && !day_parse(value, &r->list->day))
        return no_list(r, STR("“数据日期”看不懂"), "应写成 # 数据日期: 2026-11-01");
    return OK;
}

static bool
names_number(const struct share_source *s, struct str cell)
{
    static const char *const person[] = {"身份证号", "身份证件号码", "身份证号码", "公民身份号码", "证件号码"};
    if (s->by_unit)
        return str_eqz(cell, "统一社会信用代码");
    for (size_t i = 0; i < sizeof person / sizeof *person; i++)
        if (str_eqz(cell, person[i]))
            return true;
    return false;
}

static bool
is_value(const struct share_source *s, struct str cell)
{
    for (size_t i = 0; i < s->value_count; i++)
        if (str_eq(s->values[i], cell))
            return true;
    return s->value_count == 0 && !str_empty(cell) && str_utf8_count(cell) <= 20;
}

static enum err
read_heading(struct reader *r, const struct str *cell, size_t n)
{
    struct share_list *l = r->list;
    if (!names_number(r->source, cell[0]))
        return no_list(r, str_fmt(r->arena, "第一列是“%.*s”", STR_ARG(cell[0])),
                       r->source->by_unit ? "第一列的列名应为“统一社会信用代码”" : "第一列的列名应为“身份证号”");
    r->value_of[0] = -1;
    for (size_t i = 1; i < n; i++) {
        r->value_of[i] = -1;
        if (str_eqz(cell[i], "变动")) {
            r->change_column = (int)i;
            continue;
        }
        if (!is_value(r->source, cell[i]) || l->column_count == SHARE_LIST_VALUES_MAX)
            return no_list(r, str_fmt(r->arena, "不认识列“%.*s”", STR_ARG(cell[i])),
                           "列名应与来源登记的一致，见数据共享页面；多余的列请删去");
        r->value_of[i] = (int)l->column_count;
        l->column[l->column_count++] = str_dup(r->arena, cell[i]);
    }
    r->column_count = n;
    r->headed = true;
    return OK;
}

static bool
read_number(struct reader *r, struct str typed, struct str *ret_number)
{
    const char *why = NULL;
    struct ident_person p;
    if (r->source->by_unit ? ident_uscc(r->arena, typed, ret_number, &why) : ident_person(r->arena, typed, &p, &why)) {
        if (!r->source->by_unit)
            *ret_number = p.value;
        return true;
    }
    bad_line(r, str_concat(r->arena, r->source->by_unit ? STR("统一社会信用代码：") : STR("身份证号："), str_c(why)));
    return false;
}

static void
read_row(struct reader *r, const struct str *cell, size_t n)
{
    struct share_list_row row = {.line = r->line};
    if (n != r->column_count) {
        bad_line(r, str_fmt(r->arena, "有 %zu 列，应为 %zu 列", n, r->column_count));
        return;
    }
    if (!read_number(r, cell[0], &row.number))
        return;
    for (size_t i = 1; i < n; i++) {
        if ((int)i == r->change_column) {
            row.gone = str_eqz(cell[i], "移出");
            if (!row.gone && !str_empty(cell[i]) && !str_eqz(cell[i], "新增") && !str_eqz(cell[i], "变更")) {
                bad_line(r, STR("变动应为新增、变更、移出，或空着"));
                return;
            }
            continue;
        }
        if (str_utf8_count(cell[i]) > SHARE_LIST_VALUE_MAX) {
            bad_line(r, str_fmt(r->arena, "第 %zu 列超过 %d 字", i + 1, SHARE_LIST_VALUE_MAX));
            return;
        }
        row.value[r->value_of[i]] = cell[i];
    }
    r->list->row[r->list->row_count++] = row;
}

static enum err
read_line(struct reader *r, struct str line)
{
    struct str cell[COLUMNS_MAX];
    size_t n;
    if (str_empty(str_trim(line)))
        return OK;
    if (!r->headed && line.p[0] == '#')
        return read_remark(r, line);
    bool fits = line.n <= LINE_MAX_BYTES && split_cells(r->arena, line, cell, COLUMNS_MAX, &n);
    if (!fits && !r->headed)
        return no_list(r, STR("列名一行读不出来"), "第一行写列名，用半角逗号分隔，最多 10 列");
    if (!fits) {
        bad_line(r, STR("列太多、太长，或引号没有成对"));
        return OK;
    }
    if (!r->headed)
        return read_heading(r, cell, n);
    if (r->list->row_count == SHARE_LIST_ROWS_MAX)
        return no_list(r, str_fmt(r->arena, "超过 %d 行", SHARE_LIST_ROWS_MAX), "请分成几份，第二份起写“# 方式: 增补”");
    read_row(r, cell, n);
    return OK;
}

static size_t
count_lines(struct str s)
{
    size_t n = 1;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == '\n';
    return n;
}

enum err
share_list_read(struct ctx *ctx, struct arena *arena, const struct share_source *s, struct str bytes,
                struct share_list *ret_l)
{
    struct reader r = {.ctx = ctx, .arena = arena, .source = s, .list = ret_l, .change_column = -1};
    struct str rest = str_starts(bytes, STR("\xef\xbb\xbf")) ? str_sub(bytes, 3, bytes.n) : bytes, line;
    *ret_l = (struct share_list){.day = DAY_NONE};
    if (bytes.n > SHARE_LIST_BYTES_MAX)
        return no_list(&r, STR("文件太大"), "请分成几份，第二份起写“# 方式: 增补”");
    if (!str_utf8_valid(bytes))
        return no_list(&r, STR("不是 UTF-8 编码的文字"), "请在表格软件里另存为“CSV UTF-8”");
    size_t lines = count_lines(rest);
    ret_l->row = ARENA_ARRAY(arena, lines < SHARE_LIST_ROWS_MAX ? lines : SHARE_LIST_ROWS_MAX, struct share_list_row);
    while (str_split(&rest, '\n', &line)) {
        r.line++;
        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        TRY(ctx, read_line(&r, line));
    }
    if (!r.headed)
        return no_list(&r, STR("没有列名"), s->by_unit ? "第一行应为：统一社会信用代码,…" : "第一行应为：身份证号,…");
    return OK;
}
