/* What the handlers of ratings share (rating.c). */
#ifndef WEB_RATING_H
#define WEB_RATING_H

#include "web/web.h"

/* Level as sent by form, query or JSON; 0 when there is none: nothing is chosen beforehand (R49). */
enum err web_rating_level(struct web_call *call, int *ret_level) MUST_USE;
/* Level on the form that is shown again; 0 when none was. Of a form only: an address with a level in it would choose for people (R49). */
int web_rating_picked(struct web_call *call);
/* After web_fail_into_view: level_error and text_error, for the fields they are about. */
void web_rating_refused(struct web_call *call);
/* The known ones among the tags sent, one a line. */
enum err web_rating_tags(struct web_call *call, struct str *ret_tags) MUST_USE;

#endif
