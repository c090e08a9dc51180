/* Compares each sum with what it was a second ago: the data path only counts. */
#include "control/rates.h"

#include "backend/backend.h"
#include "base/clock.h"
#include "base/ledger.h"
#include "control/control_parts.h"
#include "proxy/entrance.h"

static void sample_server(struct server *server)
{
    rate_sample(&server->session_rate, ledger_sum(server->ledger).sessions);
}

static void sample_backend(struct backend *backend)
{
    rate_sample(&backend->session_rate, ledger_sum(backend->ledger).sessions);
    for (size_t i = 0; i < backend->server_count; i++)
        sample_server(backend->servers[i]);
}

static void sample_entrance(struct control *control, struct entrance *entrance)
{
    struct ledger_sum sum = ledger_sum(entrance->ledger);

    rate_sample(&entrance->session_rate, sum.sessions);
    rate_sample(&entrance->connection_rate, sum.connections);
    rate_sample(&entrance->handshake_rate, sum.handshakes);
    rate_sample(&entrance->resumed_rate, sum.handshakes_resumed);
    control->handshake_rate += entrance->handshake_rate.last;
    control->resumed_rate += entrance->resumed_rate.last;
    control->session_rate += entrance->session_rate.last;
    control->connection_rate += entrance->connection_rate.last;
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

    control->rates_sampled_at = clock_ms();
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
