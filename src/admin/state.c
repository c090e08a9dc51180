#include "admin/state.h"

#include "admin/status.h"
#include "backend/backend.h"
#include "backend/server_weight.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "config/settings.h"
#include "control/control.h"
#include "control/registry.h"
#include "health/agent.h"
#include "health/check.h"

#include <inttypes.h>

static const char heading[] =
    "1\n"
    "# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight"
    " srv_iweight srv_time_since_last_change srv_check_status srv_check_result"
    " srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id"
    " srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr"
    " srv_agent_addr srv_agent_port\n";

enum {
    CHECK_ASKING = 1,
    CHECK_CONFIGURED = 2,
    CHECK_ENABLED = 4,
    CHECK_PAUSED = 8,
    CHECK_IS_AGENT = 16,
};

/* The fields of a check, as for a server that has none. */
struct check_state {
    unsigned status, result, health, state;
    unsigned port;               /* that is asked instead of its own; 0: none */
    struct address_text address; /* likewise */
};

static struct check_state describe_check(const struct server *server)
{
    static const unsigned results[] = {
        [OUTCOME_PENDING] = 0,
        [OUTCOME_NEUTRAL] = 1,
        [OUTCOME_FAILED] = 2,
        [OUTCOME_PASSED] = 3,
    };
    struct check_state state = { .status = RESULT_STARTING, .address = { "-" } };
    struct check_report report;

    if (!server->is_checked || !server->check)
        return state;
    report = check_report(server->check);
    if (report.has_verdict) {
        state.status = report.last.result;
        state.result = results[report.last.outcome];
    }
    state.health = report.health;
    state.port = (unsigned)report.settings->port;
    if (report.settings->address.text)
        state.address = address_host(&report.settings->address.address);
    state.state = CHECK_CONFIGURED | (report.is_enabled ? CHECK_ENABLED : 0);
    state.state |= report.is_asking ? CHECK_ASKING : 0;
    state.state |= report.is_paused ? CHECK_PAUSED : 0;
    return state;
}

static unsigned describe_agent(const struct agent_facts *agent)
{
    return CHECK_IS_AGENT | CHECK_CONFIGURED | (agent->is_enabled ? CHECK_ENABLED : 0) |
           (agent->is_asking ? CHECK_ASKING : 0) | (agent->is_paused ? CHECK_PAUSED : 0);
}

static void write_destination(const struct server *server,
                              const struct check_state *check, struct buffer *out)
{
    const struct address *address = server_address(server);
    bool is_name = server->destination.kind == ADDRESS_NAME;
    unsigned port = is_name ? server->destination.port : 0;
    struct agent_facts agent = { .is_enabled = false };

    if (!is_name && address)
        port = address_port(address);
    if (server->monitor)
        agent = agent_facts(server->monitor);
    buffer_format(out, " %u %u %u %u %u 0 0 %s %u - 0 %u %s %s %u\n", check->status,
                  check->result, check->health, check->state,
                  server->monitor ? describe_agent(&agent) : 0,
                  is_name ? server->destination.host : "-", port, check->port,
                  check->address.chars,
                  agent.address.length ? address_host(&agent.address).chars : "-",
                  agent.address.length ? address_port(&agent.address) : 0);
}

static void write_server(const struct server *server, struct buffer *out)
{
    const struct address *address = server_address(server);
    struct status_facts facts = status_facts(server);
    struct check_state check = describe_check(server);
    struct address_text host = { "-" };

    if (address)
        host = address_host(address);
    buffer_format(out, "%u %s %u %s %s", server->backend->id, server->backend->name,
                  server->id, server->name, host.chars);
    buffer_format(out, " %u %u %u %u %" PRIu64, status_operation(&facts),
                  status_administration(&facts), server_weight_asked(server),
                  server->configured_weight, (clock_ms() - server->changed_at) / 1000);
    write_destination(server, &check, out);
}

static void write_backend(const struct backend *backend, struct buffer *out)
{
    for (size_t i = 0; i < backend->server_count; i++)
        if (!backend->servers[i]->is_leaving)
            write_server(backend->servers[i], out);
}

void state_write(const struct control *control, const struct backend *only,
                 struct buffer *out)
{
    const struct registry *registry = control_registry(control);

    buffer_add_text(out, heading);
    for (size_t i = 0; i < registry_backend_count(registry); i++) {
        const struct backend *backend = registry_backend(registry, i);

        if ((!only || only == backend) &&
            settings_find_backend(control_settings(control), backend->name))
            write_backend(backend, out);
    }
}
