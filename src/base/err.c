#include "base/err.h"

static const struct err_info infos[ERR_COUNT] = {
#define E(id, class, http, title) [id] = {#id, ERR_CLASS_##class, http, title},
#include "base/error_list.h"
#undef E
};

const struct err_info *
err_info(enum err e)
{
    return (unsigned)e < ERR_COUNT ? &infos[e] : &infos[ERR_INTERNAL];
}
