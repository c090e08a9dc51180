/* Compares the rows of errors with the limits, and keeps the time of those ejected. */
#include "control/suspicion.h"

#include "backend/backend.h"
#include "backend/history.h"
#include "backend/server_set.h"
#include "backend/tiers.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "control/registry.h"
#include "health/check.h"

#include <ev.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct suspicions {
    struct ev_loop *loop;      /* borrowed */
    struct registry *registry; /* borrowed */
    ev_timer due;              /* the next one is over */
};

static void on_due(struct ev_loop *loop, ev_timer *timer, int events);

struct suspicions *suspicions_create(struct ev_loop *loop, struct registry *registry)
{
    struct suspicions *suspicions = memory_new(sizeof *suspicions);

    suspicions->loop = loop;
    suspicions->registry = registry;
    ev_timer_init(&suspicions->due, on_due, 0., 0.);
    suspicions->due.data = suspicions;
    return suspicions;
}

void suspicions_destroy(struct suspicions *suspicions)
{
    if (!suspicions)
        return;
    ev_timer_stop(suspicions->loop, &suspicions->due);
    free(suspicions);
}

/* Below min-healthy a backend may refuse its clients, or serve them with servers that are
 * down: it needs more than one fit server, unless another tier can take over. */
static void count_needed(struct ejection_crowd *crowd, const struct server *server)
{
    const struct recovery_settings *rules = &server->backend->recovery;
    struct tiers tiers = tiers_count(server->backend);
    const struct tier *tier = &tiers.at[tiers_number(server)];

    crowd->needed = 1;
    if (rules->below == BELOW_BACKUP ||
        !tiers_depend_on(&tiers, &rules->min_healthy, tiers_number(server)))
        return;
    crowd->fit = tier->fit;
    crowd->needed = tiers_need(tier, &rules->min_healthy);
}

static struct ejection_crowd count_crowd(const struct server *server)
{
    const struct backend *backend = server->backend;
    struct ejection_crowd crowd = { 0 };

    for (size_t i = 0; i < backend->server_count; i++) {
        if (backend->servers[i]->is_leaving)
            continue;
        crowd.servers++;
        crowd.fit += server_is_fit(backend->servers[i]);
        crowd.ejected += backend->servers[i]->is_ejected;
    }
    count_needed(&crowd, server);
    return crowd;
}

static void drop_evidence(struct server *server)
{
    evidence_take_back(&server->evidence);
    (void)gauge_drain(&server->evidence.unanswered);
}

static uint64_t earliest_end(const struct registry *registry)
{
    uint64_t earliest = UINT64_MAX;

    for (size_t i = 0; i < registry_backend_count(registry); i++) {
        const struct backend *backend = registry_backend(registry, i);

        for (size_t k = 0; k < backend->server_count; k++)
            if (backend->servers[k]->is_ejected &&
                backend->servers[k]->ejection.ends_at < earliest)
                earliest = backend->servers[k]->ejection.ends_at;
    }
    return earliest;
}

static void arm(struct suspicions *suspicions)
{
    uint64_t end = earliest_end(suspicions->registry), now = clock_ms();
    uint64_t sleep_ms = end > now ? end - now : 0;

    ev_timer_stop(suspicions->loop, &suspicions->due);
    if (end == UINT64_MAX)
        return;
    ev_timer_set(&suspicions->due, (double)sleep_ms / 1e3, 0.);
    ev_timer_start(suspicions->loop, &suspicions->due);
}

static void note_history(struct server *server, const char *from, const char *to,
                         const char *why)
{
    struct history_change change = {
        .from = from, .to = to, .why = why, .who = HISTORY_EJECTION
    };

    history_note(&server->history, &change);
}

static void release(struct server *server, const char *why)
{
    const char *backend = server->backend->name, *name = server->name;

    ejection_end(&server->ejection, clock_ms());
    server_set_ejected(server, false);
    note_history(server, "ejected", server_is_down(server) ? "down" : "up", why);
    drop_evidence(server);
    backend_touch(server->backend);
    log_notice("server %s/%s is no longer ejected: %s  server=%s/%s", backend, name, why,
               backend, name);
}

static void release_due(const struct backend *backend, uint64_t now)
{
    for (size_t i = 0; i < backend->server_count; i++)
        if (backend->servers[i]->is_ejected &&
            backend->servers[i]->ejection.ends_at <= now)
            release(backend->servers[i], "its time is over");
}

static void on_due(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct suspicions *suspicions = timer->data;
    uint64_t now = clock_ms();

    (void)loop;
    (void)events;
    for (size_t i = 0; i < registry_backend_count(suspicions->registry); i++)
        release_due(registry_backend(suspicions->registry, i), now);
    arm(suspicions);
}

/* `why` is said of so many sessions in a row. */
static void eject(struct suspicions *suspicions, struct server *server, uint64_t since,
                  const char *why)
{
    const struct backend *backend = server->backend;

    ejection_begin(&server->ejection, backend->recovery.ejection_ms, since, clock_ms());
    server_set_ejected(server, true);
    note_history(server, "up", "ejected", why);
    backend_touch(server->backend);
    log_warning("server %s/%s is ejected for %" PRIu64 "ms: %s  server=%s/%s "
                "times=%" PRIu64,
                backend->name, server->name, server->ejection.length_ms, why,
                backend->name, server->name, server->ejection.times);
    drop_evidence(server);
    arm(suspicions);
}

static void eject_for_errors(struct suspicions *suspicions, struct server *server)
{
    char why[128];

    (void)snprintf(why, sizeof why, "%u sessions in a row failed, the last one: %s",
                   gauge_read(&server->evidence.errors),
                   strerror(atomic_load(&server->last_failure)));
    eject(suspicions, server, counter_read(&server->evidence.errors_since), why);
}

static void eject_for_silence(struct suspicions *suspicions, struct server *server)
{
    char why[128];

    (void)snprintf(why, sizeof why,
                   "%u sessions in a row had no answer, while others had",
                   server->ejection.unanswered);
    eject(suspicions, server, server->ejection.unanswered_since, why);
}

static uint64_t others_answered_at(const struct server *server)
{
    const struct backend *backend = server->backend;
    uint64_t latest = 0;

    for (size_t i = 0; i < backend->server_count; i++) {
        uint64_t at = counter_read(&backend->servers[i]->evidence.answered_at);

        if (backend->servers[i] != server && at > latest)
            latest = at;
    }
    return latest;
}

static void hear_silence(struct server *server)
{
    struct ejection *ejection = &server->ejection;
    struct ejection_silence silence = {
        .sessions = gauge_drain(&server->evidence.unanswered),
        .limit_ms = server->backend->recovery.first_byte_ms,
        .answered_at = counter_read(&server->evidence.answered_at),
        .others_answered_at = others_answered_at(server),
    };

    if (!ejection_note_silence(ejection, &silence, clock_ms()))
        return;
    if (ejection->unanswered == silence.sessions)
        log_notice("server %s/%s is suspected: it gave a client no answer for %" PRIu64
                   "ms, while others answered theirs  server=%s/%s",
                   server->backend->name, server->name, silence.limit_ms,
                   server->backend->name, server->name);
    if (server->check)
        check_hurry(server->check);
}

static bool may_eject(const struct server *server)
{
    struct ejection_crowd crowd;

    if (!server_is_fit(server))
        return false;
    crowd = count_crowd(server);
    return ejection_is_allowed(&crowd, &server->backend->recovery.max_ejected);
}

static void judge(struct suspicions *suspicions, struct server *server)
{
    uint64_t limit = server->backend->recovery.error_limit;

    if (gauge_read(&server->evidence.unanswered))
        hear_silence(server);
    if (gauge_read(&server->evidence.errors) >= limit && may_eject(server))
        eject_for_errors(suspicions, server);
    if (server->ejection.unanswered >= limit && may_eject(server))
        eject_for_silence(suspicions, server);
}

void suspicions_take(struct suspicions *suspicions)
{
    for (size_t i = 0; i < registry_backend_count(suspicions->registry); i++) {
        struct backend *backend = registry_backend(suspicions->registry, i);

        if (backend->recovery.observe == OBSERVE_OFF)
            continue;
        for (size_t k = 0; k < backend->server_count; k++)
            judge(suspicions, backend->servers[k]);
    }
}

/* Why an ejected server should be ejected no more; NULL: it should. */
static const char *why_release(const struct server *server)
{
    struct ejection_crowd crowd;

    if (server->backend->recovery.observe == OBSERVE_OFF)
        return "nobody observes it any more";
    if (server_is_down(server))
        return "its check knows that it is down";
    crowd = count_crowd(server);
    return crowd.fit >= crowd.needed ? NULL : "too few other servers are fit";
}

static void review(const struct backend *backend)
{
    for (size_t i = 0; i < backend->server_count; i++) {
        struct server *server = backend->servers[i];
        const char *why = server->is_ejected ? why_release(server) : NULL;

        if (why)
            release(server, why);
    }
}

void suspicions_review(struct suspicions *suspicions)
{
    const struct registry *registry = suspicions->registry;

    for (size_t i = 0; i < registry_backend_count(registry); i++)
        if (registry_backend(registry, i)->is_stale)
            review(registry_backend(registry, i));
}

void suspicions_forget(struct suspicions *suspicions, struct server *server)
{
    bool was_ejected = server->is_ejected;

    server->ejection = (struct ejection){ .times = server->ejection.times };
    drop_evidence(server);
    server_set_ejected(server, false);
    if (was_ejected)
        arm(suspicions);
}
