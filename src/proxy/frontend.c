/* Makes and unmakes frontends. */
#include "proxy/frontend.h"

#include "backend/backend.h"
#include "base/memory.h"

#include <stdlib.h>

void frontend_init(struct frontend *frontend, unsigned workers)
{
    frontend->workers = workers;
    frontend->guests = aligned_alloc(64, workers * sizeof *frontend->guests);
    ensure(frontend->guests);
    for (unsigned worker = 0; worker < workers; worker++)
        counter_set(&frontend->guests[worker].count, 0);
}

void frontend_deinit(struct frontend *frontend)
{
    networks_destroy((void *)(uintptr_t)atomic_load(&frontend->access.deny));
    networks_destroy((void *)(uintptr_t)atomic_load(&frontend->access.allow));
    networks_destroy(frontend->proxy_from);
    tls_acceptor_destroy(atomic_load(&frontend->acceptor));
    free(frontend->routes);
    free(frontend->guests);
    frontend->guests = NULL;
}

bool frontend_may_serve(const struct frontend *frontend)
{
    for (size_t i = 0; i < frontend->settings->route_count; i++)
        if (frontend->routes[i].backend->health != HEALTH_DOWN)
            return true;
    return frontend->usual.backend->health != HEALTH_DOWN;
}

uint64_t frontend_guests(const struct frontend *frontend)
{
    uint64_t guests = 0;

    for (unsigned worker = 0; worker < frontend->workers; worker++)
        guests += counter_read(&frontend->guests[worker].count);
    return guests;
}

const struct networks *frontend_networks(const struct frontend *frontend,
                                         enum access_list list)
{
    if (list == ACCESS_ALLOW)
        return atomic_load(&frontend->access.allow);
    return atomic_load(&frontend->access.deny);
}

const struct networks *frontend_replace_networks(struct frontend *frontend,
                                                 enum access_list list,
                                                 const struct networks *next)
{
    if (list == ACCESS_ALLOW)
        return atomic_exchange(&frontend->access.allow, next);
    return atomic_exchange(&frontend->access.deny, next);
}

bool frontend_admits(const struct frontend *frontend, const struct endpoint *client)
{
    const struct networks *allow = atomic_load(&frontend->access.allow);
    const struct networks *deny = atomic_load(&frontend->access.deny);

    return (!deny || !networks_hold(deny, client)) &&
           (!allow || networks_hold(allow, client));
}
