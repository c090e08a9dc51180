/* The server with the fewest sessions for its weight; among equals the one that was not
 * chosen for the longest time. */
#include "backend/balance.h"

#include "backend/server.h"
#include "backend/server_weight.h"
#include "backend/standings.h"

/* One that idles counts as one of weight 1: also who starts slowly gets a session. */
static uint64_t weight_of(const struct server *server, uint64_t sessions)
{
    uint64_t weight = atomic_load(&server->fine_weight);

    return weight && !sessions && weight < WEIGHT_WHOLE ? WEIGHT_WHOLE : weight;
}

/* Sessions for its weight in the high half, its last turn in the low half. */
static uint64_t load_of(const struct server *server)
{
    uint64_t sessions = gauge_read(&server->sessions);
    uint64_t weight = weight_of(server, sessions);
    uint32_t maxconn = atomic_load(&server->maxconn);
    uint64_t load;

    if (!atomic_load(&server->is_serving) || !weight || (maxconn && sessions >= maxconn))
        return STANDINGS_OUT;
    load = (sessions + 1) * SERVER_WEIGHT_MOST * WEIGHT_WHOLE / weight;
    if (load > UINT32_MAX - 1)
        load = UINT32_MAX - 1;
    return load << 32 | (uint32_t)atomic_load(&server->last_turn);
}

const struct balancer balance_leastconn = { "leastconn", balance_ranked_prepare,
                                            balance_ranked_choose, load_of };
