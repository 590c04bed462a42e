/* The directory of a region: halls and windows with what is handled there, look-ups for towns and villages, phones by insurance, web sites
** and apps, what the bureau has published; and the contact of one matter. Pure: the catalogue. What no guide prints is said to be missing,
** never filled from elsewhere. (R8, R9, R282, R283) */
#ifndef SERVICE_DIRECTORY_H
#define SERVICE_DIRECTORY_H

#include "base/view.h"
#include "catalog/catalog.h"

struct directory_query {
    struct str text;             /* names, windows, phones, matters; empty = everything */
    const struct matter *matter; /* its contact comes first; NULL = none */
    struct str insurance;        /* 职工 | 居民: only that one's phones of the matter; empty = all (R283) */
};
/* region, query, points, lookups, phones, supervision, platforms, places, slots, agencies; contact when a matter is asked for. */
void directory_view(struct ctx *ctx, const struct catalog *c, const struct region *r, const struct directory_query *q,
                    struct view *v);

const struct service_point *directory_point(const struct region *r, struct str id); /* NULL if none */
/* Index of the window NAME of P, or SIZE_MAX. */
size_t directory_window(const struct service_point *p, struct str name);
/* Does P stand for this channel: by its name, another printed name of it, or the look-up it belongs to. */
bool directory_point_has(const struct region *r, const struct service_point *p, const struct channel *ch);
/* Does the channel's printed window (一楼5、6号窗口) mean P's I-th window. */
bool directory_window_has(const struct service_point *p, size_t i, const struct channel *ch);
/* Does M bring people to P's I-th window, by its channel or by a step. */
bool directory_window_takes(const struct region *r, const struct service_point *p, size_t i, const struct matter *m);

#endif
