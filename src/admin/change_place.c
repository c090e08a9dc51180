/* The answers are compared letter by letter by those who script this. */
#include "admin/change_place.h"

#include "admin/command.h"
#include "backend/server.h"
#include "base/text.h"
#include "control/steer_place.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { PORT_MOST = 65535, PORT_WORD = 3 }; /* the argument that says "port" */

bool change_place_read_ip(const char *text, struct address *address)
{
    *address = (struct address){ .length = 0 };
    if (inet_pton(AF_INET, text, &address->as.ip4.sin_addr) == 1) {
        address->as.any.sa_family = AF_INET;
        address->length = sizeof address->as.ip4;
    } else if (inet_pton(AF_INET6, text, &address->as.ip6.sin6_addr) == 1) {
        address->as.any.sa_family = AF_INET6;
        address->length = sizeof address->as.ip6;
    }
    return address->length;
}

const char *change_place_named_port(const struct call *call)
{
    if (strcmp(command_argument(call, PORT_WORD), "port") != 0)
        return NULL;
    return command_argument(call, PORT_WORD + 1);
}

const char *change_place_read_port(const char *text, unsigned *port)
{
    uint64_t number;

    if (text_read_number(text, &number))
        return "provided port is not an integer";
    *port = (unsigned)number;
    return number > PORT_MOST ? "provided port is invalid" : NULL;
}

/* Tells of both parts. False when nothing is to be done. */
static bool describe_move(struct reply *reply, const struct address *from,
                          const struct address *to, const char *port)
{
    struct address_text old = address_host(from), new = address_host(to);
    bool has_moved = strcmp(old.chars, new.chars) != 0;
    bool has_port = address_port(from) != address_port(to);

    reply_say(reply, SEVERITY_WARNING, "no need to change the addr");
    if (has_moved)
        reply_say(reply, SEVERITY_WARNING, "IP changed from '%s' to '%s'", old.chars,
                  new.chars);
    if (port && has_port)
        buffer_format(&reply->text, ", port changed from '%u' to '%u'",
                      address_port(from), address_port(to));
    else if (port)
        buffer_add_text(&reply->text, ", no need to change the port");
    return has_moved || has_port;
}

/* NULL, or what is wrong with it. */
static const char *read_move(const struct call *call, const char *text,
                             const struct address *from, struct address *to)
{
    static char wrong[128];
    const char *port_text = change_place_named_port(call);
    unsigned port = address_port(from);

    if (!change_place_read_ip(text, to))
        (void)snprintf(wrong, sizeof wrong, "Invalid addr '%.64s'", text);
    else if (from->as.any.sa_family == AF_UNIX)
        return "Update for the current server address family is only supported through "
               "configuration file";
    else if (port_text && (change_place_read_port(port_text, &port) || !port))
        (void)snprintf(wrong, sizeof wrong, "problem converting port '%.64s' to an int",
                       port_text);
    else {
        address_set_port(to, (uint16_t)port);
        return NULL;
    }
    return wrong;
}

/* Of a name that is not resolved yet only the port is known. */
static struct address present_address(const struct server *server)
{
    const struct address *address = server_address(server);
    struct address none = { .length = sizeof none.as.ip4 };

    if (address)
        return *address;
    none.as.any.sa_family = AF_INET;
    address_set_port(&none, server->destination.port);
    return none;
}

void change_place_address(struct call *call, struct server *server, const char *value)
{
    struct address from = present_address(server);
    struct address_parts to = { .kind = ADDRESS_NUMERIC, .fd = -1 };
    const char *wrong;

    if (!*value) {
        reply_refuse(call->reply, "set server <b>/<s> addr requires an address and "
                                  "optionally a port.");
        return;
    }
    wrong = read_move(call, value, &from, &to.address);
    to.port = address_port(&to.address);
    if (wrong)
        reply_say(call->reply, SEVERITY_WARNING, "%s", wrong);
    else if (describe_move(call->reply, &from, &to.address,
                           change_place_named_port(call)))
        steer_place_move(call->control, server, &to, call->caller->by);
    buffer_add_text(&call->reply->text, " by 'stats socket command'");
}

void change_place_name(struct call *call, struct server *server, const char *value)
{
    struct address_parts to = server->destination;

    if (!*value)
        reply_refuse(call->reply, "set server <b>/<s> fqdn requires a FQDN.");
    else if (to.kind != ADDRESS_NAME)
        reply_refuse(call->reply, "set server <b>/<s> fqdn failed because no resolution "
                                  "is configured.");
    else if (strlen(value) >= sizeof to.host || !text_is_name(value))
        reply_say(call->reply, SEVERITY_WARNING, "could not update %s FQDN",
                  command_argument(call, 0));
    else if (!strcmp(value, to.host))
        reply_say(call->reply, SEVERITY_WARNING, "no need to change the FDQN");
    else {
        (void)snprintf(to.host, sizeof to.host, "%s", value);
        reply_say(call->reply, SEVERITY_WARNING,
                  "%s changed its FQDN from %s to %s by 'stats socket command'",
                  command_argument(call, 0), server->destination.host, value);
        steer_place_move(call->control, server, &to, call->caller->by);
    }
}
