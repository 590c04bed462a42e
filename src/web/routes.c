/* The site map: every way into the desk, in one table; written down in two halves (routes_public.c, routes_desk.c). */
#include <string.h>

#include "web/web_int.h"

const struct web_route *
web_routes(struct arena *a, size_t *ret_n)
{
    struct web_route *row = ARENA_ARRAY(a, web_routes_public_count + web_routes_desk_count, struct web_route);
    memcpy(row, web_routes_public, web_routes_public_count * sizeof *row);
    memcpy(row + web_routes_public_count, web_routes_desk, web_routes_desk_count * sizeof *row);
    *ret_n = web_routes_public_count + web_routes_desk_count;
    return row;
}
