/* Addresses that administrators set, and the lines that tell of them. */
#include "control/steer_place.h"

#include "backend/backend.h"
#include "backend/history.h"
#include "base/log.h"
#include "control/asked_place.h"
#include "control/control_parts.h"

#include <stdio.h>

/* Longer than any, with its port. */
struct place_text {
    char chars[272];
};

static struct place_text describe(const struct address_parts *destination)
{
    struct place_text text;

    if (destination->kind == ADDRESS_NAME)
        (void)snprintf(text.chars, sizeof text.chars, "%s:%u", destination->host,
                       destination->port);
    else
        (void)snprintf(text.chars, sizeof text.chars, "%s",
                       address_text(&destination->address).chars);
    return text;
}

static struct place_text present_place(const struct server *server)
{
    const struct address *address = server_address(server);
    struct place_text text;

    (void)snprintf(text.chars, sizeof text.chars, "%s",
                   address ? address_text(address).chars : "none");
    return text;
}

void steer_place_move(struct control *control, struct server *server,
                      const struct address_parts *destination, const char *by)
{
    struct place_text from = present_place(server), to = describe(destination);
    const struct history_change change = {
        .from = from.chars, .to = to.chars, .why = by, .who = HISTORY_ADMINISTRATOR
    };

    log_notice("server %s/%s is moved to %s  was=%s server=%s/%s by=\"%s\"",
               server->backend->name, server->name, to.chars, from.chars,
               server->backend->name, server->name, by);
    history_note(&server->history, &change);
    upkeep_move(control->upkeep, control->generation, server, destination);
    upkeep_publish(control->upkeep);
}

static void tell(const struct server *server, const char *who,
                 const struct asked_wish *wish, const char *by)
{
    char port[16] = "";

    if (wish->has_port)
        (void)snprintf(port, sizeof port, " port=%u", wish->port);
    log_notice("%s of server %s/%s asks elsewhere %s%s%s%s%s server=%s/%s by=\"%s\"", who,
               server->backend->name, server->name, wish->address ? " address=" : "",
               wish->address ? address_host(wish->address).chars : "", port,
               wish->send ? " send=" : "", wish->send ? "set" : "", server->backend->name,
               server->name, by);
}

void steer_place_check(struct control *control, struct server *server,
                       const struct asked_wish *wish, const char *by)
{
    tell(server, "the check", wish, by);
    asked_place_set(&server->override.check_place, wish);
    upkeep_tend(control->upkeep, control->generation, server);
    upkeep_publish(control->upkeep);
}

void steer_place_agent(struct control *control, struct server *server,
                       const struct asked_wish *wish, const char *by)
{
    tell(server, "the agent", wish, by);
    asked_place_set(&server->override.agent_place, wish);
    upkeep_tend(control->upkeep, control->generation, server);
    upkeep_publish(control->upkeep);
}
