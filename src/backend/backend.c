/* The set of servers and what people ask of it. */
#include "backend/backend.h"

#include "backend/queue.h"
#include "backend/rotation.h"
#include "backend/server_weight.h"
#include "backend/standings.h"
#include "base/clock.h"
#include "base/histogram.h"
#include "base/ledger.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct backend *backend_create(const char *name, unsigned id, unsigned workers)
{
    struct backend *backend = memory_new(sizeof *backend);

    backend->name = memory_copy_text(name);
    backend->id = id;
    backend->workers = workers;
    backend->next_server_id = 1;
    backend->ledger = ledger_create(workers);
    backend->connect_times = histogram_create(workers);
    backend->session_times = histogram_create(workers);
    backend->changed_at = clock_ms();
    return backend;
}

void backend_destroy(struct backend *backend)
{
    if (!backend)
        return;
    rotation_destroy(atomic_load(&backend->rotation));
    standings_destroy(atomic_load(&backend->standings));
    for (size_t i = 0; i < backend->server_count; i++)
        server_destroy(backend->servers[i]);
    queue_destroy(backend->queue);
    histogram_destroy(backend->session_times);
    histogram_destroy(backend->connect_times);
    ledger_destroy(backend->ledger);
    free(backend->servers);
    free(backend->name);
    free(backend);
}

struct server *backend_find(struct backend *backend, const char *name)
{
    for (size_t i = 0; i < backend->server_count; i++) {
        size_t away = i % 2 ? backend->server_count - (i + 1) / 2 : i / 2;
        size_t index = (backend->last_found + away) % backend->server_count;
        struct server *server = backend->servers[index];

        if (server->is_leaving || strcmp(server->name, name) != 0)
            continue;
        backend->last_found = index + 1;
        return server;
    }
    return NULL;
}

void backend_apply(struct backend *backend, const struct backend_settings *settings)
{
    backend->balancer = settings->balancer;
    backend->recovery = settings->recovery;
    backend->recovery.max_ejected.text = backend->recovery.min_healthy.text = NULL;
    backend->recovery.on_down.text = NULL;
    queue_set_limit(backend->queue, (unsigned)settings->queue_limit);
    backend_touch(backend);
}

static bool is_index_taken(const struct backend *backend, unsigned index)
{
    for (size_t i = 0; i < backend->server_count; i++)
        if (backend->servers[i]->index == index)
            return true;
    return false;
}

/* The common case, nobody ever left, costs nothing: then the next index is the count. */
static unsigned free_index(const struct backend *backend)
{
    unsigned index = 0;

    if (backend->next_server_id == backend->server_count + 1)
        return (unsigned)backend->server_count;
    while (is_index_taken(backend, index))
        index++;
    return index;
}

void backend_add(struct backend *backend, struct server *server)
{
    size_t size = (backend->server_count + 1) * sizeof(struct server *);

    server->index = free_index(backend);
    server->id = backend->next_server_id++;
    server->was_away = atomic_load(&backend->rotation) != NULL;
    backend->servers = memory_resize(backend->servers, size);
    backend->servers[backend->server_count++] = server;
    backend_touch(backend);
}

void backend_remove(struct backend *backend, struct server *server)
{
    size_t kept = 0;

    for (size_t i = 0; i < backend->server_count; i++)
        if (backend->servers[i] != server)
            backend->servers[kept++] = backend->servers[i];
    backend->server_count = kept;
}

void backend_retire(struct backend *backend, struct server *server)
{
    backend_remove(backend, server);
    backend->servers[backend->server_count++] = server;
    atomic_store(&server->position, UINT32_MAX);
    server->is_leaving = true;
    backend_touch(backend);
}

static int by_position(const void *one, const void *other)
{
    const struct server *left = *(struct server *const *)one;
    const struct server *right = *(struct server *const *)other;
    uint32_t left_position = atomic_load(&left->position);
    uint32_t right_position = atomic_load(&right->position);

    return (left_position > right_position) - (left_position < right_position);
}

/* Those that the file does not name: in the order in which they were added, or nobody
 * does. */
static void set_last(struct server *server, size_t named)
{
    bool is_added = server->override.added && !server->is_leaving;

    atomic_store(&server->position,
                 is_added ? (uint32_t)(named + server->id) : UINT32_MAX);
}

void backend_order(struct backend *backend, const struct backend_settings *settings)
{
    for (size_t i = 0; i < backend->server_count; i++)
        set_last(backend->servers[i], settings->server_count);
    for (size_t i = 0; i < settings->server_count; i++) {
        struct server *server = backend_find(backend, settings->servers[i].name);

        if (server)
            atomic_store(&server->position, (uint32_t)i);
    }
    qsort(backend->servers, backend->server_count, sizeof(struct server *), by_position);
    backend_touch(backend);
}

void backend_touch(struct backend *backend)
{
    backend->is_stale = true;
}

struct backend_strength backend_strength(const struct backend *backend)
{
    struct tiers tiers = tiers_count(backend);
    struct tier_choice serving = tiers_choose(&tiers, &backend->recovery);
    struct backend_strength strength = { 0 };
    unsigned hundredths = 0;

    for (size_t i = 0; i < backend->server_count; i++) {
        const struct server *server = backend->servers[i];

        if (tiers_serve(&serving, server))
            hundredths += atomic_load(&server->fine_weight);
        if (!server_is_fit(server))
            continue;
        *(server->backup ? &strength.backups : &strength.active) += 1;
        if (!server->backup)
            strength.configured_weight += server_weight_asked(server);
    }
    strength.weight = (hundredths + WEIGHT_WHOLE - 1) / WEIGHT_WHOLE;
    return strength;
}
