/* Builds frontends from settings, and holds what they need. */
#include "control/generation.h"

#include "base/memory.h"
#include "config/settings.h"
#include "control/registry.h"
#include "proxy/frontend.h"

#include <stdlib.h>
#include <string.h>

static size_t backend_index(const struct settings *settings, const char *name)
{
    size_t index = 0;

    while (strcmp(settings->backends[index].name, name) != 0)
        index++;
    return index;
}

static void build_frontend(struct generation *generation, size_t i, unsigned workers)
{
    const struct settings *settings = generation->settings;
    const struct frontend_settings *written = &settings->frontends[i];
    struct frontend *frontend = &generation->frontends[i];
    size_t backend = backend_index(settings, written->backend);

    frontend->settings = written;
    frontend->rules = &settings->backends[backend];
    frontend->backend = generation->backends[backend];
    frontend_init(frontend, workers);
}

struct generation *generation_build(struct settings *settings, struct registry *registry,
                                    unsigned workers)
{
    struct generation *generation = memory_new(sizeof *generation);

    list_init(&generation->link);
    generation->settings = settings;
    generation->registry = registry;
    generation->frontend_count = settings->frontend_count;
    generation->backend_count = settings->backend_count;
    generation->frontends = memory_new_array(settings->frontend_count,
                                             sizeof *generation->frontends);
    generation->backends = memory_new_array(settings->backend_count,
                                            sizeof(struct backend *));
    for (size_t i = 0; i < generation->frontend_count; i++)
        generation->frontends[i].entrance =
            registry_hold_entrance(registry, settings->frontends[i].name);
    for (size_t i = 0; i < generation->backend_count; i++)
        generation->backends[i] = registry_hold_backend(registry,
                                                        settings->backends[i].name);
    for (size_t i = 0; i < generation->frontend_count; i++)
        build_frontend(generation, i, workers);
    return generation;
}

void generation_destroy(struct generation *generation)
{
    if (!generation)
        return;
    for (size_t i = 0; i < generation->frontend_count; i++) {
        registry_release_entrance(generation->registry,
                                  generation->frontends[i].entrance);
        frontend_deinit(&generation->frontends[i]);
    }
    for (size_t i = 0; i < generation->backend_count; i++)
        registry_release_backend(generation->registry, generation->backends[i]);
    free(generation->backends);
    free(generation->frontends);
    settings_destroy(generation->settings);
    free(generation);
}

uint64_t generation_guests(const struct generation *generation)
{
    uint64_t guests = 0;

    for (size_t i = 0; i < generation->frontend_count; i++)
        guests += frontend_guests(&generation->frontends[i]);
    return guests;
}
