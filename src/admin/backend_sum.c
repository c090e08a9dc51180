/* What a server can be blamed for is counted there and nowhere else; sessions, peaks and
 * the queue's figures are the backend's own. */
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

static uint64_t mean(uint64_t one, uint64_t one_count, uint64_t other,
                     uint64_t other_count)
{
    return (one * one_count + other * other_count) / (one_count + other_count);
}

/* The averages weigh as much as the sessions they were taken of. */
static void add_times(struct ledger_sum *sum, const struct ledger_sum *more)
{
    uint64_t timed = sum->timed, others = more->timed;

    if (!others)
        return;
    sum->queue_ms = mean(sum->queue_ms, timed, more->queue_ms, others);
    sum->connect_ms = mean(sum->connect_ms, timed, more->connect_ms, others);
    sum->response_ms = mean(sum->response_ms, timed, more->response_ms, others);
    sum->total_ms = mean(sum->total_ms, timed, more->total_ms, others);
    sum->timed += others;
    sum->queue_ms_most = highest(sum->queue_ms_most, more->queue_ms_most);
    sum->connect_ms_most = highest(sum->connect_ms_most, more->connect_ms_most);
    sum->response_ms_most = highest(sum->response_ms_most, more->response_ms_most);
    sum->total_ms_most = highest(sum->total_ms_most, more->total_ms_most);
}

struct backend_sum backend_sum(const struct backend *backend)
{
    struct backend_sum sum = { .figures = ledger_sum(backend->ledger) };

    for (size_t i = 0; i < backend->server_count; i++) {
        struct ledger_sum more = ledger_sum(backend->servers[i]->ledger);

        add_counts(&sum.figures, &more);
        add_times(&sum.figures, &more);
        sum.attempts += more.sessions;
    }
    return sum;
}
