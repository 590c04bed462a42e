/* The comparison for the keeper: every matter of every region against one yardstick, and one's own guide against one other,
** by the six unifications. Reads the catalogue only. */
#include "catalog/diff.h"

#include "service/guide.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/web_int.h"

/* Regions beside each other in the overview; one that does not fit is still there to be chosen. */
enum { COLUMNS_MAX = 24 };

struct table {
    struct web_call *call;
    const struct catalog *c;
    const struct region *own, *yardstick; /* YARDSTICK NULL: the standard list */
    const struct region *column[COLUMNS_MAX];
    struct diff diff[COLUMNS_MAX]; /* of the column against the yardstick */
    size_t columns, left_out;
};

static struct str
address_of(struct web_call *call, struct str against, struct str show)
{
    return str_fmt(call->ctx->arena, "/desk/catalog/diff?against=%.*s%s%.*s", STR_ARG(against),
                   str_empty(show) ? "" : "&show=", STR_ARG(show));
}

static struct str
yardstick_code(const struct region *r)
{
    return r ? r->code : STR("standard");
}

static struct str
yardstick_name(const struct region *r)
{
    return r ? r->name : STR("标准清单");
}

/* --- the overview --- */

static void
put_part(struct view *list, const char *title, const struct diff_cell *c, bool weighed)
{
    struct view *v = view_add_map(list);
    bool pulls = weighed && (c->side == DIFF_LIGHTER || c->side == DIFF_HEAVIER || c->side == DIFF_OTHER);
    view_put_z(v, "title", title);
    view_put_text(v, "brief", c->brief);
    view_put_z(v, "side", weighed ? diff_side_name(c->side) : NULL);
    view_put_z(v, "side_title", weighed ? diff_side_title(c->side) : NULL);
    view_put_z(v, "mark", pulls ? diff_side_mark(c->side) : NULL);
}

static void
put_one(const struct table *t, size_t column, const struct diff_row *r, struct view *v)
{
    const struct region *region = t->column[column];
    bool base = region == t->yardstick, both = diff_row_paired(r);
    enum diff_side side = diff_row_side(r);
    view_put_text(v, "id", r->ours->id);
    view_put_text(v, "name", r->ours->name);
    view_put_z(v, "side", base ? "base" : both ? diff_side_name(side) : "alone");
    view_put_z(v, "side_title", base ? "基准" : both ? diff_side_title(side) : "基准没有");
    view_put_z(v, "mark", base || !both ? "" : diff_side_mark(side));
    struct view *parts = view_put_list(v, "parts");
    if (t->yardstick) {
        put_part(parts, "材料", &r->cell[UNIFY_MATERIALS], both && !base);
        put_part(parts, "时限", &r->cell[UNIFY_LIMIT], both && !base);
    } else if (both && r->cell[UNIFY_NAME].side != DIFF_SAME) { /* the list knows name, code and stages */
        put_part(parts, "名称", &r->cell[UNIFY_NAME], true);
    }
    put_part(parts, "环节", &r->cell[UNIFY_STAGES], both && !base);
}

/* The matters of one row: of a code, or local ones of a name. */
static bool
belongs(struct arena *a, const struct matter *m, const struct standard_matter *s, struct str local)
{
    return s ? str_eq(m->code, s->code) : str_empty(m->code) && str_eq(diff_fold(a, m->name), local);
}

static void
put_cells(const struct table *t, const struct standard_matter *s, struct str local, struct view *row)
{
    struct view *cells = view_put_list(row, "cells");
    for (size_t i = 0; i < t->columns; i++) {
        struct view *cell = view_add_map(cells), *items = view_put_list(cell, "items");
        view_put_text(cell, "region", t->column[i]->code);
        view_put_text(cell, "region_name", t->column[i]->name);
        for (size_t k = 0; k < t->diff[i].n; k++) {
            const struct diff_row *r = &t->diff[i].row[k];
            if (r->ours && belongs(t->call->ctx->arena, r->ours, s, local))
                put_one(t, i, r, view_add_map(items));
        }
        view_put_bool(cell, "none", view_count(items) == 0);
        view_put_bool(cell, "several",
                      t->yardstick && view_count(items) > 1); /* the list's rows say names that differ */
    }
}

/* Rows for matters without a code: each folded name once, in the order of the columns. */
static void
put_local_rows(const struct table *t, struct view *rows)
{
    struct arena *a = t->call->ctx->arena;
    size_t n = 0, cap = 0;
    for (size_t i = 0; i < t->columns; i++)
        cap += t->column[i]->matter_count;
    struct str *seen = ARENA_ARRAY(a, cap, struct str);
    for (size_t i = 0; i < t->columns; i++)
        for (size_t k = 0; k < t->column[i]->matter_count; k++) {
            const struct matter *m = &t->column[i]->matter[k];
            struct str name = diff_fold(a, m->name);
            bool known = !str_empty(m->code);
            for (size_t s = 0; s < n && !known; s++)
                known = str_eq(seen[s], name);
            if (known)
                continue;
            seen[n++] = name;
            struct view *row = view_add_map(rows);
            view_put_text(row, "name", m->name);
            view_put_null(row, "code");
            put_cells(t, NULL, name, row);
        }
}

static void
put_columns(const struct table *t, struct view *matrix)
{
    struct view *list = view_put_list(matrix, "columns");
    for (size_t i = 0; i < t->columns; i++) {
        const struct region *r = t->column[i];
        struct view *v = view_add_map(list);
        int64_t by[DIFF_UNPRINTED + 1] = {0};
        for (size_t k = 0; k < t->diff[i].n; k++) {
            const struct diff_row *row = &t->diff[i].row[k];
            if (diff_row_paired(row))
                by[diff_row_side(row)]++;
        }
        view_put_text(v, "code", r->code);
        view_put_text(v, "name", r->name);
        view_put_bool(v, "own", r == t->own);
        view_put_bool(v, "unpublished", r->unpublished);
        view_put_bool(v, "base", r == t->yardstick);
        view_put_text(v, "href", address_of(t->call, r->code, STR("")));
        for (int s = 0; s <= DIFF_UNPRINTED; s++)
            view_put_int(v, diff_side_name((enum diff_side)s), by[s]);
    }
}

static void
add_column(struct table *t, const struct region *r)
{
    for (size_t i = 0; i < t->columns; i++)
        if (t->column[i] == r)
            return;
    if (!r)
        return;
    if (t->columns < COLUMNS_MAX)
        t->column[t->columns++] = r;
    else
        t->left_out++;
}

static enum err
put_matrix(struct table *t)
{
    struct view *matrix = view_put_map(t->call->view, "matrix");
    add_column(t, t->own);
    add_column(t, t->yardstick);
    for (size_t i = 0; i < catalog_region_count(t->c); i++)
        add_column(t, catalog_region_at(t->c, i));
    for (size_t i = 0; i < t->columns; i++)
        TRY(t->call->ctx, catalog_diff(t->call->ctx, t->c, t->column[i], t->yardstick, &t->diff[i]));
    struct view *y = view_put_map(matrix, "yardstick");
    view_put_text(y, "code", yardstick_code(t->yardstick));
    view_put_text(y, "name", yardstick_name(t->yardstick));
    view_put_bool(y, "standard", !t->yardstick);
    put_columns(t, matrix);
    struct view *rows = view_put_list(matrix, "rows");
    for (size_t i = 0; i < catalog_standard_count(t->c); i++) {
        const struct standard_matter *s = catalog_standard_at(t->c, i);
        struct view *row = view_add_map(rows);
        view_put_text(row, "name", s->name);
        view_put_text(row, "code", s->code);
        put_cells(t, s, STR(""), row);
    }
    put_local_rows(t, rows);
    view_put_int(matrix, "left_out", (int64_t)t->left_out);
    view_put_bool(matrix, "some_left_out", t->left_out > 0);
    return OK;
}

/* --- one's own against another --- */

enum show { SHOW_ALL, SHOW_HEAVIER, SHOW_LIGHTER, SHOW_OTHER, SHOW_SAME, SHOW_UNPRINTED, SHOW_ONLY, SHOW_COUNT };
static const struct {
    const char *id, *title;
} shows[SHOW_COUNT] = {{"all", "全部"},  {"heavier", "较重"},   {"lighter", "较轻"},   {"other", "有别"},
                       {"same", "相同"}, {"unprinted", "未印"}, {"only", "只有一方有"}};

static enum show
show_of(const struct diff_row *r)
{
    static const enum show by[] = {[DIFF_SAME] = SHOW_SAME,
                                   [DIFF_LIGHTER] = SHOW_LIGHTER,
                                   [DIFF_HEAVIER] = SHOW_HEAVIER,
                                   [DIFF_OTHER] = SHOW_OTHER,
                                   [DIFF_UNPRINTED] = SHOW_UNPRINTED};
    return diff_row_paired(r) ? by[diff_row_side(r)] : SHOW_ONLY;
}

static enum err
chosen_show(struct web_call *call, enum show *ret_s)
{
    struct str s = web_param(call, "show");
    *ret_s = SHOW_ALL;
    if (str_empty(s))
        return OK;
    for (int i = 0; i < SHOW_COUNT; i++)
        if (str_eqz(s, shows[i].id)) {
            *ret_s = (enum show)i;
            return OK;
        }
    fail_field(call->ctx, STR("show"), STR("筛选"), STR("没有这个筛选"),
               STR("可用 all、heavier、lighter、other、same、unprinted、only"));
    FAIL(call->ctx, ERR_FIELD_INVALID, "%s", "");
}

/* The rows, those that are shown marked, and the links to the others with their numbers. */
static void
put_pair(struct web_call *call, const struct diff *d, enum show show)
{
    size_t count[SHOW_COUNT] = {d->n}, i = 0;
    diff_view(call->ctx, d, call->view);
    const struct view *row = view_first(view_get(call->view, STR("rows")));
    for (; row && i < d->n; row = view_next(row), i++) {
        enum show s = show_of(&d->row[i]);
        count[s]++;
        view_put_bool((struct view *)(uintptr_t)row, "shown", show == SHOW_ALL || show == s);
    }
    struct view *list = view_put_list(call->view, "shows");
    for (int k = 0; k < SHOW_COUNT; k++) {
        if (count[k] == 0 && k != (int)show)
            continue;
        struct view *v = view_add_map(list);
        struct str href = address_of(call, yardstick_code(d->theirs), k ? str_c(shows[k].id) : STR(""));
        view_put_z(v, "id", shows[k].id);
        view_put_z(v, "title", shows[k].title);
        view_put_int(v, "n", (int64_t)count[k]);
        view_put_bool(v, "current", k == (int)show);
        view_put_text(v, "href", str_fmt(call->ctx->arena, "%.*s#pair", STR_ARG(href)));
    }
    view_put_bool(call->view, "nothing", count[show] == 0);
}

static void
put_choice(const struct table *t, const struct region *r, struct view *list)
{
    struct view *v = view_add_map(list);
    view_put_text(v, "code", yardstick_code(r));
    view_put_text(v, "name", yardstick_name(r));
    view_put_bool(v, "own", r && r == t->own);
    view_put_bool(v, "current", r == t->yardstick);
    view_put_text(v, "href", address_of(t->call, yardstick_code(r), STR("")));
}

static enum err
yardstick(struct web_call *call, struct table *t)
{
    struct str against = str_trim(web_param(call, "against"));
    t->yardstick = t->own;
    if (str_empty(against))
        return OK;
    t->yardstick = str_eqz(against, "standard") ? NULL : catalog_region(t->c, against);
    if (t->yardstick || str_eqz(against, "standard"))
        return OK;
    fail_field(call->ctx, STR("against"), STR("比较对象"), STR("没有这个统筹区"), STR("填统筹区代码，或 standard"));
    FAIL(call->ctx, ERR_NOT_FOUND, "没有统筹区“%.*s”", STR_ARG(str_sub(against, 0, 20)));
}

enum err
web_diff(struct web_call *call)
{
    struct table t = {.call = call, .c = call->world};
    enum show show;
    t.own = catalog_region(t.c, call->actor.region);
    if (!t.own)
        FAIL(call->ctx, ERR_NOT_FOUND, "目录里没有您所在的统筹区");
    TRY(call->ctx, yardstick(call, &t));
    TRY(call->ctx, chosen_show(call, &show));
    struct view *choices = view_put_list(call->view, "choices");
    put_choice(&t, t.own, choices);
    put_choice(&t, NULL, choices);
    for (size_t i = 0; i < catalog_region_count(t.c); i++)
        if (catalog_region_at(t.c, i) != t.own)
            put_choice(&t, catalog_region_at(t.c, i), choices);
    TRY(call->ctx, put_matrix(&t));
    view_put_bool(call->view, "paired", t.yardstick != t.own);
    if (t.yardstick != t.own)
        put_pair(call, &t.diff[0], show); /* the first column is one's own */
    call->title = STR("对比");
    if (!call->api)
        desk_put_nav(call, DESK_NAV_CATALOG);
    return OK;
}
