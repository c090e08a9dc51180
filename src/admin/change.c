/* Whoever changes something is named in the log: control writes the line of a change. */
#include "admin/change.h"

#include "admin/change_asked.h"
#include "admin/change_place.h"
#include "admin/command.h"
#include "admin/find.h"
#include "admin/weight.h"
#include "backend/server.h"
#include "base/log.h"
#include "control/control.h"
#include "control/steer.h"
#include "control/track.h"
#include "health/agent.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

void change_configuration(struct call *call)
{
    struct buffer report = { 0 };
    bool is_applied;

    if (*command_argument(call, 0)) {
        reply_refuse(call->reply, "'reload' takes no arguments.");
        return;
    }
    log_notice("reload asked for on the admin socket  by=\"%s\"", call->caller->by);
    is_applied = control_reload(call->control, &report);
    reply_say(call->reply, is_applied ? SEVERITY_INFO : SEVERITY_ERROR, "%s",
              buffer_text(&report));
    buffer_deinit(&report);
}

static void set_will(struct call *call, struct server *server, unsigned will)
{
    steer_will(call->control, server, will, call->caller->by);
}

static void set_state(struct call *call, struct server *server, const char *value)
{
    static const struct {
        const char *word;
        unsigned will;
    } states[] = { { "ready", 0 }, { "drain", WILL_DRAIN }, { "maint", WILL_MAINT } };

    for (size_t i = 0; i < COUNT(states); i++) {
        if (strcmp(states[i].word, value))
            continue;
        set_will(call, server, states[i].will);
        return;
    }
    reply_refuse(call->reply,
                 "'set server <srv> state' expects 'ready', 'drain' and 'maint'.");
}

static void set_weight(struct call *call, struct server *server, const char *value)
{
    unsigned weight;
    const char *wrong = weight_read(value, server->configured_weight, &weight);

    if (wrong)
        reply_refuse(call->reply, "%s", wrong);
    else
        steer_weight(call->control, server, weight, call->caller->by);
}

static void set_agent(struct call *call, struct server *server, const char *value)
{
    bool is_down = !strcmp(value, "down");

    if (!server->monitor || !agent_facts(server->monitor).is_enabled)
        reply_refuse(call->reply, "agent checks are not enabled on this server.");
    else if (!is_down && strcmp(value, "up") != 0)
        reply_refuse(call->reply, "'set server <srv> agent' expects 'up' or 'down'.");
    else
        steer_agent_word(call->control, server, is_down, call->caller->by);
}

static void set_health(struct call *call, struct server *server, const char *value)
{
    static const char *const words[] = { "up", "stopping", "down" };

    if (track_leader(server)) {
        reply_refuse(call->reply, "cannot change health on a tracking server.");
        return;
    }
    for (size_t i = 0; i < COUNT(words); i++) {
        if (strcmp(words[i], value) != 0)
            continue;
        steer_health(call->control, server, (enum steer_health)i, call->caller->by);
        return;
    }
    reply_refuse(call->reply,
                 "'set server <srv> health' expects 'up', 'stopping', or 'down'.");
}

/* What `set server backend/server` can set. */
static const struct property {
    const char *word;
    void (*set)(struct call *call, struct server *server, const char *value);
} properties[] = {
    { "addr", change_place_address },
    { "agent", set_agent },
    { "agent-addr", change_asked_agent_address },
    { "agent-port", change_asked_agent_port },
    { "agent-send", change_asked_agent_text },
    { "check-addr", change_asked_check_address },
    { "check-port", change_asked_check_port },
    { "fqdn", change_place_name },
    { "health", set_health },
    { "state", set_state },
    { "weight", set_weight },
};

static const struct property *find_property(const char *word)
{
    for (size_t i = 0; i < COUNT(properties); i++)
        if (!strcmp(properties[i].word, word))
            return &properties[i];
    return NULL;
}

static void refuse_property(struct call *call)
{
    reply_refuse(call->reply, "usage: set server <backend>/<server> %s",
                 properties->word);
    for (size_t i = 1; i < COUNT(properties); i++)
        buffer_format(&call->reply->text, " | %s", properties[i].word);
}

/* NULL, and refused, when the first argument names none. */
static struct server *server_of(struct call *call)
{
    return find_server(call->control, command_argument(call, 0), call->reply);
}

void change_server(struct call *call)
{
    struct server *server = server_of(call);
    const struct property *property = find_property(command_argument(call, 1));

    if (server && property)
        property->set(call, server, command_argument(call, 2));
    else if (server)
        refuse_property(call);
}

void change_weight(struct call *call)
{
    struct server *server = server_of(call);

    if (server)
        set_weight(call, server, command_argument(call, 1));
}

void change_to_ready(struct call *call)
{
    struct server *server = server_of(call);

    if (server)
        set_will(call, server, 0);
}

void change_to_maint(struct call *call)
{
    struct server *server = server_of(call);

    if (server)
        set_will(call, server, WILL_MAINT);
}

void change_agent_on(struct call *call)
{
    struct server *server = server_of(call);

    if (server && !server->monitor)
        reply_refuse(call->reply,
                     "Agent was not configured on this server, cannot enable.");
    else if (server)
        steer_agent(call->control, server, true, call->caller->by);
}

void change_agent_off(struct call *call)
{
    struct server *server = server_of(call);

    if (server && server->monitor)
        steer_agent(call->control, server, false, call->caller->by);
}

void change_check_on(struct call *call)
{
    struct server *server = server_of(call);

    if (server && !server->check)
        reply_refuse(call->reply,
                     "Health check was not configured on this server, cannot enable.");
    else if (server)
        steer_check(call->control, server, true, call->caller->by);
}

void change_check_off(struct call *call)
{
    struct server *server = server_of(call);

    if (server && server->check)
        steer_check(call->control, server, false, call->caller->by);
}
