#include "admin/show.h"

#include "admin/command.h"
#include "admin/figure.h"
#include "admin/find.h"
#include "admin/info.h"
#include "admin/stat_reply.h"
#include "admin/state.h"
#include "backend/server.h"
#include "backend/server_weight.h"
#include "control/control.h"

#include <stdlib.h>
#include <string.h>

void show_info(struct call *call)
{
    struct info_wish wish = { .form = INFO_PLAIN };
    const char *word;

    for (size_t i = 0; *(word = command_argument(call, i)); i++) {
        if (!strcmp(word, "typed"))
            wish.form = INFO_TYPED;
        else if (!strcmp(word, "json"))
            wish.form = INFO_JSON;
        wish.has_help |= !strcmp(word, "desc");
    }
    info_write(call->control, &wish, &call->reply->text);
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

/* The words behind the name that are neither a selector nor unknown. False: unknown. */
static bool read_modifier(const char *word, struct stat_wish *wish)
{
    if (!strcmp(word, "typed"))
        wish->form = STAT_TYPED;
    else if (!strcmp(word, "json"))
        wish->form = STAT_JSON;
    else if (!strcmp(word, "desc"))
        wish->has_help = true;
    else if (!strcmp(word, "up"))
        wish->filter.only_up = true;
    else if (!strcmp(word, "no-maint"))
        wish->filter.no_maint = true;
    else
        return false;
    return true;
}

/* Fewer than three words filter nothing. Returns how many there are. */
static size_t read_selectors(const struct call *call, struct stat_request *request)
{
    const char *proxy = command_argument(call, 0);

    if (!*command_argument(call, 2) || read_modifier(proxy, &(struct stat_wish){ 0 }))
        return 0;
    if (is_number(proxy))
        request->proxy_id = read_number(proxy);
    else
        request->proxy = proxy;
    request->types = read_number(command_argument(call, 1));
    request->server_id = read_number(command_argument(call, 2));
    return 3;
}

void show_stat(struct call *call)
{
    struct stat_wish wish = {
        .request = { .proxy_id = -1, .types = -1, .server_id = -1 },
    };
    const char *word;

    wish.request.shows_addresses = call->caller->level >= ADMIN_LEVEL_OPERATOR;
    for (size_t i = read_selectors(call, &wish.request);
         *(word = command_argument(call, i)); i++)
        (void)read_modifier(word, &wish);
    if (wish.request.proxy && !stat_has_proxy(call->control, wish.request.proxy))
        reply_refuse(call->reply, "No such proxy.");
    else
        stat_reply_write(call->control, &wish, &call->reply->text);
}

void show_schema(struct call *call)
{
    figure_write_schema(&call->reply->text);
}

void show_weight(struct call *call)
{
    const struct server *server = find_server(call->control, command_argument(call, 0),
                                              call->reply);

    if (server)
        buffer_format(&call->reply->text, "%u (initial %u)\n",
                      server_weight_asked(server), server->configured_weight);
}
