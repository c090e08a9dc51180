/* What is to be cleared is written down on main, and kept from going until it is. */
#include "control/clearing.h"

#include "backend/backend.h"
#include "base/histogram.h"
#include "base/ledger.h"
#include "base/log.h"
#include "base/memory.h"
#include "control/control_parts.h"
#include "control/promise.h"
#include "health/check.h"
#include "proxy/entrance.h"
#include "worker/worker.h"

#include <stdlib.h>

struct clearing {
    struct promise promise;
    struct control *control; /* borrowed */
    bool everything;
    void (*on_done)(void *owner);
    size_t entrance_count, backend_count, ledger_count;
    struct entrance **entrances; /* held until then */
    struct backend **backends;   /* in a grace until then */
    struct ledger **ledgers;     /* theirs, and their servers' */
};

static size_t count_ledgers(const struct registry *registry)
{
    size_t count = registry_entrance_count(registry);

    for (size_t i = 0; i < registry_backend_count(registry); i++)
        count += 1 + registry_backend(registry, i)->server_count;
    return count;
}

static void write_down_backend(struct clearing *clearing, struct backend *backend)
{
    registry_begin_grace(backend);
    clearing->backends[clearing->backend_count++] = backend;
    clearing->ledgers[clearing->ledger_count++] = backend->ledger;
    for (size_t i = 0; i < backend->server_count; i++)
        if (!backend->servers[i]->is_parting)
            clearing->ledgers[clearing->ledger_count++] = backend->servers[i]->ledger;
}

static void write_down(struct clearing *clearing)
{
    struct registry *registry = clearing->control->registry;
    size_t entrances = registry_entrance_count(registry);
    size_t backends = registry_backend_count(registry);

    clearing->entrances = memory_new_array(entrances, sizeof(struct entrance *));
    clearing->backends = memory_new_array(backends, sizeof(struct backend *));
    clearing->ledgers = memory_new_array(count_ledgers(registry),
                                         sizeof(struct ledger *));
    for (size_t i = 0; i < entrances; i++) {
        struct entrance *entrance = registry_entrance(registry, i);

        clearing->entrances[clearing->entrance_count++] =
            registry_hold_entrance(registry, entrance->name);
        clearing->ledgers[clearing->ledger_count++] = entrance->ledger;
    }
    for (size_t i = 0; i < backends; i++)
        write_down_backend(clearing, registry_backend(registry, i));
}

/* On a worker. */
static void clear_pages(struct worker *worker, void *job)
{
    const struct clearing *clearing = job;
    unsigned id = worker_id(worker);

    for (size_t i = 0; i < clearing->ledger_count; i++)
        if (clearing->everything)
            ledger_forget(clearing->ledgers[i], id);
        else
            ledger_forget_peaks(clearing->ledgers[i], id);
    for (size_t i = 0; i < clearing->backend_count && clearing->everything; i++) {
        histogram_forget(clearing->backends[i]->connect_times, id);
        histogram_forget(clearing->backends[i]->session_times, id);
    }
}

static void clear_server(struct server *server, bool everything)
{
    server->session_rate.most = 0;
    if (!everything)
        return;
    server->session_rate.before = 0;
    server->times_down = server->down_ms = server->ejection.times = 0;
    if (server->check)
        check_forget_failures(server->check);
}

static void clear_backend(struct backend *backend, bool everything)
{
    backend->session_rate.most = 0;
    for (size_t i = 0; i < backend->server_count; i++)
        clear_server(backend->servers[i], everything);
    if (!everything)
        return;
    backend->departed = (struct ledger_sum){ 0 };
    backend->session_rate.before = 0;
    backend->times_down = backend->down_ms = 0;
    backend->times_degraded = backend->mass_failures = 0;
}

static void clear_entrance(struct entrance *entrance, bool everything)
{
    entrance->session_rate.most = entrance->connection_rate.most = 0;
    entrance->handshake_rate.most = entrance->resumed_rate.most = 0;
    if (!everything)
        return;
    entrance->times_closed = 0;
    entrance->session_rate.before = entrance->connection_rate.before = 0;
    entrance->handshake_rate.before = entrance->resumed_rate.before = 0;
}

static void clear_own(struct clearing *clearing)
{
    struct control *control = clearing->control;

    control->session_rate_most = control->connection_rate_most = 0;
    control->handshake_rate_most = control->full_rate_most = 0;
    for (size_t i = 0; i < clearing->entrance_count; i++)
        clear_entrance(clearing->entrances[i], clearing->everything);
    for (size_t i = 0; i < clearing->backend_count; i++)
        clear_backend(clearing->backends[i], clearing->everything);
}

static void let_go(struct clearing *clearing)
{
    struct registry *registry = clearing->control->registry;

    for (size_t i = 0; i < clearing->entrance_count; i++)
        registry_release_entrance(registry, clearing->entrances[i]);
    for (size_t i = 0; i < clearing->backend_count; i++)
        registry_end_grace(registry, clearing->backends[i]);
    free(clearing->ledgers);
    free(clearing->backends);
    free(clearing->entrances);
    free(clearing);
}

static void end(void *job)
{
    struct clearing *clearing = job;

    clear_own(clearing);
    if (clearing->promise.owner)
        clearing->on_done(clearing->promise.owner);
    promise_end(&clearing->promise);
    let_go(clearing);
}

void clearing_begin(struct control *control, const struct clearing_request *request)
{
    struct clearing *clearing = memory_new(sizeof *clearing);

    log_notice("%s begin anew  by=\"%s\"",
               request->everything ? "all counters" : "the highest values", request->by);
    clearing->control = control;
    clearing->everything = request->everything;
    clearing->on_done = request->on_done;
    promise_make(control, &clearing->promise, request->owner);
    write_down(clearing);
    team_tell(control->team, clear_pages, end, clearing);
}
