/* Fills the rows of `show stat`, proxy after proxy in the order of their ids: the
 * frontend; a backend's servers, then the backend. */
#include "admin/stat.h"

#include "admin/backend_sum.h"
#include "admin/stat_row.h"
#include "admin/status.h"
#include "backend/backend.h"
#include "backend/balancer.h"
#include "backend/queue.h"
#include "backend/server_weight.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/ledger.h"
#include "config/settings.h"
#include "control/control.h"
#include "control/facts.h"
#include "control/registry.h"
#include "control/track.h"
#include "health/agent.h"
#include "health/check.h"
#include "proxy/entrance.h"

#include <stdio.h>
#include <string.h>

/* What all rows of one reply have in common. */
struct dump {
    const struct stat_request *request;
    const struct settings *settings;
    struct facts facts;
    uint64_t now;
    stat_visit *visit;
    void *owner;
};

/* By its kind, and as a whole; a frontend and a backend may have the same name. */
static bool is_wanted(const struct dump *dump, enum stat_kind kind, const char *proxy,
                      unsigned proxy_id)
{
    const struct stat_request *request = dump->request;

    if (request->types != -1 && !(request->types & (int64_t)kind))
        return false;
    if (request->proxy)
        return !strcmp(request->proxy, proxy);
    return request->proxy_id == -1 || request->proxy_id == (int64_t)proxy_id;
}

static int64_t seconds_since(const struct dump *dump, uint64_t at)
{
    return dump->now > at ? (int64_t)((dump->now - at) / 1000) : 0;
}

static int64_t higher(int64_t one, int64_t other)
{
    return one > other ? one : other;
}

static void fill_traffic(struct stat_row *row, const struct ledger_sum *sum)
{
    row->sessions_most = higher((int64_t)sum->peak, row->sessions);
    row->queued_most = higher((int64_t)sum->queue_peak, row->queued);
    row->sessions_total = (int64_t)sum->sessions;
    row->bytes_in = (int64_t)sum->bytes_in;
    row->bytes_out = (int64_t)sum->bytes_out;
    row->refused = (int64_t)sum->refused;
    row->connections_total = (int64_t)sum->connections;
    row->client_errors = (int64_t)sum->client_errors;
    row->connect_failures = (int64_t)sum->connect_failures;
    row->retries = (int64_t)sum->retries;
    row->redispatches = (int64_t)sum->redispatches;
    row->client_aborts = (int64_t)sum->client_aborts;
    row->server_aborts = (int64_t)sum->server_aborts;
    row->internal_errors = (int64_t)sum->internal_errors;
    row->chosen = (int64_t)sum->chosen;
    row->handshakes = (int64_t)sum->handshakes;
    row->handshakes_resumed = (int64_t)sum->handshakes_resumed;
    row->handshakes_failed = (int64_t)sum->handshakes_failed;
}

static void fill_times(struct stat_row *row, const struct ledger_sum *sum)
{
    row->queue_ms = (int64_t)sum->queue_ms;
    row->connect_ms = (int64_t)sum->connect_ms;
    row->response_ms = (int64_t)sum->response_ms;
    row->total_ms = (int64_t)sum->total_ms;
    row->queue_ms_most = (int64_t)sum->queue_ms_most;
    row->connect_ms_most = (int64_t)sum->connect_ms_most;
    row->response_ms_most = (int64_t)sum->response_ms_most;
    row->total_ms_most = (int64_t)sum->total_ms_most;
}

static void fill_ledger(struct stat_row *row, const struct dump *dump,
                        const struct ledger_sum *sum, const struct rate *sessions)
{
    row->session_rate = rate_now(sessions, sum->sessions, dump->facts.rates_age_ms);
    row->session_rate_most = sessions->most;
    fill_traffic(row, sum);
    fill_times(row, sum);
    row->last_session_s = sum->last_at ? seconds_since(dump, sum->last_at) : -1;
}

static const struct frontend_settings *find_frontend(const struct settings *settings,
                                                     const char *name)
{
    for (size_t i = 0; i < settings->frontend_count; i++)
        if (!strcmp(settings->frontends[i].name, name))
            return &settings->frontends[i];
    return NULL;
}

static uint64_t limit_of(const struct dump *dump,
                         const struct frontend_settings *frontend)
{
    return frontend->maxconn ? frontend->maxconn : dump->facts.maxconn;
}

/* PAUSED: nobody listens, for now. */
static const char *frontend_status(const struct dump *dump,
                                   const struct entrance *entrance)
{
    if (dump->facts.is_stopping || entrance->is_shut)
        return "STOP";
    return entrance_listens(entrance) ? "OPEN" : "PAUSED";
}

static void write_frontend(const struct dump *dump, const struct entrance *entrance)
{
    const struct frontend_settings *settings = find_frontend(dump->settings,
                                                             entrance->name);
    struct ledger_sum sum = ledger_sum(entrance->ledger);
    uint32_t limit;
    struct stat_row row = {
        .kind = STAT_FRONTEND,
        .proxy = entrance->name,
        .name = "FRONTEND",
        .status = frontend_status(dump, entrance),
        .times_closed = (int64_t)entrance->times_closed,
        .proxy_id = entrance->id,
        .type = 0,
        .sessions = gauge_read(&entrance->sessions),
        .connection_rate = rate_now(&entrance->connection_rate, sum.connections,
                                    dump->facts.rates_age_ms),
        .connection_rate_most = entrance->connection_rate.most,
    };

    if (!settings || !is_wanted(dump, STAT_FRONTEND, entrance->name, entrance->id))
        return;
    fill_ledger(&row, dump, &sum, &entrance->session_rate);
    row.sessions_limit = (int64_t)limit_of(dump, settings);
    if (entrance_has_limit(entrance, &limit))
        row.sessions_limit = limit;
    dump->visit(dump->owner, &row);
}

static void fill_check(struct stat_row *row, const struct server *server,
                       const struct check_report *report)
{
    enum result result = report->has_verdict ? report->last.result : RESULT_STARTING;

    row->check_failures = (int64_t)report->failures;
    row->check_health = report->health;
    row->check_rise = report->settings ? (int64_t)report->settings->rise : STAT_ABSENT;
    row->check_fall = report->settings ? (int64_t)report->settings->fall : STAT_ABSENT;
    if (report->is_paused || server->will & WILL_MAINT)
        return;
    row->check_status = result_code(result);
    row->check_description = result_text(result);
    if (!report->has_verdict)
        return;
    row->last_check = report->last.why;
    row->check_ms = (int64_t)report->last_ms;
    if (report->last.status)
        row->check_code = report->last.status;
}

static void fill_health(struct stat_row *row, const struct dump *dump,
                        const struct server *server)
{
    bool is_out = server->health == HEALTH_DOWN || server->agent.is_down ||
                  (server->will | server->agent.will) & WILL_MAINT;

    row->changed_s = seconds_since(dump, server->changed_at);
    row->check_failures = row->check_ms = row->check_code = STAT_ABSENT;
    row->check_rise = row->check_fall = row->check_health = STAT_ABSENT;
    row->times_down = row->down_s = STAT_ABSENT;
    if (!server->is_checked)
        return;
    row->times_down = (int64_t)server->times_down;
    row->down_s = (int64_t)(server->down_ms / 1000);
    if (is_out)
        row->down_s = (int64_t)((server->down_ms + dump->now - server->changed_at) /
                                1000);
}

static void clear_agent(struct stat_row *row)
{
    row->agent_ms = row->agent_code = row->agent_age_s = STAT_ABSENT;
    row->agent_rise = row->agent_fall = row->agent_health = STAT_ABSENT;
}

static void fill_agent(struct stat_row *row, const struct server *server,
                       const struct agent_facts *agent)
{
    row->agent_rise = row->agent_fall = 1;
    row->agent_health = !server->agent.is_down;
    row->agent_status = result_code(agent->result);
    row->agent_description = result_text(agent->result);
    if (!agent->has_answer)
        return;
    row->last_agent = agent->said;
    row->agent_ms = (int64_t)agent->last_ms;
    if (agent->has_report)
        row->agent_age_s = (int64_t)(agent->age_ms / 1000);
    if (agent->result == RESULT_ANSWERED || agent->result == RESULT_ANSWER_BAD)
        row->agent_code = 0;
}

/* The texts of a server's row that are made for it. */
struct texts {
    struct status_text status;
    struct address_text address;
    struct tier_text tier;
    char check_status[16], agent_status[16];
    char tracked[160], via[168];
};

static void fill_server(struct stat_row *row, struct texts *texts,
                        const struct server *server)
{
    texts->tier = tiers_text(tiers_number(server));
    *row = (struct stat_row){
        .kind = STAT_SERVER,
        .server = server,
        .proxy = server->backend->name,
        .name = server->name,
        .proxy_id = server->backend->id,
        .server_id = server->id,
        .type = 2,
        .sessions_limit = server->maxconn ? (int64_t)server->maxconn : STAT_ABSENT,
        .throttle = server->ramp_percent < 100 ? server->ramp_percent : STAT_ABSENT,
        .weight = server_weight(server),
        .configured_weight = server_weight_asked(server),
        .active = !server->backup,
        .backups = server->backup,
        .tier = texts->tier.chars,
        .ejections = (int64_t)server->ejection.times,
    };
}

static void fill_address(struct stat_row *row, struct texts *texts,
                         const struct server *server)
{
    const struct address *address = server_address(server);

    if (!address)
        return;
    texts->address = address_text(address);
    row->address = address->as.any.sa_family == AF_UNIX ? "unix" : texts->address.chars;
}

/* Of a check that is under way. */
static const char *star(char text[16], const char *status)
{
    (void)snprintf(text, 16, "* %s", status);
    return text;
}

/* Its verdict is another server's. */
static void fill_tracked(struct stat_row *row, struct texts *texts,
                         const struct server *leader)
{
    (void)snprintf(texts->tracked, sizeof texts->tracked, "%s/%s", leader->backend->name,
                   leader->name);
    (void)snprintf(texts->via, sizeof texts->via, "via %s", texts->tracked);
    row->tracked = texts->tracked;
    row->last_check = texts->via;
}

/* The star: it is being asked. */
static void fill_asking(struct stat_row *row, struct texts *texts,
                        const struct check_report *report)
{
    if (!row->check_status || !report->is_asking)
        return;
    row->check_status = star(texts->check_status, row->check_status);
}

static void write_agent(struct stat_row *row, struct texts *texts,
                        const struct server *server)
{
    struct agent_facts agent;

    clear_agent(row);
    if (!server->monitor)
        return;
    agent = agent_facts(server->monitor);
    if (!agent.is_enabled)
        return;
    fill_agent(row, server, &agent);
    if (agent.is_asking)
        row->agent_status = star(texts->agent_status, row->agent_status);
}

static void write_server(const struct dump *dump, const struct server *server,
                         const struct server_figures *figures)
{
    struct status_facts facts = status_facts(server);
    struct check_report report;
    struct stat_row row;
    struct texts texts;

    fill_server(&row, &texts, server);
    row.sessions = figures->sessions;
    fill_ledger(&row, dump, &figures->sum, &server->session_rate);
    fill_health(&row, dump, server);
    row.attempts = row.sessions_total;
    texts.status = status_text(&facts);
    row.status = texts.status.chars;
    if (server->is_checked && server->check && !server->override.is_unasked) {
        report = check_report(server->check);
        fill_check(&row, server, &report);
        fill_asking(&row, &texts, &report);
    }
    if (track_leader(server))
        fill_tracked(&row, &texts, track_leader(server));
    write_agent(&row, &texts, server);
    if (dump->request->shows_addresses)
        fill_address(&row, &texts, server);
    dump->visit(dump->owner, &row);
}

static bool is_server_wanted(const struct dump *dump, const struct server *server)
{
    int64_t wanted = dump->request->server_id;

    return !server->is_leaving && (wanted == -1 || wanted == (int64_t)server->id);
}

static struct backend_sum write_servers(const struct dump *dump,
                                        const struct backend *backend)
{
    bool are_wanted = is_wanted(dump, STAT_SERVER, backend->name, backend->id);
    struct backend_sum sum = backend_sum_begin(backend);

    for (size_t i = 0; i < backend->server_count; i++) {
        const struct server *server = backend->servers[i];
        struct server_figures figures = backend_sum_read(server);

        backend_sum_add(&sum, &figures);
        if (are_wanted && is_server_wanted(dump, server))
            write_server(dump, server, &figures);
    }
    return sum;
}

/* What HAProxy takes when nothing is said: a tenth of what its frontends let in. */
static int64_t full_of(const struct dump *dump, const struct backend *backend)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < dump->settings->frontend_count; i++)
        if (!strcmp(dump->settings->frontends[i].backend, backend->name))
            sum += limit_of(dump, &dump->settings->frontends[i]);
    return (int64_t)((sum + 9) / 10);
}

static bool is_up(const struct backend *backend, const struct backend_strength *strength)
{
    size_t servers = 0;

    for (size_t i = 0; i < backend->server_count; i++)
        servers += !backend->servers[i]->is_leaving;
    return strength->weight || !servers;
}

static void fill_backend(struct stat_row *row, const struct backend *backend)
{
    static const char *const reasons[] = {
        [TIERS_FIRST] = "first",     [TIERS_HIGHER] = "higher",
        [TIERS_TOO_FEW] = "too-few", [TIERS_FAIL_OPEN] = "fail-open",
        [TIERS_NOBODY] = "nobody",
    };
    struct backend_strength strength = backend_strength(backend);

    *row = (struct stat_row){
        .kind = STAT_BACKEND,
        .backend = backend,
        .proxy = backend->name,
        .name = "BACKEND",
        .status = is_up(backend, &strength) ? "UP" : "DOWN",
        .algorithm = balancer_name(backend->balancer),
        .proxy_id = backend->id,
        .type = 1,
        .queued = (int64_t)queue_length(backend->queue),
        .weight = strength.weight,
        .configured_weight = strength.configured_weight,
        .active = strength.active,
        .backups = strength.backups,
        .serving = reasons[backend->serving.reason],
        .times_degraded = (int64_t)backend->times_degraded,
        .mass_failures = (int64_t)backend->mass_failures,
        .times_down = (int64_t)backend->times_down,
    };
}

static void write_backend(const struct dump *dump, const struct backend *backend,
                          const struct backend_sum *servers)
{
    struct ledger_sum sum = backend_sum_end(servers, backend);
    struct tier_text tier = tiers_text(backend->serving.tier);
    uint64_t down_ms = backend->down_ms;
    struct stat_row row;

    if (!is_wanted(dump, STAT_BACKEND, backend->name, backend->id))
        return;
    if (backend->health == HEALTH_DOWN)
        down_ms += dump->now - backend->changed_at;
    fill_backend(&row, backend);
    row.tier = backend->serving.tier ? tier.chars : NULL;
    row.sessions = servers->sessions + row.queued;
    fill_ledger(&row, dump, &sum, &backend->session_rate);
    row.attempts = (int64_t)servers->servers.sessions;
    row.sessions_limit = full_of(dump, backend);
    row.changed_s = seconds_since(dump, backend->changed_at);
    row.down_s = (int64_t)(down_ms / 1000);
    if (!dump->request->shows_addresses)
        row.algorithm = NULL;
    dump->visit(dump->owner, &row);
}

static void write_whole_backend(const struct dump *dump, const struct backend *backend)
{
    struct backend_sum sum;

    if (!settings_find_backend(dump->settings, backend->name))
        return;
    sum = write_servers(dump, backend);
    write_backend(dump, backend, &sum);
}

/* Both lists are in the order of their ids, which are one sequence. */
static void write_proxies(const struct dump *dump, const struct registry *registry)
{
    size_t entrances = registry_entrance_count(registry);
    size_t backends = registry_backend_count(registry);
    size_t i = 0, j = 0;

    while (i < entrances || j < backends) {
        const struct entrance *entrance = i < entrances ? registry_entrance(registry, i)
                                                        : NULL;
        const struct backend *backend = j < backends ? registry_backend(registry, j)
                                                     : NULL;

        if (backend && (!entrance || backend->id < entrance->id)) {
            write_whole_backend(dump, backend);
            j++;
        } else if (entrance) {
            write_frontend(dump, entrance);
            i++;
        }
    }
}

void stat_each(const struct control *control, const struct stat_request *request,
               stat_visit *visit, void *owner)
{
    struct dump dump = {
        .request = request,
        .settings = control_settings(control),
        .facts = facts_read(control),
        .now = clock_ms(),
        .visit = visit,
        .owner = owner,
    };

    write_proxies(&dump, control_registry(control));
}

bool stat_has_proxy(const struct control *control, const char *name)
{
    const struct settings *settings = control_settings(control);

    return find_frontend(settings, name) || settings_find_backend(settings, name);
}
