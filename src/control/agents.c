/* Beside checks: which servers have agents, and what follows when one of them speaks. */
#include "control/agents.h"

#include "backend/backend.h"
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
    unsigned port = wish.server->agent_port ? wish.server->agent_port
                                            : (unsigned)wish.check->agent.port;

    if (!port) {
        agents_end(server);
        return;
    }
    if (!server->monitor)
        begin(loop, server);
    agent_begin(server->monitor, wish.check, port);
}

void agents_end(struct server *server)
{
    agent_destroy(server->monitor);
    server->monitor = NULL;
}
