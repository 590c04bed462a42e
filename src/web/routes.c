/* The site map: every way into the desk, in one table; written down in parts (routes_public.c, routes_desk.c, routes_intake.c, routes_supervision.c). */
#include <string.h>

#include "web/web_int.h"

const struct web_route *
web_routes(struct arena *a, size_t *ret_n)
{
    const struct {
        const struct web_route *row;
        size_t n;
    } part[] = {{web_routes_public, web_routes_public_count},
                {web_routes_desk, web_routes_desk_count},
                {web_routes_intake, web_routes_intake_count},
                {web_routes_supervision, web_routes_supervision_count}};
    size_t n = 0;
    for (size_t i = 0; i < sizeof part / sizeof *part; i++)
        n += part[i].n;
    struct web_route *row = ARENA_ARRAY(a, n, struct web_route);
    *ret_n = n;
    n = 0;
    for (size_t i = 0; i < sizeof part / sizeof *part; n += part[i++].n)
        memcpy(row + n, part[i].row, part[i].n * sizeof *row);
    return row;
}
