/* Who sits where and how to reach them, from what the guides print. Called by web (page, API) and by the posters. */
#include "service/directory_int.h"

#include "catalog/search.h"
#include "service/guide.h"

enum { HITS_MAX = 12, PHONE_ROWS_MAX = 512 };

/* --- a query: letters and digits alone count --- */

static struct str
plain(struct arena *a, struct str s)
{
    struct buf b;
    buf_init(&b, a, s.n + 1);
    for (size_t at = 0; at < s.n;) {
        uint32_t cp = str_utf8_next(s, &at);
        if (cp >= 0xff01 && cp <= 0xff5e)
            cp -= 0xfee0;
        if (cp >= 'A' && cp <= 'Z')
            cp += 'a' - 'A';
        if (cp != ' ' && cp != '-' && cp != 0x3000)
            buf_cp(&b, cp);
    }
    return buf_str(&b);
}

static bool
hits(struct directory *d, struct str s)
{
    bool hit = str_empty(d->q) || (!str_empty(s) && str_find(plain(d->ctx->arena, s), d->q) != SIZE_MAX);
    d->found = d->found || (hit && !str_empty(d->q));
    return hit;
}

static bool
hits_any(struct directory *d, const struct str *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (hits(d, list[i]))
            return true;
    return false;
}

static bool
point_hits(struct directory *d, const struct service_point *p)
{
    return hits(d, p->name) || hits(d, p->area) || hits(d, p->address) || hits(d, p->note) ||
           hits_any(d, p->alias, p->alias_count) || hits_any(d, p->phone, p->phone_count);
}

static bool
window_hits(struct directory *d, const struct service_point *p, size_t i)
{
    const struct window *w = &p->window_detail[i];
    return hits(d, p->window[i]) || hits(d, w->use) || hits_any(d, w->alias, w->alias_count) ||
           hits_any(d, w->phone, w->phone_count);
}

/* --- pieces --- */

static void
put_texts(struct view *map, const char *key, const struct str *s, size_t n)
{
    struct view *list = view_put_list(map, key);
    for (size_t i = 0; i < n; i++)
        view_add_text(list, s[i]);
}

static void
add_matter(struct view *list, const struct matter *m)
{
    struct view *row = view_add_map(list);
    view_put_text(row, "id", m->id);
    view_put_text(row, "name", m->name);
}

static void
put_count(struct view *row, const struct view *matters)
{
    view_put_int(row, "matter_count", (int64_t)view_count(matters));
    view_put_bool(row, "has_matters", view_count(matters) > 0);
}

/* --- halls and windows --- */

static bool
point_takes(const struct region *r, const struct service_point *p, const struct matter *m)
{
    for (size_t k = 0; k < m->channel_count; k++)
        if (directory_point_has(r, p, &m->channel[k]))
            return true;
    return false;
}

/* Handled at the place, but at none of its windows by name. */
static bool
takes_beside_windows(const struct region *r, const struct service_point *p, const struct matter *m)
{
    if (!point_takes(r, p, m))
        return false;
    for (size_t i = 0; i < p->window_count; i++)
        if (directory_window_takes(r, p, i, m))
            return false;
    return true;
}

static void
put_window(struct directory *d, const struct service_point *p, size_t i, struct view *row)
{
    const struct window *w = &p->window_detail[i];
    view_put_text(row, "name", p->window[i]);
    view_put_text(row, "anchor", str_fmt(d->ctx->arena, "w-%.*s-%zu", STR_ARG(p->id), i + 1));
    guide_put(row, "place", w->place);
    guide_put(row, "use", w->use);
    put_texts(row, "aliases", w->alias, w->alias_count);
    directory_numbers(d->ctx, row, "phones", w->phone, w->phone_count);
    struct view *matters = view_put_list(row, "matters");
    for (size_t k = 0; k < d->r->matter_count; k++)
        if (directory_window_takes(d->r, p, i, &d->r->matter[k]))
            add_matter(matters, &d->r->matter[k]);
    put_count(row, matters);
}

static bool
same_names(const struct service_point *a, const struct service_point *b)
{
    if (a->alias_count == 0 || a->alias_count != b->alias_count || a->window_count || b->window_count)
        return false;
    for (size_t i = 0; i < a->alias_count; i++)
        if (!str_eq(a->alias[i], b->alias[i]))
            return false;
    return true;
}

/* Where one name stands for the halls of all counties, what they handle is listed at the first of them. */
static const struct service_point *
first_of_kind(const struct region *r, const struct service_point *p)
{
    for (const struct service_point *x = r->point; x < p; x++)
        if (same_names(x, p))
            return x;
    return NULL;
}

static void
put_point_matters(struct directory *d, const struct service_point *p, struct view *row)
{
    const struct service_point *first = first_of_kind(d->r, p);
    struct view *matters = view_put_list(row, "matters");
    guide_put(row, "same_as", first && str_empty(d->q) ? first->id : STR(""));
    guide_put(row, "same_as_name", first && str_empty(d->q) ? first->name : STR(""));
    int64_t n = 0;
    bool (*takes)(const struct region *, const struct service_point *, const struct matter *) =
        p->each ? point_takes : takes_beside_windows; /* a look-up's windows are not told apart */
    for (size_t k = 0; k < d->r->matter_count; k++)
        if (takes(d->r, p, &d->r->matter[k]) && ++n && (!first || !str_empty(d->q)))
            add_matter(matters, &d->r->matter[k]);
    view_put_int(row, "matter_count", n);
    view_put_bool(row, "has_matters", view_count(matters) > 0);
}

static void
put_point_head(struct directory *d, const struct service_point *p, struct view *row)
{
    view_put_text(row, "id", p->id);
    view_put_text(row, "name", p->name);
    put_texts(row, "aliases", p->alias, p->alias_count);
    guide_put(row, "area", p->area);
    guide_put(row, "address", p->address);
    guide_put(row, "note", p->note);
    guide_put(row, "level", p->level_known ? str_c(level_name(p->level)) : STR(""));
    view_put_bool(row, "device", p->device);
    view_put_bool(row, "qr", p->qr);
    directory_numbers(d->ctx, row, "phones", p->phone, p->phone_count);
}

static void
put_point(struct directory *d, const struct service_point *p, struct view *list)
{
    bool whole = point_hits(d, p);
    bool *keep = ARENA_ARRAY(d->ctx->arena, p->window_count, bool);
    size_t kept = 0;
    for (size_t i = 0; i < p->window_count; i++)
        kept += keep[i] = whole || window_hits(d, p, i);
    if (!whole && kept == 0)
        return;
    struct view *row = view_add_map(list);
    put_point_head(d, p, row);
    struct view *windows = view_put_list(row, "windows");
    for (size_t i = 0; i < p->window_count; i++)
        if (keep[i])
            put_window(d, p, i, view_add_map(windows));
    view_put_bool(row, "has_windows", kept > 0);
    put_point_matters(d, p, row);
}

/* A look-up: what the guide calls 各镇办…, with the members that the bureau has entered. */ //= R282
static void
put_lookup(struct directory *d, const struct service_point *p, struct view *list)
{
    bool whole = point_hits(d, p);
    size_t members = 0, shown = 0;
    bool *keep = ARENA_ARRAY(d->ctx->arena, d->r->point_count, bool);
    for (size_t i = 0; i < d->r->point_count; i++)
        if (str_eq(d->r->point[i].within, p->id)) {
            members++;
            shown += keep[i] = whole || point_hits(d, &d->r->point[i]);
        }
    if (!whole && shown == 0)
        return;
    struct view *row = view_add_map(list);
    put_point_head(d, p, row);
    put_texts(row, "windows", p->window, p->window_count);
    struct view *places = view_put_list(row, "members");
    for (size_t i = 0; i < d->r->point_count; i++)
        if (keep[i])
            put_point_head(d, &d->r->point[i], view_add_map(places));
    view_put_bool(row, "unlisted", members == 0);
    guide_phone(d->ctx, guide_region_phone(d->r), view_put_map(row, "ask"));
    put_point_matters(d, p, row);
}

static void
put_points(struct directory *d, struct view *v)
{
    struct view *points = view_put_list(v, "points"), *lookups = view_put_list(v, "lookups");
    for (size_t i = 0; i < d->r->point_count; i++) {
        const struct service_point *p = &d->r->point[i];
        if (p->each)
            put_lookup(d, p, lookups);
        else if (str_empty(p->within))
            put_point(d, p, points);
    }
    bool bare = false;
    for (size_t i = 0; i < d->r->point_count; i++)
        for (size_t k = 0; k < d->r->point[i].phone_count; k++)
            bare = bare || directory_is_bare(d->r->point[i].phone[k]);
    view_put_bool(v, "no_area_codes", bare);
    view_put_bool(v, "has_points", view_count(points) > 0);
    view_put_bool(v, "has_lookups", view_count(lookups) > 0);
}

/* --- phones --- */

struct phone_row {
    struct str number, insurance, unit;
    const struct matter **matter;
    size_t matter_count;
};
struct phone_book {
    struct phone_row row[PHONE_ROWS_MAX];
    size_t n;
};

static struct phone_row *
book_row(struct directory *d, struct phone_book *b, struct str number, struct str insurance, struct str unit)
{
    for (size_t i = 0; i < b->n; i++)
        if (str_eq(b->row[i].number, number) && str_eq(b->row[i].insurance, insurance) && str_eq(b->row[i].unit, unit))
            return &b->row[i];
    if (b->n == PHONE_ROWS_MAX)
        return NULL;
    b->row[b->n] = (struct phone_row){.number = number, .insurance = insurance, .unit = unit};
    b->row[b->n].matter = ARENA_ARRAY(d->ctx->arena, d->r->matter_count, const struct matter *);
    return &b->row[b->n++];
}

static void
book_add(struct phone_row *row, const struct matter *m)
{
    if (row && (row->matter_count == 0 || row->matter[row->matter_count - 1] != m))
        row->matter[row->matter_count++] = m;
}

static bool
book_has(const struct phone_book *b, struct str number)
{
    for (size_t i = 0; i < b->n; i++)
        if (str_eq(b->row[i].number, number))
            return true;
    return false;
}

static void
put_book(struct directory *d, const struct phone_book *b, struct view *map, const char *key)
{
    struct view *list = view_put_list(map, key);
    for (size_t i = 0; i < b->n; i++) {
        const struct phone_row *x = &b->row[i];
        if (!hits(d, x->number) && !hits(d, x->insurance) && !hits(d, x->unit))
            continue;
        struct view *row = view_add_map(list);
        directory_number(d->ctx, x->number, row);
        guide_put(row, "insurance", x->insurance);
        guide_put(row, "unit", x->unit);
        struct view *holders = view_put_list(row, "holders");
        for (size_t k = 0; k < d->r->point_count; k++)
            if (directory_in(d->r->point[k].phone, d->r->point[k].phone_count, x->number))
                view_add_text(holders, d->r->point[k].name);
        struct view *matters = view_put_list(row, "matters");
        for (size_t k = 0; k < x->matter_count; k++)
            add_matter(matters, x->matter[k]);
        put_count(row, matters);
    }
}

//= R283
static void
put_phones(struct directory *d, struct view *v)
{
    struct phone_book *b = ARENA_NEW(d->ctx->arena, struct phone_book);
    for (size_t i = 0; i < d->r->matter_count; i++)
        for (size_t k = 0; k < d->r->matter[i].phone_count; k++) {
            const struct phone *x = &d->r->matter[i].phone[k];
            book_add(book_row(d, b, x->number, x->insurance, x->unit), &d->r->matter[i]);
        }
    for (size_t i = 0; i < d->r->point_count; i++)
        for (size_t k = 0; k < d->r->point[i].phone_count; k++)
            if (!book_has(b, d->r->point[i].phone[k]))
                (void)book_row(d, b, d->r->point[i].phone[k], STR(""), STR(""));
    put_book(d, b, v, "phones");
    view_put_bool(v, "no_phones", b->n == 0);
    struct phone_book *s = ARENA_NEW(d->ctx->arena, struct phone_book);
    if (!str_empty(d->r->supervision))
        (void)book_row(d, s, d->r->supervision, STR(""), STR(""));
    for (size_t i = 0; i < d->r->matter_count; i++)
        for (size_t k = 0; k < d->r->matter[i].supervision_count; k++)
            book_add(book_row(d, s, d->r->matter[i].supervision[k], STR(""), STR("")), &d->r->matter[i]);
    put_book(d, s, v, "supervision");
    view_put_bool(v, "no_supervision", s->n == 0);
    view_put_bool(v, "has_phones", view_count(view_get(v, STR("phones"))) > 0);
    view_put_bool(v, "has_supervision", view_count(view_get(v, STR("supervision"))) > 0);
}

/* --- web sites, apps, other places, what is to be published --- */

static bool
uses_platform(struct str platform, const struct matter *m)
{
    for (size_t i = 0; i < m->channel_count; i++)
        if (directory_platform_is(platform, &m->channel[i]))
            return true;
    return false;
}

static void
put_platforms(struct directory *d, struct view *v)
{
    struct view *list = view_put_list(v, "platforms");
    for (size_t i = 0; i < d->r->platform_count; i++) {
        const struct platform *p = &d->r->platform_detail[i];
        if (!hits(d, d->r->platform[i]) && !hits(d, p->kind) && !hits(d, p->note))
            continue;
        struct view *row = view_add_map(list);
        view_put_text(row, "name", d->r->platform[i]);
        guide_put(row, "kind", p->kind);
        guide_put(row, "url", p->url);
        guide_put(row, "note", p->note);
        struct view *matters = view_put_list(row, "matters");
        for (size_t k = 0; k < d->r->matter_count; k++)
            if (uses_platform(d->r->platform[i], &d->r->matter[k]))
                add_matter(matters, &d->r->matter[k]);
        put_count(row, matters);
    }
    view_put_bool(v, "has_platforms", view_count(list) > 0);
}

static bool
is_listed(const struct region *r, const struct channel *ch)
{
    for (size_t i = 0; i < r->point_count; i++)
        if (directory_point_has(r, &r->point[i], ch))
            return true;
    for (size_t i = 0; i < r->platform_count; i++)
        if (directory_platform_is(r->platform[i], ch))
            return true;
    return false;
}

static bool
same_place(const struct channel *a, const struct channel *b)
{
    return a->kind == b->kind && str_eq(a->name, b->name) && str_eq(a->window, b->window);
}

/* Was CH met in an earlier matter, or before in this one. */
static bool
met_before(const struct region *r, size_t matter, size_t channel)
{
    const struct channel *ch = &r->matter[matter].channel[channel];
    for (size_t i = 0; i <= matter; i++) {
        size_t n = i == matter ? channel : r->matter[i].channel_count;
        for (size_t k = 0; k < n; k++)
            if (same_place(&r->matter[i].channel[k], ch))
                return true;
    }
    return false;
}

static void
put_place(struct directory *d, const struct channel *ch, struct view *row)
{
    view_put_z(row, "kind", channel_name(ch->kind));
    guide_put(row, "name", ch->name);
    guide_put(row, "window", ch->window);
    guide_put(row, "address", ch->address);
    if (str_empty(ch->phone))
        view_put_null(row, "phone");
    else
        directory_number(d->ctx, ch->phone, view_put_map(row, "phone"));
    struct view *matters = view_put_list(row, "matters");
    for (size_t i = 0; i < d->r->matter_count; i++)
        for (size_t k = 0; k < d->r->matter[i].channel_count; k++)
            if (same_place(&d->r->matter[i].channel[k], ch)) {
                add_matter(matters, &d->r->matter[i]);
                break;
            }
    put_count(row, matters);
}

/* Places that only matters name. */
static void
put_places(struct directory *d, struct view *v)
{
    struct view *list = view_put_list(v, "places");
    for (size_t i = 0; i < d->r->matter_count; i++)
        for (size_t k = 0; k < d->r->matter[i].channel_count; k++) {
            const struct channel *ch = &d->r->matter[i].channel[k];
            if (str_empty(ch->name) || is_listed(d->r, ch) || met_before(d->r, i, k))
                continue;
            if (hits(d, ch->name) || hits(d, ch->window) || hits(d, ch->address) || hits(d, ch->phone))
                put_place(d, ch, view_add_map(list));
        }
    view_put_bool(v, "has_places", view_count(list) > 0);
}

/* Addresses are published where a hall of that area prints one. */
static void
add_addresses(const struct region *r, struct view *list)
{
    for (size_t i = 0; i < r->point_count; i++) {
        if (str_empty(r->point[i].area) || str_empty(r->point[i].address))
            continue;
        struct view *row = view_add_map(list);
        view_put_text(row, "area", r->point[i].area);
        view_put_text(row, "text", r->point[i].address);
        view_put_text(row, "point", r->point[i].id);
        view_put_null(row, "dial");
        view_put_null(row, "url");
    }
}

void
directory_published(struct ctx *ctx, const struct publish_slot *s, const struct published *p, struct view *row)
{
    struct view *phone = view_map(ctx->arena);
    bool web = str_starts(p->text, STR("https://")) || str_starts(p->text, STR("http://"));
    guide_phone(ctx, p->text, phone);
    view_put_text(row, "area", p->area);
    view_put_text(row, "text", p->text);
    view_put_null(row, "point");
    guide_put(row, "dial", str_eqz(s->kind, "监督电话") ? view_text(view_get(phone, STR("dial"))) : STR(""));
    guide_put(row, "url", web ? p->text : STR(""));
}

//= R8 R9
static void
put_slots(struct directory *d, struct view *v)
{
    struct view *list = view_put_list(v, "slots");
    for (size_t i = 0; i < d->r->slot_count && str_empty(d->q); i++) {
        const struct publish_slot *s = &d->r->slot[i];
        struct view *row = view_add_map(list);
        view_put_text(row, "kind", s->kind);
        guide_put(row, "verbatim", s->verbatim);
        struct view *values = view_put_list(row, "values");
        if (str_eqz(s->kind, "办理地址"))
            add_addresses(d->r, values);
        for (size_t k = 0; k < s->value_count; k++)
            directory_published(d->ctx, s, &s->value[k], view_add_map(values));
        view_put_bool(row, "missing", view_count(values) == 0);
        view_put_int(row, "value_count", (int64_t)view_count(values));
    }
    view_put_bool(v, "has_slots", view_count(list) > 0);
}

static void
put_agency(struct directory *d, const struct agency *a, struct view *list)
{
    bool sections = hits_any(d, a->section, a->section_count);
    if (!sections && !hits(d, a->name) && !hits(d, a->address) && !hits_any(d, a->phone, a->phone_count))
        return;
    struct view *row = view_add_map(list);
    view_put_text(row, "id", a->id);
    view_put_text(row, "name", a->name);
    guide_put(row, "address", a->address);
    guide_put(row, "note", a->note);
    directory_numbers(d->ctx, row, "phones", a->phone, a->phone_count);
    struct view *list2 = view_put_list(row, "sections");
    for (size_t i = 0; i < a->section_count; i++) {
        struct view *s = view_add_map(list2);
        view_put_text(s, "name", a->section[i]);
        guide_put(s, "place", a->section_detail[i].place);
        guide_put(s, "note", a->section_detail[i].note);
        directory_numbers(d->ctx, s, "phones", a->section_detail[i].phone, a->section_detail[i].phone_count);
    }
    view_put_bool(row, "has_sections", a->section_count > 0);
}

static void
put_agencies(struct directory *d, struct view *v)
{
    struct view *list = view_put_list(v, "agencies");
    for (size_t i = 0; i < d->r->agency_count; i++)
        put_agency(d, &d->r->agency[i], list);
    view_put_bool(v, "has_agencies", view_count(list) > 0);
}

/* --- all of it --- */

static void
put_matters(struct directory *d, const struct catalog *c, struct str query, struct view *v)
{
    struct search_hit *hit;
    size_t n;
    struct view *list = view_put_list(v, "matters");
    if (!str_empty(d->q)) {
        search_matters(d->ctx, catalog_search(c), d->r, query, &hit, &n);
        for (size_t i = 0; i < n && i < HITS_MAX; i++)
            add_matter(list, hit[i].matter);
    }
    view_put_bool(v, "has_matters", view_count(list) > 0);
}

void
directory_view(struct ctx *ctx, const struct catalog *c, const struct region *r, const struct directory_query *q,
               struct view *v)
{
    struct str typed = str_trim(q->text.p ? q->text : STR(""));
    struct directory d = {.ctx = ctx, .r = r};
    d.q = plain(ctx->arena, str_sub(typed, 0, (size_t)SEARCH_QUERY_MAX * 4));
    guide_region(ctx, r, view_put_map(v, "region"));
    guide_put(v, "query", typed);
    if (q->matter)
        directory_contact(&d, q->matter, q->insurance.p ? q->insurance : STR(""), v);
    else
        view_put_null(v, "contact");
    put_matters(&d, c, typed, v);
    put_points(&d, v);
    put_phones(&d, v);
    put_platforms(&d, v);
    put_places(&d, v);
    put_slots(&d, v);
    put_agencies(&d, v);
    view_put_bool(v, "none", !str_empty(d.q) && !d.found && view_count(view_get(v, STR("matters"))) == 0);
}
