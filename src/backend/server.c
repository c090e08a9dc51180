/* One destination: what main decides of it, and what workers count on it. */
#include "backend/server.h"

#include "backend/backend.h"
#include "backend/history.h"
#include "backend/server_set.h"
#include "backend/server_weight.h"
#include "backend/standings.h"
#include "base/clock.h"
#include "base/ledger.h"
#include "base/memory.h"

#include <stdlib.h>

enum { ALL = 100 };

static const struct agent_report silent_agent = { .percent = ALL };

struct server *server_create(struct backend *backend,
                             const struct server_settings *settings, unsigned workers)
{
    struct server *server = memory_new(sizeof *server);

    server->backend = backend;
    server->name = memory_copy_text(settings->name);
    server->destination = settings->destination;
    server->ledger = ledger_create(workers);
    server->changed_at = clock_ms();
    if (settings->destination.kind == ADDRESS_NUMERIC) {
        struct address *address = memory_new(sizeof *address);

        *address = settings->destination.address;
        atomic_init(&server->address, address);
    }
    (void)server_set_host(server, &settings->destination);
    server->configured_weight = server->wanted_weight = settings->weight;
    server->agent = silent_agent;
    server->ramp_percent = ALL;
    server_apply(server, settings);
    return server;
}

void server_destroy(struct server *server)
{
    if (!server)
        return;
    free((void *)(uintptr_t)atomic_load(&server->host));
    free((void *)(uintptr_t)atomic_load(&server->address));
    history_destroy(server->history);
    ledger_destroy(server->ledger);
    free(server->text);
    free(server->name);
    free(server);
}

void server_apply(struct server *server, const struct server_settings *settings)
{
    free(server->text);
    server->text = memory_copy_text(settings->text);
    server->backup = settings->backup;
    server->priority = settings->priority ? settings->priority : 1;
    if (server->configured_weight != settings->weight)
        server->wanted_weight = settings->weight;
    server->configured_weight = settings->weight;
    if (server->configured_maxconn != settings->maxconn)
        server->wanted_maxconn = settings->maxconn;
    server->configured_maxconn = settings->maxconn;
    server_weight_settle(server);
}

bool server_is_down(const struct server *server)
{
    return server->health == HEALTH_DOWN ||
           (server->is_checked && server->health != HEALTH_UP);
}

bool server_is_away(const struct server *server)
{
    return server->agent.is_down || server->is_ejected ||
           (server->will | server->agent.will) & WILL_MAINT ||
           server->health == HEALTH_DOWN;
}

bool server_is_willing(const struct server *server)
{
    return !server->is_leaving && !server->is_unplaced && !server->will &&
           !server->agent.will && !server->override.is_stopping &&
           atomic_load(&server->fine_weight) > 0 && server_address(server);
}

bool server_is_fit(const struct server *server)
{
    return server_is_willing(server) && !server->agent.is_down && !server->is_ejected &&
           !server_is_down(server);
}

const char *server_host(const struct server *server)
{
    return atomic_load(&server->host);
}

const struct address *server_address(const struct server *server)
{
    return atomic_load(&server->address);
}

bool server_take(struct server *server)
{
    struct standings *standings = atomic_load(&server->backend->standings);

    if (!gauge_take(&server->sessions, atomic_load(&server->maxconn)))
        return false;
    if (standings) {
        atomic_store(&server->last_turn, turn_take(&server->backend->turn) + 1);
        standings_refresh(standings, server->index, server);
    }
    return true;
}

/* The server is freed only after a grace that begins when its count was seen at zero, so
 * it may still be looked at here. */
void server_give(struct server *server)
{
    struct standings *standings = atomic_load(&server->backend->standings);

    gauge_give(&server->sessions);
    if (standings)
        standings_refresh(standings, server->index, server);
}
