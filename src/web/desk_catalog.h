/* What the pages of the keeper's desk share. */
#ifndef WEB_DESK_CATALOG_H
#define WEB_DESK_CATALOG_H

#include "service/keeper.h"
#include "web/web.h"

bool desk_catalog_shows(struct web_call *call, enum err e);
enum err desk_catalog_no(struct web_call *call, int64_t *ret_no) MUST_USE;
/* {no} of the path and "edited" of the form: the version as it was read. */
enum err desk_catalog_read(struct web_call *call, struct keeper_read *ret_d) MUST_USE;

#endif
