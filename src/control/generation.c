/* Builds frontends from settings, and holds what they need. */
#include "control/generation.h"

#include "base/memory.h"
#include "base/problem.h"
#include "config/network_list.h"
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

static struct route make_route(const struct generation *generation, const char *name)
{
    size_t backend = backend_index(generation->settings, name);

    return (struct route){
        .backend = generation->backends[backend],
        .rules = &generation->settings->backends[backend],
        .connector = generation->settings->backends[backend].server_tls
                         ? generation->connectors[backend]
                         : NULL,
    };
}

static bool build_connectors(struct generation *generation, unsigned workers,
                             struct problems *problems)
{
    bool is_fine = true;

    for (size_t i = 0; i < generation->backend_count; i++) {
        const struct backend_settings *settings = &generation->settings->backends[i];

        if (!settings->server_tls &&
            !check_settings_speak_tls(&generation->settings->checks[i], false))
            continue;
        generation->connectors[i] = tls_connector_create(&settings->tls, workers,
                                                         problems);
        is_fine &= generation->connectors[i] != NULL;
    }
    return is_fine;
}

static void build_routes(struct generation *generation, struct frontend *frontend)
{
    const struct frontend_settings *settings = frontend->settings;

    frontend->usual = make_route(generation, settings->backend);
    frontend->routes = memory_new_array(settings->route_count, sizeof *frontend->routes);
    for (size_t i = 0; i < settings->route_count; i++) {
        frontend->routes[i] = make_route(generation, settings->routes[i].backend);
        frontend->routes[i].settings = &settings->routes[i];
    }
    frontend->needs_greeting = route_needs_greeting(settings->routes,
                                                    settings->route_count);
}

/* NULL for no lines at all. */
static struct networks *read_networks(const struct network_settings *lines, size_t count,
                                      struct problems *problems)
{
    return count ? network_list_read(lines, count, problems) : NULL;
}

static bool build_access(struct frontend *frontend, struct problems *problems)
{
    const struct frontend_settings *settings = frontend->settings;
    size_t before = problems_count(problems);

    frontend->proxy_from = read_networks(settings->proxy_from, settings->proxy_from_count,
                                         problems);
    atomic_store(&frontend->access.allow,
                 read_networks(settings->allow, settings->allow_count, problems));
    atomic_store(&frontend->access.deny,
                 read_networks(settings->deny, settings->deny_count, problems));
    return problems_count(problems) == before;
}

static bool build_frontend(struct generation *generation, size_t i, unsigned workers,
                           struct problems *problems)
{
    const struct frontend_settings *settings = &generation->settings->frontends[i];
    struct frontend *frontend = &generation->frontends[i];

    frontend->settings = settings;
    frontend_init(frontend, workers);
    build_routes(generation, frontend);
    if (settings->tls.path_count) {
        atomic_store(&frontend->acceptor,
                     tls_acceptor_create(&settings->tls, workers, problems));
        if (!atomic_load(&frontend->acceptor))
            return false;
    }
    return build_access(frontend, problems);
}

static void hold_names(struct generation *generation)
{
    const struct settings *settings = generation->settings;

    for (size_t i = 0; i < generation->frontend_count; i++)
        generation->frontends[i].entrance =
            registry_hold_entrance(generation->registry, settings->frontends[i].name);
    for (size_t i = 0; i < generation->backend_count; i++)
        generation->backends[i] = registry_hold_backend(generation->registry,
                                                        settings->backends[i].name);
}

static struct generation *make(struct settings *settings, struct registry *registry)
{
    struct generation *generation = memory_new(sizeof *generation);

    list_init(&generation->link);
    generation->settings = settings;
    generation->registry = registry;
    generation->frontend_count = settings->frontend_count;
    generation->backend_count = settings->backend_count;
    generation->frontends = memory_new_array(settings->frontend_count,
                                             sizeof *generation->frontends);
    generation->origins = memory_new_array(settings->frontend_count * ACCESS_LISTS,
                                           sizeof *generation->origins);
    generation->backends = memory_new_array(settings->backend_count,
                                            sizeof(struct backend *));
    generation->connectors = memory_new_array(settings->backend_count,
                                              sizeof(struct tls_connector *));
    return generation;
}

struct generation *generation_build(struct settings *settings, struct registry *registry,
                                    unsigned workers, struct problems *problems)
{
    struct generation *generation = make(settings, registry);
    bool is_fine;

    hold_names(generation);
    is_fine = build_connectors(generation, workers, problems);
    for (size_t i = 0; i < generation->frontend_count; i++)
        is_fine &= build_frontend(generation, i, workers, problems);
    if (is_fine)
        return generation;
    generation_destroy(generation);
    return NULL;
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
    for (size_t i = 0; i < generation->frontend_count * ACCESS_LISTS; i++)
        networks_destroy((void *)(uintptr_t)generation->origins[i].in_file);
    for (size_t i = 0; i < generation->backend_count; i++) {
        registry_release_backend(generation->registry, generation->backends[i]);
        tls_connector_destroy(generation->connectors[i]);
    }
    free(generation->connectors);
    free(generation->backends);
    free(generation->origins);
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

size_t generation_index(const struct generation *generation,
                        const struct backend *backend)
{
    size_t index = 0;

    while (index < generation->backend_count && generation->backends[index] != backend)
        index++;
    return index;
}

bool generation_has(const struct generation *generation, const struct backend *backend)
{
    return generation_index(generation, backend) < generation->backend_count;
}
