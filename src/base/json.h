/* Reading untrusted JSON (duplicates refused, depth and size bounded) into a view tree: see view_from_json.
** Small getters; a MAP that is NULL or no map has no keys. The caller, who knows the label, adds the field error. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/ctx.h"
#include "base/view.h"

/* Text of the map's KEY, STR_NONE when absent or null; false when it is of another type. */
bool json_text(const struct view *map, const char *key, struct str *ret_s);
/* The others say in *ret_present whether there is a value; 0 or false when there is none. */
bool json_int(const struct view *map, const char *key, int64_t *ret_v, bool *ret_present);
/* A positive id, which is text in JSON: "0", signs and leading zeros are of another type. */
bool json_id(const struct view *map, const char *key, int64_t *ret_v, bool *ret_present);
bool json_bool(const struct view *map, const char *key, bool *ret_v, bool *ret_present);

#endif
