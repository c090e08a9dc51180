/* Figures of the whole program, and its listening addresses, for people. */
#include "base/clock.h"
#include "base/ledger.h"
#include "config/settings.h"
#include "control/control_parts.h"
#include "control/facts.h"
#include "proxy/entrance.h"
#include "proxy/frontend.h"

/* A worker may have counted between two looks at it. */
static unsigned present_of(const struct ledger_sum *sum)
{
    return sum->tls_begun > sum->tls_over ? (unsigned)(sum->tls_begun - sum->tls_over)
                                          : 0;
}

static unsigned resumed_percent(const struct control *control)
{
    if (!control->handshake_rate)
        return 0;
    return 100 - 100 * control->full_rate / control->handshake_rate;
}

static void add_sums(const struct control *control, struct facts *facts)
{
    const struct registry *registry = control->registry;

    for (size_t i = 0; i < registry_entrance_count(registry); i++) {
        const struct entrance *entrance = registry_entrance(registry, i);
        struct ledger_sum sum = ledger_sum(entrance->ledger);
        uint64_t age_ms = facts->rates_age_ms;

        facts->session_rate += rate_now(&entrance->session_rate, sum.sessions, age_ms);
        facts->connection_rate += rate_now(&entrance->connection_rate, sum.connections,
                                           age_ms);
        facts->sessions_total += sum.sessions;
        facts->connections_total += sum.connections;
        facts->bytes_out_total += sum.bytes_out;
        facts->refused_total += sum.refused;
        facts->empty_total += sum.empty;
        facts->tls_sessions_total += sum.tls_begun;
        facts->tls_sessions += present_of(&sum);
    }
}

struct facts facts_read(const struct control *control)
{
    struct facts facts = {
        .generation = control->generation->number,
        .workers = control->workers,
        .started_at = control->started_at,
        .uptime_ms = clock_ms() - control->started_ms,
        .maxconn = control->maxconn,
        .descriptors = control->descriptors,
        .most_maxconn = control->most_maxconn,
        .connections_most = throttle_most(&control->throttle, THROTTLE_CONNECTIONS),
        .sessions_most = throttle_most(&control->throttle, THROTTLE_SESSIONS),
        .handshakes_most = throttle_most(&control->throttle, THROTTLE_HANDSHAKES),
        .sessions = team_sessions(control->team),
        .rates_age_ms = clock_ms() - control->rates_sampled_at,
        .session_rate_most = control->session_rate_most,
        .connection_rate_most = control->connection_rate_most,
        .handshake_rate = control->handshake_rate,
        .handshake_rate_most = control->handshake_rate_most,
        .full_handshake_rate = control->full_rate,
        .full_handshake_rate_most = control->full_rate_most,
        .resumed_percent = resumed_percent(control),
        .listeners = (unsigned)doors_count(control->doors),
        .checks = (unsigned)upkeep_check_count(control->upkeep),
        .is_stopping = control->is_stopping,
        .is_busy_polling = control->generation->settings->global.busy_poll,
        .reloads_applied = control->reloads_applied,
        .reloads_refused = control->reloads_refused,
        .reloaded_at = control->reloaded_at ? control->reloaded_at : control->started_at,
        .was_refused = control->was_refused,
    };

    add_sums(control, &facts);
    return facts;
}

bool facts_listening(const struct control *control, size_t index,
                     struct listening *listening)
{
    if (index >= doors_count(control->doors))
        return false;
    listening->frontend = doors_frontend(control->doors, index);
    listening->address = doors_address(control->doors, index);
    return true;
}

struct resolving facts_resolving(const struct control *control)
{
    struct resolving resolving = { .counts = resolver_counts(control->resolver) };

    resolver_write_servers(control->resolver, resolving.servers,
                           sizeof resolving.servers);
    return resolving;
}
