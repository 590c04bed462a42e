/* What the handlers of ratings share (rating.c). */
#ifndef WEB_RATING_H
#define WEB_RATING_H

#include "web/web.h"

/* Level as sent by form, query or JSON; 0 when there is none: nothing is chosen beforehand (R49). */
enum err web_rating_level(struct web_call *call, int *ret_level) MUST_USE;
/* The known ones among the tags sent, one a line. */
enum err web_rating_tags(struct web_call *call, struct str *ret_tags) MUST_USE;

#endif
