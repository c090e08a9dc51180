/* All that was built from one reading of the configuration. Private to the control
 * folder.
 *
 * Its rules are never edited, only replaced whole; it leaves when its last session
 * has. */
#pragma once

#include "base/list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct backend;
struct frontend;
struct networks;
struct problems;
struct registry;
struct settings;
struct tls_connector;

/* What the file says of a list of networks, once another one is in use. */
struct access_origin {
    bool is_changed;
    const struct networks *in_file; /* owned; NULL: nothing */
};

struct generation {
    struct link link; /* among those that leave */
    unsigned number;
    struct settings *settings; /* owned */
    struct registry *registry; /* borrowed */
    size_t frontend_count, backend_count;
    struct frontend *frontends;    /* owned */
    struct access_origin *origins; /* owned; by frontend, then by enum access_list */
    struct backend **backends;     /* held, by the index of their settings, as the next */
    /* owned; NULL: neither sessions nor checks speak TLS */
    struct tls_connector **connectors;
    bool is_replaced; /* all workers know the next one */
};

/* Takes the settings. Changes nothing that others can see but names in the registry.
 * NULL, with problems, when a certificate or a list cannot be used. */
struct generation *generation_build(struct settings *settings, struct registry *registry,
                                    unsigned workers, struct problems *problems);
/* Nobody may be its guest any more. NULL is fine. */
void generation_destroy(struct generation *generation);

/* Sessions that were begun under it and are not over. */
uint64_t generation_guests(const struct generation *generation);
/* Of its backends; their count for one that it does not know. */
size_t generation_index(const struct generation *generation,
                        const struct backend *backend);
bool generation_has(const struct generation *generation, const struct backend *backend);
