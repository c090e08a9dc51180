/* One destination: what main decides of it, and what workers count on it. */
#include "backend/server.h"

#include "backend/backend.h"
#include "backend/standings.h"
#include "base/clock.h"
#include "base/ledger.h"
#include "base/memory.h"

#include <stdlib.h>

enum { ALL = 100 };

static const struct agent_report silent_agent = { .percent = ALL };

/* A share of something is never nothing. */
static unsigned share_of(unsigned whole, unsigned percent)
{
    return (whole * percent + ALL - 1) / ALL;
}

/* The weight and the limit that workers see, from all that bears on them. */
static void weigh(struct server *server)
{
    unsigned weight = share_of(server->wanted_weight, server->agent.percent);
    unsigned maxconn = server->wanted_maxconn, least = server->agent.maxconn;

    if (least && (!maxconn || least < maxconn))
        maxconn = least;
    atomic_store(&server->weight, share_of(weight, server->ramp_percent));
    atomic_store(&server->maxconn, maxconn);
}

void server_set_weight(struct server *server, unsigned weight)
{
    server->wanted_weight = weight;
    weigh(server);
}

void server_set_agent(struct server *server, const struct agent_report *report)
{
    server->agent = *report;
    weigh(server);
}

void server_set_ramp(struct server *server, unsigned percent)
{
    server->ramp_percent = percent;
    weigh(server);
}

void server_set_ejected(struct server *server, bool is_ejected)
{
    server->is_ejected = is_ejected;
}

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
    server->priority = settings->priority;
    if (server->configured_weight != settings->weight)
        server->wanted_weight = settings->weight;
    server->configured_weight = settings->weight;
    server->wanted_maxconn = settings->maxconn;
    weigh(server);
}

bool server_is_down(const struct server *server)
{
    return server->is_checked && server->health != HEALTH_UP;
}

bool server_is_fit(const struct server *server)
{
    return !server->is_leaving && !server->is_unplaced && !server->will &&
           !server->agent.will && !server->agent.is_down && !server->is_ejected &&
           !server_is_down(server) && atomic_load(&server->weight) > 0 &&
           server_address(server);
}

const struct address *server_set_address(struct server *server, struct address *address)
{
    return atomic_exchange(&server->address, address);
}

const char *server_set_host(struct server *server,
                            const struct address_parts *destination)
{
    const char *host = destination->host;
    struct address_text text;

    if (destination->kind != ADDRESS_NAME) {
        text = address_host(&destination->address);
        host = text.chars;
    }
    return atomic_exchange(&server->host, memory_copy_text(host));
}

const char *server_host(const struct server *server)
{
    return atomic_load(&server->host);
}

/* Not to be reached, whoever is the cause. */
static bool is_out(const struct server *server)
{
    return server->health == HEALTH_DOWN || server->will & WILL_MAINT;
}

static void begin_new_state(struct server *server, bool was_out)
{
    uint64_t now = clock_ms();

    if (was_out)
        server->down_ms += now - server->changed_at;
    server->changed_at = now;
}

bool server_set_health(struct server *server, enum health health)
{
    if (server->health == health)
        return false;
    begin_new_state(server, is_out(server));
    if (server->health == HEALTH_UP && health == HEALTH_DOWN)
        server->times_down++;
    server->health = health;
    return true;
}

void server_set_will(struct server *server, unsigned will)
{
    if (server->will == will)
        return;
    begin_new_state(server, is_out(server));
    server->will = will;
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
