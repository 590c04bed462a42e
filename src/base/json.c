#include "base/json.h"

/* MAP's KEY; NULL when MAP is no map, the key is absent or null. */
static const struct view *
present(const struct view *map, const char *key)
{
    const struct view *v = map ? view_get(map, str_c(key)) : NULL;
    return v && view_kind(v) != VIEW_NULL ? v : NULL;
}

bool
json_text(const struct view *map, const char *key, struct str *ret_s)
{
    const struct view *v = present(map, key);
    *ret_s = v ? view_text(v) : STR_NONE;
    return !v || view_kind(v) == VIEW_TEXT;
}

bool
json_int(const struct view *map, const char *key, int64_t *ret_v, bool *ret_present)
{
    const struct view *v = present(map, key);
    *ret_present = v && view_kind(v) == VIEW_INT;
    *ret_v = *ret_present ? view_int(v) : 0;
    return !v || *ret_present;
}

bool
json_id(const struct view *map, const char *key, int64_t *ret_v, bool *ret_present)
{
    struct str s;
    bool text = json_text(map, key, &s);
    *ret_v = 0;
    *ret_present = text && s.p && s.n && s.p[0] >= '1' && s.p[0] <= '9' && str_int(s, ret_v);
    return text && (!s.p || *ret_present);
}

bool
json_bool(const struct view *map, const char *key, bool *ret_v, bool *ret_present)
{
    const struct view *v = present(map, key);
    *ret_present = v && view_kind(v) == VIEW_BOOL;
    *ret_v = *ret_present && view_int(v);
    return !v || *ret_present;
}
