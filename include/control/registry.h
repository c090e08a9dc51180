/* What outlives generations, found by name: backends with their servers, and
 * entrances.
 *
 * Main only. Ids of frontends and backends come from one sequence and stay with the
 * name. */
#pragma once

#include <stddef.h>

struct backend;
struct entrance;
struct registry;

struct registry_settings {
    unsigned workers;
    /* A queue calls a worker; any thread. */
    void (*wake)(void *wake_owner, unsigned worker);
    void *wake_owner;
    /* No generation holds the backend any more. */
    void (*on_forget)(void *owner, struct backend *backend);
    void *owner;
};

struct registry *registry_create(const struct registry_settings *settings);
void registry_destroy(struct registry *registry);

/* Finds or makes, and holds it for a generation. */
struct backend *registry_hold_backend(struct registry *registry, const char *name);
struct entrance *registry_hold_entrance(struct registry *registry, const char *name);
/* After the last release nothing is done for it any more; it is destroyed once all graces
 * are over, too. */
void registry_release_backend(struct registry *registry, struct backend *backend);
void registry_release_entrance(struct registry *registry, struct entrance *entrance);

/* As long as a grace is under way the backend stays, held or not. */
void registry_begin_grace(struct backend *backend);
void registry_end_grace(struct registry *registry, struct backend *backend);

/* NULL for none of that name. */
struct backend *registry_find_backend(const struct registry *registry, const char *name);
struct entrance *registry_find_entrance(const struct registry *registry,
                                        const char *name);

/* For those who look at all. In the order of their ids. */
size_t registry_backend_count(const struct registry *registry);
struct backend *registry_backend(const struct registry *registry, size_t index);
size_t registry_entrance_count(const struct registry *registry);
struct entrance *registry_entrance(const struct registry *registry, size_t index);
