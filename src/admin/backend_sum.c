/* What a server did is counted there and nowhere else; sessions, peaks, times and the
 * queue's figures are the backend's own. */
#include "admin/backend_sum.h"

#include "backend/backend.h"
#include "backend/server.h"

static void add_servers(struct ledger_sum *sum, const struct ledger_sum *servers)
{
    sum->bytes_in += servers->bytes_in;
    sum->bytes_out += servers->bytes_out;
    sum->chosen += servers->chosen;
    sum->connect_failures += servers->connect_failures;
    sum->retries += servers->retries;
    sum->redispatches += servers->redispatches;
    sum->client_aborts += servers->client_aborts;
    sum->server_aborts += servers->server_aborts;
    sum->internal_errors += servers->internal_errors;
    if (servers->last_at > sum->last_at)
        sum->last_at = servers->last_at;
}

struct server_figures backend_sum_read(const struct server *server)
{
    return (struct server_figures){
        .sum = ledger_sum(server->ledger),
        .sessions = gauge_read(&server->sessions),
    };
}

struct backend_sum backend_sum_begin(const struct backend *backend)
{
    return (struct backend_sum){ .servers = backend->departed };
}

void backend_sum_add(struct backend_sum *sum, const struct server_figures *figures)
{
    ledger_sum_add(&sum->servers, &figures->sum);
    sum->sessions += figures->sessions;
}

struct ledger_sum backend_sum_end(const struct backend_sum *sum,
                                  const struct backend *backend)
{
    struct ledger_sum all = ledger_sum(backend->ledger);

    add_servers(&all, &sum->servers);
    return all;
}
