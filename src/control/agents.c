/* Beside checks: which servers have agents, and what follows when one of them speaks. */
#include "control/agents.h"

#include "backend/backend.h"
#include "control/asked_place.h"
#include "control/enlist.h"
#include "health/agent.h"

static void on_agent_changed(struct agent *agent, void *owner)
{
    struct server *server = owner;

    (void)agent;
    backend_touch(server->backend);
}

static void begin(struct ev_loop *loop, struct server *server)
{
    server->monitor = agent_create(loop, server, on_agent_changed, server);
    if (server->will & WILL_MAINT)
        agent_pause(server->monitor, true);
}

void agents_tend(struct ev_loop *loop, struct server *server, struct agents_wish wish)
{
    struct check_settings settings = *wish.check;
    struct asked asked = {
        .address = settings.agent.address,
        .port = wish.server->agent_port ? wish.server->agent_port : settings.agent.port,
        .send = settings.agent.send,
    };

    if (!asked.port || (server->override.added && !server->override.added->has_agent)) {
        agents_end(server);
        return;
    }
    asked_place_overlay(&server->override.agent_place, &asked);
    settings.agent.address = asked.address;
    settings.agent.send = asked.send;
    if (!server->monitor)
        begin(loop, server);
    agent_begin(server->monitor, &settings, (unsigned)asked.port);
}

void agents_end(struct server *server)
{
    agent_destroy(server->monitor);
    server->monitor = NULL;
}
