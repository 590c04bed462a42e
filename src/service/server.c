#include "service/server.h"

int64_t
server_now(const struct server *s)
{
    return ctx_clock_ms() + atomic_load(&s->clock_shift);
}
