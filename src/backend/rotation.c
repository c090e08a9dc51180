/* Builds, publishes and asks the frozen view of a backend. */
#include "backend/rotation.h"

#include "backend/backend.h"
#include "backend/balance.h"
#include "backend/standings.h"
#include "base/memory.h"

#include <stdlib.h>

static void gather(struct rotation *rotation)
{
    const struct backend *backend = rotation->backend;
    struct tiers tiers = tiers_count(backend);
    struct tier_choice serving = tiers_choose(&tiers, &backend->recovery);

    for (size_t i = 0; i < backend->server_count; i++)
        if (tiers_serve(&serving, backend->servers[i]))
            rotation->servers[rotation->count++] = backend->servers[i];
}

struct rotation *rotation_build(struct backend *backend)
{
    struct rotation *rotation = memory_new(sizeof *rotation);

    rotation->backend = backend;
    rotation->balancer = backend->balancer;
    rotation->servers = memory_new_array(backend->server_count, sizeof(struct server *));
    gather(rotation);
    if (rotation->count)
        rotation->balancer->prepare(rotation);
    return rotation;
}

void rotation_destroy(struct rotation *rotation)
{
    if (!rotation)
        return;
    standings_destroy(rotation->retired);
    free(rotation->leaves);
    free(rotation->points);
    free(rotation->slots);
    free(rotation->servers);
    free(rotation);
}

static size_t leaves_needed(const struct backend *backend)
{
    size_t needed = 1;

    for (size_t i = 0; i < backend->server_count; i++)
        if (backend->servers[i]->index >= needed)
            needed = backend->servers[i]->index + 1;
    return needed;
}

/* Standings that fit the balancer and the number of servers: the present ones, or new
 * ones with room to grow, or none. */
static struct standings *fitting_standings(const struct backend *backend)
{
    struct standings *present = atomic_load(&backend->standings);
    standings_rank *rank = backend->balancer->rank;
    size_t needed = leaves_needed(backend);

    if (!rank)
        return NULL;
    if (present && standings_ranking(present) == rank &&
        standings_room(present) >= needed)
        return present;
    return standings_create(needed, rank);
}

void rotation_settle(struct backend *backend)
{
    struct standings *standings = atomic_load(&backend->standings);

    if (!standings)
        return;
    for (size_t i = 0; i < backend->server_count; i++)
        standings_refresh(standings, backend->servers[i]->index, backend->servers[i]);
}

static void mark_serving(const struct backend *backend, const struct rotation *rotation)
{
    for (size_t i = 0; i < backend->server_count; i++)
        atomic_store(&backend->servers[i]->is_serving, false);
    for (size_t i = 0; i < rotation->count; i++)
        atomic_store(&rotation->servers[i]->is_serving, true);
}

struct rotation *rotation_publish(struct backend *backend, struct rotation *next)
{
    struct standings *fitting = fitting_standings(backend);
    struct standings *previous = atomic_exchange(&backend->standings, fitting);
    struct rotation *old = atomic_exchange(&backend->rotation, next);

    backend->is_stale = false;
    mark_serving(backend, next);
    rotation_settle(backend);
    if (old && previous != fitting)
        old->retired = previous;
    return old;
}

const struct rotation *rotation_current(const struct backend *backend)
{
    return atomic_load(&backend->rotation);
}

uint64_t rotation_bit(const struct server *server)
{
    return UINT64_C(1) << (server->index % ROTATION_BITS);
}

static bool is_any_untried(const struct rotation *rotation, const struct choice *choice)
{
    for (size_t i = 0; i < rotation->count; i++)
        if (!(choice->tried & rotation_bit(rotation->servers[i])))
            return true;
    return false;
}

enum choosing rotation_choose(const struct rotation *rotation,
                              const struct choice *choice, struct server **server)
{
    if (!rotation->count)
        return CHOOSING_EMPTY;
    *server = rotation->balancer->choose(rotation, choice);
    if (*server)
        return CHOOSING_DONE;
    return is_any_untried(rotation, choice) ? CHOOSING_BUSY : CHOOSING_TRIED;
}
