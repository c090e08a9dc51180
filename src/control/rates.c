/* Compares each sum with what it was a second ago: the data path only counts. */
#include "control/rates.h"

#include "backend/backend.h"
#include "base/ledger.h"
#include "control/control_parts.h"
#include "proxy/entrance.h"

/* The rate of a sum that was `*before` a second ago, or has begun anew since. */
static unsigned sample(uint64_t sum, uint64_t *before, unsigned *most)
{
    unsigned rate = (unsigned)(sum > *before ? sum - *before : 0);

    *before = sum;
    if (rate > *most)
        *most = rate;
    return rate;
}

static void sample_server(struct server *server)
{
    struct ledger_sum sum = ledger_sum(server->ledger);

    server->session_rate = sample(sum.sessions, &server->sessions_a_second_ago,
                                  &server->session_rate_most);
}

static void sample_backend(struct backend *backend)
{
    struct ledger_sum sum = ledger_sum(backend->ledger);

    backend->session_rate = sample(sum.sessions, &backend->sessions_a_second_ago,
                                   &backend->session_rate_most);
    for (size_t i = 0; i < backend->server_count; i++)
        sample_server(backend->servers[i]);
}

static void sample_entrance(struct control *control, struct entrance *entrance)
{
    struct ledger_sum sum = ledger_sum(entrance->ledger);

    entrance->session_rate = sample(sum.sessions, &entrance->sessions_a_second_ago,
                                    &entrance->session_rate_most);
    entrance->connection_rate = sample(sum.connections,
                                       &entrance->connections_a_second_ago,
                                       &entrance->connection_rate_most);
    entrance->handshake_rate = sample(sum.handshakes, &entrance->handshakes_a_second_ago,
                                      &entrance->handshake_rate_most);
    entrance->resumed_rate = sample(sum.handshakes_resumed,
                                    &entrance->resumed_a_second_ago,
                                    &entrance->resumed_rate_most);
    control->handshake_rate += entrance->handshake_rate;
    control->resumed_rate += entrance->resumed_rate;
    control->session_rate += entrance->session_rate;
    control->connection_rate += entrance->connection_rate;
}

static void keep_most(unsigned *most, unsigned rate)
{
    if (rate > *most)
        *most = rate;
}

/* Handshakes without a ticket; a worker may have counted between two looks at it. */
static unsigned full_rate(const struct control *control)
{
    unsigned all = control->handshake_rate, resumed = control->resumed_rate;

    return all > resumed ? all - resumed : 0;
}

void rates_sample(struct control *control)
{
    const struct registry *registry = control->registry;

    control->session_rate = control->connection_rate = 0;
    control->handshake_rate = control->resumed_rate = 0;
    for (size_t i = 0; i < registry_entrance_count(registry); i++)
        sample_entrance(control, registry_entrance(registry, i));
    control->full_rate = full_rate(control);
    keep_most(&control->session_rate_most, control->session_rate);
    keep_most(&control->connection_rate_most, control->connection_rate);
    keep_most(&control->handshake_rate_most, control->handshake_rate);
    keep_most(&control->full_rate_most, control->full_rate);
    for (size_t i = 0; i < registry_backend_count(registry); i++)
        sample_backend(registry_backend(registry, i));
}
