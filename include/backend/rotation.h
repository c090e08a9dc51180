/* The servers of one backend fit for new sessions, frozen at one moment.
 *
 * Main builds and publishes; every worker reads, without locks. */
#pragma once

#include "base/endpoint.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct backend;
struct balancer;
struct random;
struct server;

struct rotation {
    const struct balancer *balancer;
    struct backend *backend; /* borrowed */
    size_t count;
    struct server **servers; /* borrowed from the backend, in the order of the file */
    size_t slot_count;       /* of the two below; at most ROTATION_SLOTS */
    uint32_t *slots;         /* indices of servers, spread by weight or laid on a ring */
    uint64_t *points;        /* the ring's places, ascending; NULL for other balancers */
    struct server **leaves;  /* by their index; NULL unless the balancer ranks */
    size_t leaf_count;
    struct standings *retired; /* owned: what was replaced with the rotation */
};

enum {
    ROTATION_SLOTS = 1 << 18,
    ROTATION_BITS = 64, /* servers that a choice can tell apart */
};

struct rotation *rotation_build(struct backend *backend);
void rotation_destroy(struct rotation *rotation);

/* Main only. Returns the rotation replaced; the caller now owns it. */
struct rotation *rotation_publish(struct backend *backend, struct rotation *next);

/* Main only, once no worker can still see the rotation replaced: sets right what workers
 * counted on the old one while the new one was being built. */
void rotation_settle(struct backend *backend);

/* Any worker. Never NULL once published. Valid until the running callback returns. */
const struct rotation *rotation_current(const struct backend *backend);

/* What a session brings to the choice of its server. */
struct choice {
    const struct endpoint *client;
    struct random *random;
    uint64_t tried; /* a bit for each server tried: rotation_bit(server) */
};

enum choosing {
    CHOOSING_DONE,  /* a server, with the session already counted in */
    CHOOSING_BUSY,  /* all fit servers are at their limit: wait */
    CHOOSING_TRIED, /* all fit servers have been tried */
    CHOOSING_EMPTY, /* no server is fit */
};

/* Any worker. On CHOOSING_DONE `server` is set and its session counted: server_give
 * it. */
enum choosing rotation_choose(const struct rotation *rotation,
                              const struct choice *choice, struct server **server);

uint64_t rotation_bit(const struct server *server);
