/* What clients connect to: addresses, limits, and the backend behind.
 *
 * Belongs to a generation and is never edited, but for what main exchanges while workers
 * read it. */
#pragma once

#include "base/counter.h"
#include "base/network.h"
#include "net/tls_acceptor.h"
#include "proxy/frontend_settings.h"
#include "proxy/route.h"

#include <stdatomic.h>
#include <stddef.h>

struct backend;
struct backend_settings;
struct entrance;
struct networks;

/* One worker's count, in a cache line of its own. */
struct guests {
    struct counter count;
} __attribute__((aligned(64)));

/* A backend, and what the file says of it. */
struct route {
    const struct route_settings *settings; /* borrowed; NULL: for all who fit no other */
    struct backend *backend;               /* borrowed: outlives the generation */
    const struct backend_settings *rules;  /* borrowed from the generation */
    struct tls_connector *connector;       /* borrowed from the generation; NULL: plain */
};

enum access_list { ACCESS_ALLOW, ACCESS_DENY, ACCESS_LISTS };

/* Sets that are replaced while they are read; NULL: nobody. */
struct access {
    _Atomic(const struct networks *) allow; /* NULL: everybody */
    _Atomic(const struct networks *) deny;
};

struct frontend {
    const struct frontend_settings *settings; /* borrowed from the generation */
    struct route usual;                       /* for those who fit no other */
    struct route *routes;                     /* owned; as many as in the settings */
    _Atomic(struct tls_acceptor *) acceptor; /* owned, replaced while used; NULL: plain */
    struct networks *proxy_from;             /* owned; NULL: nobody */
    struct access access;                    /* owned */
    struct entrance *entrance;               /* borrowed: outlives the generation */
    struct guests *guests; /* owned: this generation's sessions, one per worker */
    unsigned workers;
    bool needs_greeting; /* to find the route */
};

void frontend_init(struct frontend *frontend, unsigned workers);
void frontend_deinit(struct frontend *frontend);
/* Main: false when all servers of all its backends are known not to be fit. */
bool frontend_may_serve(const struct frontend *frontend);
/* Any thread. */
uint64_t frontend_guests(const struct frontend *frontend);

/* Main: the set of a list, and another in its place; the caller owns what is returned,
 * which workers may still be reading. */
const struct networks *frontend_networks(const struct frontend *frontend,
                                         enum access_list list);
const struct networks *frontend_replace_networks(struct frontend *frontend,
                                                 enum access_list list,
                                                 const struct networks *next);

/* Any worker: may this address come in? */
bool frontend_admits(const struct frontend *frontend, const struct endpoint *client);
