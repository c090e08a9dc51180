#include "admin/show.h"

#include "admin/command.h"
#include "admin/find.h"
#include "admin/info.h"
#include "admin/stat.h"
#include "admin/state.h"
#include "backend/server.h"
#include "backend/server_weight.h"
#include "control/control.h"
#include "control/facts.h"
#include "proxy/frontend.h"

#include <stdlib.h>
#include <string.h>

void show_info(struct call *call)
{
    info_write(call->control, &call->reply->text);
}

void show_listeners(struct call *call)
{
    struct listening listening;

    buffer_add_text(&call->reply->text, "# frontend address\n");
    for (size_t i = 0; facts_listening(call->control, i, &listening); i++)
        buffer_format(&call->reply->text, "%s %s\n", listening.frontend->settings->name,
                      address_text(&listening.address).chars);
}

void show_servers_state(struct call *call)
{
    const char *name = command_argument(call, 0);
    struct backend *only = *name ? find_backend(call->control, name) : NULL;

    if (*name && !only)
        reply_refuse(call->reply, "Can't find backend.");
    else
        state_write(call->control, only, &call->reply->text);
}

/* A number as the dialect's filters take it: 0 when it is none. */
static int64_t read_number(const char *text)
{
    return strtoll(text, NULL, 10);
}

static bool is_number(const char *text)
{
    text += *text == '-';
    return *text && !text[strspn(text, "0123456789")];
}

/* Fewer than three words filter nothing. */
static struct stat_request read_filter(const struct call *call)
{
    const char *proxy = command_argument(call, 0);
    struct stat_request request = { .proxy_id = -1, .types = -1, .server_id = -1 };

    request.shows_addresses = call->caller->level >= ADMIN_LEVEL_OPERATOR;
    if (!*command_argument(call, 2))
        return request;
    if (is_number(proxy))
        request.proxy_id = read_number(proxy);
    else
        request.proxy = proxy;
    request.types = read_number(command_argument(call, 1));
    request.server_id = read_number(command_argument(call, 2));
    return request;
}

void show_stat(struct call *call)
{
    struct stat_request request = read_filter(call);

    if (request.proxy && !stat_has_proxy(call->control, request.proxy))
        reply_refuse(call->reply, "No such proxy.");
    else
        stat_write(call->control, &request, &call->reply->text);
}

void show_weight(struct call *call)
{
    const struct server *server = find_server(call->control, command_argument(call, 0),
                                              call->reply);

    if (server)
        buffer_format(&call->reply->text, "%u (initial %u)\n",
                      server_weight_asked(server), server->configured_weight);
}
