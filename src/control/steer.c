/* What an administrator may change of a server, and the lines that tell of it. */
#include "control/steer.h"

#include "backend/backend.h"
#include "backend/history.h"
#include "backend/server_set.h"
#include "base/log.h"
#include "control/checkup.h"
#include "control/control_parts.h"
#include "control/eviction.h"
#include "health/agent.h"
#include "health/bulletin.h"
#include "health/check.h"

#include <stdio.h>

const char *steer_will_name(unsigned will)
{
    if (will & WILL_MAINT)
        return "maint";
    return will & WILL_DRAIN ? "drain" : "ready";
}

static void note(struct server *server, const char *from, const char *to, const char *by)
{
    const struct history_change change = {
        .from = from, .to = to, .why = by, .who = HISTORY_ADMINISTRATOR
    };

    history_note(&server->history, &change);
}

static void note_weight(struct server *server, unsigned old, unsigned weight,
                        const char *by)
{
    char from[32], to[32];

    (void)snprintf(from, sizeof from, "weight=%u", old);
    (void)snprintf(to, sizeof to, "weight=%u", weight);
    note(server, from, to, by);
}

void steer_will(struct control *control, struct server *server, unsigned will,
                const char *by)
{
    unsigned old = server->will;

    if (old == will)
        return;
    log_notice("server %s/%s is set to %s  was=%s by=\"%s\"", server->backend->name,
               server->name, steer_will_name(will), steer_will_name(old), by);
    note(server, steer_will_name(old), steer_will_name(will), by);
    server_set_will(server, will);
    if (server->check && checkup_may_rest(server))
        check_pause(server->check);
    else if (server->check && old & WILL_MAINT)
        check_resume(server->check);
    if (server->monitor)
        agent_pause(server->monitor, (will & WILL_MAINT) != 0);
    if (!will)
        evictions_cancel(control->evictions, server, EVICTION_FOR_DRAIN);
    backend_touch(server->backend);
    upkeep_publish(control->upkeep);
}

void steer_weight(struct control *control, struct server *server, unsigned weight,
                  const char *by)
{
    unsigned old = server->wanted_weight;

    if (old == weight)
        return;
    log_notice("server %s/%s has a new weight  weight=%u was=%u by=\"%s\"",
               server->backend->name, server->name, weight, old, by);
    note_weight(server, old, weight, by);
    server_set_weight(server, weight);
    backend_touch(server->backend);
    upkeep_publish(control->upkeep);
}

void steer_maxconn(struct control *control, struct server *server, unsigned maxconn,
                   const char *by)
{
    unsigned old = server->wanted_maxconn;
    char from[32], to[32];

    if (old == maxconn)
        return;
    log_notice("server %s/%s has a new limit  maxconn=%u was=%u by=\"%s\"",
               server->backend->name, server->name, maxconn, old, by);
    (void)snprintf(from, sizeof from, "maxconn=%u", old);
    (void)snprintf(to, sizeof to, "maxconn=%u", maxconn);
    note(server, from, to, by);
    server_set_maxconn(server, maxconn);
    backend_touch(server->backend);
    upkeep_publish(control->upkeep);
}

/* Without a check nothing but another word changes it. */
static void force(struct server *server, bool is_up, const char *by)
{
    enum health was = server->health, health = is_up ? HEALTH_UNKNOWN : HEALTH_DOWN;

    if (server->check)
        check_force(server->check, is_up, by);
    else if (server_set_health(server, health))
        note(server, bulletin_health_name(was), bulletin_health_name(health), by);
}

void steer_health(struct control *control, struct server *server,
                  enum steer_health health, const char *by)
{
    static const char *const names[] = { "up", "stopping", "down" };
    bool is_stopping = health == STEER_STOPPING;

    log_notice("server %s/%s is said to be %s  server=%s/%s by=\"%s\"",
               server->backend->name, server->name, names[health], server->backend->name,
               server->name, by);
    force(server, health != STEER_DOWN, by);
    if (server_set_stopping(server, is_stopping))
        note(server, is_stopping ? "up" : "stopping", names[health], by);
    backend_touch(server->backend);
    upkeep_publish(control->upkeep);
}

void steer_check(struct control *control, struct server *server, bool is_enabled,
                 const char *by)
{
    log_notice("check of server %s/%s is %s  by=\"%s\"", server->backend->name,
               server->name, is_enabled ? "enabled" : "disabled", by);
    check_enable(server->check, is_enabled);
    upkeep_publish(control->upkeep);
}

uint64_t steer_shed(struct control *control, struct server *server,
                    const struct shedding *shedding, const char *by)
{
    uint64_t present = gauge_read(&server->sessions);
    struct eviction_plan plan = {
        .server = server,
        .cause = EVICTION_FOR_SHEDDING,
        .most = (present * shedding->percent + 99) / 100,
        .span_ms = shedding->over_ms,
    };

    if (!plan.most || !evictions_begin(control->evictions, &plan))
        return 0;
    log_notice("server %s/%s sheds sessions  sessions=%llu of=%llu over=%llums by=\"%s\"",
               server->backend->name, server->name, (unsigned long long)plan.most,
               (unsigned long long)present, (unsigned long long)shedding->over_ms, by);
    return plan.most;
}

void steer_drain(struct control *control, struct server *server,
                 const struct draining *draining, const char *by)
{
    struct eviction_plan plan = {
        .server = server,
        .cause = EVICTION_FOR_DRAIN,
        .span_ms = draining->over_ms,
        .is_patient = true,
    };

    steer_will(control, server, WILL_DRAIN, by);
    evictions_cancel(control->evictions, server, EVICTION_FOR_DRAIN);
    if (!draining->ends_sessions || !gauge_read(&server->sessions))
        return;
    (void)evictions_begin(control->evictions, &plan);
    log_notice("server %s/%s is drained to the end  sessions=%u over=%llums by=\"%s\"",
               server->backend->name, server->name, gauge_read(&server->sessions),
               (unsigned long long)draining->over_ms, by);
}

void steer_agent(struct control *control, struct server *server, bool is_enabled,
                 const char *by)
{
    log_notice("agent of server %s/%s is %s  by=\"%s\"", server->backend->name,
               server->name, is_enabled ? "enabled" : "disabled", by);
    agent_enable(server->monitor, is_enabled);
    upkeep_publish(control->upkeep);
}

void steer_agent_word(struct control *control, struct server *server, bool is_down,
                      const char *by)
{
    log_notice("agent of server %s/%s is taken to say %s until it reports  by=\"%s\"",
               server->backend->name, server->name, is_down ? "down" : "up", by);
    agent_force(server->monitor, is_down);
    upkeep_publish(control->upkeep);
}
