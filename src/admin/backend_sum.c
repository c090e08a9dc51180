/* What a server did is counted there and nowhere else; sessions, peaks, times and the
 * queue's figures are the backend's own. */
#include "admin/backend_sum.h"

#include "backend/backend.h"

static uint64_t highest(uint64_t one, uint64_t other)
{
    return one > other ? one : other;
}

static void add_counts(struct ledger_sum *sum, const struct ledger_sum *more)
{
    sum->bytes_in += more->bytes_in;
    sum->bytes_out += more->bytes_out;
    sum->chosen += more->chosen;
    sum->connect_failures += more->connect_failures;
    sum->retries += more->retries;
    sum->redispatches += more->redispatches;
    sum->client_aborts += more->client_aborts;
    sum->server_aborts += more->server_aborts;
    sum->internal_errors += more->internal_errors;
    sum->last_at = highest(sum->last_at, more->last_at);
}

struct backend_sum backend_sum(const struct backend *backend)
{
    struct backend_sum sum = { .figures = ledger_sum(backend->ledger) };

    for (size_t i = 0; i < backend->server_count; i++) {
        struct ledger_sum more = ledger_sum(backend->servers[i]->ledger);

        add_counts(&sum.figures, &more);
        sum.attempts += more.sessions;
    }
    return sum;
}
