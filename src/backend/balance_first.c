/* The first server of the file that has room: fill one before the next is used. */
#include "backend/balance.h"

#include "backend/server.h"
#include "backend/standings.h"

static uint64_t place_of(const struct server *server)
{
    uint32_t maxconn = atomic_load(&server->maxconn);
    bool is_full = maxconn && gauge_read(&server->sessions) >= maxconn;

    if (!atomic_load(&server->is_serving) || is_full)
        return STANDINGS_OUT;
    return atomic_load(&server->position);
}

const struct balancer balance_first = { "first", balance_ranked_prepare,
                                        balance_ranked_choose, place_of };
