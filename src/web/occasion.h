/* What the pages of an occasion (occasion.c) and its one request for a unified acceptance platform (occasion_api.c) share. */
#ifndef WEB_OCCASION_H
#define WEB_OCCASION_H

#include "service/occasion.h"
#include "web/web.h"

struct occasion_tally {
    size_t sent, fresh, refused;
};

/* One matter's answer: its case, or why not (E). Faults of the machine are nobody's answer and come back: the whole is sent again then. */
enum err web_occasion_result(struct web_call *call, const struct matter *m, enum err e, const struct receipt *r,
                             struct view *list, struct occasion_tally *t) MUST_USE;
/* What became of all: the number that holds them together, and how many. */
void web_occasion_tally(struct web_call *call, const struct occasion *o, struct str number,
                        const struct occasion_tally *t);

#endif
