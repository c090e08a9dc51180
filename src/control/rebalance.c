/* Long sessions never move by themselves: a member that was away stays empty. A few of
 * the most crowded server end each second, until all have their fair share. */
#include "control/rebalance.h"

#include "backend/backend.h"
#include "control/eviction.h"

enum {
    TOLERANCE_PERCENT = 5, /* above the fair share */
    SECONDS_FOR_ALL = 60,  /* the pace: all sessions could move in so long */
    SECOND_MS = 1000,
};

struct load {
    uint64_t sessions, weight;
};

/* One that is full could not take its share: it is left out. */
static bool takes_part(const struct server *server)
{
    uint32_t maxconn = atomic_load(&server->maxconn);

    return atomic_load(&server->is_serving) &&
           (!maxconn || gauge_read(&server->sessions) < maxconn);
}

static struct load load_of(const struct backend *backend)
{
    struct load load = { 0 };

    for (size_t i = 0; i < backend->server_count; i++) {
        const struct server *server = backend->servers[i];

        if (!takes_part(server))
            continue;
        load.sessions += gauge_read(&server->sessions);
        load.weight += atomic_load(&server->fine_weight);
    }
    return load;
}

/* Sessions beyond what is fair and a little more. */
static uint64_t excess_of(const struct server *server, const struct load *load)
{
    uint64_t present = gauge_read(&server->sessions), fair;

    if (!takes_part(server) || !load->weight)
        return 0;
    fair = load->sessions * atomic_load(&server->fine_weight) / load->weight;
    fair += fair * TOLERANCE_PERCENT / 100 + 1;
    return present > fair ? present - fair : 0;
}

void rebalance_backend(struct evictions *evictions, struct backend *backend)
{
    struct load load = load_of(backend);
    uint64_t most = load.sessions / SECONDS_FOR_ALL + 1, greatest = 0;
    struct eviction_plan plan = { .cause = EVICTION_FOR_SHARE, .span_ms = SECOND_MS };

    for (size_t i = 0; i < backend->server_count; i++) {
        uint64_t excess = excess_of(backend->servers[i], &load);

        if (excess <= greatest)
            continue;
        greatest = excess;
        plan.server = backend->servers[i];
    }
    plan.most = greatest < most ? greatest : most;
    if (plan.server)
        (void)evictions_begin(evictions, &plan);
}
