#include "admin/change_asked.h"

#include "admin/change_place.h"
#include "admin/command.h"
#include "backend/server.h"
#include "control/steer_place.h"
#include "health/agent.h"

/* One of the two that are asked beside a server's sessions. */
struct party {
    const char *word;    /* "check" */
    const char *missing; /* what is said when there is none */
    unsigned least_port;
    bool (*is_there)(const struct server *server);
    void (*steer)(struct control *control, struct server *server,
                  const struct asked_wish *wish, const char *by);
};

static bool has_check(const struct server *server)
{
    return server->check;
}

static bool has_agent(const struct server *server)
{
    return server->monitor && agent_facts(server->monitor).is_enabled;
}

static const struct party checks = {
    "check",           "health checks are not enabled on this server", 0, has_check,
    steer_place_check,
};

static const struct party agents = {
    "agent",           "agent checks are not enabled on this server", 1, has_agent,
    steer_place_agent,
};

/* NULL, or what is wrong with the port. */
static const char *wish_port(const struct party *party, const char *text,
                             struct asked_wish *wish)
{
    const char *wrong = change_place_read_port(text, &wish->port);

    wish->has_port = true;
    return !wrong && wish->port < party->least_port ? "provided port is invalid" : wrong;
}

/* NULL, or what is wrong; the wish keeps the address. */
static const char *wish_address(const struct party *party, const struct call *call,
                                struct asked_wish *wish)
{
    const char *port = change_place_named_port(call);

    return port ? wish_port(party, port, wish) : NULL;
}

static void steer(struct call *call, struct server *server, const struct party *party,
                  const struct asked_wish *wish)
{
    party->steer(call->control, server, wish, call->caller->by);
}

static void set_address(struct call *call, struct server *server, const char *value,
                        const struct party *party)
{
    struct address address;
    struct asked_wish wish = { .address = &address };
    const char *wrong;

    if (!*value)
        reply_refuse(call->reply,
                     "set server <b>/<s> %s-addr requires an address and "
                     "optionally a port.",
                     party->word);
    else if (!party->is_there(server))
        reply_say(call->reply, SEVERITY_WARNING, "%s", party->missing);
    else if (!change_place_read_ip(value, &address))
        reply_say(call->reply, SEVERITY_WARNING, "invalid addr '%s'", value);
    else if ((wrong = wish_address(party, call, &wish)))
        reply_say(call->reply, SEVERITY_WARNING, "%s", wrong);
    else
        steer(call, server, party, &wish);
}

static void set_port(struct call *call, struct server *server, const char *value,
                     const struct party *party)
{
    struct asked_wish wish = { .address = NULL };
    const char *wrong = party->missing;

    if (!*value) {
        reply_refuse(call->reply, "set server <b>/<s> %s-port requires a port.",
                     party->word);
        return;
    }
    if (party->is_there(server))
        wrong = wish_port(party, value, &wish);
    if (wrong)
        reply_say(call->reply, SEVERITY_WARNING, "%s", wrong);
    else
        steer(call, server, party, &wish);
}

void change_asked_check_address(struct call *call, struct server *server,
                                const char *value)
{
    set_address(call, server, value, &checks);
}

void change_asked_check_port(struct call *call, struct server *server, const char *value)
{
    set_port(call, server, value, &checks);
}

void change_asked_agent_address(struct call *call, struct server *server,
                                const char *value)
{
    set_address(call, server, value, &agents);
}

void change_asked_agent_port(struct call *call, struct server *server, const char *value)
{
    set_port(call, server, value, &agents);
}

void change_asked_agent_text(struct call *call, struct server *server, const char *value)
{
    struct asked_wish wish = { .send = value };

    if (has_agent(server))
        steer(call, server, &agents, &wish);
    else
        reply_refuse(call->reply, "%s.", agents.missing);
}
