/* What a way of choosing consists of. Private to the backend folder. */
#pragma once

#include "backend/rotation.h"

struct balancer {
    const char *name; /* as in `balance = name` */
    /* Lays out the slots of a rotation that has servers; main only. */
    void (*prepare)(struct rotation *rotation);
    /* Any worker. The rotation is not empty. NULL when nothing was found. Uses
     * balance_accept to take a server; looks at each server at most once. */
    struct server *(*choose)(const struct rotation *rotation,
                             const struct choice *choice);
    /* Any worker; NULL unless the backend keeps standings for it. */
    uint64_t (*rank)(const struct server *server);
};

extern const struct balancer balance_roundrobin, balance_leastconn, balance_source,
    balance_random, balance_first;

/* Takes the server unless it was tried before or is at its limit. */
bool balance_accept(struct server *server, const struct choice *choice);

/* For those that rank: finds servers by their leaves, and takes the first in the
 * standings or, when that may not be taken, any other. */
void balance_ranked_prepare(struct rotation *rotation);
struct server *balance_ranked_choose(const struct rotation *rotation,
                                     const struct choice *choice);

/* Takes the server of the slot at `start`, or else of the next slot whose server may be
 * taken. */
struct server *balance_walk(const struct rotation *rotation, const struct choice *choice,
                            size_t start);

/* Spreads the servers over the slots, smoothly, each as often as its weight says. */
void balance_spread(struct rotation *rotation);
