/* Who handed a case in for somebody: the service point it came through, with the duty that the guide prints for it. */
#include "service/guide.h"
#include "service/service_int.h"

/* A place that collects and hands in for the applicant is an agent by the guide itself: nobody's power of attorney makes it one. */ //= R39
static struct str
duty_of(const struct matter *m, const struct service_point *p)
{
    for (size_t i = 0; i < m->channel_count; i++)
        if (str_eq(m->channel[i].name, p->name) && !str_empty(m->channel[i].duty))
            return m->channel[i].duty;
    return STR("");
}

void
agent_view(const struct case_file *cf, struct view *c)
{
    const struct region *r = cf->matter->region;
    for (size_t i = 0; i < r->point_count; i++) {
        const struct service_point *p = &r->point[i];
        if (str_empty(cf->point) || !str_eq(p->id, cf->point))
            continue;
        struct view *v = view_put_map(c, "agent");
        view_put_text(v, "id", p->id);
        view_put_text(v, "name", p->name);
        guide_put(v, "duty", duty_of(cf->matter, p));
        return;
    }
    view_put_null(c, "agent");
}
