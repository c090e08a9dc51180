/* Two lists of named things, in the order in which the names first came up. */
#include "control/registry.h"

#include "backend/backend.h"
#include "backend/queue.h"
#include "base/memory.h"
#include "proxy/entrance.h"

#include <stdlib.h>
#include <string.h>

struct registry {
    struct registry_settings settings;
    unsigned next_id;
    struct backend **backends;
    size_t backend_count;
    struct entrance **entrances;
    size_t entrance_count;
};

struct registry *registry_create(const struct registry_settings *settings)
{
    struct registry *registry = memory_new(sizeof *registry);

    registry->settings = *settings;
    registry->next_id = 1;
    return registry;
}

void registry_destroy(struct registry *registry)
{
    if (!registry)
        return;
    ensure(!registry->backend_count && !registry->entrance_count);
    free(registry->entrances);
    free(registry->backends);
    free(registry);
}

struct backend *registry_find_backend(const struct registry *registry, const char *name)
{
    for (size_t i = 0; i < registry->backend_count; i++)
        if (!strcmp(registry->backends[i]->name, name))
            return registry->backends[i];
    return NULL;
}

struct entrance *registry_find_entrance(const struct registry *registry, const char *name)
{
    for (size_t i = 0; i < registry->entrance_count; i++)
        if (!strcmp(registry->entrances[i]->name, name))
            return registry->entrances[i];
    return NULL;
}

static struct backend *add_backend(struct registry *registry, const char *name)
{
    size_t size = (registry->backend_count + 1) * sizeof(struct backend *);
    const struct registry_settings *settings = &registry->settings;
    struct backend *backend = backend_create(name, registry->next_id++,
                                             settings->workers);

    backend->queue = queue_create(settings->workers, settings->wake,
                                  settings->wake_owner);
    registry->backends = memory_resize(registry->backends, size);
    registry->backends[registry->backend_count++] = backend;
    return backend;
}

struct backend *registry_hold_backend(struct registry *registry, const char *name)
{
    struct backend *backend = registry_find_backend(registry, name);

    if (!backend)
        backend = add_backend(registry, name);
    backend->holders++;
    return backend;
}

static struct entrance *add_entrance(struct registry *registry, const char *name)
{
    size_t size = (registry->entrance_count + 1) * sizeof(struct entrance *);
    struct entrance *entrance = entrance_create(name, registry->next_id++,
                                                registry->settings.workers);

    registry->entrances = memory_resize(registry->entrances, size);
    registry->entrances[registry->entrance_count++] = entrance;
    return entrance;
}

struct entrance *registry_hold_entrance(struct registry *registry, const char *name)
{
    struct entrance *entrance = registry_find_entrance(registry, name);

    if (!entrance)
        entrance = add_entrance(registry, name);
    entrance->holders++;
    return entrance;
}

/* Closes the gap that `gone` leaves; returns the new count. */
static size_t leave_out(void **things, size_t count, const void *gone)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++)
        if (things[i] != gone)
            things[kept++] = things[i];
    return kept;
}

static void destroy_if_free(struct registry *registry, struct backend *backend)
{
    if (backend->holders || backend->graces)
        return;
    registry->backend_count = leave_out((void **)registry->backends,
                                        registry->backend_count, backend);
    backend_destroy(backend);
}

void registry_release_backend(struct registry *registry, struct backend *backend)
{
    if (--backend->holders)
        return;
    registry->settings.on_forget(registry->settings.owner, backend);
    destroy_if_free(registry, backend);
}

void registry_begin_grace(struct backend *backend)
{
    backend->graces++;
}

void registry_end_grace(struct registry *registry, struct backend *backend)
{
    backend->graces--;
    destroy_if_free(registry, backend);
}

void registry_release_entrance(struct registry *registry, struct entrance *entrance)
{
    if (--entrance->holders)
        return;
    registry->entrance_count = leave_out((void **)registry->entrances,
                                         registry->entrance_count, entrance);
    entrance_destroy(entrance);
}

size_t registry_backend_count(const struct registry *registry)
{
    return registry->backend_count;
}

struct backend *registry_backend(const struct registry *registry, size_t index)
{
    return registry->backends[index];
}

size_t registry_entrance_count(const struct registry *registry)
{
    return registry->entrance_count;
}

struct entrance *registry_entrance(const struct registry *registry, size_t index)
{
    return registry->entrances[index];
}
