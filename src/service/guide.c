/* A matter as a view: structure beside the guide's own words. The strip of four facts and the lists of a region are
 * here too. */
#include "service/guide.h"

#include <string.h>

#include "catalog/words.h"

static const char *const channel_ids[CHANNEL_COUNT] = {"onsite", "online", "kiosk", "phone", "wechat", "post"};
static const char *const level_ids[LEVEL_COUNT] = {"city", "county", "town", "village", "hospital"};
static const char *const limit_ids[] = {"none",     "instant",   "workdays",  "days",      "months",
                                        "hospital", "quarterly", "on_demand", "agreement", "anytime"};
static const char *const mode_ids[] = {"listed", "reference", "department", "unlisted"};
static const char *const stage_ids[STAGE_COUNT] = {
    "apply",          "accept",      "first_review", "review", "second_review", "approve",  "evaluate", "expert",
    "examine",        "negotiate",   "publicity",    "agree",  "announce",      "injury",   "letter",   "info_form",
    "transfer_funds", "list",        "finance",      "pay",    "deliver",       "conclude", "feedback", "file_case",
    "start",          "investigate", "inspect",      "decide", "serve",         "archive",  "hospital", "letter_in"};

void
guide_put(struct view *map, const char *key, struct str s)
{
    if (str_empty(s))
        view_put_null(map, key);
    else
        view_put_text(map, key, s);
}

static void
put_texts(struct view *map, const char *key, const struct str *s, size_t n)
{
    struct view *list = view_put_list(map, key);
    for (size_t i = 0; i < n; i++)
        view_add_text(list, s[i]);
}

void
guide_urlencode(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || strchr("-._~", (int)c))
            buf_byte(b, (char)c);
        else
            buf_fmt(b, "%%%02X", c);
    }
}

void
guide_phone(struct ctx *ctx, struct str number, struct view *v)
{
    struct buf b;
    buf_init(&b, ctx->arena, number.n + 1);
    for (size_t i = 0; i < number.n; i++)
        if ((number.p[i] >= '0' && number.p[i] <= '9') || (i == 0 && number.p[i] == '+'))
            buf_byte(&b, number.p[i]);
        else if (b.n >= 7 && number.p[i] != '-' && number.p[i] != ' ')
            break; /* several numbers printed as one: the first is dialled */
    guide_put(v, "number", number);
    guide_put(v, "dial", b.n >= 5 ? buf_str(&b) : STR(""));
}

struct str
guide_region_phone(const struct region *r)
{
    for (size_t i = 0; i < r->point_count; i++)
        if (r->point[i].phone_count)
            return r->point[i].phone[0];
    for (size_t i = 0; i < r->matter_count; i++)
        if (r->matter[i].phone_count)
            return r->matter[i].phone[0].number;
    return STR("");
}

void
guide_region(struct ctx *ctx, const struct region *r, struct view *v)
{
    view_put_text(v, "code", r->code);
    view_put_text(v, "name", r->name);
    guide_put(v, "agency", r->agency_name);
    guide_put(v, "province", r->province);
    guide_put(v, "pool", r->pool);
    view_put_z(v, "level", level_name(r->level));
    view_put_int(v, "matter_count", (int64_t)r->matter_count);
    guide_phone(ctx, guide_region_phone(r), view_put_map(v, "phone"));
}

void
guide_regions(struct ctx *ctx, const struct catalog *c, struct view *v)
{
    struct view *list = view_put_list(v, "regions");
    for (size_t i = 0; i < catalog_region_count(c); i++)
        if (!catalog_region_at(c, i)->unpublished)
            guide_region(ctx, catalog_region_at(c, i), view_add_map(list));
}

static const char *
status_id(const struct matter *m)
{
    return m->suspended ? "suspended" : m->not_open ? "not_open" : "open";
}

void
guide_matter_line(const struct matter *m, struct view *v)
{
    view_put_text(v, "id", m->id);
    view_put_text(v, "name", m->name);
    guide_put(v, "number", m->number);
    guide_put(v, "code", m->code);
    view_put_z(v, "status", status_id(m));
    view_put_bool(v, "suspended", m->suspended);
    view_put_bool(v, "not_open", m->not_open);
    view_put_bool(v, "closed", m->suspended || m->not_open);
    view_put_bool(v, "by_unit", m->by_unit);
    guide_put(v, "effect", str_c(effect_name(m->effect)));
}

/* --- a region's home --- */

static void
put_situations(const struct catalog *c, const struct region *r, struct view *v)
{
    const struct search *s = catalog_search(c);
    struct view *list = view_put_list(v, "situations");
    for (size_t i = 0; i < search_situation_count(s); i++) {
        const struct situation *x = search_situation_at(s, i);
        size_t n = 0;
        for (size_t k = 0; k < r->matter_count; k++)
            n += situation_has(x, &r->matter[k]);
        if (n == 0)
            continue;
        struct view *row = view_add_map(list);
        view_put_text(row, "id", x->id);
        view_put_text(row, "name", x->name);
        guide_put(row, "text", x->text);
        view_put_int(row, "count", (int64_t)n);
    }
}

static struct str
group_of(const struct matter *m)
{
    return !str_empty(m->group) ? m->group : m->standard ? m->standard->group : STR("");
}

static void
put_group(const struct region *r, size_t first, bool *done, struct view *list)
{
    struct str name = group_of(&r->matter[first]);
    struct view *group = view_add_map(list);
    view_put_text(group, "name", str_empty(name) ? STR("其他事项") : name);
    view_put_bool(group, "printed", !str_empty(r->matter[first].group));
    struct view *matters = view_put_list(group, "matters");
    for (size_t k = first; k < r->matter_count; k++)
        if (!done[k] && str_eq(group_of(&r->matter[k]), name)) {
            done[k] = true;
            guide_matter_line(&r->matter[k], view_add_map(matters));
        }
}

/* Groups in the order in which they first occur: the guide's printed groups, else those of the standard list; the rest
 * last. */
static void
put_groups(struct ctx *ctx, const struct region *r, struct view *v)
{
    struct view *list = view_put_list(v, "groups");
    bool *done = ARENA_ARRAY(ctx->arena, r->matter_count, bool);
    for (size_t i = 0; i < r->matter_count; i++)
        if (!done[i] && !str_empty(group_of(&r->matter[i])))
            put_group(r, i, done, list);
    for (size_t i = 0; i < r->matter_count; i++)
        if (!done[i])
            put_group(r, i, done, list);
}

static void
put_source(const struct region *r, struct view *v)
{
    struct view *s = view_put_map(v, "source");
    guide_put(s, "title", r->doc_title);
    guide_put(s, "number", r->doc_number);
    guide_put(s, "publisher", r->doc_publisher);
    guide_put(s, "date", r->doc_date);
    guide_put(s, "file", r->doc_file);
}

static void
put_points(struct ctx *ctx, const struct region *r, struct view *v)
{
    struct view *list = view_put_list(v, "points");
    for (size_t i = 0; i < r->point_count; i++) {
        const struct service_point *p = &r->point[i];
        struct view *row = view_add_map(list);
        view_put_text(row, "id", p->id);
        view_put_text(row, "name", p->name);
        guide_put(row, "address", p->address);
        guide_put(row, "level", p->level_known ? str_c(level_name(p->level)) : STR(""));
        put_texts(row, "windows", p->window, p->window_count);
        struct view *phones = view_put_list(row, "phones");
        for (size_t k = 0; k < p->phone_count; k++)
            guide_phone(ctx, p->phone[k], view_add_map(phones));
    }
}

void
guide_home(struct ctx *ctx, const struct catalog *c, const struct region *r, struct str query, struct view *v)
{
    guide_region(ctx, r, view_put_map(v, "region"));
    query = str_trim(query);
    guide_put(v, "query", query);
    put_situations(c, r, v);
    if (str_empty(query)) {
        put_groups(ctx, r, v);
        put_points(ctx, r, v);
        put_source(r, v);
        return;
    }
    struct search_hit *hit;
    size_t n;
    search_matters(ctx, catalog_search(c), r, query, &hit, &n);
    struct view *list = view_put_list(v, "results");
    for (size_t i = 0; i < n; i++) {
        struct view *row = view_add_map(list);
        guide_matter_line(hit[i].matter, row);
        guide_put(row, "phrase", hit[i].phrase);
    }
    view_put_int(v, "result_count", (int64_t)n);
    view_put_bool(v, "none", n == 0);
}

enum err
guide_situation(struct ctx *ctx, const struct catalog *c, const struct region *r, struct str id, struct view *v)
{
    const struct situation *s = search_situation(catalog_search(c), id);
    if (!s)
        FAIL(ctx, ERR_NOT_FOUND, "没有这个办事情境，请回到首页查找事项");
    guide_region(ctx, r, view_put_map(v, "region"));
    struct view *x = view_put_map(v, "situation");
    view_put_text(x, "id", s->id);
    view_put_text(x, "name", s->name);
    guide_put(x, "text", s->text);
    size_t joint = 0;
    for (size_t k = 0; k < s->joint_count; k++)
        for (size_t i = 0; i < r->matter_count; i++)
            joint += str_eq(r->matter[i].code, s->joint[k].code);
    view_put_bool(x, "joint", joint > 1); //= R285
    struct view *list = view_put_list(v, "matters");
    for (size_t k = 0; k < s->code_count; k++) /* in the order of the situation, which is that of use */
        for (size_t i = 0; i < r->matter_count; i++)
            if (str_eq(r->matter[i].code, s->code[k]))
                guide_matter_line(&r->matter[i], view_add_map(list));
    struct situation words = *s;
    words.code_count = 0;
    struct situation codes = *s;
    codes.word_count = 0;
    for (size_t i = 0; i < r->matter_count; i++)
        if (situation_has(&words, &r->matter[i]) && !situation_has(&codes, &r->matter[i]))
            guide_matter_line(&r->matter[i], view_add_map(list));
    return OK;
}

/* --- limits --- */

void
guide_limit(struct ctx *ctx, struct view *map, const char *key, struct limit l)
{
    if (l.kind == LIMIT_NONE) {
        view_put_null(map, key);
        return;
    }
    struct view *v = view_put_map(map, key);
    view_put_z(v, "kind", limit_ids[l.kind]);
    view_put_int(v, "n", l.n);
    view_put_text(v, "text", limit_text(ctx->arena, l));
}

/* 12月4日（周五）, with the year when it is another one than that of FROM. */
static struct str
day_words(struct arena *a, struct day d, struct day from)
{
    struct day_ymd x = day_ymd(d), y = day_ymd(from);
    struct str year = x.year == y.year ? STR("") : str_fmt(a, "%d年", x.year);
    return str_fmt(a, "%.*s%d月%d日（%s）", STR_ARG(year), x.month, x.day, day_weekday_zh(d));
}

static struct str
due_words(struct ctx *ctx, struct limit l, struct day from, struct day due, bool tentative)
{
    struct str day = day_words(ctx->arena, due, from);
    if (l.kind == LIMIT_INSTANT || l.kind == LIMIT_ON_DEMAND)
        return due.n == from.n ? STR("今天去，当天办好")
                               : str_fmt(ctx->arena, "今天休息，%.*s去，当天办好", STR_ARG(day));
    return str_fmt(ctx->arena, "今天办，最晚 %.*s%s", STR_ARG(day), tentative ? "（暂定，当年放假安排尚未公布）" : "");
}

void
guide_tier(struct ctx *ctx, const struct catalog *c, const struct limit_tier *t, struct view *v)
{
    struct limit l = t->promised.kind != LIMIT_NONE ? t->promised : t->legal;
    struct day today = day_of_ms(ctx->now_ms);
    bool tentative;
    struct day due = limit_due(catalog_calendar(c), l, today, &tentative);
    guide_put(v, "when", t->when.source);
    guide_put(v, "when_words", condition_words(ctx->arena, &t->when));
    guide_put(v, "text", limit_text(ctx->arena, l));
    guide_limit(ctx, v, "promised", t->promised);
    guide_limit(ctx, v, "legal", t->legal);
    view_put_bool(v, "counted_by_system",
                  str_empty(t->counted_from)); /* the guide does not say from when: complete receipt */
    view_put_text(v, "counted_from", str_empty(t->counted_from) ? STR("收齐材料") : t->counted_from);
    view_put_bool(v, "receipt_only", t->receipt_only);
    put_texts(v, "pauses", t->pause, t->pause_count);
    view_put_day(v, "today", today);
    view_put_day(v, "due", due);
    view_put_bool(v, "tentative", !day_is_none(due) && tentative);
    guide_put(v, "due_words", day_is_none(due) ? STR("") : due_words(ctx, l, today, due, tentative));
    struct view *stages = view_put_list(v, "stages");
    for (size_t i = 0; i < t->stage_count; i++) {
        struct view *s = view_add_map(stages);
        view_put_z(s, "kind", stage_ids[t->stage[i].stage]);
        view_put_z(s, "name", stage_name(t->stage[i].stage));
        guide_limit(ctx, s, "limit", t->stage[i].limit);
        guide_put(s, "counted_from", t->stage[i].counted_from);
    }
}

/* --- materials --- */

static void
put_spares(struct ctx *ctx, const struct material *x, struct view *v)
{
    struct view *list = view_put_list(v, "spares");
    if (x->committable)
        view_add_text(list, STR("可以签承诺书代替"));
    if (x->shareable)
        view_add_text(list, str_empty(x->share_source) ? STR("经办机构能共享取得的，不用带")
                                                       : str_fmt(ctx->arena, "经办机构能共享取得的，不用带（%.*s）",
                                                                 STR_ARG(x->share_source)));
    if (x->tolerable)
        view_add_text(list, STR("可以容缺受理，之后补上"));
    if (x->discretionary)
        view_add_text(list, STR("窗口认为需要时才要，不带不算缺"));
    view_put_bool(v, "spared", x->committable || x->shareable || x->tolerable || x->discretionary);
}

static void
put_leaf(struct ctx *ctx, const struct matter *m, const struct material *x, const struct facts *facts, struct view *v)
{
    const struct form *form = str_empty(x->form) ? NULL : catalog_form(matter_catalog(m), x->form);
    bool stamp = !str_empty(x->stamp) && (!facts || material_stamp_needed(x, facts));
    guide_put(v, "form", x->form);
    view_put_bool(v, "form_here", form && str_eq(form->id, m->form)); /* filled in on line: nothing to print */
    guide_put(v, "form_id", form ? form->id : STR(""));
    guide_put(v, "original", x->kind);
    guide_put(v, "copies", x->copies);
    guide_put(v, "stamp", stamp ? x->stamp : STR(""));
    guide_put(v, "stamp_when", facts ? STR("") : condition_words(ctx->arena, &x->stamp_when));
    guide_put(v, "age", x->age);
    guide_put(v, "share_source", x->share_source);
    guide_put(v, "provider", x->provider);
    view_put_bool(v, "shareable", x->shareable);
    view_put_bool(v, "committable", x->committable);
    view_put_bool(v, "tolerable", x->tolerable);
    view_put_bool(v, "detailed",
                  !str_empty(x->kind) || !str_empty(x->copies) || stamp || !str_empty(x->age) ||
                      !str_empty(x->provider) || !str_empty(x->form));
}

void
guide_material(struct ctx *ctx, const struct matter *m, const struct material *x, const struct facts *facts,
               struct view *v)
{
    static const char *const nodes[] = {"leaf", "any", "all"};
    enum need need = facts ? material_need(x, facts) : NEED_UNKNOWN;
    view_put_text(v, "key", x->key);
    view_put_z(v, "node", nodes[x->node]);
    view_put_bool(v, "any", x->node == MATERIAL_ANY);
    view_put_bool(v, "group", x->node != MATERIAL_LEAF);
    guide_put(v, "name", x->name);
    guide_put(v, "verbatim", str_eq(x->verbatim, x->name) ? STR("") : x->verbatim);
    guide_put(v, "when", x->when.source);
    guide_put(v, "when_words", condition_words(ctx->arena, &x->when));
    view_put_bool(v, "uncertain", facts && need == NEED_UNKNOWN);
    guide_put(v, "note", x->note);
    view_put_bool(v, "discretionary", x->discretionary);
    put_spares(ctx, x, v);
    put_leaf(ctx, m, x, facts, v);
    struct view *children = view_put_list(v, "children");
    for (size_t i = 0; i < x->child_count; i++)
        if (!facts || material_need(&x->child[i], facts) != NEED_NO)
            guide_material(ctx, m, &x->child[i], facts, view_add_map(children));
}

bool
guide_material_opens(const struct material *x)
{
    bool spared = x->committable || x->shareable || x->tolerable || x->discretionary;
    return x->node == MATERIAL_ALL && !spared && str_empty(x->note);
}

static void
put_materials(struct ctx *ctx, const struct matter *m, struct view *v)
{
    struct view *x = view_put_map(v, "materials");
    view_put_z(x, "mode", mode_ids[m->material_mode]);
    view_put_bool(x, "listed", m->material_mode == MATERIALS_LISTED);
    view_put_bool(x, "by_reference", m->material_mode == MATERIALS_REFERENCE);
    view_put_bool(x, "by_department", m->material_mode == MATERIALS_DEPARTMENT);
    view_put_bool(x, "unlisted", m->material_mode == MATERIALS_UNLISTED);
    guide_put(x, "text", m->materials_text);
    guide_put(x, "reference", m->materials_reference);
    view_put_int(x, "leaf_count", m->leaf_count);
    struct view *list = view_put_list(x, "items");
    for (size_t i = 0; i < m->material_count; i++)
        guide_material(ctx, m, &m->material[i], NULL, view_add_map(list));
}

/* --- the four facts that people look for first --- */

static void
strip_time(struct ctx *ctx, const struct catalog *c, const struct matter *m, struct view *strip)
{
    struct view *x = view_put_map(strip, "time");
    struct view *tiers = view_put_list(x, "tiers");
    size_t shown = m->limit_count < 3 ? m->limit_count : 3;
    for (size_t i = 0; i < shown; i++)
        guide_tier(ctx, c, &m->limit[i], view_add_map(tiers));
    view_put_bool(x, "more", m->limit_count > shown);
    guide_put(x, "text", m->limit_count ? STR("") : !str_empty(m->limit_text) ? m->limit_text : STR("指南未写明"));
}

/* How many things this is when nothing is known of the applicant; *RET_ALL falls when there may be more. */
static size_t
count_always(const struct material *x, const struct facts *none, bool *ret_all)
{
    if (material_need(x, none) != NEED_YES || x->discretionary) {
        *ret_all = false;
        return 0;
    }
    if (!guide_material_opens(x))
        return 1;
    size_t n = 0;
    for (size_t i = 0; i < x->child_count; i++)
        n += count_always(&x->child[i], none, ret_all);
    return n;
}

static void
strip_bring(struct ctx *ctx, const struct matter *m, struct view *strip)
{
    struct view *x = view_put_map(strip, "bring");
    struct facts none = facts_new(ctx->arena, catalog_dict(matter_catalog(m)));
    size_t always = 0;
    bool all = true;
    for (size_t i = 0; i < m->material_count; i++)
        always += count_always(&m->material[i], &none, &all);
    struct str text, note;
    switch (m->material_mode) {
    case MATERIALS_REFERENCE:
        text = STR("见指南说明");
        note = STR("指南引用了别处的清单");
        break;
    case MATERIALS_DEPARTMENT:
        text = STR("由部门提供");
        note = STR("不用您自己准备");
        break;
    case MATERIALS_UNLISTED:
        text = STR("指南未列");
        note = STR("窗口受理时一次性告知，建议先打电话问清");
        break;
    case MATERIALS_LISTED:
    default:
        text = all      ? str_fmt(ctx->arena, "%zu 样", always)
               : always ? str_fmt(ctx->arena, "%zu 样起", always)
                        : STR("看情况");
        note = all ? STR("") : STR("答几个问题，得到您的准确清单");
        break;
    }
    view_put_text(x, "text", text);
    guide_put(x, "note", note);
}

static void
strip_place(struct ctx *ctx, const struct matter *m, struct view *strip)
{
    struct view *x = view_put_map(strip, "place");
    struct buf b;
    buf_init(&b, ctx->arena, 64);
    unsigned seen = 0;
    const struct channel *onsite = NULL;
    for (size_t i = 0; i < m->channel_count; i++) {
        const struct channel *ch = &m->channel[i];
        if (ch->kind == CHANNEL_ONSITE && !onsite)
            onsite = ch;
        if (ch->planned || (seen >> ch->kind & 1u))
            continue;
        seen |= 1u << ch->kind;
        buf_addz(&b, b.n ? "、" : "");
        buf_addz(&b, ch->kind == CHANNEL_ONSITE ? "窗口" : channel_name(ch->kind));
    }
    view_put_text(x, "text", b.n ? buf_str(&b) : STR("指南未写明"));
    guide_put(x, "note", onsite ? str_concat(ctx->arena, onsite->name, onsite->window) : STR(""));
}

static void
put_strip(struct ctx *ctx, const struct catalog *c, const struct matter *m, struct view *v)
{
    struct view *strip = view_put_map(v, "strip");
    strip_time(ctx, c, m, strip);
    strip_bring(ctx, m, strip);
    strip_place(ctx, m, strip);
    view_put_text(view_put_map(strip, "fee"), "text",
                  STR("指南未写明")); /* no guide prints a fee: nothing is promised for it */
}

/* --- the guide, field by field --- */

static void
put_eligibility(struct ctx *ctx, const struct matter *m, struct view *v)
{
    struct view *x = view_put_map(v, "service_object");
    guide_put(x, "text", m->service_object);
    struct view *list = view_put_list(x, "conditions");
    for (size_t i = 0; i < m->eligibility_count; i++) {
        struct view *row = view_add_map(list);
        view_put_text(row, "must", m->eligibility[i].must.source);
        view_put_text(row, "words", condition_words(ctx->arena, &m->eligibility[i].must));
        view_put_text(row, "otherwise", m->eligibility[i].otherwise);
    }
}

/* The text in pieces, numbers that can be dialled apart: [{text, dial}]. For fields that print phones, where 7 digits
 * are a phone. */
static void
put_dialled(struct ctx *ctx, struct view *map, const char *key, struct str text)
{
    struct view *list = view_put_list(map, key);
    size_t from = 0, at = 0;
    while (at < text.n) {
        size_t end = at, digits = 0;
        while (end < text.n && ((text.p[end] >= '0' && text.p[end] <= '9') || (text.p[end] == '-' && end > at)))
            digits += text.p[end++] != '-';
        if (digits < 7 || digits > 12) {
            at = end > at ? end : at + 1;
            continue;
        }
        struct view *plain = view_add_map(list);
        guide_put(plain, "text", str_sub(text, from, at - from));
        view_put_null(plain, "dial");
        struct view *phone = view_add_map(list);
        guide_phone(ctx, str_sub(text, at, end - at), phone);
        view_put_text(phone, "text", str_sub(text, at, end - at));
        from = at = end;
    }
    struct view *rest = view_add_map(list);
    guide_put(rest, "text", str_sub(text, from, text.n));
    view_put_null(rest, "dial");
}

/* A channel's phone: as printed, the number that is dialled first, and in pieces when it is several. */
static void
put_phone_parts(struct ctx *ctx, struct str phone, struct view *v)
{
    guide_phone(ctx, phone, v);
    put_dialled(ctx, v, "parts", phone);
}

static void
put_channels(struct ctx *ctx, const struct matter *m, struct view *v)
{
    struct view *x = view_put_map(v, "channels");
    guide_put(x, "text", m->channels_text);
    struct view *list = view_put_list(x, "items");
    for (size_t i = 0; i < m->channel_count; i++) {
        const struct channel *ch = &m->channel[i];
        struct view *row = view_add_map(list);
        view_put_z(row, "kind", channel_ids[ch->kind]);
        view_put_z(row, "kind_name", channel_name(ch->kind));
        guide_put(row, "name", ch->name);
        guide_put(row, "address", ch->address);
        guide_put(row, "window", ch->window);
        if (str_empty(ch->phone))
            view_put_null(row, "phone");
        else
            put_phone_parts(ctx, ch->phone, view_put_map(row, "phone"));
        guide_put(row, "level", ch->level);
        guide_put(row, "duty", ch->duty);
        view_put_bool(row, "planned", ch->planned);
    }
    struct view *levels = view_put_map(v, "levels");
    guide_put(levels, "text", m->levels_text);
    struct view *kinds = view_put_list(levels, "items");
    for (unsigned k = 0; k < LEVEL_COUNT; k++)
        if (m->levels >> k & 1u) {
            struct view *row = view_add_map(kinds);
            view_put_z(row, "kind", level_ids[k]);
            view_put_z(row, "name", level_name((enum level_kind)k));
        }
}

static void
put_process(struct ctx *ctx, const struct matter *m, struct view *v)
{
    struct view *x = view_put_map(v, "process");
    guide_put(x, "text", m->process_text);
    guide_put(x, "handlers", m->handlers);
    view_put_bool(x, "by_system", m->stages_by_system);
    guide_put(x, "caption", m->caption);
    struct view *list = view_put_list(x, "stages");
    for (size_t i = 0; i < m->stage_count; i++) {
        const struct stage *s = &m->stage[i];
        struct view *row = view_add_map(list);
        view_put_z(row, "kind", stage_ids[s->kind]);
        view_put_z(row, "kind_name", stage_name(s->kind));
        view_put_text(row, "name", str_empty(s->name) ? str_c(stage_name(s->kind)) : s->name);
        guide_put(row, "unit", s->unit);
        guide_put(row, "count", s->count);
        if (!str_empty(s->paper.name))
            view_put_text(row, "issues", s->paper.name);
        guide_limit(ctx, row, "limit", s->limit);
        guide_put(row, "when", s->when.source);
        guide_put(row, "when_words", condition_words(ctx->arena, &s->when));
    }
    view_put_bool(x, "drawn", m->stage_count > 0);
}

static void
put_limits(struct ctx *ctx, const struct catalog *c, const struct matter *m, struct view *v)
{
    struct view *x = view_put_map(v, "limits");
    guide_put(x, "text", m->limit_text);
    guide_put(x, "legal_text", m->legal_limit_text);
    struct view *tiers = view_put_list(x, "tiers");
    for (size_t i = 0; i < m->limit_count; i++)
        guide_tier(ctx, c, &m->limit[i], view_add_map(tiers));
}

static void
put_intake(struct ctx *ctx, const struct matter *m, struct view *v) //= R174 R225
{
    struct view *list = view_put_list(v, "intake_windows");
    for (size_t i = 0; i < m->intake_count; i++) {
        const struct intake_window *w = &m->intake[i];
        struct view *row = view_add_map(list);
        guide_put(row, "when", w->when.source);
        guide_put(row, "when_words", condition_words(ctx->arena, &w->when));
        view_put_z(row, "kind", intake_id(w->kind));
        view_put_int(row, "from", w->from);
        view_put_int(row, "to", w->to);
        view_put_bool(row, "workdays", w->workdays);
        view_put_text(row, "words", intake_words(ctx->arena, w));
        view_put_text(row, "text", w->verbatim);
    }
    view_put_bool(v, "has_intake", m->intake_count > 0);
}

static void
put_contact(struct ctx *ctx, const struct matter *m, struct view *v)
{
    struct view *x = view_put_map(v, "consult");
    guide_put(x, "text", m->consult_text);
    put_dialled(ctx, x, "parts", m->consult_text);
    struct view *phones = view_put_list(x, "phones");
    for (size_t i = 0; i < m->phone_count; i++) {
        struct view *row = view_add_map(phones);
        guide_phone(ctx, m->phone[i].number, row);
        guide_put(row, "insurance", m->phone[i].insurance);
        guide_put(row, "unit", m->phone[i].unit);
    }
    x = view_put_map(v, "supervision");
    guide_put(x, "text", m->supervision_text);
    put_dialled(ctx, x, "parts", m->supervision_text);
    phones = view_put_list(x, "phones");
    for (size_t i = 0; i < m->supervision_count; i++)
        guide_phone(ctx, m->supervision[i], view_add_map(phones));
    x = view_put_map(v, "rating");
    guide_put(x, "text", m->rating_text);
    put_texts(x, "ways", m->rating, m->rating_count);
    x = view_put_map(v, "delivery");
    guide_put(x, "text", m->delivery_text);
    guide_put(x, "express", m->express_text);
    put_texts(x, "ways", m->delivery, m->delivery_count);
}

static void
put_notes(struct view *v, const char *key, const struct note *note, size_t n)
{
    struct view *list = view_put_list(v, key);
    for (size_t i = 0; i < n; i++) {
        struct view *row = view_add_map(list);
        guide_put(row, "number", note[i].number);
        guide_put(row, "title", note[i].title);
        view_put_text(row, "text", note[i].verbatim);
    }
}

static bool
common_note_holds(const struct matter *m, size_t i)
{
    return str_cmp(m->region->common_note[i].number, m->id) <= 0; //= R12
}

/* What the guide prints besides: notes once for all matters, other wordings, oddities, anything without a field. */
static void
put_rest(const struct matter *m, struct view *v)
{
    const struct region *r = m->region;
    put_notes(v, "notes", m->note, m->note_count);
    struct view *common = view_put_list(v, "common_notes");
    for (size_t i = 0; i < r->common_note_count; i++)
        if (common_note_holds(m, i))
            view_add_text(common, r->common_note[i].verbatim);
    view_put_bool(v, "has_notes", m->note_count > 0 || view_count(common) > 0);
    view_put_bool(v, "has_more",
                  !str_empty(m->code) || m->other_count || m->legal_basis_count || m->paper_count || m->variant_count);
    put_notes(v, "other", m->other, m->other_count);
    put_texts(v, "legal_basis", m->legal_basis, m->legal_basis_count);
    put_texts(v, "papers", m->paper, m->paper_count);
    struct view *variants = view_put_list(v, "variants");
    for (size_t i = 0; i < m->variant_count; i++) {
        struct view *row = view_add_map(variants);
        guide_put(row, "where", m->variant[i].where);
        view_put_text(row, "field", m->variant[i].field);
        view_put_text(row, "text", m->variant[i].verbatim);
        view_put_bool(row, "followed", m->variant[i].followed);
    }
    struct view *oddities = view_put_list(v, "oddities");
    for (size_t i = 0; i < m->oddity_count; i++) {
        struct view *row = view_add_map(oddities);
        guide_put(row, "field", m->oddity[i].field);
        view_put_text(row, "text", m->oddity[i].text);
    }
}

static void
put_facts(const struct matter *m, struct view *v)
{
    const struct catalog *c = matter_catalog(m);
    struct view *list = view_put_list(v, "facts");
    for (size_t i = 0; i < catalog_dict(c)->count; i++) {
        const struct fact *f = catalog_fact(c, i);
        if (!fact_set_has(&m->facts, i))
            continue;
        struct view *row = view_add_map(list);
        view_put_text(row, "id", f->def.id);
        view_put_text(row, "name", f->def.name);
        guide_put(row, "question", f->question);
        view_put_bool(row, "asked", f->asked);
    }
}

void
guide_matter(struct ctx *ctx, const struct catalog *c, const struct matter *m, struct view *v)
{
    guide_region(ctx, m->region, view_put_map(v, "region"));
    guide_matter_line(m, v);
    guide_put(v, "title", m->title);
    guide_put(v, "title_name", m->title_name);
    view_put_bool(v, "code_printed", m->code_printed);
    guide_put(v, "standard_name", m->standard ? m->standard->name : STR(""));
    guide_put(v, "group", m->group);
    guide_put(v, "where", m->where);
    guide_put(v, "status_basis", m->status_basis);
    guide_put(v, "unit", m->unit);
    guide_put(v, "category", m->category);
    guide_put(v, "form", m->form);
    view_put_bool(v, "commitment", m->commitment);
    view_put_bool(v, "applicable",
                  !m->suspended && !m->not_open && m->effect != EFFECT_NONE); /* this desk handles it on line */
    put_strip(ctx, c, m, v);
    put_eligibility(ctx, m, v);
    put_channels(ctx, m, v);
    put_materials(ctx, m, v);
    put_process(ctx, m, v);
    put_limits(ctx, c, m, v);
    put_intake(ctx, m, v);
    put_contact(ctx, m, v);
    if (m->advice_count)
        guide_advice(ctx, m, NULL, ADVICE_AT_GUIDE, v);
    put_rest(m, v);
    put_facts(m, v);
    put_source(m->region, v);
    guide_put(v, "file", m->file);
}
