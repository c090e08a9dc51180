/* What clients connect to: addresses, limits, and the backend behind.
 *
 * Belongs to a generation and is never edited; workers read it. */
#pragma once

#include "base/address.h"
#include "base/counter.h"
#include "base/network.h"
#include "base/problem.h"
#include "net/tls_acceptor.h"
#include "proxy/route.h"

#include <stdatomic.h>
#include <stddef.h>
#include <sys/types.h>

struct backend;
struct backend_settings;
struct entrance;
struct networks;

struct bind_settings {
    struct place place;
    const char *text; /* as written */
    struct address_parts where;
    bool only_ip6; /* `v6only` */
    unsigned backlog;
    mode_t mode; /* of a UNIX socket */
};

enum session_log { SESSION_LOG_OFF, SESSION_LOG_CLOSE, SESSION_LOG_BOTH };

/* One line of `allow`, `deny` or `accept-proxy-from`: a network, or a file of them. */
struct network_settings {
    struct place place;
    const char *text;
    bool is_file; /* begins with a slash; one network a line, # begins a comment */
    struct network network;
};

/* What the file says of one frontend. */
struct frontend_settings {
    struct place place;
    const char *name;
    const char *backend;
    uint64_t maxconn; /* 0: no limit but the global one */
    uint64_t idle_timeout_ms;
    uint64_t half_closed_timeout_ms;
    uint64_t peer_timeout_ms;
    unsigned session_log; /* enum session_log */
    unsigned when_empty;  /* enum when_empty */
    size_t bind_count;
    struct bind_settings *binds;

    uint64_t greet_timeout_ms;        /* for all that comes before a server is chosen */
    struct tls_acceptor_settings tls; /* no paths: plain */
    size_t route_count;
    struct route_settings *routes;
    size_t proxy_from_count, allow_count, deny_count;
    struct network_settings *proxy_from; /* who must begin with a PROXY header */
    struct network_settings *allow;      /* empty: everybody */
    struct network_settings *deny;
    uint64_t session_rate;   /* new sessions a second; 0: no limit, as below */
    uint64_t client_maxconn; /* sessions at once of one client address */
    uint64_t client_rate;    /* new sessions a second of one client address */
};

enum when_empty { WHEN_EMPTY_REFUSE };

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
    _Atomic(struct tls_acceptor *) acceptor;  /* owned, replaced while used; NULL: plain */
    struct networks *proxy_from;              /* owned; NULL: nobody */
    struct access access;                     /* owned */
    struct entrance *entrance;                /* borrowed: outlives the generation */
    struct guests *guests; /* owned: this generation's sessions, one per worker */
    unsigned workers;
    bool needs_greeting; /* to find the route */
};

void frontend_init(struct frontend *frontend, unsigned workers);
void frontend_deinit(struct frontend *frontend);
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
