/* What an administrator may change of a server, and the lines that tell of it. */
#include "control/steer.h"

#include "backend/backend.h"
#include "base/log.h"
#include "control/control_parts.h"
#include "health/check.h"

static const char *will_name(unsigned will)
{
    if (will & WILL_MAINT)
        return "maint";
    return will & WILL_DRAIN ? "drain" : "ready";
}

void steer_will(struct control *control, struct server *server, unsigned will,
                const char *by)
{
    unsigned old = server->will;

    if (old == will)
        return;
    log_notice("server %s/%s is set to %s  was=%s by=\"%s\"", server->backend->name,
               server->name, will_name(will), will_name(old), by);
    server_set_will(server, will);
    if (server->check && will & WILL_MAINT)
        check_pause(server->check);
    else if (server->check && old & WILL_MAINT)
        check_resume(server->check);
    backend_touch(server->backend);
    upkeep_publish(control->upkeep);
}

void steer_weight(struct control *control, struct server *server, unsigned weight,
                  const char *by)
{
    unsigned old = server->wanted_weight;

    if (old == weight)
        return;
    log_notice("server %s/%s has a new weight  weight=%u was=%u by=\"%s\"",
               server->backend->name, server->name, weight, old, by);
    server_set_weight(server, weight);
    backend_touch(server->backend);
    upkeep_publish(control->upkeep);
}
