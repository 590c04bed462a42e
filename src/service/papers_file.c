/* The cover of an archived file: whose it was, what for, from when to when, what happened, which papers it holds. */
#include "service/papers_int.h"

static void
put_day(struct ctx *ctx, struct view *b, const char *key, int64_t ms)
{
    view_put_text(b, key, ms ? day_text_zh(ctx->arena, day_of_ms(ms)) : STR(""));
}

/* One line a happening; who did it stands in the file itself. */
static void
put_events(struct ctx *ctx, const struct view *c, struct view *b)
{
    struct view *list = view_put_list(b, "events");
    size_t n = 0;
    for (const struct view *e = view_first(view_get(c, STR("timeline"))); e; e = view_next(e)) {
        struct view *row = view_add_map(list);
        view_put_text(row, "n", str_fmt(ctx->arena, "%zu", ++n));
        view_put_text(row, "title", paper_map_text(e, "title"));
        view_put_text(row, "at", paper_map_text(e, "at"));
        view_put_text(row, "who", paper_map_text(e, "who"));
    }
    view_put_text(b, "event_count", str_fmt(ctx->arena, "%zu", n));
}

static void
put_papers(struct ctx *ctx, const struct view *c, struct view *b)
{
    struct view *list = view_put_list(b, "papers");
    size_t n = 0;
    for (const struct view *d = view_first(view_get(c, STR("documents"))); d; d = view_next(d)) {
        struct view *row = view_add_map(list);
        view_put_text(row, "n", str_fmt(ctx->arena, "%zu", ++n));
        view_put_text(row, "title", paper_map_text(d, "title"));
        view_put_text(row, "no", paper_map_text(d, "no"));
        view_put_text(row, "day", str_sub(paper_map_text(d, "issued_at"), 0, 10));
    }
    view_put_text(b, "paper_count", str_fmt(ctx->arena, "%zu", n));
}

//= R269
enum err
paper_put_cover(struct ctx *ctx, struct paper *p)
{
    const struct case_file *cf = p->cf;
    struct view *b = p->body, *map = view_map(ctx->arena);
    struct str no = cf->archive_no;
    size_t given = 0;
    TRY(ctx, case_common_view(ctx, p->server, p->tx, cf, false, true, map));
    const struct view *c = view_get(map, STR("case"));
    for (size_t i = 0; i < cf->material_count; i++)
        given += cf->material[i].state != MATERIAL_ABSENT;
    view_put_text(b, "archive_no", str_empty(no) ? paper_map_text(p->extra, "archive_no") : no);
    view_put_text(b, "masked", cf->masked.p ? cf->masked : STR("")); /* a cover is read by whoever passes the shelf */
    view_put_z(b, "status", case_status_name(cf->status));
    put_day(ctx, b, "accepted_day", cf->accepted_ms);
    put_day(ctx, b, "concluded_day", cf->concluded_ms);
    put_day(ctx, b, "archived_day", cf->archived_ms);
    view_put_text(b, "material_count", str_fmt(ctx->arena, "%zu", given));
    put_events(ctx, c, b);
    put_papers(ctx, c, b);
    return OK;
}
