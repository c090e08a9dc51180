/* Applies settings to servers, and turns what happens to servers into rotations. */
#include "control/upkeep.h"

#include "backend/backend.h"
#include "backend/server_set.h"
#include "backend/queue.h"
#include "backend/rotation.h"
#include "base/clock.h"
#include "base/ledger.h"
#include "base/log.h"
#include "base/memory.h"
#include "config/settings.h"
#include "control/agents.h"
#include "control/asked_place.h"
#include "control/checkup.h"
#include "control/enlist.h"
#include "control/ensemble_watch.h"
#include "control/generation.h"
#include "control/registry.h"
#include "control/slow_start.h"
#include "control/strength.h"
#include "control/team.h"
#include "control/track.h"
#include "discovery/lookup.h"
#include "health/check.h"

#include <stdlib.h>
#include <string.h>

struct upkeep {
    struct upkeep_settings settings;
    struct slow_start *slow_start; /* owned */
    struct checkup *checkup;       /* owned */
};

/* A visit to each server; the visitor may not add or remove servers. */
typedef void visit(struct upkeep *upkeep, struct server *server);

static void visit_all(struct upkeep *upkeep, visit *visitor)
{
    const struct registry *registry = upkeep->settings.registry;

    for (size_t i = 0; i < registry_backend_count(registry); i++) {
        struct backend *backend = registry_backend(registry, i);

        for (size_t k = 0; k < backend->server_count; k++)
            visitor(upkeep, backend->servers[k]);
    }
}

struct upkeep *upkeep_create(const struct upkeep_settings *settings)
{
    struct upkeep *upkeep = memory_new(sizeof *upkeep);

    upkeep->settings = *settings;
    upkeep->slow_start = slow_start_create(settings->loop, settings->registry);
    upkeep->checkup = checkup_create(settings->loop);
    return upkeep;
}

void upkeep_destroy(struct upkeep *upkeep)
{
    if (!upkeep)
        return;
    checkup_destroy(upkeep->checkup);
    slow_start_destroy(upkeep->slow_start);
    free(upkeep);
}

static void free_replaced(void *replaced)
{
    free(replaced);
}

static void set_address(struct upkeep *upkeep, struct server *server,
                        struct address *address)
{
    const struct address *old = server_set_address(server, address);

    team_free_after_grace(upkeep->settings.team, (void *)(uintptr_t)old, free_replaced);
    backend_touch(server->backend);
}

static void on_address_found(void *owner, struct server *server, struct address *address)
{
    struct upkeep *upkeep = owner;

    server->is_unplaced = false;
    set_address(upkeep, server, address);
    if (server->check)
        check_ask_anew(server->check);
}

static void end_care(struct upkeep *upkeep, struct server *server)
{
    checkup_end(upkeep->checkup, server);
    agents_end(server);
    lookup_destroy(server->lookup);
    upkeep->settings.on_parting(upkeep->settings.owner, server);
    server->lookup = NULL;
}

/* It will not be named again. */
static void let_go(struct upkeep *upkeep, struct server *server)
{
    struct override *override = &server->override;

    end_care(upkeep, server);
    asked_place_destroy(override->check_place);
    asked_place_destroy(override->agent_place);
    free(override->added);
    override->check_place = override->agent_place = NULL;
    override->added = NULL;
}

static void tend_lookup(struct upkeep *upkeep, struct server *server)
{
    const struct upkeep_settings *with = &upkeep->settings;

    if (server->destination.kind != ADDRESS_NAME || server->lookup)
        return;
    server->lookup = lookup_create(with->loop, with->resolver, server);
    lookup_begin(server->lookup, on_address_found, upkeep);
}

static bool is_same_destination(const struct address_parts *one,
                                const struct address_parts *other)
{
    if (one->kind != other->kind)
        return false;
    if (one->kind == ADDRESS_NAME)
        return one->port == other->port && !strcmp(one->host, other->host);
    return address_is_equal(&one->address, &other->address);
}

/* The name stays, what is behind it does not: its health is not known any more. Workers
 * that still hold the old rotation find the old address until there is a new one. */
static void move(struct upkeep *upkeep, struct server *server,
                 const struct address_parts *destination)
{
    const char *host = server_set_host(server, destination);
    struct address *address;

    team_free_after_grace(upkeep->settings.team, (void *)(uintptr_t)host, free_replaced);
    end_care(upkeep, server);
    server->destination = *destination;
    checkup_forget(server, "has another address");
    server->is_unplaced = destination->kind == ADDRESS_NAME;
    server->was_away = true;
    backend_touch(server->backend);
    if (server->is_unplaced)
        return;
    address = memory_new(sizeof *address);
    *address = destination->address;
    set_address(upkeep, server, address);
}

static void tend(struct upkeep *upkeep, struct server *server,
                 const struct server_settings *settings,
                 const struct check_settings *check)
{
    checkup_tend(upkeep->checkup, server, settings, check);
    agents_tend(upkeep->settings.loop, server, (struct agents_wish){ settings, check });
    tend_lookup(upkeep, server);
}

/* Moved by hand, it stays there as long as the file says what it said. */
static bool is_elsewhere(const struct server *server,
                         const struct server_settings *settings)
{
    if (server->override.is_moved && !strcmp(server->text, settings->text))
        return false;
    return !is_same_destination(&server->destination, &settings->destination);
}

static void apply_server(struct upkeep *upkeep, struct backend *backend,
                         const struct server_settings *settings,
                         const struct check_settings *check)
{
    struct server *server = backend_find(backend, settings->name);

    if (!server) {
        server = server_create(backend, settings, backend->workers);
        backend_add(backend, server);
    }
    if (is_elsewhere(server, settings))
        move(upkeep, server, &settings->destination);
    server->override.is_moved &= !strcmp(server->text, settings->text);
    free(server->override.added);
    server->override.added = NULL;
    server_apply(server, settings);
    tend(upkeep, server, settings, check);
}

/* Those that an administrator added: what the backend says of checks may be new. */
static void tend_added(struct upkeep *upkeep, struct backend *backend,
                       const struct check_settings *check)
{
    for (size_t i = 0; i < backend->server_count; i++) {
        struct server *server = backend->servers[i];

        if (server->override.added)
            tend(upkeep, server, &server->override.added->settings, check);
    }
}

void upkeep_add(struct upkeep *upkeep, const struct generation *generation,
                struct server *server)
{
    struct backend *backend = server->backend;

    backend_add(backend, server);
    backend_order(backend,
                  &generation->settings->backends[generation_index(generation, backend)]);
    upkeep_tend(upkeep, generation, server);
    if (server->check && checkup_may_rest(server))
        check_pause(server->check);
}

void upkeep_dismiss(struct upkeep *upkeep, struct server *server)
{
    backend_retire(server->backend, server);
    let_go(upkeep, server);
}

void upkeep_tend(struct upkeep *upkeep, const struct generation *generation,
                 struct server *server)
{
    size_t index = generation_index(generation, server->backend);
    const struct backend_settings *backend = &generation->settings->backends[index];
    struct check_settings checks = checkup_settings(generation, index);

    tend(upkeep, server, checkup_find_settings(backend, server), &checks);
}

/* Sessions go there from now on; what is known of its health is in doubt. */
static void move_gently(struct upkeep *upkeep, struct server *server,
                        const struct address_parts *destination)
{
    bool has_name = server->destination.kind == ADDRESS_NAME;
    struct address *address = memory_new(sizeof *address);

    *address = destination->address;
    lookup_destroy(server->lookup);
    server->lookup = NULL;
    if (!has_name)
        team_free_after_grace(upkeep->settings.team,
                              (void *)(uintptr_t)server_set_host(server, destination),
                              free_replaced);
    server->destination = *destination;
    server->is_unplaced = false;
    set_address(upkeep, server, address);
    if (server->check)
        check_doubt(server->check);
}

void upkeep_move(struct upkeep *upkeep, const struct generation *generation,
                 struct server *server, const struct address_parts *destination)
{
    server->override.is_moved = true;
    if (destination->kind == ADDRESS_NAME)
        move(upkeep, server, destination);
    else
        move_gently(upkeep, server, destination);
    upkeep_tend(upkeep, generation, server);
}

/* Those that the file names no more are last in the backend's order. */
static void dismiss_unnamed(struct upkeep *upkeep, struct backend *backend)
{
    for (size_t i = 0; i < backend->server_count; i++) {
        struct server *server = backend->servers[i];

        if (server->is_leaving || atomic_load(&server->position) != UINT32_MAX)
            continue;
        server->is_leaving = true;
        let_go(upkeep, server);
    }
}

static void assume_up(struct upkeep *upkeep, struct server *server)
{
    (void)upkeep;
    if (!server->check || server->health != HEALTH_UNKNOWN || !server_address(server))
        return;
    check_assume_up(server->check);
    backend_touch(server->backend);
}

/* A running backend whose servers have all been replaced has none that is known to be up:
 * better new ones than none, until the first verdicts are in. */
static void bridge_gap(struct upkeep *upkeep, struct backend *backend)
{
    struct backend_strength strength = backend_strength(backend);

    if (backend->health != HEALTH_UP || strength.active + strength.backups)
        return;
    for (size_t i = 0; i < backend->server_count; i++)
        if (!backend->servers[i]->is_leaving)
            assume_up(upkeep, backend->servers[i]);
}

static void apply_backend(struct upkeep *upkeep, struct backend *backend,
                          const struct backend_settings *settings,
                          const struct check_settings *check)
{
    backend_apply(backend, settings);
    for (size_t i = 0; i < settings->server_count; i++)
        apply_server(upkeep, backend, &settings->servers[i], check);
    tend_added(upkeep, backend, check);
    backend_order(backend, settings);
    dismiss_unnamed(upkeep, backend);
    bridge_gap(upkeep, backend);
}

void upkeep_apply(struct upkeep *upkeep, const struct generation *generation)
{
    const struct settings *settings = generation->settings;

    checkup_limit(upkeep->checkup, settings->global.max_probes);
    for (size_t i = 0; i < generation->backend_count; i++) {
        struct check_settings checks = checkup_settings(generation, i);

        apply_backend(upkeep, generation->backends[i], &settings->backends[i], &checks);
    }
    checkup_tie(upkeep->checkup, generation);
}

void upkeep_forget(struct upkeep *upkeep, struct backend *backend)
{
    for (size_t i = 0; i < backend->server_count; i++)
        let_go(upkeep, backend->servers[i]);
    ensemble_watch_end(backend);
}

/* A rotation on its way out. */
struct farewell {
    struct registry *registry; /* borrowed */
    struct backend *backend;   /* in a grace */
    struct rotation *rotation;
};

static void end_farewell(void *job)
{
    struct farewell *farewell = job;

    rotation_settle(farewell->backend);
    rotation_destroy(farewell->rotation);
    registry_end_grace(farewell->registry, farewell->backend);
    free(farewell);
}

static void publish(struct upkeep *upkeep, struct backend *backend)
{
    struct rotation *next;
    struct farewell *farewell = memory_new(sizeof *farewell);

    slow_start_note(upkeep->slow_start, backend);
    strength_note(backend);
    next = rotation_build(backend);
    registry_begin_grace(backend);
    *farewell = (struct farewell){ upkeep->settings.registry, backend,
                                   rotation_publish(backend, next) };
    team_tell(upkeep->settings.team, NULL, end_farewell, farewell);
    queue_call(backend->queue);
    upkeep->settings.on_publish(upkeep->settings.owner, backend);
}

static void spread_health(const struct backend *backend)
{
    for (size_t i = 0; i < backend->server_count; i++)
        track_spread(backend->servers[i]);
}

void upkeep_publish(struct upkeep *upkeep)
{
    const struct registry *registry = upkeep->settings.registry;

    for (size_t i = 0; i < registry_backend_count(registry); i++)
        if (registry_backend(registry, i)->is_stale)
            spread_health(registry_backend(registry, i));
    for (size_t i = 0; i < registry_backend_count(registry); i++)
        if (registry_backend(registry, i)->is_stale)
            publish(upkeep, registry_backend(registry, i));
}

static void take_failures(struct upkeep *upkeep, struct server *server)
{
    unsigned times;

    (void)upkeep;
    if (!gauge_read(&server->failures))
        return;
    times = gauge_drain(&server->failures);
    if (server->check)
        check_note_failures(server->check, times,
                            strerror(atomic_load(&server->last_failure)));
}

void upkeep_take_failures(struct upkeep *upkeep)
{
    visit_all(upkeep, take_failures);
}

/* A server on its way out. */
struct parting {
    struct registry *registry; /* borrowed */
    struct backend *backend;   /* in a grace */
    struct server *server;
};

static void part(struct server *server)
{
    struct ledger_sum departed = ledger_sum(server->ledger);

    ledger_sum_add(&server->backend->departed, &departed);
    backend_remove(server->backend, server);
    server_destroy(server);
}

/* Somebody may have chosen it from the old rotation at the last moment: then once
 * more. */
static void end_parting(void *job)
{
    struct parting *parting = job;

    if (gauge_read(&parting->server->sessions))
        parting->server->is_parting = false;
    else
        part(parting->server);
    registry_end_grace(parting->registry, parting->backend);
    free(parting);
}

static void sweep(struct upkeep *upkeep, struct server *server)
{
    struct parting *parting;

    if (!server->is_leaving || server->is_parting || gauge_read(&server->sessions))
        return;
    server->is_parting = true;
    registry_begin_grace(server->backend);
    parting = memory_new(sizeof *parting);
    *parting = (struct parting){ upkeep->settings.registry, server->backend, server };
    team_tell(upkeep->settings.team, NULL, end_parting, parting);
}

void upkeep_sweep(struct upkeep *upkeep)
{
    visit_all(upkeep, sweep);
}

void upkeep_watch_ensembles(struct upkeep *upkeep)
{
    const struct registry *registry = upkeep->settings.registry;

    for (size_t i = 0; i < registry_backend_count(registry); i++)
        ensemble_watch(registry_backend(registry, i));
}

bool upkeep_is_settled(const struct upkeep *upkeep)
{
    const struct registry *registry = upkeep->settings.registry;

    for (size_t i = 0; i < registry_backend_count(registry); i++) {
        const struct backend *backend = registry_backend(registry, i);

        for (size_t k = 0; k < backend->server_count; k++)
            if (backend->servers[k]->check && !(backend->servers[k]->will & WILL_MAINT) &&
                !check_report(backend->servers[k]->check).has_verdict)
                return false;
    }
    return true;
}

void upkeep_assume_up(struct upkeep *upkeep)
{
    visit_all(upkeep, assume_up);
}

size_t upkeep_check_count(const struct upkeep *upkeep)
{
    return checkup_count(upkeep->checkup);
}
