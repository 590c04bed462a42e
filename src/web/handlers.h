/* Every handler of the table (routes.c), by file. A handler fills call->view and returns; an error returned is worded by problem.c. */
#ifndef WEB_HANDLERS_H
#define WEB_HANDLERS_H

#include "web/web.h"

/* guide.c: what needs only the catalogue */
enum err web_regions(struct web_call *call) MUST_USE;
enum err web_home(struct web_call *call) MUST_USE;
enum err web_situation(struct web_call *call) MUST_USE;
enum err web_guide(struct web_call *call) MUST_USE;
enum err web_check(struct web_call *call) MUST_USE;
enum err web_flow(struct web_call *call) MUST_USE;
enum err web_workday(struct web_call *call) MUST_USE;
/* site.c: pages about the site itself */
enum err web_errors(struct web_call *call) MUST_USE;
enum err web_missing(struct web_call *call) MUST_USE;
enum err web_openapi_json(struct web_call *call) MUST_USE;
/* assets.c */
enum err web_asset(struct web_call *call) MUST_USE;

#endif
