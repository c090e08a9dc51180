/* What the tests of this folder share: a backend whose servers are a, b, c ... */
#pragma once

#include "backend/backend.h"
#include "backend/balance.h"
#include "backend/server_set.h"
#include "backend/server_weight.h"
#include "base/random.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Its address is numeric, and of no importance. */
static inline struct server *add_server(struct backend *backend, const char *name,
                                        unsigned weight)
{
    struct server_settings settings = { .name = name, .text = name, .weight = weight };
    struct server *server;

    cr_assert_null(address_parse("127.0.0.1:9", &settings.destination));
    server = server_create(backend, &settings, backend->workers);
    atomic_store(&server->position, (uint32_t)backend->server_count);
    backend_add(backend, server);
    return server;
}

static inline struct backend *make_backend(const struct balancer *balancer,
                                           const unsigned *weights, size_t count)
{
    struct backend *backend = backend_create("app", 1, 2);

    backend->balancer = balancer;
    for (size_t i = 0; i < count; i++) {
        char name[24] = { (char)('a' + i % 26) };

        if (i >= 26)
            (void)snprintf(name, sizeof name, "s%zu", i);
        (void)add_server(backend, name, weights ? weights[i] : 1);
    }
    return backend;
}

static inline void publish(struct backend *backend)
{
    rotation_destroy(rotation_publish(backend, rotation_build(backend)));
}

/* NULL when none could be had. */
static inline struct server *choose_with(struct backend *backend,
                                         const struct choice *choice)
{
    struct server *server = NULL;

    if (rotation_choose(rotation_current(backend), choice, &server) != CHOOSING_DONE)
        return NULL;
    return server;
}

/* The names of those chosen in turn, each with its session still there. */
static inline void expect_chosen(struct backend *backend, const char *names)
{
    struct choice choice = { 0 };

    for (const char *name = names; *name; name++) {
        struct server *server = choose_with(backend, &choice);

        cr_assert(server);
        cr_expect_eq(server->name[0], *name, "%s at %zu of %s", server->name,
                     (size_t)(name - names), names);
    }
}
