/* What a server did is counted there and nowhere else; sessions, peaks, times and the
 * queue's figures are the backend's own. */
#include "admin/backend_sum.h"

#include "backend/backend.h"

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

struct backend_sum backend_sum(const struct backend *backend)
{
    struct backend_sum sum = { .figures = ledger_sum(backend->ledger) };
    struct ledger_sum servers = backend->departed;

    for (size_t i = 0; i < backend->server_count; i++) {
        struct ledger_sum more = ledger_sum(backend->servers[i]->ledger);

        ledger_sum_add(&servers, &more);
    }
    add_servers(&sum.figures, &servers);
    sum.attempts = servers.sessions;
    return sum;
}
