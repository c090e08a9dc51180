/* Gathers what bears on one server; admin/reason says which of it decides. */
#include "admin/why.h"

#include "admin/command.h"
#include "admin/find.h"
#include "admin/reason.h"
#include "backend/backend.h"
#include "backend/balancer.h"
#include "backend/history.h"
#include "backend/server_weight.h"
#include "base/clock.h"
#include "control/control.h"
#include "control/facts.h"
#include "control/registry.h"
#include "control/steer.h"
#include "control/track.h"
#include "health/agent.h"
#include "health/check.h"
#include "proxy/entrance.h"

#include <stdio.h>
#include <string.h>

enum { ALL = 100 };

/* Texts that the facts point at. */
struct texts {
    char name[256], leader[256], verdict[128];
};

static uint64_t age_of(uint64_t at_ms)
{
    return clock_ms() - at_ms;
}

/* The last time that somebody wanted it so; a reload may have forgotten who. */
static void note_will(const struct server *server, struct reason_facts *facts)
{
    const char *will = steer_will_name(server->will);

    facts->will = server->will;
    for (size_t i = history_count(server->history); i-- > 0;) {
        const struct history_change *change = history_at(server->history, i);

        if (change->who != HISTORY_ADMINISTRATOR || strcmp(change->to, will) != 0)
            continue;
        facts->willed_by = change->why;
        facts->willed_age = clock_wall_ms() - change->at_ms;
        return;
    }
}

static void note_agent(const struct server *server, struct reason_facts *facts)
{
    struct agent_facts agent;

    facts->agent_will = server->agent.will;
    facts->agent_says_down = server->agent.is_down;
    if (!server->monitor)
        return;
    agent = agent_facts(server->monitor);
    facts->agent_said = agent.has_report ? agent.said : NULL;
    facts->agent_age = agent.age_ms;
}

static void write_path(const struct server *server, char *out, size_t size)
{
    (void)snprintf(out, size, "%s/%s", server->backend->name, server->name);
}

/* One that follows another has that one's verdict. */
static const struct check *check_of(const struct server *server)
{
    while (server && !server->check)
        server = track_leader(server);
    return server ? server->check : NULL;
}

static void note_verdict(const struct server *server, struct reason_facts *facts,
                         struct texts *texts)
{
    const struct check *check = check_of(server);
    struct check_report report;
    struct buffer text = { 0 };

    if (!check)
        return;
    report = check_report(check);
    facts->has_verdict = report.has_verdict;
    facts->verdict_age = report.age_ms;
    buffer_format(&text, *report.last.why ? "%s (%s)" : "%s",
                  result_code(report.last.result), report.last.why);
    (void)snprintf(texts->verdict, sizeof texts->verdict, "%s", buffer_text(&text));
    facts->verdict = texts->verdict;
    buffer_deinit(&text);
}

static void note_health(const struct server *server, struct reason_facts *facts,
                        struct texts *texts)
{
    const struct server *leader = track_leader(server);

    facts->is_checked = server->is_checked;
    facts->health = server->health;
    facts->health_age = age_of(server->changed_at);
    if (leader) {
        write_path(leader, texts->leader, sizeof texts->leader);
        facts->leader = texts->leader;
    }
    note_verdict(server, facts, texts);
    facts->is_nolb = server->override.is_stopping;
    facts->is_ejected = server->is_ejected;
    if (server->is_ejected && server->ejection.ends_at > clock_ms())
        facts->ejection_left = server->ejection.ends_at - clock_ms();
}

static void note_tiers(const struct server *server, struct reason_facts *facts)
{
    const struct recovery_settings *rules = &server->backend->recovery;
    struct tiers tiers = tiers_count(server->backend);
    const struct tier *own;

    facts->tier = tiers_number(server);
    own = &tiers.at[facts->tier];
    facts->choice = tiers_choose(&tiers, rules);
    facts->tier_fit = own->fit;
    facts->tier_servers = own->servers;
    facts->tier_need = tiers_need(own, &rules->min_healthy);
    facts->is_serving = atomic_load(&server->is_serving);
}

/* In percent of the rotation, or a place in line. */
static void note_share(const struct server *server, struct reason_facts *facts)
{
    const struct backend *backend = server->backend;
    uint64_t sum = 0, own = atomic_load(&server->fine_weight);
    bool is_line = !strcmp(balancer_name(backend->balancer), "first");
    unsigned before = 0;

    for (size_t i = 0; i < backend->server_count; i++) {
        const struct server *other = backend->servers[i];

        if (!atomic_load(&other->is_serving))
            continue;
        facts->serving++;
        sum += atomic_load(&other->fine_weight);
        before += atomic_load(&other->position) < atomic_load(&server->position);
    }
    facts->share_percent = sum ? (unsigned)((own * ALL + sum / 2) / sum) : 0;
    facts->place = is_line ? before + 1 : 0;
}

static bool leads_to(const struct frontend_settings *frontend, const char *backend)
{
    if (!strcmp(frontend->backend, backend))
        return true;
    for (size_t i = 0; i < frontend->route_count; i++)
        if (!strcmp(frontend->routes[i].backend, backend))
            return true;
    return false;
}

static bool lets_in(const struct entrance *entrance)
{
    uint32_t limit;

    return entrance_listens(entrance) &&
           (!entrance_has_limit(entrance, &limit) || limit > 0);
}

static void note_frontends(const struct control *control, const struct server *server,
                           struct reason_facts *facts)
{
    const struct settings *settings = control_settings(control);
    const struct registry *registry = control_registry(control);

    for (size_t i = 0; i < settings->frontend_count; i++) {
        const struct frontend_settings *frontend = &settings->frontends[i];
        const struct entrance *entrance;

        if (!leads_to(frontend, server->backend->name))
            continue;
        entrance = registry_find_entrance(registry, frontend->name);
        facts->frontends++;
        facts->closed_frontends += entrance && !lets_in(entrance);
    }
}

static void note_load(const struct server *server, struct reason_facts *facts)
{
    facts->weight = server->wanted_weight;
    facts->configured_weight = server->configured_weight;
    facts->sessions = gauge_read(&server->sessions);
    facts->maxconn = atomic_load(&server->maxconn);
    facts->ramp_percent = server->ramp_percent;
}

void why_show(struct call *call)
{
    const struct server *server = find_server(call->control, command_argument(call, 0),
                                              call->reply);
    struct texts texts;
    struct reason_facts facts = { .name = texts.name };
    struct buffer sentence = { 0 };

    if (!server)
        return;
    write_path(server, texts.name, sizeof texts.name);
    facts.is_stopping = facts_read(call->control).is_stopping;
    facts.is_placed = server_address(server) && !server->is_unplaced;
    facts.destination = server->text;
    note_will(server, &facts);
    note_agent(server, &facts);
    note_health(server, &facts, &texts);
    note_tiers(server, &facts);
    note_load(server, &facts);
    note_share(server, &facts);
    note_frontends(call->control, server, &facts);
    reason_write(&facts, &sentence);
    reply_say(call->reply, SEVERITY_INFO, "%s", buffer_text(&sentence));
    buffer_deinit(&sentence);
}
