/* Look-ups in a loaded snapshot. */
#include "catalog/catalog_int.h"

const struct calendar *
catalog_calendar(const struct catalog *c)
{
    return c->calendar;
}

const struct fact_dict *
catalog_dict(const struct catalog *c)
{
    return &c->dict;
}

const struct fact *
catalog_fact(const struct catalog *c, size_t i)
{
    return i < c->dict.count ? &c->fact[i] : NULL;
}

size_t
catalog_region_count(const struct catalog *c)
{
    return c->region_count;
}

const struct region *
catalog_region_at(const struct catalog *c, size_t i)
{
    return i < c->region_count ? c->region[i] : NULL;
}

const struct region *
catalog_region(const struct catalog *c, struct str code)
{
    for (size_t i = 0; i < c->region_count; i++)
        if (str_eq(c->region[i]->code, code))
            return c->region[i];
    return NULL;
}

size_t
catalog_standard_count(const struct catalog *c)
{
    return c->standard_count;
}

const struct standard_matter *
catalog_standard_at(const struct catalog *c, size_t i)
{
    return i < c->standard_count ? &c->standard[i] : NULL;
}

const struct form *
catalog_form(const struct catalog *c, struct str id)
{
    for (size_t i = 0; i < c->form_count; i++)
        if (str_eq(c->form[i].id, id) || str_eq(c->form[i].title, id))
            return &c->form[i];
    return NULL;
}

size_t
catalog_form_count(const struct catalog *c)
{
    return c->form_count;
}

const struct form *
catalog_form_at(const struct catalog *c, size_t i)
{
    return i < c->form_count ? &c->form[i] : NULL;
}

size_t
catalog_cited_count(const struct catalog *c)
{
    return c->cited_count;
}

const struct cited_form *
catalog_cited_at(const struct catalog *c, size_t i)
{
    return i < c->cited_count ? &c->cited[i] : NULL;
}

const struct form *
catalog_matter_form(const struct catalog *c, const struct matter *m)
{
    for (size_t i = 0; i < m->region->form_count; i++)
        if (str_eq(m->region->form[i].id, m->form))
            return &m->region->form[i];
    return str_empty(m->form) ? NULL : catalog_form(c, m->form);
}

const struct matter *
matter_by_id(const struct region *r, struct str id)
{
    for (size_t i = 0; r && i < r->matter_count; i++)
        if (str_eq(r->matter[i].id, id))
            return &r->matter[i];
    return NULL;
}

enum err
catalog_matter(struct ctx *ctx, const struct region *r, struct str id, const struct matter **ret_m)
{
    const struct matter *hit = matter_by_id(r, id);
    size_t hits = 0;
    if (hit) {
        *ret_m = hit;
        return OK;
    }
    for (size_t i = 0; i < r->matter_count && !str_empty(id); i++) /* local matters have an empty code */
        if (str_eq(r->matter[i].code, id) || str_eq(r->matter[i].name, id)) {
            hit = &r->matter[i];
            hits++;
        }
    if (hits == 0)
        FAIL(ctx, ERR_NOT_FOUND, "%.*s没有事项“%.*s”", STR_ARG(r->name), STR_ARG(id));
    if (hits > 1)
        FAIL(ctx, ERR_AMBIGUOUS, "%.*s有 %zu 个事项符合“%.*s”，请用事项编号", STR_ARG(r->name), hits, STR_ARG(id));
    *ret_m = hit;
    return OK;
}

//= R13 R15 R29
bool
matter_open_for(const struct matter *m, enum channel_kind k, const char **ret_reason)
{
    bool printed = m->channel_count == 0, planned = false;
    *ret_reason = NULL;
    for (size_t i = 0; i < m->channel_count; i++)
        if (m->channel[i].kind == k) {
            printed = true;
            planned = m->channel[i].planned;
            if (!planned)
                break;
        }
    if (m->suspended)
        *ret_reason = "该事项已暂停受理";
    else if (m->not_open)
        *ret_reason = "该事项尚未开通";
    else if (planned)
        *ret_reason = "办事指南写明这个渠道待开通";
    else if (!printed && k != CHANNEL_ONSITE)
        *ret_reason = "办事指南没有列出这个渠道";
    return *ret_reason == NULL;
}
