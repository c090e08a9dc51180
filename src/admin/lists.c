/* Scripts find their way by these lists: names first, in the order of the ids. */
#include "admin/lists.h"

#include "admin/command.h"
#include "admin/find.h"
#include "backend/backend.h"
#include "base/clock.h"
#include "base/ledger.h"
#include "control/control.h"
#include "control/facts.h"
#include "control/registry.h"
#include "proxy/frontend.h"

#include <inttypes.h>
#include <time.h>

void lists_show_listeners(struct call *call)
{
    struct listening listening;

    buffer_add_text(&call->reply->text, "# frontend address\n");
    for (size_t i = 0; facts_listening(call->control, i, &listening); i++)
        buffer_format(&call->reply->text, "%s %s\n", listening.frontend->settings->name,
                      address_text(&listening.address).chars);
}

static void each_backend(struct call *call,
                         void (*write)(const struct backend *, struct buffer *))
{
    const struct registry *registry = control_registry(call->control);

    for (size_t i = 0; i < registry_backend_count(registry); i++) {
        const struct backend *backend = registry_backend(registry, i);

        if (settings_find_backend(control_settings(call->control), backend->name))
            write(backend, &call->reply->text);
    }
}

static void write_name(const struct backend *backend, struct buffer *out)
{
    buffer_format(out, "%s\n", backend->name);
}

void lists_show_backends(struct call *call)
{
    buffer_add_text(&call->reply->text, "# name\n");
    each_backend(call, write_name);
}

/* Connections are not kept for later sessions: what is about such ones is 0. */
static void write_conn(const struct server *server, struct buffer *out)
{
    const struct address *address = server_address(server);
    struct ledger_sum sum = ledger_sum(server->ledger);

    buffer_format(out, "%s/%s %u/%u %s %u - 0 %" PRIu64 " %" PRIu64 " 0 0 0 0 0\n",
                  server->backend->name, server->name, server->backend->id, server->id,
                  address ? address_host(address).chars : "-",
                  address ? address_port(address) : 0,
                  (uint64_t)gauge_read(&server->sessions), sum.peak);
}

static void write_conns(const struct backend *backend, struct buffer *out)
{
    for (size_t i = 0; i < backend->server_count; i++)
        if (!backend->servers[i]->is_leaving)
            write_conn(backend->servers[i], out);
}

void lists_show_servers_conn(struct call *call)
{
    const char *name = command_argument(call, 0);
    const struct backend *only = *name ? find_backend(call->control, name) : NULL;

    if (*name && !only) {
        reply_refuse(call->reply, "Can't find backend.");
        return;
    }
    buffer_add_text(&call->reply->text,
                    "# bkname/svname bkid/svid addr port - purge_delay used_cur used_max"
                    " need_est unsafe_nb safe_nb idle_lim idle_cur\n");
    if (only)
        write_conns(only, &call->reply->text);
    else
        each_backend(call, write_conns);
}

void lists_show_errors(struct call *call)
{
    uint64_t now = clock_wall_ms();
    time_t seconds = (time_t)(now / 1000);
    struct tm local;
    char date[40];

    (void)localtime_r(&seconds, &local);
    (void)strftime(date, sizeof date, "%d/%b/%Y:%H:%M:%S", &local);
    buffer_format(&call->reply->text, "Total events captured on [%s.%03u] : 0\n", date,
                  (unsigned)(now % 1000));
}

void lists_show_tables(struct call *call)
{
    (void)call;
}
