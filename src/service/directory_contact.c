/* Which place, window, platform or number is meant by what a guide prints, and the contact of one matter. */
#include "service/directory_int.h"

#include "service/guide.h"

/* --- who is meant --- */

const struct service_point *
directory_point(const struct region *r, struct str id)
{
    for (size_t i = 0; !str_empty(id) && i < r->point_count; i++)
        if (str_eq(r->point[i].id, id))
            return &r->point[i];
    return NULL;
}

size_t
directory_window(const struct service_point *p, struct str name)
{
    for (size_t i = 0; i < p->window_count; i++)
        if (str_eq(p->window[i], name))
            return i;
    return SIZE_MAX;
}

bool
directory_in(const struct str *list, size_t n, struct str s)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i], s))
            return true;
    return false;
}

bool
directory_point_has(const struct region *r, const struct service_point *p, const struct channel *ch)
{
    if (ch->kind != CHANNEL_ONSITE || str_empty(ch->name))
        return false;
    if (str_eq(p->name, ch->name) || directory_in(p->alias, p->alias_count, ch->name))
        return true;
    const struct service_point *of = directory_point(r, p->within);
    return of && (str_eq(of->name, ch->name) || directory_in(of->alias, of->alias_count, ch->name)); //= R282
}

size_t
directory_digits(struct str s, size_t from)
{
    size_t n = 0;
    while (from + n < s.n && s.p[from + n] >= '0' && s.p[from + n] <= '9')
        n++;
    return n;
}

/* “5、6号窗口” and “7.8号窗口” name several: a window with a number is meant when its number stands among them, and only then: 2 is not
** 12. */
static bool
names_number(struct str printed, struct str number, struct str kind)
{
    if (str_find(printed, STR("窗口")) == SIZE_MAX || str_find(kind, STR("窗口")) == SIZE_MAX)
        return false;
    for (size_t at = 0; at < printed.n;) {
        size_t n = directory_digits(printed, at);
        if (n && str_eq(str_sub(printed, at, n), number))
            return true;
        at += n ? n : 1;
    }
    return false;
}

bool
directory_window_has(const struct service_point *p, size_t i, const struct channel *ch)
{
    struct str name = p->window[i], printed = ch->window;
    size_t n = directory_digits(name, 0);
    if (str_empty(printed))
        return false;
    if (n)
        return names_number(printed, str_sub(name, 0, n), str_sub(name, n, name.n));
    if (str_find(printed, name) != SIZE_MAX)
        return true;
    for (size_t k = 0; k < p->window_detail[i].alias_count; k++)
        if (str_find(printed, p->window_detail[i].alias[k]) != SIZE_MAX)
            return true;
    return false;
}

static bool
by_channel(const struct region *r, const struct service_point *p, size_t i, const struct matter *m)
{
    for (size_t k = 0; k < m->channel_count; k++)
        if (directory_point_has(r, p, &m->channel[k]) && directory_window_has(p, i, &m->channel[k]))
            return true;
    return false;
}

bool
directory_window_takes(const struct region *r, const struct service_point *p, size_t i, const struct matter *m)
{
    return directory_in(p->window_detail[i].matter, p->window_detail[i].matter_count, m->id) || by_channel(r, p, i, m);
}

bool
directory_platform_is(struct str platform, const struct channel *ch)
{
    bool net = ch->kind == CHANNEL_ONLINE || ch->kind == CHANNEL_WECHAT;
    return net && !str_empty(ch->name) && str_find(platform, ch->name) != SIZE_MAX;
}

bool
directory_is_bare(struct str number)
{
    size_t digits = directory_digits(number, 0);
    return digits == number.n && digits >= 7 && digits <= 8;
}

void
directory_number(struct ctx *ctx, struct str number, struct view *row)
{
    guide_phone(ctx, number, row);
    view_put_bool(row, "no_area_code", directory_is_bare(number));
}

void
directory_numbers(struct ctx *ctx, struct view *map, const char *key, const struct str *s, size_t n)
{
    struct view *list = view_put_list(map, key);
    for (size_t i = 0; i < n; i++)
        directory_number(ctx, s[i], view_add_map(list));
}

/* --- the contact of one matter --- */

static void
put_contact_place(struct directory *d, const struct matter *m, const struct channel *ch, const struct service_point *p,
                  struct view *row)
{
    view_put_text(row, "name", p ? p->name : ch->name);
    guide_put(row, "point", p ? p->id : STR(""));
    guide_put(row, "area", p ? p->area : STR(""));
    guide_put(row, "address", p && !str_empty(p->address) ? p->address : ch->address);
    guide_put(row, "window", ch->window);
    guide_put(row, "level",
              !str_empty(ch->level) ? ch->level
              : p && p->level_known ? str_c(level_name(p->level))
                                    : STR(""));
    guide_put(row, "duty", ch->duty);
    view_put_bool(row, "planned", ch->planned);
    view_put_bool(row, "each", p && p->each);
    bool own = p && m->phone_count == 0; /* the matter prints none: then those of the place */
    directory_numbers(d->ctx, row, "phones", own ? p->phone : NULL, own ? p->phone_count : 0);
}

static void
put_contact_onsite(struct directory *d, const struct matter *m, const struct channel *ch, struct view *places)
{
    size_t n = 0;
    for (size_t i = 0; i < d->r->point_count; i++)
        if (str_empty(d->r->point[i].within) && directory_point_has(d->r, &d->r->point[i], ch)) {
            put_contact_place(d, m, ch, &d->r->point[i], view_add_map(places));
            n++;
        }
    if (n == 0 && !str_empty(ch->name))
        put_contact_place(d, m, ch, NULL, view_add_map(places));
}

static bool
slot_is(const struct publish_slot *s, const char *const *kind, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eqz(s->kind, kind[i]))
            return true;
    return false;
}

/* What the pooling areas have published of these kinds: the guide leaves a slot, the region fills it. */ //= R8 R9
static void
put_published(struct directory *d, const char *const *kind, size_t n, struct view *row)
{
    struct view *list = view_put_list(row, "published");
    for (size_t i = 0; i < d->r->slot_count; i++)
        for (size_t k = 0; slot_is(&d->r->slot[i], kind, n) && k < d->r->slot[i].value_count; k++) {
            struct view *x = view_add_map(list);
            view_put_text(x, "slot", d->r->slot[i].kind);
            directory_published(d->ctx, &d->r->slot[i], &d->r->slot[i].value[k], x);
        }
    view_put_bool(row, "has_published", view_count(list) > 0);
}

static void
put_contact_other(struct directory *d, const struct channel *ch, struct view *list)
{
    static const char *const net[] = {"网址", "手机APP"}, *const wechat[] = {"微信公众号"};
    struct view *row = view_add_map(list);
    struct str url = STR("");
    bool named = !str_empty(ch->name);
    for (size_t i = 0; i < d->r->platform_count; i++)
        if (directory_platform_is(d->r->platform[i], ch))
            url = d->r->platform_detail[i].url;
    view_put_z(row, "kind", channel_name(ch->kind));
    guide_put(row, "name", ch->name);
    guide_put(row, "url", url);
    guide_put(row, "address", ch->address);
    view_put_bool(row, "planned", ch->planned);
    if (str_empty(ch->phone))
        view_put_null(row, "phone");
    else
        directory_number(d->ctx, ch->phone, view_put_map(row, "phone"));
    if (ch->kind == CHANNEL_WECHAT)
        put_published(d, wechat, named ? 0 : 1, row);
    else
        put_published(d, net, named || ch->kind != CHANNEL_ONLINE ? 0 : 2, row);
}

//= R283
static void
put_contact_phones(struct directory *d, const struct matter *m, struct str insurance, struct view *c)
{
    struct view *list = view_put_list(c, "phones"), *kinds = view_put_list(c, "insurances");
    for (size_t i = 0; i < m->phone_count; i++) {
        const struct phone *p = &m->phone[i];
        bool known = str_empty(p->insurance);
        for (const struct view *k = view_first(kinds); k && !known; k = view_next(k))
            known = str_eq(view_text(view_get(k, STR("name"))), p->insurance);
        if (!known) {
            struct view *k = view_add_map(kinds);
            struct buf b;
            buf_init(&b, d->ctx->arena, 32);
            guide_urlencode(&b, p->insurance);
            view_put_text(k, "name", p->insurance);
            view_put_text(k, "query", buf_str(&b));
            view_put_bool(k, "current", str_eq(p->insurance, insurance));
        }
        if (!str_empty(insurance) && !str_empty(p->insurance) && !str_eq(p->insurance, insurance))
            continue;
        struct view *row = view_add_map(list);
        directory_number(d->ctx, p->number, row);
        guide_put(row, "insurance", p->insurance);
        guide_put(row, "unit", p->unit);
    }
    view_put_bool(c, "has_phones", view_count(list) > 0);
    view_put_bool(c, "has_insurances", view_count(kinds) > 0);
}

void
directory_contact(struct directory *d, const struct matter *m, struct str insurance, struct view *v)
{
    static const char *const supervision[] = {"监督电话"};
    struct view *c = view_put_map(v, "contact");
    guide_matter_line(m, view_put_map(c, "matter"));
    guide_put(c, "insurance", insurance);
    guide_put(c, "unit", m->unit);
    struct view *places = view_put_list(c, "places"), *others = view_put_list(c, "others");
    bool lookup = false;
    for (size_t i = 0; i < m->channel_count; i++) {
        if (m->channel[i].kind == CHANNEL_ONSITE)
            put_contact_onsite(d, m, &m->channel[i], places);
        else
            put_contact_other(d, &m->channel[i], others);
    }
    for (const struct view *p = view_first(places); p; p = view_next(p))
        lookup = lookup || view_int(view_get(p, STR("each")));
    view_put_bool(c, "has_places", view_count(places) > 0);
    view_put_bool(c, "has_others", view_count(others) > 0);
    view_put_bool(c, "lookup", lookup);
    guide_put(c, "consult_text", m->consult_text);
    put_contact_phones(d, m, insurance, c);
    guide_put(c, "supervision_text", m->supervision_text);
    directory_numbers(d->ctx, c, "supervision", m->supervision, m->supervision_count);
    put_published(d, supervision, m->supervision_count ? 0 : 1, c);
}
