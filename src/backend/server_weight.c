/* The file or an administrator names a weight; the agent's report and a slow start leave
 * a share of it. */
#include "backend/server_weight.h"

#include "backend/server.h"

enum { ALL = 100 };

/* A share of something is never nothing. */
static unsigned share_of(unsigned whole, unsigned percent)
{
    return (whole * percent + ALL - 1) / ALL;
}

static unsigned asked_hundredths(const struct server *server)
{
    return share_of(server->wanted_weight * WEIGHT_WHOLE, server->agent.percent);
}

static unsigned round_up(unsigned hundredths)
{
    return (hundredths + WEIGHT_WHOLE - 1) / WEIGHT_WHOLE;
}

unsigned server_weight(const struct server *server)
{
    return round_up(atomic_load(&server->fine_weight));
}

unsigned server_weight_asked(const struct server *server)
{
    return round_up(asked_hundredths(server));
}

void server_weight_settle(struct server *server)
{
    unsigned maxconn = server->wanted_maxconn, least = server->agent.maxconn;

    if (least && (!maxconn || least < maxconn))
        maxconn = least;
    atomic_store(&server->fine_weight,
                 share_of(asked_hundredths(server), server->ramp_percent));
    atomic_store(&server->maxconn, maxconn);
}
